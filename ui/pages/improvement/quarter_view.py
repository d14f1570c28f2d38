"""The plan of a quarter while it runs: targets with live actuals, the weeks, the reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from svcdesk.domain.people import Permission, may
from svcdesk.domain.plan_bars import PlanBar
from svcdesk.domain.quarter_goals import Standing
from svcdesk.i18n.catalog import _, current, pgettext
from svcdesk.services import quarter_plan, report_material
from svcdesk.services.quarter_plan import WEEKS
from ui.jobs.runner import WRITE, Latest
from ui.models.choices import Choice
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import RowWindowModel
from ui.pages.documents.material import TaskDialog
from ui.pages.improvement.view import LoopView
from ui.pages.page import Route
from ui.theme.tokens import GAP, MARGIN
from ui.widgets.bar_plan import BarPlan
from ui.widgets.button import Button, Kind
from ui.widgets.data_table import DataTable
from ui.widgets.editors import ChoiceField
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import Tag

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtGui import QKeyEvent

    from svcdesk.services.quarter_plan import Goal, QuarterPlan
    from svcdesk.system.job import JobContext
    from ui.pages.page import Changes, Workplace

WATCHED = frozenset({
    "plan_task", "action", "improvement_item", "metric_target", "manual_metric", "training",
    "training_person", "ticket", "complaint", "survey", "callback", "month_closing", "person",
})  # fmt: skip
STANDINGS = {
    Standing.MET: ("circle-check", "ok"), Standing.ON_TRACK: ("trending-up", "ok"),
    Standing.BEHIND: ("circle-alert", "warn"), Standing.UNKNOWN: ("minus", "text-3"),
}  # fmt: skip


def standing_name(standing: Standing) -> str:
    """Return where a goal stands in words."""
    return {
        Standing.MET: pgettext("goal", "reached"), Standing.ON_TRACK: pgettext("goal", "on track"),
        Standing.BEHIND: pgettext("goal", "behind"),
        Standing.UNKNOWN: pgettext("goal", "not judged yet"),
    }[standing]  # fmt: skip


class WeekPlan(BarPlan):
    """The weeks of a plan; Space ticks the present task."""

    ticked = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Space before the table does."""
        if event.key() == Qt.Key.Key_Space:
            self.ticked.emit()
        else:
            super().keyPressEvent(event)


