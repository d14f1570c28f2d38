"""Charts of the reports page, each a declaration that screen and report draw alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from svcdesk.domain.chart import ChartKind, ChartSpec, Reference, Series
from svcdesk.domain.lists import OTHER
from svcdesk.domain.masking import mask_name
from svcdesk.domain.metrics.definition import Unit
from svcdesk.domain.metrics.registry import metric
from svcdesk.domain.statistics import control_limits, format_number
from svcdesk.i18n.catalog import N_
from svcdesk.i18n.labels import code_label
from svcdesk.reports.crossed import crossed
from svcdesk.services import dashboards
from svcdesk.services.sheet_cards import COURSE, as_float
from svcdesk.store import breakdowns, measures
from svcdesk.store.group_names import item_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.reports.figures import Numbers

MOST_BARS = 8  # of a chart; the rest is gathered (3.11)
YEAR = 13  # months of a column chart
_LOW, _HIGH = N_("−2σ"), N_("+2σ")


def link_of(**groups: Any) -> str:
    """Return the link of a group or cell: ``channel=12&csat=5``; empty: without a value."""
    return "&".join(f"{by}={'' if key is None else key}" for by, key in groups.items())


def pareto(numbers: Numbers, metric_id: str, by: str, title: str) -> ChartSpec:
    """Return the Pareto chart of a count by a dimension: at most eight bars (3.11)."""
    t = numbers.t
    data = dashboards.pareto_of(numbers.board, metric_id, numbers.period, by, t)
    shown, rest = data.bars, data.bars[:0]
    if len(shown) > MOST_BARS:
        shown, rest = data.bars[: MOST_BARS - 1], data.bars[MOST_BARS - 1 :]
    names = [data.names[bar.key] for bar in shown]
    counts = [float(bar.count) for bar in shown]
    links = [link_of(**{by: data.keys[bar.key]}) for bar in shown]
    if rest:
        names.append(t("Others ({n})").format(n=len(rest)))
        counts.append(float(sum(bar.count for bar in rest)))
        keys = [data.keys[bar.key] for bar in rest]
        links.append(f"{by}=" + ",".join("" if key is None else str(key) for key in keys))
    return ChartSpec(
        ChartKind.PARETO,
        title,
        tuple(names),
        (Series(t("Count"), tuple(counts)),),
        note=t("{n} records").format(n=data.total) if data.total else "",
        vital=frozenset(i for i, bar in enumerate(shown) if bar.vital),
        hatched=frozenset(i for i in range(len(names)) if i >= len(shown) or shown[i].key == OTHER),
        drill=tuple((metric_id, link) for link in links),
    )


def columns(
    numbers: Numbers, metric_ids: tuple[str, ...], title: str, names: tuple[str, ...]
) -> ChartSpec:
    """Return columns over 13 months."""
    months = numbers.period.last_months(YEAR)
    series = [
        Series(name, tuple(as_float(f) for f in numbers.line(metric_id, months)))
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


def share(numbers: Numbers, metric_id: str) -> ChartSpec:
    """Return a line of a share; when all of it lies high, the axis is cut and says so."""
    spec = trend(numbers, metric_id)
    known = [v for v in spec.series[0].values if v is not None]
    lowest = min([*known, *(r.value for r in spec.references)], default=0.0)
    cut = max(0.0, (lowest - 5) // 10 * 10)
    if cut < 50:
        return replace(spec, y_min=0.0, y_max=100.0)
    note = numbers.t("axis {low}–{high} (cut)").format(low=int(cut), high=100)
    return replace(spec, y_min=cut, y_max=100.0, note=note)


def trend(numbers: Numbers, metric_id: str, months: int = COURSE, **axis: Any) -> ChartSpec:
    """Return a line over months with its target."""
    periods = numbers.period.last_months(months)
    spec = numbers.trend(metric_id, periods, **axis)
    title = numbers.t("{metric}, last {n} months").format(metric=spec.title, n=months)
    references = spec.references
    if getattr(numbers, "limits", False):
        references = (*references, *control(numbers, metric_id))
    return replace(spec, title=title, categories=numbers.labels(periods), references=references)


def control(numbers: Numbers, metric_id: str) -> tuple[Reference, ...]:
    """Return the control limits of a figure: mean ± 2 σ of its last twelve whole months."""
    t, as_of = numbers.t, numbers.board.as_of
    months = [m for m in numbers.period.last_months(YEAR) if not m.incomplete(as_of)][-12:]
    figures = numbers.line(metric_id, months)
    rate = metric(metric_id).unit is Unit.PERCENT
    found = control_limits(
        [figure.value for figure in figures], floor=0 if rate else None,
        ceiling=100 if rate else None,
    )  # fmt: skip
    if found is None:
        return ()
    return tuple(
        Reference(value, f"{t(name)} {format_number(value, metric(metric_id).decimals)}")
        for value, name in ((found.low, _LOW), (found.high, _HIGH))
    )


def bars(numbers: Numbers, metric_id: str, by: str, title: str) -> ChartSpec:
    """Return bars by a dimension, the largest samples first; below n = 5 hatched."""
    t = numbers.t
    groups = dashboards.groups(numbers.board, metric_id, numbers.period, by, t)[:MOST_BARS]
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
                tuple(as_float(g.figure) for g in groups),
                tuple(g.figure.display for g in groups),
                tuple(g.figure.n for g in groups) if definition.is_rate else (),
            ),
        ),
        unit=numbers.unit(definition),
        references=references,
        decimals=definition.decimals,
        hatched=frozenset(i for i, g in enumerate(groups) if g.figure.small_sample),
        drill=tuple((metric_id, link_of(**{by: g.key})) for g in groups),
    )


def counts(numbers: Numbers, metric_id: str, by: str, title: str) -> ChartSpec:
    """Return how many records of a figure are in each group, in the order of the groups' names."""
    found = dashboards.groups(numbers.board, metric_id, numbers.period, by, numbers.t)
    found.sort(key=lambda group: str(group.key), reverse=True)
    return ChartSpec(
        ChartKind.BARS,
        title,
        tuple(group.name for group in found),
        (Series("", tuple(float(group.figure.n) for group in found)),),
        drill=tuple((metric_id, link_of(**{by: group.key})) for group in found),
    )


