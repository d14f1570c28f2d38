"""Whether a ticket has missed a limit (``domain.md 4.8``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.ticket import OPEN_STATUSES, TicketStatus

if TYPE_CHECKING:
    from collections.abc import Mapping


def resolution_missed(ticket: Mapping[str, Any], now: int) -> bool:
    """Tell whether the limit for the resolution has run out (4.8).

    A ticket that was solved once is judged by its FIRST resolution, whatever happened later; an
    open one by ``now``. The clock of one that waits for its customer stands still since
    ``waiting_since``: it is late only when it was late before the wait. A due time of its own
    (``promised_at``) is not moved by waits.
    """
    late_at = ticket.get("late_at")
    if late_at is None:
        return False
    first = ticket.get("first_resolved_at")
    if first is not None:
        return bool(first >= late_at)
    if ticket["status"] not in OPEN_STATUSES:
        return False
    moment = now
    waiting_since = ticket.get("waiting_since")
    if (
        ticket["status"] == TicketStatus.PENDING_CUSTOMER
        and waiting_since is not None
        and ticket.get("promised_at") is None
    ):
        moment = waiting_since
    return bool(moment >= late_at)


def response_missed(ticket: Mapping[str, Any], now: int) -> bool:
    """Tell whether the limit for the first response has run out."""
    late_at = ticket.get("response_late_at")
    if late_at is None:
        return False
    first = ticket.get("first_response_at")
    if first is not None:
        return bool(first >= late_at)
    return ticket["status"] in OPEN_STATUSES and now >= late_at
