"""Tables: laid out once, then cut between rows into the parts that pages hold.

A row is never split and every part repeats the header, so that laying out and drawing cost the same
for each row, however many there are.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from svcdesk.reports.pdf.fonts import balanced, fit, is_cjk, longest_word, printable, width, wrap
from svcdesk.reports.pdf.pieces import Piece
from svcdesk.reports.pdf.styles import SMALL, colour

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svcdesk.reports.model import Table
    from svcdesk.reports.pdf.ink import Ink
    from svcdesk.reports.pdf.sheets import Script
    from svcdesk.reports.pdf.tags import Element

PAD = 3.0  # points: beside the text of a cell
APART = 9.0  # points: before a text that follows a column of figures
ABOVE, BELOW = 2.5, 3.5
LEADING = SMALL * 1.4
TOGETHER = 3  # rows that stay with the header, and at the end
MANY = 15  # rows: of a shorter table one more stays with the header
MEASURED = 300  # rows that column widths are made for
HEAD_LINES = CELL_LINES = 3  # of a cell that is cut, not broken as often as it needs
READABLE = 0.14  # of the table: what a column keeps of what it needs, while there is room
WIDEST_WORD = 0.3  # of the table: no word takes more

Cells = tuple[tuple[str, ...], ...]


@dataclass
class TableLayout:
    """A table with its cells broken into lines; ``ends`` sums the heights of the rows."""

    table: Table
    widths: list[float]
    head: Cells
    rows: list[Cells]
    ends: list[float]
    head_height: float
    source: list[int]  # the table's row that a laid out row shows; -1: more of the one before
    element: Element | None = None

    @property
    def room(self) -> float:
        """Return the width of the table."""
        return sum(self.widths)

    def structure(self, ink: Ink) -> Element:
        """Return the table's element, new when nothing of the table has been drawn."""
        if self.element is None:
            self.element = ink.structure.add("Table")
        return self.element

    def offset(self, column: int) -> float:
        """Return the room before the text of a column."""
        columns = self.table.columns
        follows = column > 0 and columns[column - 1].right and not columns[column].right
        return APART if follows else PAD


def lay_out(table: Table, room: float, depth: float) -> TableLayout:
    """Break the cells of a table into lines; ``depth`` is the height of a page."""
    widths = column_widths(table, room)
    layout = TableLayout(table, widths, (), [], [], 0.0, [])
    rooms = [wide - layout.offset(i) - PAD for i, wide in enumerate(widths)]
    layout.head = tuple(
        _lines(column.title, space, HEAD_LINES, bold=True)
        for column, space in zip(table.columns, rooms, strict=True)
    )
    layout.head_height = _height(layout.head) if any(c.title for c in table.columns) else 0.0
    most = max(4, int((depth * 0.7 - layout.head_height) / LEADING))
    last = len(table.rows) - 1
    for number, row in enumerate(table.rows):
        bold = table.total and number == last
        limit = 0 if table.wrap and not bold else CELL_LINES
        cells = tuple(
            _lines(cell, space, limit, bold=bold) for cell, space in zip(row, rooms, strict=True)
        )
        for part, at in enumerate(range(0, max(map(len, cells), default=1), most)):
            layout.rows.append(tuple(lines[at : at + most] for lines in cells))
            layout.source.append(-1 if part else number)
    layout.ends = list(accumulate(_height(row) for row in layout.rows))
    return layout


def _height(cells: Cells) -> float:
    return max((len(lines) for lines in cells), default=1) * LEADING + ABOVE + BELOW


def _lines(text: str, room: float, limit: int, *, bold: bool) -> tuple[str, ...]:
    """Return a cell's lines; above ``limit`` (0: none) the last is cut."""
    text = printable(text)
    if "\n" not in text and width(text, SMALL, bold=bold) <= room:
        return (text,)
    lines = (balanced if bold else wrap)(text, SMALL, room, bold=bold)
    if limit and len(lines) > limit:
        gap = "" if is_cjk(lines[limit - 1][-1:] or "。") else " "
        rest = fit(gap.join(lines[limit - 1 :]), SMALL, room, bold=bold)
        lines = [*lines[: limit - 1], rest]
    return tuple(lines)


def natural_widths(table: Table) -> list[float]:
    """Return what each column needs for cells on one line."""
    natural = []
    for index, column in enumerate(table.columns):
        cells = [width(column.title, SMALL, bold=True)]
        cells += [
            width(part, SMALL, bold=table.total)
            for row in table.rows[:MEASURED]
            for part in printable(row[index]).split("\n")
        ]
        before = table.columns[index - 1].right if index else False
        natural.append(max(cells) + (APART if before and not column.right else PAD) + PAD + 1)
    return natural


