"""The rule of what rises: tails by hand, its edges, and what holds for all counts."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import comb

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from svcdesk.domain import trend_words, trends
from svcdesk.domain.trends import Judged, Rise, judge
from svcdesk.store.segment import is_cjk

COUNTS = st.lists(st.integers(0, 60), min_size=4, max_size=8)


def binomial_sum(count: int, before: int, share: Fraction) -> float:
    n = count + before
    return float(sum(comb(n, x) * share**x * (1 - share) ** (n - x) for x in range(count, n + 1)))


def hypergeometric_sum(count: int, before: int, rest: int, rest_before: int) -> float:
    marked, drawn = count + before, count + rest
    whole = marked + rest + rest_before
    ways = sum(
        comb(marked, x) * comb(whole - marked, drawn - x)
        for x in range(count, min(marked, drawn) + 1)
    )
    return float(Fraction(ways, comb(whole, drawn)))


class TestTails:
    def test_by_hand(self) -> None:
        # nothing in eight weeks, then n records: each lies in the last week with 1/9
        assert trends.binomial_tail(5, 0, 1 / 9) == pytest.approx(1 / 59_049)
        assert trends.binomial_tail(1, 0, 1 / 5) == pytest.approx(0.2)
        # one before, one now: 1 − (8/9)²
        assert trends.binomial_tail(1, 1, 1 / 9) == pytest.approx(17 / 81)
        assert trends.binomial_tail(0, 40, 1 / 9) == 1.0
        # 3 of 5 marked records, drawn 3 of 10: C(5,3)·C(5,0)/C(10,3) = 10/120
        assert trends.hypergeometric_tail(3, 2, 0, 5) == pytest.approx(1 / 12)
        assert trends.hypergeometric_tail(0, 3, 4, 5) == 1.0

    @settings(max_examples=60)
    @given(st.integers(0, 300), st.integers(0, 900), st.integers(4, 8))
    def test_binomial_is_the_exact_sum(self, count: int, before: int, weeks: int) -> None:
        exact = binomial_sum(count, before, Fraction(1, weeks + 1))
        assert trends.binomial_tail(count, before, 1 / (weeks + 1)) == pytest.approx(
            exact, rel=1e-8, abs=1e-12
        )

    @settings(max_examples=60)
    @given(st.integers(0, 80), st.integers(0, 300), st.integers(0, 200), st.integers(0, 900))
    def test_hypergeometric_is_the_exact_sum(
        self, count: int, before: int, rest: int, rest_before: int
    ) -> None:
        assume(count + before + rest + rest_before > 0)
        exact = hypergeometric_sum(count, before, rest, rest_before)
        assert trends.hypergeometric_tail(count, before, rest, rest_before) == pytest.approx(
            exact, rel=1e-8, abs=1e-10
        )

    def test_counts_of_a_large_desk(self) -> None:
        """Far below and far above what is expected, where single terms are too small for floats."""
        assert trends.hypergeometric_tail(10, 8000, 9000, 72_000) == pytest.approx(1.0)
        assert trends.hypergeometric_tail(3000, 8000, 6000, 72_000) < 1e-300
        assert trends.binomial_tail(10, 80_000, 1 / 9) == pytest.approx(1.0)


class TestRule:
    def test_least_count(self) -> None:
        assert judge([0] * 8 + [4]).rise is None
        assert judge([0] * 8 + [5]).rise is Rise.NEW

    def test_new_or_rising(self) -> None:
        """Fewer than one in two weeks before is new and has no ratio: 3 in 8 weeks; 4 are not."""
        new, rising = judge([1, 1, 1, 0, 0, 0, 0, 0, 9]), judge([1, 1, 1, 1, 0, 0, 0, 0, 9])
        assert (new.rise, new.ratio) == (Rise.NEW, None)
        assert (rising.rise, rising.ratio) == (Rise.RISING, 18.0)

    def test_least_ratio(self) -> None:
        """20 % above the mean of 100 is enough, 19 % is not (domain.md 4.7)."""
        assert judge([100] * 8 + [120]).rise is Rise.RISING
        assert judge([100] * 8 + [119]).rise is None

    def test_one_that_only_follows_the_volume_is_no_finding(self) -> None:
        alone, among = judge([50] * 8 + [100]), judge([50] * 8 + [100], [100] * 8 + [200])
        assert alone.chance < 1e-6
        assert among.chance > 0.4
        assert (among.expected, among.rise) == (100.0, None)

    def test_one_that_carries_the_volume_is_found_within_it(self) -> None:
        found = judge([60] * 8 + [120], [100] * 8 + [160])
        assert found.chance == pytest.approx(hypergeometric_sum(120, 480, 40, 320))
        assert (found.expected, found.rise) == (60.0, Rise.RISING)

    def test_a_falling_volume_does_not_make_a_rise(self) -> None:
        """Half the records, the same number of this one: its share doubled, it did not rise."""
        found = judge([10] * 8 + [10], [100] * 8 + [50])
        assert (found.expected, found.rise) == (10.0, None)
        assert found.chance >= binomial_sum(10, 80, Fraction(1, 9)) * 0.999

    def test_an_unsteady_baseline_expects_unsteady_weeks(self) -> None:
        steady, unsteady = judge([10] * 8 + [22]), judge([0, 20, 0, 20, 0, 20, 0, 20, 22])
        assert unsteady.dispersion == pytest.approx(8 * 100 / 10 / 7)
        assert steady.dispersion == 1.0
        assert steady.chance < 0.002
        assert unsteady.chance > 0.1

    @settings(max_examples=60)
    @given(COUNTS, st.integers(0, 80), st.lists(st.integers(0, 90), min_size=9, max_size=9))
    def test_more_is_never_less_striking(
        self, base: list[int], count: int, rest: list[int]
    ) -> None:
        def among(last: int) -> Judged:
            own = [*base, last]
            return judge(own, [n + r for n, r in zip(own, rest, strict=False)])

        assert judge([*base, count + 1]).chance <= judge([*base, count]).chance + 1e-12
        assert among(count + 1).chance <= among(count).chance + 1e-9

    @settings(max_examples=60)
    @given(st.integers(0, 5000), st.integers(4, 8), st.integers(0, 5000))
    def test_equal_weeks_are_never_a_finding(self, count: int, weeks: int, rest: int) -> None:
        own, volume = [count] * (weeks + 1), [count + rest] * (weeks + 1)
        for one in (judge(own), judge(own, volume)):
            assert one.rise is None
            assert one.chance > 0.2

    @settings(max_examples=60)
    @given(st.permutations([3, 0, 7, 2, 9, 4, 1, 5]), st.permutations(range(8)))
    def test_the_order_of_the_baseline_does_not_matter(
        self, base: list[int], order: list[int]
    ) -> None:
        volume = [20 + 3 * n for n in base]
        first = judge([*base, 14], [*volume, 50])
        again = judge([*(base[i] for i in order), 14], [*(volume[i] for i in order), 50])
        assert again.chance == pytest.approx(first.chance, rel=1e-9)
        assert again.dispersion == pytest.approx(first.dispersion, rel=1e-9)
        assert (again.expected, again.rise) == (first.expected, first.rise)


class TestMany:
    def test_what_is_found_by_hand(self) -> None:
        """Benjamini–Hochberg at 5 % of four: 0.012 ≤ 1/4·5 %, 0.025 ≤ 2/4, 0.04 > 3/4, 0.9."""
        judged = [Judged(9, 1, 1.0, p, 1.0, Rise.RISING) for p in (0.9, 0.012, 0.04, 0.025)]
        assert trends.found(judged, 0.05) == [1, 3]
        assert trends.found(judged, 0.04) == []  # 0.012 > 1 %, 0.025 > 2 %
        assert trends.found([], 0.05) == []

    def test_a_later_one_lifts_the_earlier(self) -> None:
        """0.03 and 0.04 are above their own levels of 0.0167 and 0.033; 0.05 is at its own."""
        judged = [Judged(9, 1, 1.0, p, 1.0, Rise.RISING) for p in (0.03, 0.04, 0.05)]
        assert trends.found(judged, 0.05) == [0, 1, 2]

    def test_what_is_not_worth_saying_counts_among_the_tested(self) -> None:
        small = Judged(3, 0, 0.0, 0.001, 1.0, None)
        large = Judged(9, 1, 1.0, 0.02, 1.0, Rise.RISING)
        assert trends.found([small, large], 0.05) == [1]

    def test_tested_by_the_sum_alone(self) -> None:
        assert trends.testable([5] + [0] * 8)
        assert not trends.testable([1, 1, 1, 1, 0, 0, 0, 0, 0])

    def test_findings_about_the_same_records_are_one_cluster(self) -> None:
        """4 of the smaller one's 5 are four fifths; 3 of 5 are not."""
        lead, same, other = {1, 2, 3, 4, 5, 6}, {3, 4, 5, 6, 7}, {4, 5, 6, 8, 9}
        assert trends.clusters([lead, same, other]) == [[0, 1], [2]]
        assert trends.clusters([]) == []


