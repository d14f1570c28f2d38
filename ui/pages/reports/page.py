"""The reports page: figures by subject, every one of which opens its records."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtWidgets import (
    QApplication,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from svcdesk.i18n.catalog import _, current
from svcdesk.services import sheets
from ui.jobs.progress import ProgressStripe
from ui.jobs.runner import Latest
from ui.pages.page import Changes, Page, Route, Workplace
from ui.pages.reports import closing_mark, remembered
from ui.pages.reports.drilling import Drill
from ui.pages.reports.explore_bar import ExploreBar
from ui.pages.reports.figure_pane import DEFINITION, FigurePane
from ui.pages.reports.filter_row import FilterRow
from ui.pages.reports.period_bar import PeriodBar
from ui.pages.reports.preparing import Preparing
from ui.pages.reports.sheet_view import SheetView
from ui.pages.reports.tabs import TABS, TREND
from ui.pages.wording import Words
from ui.theme.tokens import px
from ui.widgets.button import Button, Kind
from ui.widgets.tabs import TabDef, TabRow, tab_head

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from svcdesk.services.sheets import Sheet
    from svcdesk.system.job import JobContext
    from ui.pages.reports.own_tab import OwnTab

WATCHED = frozenset({"ticket", "complaint", "survey", "callback", "visit", "quality_check",
                     "metric_target", "calendar_day", "calendar", "sla_policy"})  # fmt: skip
PANE = 440  # width of the pane beside the figures
BESIDE = 860  # width from which figures and pane stand beside each other
LONG = 0.4  # seconds: a tab that takes longer shows its cards first
IN_HOURS = 72  # a countdown below is told in hours


class ReportsPage(Page):
    """Reports."""

    key = "reports"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._words = Words(place.desk)
        self._entries = {entry.key: entry for entry in TABS}
        self.tabs = TabRow([TabDef(entry.key, entry.name()) for entry in TABS])
        self.tabs.choose(TABS[0].key)
        self.tabs.chosen.connect(self._on_tab)
        self._views: dict[str, SheetView] = {}
        self._own: dict[str, OwnTab] = {}  # made when first shown
        self._stack = QStackedWidget()
        self._progress = ProgressStripe()
        self._head = self._bar()
        self._make_views()
        self._make_pane()
        self._lay_out()
        self._job = Latest(place.runner, self)
        self._loaded: set[str] = set()
        self._seen: set[str] = set()  # tabs that show something
        self._slow: set[str] = set()  # tabs that took long: their cards come before the rest
        self._preparing = Preparing(self)
        self._before: QWidget | None = None  # had the focus before the pane opened
        self._remember(remembered.found(place.desk))

    def _make_views(self) -> None:
        for entry in TABS:
            if entry.own is not None:
                continue
            view = SheetView(self._left)
            view.card_clicked.connect(self.drill.card)
            view.drilled.connect(self.drill.open)
            view.defined.connect(self.define)
            view.explained.connect(self.explain)
            view.said.connect(self._say)
            self._views[entry.key] = view
            self._stack.addWidget(view)

    def _make_pane(self) -> None:
        self.pane = FigurePane(self.place)
        self.pane.closed.connect(self._close_pane)
        self.pane.opened.connect(self.drill.behind)
        self.pane.listed.connect(self.drill.open)
        self.pane.hide()
        self.split = QSplitter()
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self._stack)
        self.split.addWidget(self.pane)
        self.split.setStretchFactor(0, 1)
        self.split.setSizes([px(800), px(PANE)])

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (tab_head(self.tabs), self._progress, self._head):
            column.addWidget(widget)
        column.addWidget(self.split, 1)

    def _bar(self) -> QWidget:
        """Return period and filters."""
        self.bar = PeriodBar(self.place)
        self.bar.changed.connect(self.reload)
        self.filters = FilterRow(self.place.desk, self.bar)
        self.filters.changed.connect(self.reload)
        self.drill = Drill(self.place, self.bar, self.filters, self)
        self.bar.closing.opened.connect(self.drill.closing)
        self.bar.excluded_wanted.connect(self.drill.abnormal)
        self.explorer = ExploreBar()
        self.explorer.changed.connect(self.reload)
        self.explorer.hide()
        bar = QWidget()
        column = QVBoxLayout(bar)
        column.setContentsMargins(14, 8, 14, 8)
        column.setSpacing(6)
        column.addWidget(self.bar)
        column.addWidget(self.explorer)
        return bar

    # --- Page ----------------------------------------------------------------------------

    def title(self) -> str:
        """Return the page's name."""
        return _("Reports")

    def tools(self) -> list[QWidget]:
        """Return the way to the report that is signed."""
        paper = Button(_("Monthly report"), kind=Kind.MAIN, icon="file-text", key="Ctrl+P")
        paper.setToolTip(_("Open or make the monthly report of this month at the report desk"))
        paper.clicked.connect(self.open_report)
        return [paper]

    def open_report(self) -> None:
        """Go to the monthly report of the (last) month that is shown."""
        month = self.bar.period.months()[-1].code
        values = {"kind": "monthly", "period": month, "open": True}
        self.place.shell.go(Route("documents", values=values))

    def show_route(self, route: Route) -> None:
        """Show a tab."""
        tab = str(route.values.get("tab", "")) or self.tabs.key()
        self._show_tab(tab)
        if self.tabs.key() in self._own:
            self._own[self.tabs.key()].show_route(route)

    def refresh(self, changes: Changes) -> None:
        """Compute again when the data behind the figures changed."""
        touched = changes.tables()
        if touched & closing_mark.WATCHED and self.isVisible():
            self.bar.closing.look(self.bar.period)
        stale = {tab for tab in self._loaded if touched & self._watched(tab)}
        self._loaded -= stale
        if self.tabs.key() in stale and self.isVisible():
            self._load()

    def _watched(self, tab: str) -> frozenset[str]:
        """Return the tables that a tab shows."""
        return self._own[tab].watched if tab in self._own else WATCHED

    def save_state(self) -> dict[str, Any]:
        """Return tab, period and filters."""
        basis = self.bar.compare.basis
        return {"tab": self.tabs.key(), "period": self.bar.period.code, "against": basis.code,
                "same_days": basis.same_days, "limits": self.bar.compare.limits,
                "explore": self.explorer.save_state(), "as_of": self.bar.moment.as_of,
                "filters": self.filters.filters}  # fmt: skip

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take tab, period and filters back."""
        self.bar.set(state["period"])
        self.bar.moment.set(state["as_of"])
        self._remember(state)

    def _remember(self, state: dict[str, Any]) -> None:
        """Take back what is kept between runs as well."""
        if not state:
            return
        self.bar.compare.set(state["against"], same_days=state["same_days"])
        self.bar.compare.limits = state["limits"]
        self.explorer.restore_state(state["explore"])
        self.filters.set(state["filters"])
        if state["tab"] in self._entries:
            self.tabs.choose(state["tab"])

    def act(self, action: str) -> bool:
        """Run a page action."""
        if action in {"report.monthly", "report.print"}:
            self.open_report()
            return True
        return False

    # --- figures -------------------------------------------------------------------------

    def view(self, tab: str) -> SheetView:
        """Return what shows the figures of a tab."""
        return self._views[tab]

    def _on_tab(self, tab: str) -> None:
        self._show_tab(tab)

    def _show_tab(self, tab: str) -> None:
        if tab not in self._entries:  # kept by a program that had other tabs
            tab = TABS[0].key
        self.tabs.choose(tab)
        self._head.setVisible(self._entries[tab].own is None)
        self.explorer.setVisible(tab == TREND)
        self._stack.setCurrentWidget(self._widget(tab))
        alone = self._stack.isHidden() or self._entries[tab].own is not None
        if alone and not self.pane.isHidden():
            self._close_pane()  # it is about figures of the tab that was left
        if tab not in self._loaded:
            self._load()
        elif self._entries[tab].own is None:
            self.bar.closing.look(self.bar.period)

    def _widget(self, tab: str) -> QWidget:
        """Return what shows a tab; own tabs are made when they are first asked for."""
        own = self._entries[tab].own
        if own is None:
            return self._views[tab]
        if tab not in self._own:
            self._own[tab] = own(self.place)
            self._stack.addWidget(self._own[tab])
        return self._own[tab]

    def reload(self) -> None:
        """Compute every tab again, the shown one now."""
        self._loaded.clear()
        self._seen -= self._slow
        self._load()

    def _load(self) -> None:
        desk, tab, t = self.place.desk, self.tabs.key(), current()
        remembered.keep(desk, self.save_state())
        if self._entries[tab].own is not None:
            self.place.shell.set_status("")  # its figures are not those of the bar
            self._widget(tab)
            self._own[tab].reload()
            self._loaded.add(tab)
            return
        first = tab not in self._seen  # nothing to look at yet: the cards come before the rest
        view = self._view(brief=first)

        def work(context: JobContext) -> tuple[str, Sheet, float]:
            context.on_cancel(desk.reader.interrupt)
            start = time.monotonic()
            sheet = sheets.sheet(desk, tab, view, t, context)
            return tab, sheet, time.monotonic() - start

        self.bar.closing.leave(self.bar.period)
        handle = self._job.start(work)
        self._progress.watch(handle, _("Computing figures"))
        handle.on_success(self._on_loaded).on_failure(self.place.shell.tell)

    def _view(self, *, brief: bool = False) -> sheets.View:
        """Return what the bar and the filters ask for."""
        return sheets.View(
            self.bar.period, self.bar.compare.basis, dict(self.filters.filters), brief=brief,
            as_of=self.bar.moment.as_of, limits=self.bar.compare.limits,
            explore=self.explorer.explore if self.tabs.key() == TREND else None,
        )  # fmt: skip

    def _on_loaded(self, result: tuple[str, Sheet, float]) -> None:
        tab, sheet, seconds = result
        self._views[tab].show_sheet(sheet)
        if tab not in self._seen:
            self._seen.add(tab)
            if tab == self.tabs.key():
                self._load()
            return
        self._loaded.add(tab)
        (self._slow.add if seconds > LONG else self._slow.discard)(tab)
        self.bar.show_facts(sheet.cut_off, sheet.excluded, festival=sheet.festival)
        if tab == self.tabs.key():
            self.place.shell.set_status(sheet.flow)
        self.bar.closing.look(self.bar.period)  # the figures come first
        self._preparing.begin()

    # --- definition and explanation ------------------------------------------------------

    def define(self, metric: str) -> None:
        """Show what a figure means, beside the figures."""
        self._open_pane(metric, "", DEFINITION)

    def explain(self, metric: str, link: str = "") -> None:
        """Show the records of each part of a figure, beside the figures."""
        self._open_pane(metric, link, "den")

    def _open_pane(self, metric: str, link: str, part: str) -> None:
        if metric == sheets.COMPOSITE:
            self.drill.card(metric)
            return
        self._before = QApplication.focusWidget()
        self.pane.explain(metric, self._view(), link, part)
        self.pane.show()
        self._fit_pane()
        self.pane.tabs.setFocus()

    def _fit_pane(self) -> None:
        """Let the pane stand alone where both have no room."""
        self._stack.setVisible(self.pane.isHidden() or self.width() >= px(BESIDE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show figures and pane beside each other where they have room."""
        super().resizeEvent(event)
        self._fit_pane()

    def _close_pane(self) -> None:
        self.pane.hide()
        self._fit_pane()
        if self._before is not None and shiboken6.isValid(self._before):
            self._before.setFocus()

    def _say(self, text: str) -> None:
        self.place.shell.say(text, undo=False)

    def _left(self, due: int) -> tuple[str, bool]:
        """Return what a countdown says, and whether the time is over."""
        left = due - self._words.now()
        text = _("Overdue {time}") if left < 0 else _("{time} left")
        hours, minutes = divmod(abs(left) // 60, 60)
        time = self._words.calendar_time(left)
        if 1 <= hours < IN_HOURS:  # 48 hours run in hours
            time = _("{h} h {m} min").format(h=hours, m=minutes)
        return text.format(time=time), left < 0
