"""Read a PDF: sizes and pictures of its pages, where words stand.

The renderer is one for the whole program and serves one thread at a time.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from svcdesk.system.errors import EnvironmentProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pypdfium2 import PdfDocument

    from svcdesk.system.job import JobContext

_LOCK = threading.Lock()

Marks = dict[int, list[QRectF]]


@contextmanager
def _opened(path: Path) -> Iterator[PdfDocument]:
    """Give the document; a file that is gone or no PDF is told in a sentence."""
    import pypdfium2

    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(str(path))
        except (OSError, pypdfium2.PdfiumError) as error:
            raise EnvironmentProblem(
                "The pages of “{path}” cannot be read: the file is gone or damaged. Is its drive "
                "still connected?",
                code="pdf_unreadable",
                path=str(path),
            ) from error
        try:
            yield document
        finally:
            document.close()


def page_sizes(path: Path) -> list[tuple[float, float]]:
    """Return width and height of each page in points."""
    with _opened(path) as document:
        return [document.get_page_size(page) for page in range(len(document))]


def page_image(path: Path, page: int, scale: float) -> QImage:
    """Return the picture of a page, ``scale`` pixels for a point."""
    with _opened(path) as document:
        picture = document[page].render(scale=scale).to_pil().convert("RGB")
    image = QImage(
        picture.tobytes(), picture.width, picture.height, 3 * picture.width,
        QImage.Format.Format_RGB888,
    )  # fmt: skip
    return image.copy()  # its own memory


def found_in(path: Path, text: str, context: JobContext) -> Marks:
    """Return where a text stands: page to rectangles in points from the top left."""
    marks: Marks = {}
    with _opened(path) as document:
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
    return marks
