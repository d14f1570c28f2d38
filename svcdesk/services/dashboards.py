"""Figures for the screen, the command line and the reports' pages, with drill-down.

Every function takes the Desk and reads one moment of the file. ``as_of`` is the data cut-off in
UTC seconds; left out, it is now.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from svcdesk.domain.comparisons import Change, compare
from svcdesk.domain.complaint import ComplaintClass
from svcdesk.domain.lists import OTHER
from svcdesk.domain.localtime import local_date
from svcdesk.domain.metrics.definition import UNIT_LABELS, Kind
from svcdesk.domain.metrics.registry import METRICS, metric
from svcdesk.domain.period import Period, month_of, parse_period
from svcdesk.domain.statistics import Bar, pareto
from svcdesk.i18n.catalog import Translator, current
from svcdesk.store import breakdowns, data_scope, kept
from svcdesk.store.figures import Board, Compared, GroupFigure
from svcdesk.store.group_names import DIMENSIONS, ORDERED, code_of, group_names, in_order
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.domain.score import Composite
    from svcdesk.services.desk import Desk
    from svcdesk.store.measures import Filters

PARTS = ("num", "den", "excluded", "not_yet_due")
_TIME = frozenset({"day", "week", "month"})


def period_of(desk: Desk, text: str) -> Period:
    """Read a period with the team's month start and zone."""
    settings = desk.reference.settings
    return parse_period(text, settings["period_start_day"], settings["timezone"])


def this_month(desk: Desk) -> Period:
    """Return the labelled month that is running, on whatever day the team's months start."""
    settings = desk.reference.settings
    zone = settings["timezone"]
    return month_of(local_date(desk.clock.now(), zone), settings["period_start_day"], zone)


def begun(desk: Desk, period: Period) -> bool:
    """Tell whether a period has begun."""
    return period.start_at <= desk.clock.now()


@contextmanager
def board(
    desk: Desk, as_of: int | None = None, filters: Filters | None = None
) -> Iterator[Board]:  # fmt: skip
    """Give a board: all figures of one moment of the file at one cut-off.

    ``filters`` (dimension → groups) hold for every figure of it, above and below the line.
    """
    reference = desk.reference
    with desk.reading() as connection:
        found = Board(connection, reference, desk.clock.now() if as_of is None else as_of, filters)
        yield found
        seen = kept.top(connection)
    desk.keep(found.to_keep, seen)


def all_metric_ids() -> list[str]:
    """Return the ids of all metrics in the order of the dictionary."""
    return [m.id for m in METRICS]


def figures(
    desk: Desk, period: Period, as_of: int | None = None, metric_ids: Sequence[str] | None = None
) -> dict[str, Figure]:
    """Return the figure of each metric for one period (all metrics when none are named)."""
    ids = list(metric_ids or all_metric_ids())
    with board(desk, as_of) as b:
        return {m: found[period.code] for m, found in b.figures(ids, [period]).items()}


def compared(
    desk: Desk, period: Period, metric_ids: Sequence[str], as_of: int | None = None
) -> dict[str, Compared]:
    """Return each metric with MoM, YoY and prev3 (3.9)."""
    with board(desk, as_of) as b:
        return b.compared(metric_ids, period)


def trends(
    desk: Desk, period: Period, metric_ids: Sequence[str], months: int, as_of: int | None = None
) -> dict[str, list[Figure]]:
    """Return each metric over the last ``months`` months up to the period's last one."""
    with board(desk, as_of) as b:
        return b.series(metric_ids, period.last_months(months))


def composite_score(desk: Desk, period: Period, as_of: int | None = None) -> Composite:
    """Return the composite quality score with its parts (3.10)."""
    with board(desk, as_of) as b:
        return b.composite(period)


# -- groups ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """One group of a dimension: key for drill-down, code, name, figure, share, change to MoM."""

    key: Any
    code: str
    name: str
    figure: Figure
    share: Fraction | None
    mom: Change


