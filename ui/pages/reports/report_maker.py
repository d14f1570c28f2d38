"""Makes the monthly report and tells where it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, language
from ui.jobs.runner import READ
from ui.widgets.banner import Banner

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.system.job import JobContext
    from ui.jobs.progress import ProgressStripe
    from ui.pages.page import Workplace


class ReportMaker(QWidget):
    """Empty until a report is ready; then a banner that opens it."""

    def __init__(
        self, place: Workplace, progress: ProgressStripe, month: Callable[[], str]
    ) -> None:  # fmt: skip
        super().__init__()
        self._place = place
        self._progress = progress
        self._month = month
        self._file: Path | None = None
        self._done = QVBoxLayout(self)
        self._done.setContentsMargins(14, 0, 14, 0)

    def choose(self) -> None:
        """Ask where the report goes, then make it."""
        name = _("Service report {period}").format(period=self._month()) + ".pdf"
        dialog = QFileDialog(self, _("Save report"), name, "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(self._on_chosen)
        dialog.open()

    def _on_chosen(self, name: str) -> None:
        self.make(Path(name))

    def make(self, path: Path) -> None:
        """Make the monthly report of the chosen period in the background."""
        from svcdesk.services import reports

        desk, words, month = self._place.desk, language(), self._month()

        def work(context: JobContext) -> Path:
            reports.produce(desk, "monthly", month, path, language=words, context=context)
            return path

        handle = self._place.runner.start(work, lane=READ, owner=self)
        self._progress.watch(handle, _("Making the report"))
        handle.on_success(self._on_made).on_failure(self._place.shell.tell)

    def _on_made(self, path: Path) -> None:
        self._file = path
        self._clear()
        actions = (("open", _("Open")), ("folder", _("Show in folder")), ("close", _("Close")))
        text = _("The report is ready: {name}").format(name=path.name)
        banner = Banner("ok", "circle-check", text, str(path.parent), actions)
        banner.acted.connect(self._on_acted)
        self._done.addWidget(banner)

    def _on_acted(self, action: str) -> None:
        if self._file is not None and action != "close":
            target = self._file if action == "open" else self._file.parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(target)))
        if action == "close":
            self._clear()

    def _clear(self) -> None:
        while (item := self._done.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
