"""Erasing a person from the file: rows, the change log's images, the search index, mentions.

Nothing of it is logged row by row: the log would keep what is to be forgotten. Times of the rows,
``updated_at`` too, stay what they were, because figures read them.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from svcdesk.domain.erasure import OWNERS, WIPED, Mentions, Traits, remains, scrubbed
from svcdesk.store import change_log, search
from svcdesk.store.unit_of_work import LOG_ALL, LOG_NONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

# What every figure, list and policy is named by: never a person's.
_NAMES = frozenset({
    "person", "list_item", "product", "calendar", "calendar_day", "sla_policy", "setting",
    "survey_form", "quality_form", "metric_target", "manual_metric", "manual_figure",
    "reference_value", "spare_parts", "order_volume", "channel_daily", "callback_rule",
    "person_leave", "customer",
})  # fmt: skip
# Columns of other records that say what somebody else is known by, or that are codes.
_NOT_SEARCHED = frozenset({
    "phone", "respondent", "sha256", "mime", "status", "state", "kind", "type", "entity", "rule",
    "tbl", "owner_table", "metric", "scope", "month", "period", "region", "team", "platform",
    "groups", "data_flags", "data_verdicts", "participants", "tags",
})  # fmt: skip
_UNLOGGED = {"operation": ("args",), "import_batch": ("file_name", "mapping")}
_NUMBERED = ("_no", "_id", "_ref")


@dataclass
class Records:
    """The rows of a person by table, those that were removed for good too."""

    customers: list[int]
    ids: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def counts(self) -> dict[str, int]:
        """Return how many rows of each table there are."""
        return {table: len(keys) for table, keys in self.ids.items() if keys}


def family(connection: Connection, customer_id: int) -> list[int]:
    """Return a customer and everybody merged into him, over any number of merges."""
    rows = connection.execute(
        "WITH RECURSIVE f (id) AS (SELECT ? UNION SELECT c.id FROM customer c "
        "JOIN f ON c.merged_into_id = f.id) SELECT id FROM f ORDER BY id",
        (customer_id,),
    ).fetchall()
    return [row[0] for row in rows]


def records_of(connection: Connection, customer_id: int) -> Records:
    """Return every row that is about a customer."""
    found = Records(family(connection, customer_id))
    found.ids["customer"] = set(found.customers)
    gone = _gone(connection)
    for table, owners in OWNERS.items():
        for column, owner in owners.items():
            keys = json.dumps(sorted(found.ids[owner]))
            found.ids[table] |= {
                row[0]
                for row in connection.execute(
                    f"SELECT id FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))",
                    (keys,),
                ).fetchall()
            }
            found.ids[table] |= {
                row_id
                for row_id, image in gone.get(table, ())
                if (row_id if column == "id" else image.get(column)) in found.ids[owner]
            }
    for table, kind in (("attachment", "owner_table"), ("data_decision", "entity")):
        key = "owner_id" if table == "attachment" else "record_id"
        found.ids[table] = {
            row[0]
            for row in connection.execute(f"SELECT id, {kind}, {key} FROM {table}").fetchall()
            if row[2] in found.ids.get(row[1], ())
        } | {
            row_id
            for row_id, image in gone.get(table, ())
            if image.get(key) in found.ids.get(image.get(kind, ""), ())
        }
    return found


def _gone(connection: Connection) -> dict[str, list[tuple[int, dict[str, Any]]]]:
    """Return the last images of rows that are gone for good (steps that were undone)."""
    found: dict[str, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for table, row_id, image in connection.execute(
        "SELECT tbl, row_id, before FROM change_log WHERE after IS NULL AND before IS NOT NULL"
    ).fetchall():
        if table in WIPED:
            found[table].append((row_id, json.loads(image)))
    return found


# -- what he is known by -----------------------------------------------------------------------


def traits_of(connection: Connection, records: Records) -> Traits:
    """Return every name, phone and address that the customer has or had."""
    names = ("name", "phones", "wechat", "email", "address")
    keys = json.dumps(records.customers)
    rows = [
        dict(zip(names, row, strict=True))
        for row in connection.execute(
            f"SELECT {', '.join(names)} FROM customer WHERE id IN (SELECT value FROM json_each(?))",
            (keys,),
        ).fetchall()
    ]
    for pair in connection.execute(
        "SELECT before, after FROM change_log WHERE tbl = 'customer' "
        "AND row_id IN (SELECT value FROM json_each(?))",
        (keys,),
    ).fetchall():
        rows += [json.loads(image) for image in pair if image is not None]
    return Traits.of(rows)


_BEARERS = """
SELECT 1 FROM customer WHERE id NOT IN (SELECT value FROM json_each(:own)) AND erased_at IS NULL
    AND (instr(name, :word) OR instr(phones, :word) OR wechat = :word OR email = :word
         OR address = :word)