def _pieces(period: Period, by: str) -> list[Period]:
    """Return the months, days or ISO weeks of a period.

    A week runs from Monday to Sunday; the first and the last are cut at the edges of the period,
    so that the weeks of a period add up to it.
    """
    if by == "month":
        return period.months()
    days = period.days_list()
    if by == "day":
        return days
    weeks: list[list[Period]] = []
    for day in days:
        if not weeks or day.start.weekday() == 0:
            weeks.append([])
        weeks[-1].append(day)
    return [
        Period("range", week[0].year, 0, week[0].start, week[-1].end, period.start_day, period.zone)
        for week in weeks
    ]  # fmt: skip


def piece_name(piece: Period, by: str) -> str:
    """Return the name of a month, day or week: ``2026-W10`` of a week, as in ISO 8601."""
    if by != "week":
        return piece.start.isoformat() if by == "day" else piece.code
    year, number, _ = piece.start.isocalendar()
    return f"{year}-W{number:02d}"


def _time_groups(b: Board, metric_id: str, period: Period, by: str) -> list[GroupFigure]:
    parts = _pieces(period, by)
    found = b.figures([metric_id], parts)[metric_id]
    return [GroupFigure(p.code, found[p.code]) for p in parts]


def groups(
    b: Board, metric_id: str, period: Period, by: str, t: Translator | None = None
) -> list[Group]:
    """Return a metric by the groups of ``by``, largest first, with the change to the period before.

    Ages and times keep their own order; an unknown dimension is refused.
    """
    words = t or current()
    if by not in DIMENSIONS:
        raise UserError(
            "“{value}” is not a dimension. Use one of: {list}.",
            code="dimension",
            value=by,
            list=", ".join(DIMENSIONS),
        )
    if by in _TIME:
        found, before = _time_groups(b, metric_id, period, by), {}
        names: dict[Any, str] = {p.code: piece_name(p, by) for p in _pieces(period, by)}
    else:
        b.begin_groups([metric_id], [period, period.previous], by)
        found = b.groups(metric_id, period, by)
        before = {g.key: g.figure for g in b.groups(metric_id, period.previous, by)}
        names = group_names(b, by, [g.key for g in found], words)
        if by in ORDERED:
            found.sort(key=lambda g: in_order(by, g.key))
    definition = metric(metric_id)
    counts = definition.kind is Kind.COUNT or definition.formula == "sum"
    whole = b.compares_with if counts else b.has_data
    known = whole(period.previous) and not period.incomplete(b.as_of) and by not in _TIME
    result = []
    for g in found:
        earlier = before.get(g.key)
        base = earlier.value if earlier is not None else Fraction(0) if counts else None
        change = compare(
            g.figure.value, base if known else None, definition.comparison, definition.direction
        )
        result.append(Group(g.key, code_of(b, by, g.key), names[g.key], g.figure, g.share, change))
    return result


def by_dimension(
    desk: Desk,
    metric_id: str,
    period: Period,
    by: str,
    as_of: int | None = None,
    t: Translator | None = None,
) -> list[Group]:
    """Return a metric by the groups of a dimension."""
    with board(desk, as_of) as b:
        return groups(b, metric_id, period, by, t)


@dataclass(frozen=True)
class ParetoData:
    """Bars of a Pareto chart with the names of their keys; ``keys`` are for drill-down."""

    bars: list[Bar]
    names: dict[str, str]
    keys: dict[str, Any]

    @property
    def total(self) -> int:
        """Return the number of records behind the chart."""
        return sum(bar.count for bar in self.bars)


