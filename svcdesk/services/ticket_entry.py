"""Entering a ticket: what is asked for, what follows from it (domain.md 2.4, 4.6, 4.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain import record_kinds
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem, blocking
from svcdesk.domain.ticket import LinkKind
from svcdesk.i18n.catalog import N_
from svcdesk.services import callback_rules, checklists, customers
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.ticket_rows import COLUMNS, TEXTS, event, refresh
from svcdesk.store import aids, records
from svcdesk.store.numbers import next_number
from svcdesk.system.errors import ProblemsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.unit_of_work import UnitOfWork

DEFAULTS = {"request_type": "consult", "priority": "normal", "complexity": "basic"}


def problems(desk: Desk, values: Mapping[str, Any]) -> list[Problem]:
    """Return what is missing or wrong in a ticket's form; warnings are advice."""
    known = {**DEFAULTS, "created_at": desk.clock.now(), **values}
    found = customers.form_problems(desk, "ticket", known) + _taken(desk, values)
    known["details"] = record_kinds.details_of(known)
    return found + record_kinds.missing(known, advice=True)


def _taken(desk: Desk, values: Mapping[str, Any]) -> list[Problem]:
    """Refuse an external number that another ticket has: an exact duplicate (4.6)."""
    number = str(values.get("external_no") or "").strip()
    if not number:
        return []
    key = records.key_of(desk.reader, "ticket", "external_no", number)
    if key is None or key == values.get("id"):
        return []
    other = records.numbers_of(desk.reader, "ticket", "ticket_no", [key])[key]
    text = N_("{number} has this external number already. It is the same case.")
    return [Problem("external_no", "duplicate", text, {"number": other})]


def create(desk: Desk, values: Mapping[str, Any]) -> Outcome[int]:
    """Enter a ticket; ``new_customer`` makes its customer in the same step.

    With ``owner_id`` of the actor the work begins at once, with another one it is dispatched.
    ``related_to`` names tickets that it is linked with, ``checklists`` templates whose items it
    gets; fields of its kind (record_kinds) stand among the values by their names.
    """
    desk.require(Permission.EDIT_TICKETS)
    faults = blocking(problems(desk, values))
    if faults:
        raise ProblemsError(faults)
    at = int(values.get("created_at") or desk.clock.now())
    with desk.write(N_("New ticket “{title}”"), title=str(values["title"])) as uow:
        ticket_id = write(uow, desk, values, at)
        for other in values.get("related_to") or ():
            uow.insert(
                "ticket_link",
                {"ticket_id": ticket_id, "other_id": int(other), "kind": str(LinkKind.RELATED)},
            )
        for template in values.get("checklists") or ():
            checklists.write_list(uow, ticket_id, int(template))
    return Outcome(ticket_id, uow.changes)


def write(uow: UnitOfWork, desk: Desk, values: Mapping[str, Any], at: int) -> int:
    """Write a new ticket with its first steps inside a unit of work; return its key."""
    customer_id = customers.of_form(uow, desk, values)
    customer = records.get(uow.connection, "customer", customer_id) or {}
    ticket_id = _insert(uow, desk, {**values, "customer_id": customer_id}, at, customer)
    event(uow, ticket_id, "created", at=at, text=str(values.get("description") or ""))
    _first_steps(uow, desk, ticket_id, values, at)
    refresh(uow, desk, ticket_id)
    return ticket_id


def _insert(uow: UnitOfWork, desk: Desk, values: Mapping[str, Any], at: int,
            customer: Mapping[str, Any]) -> int:  # fmt: skip
    row = {name: values[name] for name in COLUMNS if values.get(name) is not None}
    key_customer = customer.get("tier") == "key"
    if key_customer and row.get("priority", "normal") in {"normal", "low"}:
        row["priority"] = "high"  # 4.9: a key customer's ticket is at least high
    kind = row.get("request_type", "consult")
    key, tier = uow.keys.next(), customer.get("tier", "normal")
    if "callback_required" not in row:
        called = not customer.get("opt_out") and callback_rules.wanted(
            uow, key, {**row, "tier": tier}
        )
        row["callback_required"] = int(called)
    ticket_id = uow.insert(
        "ticket",
        {
            **row,
            "ticket_no": next_number(uow, "ticket", at, desk.zone),
            "created_at": at,
            "last_event_at": at,
            "tier": tier,
        },
        key=key,
    )
    texts = {name: str(values.get(name) or "") for name in TEXTS}
    uow.insert("ticket_text", texts, key=ticket_id)
    details = record_kinds.clean(kind, record_kinds.details_of(values))
    if details:
        aids.write_details(uow, ticket_id, details)
    return ticket_id


def _first_steps(
    uow: UnitOfWork, desk: Desk, ticket_id: int, values: Mapping[str, Any], at: int
) -> None:
    """Record what entering the ticket says about its handling: live answer, first owner."""
    channel = desk.reference.items.get(int(values["channel_id"]))
    owner = values.get("owner_id")
    if channel is not None and channel.live:
        event(uow, ticket_id, "call_in", at=at, name="answered", visible=True)
    if owner is None:
        return
    row: dict[str, Any] = {"owner_id": owner}
    if int(owner) == desk.actor.id:
        event(uow, ticket_id, "accepted", at=at)
        row.update(status="in_progress", first_owner_id=owner)
    else:
        event(uow, ticket_id, "dispatched", at=at, new=str(owner))
        row.update(status="assigned")
    uow.update("ticket", ticket_id, row)
