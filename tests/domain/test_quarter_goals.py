"""Where a goal of a running quarter stands, and what belongs on the agenda of a meeting."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from svcdesk.domain.agenda import Reason, State, reason
from svcdesk.domain.comparisons import Direction
from svcdesk.domain.quarter_goals import Standing, elapsed, standing

F, HALF = Fraction, Fraction(1, 2)


def test_the_share_of_days_that_are_over() -> None:
    start, end = date(2026, 4, 1), date(2026, 7, 1)  # 91 days
    assert elapsed(start, end, start) == 0
    assert elapsed(start, end, date(2026, 4, 8)) == F(7, 91)
    assert elapsed(start, end, date(2026, 3, 1)) == 0
    assert elapsed(start, end, date(2026, 8, 1)) == 1


@pytest.mark.parametrize(
    ("before", "actual", "target", "expected"),
    [
        (85, 90, 90, (Standing.MET, F(1))),  # equal is reached
        (85, 88, 90, (Standing.ON_TRACK, F(3, 5))),
        (85, F(175, 2), 90, (Standing.ON_TRACK, HALF)),  # the way is as long as the time
        (85, 87, 90, (Standing.BEHIND, F(2, 5))),
        (85, 80, 90, (Standing.BEHIND, F(0))),  # backwards is no way
        (95, 89, 90, (Standing.BEHIND, None)),  # was there already: no way to measure
        (None, 89, 90, (Standing.BEHIND, None)),
        (85, None, 90, (Standing.UNKNOWN, None)),
        (85, 88, None, (Standing.UNKNOWN, None)),
    ],
)
def test_at_half_time(
    before: int | Fraction | None,
    actual: int | Fraction | None,
    target: int | None,
    expected: tuple[Standing, Fraction | None],
) -> None:
    values = [None if v is None else F(v) for v in (before, actual, target)]
    assert standing(values[0], values[1], values[2], Direction.UP, HALF) == expected


def test_lower_is_better() -> None:
    assert standing(F(3), F(2), F(3, 2), Direction.DOWN, HALF) == (Standing.ON_TRACK, F(2, 3))
    assert standing(F(3), F(3, 2), F(3, 2), Direction.DOWN, HALF) == (Standing.MET, F(1))


def test_in_the_first_week_nothing_is_called_behind() -> None:
    day_two = F(1, 91)
    assert standing(F(85), F(80), F(90), Direction.UP, day_two) == (Standing.UNKNOWN, F(0))
    assert standing(None, F(80), F(90), Direction.UP, day_two) == (Standing.UNKNOWN, None)
    assert standing(F(85), F(91), F(90), Direction.UP, day_two)[0] is Standing.MET
    assert standing(F(85), F(80), F(90), Direction.UP, F(1, 13))[0] is Standing.BEHIND


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State("executing", None, 1, 1, None, is_new=True), Reason.OVERDUE),
        (State("executing", "2026-03-31", 0, 0, None, is_new=False), Reason.OVERDUE),
        (State("executing", "2026-04-01", 0, 1, None, is_new=True), Reason.BLOCKED),
        (State("verifying", None, 0, 0, None, is_new=True), Reason.VERIFYING),
        (State("identified", None, 0, 0, None, is_new=True), Reason.NEW),
        (State("identified", None, 0, 0, None, is_new=False), None),
        (State("closed", "2026-03-01", 0, 0, "2026-04-01", is_new=True), Reason.RECHECK),
        (State("closed", "2026-03-01", 0, 0, "2026-04-02", is_new=True), None),
        (State("closed", "2026-03-01", 0, 0, None, is_new=True), None),
    ],
)
def test_why_an_item_stands_on_the_agenda(state: State, expected: Reason | None) -> None:
    assert reason(state, "2026-04-01") is expected
