"""How far a goal of a running quarter is: its way from the last quarter's value to the target.

A goal is on track while the way behind it is at least as long as the time behind it; whoever is at
the target is there, whatever day it is (``domain.md 5.4``).
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain.evaluation import meets

if TYPE_CHECKING:
    from datetime import date

    from svcdesk.domain.comparisons import Direction


EARLY = Fraction(1, 13)  # of a quarter: in its first week nothing is called behind


class Standing(StrEnum):
    """Where a goal stands."""

    MET = "met"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    UNKNOWN = "unknown"  # no value, no target, or too few records to judge


def elapsed(start: date, end: date, today: date) -> Fraction:
    """Return the share of the days from ``start`` to ``end`` (not included) that are over."""
    days = (end - start).days
    return Fraction(min(max((today - start).days, 0), days), days)


def standing(
    before: Fraction | None, actual: Fraction | None, target: Fraction | None,
    direction: Direction, time: Fraction,
) -> tuple[Standing, Fraction | None]:  # fmt: skip
    """Return where a goal stands and the share of its way, 0 to 1.

    ``before`` is the last quarter's value, ``time`` the share of the quarter that is over. Without
    a value before, or when that met the target already, there is no way to measure.
    """
    if actual is None or target is None:
        return Standing.UNKNOWN, None
    if meets(actual, target, direction):
        return Standing.MET, Fraction(1)
    if before is None or meets(before, target, direction):
        return (Standing.UNKNOWN if time < EARLY else Standing.BEHIND), None
    share = min(max((actual - before) / (target - before), Fraction(0)), Fraction(1))
    if time < EARLY:
        return Standing.UNKNOWN, share
    return (Standing.ON_TRACK if share >= time else Standing.BEHIND), share
