"""Contact plans for key customers: due days, states of members, the reach rate (``domain.md 3.6``)."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum


class MemberState(StrEnum):
    """What a member's contacts within the span have come to."""

    REACHED = "reached"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    OPEN = "open"
    OPT_OUT = "opt_out"  # not contacted, and not counted


def state_of(
    *, opt_out: bool, reached: bool, refused: bool, unreachable: bool
) -> MemberState:  # fmt: skip
    """Return the state: one completed contact is enough, whatever else was tried."""
    if opt_out:
        return MemberState.OPT_OUT
    if reached:
        return MemberState.REACHED
    if refused:
        return MemberState.REFUSED
    return MemberState.UNREACHABLE if unreachable else MemberState.OPEN


def due_days(starts: date, ends: date, count: int) -> list[date]:
    """Spread ``count`` contacts evenly over the days ``starts`` … ``ends``, the last on ``ends``.

    >>> [day.day for day in due_days(date(2026, 4, 1), date(2026, 4, 10), 5)]
    [2, 4, 6, 8, 10]
    """
    days = (ends - starts).days + 1
    return [starts + timedelta(days=-(-days * (place + 1) // count) - 1) for place in range(count)]


def spread(people: list[int], count: int) -> list[int | None]:
    """Give ``count`` members to ``people`` in turn; nobody when there are none."""
    return [people[place % len(people)] if people else None for place in range(count)]
