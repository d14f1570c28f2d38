"""Numbers of an axis: round steps, displayed figures, colours by series."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from svcdesk.domain.chart import ChartKind
from svcdesk.reports.pdf.canvas import PATTERNS
from svcdesk.reports.pdf.styles import series_colour

if TYPE_CHECKING:
    from svcdesk.domain.chart import ChartSpec

AXIS = 8.0  # points: categories, values, legends
TINY = 7.5  # points: the smallest that is printed
GRADES = {5: (0, 4, 7, 6, 1), 4: (0, 4, 6, 1), 3: (0, 7, 1), 2: (0, 1)}  # best … worst


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
    """Return a figure, rounded half up, with thousands."""
    from svcdesk.domain.statistics import format_number

    return format_number(value, decimals, thousands=True)


def decimals_of(step: float) -> int:
    """Return how many decimals tell the multiples of ``step`` apart."""
    for count in range(6):
        if abs(step * 10**count - round(step * 10**count)) < 1e-9:
            return count
    return 6


def palette_place(chart: ChartSpec, row: int) -> int:
    """Return a series' place in the palette: two bars are 1 and 5, grades have their own order."""
    if chart.graded and len(chart.series) in GRADES:
        return GRADES[len(chart.series)][row]
    if len(chart.series) == 2 and row == 1 and chart.kind is not ChartKind.LINE:
        return 4
    return row % 8


def tone_of(chart: ChartSpec, row: int) -> Any:
    """Return a series' colour."""
    return series_colour(palette_place(chart, row))


def pattern_of(chart: ChartSpec, row: int) -> str:
    """Return a series' pattern: from three series on, colours alone do not tell them apart."""
    return PATTERNS[palette_place(chart, row)] if len(chart.series) > 2 else ""


def shown(chart: ChartSpec, row: int, place: int) -> str:
    """Return the displayed value of a point, empty where there is none."""
    series = chart.series[row]
    if place < len(series.labels) and series.labels[place]:
        return series.labels[place]
    value = series.values[place]
    return "" if value is None else number(value, chart.decimals)


def sample(chart: ChartSpec, row: int, place: int) -> str:
    """Return ``n=12`` of a point, with ※ where it is small; empty without a sample."""
    counts = chart.series[row].n
    if place >= len(counts) or counts[place] is None:
        return ""
    return f"n={counts[place]}" + ("※" if place in chart.hatched else "")
