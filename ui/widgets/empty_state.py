"""What a list or a card shows when there is nothing: one icon, one sentence, one action."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ui.theme.icons import pixmap
from ui.widgets.button import Button, Kind


class EmptyState(QWidget):
    """Centred over its parent."""

    acted = Signal()

    def __init__(self, parent: QWidget | None = None, *, wrap: bool = True) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text = QLabel()
        self._text.setWordWrap(wrap)
        self._text.setProperty("tone", "2")
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._button = Button("", kind=Kind.LINK)
        self._button.hide()
        self._button.clicked.connect(self.acted)
        layout.addWidget(self._icon)
        layout.addWidget(self._text)
        layout.addWidget(self._button, alignment=Qt.AlignmentFlag.AlignCenter)

    def set(self, icon: str, text: str, action: str = "") -> None:
        """Show ``text``; ``action`` is the word of the way out ("" = none)."""
        self._icon.setPixmap(pixmap(icon, "text-3", 32, self.devicePixelRatioF()))
        self._text.setText(text)
        self._button.set_text(action)
        self._button.setVisible(bool(action))

    @property
    def text(self) -> str:
        """The sentence shown."""
        return self._text.text()

    def place(self) -> None:
        """Fill the parent."""
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
