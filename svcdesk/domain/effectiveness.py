"""Did the measures work? The rule of ``domain.md 3.8``, and the windows it is shown with.

Pure values: months come in order with the figure each had; nothing is read here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from svcdesk.domain.evaluation import meets
from svcdesk.domain.improvement import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from svcdesk.domain.comparisons import Direction

LEAST_N = 5  # a period with fewer records proves nothing
IN_A_ROW = 2  # counted periods at target: effective
ENOUGH = 3  # counted periods, the last below target: ineffective
RECHECK_DAYS = (30, 60, 90)


class Phase(StrEnum):
    """Where a month lies beside the measures."""

    BEFORE = "before"
    SETTLING = "settling"  # measures were being carried out; neither before nor after
    AFTER = "after"


@dataclass(frozen=True)
class Month:
    """One month of the bound metric: ``value`` exact, ``n`` its records.

    ``low`` and ``high`` are the 95 % interval of a rate, where it has one.
    """

    code: str
    value: Fraction | None
    n: int
    phase: Phase = Phase.AFTER
    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def counts(self) -> bool:
        """Tell whether the month says anything: a value, and at least five records."""
        return self.value is not None and self.n >= LEAST_N


def propose(after: Sequence[Month], target: Fraction, direction: Direction) -> Verdict:
    """Return the verdict on the months after the last measure was done (3.8).

    Months that do not count are skipped, so two counted ones are "in a row" across them. The
    last two at or better than the target are effective; three or more with the last one below are
    ineffective, also when two before it were good: what fell back is not proven.
    """
    good = [
        meets(month.value, target, direction)
        for month in after
        if month.value is not None and month.counts
    ]
    if len(good) >= IN_A_ROW and all(good[-IN_A_ROW:]):
        return Verdict.EFFECTIVE
    if len(good) >= ENOUGH and not good[-1]:
        return Verdict.INEFFECTIVE
    return Verdict.WATCHING


def phase_of(start_at: int, end_at: int, first_work: int | None, last_done: int | None) -> Phase:
    """Return the phase of a month from when work on measures began and when the last was done.

    A month is "after" when it begins after the last measure was done, "before" when it is over
    before the first began; what lies between is the settling gap.
    """
    if last_done is not None and start_at > last_done:
        return Phase.AFTER
    if first_work is None or end_at <= first_work:
        return Phase.BEFORE
    return Phase.SETTLING


def windows(months: Sequence[Month]) -> tuple[list[Month], list[Month]]:
    """Return the counted months before and after, equally many of both, next to the gap."""
    before = [m for m in months if m.phase is Phase.BEFORE and m.counts]
    after = [m for m in months if m.phase is Phase.AFTER and m.counts]
    size = min(len(before), len(after))
    return before[len(before) - size :], after[:size]


def pooled(months: Sequence[Month]) -> tuple[Fraction | None, int]:
    """Return the value of several months together, weighted by their records, and their n."""
    counted = [(m.value, m.n) for m in months if m.value is not None and m.counts]
    total = sum(n for _value, n in counted)
    if not total:
        return None, 0
    return sum((value * n for value, n in counted), start=counted[0][0] * 0) / total, total
