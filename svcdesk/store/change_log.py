"""The change log: who changed which row, from what to what.

Triggers of the writing connection write it in the transaction of the row itself, one entry per
changed row, so that nothing is overwritten without a trace, whatever code did the writing. Guards
in the file refuse every write that does not belong to a unit of work, and only a connection that
writes the log opens one. Timeline, audit, undo and exchange read this one log.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from svcdesk.store.connection import Connection

# An operation is mostly a few rows of a long log. Where a bulk change made a few very large ones,
# SQLite's statistics speak for reading the whole log instead: for every single step from then on.
BY_OPERATION = "INDEXED BY change_log_operation"
# Not logged when nothing else changed: bookkeeping of the row itself.
_BOOKKEEPING = frozenset({"updated_at", "row_version"})


@dataclass(frozen=True)
class Entry:
    """One changed row."""

    operation_id: int
    actor_id: int | None
    table: str
    row_id: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def logged_tables(connection: Connection) -> list[str]:
    """Return the tables that the change log covers: those with a ``row_version``."""
    rows = connection.execute(
        "SELECT m.name FROM sqlite_master m WHERE m.type = 'table' AND EXISTS ("
        "SELECT 1 FROM pragma_table_info(m.name) c WHERE c.name = 'row_version') ORDER BY m.name"
    ).fetchall()
    return [name for (name,) in rows]


def columns(connection: Connection, table: str) -> list[str]:
    """Return the column names of ``table``."""
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})").fetchall()]


def _image(alias: str, names: list[str]) -> str:
    pairs = ", ".join(f"'{name}', {alias}.{name}" for name in names)
    return f"json_object({pairs})"


def _changed(alias: str, names: list[str]) -> str:
    """Return an expression for the object of the columns that differ, with the values of ``alias``.

    Only those are turned into JSON: making an object of all and taking most of them out again
    costs more than the update itself.
    """
    parts = " || ".join(
        f"iif(old.{n} IS new.{n}, '', ',\"{n}\":' || json_quote({alias}.{n}))" for n in names
    )
    return f"'{{' || ltrim({parts}, ',') || '}}'"


def _due(logged: str) -> str:
    """Return the condition under which a trigger has anything to do: cheap for bulk loads."""
    return f"(SELECT {logged} FROM unit_of_work)"


def _logging(table: str, names: list[str]) -> list[str]:
    """Return the triggers that write the log of ``table``."""
    names = [name for name in names if name != "id"]
    differs = " OR ".join(f"old.{n} IS NOT new.{n}" for n in names if n not in _BOOKKEEPING)
    head = "INSERT INTO change_log (operation_id, actor_id, tbl, row_id, before, after)"
    return [
        (
            f"CREATE TEMP TRIGGER {table}_log_insert AFTER INSERT ON main.{table} "
            f"WHEN {_due('bulk = 0')} BEGIN "
            f"{head} SELECT operation_id, actor_id, '{table}', new.id, NULL, {_image('new', names)} "
            "FROM unit_of_work; END"
        ),
        (
            f"CREATE TEMP TRIGGER {table}_log_update AFTER UPDATE ON main.{table} "
            f"WHEN ({differs}) AND {_due('bulk < 2')} BEGIN "
            f"{head} SELECT operation_id, actor_id, '{table}', new.id, {_changed('old', names)}, "
            f"{_changed('new', names)} FROM unit_of_work; END"
        ),
        (
            f"CREATE TEMP TRIGGER {table}_log_delete AFTER DELETE ON main.{table} "
            f"WHEN {_due('bulk < 2')} BEGIN "
            f"{head} SELECT operation_id, actor_id, '{table}', old.id, {_image('old', names)}, NULL "
            "FROM unit_of_work; END"
        ),
    ]


def make_guards(connection: Connection) -> None:
    """Let the file itself refuse what does not belong to a unit of work, whoever writes.

    The guards are small, because every connection reads them with the schema; the triggers that
    write the log are ten times as large and belong to the writing connection (:func:`attach`).
    """
    for table in logged_tables(connection):
        for event in ("insert", "update", "delete"):
            # an older version kept the triggers that write the log in the file
            connection.execute(f"DROP TRIGGER IF EXISTS {table}_log_{event}")
            connection.execute(f"DROP TRIGGER IF EXISTS {table}_guard_{event}")
            connection.execute(
                f"CREATE TRIGGER {table}_guard_{event} BEFORE {event.upper()} ON {table} "
                f"WHEN {_due('operation_id IS NULL')} BEGIN "
                "SELECT RAISE(ABORT, 'write outside a unit of work'); END"
            )


def attach(connection: Connection) -> None:
    """Make the triggers that write the log, for this connection, unless it has them."""
    if connection.execute("SELECT 1 FROM temp.sqlite_master LIMIT 1").fetchone() is not None:
        return
    connection.execute("BEGIN")
    for table in logged_tables(connection):
        for statement in _logging(table, columns(connection, table)):
            connection.execute(statement)
    connection.execute("COMMIT")


def entries_of(connection: Connection, operation_id: int) -> list[Entry]:
    """Return the rows that an operation changed, in the order of writing."""
    rows = connection.execute(
        "SELECT operation_id, actor_id, tbl, row_id, before, after FROM change_log "
        f"{BY_OPERATION} "
        "WHERE operation_id = ? ORDER BY id",
        (operation_id,),
    ).fetchall()
    pairs = ",".join([f"{row[4] or 'null'},{row[5] or 'null'}" for row in rows])
    images = json.loads(f"[{pairs}]")  # one call for all: an operation may have 100 000 rows
    return [
        Entry(row[0], row[1], row[2], row[3], images[2 * place], images[2 * place + 1])
        for place, row in enumerate(rows)
    ]


def history_of(connection: Connection, row_id: int) -> list[tuple[int, Entry]]:
    """Return ``(time, entry)`` of every change of a record, oldest first."""
    rows = connection.execute(
        "SELECT c.operation_id, c.actor_id, c.tbl, c.row_id, c.before, c.after, o.at "
        "FROM change_log c JOIN operation o ON o.id = c.operation_id "
        "WHERE c.row_id = ? ORDER BY c.id",
        (row_id,),
    ).fetchall()
    return [(row[6], _entry(row[:6])) for row in rows]


def _entry(row: tuple[Any, ...]) -> Entry:
    operation_id, actor_id, table, row_id, before, after = row
    return Entry(
        operation_id,
        actor_id,
        table,
        row_id,
        None if before is None else json.loads(before),
        None if after is None else json.loads(after),
    )
