"""A word to those who answer for the figures when a step touches a closed month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from svcdesk.i18n.catalog import _
from ui.jobs.runner import Latest

if TYPE_CHECKING:
    from svcdesk.system.job import JobContext
    from ui.pages.page import Changes, Workplace

LOOKED_AT = frozenset({"ticket", "complaint", "survey", "ticket_event", "complaint_event"})


class ClosingHint(QObject):
    """Looks, behind the page, whether a step may have changed what was closed."""

    def __init__(self, place: Workplace, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._job = Latest(place.runner, self)

    def follow(self, changes: Changes) -> None:
        """Look at a step that was just made."""
        if not changes.operation_id or not changes.tables() & LOOKED_AT:
            return
        desk, step = self._place.desk, changes.operation_id

        def work(_context: JobContext) -> list[str]:
            from svcdesk.services import restatements  # with the figures, not needed at start

            return restatements.touched(desk, step)

        handle = self._job.start(work)
        handle.on_success(self._on_found).on_failure(self._place.shell.tell)

    def _on_found(self, months: list[str]) -> None:
        if months:
            text = _("{months} is closed: the change appears in its restatements.")
            self._place.shell.say(text.format(months=", ".join(months)))
