"""The review of what a month leaves open: common causes left, their cases and what is said right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import _, ngettext, pgettext
from svcdesk.services import closings, dashboards, open_review
from ui.jobs.progress import ProgressStripe
from ui.jobs.runner import WRITE, Latest
from ui.models.choices import Choice
from ui.models.columns import text_for_copy
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.improvement import review_rows
from ui.pages.improvement.list_out import Lines, ListOut
from ui.pages.improvement.review_form import ReviewForm
from ui.pages.improvement.review_rows import ALL, CaseCells, CauseRow
from ui.pages.improvement.view import LoopView, strip
from ui.pages.page import Route
from ui.pages.wording import Words
from ui.theme.tokens import px
from ui.widgets.data_table import DataTable
from ui.widgets.editors import ChoiceField
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
        self.out = ListOut(self, place, "open-review", _("Open cases"), self._lines)
        self._split = SideBySide(
            self._build_causes(), self._build_cases(), (px(310), px(860)),
            (pgettext("review", "Causes"), pgettext("review", "Cases")),
        )  # fmt: skip
        self.stack(self._build_head(), self.progress, self._split)
        self._show_selection()

    # --- parts ---------------------------------------------------------------------------

    def _build_head(self) -> QWidget:
        head, row = strip()
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
        self.foot = ReviewForm(self.place, editor=self._editor)
        self.foot.saved.connect(self._say)
        self.foot.item_wanted.connect(self.make_item)
        self.form = self.foot.form
        column.addWidget(self.foot)
        return side

    # --- view ----------------------------------------------------------------------------

    def tools(self) -> list[QWidget]:
        """Return the way of the list out of the program."""
        return [self.out.button(_("The cases shown as a spreadsheet, CSV or PDF"))]

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
        self.foot.show_cases(self.chosen())

    # --- acting --------------------------------------------------------------------------

    def _say(self, values: object) -> None:
        desk, month = self.place.desk, str(self.month.value())
        keys = [case.id for case in self.chosen()]
        if isinstance(values, dict):
            self._write(lambda: open_review.say(desk, month, keys, values), self._on_said)

    def _write(
        self, work: Callable[[], Outcome[int]], done: Callable[[Outcome[int]], None]
    ) -> None:
        handle = self.place.runner.start(lambda _context: work(), lane=WRITE, owner=self)
        handle.on_success(done).on_failure(self._on_refused)

    def _on_said(self, outcome: Outcome[int]) -> None:
        self.foot.settle()
        text = ngettext("{n} case reviewed", "{n} cases reviewed", outcome.value)
        self.place.shell.say(text.format(n=outcome.value))

    def _on_refused(self, error: object) -> None:
        if not self.foot.refuse(error):
            self.place.shell.tell(error)

    def make_item(self) -> None:
        """Make an item of the chosen cases, and open it."""
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
        act = {"N": self.foot.make_item, "C": self.foot.confirm, "E": self.foot.edit}.get(key)
        if control and enter:
            self.foot.save()
        elif event.key() == Qt.Key.Key_Escape and self.form.dirty:
            self.foot.drop()
        elif control:
            super().keyPressEvent(event)
        elif act is not None:
            act()
        elif key in {"J", "K"}:
            self.table.step(1 if key == "J" else -1)
        else:
            super().keyPressEvent(event)

    def _lines(self) -> Lines:
        """Return the cases of the month with what was said of them."""
        if self._review is None:
            return []
        columns = review_rows.case_columns(self._cells, self._words)
        return [
            [column.label for column in columns],
            *([text_for_copy(column, case) for column in columns] for case in self._review.cases),
        ]
