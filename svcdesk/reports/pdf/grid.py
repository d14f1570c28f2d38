"""The page: A4 upright and across, A3, and 16:9, each with its margins and the height of a figure.

Type sizes are the same on both: the wide page is 10 inches across, as slides are.
"""

from __future__ import annotations

from dataclasses import dataclass

from svcdesk.reports.model import PageFormat
from svcdesk.reports.pdf.styles import MM


@dataclass(frozen=True)
class Grid:
    """Measures of a page in points; ``header`` and ``footer`` are base lines from below."""

    width: float
    height: float
    side: float
    top: float
    bottom: float
    header: float
    footer: float
    figure: float  # height of a chart with a value axis
    wide: bool = False

    @property
    def room(self) -> float:
        """Return the width of the text."""
        return self.width - 2 * self.side

    @property
    def right(self) -> float:
        """Return where the text ends."""
        return self.width - self.side

    @property
    def start(self) -> float:
        """Return the upper edge of the text, from below."""
        return self.height - self.top

    @property
    def depth(self) -> float:
        """Return the height of the text."""
        return self.height - self.top - self.bottom


A4 = Grid(210 * MM, 297 * MM, 20 * MM, 20 * MM, 17 * MM, 297 * MM - 12 * MM, 10 * MM, 58 * MM)
WIDE = Grid(720.0, 405.0, 14 * MM, 15 * MM, 14.5 * MM, 405 - 9 * MM, 6.5 * MM, 78 * MM, wide=True)
ACROSS = Grid(297 * MM, 210 * MM, 14 * MM, 20 * MM, 18 * MM, 210 * MM - 12 * MM, 9 * MM, 58 * MM)
A3 = Grid(420 * MM, 297 * MM, 20 * MM, 20 * MM, 20 * MM, 297 * MM - 12 * MM, 10 * MM, 62 * MM,
          wide=True)  # fmt: skip
_GRIDS = {
    PageFormat.A4: A4, PageFormat.WIDE: WIDE, PageFormat.ACROSS: ACROSS, PageFormat.A3: A3,
}  # fmt: skip


def grid_of(page: PageFormat) -> Grid:
    """Return the measures of a page format."""
    return _GRIDS[page]
