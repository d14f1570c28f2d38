"""Beside the data quality list: what is wrong with the chosen finding, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from svcdesk.domain.data_quality import OPEN, Decision, can_exclude
from svcdesk.i18n.catalog import _, ngettext, pgettext
from svcdesk.services import data_corrections
from ui.pages.reports.quality_rows import STATE_SIGNS, figures_text, state_word
from ui.pages.wording import Words
from ui.theme.tokens import GAP, MARGIN, px
from ui.widgets.button import Button
from ui.widgets.editors import TextField, TimeField
from ui.widgets.flow import FlowLayout
from ui.widgets.form import Field
from ui.widgets.labels import Tag, label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.services.data_quality import Finding
    from svcdesk.services.desk import Desk

WIDTH = 330
REASON_LIMIT = 200


class QualityPane(QWidget):
    """Reads one finding, or counts several; asks for a decision with its reason."""

    decided = Signal(object, str)  # Decision or None, reason
    corrected = Signal(object, str)  # UTC seconds, reason
    opened = Signal()  # the record
    other_opened = Signal()  # the ticket that it may repeat

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._words = Words(desk)
        self._found: Sequence[Finding] = ()
        self._pending: Decision | None = None
        self.setMinimumWidth(px(WIDTH))
        self._name = label("", "title", selectable=True)
        self._tag = Tag("")
        self._sentence = label("", wrap=True, selectable=True)
        self._facts = label("", "small", "2", wrap=True)
        self._out = label("", "small", "2", wrap=True)
        self._said = label("", "small", "2", wrap=True)
        self.time = TimeField(str(desk.reference.settings["timezone"]))
        self._time = Field("at", _("Right time"), self.time)
        self.correct = Button(_("Correct the time"), icon="pencil")
        self.correct.clicked.connect(self._on_correct)
        self.reason = TextField(_("Why: the appendix and the history show it"), REASON_LIMIT)
        self._reason = Field("reason", _("Reason"), self.reason)
        self.reason.returnPressed.connect(self._on_return)
        self.exclude = Button(pgettext("finding", "Exclude"), icon="ban", key="X")
        self.exclude.setToolTip(
            _("Leave it out of the figures that use this value; it stays in the volumes")
        )
        self.exclude.clicked.connect(lambda: self.ask(Decision.EXCLUDED))
        self.accept = Button(pgettext("finding", "Accept"), icon="circle-check", key="A")
        self.accept.setToolTip(_("The value is right as it is: let it count"))
        self.accept.clicked.connect(lambda: self.ask(Decision.ACCEPTED))
        self.again = Button(pgettext("finding", "Open again"), icon="undo-2", key="U")
        self.again.clicked.connect(self.take_back)
        self.record = Button(_("Open record"), icon="eye", key="↵")
        self.record.clicked.connect(self.opened)
        self.other = Button(_("Other ticket and merge"), icon="git-merge", key="M")
        self.other.clicked.connect(self.other_opened)
        self._lay_out()
        self.show_findings([])

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP)
        head = QHBoxLayout()
        head.addWidget(self._name, 1)
        head.addWidget(self._tag)
        column.addLayout(head)
        for part in (self._sentence, self._facts, self._out, self._said, self._time):
            column.addWidget(part)
        column.addWidget(self.correct, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._reason)
        buttons = QWidget()
        row = FlowLayout(buttons, gap=GAP)
        for button in (self.exclude, self.accept, self.again, self.record, self.other):
            row.addWidget(button)
        column.addWidget(buttons)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setAccessibleName(_("Finding"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    # --- what is chosen ------------------------------------------------------------------

    @property
    def found(self) -> Sequence[Finding]:
        """What is chosen."""
        return self._found

    def show_findings(self, found: Sequence[Finding]) -> None:
        """Show one finding, or how many are chosen."""
        same = [f.key[:3] for f in found] == [f.key[:3] for f in self._found]
        self._found = found
        if not same:
            self._pending = None
            self.reason.set_value("")
            self._reason.show_problem("")
            self._time.show_problem("")
        one = found[0] if len(found) == 1 else None
        for part in (self._tag, self._sentence, self._facts, self._out, self._said):
            part.setVisible(one is not None)
        fixable = one is not None and one.key.state != Decision.FIXED and one.value is not None \
            and one.field in data_corrections.FIELDS.get(one.key.entity, ())  # fmt: skip
        self._time.setVisible(fixable)
        self.correct.setVisible(fixable)
        self.other.setVisible(one is not None and one.other_id is not None)
        self.record.setVisible(one is not None)
        if one is not None:
            self._show(one, same=same, fixable=fixable)
        else:
            text = ngettext("{n} finding chosen", "{n} findings chosen", len(found))
            self._name.setText(text.format(n=len(found)) if found else _("No finding chosen"))
        self._offer()

    def _show(self, one: Finding, *, same: bool, fixable: bool) -> None:
        word, (icon, ink) = state_word(one.key.state), STATE_SIGNS[one.key.state]
        tone = {"warn": "warn", "ok": "ok"}.get(ink, "neutral")
        self._name.setText(f"{one.key.code}  {one.number}")
        self._tag.set(word, icon, tone)
        self._sentence.setText(one.sentence)
        owner = one.owner or _("nobody")
        self._facts.setText(
            one.meaning + "\n"
            + _("Owner: {name} · period {period} · since {day}").format(
                name=owner, period=one.period, day=self._words.day(one.since)
            )
        )  # fmt: skip
        names = figures_text(one).replace("\n", " · ")
        self._out.setText(
            _("Out of these figures: {names}").format(names=names)
            if names else _("It takes the record out of no figure.")
        )  # fmt: skip
        if one.key.state == Decision.ACCEPTED and names:
            self._out.setText(
                self._out.text() + "\n"
                + _("Accepted, and still out of them: times in this order give no duration.")
            )  # fmt: skip
        self._said.setVisible(one.decided_at is not None)
        if one.decided_at is not None:
            self._said.setText(
                _("{decision} by {name} on {day}: {reason}").format(
                    decision=word, name=one.decided_by or "—",
                    day=self._words.day(one.decided_at), reason=one.reason or "—",
                )
            )  # fmt: skip
        if fixable and not same:
            self.time.set_value(one.value)

    def _offer(self) -> None:
        """Enable what makes sense for all that is chosen."""
        open_ones = [f for f in self._found if f.key.state != Decision.FIXED]
        whole = bool(self._found) and len(open_ones) == len(self._found)
        self.exclude.setEnabled(
            whole and all(can_exclude(f.key.entity, f.key.code) for f in self._found)
        )
        self.accept.setEnabled(whole)
        self.again.setEnabled(whole and any(f.key.state != OPEN for f in self._found))
        self.reason.setEnabled(whole)

    # --- what is done --------------------------------------------------------------------

    def ask(self, decision: Decision) -> None:
        """Decide; without a reason ask for it first, Enter then goes on."""
        button = self.exclude if decision == Decision.EXCLUDED else self.accept
        if not button.isEnabled():
            return
        text = str(self.reason.value() or "").strip()
        if text:
            self._pending = None
            self._reason.show_problem("")
            self.decided.emit(decision, text)
            return
        self._pending = decision
        self._reason.show_problem(_("Give a reason, then press Enter."))
        self.reason.setFocus()

    def take_back(self) -> None:
        """Open the findings again; that needs no reason."""
        if self.again.isEnabled():
            self.decided.emit(None, "")

    def _on_return(self) -> None:
        if self._pending is not None:
            self.ask(self._pending)

    def _on_correct(self) -> None:
        text = str(self.reason.value() or "").strip()
        if not text:
            self._reason.show_problem(_("Give a reason: the history shows it."))
            self.reason.setFocus()
            return
        self.corrected.emit(self.time.value(), text)

    def start_correcting(self) -> None:
        """Go to the time, where it can be put right here; else open the record."""
        if self._time.isVisible():
            self.time.setFocus()
        elif self._found:
            self.opened.emit()

    def show_problem(self, text: str) -> None:
        """Show why something was refused, at the field it is about."""
        field = self._time if self._time.isVisible() else self._reason
        field.show_problem(text)
