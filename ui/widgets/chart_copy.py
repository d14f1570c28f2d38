"""A chart out of the program: as a picture in print quality, as a drawing, or as its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from svcdesk.domain.chart import ChartKind
from ui.theme.tokens import colour

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.domain.chart import ChartSpec

PRINT_DPI, SCREEN_DPI = 300, 96
METRES_PER_INCH = 0.0254


def picture(widget: QWidget) -> QImage:
    """Return a widget drawn anew with 300 dots per inch, on the ground of a card."""
    scale = PRINT_DPI / SCREEN_DPI
    size = widget.size()
    image = QImage(
        QSize(round(size.width() * scale), round(size.height() * scale)),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.setDevicePixelRatio(scale)
    image.fill(colour("surface"))
    widget.render(image, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
    image.setDevicePixelRatio(1.0)
    dots = round(PRINT_DPI / METRES_PER_INCH)
    image.setDotsPerMeterX(dots)
    image.setDotsPerMeterY(dots)
    return image


def save_svg(widget: QWidget, path: Path, title: str) -> bool:
    """Write a widget as a drawing whose lines stay sharp at any size."""
    from PySide6.QtSvg import QSvgGenerator

    drawing = QSvgGenerator()
    drawing.setFileName(str(path))
    drawing.setSize(widget.size())
    drawing.setViewBox(QRect(QPoint(), widget.size()))
    drawing.setTitle(title)
    painter = QPainter()
    if not painter.begin(drawing):
        return False
    painter.fillRect(widget.rect(), colour("surface"))
    widget.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
    return painter.end()


def file_name(title: str, kind: str) -> str:
    """Return a name that every file system takes."""
    kept = "".join(c if c.isalnum() or c in " -_" else " " for c in title)
    return f"{' '.join(kept.split())}.{kind}"


def _plain(spec: ChartSpec, value: float | None) -> str:
    """Return a figure as a spreadsheet reads it; nothing where there is none."""
    if value is None:
        return ""
    return f"{value:.{max(spec.decimals, 0 if value == int(value) else 2)}f}"


def data_text(spec: ChartSpec) -> str:
    """Return the figures of a chart divided by tabs: a row per category, a column per series.

    Sample sizes stand in a column of their own. A heat map keeps its rows.
    """
    if spec.kind is ChartKind.HEAT:
        names = spec.row_names or tuple(series.name for series in spec.series)
        rows = [["", *spec.categories]]
        rows += [
            [name, *(_plain(spec, value) for value in series.values)]
            for name, series in zip(names, spec.series, strict=True)
        ]
        return _tabbed(spec, rows)
    head = [""]
    for series in spec.series:
        head.append(series.name or spec.title)
        if any(n is not None for n in series.n):
            head.append("n")
    rows = [head]
    for place, category in enumerate(spec.categories):
        cells = [category.replace("\n", " ")]
        for series in spec.series:
            cells.append(_plain(spec, series.values[place]))
            if any(n is not None for n in series.n):
                cells.append(str(series.n[place] if series.n[place] is not None else ""))
        rows.append(cells)
    return _tabbed(spec, rows)


def _tabbed(spec: ChartSpec, rows: list[list[str]]) -> str:
    title = f"{spec.title} ({spec.unit})" if spec.unit else spec.title
    return "\n".join([title, *("\t".join(row) for row in rows)])
