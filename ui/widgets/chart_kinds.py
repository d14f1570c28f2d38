"""The forms of chart that reports brought: stacked columns, funnel, pairs, bullets, bands.

Each draws with the parts of :class:`ui.widgets.chart_draw.Painter`, on the same figures as paper.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPolygonF

from svcdesk.domain.chart import Band, Series, Sums, heat_sums, row_scales, step_shares
from ui.theme.tokens import MICRO, colour, metrics
from ui.widgets.chart_items import (
    NO_PEN,
    make_heat,
    palette,
    pen_of,
    places_of,
    readable,
    text_of,
    to_pixels,
    two_lines,
)

if TYPE_CHECKING:
    from svcdesk.domain.chart import ChartSpec
    from ui.widgets.chart_draw import Painter

BAR = 0.36  # half the thickness of a bar, of its category's room
INSIDE = 0.06  # share of the axis from which a segment carries its figure
TICK = 0.42
SHORTEST_NAME = 16  # pixels: a name of a column needs so much to say anything
FEW_COLUMNS = 24  # hours of a day: all of them are named


def _figure(spec: ChartSpec, value: float) -> str:
    """Return a sum with the decimals of its parts."""
    return f"{value:,.{spec.decimals}f}"


def band_rows(spec: ChartSpec) -> list[tuple[Band, int]]:
    """Return the key events with the row of each name: those that overlap lie below each other.

    Events of the same categories are one band with one line of names.
    """
    names: dict[tuple[int, int], list[str]] = {}
    for band in spec.bands:
        names.setdefault((band.first, band.last), []).append(band.label)
    ends: list[float] = []
    rows = []
    for (first, last), labels in names.items():
        row = next((k for k, end in enumerate(ends) if end < first - 0.5), len(ends))
        ends[row : row + 1] = [last + 0.5]
        rows.append((Band(first, last, " · ".join(labels)), row))
    return rows


def bands(painter: Painter) -> None:
    """Draw key events behind the plot, their names on top."""
    box = painter.plot.getViewBox()
    low, high = box.viewRange()[1]
    line = (high - low) * metrics(MICRO).height() / max(painter.plot.height() - 60, 60)
    for band, row in band_rows(painter.spec):
        area = QRectF(band.first - 0.5, low, band.last - band.first + 1, high - low)
        painter.plot.addItem(_ground(painter.pg, area))
        middle = (band.first + band.last) / 2
        painter.text(band.label, middle, high - row * line, anchor=(0.5, 0))


def _ground(pg: Any, area: QRectF) -> Any:
    """Return an item that fills ``area`` behind everything."""

    class Ground(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
        def boundingRect(self) -> QRectF:
            return area

        def paint(self, painter: QPainter, *_args: object) -> None:
            painter.fillRect(area, colour("neutral-soft"))

    item = Ground()
    item.setZValue(-30)
    return item


def stacked_columns(painter: Painter) -> None:
    """Draw the series of a category on each other; figures inside, the total on top."""
    spec = painter.spec
    totals = [
        sum(series.values[place] or 0.0 for series in spec.series)
        for place in range(len(spec.categories))
    ]
    painter.frame_upright([*totals, *(reference.value for reference in spec.references)])
    highest = max(totals, default=1.0) or 1.0
    rects = []
    for x, total in enumerate(totals):
        base = 0.0
        for place, series in zip(places_of(spec), spec.series, strict=True):
            value = series.values[x] or 0.0
            rects.append((QRectF(x - BAR, base, 2 * BAR, value), place, False))
            if value >= highest * INSIDE:
                ink = readable(palette(place))
                painter.text(
                    text_of(spec, series, x), x, base + value / 2, anchor=(0.5, 0.5), fill=ink
                )
            base += value
        if total:
            painter.text(_figure(spec, total), x, total, anchor=(0.5, 1), ink="text", bold=True)
    painter.bar_items(rects)


def stacked(painter: Painter) -> None:
    """Draw one bar per category with the series as segments, in their size or as 100 %."""
    spec = painter.spec
    totals = [
        sum(series.values[place] or 0.0 for series in spec.series)
        for place in range(len(spec.categories))
    ]
    highest = 100.0 if spec.share else max(totals, default=1) or 1
    painter.frame_sideways(highest)
    rects = []
    for row, total in enumerate(totals):
        left = 0.0
        per = 100 / (total or 1) if spec.share else 1.0
        for place, series in zip(places_of(spec), spec.series, strict=True):
            value = (series.values[row] or 0.0) * per
            rects.append((QRectF(left, row - 0.32, value, 0.64), place, False))
            if value and value >= highest * 0.05:
                text, ink = text_of(spec, series, row), readable(palette(place))
                painter.text(text, left + value / 2, row, anchor=(0.5, 0.5), fill=ink)
            left += value
    painter.bar_items(rects)


def funnel(painter: Painter) -> None:
    """Draw centred bars with their counts, between them the share that went on."""
    spec = painter.spec
    series = spec.series[0]
    highest = max((v for v in series.values if v is not None), default=1.0) or 1.0
    painter.frame_rows(-highest / 2, highest / 2)
    shares = step_shares(spec)
    rects = []
    for row, value in enumerate(series.values):
        half = (value or 0.0) / 2
        rects.append((QRectF(-half, row - 0.3, 2 * half, 0.6), 0, row in spec.hatched))
        text = text_of(spec, series, row)
        if 2 * half >= highest * 0.12:
            painter.text(text, 0, row, anchor=(0.5, 0.5), fill=readable(palette(0)), bold=True)
        else:
            painter.text(text, half, row, anchor=(0, 0.5), ink="text", bold=True)
        if row:
            share = shares[row]
            told = "—" if share is None else f"↓ {share:.1f}%"
            painter.text(told, 0, row - 0.5, anchor=(0.5, 0.5))
    painter.bar_items(rects)


def pairs(painter: Painter) -> None:
    """Draw before and after of each row on the row's own scale, the target as a line."""
    spec = painter.spec
    painter.frame_rows(0, 100 * (1 + _side(painter)))
    rects = []
    for row, scale in enumerate(row_scales(spec)):
        for number_, (place, series) in enumerate(
            zip(places_of(spec), spec.series[:2], strict=False)
        ):
            value = series.values[row]
            top = row - 0.38 + number_ * 0.38
            if value is not None:
                share = 100 * value / (scale or 1.0)
                rects.append((QRectF(0, top, share, 0.34), place, False))
                painter.text(_with_sample(spec, series, row), share, top + 0.17, anchor=(0, 0.5))
        if len(spec.series) > 2:
            _tick(painter, spec.series[2].values[row], scale, row)
        _verdict(painter, row)
    painter.bar_items(rects)


