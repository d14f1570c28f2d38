"""A sheet to draw a chart on: marks in our colours and fonts, kept until they are painted.

What is drawn is a list of plain marks, so that the same drawing goes onto a page (:meth:`paint`) or
into an SVG file, and so that where each text lies is known: labels look for a free place.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from svcdesk.reports.pdf.fonts import printable, width
from svcdesk.reports.pdf.marks import Area, Dot, Line, Mark, Path, Rect, Text, moved, paint
from svcdesk.reports.pdf.styles import colour, is_light, series_colour

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ASCENT, DESCENT = 0.80, 0.14  # of the size: what glyphs take above and below their line
PATTERNS = ("", "rising", "dots", "", "", "level", "falling", "wide")  # look 2.2, palette order
SIDEWAYS = 2.0  # points: between texts that look for their place
SPACING = {"rising": 4.5, "falling": 4.5, "wide": 6.5, "level": 3.0, "dots": 3.2, "hatch": 4.0}


class Sheet:
    """A drawing of ``width`` × ``height`` points, origin bottom left."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.marks: list[Mark] = []
        self.labels: list[Area] = []  # where texts lie
        self.blocked: list[Area] = []  # where no label may lie, though no text does
        self.lines: list[tuple[float, float, float, float]] = []  # strokes labels keep clear of

    # -- marks ---------------------------------------------------------------------------------

    def line(self, x1: float, y1: float, x2: float, y2: float, tone: Any, thick: float,
             dash: tuple[float, ...] | None = None) -> None:  # fmt: skip
        """Draw a line."""
        self.marks.append(Line(((x1, y1, x2, y2),), tone, thick, tuple(dash or ())))

    def polyline(self, points: Sequence[tuple[float, float]], tone: Any, thick: float,
                 dash: tuple[float, ...] = ()) -> None:  # fmt: skip
        """Draw a line through ``points``, which labels keep clear of; fewer than two are none."""
        if len(points) > 1:
            self.marks.append(Path(tuple(points), None, tone, thick, closed=False, dash=dash))
            self.lines += [(*one, *other) for one, other in pairwise(points)]

    def box(  # noqa: PLR0913 - a rectangle and its look
            self, x: float, y: float, width: float, height: float, tone: Any, *,
            outline: bool = False, hatched: bool = False, pattern: str = "",
            radius: float = 0.0) -> None:  # fmt: skip
        """Fill a rectangle; ``hatched`` and ``pattern`` read in grey print as well."""
        edge = colour("strong") if outline or hatched else None
        fill = colour("surface") if hatched else tone
        self.marks.append(Rect(x, y, width, height, fill, edge, 0.6, radius))
        if hatched:
            self._pattern("hatch", x, y, width, height, colour("strong"), 0.5)
        elif pattern:
            self._pattern(pattern, x, y, width, height, colour("surface"), 0.5)

    def _pattern(self, kind: str, x: float, y: float, width: float, height: float, tone: Any,
                 thick: float) -> None:  # fmt: skip
        step = SPACING[kind]
        if kind in {"level", "dots"}:
            down = (
                (x, y + step * (k + 0.5), x + width, y + step * (k + 0.5))
                for k in range(int(height / step))
            )
            dotted = kind == "dots"
            dash = (0.0, step) if dotted else ()
            strokes = tuple(down)
            if strokes:
                self.marks.append(Line(strokes, tone, 1.1 if dotted else thick, dash, dotted))
            return
        strokes = tuple(_diagonals(x, y, width, height, step, rising=kind != "falling"))
        if strokes:
            self.marks.append(Line(strokes, tone, thick))

    def swatch(self, x: float, y: float, place: int, *, outline: bool = False,
               hatched: bool = False, patterned: bool = False) -> None:  # fmt: skip
        """Draw the little square of a legend."""
        self.box(x, y, 7, 7, series_colour(place), outline=outline or is_light(place),
                 hatched=hatched, pattern=PATTERNS[place % 8] if patterned else "")  # fmt: skip

    def outline(self, x: float, y: float, width: float, height: float, tone: Any,
                thick: float = 1.2, radius: float = 0.0) -> None:  # fmt: skip
        """Draw the edge of a rectangle."""
        self.marks.append(Rect(x, y, width, height, None, tone, thick, radius))

    def polygon(self, points: Sequence[tuple[float, float]], fill: Any, stroke: Any = None,
                thick: float = 0.6) -> None:  # fmt: skip
        """Fill a polygon."""
        self.marks.append(Path(tuple(points), fill, stroke, thick, closed=True))

    def marker(self, x: float, y: float, index: int, tone: Any) -> None:
        """Mark a point; each series has a form of its own."""
        form = index % 4
        if form == 0:
            self.marks.append(Dot(x, y, 2.2, tone, None, 0))
        elif form == 1:
            self.ring(x, y, tone)
        elif form == 2:
            self.polygon([(x - 2.6, y - 2), (x + 2.6, y - 2), (x, y + 2.8)], tone)
        else:
            self.box(x - 2, y - 2, 4, 4, tone)

    def ring(self, x: float, y: float, tone: Any) -> None:
        """Draw an open circle."""
        self.marks.append(Dot(x, y, 2.2, colour("surface"), tone, 1.1))

    def dot(self, x: float, y: float, tone: Any, radius: float = 2.2) -> None:
        """Draw a filled circle."""
        self.marks.append(Dot(x, y, radius, tone, None, 0))

    def diamond(self, x: float, y: float, tone: Any, *, filled: bool = False) -> None:
        """Draw a diamond, open (a target missed) or filled (a root cause)."""
        points = [(x - 3.4, y), (x, y + 3.4), (x + 3.4, y), (x, y - 3.4)]
        self.polygon(points, tone if filled else colour("surface"), tone, 1.1)

    # -- texts ---------------------------------------------------------------------------------

    def text(  # noqa: PLR0913 - position and look of a text
             self, x: float, y: float, text: str, size: float, tone: Any = "text",
             anchor: str = "start", *, bold: bool = False, upright: bool = False) -> None:  # fmt: skip
        """Write ``text``; ``tone`` is a token or a colour, ``anchor`` start, middle or end."""
        text = printable(text)
        if not text.strip():
            return
        length = width(text, size, bold=bold)
        back = {"start": 0.0, "middle": length / 2, "end": length}[anchor]
        x, y = (x, y - back) if upright else (x - back, y)
        shade = colour(tone) if isinstance(tone, str) else tone
        self.marks.append(Text(x, y, text, size, shade, bold, upright, anchor, length))
        self.labels.append(area(x, y, text, size, length, upright=upright))

    def place(self, places: Iterable[tuple[float, float, str]], text: str, size: float,
              tone: Any = "text", *, bold: bool = False, clear: bool = True) -> bool:  # fmt: skip
        """Write ``text`` at the first of ``places`` (x, y, anchor) that is free; say whether.

        With ``clear`` it keeps off the lines drawn so far, too.
        """
        text = printable(text)
        length = width(text, size, bold=bold)
        for x, y, anchor in places:
            left = x - {"start": 0.0, "middle": length / 2, "end": length}[anchor]
            if self.free(area(left, y, text, size, length), clear=clear):
                self.text(x, y, text, size, tone, anchor, bold=bold)
                return True
        return False

    def free(self, spot: Area, *, clear: bool = True) -> bool:
        """Whether a rectangle lies on the sheet and meets no text, nothing blocked and no line."""
        if spot.left < -0.5 or spot.right > self.width + 0.5:
            return False
        if spot.bottom < -0.5 or spot.top > self.height + 0.5:
            return False
        wide = Area(spot.left - SIDEWAYS, spot.bottom, spot.right + SIDEWAYS, spot.top)
        if any(wide.meets(other, 0.3) for other in self.labels):
            return False
        if any(spot.meets(other, 0.8) for other in self.blocked):
            return False
        return not (clear and any(spot.crossed(*stroke) for stroke in self.lines))

    def block(self, x: float, y: float, radius: float) -> None:
        """Keep labels off a point."""
        self.blocked.append(Area(x - radius, y - radius, x + radius, y + radius))

    # -- out -----------------------------------------------------------------------------------

    def add(self, other: Sheet, dx: float, dy: float) -> None:
        """Draw another sheet onto this one."""
        self.marks += [moved(mark, dx, dy) for mark in other.marks]
        self.labels += [
            Area(a.left + dx, a.bottom + dy, a.right + dx, a.top + dy, a.text) for a in other.labels
        ]

    def paint(self, canvas: Any, x: float, y: float) -> None:
        """Draw everything onto a page, the sheet's lower left corner at (x, y)."""
        canvas.saveState()
        canvas.translate(x, y)
        for mark in self.marks:
            paint(canvas, mark)
        canvas.restoreState()


def area(x: float, y: float, text: str, size: float, length: float, *,
         upright: bool = False) -> Area:  # fmt: skip
    """Return what a text of ``length`` that begins at (x, y) covers."""
    if upright:
        return Area(x - ASCENT * size, y, x + DESCENT * size, y + length, text)
    return Area(x, y - DESCENT * size, x + length, y + ASCENT * size, text)


def _diagonals(x: float, y: float, width: float, height: float, step: float, *,
               rising: bool) -> Iterable[tuple[float, float, float, float]]:  # fmt: skip
    start = -height + step / 2
    while start < width:
        x1, y1 = max(0.0, start), max(0.0, -start)
        x2, y2 = min(width, start + height), min(height, width - start)
        if x2 > x1:
            if rising:
                yield x + x1, y + y1, x + x2, y + y2
            else:
                yield x + x1, y + height - y1, x + x2, y + height - y2
        start += step
