"""Which tickets to check this month: drawn by lot per agent, never chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, pgettext
from svcdesk.services import quality
from ui.jobs.runner import Latest
from ui.models.choices import Choice
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.wording import Words
from ui.theme.tokens import GAP, MARGIN
from ui.widgets.data_table import DataTable
from ui.widgets.editors import ChoiceField
from ui.widgets.labels import label

if TYPE_CHECKING:
    from svcdesk.services.quality import Lot
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

MONTHS = 6


class _Drawn:
    """A drawn ticket as a row."""

    def __init__(self, lot: Lot, ticket: dict[str, Any]) -> None:
        self.id = int(ticket["id"])
        self.lot = lot
        self.ticket = ticket


class DrawView(QWidget):
    """The tickets that come next; Enter begins the check."""

    wanted = Signal(object)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._job = Latest(place.runner, self)
        words = Words(place.desk)
        here = words.local(words.now())
        codes = []
        year, month = here.year, here.month
        for _step in range(MONTHS):
            codes.append(f"{year:04d}-{month:02d}")
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        self.month = ChoiceField([Choice(code, code) for code in codes])
        self.month.setAccessibleName(_("Month"))
        self.month.set_value(codes[0])
        self.month.currentIndexChanged.connect(self.load)
        columns = [
            ColumnDef("agent", _("Agent"), lambda d: Cell(words.person(d.lot.agent_id)), 100),
            ColumnDef("done", pgettext("column", "Checked"),
                      lambda d: Cell(_("{n} of {count}").format(n=d.lot.done, count=d.lot.wanted)),
                      90, right=True),
            ColumnDef("number", _("Ticket no."), lambda d: Cell(d.ticket["number"]), 130),
            ColumnDef("title", _("Case"), lambda d: Cell(d.ticket["title"]), 220, stretch=True,
                      elide=True),
            ColumnDef("customer", _("Customer"), lambda d: Cell(
                words.customer(d.ticket["customer"], d.ticket["customer_kind"])), 100),
            ColumnDef("at", _("Settled"), lambda d: Cell(words.time(d.ticket["resolved_at"])), 110,
                      right=True),
        ]  # fmt: skip
        self.table = DataTable(RowWindowModel(columns, place.runner, self), "quality_draw")
        self.table.empty.set("circle-check", _("Enough is checked for this month."), "")
        self.table.opened.connect(self.wanted)
        self._note = label("", "small", "2", wrap=True)
        head = QHBoxLayout()
        head.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        head.setSpacing(GAP)
        head.addWidget(label(_("Settled in"), "small", "2"))
        head.addWidget(self.month)
        head.addWidget(self._note, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.table, 1)

    def load(self) -> None:
        """Draw again; the lot gives the same tickets."""
        desk, month = self._place.desk, str(self.month.value())

        def work(_context: JobContext) -> list[Lot]:
            return quality.lots(desk, month)

        self._job.start(work).on_success(self._show).on_failure(self._place.shell.tell)

    def _show(self, lots: list[Lot]) -> None:
        drawn = [_Drawn(lot, ticket) for lot in lots for ticket in lot.tickets]
        self.table.rows.show(RecordList(drawn))
        text = _("{agents} agents, {done} checks made, {left} to make. The lot depends on ticket "
                 "and month alone. Enter begins a check.")  # fmt: skip
        self._note.setText(text.format(
            agents=len(lots), done=sum(lot.done for lot in lots), left=len(drawn)
        ))  # fmt: skip
