"""How the figures of training are written."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain.statistics import format_number

if TYPE_CHECKING:
    from svcdesk.domain.training import Share

NONE = "—"


def share_text(share: Share) -> str:
    """Return a share with what it is made of: 92.3% (12/13); a dash without a whole."""
    if share.percent is None:
        return NONE
    return f"{format_number(share.percent, 1)}% ({share.num}/{share.den})"


def days_text(days: tuple[int, int]) -> str:
    """Return the mean of days with the number of people: 6.5 (n=2); a dash without anybody."""
    total, count = days
    return f"{format_number(Fraction(total, count), 1)} (n={count})" if count else NONE
