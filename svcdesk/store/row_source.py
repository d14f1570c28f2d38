"""Rows of a query: first page, count, all keys, rows by key, counts by a field.

Everything a list shows comes in through here.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from svcdesk.store import walk
from svcdesk.store.compile_query import Compiled, Moment, compile_query
from svcdesk.store.rows import (
    ENTITIES,
    CallbackRow,
    ComplaintRow,
    CustomerRow,
    Entity,
    KnowledgeRow,
    QualityRow,
    SurveyRow,
    TicketRow,
)
from svcdesk.store.segment import match_query
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.query import Query
    from svcdesk.store.connection import Connection

__all__ = [
    "ENTITIES",
    "CallbackRow",
    "Compiled",
    "ComplaintRow",
    "CustomerRow",
    "Entity",
    "KnowledgeRow",
    "Moment",
    "QualityRow",
    "RowReader",
    "SurveyRow",
    "TicketRow",
    "compile_query",
]

WALK_FROM = 5000  # hits of a search: from here on its words are common
MANY_PEOPLE = 500  # customers among the hits: the same
BY_HITS = frozenset({"ticket", "complaint", "customer"})  # long lists
KEYS_AT_ONCE = 20_000
GROUPS = 200  # values of a field that are counted one by one


class RowReader:
    """A query bound to the moment at which it is asked."""

    def __init__(self, query: Query, moment: Moment | None = None) -> None:
        self.query = query
        self._entity = ENTITIES[query.entity]
        self._moment = moment or Moment()
        compile_query(query, self._moment)  # what cannot be asked is refused at once

    def first_page(self, connection: Connection, limit: int) -> list[Any]:
        """Return the first ``limit`` rows in order."""
        words = self._common_words(connection)
        if words:
            ids = self._walk(connection, words, limit)
            if ids is not None:
                return self.rows(connection, ids)
        compiled = self._compile(connection)
        ids = [
            row[0]
            for row in connection.execute(
                f"SELECT m.id {compiled.source} WHERE {compiled.where} {compiled.order} "
                "LIMIT :limit",
                {**compiled.parameters, "limit": limit},
            ).fetchall()
        ]
        return self.rows(connection, ids)

    def _compile(self, connection: Connection, group: str = "") -> Compiled:
        """Return the query as SQL that meets its words in the way that is best for them."""
        if not self.query.text or self._entity.table not in BY_HITS:
            return compile_query(self.query.grouped(group), self._moment)
        common = bool(self._common_words(connection))
        return compile_query(self.query.grouped(group), self._moment, walk=common, few=not common)

    def _walk(self, connection: Connection, words: str, limit: int) -> list[int] | None:
        """Meet the first page by walking along the rows, where that can be done."""
        if not self._entity.search_customers or self._entity.table not in walk.TABLES:
            return None
        rows = compile_query(self.query.grouped("").searching(""), self._moment)
        return walk.page(connection, rows, words, limit, self.query.text, self._entity.table)

    def _common_words(self, connection: Connection) -> str:
        """Return the words when they occur so often that a page is sooner met by walking along."""
        words = match_query(self.query.text) if self.query.text else ""
        if not words or self.query.text.strip().isdecimal():  # digits may be the end of a phone
            return ""
        for index, most in (("search_index", WALK_FROM), ("customer_index", MANY_PEOPLE)):
            found = connection.execute(
                f"SELECT count(*) FROM (SELECT 1 FROM {index} WHERE {index} MATCH ? LIMIT ?)",
                (words, most),
            ).fetchone()[0]
            if int(found) == most:
                return words
        return ""

    def count(self, connection: Connection) -> int:
        """Return how many rows there are."""
        compiled = self._compile(connection)
        sql = f"SELECT count(*) {compiled.source} WHERE {compiled.where}"
        if compiled.plain and self._entity.always == "deleted_at IS NULL":
            # counting the leaves of an index is faster than looking at each of its entries
            table = self._entity.table
            sql = (
                f"SELECT (SELECT count(*) FROM {table}) - "
                f"(SELECT count(*) FROM {table} WHERE deleted_at IS NOT NULL)"
            )
        return int(connection.execute(sql, compiled.parameters).fetchone()[0])

    def groups(self, connection: Connection, field: str, zone_offset: int = 0) -> list[Any]:
        """Return ``(value, count)`` of ``field`` over the rows, the most frequent first.

        Moments are counted by day: the value is the number of the day in a zone that lies
        ``zone_offset`` seconds ahead of UTC.
        """
        column = self._entity.fields.get(field)
        if column is None:
            raise UserError("“{field}” cannot be grouped by.", code="unknown_field", field=field)
        column = f"m.{field}" if column.startswith("CASE") else column
        if field.endswith("_at"):
            column = f"({column} + {int(zone_offset)}) / 86400"
        order = "1 DESC" if field.endswith("_at") else "2 DESC, 1"
        compiled = self._compile(connection, field)
        return list(
            connection.execute(
                f"SELECT {column}, count(*) {compiled.source} WHERE {compiled.where} "
                f"GROUP BY 1 ORDER BY {order} LIMIT {GROUPS}",
                compiled.parameters,
            ).fetchall()
        )

    def ids(self, connection: Connection) -> array[int]:
        """Return the keys of all rows in order."""
        compiled = self._compile(connection)
        found: array[int] = array("q")
        rows = connection.execute(
            f"SELECT m.id {compiled.source} WHERE {compiled.where} {compiled.order}",
            compiled.parameters,
        )
        # a part at a time: a million rows as Python objects would take 100 MB
        while part := rows.fetchmany(KEYS_AT_ONCE):
            found.extend(row[0] for row in part)
        return found

    def rows(self, connection: Connection, ids: Sequence[int]) -> list[Any]:
        """Return the rows of ``ids`` in that order; rows that are gone are left out."""
        if not ids:
            return []
        make = self._entity.row._make
        marks = ",".join("?" * len(ids))
        asked = tuple(getattr(self._moment, name) for name in self._entity.asks)
        found = {
            row[0]: make(row)
            for row in connection.execute(
                f"{self._entity.select} WHERE m.id IN ({marks})", (*asked, *ids)
            ).fetchall()
        }
        return [found[key] for key in ids if key in found]
