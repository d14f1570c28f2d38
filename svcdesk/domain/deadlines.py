"""What runs out and who is told: kinds of deadlines and their notices (``domain.md 4.8, 4.9``).

A deadline is *soon* from a moment of its own on and *late* from another; the watcher tells each
once, to the people whom it concerns.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from svcdesk.domain.localtime import DAY
from svcdesk.domain.sla import HOUR
from svcdesk.i18n.catalog import N_

NEWS_SECONDS = DAY  # what passed longer ago is no news: it stands in the lists
CALLBACK_LEAD = HOUR // 2
LOW_SCORE_LEAD = DAY  # 4.9: reminder 24 hours before the recovery callback is due
VISIT_LEAD = HOUR
HANDOFF_LEAD = HOUR
CASE_LEAD = 2 * DAY  # authorities do not wait


class Kind(StrEnum):
    """What has the deadline."""

    RESPONSE = "response"
    RESOLUTION = "resolution"
    COMPLAINT = "complaint"
    COMPLAINT_ACK = "complaint_ack"
    COMPLAINT_INTERIM = "complaint_interim"
    COMPLAINT_ANSWER = "complaint_answer"
    COMPLAINT_TASK = "complaint_task"  # of a department
    CASE = "case"  # at an authority or platform
    EXPOSURE = "exposure"  # the note of the day on a publication
    CALLBACK = "callback"
    HANDOFF = "handoff"
    VISIT = "visit"
    ACTION = "action"


# how long before it is due a record must be looked at for its warning; a day for every other one
LEADS = {Kind.CALLBACK: LOW_SCORE_LEAD, Kind.CASE: CASE_LEAD}


@dataclass(frozen=True)
class Deadline:
    """One record with a time to keep; instants in UTC seconds.

    ``warn_at`` is the first second at which it is soon, ``late_at`` the first at which it is
    late. ``customer_kind`` decides how the name is masked.
    """

    kind: Kind
    table: str  # of the record that a click opens
    record_id: int
    number: str
    title: str
    customer: str
    customer_kind: str
    due_at: int
    warn_at: int
    late_at: int
    owner_id: int | None
    department_id: int | None = None
    key_customer: bool = False
    source_id: int = 0  # the row that has the deadline (hand-off, visit), else the record

    def is_late(self, now: int) -> bool:
        """Tell whether the time has passed."""
        return now >= self.late_at

    def is_soon(self, now: int) -> bool:
        """Tell whether little time is left."""
        return self.warn_at <= now < self.late_at

    def occasion(self, *, late: bool) -> str:
        """Return what makes a notice of this deadline one and the same."""
        word = "late" if late else "soon"
        return f"{self.kind}_{word}:{self.source_id or self.record_id}:{self.due_at}"


# kind -> sentence of the warning, sentence of the breach; {number}, {due} and {title} are filled in
SENTENCES: dict[Kind, tuple[str, str]] = {
    Kind.RESPONSE: (
        N_("{number}: first response due {due}"),
        N_("{number}: the first response is overdue (was due {due})"),
    ),
    Kind.RESOLUTION: (
        N_("{number}: resolution due {due}"),
        N_("{number}: the resolution is overdue (was due {due})"),
    ),
    Kind.COMPLAINT: (
        N_("{number}: the complaint is due {due}"),
        N_("{number}: the complaint is overdue (was due {due})"),
    ),
    Kind.COMPLAINT_ACK: (
        N_("{number}: first contact with the complainant due {due}"),
        N_("{number}: the first contact with the complainant is overdue (was due {due})"),
    ),
    Kind.COMPLAINT_INTERIM: (
        N_("{number}: interim feedback due {due}"),
        N_("{number}: the interim feedback is overdue (was due {due})"),
    ),
    Kind.COMPLAINT_ANSWER: (
        N_("{number}: the answer to the complaint is due {due}"),
        N_("{number}: the answer to the complaint is overdue (was due {due})"),
    ),
    Kind.COMPLAINT_TASK: (
        N_("{number}: a department's answer is due {due}"),
        N_("{number}: a department's answer is overdue (was due {due})"),
    ),
    Kind.CASE: (
        N_("{number}: the limit of the external case is {due}"),
        N_("{number}: the limit of the external case has passed (was {due})"),
    ),
    Kind.EXPOSURE: (
        N_("{number}: the note of the day on the publication is due {due}"),
        N_("{number}: no note of the day on the publication (was due {due})"),
    ),
    Kind.CALLBACK: (
        N_("{number}: callback due {due}"),
        N_("{number}: the callback is overdue (was due {due})"),
    ),
    Kind.HANDOFF: (
        N_("{number}: a department's answer is due {due}"),
        N_("{number}: a department's answer is overdue (was due {due})"),
    ),
    Kind.VISIT: (
        N_("{number}: visit at {due}"),
        N_("{number}: nobody has arrived yet (visit was due {due})"),
    ),
    Kind.ACTION: (
        N_("{number}: the measure is due {due}"),
        N_("{number}: the measure is overdue (was due {due})"),
    ),
}
HAND_OVER = N_("It is {time}: the hand-over sheets are ready")
