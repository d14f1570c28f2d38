"""The composite quality score (``domain.md 3.10``)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain.comparisons import Direction
from svcdesk.domain.statistics import Number, exact
from svcdesk.i18n.catalog import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

NEEDED_WEIGHT = Fraction(60, 100)
BANDS: tuple[tuple[int, str], ...] = (
    (95, N_("Excellent")),
    (90, N_("Good")),
    (80, N_("Fair")),
    (70, N_("Basically met")),
)
LOWEST_BAND = N_("Not met")


@dataclass(frozen=True)
class Part:
    """What one metric adds: ``score`` 0–100, ``contribution`` its share of the total."""

    metric: str
    value: Fraction | None
    target: Fraction | None
    weight: int
    score: Fraction | None
    contribution: Fraction | None


@dataclass(frozen=True)
class Composite:
    """The total (none when too little weight has a value), its band (msgid) and its parts."""

    total: Fraction | None
    band: str | None
    parts: tuple[Part, ...]


def part_score(value: Number, target: Number, direction: Direction) -> Fraction:
    """Return 100 × value/target (or target/value where lower is better), kept in 0 to 100."""
    v, goal = exact(value), exact(target)
    if direction is Direction.DOWN:
        ratio = Fraction(1) if v <= 0 else goal / v
    else:
        ratio = Fraction(1) if goal <= 0 else v / goal
    return 100 * min(Fraction(1), max(Fraction(0), ratio))


def band(total: Number) -> str:
    """Return the msgid of the band of an unrounded total."""
    return next((name for limit, name in BANDS if total >= limit), LOWEST_BAND)


def composite(
    rows: Sequence[tuple[str, Number | None, Number | None, Direction, int]],
) -> Composite:
    """Weigh ``(metric, value, target, direction, weight)`` over the metrics that have a value.

    Less than 60 % of the weight with a value gives no total.
    """
    scored: list[tuple[str, Fraction | None, Fraction | None, int, Fraction | None]] = []
    for metric, value, target, direction, weight in rows:
        if weight <= 0:
            continue
        known = value is not None and target is not None
        points = part_score(value or 0, target or 0, direction) if known else None
        scored.append(
            (
                metric,
                None if value is None else exact(value),
                None if target is None else exact(target),
                weight,
                points,
            )
        )
    full = sum(row[3] for row in scored)
    available = sum(row[3] for row in scored if row[4] is not None)
    counts = full > 0 and Fraction(available, full) >= NEEDED_WEIGHT
    parts = tuple(
        Part(m, v, goal, w, s, s * w / available if counts and s is not None else None)
        for m, v, goal, w, s in scored
    )
    if not counts:
        return Composite(None, None, parts)
    total = sum((p.contribution for p in parts if p.contribution is not None), Fraction(0))
    return Composite(total, band(total), parts)
