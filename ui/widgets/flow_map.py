"""A flow drawing: cards for the states, arrows between them, notes stuck to the cards.

Every card and every note is a widget of its own, so that a screen reader is told each in words;
the arrow keys walk over them, Enter opens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from ui.theme.tokens import MARGIN, MICRO, colour, font, metrics, px
from ui.widgets.flow_cards import Card, Pain, Pinned, Place, Spot
from ui.widgets.flow_lines import Drawing, Line, Measures, card_width, draw
from ui.widgets.paint import text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Arrow", "FlowMap", "Pain", "Pinned", "Place", "Spot"]

LEAST, MOST, GAP_WIDE, GAP_MOST, LANE = 118, 230, 40, 64, 19
THIN, THICK = 1.2, 4.0  # px of a line, by how many go along it
TIP = 6.0
PICTURE_SCALE = 2.0  # of a copied drawing, sharp on paper


@dataclass(frozen=True)
class Arrow:
    """An arrow between two places; ``weight`` is the part of the tickets that go along it."""

    start: str
    end: str
    text: str
    weight: float


class FlowMap(QWidget):
    """Cards and arrows; one card or note is the present one."""

    chosen = Signal(str)  # another card is the present one
    opened = Signal(str)  # Enter or double click on a card
    note_opened = Signal(object)  # key of the note

    def __init__(self, name: str) -> None:
        super().__init__()
        self._arrows: tuple[Arrow, ...] = ()
        self._cards: dict[str, Card] = {}
        self._drawing: Drawing | None = None
        self._present = ""
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMinimumWidth(self._least())

    # --- what is shown -------------------------------------------------------------------

    def show_flow(self, places: Sequence[Place], arrows: Sequence[Arrow], told: str) -> None:
        """Show other cards and arrows; the present card stays by its key."""
        focused = self.focused()
        kept = (focused.key, focused.row) if focused is not None else None
        for card in self._cards.values():
            card.hide()
            card.deleteLater()
        self._arrows = tuple(arrows)
        self.setAccessibleDescription(told)
        self._cards = {place.key: Card(self, place) for place in places}
        for card in self._cards.values():
            for spot in card.spots():
                spot.pressed.connect(self._on_pressed)
                spot.opened.connect(self._on_opened)
                spot.left.connect(self._walk)
            card.show()
        self._lay_out()
        known = self._present if self._present in self._cards else ""
        self._choose(known or next(iter(self._walkable()), ""))
        if kept is not None and kept[0] in self._cards:
            spots = self._cards[kept[0]].spots()
            spots[min(kept[1], len(spots) - 1)].setFocus()

    def present(self) -> str:
        """Return the key of the present card."""
        return self._present

    def card(self, key: str) -> Card:
        """Return the card of a place."""
        return self._cards[key]

    def focused(self) -> Spot | None:
        """Return the card or note that has the focus, or gets it back with the window."""
        wanted = self.window().focusWidget()
        return next((spot for card in self._cards.values() for spot in card.spots()
                     if spot is wanted), None)  # fmt: skip

    def choose(self, key: str) -> None:
        """Make a card the present one."""
        if key in self._walkable():
            self._choose(key)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus to the present card."""
        super().focusInEvent(event)
        if self._present in self._cards:
            self._cards[self._present].setFocus()

    # --- choosing ------------------------------------------------------------------------

    def _walkable(self) -> list[str]:
        return [key for key, card in self._cards.items() if card.place.walked]

    def _choose(self, key: str) -> None:
        changed, self._present = key != self._present, key
        for name, card in self._cards.items():
            card.set_present(present=name == key)
        self.update()
        if changed and key:
            self.chosen.emit(key)

    def _on_pressed(self, spot: object) -> None:
        if isinstance(spot, Spot) and self._cards[spot.key].place.walked:
            self._choose(spot.key)

    def _on_opened(self, spot: object) -> None:
        if isinstance(spot, Pinned):
            self.note_opened.emit(spot.pain.id)
        elif isinstance(spot, Card):
            self.opened.emit(spot.key)

    def _walk(self, spot: object, pressed: int) -> None:
        """Go to the next card or note in the direction of an arrow key."""
        if not isinstance(spot, Spot):
            return
        key = Qt.Key(pressed)
        stack = [one for card in self._column(spot.key) for one in card.spots()]
        target: Spot | None = None
        if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            place = stack.index(spot) + (1 if key == Qt.Key.Key_Down else -1)
            target = stack[place] if 0 <= place < len(stack) else None
        else:
            target = self._beside(spot.key, 1 if key == Qt.Key.Key_Right else -1)
        if target is not None:
            self._choose(target.key)
            target.setFocus()
            self._bring_into_view(target)

    def _bring_into_view(self, spot: Spot) -> None:
        """Scroll the area around the drawing to a card or note."""
        parent = self.parentWidget()
        area = parent.parentWidget() if parent is not None else None
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(spot)

    def _column(self, key: str) -> list[Card]:
        column = self._cards[key].place.column
        cards = [c for c in self._cards.values() if c.place.walked and c.place.column == column]
        return sorted(cards, key=lambda card: card.place.row)

    def _beside(self, key: str, by: int) -> Card | None:
        """Return the next card to a side, in the same row where there is one."""
        here = self._cards[key].place
        side = [c for c in self._cards.values()
                if c.place.walked and c.place.column == here.column + by]  # fmt: skip
        return min(side, key=lambda card: abs(card.place.row - here.row), default=None)

    # --- places --------------------------------------------------------------------------

    def _columns(self) -> int:
        return 1 + max((card.place.column for card in self._cards.values()), default=3)

    def _least(self) -> int:
        columns = self._columns()
        return columns * px(LEAST) + (columns - 1) * px(GAP_WIDE) + 2 * MARGIN

    def sizeHint(self) -> QSize:
        """Return the size of the drawing."""
        return QSize(self._least(), self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        """Ask for the width below which cards would be cut."""
        return QSize(self._least(), 0)

    def _lay_out(self) -> None:
        if not self._cards:
            return
        self.setMinimumWidth(self._least())
        label = metrics(MICRO).height()
        widths = {(one.start, one.end): text_width(one.text, MICRO) + px(6)
                  for one in self._arrows}  # fmt: skip
        wide = float(max(self.width(), self._least()))
        gaps = max(self._columns() - 1, 1)
        spare = px(GAP_WIDE) + (wide - self._least()) / gaps
        wished = max(widths.values(), default=0) + px(14)
        gap = max(float(px(GAP_WIDE)), min(wished, px(GAP_MOST), spare))
        measures = Measures(
            width=wide, margin=float(MARGIN), gap=gap, lane=float(px(LANE)),
            label=float(label), apart=float(px(4)), tip=float(px(11)), least=float(px(LEAST)), most=float(px(MOST)),
        )  # fmt: skip
        cells = {key: (card.place.row, card.place.column) for key, card in self._cards.items()}
        width = card_width(self._columns(), measures)
        heights = {key: float(card.height_for(width)) for key, card in self._cards.items()}
        self._drawing = draw(cells, heights, widths, measures)
        for key, card in self._cards.items():
            area = self._drawing.cards[key]
            card.setGeometry(round(area.x), round(area.y), round(area.width), round(area.height))
        self.setMinimumHeight(round(self._drawing.height))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the width there is."""
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._lay_out()

    @property
    def drawing(self) -> Drawing | None:
        """Return what is drawn where."""
        return self._drawing

    # --- painting ------------------------------------------------------------------------

    def picture(self) -> QPixmap:
        """Return the drawing as a picture, sharp enough for paper."""
        size = QSize(round(self._drawing.width), self.height()) if self._drawing else self.size()
        found = QPixmap(size * PICTURE_SCALE)
        found.setDevicePixelRatio(PICTURE_SCALE)
        found.fill(colour("surface"))
        self.render(found)
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the arrows; the cards draw themselves."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), colour("surface"))
        if self._drawing is None:
            return
        known = {(one.start, one.end): one for one in self._arrows}
        lines = sorted(self._drawing.lines, key=lambda line: self._present in line.move)
        for line in lines:
            self._draw_line(painter, line, known[line.move])
        for line in lines:
            self._draw_label(painter, line, known[line.move])

    def _ink(self, line: Line) -> str:
        return "accent" if self._present in line.move else "strong"

    def _draw_line(self, painter: QPainter, line: Line, arrow: Arrow) -> None:
        ink = colour(self._ink(line))
        width = THIN + (THICK - THIN) * min(1.0, arrow.weight)
        pen = QPen(ink, width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        (x0, y0), (x, y) = line.points[-2], line.points[-1]
        dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)
        tip = TIP + width / 2
        corners = [*line.points[:-1], (x - dx * tip, y - dy * tip)]
        painter.drawPolyline(QPolygonF([QPointF(*corner) for corner in corners]))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        side = TIP * 0.6 + width / 2
        painter.drawPolygon(QPolygonF([
            QPointF(x, y), QPointF(x - dx * tip - dy * side, y - dy * tip - dx * side),
            QPointF(x - dx * tip + dy * side, y - dy * tip + dx * side),
        ]))  # fmt: skip

    def _draw_label(self, painter: QPainter, line: Line, arrow: Arrow) -> None:
        area = QRectF(line.label.x, line.label.y, line.label.width, line.label.height)
        painter.fillRect(area, colour("surface"))
        near = self._present in line.move
        painter.setFont(font(MICRO, bold=near))
        painter.setPen(colour("text" if near else "text-2"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, arrow.text)
