"""Scripts by kind of callback, reasons of low scores, and who is on leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from svcdesk.domain.callback import CallbackKind
from svcdesk.domain.callback_script import MAX_STEPS, PLACEHOLDERS
from svcdesk.i18n.catalog import _
from svcdesk.services import callbacks_hand_out, callbacks_reasons, callbacks_scripts
from svcdesk.services.callbacks_scripts import Step
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE
from ui.pages.wording import Words, say
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind
from ui.widgets.editors import ChoiceField, LongTextField, TextField
from ui.widgets.labels import box, label
from ui.widgets.side_by_side import Beside

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.pages.page import Workplace


class _Saving(QWidget):
    """A pane that writes and tells what is wrong in a line of its own."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self.wrong = label("", "small", "danger", wrap=True)
        self.wrong.hide()

    def _write(self, work: Callable[[], Any]) -> None:
        handle = self._place.runner.start(lambda _context: work(), lane=WRITE, owner=self)
        handle.on_success(self._on_saved).on_failure(self._on_refused)

    def _on_saved(self, _outcome: Any) -> None:
        self.wrong.hide()
        self._place.shell.say(_("Settings saved"))

    def _on_refused(self, error: object) -> None:
        if isinstance(error, ProblemsError):
            self.wrong.setText(" ".join(say(problem) for problem in error.problems))
            self.wrong.show()
        else:
            self._place.shell.tell(error)


