"""Find a customer by phone, name or initials while typing, or make a new one in passing."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from svcdesk.domain.text import is_phone, normalise_phone
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.services import customers
from svcdesk.services.customers import Match
from svcdesk.system.errors import UserError
from ui.jobs.runner import Latest
from ui.pages.wording import Words
from ui.theme.icons import icon
from ui.theme.tokens import height, px
from ui.widgets.button import Button, Kind
from ui.widgets.editors import TextField
from ui.widgets.form import Field, Form
from ui.widgets.labels import Tag, label
from ui.widgets.search_box import SearchBox

if TYPE_CHECKING:
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

USER = Qt.ItemDataRole.UserRole


class CustomerPicker(QWidget):
    """Search line, matches, the chosen customer, or name and phone of a new one."""

    changed = Signal()
    picked = Signal()  # a person has chosen; the form goes on

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._words = Words(place.desk)
        self._chosen: Match | None = None
        self._latest = Latest(place.runner, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._search = SearchBox(_("Phone, name or customer no."))
        self._search.searched.connect(self._look)
        self._search.installEventFilter(self)
        self._asked = ""  # the words that the matches shown belong to
        self._waiting = False  # Enter was pressed before the matches came
        self._field = Field("customer", _("Customer"), self._search, required=True)
        column.addWidget(self._field)
        self._matches = QListWidget()
        self._matches.setIconSize(QSize(px(15), px(15)))
        self._matches.itemClicked.connect(self._on_clicked)
        self._matches.itemActivated.connect(self._on_clicked)
        self._matches.hide()
        column.addWidget(self._matches)
        column.addWidget(self._make_card())
        self._new = Form(columns=2)
        self._new.add("name", _("Name of the new customer"), TextField(limit=50), required=True)
        self._new.add("phone", _("Phone"), TextField(limit=20))
        self._new.edited.connect(self._on_new_edited)
        self._new.hide()
        column.addWidget(self._new)
        self._known = Button("", kind=Kind.NORMAL, icon="user-round", small=True, key="Alt+K")
        QShortcut(QKeySequence("Alt+K"), self, self._take_known)
        self._known.setToolTip(_("This phone is known already: go on with that customer (Alt+K)"))
        self._known.clicked.connect(self._take_known)
        self._known.hide()
        self._owner: Match | None = None  # of the phone typed for a new customer
        self._owners = Latest(place.runner, self)
        column.addWidget(self._known)
        self.setFocusProxy(self._search)

    def _make_card(self) -> QWidget:
        """Make the line that shows the chosen customer."""
        self._card = QWidget()
        row = QHBoxLayout(self._card)
        row.setContentsMargins(0, 0, 0, 0)
        self._name = label("", "strong")
        self._phone = label("", "", "2")
        self._tag = Tag("", "gem", "violet")
        other = Button(_("Another customer"), kind=Kind.LINK, small=True)
        other.clicked.connect(self._again)
        for widget in (self._name, self._phone, self._tag):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(other)
        self._card.hide()
        return self._card

    def values(self) -> dict[str, Any]:
        """Return ``customer_id`` or ``new_customer``, nothing when neither is known."""
        if self._chosen is not None:
            return {"customer_id": self._chosen.id}
        entered = self._new.values()
        if self._new.isVisibleTo(self) and entered["name"]:
            phones = [entered["phone"]] if entered["phone"] else []
            return {"new_customer": {"name": entered["name"], "phones": phones}}
        return {}

    def restore(self, values: dict[str, Any]) -> None:
        """Take back what :meth:`values` gave."""
        known, newcomer = values.get("customer_id"), values.get("new_customer")
        if known is not None:
            with suppress(UserError):  # gone since: it is asked for again
                self.choose_key(int(known))
        elif newcomer:
            phones = newcomer.get("phones") or [None]
            self._new.populate({"name": newcomer.get("name"), "phone": phones[0]})
            self._new.show()

    def reset(self) -> None:
        """Begin anew."""
        self._chosen = None
        self._card.hide()
        self._new.populate({})
        self._new.hide()
        self._field.show()
        self._search.set_text("")
        self._matches.hide()
        self._show_owner(None)

    def show_problem(self, text: str) -> None:
        """Show what is wrong with the customer."""
        self._field.show_problem(text)

    def choose(self, match: Match) -> None:
        """Take a known customer."""
        self._chosen = match
        found = customers.get(self._place.desk, match.id)
        self._name.setText(match.name)
        self._phone.setText(match.phone)
        self._tag.set(pgettext("tag", "Key customer"), "gem", "violet")
        self._tag.setVisible(found["tier"] == "key")
        self._card.show()
        self._field.hide()
        self._matches.hide()
        self._new.hide()
        self._show_owner(None)
        self.show_problem("")
        self.changed.emit()

    def choose_key(self, customer_id: int) -> None:
        """Take a known customer by key."""
        found = customers.get(self._place.desk, customer_id)
        phones = found["phones"]
        self.choose(Match(customer_id, str(found["name"]), phones[0] if phones else ""))

    def _again(self) -> None:
        self._chosen = None
        self._card.hide()
        self._field.show()
        self._search.setFocus()
        self._search.selectAll()
        self.changed.emit()

    def _look(self, text: str) -> None:
        if not text:
            self._matches.hide()
            self._new.hide()
            return
        desk = self._place.desk

        def work(_context: JobContext) -> tuple[str, list[Match]]:
            return text, customers.suggest(desk, text)

        self._latest.start(work).on_success(self._on_found)

    def _on_found(self, result: tuple[str, list[Match]]) -> None:
        text, matches = result
        self._asked = text
        self._matches.clear()
        for match in matches:
            phone = self._words.phone(match.phone)
            item = QListWidgetItem(icon("user-round"), f"{match.name}\u3000{phone}")
            item.setData(USER, match)
            item.setSizeHint(QSize(0, height(3)))
            self._matches.addItem(item)
        add = QListWidgetItem(icon("plus", "accent"), _("New customer “{text}”").format(text=text))
        add.setData(USER, text)
        add.setSizeHint(QSize(0, height(3)))
        self._matches.addItem(add)
        self._matches.setFixedHeight(min(self._matches.count(), 5) * height(3) + 4)
        self._matches.show()
        digits = normalise_phone(text)
        self._matches.setCurrentRow(0)
        waiting, self._waiting = self._waiting, False
        if not matches and is_phone(digits):
            self._make_new(text)
        elif waiting:
            self._take_current()

    # --- keys: the words keep the focus while a match is chosen ------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter takes the match, arrows choose another one."""
        if (
            watched is self._search
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
        ):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step and self._matches.isVisible():
                row = self._matches.currentRow() + step
                self._matches.setCurrentRow(min(max(row, 0), self._matches.count() - 1))
                return True
            plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            if enter and plain and self._search.text().strip():
                self._on_enter()
                return True
        return super().eventFilter(watched, event)

    def _on_enter(self) -> None:
        """Take the match of these very words; when they were not looked up yet, after that."""
        text = self._search.text().strip()
        if self._matches.isVisible() and self._asked == text:
            self._take_current()
        else:
            self._waiting = True
            self._look(text)

    def _take_current(self) -> None:
        item = self._matches.currentItem()
        if item is not None:
            self._on_clicked(item)

    def _on_clicked(self, item: QListWidgetItem) -> None:
        data = item.data(USER)
        if isinstance(data, Match):
            self.choose(data)
            self.picked.emit()
        else:
            self._make_new(str(data))

    def _make_new(self, text: str) -> None:
        phone = normalise_phone(text)
        number = is_phone(phone)
        self._new.populate({"phone": phone if number else None, "name": None if number else text})
        self._new.show()
        self._matches.hide()
        self._new.editor("name" if number else "phone").setFocus()
        self.show_problem("")

    def _on_new_edited(self, key: str) -> None:
        self.show_problem("")
        self.changed.emit()
        if key == "phone":
            self._look_for_owner()

    def _look_for_owner(self) -> None:
        """Offer the customer whose phone was typed for a new one."""
        phone = normalise_phone(str(self._new.values()["phone"] or ""))
        if not is_phone(phone):
            self._show_owner(None)
            return
        desk = self._place.desk

        def work(_context: JobContext) -> Match | None:
            found = customers.suggest(desk, phone)
            return next((m for m in found if normalise_phone(m.phone) == phone), None)

        self._owners.start(work).on_success(self._show_owner)

    def _show_owner(self, owner: Match | None) -> None:
        self._owner = owner
        if owner is not None:
            self._known.set_text(_("Belongs to {name}: take this one").format(name=owner.name))
        self._known.setVisible(owner is not None)

    def _take_known(self) -> None:
        if self._owner is not None:
            self.choose(self._owner)
            self.picked.emit()
