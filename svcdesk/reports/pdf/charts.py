"""ChartSpec -> vector drawing for the page. Conventions of domain.md 3.11, look of look.md 6."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from svcdesk.domain.chart import ChartKind, ChartSpec
from svcdesk.reports.pdf import styles
from svcdesk.reports.pdf.canvas import Sheet
from svcdesk.reports.pdf.fonts import fit, width
from svcdesk.reports.pdf.styles import MM, SMALL, colour, series_colour

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

AXIS = 8.0
HEIGHT = 58 * MM


def nice_step(span: float, lines: int = 4) -> float:
    """Return a round step that divides ``span`` into about ``lines`` parts."""
    if span <= 0:
        return 1.0
    raw = span / lines
    base = 10.0 ** math.floor(math.log10(raw))
    for factor in (1, 2, 2.5, 5, 10):
        if raw <= factor * base:
            return factor * base
    return 10 * base


def number(value: float, decimals: int) -> str:
    """Return an axis figure, rounded half up, with thousands."""
    from svcdesk.domain.statistics import format_number

    return format_number(value, decimals, thousands=True)


def draw(chart: ChartSpec) -> Any:
    """Return the drawing of ``chart``, as wide as the text."""
    makers: dict[ChartKind, Callable[[ChartSpec], Sheet]] = {
        ChartKind.LINE: _lines,
        ChartKind.COLUMNS: _columns,
        ChartKind.BARS: _bars,
        ChartKind.PARETO: _pareto,
        ChartKind.STACKED: _stacked,
        ChartKind.HEAT: _heat,
        ChartKind.BULLET: _bars,
        ChartKind.PAIRS: _bars,
        ChartKind.FUNNEL: _bars,
        ChartKind.STACKED_COLUMNS: _columns,
    }
    return makers[chart.kind](chart).drawing


class _Plot:
    """The frame of a chart with a value axis: scale, grid, labels."""

    def __init__(self, chart: ChartSpec, height: float = HEIGHT, right: float = 46) -> None:
        self.chart = chart
        self.sheet = Sheet(styles.WIDTH, height)
        values = [v for s in chart.series for v in s.values if v is not None]
        values += [reference.value for reference in chart.references]
        zero = chart.kind is not ChartKind.LINE
        low = chart.y_min if chart.y_min is not None else 0.0 if zero else min(values, default=0.0)
        high = chart.y_max if chart.y_max is not None else max(values, default=1.0)
        if chart.kind is ChartKind.LINE and chart.y_min is None:
            low = 0.0 if low >= 0 and low < high * 0.6 else low
        self.step = nice_step((high - low) or abs(high) or 1.0)
        self.low = low if chart.y_min is not None else math.floor(low / self.step) * self.step
        self.high = (
            high if chart.y_max is not None else math.ceil(high / self.step - 1e-9) * self.step
        )
        if self.high <= self.low:
            self.high = self.low + self.step
        self.decimals = max(0, -math.floor(math.log10(self.step) + 1e-9)) if self.step < 1 else 0
        if self.step in {2.5, 0.25}:
            self.decimals += 1
        labels = [number(v, self.decimals) for v in self.marks()]
        self.left = max([width(label, AXIS) for label in labels] + [18]) + 8
        self.right = styles.WIDTH - right
        self.bottom, self.top = 26.0, height - 12
        legend = len(chart.series) > 1
        if legend:
            self.top -= 12
            self._legend()

    def marks(self) -> list[float]:
        """Return the values that get a grid line."""
        count = round((self.high - self.low) / self.step)
        return [self.low + i * self.step for i in range(count + 1)]

    def y(self, value: float) -> float:
        """Return the height of ``value``; what leaves a fixed axis stays at its edge."""
        share = (value - self.low) / (self.high - self.low)
        return self.bottom + max(0.0, min(1.0, share)) * (self.top - self.bottom)

    def x(self, index: int) -> float:
        """Return the centre of a category."""
        room = (self.right - self.left) / max(1, len(self.chart.categories))
        return self.left + room * (index + 0.5)

    @property
    def room(self) -> float:
        """Return the width of one category."""
        return (self.right - self.left) / max(1, len(self.chart.categories))

    def frame(self) -> None:
        """Draw grid, axis and category labels."""
        sheet = self.sheet
        for value in self.marks():
            y = self.y(value)
            sheet.line(self.left, y, self.right, y, colour("grid"), 0.5)
            sheet.text(self.left - 5, y - 3, number(value, self.decimals), AXIS, "text-3", "end")
        sheet.line(self.left, self.bottom, self.right, self.bottom, colour("strong"), 0.8)
        self._categories()
        placed: list[float] = []
        for reference in self.chart.references:
            y = self.y(reference.value)
            sheet.line(self.left, y, self.right, y, colour("text-2"), 0.8, dash=(3, 2))
            label_y = y - 3
            while any(abs(label_y - other) < 9 for other in placed):
                label_y += 9
            placed.append(label_y)
            sheet.text(self.right + 4, label_y, reference.label, AXIS, "text-2")

    def _categories(self) -> None:
        sheet, chart = self.sheet, self.chart
        names = [fit(name, AXIS, self.room * 1.0 - 2) for name in chart.categories]
        cut = sum(1 for short, name in zip(names, chart.categories, strict=True) if short != name)
        tilt = cut > 0 and len(names) > 6
        for index, name in enumerate(names):
            bold = index == chart.emphasis
            text = fit(chart.categories[index], AXIS, 42) if tilt else name
            sheet.text(self.x(index), self.bottom - 10, name if not tilt else fit(text, AXIS, self.room - 1),
                       AXIS, "text" if bold else "text-3", "middle", bold=bold)  # fmt: skip
        counts = chart.series[0].n if len(chart.series) == 1 else ()
        for index, n in enumerate(counts):
            if n is not None:
                sheet.text(self.x(index), self.bottom - 20, f"n={n}", 7.5, "text-3", "middle")

    def _legend(self) -> None:
        x = self.left
        y = self.sheet.height - 9
        for index, series in enumerate(self.chart.series):
            if self.chart.kind is ChartKind.LINE:
                self.sheet.line(x, y + 3, x + 12, y + 3, _tone(self.chart, index), 1.5)
                self.sheet.marker(x + 6, y + 3, index, _tone(self.chart, index))
            else:
                self.sheet.box(
                    x, y, 7, 7, _tone(self.chart, index), outline=_light(self.chart, index)
                )
            self.sheet.text(x + 15, y, series.name, AXIS, "text-2")
            x += 15 + width(series.name, AXIS) + 14


def _tone(chart: ChartSpec, index: int) -> Any:
    """Return a series' colour: one series 1, two 1 and 5, more in palette order (look 2.2)."""
    if len(chart.series) == 2 and index == 1 and chart.kind is not ChartKind.LINE:
        return series_colour(4)
    return series_colour(index)


