"""What the caller needs to see: who, why, what was done, what to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label
from ui.pages.callbacks.queue import KIND_FACE
from ui.pages.callbacks.script import Line, script
from ui.pages.wording import Words, yuan
from ui.theme.tokens import GAP, px
from ui.widgets.button import Button, Kind
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import ElidedLabel, KeyHint, Tag, box, icon_label, label

if TYPE_CHECKING:
    from svcdesk.services.callbacks import CallbackDetail
    from svcdesk.services.desk import Desk


NARROW = 480


class ContextPane(QScrollArea):
    """The middle column."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._words = Words(desk)
        self._detail: CallbackDetail | None = None
        self._unmasked = False
        self._lines: list[Line] = []
        self._line = 0
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(self._build_head())
        column.addWidget(self._build_phone())
        self._cards = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._cards.setSpacing(12)
        self._cards.addWidget(self._build_case(), 1)
        self._cards.addWidget(self._build_customer(), 1)
        column.addLayout(self._cards)
        column.addWidget(self._build_script())
        column.addStretch(1)
        self.setWidget(inner)

    def _build_head(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        holder = QWidget()
        row = FlowLayout(holder, GAP)
        self._name = label("", "page")
        self._kind = Tag("")
        self._tier = Tag(pgettext("tag", "Key customer"), "gem", "violet")
        row.addWidget(self._name)
        row.addWidget(self._kind)
        row.addWidget(self._tier)
        column.addWidget(holder)
        self._task = label("", "small", "2", wrap=True)
        column.addWidget(self._task)
        return column

    def _build_phone(self) -> QWidget:
        card = box("card")
        row = FlowLayout(card, GAP)
        row.setContentsMargins(14, 8, 14, 8)
        row.addWidget(icon_label("phone", "accent", 22))
        self._phone = label("", "figure", selectable=True)
        row.addWidget(self._phone)
        self._show = Button(_("Show"), kind=Kind.QUIET, icon="eye", small=True)
        self._show.clicked.connect(self._unmask)
        copy = Button(_("Copy"), kind=Kind.QUIET, icon="copy", small=True)
        copy.clicked.connect(self._copy)
        row.addWidget(self._show)
        row.addWidget(copy)
        return card

    def _build_case(self) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(14, 10, 14, 10)
        head = QHBoxLayout()
        head.addWidget(label(_("What was done"), "strong"))
        head.addStretch(1)
        self._number = label("", "small", "2", selectable=True)
        head.addWidget(self._number)
        column.addLayout(head)
        self._case = label("", wrap=True)
        column.addWidget(self._case)
        self._solution = label("", "", "2", wrap=True)
        column.addWidget(self._solution)
        column.addStretch(1)
        return card

    def _build_customer(self) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(14, 10, 14, 10)
        column.addWidget(label(_("Customer"), "strong"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(1, 84)
        self._facts: dict[str, ElidedLabel] = {}
        names = (
            ("spend", _("Spend in 12 months")),
            ("complaints", _("Complaints in 12 months")),
            ("score", _("Last score")),
            ("attempts", _("Attempts so far")),
        )
        for row, (key, name) in enumerate(names):
            grid.addWidget(label(name, "small", "3"), row, 0)
            self._facts[key] = ElidedLabel("")
            grid.addWidget(self._facts[key], row, 1)
        column.addLayout(grid)
        column.addStretch(1)
        return card

    def _build_script(self) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(label(_("Script"), "strong"))
        self._step = Tag("")
        head.addWidget(self._step)
        head.addStretch(1)
        self._hint = label(_("Previous and next"), "small", "2")
        head.addWidget(self._hint)
        head.addWidget(KeyHint("PgUp"))
        head.addWidget(KeyHint("PgDn"))
        column.addLayout(head)
        self._script = QVBoxLayout()
        self._script.setSpacing(6)
        column.addLayout(self._script)
        return card

    # --- showing -------------------------------------------------------------------------

    def show_callback(self, detail: CallbackDetail) -> None:
        """Show a callback."""
        same = self._detail is not None and self._detail.callback["id"] == detail.callback["id"]
        if not same:
            self._unmasked = False
            self._line = 0
        self._detail = detail
        self._show_head(detail)
        self._show_case(detail)
        callback = detail.callback
        settings = self._desk.reference.settings
        caller = self._desk.actor.name
        self._lines = script(str(callback["kind"]), caller, str(settings["organisation"]))
        self._show_script()

    def _show_head(self, detail: CallbackDetail) -> None:
        callback, customer, words = detail.callback, detail.customer, self._words
        name, phones = str(customer["name"]), customer["phones"]
        phone = phones[0] if phones else "—"
        if not self._unmasked:
            name = words.customer(name, customer["kind"])
            phone = words.phone(phone) if phones else "—"
        self._name.setText(name)
        self._phone.setText(phone)
        self._show.set_text(_("Hide") if self._unmasked else _("Show"))
        kind = str(callback["kind"])
        icon, tone = KIND_FACE[kind]
        self._kind.set(code_label("CallbackKind", kind), icon, tone)
        self._tier.setVisible(customer["tier"] == "key")
        self._task.setText(
            _("{number} · due {time}").format(
                number=callback["callback_no"], time=words.deadline(callback["due_at"])
            )
        )
        score = next((a for a in detail.answers if a["csat"] is not None), None)
        facts = {
            "spend": yuan(customer["spend_12m"]),
            "complaints": str(customer["complaints_12m"]),
            "score": "—"
            if score is None
            else _("{n} of 5 ({date})").format(
                n=score["csat"], date=words.day(score["responded_at"])
            ),
            "attempts": self._attempts(detail),
        }
        for key, text in facts.items():
            self._facts[key].set_text(text)

    def _attempts(self, detail: CallbackDetail) -> str:
        if not detail.attempts:
            return _("none")
        last = detail.attempts[-1]
        result = code_label("AttemptResult", str(last["result"]))
        return _("{n}, last: {result} {time}").format(
            n=len(detail.attempts), result=result, time=self._words.time(last["at"])
        )

    def _show_case(self, detail: CallbackDetail) -> None:
        case: dict[str, Any] | None = detail.ticket or detail.complaint
        if case is None:
            self._number.setText("")
            self._case.setText(_("No case is linked."))
            self._solution.setText("")
            return
        self._number.setText(str(case.get("ticket_no") or case.get("complaint_no")))
        self._case.setText(str(case["title"]))
        parts = []
        answer = case.get("solution") or case.get("answer")
        if answer:
            parts.append(str(answer))
        if case.get("resolved_at"):
            parts.append(
                _("Resolved {time}").format(time=self._words.full_time(case["resolved_at"]))
            )
        self._solution.setText("\n".join(parts))

    def _show_script(self) -> None:
        while (item := self._script.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, line in enumerate(self._lines):
            self._script.addWidget(_ScriptLine(number + 1, line, active=number == self._line))
        text = _("Step {n} of {count}").format(n=self._line + 1, count=len(self._lines))
        self._step.set(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the cards below each other when the room is small."""
        super().resizeEvent(event)
        narrow = self.viewport().width() < px(NARROW)
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._cards.setDirection(way)
        self._hint.setVisible(not narrow)

    def move_script(self, by: int) -> None:
        """Go to the next or previous step of the script."""
        self._line = min(max(self._line + by, 0), max(len(self._lines) - 1, 0))
        self._show_script()

    def _unmask(self) -> None:
        self._unmasked = not self._unmasked
        if self._detail is not None:
            self._show_head(self._detail)

    def _copy(self) -> None:
        if self._detail is not None and self._detail.customer["phones"]:
            QGuiApplication.clipboard().setText(str(self._detail.customer["phones"][0]))


class _ScriptLine(QWidget):
    """One step; the active one is larger, on a soft ground."""

    def __init__(self, number: int, line: Line, *, active: bool) -> None:
        super().__init__()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        frame = box("active" if active else "plain")
        column = QVBoxLayout(frame)
        column.setContentsMargins(12 if active else 0, 6 if active else 0, 12, 6 if active else 0)
        column.setSpacing(2)
        head = label(f"{number}  {line.title}", "smallstrong" if active else "small", "2")
        column.addWidget(head)
        column.addWidget(
            label(line.text, "script" if active else "", "" if active else "2", wrap=True)
        )
        outer.addWidget(frame)
