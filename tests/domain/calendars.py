"""Calendars the tests share: the built-in Chinese one, and times written as people write them."""

from __future__ import annotations

import csv
from functools import lru_cache

from svcdesk.domain.localtime import DEFAULT_ZONE, local, parse_instant
from svcdesk.domain.workcalendar import WorkCalendar, days_from_rows
from svcdesk.system.paths import resources


@lru_cache(maxsize=1)
def china() -> WorkCalendar:
    """The default calendar with the State Council days 2015 to 2026."""
    with (resources() / "calendar/cn_holidays.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    return WorkCalendar(days=days_from_rows(rows))


def at(text: str, zone: str = DEFAULT_ZONE) -> int:
    """``2026-02-13 17:00`` on the wall clock."""
    return parse_instant(text, zone)


def wall(stamp: int, zone: str = DEFAULT_ZONE) -> str:
    """The wall clock of a stamp."""
    return local(stamp, zone).strftime("%Y-%m-%d %H:%M")
