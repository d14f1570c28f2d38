"""Who is a key customer at a moment (``domain.md 2.1``)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any

from svcdesk.domain.customer import TierReason
from svcdesk.domain.localtime import DEFAULT_ZONE, instant, local

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TOP_SHARE = Fraction(20, 100)


@dataclass(frozen=True, slots=True)
class TierRules:
    """The parameters: share of the active customers, spend that always counts, span of time.

    ``amount`` is in fen, ``None`` switches it off; ``months`` are calendar months.
    """

    share: Fraction = TOP_SHARE
    amount: int | None = None
    months: int = 12


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer: spend of 12 months in fen, valid complaints of 12 months.

    ``manual`` is a person's decision: true, false, or none. Only ``active`` customers count for
    the size of the share; whoever was chosen by hand is a key customer even when not active.
    """

    id: int
    spend: int | None
    complaints: int = 0
    manual: bool | None = None
    active: bool = True


def rules_from(settings: Mapping[str, Any]) -> TierRules:
    """Return the parameters that the data file's settings give (the amount there is in yuan)."""
    amount = int(settings["key_amount"]) * 100
    return TierRules(
        Fraction(int(settings["key_share"]), 100), amount or None, int(settings["key_months"])
    )


def since(now: int, months: int, zone: str = DEFAULT_ZONE) -> int:
    """Return the moment ``months`` calendar months before ``now`` on the team's wall clock."""
    wall = local(now, zone)
    year, month = divmod(wall.year * 12 + wall.month - 1 - months, 12)
    day = min(wall.day, monthrange(year, month + 1)[1])
    seconds = wall.hour * 3600 + wall.minute * 60 + wall.second
    return instant(date(year, month + 1, day), seconds, zone)


def spend_limit(spends: Iterable[int | None], share: Fraction = TOP_SHARE) -> int | None:
    """Return the spend of the n-th active customer, n = ceil(share × active), at least 1 fen.

    Whoever reaches it is among the first (ties enter); nobody without spend is, and nobody at all
    when the share is 0 (``None``).
    """
    ordered = sorted((spend or 0 for spend in spends), reverse=True)
    place = ceil(share * len(ordered))
    return max(1, ordered[place - 1]) if place else None


def key_customers(
    rows: Iterable[CustomerRow], rules: TierRules | None = None
) -> dict[int, list[TierReason]]:
    """Return the key customers with their reasons.

    n = ceil(20 % of the active ones); everyone whose spend reaches the n-th highest and is above
    0 (ties enter), everyone who has complained, everyone chosen by hand; nobody who was taken out
    by hand.
    """
    rules = rules or TierRules()
    customers = list(rows)
    limit = spend_limit((row.spend for row in customers if row.active), rules.share)
    found: dict[int, list[TierReason]] = {}
    for row in customers:
        reasons = []
        if limit is not None and row.active and (row.spend or 0) >= limit:
            reasons.append(TierReason.TOP_SPEND)
        if rules.amount is not None and (row.spend or 0) >= rules.amount:
            reasons.append(TierReason.SPEND_AMOUNT)
        if row.complaints:
            reasons.append(TierReason.COMPLAINED)
        if row.manual:
            reasons.append(TierReason.MANUAL)
        if reasons and row.manual is not False:
            found[row.id] = reasons
    return found