def column_widths(table: Table, room: float) -> list[float]:
    """Return the column widths: fixed shares, the rest by what the cells need."""
    natural = natural_widths(table)
    fixed = {i: c.share * room for i, c in enumerate(table.columns) if c.share}
    left = room - sum(fixed.values())
    free = [i for i in range(len(table.columns)) if i not in fixed]
    result = [fixed.get(i, 0.0) for i in range(len(table.columns))]
    needed = sum(natural[i] for i in free)
    if needed <= left:
        extra = (left - needed) / max(1, len(free))
        for i in free:
            result[i] = natural[i] + extra
        return _whole_words(table, result, natural, room)
    words = [_longest_word(table, i) for i in range(len(natural))]
    for floor in (room * READABLE, 0.0):
        least = [max(words[i], min(natural[i], floor)) for i in free]
        spare = left - sum(least)
        if spare >= 0:
            more = sum(natural[i] for i in free) - sum(least)
            for i, need in zip(free, least, strict=True):
                result[i] = need + (natural[i] - need) * (spare / more if more else 0.0)
            return _whole_words(table, result, natural, room)
    limit = _level([natural[i] for i in free], left)
    for i in free:
        result[i] = min(natural[i], limit)
    return _whole_words(table, result, natural, room)


def _whole_words(
    table: Table, widths: list[float], natural: list[float], room: float
) -> list[float]:
    """Give columns that would cut a number or a word its width, from those that have more.

    First from columns that have more than they need, then from those whose texts may break.
    """
    if all(wide >= need for wide, need in zip(widths, natural, strict=True)):
        return widths
    words = [min(_longest_word(table, index), room * WIDEST_WORD) for index in range(len(widths))]
    gentle = [
        need if wide >= need else word
        for wide, need, word in zip(widths, natural, words, strict=True)
    ]
    for least in (gentle, [min(pair) for pair in zip(words, natural, strict=True)]):
        missing = sum(max(0.0, need - wide) for need, wide in zip(least, widths, strict=True))
        spare = sum(max(0.0, wide - need) for need, wide in zip(least, widths, strict=True))
        if not missing:
            return widths
        if spare < missing and least is gentle:
            continue
        given, taken = min(1.0, spare / missing), min(1.0, missing / (spare or 1.0))
        return [
            wide + (need - wide) * (given if need > wide else taken)
            for need, wide in zip(least, widths, strict=True)
        ]
    return widths


def _longest_word(table: Table, index: int) -> float:
    """Return what a column needs to cut no word and no number."""
    title = longest_word(printable(table.columns[index].title), SMALL, bold=True)
    cells = (row[index] for row in table.rows[:MEASURED])
    longest = max(
        (longest_word(printable(cell), SMALL, bold=table.total) for cell in cells), default=0.0
    )
    before = table.columns[index - 1].right if index else False
    apart = APART if before and not table.columns[index].right else PAD
    return max(title, longest) + apart + PAD + 1


def _level(needs: Sequence[float], room: float) -> float:
    """Return the width at which the widest columns are cut so that all fit ``room``."""
    ordered = sorted(needs)
    for position, need in enumerate(ordered):
        share = room / (len(ordered) - position)
        if need > share:
            return share
        room -= need
    return max(ordered, default=0.0)


