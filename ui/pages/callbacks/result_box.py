"""What a call met, by one key each; the time to call again; how a refusal is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, current
from svcdesk.i18n.labels import code_label
from svcdesk.services import callbacks
from ui.pages.callbacks.again_box import AgainBox
from ui.pages.wording import Words
from ui.widgets.button import Button
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import divider, label

if TYPE_CHECKING:
    from svcdesk.services.callbacks import CallbackDetail
    from svcdesk.services.desk import Desk

RESULTS = (
    ("connected", "phone-call"),
    ("no_answer", "phone-missed"),
    ("busy", "phone-off"),
    ("off", "power-off"),
    ("wrong_number", "ban"),
    ("hung_up", "phone-off"),
)


class ResultBox(QWidget):
    """The upper part of the entry."""

    picked = Signal(str)  # what was met
    save_wanted = Signal()  # a time to call again was chosen, or a refusal confirmed
    opt_out_wanted = Signal()
    give_up_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._words = Words(desk)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        head = QHBoxLayout()
        head.addWidget(label(_("Result of this call"), "strong"))
        head.addStretch(1)
        self._try = label("", "small", "2")
        head.addWidget(self._try)
        column.addLayout(head)
        column.addLayout(self._build_results())
        column.addWidget(self._build_others())
        self.again = AgainBox(desk)
        self.again.chosen.connect(self.save_wanted)
        self.again.hide()
        column.addWidget(self.again)
        column.addWidget(self._build_refused())
        column.addWidget(divider())

    def _build_results(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(6)
        self._buttons: dict[str, Button] = {}
        columns = 3 if current().chinese else 2
        for number, (key, icon) in enumerate(RESULTS):
            text = code_label("AttemptResult", key)
            button = Button(text, icon=icon, key=f"F{number + 1}", small=True)
            button.setCheckable(True)
            button.setProperty("result", key)
            button.clicked.connect(self._on_clicked)
            button.setSizePolicy(
                button.sizePolicy().Policy.Expanding, button.sizePolicy().verticalPolicy()
            )
            self._buttons[key] = button
            grid.addWidget(button, *divmod(number, columns))
        return grid

    def _build_others(self) -> QWidget:
        holder = QWidget()
        flow = FlowLayout(holder, 6)
        for key, text, letter in (("refused", _("Refused"), "X"),
                                  ("call_back_at", _("Call again"), "L")):  # fmt: skip
            button = Button(text, key=letter, small=True)
            button.setCheckable(True)
            button.setProperty("result", key)
            button.clicked.connect(self._on_clicked)
            self._buttons[key] = button
            flow.addWidget(button)
        self._give_up = Button(_("Unreachable"), icon="phone-off", key="U", small=True)
        self._give_up.setToolTip(_("Possible after 3 attempts on 2 different days"))
        self._give_up.clicked.connect(self.give_up_wanted)
        flow.addWidget(self._give_up)
        return holder

    def _build_refused(self) -> QWidget:
        self._refused = QWidget()
        row = QHBoxLayout(self._refused)
        row.setContentsMargins(0, 0, 0, 0)
        plain = Button(_("Only this time"), key="X", small=True)
        plain.clicked.connect(self.save_wanted)
        never = Button(_("No more callbacks"), icon="ban", key="O", small=True)
        never.setToolTip(_("Note that the customer refuses callbacks; open ones are cancelled"))
        never.clicked.connect(self.opt_out_wanted)
        row.addWidget(plain)
        row.addWidget(never)
        row.addStretch(1)
        self._refused.hide()
        return self._refused

    def show_callback(self, detail: CallbackDetail) -> None:
        """Show which attempt this is and when the next one would be."""
        count = len(detail.attempts)
        self._give_up.setEnabled(detail.open and detail.enough)
        text = _("Attempt {n} · not reached: again {time}").format(
            n=count + 1, time=self._words.time(detail.proposal)
        )
        if detail.enough:
            text = _("{n} attempts on 2 days: U ends it").format(n=count)
        self._try.setText(text)
        self._try.setToolTip(_("The next try is proposed by the rule in the settings."))
        self.again.offer(callbacks.quick_times(self._desk))

    def set_result(self, key: str) -> None:
        """Show what was met, ``""`` for nothing yet."""
        for name, button in self._buttons.items():
            button.setChecked(name == key)
        self.again.setVisible(key == "call_back_at")
        self._refused.setVisible(key == "refused")

    def _on_clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.picked.emit(str(sender.property("result")))
