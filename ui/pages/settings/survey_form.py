"""The survey form: which questions, their wording in both languages, the text that is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain.survey import FIELDS, PLACEHOLDERS, FormQuestion
from svcdesk.i18n.catalog import _, language
from svcdesk.i18n.labels import field_label
from svcdesk.services import surveys_forms
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE
from ui.pages.wording import say
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind
from ui.widgets.editors import CheckField, LongTextField, TextField
from ui.widgets.labels import box, label
from ui.widgets.side_by_side import Beside

if TYPE_CHECKING:
    from svcdesk.services.surveys_forms import SurveyForm
    from ui.pages.page import Workplace


class SurveyFormPane(Beside):
    """The form left, how it looks to the customer right."""

    def __init__(self, place: Workplace) -> None:
        super().__init__((0, 0, 0, 0), 10)
        self._place = place
        self._form: SurveyForm | None = None
        self._rows: dict[str, tuple[CheckField, TextField, TextField, TextField]] = {}
        self.add(self._build_editor(), 1)
        self.add(self._build_preview())
        self.show_form()

    def _build_editor(self) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        text = _(
            "A form that was sent is never changed: saving makes a new version, and old answers "
            "keep the wording and the scale that the customer saw."
        )
        column.addWidget(label(text, "small", "2", wrap=True))
        self.name = TextField("", 60)
        self.name.setAccessibleName(_("Name of the form"))
        self._version = label("", "small", "2")
        head = QHBoxLayout()
        head.addWidget(label(_("Name of the form"), "small", "2"))
        head.addWidget(self.name, 1)
        head.addWidget(self._version)
        column.addLayout(head)
        column.addLayout(self._build_questions())
        column.addWidget(label(_("Text that is sent"), "strong"))
        names = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        column.addWidget(label(_("Placeholders: {names}").format(names=names), "small", "2",
                               wrap=True))  # fmt: skip
        self.invite = LongTextField(_("Text that is sent"), lines=3)
        self.invite.textChanged.connect(self._on_edited)
        column.addWidget(self.invite)
        row = QHBoxLayout()
        self.wrong = label("", "small", "danger", wrap=True)
        row.addWidget(self.wrong, 1)
        self.save = Button(_("Save form"), kind=Kind.MAIN)
        self.save.clicked.connect(self._on_save)
        row.addWidget(self.save)
        column.addLayout(row)
        column.addStretch(1)
        self.name.textEdited.connect(self._on_edited)
        return card

    def _build_questions(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        for place, text in enumerate(
            (_("Question"), "中文", "English", _("Words of the points, low to high"))
        ):
            grid.addWidget(label(text, "small", "2"), 0, place)
        for line, field in enumerate(FIELDS, start=1):
            asked = CheckField(field_label("survey", field))
            editors = (TextField("", 200), TextField("", 200), TextField("", 200))
            for editor, what in zip(
                editors, ("中文", "English", _("Words of the points, low to high")), strict=True
            ):
                editor.setAccessibleName(f"{field_label('survey', field)} {what}")
                editor.textEdited.connect(self._on_edited)
            editors[2].setEnabled(field != "comment")
            asked.toggled.connect(self._on_edited)
            grid.addWidget(asked, line, 0)
            for place, editor in enumerate(editors, start=1):
                grid.addWidget(editor, line, place)
            self._rows[field] = (asked, *editors)
        for place in (1, 2, 3):
            grid.setColumnStretch(place, 1)
        return grid

    def _build_preview(self) -> QWidget:
        card = box("card")
        card.setFixedWidth(px(320))
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        column.addWidget(label(_("What the customer sees"), "strong"))
        self.preview = label("", "", "", wrap=True)
        column.addWidget(self.preview)
        column.addWidget(label(_("Versions"), "strong"))
        self.versions = label("", "small", "2", wrap=True)
        column.addWidget(self.versions)
        column.addStretch(1)
        return card

    def show_form(self) -> None:
        """Fill in the newest version."""
        known = surveys_forms.listed(self._place.desk)
        self._form = next((form for form in known if form.active), None)
        if self._form is None:
            return
        self.name.set_value(self._form.name)
        self.invite.set_value(self._form.invite)
        asked = {question.field: question for question in self._form.questions}
        for field, (check, zh, en, points) in self._rows.items():
            question = asked.get(field)
            check.set_value(question is not None)
            zh.set_value(question.zh if question else "")
            en.set_value(question.en if question else "")
            points.set_value(" / ".join(question.points) if question else "")
            for editor in (zh, en, points):
                editor.setCursorPosition(0)
        text = _("version {version}, sent {n} times")
        self._version.setText(text.format(version=self._form.version, n=self._form.used))
        self.versions.setText("\n".join(
            f"{form.name}  ·  {text.format(version=form.version, n=form.used)}" for form in known
        ))  # fmt: skip
        self._on_edited()

    def questions(self) -> list[FormQuestion]:
        """Return the questions as they are entered."""
        found = []
        for field, (check, zh, en, points) in self._rows.items():
            if check.value():
                words = tuple(w.strip() for w in str(points.value() or "").split("/") if w.strip())
                found.append(
                    FormQuestion(field, str(zh.value() or ""), str(en.value() or ""), words)
                )
        return found

    def _on_edited(self, *_what: Any) -> None:
        chinese = language().startswith("zh")
        lines = [str(self.invite.value() or ""), ""]
        for number, question in enumerate(self.questions(), start=1):
            lines.append(f"{number}. {question.zh if chinese else question.en}")
            if question.scale:
                low, high = question.scale
                ends = f"  {question.points[0]} … {question.points[-1]}" if question.points else ""
                lines.append(f"    {low} – {high}{ends}")
        self.preview.setText("\n".join(lines))

    def _on_save(self) -> None:
        desk, key = self._place.desk, self._form.id if self._form else None
        name, invite = str(self.name.value() or ""), str(self.invite.value() or "")
        questions = self.questions()
        self.wrong.setText("")
        handle = self._place.runner.start(
            lambda _context: surveys_forms.save(desk, key, name, questions, invite),
            lane=WRITE, owner=self,
        )  # fmt: skip
        handle.on_success(self._on_saved).on_failure(self._on_refused)

    def _on_saved(self, _outcome: Any) -> None:
        self._place.shell.say(_("Settings saved"))

    def _on_refused(self, error: object) -> None:
        if not isinstance(error, ProblemsError):
            self._place.shell.tell(error)
            return
        told = []
        for problem in error.problems:
            where = field_label("survey", problem.field) if problem.field in self._rows else ""
            told.append(f"{where}: {say(problem)}" if where else say(problem))
        self.wrong.setText("\n".join(told))
