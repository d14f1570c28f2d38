"""What a macro does, edited: one row per action, each with the fields that fit it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.aids import SETTABLE, SPOKEN, Do
from svcdesk.domain.ticket import WorkActivity
from svcdesk.i18n.catalog import _
from svcdesk.services import aids
from ui.models.choices import Choice
from ui.pages.fields import COLUMNS, Fields
from ui.pages.settings.template_bodies import Row, RowsBody, in_braces
from ui.pages.tickets.fields import WholeNumber
from ui.pages.wording import Words
from ui.widgets.editors import ChoiceField, LongTextField, TextField
from ui.widgets.form import Form

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtWidgets import QWidget

    from svcdesk.domain.aids import Aid
    from ui.pages.page import Workplace

_NAMES = {column: name for name, column in COLUMNS.items()}
_SPEAKING = tuple(
    sorted(SPOKEN, key=("public_reply", "internal_note", "call_out", "call_in").index)
)
_WIDE = frozenset({"text", "solution"})


def do_choices() -> list[Choice]:
    """Return what a macro can do."""
    names = {
        Do.SET: _("Set a field"), Do.TAG: _("Add a tag"), Do.SAY: _("Write a reply or note"),
        Do.CHECKLIST: _("Add a checklist"), Do.CALLBACK: _("Plan a callback"),
        Do.TIME: _("Note time spent"), Do.STEP: _("Take a step"),
    }  # fmt: skip
    return [Choice(str(do), names[do]) for do in Do]


class ActionRow(Row):
    """What is done, and with what."""

    def __init__(self, place: Workplace, checklists: Sequence[Aid]) -> None:
        super().__init__()
        self._place = place
        self._words = Words(place.desk)
        self._fields = Fields(place.desk, place.runner)
        self._checklists = checklists
        self._form: Form | None = None
        self.do = ChoiceField(do_choices())
        self.do.setAccessibleName(_("What the macro does"))
        self.do.changed.connect(self._rebuild)
        self.room.addWidget(self.do)
        self.setFocusProxy(self.do)
        self._rebuild()

    def _editors(self, do: str, field: str) -> list[tuple[str, str, QWidget]]:
        """Return name, label and editor of the fields of an action."""
        words = self._words
        if do == Do.SET:
            choices = [Choice(n, self._fields.label("ticket", _NAMES.get(n, n))) for n in SETTABLE]
            return [
                ("field", _("Field"), ChoiceField(choices)),
                ("value", _("Value"), self._value(field)),
            ]
        if do == Do.TAG:
            return [("add", _("Tag"), TextField("", 20))]
        if do == Do.SAY:
            kinds = words.codes("TicketEventType", _SPEAKING)
            hint = _("Placeholders such as {name} are filled in.").format(
                name=in_braces("customer")
            )
            return [("kind", _("As"), ChoiceField(kinds)), ("text", _("Text"), LongTextField(hint))]
        if do == Do.CHECKLIST:
            found = [Choice(aid.id, aid.name) for aid in self._checklists]
            return [("id", _("Checklist"), ChoiceField(found, _("Choose…")))]
        if do == Do.CALLBACK:
            return [("hours", _("In how many hours"), WholeNumber("24", 4))]
        if do == Do.TIME:
            kinds = words.codes("WorkActivity", [str(a) for a in WorkActivity])
            return [
                ("minutes", _("Minutes"), WholeNumber("15", 4)),
                ("activity", _("Activity"), ChoiceField(kinds)),
            ]
        steps = [Choice(action, name) for action, name in aids.macro_steps()]
        return [
            ("action", _("Step"), ChoiceField(steps)),
            ("reason", _("Reason (if it needs one)"), TextField("", 200)),
        ]

    def _value(self, field: str) -> QWidget:
        """Return the editor of the value that a field is set to."""
        if field in {"issue_id", "issue_sub_id"}:
            return ChoiceField(self._words.items("issue", tree=True), _("Choose…"))
        return self._fields.editor("ticket", _NAMES.get(field, field))

    def _rebuild(self, field: str = "") -> None:
        if self._form is not None:
            self.room.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
        form = Form(columns=2)
        do = str(self.do.value())
        field = field or SETTABLE[0]
        for name, text, editor in self._editors(do, field):
            form.add(name, text, editor, span=2 if name in _WIDE else 1)
        if do == Do.SET:
            form.populate({"field": field})
        form.edited.connect(self._on_edited)
        self.room.addWidget(form)
        self._form = form

    def _on_edited(self, key: str) -> None:
        if key == "field" and self._form is not None:
            self._rebuild(str(self._form.editor("field").value()))

    def action(self) -> dict[str, Any]:
        """Return the action as it is kept."""
        do = str(self.do.value())
        values = {} if self._form is None else self._form.values()
        if do == Do.STEP:
            reason = values.pop("reason", None)
            values["values"] = {"reason": reason} if reason else {}
        if do == Do.SET and isinstance(values.get("value"), bool):
            values["value"] = int(values["value"])
        return {"do": do, **values}

    def show_action(self, action: Mapping[str, Any]) -> None:
        """Show an action."""
        self.do.set_value(str(action.get("do")))
        self._rebuild(str(action.get("field") or ""))
        if self._form is not None:
            reason = (action.get("values") or {}).get("reason")
            self._form.populate({**action, "reason": reason})


class MacroBody(RowsBody):
    """The actions of a macro."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(_("Add what it does"))
        self._place = place
        self._checklists: list[Aid] = []

    def make_row(self) -> Row:
        """Return an action that is not filled in."""
        return ActionRow(self._place, self._checklists)

    def show_checklists(self, found: Sequence[Aid]) -> None:
        """Take the checklists that an action may add."""
        self._checklists = list(found)

    def body(self) -> dict[str, Any]:
        """Return the actions."""
        return {"actions": [row.action() for row in self.rows]}

    def show_body(self, body: Mapping[str, Any]) -> None:
        """Show the actions."""
        self.clear()
        for action in body.get("actions") or ():
            self.add_row().show_action(action)
