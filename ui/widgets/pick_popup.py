"""A small searchable list over a page: type, choose with arrows, Enter or a digit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from svcdesk.i18n.catalog import _
from ui.theme.tokens import BODY, GAP, SMALL, colour, control_height, font, height, metrics
from ui.widgets.labels import label
from ui.widgets.paint import LEFT, draw_icon, draw_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem

ENTRY = Qt.ItemDataRole.UserRole
KEY = Qt.ItemDataRole.UserRole + 1
WIDTH = 420
ROWS = 8
DIGITS = 9
SIGN = 22  # room for an icon or a key before the words


@dataclass(frozen=True)
class Entry:
    """What one line offers; ``refused`` says why it cannot be chosen; ``words`` are found too."""

    value: Any
    text: str
    more: str = ""
    icon: str = ""
    refused: str = ""
    words: str = ""

    def fits(self, words: str) -> bool:
        """Tell whether every word occurs in the line."""
        searched = f"{self.text} {self.more} {self.words}".casefold()
        return all(word in searched for word in words.casefold().split())


class _Lines(QStyledItemDelegate):
    """Draws key or icon, the name, and below it what it does."""

    def sizeHint(
        self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return one or two lines."""
        entry: Entry = index.data(ENTRY)
        return QSize(WIDTH, height(4) + (metrics(SMALL).height() if entry.more else 0))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one line."""
        entry: Entry = index.data(ENTRY)
        key = str(index.data(KEY) or "")
        list_widget = self.parent()
        current = isinstance(list_widget, QListWidget) and list_widget.currentIndex() == index
        shown: Any = option
        rect = QRect(shown.rect)
        painter.save()
        if current:
            painter.fillRect(rect, colour("accent-soft"))
        top = QRectF(rect.left() + GAP, rect.top(), rect.width() - 2 * GAP, height(4))
        middle = top.center().y()
        if key:
            draw_key(painter, key, top.left(), middle, on_fill=False)
        elif entry.icon:
            draw_icon(painter, entry.icon, "text-2", 15, top.left(), middle)
        words = top.adjusted(SIGN, 0, 0, 0)
        if entry.refused:
            draw_icon(painter, "ban", "text-3", 14, words.left(), middle)
            words = words.adjusted(SIGN, 0, 0, 0)
        painter.setFont(font(BODY))
        painter.setPen(colour("text-3" if entry.refused else "text"))
        painter.drawText(words, LEFT, _cut(entry.text, BODY, words.width()))
        if entry.more:
            below = QRectF(top.left() + SIGN, top.bottom() - 4, top.width() - SIGN,
                           metrics(SMALL).height())  # fmt: skip
            painter.setFont(font(SMALL))
            painter.setPen(colour("text-2"))
            painter.drawText(below, LEFT, _cut(entry.more, SMALL, below.width()))
        painter.restore()


def _cut(text: str, size: int, width: float) -> str:
    line = " ".join(text.split())
    return metrics(size).elidedText(line, Qt.TextElideMode.ElideRight, int(width))


class PickList(QListWidget):
    """The lines; narrowed to words, current one moved by keys that others hand over."""

    def __init__(self, *, digits: bool = False) -> None:
        super().__init__()
        self._digits = digits
        self._entries: list[Entry] = []
        self.setItemDelegate(_Lines(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(False)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Offer ``entries``; the first nine have digits while all are shown."""
        self._entries = list(entries)
        self.clear()
        for place, entry in enumerate(self._entries):
            item = QListWidgetItem()
            item.setData(ENTRY, entry)
            if self._digits and place < DIGITS:
                item.setData(KEY, str(place + 1))
            spoken = ". ".join(p for p in (entry.text, entry.more, entry.refused) if p)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
            self.addItem(item)
        self.setCurrentRow(0)

    def fit(self, rows: int = ROWS) -> None:
        """Be as high as the lines, ``rows`` of them at most."""
        tall = [self.sizeHintForRow(row) for row in range(min(self.count(), rows))]
        self.setFixedHeight(sum(tall) + 6)

    def entry(self) -> Entry | None:
        """Return the current line."""
        item = self.currentItem()
        found: Entry | None = item.data(ENTRY) if item is not None else None
        return found

    def at(self, place: int) -> Entry | None:
        """Return a line by its place."""
        return self._entries[place] if 0 <= place < len(self._entries) else None

    def go(self, step: int) -> None:
        """Go ``step`` lines on, over the ends."""
        if self.count():
            self.setCurrentRow((self.currentRow() + step) % self.count())


class PickPopup(QFrame):
    """Search line, lines, a sentence about the current one."""

    picked = Signal(object)

    def __init__(self, hint: str, entries: Sequence[Entry], *, digits: bool = False,
                 nothing: str = "") -> None:  # fmt: skip
        super().__init__(None, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("box", "card")
        self.setAccessibleName(hint)
        self._all = list(entries)
        self._digits = digits
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(6)
        self.search = QLineEdit()
        self.search.setPlaceholderText(hint)
        self.search.setAccessibleName(hint)
        self.search.setMinimumHeight(control_height())
        self.search.textChanged.connect(self._narrow)
        self.search.installEventFilter(self)
        column.addWidget(self.search)
        self.list = PickList(digits=digits)
        self.list.itemClicked.connect(self._on_clicked)
        self.list.currentRowChanged.connect(self._tell)
        column.addWidget(self.list)
        self._told = label("", "small", "2", wrap=True)
        column.addWidget(self._told)
        self._nothing = nothing or _("Nothing found.")
        self.setFixedWidth(WIDTH)
        self._narrow("")

    @property
    def told(self) -> str:
        """The sentence below the lines."""
        return self._told.text()

    def open_under(self, widget: QWidget) -> None:
        """Show the popup below ``widget``, above it when there is no room."""
        self.adjustSize()
        place = widget.mapToGlobal(QPoint(0, widget.height() + 3))
        screen = widget.screen().availableGeometry()
        place.setX(max(min(place.x(), screen.right() - self.width()), screen.left()))
        if place.y() + self.height() > screen.bottom():
            place.setY(widget.mapToGlobal(QPoint(0, -self.height() - 3)).y())
        self.move(place)
        self.show()
        self.search.setFocus()

    def _narrow(self, words: str) -> None:
        found = [entry for entry in self._all if entry.fits(words)]
        self.list.show_entries(found)
        self.list.fit()
        self.list.setVisible(bool(found))
        self._tell()
        self.adjustSize()

    def _tell(self) -> None:
        entry = self.list.entry()
        text = self._nothing if entry is None else entry.refused or entry.more
        self._told.setText(text)
        self._told.setProperty("tone", "danger" if entry is not None and entry.refused else "2")
        self._told.style().unpolish(self._told)
        self._told.style().polish(self._told)
        self._told.setVisible(bool(text))

    def _take(self, entry: Entry | None) -> None:
        """Choose a line; one that is refused stays, with its sentence."""
        if entry is None:
            return
        if entry.refused:
            for row in range(self.list.count()):
                if self.list.at(row) is entry:
                    self.list.setCurrentRow(row)
            self._tell()
            return
        self.picked.emit(entry.value)
        self.close()

    def _on_clicked(self, _item: QListWidgetItem) -> None:
        self._take(self.list.entry())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move, Enter chooses, a digit chooses while nothing is searched for."""
        if (
            watched is self.search
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
        ):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step:
                self.list.go(step)
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._take(self.list.entry())
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close()
                return True
            text = event.text()
            if self._digits and not self.search.text() and text in set("123456789"):
                self._take(self.list.at(int(text) - 1))
                return True
        return super().eventFilter(watched, event)
