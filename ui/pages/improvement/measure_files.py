"""The files of a measure: proof that it was done; attached by button or drop, opened, removed."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import attachments
from ui.jobs.progress import ProgressStripe
from ui.jobs.runner import READ, WRITE
from ui.pages.tickets.files_tab import open_path, size_text
from ui.pages.wording import Words
from ui.theme.tokens import GAP, px
from ui.widgets.button import icon_button
from ui.widgets.labels import Link, icon_label, label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from svcdesk.services.attachments import Added
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace


class MeasureFiles(QWidget):
    """A row for each file; hidden while there is none. Files may be dropped on the card around it.

    ``editable``: files may be attached and removed.
    """

    def __init__(self, place: Workplace, action: dict[str, Any], *, editable: bool) -> None:
        super().__init__()
        self._place = place
        self._words = Words(place.desk)
        self._key, self._number = int(action["id"]), str(action["action_no"])
        self.editable = editable
        self.links: list[Link] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(2))
        self.progress = ProgressStripe()
        self._column.addWidget(self.progress)
        self._rows: list[QWidget] = []
        self.setAccessibleName(_("Files of {number}").format(number=self._number))
        self.hide()

    def show_files(self, files: Sequence[dict[str, Any]]) -> None:
        """Show the files."""
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows, self.links = [], []
        for file in files:
            self._rows.append(self._row(file))
            self._column.addWidget(self._rows[-1])
        self.setVisible(bool(files))

    def _row(self, file: dict[str, Any]) -> QWidget:
        key, name = int(file["id"]), str(file["name"])
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(icon_label("paperclip", size=14))
        link = Link(name, "small")
        link.setToolTip(_("Open “{name}”").format(name=name))
        link.clicked.connect(partial(self._open, key))
        link.setMinimumWidth(px(60))
        self.links.append(link)
        row.addWidget(link)
        about = _("{size}, {who}, {time}").format(
            size=size_text(int(file["size"])), who=self._words.person(file["created_by"]),
            time=self._words.time(file["entered_at"]),
        )  # fmt: skip
        row.addWidget(label(about, "small", "3"), 1)
        save = icon_button("save", _("Save “{name}” as…").format(name=name))
        save.clicked.connect(partial(self._ask_target, key, name))
        row.addWidget(save)
        if self.editable:
            gone = icon_button("x", _("Remove “{name}”").format(name=name))
            gone.clicked.connect(partial(self._remove, key, name))
            row.addWidget(gone)
        return holder

    # --- attaching -----------------------------------------------------------------------

    def choose(self) -> None:
        """Ask which files to attach."""
        dialog = QFileDialog(self, _("Attach files to {number}").format(number=self._number))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.attach([Path(name) for name in names]))
        dialog.open()

    def attach(self, paths: Sequence[Path]) -> None:
        """Attach files; each that is refused is told, the others are attached."""
        desk, key = self._place.desk, self._key

        def work(context: JobContext) -> Added:
            return attachments.add_files(desk, key, paths, context, attachments.MEASURE)

        self.show()
        handle = self._place.runner.start(work, lane=WRITE, owner=self)
        self.progress.watch(handle, _("Attaching files"))
        handle.on_success(self._on_added).on_failure(self._place.shell.tell)

    def _on_added(self, result: Added) -> None:
        self.setVisible(bool(self._rows) or bool(result.count))
        for error in result.refused:
            self._place.shell.tell(error)
        if result.count:
            self._place.shell.say(_("{n} files attached").format(n=result.count))

    # --- one file ------------------------------------------------------------------------

    def _open(self, key: int, *_args: object) -> None:
        desk = self._place.desk
        handle = self._place.runner.start(
            lambda _context: attachments.to_open(desk, key), lane=READ, owner=self
        )
        handle.on_success(open_path).on_failure(self._place.shell.tell)

    def _ask_target(self, key: int, name: str, *_args: object) -> None:
        dialog = QFileDialog(self, _("Save attachment"), name)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(lambda path: self.save(key, Path(path)))
        dialog.open()

    def save(self, key: int, target: Path) -> None:
        """Copy a file to a place of the user's choice."""
        desk = self._place.desk
        handle = self._place.runner.start(
            lambda _context: attachments.save_as(desk, key, target), lane=READ, owner=self
        )
        told = _("Saved: {path}").format(path=str(target))
        handle.on_success(lambda _path: self._place.shell.say(told, undo=False))
        handle.on_failure(self._place.shell.tell)

    def _remove(self, key: int, name: str, *_args: object) -> None:
        desk = self._place.desk
        handle = self._place.runner.start(
            lambda _context: attachments.remove(desk, key), lane=WRITE, owner=self
        )
        told = _("“{name}” removed").format(name=name)
        handle.on_success(lambda _outcome: self._place.shell.say(told))
        handle.on_failure(self._place.shell.tell)


class FileCard(QWidget):
    """Takes files that are dropped on the card of a measure and hands them on."""

    def __init__(self, card: QWidget, files: MeasureFiles) -> None:
        super().__init__()
        self._files = files
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        self.setAcceptDrops(files.editable)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files only."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Attach them."""
        paths = [Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile()]
        if paths:
            self._files.attach(paths)
            event.acceptProposedAction()
