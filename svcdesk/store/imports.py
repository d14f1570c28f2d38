"""What imports read and write in bulk: look-ups by number and name, batches, fingerprints."""

from __future__ import annotations

import dataclasses
import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.store.customers import survivors
from svcdesk.store.undo import Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork


def _json(values: Iterable[Any]) -> str:
    return json.dumps(list(values), ensure_ascii=False)


# ---- look-ups -----------------------------------------------------------------------------


def by_text(
    connection: Connection, table: str, column: str, values: Sequence[str]
) -> dict[str, list[int]]:
    """Return value -> keys of the visible rows whose ``column`` is one of ``values``."""
    found: dict[str, list[int]] = {}
    now = survivors(connection) if table == "customer" else {}
    for value, key in connection.execute(
        f"SELECT t.{column}, t.id FROM json_each(?) j JOIN {table} t ON t.{column} = j.value "
        "WHERE t.deleted_at IS NULL",
        (_json(values),),
    ).fetchall():
        keys = found.setdefault(value, [])
        if now.get(key, key) not in keys:
            keys.append(now.get(key, key))
    return found


def names_of(connection: Connection, table: str, column: str) -> list[tuple[int, str]]:
    """Return (key, text) of every visible row that has a ``column``."""
    return list(
        connection.execute(
            f"SELECT id, {column} FROM {table} WHERE deleted_at IS NULL AND {column} IS NOT NULL"
        ).fetchall()
    )


def customers_by_phone(connection: Connection, phones: Sequence[str]) -> dict[str, list[int]]:
    """Return phone -> keys of the customers that have it, survivors of merges first."""
    found: dict[str, list[int]] = {}
    now = survivors(connection)
    for phone, key in connection.execute(
        "SELECT p.phone, c.id FROM json_each(?) j JOIN customer_phone p ON p.phone = j.value "
        "JOIN customer c ON c.id = p.customer_id WHERE c.deleted_at IS NULL "
        "ORDER BY c.merged_into_id IS NOT NULL, c.id",
        (_json(phones),),
    ).fetchall():
        keys = found.setdefault(phone, [])
        if now.get(key, key) not in keys:
            keys.append(now.get(key, key))
    return found


def columns_by_id(
    connection: Connection, table: str, names: Sequence[str], ids: Iterable[int]
) -> dict[int, dict[str, Any]]:
    """Return key -> the named columns of many rows."""
    return {
        row[0]: dict(zip(names, row[1:], strict=True))
        for row in connection.execute(
            f"SELECT t.id, {', '.join('t.' + name for name in names)} FROM json_each(?) j "
            f"JOIN {table} t ON t.id = j.value",
            (_json(ids),),
        ).fetchall()
    }


def by_key(
    connection: Connection, table: str, key: Sequence[str], rows: Sequence[Sequence[Any]]
) -> dict[tuple[Any, ...], int]:
    """Return natural key -> row key, for the visible rows that carry one of the keys given."""
    found = {}
    where = " AND ".join(f"{name} IS ?" for name in key)
    for values in rows:
        row = connection.execute(
            f"SELECT id FROM {table} WHERE {where} AND deleted_at IS NULL LIMIT 1", tuple(values)
        ).fetchone()
        if row is not None:
            found[tuple(values)] = row[0]
    return found


def is_empty(connection: Connection, table: str) -> bool:
    """Tell whether a table has no rows at all, so that look-ups can be spared."""
    return connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is None


def next_seq(connection: Connection, table: str, owner: str, ids: Iterable[int]) -> dict[int, int]:
    """Return owner -> the highest place taken in its order; hidden rows keep their places."""
    return dict(
        connection.execute(
            f"SELECT t.{owner}, max(t.seq) FROM json_each(?) j JOIN {table} t "
            f"ON t.{owner} = j.value GROUP BY t.{owner}",
            (_json(ids),),
        ).fetchall()
    )


def seq_taken(
    connection: Connection, table: str, owner: str, ids: Iterable[int]
) -> dict[tuple[int, int], int]:
    """Return (owner, seq) -> key of the rows in the order of some owners."""
    return {
        (row[0], row[1]): row[2]
        for row in connection.execute(
            f"SELECT t.{owner}, t.seq, t.id FROM json_each(?) j JOIN {table} t "
            f"ON t.{owner} = j.value WHERE t.deleted_at IS NULL",
            (_json(ids),),
        ).fetchall()
    }


