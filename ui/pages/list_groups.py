"""Grouping of a list: counts by a field beside it, and the value that narrows it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu, QWidget

from svcdesk.domain.localtime import midnight
from svcdesk.i18n.catalog import _
from svcdesk.services.queries import Condition, DeskRows, Op, Query
from ui.jobs.runner import Latest
from ui.widgets.group_strip import GroupStrip

if TYPE_CHECKING:
    from PySide6.QtWidgets import QHBoxLayout

    from svcdesk.domain.query import Part
    from svcdesk.system.job import JobContext
    from ui.pages.list_pane import ListPane

EPOCH = date(1970, 1, 1)


class ListGroups(QObject):
    """Keeps the strip of a list; counts arrive in the background."""

    def __init__(self, pane: ListPane, middle: QHBoxLayout) -> None:
        super().__init__(pane)
        self._pane = pane
        self.field = ""
        self._chosen: tuple[Any] | None = None  # the value that narrows the list, in a tuple
        self._counted: list[tuple[Any, int]] = []
        self._latest = Latest(pane.place.runner, self)
        self.strip = GroupStrip()
        self.strip.hide()
        self.strip.chosen.connect(self._on_chosen)
        self.strip.closed.connect(self._on_closed)
        middle.addWidget(self.strip)
        pane.chips.group_requested.connect(self._open_under)

    def open_menu(self) -> None:
        """Offer the fields to count by."""
        if self._pane.groups:
            self._open_under(self._pane.chips)

    def _open_under(self, button: QWidget) -> None:
        menu = QMenu(button)
        for key, name in [("", _("No grouping")), *self._pane.groups]:
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(key == self.field)
            action.setData(key)
        menu.triggered.connect(self._on_menu)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _on_menu(self, action: Any) -> None:
        self.set_field(str(action.data()))
        self._pane.reload()

    def set_field(self, field: str) -> None:
        """Count by ``field`` from now on ("" = not at all)."""
        known = {key for key, _name in self._pane.groups}
        self.field = field if field in known else ""
        self._chosen = None
        self._counted = []
        self.strip.setVisible(bool(self.field))

    def forget(self) -> None:
        """Show all values again."""
        self._chosen = None

    def part(self) -> Part | None:
        """Return the condition of the chosen value, None when all are shown."""
        if not self.field or self._chosen is None:
            return None
        value = self._chosen[0]
        if self.field.endswith("_at") and value is not None:
            zone = str(self._pane.place.desk.reference.settings["timezone"])
            day = EPOCH + timedelta(days=int(value))
            ends = (midnight(day, zone), midnight(day + timedelta(days=1), zone))
            return Condition(self.field, Op.BETWEEN, ends)
        return Condition(self.field, Op.IN, (value,))

    def reload(self, query: Query) -> None:
        """Count ``query`` (without the chosen value) by the field."""
        if not self.field:
            return
        desk, field = self._pane.place.desk, self.field

        def work(context: JobContext) -> list[tuple[Any, int]]:
            context.on_cancel(desk.reader.interrupt)
            return DeskRows(desk, query).groups(field)

        self._latest.start(work).on_success(self._show).on_failure(self._pane.place.shell.tell)

    def _show(self, counted: list[tuple[Any, int]]) -> None:
        self._counted = counted
        values = [value for value, _count in counted]
        chosen = None
        if self._chosen is not None and self._chosen[0] in values:
            chosen = values.index(self._chosen[0])
        title = next((name for key, name in self._pane.groups if key == self.field), "")
        named = [(self._name(value), count) for value, count in counted]
        self.strip.show_groups(title, named, sum(count for _value, count in counted), chosen)

    def _name(self, value: Any) -> str:
        if self.field.endswith("_at") and value is not None:
            return (EPOCH + timedelta(days=int(value))).isoformat()
        return self._pane.group_name(self.field, value)

    def _on_chosen(self, place: object) -> None:
        self._chosen = None if place is None else (self._counted[int(str(place))][0],)
        self._pane.table.start_over()
        self._pane.reload()

    def _on_closed(self) -> None:
        self.set_field("")
        self._pane.reload()
        self._pane.table.setFocus()
