"""What figures are compared with (domain.md 3.9), worked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from svcdesk.domain.basis import (
    Against,
    Basis,
    festival_days,
    festival_shift,
    first_days,
    parse_basis,
    whole_days,
    window,
)
from svcdesk.domain.localtime import midnight
from svcdesk.domain.period import parse_period
from svcdesk.domain.statistics import control_limits, wilson
from svcdesk.domain.workcalendar import CalendarDay, WorkCalendar
from svcdesk.system.errors import UserError

ZONE = "Asia/Shanghai"


def days_off(first: str, last: str) -> list[CalendarDay]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [
        CalendarDay(date.fromordinal(n), False, "春节")
        for n in range(start.toordinal(), end.toordinal() + 1)
    ]


# 2025: 28 January to 4 February; 2026: 15 to 23 February, with a make-up Saturday on the 28th
CALENDAR = WorkCalendar(
    days=[
        *days_off("2025-01-28", "2025-02-04"),
        *days_off("2026-02-15", "2026-02-23"),
        CalendarDay(date(2026, 2, 28), True, "春节"),
        CalendarDay(date(2024, 10, 1), False, "国庆节"),
    ]
)


@pytest.mark.parametrize(
    ("code", "against", "other"),
    [
        ("mom", Against.MOM, ""),
        ("roll3", Against.ROLL3, ""),
        ("own:2025-H1", Against.OWN, "2025-H1"),
    ],
)
def test_the_code_of_a_basis_reads_back(code: str, against: Against, other: str) -> None:
    found = parse_basis(code, same_days=True)
    assert found == Basis(against, other, same_days=True)
    assert found.code == code


def test_an_unknown_basis_is_refused() -> None:
    with pytest.raises(UserError):
        parse_basis("decade")


def test_days_of_the_festival_leave_make_up_days_out() -> None:
    assert festival_days(CALENDAR, parse_period("2026-02")) == 9
    assert festival_days(CALENDAR, parse_period("2025-02")) == 4
    assert festival_days(CALENDAR, parse_period("2026-03")) == 0


@pytest.mark.parametrize(
    ("one", "other", "shifted"),
    [
        ("2026-02", "2026-01", True),  # month on month
        ("2026-01", "2025-01", True),  # year on year: it was in January, now it is not
        ("2026-02", "2025-02", False),  # both have some of it
        ("2026-04", "2026-03", False),
        ("2026-Q1", "2025-Q1", False),
        ("2027-02", "2026-02", False),  # no notice for 2027 yet: nothing is claimed
    ],
)
def test_a_festival_in_one_period_only(one: str, other: str, shifted: bool) -> None:
    assert festival_shift(CALENDAR, parse_period(one), parse_period(other)) is shifted


def test_months_that_start_on_another_day_move_the_festival() -> None:
    """Of months from the 26th on, January 2025 ends on the 25th: the festival is February's."""
    january, february = (parse_period(code, 26) for code in ("2025-01", "2025-02"))
    assert festival_days(CALENDAR, january) == 0
    assert festival_days(CALENDAR, february) == 8


def test_whole_days_and_as_many_of_the_other_period() -> None:
    march = parse_period("2026-03")
    noon = midnight(date(2026, 3, 11), ZONE) + 12 * 3600
    assert whole_days(march, noon) == 10
    assert first_days(march, 10).code == "2026-03-01..2026-03-10"
    assert first_days(parse_period("2026-02"), 40).code == "2026-02-01..2026-02-28"
    assert whole_days(march, march.start_at) == 0
    assert whole_days(march, march.end_at + 5) == 31


def test_the_window_of_three_months_keeps_the_first_day() -> None:
    march = parse_period("2026-03", 26)
    assert window(march).code == "2025-12-26..2026-03-25"
    assert window(march, back=3).code == "2025-09-26..2025-12-25"


def test_wilson_intervals() -> None:
    """17/20: (0.85 + 1.92073/20 ± 1.95996 √(0.1275/20 + 0.96036/400)) / (1 + 3.84146/20)."""
    low, high = wilson(17, 20) or (0, 0)
    assert (round(low, 6), round(high, 6)) == (0.639581, 0.947631)
    low, high = wilson(170, 200) or (0, 0)
    assert (round(low, 6), round(high, 6)) == (0.793944, 0.892864)


def test_wilson_at_the_edges() -> None:
    assert wilson(0, 0) is None
    low, high = wilson(0, 10) or (9, 9)
    assert low == 0.0
    assert round(high, 6) == 0.277533  # 3.841459 / 13.841459
    low, high = wilson(3, 3) or (9, 9)
    assert (round(low, 6), high) == (0.438503, 1.0)  # 3 / 6.841459


def test_control_limits_are_two_deviations_of_the_sample() -> None:
    """2 4 4 4 5 5 7 9: mean 5, squares 9 1 1 1 0 0 4 16 = 32, 32/7, σ 2.138090."""
    found = control_limits([2, 4, 4, 4, 5, 5, 7, 9])
    assert found is not None
    assert found.mean == 5
    assert (round(found.low, 6), round(found.high, 6)) == (0.723820, 9.276180)


def test_control_limits_take_the_last_twelve_and_know_their_bounds() -> None:
    found = control_limits([1000, *[90, 100] * 6], ceiling=100, floor=0)
    assert found is not None
    assert found.mean == 95
    assert found.high == 100  # 95 + 2 × 5.222 would be more than all
    assert round(found.low, 6) == round(95 - 2 * (300 / 11) ** 0.5, 6)


def test_few_months_have_no_limits() -> None:
    assert control_limits([1, 2, 3, 4, 5, 6, 7, None, None]) is None
