"""Columns and tables that follow from the events: kept in the unit of work that changed them.

Never typed, never logged on their own beyond the row they sit in; undo makes them anew.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from svcdesk.domain import anomalies, sla
from svcdesk.domain.complaint import Severity
from svcdesk.domain.complaint_history import ComplaintEvent, fold_complaint
from svcdesk.domain.complaint_terms import due_times
from svcdesk.domain.ticket_history import Episode, TicketEvent, TicketFacts, fold_ticket
from svcdesk.store.reference import Reference, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from svcdesk.store.changes import Changes
    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

CHUNK = 1000  # tickets read at a time
# columns of a ticket that its tries and waits are reckoned from
TIMING = frozenset({"created_at", "priority", "tier", "issue_id", "channel_id", "promised_at"})
_TICKET = (
    "created_at",
    "request_type",
    "priority",
    "tier",
    "issue_id",
    "channel_id",
    "promised_at",
    "data_flags",
)


def pauses_of(connection: Connection, ticket_id: int) -> list[tuple[int, int | None]]:
    """Return when a ticket waited for its customer: ``(from, to)``, ``None``: still waiting."""
    return list(
        connection.execute(
            "SELECT started_at, ended_at FROM ticket_pause WHERE ticket_id = ? "
            "AND kind = 'customer' ORDER BY seq",
            (ticket_id,),
        ).fetchall()
    )


def events_of(connection: Connection, ticket_id: int) -> list[TicketEvent]:
    """Return a ticket's events as the domain reads them."""
    return [
        TicketEvent(at, kind, seq, bool(automatic), name, new, department)
        for at, kind, seq, automatic, name, new, department in connection.execute(
            "SELECT at, type, seq, automatic, name, new, department_id FROM ticket_event "
            "WHERE ticket_id = ? AND deleted_at IS NULL ORDER BY seq",
            (ticket_id,),
        ).fetchall()
    ]


def clocks(row: Mapping[str, Any], facts: TicketFacts, reference: Reference) -> sla.TicketClocks:
    """Return the durations and due times of a ticket (``row`` with its SLA fields)."""
    record = {"priority": row["priority"], "tier": row["tier"], "category": row["issue_id"],
              "channel": row["channel_id"]}  # fmt: skip
    policy = sla.match(reference.policies, record, row["created_at"])
    return sla.ticket_clocks(
        row["created_at"], facts, policy, reference.calendar, row["promised_at"]
    )


def columns_of(facts: TicketFacts, times: sla.TicketClocks) -> dict[str, Any]:
    """Return the derived columns of a ticket."""
    return {
        "first_response_at": facts.first_response_at,
        "first_resolved_at": facts.first_resolved_at,
        "resolved_at": facts.resolved_at,
        "closed_at": facts.closed_at,
        "cancelled_at": facts.cancelled_at,
        "response_limit": times.response_limit,
        "resolution_limit": times.resolution_limit,
        "response_due_at": times.response_due_at,
        "response_late_at": times.response_late_at,
        "due_at": times.due_at,
        "late_at": times.late_at,
        "warn_at": times.warn_at,
        "response_seconds": times.response_seconds,
        "resolution_seconds": times.resolution_seconds,
        "cycle_seconds": times.cycle_seconds,
        "dispatch_count": facts.dispatch_count,
        "first_dispatch_at": facts.first_dispatch_at,
        "transfer_count": facts.transfer_count,
        "visit_count": facts.visit_count,
        "reopen_count": facts.reopen_count,
        "escalated_at": facts.escalated_at,
        "last_event_at": facts.last_event_at,
    }


def write_episodes(
    connection: Connection, table: str, owner: int, episodes: Iterable[Episode]
) -> None:
    """Write the tries of one record anew."""
    connection.execute(f"DELETE FROM {table}_episode WHERE {table}_id = ?", (owner,))
    connection.executemany(
        f"INSERT INTO {table}_episode ({table}_id, seq, opened_at, ended_at, ended_by, closed_at) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [(owner, e.seq, e.opened_at, e.ended_at, e.ended_by, e.closed_at) for e in episodes],
    )


def write_pauses(
    connection: Connection, ticket_id: int, facts: TicketFacts, times: sla.TicketClocks
) -> None:
    """Write the waits of one ticket anew."""
    connection.execute("DELETE FROM ticket_pause WHERE ticket_id = ?", (ticket_id,))
    connection.executemany(
        "INSERT INTO ticket_pause (ticket_id, seq, kind, department_id, started_at, ended_at, "
        "late_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (ticket_id, p.seq, p.kind, p.department_id, p.started_at, p.ended_at, late)
            for p, late in zip(facts.pauses, times.pause_late_at, strict=True)
        ],
    )


