"""Buttons: main, normal and quiet, with icon and key hint."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from ui.theme.tokens import BODY, RADIUS, SMALL, colour, control_height, font, height, metrics, px
from ui.widgets.paint import (
    CENTRE,
    LEFT,
    draw_focus,
    draw_icon,
    draw_key,
    key_width,
    rounded,
)


class Kind(Enum):
    """How much a button stands out; at most one MAIN per area."""

    MAIN = "main"
    NORMAL = "normal"
    QUIET = "quiet"
    LINK = "link"
    DANGER = "danger"


_INK = {
    Kind.MAIN: "on-fill",
    Kind.NORMAL: "text",
    Kind.QUIET: "text-2",
    Kind.LINK: "accent",
    Kind.DANGER: "danger",
}


class Button(QAbstractButton):
    """A button that says what it does; ``key`` shows the shortcut where it is used."""

    def __init__(
        self,
        text: str,
        parent: QWidget | None = None,
        *,
        kind: Kind = Kind.NORMAL,
        icon: str = "",
        key: str = "",
        small: bool = False,
        arrow: bool = False,
    ) -> None:
        super().__init__(parent)
        self.kind = kind
        self._icon = icon
        self._key = key
        self._small = small
        self._arrow = arrow
        self._hover = False
        self.setText(text)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Change the words; the width follows."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def _size(self) -> int:
        return SMALL if self._small else BODY

    def _icon_size(self) -> int:
        return px(14 if self._small else 16)

    def _content_width(self) -> int:
        width = metrics(self._size()).horizontalAdvance(self.text())
        if self._icon:
            width += self._icon_size() + (7 if self.text() else 0)
        if self._key:
            width += key_width(self._key) + 7
        if self._arrow:
            width += px(14) + 4
        return width

    def sizeHint(self) -> QSize:
        """Return the size that fits text, icon and key."""
        tall = height(4, SMALL) if self._small else control_height()
        padding = 4 if self.kind is Kind.LINK else 9 if self._small else 12
        if not self.text() and not self._key:
            padding = (tall - self._icon_size()) // 2
        return QSize(self._content_width() + 2 * padding, tall)

    def minimumSizeHint(self) -> QSize:
        """Return the same size: words of a button are never cut."""
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the hover ground."""
        self._hover = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Drop the hover ground."""
        self._hover = False
        self.update()
        super().leaveEvent(event)

    def _ground(self) -> QColor | None:
        if not self.isEnabled():
            return None if self.kind in {Kind.QUIET, Kind.LINK} else colour("neutral-soft")
        pressed = self.isDown() or self.isChecked()
        if self.kind is Kind.MAIN:
            base = colour("fill")
            return base.darker(112 if pressed else 106) if pressed or self._hover else base
        if pressed:
            return colour("accent-soft") if self.isChecked() else colour("neutral-soft")
        if self._hover and self.kind is not Kind.LINK:
            return colour("hover")
        return colour("surface") if self.kind in {Kind.NORMAL, Kind.DANGER} else None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, outline, focus ring, icon, words and key."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        ground = self._ground()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if ground is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        if self.kind in {Kind.NORMAL, Kind.DANGER}:
            line = "accent" if self.isChecked() else "strong" if self.isEnabled() else "border"
            rounded(painter, rect, RADIUS, "", line)
        if self.hasFocus():
            draw_focus(painter, rect, RADIUS)
            if self.kind is Kind.MAIN:
                rounded(painter, rect.adjusted(2, 2, -2, -2), RADIUS - 2, "", "on-fill")
        self._draw_content(painter, rect)

    def _draw_content(self, painter: QPainter, rect: QRectF) -> None:
        ink = _INK[self.kind] if self.isEnabled() else "text-3"
        if self.isChecked():
            ink = "accent"
        middle = rect.center().y()
        left = rect.left() + (rect.width() - self._content_width()) / 2
        if self._icon:
            draw_icon(painter, self._icon, ink, 14 if self._small else 16, left, middle)
            left += self._icon_size() + 7
        painter.setPen(colour(ink))
        painter.setFont(font(self._size()))
        width = metrics(self._size()).horizontalAdvance(self.text())
        if self.text():
            painter.drawText(QRectF(left, rect.top(), width + 2, rect.height()), LEFT, self.text())
            left += width
        if self._key:
            main = self.kind is Kind.MAIN and self.isEnabled()
            draw_key(painter, self._key, left + 7, middle, on_fill=main)
        if self._arrow:
            draw_icon(painter, "chevron-down", ink, 14, left + 4, middle)


def icon_button(
    icon: str, name: str, *, kind: Kind = Kind.QUIET, small: bool = True
) -> Button:  # fmt: skip
    """Return a button without words; ``name`` tells what it does, to eyes and to screen readers."""
    button = Button("", kind=kind, icon=icon, small=small)
    button.setToolTip(name)
    button.setAccessibleName(name)
    return button


class FieldButton(Button):
    """A button that stands in a form: words at the left and an arrow at the right, as in a list."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent, arrow=True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow column; the words are cut with dots."""
        return QSize(80, self.sizeHint().height())

    def _draw_content(self, painter: QPainter, rect: QRectF) -> None:
        ink = "text" if self.isEnabled() else "text-3"
        room = rect.adjusted(9, 0, -px(14) - 14, 0)
        words = metrics(BODY).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.setPen(colour(ink))
        painter.setFont(font(BODY))
        painter.drawText(room, LEFT, words)
        draw_icon(painter, "chevron-down", ink, 14, rect.right() - px(14) - 5, rect.center().y())


