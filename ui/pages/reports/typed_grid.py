"""An editable grid: typed cell by cell, pasted and copied as a block, bad cells kept and told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QCompleter,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from svcdesk.i18n.catalog import _
from svcdesk.services.typed_figures import Grid
from ui.models.clipboard import one_cell
from ui.theme.icons import icon
from ui.theme.tokens import colour, px, row_height

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.services.typed_saving import BadCell

Place = tuple[str, str]  # row key, column key
AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
NOTHING = Grid("", "", (), (), {})
DISPLAY, EDIT = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole
NARROW, WIDE = 130, 260
TEXTS = frozenset({"text", "metric"})


class GridModel(QAbstractTableModel):
    """The cells of a grid: as stored, and over them what is typed but not (yet) written."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.grid = NOTHING
        self.waiting: dict[Place, str] = {}
        self.bad: dict[Place, str] = {}  # → sentence

    def show(self, grid: Grid) -> None:
        """Show a grid; what was typed into another one is forgotten."""
        same = (self.grid.kind, self.grid.scope) == (grid.kind, grid.scope)
        if (self.grid.rows, self.grid.columns) == (grid.rows, grid.columns):
            # no reset: it would take the editor away from somebody who goes on typing
            self.grid = grid
        else:
            self.beginResetModel()
            self.grid = grid
            self.endResetModel()
        if not same:
            self.waiting, self.bad = {}, {}
        self._repaint()

    def take(self, written: Mapping[Place, str], bad: Sequence[BadCell]) -> None:
        """Forget what was written; keep what was refused, with its sentence."""
        for place, text in written.items():
            if self.waiting.get(place) == text:
                del self.waiting[place]
            self.bad.pop(place, None)
            self.grid.cells[place] = text
        for cell in bad:
            place = (cell.row, cell.column)
            self.waiting[place] = cell.text
            self.bad[place] = cell.sentence
        self._repaint()

    def _repaint(self) -> None:
        if self.rowCount():
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def place(self, index: AnyIndex) -> Place:
        """Return row and column of a cell."""
        return self.grid.rows[index.row()][0], self.grid.columns[index.column()].key

    def text(self, index: AnyIndex) -> str:
        """Return what a cell shows."""
        place = self.place(index)
        stored = self.grid.cells.get(place, "")
        return self.waiting.get(place, stored)

    def fill(self, texts: Mapping[Place, str]) -> None:
        """Take cells as typed."""
        changed = {
            place: text.strip()
            for place, text in texts.items()
            if text.strip() != self.waiting.get(place, self.grid.cells.get(place, ""))
        }
        if changed:
            self.waiting |= changed
            for place in changed:
                self.bad.pop(place, None)
            self._repaint()
            self.edited.emit()

    # --- Qt ------------------------------------------------------------------------------

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self.grid.rows)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.grid.columns)

    def data(self, index: AnyIndex, role: int = DISPLAY) -> Any:
        """Return text, sign, tooltip and alignment."""
        if not index.isValid():
            return None
        if role in {DISPLAY, EDIT}:
            return self.text(index)
        sentence = self.bad.get(self.place(index))
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole}:
            return sentence
        if role == Qt.ItemDataRole.DecorationRole:
            return icon("circle-alert", "danger") if sentence else None
        if role == Qt.ItemDataRole.BackgroundRole:
            return colour("danger-soft") if sentence else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            text = self.grid.columns[index.column()].kind in TEXTS
            side = Qt.AlignmentFlag.AlignLeft if text else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def setData(self, index: AnyIndex, value: Any, role: int = EDIT) -> bool:
        """Take what was typed into a cell."""
        if role != EDIT or not index.isValid():
            return False
        self.fill({self.place(index): str(value or "")})
        return True

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Every cell can be typed into."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        """Return the names of rows and columns."""
        if role not in {DISPLAY, Qt.ItemDataRole.ToolTipRole}:
            return None
        if orientation == Qt.Orientation.Vertical:
            return self.grid.rows[section][1] if section < len(self.grid.rows) else None
        if section >= len(self.grid.columns):
            return None
        column = self.grid.columns[section]
        return (column.tip or column.label) if role != DISPLAY else column.label


class _Editors(QStyledItemDelegate):
    """A line to type into; names of figures are completed."""

    def __init__(self, view: GridView) -> None:
        super().__init__(view)
        self._view = view

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex
    ) -> QWidget:
        """Return the editor of a cell."""
        del option
        editor = QLineEdit(parent)
        grid = self._view.cells.grid
        if grid.columns[index.column()].kind == "metric":
            completer = QCompleter(self._view.names, editor)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            editor.setCompleter(completer)
        return editor

    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: AnyIndex
    ) -> None:  # fmt: skip
        """Write what was typed."""
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text(), EDIT)


class GridView(QTableView):
    """The grid on the screen: Ctrl+C, Ctrl+V, Delete; typing begins at once."""

    cut_off = Signal(int)  # cells of a paste that had no room

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.cells = GridModel()
        self.names = names
        self.setModel(self.cells)
        self.setItemDelegate(_Editors(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setTabKeyNavigation(True)
        self.setAccessibleName(_("Typed figures"))
        self.verticalHeader().setDefaultSectionSize(row_height())
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        self.horizontalHeader().setHighlightSections(False)
        self.setCornerButtonEnabled(False)

    def show_grid(self, grid: Grid) -> None:
        """Show a grid; the current cell stays where it can."""
        old = self.currentIndex()
        row, column = old.row(), old.column()
        shape = (self.cells.grid.rows, self.cells.grid.columns)
        self.cells.show(grid)
        if shape == (grid.rows, grid.columns):
            return
        for place, definition in enumerate(grid.columns):
            wide = definition.kind in TEXTS
            needed = self.fontMetrics().horizontalAdvance(definition.label) + px(28)
            self.setColumnWidth(place, max(needed, px(WIDE if wide else NARROW)))
        self.go_to(max(row, 0), max(column, 0))

    def go_to(self, row: int, column: int) -> None:
        """Make a cell the current one."""
        index = self.cells.index(row, column)
        if index.isValid():
            self.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )

    def chosen(self) -> list[Place]:
        """Return the selected cells, or the current one."""
        indexes = self.selectedIndexes() or [self.currentIndex()]
        return [self.cells.place(index) for index in indexes if index.isValid()]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, paste, clear; Enter goes down."""
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)  # the editor has it, and closes by itself
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste(QGuiApplication.clipboard().text())
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.cells.fill(dict.fromkeys(self.chosen(), ""))
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.go_to(self.currentIndex().row() + 1, self.currentIndex().column())
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Go down after Enter, as a spreadsheet does."""
        super().closeEditor(editor, hint)
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:
            self.go_to(self.currentIndex().row() + 1, self.currentIndex().column())

    def copy(self) -> None:
        """Put the selected block on the clipboard, tabs between the cells."""
        found = sorted((i.row(), i.column()) for i in self.selectedIndexes())
        lines: dict[int, list[str]] = {}
        for row, column in found:
            lines.setdefault(row, []).append(
                one_cell(self.cells.text(self.cells.index(row, column)))
            )
        text = "\n".join("\t".join(cells) for cells in lines.values())
        QGuiApplication.clipboard().setText(text)

    def paste(self, text: str) -> None:
        """Fill a block from the current cell on; what has no room is told."""
        start = self.currentIndex()
        if not start.isValid() or not text:
            return
        taken: dict[Place, str] = {}
        lost = 0
        for down, line in enumerate(text.rstrip("\r\n").replace("\r\n", "\n").split("\n")):
            for right, cell in enumerate(line.split("\t")):
                index = self.cells.index(start.row() + down, start.column() + right)
                if index.isValid():
                    taken[self.cells.place(index)] = cell
                elif cell.strip():
                    lost += 1
        self.cells.fill(taken)
        if lost:
            self.cut_off.emit(lost)
