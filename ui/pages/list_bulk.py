"""The bar of several selected tickets: it stands in place of the chips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from svcdesk.i18n.catalog import _
from svcdesk.services.queries import Condition, Op, Query
from ui.models.choices import Choice
from ui.pages.bulk_pane import BulkBar, BulkPanel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QVBoxLayout

    from ui.pages.list_pane import ListPane

OFFERED = 50  # tickets to merge into


class ListBulk(QObject):
    """Swaps the chips for the bar, and opens the form of a change."""

    def __init__(self, pane: ListPane, column: QVBoxLayout) -> None:
        super().__init__(pane)
        self._pane = pane
        self.bar = BulkBar()
        self.bar.setFixedHeight(pane.chips.height())
        self.bar.hide()
        self.bar.wanted.connect(self.start)
        column.addWidget(self.bar)
        pane.table.selection_counted.connect(self._on_selected)

    def _on_selected(self, count: int) -> None:
        several = count > 1
        if several:
            self.bar.show_count(count, self._pane.rows.count)
        if several is not self.bar.isVisibleTo(self._pane):
            self.bar.setVisible(several)
            self._pane.chips.setVisible(not several)
            if not several and isinstance(self._pane.panel, BulkPanel):
                self._pane.close_panel()

    def start(self, kind: str) -> None:
        """Begin a change of the selected tickets, or do what needs no form."""
        pane = self._pane
        if kind == "all":
            pane.table.selectAll()
        elif kind == "none":
            pane.table.select_current()
        elif kind == "copy":
            pane.table.copy_selection()
            pane.place.shell.say(_("Copied"), undo=False)
        elif kind == "export":
            pane.taking_out.choose_export(self._chosen_query())
        elif pane.table.selected_count():
            self._open(kind)

    def _open(self, kind: str) -> None:
        pane = self._pane
        panel = BulkPanel(pane.place, kind, pane.selection(), self._offered(), pane.group_name)
        panel.closed.connect(pane.close_panel)
        panel.done.connect(self._on_done)
        pane.open_panel(panel)
        panel.focus()

    def _on_done(self) -> None:
        self._pane.close_panel()
        self._pane.table.select_current()

    def _offered(self) -> list[Choice]:
        """Return the first selected tickets by number and title."""
        found = []
        for key in (self._pane.table.chosen()[0] or [])[:OFFERED]:
            row = self._pane.rows.row_at(self._pane.rows.position_of(key))
            if row is not None:
                found.append(Choice(key, f"{row.number}  {row.title}"))
        return found

    def _chosen_query(self) -> Query:
        chosen = self._pane.selection()
        query = chosen.query or Query(self._pane.entity, ids=chosen.ids)
        if chosen.but:
            query = query.narrowed(Condition("id", Op.NOT_IN, tuple(sorted(chosen.but))))
        return query
