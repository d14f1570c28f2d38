"""Print a PDF by way of the system's printers, with a preview of its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from svcdesk.i18n.catalog import _

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtPrintSupport import QPrinter
    from PySide6.QtWidgets import QDialog, QWidget

PIXELS_PER_INCH = 200


def _page_images(path: Path) -> list[QImage]:
    """Return the pages as pictures, sharp enough for an office printer."""
    import pypdfium2

    document = pypdfium2.PdfDocument(str(path))
    try:
        images = []
        for page in document:
            picture = page.render(scale=PIXELS_PER_INCH / 72).to_pil().convert("RGB")
            data = picture.tobytes()
            image = QImage(
                data, picture.width, picture.height, 3 * picture.width,
                QImage.Format.Format_RGB888,
            )  # fmt: skip
            images.append(image.copy())  # its own memory
        return images
    finally:
        document.close()


class _Job:
    """Paints the pages on whatever printer the preview chooses."""

    def __init__(self, pages: list[QImage]) -> None:
        self._pages = pages

    def paint(self, printer: QPrinter) -> None:
        """Draw every page, as large as the paper allows."""
        painter = QPainter(printer)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for number, image in enumerate(self._pages):
            if number:
                printer.newPage()
            room = QRectF(painter.viewport())
            size = image.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            left = room.x() + (room.width() - size.width()) / 2
            painter.drawImage(QRectF(left, room.y(), size.width(), size.height()), image)
        painter.end()


def print_preview(parent: QWidget, path: Path, title: str) -> QDialog:
    """Open the preview of ``path``; the printer is chosen in it."""
    from PySide6.QtGui import QPageSize
    from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(True)
    printer.setDocName(title)
    dialog = QPrintPreviewDialog(printer, parent)
    dialog.setWindowTitle(_("Print: {title}").format(title=title))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    job = _Job(_page_images(path))
    dialog.setProperty("job", job)  # lives as long as the dialog
    dialog.paintRequested.connect(job.paint)
    dialog.resize(900, 700)
    dialog.open()
    return dialog
