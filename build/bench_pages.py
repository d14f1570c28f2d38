"""The pages of a report as the calls that draw them, to draw the same with reportlab alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.reports.model import ReportData

Call = tuple[str, tuple[Any, ...], dict[str, Any]]
DRAWN = {
    "saveState", "restoreState", "translate", "scale", "rotate", "transform", "setStrokeColor",
    "setFillColor", "setLineWidth", "setLineCap", "setLineJoin", "setDash", "line", "lines", "rect",
    "roundRect", "circle", "setFont", "drawString", "showPage",
}  # fmt: skip


class _Text:
    """Notes what a text object is told."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **more: Any) -> None:
            self.calls.append((name, args, more))

        return call


class Recording:
    """Stands for a canvas and notes every call that leaves a mark; structure is left out."""

    last_page = None

    def __init__(self) -> None:
        self.calls: list[Call] = []

    @classmethod
    def of(cls, data: ReportData) -> tuple[list[Call], tuple[float, float]]:
        """Return the calls that draw a report, and the size of its pages."""
        from svcdesk.reports.pdf.document import _Report
        from svcdesk.reports.pdf.furniture import frame
        from svcdesk.reports.pdf.ink import Ink
        from svcdesk.system.job import ImmediateContext

        report = _Report(data, ImmediateContext(), logo=None, cover=True)
        canvas = cls()
        ink = Ink(canvas, report.grid)
        for page in report.pages:
            ink.begin_page()
            frame(ink, data, report.t, report.total, period=True)
            for piece, top in page.placed:
                piece.draw(ink, report.grid.side, report.grid.start - top)
            ink.end_page()
        return canvas.calls, (report.grid.width, report.grid.height)

    def script(self) -> _Text:
        """Begin a text."""
        return _Text()

    def put(self, script: _Text) -> None:
        """Note a text."""
        self.calls.append(("text", (script.calls,), {}))

    def beginPath(self) -> _Text:
        """Begin a path."""
        return _Text()

    def drawPath(self, path: _Text, **more: Any) -> None:
        """Note a path."""
        self.calls.append(("path", (path.calls,), more))

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **more: Any) -> None:
            if name in DRAWN:
                self.calls.append((name, args, more))

        return call


def _text_of(canvas: Any, calls: list[Call]) -> Any:
    """Return reportlab's text object for a script."""
    from svcdesk.reports.pdf.fonts import BOLD, REGULAR

    text = canvas.beginText()
    for name, values, named in calls:
        if name == "font":
            text.setFont(BOLD if named.get("bold") else REGULAR, values[0])
        elif name == "tone":
            text.setFillColor(values[0])
        elif name == "space":
            text.setCharSpace(values[0])
        elif name == "line":
            text.setTextOrigin(values[0], values[1])
            text.textOut(values[2])
        elif name == "upright":
            text.setTextTransform(0, 1, -1, 0, values[0], values[1])
            text.textOut(values[2])
    return text


def replay(recorded: tuple[list[Call], tuple[float, float]], target: Path) -> None:
    """Draw the calls with reportlab's own canvas."""
    from reportlab.pdfgen.canvas import Canvas

    calls, size = recorded
    canvas = Canvas(str(target), pagesize=size)
    for name, args, more in calls:
        if name == "text":
            canvas.drawText(_text_of(canvas, args[0]))
        elif name == "path":
            made = canvas.beginPath()
            for inner, values, named in args[0]:
                getattr(made, inner)(*values, **named)
            canvas.drawPath(made, **more)
        else:
            getattr(canvas, name)(*args, **more)
    canvas.save()
