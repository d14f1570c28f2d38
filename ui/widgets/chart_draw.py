"""Drawing of each kind of chart with pyqtgraph; colours and sizes by token only.

``pg`` is handed in by :mod:`ui.widgets.chart_view`, the one module that imports pyqtgraph.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor

from svcdesk.domain.chart import ChartKind, ChartSpec, Series
from ui.theme.tokens import MICRO, colour, font, metrics
from ui.widgets import chart_kinds
from ui.widgets.chart_items import (
    NO_PEN,
    NO_TICKS,
    axis_texts,
    fixed_ticks,
    make_bars,
    nice_ticks,
    palette,
    pen_of,
    places_of,
    readable,
    text_of,
    two_lines,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NARROW_SLOT = 26  # pixels; below, not every category gets its label
LEAST_TOLD = 0.7  # share of the height of a text that a bar must have to carry one
BAR = 0.78  # share of a category's room that its bars take


class Painter:
    """Draws one spec into a pyqtgraph plot."""

    def __init__(self, pg: Any, plot: Any, spec: ChartSpec) -> None:
        self.pg = pg
        self.plot = plot
        self.spec = spec

    def draw(self) -> None:
        """Draw the chart."""
        self.plot.setContentsMargins(0, 2, 14, 0)
        makers: dict[ChartKind, Callable[[], None]] = {
            ChartKind.LINE: self._line,
            ChartKind.COLUMNS: self._columns,
            ChartKind.PARETO: self._pareto,
            ChartKind.STACKED: lambda: chart_kinds.stacked(self),
            ChartKind.BARS: self._bars,
            ChartKind.BULLET: lambda: chart_kinds.bullets(self),
            ChartKind.HEAT: lambda: chart_kinds.heat(self),
            ChartKind.PAIRS: lambda: chart_kinds.pairs(self),
            ChartKind.FUNNEL: lambda: chart_kinds.spread_funnel(self),
            ChartKind.STACKED_COLUMNS: lambda: chart_kinds.stacked_columns(self),
        }
        makers[self.spec.kind]()

    # --- parts ---------------------------------------------------------------------------

    def _frame(self, ticks: Sequence[float], *, upright: bool = True, room: float = 0.0) -> None:
        """Set axes: values on one side with hairlines, categories on the other."""
        values, names = ("left", "bottom") if upright else ("bottom", "left")
        value_axis, name_axis = self.plot.getAxis(values), self.plot.getAxis(names)
        value_axis.setTicks([list(zip(ticks, axis_texts(ticks), strict=True))])
        value_axis.setPen(NO_PEN)
        value_axis.setTickPen(NO_TICKS)
        name_axis.setTickPen(NO_TICKS)
        value_axis.setTextPen(colour("text-3"))
        name_axis.setPen(pen_of(colour("strong")))
        name_axis.setTextPen(colour("text-2"))
        for axis in (value_axis, name_axis):
            axis.setTickFont(font(MICRO))
            axis.setStyle(tickLength=0, autoReduceTextSpace=False, hideOverlappingLabels=False)
        count = len(self.spec.categories)
        for tick in ticks:
            line = self.pg.InfiniteLine(tick, 0 if upright else 90, pen_of(colour("grid")))
            line.setZValue(-20)
            self.plot.addItem(line)
        low, high = ticks[0], ticks[-1]
        high += (high - low) * (self._headroom() if upright else room)
        box = self.plot.getViewBox()
        if upright:
            box.setRange(xRange=(-0.5, count - 0.5), yRange=(low, high), padding=0)
        else:
            box.setRange(xRange=(low, high), yRange=(-0.5, count - 0.5), padding=0)
            box.invertY(True)
            widest = max(
                (metrics(MICRO).horizontalAdvance(n) for n in self.spec.categories), default=40
            )
            name_axis.setWidth(min(widest, 150) + 12)

    def _headroom(self) -> float:
        """Return the share of the axis that names of events and the highest label need."""
        tall: float = max(self.plot.height() - 60, 60)
        rows = 1 + max((row + 1 for _band, row in chart_kinds.band_rows(self.spec)), default=0)
        part = (metrics(MICRO).height() * rows + 4) / tall
        return part / (1 - min(part, 0.5))

    def frame_upright(self, values: Sequence[float]) -> None:
        """Set the axes of columns that reach ``values``."""
        self._frame(nice_ticks(min([0.0, *values]), max([*values, 1e-9])))
        self._category_ticks("bottom", int(self.plot.width()))
        self._references()

    def frame_sideways(self, highest: float) -> None:
        """Set the axes of bars that reach ``highest``."""
        whole = self.spec.decimals == 0
        self._frame(nice_ticks(0, highest, whole=whole), upright=False)
        self._category_ticks("left", 0)

    def frame_rows(self, low: float, high: float) -> None:
        """Set the axes of rows without an axis of values, from ``low`` to ``high``."""
        self._frame([low, high], upright=False)
        self._category_ticks("left", 0)
        self.plot.hideAxis("bottom")

    def _category_ticks(self, side: str, width: int) -> None:
        """Label the categories, as many as fit."""
        names = self.spec.categories
        last = len(names) - 1
        slot = max(width - 70, 60) / max(len(names), 1)
        step = 1
        if side == "bottom" and slot < NARROW_SLOT:
            step = math.ceil(NARROW_SLOT / slot)
        elif side != "bottom":
            tall = max(self.plot.height() - 40, 40) / max(len(names), 1)
            step = math.ceil(metrics(MICRO).height() / tall)
        ticks = []
        for place, name in enumerate(names):
            if (last - place) % step:
                continue
            if side != "bottom":
                shown = metrics(MICRO).elidedText(name, Qt.TextElideMode.ElideRight, 150)
            else:
                shown = two_lines(name, int(slot * step) - 6)
                if self._samples() and self._samples()[place] is not None:
                    shown = f"{shown}\nn={self._samples()[place]}"
            ticks.append((place, shown))
        axis = self.plot.getAxis(side)
        axis.setTicks([ticks])
        if side == "bottom":
            lines = max((text.count("\n") + 1 for _p, text in ticks), default=1)
            axis.setHeight(metrics(MICRO).height() * lines + 6)

    def _samples(self) -> tuple[int | None, ...]:
        series = self.spec.series
        return series[0].n if len(series) == 1 and series[0].n and len(series[0].n) <= 7 else ()

    def _value_range(self, *, zero: bool) -> list[float]:
        values = [v for s in self.spec.series for v in s.values if v is not None]
        values += [reference.value for reference in self.spec.references]
        low = (
            self.spec.y_min
            if self.spec.y_min is not None
            else min([0.0, *values] if zero else values, default=0.0)
        )
        high = self.spec.y_max if self.spec.y_max is not None else max(values, default=1.0)
        if self.spec.y_min is None and not zero and high > low:
            low = max(0.0, low - (high - low) * 0.4) if low >= 0 else low - (high - low) * 0.2
        whole = self.spec.decimals == 0
        if self.spec.y_min is not None and self.spec.y_max is not None:
            return fixed_ticks(low, high)
        if high <= low:  # all the same: room on both sides, inside a fixed end
            room = max(abs(low) * 0.1, 1.0)
            low = low if zero else max(0.0, low - room) if low >= 0 else low - room
            high = high if self.spec.y_max is not None and high > low else high + room
        return nice_ticks(low, high, whole=whole)

    def text(self, text: str, x: float, y: float, *, anchor: tuple[float, float],
              ink: str = "text-2", bold: bool = False, fill: QColor | None = None) -> None:  # fmt: skip
        """Write at a point of the plot; ``anchor`` is the part of the text that lies there."""
        item = self.pg.TextItem(text, color=fill or colour(ink), anchor=anchor)
        item.setFont(font(MICRO, bold=bold))
        item.textItem.document().setDocumentMargin(2)
        item.setText(text)
        item.setPos(x, y)
        item.setZValue(30)
        self.plot.addItem(item, ignoreBounds=True)

    def bar_items(self, rects: list[tuple[QRectF, int, bool]]) -> None:
        """Draw bars: place, colour of the palette, whether hatched."""
        self.plot.addItem(make_bars(self.pg, rects))

    def _references(self, *, upright: bool = True) -> None:
        """Draw dashed lines; their labels stand outside, at the end of the line."""
        if not self.spec.references:
            return
        ticks = []
        for reference in self.spec.references:
            pen = pen_of(colour("text-2"), dashed=True)
            line = self.pg.InfiniteLine(reference.value, 0 if upright else 90, pen)
            line.setZValue(5)
            self.plot.addItem(line)
            ticks.append((reference.value, reference.label))
        side = "right" if upright else "top"
        axis = self.bare_axis(side, ticks)
        if upright:
            axis.setWidth(max(metrics(MICRO).horizontalAdvance(text) for _v, text in ticks) + 8)
        else:
            axis.setHeight(metrics(MICRO).height() + 4)

    def bare_axis(self, side: str, ticks: list[tuple[float, str]]) -> Any:
        """Show an axis that has labels only."""
        self.plot.showAxis(side)
        axis = self.plot.getAxis(side)
        axis.setTicks([ticks])
        axis.setPen(NO_PEN)
        axis.setTickPen(NO_TICKS)
        axis.setTextPen(colour("text-2"))
        axis.setTickFont(font(MICRO))
        axis.setStyle(tickLength=0, autoReduceTextSpace=False, hideOverlappingLabels=False)
        return axis

    # --- kinds ---------------------------------------------------------------------------

    def _line(self) -> None:
        ticks = self._value_range(zero=False)
        self._frame(ticks)
        chart_kinds.bands(self)
        self._category_ticks("bottom", int(self.plot.width()))
        self._references()
        for place, series in zip(places_of(self.spec), self.spec.series, strict=False):
            self._draw_line(series, place)

    def _draw_line(self, series: Series, place: int) -> None:
        xs = list(range(len(series.values)))
        ys = [math.nan if value is None else value for value in series.values]
        pen = pen_of(palette(place), 1.5 if series.dotted else 2)
        if series.dotted:
            pen.setStyle(Qt.PenStyle.DotLine)
        self.plot.plot(xs, ys, pen=pen, connect="finite", antialias=True)
        many = len([v for v in series.values if v is not None]) > 7
        shown = self._labelled(series) if many else set(xs)
        for x, value in enumerate(series.values):
            if value is None:
                continue
            missed = x < len(series.missed) and series.missed[x]
            self.plot.addItem(
                self.pg.ScatterPlotItem(
                    [x], [value], size=9 if missed else 6, symbol="d" if missed else "o",
                    pen=pen_of(colour("danger") if missed else palette(place)),
                    brush=QBrush(colour("surface") if missed else palette(place)), antialias=True,
                )
            )  # fmt: skip
            if x in shown and len(self.spec.series) <= 2 and not series.dotted:
                ink = "danger" if missed else "text-2"
                below = self._below(series, x, value)
                self.text(
                    text_of(self.spec, series, x),
                    x,
                    value,
                    anchor=(0.5, -0.15 if below else 1.15),
                    ink=ink,
                    bold=missed,
                )

    def _below(self, series: Series, x: int, value: float) -> bool:
        """Tell whether a point's figure stands below it: in a valley, where the line leaves room.

        Between a higher and a lower neighbour that of a missed target does.
        """
        low, high = self.plot.getViewBox().viewRange()[1]
        tall: float = max(self.plot.height() - 60, 60)
        size = (high - low) * (metrics(MICRO).height() + 6) / tall
        if value - low < size:
            return False  # there is the axis
        lines = [reference.value for reference in self.spec.references]
        over = any(value < line < value + size for line in lines)
        under = any(value - size < line < value for line in lines)
        if over is not under:
            return over  # no figure is written over the line of the target
        beside = [
            v for place in (x - 1, x + 1)
            if 0 <= place < len(series.values) and (v := series.values[place]) is not None
        ]  # fmt: skip
        if beside and all(v > value for v in beside):
            return True
        missed = x < len(series.missed) and series.missed[x]
        return missed and not all(v < value for v in beside)

    def _labelled(self, series: Series) -> set[int]:
        known = [(value, x) for x, value in enumerate(series.values) if value is not None]
        if not known:
            return set()
        places = [known[-1][1], known[0][1], max(known)[1]]
        if sum(series.missed) <= 3:
            places += [x for x, missed in enumerate(series.missed) if missed]
        slot = max(self.plot.width() - 70, 60) / max(len(series.values), 1)
        told: set[int] = set()
        for x in places:  # the most telling first; none is written into another
            room = metrics(MICRO).horizontalAdvance(text_of(self.spec, series, x)) + 8
            if all(abs(x - other) * slot >= room for other in told):
                told.add(x)
        return told

    def _columns(self) -> None:
        self._frame(self._value_range(zero=True))
        chart_kinds.bands(self)
        self._category_ticks("bottom", int(self.plot.width()))
        self._references()
        count = len(self.spec.series)
        width = BAR / max(count, 1)
        rects = []
        for number_, (place, series) in enumerate(
            zip(places_of(self.spec), self.spec.series, strict=False)
        ):
            shown = (
                self._labelled(series) if len(series.values) > 7 else set(range(len(series.values)))
            )
            for x, value in enumerate(series.values):
                if value is None:
                    continue
                left = x - BAR / 2 + number_ * width
                hatched = x in self.spec.hatched
                rects.append((QRectF(left, 0, width * 0.96, value), place, hatched))
                if x in shown and number_ == 0:
                    bold = x == self.spec.emphasis
                    self.text(
                        text_of(self.spec, series, x),
                        left + width / 2,
                        value,
                        anchor=(0.5, 0 if value < 0 else 1),
                        ink="text" if bold else "text-2",
                        bold=bold,
                    )
        self.bar_items(rects)

    def _pareto(self) -> None:
        counts = self.spec.series[0]
        values = [value or 0.0 for value in counts.values]
        total = sum(values) or 1.0
        self._frame([0, total / 2, total])
        self.plot.getAxis("left").setTicks(
            [list(zip((0, total), axis_texts((0, total)), strict=True))]
        )
        self._category_ticks("bottom", int(self.plot.width()))
        shares = [(total * part, f"{part:.0%}") for part in (0, 0.5, 0.8, 1)]
        self.bare_axis("right", shares)
        self.plot.addItem(
            self.pg.InfiniteLine(total * 0.8, 0, pen_of(colour("text-2"), dashed=True))
        )
        rects, xs, ys, running = [], [], [], 0.0
        slot = max(self.plot.width() - 90, 60) / max(len(values), 1)
        sparse = math.ceil((metrics(MICRO).horizontalAdvance("100.0%") + 6) / slot)
        last = len(values) - 1
        for x, value in enumerate(values):
            running += value
            xs.append(x)
            ys.append(running)
            hatched = x in self.spec.hatched
            place = 0 if x in self.spec.vital or not self.spec.vital else 4
            rects.append((QRectF(x - 0.32, 0, 0.64, value), place, hatched))
            if metrics(MICRO).horizontalAdvance(text_of(self.spec, counts, x)) + 2 <= slot:
                self._bar_figure(x, value, total, place, hatched=hatched)
            crowded = sparse > 1 and last - x == sparse
            if running > value and (last - x) % sparse == 0 and not crowded:
                side = 1.0 if x == last and sparse > 1 else 0.5  # the last has no room behind it
                self.text(f"{running / total:.1%}", x, running, anchor=(side, 1.15))
        self.bar_items(rects)
        self.plot.plot(
            xs, ys, pen=pen_of(palette(1)), symbol="o", symbolSize=7, antialias=True,
            symbolPen=pen_of(palette(1)), symbolBrush=QBrush(colour("surface")),
        )  # fmt: skip

    def _bar_figure(self, x: int, value: float, top: float, place: int, *, hatched: bool) -> None:
        """Write the figure of a Pareto bar into it, above it when it is low or hatched."""
        text = text_of(self.spec, self.spec.series[0], x)
        if value >= top * 0.15 and not hatched:
            ink = readable(palette(place))
            self.text(text, x, value / 2, anchor=(0.5, 0.5), fill=ink, bold=True)
        else:
            self.text(text, x, value, anchor=(0.5, 1), ink="text", bold=True)

    def _bars(self) -> None:
        self._frame(self._value_range(zero=True), upright=False, room=0.2)
        self._category_ticks("left", 0)
        self._references(upright=False)
        count = len(self.spec.series)
        thick = BAR / max(count, 1)
        slot = max(self.plot.height() - 40, 40) / max(len(self.spec.categories), 1)
        told = slot * thick >= metrics(MICRO).height() * LEAST_TOLD
        rects = []
        for number_, (place, series) in enumerate(
            zip(places_of(self.spec), self.spec.series, strict=False)
        ):
            for row, value in enumerate(series.values):
                if value is None:
                    continue
                top = row - BAR / 2 + number_ * thick
                rects.append((QRectF(0, top, value, thick * 0.94), place, row in self.spec.hatched))
                text = text_of(self.spec, series, row)
                if row < len(series.n) and series.n[row] is not None:
                    text = f"{text}  n={series.n[row]}"
                if told:  # of thinner bars the tooltip and the table tell
                    self.text(text, value, top + thick / 2, anchor=(1 if value < 0 else 0, 0.5))
        self.bar_items(rects)