def _light(chart: ChartSpec, index: int) -> bool:
    position = 4 if len(chart.series) == 2 and index == 1 else index
    return styles.is_light(position)


def _shown(chart: ChartSpec, series: int, index: int) -> str:
    one = chart.series[series]
    if one.labels:
        return one.labels[index]
    value = one.values[index]
    return "" if value is None else number(value, chart.decimals)


def _lines(chart: ChartSpec) -> Sheet:
    plot = _Plot(chart, right=62 if chart.references else 24)
    plot.frame()
    sheet = plot.sheet
    few = len(chart.categories) <= 7 and len(chart.series) == 1
    for row, series in enumerate(chart.series):
        tone = _tone(chart, row)
        run: list[tuple[float, float]] = []
        known = [v for v in series.values if v is not None]
        for index, value in enumerate([*series.values, None]):
            if value is None:
                sheet.polyline(run, tone, 1.4)
                run = []
            else:
                run.append((plot.x(index), plot.y(value)))
        for index, value in enumerate(series.values):
            if value is None:
                continue
            x, y = plot.x(index), plot.y(value)
            missed = bool(series.missed) and series.missed[index]
            if missed:
                sheet.diamond(x, y, colour("danger"))
            else:
                sheet.marker(x, y, row, tone)
            last = index == len(series.values) - 1
            if few or missed or last or value == max(known):
                up = _label_above(plot, index, value, series.values)
                sheet.text(x, y + 6 if up else y - 13, _shown(chart, row, index), AXIS,
                           "danger" if missed else "text-2", "middle", bold=missed or last)  # fmt: skip
    return sheet


