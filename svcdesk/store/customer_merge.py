"""Two customers that are one person: what moves, and the way back.

The rows of the merged customer move to the survivor inside the merge's unit of work, so every
figure and rule sees one customer. The change log keeps which rows they were; taking the merge
apart later reads them from there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.store.change_log import entries_of
from svcdesk.store.customers import OWNED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Merged:
    """A customer that was merged into another one, and the operation that did it."""

    id: int
    number: str
    name: str
    at: int
    operation_id: int


def counts(connection: Connection, customer_id: int) -> dict[str, int]:
    """Return how many visible rows of each table name the customer."""
    return {
        table: int(
            connection.execute(
                f"SELECT count(*) FROM {table} WHERE customer_id = ? AND deleted_at IS NULL",
                (customer_id,),
            ).fetchone()[0]
        )
        for table in OWNED
    }


def move(uow: UnitOfWork, source: int, target: int) -> None:
    """Let every row of ``source``, deleted ones too, name ``target``."""
    for table in OWNED:
        uow.execute(
            f"UPDATE {table} SET customer_id = ?, updated_at = ?, row_version = row_version + 1 "
            "WHERE customer_id = ?",
            (target, uow.now, source),
        )


def merged_into(connection: Connection, customer_id: int) -> list[Merged]:
    """Return the customers merged directly into ``customer_id``, the latest first."""
    found = []
    for key, number, name in connection.execute(
        "SELECT id, customer_no, name FROM customer WHERE merged_into_id = ? "
        "AND deleted_at IS NULL",
        (customer_id,),
    ).fetchall():
        operation = merge_of(connection, key)
        if operation is not None:
            found.append(Merged(key, number, name, operation[1], operation[0]))
    return sorted(found, key=lambda merged: merged.operation_id, reverse=True)


def merge_of(connection: Connection, source: int) -> tuple[int, int] | None:
    """Return the operation that merged ``source`` as it stands, and when."""
    row = connection.execute(
        "SELECT c.operation_id, o.at FROM change_log c JOIN operation o ON o.id = c.operation_id "
        "WHERE c.tbl = 'customer' AND c.row_id = ? "
        "AND c.after ->> 'merged_into_id' IS NOT NULL ORDER BY c.id DESC LIMIT 1",
        (source,),
    ).fetchone()
    return None if row is None else (int(row[0]), int(row[1]))


def take_apart(uow: UnitOfWork, source: int, target: int, now_at: int) -> None:
    """Give ``source`` back the rows that its merge moved, and ``target`` its own fields.

    ``now_at`` is the customer who stands for ``target`` now (later merges included). A row that
    has been given to somebody else since stays there; a field changed since stays as it is.
    """
    operation = _merging(uow.connection, source)
    for entry in entries_of(uow.connection, operation):
        before, after = entry.before or {}, entry.after or {}
        if entry.table in OWNED and before.get("customer_id") == source:
            uow.execute(
                f"UPDATE {entry.table} SET customer_id = ?, updated_at = ?, "
                "row_version = row_version + 1 WHERE id = ? AND customer_id IN (?, ?)",
                (source, uow.now, entry.row_id, target, now_at),
            )
        elif entry.table == "customer" and entry.row_id == target:
            _restore(uow, target, before, after)
    uow.update("customer", source, {"merged_into_id": None})


def _merging(connection: Connection, source: int) -> int:
    """Return the original merge, behind undone and redone ones."""
    found = merge_of(connection, source)
    if found is None:
        raise LookupError(source)
    return found[0]


_KEPT = frozenset({"updated_at", "row_version", "tier", "tier_reasons"})


def _restore(
    uow: UnitOfWork, target: int, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    names = [name for name in after if name not in _KEPT and name in before]
    if not names:
        return
    present = uow.execute(
        f"SELECT {', '.join(names)} FROM customer WHERE id = ?", (target,)
    ).fetchone()
    values = {
        name: before[name]
        for name, value in zip(names, present, strict=True)
        if value == after[name]
    }
    uow.update("customer", target, values)


def same_phone_pairs(connection: Connection, limit: int) -> list[tuple[str, list[int]]]:
    """Return phones that several customers have, with their keys, most customers first."""
    return [
        (str(phone), json.loads(keys))
        for phone, keys in connection.execute(
            "SELECT p.phone, json_group_array(c.id) FROM customer_phone p "
            "JOIN customer c ON c.id = p.customer_id WHERE c.deleted_at IS NULL "
            "AND c.merged_into_id IS NULL AND length(p.phone) >= 7 GROUP BY p.phone "
            "HAVING count(*) > 1 ORDER BY count(*) DESC, p.phone LIMIT ?",
            (limit,),
        ).fetchall()
    ]
