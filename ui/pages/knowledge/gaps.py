"""What is asked often and answered nowhere: the list of articles to write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import knowledge_use
from svcdesk.services.knowledge_use import GAP_DAYS, GAP_LEAST, Gap
from ui.jobs.runner import WRITE, Latest
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.wording import Words
from ui.theme.tokens import GAP, MARGIN
from ui.widgets.button import Button, Kind
from ui.widgets.data_table import DataTable
from ui.widgets.labels import label

if TYPE_CHECKING:
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace


@dataclass(frozen=True)
class _Row:
    """A gap under the key of its issue."""

    id: int
    gap: Gap


class GapsView(QWidget):
    """Issues without an article, the most asked first."""

    tickets_wanted = Signal(object, str)  # keys, name of the issue
    drafted = Signal(object)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._words = Words(place.desk)
        self._job = Latest(place.runner, self)
        self._gaps: dict[int, Gap] = {}
        columns = [
            ColumnDef("issue", _("Issue type"), lambda r: Cell(self._words.path(r.id),
                      "lightbulb", icon_colour="warn"), 300, stretch=True, elide=True),
            ColumnDef("asked", _("Asked in {n} days").format(n=GAP_DAYS),
                      lambda r: Cell(f"{r.gap.asked:,}"), 150, right=True),
        ]  # fmt: skip
        self.table = DataTable(RowWindowModel(columns, place.runner, self), "gaps")
        self.table.empty.set("circle-check", _("Everything asked often has an article."), "")
        self.table.opened.connect(self._write)
        row = QHBoxLayout()
        row.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        text = _("Asked {n} times or more in {days} days, and no published article.")
        row.addWidget(label(text.format(n=GAP_LEAST, days=GAP_DAYS), "small", "2", wrap=True), 1)
        tickets = Button(_("Show tickets"), kind=Kind.QUIET, icon="inbox", small=True)
        tickets.clicked.connect(self._show_tickets)
        write = Button(_("Write article"), icon="pencil", key="↵", small=True)
        write.setToolTip(_("Make a draft from the best solved of these tickets"))
        write.clicked.connect(self._on_write)
        row.addWidget(tickets)
        row.addWidget(write)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.table, 1)

    def load(self) -> None:
        """Ask again."""
        desk = self._place.desk

        def work(_context: JobContext) -> list[Gap]:
            return knowledge_use.gaps(desk)

        self._job.start(work).on_success(self._show).on_failure(self._place.shell.tell)

    def _show(self, found: list[Gap]) -> None:
        self._gaps = {gap.issue_id: gap for gap in found}
        self.table.rows.show(RecordList([_Row(gap.issue_id, gap) for gap in found]))

    def _current(self) -> Gap | None:
        key = self.table.current_id()
        return self._gaps.get(key) if key is not None else None

    def _show_tickets(self) -> None:
        gap = self._current()
        if gap is not None:
            self.tickets_wanted.emit(gap.ticket_ids, self._words.path(gap.issue_id))

    def _on_write(self) -> None:
        gap = self._current()
        if gap is not None:
            self._write(gap.issue_id)

    def _write(self, key: object) -> None:
        gap = self._gaps.get(key) if isinstance(key, int) else None
        if gap is None:
            return
        desk = self._place.desk
        handle = self._place.runner.start(
            lambda _context: knowledge_use.draft_for(desk, gap.issue_id, gap.ticket_ids),
            lane=WRITE, owner=self,
        )  # fmt: skip
        handle.on_success(self._on_drafted).on_failure(self._place.shell.tell)

    def _on_drafted(self, outcome: Any) -> None:
        self.drafted.emit(outcome.value)
