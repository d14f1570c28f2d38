"""What every service about tickets does: read one, write its fields, add to its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain import record_kinds
from svcdesk.domain.lateness import resolution_missed, response_missed
from svcdesk.domain.ticket import OPEN_STATUSES, BreachKind, Complexity, TicketStatus
from svcdesk.store import aids, breaches, derived, records, ticket_parts
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.services.desk import Desk
    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

TEXTS = ("description", "solution")
COLUMNS = ("request_type", "title", "customer_id", "product_id", "order_no", "serial_no",
           "channel_id", "issue_id", "issue_sub_id", "priority", "priority_reason", "complexity",
           "resp_dept_id", "region", "contact_at", "promised_at", "resolution_code",
           "overdue_reason_id", "callback_required", "external_no")  # fmt: skip


def stored(desk: Desk, ticket_id: int) -> dict[str, Any]:
    """Return a ticket with its long texts; one that is gone is told in a sentence."""
    found = records.with_text(desk.reader, "ticket", ticket_id)
    if found is None:
        raise UserError("This ticket does not exist any more.", code="gone")
    return found


def facts(desk: Desk, ticket: dict[str, Any]) -> dict[str, Any]:
    """Return the ticket with what the guards of its steps ask about."""
    connection, ticket_id = desk.reader, ticket["id"]
    callback = records.callback_of(connection, "ticket_id", ticket_id)
    customer = records.get(connection, "customer", ticket["customer_id"]) or {}
    return {
        **ticket,
        # who refuses callbacks gets none: nothing to wait for (2.1)
        "callback_required": int(bool(ticket["callback_required"] and not customer.get("opt_out"))),
        "callback_state": callback[0] if callback else None,
        "timezone": desk.reference.settings["timezone"],
        "breached": BreachKind.RESOLUTION in breaches.known(connection, ticket_id),
        "waiting_since": ticket_parts.waiting_since(connection, ticket_id),
        "details": aids.details_of(connection, ticket_id),
        "open_checks": aids.open_blocking(connection, ticket_id),
    }


def require_open(ticket: Mapping[str, Any]) -> None:
    """Refuse work on a ticket that is finished."""
    if ticket["status"] not in OPEN_STATUSES:
        raise UserError(
            "{number} is finished. Reopen it first, or make a new linked ticket.",
            code="not_open",
            number=ticket["ticket_no"],
        )


def event(uow: UnitOfWork, ticket_id: int, kind: str, *, at: int | None = None, text: str = "",
          visible: bool = False, automatic: bool = False, **more: Any) -> int:  # fmt: skip
    """Append an event to a ticket's history."""
    return uow.insert(
        "ticket_event",
        {
            "ticket_id": ticket_id,
            "seq": records.next_seq(uow.connection, "ticket_event", "ticket_id", ticket_id),
            "at": uow.now if at is None else at,
            "actor_id": uow.actor_id,
            "type": kind,
            "text": text or None,
            "visible_to_customer": int(visible),
            "automatic": int(automatic),
            **more,
        },
    )


def refresh(uow: UnitOfWork, desk: Desk, ticket_id: int) -> None:
    """Derive what follows from the events and note a limit that turns out to be missed.

    A missed limit is on record from then on, whatever is reopened or changed later (4.8).
    """
    derived.refresh_ticket(uow, ticket_id, desk.reference)
    note_missed(uow, ticket_id)


def note_missed(uow: UnitOfWork, ticket_id: int) -> int:
    """Write the limits that a ticket has missed and that are not on record; return how many."""
    connection = uow.connection
    ticket = records.get(connection, "ticket", ticket_id)
    if ticket is None:
        return 0
    ticket["waiting_since"] = ticket_parts.waiting_since(connection, ticket_id)
    missed = {
        BreachKind.RESPONSE: response_missed(ticket, uow.now),
        BreachKind.RESOLUTION: resolution_missed(ticket, uow.now),
    }
    fresh = [kind for kind, late in missed.items() if late]
    if fresh:
        known = breaches.known(connection, ticket_id)
        fresh = [kind for kind in fresh if kind not in known]
        for kind in fresh:
            breaches.note(uow, ticket, kind)
    return len(fresh)


def involve(
    connection: Connection, ticket: Mapping[str, Any], department_id: int
) -> dict[str, Any]:
    """Return what changes in a ticket when ``department_id`` joins in (2.4).

    It becomes complex with the second department.
    """
    known = ticket_parts.departments_involved(connection, ticket["id"]) | {department_id}
    if len(known) > 1 and ticket["complexity"] != Complexity.COMPLEX:
        return {"complexity": str(Complexity.COMPLEX)}
    return {}


def told(value: Any) -> str | None:
    """Return a value as the history keeps it."""
    return None if value is None else str(value)


def write_fields(
    uow: UnitOfWork, ticket_id: int, values: Mapping[str, Any], version: int | None
) -> None:
    """Write columns and long texts, whatever else ``values`` holds is left out."""
    columns = {name: value for name, value in values.items() if name in COLUMNS}
    texts = {name: value for name, value in values.items() if name in TEXTS}
    if columns or (version is not None and texts):
        uow.update("ticket", ticket_id, columns or {"last_event_at": uow.now}, version=version)
    if texts:
        uow.update("ticket_text", ticket_id, texts)
    write_details(uow, ticket_id, values)


def write_details(uow: UnitOfWork, ticket_id: int, values: Mapping[str, Any]) -> None:
    """Write the fields that a ticket has by its kind, those among ``values``."""
    ticket = records.get(uow.connection, "ticket", ticket_id)
    kind = str(ticket["request_type"]) if ticket else ""
    names = {field.name for field in record_kinds.fields_of(kind) if not field.stored}
    entered = {name: values[name] for name in names & values.keys()}
    if entered:
        before = aids.details_of(uow.connection, ticket_id)
        after = record_kinds.clean(kind, {**before, **entered})
        if after != before:
            aids.write_details(uow, ticket_id, after)
            for name in sorted(names):
                if before.get(name) != after.get(name):
                    event(uow, ticket_id, "field_changed", name=name, old=before.get(name),
                          new=after.get(name))  # fmt: skip


def change_fields(
    uow: UnitOfWork, before: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """Write the ``values`` that differ, each with its event; return field -> (old, new)."""
    ticket_id = int(before["id"])
    changed = {
        name: (before.get(name), value)
        for name, value in values.items()
        if before.get(name) != value
    }
    write_fields(uow, ticket_id, {name: new for name, (_old, new) in changed.items()}, None)
    for name, (old, new) in changed.items():
        event(uow, ticket_id, "field_changed", name=name, old=told(old), new=told(new))
    return changed


def set_status(
    uow: UnitOfWork, ticket: Mapping[str, Any], status: TicketStatus, *, text: str = "",
    automatic: bool = False, department_id: int | None = None,
) -> None:  # fmt: skip
    """Move a ticket to another open status, with its event."""
    uow.update("ticket", ticket["id"], {"status": str(status)})
    event(uow, ticket["id"], "status_changed", old=str(ticket["status"]), new=str(status),
          text=text, automatic=automatic, department_id=department_id)  # fmt: skip
