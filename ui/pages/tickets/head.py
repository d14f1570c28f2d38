"""The top of the ticket pane: number, title, what stands out, what is due."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from ui.pages.due import ticket_due
from ui.pages.due_account import DueAccount
from ui.pages.wording import PRIORITY_ICONS, STATUS_ICONS, Words
from ui.widgets.button import Button, Kind, icon_button
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Link, Tag, label
from ui.widgets.strips import DueBox

if TYPE_CHECKING:
    from svcdesk.services.tickets import TicketDetail
    from ui.pages.page import Workplace


class TicketHead(QWidget):
    """Number, title, tags, due box."""

    edit_wanted = Signal()
    move_wanted = Signal(int)
    open_wanted = Signal(object)  # another ticket
    complaint_wanted = Signal(object)
    window_wanted = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._desk = place.desk
        self._words = Words(place.desk)
        self._ticket = 0
        self._target: int | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(7)
        column.addLayout(self._line())
        self._title = label("", "title", wrap=True, selectable=True)
        column.addWidget(self._title)
        self._merged = Link("", "small")
        self._merged.clicked.connect(self._open_target)
        column.addWidget(self._merged)
        self._belongings = QWidget()
        self._belongs = FlowLayout(self._belongings, gap=8)
        column.addWidget(self._belongings)
        tags = QWidget()
        self._tags = FlowLayout(tags, gap=5)
        column.addWidget(tags)
        self._due = DueBox(_("How it is counted"))
        self._due.how.clicked.connect(self._explain)
        column.addWidget(self._due)

    def _line(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        self._number = label("", "small", "2", selectable=True)
        copy = icon_button("copy", _("Copy number"))
        copy.clicked.connect(self._copy_number)
        self._position = label("", "small", "2")
        self.up = icon_button("chevron-up", _("Previous"))
        self.down = icon_button("chevron-down", _("Next"))
        self.up.clicked.connect(self._previous)
        self.down.clicked.connect(self._next)
        self.own = icon_button("app-window", _("Open in own window (Ctrl+Shift+O)"))
        self.own.clicked.connect(self.window_wanted)
        edit = Button(_("Edit"), kind=Kind.QUIET, icon="pencil", key="E", small=True)
        edit.clicked.connect(self.edit_wanted)
        row.addWidget(self._number)
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(self._position)
        for button in (self.up, self.down, self.own, edit):
            row.addWidget(button)
        return row

    def show_detail(self, detail: TicketDetail) -> None:
        """Show a ticket."""
        ticket = detail.ticket
        self._ticket = int(ticket["id"])
        self._number.setText(str(ticket["ticket_no"]))
        self._title.setText(str(ticket["title"]))
        into = detail.merged_into
        self._target = into[0] if into is not None else None
        self._merged.setVisible(into is not None)
        if into is not None:
            self._merged.setText(_("Merged into {number}; replies go there").format(number=into[1]))
        self._show_belongs(detail)
        self._show_tags(detail)
        self._due.show_due(ticket_due(self._desk, ticket, detail.pauses, self._words))

    def show_position(self, position: int, count: int) -> None:
        """Show which of the list's records this is."""
        self._position.setText(f"{position + 1:,} / {count:,}" if position >= 0 else "")

    def _show_belongs(self, detail: TicketDetail) -> None:
        """Link the complaints made of the ticket and the tickets merged into it."""
        self._belongs.clear()
        for row in detail.complaints:
            link = Link(_("Complaint {number}").format(number=row["number"]), "small")
            link.setToolTip(str(row["title"]))
            link.clicked.connect(partial(self.complaint_wanted.emit, int(row["complaint_id"])))
            self._belongs.addWidget(link)
            link.show()
        for source in detail.merged_in:
            link = Link(_("{number} was merged into this").format(number=source.number), "small")
            link.setToolTip(_("Open it; the merge can be undone there (U)"))
            link.clicked.connect(partial(self.open_wanted.emit, source.id))
            self._belongs.addWidget(link)
            link.show()
        self._belongings.setVisible(self._belongs.count() > 0)

    def _show_tags(self, detail: TicketDetail) -> None:
        self._tags.clear()
        for tag in self._make_tags(detail, detail.ticket):
            self._tags.addWidget(tag)
            tag.show()

    def _make_tags(self, detail: TicketDetail, ticket: dict[str, Any]) -> list[Tag]:
        status = str(ticket["status"])
        icon, ink = STATUS_ICONS[status]
        tone = ink if ink in {"accent", "warn", "ok"} else "neutral"
        tags = [Tag(code_label("TicketStatus", status), icon, tone)]
        priority = str(ticket["priority"])
        if priority != "normal":
            icon, ink = PRIORITY_ICONS[priority]
            tone = ink if ink in {"danger", "warn"} else "neutral"
            text = _("Priority: {name}").format(name=code_label("Priority", priority))
            tags.append(Tag(text, icon, tone))
        if ticket["tier"] == "key":
            tags.append(Tag(pgettext("tag", "Key customer"), "gem", "violet"))
        tags.append(Tag(code_label("RequestType", str(ticket["request_type"]))))
        if ticket["complexity"] == "complex":
            tags.append(Tag(code_label("Complexity", "complex")))
        if detail.breaches:
            tag = Tag(_("Breach on record"), "circle-alert", "danger")
            kinds = [code_label("BreachKind", row["kind"]) for row in detail.breaches]
            tag.setToolTip("\n".join(kinds))
            tag.setAccessibleDescription(", ".join(kinds))
            tags.append(tag)
        if ticket["escalated_at"]:
            tags.append(Tag(code_label("TicketEventType", "escalated"), "chevrons-up", "danger"))
        if ticket["reopen_count"]:
            text = _("Reopened {n}×").format(n=ticket["reopen_count"])
            tags.append(Tag(text, "repeat", "warn"))
        if detail.customer["opt_out"]:
            tags.append(Tag(_("Refuses callbacks"), "phone-off"))
        return tags

    # --- acting --------------------------------------------------------------------------

    def _copy_number(self) -> None:
        QGuiApplication.clipboard().setText(self._number.text())

    def _previous(self) -> None:
        self.move_wanted.emit(-1)

    def _next(self) -> None:
        self.move_wanted.emit(1)

    def _open_target(self) -> None:
        self.open_wanted.emit(self._target)

    def _explain(self) -> None:
        DueAccount(self, self._place, self._ticket).open_at(self._due.how)
