"""The lines of the data quality list: columns, filters, and the source of its rows."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.anomalies import ANOMALIES
from svcdesk.i18n.catalog import N_, _, current, ngettext, pgettext
from svcdesk.services import dashboards, data_quality
from svcdesk.services.data_quality import OPEN, STATES, Decision, Filter
from ui.models.choices import Choice
from ui.models.columns import Cell, ColumnDef
from ui.pages.reports.period_bar import OFFERED, offered
from ui.pages.wording import DASH, Words
from ui.widgets.filter_bar import FilterDef

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.services.data_quality import Finding, Key
    from svcdesk.services.desk import Desk
    from svcdesk.system.job import JobContext

KINDS = {
    "ticket": N_("Tickets"), "complaint": N_("Complaints"), "survey": N_("Survey answers"),
    "visit": N_("Visits"), "customer": N_("Customers"),
}  # fmt: skip
STATE_SIGNS: dict[str, tuple[str, str]] = {  # icon, colour
    OPEN: ("circle-alert", "warn"),
    Decision.EXCLUDED: ("ban", "text-2"),
    Decision.ACCEPTED: ("circle-check", "ok"),
    Decision.FIXED: ("wrench", "text-3"),
}


def state_word(state: str) -> str:
    """Return the name of a state."""
    return {
        OPEN: pgettext("finding", "Open"),
        Decision.EXCLUDED: pgettext("finding", "Excluded"),
        Decision.ACCEPTED: pgettext("finding", "Accepted"),
        Decision.FIXED: pgettext("finding", "Fixed"),
    }[state]


@dataclass(frozen=True)
class Line:
    """A finding as a row of the list."""

    id: int
    finding: Finding


class Numbers:
    """Numbers of findings that stay the same from one reading to the next."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int, str], int] = {}

    def of(self, key: Key) -> int:
        """Return the number of a finding."""
        return self._known.setdefault((key.entity, key.record_id, key.code), len(self._known) + 1)


class FindingSource:
    """A :class:`~ui.models.row_window.RowSource` over findings; rows are described when seen."""

    def __init__(self, desk: Desk, keys: Sequence[Key], numbers: Numbers) -> None:
        self._desk = desk
        self.keys = {numbers.of(key): key for key in keys}

    def first_page(self, limit: int) -> Sequence[Any]:
        """Return the first rows."""
        return self.rows(list(self.keys)[:limit])

    def ids(self, context: JobContext) -> array[int]:
        """Return the numbers of all findings."""
        context.check()
        return array("q", self.keys)

    def rows(self, ids: Sequence[int]) -> Sequence[Any]:
        """Return the lines of ``ids``."""
        wanted = {self.keys[number]: number for number in ids if number in self.keys}
        found = data_quality.describe(self._desk, list(wanted), current())
        return [Line(wanted[finding.key], finding) for finding in found]


def figures_text(finding: Finding) -> str:
    """Return the names of the figures that a finding is out of."""
    from svcdesk.domain.metrics.registry import metric

    return "\n".join(_(metric(m).label) for m in finding.metrics)


def _state(line: Line) -> Cell:
    state = line.finding.key.state
    word, (icon, ink) = state_word(state), STATE_SIGNS[state]
    tip = line.finding.reason and f"{word}: {line.finding.reason}"
    return Cell(word, icon, "text", ink, tip=tip)


def _out(line: Line) -> Cell:
    n = len(line.finding.metrics)
    if not n:
        return Cell(DASH, colour="text-3", tip=_("It takes the record out of no figure."))
    text = ngettext("{n} figure", "{n} figures", n).format(n=n)
    return Cell(text, tip=figures_text(line.finding))


def columns(words: Words) -> list[ColumnDef]:
    """Return the columns of the list."""
    return [
        ColumnDef("state", pgettext("column", "State"), _state, 96),
        ColumnDef("code", _("Code"), lambda line: Cell(line.finding.key.code,
                                                       tip=line.finding.meaning), 62),
        ColumnDef("kind", _("Kind"), lambda line: Cell(_(KINDS[line.finding.key.entity])), 84,
                  drop=3),
        ColumnDef("number", _("Record"), lambda line: Cell(line.finding.number), 140),
        ColumnDef("sentence", _("What is wrong"),
                  lambda line: Cell(line.finding.sentence, tip=line.finding.sentence), 300,
                  stretch=True, elide=True),
        ColumnDef("owner", _("Owner"), lambda line: Cell(line.finding.owner or DASH), 84, drop=2),
        ColumnDef("period", _("Period"), lambda line: Cell(line.finding.period), 74, drop=1),
        ColumnDef("since", pgettext("column", "Since"),
                  lambda line: Cell(words.day(line.finding.since)), 92, drop=4),
        ColumnDef("out", _("Out of"), _out, 84, drop=1),
    ]  # fmt: skip


def filters(desk: Desk) -> list[FilterDef]:
    """Return what the list can be narrowed by."""

    def people() -> list[Choice]:
        return [Choice(p.id, p.name) for p in desk.reference.people.values() if not p.is_bot]

    def periods() -> list[Choice]:
        found = [period for kind in OFFERED for period in offered(desk, kind)]
        return [Choice(period.code, period.title(current())) for period in found]

    return [
        FilterDef("state", pgettext("column", "State"),
                  lambda: [Choice(s, state_word(s)) for s in STATES], pinned=True),
        FilterDef("code", _("Code"),
                  lambda: [Choice(a.code, f"{a.code} {_(a.label)}") for a in ANOMALIES],
                  pinned=True),
        FilterDef("kind", _("Kind"), lambda: [Choice(k, _(word)) for k, word in KINDS.items()],
                  pinned=True),
        FilterDef("owner", _("Owner"), people, pinned=True),
        FilterDef("period", _("Period"), periods, many=False, pinned=True),
        FilterDef("out", _("Figures"),
                  lambda: [Choice(True, _("left out of some"))], many=False),
    ]  # fmt: skip


def wanted(desk: Desk, values: dict[str, list[Any]], numbers: Sequence[str] = ()) -> Filter:
    """Return what the chips ask for."""
    start = end = None
    if values.get("period"):
        period = dashboards.period_of(desk, str(values["period"][0]))
        start, end = period.start_at, period.end_at
    return Filter(start, end, tuple(values.get("code", ())), tuple(values.get("kind", ())),
                  tuple(values.get("owner", ())), tuple(values.get("state", ())),
                  tuple(numbers), bool(values.get("out")))  # fmt: skip
