"""Names of categories under a chart: on one to three lines, upright when there is no room."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from svcdesk.reports.pdf.charts.scale import AXIS, TINY, sample
from svcdesk.reports.pdf.fonts import balanced, fit, is_cjk, width, wrap

if TYPE_CHECKING:
    from svcdesk.domain.chart import ChartSpec
    from svcdesk.reports.pdf.canvas import Sheet
    from svcdesk.reports.pdf.charts.axis import Plot

MONTH = re.compile(r"\d{4}-\d{2}")
LINE = 9.5
MOST_LINES = 4
UPRIGHT = 88.0  # points: the longest upright name
SLIM = 9.5  # points: an upright name needs so much of its category's width


class CategoryNames:
    """How the names of a chart's categories are written; ``height`` is what they take."""

    def __init__(self, chart: ChartSpec, room: float, *, small: bool = False) -> None:
        self.chart, self.room, self.small = chart, room, small
        self.names = chart.categories if small else _months(chart.categories, room)
        self.samples = (
            [sample(chart, 0, place) for place in range(len(chart.categories))]
            if len(chart.series) == 1 and not small
            else [""] * len(chart.categories)
        )
        self.lines = [self._wrapped(name, bold=i == chart.emphasis)
                      for i, name in enumerate(self.names)]  # fmt: skip
        self.upright = not small and not self._level()
        self.step = 1
        if self.upright:
            self.step = max(1, int(-(-SLIM // max(room, 0.1))))
            self.upright_lines = [self._upright(place) for place in range(len(chart.categories))]
            texts = [text for lines in self.upright_lines for text in lines]
            self.height = (
                min(UPRIGHT, max((width(t, AXIS, bold=True) for t in texts), default=0)) + 4
            )
        else:
            count = 1 if small else max((len(lines) for lines in self.lines), default=1)
            self.height = LINE * (count + any(self.samples)) + 3

    def _wrapped(self, name: str, *, bold: bool) -> list[str]:
        parts = name.split("\n")
        return [line for part in parts for line in balanced(part, AXIS, self.room - 3, bold=bold)]

    def _level(self) -> bool:
        """Whether every name fits in a few lines without a word being cut, its sample below."""
        for name, lines, count in zip(self.names, self.lines, self.samples, strict=True):
            if len(lines) > MOST_LINES or width(count, TINY) > self.room - 2:
                return False
            if _cuts_word(name, lines):
                return False
        return True

    def _upright(self, place: int) -> list[str]:
        """Return an upright name on as many lines as fit side by side, its sample on the last."""
        name, count = self.chart.categories[place].replace("\n", " "), self.samples[place]
        tail = f"  {count}" if count else ""
        most = max(1, min(MOST_LINES, int(self.room * self.step / SLIM)))
        lines = wrap(name, AXIS, UPRIGHT, bold=True)
        if len(lines) > most:
            gap = "" if is_cjk(lines[most - 1][-1:] or "。") else " "
            lines = [*lines[: most - 1], gap.join(lines[most - 1 :])]
        last = fit(lines[-1], AXIS, UPRIGHT - width(tail, AXIS), bold=True)
        if tail and last != lines[-1] and len(lines) < most:
            return [*lines, tail.strip()]
        return [*lines[:-1], last + tail]

    def draw(self, sheet: Sheet, plot: Plot) -> None:
        """Write the names below the plot."""
        last = len(self.chart.categories) - 1
        for place in range(len(self.chart.categories)):
            bold = place == self.chart.emphasis
            tone = "text" if bold else "text-3"
            if self.upright:
                if (last - place) % self.step == 0:
                    lines = self.upright_lines[place]
                    x = plot.x(place) + 3 - LINE * (len(lines) - 1) / 2
                    for text in lines:
                        end = plot.bottom - 4 - width(text, AXIS, bold=bold)
                        sheet.text(x, end, text, AXIS, tone, bold=bold, upright=True)
                        x += LINE
            elif self.small:
                self._at_ends(sheet, plot, place, last)
            else:
                y = plot.bottom - LINE - 0.5
                for line in self.lines[place]:
                    sheet.text(plot.x(place), y, line, AXIS, tone, "middle", bold=bold)
                    y -= LINE
                y = plot.bottom - LINE * (1 + max(len(lines) for lines in self.lines)) - 0.5
                sheet.text(plot.x(place), y, self.samples[place], TINY, "text-3", "middle")

    def _at_ends(self, sheet: Sheet, plot: Plot, place: int, last: int) -> None:
        """Write the first and the last name only, both within the plot."""
        y = plot.bottom - LINE - 0.5
        half = (plot.right - plot.left) / 2 - 3
        if place == 0:
            name = fit(self.chart.categories[0], TINY, half)
            sheet.text(plot.left, y, name, TINY, "text-3")
        elif place == last:
            name = fit(self.chart.categories[last], TINY, half)
            sheet.text(plot.right, y, name, TINY, "text-3", "end")


def _months(names: tuple[str, ...], room: float) -> tuple[str, ...]:
    """Return months as they are where there is room, else without their year.

    The year then stands below the first month of each.
    """
    if not all(MONTH.fullmatch(name) for name in names):
        return names
    if max((width(name, AXIS, bold=True) for name in names), default=0.0) <= room - 5:
        return names
    found = []
    year = ""
    for name in names:
        found.append(name[5:] if name[:4] == year else f"{name[5:]}\n{name[:4]}")
        year = name[:4]
    return tuple(found)


def _cuts_word(name: str, lines: list[str]) -> bool:
    """Whether a line ends within a word of letters or digits."""
    rest = name.replace("\n", " ")
    for line in lines[:-1]:
        at = rest.find(line)
        if at < 0:
            return True
        rest = rest[at + len(line) :]
        if line and rest and _letter(line[-1]) and _letter(rest[0]):
            return True
    return False


def _letter(character: str) -> bool:
    return ord(character) < 0x2E80 and character.isalnum()
