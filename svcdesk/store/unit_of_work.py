"""One transaction that is one undo step.

``with unit_of_work(...) as uow:`` begins immediately (so that no read-then-write can fail half
way), opens an operation that the change-log triggers write to, and on leaving commits everything
or nothing. ``uow.changes`` then says what was touched.
"""

from __future__ import annotations

import json
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from svcdesk.store import change_log
from svcdesk.store.changes import Changes
from svcdesk.store.connection import Connection, speaking
from svcdesk.store.saving import watched
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from svcdesk.store.keys import KeyGenerator

# unit_of_work.bulk: log every row; log changed rows only; log nothing (one entry names the batch)
LOG_ALL, LOG_CHANGED, LOG_NONE = 0, 1, 2


class UnitOfWork:
    """The open transaction: writes rows, gives keys, knows who and when."""

    def __init__(
        self, connection: Connection, keys: KeyGenerator, *, now: int, actor_id: int | None
    ) -> None:
        self.connection = connection
        self.keys = keys
        self.now = now
        self.actor_id = actor_id
        self.operation_id = 0
        self.batch_id: int | None = None
        self.changes = Changes()
        self.unlogged = False  # rows were written that the change log does not name
        self.on_saving: Callable[[int, int], None] | None = None  # a large commit: see saving.py

    def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> Any:
        """Run one statement; for the store's own modules."""
        return self.connection.execute(sql, parameters)

    def insert(self, table: str, values: Mapping[str, Any], *, key: int | None = None) -> int:
        """Insert a row with its common columns and return its key."""
        row_id = self.keys.next() if key is None else key
        row = {
            "id": row_id,
            "entered_at": self.now,
            "created_by": self.actor_id,
            "updated_at": self.now,
            "batch_id": self.batch_id,
            **values,
        }
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        self.connection.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values())
        )
        return row_id

    def insert_many(self, table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert many rows; ``names`` must include ``id, entered_at, updated_at``."""
        marks = ", ".join("?" * len(names))
        self.connection.executemany(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows
        )

    def update(
        self, table: str, row_id: int, values: Mapping[str, Any], *, version: int | None = None
    ) -> None:
        """Change columns of a row.

        ``version`` is the row_version that the caller saw; when somebody else changed the row
        since, nothing is written and a sentence says so.
        """
        if not values:
            return
        sets = ", ".join(f"{name} = ?" for name in values)
        sql = (
            f"UPDATE {table} SET {sets}, updated_at = ?, row_version = row_version + 1 WHERE id = ?"
        )
        parameters: list[Any] = [*values.values(), self.now, row_id]
        if version is not None:
            sql += " AND row_version = ?"
            parameters.append(version)
        if self.connection.execute(sql, parameters).rowcount == 0:
            raise UserError(
                "This record was changed by somebody else in the meantime. "
                "Look at it again and repeat your change.",
                code="conflict",
            )

    def remove(self, table: str, row_id: int) -> None:
        """Delete a row softly: it leaves every list and figure, and undo brings it back."""
        self.update(table, row_id, {"deleted_at": self.now})

    def bulk(self, mode: int) -> None:
        """Choose what the change log writes from here on (LOG_ALL, LOG_CHANGED, LOG_NONE)."""
        self.unlogged |= mode != LOG_ALL
        self.connection.execute("UPDATE unit_of_work SET bulk = ?", (mode,))

    def note_batch(self, table: str, count: int) -> None:
        """Write the one entry of a bulk insertion: its table, its batch and how many rows."""
        self.changes.many.add(table)
        self.connection.execute(
            "INSERT INTO change_log (operation_id, actor_id, tbl, row_id, before, after) "
            "VALUES (?, ?, ?, ?, NULL, ?)",
            (
                self.operation_id,
                self.actor_id,
                "import_batch:" + table,
                self.batch_id,
                json.dumps({"rows": count}),
            ),
        )


def collect_changes(connection: Connection, operation_id: int, changes: Changes) -> Changes:
    """Fill ``changes`` from the log of one operation."""
    changes.operation_id = operation_id
    rows = connection.execute(
        "SELECT tbl, row_id, before IS NULL, after IS NULL FROM change_log "
        f"{change_log.BY_OPERATION} "
        "WHERE operation_id = ? ORDER BY id",
        (operation_id,),
    ).fetchall()
    for table, row_id, fresh, gone in rows:
        if not table.startswith("import_batch:"):
            changes.add(table, row_id, existed=not fresh, exists=not gone)
    return changes


@contextmanager
def unit_of_work(  # noqa: PLR0913 - the parts of an operation, all named
    connection: Connection,
    keys: KeyGenerator,
    *,
    now: int,
    actor_id: int | None,
    label: str,
    args: Mapping[str, Any] | None = None,
    kind: str = "edit",
    undoes_id: int | None = None,
    path: str = "",
) -> Iterator[UnitOfWork]:
    """Open a unit of work; commit at the end, or roll everything back on any error.

    ``label`` is the msgid of the step's name in the undo menu, ``args`` fill it.
    """
    from svcdesk.store import data_decisions

    uow = UnitOfWork(connection, keys, now=now, actor_id=actor_id)
    with speaking(path):
        change_log.attach(connection)
        connection.execute("BEGIN IMMEDIATE")
        try:
            uow.operation_id = keys.next()
            connection.execute(
                "INSERT INTO operation (id, at, actor_id, kind, label, args, undoes_id) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (uow.operation_id, now, actor_id, kind, label,
                 json.dumps(dict(args or {}), ensure_ascii=False), undoes_id),
            )  # fmt: skip
            connection.execute(
                "UPDATE unit_of_work SET operation_id = ?, actor_id = ?, bulk = 0",
                (uow.operation_id, actor_id),
            )
            yield uow
            if undoes_id is None:  # what is put back was settled when it was written
                data_decisions.settle(uow)
            _finish(uow)
            with watched(connection, uow.on_saving) if uow.on_saving else nullcontext():
                connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _finish(uow: UnitOfWork) -> None:
    """Close the operation: collect what changed, keep the search index true, drop empty steps."""
    from svcdesk.store import kept_follow, search

    connection = uow.connection
    collect_changes(connection, uow.operation_id, uow.changes)
    search.follow(connection, uow.changes)
    kept_follow.follow(connection, uow.changes, unlogged=uow.unlogged)
    connection.execute(
        "UPDATE unit_of_work SET operation_id = NULL, actor_id = NULL, bulk = 0, last_key = ?",
        (uow.keys.last,),
    )
    if uow.changes.is_empty:
        connection.execute("DELETE FROM operation WHERE id = ?", (uow.operation_id,))
        uow.changes.operation_id = 0
