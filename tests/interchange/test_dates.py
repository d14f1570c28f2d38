"""Dates in every form of domain.md 4.5."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.interchange.dates import DateReader
from svcdesk.interchange.problems import Bad

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(*parts: int, zone: ZoneInfo = SHANGHAI) -> int:
    return int(datetime(*parts, tzinfo=zone).timestamp())


MORNING = at(2026, 3, 5)
WALL = datetime(2026, 3, 5, tzinfo=UTC).replace(tzinfo=None)  # as a workbook gives it
AFTERNOON = at(2026, 3, 5, 14, 30)


@pytest.mark.parametrize(
    "cell",
    ["2026-03-05", "2026/3/5", "2026.03.05", "2026.3.5", "2026年3月5日", "2026年03月05日", "20260305",
     "２０２６／０３／０５", "２０２６年３月５日", "46086", "46086.0", 46086.0, 46086, "5-Mar-26",
     "05-Mar-2026", "Mar 5, 2026", " 2026-03-05 ", "2026-03-05(周四)", "2026年3月5日 星期四", "26-03-05",
     "2026 / 3 / 5", WALL],
)  # fmt: skip
def test_one_day_in_many_forms(cell: object) -> None:
    reader = DateReader("Asia/Shanghai")
    assert reader.moment(cell) == MORNING
    assert reader.day(cell) == "2026-03-05"
    assert reader.month(cell) == "2026-03"


@pytest.mark.parametrize(
    "cell",
    ["2026-03-05 14:30", "2026/3/5 14:30:00", "2026年3月5日 14时30分", "2026年3月5日下午2点30分",
     "2026/3/5 下午2:30", "2026-3-5 下午 2:30:00", "2026/3/5 2:30 PM", "2026/3/5 02:30:00 p.m.",
     "2026-03-05T14:30:00", "2026-03-05T14:30:00+08:00", "2026-03-05T06:30:00Z",
     "2026-03-05 06:30:00+00:00", "2026-03-05T15:30+0900", "２０２６－０３－０５　１４：３０", "20260305143000",
     "202603051430", "2026-03-05 14:30:00.417", 46086.604166666664, "46086.6041666667",
     "Mar 5, 2026 14:30", "2026-03-05 周四 14:30", datetime(2026, 3, 5, 6, 30, tzinfo=UTC),
     WALL + timedelta(hours=14, minutes=29, seconds=59.9996)],
)  # fmt: skip
def test_one_moment_in_many_forms(cell: object) -> None:
    assert DateReader("Asia/Shanghai").moment(cell) == AFTERNOON


@pytest.mark.parametrize(
    ("cell", "hour", "minute"),
    [("上午9:05", 9, 5), ("凌晨12:10", 0, 10), ("中午12:30", 12, 30), ("中午1:30", 13, 30),
     ("晚上8:15", 20, 15), ("早上7:00", 7, 0), ("上午12:00", 0, 0), ("下午12:00", 12, 0),
     ("12:00 AM", 0, 0), ("12:00 PM", 12, 0)],
)  # fmt: skip
def test_half_of_the_day(cell: str, hour: int, minute: int) -> None:
    expected = at(2026, 3, 5, hour, minute)
    assert DateReader("Asia/Shanghai").moment(f"2026-03-05 {cell}") == expected


@pytest.mark.parametrize(
    ("order", "cell", "expected"),
    [("dmy", "29/2/2016 01:16", at(2016, 2, 29, 1, 16)), ("dmy", "5/3/2016", at(2016, 3, 5)),
     ("mdy", "5/3/2016", at(2016, 5, 3)), ("mdy", "5/3/16", at(2016, 5, 3)),
     ("dmy", "5/3/16", at(2016, 3, 5)), ("ymd", "13/4/2026", at(2026, 4, 13)),
     ("ymd", "4/13/2026", at(2026, 4, 13)), ("dmy", "2016-03-05", at(2016, 3, 5))],
)  # fmt: skip
def test_order_of_day_and_month(order: str, cell: str, expected: int) -> None:
    assert DateReader("Asia/Shanghai", order).moment(cell) == expected


def test_a_date_that_can_be_read_two_ways_is_not_guessed() -> None:
    assert isinstance(DateReader("Asia/Shanghai").moment("3/4/2026"), Bad)


@pytest.mark.parametrize(
    ("cell", "code"),
    [("########", "date_hidden"), ("#######", "date_hidden"), ("abc", "not_a_date"),
     ("2026-02-30", "not_a_date"), ("2026-13-01", "not_a_date"), ("2026/3/5 25:00", "not_a_date"),
     ("60", "not_a_date"), (0, "not_a_date"), ("1234567", "not_a_date"), (True, "not_a_date"),
     ("3005-01-01", "not_a_date"), ("2026-03-05 下午", "not_a_date")],
)  # fmt: skip
def test_what_is_no_date_says_so(cell: object, code: str) -> None:
    found = DateReader("Asia/Shanghai").moment(cell)
    assert isinstance(found, Bad)
    assert found.code == code


@pytest.mark.parametrize("cell", ["", "  ", None, "　"])
def test_blank_stays_blank(cell: object) -> None:
    reader = DateReader("Asia/Shanghai")
    assert reader.moment(cell) is None
    assert reader.day(cell) is None
    assert reader.month(cell) is None


def test_serials_before_march_1900_count_the_day_that_never_was() -> None:
    reader = DateReader("UTC")
    assert reader.day(1) == "1900-01-01"
    assert reader.day(59) == "1900-02-28"
    assert reader.day(61) == "1900-03-01"


def test_daylight_saving_of_the_mapping_zone() -> None:
    reader = DateReader("America/New_York")
    winter = reader.moment("2017-01-04 03:30:00")
    summer = reader.moment("2017-07-04 03:30:00")
    assert winter == int(datetime(2017, 1, 4, 8, 30, tzinfo=UTC).timestamp())
    assert summer == int(datetime(2017, 7, 4, 7, 30, tzinfo=UTC).timestamp())
    # the day on which the clocks go forward: before and after two o'clock
    assert reader.moment("2017-03-12 01:30") == int(
        datetime(2017, 3, 12, 6, 30, tzinfo=UTC).timestamp()
    )
    assert reader.moment("2017-03-12 03:30") == int(
        datetime(2017, 3, 12, 7, 30, tzinfo=UTC).timestamp()
    )


@pytest.mark.parametrize(
    "cell", ["2026-03", "2026/3", "2026年3月", "202603", 202603.0, "2026.03", "2026年03月份"[:-1]]
)
def test_months(cell: object) -> None:
    assert DateReader("Asia/Shanghai").month(cell) == "2026-03"


@settings(max_examples=60)
@given(
    st.integers(at(1990, 1, 1), at(2090, 1, 1)),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "UTC", "Australia/Lord_Howe"]),
    st.sampled_from(
        ["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y%m%d%H%M%S"]
    ),
)
def test_the_fast_path_agrees_with_zoneinfo(moment: int, zone: str, form: str) -> None:
    wall = datetime.fromtimestamp(moment, ZoneInfo(zone)).replace(fold=0)
    reader = DateReader(zone)
    text = wall.strftime(form)
    for _ in range(2):  # once slow, once from the cache
        assert reader.moment(text) == int(wall.timestamp())
