"""One ticket: what is due, who has it, what happened, what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from ui.pages.due import ticket_due
from ui.pages.fields import Fields
from ui.pages.steps import StepBar, StepPanel
from ui.pages.tickets.moments import moment
from ui.pages.wording import PRIORITY_ICONS, STATUS_ICONS, Words, yuan
from ui.widgets.button import Button, Kind
from ui.widgets.editors import LongTextField
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import ElidedLabel, Link, Tag, box, label
from ui.widgets.strips import DueBox
from ui.widgets.tabs import TabDef, TabRow
from ui.widgets.timeline import Timeline

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.tickets import TicketDetail

KINDS = (
    ("public_reply", "message-square-reply"),
    ("internal_note", "lock"),
    ("call_out", "phone-call"),
)


class TicketPane(QFrame):
    """The right side of the ticket page; it shows, the page acts."""

    step_wanted = Signal(str)
    step_filled = Signal(str, object)
    say_wanted = Signal(str, str)  # kind, text
    edit_wanted = Signal()
    customer_wanted = Signal(object)
    move_wanted = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._words = Words(desk)
        self.detail: TicketDetail | None = None
        self._unmasked = False
        self.setProperty("box", "surface")
        self.setMinimumWidth(320)
        self.setMaximumWidth(560)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        self._inner = QVBoxLayout(inner)
        self._inner.setContentsMargins(14, 8, 14, 8)
        self._inner.setSpacing(7)
        self._scroll.setWidget(inner)
        column.addWidget(self._scroll, 1)
        self._build_head()
        self._build_facts()
        self._build_tabs()
        self._inner.addStretch(1)
        column.addWidget(self._build_bottom())
        self.setVisible(False)

    # --- parts ---------------------------------------------------------------------------

    def _build_head(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(2)
        self._number = label("", "small", "2", selectable=True)
        copy = self._icon_button("copy", _("Copy number"))
        copy.clicked.connect(self._copy_number)
        self._position = label("", "small", "2")
        up = self._icon_button("chevron-up", _("Previous"))
        down = self._icon_button("chevron-down", _("Next"))
        up.clicked.connect(self._previous)
        down.clicked.connect(self._next)
        edit = Button(_("Edit"), kind=Kind.QUIET, icon="pencil", key="E", small=True)
        edit.clicked.connect(self.edit_wanted)
        row.addWidget(self._number)
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(self._position)
        for button in (up, down, edit):
            row.addWidget(button)
        self._inner.addLayout(row)
        self._title = label("", "title", wrap=True)
        self._inner.addWidget(self._title)
        tags = QWidget()
        self._tags = FlowLayout(tags, gap=5)
        self._inner.addWidget(tags)
        self._due = DueBox(_("How it is counted"))
        self._due.how.clicked.connect(self._explain)
        self._inner.addWidget(self._due)

    def _icon_button(self, icon: str, name: str) -> Button:
        button = Button("", kind=Kind.QUIET, icon=icon, small=True)
        button.setToolTip(name)
        button.setAccessibleName(name)
        return button

    def _build_facts(self) -> None:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        for column in (1, 3):
            grid.setColumnStretch(column, 1)
            grid.setColumnMinimumWidth(column, 60)
        self._facts: dict[str, ElidedLabel] = {}
        self._customer = Link("")
        self._customer.setMinimumWidth(40)
        self._customer.clicked.connect(self._open_customer)
        self._phone = Link("")
        self._phone.clicked.connect(self._show_phone)
        entries: tuple[tuple[str, str, QWidget | None], ...] = (
            ("customer", _("Customer"), self._customer),
            ("phone", _("Phone"), self._phone),
            ("product", _("Product"), None),
            ("serial", _("Serial no."), None),
            ("issue", _("Issue type"), None),
            ("department", _("Department"), None),
            ("first_owner", _("First owner"), None),
            ("owner", _("Owner"), None),
            ("channel", _("Channel"), None),
            ("created", _("Received"), None),
        )
        for number, (key, name, widget) in enumerate(entries):
            row, side = divmod(number, 2)
            grid.addWidget(label(name, "small", "3"), row, side * 2)
            if widget is None:
                self._facts[key] = ElidedLabel("")
            if widget is None:
                grid.addWidget(self._facts[key], row, side * 2 + 1)
            else:  # aligned: a link's own maximum width must not bound the column
                grid.addWidget(widget, row, side * 2 + 1, Qt.AlignmentFlag.AlignLeft)
        self._inner.addWidget(holder)

    def _build_tabs(self) -> None:
        self._tabs = TabRow([TabDef("timeline", _("Timeline")), TabDef("text", _("Description")),
                             TabDef("more", _("Visits and callbacks"))])  # fmt: skip
        self._tabs.choose("timeline")
        self._tabs.chosen.connect(self._show_tab)
        self._inner.addWidget(self._tabs)
        self._timeline = Timeline()
        self._inner.addWidget(self._timeline)
        self._text = label("", wrap=True, selectable=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._inner.addWidget(self._text)
        self._more = Timeline()
        self._inner.addWidget(self._more)
        self._show_tab("timeline")

    def _build_bottom(self) -> QWidget:
        bottom = box("sunken", "top")
        column = QVBoxLayout(bottom)
        column.setContentsMargins(14, 8, 14, 10)
        column.setSpacing(8)
        self._say_box = QWidget()
        inner = QVBoxLayout(self._say_box)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(6)
        kinds = QWidget()
        row = FlowLayout(kinds, gap=5)
        self._kinds: dict[str, Button] = {}
        names = (_("Reply to customer"), _("Internal note"), _("Call made"))
        for (kind, icon), name in zip(KINDS, names, strict=True):
            button = Button(name, icon=icon, small=True)
            button.setCheckable(True)
            button.setAutoExclusive(True)
            self._kinds[kind] = button
            row.addWidget(button)
        self._kinds["public_reply"].setChecked(True)
        inner.addWidget(kinds)
        self.words_box = LongTextField(_("What was said or done…"), lines=2)
        self.words_box.textChanged.connect(self._on_words)
        inner.addWidget(self.words_box)
        self._send = Button(_("Record"), kind=Kind.MAIN, key="Ctrl+↵")
        self._send.clicked.connect(self.send)
        self._send.hide()
        inner.addWidget(self._send, alignment=Qt.AlignmentFlag.AlignRight)
        column.addWidget(self._say_box)
        self.panel = StepPanel(Fields(self._desk), "ticket")
        self.panel.submitted.connect(self.step_filled)
        self.panel.closed.connect(self._on_panel_closed)
        column.addWidget(self.panel)
        self.steps = StepBar()
        self.steps.chosen.connect(self.step_wanted)
        column.addWidget(self.steps)
        return bottom

    # --- showing -------------------------------------------------------------------------

    def show_ticket(self, detail: TicketDetail) -> None:
        """Show a ticket; what is being typed for the same one stays."""
        same = self.detail is not None and self.detail.ticket["id"] == detail.ticket["id"]
        self.detail = detail
        if not same:
            self._unmasked = False
            self.words_box.clear()
            if self.panel.open_action:
                self.panel.close_panel()
            self._scroll.verticalScrollBar().setValue(0)
        ticket = detail.ticket
        self._number.setText(str(ticket["ticket_no"]))
        self._title.setText(str(ticket["title"]))
        self._show_tags(ticket, detail.customer)
        self._due.show_due(ticket_due(self._desk, ticket, detail.pauses, self._words))
        self._show_facts(detail)
        self._show_history(detail)
        if not self.panel.open_action:
            self.steps.show_steps(detail.steps)
        self.setVisible(True)

    def show_position(self, position: int, count: int) -> None:
        """Show which of the list's records this is."""
        self._position.setText(f"{position + 1:,} / {count:,}" if position >= 0 else "")

    def _show_tags(self, ticket: dict[str, Any], customer: dict[str, Any]) -> None:
        self._tags.clear()
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
        if ticket["reopen_count"]:
            text = _("Reopened {n}×").format(n=ticket["reopen_count"])
            tags.append(Tag(text, "repeat", "warn"))
        if customer["opt_out"]:
            tags.append(Tag(_("Refuses callbacks"), "phone-off"))
        for tag in tags:
            self._tags.addWidget(tag)
            tag.show()

    def _show_facts(self, detail: TicketDetail) -> None:
        ticket, words = detail.ticket, self._words
        customer = detail.customer
        name = str(customer["name"])
        if not self._unmasked:
            name = words.customer(name, customer["kind"])
        self._customer.setText(name)
        self._customer.setToolTip(_("Show this customer's tickets"))
        phones = customer["phones"]
        shown = (phones[0] if self._unmasked else words.phone(phones[0])) if phones else "—"
        self._phone.setText(shown)
        self._phone.setToolTip(_("Click to show name and number"))
        product = str(detail.product["name"]) if detail.product else "—"
        values = {
            "product": product,
            "serial": str(ticket["serial_no"] or "—"),
            "issue": words.item(ticket["issue_sub_id"] or ticket["issue_id"]),
            "department": words.item(ticket["resp_dept_id"]),
            "first_owner": words.person(ticket["first_owner_id"]),
            "owner": words.person(ticket["owner_id"]),
            "channel": words.item(ticket["channel_id"]),
            "created": words.time(ticket["created_at"]),
        }
        for key, value in values.items():
            self._facts[key].set_text(value)

    def _show_history(self, detail: TicketDetail) -> None:
        ticket, words = detail.ticket, self._words
        self._timeline.show_moments([moment(event, words) for event in detail.events])
        self._tabs.set_count("timeline", len(detail.events))
        parts = [str(ticket["description"] or _("No description."))]
        if ticket["solution"]:
            code = code_label("ResolutionCode", str(ticket["resolution_code"] or ""))
            parts.append(_("Solution ({how}): {text}").format(how=code, text=ticket["solution"]))
        if detail.customer.get("spend_12m") is not None:
            spend = yuan(detail.customer["spend_12m"])
            parts.append(_("Customer's spend in 12 months: {amount}").format(amount=spend))
        self._text.setText("\n\n".join(parts))
        more = [self._visit(visit) for visit in detail.visits]
        more += [self._callback(callback) for callback in detail.callbacks]
        self._more.show_moments(more)
        self._tabs.set_count("more", len(more))

    def _visit(self, visit: dict[str, Any]) -> Any:
        from ui.widgets.timeline import Moment

        words = self._words
        outcome = code_label("VisitOutcome", str(visit["outcome"] or "")) or _("planned")
        text = _("{who}, arrived {time}").format(
            who=words.person(visit["technician_id"]), time=words.time(visit["arrived_at"])
        )
        title = _("Visit: {outcome}").format(outcome=outcome)
        return Moment("wrench", title, text, words.time(visit["window_start"]))

    def _callback(self, callback: dict[str, Any]) -> Any:
        from ui.widgets.timeline import Moment

        state = code_label("CallbackState", str(callback["state"]))
        kind = code_label("CallbackKind", str(callback["kind"]))
        number = str(callback["callback_no"])
        return Moment("phone", f"{kind}: {state}", number, self._words.time(callback["due_at"]))

    def _show_tab(self, key: str) -> None:
        self._timeline.setVisible(key == "timeline")
        self._text.setVisible(key == "text")
        self._more.setVisible(key == "more")

    # --- acting --------------------------------------------------------------------------

    def open_step(self, action: str, title: str, names: tuple[str, ...]) -> None:
        """Ask in place for what a step needs."""
        if self.detail is None:
            return
        self._say_box.hide()
        self.steps.hide()
        self.panel.open_for(action, title, names, self.detail.ticket)

    def _on_panel_closed(self) -> None:
        self._say_box.show()
        if self.detail is not None:
            self.steps.show_steps(self.detail.steps)

    def send(self) -> None:
        """Hand over the words."""
        kind = next(kind for kind, button in self._kinds.items() if button.isChecked())
        text = self.words_box.value()
        if text:
            self.say_wanted.emit(kind, text)

    def _on_words(self) -> None:
        self._send.setVisible(self.words_box.value() is not None)

    def _copy_number(self) -> None:
        QGuiApplication.clipboard().setText(self._number.text())

    def _previous(self) -> None:
        self.move_wanted.emit(-1)

    def _next(self) -> None:
        self.move_wanted.emit(1)

    def _open_customer(self) -> None:
        if self.detail is not None:
            self.customer_wanted.emit(self.detail.ticket["customer_id"])

    def _show_phone(self) -> None:
        self._unmasked = not self._unmasked
        if self.detail is not None:
            self._show_facts(self.detail)

    def _explain(self) -> None:
        link = self._due.how
        QToolTip.showText(link.mapToGlobal(QPoint(0, link.height())), link.toolTip(), link)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter records or takes the open step, Esc closes it."""
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.panel.open_action:
                self.panel.submit()
            else:
                self.send()
        elif event.key() == Qt.Key.Key_Escape and self.panel.open_action:
            self.panel.close_panel()
        else:
            super().keyPressEvent(event)
