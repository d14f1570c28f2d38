"""Backup, restore, check of the data file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import backups
from ui.widgets.button import Button, Kind
from ui.widgets.labels import box, label

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk


class SafetyTab(QWidget):
    """What keeps the data safe."""

    backup_wanted = Signal(object)  # Path
    restore_wanted = Signal(object, object)  # source, target
    check_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._source: Path | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(10)
        column.addWidget(
            self._card(
                _("Backup"),
                _("A verified copy while you go on working. Data file: {path}").format(
                    path=desk.path
                ),
                (
                    (_("Back up now"), Kind.MAIN, self._on_now),
                    (_("Back up to…"), Kind.NORMAL, self._on_to),
                ),
            )
        )
        column.addWidget(
            self._card(
                _("Restore"),
                _("A backup is restored into a new file; the present one stays as it is."),
                ((_("Restore a backup…"), Kind.NORMAL, self._on_restore),),
            )
        )
        column.addWidget(
            self._card(
                _("Check"),
                _("Looks for damage in the file and for contradictions in the records."),
                ((_("Check data file"), Kind.NORMAL, self._on_check),),
            )
        )
        self._result = label("", "", "2", wrap=True, selectable=True)
        column.addWidget(self._result)
        column.addStretch(1)

    def _card(
        self, title: str, text: str, buttons: tuple[tuple[str, Kind, object], ...]
    ) -> QWidget:
        card = box("card")
        row = QHBoxLayout(card)
        row.setContentsMargins(16, 12, 16, 12)
        words = QVBoxLayout()
        words.addWidget(label(title, "strong"))
        words.addWidget(label(text, "small", "2", wrap=True))
        row.addLayout(words, 1)
        for name, kind, slot in buttons:
            button = Button(name, kind=kind)
            button.clicked.connect(slot)
            row.addWidget(button)
        return card

    def show_result(self, lines: list[str]) -> None:
        """Show what the check found."""
        if lines:
            self._result.setText(_("Found: {lines}").format(lines="\n".join(lines)))
        else:
            self._result.setText(_("The data file is sound."))

    def _on_now(self) -> None:
        self.backup_wanted.emit(backups.default_target(self._desk))

    def _on_to(self) -> None:
        name = backups.default_target(self._desk).name
        dialog = QFileDialog(self, _("Back up to"), name, "svcdesk (*.svcdesk)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(self._on_target)
        dialog.open()

    def _on_target(self, name: str) -> None:
        self.backup_wanted.emit(Path(name))

    def _on_restore(self) -> None:
        folder = str(backups.default_target(self._desk).parent)
        dialog = QFileDialog(self, _("Choose a backup"), folder, "svcdesk (*.svcdesk)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._on_source)
        dialog.open()

    def _on_source(self, name: str) -> None:
        self._source = Path(name)
        dialog = QFileDialog(
            self, _("Restore into a new file"), "restored.svcdesk", "svcdesk (*.svcdesk)"
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(self._on_restore_target)
        dialog.open()

    def _on_restore_target(self, name: str) -> None:
        if self._source is not None:
            self.restore_wanted.emit(self._source, Path(name))

    def _on_check(self) -> None:
        self._result.setText(_("Checking…"))
        self.check_wanted.emit()
