"""What a change of calendar or limits would make of the last twelve months, before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from svcdesk.domain.comparisons import compare
from svcdesk.i18n.catalog import _, current
from svcdesk.services import closing_words
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.reports.closing_rows import Row, columns
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind
from ui.widgets.data_table import DataTable
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import label

if TYPE_CHECKING:
    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.services.what_if import Line, WhatIf
    from ui.jobs.runner import Runner

HEIGHT = 210  # of the list: about six rows; the tab below stays in view


def _columns() -> list[ColumnDef]:
    return columns(
        ("metric", _("Metric"), 200, "se"), ("month", _("Month"), 80, ""),
        ("now", _("As it is"), 140, "r"), ("then", _("As it would be"), 140, "r"),
        ("change", _("Difference"), 130, "r"),
    )  # fmt: skip


def _told(figure: Figure, digits: int) -> str:
    text = figure.text(figure.value, digits)
    return f"{text} (n={figure.n})" if figure.metric.is_rate and figure.value is not None else text


def _digits(now: Figure, then: Figure) -> int:
    """Return the decimals from which two values look different."""
    digits = now.metric.decimals
    while (
        digits < closing_words.MOST_DIGITS
        and now.value != then.value
        and now.text(now.value, digits) == then.text(then.value, digits)
    ):
        digits += 1
    return digits


def rows_of(found: WhatIf) -> list[Row]:
    """Return a line for every figure and month that would be different, the latest month first."""
    lines: list[tuple[Line, int]] = [
        (line, place)
        for line in found.changed
        for place in range(len(found.months) - 1, -1, -1)
        if line.differs(place)
    ]
    rows = []
    for number, (line, place) in enumerate(lines):
        now, then = line.now[place], line.then[place]
        metric, digits = now.metric, _digits(now, then)
        change = compare(then.value, now.value, metric.comparison, metric.direction)
        name = closing_words.metric_name(line.metric)
        cells = (
            Cell(name, tip=name), Cell(found.months[place].code),
            Cell(_told(now, digits), colour="text-2"), Cell(_told(then, digits), bold=True),
            Cell(change.short(current())),
        )  # fmt: skip
        rows.append(Row(number, cells, (line.metric, found.months[place].code)))
    return rows


class WhatIfPanel(QFrame):
    """The difference, and the choice: save the change or leave it."""

    confirmed = Signal()
    refused = Signal()

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self.setProperty("box", "surface")
        self.setProperty("line", "bottom")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(6)
        column.addWidget(label(_("What the change would make of the last 12 months"), "strong"))
        self.told = label("", "small", "2", wrap=True)
        column.addWidget(self.told)
        self._model = RowWindowModel(_columns(), runner, self)
        self.table = DataTable(self._model, "what_if")
        self.table.setAccessibleName(_("What the change would make of the last 12 months"))
        self.table.setFixedHeight(px(HEIGHT))
        column.addWidget(self.table)
        holder = QWidget()
        buttons = FlowLayout(holder, gap=6)
        self.save = Button(_("Save the change"), kind=Kind.MAIN)
        self.save.clicked.connect(self._on_save)
        self.leave = Button(_("Leave everything as it is"))
        self.leave.clicked.connect(self._on_leave)
        buttons.addWidget(self.save)
        buttons.addWidget(self.leave)
        column.addWidget(holder)
        self.hide()

    def show_found(self, found: WhatIf) -> None:
        """Show the difference and wait for the choice."""
        text = _("{tickets} tickets and {complaints} complaints would get other times.").format(
            tickets=found.tickets, complaints=found.complaints
        )
        if found.settled:
            text += " " + _(
                "Closed and published months stay as they were judged: {months}."
            ).format(months=", ".join(sorted(found.settled)))
        self.told.setText(text)
        self._model.show(RecordList(rows_of(found)))
        self.show()
        self.save.setFocus()

    def _on_save(self) -> None:
        self.hide()
        self.confirmed.emit()

    def _on_leave(self) -> None:
        self.hide()
        self.refused.emit()
