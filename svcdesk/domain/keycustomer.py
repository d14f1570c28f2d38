"""Who is a key customer at a moment (``domain.md 2.1``)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from svcdesk.domain.customer import TierReason

if TYPE_CHECKING:
    from collections.abc import Iterable

TOP_SHARE = Fraction(20, 100)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """An active customer: spend of 12 months in fen, valid complaints of 12 months.

    ``manual`` is a person's decision: true, false, or none.
    """

    id: int
    spend: int | None
    complaints: int = 0
    manual: bool | None = None


def key_customers(rows: Iterable[CustomerRow]) -> dict[int, list[TierReason]]:
    """Return the key customers with their reasons.

    n = ceil(20 % of the active ones); everyone whose spend reaches the n-th highest and is above
    0 (ties enter), everyone who has complained, everyone chosen by hand.
    """
    customers = list(rows)
    spends = sorted((row.spend or 0 for row in customers), reverse=True)
    place = ceil(TOP_SHARE * len(customers))
    limit = max(1, spends[place - 1]) if customers else 1
    found: dict[int, list[TierReason]] = {}
    for row in customers:
        reasons = []
        if (row.spend or 0) >= limit:
            reasons.append(TierReason.TOP_SPEND)
        if row.complaints:
            reasons.append(TierReason.COMPLAINED)
        if row.manual:
            reasons.append(TierReason.MANUAL)
        if reasons and row.manual is not False:
            found[row.id] = reasons
    return found
