"""What the reports page shows: per tab its cards and charts, all of one moment of the file.

Charts are the same declarations that the reports draw; a figure on the screen and one in the PDF
come from the same board (domain.md 0.1, rule 1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from svcdesk.domain.comparisons import Change, State
from svcdesk.domain.metrics.registry import metric
from svcdesk.domain.people import Permission, may
from svcdesk.domain.query import Op, Query
from svcdesk.domain.statistics import format_number
from svcdesk.i18n.catalog import N_, Translator
from svcdesk.reports.figures import Numbers
from svcdesk.services import dashboards, sheet_complaints, sheet_satisfaction
from svcdesk.services.sheet_charts import (
    COURSE,
    ageing,
    as_float,
    bars,
    csat_line,
    heat,
    pareto,
    share,
    trend,
    volume,
)
from svcdesk.store import breakdowns, report_lists

if TYPE_CHECKING:
    from svcdesk.domain.chart import ChartSpec
    from svcdesk.domain.period import Period
    from svcdesk.services.desk import Desk
    from svcdesk.services.sheet_tables import SheetTable
    from svcdesk.store.measures import Filters
    from svcdesk.system.job import JobContext

COMPOSITE = "composite"
MOM, YOY, PREV3 = "mom", "yoy", "prev3"
COMPARE_LABELS = {
    MOM: N_("MoM {change}"),
    YOY: N_("YoY {change}"),
    PREV3: N_("vs 3 months {change}"),
}
CARDS: dict[str, tuple[str, ...]] = {
    "overview": ("ticket_created", "csat_mean", "fcr_rate", "timely_rate",
                 "ontime_visit_rate", "frt_mean_min", "callback_rate", COMPOSITE),
    "response": ("frt_mean_min", "frt_p90_min", "frt_sla_rate", "frt_unresponded"),
    "resolution": ("res_mean_h", "res_sla_rate", "fcr_rate", "backlog_end",
                   "reopen_rate", "first_line_rate", "complex_cycle_wd", "overdue_total"),
    "complaints": ("complaint_received", "timely_rate", "completion_rate", "repeat_rate",
                   "second_rate", "ack_rate", "handling_mean_days", "group_count"),
    "satisfaction": ("csat_mean", "csat_rate", "nps", "csat_low_rate",
                     "survey_response_rate", "low_score_loop48_rate", "callback_rate",
                     "handling_csat_mean"),
}  # fmt: skip
TABS = tuple(CARDS)
# what lists which records behind a figure
ENTITIES = {"ticket": "ticket", "open_ticket": "ticket", "complaint": "complaint",
            "survey": "survey", "key_customer": "customer", "visit": "ticket",
            "quality_check": "ticket"}  # fmt: skip


@dataclass(frozen=True)
class Card:
    """One figure with everything needed to read it; texts are ready."""

    key: str
    name: str
    value: str
    unit: str
    sample: str
    met: bool | None
    target: str
    change: str
    better: bool | None
    rising: bool
    course: tuple[float | None, ...]
    course_target: float | None
    tip: str


@dataclass(frozen=True)
class View:
    """What a page shows: period, what it is compared with (mom, yoy, prev3), the filters."""

    period: Period
    against: str
    filters: Filters = field(default_factory=dict)
    brief: bool = False


@dataclass(frozen=True)
class Sheet:
    """One tab; ``flow`` is the reconciliation line, ``excluded`` the abnormal records left out."""

    cards: tuple[Card, ...]
    charts: tuple[ChartSpec, ...]
    tables: tuple[SheetTable, ...]
    flow: str
    excluded: int
    cut_off: int


def sheet(
    desk: Desk, tab: str, view: View, t: Translator, context: JobContext
) -> Sheet:  # fmt: skip
    """Return the cards, charts and tables of ``tab`` as ``view`` asks for them.

    A brief view has the cards alone: something to read while the rest is counted.
    """
    rankings = may(desk.roles, Permission.SEE_RANKINGS)
    period, against = view.period, view.against
    with dashboards.board(desk, filters=view.filters) as board:
        numbers = Numbers(board, period, t, rankings=rankings)
        told = CARDS[tab] if view.brief else (*CARDS[tab], *_TOLD.get(tab, ()))
        wanted = [metric_id for metric_id in told if metric_id != COMPOSITE]
        board.begin(wanted, period, period.last_months(COURSE))
        cards = []
        for metric_id in CARDS[tab]:
            context.check()
            card = _composite if metric_id == COMPOSITE else _card
            cards.append(card(numbers, metric_id, against))
        charts: list[ChartSpec] = []
        tables: list[SheetTable] = []
        for chart in () if view.brief else _CHARTS[tab]:
            context.check()
            charts.append(chart(numbers))
        for table in () if view.brief else _TABLES.get(tab, ()):
            context.check()
            tables.append(table(numbers))
        return Sheet(
            tuple(cards),
            tuple(charts),
            tuple(tables),
            "" if view.filters or view.brief else _flow(numbers),
            breakdowns.quality(board, period).flagged,
            board.as_of,
        )


# -- cards -------------------------------------------------------------------------------------


def _changes(numbers: Numbers, metric_id: str, against: str) -> Change:
    found = numbers.compared(metric_id)
    return {MOM: found.mom, YOY: found.yoy, PREV3: found.prev3}[against]


def _card(numbers: Numbers, metric_id: str, against: str) -> Card:
    t = numbers.t
    figure = numbers.figure(metric_id)
    change = _changes(numbers, metric_id, against)
    months = numbers.period.last_months(COURSE)
    course = [as_float(f) for f in numbers.line(metric_id, months)]
    sample = numbers.sample(figure)
    if figure.provisional:
        sample = (sample + " " + t("provisional")).strip()
    target = t("target {target}").format(target=numbers.shown_target(figure))
    return Card(
        metric_id,
        numbers.name(metric_id),
        figure.display.removesuffix("%") + ("※" if figure.small_sample else ""),
        "" if figure.value is None else numbers.unit(figure.metric),
        sample,
        figure.met,
        t("no target") if figure.target is None else target,
        t(COMPARE_LABELS[against]).format(change=change.short(t)),
        change.improved,
        change.state is State.UP,
        tuple(course),
        None if figure.target is None else float(figure.target),
        t(figure.metric.note),
    )


def _composite(numbers: Numbers, metric_id: str, _against: str) -> Card:
    t, board = numbers.t, numbers.board
    months = numbers.period.last_months(COURSE)
    found = board.composite(numbers.period)
    course = tuple(
        None if (total := board.composite(month).total) is None else float(total)
        for month in months
    )
    parts = [part for part in found.parts if part.score is not None]
    value = "—" if found.total is None else format_number(found.total, 1)
    band = "" if found.band is None else t("grade {band}").format(band=t(found.band))
    count = t("{n} of {all} metrics").format(n=len(parts), all=len(found.parts))
    note = t("Weighted score of the metrics with a weight, capped at their targets.")
    return Card(
        metric_id, t("Composite quality score"), value, t("points"), count, None, band, "", None,
        rising=True, course=course, course_target=None, tip=note,
    )  # fmt: skip


# counted with the cards, in the same passes
_TOLD = {
    "complaints": (*sheet_complaints.RATIOS, *sheet_complaints.CLASSES),
    "satisfaction": (*sheet_satisfaction.RATIOS, *sheet_satisfaction.FUNNEL),
}
_TABLES = {"complaints": sheet_complaints.TABLES, "satisfaction": sheet_satisfaction.TABLES}
_CHARTS = {
    "overview": (
        lambda n: pareto(n, "complaint_received", "category", n.t("Complaints by category")),
        volume,
        csat_line,
        heat,
    ),
    "response": (
        lambda n: trend(n, "frt_mean_min"),
        lambda n: bars(n, "frt_mean_min", "channel", n.t("Mean first response by channel")),
        lambda n: share(n, "frt_sla_rate"),
        heat,
    ),
    "resolution": (
        lambda n: share(n, "res_sla_rate"),
        lambda n: pareto(n, "overdue_reasons", "overdue_reason", n.t("Reasons for delay")),
        lambda n: share(n, "fcr_rate"),
        ageing,
        lambda n: pareto(n, "ticket_created", "issue", n.t("Tickets by issue type")),
        lambda n: bars(n, "fcr_rate", "agent", n.t("One-time resolution by agent")),
    ),
    "complaints": sheet_complaints.CHARTS,
    "satisfaction": sheet_satisfaction.CHARTS,
}


def _flow(numbers: Numbers) -> str:
    found = breakdowns.flow(numbers.board, numbers.period)
    return numbers.t(
        "Open before {opening} + received {created} − cancelled {cancelled} − resolved {resolved} "
        "= open at the end {closing}"
    ).format(
        opening=found.opening, created=found.created, cancelled=found.cancelled,
        resolved=found.resolved, closing=found.closing,
    )  # fmt: skip


# -- drill-down --------------------------------------------------------------------------------


def _keys_in(by: str, text: str) -> tuple[Any, ...]:
    """Return the groups that a link names: ages are words, keys of lists and records numbers."""
    if by == "age":
        return (text,)
    parts = text.split(",")
    if all(not part or part.isdigit() for part in parts):
        return tuple(int(part) if part else None for part in parts)
    return (text,)


def records_behind(
    desk: Desk, metric_id: str, period: Period, group: str = "", filters: Filters | None = None
) -> Query | None:
    """Return the list of records behind a figure; None when no list shows such records.

    ``group`` is a link of a chart: groups ``by=key``, the code of another period and the part of
    the figure (num, den, excluded, not_yet_due), divided by “&”.
    """
    part, chosen = "den", dict(filters or {})
    for piece in filter(None, group.split("&")):
        by, equals, text = piece.partition("=")
        if equals:
            chosen[by] = _keys_in(by, text)
        elif piece in dashboards.PARTS:
            part = piece
        else:
            period = dashboards.period_of(desk, piece)
    source = str(metric(metric_id).source)
    entity = ENTITIES.get(source)
    numbers = dashboards.drill(desk, metric_id, period, part, filters=chosen)
    if source == "visit":
        numbers = [number.partition("/")[0] for number in numbers]
    if source == "group":
        keys = report_lists.group_keys(desk.reader, numbers)
        return Query("complaint").where("group_id", Op.IN, *keys)
    if entity is None:
        return None
    return Query(entity).where("number", Op.IN, *dict.fromkeys(numbers))
