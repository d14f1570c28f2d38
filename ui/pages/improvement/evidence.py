"""Choosing the records that prove something, and the links to those that a text names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from svcdesk.i18n.catalog import _, pgettext
from svcdesk.services import improvement_evidence, searching
from ui.jobs.runner import Latest
from ui.pages.form_dialog import PageDialog
from ui.pages.page import Route
from ui.pages.wording import Words
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind
from ui.widgets.editors import TextField
from ui.widgets.flow import FlowLayout
from ui.widgets.form import Field
from ui.widgets.labels import Link, label
from ui.widgets.search_box import SearchBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.improvement_evidence import Named, Read
    from svcdesk.services.searching import Found
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

PAGES = {"ticket": "tickets", "complaint": "complaints", "survey": "surveys",
         "quality_check": "quality", "complaint_group": "complaints"}  # fmt: skip
KINDS = ("ticket", "complaint")
EACH = 10  # hits of a kind
RECORD = Qt.ItemDataRole.UserRole


def route_of(entity: str, key: int) -> Route | None:
    """Return where a record behind an item is shown."""
    if entity == "complaint_group":
        return Route("complaints", values={"tab": "findings", "group": key})
    page = PAGES.get(entity)
    return None if page is None else Route(page, key)


class EvidenceDialog(PageDialog):
    """Find records by number, customer or words; several numbers may be pasted."""

    chosen = Signal(object, str)  # list of (entity, key, number), note

    def __init__(self, parent: QWidget, place: Workplace, *, noted: bool) -> None:
        super().__init__(parent, _("Link records as evidence"), 620)
        self._place = place
        self._words = Words(place.desk)
        self._job = Latest(place.runner, self)
        self.box = SearchBox(_("Numbers (several can be pasted), customer or words"))
        self.box.searched.connect(self._look)
        self.box.left.connect(self._into_list)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Records found"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setMinimumHeight(px(220))
        self.list.itemSelectionChanged.connect(self._on_selected)
        self.list.itemDoubleClicked.connect(lambda _item: self.take())
        self.told = label(_("What is chosen is linked; hold Ctrl or Shift to choose several."),
                          "small", "2", wrap=True)  # fmt: skip
        self.note = TextField(_("What it shows"), 200)
        self.column.addWidget(self.box)
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self.told)
        field = Field("note", _("Remark"), self.note)
        field.setVisible(noted)
        self.column.addWidget(field)
        cancel = Button(_("Cancel"))
        cancel.clicked.connect(self.reject)
        self.link = Button(_("Link"), kind=Kind.MAIN, key="Ctrl+↵")
        self.link.setEnabled(False)
        self.link.clicked.connect(self.take)
        self.add_buttons(cancel, self.link)
        self.box.setFocus()

    def _look(self, text: str) -> None:
        desk = self._place.desk

        def work(context: JobContext) -> tuple[Read, list[Found]]:
            read = improvement_evidence.read(desk, text)
            if read.records:
                return read, []
            return read, searching.everywhere(desk, text, context, EACH)

        self._job.start(work).on_success(self._show).on_failure(self._place.shell.tell)

    def _show(self, found: tuple[Read, list[Found]]) -> None:
        read, kinds = found
        self.list.clear()
        for one in read.records:
            self._add(one.entity, one.id, one.number, one.title, "").setSelected(True)
        for kind in kinds:
            for row in kind.rows if kind.entity in KINDS else ():
                who = self._words.customer(row.customer, row.customer_kind)
                self._add(kind.entity, row.id, row.number, row.title, who)
        if read.records and read.unknown:
            told = _("No record has the number {numbers}.").format(
                numbers=pgettext("list", ", ").join(read.unknown)
            )
        elif not self.list.count():
            told = _("No record holds this.")
        else:
            told = _("What is chosen is linked; hold Ctrl or Shift to choose several.")
        self.told.setText(told)
        if not read.records and self.list.count():
            self.list.setCurrentRow(0)

    def _add(self, entity: str, key: int, number: str, title: str, who: str) -> QListWidgetItem:
        item = QListWidgetItem("\u3000".join(part for part in (number, title, who) if part))
        item.setData(RECORD, (entity, int(key), number))
        self.list.addItem(item)
        return item

    def _into_list(self) -> None:
        if self.list.count():
            self.list.setFocus()

    def _on_selected(self) -> None:
        self.link.setEnabled(bool(self.list.selectedItems()))

    def take(self) -> None:
        """Hand over what is chosen."""
        found = [tuple(item.data(RECORD)) for item in self.list.selectedItems()]
        if found:
            self.chosen.emit(found, self.note.text().strip())
            self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in the list and Ctrl+Enter anywhere link what is chosen."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if control or self.list.hasFocus():
                self.take()
            return
        super().keyPressEvent(event)


class NamedRecords(QWidget):
    """Links to the records that a text names."""

    opened = Signal(object)  # Route

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._job = Latest(place.runner, self)
        self._text = ""
        self._row = FlowLayout(self, gap=8)
        self.hide()

    def show_text(self, text: str) -> None:
        """Show the records named in ``text``."""
        if text == self._text:
            return
        self._text = text
        if not improvement_evidence.words_of(text):
            self._show([])
            return
        desk = self._place.desk

        def work(_context: JobContext) -> list[Named]:
            return improvement_evidence.named(desk, text)

        self._job.start(work).on_success(self._show).on_failure(self._place.shell.tell)

    def _show(self, found: Sequence[Any]) -> None:
        self._row.clear()
        for one in found:
            link = Link(one.number)
            link.setToolTip(one.title)
            route = route_of(one.entity, one.id)
            link.clicked.connect(lambda route=route: self.opened.emit(route))
            self._row.addWidget(link)
            link.show()
        self.setVisible(bool(found))
