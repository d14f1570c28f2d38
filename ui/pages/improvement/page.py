"""The improvement page: items, what is proposed, what stays open, plan, meetings, training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import N_, _
from ui.pages.improvement.board_view import BoardView
from ui.pages.improvement.changes_view import ChangesView
from ui.pages.improvement.flow_view import FlowMapView
from ui.pages.improvement.items_view import ItemsView
from ui.pages.improvement.meetings_view import MeetingsView
from ui.pages.improvement.proposals_view import ProposalsView
from ui.pages.improvement.quarter_view import QuarterView
from ui.pages.improvement.review_view import ReviewView
from ui.pages.improvement.team_plan import TeamPlanView
from ui.pages.improvement.training_view import TrainingView
from ui.pages.improvement.trends_view import TrendsView
from ui.pages.page import Changes, Page, Route, Workplace
from ui.widgets.scroll_area import PageArea
from ui.widgets.tabs import TabDef, TabRow, tab_head

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.pages.improvement.view import LoopView

ITEMS = "items"
VIEWS: dict[str, tuple[str, Callable[[Workplace], LoopView]]] = {
    ITEMS: (N_("Improvement items"), ItemsView),
    "board": (N_("Board"), BoardView),
    "proposals": (N_("Proposals"), ProposalsView),
    "trends": (N_("What rises"), TrendsView),
    "flow": (N_("Process map"), FlowMapView),
    "review": (N_("Open cases"), ReviewView),
    "plan": (N_("Plan of the team"), TeamPlanView),
    "quarter": (N_("Quarterly plan"), QuarterView),
    "changes": (N_("Changes and pilots"), ChangesView),
    "meetings": (N_("Meetings"), MeetingsView),
    "training": (N_("Training"), TrainingView),
}


class ImprovementPage(Page):
    """Improvement."""

    key = "improvement"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.views: dict[str, LoopView] = {}
        self._areas: dict[str, PageArea] = {}
        self.tabs = TabRow([TabDef(key, _(name)) for key, (name, _make) in VIEWS.items()])
        self.tabs.choose(ITEMS)
        self.tabs.chosen.connect(self.show_view)
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(tab_head(self.tabs))
        column.addWidget(self._stack, 1)
        self.items = ItemsView(place)  # the list of the items with the one that is worked on
        self._add(ITEMS, self.items)

    def _add(self, key: str, view: LoopView) -> None:
        self.views[key] = view
        view.opened.connect(self.go)
        view.counted.connect(lambda count: self.tabs.set_count(key, count))
        self._areas[key] = PageArea(view)  # a view that needs more room scrolls, not the others
        self._stack.addWidget(self._areas[key])

    def view(self, key: str = "") -> LoopView:
        """Return a view, the one shown by default; it is made when it is first asked for."""
        key = key or self.tabs.key()
        if key not in self.views:
            self._add(key, VIEWS[key][1](self.place))
        return self.views[key]

    # --- Page ----------------------------------------------------------------------------

    def title(self) -> str:
        """Return the page's name."""
        return _("Improvement")

    def tools(self) -> list[QWidget]:
        """Return the buttons of the view shown; they change with it."""
        return self.view().tools()

    def go(self, route: object) -> None:
        """Open a place: a view of this page, or another page."""
        if isinstance(route, Route):
            self.place.shell.go(route)

    def show_route(self, route: Route) -> None:
        """Show a view of the page, or an item in the list of items."""
        wanted = str(route.values.get("place", ""))
        if route.record is not None or route.values.get("view") or route.values.get("tab"):
            wanted = wanted or ITEMS
        self._show(wanted or self.tabs.key() or ITEMS)
        self.view().show_route(route)

    def show_view(self, key: str) -> None:
        """Show a view."""
        self._show(key)
        self.place.shell.set_status("")
        self.view().reload()

    def _show(self, key: str) -> None:
        self.tabs.choose(key if key in VIEWS else ITEMS)
        self.view()
        self._stack.setCurrentWidget(self._areas[self.tabs.key()])
        self.tools_changed.emit()

    def refresh(self, changes: Changes) -> None:
        """Tell every view that was made what was written."""
        for one in self.views.values():
            one.refresh(changes)

    def save_state(self) -> dict[str, Any]:
        """Keep which view is shown, and what each of them shows."""
        return {"view": self.tabs.key(),
                "views": {key: one.save_state() for key, one in self.views.items()}}  # fmt: skip

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take it back."""
        for key, kept in state["views"].items():
            self.view(key).restore_state(kept)
        self._show(state["view"])

    def record_shown(self) -> tuple[str, int] | None:
        """Return the record of the view shown."""
        return self.view().record_shown()

    def act(self, action: str) -> bool:
        """Run a page action."""
        if action == "improvement.new":
            self._show(ITEMS)
            self.items.new()
            return True
        return self.view().act(action)
