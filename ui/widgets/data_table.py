"""The table of every list: a QTableView set up once, painted from row objects.

What is banned here has been measured on a million rows: automatic row heights, ``selectedRows``,
sorting proxies, and a header that asks the selection about each row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QByteArray,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSettings,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QGuiApplication,
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
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from svcdesk.i18n.catalog import _, language
from ui.models.columns import text_for_copy
from ui.theme.tokens import BODY, SMALL, colour, font, height, metrics, row_height
from ui.widgets.empty_state import EmptyState
from ui.widgets.paint import LEFT, RIGHT, draw_icon

if TYPE_CHECKING:
    from ui.models.row_window import AnyIndex, RowWindowModel

PADDING = 8
ICON = 14
COPY_LIMIT = 20_000  # rows; more belongs into an export
SELECTED = QStyle.StateFlag.State_Selected


class CellDelegate(QStyledItemDelegate):
    """Paints a cell straight from the row object: one Python call a cell instead of seven."""

    def __init__(self, table: DataTable) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw ground, hairline, icon and text of one cell."""
        rect: QRect = option.rect
        row = index.row()
        table = self._table
        selected = bool(option.state & SELECTED)
        if selected:
            painter.fillRect(rect, colour("selected"))
        elif row == table.hovered:
            painter.fillRect(rect, colour("hover"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, colour("grid"))
        cell = table.rows.cell(row, index.column())
        if cell is None:
            return
        left, right = rect.left() + PADDING, rect.right() - PADDING
        column = table.rows.columns[index.column()]
        if cell.icon:
            ink = cell.icon_colour or cell.colour
            width = 0
            if column.right:
                width = metrics(BODY, bold=cell.bold).horizontalAdvance(cell.text) + ICON + 5
            start = right - width if column.right else left
            draw_icon(painter, cell.icon, ink, ICON, start, rect.center().y())
            left += ICON + 5
        ink = "text-2" if selected and cell.colour == "text-3" else cell.colour
        painter.setPen(colour(ink))
        painter.setFont(font(BODY, bold=cell.bold))
        text = cell.text
        room = right - left
        measure = metrics(BODY, bold=cell.bold)
        if column.elide and measure.horizontalAdvance(text) > room:
            text = measure.elidedText(text, Qt.TextElideMode.ElideRight, room)
        area = QRect(left, rect.top(), max(room, 0), rect.height() - 1)
        painter.drawText(area, RIGHT if column.right else LEFT, text)

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Return the fixed height; widths come from the columns."""
        return QSize(80, row_height())


class _Header(QHeaderView):
    """The header row: the sorted column is bold and carries an arrow."""

    def __init__(self, table: DataTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(36)
        self.setFixedHeight(height(4, SMALL) + 2)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803
        """Draw one label."""
        column = self._table.rows.columns[logicalIndex]
        sorted_now = bool(column.sort) and column.sort == self._table.sort_key
        painter.save()
        painter.fillRect(rect, colour("sunken"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, colour("border"))
        painter.setFont(font(SMALL, bold=sorted_now))
        painter.setPen(colour("text" if sorted_now else "text-2"))
        area = rect.adjusted(PADDING, 0, -PADDING, -1)
        measure = metrics(SMALL, bold=sorted_now)
        arrow = 16 if sorted_now else 0
        if column.right:
            area.setRight(area.right() - arrow)
        text = measure.elidedText(column.label, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, RIGHT if column.right else LEFT, text)
        if sorted_now:
            name = "arrow-down" if self._table.descending else "arrow-up"
            left = (
                area.right() + 3
                if column.right
                else area.left() + measure.horizontalAdvance(text) + 4
            )
            draw_icon(painter, name, "text", 13, left, rect.center().y())
        painter.restore()


class DataTable(QTableView):
    """A list of records with remembered layout, copying for spreadsheets and an empty state."""

    opened = Signal(object)  # key of the record: Enter or double click
    current_changed = Signal(object)  # key of the current record or None
    sort_requested = Signal(str, bool)  # sort key, descending
    menu_requested = Signal(QPoint)

    def __init__(self, model: RowWindowModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self.name = name
        self.hovered = -1
        self.sort_key = ""
        self.descending = False
        self._top: int | None = None
        self._offset = 0
        self._dropped: set[int] = set()
        self._wanted: int | None = None
        self._progress = _ProgressLine(self)
        self.empty = EmptyState(self.viewport())
        self.empty.hide()
        self._set_up_view()
        self.setModel(model)
        self._set_up_header()
        model.about_to_swap.connect(self._remember_place)
        model.swapped.connect(self._restore_place)
        model.loading_changed.connect(self._on_loading)
        self.selectionModel().currentRowChanged.connect(self._on_current)

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
        header = _Header(self)
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
            header.resizeSection(place, column.width)
            header.setSectionHidden(place, column.hidden)
        header.sectionClicked.connect(self._on_header_click)
        header.customContextMenuRequested.connect(self._on_header_menu)
        self._restore_layout()
        header.sectionMoved.connect(self._save_layout)
        header.sectionResized.connect(self._save_layout)

    # --- sorting and columns -------------------------------------------------------------

    def set_sort(self, key: str, *, descending: bool) -> None:
        """Show by which column the rows are sorted."""
        self.sort_key = key
        self.descending = descending
        self.horizontalHeader().viewport().update()

    def _on_header_click(self, section: int) -> None:
        key = self.rows.columns[section].sort
        if key:
            descending = key == self.sort_key and not self.descending
            self.set_sort(key, descending=descending)
            self.sort_requested.emit(key, descending)

    def column_menu(self) -> QMenu:
        """Return the menu that shows and hides columns."""
        menu = QMenu(self)
        header = self.horizontalHeader()
        for place, column in enumerate(self.rows.columns):
            action = QAction(column.label, menu)
            action.setCheckable(True)
            action.setChecked(not header.isSectionHidden(place))
            action.setEnabled(not column.stretch)
            action.setData(place)
            action.toggled.connect(self._on_column_toggled)
            menu.addAction(action)
        menu.addSeparator()
        reset = QAction(_("Reset columns"), menu)
        reset.triggered.connect(self.reset_layout)
        menu.addAction(reset)
        return menu

    def _on_column_toggled(self, shown: bool) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.horizontalHeader().setSectionHidden(int(action.data()), not shown)
            self._save_layout()

    def _on_header_menu(self, place: QPoint) -> None:
        menu = self.column_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.horizontalHeader().mapToGlobal(place))

    def _settings_key(self) -> str:
        return f"tables/{self.name}/{language()}/{len(self.rows.columns)}"

    def _save_layout(self) -> None:
        if not self._dropped:
            QSettings().setValue(self._settings_key(), self.horizontalHeader().saveState())

    def _restore_layout(self) -> None:
        state = QSettings().value(self._settings_key())
        if isinstance(state, QByteArray):
            self.horizontalHeader().restoreState(state)

    def reset_layout(self) -> None:
        """Give every column its declared width, place and visibility."""
        QSettings().remove(self._settings_key())
        header = self.horizontalHeader()
        for place, column in enumerate(self.rows.columns):
            header.moveSection(header.visualIndex(place), place)
            header.resizeSection(place, column.width)
            header.setSectionHidden(place, column.hidden)

    def _drop_columns(self) -> None:
        """Hide columns in their declared order while the stretched one has no room."""
        header = self.horizontalHeader()
        order = sorted(
            (-column.drop, place) for place, column in enumerate(self.rows.columns) if column.drop
        )
        for place in self._dropped:
            header.setSectionHidden(place, False)
        self._dropped.clear()
        room = self.viewport().width()
        for _rank, place in order:
            if self._needed_width() <= room:
                break
            if not header.isSectionHidden(place):
                self._dropped.add(place)
                header.setSectionHidden(place, True)

    def _needed_width(self) -> int:
        header = self.horizontalHeader()
        return sum(
            column.width if column.stretch else header.sectionSize(place)
            for place, column in enumerate(self.rows.columns)
            if not header.isSectionHidden(place)
        )

    # --- place ---------------------------------------------------------------------------

    def _remember_place(self) -> None:
        top = self.rowAt(0)
        self._top = self.rows.id_at(top) if top > 0 else None
        self._offset = self.rowViewportPosition(top) if top > 0 else 0

    def _restore_place(self) -> None:
        if self._top is not None:
            position = self.rows.position_of(self._top)
            if position >= 0:
                self.verticalScrollBar().setValue(position * row_height() - self._offset)
        self._show_emptiness()
        if self._wanted is not None:
            self.go_to(self._wanted)

    def go_to(self, key: int) -> None:
        """Make ``key`` the current record, now or as soon as it is loaded."""
        position = self.rows.position_of(key)
        if position < 0:
            self._wanted = None if self.rows.complete else key
            return
        self._wanted = None
        index = self.rows.index(position, 0)
        self.setCurrentIndex(index)
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

    def step(self, by: int) -> None:
        """Move the current row up or down."""
        position = min(max(self.currentIndex().row() + by, 0), self.rows.count - 1)
        if position >= 0:
            self.setCurrentIndex(self.rows.index(position, 0))

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.current_changed.emit(self.rows.id_at(current.row()) if current.isValid() else None)

    # --- states --------------------------------------------------------------------------

    def _on_loading(self, loading: bool) -> None:
        self._progress.run(loading)
        if not loading:
            self._show_emptiness()

    def _show_emptiness(self) -> None:
        self.empty.setVisible(self.rows.complete and self.rows.count == 0)
        self.empty.place()

    # --- copying -------------------------------------------------------------------------

    def copy_selection(self) -> None:
        """Put the selected rows on the clipboard as a table for a spreadsheet."""
        header = self.horizontalHeader()
        shown = [
            header.logicalIndex(place)
            for place in range(header.count())
            if not header.isSectionHidden(header.logicalIndex(place))
        ]
        columns = [self.rows.columns[place] for place in shown]
        lines = ["\t".join(column.label for column in columns)]
        for part in self.selectionModel().selection().toList():
            for position in range(part.top(), min(part.bottom() + 1, part.top() + COPY_LIMIT)):
                row = self.rows.row_at(position)
                if row is not None:
                    lines.append("\t".join(_one_line(text_for_copy(c, row)) for c in columns))
        QGuiApplication.clipboard().setText("\n".join(lines))

    # --- events --------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, open; everything else as usual."""
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
        self._drop_columns()
        self._progress.place()
        self.empty.place()


class _ProgressLine(QWidget):
    """The thin line under the header while a query runs; appears after 150 ms."""

    def __init__(self, table: DataTable) -> None:
        super().__init__(table)
        self._table = table
        self._step = 0
        self._timer = QTimer(self)
        self._timer.setInterval(60)
        self._timer.timeout.connect(self._advance)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(150)
        self._delay.timeout.connect(self._appear)
        self.hide()

    def run(self, on: bool) -> None:
        """Start or stop."""
        if on:
            self._delay.start()
        else:
            self._delay.stop()
            self._timer.stop()
            self.hide()

    def place(self) -> None:
        """Lie on the lower edge of the header."""
        top = self._table.horizontalHeader().height() - 1
        self.setGeometry(0, top, self._table.width(), 2)

    def _appear(self) -> None:
        self.place()
        self.show()
        self.raise_()
        self._timer.start()

    def _advance(self) -> None:
        self._step = (self._step + 4) % 100
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a moving quarter."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("accent-soft"))
        width = self.width() / 4
        left = (self.width() + width) * self._step / 100 - width
        painter.fillRect(QRectF(left, 0, width, 2), colour("accent"))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def sample_rows(model: RowWindowModel, limit: int) -> list[Any]:
    """Return up to ``limit`` row objects from the top (for tests and screenshots)."""
    return [model.row_at(place) for place in range(min(limit, model.count))]
