"""Working time: weekly pattern, public holidays, make-up days (``domain.md 2.14``).

Everything is counted in seconds of working time. A calendar lays its spans out once as sorted
lists with running totals, so a duration is two bisections whatever its length.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from svcdesk.domain.localtime import DAY, DEFAULT_ZONE, instant, local_date, midnight
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Span = tuple[int, int]  # seconds of the local day, end not included
NINE_TO_SIX: tuple[Span, ...] = ((9 * 3600, 18 * 3600),)
DEFAULT_PATTERN: tuple[tuple[Span, ...], ...] = (NINE_TO_SIX,) * 5 + ((), ())
_EARLIEST, _LATEST = -5_364_662_400, 19_880_899_200  # the years 1800 to 2600
ROUND_THE_CLOCK: tuple[tuple[Span, ...], ...] = (((0, DAY),),) * 7


@dataclass(frozen=True)
class CalendarDay:
    """An exception: a day off, or a make-up working day with its own spans or Monday's."""

    date: date
    work: bool
    name: str = ""
    spans: tuple[Span, ...] | None = None


@dataclass(frozen=True)
class DayShare:
    """One calendar day of an explained due time; seconds of working time.

    ``reason``: ``work``, ``weekend``, ``holiday`` or ``makeup``; ``counted`` ran on the clock,
    ``paused`` fell into a pause.
    """

    date: date
    reason: str
    name: str
    counted: int
    paused: int


def parse_clock(text: str) -> int:
    """Read ``HH:MM`` (up to 24:00) as seconds of the day."""
    hours, separator, minutes = text.strip().partition(":")
    if separator and hours.isdigit() and minutes.isdigit():
        value = int(hours) * 3600 + int(minutes) * 60
        if int(minutes) < 60 and value <= DAY:
            return value
    raise UserError("“{value}” is not a time of day like 09:00.", code="clock", value=text)


def parse_spans(pairs: Iterable[Sequence[str]]) -> tuple[Span, ...]:
    """Read the spans of one day, e.g. ``[["09:00", "12:00"], ["13:00", "18:00"]]``."""
    spans = sorted((parse_clock(a), parse_clock(b)) for a, b in pairs)
    previous = 0
    for start, end in spans:
        if end <= start or start < previous:
            raise UserError(
                "Working spans of a day must follow each other and end after they start.",
                code="spans",
            )
        previous = end
    return tuple(spans)


def parse_pattern(days: Sequence[Iterable[Sequence[str]]]) -> tuple[tuple[Span, ...], ...]:
    """Read a weekly pattern, Monday first; it must have seven days."""
    if len(days) != 7:
        raise UserError("A weekly pattern has seven days.", code="pattern")
    return tuple(parse_spans(day) for day in days)


def days_from_rows(rows: Iterable[Sequence[str]]) -> list[CalendarDay]:
    """Read exceptions from rows ``date, name, off|work`` as in the built-in holiday table."""
    return [CalendarDay(date.fromisoformat(day), kind == "work", name) for day, name, kind in rows]


class _Layout:
    """The spans of some years as instants, with running totals; replaced as a whole."""

    __slots__ = ("closings", "days", "ends", "first", "high", "last", "low", "starts", "totals")

    def __init__(self, calendar: WorkCalendar, first: int, last: int) -> None:
        self.first, self.last = first, last
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.totals: list[int] = []  # working seconds up to the end of each span
        self.days: list[int] = []  # ordinals of the working days …
        self.closings: list[int] = []  # … and when they close
        zone, total, day, stop = calendar.timezone, 0, date(first, 1, 1), date(last, 1, 1)
        while day < stop:
            before = total
            for begin, finish in calendar.spans_of(day):
                start, end = instant(day, begin, zone), instant(day, finish, zone)
                if end > start:  # a clock change may swallow a span
                    total += end - start
                    self.starts.append(start)
                    self.ends.append(end)
                    self.totals.append(total)
            if total > before:
                self.days.append(day.toordinal())
                self.closings.append(self.ends[-1])
            day += timedelta(days=1)
        self.low = instant(date(first, 1, 1), 0, zone)
        self.high = instant(stop, 0, zone)

    def worked(self, stamp: int) -> int:
        """Return the working seconds from the start of the layout to ``stamp``."""
        i = bisect_right(self.starts, stamp) - 1
        if i < 0:
            return 0
        end = self.ends[i]
        return self.totals[i] - end + stamp if stamp < end else self.totals[i]

    @property
    def total(self) -> int:
        """Return the working seconds of all years laid out."""
        return self.totals[-1] if self.totals else 0


