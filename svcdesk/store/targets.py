"""Targets as rows, with the names that their scopes need (``domain.md 2.13``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

Row = tuple[int, str, str, str, float | None, float | None, int, int | None]


def listed(connection: Connection, metric: str | None = None) -> list[Row]:
    """Return key, metric, scope, month, target, threshold, weight and owner, earliest first."""
    where = "" if metric is None else " AND metric = :metric"
    return [
        (row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7])
        for row in connection.execute(
            "SELECT id, metric, scope, valid_from, target, threshold, weight, owner_id "
            f"FROM metric_target WHERE deleted_at IS NULL{where} "
            "ORDER BY metric, scope <> 'all', scope, valid_from",
            {"metric": metric},
        ).fetchall()
    ]


def save(
    uow: UnitOfWork, metric: str, scope: str, month: str, values: Mapping[str, Any]
) -> int:  # fmt: skip
    """Write what holds from ``month`` on; an entry of the same month is changed."""
    row = uow.execute(
        "SELECT id FROM metric_target WHERE metric = ? AND scope = ? AND valid_from = ? "
        "AND deleted_at IS NULL",
        (metric, scope, month),
    ).fetchone()
    if row:
        uow.update("metric_target", row[0], values)
        return int(row[0])
    return uow.insert(
        "metric_target", {"metric": metric, "valid_from": month, "scope": scope, **values}
    )


def product_key(connection: Connection, name: str) -> int | None:
    """Return the key of a product by its name, code or key."""
    row = connection.execute(
        "SELECT id FROM product WHERE deleted_at IS NULL "
        "AND (name = :n OR product_no = :n OR CAST(id AS TEXT) = :n) ORDER BY id LIMIT 1",
        {"n": name},
    ).fetchone()
    return None if row is None else int(row[0])


def product_name(connection: Connection, key: int) -> str | None:
    """Return the name of a product."""
    row = connection.execute("SELECT name FROM product WHERE id = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def products(connection: Connection) -> list[tuple[int, str]]:
    """Return key and name of every product, by name."""
    return [
        (row[0], row[1])
        for row in connection.execute(
            "SELECT id, name FROM product WHERE deleted_at IS NULL ORDER BY name, id"
        ).fetchall()
    ]
