"""Templates, macros, canned replies and checklists as rows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from svcdesk.domain.aids import Aid, AidKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

_SELECT = (
    "SELECT id, kind, name, body, folder, shortcut, owner_id, sort, active FROM template "
    "WHERE deleted_at IS NULL"
)


def _aid(row: tuple[Any, ...]) -> Aid:
    key, kind, name, body, folder, shortcut, owner, sort, active = row
    return Aid(
        key, AidKind(kind), name, json.loads(body), folder, shortcut, owner, sort, bool(active)
    )


def listed(connection: Connection, kind: str, person_id: int, *, retired: bool) -> list[Aid]:
    """Return the templates of a kind that a person sees, in order."""
    rows = connection.execute(
        f"{_SELECT} AND kind = ? AND (owner_id IS NULL OR owner_id = ?) AND (active = 1 OR ?) "
        "ORDER BY folder, sort, name, id",
        (kind, person_id, int(retired)),
    ).fetchall()
    return [_aid(row) for row in rows]


def get(connection: Connection, key: int) -> Aid | None:
    """Return one template."""
    row = connection.execute(f"{_SELECT} AND id = ?", (key,)).fetchone()
    return None if row is None else _aid(row)


def save(uow: UnitOfWork, aid: Aid) -> int:
    """Write a template; ``id`` 0 is a new one."""
    row = {
        "kind": str(aid.kind),
        "name": aid.name.strip(),
        "body": json.dumps(dict(aid.body), ensure_ascii=False),
        "folder": aid.folder.strip(),
        "shortcut": aid.shortcut.strip(),
        "owner_id": aid.owner_id,
        "sort": aid.sort,
        "active": int(aid.active),
    }
    if not aid.id:
        return uow.insert("template", row)
    uow.update("template", aid.id, row)
    return aid.id


def details_of(connection: Connection, ticket_id: int) -> dict[str, Any]:
    """Return the fields that a ticket has by its kind."""
    row = connection.execute(
        "SELECT details FROM ticket_text WHERE id = ?", (ticket_id,)
    ).fetchone()
    found: dict[str, Any] = json.loads(row[0]) if row else {}
    return found


def write_details(uow: UnitOfWork, ticket_id: int, details: Mapping[str, Any]) -> None:
    """Write the fields that a ticket has by its kind."""
    uow.update("ticket_text", ticket_id, {"details": json.dumps(dict(details), ensure_ascii=False)})


def checks(connection: Connection, ticket_id: int) -> list[dict[str, Any]]:
    """Return the checklist items of a ticket in order."""
    names = ("id", "text", "list_name", "blocking", "done_at", "done_by_id", "sort")
    rows = connection.execute(
        f"SELECT {', '.join(names)} FROM checklist_item WHERE ticket_id = ? AND deleted_at IS NULL "
        "ORDER BY sort, id",
        (ticket_id,),
    ).fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]


def open_blocking(connection: Connection, ticket_id: int) -> int:
    """Return how many unfinished items keep a ticket from being closed."""
    return int(
        connection.execute(
            "SELECT count(*) FROM checklist_item WHERE ticket_id = ? AND blocking = 1 "
            "AND done_at IS NULL AND deleted_at IS NULL",
            (ticket_id,),
        ).fetchone()[0]
    )


def next_visit(connection: Connection, ticket_id: int) -> int | None:
    """Return when the next planned visit of a ticket begins."""
    row = connection.execute(
        "SELECT window_start FROM visit WHERE ticket_id = ? AND outcome IS NULL "
        "AND deleted_at IS NULL ORDER BY window_start LIMIT 1",
        (ticket_id,),
    ).fetchone()
    return int(row[0]) if row else None


TAGGED = 20_000  # tickets that are looked at for their tags: the latest ones


def tags_in_use(connection: Connection) -> list[str]:
    """Return the tags of the latest tickets, the most used first."""
    rows = connection.execute(
        "SELECT g.value FROM (SELECT tags FROM ticket WHERE deleted_at IS NULL "
        "ORDER BY created_at DESC LIMIT ?) t, json_each(t.tags) g WHERE t.tags IS NOT NULL "
        "GROUP BY g.value ORDER BY count(*) DESC, g.value",
        (TAGGED,),
    ).fetchall()
    return [str(row[0]) for row in rows]


def open_tickets(connection: Connection) -> list[int]:
    """Return the tickets that somebody works on, by key."""
    rows = connection.execute(
        "SELECT id FROM ticket WHERE deleted_at IS NULL AND status IN "
        "('new', 'assigned', 'in_progress', 'pending_customer', 'pending_internal') ORDER BY id"
    ).fetchall()
    return [row[0] for row in rows]
