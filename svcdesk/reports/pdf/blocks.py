"""Blocks of a report -> the pieces that pages are made of."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from svcdesk.domain.chart import ChartKind, ChartSpec
from svcdesk.domain.statistics import format_number
from svcdesk.reports.model import (
    Beside,
    Blank,
    Block,
    Bullets,
    Figure,
    Fishbone,
    Heading,
    KpiGrid,
    Ladder,
    Multiples,
    NewPage,
    Note,
    Numbered,
    Pair,
    Paragraph,
    Picture,
    Plan,
    Quote,
    Table,
)
from svcdesk.reports.pdf import causes, plan, summary, told
from svcdesk.reports.pdf.canvas import Sheet
from svcdesk.reports.pdf.charts import draw, multiples
from svcdesk.reports.pdf.charts.axis import value_range
from svcdesk.reports.pdf.charts.scale import decimals_of
from svcdesk.reports.pdf.fonts import width
from svcdesk.reports.pdf.pictures import picture_piece
from svcdesk.reports.pdf.pieces import (
    Break,
    Drawn,
    Kept,
    Piece,
    Row,
    Space,
    drawn,
    stacked_height,
    words,
)
from svcdesk.reports.pdf.styles import MICRO, colour
from svcdesk.reports.pdf.tabular import Rows, lay_out
from svcdesk.reports.wording import noted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svcdesk.i18n.catalog import Translator
    from svcdesk.reports.pdf.grid import Grid
    from svcdesk.reports.pdf.ink import Ink
    from svcdesk.reports.pdf.tags import Element

NUMBER = 18.0  # points: before a numbered sentence
OWN_WORDS = 10.0  # points: before a typed text, its line along the side included
PAIR_GAP = 14.0
BESIDE_GAP = 20.0
SHORT = 8  # rows of a table that is kept on one page
HEADINGS = 85.0  # points: what a drawing leaves for the headings that stay with it, and its caption
_REMARK = re.compile(r"\s*[（(][^（）()]*[）)]$")  # how to read a chart, behind its caption
LOWER = 0.85  # of its height: a chart that then fits the page it would leave in part empty
LINED = 18.0  # points: between the lines of a text to be written


class Composer:
    """Turns blocks into pieces and numbers figures and tables through the report: 图1, 表1."""

    def __init__(self, t: Translator, grid: Grid, anchors: frozenset[str] = frozenset()) -> None:
        self.t, self.grid, self.anchors = t, grid, anchors
        self.figures = self.tables = 0
        self._makers: dict[type, Callable[..., list[Piece]]] = {
            Heading: self._heading, Paragraph: self._paragraph, Blank: self._blank,
            Quote: self._quote, Note: self._note, Numbered: self._numbered, KpiGrid: self._kpis,
            Bullets: self._bullets, Table: self._table, Pair: self._pair, Figure: self._figure,
            Multiples: self._multiples, Ladder: self._ladder, Fishbone: self._fishbone,
            Plan: self._plan, Picture: self._picture, Beside: self._beside, NewPage: self._new_page,
        }  # fmt: skip

    def pieces(self, block: Block, room: float | None = None) -> list[Piece]:
        """Return the pieces of one block, ``room`` points wide (else as wide as the text)."""
        return self._makers[type(block)](block, room or self.grid.room)

    def nothing(self) -> list[Piece]:
        """Return what an empty section prints: it never disappears silently (5.1)."""
        return self._paragraph(
            Paragraph(self.t("No data in this reporting period.")), self.grid.room
        )

    # -- texts ---------------------------------------------------------------------------------

    def _heading(self, block: Heading, room: float) -> list[Piece]:
        look = "h2" if block.level == 2 else "h3"
        return [words(block.text, look, room, keep=True)]

    def _paragraph(self, block: Paragraph, room: float) -> list[Piece]:
        t = self.t
        if not block.typed:
            mark = t("(edited by hand)") if block.edited else ""
            return [self._marked(words(block.text, "text", room, mark=mark))]
        typed = words(block.text, "text", room, indent=OWN_WORDS, side=True,
                      mark=t("  (typed by the supervisor)").strip())  # fmt: skip
        return [self._marked(typed)]

    @staticmethod
    def _marked(piece: Piece) -> Piece:
        """Give the mark behind a text a line of its own when the last line has no room for it."""
        from svcdesk.reports.pdf.pieces import Words

        if not isinstance(piece, Words) or not piece.mark:
            return piece
        used = piece.indent + width(piece.lines[-1], piece.look.size) + width(piece.mark, MICRO) + 4
        if used <= piece.room:
            return piece
        last = len(piece.lines)
        return replace(piece, lines=(*piece.lines, ""), ends=piece.ends | {last},
                       height=piece.height + piece.look.leading)  # fmt: skip

    def _blank(self, block: Blank, room: float) -> list[Piece]:
        sheet = Sheet(room, LINED * block.lines)
        for line in range(block.lines):
            sheet.line(OWN_WORDS, 2 + line * LINED, room, 2 + line * LINED, colour("border"), 0.5)
        prompt = words(block.prompt, "note", room, indent=OWN_WORDS, keep=True)
        return [Kept(before=7, after=8, inner=(prompt, drawn(sheet, block.prompt)))]

    def _quote(self, block: Quote, room: float) -> list[Piece]:
        text = block.text if block.text.startswith(("“", '"')) else f"“{block.text}”"
        said = words(text, "quote", room, indent=OWN_WORDS, side=True, mark=block.source)
        return [self._marked(said)]

    def _note(self, block: Note, room: float) -> list[Piece]:
        return [words(block.text, "note", room)]

    def _numbered(self, block: Numbered, room: float) -> list[Piece]:
        owner: list[Element] = []

        def parent(ink: Ink) -> Element:
            if not owner:
                owner.append(ink.structure.add("L"))
            return ink.structure.add("LI", owner[0])

        return [
            words(text, "numbered", room, indent=NUMBER, lead=f"{n}.", parent=parent)
            for n, text in enumerate(block.items, 1)
        ]

    # -- captions ------------------------------------------------------------------------------

    def _next_figure(self) -> str:
        self.figures += 1
        return self.t("Figure {n}").format(n=self.figures)

    def _next_table(self) -> str:
        self.tables += 1
        return self.t("Table {n}").format(n=self.tables)

    def _caption(self, text: str, room: float, metric: str = "") -> Piece:
        place = f"m:{metric}" if metric in self.anchors else ""
        number = self._next_figure()
        return words(text, "caption", room, lead=f"{number}　", lead_bold=True, place=place)

    def _captioned(self, piece: Drawn, text: str, room: float, metric: str = "") -> list[Piece]:
        piece.keep = True
        return [Kept(before=4, after=10, inner=(piece, self._caption(text, room, metric)))]

    def _empty(self, caption: str, room: float, metric: str = "") -> list[Piece]:
        """Return a caption that says itself that there is nothing to draw, nor to explain."""
        said = _REMARK.sub("", caption) + "　" + self.t("No data in this reporting period.")
        return [Kept(before=4, after=6, inner=(self._caption(said, room, metric),))]

    # -- drawings ------------------------------------------------------------------------------

    def _kpis(self, block: KpiGrid, room: float) -> list[Piece]:
        sheet, links = summary.kpis(block, self.t, room)
        piece = drawn(sheet, told.of_kpis(block), after=6)
        return [replace(piece, links=links)]

    def _bullets(self, block: Bullets, room: float) -> list[Piece]:
        sheet, links = summary.bullets(block, self.t, room)
        piece = replace(drawn(sheet, told.of_bullets(block)), links=links)
        return self._captioned(piece, block.caption, room)

    def _figure(self, block: Figure, room: float) -> list[Piece]:
        if says_nothing(block.chart):
            return self._empty(block.caption, room, block.chart.about)
        most = self.grid.depth - HEADINGS
        alt = told.of_chart(block.chart)
        sheet = draw(block.chart, room, self.grid.figure, most)
        found = self._captioned(
            drawn(sheet, alt, most=most), self._with_axis(block), room, block.chart.about
        )
        whole = found[0]
        if isinstance(whole, Kept):
            tall = min(sheet.height, most)
            whole.lowered = lambda: self._lowered(block, room, whole, tall, alt)
        return found

    def _lowered(
        self, block: Figure, room: float, whole: Kept, tall: float, alt: str
    ) -> Kept | None:
        """Return a figure with its chart drawn lower, where that is any lower; made when asked."""
        most = self.grid.depth - HEADINGS
        lower = draw(block.chart, room, self.grid.figure * LOWER, most)
        if lower.height >= tall:
            return None
        piece = drawn(lower, alt)
        piece.keep = True
        return replace(whole, inner=(piece, *whole.inner[1:]), lowered=None)

    def _with_axis(self, block: Figure) -> str:
        """Return the caption of a chart; an axis that does not begin at 0 is told (3.11)."""
        chart = block.chart
        if chart.kind is not ChartKind.LINE or chart.y_min is not None:
            return block.caption
        low, high, step = value_range(chart)
        if low <= 0:
            return block.caption
        digits = decimals_of(step)
        note = self.t("axis {low}–{high}").format(
            low=format_number(low, digits), high=format_number(high, digits)
        )
        return noted(block.caption, note, chinese=self.t.chinese)

    def _multiples(self, block: Multiples, room: float) -> list[Piece]:
        if all(chart.empty for chart in block.charts):
            return self._empty(block.caption, room)
        sheet = multiples(block.charts, room, block.columns)
        alt = " ".join(told.of_chart(chart)[:300] for chart in block.charts)
        piece = drawn(sheet, alt, most=self.grid.depth - HEADINGS)
        return self._captioned(piece, block.caption, room)

    def _ladder(self, block: Ladder, room: float) -> list[Piece]:
        steps: list[Piece] = [drawn(sheet, alt, after=4)
                              for sheet, alt in causes.rungs(block.whys, self.t, room)]  # fmt: skip
        if not steps:
            return self._empty(block.caption, room)
        for step in (steps[0], *steps[-2:]):
            step.keep = True
        caption = self._caption(block.caption, room)
        if stacked_height(steps) < self.grid.depth * 0.6:
            return [Kept(before=4, after=10, inner=(*steps, caption))]
        return [*steps, caption]

    def _fishbone(self, block: Fishbone, room: float) -> list[Piece]:
        if not any(bone.causes for bone in block.diagram.bones):
            return self._empty(block.caption, room)
        sheet = causes.bones(block.diagram, room)
        if sheet.height > self.grid.depth - HEADINGS:
            return self._table(causes.as_table(block.diagram, block.caption, self.t), room)
        piece = drawn(sheet, told.of_bones(block.diagram))
        key = words(causes.key(self.t), "note", room)
        caption = self._caption(block.caption, room)
        return [Kept(before=4, after=10, inner=(piece, key, caption))]

    def _plan(self, block: Plan, room: float) -> list[Piece]:
        if not block.tasks:
            return self._empty(block.caption, room)
        sheets = plan.plans(block, self.t, room, self.grid.depth - HEADINGS)
        alt = told.of_plan(block)
        parts: list[Piece] = [drawn(sheet, alt, after=4) for sheet in sheets]
        parts[-1].keep = True
        last = Kept(before=4, after=10, inner=(parts[-1], self._caption(block.caption, room)))
        return [*parts[:-1], last]

    def _picture(self, block: Picture, room: float) -> list[Piece]:
        most = self.grid.depth - HEADINGS
        piece = picture_piece(block.path, room * block.share, most, room, block.caption)
        if not block.caption:
            return [piece]
        piece.keep = True
        return [Kept(before=4, after=10, inner=(piece, self._caption(block.caption, room)))]

    # -- tables --------------------------------------------------------------------------------

    def _table(self, table: Table, room: float) -> list[Piece]:
        titled = []
        nothing = "" if table.rows else self.t("No data in this reporting period.")
        if table.caption:
            said = f"{table.caption}　{nothing}".rstrip("　")
            titled = [words(said, "title", room, lead=f"{self._next_table()}　",
                            lead_bold=True, keep=bool(table.rows or table.notes))]  # fmt: skip
        notes: list[Piece] = [words(note, "note", room) for note in table.notes]
        if not table.rows:
            return [*(titled or [words(nothing, "note", room)]), *notes, Space(height=6)]
        layout = lay_out(table, room, self.grid.depth)
        for title in titled:
            title.parent = layout.structure
        rows = Rows(layout=layout, last=len(layout.rows), after=8, keep=bool(notes))
        for note in notes[:-1]:
            note.keep = True
        whole: list[Piece] = [*titled, rows, *notes]
        height = stacked_height(whole)
        if len(layout.rows) <= SHORT and height < self.grid.depth * 0.7:
            return [Kept(before=10, after=10, inner=tuple(whole))]
        return [*whole, Space(height=6)]

    def _pair(self, block: Pair, room: float) -> list[Piece]:
        half = (room - PAIR_GAP) / 2
        columns = [tuple(self._table(one, half)) for one in (block.left, block.right)]
        return [
            Row(before=10, after=10, columns=((0.0, columns[0]), (half + PAIR_GAP, columns[1])))
        ]

    def _beside(self, block: Beside, room: float) -> list[Piece]:
        """Return blocks side by side where the page is wide and they fit, else in one column."""
        if self.grid.wide:
            before = self.figures, self.tables
            free = room - BESIDE_GAP
            left = free * block.share
            inner = (
                tuple(self._all(block.left, left)),
                tuple(self._all(block.right, free - left)),
            )
            row = Row(before=4, after=8, columns=((0.0, inner[0]), (left + BESIDE_GAP, inner[1])))
            if row.height <= self.grid.depth - 30:
                return [row]
            self.figures, self.tables = before
        return self._all((*block.left, *block.right), room)

    def _all(self, blocks: Sequence[Block], room: float) -> list[Piece]:
        return [piece for block in blocks for piece in self.pieces(block, room)]

    def _new_page(self, block: NewPage, room: float) -> list[Piece]:
        del block, room
        return [Break()]


def says_nothing(chart: ChartSpec) -> bool:
    """Whether a chart would show only its axes: no value, or nothing but zeros."""
    if chart.kind is ChartKind.LINE:
        return chart.empty
    return chart.empty or not any(v for series in chart.series for v in series.values)
