"""Keeps the record that is shown as a case, a story of praise, or an improvement item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from svcdesk.i18n.catalog import _
from ui.jobs.runner import WRITE

if TYPE_CHECKING:
    from ui.jobs.runner import JobRunner
    from ui.shell.main_window import MainWindow


class CaseMaker(QObject):
    """The actions ``case.case``, ``case.praise`` and ``case.improve`` of a window."""

    def __init__(self, window: MainWindow, runner: JobRunner) -> None:
        super().__init__(window)
        self._window = window
        self._runner = runner

    def make(self, kind: str) -> None:
        """Write a draft into the knowledge base, made of the record shown."""
        window = self._window
        record = window.page.record_shown() if window.page is not None else None
        if window.place is None or record is None:
            window.say(_("Open a ticket or a complaint first."), undo=False)
            return
        from svcdesk.services import knowledge

        desk, (entity, key) = window.place.desk, record
        of = {f"{entity}_id": key}
        handle = self._runner.start(
            lambda _context: knowledge.make_case(desk, kind, **of), lane=WRITE, owner=self
        )
        handle.on_success(self._on_made).on_failure(window.tell)

    def _on_made(self, _outcome: Any) -> None:
        self._window.say(_("Saved as a draft in the knowledge base"))

    def improve(self) -> None:
        """Make an improvement item of the record shown, with the record as its evidence."""
        window = self._window
        record = window.page.record_shown() if window.page is not None else None
        from svcdesk.services import improvements

        if window.place is None or record is None or record[0] not in improvements.NUMBER_OF:
            window.say(_("Open a ticket or a complaint first."), undo=False)
            return
        desk, (entity, key) = window.place.desk, record
        handle = self._runner.start(
            lambda _context: improvements.from_record(desk, entity, key), lane=WRITE, owner=self
        )
        handle.on_success(self._on_item).on_failure(window.tell)

    def _on_item(self, outcome: Any) -> None:
        from ui.pages.page import Route

        self._window.say(_("Improvement item made"))
        self._window.go(Route("improvement", int(outcome.value)))
