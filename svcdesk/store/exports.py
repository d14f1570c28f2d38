"""What exports read beyond the rows themselves, and their trace in the audit log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork


def linked_numbers(
    connection: Connection, links: str, owner: str, other: str, number: str, ids: Iterable[int]
) -> dict[int, list[str]]:
    """Return owner -> numbers of the records linked to it through the table ``links``.

    ``other`` is the table linked to; its key stands in ``links`` as ``{other}_id``.
    """
    found: dict[int, list[str]] = {}
    for key, text in connection.execute(
        f"SELECT l.{owner}, o.{number} FROM json_each(?) j JOIN {links} l ON l.{owner} = j.value "
        f"JOIN {other} o ON o.id = l.{other}_id WHERE l.deleted_at IS NULL ORDER BY l.id",
        (json.dumps(list(ids)),),
    ).fetchall():
        found.setdefault(key, []).append(text)
    return found


def audit(uow: UnitOfWork, action: str, detail: Mapping[str, Any]) -> None:
    """Write an entry that no one can change: who exported what, and why (domain.md 7.6)."""
    uow.execute(
        "INSERT INTO audit (id, at, actor_id, action, detail) VALUES (?, ?, ?, ?, ?)",
        (
            uow.keys.next(),
            uow.now,
            uow.actor_id,
            action,
            json.dumps(dict(detail), ensure_ascii=False),
        ),
    )