class QuarterView(LoopView):
    """Targets above, tasks and measures by week below."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.plan: QuarterPlan | None = None
        self._job = Latest(place.runner, self)
        self._shown = False
        self._may = may(place.desk.roles, Permission.MAKE_REPORTS)
        t = current()
        periods = quarter_plan.quarters(place.desk)
        self.quarter = ChoiceField([Choice(p.code, p.title(t)) for p in periods])
        self.quarter.setAccessibleName(_("Quarter"))
        self.quarter.setMinimumContentsLength(10)
        self.quarter.set_value(periods[quarter_plan.AHEAD].code)
        self.quarter.currentIndexChanged.connect(lambda _place: self.reload())
        self.table = DataTable(RowWindowModel(self._columns(), place.runner, self), "quarter_goals")
        self.table.setAccessibleName(_("Targets of the quarter"))
        self.weeks = WeekPlan(_("Tasks and measures over the weeks of the quarter"))
        self.weeks.empty.set("list-checks", _("Nothing is planned for this quarter yet."),
                             _("New task") if self._may else "")  # fmt: skip
        self.weeks.empty.acted.connect(self.new_task)
        self.weeks.opened.connect(self._on_opened)
        self.weeks.chosen.connect(self._on_chosen)
        self.weeks.ticked.connect(self.tick)
        self._reviews = QWidget()
        self._flow = FlowLayout(self._reviews, gap=6)
        self._flow.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        self._lay_out()
        self._on_chosen(None)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        row.setSpacing(GAP)
        row.addWidget(self.quarter)
        row.addStretch(1)
        self.add = Button(_("New task"), icon="plus", small=True, key="N")
        self.add.clicked.connect(self.new_task)
        self.done = Button(_("Done"), icon="circle-check", small=True, key=_("Space"))
        self.done.clicked.connect(self.tick)
        self.edit = Button(_("Edit"), icon="pencil", small=True, key="E")
        self.edit.clicked.connect(self.edit_task)
        self.drop = Button(_("Drop"), icon="ban", kind=Kind.QUIET, small=True)
        self.drop.setToolTip(_("The task is not wanted any more; it stays in the plan as dropped"))
        self.drop.clicked.connect(self.drop_task)
        self.report = Button(_("Quarterly report"), icon="file-text", kind=Kind.QUIET, small=True)
        self.report.setToolTip(_("The plan as a document: targets, weeks, reviews"))
        self.report.clicked.connect(self._on_report)
        for button in (self.add, self.done, self.edit, self.drop):
            row.addWidget(button)
            button.setVisible(self._may)
        row.addWidget(self.report)
        below = QWidget()
        inner = QVBoxLayout(below)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self._reviews)
        inner.addWidget(self.weeks, 1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(below)
        split.setSizes([300, 320])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(split, 1)

    def _columns(self) -> list[ColumnDef]:
        def month(place: int) -> ColumnDef:
            return ColumnDef(f"month{place}", _("Month {n}").format(n=place + 1),
                             lambda g: Cell(g.months[place], colour="text-2"), 84, right=True,
                             drop=4 - place)  # fmt: skip

        return [
            ColumnDef("name", _("Target"), self._name, 200, stretch=True, elide=True),
            ColumnDef("before", _("Last quarter"), lambda g: Cell(g.before), 98, right=True, drop=5),
            ColumnDef("target", pgettext("goal", "Target value"), lambda g: Cell(g.target), 92,
                      right=True),
            ColumnDef("actual", _("To date"), self._actual, 92, right=True),
            ColumnDef("share", _("Way covered"), self._share, 104, right=True, drop=1),
            ColumnDef("standing", _("Stands"), self._standing, 132),
            *(month(place) for place in range(3)),
        ]  # fmt: skip

    def _name(self, goal: Goal) -> Cell:
        tip = f"{goal.name}\n{goal.source}" if goal.source else goal.name
        return Cell(goal.name, tip=tip)

    def _actual(self, goal: Goal) -> Cell:
        return Cell(goal.actual, bold=True, tip=" ".join(filter(None, [goal.sample, goal.source])))

    def _share(self, goal: Goal) -> Cell:
        tip = _("Of the way from the last quarter's value to the target")
        if goal.share is None:
            return Cell("—", colour="text-3", tip=tip)
        return Cell(f"{round(100 * goal.share)}%", tip=tip)

    def _standing(self, goal: Goal) -> Cell:
        icon, ink = STANDINGS[goal.standing]
        return Cell(standing_name(goal.standing), icon, icon_colour=ink)

    # --- reading -------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the plan and what has come of it."""
        self._shown = True
        desk, code, t = self.place.desk, str(self.quarter.value()), current()

        def work(_context: JobContext) -> QuarterPlan:
            return quarter_plan.get(desk, code, t)

        self._job.start(work).on_success(self._on_read).on_failure(self.place.shell.tell)

    def show_route(self, route: Route) -> None:
        """Show the quarter that a route names."""
        code = route.values.get("quarter")
        if code is not None:
            self.quarter.blockSignals(True)
            self.quarter.set_value(code)
            self.quarter.blockSignals(False)
        self.reload()

    def refresh(self, changes: Changes) -> None:
        """Read again when a figure, a task or a measure may have changed."""
        if self._shown and self.isVisible() and (changes.tables() | changes.many) & WATCHED:
            self.reload()

    def save_state(self) -> dict[str, Any]:
        """Keep the quarter."""
        return {"quarter": self.quarter.value()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take it back."""
        self.quarter.blockSignals(True)
        self.quarter.set_value(state["quarter"])
        self.quarter.blockSignals(False)
        self.reload()

    def _on_read(self, plan: QuarterPlan) -> None:
        self.plan = plan
        self.table.rows.show(RecordList(plan.goals))
        first, last = _span(plan)
        names = [_("W{n}").format(n=n + 1) for n in range(WEEKS)]
        marks = [(check.day, check.month) for check in plan.checkpoints]
        self.weeks.show_bars(plan.bars, plan.today, span=(first, last), names=names, marks=marks)
        self._flow.clear()
        for check in plan.checkpoints:
            text = _("{month}: review on {day}").format(month=check.month, day=check.day)
            tag = Tag(text, "circle-check" if check.over else "calendar-clock",
                      "ok" if check.over else "neutral")  # fmt: skip
            self._flow.addWidget(tag)
            tag.show()
        self._on_chosen(self.weeks.bar())

    def _on_chosen(self, bar: object) -> None:
        task = isinstance(bar, PlanBar) and bar.table == "plan_task"
        for button in (self.done, self.edit, self.drop):
            button.setEnabled(task)
        finished = isinstance(bar, PlanBar) and bar.finished
        self.done.set_text(_("Open again") if task and finished else _("Done"))
        self.drop.setEnabled(task and not finished)

    # --- acting --------------------------------------------------------------------------

    def new_task(self) -> None:
        """Open the form of a new task of this quarter."""
        if self.plan is not None and self._may:
            TaskDialog(self, self.place, None, self.plan.period.code).open()

    def edit_task(self) -> None:
        """Open the form of the present task."""
        bar = self.weeks.bar()
        if bar is None or bar.table != "plan_task" or self.plan is None or not self._may:
            return
        for period in (self.plan.period, *self.plan.period.months()):
            tasks = report_material.plans(self.place.desk, period.code, period_kind(period.kind))
            task = next((one for one in tasks.tasks if one.id == bar.id), None)
            if task is not None:
                TaskDialog(self, self.place, task, period.code).open()

    def tick(self) -> None:
        """Tick the present task done, or open it again."""
        bar = self.weeks.bar()
        if bar is not None:
            self._set("open" if bar.finished else "done")

    def drop_task(self) -> None:
        """Drop the present task."""
        self._set("dropped")

    def _set(self, state: str) -> None:
        bar = self.weeks.bar()
        if bar is None or bar.table != "plan_task" or not self._may:
            return
        desk, key = self.place.desk, bar.id
        told = {"done": _("Task done"), "dropped": _("Task dropped"), "open": _("Task open again")}

        def done(_outcome: Any) -> None:
            self.place.shell.say(told[state])

        handle = self.place.runner.start(
            lambda _context: quarter_plan.set_state(desk, key, state), lane=WRITE, owner=self
        )
        handle.on_success(done).on_failure(self.place.shell.tell)

    def _on_opened(self, bar: object) -> None:
        if not isinstance(bar, PlanBar):
            return
        if bar.item_id is not None:
            self.opened.emit(Route("improvement", bar.item_id, values={"tab": "plan"}))
        else:
            self.edit_task()

    def _on_report(self) -> None:
        """Open the report that prints this plan: that of the quarter before."""
        if self.plan is not None:
            before = self.plan.period.previous.code
            self.opened.emit(
                Route("documents", values={"kind": "quarterly", "period": before})
            )  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single keys: they arrive here only while no text field has the focus."""
        key = event.text().upper()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif key in {"J", "K"}:
            self.weeks.step(1 if key == "J" else -1)
        elif key == "N":
            self.new_task()
        elif key == "E":
            self.edit_task()
        else:
            super().keyPressEvent(event)


def period_kind(kind: str) -> str:
    """Return the kind of report that has the plan of such a period."""
    return "quarterly" if kind == "quarter" else "monthly"


def _span(plan: QuarterPlan) -> tuple[date, date]:
    """Return the days drawn: weeks count from the quarter's first day, as the report counts."""
    return plan.period.start, plan.period.last_day
