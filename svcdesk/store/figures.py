"""Figures of one moment: metrics over periods and groups, with targets and drill-down.

A :class:`Board` reads within one transaction, so that every figure of a screen or report is of
the same moment. Screen, report, workbook and command line all take their numbers here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from svcdesk.domain.comparisons import Change, compare
from svcdesk.domain.localtime import DAY, local_date
from svcdesk.domain.metrics.definition import Kind, MetricDef
from svcdesk.domain.metrics.figure import Figure, Inputs, Tally, figure_of, pooled
from svcdesk.domain.metrics.manual import described
from svcdesk.domain.metrics.manual import metric_id as typed_metric
from svcdesk.domain.metrics.registry import METRICS, metric, with_parts
from svcdesk.domain.period import Period
from svcdesk.domain.score import Composite, composite
from svcdesk.store import given_figures, kept, measures
from svcdesk.store.facts import facts_of
from svcdesk.store.given_figures import WHOLE_DESK, scope_of
from svcdesk.store.measures import Filters, Run, Tallies

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from svcdesk.store.connection import Connection
    from svcdesk.store.reference import Reference

_LATE = 7 * DAY  # records may begin this long after a period that counts are compared with
NO_TALLY = Tally()
BY_DAY = "day"  # the days of a month, kept like the groups of a dimension
BY_DAY_PARTS = tuple(
    dict.fromkeys(part for m in METRICS if m.formula.startswith("peak_") for part in m.parts)
)


@dataclass(frozen=True)
class Compared:
    """A figure beside those of other periods (3.9).

    ``mom`` against the period before, ``yoy`` against last year, ``prev3`` against the three
    months before (months only). An incomplete period is not compared with a whole one.
    """

    figure: Figure
    previous: Figure
    year_ago: Figure
    mom: Change
    yoy: Change
    prev3: Change
    prev3_value: Fraction | None


@dataclass(frozen=True)
class GroupFigure:
    """The figure of one group; ``share`` of the whole for counts (0–1)."""

    key: Any
    figure: Figure
    share: Fraction | None = None


class Board:
    """All figures of one data file at one cut-off."""

    def __init__(
        self, connection: Connection, reference: Reference, as_of: int,
        filters: Filters | None = None,
    ) -> None:  # fmt: skip
        self.run = Run(connection, as_of, reference, dict(filters or {}))
        self.as_of = as_of
        self.reference = reference
        self.zone = str(reference.settings["timezone"])
        self._begin = given_figures.first_moment(connection)
        self._own_figures = given_figures.own_figures(connection)
        self._targets = given_figures.scoped_targets(connection)
        self._cache: dict[tuple[str, str | None, str], dict[Any, Tally]] = {}
        self.kept = kept.Kept(self.run)
        self._unfiltered: Board | None = None

    # -- counting --------------------------------------------------------------------------

    def _count(
        self, metrics: Iterable[MetricDef], periods: Sequence[Period], by: str | None
    ) -> None:
        """Count what is not known yet, all in as few passes as possible.

        Months are counted once, or known from the kept sums; longer periods are made of them.
        """
        wanted = [m for m in metrics if m.kind is not Kind.OF_OTHERS]
        missing = [m for m in wanted if any((m.id, by, p.code) not in self._cache for p in periods)]
        made_of = {p.code: p.whole_months() for p in periods}
        months = {m.code: m for found in made_of.values() for m in found}
        parts = [m for m in missing if kept.adds(m)]
        self._count_months(parts, list(months.values()), by)
        for m in parts:
            for code, found in made_of.items():
                if found and (m.id, by, code) not in self._cache:
                    self._cache[m.id, by, code] = self._joined(m, found, by)
        uncut = [p for p in periods if not made_of[p.code]]
        self._count_now(parts, uncut, by)
        self._count_now([m for m in missing if not kept.adds(m)], periods, by)

    def _joined(
        self, metric: MetricDef, months: Sequence[Period], by: str | None
    ) -> dict[Any, Tally]:
        """Return what months come to together: their sum, of a state that of the last one."""
        if metric.is_stock:
            begun = [month for month in months if month.start_at < self.as_of]
            return self._cache[metric.id, by, begun[-1].code] if begun else {}
        groups: dict[Any, Tally] = {}
        for month in months:
            for key, tally in self._cache[metric.id, by, month.code].items():
                groups.setdefault(key, Tally()).add(tally)
        return groups

    def _count_months(
        self, metrics: Sequence[MetricDef], months: Sequence[Period], by: str | None
    ) -> None:
        """Take the sums of months that are kept; count the others, and offer them for keeping."""
        self._pick_groups(metrics, months, by)
        found = self.kept.read(metrics, months, by)
        for (metric_id, code), groups in found.items():
            self._cache.setdefault((metric_id, by, code), groups)
        for gaps, group in _by_gaps(metrics, months, by, self._cache).items():
            self._count_now(group, gaps, by)
            for m in group:
                for month in gaps:
                    self.kept.offer(m, month, by, self._cache[m.id, by, month.code])

    @property
    def to_keep(self) -> kept.Kept:
        """Return the sums of all records that were counted on the way."""
        return self.kept if self._unfiltered is None else self._unfiltered.kept

    def _pick_groups(
        self, metrics: Sequence[MetricDef], months: Sequence[Period], by: str | None
    ) -> None:
        """Under one filter, take its groups from the sums by that dimension.

        All groups are counted at once and kept, so that the next group needs no counting.
        """
        if len(self.run.filters) != 1:
            return
        (dimension, keys), *_ = self.run.filters.items()
        split = [m for m in metrics if by in {None, dimension} and self._splits(m, dimension)]
        if not split:
            return
        if self._unfiltered is None:
            self._unfiltered = Board(self.run.connection, self.reference, self.as_of)
        whole = self._unfiltered
        whole.begin_groups([m.id for m in split], months, dimension)
        for m in split:
            for month in months:
                groups = whole.tallies(m.id, month, dimension)
                chosen = {key: groups[key] for key in dict.fromkeys(keys) if key in groups}
                if by is None:
                    chosen = {None: pooled(list(chosen.values()))} if chosen else {}
                self._cache.setdefault((m.id, by, month.code), chosen)

    def _splits(self, definition: MetricDef, dimension: str) -> bool:
        """Tell whether all records of a metric belong to one group of a dimension each."""
        facts = facts_of(definition.source, self.reference, at_end=definition.cohort is None)
        return definition.per_group and all(dimension in one.dims for one in facts)

    def _count_now(
        self, metrics: Sequence[MetricDef], periods: Sequence[Period], by: str | None
    ) -> None:
        """Count from the records."""
        if not (metrics and periods):
            return
        found: Tallies = measures.count(self.run, metrics, periods, by)
        for m in metrics:
            for period in periods:
                self._cache[m.id, by, period.code] = found[m.id].get(period.code, {})

    def tally(self, metric_id: str, period: Period) -> Tally:
        """Return the tally of a metric that is counted itself."""
        self._count([metric(metric_id)], [period], None)
        return self._cache[metric_id, None, period.code].get(None, NO_TALLY)

    def tallies(self, metric_id: str, period: Period, by: str) -> dict[Any, Tally]:
        """Return the tallies of a metric by the groups of a dimension."""
        self._count([metric(metric_id)], [period], by)
        return self._cache[metric_id, by, period.code]

    def _by_day(self, metric_id: str, period: Period) -> dict[Any, Tally]:
        """Return the tallies of the days of a period that have any."""
        months = period.whole_months()
        if not months:
            return self.count_days(metric_id, period)
        found: dict[Any, Tally] = {}
        for month in months:
            key = (metric_id, BY_DAY, month.code)
            if key not in self._cache:
                self._days_of(month)
            found |= self._cache[key]
        return found

    def _days_of(self, month: Period) -> None:
        """Take or count the days of a month, of all metrics that are asked for by day."""
        wanted = [metric(part) for part in BY_DAY_PARTS]
        held = self.kept.read(wanted, [month], BY_DAY)
        missing = [m for m in wanted if (m.id, month.code) not in held]
        days = [day for day in month.days_list() if day.start_at < self.as_of]
        self._count(missing, days, None)
        for m in wanted:
            self._cache[m.id, BY_DAY, month.code] = (
                self._told_by_day(m, days) if m in missing else held[m.id, month.code]
            )
        for m in missing:
            self.kept.offer(m, month, BY_DAY, self._cache[m.id, BY_DAY, month.code])

    def _told_by_day(self, definition: MetricDef, days: Sequence[Period]) -> dict[Any, Tally]:
        """Return the days of a metric that have any, once they are counted."""
        tallies = {d.code: self._cache[definition.id, None, d.code].get(None) for d in days}
        return {code: t for code, t in tallies.items() if t is not None}

    def count_days(self, metric_id: str, period: Period) -> dict[Any, Tally]:
        """Count the days of a period from the records; days without any are left out."""
        days = [day for day in period.days_list() if day.start_at < self.as_of]
        self._count([metric(metric_id)], days, None)
        return self._told_by_day(metric(metric_id), days)

    def _end_so_far(self, period: Period) -> Any:
        """Return the day after the last one that has begun at the cut-off."""
        return min(period.end, local_date(self.as_of - 1, self.zone) + timedelta(days=1))

    def _inputs(self, period: Period, group: Any = None, by: str | None = None) -> Inputs:
        def part(metric_id: str) -> Tally:
            if by is None:
                return self.tally(metric_id, period)
            return self.tallies(metric_id, period, by).get(group, NO_TALLY)

        months = [m.code for m in period.whole_months()]  # typed by month: no part of one
        connection, alone = self.run.connection, bool(self.run.filters)
        return Inputs(
            period=period,
            params=self.run.params,
            part=part,
            by_day=lambda metric_id: self._by_day(metric_id, period),
            by_group=lambda metric_id, dimension: self.tallies(metric_id, period, dimension),
            working_days=lambda: self.reference.calendar.working_days(
                period.start, self._end_so_far(period)
            ),
            days_so_far=lambda: max(0, (self._end_so_far(period) - period.start).days),
            orders=lambda: None if alone else given_figures.order_volume(connection, months),
            spare_parts=lambda: None if alone else given_figures.spare_parts(connection, months),
            typed=lambda key, summed: (
                None if alone else given_figures.typed_value(connection, key, months, summed=summed)
            ),
        )

    # -- figures ---------------------------------------------------------------------------

    def own_metrics(self) -> list[MetricDef]:
        """Return the typed figures of the team's own that are in use."""
        return [
            described(metric(typed_metric(one.key)), [one])
            for one in self._own_figures
            if not one.retired
        ]

    def has_data(self, period: Period) -> bool:
        """Tell whether the period lies within the life of the data."""
        begin = self._begin
        return begin is not None and begin < period.end_at and period.start_at < self.as_of

    def compares_with(self, period: Period) -> bool:
        """Tell whether counts may be compared with those of a period: records span it.

        When they begin more than a week after it, they are a part of what happened: 8000 tickets
        against the 27 of its last days are no growth. It is then no base (3.9: missing).
        """
        begin = self._begin
        return self.has_data(period) and begin is not None and begin <= period.start_at + _LATE

    def figures(
        self, metric_ids: Sequence[str], periods: Sequence[Period]
    ) -> dict[str, dict[str, Figure]]:
        """Return for each metric the figure of each period (by its code)."""
        live = [p for p in periods if self.has_data(p)]
        self._count(with_parts(list(metric_ids)), live, None)
        for definition in map(metric, metric_ids):
            if definition.parts and definition.by:  # made of groups
                self._count(map(metric, definition.parts), live, definition.by)
        return {
            metric_id: {p.code: self.figure(metric_id, p) for p in periods}
            for metric_id in metric_ids
        }

    def figure(self, metric_id: str, period: Period) -> Figure:
        """Return one figure."""
        definition = metric(metric_id)
        if definition.external:
            definition = described(definition, self._own_figures)
        return self._make(definition, self._inputs(period), period)

    def _make(
        self, definition: MetricDef, inputs: Inputs, period: Period, scope: str = WHOLE_DESK
    ) -> Figure:
        target, threshold, _ = self.target(definition, period, scope)
        return figure_of(
            definition, inputs, self.as_of, target=target, threshold=threshold,
            # what is typed needs no records of the desk
            has_data=(definition.external or self.has_data(period)) and self.covers(definition),
        )  # fmt: skip

    def covers(self, definition: MetricDef) -> bool:
        """Tell whether a metric can be told under the filters: all its records have the fields."""
        return not self.run.filters or all(
            self.run.covers(facts)
            for part in with_parts([definition.id])
            if part.kind is not Kind.OF_OTHERS
            for facts in facts_of(part.source, self.reference, at_end=part.cohort is None)
        )

    def series(
        self, metric_ids: Sequence[str], periods: Sequence[Period]
    ) -> dict[str, list[Figure]]:
        """Return each metric over ``periods`` in their order, e.g. 13 months for a column chart."""
        found = self.figures(metric_ids, periods)
        return {m: [found[m][p.code] for p in periods] for m in metric_ids}

    def begin_groups(
        self, metric_ids: Sequence[str], periods: Sequence[Period], by: str
    ) -> None:  # fmt: skip
        """Count metrics by a dimension for several periods in one go."""
        wanted = [m for m in with_parts(list(metric_ids)) if m.per_group and self.covers(m)]
        self._count(wanted, [p for p in periods if self.has_data(p)], by)

    def begin(
        self, metric_ids: Sequence[str], period: Period, others: Sequence[Period]
    ) -> None:  # fmt: skip
        """Count metrics for a period, what it is compared with, and ``others`` in one go."""
        self.figures(metric_ids, [*_compared_with(period)[0], *others])

    def compared(self, metric_ids: Sequence[str], period: Period) -> dict[str, Compared]:
        """Return each metric with its comparisons: month on month, year on year, prev3."""
        periods, before, window = _compared_with(period)
        found = self.figures(metric_ids, periods)
        return {
            metric_id: self._compare(found[metric_id], period, before, window)
            for metric_id in metric_ids
        }

    def _compare(
        self,
        found: dict[str, Figure],
        period: Period,
        before: Sequence[Period],
        window: Sequence[Period],
    ) -> Compared:
        figure, previous = found[period.code], found[period.previous.code]
        year_ago = found[period.year_ago.code]
        definition = figure.metric
        now = None if period.incomplete(self.as_of) else figure.value
        mean = _prev3(definition, [found[p.code] for p in before], [found[w.code] for w in window])
        scale, direction = definition.comparison, definition.direction
        adds = definition.kind is Kind.COUNT or definition.formula == "sum"

        def base(other: Period) -> Fraction | None:
            part = adds and not definition.external and not self.compares_with(other)
            return None if part else found[other.code].value

        if before and base(before[-1]) is None:
            mean = None
        return Compared(
            figure, previous, year_ago,
            compare(now, base(period.previous), scale, direction),
            compare(now, base(period.year_ago), scale, direction),
            compare(now, mean, scale, direction),
            mean,
        )  # fmt: skip

    def groups(self, metric_id: str, period: Period, by: str) -> list[GroupFigure]:
        """Return the figures of a metric by the groups of a dimension, largest sample first.

        Metrics of others are split when all their parts can be.
        """
        definition = metric(metric_id)
        if not (definition.per_group and self.has_data(period) and self.covers(definition)):
            return []
        parts = [m for m in with_parts([metric_id]) if m.kind is not Kind.OF_OTHERS]
        self._count(parts, [period], by)
        keys: dict[Any, None] = {}
        for part in parts:
            keys.update(dict.fromkeys(self.tallies(part.id, period, by)))
        found = [
            (
                key,
                self._make(definition, self._inputs(period, key, by), period, scope_of(by, key)),
            )
            for key in keys
        ]
        whole = sum(figure.n for _, figure in found)
        counts = definition.kind is Kind.COUNT or definition.formula == "sum"
        result = [
            GroupFigure(key, figure, Fraction(figure.n, whole) if counts and whole else None)
            for key, figure in found
            if figure.n or figure.excluded or figure.not_yet_due
        ]
        return sorted(result, key=lambda g: (-g.figure.n, str(g.key)))

    # -- targets and score -----------------------------------------------------------------

    def target(
        self, definition: MetricDef, period: Period, scope: str = WHOLE_DESK
    ) -> tuple[Fraction | None, Fraction | None, int]:
        """Return target, threshold and weight valid in the last month of the period (2.13).

        A group (``scope``, e.g. ``department:17``) without a target of its own has that of the
        whole desk.
        """
        month = period.months()[-1].code
        target, threshold = definition.target, definition.threshold
        weight = definition.score_weight
        stored = self._targets.get(definition.id, {})
        for place in dict.fromkeys((WHOLE_DESK, scope)):
            valid = [row for row in stored.get(place, ()) if row[0] <= month]
            if valid and (place == WHOLE_DESK or valid[-1][1:3] != (None, None)):
                _, goal, alarm, weight = valid[-1]
                target = None if goal is None else Fraction(str(goal))
                threshold = None if alarm is None else Fraction(str(alarm))
        return target, threshold, weight

    def composite(self, period: Period) -> Composite:
        """Return the composite quality score of the period (3.10)."""
        weighed = [(m, *self.target(m, period)) for m in METRICS]
        weighed = [row for row in weighed if row[3] > 0]
        found = self.figures([m.id for m, *_ in weighed], [period])
        return composite(
            [
                (m.id, found[m.id][period.code].value, target, m.direction, weight)
                for m, target, _, weight in weighed
            ]
        )

    # -- drill-down ------------------------------------------------------------------------

    def drill(
        self, metric_id: str, period: Period, part: str, by: str | None = None, group: Any = None
    ) -> list[str]:
        """Return the record numbers behind ``part`` (num, den, excluded, not_yet_due)."""
        definition = metric(metric_id)
        if definition.kind is not Kind.OF_OTHERS:
            return measures.drill(self.run, definition, period, part, by, group)
        numbers: set[str] = set()
        for behind, its_part in _behind(definition, part):
            numbers.update(self.drill(behind, period, its_part, by, group))
        if definition.formula == "complement" and part == "num":
            numbers -= set(self.drill(definition.parts[0], period, "num", by, group))
        return sorted(numbers)


