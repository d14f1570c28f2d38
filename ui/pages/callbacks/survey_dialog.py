"""An answer that came in by itself: text message, form, platform, on the spot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain.survey import DIMENSIONS, SurveyMethod, SurveySource
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.i18n.labels import code_label, field_label
from svcdesk.services import surveys, tickets
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE
from ui.pages.wording import Words, say
from ui.theme.room import room
from ui.widgets.button import Button, Kind
from ui.widgets.editors import ChoiceField, LongTextField, TextField
from ui.widgets.form import Form
from ui.widgets.labels import label
from ui.widgets.score_input import Question, Scale, ScoreGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from svcdesk.domain.problem import Problem
    from ui.pages.page import Workplace


class SurveyDialog(QDialog):
    """Ticket number, scores by digits, words; the ticket says who is rated."""

    saved = Signal()

    def __init__(self, parent: QWidget, place: Workplace) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._place = place
        self.setWindowTitle(_("Record survey answer"))
        self.resize(room(480, 560))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        self.form = self._build_form()
        column.addWidget(self.form)
        names = tuple(code_label("CsatScore", str(score)) for score in range(1, 6))
        scale = Scale(1, 5, names)
        questions = [Question("csat", _("Overall"), scale)]
        questions += [Question(name, field_label("survey", name), scale) for name in DIMENSIONS]
        self.scores = ScoreGroup(questions)
        self.nps = ScoreGroup([Question("nps", _("Recommendation"), Scale(0, 10))])
        self.comment = LongTextField(_("Customer's words"), lines=3)
        self.scores.finished.connect(self._to_nps)
        self.nps.finished.connect(self._to_words)
        column.addWidget(self.scores)
        column.addWidget(label(_("Recommendation"), "strong"))
        column.addWidget(self.nps)
        column.addWidget(self.comment)
        column.addStretch(1)
        row = QHBoxLayout()
        self._wrong = label("", "small", "danger", wrap=True)
        row.addWidget(self._wrong, 1)
        cancel = Button(_("Cancel"))
        cancel.clicked.connect(self.reject)
        self._save = Button(_("Save answer"), kind=Kind.MAIN, key="Ctrl+↵")
        self._save.clicked.connect(self.save)
        row.addWidget(cancel)
        row.addWidget(self._save)
        column.addLayout(row)
        self.form.editor("ticket").setFocus()

    def _build_form(self) -> Form:
        words = Words(self._place.desk)
        form = Form(columns=2)
        form.add("ticket", _("Ticket no."), TextField("GD202604-0001", 20), required=True)
        methods = [m for m in SurveyMethod if m is not SurveyMethod.CALLBACK]
        form.add(
            "method", pgettext("column", "Way"), ChoiceField(words.codes("SurveyMethod", methods))
        )
        voices = words.codes("SurveySource", SurveySource)
        form.add("source", _("Who speaks"), ChoiceField(voices))
        form.populate({"method": str(methods[0]), "source": str(SurveySource.CUSTOMER)})
        return form

    def _to_nps(self) -> None:
        self.nps.setFocus()

    def _to_words(self) -> None:
        self.comment.setFocus()

    def save(self) -> None:
        """Check and write."""
        entered = self.form.values()
        number = str(entered["ticket"] or "")
        ticket = tickets.find_by_number(self._place.desk, number) if number else None
        needs_case = entered["source"] == SurveySource.CUSTOMER or number
        if ticket is None and needs_case:  # a report of a third party is about no one case
            text = _("There is no ticket with this number.")
            self.form.field("ticket").show_problem(text)
            self.form.editor("ticket").setFocus()
            return
        scores = {**self.scores.values(), **self.nps.values()}
        values: dict[str, Any] = {key: value for key, value in scores.items() if value is not None}
        values.update(ticket_id=ticket, method=entered["method"], kind="normal",
                      source=entered["source"])  # fmt: skip
        values["comment"] = self.comment.value() or ""
        desk = self._place.desk
        self._save.setEnabled(False)
        handle = self._place.runner.start(
            lambda _context: surveys.record(desk, values), lane=WRITE, owner=self
        )
        handle.on_success(self._on_saved).on_failure(self._on_refused)

    def _on_saved(self, _outcome: Any) -> None:
        self.saved.emit()
        self.accept()

    def _on_refused(self, error: object) -> None:
        self._save.setEnabled(True)
        if isinstance(error, ProblemsError):
            self.show_problems(error.problems)
        else:
            self._place.shell.tell(error)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say what is missing."""
        self._wrong.setText(" ".join(say(problem) for problem in problems))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter saves; plain Enter goes on to the scores."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.save()
            else:
                self.scores.setFocus()
            return
        super().keyPressEvent(event)
