"""Rows of the figures that are typed: read by natural key, written, taken away (2.13, 2.16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork


def _where(keys: Mapping[str, Any]) -> tuple[str, list[Any]]:
    parts = [f"{name} IS ?" for name in keys]
    return " AND ".join(["deleted_at IS NULL", *parts]), list(keys.values())


def rows(
    connection: Connection, table: str, names: Sequence[str], keys: Mapping[str, Any],
    between: tuple[str, str, str] | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the rows of ``table`` that equal ``keys``; ``between``: column, first, last."""
    where, values = _where(keys)
    if between is not None:
        where += f" AND {between[0]} BETWEEN ? AND ?"
        values += between[1:]
    return [
        dict(zip(names, row, strict=True))
        for row in connection.execute(
            f"SELECT {', '.join(names)} FROM {table} WHERE {where} ORDER BY id", values
        ).fetchall()
    ]


def put(
    uow: UnitOfWork, table: str, keys: Mapping[str, Any], values: Mapping[str, Any] | None
) -> bool:  # fmt: skip
    """Write the row of ``keys`` (``None``: take it away); tell whether anything changed."""
    where, parameters = _where(keys)
    names = list(values or {})
    row = uow.connection.execute(
        f"SELECT {', '.join(['id', *names])} FROM {table} WHERE {where}", parameters
    ).fetchone()
    if values is None:
        if row is not None:
            uow.remove(table, row[0])
        return row is not None
    if row is None:
        uow.insert(table, {**keys, **values})
        return True
    if list(row[1:]) == list(values.values()):
        return False
    uow.update(table, row[0], values)
    return True


def classes(connection: Connection) -> list[str]:
    """Return the part classes that have figures, by name."""
    return [
        row[0]
        for row in connection.execute(
            "SELECT DISTINCT part_class FROM spare_parts WHERE deleted_at IS NULL ORDER BY 1"
        ).fetchall()
    ]


def ordered_products(connection: Connection) -> list[tuple[int, str]]:
    """Return the products that have an order volume of their own."""
    return list(
        connection.execute(
            "SELECT DISTINCT p.id, p.name FROM order_volume o JOIN product p ON p.id = o.product_id "
            "WHERE o.deleted_at IS NULL ORDER BY p.name, p.id"
        ).fetchall()
    )
