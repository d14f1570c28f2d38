"""Lists for the screen: a query bound to the desk's connections, its person and its clock."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from svcdesk.domain.query import ME, Condition, Group, Match, Op, Query, negated
from svcdesk.domain.sla import DUE_SOON_SECONDS
from svcdesk.store import search
from svcdesk.store.connection import speaking
from svcdesk.store.row_source import (
    CallbackRow,
    ComplaintRow,
    CustomerRow,
    KnowledgeRow,
    Moment,
    QualityRow,
    RowReader,
    SurveyRow,
    TicketRow,
)

if TYPE_CHECKING:
    from array import array
    from collections.abc import Sequence

    from svcdesk.services.desk import Desk
    from svcdesk.system.job import JobContext

__all__ = [
    "ME",
    "CallbackRow",
    "ComplaintRow",
    "Condition",
    "CustomerRow",
    "DeskRows",
    "Group",
    "KnowledgeRow",
    "Match",
    "Op",
    "QualityRow",
    "Query",
    "SurveyRow",
    "TicketRow",
    "count",
    "find",
    "moment",
    "negated",
]


def moment(desk: Desk) -> Moment:
    """Return who asks and when, for the words of a query."""
    now = desk.clock.now()
    reference = desk.reference
    return Moment(
        now,
        str(reference.settings["timezone"]),
        desk.actor.id,
        reference.calendar.add_business_seconds(now, DUE_SOON_SECONDS),
    )


class DeskRows:
    """A query that a list can show; every method uses the calling thread's connection."""

    def __init__(self, desk: Desk, query: Query) -> None:
        self._desk = desk
        self._reader = RowReader(query, moment(desk))
        self.query = query

    def first_page(self, limit: int) -> Sequence[Any]:
        """Return the first rows in order."""
        with speaking(self._desk.path):
            return self._reader.first_page(self._desk.reader, limit)

    def ids(self, context: JobContext) -> array[int]:
        """Return the keys of all rows in order; can be cancelled while SQLite works."""
        connection = self._desk.reader
        context.on_cancel(connection.interrupt)
        with speaking(self._desk.path):
            return self._reader.ids(connection)

    def rows(self, ids: Sequence[int]) -> Sequence[Any]:
        """Return the rows of ``ids`` in that order; rows that are gone are left out."""
        with speaking(self._desk.path):
            return self._reader.rows(self._desk.reader, ids)

    def count(self) -> int:
        """Return how many rows there are."""
        with speaking(self._desk.path):
            return self._reader.count(self._desk.reader)

    def groups(self, field: str) -> list[tuple[Any, int]]:
        """Return ``(value, count)`` of ``field``; moments by day, as numbers of days since 1970."""
        here = datetime.fromtimestamp(self._desk.clock.now(), self._desk.zone)
        offset = here.utcoffset()
        seconds = int(offset.total_seconds()) if offset else 0
        with speaking(self._desk.path):
            return self._reader.groups(self._desk.reader, field, seconds)


def count(desk: Desk, query: Query) -> int:
    """Return how many rows a query has."""
    return DeskRows(desk, query).count()


def find(desk: Desk, text: str, limit: int = 30) -> list[tuple[int, str]]:
    """Return ``(key, entity)`` of the newest records that contain what was typed."""
    with speaking(desk.path):
        return search.find(
            desk.reader, text, ("ticket", "complaint", "customer", "product", "knowledge"), limit
        )
