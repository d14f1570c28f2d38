"""What belongs to a ticket beside its row: links, merges, hand-offs, waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from svcdesk.store.connection import Connection

_LINKED = (
    "SELECT l.id, l.kind, l.ticket_id, t.id, t.ticket_no, t.title, t.status, l.entered_at, "
    "l.created_by FROM ticket_link l JOIN ticket t ON t.id = {other} "
    "WHERE {own} = ? AND l.deleted_at IS NULL AND t.deleted_at IS NULL"
)
_MERGED_IN = (
    "WITH RECURSIVE sources (id) AS (SELECT id FROM ticket WHERE merged_into_id = ? "
    "AND deleted_at IS NULL UNION SELECT t.id FROM sources s CROSS JOIN ticket t "
    "ON t.merged_into_id = s.id WHERE t.deleted_at IS NULL) "
    # CROSS: the few sources lead, whatever the planner knows of the tickets
    "SELECT t.id, t.ticket_no FROM sources s CROSS JOIN ticket t ON t.id = s.id ORDER BY t.id"
)
_OPEN_HANDOFF = "h.answered_at IS NULL AND h.cancelled_at IS NULL AND h.deleted_at IS NULL"


def waiting_since(connection: Connection, ticket_id: int) -> int | None:
    """Return since when a ticket waits for its customer, ``None`` when it does not."""
    row = connection.execute(
        "SELECT max(started_at) FROM ticket_pause WHERE ticket_id = ? AND kind = 'customer' "
        "AND ended_at IS NULL",
        (ticket_id,),
    ).fetchone()
    return None if row is None else row[0]


def internal_waits(
    connection: Connection, ticket_id: int
) -> list[tuple[int, int | None, int | None]]:
    """Return ``(from, to, department)`` of the waits inside the company."""
    return list(
        connection.execute(
            "SELECT started_at, ended_at, department_id FROM ticket_pause "
            "WHERE ticket_id = ? AND kind = 'internal' ORDER BY seq",
            (ticket_id,),
        ).fetchall()
    )


def received_since(connection: Connection, at: int) -> list[int]:
    """Return the tickets received from ``at`` on, by key."""
    rows = connection.execute(
        "SELECT id FROM ticket WHERE created_at >= ? AND deleted_at IS NULL ORDER BY id", (at,)
    ).fetchall()
    return [row[0] for row in rows]


def links(connection: Connection, ticket_id: int) -> list[dict[str, Any]]:
    """Return the tickets linked with this one, whichever side the link was made from."""
    names = ("id", "kind", "from_id", "other_id", "number", "title", "status", "at", "by_id")
    sql = " UNION ALL ".join(
        (
            _LINKED.format(other="l.other_id", own="l.ticket_id"),
            _LINKED.format(other="l.ticket_id", own="l.other_id"),
        )
    )
    rows = connection.execute(sql + " ORDER BY 1", (ticket_id, ticket_id)).fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]


def linked(connection: Connection, one: int, other: int) -> set[str]:
    """Return the kinds of links between two tickets."""
    rows = connection.execute(
        "SELECT kind FROM ticket_link WHERE deleted_at IS NULL AND "
        "((ticket_id = ? AND other_id = ?) OR (ticket_id = ? AND other_id = ?))",
        (one, other, other, one),
    ).fetchall()
    return {row[0] for row in rows}


def merged_in(connection: Connection, ticket_id: int) -> list[tuple[int, str]]:
    """Return ``(key, number)`` of every ticket merged into this one, also by way of others."""
    return list(connection.execute(_MERGED_IN, (ticket_id,)).fetchall())


def merge_target(connection: Connection, ticket_id: int) -> int:
    """Return the ticket that ``ticket_id`` ended up in: itself when it was not merged."""
    seen = {ticket_id}
    at = ticket_id
    while True:
        row = connection.execute(
            "SELECT merged_into_id FROM ticket WHERE id = ? AND status = 'merged'", (at,)
        ).fetchone()
        if row is None or row[0] is None or row[0] in seen:
            return at
        at = row[0]
        seen.add(at)


def departments_involved(connection: Connection, ticket_id: int) -> set[int]:
    """Return the departments that a ticket has needed (2.4, complexity)."""
    rows = connection.execute(
        "SELECT resp_dept_id FROM ticket WHERE id = ?1 AND resp_dept_id IS NOT NULL "
        "UNION SELECT department_id FROM ticket_event WHERE ticket_id = ?1 "
        "AND department_id IS NOT NULL AND deleted_at IS NULL "
        "UNION SELECT department_id FROM handoff WHERE ticket_id = ?1 AND deleted_at IS NULL",
        (ticket_id,),
    ).fetchall()
    return {row[0] for row in rows}


def open_handoffs(connection: Connection, ticket_id: int) -> int:
    """Count the hand-offs of a ticket that are not answered yet."""
    row = connection.execute(
        f"SELECT count(*) FROM handoff h WHERE h.ticket_id = ? AND {_OPEN_HANDOFF}", (ticket_id,)
    ).fetchone()
    return int(row[0])


def similar_tickets(
    connection: Connection, customer_id: int, issue_id: int | None, since: int, until: int
) -> list[dict[str, Any]]:
    """Return the customer's tickets with the same issue type received in ``[since, until]``."""
    names = ("id", "number", "title", "product_id", "created_at", "status", "owner_id")
    rows = connection.execute(
        "SELECT id, ticket_no, title, product_id, created_at, status, owner_id FROM ticket "
        "WHERE customer_id = ? AND created_at BETWEEN ? AND ? AND deleted_at IS NULL "
        "AND status <> 'merged' AND is_test = 0 AND issue_id IS ? ORDER BY created_at DESC, id DESC",
        (customer_id, since, until, issue_id),
    ).fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]


def not_the_same(connection: Connection, ticket_id: int) -> set[int]:
    """Return the tickets that a person has judged to be another case than this one."""
    rows = connection.execute(
        "SELECT ticket_id, other_id FROM detection_verdict WHERE rule = 'duplicate' "
        "AND verdict = 'denied' AND deleted_at IS NULL AND ticket_id IS NOT NULL "
        "AND (ticket_id = ?1 OR other_id = ?1)",
        (ticket_id,),
    ).fetchall()
    return {key for row in rows for key in row} - {ticket_id}
