"""What stands on every page but the text: header, footer, and the contents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from svcdesk.reports.pdf.fonts import fit, width
from svcdesk.reports.pdf.pieces import Piece
from svcdesk.reports.pdf.styles import MICRO, TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.i18n.catalog import Translator
    from svcdesk.reports.model import ReportData
    from svcdesk.reports.pdf.ink import Ink
    from svcdesk.reports.pdf.tags import Element

ENTRY = (24.0, 19.0)  # points: a line of the contents, for a section and for a heading in it
CLOSE = 16.0  # points: a line of long contents
WIDEST_SPAN = 0.7  # of the header


def frame(ink: Ink, data: ReportData, t: Translator, total: int, *, period: bool) -> None:
    """Draw header and footer."""
    grid = ink.grid
    left, right = grid.side, grid.right
    span = t("Period {range}").format(range=data.period_range) if period else data.period_range
    span = fit(span, MICRO, grid.room * WIDEST_SPAN)
    with ink.decoration():
        room = grid.room - width(span, MICRO) - 20
        ink.text(left, grid.header, fit(data.title, MICRO, room), MICRO, "text-3")
        ink.text(right, grid.header, span, MICRO, "text-3", anchor="end")
        ink.rule(left, right, grid.header - 5, 0.5, "text-3")
        ink.rule(left, right, grid.footer + 11, 0.3, "border")
        cutoff = t("Data cut-off {time}").format(time=data.cutoff)
        page = t("Page {x} of {y}").format(x=ink.page, y=total)
        ink.text(right, grid.footer, page, MICRO, "text-3", anchor="end")
        ink.text(grid.width / 2, grid.footer, cutoff, MICRO, "text-3", anchor="middle")
        parts = [one for one in (data.organisation, data.confidentiality, data.version) if one]
        room = grid.room / 2 - width(cutoff, MICRO) / 2 - 12
        ink.text(left, grid.footer, fit("　".join(parts), MICRO, room), MICRO, "text-3")


@dataclass
class Entry(Piece):
    """A line of the contents: title, dots, page; a click leads there."""

    title: str = ""
    place: str = ""
    level: int = 0
    room: float = 0.0
    pages: Mapping[str, int] | None = None
    owner: list[Element] = field(default_factory=list)  # of all entries: the element TOC

    def draw(self, ink: Ink, x: float, top: float) -> None:
        """Write the line."""
        size = TEXT if self.level == 0 else 9.5
        y = top - self.height * 0.62
        indent = 18.0 * self.level
        number = str((self.pages or {}).get(self.place, ""))
        right = x + self.room
        end = right - width(number, size) - 8
        title = fit(self.title, size, end - x - indent - 24, bold=self.level == 0)
        start = x + indent + width(title, size, bold=self.level == 0) + 8
        if not self.owner:
            self.owner.append(ink.structure.add("TOC"))
        with ink.marked(ink.structure.add("TOCI", self.owner[0])):
            tone = "text" if self.level == 0 else "text-2"
            ink.text(x + indent, y, title, size, tone, bold=self.level == 0)
            ink.text(right, y, number, size, tone, anchor="end")
        with ink.decoration():
            ink.canvas.setDash(0.6, 3)
            ink.rule(start, end, y + 2, 0.6, "strong")
            ink.canvas.setDash()
        ink.link(self.place, x, top - self.height, right, top, self.title)


def entries(
    titles: list[tuple[str, str, int]], room: float, depth: float, pages: Mapping[str, int]
) -> list[Piece]:
    """Return the contents: sections and their headings when a page holds them, else sections."""
    owner: list[Element] = []

    def lines(chosen: list[tuple[str, str, int]], *, close: bool) -> list[Piece]:
        return [
            Entry(height=CLOSE if close else ENTRY[level], title=title, place=place, level=level,
                  room=room, pages=pages, owner=owner)
            for place, title, level in chosen
        ]  # fmt: skip

    sections = [one for one in titles if one[2] == 0]
    for chosen, close in ((titles, False), (titles, True), (sections, False)):
        found = lines(chosen, close=close)
        if sum(piece.height for piece in found) <= depth - 40:
            return found
    return lines(sections, close=True)
