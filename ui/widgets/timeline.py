"""The history of a record: icon, who did what, words, time; the newest at the bottom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.tokens import BODY, SMALL, colour, font, metrics
from ui.widgets.paint import draw_icon

if TYPE_CHECKING:
    from collections.abc import Sequence

LEFT_EDGE = 24
GAP = 9
WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


@dataclass(frozen=True)
class Moment:
    """One entry."""

    icon: str
    title: str
    text: str
    time: str
    ink: str = "text-2"


class Timeline(QWidget):
    """Paints all entries; its height follows its width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._moments: tuple[Moment, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_moments(self, moments: Sequence[Moment]) -> None:
        """Show ``moments`` in order."""
        self._moments = tuple(moments)
        self.setAccessibleName("\n".join(f"{m.time} {m.title} {m.text}" for m in moments))
        self.updateGeometry()
        self.update()

    @property
    def moments(self) -> tuple[Moment, ...]:
        """What is shown."""
        return self._moments

    def hasHeightForWidth(self) -> bool:
        """Return True: texts wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all entries at ``width``."""
        return sum(self._height(moment, width) for moment in self._moments) + 2

    def sizeHint(self) -> QSize:
        """Return the height at the present width."""
        return QSize(300, self.heightForWidth(max(self.width(), 200)))

    def minimumSizeHint(self) -> QSize:
        """Return the height at the present width."""
        return QSize(120, self.heightForWidth(max(self.width(), 200)))

    def _text_height(self, moment: Moment, width: int) -> int:
        if not moment.text:
            return 0
        room = QRect(0, 0, max(width - LEFT_EDGE, 60), 10_000)
        return metrics(SMALL).boundingRect(room, int(WRAP), moment.text).height()

    def _title_width(self, moment: Moment, width: int) -> int:
        return width - LEFT_EDGE - metrics(SMALL).horizontalAdvance(moment.time) - 10

    def _height(self, moment: Moment, width: int) -> int:
        return metrics(BODY).height() + self._text_height(moment, width) + GAP

    def resizeEvent(self, event: object) -> None:
        """Ask for the height that fits the new width."""
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the entries and the line that joins them."""
        painter = QPainter(self)
        top = 0
        width = self.width()
        for number, moment in enumerate(self._moments):
            tall = self._height(moment, width)
            line = metrics(BODY, bold=True).height()
            draw_icon(painter, moment.icon, moment.ink, 16, 0, top + line / 2)
            if number < len(self._moments) - 1:
                painter.setPen(QPen(colour("border"), 1))
                painter.drawLine(QPointF(8, top + line + 2), QPointF(8, top + tall - 2))
            painter.setFont(font(BODY, bold=True))
            painter.setPen(colour("text"))
            room = self._title_width(moment, width)
            title = metrics(BODY, bold=True).elidedText(
                moment.title, Qt.TextElideMode.ElideRight, room
            )
            painter.drawText(LEFT_EDGE, top + metrics(BODY).ascent(), title)
            painter.setFont(font(SMALL))
            painter.setPen(colour("text-3"))
            time_left = width - metrics(SMALL).horizontalAdvance(moment.time)
            painter.drawText(time_left, top + metrics(BODY).ascent(), moment.time)
            painter.setPen(colour("text-2"))
            area = QRect(LEFT_EDGE, top + line, max(width - LEFT_EDGE, 60), tall)
            painter.drawText(area, int(WRAP), moment.text)
            top += tall
