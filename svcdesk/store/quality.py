"""Quality checks: those of a record or person, and the closed tickets nobody has looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.store import records

if TYPE_CHECKING:
    from svcdesk.store.connection import Connection


def unchecked(connection: Connection, start: int, end: int) -> dict[int, list[int]]:
    """Return owner -> tickets settled in a span that have no valid check yet."""
    found: dict[int, list[int]] = {}
    for owner, key in connection.execute(
        "SELECT t.owner_id, t.id FROM ticket t WHERE t.resolved_at >= ? AND t.resolved_at < ? "
        "AND t.owner_id IS NOT NULL AND t.deleted_at IS NULL AND t.is_test = 0 "
        "AND t.status IN ('resolved', 'closed') AND NOT EXISTS (SELECT 1 FROM quality_check q "
        "WHERE q.ticket_id = t.id AND q.deleted_at IS NULL AND q.voided = 0) ORDER BY t.id",
        (start, end),
    ).fetchall():
        found.setdefault(owner, []).append(key)
    return found


def checks_of_agents(connection: Connection, start: int, end: int) -> dict[int, int]:
    """Return agent -> valid checks of tickets settled in a span."""
    return dict(
        connection.execute(
            "SELECT q.agent_id, count(*) FROM quality_check q JOIN ticket t ON t.id = q.ticket_id "
            "WHERE t.resolved_at >= ? AND t.resolved_at < ? AND q.voided = 0 "
            "AND q.agent_id IS NOT NULL AND q.deleted_at IS NULL GROUP BY q.agent_id",
            (start, end),
        ).fetchall()
    )


def lines(connection: Connection, keys: list[int]) -> list[dict[str, Any]]:
    """Return number, title, customer and settlement of tickets, in the order of ``keys``."""
    found = {}
    for key in keys:
        row = connection.execute(
            "SELECT t.id, t.ticket_no, t.title, c.name, c.kind, t.owner_id, t.resolved_at "
            "FROM ticket t JOIN customer c ON c.id = t.customer_id WHERE t.id = ?",
            (key,),
        ).fetchone()
        if row is not None:
            names = (
                "id",
                "number",
                "title",
                "customer",
                "customer_kind",
                "owner_id",
                "resolved_at",
            )
            found[key] = dict(zip(names, row, strict=True))
    return [found[key] for key in keys if key in found]


def failures(
    connection: Connection, start: int, end: int, agent: int | None = None
) -> list[tuple[str, int, int]]:
    """Return ``(item, failed, judged)`` of the valid checks made in a span, most failures first."""
    rows = connection.execute(
        "SELECT j.value ->> '$.item', sum(j.value ->> '$.result' = 'fail'), "
        "sum(j.value ->> '$.result' <> 'na') FROM quality_check q, json_each(q.items) j "
        "WHERE q.at >= ? AND q.at < ? AND q.voided = 0 AND q.deleted_at IS NULL "
        "AND (?3 IS NULL OR q.agent_id = ?3) GROUP BY 1 ORDER BY 2 DESC, 1",
        (start, end, agent),
    ).fetchall()
    return [(str(item), int(failed or 0), int(judged or 0)) for item, failed, judged in rows]


def item_names(connection: Connection, *, chinese: bool) -> dict[str, str]:
    """Return what the items of quality forms are called; the newest form names them last."""
    field = "zh" if chinese else "en"
    rows = connection.execute(
        f"SELECT j.value ->> '$.item', j.value ->> '$.{field}' FROM quality_form f, "
        "json_each(f.items) j WHERE f.deleted_at IS NULL ORDER BY f.id"
    ).fetchall()
    return {str(item): str(name) for item, name in rows if name}


def of_ticket(connection: Connection, ticket_id: int) -> list[dict[str, Any]]:
    """Return the checks of a ticket."""
    return records.children(connection, "quality_check", "ticket_id", ticket_id, "at, id")


def form_use(connection: Connection, form_id: int) -> int:
    """Return how many checks were made with a version of a form."""
    row = connection.execute(
        "SELECT count(*) FROM quality_check WHERE form_id = ?", (form_id,)
    ).fetchone()
    return int(row[0])
