"""Named spans of time for filters: today, last days, months."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from svcdesk.domain.localtime import midnight
from svcdesk.i18n.catalog import _
from svcdesk.services.queries import Op, Query
from ui.models.choices import Choice

if TYPE_CHECKING:
    from typing import Any

    from svcdesk.services.desk import Desk

MONTHS = 14


def _today(desk: Desk) -> date:
    from datetime import datetime

    return datetime.fromtimestamp(desk.clock.now(), desk.zone).date()


def _months(today: date) -> list[date]:
    first = today.replace(day=1)
    found = []
    for _number in range(MONTHS):
        found.append(first)
        first = (first - timedelta(days=1)).replace(day=1)
    return found


def period_choices(desk: Desk) -> list[Choice]:
    """Return the spans that can be chosen, months newest first."""
    named = [
        Choice("today", _("Today")),
        Choice("days:7", _("Last {n} days").format(n=7)),
        Choice("days:30", _("Last {n} days").format(n=30)),
        Choice("days:90", _("Last {n} days").format(n=90)),
    ]
    months = [Choice(f"month:{m:%Y-%m}", f"{m:%Y-%m}") for m in _months(_today(desk))]
    return named + months


def period_range(desk: Desk, key: str) -> tuple[int, int | None]:
    """Return the half-open span of ``key`` in UTC seconds; None: no end."""
    zone = str(desk.reference.settings["timezone"])
    today = _today(desk)
    kind, _colon, value = key.partition(":")
    if kind == "today":
        return midnight(today, zone), None
    if kind == "days":
        return midnight(today - timedelta(days=int(value) - 1), zone), None
    year, month = (int(part) for part in value.split("-"))
    first = date(year, month, 1)
    after = (first + timedelta(days=32)).replace(day=1)
    return midnight(first, zone), midnight(after, zone)


def with_filters(
    desk: Desk, query: Query, values: dict[str, list[Any]], periods: set[str]
) -> Query:
    """Return ``query`` narrowed by chips; fields in ``periods`` hold named spans of time."""
    for field, chosen in values.items():
        if field in periods:
            low, high = period_range(desk, str(chosen[0]))
            query = query.where(field, Op.BETWEEN, low, high)
        else:
            query = query.where(field, Op.IN, *chosen)
    return query
