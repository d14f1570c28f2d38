"""When to call again after an attempt that met nobody: proposals inside the working time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from svcdesk.domain.callback import AttemptResult
from svcdesk.domain.lifecycle import UNREACHABLE_ATTEMPTS, UNREACHABLE_DAYS
from svcdesk.domain.localtime import instant, local_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.workcalendar import WorkCalendar

MINUTE = 60
LOOK_AHEAD = 40  # days searched for a working day
# a number in use is free again soon; every other failure needs another time of day
SOON = frozenset({AttemptResult.BUSY})


@dataclass(frozen=True)
class RetryRule:
    """How long to wait: working minutes after a busy line and after any other failure.

    After ``per_day`` attempts on one day the next one is on the next working day.
    """

    busy_minutes: int = 30
    minutes: int = 120
    per_day: int = 2


def next_try(rule: RetryRule, result: str, attempts: Sequence[int], now: int,
             calendar: WorkCalendar, zone: str) -> int:  # fmt: skip
    """Return when to call again; ``attempts`` are all so far, the one at ``now`` included.

    Working time passes, not calendar time: two hours before closing plus three hours is one hour
    into the next working day. On another day the call is in the other half of the day.
    """
    today = local_date(now, zone)
    on_this_day = sum(1 for at in attempts if local_date(at, zone) == today)
    minutes = rule.busy_minutes if result in SOON else rule.minutes
    soon = calendar.add_business_seconds(now, minutes * MINUTE)
    if on_this_day < rule.per_day or local_date(soon, zone) != today:
        return soon
    return _other_half(now, calendar, zone)


def _other_half(now: int, calendar: WorkCalendar, zone: str) -> int:
    """Return a moment of the next working day: its afternoon when it is morning, else its start."""
    day = next_working_day(local_date(now, zone), calendar)
    spans = calendar.spans_of(day) or ((9 * 3600, 18 * 3600),)
    middle = (spans[0][0] + spans[-1][1]) // 2
    in_the_morning = now < instant(local_date(now, zone), middle, zone)
    at = max(middle, spans[-1][0]) + 3600 if in_the_morning else spans[0][0] + 1800
    return instant(day, min(at, spans[-1][1] - 1), zone)


def next_working_day(after: date, calendar: WorkCalendar) -> date:
    """Return the first working day after ``after`` (the next day when the calendar has none)."""
    for ahead in range(1, LOOK_AHEAD):
        day = after + timedelta(days=ahead)
        if calendar.spans_of(day):
            return day
    return after + timedelta(days=1)


def quick_times(now: int, calendar: WorkCalendar, zone: str) -> list[int]:
    """Return handy moments for "call me again at …", all in working time and after now.

    In an hour, in three hours, then the next working day and the one after at 10:00 and 15:00.
    """
    found = [calendar.add_business_seconds(now, hours * 3600) for hours in (1, 3)]
    day = local_date(now, zone)
    for _ in range(2):
        day = next_working_day(day, calendar)
        spans = calendar.spans_of(day)
        found += [
            instant(day, second, zone)
            for second in (10 * 3600, 15 * 3600)
            if not spans or any(first <= second < last for first, last in spans)
        ]
    return sorted(dict.fromkeys(found))


def tried_enough(attempts: Sequence[int], zone: str) -> bool:
    """Tell whether a customer counts as unreachable: 3 attempts on 2 different days (2.8)."""
    days = {local_date(at, zone) for at in attempts}
    return len(attempts) >= UNREACHABLE_ATTEMPTS and len(days) >= UNREACHABLE_DAYS
