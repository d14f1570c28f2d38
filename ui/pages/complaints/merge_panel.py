"""Merging two complaints in place: the other one by its number, then whose value wins per field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_, _
from svcdesk.i18n.labels import code_label, field_label
from svcdesk.services import complaint_merging
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import Latest
from ui.models.choices import Choice
from ui.pages.fields import COLUMNS
from ui.pages.wording import DASH, Words, say, yuan
from ui.widgets.button import Button, Kind
from ui.widgets.editors import ChoiceField, TextField
from ui.widgets.form import Form
from ui.widgets.labels import label
from ui.widgets.scroll_area import FitArea

if TYPE_CHECKING:
    from svcdesk.services.complaint_detail import ComplaintDetail
    from svcdesk.services.complaint_merging import MergePreview
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

_STORED = {column: name for name, column in COLUMNS.items()}
_ENUMS = {"severity": "Severity", "demand": "Demand"}
LONGEST = 60  # characters of a value that is compared


class MergePanel(QWidget):
    """First the number of the other complaint, then the differences; Ctrl+Enter merges."""

    merged = Signal(object, object)  # target, choices
    closed = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._words = Words(place.desk)
        self._latest = Latest(place.runner, self)
        self._own = 0
        self._preview: MergePreview | None = None
        self._form: Form | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._title = label("", "strong", wrap=True)
        column.addWidget(self._title)
        self._ask = Form(columns=1)
        self._number = TextField("", 20)
        self._number.returnPressed.connect(self._look)
        self._ask.add("merged_into", _("Complaint no. of the one that goes on"), self._number)
        column.addWidget(self._ask)
        self._room = QVBoxLayout()
        column.addLayout(self._room)
        self._note = label("", "small", "2", wrap=True)
        column.addWidget(self._note)
        row = QHBoxLayout()
        self._go = Button("", kind=Kind.MAIN, key="Ctrl+↵")
        self._go.clicked.connect(self.submit)
        cancel = Button(_("Cancel"), key="Esc")
        cancel.clicked.connect(self.close_panel)
        row.addWidget(self._go)
        row.addWidget(cancel)
        row.addStretch(1)
        column.addLayout(row)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether a merge is being prepared."""
        return self._own != 0

    def open_for(self, detail: ComplaintDetail) -> None:
        """Prepare the merge of a complaint."""
        self._own, self._preview = int(detail.complaint["id"]), None
        number = detail.complaint["complaint_no"]
        self._title.setText(_("Merge {number} into another complaint").format(number=number))
        self._ask.populate({})
        self._ask.show()
        self._note.setText("")
        self._go.set_text(_("Compare"))
        self.show()
        self._number.setFocus()

    def name_target(self, number: str) -> None:
        """Prepare the merge with a complaint that is known already."""
        self._number.set_value(number)
        self._look()

    def close_panel(self) -> None:
        """Put it away."""
        self._own = 0
        self._clear()
        self.hide()
        self.closed.emit()

    def submit(self) -> None:
        """Compare first; then hand over the target and the choices."""
        if self._preview is None:
            self._look()
            return
        chosen = self._form.values() if self._form is not None else {}
        self.merged.emit(int(self._preview.target["id"]), chosen)

    def show_problem(self, text: str) -> None:
        """Tell at the number why it cannot be."""
        self._ask.field("merged_into").show_problem(text)

    def _look(self) -> None:
        desk, own, number = self._place.desk, self._own, str(self._number.value() or "")

        def work(_context: JobContext) -> MergePreview:
            key = complaint_merging.find(desk, number)
            if key is None:
                text = N_("There is no complaint “{number}”. Check the number.")
                raise ProblemsError([Problem("merged_into", "unknown", text, {"number": number})])
            return complaint_merging.preview(desk, own, key)

        self._latest.start(work).on_success(self._show_preview).on_failure(self._on_refused)

    def _on_refused(self, error: object) -> None:
        if isinstance(error, ProblemsError):
            self.show_problem(" ".join(say(problem) for problem in error.problems))
        else:
            self._place.shell.tell(error)

    def _clear(self) -> None:
        while (item := self._room.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._form = None

    def _show_preview(self, preview: MergePreview) -> None:
        self._preview = preview
        self._clear()
        numbers = {"number": preview.source["complaint_no"],
                   "target": preview.target["complaint_no"]}  # fmt: skip
        self._title.setText(_("Merge {number} into {target}").format(**numbers))
        self._ask.hide()
        form = Form(columns=1)
        for difference in preview.differences:
            name = field_label("complaint", _STORED.get(difference.name, difference.name))
            choices = [
                Choice(side, _("{value} ({number})").format(
                    value=self._value(preview, difference.name, value), number=number))
                for side, value, number in (
                    ("target", difference.target, numbers["target"]),
                    ("source", difference.source, numbers["number"]),
                )
            ]  # fmt: skip
            form.add(difference.name, name, ChoiceField(choices))
        form.populate({difference.name: "target" for difference in preview.differences})
        self._form = form
        self._room.addWidget(FitArea(form))
        self._note.setText(self._says(preview))
        self._go.set_text(_("Merge"))
        self._go.setFocus()

    def _value(self, preview: MergePreview, name: str, value: Any) -> str:
        words = self._words
        if value in (None, "", []):
            return DASH
        if name == "product_id":
            return preview.products.get(int(value), DASH)
        if name.endswith("_at"):
            return words.full_time(int(value))
        if name in _ENUMS:
            return code_label(_ENUMS[name], str(value))
        if name == "pain_tags":
            return _(", ").join(words.item(int(key)) for key in value)
        if name in {"handler_id", "resp_person_id", "complained_of_id"}:
            return words.person(int(value))
        if name == "demand_amount":
            return yuan(int(value))
        text = words.item(int(value)) if name.endswith("_id") else str(value).replace("\n", " ")
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

    def _says(self, preview: MergePreview) -> str:
        lines = []
        if preview.followed:
            text = _("The complaint chosen was merged itself; it goes on as {number}.")
            lines.append(text.format(number=preview.target["complaint_no"]))
        if preview.other_customer:
            lines.append(_("The two complaints are of different customers."))
        text = _("{n} entries of its history stay with it and are shown there as well.")
        lines.append(text.format(n=preview.parts))
        return " ".join(lines)
