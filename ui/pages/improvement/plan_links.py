"""Below the plan of an item: what meetings decided about it, and the trainings held for it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from svcdesk.domain.training import totals
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.services import plan_links
from ui.jobs.runner import Latest
from ui.pages.improvement.training_words import share_text
from ui.pages.page import Route
from ui.theme.tokens import px
from ui.widgets.labels import Link, label

if TYPE_CHECKING:
    from svcdesk.services.plan_links import Links
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace


LONGEST = 60  # characters of a line; the tooltip has all


class PlanLinks(QWidget):
    """Hidden while nothing spoke of the item; a click opens the meeting or the training."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place = place
        self.links: list[Link] = []
        self._job = Latest(place.runner, self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, px(6), 0, 0)
        self._column.setSpacing(px(4))
        self._column.addWidget(label(_("From meetings and trainings"), "strong"))
        self.hide()

    def show_item(self, item_id: int) -> None:
        """Look what there is about an item."""
        desk = self.place.desk

        def work(_context: JobContext) -> Links:
            return plan_links.of_item(desk, item_id)

        self._job.start(work).on_success(self._show).on_failure(self.place.shell.tell)

    def _show(self, found: Links) -> None:
        for link in self.links:
            self._column.removeWidget(link)
            link.hide()
            link.deleteLater()
        self.links = []
        for point in found.spoken:
            kind = pgettext("meeting", "Note")
            if point.kind == "decision":
                kind = pgettext("meeting", "Decision")
            text = f"{point.held_on}  {point.title}  ·  {kind}  ·  {point.text}"
            self._add(text, {"place": "meetings", "meeting": point.meeting_id})
        for held in found.held:
            came = _("attended {share}").format(share=share_text(totals([held], 0).coverage))
            text = f"{held.day}  {held.title}  ·  {came}"
            self._add(text, {"place": "training", "training": held.id})
        self.setVisible(bool(self.links))

    def _add(self, text: str, values: dict[str, object]) -> None:
        short = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
        link = Link(short, "small")
        link.setAccessibleName(text)
        link.setToolTip(text)
        link.setMinimumWidth(px(60))
        link.clicked.connect(partial(self._go, values))
        self.links.append(link)
        self._column.addWidget(link)

    def _go(self, values: dict[str, object]) -> None:
        self.place.shell.go(Route("improvement", values=values))
