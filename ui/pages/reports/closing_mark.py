"""Beside the period: the month is closed, and how much of it was changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from svcdesk.i18n.catalog import _, ngettext
from ui.jobs.runner import Latest
from ui.pages.wording import Words
from ui.widgets.mark import Mark

if TYPE_CHECKING:
    from svcdesk.domain.period import Period
    from svcdesk.services.closings import Closing
    from svcdesk.services.restatements import Restatements
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

# tables whose changes may differ from what was closed
WATCHED = frozenset({
    "month_closing", "ticket", "ticket_event", "complaint", "complaint_event", "survey",
    "survey_answer", "visit", "callback", "quality_check", "list_item", "order_volume",
    "spare_parts", "manual_metric", "channel_daily", "setting", "calendar", "calendar_day",
    "sla_policy", "data_decision",
})  # fmt: skip


class ClosingMark(Mark):
    """Says when a month was closed and how many records were restated; hidden for any other."""

    opened = Signal(object)  # address of what was frozen, or of what was restated since
    changed = Signal()  # its words: it may need more room

    def __init__(self, place: Workplace) -> None:
        super().__init__("lock", "neutral")
        self._place = place
        self._words = Words(place.desk)
        self._month = ""
        self._count = 0
        self._find = Latest(place.runner, self)
        self._compare = Latest(place.runner, self)
        self.clicked.connect(self._on_clicked)

    def leave(self, period: Period) -> None:
        """Say nothing any more about another period than ``period``."""
        self._find.cancel()
        self._compare.cancel()
        if period.code != self._month:
            self._hide()

    def look(self, period: Period) -> None:
        """Find out about a period, behind the page; only a closed month is compared."""
        self.leave(period)
        if period.kind != "month":
            return
        desk = self._place.desk

        def work(_context: JobContext) -> Closing | None:
            from svcdesk.services import closings  # not needed before there are figures

            return closings.state(desk, period)

        handle = self._find.start(work)
        handle.on_success(self._on_found).on_failure(self._place.shell.tell)

    def _on_clicked(self) -> None:
        from ui.pages.reports.closing_detail import RECORDS

        view = {"view": RECORDS} if self._count else {}
        self.opened.emit({"tab": "closing", "month": self._month, **view})

    def _hide(self) -> None:
        self._month, self._count = "", 0
        self.hide()
        self.changed.emit()

    def _on_found(self, closing: Closing | None) -> None:
        if closing is None:
            self._hide()
            return
        if closing.month != self._month:
            self._month = closing.month
            self._show(closing, None)
        desk = self._place.desk

        def work(context: JobContext) -> Restatements:
            from svcdesk.services import restatements

            return restatements.of_closing(desk, closing, context)

        handle = self._compare.start(work)
        handle.on_success(self._on_compared).on_failure(self._place.shell.tell)

    def _on_compared(self, found: Restatements) -> None:
        self._count = found.count
        self._show(found.closing, found.count)

    def _show(self, closing: Closing, count: int | None) -> None:
        """Say what is known; ``count`` is none while the records are still compared."""
        day = self._words.day(closing.closed_at)
        text = _("Closed on {date}").format(date=day)
        if count:
            text = ngettext(
                "Closed on {date}, {n} record restated later",
                "Closed on {date}, {n} records restated later", count,
            ).format(date=day, n=f"{count:,}")  # fmt: skip
        tip = _("The figures here are those of now; what was frozen is among the closed months.")
        self.set(text, f"{count:,}" if count else "", tip, "warn" if count else "neutral")
        self.changed.emit()