def moments(
    connection: Connection, table: str, owner: str, column: str, ids: Iterable[int]
) -> dict[tuple[int, int], int]:
    """Return (owner, moment) -> key of the visible rows of some owners."""
    return {
        (row[0], row[1]): row[2]
        for row in connection.execute(
            f"SELECT t.{owner}, t.{column}, t.id FROM json_each(?) j JOIN {table} t "
            f"ON t.{owner} = j.value WHERE t.deleted_at IS NULL",
            (_json(ids),),
        ).fetchall()
    }


def events_of(
    connection: Connection, table: str, owner: str, ids: Iterable[int]
) -> dict[int, list[tuple[Any, ...]]]:
    """Return owner -> its events as (at, type, seq, automatic, name, new, department)."""
    automatic = "t.automatic" if table == "ticket_event" else "0"
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in connection.execute(
        f"SELECT t.{owner}, t.at, t.type, t.seq, {automatic}, t.name, t.new, t.department_id "
        f"FROM json_each(?) j JOIN {table} t ON t.{owner} = j.value WHERE t.deleted_at IS NULL "
        "ORDER BY t.seq",
        (_json(ids),),
    ).fetchall():
        found.setdefault(row[0], []).append(row[1:])
    return found


# ---- numbers of hidden rows ---------------------------------------------------------------


def release_numbers(uow: UnitOfWork, table: str, column: str, numbers: Sequence[str]) -> None:
    """Give the numbers free that rows of a taken-back import still hold.

    The hidden row gets its key behind its number, as a logged change that undo puts back.
    """
    uow.execute(
        f"UPDATE {table} SET {column} = {column} || '~' || id, row_version = row_version + 1 "
        f"WHERE deleted_at IS NOT NULL AND {column} IN (SELECT value FROM json_each(?))",
        (_json(numbers),),
    )


# ---- fingerprints -------------------------------------------------------------------------

_TAKEN_BACK = (
    "EXISTS (SELECT 1 FROM operation u WHERE u.undoes_id = b.operation_id AND u.kind IN "
    "('undo', 'undo_import') AND NOT EXISTS (SELECT 1 FROM operation r "
    "WHERE r.undoes_id = u.id AND r.kind = 'redo'))"
)


def undone_batches(connection: Connection) -> frozenset[int]:
    """Return the batches that were taken back."""
    return frozenset(
        row[0]
        for row in connection.execute(
            f"SELECT b.id FROM import_batch b WHERE {_TAKEN_BACK}"
        ).fetchall()
    )


def fingerprints(
    connection: Connection, ids: Iterable[int], undone: frozenset[int]
) -> dict[int, set[int]]:
    """Return key -> what the rows of the newest batch that named the record said."""
    newest: dict[int, int] = {}
    found: dict[int, set[int]] = {}
    for key, batch, fingerprint in connection.execute(
        "SELECT r.record_id, r.batch_id, r.fingerprint FROM json_each(?) j JOIN import_row r "
        "ON r.record_id = j.value ORDER BY r.batch_id",
        (_json(ids),),
    ).fetchall():
        if batch in undone:
            continue
        if newest.get(key) != batch:
            newest[key] = batch
            found[key] = set()
        found[key].add(fingerprint)
    return found


def fingerprints_of(connection: Connection, table: str, undone: frozenset[int]) -> dict[int, int]:
    """Return fingerprint -> key of every imported row of a table, for rows without a number."""
    return {
        fingerprint: key
        for key, batch, fingerprint in connection.execute(
            "SELECT r.record_id, r.batch_id, r.fingerprint FROM import_row r WHERE r.tbl = ?",
            (table,),
        )
        if batch not in undone
    }


# ---- batches ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Batch:
    """One import as it was done."""

    id: int
    batch_no: str
    kind: str
    file_name: str
    at: int
    rows_read: int
    inserted: int
    updated: int
    skipped: int
    rejected: int
    operation_id: int
    undone: bool