UNION ALL SELECT 1 FROM person WHERE instr(name, :word) OR phone = :word OR email = :word
UNION ALL SELECT 1 FROM product WHERE instr(name, :word) OR instr(ifnull(brand, ''), :word)
    OR instr(ifnull(model, ''), :word)
UNION ALL SELECT 1 FROM list_item WHERE instr(name, :word)
LIMIT 1
"""


def shared(connection: Connection, records: Records, traits: Traits) -> frozenset[str]:
    """Return those of the traits that others, products or lists bear too: no text says who is meant."""
    own = json.dumps(records.customers)
    return frozenset(
        word
        for word in traits.all
        if connection.execute(_BEARERS, {"own": own, "word": word}).fetchone() is not None
    )


# -- wiping ------------------------------------------------------------------------------------


def wipe(uow: UnitOfWork, records: Records, mark: str) -> set[str]:
    """Overwrite the texts of a person's rows and of their images in the change log.

    Return the words that stood there, which labels of steps and notices may repeat.
    """
    said: set[str] = set()
    uow.bulk(LOG_NONE)
    for table, ids in records.ids.items():
        if not ids or table not in WIPED:
            continue
        _wipe_rows(uow, table, ids, mark, said)
        _wipe_images(uow, table, ids, mark, said)
    uow.execute(
        "UPDATE customer SET erased_at = ? WHERE id IN (SELECT value FROM json_each(?))",
        (uow.now, json.dumps(records.customers)),
    )
    _forget_judged(uow.connection, records)
    return said


def _wipe_rows(uow: UnitOfWork, table: str, ids: set[int], mark: str, said: set[str]) -> None:
    names = change_log.columns(uow.connection, table)
    read = [n for n in names if n in WIPED[table] or n in {"id", "type", "name", "old", "new"}]
    for row in uow.execute(
        f"SELECT {', '.join(read)} FROM {table} WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(ids)),),
    ).fetchall():
        values = dict(zip(read, row, strict=True))
        changes = remains(table, values, mark)
        said.update(str(values[name]) for name in changes)
        if table == "attachment":
            changes[_ENDED[table]] = uow.now
        if changes:
            sets = ", ".join(f"{name} = ?" for name in changes)
            uow.execute(
                f"UPDATE {table} SET {sets}, row_version = row_version + 1 WHERE id = ?",
                (*changes.values(), values["id"]),
            )


_ENDED = {"customer": "erased_at", "attachment": "deleted_at"}


def _wipe_images(uow: UnitOfWork, table: str, ids: set[int], mark: str, said: set[str]) -> None:
    ended = _ENDED.get(table, "")
    for key, *pair in uow.execute(
        "SELECT id, before, after FROM change_log WHERE tbl = ? "
        "AND row_id IN (SELECT value FROM json_each(?))",
        (table, json.dumps(sorted(ids))),
    ).fetchall():
        images = [None if text is None else json.loads(text) for text in pair]
        for image in filter(None, images):
            changes = remains(table, image, mark)
            said.update(str(image[name]) for name in changes)
            image.update(changes)
            if ended in image:
                image[ended] = uow.now  # whoever undoes the step finds it as it is
        uow.execute(
            "UPDATE change_log SET before = ?, after = ? WHERE id = ?", (*map(_json, images), key)
        )


def _json(image: Any) -> str | None:
    if image is None:
        return None
    return json.dumps(image, ensure_ascii=False, separators=(",", ":"))


def _forget_judged(connection: Connection, records: Records) -> None:
    """Let decisions about data be about the values of now, so that they stay in force."""
    for key, entity, record_id, judged in connection.execute(
        "SELECT id, entity, record_id, judged FROM data_decision "
        "WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(records.ids["data_decision"])),),
    ).fetchall():
        values = json.loads(judged)
        touched = [name for name in values if name in WIPED.get(entity, ())]
        if touched:
            row = connection.execute(
                f"SELECT {', '.join(touched)} FROM {entity} WHERE id = ?", (record_id,)
            ).fetchone()
            values |= dict(zip(touched, row or [""] * len(touched), strict=True))
            connection.execute(
                "UPDATE data_decision SET judged = ? WHERE id = ?", (_json(values), key)
            )
            connection.execute(
                "UPDATE change_log SET after = json_set(after, '$.judged', ?) "
                "WHERE tbl = 'data_decision' AND row_id = ? AND after ->> 'judged' IS NOT NULL",
                (_json(values), key),
            )


def wipe_numbers(uow: UnitOfWork, records: Records, finder: Mentions) -> None:
    """Drop numbers of other systems that are what the person is known by (a phone as a number)."""
    for table in ("customer", "ticket", "complaint", "callback", "survey", "survey_answer"):
        for key, number in uow.execute(
            f"SELECT id, external_no FROM {table} WHERE external_no IS NOT NULL "
            "AND id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(records.ids[table])),),
        ).fetchall():
            if finder.replaced(number) != number:
                uow.execute(f"UPDATE {table} SET external_no = NULL WHERE id = ?", (key,))


def relabel(connection: Connection, records: Records, said: set[str], mark: str) -> None:
    """Take the words of wiped rows out of the labels of steps and of notices about them."""
    keys = json.dumps(sorted(set().union(*records.ids.values())))

    def replace(text: str) -> str:
        return mark if text in said else text

    of_steps = "id IN (SELECT operation_id FROM change_log WHERE row_id IN (SELECT value FROM json_each(?)))"
    of_records = "record_id IN (SELECT value FROM json_each(?))"
    for table, select in (("operation", of_steps), ("notification", of_records)):
        for key, args in connection.execute(
            f"SELECT id, args FROM {table} WHERE {select}", (keys,)
        ).fetchall():
            values = json.loads(args)
            new = scrubbed(values, replace)
            if new != values:
                text = json.dumps(new, ensure_ascii=False)
                connection.execute(f"UPDATE {table} SET args = ? WHERE id = ?", (text, key))
            if table == "notification":
                _relabel_images(connection, key, replace)


def _relabel_images(connection: Connection, key: int, replace: Callable[[str], str]) -> None:
    for entry, after in connection.execute(
        "SELECT id, after FROM change_log WHERE tbl = 'notification' AND row_id = ? "
        "AND after ->> 'args' IS NOT NULL",
        (key,),
    ).fetchall():
        image = json.loads(after)
        image["args"] = json.dumps(scrubbed(json.loads(image["args"]), replace), ensure_ascii=False)
        connection.execute("UPDATE change_log SET after = ? WHERE id = ?", (_json(image), entry))


# -- mentions elsewhere ------------------------------------------------------------------------


def _searched(connection: Connection) -> Iterator[tuple[str, list[str]]]:
    """Give the tables with texts in which somebody may be mentioned, and their columns."""
    for table in change_log.logged_tables(connection):
        if table in _NAMES:
            continue
        texts = [
            row[1]
            for row in connection.execute(f"PRAGMA table_info({table})").fetchall()
            if row[2] == "TEXT" and row[1] not in _NOT_SEARCHED and not row[1].endswith(_NUMBERED)
        ]
        if texts:
            yield table, texts
    for table, columns in _UNLOGGED.items():
        yield table, list(columns)
    yield "change_log", ["before", "after"]


def mentions(
    connection: Connection, finder: Mentions, beat: Callable[[], None]
) -> Iterator[tuple[str, int, dict[str, str]]]:
    """Give table, key and new texts of every row that mentions somebody."""
    if not finder.hints:
        return
    marks = json.dumps(finder.hints, ensure_ascii=False)
    for table, columns in _searched(connection):
        beat()
        near = " OR ".join(f"instr({name}, h.value)" for name in columns)
        rows = connection.execute(
            f"SELECT id, {', '.join(columns)} FROM {table} "
            f"WHERE EXISTS (SELECT 1 FROM json_each(?) h WHERE {near})",
            (marks,),
        ).fetchall()
        for key, *texts in rows:
            new = {
                name: other
                for name, text in zip(columns, texts, strict=True)
                if text is not None and (other := finder.replaced(text)) != text
            }
            if new:
                yield table, key, new


def sweep(
    uow: UnitOfWork, finder: Mentions, beat: Callable[[], None]
) -> dict[str, set[int]]:  # fmt: skip
    """Replace the mentions; return the rows by table, the log's images left out."""
    touched: dict[str, set[int]] = defaultdict(set)
    versioned = set(change_log.logged_tables(uow.connection))
    for table, key, new in list(mentions(uow.connection, finder, beat)):
        sets = ", ".join(f"{name} = ?" for name in new)
        if table in versioned:
            sets += ", row_version = row_version + 1"
        # a value that a constraint knows is a code, whatever it looks like: it stays
        uow.execute(f"UPDATE OR IGNORE {table} SET {sets} WHERE id = ?", (*new.values(), key))
        if table in versioned:
            touched[table].add(key)
    return touched


