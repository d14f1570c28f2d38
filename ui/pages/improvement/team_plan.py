"""The plan of the team: the measures of all items over the weeks, by item or by person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout

from svcdesk.domain.plan_bars import PlanBar, shows
from svcdesk.i18n.catalog import _, pgettext
from svcdesk.services import plan_board
from svcdesk.services.improvement_rows import today
from svcdesk.services.plan_board import BY_ITEM, BY_OWNER
from ui.jobs.runner import Latest
from ui.pages.improvement.view import LoopView
from ui.pages.page import Changes, Route, Workplace
from ui.theme.tokens import GAP
from ui.widgets.bar_plan import BarPlan
from ui.widgets.button import Segments
from ui.widgets.labels import box
from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from svcdesk.system.job import JobContext

WATCHED = frozenset({"action", "improvement_item", "person"})
VIEWS = ("open", "late", "blocked", "mine", "all")


class TeamPlanView(LoopView):
    """Views: open, late, blocked, mine, all; Enter opens the plan of the item."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._bars: list[PlanBar] = []
        self._job = Latest(place.runner, self)
        self._shown = False
        self.tabs = TabRow(
            [
                TabDef("open", _("All open")),
                TabDef("late", _("Overdue"), "clock-alert", "danger"),
                TabDef("blocked", pgettext("measures", "Blocked"), "circle-pause", "warn"),
                TabDef("mine", _("Mine")),
                TabDef("all", pgettext("measures", "With finished ones")),
            ]
        )
        self.tabs.choose("open")
        self.tabs.chosen.connect(self._on_view)
        self.order = Segments([(BY_ITEM, _("By item")), (BY_OWNER, _("By person"))], small=True)
        self.order.set_value(BY_ITEM)
        self.order.changed.connect(self._on_order)
        self.plan = BarPlan(_("Measures of the team over the weeks"))
        self.plan.opened.connect(self._on_opened)
        head = box("surface", "bottom")
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, GAP, 0)
        row.addWidget(self.tabs, 1)
        row.addWidget(self.order)
        self.stack(head, self.plan)

    def reload(self) -> None:
        """Read the measures of all items."""
        self._shown = True
        desk, by = self.place.desk, self.order.value()

        def work(_context: JobContext) -> list[PlanBar]:
            return plan_board.of_items(desk, by=by)

        self._job.start(work).on_success(self._on_read).on_failure(self.place.shell.tell)

    def show_route(self, route: Route) -> None:
        """Show a view of the plan."""
        view = str(route.values.get("show", ""))
        if view in VIEWS:
            self.tabs.choose(view)
        self.reload()

    def refresh(self, changes: Changes) -> None:
        """Read again when a measure or its item was written."""
        if self._shown and changes.tables() & WATCHED:
            self.reload()

    def save_state(self) -> dict[str, Any]:
        """Keep view and order."""
        return {"view": self.tabs.key(), "by": self.order.value()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take them back."""
        self.tabs.choose(state["view"])
        self.order.set_value(state["by"])
        self.reload()

    def _on_read(self, found: list[PlanBar]) -> None:
        self._bars = found
        for view in VIEWS:
            self.tabs.set_count(view, len(self._of(view)))
        self.counted.emit(len(self._of("late")) or None)
        self._show()

    def _of(self, view: str) -> list[PlanBar]:
        desk = self.place.desk
        me, day = desk.actor.id, today(desk)
        return [bar for bar in self._bars if shows(view, bar, me, day)]

    def _show(self) -> None:
        view = self.tabs.key() or "open"
        found = self._of(view)
        told = {
            "open": _("No measure is open. They are made in the plan of an improvement item."),
            "late": _("No measure is late."), "blocked": _("No measure is blocked."),
            "mine": _("No open measure of yours."), "all": _("There is no measure yet."),
        }[view]  # fmt: skip
        self.plan.empty.set("list-checks", told)
        self.plan.show_bars(found, today(self.place.desk))

    def _on_view(self, view: str) -> None:
        self.tabs.choose(view)
        self._show()
        self.plan.setFocus()

    def _on_order(self, _number: int) -> None:
        self.reload()
        self.plan.setFocus()

    def _on_opened(self, bar: object) -> None:
        if isinstance(bar, PlanBar) and bar.item_id is not None:
            self.opened.emit(Route("improvement", bar.item_id, values={"tab": "plan"}))
