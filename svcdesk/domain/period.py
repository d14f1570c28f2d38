"""Reporting periods: half-open in the team's zone (``domain.md 3.1``).

A month may start on day 2 to 28: with 26, "2026-03" runs from 26 February to 25 March. Quarters,
half-years and years are made of labelled months.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from svcdesk.domain.localtime import DEFAULT_ZONE, midnight
from svcdesk.i18n.catalog import N_
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from svcdesk.i18n.catalog import Translator

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_PART = re.compile(r"(\d{4})-([QHqh])(\d)")
_WEEK = re.compile(r"(\d{4})-[Ww](\d{2})")
_YEAR = re.compile(r"\d{4}")
_FIRST, _LAST = 1970, 9000  # years in which a year before and after can be told
_MONTHS_OF = {"month": 1, "quarter": 3, "half": 6, "year": 12}
KIND_LABELS = {
    "month": N_("a month (2026-03)"), "quarter": N_("a quarter (2026-Q1)"),
    "half": N_("a half-year (2026-H1)"), "year": N_("a year (2026)"),
    "range": N_("a week (2026-W12) or a range of days (2026-03-01..2026-03-15)"),
}  # fmt: skip
_MONTH_NAMES = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"),
    N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
_QUARTERS = (N_("Q1 {year}"), N_("Q2 {year}"), N_("Q3 {year}"), N_("Q4 {year}"))
_HALVES = (N_("H1 {year}"), N_("H2 {year}"))


def _edge(year: int, month: int, start_day: int) -> date:
    """Return the first day of the labelled month ``year``-``month``."""
    if start_day > 1:
        month -= 1
        if month == 0:
            year, month = year - 1, 12
    return date(year, month, start_day)


@dataclass(frozen=True)
class Period:
    """A reporting period. ``kind``: month, quarter, half, year or range.

    ``year`` and ``number`` label it (month 1–12, quarter 1–4, half 1–2, year 1); ``start`` and
    ``end`` are days, the end not included.
    """

    kind: str
    year: int
    number: int
    start: date
    end: date
    start_day: int = 1
    zone: str = DEFAULT_ZONE

    @property
    def code(self) -> str:
        """Return the period as people and programs write it, e.g. ``2026-Q1``."""
        if self.kind == "month":
            return f"{self.year}-{self.number:02d}"
        if self.kind == "quarter":
            return f"{self.year}-Q{self.number}"
        if self.kind == "half":
            return f"{self.year}-H{self.number}"
        if self.kind == "year":
            return str(self.year)
        return f"{self.start}..{self.end - timedelta(days=1)}"

    def __str__(self) -> str:
        return self.code

    @property
    def start_at(self) -> int:
        """Return the UTC second at which it begins."""
        return midnight(self.start, self.zone)

    @property
    def end_at(self) -> int:
        """Return the UTC second at which it is over."""
        return midnight(self.end, self.zone)

    @property
    def last_day(self) -> date:
        """Return its last day."""
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        """Return the number of calendar days."""
        return (self.end - self.start).days

    def incomplete(self, as_of: int) -> bool:
        """Tell whether the cut-off lies before the end."""
        return as_of < self.end_at

    def shifted(self, steps: int) -> Period:
        """Return the period ``steps`` of its own length later (negative: earlier)."""
        if self.kind == "range":
            move = timedelta(days=steps * self.days)
            return Period("range", (self.start + move).year, 0, self.start + move,
                          self.end + move, self.start_day, self.zone)  # fmt: skip
        per_year = 12 // _MONTHS_OF[self.kind]
        index = self.year * per_year + self.number - 1 + steps
        return _labelled(
            self.kind, index // per_year, index % per_year + 1, self.start_day, self.zone
        )

    @property
    def previous(self) -> Period:
        """Return the period just before, of the same length."""
        return self.shifted(-1)

    @property
    def year_ago(self) -> Period:
        """Return the same period of last year."""
        if self.kind == "range":
            return Period("range", self.start.year - 1, 0, _year_before(self.start),
                          _year_before(self.end), self.start_day, self.zone)  # fmt: skip
        return self.shifted(-12 // _MONTHS_OF[self.kind])

    def months(self) -> list[Period]:
        """Return the labelled months it is made of; of a range, those that it touches."""
        if self.kind == "range":
            first = month_of(self.start, self.start_day, self.zone)
            found = [first]
            while found[-1].end < self.end:
                found.append(found[-1].shifted(1))
            return found
        size = _MONTHS_OF[self.kind]
        return [
            _labelled("month", self.year, (self.number - 1) * size + i + 1, self.start_day,
                      self.zone)
            for i in range(size)
        ]  # fmt: skip

    def whole_months(self) -> list[Period]:
        """Return the labelled months that make it up exactly; none: a month is cut by an edge."""
        found = self.months()
        whole = found[0].start == self.start and found[-1].end == self.end
        return found if whole else []

    def last_months(self, n: int) -> list[Period]:
        """Return the ``n`` months that end with its last one, oldest first."""
        last = self.months()[-1]
        return [last.shifted(i) for i in range(1 - n, 1)]

    def days_list(self) -> list[Period]:
        """Return its days, each as a period."""
        return [
            Period("range", d.year, 0, d, d + timedelta(days=1), self.start_day, self.zone)
            for d in (self.start + timedelta(days=i) for i in range(self.days))
        ]

    def title(self, t: Translator) -> str:
        """Return its name in words, e.g. 2026年3月 or March 2026."""
        if self.kind == "month":
            name = t(_MONTH_NAMES[self.number - 1])
            return t("{month} {year}").format(month=name, year=self.year)
        if self.kind == "quarter":
            return t(_QUARTERS[self.number - 1]).format(year=self.year)
        if self.kind == "half":
            return t(_HALVES[self.number - 1]).format(year=self.year)
        if self.kind == "year":
            return t("Year {year}").format(year=self.year)
        return t("{start} to {end}").format(start=self.start, end=self.last_day)


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def _labelled(kind: str, year: int, number: int, start_day: int, zone: str) -> Period:
    size = _MONTHS_OF[kind]
    first = (number - 1) * size + 1
    after_year, after_month = (year + 1, 1) if first + size > 12 else (year, first + size)
    return Period(
        kind, year, number, _edge(year, first, start_day),
        _edge(after_year, after_month, start_day), start_day, zone,
    )  # fmt: skip


def month(year: int, number: int, start_day: int = 1, zone: str = DEFAULT_ZONE) -> Period:
    """Return the labelled month ``year``-``number``."""
    return _labelled("month", year, number, start_day, zone)


def month_of(day: date, start_day: int = 1, zone: str = DEFAULT_ZONE) -> Period:
    """Return the labelled month in which ``day`` lies."""
    found = _labelled("month", day.year, day.month, start_day, zone)
    return found.shifted(1) if day >= found.end else found


def _days(text: str, start_day: int, zone: str) -> Period:
    first, _, last = text.partition("..")
    start, end = date.fromisoformat(first.strip()), date.fromisoformat(last.strip())
    if end < start:
        raise UserError("The end lies before the start.", code="order")
    return Period("range", start.year, 0, start, end + timedelta(days=1), start_day, zone)


def week_of(day: date, start_day: int = 1, zone: str = DEFAULT_ZONE) -> Period:
    """Return the week from Monday to Sunday (ISO 8601) in which ``day`` lies."""
    start = day - timedelta(days=day.weekday())
    return Period("range", start.year, 0, start, start + timedelta(days=7), start_day, zone)


def parse_period(text: str, start_day: int = 1, zone: str = DEFAULT_ZONE) -> Period:
    """Read ``2026-03``, ``2026-Q1``, ``2026-H1``, ``2026``, ``2026-W12``, ``2026-03-01..2026-03-15``.

    A week is the range of its days, Monday to Sunday.
    """
    try:
        found = _parsed(text.strip(), start_day, zone)
    except ValueError:
        found = None
    if found is None or not _FIRST <= found.year <= _LAST:
        raise UserError(
            "“{value}” is not a period; write 2026-03, 2026-Q1, 2026-H1, 2026, 2026-W12 or "
            "2026-03-01..2026-03-15.",
            code="period",
            value=text,
        )
    return found


def _parsed(text: str, start_day: int, zone: str) -> Period | None:
    if ".." in text:
        return _days(text, start_day, zone)
    if found := _WEEK.fullmatch(text):
        return week_of(date.fromisocalendar(int(found[1]), int(found[2]), 1), start_day, zone)
    if (found := _MONTH.fullmatch(text)) and 1 <= int(found[2]) <= 12:
        return _labelled("month", int(found[1]), int(found[2]), start_day, zone)
    if found := _PART.fullmatch(text):
        kind, parts = ("quarter", 4) if found[2] in "Qq" else ("half", 2)
        if 1 <= int(found[3]) <= parts:
            return _labelled(kind, int(found[1]), int(found[3]), start_day, zone)
    if _YEAR.fullmatch(text):
        return _labelled("year", int(text), 1, start_day, zone)
    return None
