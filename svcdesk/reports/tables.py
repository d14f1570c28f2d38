"""Tables and charts that several chapters have: changes, months side by side, two dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.chart import ChartKind, ChartSpec, Series, Sums
from svcdesk.domain.comparisons import State
from svcdesk.domain.metrics.definition import Unit
from svcdesk.domain.metrics.registry import metric
from svcdesk.reports.chart_specs import upright_or_not
from svcdesk.reports.crossed import crossed
from svcdesk.reports.figures import signed
from svcdesk.reports.model import Column, Table

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.domain.period import Period
    from svcdesk.reports.figures import Numbers

LISTED = 30  # groups with a row of their own; the largest
MOST = 10  # rows and columns of a heat table; the rest is named below it


def as_float(figure: Figure) -> float | None:
    """Return a value as charts take it."""
    return None if figure.value is None else float(figure.value)


def changes(
    n: Numbers, caption: str, metric_ids: Sequence[str], *, difference: bool = True
) -> Table:
    """Return figures of this and the last period with the difference, its rate, and last year.

    ``difference``: in the unit of the figure, beside the rate that rates themselves do not have.
    """
    t, rows = n.t, []
    shown = [n.compared(metric_id) for metric_id in metric_ids]
    if all(c.figure.value is None and c.previous.value is None for c in shown):
        metric_ids = ()
    missing = [m for m in metric_ids if n.unknown(m)]
    metric_ids = [m for m in metric_ids if m not in missing]
    for metric_id in metric_ids:
        found = n.compared(metric_id)
        now, before = found.figure, found.previous
        apart = "—"
        compared = found.mom.state is not State.MISSING
        if compared and now.value is not None and before.value is not None:
            sign = "+" if now.value > before.value else "−" if now.value < before.value else ""
            apart = sign + n.gap(now.metric, abs(now.value - before.value))
        rows.append(
            (n.labelled(metric_id), n.in_cell(now), n.in_cell(before, marks=False), apart,
             found.mom.short(t), n.in_cell(found.year_ago, marks=False), found.yoy.short(t))
        )  # fmt: skip
    columns = (
        Column(t("Metric")), Column(t("This period"), right=True),
        Column(t("Last period"), right=True), Column(t("Change"), right=True),
        Column(t("MoM") if n.period.kind == "month"
               else t("Change rate") if difference else t("Change"), right=True),
        Column(t("Last year"), right=True), Column(t("YoY"), right=True),
    )  # fmt: skip
    places = [place for place in range(len(columns)) if difference or place != 3]
    return Table(
        caption, tuple(columns[place] for place in places),
        tuple(tuple(row[place] for place in places) for row in rows),
        notes=(*n.notes(metric_ids), *n.without_data(missing)),
    )  # fmt: skip


def side_by_side(
    n: Numbers, caption: str, metric_ids: Sequence[str], periods: Sequence[tuple[str, Period]],
    *, target: bool = True,
) -> Table:  # fmt: skip
    """Return figures over several periods, each in its column under its heading."""
    t = n.t
    found = n.board.figures(list(metric_ids), [period for _, period in periods])
    rows = []
    if all(found[m][period.code].value is None for m in metric_ids for _, period in periods):
        metric_ids = ()
    missing = [
        m for m in metric_ids if all(found[m][period.code].value is None for _, period in periods)
    ]
    metric_ids = [m for m in metric_ids if m not in missing]
    for metric_id in metric_ids:
        figures = [found[metric_id][period.code] for _, period in periods]
        row = [_with_unit(n, metric_id), *(f.display + n.marks(f) for f in figures)]
        rows.append(tuple([*row, n.shown_target(n.figure(metric_id))] if target else row))
    columns = [Column(t("Metric"))]
    columns += [Column(heading, right=True) for heading, _ in periods]
    if target:
        columns.append(Column(t("Target"), right=True))
    notes = [*n.marks_told(cell for row in rows for cell in row), *n.without_data(missing)]
    return Table(caption, tuple(columns), tuple(rows), notes=tuple(notes), links=tuple(metric_ids))


def _with_unit(n: Numbers, metric_id: str) -> str:
    """Return a metric's name with its unit, so that narrow columns hold numbers alone."""
    if not n.t.chinese:
        return n.labelled(metric_id)
    definition = metric(metric_id)
    unit = "" if definition.unit is Unit.PERCENT else n.unit(definition)
    return n.counted(n.name(metric_id), unit) if unit else n.name(metric_id)


def months_of(n: Numbers, count: int) -> list[tuple[str, Period]]:
    """Return the last months up to the period's last one, each under its code."""
    return [(month.code, month) for month in n.period.last_months(count)]


def attainment(n: Numbers, caption: str, metric_ids: Sequence[str]) -> Table:
    """Return figures against their targets: gap and judgement; those without left out."""
    t, rows = n.t, []
    for metric_id in metric_ids:
        figure = n.figure(metric_id)
        if figure.target is None or figure.value is None:
            continue
        sign = "+" if figure.value >= figure.target else "−"
        gap = sign + n.gap(figure.metric, abs(figure.value - figure.target))
        rows.append(
            (n.labelled(metric_id), n.in_cell(figure), n.sample(figure) or "—", n.shown_target(figure),
             gap, n.verdict(figure))
        )  # fmt: skip
    columns = (
        Column(t("Metric"), share=0.3), Column(t("Actual"), right=True),
        Column(t("Sample"), right=True), Column(t("Target"), right=True),
        Column(t("Gap"), right=True), Column(t("Judgement")),
    )  # fmt: skip
    return Table(caption, columns, tuple(rows), notes=tuple(
        n.marks_told(cell for row in rows for cell in row[1:])))  # fmt: skip


