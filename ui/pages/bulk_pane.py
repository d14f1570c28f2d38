"""Above the list when several rows are selected: what can be done with them, and its preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _
from svcdesk.services import bulk
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE, JobHandle, Latest
from ui.pages import bulk_form
from ui.pages.wording import say
from ui.widgets.button import Button, Kind
from ui.widgets.labels import label
from ui.widgets.scroll_row import ScrollRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from svcdesk.domain.selection import Selection
    from ui.models.choices import Choice
    from ui.pages.page import Workplace

LEAST = 160  # width of the bar; what does not fit scrolls
PAUSE_MS = 250
SHOWN = 4  # lines of old values and of refusals


class BulkBar(QFrame):
    """The bar in place of the chips: how many are selected and what can be done."""

    wanted = Signal(str)  # kind of change, or "all", "copy", "export", "none"

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("box", "sunken")
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(12, 0, 10, 0)
        row.setSpacing(6)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(ScrollRow(holder, LEAST))
        self.count = label("", "strong")
        row.addWidget(self.count)
        self.all = Button("", kind=Kind.LINK, small=True)
        self.all.setProperty("kind", "all")
        self.all.clicked.connect(self._on_clicked)
        row.addWidget(self.all)
        for kind, text, icon in (
            (bulk_form.ASSIGN, _("Assign…"), "user-round"),
            (bulk_form.CHANGE, _("Change…"), "pencil"),
            (bulk_form.STEP, _("Step…"), "circle-arrow-right"),
            (bulk_form.TAG, _("Tag…"), "tag"),
            (bulk_form.MERGE, _("Merge…"), "git-merge"),
            ("copy", _("Copy"), "copy"),
            ("export", _("Export…"), "download"),
        ):
            button = Button(text, kind=Kind.QUIET, icon=icon, small=True)
            button.setProperty("kind", kind)
            button.clicked.connect(self._on_clicked)
            row.addWidget(button)
        row.addStretch(1)
        none = Button(_("Cancel selection"), kind=Kind.LINK, small=True)
        none.setProperty("kind", "none")
        none.clicked.connect(self._on_clicked)
        row.addWidget(none)

    def show_count(self, selected: int, found: int) -> None:
        """Show how many are selected, and the way to all."""
        self.count.setText(_("{n} selected").format(n=f"{selected:,}"))
        self.all.set_text(_("Select all {n} found").format(n=f"{found:,}"))
        self.all.setVisible(selected < found)

    def _on_clicked(self) -> None:
        self.wanted.emit(str(self.sender().property("kind")))


class BulkPanel(QFrame):
    """The form of one change with its preview; nothing is written before its button."""

    closed = Signal()
    done = Signal()

    def __init__(
        self,
        place: Workplace,
        kind: str,
        selection: Selection,
        tickets: list[Choice],
        name_of: Callable[[str, Any], str],
    ) -> None:
        super().__init__()
        self.setProperty("box", "sunken")
        self._place = place
        self._selection = selection
        self._name_of = name_of
        self._handle: JobHandle | None = None
        self._latest = Latest(place.runner, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        self.form = bulk_form.make(kind, place.desk, tickets)
        self.form.changed.connect(self._on_changed)
        column.addWidget(self.form)
        self.preview = label("", "small", "2", wrap=True)
        self.preview.setAccessibleName(_("What would change"))
        column.addWidget(self.preview)
        column.addWidget(self._buttons())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._ask)
        self._ask()

    def _buttons(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addStretch(1)
        self.leave = Button(_("Cancel"), small=True)
        self.leave.clicked.connect(self.cancel)
        row.addWidget(self.leave)
        self.go = Button(_("Make the change"), kind=Kind.MAIN, small=True)
        self.go.clicked.connect(self.apply)
        row.addWidget(self.go)
        return holder

    def focus(self) -> None:
        """Begin with the form."""
        self.form.focus()

    # --- preview -------------------------------------------------------------------------

    def _on_changed(self) -> None:
        self.go.setEnabled(False)
        self._latest.cancel()
        self._timer.start()

    def _ask(self) -> None:
        change = self.form.change()
        self.go.setEnabled(False)
        if change is None:
            self._latest.cancel()
            self.preview.setText(_("Fill in what is to change; what would happen is shown here."))
            return
        desk, selection = self._place.desk, self._selection
        self.preview.setText(_("Checking…"))
        handle = self._latest.start(lambda context: bulk.preview(desk, selection, change, context))
        handle.progressed.connect(self._on_progress)
        handle.on_success(self._show_preview).on_failure(self._on_refused)

    def _on_progress(self, done: int, total: int, _text: str) -> None:
        text = _("Checking {done} of {total}")
        self.preview.setText(text.format(done=f"{done:,}", total=f"{total:,}"))

    def _show_preview(self, found: bulk.Preview) -> None:
        refused = sum(refusal.count for refusal in found.refused)
        text = _(
            "{changed} of {found} change, {unchanged} are so already, {refused} stay as they are."
        )
        lines = [
            text.format(
                changed=f"{found.changed:,}", found=f"{found.found:,}",
                unchanged=f"{found.unchanged:,}", refused=f"{refused:,}",
            )
        ]  # fmt: skip
        lines += [self._old_value(old) for old in found.before[:SHOWN]]
        lines += [self._refusal(refusal) for refusal in found.refused[:SHOWN]]
        self.preview.setText("\n".join(lines))
        self.go.set_text(_("Change {n} tickets").format(n=f"{found.changed:,}"))
        self.go.setEnabled(found.changed > 0)

    def _old_value(self, old: bulk.OldValue) -> str:
        new = _("(removed)") if old.new is None else self._name_of(old.field, old.new)
        return _("{old} → {new}: {n}").format(
            old=self._name_of(old.field, old.value), new=new, n=f"{old.count:,}"
        )

    def _refusal(self, refusal: bulk.Refusal) -> str:
        return _("{n} refused: {reason} ({numbers})").format(
            n=f"{refusal.count:,}",
            reason=say(refusal.problem),
            numbers=_(", ").join(refusal.numbers),
        )

    def _on_refused(self, error: Any) -> None:
        if isinstance(error, ProblemsError):
            self.preview.setText(" ".join(say(problem) for problem in error.problems))
        else:
            self._place.shell.tell(error)

    # --- doing it ------------------------------------------------------------------------

    def apply(self) -> None:
        """Make the change."""
        change = self.form.change()
        if change is None or not self.go.isEnabled():
            return
        desk, selection = self._place.desk, self._selection
        self.form.setEnabled(False)
        self.go.setEnabled(False)
        self.preview.setText(_("Changing…"))
        self._handle = self._place.runner.start(
            lambda context: bulk.apply(desk, selection, change, context), lane=WRITE, owner=self
        )
        self._handle.progressed.connect(self._on_applying)
        self._handle.cancelled.connect(self._on_stopped)
        self._handle.on_success(self._on_done).on_failure(self._on_failed)

    def _on_applying(self, done: int, total: int, _text: str) -> None:
        text = _("Changing {done} of {total}; Cancel leaves all as it was")
        self.preview.setText(text.format(done=f"{done:,}", total=f"{total:,}"))

    def _on_done(self, outcome: Any) -> None:
        self._handle = None
        text = _("{n} tickets changed").format(n=f"{outcome.value.changed:,}")
        self._place.shell.say(text)
        self.done.emit()

    def _on_failed(self, error: Any) -> None:
        self._back_to_form()
        self._on_refused(error)

    def _on_stopped(self) -> None:
        self._back_to_form()
        self.preview.setText(_("Stopped. Nothing was changed."))

    def _back_to_form(self) -> None:
        self._handle = None
        self.form.setEnabled(True)
        self.go.setEnabled(True)

    def cancel(self) -> None:
        """Stop the change under way, else close."""
        if self._handle is not None:
            self._handle.cancel()
        else:
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter makes the change, Esc leaves."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.apply()
        elif event.key() == Qt.Key.Key_Escape:
            self.cancel()
        else:
            super().keyPressEvent(event)
