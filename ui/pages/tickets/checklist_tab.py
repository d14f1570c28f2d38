"""The checklists of a ticket: ticked off here; what is open may keep the ticket from closing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain.aids import AidKind
from svcdesk.i18n.catalog import _
from svcdesk.services import aids, checklists
from ui.jobs.runner import WRITE, Latest
from ui.pages.wording import Words
from ui.theme.tokens import GAP
from ui.widgets.button import Button, Kind, icon_button
from ui.widgets.editors import CheckField, TextField
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Tag, label
from ui.widgets.pick_popup import Entry, PickPopup

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from svcdesk.domain.aids import Aid
    from svcdesk.services.desk import Outcome
    from svcdesk.services.tickets import TicketDetail
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace


class _Line(TextField):
    """The line for an item of one's own: Enter adds it, Esc gives the words up."""

    def __init__(self, hint: str, add: Callable[[], None]) -> None:
        super().__init__(hint, 200)
        self._add = add
        self.setAccessibleName(hint)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Add on Enter."""
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and plain:
            self._add()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class ChecklistTab(QWidget):
    """Lists by name with their progress, items with a tick, a line for one's own."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._words = Words(place.desk)
        self._latest = Latest(place.runner, self)
        self._ticket = 0
        self._items: list[dict[str, Any]] = []
        self.boxes: dict[int, QCheckBox] = {}
        self.popup: PickPopup | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self._room = QVBoxLayout()
        self._body: QWidget | None = None
        column.addLayout(self._room)
        self.own = _Line(_("Item of your own"), self._add_own)
        column.addWidget(self.own)
        self.blocking = CheckField(_("must be done before closing"))
        column.addWidget(self.blocking)
        holder = QWidget()
        flow = FlowLayout(holder, gap=6)
        self.add_button = Button(_("Add checklist…"), icon="list-checks", small=True)
        self.add_button.clicked.connect(self.open_lists)
        add_own = Button(_("Add item"), kind=Kind.QUIET, icon="plus", small=True)
        add_own.clicked.connect(self._add_own)
        flow.addWidget(self.add_button)
        flow.addWidget(add_own)
        column.addWidget(holder)

    # --- showing -------------------------------------------------------------------------

    def show_detail(self, detail: TicketDetail) -> int:
        """Show the items of a ticket; return how many are not done yet."""
        if self._ticket != int(detail.ticket["id"]):
            self._ticket = int(detail.ticket["id"])
            self.own.clear()
        focused = next((key for key, box in self.boxes.items() if box.hasFocus()), None)
        self._items = detail.checks
        self._build()
        if focused in self.boxes:
            self.boxes[focused].setFocus()
        return sum(item["done_at"] is None for item in self._items)

    def _build(self) -> None:
        if self._body is not None:
            self._body.hide()
            self._body.deleteLater()
        self._body = QWidget()
        self.boxes = {}
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for name in dict.fromkeys(str(item["list_name"]) for item in self._items):
            mine = [item for item in self._items if item["list_name"] == name]
            column.addWidget(self._heading(name, mine))
            for item in mine:
                column.addWidget(self._line(item))
        if not self._items:
            column.addWidget(label(_("No checklist yet."), "small", "3"))
        self._room.addWidget(self._body)

    def _heading(self, name: str, mine: list[dict[str, Any]]) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 2, 0, 0)
        done = sum(item["done_at"] is not None for item in mine)
        row.addWidget(label(name or _("Items of this ticket"), "strong", wrap=True), 1)
        whole = done == len(mine)
        row.addWidget(Tag(f"{done}/{len(mine)}", "circle-check" if whole else "list-checks",
                          "ok" if whole else "neutral"))  # fmt: skip
        remove = icon_button("x", _("Remove this checklist"))
        remove.setProperty("items", [int(item["id"]) for item in mine])
        remove.clicked.connect(self._remove)
        row.addWidget(remove)
        return holder

    def _line(self, item: dict[str, Any]) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        box = QCheckBox()
        box.setChecked(item["done_at"] is not None)
        box.setProperty("item", int(item["id"]))
        box.clicked.connect(self._tick)
        spoken = [str(item["text"])]
        words = label(str(item["text"]), "", "3" if item["done_at"] is not None else "", wrap=True)
        row.addWidget(box, alignment=Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        words.setBuddy(box)
        if item["blocking"] and item["done_at"] is None:
            must = _("must be done before closing")
            spoken.append(must)
            sign = Tag(_("must"), "lock", "warn")
            sign.setToolTip(must)
            row.addWidget(sign, alignment=Qt.AlignmentFlag.AlignTop)
        if item["done_at"] is not None:
            who = _("{who}, {time}").format(
                who=self._words.person(item["done_by_id"]), time=self._words.time(item["done_at"])
            )
            spoken.append(who)
            row.addWidget(label(who, "small", "3"), alignment=Qt.AlignmentFlag.AlignTop)
        box.setAccessibleName(". ".join(spoken))
        remove = icon_button("x", _("Remove “{text}”").format(text=item["text"]))
        remove.setProperty("items", [int(item["id"])])
        remove.clicked.connect(self._remove)
        row.addWidget(remove, alignment=Qt.AlignmentFlag.AlignTop)
        self.boxes[int(item["id"])] = box
        return holder

    def open_items(self) -> list[str]:
        """Return the words of the items that keep the ticket from being closed."""
        return [str(i["text"]) for i in self._items if i["blocking"] and i["done_at"] is None]

    def focus_open(self) -> None:
        """Go to the first item that is not done, those that must be done first."""
        waiting = [item for item in self._items if item["done_at"] is None]
        waiting.sort(key=lambda item: not item["blocking"])
        if waiting:
            self.boxes[int(waiting[0]["id"])].setFocus()
        else:
            self.add_button.setFocus()

    # --- acting --------------------------------------------------------------------------

    def _write(self, work: Callable[[], Outcome[int]]) -> None:
        handle = self._place.runner.start(lambda _context: work(), lane=WRITE, owner=self)
        handle.on_failure(self._place.shell.tell)

    def _tick(self) -> None:
        box, desk = self.sender(), self._place.desk
        if isinstance(box, QCheckBox):
            key, done = int(box.property("item")), box.isChecked()
            self._write(lambda: checklists.tick(desk, key, done=done))

    def _remove(self) -> None:
        button, desk = self.sender(), self._place.desk
        if button is not None:
            keys = [int(key) for key in button.property("items")]
            self._write(lambda: checklists.remove(desk, keys))
            self._place.shell.say(_("Removed from the checklist"))

    def _add_own(self) -> None:
        text, desk, key = str(self.own.value() or ""), self._place.desk, self._ticket
        must = self.blocking.value()
        if not text:
            self.own.setFocus()
            return
        self.own.clear()
        self._write(lambda: checklists.add_item(desk, key, text, blocking=must))

    def open_lists(self) -> None:
        """Offer the checklists that can be added."""
        desk = self._place.desk

        def work(_context: JobContext) -> list[Aid]:
            return aids.listed(desk, AidKind.CHECKLIST)

        self._latest.start(work).on_success(self._offer).on_failure(self._place.shell.tell)

    def _offer(self, found: list[Aid]) -> None:
        entries = [
            Entry(aid.id, aid.name, icon="list-checks", words=aid.folder,
                  more=_(", ").join(str(item["text"]) for item in aid.body.get("items", ())))
            for aid in found
        ]  # fmt: skip
        self.popup = PickPopup(_("Checklist to add"), entries, digits=True,
                               nothing=_("No checklist. Make one in the settings, under Templates."))  # fmt: skip
        self.popup.picked.connect(self._add_list)
        self.popup.open_under(self.add_button)

    def _add_list(self, template: object) -> None:
        desk, key = self._place.desk, self._ticket
        if isinstance(template, int):
            self._write(lambda: checklists.add_list(desk, key, template))