def _ticket(connection: Connection, ticket_id: int) -> dict[str, Any] | None:
    row = connection.execute(
        f"SELECT {', '.join(_TICKET)} FROM ticket WHERE id = ?", (ticket_id,)
    ).fetchone()
    return None if row is None else dict(zip(_TICKET, row, strict=True))


def refresh_ticket(uow: UnitOfWork, ticket_id: int, reference: Reference) -> None:
    """Derive a ticket's columns, tries and waits from its events."""
    connection = uow.connection
    row = _ticket(connection, ticket_id)
    if row is None:
        return
    facts = fold_ticket(row["created_at"], events_of(connection, ticket_id))
    times = clocks(row, facts, reference)
    columns = columns_of(facts, times)
    channel = reference.items.get(row["channel_id"])
    found = anomalies.flags(
        "ticket",
        {
            **row,
            **columns,
            "live": channel is not None and channel.live,
            "impossible_order": facts.impossible_order,
        },
        uow.now,
    )
    kept = anomalies.KEPT_FLAGS.intersection(json.loads(row["data_flags"] or "[]"))
    flags = sorted({*found, *kept})
    columns["data_flags"] = json.dumps(flags) if flags else None
    uow.update("ticket", ticket_id, columns)
    write_episodes(connection, "ticket", ticket_id, facts.episodes)
    write_pauses(connection, ticket_id, facts, times)


_COMPLAINT_FACTS = (
    "contacted_at", "interim_feedback_at", "responded_at", "first_resolved_at", "resolved_at",
    "closed_at", "withdrawn_at", "rejected_at", "reopen_count", "last_event_at",
)  # fmt: skip
_COMPLAINT = (*_COMPLAINT_FACTS, "due_at", "ack_due_at", "interim_due_at", "answer_due_at")


def complaint_events_of(connection: Connection, complaint_id: int) -> list[ComplaintEvent]:
    """Return a complaint's events as the domain reads them."""
    return [
        ComplaintEvent(at, kind, seq)
        for at, kind, seq in connection.execute(
            "SELECT at, type, seq FROM complaint_event WHERE complaint_id = ? "
            "AND deleted_at IS NULL ORDER BY seq",
            (complaint_id,),
        ).fetchall()
    ]


def complaint_limits(
    severity: str, received_at: int, promised_at: int | None, reference: Reference
) -> dict[str, int | None]:
    """Return the columns of a complaint's limits, as long as nobody has extended them."""
    times = due_times(
        Severity(severity), received_at, reference.calendar, reference.complaint_limits
    )
    closing = promised_at or times.closing
    return {"due_at": closing, **times.columns(closing)}


def refresh_complaint(uow: UnitOfWork, complaint_id: int, reference: Reference) -> None:
    """Derive a complaint's columns and tries from its events; an extended deadline stays.

    Nothing is written where they are so already.
    """
    connection = uow.connection
    found = connection.execute(
        f"SELECT received_at, severity, promised_at, due_original_at, {', '.join(_COMPLAINT)} "
        "FROM complaint WHERE id = ?",
        (complaint_id,),
    ).fetchone()
    if found is None:
        return
    received_at, severity, promised_at, original, *stored = found
    before = dict(zip(_COMPLAINT, stored, strict=True))
    facts = fold_complaint(received_at, complaint_events_of(connection, complaint_id))
    promised = before["due_at"] if original is not None else promised_at
    columns = {
        **{name: getattr(facts, name) for name in _COMPLAINT_FACTS},
        **complaint_limits(severity, received_at, promised, reference),
    }
    if columns != before:
        uow.update("complaint", complaint_id, columns)
    write_episodes(connection, "complaint", complaint_id, facts.episodes)


def _grouped(
    connection: Connection, sql: str, keys: str
) -> defaultdict[int, list[tuple[Any, ...]]]:
    """Return owner -> its rows without the owner; ``sql`` asks for the owners in ``keys``."""
    found: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for owner, *row in connection.execute(sql, (keys,)).fetchall():
        found[owner].append(tuple(row))
    return found


_AMONG = "IN (SELECT value FROM json_each(?))"