@dataclass
class Rows(Piece):
    """The rows ``first`` to ``last`` (excluded) of a table, under its header."""

    layout: TableLayout | None = None
    first: int = 0
    last: int = 0

    def __post_init__(self) -> None:
        """Take the height of header and rows."""
        self.height = self._table.head_height + self._span(self.first, self.last)

    @property
    def _table(self) -> TableLayout:
        if self.layout is None:  # a field with a default only for the order of fields
            raise ValueError("rows without their table")
        return self.layout

    def _span(self, first: int, last: int) -> float:
        ends = self._table.ends
        if last <= first:
            return 0.0
        return ends[last - 1] - (ends[first - 1] if first else 0.0)

    def least(self) -> float:
        """Return the height of the header with the rows that stay with it."""
        count = self.last - self.first
        few = count if count < 2 * TOGETHER else TOGETHER if count > MANY else TOGETHER + 1
        return self._table.head_height + self._span(self.first, self.first + few)

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        """Split before the first row that does not fit."""
        ends = self._table.ends
        start = ends[self.first - 1] if self.first else 0.0
        cut = bisect_right(ends, room - self._table.head_height + start + 1e-6)
        cut = min(cut, self.last - min(TOGETHER, max(1, (self.last - self.first) // 2)))
        if cut <= self.first:
            return None
        return (
            Rows(layout=self.layout, first=self.first, last=cut, keep=False),
            Rows(layout=self.layout, first=cut, last=self.last, keep=self.keep, after=self.after),
        )

    def draw(self, ink: Ink, x: float, top: float) -> None:
        """Draw header, rows and rules."""
        layout = self._table
        y = top - layout.head_height
        heights = [self._span(row, row + 1) for row in range(self.first, self.last)]
        with ink.decoration():
            self._rules(ink, x, top, heights)
        self._header(ink, x, top)
        body = layout.structure(ink)
        for row, height in zip(range(self.first, self.last), heights, strict=True):
            self._row(ink, body, row, x, y)
            y -= height

    def _rules(self, ink: Ink, x: float, top: float, heights: Sequence[float]) -> None:
        layout = self._table
        right = x + layout.room
        ink.rule(x, right, top, 1 if self.first == 0 else 0.5, "text")
        y = top - layout.head_height
        if layout.head_height:
            ink.rule(x, right, y, 0.5, "text")
        ends = list(accumulate(heights))
        canvas = ink.canvas
        canvas.setStrokeColor(colour("border"))
        canvas.setLineWidth(0.3)
        lines = [
            (x, y - end, right, y - end)
            for end, row in zip(ends[:-1], range(self.first + 1, self.last), strict=True)
            if layout.source[row] >= 0
        ]
        if lines:
            canvas.lines(lines)
        final = self.last == len(layout.rows)
        ink.rule(x, right, y - (ends[-1] if ends else 0.0), 1 if final else 0.3,
                 "text" if final else "border")  # fmt: skip

    def _header(self, ink: Ink, x: float, top: float) -> None:
        """Write the header; repeated on a later page it is furniture."""
        layout = self._table
        if not layout.head_height:
            return
        if self.first:
            with ink.decoration():
                self._cells(ink, layout.head, x, top, bold=True)
            return
        row = ink.structure.add("TR", layout.structure(ink))

        def opening(_column: int) -> str:
            return ink.opening(ink.structure.add("TH", row, scope="Column"))

        self._cells(ink, layout.head, x, top, bold=True, opening=opening)

    def _row(self, ink: Ink, body: Element, row: int, x: float, y: float) -> None:
        layout = self._table
        number = layout.source[row]
        table = layout.table
        element = ink.structure.add("TR", body)

        def opening(column: int) -> str:
            if table.columns[column].names:
                return ink.opening(ink.structure.add("TH", element, scope="Row"))
            return ink.opening(ink.structure.add("TD", element))

        bold = table.total and number == len(table.rows) - 1
        self._cells(ink, layout.rows[row], x, y, bold=bold, opening=opening)
        if 0 <= number < len(table.anchors) and table.anchors[number]:
            ink.anchor(f"m:{table.anchors[number]}", y + 12)
        if 0 <= number < len(table.links) and table.links[number]:
            lines = layout.rows[row][0]
            height = len(lines) * LEADING + ABOVE + BELOW
            ink.link(f"m:{table.links[number]}", x, y - height, x + layout.widths[0], y, lines[0])

    def _cells(self, ink: Ink, cells: Cells, x: float, top: float, *, bold: bool,
               opening: Callable[[int], str] | None = None) -> None:  # fmt: skip
        """Write the cells of a row, each marked as its own piece."""
        layout = self._table
        script = ink.canvas.script()
        script.font(SMALL, bold=bold)
        script.tone(colour("text"))
        start = top - ABOVE - LEADING * 0.76
        tall = max(map(len, cells), default=1)
        for column, lines in enumerate(cells):
            if opening is not None:
                script.raw(opening(column))
            if layout.table.columns[column].names:
                script.tone(colour("text-2"))
            self._one(script, column, lines, x, start - self._drop(len(lines), tall), bold=bold)
            if layout.table.columns[column].names:
                script.tone(colour("text"))
            if opening is not None:
                script.raw("EMC")
            x += layout.widths[column]
        ink.canvas.put(script)

    def _drop(self, lines: int, tall: int) -> float:
        """Return how far a cell sinks: to the middle, but to the top in tables of long texts."""
        return 0.0 if self._table.table.wrap else (tall - lines) * LEADING / 2

    def _one(self, script: Script, column: int, lines: Sequence[str], x: float, y: float, *,
             bold: bool) -> None:  # fmt: skip
        layout = self._table
        right = layout.table.columns[column].right
        for line in lines:
            if right:
                start = x + layout.widths[column] - PAD - width(line, SMALL, bold=bold)
            else:
                start = x + layout.offset(column)
            if line:
                script.line(start, y, line)
            y -= LEADING