_FIELDS = tuple(field.name for field in dataclasses.fields(Batch))
_BATCH = (
    "SELECT b.id, b.batch_no, b.kind, b.file_name, b.entered_at, b.rows_read, b.inserted, "
    f"b.updated, b.skipped, b.rejected, b.operation_id, {_TAKEN_BACK} AS undone "
    "FROM import_batch b "
)


def _batch(row: Sequence[Any]) -> Batch:
    return Batch(**dict(zip(_FIELDS, (*row[:-1], bool(row[-1])), strict=True)))


def batches(connection: Connection, limit: int = 200) -> list[Batch]:
    """Return the latest imports, newest first."""
    rows = connection.execute(_BATCH + "ORDER BY b.id DESC LIMIT ?", (limit,)).fetchall()
    return [_batch(row) for row in rows]


def batch_named(connection: Connection, number: str) -> Batch | None:
    """Return the import with that number (or key)."""
    row = connection.execute(
        _BATCH + "WHERE b.batch_no = ? OR CAST(b.id AS TEXT) = ?", (number, number)
    ).fetchone()
    return _batch(row) if row else None


def step_of(connection: Connection, batch: Batch) -> Step:
    """Return the operation of an import as a step that can be taken back."""
    kind, label, args, at = connection.execute(
        "SELECT kind, label, args, at FROM operation WHERE id = ?", (batch.operation_id,)
    ).fetchone()
    return Step(batch.operation_id, kind, label, json.loads(args), at)


def open_batch(uow: UnitOfWork, batch_no: str, kind: str, file_name: str, sha256: str) -> int:
    """Write the row of a batch, counts still to come; its key is the first of the batch's keys."""
    key = uow.keys.next()
    uow.batch_id = key
    uow.insert(
        "import_batch",
        {
            "batch_no": batch_no, "kind": kind, "file_name": file_name, "sha256": sha256,
            "rows_read": 0, "inserted": 0, "updated": 0, "skipped": 0, "rejected": 0,
            "first_id": key, "last_id": key, "operation_id": uow.operation_id, "batch_id": None,
        },
        key=key,
    )  # fmt: skip
    uow.execute("UPDATE operation SET batch_id = ? WHERE id = ?", (key, uow.operation_id))
    return key


def close_batch(uow: UnitOfWork, counts: dict[str, int], flagged: str, mapping: str) -> None:
    """Write what the batch came to and where its keys end."""
    uow.execute(
        "UPDATE import_batch SET rows_read = ?, inserted = ?, updated = ?, skipped = ?, "
        "rejected = ?, flagged = ?, mapping = ?, last_id = ? WHERE id = ?",
        (counts["rows_read"], counts["inserted"], counts["updated"], counts["skipped"],
         counts["rejected"], flagged, mapping, uow.keys.next(), uow.batch_id),
    )  # fmt: skip


# ---- derived tables in bulk ------------------------------------------------------------------


def clear_derived(uow: UnitOfWork, table: str, ids: Iterable[int]) -> None:
    """Remove the tries (and waits) of some tickets or complaints, to be written anew."""
    owners = _json(ids)
    derived = ("ticket_episode", "ticket_pause") if table == "ticket" else ("complaint_episode",)
    for name in derived:
        uow.execute(
            f"DELETE FROM {name} WHERE {table}_id IN (SELECT value FROM json_each(?))", (owners,)
        )


