"""The history of a record: icon, who did what, words, time; the newest at the bottom.

Entries can be chosen (click, Shift+click, arrows, Ctrl+A) and copied (Ctrl+C). A long history
shows its last entries first; a link brings the earlier ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui.theme.tokens import BODY, RADIUS, SMALL, colour, font, metrics, px
from ui.widgets.paint import draw_focus, draw_icon, rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

LEFT_EDGE = 24  # at text of 100 %
GAP = 9
WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


@dataclass(frozen=True)
class Moment:
    """One entry.

    ``full`` is the whole time for the tooltip and for copies; ``groups`` are the filters it
    belongs to; ``visible``: the customer knows of it; ``record`` is opened by Enter.
    """

    icon: str
    title: str
    text: str
    time: str
    ink: str = "text-2"
    full: str = ""
    groups: frozenset[str] = frozenset()
    visible: bool = False
    at: int = 0
    record: int | None = None

    def plain(self) -> str:
        """Return the entry as one or more lines of text."""
        head = f"{self.full or self.time}  {self.title}"
        return f"{head}\n{self.text}" if self.text else head


class Timeline(QWidget):
    """Paints all entries; its height follows its width."""

    opened = Signal(object)  # the record of an entry

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._moments: tuple[Moment, ...] = ()
        self._heights: tuple[int, list[int]] = (0, [])
        self._chosen: set[int] = set()
        self._current = -1
        self._anchor = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_moments(self, moments: Sequence[Moment]) -> None:
        """Show ``moments`` in order."""
        self._moments = tuple(moments)
        self._heights = (0, [])
        self._chosen.clear()
        self._current = self._anchor = -1
        self.setAccessibleName("\n".join(f"{m.time} {m.title} {m.text}" for m in moments))
        self.updateGeometry()
        self.update()

    @property
    def moments(self) -> tuple[Moment, ...]:
        """What is shown."""
        return self._moments

    @property
    def chosen(self) -> list[Moment]:
        """The entries that are selected, in order."""
        return [self._moments[number] for number in sorted(self._chosen)]

    # --- sizes ---------------------------------------------------------------------------

    def hasHeightForWidth(self) -> bool:
        """Return True: texts wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all entries at ``width``."""
        return sum(self._all_heights(width)) + 2

    def sizeHint(self) -> QSize:
        """Return the height at the present width."""
        return QSize(300, self.heightForWidth(max(self.width(), 200)))

    def minimumSizeHint(self) -> QSize:
        """Return the height at the present width."""
        return QSize(120, self.heightForWidth(max(self.width(), 200)))

    def _all_heights(self, width: int) -> list[int]:
        if self._heights[0] != width:
            self._heights = (width, [self._height(moment, width) for moment in self._moments])
        return self._heights[1]

    def _text_height(self, moment: Moment, width: int) -> int:
        if not moment.text:
            return 0
        room = QRect(0, 0, max(width - px(LEFT_EDGE), 60), 10_000)
        return metrics(SMALL).boundingRect(room, int(WRAP), moment.text).height()

    def _height(self, moment: Moment, width: int) -> int:
        return metrics(BODY).height() + self._text_height(moment, width) + GAP

    def resizeEvent(self, event: object) -> None:
        """Ask for the height that fits the new width."""
        self.updateGeometry()

    def _at(self, y: float) -> int:
        """Return the number of the entry at height ``y``, -1 for none."""
        top = 0
        for number, tall in enumerate(self._all_heights(self.width())):
            top += tall
            if y < top:
                return number
        return -1

    # --- choosing ------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose an entry; Shift extends, Ctrl adds."""
        number = self._at(event.position().y())
        if number < 0:
            return
        modifiers = event.modifiers()
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self._chosen ^= {number}
            self._current = self._anchor = number
            self.update()
        else:
            self._go_to(number, extend=bool(modifiers & Qt.KeyboardModifier.ShiftModifier))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the record of an entry."""
        number = self._at(event.position().y())
        if number >= 0 and self._moments[number].record is not None:
            self.opened.emit(self._moments[number].record)

    def _go_to(self, number: int, *, extend: bool) -> None:
        self._current = number
        if not extend or self._anchor < 0:
            self._anchor = number
        low, high = sorted((self._anchor, number))
        self._chosen = set(range(low, high + 1))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, Ctrl+A chooses all, Ctrl+C copies, Enter opens."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        last = len(self._moments) - 1
        if step and last >= 0:
            start = self._current if self._current >= 0 else (last + 1 if step < 0 else -1)
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._go_to(min(max(start + step, 0), last), extend=shift)
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._chosen = set(range(last + 1))
            self.update()
        elif event.matches(QKeySequence.StandardKey.Copy) and self._chosen:
            text = "\n".join(moment.plain() for moment in self.chosen)
            QGuiApplication.clipboard().setText(text)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._opens():
            self.opened.emit(self._moments[self._current].record)
        else:
            super().keyPressEvent(event)

    def _opens(self) -> bool:
        return self._current >= 0 and self._moments[self._current].record is not None

    def event(self, event: QEvent) -> bool:
        """Show the whole time of the entry under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            number = self._at(event.pos().y())
            text = self._moments[number].full if number >= 0 else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    # --- painting ------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the entries in sight and the line that joins them."""
        painter = QPainter(self)
        top, width = 0, self.width()
        low, high = event.rect().top(), event.rect().bottom()
        heights = self._all_heights(width)
        for number, (moment, tall) in enumerate(zip(self._moments, heights, strict=True)):
            if top <= high and top + tall >= low:
                self._paint(painter, number, moment, QRect(0, top, width, tall))
            top += tall

    def _paint(self, painter: QPainter, number: int, moment: Moment, area: QRect) -> None:
        top, width, tall = area.top(), area.width(), area.height()
        line = metrics(BODY, bold=True).height()
        if number in self._chosen:
            rounded(painter, QRectF(0, top - 2, width, tall - 4), RADIUS, "accent-soft")
        if number == self._current and self.hasFocus():
            draw_focus(painter, QRectF(0, top - 2, width, tall - 4), RADIUS)
        draw_icon(painter, moment.icon, moment.ink, 16, 0, top + line / 2)
        if number < len(self._moments) - 1:
            painter.setPen(QPen(colour("border"), 1))
            painter.drawLine(QPointF(px(8), top + line + 2), QPointF(px(8), top + tall - 2))
        time_width = metrics(SMALL).horizontalAdvance(moment.time)
        painter.setFont(font(BODY, bold=True))
        painter.setPen(colour("text"))
        title = metrics(BODY, bold=True).elidedText(
            moment.title, Qt.TextElideMode.ElideRight, width - px(LEFT_EDGE) - time_width - 10
        )
        painter.drawText(px(LEFT_EDGE), top + metrics(BODY).ascent(), title)
        painter.setFont(font(SMALL))
        painter.setPen(colour("text-3"))
        painter.drawText(width - time_width, top + metrics(BODY).ascent(), moment.time)
        painter.setPen(colour("text-2"))
        room = QRect(px(LEFT_EDGE), top + line, max(width - px(LEFT_EDGE), 60), tall)
        painter.drawText(room, int(WRAP), moment.text)
