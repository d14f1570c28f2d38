"""How large a window may be: made for text of 100 %, grown with the text, kept on the screen."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication

from ui.theme.tokens import px

FRAME = QSize(24, 56)  # what edges, title bar and task bar take


def room(width: int, height: int) -> QSize:
    """Return the size of a window whose content needs ``width`` × ``height`` at 100 %."""
    return on_screen(QSize(px(width), px(height)))


def on_screen(size: QSize) -> QSize:
    """Return ``size`` made small enough for the screen."""
    screen = QGuiApplication.primaryScreen()
    return size if screen is None else size.boundedTo(screen.availableSize() - FRAME)
