"""Read a PDF: sizes and pictures of its pages, where words stand.

The renderer is one for the whole program and serves one thread at a time.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.system.job import JobContext

_LOCK = threading.Lock()

Marks = dict[int, list[QRectF]]


def page_sizes(path: Path) -> list[tuple[float, float]]:
    """Return width and height of each page in points."""
    import pypdfium2

    with _LOCK:
        document = pypdfium2.PdfDocument(str(path))
        try:
            return [document.get_page_size(page) for page in range(len(document))]
        finally:
            document.close()


def page_image(path: Path, page: int, scale: float) -> QImage:
    """Return the picture of a page, ``scale`` pixels for a point."""
    import pypdfium2

    with _LOCK:
        document = pypdfium2.PdfDocument(str(path))
        try:
            picture = document[page].render(scale=scale).to_pil().convert("RGB")
        finally:
            document.close()
    image = QImage(
        picture.tobytes(), picture.width, picture.height, 3 * picture.width,
        QImage.Format.Format_RGB888,
    )  # fmt: skip
    return image.copy()  # its own memory


def found_in(path: Path, text: str, context: JobContext) -> Marks:
    """Return where a text stands: page to rectangles in points from the top left."""
    import pypdfium2

    marks: Marks = {}
    with _LOCK:
        document = pypdfium2.PdfDocument(str(path))
        try:
            for number in range(len(document)):
                context.check()
                page = document[number]
                height = page.get_height()
                words = page.get_textpage()
                searcher = words.search(text, match_case=False)
                while (hit := searcher.get_next()) is not None:
                    for box in range(words.count_rects(*hit)):
                        left, bottom, right, top = words.get_rect(box)
                        rect = QRectF(left, height - top, right - left, top - bottom)
                        marks.setdefault(number, []).append(rect)
        finally:
            document.close()
    return marks
