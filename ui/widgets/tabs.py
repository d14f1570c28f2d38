"""A row of tabs: name, optional icon and count; the active one is bold and underlined."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from svcdesk.i18n.catalog import _
from ui.theme.tokens import BODY, colour, font, height, metrics, px
from ui.widgets.button import Button, Kind
from ui.widgets.labels import box
from ui.widgets.paint import LEFT, draw_focus, draw_icon


@dataclass(frozen=True)
class TabDef:
    """One tab; ``icon`` with ``ink`` marks views about time."""

    key: str
    label: str
    icon: str = ""
    ink: str = "text-2"


class _Tab(QAbstractButton):
    """One tab of the row."""

    def __init__(self, definition: TabDef, parent: QWidget) -> None:
        super().__init__(parent)
        self.definition = definition
        self._count: int | None = None
        self.setText(definition.label)
        self.setAccessibleName(definition.label)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_count(self, count: int | None) -> None:
        """Show how many records the view holds."""
        self._count = count
        name = self.definition.label if count is None else f"{self.definition.label} {count}"
        self.setAccessibleName(name)
        self.updateGeometry()
        self.update()

    @property
    def count(self) -> int | None:
        """How many records the view holds, None while unknown."""
        return self._count

    def _count_text(self) -> str:
        return "" if self._count is None else f"{self._count:,}"

    def sizeHint(self) -> QSize:
        """Return a size that does not change between plain and bold."""
        width = metrics(BODY, bold=True).horizontalAdvance(self.text()) + 20
        if self.definition.icon:
            width += px(20)
        if self._count is not None:
            width += metrics(BODY).horizontalAdvance(self._count_text()) + 6
        return QSize(width, height(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw icon, name, count and underline."""
        painter = QPainter(self)
        active = self.isChecked()
        rect = QRectF(self.rect())
        left = 10.0
        if self.definition.icon:
            draw_icon(
                painter, self.definition.icon, self.definition.ink, 15, left, rect.center().y()
            )
            left += px(20)
        painter.setFont(font(BODY, bold=active))
        painter.setPen(colour("text" if active or self.underMouse() else "text-2"))
        width = metrics(BODY, bold=active).horizontalAdvance(self.text())
        painter.drawText(QRectF(left, 0, width + 2, rect.height()), LEFT, self.text())
        if self._count is not None:
            painter.setFont(font(BODY))
            painter.setPen(colour("text-3"))
            area = QRectF(left + width + 6, 0, rect.width(), rect.height())
            painter.drawText(area, LEFT, self._count_text())
        if active:
            painter.fillRect(QRectF(2, rect.height() - 2, rect.width() - 4, 2), colour("accent"))
        if self.hasFocus():
            draw_focus(painter, rect.adjusted(1, 3, -1, -3), 6)


class TabRow(QWidget):
    """Tabs in one line; those without room go into a "More" menu."""

    chosen = Signal(str)

    def __init__(self, tabs: list[TabDef], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._tabs: dict[str, _Tab] = {}
        self._layout = layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        self.set_tabs(tabs)
        self._more = Button(_("More"), self, kind=Kind.QUIET, small=True, arrow=True)
        self._more.clicked.connect(self._open_more)
        self._more.hide()
        layout.addWidget(self._more)
        layout.addStretch(1)
        self._group.buttonClicked.connect(self._on_clicked)
        self.setFixedHeight(height(8))

    def set_tabs(self, tabs: list[TabDef]) -> None:
        """Offer other tabs; counts and the active one stay where the key stays."""
        counts = {key: tab.count for key, tab in self._tabs.items()}
        active = self.key() if self._tabs else ""
        for tab in self._tabs.values():
            self._group.removeButton(tab)
            self._layout.removeWidget(tab)
            tab.hide()
            tab.deleteLater()
        self._tabs = {}
        for place, definition in enumerate(tabs):
            tab = _Tab(definition, self)
            self._tabs[definition.key] = tab
            self._group.addButton(tab)
            self._layout.insertWidget(place, tab)
            if counts.get(definition.key) is not None:
                tab.set_count(counts[definition.key])
        if active:
            self.choose(active)

    def all_keys(self) -> list[str]:
        """Return the keys of all tabs in their order."""
        return list(self._tabs)

    def key(self) -> str:
        """Return the active tab."""
        tab = self._group.checkedButton()
        return tab.definition.key if isinstance(tab, _Tab) else ""

    def step(self, by: int) -> None:
        """Go to the tab ``by`` places on, round the end, as a click on it does."""
        keys = self.all_keys()
        if keys:
            place = keys.index(self.key()) + by if self.key() in keys else 0
            self._tabs[keys[place % len(keys)]].click()

    def choose(self, key: str) -> None:
        """Make ``key`` active without a signal; "" leaves none active."""
        if key in self._tabs:
            self._tabs[key].setChecked(True)
        else:
            self._group.setExclusive(False)
            for tab in self._tabs.values():
                tab.setChecked(False)
            self._group.setExclusive(True)
        self._fit()

    def set_count(self, key: str, count: int | None) -> None:
        """Show how many records the view ``key`` holds."""
        if key in self._tabs:
            self._tabs[key].set_count(count)
            self._fit()

    def minimumSizeHint(self) -> QSize:
        """Allow any width: the menu takes the rest."""
        return QSize(160, height(8))

    def _on_clicked(self, button: QAbstractButton) -> None:
        if isinstance(button, _Tab):
            self.chosen.emit(button.definition.key)

    def _fit(self) -> None:
        """Show tabs from the left while they fit; the active one always has its room."""
        widths = {key: tab.sizeHint().width() + 2 for key, tab in self._tabs.items()}
        room = self.width()
        if sum(widths.values()) > room:
            room -= self._more.sizeHint().width() + 8
        active = self.key()
        room -= widths.get(active, 0)
        hidden = False
        for key, tab in self._tabs.items():
            if key == active:
                tab.setVisible(True)
                continue
            room -= widths[key]
            hidden = hidden or room < 0
            tab.setVisible(not hidden)
        self._more.setVisible(hidden)

    def _open_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for key, tab in self._tabs.items():
            if not tab.isVisible():
                action = menu.addAction(tab.accessibleName())
                action.setData(key)
        menu.triggered.connect(self._on_more)
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def _on_more(self, action: object) -> None:
        key = str(getattr(action, "data")())  # noqa: B009 - the stubs give triggered(object)
        self.choose(key)
        self.chosen.emit(key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Decide again which tabs fit."""
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right walk along the tabs."""
        keys = [key for key, tab in self._tabs.items() if tab.isVisible()]
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step and self.key() in keys:
            key = keys[(keys.index(self.key()) + step) % len(keys)]
            self.choose(key)
            self._tabs[key].setFocus()
            self.chosen.emit(key)
        else:
            super().keyPressEvent(event)


def tab_head(row: TabRow) -> QFrame:
    """Return the strip at the top of a page that holds its tabs."""
    head = box("surface", "bottom")
    inner = QVBoxLayout(head)
    inner.setContentsMargins(8, 0, 8, 0)
    inner.addWidget(row)
    return head
