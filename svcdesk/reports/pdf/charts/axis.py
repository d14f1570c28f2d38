"""The frame of charts that stand on a row of categories: value axis, grid, names, legend, bands."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from svcdesk.domain.chart import ChartKind
from svcdesk.reports.pdf.canvas import Sheet
from svcdesk.reports.pdf.charts.legend import legend_height, legend_rows, write_legend
from svcdesk.reports.pdf.charts.names import CategoryNames
from svcdesk.reports.pdf.charts.scale import (
    AXIS,
    TINY,
    decimals_of,
    nice_step,
    number,
    palette_place,
)
from svcdesk.reports.pdf.fonts import fit, width
from svcdesk.reports.pdf.styles import colour, series_colour

if TYPE_CHECKING:
    from svcdesk.domain.chart import Band, ChartSpec

BAND_LINE = 10.5
BAND_CLEAR = 7.0
CLEAR = 0.1  # of what the values span: between the lowest point and an axis that is cut
FLAT = 0.05  # of the value: what an axis shows above and below where all values are alike
USUAL_NAMES = 34.0  # points: names on two lines and a sample
SIDE = 120.0  # points: the widest margin that names at the right get


class Plot:
    """Scale, grid, names of a chart with a vertical value axis."""

    def __init__(
        self, chart: ChartSpec, room: float, height: float, *, small: bool = False
    ) -> None:
        self.chart, self.small = chart, small
        self.low, self.high, self.step = value_range(chart, 2 if small else 4)
        self.decimals = decimals_of(self.step)
        marks = [number(value, self.decimals) for value in self.marks()]
        self.left = max([width(mark, AXIS) for mark in marks] + [12 if small else 18]) + 8
        self.named_at_end = chart.kind is ChartKind.LINE and len(chart.series) > 1 and not small
        self.right = room - self._right_margin()
        self.names = CategoryNames(chart, self.room, small=small)
        self.bottom = self.names.height + 4
        height += max(0.0, self.names.height - USUAL_NAMES)  # upright names take nothing from it
        self.sheet = Sheet(room, height)
        self.top = height - (16 if small else 12)
        if len(chart.series) > 1 and not self.named_at_end and not small:
            rows = legend_rows(chart, [s.name for s in chart.series], room - self.left)
            write_legend(self.sheet, chart, rows, self.left, height - 9)
            self.top -= legend_height(rows)
        self._band_rows = self._rows_of_bands()
        self.band_top = self.top
        if chart.bands and not small:
            # the names of the bands keep clear of the figures on the highest points
            self.top -= BAND_LINE * (max(self._band_rows.values(), default=0) + 1) + BAND_CLEAR

    def _right_margin(self) -> float:
        texts = [reference.label for reference in self.chart.references]
        if self.named_at_end:
            texts += ["　" + series.name for series in self.chart.series]
        if self.small or not texts:
            return 10.0
        return min(SIDE, max(width(text, AXIS) for text in texts) + 10)

    # -- places --------------------------------------------------------------------------------

    def marks(self) -> list[float]:
        """Return the values that get a grid line."""
        count = math.floor((self.high - self.low) / self.step + 1e-9)
        return [self.low + i * self.step for i in range(count + 1)]

    def y(self, value: float) -> float:
        """Return the height of ``value``; what leaves a fixed axis stays at its edge."""
        share = (value - self.low) / (self.high - self.low)
        return self.bottom + max(0.0, min(1.0, share)) * (self.top - self.bottom)

    def x(self, place: float) -> float:
        """Return the centre of a category."""
        return self.left + self.room * (place + 0.5)

    @property
    def room(self) -> float:
        """Return the width of one category."""
        return (self.right - self.left) / max(1, len(self.chart.categories))

    @property
    def zero(self) -> float:
        """Return the height that columns stand on."""
        return self.y(max(self.low, min(0.0, self.high)))

    # -- drawing -------------------------------------------------------------------------------

    def frame(self) -> None:
        """Draw bands, grid, axis, names and the labels of the references."""
        sheet = self.sheet
        self._bands()
        for value in self.marks():
            y = self.y(value)
            sheet.line(self.left, y, self.right, y, colour("grid"), 0.5)
            mark = number(value, self.decimals)
            sheet.text(self.left - 5, y - 3, mark, TINY if self.small else AXIS, "text-3", "end")
        base = self.zero if self.chart.kind is not ChartKind.LINE else self.bottom
        sheet.line(self.left, base, self.right, base, colour("strong"), 0.8)
        self.names.draw(sheet, self)
        for reference in self.chart.references:
            y = self.y(reference.value)
            sheet.line(self.left, y, self.right, y, colour("text-2"), 0.8, dash=(3, 2))
            sheet.lines.append((self.left, y, self.right, y))

    def side_labels(self) -> None:
        """Write the names of lines and references at their ends, spread so that none meets."""
        chart, room = self.chart, self.sheet.width - self.right - 6
        wanted: list[tuple[float, str, str, int | None]] = [
            (self.y(reference.value), reference.label, "text-2", None)
            for reference in chart.references
        ]
        if self.small:
            wanted = []
        if self.named_at_end:
            for row, series in enumerate(chart.series):
                known = [v for v in series.values if v is not None]
                if known:
                    wanted.append((self.y(known[-1]), series.name, "text", row))
        wanted.sort(key=lambda one: one[0])
        heights = spread([one[0] for one in wanted], 10.0, self.bottom, self.sheet.height - 8)
        for (_y, text, tone, line), y in zip(wanted, heights, strict=True):
            x = self.right + 5
            if line is not None:
                shade = series_colour(palette_place(chart, line))
                if chart.series[line].dotted:
                    self.sheet.line(x - 1, y, x + 7, y, shade, 1.2, dash=(1.2, 2))
                else:
                    self.sheet.marker(x + 3, y, line, shade)
                self.sheet.text(x + 9, y - 3, fit(text, AXIS, room - 9), AXIS, tone)
            else:
                self.sheet.text(x, y - 3, fit(text, AXIS, room), AXIS, tone)

    def _rows_of_bands(self) -> dict[int, int]:
        """Return for each band the row of its label, so that labels do not meet."""
        ends: list[float] = []
        found: dict[int, int] = {}
        for place, band in enumerate(self.chart.bands):
            left, right = self._label_span(band)
            row = next((r for r, end in enumerate(ends) if end <= left), len(ends))
            ends[row : row + 1] = [right + 4]
            found[place] = row
        return found

    def _band_label(self, band: Band) -> str:
        return fit(band.label, AXIS, max(self.right - self.left, 20))

    def _label_span(self, band: Band) -> tuple[float, float]:
        length = width(self._band_label(band), AXIS)
        middle = (self.x(band.first) + self.x(band.last)) / 2
        left = max(self.left, min(middle - length / 2, self.right - length))
        return left, left + length

    def _bands(self) -> None:
        top = self.top if self.small else self.band_top
        for band in () if self.small else self.chart.bands:  # without names they say nothing
            x1 = self.x(band.first) - self.room / 2
            x2 = self.x(band.last) + self.room / 2
            self.sheet.box(x1, self.bottom, x2 - x1, top - self.bottom, colour("neutral-soft"))
        for place, band in enumerate(() if self.small else self.chart.bands):
            y = self.band_top - BAND_LINE * (self._band_rows[place] + 1) + 3
            self.sheet.text(self._label_span(band)[0], y, self._band_label(band), AXIS, "text-2")


def value_range(chart: ChartSpec, lines: int = 4) -> tuple[float, float, float]:
    """Return lowest and highest value of the axis and its step."""
    values = [v for s in chart.series for v in s.values if v is not None]
    if chart.kind is ChartKind.STACKED_COLUMNS:
        values = [
            sum(s.values[i] or 0.0 for s in chart.series) for i in range(len(chart.categories))
        ]
    values += [reference.value for reference in chart.references]
    least, most = min(values, default=0.0), max(values, default=1.0)
    if chart.y_min is not None:
        low = chart.y_min
    elif chart.kind is not ChartKind.LINE or 0 <= least < most * 0.6:
        low = min(0.0, least)
    else:
        low = least
    high = chart.y_max if chart.y_max is not None else max(most, low)
    if low == high != 0 and chart.y_min is None and chart.y_max is None:  # one value, or all alike
        low, high = low - abs(low) * FLAT, high + abs(high) * FLAT
    step = nice_step((high - low) or abs(high) or 1.0, lines)
    if chart.y_min is None:
        low = math.floor(low / step + 1e-9) * step
        # room for a figure below the lowest point, and for the line of a target, above a cut axis
        lowest = min([least, *(one.value for one in chart.references)])
        if chart.kind is ChartKind.LINE and low > 0 and lowest - low < (most - low) * CLEAR:
            low = max(0.0, low - step)
    if chart.y_max is None:
        high = math.ceil(high / step - 1e-9) * step
    return (low, high, step) if high > low else (low, low + step, step)


def spread(heights: list[float], gap: float, low: float, high: float) -> list[float]:
    """Return ``heights`` (ascending) moved as little as needed to stand ``gap`` apart."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + gap) if placed else max(height, low))
    top = high
    for place in range(len(placed) - 1, -1, -1):
        placed[place] = min(placed[place], top)
        top = placed[place] - gap
    return placed
