"""The cover: logo, organisation, classification, title, period, three figures, who and when."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from svcdesk.reports.pdf import pictures
from svcdesk.reports.pdf.fonts import balanced, fit, printable, width, wrap
from svcdesk.reports.pdf.styles import MM, colour, series_colour

if TYPE_CHECKING:
    from svcdesk.i18n.catalog import Translator
    from svcdesk.reports.model import CoverFigure, ReportData
    from svcdesk.reports.pdf.ink import Ink
    from svcdesk.reports.pdf.pictures import Loaded

LOGO = (46 * MM, 16 * MM)  # the room of a logo
LABEL = 9.5
BAR = 4.5
_OF_PERIOD = re.compile(r"[,，]\s*(?=$|[(（])")  # the comma before a period that stands elsewhere


def cover(ink: Ink, data: ReportData, t: Translator, logo: Loaded | None) -> None:
    """Draw the cover."""
    grid = ink.grid
    head = grid.height - (16 if grid.wide else 24) * MM
    _head(ink, data, head, logo)
    title = grid.height * (0.66 if grid.wide else 0.71)
    x = grid.side + 22
    bottom = _title(ink, data, t, x, title)
    if data.cover:
        gap = 62 if grid.wide else 110
        _figures(ink, data.cover, x, bottom - gap)
    _table(ink, data, t, x)


def _head(ink: Ink, data: ReportData, y: float, logo: Loaded | None) -> None:
    grid = ink.grid
    left = grid.side
    if logo is not None:
        scale = min(LOGO[0] / logo.width, LOGO[1] / logo.height)
        wide, tall = logo.width * scale, logo.height * scale
        with ink.marked(ink.structure.add("Figure", alt=printable(data.organisation) or "Logo")):
            pictures.paint(ink.canvas, logo, left, y + 4 - tall / 2, wide, tall)
        left += wide + 12
    word = data.confidentiality
    taken = width(word, 10.5) + 30 if word else 0.0
    with ink.marked(ink.structure.add("P")):
        ink.text(left, y, fit(data.organisation, 10.5, grid.right - left - taken), 10.5, "text-2")
    if word:
        room = width(word, 10.5) + 16
        with ink.decoration():
            ink.canvas.setStrokeColor(colour("strong"))
            ink.canvas.setLineWidth(0.6)
            ink.canvas.rect(grid.right - room, y - 6, room, 19)
        with ink.marked(ink.structure.add("P")):
            ink.text(grid.right - room / 2, y, word, 10.5, "text-2", anchor="middle")


def _title(ink: Ink, data: ReportData, t: Translator, x: float, y: float) -> float:
    """Write period and title beside the bar; return the lower edge of the bar."""
    grid = ink.grid
    name = (
        _OF_PERIOD.sub(" ", data.title.replace(data.period_title, "")).strip(" ,，") or data.title
    )
    room, size = grid.right - x, 32.0
    while size > 20 and width(name, size, bold=True) > room:
        size -= 1
    lines = wrap(printable(name), size, room, bold=True)[:3]
    top = y + 70
    bottom = y - 34 - (len(lines) - 1) * size * 1.25
    with ink.decoration():
        ink.canvas.setFillColor(series_colour(0))
        ink.canvas.rect(grid.side, bottom, BAR, top - bottom, stroke=0, fill=1)
    with ink.marked(ink.structure.add("P")):
        ink.text(x, y + 54, fit(data.period_title, 15, room), 15, "text-2")
    with ink.marked(ink.structure.add("H1")):
        for place, line in enumerate(lines):
            ink.text(x, y + 12 - place * size * 1.25, line, size, bold=True)
    with ink.marked(ink.structure.add("P")):
        span = t("Period {range}").format(range=data.period_range)
        ink.text(x, bottom + 12, fit(span, 11, room), 11, "text-2")
    return bottom


def _figures(ink: Ink, figures: tuple[CoverFigure, ...], x: float, y: float) -> None:
    named = max(width(printable(figure.name), 9) for figure in figures) + 18
    step = min(max(46 * MM, named), (ink.grid.right - x) / len(figures))
    names = [balanced(printable(figure.name), 9, step - 16)[:3] for figure in figures]
    tallest = 12 * (max(len(lines) for lines in names) - 1)
    for index, figure in enumerate(figures):
        at = x + index * step
        with ink.decoration():
            ink.upright_rule(at, y - 12, y + 46 + tallest, 0.6, "border")
        room = step - 16
        size = 20.0
        while size > 10 and width(figure.value, size, bold=True) + 3 + width(figure.unit, 9) > room:
            size -= 1
        with ink.marked(ink.structure.add("P")):
            for up, line in enumerate(reversed(names[index])):
                ink.text(at + 10, y + 36 + 12 * up, line, 9, "text-3")
            ink.text(at + 10, y + 10, figure.value, size, bold=True)
            ink.text(
                at + 13 + width(figure.value, size, bold=True), y + 10, figure.unit, 9, "text-3"
            )
            ink.text(at + 10, y - 8, fit(figure.note, 8.5, room), 8.5, "text-2")


def _table(ink: Ink, data: ReportData, t: Translator, x: float) -> None:
    rows = (
        (t("Data cut-off"), data.cutoff, t("Version"), data.version),
        (t("Author"), data.author, t("Written on"), data.written_on),
        (t("Reviewer"), data.reviewer, t("Reviewed on"), data.reviewed_on),
    )
    step = 19.0 if ink.grid.wide else 26.0
    y = 25 * MM if ink.grid.wide else 74 * MM
    labels = max(width(row[0], LABEL) for row in rows) + 14
    others = max(width(row[2], LABEL) for row in rows) + 14
    half = min(ink.grid.right - x, 430.0) / 2
    for label, value, other, text in rows:
        with ink.marked(ink.structure.add("P")):
            ink.text(x, y, label, LABEL, "text-3")
            ink.text(x + labels, y, fit(value or "—", LABEL, half - labels - 10), LABEL)
            ink.text(x + half, y, other, LABEL, "text-3")
            ink.text(x + half + others, y, fit(text or "—", LABEL, half - others), LABEL)
        with ink.decoration():
            ink.rule(x, x + 2 * half, y - step * 0.32, 0.4, "border")
        y -= step
