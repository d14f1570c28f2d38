"""The page frame: cover, contents with page numbers, header, footer 第 x 页 共 y 页, bookmarks.

Pages are laid out once; what needs the total or the page of a section (footer, contents) is drawn
when all pages are known. The file is written under a temporary name and moved into place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import Translator, translator
from svcdesk.reports.model import Heading
from svcdesk.reports.pdf import styles
from svcdesk.reports.pdf.blocks import Counters, flow
from svcdesk.reports.pdf.fonts import BOLD, REGULAR, fit, printable, register, width
from svcdesk.reports.pdf.into_place import into_place
from svcdesk.reports.pdf.styles import BOTTOM, MARGIN, MICRO, MM, PAGE, TOP, colour

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.reports.model import CoverFigure, ReportData, Section
    from svcdesk.system.job import JobContext

HEADER_Y = PAGE[1] - 12 * MM
FOOTER_Y = 10 * MM
ROOM_BELOW_HEADING = 130.0  # points: a heading and what it announces


def write(
    data: ReportData,
    target: Path,
    context: JobContext,
    *,
    reproducible: bool = False,
    cover: bool = True,
) -> int:
    """Write ``data`` as PDF to ``target`` and return its number of pages.

    ``reproducible`` leaves out the time of writing, for comparisons; without ``cover`` the text
    begins on the first page, as a sheet for a meeting does.
    """
    with into_place(target) as draft:
        pages = _build(data, draft, context, reproducible=reproducible, cover=cover)
        context.check()
    return pages


def _build(
    data: ReportData, target: Path, context: JobContext, *, reproducible: bool, cover: bool
) -> int:
    from reportlab.platypus import BaseDocTemplate, Frame, NextPageTemplate, PageBreak, PageTemplate

    register()
    t = translator(data.language)
    frame = Frame(
        MARGIN, BOTTOM + 3 * MM, styles.WIDTH, PAGE[1] - TOP - BOTTOM - 3 * MM,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip
    document = BaseDocTemplate(
        str(target), pagesize=PAGE, title=data.title, author=data.organisation,
        subject=data.period_range, creator="svcdesk", invariant=1 if reproducible else 0,
    )  # fmt: skip
    marks: list[tuple[str, str, int]] = []
    story: list[Any] = []
    if cover:
        document.addPageTemplates(
            [
                PageTemplate("cover", [frame], onPage=lambda canvas, _: _cover(canvas, data, t)),
                PageTemplate("contents", [frame]),
            ]
        )
        story += [NextPageTemplate("contents"), _nothing(), PageBreak(),
                  NextPageTemplate("body"), _nothing(), PageBreak()]  # fmt: skip
    document.addPageTemplates([PageTemplate("body", [frame])])
    counters = Counters(t)
    for position, section in enumerate(data.sections):
        context.check()
        context.progress(position, len(data.sections), section.title)
        story.append(_section_mark(section, marks))
        story += _flowables(section, counters)
        if not section.blocks:
            story += flow_empty(t)
        if cover and position == 0:
            story.append(PageBreak())
    maker = _pages_maker(data, t, marks, cover=cover)
    document.build(story, canvasmaker=maker)
    return int(document.canv.pages_total)


def _flowables(section: Section, counters: Counters) -> list[Any]:
    """Return a section's contents; a heading stays with what follows it."""
    from reportlab.platypus import CondPageBreak, KeepTogether

    found: list[Any] = []
    headings: list[Any] = []
    for block in section.blocks:
        flowables = flow(block, counters)
        if isinstance(block, Heading):
            headings += flowables
            continue
        if headings and flowables and isinstance(flowables[0], KeepTogether):
            kept = flowables[0]
            flowables[0] = KeepTogether([*headings, *kept._content])  # noqa: SLF001 - no other way in
        elif headings:
            found += [CondPageBreak(ROOM_BELOW_HEADING), *headings]
        headings = []
        found += flowables
    return found + headings


def flow_empty(t: Translator) -> list[Any]:
    """Return what an empty section prints: it never disappears silently (5.1)."""
    from svcdesk.reports.model import Paragraph

    return flow(Paragraph(t("No data in this reporting period.")), Counters(t))


