"""Arrows of a flow drawing: none crosses a card, no two labels share a place."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from ui.widgets.flow_lines import Area, Drawing, Line, Measures, card_width, draw, segments

CELLS = {"a": (0, 0), "b": (0, 1), "c": (0, 2), "d": (0, 3),
         "e": (1, 0), "f": (1, 1), "g": (1, 2), "h": (1, 3)}  # fmt: skip
MEASURES = Measures(
    width=900, margin=14, gap=48, lane=19, label=16, apart=4, tip=11, least=118, most=230
)
MOVES = st.dictionaries(
    st.sampled_from([(one, other) for one in CELLS for other in CELLS if one != other]),
    st.floats(10, 40), max_size=24,
)  # fmt: skip
HEIGHTS = st.fixed_dictionaries({name: st.floats(40, 260) for name in CELLS})


def box(line: Line) -> list[Area]:
    """Return the pieces of a line as areas without breadth."""
    return [
        Area(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))
        for (x0, y0), (x1, y1) in segments(line)
    ]


def upright(drawing: Drawing) -> list[tuple[str, str, float, float, float]]:
    return [
        (*line.move, x0, min(y0, y1), max(y0, y1))
        for line in drawing.lines
        for (x0, y0), (x1, y1) in segments(line)
        if x0 == x1 and y0 != y1
    ]


@settings(max_examples=60, deadline=None)
@given(HEIGHTS, MOVES)
def test_lines_keep_clear_of_cards_and_of_each_other(
    heights: dict[str, float], moves: dict[tuple[str, str], float]
) -> None:
    drawing = draw(CELLS, heights, moves, MEASURES)
    assert len(drawing.lines) == len(moves)
    for line in drawing.lines:
        for piece in box(line):
            for card in drawing.cards.values():
                inner = Area(card.x + 1, card.y + 1, card.width - 2, card.height - 2)
                assert not inner.meets(
                    Area(piece.x, piece.y, piece.width + 0.5, piece.height + 0.5)
                )
        assert line.label.x >= 0
        assert line.label.y >= 0
        assert line.label.bottom <= drawing.height
    bent = [line for line in drawing.lines if len(line.points) == 4]
    for one, other in combinations(bent, 2):
        assert not one.label.meets(other.label), (one.move, other.move)
    for (*move, x, top, bottom), (*to, x2, top2, bottom2) in combinations(upright(drawing), 2):
        if move != to and abs(x - x2) < 0.5:
            assert bottom <= top2 or bottom2 <= top, (move, to)


@settings(max_examples=60, deadline=None)
@given(HEIGHTS, MOVES)
def test_every_arrow_begins_and_ends_at_its_cards(
    heights: dict[str, float], moves: dict[tuple[str, str], float]
) -> None:
    drawing = draw(CELLS, heights, moves, MEASURES)
    for line in drawing.lines:
        for name, (x, y) in zip(line.move, (line.points[0], line.points[-1]), strict=True):
            card = drawing.cards[name]
            at_side = x in (card.x, card.right) and card.y <= y <= card.bottom
            at_edge = y in (card.y, card.bottom) and card.x <= x <= card.right
            assert at_side or at_edge


def test_both_ways_between_neighbours_run_beside_each_other() -> None:
    drawing = draw(CELLS, dict.fromkeys(CELLS, 100.0), {("a", "b"): 20.0, ("b", "a"): 20.0},
                   MEASURES)  # fmt: skip
    there, back = drawing.lines
    a, b = drawing.cards["a"], drawing.cards["b"]
    middle = a.y + 50
    assert there.points == ((a.right, middle - 4), (b.x, middle - 4))
    assert back.points == ((b.x, middle + 4), (a.right, middle + 4))
    assert not there.label.meets(back.label)


def test_cards_take_the_room_there_is_within_bounds() -> None:
    assert card_width(4, MEASURES) == (900 - 28 - 3 * 48) / 4
    assert card_width(8, MEASURES) == 118
    assert card_width(2, MEASURES) == 230
