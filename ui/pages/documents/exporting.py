"""A version of a report as files of one's own: PDF, workbook, pictures, text, printer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import _
from svcdesk.services import report_desk, report_outputs
from ui.jobs.runner import READ

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage

    from svcdesk.services.report_desk import Made
    from svcdesk.system.job import JobContext
    from ui.pages.documents.page import DocumentsPage
    from ui.pages.page import Workplace


class Exporter:
    """Asks where a form of the report goes, then writes it in the background."""

    def __init__(self, place: Workplace, page: DocumentsPage) -> None:
        self._place, self._page = place, page

    def entries(self, made: Made) -> list[tuple[str, Callable[[], None]]]:
        """Return the forms with what makes them; who makes no reports has the published PDF."""
        found: list[tuple[str, Callable[[], None]]] = [
            (_("PDF…"), lambda: self._ask(made, "pdf")),
            (_("Print…"), lambda: self.print(made)),
        ]
        if made.version.fixed:
            found.append((_("Copy the SHA-256 of the PDF"), lambda: self.copy_seal(made)))
        if not may(self._place.desk.roles, Permission.MAKE_REPORTS):
            return found
        return [
            *found,
            (_("Excel workbook…"), lambda: self._ask(made, "xlsx")),
            (_("Pictures of the charts (PNG and SVG)…"), lambda: self._ask_folder(made)),
            (_("Text for a chat group…"), lambda: self._ask(made, "txt")),
            (_("Copy the text for a chat group"), lambda: self.copy_text(made)),
        ]

    def _ask(self, made: Made, ending: str) -> None:
        name = f"{made.version.title} V{made.version.version}.{ending}"
        dialog = QFileDialog(self._page, _("Save report"), name, f"{ending.upper()} (*.{ending})")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ending)
        dialog.fileSelected.connect(lambda path: self.write(made, Path(path)))
        dialog.open()

    def _ask_folder(self, made: Made) -> None:
        dialog = QFileDialog(self._page, _("Folder for the pictures"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda path: self.write_pictures(made, Path(path)))
        dialog.open()

    def write(self, made: Made, target: Path) -> None:
        """Write the form that the ending of ``target`` names."""
        desk = self._place.desk

        def work(context: JobContext) -> Path:
            if target.suffix == ".xlsx":
                report_outputs.workbook(desk, made.data, target, context)
            elif target.suffix == ".txt":
                report_outputs.text(desk, made.data, target)
            else:
                report_desk.export_pdf(desk, made.version, target)
            return target

        self._start(work)

    def write_pictures(self, made: Made, folder: Path) -> None:
        """Write the charts into a folder of their own."""
        desk = self._place.desk
        target = folder / f"{made.version.title} V{made.version.version}"

        def work(context: JobContext) -> Path:
            report_outputs.pictures(desk, made.data, target, context)
            return target

        self._start(work)

    def _start(self, work: Callable[[JobContext], Path]) -> None:
        handle = self._place.runner.start(work, lane=READ, owner=self._page)
        self._page.progress.watch(handle, _("Writing the report"))

        def done(path: Path) -> None:
            text = _("Written: {name}").format(name=path.name)
            self._place.shell.say(text, undo=False)

        handle.on_success(done).on_failure(self._place.shell.tell)

    def copy_text(self, made: Made) -> None:
        """Put the text for a chat group onto the clipboard."""
        QGuiApplication.clipboard().setText(report_outputs.short_text(self._place.desk, made.data))
        self._place.shell.say(_("The text is on the clipboard."), undo=False)

    def copy_seal(self, made: Made) -> None:
        """Put the SHA-256 of the PDF onto the clipboard."""
        QGuiApplication.clipboard().setText(made.version.sha256 or "")
        self._place.shell.say(_("The SHA-256 is on the clipboard."), undo=False)

    def print(self, made: Made) -> None:
        """Draw the pages for the printer, then open the print preview."""
        from ui.widgets.print_pdf import page_images, preview

        desk, version = self._place.desk, made.version

        def work(context: JobContext) -> list[QImage]:
            return page_images(report_desk.pdf(desk, version), context)

        handle = self._place.runner.start(work, lane=READ, owner=self._page)
        self._page.progress.watch(handle, _("Preparing the pages for the printer"))

        def drawn(pages: list[QImage]) -> None:
            preview(self._page, pages, version.title)

        handle.on_success(drawn).on_failure(self._place.shell.tell)
