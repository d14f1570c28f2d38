"""reportlab's canvas as pages are drawn on it here."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from svcdesk.reports.pdf.fonts import BOLD, REGULAR, chunks, register, width

VERSION = (1, 7)
END = b"endstream\n"


@lru_cache(maxsize=256)
def _filled(tone: Any) -> str:
    """Return the operator that fills with a colour."""
    return f"{tone.red:.4g} {tone.green:.4g} {tone.blue:.4g} rg"


@lru_cache(maxsize=256)
def _stroked(tone: Any) -> str:
    """Return the operator that strokes with a colour."""
    return f"{tone.red:.4g} {tone.green:.4g} {tone.blue:.4g} RG"


class Script:
    """A text object: lines at places, in fonts and colours, with marks in between.

    reportlab's own measures every line anew, to know where it ends; here that is known before.
    """

    def __init__(self, canvas: Any) -> None:
        self._document = canvas._doc  # noqa: SLF001 - fonts keep their subsets by document
        self._escape = canvas._escape  # noqa: SLF001
        self._font: Any = None
        self._size, self._points, self._bold = "", 0.0, False
        self._space = 0.0
        self.code = ["BT"]

    def font(self, size: float, *, bold: bool = False) -> None:
        """Choose font and size."""
        from reportlab.pdfbase.pdfmetrics import getFont

        self._font, self._size = getFont(BOLD if bold else REGULAR), f"{size:g}"
        self._points, self._bold = size, bold

    def tone(self, tone: Any) -> None:
        """Choose the colour."""
        self.code.append(_filled(tone))

    def space(self, more: float) -> None:
        """Set what is added between characters."""
        self._space = more
        self.code.append(f"{more:.4f} Tc")

    def raw(self, operator: str) -> None:
        """Add an operator."""
        self.code.append(operator)

    def line(self, x: float, y: float, text: str) -> None:
        """Write ``text`` from (x, y)."""
        done = ""
        for chunk in chunks(text):
            done += chunk
            start = (
                x
                + width(done, self._points, bold=self._bold)
                + self._space * (len(done) - len(chunk))
            )
            start -= width(chunk, self._points, bold=self._bold)
            self.code.append(f"1 0 0 1 {start:.2f} {y:.2f} Tm")
            self._out(chunk)

    def upright(self, x: float, y: float, text: str) -> None:
        """Write ``text`` from (x, y) upwards."""
        self.code.append(f"0 1 -1 0 {x:.2f} {y:.2f} Tm")
        self._out(text)

    def _out(self, text: str) -> None:
        font, document = self._font, self._document
        for subset, part in font.splitString(text, document):
            name = font.getSubsetInternalName(subset, document)
            self.code.append(f"{name} {self._size} Tf ({self._escape(part)}) Tj")


@lru_cache(maxsize=1)
def _end_streams() -> None:
    """Make reportlab end its streams on a line of their own, as ISO 19005-2, 6.1.7.1 asks for.

    It leaves out the line end before ``endstream``, which readers accept and archives do not.
    """
    from reportlab.pdfbase.pdfdoc import PDFStream

    plain = PDFStream.format

    def ended(self: Any, document: Any) -> bytes:
        written: bytes = plain(self, document)
        return written[: -len(END)] + b"\n" + END if written.endswith(END) else written

    PDFStream.format = ended


@lru_cache(maxsize=1)
def canvas_class() -> type:
    """Return the class of canvases: pages know their structure and have no transition."""
    from reportlab import rl_config
    from reportlab.pdfgen.canvas import Canvas

    register()
    _end_streams()
    rl_config.useA85 = 0  # a text coding of what is binary anyway costs a quarter more

    class Pages(Canvas):  # type: ignore[misc]  # reportlab has no types
        def __init__(self, target: Any, size: tuple[float, float]) -> None:
            super().__init__(target, pagesize=size, invariant=1, pageCompression=1,
                             initialFontName=REGULAR, pdfVersion=VERSION)  # fmt: skip
            self.last_page: Any = None
            self._drawn = 0

        def raw(self, operator: str) -> None:
            """Add an operator to the page."""
            self._code.append(operator)

        def script(self) -> Script:
            """Begin a text object."""
            return Script(self)

        def put(self, script: Script) -> None:
            """Draw a text object."""
            self._code.extend(script.code)
            self._code.append("ET")

        def setFillColor(self, tone: Any, alpha: float | None = None) -> None:  # noqa: N802
            """Choose the colour of areas; there is no transparency."""
            del alpha
            self._fillColorObj = tone
            self._code.append(_filled(tone))

        def setStrokeColor(self, tone: Any, alpha: float | None = None) -> None:  # noqa: N802
            """Choose the colour of lines."""
            del alpha
            self._strokeColorObj = tone
            self._code.append(_stroked(tone))

        def _setAnnotations(self, page: Any) -> None:  # noqa: N802 - reportlab calls it
            """Finish a page, which reportlab shows to this method last."""
            super()._setAnnotations(page)
            page.Trans = None
            page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
            page.StructParents = self._drawn
            page.Tabs = "/S"
            self._drawn += 1
            self.last_page = page

    return Pages
