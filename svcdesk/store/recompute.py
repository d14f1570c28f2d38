"""Durations and due times anew, after the calendar or the service levels changed (domain.md 2.14).

Only tickets and complaints of unpublished periods, and those still open: what was published stays
as it was. The rows are derived, so they are not logged one by one; undoing the change of the
calendar recomputes them again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from svcdesk.domain import sla
from svcdesk.domain.complaint import Severity
from svcdesk.domain.complaint_terms import due_times
from svcdesk.domain.period import parse_period
from svcdesk.domain.ticket_history import Pause, TicketFacts
from svcdesk.store.reference import load
from svcdesk.store.unit_of_work import LOG_ALL, LOG_NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.store.changes import Changes
    from svcdesk.store.connection import Connection
    from svcdesk.store.reference import Reference
    from svcdesk.store.unit_of_work import UnitOfWork

TRIGGERS = frozenset({"calendar", "calendar_day", "sla_policy"})  # their change calls for this
CHUNK = 5000
_READ = ("id", "created_at", "priority", "tier", "issue_id", "channel_id", "promised_at",
         "first_response_at", "first_resolved_at", "resolved_at")  # fmt: skip
_DERIVED = ("response_limit", "resolution_limit", "response_due_at", "response_late_at", "due_at",
            "late_at", "warn_at", "response_seconds", "resolution_seconds", "cycle_seconds")  # fmt: skip
_OPEN = "status IN ('new','assigned','in_progress','pending_customer','pending_internal')"


def published_until(connection: Connection, reference: Reference) -> int:
    """Return the end of the last published period, 0 when nothing was published."""
    settings = reference.settings
    ends = [
        parse_period(period, settings["period_start_day"], settings["timezone"]).end_at
        for (period,) in connection.execute(
            "SELECT DISTINCT period FROM report WHERE status = 'published' AND deleted_at IS NULL"
        ).fetchall()
    ]
    return max(ends, default=0)


def follow(uow: UnitOfWork, changes: Changes) -> None:
    """Recompute when ``changes`` touched the calendar or the service levels."""
    if changes.tables() & TRIGGERS:
        times(uow, load(uow.connection))
    elif "setting" in changes.tables():
        complaint_times(uow, load(uow.connection))


def times(uow: UnitOfWork, reference: Reference) -> None:
    """Recompute every derived duration and due time that may still change."""
    since = published_until(uow.connection, reference)
    uow.bulk(LOG_NONE)
    _tickets(uow, reference, since)
    _complaints(uow, reference, since)
    uow.bulk(LOG_ALL)


def complaint_times(uow: UnitOfWork, reference: Reference) -> None:
    """Recompute the limits of complaints alone: their settings changed."""
    uow.bulk(LOG_NONE)
    _complaints(uow, reference, published_until(uow.connection, reference))
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


def _tickets(uow: UnitOfWork, reference: Reference, since: int) -> None:
    connection, last = uow.connection, 0
    while True:
        rows = connection.execute(
            f"SELECT {', '.join(_READ + _DERIVED)} FROM ticket WHERE id > ? AND deleted_at IS NULL "
            f"AND (created_at >= ? OR {_OPEN}) ORDER BY id LIMIT ?",
            (last, since, CHUNK),
        ).fetchall()
        if not rows:
            return
        _write(uow, rows, reference)
        last = rows[-1][0]


def of_tickets(uow: UnitOfWork, reference: Reference, ids: Sequence[int]) -> int:
    """Recompute a few tickets; return how many were changed. Not logged, like :func:`times`."""
    rows = uow.execute(
        f"SELECT {', '.join(_READ + _DERIVED)} FROM ticket "
        "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(list(ids)),),
    ).fetchall()
    uow.bulk(LOG_NONE)
    changed = _write(uow, rows, reference) if rows else 0
    uow.bulk(LOG_ALL)
    return changed


def _write(uow: UnitOfWork, rows: list[tuple[Any, ...]], reference: Reference) -> int:
    """Write what follows for tickets read in the order of their keys; return how many changed."""
    connection = uow.connection
    sets = ", ".join(f"{name} = ?" for name in _DERIVED)
    pauses = _pauses(connection, rows[0][0], rows[-1][0])
    changed, waits = [], []
    for row in rows:
        clocks = _clocks(row, pauses.get(row[0], []), reference)
        new = tuple(getattr(clocks, name) for name in _DERIVED)
        if new != row[len(_READ) :]:
            changed.append((*new, row[0]))
        waits += [
            (late, row[0], pause.seq)
            for pause, late in zip(pauses.get(row[0], []), clocks.pause_late_at, strict=True)
        ]
    connection.executemany(f"UPDATE ticket SET {sets} WHERE id = ?", changed)
    connection.executemany(
        "UPDATE ticket_pause SET late_at = ? WHERE ticket_id = ? AND seq = ?", waits
    )
    if changed:
        uow.changes.many.add("ticket")
    return len(changed)


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


def _complaints(uow: UnitOfWork, reference: Reference, since: int) -> None:
    """Recompute deadlines; promised and extended ones stay."""
    rows = uow.execute(
        "SELECT id, received_at, severity, promised_at IS NOT NULL OR due_original_at IS NOT NULL, "
        "due_at, ack_due_at, interim_due_at, answer_due_at FROM complaint "
        "WHERE deleted_at IS NULL AND (received_at >= ? OR "
        "status IN ('registered','accepted','investigating','responded'))",
        (since,),
    ).fetchall()
    limits, changed = reference.complaint_limits, []
    for key, received_at, severity, kept, *before in rows:
        times = due_times(Severity(severity), received_at, reference.calendar, limits)
        closing = before[0] if kept else times.closing
        wanted = [closing, *times.columns(closing).values()]
        if wanted != before:
            changed.append((*wanted, key))
    uow.connection.executemany(
        "UPDATE complaint SET due_at = ?, ack_due_at = ?, interim_due_at = ?, answer_due_at = ? "
        "WHERE id = ?",
        changed,
    )
    if changed:
        uow.changes.many.add("complaint")
