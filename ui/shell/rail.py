"""The navigation rail: pages with their open counts, settings and the acting person below."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from ui.theme.tokens import BODY, RADIUS, SMALL, colour, font, height, metrics, px
from ui.widgets.labels import divider
from ui.widgets.paint import LEFT, RIGHT, draw_focus, draw_icon, rounded

WIDE = 136


@dataclass(frozen=True)
class Place:
    """One entry of the rail."""

    key: str
    label: str
    icon: str


class RailItem(QAbstractButton):
    """Icon, label and count."""

    def __init__(self, place: Place, parent: QWidget) -> None:
        super().__init__(parent)
        self.place = place
        self._count: int | None = None
        self.narrow = False
        self.setCheckable(True)
        self.setText(place.label)
        self.setAccessibleName(place.label)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def set_count(self, count: int | None) -> None:
        """Show the number of open items."""
        self._count = count
        text = self.place.label if count is None else f"{self.place.label} {count:,}"
        self.setAccessibleName(text)
        self.setToolTip(text if self.narrow else "")
        self.update()

    def set_narrow(self, *, narrow: bool) -> None:
        """Show the icon only."""
        self.narrow = narrow
        self.set_count(self._count)

    def sizeHint(self) -> QSize:
        """Return the size of one item."""
        return QSize(px(40) if self.narrow else 120, height(7) + 1)

    def minimumSizeHint(self) -> QSize:
        """Allow items to move together in a low window with large text."""
        return QSize(px(40) if self.narrow else 120, height(2) + 1)

    def needed_width(self) -> int:
        """Return the width at which label and a count of three digits fit."""
        return px(27) + 8 + metrics(BODY, bold=True).horizontalAdvance(self.text()) + px(42)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the item."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        active = self.isChecked()
        if active:
            rounded(painter, rect, RADIUS, "surface", "border")
            painter.fillRect(QRectF(0, 8, 3, rect.height() - 16), colour("accent"))
        elif self.underMouse():
            rounded(painter, rect, RADIUS, "hover")
        if self.hasFocus():
            draw_focus(painter, rect.adjusted(1, 1, -1, -1), RADIUS)
        middle = rect.center().y()
        left = (rect.width() - px(18)) / 2 if self.narrow else 8.0
        draw_icon(painter, self.place.icon, "accent" if active else "text-2", 18, left, middle)
        if self.narrow:
            return
        painter.setFont(font(BODY, bold=active))
        painter.setPen(colour("text" if active else "text-2"))
        room = rect.width() - px(27) - 16
        label = metrics(BODY, bold=active).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, int(room - (px(24) if self._count else 0))
        )
        painter.drawText(QRectF(px(27) + 8, 0, room, rect.height()), LEFT, label)
        if self._count:
            painter.setFont(font(SMALL))
            painter.setPen(colour("text-3"))
            painter.drawText(rect.adjusted(0, 0, -9, 0), RIGHT, f"{self._count:,}")


class _PersonButton(QAbstractButton):
    """The acting person and role; opens the list of people."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = ""
        self._role = ""
        self.narrow = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_person(self, name: str, role: str) -> None:
        """Show who acts."""
        self._name, self._role = name, role
        self.setAccessibleName(f"{name} {role}")
        self.setToolTip(f"{name} {role}")
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of two lines."""
        return QSize(px(40), metrics(BODY).height() + metrics(SMALL).height() + 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the person."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self.underMouse():
            rounded(painter, rect, RADIUS, "hover")
        if self.hasFocus():
            draw_focus(painter, rect.adjusted(1, 1, -1, -1), RADIUS)
        left = (rect.width() - px(18)) / 2 if self.narrow else 8.0
        draw_icon(painter, "circle-user", "text-2", 18, left, rect.center().y())
        if self.narrow:
            return
        room = int(rect.width() - px(28) - 12)
        half = rect.height() / 2
        painter.setFont(font(BODY))
        painter.setPen(colour("text"))
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(
            QRectF(px(28) + 8, 3, room, half),
            LEFT,
            metrics(BODY).elidedText(self._name, elide, room),
        )
        painter.setFont(font(SMALL))
        painter.setPen(colour("text-3"))
        painter.drawText(
            QRectF(px(28) + 8, half, room, half - 3),
            LEFT,
            metrics(SMALL).elidedText(self._role, elide, room),
        )


class Rail(QFrame):
    """The left edge of the window."""

    chosen = Signal(str)
    person_clicked = Signal()

    def __init__(self, places: list[Place], below: list[Place]) -> None:
        super().__init__()
        self.setProperty("box", "rail")
        self.setProperty("line", "right")
        self._items: dict[str, RailItem] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 6)
        column.setSpacing(3)
        for place in places:
            column.addWidget(self._item(place))
        column.addStretch(1)
        for place in below:
            column.addWidget(self._item(place))
        self._line = divider()
        column.addWidget(self._line)
        self.person = _PersonButton(self)
        self.person.clicked.connect(self.person_clicked)
        column.addWidget(self.person)
        self.setFixedWidth(px(WIDE))

    def _item(self, place: Place) -> RailItem:
        item = RailItem(place, self)
        item.clicked.connect(self._on_clicked)
        self._items[place.key] = item
        return item

    def _on_clicked(self) -> None:
        item = self.sender()
        if isinstance(item, RailItem):
            item.setChecked(True)
            self.chosen.emit(item.place.key)

    def choose(self, key: str) -> None:
        """Mark the active page."""
        for name, item in self._items.items():
            item.setChecked(name == key)

    def set_count(self, key: str, count: int | None) -> None:
        """Show the open items of a page."""
        if key in self._items:
            self._items[key].set_count(count)

    def set_width(self, *, narrow: bool, wide: bool = False) -> None:
        """Collapse to icons, or use the room of a wide window."""
        need = max(item.needed_width() for item in self._items.values()) + 16
        self.setFixedWidth(8 + px(40) if narrow else max(px(160 if wide else WIDE), need))
        margin = 4 if narrow else 8
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(margin, 8, margin, 6)
        for item in self._items.values():
            item.set_narrow(narrow=narrow)
        self.person.narrow = narrow
        self.person.update()
