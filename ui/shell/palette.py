"""Ctrl+K: every command and every record by a few letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import queries
from ui.jobs.runner import Latest
from ui.pages.page import Route, Workplace
from ui.shell.actions import ACTIONS, shown_keys
from ui.theme.icons import icon
from ui.theme.tokens import height
from ui.widgets.search_box import SearchBox

if TYPE_CHECKING:
    from svcdesk.system.job import JobContext

USER = Qt.ItemDataRole.UserRole
RECORDS = 12
WIDTH = 560
PAGES = {
    "ticket": ("tickets", "inbox"),
    "complaint": ("complaints", "message-square-warning"),
    "customer": ("tickets", "users"),
}


class Palette(QFrame):
    """A list under a search box; Enter runs the entry, Esc closes."""

    asked = Signal(str)
    chosen = Signal(object)  # Route

    def __init__(self, window: QWidget, place: Workplace | None) -> None:
        super().__init__(window, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("box", "card")
        self._place = place
        self._latest = Latest(place.runner, self) if place is not None else None
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        self.box = SearchBox(_("A command, number, customer, phone or words of the text"))
        self.box.textChanged.connect(self._show_commands)
        self.box.searched.connect(self._find)
        self.box.installEventFilter(self)
        column.addWidget(self.box)
        self._list = QListWidget()
        self._list.setIconSize(QSize(16, 16))
        self._list.itemClicked.connect(self._run)
        column.addWidget(self._list)
        self.setFixedSize(WIDTH, 420)
        self._show_commands("")

    def open(self) -> None:
        """Show the palette at the top of its window."""
        window = self.parentWidget()
        if window is not None:
            place = window.mapToGlobal(window.rect().topLeft())
            self.move(place.x() + (window.width() - WIDTH) // 2, place.y() + 60)
        self.show()
        self.box.setFocus()

    def _add(self, text: str, symbol: str, data: object, hint: str = "") -> None:
        item = QListWidgetItem(icon(symbol), f"{text}\u3000{hint}" if hint else text)
        item.setData(USER, data)
        item.setSizeHint(QSize(0, height(5)))
        self._list.addItem(item)

    def _show_commands(self, text: str) -> None:
        self._list.clear()
        words = text.casefold().split()
        for definition in ACTIONS:
            if self._place is None and definition.needs_desk:
                continue
            name = _(definition.text).replace("&", "")
            if all(word in f"{name} {definition.text}".casefold() for word in words):
                keys = shown_keys(definition.keys[0]) if definition.keys else ""
                self._add(name, definition.icon or "chevron-right", definition.id, keys)
        self._list.setCurrentRow(0)

    def _find(self, text: str) -> None:
        place = self._place
        if not text or place is None or self._latest is None:
            return

        def look(_context: JobContext) -> list[tuple[str, object]]:
            found = queries.find(place.desk, text, RECORDS)
            result: list[tuple[str, object]] = []
            for entity in PAGES:
                keys = [key for key, kind in found if kind == entity]
                rows = queries.DeskRows(place.desk, queries.Query(entity)).rows(keys)
                result.extend((entity, row) for row in rows)
            return result

        self._latest.start(look).on_success(self._show_records)

    def _show_records(self, found: list[tuple[str, object]]) -> None:
        for entity, row in found:
            page, symbol = PAGES[entity]
            title = getattr(row, "title", "") or getattr(row, "name", "")
            key = int(getattr(row, "id"))  # noqa: B009 - rows of several kinds share these fields
            number = str(getattr(row, "number"))  # noqa: B009 - as above
            route = Route(page, key)
            if entity == "customer":
                query = queries.Query("ticket").where("customer_id", queries.Op.IN, key)
                route = Route(page, query=query, title=number)
            self._add(f"{number}\u3000{title}", symbol, route)
        if self._list.currentRow() < 0:
            self._list.setCurrentRow(0)

    def _run(self, item: QListWidgetItem) -> None:
        data = item.data(USER)
        self.close()
        if isinstance(data, Route):
            self.chosen.emit(data)
        else:
            self.asked.emit(str(data))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list while the words keep the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step:
                row = min(max(self._list.currentRow() + step, 0), self._list.count() - 1)
                self._list.setCurrentRow(row)
                return True
            item = self._list.currentItem()
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and item is not None:
                self._run(item)
                return True
        return super().eventFilter(watched, event)
