"""The page of quality checks: all checks, the lot of the month, the entry of one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from svcdesk.domain.people import Permission, may
from svcdesk.i18n.catalog import _
from svcdesk.i18n.labels import code_label
from svcdesk.services import quality, quality_forms
from ui.jobs.runner import Latest
from ui.pages.list_pane import ListPane
from ui.pages.page import Changes, Page, Route, Workplace
from ui.pages.quality import rows
from ui.pages.quality.detail import CheckPane
from ui.pages.quality.draw import DrawView
from ui.pages.quality.entry import CheckEntry, item_name
from ui.theme.tokens import GAP, MARGIN
from ui.widgets.button import Button, Kind
from ui.widgets.labels import label
from ui.widgets.side_by_side import SideBySide
from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from svcdesk.system.job import JobContext

FAILED_DAYS = 90
CHECKS, DRAW = "checks", "draw"


class QualityPage(Page):
    """Quality checks."""

    key = "quality"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        desk = place.desk
        self._allowed = may(desk.roles, Permission.EDIT_QUALITY)
        tabs = [TabDef(CHECKS, _("Checks"), "list-checks")]
        if self._allowed:
            tabs.append(TabDef(DRAW, _("To be checked"), "target"))
        self.tabs = TabRow(tabs)
        self.tabs.chosen.connect(self._show_tab)
        self.list = ListPane(
            place, "quality_check", rows.columns(desk), rows.views(), rows.filters(desk),
            partial(rows.view_query, desk),
        )  # fmt: skip
        self.list.current_changed.connect(self._on_current)
        self.pane = CheckPane(place)
        self.pane.written.connect(place.shell.say)
        self.draw = DrawView(place)
        self.draw.wanted.connect(self._check)
        self.entry = CheckEntry(place)
        self.entry.saved.connect(self._on_saved)
        self.entry.left.connect(self._back)
        self.failed = label("", "small", "2", wrap=True)
        self.failed.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        self._failures = Latest(place.runner, self)
        left = QWidget()
        inner = QVBoxLayout(left)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self.list, 1)
        inner.addWidget(self.failed)
        split = SideBySide(left, self.pane, (780, 400), (_("List"), _("Check")))
        self._split = split
        self._stack = QStackedWidget()
        for widget in (split, self.draw, self.entry):
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self._stack, 1)
        self._shown = False

    def title(self) -> str:
        """Return the page's name."""
        return _("Quality checks")

    def tools(self) -> list[QWidget]:
        """Return the way to the lot."""
        if not self._allowed:
            return []
        button = Button(_("Check the next ticket"), kind=Kind.MAIN, icon="list-checks")
        button.clicked.connect(self._next)
        return [button]

    def show_route(self, route: Route) -> None:
        """Show the list, the lot, one check, or begin the check of a ticket."""
        if route.query is not None:
            self.list.show_query(route.query, route.title)
        elif not self._shown:
            self.list.show_view("valid")
            self._count_failures()
        if not self._shown and self._allowed:
            self.draw.load()
        self._shown = True
        ticket = route.values.get("ticket")
        if isinstance(ticket, int):
            self._check(ticket)
            return
        self._show_tab(str(route.values.get("tab", CHECKS)))
        if route.record is not None:
            self.list.select(route.record)
            self.pane.load(route.record)
            self._split.bring(detail=True)

    def _show_tab(self, key: str) -> None:
        self.tabs.choose(key)
        self._stack.setCurrentIndex(0 if key == CHECKS else 1)
        (self.list.table if key == CHECKS else self.draw.table).setFocus()

    def _count_failures(self) -> None:
        """Say which items fail most often."""
        desk = self.place.desk
        now = desk.clock.now()

        def work(_context: JobContext) -> list[tuple[str, int, int]]:
            return quality.failures(desk, now - FAILED_DAYS * 86400, now + 1)

        handle = self._failures.start(work)
        handle.on_success(self._show_failures).on_failure(self.place.shell.tell)

    def _show_failures(self, found: list[tuple[str, int, int]]) -> None:
        names = {i.item: item_name(i) for i in quality_forms.current(self.place.desk).items}
        parts = [
            f"{names.get(item) or code_label('QualityItem', item)} {failed}/{judged}"
            for item, failed, judged in found
            if failed
        ]
        text = _("Failed items of the last {days} days: {items}")
        told = text.format(days=FAILED_DAYS, items="  ·  ".join(parts) or "0")
        self.failed.setText(told)

    def _on_current(self, key: object) -> None:
        if isinstance(key, int):
            self.pane.load(key)

    def _check(self, ticket: object) -> None:
        if isinstance(ticket, int):
            self._stack.setCurrentWidget(self.entry)
            self.entry.load(ticket)

    def _next(self) -> None:
        key = self.draw.table.current_id()
        if key is None:
            self._show_tab(DRAW)
        else:
            self._check(key)

    def _on_saved(self) -> None:
        self.place.shell.say(_("Check saved"))
        self._back()

    def _back(self) -> None:
        self._show_tab(self.tabs.key() or CHECKS)

    def refresh(self, changes: Changes) -> None:
        """Show what a write has changed."""
        if not changes.tables() & {"quality_check", "ticket", "setting", "quality_form"}:
            return
        self.list.refresh(changes)
        if "quality_check" in changes.tables():
            self.pane.reload()
            self._count_failures()
            if self._shown and self._allowed:
                self.draw.load()

    def record_shown(self) -> tuple[str, int] | None:
        """Return the check in the pane."""
        detail = self.pane.detail
        return None if detail is None else ("quality_check", int(detail.check["id"]))

    def save_state(self) -> dict[str, Any]:
        """Return the list's state and the tab."""
        return {"list": self.list.save_state(), "tab": self.tabs.key(), "shown": self._shown}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take the list's state back."""
        if state["shown"]:
            self.list.restore_state(state["list"])
            self._shown = True
            if self._allowed:
                self.draw.load()
            self._show_tab(state["tab"] or CHECKS)
