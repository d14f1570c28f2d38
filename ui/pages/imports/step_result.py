"""Steps 3 and 4: what an import would do, and what it did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, current, pgettext
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.widgets.banner import Banner
from ui.widgets.button import Button, Kind
from ui.widgets.data_table import DataTable
from ui.widgets.labels import box, label

if TYPE_CHECKING:
    from svcdesk.services.imports import ImportPlan
    from ui.jobs.runner import Runner


@dataclass(frozen=True)
class ProblemRow:
    """One reason, as a row of the table."""

    id: int
    row: int
    column: str
    text: str


class ResultStep(QWidget):
    """Counts, reasons, and the next button: import, or take back."""

    back_wanted = Signal()
    import_wanted = Signal()
    undo_wanted = Signal(str)
    rejected_wanted = Signal(str)
    show_wanted = Signal()
    another_wanted = Signal()

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self._plan: ImportPlan | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(10)
        self._banners = QVBoxLayout()
        self._banners.setSpacing(8)
        column.addLayout(self._banners)
        figures = QHBoxLayout()
        figures.setSpacing(8)
        self._figures = {}
        for key, name in (
            ("read", _("Rows read")), ("inserted", pgettext("import", "New")), ("updated", _("Changed")),
            ("skipped", _("Already there")), ("rejected", pgettext("import", "Rejected")),
        ):  # fmt: skip
            card = box("card")
            inside = QVBoxLayout(card)
            inside.setContentsMargins(14, 8, 14, 8)
            inside.addWidget(label(name, "smallstrong"))
            self._figures[key] = label("", "figure")
            inside.addWidget(self._figures[key])
            figures.addWidget(card)
        column.addLayout(figures)
        self._notes = label("", "", "2", wrap=True)
        column.addWidget(self._notes)
        self._reasons = label(_("Rows that cannot come in"), "strong")
        column.addWidget(self._reasons)
        columns = [
            ColumnDef("row", _("Row"), lambda r: Cell(str(r.row)), 70, right=True),
            ColumnDef("column", _("Column"), lambda r: Cell(r.column, tip=r.column), 180, elide=True),
            ColumnDef("text", _("Reason and what to do"), lambda r: Cell(r.text, tip=r.text), 400, stretch=True, elide=True),
        ]  # fmt: skip
        self._model = RowWindowModel(columns, runner, self)
        self._table = DataTable(self._model, "import-problems")
        self._table.setMinimumHeight(220)
        column.addWidget(self._table, 1)
        area.setWidget(inner)
        outer.addWidget(area, 1)
        outer.addWidget(self._build_bottom())

    def _build_bottom(self) -> QWidget:
        bottom = box("sunken", "top")
        row = QHBoxLayout(bottom)
        row.setContentsMargins(14, 8, 14, 8)
        self._keep = Button(_("Save rejected rows…"), icon="download")
        self._keep.clicked.connect(self._on_keep)
        self._back = Button(_("Back"))
        self._back.clicked.connect(self.back_wanted)
        self._go = Button(_("Import"), kind=Kind.MAIN)
        self._go.clicked.connect(self.import_wanted)
        self._undo = Button(_("Take this import back"), icon="undo-2")
        self._undo.clicked.connect(self._on_undo)
        self._another = Button(_("Import another file"))
        self._another.clicked.connect(self.another_wanted)
        self._show = Button(_("Show the records"), kind=Kind.MAIN)
        self._show.clicked.connect(self.show_wanted)
        row.addWidget(self._keep)
        row.addStretch(1)
        for button in (self._undo, self._back, self._another, self._go, self._show):
            row.addWidget(button)
        return bottom

    def show_plan(self, plan: ImportPlan, *, only_good: bool) -> None:
        """Show the result of the check, or of the import when it was done."""
        self._plan = plan
        figures = {
            "read": plan.rows_read, "inserted": plan.inserted, "updated": plan.updated,
            "skipped": plan.skipped, "rejected": plan.rejected_rows,
        }  # fmt: skip
        for key, value in figures.items():
            self._figures[key].setText(f"{value:,}")
        self._show_banner(plan, only_good=only_good)
        self._notes.setText("\n".join(_notes(plan)))
        self._notes.setVisible(bool(self._notes.text()))
        t = current()
        names = {field.name: plan.kind.header(field, t) for field in plan.kind.fields}
        rows = [
            ProblemRow(
                number,
                problem.row,
                problem.column or names.get(problem.field, ""),
                problem.sentence(t),
            )
            for number, problem in enumerate(plan.problems)
        ]
        self._model.show(RecordList(rows))
        for widget in (self._reasons, self._table):
            widget.setVisible(bool(rows))
        done = plan.applied
        self._keep.setVisible(bool(plan.problems))
        self._back.setVisible(not done)
        self._go.setVisible(not done)
        self._undo.setVisible(done and bool(plan.batch))
        self._another.setVisible(done)
        self._show.setVisible(done and bool(plan.batch))
        usable = plan.inserted + plan.updated > 0
        self._go.setEnabled(usable and (only_good or not plan.rejected_rows))
        count = plan.inserted + plan.updated
        self._go.set_text(_("Import {n} rows").format(n=f"{count:,}"))

    def _show_banner(self, plan: ImportPlan, *, only_good: bool) -> None:
        while (item := self._banners.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        if plan.applied:
            text = _("Imported as {batch}. One step takes it back whole.").format(
                batch=plan.batch or "—"
            )
            self._banners.addWidget(Banner("ok", "circle-check", text))
        elif not plan.inserted + plan.updated and not plan.rejected_rows:
            text = _("Everything in this file is here already. Nothing would change.")
            self._banners.addWidget(Banner("neutral", "info", text))
        elif plan.rejected_rows and not only_good:
            text = _(
                "{n} rows cannot come in. Correct them, or go back and allow the good rows only."
            )
            words = text.format(n=f"{plan.rejected_rows:,}")
            self._banners.addWidget(Banner("danger", "circle-alert", words))
        elif plan.rejected_rows:
            text = _("{n} rows stay outside; the others can be imported.")
            words = text.format(n=f"{plan.rejected_rows:,}")
            self._banners.addWidget(Banner("warn", "triangle-alert", words))
        else:
            self._banners.addWidget(Banner("ok", "circle-check", _("All rows are fine.")))

    def _on_keep(self) -> None:
        title = _("Save rejected rows")
        dialog = QFileDialog(self, title, "rejected.xlsx", "Excel (*.xlsx);;CSV (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(self.rejected_wanted)
        dialog.open()

    def _on_undo(self) -> None:
        if self._plan is not None:
            self.undo_wanted.emit(self._plan.batch)


def _notes(plan: ImportPlan) -> list[str]:
    notes = []
    flagged = {code: count for code, count in sorted(plan.flagged.items()) if count}
    if flagged:
        words = ", ".join(f"{code}: {count:,}" for code, count in flagged.items())
        notes.append(_("Marked as abnormal data: {words}").format(words=words))
    for name, values in plan.new_names.items():
        shown = ", ".join(values[:8]) + (" …" if len(values) > 8 else "")
        notes.append(
            _("New in list “{name}” ({n}): {values}").format(name=name, n=len(values), values=shown)
        )
    if plan.unused:
        notes.append(_("Columns left out: {names}").format(names=", ".join(plan.unused)))
    if plan.missing_years:
        years = ", ".join(map(str, plan.missing_years))
        notes.append(
            _("No holiday list for: {years}; the weekly rule was used.").format(years=years)
        )
    left = sum(plan.left_out.counts.values())
    if left:
        notes.append(_("{n} rows are titles, totals or empty and were passed over.").format(n=left))
    return notes