def matrix(n: Numbers, title: str, metric_id: str, first: str, second: str) -> ChartSpec:
    """Return the heat table of a count by two dimensions: rows × columns, the largest first."""

    def shown(dimension: str, counts: Counter[Any]) -> list[Any]:
        return [g.key for _, g in n.groups(metric_id, dimension) if g.key in counts][:MOST]

    found = crossed(n, metric_id, first, second, shown)
    return ChartSpec(
        ChartKind.HEAT, title, found.column_names, found.series,
        note=(
            n.t("{n} records in further rows and columns").format(n=found.left)
            if found.left else ""
        ),
        row_names=found.row_names, metric=metric_id, unit=n.t("Total"), sums=Sums.BOTH,
    )  # fmt: skip


def columns_over(
    n: Numbers, title: str, series: Sequence[tuple[str, str]], periods: Sequence[Period]
) -> ChartSpec:
    """Return columns of ``(metric, name)`` over periods, the reported one set in bold."""
    found = n.board.figures([metric_id for metric_id, _ in series], periods)
    return ChartSpec(
        ChartKind.COLUMNS,
        title,
        n.labels(periods),
        tuple(
            Series(name, tuple(as_float(found[metric_id][p.code]) for p in periods))
            for metric_id, name in series
        ),
        emphasis=len(periods) - 1,
        drill=tuple((series[0][0], period.code) for period in periods),
        bands=n.events(periods),
    )


def by_group(
    n: Numbers, caption: str, head: str, by: str, metric_ids: Sequence[str]
) -> Table:  # fmt: skip
    """Return figures side by side for the groups of a dimension, each over its own sample."""
    t = n.t
    n.board.begin_groups(metric_ids, [n.period], by)
    found = [{group.key: (name, group.figure) for name, group in n.groups(m, by)}
             for m in metric_ids]  # fmt: skip
    rows = []
    keys = list(dict.fromkeys(key for groups in found for key in groups))
    keys.sort(key=lambda key: key is None)
    for key in keys[:LISTED]:
        name = next(groups[key][0] for groups in found if key in groups)
        cells = [name]
        for groups in found:
            figure = groups[key][1] if key in groups else None
            cells += ["—", "—"] if figure is None else [n.in_cell(figure), n.sample(figure) or "—"]
        rows.append(tuple(cells))
    columns = [Column(head, share=0.22)]
    for metric_id in metric_ids:
        columns += [Column(n.labelled(metric_id), right=True), Column(t("Sample"), right=True)]
    notes = []
    if len(keys) > LISTED:
        notes.append(t("… and {n} more").format(n=len(keys) - LISTED))
    notes += n.marks_told(cell for row in rows for cell in row[1:])
    return Table(caption, tuple(columns), tuple(rows), notes=tuple(notes))


def now_and_before(
    n: Numbers, title: str, metric_id: str, by: str, limit: int = 8
) -> ChartSpec:  # fmt: skip
    """Return clustered columns of a count by a dimension: this and the last period."""
    found = n.groups(metric_id, by)
    groups = found[:limit]
    before = {g.key: g.figure.n for _, g in n.groups(metric_id, by, n.period.previous)}
    base = tuple(float(before.get(group.key, 0)) for _, group in groups)
    known = n.board.has_data(n.period.previous)
    return ChartSpec(
        upright_or_not(name for name, _ in groups),
        title,
        tuple(name for name, _ in groups),
        (
            Series(n.t("This period"), tuple(float(g.figure.n) for _, g in groups)),
            *((Series(n.t("Last period"), base),) if known else ()),
        ),
        drill=tuple((metric_id, f"{by}={group.key}") for _, group in groups),
        note=n.left_out(found, limit),
    )


def change_bars(n: Numbers, title: str, metric_id: str, by: str) -> ChartSpec:
    """Return by how much each group of a count changed against last period, the most first."""
    groups = n.groups(metric_id, by)
    before = {g.key: g.figure.n for _, g in n.groups(metric_id, by, n.period.previous)}
    rows = []
    for name, group in groups:
        base = before.get(group.key, 0)
        rows.append((group.figure.n - base, name, n.change_rate(group.figure.n, base)))
    rows.sort(key=lambda row: -abs(row[0]))
    shown = rows[:MOST]
    return ChartSpec(
        ChartKind.BARS,
        title,
        tuple(name for _, name, _ in shown),
        (
            Series(
                n.t("Change"), tuple(float(delta) for delta, *_ in shown),
                tuple(
                    signed(delta) if text == "—" else n.counted(signed(delta), text)
                    for delta, _, text in shown
                ),
            ),
        ),
        metric=metric_id,
        note=n.left_out(rows, MOST),
    )  # fmt: skip
