"""Hand-worked edges of the working calendar (domain.md 2.14)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.workcalendar import (
    CalendarDay,
    WorkCalendar,
    days_from_rows,
    parse_pattern,
    parse_spans,
)
from svcdesk.system.errors import UserError
from tests.domain.calendars import at, china, wall

if TYPE_CHECKING:
    from collections.abc import Callable

SPLIT = parse_pattern([[["09:00", "12:00"], ["13:30", "18:00"]]] * 5 + [[], []])


@pytest.mark.parametrize(
    ("a", "b", "minutes"),
    [
        ("2026-03-02 09:00", "2026-03-02 18:00", 540),  # a Monday, the whole day
        ("2026-03-02 07:00", "2026-03-02 09:30", 30),  # before opening counts 0
        ("2026-03-02 17:30", "2026-03-02 23:00", 30),  # after closing counts 0
        ("2026-02-28 10:00", "2026-02-28 10:30", 30),  # make-up Saturday works
        ("2026-03-07 10:00", "2026-03-07 10:30", 0),  # ordinary Saturday does not
        ("2026-02-13 17:00", "2026-02-14 10:00", 120),  # Friday into the make-up Saturday
        ("2026-02-14 17:00", "2026-02-24 10:00", 120),  # over the whole Spring Festival
        ("2026-02-15 00:00", "2026-02-24 00:00", 0),  # nine days off
        ("2025-10-01 00:00", "2025-10-09 09:00", 0),
        ("2026-03-02 10:00", "2026-03-02 10:00", 0),
    ],
)
def test_business_minutes(a: str, b: str, minutes: float) -> None:
    assert china().business_minutes(at(a), at(b)) == minutes


@pytest.mark.parametrize(
    ("a", "minutes", "due"),
    [
        ("2026-03-02 10:00", 30, "2026-03-02 10:30"),
        ("2026-03-02 17:50", 30, "2026-03-03 09:20"),
        ("2026-03-02 17:30", 30, "2026-03-02 18:00"),  # due at closing, not next morning
        ("2026-03-02 09:00", 540, "2026-03-02 18:00"),
        ("2026-03-02 03:00", 540, "2026-03-02 18:00"),
        ("2026-03-01 12:00", 30, "2026-03-02 09:30"),  # Sunday
        ("2026-02-13 17:00", 1620, "2026-02-25 17:00"),  # 3 × 540 over the Spring Festival
        ("2026-03-02 17:00", 0, "2026-03-02 17:00"),
    ],
)
def test_add_business_minutes(a: str, minutes: float, due: str) -> None:
    assert wall(china().add_business_minutes(at(a), minutes)) == due


@pytest.mark.parametrize(
    ("a", "days", "due"),
    [
        ("2026-03-02 08:00", 1, "2026-03-03 18:00"),  # the day of receipt never counts
        ("2026-03-02 23:59", 3, "2026-03-05 18:00"),
        ("2026-02-13 17:00", 3, "2026-02-25 18:00"),  # Sat 14 works, 15 to 23 off
        ("2026-02-16 10:00", 1, "2026-02-24 18:00"),  # received on a holiday
        ("2026-02-27 10:00", 1, "2026-02-28 18:00"),  # the make-up Saturday is the first day
        ("2025-09-30 10:00", 5, "2025-10-14 18:00"),  # 9, 10, 11 (make-up), 13, 14
    ],
)
def test_working_day_deadline(a: str, days: int, due: str) -> None:
    assert wall(china().working_day_deadline(at(a), days)) == due


def test_several_spans_a_day() -> None:
    calendar = WorkCalendar(pattern=SPLIT)
    assert calendar.business_minutes(at("2026-03-02 11:30"), at("2026-03-02 14:00")) == 60
    assert wall(calendar.add_business_minutes(at("2026-03-02 11:30"), 30)) == "2026-03-02 12:00"
    assert wall(calendar.add_business_minutes(at("2026-03-02 11:30"), 31)) == "2026-03-02 13:31"
    assert wall(calendar.working_day_deadline(at("2026-03-02 11:30"), 1)) == "2026-03-03 18:00"


def test_make_up_day_follows_monday_or_its_own_spans() -> None:
    own = CalendarDay(date(2026, 3, 8), work=True, spans=parse_spans([["10:00", "12:00"]]))
    calendar = WorkCalendar(
        pattern=parse_pattern([[["08:00", "11:00"]]] + [[["09:00", "18:00"]]] * 4 + [[], []]),
        days=[CalendarDay(date(2026, 3, 7), work=True), own],
    )
    assert calendar.business_minutes(at("2026-03-07"), at("2026-03-08")) == 180
    assert calendar.business_minutes(at("2026-03-08"), at("2026-03-09")) == 120


def test_working_days_of_a_period() -> None:
    # February 2026: 20 weekdays, less 16–20 and 23, plus the Saturdays 14 and 28.
    assert china().working_days(date(2026, 2, 1), date(2026, 3, 1)) == 16
    assert china().working_days(date(2026, 3, 1), date(2026, 3, 1)) == 0


def test_years_without_a_notice_are_named() -> None:
    assert china().missing_years(at("2026-12-30"), at("2028-01-02")) == [2027, 2028]
    assert china().missing_years(at("2015-01-01"), at("2026-12-31")) == []
    # the weekly rule still works there
    assert china().business_minutes(at("2030-01-01"), at("2030-01-02")) == 540


def test_round_the_clock() -> None:
    calendar = WorkCalendar(always=True, days=[CalendarDay(date(2026, 3, 2), work=False)])
    assert calendar.business_minutes(at("2026-03-01"), at("2026-03-03")) == 2880
    assert wall(calendar.add_business_minutes(at("2026-03-01 23:50"), 15)) == "2026-03-02 00:05"
    assert wall(calendar.working_day_deadline(at("2026-03-01 10:00"), 1)) == "2026-03-03 00:00"
    assert calendar.missing_years(at("2026-01-01"), at("2030-01-01")) == []


def test_clock_changes_of_new_york() -> None:
    zone = "America/New_York"
    night = parse_pattern([[["00:00", "06:00"]]] * 7)
    calendar = WorkCalendar(timezone=zone, pattern=night)
    # 8 March 2026: 02:00 → 03:00, the night has five hours; 1 November: seven.
    assert calendar.business_minutes(at("2026-03-08", zone), at("2026-03-09", zone)) == 300
    assert calendar.business_minutes(at("2026-11-01", zone), at("2026-11-02", zone)) == 420
    assert wall(calendar.add_business_minutes(at("2026-03-08 01:30", zone), 60), zone) == (
        "2026-03-08 03:30"
    )
    lost = WorkCalendar(timezone=zone, pattern=parse_pattern([[["02:15", "02:45"]]] * 7))
    assert lost.business_minutes(at("2026-03-08", zone), at("2026-03-09", zone)) == 0
    half = WorkCalendar(timezone=zone, pattern=parse_pattern([[["02:30", "03:30"]]] * 7))
    assert half.business_minutes(at("2026-03-08", zone), at("2026-03-09", zone)) == 30


def test_pauses_are_deducted_once_where_they_overlap() -> None:
    a, b = at("2026-03-02 09:00"), at("2026-03-02 18:00")
    pauses = [
        (at("2026-03-02 10:00"), at("2026-03-02 12:00")),
        (at("2026-03-02 11:00"), at("2026-03-02 13:00")),
        (at("2026-03-02 17:00"), None),
    ]
    assert china().net_seconds(a, b, pauses) == (9 - 3 - 1) * 3600
    assert china().net_seconds(a, b) == 9 * 3600


def test_explanation_names_each_day() -> None:
    shares = china().explain(at("2026-02-13 17:00"), at("2026-02-24 10:00"))
    told = [(s.date.isoformat(), s.reason, s.counted // 60) for s in shares]
    assert told[:3] == [
        ("2026-02-13", "work", 60),
        ("2026-02-14", "makeup", 540),
        ("2026-02-15", "holiday", 0),
    ]
    assert shares[2].name == "春节"
    assert told[-1] == ("2026-02-24", "work", 60)
    assert len(told) == 12


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.business_seconds(10, 9),
        lambda c: c.add_business_seconds(0, -1),
        lambda c: c.working_day_deadline(0, 0),
        lambda c: WorkCalendar(pattern=((),) * 7).add_business_seconds(0, 1),
        lambda c: WorkCalendar(pattern=((),) * 7).working_day_deadline(0, 1),
        lambda c: c.business_seconds(0, 10**12),
        lambda c: WorkCalendar(timezone="Mars/Olympus").business_seconds(0, 1),
        lambda c: parse_spans([["12:00", "09:00"]]),
        lambda c: parse_spans([["09:00", "12:00"], ["11:00", "13:00"]]),
        lambda c: parse_spans([["9", "12:00"]]),
        lambda c: parse_pattern([[]]),
        lambda c: at("yesterday"),
    ],
)
def test_refusals_are_sentences(call: Callable[[WorkCalendar], object]) -> None:
    with pytest.raises(UserError):
        call(china())


def test_rows_of_the_holiday_table() -> None:
    days = days_from_rows([("2026-02-14", "春节", "work"), ("2026-02-15", "春节", "off")])
    assert [(d.date.day, d.work, d.name) for d in days] == [(14, True, "春节"), (15, False, "春节")]
