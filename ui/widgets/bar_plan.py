"""Measures as bars over weeks: planned span, progress, what is late, what is blocked, today.

A table whose last column is painted, so that rows are chosen with the keys of every list and a
screen reader is told each row in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from svcdesk.domain.plan_bars import PlanBar, grouped, reach, weeks
from ui.theme.tokens import px, row_height
from ui.widgets.bar_model import BARS, OWNER, TITLE, BarModel
from ui.widgets.bar_paint import BarHead, BarPainter
from ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent

TITLE_SHARE, OWNER_WIDTH, NARROW = 0.34, 84, 560
WEEK_LEAST = 9  # px of a week below which the picture scrolls sideways


class BarPlan(QTableView):
    """The plan; Enter or a double click opens a row."""

    opened = Signal(object)  # PlanBar
    chosen = Signal(object)  # PlanBar or None: another row is the present one

    def __init__(self, name: str) -> None:
        super().__init__()
        self.rows = BarModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(BarPainter(self, self.rows))
        self.setHorizontalHeader(BarHead(self, self.rows))
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(row_height())
        self.verticalHeader().setDefaultSectionSize(row_height())
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setMinimumSectionSize(px(40))
        self.empty = EmptyState(self.viewport())
        self.empty.hide()
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.doubleClicked.connect(lambda _index: self._open())

    def show_bars(
        self,
        bars: Sequence[PlanBar],
        today: date,
        *,
        span: tuple[date, date] | None = None,
        names: Sequence[str] = (),
        marks: Sequence[tuple[date, str]] = (),
    ) -> None:
        """Show bars under their headings; ``span`` and the ``names`` of its weeks, when fixed.

        ``marks`` are days with a dotted line, such as reviews. The present row stays by its key.
        """
        present = self.bar()
        rows: list[PlanBar | str] = []
        groups = grouped(bars)
        for group, ones in groups:
            if group and len(groups) > 1:
                rows.append(group)
            rows += ones
        self.rows.today = today
        self.rows.first, self.rows.last = span or reach(bars, today)
        self.rows.names, self.rows.marks = tuple(names), tuple(marks)
        self.rows.show(rows)
        self.clearSpans()
        for place, row in enumerate(rows):
            if isinstance(row, str):
                self.setSpan(place, TITLE, 1, 3)
        self.empty.setVisible(not bars)
        self.empty.place()
        self._fit()
        wanted = present.id if present is not None else None
        self.go_to(wanted if wanted in {one.id for one in bars} else None)

    def bar(self) -> PlanBar | None:
        """Return the present bar."""
        return self.rows.bar(self.currentIndex().row())

    def bars(self) -> list[PlanBar]:
        """Return the bars from top to bottom."""
        return [row for row in self.rows.rows if isinstance(row, PlanBar)]

    def go_to(self, key: int | None) -> None:
        """Make the bar with this key the present one; ``None``: the first."""
        for place, row in enumerate(self.rows.rows):
            if isinstance(row, PlanBar) and key in {None, row.id}:
                self.selectRow(place)
                return

    def step(self, by: int) -> None:
        """Go on (1) or back (-1) by one bar; headings are passed over."""
        bars, present = self.bars(), self.bar()
        keys = [bar.id for bar in bars]
        place = keys.index(present.id) + by if present is not None else 0
        if 0 <= place < len(keys):
            self.go_to(keys[place])

    def _fit(self) -> None:
        room = self.viewport().width()
        narrow = room < px(NARROW)
        self.setColumnHidden(OWNER, narrow)
        title = max(round(room * TITLE_SHARE), px(140))
        owner = 0 if narrow else px(OWNER_WIDTH)
        self.setColumnWidth(TITLE, title)
        self.setColumnWidth(OWNER, owner or px(OWNER_WIDTH))
        count = len(weeks(self.rows.first, self.rows.last))
        self.setColumnWidth(BARS, max(room - title - owner, count * px(WEEK_LEAST)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the width there is."""
        super().resizeEvent(event)
        self._fit()
        self.empty.place()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.verticalHeader().setMinimumSectionSize(row_height())
            self.verticalHeader().setDefaultSectionSize(row_height())
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; J and K go on and back, as in every list."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open()
        elif event.text().upper() in {"J", "K"} and not event.modifiers():
            self.step(1 if event.text().upper() == "J" else -1)
        elif event.text().isalnum() and not event.modifiers():
            event.ignore()  # a key of the view around it, nothing to search for
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open only what was hit."""
        if self.indexAt(event.position().toPoint()).isValid():
            super().mouseDoubleClickEvent(event)

    def _open(self) -> None:
        if (bar := self.bar()) is not None:
            self.opened.emit(bar)

    def _on_current(self, *_args: object) -> None:
        self.chosen.emit(self.bar())
