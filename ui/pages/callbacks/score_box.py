"""Satisfaction, dimensions and recommendation by digit keys; nothing is chosen beforehand."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain.survey import DIMENSIONS
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label, field_label
from ui.widgets.labels import KeyHint, divider, label
from ui.widgets.score_input import Question, Scale, ScoreGroup


class ScoreBox(QWidget):
    """Five questions of one to five points, then the recommendation from 0 to 10."""

    changed = Signal()
    finished = Signal()  # the last question was answered or skipped
    refused = Signal(str)  # a digit off the scale: the sentence to show

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addLayout(self._build_head())
        words = tuple(code_label("CsatScore", str(score)) for score in range(1, 6))
        scale = Scale(1, 5, words)
        questions = [Question("csat", _("Overall"), scale)]
        questions += [Question(name, field_label("survey", name), scale) for name in DIMENSIONS]
        self.scores = ScoreGroup(questions)
        column.addWidget(self.scores)
        self._nps_box = QWidget()
        column.addWidget(self._nps_box)
        self._build_nps()
        for group in (self.scores, self.nps):
            group.changed.connect(self.changed)
            group.refused.connect(self.refused)
        self.scores.finished.connect(self._to_nps)
        self.nps.finished.connect(self.finished)

    def _build_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.addWidget(label(_("Satisfaction"), "strong"))
        head.addWidget(label(_("by digit keys"), "small", "2"))
        head.addWidget(KeyHint("1"))
        head.addWidget(label("–", "small", "2"))
        head.addWidget(KeyHint("5"))
        head.addStretch(1)
        head.addWidget(label(_("skip"), "small", "2"))
        head.addWidget(KeyHint(_("Space")))
        return head

    def _build_nps(self) -> None:
        inner = QVBoxLayout(self._nps_box)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(5)
        inner.addWidget(divider())
        head = QHBoxLayout()
        head.addWidget(label(_("Recommendation"), "strong"))
        head.addWidget(label(_("0–10, ten is"), "small", "2"))
        head.addWidget(KeyHint("T"))
        head.addStretch(1)
        inner.addLayout(head)
        self.nps = ScoreGroup([Question("nps", _("Recommendation"), Scale(0, 10))])
        inner.addWidget(self.nps)

    def ask_nps(self, *, wanted: bool) -> None:
        """Ask for the recommendation or not: a recovery asks whether it is put right."""
        self._nps_box.setVisible(wanted)

    def values(self) -> dict[str, int | None]:
        """Return the scores; None is blank."""
        return {**self.scores.values(), **self.nps.values()}

    def set_values(self, values: dict[str, int | None]) -> None:
        """Show scores, without a signal."""
        self.scores.set_values(values)
        self.nps.set_values(values)

    def blank(self) -> list[str]:
        """Return the labels of the questions that were asked and have no score."""
        return self.scores.blank() + ([] if self._nps_box.isHidden() else self.nps.blank())

    def _to_nps(self) -> None:
        if self._nps_box.isHidden():
            self.finished.emit()
        else:
            self.nps.setFocus()