class TestWeeks:
    def test_the_last_whole_week(self) -> None:
        assert trends.last_whole_week(date(2026, 3, 29)) == date(2026, 3, 16)  # a Sunday
        assert trends.last_whole_week(date(2026, 3, 30)) == date(2026, 3, 23)  # Monday after it

    def test_a_week_that_began_before_the_first_record_is_not_whole(self) -> None:
        week = date(2026, 3, 23)
        assert trends.weeks_of(week, date(2025, 1, 1)) == [
            date(2026, 1, 26), date(2026, 2, 2), date(2026, 2, 9), date(2026, 2, 16),
            date(2026, 2, 23), date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16), week,
        ]  # fmt: skip
        assert len(trends.weeks_of(week, date(2026, 2, 9))) == 7  # on that Monday: six before
        assert len(trends.weeks_of(week, date(2026, 2, 10))) == 6
        assert trends.weeks_of(week, date(2026, 2, 24)) == []  # three whole weeks only
        assert trends.weeks_of(week, None) == []

    def test_since_when(self) -> None:
        weeks = trends.weeks_of(date(2026, 3, 23), date(2025, 1, 1))
        assert trends.since(weeks, [9, 1, 1, 1, 1, 1, 4, 6, 9]) == date(2026, 3, 9)  # mean 3
        assert trends.since(weeks, [3, 3, 3, 3, 3, 3, 3, 3, 9]) == date(2026, 3, 23)


