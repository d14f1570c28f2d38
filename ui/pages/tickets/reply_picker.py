"""Canned replies while somebody writes: ``::`` and a few letters, Enter puts the text in.

Only committed text is looked at, so that an input method composes undisturbed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain import aids as rules
from svcdesk.i18n.catalog import N_, _
from svcdesk.services import aids
from ui.jobs.runner import Latest
from ui.widgets.button import Button
from ui.widgets.labels import box, icon_label, label
from ui.widgets.pick_popup import Entry, PickList

if TYPE_CHECKING:
    from svcdesk.domain.aids import Aid, Filled
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace
    from ui.widgets.editors import LongTextField

SIGN = "::"
WIDE = "\uff1a"  # the colon that a Chinese input method writes
LONGEST = 24  # letters after the sign; what is longer is no search any more
ROWS = 4
# the fact that is missing -> the field of the ticket form where it is entered, and its name
FIELDS = {
    "title": ("title", N_("Enter the title")),
    "order": ("order", N_("Enter the order no.")),
    "product": ("product", N_("Enter the product")),
    "serial": ("serial_no", N_("Enter the serial no.")),
    "department": ("resp_dept", N_("Choose the department")),
    "visit": ("move:visit", N_("Plan a visit")),
    "owner": ("step:transfer", N_("Choose the owner")),
    "solution": ("step:resolve", N_("Write the solution")),
    "organisation": ("settings", N_("Enter it in the settings")),
}


class ReplyPicker(QWidget):
    """The replies that fit, the one chosen as it would be sent, and what it lacks."""

    field_wanted = Signal(str)  # where what is missing is entered

    def __init__(self, place: Workplace, editor: LongTextField) -> None:
        super().__init__()
        self._place = place
        self._editor = editor
        self._latest = Latest(place.runner, self)
        self._ticket = 0
        self._replies: list[Aid] | None = None  # None until they are read
        self._facts: dict[str, str] = {}
        self._waiting = False  # Enter was pressed before they were read
        self._closed_at = -1  # Esc: not again for the sign at this place
        self._wanted = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        card = box("card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(6, 6, 6, 6)
        inner.setSpacing(6)
        self.list = PickList()
        self.list.setAccessibleName(_("Canned replies"))
        self.list.itemClicked.connect(self._on_clicked)
        self.list.currentRowChanged.connect(self._preview)
        inner.addWidget(self.list)
        self.preview = label("", "small", "2", wrap=True)
        inner.addWidget(self.preview)
        row = QHBoxLayout()
        self._sign = icon_label("circle-alert", "danger", 14)
        self.missing = label("", "small", "danger", wrap=True)
        self.enter = Button("", small=True)
        self.enter.clicked.connect(self._on_enter)
        row.addWidget(self._sign)
        row.addWidget(self.missing, 1)
        row.addWidget(self.enter)
        inner.addLayout(row)
        column.addWidget(card)
        self._show_missing("")
        self.hide()
        editor.textChanged.connect(self._follow)
        editor.cursorPositionChanged.connect(self._follow)
        editor.installEventFilter(self)

    def open_for(self, ticket_id: int) -> None:
        """Offer replies for another ticket."""
        self._ticket = ticket_id
        self._forget()

    def begin(self) -> None:
        """Put the sign where the cursor is, which opens the list."""
        self._closed_at = -1
        self._editor.setFocus()
        if self._place_of_sign() is None:
            self._editor.insertPlainText(SIGN)
        else:
            self._follow()

    # --- what is asked for -------------------------------------------------------------------

    def _place_of_sign(self) -> int | None:
        """Return where the sign before the cursor stands, None without one."""
        cursor = self._editor.textCursor()
        if cursor.hasSelection():
            return None
        before = self._editor.toPlainText()[: cursor.position()]
        place = before.replace(WIDE, SIGN[0]).rfind(SIGN)
        typed = before[place + len(SIGN) :]
        if place < 0 or "\n" in typed or len(typed) > LONGEST:
            return None
        return place

    def _typed(self) -> str:
        place = self._place_of_sign()
        if place is None:
            return ""
        return self._editor.toPlainText()[place + len(SIGN) : self._editor.textCursor().position()]

    def _follow(self) -> None:
        place = self._place_of_sign()
        if place is None or place == self._closed_at or not self._ticket:
            if place is None:
                self._closed_at = -1
            self.hide()
            return
        if self._replies is None:
            self._read()
        else:
            self._offer()

    def _read(self) -> None:
        desk, key = self._place.desk, self._ticket

        def work(_context: JobContext) -> tuple[list[Aid], dict[str, str]]:
            return aids.find_replies(desk, ""), aids.facts_of(desk, key)

        self._latest.start(work).on_success(self._on_read).on_failure(self._place.shell.tell)

    def _on_read(self, found: tuple[list[Aid], dict[str, str]]) -> None:
        self._replies, self._facts = found
        waiting, self._waiting = self._waiting, False
        if self._place_of_sign() is not None:
            self._offer()
            if waiting:
                self._take()

    def _offer(self) -> None:
        found = rules.fitting(self._replies or (), self._typed())
        entries = []
        for aid in found:
            text = self._fill(aid)
            name = f"{aid.name}  ::{aid.shortcut}" if aid.shortcut else aid.name
            entries.append(Entry(aid, name, text.text, icon="message-square-reply"))
        self.list.show_entries(entries)
        self.list.fit(ROWS)
        self.list.setVisible(bool(entries))
        self._preview()
        self.show()

    def _fill(self, aid: Aid) -> Filled:
        return rules.fill(str(aid.body.get("text") or ""), self._facts)

    def _preview(self) -> None:
        entry = self.list.entry()
        self._show_missing("")
        if entry is None:
            self.preview.setText(_("No reply has these words. Make one in the settings."))
            return
        filled = self._fill(entry.value)
        self.preview.setText(filled.text)
        if not filled.complete:
            self._tell_missing(filled)

    def _tell_missing(self, filled: Filled) -> None:
        if filled.unknown:
            text = _("“{name}” is no placeholder; change the reply in the settings.")
            self._show_missing(text.format(name=filled.unknown[0]))
            return
        name = filled.missing[0]
        self._wanted, button = FIELDS.get(rules.BY_NAME[name], ("", ""))
        self._show_missing(_("“{name}” is empty on this ticket.").format(name=name), button)

    def _show_missing(self, text: str, button: str = "") -> None:
        for widget in (self._sign, self.missing):
            widget.setVisible(bool(text))
        self.missing.setText(text)
        self.enter.setVisible(bool(button))
        self.enter.set_text(_(button) if button else "")

    # --- choosing ----------------------------------------------------------------------------

    def _take(self) -> None:
        """Put the reply in place of the sign, unless something in it is empty."""
        entry, place = self.list.entry(), self._place_of_sign()
        if entry is None or place is None:
            return
        filled = self._fill(entry.value)
        if not filled.complete:
            self._tell_missing(filled)
            if self.enter.isVisibleTo(self):
                self.enter.setFocus()
            return
        cursor = self._editor.textCursor()
        end = cursor.position()
        cursor.setPosition(place)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.hide()
        cursor.insertText(filled.text)
        self._editor.setTextCursor(cursor)
        self._editor.setFocus()

    def _on_clicked(self) -> None:
        self._take()

    def _on_enter(self) -> None:
        wanted = self._wanted
        self.close_list()
        self.field_wanted.emit(wanted)

    def close_list(self) -> None:
        """Put the list away; the sign and what follows stay as text."""
        place = self._place_of_sign()
        self._closed_at = -1 if place is None else place
        self._forget()
        self._editor.setFocus()

    def _forget(self) -> None:
        """Put the list away; facts may have changed when it is opened again."""
        self._latest.cancel()
        self._replies = None
        self._waiting = False
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows choose, Enter and Tab take, Esc closes; every other key is the text's."""
        if (
            watched is not self._editor
            or not isinstance(event, QKeyEvent)
            or event.type() != QEvent.Type.KeyPress
        ):
            return super().eventFilter(watched, event)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.key() in {Qt.Key.Key_Semicolon, Qt.Key.Key_Colon}:
                self.begin()
                return True
            return super().eventFilter(watched, event)
        return self._on_key(Qt.Key(event.key())) or super().eventFilter(watched, event)

    def _on_key(self, key: Qt.Key) -> bool:
        reading = self._replies is None and self._place_of_sign() is not None and self._ticket
        takes = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab}
        if reading and self._closed_at < 0 and key in takes:
            self._waiting = True
            return True
        if not self.isVisible():
            return False
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(key, 0)
        if step:
            self.list.go(step)
        elif key in takes and self.list.entry() is not None:
            self._take()
        elif key == Qt.Key.Key_Escape:
            self.close_list()
        else:
            return False
        return True
