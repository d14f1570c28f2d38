"""Horizontal bars: plain, stacked, before and after, bullets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.chart import row_scales
from svcdesk.reports.pdf.canvas import Sheet
from svcdesk.reports.pdf.charts.legend import legend_height, legend_rows, write_legend
from svcdesk.reports.pdf.charts.rows import Names, in_columns
from svcdesk.reports.pdf.charts.scale import (
    AXIS,
    TINY,
    number,
    palette_place,
    pattern_of,
    sample,
    shown,
    tone_of,
)
from svcdesk.reports.pdf.charts.upright import inside
from svcdesk.reports.pdf.fonts import is_cjk, width
from svcdesk.reports.pdf.styles import MM, SMALL, colour, is_light, series_colour

if TYPE_CHECKING:
    from svcdesk.domain.chart import ChartSpec

THICK = 9.0  # points: a bar of its row
BETWEEN = 8.0
STACK = 6 * MM
STACK_GAP = 9.0
PAIR = (4, 0)  # palette places: before light, after dark


def _extent(chart: ChartSpec) -> tuple[float, float]:
    values = [v for s in chart.series for v in s.values if v is not None]
    values += [reference.value for reference in chart.references]
    return min(0.0, *values, 0.0), max(1e-9, *values, 1e-9)


def bars(chart: ChartSpec, room: float, most: float) -> Sheet:
    """Draw horizontal bars, the series of a category below each other."""
    low, high = _extent(chart)
    return in_columns(chart, room, most, lambda part, wide: _bars(part, wide, low, high))


def _bars(chart: ChartSpec, room: float, low: float, high: float) -> Sheet:
    count = max(1, len(chart.series))
    names = Names(chart.categories, room)
    groups = [max(count * THICK + BETWEEN, names.height(place) + 5)
              for place in range(len(chart.categories))]  # fmt: skip
    legend = legend_rows(chart, [s.name for s in chart.series], room) if count > 1 else []
    head = legend_height(legend) + (3 if legend else 0) + (11 if chart.references else 0)
    sheet = Sheet(room, sum(groups) + 4 + head)
    if legend:
        write_legend(sheet, chart, legend, names.left, sheet.height - 8)
    told = max([width(_told(chart, s, i), AXIS) for s in range(count)
                for i in range(len(chart.categories))] + [20])  # fmt: skip
    left, right = names.left, room - told - 6
    left += told + 6 if low < 0 else 0

    def x(value: float) -> float:
        return left + (value - low) / (high - low) * (right - left)

    _bar_references(chart, sheet, x, sheet.height - head)
    base = sheet.height - head
    for place, group in enumerate(groups):
        base -= group
        names.write(sheet, place, base + group / 2, bold=place == chart.emphasis)
        for row in range(count):
            y = base + (group - count * THICK) / 2 + (count - 1 - row) * THICK + 1
            _bar(chart, sheet, row, place, y, x)
    sheet.line(x(0), 1, x(0), sheet.height - head - 1, colour("strong"), 0.8)
    return sheet


def _told(chart: ChartSpec, row: int, place: int) -> str:
    """Return what stands behind a bar: its value and its sample."""
    value = "—" if chart.series[row].values[place] is None else shown(chart, row, place)
    count = sample(chart, row, place)
    return f"{value}  {count}" if count else value


def _bar_references(chart: ChartSpec, sheet: Sheet, x, top: float) -> None:  # type: ignore[no-untyped-def]
    for reference in chart.references:
        at = x(reference.value)
        sheet.line(at, 1, at, top, colour("text-2"), 0.8, dash=(3, 2))
        length = width(reference.label, TINY)
        left = min(at - length / 2, sheet.width - length)
        sheet.place([(left, top + 3, "start"), (at - length - 3, top + 3, "start")],
                    reference.label, TINY, "text-2", clear=False)  # fmt: skip


def _bar(chart: ChartSpec, sheet: Sheet, row: int, place: int, y: float, x) -> None:  # type: ignore[no-untyped-def]
    value = chart.series[row].values[place]
    told = _told(chart, row, place)
    end = x(value or 0.0)
    if value is not None:
        sheet.box(min(x(0), end), y, abs(end - x(0)), THICK - 2, tone_of(chart, row),
                  outline=is_light(palette_place(chart, row)), hatched=place in chart.hatched,
                  pattern=pattern_of(chart, row))  # fmt: skip
    back = value is not None and value < 0
    start = end - 4 - width(told, AXIS) if back else end + 4
    length = width(told, AXIS)
    for at in sorted(x(reference.value) for reference in chart.references):
        if start - 3 < at < start + length + 3 and not back:  # beyond the line of the target
            start = at + 4
    if start + length > sheet.width:  # no room there: the line stops before the figure
        start = end + 4
        sheet.box(start - 2, y - 1, length + 3, THICK, colour("surface"))
    sheet.text(start, y, told, AXIS, "text-2")


# -- stacked -----------------------------------------------------------------------------------


def stacked(chart: ChartSpec, room: float, most: float) -> Sheet:
    """Draw one bar per category with the series as segments; figures inside, legend below."""
    totals = [sum(s.values[i] or 0.0 for s in chart.series) for i in range(len(chart.categories))]
    longest = max(totals, default=0.0)
    return in_columns(chart, room, most, lambda part, wide: _stacked(part, wide, longest))


def _stacked(chart: ChartSpec, room: float, longest: float) -> Sheet:
    single = len(chart.categories) == 1
    names = Names(chart.categories if any(chart.categories) else (), room)
    entries = legend_rows(chart, _entries(chart, single=single), room - names.left)
    legend = legend_height(entries) + 5
    group = max(STACK + STACK_GAP, names.tallest + 6)
    sheet = Sheet(room, len(chart.categories) * group + legend)
    right = (
        room
        if single or chart.share
        else room - width(number(longest, chart.decimals), SMALL, bold=True) - 6
    )
    for place in range(len(chart.categories)):
        y = sheet.height - (place + 1) * group + (group - STACK) / 2
        if names.lines:
            names.write(sheet, place, y + STACK / 2, bold=place == chart.emphasis)
        total = sum(s.values[place] or 0.0 for s in chart.series)
        if total <= 0:
            sheet.box(names.left, y, right - names.left, STACK, colour("neutral-soft"))
            continue
        whole = total if single or chart.share else longest
        end = _segments(chart, sheet, place, y, (names.left, (right - names.left) / whole))
        if not single and not chart.share:
            sheet.text(
                end + 5, y + STACK / 2 - 3, number(total, chart.decimals), SMALL, "text", bold=True
            )
    write_legend(sheet, chart, entries, names.left, legend - 12, hatched=True)
    return sheet


def _segments(chart: ChartSpec, sheet: Sheet, place: int, y: float,
              scale: tuple[float, float]) -> float:  # fmt: skip
    """Draw the segments of a bar from ``scale`` (left, points per unit); return its end."""
    x, per = scale
    for row, series in enumerate(chart.series):
        length = (series.values[place] or 0.0) * per
        if length <= 0:
            continue
        tone, hatched = tone_of(chart, row), row in chart.hatched
        pattern = "" if hatched else pattern_of(chart, row)
        sheet.box(x, y, length - (0.8 if length > 2 else 0), STACK, tone, pattern=pattern,
                  outline=is_light(palette_place(chart, row)), hatched=hatched)  # fmt: skip
        text = shown(chart, row, place)
        if width(text, SMALL, bold=True) + 4 < length:
            ground = colour("surface") if hatched else tone
            inside(sheet, x + length / 2 - 0.4, y + STACK / 2, text, ground,
                   pattern or ("hatch" if hatched else ""), SMALL, bold=True)  # fmt: skip
        x += length
    return x


def _entries(chart: ChartSpec, *, single: bool) -> list[str]:
    """Return the legend's texts; with one bar they carry figures and shares."""
    if not single:
        return [series.name for series in chart.series]
    total = sum(series.values[0] or 0.0 for series in chart.series)
    found = []
    for row, series in enumerate(chart.series):
        value = series.values[0]
        text = f"{series.name} {shown(chart, row, 0)}".rstrip()
        share = f"{number(100 * (value or 0.0) / (total or 1.0), 1)}%"
        chinese = any(is_cjk(c) for c in text)
        found.append(text + (f"（{share}）" if chinese else f" ({share})") if total else text)
    return found


