"""Judging a closed month against its thresholds, and early warnings (``domain.md 4.7``).

Pure rules: figures come in exact and unrounded, nothing is read or written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from svcdesk.domain.comparisons import Direction
from svcdesk.i18n.catalog import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.metrics.figure import Figure

NEAR = Fraction(5, 100)  # of the threshold: still met, but only just
MONTHS_OF_DECLINE = 3
FREQUENT_RISE = Fraction(20, 100)
FREQUENT_CASES = 5
# provisional values that maturing can only worsen: later reopenings, later second complaints
ONLY_WORSENS = frozenset({"fcr_rate", "second_rate", "complaint_resolution_rate"})


class Verdict(StrEnum):
    """What a figure is against its threshold."""

    MET = "met"
    MISSED = "missed"
    SMALL_SAMPLE = "small_sample"
    NO_VALUE = "no_value"
    PROVISIONAL = "provisional"  # meets it for now, may still change


class Finding(StrEnum):
    """Why something was noted when a month was closed."""

    THRESHOLD = "threshold"  # judged
    NEAR = "near"  # met by no more than 5 % of the threshold
    DECLINE = "decline"  # worse three months in a row
    BELOW_TARGET = "below_target"  # meets the threshold (alarm) but not the target (warning)
    FREQUENT = "frequent"  # a vital-few category that rose


VERDICTS: dict[Verdict, str] = {
    Verdict.MET: N_("met"),
    Verdict.MISSED: N_("missed"),
    Verdict.SMALL_SAMPLE: N_("sample too small"),
    Verdict.NO_VALUE: N_("no value"),
    Verdict.PROVISIONAL: N_("provisional"),
}
FINDINGS: dict[Finding, str] = {
    Finding.THRESHOLD: N_("threshold"),
    Finding.NEAR: N_("close to the threshold"),
    Finding.DECLINE: N_("worse three months in a row"),
    Finding.BELOW_TARGET: N_("threshold met, target missed"),
    Finding.FREQUENT: N_("frequent cause on the rise"),
}


@dataclass(frozen=True)
class Evaluation:
    """One line of what a closing found.

    ``scope`` is ``all`` or ``dimension:key``; ``before`` holds the values of the months before
    (oldest first) where they were needed.
    """

    kind: Finding
    metric: str
    scope: str
    verdict: Verdict | None
    value: Fraction | None
    n: int
    provisional: bool = False
    target: Fraction | None = None
    threshold: Fraction | None = None
    before: tuple[Fraction | None, ...] = ()
    owner_id: int | None = None


def meets(value: Fraction, goal: Fraction, direction: Direction) -> bool:
    """Tell whether an unrounded value meets ``goal``; equality counts as met (3.2)."""
    return value <= goal if direction is Direction.DOWN else value >= goal


def judge(figure: Figure) -> Verdict | None:
    """Return the verdict on a figure; ``None``: it has no threshold, nothing to judge.

    A provisional value that already misses is missed when maturing can only worsen it.
    """
    goal = figure.threshold if figure.threshold is not None else figure.target
    if goal is None or figure.metric.direction is Direction.NEUTRAL:
        return None
    if figure.value is None:
        return Verdict.NO_VALUE
    if figure.small_sample:
        return Verdict.SMALL_SAMPLE
    good = meets(figure.value, goal, figure.metric.direction)
    if figure.provisional and (good or figure.metric.id not in ONLY_WORSENS):
        return Verdict.PROVISIONAL
    return Verdict.MET if good else Verdict.MISSED


def near(value: Fraction, goal: Fraction, direction: Direction) -> bool:
    """Tell whether a value meets ``goal`` by no more than 5 % of it; never with a goal of 0."""
    return goal != 0 and meets(value, goal, direction) and abs(value - goal) <= NEAR * abs(goal)


def declines(figures: Sequence[Figure]) -> bool:
    """Tell whether the last months each were worse than the one before; oldest first.

    Three deteriorations need four months, each with a value and a sample large enough.
    """
    last = figures[-(MONTHS_OF_DECLINE + 1) :]
    return len(last) > MONTHS_OF_DECLINE and all(
        is_worse(later, earlier) for earlier, later in pairwise(last)
    )


def is_worse(later: Figure, earlier: Figure) -> bool:
    """Tell whether a figure is worse than an earlier one; both need values and large samples."""
    now, then, direction = later.value, earlier.value, later.metric.direction
    if now is None or then is None or later.small_sample or earlier.small_sample:
        return False
    if direction is Direction.NEUTRAL:
        return False
    if direction is Direction.DOWN:
        return now > then
    return now < then


def is_frequent(count: int, before: int, *, vital: bool) -> bool:
    """Tell whether a category is a frequent cause on the rise: ≥ 20 % more, at least 5 cases.

    Without any case in the month before, every rise is more than 20 %.
    """
    if not vital or count < FREQUENT_CASES or count <= before:
        return False
    return before == 0 or Fraction(count - before, before) >= FREQUENT_RISE


def evaluate(
    figure: Figure, scope: str, before: Sequence[Figure] = (), owner_id: int | None = None
) -> list[Evaluation]:
    """Return the verdict on a figure and its early warnings; ``before``: the months before it."""
    verdict = judge(figure)
    if verdict is None:
        return []
    goal = figure.threshold if figure.threshold is not None else figure.target

    def line(kind: Finding, verdict: Verdict | None, values: Sequence[Figure] = ()) -> Evaluation:
        return Evaluation(
            kind, figure.metric.id, scope, verdict, figure.value, figure.n, figure.provisional,
            figure.target, goal, tuple(f.value for f in values), owner_id,
        )  # fmt: skip

    found = [line(Finding.THRESHOLD, verdict)]
    if figure.value is None or figure.small_sample or goal is None:
        return found
    direction = figure.metric.direction
    good = meets(figure.value, goal, direction)
    if good and figure.target is not None and not meets(figure.value, figure.target, direction):
        found.append(line(Finding.BELOW_TARGET, None))
    if near(figure.value, goal, direction):
        found.append(line(Finding.NEAR, None))
    if declines([*before, figure]):
        found.append(line(Finding.DECLINE, None, before[-MONTHS_OF_DECLINE:]))
    return found


def nothing(
    metric_id: str, scope: str, target: Fraction | None, threshold: Fraction | None
) -> Evaluation:
    """Return the line of a scope that has a target, but no record in the month."""
    goal = threshold if threshold is not None else target
    return Evaluation(
        Finding.THRESHOLD, metric_id, scope, Verdict.NO_VALUE, None, 0, target=target,
        threshold=goal,
    )  # fmt: skip


def rise(metric_id: str, scope: str, count: int, before: int) -> Evaluation:
    """Return the line of a frequent cause: its count and that of the month before."""
    return Evaluation(
        Finding.FREQUENT, metric_id, scope, None, Fraction(count), count,
        before=(Fraction(before),),
    )  # fmt: skip
