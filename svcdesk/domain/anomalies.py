"""Abnormal data AB01 to AB17 (``domain.md 4.5``): refused by hand, flagged on import.

A record is a mapping of its times (UTC seconds) and codes; ``live`` tells whether the ticket's
channel is answered while recorded. What a flag excludes is part of its declaration, and the
metric engine reads it there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from svcdesk.domain.localtime import DAY
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_

Record = Mapping[str, Any]
FUTURE_SECONDS = 5 * 60  # AB05
INSTANT_SECONDS = 60  # AB09
LONG_RESPONSE = 30 * DAY  # AB10
LONG_RESOLUTION = 180 * DAY
EARLIEST = 946_656_000  # 2000-01-01 00:00 in Shanghai (AB13)
BULK_COUNT, BULK_SECONDS = 10, 60  # AB16
# codes that no test over one record finds; they are kept when the others are made anew
KEPT_FLAGS = frozenset({"AB06", "AB11", "AB16"})

TIMES: dict[str, tuple[str, ...]] = {
    "ticket": (
        "created_at", "contact_at", "first_response_at", "resolved_at", "closed_at", "cancelled_at",
    ),
    "ticket_event": ("at",),
    "visit": ("arrived_at", "left_at"),
    "complaint": (
        "received_at", "contacted_at", "interim_feedback_at", "responded_at", "resolved_at",
        "closed_at", "withdrawn_at", "rejected_at",
    ),
    "complaint_event": ("at",),
    "callback_attempt": ("at",),
    "survey": ("sent_at", "responded_at"),
    "quality_check": ("at",),
}  # fmt: skip


class Reaction(StrEnum):
    """What happens to a record that shows an anomaly."""

    REFUSE = "refuse"
    ASK = "ask"
    WARN = "warn"
    FLAG = "flag"


class Group(StrEnum):
    """The figures a flag takes the record out of; never the volumes (3.2, X2)."""

    RESPONSE = "response"
    RESOLUTION = "resolution"
    VISIT = "visit"
    SURVEY = "survey"


Test = Callable[[str, Record, int], str | None]


@dataclass(frozen=True)
class Anomaly:
    """One kind of abnormal data; ``test`` returns the field it shows at, or nothing.

    ``excludes``: the figures it takes the record out of by itself. ``breaks``: those that use the
    value, which a person's decision may take it out of (:mod:`svcdesk.domain.data_quality`).
    ``lasting``: the times give no duration, so accepting them cannot let the record count.
    """

    code: str
    label: str
    by_hand: Reaction
    imported: Reaction
    test: Test | None = None
    excludes: frozenset[Group] = frozenset()
    may_break: frozenset[Group] = frozenset()
    lasting: bool = False

    @property
    def breaks(self) -> frozenset[Group]:
        """Return the figures that use the abnormal value."""
        return self.excludes | self.may_break


def _before(late: str, early: str, entity: str = "ticket") -> Test:
    """Return a test that ``late`` lies before ``early``."""

    def test(of: str, record: Record, now: int) -> str | None:
        del now
        a, b = record.get(early), record.get(late)
        return late if of == entity and a is not None and b is not None and b < a else None

    return test


def _start(entity: str, record: Record) -> int | None:
    start: int | None = record.get("received_at" if entity == "complaint" else "created_at")
    return start


def _ab01(entity: str, record: Record, now: int) -> str | None:
    del now
    response = record.get("first_response_at")
    at_once = response is not None and response == record.get("created_at")
    return (
        "first_response_at" if entity == "ticket" and at_once and not record.get("live") else None
    )


def _ab02(entity: str, record: Record, now: int) -> str | None:
    del now
    if entity not in {"ticket", "complaint"}:
        return None
    start = _start(entity, record)
    for field in ("first_resolved_at", "resolved_at"):
        moment = record.get(field)
        if start is not None and moment is not None and moment < start:
            return "resolved_at"
    return None


def _ab04(entity: str, record: Record, now: int) -> str | None:
    del now
    closed, resolved = record.get("closed_at"), record.get("resolved_at")
    wrong = closed is not None and resolved is not None and closed < resolved
    return "closed_at" if entity in {"ticket", "complaint"} and wrong else None


def _ab05(entity: str, record: Record, now: int) -> str | None:
    for field in TIMES.get(entity, ()):
        moment = record.get(field)
        if moment is not None and moment > now + FUTURE_SECONDS:
            return field
    return None


def _ab09(entity: str, record: Record, now: int) -> str | None:
    del now
    created, resolved = record.get("created_at"), record.get("resolved_at")
    if entity != "ticket" or created is None or resolved is None:
        return None
    instant = 0 <= resolved - created <= INSTANT_SECONDS
    return "resolved_at" if instant and record.get("request_type") != "consult" else None


def _ab10(entity: str, record: Record, now: int) -> str | None:
    del now
    if entity != "ticket" or record.get("created_at") is None:
        return None
    for field, limit in (("first_response_at", LONG_RESPONSE), ("resolved_at", LONG_RESOLUTION)):
        moment = record.get(field)
        if moment is not None and moment - record["created_at"] > limit:
            return field
    return None


def _ab12(entity: str, record: Record, now: int) -> str | None:
    for late, early in (("arrived_at", "dispatched_at"), ("left_at", "arrived_at")):
        field = _before(late, early, "visit")(entity, record, now)
        if field is not None:
            return field
    return None


def _ab13(entity: str, record: Record, now: int) -> str | None:
    del now
    earliest = max(EARLIEST, record.get("launched_at") or EARLIEST)
    for field in TIMES.get(entity, ()):
        moment = record.get(field)
        if moment is not None and moment < earliest:
            return field
    return None


def _ab14(entity: str, record: Record, now: int) -> str | None:
    del now
    answered = record.get("responded_at")
    if entity != "survey" or answered is None:
        return None
    starts = [record.get("sent_at"), record.get("ticket_created_at")]
    return "responded_at" if any(s is not None and answered < s for s in starts) else None


def _ab15(entity: str, record: Record, now: int) -> str | None:
    del entity, now
    return "" if record.get("impossible_order") else None


def _ab17(entity: str, record: Record, now: int) -> str | None:
    del now
    offered, answered = record.get("offered"), record.get("answered")
    wrong = offered is not None and answered is not None and offered < answered
    return "answered" if entity == "channel_daily" and wrong else None


_R, _G = Reaction, Group
_CLOCKS = frozenset({_G.RESPONSE, _G.RESOLUTION})
_SOLVING = frozenset({_G.RESOLUTION})
_ANY_TIME = frozenset(Group)  # which of them a record has depends on its kind
ANOMALIES: tuple[Anomaly, ...] = (
    Anomaly(
        "AB01", N_("The response has the time of receipt on a channel that is not live."),
        _R.FLAG, _R.FLAG, _ab01, frozenset({_G.RESPONSE}),
    ),
    Anomaly(
        "AB02", N_("The resolution lies before the receipt."),
        _R.REFUSE, _R.FLAG, _ab02, frozenset({_G.RESOLUTION}), lasting=True,
    ),
    Anomaly(
        "AB03", N_("The first response lies before the receipt."),
        _R.REFUSE, _R.FLAG, _before("first_response_at", "created_at"), frozenset({_G.RESPONSE}),
        lasting=True,
    ),
    Anomaly("AB04", N_("The closing lies before the resolution."), _R.FLAG, _R.FLAG, _ab04,
            may_break=_SOLVING),
    Anomaly("AB05", N_("The time lies in the future."), _R.REFUSE, _R.FLAG, _ab05,
            may_break=_ANY_TIME),
    Anomaly("AB06", N_("The ticket seems to be recorded twice."), _R.ASK, _R.FLAG),
    Anomaly("AB07", N_("A score lies outside its scale."), _R.REFUSE, _R.REFUSE),
    Anomaly("AB08", N_("A required field is missing."), _R.REFUSE, _R.REFUSE),
    Anomaly("AB09", N_("It was resolved within a minute."), _R.FLAG, _R.FLAG, _ab09,
            may_break=_SOLVING),
    Anomaly(
        "AB10", N_("The response took over 30 days or the resolution over 180."),
        _R.FLAG, _R.FLAG, _ab10, may_break=_CLOCKS,
    ),
    Anomaly("AB11", N_("A phone number is not valid."), _R.WARN, _R.WARN),
    Anomaly(
        "AB12", N_("The times of the visit contradict each other."),
        _R.FLAG, _R.FLAG, _ab12, frozenset({_G.VISIT}),
    ),
    Anomaly("AB13", N_("The date lies before 2000 or before the product launch."),
            _R.FLAG, _R.FLAG, _ab13, may_break=_ANY_TIME),
    Anomaly(
        "AB14", N_("The survey was answered before it was sent or before the ticket began."),
        _R.FLAG, _R.FLAG, _ab14, frozenset({_G.SURVEY}),
    ),
    Anomaly(
        "AB15", N_("The order of the events is impossible."), _R.FLAG, _R.FLAG, _ab15, _CLOCKS
    ),
    Anomaly("AB16", N_("Ten or more tickets were closed by one person within a minute."),
            _R.FLAG, _R.FLAG, may_break=_SOLVING),
    Anomaly("AB17", N_("More contacts answered than offered."), _R.REFUSE, _R.REFUSE, _ab17),
)  # fmt: skip


def excluding(group: Group) -> tuple[str, ...]:
    """Return the codes that take a record out of the figures of ``group``."""
    return tuple(a.code for a in ANOMALIES if group in a.excludes)


LASTING = frozenset(a.code for a in ANOMALIES if a.lasting)


def breaking(group: Group) -> tuple[str, ...]:
    """Return the codes of values that the figures of ``group`` use."""
    return tuple(a.code for a in ANOMALIES if group in a.breaks)


def found(entity: str, record: Record, now: int) -> list[tuple[Anomaly, str]]:
    """Return the anomalies of one record with the field each shows at."""
    return [
        (anomaly, field)
        for anomaly in ANOMALIES
        if anomaly.test is not None and (field := anomaly.test(entity, record, now)) is not None
    ]


def flags(entity: str, record: Record, now: int) -> list[str]:
    """Return the codes to store in ``data_flags`` of an imported or saved record."""
    return [a.code for a, _ in found(entity, record, now) if a.imported is Reaction.FLAG]


def refusals(entity: str, record: Record, now: int, *, imported: bool = False) -> list[Problem]:
    """Return the anomalies for which the record is refused: more by hand than on import."""
    return [
        Problem(field, anomaly.code, anomaly.label)
        for anomaly, field in found(entity, record, now)
        if (anomaly.imported if imported else anomaly.by_hand) is Reaction.REFUSE
    ]


def bulk_closings(closings: Iterable[tuple[int, int, int]]) -> set[int]:
    """Return the tickets of AB16 from ``(ticket, person, closed_at)``.

    Ten or more tickets of one person whose closing times lie within 60 s of each other.
    """
    by_person: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for ticket, person, closed_at in closings:
        by_person[person].append((closed_at, ticket))
    flagged: set[int] = set()
    for rows in by_person.values():
        rows.sort()
        first, marked = 0, 0
        for last, (at, _) in enumerate(rows):
            while at - rows[first][0] > BULK_SECONDS:
                first += 1
            if last - first + 1 >= BULK_COUNT:
                flagged.update(ticket for _, ticket in rows[max(first, marked) : last + 1])
                marked = last + 1
    return flagged
