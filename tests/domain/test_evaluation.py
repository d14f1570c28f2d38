"""The close of a month judges by domain.md 4.7: worked by hand at every edge."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from svcdesk.domain.comparisons import Direction
from svcdesk.domain.evaluation import (
    Evaluation,
    Finding,
    Verdict,
    declines,
    evaluate,
    is_frequent,
    judge,
    near,
)
from svcdesk.domain.metrics.figure import Figure
from svcdesk.domain.metrics.registry import BY_ID
from svcdesk.domain.period import month

MARCH = month(2026, 3)


def figure(
    metric: str, value: str | int | None, *, n: int = 30, target: str | None = None,
    threshold: str | None = None, provisional: bool = False,
) -> Figure:  # fmt: skip
    exact = None if value is None else Fraction(value)
    goal = None if target is None else Fraction(target)
    alarm = goal if threshold is None else Fraction(threshold)
    return Figure(BY_ID[metric], MARCH, exact, None, None, n, 0, 0, goal, alarm, provisional)


@pytest.mark.parametrize(
    ("value", "n", "verdict"),
    [
        ("4.2", 30, Verdict.MET),  # equality counts as met
        ("4.196", 30, Verdict.MISSED),  # not rounded to 4.20 before it is compared
        ("4.2000001", 30, Verdict.MET),
        ("4.0", 5, Verdict.MISSED),  # five are enough
        ("4.0", 4, Verdict.SMALL_SAMPLE),
        ("4.9", 4, Verdict.SMALL_SAMPLE),  # neither way
        (None, 0, Verdict.NO_VALUE),
    ],
)
def test_higher_is_better(value: str | None, n: int, verdict: Verdict) -> None:
    assert judge(figure("csat_mean", value, n=n, target="4.2")) is verdict


@pytest.mark.parametrize(
    ("value", "verdict"),
    [("30", Verdict.MET), ("30.01", Verdict.MISSED), ("0", Verdict.MET)],
)
def test_lower_is_better(value: str, verdict: Verdict) -> None:
    assert judge(figure("frt_mean_min", value, target="30")) is verdict


def test_without_target_or_threshold_nothing_is_judged() -> None:
    assert judge(figure("csat_mean", "1")) is None
    assert evaluate(figure("csat_mean", "1"), "all") == []


def test_the_threshold_alarms_the_target_warns() -> None:
    found = evaluate(figure("timely_rate", "92", target="95", threshold="80"), "all")
    assert [(one.kind, one.verdict) for one in found] == [
        (Finding.THRESHOLD, Verdict.MET),
        (Finding.BELOW_TARGET, None),
    ]
    assert (found[0].target, found[0].threshold) == (95, 80)


def test_provisional_values_alarm_when_maturing_can_only_worsen_them() -> None:
    def verdict(metric: str, value: str, target: str) -> Verdict | None:
        return judge(figure(metric, value, target=target, provisional=True))

    assert verdict("fcr_rate", "84.9", "85") is Verdict.MISSED
    assert verdict("fcr_rate", "85", "85") is Verdict.PROVISIONAL  # met so far
    assert verdict("second_rate", "1.6", "1.5") is Verdict.MISSED
    assert verdict("second_rate", "1.5", "1.5") is Verdict.PROVISIONAL
    assert verdict("csat_mean", "4.0", "4.2") is Verdict.PROVISIONAL  # could still improve
    small = figure("fcr_rate", "0", n=4, target="85", provisional=True)
    assert judge(small) is Verdict.SMALL_SAMPLE


def test_close_to_the_threshold_is_five_percent_of_it_on_the_good_side() -> None:
    up, down = Direction.UP, Direction.DOWN
    assert near(Fraction(84), Fraction(80), up)  # exactly 5 %
    assert not near(Fraction("84.01"), Fraction(80), up)
    assert near(Fraction(80), Fraction(80), up)
    assert not near(Fraction("79.99"), Fraction(80), up)  # missed is no early warning
    assert near(Fraction("28.5"), Fraction(30), down)
    assert not near(Fraction("28.49"), Fraction(30), down)
    assert not near(Fraction(0), Fraction(0), down)  # 5 % of nothing


def _months(*values: str | int | None, metric: str = "csat_mean") -> list[Figure]:
    return [figure(metric, value, target="4.2") for value in values]


def test_three_deteriorations_in_a_row_need_four_months() -> None:
    assert declines(_months("4.6", "4.5", "4.4", "4.3"))
    assert not declines(_months("4.5", "4.4", "4.3"))
    assert not declines(_months("4.6", "4.5", "4.5", "4.3"))  # flat is no deterioration
    assert not declines(_months("4.6", None, "4.4", "4.3"))
    assert declines(_months(1, 2, 3, 4, metric="frt_mean_min"))  # lower is better
    small = [*_months("4.6", "4.5", "4.4"), figure("csat_mean", "4.3", n=4, target="4.2")]
    assert not declines(small)
    assert declines(_months("4.0", "4.6", "4.5", "4.4", "4.3"))  # what came before is no matter


def test_a_decline_is_noted_with_the_months_before() -> None:
    *before, now = _months("4.9", "4.8", "4.7", "4.6")
    found = {one.kind: one for one in evaluate(now, "team:A", before)}
    assert found[Finding.DECLINE].before == (Fraction("4.9"), Fraction("4.8"), Fraction("4.7"))
    assert found[Finding.THRESHOLD].verdict is Verdict.MET
    assert {one.scope for one in found.values()} == {"team:A"}


def test_no_early_warning_about_too_few_or_none() -> None:
    for one in (
        figure("csat_mean", "4.2", n=4, target="4.2"),
        figure("csat_mean", None, target="4.2"),
    ):
        assert [found.kind for found in evaluate(one, "all")] == [Finding.THRESHOLD]


@pytest.mark.parametrize(
    ("count", "before", "vital", "expected"),
    [
        (6, 5, True, True),  # + 20 %
        (5, 4, True, True),  # five cases are enough
        (4, 2, True, False),
        (11, 10, True, False),  # + 10 %
        (119, 100, True, False),
        (120, 100, True, True),
        (120, 100, False, False),  # not among the vital few
        (5, 0, True, True),
        (5, 5, True, False),
    ],
)
def test_frequent_causes(count: int, before: int, vital: bool, expected: bool) -> None:
    assert is_frequent(count, before, vital=vital) is expected


def test_an_evaluation_keeps_exact_values() -> None:
    one = evaluate(replace(figure("csat_mean", "4.196", target="4.2"), n=101), "all", owner_id=7)[0]
    assert one == Evaluation(
        Finding.THRESHOLD, "csat_mean", "all", Verdict.MISSED, Fraction("4.196"), 101,
        target=Fraction("4.2"), threshold=Fraction("4.2"), owner_id=7,
    )  # fmt: skip