class Segments(QWidget):
    """A few exclusive choices in one outlined row, e.g. month, quarter, half-year."""

    def __init__(
        self, options: list[tuple[str, str]], parent: QWidget | None = None, *, small: bool = False
    ) -> None:
        super().__init__(parent)
        self.group = QButtonGroup(self)
        self._values = [value for value, _label in options]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        for number, (_value, label) in enumerate(options):
            button = _Segment(label, self, last=number == len(options) - 1, small=small)
            self.group.addButton(button, number)
            layout.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.changed = self.group.idClicked

    def value(self) -> str:
        """Return the chosen value, ``""`` while nothing is chosen."""
        number = self.group.checkedId()
        return self._values[number] if number >= 0 else ""

    def set_value(self, value: str) -> None:
        """Choose ``value`` without a signal; ``""`` takes the choice away."""
        if value:
            self.group.button(self._values.index(value)).setChecked(True)
            return
        self.group.setExclusive(False)
        for button in self.group.buttons():
            button.setChecked(False)
        self.group.setExclusive(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the common outline."""
        rounded(QPainter(self), QRectF(self.rect()), RADIUS, "surface", "strong")


class _Segment(QAbstractButton):
    """One choice of :class:`Segments`."""

    def __init__(self, text: str, parent: QWidget, *, last: bool, small: bool) -> None:
        super().__init__(parent)
        self._last = last
        self._type = SMALL if small else BODY
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """Return the size that fits the words in bold."""
        width = metrics(self._type, bold=True).horizontalAdvance(self.text())
        padding = 20 if self._type == BODY else 14
        return QSize(width + padding, height(4, self._type))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the chosen ground, the divider and the words."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self.isChecked():
            rounded(painter, rect, RADIUS - 1, "accent-soft")
        if not self._last:
            painter.fillRect(self.width() - 1, 0, 1, self.height(), colour("border"))
        painter.setPen(colour("accent" if self.isChecked() else "text-2"))
        painter.setFont(font(self._type, bold=self.isChecked()))
        painter.drawText(rect, CENTRE, self.text())
        if self.hasFocus():
            draw_focus(painter, rect, RADIUS - 1)