def _label_above(plot: _Plot, index: int, value: float, values: Sequence[float | None]) -> bool:
    """Put a label where it does not meet the line or the top of the plot."""
    near = [v for v in values[max(0, index - 1) : index + 2] if v is not None]
    above = value >= sum(near) / len(near)
    if plot.y(value) > plot.top - 10:
        return False
    return True if plot.y(value) < plot.bottom + 14 else above


def _columns(chart: ChartSpec) -> Sheet:
    plot = _Plot(chart, right=62 if chart.references else 8)
    plot.frame()
    sheet, count = plot.sheet, len(chart.series)
    bar = min(34.0, plot.room * 0.72 / count)
    fits = all(
        width(_shown(chart, s, i), 7.5) <= bar - 1
        for s in range(count)
        for i in range(len(chart.categories))
    )
    for row, series in enumerate(chart.series):
        best = max((v for v in series.values if v is not None), default=None)
        for index, value in enumerate(series.values):
            if value is None:
                continue
            x = plot.x(index) + (row - count / 2) * bar
            top = plot.y(value)
            hatched = index in chart.hatched
            sheet.box(x + 0.5, plot.bottom, bar - 1, top - plot.bottom, _tone(chart, row),
                      outline=_light(chart, row), hatched=hatched)  # fmt: skip
            ends = index in {0, len(series.values) - 1}
            if fits or (row == 0 and (ends or value == best)):
                sheet.text(x + bar / 2, top + 3, _shown(chart, row, index), 7.5, "text-2", "middle",
                           bold=index == chart.emphasis)  # fmt: skip
    return sheet


def _bars(chart: ChartSpec) -> Sheet:
    """Draw horizontal bars, one group a category."""
    count = max(1, len(chart.series))
    thick = 9.0
    group = count * thick + 8
    legend = 16 if count > 1 else 0
    height = len(chart.categories) * group + 10 + legend
    sheet = Sheet(styles.WIDTH, height)
    left = min(130.0, max([width(name, SMALL) for name in chart.categories] + [30])) + 8
    labels = max([width(_shown(chart, s, i) + _n(chart, s, i), AXIS) for s in range(count)
                  for i in range(len(chart.categories))] + [20])  # fmt: skip
    right = styles.WIDTH - labels - 8
    high = max(
        [v for s in chart.series for v in s.values if v is not None]
        + [r.value for r in chart.references]
        + [1e-9]
    )
    for reference in chart.references:
        x = left + reference.value / high * (right - left)
        sheet.line(x, 2, x, height - legend - 2, colour("text-2"), 0.8, dash=(3, 2))
        sheet.text(x - 3, height - legend - 6, reference.label, 7.5, "text-2", "end")
    for index, name in enumerate(chart.categories):
        base = height - legend - (index + 1) * group
        sheet.text(left - 6, base + group / 2 - 3, fit(name, SMALL, left - 8), SMALL, "text", "end")
        for row, series in enumerate(chart.series):
            value = series.values[index]
            y = base + 4 + (count - 1 - row) * thick
            length = 0.0 if value is None else max(0.0, value) / high * (right - left)
            if value is not None:
                sheet.box(left, y, length, thick - 2, _tone(chart, row), outline=_light(chart, row),
                          hatched=index in chart.hatched)  # fmt: skip
            text = ("—" if value is None else _shown(chart, row, index)) + _n(chart, row, index)
            if chart.references:  # a target's line may run below the figure
                sheet.box(left + length + 3, y - 1, width(text, AXIS) + 2, thick, colour("surface"))
            sheet.text(left + length + 4, y, text, AXIS, "text-2")
    sheet.line(left, 4, left, height - legend - 4, colour("strong"), 0.8)
    if legend:
        x = left
        for row, series in enumerate(chart.series):
            sheet.box(x, height - 9, 7, 7, _tone(chart, row), outline=_light(chart, row))
            sheet.text(x + 11, height - 9, series.name, AXIS, "text-2")
            x += 25 + width(series.name, AXIS)
    return sheet


