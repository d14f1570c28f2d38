"""One training: its facts, and a grid of who came and how the exam went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from svcdesk.domain.people import Permission, may
from svcdesk.domain.training import totals
from svcdesk.i18n.catalog import _, current, ngettext
from svcdesk.services import training_typing, trainings
from ui.jobs.runner import WRITE
from ui.pages.improvement.training_dialog import TrainingDialog, kind_name
from ui.pages.improvement.training_words import share_text
from ui.pages.page import Route, Workplace
from ui.pages.reports.typed_grid import GridView
from ui.theme.tokens import GAP, MARGIN
from ui.widgets.button import Button, Kind
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Link, Tag, label

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.desk import Outcome
    from svcdesk.services.trainings import TrainingDetail
    from svcdesk.services.typed_saving import BadCell


class PeopleGrid(GridView):
    """The people of a training; a paste of names goes to :attr:`names_pasted`."""

    names_pasted = Signal(str)

    def __init__(self) -> None:
        super().__init__([])
        self.setAccessibleName(_("Who came and how the exam went"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Names are read as names wherever they are pasted; anything else as cells."""
        if (
            event.matches(QKeySequence.StandardKey.Paste)
            and self.state() != self.State.EditingState
        ):
            text = QGuiApplication.clipboard().text()
            names = {name for _key, name in self.cells.grid.rows}
            if any(line.split("\t")[0].strip() in names for line in text.splitlines()):
                self.names_pasted.emit(text)
                return
        super().keyPressEvent(event)


class TrainingPane(QWidget):
    """Facts, figures, people."""

    opened = Signal(object)  # Route

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place = place
        self.detail: TrainingDetail | None = None
        self._may = may(place.desk.roles, Permission.EDIT_IMPROVEMENTS)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP)
        self.title = label("", "title", wrap=True, selectable=True)
        column.addWidget(self.title)
        tags = QWidget()
        self._tags = FlowLayout(tags, gap=6)
        column.addWidget(tags)
        self.item = Link("", "small")
        self.item.setToolTip(_("Open the improvement item"))
        self.item.clicked.connect(self._on_item)
        column.addWidget(self.item)
        self._note = label("", "", "2", wrap=True, selectable=True)
        column.addWidget(self._note)
        column.addWidget(self._make_buttons())
        self.told = label("", "small", "danger", wrap=True)
        self.told.hide()
        column.addWidget(self.told)
        self.grid = PeopleGrid()
        self.grid.cells.edited.connect(self.save)
        self.grid.names_pasted.connect(self.take)
        self.grid.setEnabled(self._may)
        column.addWidget(self.grid, 1)

    def _make_buttons(self) -> QWidget:
        holder = QWidget()
        flow = FlowLayout(holder, gap=6)
        self.paste = Button(_("Paste names and scores"), icon="upload", small=True)
        self.paste.setToolTip(_("Copy the columns name and score in a spreadsheet first"))
        self.paste.clicked.connect(lambda: self.take(QGuiApplication.clipboard().text()))
        self.edit = Button(_("Edit"), icon="pencil", small=True, key="E")
        self.edit.clicked.connect(self.edit_training)
        self.away = Button(_("Remove"), kind=Kind.QUIET, icon="x", small=True)
        self.away.clicked.connect(self.remove)
        for button in (self.paste, self.edit, self.away):
            flow.addWidget(button)
            button.setVisible(self._may)
        return holder

    # --- showing -------------------------------------------------------------------------

    def show_training(self, detail: TrainingDetail) -> None:
        """Show a training."""
        other = self.detail is None or self.detail.row.id != detail.row.id
        self.detail = detail
        row = detail.row
        self.title.setText(row.title)
        self._tags.clear()
        found = [Tag(kind_name(row.kind), "users"), Tag(row.held_on, "calendar")]
        if row.minutes is not None:
            found.append(Tag(_("{n} min").format(n=row.minutes), "clock"))
        if row.trainer:
            found.append(Tag(row.trainer, "user-round"))
        if row.pass_mark is not None:
            found.append(Tag(_("pass mark {n}").format(n=row.pass_mark), "target"))
        figures = totals([row.held], 0)
        found.append(Tag(_("attended {share}").format(share=share_text(figures.coverage))))
        if figures.exams.den:
            found.append(Tag(_("passed {share}").format(share=share_text(figures.exams))))
        for tag in found:
            self._tags.addWidget(tag)
            tag.show()
        self.item.setText(row.item_number)
        self.item.setVisible(bool(row.item_number))
        self._note.setText(detail.training["note"])
        self._note.setVisible(bool(detail.training["note"]))
        self.grid.show_grid(training_typing.grid(self.place.desk, detail))
        if other:
            self._tell([])

    def _tell(self, sentences: list[str]) -> None:
        self.told.setText(" ".join(sentences))
        self.told.setVisible(bool(sentences))

    # --- acting --------------------------------------------------------------------------

    def save(self) -> None:
        """Write what is typed and not written yet, as one step."""
        if self.detail is None:
            return
        edits = dict(self.grid.cells.waiting)
        desk, key, t = self.place.desk, self.detail.row.id, current()
        handle = self.place.runner.start(
            lambda _context: training_typing.save(desk, key, edits, t), lane=WRITE, owner=self
        )

        def done(outcome: Outcome[list[BadCell]]) -> None:
            if self.detail is not None and self.detail.row.id == key:
                self.grid.cells.take(edits, outcome.value)
                self._tell(list(dict.fromkeys(cell.sentence for cell in outcome.value)))

        handle.on_success(done).on_failure(self.place.shell.tell)

    def take(self, text: str) -> None:
        """Take names and scores from the clipboard; lines not understood are told."""
        if self.detail is None:
            return
        desk, key = self.place.desk, self.detail.row.id
        found = training_typing.read_paste(desk, text)
        wrong = list(found.wrong)
        if not found.seats and not wrong:
            wrong = [_("The clipboard holds no names. Copy the columns name and score first.")]
        self._tell(wrong)
        if not found.seats:
            return
        handle = self.place.runner.start(
            lambda _context: trainings.save_seats(desk, key, found.seats), lane=WRITE, owner=self
        )

        def done(outcome: Outcome[int]) -> None:
            n = outcome.value
            words = ngettext("{n} person written", "{n} people written", n)
            self.place.shell.say(words.format(n=n))

        handle.on_success(done).on_failure(self.place.shell.tell)

    def edit_training(self) -> None:
        """Open the form of the training."""
        if self.detail is not None and self._may:
            TrainingDialog(self, self.place, self.detail).open()

    def remove(self) -> None:
        """Take the training away."""
        if self.detail is None:
            return
        desk, key = self.place.desk, self.detail.row.id
        handle = self.place.runner.start(
            lambda _context: trainings.remove(desk, key), lane=WRITE, owner=self
        )

        def done(_outcome: Any) -> None:
            self.place.shell.say(_("Training removed"))

        handle.on_success(done).on_failure(self.place.shell.tell)

    def _on_item(self) -> None:
        if self.detail is not None and self.detail.row.item_id is not None:
            self.opened.emit(Route("improvement", self.detail.row.item_id))
