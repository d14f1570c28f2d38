"""Drawing on pages: texts, rules and drawings, each marked with what it is."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from svcdesk.reports.pdf.fonts import printable, width
from svcdesk.reports.pdf.styles import colour
from svcdesk.reports.pdf.tags import Structure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from svcdesk.reports.pdf.canvas import Sheet
    from svcdesk.reports.pdf.grid import Grid
    from svcdesk.reports.pdf.tags import Element

PRINTED = 4  # flag of an annotation that is printed, too


class Ink:
    """Wraps reportlab's canvas; origin bottom left, lengths in points."""

    def __init__(self, canvas: Any, grid: Grid) -> None:
        self.canvas, self.grid = canvas, grid
        self.structure = Structure()
        self.pages: list[Any] = []  # references to the pages, for the structure
        self.page = 0
        self._known: set[str] = set()  # places that links may lead to

    def know(self, places: Iterator[str] | set[str]) -> None:
        """Say which places exist; a link to any other is not made."""
        self._known |= set(places)

    # -- pages ---------------------------------------------------------------------------------

    def begin_page(self) -> None:
        """Begin a page."""
        self.page += 1
        self.structure.begin_page()

    def end_page(self) -> None:
        """Finish the page."""
        self.canvas.showPage()
        self.pages.append(self.canvas.last_page)

    @contextmanager
    def marked(self, element: Element) -> Iterator[None]:
        """Mark what is drawn as a piece of ``element``."""
        self.canvas.raw(self.opening(element))
        yield
        self.canvas.raw("EMC")

    def opening(self, element: Element) -> str:
        """Return the operator that begins a marked piece of ``element``."""
        return f"/{element.name} <</MCID {self.structure.mark(element)}>> BDC"

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """Mark what is drawn as furniture of the page, which is not read out."""
        self.canvas.raw("/Artifact BMC")
        yield
        self.canvas.raw("EMC")

    # -- marks ---------------------------------------------------------------------------------

    def text(self, x: float, y: float, text: str, size: float, tone: str = "text", *,
             bold: bool = False, anchor: str = "start") -> None:  # fmt: skip
        """Write one line."""
        text = printable(text)
        back = {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
        if back:
            x -= width(text, size, bold=bold) * back
        script = self.canvas.script()
        script.tone(colour(tone))
        script.font(size, bold=bold)
        script.line(x, y, text)
        self.canvas.put(script)

    def rule(self, x1: float, x2: float, y: float, thick: float, tone: str) -> None:
        """Draw a horizontal line."""
        self.canvas.setStrokeColor(colour(tone))
        self.canvas.setLineWidth(thick)
        self.canvas.line(x1, y, x2, y)

    def upright_rule(self, x: float, y1: float, y2: float, thick: float, tone: str) -> None:
        """Draw a vertical line."""
        self.canvas.setStrokeColor(colour(tone))
        self.canvas.setLineWidth(thick)
        self.canvas.line(x, y1, x, y2)

    def sheet(self, sheet: Sheet, x: float, y: float, scale: float = 1.0) -> None:
        """Draw a sheet, its lower left corner at (x, y)."""
        if scale == 1.0:
            sheet.paint(self.canvas, x, y)
            return
        self.canvas.saveState()
        self.canvas.translate(x, y)
        self.canvas.scale(scale, scale)
        sheet.paint(self.canvas, 0, 0)
        self.canvas.restoreState()

    # -- places --------------------------------------------------------------------------------

    def anchor(self, place: str, top: float) -> None:
        """Make ``top`` on this page a place that links lead to."""
        self.canvas.bookmarkHorizontal(place, 0, top)

    def outline(self, place: str, title: str, level: int) -> None:
        """Add a bookmark of the reader's side bar."""
        self.canvas.addOutlineEntry(title, place, level, closed=level > 0 or None)

    def link(self, place: str, x1: float, y1: float, x2: float, y2: float, told: str) -> None:
        """Make a rectangle lead to a place, when there is one of that name."""
        if place in self._known:
            self.canvas.linkRect(printable(told), place, (x1, y1, x2, y2), relative=0, thickness=0,
                                 F=PRINTED)  # fmt: skip