def _n(chart: ChartSpec, row: int, index: int) -> str:
    counts = chart.series[row].n
    if not counts or counts[index] is None:
        return ""
    return f"  n={counts[index]}" + ("※" if index in chart.hatched else "")


def _pareto(chart: ChartSpec) -> Sheet:
    sheet = Sheet(styles.WIDTH, HEIGHT + 8)
    counts = [v or 0.0 for v in chart.series[0].values]
    shares = [v or 0.0 for v in chart.series[1].values]
    total = sum(counts) or 1.0
    left, right = 34.0, styles.WIDTH - 40
    bottom, top = 18.0, sheet.height - 12
    room = (right - left) / max(1, len(counts))

    def y(share: float) -> float:
        return bottom + share * (top - bottom)

    for share in (0.0, 0.5, 1.0):
        sheet.line(left, y(share), right, y(share), colour("grid"), 0.5)
        if (total * share) % 1 == 0:
            sheet.text(left - 5, y(share) - 3, number(total * share, 0), AXIS, "text-3", "end")
        sheet.text(right + 5, y(share) - 3, f"{share:.0%}", AXIS, "text-3")
    sheet.line(left, y(0.8), right, y(0.8), colour("text-2"), 0.8, dash=(3, 2))
    sheet.text(right + 5, y(0.8) - 3, "80%", AXIS, "text", bold=True)
    sheet.line(left, bottom, right, bottom, colour("strong"), 0.8)
    bar = min(46.0, room * 0.62)
    points = []
    for index, value in enumerate(counts):
        x = left + room * (index + 0.5)
        vital, other = index in chart.vital, index in chart.hatched
        height = value / total * (top - bottom)
        sheet.box(x - bar / 2, bottom, bar, height, series_colour(0 if vital else 7 if other else 4),
                  outline=not vital, hatched=other)  # fmt: skip
        inside = height > 14
        sheet.text(x, bottom + height / 2 - 3 if inside else bottom + height + 3, number(value, 0), AXIS,
                   "surface" if inside and vital else "text", "middle", bold=True)  # fmt: skip
        name = fit(chart.categories[index], AXIS, room - 3)
        sheet.text(x, bottom - 11, name, AXIS, "text" if vital else "text-3", "middle", bold=vital)
        points.append((x, y(shares[index] / 100)))
    sheet.polyline(points, series_colour(1), 1.2)
    for (x, height), share in zip(points, shares, strict=True):
        sheet.ring(x, height, series_colour(1))
        clear = height - y(0.8)
        lift = 5 if not 0 < y(0.8) - height < 12 else -12
        sheet.text(
            x,
            height + (5 if clear >= 0 else lift),
            f"{number(share, 1)}%",
            AXIS,
            "text-2",
            "middle",
        )
    return sheet