def forget_samples(connection: Connection, words: Iterable[str]) -> None:
    """Drop the samples of indexed values that SQLite took for its statistics."""
    known = [word.encode() for word in words if word]
    if not change_log.columns(connection, "sqlite_stat4"):
        return  # nothing was analysed yet
    for key, sample in connection.execute("SELECT rowid, sample FROM sqlite_stat4").fetchall():
        if any(word in sample for word in known):
            connection.execute("DELETE FROM sqlite_stat4 WHERE rowid = ?", (key,))


# -- the rest ----------------------------------------------------------------------------------


def finish(uow: UnitOfWork, touched: Iterable[Mapping[str, set[int]]]) -> None:
    """Index the rows anew, tell who shows them, and let figures that are kept be.

    No column that a figure reads was written, so the sums that are kept stay right.
    """
    again: dict[str, set[int]] = defaultdict(set)
    for tables in touched:
        for table, ids in tables.items():
            if table in search.OWNERS:
                again[search.OWNERS[table]] |= ids
            if table in {"customer", "ticket", "complaint", "callback", "survey"}:
                for key in ids:
                    uow.changes.add(table, key, existed=True, exists=True)
    search.again(uow.connection, again)
    uow.bulk(LOG_ALL)
    uow.unlogged = False


def contents(connection: Connection, records: Records) -> set[str]:
    """Return the contents that only attachments of these records refer to; before they are wiped."""
    keys = json.dumps(sorted(records.ids["attachment"]))
    return {
        row[0]
        for row in connection.execute(
            "SELECT DISTINCT sha256 FROM attachment WHERE id IN (SELECT value FROM json_each(?1)) "
            "AND sha256 <> '' AND sha256 NOT IN (SELECT sha256 FROM attachment "
            "WHERE id NOT IN (SELECT value FROM json_each(?1)))",
            (keys,),
        ).fetchall()
    }


