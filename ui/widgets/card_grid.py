"""Cards in cells: a board with one row of columns, or a matrix of rows and columns.

Arrow keys walk from card to card; Ctrl with an arrow, or the mouse, moves the card to the next
cell. What a move means, and whether it may be, is for the owner: the cards stay where they are
until they are shown anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QDrag, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.theme.tokens import BODY, GAP, RADIUS, SMALL, colour, font, metrics, px
from ui.widgets.labels import label
from ui.widgets.paint import LEFT, RIGHT, draw_focus, draw_icon, rounded, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import (
        QDragEnterEvent,
        QDragLeaveEvent,
        QDropEvent,
        QFocusEvent,
        QKeyEvent,
        QMouseEvent,
        QPaintEvent,
    )

MIME = "application/x-svcdesk-card"
LINES = 2  # of a card's title
PAD = 8
LEAST = 150  # width of a column
STEPS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


@dataclass(frozen=True)
class CardDef:
    """One card; ``foot`` stands left below the title, ``mark`` with its icon right of it."""

    key: int
    column: str
    row: str
    title: str
    foot: str = ""
    mark: str = ""
    icon: str = ""
    ink: str = "text-2"
    tip: str = ""


class _Card(QAbstractButton):
    """A card; it can be dragged."""

    def __init__(self, definition: CardDef, grid: CardGrid) -> None:
        super().__init__(grid)
        self.definition = definition
        self._grid = grid
        self._pressed: QPoint | None = None
        told = (definition.title, definition.foot, definition.mark)
        self.setAccessibleName(", ".join(part for part in told if part))
        self.setToolTip(definition.tip or definition.title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return room for the title and the line below it."""
        lines = LINES * metrics(BODY).height() + metrics(SMALL).height()
        return QSize(px(LEAST) - 2 * PAD, lines + 2 * PAD + 4)

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow column."""
        return QSize(px(80), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw title, foot and mark."""
        del event
        painter, one = QPainter(self), self.definition
        rect = QRectF(self.rect())
        rounded(painter, rect, RADIUS, "surface", "strong" if self.underMouse() else "border")
        inner = rect.adjusted(PAD, PAD, -PAD, -PAD)
        painter.setFont(font(BODY))
        painter.setPen(colour("text"))
        line = metrics(BODY).height()
        lines = wrapped(one.title, inner.width(), BODY)
        if len(lines) > LINES:
            rest = "".join(lines[LINES - 1 :])
            short = metrics(BODY).elidedText(rest, Qt.TextElideMode.ElideRight, int(inner.width()))
            lines = [*lines[: LINES - 1], short]
        for number, text in enumerate(lines):
            top = inner.top() + number * line
            painter.drawText(QRectF(inner.left(), top, inner.width(), line), LEFT, text)
        self._paint_foot(painter, inner)
        if self.hasFocus():
            draw_focus(painter, rect, RADIUS)

    def _paint_foot(self, painter: QPainter, inner: QRectF) -> None:
        one, ruler = self.definition, metrics(SMALL)
        foot = QRectF(inner.left(), inner.bottom() - ruler.height(), inner.width(), ruler.height())
        painter.setFont(font(SMALL))
        taken = 0.0
        if one.mark:
            painter.setPen(colour(one.ink))
            painter.drawText(foot, RIGHT, one.mark)
            taken = ruler.horizontalAdvance(one.mark) + 4.0
            if one.icon:
                taken += px(16)
                draw_icon(painter, one.icon, one.ink, 13, foot.right() - taken + 2,
                          foot.center().y())  # fmt: skip
        painter.setPen(colour("text-2"))
        room = int(foot.width() - taken - 4)
        text = ruler.elidedText(one.foot, Qt.TextElideMode.ElideRight, room)
        painter.drawText(foot, LEFT, text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell the grid."""
        super().focusInEvent(event)
        self._grid.note(self.definition.key)

    # --- moving --------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a drag may begin."""
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin to drag."""
        start, now = self._pressed, event.position().toPoint()
        far = QApplication.startDragDistance()
        if start is None or (now - start).manhattanLength() < far or not self._grid.movable:
            return
        self._pressed = None
        self.setDown(False)
        drag, data = QDrag(self), QMimeData()
        data.setData(MIME, str(self.definition.key).encode())
        drag.setMimeData(data)
        drag.setPixmap(self.grab())
        drag.setHotSpot(start)
        drag.exec(Qt.DropAction.MoveAction)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows, move with Ctrl and an arrow, open with Enter."""
        step = STEPS.get(Qt.Key(event.key()))
        if step is not None:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._grid.push(self.definition, *step)
            else:
                self._grid.walk(self.definition.key, *step)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._grid.opened.emit(self.definition.key)
        else:
            super().keyPressEvent(event)


class _Cell(QFrame):
    """A place for cards; takes a card that is dropped."""

    def __init__(self, grid: CardGrid, column: str, row: str, name: str) -> None:
        super().__init__()
        self._grid, self._column, self._row = grid, column, row
        self._lit = False
        self.setAcceptDrops(True)
        self.setAccessibleName(name)
        self.setMinimumWidth(px(LEAST))
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inner = QWidget()
        self.column = QVBoxLayout(self._inner)
        self.column.setContentsMargins(PAD, PAD, PAD, PAD)
        self.column.setSpacing(GAP)
        self.column.addStretch(1)
        self._area.setWidget(self._inner)
        self._area.viewport().setAutoFillBackground(False)
        self._inner.setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.addWidget(self._area)

    def add(self, card: _Card) -> None:
        """Put a card below the others."""
        self.column.insertWidget(self.column.count() - 1, card)

    def show_card(self, card: _Card) -> None:
        """Scroll to a card."""
        self._area.ensureWidgetVisible(card, 0, GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground, set off while a card hovers over it."""
        del event
        fill, line = ("accent-soft", "accent") if self._lit else ("sunken", "grid")
        rounded(QPainter(self), QRectF(self.rect()), RADIUS, fill, line)

    def _light(self, lit: bool) -> None:
        self._lit = lit
        self.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take cards of the grid."""
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()
            self._light(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Put the light out."""
        self._light(False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for the card to be moved here."""
        self._light(False)
        key = int(bytes(event.mimeData().data(MIME).data()).decode() or 0)
        event.acceptProposedAction()
        self._grid.drop(key, self._column, self._row)


class CardGrid(QWidget):
    """Cells with heads; see the module."""

    opened = Signal(object)  # key: Enter, Space or a click
    moved = Signal(object, str, str)  # key, column and row it is to go to
    current_changed = Signal(object)  # key of the card with the focus

    def __init__(self, *, movable: bool = True) -> None:
        super().__init__()
        self.movable = movable
        self._columns: list[str] = []
        self._rows: list[str] = []
        self._heads: dict[str, tuple[str, QLabel]] = {}
        self._cells: dict[tuple[str, str], _Cell] = {}
        self._cards: dict[int, _Card] = {}
        self._current: int | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(GAP, GAP, GAP, GAP)
        self._grid.setSpacing(GAP)

    def set_shape(
        self, columns: Sequence[tuple[str, str]], rows: Sequence[tuple[str, str]] = (("", ""),),
        tall: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        """Lay out the cells: ``(key, head)`` of the columns and rows; heads of rows may be "".

        A ``tall`` column has one cell over all rows; its cards have the row "".
        """
        while (one := self._grid.takeAt(0)) is not None:
            if widget := one.widget():
                widget.hide()
                widget.deleteLater()
        self._cells, self._cards, self._heads = {}, {}, {}
        self._columns, self._rows = [key for key, _head in columns], [key for key, _h in rows]
        named = any(head for _key, head in rows)
        for across, (key, head) in enumerate(columns):
            told = label(head, "strong")
            self._heads[key] = (head, told)
            self._grid.addWidget(told, 0, across + named)
            self._grid.setColumnStretch(across + named, 1)
        for down, (row, row_head) in enumerate(rows, start=1):
            if named:
                self._grid.addWidget(label(row_head, "strong", wrap=True), down, 0)
            for across, (column, head) in enumerate(columns):
                if column in tall:
                    continue
                name = f"{head} {row_head}".strip()
                cell = self._cells[column, row] = _Cell(self, column, row, name)
                self._grid.addWidget(cell, down, across + named)
            self._grid.setRowStretch(down, 1)
        for across, (column, head) in enumerate(columns):
            if column in tall:
                cell = self._cells[column, ""] = _Cell(self, column, "", head)
                self._grid.addWidget(cell, 1, across + named, len(rows), 1)

    def show_cards(self, cards: Sequence[CardDef]) -> None:
        """Show cards in their cells, in this order; the focus stays with its card."""
        focus = self._current if self.focusWidget() is not None else None
        for old in self._cards.values():
            old.hide()
            old.deleteLater()
        self._cards = {}
        counts: dict[str, int] = dict.fromkeys(self._columns, 0)
        for one in cards:
            cell = self._cells.get((one.column, one.row))
            if cell is None:
                continue
            card = self._cards[one.key] = _Card(one, self)
            card.clicked.connect(lambda _checked=False, key=one.key: self.opened.emit(key))
            cell.add(card)
            counts[one.column] += 1
        for key, (head, told) in self._heads.items():
            told.setText(f"{head}  {counts[key]}" if len(self._rows) == 1 else head)
        if focus in self._cards:
            self._cards[focus].setFocus()

    def keys(self, column: str, row: str = "") -> list[int]:
        """Return the cards of a cell from the top."""
        return [
            card.definition.key for card in self._cards.values()
            if (card.definition.column, card.definition.row) == (column, row)
        ]  # fmt: skip

    def card(self, key: int) -> QWidget:
        """Return the widget of a card."""
        return self._cards[key]

    @property
    def current(self) -> int | None:
        """The card that had the focus last, while it is shown."""
        return self._current if self._current in self._cards else None

    def focus_first(self) -> None:
        """Give the focus to the card that had it, or to the first one."""
        key = self.current if self.current is not None else next(iter(self._cards), None)
        if key is not None:
            self._cards[key].setFocus()

    def walk(self, key: int, across: int, down: int) -> None:
        """Go from a card to the next one: within its cell, then to the cells beside it."""
        one = self._cards[key].definition
        own = self.keys(one.column, one.row)
        place = own.index(key) + down
        if down and 0 <= place < len(own):
            self._focus(own[place])
            return
        column, row = self._place(one)
        while True:
            column, row = column + across, row + down
            beside = self._at(column, row)
            if beside is None or (down and beside == (one.column, one.row)):
                return
            keys = self.keys(*beside)
            if keys:
                self._focus(keys[-1 if down < 0 else min(own.index(key), len(keys) - 1)
                                 if across else 0])  # fmt: skip
                return

    def _focus(self, key: int) -> None:
        card = self._cards[key]
        card.setFocus()
        self._cells[card.definition.column, card.definition.row].show_card(card)

    def push(self, one: CardDef, across: int, down: int) -> None:
        """Ask for a card to be moved to the cell beside it."""
        column, row = self._place(one)
        beside = self._at(column + across, row + down)
        if beside is not None:
            self.drop(one.key, *beside)

    def _place(self, one: CardDef) -> tuple[int, int]:
        """Return column and row of a card; one in a tall cell is in the first row."""
        row = self._rows.index(one.row) if one.row in self._rows else 0
        return self._columns.index(one.column), row

    def _at(self, column: int, row: int) -> tuple[str, str] | None:
        """Return the cell at a place, if there is one."""
        if not (0 <= column < len(self._columns) and 0 <= row < len(self._rows)):
            return None
        key = self._columns[column]
        return (key, self._rows[row]) if (key, self._rows[row]) in self._cells else (key, "")

    def drop(self, key: int, column: str, row: str) -> None:
        """Ask for a card to be moved to a cell."""
        card = self._cards.get(key)
        if card is None or not self.movable:
            return
        if (card.definition.column, card.definition.row) != (column, row):
            self._current = key
            self.moved.emit(key, column, row)

    def note(self, key: int) -> None:
        """Remember which card has the focus."""
        self._current = key
        self.current_changed.emit(key)
