"""Macros of a ticket: a list with what each does; one key runs it, one undo takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from svcdesk.i18n.catalog import _
from svcdesk.services import aids
from ui.jobs.runner import WRITE, Latest
from ui.pages.wording import say
from ui.widgets.pick_popup import Entry, PickPopup

if TYPE_CHECKING:
    from svcdesk.services.aids import Offer
    from svcdesk.services.desk import Outcome
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace
    from ui.pages.tickets.detail_pane import TicketPane


class Macros(QObject):
    """Offers and runs them for the ticket of a pane."""

    def __init__(self, pane: TicketPane, place: Workplace) -> None:
        super().__init__(pane)
        self._pane = pane
        self._place = place
        self._latest = Latest(place.runner, self)
        self._names: dict[int, str] = {}
        self._ticket = 0
        self._running = ""
        self.popup: PickPopup | None = None

    def open_list(self) -> None:
        """Look what each macro would do here, then offer them."""
        detail, desk = self._pane.detail, self._place.desk
        if detail is None:
            return
        key = self._ticket = int(detail.ticket["id"])

        def work(_context: JobContext) -> list[Offer]:
            return aids.offers(desk, key)

        self._latest.start(work).on_success(self._offer).on_failure(self._place.shell.tell)

    def _offer(self, found: list[Offer]) -> None:
        self._names = {offer.macro.id: offer.macro.name for offer in found}
        entries = [
            Entry(offer.macro.id, offer.macro.name, _(", ").join(offer.does), icon="zap",
                  refused=" ".join(dict.fromkeys(say(p) for p in offer.problems)),
                  words=f"{offer.macro.folder} {offer.macro.shortcut}")
            for offer in found
        ]  # fmt: skip
        self.popup = PickPopup(
            _("Macro: name, or 1–9"), entries, digits=True,
            nothing=_("No macro. Make one in the settings, under Templates."),
        )  # fmt: skip
        self.popup.picked.connect(self._run)
        bottom = self._pane.bottom
        shown = bottom.steps.isVisible()
        self.popup.open_under(bottom.macro_button if shown else bottom)

    def _run(self, macro: object) -> None:
        desk, key = self._place.desk, self._ticket
        if not isinstance(macro, int):
            return
        self._running = self._names.get(macro, "")

        def work(_context: JobContext) -> Outcome[int]:
            return aids.run_macro(desk, key, macro)

        handle = self._place.runner.start(work, lane=WRITE, owner=self)
        handle.on_success(self._on_done).on_failure(self._place.shell.tell)

    def _on_done(self, _outcome: object) -> None:
        self._place.shell.say(_("“{name}” done").format(name=self._running))