class ScriptsPane(_Saving):
    """The steps of one kind's script; what the law asks for is checked on saving."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        names = " ".join("{" + name + "}" for name in PLACEHOLDERS)
        text = _(
            "What the caller reads, step by step. {names} are filled in. A script must say who "
            "calls, why, and that the customer may decline."
        ).replace("{names}", names)
        column.addWidget(label(text, "small", "2", wrap=True))
        row = QHBoxLayout()
        self.kind = ChoiceField(Words(place.desk).codes("CallbackKind", list(CallbackKind)))
        self.kind.setAccessibleName(_("Kind of callback"))
        self.kind.changed.connect(self.show_script)
        row.addWidget(self.kind)
        self._own = label("", "small", "2")
        row.addWidget(self._own, 1)
        column.addLayout(row)
        column.addWidget(self._build_steps(), 1)
        column.addWidget(self.wrong)
        buttons = QHBoxLayout()
        back = Button(_("Back to the built-in script"), kind=Kind.QUIET)
        back.clicked.connect(self._on_reset)
        self.save = Button(_("Save script"), kind=Kind.MAIN)
        self.save.clicked.connect(self._on_save)
        buttons.addWidget(back)
        buttons.addStretch(1)
        buttons.addWidget(self.save)
        column.addLayout(buttons)
        self.kind.set_value(str(CallbackKind.ROUTINE))
        self.show_script()

    def _build_steps(self) -> QScrollArea:
        inner = QWidget()
        self._grid = QGridLayout(inner)
        self._grid.setColumnStretch(1, 1)
        self.steps: list[tuple[TextField, LongTextField]] = []
        for number in range(MAX_STEPS):
            title, words = TextField(_("Heading of step {n}").format(n=number + 1), 30), LongTextField(
                _("What is said in step {n}").format(n=number + 1), lines=2)  # fmt: skip
            title.setFixedWidth(px(170))
            title.setToolTip(_("Heading"))
            self._grid.addWidget(title, number, 0)
            self._grid.addWidget(words, number, 1)
            self.steps.append((title, words))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        return area

    def show_script(self) -> None:
        """Fill in the script that holds now."""
        desk, kind = self._place.desk, str(self.kind.value())
        own = callbacks_scripts.written(desk, kind)
        self._own.setText(_("Written by your team") if own else _("Built in"))
        found = callbacks_scripts.of_kind(desk, kind)
        for number, (title, words) in enumerate(self.steps):
            step = found[number] if number < len(found) else Step("", "")
            title.set_value(step.title)
            words.set_value(step.text)
        self.wrong.hide()

    def _on_save(self) -> None:
        desk, kind = self._place.desk, str(self.kind.value())
        steps = [Step(str(t.value() or ""), str(w.value() or "")) for t, w in self.steps]
        self._write(lambda: callbacks_scripts.save(desk, kind, steps))

    def _on_reset(self) -> None:
        desk, kind = self._place.desk, str(self.kind.value())
        self._write(lambda: callbacks_scripts.reset(desk, kind))


class ReasonsPane(_Saving):
    """The reasons of low scores with their digits, and the leave of callers."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._words = Words(place.desk)
        both = Beside((0, 0, 0, 0), 10)
        both.add(self._build_reasons(), 1)
        both.add(self._build_leave(), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(both)
        self.show_lists()

    def _build_reasons(self) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 14)
        column.addWidget(label(_("Reasons of low scores"), "strong"))
        text = _("The digit before a reason chooses it in the entry. An empty line retires it; "
                 "earlier answers keep it.")  # fmt: skip
        column.addWidget(label(text, "small", "2", wrap=True))
        self.reasons: list[TextField] = []
        self._keys: list[int] = []
        grid = QGridLayout()
        for number in range(callbacks_reasons.MOST):
            field = TextField("", 30)
            field.setAccessibleName(_("Reason {n}").format(n=number + 1))
            grid.addWidget(label(str(number + 1), "small", "2"), number, 0)
            grid.addWidget(field, number, 1)
            self.reasons.append(field)
        column.addLayout(grid)
        column.addWidget(self.wrong)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        self.save = Button(_("Save reasons"), kind=Kind.MAIN)
        self.save.clicked.connect(self._on_save)
        buttons.addWidget(self.save)
        column.addLayout(buttons)
        column.addStretch(1)
        return card

    def _build_leave(self) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 14)
        column.addWidget(label(_("On leave"), "strong"))
        text = _("Nobody on leave is handed a callback; what they have for these days goes back "
                 "to everybody.")  # fmt: skip
        column.addWidget(label(text, "small", "2", wrap=True))
        row = QHBoxLayout()
        self.person = ChoiceField(self._words.people())
        self.person.setAccessibleName(_("Person"))
        self.first, self.last = TextField("2026-04-01", 10), TextField("2026-04-03", 10)
        self.first.setAccessibleName(_("First day"))
        self.last.setAccessibleName(_("Last day"))
        self.first.setToolTip(_("First day"))
        self.last.setToolTip(_("Last day"))
        add = Button(_("Add"), icon="plus", small=True)
        add.clicked.connect(self._on_add)
        for widget in (self.person, self.first, self.last, add):
            row.addWidget(widget)
        column.addLayout(row)
        self._list = QVBoxLayout()
        column.addLayout(self._list)
        column.addStretch(1)
        return card

    def show_lists(self) -> None:
        """Fill in what holds now."""
        desk = self._place.desk
        items = desk.reference.items_of(callbacks_reasons.LIST)
        self._keys = [item.id for item in items]
        for number, field in enumerate(self.reasons):
            field.set_value(self._words.item(items[number].id) if number < len(items) else "")
        while (entry := self._list.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for leave in callbacks_hand_out.leaves(desk):
            holder = QWidget()
            row = QHBoxLayout(holder)
            row.setContentsMargins(0, 0, 0, 0)
            text = f"{self._words.person(leave.person_id)}  {leave.starts_on} – {leave.ends_on}"
            row.addWidget(label(text), 1)
            drop = Button(_("Remove"), icon="x", small=True)
            drop.setProperty("leave", leave.id)
            drop.clicked.connect(self._on_drop)
            row.addWidget(drop)
            self._list.addWidget(holder)

    def _on_save(self) -> None:
        desk = self._place.desk
        wanted = []
        for number, field in enumerate(self.reasons):
            name = str(field.value() or "").strip()
            key = self._keys[number] if number < len(self._keys) else 0
            if name:
                same = key and name == self._words.item(key)
                wanted.append((key, desk.reference.items[key].name if same else name))
        self._write(lambda: callbacks_reasons.save(desk, wanted))

    def _on_add(self) -> None:
        desk, person = self._place.desk, self.person.value()
        first, last = str(self.first.value() or ""), str(self.last.value() or "")
        self._write(lambda: callbacks_hand_out.add_leave(desk, int(person or 0), first, last))

    def _on_drop(self) -> None:
        sender = self.sender()
        desk = self._place.desk
        if sender is not None:
            key = int(sender.property("leave"))
            self._write(lambda: callbacks_hand_out.remove_leave(desk, key))
