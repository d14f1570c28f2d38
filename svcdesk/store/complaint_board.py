"""Figures of the board of complaints: received, handled, overdue by type, with cause and plan (C15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from svcdesk.store.connection import Connection

# valid and not withdrawn, received in [:start, :end)
_RECEIVED = (
    "FROM complaint m WHERE m.received_at >= :start AND m.received_at < :end "
    "AND m.status NOT IN ('rejected', 'merged', 'withdrawn') AND m.is_test = 0 "
    "AND m.deleted_at IS NULL"
)
_OPEN = "m.first_resolved_at IS NULL"
_OVERDUE = f"{_OPEN} AND m.due_at IS NOT NULL AND m.due_at < :now"
_LATE = (
    "m.first_resolved_at IS NOT NULL AND m.due_at IS NOT NULL AND m.first_resolved_at > m.due_at"
)


class BoardRow(NamedTuple):
    """One type: received, of these handled, still open and overdue, handled late, without a plan."""

    category_id: int
    received: int
    handled: int
    overdue: int
    late: int
    unplanned: int


class OverdueRow(NamedTuple):
    """One open overdue complaint with its cause and its plan."""

    id: int
    number: str
    title: str
    category_id: int
    due_at: int
    handler_id: int | None
    reason_id: int | None
    plan: str


def by_category(connection: Connection, start: int, end: int, now: int) -> list[BoardRow]:
    """Return the figures by first-level type, the most received first."""
    sql = (
        f"SELECT m.category_id, count(*), count(m.first_resolved_at), sum({_OVERDUE}), "
        f"sum({_LATE}), sum({_OVERDUE} AND trim(coalesce(m.overdue_plan, '')) = '') {_RECEIVED} "
        "GROUP BY m.category_id ORDER BY count(*) DESC, m.category_id"
    )
    bound = {"start": start, "end": end, "now": now}
    return [BoardRow._make(row) for row in connection.execute(sql, bound).fetchall()]


def reasons(connection: Connection, start: int, end: int, now: int) -> list[tuple[int | None, int]]:
    """Return ``(reason, count)`` of what is overdue or was handled late, the most frequent first."""
    sql = (
        f"SELECT m.overdue_reason_id, count(*) AS n {_RECEIVED} AND (({_OVERDUE}) OR ({_LATE})) "
        "GROUP BY m.overdue_reason_id ORDER BY n DESC, m.overdue_reason_id IS NULL, 1"
    )
    bound = {"start": start, "end": end, "now": now}
    return [(row[0], row[1]) for row in connection.execute(sql, bound).fetchall()]


def overdue(connection: Connection, start: int, end: int, now: int, limit: int) -> list[OverdueRow]:
    """Return the open overdue complaints, those without a plan first, then the longest overdue."""
    sql = (
        "SELECT m.id, m.complaint_no, m.title, m.category_id, m.due_at, m.handler_id, "
        f"m.overdue_reason_id, trim(coalesce(m.overdue_plan, '')) AS plan {_RECEIVED} "
        f"AND {_OVERDUE} ORDER BY plan <> '', m.due_at, m.id LIMIT :limit"
    )
    bound = {"start": start, "end": end, "now": now, "limit": limit}
    return [OverdueRow._make(row) for row in connection.execute(sql, bound).fetchall()]
