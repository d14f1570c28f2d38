"""The reports page: figures by subject, every one of which opens its records; PDF export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from svcdesk.i18n.catalog import _, current, language
from svcdesk.services import dashboards, sheet_tables, sheets
from ui.jobs.progress import ProgressStripe
from ui.jobs.runner import READ, Latest
from ui.pages.page import Changes, Page, Route, Workplace
from ui.pages.reports.filter_row import FilterRow
from ui.pages.reports.period_bar import PeriodBar
from ui.pages.reports.sheet_view import SheetView
from ui.pages.reports.tabs import TABS
from ui.pages.wording import Words
from ui.widgets.banner import Banner
from ui.widgets.button import Button, Kind
from ui.widgets.labels import box
from ui.widgets.tabs import TabDef, TabRow

if TYPE_CHECKING:
    from svcdesk.domain.query import Query
    from svcdesk.services.sheets import Sheet
    from svcdesk.system.job import JobContext
    from ui.pages.reports.own_tab import OwnTab

# entity of a list -> page that shows it
PAGES = {
    "ticket": "tickets",
    "complaint": "complaints",
    "survey": "surveys",
    "callback": "callbacks",
    "customer": "customers",
}
WATCHED = frozenset({"ticket", "complaint", "survey", "callback", "visit", "quality_check",
                     "metric_target", "calendar_day", "calendar", "sla_policy"})  # fmt: skip
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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = box("surface", "bottom")
        inner = QVBoxLayout(head)
        inner.setContentsMargins(8, 0, 8, 0)
        inner.addWidget(self.tabs)
        column.addWidget(head)
        self._progress = ProgressStripe()
        column.addWidget(self._progress)
        self._head = self._bar()
        column.addWidget(self._head)
        self._done = QVBoxLayout()
        self._done.setContentsMargins(14, 0, 14, 0)
        column.addLayout(self._done)
        self._stack = QStackedWidget()
        self._views: dict[str, SheetView] = {}
        self._own: dict[str, OwnTab] = {}  # made when first shown
        for entry in TABS:
            if entry.own is None:
                view = SheetView(self._left)
                view.card_clicked.connect(self._on_card)
                view.drilled.connect(self._drill)
                self._views[entry.key] = view
                self._stack.addWidget(view)
        column.addWidget(self._stack, 1)
        self._job = Latest(place.runner, self)
        self._drill_job = Latest(place.runner, self)
        self._loaded: set[str] = set()
        self._seen: set[str] = set()  # tabs that show something
        self._drill_title = ""
        self._file: Path | None = None

    def _bar(self) -> QWidget:
        """Return period and filters."""
        self.bar = PeriodBar(self.place.desk)
        self.bar.changed.connect(self.reload)
        self.filters = FilterRow(self.place.desk)
        self.filters.changed.connect(self.reload)
        bar = QWidget()
        column = QVBoxLayout(bar)
        column.setContentsMargins(14, 8, 14, 8)
        column.setSpacing(6)
        column.addWidget(self.bar)
        column.addWidget(self.filters)
        return bar

    # --- Page ----------------------------------------------------------------------------

    def title(self) -> str:
        """Return the page's name."""
        return _("Reports")

    def tools(self) -> list[QWidget]:
        """Return the export."""
        pdf = Button(_("Monthly report PDF"), kind=Kind.MAIN, icon="file-text", key="Ctrl+P")
        pdf.clicked.connect(self.choose_pdf)
        return [pdf]

    def show_route(self, route: Route) -> None:
        """Show a tab."""
        tab = str(route.values.get("tab", "")) or self.tabs.key()
        self._show_tab(tab)

    def refresh(self, changes: Changes) -> None:
        """Compute again when the data behind the figures changed."""
        touched = changes.tables()
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
                "same_days": basis.same_days, "as_of": self.bar.moment.as_of,
                "filters": self.filters.filters}  # fmt: skip

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take tab, period and filters back."""
        self.bar.set(state["period"])
        self.bar.compare.set(state["against"], same_days=state.get("same_days", False))
        self.bar.moment.set(state.get("as_of"))
        self.filters.set(state["filters"])
        if state["tab"] in self._entries:
            self.tabs.choose(state["tab"])

    def act(self, action: str) -> bool:
        """Run a page action."""
        if action == "report.pdf":
            self.choose_pdf()
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
        self._stack.setCurrentWidget(self._widget(tab))
        if tab not in self._loaded:
            self._load()

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
        self._load()

    def _load(self) -> None:
        desk, tab, t = self.place.desk, self.tabs.key(), current()
        if self._entries[tab].own is not None:
            self._widget(tab)
            self._own[tab].reload()
            self._loaded.add(tab)
            return
        first = tab not in self._seen  # nothing to look at yet: the cards come before the rest
        view = sheets.View(
            self.bar.period, self.bar.compare.basis, dict(self.filters.filters), brief=first,
            as_of=self.bar.moment.as_of,
        )  # fmt: skip

        def work(context: JobContext) -> tuple[str, Sheet]:
            context.on_cancel(desk.reader.interrupt)
            return tab, sheets.sheet(desk, tab, view, t, context)

        handle = self._job.start(work)
        self._progress.watch(handle, _("Computing figures"))
        handle.on_success(self._on_loaded).on_failure(self.place.shell.tell)

    def _on_loaded(self, result: tuple[str, Sheet]) -> None:
        tab, sheet = result
        self._views[tab].show_sheet(sheet)
        if tab not in self._seen:
            self._seen.add(tab)
            if tab == self.tabs.key():
                self._load()
            return
        self._loaded.add(tab)
        self.bar.show_facts(sheet.cut_off, sheet.excluded, sheet.remarks)
        self.place.shell.set_status(sheet.flow)

    # --- drill-down ----------------------------------------------------------------------

    def _on_card(self, key: str) -> None:
        if key != sheets.COMPOSITE:
            self._drill(key, "")
            return
        self.place.shell.go(Route("settings", values={"tab": "targets"}))

    def _left(self, due: int) -> tuple[str, bool]:
        """Return what a countdown says, and whether the time is over."""
        left = due - self._words.now()
        text = _("Overdue {time}") if left < 0 else _("{time} left")
        hours, minutes = divmod(abs(left) // 60, 60)
        time = self._words.calendar_time(left)
        if 1 <= hours < IN_HOURS:  # 48 hours run in hours
            time = _("{h} h {m} min").format(h=hours, m=minutes)
        return text.format(time=time), left < 0

    def _open_record(self, kind: str, key: int) -> None:
        if kind == sheet_tables.GROUP:
            route = Route("complaints", values={"tab": "findings", "group": key})
        else:
            page = "complaints" if kind == sheet_tables.COMPLAINT else "callbacks"
            route = Route(page, key)
        self.place.shell.go(route)

    def _drill(self, metric: str, group: str) -> None:
        if metric in sheet_tables.RECORDS:
            self._open_record(metric, int(group))
            return
        desk, period, as_of = self.place.desk, self.bar.period, self.bar.moment.as_of
        filters = dict(self.filters.filters)
        self._drill_title = self._name_of(metric, group)

        def work(_context: JobContext) -> Query | None:
            return sheets.records_behind(desk, metric, period, group, filters, as_of)

        self._drill_job.start(work).on_success(self._on_drilled).on_failure(self.place.shell.tell)

    def _name_of(self, metric: str, group: str) -> str:
        from svcdesk.domain.metrics.registry import metric as definition

        name = _(definition(metric).label)
        first = group.partition("&")[0]
        own = first and "=" not in first and first not in dashboards.PARTS
        when = first if own else self.bar.period.title(current())
        return _("{figure}, {period}").format(figure=name, period=when)

    def _on_drilled(self, query: Query | None) -> None:
        if query is None:
            text = _("There is no list for the records of this figure.")
            self.place.shell.say(text, undo=False)
        elif not next(query.leaves()).values:
            self.place.shell.say(_("No records are behind this figure."), undo=False)
        elif query.entity in PAGES:
            self.place.shell.go(Route(PAGES[query.entity], query=query, title=self._drill_title))
        else:
            self.place.shell.say(
                _("{n} records").format(n=len(next(query.leaves()).values)), undo=False
            )

    # --- PDF -----------------------------------------------------------------------------

    def choose_pdf(self) -> None:
        """Ask where the report goes, then make it."""
        month = self.bar.period.months()[-1].code
        name = _("Service report {period}").format(period=month) + ".pdf"
        dialog = QFileDialog(self, _("Save report"), name, "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(self._on_pdf_file)
        dialog.open()

    def _on_pdf_file(self, name: str) -> None:
        self.make_pdf(Path(name))

    def make_pdf(self, path: Path) -> None:
        """Make the monthly report of the chosen period in the background."""
        from svcdesk.services import reports

        desk, words = self.place.desk, language()
        month = self.bar.period.months()[-1].code

        def work(context: JobContext) -> Path:
            reports.produce(desk, "monthly", month, path, language=words, context=context)
            return path

        handle = self.place.runner.start(work, lane=READ, owner=self)
        self._progress.watch(handle, _("Making the report"))
        handle.on_success(self._on_pdf).on_failure(self.place.shell.tell)

    def _on_pdf(self, path: Path) -> None:
        self._file = path
        self._clear_done()
        actions = (("open", _("Open")), ("folder", _("Show in folder")), ("close", _("Close")))
        text = _("The report is ready: {name}").format(name=path.name)
        banner = Banner("ok", "circle-check", text, str(path.parent), actions)
        banner.acted.connect(self._on_done)
        self._done.addWidget(banner)

    def _on_done(self, action: str) -> None:
        if self._file is not None and action != "close":
            target = self._file if action == "open" else self._file.parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(target)))
        if action == "close":
            self._clear_done()

    def _clear_done(self) -> None:
        while (item := self._done.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
