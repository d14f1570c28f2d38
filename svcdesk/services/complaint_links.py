"""Complaints and tickets that belong together; a complaint made from a ticket (2.7, C1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services.complaint_rows import event, stored
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import complaint_parts, derived, records
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from svcdesk.store.unit_of_work import UnitOfWork


def insert(uow: UnitOfWork, desk: Desk, complaint_id: int, ticket_id: int) -> int:
    """Link a ticket inside a unit of work; both histories say so."""
    key = uow.insert("complaint_ticket", {"complaint_id": complaint_id, "ticket_id": ticket_id})
    ticket = records.get(uow.connection, "ticket", ticket_id) or {}
    event(uow, complaint_id, "note", name="ticket_linked", new=ticket.get("ticket_no"))
    _tell_ticket(uow, desk, complaint_id, ticket_id, "complaint_linked")
    return key


def _tell_ticket(uow: UnitOfWork, desk: Desk, complaint_id: int, ticket_id: int, name: str) -> None:
    complaint = records.get(uow.connection, "complaint", complaint_id) or {}
    uow.insert(
        "ticket_event",
        {
            "ticket_id": ticket_id,
            "seq": records.next_seq(uow.connection, "ticket_event", "ticket_id", ticket_id),
            "at": uow.now, "actor_id": uow.actor_id, "type": "internal_note", "name": name,
            "text": complaint.get("complaint_no"),
        },
    )  # fmt: skip
    derived.refresh_ticket(uow, ticket_id, desk.reference)


def add(desk: Desk, complaint_id: int, number: str) -> Outcome[int]:
    """Link a complaint with the ticket that has this number."""
    desk.require(Permission.EDIT_COMPLAINTS)
    complaint = stored(desk, complaint_id)
    ticket_id = complaint_parts.find_by_number(desk.reader, "ticket", number)
    if ticket_id is None:
        text = N_("There is no ticket “{number}”. Check the number.")
        raise ProblemsError([Problem("ticket_number", "unknown", text, {"number": number.strip()})])
    linked = complaint_parts.tickets_of(desk.reader, complaint_id)
    if any(row["ticket_id"] == ticket_id for row in linked):
        text = N_("This ticket is linked already.")
        raise ProblemsError([Problem("ticket_number", "twice", text)])
    with desk.write(N_("Link a ticket: {number}"), number=complaint["complaint_no"]) as uow:
        key = insert(uow, desk, complaint_id, ticket_id)
        derived.refresh_complaint(uow, complaint_id, desk.reference)
    return Outcome(key, uow.changes)


def remove(desk: Desk, link_id: int) -> Outcome[int]:
    """Take a link between a complaint and a ticket away."""
    desk.require(Permission.EDIT_COMPLAINTS)
    row = records.get(desk.reader, "complaint_ticket", link_id)
    if row is None:
        raise UserError("This link does not exist any more.", code="gone")
    complaint = stored(desk, row["complaint_id"])
    with desk.write(N_("Remove link: {number}"), number=complaint["complaint_no"]) as uow:
        uow.remove("complaint_ticket", link_id)
        ticket = records.get(uow.connection, "ticket", row["ticket_id"]) or {}
        event(uow, complaint["id"], "note", name="ticket_unlinked", old=ticket.get("ticket_no"))
        _tell_ticket(uow, desk, complaint["id"], row["ticket_id"], "complaint_unlinked")
        derived.refresh_complaint(uow, complaint["id"], desk.reference)
    return Outcome(complaint["id"], uow.changes)


def of_ticket(desk: Desk, ticket_id: int) -> list[dict[str, Any]]:
    """Return the complaints that a ticket is linked with."""
    return complaint_parts.complaints_of_ticket(desk.reader, ticket_id)


def from_ticket(desk: Desk, ticket_id: int) -> dict[str, Any]:
    """Return what a complaint made from a ticket takes over; ``ticket_ids`` links the two."""
    ticket = records.with_text(desk.reader, "ticket", ticket_id)
    if ticket is None:
        raise UserError("This ticket does not exist any more.", code="gone")
    taken = ("customer_id", "product_id", "order_no", "serial_no", "channel_id", "region",
             "resp_dept_id", "description")  # fmt: skip
    return {**{name: ticket.get(name) for name in taken}, "ticket_ids": [ticket_id]}
