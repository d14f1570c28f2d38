"""Two things beside each other as long as both fit.

With large text or on a small screen they do not, and nobody should have to scroll sideways.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QBoxLayout, QSplitter, QVBoxLayout, QWidget

from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

_LIST, _DETAIL = "list", "detail"


def _least(widget: QWidget) -> QSize:
    """Return the size below which a widget is cut."""
    return widget.minimumSizeHint().expandedTo(widget.minimumSize())


class SideBySide(QWidget):
    """A list and what is chosen in it, the border movable.

    Where both do not fit, one is shown at a time, under a row of two tabs with ``names``.
    """

    def __init__(
        self, first: QWidget, second: QWidget, sizes: tuple[int, int], names: tuple[str, str]
    ) -> None:
        super().__init__()
        self._parts = (first, second)
        self._narrow = False
        self._detail = False
        self._tabs = TabRow([TabDef(_LIST, names[0]), TabDef(_DETAIL, names[1])])
        self._tabs.chosen.connect(lambda key: self.bring(detail=key == _DETAIL))
        self._tabs.choose(_LIST)
        self._tabs.hide()
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        for part in self._parts:
            self.split.addWidget(part)
            part.installEventFilter(self)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 0)
        self.split.setSizes(list(sizes))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._tabs)
        column.addWidget(self.split, 1)

    @property
    def narrow(self) -> bool:
        """Whether only one of the two is shown."""
        return self._narrow

    def bring(self, *, detail: bool) -> None:
        """Show what is chosen, or the list again, where there is room for one only."""
        self._detail = detail
        self._tabs.choose(_DETAIL if detail else _LIST)
        if self._narrow:
            self._show()
            self._parts[detail].setFocus()

    def save_state(self) -> QByteArray | None:
        """Return where the border is, None while there is none."""
        return None if self._narrow else self.split.saveState()

    def restore_state(self, state: QByteArray | None) -> None:
        """Put the border where it was."""
        if state is not None:
            self.split.restoreState(state)

    def minimumSizeHint(self) -> QSize:
        """Ask for the room of the wider part only."""
        first, second = map(_least, self._parts)
        tabs = self._tabs.sizeHint().height() if self._narrow else 0
        return QSize(
            max(first.width(), second.width()), max(first.height(), second.height()) + tabs
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose between both and one."""
        super().resizeEvent(event)
        self._fit(self.width() < self._need())

    def event(self, event: QEvent) -> bool:
        """Follow parts that grow; only a resize brings both back, so that nothing flickers."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._fit(self._narrow or self.width() < self._need())
        return done

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the part that is not in front away when it shows itself, having loaded something."""
        if event.type() == QEvent.Type.Show and self._narrow:
            QTimer.singleShot(0, self, self._show)
        return super().eventFilter(watched, event)

    def _need(self) -> int:
        return sum(_least(part).width() for part in self._parts) + self.split.handleWidth()

    def _fit(self, narrow: bool) -> None:
        if narrow != self._narrow:
            self._narrow = narrow
            self._show()
            self.updateGeometry()

    def _show(self) -> None:
        self._tabs.setVisible(self._narrow)
        for detail, part in enumerate(self._parts):
            part.setVisible(not self._narrow or bool(detail) == self._detail)


class Beside(QWidget):
    """Parts in a row, or below each other where the row does not fit."""

    def __init__(self, margins: tuple[int, int, int, int], spacing: int) -> None:
        super().__init__()
        self._parts: list[QWidget] = []
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(*margins)
        self._box.setSpacing(spacing)

    def add(self, part: QWidget, stretch: int = 0) -> None:
        """Add a part to the right; ``stretch`` shares the room that is left."""
        self._parts.append(part)
        self._box.addWidget(part, stretch)

    def minimumSizeHint(self) -> QSize:
        """Ask for the room of the widest part only."""
        return QSize(
            max(_least(part).width() for part in self._parts) + self._sides(),
            self._box.minimumSize().height(),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose between the row and the column."""
        super().resizeEvent(event)
        need = sum(_least(part).width() for part in self._parts) + self._sides()
        need += self._box.spacing() * (len(self._parts) - 1)
        ways = QBoxLayout.Direction
        way = ways.TopToBottom if self.width() < need else ways.LeftToRight
        if way != self._box.direction():
            self._box.setDirection(way)
            self.updateGeometry()

    def _sides(self) -> int:
        margins = self._box.contentsMargins()
        return margins.left() + margins.right()
