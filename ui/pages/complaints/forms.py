"""The fields of a complaint in sections, and what belongs to it, behind tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, pgettext
from ui.pages.complaints.fields import ComplaintFields
from ui.pages.complaints.parts import Parts
from ui.pages.complaints.severity_note import WATCHED, SeverityNote
from ui.pages.fields import to_columns
from ui.pages.wording import Words
from ui.widgets.editors import ChoiceField
from ui.widgets.form import Form
from ui.widgets.labels import box
from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from svcdesk.domain.problem import Problem
    from svcdesk.services.complaint_detail import ComplaintDetail
    from ui.pages.page import Workplace

SECTIONS: dict[str, tuple[str, ...]] = {
    "case": ("category_l1", "category_l2", "channel", "severity", "description", "demand",
             "demand_amount", "product", "order", "serial_no", "region", "on_behalf",
             "complained_of", "pain_tags", "severity_reason"),
    "handling": ("resp_dept", "resp_person", "handler", "liability", "cause", "answer", "remedy",
                 "compensation", "overdue_reason", "overdue_plan"),
    "parts": (),
    "outside": ("social_exposure", "exposure_platform", "exposure_reach", "exposure_state",
                "exposure_url", "exposure_handler"),
    "impact": ("impact_lost", "impact_lost_amount", "impact_cost", "impact_reputation",
               "impact_compliance", "impact_guarantees", "impact_legal", "impact_legal_cost"),
}  # fmt: skip
SPANS = {"description": 4, "cause": 2, "answer": 2, "overdue_plan": 3, "pain_tags": 2,
         "severity_reason": 2, "exposure_url": 3}  # fmt: skip
REQUIRED = frozenset({"category_l1", "channel", "severity", "description"})


def names() -> dict[str, str]:
    """Return the names of the tabs."""
    return {
        "case": pgettext("complaint", "Case"),
        "handling": _("Handling"),
        "parts": _("Departments and tickets"),
        "outside": _("Outside and exposure"),
        "impact": _("Trace and impact"),
    }


class ComplaintForms(QWidget):
    """One form per section; together they are read and filled as one."""

    dirty_changed = Signal(bool)
    edited = Signal(str)
    move_wanted = Signal(str, object)
    record_wanted = Signal(str, object)  # page, key

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._words = Words(place.desk)
        fields = ComplaintFields(place.desk, place.runner)
        self._forms: dict[str, Form] = {}
        self._where: dict[str, str] = {}
        self.note = SeverityNote(place)
        self._parts = {
            key: Parts(place.desk, key) for key in ("parts", "outside", "impact", "handling")
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        titles = names()
        self.tabs = TabRow([TabDef(key, titles[key]) for key in SECTIONS])
        self.tabs.choose("case")
        self.tabs.chosen.connect(self.show_section)
        column.addWidget(self.tabs)
        self._stack = QStackedWidget()
        column.addWidget(self._stack)
        for section, listed in SECTIONS.items():
            self._stack.addWidget(self._section(section, listed, fields))
        for parts in self._parts.values():
            parts.move_wanted.connect(self.move_wanted)
            parts.record_wanted.connect(self.record_wanted)
        self._fit()

    def _section(self, section: str, listed: tuple[str, ...], fields: ComplaintFields) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        if listed:
            form = Form(columns=4)
            for name in listed:
                fields.add(
                    form, "complaint", name, span=SPANS.get(name, 1), required=name in REQUIRED
                )
                self._where[name] = section
            form.dirty_changed.connect(self._on_dirty)
            form.edited.connect(self._on_edited)
            self._forms[section] = form
            column.addWidget(form)
        if section == "case":
            column.addWidget(self.note)
        if section in self._parts:
            column.addWidget(self._parts[section])
        column.addStretch(1)
        return card

    def show_section(self, section: str) -> None:
        """Show a tab."""
        self.tabs.choose(section)
        self._stack.setCurrentIndex(list(SECTIONS).index(section))
        self._fit()

    def _fit(self) -> None:
        """Let only the section shown ask for room."""
        for place in range(self._stack.count()):
            widget = self._stack.widget(place)
            if widget is None:
                continue
            shown = place == self._stack.currentIndex()
            policy = widget.sizePolicy()
            vertical = policy.Policy.Preferred if shown else policy.Policy.Ignored
            policy.setVerticalPolicy(vertical)
            widget.setSizePolicy(policy)
        self._stack.updateGeometry()

    # --- as one form ---------------------------------------------------------------------

    @property
    def dirty(self) -> bool:
        """Whether something was changed since ``populate``."""
        return any(form.dirty for form in self._forms.values())

    def editor(self, name: str) -> Any:
        """Return the editor of a field."""
        return self._forms[self._where[name]].editor(name)

    def field(self, name: str) -> Any:
        """Return a field."""
        return self._forms[self._where[name]].field(name)

    def names(self) -> list[str]:
        """Return the names of all fields."""
        return list(self._where)

    def values(self) -> dict[str, Any]:
        """Return what stands in the fields."""
        return {k: v for form in self._forms.values() for k, v in form.values().items()}

    def changes(self) -> dict[str, Any]:
        """Return what differs from what was filled in."""
        return {k: v for form in self._forms.values() for k, v in form.changes().items()}

    def populate(self, values: Mapping[str, Any]) -> None:
        """Show ``values``; nothing counts as edited."""
        for form in self._forms.values():
            form.populate(values)

    def show_problems(
        self, problems: Sequence[Problem], say: Callable[[Problem], str]
    ) -> list[str]:
        """Put each problem at its field and show the section of the first."""
        listed = list(problems)
        first = next((self._where[p.field] for p in listed if p.field in self._where), None)
        if first is not None:
            self.show_section(first)
        for section, form in self._forms.items():
            form.show_problems([p for p in listed if self._where.get(p.field) == section], say)
        return [say(p) for p in listed if p.field not in self._where]

    def subtypes(self) -> None:
        """Offer the subcategories of the chosen category."""
        editor, parent = self.editor("category_l2"), self.editor("category_l1").value()
        if isinstance(editor, ChoiceField):
            choices = self._words.items("category", parent_id=parent) if parent else []
            editor.set_choices(choices)
            editor.setEnabled(bool(choices))

    # --- showing -------------------------------------------------------------------------

    def show_detail(self, detail: ComplaintDetail) -> None:
        """Show what belongs to a complaint, and what is proposed for it."""
        self.note.show_proposal(detail.proposal)
        for key, parts in self._parts.items():
            count = parts.show_detail(detail)
            if key != "handling":
                self.tabs.set_count(key, count or None)
        self._fit()

    def _on_edited(self, key: str) -> None:
        if key == "category_l1":
            self.subtypes()
        self.edited.emit(key)

    def _on_dirty(self, _dirty: bool) -> None:
        self.dirty_changed.emit(self.dirty)

    def propose(self, key: str, complaint: Mapping[str, Any]) -> None:
        """Propose anew when a field that matters was typed in."""
        if key in WATCHED:
            self.note.show_values({**complaint, **to_columns(self.values())})