# -- before and after, bullets ------------------------------------------------------------------


def pairs(chart: ChartSpec, room: float, most: float) -> Sheet:
    """Draw before and after of each row on the row's own scale, its target as an upright line."""
    return in_columns(chart, room, most, _pairs)


def _pairs(chart: ChartSpec, room: float) -> Sheet:
    names = Names(chart.categories, room)
    group = max(2 * THICK + 11, names.tallest + 6)
    shown_names = [s.name for s in chart.series[:2]]
    legend = legend_rows(chart, shown_names, room - names.left)
    sheet = Sheet(room, len(chart.categories) * group + 18)
    write_legend(sheet, _first_two(chart), legend, names.left, sheet.height - 8, places=PAIR)
    if len(chart.series) > 2:
        start = names.left + sum(width(n, AXIS) + 25 for n in shown_names)
        sheet.line(start + 3, sheet.height - 10, start + 3, sheet.height, colour("text"), 1.6)
        sheet.text(start + 9, sheet.height - 8, chart.series[2].name, AXIS, "text-2")
    words = max([width(word, SMALL, bold=True) for word in chart.verdicts] + [0.0])
    told = max([width(_told(chart, s, i), AXIS) for s in range(min(2, len(chart.series)))
                for i in range(len(chart.categories))] + [20])  # fmt: skip
    right = room - told - words - (16 if words else 6)
    for place, scale in enumerate(row_scales(chart)):
        base = sheet.height - 18 - (place + 1) * group
        names.write(sheet, place, base + group / 2)
        per = (right - names.left) / (scale or 1.0)
        two = _first_two(chart)
        target = chart.series[2].values[place] if len(chart.series) > 2 else None
        at = names.left + (target or 0.0) * per
        for row in range(len(two.series)):
            y = base + group / 2 + (1 if row == 0 else -THICK + 1)
            _pair_bar(two, sheet, row, place, (names.left, y, per, at))
        if target is not None:
            sheet.line(at, base + group / 2 - THICK - 1, at, base + group / 2 + THICK + 1,
                       colour("text"), 1.6)  # fmt: skip
        if chart.verdicts:
            y = base + group / 2 - 3
            sheet.text(room, y, chart.verdicts[place], SMALL, "text", "end", bold=True)
        sheet.line(names.left, base + 3, names.left, base + group - 3, colour("strong"), 0.8)
    return sheet


