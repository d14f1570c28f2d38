"""A logo from an SVG file: shapes in plain colours, as logos are exported.

What cannot be drawn (texts, pictures, gradients) is named in a sentence, never left out.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
TOKEN = re.compile(r"[MmLlHhVvCcSsQqTtAaZz]|" + NUMBER.pattern)
TRANSFORM = re.compile(r"(\w+)\s*\(([^)]*)\)")
KAPPA = 0.5522847498
PASSED = {"title", "desc", "metadata", "defs", "style", "namedview"}
MOST_SHAPES = 20_000
COUNTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}

Matrix = tuple[float, float, float, float, float, float]
Step = tuple[str, tuple[float, ...]]  # M, L, C, Z in absolute coordinates


@dataclass(frozen=True)
class Shape:
    """A path with its colours (``None``: none) and the place it is moved to."""

    steps: tuple[Step, ...]
    fill: Any
    stroke: Any
    thick: float
    matrix: Matrix
    even_odd: bool = False


@dataclass
class Drawing:
    """A drawing read from a file; y grows downwards, as in the file."""

    width: float
    height: float
    left: float = 0.0
    top: float = 0.0
    shapes: list[Shape] = field(default_factory=list)

    def paint(self, canvas: Any) -> None:
        """Draw onto reportlab's ``canvas``, lower left corner at the origin."""
        canvas.saveState()
        canvas.transform(1, 0, 0, -1, -self.left, self.height + self.top)
        for shape in self.shapes:
            _paint(canvas, shape)
        canvas.restoreState()


def _paint(canvas: Any, shape: Shape) -> None:
    canvas.saveState()
    canvas.transform(*shape.matrix)
    path = canvas.beginPath()
    draw = {"M": path.moveTo, "L": path.lineTo, "C": path.curveTo}
    for name, values in shape.steps:
        if name == "Z":
            path.close()
        else:
            draw[name](*values)
    if shape.fill is not None:
        canvas.setFillColor(shape.fill)
    if shape.stroke is not None:
        canvas.setStrokeColor(shape.stroke)
        canvas.setLineWidth(shape.thick)
    canvas.drawPath(path, stroke=int(shape.stroke is not None), fill=int(shape.fill is not None),
                    fillMode=0 if shape.even_odd else 1)  # fmt: skip
    canvas.restoreState()


def read(file: Path) -> Drawing:
    """Return the drawing in ``file``; a :class:`UserError` says why there is none."""
    from xml.etree import ElementTree as ET

    try:
        drawing = _read(file)
    except (OSError, ValueError, KeyError, IndexError, ZeroDivisionError, ET.ParseError):
        drawing = None
    except _Cannot as error:
        raise UserError(
            "The drawing “{path}” has parts that cannot be printed ({what}). Save it as a PNG file "
            "and choose that.",
            path=str(file), what=error.what,
        ) from None  # fmt: skip
    if drawing is None or not 0 < len(drawing.shapes) <= MOST_SHAPES:
        raise UserError(
            "“{path}” is no picture that can be printed. Choose a PNG, JPEG or SVG file.",
            path=str(file),
        )
    return drawing


def _read(file: Path) -> Drawing | None:
    from xml.etree import ElementTree as ET

    text = file.read_text(encoding="utf-8")
    if "<!ENTITY" in text:  # nothing that grows on being read
        return None
    root = ET.fromstring(text)  # noqa: S314 - without entities
    if _name(root) != "svg":
        return None
    drawing = _sized(root)
    if drawing.width <= 0 or drawing.height <= 0:
        return None
    drawing.shapes.extend(_shapes(root, (1, 0, 0, 1, 0, 0), {}))
    return drawing


class _Cannot(Exception):  # noqa: N818 - told as a UserError at once
    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _numbers(text: str) -> list[float]:
    return [float(one) for one in NUMBER.findall(text)]


def _number(text: str | None, default: float = 0.0) -> float:
    found = _numbers(text or "")
    return found[0] if found else default


