"""A group complaint: its members and customers, since when, what is done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from ui.pages.complaints.detected_words import STATES, state_name
from ui.pages.wording import Words
from ui.widgets.button import Button, Kind
from ui.widgets.editors import LongTextField
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Link, Tag, box, label

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.detection_findings import GroupPage, Side


class GroupPane(QWidget):
    """Shows one group; the page acts."""

    answered = Signal(object, str, str)  # group, verdict, note
    asked_again = Signal(object)
    member_denied = Signal(object, object)  # complaint, group
    measures_wanted = Signal(object, str, int)  # group, text, version
    record_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._words = Words(desk)
        self.page: GroupPage | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        head = QHBoxLayout()
        self._title = label("", "title")
        self._state = Tag("")
        head.addWidget(self._title)
        head.addWidget(self._state)
        head.addStretch(1)
        column.addLayout(head)
        self._facts = label("", "", "2", wrap=True)
        column.addWidget(self._facts)
        self._build_measures(column)
        column.addWidget(label(_("Members"), "strong"))
        self._members = QVBoxLayout()
        self._members.setSpacing(6)
        column.addLayout(self._members)
        column.addStretch(1)
        area.setWidget(body)
        outer.addWidget(area, 1)
        outer.addWidget(self._build_bottom())

    def _build_measures(self, column: QVBoxLayout) -> None:
        column.addWidget(label(_("Measures"), "strong"))
        self.measures = LongTextField(_("What is done about it, by whom, until when"), lines=3)
        self.measures.setAccessibleName(_("Measures"))
        self.measures.textChanged.connect(self._on_typed)
        column.addWidget(self.measures)
        row = QHBoxLayout()
        row.addStretch(1)
        self.save = Button(_("Save measures"), kind=Kind.MAIN, small=True, key="Ctrl+S")
        self.save.clicked.connect(self.save_measures)
        row.addWidget(self.save)
        column.addLayout(row)

    def _build_bottom(self) -> QWidget:
        bottom = box("sunken", "top")
        column = QVBoxLayout(bottom)
        column.setContentsMargins(14, 8, 14, 10)
        holder = QWidget()
        row = FlowLayout(holder, gap=6)
        self.confirm = Button(_("Confirm"), kind=Kind.MAIN, icon="circle-check", key="Y")
        self.deny = Button(_("Deny"), icon="circle-x", key="N")
        self.deny.setToolTip(_("These complaints are no group: they count for none any more"))
        self.again = Button(_("Ask again"), icon="undo-2", key="U")
        self.confirm.clicked.connect(self._on_confirm)
        self.deny.clicked.connect(self._on_deny)
        self.again.clicked.connect(self._on_again)
        for button in (self.confirm, self.deny, self.again):
            row.addWidget(button)
        column.addWidget(holder)
        return bottom

    def show_group(self, page: GroupPage) -> None:
        """Show a group; measures being typed stay."""
        same = self.page is not None and self.page.group.id == page.group.id
        typed = same and self.dirty
        self.page = page
        group = page.group
        self._title.setText(_("Group complaint {number}").format(number=group.number))
        tone = "ok" if page.state == "confirmed" else "neutral"
        self._state.set(state_name(page.state), STATES[page.state], tone)
        facts = [
            _("Product {name}").format(name=group.product),
            _("{n} customers").format(n=group.customers),
            _("{n} complaints").format(n=group.complaints),
            _("{first} to {last}").format(
                first=self._words.full_time(group.first_at),
                last=self._words.full_time(group.last_at),
            ),
            _("complete since {time}").format(time=self._words.full_time(group.triggered_at)),
        ]
        if group.category_id is not None:
            facts.insert(1, self._words.item(group.category_id))
        if group.serial:
            facts.insert(1, _("batch {serial}").format(serial=group.serial))
        self._facts.setText(" · ".join(facts))
        if not typed:
            self.measures.set_value(group.measures)
        self._on_typed()
        self.confirm.setVisible(page.state == "open")
        self.again.setVisible(bool(page.answers))
        self._show_members(page)

    def _show_members(self, page: GroupPage) -> None:
        while (item := self._members.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for side in page.members:
            self._members.addWidget(self._member(side, side.id == page.group.trigger_id))

    def _member(self, side: Side, triggered: bool) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 6, 8, 6)
        column.setSpacing(2)
        head = QWidget()
        row = FlowLayout(head, gap=8)
        link = Link(side.number, "strong")
        link.setToolTip(_("Open this complaint"))
        link.clicked.connect(lambda key=side.id: self.record_wanted.emit(key))
        row.addWidget(link)
        row.addWidget(label(self._words.full_time(side.received_at), "small", "2"))
        row.addWidget(label(self._words.customer(side.customer, side.customer_kind), "small", "2"))
        row.addWidget(label(code_label("ComplaintStatus", side.status), "small", "2"))
        if triggered:
            row.addWidget(Tag(_("Completed the group"), "users", "danger"))
        out = Button(_("Does not belong"), kind=Kind.QUIET, icon="x", small=True)
        out.setToolTip(_("Take {number} out of the group for good").format(number=side.number))
        out.clicked.connect(lambda _on=False, key=side.id: self._deny_member(key))
        row.addWidget(out)
        column.addWidget(head)
        column.addWidget(label(side.title, "", "2", wrap=True))
        return card

    def _deny_member(self, complaint_id: int) -> None:
        if self.page is not None:
            self.member_denied.emit(complaint_id, self.page.group.id)

    # --- measures ------------------------------------------------------------------------

    @property
    def dirty(self) -> bool:
        """Whether the measures differ from those stored."""
        stored = self.page.group.measures if self.page is not None else ""
        return (self.measures.value() or "") != stored

    def save_measures(self) -> None:
        """Save what was typed."""
        if self.page is not None and self.dirty:
            group = self.page.group
            self.measures_wanted.emit(group.id, self.measures.value() or "", group.version)

    def _on_typed(self) -> None:
        self.save.setEnabled(self.page is not None and self.dirty)

    # --- answers -------------------------------------------------------------------------

    def answer(self, verdict: str) -> None:
        """Confirm or deny the group as a whole."""
        if self.page is not None:
            self.answered.emit(self.page.group.id, verdict, "")

    def ask_again(self) -> None:
        """Forget what was answered about the group."""
        if self.page is not None and self.page.answers:
            self.asked_again.emit(self.page.group.id)

    def _on_confirm(self) -> None:
        self.answer("confirmed")

    def _on_deny(self) -> None:
        self.answer("denied")

    def _on_again(self) -> None:
        self.ask_again()
