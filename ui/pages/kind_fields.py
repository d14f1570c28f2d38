"""The fields that a kind of ticket asks for, in a form that follows the kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from svcdesk.domain import record_kinds
from svcdesk.i18n.catalog import _
from ui.models.choices import Choice
from ui.theme.tokens import GAP
from ui.widgets.editors import ChoiceField, TextField
from ui.widgets.form import Form
from ui.widgets.labels import label

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from svcdesk.domain.problem import Problem
    from svcdesk.domain.record_kinds import KindField

LONGEST = 200


def kind_editor(field: KindField) -> QWidget:
    """Return the editor of a field that belongs to a kind of ticket."""
    if field.choices:
        return ChoiceField([Choice(code, _(name)) for code, name in field.choices], _("Choose…"))
    return TextField("", LONGEST)


def kind_label(name: str) -> str:
    """Return the name of a field that belongs to a kind of ticket, its own name when unknown."""
    field = record_kinds.FIELDS.get(name)
    return _(field.label) if field is not None else name


def kind_value(name: str, value: object) -> str:
    """Return what a field of a kind holds, as people read it; "—" for nothing."""
    text = str(value or "").strip()
    field = record_kinds.FIELDS.get(name)
    names = dict(field.choices) if field is not None else {}
    return (_(names[text]) if text in names else text) or "—"


class KindFields(QWidget):
    """What the chosen kind asks for; what was typed for another kind waits until it comes back."""

    edited = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._kind = ""
        self._kept: dict[str, Any] = {}
        self._loaded: dict[str, Any] = {}
        self.form: Form | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP)
        self._needs = label("", "small", "2", wrap=True)
        self._column.addWidget(self._needs)
        self.hide()

    def populate(self, values: Mapping[str, Any]) -> None:
        """Show stored values; nothing counts as edited."""
        self._kept = dict(values)
        self._loaded = dict(values)
        kind, self._kind = self._kind, ""
        self.show_kind(kind)

    def enter(self, values: Mapping[str, Any]) -> None:
        """Put values into their fields as if they had been typed."""
        self._kept.update(values)
        if self.form is not None:
            self.form.enter(values)

    def show_kind(self, kind: str) -> None:
        """Ask for the fields of ``kind``."""
        if kind == self._kind:
            return
        self._keep()
        self._kind = kind
        if self.form is not None:
            self._column.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        own = [field for field in record_kinds.fields_of(kind) if not field.stored]
        if own:
            self.form = Form(columns=2)
            for field in own:
                text = _(field.label)
                if field.required:
                    text = _("{field} (needed to resolve)").format(field=text)
                self.form.add(field.name, text, kind_editor(field))
            self.form.populate(self._kept)
            self.form.edited.connect(self.edited)
            self._column.insertWidget(0, self.form)
        self.setVisible(bool(record_kinds.fields_of(kind)))

    def show_needs(self, record: Mapping[str, Any]) -> None:
        """Say what is still needed before a ticket like ``record`` can be resolved."""
        known = {**record, "details": self.values(), "request_type": self._kind}
        missing = {problem.field for problem in record_kinds.missing(known)}
        names = [_(f.label) for f in record_kinds.fields_of(self._kind) if f.name in missing]
        text = _("Needed before it can be resolved: {fields}").format(fields=_(", ").join(names))
        self._needs.setText(text if names else "")
        self._needs.setVisible(bool(names))

    def values(self) -> dict[str, Any]:
        """Return what stands in the fields of the kind shown."""
        return self.form.values() if self.form is not None else {}

    def typed(self) -> dict[str, Any]:
        """Return everything that was typed, also for kinds chosen before."""
        self._keep()
        return {
            name: value for name, value in self._kept.items() if value != self._loaded.get(name)
        }

    def changes(self) -> dict[str, Any]:
        """Return the values of the kind shown that differ from the stored ones."""
        return {
            name: value for name, value in self.values().items() if value != self._loaded.get(name)
        }

    def show_problems(
        self, problems: Sequence[Problem], say: Callable[[Problem], str]
    ) -> list[Problem]:
        """Put problems at their fields; return those without a field here."""
        names = set(self.values())
        if self.form is not None:
            self.form.show_problems([p for p in problems if p.field in names], say)
        return [problem for problem in problems if problem.field not in names]

    def _keep(self) -> None:
        self._kept.update(self.values())
