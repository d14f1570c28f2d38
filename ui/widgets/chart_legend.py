"""The legend of a chart."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.tokens import SMALL, colour, font, metrics
from ui.widgets.chart_items import palette
from ui.widgets.paint import LEFT


class Legend(QWidget):
    """Colour and name of each series, on as many lines as its width needs."""

    def __init__(self, names: list[str], places: list[int], *, wraps: bool) -> None:
        super().__init__()
        self._names, self._palette = names, places
        self._widths = [metrics(SMALL).horizontalAdvance(name) + 24 for name in names]
        self._line = metrics(SMALL).height()
        policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if wraps:
            policy.setHorizontalPolicy(QSizePolicy.Policy.Preferred)
        self.setSizePolicy(policy)

    def _places(self, room: int) -> list[QPoint]:
        places, left, top = [], 0, 0
        for width in self._widths:
            if left and left + width > room:
                left, top = 0, top + self._line
            places.append(QPoint(left, top))
            left += width
        return places

    def sizeHint(self) -> QSize:
        """Return the size on one line."""
        return QSize(sum(self._widths), self._line)

    def minimumSizeHint(self) -> QSize:
        """Return the size of the longest name."""
        return QSize(max(self._widths), self._line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the lines that the new width needs."""
        super().resizeEvent(event)
        self.setFixedHeight(self._places(self.width())[-1].y() + self._line)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw squares and names."""
        painter = QPainter(self)
        painter.setFont(font(SMALL))
        places = self._places(self.width())
        for name, width, tint, at in zip(
            self._names, self._widths, self._palette, places, strict=True
        ):
            middle = at.y() + self._line / 2
            painter.fillRect(QRectF(at.x(), middle - 5, 10, 10), palette(tint))
            painter.setPen(colour("text-2"))
            painter.drawText(QRectF(at.x() + 14, at.y(), width, self._line), LEFT, name)