class WorkCalendar:
    """When the desk works. Immutable; lays years out as they are asked for."""

    def __init__(
        self,
        *,
        timezone: str = DEFAULT_ZONE,
        pattern: Sequence[Sequence[Span]] = DEFAULT_PATTERN,
        days: Iterable[CalendarDay] = (),
        standard_day_minutes: int = 540,
        always: bool = False,
    ) -> None:
        self.timezone = timezone
        self.pattern = tuple(tuple(day) for day in (ROUND_THE_CLOCK if always else pattern))
        self.exceptions = {} if always else {day.date: day for day in days}
        self.standard_day_seconds = standard_day_minutes * 60
        self.always = always
        self.years = frozenset(day.year for day in self.exceptions)
        self._makeup = self.pattern[0] or next((p for p in self.pattern if p), ())
        self._laid_out: _Layout | None = None

    def spans_of(self, day: date) -> tuple[Span, ...]:
        """Return the working spans of ``day`` in seconds of the local day."""
        exception = self.exceptions.get(day)
        if exception is None:
            return self.pattern[day.weekday()]
        if not exception.work:
            return ()
        return self._makeup if exception.spans is None else exception.spans

    def is_working_day(self, day: date) -> bool:
        """Tell whether ``day`` has at least one working span."""
        return bool(self.spans_of(day))

    # -- the layout ------------------------------------------------------------------------

    def _layout(self, a: int, b: int) -> _Layout:
        """Return a layout that holds ``a`` and ``b``."""
        layout = self._laid_out
        if layout is not None and layout.low <= a and b < layout.high:
            return layout
        if a < _EARLIEST or b > _LATEST:
            raise UserError("That time lies outside the years 1800 to 2600.", code="range")
        first = local_date(a, self.timezone).year - 1
        last = local_date(b, self.timezone).year + 2
        if layout is not None:
            first, last = min(first, layout.first), max(last, layout.last)
        self._laid_out = layout = _Layout(self, first, last)
        return layout

    def _longer(self, layout: _Layout) -> _Layout:
        """Return ``layout`` with ten more years; refuse a calendar that never works."""
        longer = _Layout(self, layout.first, layout.last + 10)
        if longer.total == layout.total:
            raise UserError("The working calendar has no working time.", code="calendar")
        self._laid_out = longer
        return longer

    # -- durations -------------------------------------------------------------------------

    def business_seconds(self, a: int, b: int) -> int:
        """Return the working seconds in ``[a, b)``; before opening and after closing count 0."""
        if b < a:
            raise UserError("The end lies before the start.", code="order")
        if self.always:
            return b - a
        layout = self._laid_out
        if layout is None or a < layout.low or b >= layout.high:
            layout = self._layout(a, b)
        return layout.worked(b) - layout.worked(a)

    def business_minutes(self, a: int, b: int) -> float:
        """Return the working minutes in ``[a, b)``."""
        return self.business_seconds(a, b) / 60

    def add_business_seconds(self, a: int, n: int) -> int:
        """Return the earliest instant that has ``n`` working seconds since ``a``.

        A budget that ends exactly at closing is due at closing, not at the next opening; no
        budget is due at once.
        """
        if n < 0:
            raise UserError("Working time to add must not be negative.", code="negative")
        if n == 0 or self.always:
            return a + n
        layout = self._layout(a, a)
        target = layout.worked(a) + n
        while layout.total < target:
            layout = self._longer(layout)
        i = bisect_left(layout.totals, target)
        return layout.ends[i] - (layout.totals[i] - target)

    def add_business_minutes(self, a: int, n: float) -> int:
        """Return the earliest instant that has ``n`` working minutes since ``a``."""
        return self.add_business_seconds(a, round(n * 60))

    # -- days ------------------------------------------------------------------------------

    def working_day_deadline(self, a: int, n: int) -> int:
        """Return the close of business of the ``n``-th working day after the day of ``a``.

        The day of receipt never counts (Civil Code art. 201, 203); ``n`` is at least 1.
        """
        if n < 1:
            raise UserError("A deadline has at least one working day.", code="negative")
        layout = self._layout(a, a)
        today = local_date(a, self.timezone).toordinal()
        while (i := bisect_right(layout.days, today) + n - 1) >= len(layout.days):
            layout = self._longer(layout)
        return layout.closings[i]

    def working_days(self, start: date, end: date) -> int:
        """Count the working days in ``[start, end)``."""
        if end <= start:
            return 0
        days = self._layout(midnight(start, self.timezone), midnight(end, self.timezone)).days
        return bisect_left(days, end.toordinal()) - bisect_left(days, start.toordinal())

    def missing_years(self, a: int, b: int) -> list[int]:
        """List the years touched by ``[a, b]`` for which no holiday notice is loaded."""
        if self.always:
            return []
        first, last = local_date(a, self.timezone).year, local_date(b, self.timezone).year
        return [year for year in range(first, last + 1) if year not in self.years]

    # -- explanation -----------------------------------------------------------------------

    def _reason(self, day: date) -> tuple[str, str]:
        exception = self.exceptions.get(day)
        if exception is not None:
            return ("makeup" if exception.work else "holiday"), exception.name
        return ("work" if self.pattern[day.weekday()] else "weekend"), ""

    def explain(
        self, a: int, due: int, pauses: Sequence[tuple[int, int | None]] = ()
    ) -> list[DayShare]:
        """Tell day by day how the working time between ``a`` and ``due`` adds up."""
        shares: list[DayShare] = []
        day, last = local_date(a, self.timezone), local_date(due, self.timezone)
        while day <= last:
            low = max(a, midnight(day, self.timezone))
            high = min(due, midnight(day + timedelta(days=1), self.timezone))
            if high > low or not shares:
                worked = self.business_seconds(low, max(low, high))
                paused = self.paused_seconds(low, max(low, high), pauses)
                reason, name = self._reason(day)
                shares.append(DayShare(day, reason, name, worked - paused, paused))
            day += timedelta(days=1)
        return shares

    def paused_seconds(self, a: int, b: int, pauses: Sequence[tuple[int, int | None]]) -> int:
        """Return the working seconds of ``[a, b)`` that lie in ``pauses`` (open end: still on)."""
        total = 0
        reached = a
        for start, end in sorted(pauses, key=lambda pause: pause[0]):
            low = max(start, reached)
            high = b if end is None else min(end, b)
            if high > low:
                total += self.business_seconds(low, high)
                reached = high
        return total

    def net_seconds(self, a: int, b: int, pauses: Sequence[tuple[int, int | None]] = ()) -> int:
        """Return the working seconds of ``[a, b)`` outside ``pauses``."""
        worked = self.business_seconds(a, b)
        return worked - self.paused_seconds(a, b, pauses) if pauses else worked
