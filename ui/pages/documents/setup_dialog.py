"""The sections of a report: order, titles, hidden ones, texts and pictures of the team's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import sentence
from svcdesk.services import report_setup
from svcdesk.system.errors import AppError
from ui.jobs.runner import WRITE
from ui.models.choices import Choice
from ui.pages.documents import rows
from ui.pages.documents.needed_texts import NeededTexts
from ui.pages.form_dialog import PageDialog
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind, icon_button
from ui.widgets.editors import CheckField, ChoiceField, LongTextField, TextField
from ui.widgets.labels import label

if TYPE_CHECKING:
    from ui.pages.page import Workplace

OWN = "own-"


@dataclass
class Entry:
    """One section as it is being set up; ``usual`` is the program's title."""

    key: str
    usual: str
    title: str = ""
    text: str = ""
    picture: str = ""
    own: bool = False
    asks: bool = False
    slots: tuple[report_setup.SlotView, ...] = ()
    required: set[str] = field(default_factory=set)


class SetupDialog(PageDialog):
    """Sections left, the chosen one right."""

    saved = Signal()

    def __init__(self, parent: QWidget, place: Workplace, kind: str) -> None:
        super().__init__(parent, _("Sections: {report}").format(report=_(rows.KINDS[kind])), 720)
        self._place, self._kind = place, kind
        self.entries: dict[str, Entry] = {}
        self._shown: Entry | None = None
        self.column.addWidget(
            label(_("Tick what is printed; drag, or Alt+Up and Alt+Down, to change the order."),
                  "small", "2", wrap=True)
        )  # fmt: skip
        row = QHBoxLayout()
        self.list = QListWidget()
        self.list.setAccessibleName(_("Sections"))
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.currentItemChanged.connect(self._on_chosen)
        self.list.setMinimumWidth(px(300))
        row.addWidget(self.list, 1)
        row.addWidget(self._build_side(), 1)
        self.column.addLayout(row, 1)
        self.column.addLayout(self._build_whole())
        save = Button(_("Save"), kind=Kind.MAIN)
        save.clicked.connect(self.save)
        usual = Button(_("As the program has it"), kind=Kind.QUIET)
        usual.setToolTip(_("Every section in its place, with its title"))
        usual.clicked.connect(self.reset)
        cancel = Button(_("Cancel"))
        cancel.clicked.connect(self.reject)
        self.add_buttons(usual, cancel, save)
        self.problem = label("", "small", "danger", wrap=True)
        self.column.insertWidget(self.column.count() - 1, self.problem)
        self.problem.hide()
        self._fill(report_setup.setup_of(place.desk, kind))
        self.resize(px(780), px(560))

    def _build_side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        moves = QHBoxLayout()
        for icon, tip, key, step in (
            ("chevron-up", _("Move up (Alt+Up)"), "Alt+Up", -1),
            ("chevron-down", _("Move down (Alt+Down)"), "Alt+Down", 1),
        ):
            button = icon_button(icon, tip)
            button.setShortcut(key)
            button.clicked.connect(lambda *_args, by=step: self.move_section(by))
            moves.addWidget(button)
        add = Button(_("Add a section"), kind=Kind.QUIET, icon="plus", small=True)
        add.clicked.connect(self.add_section)
        moves.addWidget(add)
        self.remove = Button(_("Remove"), kind=Kind.QUIET, icon="x", small=True)
        self.remove.clicked.connect(self.remove_section)
        moves.addWidget(self.remove)
        moves.addStretch(1)
        column.addLayout(moves)
        column.addWidget(label(_("Title"), "small", "2"))
        self.heading = TextField(_("Title of the section"), 80)
        self.heading.textChanged.connect(self._on_title)
        column.addWidget(self.heading)
        self.text_label = label(_("Text"), "small", "2")
        column.addWidget(self.text_label)
        self.text = LongTextField(_("Text of the section"), 8)
        self.text.textChanged.connect(self._on_text)
        column.addWidget(self.text)
        self.picture = Button(_("Picture…"), kind=Kind.QUIET, icon="paperclip", small=True)
        self.picture.setToolTip(_("PNG or JPEG, printed below the text"))
        self.picture.clicked.connect(lambda: self._ask_picture(logo=False))
        column.addWidget(self.picture)
        self.asks = CheckField(_("A text is typed anew for every period"))
        self.asks.setToolTip(_("Its place stands in every report, as for the program's own texts"))
        self.asks.changed.connect(self._on_asks)
        column.addWidget(self.asks)
        self.needed = NeededTexts()
        self.needed.ticked.connect(self._on_needed)
        column.addWidget(self.needed, 1)
        column.addStretch(1)
        return side

    def _build_whole(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label(_("Pages"), "small", "2"))
        self.format = ChoiceField([
            Choice("a4", _("A4, upright")), Choice("wide", _("16:9, like slides")),
        ])  # fmt: skip
        self.format.setAccessibleName(_("Format of the pages"))
        row.addWidget(self.format)
        self.logo = ""
        self.logo_button = Button(
            _("Logo on the cover…"), kind=Kind.QUIET, icon="paperclip", small=True
        )
        self.logo_button.clicked.connect(lambda: self._ask_picture(logo=True))
        row.addWidget(self.logo_button)
        self.no_logo = Button(_("Without logo"), kind=Kind.LINK, small=True)
        self.no_logo.clicked.connect(lambda: self._set_logo(""))
        row.addWidget(self.no_logo)
        row.addStretch(1)
        return row

    # --- content -------------------------------------------------------------------------

    def _fill(self, found: report_setup.SetupView) -> None:
        self.list.clear()
        self.entries = {}
        for section in found.sections:
            entry = Entry(
                section.key, section.usual, section.title, section.text, section.picture,
                section.own, section.asks, section.slots,
                {slot.key for slot in section.slots if slot.required},
            )  # fmt: skip
            self._add(entry, hidden=section.hidden)
        self.format.set_value(found.page_format)
        self._set_logo(found.logo)
        self.list.setCurrentRow(0)

    def _add(self, entry: Entry, *, hidden: bool) -> QListWidgetItem:
        self.entries[entry.key] = entry
        item = QListWidgetItem(entry.title or entry.usual)
        item.setData(Qt.ItemDataRole.UserRole, entry.key)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Unchecked if hidden else Qt.CheckState.Checked)
        self.list.addItem(item)
        return item

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        self._shown = None
        if item is None:
            return
        entry = self.entries[item.data(Qt.ItemDataRole.UserRole)]
        self.heading.setText(entry.title)
        self.heading.setPlaceholderText(entry.usual)
        self.text.setPlainText(entry.text)
        for widget in (self.text_label, self.text, self.picture, self.asks, self.remove):
            widget.setVisible(entry.own)
        self.picture.set_text(_("Another picture…") if entry.picture else _("Picture…"))
        self.asks.setChecked(entry.asks)
        self._show_needed(entry)
        self._shown = entry

    def _show_needed(self, entry: Entry) -> None:
        """Show the typed texts of a section with a tick at those it is not published without."""
        self.needed.show_slots(entry.slots if entry.asks or not entry.own else (), entry.required)

    def _on_needed(self, key: str, needed: bool) -> None:
        if self._shown is not None:
            (self._shown.required.add if needed else self._shown.required.discard)(key)

    def _on_asks(self) -> None:
        if self._shown is not None:
            self._shown.asks = self.asks.isChecked()
            self._show_needed(self._shown)

    def _on_title(self) -> None:
        item = self.list.currentItem()
        if self._shown is not None and item is not None:
            self._shown.title = self.heading.text().strip()
            item.setText(self._shown.title or self._shown.usual)

    def _on_text(self) -> None:
        if self._shown is not None:
            self._shown.text = self.text.toPlainText().strip()

    def move_section(self, by: int) -> None:
        """Move the chosen section up or down."""
        row = self.list.currentRow()
        target = row + by
        if 0 <= target < self.list.count():
            item = self.list.takeItem(row)
            self.list.insertItem(target, item)
            self.list.setCurrentRow(target)

    def add_section(self) -> None:
        """Add a section of the team's own below the chosen one."""
        numbers = [int(k.removeprefix(OWN)) for k in self.entries if k.startswith(OWN)]
        entry = Entry(
            f"{OWN}{max(numbers, default=0) + 1}", _("New section"), own=True,
            slots=(report_setup.own_slot(),),
        )  # fmt: skip
        row = self.list.currentRow()
        self._add(entry, hidden=False)
        item = self.list.takeItem(self.list.count() - 1)
        self.list.insertItem(row + 1, item)
        self.list.setCurrentRow(row + 1)
        self.heading.setFocus()

    def remove_section(self) -> None:
        """Take a section of the team's own away."""
        item = self.list.takeItem(self.list.currentRow())
        if item is not None:
            del self.entries[item.data(Qt.ItemDataRole.UserRole)]

    # --- pictures ------------------------------------------------------------------------

    def _ask_picture(self, *, logo: bool) -> None:
        kinds = _("Pictures") + (" (*.png *.jpg *.jpeg *.svg)" if logo else " (*.png *.jpg *.jpeg)")
        dialog = QFileDialog(self, _("Choose a picture"), "", kinds)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.take_picture(Path(path), logo=logo))
        dialog.open()

    def take_picture(self, path: Path, *, logo: bool) -> None:
        """Keep a picture for the report."""
        desk, entry = self._place.desk, self._shown

        def work(_context: object) -> str:
            return report_setup.keep_picture(desk, path)

        def kept(sha256: str) -> None:
            self.problem.hide()
            if logo:
                self._set_logo(sha256)
            elif entry is not None:
                entry.picture = sha256
                self.picture.set_text(_("Another picture…"))

        handle = self._place.runner.start(work, lane=WRITE, owner=self)
        handle.on_success(kept).on_failure(self._tell)

    def _set_logo(self, sha256: str) -> None:
        self.logo = sha256
        self.no_logo.setVisible(bool(sha256))
        self.logo_button.set_text(_("Another logo…") if sha256 else _("Logo on the cover…"))

    # --- saving --------------------------------------------------------------------------

    def reset(self) -> None:
        """Show every section as the program has it."""
        self._fill(report_setup.usual_setup(self._place.desk, self._kind))

    def choices(self) -> list[report_setup.Choice]:
        """Return what is set up, in its order."""
        found = []
        for row in range(self.list.count()):
            item = self.list.item(row)
            entry = self.entries[item.data(Qt.ItemDataRole.UserRole)]
            found.append(
                report_setup.Choice(
                    entry.key, hidden=item.checkState() is Qt.CheckState.Unchecked,
                    title=entry.title or (entry.usual if entry.own else ""), text=entry.text,
                    picture=entry.picture, own=entry.own, asks=entry.asks,
                    required=tuple(sorted(entry.required)),
                )
            )  # fmt: skip
        return found

    def save(self) -> None:
        """Keep it for the team."""
        desk, kind, choices = self._place.desk, self._kind, self.choices()
        page_format, logo = str(self.format.value()), self.logo

        def work(_context: object) -> object:
            return report_setup.save_setup(desk, kind, choices, page_format=page_format, logo=logo)

        handle = self._place.runner.start(work, lane=WRITE, owner=self)
        handle.on_success(self._on_saved).on_failure(self._tell)

    def _on_saved(self, _outcome: object) -> None:
        self._place.shell.say(_("The sections of the report are kept."))
        self.saved.emit()
        self.accept()

    def _tell(self, error: object) -> None:
        if isinstance(error, AppError):
            self.problem.setText(sentence(error.text, error.values))
            self.problem.show()
        else:
            self._place.shell.tell(error)
