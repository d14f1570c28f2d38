"""Spans of time in words: what "last 7 days" or "this month" means at a moment in a zone.

A word is a kind, or a kind and a number: ``today``, ``days:7``, ``month:2026-03``. Spans are half
open, in UTC seconds; ``None`` leaves an end open.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from svcdesk.domain.localtime import local_date, midnight
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

Span = tuple[int | None, int | None]
HOUR = 3600
_MONTH = re.compile(r"(\d{4})-(\d{2})")


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _first_of_last_month(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


# Whole days: first day, first day after (None: open).
_DAYS: dict[str, Callable[[date], tuple[date | None, date | None]]] = {
    "today": lambda d: (d, d + timedelta(days=1)),
    "yesterday": lambda d: (d - timedelta(days=1), d),
    "tomorrow": lambda d: (d + timedelta(days=1), d + timedelta(days=2)),
    "this_week": lambda d: (_monday(d), _monday(d) + timedelta(days=7)),
    "last_week": lambda d: (_monday(d) - timedelta(days=7), _monday(d)),
    "next_week": lambda d: (_monday(d) + timedelta(days=7), _monday(d) + timedelta(days=14)),
    "this_month": lambda d: (d.replace(day=1), _first_of_next_month(d)),
    "last_month": lambda d: (_first_of_last_month(d), d.replace(day=1)),
    "this_year": lambda d: (d.replace(month=1, day=1), date(d.year + 1, 1, 1)),
    "before_today": lambda d: (None, d),
}
# Days counted from today: the last n (today is one of them), the next n, more than n days ago.
_COUNTED: dict[str, Callable[[date, int], tuple[date | None, date | None]]] = {
    "days": lambda d, n: (d - timedelta(days=n - 1), None),
    "next_days": lambda d, n: (d, d + timedelta(days=n)),
    "older_days": lambda d, n: (None, d - timedelta(days=n)),
}
NAMED = tuple(_DAYS)
COUNTED = (*_COUNTED, "hours", "next_hours")
LIMIT = 36_600  # days or hours: a century of days


def unknown(word: str) -> UserError:
    """Return the sentence for a span that cannot be read."""
    return UserError("“{span}” is not a span of time.", code="unknown_span", span=word)


def _month(word: str, text: str) -> tuple[date, date]:
    found = _MONTH.fullmatch(text)
    if found is None or not (1 <= int(found[2]) <= 12 and int(found[1]) >= 1):
        raise unknown(word)
    first = date(int(found[1]), int(found[2]), 1)
    return first, _first_of_next_month(first)


def span(word: str, now: int, zone: str) -> Span:
    """Return the span that ``word`` means at ``now`` (UTC seconds) in ``zone``."""
    kind, _colon, text = word.partition(":")
    low: date | None
    high: date | None
    today = local_date(now, zone)
    if kind == "month":
        low, high = _month(word, text)
    elif kind in _DAYS and not text:
        low, high = _DAYS[kind](today)
    else:
        if not text.isdecimal() or not 1 <= int(text) <= LIMIT or kind not in COUNTED:
            raise unknown(word)
        number = int(text)
        if kind == "hours":
            return now - number * HOUR, now + 1
        if kind == "next_hours":
            return now, now + number * HOUR
        low, high = _COUNTED[kind](today, number)
    return (
        None if low is None else midnight(low, zone),
        None if high is None else midnight(high, zone),
    )
