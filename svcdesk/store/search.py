"""The search index: one document per record, kept with every unit of work.

Bulk loads leave their records in ``search_pending``; :func:`index_pending` takes them in behind
the visible rows, in chunks that can be interrupted without losing any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.store.change_log import BY_OPERATION
from svcdesk.store.compile_query import Moment, compile_query
from svcdesk.store.documents import DOCUMENTS, INDEXES, bodies, index_of
from svcdesk.store.index_rows import row_of, sql_key
from svcdesk.store.segment import fold, holds, is_exact, match_query, segment, segment_many

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from svcdesk.domain.query import Query
    from svcdesk.store.changes import Changes
    from svcdesk.store.connection import Connection
    from svcdesk.system.job import JobContext

CHUNK = 5000
FEW = 50
LOOKED_AT = 2000  # hits whose text is compared with what was typed
MANY = 1000  # hits; more are not counted while somebody types
MEMORY = 16 << 20  # bytes of words that the index gathers before it writes them
# table of a change -> table of the document it belongs to (text tables share their record's key)
OWNERS = {"ticket": "ticket", "ticket_text": "ticket", "complaint": "complaint",
          "complaint_text": "complaint", "customer": "customer", "knowledge": "knowledge",
          "product": "product"}  # fmt: skip

# what a document is made of: a change of anything else leaves it as it is
INDEXED = {
    "ticket": ("title", "ticket_no", "external_no", "order_no", "serial_no"),
    "ticket_text": ("description", "solution"),
    "complaint": ("title", "complaint_no", "external_no", "order_no", "external_case"),
    "complaint_text": ("description", "cause", "answer"),
    "customer": ("name", "customer_no", "external_no", "initials", "phones", "wechat", "email"),
    "knowledge": ("title", "article_no", "symptom", "solution", "keywords"),
    "product": ("name", "product_no", "model", "brand"),
}


def _each(texts: list[str]) -> list[str]:
    return [segment(text) for text in texts]


def _index(connection: Connection, table: str, ids: Sequence[int], *, fresh: bool) -> None:
    """Write the documents of ``ids``, ascending.

    ``fresh``: they are all that is pending in their range, and none is in the index yet.
    """
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        marks = ",".join("?" * len(part))
        if not fresh:
            connection.execute(
                f"DELETE FROM {index_of(table)} WHERE rowid IN ({marks})", list(map(row_of, part))
            )
            connection.execute(f"DELETE FROM search_doc WHERE id IN ({marks})", part)
        if fresh:  # the range costs less than naming every record
            pending = "SELECT id FROM search_pending WHERE tbl = ? AND id BETWEEN ? AND ?"
            rows = connection.execute(
                f"{DOCUMENTS[table].select} ({pending})", (table, part[0], part[-1])
            ).fetchall()
        else:
            rows = connection.execute(f"{DOCUMENTS[table].select} ({marks})", part).fetchall()
        # one or two records: the array library would take longer to load than to help
        cut = segment_many if len(rows) > FEW else _each
        bodies = cut([text.replace("\x1e", " ") for _, text in rows])
        connection.executemany(
            f"INSERT INTO {index_of(table)} (rowid, body) VALUES (?, ?)",
            [(row_of(row[0]), body) for row, body in zip(rows, bodies, strict=True)],
        )
        connection.executemany(
            "INSERT INTO search_doc (id, tbl) VALUES (?, ?)", [(row[0], table) for row in rows]
        )


def follow(connection: Connection, changes: Changes) -> None:
    """Bring the index up to a unit of work, in its own transaction."""
    touched: dict[str, set[int]] = {}
    for table in changes.tables():
        if table in OWNERS:
            touched.setdefault(OWNERS[table], set()).update(_reworded(connection, changes, table))
    for table, ids in touched.items():
        _index(connection, table, sorted(ids), fresh=False)


def _reworded(connection: Connection, changes: Changes, table: str) -> set[int]:
    """Return the rows of ``table`` whose words the operation changed, made or took away."""
    if not changes.touched(table):
        return set()
    said = " OR ".join(
        f"json_type(after, '$.{name}') IS NOT NULL" for name in (*INDEXED[table], "deleted_at")
    )
    rows = connection.execute(
        f"SELECT row_id FROM change_log {BY_OPERATION} WHERE operation_id = ? AND tbl = ? AND "
        f"(before IS NULL OR after IS NULL OR {said})",
        (changes.operation_id, table),
    ).fetchall()
    return {row[0] for row in rows}


def again(connection: Connection, records: Mapping[str, set[int]]) -> None:
    """Make the documents of records anew (table -> keys), whatever the change log says."""
    for table, ids in records.items():
        _index(connection, table, sorted(ids), fresh=False)


def forget(connection: Connection) -> None:
    """Take words that no document has any more out of the index itself.

    FTS5 only marks what is deleted, until it merges; this merges everything.
    """
    for index in INDEXES:
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")


def postpone(connection: Connection, table: str, first_id: int, last_id: int) -> None:
    """Leave the records of a bulk load, ``first_id`` … ``last_id``, to :func:`index_pending`."""
    connection.execute(
        f"INSERT OR IGNORE INTO search_pending (id, tbl) SELECT id, '{table}' FROM {table} "
        "WHERE id BETWEEN ? AND ? AND deleted_at IS NULL",
        (first_id, last_id),
    )


def pending_count(connection: Connection) -> int:
    """Return how many records wait to be indexed."""
    return int(connection.execute("SELECT count(*) FROM search_pending").fetchone()[0])


def index_pending(connection: Connection, context: JobContext) -> int:
    """Index what bulk loads left, chunk by chunk, each in a transaction of its own."""
    total, done = pending_count(connection), 0
    if total:
        # merge less often while loading: more segments at a time, and one segment per chunk
        for index in INDEXES:
            for name, value in (("automerge", 8), ("hashsize", MEMORY)):
                connection.execute(
                    f"INSERT INTO {index} ({index}, rank) VALUES (?, ?)", (name, value)
                )
    while True:
        context.check()
        rows = connection.execute(
            "SELECT id, tbl FROM search_pending ORDER BY id LIMIT ?", (CHUNK,)
        ).fetchall()
        if not rows:
            return done
        connection.execute("BEGIN IMMEDIATE")
        try:
            groups: dict[str, list[int]] = {}
            for row_id, table in rows:
                groups.setdefault(table, []).append(row_id)
            for table, ids in groups.items():
                known = connection.execute(
                    "SELECT count(*) FROM search_doc WHERE id BETWEEN ? AND ?", (ids[0], ids[-1])
                ).fetchone()[0]
                _index(connection, table, ids, fresh=known == 0)
            connection.execute("DELETE FROM search_pending WHERE id <= ?", (rows[-1][0],))
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        done += len(rows)
        context.progress(done, total)


def rebuild(connection: Connection, context: JobContext) -> int:
    """Make the whole index anew."""
    connection.execute("BEGIN IMMEDIATE")
    for index in INDEXES:
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('delete-all')")
    connection.execute("DELETE FROM search_doc")
    connection.execute("DELETE FROM search_pending")
    for table in DOCUMENTS:
        connection.execute(
            f"INSERT INTO search_pending (id, tbl) SELECT id, '{table}' FROM {table} "
            "WHERE deleted_at IS NULL"
        )
    connection.execute("COMMIT")
    return index_pending(connection, context)


def find(
    connection: Connection, text: str, tables: Iterable[str], limit: int = 50
) -> list[tuple[int, str]]:
    """Return ``(key, table)`` of the newest records that contain what was typed."""
    query = match_query(text)
    if not query:
        return []
    names = list(tables)
    marks = ",".join("?" * len(names))
    found: list[tuple[int, str]] = []
    for index in dict.fromkeys(map(index_of, names)):
        found += [
            (int(row_id), str(table))
            for row_id, table in connection.execute(
                f"SELECT d.id, d.tbl FROM {index} s JOIN search_doc d ON d.id = {sql_key('s.rowid')} "
                f"WHERE {index} MATCH ? AND d.tbl IN ({marks}) ORDER BY s.rowid DESC LIMIT ?",
                (query, *names, limit if is_exact(text) else LOOKED_AT),
            ).fetchall()
        ]
    found = sorted(found, reverse=True)
    if not is_exact(text):
        texts = {
            key: body
            for table in names
            for key, body in bodies(connection, table, [k for k, t in found if t == table])
        }
        found = [pair for pair in found if holds(text, texts.get(pair[0], ""))]
    return found[:limit]


def count_up_to(connection: Connection, query: Query, moment: Moment, limit: int = MANY) -> int:
    """Return how many rows a query has, ``limit`` when there are at least as many."""
    compiled = compile_query(query, moment)
    row = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 {compiled.source} WHERE {compiled.where} LIMIT :limit)",
        {**compiled.parameters, "limit": limit},
    ).fetchone()
    return int(row[0])


def contains(text: str, words: str) -> bool:
    """Say whether ``text`` contains ``words``, folded: the plain meaning of a search."""
    return fold(words) in fold(text)
