"""What the reports page shows: per tab its cards and charts, all of one moment of the file.

Charts are the same declarations that the reports draw; a figure on the screen and one in the PDF
come from the same board (domain.md 0.1, rule 1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from svcdesk.domain.chart import ChartKind, ChartSpec, Reference, Series
from svcdesk.domain.comparisons import Change, State
from svcdesk.domain.masking import mask_name
from svcdesk.domain.metrics.registry import metric
from svcdesk.domain.people import Permission, may
from svcdesk.domain.query import Op, Query
from svcdesk.domain.statistics import format_number
from svcdesk.i18n.catalog import N_, Translator
from svcdesk.reports.figures import Numbers
from svcdesk.services import dashboards
from svcdesk.store import breakdowns, report_lists

if TYPE_CHECKING:
    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.domain.period import Period
    from svcdesk.services.desk import Desk
    from svcdesk.store.measures import Filters
    from svcdesk.system.job import JobContext

COMPOSITE = "composite"
COURSE = 6  # months in the little line of a card
BARS = 10  # groups of a bar chart
YEAR = 13  # months of a column chart
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
class Sheet:
    """One tab; ``flow`` is the reconciliation line, ``excluded`` the abnormal records left out."""

    cards: tuple[Card, ...]
    charts: tuple[ChartSpec, ...]
    flow: str
    excluded: int
    cut_off: int


def sheet(
    desk: Desk, tab: str, period: Period, against: str, t: Translator, context: JobContext
) -> Sheet:
    """Return the cards and charts of ``tab`` for ``period``; ``against``: mom, yoy or prev3."""
    rankings = may(desk.roles, Permission.SEE_RANKINGS)
    with dashboards.board(desk) as board:
        numbers = Numbers(board, period, t, rankings=rankings)
        cards = []
        for metric_id in CARDS[tab]:
            context.check()
            card = _composite if metric_id == COMPOSITE else _card
            cards.append(card(numbers, metric_id, against))
        charts = []
        for chart in _CHARTS[tab]:
            context.check()
            charts.append(chart(numbers))
        return Sheet(
            tuple(cards),
            tuple(charts),
            _flow(numbers),
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
    course = [_float(f) for f in numbers.line(metric_id, months)]
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


def _float(figure: Figure) -> float | None:
    return None if figure.value is None else float(figure.value)


# -- charts ------------------------------------------------------------------------------------


def _key(by: str, key: Any) -> str:
    """Return the link of a group: ``channel=12``; empty: records without a value."""
    return f"{by}={'' if key is None else key}"


def _pareto(numbers: Numbers, metric_id: str, by: str, title: str) -> ChartSpec:
    t = numbers.t
    data = dashboards.pareto_of(numbers.board, metric_id, numbers.period, by, t)
    note = t("{n} records").format(n=data.total) if data.total else ""
    return ChartSpec(
        ChartKind.PARETO,
        title,
        tuple(data.names[bar.key] for bar in data.bars),
        (Series(t("Count"), tuple(float(bar.count) for bar in data.bars)),),
        note=note,
        vital=frozenset(i for i, bar in enumerate(data.bars) if bar.vital),
        hatched=frozenset(i for i, bar in enumerate(data.bars) if bar.key == "other"),
        drill=tuple((metric_id, _key(by, data.keys[bar.key])) for bar in data.bars),
    )


def _columns(
    numbers: Numbers, metric_ids: tuple[str, ...], title: str, names: tuple[str, ...]
) -> ChartSpec:
    months = numbers.period.last_months(YEAR)
    series = [
        Series(name, tuple(_float(f) for f in numbers.line(metric_id, months)))
        for metric_id, name in zip(metric_ids, names, strict=True)
    ]
    return ChartSpec(
        ChartKind.COLUMNS,
        title,
        numbers.labels(months),
        tuple(series),
        unit=numbers.unit(metric(metric_ids[0])),
        emphasis=len(months) - 1,
        drill=tuple((metric_ids[0], month.code) for month in months),
    )


def _share(numbers: Numbers, metric_id: str) -> ChartSpec:
    """Return a line of a share; when all of it lies high, the axis is cut and says so."""
    spec = _trend(numbers, metric_id)
    known = [v for v in spec.series[0].values if v is not None]
    lowest = min([*known, *(r.value for r in spec.references)], default=0.0)
    cut = max(0.0, (lowest - 5) // 10 * 10)
    if cut < 50:
        return replace(spec, y_min=0.0, y_max=100.0)
    note = numbers.t("axis {low}–{high} (cut)").format(low=int(cut), high=100)
    return replace(spec, y_min=cut, y_max=100.0, note=note)


def _trend(numbers: Numbers, metric_id: str, months: int = COURSE, **axis: Any) -> ChartSpec:
    periods = numbers.period.last_months(months)
    spec = numbers.trend(metric_id, periods, **axis)
    title = numbers.t("{metric}, last {n} months").format(metric=spec.title, n=months)
    return replace(spec, title=title, categories=numbers.labels(periods))


def _bars(numbers: Numbers, metric_id: str, by: str, title: str) -> ChartSpec:
    t = numbers.t
    groups = dashboards.groups(numbers.board, metric_id, numbers.period, by, t)[:BARS]
    definition = metric(metric_id)
    masked = by == "agent" and not numbers.rankings
    names = [mask_name(g.name) if masked else g.name for g in groups]
    target = numbers.figure(metric_id).target
    references: tuple[Reference, ...] = ()
    if target is not None:
        text = t("target {target}").format(target=numbers.shown_target(numbers.figure(metric_id)))
        references = (Reference(float(target), text),)
    return ChartSpec(
        ChartKind.BARS,
        title,
        tuple(names),
        (
            Series(
                "",
                tuple(_float(g.figure) for g in groups),
                tuple(g.figure.display for g in groups),
                tuple(g.figure.n for g in groups),
            ),
        ),
        unit=numbers.unit(definition),
        references=references,
        decimals=definition.decimals,
        hatched=frozenset(i for i, g in enumerate(groups) if g.figure.small_sample),
        drill=tuple((metric_id, _key(by, g.key)) for g in groups),
    )


def _heat(numbers: Numbers) -> ChartSpec:
    t = numbers.t
    table = breakdowns.heat(numbers.board, numbers.period)
    busy = [hour for hour in range(24) if any(row[hour] for row in table)]
    first, last = (busy[0], busy[-1]) if busy else (9, 17)
    hours = range(first, last + 1)
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    rows = [Series(t(day), tuple(float(table[i][h]) for h in hours)) for i, day in enumerate(days)]
    total = sum(map(sum, table))
    return ChartSpec(
        ChartKind.HEAT,
        t("Peaks: weekday × hour"),
        tuple(str(h) for h in hours),
        tuple(rows) if total else (),
        note=t("{n} tickets").format(n=total),
        row_names=tuple(t(day) for day in days),
    )


def _classes(numbers: Numbers) -> ChartSpec:
    t = numbers.t
    months = numbers.period.last_months(COURSE)
    ids = ("complaint_on_time", "complaint_late_resolved", "complaint_overdue_open",
           "complaint_not_yet_due", "complaint_withdrawn")  # fmt: skip
    return ChartSpec(
        ChartKind.STACKED,
        t("Complaints by outcome"),
        numbers.labels(months),
        tuple(
            Series(numbers.name(m), tuple(_float(f) for f in numbers.line(m, months))) for m in ids
        ),
        drill=tuple(("complaint_received", month.code) for month in months),
    )


def _ageing(numbers: Numbers) -> ChartSpec:
    t = numbers.t
    found = dashboards.groups(numbers.board, "backlog_ageing", numbers.period, "age", t)
    return ChartSpec(
        ChartKind.COLUMNS,
        t("Backlog by age"),
        tuple(g.name for g in found),
        (Series("", tuple(float(g.figure.n) for g in found)),),
        drill=tuple(("backlog_ageing", _key("age", g.key)) for g in found),
    )


def _volume(n: Numbers) -> ChartSpec:
    names = (n.t("received"), n.t("resolved"))
    title = n.t("Tickets received and resolved, {n} months").format(n=YEAR)
    return _columns(n, ("ticket_created", "ticket_resolved"), title, names)


def _received(n: Numbers) -> ChartSpec:
    title = n.t("Complaints received, {n} months").format(n=YEAR)
    return _columns(n, ("complaint_received",), title, ("",))


def _csat(n: Numbers) -> ChartSpec:
    note = n.t("axis {low}–{high} (cut)").format(low=3, high=5)
    return _trend(n, "csat_mean", y_min=3.0, y_max=5.0, note=note)


_CHARTS = {
    "overview": (
        lambda n: _pareto(n, "complaint_received", "category", n.t("Complaints by category")),
        _volume,
        _csat,
        _heat,
    ),
    "response": (
        lambda n: _trend(n, "frt_mean_min"),
        lambda n: _bars(n, "frt_mean_min", "channel", n.t("Mean first response by channel")),
        lambda n: _share(n, "frt_sla_rate"),
        _heat,
    ),
    "resolution": (
        lambda n: _share(n, "res_sla_rate"),
        lambda n: _pareto(n, "overdue_reasons", "overdue_reason", n.t("Reasons for delay")),
        lambda n: _share(n, "fcr_rate"),
        _ageing,
        lambda n: _pareto(n, "ticket_created", "issue", n.t("Tickets by issue type")),
        lambda n: _bars(n, "fcr_rate", "agent", n.t("One-time resolution by agent")),
    ),
    "complaints": (
        lambda n: _pareto(n, "complaint_received", "category", n.t("Complaints by category")),
        _received,
        lambda n: _pareto(n, "complaint_received", "department", n.t("By responsible department")),
        _classes,
        lambda n: _share(n, "timely_rate"),
        lambda n: _trend(n, "second_rate"),
    ),
    "satisfaction": (
        _csat,
        lambda n: _trend(n, "nps"),
        lambda n: _bars(n, "csat_mean", "agent", n.t("Mean satisfaction by agent")),
        lambda n: _bars(n, "csat_mean", "channel", n.t("Mean satisfaction by channel")),
        lambda n: _trend(n, "csat_low_rate"),
        lambda n: _share(n, "callback_rate"),
    ),
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


def link_of(**groups: Any) -> str:
    """Return the link of a group or cell: ``channel=12&csat=5``; empty: without a value."""
    return "&".join(f"{by}={'' if key is None else key}" for by, key in groups.items())


def _key_in(text: str) -> Any:
    if not text:
        return None
    return int(text) if text.lstrip("-").isdigit() else text


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
            chosen[by] = (_key_in(text),)
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
