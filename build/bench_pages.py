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

    def beginText(self) -> _Text:
        """Begin a text."""
        return _Text()

    def drawText(self, text: _Text) -> None:
        """Note a text."""
        self.calls.append(("text", (text.calls,), {}))

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


def replay(recorded: tuple[list[Call], tuple[float, float]], target: Path) -> None:
    """Draw the calls with reportlab's own canvas."""
    from reportlab.pdfgen.canvas import Canvas

    calls, size = recorded
    canvas = Canvas(str(target), pagesize=size)
    for name, args, more in calls:
        if name in {"text", "path"}:
            made = canvas.beginText() if name == "text" else canvas.beginPath()
            for inner, values, named in args[0]:
                getattr(made, inner)(*values, **named)
            (canvas.drawText if name == "text" else canvas.drawPath)(made, **more)
        else:
            getattr(canvas, name)(*args, **more)
    canvas.save()
