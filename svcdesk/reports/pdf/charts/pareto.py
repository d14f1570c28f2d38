"""Pareto: descending bars, the cumulative line and the 80 % line (domain.md 3.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.reports.pdf.canvas import Sheet
from svcdesk.reports.pdf.charts.axis import USUAL_NAMES
from svcdesk.reports.pdf.charts.names import CategoryNames
from svcdesk.reports.pdf.charts.scale import AXIS, number
from svcdesk.reports.pdf.fonts import width
from svcdesk.reports.pdf.marks import Area
from svcdesk.reports.pdf.styles import colour, series_colour

if TYPE_CHECKING:
    from svcdesk.domain.chart import ChartSpec

WIDEST = 46.0
ENOUGH = 13.0  # points: a bar that carries its figure


class _Plot:
    """Places of a Pareto chart: counts to the left, shares to the right, both of one height."""

    def __init__(self, chart: ChartSpec, room: float, height: float) -> None:
        self.counts = [v or 0.0 for v in chart.series[0].values]
        self.total = sum(self.counts) or 1.0
        self.left = max(width(number(self.total, 0), AXIS) + 9, 24.0)
        self.right = room - 36.0
        self.room = (self.right - self.left) / max(1, len(self.counts))
        self.names = CategoryNames(chart, self.room)
        height += max(0.0, self.names.height - USUAL_NAMES)
        self.sheet = Sheet(room, height)
        self.bottom, self.top = self.names.height + 4, height - 14

    def x(self, place: float) -> float:
        return self.left + self.room * (place + 0.5)

    def y(self, share: float) -> float:
        return self.bottom + share * (self.top - self.bottom)


def pareto(chart: ChartSpec, room: float, height: float) -> Sheet:
    """Draw the bars and their cumulative share."""
    plot = _Plot(chart, room, height)
    sheet = plot.sheet
    for share in (0.0, 0.5, 1.0):
        y = plot.y(share)
        sheet.line(plot.left, y, plot.right, y, colour("grid"), 0.5)
        if (plot.total * share) % 1 == 0:
            sheet.text(plot.left - 5, y - 3, number(plot.total * share, 0), AXIS, "text-3", "end")
        sheet.text(plot.right + 5, y - 3, f"{share:.0%}", AXIS, "text-3")
    y = plot.y(0.8)
    sheet.line(plot.left, y, plot.right, y, colour("text-2"), 0.8, dash=(3, 2))
    sheet.lines.append((plot.left, y, plot.right, y))
    sheet.text(plot.right + 5, y - 3, "80%", AXIS, "text", bold=True)
    sheet.line(plot.left, plot.bottom, plot.right, plot.bottom, colour("strong"), 0.8)
    bar = min(WIDEST, plot.room * 0.64)
    for place, value in enumerate(plot.counts):
        vital, other = place in chart.vital, place in chart.hatched
        tone = series_colour(0 if vital else 7 if other else 4)
        sheet.box(plot.x(place) - bar / 2, plot.bottom, bar, value / plot.total * (plot.top - plot.bottom),
                  tone, outline=not vital, hatched=other)  # fmt: skip
    plot.names.draw(sheet, _Named(plot))  # type: ignore[arg-type]  # has the places they use
    shares = [v or 0.0 for v in chart.series[1].values] if len(chart.series) > 1 else []
    points = [(plot.x(place), plot.y(share / 100)) for place, share in enumerate(shares)]
    sheet.polyline(points, series_colour(1), 1.2)
    for x, height_ in points:
        sheet.ring(x, height_, series_colour(1))
        sheet.block(x, height_, 3.0)
    _figures(chart, plot, bar)
    for place, value in enumerate(plot.counts):
        x, top = plot.x(place), plot.y(value / plot.total)
        sheet.blocked.append(Area(x - bar / 2, plot.bottom, x + bar / 2, top))
    _shares(plot, shares, points)
    return sheet


class _Named:
    """What names need to know of the plot."""

    def __init__(self, plot: _Plot) -> None:
        self.bottom, self.left, self.right, self.x = plot.bottom, plot.left, plot.right, plot.x


def _figures(chart: ChartSpec, plot: _Plot, bar: float) -> None:
    """Write the counts: into tall bars, above low ones."""
    for place, value in enumerate(plot.counts):
        text = number(value, 0)
        height = value / plot.total * (plot.top - plot.bottom)
        x = plot.x(place)
        if height > ENOUGH and width(text, AXIS, bold=True) < bar - 2:
            tone = "surface" if place in chart.vital else "text"
            middle = plot.bottom + height / 2 - 3
            spots = [(x, middle, "middle"), (x, plot.bottom + 3, "middle")]
            if place in chart.hatched:
                plot.sheet.box(x - width(text, AXIS) / 2 - 2, middle - 1.5, width(text, AXIS) + 4, 9,
                               colour("surface"))  # fmt: skip
            plot.sheet.place(spots, text, AXIS, tone, bold=True)
        else:
            lifts = (3, 6, 9, 12, 15)
            spots = [(x, plot.bottom + height + lift, "middle") for lift in lifts]
            spots += [(x - bar / 2, plot.bottom + height + 3, "start")]
            if not plot.sheet.place(spots, text, AXIS, "text", bold=True):
                plot.sheet.place(spots, text, AXIS, "text", bold=True, clear=False)


def _shares(plot: _Plot, shares: list[float], points: list[tuple[float, float]]) -> None:
    """Write the cumulative shares, the last and the first above 80 % before the others."""
    crossing = next((i for i, share in enumerate(shares) if share >= 80 - 1e-9), len(shares) - 1)
    order = sorted(range(len(shares)), key=lambda i: (i not in {crossing, len(shares) - 1}, i))
    for place in order:
        x, y = points[place]
        text = f"{number(shares[place], 1)}%"
        spots = [(x, y + 5, "middle"), (x - 4, y + 5, "end"), (x, y - 12, "middle"),
                 (x + 4, y - 11, "start"), (x, y + 9, "middle"), (x, y + 14, "middle"),
                 (x, y + 19, "middle"), (x, y + 24, "middle")]  # fmt: skip
        spots = [spot for spot in spots if spot[1] > plot.bottom + 1]  # below are the names
        plot.sheet.place(spots, text, AXIS, "text-2")
