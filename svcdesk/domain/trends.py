"""What rises: the last whole week of a subject against the eight whole weeks before it (Q15).

The rule, for a category, a product or a word that came up ``c`` times in the week and ``b`` times
in the ``n`` weeks before (n = 8; 4 to 7 while the records are younger):

1. **Chance over time.** Counts of a steady stream are Poisson; given ``c + b``, the week's share
   of them is binomial with 1 : n, which makes the uncertainty of a short baseline part of the
   test (Przyborowski and Wilenski 1940, Biometrika 31:313). The chance is the upper tail at c.
2. **Chance within the volume.** When everything rose, a subject that only followed did not. Given
   the week's and the baseline's volume, c of a subject that follows is hypergeometric (Fisher's
   exact test); the chance is its upper tail. The larger of the two chances counts, so that both
   explanations have to fail.
3. **Dispersion.** A baseline that varies more than Poisson says that such weeks happen: counts are
   divided by the dispersion (Pearson's χ² / (n − 1), never below 1) before the tails are taken,
   as in quasi-Poisson outbreak detection (Farrington et al. 1996, J. R. Statist. Soc. A 159:547).
4. **Worth saying.** At least 5 records and at least 20 % above what was expected (the figures of
   ``domain.md 4.7`` for high-frequency sources). Expected is the baseline's mean, or that times
   the growth of the rest where the rest grew. Fewer than one record in two weeks of the baseline
   make a *new* subject: it has no ratio, and needs the 5 records and the chance only.
5. **Many subjects.** Benjamini and Hochberg (1995) keep the share of false findings of a list at
   5 % or less: the list is looked through by people who lose trust by false alarms one by one,
   and Bonferroni would hide most true ones among hundreds of words. In weeks in which nothing
   rises it means: at most 5 of 100 such weeks show anything. Words, which are many, get half of
   it; categories, products and the volume itself the other half. Whether a subject is tested follows from c + b alone,
   on which both tests are conditional, so leaving rare ones out costs no honesty.
6. **One finding per cause.** Findings that share four fifths of the smaller one's records are one
   cluster. The volume is one of its own only when it stands out also without what the others have
   too many.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set

BASE_WEEKS = 8
LEAST_WEEKS = 4
LEAST_COUNT = 5  # domain.md 4.7
LEAST_RATIO = 1.2  # domain.md 4.7
FALSE_SHARE = 0.05  # of a list, over both families
VOLUME, WORD = "volume", "word"  # kinds of subjects beside categories and products
SAME_SHARE = 0.8  # of the smaller one's records that two findings have in common: one cluster
WEEK = timedelta(days=7)


class Rise(StrEnum):
    """In which way a subject stands out."""

    RISING = "rising"
    NEW = "new"


@dataclass(frozen=True)
class Judged:
    """A subject tested: ``expected`` records in the week, ``chance`` that it is accident."""

    count: int
    before: int
    expected: float
    chance: float
    dispersion: float  # of the baseline over time
    rise: Rise | None  # None: not enough, or not above, whatever the chance

    @property
    def ratio(self) -> float | None:
        """Return count / expected; a new subject has none."""
        return None if self.rise is Rise.NEW or not self.expected else self.count / self.expected


# -- weeks -----------------------------------------------------------------------------------


def last_whole_week(today: date) -> date:
    """Return the Monday of the last week that is over on ``today`` (ISO 8601 weeks)."""
    return today - timedelta(days=today.weekday()) - WEEK


def weeks_of(week: date, first_day: date | None) -> list[date]:
    """Return the Mondays of the baseline and of ``week``, the oldest first.

    ``first_day`` is that of the first record: a week that began before it is not whole. Empty:
    there are fewer than four whole weeks before.
    """
    if first_day is None:
        return []
    found = [week - WEEK * i for i in range(BASE_WEEKS, 0, -1)]
    found = [monday for monday in found if monday >= first_day]
    return [*found, week] if len(found) >= LEAST_WEEKS else []


# -- tails -----------------------------------------------------------------------------------


def binomial_tail(count: float, before: float, share: float) -> float:
    """Return P(X ≥ count) for X binomial of ``count + before`` trials with probability ``share``.

    Counts need not be whole: the tail is the regularised incomplete beta function
    I_share(count, before + 1), which equals the sum for whole ones.
    """
    if count <= 0:
        return 1.0
    a, b = count, before + 1.0
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
        + a * math.log(share) + b * math.log1p(-share)
    )  # fmt: skip
    if share < (a + 1.0) / (a + b + 2.0):
        return min(1.0, front * _fraction(a, b, share) / a)
    return max(0.0, 1.0 - front * _fraction(b, a, 1.0 - share) / b)


_TINY = 1e-300


def _fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction of the incomplete beta function (Lentz; DLMF 8.17.22)."""
    c, d = 1.0, 1.0 / _away(1.0 - (a + b) * x / (a + 1.0))
    result = d
    for m in range(1, 500):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        d = 1.0 / _away(1.0 + even * d)
        c = _away(1.0 + even / c)
        result *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        d = 1.0 / _away(1.0 + odd * d)
        c = _away(1.0 + odd / c)
        step = d * c
        result *= step
        if abs(step - 1.0) < 1e-14:
            break
    return result


