"""What the caller needs to see: who, why, what was done, what to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from svcdesk.services import callbacks_scripts
from ui.pages.callbacks import context_lines as lines
from ui.pages.callbacks.queue import KIND_FACE
from ui.pages.wording import Words, yuan
from ui.theme.tokens import GAP, px
from ui.widgets.banner import Banner
from ui.widgets.button import Button, Kind
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import KeyHint, Tag, box, icon_label, label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svcdesk.services.callbacks import CallbackDetail
    from svcdesk.services.callbacks_scripts import Step
    from svcdesk.services.desk import Desk
    from ui.pages.callbacks.context_lines import LineDef

NARROW = 480


class ContextPane(QScrollArea):
    """The middle column."""

    opt_out_wanted = Signal()
    cancel_wanted = Signal()
    take_wanted = Signal()
    open_wanted = Signal(str, object)  # page, key

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._words = Words(desk)
        self._detail: CallbackDetail | None = None
        self._unmasked = False
        self._place = 1
        self._steps: list[Step] = []
        self._line = 0
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 8, 14, 8)
        column.setSpacing(7)
        column.addLayout(self._build_head())
        self._notes = QVBoxLayout()
        self._notes.setSpacing(4)
        column.addLayout(self._notes)
        column.addWidget(self._build_phone())
        self._cards = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._cards.setSpacing(8)
        self._cards.addWidget(self._build_case(), 1)
        self._cards.addWidget(self._build_customer(), 1)
        column.addLayout(self._cards)
        column.addWidget(self._build_script())
        column.addStretch(1)
        self.setWidget(inner)

    # --- building ------------------------------------------------------------------------

    def _build_head(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        holder = QWidget()
        row = FlowLayout(holder, GAP)
        self._name = label("", "page")
        self._kind = Tag("")
        self._tier = Tag(pgettext("tag", "Key customer"), "gem", "violet")
        self._own = Tag(_("Own case"), "triangle-alert", "warn")
        self._own.setToolTip(_("You handled this case. Let somebody else call where you can."))
        self._take = Button(pgettext("callback", "Take it"), key="A", small=True)
        self._take.clicked.connect(self.take_wanted)
        for widget in (self._name, self._kind, self._tier, self._own, self._take):
            row.addWidget(widget)
        column.addWidget(holder)
        self._task = label("", "small", "2", wrap=True)
        column.addWidget(self._task)
        return column

    def _build_phone(self) -> QWidget:
        card = box("card")
        row = FlowLayout(card, GAP)
        row.setContentsMargins(14, 5, 14, 5)
        row.addWidget(icon_label("phone", "accent", 22))
        self._phone = label("", "figure", selectable=True)
        row.addWidget(self._phone)
        self._next = Button("", kind=Kind.QUIET, icon="chevron-right", key="P", small=True)
        self._next.clicked.connect(self.next_phone)
        self._show = Button("", kind=Kind.QUIET, icon="eye", small=True)
        self._show.clicked.connect(self._unmask)
        copy = Button("", kind=Kind.QUIET, icon="copy", small=True)
        copy.setAccessibleName(_("Copy"))
        copy.setToolTip(_("Copy the number"))
        copy.clicked.connect(self._copy)
        for button in (self._next, self._show, copy):
            row.addWidget(button)
        self._phone_row = row
        return card

    def add_follow(self, buttons: Iterable[QWidget]) -> None:
        """Put the buttons for what a call leads to beside the number."""
        for button in buttons:
            self._phone_row.addWidget(button)

    def _build_case(self) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 7, 12, 7)
        column.setSpacing(3)
        head = QHBoxLayout()
        head.addWidget(label(_("What was done"), "strong"))
        head.addStretch(1)
        self._number = Button("", kind=Kind.LINK, small=True)
        self._number.setToolTip(_("Open the case"))
        self._number.clicked.connect(self._open_case)
        head.addWidget(self._number)
        column.addLayout(head)
        self._case = label("", wrap=True)
        column.addWidget(self._case)
        self._done = QVBoxLayout()
        self._done.setSpacing(2)
        column.addLayout(self._done)
        column.addStretch(1)
        return card

    def _build_customer(self) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 7, 12, 7)
        column.setSpacing(3)
        column.addWidget(label(_("Customer"), "strong"))
        self._facts = label("", "small", "2", wrap=True)
        column.addWidget(self._facts)
        self._said = QVBoxLayout()
        self._said.setSpacing(2)
        column.addLayout(self._said)
        column.addStretch(1)
        return card

    def _build_script(self) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 7, 12, 8)
        column.setSpacing(3)
        head = QHBoxLayout()
        head.addWidget(label(_("Script"), "strong"))
        self._step = Tag("")
        head.addWidget(self._step)
        head.addStretch(1)
        self._refuses = Button(_("No more callbacks"), kind=Kind.QUIET, icon="ban", key="O",
                               small=True)  # fmt: skip
        self._refuses.setToolTip(
            _("Note that the customer refuses callbacks; open ones are cancelled")
        )
        self._refuses.clicked.connect(self.opt_out_wanted)
        head.addWidget(self._refuses)
        self._hint = label(_("Previous and next"), "small", "2")
        head.addWidget(self._hint)
        head.addWidget(KeyHint("PgUp"))
        head.addWidget(KeyHint("PgDn"))
        column.addLayout(head)
        self._script = QVBoxLayout()
        self._script.setSpacing(3)
        column.addLayout(self._script)
        return card

    # --- showing -------------------------------------------------------------------------

    def show_callback(self, detail: CallbackDetail) -> None:
        """Show a callback."""
        same = self._detail is not None and self._detail.callback["id"] == detail.callback["id"]
        if not same:
            self._unmasked = False
            self._line = 0
            self._place = 1
        self._detail = detail
        self._show_head(detail)
        self._show_notes(detail)
        self._show_case(detail)
        self._show_customer(detail)
        self._steps = self._filled(detail)
        self._show_script()

    def _filled(self, detail: CallbackDetail) -> list[Step]:
        kind = str(detail.callback["kind"])
        case: dict[str, Any] = detail.ticket or detail.complaint or {}
        values = {
            "customer": detail.customer["name"] if self._unmasked else self._name.text(),
            "number": case.get("ticket_no") or case.get("complaint_no"),
            "product": detail.product["name"] if detail.product else "",
            "resolved": self._words.day(case["resolved_at"]) if case.get("resolved_at") else "",
        }
        steps = callbacks_scripts.of_kind(self._desk, kind)
        return callbacks_scripts.fill(self._desk, kind, steps, values)

    def _show_head(self, detail: CallbackDetail) -> None:
        callback, customer, words = detail.callback, detail.customer, self._words
        name, phones = str(customer["name"]), customer["phones"]
        phone = phones[self._place - 1] if len(phones) >= self._place else "—"
        if not self._unmasked:
            name = words.customer(name, customer["kind"])
            phone = words.phone(phone) if phones else "—"
        self._name.setText(name)
        self._phone.setText(phone)
        self._next.setVisible(len(phones) > 1)
        self._next.set_text(
            _("Number {n} of {count}").format(n=self._place, count=max(1, len(phones)))
        )
        word = _("Hide") if self._unmasked else _("Show")
        self._show.setAccessibleName(word)
        self._show.setToolTip(word)
        kind = str(callback["kind"])
        icon, tone = KIND_FACE[kind]
        self._kind.set(code_label("CallbackKind", kind), icon, tone)
        self._tier.setVisible(customer["tier"] == "key")
        self._own.setVisible(detail.open and detail.own)
        self._take.setVisible(detail.open)
        owner = callback["assignee_id"]
        mine = owner == self._desk.actor.id
        self._take.set_text(_("Put it back") if mine else pgettext("callback", "Take it"))
        text = _("{number} · due {time} · {who}").format(
            number=callback["callback_no"], time=words.deadline(callback["due_at"]),
            who=words.person(owner) if owner else _("nobody has it"),
        )  # fmt: skip
        self._task.setText(text)

    def _show_notes(self, detail: CallbackDetail) -> None:
        _clear(self._notes)
        if detail.open and detail.customer["opt_out"]:
            banner = Banner(
                "danger", "ban", _("This customer refuses callbacks. Do not call."),
                actions=(("cancel", _("Cancel the task")),),
            )  # fmt: skip
            banner.acted.connect(self._on_cancel)
            self._notes.addWidget(banner)
        bad = detail.bad_answer
        if bad is not None and detail.callback["kind"] == "low_score":
            left = detail.callback["due_at"] - self._words.now()
            when = self._words.calendar_time(abs(left))
            until = _("{time} left").format(time=when) if left >= 0 else _("Overdue {time}").format(
                time=when)  # fmt: skip
            if not detail.open:  # what came of it stands below; nothing runs any more
                until, left = _("Task done"), 0
            text = _("Low score {score} of 5 on {day} · {until}").format(
                score=bad["csat"] if bad["csat"] is not None else "—",
                day=self._words.day(bad["responded_at"]), until=until,
            )  # fmt: skip
            reasons = [self._words.item(int(key)) for key in bad["reasons"]]
            words = [_(", ").join(reasons)] if reasons else []
            words += [f"“{bad['comment']}”"] if bad["comment"] else []
            tone = "warn" if left >= 0 else "danger"
            self._notes.addWidget(Banner(tone, "heart-handshake", text, " ".join(words)))
        for line in lines.outcome_lines(detail, self._words):
            self._notes.addWidget(_LineView(line))

    def _show_case(self, detail: CallbackDetail) -> None:
        _clear(self._done)
        case: dict[str, Any] | None = detail.ticket or detail.complaint
        self._number.setVisible(case is not None)
        if case is None:
            self._case.setText(_("No case is linked."))
            return
        self._number.set_text(str(case.get("ticket_no") or case.get("complaint_no")))
        product = f" · {detail.product['name']}" if detail.product else ""
        self._case.setText(str(case["title"]) + product)
        found = lines.done_lines(detail, self._words)
        for line in found + lines.promise_lines(detail, self._words):
            self._done.addWidget(_LineView(line))

    def _show_customer(self, detail: CallbackDetail) -> None:
        _clear(self._said)
        customer = detail.customer
        facts = [
            _("Spend in 12 months: {amount}").format(amount=yuan(customer["spend_12m"])),
            _("Complaints in 12 months: {n}").format(n=customer["complaints_12m"]),
        ]
        self._facts.setText(" · ".join(facts))
        for line in lines.answer_lines(detail, self._words):
            self._said.addWidget(_LineView(line))
        for line in lines.attempt_lines(detail, self._words):
            self._said.addWidget(_LineView(line))

    def _show_script(self) -> None:
        _clear(self._script)
        for number, step in enumerate(self._steps):
            self._script.addWidget(_ScriptLine(number + 1, step, active=number == self._line))
        text = _("Step {n} of {count}").format(n=self._line + 1, count=len(self._steps))
        self._step.set(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the cards below each other when the room is small."""
        super().resizeEvent(event)
        narrow = self.viewport().width() < px(NARROW)
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._cards.setDirection(way)
        self._hint.setVisible(not narrow)

    # --- acting --------------------------------------------------------------------------

    def move_script(self, by: int) -> None:
        """Go to the next or previous step of the script."""
        self._line = min(max(self._line + by, 0), max(len(self._steps) - 1, 0))
        self._show_script()

    def next_phone(self) -> int:
        """Show the next number of the customer; return its place (1, 2, …)."""
        if self._detail is not None and self._detail.customer["phones"]:
            self._place = self._place % len(self._detail.customer["phones"]) + 1
            self._show_head(self._detail)
        return self._place

    @property
    def phone_place(self) -> int:
        """Which of the customer's numbers is shown."""
        return self._place

    def _unmask(self) -> None:
        self._unmasked = not self._unmasked
        if self._detail is not None:
            self._show_head(self._detail)
            self._steps = self._filled(self._detail)
            self._show_script()

    def _copy(self) -> None:
        if self._detail is not None and len(self._detail.customer["phones"]) >= self._place:
            phones = self._detail.customer["phones"]
            QGuiApplication.clipboard().setText(str(phones[self._place - 1]))

    def _open_case(self) -> None:
        if self._detail is None:
            return
        if self._detail.ticket:
            self.open_wanted.emit("tickets", self._detail.ticket["id"])
        elif self._detail.complaint:
            self.open_wanted.emit("complaints", self._detail.complaint["id"])

    def _on_cancel(self, _action: str) -> None:
        self.cancel_wanted.emit()


def _clear(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


class _LineView(QWidget):
    """One line with its icon."""

    def __init__(self, line: LineDef) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(icon_label(line.icon, line.ink, 14), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(line.text, "small", "2", wrap=True), 1)
        self.setToolTip(line.tip)


class _ScriptLine(QWidget):
    """One step; the active one is larger, on a soft ground."""

    def __init__(self, number: int, step: Step, *, active: bool) -> None:
        super().__init__()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        frame = box("active" if active else "plain")
        column = QVBoxLayout(frame)
        column.setContentsMargins(12 if active else 0, 4 if active else 0, 12, 4 if active else 0)
        column.setSpacing(1)
        head = label(f"{number}  {step.title}", "smallstrong" if active else "small", "2")
        column.addWidget(head)
        column.addWidget(
            label(step.text, "script" if active else "small", "" if active else "2", wrap=True)
        )
        outer.addWidget(frame)
