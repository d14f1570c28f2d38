"""The limits of a complaint by severity, and how each was kept (``domain.md 2.7, 4.8``).

First contact counts in calendar hours, feedback and answer in working days: the day of receipt
never counts and the last day ends at close of business (2.14). Urgent ones count calendar hours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from svcdesk.domain.complaint import Severity
from svcdesk.domain.sla import (
    ACK_SECONDS,
    COMPLAINT_DAYS,
    COMPLAINT_URGENT_SECONDS,
    DUE_SOON_PERCENT,
    HOUR,
    INTERIM_DAYS,
    Clock,
    DueState,
    complaint_clock,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.domain.workcalendar import WorkCalendar

NOT_RUNNING = frozenset({"withdrawn", "rejected", "merged"})
URGENT_HOURS = COMPLAINT_URGENT_SECONDS // HOUR


class TermKind(StrEnum):
    """What has a limit of its own."""

    ACK = "ack"
    INTERIM = "interim"
    ANSWER = "answer"
    CLOSING = "closing"


# kind -> column of the limit, column of the moment at which it was kept
COLUMNS: dict[TermKind, tuple[str, str]] = {
    TermKind.ACK: ("ack_due_at", "contacted_at"),
    TermKind.INTERIM: ("interim_due_at", "interim_feedback_at"),
    TermKind.ANSWER: ("answer_due_at", "responded_at"),
    TermKind.CLOSING: ("due_at", "first_resolved_at"),
}


@dataclass(frozen=True)
class ComplaintLimits:
    """The limits in force: calendar hours to the first contact, working days for the rest.

    Answer and closing of an urgent complaint count calendar hours; 0 interim days: none is owed.
    """

    ack_hours: Mapping[Severity, int] = field(
        default_factory=lambda: {
            severity: seconds // HOUR for severity, seconds in ACK_SECONDS.items()
        }
    )
    interim_days: Mapping[Severity, int] = field(
        default_factory=lambda: {
            Severity.NORMAL: 0, Severity.MAJOR: INTERIM_DAYS, Severity.URGENT: 0,
        }
    )  # fmt: skip
    answer: Mapping[Severity, int] = field(
        default_factory=lambda: {**COMPLAINT_DAYS, Severity.URGENT: URGENT_HOURS}
    )
    closing: Mapping[Severity, int] = field(
        default_factory=lambda: {**COMPLAINT_DAYS, Severity.URGENT: URGENT_HOURS}
    )


DEFAULT_LIMITS = ComplaintLimits()


def limits_from(settings: Mapping[str, Any]) -> ComplaintLimits:
    """Return the limits that the settings hold."""

    def of(name: str) -> dict[Severity, int]:
        return {severity: int(settings[f"complaint_{name}_{severity}"]) for severity in Severity}

    return ComplaintLimits(of("ack"), of("interim"), of("answer"), of("closing"))


@dataclass(frozen=True)
class DueTimes:
    """When each thing is due, UTC seconds; ``interim`` is None where none is owed."""

    ack: int
    interim: int | None
    answer: int
    closing: int

    def columns(self, closing: int | None = None) -> dict[str, int | None]:
        """Return the derived columns besides the closing limit.

        ``closing``: the limit in force when it was extended or promised; an answer that may take
        as long as the settlement follows it.
        """
        follows = closing is not None and self.answer >= self.closing
        return {
            "ack_due_at": self.ack,
            "interim_due_at": self.interim,
            "answer_due_at": closing if follows else self.answer,
        }


def _due(severity: Severity, amount: int, received_at: int, calendar: WorkCalendar) -> int:
    if severity is Severity.URGENT:
        return received_at + amount * HOUR
    return calendar.working_day_deadline(received_at, amount)


def due_times(
    severity: Severity, received_at: int, calendar: WorkCalendar,
    limits: ComplaintLimits = DEFAULT_LIMITS,
) -> DueTimes:  # fmt: skip
    """Return when each limit of a complaint runs out."""
    interim = limits.interim_days[severity]
    return DueTimes(
        received_at + limits.ack_hours[severity] * HOUR,
        calendar.working_day_deadline(received_at, interim) if interim else None,
        _due(severity, limits.answer[severity], received_at, calendar),
        _due(severity, limits.closing[severity], received_at, calendar),
    )


@dataclass(frozen=True)
class Term:
    """One limit of a complaint and how it stands; ``done_at`` is when it was kept or missed."""

    kind: TermKind
    due_at: int
    done_at: int | None
    clock: Clock

    @property
    def met(self) -> bool | None:
        """Whether it was kept; None while that is open."""
        if self.clock.state is DueState.OVERDUE:
            return False
        return True if self.clock.state is DueState.DONE else None


def _calendar_clock(received_at: int, due_at: int, now: int, ended_at: int | None) -> Clock:
    """Return the state of a limit that counts day and night."""
    moment = max(received_at, now if ended_at is None else ended_at)
    limit, used = max(0, due_at - received_at), moment - received_at
    if moment > due_at:
        return Clock(DueState.OVERDUE, due_at, used, limit, due_at - moment, working=False)
    if ended_at is not None:
        return Clock(DueState.DONE, due_at, used, limit, limit - used, working=False)
    left = limit - used
    soon = 100 * left < (100 - DUE_SOON_PERCENT) * limit
    return Clock(
        DueState.DUE_SOON if soon else DueState.OK, due_at, used, limit, left, working=False
    )


def counts_hours(kind: TermKind, severity: str) -> bool:
    """Tell whether a limit counts calendar hours instead of working time."""
    return kind is TermKind.ACK or (severity == Severity.URGENT and kind is not TermKind.INTERIM)


def terms(complaint: Mapping[str, Any], calendar: WorkCalendar, now: int) -> list[Term]:
    """Return the limits of a complaint in order; none when it was withdrawn, rejected or merged.

    An answer also settles interim feedback that was not given before it.
    """
    if complaint["status"] in NOT_RUNNING:
        return []
    found = []
    for kind, (due_column, done_column) in COLUMNS.items():
        due_at = complaint.get(due_column)
        if due_at is None:
            continue
        done_at = complaint.get(done_column)
        if kind is TermKind.INTERIM and done_at is None:
            done_at = complaint.get("responded_at")
        if done_at is None and complaint.get("first_resolved_at") is not None:
            done_at = complaint["first_resolved_at"]  # settled: nothing is owed any more
        received = complaint["received_at"]
        if counts_hours(kind, str(complaint["severity"])):
            clock = _calendar_clock(received, due_at, now, done_at)
        else:
            clock = complaint_clock(received, due_at, calendar, now, ended_at=done_at)
        found.append(Term(kind, due_at, done_at, clock))
    return found


def warn_at(received_at: int, due_at: int) -> int:
    """Return the first second at which a limit in calendar time is soon: 20 % of it is left."""
    limit = max(0, due_at - received_at)
    return received_at + max(0, DUE_SOON_PERCENT * limit // 100) + 1


def is_overdue(complaint: Mapping[str, Any], now: int) -> bool:
    """Tell whether an open complaint is past its deadline (4.8: as_of > due_at)."""
    due = complaint.get("due_at")
    open_ = complaint["status"] in {"registered", "accepted", "investigating", "responded"}
    return open_ and due is not None and now > due
