"""A picture, large, over the page: Space or Esc puts it away, arrows show the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from svcdesk.services import attachments
from ui.jobs.runner import Latest
from ui.theme.tokens import GAP
from ui.widgets.labels import label

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

SHARE = 0.8  # of the screen
LARGEST = 8000  # px a side that are decoded; what is larger is read smaller


def scaled(content: bytes, room: QSize) -> QImage:
    """Return a picture that fits into ``room``, never enlarged; a null image when it is none.

    Read at the size it is needed in, so that a large photo costs little memory.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and (size.width() > room.width() or size.height() > room.height()):
        reader.setScaledSize(size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio))
    elif max(size.width(), size.height()) > LARGEST:
        return QImage()
    return reader.read()


class PictureWindow(QDialog):
    """One picture and its name."""

    step_wanted = Signal(int)

    def __init__(self, place: Workplace, parent: QWidget) -> None:
        super().__init__(parent)
        self._place = place
        self._latest = Latest(place.runner, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        self.shown = QLabel()
        self.shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.shown, 1)
        self._name = label("", "small", "2")
        column.addWidget(self._name, alignment=Qt.AlignmentFlag.AlignCenter)

    def show_picture(self, key: int, name: str) -> None:
        """Read a picture in the background and show it."""
        self._name.setText(name)
        self.setWindowTitle(name)
        self.shown.setAccessibleName(name)
        desk, room = self._place.desk, self.screen().availableSize() * SHARE

        def work(_context: JobContext) -> QImage:
            return scaled(attachments.content(desk, key), room)

        self._latest.start(work).on_success(self._on_read).on_failure(self._place.shell.tell)

    def _on_read(self, image: QImage) -> None:
        self.shown.setPixmap(QPixmap.fromImage(image))
        self.adjustSize()
        self.show()
        self.raise_()
        self.activateWindow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Esc put it away, arrows go on."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        if event.key() in {Qt.Key.Key_Space, Qt.Key.Key_Escape}:
            self.close()
        elif Qt.Key(event.key()) in steps:
            self.step_wanted.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)
