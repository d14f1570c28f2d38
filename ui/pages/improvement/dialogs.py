"""Forms of the improvement loop: an item, a measure, the progress of a measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.improvement import QUESTIONS, ActionKind, ItemSource
from svcdesk.domain.metrics.registry import METRICS
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import field_label
from svcdesk.services import improvement_measures, improvements
from ui.models.choices import Choice
from ui.pages.customers.dialogs import DateField
from ui.pages.form_dialog import FormDialog
from ui.pages.wording import Words
from ui.widgets.editors import ChoiceField, LongTextField, MoneyField, TextField

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.pages.page import Workplace

ENTITY = "improvement_item"


class NumberField(TextField):
    """A number, or none; what is no number is handed on as it was typed."""

    def value(self) -> Any:
        """Return the number."""
        text = super().value()
        if text is None:
            return None
        try:
            return float(str(text).replace(",", "").rstrip("%％"))
        except ValueError:
            return text

    def set_value(self, value: Any) -> None:
        """Show a number without needless zeros."""
        super().set_value(f"{value:g}" if isinstance(value, int | float) else value)


def rating() -> list[Choice]:
    """Return the grades of impact and effort."""
    return [
        Choice(1, pgettext("grade", "Low")), Choice(2, pgettext("grade", "Medium")),
        Choice(3, pgettext("grade", "High")),
    ]  # fmt: skip


class ItemDialog(FormDialog):
    """The facts of an item: the problem in 5W2H, its metric, its SMART target."""

    def __init__(
        self, parent: QWidget, place: Workplace, item: dict[str, Any] | None = None
    ) -> None:
        title = _("New improvement item") if item is None else _("Edit the improvement item")
        super().__init__(parent, place, title, _("Save"))
        self._item = item
        words, form = Words(place.desk), self.form

        def named(name: str) -> str:
            return field_label(ENTITY, name)

        form.add("title", _("Problem"), TextField("", 200), span=2, required=True)
        form.add("source", named("source"), ChoiceField(words.codes("ItemSource", ItemSource)))
        form.add("owner_id", named("owner"),
                 ChoiceField(words.people(), pgettext("manager", "Nobody")))  # fmt: skip
        form.add("metric", named("metric"),
                 ChoiceField([Choice(m.id, _(m.label)) for m in METRICS], _("none")))  # fmt: skip
        form.add("department_id", named("dept"),
                 ChoiceField(words.items("department", tree=True), _("none")))  # fmt: skip
        form.add("target", named("target"), NumberField("", 20))
        form.add("target_date", named("target_date"), DateField(_("no day")))
        form.add("impact", _("Impact"), ChoiceField(rating(), _("not rated")))
        form.add("effort", _("Effort"), ChoiceField(rating(), _("not rated")))
        for question, text in QUESTIONS.items():
            span = 2 if question == "what" else 1
            form.add(f"problem.{question}", _(text), TextField("", 500), span=span)
        form.add("containment", named("containment"), LongTextField("", 2), span=2)
        form.add("standardised", named("standardised_into"),
                 TextField(_("SOP or article, such as “Route planning V1”"), 200))  # fmt: skip
        form.add("recognition", named("recognition"), TextField("", 200))
        known = dict(item or {"source": "manual", "owner_id": None})
        answers = known.get("problem") or {}
        form.populate(known | {f"problem.{q}": answers.get(q) for q in QUESTIONS})
        form.editor("title").setFocus()

    def save(self) -> None:
        """Write the item."""
        values = self.form.values()
        answers = {q: values.pop(f"problem.{q}") for q in QUESTIONS}
        values["problem"] = {q: text for q, text in answers.items() if text}
        desk, item = self.place.desk, self._item
        if item is None:
            self.write(lambda: improvements.create(desk, values))
        else:
            key, version = int(item["id"]), int(item["row_version"])
            self.write(lambda: improvements.change(desk, key, values, version))


class MeasureDialog(FormDialog):
    """A measure: what, who, until when, with what."""

    def __init__(
        self, parent: QWidget, place: Workplace, item_id: int, action: dict[str, Any] | None = None
    ) -> None:
        title = _("New measure") if action is None else _("Edit the measure")
        super().__init__(parent, place, title, _("Save"))
        self._item, self._action = item_id, action
        words, form = Words(place.desk), self.form
        form.add("text", _("What is to be done"), LongTextField("", 2), span=2, required=True)
        form.add("kind", _("Kind"), ChoiceField(words.codes("ActionKind", ActionKind)))
        form.add("owner_id", field_label("improvement_item", "owner"),
                 ChoiceField(words.people(), _("Choose…")), required=True)  # fmt: skip
        due = DateField(_("Due"))
        due.require()
        form.add("due_date", _("Due"), due, required=True)
        form.add("resources", _("Resources"), TextField(_("People, tools, material"), 200))
        form.add("cost", field_label("improvement_item", "cost"), MoneyField())
        form.add("hours", field_label("improvement_item", "hours"), NumberField("", 8))
        form.add("evidence", _("Proof that it was done"), TextField("", 300), span=2)
        today = words.local(words.now()).date().isoformat()
        form.populate(action or {"kind": "corrective", "due_date": today})
        form.editor("text").setFocus()

    def save(self) -> None:
        """Write the measure."""
        desk, values, action = self.place.desk, self.form.values(), self._action
        if isinstance(values["hours"], float):
            values["hours"] = round(values["hours"])
        if action is None:
            self.write(lambda: improvement_measures.add(desk, self._item, values))
        else:
            key, version = int(action["id"]), int(action["row_version"])
            self.write(lambda: improvement_measures.change(desk, key, values, version))


class ProgressDialog(FormDialog):
    """How far a measure is, or what blocks it."""

    def __init__(
        self, parent: QWidget, place: Workplace, action: dict[str, Any], *, blocks: bool
    ) -> None:
        title = _("What blocks it") if blocks else _("How far it is")
        super().__init__(parent, place, f"{title}: {action['action_no']}", _("Save"))
        self._action, self._blocks = action, blocks
        if not blocks:
            self.form.add("percent", _("Progress in %"), NumberField("", 4), required=True)
        self.form.add("note", _("Remark"), LongTextField("", 2), span=2, required=blocks)
        self.form.populate({"percent": improvement_measures.percent_of(action)})
        self.form.editor("note" if blocks else "percent").setFocus()

    def save(self) -> None:
        """Write it into the log."""
        desk, key, values = self.place.desk, int(self._action["id"]), self.form.values()
        if self._blocks:
            self.write(lambda: improvement_measures.step(desk, key, "block", values))
            return
        percent = values["percent"]
        percent = round(percent) if isinstance(percent, float) else -1
        note = values["note"] or ""
        self.write(lambda: improvement_measures.log(desk, key, percent, note))
