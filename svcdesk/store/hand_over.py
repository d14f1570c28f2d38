"""What waits on the departments: hand-offs, and tickets that wait internally without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from svcdesk.store.connection import Connection


class Waiting(NamedTuple):
    """One piece of work of a department; ``handoff_id`` None: the ticket just waits there."""

    handoff_id: int | None
    ticket_id: int
    number: str
    title: str
    priority: str
    tier: str
    department_id: int
    request: str
    asked_at: int
    asked_by_id: int | None
    person_id: int | None
    due_at: int | None
    promised_on: str | None
    answered_at: int | None
    answer: str
    answered_by_id: int | None


_HANDOFFS = (
    "SELECT h.id, t.id, t.ticket_no, t.title, t.priority, t.tier, h.department_id, h.request, "
    "h.asked_at, h.asked_by_id, h.person_id, h.due_at, h.promised_on, h.answered_at, h.answer, "
    "h.answered_by_id FROM handoff h JOIN ticket t ON t.id = h.ticket_id "
    "WHERE h.deleted_at IS NULL AND t.deleted_at IS NULL AND h.cancelled_at IS NULL "
    "AND (h.answered_at >= ? OR h.answered_at IS NULL AND t.status NOT IN ('closed', 'cancelled')) "
    "AND t.status <> 'merged' "
    "ORDER BY h.due_at, h.id"
)
_PAUSED = (
    "SELECT NULL, t.id, t.ticket_no, t.title, t.priority, t.tier, p.department_id, coalesce(("
    "SELECT e.text FROM ticket_event e WHERE e.ticket_id = t.id AND e.type = 'status_changed' "
    "AND e.new = 'pending_internal' AND e.deleted_at IS NULL ORDER BY e.seq DESC LIMIT 1), ''), "
    "p.started_at, t.owner_id, NULL, t.due_at, NULL, NULL, '', NULL FROM ticket t "
    "JOIN ticket_pause p ON p.ticket_id = t.id AND p.kind = 'internal' AND p.ended_at IS NULL "
    "WHERE t.status = 'pending_internal' AND t.deleted_at IS NULL AND p.department_id IS NOT NULL "
    "AND NOT EXISTS (SELECT 1 FROM handoff h WHERE h.ticket_id = t.id AND h.answered_at IS NULL "
    "AND h.cancelled_at IS NULL AND h.deleted_at IS NULL) ORDER BY t.due_at, t.id"
)


def waiting(connection: Connection, since: int) -> list[Waiting]:
    """Return what is open, and what was answered at or after ``since``."""
    rows = connection.execute(_HANDOFFS, (since,)).fetchall()
    rows += connection.execute(_PAUSED).fetchall()
    return [Waiting._make(row) for row in rows]