def bullets(painter: Painter) -> None:
    """Draw value, target and last period of each row on the row's own scale."""
    spec = painter.spec
    painter.frame_rows(0, 100 * (1 + _side(painter)))
    rects = []
    for row, scale in enumerate(row_scales(spec)):
        ground = _ground(painter.pg, QRectF(0, row - 0.34, 100, 0.68))
        painter.plot.addItem(ground)
        value = spec.series[0].values[row]
        if value is not None:
            share = min(100.0, 100 * value / (scale or 1.0))
            rects.append((QRectF(0, row - 0.16, share, 0.32), 0, row in spec.hatched))
        told = [text_of(spec, series, row) for series in spec.series[:2]]
        painter.text("  ".join(told), 100, row, anchor=(0, 0.5), ink="text")
        if len(spec.series) > 1:
            _tick(painter, spec.series[1].values[row], scale, row)
        if len(spec.series) > 2 and (before := spec.series[2].values[row]) is not None:
            painter.plot.addItem(painter.pg.ScatterPlotItem(
                [100 * before / (scale or 1.0)], [row], size=7, symbol="o", pen=pen_of(palette(1), 1.5),
                brush=QBrush(colour("surface")), antialias=True))  # fmt: skip
        _verdict(painter, row)
    painter.bar_items(rects)


def _side(painter: Painter) -> float:
    """Return the share of the axis that figures and verdicts need at the right."""
    spec = painter.spec
    texts = [
        _with_sample(spec, series, row)
        for series in spec.series[:2]
        for row in range(len(spec.categories))
    ]
    widest = max((metrics(MICRO).horizontalAdvance(text) for text in texts), default=30)
    widest += max((metrics(MICRO).horizontalAdvance(word) for word in spec.verdicts), default=0)
    room: float = max(painter.plot.width() - 180, 120)
    return min(0.9, (widest + 40) / room)


def _with_sample(spec: ChartSpec, series: Series, row: int) -> str:
    text = text_of(spec, series, row)
    n = series.n[row] if row < len(series.n) else None
    return text if n is None else f"{text}  n={n}"


