"""Answers without a case: what the export said of them, and the ticket given by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from svcdesk.services import surveys_matching
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE, Latest
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.surveys import told
from ui.pages.wording import DASH, Words, say
from ui.theme.tokens import GAP, MARGIN
from ui.widgets.button import Button, Kind
from ui.widgets.data_table import DataTable
from ui.widgets.editors import TextField
from ui.widgets.labels import label

if TYPE_CHECKING:
    from svcdesk.services.desk import Outcome
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace


class _Answer:
    """An answer as a row."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.id = int(row["id"])
        self.row = row


class UnmatchedView(QWidget):
    """The list; a ticket number and Enter give the current answer its case."""

    matched = Signal(str)
    counted = Signal(int)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._job = Latest(place.runner, self)
        words = Words(place.desk)
        columns = [
            ColumnDef("at", pgettext("column", "Answered"),
                      lambda a: Cell(words.time(a.row["responded_at"])), 100),
            ColumnDef("scores", _("Scores"), lambda a: Cell(told.scores(a.row)), 190, elide=True),
            ColumnDef("comment", _("Customer's words"),
                      lambda a: Cell(a.row["comment"], tip=a.row["comment"]), 220, stretch=True,
                      elide=True),
            ColumnDef("ticket", _("Ticket no."), lambda a: self._told(a.row["ticket_ref"]), 120),
            ColumnDef("order", _("Order no."), lambda a: self._told(a.row["order_ref"]), 130),
            ColumnDef("phone", _("Phone"), lambda a: Cell(words.phone(a.row["phone"]) or DASH),
                      120),
            ColumnDef("method", pgettext("column", "Way"),
                      lambda a: Cell(code_label("SurveyMethod", a.row["method"])), 110, drop=1),
        ]  # fmt: skip
        self.table = DataTable(RowWindowModel(columns, place.runner, self), "unmatched")
        self.table.empty.set("circle-check", _("Every answer has found its case."), "")
        self.table.opened.connect(self._to_number)
        note = label(
            _("Imported answers whose ticket, order and phone lead to no case. They are kept and "
              "counted here, and are in no figure."), "small", "2", wrap=True,
        )  # fmt: skip
        self.number = TextField("GD202604-0001", 30)
        self.number.setAccessibleName(_("Ticket no."))
        self.number.returnPressed.connect(self.match)
        self.wrong = label("", "small", "danger", wrap=True)
        give = Button(_("Match with this ticket"), kind=Kind.MAIN, key="↵")
        give.clicked.connect(self.match)
        again = Button(_("Look for all again"), icon="refresh-cw")
        again.clicked.connect(self.match_again)
        row = QHBoxLayout()
        row.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        row.setSpacing(GAP)
        row.addWidget(label(_("Ticket no."), "small", "2"))
        row.addWidget(self.number)
        row.addWidget(give)
        row.addWidget(self.wrong, 1)
        row.addWidget(again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        note.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        column.addWidget(note)
        column.addWidget(self.table, 1)
        column.addLayout(row)

    @staticmethod
    def _told(text: str | None) -> Cell:
        return Cell(text or DASH, colour="text" if text else "text-3")

    def load(self) -> None:
        """Ask again."""
        desk = self._place.desk

        def work(_context: JobContext) -> list[dict[str, Any]]:
            return surveys_matching.unmatched(desk)

        self._job.start(work).on_success(self._show).on_failure(self._place.shell.tell)

    def _show(self, found: list[dict[str, Any]]) -> None:
        self.table.rows.show(RecordList([_Answer(row) for row in found]))
        self.counted.emit(len(found))

    def _to_number(self, _key: object) -> None:
        self.number.setFocus()

    def match(self) -> None:
        """Give the current answer the ticket that was typed."""
        key = self.table.current_id()
        if key is None:
            self.wrong.setText(_("Choose an answer first."))
            return
        self.wrong.setText("")
        desk, number = self._place.desk, str(self.number.value() or "")
        handle = self._place.runner.start(
            lambda _context: surveys_matching.match(desk, key, number), lane=WRITE, owner=self
        )
        handle.on_success(self._on_matched).on_failure(self._on_refused)

    def _on_matched(self, _outcome: Any) -> None:
        self.number.set_value("")
        self.matched.emit(_("The answer has its case now"))
        self.load()
        self.table.setFocus()

    def _on_refused(self, error: object) -> None:
        if isinstance(error, ProblemsError):
            self.wrong.setText(" ".join(say(problem) for problem in error.problems))
            self.number.setFocus()
        else:
            self._place.shell.tell(error)

    def match_again(self) -> None:
        """Look for the cases of all of them once more."""
        desk = self._place.desk
        handle = self._place.runner.start(
            lambda _context: surveys_matching.match_again(desk), lane=WRITE, owner=self
        )
        handle.on_success(self._on_again).on_failure(self._place.shell.tell)

    def _on_again(self, outcome: Outcome[int]) -> None:
        self.matched.emit(_("Cases found: {n}").format(n=outcome.value))
        self.load()
