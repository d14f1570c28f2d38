"""What a figure is compared with (``domain.md 3.9``, features Q7 and G22).

A basis is written as a short code, so that it can be kept between runs: ``mom``, ``yoy``,
``prev3``, ``roll3``, ``baseline``, ``industry``, or ``own:`` with the code of a period.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from svcdesk.domain.localtime import local_date
from svcdesk.domain.period import Period
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from svcdesk.domain.workcalendar import WorkCalendar

OWN_PREFIX = "own:"
# the names under which the holiday notices list it
SPRING_FESTIVAL = frozenset({"春节", "Spring Festival"})


class Against(StrEnum):
    """The kinds of basis."""

    MOM = "mom"  # the period just before, of the same kind
    YOY = "yoy"  # the same period of last year
    PREV3 = "prev3"  # the three months before
    ROLL3 = "roll3"  # the last three months against the three before them
    BASELINE = "baseline"  # a value that the team chose
    INDUSTRY = "industry"  # a value of others, with its source
    OWN = "own"  # another period, chosen freely


GIVEN = frozenset({Against.BASELINE, Against.INDUSTRY})
MONTHLY = frozenset({Against.PREV3, Against.ROLL3})  # for months only


@dataclass(frozen=True)
class Basis:
    """What to compare with; ``other`` is the second period of :attr:`Against.OWN`.

    ``same_days``: a period that is not over is compared over the days that are, with as many
    days of the other one (3.1); else nothing is compared with it.
    """

    against: Against = Against.MOM
    other: str = ""
    same_days: bool = False

    @property
    def code(self) -> str:
        """Return the code that :func:`parse_basis` reads."""
        if self.against is Against.OWN:
            return OWN_PREFIX + self.other
        return str(self.against)


def parse_basis(text: str, *, same_days: bool = False) -> Basis:
    """Read the code of a basis."""
    if text.startswith(OWN_PREFIX):
        return Basis(Against.OWN, text.removeprefix(OWN_PREFIX), same_days)
    if text in set(Against) - {Against.OWN}:
        return Basis(Against(text), "", same_days)
    raise UserError(
        "“{value}” is nothing to compare with. Use one of: {list}.",
        code="basis", value=text, list=", ".join([*(set(Against) - {Against.OWN}), "own:2026-03"]),
    )  # fmt: skip


def first_days(period: Period, days: int) -> Period:
    """Return the first ``days`` days of a period as a range, at most the whole of it."""
    end = min(period.end, period.start + timedelta(days=days))
    return Period(
        "range", period.start.year, 0, period.start, end, period.start_day, period.zone
    )  # fmt: skip


def whole_days(period: Period, as_of: int) -> int:
    """Return how many days of a period are over at the cut-off."""
    over = local_date(as_of, period.zone)
    return max(0, min((over - period.start).days, period.days))


def window(period: Period, months: int = 3, *, back: int = 0) -> Period:
    """Return the range of ``months`` months that ends with the period's last one.

    ``back`` moves it that many months into the past; edges are those of the labelled months, on
    whatever day they start.
    """
    last = period.months()[-1].shifted(-back)
    first = last.shifted(1 - months)
    return Period(
        "range", first.start.year, 0, first.start, last.end, period.start_day, period.zone
    )  # fmt: skip


def festival_days(calendar: WorkCalendar, period: Period) -> int:
    """Return how many days off of the Spring Festival lie in a period."""
    return sum(
        period.start <= day < period.end
        for day, exception in calendar.exceptions.items()
        if not exception.work and exception.name in SPRING_FESTIVAL
    )


def festival_shift(calendar: WorkCalendar, one: Period, other: Period) -> bool:
    """Tell whether the Spring Festival lies in only one of two periods of equal standing.

    A year whose holidays are not known yet has no festival to compare: nothing is told of it.
    """
    known = {day.year for day in calendar.exceptions}
    if not {one.start.year, one.last_day.year, other.start.year, other.last_day.year} <= known:
        return False
    return bool(festival_days(calendar, one)) is not bool(festival_days(calendar, other))
