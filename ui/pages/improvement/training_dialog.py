"""The form of a training: what, when, how long, by whom, who is expected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.training import COURSE, ONBOARDING
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.services import improvements, trainings
from ui.models.choices import Choice
from ui.pages.customers.dialogs import DateField
from ui.pages.form_dialog import FormDialog
from ui.pages.improvement.dialogs import NumberField
from ui.pages.wording import Words
from ui.widgets.editors import ChoiceField, LongTextField, ManyField, TextField

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from svcdesk.services.trainings import TrainingDetail
    from ui.pages.page import Workplace


def kind_name(kind: str) -> str:
    """Return what kind of training it is."""
    return {COURSE: pgettext("training", "Course"),
            ONBOARDING: pgettext("training", "Onboarding")}[kind]  # fmt: skip


class TrainingDialog(FormDialog):
    """A training, new or known; a new one expects everybody who works on cases."""

    def __init__(
        self, parent: QWidget, place: Workplace, detail: TrainingDetail | None = None
    ) -> None:
        title = _("New training") if detail is None else _("Edit the training")
        super().__init__(parent, place, title, _("Save"))
        self._detail = detail
        words, form, desk = Words(place.desk), self.form, place.desk
        form.add("title", pgettext("training", "About"), TextField("", trainings.LONGEST), span=2,
                 required=True)  # fmt: skip
        form.add("kind", _("Kind"),
                 ChoiceField([Choice(kind, kind_name(kind)) for kind in (COURSE, ONBOARDING)]))  # fmt: skip
        day = DateField(pgettext("date", "Day"))
        day.require()
        form.add("held_on", pgettext("date", "Day"), day, required=True)
        form.add("minutes", _("Minutes"), NumberField("", 5))
        form.add("trainer", _("Trainer"), TextField("", 50))
        form.add("pass_mark", _("Pass mark (of 100)"), NumberField("", 3))
        items = [Choice(r.id, f"{r.number} {r.title}") for r in improvements.listed(desk)
                 if r.status not in {"void", "merged"}]  # fmt: skip
        form.add("item_id", _("Improvement item"), ChoiceField(items, _("none")))
        form.add("people", _("Expected"), ManyField(words.people(), pgettext("meeting", "Nobody")),
                 span=2, required=True)  # fmt: skip
        form.add("note", _("Remark"), LongTextField("", 2), span=2)
        today = words.local(words.now()).date().isoformat()
        known: dict[str, Any] = {"kind": COURSE, "held_on": today, "people": trainings.staff(desk)}
        if detail is not None:
            seats = [seat.person_id for seat in detail.row.held.seats]
            known = {**detail.training, "people": seats}
        form.populate(known)
        form.editor("title").setFocus()

    def save(self) -> None:
        """Write the training."""
        desk, values, detail = self.place.desk, self.form.values(), self._detail
        for name in ("minutes", "pass_mark"):
            if isinstance(values[name], float) and values[name].is_integer():
                values[name] = int(values[name])
        if detail is None:
            self.write(lambda: trainings.save(desk, None, values))
            return
        listed = {choice.value for choice in Words(desk).people()}
        # who works here no more is not in the list, and stays expected
        gone = [s.person_id for s in detail.row.held.seats if s.person_id not in listed]
        values["people"] = [*values["people"], *gone]
        key, version = int(detail.training["id"]), int(detail.training["row_version"])
        self.write(lambda: trainings.save(desk, key, values, version))
