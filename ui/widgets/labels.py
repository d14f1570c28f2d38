"""Small texts: labels by role, tags, key hints, elided labels, dividers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from ui.theme.icons import pixmap
from ui.theme.tokens import RADIUS_TAG, SMALL, colour, font, px, tag_height
from ui.widgets.paint import LEFT, draw_icon, draw_key, key_width, rounded, tag_width


def label(
    text: str = "",
    kind: str = "",
    tone: str = "",
    *,
    wrap: bool = False,
    selectable: bool = False,
    parent: QWidget | None = None,
) -> QLabel:
    """Return a plain-text label.

    ``kind``: micro, small, strong, title, page or figure; ``tone``: 2, 3, danger, warn or ok.
    """
    result = QLabel(text, parent)
    result.setTextFormat(Qt.TextFormat.PlainText)
    if kind:
        result.setProperty("type", kind)
    if tone:
        result.setProperty("tone", tone)
    result.setWordWrap(wrap)
    if selectable:
        result.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return result


def icon_label(name: str, ink: str = "text-2", size: int = 16) -> QLabel:
    """Return a label that shows an icon."""
    result = QLabel()
    result.setPixmap(pixmap(name, ink, size, result.devicePixelRatioF()))
    result.setFixedSize(px(size), px(size))
    return result


class Tag(QWidget):
    """A word with an icon on a soft ground; not clickable."""

    def __init__(
        self, text: str, icon: str = "", tone: str = "neutral", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text = text
        self._icon = icon
        self._tone = tone
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set(self, text: str, icon: str = "", tone: str = "neutral") -> None:
        """Show other words."""
        self._text, self._icon, self._tone = text, icon, tone
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size that fits the words."""
        return QSize(tag_width(self._text, self._icon), tag_height())

    def minimumSizeHint(self) -> QSize:
        """Return the same: a tag is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, icon and word."""
        painter = QPainter(self)
        ground = "accent-soft" if self._tone == "accent" else f"{self._tone}-soft"
        ink = "text-2" if self._tone == "neutral" else self._tone
        rounded(painter, QRectF(self.rect()), RADIUS_TAG, ground)
        left = 6.0
        if self._icon:
            draw_icon(painter, self._icon, ink, 13, left, self.height() / 2)
            left += px(17)
        painter.setPen(colour(ink))
        painter.setFont(font(SMALL))
        painter.drawText(QRectF(left, 0, self.width(), self.height()), LEFT, self._text)


class KeyHint(QWidget):
    """A key cap beside what it does."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the cap."""
        return QSize(key_width(self._key) + 2, tag_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cap."""
        draw_key(QPainter(self), self._key, 1, self.height() / 2, on_fill=False)


class ElidedLabel(QLabel):
    """One line that is shortened at the end when the room is small; the tooltip has it all."""

    def __init__(self, text: str = "", kind: str = "", tone: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if kind:
            self.setProperty("type", kind)
        if tone:
            self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setToolTip(text)

    def set_text(self, text: str) -> None:
        """Show another text."""
        self.setText(text)
        self.setToolTip(text)

    def minimumSizeHint(self) -> QSize:
        """Allow any width."""
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what fits."""
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(self.foregroundRole()))
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)


class TitleLink(ElidedLabel):
    """A title that opens something; it looks like a title, underlined when pointed at."""

    activated = Signal()

    def __init__(self, text: str, tip: str) -> None:
        super().__init__(text, "strong")
        self._tip = tip
        self.setToolTip(f"{text}\n{tip}")
        self.setAccessibleName(text)
        self.setAccessibleDescription(tip)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Underline it."""
        super().enterEvent(event)
        self._underline(on=True)

    def leaveEvent(self, event: QEvent) -> None:
        """Show it as a title again."""
        super().leaveEvent(event)
        self._underline(on=False)

    def _underline(self, *, on: bool) -> None:
        shown = self.font()
        shown.setUnderline(on)
        self.setFont(shown)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open on click."""
        if self.rect().contains(event.position().toPoint()):
            self.activated.emit()


class Link(QLabel):
    """A word that opens something; reachable by Tab, opened by click, Enter or Space."""

    clicked = Signal()

    def __init__(self, text: str = "", kind: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if kind:
            self.setProperty("type", kind)
        self.setForegroundRole(self.palette().ColorRole.Link)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the word in the accent colour, underlined when it has the focus."""
        painter = QPainter(self)
        chosen = self.font()
        chosen.setUnderline(self.hasFocus())
        painter.setFont(chosen)
        painter.setPen(colour("accent"))
        painter.drawText(self.rect(), LEFT, self.text())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open on click."""
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter or Space."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.clicked.emit()
        else:
            super().keyPressEvent(event)


def divider(*, vertical: bool = False) -> QFrame:
    """Return a hairline."""
    line = QFrame()
    line.setProperty("box", "line")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    line.setAutoFillBackground(True)
    palette = line.palette()
    palette.setColor(palette.ColorRole.Window, colour("border"))
    line.setPalette(palette)
    return line


def box(kind: str = "surface", line: str = "") -> QFrame:
    """Return a frame with the ground of ``kind`` and an optional edge line."""
    frame = QFrame()
    frame.setProperty("box", kind)
    if line:
        frame.setProperty("line", line)
    return frame
