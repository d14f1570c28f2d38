"""Tickets that belong together: related, follow-up, duplicate, and one split off (T15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem, blocking
from svcdesk.domain.ticket import LinkKind
from svcdesk.i18n.catalog import N_
from svcdesk.services import ticket_entry
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.ticket_detail import find_by_number
from svcdesk.services.ticket_rows import event, refresh, stored
from svcdesk.store import records, ticket_parts
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a ticket split off takes over unless something else is chosen.
CARRIED = ("customer_id", "product_id", "channel_id", "request_type", "order_no", "serial_no",
           "issue_id", "issue_sub_id", "region")  # fmt: skip


def add(desk: Desk, ticket_id: int, number: str, kind: str = "related") -> Outcome[int]:
    """Link a ticket with the one called ``number``."""
    desk.require(Permission.EDIT_TICKETS)
    ticket = stored(desk, ticket_id)
    other = find_by_number(desk, number)
    fault = _fault(desk, ticket_id, other, kind)
    if fault is not None:
        raise ProblemsError([fault])
    with desk.write(
        N_("Link {number} with {other}"), number=ticket["ticket_no"], other=number.strip().upper()
    ) as uow:
        key = uow.insert("ticket_link", {"ticket_id": ticket_id, "other_id": other, "kind": kind})
    return Outcome(key, uow.changes)


def _fault(desk: Desk, ticket_id: int, other: int | None, kind: str) -> Problem | None:
    if other is None:
        return Problem("number", "unknown", N_("There is no ticket with this number."))
    if other == ticket_id:
        return Problem("number", "choice", N_("This is the ticket itself."))
    if kind not in set(LinkKind):
        return Problem("kind", "required", N_("Choose how they belong together."))
    if kind in ticket_parts.linked(desk.reader, ticket_id, other):
        return Problem("number", "duplicate", N_("They are linked in this way already."))
    return None


def remove(desk: Desk, link_id: int) -> Outcome[int]:
    """Take a link out; both tickets stay."""
    desk.require(Permission.EDIT_TICKETS)
    if records.get(desk.reader, "ticket_link", link_id) is None:
        raise UserError("This link does not exist any more.", code="gone")
    with desk.write(N_("Remove a link")) as uow:
        uow.remove("ticket_link", link_id)
    return Outcome(link_id, uow.changes)


def split(desk: Desk, ticket_id: int, values: Mapping[str, Any]) -> Outcome[int]:
    """Make a second ticket of a part of this one; return the new one.

    ``values``: ``title`` and ``description``, and whatever differs from this ticket. Customer,
    product and channel are the same; it was received now, and the acting person has it.
    """
    desk.require(Permission.EDIT_TICKETS)
    ticket = stored(desk, ticket_id)
    known = {name: ticket[name] for name in CARRIED if ticket[name] is not None}
    given = {name: value for name, value in values.items() if value is not None}
    entry = {**known, "owner_id": desk.actor.id, **given}
    faults = blocking(ticket_entry.problems(desk, entry))
    if faults:
        raise ProblemsError(faults)
    with desk.write(
        N_("Split {number}: “{title}”"), number=ticket["ticket_no"], title=str(entry["title"])
    ) as uow:
        key = ticket_entry.write(uow, desk, entry, desk.clock.now())
        uow.insert(
            "ticket_link", {"ticket_id": key, "other_id": ticket_id, "kind": str(LinkKind.SPLIT)}
        )
        event(uow, ticket_id, "internal_note", name="split", new=str(key))
        refresh(uow, desk, ticket_id)
    return Outcome(key, uow.changes)
