"""reportlab's canvas as pages are drawn on it here."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from svcdesk.reports.pdf.fonts import REGULAR, register


@lru_cache(maxsize=1)
def canvas_class() -> type:
    """Return the class of canvases: pages know their structure and have no transition."""
    from reportlab import rl_config
    from reportlab.pdfgen.canvas import Canvas

    register()
    rl_config.useA85 = 0  # a text coding of what is binary anyway costs a quarter more

    class Pages(Canvas):  # type: ignore[misc]  # reportlab has no types
        def __init__(self, path: str, size: tuple[float, float], *, stamp: float,
                     version: tuple[int, int]) -> None:  # fmt: skip
            del stamp
            super().__init__(path, pagesize=size, invariant=1, pageCompression=1,
                             initialFontName=REGULAR, pdfVersion=version)  # fmt: skip
            self.last_page: Any = None
            self._drawn = 0

        def raw(self, operator: str) -> None:
            """Add an operator to the page."""
            self._code.append(operator)

        @staticmethod
        def raw_in(text: Any, operator: str) -> None:
            """Add an operator to a text that is being built."""
            text._code.append(operator)  # noqa: SLF001 - reportlab has no marked texts

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
