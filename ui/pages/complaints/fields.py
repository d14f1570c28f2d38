"""Editors of the fields of a complaint and of what belongs to it.

A name with a dot belongs to a part: ``complaint_case.case_no`` is the number of an external case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.complaint import CaseBody, EscalationCause, EscalationLevel, ExposureState
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import field_label
from ui.pages.complaints.chip_field import ChipField
from ui.pages.fields import Fields
from ui.pages.wording import Words
from ui.widgets.editors import CheckField, ChoiceField, LongTextField, TextField

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from svcdesk.services.desk import Desk
    from ui.jobs.runner import Runner
    from ui.models.choices import Choice

_LONG = {"task": 3, "answer": 3, "reason": 2, "note": 2, "outcome": 2, "text": 3, "cause": 2,
         "measure": 2, "penalty_note": 2}  # fmt: skip


class WholeNumber(TextField):
    """A whole number; anything else is handed over as it was typed and refused with a sentence."""

    def value(self) -> object:
        """Return the number."""
        text = self.text().strip().replace(",", "")
        return int(text) if text.isdecimal() else text or None


class ComplaintFields(Fields):
    """The fields of a complaint, of its parts, and of the forms in its side pane."""

    def __init__(self, desk: Desk, runner: Runner) -> None:
        super().__init__(desk, runner)
        self._own = Words(desk)

    def label(self, entity: str, name: str) -> str:
        """Return the name of a field."""
        part, dot, field = name.partition(".")
        if dot:
            return field_label(part, field)
        return _("Ticket no.") if name == "ticket_number" else super().label(entity, name)

    def editor(self, entity: str, name: str, hint: str = "") -> QWidget:
        """Return the editor of a field."""
        part, dot, field = name.partition(".")
        if not dot:
            if name == "pain_tags":
                return ChipField(self._own.items("pain_tag"))
            if name == "exposure_reach":
                return WholeNumber(hint, 12)
            return super().editor(entity, name, hint)
        choices = self._part_choices(field)
        if choices is not None:
            return ChoiceField(choices, _("Choose…"))
        if field == "personal_fault":
            return CheckField(field_label(part, field))
        if field in _LONG:
            return LongTextField(hint, _LONG[field])
        if field == "reach":
            return WholeNumber(hint, 12)
        if field.endswith("_at") or field == "at":
            return super().editor(entity, "due_at", hint)
        return TextField(hint, 200)

    def _part_choices(self, field: str) -> list[Choice] | None:
        codes: dict[str, tuple[str, Any]] = {
            "body": ("CaseBody", CaseBody),
            "level": ("EscalationLevel", EscalationLevel),
            "why": ("EscalationCause", EscalationCause),
            "state": ("ExposureState", ExposureState),
        }
        if field in codes:
            kind, members = codes[field]
            return self._own.codes(kind, [str(member) for member in members])
        if field == "department":
            return self._own.items("department", tree=True)
        return self._own.people() if field in {"person", "to"} else None
