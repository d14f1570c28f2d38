"""What a call brought, entered by keyboard: result, scores, words, save and next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from svcdesk.domain.survey import DIMENSIONS
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from ui.pages.callbacks.reason_chips import ReasonChips
from ui.pages.callbacks.recovery_box import RecoveryBox
from ui.pages.callbacks.result_box import RESULTS, ResultBox
from ui.pages.callbacks.score_box import ScoreBox
from ui.pages.drafts import DraftKeeper
from ui.pages.wording import Words, say
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind, Segments
from ui.widgets.editors import LongTextField
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import KeyHint, box, icon_label, label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.problem import Problem
    from svcdesk.services.callbacks import CallbackDetail
    from svcdesk.services.desk import Desk

OUTCOMES = ("satisfied", "fair", "dissatisfied", "new_problem")


def _said_by(csat: int | None) -> str:
    """Return what the customer says by the overall score, ``""`` without one."""
    if csat is None:
        return ""
    return "satisfied" if csat >= 4 else "fair" if csat == 3 else "dissatisfied"


class EntryPane(QFrame):
    """The right column; every frequent key is shown where it works."""

    save_wanted = Signal(str, object)
    ticket_wanted = Signal(str)
    complaint_wanted = Signal(str)
    give_up_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._words = Words(desk)
        self._detail: CallbackDetail | None = None
        self.setProperty("box", "surface")
        self.setProperty("line", "left")
        self.setMinimumWidth(max(390, px(320)))
        self.setMaximumWidth(max(430, px(340)))
        self._result = ""
        self._outcome_touched = False
        self._recover = False
        self.phone_place = 1
        self.draft = DraftKeeper(self, desk, self._typed)
        self.follow = self._build_follow()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(8, 8, 14, 6)
        self._column.setSpacing(5)
        self._build_results()
        self._answers = QWidget()
        answers = QVBoxLayout(self._answers)
        answers.setContentsMargins(0, 0, 0, 0)
        answers.setSpacing(5)
        self._build_scores(answers)
        self._build_words(answers)
        self._column.addWidget(self._answers)
        self._column.addStretch(1)
        self._area.setWidget(inner)
        outer.addWidget(self._area, 1)
        outer.addWidget(self._build_bottom())

    # --- building ------------------------------------------------------------------------

    def _build_results(self) -> None:
        self.results = ResultBox(self._desk)
        self.results.picked.connect(self._on_result)
        self.results.save_wanted.connect(self.save)
        self.results.opt_out_wanted.connect(self.save_opt_out)
        self.results.give_up_wanted.connect(self.give_up_wanted)
        self.again = self.results.again
        self.retry = self.again.time
        self._column.addWidget(self.results)

    def _build_scores(self, column: QVBoxLayout) -> None:
        self.asked = ScoreBox()
        self.scores, self.nps = self.asked.scores, self.asked.nps
        self.asked.changed.connect(self._on_scores)
        self.asked.refused.connect(self._on_off_scale)
        self.asked.finished.connect(self._after_scores)
        column.addWidget(self.asked)

    def _build_words(self, column: QVBoxLayout) -> None:
        self.reasons = ReasonChips()
        self.reasons.changed.connect(self._on_scores)
        self.reasons.finished.connect(self.focus_words)
        self.reasons.hide()
        column.addWidget(self.reasons)
        head = QHBoxLayout()
        self._comment_head = label(_("Customer's words"), "small", "2")
        head.addWidget(self._comment_head)
        head.addWidget(KeyHint("N"))
        head.addStretch(1)
        column.addLayout(head)
        self.comment = LongTextField(lines=2)
        self.comment.setAccessibleName(_("Customer's words"))
        self.comment.textChanged.connect(self._on_scores)
        column.addWidget(self.comment)
        self.recovery = RecoveryBox()
        self.recovery.changed.connect(self._on_scores)
        self.recovery.hide()
        column.addWidget(self.recovery)
        options = [(key, code_label("CallbackResult", key)) for key in OUTCOMES]
        self.outcome = Segments(options, small=True)
        self.outcome.changed.connect(self._on_outcome)
        said = QWidget()
        flow = FlowLayout(said, gap=6)
        self.outcome.setAccessibleName(_("What the customer says"))
        self.outcome.setToolTip(_("What the customer says"))
        flow.addWidget(self.outcome)
        flow.addWidget(KeyHint("E"))
        column.addWidget(said)

    def _build_follow(self) -> tuple[Button, ...]:
        """Build the buttons for what a call leads to; they stand beside the number called."""
        self._ticket = Button(_("Ticket"), icon="circle-plus", key="G", small=True)
        self._ticket.setToolTip(_("Make a ticket of the problem told"))
        self._ticket.clicked.connect(self.ask_ticket)
        self._complaint = Button(_("Complaint"), icon="message-square-warning", key="C", small=True)
        self._complaint.clicked.connect(self.ask_complaint)
        self._recovery = Button(_("Recover"), icon="heart-handshake", key="R", small=True)
        self._recovery.setCheckable(True)
        self._recovery.setToolTip(_("Plan a recovery callback by a supervisor within 48 hours"))
        self._recovery.clicked.connect(self.toggle_recovery)
        return self._ticket, self._complaint, self._recovery

    def _build_bottom(self) -> QWidget:
        bottom = box("sunken", "top")
        column = QVBoxLayout(bottom)
        column.setContentsMargins(14, 6, 14, 6)
        column.setSpacing(4)
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

    def show_callback(self, detail: CallbackDetail) -> bool:
        """Show a task; nothing is filled in beforehand but what was typed for it before.

        The same task again keeps what is being typed. Return whether a draft came back.
        """
        same = self._detail is not None and self._detail.callback["id"] == detail.callback["id"]
        self._detail = detail
        self._show_facts(detail)
        if same and self.started:
            return False
        self._empty()
        left = self.draft.open(f"callback-{detail.callback['id']}") if detail.open else None
        if left is not None:
            self._take(left.values)
            return True
        return False

    def _show_facts(self, detail: CallbackDetail) -> None:
        self.results.show_callback(detail)
        recovery = detail.callback["kind"] == "low_score"
        self.recovery.setVisible(recovery)
        self.asked.ask_nps(wanted=not recovery)
        self._recovery.setVisible(not recovery)
        self.reasons.set_choices(self._words.items("low_reason"))
        can = detail.open and not detail.customer["opt_out"]
        self.setEnabled(can)
        self._ticket.setEnabled(can and not detail.new_ticket_no)
        self._complaint.setEnabled(can and not detail.new_complaint_no)
        self._recovery.setEnabled(can)

    def _empty(self) -> None:
        self._outcome_touched = False
        self._recover = False
        self.phone_place = 1
        self.asked.set_values({})
        self.comment.blockSignals(True)
        self.comment.clear()
        self.comment.blockSignals(False)
        self.recovery.blockSignals(True)
        self.recovery.set_values({})
        self.recovery.blockSignals(False)
        self.reasons.set_value([])
        self.reasons.hide()
        self.outcome.set_value("")
        self._recovery.setChecked(False)
        self._set_result("")
        self.show_problems([])

    def empty(self) -> None:
        """Forget what was typed: it was saved, or thrown away."""
        self.draft.done()
        self._empty()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say what is missing, and go there."""
        text = " ".join(say(problem) for problem in problems)
        self._wrong.setText(text)
        self._wrong.setVisible(bool(text))
        self._sign.setVisible(bool(text))
        fields = {problem.field for problem in problems}
        if "comment" in fields:
            self.comment.setFocus()
        elif "retry_at" in fields:
            self.retry.setFocus()
        elif "given_amount" in fields:
            self.recovery.amount.setFocus()
        elif "recovery_result" in fields:
            self.recovery.result.group.buttons()[0].setFocus()
        elif "result" in fields:
            self.outcome.group.buttons()[0].setFocus()

    @property
    def started(self) -> bool:
        """Whether something has been entered that is not saved."""
        return bool(self._typed())

    # --- drafts --------------------------------------------------------------------------

    def _typed(self) -> dict[str, Any]:
        """Return what was entered, {} when there is nothing."""
        found: dict[str, Any] = {
            name: value for name, value in self.asked.values().items() if value is not None
        }
        found |= {name: v for name, v in self.recovery.values().items() if v is not None}
        if self.comment.value():
            found["comment"] = self.comment.value()
        if self.reasons.value():
            found["reasons"] = self.reasons.value()
        if found and self._outcome_touched:
            found["result"] = self.outcome.value()
        return found

    def _take(self, values: dict[str, Any]) -> None:
        """Show a draft."""
        self.asked.set_values({n: values.get(n) for n in ("csat", *DIMENSIONS, "nps")})
        self.comment.set_value(values.get("comment"))
        amount = values.get("given_amount")
        self.recovery.set_values(
            {**values, "given_amount": amount if isinstance(amount, int) else None}
        )
        if values.get("result"):
            self.choose_outcome(str(values["result"]))
        self._on_scores()
        self.reasons.set_value(values.get("reasons") or [])

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
        """Record that the customer does not want to answer; the second time it is saved."""
        if self._result == "refused":
            self.save()
            return
        self._set_result("refused")
        self.save_button.setFocus()

    def save_opt_out(self) -> None:
        """Save a refusal with the wish for no more calls."""
        self._set_result("refused")
        self.save_wanted.emit("refused", {"opt_out": True, "phone_place": self.phone_place})

    def choose_again(self) -> None:
        """Ask for the time to call again."""
        self._set_result("call_back_at")
        self.again.setFocus()

    def choose_outcome(self, value: str) -> None:
        """Choose what the customer says; scores entered afterwards do not change it."""
        self.outcome.set_value(value)
        self._outcome_touched = True

    def next_outcome(self) -> None:
        """Go on to the next thing a customer may say."""
        value = self.outcome.value()
        place = (OUTCOMES.index(value) + 1) % len(OUTCOMES) if value else 0
        self.choose_outcome(OUTCOMES[place])
        self.draft.touch()

    def toggle_recovery(self) -> None:
        """Plan a recovery whatever the score, or not."""
        self._recover = not self._recover
        self._recovery.setChecked(self._recover)

    def ask_ticket(self) -> None:
        """Make a ticket of what the customer tells."""
        self.ticket_wanted.emit(self.comment.value() or "")

    def ask_complaint(self) -> None:
        """Register a complaint in the customer's words."""
        self.complaint_wanted.emit(self.comment.value() or "")

    def focus_words(self) -> None:
        """Go to the customer's words."""
        self.comment.setFocus()

    def _on_result(self, key: str) -> None:
        if key == "refused":
            self.choose_refused()
        elif key == "call_back_at":
            self.choose_again()
        else:
            self.choose_result([name for name, _icon in RESULTS].index(key))

    def _set_result(self, key: str) -> None:
        self._result = key
        self.results.set_result(key)
        self._show_blank()

    @property
    def refusing(self) -> bool:
        """Whether a refusal was chosen and not saved yet."""
        return self._result == "refused"

    @property
    def _low(self) -> bool:
        csat = self.scores.values()["csat"]
        return csat is not None and csat <= int(self._desk.reference.settings["comment_score"])

    def _after_scores(self) -> None:
        """Go where the next key is needed: reasons of a low score, else Enter saves."""
        (self.reasons if self._low else self.save_button).setFocus()

    def _on_scores(self) -> None:
        if self._result != "connected" and self.started:
            self._set_result("connected")
        csat = self.scores.values()["csat"]
        if not self._outcome_touched:
            self.outcome.set_value(_said_by(csat))
        self.reasons.setVisible(self._low)
        self._comment_head.setText(
            _("Customer's words (required)") if self._low else _("Customer's words")
        )
        self.show_problems([])
        self._show_blank()
        self.draft.touch()

    def _on_off_scale(self, text: str) -> None:
        """Say which digits answer the question; what was entered stays."""
        self._wrong.setText(text)
        self._wrong.show()
        self._sign.show()

    def _on_outcome(self, _number: int) -> None:
        self._outcome_touched = True
        self.draft.touch()

    def _show_blank(self) -> None:
        if self._result != "connected":
            self._blank.setText("")
            return
        blank = self.asked.blank()
        text = _("Still blank: {names}. Blanks do not count.").format(names=_(", ").join(blank))
        self._blank.setText(text if blank else _("Complete"))

    def save(self) -> None:
        """Hand over the result with what was entered."""
        if not self._result:
            self._wrong.setText(_("Choose the result of the call first (F1–F6)."))
            self._wrong.show()
            self._sign.show()
            return
        values: dict[str, Any] = {"phone_place": self.phone_place}
        if self._result == "connected":
            values |= self.asked.values()
            values["comment"] = self.comment.value() or ""
            values["result"] = self.outcome.value() or None
            if self._low:
                values["reasons"] = self.reasons.value()
            if not self.recovery.isHidden():
                values |= self.recovery.values()
            values["recover"] = self._recover or None
        elif self._result == "call_back_at":
            values["retry_at"] = self.again.value()
        self.save_wanted.emit(self._result, values)

    def keys(self) -> dict[str, Any]:
        """Return letter → what it does, for the page."""
        return {
            "N": self.focus_words, "X": self.choose_refused, "L": self.choose_again,
            "G": self.ask_ticket, "C": self.ask_complaint, "R": self.toggle_recovery,
            "E": self.next_outcome, "U": self.give_up_wanted.emit,
            "F": partial(self.recovery.choose, "fixed"),
            "W": partial(self.recovery.choose, "not_fixed"),
            "V": self.recovery.given.setFocus,
        }  # fmt: skip
