"""Small charts of one kind in a grid, each under its title with its last value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.chart import ChartKind
from svcdesk.reports.pdf.canvas import Sheet
from svcdesk.reports.pdf.charts.scale import AXIS
from svcdesk.reports.pdf.charts.upright import columns as draw_columns
from svcdesk.reports.pdf.charts.upright import lines as draw_lines
from svcdesk.reports.pdf.fonts import fit, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.chart import ChartSpec

GAP = 16.0
HEIGHT = 84.0
TITLE = 12.0


def multiples(charts: Sequence[ChartSpec], room: float, columns: int) -> Sheet:
    """Draw small lines or columns, ``columns`` in a row."""
    wide = (room - GAP * (columns - 1)) / columns
    rows = -(-len(charts) // columns)
    sheet = Sheet(room, rows * (HEIGHT + TITLE) + (rows - 1) * 6)
    for place, chart in enumerate(charts):
        x = (place % columns) * (wide + GAP)
        top = sheet.height - (place // columns) * (HEIGHT + TITLE + 6)
        target = chart.references[0].label if chart.references else ""
        room_left = wide - width(target, AXIS) - 8
        sheet.text(
            x, top - 9, fit(chart.title, AXIS, room_left, bold=True), AXIS, "text", bold=True
        )
        sheet.text(x + wide, top - 9, target, AXIS, "text-2", "end")
        if chart.empty:
            sheet.text(x, top - TITLE - HEIGHT / 2, "—", AXIS, "text-3")
            continue
        draw = draw_lines if chart.kind is ChartKind.LINE else draw_columns
        sheet.add(draw(chart, wide, HEIGHT, small=True), x, top - TITLE - HEIGHT)
    return sheet