def _first_two(chart: ChartSpec) -> ChartSpec:
    from dataclasses import replace

    return replace(chart, series=chart.series[:2])


def _pair_bar(chart: ChartSpec, sheet: Sheet, row: int, place: int,
              at: tuple[float, float, float, float]) -> None:  # fmt: skip
    """Draw one bar of a pair, before light, after dark; ``at``: left, y, points per unit, target."""
    left, y, per, target = at
    value = chart.series[row].values[place]
    end = left + (value or 0.0) * per
    if value is not None:
        sheet.box(left, y, end - left, THICK - 2, series_colour(PAIR[row]),
                  outline=row == 0, hatched=place in chart.hatched and row == 1)  # fmt: skip
    told = _told(chart, row, place)
    start = end + 4
    if start - 3 < target < start + width(told, AXIS) + 3:  # beyond the line of the target
        start = target + 4
    sheet.text(start, y, told, AXIS, "text-2")


def bullets(chart: ChartSpec, room: float, most: float) -> Sheet:
    """Draw each row's value as a bar, target as a line, last period as a ring."""
    return in_columns(chart, room, most, _bullets)


def _bullets(chart: ChartSpec, room: float) -> Sheet:
    names = Names(chart.categories, room)
    group = max(17.0, names.tallest + 4)
    sheet = Sheet(room, group * len(chart.categories) + 4)
    column = [
        max([width(shown(chart, row, i), SMALL, bold=row == 0)
             for i in range(len(chart.categories))] + [10])
        for row in range(min(2, len(chart.series)))
    ]  # fmt: skip
    words = max([width(word, SMALL, bold=True) for word in chart.verdicts] + [0.0])
    right = room - sum(column) - words - 12 - 8 * len(column)
    for place, scale in enumerate(row_scales(chart)):
        middle = sheet.height - 2 - (place + 0.5) * group
        names.write(sheet, place, middle)
        bullet(sheet, (names.left, right, middle), scale,
               [series.values[place] for series in chart.series[:3]])  # fmt: skip
        end = right + 12 + column[0]
        sheet.text(end, middle - 3, shown(chart, 0, place), SMALL, "text", "end", bold=True)
        if len(column) > 1:
            sheet.text(
                end + 8 + column[1], middle - 3, shown(chart, 1, place), SMALL, "text-2", "end"
            )
        if chart.verdicts:
            sheet.text(room, middle - 3, chart.verdicts[place], SMALL, "text", "end", bold=True)
    return sheet


def bullet(sheet: Sheet, where: tuple[float, float, float], scale: float,
           values: list[float | None]) -> None:  # fmt: skip
    """Draw one bullet bar between ``where`` (left, right, middle): value, target, last period."""
    left, right, middle = where
    value, target, previous = [*values, None, None][:3]

    def x(amount: float) -> float:
        return left + max(0.0, min(1.0, amount / scale if scale else 0.0)) * (right - left)

    sheet.box(left, middle - 6, right - left, 12, colour("neutral-soft"))
    if value is not None:
        sheet.box(left, middle - 3, x(value) - left, 6, series_colour(0))
    if previous is not None:
        sheet.ring(x(previous), middle, series_colour(1))
    if target is not None:
        sheet.line(x(target), middle - 7, x(target), middle + 7, colour("text"), 1.6)
