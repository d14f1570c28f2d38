"""One survey: what it is about, its wording, its answers, what came of it, the entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from svcdesk.domain.survey import SurveyState
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from svcdesk.services import surveys
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE, Latest
from ui.pages.page import Route, Workplace
from ui.pages.surveys import told
from ui.pages.surveys.entry import AnswerEntry
from ui.pages.surveys.rows import STATE_FACE
from ui.pages.wording import Words
from ui.theme.tokens import px
from ui.widgets.button import Button
from ui.widgets.editors import TextField
from ui.widgets.labels import Tag, divider, label

if TYPE_CHECKING:
    from svcdesk.services.surveys import SurveyDetail
    from svcdesk.system.job import JobContext


class SurveyPane(QScrollArea):
    """Shows a survey; an answer is entered below it."""

    written = Signal(str)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place = place
        self.detail: SurveyDetail | None = None
        self._words = Words(place.desk)
        self._job = Latest(place.runner, self)
        self.setWidgetResizable(True)
        self.setMinimumWidth(px(400))
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(10)
        self._facts = QWidget()
        self._facts_row = QVBoxLayout(self._facts)
        self._facts_row.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._facts)
        self._ask = label(_("Enter or change the answer"), "strong")
        self.entry = AnswerEntry(place.desk)
        self.entry.save_wanted.connect(self._answer)
        column.addWidget(self._ask)
        column.addWidget(self.entry)
        column.addWidget(divider())
        row = QHBoxLayout()
        self.reason = TextField(_("Reason"), 200)
        self.reason.setAccessibleName(_("Reason for invalid"))
        self.invalid = Button(_("Mark as invalid"), icon="ban", small=True)
        self.invalid.clicked.connect(self._set_invalid)
        self.open_case = Button(_("Open the case"), icon="arrow-right", small=True)
        self.open_case.clicked.connect(self._open_case)
        row.addWidget(self.reason, 1)
        row.addWidget(self.invalid)
        row.addWidget(self.open_case)
        column.addLayout(row)
        column.addStretch(1)
        self.setWidget(holder)
        self._holder = holder
        holder.setEnabled(False)

    def load(self, key: int) -> None:
        """Show a survey."""
        desk = self.place.desk

        def work(_context: JobContext) -> SurveyDetail:
            return surveys.get(desk, key)

        self._job.start(work).on_success(self._show).on_failure(self.place.shell.tell)

    def reload(self) -> None:
        """Show the same survey as it is now."""
        if self.detail is not None:
            self.load(int(self.detail.survey["id"]))

    def _show(self, detail: SurveyDetail) -> None:
        other = self.detail is None or self.detail.survey["id"] != detail.survey["id"]
        self.detail = detail
        self._holder.setEnabled(True)
        self._build_facts(detail)
        if other:
            self.entry.clear()
            self.reason.set_value("")
        invalid = bool(detail.survey["invalid"])
        self._ask.setVisible(not invalid)
        self.entry.setVisible(not invalid)
        self.invalid.set_text(_("Make it valid again") if invalid else _("Mark as invalid"))
        self.reason.setVisible(not invalid)
        self.open_case.setEnabled(bool(detail.ticket or detail.complaint))

    def _build_facts(self, detail: SurveyDetail) -> None:
        while item := self._facts_row.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._head(detail))
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        for place, (name, text) in enumerate(told.about(detail, self._words)):
            line, left = divmod(place, 2)
            grid.addWidget(label(name, "small", "2"), line, 2 * left)
            grid.addWidget(label(text, selectable=True), line, 2 * left + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        column.addLayout(grid)
        if detail.survey["invalid"]:
            reason = _("Left out of the figures: {reason}")
            column.addWidget(label(reason.format(reason=detail.survey["invalid_reason"] or ""),
                                   "", "warn", wrap=True))  # fmt: skip
        if detail.survey["own_case"]:
            text = _("The answer was keyed by the one whom it is about.")
            column.addWidget(label(text, "small", "warn", wrap=True))
        self._add_answers(column, detail)
        form = detail.form or {}
        title = _("Wording: {name}, version {version}").format(
            name=form.get("name", ""), version=form.get("version", "")
        )
        self._add_lines(column, title, told.wording(detail))
        self._add_lines(column, _("Recovery of the low score"), told.recovery(detail, self._words))
        self._add_lines(column, _("History"), told.history(detail, self._words))
        self._facts_row.addWidget(holder)

    def _head(self, detail: SurveyDetail) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label(str(detail.survey["survey_no"]), "title"))
        icon, ink = STATE_FACE[detail.state]
        tone = "ok" if ink == "ok" else "neutral"
        row.addWidget(Tag(code_label("SurveyState", detail.state), icon, tone))
        if detail.survey["kind"] == "recovery":
            row.addWidget(Tag(code_label("SurveyKind", "recovery"), "heart-handshake"))
        if detail.survey["invalid"]:
            row.addWidget(Tag(_("Invalid"), "ban", "warn"))
        row.addStretch(1)
        return row

    def _add_answers(self, column: QVBoxLayout, detail: SurveyDetail) -> None:
        given = told.answers(detail, self._words)
        if detail.state is SurveyState.ANSWERED:
            column.addWidget(label(_("Answers given"), "strong"))
        for text, comment, counts in given:
            row = QHBoxLayout()
            row.addWidget(label(text, "", "" if counts else "2", wrap=True), 1)
            if len(given) > 1:
                row.addWidget(Tag(_("counts"), "circle-check", "ok") if counts
                              else Tag(_("does not count"), "minus"))  # fmt: skip
            column.addLayout(row)
            if comment:
                column.addWidget(label(f"“{comment}”", "", "2", wrap=True, selectable=True))

    def _add_lines(self, column: QVBoxLayout, title: str, lines: list[str]) -> None:
        if lines:
            column.addWidget(label(title, "strong"))
        for line in lines:
            column.addWidget(label(line, "small", "2", wrap=True, selectable=True))

    # --- writing -------------------------------------------------------------------------

    def _answer(self, values: object) -> None:
        if self.detail is None or not isinstance(values, dict):
            return
        desk, key = self.place.desk, int(self.detail.survey["id"])
        self.entry.save.setEnabled(False)
        handle = self.place.runner.start(
            lambda _context: surveys.answer(desk, key, values), lane=WRITE, owner=self
        )
        handle.on_success(self._on_answered).on_failure(self._on_refused)

    def _on_answered(self, _outcome: Any) -> None:
        self.entry.clear()
        self.written.emit(_("Answer saved"))
        self.reload()

    def _on_refused(self, error: object) -> None:
        self.entry.save.setEnabled(True)
        if isinstance(error, ProblemsError):
            self.entry.show_problems(error.problems)
        else:
            self.place.shell.tell(error)

    def _set_invalid(self) -> None:
        if self.detail is None:
            return
        desk, key = self.place.desk, int(self.detail.survey["id"])
        reason = "" if self.detail.survey["invalid"] else str(self.reason.value() or "")
        handle = self.place.runner.start(
            lambda _context: surveys.set_invalid(desk, key, reason), lane=WRITE, owner=self
        )
        handle.on_success(self._on_marked).on_failure(self.place.shell.tell)

    def _on_marked(self, _outcome: Any) -> None:
        self.written.emit(_("Survey changed"))
        self.reload()

    def _open_case(self) -> None:
        if self.detail is None:
            return
        if self.detail.ticket:
            self.place.shell.go(Route("tickets", int(self.detail.ticket["id"])))
        elif self.detail.complaint:
            self.place.shell.go(Route("complaints", int(self.detail.complaint["id"])))
