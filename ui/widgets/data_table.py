"""The table of every list: a QTableView set up once, painted from row objects.

What is banned here has been measured on a million rows: automatic row heights, ``selectedRows``,
sorting proxies, and a header that asks the selection about each row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QTableView,
    QWidget,
)

from ui.models.clipboard import as_table
from ui.theme.tokens import colour, px, row_height
from ui.widgets.empty_state import EmptyState
from ui.widgets.table_layout import TableLayout
from ui.widgets.table_parts import CellDelegate, ProgressLine, TableHeader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ui.models.columns import ColumnDef
    from ui.models.row_window import RowWindowModel

HELD_LIMIT = 500  # selected rows put back after a new query
NAMED_LIMIT = 5000  # selected rows that are named one by one


@dataclass(frozen=True)
class _Held:
    """Where the user was, by keys."""

    current: int | None
    selected: list[int]
    top: int | None
    offset: int
    everything: bool = False
    row: int = -1


class DataTable(QTableView):
    """A list of records with remembered layout, copying for spreadsheets and an empty state."""

    opened = Signal(object)  # key of the record: Enter or double click
    current_changed = Signal(object)  # key of the current record or None
    order_requested = Signal(object)  # pairs of sort key and descending, the first one first
    selection_counted = Signal(object)  # number of selected rows
    menu_requested = Signal(QPoint)

    def __init__(self, model: RowWindowModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self.name = name
        self.hovered = -1
        self.order: tuple[tuple[str, bool], ...] = ()
        self.highlight: Callable[[str], Sequence[tuple[int, int]]] | None = None
        self._held: _Held | None = None
        self._told: int | None = None
        self._layout = TableLayout(self)
        self._wanted: int | None = None
        self._progress = ProgressLine(self)
        self.empty = EmptyState(self.viewport())
        self.empty.hide()
        self._set_up_view()
        self.setModel(model)
        self._set_up_header()
        model.about_to_swap.connect(self._remember_place)
        model.swapped.connect(self._restore_place)
        model.loading_changed.connect(self._on_loading)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.selectionModel().selectionChanged.connect(self._on_selection)

    # --- set-up --------------------------------------------------------------------------

    def _set_up_view(self) -> None:
        self.setItemDelegate(CellDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(row_height())
        self.verticalHeader().setDefaultSectionSize(row_height())
        self.verticalScrollBar().setSingleStep(row_height())
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self.menu_requested)

    def _set_up_header(self) -> None:
        header = TableHeader(self)
        self.setHorizontalHeader(header)
        # an own selection model: the header would ask the table's one about every row
        header.setSelectionModel(QItemSelectionModel(self.rows, header))
        header.setStretchLastSection(False)
        for place, column in enumerate(self.rows.columns):
            mode = (
                QHeaderView.ResizeMode.Stretch
                if column.stretch
                else QHeaderView.ResizeMode.Interactive
            )
            header.setSectionResizeMode(place, mode)
            header.resizeSection(place, px(column.width))
            header.setSectionHidden(place, column.hidden)
        header.sectionClicked.connect(self._on_header_click)
        header.customContextMenuRequested.connect(self._layout.on_header_menu)
        self._layout.restore()
        header.sectionMoved.connect(self._layout.save)
        header.sectionResized.connect(self._layout.save)

    # --- sorting and columns -------------------------------------------------------------

    def set_order(self, order: Sequence[tuple[str, bool]]) -> None:
        """Show by which columns the rows are sorted, the first one first."""
        self.order = tuple(order)
        self.horizontalHeader().viewport().update()

    @property
    def sort_key(self) -> str:
        """The column that the rows are sorted by first."""
        return self.order[0][0] if self.order else ""

    @property
    def descending(self) -> bool:
        """Whether the first order begins with the greatest value."""
        return bool(self.order) and self.order[0][1]

    def _on_header_click(self, section: int) -> None:
        key = self.rows.columns[section].sort
        if key:
            shift = Qt.KeyboardModifier.ShiftModifier
            self.sort_by(key, more=bool(QGuiApplication.keyboardModifiers() & shift))

    def sort_by(self, key: str, *, more: bool = False) -> None:
        """Ask for the order by ``key``, again for the other way; ``more``: after those there are."""
        known = dict(self.order)
        descending = key in known and not known[key]
        if not more or (len(self.order) == 1 and key in known):
            descending = key == self.sort_key and not self.descending
            self.set_order(((key, descending),))
        elif key in known:
            self.set_order([(k, descending if k == key else d) for k, d in self.order])
        else:
            self.set_order((*self.order, (key, False)))
        self.order_requested.emit(self.order)

    def column_menu(self) -> QMenu:
        """Return the menu that shows and hides columns."""
        return self._layout.menu()

    def reset_layout(self) -> None:
        """Give every column its declared width, place and visibility, the rows their order."""
        self._layout.reset()

    # --- place ---------------------------------------------------------------------------

    def _remember_place(self) -> None:
        """Keep current row, selection and top row by key until the whole new result is there."""
        if self._held is not None:
            return
        top = self.rowAt(0)
        count = self.selected_count()
        self._held = _Held(
            self.current_id(),
            self.selected_ids() if count <= HELD_LIMIT else [],
            self.rows.id_at(top) if top > 0 else None,
            self.rowViewportPosition(top) if top > 0 else 0,
            everything=count > 1 and count == self.rows.count,
            row=self.currentIndex().row(),
        )

    def _restore_place(self) -> None:
        if self.rows.complete:
            held, self._held = self._held, None
            if held is not None:
                self._restore(held)
            self._show_emptiness()
        if self._wanted is not None:
            self.go_to(self._wanted)
            if self.rows.complete:
                self._wanted = None  # this list does not hold it

    def _restore(self, held: _Held) -> None:
        """Put back what the first page of the new result did not hold."""
        flags = QItemSelectionModel.SelectionFlag
        model = self.selectionModel()
        if held.everything:
            self.selectAll()
        known = set(self.selected_ids()) if self.selected_count() <= HELD_LIMIT else set()
        for key in held.selected:
            position = self.rows.position_of(key) if key not in known else -1
            if position >= 0:
                model.select(self.rows.index(position, 0), flags.Select | flags.Rows)
        if held.current is not None and self.current_id() != held.current:
            position = self.rows.position_of(held.current)
            if position >= 0:
                model.setCurrentIndex(self.rows.index(position, 0), flags.NoUpdate)
            elif self._wanted is None and self.rows.count:  # it has left the list: its neighbour
                row = min(held.row, self.rows.count - 1)
                model.setCurrentIndex(self.rows.index(row, 0), flags.ClearAndSelect | flags.Rows)
        if held.top is not None:
            position = self.rows.position_of(held.top)
            if position >= 0:
                self.verticalScrollBar().setValue(position * row_height() - held.offset)
        self._tell_current()

    def start_over(self) -> None:
        """Forget the place: the next result is another list and begins at its top."""
        self.selectionModel().clear()
        self._held = _Held(None, [], None, 0)
        self._wanted = None
        self.verticalScrollBar().setValue(0)

    def go_to(self, key: int) -> None:
        """Make ``key`` the current record, now or as soon as it is loaded."""
        position = self.rows.position_of(key)
        if position < 0:
            self._wanted = key  # a record just written comes with the next result
            return
        self._wanted = None
        if self._held is not None:  # where the user was before no longer counts
            self._held = _Held(key, [], None, 0)
        index = self.rows.index(position, 0)
        flags = QItemSelectionModel.SelectionFlag  # said: a Shift that is held would select more
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)

    def current_id(self) -> int | None:
        """Return the key of the current record."""
        index = self.currentIndex()
        return self.rows.id_at(index.row()) if index.isValid() else None

    def selected_count(self) -> int:
        """Return how many rows are selected, without asking about each."""
        return sum(part.height() for part in self.selectionModel().selection().toList())

    def selected_ids(self) -> list[int]:
        """Return the keys of the selected rows in order."""
        found: list[int] = []
        for part in self.selectionModel().selection().toList():
            for position in range(part.top(), part.bottom() + 1):
                key = self.rows.id_at(position)
                if key is not None:
                    found.append(key)
        return found

    def chosen(self) -> tuple[list[int] | None, list[int]]:
        """Return the selected keys; ``(None, rest)`` when it is all of a long list but ``rest``."""
        count = self.selected_count()
        if count <= NAMED_LIMIT or not self.rows.complete:
            return self.selected_ids(), []
        ranges = sorted(
            (part.top(), part.bottom()) for part in self.selectionModel().selection().toList()
        )
        rest: list[int] = []
        place = 0
        for top, bottom in [*ranges, (self.rows.count, self.rows.count)]:
            for position in range(place, top):
                key = self.rows.id_at(position)
                if key is not None:
                    rest.append(key)
            place = bottom + 1
        return None, rest

    def _on_selection(self) -> None:
        self.selection_counted.emit(self.selected_count())

    def select_current(self) -> None:
        """Let the current row be the only selected one."""
        index = self.currentIndex()
        if index.isValid():
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().select(index, flags.ClearAndSelect | flags.Rows)
        else:
            self.clearSelection()

    def step(self, by: int) -> None:
        """Move the current row up or down."""
        position = min(max(self.currentIndex().row() + by, 0), self.rows.count - 1)
        if position >= 0:
            self.setCurrentIndex(self.rows.index(position, 0))

    def _on_current(self, _current: QModelIndex, _previous: QModelIndex) -> None:
        if self._held is None or self.rows.complete:
            self._tell_current()

    def _tell_current(self) -> None:
        key = self.current_id()
        if key != self._told:
            self._told = key
            self.current_changed.emit(key)

    # --- states --------------------------------------------------------------------------

    def _on_loading(self, loading: bool) -> None:
        self._progress.run(loading)
        if not loading:
            self._show_emptiness()

    def _show_emptiness(self) -> None:
        self.empty.setVisible(self.rows.complete and self.rows.count == 0)
        self.empty.place()

    # --- copying -------------------------------------------------------------------------

    def shown_columns(self) -> list[tuple[ColumnDef, int]]:
        """Return the visible columns in their order, each with its width."""
        header = self.horizontalHeader()
        order = [header.logicalIndex(place) for place in range(header.count())]
        return [
            (self.rows.columns[place], header.sectionSize(place))
            for place in order
            if not header.isSectionHidden(place)
        ]

    def copy_selection(self) -> None:
        """Put the selected rows on the clipboard as a table for a spreadsheet."""
        columns = [column for column, _width in self.shown_columns()]
        ranges = [(p.top(), p.bottom()) for p in self.selectionModel().selection().toList()]
        QGuiApplication.clipboard().setText(as_table(self.rows, columns, ranges))

    # --- events --------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, open; everything else as usual."""
        self._held = self._wanted = None  # the user has moved on
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selection()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            key = self.current_id()
            if key is not None:
                self.opened.emit(key)
        elif event.text() and not event.modifiers():
            event.ignore()  # single keys belong to the page, there is no type-ahead over ids
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer with the hover ground."""
        self._hover(self.rowAt(int(event.position().y())))
        super().mouseMoveEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the record."""
        key = self.rows.id_at(self.rowAt(int(event.position().y())))
        if key is not None:
            self.opened.emit(key)

    def leaveEvent(self, event: QEvent) -> None:
        """Drop the hover ground."""
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, row: int) -> None:
        if row == self.hovered:
            return
        for changed in (self.hovered, row):
            if changed >= 0:
                top = self.rowViewportPosition(changed)
                self.viewport().update(0, top, self.viewport().width(), row_height())
        self.hovered = row

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep the columns before the page or the window goes."""
        super().hideEvent(event)
        self._layout.flush()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, then the bar of the selected ones and the ring of the current one."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        for part in self.selectionModel().selection().toList():
            top = self.rowViewportPosition(part.top())
            bottom = self.rowViewportPosition(part.bottom()) + row_height() - 1
            painter.fillRect(0, max(top, 0), 3, bottom - max(top, 0), colour("accent"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the overlays in place and drop columns that have no room."""
        super().resizeEvent(event)
        self._layout.drop()
        self._progress.place()
        self.empty.place()
