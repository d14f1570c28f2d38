"""The board of complaints for a period: received, handled, overdue by type, causes, plans (C15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.services.queries import Op, Query
from svcdesk.store import complaint_board as rows
from svcdesk.store.complaint_board import BoardRow, OverdueRow

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk

__all__ = ["Board", "BoardRow", "OverdueRow", "board", "rows_of"]

LISTED = 200  # overdue complaints named on the board; the log has all
VALID = ("registered", "accepted", "investigating", "responded", "resolved", "closed")


@dataclass(frozen=True)
class Board:
    """What came in from ``start`` until ``end`` (UTC seconds) and how it stands now."""

    start: int
    end: int
    rows: tuple[BoardRow, ...]
    reasons: tuple[tuple[int | None, int], ...]
    overdue: tuple[OverdueRow, ...]

    @property
    def total(self) -> BoardRow:
        """The sum over all types; its category is 0."""
        sums = [sum(row[place] for row in self.rows) for place in range(1, len(BoardRow._fields))]
        return BoardRow(0, *sums)


def rows_of(found: Board, which: str, now: int, category_id: int | None = None) -> Query:
    """Return the query of the rows behind a number of the board, for all types or one."""
    query = (
        Query("complaint", sort="due_at", descending=False)
        .where("received_at", Op.BETWEEN, found.start, found.end)
        .where("status", Op.IN, *VALID)
        .where("is_test", Op.IN, 0)
    )
    if category_id is not None:
        query = query.where("category_id", Op.IN, category_id)
    if which == "handled":
        return query.where("first_resolved_at", Op.BETWEEN, 0, None)
    if which == "late":
        return query.where("settled_late", Op.YES)
    if which in {"open", "overdue", "unplanned"}:
        query = query.where("first_resolved_at", Op.IN, None)
    if which in {"overdue", "unplanned"}:
        query = query.where("due_at", Op.BETWEEN, None, now)
    return query.where("unplanned", Op.YES) if which == "unplanned" else query


def rate(row: BoardRow) -> float | None:
    """Return which share was handled, None when nothing came in."""
    return row.handled / row.received if row.received else None


def board(desk: Desk, start: int, end: int) -> Board:
    """Return the board of the complaints received in ``[start, end)`` as they stand now."""
    now = desk.clock.now()
    with desk.reading() as connection:
        return Board(
            start, end,
            tuple(rows.by_category(connection, start, end, now)),
            tuple(rows.reasons(connection, start, end, now)),
            tuple(rows.overdue(connection, start, end, now, LISTED)),
        )  # fmt: skip