def _sized(root: Element) -> Drawing:
    box = _numbers(root.get("viewBox", ""))
    if len(box) != 4:
        box = [0.0, 0.0, _number(root.get("width"), 100), _number(root.get("height"), 100)]
    return Drawing(box[2], box[3], box[0], box[1])


def _shapes(element: Element, matrix: Matrix, style: dict[str, str]) -> Iterator[Shape]:
    for child in element:
        name = _name(child)
        if name in PASSED or not isinstance(child.tag, str):
            continue
        look = {**style, **_style(child)}
        if look.get("display") == "none":
            continue
        place = _times(matrix, _matrix(child.get("transform", "")))
        if name in {"g", "svg", "a", "switch"}:
            yield from _shapes(child, place, look)
        elif name in _MAKERS:
            steps = tuple(_MAKERS[name](child))
            if steps:
                yield _shape(steps, look, place)
        else:
            raise _Cannot(name)


def _style(element: Element) -> dict[str, str]:
    names = ("fill", "stroke", "stroke-width", "fill-rule", "display", "color", "opacity",
             "fill-opacity", "clip-path", "mask", "filter")  # fmt: skip
    found = {name: str(element.get(name)) for name in names if element.get(name) is not None}
    for part in element.get("style", "").split(";"):
        name, _, value = part.partition(":")
        if name.strip() in names:
            found[name.strip()] = value.strip()
    if element.get("class") and not found.keys() & {"fill", "stroke"}:
        raise _Cannot("class")
    for name in ("clip-path", "mask", "filter"):
        if found.get(name, "none") != "none":
            raise _Cannot(name)
    return found


def _shape(steps: tuple[Step, ...], look: dict[str, str], matrix: Matrix) -> Shape:
    opacity = _number(look.get("opacity"), 1.0) * _number(look.get("fill-opacity"), 1.0)
    fill = _colour(look.get("fill", "black"), look, opacity)
    stroke = _colour(look.get("stroke", "none"), look, _number(look.get("opacity"), 1.0))
    thick = _number(look.get("stroke-width"), 1.0)
    return Shape(steps, fill, stroke, thick, matrix, look.get("fill-rule") == "evenodd")


def _colour(text: str, look: dict[str, str], opacity: float) -> Any:
    """Return a colour, mixed with the white it stands on where it lets light through."""
    from reportlab.lib.colors import Color, toColor

    text = text.strip()
    if text in {"none", "transparent"} or opacity <= 0:
        return None
    if text.startswith("url"):
        raise _Cannot("gradient")
    if text == "currentColor":
        text = look.get("color", "black")
    if re.fullmatch(r"#[0-9a-fA-F]{3}", text):
        text = "#" + "".join(2 * c for c in text[1:])
    found = toColor(text)
    opacity = min(1.0, opacity)
    return Color(*(1 - opacity * (1 - part) for part in (found.red, found.green, found.blue)))


def _matrix(text: str) -> Matrix:
    result: Matrix = (1, 0, 0, 1, 0, 0)
    for name, inner in TRANSFORM.findall(text):
        v = _numbers(inner)
        result = _times(result, _one_matrix(name, v))
    return result


def _one_matrix(name: str, v: list[float]) -> Matrix:
    if name == "matrix":
        return (v[0], v[1], v[2], v[3], v[4], v[5])
    if name == "translate":
        return (1, 0, 0, 1, v[0], v[1] if len(v) > 1 else 0)
    if name == "scale":
        return (v[0], 0, 0, v[1] if len(v) > 1 else v[0], 0, 0)
    if name == "rotate":
        cos, sin = math.cos(math.radians(v[0])), math.sin(math.radians(v[0]))
        turned: Matrix = (cos, sin, -sin, cos, 0, 0)
        if len(v) > 2:
            there, back = (1, 0, 0, 1, v[1], v[2]), (1, 0, 0, 1, -v[1], -v[2])
            return _times(_times(there, turned), back)
        return turned
    raise _Cannot(name)


