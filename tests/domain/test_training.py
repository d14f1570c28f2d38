"""Coverage, pass rate, days, and who still needs what (domain.md 2.16)."""

from __future__ import annotations

from fractions import Fraction

import pytest

from svcdesk.domain.training import (
    COURSE,
    ONBOARDING,
    Held,
    Need,
    Seat,
    Share,
    needs,
    passed,
    totals,
)


def held(
    key: int, day: str, *seats: Seat, mark: int | None = 80, kind: str = COURSE, title: str = "话术"
) -> Held:
    return Held(key, title, kind, day, mark, seats)


@pytest.mark.parametrize(
    ("score", "typed", "mark", "expected"),
    [
        (80, None, 80, True),  # equal is passed
        (79, None, 80, False),
        (79, True, 80, False),  # the mark decides where there is one
        (79, True, None, True),
        (79, None, None, None),  # a score without a mark says nothing
        (None, False, 80, False),
        (None, None, 80, None),
    ],
)
def test_passed(score: int | None, typed: bool | None, mark: int | None, expected: object) -> None:
    assert passed(Seat(1, True, score, typed), mark) is expected


def test_shares_are_pooled_over_people_never_a_mean_of_shares() -> None:
    small = held(1, "2026-03-01", Seat(1, False, None, None))  # 0 of 1
    large = held(2, "2026-03-02", *(Seat(p, True, 90, None) for p in range(2, 11)))  # 9 of 9
    found = totals([small, large], 150)
    assert found.coverage == Share(9, 10)
    assert found.coverage.percent == Fraction(90)  # a mean of 0 % and 100 % would be 50
    assert found.exams == Share(9, 9)
    assert (found.trainings, found.minutes) == (2, 150)


def test_nobody_expected_and_no_exam_have_no_value() -> None:
    found = totals([], 0)
    assert found.coverage.percent is None
    assert found.exams.percent is None
    assert found.mean_days is None


def test_newcomers_are_those_of_onboarding() -> None:
    found = totals(
        [
            held(1, "2026-03-01", Seat(1, True, 60, None)),
            held(2, "2026-03-02", Seat(2, True, 85, None, 5), Seat(3, True, 70, None, 8),
                 Seat(4, True, None, None), kind=ONBOARDING),
        ],
        0,
    )  # fmt: skip
    assert found.newcomers == Share(1, 2)
    assert found.exams == Share(1, 3)
    assert found.days == (13, 2)
    assert found.mean_days == Fraction(13, 2)


class TestNeeds:
    def test_missed_failed_made_up_for(self) -> None:
        first = held(1, "2026-03-01", Seat(1, False, None, None), Seat(2, True, 70, None),
                     Seat(3, True, 90, None), Seat(4, None, None, None))  # fmt: skip
        again = held(2, "2026-03-20", Seat(1, True, 85, None))
        assert needs([again, first], [1, 2, 3, 4], "2026-04-01") == [
            Need(2, 1, "话术", "2026-03-01", failed=True),
            Need(4, 1, "话术", "2026-03-01", failed=False),  # nobody said so: not attended
        ]

    def test_attended_without_an_exam_is_enough(self) -> None:
        one = held(1, "2026-03-01", Seat(1, True, None, None), mark=None)
        assert needs([one], [1], "2026-04-01") == []

    def test_another_name_does_not_make_up_and_the_newest_counts(self) -> None:
        first = held(1, "2026-03-01", Seat(1, False, None, None))
        other = held(2, "2026-03-02", Seat(1, True, 99, None), title="系统")
        later = held(3, "2026-03-09", Seat(1, False, None, None))
        (one,) = needs([first, other, later], [1], "2026-04-01")
        assert (one.training_id, one.day) == (3, "2026-03-09")

    def test_what_is_still_to_come_and_who_is_gone_need_nothing(self) -> None:
        ahead = held(1, "2026-04-02", Seat(1, None, None, None))
        past = held(2, "2026-03-02", Seat(9, False, None, None))
        assert needs([ahead, past], [1], "2026-04-01") == []
