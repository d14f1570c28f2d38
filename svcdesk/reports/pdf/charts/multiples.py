"""Small charts of one kind in a grid, each under its title with its last value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.chart import ChartKind
from svcdesk.reports.pdf.canvas import Sheet
from svcdesk.reports.pdf.charts.scale import AXIS
from svcdesk.reports.pdf.charts.upright import columns as draw_columns
from svcdesk.reports.pdf.charts.upright import lines as draw_lines
from svcdesk.reports.pdf.fonts import balanced, fit, is_cjk, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.chart import ChartSpec

GAP = 16.0
HEIGHT = 84.0
TITLE = 12.0
LINE = 10.0
MOST_LINES = 3


def multiples(charts: Sequence[ChartSpec], room: float, columns: int) -> Sheet:
    """Draw small lines or columns, ``columns`` in a row."""
    wide = (room - GAP * (columns - 1)) / columns
    titles = [_title(chart, wide) for chart in charts]
    head = TITLE + LINE * (max((len(lines) for lines in titles), default=1) - 1)
    rows = -(-len(charts) // columns)
    sheet = Sheet(room, rows * (HEIGHT + head) + (rows - 1) * 6)
    for place, chart in enumerate(charts):
        x = (place % columns) * (wide + GAP)
        top = sheet.height - (place // columns) * (HEIGHT + head + 6)
        for down, line in enumerate(titles[place]):
            sheet.text(x, top - 9 - LINE * down, line, AXIS, "text", bold=True)
        sheet.text(x + wide, top - 9, _target(chart), AXIS, "text-2", "end")
        if chart.empty:
            sheet.text(x, top - head - HEIGHT / 2, "—", AXIS, "text-3")
            continue
        draw = draw_lines if chart.kind is ChartKind.LINE else draw_columns
        sheet.add(draw(chart, wide, HEIGHT, small=True), x, top - head - HEIGHT)
    return sheet


def _target(chart: ChartSpec) -> str:
    return chart.references[0].label if chart.references else ""


def _title(chart: ChartSpec, wide: float) -> list[str]:
    """Return a title on as many lines as it needs beside the target; the last of many is cut."""
    target = width(_target(chart), AXIS)
    room = wide - (target + 8 if target else 0.0)
    lines = balanced(chart.title, AXIS, room, bold=True)
    if len(lines) <= MOST_LINES:
        return lines
    gap = "" if is_cjk(lines[0][-1:] or "。") else " "
    rest = fit(gap.join(lines[MOST_LINES - 1 :]), AXIS, room, bold=True)
    return [*lines[: MOST_LINES - 1], rest]