class TestWords:
    @pytest.mark.parametrize(
        "token", ["漏水", "制冷", "不制", "说明", "功能", "leak", "e5", "wh3000", "wifi"]
    )
    def test_tested(self, token: str) -> None:
        assert trend_words.is_word(token, is_cjk)

    @pytest.mark.parametrize(
        "token", ["漏", "了水", "客户", "the", "ok", "5", "20260301", "a1" * 7, "x" * 31]
    )
    def test_not_tested(self, token: str) -> None:
        assert not trend_words.is_word(token, is_cjk)

    def test_a_pair_is_named_by_the_phrase_around_it(self) -> None:
        texts = ["没有说明书", "说明书看不懂", "缺说明书", "说明书丢了", "说明书是英文"]
        assert trend_words.phrase("明书", texts, is_cjk) == "说明书"
        assert trend_words.phrase("说明", texts, is_cjk) == "说明书"

    def test_four_of_five_have_it_in_common_three_do_not(self) -> None:
        texts = ["不制冷", "不制冷", "不制冷", "不制冷", "制冷慢"]
        assert trend_words.phrase("制冷", texts, is_cjk) == "不制冷"
        assert trend_words.phrase("制冷", [*texts, "制冷差"], is_cjk) == "制冷"

    def test_grammar_ends_a_phrase(self) -> None:
        assert trend_words.phrase("漏水", ["漏水了的", "在漏水了"], is_cjk) == "漏水"

    def test_parts_of_a_word_that_stays_go(self) -> None:
        words = [("漏水", {1, 2, 3, 4, 5, 6}), ("水问", {1, 2, 3, 4}), ("水压", {4, 7, 8, 9, 10}),
                 ("屏幕", {1, 2, 3, 4})]  # fmt: skip
        assert trend_words.same_words(words) == [0, 2, 3]
