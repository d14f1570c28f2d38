"""A chart in a card: title, legend, plot, hover, drill-down, and the same figures as a table.

pyqtgraph is imported when the first chart is drawn, not before: it costs a third of a second.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QSizePolicy,
    QStackedLayout,
    QTableWidget,
    QTableWidgetItem,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from svcdesk.domain.chart import ChartKind, ChartSpec
from svcdesk.i18n.catalog import _
from ui.theme.tokens import SMALL, colour, font, metrics, row_height
from ui.widgets.button import Button, Kind
from ui.widgets.chart_draw import Painter, nearest_category
from ui.widgets.chart_items import palette, series_colours, text_of
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import ElidedLabel
from ui.widgets.paint import LEFT


class _Legend(QWidget):
    """Colour and name of each series, on as many lines as its width needs."""

    def __init__(self, names: list[str], *, wraps: bool) -> None:
        super().__init__()
        self._names = names
        self._widths = [metrics(SMALL).horizontalAdvance(name) + 24 for name in names]
        self._line = metrics(SMALL).height()
        policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if wraps:
            policy.setHorizontalPolicy(QSizePolicy.Policy.Preferred)
        self.setSizePolicy(policy)

    def _places(self, room: int) -> list[QPoint]:
        places, left, top = [], 0, 0
        for width in self._widths:
            if left and left + width > room:
                left, top = 0, top + self._line
            places.append(QPoint(left, top))
            left += width
        return places

    def sizeHint(self) -> QSize:
        """Return the size on one line."""
        return QSize(sum(self._widths), self._line)

    def minimumSizeHint(self) -> QSize:
        """Return the size of the longest name."""
        return QSize(max(self._widths), self._line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the lines that the new width needs."""
        super().resizeEvent(event)
        self.setFixedHeight(self._places(self.width())[-1].y() + self._line)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw squares and names."""
        painter = QPainter(self)
        painter.setFont(font(SMALL))
        colours = series_colours(len(self._names))
        places = self._places(self.width())
        for name, width, tint, at in zip(self._names, self._widths, colours, places, strict=True):
            middle = at.y() + self._line / 2
            painter.fillRect(QRectF(at.x(), middle - 5, 10, 10), palette(tint))
            painter.setPen(colour("text-2"))
            painter.drawText(QRectF(at.x() + 14, at.y(), width, self._line), LEFT, name)


class ChartView(QFrame):
    """Draws a :class:`~svcdesk.domain.chart.ChartSpec`."""

    drilled = Signal(str, str)  # the link of the category: metric id, group key

    def __init__(self, spec: ChartSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self._plot: Any = None
        self._drawn_width = -1
        self._walk = self._row = -1
        self.setProperty("box", "card")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(spec.title)
        self.setMinimumHeight(176)
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(60)
        self._redraw.timeout.connect(self._draw)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 10, 8)
        column.setSpacing(4)
        column.addLayout(self._header())
        if self._legend is not None and self._legend.parent() is None:
            column.addWidget(self._legend)
        self._body = QWidget()
        self._stack = QStackedLayout(self._body)
        self._canvas = QWidget()
        QVBoxLayout(self._canvas).setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._canvas)
        column.addWidget(self._body, 1)
        if spec.empty:
            self._show_nothing()

    def _header(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        title = ElidedLabel(self.spec.title, "strong")
        title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row.addWidget(title)
        if self.spec.note:
            row.addWidget(ElidedLabel(self.spec.note, "small", "3"), 1)
        names = [series.name for series in self.spec.series if series.name]
        plain = self.spec.kind not in {ChartKind.HEAT, ChartKind.PARETO, ChartKind.BULLET}
        beside = len(names) <= 2
        self._legend = _Legend(names, wraps=not beside) if plain and 1 < len(names) <= 8 else None
        if self._legend is not None and beside:
            row.addWidget(self._legend)
        row.addStretch(1)
        self._toggle = Button("", kind=Kind.QUIET, icon="table-2", small=True)
        self._toggle.setToolTip(_("Show as table"))
        self._toggle.setAccessibleName(_("Show as table"))
        self._toggle.setCheckable(True)
        self._toggle.setEnabled(not self.spec.empty)
        self._toggle.toggled.connect(self._on_toggled)
        row.addWidget(self._toggle)
        return row

    def sizeHint(self) -> QSize:
        """Return the usual size."""
        return QSize(480, 220)

    def _show_nothing(self) -> None:
        empty = EmptyState()
        empty.set("chart-column", _("No data in this period."))
        self._stack.addWidget(empty)
        self._stack.setCurrentWidget(empty)

    # --- drawing -------------------------------------------------------------------------

    def _make_plot(self) -> Any:
        import pyqtgraph as pg

        widget = pg.PlotWidget(background=None)
        widget.setFrameShape(QFrame.Shape.NoFrame)
        widget.setStyleSheet("background: transparent")
        widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        widget.setMenuEnabled(False)
        widget.hideButtons()
        widget.setMouseEnabled(x=False, y=False)
        widget.getPlotItem().getViewBox().setDefaultPadding(0)
        widget.scene().sigMouseMoved.connect(self._on_hover)
        widget.scene().sigMouseClicked.connect(self._on_click)
        layout = self._canvas.layout()
        if layout is not None:
            layout.addWidget(widget)
        return widget

    def _draw(self) -> None:
        if self.spec.empty or not self.isVisible():
            return
        import pyqtgraph as pg

        if self._plot is None:
            self._plot = self._make_plot()
        item = self._plot.getPlotItem()
        item.clear()
        item.resize(self._canvas.width(), self._canvas.height())
        Painter(pg, item, self.spec).draw()
        self._drawn_width = self.width()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw when first seen."""
        super().showEvent(event)
        if self._plot is None:
            self._redraw.start(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the labels again that fit the new width."""
        super().resizeEvent(event)
        if self._plot is not None and abs(self.width() - self._drawn_width) > 8:
            self._redraw.start()

    # --- reading -------------------------------------------------------------------------

    def tip(self, category: int, row: int = -1) -> str:
        """Return what the tooltip says about a category."""
        spec = self.spec
        lines = [spec.categories[category].replace("\n", " ")]
        for number, series in enumerate(spec.series):
            if row not in {-1, number}:
                continue
            text = text_of(spec, series, category)
            if spec.unit and text != "—":
                text = f"{text} {spec.unit}"
            name = series.name
            if spec.kind is ChartKind.HEAT and number < len(spec.row_names):
                name = spec.row_names[number]
            line = f"{name}: {text}" if name else text
            if category < len(series.n) and series.n[category] is not None:
                line += f"  n={series.n[category]}"
            lines.append(line)
        if spec.drill:
            lines.append(_("Click to see the records"))
        return "\n".join(lines)

    def _on_hover(self, place: QPointF) -> None:
        if self._plot is None:
            return
        box = self._plot.getPlotItem().getViewBox()
        if not box.sceneBoundingRect().contains(place):
            QToolTip.hideText()
            return
        category, row = nearest_category(self.spec, box.mapSceneToView(place))
        if category < 0:
            return
        clickable = category < len(self.spec.drill)
        shape = Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor
        self._plot.setCursor(shape)
        spot = self._plot.mapToGlobal(QPoint(int(place.x()) + 12, int(place.y()) + 12))
        QToolTip.showText(spot, self.tip(category, row), self._plot)

    def _on_click(self, event: Any) -> None:
        box = self._plot.getPlotItem().getViewBox()
        if box.sceneBoundingRect().contains(event.scenePos()):
            category, row = nearest_category(self.spec, box.mapSceneToView(event.scenePos()))
            self.drill_into(category, row)

    def drill_into(self, category: int, row: int = -1) -> None:
        """Ask for the records behind a category (of one row in a heat map or stacked bar)."""
        place = category
        if self._by_cell():
            if row < 0:
                return
            place = row * len(self.spec.categories) + category
        if 0 <= place < len(self.spec.drill):
            self.drilled.emit(*self.spec.drill[place])

    def _by_cell(self) -> bool:
        """Tell whether each cell has records of its own, not only each category."""
        cells = len(self.spec.categories) * len(self.spec.series)
        kinds = {ChartKind.HEAT, ChartKind.STACKED}
        return self.spec.kind in kinds and len(self.spec.drill) == cells

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk the points (cells both ways), Enter opens their records."""
        key = Qt.Key(event.key())
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key, 0)
        down = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key, 0) if self._by_cell() else 0
        count = len(self.spec.categories)
        if (step or down) and count:
            self._walk = (max(self._walk, 0) + step) % count if self._walk >= 0 or down else (
                0 if step > 0 else count - 1)  # fmt: skip
            if self._by_cell():
                self._row = (max(self._row, 0) + down) % len(self.spec.series)
            spot = self.mapToGlobal(QPoint((self._walk * 2 + 1) * self.width() // (2 * count), 40))
            QToolTip.showText(spot, self.tip(self._walk, self._row), self)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._walk >= 0:
            self.drill_into(self._walk, self._row)
        else:
            super().keyPressEvent(event)

    # --- the table -----------------------------------------------------------------------

    def _on_toggled(self, on: bool) -> None:
        if on and self._stack.count() < 2:
            self._stack.addWidget(self._table())
        self._stack.setCurrentIndex(1 if on else 0)
        if not on:
            self._redraw.start()

    def _table(self) -> QTableWidget:
        spec = self.spec
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
