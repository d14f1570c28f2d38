"""Settings, targets and calendars as rows."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from svcdesk.store.connection import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork


def save_settings(uow: UnitOfWork, values: Mapping[str, Any]) -> None:
    """Write settings, each kept as JSON with its history."""
    known = dict(uow.execute("SELECT key, id FROM setting").fetchall())
    for key, value in values.items():
        row = {"value": json.dumps(value, ensure_ascii=False)}
        if key in known:
            uow.update("setting", known[key], row)
        else:
            uow.insert("setting", {"key": key, **row})


def set_timezone(uow: UnitOfWork, calendar_id: int, timezone: str) -> None:
    """Let a calendar's days begin at midnight of another zone."""
    uow.update("calendar", calendar_id, {"timezone": timezone})


def set_pattern(
    uow: UnitOfWork, calendar_id: int, pattern: Sequence[Sequence[Sequence[str]]]
) -> None:
    """Set the working spans of the seven weekdays, ``[["09:00", "18:00"], …]`` each."""
    uow.update("calendar", calendar_id, {"pattern": json.dumps(pattern)})


def save_day(uow: UnitOfWork, calendar_id: int, date: str, kind: str, name: str,
             spans: Sequence[Sequence[str]] | None = None, source: str = "") -> int:  # fmt: skip
    """Write a day off or a make-up working day of a calendar."""
    values = {
        "kind": kind,
        "name": name,
        "spans": json.dumps(spans) if spans else None,
        "source": source,
    }
    row = uow.execute(
        "SELECT id FROM calendar_day WHERE calendar_id = ? AND date = ? AND deleted_at IS NULL",
        (calendar_id, date),
    ).fetchone()
    if row:
        uow.update("calendar_day", row[0], values)
        return int(row[0])
    return uow.insert("calendar_day", {"calendar_id": calendar_id, "date": date, **values})


def remove_day(uow: UnitOfWork, calendar_id: int, date: str) -> None:
    """Let a day follow the weekly pattern again."""
    row = uow.execute(
        "SELECT id FROM calendar_day WHERE calendar_id = ? AND date = ? AND deleted_at IS NULL",
        (calendar_id, date),
    ).fetchone()
    if row:
        uow.remove("calendar_day", row[0])


def get_meta(connection: Connection, key: str) -> str | None:
    """Return a fact about the file itself."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else None


def key_state(connection: Connection) -> tuple[int, int]:
    """Return the station of this file and the last key given away."""
    station, last = connection.execute(
        "SELECT (SELECT value FROM meta WHERE key = 'station'), (SELECT last_key FROM unit_of_work)"
    ).fetchone()
    return int(station), int(last)


def optimize(connection: Connection, *, everything: bool = False) -> None:
    """Let SQLite refresh its statistics where they are old; a full disk may forbid it.

    ``everything``: also of tables that this connection has not asked yet, after a bulk load.
    """
    with suppress(StoreError):
        connection.execute("PRAGMA optimize = 0x10002" if everything else "PRAGMA optimize")
