"""Where the hours of a ticket went: per state and department, from its events (``domain.md 2.5``)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from svcdesk.domain.ticket import TicketEventType, TicketStatus
from svcdesk.domain.ticket_history import in_order, statuses

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svcdesk.domain.ticket_history import TicketEvent


@dataclass(frozen=True)
class Stay:
    """A stretch that a ticket spent in one state, with one department (none: at the desk)."""

    status: str
    department: int | None
    start: int
    end: int


def stays(created_at: int, end: int, events: Iterable[TicketEvent]) -> list[Stay]:
    """Return the stretches between receipt and ``end``, in order and without a gap.

    States are those of the ticket's own history. A ticket lies with the department it was
    transferred to, while it waits inside with the one that was asked; a resolution that did not
    hold counts as resolved until the ticket is opened again. Impossible times are moved into the
    span, so that the stretches always add up to it.
    """
    found: list[Stay] = []
    now: tuple[str, int | None] = (str(TicketStatus.NEW), None)
    holder: int | None = None
    since = created_at
    for event, status, asked in statuses(created_at, events):
        if event.type == TicketEventType.TRANSFERRED and event.department_id is not None:
            holder = event.department_id
        after = (status, holder if asked is None else asked)
        if after == now:
            continue
        at = min(max(event.at, since), end)
        if at > since:
            _stay(found, Stay(*now, since, at))
            since = at
        now = after
    if end > since:
        _stay(found, Stay(*now, since, end))
    return found


def _stay(found: list[Stay], stay: Stay) -> None:
    """Add a stretch; what was left and entered again within a second was never left."""
    last = found[-1] if found else None
    if last is not None and (last.status, last.department) == (stay.status, stay.department):
        found[-1] = replace(last, end=stay.end)
    else:
        found.append(stay)


_RESOLVED = TicketStatus.RESOLVED
RECEIVED = "received"  # where every way begins


def moves(found: Iterable[Stay]) -> list[tuple[str, str]]:
    """Return the steps from state to state of a ticket that was resolved after these stretches.

    The way begins at ``RECEIVED`` and ends at the resolution, so that every state between is left
    as often as it is entered. A state passed within a second took no time and is passed over.
    """
    way = [RECEIVED, *(stay.status for stay in found), str(_RESOLVED)]
    return [(one, other) for one, other in pairwise(way) if one != other]


def closed_after(resolved: int, events: Iterable[TicketEvent]) -> int | None:
    """Return when a ticket was closed after its resolution, None when it was not.

    A closing after a reopening belongs to the next resolution.
    """
    for event in in_order(events):
        if event.at < resolved:
            continue
        moved = event.new if event.type == TicketEventType.STATUS_CHANGED else None
        if event.type == TicketEventType.CLOSED or moved == TicketStatus.CLOSED:
            return event.at
        opens = event.type == TicketEventType.REOPENED or moved not in {None, _RESOLVED}
        if opens and event.at > resolved:
            return None
    return None