def update_many(
    uow: UnitOfWork, table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Change the named columns of many rows; each of ``rows`` ends with its key."""
    sets = ", ".join(f"{name} = ?" for name in names)
    uow.connection.executemany(
        f"UPDATE {table} SET {sets}, updated_at = {int(uow.now)}, row_version = row_version + 1 "
        "WHERE id = ?",
        rows,
    )


# ---- tickets and complaints -------------------------------------------------------------------


def imported_events(
    connection: Connection, table: str, owner: str, key: int
) -> list[tuple[int, int, str, str | None, bool]]:
    """Return the events of one record as (key, at, type, new, came from an import)."""
    return [
        (row[0], row[1], row[2], row[3], bool(row[4]))
        for row in connection.execute(
            f"SELECT id, at, type, new, batch_id IS NOT NULL FROM {table} "
            f"WHERE {owner} = ? AND deleted_at IS NULL ORDER BY seq",
            (key,),
        ).fetchall()
    ]


NearTicket = tuple[int, int, int, int | None, int | None, bool]
_SLICES = 16


def tickets_near_batch(
    connection: Connection, batch: int, last: int, window: int
) -> Iterator[list[NearTicket]]:
    """Yield, slice by slice, the batch's tickets and those of the same customers close in time.

    (key, created, customer, issue, product, of this batch); only customers with two such tickets
    within ``window`` seconds. The batch's keys end at ``last``.
    """
    step = (last - batch) // _SLICES + 1
    for low in range(batch, last + 1, step):
        rows = connection.execute(
            "SELECT DISTINCT t.id, t.created_at, t.customer_id, t.issue_id, t.product_id, "
            "t.batch_id IS ? FROM ticket b JOIN ticket t ON t.customer_id = b.customer_id "
            "AND t.created_at BETWEEN b.created_at - ? AND b.created_at + ? "
            "WHERE b.batch_id = ? AND b.id BETWEEN ? AND ? AND t.deleted_at IS NULL "
            "AND t.is_test = 0 AND t.status <> 'merged' AND EXISTS (SELECT 1 FROM ticket o "
            "WHERE o.customer_id = b.customer_id AND o.id <> b.id "
            "AND o.created_at BETWEEN b.created_at - ? AND b.created_at + ?)",
            (batch, window, window, batch, low, low + step - 1, window, window),
        ).fetchall()
        yield [(*row[:5], bool(row[5])) for row in rows]


def add_flags(uow: UnitOfWork, table: str, found: dict[int, list[str]]) -> None:
    """Add AB codes to rows of this batch."""
    before = columns_by_id(uow.connection, table, ["data_flags"], found)
    uow.connection.executemany(
        f"UPDATE {table} SET data_flags = ? WHERE id = ?",
        [
            (json.dumps(sorted({*json.loads(before[key]["data_flags"] or "[]"), *codes})), key)
            for key, codes in found.items()
        ],
    )


def with_event(connection: Connection, kind: str, tickets: Iterable[int]) -> set[int]:
    """Return the tickets that have an event of a kind."""
    return {
        row[0]
        for row in connection.execute(
            "SELECT DISTINCT e.ticket_id FROM json_each(?) j JOIN ticket_event e "
            "ON e.ticket_id = j.value WHERE e.type = ? AND e.deleted_at IS NULL",
            (_json(tickets), kind),
        ).fetchall()
    }


def visits_of(
    connection: Connection, ticket: int
) -> list[tuple[int | None, int | None, bool, int]]:
    """Return the visits of a ticket as (arrived, left, done, end of the window)."""
    return [
        (row[0], row[1], row[2] == "done", row[3])
        for row in connection.execute(
            "SELECT arrived_at, left_at, outcome, window_end FROM visit "
            "WHERE ticket_id = ? AND deleted_at IS NULL ORDER BY seq",
            (ticket,),
        ).fetchall()
    ]


def remember_rows(uow: UnitOfWork, rows: Sequence[tuple[int, str, int]]) -> None:
    """Keep what each imported row said: (record, table, fingerprint)."""
    uow.connection.executemany(
        "INSERT INTO import_row (record_id, batch_id, tbl, fingerprint) VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO NOTHING",
        [(key, uow.batch_id, table, fingerprint) for key, table, fingerprint in rows],
    )


# ---- bulk ---------------------------------------------------------------------------------------


@contextmanager
def without_insert_log(connection: Connection, tables: Sequence[str]) -> Iterator[None]:
    """Take the insertion triggers of ``tables`` away while a batch is written.

    They would only find, row by row, that a batch is logged as one entry. Dropped and made again
    inside the transaction of the import: whatever ends it, they are there.
    """
    found = connection.execute(
        "SELECT name, sql FROM (SELECT type, name, tbl_name, sql FROM main.sqlite_master UNION ALL "
        "SELECT type, name, tbl_name, replace(sql, 'CREATE TRIGGER', 'CREATE TEMP TRIGGER') "
        "FROM temp.sqlite_master) WHERE type = 'trigger' AND tbl_name IN (SELECT value FROM json_each(?)) "
        "AND name IN (tbl_name || '_log_insert', tbl_name || '_guard_insert')",
        (_json(tables),),
    ).fetchall()
    for name, _ in found:
        connection.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in found:
        connection.execute(sql)
