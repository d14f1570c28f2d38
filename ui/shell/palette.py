"""Ctrl+K: every command and every record by a few letters.

Records are looked for while somebody types; an answer that comes after the next letter is dropped.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from svcdesk.i18n.catalog import _
from svcdesk.services import searching
from ui.jobs.runner import Latest
from ui.pages.page import Route, Workplace
from ui.pages.wording import Words, told_note
from ui.shell.actions import ACTIONS, shown_keys
from ui.theme.room import room
from ui.theme.tokens import BODY, SMALL, colour, font, height, metrics, px
from ui.widgets.labels import label
from ui.widgets.paint import LEFT, RIGHT, draw_icon
from ui.widgets.search_box import SearchBox
from ui.widgets.table_parts import draw_highlighted

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem

    from svcdesk.services.searching import Found
    from svcdesk.system.job import JobContext

USER = Qt.ItemDataRole.UserRole
ENTRY = Qt.ItemDataRole.UserRole + 1
WIDTH = 620
COMMANDS = 6  # commands that stand before the records once something is typed
# kind -> page, icon
PAGES = {
    "ticket": ("tickets", "inbox"),
    "complaint": ("complaints", "message-square-warning"),
    "customer": ("customers", "users"),
    "knowledge": ("knowledge", "lightbulb"),
}


@dataclass(frozen=True)
class _Entry:
    """What one line shows; a heading has no icon and cannot be chosen."""

    text: str
    icon: str = ""
    hint: str = ""
    spans: tuple[tuple[int, int], ...] = ()


class _LineDelegate(QStyledItemDelegate):
    """Paints an entry: icon, text with the hits marked, hint at the right."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw one line."""
        entry = index.data(ENTRY)
        rect: QRect = option.rect
        if not isinstance(entry, _Entry):
            return
        if not entry.icon:
            painter.setFont(font(SMALL, bold=True))
            painter.setPen(colour("text-3"))
            painter.drawText(rect.adjusted(8, 0, -8, 0), LEFT, entry.text)
            return
        widget = option.widget
        current = isinstance(widget, QListWidget) and widget.currentRow() == index.row()
        if current:
            painter.fillRect(rect, colour("selected"))
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), colour("accent"))
        draw_icon(painter, entry.icon, "text-2", 16, rect.left() + 10, rect.center().y())
        hint_width = metrics(SMALL).horizontalAdvance(entry.hint)
        area = rect.adjusted(px(24) + 10, 0, -hint_width - 20, -1)
        text = metrics(BODY).elidedText(entry.text, Qt.TextElideMode.ElideRight, area.width())
        painter.setPen(colour("text"))
        painter.setFont(font(BODY))
        spans = [(a, min(b, len(text))) for a, b in entry.spans if a < len(text)]
        if spans:
            draw_highlighted(painter, area, text, spans, bold=False)
        else:
            painter.drawText(area, LEFT, text)
        painter.setFont(font(SMALL))
        painter.setPen(colour("text-2" if current else "text-3"))
        painter.drawText(rect.adjusted(0, 0, -10, -1), RIGHT, entry.hint)


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
        self._words = Words(place.desk) if place is not None else None
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        self.box = SearchBox(_("A command, number, customer, phone or words of the text"))
        self.box.textChanged.connect(self._show_commands)
        self.box.searched.connect(self._find)
        self.box.installEventFilter(self)
        column.addWidget(self.box)
        self.note = label(_prefixes(), "small", "3", wrap=True)
        column.addWidget(self.note)
        self._list = QListWidget()
        self._list.setAccessibleName(_("Find everything"))
        self._list.setIconSize(QSize(px(16), px(16)))
        self._list.setItemDelegate(_LineDelegate(self._list))
        self._list.itemClicked.connect(self._run)
        column.addWidget(self._list)
        self.setFixedSize(room(WIDTH, 460))
        self._show_commands("")

    def open(self) -> None:
        """Show the palette at the top of its window."""
        window = self.parentWidget()
        if window is not None:
            place = window.mapToGlobal(window.rect().topLeft())
            self.move(place.x() + (window.width() - self.width()) // 2, place.y() + 60)
        self.show()
        self.box.setFocus()

    # --- entries -------------------------------------------------------------------------

    def _add(self, entry: _Entry, data: object) -> None:
        text = f"{entry.text}\u3000{entry.hint}" if entry.hint else entry.text
        item = QListWidgetItem(text)
        item.setData(USER, data)
        item.setData(ENTRY, entry)
        item.setSizeHint(QSize(0, height(5)))
        if data is None:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        self._list.addItem(item)

    def _show_commands(self, text: str) -> None:
        self._list.clear()
        words = text.casefold().split()
        found = [
            (_(definition.text).replace("&", ""), definition)
            for definition in ACTIONS
            if self._place is not None or not definition.needs_desk
        ]
        if words:
            found = [
                (name, definition)
                for name, definition in found
                if all(word in f"{name} {definition.text}".casefold() for word in words)
            ]
            # what begins with the words first, then as declared
            found.sort(key=lambda one: not one[0].casefold().startswith(words[0]))
            del found[COMMANDS:]
        for name, definition in found:
            keys = shown_keys(definition.keys[0]) if definition.keys else ""
            self._add(_Entry(name, definition.icon or "chevron-right", keys), definition.id)
        self._first()
        if not words:
            self.note.setText(_prefixes())

    def _find(self, text: str) -> None:
        place = self._place
        if not text or place is None or self._latest is None:
            return

        def look(context: JobContext) -> list[Found]:
            return searching.everywhere(place.desk, text, context)

        self._latest.start(look).on_success(self._show_records).on_failure(place.shell.tell)

    def _show_records(self, found: list[Found]) -> None:
        place = self._place
        if place is None:
            return
        typed = self.box.text()
        asked = searching.narrow(place.desk, searching.Query("ticket"), typed)
        told = "  ".join(told_note(note) for note in asked.notes)
        self.note.setText(told or ("" if found else _("No record holds this.")))
        for kind in found:
            self._show_kind(kind, typed, asked.words)
        self._first()

    def _show_kind(self, found: Found, typed: str, words: str) -> None:
        names = {
            "ticket": _("Tickets"), "complaint": _("Complaints"), "customer": _("Customers"),
            "knowledge": _("Knowledge"),
        }  # fmt: skip
        page, icon = PAGES[found.entity]
        more = f"{searching.MANY:,}+" if found.count >= searching.MANY else f"{found.count:,}"
        self._add(_Entry(_("{kind}  {count}").format(kind=names[found.entity], count=more)), None)
        for row in found.rows:
            text, hint = self._line(found.entity, row)
            spans = tuple(searching.hit_spans(text, words))
            self._add(_Entry(text, icon, hint, spans), Route(page, int(row.id)))
        if found.count > len(found.rows):
            text = _("Show all {count} in the list").format(count=more)
            route = Route(page, query=found.query, title=_("Search: {words}").format(words=typed))
            self._add(_Entry(text, "list-filter"), route)

    def _line(self, entity: str, row: Any) -> tuple[str, str]:
        """Return text and hint of a record; names and phones as lists show them."""
        words = self._words
        if words is None:
            return "", ""
        if entity == "customer":
            phones = [words.phone(phone) for phone in json.loads(row.phones)]
            return f"{row.number}\u3000{words.customer(row.name, row.kind)}", "  ".join(phones[:2])
        hint = words.customer(row.customer, row.customer_kind) if entity != "knowledge" else ""
        return f"{row.number}\u3000{row.title}", hint

    def _first(self) -> None:
        if self._list.currentRow() < 0:
            self._step(1)

    # --- choosing ------------------------------------------------------------------------

    def _run(self, item: QListWidgetItem) -> None:
        data = item.data(USER)
        if data is None:
            return
        self.close()
        if isinstance(data, Route):
            self.chosen.emit(data)
        else:
            self.asked.emit(str(data))

    def _step(self, by: int) -> None:
        """Move to the next entry that can be chosen."""
        row = self._list.currentRow() + by
        while 0 <= row < self._list.count():
            if self._list.item(row).data(USER) is not None:
                self._list.setCurrentRow(row)
                return
            row += by

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list while the words keep the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step:
                self._step(step)
                return True
            item = self._list.currentItem()
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and item is not None:
                self._run(item)
                return True
        return super().eventFilter(watched, event)


def _prefixes() -> str:
    """Return the prefixes that narrow a search, in the user's language."""
    return _("customer:  status:  owner:  channel:  priority:  phone:  number:  tag:")
