"""Editors of the fields that only the forms around a ticket ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.ticket import LinkKind, Party, VisitOutcome, WorkActivity
from svcdesk.i18n.catalog import N_, _
from svcdesk.services.tickets import ESCALATIONS
from ui.pages.fields import Fields
from ui.pages.wording import Words
from ui.widgets.editors import CheckField, ChoiceField, LongTextField, TextField

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from svcdesk.services.desk import Desk
    from ui.jobs.runner import Runner
    from ui.models.choices import Choice

LABELS = {
    "level": N_("Call in"),
    "reason": N_("Reason"),
    "ask_department": N_("Ask which department"),
    "person": N_("Who there (if known)"),
    "request": N_("What is asked"),
    "due_at": N_("Answer due"),
    "handoff_answer": N_("Answer of the department"),
    "promised_on": N_("Promised for (date)"),
    "technician": N_("Technician"),
    "window_start": N_("Window from"),
    "window_end": N_("until"),
    "promised": N_("The customer was told this window"),
    "by": N_("Who wanted it"),
    "outcome": N_("How it ended"),
    "parts_used": N_("Parts used"),
    "note": N_("Note"),
    "minutes": N_("Minutes"),
    "activity": N_("Activity"),
    "number": N_("Ticket no."),
    "kind": N_("How they belong together"),
    "title": N_("Title"),
    "description": N_("Problem description"),
}
_LONG = {"request": 3, "handoff_answer": 3, "note": 2}


class WholeNumber(TextField):
    """A whole number; anything else is handed over as it was typed and refused with a sentence."""

    def value(self) -> object:
        """Return the number."""
        text = self.text().strip()
        return int(text) if text.isdecimal() else text or None


class TicketFields(Fields):
    """The fields of a ticket and of what belongs to it."""

    def __init__(self, desk: Desk, runner: Runner) -> None:
        super().__init__(desk, runner)
        self._ticket_words = Words(desk)

    def label(self, entity: str, name: str) -> str:
        """Return the name of a field."""
        return _(LABELS[name]) if name in LABELS else super().label(entity, name)

    def editor(self, entity: str, name: str, hint: str = "") -> QWidget:
        """Return the editor of a field."""
        choices = self._own_choices(name)
        if choices is not None:
            return ChoiceField(choices, _("Choose…"))
        if name in _LONG:
            return LongTextField(hint, _LONG[name])
        if name == "promised":
            return CheckField(_(LABELS[name]))
        if name in {"window_start", "window_end"}:
            return super().editor(entity, "due_at", hint)
        if name == "minutes":
            return WholeNumber(hint, 4)
        return super().editor(entity, name, hint)

    def _own_choices(self, name: str) -> list[Choice] | None:
        words = self._ticket_words
        codes = {
            "level": ("EscalationLevel", [str(level) for level in ESCALATIONS]),
            "by": ("Party", [str(party) for party in Party]),
            "outcome": ("VisitOutcome", [str(o) for o in VisitOutcome if o != "cancelled"]),
            "activity": ("WorkActivity", [str(activity) for activity in WorkActivity]),
            "kind": ("LinkKind", [str(k) for k in LinkKind if k != LinkKind.SPLIT]),
        }
        if name in codes:
            return words.codes(*codes[name])
        if name == "ask_department":
            return words.items("department", tree=True)
        return words.people() if name in {"person", "technician"} else None
