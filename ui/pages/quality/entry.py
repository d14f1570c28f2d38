"""A check entered by keyboard: one key per item, the score beside it as it grows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, language
from svcdesk.i18n.labels import code_label
from svcdesk.services import quality
from svcdesk.system.errors import ProblemsError
from ui.jobs.runner import WRITE, Latest
from ui.pages.quality.rows import points
from ui.pages.wording import Words, say
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind, Segments
from ui.widgets.editors import LongTextField
from ui.widgets.labels import KeyHint, icon_label, label

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent

    from svcdesk.domain.quality import FormItem
    from svcdesk.services.quality import Draft
    from svcdesk.services.quality_forms import QualityForm
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace

WIDTH = 900  # wider, an item and its answer are far apart
RESULTS = {
    Qt.Key.Key_P: "pass", Qt.Key.Key_1: "pass", Qt.Key.Key_F: "fail", Qt.Key.Key_2: "fail",
    Qt.Key.Key_N: "na", Qt.Key.Key_0: "na",
}  # fmt: skip
STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_J: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_K: -1,
         Qt.Key.Key_Backspace: -1}  # fmt: skip


def item_name(item: FormItem | dict[str, Any]) -> str:
    """Return an item in the user's language."""
    zh, en = (item["zh"], item["en"]) if isinstance(item, dict) else (item.zh, item.en)
    return str(zh if language().startswith("zh") else en)


