"""The window as it first appears: empty, in the colour of its theme, at its last place.

It is on the screen before the rest of the program is imported; :class:`~ui.shell.frame.Frame`
then fills it. Everything here is needed for the first picture and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QMainWindow

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent

USUAL = (1366, 740)


class BareWindow(QMainWindow):
    """Says when it was first painted; passes what happens to it on to who fills it."""

    first_painted = Signal()  # what can wait for the window starts now
    resized = Signal()
    close_asked = Signal(object)  # the event, to be ignored by who objects

    def __init__(self) -> None:
        super().__init__()
        self._painted = False
        self.resize(*USUAL)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say once that the window is on the screen."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.first_painted.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say that the size changed."""
        super().resizeEvent(event)
        self.resized.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let who fills the window object."""
        self.close_asked.emit(event)
        if event.isAccepted():
            super().closeEvent(event)
