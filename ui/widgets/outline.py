"""An outline that is written with the keyboard: Enter goes on, Tab goes deeper.

Not editing: Enter adds a row, Tab and Shift+Tab move it deeper and higher, Space marks it, Delete
takes it away, F2 or typing edits, Esc leaves the outline. Editing: Enter and Tab go to the next
cell, Esc gives the change up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from ui.theme.icons import icon
from ui.theme.tokens import font, px

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

ROLE = Qt.ItemDataRole.UserRole
HINT = QAbstractItemDelegate.EndEditHint


@dataclass
class Line:
    """One row: its depth, its texts by column, what else belongs to it; a fixed one stays."""

    depth: int
    texts: list[str]
    extra: dict[str, Any] = field(default_factory=dict)
    fixed: bool = False


class Outline(QTreeWidget):
    """Rows with a depth; ``deeper``: a new row stands below the present one, not beside it."""

    edited = Signal()
    row_changed = Signal()  # another row is the present one
    marked = Signal()  # Space

    def __init__(self, headers: Sequence[str], *, deeper: bool, deepest: int) -> None:
        super().__init__()
        self._deeper, self._deepest = deeper, deepest
        self._filling = False
        self.setHeaderLabels(list(headers))
        self.setColumnCount(len(headers))
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setIndentation(px(14))
        self.setWordWrap(True)
        self.setUniformRowHeights(False)
        self.setItemsExpandable(False)
        self.setRootIsDecorated(False)
        header = self.header()
        header.setStretchLastSection(False)
        for column in range(len(headers)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.itemChanged.connect(self._on_changed)
        self.currentItemChanged.connect(self._on_current)

    # --- content -------------------------------------------------------------------------

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show other rows; the present place stays where it can."""
        place = self.place()
        self._filling = True
        self.clear()
        path: list[QTreeWidgetItem] = []
        for line in lines:
            item = self._made(line)
            del path[line.depth :]
            if path:
                path[-1].addChild(item)
            else:
                self.addTopLevelItem(item)
            path.append(item)
        self.expandAll()
        self._filling = False
        items = self.items_()
        if items:
            self.setCurrentItem(items[min(max(place, 0), len(items) - 1)])
        self.row_changed.emit()

    def _made(self, line: Line) -> QTreeWidgetItem:
        item = QTreeWidgetItem(line.texts)
        item.setData(0, ROLE, {"fixed": line.fixed, **line.extra})
        if not line.fixed:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        for column, text in enumerate(line.texts):
            item.setToolTip(column, text)
        return item

    def items_(self) -> list[QTreeWidgetItem]:
        """Return all rows from top to bottom."""
        found: list[QTreeWidgetItem] = []

        def walk(item: QTreeWidgetItem | None) -> None:
            if item is None:
                return
            found.append(item)
            for place in range(item.childCount()):
                walk(item.child(place))

        for place in range(self.topLevelItemCount()):
            walk(self.topLevelItem(place))
        return found

    def lines(self) -> list[Line]:
        """Return the rows as they are now."""
        found = []
        for item in self.items_():
            extra = dict(item.data(0, ROLE))
            fixed = bool(extra.pop("fixed"))
            texts = [item.text(column).strip() for column in range(self.columnCount())]
            found.append(Line(_depth(item), texts, extra, fixed))
        return found

    def place(self) -> int:
        """Return the place of the present row, -1 for none."""
        current = self.currentItem()
        items = self.items_()
        return items.index(current) if current in items else -1

    def set_extra(self, place: int, **values: Any) -> None:
        """Change what belongs to a row beside its texts."""
        item = self.items_()[place]
        self._filling = True
        item.setData(0, ROLE, {**item.data(0, ROLE), **values})
        self._filling = False

    def write(self, place: int, column: int, text: str) -> None:
        """Put a text into a cell, as if it had been typed."""
        self.items_()[place].setText(column, text)

    def show_marks(self, marks: Sequence[bool]) -> None:
        """Set rows off: with a sign and in bold."""
        self._filling = True
        for item, marked in zip(self.items_(), marks, strict=True):
            item.setIcon(0, icon("target", "accent") if marked else QIcon())
            for column in range(self.columnCount()):
                item.setFont(column, font(bold=marked or self._is_fixed(item)))
        self._filling = False

    # --- keys ----------------------------------------------------------------------------

    def add(self, texts: Sequence[str] = ()) -> None:
        """Add a row after the present one and edit its first empty cell."""
        current: QTreeWidgetItem | None = self.currentItem()
        blank = [*texts, *([""] * self.columnCount())][: self.columnCount()]
        item = self._made(Line(0, blank))
        self._filling = True
        parent = current.parent() if current is not None else None
        if current is not None and (self._deeper or self._is_fixed(current)):
            current.insertChild(0 if self._is_fixed(current) else current.childCount(), item)
        elif current is not None and parent is not None:
            parent.insertChild(parent.indexOfChild(current) + 1, item)
        else:
            self.insertTopLevelItem(self.topLevelItemCount(), item)
        self.expandAll()
        self._filling = False
        empty = next((c for c, text in enumerate(blank) if not text), 0)
        self.setCurrentItem(item, empty)
        self.editItem(item, empty)

    def shift(self, by: int) -> None:
        """Move the present row with all below it deeper (1) or higher (-1)."""
        item = self.currentItem()
        if item is None or self._is_fixed(item):
            return
        parent = item.parent()
        siblings = parent if parent is not None else self.invisibleRootItem()
        place = siblings.indexOfChild(item)
        target: QTreeWidgetItem | None
        if by > 0:
            target = siblings.child(place - 1) if place else None
            if target is None or _depth(item) + _tall(item) > self._deepest:
                return
            at = target.childCount()
        else:
            if parent is None or self._is_fixed(parent):
                return
            above = parent.parent()
            target = above if above is not None else self.invisibleRootItem()
            at = target.indexOfChild(parent) + 1
        self._filling = True
        siblings.takeChild(place)
        target.insertChild(at, item)
        self.expandAll()
        self.setCurrentItem(item)
        self._filling = False
        self.edited.emit()

    def remove(self) -> None:
        """Take the present row away; what stands below it moves up."""
        item = self.currentItem()
        if item is None or self._is_fixed(item):
            return
        parent = item.parent()
        siblings = parent if parent is not None else self.invisibleRootItem()
        place = siblings.indexOfChild(item)
        self._filling = True
        siblings.takeChild(place)
        for offset, child in enumerate(item.takeChildren()):
            siblings.insertChild(place + offset, child)
        self.expandAll()
        self._filling = False
        self.edited.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Write with the keyboard."""
        if self.writing:
            event.ignore()  # of the editor, which has taken it already
            return
        key = event.key()
        plain = not event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        )
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and plain:
            self.wanted()
        elif key == Qt.Key.Key_Space and plain:
            self.marked.emit()
        elif key == Qt.Key.Key_Delete and plain:
            self.remove()
        elif key == Qt.Key.Key_Escape:
            self.focusNextPrevChild(True)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Take Tab before it moves the focus."""
        if event.type() == event.Type.KeyPress and self.currentItem() is not None:
            key = getattr(event, "key")()  # noqa: B009 - a key event, which the stubs cannot know
            if key in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
                self.shift(1 if key == Qt.Key.Key_Tab else -1)
                return True
        return super().event(event)

    @property
    def writing(self) -> bool:
        """Whether a cell is being edited."""
        return self.state() is QAbstractItemView.State.EditingState

    def wanted(self) -> None:
        """Add a row, as Enter does; an outline that proposes texts does it here."""
        self.add()

    def edit(self, index: Any, trigger: Any = None, event: Any = None) -> Any:
        """Edit a cell unless its row is fixed."""
        if trigger is None:
            super().edit(index)
            return None
        return super().edit(index, trigger, event)

    def closeEditor(self, editor: QWidget, hint: HINT) -> None:
        """Go to the next cell after Enter or Tab."""
        on = hint in {HINT.SubmitModelCache, HINT.EditNextItem}
        index: QModelIndex | QPersistentModelIndex = self.currentIndex()
        super().closeEditor(editor, HINT.NoHint if on else hint)
        if on and index.isValid() and index.column() + 1 < self.columnCount():
            item = self.currentItem()
            if item is not None and not item.text(index.column() + 1):
                self.setCurrentItem(item, index.column() + 1)
                self.editItem(item, index.column() + 1)

    def _is_fixed(self, item: QTreeWidgetItem) -> bool:
        return bool(item.data(0, ROLE)["fixed"])

    def _on_changed(self, item: QTreeWidgetItem, column: int) -> None:
        if not self._filling:
            self._filling = True
            item.setToolTip(column, item.text(column))
            self._filling = False
            self.edited.emit()

    def _on_current(self) -> None:
        if not self._filling:
            self.row_changed.emit()


def _depth(item: QTreeWidgetItem) -> int:
    depth, parent = 0, item.parent()
    while parent is not None:
        depth, parent = depth + 1, parent.parent()
    return depth


def _tall(item: QTreeWidgetItem | None) -> int:
    if item is None:
        return 0
    return 1 + max((_tall(item.child(place)) for place in range(item.childCount())), default=0)
