"""Service levels: which limit applies, when it is due, how far it has run (``domain.md 2.14``).

Ticket limits run on the working clock; waiting for the customer pauses the resolution clock,
waiting internally does not. A due time of its own (``promised_at``) overrides the policy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from svcdesk.domain.complaint import Severity
from svcdesk.domain.ticket import Priority

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from svcdesk.domain.ticket_history import Pause, TicketFacts
    from svcdesk.domain.workcalendar import WorkCalendar

MINUTE, HOUR = 60, 3600
DUE_SOON_PERCENT = 80  # of its limit: above it an open ticket is due soon (4.8)
DUE_SOON_SECONDS = 4 * HOUR  # working seconds left of a complaint (4.8)

# Working minutes by priority: first response, resolution (2.14).
DEFAULT_LIMITS: dict[Priority, tuple[int, int]] = {
    Priority.URGENT: (15, 240),
    Priority.HIGH: (30, 540),
    Priority.NORMAL: (30, 1620),
    Priority.LOW: (120, 2700),
}
# Complaints: working days, or calendar hours for urgent ones (2.7).
COMPLAINT_DAYS: dict[Severity, int] = {Severity.NORMAL: 3, Severity.MAJOR: 5}
COMPLAINT_URGENT_SECONDS = 24 * HOUR
# First contact with the complainant, calendar seconds (3.7, ack_rate).
ACK_SECONDS: dict[Severity, int] = {
    Severity.NORMAL: 24 * HOUR,
    Severity.MAJOR: 12 * HOUR,
    Severity.URGENT: 2 * HOUR,
}
INTERIM_DAYS = 2  # a major complaint gets interim feedback within 2 working days


@dataclass(frozen=True)
class Policy:
    """One row of the SLA table; the first that matches wins.

    ``conditions`` maps ``priority``, ``tier``, ``category`` or ``channel`` to the accepted values
    (a missing key accepts all). Limits are working minutes; ``None`` means no limit.
    """

    name: str
    response_minutes: int | None
    resolution_minutes: int | None
    conditions: Mapping[str, Collection[object]] = field(default_factory=dict)
    calendar: WorkCalendar | None = None
    valid_from: int = 0

    def matches(self, record: Mapping[str, object], at: int) -> bool:
        """Tell whether the policy covers ``record`` created at ``at``."""
        return at >= self.valid_from and all(
            record.get(key) in accepted for key, accepted in self.conditions.items()
        )


def default_policies() -> list[Policy]:
    """Return the built-in policies, one per priority."""
    return [
        Policy(str(priority), response, resolution, {"priority": (str(priority),)})
        for priority, (response, resolution) in DEFAULT_LIMITS.items()
    ]


def match(policies: Iterable[Policy], record: Mapping[str, object], at: int) -> Policy | None:
    """Return the first policy for a ticket with ``priority, tier, category, channel``."""
    return next((policy for policy in policies if policy.matches(record, at)), None)


@dataclass(frozen=True)
class TicketClocks:
    """All derived durations and instants of a ticket; seconds, UTC seconds.

    ``late_at`` is the first second at which the ticket is overdue: an instant after ``due_at``
    when that falls on closing time. ``warn_at`` is the first second at which an unresolved ticket
    has used more than 80 % of its limit (4.8). ``pause_late_at`` holds, for each pause, the
    ``late_at`` that was in force until it began.
    """

    response_limit: int | None
    resolution_limit: int | None
    response_due_at: int | None
    response_late_at: int | None
    due_at: int | None
    late_at: int | None
    response_seconds: int | None
    resolution_seconds: int | None
    cycle_seconds: int | None
    pause_late_at: tuple[int | None, ...]
    warn_at: int | None = None


def due_with_pauses(
    calendar: WorkCalendar, start: int, seconds: int, pauses: Sequence[tuple[int, int | None]]
) -> int:
    """Return the earliest instant with ``seconds`` of working time outside ``pauses``.

    A pause that is still open does not move the due time yet.
    """
    reached, left = start, seconds
    for begin, end in pauses:
        if end is None:
            break
        if end <= reached:
            continue
        run = calendar.business_seconds(reached, max(begin, reached))
        if run >= left:
            break
        left -= run
        reached = end
    return calendar.add_business_seconds(reached, left)


def _span(calendar: WorkCalendar, start: int, end: int | None) -> int | None:
    """Return the working seconds from ``start`` to ``end``; none when it is missing or before."""
    return None if end is None or end < start else calendar.business_seconds(start, end)


def _resolution(
    calendar: WorkCalendar, start: int, limit: int, pauses: Sequence[Pause]
) -> tuple[int, int, tuple[int, ...]]:
    """Return due time, first late second, and the latter as it was before each pause."""
    waits: list[tuple[int, int | None]] = []
    before: list[int] = []
    late = calendar.add_business_seconds(start, limit + 1)
    for pause in pauses:
        before.append(late)
        if pause.kind == "customer":
            waits.append((pause.started_at, pause.ended_at))
            late = due_with_pauses(calendar, start, limit + 1, waits)
    return due_with_pauses(calendar, start, limit, waits), late, tuple(before)


def ticket_clocks(
    created_at: int,
    facts: TicketFacts,
    policy: Policy | None,
    calendar: WorkCalendar,
    promised_at: int | None = None,
) -> TicketClocks:
    """Derive every duration and due time of a ticket from its history."""
    clock = policy.calendar if policy is not None and policy.calendar is not None else calendar
    response = None if policy is None else policy.response_minutes
    resolution = None if policy is None else policy.resolution_minutes
    response_limit = None if response is None else response * MINUTE
    resolution_limit = None if resolution is None else resolution * MINUTE
    due: int | None = promised_at
    late: int | None = None if promised_at is None else promised_at + 1
    before: tuple[int | None, ...] = (late,) * len(facts.pauses)
    if promised_at is None and resolution_limit is not None:
        due, late, before = _resolution(clock, created_at, resolution_limit, facts.pauses)
    waits = [(p.started_at, p.ended_at) for p in facts.pauses if p.kind == "customer"]
    first, net = facts.first_resolved_at, None
    if first is not None and first >= created_at:
        net = clock.net_seconds(created_at, first, waits)
    return TicketClocks(
        response_limit=response_limit,
        resolution_limit=resolution_limit,
        response_due_at=None
        if response_limit is None
        else clock.add_business_seconds(created_at, response_limit),
        response_late_at=None
        if response_limit is None
        else clock.add_business_seconds(created_at, response_limit + 1),
        due_at=due,
        late_at=late,
        response_seconds=_span(clock, created_at, facts.first_response_at),
        resolution_seconds=net,
        cycle_seconds=_span(clock, created_at, facts.resolved_at),
        pause_late_at=before,
        warn_at=None
        if facts.resolved_at is not None
        else _warn_at(clock, created_at, resolution_limit, promised_at, waits),
    )


def _warn_at(
    calendar: WorkCalendar,
    created_at: int,
    limit: int | None,
    promised_at: int | None,
    waits: Sequence[tuple[int, int | None]],
) -> int | None:
    """Return the first second at which more than 80 % of the time allowed is used (4.8)."""
    if promised_at is not None:  # counted in calendar time
        return created_at + DUE_SOON_PERCENT * max(0, promised_at - created_at) // 100 + 1
    if limit is None:
        return None
    return due_with_pauses(calendar, created_at, DUE_SOON_PERCENT * limit // 100 + 1, waits)


def complaint_due(severity: Severity, received_at: int, calendar: WorkCalendar) -> int:
    """Return the deadline: 3 or 5 working days, 24 calendar hours for urgent ones (2.7)."""
    days = COMPLAINT_DAYS.get(severity)
    if days is None:
        return received_at + COMPLAINT_URGENT_SECONDS
    return calendar.working_day_deadline(received_at, days)


def complaint_warn_at(received_at: int, due_at: int, calendar: WorkCalendar) -> int:
    """Return the first second at which under 4 working hours or 20 % of the term are left (4.8)."""
    limit = calendar.business_seconds(received_at, max(received_at, due_at))
    used = min(DUE_SOON_PERCENT * limit // 100, limit - DUE_SOON_SECONDS) + 1
    return received_at if used <= 0 else calendar.add_business_seconds(received_at, used)


def response_warn_at(created_at: int, limit: int, calendar: WorkCalendar) -> int:
    """Return the first second at which more than 80 % of the time to respond is used."""
    return calendar.add_business_seconds(created_at, DUE_SOON_PERCENT * limit // 100 + 1)


class DueState(StrEnum):
    """How an open record stands to its deadline."""

    OK = "ok"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    PAUSED = "paused"
    DONE = "done"
    NONE = "none"


@dataclass(frozen=True)
class Clock:
    """The due box of a record: seconds ``used`` of ``limit``; ``left`` is negative when overdue.

    ``working`` tells whether the seconds are working time or calendar time.
    """

    state: DueState
    due_at: int | None
    used: int
    limit: int
    left: int
    working: bool = True

    @property
    def share(self) -> float:
        """Return the used share of the limit, 0 when there is none."""
        return self.used / self.limit if self.limit else 0.0


def _state(used: int, limit: int) -> DueState:
    if used > limit:
        return DueState.OVERDUE
    return DueState.DUE_SOON if 100 * used > DUE_SOON_PERCENT * limit else DueState.OK


def ticket_clock(
    created_at: int,
    limit: int | None,
    pauses: Sequence[tuple[int, int | None]],
    calendar: WorkCalendar,
    now: int,
    *,
    promised_at: int | None = None,
    ended_at: int | None = None,
) -> Clock:
    """Return the state of a ticket's clock at ``now`` (4.8).

    ``pauses`` are the waits for the customer (none for the response clock); ``ended_at`` stops
    the clock: response or first resolution.
    """
    moment = max(created_at, now if ended_at is None else ended_at)
    if promised_at is not None:
        used, limit, due = moment - created_at, max(0, promised_at - created_at), promised_at
    elif limit is None:
        return Clock(DueState.NONE, None, 0, 0, 0)
    else:
        used = calendar.net_seconds(created_at, moment, pauses)
        due = due_with_pauses(calendar, created_at, limit, sorted(pauses, key=lambda p: p[0]))
    state = _state(used, limit)
    if state is not DueState.OVERDUE:
        if ended_at is not None:
            state = DueState.DONE
        elif promised_at is None and any(p[1] is None and p[0] <= moment for p in pauses):
            state = DueState.PAUSED
    return Clock(state, due, used, limit, limit - used, working=promised_at is None)


def complaint_clock(
    received_at: int,
    due_at: int | None,
    calendar: WorkCalendar,
    now: int,
    *,
    ended_at: int | None = None,
) -> Clock:
    """Return the state of a complaint's deadline at ``now`` (4.8): overdue when now > due_at."""
    if due_at is None:
        return Clock(DueState.NONE, None, 0, 0, 0)
    moment = max(received_at, now if ended_at is None else ended_at)
    limit = calendar.business_seconds(received_at, max(received_at, due_at))
    used = calendar.business_seconds(received_at, moment)
    left = limit - used
    if moment > due_at:
        late = calendar.business_seconds(due_at, moment)
        return Clock(DueState.OVERDUE, due_at, used, limit, -late)
    if ended_at is not None:
        return Clock(DueState.DONE, due_at, used, limit, left)
    soon = left < DUE_SOON_SECONDS or 100 * left < (100 - DUE_SOON_PERCENT) * limit
    return Clock(DueState.DUE_SOON if soon else DueState.OK, due_at, used, limit, left)
