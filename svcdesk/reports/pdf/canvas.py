"""A sheet to draw a chart on: reportlab shapes in our colours and fonts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.reports.pdf.fonts import BOLD, REGULAR, printable
from svcdesk.reports.pdf.styles import colour

if TYPE_CHECKING:
    from collections.abc import Sequence


class Sheet:
    """Wraps a reportlab Drawing; lengths in points, origin bottom left."""

    def __init__(self, width: float, height: float) -> None:
        from reportlab.graphics.shapes import Drawing

        self.width, self.height = width, height
        self.drawing: Any = Drawing(width, height)

    def line(self, x1: float, y1: float, x2: float, y2: float, tone: Any, thick: float,
             dash: tuple[int, int] | None = None) -> None:  # fmt: skip
        """Draw a line."""
        from reportlab.graphics.shapes import Line

        self.drawing.add(
            Line(x1, y1, x2, y2, strokeColor=tone, strokeWidth=thick, strokeDashArray=dash)
        )

    def polyline(self, points: Sequence[tuple[float, float]], tone: Any, thick: float) -> None:
        """Draw a line through ``points``; fewer than two are no line."""
        from reportlab.graphics.shapes import PolyLine

        if len(points) > 1:
            flat = [value for point in points for value in point]
            self.drawing.add(PolyLine(flat, strokeColor=tone, strokeWidth=thick, strokeLineJoin=1))

    def box(self, x: float, y: float, width: float, height: float, tone: Any, *,
            outline: bool = False, hatched: bool = False) -> None:  # fmt: skip
        """Fill a rectangle; ``hatched`` reads in grey print as well."""
        from reportlab.graphics.shapes import Rect

        edge = colour("strong") if outline or hatched else None
        fill = colour("surface") if hatched else tone
        self.drawing.add(
            Rect(x, y, width, height, fillColor=fill, strokeColor=edge, strokeWidth=0.6)
        )
        if hatched:
            self._hatch(x, y, width, height)

    def _hatch(self, x: float, y: float, width: float, height: float) -> None:
        step, start = 4.0, -height
        while start < width:
            x1, y1 = max(0.0, start), max(0.0, -start)
            x2, y2 = min(width, start + height), min(height, width - start)
            if x2 > x1:
                self.line(x + x1, y + y1, x + x2, y + y2, colour("strong"), 0.5)
            start += step

    def outline(self, x: float, y: float, width: float, height: float, tone: Any) -> None:
        """Draw the edge of a rectangle."""
        from reportlab.graphics.shapes import Rect

        self.drawing.add(
            Rect(x, y, width, height, fillColor=None, strokeColor=tone, strokeWidth=1.2)
        )

    def text(self, x: float, y: float, text: str, size: float, tone: Any = "text",
             anchor: str = "start", *, bold: bool = False) -> None:  # fmt: skip
        """Write ``text``; ``tone`` is a token or a colour, ``anchor`` start, middle or end."""
        from reportlab.graphics.shapes import String

        if text:
            self.drawing.add(
                String(x, y, printable(text), fontName=BOLD if bold else REGULAR, fontSize=size,
                       fillColor=colour(tone) if isinstance(tone, str) else tone, textAnchor=anchor)
            )  # fmt: skip

    def marker(self, x: float, y: float, index: int, tone: Any) -> None:
        """Mark a point; each series has a form of its own."""
        from reportlab.graphics.shapes import Circle, Polygon, Rect

        form = index % 4
        if form == 0:
            self.drawing.add(Circle(x, y, 2.2, fillColor=tone, strokeColor=None))
        elif form == 1:
            self.ring(x, y, tone)
        elif form == 2:
            self.drawing.add(
                Polygon(
                    [x - 2.6, y - 2, x + 2.6, y - 2, x, y + 2.8], fillColor=tone, strokeColor=None
                )
            )
        else:
            self.drawing.add(Rect(x - 2, y - 2, 4, 4, fillColor=tone, strokeColor=None))

    def ring(self, x: float, y: float, tone: Any) -> None:
        """Draw an open circle."""
        from reportlab.graphics.shapes import Circle

        self.drawing.add(
            Circle(x, y, 2.2, fillColor=colour("surface"), strokeColor=tone, strokeWidth=1.1)
        )

    def diamond(self, x: float, y: float, tone: Any) -> None:
        """Draw an open diamond: a target missed."""
        from reportlab.graphics.shapes import Polygon

        points = [x - 3.4, y, x, y + 3.4, x + 3.4, y, x, y - 3.4]
        self.drawing.add(
            Polygon(points, fillColor=colour("surface"), strokeColor=tone, strokeWidth=1.1)
        )
