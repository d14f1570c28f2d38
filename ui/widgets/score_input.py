"""Scores by keyboard: 1–5 and 0–10, a digit sets and moves on, blank is not zero.

Keys go through the group; editors of text have the focus elsewhere, so nothing is typed by
accident. Input methods are off here: a digit is a digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from ui.theme.tokens import BODY, MICRO, RADIUS, SMALL, colour, font, metrics, px
from ui.widgets.paint import CENTRE, LEFT, draw_focus, rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

ROW_HEIGHT = 32
LABEL_WIDTH = 76


@dataclass(frozen=True)
class Scale:
    """The answers of a question: ``low`` to ``high``; ``words`` by score."""

    low: int
    high: int
    words: tuple[str, ...] = ()

    def word(self, score: int) -> str:
        """Return the word of ``score``, "" when the scale has none."""
        return self.words[score - self.low] if self.words else ""


@dataclass(frozen=True)
class Question:
    """One row."""

    key: str
    label: str
    scale: Scale


class ScoreRow(QWidget):
    """One question with its boxes."""

    picked = Signal(object)

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = question
        self.score: int | None = None
        self.active = False
        self.label_width = px(LABEL_WIDTH)
        self._wide = question.scale.high - question.scale.low > 5
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(question.label)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """Return the height of one row; the long scale also needs its groups."""
        return QSize(px(320), px(ROW_HEIGHT) + px(20 if self._wide else 0))

    def set_score(self, score: int | None) -> None:
        """Show ``score``."""
        self.score = score
        self.setAccessibleDescription("" if score is None else str(score))
        self.update()

    def set_active(self, active: bool) -> None:
        """Show the ring."""
        self.active = active
        self.update()

    def boxes(self) -> list[tuple[int, QRect]]:
        """Return each score with its box."""
        scale = self.question.scale
        count = scale.high - scale.low + 1
        if self._wide:
            width = min(px(29), (self.width() - 16 - 4 * (count - 1)) // count)
            left, gap = 8, 4
        else:
            words = max((metrics(SMALL).horizontalAdvance(w) for w in scale.words), default=0)
            left, gap = 8 + self.label_width, 4
            room = (self.width() - left - words - 14) // count - gap
            width = min(max(room, 26), px(34))
        return [
            (scale.low + place, QRect(left + place * (width + gap), 3, width, px(ROW_HEIGHT) - 6))
            for place in range(count)
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw label, boxes, word and the ring of the active row."""
        painter = QPainter(self)
        if self.active:
            ring = (
                QRectF(self.rect())
                if not self._wide
                else QRectF(0, 0, self.width(), px(ROW_HEIGHT))
            )
            rounded(painter, ring, RADIUS, "accent-soft")
            draw_focus(painter, ring, RADIUS)
        if not self._wide:
            painter.setFont(font(BODY, bold=self.active))
            painter.setPen(colour("text"))
            painter.drawText(QRect(8, 0, self.width(), px(ROW_HEIGHT)), LEFT, self.question.label)
        for score, rect in self.boxes():
            chosen = score == self.score
            rounded(
                painter,
                QRectF(rect),
                RADIUS,
                "fill" if chosen else "surface",
                "fill" if chosen else "strong",
            )
            painter.setFont(font(BODY, bold=chosen))
            painter.setPen(colour("on-fill" if chosen else "text"))
            painter.drawText(rect, CENTRE, str(score))
        if self._wide:
            self._draw_groups(painter)
        else:
            self._draw_word(painter)

    def _draw_word(self, painter: QPainter) -> None:
        left = self.boxes()[-1][1].right() + 11
        scale = self.question.scale
        text = scale.word(self.score) if self.score is not None else ""
        if self.score is None and not self.active:
            text = _("not given")
        painter.setFont(font(SMALL))
        painter.setPen(colour("text-2"))
        painter.drawText(QRect(left, 0, self.width() - left, px(ROW_HEIGHT)), LEFT, text)

    def _draw_groups(self, painter: QPainter) -> None:
        boxes = dict(self.boxes())
        groups = (
            (0, 6, _("Detractors {range}").format(range="0–6")),
            (7, 8, _("Passives")),
            (9, 10, _("Promoters")),
        )
        painter.setFont(font(MICRO))
        for low, high, name in groups:
            left, right = boxes[low].left(), boxes[high].right()
            painter.fillRect(left, px(ROW_HEIGHT) + 1, right - left, 2, colour("border"))
            painter.setPen(colour("text-2"))
            area = QRect(left - 14, px(ROW_HEIGHT) + 3, right - left + 28, px(17))
            painter.drawText(area, CENTRE, name)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the box under the pointer; a chosen one is emptied again."""
        place: QPoint = event.position().toPoint()
        for score, rect in self.boxes():
            if rect.adjusted(-2, -2, 2, 2).contains(place):
                self.picked.emit(None if score == self.score else score)
                return
        self.picked.emit(self.score)


class ScoreGroup(QWidget):
    """Several questions answered one after the other by digits."""

    changed = Signal()
    finished = Signal()  # the last question was answered or skipped
    refused = Signal(str)  # a digit that is not on the scale: the sentence to show

    def __init__(self, questions: Sequence[Question], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[ScoreRow] = []
        self._broken = False  # a decimal point was typed: its digits belong to nothing
        self._active = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(", ".join(question.label for question in questions))
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for question in questions:
            row = ScoreRow(question, self)
            row.picked.connect(self._on_picked)
            self._rows.append(row)
            layout.addWidget(row)
        widest = max(metrics(BODY, bold=True).horizontalAdvance(q.label) for q in questions)
        for row in self._rows:
            row.label_width = max(px(LABEL_WIDTH), widest + 10)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def values(self) -> dict[str, int | None]:
        """Return the scores; None is blank."""
        return {row.question.key: row.score for row in self._rows}

    def set_values(self, values: dict[str, int | None]) -> None:
        """Show scores, without a signal."""
        for row in self._rows:
            row.set_score(values.get(row.question.key))
        self._activate(0)

    def clear(self) -> None:
        """Empty every row: scores are never filled in beforehand."""
        self.set_values({})

    def blank(self) -> list[str]:
        """Return the labels of the questions without a score."""
        return [row.question.label for row in self._rows if row.score is None]

    @property
    def active_key(self) -> str:
        """The question the next digit answers."""
        return self._rows[self._active].question.key

    def _activate(self, place: int) -> None:
        self._active = min(max(place, 0), len(self._rows) - 1)
        for number, row in enumerate(self._rows):
            row.set_active(number == self._active and self.hasFocus())

    def _answer(self, score: int | None) -> None:
        self._rows[self._active].set_score(score)
        self.changed.emit()
        if self._active == len(self._rows) - 1:
            self.finished.emit()
        else:
            self._activate(self._active + 1)

    def _on_picked(self, score: int | None) -> None:
        row = self.sender()
        if isinstance(row, ScoreRow):
            self.setFocus()
            row.set_score(score)
            self._activate(self._rows.index(row))
            self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digit: set and go on; T: ten; Space: skip; Backspace: back; arrows: move."""
        key = event.key()
        scale = self._rows[self._active].question.scale
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        broken, self._broken = self._broken, False
        if Qt.Key.Key_0 <= key <= Qt.Key.Key_9:
            score = key - Qt.Key.Key_0
            if broken:
                return  # the half of 4.5 is no score of the next question
            if scale.low <= score <= scale.high:
                self._answer(score)
            else:
                text = _("{value} is not on the scale; use whole points from {low} to {high}.")
                self.refused.emit(text.format(value=score, low=scale.low, high=scale.high))
        elif key in {Qt.Key.Key_Period, Qt.Key.Key_Comma}:
            self._take_back_fraction()
        elif key == Qt.Key.Key_T and scale.high >= 10:
            self._answer(10)
        elif key == Qt.Key.Key_Space:
            self._answer(None)
        elif key == Qt.Key.Key_Backspace:
            self._step_back()
        elif key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self._activate(self._active + (1 if key == Qt.Key.Key_Down else -1))
        else:
            super().keyPressEvent(event)

    def _take_back_fraction(self) -> None:
        """Empty the score just typed: it was the beginning of one with a decimal point."""
        self._step_back()
        self._broken = True
        self.refused.emit(_("Scores are whole points, without a decimal point. Enter it again."))

    def _step_back(self) -> None:
        if self._active and self._rows[self._active].score is None:
            self._activate(self._active - 1)
        self._rows[self._active].set_score(None)
        self.changed.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show which row the next digit answers."""
        super().focusInEvent(event)
        self._activate(self._active)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        for row in self._rows:
            row.set_active(active=False)
