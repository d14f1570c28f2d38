"""The cards of a flow drawing and the notes stuck to them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme.tokens import BODY, RADIUS_CARD, RADIUS_TAG, SMALL, colour, font, metrics, px
from ui.widgets.paint import LEFT, draw_focus, draw_icon, rounded, wrapped

ARROWS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down})
PAD, STEP = 8, 4  # inside a card, between its parts
BAR = 6
ICON = 14
NOTE_LINES = 2  # of the title of a note


@dataclass(frozen=True)
class Pain:
    """A note: the key of its record, its number and title, what a screen reader says of it."""

    id: int
    number: str
    title: str
    told: str


@dataclass(frozen=True)
class Place:
    """A card: where it stands in the grid, what it says.

    ``figure`` is its main line; ``share`` (0 to 1) is drawn as a bar, None: no bar; ``mark`` is
    the word that makes it stand out. Cards that are not ``walked`` only show a number.
    """

    key: str
    row: int
    column: int
    title: str
    figure: str
    lines: tuple[str, ...]
    told: str
    share: float | None = None
    mark: str = ""
    pains: tuple[Pain, ...] = ()
    walked: bool = True


class Spot(QWidget):
    """What can have the focus in the drawing: a card or a note."""

    pressed = Signal(object)  # itself: it was clicked or got the focus
    opened = Signal(object)  # itself: Enter or double click
    left = Signal(object, int)  # itself, and the arrow key that leads away from it

    def __init__(self, parent: QWidget, key: str, row: int) -> None:
        super().__init__(parent)
        self.key = key
        self.row = row  # 0 for the card, then its notes

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, Enter opens; other keys are for the view around the drawing."""
        key = Qt.Key(event.key())
        if key in ARROWS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.left.emit(self, event.key())
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat():
            self.opened.emit(self)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose."""
        if event.button() == Qt.MouseButton.LeftButton and self.focusPolicy():
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.pressed.emit(self)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open."""
        if event.button() == Qt.MouseButton.LeftButton and self.focusPolicy():
            self.opened.emit(self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.pressed.emit(self)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()


class Pinned(Spot):
    """A note stuck to a card: number and title."""

    def __init__(self, card: Card, pain: Pain, row: int) -> None:
        super().__init__(card, card.key, row)
        self.pain = pain
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(pain.told)
        self.setToolTip(f"{pain.number}\n{pain.title}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def _lines(self, width: float) -> list[str]:
        found = wrapped(self.pain.title, width - 2 * px(5))
        if len(found) > NOTE_LINES:
            rest = " ".join(found[NOTE_LINES - 1 :])
            last = metrics(SMALL).elidedText(
                rest, Qt.TextElideMode.ElideRight, round(width - 2 * px(5))
            )
            found = [*found[: NOTE_LINES - 1], last]
        return found

    def height_for(self, width: float) -> int:
        """Return the height at a width."""
        return metrics(SMALL).height() * (1 + len(self._lines(width))) + 2 * px(3)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a note: bulb and number, and below the title."""
        del event
        painter = QPainter(self)
        area = QRectF(self.rect())
        rounded(painter, area, RADIUS_TAG, "warn-soft", "warn")
        line, left, y = metrics(SMALL).height(), px(5), float(px(3))
        draw_icon(painter, "lightbulb", "warn", ICON, left, y + line / 2)
        painter.setFont(font(SMALL, bold=True))
        painter.setPen(colour("text"))
        x = left + px(ICON + 3)
        painter.drawText(QRectF(x, y, area.width() - x, line), LEFT, self.pain.number)
        painter.setFont(font(SMALL))
        for text in self._lines(area.width()):
            y += line
            painter.drawText(QRectF(left, y, area.width() - left, line), LEFT, text)
        if self.hasFocus():
            draw_focus(painter, area, RADIUS_TAG)


class Card(Spot):
    """A state: title, figure, bar, details, and the notes below."""

    def __init__(self, parent: QWidget, place: Place) -> None:
        super().__init__(parent, place.key, 0)
        self.place = place
        self._here = False
        self._notes = [Pinned(self, pain, row) for row, pain in enumerate(place.pains, 1)]
        self.setAccessibleName(place.told)
        if place.walked:
            self.setToolTip(place.told)

    def spots(self) -> list[Spot]:
        """Return the card and its notes, from top to bottom; nothing of a card not walked."""
        return [self, *self._notes] if self.place.walked else []

    def set_present(self, *, present: bool) -> None:
        """Make it the card that Tab comes to, or not."""
        self._here = present
        policy = Qt.FocusPolicy.StrongFocus if present else Qt.FocusPolicy.ClickFocus
        if self.place.walked:
            self.setFocusPolicy(policy)
            for note in self._notes:
                note.setFocusPolicy(policy)
        self.update()

    # --- parts ---------------------------------------------------------------------------

    def _texts(self, width: float) -> list[tuple[str, int, bool, str]]:
        """Return the lines at a width: text, size, bold, colour; "" stands for the bar."""
        room = width - 2 * px(PAD)
        place = self.place
        found = [(one, BODY, True, "text") for one in wrapped(place.title, room, BODY, bold=True)]
        if place.figure:
            found += [(one, BODY, False, "text") for one in wrapped(place.figure, room, BODY)]
        if place.share is not None:
            found.append(("", 0, False, ""))
        for line in place.lines:
            found += [(one, SMALL, False, "text-2") for one in wrapped(line, room)]
        return found

    def _marks(self, width: float) -> list[str]:
        room = width - 2 * px(PAD) - px(ICON + 3)
        return wrapped(self.place.mark, room, bold=True) if self.place.mark else []

    def height_for(self, width: float) -> int:
        """Return the height at a width."""
        return round(self._arranged(width)) + px(PAD)

    def _arranged(self, width: float) -> float:
        """Return where the notes end, and put them there."""
        y = float(px(PAD)) + len(self._marks(width)) * metrics(SMALL).height()
        for text, size, bold, _ink in self._texts(width):
            y += metrics(size, bold=bold).height() if text else px(BAR + STEP)
        for note in self._notes:
            y += px(STEP)
            tall = note.height_for(width - 2 * px(PAD))
            note.setGeometry(px(PAD), round(y), round(width) - 2 * px(PAD), tall)
            y += tall
        return y

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card."""
        del event
        painter = QPainter(self)
        area = QRectF(self.rect())
        widest = bool(self.place.mark)
        line = "warn" if widest else "accent" if self._here else "strong"
        ground = "selected" if self._here else "sunken"
        if not self.place.walked:
            line, ground = "border", "window"
        rounded(painter, area, RADIUS_CARD, ground, line, 3.0 if widest else 1.0)
        y = self._draw_mark(painter, area)
        for text, size, bold, ink in self._texts(area.width()):
            if not text:
                self._draw_bar(painter, area, y + px(STEP) / 2)
                y += px(BAR + STEP)
                continue
            tall = metrics(size, bold=bold).height()
            painter.setFont(font(size, bold=bold))
            painter.setPen(colour(ink))
            painter.drawText(QRectF(px(PAD), y, area.width() - px(PAD), tall), LEFT, text)
            y += tall
        if self.hasFocus():
            draw_focus(painter, area.adjusted(3, 3, -3, -3) if widest else area, RADIUS_CARD)

    def _draw_mark(self, painter: QPainter, area: QRectF) -> float:
        y, tall = float(px(PAD)), metrics(SMALL).height()
        for number, text in enumerate(self._marks(area.width())):
            if not number:
                draw_icon(painter, "clock-alert", "warn", ICON, px(PAD), y + tall / 2)
            painter.setFont(font(SMALL, bold=True))
            painter.setPen(colour("warn"))
            x = px(PAD + ICON + 3)
            painter.drawText(QRectF(x, y, area.width() - x, tall), LEFT, text)
            y += tall
        return y

    def _draw_bar(self, painter: QPainter, area: QRectF, y: float) -> None:
        room = QRectF(px(PAD), y, area.width() - 2 * px(PAD), px(BAR))
        rounded(painter, room, px(BAR) / 2, "surface", "strong")
        share = self.place.share or 0.0
        if share > 0:
            part = QRectF(room.x(), room.y(), max(float(px(BAR)), room.width() * share), px(BAR))
            rounded(painter, part, px(BAR) / 2, "warn" if self.place.mark else "accent")
