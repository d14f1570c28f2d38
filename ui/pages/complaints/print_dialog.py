"""Printing one complaint: where to, masked or not, and what for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from svcdesk.domain.people import Permission, may
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_, _, current
from svcdesk.services import complaint_printing
from svcdesk.services.complaint_printing import PrintRequest
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE
from ui.pages.form_dialog import PageDialog
from ui.pages.wording import say
from ui.widgets.button import Button, Kind
from ui.widgets.editors import CheckField, TextField
from ui.widgets.form import Form
from ui.widgets.labels import label
from ui.widgets.print_pdf import print_preview

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.complaint_detail import ComplaintDetail
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace


class PrintDialog(PageDialog):
    """A form of two fields: unmasked, and the purpose; then a file or the printer."""

    written = Signal(object)  # path

    def __init__(self, parent: QWidget, place: Workplace, detail: ComplaintDetail) -> None:
        number = str(detail.complaint["complaint_no"])
        super().__init__(parent, _("Print {number}").format(number=number), 460)
        self._place, self._number = place, number
        self._key = int(detail.complaint["id"])
        self._preview = False
        text = _("Names and numbers are masked. A supervisor may print them in full for a purpose.")
        self.column.addWidget(label(text, "small", "2", wrap=True))
        self.form = Form(columns=1)
        unmask = CheckField(_("Print names and numbers in full"))
        unmask.setEnabled(may(place.desk.roles, Permission.UNMASK))
        self.form.add("unmask", "", unmask)
        self.form.add("purpose", _("What for"), TextField("", 100))
        self.form.editor("purpose").setEnabled(False)
        unmask.toggled.connect(self.form.editor("purpose").setEnabled)
        self.column.addWidget(self.form)
        cancel = Button(_("Cancel"))
        cancel.clicked.connect(self.reject)
        printer = Button(_("Print…"), icon="printer")
        printer.clicked.connect(self._on_print)
        self.save_button = Button(_("Save as PDF…"), kind=Kind.MAIN, key="Ctrl+↵")
        self.save_button.clicked.connect(self.save)
        self.add_buttons(cancel, printer, self.save_button)

    def _folder(self, kind: QStandardPaths.StandardLocation) -> Path:
        return Path(QStandardPaths.writableLocation(kind))

    def save(self) -> None:
        """Ask for the file and write it."""
        if not self._allowed():
            return
        folder = self._folder(QStandardPaths.StandardLocation.DocumentsLocation)
        name, _kind = QFileDialog.getSaveFileName(
            self, _("Save as PDF"), str(folder / f"{self._number}.pdf"), _("PDF files (*.pdf)")
        )
        if name:
            self.write_to(Path(name))

    def _on_print(self) -> None:
        if self._allowed():
            self._preview = True
            folder = self._folder(QStandardPaths.StandardLocation.TempLocation)
            self.write_to(folder / f"{self._number}.pdf")

    def _allowed(self) -> bool:
        """Tell whether a sheet in full has its purpose; before a file is asked for."""
        values = self.form.values()
        if values["unmask"] and not values["purpose"]:
            text = N_("An unmasked export needs its purpose; say what it is for.")
            self.form.show_problems([Problem("purpose", "required", text)], say)
            return False
        return True

    def write_to(self, path: Path) -> None:
        """Write the sheet in the background."""
        values, desk, t = self.form.values(), self._place.desk, current()
        request = PrintRequest(self._key, bool(values["unmask"]), str(values["purpose"] or ""))

        def work(context: JobContext) -> Path:
            complaint_printing.write(desk, request, path, t, context)
            return path

        handle = self._place.runner.start(work, lane=WRITE, owner=self)
        handle.on_success(self._on_written).on_failure(self._on_failed)

    def _on_written(self, path: Path) -> None:
        parent = self.parentWidget()
        if self._preview and parent is not None:
            print_preview(parent, path, self._number)
            path.unlink(missing_ok=True)  # the preview holds the pages; no copy stays behind
        else:
            self._place.shell.say(_("Saved: {name}").format(name=path.name), undo=False)
        self.written.emit(path)
        self.accept()

    def _on_failed(self, error: object) -> None:
        if isinstance(error, ProblemsError):
            self.form.show_problems(error.problems, say)
        else:
            self._place.shell.tell(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter saves; plain Enter does not."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.save()
            return
        super().keyPressEvent(event)
