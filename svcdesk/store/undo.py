"""Undo and redo over any operation.

Undoing is a new operation that puts the before-images back; redoing undoes the undoing. Both are
refused, with a sentence and nothing changed, when a later operation touched the same columns.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.ticket_history import CALM_EVENTS
from svcdesk.store import derived, detections, detections_local, recompute
from svcdesk.store.change_log import Entry, entries_of
from svcdesk.store.changes import Changes
from svcdesk.store.connection import Connection, IntegrityError
from svcdesk.store.reference import load
from svcdesk.store.unit_of_work import LOG_NONE, UnitOfWork, collect_changes
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

RUN = 1000  # rows put back by one statement
# what detection depends on (domain.md 4.1-4.4)
DETECTED = frozenset({"complaint", "complaint_text", "detection_verdict", "setting"})
_BOOKKEEPING = frozenset({"updated_at", "row_version"})
# Columns that the program computes anew by itself, or that say who looked: a later value does not
# stand against undoing.
_COMPUTED = {
    "customer": frozenset({"tier", "tier_reasons"}),
    "notification": frozenset({"seen_at"}),
    "complaint": frozenset({*detections.DERIVED, "exposure_suggested"}),
    "complaint_group": frozenset({*detections.GROUP_COLUMNS, "deleted_at"}),
}


@dataclass(frozen=True)
class Step:
    """An operation as the undo menu names it: msgid and its arguments."""

    operation_id: int
    kind: str
    label: str
    args: dict[str, Any]
    at: int


def _step(row: tuple[Any, ...]) -> Step:
    return Step(row[0], row[1], row[2], json.loads(row[3]), row[4])


# an operation that counts: not undone, or undone and redone
_STANDING = (
    "o.kind IN ('edit', 'import') AND NOT EXISTS (SELECT 1 FROM operation u WHERE u.undoes_id = o.id "
    "AND u.kind IN ('undo', 'undo_import') AND NOT EXISTS (SELECT 1 FROM operation r "
    "WHERE r.undoes_id = u.id AND r.kind = 'redo'))"
)
_COLUMNS = "o.id, o.kind, o.label, o.args, o.at"


def undoable(connection: Connection) -> Step | None:
    """Return the latest step that has not been undone, or ``None``."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM operation o WHERE {_STANDING} ORDER BY o.id DESC LIMIT 1"
    ).fetchone()
    return _step(row) if row else None


