"""What is said of the chosen open cases: why, who, until when, what next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from svcdesk.i18n.catalog import _, ngettext, pgettext
from svcdesk.services import open_review
from svcdesk.system.errors import ProblemsError
from ui.pages.customers.dialogs import DateField
from ui.pages.wording import Words, say
from ui.theme.tokens import GAP, MARGIN
from ui.widgets.button import Button, Kind
from ui.widgets.editors import ChoiceField, TextField
from ui.widgets.form import Form
from ui.widgets.labels import label

if TYPE_CHECKING:
    from svcdesk.services.open_review import OpenCase
    from ui.pages.page import Workplace


class ReviewForm(QFrame):
    """Shows what the chosen cases have in common; what is typed goes to all of them."""

    saved = Signal(object)  # the fields that were changed, none when nothing is new
    item_wanted = Signal()

    def __init__(self, place: Workplace, *, editor: bool) -> None:
        super().__init__()
        self._editor = editor
        self._cases: list[OpenCase] = []
        self.setProperty("box", "sunken")
        self.setProperty("line", "top")
        words = Words(place.desk)
        self.form = Form(columns=4)
        self.form.add("reason_id", _("Why it is open"), ChoiceField(
            words.items(open_review.REASONS), _("Not said")))  # fmt: skip
        self.form.add("owner_id", _("In charge"), ChoiceField(
            words.people(), pgettext("manager", "Nobody")))  # fmt: skip
        due = DateField(_("no day"))
        due.offer(words.local(words.now()).date().isoformat())
        self.form.add("due_date", _("Due"), due)
        self.form.add("next_step", _("Next step"), TextField("", 200))
        self.form.dirty_changed.connect(lambda _on: self._show_buttons())
        self.wrong = label("", "small", "danger", wrap=True)
        self.wrong.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        column.setSpacing(GAP)
        column.addWidget(self.form)
        column.addWidget(self.wrong)
        column.addLayout(self._build_actions())

    def _build_actions(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP)
        self.about = label("", "small", "2")
        row.addWidget(self.about, 1)
        self.item = Button(_("Make it an item"), kind=Kind.QUIET, icon="trending-up", key="N",
                           small=True)  # fmt: skip
        self.item.setToolTip(_("An improvement item of the chosen cases, all of one cause"))
        self.item.clicked.connect(self.make_item)
        self.same = Button(_("Nothing new"), icon="circle-check", key="C", small=True)
        self.same.setToolTip(_("Reviewed; what was said stays as it is"))
        self.same.clicked.connect(self.confirm)
        self.save_button = Button(_("Save"), kind=Kind.MAIN, key="Ctrl+↵", small=True)
        self.save_button.clicked.connect(self.save)
        for button in (self.item, self.same, self.save_button):
            row.addWidget(button)
        return row

    # --- showing -------------------------------------------------------------------------

    def show_cases(self, cases: list[OpenCase]) -> None:
        """Show what ``cases`` have in common; what was typed and not saved stays."""
        self._cases = cases
        if not self.form.dirty:
            self._populate()
        self._show_buttons()

    def _populate(self) -> None:
        known: dict[str, Any] = {}
        for name in open_review.FIELDS:
            said = {_value(case, name) for case in self._cases}
            known[name] = said.pop() if len(said) == 1 else None
        self.form.populate({**known, "next_step": known["next_step"] or None})

    def _show_buttons(self) -> None:
        cases, n = self._cases, len(self._cases)
        if n == 1:
            self.about.setText(f"{cases[0].number}  {cases[0].title}")
        else:
            text = ngettext("{n} case chosen", "{n} cases chosen", n).format(n=f"{n:,}")
            self.about.setText(text if n else _("Choose cases: Shift or Ctrl takes several."))
        one_cause = len({open_review.reason_of(case) for case in cases}) == 1
        self.form.setEnabled(self._editor)
        self.save_button.setEnabled(self._editor and n > 0 and self.form.dirty)
        self.same.setEnabled(self._editor and n > 0 and not self.form.dirty)
        self.item.setEnabled(self._editor and one_cause)
        self.save_button.set_text(
            ngettext("Save for {n} case", "Save for {n} cases", n).format(n=n) if n else _("Save")
        )

    # --- acting --------------------------------------------------------------------------

    def save(self) -> None:
        """Hand over what was typed."""
        if self.save_button.isEnabled():
            self.wrong.hide()
            self.saved.emit(self.form.changes())

    def confirm(self) -> None:
        """Hand over that nothing is new."""
        if self.same.isEnabled():
            self.wrong.hide()
            self.saved.emit({})

    def make_item(self) -> None:
        """Ask for an item of the cases."""
        if self.item.isEnabled():
            self.item_wanted.emit()

    def settle(self) -> None:
        """Take what was typed as saved."""
        self.form.populate(self.form.values())
        self._show_buttons()

    def drop(self) -> None:
        """Drop what was typed."""
        self._populate()
        self._show_buttons()

    def edit(self) -> None:
        """Go to the first field."""
        self.form.editor("reason_id").setFocus()

    def refuse(self, error: object) -> bool:
        """Show problems at their fields; tell whether ``error`` was about them."""
        if not isinstance(error, ProblemsError):
            return False
        left = self.form.show_problems(error.problems, say)
        self.wrong.setText(" ".join(left))
        self.wrong.setVisible(bool(left))
        return True


def _value(case: OpenCase, name: str) -> Any:
    """Return what is said of a case in one field; the reason may be the record's own."""
    return open_review.reason_of(case) if name == "reason_id" else getattr(case, name)
