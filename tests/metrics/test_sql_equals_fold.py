"""SQL and the plain evaluation agree on every metric, at any cut-off (architecture.md 2.8)."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcdesk.domain.metrics.definition import Kind, MetricDef
from svcdesk.domain.metrics.figure import Tally
from svcdesk.domain.metrics.fold import numbers, tallies
from svcdesk.domain.metrics.registry import METRICS
from svcdesk.domain.period import parse_period
from svcdesk.store import breakdowns, measures
from svcdesk.store.figures import Board
from tests.metrics.desks import Desk, connection, cut_offs, desks, reference

PERIODS = [
    parse_period(code) for code in ("2026-02", "2026-03", "2026-Q1", "2026-02-26..2026-03-02")
]
COUNTED = [m for m in METRICS if m.kind is not Kind.OF_OTHERS]
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
DIMENSIONS = ("channel", "department", "tier", "agent", "issue", "category", "hour", "weekday",
              "response_class", "resolution_class")  # fmt: skip


def plain(metric: MetricDef, tally: Tally) -> tuple[Any, ...]:
    """What must agree, in a form that prints well."""
    weighs = metric.kind in {Kind.RATIO, Kind.SUM, Kind.QUOTIENT}
    return (
        tally.n, tally.total if weighs else 0, tally.divisor, tally.excluded, tally.not_yet_due,
        sorted(tally.values), sorted(tally.keys), sorted(tally.marked_keys),
    )  # fmt: skip


def told(metric: MetricDef, groups: dict[Any, Tally]) -> dict[Any, tuple[Any, ...]]:
    nothing = plain(metric, Tally())
    found = {key: plain(metric, tally) for key, tally in groups.items()}
    return {key: value for key, value in found.items() if value != nothing}


@QUIET
@given(desks, cut_offs)
def test_every_metric(desk: Desk, as_of: int) -> None:
    run = measures.Run(desk.store(), as_of, reference())
    found = measures.count(run, COUNTED, PERIODS)
    raw = desk.raw(as_of)
    for metric in COUNTED:
        for period in PERIODS:
            expected = told(metric, tallies(raw, metric, period))
            actual = told(metric, found[metric.id].get(period.code, {}))
            assert actual == expected, (metric.id, period.code)


@settings(QUIET, max_examples=40)
@given(desks, cut_offs, st.sampled_from(DIMENSIONS))
def test_every_metric_by_group(desk: Desk, as_of: int, by: str) -> None:
    run = measures.Run(desk.store(), as_of, reference())
    metrics = [m for m in COUNTED if _has(run, m, by)]
    found = measures.count(run, metrics, PERIODS[:2], by)
    raw = desk.raw(as_of)
    for metric in metrics:
        for period in PERIODS[:2]:
            expected = told(metric, tallies(raw, metric, period, by))
            actual = told(metric, found[metric.id].get(period.code, {}))
            assert actual == expected, (metric.id, period.code, by)


def _has(run: measures.Run, metric: MetricDef, by: str) -> bool:
    facts = measures.facts_of(metric.source, run.reference, at_end=metric.cohort is None)
    kept = {"ticket", "open_ticket", "complaint", "survey"}
    return (
        metric.source in kept
        and all(by in f.dims for f in facts)
        and (metric.source != "complaint" or by != "agent")
        and (metric.source != "survey" or by != "issue")
    )


@settings(QUIET, max_examples=30)
@given(desks, cut_offs, st.sampled_from(measures.PARTS))
def test_drill_down_lists_the_records_behind_every_figure(
    desk: Desk, as_of: int, part: str
) -> None:
    run = measures.Run(desk.store(), as_of, reference())
    raw = desk.raw(as_of)
    for metric in COUNTED:
        if metric.source in {"open_ticket", "quality_check", "visit", "key_customer"}:
            continue
        expected = numbers(raw, metric, PERIODS[2], part)
        assert measures.drill(run, metric, PERIODS[2], part) == expected, metric.id


@settings(QUIET, max_examples=40)
@given(desks, cut_offs)
def test_the_reconciliation_line_always_holds(desk: Desk, as_of: int) -> None:
    """期初在办 + 新增 − 取消 − 净解决 = 期末在办 (3.3), and the stock equals the metric."""
    board = Board(desk.store(), reference(), as_of)
    for period in PERIODS:
        line = breakdowns.flow(board, period)
        assert line.holds, (period.code, line)
        if board.has_data(period):
            assert line.closing == board.figure("backlog_end", period).value
            assert line.created == board.figure("ticket_created", period).value


@settings(QUIET, max_examples=40)
@given(desks, cut_offs)
def test_classes_add_up_and_quarters_are_sums_of_months(desk: Desk, as_of: int) -> None:
    board = Board(desk.store(), reference(), as_of)
    quarter = parse_period("2026-Q1")
    for period in [*PERIODS, quarter]:
        if not board.has_data(period):
            continue
        classes = ("on_time", "late_resolved", "overdue_open", "not_yet_due", "withdrawn")
        parts = [board.tally(f"complaint_{c}", period).n for c in classes]
        assert sum(parts) == board.tally("complaint_received", period).n
        timely = board.figure("timely_rate", period)
        assert timely.den == sum(parts[:3])
        assert timely.not_yet_due == parts[3]
    for metric in COUNTED:
        if metric.cohort is not None:
            whole = board.tally(metric.id, quarter)
            months = [board.tally(metric.id, month) for month in quarter.months()]
            assert whole.n == sum(t.n for t in months), metric.id
            assert whole.total == sum(t.total for t in months), metric.id


def test_an_empty_desk_has_no_values_and_no_zeros() -> None:
    desk = Desk()
    board = Board(desk.store(), reference(), PERIODS[0].end_at)
    for metric_id, by_code in board.figures([m.id for m in METRICS], [PERIODS[0]]).items():
        figure = by_code[PERIODS[0].code]
        assert (figure.value, figure.display, figure.met) == (None, "—", None), metric_id
    assert connection().in_transaction is False
