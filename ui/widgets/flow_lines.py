"""Where the arrows of a flow drawing run: cards in a grid, lines in the channels between them.

Pure geometry. Neighbours in a row are joined straight through the gap; all other lines leave by
the top or bottom of a card and run in a lane of the channel there, so that no line crosses a card
and no two labels share a place.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Cell = tuple[int, int]  # row and column
Point = tuple[float, float]
Move = tuple[str, str]


@dataclass(frozen=True)
class Measures:
    """Lengths of a drawing; ``least`` and ``most`` are widths of a card."""

    width: float
    margin: float
    gap: float
    lane: float
    label: float  # height of a label
    apart: float  # of two lines that run side by side
    tip: float  # room for the tip of an arrow between a card and the first lane
    least: float
    most: float


@dataclass(frozen=True)
class Area:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Return the lower edge."""
        return self.y + self.height

    def meets(self, other: Area) -> bool:
        """Tell whether two areas share more than an edge."""
        return (
            self.x < other.right and other.x < self.right
            and self.y < other.bottom and other.y < self.bottom
        )  # fmt: skip


@dataclass(frozen=True)
class Line:
    """An arrow: its corners from start to tip, and the place of its label."""

    move: Move
    points: tuple[Point, ...]
    label: Area


@dataclass(frozen=True)
class Drawing:
    """Cards and arrows in place, and the size of the whole."""

    cards: Mapping[str, Area]
    lines: tuple[Line, ...]
    width: float
    height: float


def card_width(columns: int, measures: Measures) -> float:
    """Return the width of a card: what the columns leave room for, within its bounds."""
    room = measures.width - 2 * measures.margin - (columns - 1) * measures.gap
    return min(max(room / columns, measures.least), measures.most)


def draw(
    cells: Mapping[str, Cell], heights: Mapping[str, float], moves: Mapping[Move, float],
    measures: Measures,
) -> Drawing:  # fmt: skip
    """Place cards and arrows; ``moves`` has the width of the label of each."""
    return _Router(cells, heights, moves, measures).drawing()


@dataclass
class _Way:
    """An arrow on its way to a place: the channel and lane it runs in, where it docks."""

    move: Move
    wide: float
    channel: int | None = None  # None: straight through the gap between neighbours
    ports: tuple[float, float] = (0.0, 0.0)
    lane: int = 0
    label_x: float = 0.0

    @property
    def span(self) -> tuple[float, float]:
        """Return from where to where its lane is taken."""
        first, last = min(self.ports), max(self.ports)
        return min(first, self.label_x - self.wide / 2), max(last, self.label_x + self.wide / 2)


