"""ChartSpec -> vector drawing for the page. Conventions of domain.md 3.11, look of look.md 6."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.chart import ChartKind, ChartSpec
from svcdesk.reports.pdf.charts.funnel import funnel
from svcdesk.reports.pdf.charts.heat import heat
from svcdesk.reports.pdf.charts.multiples import multiples
from svcdesk.reports.pdf.charts.pareto import pareto
from svcdesk.reports.pdf.charts.scale import nice_step
from svcdesk.reports.pdf.charts.sideways import bars, bullets, pairs, stacked
from svcdesk.reports.pdf.charts.upright import columns, lines, stacked_columns
from svcdesk.reports.pdf.grid import A4

if TYPE_CHECKING:
    from svcdesk.reports.pdf.canvas import Sheet

__all__ = ["HEIGHT", "draw", "multiples", "nice_step"]

HEIGHT = A4.figure
TALL = 1000.0


def draw(
    chart: ChartSpec, room: float = A4.room, height: float = HEIGHT, most: float = TALL
) -> Sheet:
    """Return the drawing of ``chart``, ``room`` points wide.

    Charts with a value axis are ``height`` tall; rows of bars take what they need and go into
    columns above ``most``.
    """
    kind = chart.kind
    if kind is ChartKind.LINE:
        return lines(chart, room, height)
    if kind is ChartKind.COLUMNS:
        return columns(chart, room, height)
    if kind is ChartKind.STACKED_COLUMNS:
        return stacked_columns(chart, room, height)
    if kind is ChartKind.PARETO:
        return pareto(chart, room, height + 8)
    if kind is ChartKind.HEAT:
        return heat(chart, room)
    if kind is ChartKind.FUNNEL:
        return funnel(chart, room)
    rows = {
        ChartKind.BARS: bars,
        ChartKind.STACKED: stacked,
        ChartKind.BULLET: bullets,
        ChartKind.PAIRS: pairs,
    }
    return rows[kind](chart, room, most)
