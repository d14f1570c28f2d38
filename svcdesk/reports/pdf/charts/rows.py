"""What charts of horizontal rows share: the column of names, and rows that need two columns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from svcdesk.reports.pdf.canvas import Sheet
from svcdesk.reports.pdf.fonts import balanced, fit, is_cjk, width, wrap
from svcdesk.reports.pdf.styles import SMALL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svcdesk.domain.chart import ChartSpec

NAME_LINE = 11.0
COLUMN_GAP = 22.0
WIDEST_NAMES = 0.34  # of the width
MOST_LINES = 3


class Names:
    """The names of the rows, on three lines at most, right-aligned before the drawing."""

    def __init__(self, names: Sequence[str], room: float, lines: int = MOST_LINES) -> None:
        most = room * WIDEST_NAMES
        self.lines = [_few_lines(name.replace("\n", " "), most, lines) for name in names]
        self.width = max((width(line, SMALL) for lines in self.lines for line in lines), default=0)
        self.left = self.width + 8 if self.width else 0.0

    def height(self, place: int) -> float:
        """Return what the name of a row takes."""
        return NAME_LINE * len(self.lines[place])

    @property
    def tallest(self) -> float:
        """Return the height of the tallest name."""
        return max((self.height(place) for place in range(len(self.lines))), default=0.0)

    def write(self, sheet: Sheet, place: int, middle: float, *, bold: bool = False) -> None:
        """Write the name of a row around ``middle``."""
        lines = self.lines[place]
        y = middle + NAME_LINE * (len(lines) - 1) / 2 - SMALL * 0.34
        for line in lines:
            sheet.text(self.width, y, line, SMALL, "text", "end", bold=bold)
            y -= NAME_LINE


def _few_lines(name: str, room: float, most: int) -> list[str]:
    lines = balanced(name, SMALL, room)
    if len(lines) <= most:
        return lines
    lines = wrap(name, SMALL, room)
    last = most - 1
    gap = "" if is_cjk(lines[last - 1][-1]) else " "
    return [*lines[:last], fit(gap.join(lines[last:]), SMALL, room)]


def part_of(chart: ChartSpec, first: int, last: int) -> ChartSpec:
    """Return the rows ``first`` to ``last`` (excluded) of a chart."""

    def cut(marked: frozenset[int]) -> frozenset[int]:
        return frozenset(place - first for place in marked if first <= place < last)

    series = tuple(
        replace(
            s, values=s.values[first:last], labels=s.labels[first:last], n=s.n[first:last],
            missed=s.missed[first:last],
        )
        for s in chart.series
    )  # fmt: skip
    emphasis = chart.emphasis
    return replace(
        chart, categories=chart.categories[first:last], series=series, hatched=cut(chart.hatched),
        vital=cut(chart.vital), scales=chart.scales[first:last],
        verdicts=chart.verdicts[first:last],
        emphasis=emphasis - first if emphasis is not None and first <= emphasis < last else None,
    )  # fmt: skip


def in_columns(
    chart: ChartSpec, room: float, most: float, draw: Callable[[ChartSpec, float], Sheet]
) -> Sheet:
    """Draw the rows of a chart, in two or three columns when one is taller than ``most``."""
    sheet = draw(chart, room)
    count = 1
    while sheet.height > most and count < 3 and len(chart.categories) > count:
        count += 1
        wide = (room - COLUMN_GAP * (count - 1)) / count
        per = -(-len(chart.categories) // count)
        parts = [
            draw(part_of(chart, at, min(at + per, len(chart.categories))), wide)
            for at in range(0, len(chart.categories), per)
        ]
        sheet = Sheet(room, max(part.height for part in parts))
        for place, part in enumerate(parts):
            sheet.add(part, place * (wide + COLUMN_GAP), sheet.height - part.height)
    return sheet
