"""Periods (domain.md 3.1)."""

from __future__ import annotations

from datetime import date

import pytest

from svcdesk.domain.period import month, month_of, parse_period, week_of
from svcdesk.i18n.catalog import translator
from svcdesk.system.errors import UserError
from tests.domain.calendars import at

ZH, EN = translator("zh_CN"), translator("en")


@pytest.mark.parametrize(
    ("code", "start", "last", "zh", "en"),
    [
        ("2026-03", "2026-03-01", "2026-03-31", "2026年3月", "March 2026"),
        ("2026-Q1", "2026-01-01", "2026-03-31", "2026年第一季度", "Q1 2026"),
        ("2026-H2", "2026-07-01", "2026-12-31", "2026年下半年", "H2 2026"),
        ("2026", "2026-01-01", "2026-12-31", "2026年", "Year 2026"),
        (
            "2026-03-01..2026-03-15", "2026-03-01", "2026-03-15", "2026-03-01至2026-03-15",
            "2026-03-01 to 2026-03-15",
        ),
    ],
)  # fmt: skip
def test_reading_and_naming(code: str, start: str, last: str, zh: str, en: str) -> None:
    period = parse_period(code)
    assert (str(period.start), str(period.last_day), period.code) == (start, last, code)
    assert (period.title(ZH), period.title(EN)) == (zh, en)
    assert (period.start_at, period.end_at) == (at(start), at(last) + 86400)


def test_a_month_from_the_26th() -> None:
    period = parse_period("2026-03", start_day=26)
    assert (period.start, period.end) == (date(2026, 2, 26), date(2026, 3, 26))
    january = parse_period("2026-01", start_day=26)
    assert (january.start, january.end) == (date(2025, 12, 26), date(2026, 1, 26))
    quarter = parse_period("2026-Q1", start_day=26)
    assert (quarter.start, quarter.end) == (date(2025, 12, 26), date(2026, 3, 26))
    assert month_of(date(2026, 3, 25), 26).code == "2026-03"
    assert month_of(date(2026, 3, 26), 26).code == "2026-04"


@pytest.mark.parametrize(
    ("code", "previous", "year_ago"),
    [
        ("2026-01", "2025-12", "2025-01"),
        ("2026-Q1", "2025-Q4", "2025-Q1"),
        ("2026-H2", "2026-H1", "2025-H2"),
        ("2026", "2025", "2025"),
        ("2026-03-01..2026-03-15", "2026-02-14..2026-02-28", "2025-03-01..2025-03-15"),
        ("2024-02-29..2024-02-29", "2024-02-28..2024-02-28", "2023-02-28..2023-02-28"),
    ],
)
def test_previous_and_year_ago(code: str, previous: str, year_ago: str) -> None:
    assert parse_period(code).previous.code == previous
    assert parse_period(code).year_ago.code == year_ago


def test_months_of_a_period() -> None:
    assert [m.code for m in parse_period("2026-Q2").months()] == ["2026-04", "2026-05", "2026-06"]
    assert len(parse_period("2026").months()) == 12
    assert [m.code for m in parse_period("2026-01-20..2026-03-02").months()] == [
        "2026-01", "2026-02", "2026-03",
    ]  # fmt: skip
    last = month(2026, 1).last_months(13)
    assert (last[0].code, last[-1].code, len(last)) == ("2025-01", "2026-01", 13)
    assert [d.code for d in month(2026, 2).days_list()][-1] == "2026-02-28..2026-02-28"


def test_incomplete_until_the_cut_off_reaches_the_end() -> None:
    period = month(2026, 3)
    assert period.incomplete(at("2026-03-31 23:59"))
    assert not period.incomplete(at("2026-04-01"))
    assert period.days == 31


@pytest.mark.parametrize(
    "text",
    [
        "2026-13",
        "2026-Q5",
        "2026-H3",
        "March",
        "",
        "2026-03-15..2026-03-01",
        "2026-02-30..3",
        "2026-W54",
        "2026-W00",
        "0001-01",
        "0000",
        "9999",
    ],
)
def test_refusals(text: str) -> None:
    with pytest.raises(UserError):
        parse_period(text)


def test_a_week_is_its_seven_days_from_monday() -> None:
    assert parse_period("2026-W12").code == "2026-03-16..2026-03-22"
    assert parse_period("2026-w01").code == "2025-12-29..2026-01-04"
    week = week_of(date(2026, 3, 22))
    assert week == parse_period("2026-W12")
    assert week.previous == parse_period("2026-W11")