def _tick(painter: Painter, value: float | None, scale: float, row: int) -> None:
    if value is not None:
        at = 100 * value / (scale or 1.0)
        painter.plot.plot([at, at], [row - TICK, row + TICK], pen=pen_of(colour("text"), 2))


def _verdict(painter: Painter, row: int) -> None:
    if row < len(painter.spec.verdicts):
        right = painter.plot.getViewBox().viewRange()[0][1]
        painter.text(painter.spec.verdicts[row], right, row, anchor=(1, 0.5), ink="text", bold=True)


def heat(painter: Painter) -> None:
    """Draw rows × columns with a figure in each cell that has room for it."""
    spec = painter.spec
    rows, columns = len(spec.series), len(spec.categories)
    painter.plot.hideAxis("bottom")
    names = spec.row_names or tuple(series.name for series in spec.series)
    left = painter.bare_axis("left", [(float(k), n) for k, n in enumerate(names)])
    widest = max(metrics(MICRO).horizontalAdvance(name) for name in names) + 10
    left.setWidth(widest)
    cell = cell_width(painter, widest)
    step = math.ceil(SHORTEST_NAME / cell) if columns > FEW_COLUMNS else 1
    heads = []
    for place, name in enumerate(spec.categories):
        if place % step == 0:
            fits = metrics(MICRO).horizontalAdvance(name) <= cell * step + 3
            heads.append((float(place), name if fits else two_lines(name, int(cell * step) - 2)))
    lines = max((head.count("\n") + 1 for _place, head in heads), default=1)
    painter.bare_axis("top", heads).setHeight(metrics(MICRO).height() * lines + 6)
    box = painter.plot.getViewBox()
    box.invertY(True)
    box.setRange(xRange=(-0.5, columns - 0.5), yRange=(-0.5, rows - 0.5), padding=0)
    painter.plot.addItem(make_heat(painter.pg, spec))
    sums(painter, widest)


def sums(painter: Painter, beside: float) -> None:
    """Write the sums of a heat map's rows at the right, of its columns below where they fit."""
    spec = painter.spec
    if spec.sums is not Sums.BOTH:
        return
    rows, columns, whole = heat_sums(spec)
    told = [(float(k), _figure(spec, total)) for k, total in enumerate(rows)]
    room = metrics(MICRO).horizontalAdvance(_figure(spec, whole)) + 10
    painter.bare_axis("right", told).setWidth(room)
    texts = [_figure(spec, total) for total in columns]
    widest = max((metrics(MICRO).horizontalAdvance(text) for text in texts), default=0)
    if widest < cell_width(painter, beside + room):
        below = painter.bare_axis("bottom", [(float(k), text) for k, text in enumerate(texts)])
        below.setHeight(metrics(MICRO).height() + 6)


def cell_width(painter: Painter, beside: float) -> float:
    """Return the width of a heat map's cells in pixels, ``beside`` what the names take."""
    width: float = max(painter.plot.width() - beside - 20, 40)
    return width / max(len(painter.spec.categories), 1)


def spread_funnel(painter: Painter) -> None:
    """Draw a funnel with its soft ground between the stages."""
    values = [value or 0.0 for value in painter.spec.series[0].values]
    painter.plot.addItem(_slopes(painter.pg, values))
    funnel(painter)


def _slopes(pg: Any, values: list[float]) -> Any:
    """Return an item that joins the stages of a funnel."""

    class Slopes(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
        def boundingRect(self) -> QRectF:
            widest = max(values, default=1.0)
            return QRectF(-widest / 2, -0.5, widest, len(values))

        def paint(self, painter: QPainter, *_args: object) -> None:
            painter.save()
            transform = painter.worldTransform()
            to_pixels(painter)
            painter.setPen(NO_PEN)
            painter.setBrush(colour("neutral-soft"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            for row, (one, other) in enumerate(pairwise(values)):
                corners = [(-one / 2, row + 0.3), (one / 2, row + 0.3), (other / 2, row + 0.7),
                           (-other / 2, row + 0.7)]  # fmt: skip
                painter.drawPolygon(
                    QPolygonF([transform.map(QPointF(*c)) for c in corners]),
                    Qt.FillRule.OddEvenFill,
                )
            painter.restore()

    item = Slopes()
    item.setZValue(-25)
    return item
