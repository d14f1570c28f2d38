"""Print a PDF by way of the system's printers, with a preview of its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from svcdesk.i18n.catalog import _
from ui.widgets.pdf_pages import page_image, page_sizes

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QImage
    from PySide6.QtPrintSupport import QPrinter
    from PySide6.QtWidgets import QDialog, QWidget

    from svcdesk.system.job import JobContext

PIXELS_PER_INCH = 200


def page_images(path: Path, context: JobContext | None = None) -> list[QImage]:
    """Return the pages as pictures, sharp enough for an office printer."""
    images = []
    count = len(page_sizes(path))
    for number in range(count):
        if context is not None:
            context.check()
            context.progress(number, count, _("Preparing the pages for the printer"))
        images.append(page_image(path, number, PIXELS_PER_INCH / 72))
    return images


class _Job:
    """Paints the pages on whatever printer the preview chooses."""

    def __init__(self, pages: list[QImage], printer: QPrinter) -> None:
        self._pages = pages
        self._printer = printer  # the preview does not own it

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
    """Open the preview of a short PDF; one of many pages has its pictures drawn beforehand."""
    return preview(parent, page_images(path), title)


def preview(parent: QWidget, pages: list[QImage], title: str) -> QDialog:
    """Open the preview of pages; the printer is chosen in it. Wide pages lie across the paper."""
    from PySide6.QtGui import QPageLayout, QPageSize
    from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    if pages and pages[0].width() > pages[0].height():
        printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    printer.setFullPage(True)
    printer.setDocName(title)
    dialog = QPrintPreviewDialog(printer, parent)
    dialog.setWindowTitle(_("Print: {title}").format(title=title))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    job = _Job(pages, printer)
    dialog.setProperty("job", job)  # lives as long as the dialog
    dialog.paintRequested.connect(job.paint)
    dialog.resize(900, 700)
    dialog.open()
    return dialog
