"""Strips: progress through the states of a record, the days of a term, the time left of a limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.theme.tokens import BODY, MICRO, RADIUS, SMALL, colour, font, metrics, px
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Link, icon_label, label
from ui.widgets.paint import CENTRE, LEFT, draw_icon, rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

DONE, CURRENT, FUTURE = "done", "current", "future"


@dataclass(frozen=True)
class Step:
    """One state on the way; ``below`` is the time it was reached or its deadline."""

    label: str
    below: str
    state: str = FUTURE


class ProgressStrip(QWidget):
    """All steps in one line; only previous, current and next when the room is small."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[Step, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show ``steps``."""
        self._steps = tuple(steps)
        now = next((step.label for step in steps if step.state == CURRENT), "")
        self.setAccessibleName(now)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of two lines."""
        return QSize(500, metrics(BODY).height() + metrics(MICRO).height() + 16)

    def _visible(self) -> list[tuple[int, Step]]:
        steps = list(enumerate(self._steps))
        need = sum(self._width(step) + 34 for _place, step in steps)
        if need <= self.width() or len(steps) <= 3:
            return steps
        done = max((place for place, step in steps if step.state == DONE), default=0)
        now = next((place for place, step in steps if step.state == CURRENT), done)
        first = min(max(now - 1, 0), len(steps) - 3)
        return steps[first : first + 3]

    def _width(self, step: Step) -> int:
        return (
            px(20)
            + 10
            + max(
                metrics(BODY, bold=True).horizontalAdvance(step.label),
                metrics(MICRO).horizontalAdvance(step.below),
            )
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw signs, names, times and the joining lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        steps = self._visible()
        if not steps:
            return
        used = sum(self._width(step) for _place, step in steps)
        gap = max((self.width() - 24 - used) / max(len(steps) - 1, 1), 14)
        left = 12.0
        for number, (place, step) in enumerate(steps):
            self._draw_step(painter, left, place + 1, step)
            left += self._width(step)
            if number < len(steps) - 1:
                done = step.state == DONE
                painter.setPen(QPen(colour("ok" if done else "border"), 2))
                middle = self.height() / 2
                painter.drawLine(QPointF(left + 6, middle), QPointF(left + gap - 6, middle))
            left += gap

    def _draw_step(self, painter: QPainter, left: float, number: int, step: Step) -> None:
        middle = self.height() / 2
        circle = QRectF(left, middle - px(10), px(20), px(20))
        if step.state == DONE:
            draw_icon(painter, "circle-check", "ok", 20, left, middle)
        else:
            now = step.state == CURRENT
            rounded(painter, circle, px(10), "fill" if now else "", "fill" if now else "strong")
            painter.setFont(font(SMALL, bold=now))
            painter.setPen(colour("on-fill" if now else "text-2"))
            painter.drawText(circle, CENTRE, str(number))
        top = (self.height() - metrics(BODY).height() - metrics(MICRO).height()) / 2
        bold = step.state == CURRENT
        painter.setFont(font(BODY, bold=bold))
        painter.setPen(colour("text-2" if step.state == FUTURE else "text"))
        painter.drawText(
            QRectF(left + px(20) + 8, top, 400, metrics(BODY).height()), LEFT, step.label
        )
        painter.setFont(font(MICRO))
        painter.setPen(colour("text-3"))
        below = QRectF(
            left + px(20) + 8, top + metrics(BODY).height(), 400, metrics(MICRO).height()
        )
        painter.drawText(below, LEFT, step.below)


@dataclass(frozen=True)
class Day:
    """One calendar day of a term."""

    weekday: str
    number: str
    below: str
    kind: str = "work"  # work, off, today, due


class DayStrip(QWidget):
    """The days from receipt to the deadline; days off are hatched and named."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days: tuple[Day, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_days(self, days: Sequence[Day]) -> None:
        """Show ``days`` (at most a dozen)."""
        self._days = tuple(days)
        self.setAccessibleName(" ".join(f"{d.number} {d.below}" for d in days))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of three lines."""
        return QSize(300, 2 * metrics(MICRO).height() + metrics(BODY).height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a box per day."""
        painter = QPainter(self)
        if not self._days:
            return
        width = min((self.width() - 3 * (len(self._days) - 1)) / len(self._days), 56)
        micro, body = metrics(MICRO).height(), metrics(BODY).height()
        for place, day in enumerate(self._days):
            rect = QRectF(place * (width + 3), 0, width, self.height())
            line = {"today": "accent", "due": "danger"}.get(day.kind, "border")
            rounded(painter, rect, 4, "sunken" if day.kind == "off" else "surface", line)
            if day.kind == "off":
                painter.setBrush(QBrush(colour("border"), Qt.BrushStyle.BDiagPattern))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 3, 3)
            off = day.kind == "off"
            painter.setPen(colour("text-2"))
            painter.setFont(font(MICRO))
            painter.drawText(QRectF(rect.left(), 0, width, micro), CENTRE, day.weekday)
            below = QRectF(rect.left() - 4, micro + body - 1, width + 8, micro)
            painter.drawText(below, CENTRE, day.below)
            painter.setFont(font(BODY, bold=not off))
            painter.setPen(colour("text-2" if off else "text"))
            painter.drawText(QRectF(rect.left(), micro - 1, width, body), CENTRE, day.number)


