"""Lines and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.reports.pdf.charts.axis import Plot
from svcdesk.reports.pdf.charts.scale import (
    AXIS,
    TINY,
    number,
    palette_place,
    pattern_of,
    shown,
    tone_of,
)
from svcdesk.reports.pdf.fonts import width
from svcdesk.reports.pdf.marks import Area
from svcdesk.reports.pdf.styles import colour, contrast_text, is_light

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svcdesk.domain.chart import ChartSpec, Series
    from svcdesk.reports.pdf.canvas import Sheet

FEW = 7  # points of a line that are all labelled
WIDEST = 34.0  # points: of a column
DOTTED = (1.2, 2.2)


def lines(chart: ChartSpec, room: float, height: float, *, small: bool = False) -> Sheet:
    """Draw lines over the categories; a missing value breaks its line."""
    plot = Plot(chart, room, height, small=small)
    plot.frame()
    for row, series in enumerate(chart.series):
        _one_line(plot, row, series)
    plot.side_labels()
    for row, series in enumerate(chart.series):
        if not series.dotted:
            _label_line(plot, row, series)
    return plot.sheet


def _one_line(plot: Plot, row: int, series: Series) -> None:
    chart, sheet = plot.chart, plot.sheet
    tone = tone_of(chart, row)
    run: list[tuple[float, float]] = []
    for place, value in enumerate([*series.values, None]):
        if value is None:
            sheet.polyline(run, tone, 1.1 if series.dotted else 1.4,
                           DOTTED if series.dotted else ())  # fmt: skip
            run = []
        else:
            run.append((plot.x(place), plot.y(value)))
    for place, value in enumerate(series.values):
        if value is None:
            continue
        x, y = plot.x(place), plot.y(value)
        sheet.block(x, y, 3.2)
        if place < len(series.missed) and series.missed[place]:
            sheet.diamond(x, y, colour("danger"))
        elif series.dotted:
            sheet.dot(x, y, tone, 1.3)
        else:
            sheet.marker(x, y, row, tone)


def _label_line(plot: Plot, row: int, series: Series) -> None:
    """Write the values of a line: all of few, else its ends, its maximum and what is missed."""
    known = [(value, place) for place, value in enumerate(series.values) if value is not None]
    if not known:
        return
    last = known[-1][1]
    wanted = {last, max(known)[1]}
    if plot.small or len(plot.chart.series) > 2:
        wanted = {last}
    else:
        wanted |= {known[0][1]}
        missed = {p for _v, p in known if p < len(series.missed) and series.missed[p]}
        wanted |= missed if len(missed) <= FEW else set()
    if len(known) <= FEW and len(plot.chart.series) == 1 and not plot.small:
        wanted = {place for _value, place in known}
    for value, place in sorted(known, key=lambda one: (one[1] != last, one[1])):
        if place in wanted:
            _label_point(plot, row, place, value, strong=place == last)


def _label_point(plot: Plot, row: int, place: int, value: float, *, strong: bool) -> None:
    series = plot.chart.series[row]
    x, y = plot.x(place), plot.y(value)
    missed = place < len(series.missed) and series.missed[place]
    near = [v for v in series.values[max(0, place - 1) : place + 2] if v is not None]
    above = value >= sum(near) / len(near) and not (missed and value <= min(near))
    up = [(x, y + lift, "middle") for lift in (5.5, 9, 13, 17)]
    down = [(x, y - lift - AXIS * 0.8, "middle") for lift in (5.5, 9, 13)]
    beside = [(x - 5, y + 4, "end"), (x + 5, y + 4, "start"), (x - 5, y - 10, "end"),
              (x + 5, y - 10, "start"), (x - 4, y + 9, "end"), (x + 4, y + 9, "start")]  # fmt: skip
    first, other = (up, down) if above else (down, up)
    places = [*first[:2], *other[:2], *beside, *first[2:], *other[2:]]
    places = [p for p in places if plot.bottom + 1 <= p[1] - 1 and p[1] <= plot.sheet.height - 7]
    text, tone = shown(plot.chart, row, place), "danger" if missed else "text-2"
    bold = missed or strong
    if not plot.sheet.place(places, text, AXIS, tone, bold=bold):
        plot.sheet.place(places, text, AXIS, tone, bold=bold, clear=False)


def columns(chart: ChartSpec, room: float, height: float, *, small: bool = False) -> Sheet:
    """Draw columns from 0, several series side by side."""
    plot = Plot(chart, room, height, small=small)
    plot.frame()
    count = len(chart.series)
    bar = min(WIDEST, plot.room * 0.76 / max(count, 1))
    texts = []
    for row in range(count):
        for place, value in enumerate(chart.series[row].values):
            x = plot.x(place) + (row - count / 2) * bar
            if value is None:
                texts.append((row, place, x + bar / 2, plot.zero))
                continue
            base, top = plot.zero, plot.y(value)
            thin = min(0.5, bar * 0.08)
            plot.sheet.box(
                x + thin, min(base, top), bar - 2 * thin, abs(top - base), tone_of(chart, row),
                outline=is_light(palette_place(chart, row)), hatched=place in chart.hatched,
                pattern=pattern_of(chart, row),
            )  # fmt: skip
            plot.sheet.blocked.append(Area(x, min(base, top), x + bar, max(base, top)))
            texts.append((row, place, x + bar / 2, top))
    plot.side_labels()
    for row, place, x, y in sorted(texts, key=lambda one: _rank(chart, one[0], one[1])):
        _label_column(plot, row, place, x, y)
    return plot.sheet


def _rank(chart: ChartSpec, row: int, place: int) -> tuple[int, int, int]:
    """Order labels by weight: the emphasised, the ends, the highest, then the others."""
    values = chart.series[row].values
    known = [v for v in values if v is not None]
    best = bool(known) and values[place] == max(known)
    first = place == chart.emphasis or best or place in {0, len(values) - 1}
    return (0 if first else 1, row, place)


def _label_column(plot: Plot, row: int, place: int, x: float, y: float) -> None:
    chart = plot.chart
    value = chart.series[row].values[place]
    text = "—" if value is None else shown(chart, row, place)
    if value is None and len(chart.series) > 1:
        return
    below = value is not None and value < 0
    spots = [(x, y - 8.5, "middle")] if below else [(x, y + 3, "middle"), (x, y + 6, "middle")]
    bold = place == chart.emphasis
    size = TINY
    alone = len(chart.series) == 1
    if alone and not below:  # over a line of the target, too
        spots += [(x, y + 9, "middle"), (x, y + 12, "middle")]
    if plot.sheet.place(spots, text, size, "text-2", bold=bold) or not alone:
        return
    if _rank(chart, row, place)[0] == 0:
        plot.sheet.place(spots, text, size, "text-2", bold=bold, clear=False)
    elif abs(y - plot.zero) > size + 4 and width(text, size) < plot.room * 0.72:
        tone = tone_of(chart, row)
        shade = "text" if place in chart.hatched else contrast_text(tone)
        plot.sheet.text(x, y - (2 + size if not below else -3), text, size, shade, "middle")


def stacked_columns(chart: ChartSpec, room: float, height: float, *, small: bool = False) -> Sheet:
    """Draw the series of a category on each other; figures inside, the total on top."""
    plot = Plot(chart, room, height, small=small)
    plot.frame()
    bar = min(WIDEST, plot.room * 0.72)
    for place in range(len(chart.categories)):
        x, base = plot.x(place) - bar / 2, 0.0
        for row, value in _parts(chart, place):
            low, high = plot.y(base), plot.y(base + value)
            tone, pattern = tone_of(chart, row), pattern_of(chart, row)
            plot.sheet.box(x, low, bar, high - low, tone, pattern=pattern,
                           outline=is_light(palette_place(chart, row)))  # fmt: skip
            text = shown(chart, row, place)
            if high - low >= TINY + 1 and width(text, TINY) <= bar - 2:
                inside(plot.sheet, x + bar / 2, (low + high) / 2, text, tone, pattern, TINY)
            base += value
        if base:
            total = number(base, chart.decimals)
            spot = (plot.x(place), plot.y(base) + 3, "middle")
            plot.sheet.place([spot], total, TINY, "text", bold=True, clear=False)
    plot.side_labels()
    return plot.sheet


def _parts(chart: ChartSpec, place: int) -> Iterator[tuple[int, float]]:
    for row, series in enumerate(chart.series):
        value = series.values[place]
        if value:
            yield row, value


def inside(  # noqa: PLR0913 - position and look of a text
           sheet: Sheet, x: float, y: float, text: str, tone: object, pattern: str,
           size: float, *, bold: bool = False) -> None:  # fmt: skip
    """Write a figure into a filled area, on a plain ground where the area is patterned."""
    if pattern:
        length = width(text, size, bold=bold) + 6
        sheet.box(x - length / 2, y - size * 0.5, length, size, tone)
    sheet.text(x, y - size * 0.36, text, size, contrast_text(tone), "middle", bold=bold)
