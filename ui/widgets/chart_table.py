"""The figures of a chart as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from ui.theme.tokens import row_height
from ui.widgets.chart_items import text_of

if TYPE_CHECKING:
    from svcdesk.domain.chart import ChartSpec


def chart_table(spec: ChartSpec) -> QTableWidget:
    """Return the figures of a chart as a table: a row per category, a column per series."""
    names = spec.row_names or tuple(series.name for series in spec.series)
    table = QTableWidget(len(spec.categories), len(spec.series) + 1)
    table.setHorizontalHeaderLabels(["", *names])
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(row_height() - 4)
    table.setShowGrid(False)
    mode = QHeaderView.ResizeMode.ResizeToContents
    table.horizontalHeader().setSectionResizeMode(mode)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for row, category in enumerate(spec.categories):
        table.setItem(row, 0, QTableWidgetItem(category.replace("\n", " ")))
        for column, series in enumerate(spec.series):
            item = QTableWidgetItem(text_of(spec, series, row))
            item.setTextAlignment(right)
            table.setItem(row, column + 1, item)
    return table
