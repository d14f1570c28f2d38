"""What is about to be late, what is late, and how a due time came about (domain.md 2.14, 4.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from svcdesk.domain import sla
from svcdesk.domain.complaint_terms import TermKind, counts_hours, warn_at
from svcdesk.domain.deadlines import (
    CALLBACK_LEAD,
    CASE_LEAD,
    HANDOFF_LEAD,
    LEADS,
    LOW_SCORE_LEAD,
    VISIT_LEAD,
    Deadline,
    Kind,
)
from svcdesk.domain.localtime import DAY, instant, local_date, midnight
from svcdesk.store import deadlines as rows
from svcdesk.store import derived, recompute, records

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from svcdesk.domain.workcalendar import DayShare, WorkCalendar
    from svcdesk.services.desk import Desk

BATCH = 2000  # tickets in one transaction, so that typing never waits for it
# table of the record that a deadline opens
OF_COMPLAINTS = (Kind.COMPLAINT, Kind.COMPLAINT_ACK, Kind.COMPLAINT_INTERIM, Kind.COMPLAINT_ANSWER,
                 Kind.COMPLAINT_TASK, Kind.CASE, Kind.EXPOSURE)  # fmt: skip
TABLES = {
    **dict.fromkeys(OF_COMPLAINTS, "complaint"),
    Kind.CALLBACK: "callback",
    Kind.ACTION: "improvement_item",
}
_LEADS = {Kind.CASE: CASE_LEAD, Kind.COMPLAINT_TASK: HANDOFF_LEAD}
# kind of deadline -> limit of the complaint that it is
_LIMITS = {Kind.COMPLAINT: TermKind.CLOSING, Kind.COMPLAINT_ACK: TermKind.ACK,
           Kind.COMPLAINT_INTERIM: TermKind.INTERIM, Kind.COMPLAINT_ANSWER: TermKind.ANSWER}  # fmt: skip


def _moments(row: rows.Row, kind: Kind, calendar: WorkCalendar, zone: str) -> tuple[int, int, int]:
    """Return due time, first second of the warning, first second too late."""
    due = row.due_at
    if kind is Kind.RESOLUTION:
        return due, row.warn_at, row.late_at
    if kind is Kind.RESPONSE:
        if due - row.start == row.limit:  # no pause in between, whatever the calendar
            return due, row.start + sla.DUE_SOON_PERCENT * row.limit // 100 + 1, row.late_at
        return due, sla.response_warn_at(row.start, row.limit, calendar), row.late_at
    if kind in OF_COMPLAINTS:
        return _of_complaint(row, kind, calendar, zone)
    if kind is Kind.CALLBACK:
        return due, due - (LOW_SCORE_LEAD if row.kind == "low_score" else CALLBACK_LEAD), due + 1
    if kind is Kind.HANDOFF:
        return due, max(row.start, due - HANDOFF_LEAD), due + 1
    if kind is Kind.VISIT:
        return due, due - VISIT_LEAD, row.late_at
    day = local_date(due, "UTC")  # a date without a time: the whole day counts
    begin = midnight(day, zone)
    end = midnight(day + timedelta(days=1), zone)
    return end, begin, end


def _of_complaint(
    row: rows.Row, kind: Kind, calendar: WorkCalendar, zone: str
) -> tuple[int, int, int]:
    """Return due time, first second of the warning and first too late of what a complaint owes."""
    due = row.due_at
    if kind is Kind.EXPOSURE:
        return _evening(local_date(due, "UTC") if due else local_date(row.start, zone),
                        calendar, zone)  # fmt: skip
    if kind in _LEADS:
        return due, max(row.start, due - _LEADS[kind]), due + 1
    if kind is Kind.COMPLAINT_ACK:  # hours: the last fifth
        return due, warn_at(row.start, due), due + 1
    if counts_hours(_LIMITS[kind], row.kind):
        return due, due - max(sla.DUE_SOON_SECONDS, (due - row.start) // 5) + 1, due + 1
    return due, sla.complaint_warn_at(row.start, due, calendar), due + 1


def _evening(day: date, calendar: WorkCalendar, zone: str) -> tuple[int, int, int]:
    """Return what is due by the close of business of a day; a day off counts from noon on."""
    spans = calendar.spans_of(day) or ((DAY // 2, DAY),)
    end = instant(day, spans[-1][1], zone)
    return end, instant(day, spans[0][0], zone), end + 1


def between(desk: Desk, since: int, until: int) -> list[Deadline]:
    """Return what falls due, or is warned of, from ``since`` to ``until``, the earliest first."""
    reference = desk.reference
    zone = reference.settings["timezone"]
    days = (local_date(since, zone).isoformat(), local_date(until, zone).isoformat())
    found = []
    with desk.reading() as connection:
        for kind in Kind:
            lead = LEADS.get(kind, DAY)
            span = until + (0 if kind is Kind.RESOLUTION else lead)
            for row in rows.rows(connection, kind, since=since, until=span, days=days):
                due, warn, late = _moments(row, kind, reference.calendar, zone)
                if warn > until or late <= since:
                    continue
                found.append(
                    Deadline(
                        kind, TABLES.get(kind, "ticket"), row.record_id, row.number, row.title,
                        row.customer, row.customer_kind, due, warn, late, row.owner_id,
                        row.department_id, row.tier == "key", row.source_id,
                    )
                )  # fmt: skip
    return sorted(found, key=lambda d: (d.due_at, d.kind, d.record_id))


def pressing(desk: Desk, *, days_back: int = 30) -> list[Deadline]:
    """Return what is late (not longer than ``days_back`` days) or soon will be, earliest first."""
    now = desk.clock.now()
    zone = desk.reference.settings["timezone"]
    end_of_day = midnight(local_date(now, zone) + timedelta(days=1), zone)
    return between(desk, now - days_back * DAY, end_of_day)


def complete_warnings(desk: Desk) -> int:
    """Work out the time of warning of tickets written by an earlier version."""
    count = 0
    while missing := rows.unwarned(desk.reader, BATCH):
        with desk.write("Work out times of warning", kind="system") as uow:
            found = recompute.of_tickets(uow, desk.reference, missing)
        count += found
        if found == 0:
            break
    return count


@dataclass(frozen=True)
class Line:
    """One day of the account: what ran on the clock, what a pause took, the sum so far."""

    share: DayShare
    spans: tuple[tuple[int, int], ...]  # of the day, seconds of the wall clock
    total: int


@dataclass(frozen=True)
class Account:
    """How a due time came about.

    ``policy``: name of the first policy that matched, "" for a promised time; seconds of working
    time. ``pauses`` are the waits for the customer.
    """

    policy: str
    conditions: dict[str, tuple[object, ...]]
    position: int
    start: int
    limit: int
    due_at: int | None
    promised: bool
    always: bool
    pauses: Sequence[tuple[int, int | None]]
    lines: tuple[Line, ...]
    missing_years: tuple[int, ...]


def account(desk: Desk, ticket_id: int, *, response: bool = False) -> Account:
    """Return the day-by-day account of a ticket's resolution (or response) deadline."""
    reference = desk.reference
    with desk.reading() as connection:
        ticket = records.get(connection, "ticket", ticket_id) or {}
        pauses = [] if response else derived.pauses_of(connection, ticket_id)
    record = {"priority": ticket["priority"], "tier": ticket["tier"],
              "category": ticket["issue_id"], "channel": ticket["channel_id"]}  # fmt: skip
    policy = sla.match(reference.policies, record, ticket["created_at"])
    calendar = reference.calendar
    if policy is not None and policy.calendar is not None:
        calendar = policy.calendar
    promised = None if response else ticket["promised_at"]
    due = ticket["response_due_at"] if response else ticket["due_at"]
    limit = ticket["response_limit"] if response else ticket["resolution_limit"]
    lines, total = [], 0
    for share in calendar.explain(ticket["created_at"], due, pauses) if due else []:
        total += share.counted
        lines.append(Line(share, calendar.spans_of(share.date), total))
    years = calendar.missing_years(ticket["created_at"], due) if due else []
    named = policy if promised is None else None
    return Account(
        named.name if named else "",
        {key: tuple(values) for key, values in named.conditions.items()} if named else {},
        reference.policies.index(named) + 1 if named else 0,
        ticket["created_at"], limit or 0, due, promised is not None, calendar.always, pauses,
        tuple(lines), tuple(years),
    )  # fmt: skip
