"""Figures of tickets in plain Python, from the definitions alone (domain.md 3.2 to 3.4).

Nothing of the program is used: no calendar, no statistics, no SQL. A case is what a raw file says:
when it began, what happened when. Durations are exact fractions.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from zoneinfo import ZoneInfo

DAY = 86_400
LIMITS = {"urgent": (15, 240), "high": (30, 540), "normal": (30, 1620), "low": (120, 2700)}
AGES = (1, 3, 7, 15)  # calendar days, upper bound inclusive (3.3)
ENDS, WAITS = ("resolved", "closed"), ("customer", "internal")


class PlainCalendar:
    """Working seconds, 09:00 to 18:00 of working days, by adding up days."""

    def __init__(self, zone: ZoneInfo | Any, special: dict[date, str], first: date, last: date):
        self.zone, self.special = zone, special
        self.first, self.sums = first, [0]
        for number in range((last - first).days + 1):
            worked = 9 * 3600 if self.works(first + timedelta(days=number)) else 0
            self.sums.append(self.sums[-1] + worked)

    def works(self, day: date) -> bool:
        """Tell whether a day is a working day."""
        return self.special.get(day, "work" if day.weekday() < 5 else "off") == "work"

    def until(self, at: int) -> int:
        """Return the working seconds from the first day up to a moment."""
        local = datetime.fromtimestamp(at, self.zone)
        number = (local.date() - self.first).days
        inside = local.hour * 3600 + local.minute * 60 + local.second - 9 * 3600
        today = min(max(inside, 0), 9 * 3600) if self.works(local.date()) else 0
        return self.sums[number] + today

    def worked(self, start: int, end: int) -> int:
        """Return the working seconds between two moments."""
        return self.until(end) - self.until(start)

    def start_of(self, month: str) -> int:
        """Return when a month begins."""
        year, number = map(int, month.split("-"))
        return int(datetime(year, number, 1, tzinfo=self.zone).timestamp())


def following(month: str) -> str:
    """Return the month after."""
    year, number = map(int, month.split("-"))
    return f"{year + number // 12}-{number % 12 + 1:02d}"


def months_between(first: str, last: str) -> list[str]:
    """Return all months of a span."""
    found = [first]
    while found[-1] < last:
        found.append(following(found[-1]))
    return found


@dataclass
class Case:
    """One ticket as the raw file tells it; ``steps``: (moment, place in the file, what)."""

    number: str
    opened: int
    steps: list[tuple[int, int, str]] = field(default_factory=list)
    customer: str = ""  # "": nobody's name, a person of his own
    issue: str = ""
    channel: str = ""
    live: bool = False
    priority: str = "normal"
    agent: str = ""
    department: str = ""
    region: str = ""
    promised: int | None = None
    answer: int | None = None
    first_end: int | None = None
    end: int | None = None
    closed: int | None = None
    reopened: int = 0
    tries: list[list[int | None]] = field(default_factory=list)  # [opened, ended]
    waits: list[list[int | None]] = field(default_factory=list)  # for the customer

    def walk(self) -> Case:
        """Go through the steps in their order and note what follows."""
        self.tries = [[self.opened, None]]
        for at, _place, what in sorted(self.steps):
            if what == "answer":
                self.answer = at if self.answer is None else self.answer
                continue
            if self.waits and self.waits[-1][1] is None:
                self.waits[-1][1] = at
            if what in ENDS:
                if self.tries[-1][1] is None:
                    self.tries[-1][1] = self.end = at
                    self.first_end = at if self.first_end is None else self.first_end
                if what == "closed" and self.closed is None:
                    self.closed = at
                continue
            if self.tries[-1][1] is not None:
                self.tries.append([at, None])
                self.reopened += 1
                self.end = self.closed = None
            if what == "customer":
                self.waits.append([at, None])
        return self

    def open_at(self, moment: int) -> bool:
        """Tell whether the case is open just before ``moment``."""
        return any(
            start is not None and start < moment and (end is None or end >= moment)
            for start, end in self.tries
        )

    def net(self, calendar: PlainCalendar, until: int) -> int:
        """Return working seconds up to ``until``, waiting for the customer deducted."""
        total = calendar.worked(self.opened, until)
        for start, end in self.waits:
            assert start is not None
            low, high = max(start, self.opened), min(until if end is None else end, until)
            if low < high:
                total -= calendar.worked(low, high)
        return total


def percentile(values: Sequence[int], share: Fraction) -> Fraction | None:
    """Interpolate as PERCENTILE.INC does."""
    ordered = sorted(values)
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def ratio(num: Fraction | int, den: int, scale: int = 100) -> Fraction | None:
    """Return a share, nothing for an empty denominator."""
    return Fraction(num) * scale / den if den else None


def _late(case: Case, calendar: PlainCalendar, moment: int) -> bool:
    """Tell whether the limit of a case has passed at ``moment``."""
    if case.promised is not None:
        return moment > case.promised
    return case.net(calendar, moment) > LIMITS[case.priority][1] * 60


def _backwards(case: Case) -> bool:
    """AB02: a resolution before the receipt."""
    return any(at is not None and at < case.opened for at in (case.first_end, case.end))


class Plain:
    """All figures of all months of a set of cases."""

    def __init__(self, cases: Iterable[Case], calendar: PlainCalendar, fcr_days: int = 7) -> None:
        self.cases = [case.walk() for case in cases]
        self.calendar = calendar
        self.window = fcr_days * DAY
        self.by_matter: dict[tuple[str, str], list[int]] = defaultdict(list)
        for case in self.cases:
            if case.customer:
                self.by_matter[case.customer, case.issue].append(case.opened)
        for times in self.by_matter.values():
            times.sort()

    def months(self) -> list[str]:
        """Return every month in which something of the data happened."""
        moments = [m for c in self.cases for m in (c.opened, c.first_end, c.end, c.closed) if m]
        names = [
            f"{datetime.fromtimestamp(at, self.calendar.zone):%Y-%m}"
            for at in (min(moments), max(moments))
        ]
        return months_between(names[0], names[1])

    def _followed(self, case: Case) -> bool:
        """Tell whether the customer came again about the same issue within the window."""
        times = self.by_matter.get((case.customer, case.issue), [])
        assert case.end is not None
        place = bisect_right(times, case.end)
        return place < len(times) and times[place] <= case.end + self.window

    def figures(self, month: str, until: int) -> dict[str, Any]:
        """Return the value of each metric; ``until`` is the cut-off of everything."""
        start, end = self.calendar.start_of(month), self.calendar.start_of(following(month))

        def inside(at: int | None) -> bool:
            return at is not None and start <= at < end

        created = [c for c in self.cases if inside(c.opened)]
        resolved = [c for c in self.cases if inside(c.end)]
        good = [c for c in resolved if not _backwards(c)]
        found: dict[str, Any] = {
            "ticket_created": len(created), "ticket_resolved": len(resolved),
            "ticket_closed": sum(inside(c.closed) for c in self.cases),
            "reopen_rate": ratio(sum(c.reopened > 0 for c in resolved), len(resolved)),
            "resolve_rate": ratio(sum(c.end is not None for c in created), len(created)),
            "frt_unresponded": sum(c.answer is None for c in created),
            "fcr_rate": ratio(
                sum(c.reopened == 0 and not self._followed(c) for c in good), len(good)
            ),
        }  # fmt: skip
        days = [date.fromordinal(n) for n in range(
            datetime.fromtimestamp(start, self.calendar.zone).toordinal(),
            datetime.fromtimestamp(end, self.calendar.zone).toordinal())]  # fmt: skip
        found["daily_avg_handled"] = ratio(len(resolved), sum(map(self.calendar.works, days)), 1)
        hours = [c.end - c.opened for c in good if c.end is not None]
        found["res_mean_h"] = ratio(sum(hours), len(hours) * 3600, 1)
        for name, share in (("res_median_h", Fraction(1, 2)), ("res_p90_h", Fraction(9, 10))):
            value = percentile(hours, share)
            found[name] = None if value is None else value / 3600
        found |= self._limits(inside) | self._responses(created, until) | self._stock(end, until)
        return found

    def _limits(self, inside: Any) -> dict[str, Any]:
        first = [c for c in self.cases if inside(c.first_end) and not _backwards(c)]
        met = sum(not _late(c, self.calendar, c.first_end or 0) for c in first)
        return {"res_sla_rate": ratio(met, len(first)), "late_resolved": len(first) - met}

    def _responses(self, created: Sequence[Case], until: int) -> dict[str, Any]:
        waited = [c for c in created if c.answer is not None and c.answer > c.opened]
        seconds = [self.calendar.worked(c.opened, c.answer or 0) for c in waited]
        found: dict[str, Any] = {"frt_mean_min": ratio(sum(seconds), len(seconds) * 60, 1)}
        for name, share in (("frt_median_min", Fraction(1, 2)), ("frt_p90_min", Fraction(9, 10))):
            value = percentile(seconds, share)
            found[name] = None if value is None else value / 60
        met = sum(s <= LIMITS[c.priority][0] * 60 for c, s in zip(waited, seconds, strict=True))
        unanswered = sum(
            c.answer is None and self.calendar.worked(c.opened, until) > LIMITS[c.priority][0] * 60
            for c in created
        )
        found["frt_sla_rate"] = ratio(met, len(waited) + unanswered)
        return found

    def _stock(self, end: int, until: int) -> dict[str, Any]:
        moment = min(end, until)
        still = [c for c in self.cases if c.open_at(moment)]
        ages = Counter(
            next((str(n) for n in AGES if moment - c.opened <= n * DAY), "more") for c in still
        )
        return {
            "backlog_end": len(still), "ages": dict(ages),
            "overdue_open": sum(_late(c, self.calendar, moment) for c in still),
        }  # fmt: skip

    def excluded(self, month: str) -> dict[str, int]:
        """Return how many cases each rule of 4.5 takes out of which metric."""
        start, end = self.calendar.start_of(month), self.calendar.start_of(following(month))
        created = [c for c in self.cases if start <= c.opened < end]
        resolved = [c for c in self.cases if c.end is not None and start <= c.end < end]
        return {
            "AB01": sum(c.answer == c.opened and not c.live for c in created),
            "AB03": sum(c.answer is not None and c.answer < c.opened for c in created),
            "AB02": sum(map(_backwards, resolved)),
        }

    def split(self, month: str, by: str) -> dict[str, int]:
        """Return the tickets received by the groups of an attribute."""
        start, end = self.calendar.start_of(month), self.calendar.start_of(following(month))
        return dict(Counter(getattr(c, by) for c in self.cases if start <= c.opened < end))


def stamp(at: datetime) -> int:
    """Return a moment in UTC seconds."""
    return int(at.astimezone(UTC).timestamp())
