"""Lists that reports print beside their figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from svcdesk.domain.metrics.registry import metric
from svcdesk.store import measures

if TYPE_CHECKING:
    from svcdesk.domain.period import Period
    from svcdesk.store.connection import Connection
    from svcdesk.store.figures import Board

LISTED = 30


def key_events(connection: Connection, first: str, last: str) -> list[tuple[str, str, str, str]]:
    """Return the key events that touch the days ``first`` … ``last``."""
    return list(
        connection.execute(
            "SELECT starts_on, ends_on, title, state FROM key_event WHERE deleted_at IS NULL "
            "AND starts_on <= ? AND ends_on >= ? ORDER BY starts_on",
            (last, first),
        ).fetchall()
    )


class OverdueTicket(NamedTuple):
    """A ticket that is open past its deadline."""

    number: str
    title: str
    owner: str
    due_at: int | None
    reason_id: int | None


def overdue_tickets(board: Board, period: Period, limit: int = LISTED) -> list[OverdueTicket]:
    """Return the tickets overdue and open at the end of the period, the longest overdue first."""
    rows: list[Any] = []
    for facts, where, values in measures.ways(board.run, metric("overdue_open"), period):
        rows += board.run.connection.execute(
            "SELECT t.ticket_no, t.title, coalesce((SELECT p.name FROM person p "
            "WHERE p.id = t.owner_id), ''), t.due_at, t.overdue_reason_id "
            f"FROM {facts.table} WHERE {where} ORDER BY t.due_at IS NULL, t.due_at, t.id LIMIT :limit",
            {**values, "limit": limit},
        ).fetchall()
    rows.sort(key=lambda row: (row[3] is None, row[3], row[0]))
    return [OverdueTicket._make(row) for row in rows[:limit]]


def first_record(connection: Connection) -> int | None:
    """Return when the first ticket or complaint came in, ``None`` without any."""
    found = connection.execute(
        "SELECT min(at) FROM (SELECT min(created_at) AS at FROM ticket WHERE deleted_at IS NULL "
        "UNION ALL SELECT min(received_at) FROM complaint WHERE deleted_at IS NULL)"
    ).fetchone()
    return None if found[0] is None else int(found[0])


def group_complaints(board: Board, period: Period) -> list[tuple[str, int, int]]:
    """Return the group complaints triggered in the period: product, members, customers."""
    end = min(period.end_at, board.as_of)
    return list(
        board.run.connection.execute(
            "SELECT p.name, count(*), count(DISTINCT c.customer_id) FROM complaint_group g "
            "JOIN complaint c ON c.group_id = g.id AND c.deleted_at IS NULL AND c.received_at < ? "
            "JOIN product p ON p.id = g.product_id WHERE g.deleted_at IS NULL "
            "AND g.triggered_at >= ? AND g.triggered_at < ? GROUP BY g.id ORDER BY g.triggered_at",
            (board.as_of, period.start_at, end),
        ).fetchall()
    )


def typed_figures(connection: Connection, month: str) -> dict[str, float]:
    """Return key -> value of the figures typed for a month (2.16)."""
    return dict(
        connection.execute(
            "SELECT key, value FROM manual_metric WHERE month = ? AND value IS NOT NULL "
            "AND deleted_at IS NULL",
            (month,),
        ).fetchall()
    )


def products(connection: Connection) -> list[tuple[int, str]]:
    """Return the products in use with their names, by name."""
    return list(
        connection.execute(
            "SELECT id, name FROM product WHERE active = 1 AND deleted_at IS NULL ORDER BY name, id"
        ).fetchall()
    )
