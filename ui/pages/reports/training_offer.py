"""What the training records say of the month that is typed, and taking it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from svcdesk.domain.metrics.manual import MANUAL
from svcdesk.i18n.catalog import _, current, ngettext
from svcdesk.services import training_figures
from ui.jobs.runner import WRITE, Latest
from ui.theme.tokens import GAP, MARGIN
from ui.widgets.button import Button
from ui.widgets.labels import label

if TYPE_CHECKING:
    from svcdesk.services.desk import Outcome
    from svcdesk.services.training_figures import Recorded
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace


class TrainingOffer(QWidget):
    """One line; hidden while the records say nothing new about the month."""

    taken = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place = place
        self.month = ""
        self._job = Latest(place.runner, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, 0, MARGIN, GAP)
        row.setSpacing(GAP)
        self.text = label("", "small", "2", wrap=True)
        self.take = Button(_("Take over"), icon="download", small=True)
        self.take.setToolTip(_("Type these values for the month, with their source"))
        self.take.clicked.connect(self.take_over)
        row.addWidget(self.text, 1)
        row.addWidget(self.take)
        self.hide()

    def show_month(self, month: str) -> None:
        """Look what the records say about a month; "" for no month."""
        self.month = month
        if not month:
            self._job.cancel()
            self.hide()
            return
        desk = self.place.desk

        def work(_context: JobContext) -> list[Recorded]:
            return training_figures.news(desk, month)

        self._job.start(work).on_success(self._show).on_failure(self.place.shell.tell)

    def _show(self, found: list[Recorded]) -> None:
        names = {metric.key: _(metric.label) for metric in MANUAL}
        told = [f"{names[one.key]} {one.shown} ({one.of})" for one in found]
        text = _("Training records of {month}: {values}")
        self.text.setText(text.format(month=self.month, values=_(", ").join(told)))
        self.setVisible(bool(found) and bool(self.month))

    def take_over(self) -> None:
        """Type what the records say."""
        desk, month, t = self.place.desk, self.month, current()
        handle = self.place.runner.start(
            lambda _context: training_figures.take_over(desk, month, t), lane=WRITE, owner=self
        )

        def done(outcome: Outcome[int]) -> None:
            n = outcome.value
            words = ngettext("{n} figure taken over", "{n} figures taken over", n)
            self.place.shell.say(words.format(n=n))
            self.hide()
            self.taken.emit()

        handle.on_success(done).on_failure(self.place.shell.tell)
