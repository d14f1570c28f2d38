"""Legends: a square and a name per series, on as many lines as they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.reports.pdf.charts.scale import AXIS, palette_place
from svcdesk.reports.pdf.fonts import fit, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.chart import ChartSpec
    from svcdesk.reports.pdf.canvas import Sheet

LINE = 13.0
SQUARE, GAP = 11.0, 14.0


def legend_rows(chart: ChartSpec, texts: Sequence[str], room: float) -> list[list[tuple[int, str]]]:
    """Return (series, text) line by line; a text wider than a line is cut."""
    del chart
    rows: list[list[tuple[int, str]]] = [[]]
    used = 0.0
    for row, text in enumerate(texts):
        short = fit(text, AXIS, room - SQUARE)
        length = SQUARE + width(short, AXIS)
        if rows[-1] and used + length > room:
            rows.append([])
            used = 0.0
        rows[-1].append((row, short))
        used += length + GAP
    return rows


def legend_height(rows: Sequence[Sequence[tuple[int, str]]]) -> float:
    """Return the height of a legend."""
    return LINE * len(rows)


def write_legend(sheet: Sheet, chart: ChartSpec, rows: Sequence[Sequence[tuple[int, str]]],
                 left: float, y: float, *, hatched: bool = False, places: Sequence[int] = ()) -> None:  # fmt: skip
    """Write a legend, its first line at ``y``.

    ``hatched``: series may stand aside; ``places`` in the palette where they are not the usual.
    """
    for line in rows:
        x = left
        for row, text in line:
            place = places[row] if places else palette_place(chart, row)
            sheet.swatch(x, y, place, hatched=hatched and row in chart.hatched,
                         patterned=len(chart.series) > 2)  # fmt: skip
            sheet.text(x + SQUARE, y, text, AXIS, "text-2")
            x += SQUARE + width(text, AXIS) + GAP
        y -= LINE
