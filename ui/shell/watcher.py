"""Looks once a minute for what came near or passed, and tells it on the desktop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QSystemTrayIcon

from svcdesk.i18n.catalog import _
from ui.jobs.runner import WRITE, Latest
from ui.pages.wording import Words
from ui.shell.notice_centre import notice_text, route_of
from ui.theme.icons import icon

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.notices import Notice
    from svcdesk.system.job import JobContext
    from ui.jobs.runner import JobRunner
    from ui.pages.page import Route

MINUTE_MS = 60_000
FIRST_MS = 2_000  # after the list is on the screen
AT_ONCE = 3  # desktop messages of one look; more are told as a number


class Watcher(QObject):
    """The clock of one window; it watches the desk that is open."""

    counted = Signal(int)  # unseen notices
    wanted = Signal(object)  # Route: the desktop message was clicked
    failed = Signal(object)

    def __init__(self, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._desk: Desk | None = None
        self._route: Route | None = None
        self._looking = Latest(runner, self)
        self._counting = Latest(runner, self)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._tray: QSystemTrayIcon | None = None

    def watch(self, desk: Desk | None) -> None:
        """Watch ``desk`` from now on, or nothing."""
        self._desk = desk
        self._timer.stop()
        if desk is not None:
            self._timer.start(FIRST_MS)
        elif self._tray is not None:
            self._tray.hide()

    def look(self) -> None:
        """Look now, in the write lane: what is found is written."""
        self._timer.setInterval(MINUTE_MS)
        desk = self._desk
        if desk is None:
            return

        def work(_context: JobContext) -> tuple[list[Notice], int]:
            from svcdesk.services import automatic, breaches, notices

            breaches.note_due(desk)
            automatic.take_due(desk)
            return notices.watch(desk), notices.unseen(desk)

        self._looking.start(work, lane=WRITE).on_success(self._on_found).on_failure(
            self.failed.emit
        )

    def count(self) -> None:
        """Count what is not seen."""
        desk = self._desk
        if desk is None:
            return

        def work(_context: JobContext) -> int:
            from svcdesk.services import notices

            return notices.unseen(desk)

        self._counting.start(work).on_success(self.counted.emit)

    def _on_found(self, found: tuple[list[Notice], int]) -> None:
        fresh, unseen = found
        self.counted.emit(unseen)
        if fresh and self._desk is not None:
            self._tell(fresh, Words(self._desk))

    def _tell(self, fresh: list[Notice], words: Words) -> None:
        """Show desktop messages where the system has a place for them."""
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(icon("bell"), self)
            self._tray.setToolTip(_("Service desk"))
            self._tray.messageClicked.connect(self._on_clicked)
        self._tray.show()
        lines = [notice_text(notice, words) for notice in fresh[:AT_ONCE]]
        if len(fresh) > AT_ONCE:
            lines.append(_("… and {n} more").format(n=len(fresh) - AT_ONCE))
        self._route = route_of(fresh[0])
        self._tray.showMessage(_("Service desk"), "\n".join(lines), icon("bell"))

    def _on_clicked(self) -> None:
        if self._route is not None:
            self.wanted.emit(self._route)
