"""Saved views as rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

_COLUMNS = "id, entity, name, owner_id, shared, query, sort"


@dataclass(frozen=True)
class Stored:
    """One saved view; ``query`` is JSON."""

    id: int
    entity: str
    name: str
    owner_id: int | None
    shared: bool
    query: str
    sort: int


def _view(row: tuple[Any, ...]) -> Stored:
    return Stored(row[0], row[1], row[2], row[3], bool(row[4]), row[5], row[6])


def visible(connection: Connection, entity: str, person_id: int) -> list[Stored]:
    """Return the views of a list that a person sees: own ones and shared ones."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM saved_view WHERE entity = ? AND deleted_at IS NULL "
        "AND (shared = 1 OR owner_id = ?) ORDER BY sort, id",
        (entity, person_id),
    ).fetchall()
    return [_view(row) for row in rows]


def get(connection: Connection, view_id: int) -> Stored | None:
    """Return one view, ``None`` when it is gone."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM saved_view WHERE id = ? AND deleted_at IS NULL", (view_id,)
    ).fetchone()
    return None if row is None else _view(row)


def insert(uow: UnitOfWork, view: Stored) -> int:
    """Write a new view behind those there are."""
    last = uow.execute(
        "SELECT coalesce(max(sort), 0) FROM saved_view WHERE entity = ? AND deleted_at IS NULL",
        (view.entity,),
    ).fetchone()[0]
    return uow.insert(
        "saved_view",
        {
            "entity": view.entity,
            "name": view.name,
            "owner_id": view.owner_id,
            "shared": int(view.shared),
            "query": view.query,
            "sort": int(last) + 1,
        },
    )


def update(uow: UnitOfWork, view_id: int, values: Mapping[str, Any]) -> None:
    """Change columns of a view."""
    uow.update("saved_view", view_id, values)