def redoable(connection: Connection) -> Step | None:
    """Return the undo that can be taken back: the latest one, if nothing new was done since."""
    row = connection.execute(
        f"SELECT {_COLUMNS}, u.id FROM operation u JOIN operation o ON o.id = u.undoes_id "
        "WHERE u.kind IN ('undo', 'undo_import') AND NOT EXISTS (SELECT 1 FROM operation r "
        "WHERE r.undoes_id = u.id AND r.kind = 'redo') AND u.id > (SELECT coalesce(max(id), 0) "
        "FROM operation WHERE kind IN ('edit', 'import')) ORDER BY u.id DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    named = _step(row[:5])
    return Step(row[5], named.kind, named.label, named.args, named.at)


def revert(uow: UnitOfWork, operation_id: int) -> None:
    """Put back what ``operation_id`` changed, as part of ``uow``."""
    connection = uow.connection
    connection.execute("PRAGMA defer_foreign_keys = ON")
    # Changed rows first: they may refer to rows of a batch that goes with the same operation.
    entries = entries_of(connection, operation_id)[::-1]
    entries.sort(key=lambda entry: entry.table.startswith("import_batch:"))
    for run in _runs(entries):
        if run[0].table.startswith("import_batch:"):
            _revert_batch(uow, run[0])
        else:
            _revert_rows(connection, run)
    touched = collect_changes(connection, uow.operation_id, Changes())
    touched.many |= uow.changes.many
    for entry in entries:
        owner = entry.table.removeprefix("import_batch:").removesuffix("_event")
        if entry.table.startswith("import_batch:") and entry.table.endswith("_event"):
            touched.updated.setdefault(owner, set()).update(
                _owners_of_events(connection, owner, entry.row_id)
            )
    derived.rebuild_touched(connection, touched, calm=_calm(entries))
    recompute.follow(uow, touched)
    _detect(uow, touched, entries)


def _detect(uow: UnitOfWork, touched: Changes, entries: list[Entry]) -> None:
    """Bring detection up to date; groups that the step had formed go when nobody is left in them."""
    if touched.tables() & DETECTED:
        reference = load(uow.connection)
        settings = detections.settings_from(reference.settings)
        groups = {entry.row_id for entry in entries if entry.table == "complaint_group"}
        detections_local.update(uow, settings, reference.zone, wary=True, groups=groups)


def _calm(entries: list[Entry]) -> set[int]:
    """Return the tickets for which nothing was put back that begins or ends a try or a wait."""
    calm: set[int] = set()
    stirred: set[int] = set()
    for entry in entries:
        if entry.table.startswith("import_batch:"):
            return set()  # its rows are not told one by one
        whole = entry.before is None or entry.after is None
        image = entry.after or entry.before or {}
        if entry.table == "ticket":
            (stirred if whole or derived.TIMING & image.keys() else calm).add(entry.row_id)
        elif entry.table == "ticket_event":
            if not whole:
                return set()
            if image["type"] not in CALM_EVENTS:
                stirred.add(image["ticket_id"])
    return calm - stirred


def _owners_of_events(connection: Connection, owner: str, batch: int) -> set[int]:
    """Return the records whose events a batch brought, but that it did not bring itself."""
    rows = connection.execute(
        f"SELECT DISTINCT o.id FROM import_batch b JOIN {owner}_event e ON e.batch_id = b.id "
        f"AND e.id BETWEEN b.first_id AND b.last_id JOIN {owner} o ON o.id = e.{owner}_id "
        "WHERE b.id = ? AND o.batch_id IS NOT b.id",
        (batch,),
    ).fetchall()
    return {row[0] for row in rows}


def refused() -> UserError:
    """Return the sentence for a step that others were built on."""
    return UserError(
        "This step cannot be undone: later steps built on it. Undo those first.",
        code="undo_conflict",
    )


def _kind(entry: Entry) -> tuple[str, bool, bool]:
    return entry.table, entry.before is None, entry.after is None


def _row_id(entry: Entry) -> int:
    return entry.row_id


def _runs(entries: list[Entry]) -> Iterator[list[Entry]]:
    """Give neighbours that are put back alike in one go; no row twice in one of them."""
    run: list[Entry] = []
    rows: set[int] = set()
    for entry in entries:
        alone = entry.table.startswith("import_batch:")
        if run and (
            alone or entry.row_id in rows or len(run) == RUN or _kind(run[0]) != _kind(entry)
        ):
            yield run
            run, rows = [], set()
        run.append(entry)
        rows.add(entry.row_id)
    if run:
        yield run


def _alike(
    entries: Iterable[Entry], names_of: Callable[[Entry], Iterable[str]]
) -> dict[tuple[str, ...], list[Entry]]:
    """Return column names -> the entries that have them, in their order."""
    found: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        found.setdefault(tuple(names_of(entry)), []).append(entry)
    return found


def _revert_rows(connection: Connection, run: list[Entry]) -> None:
    """Put the rows of one run back; refused when one of them is not as the step left it."""
    table, fresh, gone = _kind(run[0])
    if fresh and table == "complaint_group":
        return  # detection decides whether it goes on without what the step had brought
    try:
        if gone:
            _bring_back(connection, table, run)
            return
        _refuse_changed(connection, table, run)
        if fresh:
            _take_away(connection, table, [entry.row_id for entry in run])
        else:
            _restore(connection, table, run)
    except IntegrityError as error:
        raise refused() from error


def _bring_back(connection: Connection, table: str, run: list[Entry]) -> None:
    for names, entries in _alike(run, lambda entry: entry.before or ()).items():
        marks = ", ".join("?" * (len(names) + 1))
        connection.executemany(
            f"INSERT INTO {table} ({', '.join(('id', *names))}) VALUES ({marks})",
            [(entry.row_id, *(entry.before or {}).values()) for entry in entries],
        )


def _refuse_changed(connection: Connection, table: str, run: list[Entry]) -> None:
    """Compare every row with what the step wrote into it."""
    ignored = _BOOKKEEPING | _COMPUTED.get(table, frozenset())

    def watched(entry: Entry) -> list[str]:
        return [name for name in entry.after or () if name not in ignored]

    for names, entries in _alike(run, watched).items():
        keys = json.dumps([entry.row_id for entry in entries])
        present = {
            row[0]: row[1:]
            for row in connection.execute(
                f"SELECT {', '.join(('id', *names))} FROM {table} "
                "WHERE id IN (SELECT value FROM json_each(?))",
                (keys,),
            ).fetchall()
        }
        for entry in entries:
            after = entry.after or {}
            if present.get(entry.row_id) != tuple([after[name] for name in names]):
                raise refused()


def _take_away(connection: Connection, table: str, keys: list[int]) -> None:
    chosen = (json.dumps(keys),)
    if table == "ticket":  # what the program itself has noted about them goes with them
        connection.execute(
            "DELETE FROM sla_breach WHERE ticket_id IN (SELECT value FROM json_each(?))", chosen
        )
    connection.execute(f"DELETE FROM {table} WHERE id IN (SELECT value FROM json_each(?))", chosen)


def _restore(connection: Connection, table: str, run: list[Entry]) -> None:
    def kept(entry: Entry) -> list[str]:
        return [name for name in entry.before or () if name != "row_version"]

    for names, entries in _alike(run, kept).items():
        sets = ", ".join(f"{name} = ?" for name in names)
        connection.executemany(
            f"UPDATE {table} SET {sets}, row_version = row_version + 1 WHERE id = ?",
            [
                (*[(entry.before or {})[name] for name in names], entry.row_id)
                for entry in sorted(entries, key=_row_id)
            ],
        )


def _refuse_if_used(connection: Connection, table: str, first: int, last: int, batch: int) -> None:
    """Refuse to take a batch back when its rows were changed or are referred to since."""
    changed = connection.execute(
        "SELECT 1 FROM change_log c JOIN operation o ON o.id = c.operation_id "
        "WHERE c.row_id BETWEEN ? AND ? AND c.tbl = ? AND c.operation_id > ? AND "
        f"coalesce(o.batch_id, 0) <> ? AND {_STANDING} LIMIT 1",
        (first, last, table, first, batch),
    ).fetchone()
    for user in ("ticket", "complaint") if table in {"customer", "product"} else ():
        changed = (
            changed
            or connection.execute(
                f"SELECT 1 FROM {user} WHERE {table}_id BETWEEN ? AND ? AND deleted_at IS NULL "
                "AND batch_id IS NOT ? LIMIT 1",
                (first, last, batch),
            ).fetchone()
        )
    if changed is not None:
        raise UserError(
            "This import cannot be taken back: its records were changed or are used by others "
            "since. Undo those steps first.",
            code="undo_conflict",
        )


def _revert_batch(uow: UnitOfWork, entry: Entry) -> None:
    """Hide (or bring back) the rows that a bulk load inserted into one table."""
    connection, table = uow.connection, entry.table.removeprefix("import_batch:")
    batch = entry.row_id
    first, last = connection.execute(
        "SELECT first_id, last_id FROM import_batch WHERE id = ?", (batch,)
    ).fetchone()
    hidden = bool((entry.after or {}).get("hidden"))
    new_state = None if hidden else uow.now
    if not hidden:
        _refuse_if_used(connection, table, first, last, batch)
    uow.bulk(LOG_NONE)
    count = connection.execute(
        f"UPDATE {table} SET deleted_at = ? WHERE id BETWEEN ? AND ? AND batch_id = ?",
        (new_state, first, last, batch),
    ).rowcount
    uow.bulk(0)
    uow.batch_id = batch
    connection.execute(
        "INSERT INTO change_log (operation_id, actor_id, tbl, row_id, before, after) "
        "VALUES (?, ?, ?, ?, NULL, ?)",
        (uow.operation_id, uow.actor_id, entry.table, batch,
         json.dumps({"rows": count, "hidden": not hidden})),
    )  # fmt: skip
    uow.changes.many.add(table)
    derived.batch_visibility(connection, table, first, last, visible=hidden)
