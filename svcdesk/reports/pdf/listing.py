"""A list on paper: A4 across, header with view, conditions and count, page x of y."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import N_, Translator
from svcdesk.reports.into_place import into_place
from svcdesk.reports.pdf import fonts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from svcdesk.system.job import JobContext

MM = 72 / 25.4
MARGIN, TOP, LINE = 12 * MM, 12 * MM, 5.2 * MM
SMALL, BODY, TITLE = 8.0, 9.0, 13.0
GAP = 2.0 * MM
DRAWING = N_("Drawing the list")


@dataclass(frozen=True)
class PaperColumn:
    """A column: its title, its share of the width, and whether its values are figures."""

    title: str
    share: float
    right: bool = False


@dataclass(frozen=True)
class Listing:
    """What is printed: ``rows`` yields ``count`` lines of cells in the order of ``columns``."""

    title: str
    conditions: tuple[str, ...]
    organisation: str
    printed: str  # when and by whom
    columns: tuple[PaperColumn, ...]
    count: int
    rows: Iterator[Sequence[str]]


class _Paper:
    """Draws line after line and begins new pages."""

    def __init__(self, path: str, listing: Listing, t: Translator) -> None:
        from reportlab.lib.pagesizes import A4, landscape
        from reportlab.pdfgen.canvas import Canvas

        fonts.register()
        self._width, self._height = landscape(A4)
        self._canvas: Any = Canvas(path, pagesize=(self._width, self._height),
                                   initialFontName=fonts.REGULAR)  # fmt: skip
        self._canvas.setTitle(listing.title)
        self._listing = listing
        self._t = t
        room = self._width - 2 * MARGIN - GAP * (len(listing.columns) - 1)
        whole = sum(column.share for column in listing.columns) or 1
        self._widths = [room * column.share / whole for column in listing.columns]
        self._said = fonts.wrap(
            t(N_("; ")).join(listing.conditions), SMALL, self._width - 2 * MARGIN, squeeze=False
        )
        head = TOP + 2.4 * LINE + len(self._said) * LINE
        self.per_page = max(1, int((self._height - head - LINE - MARGIN) // LINE))
        self.pages = max(1, -(-listing.count // self.per_page))
        self._page = 0
        self._y = 0.0

    def _text(self, x: float, text: str, size: float, *, bold: bool = False,
              end: bool = False) -> None:  # fmt: skip
        self._canvas.setFont(fonts.BOLD if bold else fonts.REGULAR, size)
        shown = fonts.printable(text)
        if end:
            self._canvas.drawRightString(x, self._y, shown)
        else:
            self._canvas.drawString(x, self._y, shown)

    def begin(self) -> None:
        """Begin a page with its header and the titles of the columns."""
        if self._page:
            self._canvas.showPage()
        self._page += 1
        listing, right = self._listing, self._width - MARGIN
        self._y = self._height - TOP
        self._text(MARGIN, listing.title, TITLE, bold=True)
        counted = self._t(N_("{n} records")).format(n=f"{listing.count:,}")
        self._text(right, counted, BODY, end=True)
        for line in self._said:
            self._y -= LINE
            self._text(MARGIN, line, SMALL)
        self._y -= 1.4 * LINE
        self._cells([column.title for column in listing.columns], bold=True)
        self._canvas.setLineWidth(0.5)
        self._canvas.line(MARGIN, self._y - 1.4 * MM, right, self._y - 1.4 * MM)
        line_y, self._y = self._y, MARGIN * 0.7
        self._text(MARGIN, f"{listing.organisation}  {listing.printed}".strip(), SMALL)
        page = self._t(N_("Page {page} of {pages}")).format(page=self._page, pages=self.pages)
        self._text(right, page, SMALL, end=True)
        self._y = line_y

    def line(self, cells: Sequence[str]) -> None:
        """Draw one record."""
        self._y -= LINE
        self._cells(cells)

    def _cells(self, cells: Sequence[str], *, bold: bool = False) -> None:
        x = MARGIN
        for column, width, cell in zip(self._listing.columns, self._widths, cells, strict=True):
            text = fonts.fit(cell, SMALL, width, bold=bold, squeeze=False)
            self._text(x + width if column.right else x, text, SMALL, bold=bold, end=column.right)
            x += width + GAP

    def save(self) -> None:
        """Write the file."""
        self._canvas.save()


def write(listing: Listing, target: Path, t: Translator, context: JobContext) -> int:
    """Write a list as PDF to ``target`` and return its number of pages."""
    with into_place(target) as draft:
        paper = _Paper(str(draft), listing, t)
        paper.begin()
        for number, cells in enumerate(listing.rows):
            if number and number % paper.per_page == 0:
                context.check()
                context.progress(number, listing.count, DRAWING)
                paper.begin()
            paper.line(cells)
        paper.save()
        context.check()
    return paper.pages
