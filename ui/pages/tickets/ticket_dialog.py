"""Entering and editing a ticket; the customer is found or made while the phone is typed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import customers, tickets
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE, Latest
from ui.pages.customer_picker import CustomerPicker
from ui.pages.fields import Fields, from_columns, to_columns
from ui.pages.wording import Words, say
from ui.widgets.button import Button, Kind
from ui.widgets.form import ChoiceField, Form
from ui.widgets.labels import Link, icon_label, label

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from svcdesk.domain.problem import Problem
    from svcdesk.services.tickets import TicketDetail
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

NEW_FIELDS = ("title", "description", "channel", "request_type", "priority", "issue_l1",
              "issue_l2", "owner", "serial_no", "order", "resp_dept", "priority_reason")  # fmt: skip
EDIT_FIELDS = tuple(name for name in NEW_FIELDS if name != "owner")
WIDE = frozenset({"title", "description"})
REQUIRED = frozenset({"title", "channel", "request_type", "priority"})
DRAFT = "drafts/ticket"


class TicketDialog(QDialog):
    """One form; problems stand at their fields; nothing typed is lost."""

    saved = Signal(object)

    def __init__(self, parent: QWidget, place: Workplace, detail: TicketDetail | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._place = place
        self._detail = detail
        self._words = Words(place.desk)
        self._similar = Latest(place.runner, self)
        self.setWindowTitle(_("Edit ticket") if detail else _("New ticket"))
        self.resize(680, 600)
        self._fields = Fields(place.desk)
        self._names = list(EDIT_FIELDS if detail else NEW_FIELDS)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        self.picker = CustomerPicker(place)
        self.picker.changed.connect(self._on_edited)
        self.form = self._make_form()
        inner = QWidget()
        body = QVBoxLayout(inner)
        body.setContentsMargins(2, 0, 8, 0)
        body.setSpacing(10)
        if detail is None:
            body.addWidget(self.picker)
        body.addWidget(self.form)
        body.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        column.addWidget(area, 1)
        column.addLayout(self._make_advice())
        column.addLayout(self._make_buttons())
        self._fill()

    # --- building ------------------------------------------------------------------------

    def _make_form(self) -> Form:
        form = Form(columns=2)
        for name in self._names:
            hint = _("What fails, since when, what was seen") if name == "description" else ""
            span = 2 if name in WIDE else 1
            self._fields.add(form, "ticket", name, span=span, required=name in REQUIRED, hint=hint)
        form.edited.connect(self._on_edited)
        form.left_with.connect(self._check_field)
        self._subtypes(form)
        return form

    def _make_advice(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._bulb = icon_label("lightbulb", "warn", 16)
        self._advice = label("", "small", "2", wrap=True)
        self._open_similar = Link("", "small")
        self._open_similar.clicked.connect(self._show_similar)
        row.addWidget(self._bulb)
        row.addWidget(self._advice, 1)
        row.addWidget(self._open_similar)
        for widget in (self._bulb, self._advice, self._open_similar):
            widget.hide()
        self._found: tuple[int, str, str] | None = None
        return row

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label(_("* needed"), "small", "3"))
        self._other = label("", "small", "danger", wrap=True)
        row.addWidget(self._other, 1)
        cancel = Button(_("Cancel"))
        cancel.clicked.connect(self.reject)
        self.save_button = Button(_("Save ticket"), kind=Kind.MAIN, key="Ctrl+↵")
        self.save_button.clicked.connect(self.save)
        row.addWidget(cancel)
        row.addWidget(self.save_button)
        return row

    def _fill(self) -> None:
        if self._detail is not None:
            known = from_columns(self._detail.ticket, self._names)
            self.form.populate(known)
            self._subtypes(self.form)
            self.form.populate(known)  # the subtype can be chosen only now
            self.form.editor("title").setFocus()
            return
        values: dict[str, Any] = {"request_type": "consult", "priority": "normal"}
        values["channel"] = next((c.value for c in self._words.items("channel")), None)
        phone = self._place.desk.reference.by_code("channel", "phone")
        if phone is not None:
            values["channel"] = phone.id
        values["owner"] = self._place.desk.actor.id
        values.update(self._draft())
        self.form.populate(values)
        self.picker.setFocus()

    # --- drafts --------------------------------------------------------------------------

    def _draft(self) -> dict[str, Any]:
        text = QSettings().value(DRAFT)
        try:
            data = json.loads(str(text)) if text else {}
        except ValueError:
            return {}
        return data if isinstance(data, dict) else {}

    def _keep_draft(self) -> None:
        if self._detail is None:
            words = {
                k: v for k, v in self.form.values().items() if k in {"title", "description"} and v
            }
            QSettings().setValue(DRAFT, json.dumps(words, ensure_ascii=False))

    # --- editing -------------------------------------------------------------------------

    def _subtypes(self, form: Form) -> None:
        """Offer the subtypes of the chosen issue type."""
        editor = form.editor("issue_l2")
        parent = form.editor("issue_l1").value()
        if isinstance(editor, ChoiceField):
            choices = self._words.items("issue", parent_id=parent) if parent else []
            editor.set_choices(choices)
            editor.setEnabled(bool(choices))

    def _on_edited(self, key: str = "") -> None:
        if key == "issue_l1":
            self._subtypes(self.form)
        self._other.setText("")
        self._keep_draft()
        if key in {"", "issue_l1"}:
            self._look_for_similar()

    def _check_field(self, key: str) -> None:
        found = tickets.problems(self._place.desk, self._values())
        mine = [problem for problem in found if problem.field == key and not problem.warning]
        self.form.field(key).show_problem(" ".join(say(problem) for problem in mine))
        self._advise([problem for problem in found if problem.warning and problem.field == key])

    def _advise(self, advice: list[Problem]) -> None:
        text = " ".join(say(problem) for problem in advice)
        if self._found is None:
            self._advice.setText(text)
            self._advice.setVisible(bool(text))
            self._bulb.setVisible(bool(text))

    def _look_for_similar(self) -> None:
        if self._detail is not None:
            return
        desk, values = self._place.desk, self._values()

        def work(_context: JobContext) -> list[tuple[int, str, str]]:
            return tickets.similar(desk, values)

        self._similar.start(work).on_success(self._on_similar)

    def _on_similar(self, found: list[tuple[int, str, str]]) -> None:
        self._found = found[0] if found else None
        for widget in (self._bulb, self._advice, self._open_similar):
            widget.setVisible(bool(found))
        if self._found is not None:
            _key, number, title = self._found
            self._advice.setText(_("Perhaps the same case: {title}").format(title=title))
            self._open_similar.setText(number)

    def _show_similar(self) -> None:
        from ui.pages.page import Route

        if self._found is not None:
            self.reject()
            self._place.shell.go(Route("tickets", self._found[0]))

    # --- saving --------------------------------------------------------------------------

    def _values(self) -> dict[str, Any]:
        values = to_columns(self.form.values())
        values["issue_sub_id"] = values.get("issue_sub_id")
        if self._detail is not None:
            return {**self._detail.ticket, **values}
        return {**values, **self.picker.values()}

    def save(self) -> None:
        """Check, write, close."""
        values = self._values()
        found = [p for p in tickets.problems(self._place.desk, values) if not p.warning]
        found += self._customer_problems(values)
        if found:
            self._show(found)
            return
        desk = self._place.desk
        self.save_button.setEnabled(False)
        if self._detail is None:
            handle = self._place.runner.start(
                lambda _context: tickets.create(desk, values), lane=WRITE, owner=self
            )
        else:
            key, version = int(self._detail.ticket["id"]), int(self._detail.ticket["row_version"])
            changes = to_columns(self.form.changes())
            if not changes:
                self.accept()
                return
            handle = self._place.runner.start(
                lambda _context: tickets.change(desk, key, changes, version), lane=WRITE, owner=self
            )
        handle.on_success(self._on_saved).on_failure(self._on_failed)

    def _customer_problems(self, values: dict[str, Any]) -> list[Problem]:
        made = values.get("new_customer")
        if self._detail is not None or not made:
            return []
        return [p for p in customers.problems(self._place.desk, made) if not p.warning]

    def _show(self, problems: list[Problem]) -> None:
        self.picker.show_problem("")
        rest = []
        for problem in problems:
            if problem.field in {"customer", "name", "phones"} and self._detail is None:
                self.picker.show_problem(say(problem))
            else:
                rest.append(problem)
        self._other.setText(" ".join(self.form.show_problems(rest, say)))

    def _on_saved(self, outcome: Any) -> None:
        if self._detail is None:
            QSettings().remove(DRAFT)
        self.saved.emit(outcome.value)
        self.accept()

    def _on_failed(self, error: object) -> None:
        self.save_button.setEnabled(True)
        if isinstance(error, ProblemsError):
            self._show(error.problems)
        else:
            self._place.shell.tell(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter saves; plain Enter does not."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.save()
            return
        super().keyPressEvent(event)
