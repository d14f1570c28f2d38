"""Tags of one ticket."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.ticket_rows import event, refresh, stored
from svcdesk.store import aids

if TYPE_CHECKING:
    from collections.abc import Sequence


def in_use(desk: Desk) -> list[str]:
    """Return the tags of the latest tickets, the most used first."""
    return aids.tags_in_use(desk.reader)


def add(desk: Desk, ticket_id: int, tag: str) -> Outcome[int]:
    """Add a tag, unless the ticket has it."""
    held = list(stored(desk, ticket_id)["tags"] or [])
    return replace(desk, ticket_id, [*held, tag])


def replace(desk: Desk, ticket_id: int, tags: Sequence[str]) -> Outcome[int]:
    """Set the tags of a ticket, each once, in their order."""
    desk.require(Permission.EDIT_TICKETS)
    ticket = stored(desk, ticket_id)
    before = list(ticket["tags"] or [])
    wanted = list(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
    with desk.write(N_("Tags of {number}"), number=ticket["ticket_no"]) as uow:
        if wanted != before:
            told = [json.dumps(values, ensure_ascii=False) if values else None
                    for values in (before, wanted)]  # fmt: skip
            uow.update("ticket", ticket_id, {"tags": told[1]})
            event(uow, ticket_id, "field_changed", name="tags", old=told[0], new=told[1])
            refresh(uow, desk, ticket_id)
    return Outcome(ticket_id, uow.changes)
