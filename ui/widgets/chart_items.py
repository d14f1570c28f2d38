"""What charts are made of: colours, pens, and the items drawn in pixels of the widget."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from svcdesk.domain.chart import ChartKind
from ui.theme.tokens import MICRO, SMALL, colour, font, metrics, tokens
from ui.widgets.paint import CENTRE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.chart import ChartSpec, Series

NO_PEN = QPen(Qt.PenStyle.NoPen)
# pyqtgraph colours every plain tick pen anew, so that even NoPen leaves dots; this it lets be
NO_TICKS = QPen(QBrush(Qt.BrushStyle.NoBrush), 1)
DASH = Qt.PenStyle.DashLine
MOST_DECIMALS, MOST_STEPS = 4, 5  # of an axis
PATTERNS = (
    Qt.BrushStyle.SolidPattern,
    Qt.BrushStyle.SolidPattern,
    Qt.BrushStyle.SolidPattern,
    Qt.BrushStyle.SolidPattern,
    Qt.BrushStyle.SolidPattern,
    Qt.BrushStyle.HorPattern,
    Qt.BrushStyle.BDiagPattern,
    Qt.BrushStyle.FDiagPattern,
)


def pen_of(shade: QColor, width: float = 1.0, *, dashed: bool = False) -> QPen:
    """Return a pen whose width is in pixels, whatever the scale of the data."""
    pen = QPen(shade, width, DASH if dashed else Qt.PenStyle.SolidLine)
    pen.setCosmetic(True)
    return pen


def series_colours(count: int) -> list[int]:
    """Return the palette places of ``count`` series: two are 1 and 5."""
    return [0, 4] if count == 2 else [place % 8 for place in range(count)]


GRADES = {5: (0, 4, 7, 6, 1), 4: (0, 4, 6, 1), 3: (0, 7, 1), 2: (0, 1)}  # best … worst
PAIR = (4, 0)  # before light, after dark


def places_of(spec: ChartSpec) -> list[int]:
    """Return the palette places of a chart's series."""
    count = len(spec.series)
    if spec.kind is ChartKind.PAIRS:
        return [*PAIR, *range(1, count - 1)][:count]
    if spec.graded and count in GRADES:
        return list(GRADES[count])
    return series_colours(count)


def palette(place: int) -> QColor:
    """Return colour ``place`` (from 0) of the chart palette."""
    return QColor(tokens().palette[place])


def text_of(spec: ChartSpec, series: Series, place: int) -> str:
    """Return the displayed value of one point."""
    if place < len(series.labels) and series.labels[place]:
        return series.labels[place]
    value = series.values[place] if place < len(series.values) else None
    return "—" if value is None else f"{value:,.{spec.decimals}f}"


def readable(ground: QColor) -> QColor:
    """Return whichever of text and surface contrasts more with ``ground``."""
    first, second = colour("text"), colour("surface")
    return first if _contrast(first, ground) >= _contrast(second, ground) else second


def _luminance(shade: QColor) -> float:
    parts = (shade.redF(), shade.greenF(), shade.blueF())
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: QColor, other: QColor) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _mix(share: float) -> QColor:
    low, high = (QColor(value) for value in tokens().heat)
    parts = (
        round(a + (b - a) * share)
        for a, b in zip(low.getRgb()[:3], high.getRgb()[:3], strict=True)  # type: ignore[index]  # the stubs say object
    )
    return QColor(*parts)


def to_pixels(painter: QPainter) -> Any:
    """Switch ``painter`` to pixels of the widget; return the mapping of data rectangles to them."""
    transform = painter.worldTransform()
    painter.resetTransform()
    return transform.mapRect


