"""One complaint on paper (受理单): facts, limits, departments, texts, history, signatures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from svcdesk.i18n.catalog import N_, Translator
from svcdesk.reports.into_place import into_place
from svcdesk.reports.pdf import fonts
from svcdesk.reports.pdf.styles import colour

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from svcdesk.system.job import JobContext

MM = 72 / 25.4
MARGIN, FOOT = 16 * MM, 18 * MM
TITLE, HEAD, BODY, SMALL = 16.0, 10.5, 9.0, 7.5
LEADING = 1.45
PADDING = 3.5
SIGNATURES = (N_("Handled by"), N_("Responsible department"), N_("Supervisor"), N_("Complainant"))


@dataclass(frozen=True)
class Grid:
    """A table with a heading; ``shares`` of the width by column; empty ones are left out."""

    title: str
    header: tuple[str, ...]
    shares: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ComplaintSheet:
    """What the sheet shows, in words; ``warning`` marks one with unmasked data."""

    number: str
    organisation: str
    confidentiality: str
    printed: str
    facts: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, str], ...]
    grids: tuple[Grid, ...] = ()
    warning: str = ""
    language: str = "zh_CN"
    signatures: tuple[str, ...] = field(default=SIGNATURES)


class _Pages:
    """Builds the flowables of a sheet."""

    def __init__(self, sheet: ComplaintSheet, t: Translator) -> None:
        from reportlab.lib.pagesizes import A4

        fonts.register()
        self.sheet, self._t = sheet, t
        self.size: tuple[float, float] = A4
        self.width = self.size[0] - 2 * MARGIN

    def _style(self, size: float, *, bold: bool = False, tone: str = "text") -> Any:
        from reportlab.lib.styles import ParagraphStyle

        return ParagraphStyle(
            f"{size}{bold}{tone}", fontName=fonts.BOLD if bold else fonts.REGULAR, fontSize=size,
            leading=size * LEADING, textColor=colour(tone), splitLongWords=0,
        )  # fmt: skip

    def text(self, words: str, size: float = BODY, *, bold: bool = False, tone: str = "text",
             room: float = 0.0) -> Any:  # fmt: skip
        """Return words broken into lines by the rules of Chinese typesetting; line breaks stay."""
        from reportlab.platypus import Paragraph

        lines = fonts.wrap(
            fonts.printable(words) or "—", size, room or self.width, bold=bold, squeeze=False
        )
        shown = "<br/>".join(escape(line) for line in lines)
        return Paragraph(shown, self._style(size, bold=bold, tone=tone))

    def heading(self, words: str) -> list[Any]:
        """Return the heading of a part, kept with what follows."""
        from reportlab.platypus import CondPageBreak, Spacer

        return [CondPageBreak(24 * MM), Spacer(1, 3.5 * MM), self.text(words, HEAD, bold=True),
                Spacer(1, 1.2 * MM)]  # fmt: skip

    def table(self, rows: Sequence[Sequence[Any]], widths: Sequence[float], *, head: bool,
              labels: tuple[int, ...] = ()) -> Any:  # fmt: skip
        """Return a table with thin rules; ``labels`` are columns of names."""
        from reportlab.platypus import LongTable

        style: list[tuple[Any, ...]] = [
            ("GRID", (0, 0), (-1, -1), 0.5, colour("border")),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), PADDING), ("BOTTOMPADDING", (0, 0), (-1, -1), PADDING),
            ("LEFTPADDING", (0, 0), (-1, -1), PADDING), ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
        ]  # fmt: skip
        if head:
            style.append(("BACKGROUND", (0, 0), (-1, 0), colour("sunken")))
        style += [("BACKGROUND", (column, 0), (column, -1), colour("sunken")) for column in labels]
        return LongTable(list(rows), colWidths=list(widths), style=style,
                         repeatRows=1 if head else 0)  # fmt: skip

    def facts(self) -> Any:
        """Return the facts, two a line."""
        listed = list(self.sheet.facts)
        if len(listed) % 2:
            listed.append(("", ""))
        named, told = self.width * 0.17, self.width * 0.33
        rows = []
        for left, right in zip(listed[::2], listed[1::2], strict=True):
            row: list[Any] = []
            for name, value in (left, right):
                cells = (
                    self.text(name, tone="text-2", room=named - 2 * PADDING),
                    self.text(value, room=told - 2 * PADDING),
                )
                row += cells if name else ("", "")
            rows.append(row)
        return self.table(rows, (named, told, named, told), head=False, labels=(0, 2))

    def grid(self, grid: Grid) -> list[Any]:
        """Return a table with its heading."""
        whole = sum(grid.shares)
        widths = [self.width * share / whole for share in grid.shares]
        rooms = [width - 2 * PADDING for width in widths]
        rows = [
            [self.text(cell, bold=number == 0, room=room)
             for cell, room in zip(row, rooms, strict=True)]
            for number, row in enumerate((grid.header, *grid.rows))
        ]  # fmt: skip
        return [*self.heading(grid.title), self.table(rows, widths, head=True)]

    def signatures(self) -> list[Any]:
        """Return the lines to sign on, kept together."""
        from reportlab.platypus import KeepTogether, Spacer, Table

        cells = [
            [self.text(self._t(N_("{role}: ________________")).format(role=self._t(role))),
             self.text(self._t(N_("Date: ____________")))]
            for role in self.sheet.signatures
        ]  # fmt: skip
        table = Table(
            cells,
            colWidths=[self.width * 0.62, self.width * 0.38],
            rowHeights=[11 * MM] * len(cells),
        )
        return [KeepTogether([Spacer(1, 7 * MM), table])]

    def story(self) -> list[Any]:
        """Return everything in order."""
        from reportlab.platypus import Spacer

        found: list[Any] = [self.facts()]
        for title, words in self.sheet.texts:
            found += [*self.heading(title), self.text(words)]
        for grid in self.sheet.grids:
            if grid.rows:
                found += self.grid(grid)
        return [*found, Spacer(1, 2 * MM), *self.signatures()]


def _frame_maker(pages: _Pages, t: Translator) -> Callable[[Any, Any], None]:
    """Return what draws title, mark and foot of every page."""
    sheet = pages.sheet

    def draw(canvas: Any, document: Any) -> None:
        width, height = pages.size
        canvas.saveState()
        y = height - MARGIN
        canvas.setFillColor(colour("text"))
        if document.page == 1:
            canvas.setFont(fonts.BOLD, TITLE)
            canvas.drawCentredString(width / 2, y - TITLE, t(N_("Complaint sheet")))
        canvas.setFont(fonts.REGULAR, BODY)
        canvas.drawString(MARGIN, y, fonts.printable(sheet.organisation))
        canvas.drawRightString(width - MARGIN, y, fonts.printable(sheet.number))
        canvas.setFillColor(colour("text-2"))
        canvas.setFont(fonts.REGULAR, SMALL)
        foot = "  ·  ".join(p for p in (sheet.confidentiality, sheet.printed, sheet.warning) if p)
        canvas.drawString(MARGIN, FOOT - 6 * MM, fonts.printable(foot))
        page = t(N_("Page {page}")).format(page=document.page)
        canvas.drawRightString(width - MARGIN, FOOT - 6 * MM, page)
        canvas.restoreState()

    return draw


def write(sheet: ComplaintSheet, target: Path, t: Translator, context: JobContext) -> int:
    """Write the sheet as PDF to ``target`` and return its number of pages."""
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    pages = _Pages(sheet, t)
    width, height = pages.size
    draw = _frame_maker(pages, t)

    def template(name: str, head: float) -> Any:
        frame = Frame(MARGIN, FOOT, width - 2 * MARGIN, height - MARGIN - FOOT - head,
                      leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)  # fmt: skip
        return PageTemplate(name, [frame], onPage=draw, autoNextPageTemplate="next")

    with into_place(target) as draft:
        document = BaseDocTemplate(
            str(draft), pagesize=pages.size, title=sheet.number, initialFontName=fonts.REGULAR,
            pageTemplates=[template("first", 13 * MM), template("next", 5 * MM)],
        )  # fmt: skip
        context.check()
        document.build(pages.story())
        context.check()
    return int(document.page)
