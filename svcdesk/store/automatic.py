"""What may have come due for a step that the program takes by itself (domain.md 2.19)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from svcdesk.store.connection import Connection


def settled(connection: Connection, table: str, before: int) -> list[int]:
    """Return the tickets or complaints resolved at ``before`` or earlier and not closed.

    What an import brought in starts no timers here.
    """
    return [
        key
        for (key,) in connection.execute(
            f"SELECT id FROM {table} WHERE status = 'resolved' AND batch_id IS NULL "
            "AND deleted_at IS NULL AND resolved_at <= ? ORDER BY resolved_at",
            (before,),
        ).fetchall()
    ]


def waiting(connection: Connection, before: int) -> list[tuple[int, int, int]]:
    """Return tickets that wait for their customer since ``before`` or longer.

    Each with the begin of the wait and the number of replies to the customer since: reminders.
    """
    return list(
        connection.execute(
            "SELECT t.id, p.since, (SELECT count(*) FROM ticket_event e WHERE e.ticket_id = t.id "
            "AND e.type = 'public_reply' AND e.at > p.since AND e.deleted_at IS NULL) "
            "FROM ticket t JOIN (SELECT ticket_id, max(started_at) AS since FROM ticket_pause "
            "WHERE kind = 'customer' AND ended_at IS NULL GROUP BY ticket_id) p ON p.ticket_id = t.id "
            "WHERE t.status = 'pending_customer' AND t.batch_id IS NULL AND t.deleted_at IS NULL "
            "AND p.since <= ?",
            (before,),
        ).fetchall()
    )