def make_bars(pg: Any, rects: list[tuple[QRectF, int, bool]]) -> Any:
    """Return an item that draws bars in device pixels: sharp edges and even hatching."""

    class Bars(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
        def boundingRect(self) -> QRectF:
            bounds = QRectF()
            for rect, _place, _hatched in rects:
                bounds = bounds.united(rect.normalized())
            return bounds

        def paint(self, painter: QPainter, *_args: object) -> None:
            painter.save()
            rect = to_pixels(painter)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            for area, place, hatched in rects:
                box = rect(area).toAlignedRect()
                outlined = hatched or place + 1 in tokens().outlined
                pen = pen_of(colour("strong")) if outlined else NO_PEN
                painter.setPen(pen)
                if hatched:
                    painter.setBrush(QBrush(palette(7), Qt.BrushStyle.BDiagPattern))
                elif PATTERNS[place] is Qt.BrushStyle.SolidPattern:
                    painter.setBrush(palette(place))
                else:
                    painter.fillRect(box, colour("surface"))
                    painter.setBrush(QBrush(palette(place), PATTERNS[place]))
                painter.drawRect(box.adjusted(0, 0, -1, -1) if outlined else box)
            painter.restore()

    return Bars()


def make_heat(pg: Any, spec: ChartSpec) -> Any:
    """Return an item that draws the cells with their figures."""
    known = [v for series in spec.series for v in series.values if v is not None]
    highest = max(known, default=0.0) or 1.0

    class Cells(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
        def boundingRect(self) -> QRectF:
            return QRectF(-0.5, -0.5, len(spec.categories), len(spec.series))

        def paint(self, painter: QPainter, *_args: object) -> None:
            painter.save()
            rect = to_pixels(painter)
            painter.setFont(font(SMALL if len(spec.categories) <= 16 else MICRO))
            for row, series in enumerate(spec.series):
                for column, value in enumerate(series.values):
                    box = rect(QRectF(column - 0.5, row - 0.5, 1, 1)).adjusted(0.5, 0.5, -0.5, -0.5)
                    if value is None:
                        continue
                    shade = _mix(round(value / highest, 1))
                    painter.fillRect(box, shade)
                    text = text_of(spec, series, column)
                    if painter.fontMetrics().horizontalAdvance(text) <= box.width():
                        painter.setPen(readable(shade))
                        painter.drawText(box, CENTRE, text)
                    if value == highest:
                        painter.setBrush(Qt.BrushStyle.NoBrush)
                        painter.setPen(QPen(colour("text"), 1.5))
                        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
            painter.restore()

    return Cells()


def nice_ticks(
    low: float, high: float, wanted: int = 4, *, whole: bool = False
) -> list[float]:  # fmt: skip
    """Return three to five round values from ``low`` to at least ``high``.

    ``whole``: of things that are counted there are no halves.
    """
    span = high - low
    if span <= 0:
        return [low, low + 1]
    raw = span / wanted
    power = 10.0 ** math.floor(math.log10(raw))
    steps = (power * m for m in (1, 2, 2.5, 5, 10) if power * m >= raw * 0.999)
    step = next((s for s in steps if not whole or s == int(s)), 1.0)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(step * k, 10) for k in range(first, last + 1)]


def fixed_ticks(low: float, high: float) -> list[float]:
    """Return round values from exactly ``low`` to exactly ``high``, three to five steps apart."""
    span = high - low
    power = 10.0 ** math.floor(math.log10(span))
    for step in (power / 10 * m for m in (1, 2, 2.5, 5, 10, 20, 25, 50)):
        count = span / step
        if 3 <= round(count) <= MOST_STEPS and abs(count - round(count)) < 1e-9:
            return [round(low + step * k, 10) for k in range(round(count) + 1)]
    return [low, low + span / 2, high]


def axis_texts(ticks: Sequence[float]) -> list[str]:
    """Return the figures of an axis, all with as many decimals as tell them apart exactly."""
    for decimals in range(MOST_DECIMALS):
        if all(abs(round(tick, decimals) - tick) < 1e-9 for tick in ticks):
            return [f"{tick:,.{decimals}f}" for tick in ticks]
    return [f"{tick:,.{MOST_DECIMALS}f}" for tick in ticks]


def two_lines(name: str, room: int) -> str:
    """Return a category's name in at most two lines of ``room`` pixels."""
    measure = metrics(MICRO)
    if measure.horizontalAdvance(name) <= room:
        return name
    cut = len(name)
    while cut > 1 and measure.horizontalAdvance(name[:cut]) > room:
        cut -= 1
    first, rest = name[:cut], name[cut:]
    space = name.rfind(" ", 0, cut + 1)
    if space > 0:
        first, rest = name[:space], name[space:]
    elif first.isascii():  # a long word of letters is shortened, not broken
        first, _space, rest = name.partition(" ")
    lines = (measure.elidedText(text.strip(), Qt.TextElideMode.ElideRight, room)
             for text in (first, rest))  # fmt: skip
    return "\n".join(lines).rstrip()
