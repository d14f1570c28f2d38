"""Targets of the metrics; a new one holds from a month on, earlier months keep theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from svcdesk.domain.comparisons import Direction
from svcdesk.domain.metrics.definition import UNIT_LABELS, MetricDef
from svcdesk.domain.metrics.registry import BY_ID, METRICS
from svcdesk.i18n.catalog import _
from svcdesk.services import settings
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.settings.general import NumberField
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind
from ui.widgets.data_table import DataTable
from ui.widgets.editors import TextField
from ui.widgets.form import Form
from ui.widgets.labels import box, label
from ui.widgets.side_by_side import Beside

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from ui.jobs.runner import Runner


@dataclass(frozen=True)
class TargetRow:
    """One metric with the target that holds now."""

    id: int
    metric: MetricDef
    target: float | None
    since: str
    weight: int


class DecimalField(TextField):
    """A number with decimals."""

    def value(self) -> float | None:
        """Return the number, None when empty or not a number."""
        text = self.text().replace(",", "").strip()
        try:
            return float(text)
        except ValueError:
            return None


def _plain(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"


class TargetsTab(Beside):
    """List left, form right."""

    save_wanted = Signal(str, str, object, int)  # metric, month, target, weight

    def __init__(self, desk: Desk, runner: Runner) -> None:
        super().__init__((14, 12, 14, 14), 10)
        self._desk = desk
        self._metric: MetricDef | None = None
        self._rows: dict[int, TargetRow] = {}
        columns = [
            ColumnDef(
                "name",
                _("Metric"),
                lambda r: Cell(_(r.metric.label)),
                200,
                stretch=True,
                elide=True,
            ),
            ColumnDef("direction", _("Better"), self._direction, 90),
            ColumnDef("target", _("Target"), self._target, 150, right=True),
            ColumnDef(
                "since",
                _("From month"),
                lambda r: Cell(r.since or "—", colour="text-2"),
                90,
                right=True,
            ),
            ColumnDef("weight", _("Weight"), lambda r: Cell(str(r.weight or "—")), 70, right=True),
        ]
        self._model = RowWindowModel(columns, runner, self)
        self._table = DataTable(self._model, "targets")
        self._table.current_changed.connect(self._on_current)
        self.add(self._table, 1)
        self.add(self._build_form())
        self.show_targets()

    def _build_form(self) -> QWidget:
        card = box("card")
        card.setFixedWidth(px(340))
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 14)
        self._title = label("", "strong", wrap=True)
        self._note = label("", "small", "2", wrap=True)
        column.addWidget(self._title)
        column.addWidget(self._note)
        self.form = Form(columns=2)
        self.form.add("target", _("Target"), DecimalField("", 12))
        self.form.add("month", _("From month"), TextField("2026-04", 7), required=True)
        self.form.add("weight", _("Weight (0–100)"), NumberField("", 3))
        column.addWidget(self.form)
        save = Button(_("Save target"), kind=Kind.MAIN)
        save.clicked.connect(self._on_save)
        column.addWidget(save)
        self._sum = label("", "small", "warn", wrap=True)
        column.addWidget(self._sum)
        column.addStretch(1)
        return card

    def _direction(self, row: TargetRow) -> Cell:
        if row.metric.direction is Direction.UP:
            return Cell(_("higher"), "arrow-up", icon_colour="text-3")
        if row.metric.direction is Direction.DOWN:
            return Cell(_("lower"), "arrow-down", icon_colour="text-3")
        return Cell("—", colour="text-3")

    def _target(self, row: TargetRow) -> Cell:
        if row.target is None:
            return Cell("—", colour="text-3")
        return Cell(f"{_plain(row.target)} {_(UNIT_LABELS[row.metric.unit])}")

    def show_targets(self) -> None:
        """List every metric with the target of the present month."""
        month = datetime.fromtimestamp(self._desk.clock.now(), self._desk.zone).strftime("%Y-%m")
        stored = settings.targets(self._desk)
        self._rows = {}
        for number, metric in enumerate(METRICS):
            target = None if metric.target is None else float(metric.target)
            since, weight = "", metric.score_weight
            for entry in stored.get(metric.id, []):
                if entry[0] <= month:
                    since, target, weight = entry[0], entry[1], entry[3]
            self._rows[number] = TargetRow(number, metric, target, since, weight)
        self._model.show(RecordList(list(self._rows.values())))
        total = sum(row.weight for row in self._rows.values())
        text = _("The weights add up to {n}; they should add up to 100.").format(n=total)
        self._sum.setText("" if total == 100 else text)

    def _on_current(self, key: object) -> None:
        row = self._rows.get(key) if isinstance(key, int) else None
        if row is None:
            return
        self._metric = BY_ID[row.metric.id]
        self._title.setText(_(row.metric.label))
        self._note.setText(_(row.metric.note))
        now = datetime.fromtimestamp(self._desk.clock.now(), self._desk.zone)
        shown = None if row.target is None else _plain(row.target)
        self.form.populate({"target": shown, "month": now.strftime("%Y-%m"), "weight": row.weight})

    def _on_save(self) -> None:
        values = self.form.values()
        month = str(values["month"] or "")
        valid = len(month) == 7 and month[4] == "-" and month.replace("-", "").isdigit()
        if self._metric is None:
            return
        if not valid:
            self.form.field("month").show_problem(_("Write the month as 2026-04."))
            return
        weight = values["weight"] if isinstance(values["weight"], int) else 0
        self.save_wanted.emit(self._metric.id, month, values["target"], weight)