@dataclass(frozen=True)
class Due:
    """What the due box tells; ``share`` is used time over the limit (0–1, more when late)."""

    remaining: str
    due: str
    detail: str
    share: float
    tone: str  # neutral, warn, danger or ok
    icon: str
    how: str = ""


class _Bar(QWidget):
    """The bar of used time with the mark where the last fifth begins."""

    def __init__(self) -> None:
        super().__init__()
        self.share = 0.0
        self.ink = "text-2"
        self.setFixedHeight(7)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw used, left and the mark."""
        painter = QPainter(self)
        rect = QRectF(0, 1, self.width(), 5)
        rounded(painter, rect, 2, "surface")
        used = QRectF(0, 1, self.width() * min(max(self.share, 0.0), 1.0), 5)
        rounded(painter, used, 2, self.ink)
        painter.fillRect(QRectF(self.width() * 0.8, 0, 1, 7), colour("text"))


class DueBox(QWidget):
    """Remaining time, due time, bar, minutes used of the limit, and how it is worked out."""

    def __init__(self, how_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = "neutral"
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 5, 10, 6)
        column.setSpacing(3)
        row = QHBoxLayout()
        row.setSpacing(7)
        self._sign = icon_label("clock", "text-2", 16)
        self._left = label("", "strong")
        self._due = label("", "small", "2")
        self.how = Link(how_text, "small")
        row.addWidget(self._sign)
        words = QWidget()
        flow = FlowLayout(words, gap=7)
        flow.addWidget(self._left)
        flow.addWidget(self._due)
        row.addWidget(words, 1)
        row.addWidget(self.how, alignment=Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        self._bar = _Bar()
        column.addWidget(self._bar)
        self._detail = label("", "micro", "2", wrap=True)
        column.addWidget(self._detail)

    def show_due(self, due: Due) -> None:
        """Show ``due``."""
        self._tone = due.tone
        ink = "text-2" if due.tone == "neutral" else due.tone
        fresh = icon_label(due.icon, ink, 16)
        self._sign.setPixmap(fresh.pixmap())
        self._left.setText(due.remaining)
        self._due.setText(due.due)
        self._detail.setText(due.detail)
        self._detail.setVisible(bool(due.detail))
        self._bar.share = due.share
        self._bar.ink = ink
        self._bar.setVisible(due.share >= 0)
        self.how.setVisible(bool(due.how))
        self.how.setToolTip(due.how)
        self.setAccessibleName(f"{due.remaining} {due.due}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, outline and the bar in the status colour."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        line = "border" if self._tone == "neutral" else self._tone
        ground = "sunken" if self._tone == "neutral" else f"{self._tone}-soft"
        rounded(painter, rect, RADIUS, ground, line)
        painter.fillRect(QRectF(0, 4, 3, rect.height() - 8), colour(line))


class ShareBar(QWidget):
    """A thin bar of what is done, e.g. of today's callbacks."""

    def __init__(self, width: int = 120) -> None:
        super().__init__()
        self._share = 0.0
        self.setFixedSize(width, 6)

    def show_share(self, share: float) -> None:
        """Show ``share`` (0–1)."""
        self._share = share
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        rounded(painter, rect, 3, "border")
        if self._share > 0:
            rounded(painter, QRectF(0, 0, rect.width() * min(self._share, 1), 6), 3, "ok")
