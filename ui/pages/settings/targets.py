"""Targets by metric and scope; a new one holds from a month on, earlier months keep theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from svcdesk.domain.comparisons import Direction
from svcdesk.domain.metrics.definition import UNIT_LABELS, MetricDef, Unit
from svcdesk.domain.metrics.registry import METRICS
from svcdesk.i18n.catalog import _
from svcdesk.services import targets
from svcdesk.services.targets import WHOLE, Target
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.settings.target_form import TargetForm
from ui.theme.tokens import GAP
from ui.widgets.button import Button, Kind
from ui.widgets.data_table import DataTable
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import label
from ui.widgets.side_by_side import Beside

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from ui.jobs.runner import Runner


@dataclass(frozen=True)
class TargetRow:
    """One metric and scope with what holds now."""

    id: int
    metric: MetricDef
    scope: str
    scope_name: str
    target: float | None
    threshold: float | None
    since: str
    weight: int
    owner: str


def plain(value: float | None) -> str:
    """Write a number without needless decimals."""
    return "—" if value is None else f"{value:g}"


class TargetsTab(Beside):
    """List left, form right."""

    save_wanted = Signal(object)  # values for targets.save
    remove_wanted = Signal(object)  # key of an entry
    paste_wanted = Signal(str)
    export_wanted = Signal()
    setting_wanted = Signal(object)  # settings by key

    def __init__(self, desk: Desk, runner: Runner) -> None:
        super().__init__((14, 12, 14, 14), 10)
        self._desk = desk
        self._rows: dict[int, TargetRow] = {}
        self._model = RowWindowModel(self._columns(), runner, self)
        self._table = DataTable(self._model, "targets")
        self._table.setAccessibleName(_("Targets"))
        self._table.current_changed.connect(self._on_current)
        self.add(self._build_list(), 1)
        self.form = TargetForm(desk)
        self.form.save_wanted.connect(self.save_wanted)
        self.form.remove_wanted.connect(self.remove_wanted)
        self.form.setting_wanted.connect(self.setting_wanted)
        self.add(self.form)
        self.show_targets()

    def _columns(self) -> list[ColumnDef]:
        return [
            ColumnDef("name", _("Metric"), self._name, 180, stretch=True, elide=True),
            ColumnDef("scope", _("Holds for"), lambda r: Cell(r.scope_name, tip=r.scope_name), 130,
                      elide=True),
            ColumnDef("target", _("Target"), self._target, 130, right=True),
            ColumnDef("threshold", _("Threshold"), lambda r: Cell(plain(r.threshold)), 80, right=True),
            ColumnDef("since", _("From month"), lambda r: Cell(r.since or "—", colour="text-2"), 80,
                      right=True),
            ColumnDef("weight", _("Weight"), lambda r: Cell(str(r.weight or "—")), 60, right=True),
            ColumnDef("owner", _("Target owner"), lambda r: Cell(r.owner), 80, elide=True, drop=1),
        ]  # fmt: skip

    def _build_list(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        holder = QWidget()
        row = FlowLayout(holder, gap=6)
        self.paste = Button(_("Paste from a spreadsheet"), kind=Kind.QUIET, icon="sheet")
        self.paste.setToolTip(
            _("Columns: metric, scope, from month, target, threshold, weight, owner")
        )
        self.paste.clicked.connect(self._on_paste)
        self.export = Button(_("Export…"), kind=Kind.QUIET, icon="download")
        self.export.setToolTip(_("All targets with their history; the file can be imported again"))
        self.export.clicked.connect(self.export_wanted)
        row.addWidget(self.paste)
        row.addWidget(self.export)
        column.addWidget(holder)
        column.addWidget(self._table, 1)
        self._sum = label("", "small", "warn", wrap=True)
        column.addWidget(self._sum)
        return side

    def _name(self, row: TargetRow) -> Cell:
        icons = {Direction.UP: "arrow-up", Direction.DOWN: "arrow-down"}
        words = {Direction.UP: _("higher is better"), Direction.DOWN: _("lower is better")}
        direction = row.metric.direction
        name = _(row.metric.label)
        tip = f"{name}: {words[direction]}" if direction in words else name
        return Cell(name, icons.get(direction, ""), icon_colour="text-3", tip=tip)

    def _target(self, row: TargetRow) -> Cell:
        if row.target is None:
            return Cell("—", colour="text-3")
        unit = _(UNIT_LABELS[row.metric.unit])
        space = "" if row.metric.unit is Unit.PERCENT else " "
        return Cell(f"{plain(row.target)}{space}{unit}")

    # --- showing -------------------------------------------------------------------------

    def present_month(self) -> str:
        """Return the month of today."""
        now = datetime.fromtimestamp(self._desk.clock.now(), self._desk.zone)
        return now.strftime("%Y-%m")

    def show_targets(self) -> None:
        """List every metric with what holds in the present month, then its scopes."""
        month = self.present_month()
        valid = targets.valid(self._desk, month)
        people = self._desk.reference.people
        self._rows = {}
        for metric in METRICS:
            own = [t for (m, _scope), t in valid.items() if m == metric.id]
            whole = next((t for t in own if t.scope == targets.WHOLE_DESK), None)
            scoped = [t for t in own if t.scope != targets.WHOLE_DESK and t.target is not None]
            for entry in (whole, *scoped):
                number = len(self._rows)
                self._rows[number] = self._row(number, metric, entry, people)
        self._model.show(RecordList(list(self._rows.values())))
        self._show_sum(month)
        self.form.show_settings()
        if self._table.current_id() is None:  # never a form about nothing
            self._table.go_to(0)
            self._on_current(0)
        self.form.show_history()

    def _row(
        self, number: int, metric: MetricDef, entry: Target | None, people: dict[int, Any]
    ) -> TargetRow:
        if entry is None:
            target = None if metric.target is None else float(metric.target)
            alarm = None if metric.threshold is None else float(metric.threshold)
            return TargetRow(number, metric, targets.WHOLE_DESK, _(WHOLE), target, alarm, "",
                             metric.score_weight, "")  # fmt: skip
        owner = people.get(entry.owner_id or 0)
        return TargetRow(
            number, metric, entry.scope, targets.named(self._desk, entry.scope), entry.target,
            entry.threshold, entry.month, entry.weight, owner.name if owner else "",
        )  # fmt: skip

    def _show_sum(self, month: str) -> None:
        found = targets.weights(self._desk, month)
        if found.total == 100:
            self._sum.setText("")
            return
        most = max(found.shares, key=lambda m: found.shares[m], default="")
        text = _("The weights add up to {n}; they should add up to 100.").format(n=found.total)
        if most:
            name = next(_(m.label) for m in METRICS if m.id == most)
            text += " " + _(
                "Until then they are renormalised: {name} counts {share} % of the score."
            ).format(name=name, share=f"{found.shares[most]:.1f}")
        self._sum.setText(text)

    def _on_current(self, key: object) -> None:
        row = self._rows.get(key) if isinstance(key, int) else None
        if row is not None:
            values = {"target": row.target, "threshold": row.threshold, "weight": row.weight}
            self.form.show_target(row.metric, row.scope, self.present_month(), values)

    def _on_paste(self) -> None:
        self.paste_wanted.emit(QApplication.clipboard().text())
