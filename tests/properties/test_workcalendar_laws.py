"""Working time against a count minute by minute, and its laws."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.domain.localtime import instant
from svcdesk.domain.workcalendar import CalendarDay, Span, WorkCalendar

START = int(datetime(2026, 2, 20, tzinfo=UTC).timestamp()) // 60
MINUTES = 30 * 1440


@st.composite
def day_spans(draw: st.DrawFn) -> tuple[Span, ...]:
    marks = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
    marks = marks[: len(marks) // 2 * 2]
    return tuple((a * 900, b * 900) for a, b in zip(marks[::2], marks[1::2], strict=True))


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    days = draw(
        st.dictionaries(
            st.integers(0, 30),
            st.tuples(st.booleans(), st.none() | day_spans()),
            max_size=6,
        )
    )
    return WorkCalendar(
        timezone=draw(st.sampled_from(["Asia/Shanghai", "America/New_York", "Europe/Berlin"])),
        pattern=draw(st.lists(day_spans(), min_size=7, max_size=7)),
        days=[
            CalendarDay(date(2026, 2, 20) + timedelta(days=n), work=work, spans=spans)
            for n, (work, spans) in days.items()
        ],
    )


def slow_minutes(calendar: WorkCalendar, a: int, b: int) -> int:
    """Count the minutes whose wall-clock time lies in a span of their day."""
    zone = ZoneInfo(calendar.timezone)
    count = 0
    for minute in range(a, b):
        wall = datetime.fromtimestamp(minute * 60, zone)
        second = wall.hour * 3600 + wall.minute * 60
        count += any(s <= second < e for s, e in calendar.spans_of(wall.date()))
    return count


moments = st.integers(START, START + MINUTES)


@settings(max_examples=40, deadline=None)
@given(calendars(), moments, st.integers(0, 4 * 1440))
def test_business_seconds_equal_the_count_of_minutes(
    calendar: WorkCalendar, a: int, length: int
) -> None:
    zone = ZoneInfo(calendar.timezone)
    b = a + length
    walls = [datetime.fromtimestamp(m * 60, zone) for m in (a, b)]
    if walls[0].utcoffset() != walls[1].utcoffset():
        return  # the hour that happens twice belongs to its first time only
    assert calendar.business_seconds(a * 60, b * 60) == 60 * slow_minutes(calendar, a, b)


@settings(max_examples=60, deadline=None)
@given(calendars(), st.lists(moments, min_size=3, max_size=3))
def test_durations_add_up(calendar: WorkCalendar, points: list[int]) -> None:
    a, b, c = sorted(p * 60 + 7 for p in points)
    whole = calendar.business_seconds(a, c)
    assert whole == calendar.business_seconds(a, b) + calendar.business_seconds(b, c)
    assert 0 <= whole <= c - a


@settings(max_examples=60, deadline=None)
@given(calendars(), moments, st.integers(1, 100_000))
def test_adding_gives_the_earliest_instant(calendar: WorkCalendar, a: int, n: int) -> None:
    if not any(calendar.pattern):
        return
    start = a * 60
    due = calendar.add_business_seconds(start, n)
    assert calendar.business_seconds(start, due) == n
    assert calendar.business_seconds(start, due - 1) == n - 1


@settings(max_examples=60, deadline=None)
@given(calendars(), moments, st.integers(1, 12))
def test_deadline_has_n_working_days_after_the_day(calendar: WorkCalendar, a: int, n: int) -> None:
    if not any(calendar.pattern):
        return
    zone = ZoneInfo(calendar.timezone)
    day, found = datetime.fromtimestamp(a * 60, zone).date(), 0
    while found < n:
        day += timedelta(days=1)
        found += calendar.is_working_day(day)
    due = calendar.working_day_deadline(a * 60, n)
    wall = datetime.fromtimestamp(due, zone)
    close = calendar.spans_of(day)[-1][1]
    expected = datetime.combine(day, datetime.min.time(), zone) + timedelta(seconds=close)
    # closing time on the wall clock; one that a clock change skips is the instant of the change
    assert wall == expected or due == instant(day, close, calendar.timezone)
