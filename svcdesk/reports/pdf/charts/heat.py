"""Heat map: rows × columns with a figure in each cell, sums at the margins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.chart import Sums, heat_sums
from svcdesk.reports.pdf.canvas import Sheet
from svcdesk.reports.pdf.charts.rows import Names
from svcdesk.reports.pdf.charts.scale import AXIS, TINY, number, shown
from svcdesk.reports.pdf.fonts import balanced, fit, width, wrap
from svcdesk.reports.pdf.styles import colour, contrast_text, heat_colour

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.chart import ChartSpec

CELL = 15.0
WIDEST = 90.0
LINE = 9.5
UPRIGHT = 80.0
KEY_GAP = 18.0  # points: between the two columns of the key
APART = 6.0  # points: between the upright heads of two columns


class _Grid:
    """Places of a heat map's cells."""

    def __init__(self, chart: ChartSpec, room: float) -> None:
        self.chart = chart
        names = chart.row_names or tuple(series.name for series in chart.series)
        self.names = Names((*names, chart.unit) if chart.sums is Sums.BOTH else names, room)
        self.row = max(CELL, self.names.tallest + 4)
        self.rows, self.columns, self.all = heat_sums(chart)
        widest = max(
            [width(number(v, chart.decimals), AXIS, bold=True) for v in (*self.rows, self.all)]
            + [18]
        )
        self.margin = 0.0 if chart.sums is Sums.NONE else widest + 8
        free = room - self.names.left - self.margin
        self.cell = min(WIDEST, free / max(1, len(chart.categories)))
        self.right = self.names.left + self.cell * len(chart.categories) + self.margin
        self.heads = [
            balanced(name.replace("\n", " "), TINY, self.cell - 2) for name in chart.categories
        ]
        self.upright = any(
            len(lines) > 3 or any(width(line, TINY) > self.cell for line in lines)
            for lines in self.heads
        )
        self.key: list[list[str]] = []  # two columns of lines
        if self.upright:
            upright = [self._upright(name.replace("\n", " ")) for name in chart.categories]
            if None in upright:  # too long even so: numbers, and what they mean below
                self.upright = False
                self.heads = [[str(place)] for place in range(1, len(chart.categories) + 1)]
                self.key = _key(chart.categories, room)
            else:
                self.heads = [lines for lines in upright if lines is not None]
        if self.upright:
            texts = [width(line, TINY) for lines in self.heads for line in lines]
            self.head = max(texts, default=0.0) + 5
        else:
            self.head = LINE * max((len(lines) for lines in self.heads), default=1) + 4
        below = self.row if chart.sums is Sums.BOTH else 0.0
        explained = LINE * max(map(len, self.key)) + KEY_GAP / 2 if self.key else 0.0
        self.sheet = Sheet(room, self.head + self.row * len(chart.series) + below + explained + 2)

    def _upright(self, name: str) -> list[str] | None:
        """Return an upright head on the lines that stand side by side above its column."""
        lines = balanced(name, TINY, UPRIGHT)
        return lines if len(lines) <= max(1, int((self.cell - APART) / LINE)) else None

    def x(self, column: int) -> float:
        return self.names.left + self.cell * column

    def y(self, row: int) -> float:
        return self.sheet.height - self.head - self.row * (row + 1)


def _key(names: Sequence[str], room: float) -> list[list[str]]:
    """Return numbered names as the lines of two columns."""
    told = [
        wrap(f"{place} {name.replace(chr(10), ' ')}", TINY, (room - KEY_GAP) / 2)
        for place, name in enumerate(names, 1)
    ]
    half = (len(told) + 1) // 2
    return [[line for lines in part for line in lines] for part in (told[:half], told[half:])]


def heat(chart: ChartSpec, room: float) -> Sheet:
    """Draw the cells; the highest is outlined."""
    grid = _Grid(chart, room)
    _heads(grid)
    best = max((v for s in chart.series for v in s.values if v is not None), default=0.0)
    marked: tuple[float, float] | None = None
    for row, series in enumerate(chart.series):
        y = grid.y(row)
        grid.names.write(grid.sheet, row, y + grid.row / 2)
        for column, value in enumerate(series.values):
            x = grid.x(column)
            tone = heat_colour((value or 0.0) / best if best else 0.0)
            grid.sheet.box(x, y, grid.cell - 1, grid.row - 1, tone)
            if value is not None:
                _cell(grid, row, column, tone)
            if best and value == best and marked is None:
                marked = (x, y)
        if chart.sums is not Sums.NONE:
            grid.sheet.text(grid.right, y + grid.row / 2 - 3.4, number(grid.rows[row], chart.decimals),
                            AXIS, "text", "end")  # fmt: skip
    if marked:
        grid.sheet.outline(*marked, grid.cell - 1, grid.row - 1, colour("text"))
    if chart.sums is Sums.BOTH:
        _foot(grid)
    _explain(grid, room)
    return grid.sheet


def _explain(grid: _Grid, room: float) -> None:
    """Write what the numbers of the heads mean."""
    longest = max(map(len, grid.key), default=0)
    for place, lines in enumerate(grid.key):
        x = place * (room + KEY_GAP) / 2
        for down, line in enumerate(lines):
            grid.sheet.text(x, 3 + LINE * (longest - 1 - down), line, TINY, "text-2")


def _cell(grid: _Grid, row: int, column: int, tone: object) -> None:
    text = shown(grid.chart, row, column)
    if width(text, TINY) <= grid.cell - 1:
        grid.sheet.text(grid.x(column) + grid.cell / 2 - 0.5, grid.y(row) + grid.row / 2 - 3.2,
                        text, TINY, contrast_text(tone), "middle")  # fmt: skip


def _heads(grid: _Grid) -> None:
    sheet, chart = grid.sheet, grid.chart
    for column, lines in enumerate(grid.heads):
        middle = grid.x(column) + grid.cell / 2 - 0.5
        if grid.upright:
            x = middle + 2.7 - LINE * (len(lines) - 1) / 2
            for line in lines:
                sheet.text(x, sheet.height - grid.head + 3, line, TINY, "text-3", upright=True)
                x += LINE
            continue
        y = sheet.height - grid.head + 3 + LINE * (len(lines) - 1)
        for line in lines:
            sheet.text(middle, y, line, TINY, "text-3", "middle")
            y -= LINE
    if chart.sums is not Sums.NONE:
        y = sheet.height - grid.head + 3
        sheet.text(grid.right, y, fit(chart.unit or "Σ", TINY, grid.margin), TINY, "text-3", "end")


def _foot(grid: _Grid) -> None:
    y = grid.y(len(grid.chart.series))
    sheet, decimals = grid.sheet, grid.chart.decimals
    sheet.line(grid.names.left, y + grid.row, grid.right, y + grid.row, colour("strong"), 0.5)
    sheet.text(
        grid.names.width, y + grid.row / 2 - 3.4, grid.chart.unit or "Σ", AXIS, "text-2", "end"
    )
    for column, total in enumerate(grid.columns):
        text = number(total, decimals)
        if width(text, TINY) <= grid.cell - 2:
            sheet.text(grid.x(column) + grid.cell / 2 - 0.5, y + grid.row / 2 - 3.4, text, TINY,
                       "text", "middle")  # fmt: skip
    sheet.text(
        grid.right,
        y + grid.row / 2 - 3.4,
        number(grid.all, decimals),
        AXIS,
        "text",
        "end",
        bold=True,
    )
