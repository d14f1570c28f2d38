"""Whole records for the detail panes: the row, its texts, events and relations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from svcdesk.store.change_log import columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.store.connection import Connection

_JSON = frozenset({"tags", "data_flags", "pain_tags", "remedy", "severity_reasons", "phones", "tier_reasons", "reasons", "roles", "details"})  # fmt: skip
_NAMES: dict[str, list[str]] = {}


def columns_of(connection: Connection, table: str) -> list[str]:
    """Return the columns of ``table``, asked for once."""
    if table not in _NAMES:
        _NAMES[table] = columns(connection, table)
    return _NAMES[table]


def as_dict(names: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    """Return a row as a mapping, with its JSON columns read."""
    found = dict(zip(names, row, strict=True))
    for name in _JSON & found.keys():
        value = found[name]
        found[name] = json.loads(value) if isinstance(value, str) else []
    return found


def get(connection: Connection, table: str, row_id: int) -> dict[str, Any] | None:
    """Return one row by key, or ``None``; deleted ones are not returned."""
    names = columns_of(connection, table)
    row = connection.execute(
        f"SELECT {', '.join(names)} FROM {table} WHERE id = ? AND deleted_at IS NULL", (row_id,)
    ).fetchone()
    return None if row is None else as_dict(names, row)


def children(
    connection: Connection, table: str, column: str, row_id: int, order: str = "id"
) -> list[dict[str, Any]]:
    """Return the rows of ``table`` whose ``column`` refers to ``row_id``."""
    names = columns_of(connection, table)
    return [
        as_dict(names, row)
        for row in connection.execute(
            f"SELECT {', '.join(names)} FROM {table} WHERE {column} = ? AND deleted_at IS NULL "
            f"ORDER BY {order}",
            (row_id,),
        ).fetchall()
    ]


def with_text(connection: Connection, table: str, row_id: int) -> dict[str, Any] | None:
    """Return a ticket or complaint with its long texts."""
    found = get(connection, table, row_id)
    if found is None:
        return None
    texts = get(connection, f"{table}_text", row_id) or {}
    common = {
        "id",
        "entered_at",
        "created_by",
        "updated_at",
        "deleted_at",
        "batch_id",
        "row_version",
    }
    found.update({name: value for name, value in texts.items() if name not in common})
    return found


def next_seq(connection: Connection, table: str, column: str, row_id: int) -> int:
    """Return the next place in the order of a record's events, visits or attempts."""
    return int(
        connection.execute(
            f"SELECT coalesce(max(seq), 0) + 1 FROM {table} WHERE {column} = ?", (row_id,)
        ).fetchone()[0]
    )


def key_of(connection: Connection, table: str, column: str, number: str) -> int | None:
    """Return the key of the record with ``number`` in ``column``."""
    row = connection.execute(
        f"SELECT id FROM {table} WHERE {column} = ? AND deleted_at IS NULL", (number,)
    ).fetchone()
    return int(row[0]) if row else None


def numbers_of(
    connection: Connection, table: str, column: str, ids: Sequence[int]
) -> dict[int, str]:
    """Return key -> number for many records."""
    rows = connection.execute(
        f"SELECT id, {column} FROM {table} WHERE id IN (SELECT value FROM json_each(?))",
        ("[" + ",".join(map(str, ids)) + "]",),
    ).fetchall()
    return dict(rows)


def callback_of(connection: Connection, column: str, row_id: int) -> tuple[str, str | None] | None:
    """Return state and result of the latest callback of a ticket or complaint."""
    row = connection.execute(
        f"SELECT state, result FROM callback WHERE {column} = ? AND state <> 'cancelled' "
        "AND deleted_at IS NULL ORDER BY id DESC LIMIT 1",
        (row_id,),
    ).fetchone()
    return (str(row[0]), row[1]) if row else None


def products(connection: Connection, text: str, limit: int = 50) -> list[tuple[int, str, str, str]]:
    """Return ``(key, number, name, model)`` of active products that ``text`` occurs in.

    In name, number or model; those that begin with it come first.
    """
    literal = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return list(
        connection.execute(
            "SELECT id, product_no, name, coalesce(model, '') FROM product "
            "WHERE deleted_at IS NULL AND active = 1 AND (name LIKE ?1 ESCAPE '\\' "
            "OR product_no LIKE ?1 ESCAPE '\\' OR model LIKE ?1 ESCAPE '\\') "
            "ORDER BY NOT (name LIKE ?2 ESCAPE '\\' OR product_no LIKE ?2 ESCAPE '\\'), name, id "
            "LIMIT ?3",
            (f"%{literal}%", f"{literal}%", limit),
        ).fetchall()
    )
