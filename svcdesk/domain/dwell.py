"""Where the hours of a ticket went: per state and department, from its events (``domain.md 2.5``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.domain.ticket import TicketEventType, TicketStatus
from svcdesk.domain.ticket_history import statuses

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
            found.append(Stay(*now, since, at))
            since = at
        now = after
    if end > since:
        found.append(Stay(*now, since, end))
    return found
