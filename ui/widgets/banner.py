"""A banner: a state that stays until it is solved, with one or two ways out."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.tokens import RADIUS, colour, text_size
from ui.widgets.button import Button, Kind
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import icon_label, label
from ui.widgets.paint import rounded

NARROW_FROM = 150  # % text size from which the actions stand below the sentence


class Banner(QWidget):
    """Soft ground, bar in the status colour, icon, bold sentence, actions, optional content."""

    acted = Signal(str)

    def __init__(
        self,
        tone: str,
        icon: str,
        text: str,
        more: str = "",
        actions: tuple[tuple[str, str], ...] = (),
        parent: QWidget | None = None,
        key: str = "",
    ) -> None:
        """``key`` is the shortcut of the first action, shown at it."""
        super().__init__(parent)
        self._tone = tone
        self.setAccessibleName(text)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 6, 10, 6)
        self._column.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(8)
        ink = "text" if tone == "neutral" else tone
        row.addWidget(icon_label(icon, ink, 16))
        row.addWidget(label(text, "strong", wrap=not more), 0 if more else 1)
        if more:
            row.addWidget(label(more, "small", "2", wrap=True), 1)
        self._column.addLayout(row)
        line = self._line_below() if text_size() >= NARROW_FROM and actions else row
        for number, (action, word) in enumerate(actions):
            first = number == 0
            shown = key if first else ""
            kind = Kind.NORMAL if first else Kind.QUIET
            button = Button(word, kind=kind, small=True, key=shown)
            if shown:
                button.setShortcut(QKeySequence(shown))
            button.setProperty("action", action)
            button.clicked.connect(self._on_clicked)
            if isinstance(line, FlowLayout):
                line.addWidget(button)
            else:
                line.addWidget(button, alignment=Qt.AlignmentFlag.AlignTop)

    def _line_below(self) -> FlowLayout:
        """Make the line for the actions of a banner whose sentence needs the whole width."""
        below = QWidget()
        self._column.addWidget(below)
        return FlowLayout(below, gap=6)

    def add(self, widget: QWidget) -> None:
        """Put more content under the sentence."""
        self._column.addWidget(widget)

    def _on_clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.acted.emit(str(sender.property("action")))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, outline and bar."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        line = "strong" if self._tone == "neutral" else self._tone
        rounded(painter, rect, RADIUS, f"{self._tone}-soft", line)
        clip = QPainterPath()
        clip.addRoundedRect(rect, RADIUS, RADIUS)
        painter.setClipPath(clip)
        painter.fillRect(QRectF(0, 0, 3, rect.height()), colour(line))
