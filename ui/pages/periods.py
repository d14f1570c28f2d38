"""Named spans of time for filters: today, last days, months. They stay words in the query."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from svcdesk.i18n.catalog import _
from svcdesk.services.queries import Op, Query
from ui.models.choices import Choice

if TYPE_CHECKING:
    from typing import Any

    from svcdesk.services.desk import Desk

MONTHS = 14


def _months(today: date) -> list[date]:
    first = today.replace(day=1)
    found = []
    for _number in range(MONTHS):
        found.append(first)
        first = (first - timedelta(days=1)).replace(day=1)
    return found


def period_choices(desk: Desk) -> list[Choice]:
    """Return the spans that lie behind, months newest first."""
    today = datetime.fromtimestamp(desk.clock.now(), desk.zone).date()
    named = ["today", "yesterday", "this_week", "last_week", "days:7", "days:30", "days:90",
             "this_month", "last_month", "this_year"]  # fmt: skip
    months = [f"month:{month:%Y-%m}" for month in _months(today)]
    return [Choice(word, span_name(word)) for word in named + months]


def coming_choices() -> list[Choice]:
    """Return the spans that lie ahead, and what has passed."""
    words = ("before_today", "today", "tomorrow", "next_hours:24", "this_week", "next_week",
             "next_days:7", "next_days:30")  # fmt: skip
    return [Choice(word, span_name(word)) for word in words]


def older_choices() -> list[Choice]:
    """Return how long ago something may lie."""
    return [Choice(f"older_days:{n}", span_name(f"older_days:{n}")) for n in (3, 7, 14, 30, 90)]


def span_name(word: str) -> str:
    """Return the name of a span."""
    kind, _colon, value = word.partition(":")
    names = {
        "today": _("Today"), "yesterday": _("Yesterday"), "tomorrow": _("Tomorrow"),
        "this_week": _("This week"), "last_week": _("Last week"), "next_week": _("Next week"),
        "this_month": _("This month"), "last_month": _("Last month"),
        "this_year": _("This year"), "before_today": _("Before today"), "month": value,
    }  # fmt: skip
    if kind in names:
        return names[kind]
    counted = {
        "days": _("Last {n} days"), "next_days": _("Next {n} days"),
        "older_days": _("More than {n} days ago"), "hours": _("Last {n} hours"),
        "next_hours": _("Next {n} hours"),
    }  # fmt: skip
    return counted[kind].format(n=value)


def with_filters(query: Query, values: dict[str, list[Any]], periods: set[str]) -> Query:
    """Return ``query`` narrowed by chips; fields in ``periods`` hold named spans of time."""
    for field, chosen in values.items():
        if field in periods:
            query = query.where(field, Op.WITHIN, *chosen[:1])
        else:
            query = query.where(field, Op.IN, *chosen)
    return query
