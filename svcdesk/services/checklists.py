"""Checklists of a ticket: added from a template, ticked off, in the way of closing (T20)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.ticket_rows import event, stored
from svcdesk.store import aids as rows
from svcdesk.store import records
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.store.unit_of_work import UnitOfWork


def of_ticket(desk: Desk, ticket_id: int) -> list[dict[str, Any]]:
    """Return the items of a ticket in order."""
    return rows.checks(desk.reader, ticket_id)


def add_list(desk: Desk, ticket_id: int, template_id: int) -> Outcome[int]:
    """Add the items of a checklist that the ticket does not have yet; return how many."""
    desk.require(Permission.EDIT_TICKETS)
    template = rows.get(desk.reader, template_id)
    if template is None or template.owner_id not in {None, desk.actor.id}:
        raise UserError("This template does not exist any more.", code="gone")
    ticket = stored(desk, ticket_id)
    with desk.write(
        N_("Checklist “{name}” on {number}"), name=template.name, number=ticket["ticket_no"]
    ) as uow:
        count = write_list(uow, ticket_id, template_id)
    return Outcome(count, uow.changes)


def write_list(uow: UnitOfWork, ticket_id: int, template_id: int) -> int:
    """Write the items of a checklist that a ticket does not have; return how many.

    A template that is gone meanwhile adds nothing: what refers to it goes on without.
    """
    template = rows.get(uow.connection, template_id)
    if template is None or template.owner_id not in {None, uow.actor_id}:
        return 0
    known = {(row["list_name"], row["text"]) for row in rows.checks(uow.connection, ticket_id)}
    fresh = [
        item
        for item in template.body.get("items", ())
        if str(item.get("text") or "").strip() and (template.name, item["text"]) not in known
    ]
    for place, item in enumerate(fresh, len(known)):
        uow.insert(
            "checklist_item",
            {
                "ticket_id": ticket_id,
                "text": str(item["text"]).strip(),
                "list_name": template.name,
                "blocking": int(bool(item.get("blocking"))),
                "sort": place,
            },
        )
    if fresh:
        event(uow, ticket_id, "internal_note", name="checklist", text=template.name, automatic=True)
    return len(fresh)


def add_item(desk: Desk, ticket_id: int, text: str, *, blocking: bool = False) -> Outcome[int]:
    """Add one item of one's own."""
    desk.require(Permission.EDIT_TICKETS)
    if not text.strip():
        raise ProblemsError([Problem("text", "required", N_("Write something first."))])
    ticket = stored(desk, ticket_id)
    with desk.write(N_("Checklist of {number}"), number=ticket["ticket_no"]) as uow:
        key = uow.insert(
            "checklist_item",
            {"ticket_id": ticket_id, "text": text.strip(), "blocking": int(blocking),
             "sort": len(rows.checks(uow.connection, ticket_id))},
        )  # fmt: skip
    return Outcome(key, uow.changes)


def tick(desk: Desk, item_id: int, *, done: bool) -> Outcome[int]:
    """Tick an item off, or take the tick back."""
    desk.require(Permission.EDIT_TICKETS)
    item = records.get(desk.reader, "checklist_item", item_id)
    if item is None:
        raise UserError("This item does not exist any more.", code="gone")
    ticket = stored(desk, item["ticket_id"])
    with desk.write(N_("Checklist of {number}"), number=ticket["ticket_no"]) as uow:
        uow.update(
            "checklist_item",
            item_id,
            {"done_at": uow.now if done else None, "done_by_id": uow.actor_id if done else None},
        )
    return Outcome(item_id, uow.changes)


def remove(desk: Desk, item_ids: Sequence[int]) -> Outcome[int]:
    """Take items off a ticket."""
    desk.require(Permission.EDIT_TICKETS)
    with desk.write(N_("Remove from the checklist")) as uow:
        for key in item_ids:
            uow.remove("checklist_item", key)
    return Outcome(len(item_ids), uow.changes)
