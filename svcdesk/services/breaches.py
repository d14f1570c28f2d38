"""Missed limits stay on record (domain.md 4.8): those that run out while nobody is at the ticket.

Late answers and resolutions are noted by the step itself
(:func:`svcdesk.services.ticket_rows.refresh`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import N_
from svcdesk.services.ticket_rows import note_missed
from svcdesk.store import breaches, records

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk

BATCH = 500  # tickets in one transaction, so that typing never waits for it


def note_due(desk: Desk) -> int:
    """Note every open ticket that has run over a limit since; return how many limits.

    Limits that ran out before an import brought the ticket in are left out.
    """
    count = 0
    while keys := breaches.run_over(desk.reader, desk.clock.now(), BATCH):
        with desk.write(N_("Missed limits"), kind="system") as uow:
            found = sum(note_missed(uow, key) for key in keys)
        count += found
        if found == 0:
            break
    return count


def of_ticket(desk: Desk, ticket_id: int) -> list[dict[str, Any]]:
    """Return the limits that a ticket has missed."""
    return records.children(desk.reader, "sla_breach", "ticket_id", ticket_id)
