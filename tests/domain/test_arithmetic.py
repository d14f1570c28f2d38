"""Percentiles, rounding, Pareto, comparisons, score (domain.md 3.2, 3.9 to 3.11)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcdesk.domain.comparisons import Direction, Scale, State, compare, trend
from svcdesk.domain.score import composite, part_score
from svcdesk.domain.statistics import (
    display_decimals,
    format_number,
    pareto,
    percentile_inc,
    round_half_up,
    shares_add_up,
)
from svcdesk.i18n.catalog import translator

F = Fraction
ZH, EN = translator("zh_CN"), translator("en")
UP, DOWN = Direction.UP, Direction.DOWN


def test_percentile_as_excel_computes_it() -> None:
    assert percentile_inc([5, 15, 25, 50, 65], F(45, 100)) == 23  # PERCENTILE.INC, [L8]
    assert percentile_inc([7], F(9, 10)) == 7
    assert percentile_inc([], F(1, 2)) is None
    assert percentile_inc([1, 2, 3, 4], F(1, 2)) == F(5, 2)
    assert percentile_inc([10, 20], F(9, 10)) == 19


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30), st.integers(0, 100))
def test_percentile_lies_between_neighbours(values: list[int], p: int) -> None:
    ordered = sorted(values)
    found = percentile_inc(ordered, F(p, 100))
    assert found is not None
    assert ordered[0] <= found <= ordered[-1]
    assert percentile_inc(ordered, F(0)) == ordered[0]
    assert percentile_inc(ordered, F(1)) == ordered[-1]


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (F(5, 100), 1, "0.1"), (F(1, 20), 1, "0.1"), (F(-5, 100), 1, "-0.1"), (2.675, 2, "2.68"),
        (F(1, 3), 1, "0.3"), (F(-1, 1000), 1, "0.0"), (1234567, 0, "1234567"), (0.5, 0, "1"),
        (F(8555, 100), 1, "85.6"),
    ],
)  # fmt: skip
def test_rounding_half_up_only_for_display(value: F | float, decimals: int, text: str) -> None:
    assert format_number(value, decimals) == text


def test_a_missed_value_never_looks_like_its_target() -> None:
    value, target = F(4196, 1000), F(42, 10)
    decimals = display_decimals(value, 2, target, met=False)
    assert format_number(value, decimals) == "4.196"
    assert display_decimals(F(41, 10), 2, target, met=False) == 2
    assert display_decimals(value, 2, target, met=True) == 2
    assert display_decimals(F(94996, 1000), 1, 95, met=False) == 3
    assert format_number(1234567, 2, thousands=True) == "1,234,567.00"


def test_pareto_orders_and_marks_the_vital_few() -> None:
    bars = pareto([("a", 10), ("b", 40), ("other", 90), ("c", 40), ("zero", 0), ("d", 20)])
    assert [bar.key for bar in bars] == ["b", "c", "d", "a", "other"]
    assert [bar.vital for bar in bars] == [True, True, True, True, False]
    assert bars[-1].cumulative == 1
    bars = pareto([("a", 60), ("b", 20), ("c", 15), ("d", 5)])
    assert [bar.vital for bar in bars] == [True, True, False, False]  # 80 % reached exactly
    assert pareto([("a", 0)]) == []
    assert [b.vital for b in pareto([("a", 3)])] == [True]


def test_shares_that_do_not_add_up_are_noticed() -> None:
    assert not shares_add_up([F(1, 3)] * 3)
    assert shares_add_up([F(1, 4)] * 4)


@pytest.mark.parametrize(
    ("now", "base", "scale", "short", "words"),
    [
        (15, 12, Scale.RELATIVE, "↑25.0%", "上升25.0%"),
        # S3: 10 of 13 against 11 of 12; from rounded values it would be 14.8
        (F(1000, 13), F(1100, 12), Scale.POINTS_OF_PERCENT, "↓14.7个百分点", "下降14.7个百分点"),
        (F(422, 100), F(42, 10), Scale.SCORE, "↑0.02分", "上升0.02分"),
        (F(175, 10), 0, Scale.NPS, "↑17.5点", "上升17.5点"),
        (5, 0, Scale.RELATIVE, "—", "不适用（上期为0）"),
        (0, 0, Scale.RELATIVE, "持平", "持平"),
        (10001, 10000, Scale.RELATIVE, "持平", "持平"),
        (None, 4, Scale.RELATIVE, "无可比数据", "无可比数据"),
        (4, None, Scale.RELATIVE, "无可比数据", "无可比数据"),
        (0, 8, Scale.RELATIVE, "↓100.0%", "下降100.0%"),
    ],
)
def test_changes(
    now: F | int | None, base: F | int | None, scale: Scale, short: str, words: str
) -> None:
    change = compare(now, base, scale)
    assert change.short(ZH) == short
    assert change.words(ZH) == words


def test_changes_in_english_and_their_judgement() -> None:
    change = compare(15, 12, Scale.RELATIVE, DOWN)
    assert (change.state, change.improved) == (State.UP, False)
    assert change.words(EN) == "up 25.0%"
    assert compare(5, 0, Scale.RELATIVE).words(ZH, year=True) == "不适用（上年同期为0）"
    assert compare(9, 12, Scale.RELATIVE, DOWN).improved is True
    assert compare(9, 12, Scale.RELATIVE).improved is None


def test_trend_needs_three_moves_in_a_row() -> None:
    assert trend([1, 2, 3, 4], UP) == (3, True)
    assert trend([5, 4, 3, 2, 1], UP) == (4, False)
    assert trend([9, 1, 2, 3], UP) is None
    assert trend([1, None, 3, 4], UP) is None
    assert trend([4, 3, 2, 1], DOWN) == (3, True)
    assert trend([4, 3, 2, 1], Direction.NEUTRAL) is None


def test_composite_score() -> None:
    rows = [
        ("csat_mean", F(371, 100), F(42, 10), UP, 30),
        ("fcr_rate", F(90), F(85), UP, 25),
        ("timely_rate", None, F(95), UP, 15),
        ("frt_sla_rate", F(45), F(90), UP, 10),
    ]
    result = composite(rows)
    # 371/4.2 = 88.3333…, 100, no value, 50 over weights 30, 25, 10 of 80
    assert result.total == (F(37100, 420) * 30 + 100 * 25 + 50 * 10) / 65
    assert result.band == "Fair"
    assert sum(p.contribution or 0 for p in result.parts) == result.total
    assert part_score(3, 6, DOWN) == 100
    assert part_score(12, 6, DOWN) == 50
    assert part_score(0, 6, DOWN) == 100
    assert part_score(-5, 6, UP) == 0


def test_too_little_weight_gives_no_score() -> None:
    rows = [("a", F(1), F(1), UP, 59), ("b", None, F(1), UP, 41)]
    assert composite(rows).total is None
    rows = [("a", F(1), F(1), UP, 60), ("b", None, F(1), UP, 40), ("c", F(0), F(1), UP, 0)]
    assert composite(rows).total == 100
    assert composite(rows).band == "Excellent"
    assert composite([]).total is None


@given(st.fractions(-1000, 1000), st.integers(0, 4))
def test_rounding_moves_by_half_a_unit_at_most(value: F, decimals: int) -> None:
    assert abs(round_half_up(value, decimals) - value) <= F(1, 2 * 10**decimals)
