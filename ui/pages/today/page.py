"""The page of the day: what is late or soon will be, and what the departments owe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from svcdesk.domain.deadlines import Deadline, Kind
from svcdesk.domain.loop_reminders import TABS, Reminder
from svcdesk.i18n.catalog import _
from ui.pages.page import Page, Route, Workplace
from ui.pages.today.loop_pane import LoopPane
from ui.pages.today.pressing import PressingList
from ui.pages.today.sheet_pane import SheetPane
from ui.widgets.tabs import TabDef, TabRow, tab_head

if TYPE_CHECKING:
    from ui.pages.page import Changes

MINUTE_MS = 60_000
PAGES = {"ticket": "tickets", "complaint": "complaints", "callback": "callbacks"}
TABLES = frozenset({
    "ticket", "complaint", "callback", "handoff", "visit", "action", "person", "improvement_item",
    "improvement_recheck", "verification",
})  # fmt: skip


class TodayPage(Page):
    """Today."""

    key = "today"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.pressing = PressingList(place)
        self.pressing.opened.connect(self._on_opened)
        self.sheets = SheetPane(place)
        self.sheets.opened.connect(self._on_ticket)
        self.tabs = TabRow(
            [
                TabDef("pressing", _("Deadlines")),
                TabDef("hand_over", _("Hand-over sheets")),
                TabDef("loop", _("Improvement")),
            ]
        )
        self.tabs.chosen.connect(self._show_tab)
        self._stack = QStackedWidget()
        self.loop = LoopPane(place)
        self.loop.opened.connect(self._on_reminder)
        self._panes: dict[str, QWidget] = {
            "pressing": self.pressing, "loop": self.loop, "hand_over": self.sheets,
        }  # fmt: skip
        for pane in self._panes.values():
            self._stack.addWidget(pane)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(tab_head(self.tabs))
        column.addWidget(self._stack, 1)
        self.tabs.choose("pressing")
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self._reload)
        self._minute.start()

    def title(self) -> str:
        """Return the page's name."""
        return _("Today")

    def show_route(self, route: Route) -> None:
        """Show a tab."""
        self._show_tab(str(route.values.get("tab", "")) or self.tabs.key())

    def refresh(self, changes: Changes) -> None:
        """Show what a write has changed."""
        if changes.tables() & TABLES and self.isVisible():
            self._reload()

    def save_state(self) -> dict[str, Any]:
        """Return the tab."""
        return {"tab": self.tabs.key()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take the tab back."""
        self._show_tab(state["tab"])

    def _show_tab(self, tab: str) -> None:
        self.tabs.choose(tab)
        self._stack.setCurrentWidget(self._panes[tab])
        self._reload()
        self._pane().table.setFocus()

    def _pane(self) -> PressingList | LoopPane | SheetPane:
        panes: dict[str, LoopPane | SheetPane] = {"loop": self.loop, "hand_over": self.sheets}
        return panes.get(self.tabs.key(), self.pressing)

    def _reload(self) -> None:
        self._pane().reload()

    def _on_opened(self, deadline: object) -> None:
        if isinstance(deadline, Deadline) and deadline.kind is Kind.ACTION:
            where = {"tab": "plan"}
            self.place.shell.go(Route("improvement", deadline.record_id, values=where))
        elif isinstance(deadline, Deadline) and deadline.table in PAGES:
            self.place.shell.go(Route(PAGES[deadline.table], deadline.record_id))

    def _on_reminder(self, reminder: object) -> None:
        if isinstance(reminder, Reminder):
            where = {"tab": TABS[reminder.kind]}
            self.place.shell.go(Route("improvement", reminder.item_id, values=where))

    def _on_ticket(self, key: object) -> None:
        if isinstance(key, int):
            self.place.shell.go(Route("tickets", key))
