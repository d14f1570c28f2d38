"""What is asked for a change of many tickets: one small form per kind of change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain.lifecycle import TICKET
from svcdesk.domain.ticket import Priority, RequestType, ResolutionCode
from svcdesk.i18n.catalog import _
from svcdesk.services import bulk
from ui.models.choices import Choice
from ui.pages.wording import Words
from ui.widgets.editors import ChoiceField, TextField
from ui.widgets.labels import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.services.desk import Desk

ASSIGN, CHANGE, STEP, TAG, MERGE = "assign", "change", "step", "tag", "merge"
_COMMA = re.compile(r"[,，、;；\s]+")
# fields that a step asks for
_STEP_FIELDS: dict[str, tuple[str, ...]] = {
    "resolve": ("solution", "resolution_code", "overdue_reason_id"),
    "close": ("overdue_reason_id",),
    "cancel": ("reason",),
    "return": ("reason",),
    "transfer": ("reason",),
    "wait_internal": ("reason", "department_id"),
}
_NOT_FOR_MANY = frozenset({"merge", "assign", "redispatch"})


class BulkForm(QWidget):
    """Editors of one kind of change; ``change`` is None while something is missing."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._words = Words(desk)
        self._editors: dict[str, Any] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)

    def _add(self, key: str, name: str, editor: Any, stretch: int = 1) -> None:
        """Put an editor under its name."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(label(name, "small", "2"))
        editor.setAccessibleName(name)
        column.addWidget(editor)
        signal = editor.textChanged if isinstance(editor, TextField) else editor.changed
        signal.connect(self.changed)
        self._editors[key] = editor
        self._row.addWidget(holder, stretch)

    def _remove(self, key: str) -> None:
        editor = self._editors.pop(key)
        holder = editor.parentWidget()
        holder.hide()
        self._row.removeWidget(holder)
        holder.deleteLater()

    def value(self, key: str) -> Any:
        """Return what an editor holds, None when it is not there."""
        editor = self._editors.get(key)
        return None if editor is None else editor.value()

    def set_value(self, key: str, value: Any) -> None:
        """Fill an editor as the user would."""
        self._editors[key].set_value(value)

    def focus(self) -> None:
        """Begin with the first editor."""
        next(iter(self._editors.values())).setFocus()

    def change(self) -> bulk.Change | None:
        """Return the change, None while something is missing."""
        raise NotImplementedError


class AssignForm(BulkForm):
    """To whom, and why."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._add("owner_id", _("New owner"), ChoiceField(self._words.people(), _("Choose…")))
        self._add("reason", _("Reason (for work that has begun)"), TextField(), 2)

    def change(self) -> bulk.Change | None:
        """Return who gets the tickets."""
        owner = self.value("owner_id")
        return None if owner is None else bulk.Assign(int(owner), self.value("reason") or "")


