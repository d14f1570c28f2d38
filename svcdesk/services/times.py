"""Working time for the command line and the due-time explainer (domain.md 2.14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.localtime import local
from svcdesk.domain.statistics import format_number
from svcdesk.i18n.catalog import _

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk


@dataclass(frozen=True)
class Answer:
    """An answer for programs and for people."""

    data: dict[str, Any]
    text: str


def _warned(desk: Desk, a: int, b: int, data: dict[str, Any], text: str) -> Answer:
    """Add the years without calendar data: there the weekly pattern was used."""
    missing = desk.reference.calendar.missing_years(a, b)
    data["missing_years"] = missing
    if missing:
        years = ", ".join(map(str, missing))
        text += "\n" + _(
            "No holidays are known for {years}; the weekly pattern was used. "
            "Import the calendar of that year."
        ).format(years=years)
    return Answer(data, text)


def minutes(desk: Desk, a: int, b: int) -> Answer:
    """Return the working minutes from ``a`` to ``b``."""
    found = desk.reference.calendar.business_seconds(a, b) / 60
    value = int(found) if found == int(found) else found
    return _warned(desk, a, b, {"minutes": value}, format_number(found, 0 if found == value else 2))


def _instant(desk: Desk, a: int, b: int) -> Answer:
    moment = local(b, desk.reference.settings["timezone"])
    return _warned(desk, a, b, {"at": moment.isoformat()}, moment.strftime("%Y-%m-%d %H:%M:%S"))


def add(desk: Desk, a: int, amount: float) -> Answer:
    """Return the earliest moment with ``amount`` working minutes after ``a``."""
    return _instant(desk, a, desk.reference.calendar.add_business_minutes(a, amount))


def deadline(desk: Desk, a: int, days: int) -> Answer:
    """Return the close of the ``days``-th working day after the day of ``a``."""
    return _instant(desk, a, desk.reference.calendar.working_day_deadline(a, days))
