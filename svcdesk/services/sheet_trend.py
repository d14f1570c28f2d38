"""The trend explorer: any metric, by any dimension, over any period, against any basis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from svcdesk.domain.basis import GIVEN, Against, Basis
from svcdesk.domain.chart import ChartKind, ChartSpec, Reference, Series
from svcdesk.domain.masking import mask_name
from svcdesk.domain.metrics.definition import Unit
from svcdesk.domain.metrics.registry import METRICS, metric
from svcdesk.services import dashboards
from svcdesk.services.sheet_cards import as_float, change_text
from svcdesk.services.sheet_charts import control, link_of
from svcdesk.services.sheet_tables import SheetRow, SheetTable
from svcdesk.store import comparing
from svcdesk.store.group_names import DIMENSIONS, ORDERED, group_names, in_order

if TYPE_CHECKING:
    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.domain.period import Period
    from svcdesk.i18n.catalog import Translator
    from svcdesk.services.sheet_scene import Scene

LINE, COLUMNS = "line", "columns"
FORMS = (LINE, COLUMNS)
SPANS = (6, 13, 24)  # months
LINES = 5  # groups drawn at once
BARS = 8
TIMES = frozenset({"day", "week", "month"})


@dataclass(frozen=True)
class Explore:
    """What is explored: a metric, by a dimension ("" for none), as lines or columns, how far."""

    metric: str = "csat_mean"
    by: str = ""
    form: str = LINE
    months: int = 13


def metrics_offered(t: Translator) -> list[tuple[str, str]]:
    """Return the metrics that can be explored with their names."""
    return [(m.id, t(m.label)) for m in METRICS]


def dimensions_offered(t: Translator, metric_id: str) -> list[tuple[str, str]]:
    """Return the dimensions by which a metric can be split."""
    if not metric(metric_id).per_group:
        return [(by, t(name)) for by, name in DIMENSIONS.items() if by in TIMES]
    return [(by, t(name)) for by, name in DIMENSIONS.items()]


def course(n: Scene, what: Explore, basis: Basis) -> ChartSpec:
    """Return the metric over the months, with its basis, target and control limits."""
    months = n.period.last_months(what.months)
    spec = n.trend(what.metric, months)
    series = [spec.series[0]]
    other = _basis_line(n, what.metric, months, basis)
    if other is not None:
        series = [replace(series[0], name=n.t("this one")), other]
    references = [*spec.references, *_given(n, what.metric, basis)]
    if n.limits:
        references += control(n, what.metric)
    title = n.t("{metric}, last {n} months").format(metric=spec.title, n=what.months)
    kind = ChartKind.LINE if what.form == LINE else ChartKind.COLUMNS
    return replace(
        spec, kind=kind, title=title, categories=n.labels(months), series=tuple(series),
        references=tuple(references), metric=what.metric,
    )  # fmt: skip


def _basis_line(n: Scene, metric_id: str, months: list[Period], basis: Basis) -> Series | None:
    """Return the line of what is compared with, month by month."""
    t = n.t
    if basis.against is Against.YOY:
        values = [as_float(f) for f in n.line(metric_id, [m.shifted(-12) for m in months])]
        return Series(t("a year before"), tuple(values))
    if basis.against in {Against.ROLL3, Against.PREV3}:
        back = 0 if basis.against is Against.ROLL3 else 1
        rolled = comparing.rolled(n.board, [metric_id], [m.shifted(-back) for m in months])
        name = t("rolling 3 months") if back == 0 else t("mean of the 3 months before")
        values = [None if v is None else float(v) for v in rolled[metric_id]]
        return Series(name, tuple(values))
    return None


def _given(n: Scene, metric_id: str, basis: Basis) -> list[Reference]:
    """Return the line of a baseline or an industry value."""
    if basis.against not in GIVEN:
        return []
    found = comparing.beside(n.board, [metric_id], n.period, basis)[metric_id]
    if found.base is None:
        return []
    name = n.t("baseline") if basis.against is Against.BASELINE else n.t("industry")
    return [Reference(float(found.base), f"{name} {found.figure.text(found.base)}")]


def grouped(n: Scene, what: Explore) -> ChartSpec:
    """Return the metric of the period by the dimension."""
    t, definition = n.t, metric(what.metric)
    everyone = groups = dashboards.groups(n.board, what.metric, n.period, what.by, t)
    if what.by not in ORDERED and what.by not in TIMES:
        groups = groups[:BARS]
    cut = t("the {n} largest of {all} groups").format(n=len(groups), all=len(everyone))
    kind = ChartKind.COLUMNS if what.by in TIMES or what.by in ORDERED else ChartKind.BARS
    names = _masked(n, what.by, [(g.key, g.name) for g in groups])
    target = n.figure(what.metric).target
    text = t("target {target}").format(target=n.shown_target(n.figure(what.metric)))
    return ChartSpec(
        kind,
        t("{metric} by {dimension}").format(
            metric=n.name(what.metric), dimension=t(DIMENSIONS[what.by])
        ),
        tuple(names[g.key] for g in groups),
        (Series("", tuple(as_float(g.figure) for g in groups),
                tuple(g.figure.display for g in groups),
                tuple(g.figure.n for g in groups) if definition.is_rate else ()),),
        unit=n.unit(definition), decimals=definition.decimals,
        references=() if target is None else (Reference(float(target), text),),
        hatched=frozenset(i for i, g in enumerate(groups) if g.figure.small_sample),
        note=cut if len(groups) < len(everyone) else "",
        drill=tuple((what.metric, _link(what.by, g.key)) for g in groups), metric=what.metric,
    )  # fmt: skip


def _link(by: str, key: Any) -> str:
    return str(key) if by in TIMES else link_of(**{by: key})


def _masked(n: Scene, by: str, names: list[tuple[Any, str]]) -> dict[Any, str]:
    """Return names of groups; those of colleagues as initials where rankings are not seen."""
    hides = by in {"agent", "handler", "technician"} and not n.rankings
    return {k: mask_name(name) if hides and k is not None else name for k, name in names}


def _by_month(
    n: Scene, what: Explore, months: list[Period]
) -> tuple[list[Any], dict[Any, str], list[dict[Any, Figure]]]:  # fmt: skip
    """Return the groups with most records, their names, and their figures of each month."""
    n.board.begin_groups([what.metric], months, what.by)
    found = [
        {g.key: g.figure for g in n.board.groups(what.metric, month, what.by)} for month in months
    ]
    sizes: dict[Any, int] = {}
    for month in found:
        for key, figure in month.items():
            sizes[key] = sizes.get(key, 0) + figure.n
    keys = sorted(sizes, key=lambda key: (-sizes[key], str(key)))
    if what.by in ORDERED:
        keys.sort(key=lambda key: in_order(what.by, key))
    names = group_names(n.board, what.by, keys, n.t)
    return keys, _masked(n, what.by, list(names.items())), found


def lines(n: Scene, what: Explore) -> ChartSpec:
    """Return the course of the groups with most records."""
    months = n.period.last_months(what.months)
    keys, names, found = _by_month(n, what, months)
    definition = metric(what.metric)
    shown = keys[:LINES]
    note = n.t("the {n} largest of {all} groups").format(n=len(shown), all=len(keys))
    return ChartSpec(
        ChartKind.LINE if what.form == LINE else ChartKind.COLUMNS,
        n.t("{metric} by {dimension}, last {n} months").format(
            metric=n.name(what.metric), dimension=n.t(DIMENSIONS[what.by]), n=what.months
        ),
        n.labels(months),
        tuple(
            Series(names[key], tuple(as_float(m[key]) if key in m else None for m in found))
            for key in shown
        ),
        unit=n.unit(definition), decimals=definition.decimals,
        note=note if len(keys) > len(shown) else "", metric=what.metric,
        y_max=100.0 if definition.unit is Unit.PERCENT else None,
        drill=tuple((what.metric, month.code) for month in months),
    )  # fmt: skip


def table(n: Scene, what: Explore, basis: Basis) -> SheetTable:
    """Return all values: the months below each other, or the groups by month."""
    t = n.t
    months = n.period.last_months(what.months)
    if not what.by or what.by in TIMES:
        return _months_table(n, what, basis, months)
    keys, names, found = _by_month(n, what, months)
    rows = []
    for key in keys:
        cells = [names[key]]
        for month in found:
            figure = month.get(key)
            cells.append("—" if figure is None else n.marked(figure))
        rows.append(SheetRow(tuple(cells), (what.metric, link_of(**{what.by: key}))))
    whole = n.line(what.metric, months)
    rows.append(SheetRow((t("All"), *(n.marked(f) for f in whole)), (what.metric, ""), strong=True))
    heads = (t(DIMENSIONS[what.by]), *(month.code for month in months))
    return SheetTable(
        t("{metric} by {dimension}").format(
            metric=n.name(what.metric), dimension=t(DIMENSIONS[what.by])
        ),
        heads, tuple(rows), right=frozenset(range(1, len(heads))), wide=True,
    )  # fmt: skip


def _months_table(n: Scene, what: Explore, basis: Basis, months: list[Period]) -> SheetTable:
    t, rows = n.t, []
    for month in reversed(months):
        found = comparing.beside(n.board, [what.metric], month, basis)[what.metric]
        figure = found.figure
        mark = t(" · Spring Festival in one of the two only") if found.festival else ""
        base = "—" if found.base is None else figure.text(found.base)
        rows.append(
            SheetRow(
                (month.code, n.marked(figure), n.sample(figure), n.shown_target(figure),
                 n.verdict(figure), base, change_text(basis, found.change, t) + mark),
                (what.metric, month.code),
            )
        )  # fmt: skip
    heads = (t("Month"), t("Value"), t("Sample"), t("Target"), t("Judgement"),
             t("Compared with"), t("Change"))  # fmt: skip
    return SheetTable(
        n.name(what.metric), heads, tuple(rows), right=frozenset({1, 2, 3, 5}), wide=True,
        most=len(rows),
    )  # fmt: skip