def heat(numbers: Numbers) -> ChartSpec:
    """Return tickets received by weekday and hour."""
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


def ageing(numbers: Numbers) -> ChartSpec:
    """Return the backlog by age."""
    t = numbers.t
    found = dashboards.groups(numbers.board, "backlog_ageing", numbers.period, "age", t)
    return ChartSpec(
        ChartKind.COLUMNS,
        t("Backlog by age"),
        tuple(g.name for g in found),
        (Series("", tuple(float(g.figure.n) for g in found)),),
        drill=tuple(("backlog_ageing", link_of(age=g.key)) for g in found),
    )


def volume(n: Numbers) -> ChartSpec:
    """Return tickets received and resolved over 13 months."""
    names = (n.t("received"), n.t("resolved"))
    title = n.t("Tickets received and resolved, {n} months").format(n=YEAR)
    return columns(n, ("ticket_created", "ticket_resolved"), title, names)


def received(n: Numbers) -> ChartSpec:
    """Return complaints received over 13 months."""
    title = n.t("Complaints received, {n} months").format(n=YEAR)
    return columns(n, ("complaint_received",), title, ("",))


def csat_line(n: Numbers) -> ChartSpec:
    """Return the mean satisfaction over six months."""
    note = n.t("axis {low}–{high} (cut)").format(low=3, high=5)
    return trend(n, "csat_mean", y_min=3.0, y_max=5.0, note=note)


def stacked(numbers: Numbers, title: str, metric_id: str, by: str,
            groups: Sequence[tuple[Any, str]]) -> ChartSpec:  # fmt: skip
    """Return a metric's records by the groups of a dimension, a bar for each of six months."""
    months = numbers.period.last_months(COURSE)
    known = [numbers.board.has_data(month) for month in months]
    numbers.board.begin_groups([metric_id], months, by)
    tallies = [numbers.board.tallies(metric_id, month, by) for month in months]
    return ChartSpec(
        ChartKind.STACKED,
        title,
        numbers.labels(months),
        tuple(
            Series(name, tuple(float(found[key].n if key in found else 0) if has else None
                               for found, has in zip(tallies, known, strict=True)))
            for key, name in groups
        ),
        drill=tuple((metric_id, f"{month.code}&{link_of(**{by: key})}")
                    for key, _ in groups for month in months),
    )  # fmt: skip


def split(
    numbers: Numbers, title: str, metric_ids: Sequence[str], *, link: str
) -> ChartSpec:  # fmt: skip
    """Return counts that add up to ``link``, a bar for each of six months."""
    months = numbers.period.last_months(COURSE)
    found = numbers.board.series(metric_ids, months)
    whole = numbers.figure(link)
    return ChartSpec(
        ChartKind.STACKED,
        title,
        numbers.labels(months),
        tuple(Series(numbers.name(m), tuple(as_float(f) for f in found[m])) for m in metric_ids),
        note=numbers.t("{n} records").format(n=whole.n) if whole.n else "",
        drill=tuple((m, month.code) for m in metric_ids for month in months),
    )


def matrix(numbers: Numbers, title: str, metric_id: str, first: str, second: str) -> ChartSpec:
    """Return the heat table of a count by two dimensions: rows × columns, the largest first."""
    t = numbers.t
    found = crossed(
        numbers, metric_id, first, second,
        lambda _dimension, counts: [key for key, _ in counts.most_common(MOST_BARS)],
    )  # fmt: skip
    note = t("{n} records").format(n=found.total) if found.total else ""
    if found.left:
        note += t(", {n} not shown").format(n=found.left)
    return ChartSpec(
        ChartKind.HEAT, title, found.column_names, found.series, note=note,
        row_names=found.row_names,
        drill=tuple((metric_id, link_of(**{first: r, second: c}))
                    for r in found.rows for c in found.columns),
    )  # fmt: skip


def listed(numbers: Numbers, title: str, metric_id: str, name: str) -> ChartSpec:
    """Return bars of a dimension with several values per record, such as pain tags."""
    found = measures.spread(numbers.board.run, metric(metric_id), numbers.period, name)
    order = sorted(found, key=lambda key: (-found[key].n, str(key)))[:MOST_BARS]
    names = {key: _listed_name(numbers, name, key) for key in order}
    return ChartSpec(
        ChartKind.BARS,
        title,
        tuple(names[key] for key in order),
        (Series("", tuple(float(found[key].n) for key in order)),),
        note=numbers.t("a record may have several") if order else "",
        drill=tuple((metric_id, link_of(**{name: key})) for key in order),
    )


def _listed_name(numbers: Numbers, name: str, key: Any) -> str:
    item = numbers.board.reference.items.get(key)
    if item is not None:
        return item_name(item, numbers.t)
    kind = {"remedy": "Remedy", "failed_item": "QualityItem"}.get(name)
    return str(key) if kind is None else code_label(kind, str(key), numbers.t)