@contextmanager
def overwriting(connection: Connection) -> Iterator[None]:
    """Let what is deleted inside the block be overwritten in the file, and leave no copy in the WAL."""
    connection.execute("PRAGMA secure_delete = ON")
    try:
        yield
        search.forget(connection)
        _fill_free_pages(connection)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.execute("PRAGMA secure_delete = FAST")  # as open_writer has it


FILLED_AT_ONCE = 64 << 20


def _fill_free_pages(connection: Connection) -> None:
    """Write zeros over the pages that are free: they hold what was deleted long ago."""
    pages = connection.execute("PRAGMA freelist_count").fetchone()[0]
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    free = max(pages - 1, 0) * (size - 64)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("CREATE TABLE filling (zeros BLOB NOT NULL) STRICT")
    for start in range(0, free, FILLED_AT_ONCE):
        part = min(FILLED_AT_ONCE, free - start)
        connection.execute("INSERT INTO filling VALUES (zeroblob(?))", (part,))
    connection.execute("DROP TABLE filling")
    connection.execute("COMMIT")


def any_erased(connection: Connection) -> bool:
    """Tell whether anybody was erased from this file."""
    row = connection.execute(
        "SELECT 1 FROM customer WHERE erased_at IS NOT NULL LIMIT 1"
    ).fetchone()
    return row is not None


def of_erased(connection: Connection, table: str, keys: Iterable[int]) -> set[int]:
    """Return which of these records belong to somebody who was erased, or are his own row."""
    erased = "SELECT id FROM customer WHERE erased_at IS NOT NULL"
    path = _PATHS.get(table)
    if path is None:
        return set()
    rows = connection.execute(
        f"SELECT x.id FROM json_each(?) j JOIN {table} x ON x.id = j.value {path} IN ({erased})",
        (json.dumps(list(keys)),),
    ).fetchall()
    return {row[0] for row in rows}


_PATHS = {
    "customer": "WHERE x.id",
    **dict.fromkeys(("ticket", "complaint", "callback", "survey", "sales_order"),
                    "WHERE x.customer_id"),
    **dict.fromkeys(("visit", "quality_check"),
                    "JOIN ticket o ON o.id = x.ticket_id WHERE o.customer_id"),
    "survey_answer": "JOIN survey o ON o.id = x.survey_id WHERE o.customer_id",
}  # fmt: skip


def open_work(connection: Connection, records: Records) -> dict[str, int]:
    """Return how many tickets, complaints and callbacks of the customer are not over yet."""
    states = {
        "ticket": "status IN ('new', 'assigned', 'in_progress', 'pending_customer', 'pending_internal')",
        "complaint": "status IN ('registered', 'accepted', 'investigating', 'responded')",
        "callback": "state IN ('planned', 'in_progress')",
    }
    found: Counter[str] = Counter()
    for table, is_open in states.items():
        found[table] = connection.execute(
            f"SELECT count(*) FROM {table} WHERE {is_open} AND deleted_at IS NULL "
            "AND id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(records.ids[table])),),
        ).fetchone()[0]
    return dict(found)
