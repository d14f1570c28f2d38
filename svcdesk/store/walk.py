"""The first page of a search whose words are common.

Looking every hit up would take longer than the page is worth. The rows are taken in their order
instead, a stretch at a time, and compared with the hits among the keys of that stretch: records
that follow each other in a list were mostly written one after the other, so that their keys lie
close together. Where they do not, the caller asks in the plain way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.store.documents import bodies
from svcdesk.store.index_rows import key_of, row_of
from svcdesk.store.segment import holds, is_exact

if TYPE_CHECKING:
    from svcdesk.store.compile_query import Compiled
    from svcdesk.store.connection import Connection

TABLES = frozenset({"ticket", "complaint"})
STRETCHES = (500, 4_000)  # rows
SPARSE = 5_000  # hits beyond four for every row: the keys do not lie close together
PEOPLE = 20_000  # customers among the hits that are worth holding


def page(
    connection: Connection, rows: Compiled, words: str, limit: int, text: str, table: str
) -> list[int] | None:
    """Return the keys of the first ``limit`` rows that hold ``text``, or whose customer does.

    ``rows`` is the query without its words, ``words`` what FTS5 is asked; ``None``: not this way.
    """
    people = _customers(connection, words, text)
    if people is None:
        return None
    found: list[int] = []
    done = 0
    for length in STRETCHES:
        stretch = connection.execute(
            f"SELECT m.id, m.customer_id {rows.source} WHERE {rows.where} {rows.order} "
            "LIMIT :length OFFSET :done",
            {**rows.parameters, "length": length, "done": done},
        ).fetchall()
        hits = _hits(connection, words, [row[0] for row in stretch])
        if hits is None:
            return None
        if not is_exact(text):
            near = [key for key, _customer in stretch if key in hits]
            hits = {key for key, body in bodies(connection, table, near) if holds(text, body)}
        found += [key for key, customer in stretch if key in hits or customer in people]
        if len(found) >= limit or len(stretch) < length:
            return found[:limit]
        done += length
        if len(found) * STRETCHES[-1] < limit * length:  # words of the middle: not met that way
            return None
    return None


def _customers(connection: Connection, words: str, text: str) -> set[int] | None:
    rows = connection.execute(
        "SELECT rowid FROM customer_index WHERE customer_index MATCH ? LIMIT ?", (words, PEOPLE)
    ).fetchall()
    if len(rows) == PEOPLE:
        return None
    found = [key_of(row[0]) for row in rows]
    if is_exact(text):
        return set(found)
    return {key for key, body in bodies(connection, "customer", found) if holds(text, body)}


def _hits(connection: Connection, words: str, keys: list[int]) -> set[int] | None:
    """Return the hits between the lowest and the highest of ``keys``, unless they are too many."""
    if not keys:
        return set()
    most = 4 * len(keys) + SPARSE
    places = list(map(row_of, keys))
    rows = connection.execute(
        "SELECT rowid FROM search_index WHERE search_index MATCH ? AND rowid BETWEEN ? AND ? "
        "LIMIT ?",
        (words, min(places), max(places), most),
    ).fetchall()
    return None if len(rows) == most else {key_of(row[0]) for row in rows}
