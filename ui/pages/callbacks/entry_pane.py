"""What a call brought, entered by keyboard: result, scores, words, save and next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from svcdesk.domain.survey import DIMENSIONS
from svcdesk.i18n.catalog import _, current
from svcdesk.i18n.labels import code_label, field_label
from ui.pages.wording import Words, say
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind, Segments
from ui.widgets.editors import LongTextField, TimeField
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import KeyHint, box, divider, icon_label, label
from ui.widgets.score_input import Question, Scale, ScoreGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.problem import Problem
    from svcdesk.services.callbacks import CallbackDetail
    from svcdesk.services.desk import Desk

RESULTS = (
    ("connected", "phone-call"),
    ("no_answer", "phone-missed"),
    ("busy", "phone-off"),
    ("off", "power-off"),
    ("wrong_number", "ban"),
    ("hung_up", "phone-off"),
)
OUTCOMES = ("satisfied", "fair", "dissatisfied", "new_problem")
TOMORROW = 86400


def _said_by(csat: int | None) -> str:
    """Return what the customer says by the overall score, ``""`` without one."""
    if csat is None:
        return ""
    return "satisfied" if csat >= 4 else "fair" if csat == 3 else "dissatisfied"


class EntryPane(QFrame):
    """The right column; every frequent key is shown where it works."""

    save_wanted = Signal(str, object)
    ticket_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._words = Words(desk)
        self.setProperty("box", "surface")
        self.setProperty("line", "left")
        self.setMinimumWidth(max(390, px(320)))
        self.setMaximumWidth(max(430, px(340)))
        self._result = ""
        self._outcome_touched = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(8, 10, 14, 8)
        self._column.setSpacing(6)
        self._build_results()
        self._answers = QWidget()
        answers = QVBoxLayout(self._answers)
        answers.setContentsMargins(0, 0, 0, 0)
        answers.setSpacing(6)
        self._build_scores(answers)
        self._build_words(answers)
        self._column.addWidget(self._answers)
        self._build_again()
        self._column.addStretch(1)
        area.setWidget(inner)
        outer.addWidget(area, 1)
        outer.addWidget(self._build_bottom())

    # --- building ------------------------------------------------------------------------

    def _build_results(self) -> None:
        self._column.addWidget(label(_("Result of this call"), "strong"))
        grid = QGridLayout()
        grid.setSpacing(6)
        self._buttons: dict[str, Button] = {}
        columns = 3 if current().chinese else 2
        for number, (key, icon) in enumerate(RESULTS):
            text = code_label("AttemptResult", key)
            button = Button(text, icon=icon, key=f"F{number + 1}", small=True)
            button.setCheckable(True)
            button.setProperty("result", key)
            button.clicked.connect(self._on_result)
            button.setSizePolicy(
                button.sizePolicy().Policy.Expanding, button.sizePolicy().verticalPolicy()
            )
            self._buttons[key] = button
            grid.addWidget(button, *divmod(number, columns))
        self._column.addLayout(grid)
        self._column.addWidget(divider())

    def _build_scores(self, column: QVBoxLayout) -> None:
        head = QHBoxLayout()
        head.addWidget(label(_("Satisfaction"), "strong"))
        head.addWidget(label(_("by digit keys"), "small", "2"))
        head.addWidget(KeyHint("1"))
        head.addWidget(label("–", "small", "2"))
        head.addWidget(KeyHint("5"))
        head.addStretch(1)
        head.addWidget(label(_("skip"), "small", "2"))
        head.addWidget(KeyHint(_("Space")))
        column.addLayout(head)
        words = tuple(code_label("CsatScore", str(score)) for score in range(1, 6))
        scale = Scale(1, 5, words)
        questions = [Question("csat", _("Overall"), scale)]
        questions += [Question(name, field_label("survey", name), scale) for name in DIMENSIONS]
        self.scores = ScoreGroup(questions)
        self.scores.changed.connect(self._on_scores)
        column.addWidget(self.scores)
        column.addWidget(divider())
        head = QHBoxLayout()
        head.addWidget(label(_("Recommendation"), "strong"))
        head.addWidget(label(_("0–10, ten is"), "small", "2"))
        head.addWidget(KeyHint("T"))
        head.addStretch(1)
        column.addLayout(head)
        self.nps = ScoreGroup([Question("nps", _("Recommendation"), Scale(0, 10))])
        self.nps.changed.connect(self._on_scores)
        column.addWidget(self.nps)
        self.scores.finished.connect(self._to_nps)
        self.nps.finished.connect(self._to_words)

    def _build_words(self, column: QVBoxLayout) -> None:
        head = QHBoxLayout()
        head.addWidget(label(_("Customer's words"), "small", "2"))
        head.addWidget(KeyHint("N"))
        head.addStretch(1)
        column.addLayout(head)
        self.comment = LongTextField(lines=2)
        self.comment.textChanged.connect(self._on_scores)
        column.addWidget(self.comment)
        options = [(key, code_label("CallbackResult", key)) for key in OUTCOMES]
        self.outcome = Segments(options, small=True)
        self.outcome.changed.connect(self._on_outcome)
        said = QWidget()
        flow = FlowLayout(said, gap=6)
        flow.addWidget(label(_("What the customer says"), "small", "2"))
        flow.addWidget(self.outcome)
        column.addWidget(said)
        row = QHBoxLayout()
        ticket = Button(_("New ticket"), icon="circle-plus", key="G", small=True)
        ticket.clicked.connect(self.ticket_wanted)
        refuse = Button(_("Refused"), key="X", small=True)
        refuse.clicked.connect(self.choose_refused)
        again = Button(_("Call again"), key="L", small=True)
        again.clicked.connect(self.choose_again)
        for button in (ticket, refuse, again):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)

    def _build_again(self) -> None:
        self._again = QWidget()
        row = QHBoxLayout(self._again)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label(_("Call again at"), "small", "2"))
        self.retry = TimeField(str(self._desk.reference.settings["timezone"]))
        row.addWidget(self.retry)
        row.addStretch(1)
        self._again.hide()
        self._column.addWidget(self._again)

    def _build_bottom(self) -> QWidget:
        bottom = box("sunken", "top")
        column = QVBoxLayout(bottom)
        column.setContentsMargins(14, 8, 14, 8)
        warning = QHBoxLayout()
        self._sign = icon_label("circle-alert", "danger", 14)
        self._wrong = label("", "small", "danger", wrap=True)
        warning.addWidget(self._sign)
        warning.addWidget(self._wrong, 1)
        column.addLayout(warning)
        row = QHBoxLayout()
        self._blank = label("", "small", "2", wrap=True)
        self.save_button = Button(
            _("Save and next"), kind=Kind.MAIN, icon="arrow-right", key="Ctrl+↵"
        )
        self.save_button.clicked.connect(self.save)
        row.addWidget(self._blank, 1)
        row.addWidget(self.save_button)
        column.addLayout(row)
        self.show_problems([])
        return bottom

    # --- showing -------------------------------------------------------------------------

    def show_callback(self, detail: CallbackDetail) -> None:
        """Empty everything for the next call: nothing is filled in beforehand."""
        self._set_result("")
        self.scores.clear()
        self.nps.clear()
        self.comment.clear()
        self._outcome_touched = False
        self.outcome.set_value("")
        moment = QDateTime.fromSecsSinceEpoch(self._words.now() + TOMORROW)
        self.retry.set_value(moment.toSecsSinceEpoch())
        self.show_problems([])
        self.setEnabled(detail.callback["state"] in {"planned", "in_progress"})

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say what is missing."""
        text = " ".join(say(problem) for problem in problems)
        self._wrong.setText(text)
        self._wrong.setVisible(bool(text))
        self._sign.setVisible(bool(text))
        fields = {problem.field for problem in problems}
        if "comment" in fields:
            self.comment.setFocus()
        elif "result" in fields:
            self.outcome.group.buttons()[0].setFocus()

    @property
    def started(self) -> bool:
        """Whether something has been entered that is not saved."""
        scores = {**self.scores.values(), **self.nps.values()}
        return bool(self.comment.value()) or any(v is not None for v in scores.values())

    # --- entering ------------------------------------------------------------------------

    def choose_result(self, number: int) -> None:
        """Choose a result by its place; a failed attempt is saved at once."""
        key = RESULTS[number][0]
        self._set_result(key)
        if key == "connected":
            self.scores.setFocus()
        else:
            self.save()

    def choose_refused(self) -> None:
        """Record that the customer does not want to answer."""
        self._set_result("refused")
        self.save()

    def choose_again(self) -> None:
        """Ask for the time to call again."""
        self._set_result("call_back_at")
        self.retry.setFocus()

    def choose_outcome(self, value: str) -> None:
        """Choose what the customer says; scores entered afterwards do not change it."""
        self.outcome.set_value(value)
        self._outcome_touched = True

    def focus_words(self) -> None:
        """Go to the customer's words."""
        self.comment.setFocus()

    def _on_result(self) -> None:
        sender = self.sender()
        if sender is not None:
            keys = [key for key, _icon in RESULTS]
            self.choose_result(keys.index(str(sender.property("result"))))

    def _set_result(self, key: str) -> None:
        self._result = key
        for name, button in self._buttons.items():
            button.setChecked(name == key)
        self._again.setVisible(key == "call_back_at")
        self._show_blank()

    def _to_nps(self) -> None:
        self.nps.setFocus()

    def _to_words(self) -> None:
        self.comment.setFocus()

    def _on_scores(self) -> None:
        if self._result != "connected" and self.started:
            self._set_result("connected")
        csat = self.scores.values()["csat"]
        if not self._outcome_touched:
            self.outcome.set_value(_said_by(csat))
        self.show_problems([])
        self._show_blank()

    def _on_outcome(self, _number: int) -> None:
        self._outcome_touched = True

    def _show_blank(self) -> None:
        if self._result != "connected":
            self._blank.setText("")
            return
        blank = self.scores.blank() + self.nps.blank()
        text = _("Still blank: {names}. Blanks do not count.").format(names=_(", ").join(blank))
        self._blank.setText(text if blank else _("Complete"))

    def save(self) -> None:
        """Hand over the result with what was entered."""
        if not self._result:
            self._wrong.setText(_("Choose the result of the call first (F1–F6)."))
            self._wrong.show()
            self._sign.show()
            return
        values: dict[str, Any] = {}
        if self._result == "connected":
            values = {**self.scores.values(), **self.nps.values()}
            values["comment"] = self.comment.value() or ""
            values["result"] = self.outcome.value() or None
        elif self._result == "call_back_at":
            values["retry_at"] = self.retry.value()
        self.save_wanted.emit(self._result, values)
