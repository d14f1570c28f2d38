"""The cards, charts and tables of one tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from ui.pages.reports.table_card import MOST_ROWS, TableCard
from ui.theme.tokens import GAP, MARGIN, px
from ui.widgets.chart_view import ChartView
from ui.widgets.kpi_card import Kpi, KpiCard
from ui.widgets.labels import label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from svcdesk.services.sheets import Card, Sheet

CARD_WIDTH = 250
PANEL_ROWS = 8  # of a small table
DENSE = 1000  # width from which three stand side by side
FIRST_ROWS = 5  # of the table above the charts, which are to be seen as well
LEAST = 116  # of a chart between small tables
LOW, TALL = 176, 220  # least height of a chart: two rows fit without scrolling, or not


class SheetView(QScrollArea):
    """Four cards a row, charts below in two columns (three in a wide window)."""

    card_clicked = Signal(str)
    drilled = Signal(str, str)
    defined = Signal(str)
    explained = Signal(str, str)
    said = Signal(str)

    def __init__(self, left: Callable[[int], tuple[str, bool]]) -> None:
        super().__init__()
        self._left = left  # what a countdown says about a moment
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(MARGIN, 0, MARGIN, MARGIN)
        column.setSpacing(GAP)
        self._cards_box = QGridLayout()
        self._cards_box.setSpacing(GAP)
        self._charts_box = QGridLayout()
        self._charts_box.setSpacing(GAP)
        self._panels_box = QGridLayout()
        self._panels_box.setSpacing(GAP)
        self._first_box = QVBoxLayout()
        self._first_box.setSpacing(GAP)
        self._tables_box = QGridLayout()
        self._tables_box.setSpacing(GAP)
        self._remarks = label("", "small", "2", wrap=True)
        column.addLayout(self._cards_box)
        column.addWidget(self._remarks)
        column.addLayout(self._panels_box, 1)
        column.addLayout(self._first_box)
        column.addLayout(self._charts_box, 1)
        column.addLayout(self._tables_box)
        self.setWidget(inner)
        self._cards: list[KpiCard] = []
        self._charts: list[ChartView] = []
        self._tables: list[TableCard] = []
        self._panels: list[TableCard] = []
        self._across = (0, 0)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show new figures; cards are updated in place, charts are drawn anew."""
        if len(self._cards) != len(sheet.cards):
            for card in self._cards:
                card.deleteLater()
            self._cards = []
            for data in sheet.cards:
                card = KpiCard(kpi_of(data))
                card.clicked.connect(self.card_clicked)
                card.defined.connect(self.defined)
                card.explained.connect(self._on_explain)
                self._cards.append(card)
        for card, data in zip(self._cards, sheet.cards, strict=True):
            card.show_kpi(kpi_of(data))
        for old in (*self._charts, *self._tables, *self._panels):
            old.hide()
            old.deleteLater()
        self._charts, self._tables, self._panels = [], [], []
        for table in sheet.panels:
            panel = TableCard(table, self._left, most=PANEL_ROWS, compact=True)
            panel.opened.connect(self.drilled)
            panel.defined.connect(self.defined)
            self._panels.append(panel)
        self._remarks.setText("\n".join(sheet.remarks))
        self._remarks.setVisible(bool(sheet.remarks))
        for spec in sheet.charts:
            chart = ChartView(spec)
            few = bool(sheet.cards) and 2 < len(sheet.charts) <= 4 and not spec.bands
            chart.setMinimumHeight(px(LOW) if few else px(TALL))
            chart.drilled.connect(self.drilled)
            chart.defined.connect(self.defined)
            chart.explained.connect(self.explained)
            chart.said.connect(self.said)
            self._charts.append(chart)
        for table in sheet.tables:
            usual = FIRST_ROWS if table.first else MOST_ROWS
            shown = TableCard(table, self._left, most=table.most or usual)
            shown.opened.connect(self.drilled)
            shown.defined.connect(self.defined)
            self._tables.append(shown)
        self._across = (0, 0)
        self._lay_out()

    def _on_explain(self, metric: str) -> None:
        self.explained.emit(metric, "")

    def _lay_out(self) -> None:
        width = self.viewport().width() - 2 * MARGIN
        cards = max(1, min(4, width // (px(CARD_WIDTH) + GAP)))
        charts = 1 if width < 760 else 3 if width > 1800 else 2
        charts = max(1, min(charts, len(self._charts)))
        if (cards, charts) == self._across:
            return
        self._across = (cards, charts)
        for number, card in enumerate(self._cards):
            self._cards_box.addWidget(card, *divmod(number, cards))
        for column in range(3):  # as wide as each other, whatever they show
            self._charts_box.setColumnStretch(column, int(column < charts))
        for number, chart in enumerate(() if self._panels else self._charts):
            row, column = divmod(number, charts)
            alone = column == 0 and number == len(self._charts) - 1
            self._charts_box.addWidget(chart, row, column, 1, charts if alone else 1)
            chart.show()
        if self._panels:
            self._lay_out_panels(wide=width > px(DENSE))
            return
        self._lay_out_tables(min(charts, 2))

    def _lay_out_panels(self, *, wide: bool) -> None:
        """Put small tables and charts so that all can be seen at once: the last table is tall."""
        *short, tall = self._panels
        below = len(short)
        for number, panel in enumerate(short):
            self._panels_box.addWidget(panel, *((0, number) if wide else (number, 0)))
        for number, chart in enumerate(self._charts):
            chart.setMinimumHeight(px(LEAST))
            place = (1, number) if wide else (below + 1 + number, 0)
            self._panels_box.addWidget(chart, *place)
        if wide:
            self._panels_box.addWidget(tall, 0, below, 2, 1)
        else:
            self._panels_box.addWidget(tall, below, 0)
        for column in range(below + 1):
            self._panels_box.setColumnStretch(column, (4, 4, 5)[min(column, 2)] if wide else 0)
        self._panels_box.setRowStretch(1, int(wide))
        for widget in (*self._panels, *self._charts):
            widget.show()

    def _lay_out_tables(self, across: int) -> None:
        """Put first tables above the charts, the others below, narrow ones side by side."""
        place = 0
        for table in self._tables:
            if table.table.first:
                self._first_box.addWidget(table)
                continue
            if table.table.wide:
                place = -(-place // across) * across
            span = across if table.table.wide else 1
            self._tables_box.addWidget(table, *divmod(place, across), 1, span)
            place += span
        for column in range(2):
            self._tables_box.setColumnStretch(column, int(column < across))
        for table in self._tables:
            table.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many in a row as fit."""
        super().resizeEvent(event)
        self._lay_out()


def kpi_of(card: Card) -> Kpi:
    """Return a card as the widget shows it."""
    return Kpi(
        key=card.key, name=card.name, value=card.value, unit=card.unit, sample=card.sample,
        met=card.met, target=card.target, change=card.change, better=card.better,
        rising=card.rising, course=card.course, course_target=card.course_target, tip=card.tip,
    )  # fmt: skip
