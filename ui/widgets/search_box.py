"""The search field: waits for a pause in typing and never disturbs an input method.

It reacts to committed text only (``textChanged``); keys are not looked at, so the composition of
Chinese words is left alone.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from svcdesk.i18n.catalog import _
from ui.theme.tokens import control_height, px
from ui.widgets.paint import draw_icon, draw_key, key_width

PAUSE_MS = 180


class SearchBox(QLineEdit):
    """A field with a magnifier, an optional key hint and a delayed ``searched`` signal."""

    searched = Signal(str)
    left = Signal()  # Enter or Down: on to what was found

    def __init__(self, hint: str, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self._said = ""
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setFixedHeight(control_height())
        self.setClearButtonEnabled(not key)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        right = key_width(key) + 10 if key else 0
        self.setTextMargins(px(16) + 8, 0, right, 0)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._say)
        self.textChanged.connect(self._on_text)

    def sizeHint(self) -> QSize:
        """Return the usual width."""
        return QSize(px(330), control_height())

    def set_text(self, text: str) -> None:
        """Show ``text`` without searching."""
        self._said = text.strip()
        self.setText(text)
        self._timer.stop()

    def _on_text(self, _text: str) -> None:
        self._timer.start()

    def _say(self) -> None:
        text = self.text().strip()
        if text != self._said:
            self._said = text
            self.searched.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter searches at once, Down goes to what was found, Esc empties."""
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # saves the form that the box stands in
        elif enter:
            self._timer.stop()
            self._said = "\0"  # search again even when the words are the same
            self._say()
            self.left.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field, the magnifier and the key."""
        super().paintEvent(event)
        painter = QPainter(self)
        draw_icon(painter, "search", "text-3", 16, 9, self.height() / 2)
        if self._key and not self.text() and not self.hasFocus():
            left = self.width() - key_width(self._key) - 8
            draw_key(painter, self._key, left, QRectF(self.rect()).center().y(), on_fill=False)


def search_hint() -> str:
    """Return what the search over everything looks at."""
    return _("Search tickets, customers, phones, text")
