"""Editors by field name, so that every form asks for the same thing in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain import record_kinds
from svcdesk.domain.complaint import Demand, ExposureState, Liability, Remedy, Severity
from svcdesk.domain.ticket import Complexity, Priority, RequestType, ResolutionCode
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import field_label
from ui.pages.kind_fields import kind_editor, kind_label
from ui.pages.product_field import ProductField
from ui.pages.wording import Words
from ui.widgets.editors import (
    CheckField,
    ChoiceField,
    LongTextField,
    ManyField,
    MoneyField,
    TextField,
    TimeField,
)

if TYPE_CHECKING:
    from enum import Enum

    from PySide6.QtWidgets import QWidget

    from svcdesk.services.desk import Desk
    from ui.jobs.runner import Runner
    from ui.models.choices import Choice
    from ui.widgets.form import Form

# the name a problem speaks of -> the column that is stored
COLUMNS = {
    "customer": "customer_id",
    "product": "product_id",
    "channel": "channel_id",
    "issue_l1": "issue_id",
    "issue_l2": "issue_sub_id",
    "category_l1": "category_id",
    "category_l2": "category_sub_id",
    "resp_dept": "resp_dept_id",
    "department": "department_id",
    "owner": "owner_id",
    "handler": "handler_id",
    "resp_person": "resp_person_id",
    "overdue_reason": "overdue_reason_id",
    "complained_of": "complained_of_id",
    "told_channel": "told_channel_id",
    "exposure_handler": "exposure_handler_id",
    "merged_into": "merged_into_id",
    "order": "order_no",
}
_ENUMS: dict[str, type[Enum]] = {
    "request_type": RequestType,
    "priority": Priority,
    "complexity": Complexity,
    "resolution_code": ResolutionCode,
    "severity": Severity,
    "demand": Demand,
    "liability": Liability,
    "exposure_state": ExposureState,
}
_LISTS = {
    "channel": "channel",
    "issue_l1": "issue",
    "category_l1": "category",
    "resp_dept": "department",
    "department": "department",
    "overdue_reason": "overdue_reason",
    "told_channel": "channel",
}
_CHILDREN = {"issue_l2", "category_l2"}
_PEOPLE = {"owner", "handler", "resp_person", "technician", "complained_of", "exposure_handler"}
_LONG = {"solution": 3, "description": 4, "reason": 2, "text": 2, "cause": 2, "answer": 3,
         "overdue_plan": 2, "extension_reason": 2, "comment": 2, "withdraw_evidence": 2, "notes": 2}  # fmt: skip
_MONEY = {"demand_amount", "compensation", "impact_lost_amount", "impact_cost", "impact_legal_cost"}
_ALWAYS_SET = {"request_type", "priority", "complexity", "severity"}
_CHECKS = {"callback_required", "social_exposure", "impact_lost", "impact_reputation",
           "impact_compliance", "impact_guarantees", "impact_legal"}  # fmt: skip
STEP_LABELS = {"department": "waiting_for"}


def own_field(name: str) -> bool:
    """Tell whether a field belongs to a kind of ticket alone (no column of every ticket)."""
    field = record_kinds.FIELDS.get(name)
    return field is not None and not field.stored


class Fields:
    """Makes editors for the fields of one desk; ``runner`` looks up what is found while typing."""

    def __init__(self, desk: Desk, runner: Runner | None = None) -> None:
        self._desk = desk
        self._runner = runner
        self._words = Words(desk)

    def label(self, entity: str, name: str) -> str:
        """Return the name of a field."""
        if entity == "ticket" and own_field(name):
            return kind_label(name)
        return field_label(entity, STEP_LABELS.get(name, name))

    def editor(self, entity: str, name: str, hint: str = "") -> QWidget:
        """Return the editor of a field."""
        if entity == "ticket" and own_field(name):
            return kind_editor(record_kinds.FIELDS[name])
        if name == "product" and self._runner is not None:
            return ProductField(self._desk, self._runner)
        choices = self._choices(name)
        if choices is not None:
            return ChoiceField(choices, None if name in _ALWAYS_SET else _("Choose…"))
        if name == "remedy":
            return ManyField(self._words.codes("Remedy", Remedy), _("Choose…"))
        if name == "pain_tags":
            return ManyField(self._words.items("pain_tag"), _("Choose…"))
        return self._typed(entity, name, hint)

    def optional(self, name: str) -> ChoiceField:
        """Return an editor that may leave the field as it is, whatever forms demand."""
        return ChoiceField(self._choices(name) or [], _("as it is"))

    def children(self, list_name: str, parent: object) -> list[Choice]:
        """Return the entries below an entry of a reference list."""
        key = parent if isinstance(parent, int) else None
        return self._words.items(list_name, parent_id=key) if key is not None else []

    def _typed(self, entity: str, name: str, hint: str) -> QWidget:
        if name in _LONG:
            return LongTextField(hint, _LONG[name])
        if name in _MONEY:
            return MoneyField()
        if name.endswith("_at"):
            return TimeField(self._desk.reference.settings["timezone"])
        if name in _CHECKS:
            return CheckField(self.label(entity, name))
        return TextField(hint, 100 if name == "title" else 200)

    def _choices(self, name: str) -> list[Choice] | None:
        """Return what a field chooses from, None when it is no choice."""
        if name in _ENUMS:
            kind = _ENUMS[name]
            return self._words.codes(kind.__name__, [str(member.value) for member in kind])
        if name in _LISTS:
            tree = name in {"resp_dept", "department"}
            return self._words.items(_LISTS[name], tree=tree)
        if name in _CHILDREN:
            return []  # filled by the form when the parent is chosen
        return self._words.people() if name in _PEOPLE else None

    def add(self, form: Form, entity: str, name: str, *, span: int = 1, required: bool = False,
            hint: str = "") -> None:  # fmt: skip
        """Add a field to a form."""
        editor = self.editor(entity, name, hint)
        text = "" if isinstance(editor, CheckField) else self.label(entity, name)
        form.add(name, text, editor, span=span, required=required)


def to_columns(values: dict[str, Any]) -> dict[str, Any]:
    """Return form values by the names they are stored under."""
    return {COLUMNS.get(name, name): value for name, value in values.items()}


def from_columns(record: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """Return the values of a stored record by the names of the form."""
    return {name: record.get(COLUMNS.get(name, name)) for name in names}
