"""The review of what a month leaves open: common causes left, their cases and what is said right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import _, current, ngettext, pgettext
from svcdesk.services import closings, dashboards, listing, open_review
from svcdesk.system.errors import ProblemsError
from ui.jobs.progress import ProgressStripe
from ui.jobs.runner import WRITE, Latest
from ui.models.choices import Choice
from ui.models.columns import text_for_copy
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.customers.dialogs import DateField
from ui.pages.improvement import review_rows
from ui.pages.improvement.review_rows import ALL, CaseCells, CauseRow
from ui.pages.improvement.view import LoopView
from ui.pages.page import Route
from ui.pages.wording import Words, say
from ui.theme.tokens import GAP, MARGIN, px
from ui.widgets.button import Button, Kind
from ui.widgets.data_table import DataTable
from ui.widgets.editors import ChoiceField, TextField
from ui.widgets.form import Form
from ui.widgets.labels import box, label
from ui.widgets.side_by_side import SideBySide

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.desk import Outcome
    from svcdesk.services.open_review import OpenCase, Review
    from svcdesk.system.job import JobContext
    from ui.pages.page import Changes, Workplace

WATCHED = frozenset({
    "ticket", "complaint", "open_review", "improvement_item", "list_item", "person",
})  # fmt: skip
PAGES = {"ticket": "tickets", "complaint": "complaints"}
FIELDS = open_review.FIELDS
MONTHS = 13


class ReviewView(LoopView):
    """Open cases of a month."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._words = Words(place.desk)
        self._cells = CaseCells(place.desk, self._words)
        self._review: Review | None = None
        self._cause: int | None = None  # key of the cause shown, None until one is chosen
        self._editor = may(place.desk.roles, Permission.EDIT_IMPROVEMENTS)
        self._carrying = Latest(place.runner, self)
        self._job = Latest(place.runner, self)
        self.progress = ProgressStripe()
        self._split = SideBySide(
            self._build_causes(), self._build_cases(), (px(310), px(860)),
            (pgettext("review", "Causes"), pgettext("review", "Cases")),
        )  # fmt: skip
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_head())
        column.addWidget(self.progress)
        column.addWidget(self._split, 1)
        self._show_selection()

    # --- parts ---------------------------------------------------------------------------

    def _build_head(self) -> QWidget:
        head = box("surface", "bottom")
        row = QHBoxLayout(head)
        row.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        row.setSpacing(GAP)
        present = dashboards.this_month(self.place.desk)
        codes = [present.shifted(-n).code for n in range(MONTHS)]
        self.month = ChoiceField([Choice(code, code) for code in codes])
        self.month.set_value(codes[1])
        self.month.setAccessibleName(_("Month"))
        self.month.setToolTip(_("Cases that were open at the end of this month"))
        self.month.setMinimumWidth(px(110))
        self.month.changed.connect(self.reload)
        self.told = label("", "strong")
        self.note = label("", "small", "2", wrap=True)
        row.addWidget(label(_("Open at the end of"), "small", "2"))
        row.addWidget(self.month)
        row.addWidget(self.told)
        row.addWidget(self.note, 1)
        return head

    def _build_causes(self) -> QWidget:
        columns = review_rows.cause_columns(self.place.desk)
        self._cause_model = RowWindowModel(columns, self.place.runner, self)
        self.causes = DataTable(self._cause_model, "review_causes")
        self.causes.setAccessibleName(_("Common causes"))
        self.causes.empty.set("circle-check", _("Nothing is open."))
        self.causes.current_changed.connect(self._on_cause)
        self.causes.opened.connect(self._to_cases)
        self.causes.setMinimumWidth(px(260))
        return self.causes

    def _build_cases(self) -> QWidget:
        side = box("surface", "left")
        side.setMinimumWidth(px(480))
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        columns = review_rows.case_columns(self._cells, self._words)
        self._model = RowWindowModel(columns, self.place.runner, self)
        self.table = DataTable(self._model, "review_cases")
        self.table.setAccessibleName(_("Open cases"))
        self.table.empty.set("circle-check", _("Nothing is open."))
        self.table.selection_counted.connect(lambda _n: self._show_selection())
        self.table.opened.connect(self._open_case)
        column.addWidget(self.table, 1)
        column.addWidget(self._build_form())
        return side

    def _build_form(self) -> QWidget:
        foot = box("sunken", "top")
        column = QVBoxLayout(foot)
        column.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        column.setSpacing(GAP)
        self.form = Form(columns=4)
        words = self._words
        self.form.add("reason_id", _("Why it is open"), ChoiceField(
            words.items(open_review.REASONS), _("Not said")))  # fmt: skip
        self.form.add("owner_id", _("In charge"), ChoiceField(
            words.people(), pgettext("manager", "Nobody")))  # fmt: skip
        due = DateField(_("no day"))
        due.offer(words.local(words.now()).date().isoformat())
        self.form.add("due_date", _("Due"), due)
        self.form.add("next_step", _("Next step"), TextField("", 200))
        self.form.dirty_changed.connect(lambda _on: self._show_buttons())
        column.addWidget(self.form)
        self.wrong = label("", "small", "danger", wrap=True)
        self.wrong.hide()
        column.addWidget(self.wrong)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        self.chosen_text = label("", "small", "2")
        row.addWidget(self.chosen_text, 1)
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
        column.addLayout(row)
        return foot

    # --- view ----------------------------------------------------------------------------

    def tools(self) -> list[QWidget]:
        """Return the way of the list out of the program."""
        export = Button(_("Export…"), kind=Kind.QUIET, icon="download")
        export.setToolTip(_("The cases shown as a spreadsheet, CSV or PDF"))
        export.clicked.connect(self.choose_export)
        return [export]

    def show_route(self, route: Route) -> None:
        """Show the review of a month."""
        month = str(route.values.get("month", ""))
        if month:
            self._set_month(month)
        self.reload()

    def _set_month(self, month: str) -> None:
        if self.month.findData(month) < 0:  # longer ago than the list goes back
            return
        self.month.blockSignals(True)
        self.month.set_value(month)
        self.month.blockSignals(False)

    def reload(self) -> None:
        """Bring along what was said before, then read."""
        desk, month = self.place.desk, str(self.month.value())
        if not self._editor:
            self._read()
            return
        handle = self._carrying.start(lambda _context: open_review.carry(desk, month), lane=WRITE)
        handle.on_success(lambda _outcome: self._read()).on_failure(self.place.shell.tell)

    def _read(self) -> None:
        desk, month = self.place.desk, str(self.month.value())

        def work(context: JobContext) -> Review:
            return open_review.read(desk, month, context)

        handle = self._job.start(work)
        self.progress.watch(handle, _("Reading the open cases"))
        handle.on_success(self._on_read).on_failure(self.place.shell.tell)

    def refresh(self, changes: Changes) -> None:
        """Read again when a case, or what was said of one, was written."""
        if self._review is not None and self.isVisible() and changes.tables() & WATCHED:
            self._read()

    def save_state(self) -> dict[str, Any]:
        """Keep what is shown."""
        return {"month": str(self.month.value()), "cause": self._cause,
                "shown": self._review is not None, "case": self.table.current_id(),
                "typed": self.form.changes()}  # fmt: skip

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take it back."""
        self._set_month(state["month"])
        self._cause = state["cause"]
        if state["case"] is not None:
            self.table.go_to(state["case"])
        self.form.enter(state["typed"])
        if state["shown"]:
            self.reload()

    def record_shown(self) -> tuple[str, int] | None:
        """Return the case that is chosen."""
        case = next(iter(self.chosen()), None)
        return None if case is None else (case.entity, case.id)

    # --- showing -------------------------------------------------------------------------

    def _on_read(self, review: Review) -> None:
        self._review = review
        self._cells.period = closings.period_of(self.place.desk, review.month)
        self._cells.at = review.at
        text = _("Reviewed {k} of {n}")
        self.told.setText(text.format(k=f"{review.reviewed:,}", n=f"{len(review.cases):,}"))
        carried = sum(one.carried for one in review.causes)
        parts = [
            ngettext("{n} carried from a month before", "{n} carried from months before", carried)
            .format(n=f"{carried:,}")
        ] if carried else []  # fmt: skip
        if review.running:
            parts.append(_("the month is still running: open as of now"))
        self.note.setText(_(", ").join(parts))
        self.counted.emit(len(review.cases) - review.reviewed)
        self._cause_model.show(RecordList(review_rows.cause_rows(review)))
        chosen = next((row.id for row in self._cause_rows() if self._is_shown(row)), ALL)
        if review.cases:
            self.causes.go_to(chosen)
        self._fill()

    def _cause_rows(self) -> list[CauseRow]:
        return [] if self._review is None else review_rows.cause_rows(self._review)

    def _is_shown(self, row: CauseRow) -> bool:
        """Tell whether a row holds the cause that is shown; 0 is the unsaid one."""
        if row.id == ALL:
            return self._cause is None
        return self._cause is not None and (row.cause.reason_id or 0) == self._cause

    def _on_cause(self, key: object) -> None:
        row = next((row for row in self._cause_rows() if row.id == key), None)
        if row is None:
            return
        cause = None if row.id == ALL else row.cause.reason_id or 0
        if cause != self._cause:
            self._cause = cause
            self.table.start_over()
            self._fill()

    def _fill(self) -> None:
        cases = () if self._review is None else self._review.cases
        shown = [
            case for case in cases
            if self._cause is None or (open_review.reason_of(case) or 0) == self._cause
        ]  # fmt: skip
        self._model.show(RecordList(shown))
        self._show_selection()

    def chosen(self) -> list[OpenCase]:
        """Return the chosen cases."""
        if self._review is None:
            return []
        ids = set(self.table.selected_ids())
        return [case for case in self._review.cases if case.id in ids]

    def _show_selection(self) -> None:
        """Fill the form with what the chosen cases have in common; typing in it stays."""
        cases = self.chosen()
        if not self.form.dirty:
            known: dict[str, Any] = {}
            for name in FIELDS:
                said = {review_value(case, name) for case in cases}
                known[name] = said.pop() if len(said) == 1 else None
            self.form.populate({**known, "next_step": known["next_step"] or None})
        self._show_buttons()

    def _show_buttons(self) -> None:
        cases = self.chosen()
        n = len(cases)
        if n == 1:
            self.chosen_text.setText(f"{cases[0].number}  {cases[0].title}")
        else:
            text = ngettext("{n} case chosen", "{n} cases chosen", n).format(n=f"{n:,}")
            self.chosen_text.setText(text if n else _("Choose cases: Shift or Ctrl takes several."))
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
        """Write what was typed for all chosen cases; one step."""
        if self.save_button.isEnabled():
            values = self.form.changes()
            self._say(values)

    def confirm(self) -> None:
        """Note that the chosen cases were reviewed and nothing is new."""
        if self.same.isEnabled():
            self._say({})

    def _say(self, values: dict[str, Any]) -> None:
        desk, month = self.place.desk, str(self.month.value())
        keys = [case.id for case in self.chosen()]
        self._write(lambda: open_review.say(desk, month, keys, values), self._on_said)

    def _write(
        self, work: Callable[[], Outcome[int]], done: Callable[[Outcome[int]], None]
    ) -> None:
        self.wrong.hide()
        handle = self.place.runner.start(lambda _context: work(), lane=WRITE, owner=self)
        handle.on_success(done).on_failure(self._on_refused)

    def _on_said(self, outcome: Outcome[int]) -> None:
        self.form.populate(self.form.values())
        n = outcome.value
        text = ngettext("{n} case reviewed", "{n} cases reviewed", n)
        self.place.shell.say(text.format(n=n))
        self._show_buttons()

    def _on_refused(self, error: object) -> None:
        if isinstance(error, ProblemsError):
            left = self.form.show_problems(error.problems, say)
            self.wrong.setText(" ".join(left))
            self.wrong.setVisible(bool(left))
        else:
            self.place.shell.tell(error)

    def make_item(self) -> None:
        """Make an item of the chosen cases, and open it."""
        if not self.item.isEnabled():
            return
        desk, month = self.place.desk, str(self.month.value())
        keys = [case.id for case in self.chosen()]
        self._write(lambda: open_review.make_item(desk, month, keys), self._on_made)

    def _on_made(self, outcome: Outcome[int]) -> None:
        self.place.shell.say(_("Improvement item made"))
        self.opened.emit(Route("improvement", outcome.value))

    def _open_case(self, key: object) -> None:
        cases = () if self._review is None else self._review.cases
        case = next((case for case in cases if case.id == key), None)
        if case is not None:
            self.opened.emit(Route(PAGES[case.entity], case.id))

    def _to_cases(self, _key: object) -> None:
        self._split.bring(detail=True)
        self.table.setFocus()
        if self.table.current_id() is None:
            self.table.step(1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter saves, Escape drops what was typed; single keys outside text fields."""
        key = event.text().upper()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        act = {"N": self.make_item, "C": self.confirm, "E": self._edit}.get(key)
        if control and enter:
            self.save()
        elif event.key() == Qt.Key.Key_Escape and self.form.dirty:
            self.form.populate({})
            self._show_selection()
        elif control:
            super().keyPressEvent(event)
        elif act is not None:
            act()
        elif key in {"J", "K"}:
            self.table.step(1 if key == "J" else -1)
        else:
            super().keyPressEvent(event)

    def _edit(self) -> None:
        self.form.editor("reason_id").setFocus()

    # --- taking it out -------------------------------------------------------------------

    def choose_export(self) -> None:
        """Ask where the list goes."""
        dialog = QFileDialog(
            self, _("Export list"), f"{_('Open cases')} {self.month.value()}.xlsx",
            "Excel (*.xlsx);;CSV (*.csv);;PDF (*.pdf)",
        )  # fmt: skip
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        dialog.fileSelected.connect(lambda name: self.export_to(Path(name)))
        dialog.open()

    def export_to(self, path: Path) -> None:
        """Write the cases of the month with what was said of them."""
        review, desk, t = self._review, self.place.desk, current()
        if review is None:
            return
        columns = review_rows.case_columns(self._cells, self._words)
        title = _("Open cases")

        def work(context: JobContext) -> int:
            lines = [[column.label for column in columns]]
            for case in review.cases:
                context.check()
                lines.append([text_for_copy(column, case) for column in columns])
            return listing.write(desk, path, lines, "open-review", context, title=title, t=t)

        def done(n: int) -> None:
            text = _("{n} lines written to {name}").format(n=n, name=path.name)
            self.place.shell.say(text, undo=False)

        handle = self.place.runner.start(work, lane=WRITE, owner=self)
        handle.on_success(done).on_failure(self.place.shell.tell)


def review_value(case: OpenCase, name: str) -> Any:
    """Return what is said of a case in one field; the reason may be the record's own."""
    return open_review.reason_of(case) if name == "reason_id" else getattr(case, name)