def _nothing() -> Any:
    from reportlab.platypus import Spacer

    return Spacer(1, 1)


def section_title(section: Section) -> str:
    """Return number and title: 一、…, 附录A …, or the bare title."""
    if not section.number:
        return section.title
    if section.number in {"A", "B", "C"}:
        return section.title
    return (
        f"{section.number}、{section.title}"
        if not section.number.isdigit()
        else f"{section.number}. {section.title}"
    )


def _section_mark(section: Section, marks: list[tuple[str, str, int]]) -> Any:
    """Return the h1 of a section; on being drawn it notes its page and sets the bookmark."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph as Flowable

    title = printable(section_title(section))

    class Title(Flowable):  # type: ignore[misc]  # reportlab has no types
        def draw(self) -> None:
            canvas = self.canv
            canvas.bookmarkPage(section.key)
            canvas.addOutlineEntry(title, section.key, 0, closed=True)
            marks.append((section.key, title, canvas.getPageNumber()))
            super().draw()

    style = ParagraphStyle(
        "h1", fontName=BOLD, fontSize=styles.H1, leading=styles.H1 * 1.4, textColor=colour("text"),
        spaceBefore=14, spaceAfter=6, keepWithNext=1, wordWrap="CJK",
    )  # fmt: skip
    from xml.sax.saxutils import escape

    return Title(escape(title), style)


def _pages_maker(
    data: ReportData, t: Translator, marks: list[tuple[str, str, int]], *, cover: bool
) -> Any:
    """Return a canvas class that finishes the pages when their total is known."""
    from reportlab.pdfgen.canvas import Canvas

    class Pages(Canvas):  # type: ignore[misc]  # reportlab has no types
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            kwargs["initialFontName"] = REGULAR  # not Helvetica, which would not be embedded
            super().__init__(*args, **kwargs)
            self._kept: list[dict[str, Any]] = []
            self.pages_total = 0

        def showPage(self) -> None:  # noqa: N802 - reportlab calls it
            self._kept.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            kept, self.pages_total = self._kept, len(self._kept)
            for number, state in enumerate(kept, start=1):
                self.__dict__.update(state)
                if cover and number == 2:
                    _contents(self, t, marks)
                if number > 1 or not cover:
                    _frame(self, data, t, number, len(kept), period=cover)
                super().showPage()
            self.pages_total = len(kept)
            super().save()

    return Pages


# -- what is drawn straight onto a page --------------------------------------------------------


def _write(  # noqa: PLR0913 - position and look of a text
    canvas: Any, x: float, y: float, text: str, size: float, tone: str = "text", *,
           bold: bool = False, end: bool = False, middle: bool = False) -> None:  # fmt: skip
    canvas.setFont(BOLD if bold else REGULAR, size)
    canvas.setFillColor(colour(tone))
    text = printable(text)
    if end:
        canvas.drawRightString(x, y, text)
    elif middle:
        canvas.drawCentredString(x, y, text)
    else:
        canvas.drawString(x, y, text)


def _rule(canvas: Any, x1: float, x2: float, y: float, thick: float, tone: str) -> None:
    canvas.setStrokeColor(colour(tone))
    canvas.setLineWidth(thick)
    canvas.line(x1, y, x2, y)


def _frame(
    canvas: Any, data: ReportData, t: Translator, number: int, total: int, *, period: bool
) -> None:
    right = PAGE[0] - MARGIN
    _write(canvas, MARGIN, HEADER_Y, data.title, MICRO, "text-3")
    span = t("Period {range}").format(range=data.period_range) if period else data.period_range
    _write(canvas, right, HEADER_Y, span, MICRO, "text-3", end=True)
    _rule(canvas, MARGIN, right, HEADER_Y - 5, 0.5, "text-3")
    _rule(canvas, MARGIN, right, FOOTER_Y + 11, 0.3, "border")
    left = f"{data.organisation}　{data.confidentiality}　{data.version}"
    _write(canvas, MARGIN, FOOTER_Y, fit(left, MICRO, 200), MICRO, "text-3")
    cutoff = t("Data cut-off {time}").format(time=data.cutoff)
    _write(canvas, PAGE[0] / 2, FOOTER_Y, cutoff, MICRO, "text-3", middle=True)
    page = t("Page {x} of {y}").format(x=number, y=total)
    _write(canvas, right, FOOTER_Y, page, MICRO, "text-3", end=True)


def _contents(canvas: Any, t: Translator, marks: list[tuple[str, str, int]]) -> None:
    y = PAGE[1] - TOP - styles.H1
    _write(canvas, MARGIN, y, t("Contents"), styles.H1, bold=True)
    canvas.bookmarkPage("contents")
    y -= 30
    right = PAGE[0] - MARGIN
    for key, title, page in marks:
        _write(canvas, MARGIN, y, title, styles.TEXT)
        _write(canvas, right, y, str(page), styles.TEXT, end=True)
        start = MARGIN + width(title, styles.TEXT) + 8
        end = right - width(str(page), styles.TEXT) - 8
        canvas.setDash(0.6, 3)
        _rule(canvas, start, end, y + 2, 0.6, "strong")
        canvas.setDash()
        canvas.linkRect("", key, (MARGIN, y - 4, right, y + 12), relative=0, thickness=0)
        y -= 24


def _cover(canvas: Any, data: ReportData, t: Translator) -> None:
    right = PAGE[0] - MARGIN
    top = PAGE[1] - 24 * MM
    _write(canvas, MARGIN, top, data.organisation, 10.5, "text-2")
    if data.confidentiality:
        room = width(data.confidentiality, 10.5) + 16
        canvas.setStrokeColor(colour("strong"))
        canvas.setLineWidth(0.6)
        canvas.rect(right - room, top - 6, room, 19)
        _write(canvas, right - room / 2, top, data.confidentiality, 10.5, "text-2", middle=True)
    y = PAGE[1] - 86 * MM
    canvas.setFillColor(styles.series_colour(0))
    canvas.rect(MARGIN, y - 34, 4.5, 104, stroke=0, fill=1)
    x = MARGIN + 22
    _write(canvas, x, y + 54, data.period_title, 15, "text-2")
    size = 32.0
    name = data.title.replace(data.period_title, "").strip(" ,") or data.title
    while width(name, size, bold=True) > right - x and size > 16:
        size -= 1
    _write(canvas, x, y + 12, name, size, bold=True)
    _write(canvas, x, y - 22, t("Period {range}").format(range=data.period_range), 11, "text-2")
    _cover_figures(canvas, data.cover, x, y - 110)
    _cover_table(canvas, data, t, x)


def _cover_figures(canvas: Any, figures: tuple[CoverFigure, ...], x: float, y: float) -> None:
    step = 46 * MM
    for index, figure in enumerate(figures):
        at = x + index * step
        canvas.setStrokeColor(colour("border"))
        canvas.setLineWidth(0.6)
        canvas.line(at, y - 12, at, y + 46)
        _write(canvas, at + 10, y + 36, figure.name, 9, "text-3")
        _write(canvas, at + 10, y + 10, figure.value, 20, bold=True)
        _write(
            canvas, at + 13 + width(figure.value, 20, bold=True), y + 10, figure.unit, 9, "text-3"
        )
        _write(canvas, at + 10, y - 8, fit(figure.note, 8.5, step - 16), 8.5, "text-2")


def _cover_table(canvas: Any, data: ReportData, t: Translator, x: float) -> None:
    rows = (
        (t("Data cut-off"), data.cutoff, t("Version"), data.version),
        (t("Author"), data.author or "—", t("Written on"), data.written_on),
        (t("Reviewer"), data.reviewer or "—", t("Reviewed on"), "—"),
    )
    y = 74 * MM
    for label, value, other, text in rows:
        _write(canvas, x, y, label, 9.5, "text-3")
        _write(canvas, x + 70, y, fit(value, 9.5, 130), 9.5)
        _write(canvas, x + 215, y, other, 9.5, "text-3")
        _write(canvas, x + 285, y, fit(text, 9.5, 110), 9.5)
        _rule(canvas, x, x + 430, y - 8, 0.4, "border")
        y -= 26
