"""Measures and tasks as bars over weeks: where a bar begins, ends and is late (``domain.md 5.4``).

Pure values, drawn by the screen and by the printed plan alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WEEK = 7
FINISHED = frozenset({"done", "verified", "cancelled", "dropped"})
GIVEN_UP = frozenset({"cancelled", "dropped"})


@dataclass(frozen=True)
class PlanBar:
    """One measure (``table`` "action") or task ("plan_task") from ``start`` to ``due``.

    ``percent``: how far it is, 0 to 100; ``ended``: the day it was done; ``group``: the heading it
    stands under; ``note``: what blocks it. ``id`` is its key, unique in one picture.
    """

    id: int
    table: str
    title: str
    owner: str
    state: str
    start: date
    due: date | None
    percent: int = 0
    ended: date | None = None
    number: str = ""
    group: str = ""
    note: str = ""
    item_id: int | None = None
    owner_id: int | None = None

    @property
    def finished(self) -> bool:
        """Tell whether nothing is left to do."""
        return self.state in FINISHED

    @property
    def blocked(self) -> bool:
        """Tell whether something holds it up."""
        return self.state == "blocked"

    def late_from(self, today: date) -> date | None:
        """Return the first day after the due day, when the work went on beyond it."""
        if self.due is None or self.state in GIVEN_UP or self.last(today) <= self.due:
            return None
        return self.due + timedelta(days=1)

    def is_late(self, today: date) -> bool:
        """Tell whether it is past its due day and not finished."""
        return self.due is not None and not self.finished and self.due < today

    def late_days(self, today: date) -> int:
        """Return by how many days it went or is past its due day, 0 when it is not."""
        if self.due is None or self.late_from(today) is None:
            return 0
        return (self.last(today) - self.due).days

    def last(self, today: date) -> date:
        """Return the last day drawn: the due day, or beyond it the day it was done or today."""
        if self.state in GIVEN_UP:
            return self.due or self.start
        reached = self.ended if self.finished else today
        return max(day for day in (self.start, self.due, reached) if day is not None)

    def planned_last(self, today: date) -> date:
        """Return the last day of the planned part: the due day, without one the last day drawn."""
        return self.due or self.last(today)


def begins(entered: date, logged: date | None, due: date | None) -> date:
    """Return the day a measure begins.

    That is the day of the first entry in its log, which is when work on it began; before any, the
    day it was written down. A plan written down after its due day is a bar of one day.
    """
    found = logged if logged is not None else entered
    return found if due is None else min(found, due)


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def reach(bars: Iterable[PlanBar], today: date) -> tuple[date, date]:
    """Return the first Monday and the last Sunday that show all bars and today.

    A week more is free behind them, for what is written beside a bar.
    """
    days = [today]
    for bar in bars:
        days += [bar.start, bar.last(today)]
    return monday(min(days)), monday(max(days)) + timedelta(days=2 * WEEK - 1)


def weeks(first: date, last: date) -> list[date]:
    """Return the first day of each week from ``first`` to ``last``, seven days apart."""
    count = ((last - first).days + WEEK) // WEEK
    return [first + timedelta(days=WEEK * n) for n in range(count)]


def shows(view: str, bar: PlanBar, me: int, today: date) -> bool:
    """Tell whether a view (all, open, late, blocked, mine) holds a bar."""
    if view == "all":
        return bar.state not in GIVEN_UP
    if bar.finished:
        return False
    if view == "late":
        return bar.is_late(today)
    if view == "blocked":
        return bar.blocked
    return view == "open" or bar.owner_id == me


def grouped(bars: Sequence[PlanBar]) -> list[tuple[str, list[PlanBar]]]:
    """Return bars under their headings, in the order in which the headings first appear."""
    found: dict[str, list[PlanBar]] = {}
    for bar in bars:
        found.setdefault(bar.group, []).append(bar)
    return list(found.items())
