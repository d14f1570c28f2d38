"""The records behind a figure as a table that asks for more rows as it is scrolled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from svcdesk.i18n.catalog import _

if TYPE_CHECKING:
    from svcdesk.services.definitions import Line, Listing
    from ui.pages.wording import Words

Index = QModelIndex | QPersistentModelIndex
TOP = QModelIndex()
NUMBER, TIME, AMOUNT, WHY = range(4)


def _side(column: int) -> Qt.AlignmentFlag:
    """Return on which side a column and its head stand."""
    side = Qt.AlignmentFlag.AlignRight if column == AMOUNT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class LinesModel(QAbstractTableModel):
    """Rows that have come in; ``wanted`` asks for those from an offset on."""

    wanted = Signal(int)

    def __init__(self, words: Words, why: str) -> None:
        super().__init__()
        self._words = words
        self._heads = (_("No."), _("Time"), _("Adds"), why)
        self.lines: list[Line] = []
        self.total = 0
        self._asked = False

    def take(self, listing: Listing) -> None:
        """Add rows that have come in."""
        self._asked = False
        self.total = listing.total
        if not listing.lines:
            return
        first = len(self.lines)
        self.beginInsertRows(TOP, first, first + len(listing.lines) - 1)
        self.lines += listing.lines
        self.endInsertRows()

    def rowCount(self, parent: Index = TOP) -> int:
        """Return how many rows have come in."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = TOP) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._heads)

    def canFetchMore(self, parent: Index) -> bool:
        """Tell whether there are rows that have not come in."""
        return not parent.isValid() and len(self.lines) < self.total and not self._asked

    def fetchMore(self, parent: Index) -> None:
        """Ask for the next rows."""
        if self.canFetchMore(parent):
            self._asked = True
            self.wanted.emit(len(self.lines))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the name of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(section)
        return self._heads[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(index.column())
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return self.text(self.lines[index.row()], index.column())
        return None

    def text(self, line: Line, column: int) -> str:
        """Return a cell's text."""
        if column == NUMBER:
            return line.number
        if column == TIME:
            return self._words.full_time(line.at) if line.at is not None else ""
        if column == AMOUNT:
            return line.amount
        if line.reason:
            return line.reason
        return self._words.full_time(line.due_at) if line.due_at is not None else ""

    def as_text(self) -> str:
        """Return the rows that have come in, divided by tabs."""
        rows = ["\t".join(self._heads)]
        rows += ["\t".join(self.text(line, c) for c in range(4)) for line in self.lines]
        return "\n".join(rows)
