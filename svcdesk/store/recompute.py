"""Durations and due times anew, after the calendar or the service levels changed (domain.md 2.14).

Only what lies in open periods, and what is still open: a month that was closed or published keeps
the times by which it was judged. The rows are derived, so they are not logged one by one; undoing
the change of the calendar recomputes them again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain import sla
from svcdesk.domain.complaint import Severity
from svcdesk.domain.complaint_terms import due_times
from svcdesk.domain.period import parse_period
from svcdesk.domain.ticket_history import Pause, TicketFacts
from svcdesk.store.reference import load
from svcdesk.store.unit_of_work import LOG_ALL, LOG_NONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from svcdesk.store.changes import Changes
    from svcdesk.store.connection import Connection
    from svcdesk.store.reference import Reference
    from svcdesk.store.unit_of_work import UnitOfWork

TRIGGERS = frozenset({"calendar", "calendar_day", "sla_policy"})  # their change calls for this
CHUNK = 5000
ALWAYS = 1 << 62  # further than any moment
_READ = ("id", "created_at", "priority", "tier", "issue_id", "channel_id", "promised_at",
         "first_response_at", "first_resolved_at", "resolved_at")  # fmt: skip
_DERIVED = ("response_limit", "resolution_limit", "response_due_at", "response_late_at", "due_at",
            "late_at", "warn_at", "response_seconds", "resolution_seconds", "cycle_seconds")  # fmt: skip
_OPEN = "status IN ('new','assigned','in_progress','pending_customer','pending_internal')"


@dataclass(frozen=True)
class Settled:
    """The periods whose figures were published or closed: what was decided in them stays."""

    spans: tuple[tuple[int, int], ...] = ()

    def __contains__(self, moment: int | None) -> bool:
        """Tell whether a moment lies in a settled period."""
        return moment is not None and any(low <= moment < high for low, high in self.spans)

    def sql(self, column: str) -> str:
        """Return SQL for: the moment in ``column`` lies in a settled period."""
        found = " OR ".join(
            f"({column} >= {low} AND {column} < {high})" for low, high in self.spans
        )
        return f"ifnull({found or '0'}, 0)"


def settled(connection: Connection, reference: Reference) -> Settled:
    """Return the periods that are settled; before a published report everything is."""
    settings = reference.settings
    ends = [
        parse_period(period, settings["period_start_day"], settings["timezone"]).end_at
        for (period,) in connection.execute(
            "SELECT DISTINCT period FROM report WHERE status = 'published' AND deleted_at IS NULL"
        ).fetchall()
    ]
    spans = [
        (row[0], row[1])
        for row in connection.execute(
            "SELECT DISTINCT start_at, end_at FROM month_closing "
            "WHERE deleted_at IS NULL AND reopened_at IS NULL ORDER BY start_at"
        ).fetchall()
    ]
    if ends:
        spans.append((-ALWAYS, max(ends)))
    return Settled(tuple(spans))


def follow(uow: UnitOfWork, changes: Changes) -> None:
    """Recompute when ``changes`` touched the calendar, the service levels or a closed month."""
    if changes.tables() & TRIGGERS:
        times(uow, load(uow.connection))
    elif "setting" in changes.tables():
        complaint_times(uow, load(uow.connection))
    elif closed := changes.touched("month_closing"):
        from svcdesk.store import closing_times  # with the figures, which few steps need

        closing_times.follow(uow, closed)


def times(uow: UnitOfWork, reference: Reference) -> None:
    """Recompute every derived duration and due time that may still change."""
    apply(uow, reference, settled(uow.connection, reference))


def apply(uow: UnitOfWork, reference: Reference, kept: Settled) -> None:
    """Recompute every duration and due time that was not decided in the periods ``kept``."""
    uow.bulk(LOG_NONE)
    for found in ticket_times(uow.connection, reference, kept):
        _store_tickets(uow, found)
    _store_complaints(uow, complaint_limits(uow.connection, reference, kept))
    uow.bulk(LOG_ALL)


def complaint_times(uow: UnitOfWork, reference: Reference) -> None:
    """Recompute the limits of complaints alone: their settings changed."""
    uow.bulk(LOG_NONE)
    kept = settled(uow.connection, reference)
    _store_complaints(uow, complaint_limits(uow.connection, reference, kept))
    uow.bulk(LOG_ALL)


def _pauses(connection: Connection, low: int, high: int) -> dict[int, list[Pause]]:
    found: dict[int, list[Pause]] = defaultdict(list)
    for ticket_id, *row in connection.execute(
        "SELECT ticket_id, seq, kind, started_at, ended_at, department_id FROM ticket_pause "
        "WHERE ticket_id BETWEEN ? AND ? ORDER BY ticket_id, seq",
        (low, high),
    ).fetchall():
        found[ticket_id].append(Pause(*row))
    return found


def _clocks(row: tuple[Any, ...], pauses: list[Pause], reference: Reference) -> sla.TicketClocks:
    value = dict(zip(_READ, row, strict=False))
    facts = TicketFacts(
        first_response_at=value["first_response_at"],
        first_resolved_at=value["first_resolved_at"],
        resolved_at=value["resolved_at"],
        pauses=pauses,
    )
    record = {"priority": value["priority"], "tier": value["tier"],
              "category": value["issue_id"], "channel": value["channel_id"]}  # fmt: skip
    policy = sla.match(reference.policies, record, value["created_at"])
    return sla.ticket_clocks(
        value["created_at"], facts, policy, reference.calendar, value["promised_at"]
    )


@dataclass(frozen=True)
class TicketTimes:
    """Times of a run of tickets: the last key read, what changes, and limits of their waits.

    ``changed`` holds rows of the derived columns and the key; ``waits`` late time, ticket, number.
    """

    last: int
    changed: list[tuple[Any, ...]]
    waits: list[tuple[int | None, int, int]]


def ticket_times(
    connection: Connection, reference: Reference, kept: Settled, since: int | None = None
) -> Iterator[TicketTimes]:
    """Yield the times of tickets that may still change, a run at a time; nothing is written.

    ``since`` leaves out tickets that were created and resolved before it.
    """
    may_change = f"({_OPEN} OR NOT {kept.sql('created_at')} OR NOT {kept.sql('resolved_at')})"
    if since is not None:
        may_change += f" AND ({_OPEN} OR created_at >= {since} OR resolved_at >= {since})"
    last = 0
    while True:
        rows = connection.execute(
            f"SELECT {', '.join(_READ + _DERIVED)} FROM ticket WHERE id > ? AND deleted_at IS NULL "
            f"AND {may_change} ORDER BY id LIMIT ?",
            (last, CHUNK),
        ).fetchall()
        if not rows:
            return
        last = rows[-1][0]
        yield _times(connection, rows, reference, kept)


# derived columns that a settled period was judged by: those of the response, of the resolution
_RESPONSE = ("response_limit", "response_due_at", "response_late_at", "response_seconds")
_RESOLUTION = ("resolution_limit", "due_at", "late_at", "warn_at", "resolution_seconds",
               "cycle_seconds")  # fmt: skip


def _keeps(value: dict[str, Any], kept: Settled) -> tuple[str, ...]:
    """Return the columns of a ticket that were decided in a settled period."""
    found: tuple[str, ...] = ()
    if value["created_at"] in kept and (
        value["first_response_at"] in kept or value["response_late_at"] in kept
    ):
        found += _RESPONSE
    if value["resolved_at"] in kept:
        found += _RESOLUTION
    elif value["late_at"] in kept:  # it was late then, and stays so
        found += ("due_at", "late_at")
    return found


def of_tickets(uow: UnitOfWork, reference: Reference, ids: Sequence[int]) -> int:
    """Recompute a few tickets; return how many were changed. Not logged, like :func:`times`."""
    rows = uow.execute(
        f"SELECT {', '.join(_READ + _DERIVED)} FROM ticket "
        "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(list(ids)),),
    ).fetchall()
    uow.bulk(LOG_NONE)
    found = _times(uow.connection, rows, reference, Settled()) if rows else None
    if found is not None:
        _store_tickets(uow, found)
    uow.bulk(LOG_ALL)
    return len(found.changed) if found is not None else 0


def _times(
    connection: Connection, rows: list[tuple[Any, ...]], reference: Reference, kept: Settled
) -> TicketTimes:
    """Return what follows for tickets read in the order of their keys."""
    pauses = _pauses(connection, rows[0][0], rows[-1][0])
    changed, waits = [], []
    for row in rows:
        value = dict(zip(_READ + _DERIVED, row, strict=True))
        own = pauses.get(row[0], [])
        clocks = _clocks(row, own, reference)
        keeps = _keeps(value, kept) if kept.spans else ()
        new = tuple([value[n] if n in keeps else getattr(clocks, n) for n in _DERIVED])
        if new != row[len(_READ) :]:
            changed.append((*new, row[0]))
        if "late_at" not in keeps:
            waits += [
                (late, row[0], pause.seq)
                for pause, late in zip(own, clocks.pause_late_at, strict=True)
            ]
    return TicketTimes(rows[-1][0], changed, waits)


def _store_tickets(uow: UnitOfWork, found: TicketTimes) -> None:
    sets = ", ".join(f"{name} = ?" for name in _DERIVED)
    uow.connection.executemany(f"UPDATE ticket SET {sets} WHERE id = ?", found.changed)
    uow.connection.executemany(
        "UPDATE ticket_pause SET late_at = ? WHERE ticket_id = ? AND seq = ?", found.waits
    )
    if found.changed:
        uow.changes.many.add("ticket")


def complete(uow: UnitOfWork, reference: Reference) -> None:
    """Work out what an older version did not derive yet, right after a file was upgraded.

    The limits of complaints besides the settlement's; that one stays as it was.
    """
    rows = uow.execute(
        "SELECT id, received_at, severity, due_at FROM complaint WHERE ack_due_at IS NULL"
    ).fetchall()
    limits = reference.complaint_limits
    uow.bulk(LOG_NONE)
    uow.connection.executemany(
        "UPDATE complaint SET ack_due_at = ?, interim_due_at = ?, answer_due_at = ? WHERE id = ?",
        [
            (*times.columns(due_at).values(), key)
            for key, received_at, severity, due_at in rows
            for times in (due_times(Severity(severity), received_at, reference.calendar, limits),)
        ],
    )
    uow.bulk(LOG_ALL)


COMPLAINT_LIMITS = ("due_at", "ack_due_at", "interim_due_at", "answer_due_at")


def complaint_limits(
    connection: Connection, reference: Reference, kept: Settled
) -> list[tuple[Any, ...]]:
    """Return the deadlines of complaints that change, and their keys; nothing is written.

    Promised and extended ones stay, and those that were over in a settled period.
    """
    rows = connection.execute(
        "SELECT id, received_at, severity, promised_at IS NOT NULL OR due_original_at IS NOT NULL, "
        f"{', '.join(COMPLAINT_LIMITS)} FROM complaint "
        f"WHERE deleted_at IS NULL AND (NOT {kept.sql('received_at')} OR ("
        "status IN ('registered','accepted','investigating','responded') "
        f"AND NOT {kept.sql('due_at')}))"
    ).fetchall()
    limits, changed = reference.complaint_limits, []
    for key, received_at, severity, promised, *before in rows:
        times = due_times(Severity(severity), received_at, reference.calendar, limits)
        closing = before[0] if promised else times.closing
        wanted = [closing, *times.columns(closing).values()]
        if wanted != before:
            changed.append((*wanted, key))
    return changed


def _store_complaints(uow: UnitOfWork, changed: list[tuple[Any, ...]]) -> None:
    sets = ", ".join(f"{name} = ?" for name in COMPLAINT_LIMITS)
    uow.connection.executemany(f"UPDATE complaint SET {sets} WHERE id = ?", changed)
    if changed:
        uow.changes.many.add("complaint")
