"""Filter chips and their popups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from svcdesk.i18n.catalog import _
from ui.theme.tokens import RADIUS_CHIP, SMALL, chip_height, colour, font, height, metrics, px
from ui.widgets.paint import LEFT, draw_focus, draw_icon, rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.models.choices import Choice

MAX_TEXT = 190
SEARCH_FROM = 9  # entries
USER = Qt.ItemDataRole.UserRole
SEEN = Qt.ItemDataRole.UserRole + 1  # the check mark before the click


class Chip(QAbstractButton):
    """A condition: set (accent, with ×), not set (outline) or the dashed "add" chip."""

    removed = Signal()

    def __init__(self, text: str, parent: QWidget | None = None, *, dashed: bool = False) -> None:
        super().__init__(parent)
        self._dashed = dashed
        self._set = False
        self.setText(text)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_condition(self, text: str, *, is_set: bool) -> None:
        """Show ``text`` as a set or an open condition."""
        self._set = is_set
        self.setText(metrics(SMALL).elidedText(text, Qt.TextElideMode.ElideRight, px(MAX_TEXT)))
        self.setToolTip(text if self.text() != text else "")
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    @property
    def is_set(self) -> bool:
        """Whether the condition narrows the list."""
        return self._set

    def sizeHint(self) -> QSize:
        """Return the size that fits the words and the sign."""
        sign = px(18 if self._set or self._dashed else 16)
        return QSize(metrics(SMALL).horizontalAdvance(self.text()) + 20 + sign, chip_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the chip."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        middle = rect.center().y()
        ink = "accent" if self._set else "text-2"
        if self._dashed:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour("strong"), 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_CHIP, RADIUS_CHIP)
        else:
            ground = "accent-soft" if self._set else "hover" if self.underMouse() else ""
            rounded(painter, rect, RADIUS_CHIP, ground, "accent" if self._set else "border")
        if self.hasFocus():
            draw_focus(painter, rect, RADIUS_CHIP)
        left = 10.0
        if self._dashed:
            draw_icon(painter, "plus", ink, 13, left, middle)
            left += px(18)
        painter.setFont(font(SMALL))
        painter.setPen(colour(ink))
        painter.drawText(QRectF(left, 0, rect.width(), rect.height()), LEFT, self.text())
        if self._set:
            draw_icon(painter, "x", ink, 12, rect.right() - px(12) - 8, middle)
        elif not self._dashed:
            draw_icon(painter, "chevron-down", "text-3", 12, rect.right() - px(12) - 8, middle)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Remove on the ×, open on the rest."""
        if self._set and event.position().x() > self.width() - px(12) - 12 and self.isDown():
            self.setDown(False)
            self.removed.emit()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes, Enter and Space open."""
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and self._set:
            self.removed.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)


class ChoicePopup(QFrame):
    """A list under a chip: check several or pick one; takes effect at once."""

    changed = Signal(object)

    def __init__(self, choices: Sequence[Choice], chosen: Sequence[Any], *, many: bool) -> None:
        super().__init__(None, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("box", "card")
        self._many = many
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(4)
        self._find = QLineEdit()
        self._find.setPlaceholderText(_("Find"))
        self._find.setVisible(len(choices) >= SEARCH_FROM)
        self._find.textChanged.connect(self._narrow)
        layout.addWidget(self._find)
        self._list = QListWidget()
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for choice in choices:
            item = QListWidgetItem("\u3000" * choice.indent + choice.label)
            item.setData(USER, choice.value)
            item.setSizeHint(QSize(0, height(4)))
            if many:
                checked = choice.value in chosen
                item.setCheckState(Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked)
                item.setData(SEEN, checked)
            self._list.addItem(item)
            if not many and choice.value in chosen:
                self._list.setCurrentItem(item)
        self._list.itemClicked.connect(self._on_clicked)
        self._list.itemActivated.connect(self._on_clicked)
        layout.addWidget(self._list)
        width = max(
            (metrics().horizontalAdvance(c.label) + 16 * c.indent for c in choices), default=80
        )
        rows = min(max(len(choices), 1), 12)
        self._list.setFixedSize(min(max(width + 60, px(150)), px(340)), rows * height(4) + 4)
        (self._find if self._find.isVisibleTo(self) else self._list).setFocus()

    def open_under(self, widget: QWidget) -> None:
        """Show the popup below ``widget``."""
        self.adjustSize()
        place = widget.mapToGlobal(QPoint(0, widget.height() + 3))
        screen = widget.screen().availableGeometry()
        place.setX(max(min(place.x(), screen.right() - self.width()), screen.left()))
        if place.y() + self.height() > screen.bottom():
            place.setY(widget.mapToGlobal(QPoint(0, -self.height() - 3)).y())
        self.move(place)
        self.show()

    def _narrow(self, text: str) -> None:
        for number in range(self._list.count()):
            item = self._list.item(number)
            item.setHidden(text.casefold() not in item.text().casefold())

    def _on_clicked(self, item: QListWidgetItem) -> None:
        if not self._many:
            self.changed.emit([item.data(USER)])
            self.close()
            return
        checked = item.checkState() == Qt.CheckState.Checked
        if checked == item.data(SEEN):  # the words were clicked, not the box
            checked = not checked
            item.setCheckState(Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked)
        item.setData(SEEN, checked)
        items = [self._list.item(number) for number in range(self._list.count())]
        self.changed.emit(
            [entry.data(USER) for entry in items if entry.checkState() == Qt.CheckState.Checked]
        )
