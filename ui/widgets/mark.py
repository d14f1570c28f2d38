"""A tag that opens what it speaks of; a narrow line shows its short form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.theme.tokens import RADIUS_TAG, SMALL, colour, font, px, tag_height
from ui.widgets.paint import LEFT, draw_focus, draw_icon, rounded, tag_width

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent

ICON, PADDING = 13, 6.0


class Mark(QAbstractButton):
    """Words with an icon on a soft ground, opened by click, Enter or Space.

    ``tone``: warn, ok, info, danger or neutral. The short form is a number, or nothing but the
    icon; tooltip and accessible name always say it all.
    """

    def __init__(self, icon: str, tone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._tone = tone
        self._full = self._short = ""
        self.brief = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def set(self, full: str, short: str, tip: str, tone: str = "") -> None:
        """Say something else and show it."""
        self._full, self._short = full, short
        self._tone = tone or self._tone
        self.setToolTip(f"{full}\n{tip}")
        self.setAccessibleName(full)
        self.setAccessibleDescription(tip)
        self.set_brief(brief=self.brief)
        self.show()

    def set_brief(self, *, brief: bool) -> None:
        """Show the short form, or all of it."""
        self.brief = brief
        self.setText(self._short if brief else self._full)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size that fits the words."""
        return QSize(tag_width(self.text(), self._icon), tag_height())

    def minimumSizeHint(self) -> QSize:
        """Return the same: words are never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, icon and words, underlined when pointed at."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        ink = "text-2" if self._tone == "neutral" else self._tone
        rounded(painter, rect, RADIUS_TAG, f"{self._tone}-soft")
        if self.hasFocus():
            draw_focus(painter, rect, RADIUS_TAG)
        draw_icon(painter, self._icon, ink, ICON, PADDING, rect.height() / 2)
        shown = font(SMALL)
        shown.setUnderline(self.underMouse())
        painter.setFont(shown)
        painter.setPen(colour(ink))
        painter.drawText(rect.adjusted(PADDING + px(17), 0, 0, 0), LEFT, self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter as well."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)
