"""The row of filter chips over a list: conditions by key, each a list of chosen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from svcdesk.i18n.catalog import _
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind
from ui.widgets.chips import Chip, ChoicePopup
from ui.widgets.labels import icon_label, label
from ui.widgets.scroll_row import ScrollRow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ui.models.choices import Choice


LEAST = 160  # width of the chips; more of them scroll
OWN = "@own"  # entry of the menu, no field's name


@dataclass(frozen=True)
class FilterDef:
    """One possible condition; ``choices`` is asked each time, lists may have changed."""

    key: str
    label: str
    choices: Callable[[], Sequence[Choice]]
    many: bool = True
    pinned: bool = False  # stands in the row also when not set


class FilterBar(QWidget):
    """Chips for the conditions that are set, pinned ones that are not, and "+ Filter"."""

    changed = Signal()
    columns_requested = Signal(QWidget)
    export_requested = Signal()
    print_requested = Signal()
    group_requested = Signal(QWidget)
    condition_wanted = Signal(int)  # place of the condition of one's own; -1: a new one
    extras_changed = Signal(int)  # place of the one that was taken out; -1: all

    def __init__(self, filters: Sequence[FilterDef], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filters = {definition.key: definition for definition in filters}
        self._values: dict[str, list[Any]] = {}
        self._chips: dict[str, Chip] = {}
        self._popup: ChoicePopup | None = None
        self._editing = ""
        holder = QWidget()
        self._row = layout = QHBoxLayout(holder)
        layout.setContentsMargins(12, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(icon_label("list-filter"))
        for definition in filters:
            chip = Chip(definition.label, self)
            chip.clicked.connect(self._on_chip)
            chip.removed.connect(self._on_removed)
            self._chips[definition.key] = chip
            layout.addWidget(chip)
        self._add = Chip(_("Filter"), self, dashed=True)
        self._add.clicked.connect(self._open_add)
        layout.addWidget(self._add)
        self._own: list[Chip] = []
        self._free = False
        self._clear = Button(_("Clear"), self, kind=Kind.LINK, small=True)
        self._clear.clicked.connect(self.clear)
        layout.addWidget(self._clear)
        layout.addStretch(1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 10, 0)
        outer.setSpacing(6)
        outer.addWidget(ScrollRow(holder, LEAST), 1)
        self.count = label("", "small", "2")
        outer.addWidget(self.count)
        self._more_tools(outer)
        self._columns = Button(_("Columns"), self, kind=Kind.QUIET, icon="columns-3", small=True)
        self._columns.clicked.connect(self._on_columns)
        outer.addWidget(self._columns)
        self.setFixedHeight(px(38))
        self._show()

    def _more_tools(self, layout: QHBoxLayout) -> None:
        self._group = Button(_("Group"), self, kind=Kind.QUIET, icon="list", small=True)
        self._group.clicked.connect(self._on_group)
        self._group.hide()
        layout.addWidget(self._group)
        self._out = Button(
            _("Export"), self, kind=Kind.QUIET, icon="download", small=True, arrow=True
        )
        self._out.clicked.connect(self._open_out)
        layout.addWidget(self._out)

    def _open_out(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("To a spreadsheet…")).triggered.connect(self.export_requested)
        menu.addAction(_("Print as PDF…")).triggered.connect(self.print_requested)
        menu.popup(self._out.mapToGlobal(self._out.rect().bottomLeft()))

    def allow(self, *, conditions: bool, groups: bool) -> None:
        """Offer conditions of one's own and grouping."""
        self._free = conditions
        self._group.setVisible(groups)
        self._show()

    def _on_group(self) -> None:
        self.group_requested.emit(self._group)

    def set_extras(self, texts: Sequence[str]) -> None:
        """Show the conditions of one's own, each in words."""
        for chip in self._own:
            chip.hide()
            chip.deleteLater()
        self._own = []
        for place, text in enumerate(texts):
            chip = Chip(text, self)
            chip.show_condition(text, is_set=True)
            chip.setProperty("place", place)
            chip.clicked.connect(self._on_own)
            chip.removed.connect(self._on_own_removed)
            self._own.append(chip)
            self._row.insertWidget(self._row.indexOf(self._add), chip)
            chip.show()
        self._show()

    def _on_own(self) -> None:
        self.condition_wanted.emit(int(self.sender().property("place")))

    def _on_own_removed(self) -> None:
        self.extras_changed.emit(int(self.sender().property("place")))

    def insert(self, widget: QWidget) -> None:
        """Put a widget in front of the chips."""
        self._row.insertWidget(1, widget)

    def values(self) -> dict[str, list[Any]]:
        """Return the chosen values of the set conditions."""
        return {key: list(values) for key, values in self._values.items() if values}

    def texts(self) -> list[str]:
        """Return the set conditions in words."""
        return [_summary(self._filters[key], chosen) for key, chosen in self.values().items()]

    def set_values(self, values: Mapping[str, Sequence[Any]]) -> None:
        """Show other conditions without a signal."""
        self._values = {
            key: list(chosen) for key, chosen in values.items() if key in self._filters and chosen
        }
        self._show()

    def clear(self) -> None:
        """Drop all conditions."""
        if self._own:
            self.extras_changed.emit(-1)
        if self._values:
            self._values = {}
            self._show()
            self.changed.emit()

    def set_condition(self, key: str, values: Sequence[Any]) -> None:
        """Set one condition as the user would."""
        if values:
            self._values[key] = list(values)
        else:
            self._values.pop(key, None)
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        for key, definition in self._filters.items():
            chip = self._chips[key]
            chosen = self._values.get(key, [])
            chip.show_condition(_summary(definition, chosen), is_set=bool(chosen))
            chip.setVisible(bool(chosen) or definition.pinned)
        hidden = any(not self._chips[key].isVisibleTo(self) for key in self._filters)
        self._add.setVisible(hidden or self._free)
        self._clear.setVisible(bool(self._values or self._own))

    def _key_of(self, chip: object) -> str:
        return next((key for key, known in self._chips.items() if known is chip), "")

    def _on_chip(self) -> None:
        self._open(self._key_of(self.sender()))

    def _on_removed(self) -> None:
        self.set_condition(self._key_of(self.sender()), [])

    def _on_columns(self) -> None:
        self.columns_requested.emit(self._columns)

    def _open(self, key: str) -> None:
        definition = self._filters.get(key)
        if definition is None:
            return
        chip = self._chips[key]
        chip.show()
        self._editing = key
        popup = ChoicePopup(definition.choices(), self._values.get(key, []), many=definition.many)
        popup.changed.connect(self._on_popup)
        popup.destroyed.connect(self._on_popup_closed)
        self._popup = popup
        popup.open_under(chip)

    def _on_popup(self, values: list[Any]) -> None:
        self.set_condition(self._editing, values)

    def _on_popup_closed(self) -> None:
        self._popup = None
        self._show()

    def _open_add(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for key, definition in self._filters.items():
            if not self._chips[key].isVisibleTo(self):
                action = QAction(definition.label, menu)
                action.setData(key)
                menu.addAction(action)
        if self._free:
            menu.addSeparator()
            action = QAction(_("Condition of your own…"), menu)
            action.setData(OWN)
            menu.addAction(action)
        menu.triggered.connect(self._on_add)
        menu.popup(self._add.mapToGlobal(self._add.rect().bottomLeft()))

    def _on_add(self, action: QAction) -> None:
        if action.data() == OWN:
            self.condition_wanted.emit(-1)
        else:
            self._open(str(action.data()))


def _summary(definition: FilterDef, chosen: Sequence[Any]) -> str:
    if not chosen:
        return definition.label
    known = {choice.value: choice.label for choice in definition.choices()}
    names = [text for value, text in known.items() if value in chosen]
    names += [v for v in chosen if isinstance(v, str) and v not in known]  # no longer offered
    return _("{field}: {values}").format(field=definition.label, values=" + ".join(names))
