"""Exact arithmetic of the figures: percentiles, rounding, Pareto (``domain.md 3.2, 3.11``).

Values are fractions until they are displayed; nothing is rounded before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Number = int | float | Fraction
VITAL_SHARE = Fraction(8, 10)
MAX_DECIMALS = 9
Z95 = 1.959963984540054  # two-sided 95 % of the normal distribution
FEW = 30  # below, a percentage of one agent is told to rest on a small sample (3.2)
LIMIT_MONTHS = 12  # months behind control limits
LEAST_LIMITS = 8  # of them must have a value


def exact(value: Number) -> Fraction:
    """Return ``value`` as a fraction; a float means the decimal number that it prints as."""
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def percentile_inc(ordered: Sequence[int], share: Fraction) -> Fraction | None:
    """Return the percentile as Excel's ``PERCENTILE.INC``: linear between neighbours.

    ``ordered`` ascends; ``share`` is 1/2 for the median, 9/10 for P90. One value is its own.
    """
    if not ordered:
        return None
    position = share * (len(ordered) - 1)
    low = int(position)
    if low + 1 >= len(ordered):
        return Fraction(ordered[-1])
    return ordered[low] + (position - low) * (ordered[low + 1] - ordered[low])


def round_half_up(value: Number, decimals: int = 0) -> Fraction:
    """Round half away from zero (四舍五入)."""
    scaled = exact(value) * 10**decimals
    whole = (abs(scaled) + Fraction(1, 2)).__floor__()
    return Fraction(whole if scaled >= 0 else -whole, 10**decimals)


def format_number(value: Number, decimals: int, *, thousands: bool = False) -> str:
    """Write ``value`` rounded half up with ``decimals`` digits; never ``-0``."""
    rounded = round_half_up(value, decimals)
    digits = abs(rounded) * 10**decimals
    text = str(int(digits)).rjust(decimals + 1, "0")
    whole, part = (text[:-decimals], "." + text[-decimals:]) if decimals else (text, "")
    if thousands:
        whole = f"{int(whole):,}"
    return ("-" if rounded < 0 else "") + whole + part


def display_decimals(value: Number, decimals: int, target: Number | None, *, met: bool) -> int:
    """Return how many decimals to print.

    A missed value that would round to its target gets more digits until it differs: 4.196
    against a target of 4.20, not 4.20 (3.2).
    """
    if target is None or met:
        return decimals
    while decimals < MAX_DECIMALS and round_half_up(value, decimals) == round_half_up(
        target, decimals
    ):
        decimals += 1
    return decimals


@dataclass(frozen=True)
class Bar:
    """One bar of a Pareto chart; shares are exact, 0 to 1; ``vital``: among the vital few."""

    key: str
    count: int
    share: Fraction
    cumulative: Fraction
    vital: bool


def pareto(counts: Sequence[tuple[str, int]], other: str | tuple[str, ...] = "other") -> list[Bar]:
    """Order categories for a Pareto chart (3.11).

    Descending, ties in the order given, zeros dropped, ``other`` (one or several, in their order)
    last and never vital. The vital few reach up to and including the first bar whose cumulative
    share is at least 80 %.
    """
    last = (other,) if isinstance(other, str) else other
    kept = [(key, count) for key, count in counts if count > 0]
    total = sum(count for _, count in kept)
    ordered = sorted(
        kept, key=lambda item: (last.index(item[0]) + 1 if item[0] in last else 0, -item[1])
    )
    bars: list[Bar] = []
    cumulative, reached = 0, False
    for key, count in ordered:
        cumulative += count
        share = Fraction(cumulative, total)
        vital = not reached and key not in last
        reached = reached or share >= VITAL_SHARE
        bars.append(Bar(key, count, Fraction(count, total), share, vital))
    return bars


def shares_add_up(shares: Sequence[Fraction], decimals: int = 1) -> bool:
    """Tell whether the rounded percentages add to 100.0; otherwise a footnote says why not."""
    return sum(round_half_up(share * 100, decimals) for share in shares) == 100


def wilson(hits: int, n: int) -> tuple[float, float] | None:
    """Return the 95 % Wilson interval of a share ``hits / n``, both ends 0 to 1; no n: none.

    17 of 20 lie between 64.0 % and 94.8 %, 170 of 200 between 79.4 % and 89.3 % (features Q9).
    """
    if n <= 0:
        return None
    share, z2 = hits / n, Z95 * Z95
    middle = share + z2 / (2 * n)
    half = Z95 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    whole = 1 + z2 / n
    low, high = (middle - half) / whole, (middle + half) / whole
    return (0.0 if hits == 0 else low, 1.0 if hits == n else high)


@dataclass(frozen=True)
class Limits:
    """Control limits of a course: its mean and two standard deviations on either side."""

    mean: float
    low: float
    high: float


def control_limits(
    values: Sequence[Number | None], *, floor: float | None = None, ceiling: float | None = None
) -> Limits | None:
    """Return mean ± 2 σ of the last twelve ``values``, those missing left out.

    σ is the standard deviation of a sample (n − 1). Fewer than eight known values have no limits;
    ``floor`` and ``ceiling`` are what the figure can reach at all, e.g. 0 and 100 for rates.
    """
    known = [float(value) for value in values[-LIMIT_MONTHS:] if value is not None]
    if len(known) < LEAST_LIMITS:
        return None
    mean = math.fsum(known) / len(known)
    spread = 2 * math.sqrt(math.fsum((v - mean) ** 2 for v in known) / (len(known) - 1))
    low, high = mean - spread, mean + spread
    return Limits(
        mean,
        low if floor is None else max(low, floor),
        high if ceiling is None else min(high, ceiling),
    )
