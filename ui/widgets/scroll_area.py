"""Scroll areas: one that wishes for all of its content, one that holds a page of the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from ui.theme.tokens import row_height


class FitArea(QScrollArea):
    """As large as its content where there is room; where there is not, the content scrolls."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._content = content
        self.setWidget(content)
        content.installEventFilter(self)

    def sizeHint(self) -> QSize:
        """Return the size of the content."""
        return self._content.sizeHint().expandedTo(self._content.minimumSizeHint())

    def minimumSizeHint(self) -> QSize:
        """Allow few rows; never narrower than the content, so that only the height scrolls."""
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self._content.minimumSizeHint().width() + bar, 3 * row_height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wish anew when the content does."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class PageArea(QScrollArea):
    """Holds a page: a page that needs more room than the window has is scrolled, never cut."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(page)
        self.setWidget(page)

    def minimumSizeHint(self) -> QSize:
        """Allow any room."""
        return QSize(row_height(), row_height())
