"""A row of controls that may be wider than its place: it scrolls sideways to what has the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent


class ScrollRow(QScrollArea):
    """Shows one row of any width without a scroll bar; the wheel and the Tab key move it."""

    def __init__(self, row: QWidget, least: int) -> None:
        super().__init__()
        self._least = least
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        row.setAutoFillBackground(False)
        self._row = row
        self.setWidget(row)

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow place."""
        return QSize(self._least, 0)

    def sizeHint(self) -> QSize:
        """Return what the row would like."""
        return self._row.sizeHint()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move sideways."""
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - event.angleDelta().y() // 2)