class ChangeForm(BulkForm):
    """Which field gets which value."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        names = [
            Choice("priority", _("Priority")), Choice("issue_id", _("Issue type")),
            Choice("resp_dept_id", _("Department")), Choice("channel_id", _("Channel")),
            Choice("request_type", _("Service type")), Choice("region", _("Region")),
        ]  # fmt: skip
        self._add("field", _("Field"), ChoiceField(names))
        self._editors["field"].setCurrentIndex(0)
        self._add("value", _("New value"), ChoiceField([], _("Choose…")), 2)
        self._add("reason", _("Reason for the priority"), TextField(), 2)
        self._editors["field"].changed.connect(self._on_field)
        self._on_field()

    def _on_field(self) -> None:
        field = self.value("field")
        words = self._words
        choices = {
            "priority": lambda: words.codes("Priority", Priority),
            "request_type": lambda: words.codes("RequestType", RequestType),
            "issue_id": lambda: words.items("issue"),
            "channel_id": lambda: words.items("channel"),
            "resp_dept_id": lambda: words.items("department", tree=True),
        }
        self._remove("value")
        self._remove("reason")
        editor = TextField() if field == "region" else ChoiceField(choices[field](), _("Choose…"))
        self._add("value", _("New value"), editor, 2)
        self._add("reason", _("Reason for the priority"), TextField(), 2)
        self._editors["reason"].parentWidget().setVisible(field == "priority")
        self.changed.emit()

    def change(self) -> bulk.Change | None:
        """Return the field and its value."""
        value = self.value("value")
        if value is None:
            return None
        values = {str(self.value("field")): value}
        if self.value("field") == "priority" and self.value("reason"):
            values["priority_reason"] = self.value("reason")
        return bulk.SetFields(values)


class StepForm(BulkForm):
    """Which step, and what it asks for."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        steps = {t.action: t.label for t in TICKET.transitions if t.action not in _NOT_FOR_MANY}
        choices = [Choice(action, _(text)) for action, text in steps.items()]
        self._add("action", _("Step"), ChoiceField(choices, _("Choose…")))
        self._editors["action"].changed.connect(self._on_action)

    def _on_action(self) -> None:
        for key in [key for key in self._editors if key != "action"]:
            self._remove(key)
        words = self._words
        for name in _STEP_FIELDS.get(str(self.value("action")), ()):
            if name == "resolution_code":
                codes = words.codes("ResolutionCode", ResolutionCode)
                self._add(name, _("How it was solved"), ChoiceField(codes, _("Choose…")))
            elif name == "department_id":
                items = words.items("department", tree=True)
                self._add(name, _("Department"), ChoiceField(items, _("Choose…")))
            elif name == "overdue_reason_id":
                items = words.items("overdue_reason")
                self._add(name, _("Reason for the delay"), ChoiceField(items, _("none")))
            else:
                text = _("Solution") if name == "solution" else _("Reason")
                self._add(name, text, TextField(), 2)
        self.changed.emit()

    def change(self) -> bulk.Change | None:
        """Return the step with what was entered for it."""
        action = self.value("action")
        if action is None:
            return None
        values = {key: editor.value() for key, editor in self._editors.items() if key != "action"}
        values = {key: value for key, value in values.items() if value is not None}
        for name in ("department", "overdue_reason"):  # the guards ask by the field's name
            if f"{name}_id" in values:
                values[name] = values[f"{name}_id"]
        return bulk.TakeStep(str(action), values)


class TagForm(BulkForm):
    """Tags to add and to take away."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._add("add", _("Add tags"), TextField())
        self._add("remove", _("Remove tags"), TextField())

    def _tags(self, key: str) -> tuple[str, ...]:
        parts = _COMMA.split(self.value(key) or "")
        return tuple(dict.fromkeys(part for part in parts if part))

    def change(self) -> bulk.Change | None:
        """Return the tags."""
        add, remove = self._tags("add"), self._tags("remove")
        return bulk.Tag(add, remove) if add or remove else None


class MergeForm(BulkForm):
    """Which ticket stays."""

    def __init__(self, desk: Desk, tickets: Sequence[Choice]) -> None:
        super().__init__(desk)
        self._add("into", _("Ticket that stays"), ChoiceField(tickets, _("Choose…")))

    def change(self) -> bulk.Change | None:
        """Return the ticket that the others are merged into."""
        into = self.value("into")
        return None if into is None else bulk.TakeStep("merge", {"merged_into_id": int(into)})


def make(kind: str, desk: Desk, tickets: Sequence[Choice]) -> BulkForm:
    """Return the form of a kind of change."""
    if kind == MERGE:
        return MergeForm(desk, tickets)
    forms: dict[str, type[AssignForm | ChangeForm | StepForm | TagForm]] = {
        ASSIGN: AssignForm, CHANGE: ChangeForm, STEP: StepForm, TAG: TagForm,
    }  # fmt: skip
    return forms[kind](desk)