def pareto_of(
    b: Board, metric_id: str, period: Period, by: str, t: Translator | None = None
) -> ParetoData:
    """Return the Pareto bars of a count by a dimension; 其他 is last and never vital (3.11)."""
    found = groups(b, metric_id, period, by, t)
    order = {item.id: item.sort for item in b.reference.items.values()}
    found.sort(key=lambda g: (order.get(g.key, 0), str(g.key)))
    codes: dict[str, Group] = {}
    for g in found:
        codes[OTHER if g.code == OTHER else f"{g.code}#{g.key}"] = g
    bars = pareto([(code, g.figure.n) for code, g in codes.items()])
    return ParetoData(
        bars, {c: g.name for c, g in codes.items()}, {c: g.key for c, g in codes.items()}
    )


# -- complaints, flow, quality -----------------------------------------------------------------


def complaint_classes(b: Board, period: Period) -> dict[ComplaintClass, int]:
    """Return how many received complaints are in each of the five classes; they add up (3.7)."""
    ids = [f"complaint_{code}" for code in ComplaintClass]
    found = b.figures(ids, [period])
    return {code: found[f"complaint_{code}"][period.code].num or 0 for code in ComplaintClass}


def flow(desk: Desk, period: Period, as_of: int | None = None) -> breakdowns.Flow:
    """Return the reconciliation line of a period (3.3)."""
    with board(desk, as_of) as b:
        return breakdowns.flow(b, period)


def heat(desk: Desk, period: Period, as_of: int | None = None) -> list[list[int]]:
    """Return tickets received by weekday (Monday first) and hour."""
    with board(desk, as_of) as b:
        return breakdowns.heat(b, period)


def quality(desk: Desk, period: Period, as_of: int | None = None) -> data_scope.Quality:
    """Return the counts of appendix B: records, anomalies, years without notice."""
    with board(desk, as_of) as b:
        return data_scope.quality(b, period)


# -- drill-down and answers for programs -------------------------------------------------------


def drill(
    desk: Desk,
    metric_id: str,
    period: Period,
    part: str = "den",
    as_of: int | None = None,
    *,
    filters: Filters | None = None,
) -> list[str]:
    """Return the record numbers behind a figure: ``num``, ``den``, ``excluded``, ``not_yet_due``.

    For counts ``num`` and ``den`` are the counted records. ``filters`` narrow them to groups.
    """
    if part not in PARTS:
        raise UserError(
            "“{value}” is not a part of a figure. Use one of: {list}.",
            code="part",
            value=part,
            list=", ".join(PARTS),
        )
    with board(desk, as_of, filters) as b:
        return b.drill(metric_id, period, part)


def answer(
    desk: Desk,
    period: Period,
    as_of: int | None = None,
    *,
    by: str | None = None,
    only: Sequence[str] | None = None,
    t: Translator | None = None,
    filters: Filters | None = None,
) -> dict[str, Any]:
    """Return what ``svcdesk metrics --json`` prints: per metric its figure, or its groups."""
    with board(desk, as_of, filters) as b:
        ids = list(only or [*all_metric_ids(), *(m.id for m in b.own_metrics())])
        if by is None:
            found = b.figures(ids, [period])
            values: dict[str, Any] = {m: found[m][period.code].to_json() for m in ids}
        else:
            values = {
                m: [
                    {
                        "group": g.name,
                        "code": g.code,
                        **g.figure.to_json(),
                        "share": None if g.share is None else float(100 * g.share),
                    }
                    for g in groups(b, m, period, by, t)
                ]
                for m in ids
                if metric(m).per_group
            }
            values = {m: rows for m, rows in values.items() if rows}
        return {"period": period.code, "as_of": b.as_of, "by": by, "metrics": values}


def definition_rows(t: Translator | None = None) -> list[dict[str, str]]:
    """Return the dictionary for help, settings and appendix A: id, name, unit, definition."""
    words = t or current()
    return [
        {
            "id": m.id,
            "name": words(m.label),
            "unit": words(UNIT_LABELS[m.unit]),
            "note": words(m.note),
            "direction": str(m.direction),
        }
        for m in METRICS
    ]
