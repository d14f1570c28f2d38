"""Quality checks: forms with weights, score, sampling (``domain.md 2.10``)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from svcdesk.domain.customer import QualityResult
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PASS_MARK = 90
MAX_WEIGHT = 100


@dataclass(frozen=True)
class FormItem:
    """One line of a form: its code, its words, its weight; failing a critical one fails all."""

    item: str
    zh: str
    en: str
    weight: int = 1
    critical: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the line as it is stored."""
        return {"item": self.item, "zh": self.zh, "en": self.en, "weight": self.weight,
                "critical": self.critical}  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """What the lines of a check add up to; ``score`` 0–100 or none when nothing applies."""

    score: Fraction | None
    critical_fail: bool
    passed: bool | None

    @property
    def tenths(self) -> int | None:
        """The score in tenths of a point, half up, as it is stored and shown."""
        return None if self.score is None else int(self.score * 10 + Fraction(1, 2))


def item_of(stored: Mapping[str, Any]) -> FormItem:
    """Return a line from its stored form."""
    return FormItem(
        str(stored["item"]), str(stored.get("zh", "")), str(stored.get("en", "")),
        int(stored.get("weight", 1)), bool(stored.get("critical")),
    )  # fmt: skip


def verdict(
    lines: Iterable[tuple[QualityResult, int, bool]], pass_mark: int = PASS_MARK
) -> Verdict:
    """Return score and verdict of ``(result, weight, critical)``.

    Score = 100 × passed weight / applicable weight; passed = at least ``pass_mark`` and no
    critical failure, by the unrounded score. All lines not applicable: neither score nor verdict.
    """
    known = [line for line in lines if line[0] is not QualityResult.NA]
    critical = any(result is QualityResult.FAIL and grave for result, _, grave in known)
    applicable = sum(weight for _, weight, _ in known)
    if not known or not applicable:
        return Verdict(None, critical, False if critical else None)
    good = sum(weight for result, weight, _ in known if result is QualityResult.PASS)
    score = Fraction(100 * good, applicable)
    return Verdict(score, critical, score >= pass_mark and not critical)


def form_problems(name: str, items: Sequence[FormItem]) -> list[Problem]:
    """Return why a form cannot be used."""
    found = []
    if not name.strip():
        found.append(Problem("name", "required", N_("Give the form a name.")))
    if not items:
        found.append(Problem("items", "required", N_("Give the form at least one item.")))
    if len({item.item for item in items}) < len(items):
        found.append(Problem("items", "double", N_("An item stands in the form twice.")))
    for item in items:
        if not item.zh.strip() or not item.en.strip():
            text = N_("Name the item in both languages.")
            found.append(Problem(item.item, "required", text))
        if not 1 <= item.weight <= MAX_WEIGHT:
            text = N_("{value} is out of range; use {low} to {high}.")
            values = {"value": item.weight, "low": 1, "high": MAX_WEIGHT}
            found.append(Problem(item.item, "range", text, values))
    return found


def drawn(keys: Iterable[int], count: int, salt: str) -> list[int]:
    """Draw ``count`` of ``keys``: at random, and yet the same whenever and wherever it is drawn.

    The order follows a hash of key and ``salt`` (the month), so nobody can choose whom to check.
    """
    return sorted(keys, key=lambda key: (_lot(key, salt), key))[: max(0, count)]


def _lot(key: int, salt: str) -> bytes:
    return blake2b(f"{salt}:{key}".encode(), digest_size=8).digest()
