"""Customers that share a phone: candidates for merging, one pair at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import customer_merge
from ui.jobs.runner import Latest
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.wording import Words
from ui.theme.tokens import GAP, MARGIN
from ui.widgets.data_table import DataTable
from ui.widgets.labels import label

if TYPE_CHECKING:
    from svcdesk.services.customer_merge import Suggestion
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace


@dataclass(frozen=True)
class _Pair:
    """Two customers with one phone; ``id`` counts the pairs."""

    id: int
    phone: str
    target: tuple[int, str, str]
    source: tuple[int, str, str]


class SamePhoneView(QWidget):
    """The list; Enter opens the preview of a merge."""

    merge_wanted = Signal(object, object)  # who stays, who is merged

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._job = Latest(place.runner, self)
        self._pairs: dict[int, _Pair] = {}
        words = Words(place.desk)
        columns = [
            ColumnDef("phone", _("Phone"), lambda r: Cell(words.phone(r.phone)), 140),
            ColumnDef("target", _("Stays"), lambda r: Cell(
                f"{r.target[1]} {words.customer(r.target[2], 'person')}"), 220, stretch=True),
            ColumnDef("source", _("Is merged"), lambda r: Cell(
                f"{r.source[1]} {words.customer(r.source[2], 'person')}", "git-merge"), 220,
                stretch=True),
        ]  # fmt: skip
        self.table = DataTable(RowWindowModel(columns, place.runner, self), "same_phone")
        self.table.empty.set("circle-check", _("No two customers have the same phone."), "")
        self.table.opened.connect(self._on_opened)
        note = label(
            _("Customers with the same phone. Enter shows what a merge would move."), "small", "2"
        )
        note.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(note)
        column.addWidget(self.table, 1)

    def load(self) -> None:
        """Ask again."""
        desk = self._place.desk

        def work(_context: JobContext) -> list[Suggestion]:
            return customer_merge.suggestions(desk)

        self._job.start(work).on_success(self._show).on_failure(self._place.shell.tell)

    def _show(self, found: list[Suggestion]) -> None:
        pairs = [
            (group.phone, group.customers[0], other)
            for group in found
            for other in group.customers[1:]
        ]
        self._pairs = {n: _Pair(n, *pair) for n, pair in enumerate(pairs, 1)}
        self.table.rows.show(RecordList(list(self._pairs.values())))

    def _on_opened(self, key: object) -> None:
        pair = self._pairs.get(key) if isinstance(key, int) else None
        if pair is not None:
            self.merge_wanted.emit(pair.target[0], pair.source[0])
