"""The answer of a survey by keyboard: scores, reasons, words; nothing is chosen beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from ui.models.choices import Choice
from ui.pages.callbacks.reason_chips import ReasonChips
from ui.pages.callbacks.score_box import ScoreBox
from ui.pages.wording import say
from ui.widgets.button import Button, Kind
from ui.widgets.editors import LongTextField
from ui.widgets.labels import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from svcdesk.domain.problem import Problem
    from svcdesk.services.desk import Desk


class AnswerEntry(QWidget):
    """Scores by digits, reasons of a low one, the customer's words."""

    save_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.box = ScoreBox()
        self.reasons = ReasonChips()
        self.comment = LongTextField(_("Customer's words"), lines=2)
        self.wrong = label("", "small", "danger", wrap=True)
        self.save = Button(_("Save answer"), kind=Kind.MAIN, key="Ctrl+↵")
        self.save.clicked.connect(self.submit)
        self.box.changed.connect(self._on_scores)
        self.box.refused.connect(self.wrong.setText)
        self.box.finished.connect(self._after_scores)
        self.reasons.finished.connect(self.comment.setFocus)
        row = QHBoxLayout()
        row.addWidget(self.wrong, 1)
        row.addWidget(self.save)
        for widget in (self.box, self.reasons, self.comment):
            column.addWidget(widget)
        column.addLayout(row)
        self.clear()

    def clear(self) -> None:
        """Empty the form; the reasons are those of the present list."""
        items = sorted(
            (i for i in self._desk.reference.items.values() if i.list == "low_reason"),
            key=lambda item: item.sort,
        )
        self.reasons.set_choices([Choice(item.id, item.name) for item in items])
        self.box.set_values({})
        self.comment.set_value("")
        self.wrong.setText("")
        self.save.setEnabled(True)
        self._on_scores()

    def values(self) -> dict[str, Any]:
        """Return what is entered."""
        low = self._is_low()
        return {
            **self.box.values(), "comment": self.comment.value() or "",
            "reasons": self.reasons.value() if low else [],
        }  # fmt: skip

    def submit(self) -> None:
        """Ask for the answer to be saved."""
        self.wrong.setText("")
        self.save_wanted.emit(self.values())

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say what is missing and go there."""
        self.wrong.setText(" ".join(say(problem) for problem in problems))
        if any(problem.field == "comment" for problem in problems):
            self.comment.setFocus()

    def _is_low(self) -> bool:
        score = self.box.values().get("csat")
        return score is not None and score <= int(self._desk.reference.settings["low_score"])

    def _on_scores(self) -> None:
        self.wrong.setText("")
        self.reasons.setVisible(self._is_low())

    def _after_scores(self) -> None:
        (self.reasons if self._is_low() else self.comment).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter saves."""
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.submit()
            return
        super().keyPressEvent(event)
