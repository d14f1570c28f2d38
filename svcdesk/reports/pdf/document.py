"""A report as PDF: cover, contents with page numbers, header, footer 第 x 页 共 y 页, bookmarks.

Everything is laid out before the first page is drawn, so that the total and the page of each section
are known. The file is written under a temporary name and moved into place.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import N_, Translator, translator
from svcdesk.reports.into_place import into_place
from svcdesk.reports.model import Heading
from svcdesk.reports.pdf import archive, pictures
from svcdesk.reports.pdf.blocks import Composer
from svcdesk.reports.pdf.cover import cover as draw_cover
from svcdesk.reports.pdf.fonts import printable
from svcdesk.reports.pdf.furniture import entries, frame
from svcdesk.reports.pdf.grid import Grid, grid_of
from svcdesk.reports.pdf.ink import Ink
from svcdesk.reports.pdf.paginate import Page, paginate
from svcdesk.reports.pdf.pieces import Break, Piece, words
from svcdesk.reports.pdf.sheets import canvas_class
from svcdesk.reports.pdf.slides import arranged

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.reports.model import ReportData, Section
    from svcdesk.reports.pdf.pictures import Loaded
    from svcdesk.system.job import JobContext

ROOM_BELOW_HEADING = 130.0  # points: a section's title and what it announces
APPENDICES = {"A", "B", "C"}
DRAWING = N_("Drawing the pages")
EPOCH_2000 = 946684800  # what a reproducible document says when nothing says more


def write(
    data: ReportData,
    target: Path,
    context: JobContext,
    *,
    reproducible: bool = False,
    cover: bool = True,
) -> int:
    """Write ``data`` as PDF to ``target`` and return its number of pages.

    ``data.stamp`` (or ``reproducible``, a fixed moment) makes the bytes depend on ``data`` alone;
    without ``cover`` the text begins on the first page, as a sheet for a meeting does.
    """
    logo = pictures.load(data.logo) if cover and data.logo else None
    report = _Report(data, context, logo=logo, cover=cover)
    stamp = data.stamp
    if stamp is None:
        stamp = EPOCH_2000 if reproducible else int(time.time())
    with into_place(target) as draft:
        pages = report.draw(draft, stamp)
        context.check()
    return pages


class _Report:
    """A report laid out: its pages and where its sections begin."""

    def __init__(
        self, data: ReportData, context: JobContext, *, logo: Loaded | None, cover: bool
    ) -> None:
        self.data, self.context, self.logo, self.cover = data, context, logo, cover
        self.t: Translator = translator(data.language)
        self.grid: Grid = grid_of(data.page_format)
        self.composer = Composer(self.t, self.grid, data.anchors())
        self.titles: list[tuple[str, str, int]] = []  # place, title, level
        self.page_of: dict[str, int] = {}
        body = paginate(self._body(), self.grid.depth)
        self.contents: list[Page] = []
        if cover:
            head = words(self.t("Contents"), "h1", self.grid.room, keep=True)
            lines = entries(self.titles, self.grid.room, self.grid.depth, self.page_of)
            self.contents = paginate([head, *lines], self.grid.depth)
        self.pages = [*self.contents, *body]
        self.total = len(self.pages) + int(cover)
        self._find(body)

    def _find(self, body: list[Page]) -> None:
        """Note on which page each section and heading stands."""
        marks = {id(piece): place for place, piece in self._marks}
        first = len(self.contents) + int(self.cover) + 1
        for number, page in enumerate(body, first):
            for piece, _top in page.placed:
                if id(piece) in marks:
                    self.page_of[marks[id(piece)]] = number

    def _body(self) -> list[Piece]:
        self._marks: list[tuple[str, Piece]] = []
        found: list[Piece] = []
        count = len(self.data.sections)
        for position, section in enumerate(self.data.sections):
            self.context.check()
            self.context.progress(position, 2 * count, section.title)
            if self.grid.wide and position:
                found.append(Break())
            found += self._section(section, position)
            if self.cover and position == 0 and not section.number:  # the summary: a page alone
                found.append(Break(of_one=True))
        return found

    def _section(self, section: Section, position: int) -> list[Piece]:
        title = printable(section_title(section))
        found = [
            self._titled(words(title, "h1", self.grid.room, keep=True), title, f"s{position}", 0)
        ]
        found[0].below = ROOM_BELOW_HEADING
        for place, block in enumerate(arranged(section.blocks, self.grid)):
            pieces = self.composer.pieces(block)
            if isinstance(block, Heading) and block.level == 2:
                name = f"s{position}.{place}"
                pieces = [self._titled(pieces[0], printable(block.text), name, 1)]
            found += pieces
        if not section.blocks:
            found += self.composer.nothing()
        return found

    def _titled(self, piece: Any, title: str, place: str, level: int) -> Piece:
        """Make a heading a place of its own, with a bookmark."""
        title = title.replace("\n", " ")
        self.titles.append((place, title, level))
        self._marks.append((place, piece))

        def on_draw(ink: Ink, top: float) -> None:
            ink.anchor(place, top + 6)
            ink.outline(place, title, level)

        piece.on_draw = on_draw
        return piece  # type: ignore[no-any-return]  # the very piece

    # -- drawing -------------------------------------------------------------------------------

    def draw(self, path: Path, stamp: int) -> int:
        """Draw all pages into the file at ``path``; return their number."""
        grid = self.grid
        canvas = canvas_class()(str(path), (grid.width, grid.height))
        archive.prepare(canvas, self.data, stamp)
        ink = Ink(canvas, grid)
        ink.know({place for place, _title, _level in self.titles})
        ink.know({f"m:{anchor}" for anchor in self.data.anchors()})
        if self.cover:
            ink.begin_page()
            draw_cover(ink, self.data, self.t, self.logo)
            ink.end_page()
        for page in self.pages:
            self.context.check()
            self.context.progress(self.total + ink.page, 2 * self.total, self.t(DRAWING))
            ink.begin_page()
            frame(ink, self.data, self.t, self.total, period=self.cover)
            for piece, top in page.placed:
                piece.draw(ink, grid.side, grid.start - top)
            ink.end_page()
        archive.finish(canvas, ink.structure.write(canvas._doc, ink.pages), stamp)  # noqa: SLF001
        canvas.save()
        return self.total


def section_title(section: Section) -> str:
    """Return number and title: 一、…, 附录A …, or the bare title."""
    if not section.number or section.number in APPENDICES:
        return section.title
    if section.number.isdigit():
        return f"{section.number}. {section.title}"
    return f"{section.number}、{section.title}"
