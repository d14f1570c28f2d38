"""Invariants of every report (domain.md 5.8), on random desks and at any cut-off."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcdesk.domain.metrics.definition import Kind
from svcdesk.domain.metrics.figure import Tally
from svcdesk.domain.metrics.registry import METRICS
from svcdesk.domain.period import parse_period
from svcdesk.services import dashboards
from svcdesk.store import measures
from svcdesk.store.facts import facts_of
from svcdesk.store.figures import Board
from svcdesk.store.group_names import DIMENSIONS
from tests.metrics.desks import Desk, cut_offs, desks, reference

if TYPE_CHECKING:
    from svcdesk.domain.metrics.definition import MetricDef
    from svcdesk.domain.period import Period

QUARTER, MARCH = parse_period("2026-Q1"), parse_period("2026-03")
COUNTED = [m for m in METRICS if m.kind is not Kind.OF_OTHERS]
SPLIT = tuple(by for by in DIMENSIONS if by not in {"day", "week", "month"})
QUIET = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
PARETO = ("category", "channel", "department", "product", "severity", "overdue_reason")


def dimensions_of(metric: MetricDef) -> set[str]:
    """Return the dimensions that every way to read the metric's records has."""
    ways = facts_of(metric.source, reference(), at_end=metric.cohort is None)
    return set.intersection(*(set(facts.dims) for facts in ways)) & set(SPLIT)


def added(tallies: list[Tally]) -> tuple[object, ...]:
    return (
        sum(t.n for t in tallies), sum(t.total for t in tallies), sum(t.divisor for t in tallies),
        sum(t.excluded for t in tallies), sum(t.not_yet_due for t in tallies),
        sorted(v for t in tallies for v in t.values),
        set().union(*(t.keys for t in tallies)),
        set().union(*(t.marked_keys for t in tallies)),
    )  # fmt: skip


def whole(tally: Tally) -> tuple[object, ...]:
    return added([tally])


@settings(QUIET, max_examples=12)
@given(desks, cut_offs)
def test_every_distribution_sums_to_its_total(desk: Desk, as_of: int) -> None:
    run = measures.Run(desk.store(), as_of, reference())
    periods = [MARCH, QUARTER]
    totals = measures.count(run, COUNTED, periods)
    for by in SPLIT:
        metrics = [m for m in COUNTED if by in dimensions_of(m)]
        groups = measures.count(run, metrics, periods, by)
        for metric in metrics:
            for period in periods:
                total = totals[metric.id].get(period.code, {}).get(None, Tally())
                parts = list(groups[metric.id].get(period.code, {}).values())
                assert added(parts) == whole(total), (metric.id, by, period.code)


def test_every_dimension_is_asked_about() -> None:
    asked = set().union(*map(dimensions_of, COUNTED))
    assert asked == set(SPLIT)


@QUIET
@given(desks, cut_offs, st.sampled_from(PARETO))
def test_pareto_ends_at_a_hundred_percent(desk: Desk, as_of: int, by: str) -> None:
    board = Board(desk.store(), reference(), as_of)
    for period in (MARCH, QUARTER):
        bars = dashboards.pareto_of(board, "complaint_received", period, by).bars
        received = board.figure("complaint_received", period).value if bars else None
        if not bars:
            assert not board.tally("complaint_received", period).n
            continue
        assert bars[-1].cumulative == 1
        assert sum(bar.count for bar in bars) == received
        assert sum((bar.share for bar in bars), Fraction(0)) == 1
        own = [bar for bar in bars if bar.key != "other"]
        assert [b.count for b in own] == sorted((b.count for b in own), reverse=True)
        assert bars[: len(own)] == own  # what is called other stands last
        vital = [bar for bar in bars if bar.vital]
        assert vital == own[: len(vital)]
        assert all(bar.cumulative < Fraction(4, 5) for bar in vital[:-1])
        if len(vital) < len(own):
            assert vital[-1].cumulative >= Fraction(4, 5)


@QUIET
@given(desks, cut_offs)
def test_a_quarter_is_its_months_pooled(desk: Desk, as_of: int) -> None:
    """Counts are summed, rates and means pooled over their numerators: never a mean of months."""
    board = Board(desk.store(), reference(), as_of)
    ids = [m.id for m in COUNTED if m.cohort is not None]
    periods: list[Period] = [QUARTER, *QUARTER.months()]
    found = board.figures(ids, periods)
    for metric in COUNTED:
        if metric.cohort is None:
            continue
        quarter = found[metric.id][QUARTER.code]
        months = [found[metric.id][month.code] for month in QUARTER.months()]
        if metric.kind is Kind.COUNT:
            assert (quarter.value or 0) == sum(m.value or 0 for m in months), metric.id
        elif metric.kind in {Kind.RATIO, Kind.QUOTIENT}:
            num = sum((Fraction(m.num or 0) for m in months), Fraction(0))
            den = sum((Fraction(m.den or 0) for m in months), Fraction(0))
            assert (quarter.num or 0, quarter.den or 0) == (num, den), metric.id
            if quarter.value is None:
                assert den == 0, metric.id
            elif quarter.den and quarter.num:
                scale = quarter.value * quarter.den / quarter.num
                assert quarter.value == num / den * scale, metric.id
                for month in months:
                    if month.value:
                        assert month.value == month.num / Fraction(month.den) * scale, metric.id