def _times(a: Matrix, b: Matrix) -> Matrix:
    return (
        a[0] * b[0] + a[2] * b[1], a[1] * b[0] + a[3] * b[1],
        a[0] * b[2] + a[2] * b[3], a[1] * b[2] + a[3] * b[3],
        a[0] * b[4] + a[2] * b[5] + a[4], a[1] * b[4] + a[3] * b[5] + a[5],
    )  # fmt: skip


# -- shapes ------------------------------------------------------------------------------------


def _rect(e: Element) -> Iterator[Step]:
    x, y = _number(e.get("x")), _number(e.get("y"))
    w, h = _number(e.get("width")), _number(e.get("height"))
    rx = min(_number(e.get("rx"), _number(e.get("ry"))), w / 2)
    ry = min(_number(e.get("ry"), rx), h / 2)
    if w <= 0 or h <= 0:
        return
    if not rx:
        yield from (("M", (x, y)), ("L", (x + w, y)), ("L", (x + w, y + h)), ("L", (x, y + h)))
    else:
        kx, ky = rx * (1 - KAPPA), ry * (1 - KAPPA)
        yield "M", (x + rx, y)
        yield "L", (x + w - rx, y)
        yield "C", (x + w - kx, y, x + w, y + ky, x + w, y + ry)
        yield "L", (x + w, y + h - ry)
        yield "C", (x + w, y + h - ky, x + w - kx, y + h, x + w - rx, y + h)
        yield "L", (x + rx, y + h)
        yield "C", (x + kx, y + h, x, y + h - ky, x, y + h - ry)
        yield "L", (x, y + ry)
        yield "C", (x, y + ky, x + kx, y, x + rx, y)
    yield "Z", ()


def _ellipse(e: Element) -> Iterator[Step]:
    cx, cy = _number(e.get("cx")), _number(e.get("cy"))
    rx = _number(e.get("rx"), _number(e.get("r")))
    ry = _number(e.get("ry"), rx)
    kx, ky = rx * KAPPA, ry * KAPPA
    yield "M", (cx + rx, cy)
    yield "C", (cx + rx, cy + ky, cx + kx, cy + ry, cx, cy + ry)
    yield "C", (cx - kx, cy + ry, cx - rx, cy + ky, cx - rx, cy)
    yield "C", (cx - rx, cy - ky, cx - kx, cy - ry, cx, cy - ry)
    yield "C", (cx + kx, cy - ry, cx + rx, cy - ky, cx + rx, cy)
    yield "Z", ()


def _line(e: Element) -> Iterator[Step]:
    yield "M", (_number(e.get("x1")), _number(e.get("y1")))
    yield "L", (_number(e.get("x2")), _number(e.get("y2")))


def _points(e: Element) -> Iterator[Step]:
    v = _numbers(e.get("points", ""))
    for place in range(0, len(v) - 1, 2):
        yield "L" if place else "M", (v[place], v[place + 1])
    if _name(e) == "polygon" and v:
        yield "Z", ()


def _path(e: Element) -> Iterator[Step]:
    pen = _Pen()
    tokens = TOKEN.findall(e.get("d", ""))
    place, command = 0, ""
    while place < len(tokens):
        if tokens[place].isalpha():
            command = tokens[place]
            place += 1
        elif not command or command in "Zz":
            raise ValueError
        count = COUNTS[command.upper()]
        values = [float(one) for one in tokens[place : place + count]]
        if len(values) < count:
            raise ValueError
        place += count
        yield from pen.go(command, values)
        command = {"M": "L", "m": "l"}.get(command, command)


