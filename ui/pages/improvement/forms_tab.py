"""An item as PDCA cycle or in eight disciplines, as it is printed; and the way to paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, language
from svcdesk.services import improvement_parts
from svcdesk.services.improvement_parts import Form
from ui.jobs.runner import READ, Latest
from ui.theme.tokens import GAP, MARGIN
from ui.widgets.button import Button, Segments
from ui.widgets.labels import label

if TYPE_CHECKING:
    from svcdesk.services.improvement_parts import Part
    from svcdesk.services.improvements import ItemDetail
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace


class FormsTab(QWidget):
    """PDCA and 8D."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._detail: ItemDetail | None = None
        self._job = Latest(place.runner, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, GAP, MARGIN, MARGIN)
        column.setSpacing(GAP)
        row = QHBoxLayout()
        self.forms = Segments([(str(Form.PDCA), "PDCA"), (str(Form.EIGHT_D), "8D")], small=True)
        self.forms.set_value(str(Form.PDCA))
        self.forms.changed.connect(lambda _number: self.reload())
        row.addWidget(self.forms)
        row.addStretch(1)
        self.paper = Button(_("Save as PDF…"), icon="printer", small=True)
        self.paper.clicked.connect(self.ask_paper)
        row.addWidget(self.paper)
        column.addLayout(row)
        self._content = QWidget()
        column.addWidget(self._content)
        column.addStretch(1)
        self._column = column

    def show_item(self, detail: ItemDetail) -> None:
        """Show an item."""
        self._detail = detail
        self.reload()

    def form(self) -> Form:
        """Return the form that is chosen."""
        return Form(self.forms.value())

    def reload(self) -> None:
        """Read the parts of the item."""
        if self._detail is None:
            return
        desk, key = self._place.desk, int(self._detail.item["id"])
        form, words = self.form(), language()

        def work(_context: JobContext) -> list[Part]:
            return improvement_parts.parts(desk, key, words, form)

        self._job.start(work).on_success(self._show).on_failure(self._place.shell.tell)

    def _show(self, found: list[Part]) -> None:
        place = self._column.indexOf(self._content)
        self._column.removeWidget(self._content)
        self._content.hide()
        self._content.deleteLater()
        self._content = QWidget()
        self._column.insertWidget(place, self._content)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        for part in found:
            column.addWidget(label(part.title, "strong"))
            lines = QFormLayout()
            lines.setSpacing(4)
            for name, text in part.lines:
                told = label(text, wrap=True, selectable=True)
                if name:
                    lines.addRow(label(name, "small", "2", wrap=True), told)
                else:
                    lines.addRow(told)
            column.addLayout(lines)

    # --- paper ---------------------------------------------------------------------------

    def ask_paper(self) -> None:
        """Ask where the PDF of the form shown goes."""
        if self._detail is not None:
            save_paper(self, self._place, self._detail, self.form())


def save_paper(owner: QWidget, place: Workplace, detail: ItemDetail, form: Form) -> None:
    """Ask where the paper of an item goes, and write it."""
    name = f"{detail.item['item_no']}-{form}.pdf"
    dialog = QFileDialog(owner, _("Save the page of the item"), name, "PDF (*.pdf)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("pdf")
    dialog.fileSelected.connect(
        lambda path: write_paper(owner, place, int(detail.item["id"]), form, Path(path))
    )
    dialog.open()


def write_paper(owner: QWidget, place: Workplace, key: int, form: Form, target: Path) -> None:
    """Write the paper of an item."""
    desk, words = place.desk, language()

    def work(context: JobContext) -> Path:
        from svcdesk.services import improvement_sheet

        improvement_sheet.write(desk, key, target, words, context, form)
        return target

    def done(path: Path) -> None:
        place.shell.say(_("Written: {name}").format(name=path.name), undo=False)

    handle = place.runner.start(work, lane=READ, owner=owner)
    handle.on_success(done).on_failure(place.shell.tell)
