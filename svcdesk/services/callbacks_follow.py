"""What a callback leads to: a ticket for a new problem, a complaint of a dissatisfied customer.

Customer, product, order and words are taken over, the records are linked both ways, and the
callback keeps the number of what came of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.lists import OTHER
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.domain.ticket import LinkKind, RequestType
from svcdesk.i18n.catalog import N_, current
from svcdesk.services import complaints, ticket_entry
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import records
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from svcdesk.store.unit_of_work import UnitOfWork

TITLE = 60
NEW_PROBLEM = N_("New problem told in callback {number}")
PHONE = "phone"


def _stored(desk: Desk, callback_id: int) -> dict[str, Any]:
    found = records.get(desk.reader, "callback", callback_id)
    if found is None:
        raise UserError("This callback does not exist any more.", code="gone")
    return found


def new_ticket(desk: Desk, callback_id: int, text: str = "") -> Outcome[int]:
    """Make a ticket of the problem that the customer tells; return its key."""
    desk.require(Permission.EDIT_TICKETS)
    callback = _stored(desk, callback_id)
    if callback["new_ticket_id"]:
        number = _number(desk, "ticket", callback["new_ticket_id"])
        raise UserError("{number} was made from this callback already.", code="made", number=number)
    with desk.together(N_("New ticket from {number}"), number=callback["callback_no"]) as uow:
        key = write_ticket(uow, desk, callback, text)
    return Outcome(key, uow.changes)


def write_ticket(uow: UnitOfWork, desk: Desk, callback: dict[str, Any], text: str) -> int:
    """Write that ticket inside a unit of work."""
    source = _case(uow, callback)
    title = _title(text) or current()(NEW_PROBLEM).format(number=callback["callback_no"])
    channel = desk.reference.by_code("channel", PHONE)
    other = desk.reference.by_code("issue", OTHER)
    values: dict[str, Any] = {
        "customer_id": callback["customer_id"],
        "title": title,
        "description": text.strip() or title,
        "request_type": source.get("request_type") or str(RequestType.CONSULT),
        "channel_id": channel.id if channel else source["channel_id"],
        "issue_id": source.get("issue_id") or (other.id if other else None),
        **{name: source.get(name) for name in ("product_id", "order_no", "serial_no", "region")},
    }
    key = ticket_entry.write(uow, desk, values, uow.now)
    if callback["ticket_id"]:
        uow.insert(
            "ticket_link",
            {"ticket_id": key, "other_id": callback["ticket_id"], "kind": str(LinkKind.FOLLOW_UP)},
        )
    if callback["complaint_id"]:
        uow.insert("complaint_ticket", {"complaint_id": callback["complaint_id"], "ticket_id": key})
    uow.update("callback", callback["id"], {"new_ticket_id": key})
    return key


def new_complaint(desk: Desk, callback_id: int, text: str) -> Outcome[int]:
    """Register a complaint in the words of the customer; return its key."""
    desk.require(Permission.EDIT_COMPLAINTS)
    callback = _stored(desk, callback_id)
    if callback["new_complaint_id"]:
        number = _number(desk, "complaint", callback["new_complaint_id"])
        raise UserError("{number} was made from this callback already.", code="made", number=number)
    if not text.strip():
        words = N_("Write down what the customer complains of first.")
        raise ProblemsError([Problem("comment", "required", words)])
    with desk.together(N_("Complaint from {number}"), number=callback["callback_no"]) as uow:
        source = _case(uow, callback)
        channel = desk.reference.by_code("channel", PHONE)
        category = desk.reference.by_code("category", OTHER)
        values = {
            "customer_id": callback["customer_id"],
            "description": text.strip(),
            "channel_id": channel.id if channel else source["channel_id"],
            "category_id": source.get("category_id") or (category.id if category else None),
            **{
                name: source.get(name) for name in ("product_id", "order_no", "serial_no", "region")
            },
        }
        key = complaints.create(desk, values).value
        if callback["ticket_id"]:
            uow.insert(
                "complaint_ticket", {"complaint_id": key, "ticket_id": callback["ticket_id"]}
            )
        uow.update("callback", callback_id, {"new_complaint_id": key})
    return Outcome(key, uow.changes)


def _case(uow: UnitOfWork, callback: dict[str, Any]) -> dict[str, Any]:
    for table in ("ticket", "complaint"):
        if callback[f"{table}_id"]:
            found = records.get(uow.connection, table, callback[f"{table}_id"])
            if found is not None:
                return found
    return {}


def _title(text: str) -> str:
    line = next((part.strip() for part in text.splitlines() if part.strip()), "")
    return line if len(line) <= TITLE else line[: TITLE - 1] + "…"


def _number(desk: Desk, table: str, key: int) -> str:
    return records.numbers_of(desk.reader, table, f"{table}_no", [key])[key]
