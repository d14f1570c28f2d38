"""Single-colour icons (Lucide): by name, recoloured by token, kept per colour and pixel ratio."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from svcdesk.system.paths import resources
from ui.theme.tokens import px, tokens

SMALL_LIMIT = 16  # below this many pixels the stroke is drawn a little stronger


@cache
def _source(name: str) -> str:
    return (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@cache
def _render(name: str, value: str, size: int, ratio: float) -> QPixmap:
    stroke = "2" if size < SMALL_LIMIT else "1.75"
    text = _source(name).replace("currentColor", value)
    text = text.replace('stroke-width="2"', f'stroke-width="{stroke}"')
    pixels = round(size * ratio)
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def pixmap(name: str, ink: str = "text-2", size: int = 16, ratio: float = 1.0) -> QPixmap:
    """Return icon ``name`` in the colour of token ``ink``; ``size`` holds for text of 100 %."""
    return _render(name, tokens()[ink], px(size), ratio)


def icon(name: str, ink: str = "text-2", size: int = 16) -> QIcon:
    """Return icon ``name`` for a widget that draws icons itself; sharp on every open screen."""
    result = QIcon()
    ratios = {1.0, 2.0} | {screen.devicePixelRatio() for screen in QGuiApplication.screens()}
    for ratio in sorted(ratios):
        result.addPixmap(pixmap(name, ink, size, ratio))
    return result


def forget() -> None:
    """Drop all drawn icons; called when the theme changes."""
    _render.cache_clear()