def _away(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def hypergeometric_tail(count: int, before: int, rest: int, rest_before: int) -> float:
    """Return P(X ≥ count): of ``count + before`` records, so many lie in the week by accident.

    The week has ``count + rest`` records in all, the baseline ``before + rest_before``.
    """
    marked, drawn = count + before, count + rest
    whole = marked + rest + rest_before
    rising = count > marked * drawn / whole if whole else False
    if not rising:  # summed from the far end, where the terms fall
        return max(0.0, 1.0 - _summed(count - 1, -1, marked, drawn, whole))
    return min(1.0, _summed(count, 1, marked, drawn, whole))


def _summed(start: int, step: int, marked: int, drawn: int, whole: int) -> float:
    """Return the sum of P(X = x) from ``start`` away from the mode."""
    least, most = max(0, marked + drawn - whole), min(marked, drawn)
    if not least <= start <= most:
        return 0.0
    term = math.exp(
        _log_choose(marked, start) + _log_choose(whole - marked, drawn - start)
        - _log_choose(whole, drawn)
    )  # fmt: skip
    total, x = 0.0, start
    while least <= x <= most and term > total * 1e-17:
        total += term
        if step > 0:
            term *= (marked - x) * (drawn - x) / ((x + 1.0) * (whole - marked - drawn + x + 1.0))
        else:
            term *= x * (whole - marked - drawn + x) / ((marked - x + 1.0) * (drawn - x + 1.0))
        x += step
    return total


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


# -- the rule --------------------------------------------------------------------------------


def dispersion(counts: Sequence[int], expected: Sequence[float], share: float = 0.0) -> float:
    """Return by how much counts vary more than Poisson ones around ``expected``, at least 1.

    ``share``: they are that part of fixed volumes, which leaves them less room.
    """
    parts = [(n - e) ** 2 / e for n, e in zip(counts, expected, strict=True) if e > 0]
    if len(parts) < 2 or share >= 1.0:
        return 1.0
    return max(1.0, math.fsum(parts) / (1.0 - share) / (len(parts) - 1))


def testable(counts: Sequence[int]) -> bool:
    """Tell whether a subject comes up often enough to be tested: by its sum alone."""
    return sum(counts) >= LEAST_COUNT


def judge(counts: Sequence[int], volumes: Sequence[int] | None = None) -> Judged:
    """Judge a subject by its counts per week, the week in question last.

    ``volumes`` are the records of each week among which it is one (``None``: it is the volume).
    """
    weeks = len(counts) - 1
    count, before = counts[-1], sum(counts[:-1])
    mean = before / weeks
    over_time = dispersion(counts[:-1], [mean] * weeks)
    chance = binomial_tail(count / over_time, before / over_time, 1.0 / (weeks + 1.0))
    expected = mean
    if volumes is not None:
        rest, rest_before = volumes[-1] - count, sum(volumes[:-1]) - before
        if rest_before:
            expected = max(mean, before * rest / rest_before)
        chance = max(chance, _within(counts, volumes))
    return Judged(count, before, expected, chance, over_time,
                  _rise(count, before, weeks, expected))  # fmt: skip


def _within(counts: Sequence[int], volumes: Sequence[int]) -> float:
    """Return the chance within the volume; the dispersed table is rounded against a finding."""
    count, before = counts[-1], sum(counts[:-1])
    volume = sum(volumes[:-1])
    share = before / volume if volume else 0.0
    spread = dispersion(counts[:-1], [share * n for n in volumes[:-1]], share)
    return hypergeometric_tail(
        math.floor(count / spread), math.ceil(before / spread),
        math.ceil((volumes[-1] - count) / spread), math.floor((volume - before) / spread),
    )  # fmt: skip


def _rise(count: int, before: int, weeks: int, expected: float) -> Rise | None:
    if count < LEAST_COUNT:
        return None
    if 2 * before < weeks:
        return Rise.NEW
    return Rise.RISING if count >= LEAST_RATIO * expected else None


def found(judged: Sequence[Judged], false_share: float = FALSE_SHARE / 2) -> list[int]:
    """Return the places of what stands out among all subjects tested, by chance.

    Benjamini and Hochberg over all of them, also those that are not worth saying.
    """
    order = sorted(range(len(judged)), key=lambda place: judged[place].chance)
    limit = 0.0
    for rank, place in enumerate(order, start=1):
        level = false_share * rank / len(judged)
        if judged[place].chance <= level:
            limit = level
    return [p for p in order if judged[p].chance <= limit and judged[p].rise is not None]


Subject = tuple[str, str]  # kind, key


def standing_out(
    series: Mapping[Subject, Sequence[int]], volumes: Sequence[int]
) -> list[tuple[Subject, Judged]]:
    """Judge one family of subjects by their counts per week; return what stands out, by chance.

    A subject is judged among the records that say something of its kind, so that a field that is
    filled in more often raises no product; a word, or the only one of its kind, among all. When
    nobody said anything of the kind before, the kind is new, not each of its subjects.
    """
    kin: dict[str, list[int]] = {}
    for (kind, _key), counts in series.items():
        sums = kin.setdefault(kind, [0] * len(counts))
        for place, n in enumerate(counts):
            sums[place] += n
    known = list(series)
    judged = [_among(kind, series[kind, key], kin[kind], volumes) for kind, key in known]
    return [(known[place], judged[place]) for place in found(judged)]


def _among(kind: str, counts: Sequence[int], kin: Sequence[int], volumes: Sequence[int]) -> Judged:
    if kind == VOLUME:
        return judge(counts)
    if kind == WORD or list(kin) == list(counts):
        return judge(counts, volumes)
    result = judge(counts, kin)
    return result if any(kin[:-1]) else replace(result, chance=1.0)


def since(weeks: Sequence[date], counts: Sequence[int]) -> date:
    """Return the first week of the run, up to the last one, that lies above the baseline's mean."""
    mean = sum(counts[:-1]) / (len(counts) - 1)
    first = weeks[-1]
    for monday, count in zip(reversed(weeks), reversed(counts), strict=True):
        if count <= mean:
            break
        first = monday
    return first


def clusters(evidence: Sequence[Set[int]]) -> list[list[int]]:
    """Return places of findings that are about the same records, the leading one first.

    ``evidence`` comes in order of importance. One joins the first leading one with which it
    shares four fifths of the smaller one's records.
    """
    groups: list[list[int]] = []
    for place, own in enumerate(evidence):
        for group in groups:
            other = evidence[group[0]]
            if len(own & other) >= SAME_SHARE * min(len(own), len(other)):
                group.append(place)
                break
        else:
            groups.append([place])
    return groups
