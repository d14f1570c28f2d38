"""Missed limits: one row per ticket and kind, never taken away by what happens later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

_OPEN = "t.status IN ('new', 'assigned', 'in_progress', 'pending_customer', 'pending_internal')"
# What ran out before an import brought the record in was missed elsewhere, not here.
_OURS = "(t.batch_id IS NULL OR {at} >= t.entered_at)"
_KNOWN = (
    "NOT EXISTS (SELECT 1 FROM sla_breach b WHERE b.ticket_id = t.id AND b.kind = '{kind}' "
    "AND b.deleted_at IS NULL)"
)


def known(connection: Connection, ticket_id: int) -> set[str]:
    """Return the kinds of limits that a ticket has missed on record."""
    return {
        kind
        for (kind,) in connection.execute(
            "SELECT kind FROM sla_breach WHERE ticket_id = ? AND deleted_at IS NULL", (ticket_id,)
        ).fetchall()
    }


def note(uow: UnitOfWork, ticket: dict[str, Any], kind: str) -> int:
    """Write that ``ticket`` missed its limit of ``kind``."""
    prefix = "response_" if kind == "response" else ""
    return uow.insert(
        "sla_breach",
        {
            "ticket_id": ticket["id"],
            "kind": kind,
            "due_at": ticket[f"{prefix}due_at"],
            "limit_seconds": ticket["response_limit" if prefix else "resolution_limit"],
            "owner_id": ticket["owner_id"],
        },
    )


def run_over(connection: Connection, now: int, limit: int) -> list[int]:
    """Return up to ``limit`` open tickets past a limit at ``now`` without a row that says so.

    A ticket that waits for its customer is judged by the moment the wait began (4.8).
    """
    resolution = (
        f"SELECT t.id FROM ticket t WHERE t.due_at <= :now AND t.late_at <= :now AND {_OPEN} "
        "AND t.deleted_at IS NULL AND t.first_resolved_at IS NULL AND "
        "(t.status <> 'pending_customer' OR t.promised_at IS NOT NULL OR t.late_at <= (SELECT "
        "max(p.started_at) FROM ticket_pause p WHERE p.ticket_id = t.id AND p.ended_at IS NULL)) "
        f"AND {_OURS.format(at='t.late_at')} AND {_KNOWN.format(kind='resolution')}"
    )
    response = (
        f"SELECT t.id FROM ticket t WHERE t.response_due_at <= :now AND t.response_late_at <= :now AND {_OPEN} "
        "AND t.deleted_at IS NULL AND t.first_response_at IS NULL "
        f"AND {_OURS.format(at='t.response_late_at')} AND {_KNOWN.format(kind='response')}"
    )
    rows = connection.execute(
        f"{resolution} UNION {response} LIMIT :limit", {"now": now, "limit": limit}
    ).fetchall()
    return [row[0] for row in rows]


def missed(connection: Connection) -> list[int]:
    """Return the tickets whose answer or first resolution came too late (sample data)."""
    rows = connection.execute(
        "SELECT id FROM ticket WHERE deleted_at IS NULL AND is_test = 0 AND "
        "(first_response_at >= response_late_at OR first_resolved_at >= late_at) ORDER BY id"
    ).fetchall()
    return [row[0] for row in rows]
