"""Step 1: what is imported, from which file; templates and earlier imports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services.imports import KINDS
from ui.models.choices import Choice
from ui.pages.wording import Words
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind
from ui.widgets.editors import ChoiceField
from ui.widgets.form import Field
from ui.widgets.labels import box, divider, icon_label, label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from svcdesk.services.desk import Desk
    from svcdesk.services.imports import Batch

FILES = "(*.csv *.tsv *.txt *.xlsx *.xls *.xlsm *.ods)"


class FileStep(QScrollArea):
    """Choose kind and file."""

    file_chosen = Signal(str)
    template_wanted = Signal(str)
    undo_wanted = Signal(str)
    rows_wanted = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._words = Words(desk)
        self.setWidgetResizable(True)
        self.setAcceptDrops(True)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(12)
        column.addWidget(self._build_choice())
        column.addWidget(self._build_history())
        column.addStretch(1)
        self.setWidget(inner)

    def _build_choice(self) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(10)
        column.addWidget(label(_("What do you want to bring in?"), "title"))
        row = QHBoxLayout()
        self._kind = ChoiceField([Choice(kind.code, _(kind.label)) for kind in KINDS.values()])
        self._kind.set_value("tickets")
        self._kind.setMinimumWidth(px(260))
        row.addWidget(Field("kind", _("Records"), self._kind))
        template = Button(_("Save template…"), icon="download")
        template.clicked.connect(self._on_template)
        row.addWidget(template, alignment=Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)
        column.addLayout(row)
        drop = QFrame()
        drop.setProperty("box", "drop")
        inner = QHBoxLayout(drop)
        inner.setContentsMargins(16, 18, 16, 18)
        inner.addWidget(icon_label("upload", "accent", 22))
        text = _(
            "Drop a CSV or Excel file here. Encoding, separator and header row are found by themselves."
        )
        inner.addWidget(label(text, "", "2", wrap=True), 1)
        choose = Button(_("Choose file…"), kind=Kind.MAIN, icon="folder-open")
        choose.clicked.connect(self._on_choose)
        inner.addWidget(choose)
        column.addWidget(drop)
        return card

    def _build_history(self) -> QWidget:
        card = box("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(4)
        column.addWidget(label(_("Earlier imports"), "strong"))
        self._history = QVBoxLayout()
        self._history.setSpacing(2)
        column.addLayout(self._history)
        return card

    def set_kind(self, kind: str) -> None:
        """Choose what is imported."""
        self._kind.set_value(kind)

    def kind(self) -> str:
        """Return what is imported."""
        return str(self._kind.value())

    def show_batches(self, batches: Sequence[Batch]) -> None:
        """List what was imported before, newest first."""
        while (item := self._history.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        if not batches:
            self._history.addWidget(label(_("Nothing was imported yet."), "", "2"))
        for batch in batches[:12]:
            self._history.addWidget(divider())
            self._history.addWidget(self._batch(batch))

    def _batch(self, batch: Batch) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(12)
        kind = _(KINDS[batch.kind].label) if batch.kind in KINDS else batch.kind
        row.addWidget(label(batch.batch_no, "strong"))
        row.addWidget(label(kind, "", "2"))
        row.addWidget(label(batch.file_name, wrap=False), 1)
        counts = _("{inserted} new, {updated} changed, {rejected} rejected").format(
            inserted=f"{batch.inserted:,}",
            updated=f"{batch.updated:,}",
            rejected=f"{batch.rejected:,}",
        )
        row.addWidget(label(counts, "small", "2"))
        row.addWidget(label(self._words.full_time(batch.at), "small", "3"))
        if batch.undone:
            row.addWidget(label(_("taken back"), "small", "3"))
        else:
            undo = Button(_("Take back"), icon="undo-2", small=True)
            undo.setProperty("batch", batch.batch_no)
            undo.clicked.connect(self._on_undo)
            row.addWidget(undo)
        return holder

    def _on_undo(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.undo_wanted.emit(str(sender.property("batch")))

    def _on_template(self) -> None:
        dialog = QFileDialog(
            self, _("Save template"), f"{self.kind()}.xlsx", "Excel (*.xlsx);;CSV (*.csv)"
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(self.template_wanted)
        dialog.open()

    def _on_choose(self) -> None:
        title = _("Choose a file")
        dialog = QFileDialog(self, title, "", _("Tables") + f" {FILES};;" + _("All files") + " (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.file_chosen)
        dialog.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file."""
        if event.mimeData().hasUrls() and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Start with the dropped file."""
        path = Path(event.mimeData().urls()[0].toLocalFile())
        self.file_chosen.emit(str(path))
