"""A list of the improvement page on its way out: spreadsheet, CSV or paper, as it is shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from svcdesk.i18n.catalog import _, current
from svcdesk.services import listing
from ui.jobs.runner import WRITE
from ui.widgets.button import Button, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

Lines = list[list[str]]


class ListOut(QObject):
    """Asks where a list goes and writes it in the background.

    ``kind`` names it in the audit log; ``lines`` gives what is shown, its header first, and
    nothing while there is no list.
    """

    def __init__(
        self, parent: QWidget, place: Workplace, kind: str, title: str, lines: Callable[[], Lines]
    ) -> None:
        super().__init__(parent)
        self._parent, self._place = parent, place
        self._kind, self._title, self._lines = kind, title, lines

    def button(self, tip: str) -> Button:
        """Return the button that asks."""
        button = Button(_("Export…"), kind=Kind.QUIET, icon="download")
        button.setToolTip(tip)
        button.clicked.connect(self.choose)
        return button

    def choose(self) -> None:
        """Ask where the list goes."""
        dialog = QFileDialog(
            self._parent, _("Export list"), self._title + ".xlsx",
            "Excel (*.xlsx);;CSV (*.csv);;PDF (*.pdf)",
        )  # fmt: skip
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        dialog.fileSelected.connect(lambda name: self.write(Path(name)))
        dialog.open()

    def write(self, path: Path) -> None:
        """Write the list."""
        desk, t = self._place.desk, current()
        kind, title, lines = self._kind, self._title, self._lines()
        if not lines:
            return

        def work(context: JobContext) -> int:
            return listing.write(desk, path, lines, kind, context, title=title, t=t)

        def done(n: int) -> None:
            text = _("{n} lines written to {name}").format(n=n, name=path.name)
            self._place.shell.say(text, undo=False)

        handle = self._place.runner.start(work, lane=WRITE, owner=self)
        handle.on_success(done).on_failure(self._place.shell.tell)