def _by_gaps(
    metrics: Sequence[MetricDef], months: Sequence[Period], by: str | None, known: Container[Any]
) -> dict[tuple[Period, ...], list[MetricDef]]:
    """Return the metrics by the months in which they are still to be counted."""
    found: dict[tuple[Period, ...], list[MetricDef]] = {}
    for m in metrics:
        gaps = tuple(month for month in months if (m.id, by, month.code) not in known)
        if gaps:
            found.setdefault(gaps, []).append(m)
    return found


def _compared_with(period: Period) -> tuple[list[Period], list[Period], list[Period]]:
    """Return the periods of a comparison: all of them, the three months before, and their window."""
    before = [period.shifted(-i) for i in (1, 2, 3)] if period.kind == "month" else []
    window = _window(before)
    return [period, period.previous, period.year_ago, *before, *window], before, window


def _window(before: Sequence[Period]) -> list[Period]:
    """Return the three months before as one range, for pooling."""
    if not before:
        return []
    first, last = before[-1], before[0]
    return [Period("range", first.year, 0, first.start, last.end, first.start_day, first.zone)]


def _prev3(
    definition: MetricDef, months: Sequence[Figure], window: Sequence[Figure]
) -> Fraction | None:
    """Return the mean of the three months before: counts averaged, rates pooled (3.9)."""
    values = [figure.value for figure in months]
    if len(values) != 3 or any(value is None for value in values):
        return None
    if definition.is_pooled:
        return window[0].value
    return sum((value for value in values if value is not None), Fraction(0)) / 3


def _behind(definition: MetricDef, part: str) -> list[tuple[str, str]]:
    """Return the parts of other metrics that stand behind a part of a composed one."""
    parts = definition.parts
    if not parts:
        return []
    if part not in {"num", "den"}:
        return [(of, part) for of in parts]
    if definition.formula in {"quotient", "clearance"}:
        return [(parts[-1], "den")] if part == "den" else [(of, "den") for of in parts[:-1]]
    if definition.formula == "peak_delay":
        return [(parts[1], "den")]
    return [(of, "den") for of in parts]
