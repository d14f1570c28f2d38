"""From a figure to what is behind it: a list, one record, or another place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from svcdesk.i18n.catalog import _, current
from svcdesk.services import dashboards, sheet_drill, sheet_tables, sheets
from ui.jobs.runner import Latest
from ui.pages.page import Route

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from svcdesk.domain.query import Query
    from svcdesk.system.job import JobContext
    from ui.pages.page import Workplace
    from ui.pages.reports.filter_row import FilterRow
    from ui.pages.reports.period_bar import PeriodBar

# entity of a list -> page that shows it
PAGES = {
    "ticket": "tickets",
    "complaint": "complaints",
    "survey": "surveys",
    "callback": "callbacks",
    "customer": "customers",
}


class Drill(QObject):
    """Opens what stands behind the figures of a bar's period and filters."""

    def __init__(
        self, place: Workplace, bar: PeriodBar, filters: FilterRow, owner: QWidget
    ) -> None:  # fmt: skip
        super().__init__(owner)
        self._place = place
        self._bar = bar
        self._filters = filters
        self._job = Latest(place.runner, owner)
        self._title = ""

    def card(self, key: str) -> None:
        """Open the records of a card; behind the composite score are its targets."""
        if key == sheets.COMPOSITE:
            self._place.shell.go(Route("settings", values={"tab": "targets"}))
        else:
            self.open(key, "")

    def open(self, metric: str, group: str) -> None:
        """Open the records of a group (or part, or other period) of a figure, or what it names."""
        if metric in sheet_tables.RECORDS:
            self._record(metric, int(group))
            return
        if metric == sheet_tables.GO:
            page, _colon, tab = group.partition(":")
            self._place.shell.go(Route(page, values={"tab": tab} if tab else {}))
            return
        if metric == sheet_tables.TICKETS:
            query = sheet_drill.numbered("ticket", group.split(","))
            self._place.shell.go(Route("tickets", query=query, title=_("Longest in this place")))
            return
        desk, period, as_of = self._place.desk, self._bar.period, self._bar.moment.as_of
        filters = dict(self._filters.filters)
        self._title = self._name_of(metric, group)

        def work(_context: JobContext) -> Query | None:
            return sheets.records_behind(desk, metric, period, group, filters, as_of)

        judged = "excluded" in group.split("&")
        done = self._on_excluded if judged else self._on_found
        self._job.start(work).on_success(done).on_failure(self._place.shell.tell)

    def behind(self, entity: str, key: int, number: str) -> None:
        """Open a record that is named beside the figures."""
        if entity in PAGES:
            query = sheet_drill.numbered(entity, [number])
            self._place.shell.go(Route(PAGES[entity], key, query, number))
        elif entity == "group":
            self._record(sheet_tables.GROUP, key)
        else:
            text = _("There is no page for {number}.").format(number=number)
            self._place.shell.say(text, undo=False)

    def closing(self, values: dict[str, Any]) -> None:
        """Open what was frozen of a month, or what changed in it since."""
        self._place.shell.go(Route("reports", values=values))

    def abnormal(self) -> None:
        """Open the abnormal records that figures of the period leave out."""
        narrowed = {"period": [self._bar.period.code], "out": [True]}
        self._findings(filter=narrowed)

    def _findings(self, **narrowed: Any) -> None:
        values = {"tab": "data_quality", "view": "findings", **narrowed}
        self._place.shell.go(Route("reports", values=values))

    def _record(self, kind: str, key: int) -> None:
        if kind == sheet_tables.GROUP:
            route = Route("complaints", values={"tab": "findings", "group": key})
        else:
            page = "complaints" if kind == sheet_tables.COMPLAINT else "callbacks"
            route = Route(page, key)
        self._place.shell.go(route)

    def _on_excluded(self, query: Query | None) -> None:
        """Show what is wrong with the records that a figure leaves out, and what was decided."""
        numbers = next(query.leaves()).values if query is not None else ()
        if numbers:
            self._findings(filter={}, numbers=numbers)
        else:
            self._on_found(query)

    def _name_of(self, metric: str, group: str) -> str:
        from svcdesk.domain.metrics.registry import metric as definition

        name = _(definition(metric).label)
        first = group.partition("&")[0]
        own = first and "=" not in first and first not in dashboards.PARTS
        when = first if own else self._bar.period.title(current())
        return _("{figure}, {period}").format(figure=name, period=when)

    def _on_found(self, query: Query | None) -> None:
        shell = self._place.shell
        if query is None:
            shell.say(_("There is no list for the records of this figure."), undo=False)
            return
        count = len(next(query.leaves()).values)
        if not count:
            shell.say(_("No records are behind this figure."), undo=False)
        elif query.entity in PAGES:
            shell.go(Route(PAGES[query.entity], query=query, title=self._title))
        else:
            shell.say(_("{n} records").format(n=count), undo=False)
