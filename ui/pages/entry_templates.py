"""The button that fills a new ticket from a template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut

from svcdesk.domain.aids import AidKind
from svcdesk.i18n.catalog import _
from svcdesk.services import aids
from ui.jobs.runner import Latest
from ui.widgets.button import Button, Kind
from ui.widgets.pick_popup import Entry, PickPopup

if TYPE_CHECKING:
    from svcdesk.domain.aids import Aid
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

KEYS = "Alt+T"


class TemplateButton(Button):
    """Opens the list of ticket templates; hands over the one chosen."""

    picked = Signal(object)

    def __init__(self, place: Workplace) -> None:
        super().__init__(_("From template…"), kind=Kind.QUIET, icon="file-text", key=KEYS)
        self._place = place
        self._latest = Latest(place.runner, self)
        self.popup: PickPopup | None = None
        self.clicked.connect(self.open_list)
        QShortcut(QKeySequence(KEYS), self).activated.connect(self.open_list)

    def open_list(self) -> None:
        """Read the templates and show them."""
        desk = self._place.desk

        def work(_context: JobContext) -> list[Aid]:
            return aids.listed(desk, AidKind.TICKET)

        self._latest.start(work).on_success(self._show).on_failure(self._place.shell.tell)

    def _show(self, found: list[Aid]) -> None:
        entries = [Entry(aid, aid.name, words=aid.folder, icon="file-text") for aid in found]
        self.popup = PickPopup(
            _("Template for the ticket"), entries,
            nothing=_("No template. Make one in the settings, under Templates."),
        )  # fmt: skip
        self.popup.picked.connect(self.picked)
        self.popup.open_under(self)
