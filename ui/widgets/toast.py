"""The toast at the bottom: what was done, and the way to take it back. Never for errors."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from svcdesk.i18n.catalog import _
from ui.theme.tokens import BODY, RADIUS, colour, font, height, metrics, px
from ui.widgets.paint import LEFT, key_width, rounded

SHOWN_MS = 8000
MIN_WIDTH, MAX_WIDTH = 360, 520


class Toast(QWidget):
    """One at a time, bottom centre of its parent; pauses while the pointer rests on it."""

    undo_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._area = parent
        self._text = ""
        self._undo = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def say(self, text: str, *, undo: bool = True) -> None:
        """Show ``text``, with the undo word when it can be taken back."""
        self._text = text
        self._undo = undo
        self.setAccessibleName(text)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    @property
    def text(self) -> str:
        """The sentence of the last toast."""
        return self._text

    def _undo_word(self) -> str:
        return _("Undo")

    def _place(self) -> None:
        parent = self._area
        wanted = metrics().horizontalAdvance(self._text) + 32
        if self._undo:
            wanted += metrics().horizontalAdvance(self._undo_word()) + key_width("Ctrl+Z") + 36
        width = min(max(wanted, px(MIN_WIDTH)), px(MAX_WIDTH), parent.width() - 32)
        tall = height(10)
        left = (parent.width() - width) // 2
        self.setGeometry(left, parent.height() - tall - 44, width, tall)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the bottom when the window changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Wait while it is being read."""
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """Go on counting."""
        self._timer.start()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Undo, or put the toast away."""
        self.hide()
        if self._undo and event.position().x() > self.width() * 0.6:
            self.undo_requested.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw in inverted colours."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        rounded(painter, rect, RADIUS, "text")
        painter.setFont(font(BODY))
        painter.setPen(colour("surface"))
        right = rect.right() - 16
        if self._undo:
            key = "Ctrl+Z"
            right -= key_width(key)
            painter.setFont(font(BODY))
            painter.setPen(colour("border"))
            painter.drawText(QRectF(right, 0, 90, rect.height()), LEFT, key)
            right -= metrics(BODY, bold=True).horizontalAdvance(self._undo_word()) + 12
            painter.setFont(font(BODY, bold=True))
            painter.setPen(colour("surface"))
            painter.drawText(QRectF(right, 0, 90, rect.height()), LEFT, self._undo_word())
        painter.setFont(font(BODY))
        painter.setPen(colour("surface"))
        room = int(right - 28)
        shown = metrics().elidedText(self._text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(16, 0, room, rect.height()), LEFT, shown)
