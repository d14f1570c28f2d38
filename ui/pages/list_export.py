"""Taking a list out of the program: spreadsheet and paper, masked as it is shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from svcdesk.i18n.catalog import _, current
from ui.jobs.runner import WRITE
from ui.models.columns import text_for_copy

if TYPE_CHECKING:
    from svcdesk.services.queries import Query
    from ui.pages.list_pane import ListPane


def kind_of(entity: str) -> str:
    """Return the name under which a list is exported and imported."""
    return entity if entity == "knowledge" else f"{entity}s".replace("_", "-")


class ListExport(QObject):
    """Asks where the list goes and writes it in the background."""

    def __init__(self, pane: ListPane) -> None:
        super().__init__(pane)
        self._pane = pane
        self._query: Query | None = None
        pane.chips.export_requested.connect(self._on_export)
        pane.chips.print_requested.connect(self.choose_print)

    def _on_export(self) -> None:
        self.choose_export()

    def choose_export(self, query: Query | None = None) -> None:
        """Ask where ``query`` goes (None: the list as it is shown)."""
        self._query = query
        kind = kind_of(self._pane.entity)
        dialog = QFileDialog(
            self._pane, _("Export list"), f"{kind}.xlsx", "Excel (*.xlsx);;CSV (*.csv)"
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(self._on_export_file)
        dialog.open()

    def _on_export_file(self, name: str) -> None:
        self.export_to(Path(name), self._query)

    def export_to(self, path: Path, query: Query | None = None) -> None:
        """Write the list as it is shown, in its order, to a spreadsheet."""
        from svcdesk.services import exports

        desk, t, pane = self._pane.place.desk, current(), self._pane
        request = exports.Request(kind_of(pane.entity), query=query or pane.query())
        handle = pane.place.runner.start(
            lambda context: exports.export(desk, request, path, t, context),
            lane=WRITE, owner=self,
        )  # fmt: skip
        handle.on_success(self._on_exported).on_failure(pane.place.shell.tell)

    def _on_exported(self, done: Any) -> None:
        text = _("{n} rows written to {name}; names and phones are masked")
        self._pane.place.shell.say(text.format(n=f"{done.rows:,}", name=done.path.name), undo=False)

    def choose_print(self) -> None:
        """Ask where the printed list goes."""
        name = f"{kind_of(self._pane.entity)}.pdf"
        dialog = QFileDialog(self._pane, _("Print list"), name, "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(self._on_print_file)
        dialog.open()

    def _on_print_file(self, name: str) -> None:
        self.print_to(Path(name))

    def print_to(self, path: Path) -> None:
        """Write the list as it is shown to a PDF with its conditions and page numbers."""
        from svcdesk.services import printing

        pane, t = self._pane, current()
        desk = pane.place.desk
        shown = [(column, width) for column, width in pane.table.shown_columns()]
        sheet = printing.Sheet(
            pane.query(),
            pane.saved.name() or _("List"),
            tuple(pane.conditions_in_words()),
            tuple(printing.PaperColumn(c.label, width, right=c.right) for c, width in shown),
            lambda row: [text_for_copy(column, row) for column, _width in shown],
        )
        handle = pane.place.runner.start(
            lambda context: (printing.print_list(desk, sheet, path, t, context), path.name),
            lane=WRITE, owner=self,
        )  # fmt: skip
        handle.progressed.connect(self._on_printing)
        handle.on_success(self._on_printed).on_failure(pane.place.shell.tell)

    def _on_printing(self, done: int, total: int, _text: str) -> None:
        text = _("Printing {done} of {total}")
        self._pane.place.shell.set_status(text.format(done=f"{done:,}", total=f"{total:,}"))

    def _on_printed(self, done: tuple[int, str]) -> None:
        text = _("{n} pages in {name}; names and phones are masked")
        self._pane.place.shell.say(text.format(n=done[0], name=done[1]), undo=False)