def _rebuild_tickets(connection: Connection, ids: list[int], reference: Reference) -> None:
    """Make tries and waits of tickets anew where they differ from what their events say."""
    keys = json.dumps(ids)
    rows = _grouped(
        connection, f"SELECT id, {', '.join(_TICKET)} FROM ticket WHERE id {_AMONG}", keys
    )
    events = _grouped(
        connection,
        "SELECT ticket_id, at, type, seq, automatic, name, new, department_id FROM ticket_event "
        f"WHERE ticket_id {_AMONG} AND deleted_at IS NULL ORDER BY ticket_id, seq",
        keys,
    )
    episodes = _grouped(
        connection,
        "SELECT ticket_id, seq, opened_at, ended_at, ended_by, closed_at FROM ticket_episode "
        f"WHERE ticket_id {_AMONG} ORDER BY ticket_id, seq",
        keys,
    )
    waiting = _grouped(
        connection, f"SELECT ticket_id, seq FROM ticket_pause WHERE ticket_id {_AMONG}", keys
    )
    for key in ids:
        if key not in rows:
            connection.execute("DELETE FROM ticket_episode WHERE ticket_id = ?", (key,))
            connection.execute("DELETE FROM ticket_pause WHERE ticket_id = ?", (key,))
            continue
        row = dict(zip(_TICKET, rows[key][0], strict=True))
        facts = fold_ticket(
            row["created_at"],
            [TicketEvent(at, kind, seq, bool(auto), name, new, department)
             for at, kind, seq, auto, name, new, department in events[key]],
        )  # fmt: skip
        wanted = [(e.seq, e.opened_at, e.ended_at, e.ended_by, e.closed_at) for e in facts.episodes]
        if wanted != episodes[key]:
            write_episodes(connection, "ticket", key, facts.episodes)
        if facts.pauses or key in waiting:
            write_pauses(connection, key, facts, clocks(row, facts, reference))


def _waiting(connection: Connection, ids: Iterable[int]) -> set[int]:
    """Return which of the tickets ever waited."""
    return {
        row[0]
        for row in connection.execute(
            f"SELECT DISTINCT ticket_id FROM ticket_pause WHERE ticket_id {_AMONG}",
            (json.dumps(list(ids)),),
        ).fetchall()
    }


def rebuild_touched(
    connection: Connection, changes: Changes, *, calm: AbstractSet[int] = frozenset()
) -> None:
    """Make tries and waits anew after rows were put back (undo, redo).

    ``calm``: tickets for which neither a column of :data:`TIMING` nor an event that begins or
    ends a try was put back; those of them that never waited are as they were.
    """
    unchanged = set(calm) - _waiting(connection, calm)
    tickets, complaints = (
        sorted(changes.touched("ticket") - unchanged),
        changes.touched("complaint"),
    )
    if not tickets and not complaints:
        return
    reference = load(connection)
    for start in range(0, len(tickets), CHUNK):
        _rebuild_tickets(connection, tickets[start : start + CHUNK], reference)
    for complaint_id in complaints:
        found = connection.execute(
            "SELECT received_at FROM complaint WHERE id = ?", (complaint_id,)
        ).fetchone()
        events = complaint_events_of(connection, complaint_id) if found else []
        episodes = fold_complaint(found[0], events).episodes if found else []
        write_episodes(connection, "complaint", complaint_id, episodes)


def batch_visibility(
    connection: Connection, table: str, first: int, last: int, *, visible: bool
) -> None:
    """Bring the search index up when a batch is hidden or shown again."""
    from svcdesk.store import documents, search
    from svcdesk.store.index_rows import sql_row

    if table not in documents.DOCUMENTS:
        return
    if visible:
        search.postpone(connection, table, first, last)
        return
    connection.execute("DELETE FROM search_pending WHERE id BETWEEN ? AND ?", (first, last))
    connection.execute(f"DELETE FROM {documents.index_of(table)} WHERE rowid IN "
                       f"(SELECT {sql_row('id')} FROM search_doc "
                       "WHERE id BETWEEN ? AND ? AND tbl = ?)",
                       (first, last, table))  # fmt: skip
    connection.execute(
        "DELETE FROM search_doc WHERE id BETWEEN ? AND ? AND tbl = ?", (first, last, table)
    )


def date_back(connection: Connection) -> None:
    """Let records that were brought in with their history carry its last moment as their change."""
    for table in ("ticket", "complaint"):
        connection.execute(f"UPDATE {table} SET updated_at = last_event_at")