class ItemGroup(QWidget):
    """The items of a form; while it has the focus a key judges the current one."""

    changed = Signal()
    finished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Items of the check"))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(6)
        self._rows: list[tuple[FormItem, QWidget, Segments]] = []
        self._current = 0

    def set_form(self, form: QualityForm) -> None:
        """Show the items, none judged."""
        while part := self._grid.takeAt(0):
            if widget := part.widget():
                widget.hide()
                widget.deleteLater()
        self._rows = []
        names = [(code, code_label("QualityResult", code)) for code in ("pass", "fail", "na")]
        critical = _("critical")
        for place, item in enumerate(form.items):
            mark = icon_label("chevron-right", "accent")
            choice = Segments(names, small=True)
            choice.changed.connect(lambda _n, at=place: self._picked(at))
            choice.setAccessibleName(item_name(item))
            for button in choice.group.buttons():
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            weight = _("weight {n}").format(n=item.weight)
            extra = "  ·  ".join([weight, critical] if item.critical else [weight])
            self._grid.addWidget(mark, place, 0)
            self._grid.addWidget(
                label(item_name(item), "strong" if item.critical else ""), place, 1
            )
            self._grid.addWidget(
                label(extra, "small", "danger" if item.critical else "2"), place, 2
            )
            self._grid.addWidget(choice, place, 3)
            self._rows.append((item, mark, choice))
        self._grid.setColumnStretch(1, 1)
        self._go(0)

    def values(self) -> dict[str, str]:
        """Return item -> result of what is judged."""
        return {item.item: choice.value() for item, _mark, choice in self._rows if choice.value()}

    def _go(self, place: int) -> None:
        self._current = max(0, min(place, len(self._rows) - 1))
        self._mark()

    def _mark(self) -> None:
        for number, (_item, mark, _choice) in enumerate(self._rows):
            policy = mark.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            mark.setSizePolicy(policy)
            mark.setVisible(number == self._current and self.hasFocus())

    def _picked(self, place: int) -> None:
        self.setFocus()
        self._go(place + 1)
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """P, F and N judge the current item; arrows go; Enter ends."""
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or not self._rows:
            super().keyPressEvent(event)
        elif key in RESULTS:
            self._rows[self._current][2].set_value(RESULTS[key])
            last = self._current == len(self._rows) - 1
            self._go(self._current + 1)
            self.changed.emit()
            if last:
                self.finished.emit()
        elif key in STEPS:
            self._go(self._current + STEPS[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.finished.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys go."""
        super().focusInEvent(event)
        self._mark()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the mark away."""
        super().focusOutEvent(event)
        self._mark()


class CheckEntry(QScrollArea):
    """The check of one ticket."""

    saved = Signal()
    left = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.place = place
        self.draft: Draft | None = None
        self._job = Latest(place.runner, self)
        self._words = Words(place.desk)
        self.setWidgetResizable(True)
        holder = QWidget()
        holder.setMaximumWidth(px(WIDTH))
        column = QVBoxLayout(holder)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        self._title = label("", "title", wrap=True)
        self._about = label("", "small", "2", wrap=True)
        self._story = label("", "", wrap=True, selectable=True)
        keys = QHBoxLayout()
        for key, text in (("P", code_label("QualityResult", "pass")),
                          ("F", code_label("QualityResult", "fail")),
                          ("N", code_label("QualityResult", "na"))):  # fmt: skip
            keys.addWidget(KeyHint(key))
            keys.addWidget(label(text, "small", "2"))
        keys.addStretch(1)
        self.items = ItemGroup()
        self.items.changed.connect(self._show_score)
        self.note = LongTextField(_("Notes for the agent"), lines=3)
        self.items.finished.connect(self.note.setFocus)
        self.score = label("", "figure")
        self.verdict = label("", "strong", wrap=True)
        self.wrong = label("", "small", "danger", wrap=True)
        row = QHBoxLayout()
        row.addWidget(self.wrong, 1)
        cancel = Button(_("Cancel"), key="Esc")
        cancel.clicked.connect(self.left)
        self.save = Button(_("Save check"), kind=Kind.MAIN, key="Ctrl+↵")
        self.save.clicked.connect(self.submit)
        row.addWidget(cancel)
        row.addWidget(self.save)
        for line in (self._title, self._about, self._story):
            column.addWidget(line)
        column.addLayout(keys)
        for widget in (self.items, self.score, self.verdict, self.note):
            column.addWidget(widget)
        column.addLayout(row)
        column.addStretch(1)
        self.setWidget(holder)

    def load(self, ticket_id: int) -> None:
        """Begin the check of a ticket."""
        desk = self.place.desk

        def work(_context: JobContext) -> Draft:
            return quality.prepare(desk, ticket_id)

        self._job.start(work).on_success(self._show).on_failure(self.place.shell.tell)

    def _show(self, draft: Draft) -> None:
        self.draft = draft
        ticket, words = draft.ticket, self._words
        self._title.setText(f"{ticket['ticket_no']}  {ticket['title']}")
        form = _("{name}, version {version}").format(name=draft.form.name,
                                                     version=draft.form.version)  # fmt: skip
        about = [
            _("Agent checked: {name}").format(name=words.person(draft.agent_id)),
            words.customer(draft.customer.get("name"), draft.customer.get("kind")), form,
        ]  # fmt: skip
        if draft.earlier:
            about.append(_("checked before: {n}").format(n=len(draft.earlier)))
        self._about.setText("   ·   ".join(about))
        told = [str(ticket.get("description") or ""), str(ticket.get("solution") or "")]
        self._story.setText("\n".join(text for text in told if text))
        self.items.set_form(draft.form)
        self.note.set_value("")
        refused = draft.refusal is not None
        self.wrong.setText(say(draft.refusal) if draft.refusal else "")
        self.items.setEnabled(not refused)
        self.save.setEnabled(not refused)
        self._show_score()
        self.items.setFocus()

    def _show_score(self) -> None:
        if self.draft is None:
            return
        found = quality.judged(self.place.desk, self.draft.form, self.items.values())
        self.score.setText(points(found.tenths))
        left = len(self.draft.form.items) - len(self.items.values())
        if left:
            self.verdict.setText(_("{n} items left").format(n=left))
        elif found.passed is None:
            self.verdict.setText(_("Nothing applied: no score"))
        elif found.critical_fail:
            self.verdict.setText(_("Not passed: a critical item failed"))
        else:
            mark = int(self.place.desk.reference.settings["quality_pass"])
            text = _("Passed ({mark} needed)") if found.passed else _("Not passed ({mark} needed)")
            self.verdict.setText(text.format(mark=mark))

    def submit(self) -> None:
        """Write the check."""
        if self.draft is None or not self.save.isEnabled():
            return
        desk, key = self.place.desk, int(self.draft.ticket["id"])
        results, note = self.items.values(), str(self.note.value() or "")
        self.save.setEnabled(False)
        handle = self.place.runner.start(
            lambda _context: quality.make(desk, key, results, note), lane=WRITE, owner=self
        )
        handle.on_success(self._on_saved).on_failure(self._on_refused)

    def _on_saved(self, _outcome: Any) -> None:
        self.save.setEnabled(True)
        self.saved.emit()

    def _on_refused(self, error: object) -> None:
        self.save.setEnabled(True)
        if isinstance(error, ProblemsError):
            told = dict.fromkeys(say(problem) for problem in error.problems)
            self.wrong.setText(" ".join(told))
            self.items.setFocus()
        else:
            self.place.shell.tell(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter saves, Escape leaves."""
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.submit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
