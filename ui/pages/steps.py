"""The next steps of a record: buttons from the state machine, and what a step still needs.

A step that needs nothing is taken at once. One that does opens a small form in place; what is
missing stands at its field, in the words of the rule that asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from ui.pages.fields import Fields, from_columns
from ui.pages.wording import say
from ui.widgets.button import Button, Kind
from ui.widgets.flow import FlowLayout
from ui.widgets.form import Form
from ui.widgets.labels import icon_label, label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.domain.problem import Problem
    from svcdesk.domain.statemachine import Transition

# action -> fields it asks for (names of problems)
TICKET_FIELDS: dict[str, tuple[str, ...]] = {
    "assign": ("owner",),
    "redispatch": ("owner",),
    "return": ("reason",),
    "resolve": ("issue_l1", "resolution_code", "solution"),
    "wait_internal": ("department", "reason"),
    "transfer": ("owner", "resp_dept", "reason"),
    "close": (),
    "cancel": ("reason",),
    "merge": ("merged_into",),
}
KEYS = {
    "take": "A", "accept": "A", "assign": "T", "redispatch": "T", "transfer": "T",
    "resolve": "R", "wait_customer": "W", "wait_internal": "I", "resume": "A", "close": "C",
    "reopen": "O", "restore": "O", "return": "B", "cancel": "D", "merge": "Z", "unmerge": "U",
    "respond": "R", "investigate": "A",
}  # fmt: skip
LONG = frozenset({"solution", "reason", "cause", "answer", "text", "withdraw_evidence",
                  "overdue_plan", "reject_reason", "extension_reason", "request", "note",
                  "handoff_answer", "description", "title", "task", "outcome", "measure",
                  "penalty_note"})  # fmt: skip
RARE = {"cancel", "merge", "return", "unmerge", "restore", "withdraw", "reject", "redispatch"}


class StepBar(QWidget):
    """One button per step that is open now; the most likely one is the main button."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._layout = FlowLayout(self, gap=6)
        self._keys: dict[str, str] = {}
        self.folded: list[Transition] = []

    def show_steps(self, steps: Sequence[Transition], *, fold: bool = False) -> None:
        """Show buttons for ``steps`` in their order, rare ones last.

        With ``fold`` rare ones get no button while others have one; they are in :attr:`folded`,
        for a menu. Their keys work all the same.
        """
        self._layout.clear()
        self._keys.clear()
        rare = [step for step in steps if step.action in RARE]
        usual = [step for step in steps if step.action not in RARE]
        self.folded = rare if fold and usual else []
        for number, step in enumerate(usual + rare):
            key = KEYS.get(step.action, "")
            if key in self._keys:
                key = ""
            if key:
                self._keys[key] = step.action
            if step not in self.folded:
                self._layout.addWidget(self._button(step, key, main=number == 0 and bool(usual)))
        self.setVisible(bool(steps))

    def _button(self, step: Transition, key: str, *, main: bool) -> Button:
        kind = Kind.MAIN if main else Kind.QUIET if step.action in RARE else Kind.NORMAL
        button = Button(_(step.label), self, kind=kind, key=key)
        button.setProperty("action", step.action)
        button.clicked.connect(self._on_clicked)
        button.show()
        return button

    def key_of(self, action: str) -> str:
        """Return the single key of a step, "" for none."""
        return next((key for key, known in self._keys.items() if known == action), "")

    def add(self, button: QWidget) -> None:
        """Put one more button at the end."""
        self._layout.addWidget(button)
        button.show()
        self.show()

    def by_key(self, text: str) -> str:
        """Return the step of a single key, "" for none."""
        return self._keys.get(text.upper(), "")

    def _on_clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.chosen.emit(str(sender.property("action")))


class StepPanel(QWidget):
    """The form of one step, in place of the step buttons."""

    submitted = Signal(str, object)
    closed = Signal()
    edited = Signal()

    def __init__(self, fields: Fields, entity: str) -> None:
        super().__init__()
        self._fields = fields
        self._entity = entity
        self._action = ""
        self._form: Form | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._title = label("", "strong")
        column.addWidget(self._title)
        self._about = label("", "small", "2", wrap=True)
        column.addWidget(self._about)
        self._room = QVBoxLayout()
        column.addLayout(self._room)
        warning = QHBoxLayout()
        self._sign = icon_label("circle-alert", "danger", 14)
        self._missing = label("", "small", "danger", wrap=True)
        warning.addWidget(self._sign)
        warning.addWidget(self._missing, 1)
        column.addLayout(warning)
        row = QHBoxLayout()
        self._go = Button("", kind=Kind.MAIN, key="Ctrl+↵")
        self._go.clicked.connect(self.submit)
        cancel = Button(_("Cancel"), key="Esc")
        cancel.clicked.connect(self.close_panel)
        row.addWidget(self._go)
        row.addWidget(cancel)
        row.addStretch(1)
        column.addLayout(row)
        self.hide()

    @property
    def open_action(self) -> str:
        """The step being filled in, "" when the panel is closed."""
        return self._action

    def open_for(
        self, action: str, title: str, names: Sequence[str], record: Mapping[str, Any],
        about: str = "",
    ) -> None:  # fmt: skip
        """Ask for ``names``, filled with what the record has; ``about`` says what it is about."""
        self._clear()
        self._action = action
        self._title.setText(title)
        self._about.setText(about)
        self._about.setVisible(bool(about))
        self._go.set_text(title)
        form = Form(columns=2)
        for name in names:
            span = 2 if name.rpartition(".")[2] in LONG or len(names) == 1 else 1
            self._fields.add(form, self._entity, name, span=span)
        known = from_columns(dict(record), list(names))
        form.populate({**known, "reason": None, "owner": None})
        form.edited.connect(self._on_edited)
        self._room.addWidget(form)
        self._form = form
        self.show_problems([])
        self.show()
        empty = [name for name in names if form.editor(name).value() in (None, "")]
        if names:
            form.editor((empty or list(names))[0]).setFocus()

    def values(self) -> dict[str, Any]:
        """Return what was changed in the open form, {} when nothing was."""
        return self._form.changes() if self._form is not None else {}

    def restore(self, values: Mapping[str, Any]) -> None:
        """Put back what was typed before; it counts as typed now."""
        if self._form is not None:
            self._form.enter(values)

    def offer(self, name: str, text: str) -> bool:
        """Add ``text`` to a field of the open form; return whether there is one."""
        if self._form is None or name not in self._form.values():
            return False
        known = self._form.editor(name).value()
        self._form.enter({name: f"{known}\n{text}" if known else text})
        return True

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put what is missing at its fields; name it in words below as well."""
        if self._form is None:
            return
        other = self._form.show_problems(list(problems), say)
        self._missing.setText(" ".join(other))
        self._missing.setVisible(bool(other))
        self._sign.setVisible(bool(other))

    def submit(self) -> None:
        """Hand over what was entered."""
        if self._form is not None:
            self.submitted.emit(self._action, self._form.values())

    def close_panel(self) -> None:
        """Put the form away."""
        self._clear()
        self.hide()
        self.closed.emit()

    def _on_edited(self, _key: str) -> None:
        self._missing.hide()
        self._sign.hide()
        self.edited.emit()

    def _clear(self) -> None:
        self._action = ""
        if self._form is not None:
            self._room.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
            self._form = None
