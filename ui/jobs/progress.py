"""Progress of a long job: text, bar, cancel; after 600 ms, and then at least 500 ms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from svcdesk.i18n.catalog import _

if TYPE_CHECKING:
    from ui.jobs.runner import JobHandle

APPEAR_MS = 600
STAY_MS = 500


class ProgressStripe(QFrame):
    """A line under the top bar; one job at a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "sunken")
        self.setProperty("line", "bottom")
        self._handle: JobHandle | None = None
        self._text = QLabel()
        self._text.setProperty("type", "small")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setMinimumWidth(220)
        self._stop = QPushButton(_("Cancel"))
        self._stop.clicked.connect(self._cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 14, 4)
        row.setSpacing(12)
        row.addWidget(self._text)
        row.addWidget(self._bar, 1)
        row.addWidget(self._stop)
        self._title = ""
        self._shown = QElapsedTimer()
        self._appear = QTimer(self)
        self._appear.setSingleShot(True)
        self._appear.setInterval(APPEAR_MS)
        self._appear.timeout.connect(self._show)
        self._leave = QTimer(self)
        self._leave.setSingleShot(True)
        self._leave.timeout.connect(self.hide)
        self.hide()

    def watch(self, handle: JobHandle, title: str) -> None:
        """Follow ``handle``; ``title`` says what is being done."""
        self._handle = handle
        self._title = title
        self._text.setText(title)
        self._bar.setRange(0, 0)
        handle.progressed.connect(self._on_progress)
        handle.finished.connect(self._on_finished)
        self._leave.stop()
        if not self.isVisible():
            self._appear.start()

    def _show(self) -> None:
        self._shown.start()
        self.show()

    def _on_progress(self, done: int, total: int, text: str) -> None:
        self._text.setText(_(text) if text else self._title)
        if total:
            self._bar.setRange(0, 1000)
            self._bar.setValue(round(1000 * min(done / total, 1.0)))
        else:
            self._bar.setRange(0, 0)

    def _on_finished(self) -> None:
        self._handle = None
        self._appear.stop()
        if self.isVisible():
            self._leave.start(max(0, STAY_MS - self._shown.elapsed()))

    def _cancel(self) -> None:
        if self._handle is not None and shiboken6.isValid(self._handle):
            self._handle.cancel()
            self._text.setText(_("Stopping…"))
