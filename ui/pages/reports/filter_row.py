"""The filters of the reports page: what every figure of the page is narrowed to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from svcdesk.i18n.catalog import _, current
from svcdesk.services import figure_filters
from ui.models.choices import Choice
from ui.theme.tokens import px
from ui.widgets.chips import Chip, ChoicePopup

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from svcdesk.services.desk import Desk
    from ui.pages.reports.period_bar import PeriodBar

LINE = 30  # as high as the buttons of the bar


class FilterRow(QWidget):
    """“+ Filter” and a chip for each dimension that is set, at the end of a bar."""

    changed = Signal()

    def __init__(self, desk: Desk, bar: PeriodBar) -> None:
        super().__init__(bar)
        self.hide()  # its chips stand in the bar themselves
        self._desk = desk
        self.filters: dict[str, tuple[Any, ...]] = {}
        self._chips: dict[str, Chip] = {}
        self._editing = ""
        self._popup: ChoicePopup | None = None
        self._bar = bar
        self._row = bar.row
        self.add = Chip(_("Filter"), dashed=True)
        self.add.setToolTip(_("Narrow every figure of the page, above and below the line"))
        self.add.setAccessibleName(_("Add a filter"))
        self.add.clicked.connect(self._open_menu)
        self._places: list[QWidget] = []
        self._put(self.add)

    def _put(self, chip: Chip) -> QWidget:
        """Stand a chip level with the buttons of the bar."""
        place = QWidget()
        box = QHBoxLayout(place)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(chip)
        place.setMinimumHeight(px(LINE))
        self._row.addWidget(place)
        return place

    def set(self, filters: dict[str, tuple[Any, ...]]) -> None:
        """Show filters without a signal."""
        self.filters = {name: tuple(keys) for name, keys in filters.items() if keys}
        for place in self._places:
            self._row.removeWidget(place)
            place.hide()
            place.deleteLater()
        self._chips, self._places = {}, []
        for name, keys in self.filters.items():
            text = figure_filters.shown(self._desk, {name: keys}, current())
            chip = Chip(text)
            chip.show_condition(text, is_set=True)
            chip.setAccessibleName(text)
            chip.clicked.connect(self._on_chip)
            chip.removed.connect(self._on_removed)
            self._chips[name] = chip
            self._places.append(self._put(chip))
        self._bar.fit()

    def _take(self, name: str, keys: tuple[Any, ...]) -> None:
        self.set({**self.filters, name: keys})
        self.changed.emit()

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in figure_filters.OFFERED:
            if name not in self.filters and figure_filters.options(self._desk, name):
                action = menu.addAction(figure_filters.name_of(name, current()))
                action.setData(name)
        menu.triggered.connect(self._on_dimension)
        menu.popup(self.add.mapToGlobal(self.add.rect().bottomLeft()))

    def _on_dimension(self, action: QAction) -> None:
        self.choose(str(action.data()))

    def _name_of(self, chip: object) -> str:
        return next(name for name, one in self._chips.items() if one is chip)

    def _on_chip(self) -> None:
        self.choose(self._name_of(self.sender()))

    def _on_removed(self) -> None:
        self._take(self._name_of(self.sender()), ())
        self.add.setFocus()

    def choose(self, name: str) -> None:
        """Open the list of a dimension's groups."""
        self._editing = name
        choices = [Choice(key, text) for key, text in figure_filters.options(self._desk, name)]
        popup = ChoicePopup(choices, self.filters.get(name, ()), many=True)
        popup.changed.connect(self._on_chosen)
        popup.destroyed.connect(self._on_closed)
        self._popup = popup
        popup.open_under(self._chips.get(name, self.add))

    def _on_closed(self) -> None:
        self._popup = None

    def _on_chosen(self, keys: list[Any]) -> None:
        self._take(self._editing, tuple(keys))
