"""Counts sums of past months while nobody waits, a small step at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from svcdesk.services import preparing
from svcdesk.system.errors import AppError
from ui.jobs.runner import READ

if TYPE_CHECKING:
    from svcdesk.services.preparing import Step
    from svcdesk.system.job import JobContext
    from ui.pages.page import Page

PAUSE = 4000  # ms between looking whether anybody waits


class Preparing(QObject):
    """Works for a page as long as it is shown and no other job is under way."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._tried: set[Step] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._look)

    def begin(self) -> None:
        """Look in a while whether there is something to count."""
        self._tried.clear()  # a write may have taken sums away
        self._timer.start(PAUSE)

    def _look(self) -> None:
        if not self._page.isVisible():
            return
        if self._page.place.runner.busy:
            self._timer.start(PAUSE)
            return
        desk, tried = self._page.place.desk, set(self._tried)

        def work(context: JobContext) -> Step | None:
            step = next((one for one in preparing.missing(desk) if one not in tried), None)
            if step is not None:
                preparing.prepare(desk, step, context)
            return step

        handle = self._page.place.runner.start(work, lane=READ, owner=self)
        handle.on_success(self._on_done).on_failure(self._on_failed)

    def _on_done(self, step: Step | None) -> None:
        if step is not None:
            self._tried.add(step)
            self._timer.start(20)  # the next one at once, unless somebody asked for something

    def _on_failed(self, error: object) -> None:
        if not isinstance(error, AppError):  # a file that cannot be read is told by the page
            self._page.place.shell.tell(error)
