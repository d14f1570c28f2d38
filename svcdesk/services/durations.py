"""Span by span, how a duration of a ticket adds up in the working calendar (3.3, 3.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.domain import sla
from svcdesk.domain.workcalendar import DayShare
from svcdesk.i18n.catalog import N_
from svcdesk.store import derived, records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.services.desk import Desk

RESPONSE, RESOLUTION, CYCLE, FULL = "response", "resolution", "cycle", "full"
# which duration of a ticket a metric is made of
OF_METRIC = {
    "frt_mean_min": RESPONSE, "frt_median_min": RESPONSE, "frt_p90_min": RESPONSE,
    "frt_sla_rate": RESPONSE, "frt_channel_gap": RESPONSE, "peak_delay_rate": RESPONSE,
    "res_sla_rate": RESOLUTION, "late_resolved": RESOLUTION, "overdue_total": RESOLUTION,
    "overdue_open": RESOLUTION, "overdue_reasons": RESOLUTION, "complex_cycle_wd": CYCLE,
    "res_mean_h": FULL, "res_median_h": FULL, "res_p90_h": FULL,
}  # fmt: skip
_ENDS = {RESPONSE: "first_response_at", RESOLUTION: "first_resolved_at", CYCLE: "resolved_at",
         FULL: "resolved_at"}  # fmt: skip
KINDS = {
    RESPONSE: N_("Working time from receipt to the first response"),
    RESOLUTION: N_("Working time from receipt to the first resolution, waits deducted"),
    CYCLE: N_("Working time from receipt to the resolution"),
    FULL: N_("Calendar time from receipt to the resolution, nothing deducted"),
}


@dataclass(frozen=True)
class Part:
    """One day: what it added to the duration, in seconds, and the sum so far."""

    share: DayShare
    spans: tuple[tuple[int, int], ...]
    total: int


@dataclass(frozen=True)
class Account:
    """A duration and the days it is made of; ``end`` is the cut-off while it is not over."""

    kind: str
    number: str
    start: int
    end: int
    over: bool
    seconds: int
    pauses: Sequence[tuple[int, int | None]]
    parts: tuple[Part, ...]
    missing_years: tuple[int, ...]
    always: bool


def account(desk: Desk, ticket_id: int, kind: str, as_of: int | None = None) -> Account | None:
    """Return how a duration of a ticket came about, on the calendar of its policy.

    While the end has not come (or lies after ``as_of``) it runs up to the cut-off. ``None``: the
    times of the ticket are impossible.
    """
    now = desk.clock.now() if as_of is None else as_of
    reference = desk.reference
    with desk.reading() as connection:
        ticket = records.get(connection, "ticket", ticket_id) or {}
        pauses = derived.pauses_of(connection, ticket_id) if kind == RESOLUTION else []
    record = {"priority": ticket["priority"], "tier": ticket["tier"],
              "category": ticket["issue_id"], "channel": ticket["channel_id"]}  # fmt: skip
    policy = sla.match(reference.policies, record, ticket["created_at"])
    calendar = reference.calendar
    if policy is not None and policy.calendar is not None:
        calendar = policy.calendar
    start, known = ticket["created_at"], ticket[_ENDS[kind]]
    over = known is not None and known < now
    end = known if over else now
    if end < start:
        return None
    if kind == FULL:
        whole = DayShare(calendar.explain(start, end)[0].date, "work", "", end - start, 0)
        parts: tuple[Part, ...] = (Part(whole, (), end - start),)
        seconds = end - start
    else:
        seconds, made = 0, []
        for share in calendar.explain(start, end, pauses):
            seconds += share.counted
            made.append(Part(share, calendar.spans_of(share.date), seconds))
        parts = tuple(made)
    return Account(
        kind, ticket["ticket_no"], start, end, over, seconds, pauses, parts,
        tuple(calendar.missing_years(start, end)) if kind != FULL else (), calendar.always,
    )  # fmt: skip
