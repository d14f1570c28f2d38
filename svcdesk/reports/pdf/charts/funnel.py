"""Funnel: the stages of one flow, each with its share of the stage before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.chart import step_shares
from svcdesk.reports.pdf.canvas import Sheet
from svcdesk.reports.pdf.charts.rows import Names
from svcdesk.reports.pdf.charts.scale import AXIS, number, shown
from svcdesk.reports.pdf.fonts import width
from svcdesk.reports.pdf.styles import SMALL, colour, series_colour

if TYPE_CHECKING:
    from svcdesk.domain.chart import ChartSpec

BAR, STEP = 17.0, 14.0
LEAST = 1.5


def funnel(chart: ChartSpec, room: float) -> Sheet:
    """Draw centred bars, as wide as their counts; between them the share that went on."""
    names = Names(chart.categories, room)
    sheet = Sheet(room, len(chart.categories) * (BAR + STEP) - STEP + 2)
    values = chart.series[0].values
    highest = max((v for v in values if v is not None), default=1.0) or 1.0
    side = max([width(shown(chart, 0, i), SMALL, bold=True) for i in range(len(values))] + [40]) + 8
    middle = (names.left + room - side) / 2
    whole = room - side - names.left
    shares = step_shares(chart)
    before: float | None = None
    for place, value in enumerate(values):
        y = sheet.height - 1 - place * (BAR + STEP) - BAR
        names.write(sheet, place, y + BAR / 2)
        half = max(LEAST, (value or 0.0) / highest * whole) / 2
        if before is not None:
            sheet.polygon([(middle - before, y + BAR + STEP), (middle + before, y + BAR + STEP),
                           (middle + half, y + BAR), (middle - half, y + BAR)],
                          colour("neutral-soft"))  # fmt: skip
            share = shares[place]
            text = f"↓ {number(share, 1)}%" if share is not None else "—"
            sheet.text(middle, y + BAR + STEP / 2 - 3, text, AXIS, "text-2", "middle")
        sheet.box(middle - half, y, half * 2, BAR, series_colour(0), hatched=place in chart.hatched)
        _figure(sheet, "—" if value is None else shown(chart, 0, place), middle, half, y)
        before = half
    return sheet


def _figure(sheet: Sheet, text: str, middle: float, half: float, y: float) -> None:
    if width(text, SMALL, bold=True) + 6 < half * 2:
        sheet.text(middle, y + BAR / 2 - 3.2, text, SMALL, "surface", "middle", bold=True)
    else:
        sheet.text(middle + half + 5, y + BAR / 2 - 3.2, text, SMALL, "text", bold=True)
