"""A list over any number of rows: an ids snapshot and a small cache of row blocks.

A new query shows its first page at once, then the ids of the whole result arrive from a read lane
and are swapped in with ``layoutChanged``, so that current row and selection stay on the same
records; the view puts the scroll bar back (``swapped``). Rows are fetched by the UI thread's own
connection, 128 at a time, and only those that are looked at.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from ui.jobs.runner import Latest, Runner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from svcdesk.system.job import JobContext
    from ui.models.columns import Cell, ColumnDef

BLOCK = 128
BLOCKS_KEPT = 48
FIRST_PAGE = 128

DISPLAY = Qt.ItemDataRole.DisplayRole
TOOLTIP = Qt.ItemDataRole.ToolTipRole
ACCESSIBLE = Qt.ItemDataRole.AccessibleTextRole
ALIGNMENT = Qt.ItemDataRole.TextAlignmentRole
HORIZONTAL = Qt.Orientation.Horizontal
EDITED_ROLES = [DISPLAY, TOOLTIP, ACCESSIBLE]
_ROOT = QModelIndex()
AnyIndex = QModelIndex | QPersistentModelIndex


class Row(Protocol):
    """What every row object has: its key."""

    @property
    def id(self) -> int:
        """Return the key of the record."""
        ...


class RowSource(Protocol):
    """A query that can be shown: bound to its data file, filters and order.

    ``first_page`` and ``ids`` run in a read lane, ``rows`` in the UI thread.
    """

    def first_page(self, limit: int) -> Sequence[Any]:
        """Return the first rows in order."""
        ...

    def ids(self, context: JobContext) -> array[int]:
        """Return the keys of all rows in order."""
        ...

    def rows(self, ids: Sequence[int]) -> Sequence[Any]:
        """Return the rows of ``ids`` in that order; rows that are gone are left out."""
        ...


class RowWindowModel(QAbstractTableModel):
    """The model of every long list."""

    about_to_swap = Signal()
    swapped = Signal()
    loading_changed = Signal(bool)
    counted = Signal(object)  # number of rows of the whole result

    def __init__(self, columns: Sequence[ColumnDef], runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._source: RowSource | None = None
        self._ids: array[int] = array("q")
        self._blocks: OrderedDict[int, list[Any]] = OrderedDict()
        self._page = Latest(runner, self)
        self._snapshot = Latest(runner, self)
        self._complete = False
        self._failed: Callable[[Any], None] | None = None

    # --- the query -----------------------------------------------------------------------

    def on_failure(self, slot: Callable[[Any], None]) -> None:
        """Tell ``slot`` about queries that failed (else they go to the crash path)."""
        self._failed = slot

    def show(self, source: RowSource) -> None:
        """Show the result of ``source``: first page, then everything."""
        self._source = source
        self._complete = False
        self._snapshot.cancel()
        self.loading_changed.emit(True)
        handle = self._page.start(lambda _context: source.first_page(FIRST_PAGE))
        handle.on_success(self._take_first_page)
        if self._failed is not None:
            handle.on_failure(self._failed)

    def requery(self) -> None:
        """Take a new snapshot of the same query after data changed; the list stays in place."""
        if self._source is None:
            return
        source = self._source
        handle = self._snapshot.start(source.ids)
        handle.on_success(self._take_ids)
        if self._failed is not None:
            handle.on_failure(self._failed)

    def _take_first_page(self, rows: Sequence[Any]) -> None:
        page = list(rows)
        self._complete = len(page) < FIRST_PAGE
        self._swap(array("q", (row.id for row in page)), {0: page[:BLOCK]})
        if self._complete:
            self.loading_changed.emit(False)
            self.counted.emit(len(page))
        else:
            self.requery()

    def _take_ids(self, ids: array[int]) -> None:
        self._complete = True
        self._swap(ids, {})
        self.loading_changed.emit(False)
        self.counted.emit(len(ids))

    def _swap(self, ids: array[int], blocks: dict[int, list[Any]]) -> None:
        self.about_to_swap.emit()
        self.layoutAboutToBeChanged.emit()
        old_indexes = self.persistentIndexList()
        old = self._ids
        keys = [old[index.row()] for index in old_indexes]
        places = _places(ids, set(keys))
        self._ids = ids
        self._blocks = OrderedDict(blocks)
        new_indexes = [
            self.createIndex(places[key], index.column()) if key in places else QModelIndex()
            for key, index in zip(keys, old_indexes, strict=True)
        ]
        self.changePersistentIndexList(old_indexes, new_indexes)
        self.layoutChanged.emit()
        self.swapped.emit()

    # --- after a write -------------------------------------------------------------------

    def refresh_rows(self, ids: Iterable[int]) -> None:
        """Show the new content of the rows ``ids``; their place does not change."""
        touched = set(ids)
        for number, rows in list(self._blocks.items()):
            if any(row.id in touched for row in rows):
                del self._blocks[number]
                first = number * BLOCK
                last = min(first + BLOCK, len(self._ids)) - 1
                self.dataChanged.emit(
                    self.index(first, 0), self.index(last, len(self.columns) - 1), EDITED_ROLES
                )

    # --- reading -------------------------------------------------------------------------

    @property
    def complete(self) -> bool:
        """Whether the whole result is known (not only its first page)."""
        return self._complete

    @property
    def count(self) -> int:
        """Number of rows known now."""
        return len(self._ids)

    def id_at(self, position: int) -> int | None:
        """Return the key of the row at ``position``."""
        return self._ids[position] if 0 <= position < len(self._ids) else None

    def position_of(self, key: int) -> int:
        """Return the position of ``key``, -1 when it is not in the result."""
        try:
            return self._ids.index(key)
        except ValueError:
            return -1

    def row_at(self, position: int) -> Any | None:
        """Return the row object at ``position``, None when it is gone meanwhile."""
        number, offset = divmod(position, BLOCK)
        block = self._blocks.get(number)
        if block is None:
            block = self._fetch(number)
        else:
            self._blocks.move_to_end(number)
        return block[offset] if offset < len(block) else None

    def _fetch(self, number: int) -> list[Any]:
        wanted = self._ids[number * BLOCK : (number + 1) * BLOCK]
        if not wanted or self._source is None:
            return []
        found = {row.id: row for row in self._source.rows(wanted)}
        block = [found.get(key) for key in wanted]
        self._blocks[number] = block
        if len(self._blocks) > BLOCKS_KEPT:
            self._blocks.popitem(last=False)
        return block

    def cell(self, position: int, column: int) -> Cell | None:
        """Return what is painted at ``position`` in ``column``."""
        row = self.row_at(position)
        return None if row is None else self.columns[column].cell(row)

    # --- Qt ------------------------------------------------------------------------------

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: AnyIndex, role: int = DISPLAY) -> Any:
        """Return text for tooltips, accessibility and tests; painting does not come here."""
        if role != DISPLAY and role not in (TOOLTIP, ACCESSIBLE):
            return None
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        cell = self.cell(index.row(), index.column())
        if cell is None:
            return None
        return cell.text if role == DISPLAY else (cell.tip or cell.text)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        """Return the label of a column."""
        if orientation != HORIZONTAL or not 0 <= section < len(self.columns):
            return None
        if role == DISPLAY:
            return self.columns[section].label
        if role == ALIGNMENT:
            side = (
                Qt.AlignmentFlag.AlignRight
                if self.columns[section].right
                else Qt.AlignmentFlag.AlignLeft
            )
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


def _places(ids: array[int], keys: set[int]) -> dict[int, int]:
    """Return where each of ``keys`` stands in ``ids``."""
    if not keys:
        return {}
    if len(keys) <= 2:
        found = {}
        for key in keys:
            try:
                found[key] = ids.index(key)
            except ValueError:
                continue
        return found
    return {key: place for place, key in enumerate(ids) if key in keys}
