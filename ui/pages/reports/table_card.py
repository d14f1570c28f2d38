"""A table of the reports page in a card: rows open with Enter, time left counts down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from svcdesk.i18n.catalog import _
from ui.theme.tokens import SMALL, colour, metrics, px, row_height
from ui.widgets.labels import ElidedLabel, label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.sheet_tables import SheetTable

MOST_ROWS = 9  # at a time
LEAST, LEAST_COMPACT = 64, 44  # width of a column
LONG = 92  # width from which the head of a column takes two lines
MINUTE = 60_000  # milliseconds


def _balanced(name: str) -> str:
    """Return a long head in two lines, divided at the space nearest to its middle."""
    if " " not in name or metrics(SMALL).horizontalAdvance(name) <= px(LONG):
        return name
    spaces = [place for place, letter in enumerate(name) if letter == " "]
    middle = min(spaces, key=lambda place: abs(place - len(name) / 2))
    return f"{name[:middle]}\n{name[middle + 1 :]}"


class _Rows(QTableWidget):
    """The rows; Enter opens the current one."""

    opened = Signal(int)
    defined = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the row; Tab leaves the table."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentRow() >= 0:
            self.opened.emit(self.currentRow())
            return
        if event.key() == Qt.Key.Key_D and self.currentRow() >= 0:
            self.defined.emit(self.currentRow())
            return
        super().keyPressEvent(event)


class TableCard(QFrame):
    """Shows a :class:`~svcdesk.services.sheet_tables.SheetTable`."""

    opened = Signal(str, str)  # the link of a row
    defined = Signal(str)  # the metric of the current row, whose definition is asked for

    def __init__(
        self, table: SheetTable, left: Callable[[int], tuple[str, bool]],
        most: int = MOST_ROWS, parent: QWidget | None = None, *, compact: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.table = table
        self._left = left
        self._most = most  # rows at a time; more of them scroll
        self._compact = compact
        self._height = row_height() - (8 if compact else 4)
        self.setProperty("box", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 10, 8)
        column.setSpacing(4)
        head = QHBoxLayout()
        title = ElidedLabel(table.title, "strong")
        title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        head.addWidget(title)
        if table.note:
            head.addWidget(label(table.note, "small", "3"))
        head.addStretch(1)
        column.addLayout(head)
        self.rows: QTableWidget | None = None
        if not table.rows:
            column.addWidget(label(table.empty or _("No data in this period."), "", "2"))
            column.addStretch(1)
            return
        self.rows = self._make()
        column.addWidget(self.rows)
        column.addStretch(1)
        if table.due_column >= 0:
            self._clock = QTimer(self)
            self._clock.setInterval(MINUTE)
            self._clock.timeout.connect(self._count_down)
            self._clock.start()
            self._count_down()

    def _make(self) -> QTableWidget:
        spec = self.table
        rows = _Rows(len(spec.rows), len(spec.columns))
        rows.setProperty("compact", self._compact)
        rows.setHorizontalHeaderLabels([_balanced(name) for name in spec.columns])
        rows.setAccessibleName(spec.title)
        rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        rows.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        rows.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        rows.setTabKeyNavigation(False)
        rows.setShowGrid(False)
        rows.setWordWrap(False)
        rows.verticalHeader().hide()
        height = self._height
        rows.verticalHeader().setDefaultSectionSize(height)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for place, row in enumerate(spec.rows):
            for column, text in enumerate(row.cells):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if column in spec.right:
                    item.setTextAlignment(right)
                if row.strong:
                    bold = item.font()
                    bold.setBold(True)
                    item.setFont(bold)
                rows.setItem(place, column, item)
        self._head(rows, right)
        rows.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        sized = rows.horizontalHeader().sizeHint().height()
        top = self._height + 2 if self._compact else sized
        rows.setFixedHeight(
            top + height * min(len(spec.rows), self._most) + (8 if self._compact else 4)
        )
        rows.opened.connect(self._open)
        rows.defined.connect(self._define)
        rows.cellDoubleClicked.connect(self._on_double)
        return rows

    def _head(self, rows: QTableWidget, right: Qt.AlignmentFlag) -> None:
        """Set up the heads: those of numbers stand right; the longest words get what is left."""
        header = rows.horizontalHeader()
        for column in range(len(self.table.columns)):
            head = rows.horizontalHeaderItem(column)
            if head is not None and column in self.table.right:
                head.setTextAlignment(right)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setMinimumSectionSize(px(LEAST_COMPACT if self._compact else LEAST))
        header.setSectionResizeMode(self._longest(), QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        if self._compact:
            header.setFixedHeight(self._height + 2)

    def _longest(self) -> int:
        """Return the column of words that needs the most room."""
        texts = [c for c in range(len(self.table.columns)) if c not in self.table.right]
        measure = metrics()
        return max(
            texts,
            key=lambda c: max(measure.horizontalAdvance(row.cells[c]) for row in self.table.rows),
        )

    def _on_double(self, row: int, _column: int) -> None:
        self._open(row)

    def _open(self, row: int) -> None:
        link = self.table.rows[row].link
        if link[0]:
            self.opened.emit(*link)

    def _define(self, row: int) -> None:
        metric = self.table.rows[row].link[0]
        if metric and not metric.startswith("@"):
            self.defined.emit(metric)

    def _count_down(self) -> None:
        """Write the time that is left, or for how long it has been over."""
        if self.rows is None:
            return
        for place, row in enumerate(self.table.rows):
            item = self.rows.item(place, self.table.due_column)
            if row.due is None or item is None:
                continue
            text, late = self._left(row.due)
            item.setText(text)
            item.setToolTip(text)
            item.setForeground(colour("danger" if late else "text"))