class _Pen:
    """Follows the commands of a path."""

    def __init__(self) -> None:
        self.x = self.y = self.x0 = self.y0 = 0.0
        self.cx = self.cy = 0.0  # the last control point
        self.last = ""

    def go(self, command: str, v: list[float]) -> Iterator[Step]:
        """Yield the absolute steps of one command."""
        name = command.upper()
        if command.islower() and name not in {"Z", "A"}:
            base = {"H": (self.x,), "V": (self.y,)}.get(name, (self.x, self.y))
            v = [value + base[i % len(base)] for i, value in enumerate(v)]
        elif command == "a":
            v = [*v[:5], v[5] + self.x, v[6] + self.y]
        yield from self._absolute(name, v)
        self.last = name

    def _absolute(self, name: str, v: list[float]) -> Iterator[Step]:
        if name == "Z":
            self.x, self.y = self.x0, self.y0
            yield "Z", ()
        elif name == "M":
            self.x, self.y = self.x0, self.y0 = v[0], v[1]
            yield "M", (self.x, self.y)
        elif name in {"L", "H", "V"}:
            self.x, self.y = {"L": v, "H": [*v, self.y], "V": [self.x, *v]}[name][:2]
            yield "L", (self.x, self.y)
        elif name in {"C", "S"}:
            if name == "S":
                v = [*self._mirrored("CS"), *v]
            yield self._curve(v[:2], v[2:4], v[4:6], v[2:4])
        elif name in {"Q", "T"}:
            control = v[:2] if name == "Q" else self._mirrored("QT")
            end = v[-2:]
            first = [self.x + 2 / 3 * (control[0] - self.x), self.y + 2 / 3 * (control[1] - self.y)]
            second = [
                end[0] + 2 / 3 * (control[0] - end[0]),
                end[1] + 2 / 3 * (control[1] - end[1]),
            ]
            yield self._curve(first, second, end, control)
        else:
            yield from self._arc(v)

    def _mirrored(self, after: str) -> list[float]:
        if not self.last or self.last not in after:
            return [self.x, self.y]
        return [2 * self.x - self.cx, 2 * self.y - self.cy]

    def _curve(self, first: list[float], second: list[float], end: list[float],
               control: list[float]) -> Step:  # fmt: skip
        self.x, self.y = end
        self.cx, self.cy = control
        return "C", (*first, *second, *end)

    def _arc(self, v: list[float]) -> Iterator[Step]:
        """Yield an elliptical arc as curves (SVG 1.1, F.6)."""
        rx, ry, turn, large, sweep, x2, y2 = v
        x1, y1 = self.x, self.y
        rx, ry = abs(rx), abs(ry)
        if not rx or not ry or (x1 == x2 and y1 == y2):
            self.x, self.y = x2, y2
            yield "L", (x2, y2)
            return
        cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        dx, dy = (x1 - x2) / 2, (y1 - y2) / 2
        xp, yp = cos * dx + sin * dy, -sin * dx + cos * dy
        grow = (xp / rx) ** 2 + (yp / ry) ** 2
        if grow > 1:
            rx, ry = rx * math.sqrt(grow), ry * math.sqrt(grow)
        low = (rx * yp) ** 2 + (ry * xp) ** 2
        factor = math.sqrt(max(0.0, (rx * ry) ** 2 - low) / low)
        factor = -factor if bool(large) == bool(sweep) else factor
        cxp, cyp = factor * rx * yp / ry, -factor * ry * xp / rx
        cx = cos * cxp - sin * cyp + (x1 + x2) / 2
        cy = sin * cxp + cos * cyp + (y1 + y2) / 2
        start = math.atan2((yp - cyp) / ry, (xp - cxp) / rx)
        delta = (math.atan2((-yp - cyp) / ry, (-xp - cxp) / rx) - start) % (2 * math.pi)
        if not sweep:
            delta -= 2 * math.pi
        count = max(1, math.ceil(abs(delta) / (math.pi / 2) - 1e-9))
        part = delta / count
        pull = 4 / 3 * math.tan(part / 4)

        def at(angle: float, along: float = 0.0) -> list[float]:
            ex = rx * (math.cos(angle) - along * math.sin(angle))
            ey = ry * (math.sin(angle) + along * math.cos(angle))
            return [cos * ex - sin * ey + cx, sin * ex + cos * ey + cy]

        for place in range(count):
            one = start + place * part
            two = one + part
            second = at(two, -pull)
            yield self._curve(at(one, pull), second, at(two), second)


_MAKERS: dict[str, Callable[[Element], Iterator[Step]]] = {
    "rect": _rect,
    "circle": _ellipse,
    "ellipse": _ellipse,
    "line": _line,
    "polyline": _points,
    "polygon": _points,
    "path": _path,
}
