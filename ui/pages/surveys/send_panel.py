"""Sending surveys: who gets one and who does not and why, the text, the file for a sender."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout

from svcdesk.domain.survey import SurveyMethod
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label, sentence
from svcdesk.services import surveys_sending
from ui.jobs.runner import WRITE, Latest
from ui.models.choices import Choice
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.wording import DASH, Words
from ui.theme.tokens import GAP, MARGIN, px
from ui.widgets.button import Button, Kind
from ui.widgets.data_table import DataTable
from ui.widgets.editors import ChoiceField, TextField
from ui.widgets.labels import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.services.desk import Outcome
    from svcdesk.services.surveys_sending import Prospect
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

LIST_HEIGHT = 190


class _Line:
    """A prospect as a row."""

    def __init__(self, one: Prospect) -> None:
        self.id = one.ticket_id
        self.one = one


class SendPanel(QFrame):
    """Opens above the ticket list for the selected tickets."""

    closed = Signal()

    def __init__(self, place: Workplace, tickets: Sequence[int]) -> None:
        super().__init__()
        self.setProperty("box", "card")
        self._place = place
        self._tickets = list(tickets)
        self._found: list[Prospect] = []
        self._job = Latest(place.runner, self)
        words = Words(place.desk)
        self.method = ChoiceField(
            [Choice(str(m), code_label("SurveyMethod", m)) for m in SurveyMethod]
        )
        self.method.set_value(str(SurveyMethod.SMS))
        self.method.setAccessibleName(_("Survey method"))
        self.method.currentIndexChanged.connect(self._ask)
        self._count = label("", "strong")
        columns = [
            ColumnDef("ticket", _("Ticket no."), lambda r: Cell(r.one.ticket_no), 120),
            ColumnDef("customer", _("Customer"),
                      lambda r: Cell(words.customer(r.one.name, r.one.kind)), 90),
            ColumnDef("phone", _("Phone"), lambda r: Cell(words.phone(r.one.phone) or DASH), 120),
            ColumnDef("goes", _("Survey"), self._goes, 260, stretch=True, elide=True),
        ]  # fmt: skip
        self.table = DataTable(RowWindowModel(columns, place.runner, self), "survey_send")
        self.table.setFixedHeight(px(LIST_HEIGHT))
        self.purpose = TextField(_("Purpose, for numbers in full"), 200)
        self.purpose.setAccessibleName(_("Purpose, for numbers in full"))
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        head = QHBoxLayout()
        head.addWidget(label(_("Send surveys"), "title"))
        head.addWidget(self.method)
        head.addWidget(self._count, 1)
        column.addLayout(head)
        column.addWidget(self.table)
        row = QHBoxLayout()
        copy = Button(_("Copy text"), icon="copy")
        copy.clicked.connect(self.copy_text)
        self.copy = copy
        save = Button(_("File of numbers…"), icon="download")
        save.clicked.connect(self._choose_file)
        self.send = Button(_("Note as sent"), kind=Kind.MAIN, key="Ctrl+↵")
        self.send.setShortcut("Ctrl+Return")
        self.send.clicked.connect(self.note_sent)
        cancel = Button(pgettext("button", "Close"), key="Esc")
        cancel.setShortcut("Escape")
        cancel.clicked.connect(self.closed)
        row.addWidget(copy)
        row.addWidget(save)
        row.addWidget(self.purpose)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.send)
        column.addLayout(row)

    def begin(self) -> None:
        """Ask who can be asked, and take the keys."""
        self._ask()
        self.method.setFocus()

    @staticmethod
    def _goes(line: _Line) -> Cell:
        one = line.one
        if one.goes:
            return Cell(one.text, "circle-check", icon_colour="ok", tip=one.text)
        text = sentence(one.refusal, dict(one.values))
        return Cell(text, "ban", "text-2", tip=text)

    def _ask(self) -> None:
        desk, method = self._place.desk, SurveyMethod(str(self.method.value()))

        def work(_context: JobContext) -> list[Prospect]:
            return surveys_sending.prospects(desk, self._tickets, method)

        self._job.start(work).on_success(self._show).on_failure(self._place.shell.tell)

    def _show(self, found: list[Prospect]) -> None:
        self._found = found
        goes = sum(one.goes for one in found)
        text = _("{n} of {count} can be asked")
        self._count.setText(text.format(n=goes, count=len(found)))
        self.table.rows.show(RecordList([_Line(one) for one in found]))
        for button in (self.send, self.copy):
            button.setEnabled(goes > 0)

    def copy_text(self) -> None:
        """Put the texts on the clipboard, one below the other."""
        texts = [one.text for one in self._found if one.goes]
        QGuiApplication.clipboard().setText("\n\n".join(texts))
        self._place.shell.say(_("Copied"), undo=False)

    def _choose_file(self) -> None:
        name, _kind = QFileDialog.getSaveFileName(
            self, _("File of numbers"), "surveys.csv", "CSV (*.csv);;Excel (*.xlsx)"
        )
        if name:
            self.write_file(Path(name))

    def write_file(self, path: Path) -> None:
        """Write numbers and texts for a bulk sender."""
        desk, found, purpose = self._place.desk, self._found, str(self.purpose.value() or "")

        def work(_context: JobContext) -> int:
            return surveys_sending.write_numbers(desk, path, found, purpose=purpose)

        handle = self._place.runner.start(work, lane=WRITE, owner=self)
        handle.on_success(self._on_file).on_failure(self._place.shell.tell)

    def _on_file(self, count: int) -> None:
        text = _("Numbers written: {n}") if self.purpose.value() else _("Masked numbers: {n}")
        self._place.shell.say(text.format(n=count), undo=False)

    def note_sent(self) -> None:
        """Write that the surveys were sent."""
        desk, method = self._place.desk, SurveyMethod(str(self.method.value()))
        tickets = list(self._tickets)
        self.send.setEnabled(False)
        handle = self._place.runner.start(
            lambda _context: surveys_sending.send(desk, tickets, method), lane=WRITE, owner=self
        )
        handle.on_success(self._on_sent).on_failure(self._on_refused)

    def _on_sent(self, outcome: Outcome[list[int]]) -> None:
        self._place.shell.say(_("Surveys sent: {n}").format(n=len(outcome.value)))
        self.closed.emit()

    def _on_refused(self, error: Any) -> None:
        self.send.setEnabled(True)
        self._place.shell.tell(error)
