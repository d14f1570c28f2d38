"""The effectiveness rule of domain.md 3.8 at its edges."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.domain.comparisons import Direction
from svcdesk.domain.effectiveness import Month, Phase, phase_of, pooled, propose, windows
from svcdesk.domain.improvement import Verdict

UP, DOWN = Direction.UP, Direction.DOWN
GOAL = Fraction(95)


def after(*pairs: tuple[float | None, int]) -> list[Month]:
    return [
        Month(f"2026-{number:02d}", None if value is None else Fraction(str(value)), n)
        for number, (value, n) in enumerate(pairs, start=1)
    ]


class TestPropose:
    @pytest.mark.parametrize(
        ("pairs", "verdict"),
        [
            ([], Verdict.WATCHING),
            ([(96, 20)], Verdict.WATCHING),
            ([(96, 20), (97, 20)], Verdict.EFFECTIVE),
            ([(95, 20), (95, 20)], Verdict.EFFECTIVE),  # equal to the target is met
            ([(94.999, 20), (96, 20)], Verdict.WATCHING),
            ([(96, 20), (None, 0), (96, 20)], Verdict.EFFECTIVE),  # a month without a value
            ([(96, 20), (10, 4), (96, 20)], Verdict.EFFECTIVE),  # n = 4 says nothing
            ([(96, 20), (10, 5), (96, 20)], Verdict.WATCHING),  # n = 5 does
            ([(96, 4), (96, 4), (96, 20)], Verdict.WATCHING),
            ([(90, 20), (90, 20)], Verdict.WATCHING),  # two are not enough for "ineffective"
            ([(90, 20), (90, 20), (90, 20)], Verdict.INEFFECTIVE),
            ([(96, 20), (90, 20), (94.9, 20)], Verdict.INEFFECTIVE),
            ([(96, 20), (96, 20), (90, 20)], Verdict.INEFFECTIVE),  # the third fell back
            ([(90, 20), (90, 20), (96, 20)], Verdict.WATCHING),
            ([(90, 20), (90, 20), (10, 4)], Verdict.WATCHING),  # the third does not count
            ([(90, 20), (90, 20), (90, 20), (96, 20), (96, 20)], Verdict.EFFECTIVE),
        ],
    )
    def test_by_hand(self, pairs: list[tuple[float | None, int]], verdict: Verdict) -> None:
        assert propose(after(*pairs), GOAL, UP) is verdict

    def test_lower_is_better(self) -> None:
        months = after((3.0, 9), (2.5, 9))
        assert propose(months, Fraction(3), DOWN) is Verdict.EFFECTIVE
        assert propose(months, Fraction(2), DOWN) is Verdict.WATCHING

    @given(st.lists(st.tuples(st.sampled_from([None, 90, 95, 99]), st.integers(0, 9)), max_size=9))
    @settings(max_examples=60, deadline=None)
    def test_months_that_do_not_count_never_matter(
        self, pairs: list[tuple[float | None, int]]
    ) -> None:
        counted = [(value, n) for value, n in pairs if value is not None and n >= 5]
        assert propose(after(*pairs), GOAL, UP) is propose(after(*counted), GOAL, UP)


class TestWindows:
    def test_phases_leave_a_gap(self) -> None:
        # work from second 250 to 450; months of 100 seconds
        phases = [phase_of(m * 100, m * 100 + 100, 250, 450) for m in range(7)]
        assert phases == [Phase.BEFORE] * 2 + [Phase.SETTLING] * 3 + [Phase.AFTER] * 2
        assert phase_of(500, 600, 250, None) is Phase.SETTLING
        assert phase_of(500, 600, None, None) is Phase.BEFORE
        # done in the very first second of a month: that month is not wholly after it
        assert phase_of(400, 500, 250, 400) is Phase.SETTLING

    def test_both_sides_are_equally_long_and_next_to_the_gap(self) -> None:
        before = [Month(f"b{i}", Fraction(80 + i), 10, Phase.BEFORE) for i in range(5)]
        gap = [Month("gap", Fraction(1), 10, Phase.SETTLING)]
        later = [Month("a0", Fraction(96), 10), Month("few", Fraction(2), 4),
                 Month("a1", Fraction(97), 10)]  # fmt: skip
        left, right = windows([*before, *gap, *later])
        assert [m.code for m in left] == ["b3", "b4"]
        assert [m.code for m in right] == ["a0", "a1"]

    def test_pooled_weighs_by_records(self) -> None:
        months = [Month("a", Fraction(100), 10), Month("b", Fraction(50), 30)]
        assert pooled(months) == (Fraction(250, 4), 40)
        assert pooled([]) == (None, 0)