def _stacked(chart: ChartSpec) -> Sheet:
    """Draw one bar of 100 % per category, figures inside, legend with figures below."""
    bar, gap = 6 * MM, 10.0
    named = len(chart.categories) > 1
    left = (max(width(name, SMALL) for name in chart.categories) + 8) if named else 0.0
    entries = _legend_rows(chart, left)
    legend = 14 * len(entries) + 6
    height = len(chart.categories) * (bar + gap) + legend
    sheet = Sheet(styles.WIDTH, height)
    for index, name in enumerate(chart.categories):
        y = height - (index + 1) * (bar + gap) + gap
        values = [s.values[index] or 0.0 for s in chart.series]
        total = sum(values)
        if named:
            sheet.text(left - 6, y + bar / 2 - 3, name, SMALL, "text", "end")
        if total <= 0:
            sheet.box(left, y, styles.WIDTH - left, bar, colour("neutral-soft"))
            continue
        x = left
        for row, value in enumerate(values):
            length = value / total * (styles.WIDTH - left)
            if length <= 0:
                continue
            tone = _tone(chart, row)
            hatched = row in chart.hatched
            sheet.box(
                x,
                y,
                length - (0.8 if length > 2 else 0),
                bar,
                tone,
                outline=styles.is_light(row),
                hatched=hatched,
            )
            text = _shown(chart, row, index)
            if width(text, SMALL, bold=True) < length - 2:
                shade = colour("text") if hatched else styles.contrast_text(tone)
                sheet.text(x + length / 2, y + bar / 2 - 3, text, SMALL, shade, "middle", bold=True)
            x += length
    y = legend - 12
    for line in entries:
        x = left
        for row, text in line:
            sheet.box(
                x,
                y,
                7,
                7,
                series_colour(row),
                outline=styles.is_light(row),
                hatched=row in chart.hatched,
            )
            sheet.text(x + 11, y, text, AXIS, "text-2")
            x += 11 + width(text, AXIS) + 14
        y -= 14
    return sheet


def _legend_rows(chart: ChartSpec, left: float) -> list[list[tuple[int, str]]]:
    """Return the legend entries line by line; with one bar they carry their figures."""
    rows: list[list[tuple[int, str]]] = [[]]
    room = styles.WIDTH - left
    used = 0.0
    single = len(chart.categories) == 1
    total = sum(s.values[0] or 0.0 for s in chart.series) if single else 0.0
    for index, series in enumerate(chart.series):
        text = series.name
        if single and total:
            text += f" {_shown(chart, index, 0)}（{number(100 * (series.values[0] or 0.0) / total, 1)}%）"
        length = 25 + width(text, AXIS)
        if used + length > room and rows[-1]:
            rows.append([])
            used = 0.0
        rows[-1].append((index, text))
        used += length
    return rows


def _heat(chart: ChartSpec) -> Sheet:
    """Draw rows × columns with a figure in each cell; the maximum is outlined."""
    row_height = 15.0
    height = row_height * (len(chart.series) + 1) + 4
    sheet = Sheet(styles.WIDTH, height)
    left = 40.0
    total_room = 34.0
    cell = (styles.WIDTH - left - total_room) / max(1, len(chart.categories))
    best = max((v for s in chart.series for v in s.values if v is not None), default=0.0)
    for column, name in enumerate(chart.categories):
        sheet.text(
            left + cell * (column + 0.5), height - 10, fit(name, 7.5, cell), 7.5, "text-3", "middle"
        )
    sheet.text(styles.WIDTH - 4, height - 10, chart.unit or "Σ", 7.5, "text-3", "end")
    marked = False
    for row, series in enumerate(chart.series):
        y = height - 14 - (row + 1) * row_height + 2
        sheet.text(left - 6, y + 4, series.name, AXIS, "text-2", "end")
        for column, value in enumerate(series.values):
            x = left + cell * column
            tone = styles.heat_colour((value or 0.0) / best if best else 0.0)
            sheet.box(x, y, cell - 1, row_height - 1, tone)
            if value is not None:
                sheet.text(x + cell / 2 - 0.5, y + 4, number(value, chart.decimals), 7.5,
                           styles.contrast_text(tone), "middle")  # fmt: skip
            if best and value == best and not marked:
                sheet.outline(x, y, cell - 1, row_height - 1, colour("text"))
                marked = True
        total = sum(v for v in series.values if v is not None)
        sheet.text(styles.WIDTH - 4, y + 4, number(total, chart.decimals), AXIS, "text", "end")
    return sheet
