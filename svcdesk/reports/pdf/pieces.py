"""What pages are made of: pieces with a height, some of which can be split."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from svcdesk.reports.pdf.fonts import is_cjk, printable, width, wrap
from svcdesk.reports.pdf.styles import MICRO, SMALL, TEXT, colour

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svcdesk.reports.pdf.canvas import Sheet
    from svcdesk.reports.pdf.ink import Ink
    from svcdesk.reports.pdf.sheets import Script
    from svcdesk.reports.pdf.tags import Element

WIDOW = 2  # lines that stay together at the top and at the bottom of a page
LOOSEST = 0.08  # of the width: more than this is not spread over a line
BASE = 0.76  # share of the leading above the base line


@dataclass
class Piece:
    """Something of ``height``; ``keep`` stays with what follows, ``below`` wants that much room."""

    height: float = 0.0
    before: float = 0.0
    after: float = 0.0
    keep: bool = False
    below: float = 0.0

    def least(self) -> float:
        """Return the height of the smallest part that may stand alone."""
        return self.height

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        """Return what fits into ``room`` and the rest; nothing when it cannot be split there."""
        del room
        return None

    def parts(self) -> Sequence[Piece]:
        """Return what this falls into when it is taller than a page."""
        return (self,)

    def draw(self, ink: Ink, x: float, top: float) -> None:
        """Draw with the upper left corner at (x, top)."""


@dataclass
class Break(Piece):
    """A new page; ``of_one``: only behind a single page, what spilled over is not left alone."""

    of_one: bool = False


@dataclass
class Space(Piece):
    """Nothing, of a height."""


@dataclass
class Kept(Piece):
    """Pieces that stay on one page; ``lowered`` makes the same with a chart that is less tall."""

    inner: tuple[Piece, ...] = ()
    lowered: Callable[[], Kept | None] | None = None

    def __post_init__(self) -> None:
        """Take the height of all."""
        self.height = stacked_height(self.inner)

    @cached_property
    def lower(self) -> Kept | None:
        """The same with a chart that is less tall, drawn when it is first asked for."""
        return None if self.lowered is None else self.lowered()

    def parts(self) -> Sequence[Piece]:
        """Return the pieces, the first two and the last two still together."""
        return self.inner

    def draw(self, ink: Ink, x: float, top: float) -> None:
        """Draw one below the other."""
        draw_stacked(ink, self.inner, x, top)


@dataclass
class Row(Piece):
    """Columns of pieces side by side: (left, pieces)."""

    columns: tuple[tuple[float, tuple[Piece, ...]], ...] = ()

    def __post_init__(self) -> None:
        """Take the height of the tallest."""
        self.height = max((stacked_height(inner) for _x, inner in self.columns), default=0.0)

    def parts(self) -> Sequence[Piece]:
        """Return the pieces column after column."""
        return [piece for _x, inner in self.columns for piece in inner]

    def draw(self, ink: Ink, x: float, top: float) -> None:
        """Draw the columns."""
        for left, inner in self.columns:
            draw_stacked(ink, inner, x + left, top)


def stacked_height(pieces: Sequence[Piece]) -> float:
    """Return the height of pieces below each other."""
    total, gap = 0.0, 0.0
    for place, piece in enumerate(pieces):
        total += (max(gap, piece.before) if place else 0.0) + piece.height
        gap = piece.after
    return total


def draw_stacked(ink: Ink, pieces: Sequence[Piece], x: float, top: float) -> None:
    """Draw pieces below each other."""
    gap = 0.0
    for place, piece in enumerate(pieces):
        top -= max(gap, piece.before) if place else 0.0
        piece.draw(ink, x, top)
        top -= piece.height
        gap = piece.after


# -- texts -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """How a text looks; ``tag`` is its part in the structure."""

    size: float
    leading: float
    tone: str = "text"
    bold: bool = False
    justified: bool = False
    middle: bool = False
    before: float = 0.0
    after: float = 0.0
    tag: str = "P"


LOOKS = {
    "text": Look(TEXT, TEXT * 1.7, justified=True, after=6),
    "numbered": Look(TEXT, TEXT * 1.7, justified=True, after=3, tag="LBody"),
    "note": Look(MICRO, MICRO * 1.5, "text-3", before=1, after=2, tag="Note"),
    "caption": Look(SMALL, SMALL * 1.4, "text-2", middle=True, before=3, after=10, tag="Caption"),
    "title": Look(SMALL, SMALL * 1.4, "text-2", before=10, after=3, tag="Caption"),
    "quote": Look(TEXT, TEXT * 1.6, "text-2", after=6, tag="BlockQuote"),
    "h1": Look(15.0, 21.0, bold=True, before=16, after=7, tag="H1"),
    "h2": Look(12.0, 16.8, bold=True, before=10, after=5, tag="H2"),
    "h3": Look(TEXT, TEXT * 1.4, bold=True, before=8, after=4, tag="H3"),
}


@dataclass
class Words(Piece):
    """A text broken into lines by the rules of Chinese typesetting."""

    lines: tuple[str, ...] = ()
    ends: frozenset[int] = frozenset()  # lines that end a paragraph: not spread
    look: Look = LOOKS["text"]
    room: float = 0.0
    indent: float = 0.0
    lead: str = ""  # hangs before the first line: a number, or a caption's 图1
    lead_bold: bool = False
    mark: str = ""  # behind the last line: （人工填写）
    side: bool = False  # a line along the left: somebody's own words
    place: str = ""  # where a link of the whole text leads
    on_draw: Callable[[Ink, float], None] | None = None
    parent: Callable[[Ink], Element] | None = None

    def least(self) -> float:
        """Return the height of the lines that stay together."""
        few = len(self.lines) < 2 * WIDOW
        return self.look.leading * (len(self.lines) if few else WIDOW)

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        """Split between lines, two at least on either side."""
        count = min(int(room / self.look.leading), len(self.lines) - WIDOW)
        if count < WIDOW:
            return None
        first = replace(self, lines=self.lines[:count], mark="", after=0.0,
                        height=count * self.look.leading)  # fmt: skip
        ends = frozenset(place - count for place in self.ends if place >= count)
        rest = replace(self, lines=self.lines[count:], ends=ends, lead="", before=0.0, on_draw=None,
                       height=(len(self.lines) - count) * self.look.leading)  # fmt: skip
        return first, rest

    def draw(self, ink: Ink, x: float, top: float) -> None:
        """Write the lines."""
        if self.on_draw is not None:
            self.on_draw(ink, top)
        parent = self.parent(ink) if self.parent else None
        if self.side:
            with ink.decoration():
                ink.upright_rule(x + 1, top - self.height + 3, top - 2, 2, "strong")
        element = ink.structure.add(self.look.tag, parent)
        with ink.marked(element):
            self._write(ink, x + self.indent, top)
        if self.place:
            ink.link(self.place, x, top - self.height, x + self.room, top, self.lines[0])

    def _write(self, ink: Ink, x: float, top: float) -> None:
        look = self.look
        script = ink.canvas.script()
        script.tone(colour(look.tone))
        y = top - look.leading * BASE
        if self.lead:
            self._write_lead(script, x, y)
        script.font(look.size, bold=look.bold)
        spread_before = 0.0
        for place, line in enumerate(self.lines):
            length = width(line, look.size, bold=look.bold)
            spread = self._spread(place, line, length)
            if spread != spread_before:
                script.space(spread)
                spread_before = spread
            start = x
            if look.middle:
                start += (self.room - self.indent - length) / 2
            if self.lead and place == 0 and not self.indent:
                start += self._lead_width() / (2 if look.middle else 1)
            script.line(start, y, line)
            y -= look.leading
        if spread_before:
            script.space(0)
        if self.mark:
            end = x + width(self.lines[-1], look.size) + 4
            script.tone(colour("text-3"))
            script.font(MICRO)
            script.line(end, y + look.leading, self.mark)
        ink.canvas.put(script)

    def _lead_width(self) -> float:
        return width(self.lead, self.look.size, bold=self.lead_bold)

    def _write_lead(self, script: Script, x: float, y: float) -> None:
        script.font(self.look.size, bold=self.lead_bold)
        start = x - self.indent
        if self.look.middle and not self.indent:
            length = self._lead_width() + width(self.lines[0], self.look.size)
            start = x + (self.room - length) / 2
        script.line(start, y, self.lead)

    def _spread(self, place: int, line: str, length: float) -> float:
        """Return what is added between characters so that a line fills its width."""
        if not self.look.justified or place in self.ends or len(line) < 2:
            return 0.0
        missing = self.room - self.indent - length
        wide = sum(1 for c in line if is_cjk(c))
        if not 0 < missing <= LOOSEST * self.room or wide * 2 < len(line):
            return 0.0
        return missing / (len(line) - 1)


def words(text: str, look: str, room: float, *, indent: float = 0.0, lead: str = "",
          **more: object) -> Words:  # fmt: skip
    """Return a text as a piece; a line break begins a new line."""
    kind = LOOKS[look]
    lines: list[str] = []
    ends: set[int] = set()
    first = room - indent - (width(lead, kind.size, bold=True) if lead and not indent else 0.0)
    for paragraph in printable(text).split("\n"):
        lines += wrap(paragraph, kind.size, first, bold=kind.bold)
        ends.add(len(lines) - 1)
    return Words(
        height=kind.leading * len(lines), before=kind.before, after=kind.after, lines=tuple(lines),
        ends=frozenset(ends), look=kind, room=room, indent=indent, lead=lead, **more,  # type: ignore[arg-type]
    )  # fmt: skip


# -- drawings ----------------------------------------------------------------------------------


@dataclass
class Drawn(Piece):
    """A drawing; too tall a one is made smaller, but for that see who draws it."""

    drawing: Sheet | None = None
    alt: str = ""
    links: tuple[tuple[float, float, float, float, str], ...] = field(default=())

    def draw(self, ink: Ink, x: float, top: float) -> None:
        """Draw it as a figure with its words for those who do not see it."""
        if self.drawing is None:
            return
        element = ink.structure.add("Figure", alt=self.alt)
        scale = min(1.0, self.height / self.drawing.height) if self.drawing.height else 1.0
        with ink.marked(element):
            ink.sheet(self.drawing, x, top - self.height, scale)
        base = top - self.height
        for x1, y1, x2, y2, place in self.links:
            ink.link(place, x + x1, base + y1, x + x2, base + y2, self.alt[:60])


def drawn(sheet: Sheet, alt: str, *, after: float = 0.0, most: float = 0.0) -> Drawn:
    """Return a drawing as a piece, ``most`` points tall at most."""
    height = min(sheet.height, most) if most else sheet.height
    return Drawn(height=height, after=after, drawing=sheet, alt=alt)
