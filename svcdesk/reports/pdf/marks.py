"""What a drawing consists of: strokes, shapes and texts, and how they get onto a page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Line:
    """Straight strokes of one look."""

    strokes: tuple[tuple[float, float, float, float], ...]
    tone: Any
    thick: float
    dash: tuple[float, ...] = ()
    round: bool = False


@dataclass(frozen=True)
class Path:
    """A polygon or an open line through ``points``."""

    points: tuple[tuple[float, float], ...]
    fill: Any
    stroke: Any
    thick: float
    closed: bool
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Rect:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    fill: Any
    stroke: Any
    thick: float
    radius: float = 0.0


@dataclass(frozen=True)
class Dot:
    """A circle."""

    x: float
    y: float
    radius: float
    fill: Any
    stroke: Any
    thick: float


@dataclass(frozen=True)
class Text:
    """A text that begins at (x, y); ``upright`` ones are read from bottom to top."""

    x: float
    y: float
    text: str
    size: float
    tone: Any
    bold: bool
    upright: bool = False
    anchor: str = "start"  # which part stays where it is when another font sets it
    length: float = 0.0


Mark = Line | Path | Rect | Dot | Text


def moved(mark: Mark, dx: float, dy: float) -> Mark:
    """Return ``mark`` moved by (dx, dy)."""
    if isinstance(mark, Line):
        strokes = tuple((x1 + dx, y1 + dy, x2 + dx, y2 + dy) for x1, y1, x2, y2 in mark.strokes)
        return replace(mark, strokes=strokes)
    if isinstance(mark, Path):
        return replace(mark, points=tuple((x + dx, y + dy) for x, y in mark.points))
    return replace(mark, x=mark.x + dx, y=mark.y + dy)


@dataclass(frozen=True)
class Area:
    """The rectangle that a text covers."""

    left: float
    bottom: float
    right: float
    top: float
    text: str = ""

    def meets(self, other: Area, gap: float = 0.0) -> bool:
        """Whether two rectangles come nearer than ``gap``."""
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.bottom < other.top + gap
            and other.bottom < self.top + gap
        )

    def crossed(self, x1: float, y1: float, x2: float, y2: float) -> bool:
        """Whether a stroke runs through the rectangle."""
        low, high = 0.0, 1.0
        for start, delta, least, most in (
            (x1, x2 - x1, self.left, self.right),
            (y1, y2 - y1, self.bottom, self.top),
        ):
            if abs(delta) < 1e-12:
                if not least < start < most:
                    return False
                continue
            first, last = sorted(((least - start) / delta, (most - start) / delta))
            low, high = max(low, first), min(high, last)
        return low < high


# -- painting onto a page ----------------------------------------------------------------------


def paint(canvas: Any, mark: Mark) -> None:
    """Draw a mark onto a page."""
    _PAINTERS[type(mark)](canvas, mark)


def _paint_line(canvas: Any, mark: Line) -> None:
    canvas.setStrokeColor(mark.tone)
    canvas.setLineWidth(mark.thick)
    if mark.round:
        canvas.setLineCap(1)
    if mark.dash:
        canvas.setDash(list(mark.dash))
    canvas.lines(mark.strokes)
    if mark.dash:
        canvas.setDash()
    if mark.round:
        canvas.setLineCap(0)


def _paint_path(canvas: Any, mark: Path) -> None:
    path = canvas.beginPath()
    path.moveTo(*mark.points[0])
    for point in mark.points[1:]:
        path.lineTo(*point)
    if mark.closed:
        path.close()
    _pens(canvas, mark.fill, mark.stroke, mark.thick)
    if mark.dash:
        canvas.setDash(list(mark.dash))
    if not mark.closed:
        canvas.setLineJoin(1)
    canvas.drawPath(path, stroke=int(mark.stroke is not None), fill=int(mark.fill is not None))
    if mark.dash:
        canvas.setDash()


def _paint_rect(canvas: Any, mark: Rect) -> None:
    _pens(canvas, mark.fill, mark.stroke, mark.thick)
    stroke, fill = int(mark.stroke is not None), int(mark.fill is not None)
    if mark.radius:
        canvas.roundRect(mark.x, mark.y, mark.width, mark.height, mark.radius, stroke, fill)
    else:
        canvas.rect(mark.x, mark.y, mark.width, mark.height, stroke, fill)


def _paint_dot(canvas: Any, mark: Dot) -> None:
    _pens(canvas, mark.fill, mark.stroke, mark.thick)
    canvas.circle(
        mark.x, mark.y, mark.radius, int(mark.stroke is not None), int(mark.fill is not None)
    )


def _paint_text(canvas: Any, mark: Text) -> None:
    script = canvas.script()
    script.tone(mark.tone)
    script.font(mark.size, bold=mark.bold)
    (script.upright if mark.upright else script.line)(mark.x, mark.y, mark.text)
    canvas.put(script)


def _pens(canvas: Any, fill: Any, stroke: Any, thick: float) -> None:
    if fill is not None:
        canvas.setFillColor(fill)
    if stroke is not None:
        canvas.setStrokeColor(stroke)
        canvas.setLineWidth(thick)


_PAINTERS: dict[type, Any] = {
    Line: _paint_line,
    Path: _paint_path,
    Rect: _paint_rect,
    Dot: _paint_dot,
    Text: _paint_text,
}