@dataclass
class _Router:
    cells: Mapping[str, Cell]
    heights: Mapping[str, float]
    moves: Mapping[Move, float]
    measures: Measures
    ways: list[_Way] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.columns = 1 + max(column for _row, column in self.cells.values())
        self.rows = 1 + max(row for row, _column in self.cells.values())
        self.wide = card_width(self.columns, self.measures)
        self.ways = [_Way(move, wide, self._channel(move)) for move, wide in self.moves.items()]

    def _left(self, column: int) -> float:
        return self.measures.margin + column * (self.wide + self.measures.gap)

    def _channel(self, move: Move) -> int | None:
        """Return the channel of an arrow: 0 above the first row, 1 below it, and so on."""
        (row, column), (other_row, other_column) = (self.cells[name] for name in move)
        if row != other_row:
            return max(row, other_row)
        if abs(column - other_column) == 1:
            return None
        return 0 if row == 0 else row + 1

    # -- where lines dock ------------------------------------------------------------------

    def _dock(self) -> None:
        """Spread the lines of a channel over the width of each column, by where they lead.

        The cards above and below a channel share the places, so that no two lines stand on each
        other; between the two cards of a column a line runs straight.
        """
        ports: dict[tuple[int, int], float] = {}
        for column, docked in self._docked():
            step = self.wide / (len(docked) + 1)
            for place, (_toward, number, ends) in enumerate(sorted(docked), 1):
                for end in ends:
                    ports[number, end] = self._left(column) + place * step
        for number, way in enumerate(self.ways):
            if way.channel is not None:
                way.ports = (ports[number, 0], ports[number, 1])
        for way in self.ways:
            if way.channel is not None:
                way.label_x = self._label_x(way)

    def _docked(self) -> list[tuple[int, list[tuple[int, int, tuple[int, ...]]]]]:
        """Return for each column of each channel where its lines lead, which they are, which end."""
        sides: dict[Cell, list[tuple[int, int, tuple[int, ...]]]] = defaultdict(list)
        for number, way in enumerate(self.ways):
            if way.channel is None:
                continue
            first, last = (self.cells[name][1] for name in way.move)
            if first == last:
                sides[first, way.channel].append((0, number, (0, 1)))
            else:
                sides[first, way.channel].append((last - first, number, (0,)))
                sides[last, way.channel].append((first - last, number, (1,)))
        return [(column, docked) for (column, _channel), docked in sides.items()]

    def _label_x(self, way: _Way) -> float:
        """Return where the label hides the fewest lines: the middle, or beside it."""
        start, end = way.ports
        others = [x for one in self.ways if one is not way and one.channel == way.channel
                  for x in one.ports]  # fmt: skip

        def hidden(middle: float) -> int:
            return sum(abs(x - middle) < way.wide / 2 + 2 for x in others)

        places = [start + (end - start) * part for part in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)]
        return max(self.measures.margin + way.wide / 2, min(places, key=hidden))

    # -- lanes -----------------------------------------------------------------------------

    def _lanes(self) -> dict[int, int]:
        """Give each line a lane of its channel that nothing else has there; return how many."""
        counts: dict[int, int] = {}
        for channel in range(self.rows + 1):
            taken: list[list[tuple[float, float]]] = []
            here = [way for way in self.ways if way.channel == channel]
            for way in sorted(here, key=lambda one: (one.span[1] - one.span[0], one.move)):
                low, high = (edge + pad for edge, pad in
                             zip(way.span, (-self.measures.apart, self.measures.apart),
                                 strict=True))  # fmt: skip
                for lane, spans in enumerate(taken):
                    if all(high <= first or last <= low for first, last in spans):
                        way.lane = lane
                        spans.append((low, high))
                        break
                else:
                    way.lane = len(taken)
                    taken.append([(low, high)])
            counts[channel] = len(taken)
        return counts

    # -- places ----------------------------------------------------------------------------

    def drawing(self) -> Drawing:
        """Return everything in place."""
        self._dock()
        counts = self._lanes()
        measures, y = self.measures, self.measures.margin
        tops, channels = {}, {}
        for row in range(self.rows + 1):
            channels[row] = y
            lanes = counts[row]
            inside = 0 < row < self.rows
            y += lanes * measures.lane + (2 * measures.tip if lanes or inside else 0.0)
            if row < self.rows:
                tops[row] = y
                y += max(self.heights[name] for name, cell in self.cells.items() if cell[0] == row)
        cards = {
            name: Area(self._left(column), tops[row], self.wide, self.heights[name])
            for name, (row, column) in self.cells.items()
        }
        lines = tuple(
            self._straight(way, cards) if way.channel is None
            else self._bent(way, cards, channels[way.channel])
            for way in self.ways
        )  # fmt: skip
        width = 2 * measures.margin + self.columns * (self.wide + measures.gap) - measures.gap
        return Drawing(cards, lines, width, y + measures.margin)

    def _straight(self, way: _Way, cards: Mapping[str, Area]) -> Line:
        """Join neighbours: what goes on runs above what comes back."""
        start, end = (cards[name] for name in way.move)
        forward = start.x < end.x
        middle = start.y + min(start.height, end.height) / 2
        apart = self.measures.apart
        y = middle - apart if forward else middle + apart
        left, right = (start.right, end.x) if forward else (end.right, start.x)
        x = (left + right) / 2 - way.wide / 2
        top = y - self.measures.label - 1 if forward else y + 1
        points = ((left, y), (right, y)) if forward else ((right, y), (left, y))
        return Line(way.move, points, Area(x, top, way.wide, self.measures.label))

    def _bent(self, way: _Way, cards: Mapping[str, Area], top: float) -> Line:
        """Run from card to card through a lane of the channel."""
        y = top + self.measures.tip + (way.lane + 0.5) * self.measures.lane
        start, end = (
            (x, cards[name].y if cards[name].y > y else cards[name].bottom)
            for x, name in zip(way.ports, way.move, strict=True)
        )
        points = (start, (start[0], y), (end[0], y), end)
        height = self.measures.label
        label = Area(way.label_x - way.wide / 2, y - height / 2, way.wide, height)
        return Line(way.move, points, label)


def segments(line: Line) -> Sequence[tuple[Point, Point]]:
    """Return the pieces of a line."""
    return list(pairwise(line.points))
