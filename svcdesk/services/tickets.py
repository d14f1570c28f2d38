"""Tickets: enter, change, move through their states, answer, hand over.

Every step is an event in the ticket's history; times and counters are derived from the events, in
the same unit of work (domain.md 2.4, 2.5, 2.19).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain import lifecycle
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem, blocking
from svcdesk.i18n.catalog import N_
from svcdesk.services import callback_rules, customers
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import derived, records
from svcdesk.store.numbers import next_number
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.domain.statemachine import Transition
    from svcdesk.store.unit_of_work import UnitOfWork

TEXTS = ("description", "solution")
COLUMNS = ("request_type", "title", "customer_id", "product_id", "order_no", "serial_no",
           "channel_id", "issue_id", "issue_sub_id", "priority", "priority_reason", "complexity",
           "resp_dept_id", "region", "contact_at", "promised_at", "resolution_code",
           "overdue_reason_id", "callback_required")  # fmt: skip
DEFAULTS = {"request_type": "consult", "priority": "normal", "complexity": "basic"}
VISIT_TYPES = frozenset({"install", "repair", "return", "exchange"})


@dataclass(frozen=True)
class TicketDetail:
    """A ticket with everything its pane shows."""

    ticket: dict[str, Any]
    customer: dict[str, Any]
    events: list[dict[str, Any]]
    visits: list[dict[str, Any]]
    callbacks: list[dict[str, Any]]
    product: dict[str, Any] | None
    steps: list[Transition]
    pauses: list[tuple[int, int | None]]


def _stored(desk: Desk, ticket_id: int) -> dict[str, Any]:
    found = records.with_text(desk.reader, "ticket", ticket_id)
    if found is None:
        raise UserError("This ticket does not exist any more.", code="gone")
    return found


def _facts(desk: Desk, ticket: dict[str, Any]) -> dict[str, Any]:
    """Return the ticket with what the guards of its steps ask about."""
    callback = records.callback_of(desk.reader, "ticket_id", ticket["id"])
    return {**ticket, "callback_state": callback[0] if callback else None,
            "timezone": desk.reference.settings["timezone"]}  # fmt: skip


def get(desk: Desk, ticket_id: int) -> TicketDetail:
    """Return a ticket with customer, history, visits, callbacks and the steps open to the actor."""
    with desk.reading() as connection:
        ticket = _stored(desk, ticket_id)
        product_id = ticket["product_id"]
        facts = _facts(desk, ticket)
        return TicketDetail(
            ticket,
            customers.get(desk, ticket["customer_id"]),
            records.children(connection, "ticket_event", "ticket_id", ticket_id, "seq"),
            records.children(connection, "visit", "ticket_id", ticket_id, "seq"),
            records.children(connection, "callback", "ticket_id", ticket_id),
            records.get(connection, "product", product_id) if product_id else None,
            lifecycle.allowed(lifecycle.TICKET, facts, desk.roles, desk.clock.now()),
            derived.pauses_of(connection, ticket_id),
        )


def find_by_number(desk: Desk, number: str) -> int | None:
    """Return the key of the ticket that people call ``number``."""
    return records.key_of(desk.reader, "ticket", "ticket_no", number.strip().upper())


# -- entry -----------------------------------------------------------------------------------


def problems(desk: Desk, values: Mapping[str, Any]) -> list[Problem]:
    """Return what is missing or wrong in a ticket's form; warnings are advice."""
    known = {**DEFAULTS, "created_at": desk.clock.now(), **values}
    return customers.form_problems(desk, "ticket", known)


def similar(desk: Desk, values: Mapping[str, Any]) -> list[tuple[int, str, str]]:
    """Return tickets that may be the same case: (key, number, title) (domain.md 4.6)."""
    if not values.get("customer_id"):
        return []
    window = int(desk.reference.settings["duplicate_ticket_minutes"]) * 60
    at = int(values.get("created_at") or desk.clock.now())
    found = records.similar_tickets(
        desk.reader, values["customer_id"], values.get("issue_id"), at - window, at + window
    )
    product = values.get("product_id")
    return [
        (key, number, title)
        for key, number, title, other in found
        if product is None or other is None or other == product
    ]


def create(desk: Desk, values: Mapping[str, Any]) -> Outcome[int]:
    """Enter a ticket; ``new_customer`` makes its customer in the same step.

    With ``owner_id`` of the actor the work begins at once, with another one it is dispatched.
    """
    desk.require(Permission.EDIT_TICKETS)
    faults = blocking(problems(desk, values))
    if faults:
        raise ProblemsError(faults)
    at = int(values.get("created_at") or desk.clock.now())
    with desk.write(N_("New ticket “{title}”"), title=str(values["title"])) as uow:
        customer_id = customers.of_form(uow, desk, values)
        customer = records.get(uow.connection, "customer", customer_id) or {}
        ticket_id = _insert(uow, desk, {**values, "customer_id": customer_id}, at, customer)
        event(uow, ticket_id, "created", at=at, text=str(values.get("description") or ""))
        _first_steps(uow, desk, ticket_id, values, at)
        derived.refresh_ticket(uow, ticket_id, desk.reference)
    return Outcome(ticket_id, uow.changes)


def _insert(uow: UnitOfWork, desk: Desk, values: Mapping[str, Any], at: int,
            customer: Mapping[str, Any]) -> int:  # fmt: skip
    row = {name: values[name] for name in COLUMNS if values.get(name) is not None}
    key_customer = customer.get("tier") == "key"
    if key_customer and row.get("priority", "normal") in {"normal", "low"}:
        row["priority"] = "high"  # 4.9: a key customer's ticket is at least high
    kind = row.get("request_type", "consult")
    row.setdefault(
        "callback_required",
        int(not customer.get("opt_out") and (key_customer or kind in VISIT_TYPES
            or callback_rules.sampled(desk.reference, at))),
    )  # fmt: skip
    ticket_id = uow.insert(
        "ticket",
        {
            **row,
            "ticket_no": next_number(uow, "ticket", at, desk.zone),
            "created_at": at,
            "last_event_at": at,
            "tier": customer.get("tier", "normal"),
        },
    )
    texts = {name: str(values.get(name) or "") for name in TEXTS}
    uow.insert("ticket_text", texts, key=ticket_id)
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


def change(
    desk: Desk, ticket_id: int, values: Mapping[str, Any], version: int | None = None
) -> Outcome[int]:
    """Change fields of a ticket; each becomes an event with its old and new value."""
    desk.require(Permission.EDIT_TICKETS)
    before = _stored(desk, ticket_id)
    changed = {
        name: value
        for name, value in values.items()
        if name in (*COLUMNS, *TEXTS) and before.get(name) != value
    }
    faults = blocking(problems(desk, {**before, **changed}))
    if faults:
        raise ProblemsError(faults)
    with desk.write(N_("Change ticket {number}"), number=before["ticket_no"]) as uow:
        _write_fields(uow, ticket_id, changed, version)
        for name, value in changed.items():
            event(uow, ticket_id, "field_changed", name=name, old=_told(before.get(name)),
                  new=_told(value))  # fmt: skip
        if changed:
            derived.refresh_ticket(uow, ticket_id, desk.reference)
    return Outcome(ticket_id, uow.changes)


def _told(value: Any) -> str | None:
    return None if value is None else str(value)


def _write_fields(
    uow: UnitOfWork, ticket_id: int, values: Mapping[str, Any], version: int | None
) -> None:
    columns = {name: value for name, value in values.items() if name in COLUMNS}
    texts = {name: value for name, value in values.items() if name in TEXTS}
    if columns or (version is not None and texts):
        uow.update("ticket", ticket_id, columns or {"last_event_at": uow.now}, version=version)
    if texts:
        uow.update("ticket_text", ticket_id, texts)


# -- steps -----------------------------------------------------------------------------------


def missing(desk: Desk, ticket_id: int, to: str, values: Mapping[str, Any]) -> list[Problem]:
    """Return what stands against the step ``to`` (state or action), at its fields."""
    facts = _facts(desk, _stored(desk, ticket_id))
    return lifecycle.check(
        lifecycle.TICKET, facts, to, desk.roles, desk.clock.now(), values, actor=desk.actor.id
    )


def step(desk: Desk, ticket_id: int, to: str, values: Mapping[str, Any] | None = None,
         version: int | None = None) -> Outcome[int]:  # fmt: skip
    """Take one step of the state machine with what was entered for it.

    ``values`` may hold field values (``solution``, ``resolution_code``, …) and those of the step
    itself: ``reason``, ``owner_id``, ``department_id``, ``text``, ``merged_into_id``.
    """
    desk.require(Permission.EDIT_TICKETS)
    entered = dict(values or {})
    ticket = _stored(desk, ticket_id)
    faults = missing(desk, ticket_id, to, entered)
    if faults:
        raise ProblemsError(faults)
    transition = lifecycle.find(lifecycle.TICKET, ticket["status"], to, desk.roles)
    if transition is None:  # cannot be: the check found a row
        raise UserError("This step is not possible.", code="transition")
    with desk.write(
        N_("{step}: {number}"), step=transition.label, number=ticket["ticket_no"]
    ) as uow:
        # the version is checked by the first write; later ones find the row changed by this step
        uow.update("ticket", ticket_id, _moved(desk, ticket, transition, entered), version=version)
        _write_fields(uow, ticket_id, entered, None)
        _record(uow, ticket_id, transition, entered)
        derived.refresh_ticket(uow, ticket_id, desk.reference)
        if transition.target == "resolved":
            callback_rules.plan_for_ticket(uow, desk, ticket_id)
    return Outcome(ticket_id, uow.changes)


def _moved(desk: Desk, ticket: Mapping[str, Any], transition: Transition,
           entered: Mapping[str, Any]) -> dict[str, Any]:  # fmt: skip
    """Return the columns that a step itself sets."""
    row: dict[str, Any] = {"status": transition.target}
    if transition.action in {"take", "accept"}:
        row["owner_id"] = desk.actor.id
        if ticket["first_owner_id"] is None:
            row["first_owner_id"] = desk.actor.id  # 首问负责制: never changes afterwards
    elif transition.action == "return":
        row["owner_id"] = None
    elif entered.get("owner_id") is not None:
        row["owner_id"] = entered["owner_id"]
    if transition.action == "transfer" and entered.get("department_id") is not None:
        known = ticket["resp_dept_id"]
        if known is not None and known != entered["department_id"]:
            row["complexity"] = "complex"  # 2.4: on the second department involved
        row["resp_dept_id"] = entered["department_id"]
    if transition.action == "merge":
        row["merged_into_id"] = entered.get("merged_into_id") or entered.get("merged_into")
    elif transition.action == "unmerge":
        row["merged_into_id"] = None
    return row


def _record(
    uow: UnitOfWork, ticket_id: int, transition: Transition, entered: Mapping[str, Any]
) -> None:
    """Write a step into the history."""
    more: dict[str, Any] = {}
    text = str(entered.get("reason") or entered.get("text") or "")
    department = entered.get("department_id") or entered.get("department")
    if transition.event in {"dispatched", "transferred"}:
        more["new"] = _told(entered.get("owner_id"))
    if transition.event == "resolved":
        text = text or str(entered.get("solution") or "")
    if transition.event == "status_changed":
        more.update(old=transition.source, new=transition.target)
    if department is not None:
        more["department_id"] = int(department)
    event(uow, ticket_id, transition.event, text=text, **more)


def say(desk: Desk, ticket_id: int, text: str, kind: str = "internal_note") -> Outcome[int]:
    """Add a note, a reply to the customer or a call to the history.

    ``kind``: ``internal_note``, ``public_reply``, ``call_in``, ``call_out`` (connected).
    """
    desk.require(Permission.EDIT_TICKETS)
    if not text.strip():
        raise ProblemsError([Problem("text", "required", N_("Write something first."))])
    ticket = _stored(desk, ticket_id)
    call = {"call_in": "answered", "call_out": "connected"}.get(kind)
    with desk.write(N_("Note on {number}"), number=ticket["ticket_no"]) as uow:
        event(uow, ticket_id, kind, text=text.strip(), visible=kind != "internal_note", name=call)
        derived.refresh_ticket(uow, ticket_id, desk.reference)
    return Outcome(ticket_id, uow.changes)


def remove(desk: Desk, ticket_id: int) -> Outcome[int]:
    """Delete a ticket softly: it leaves lists and figures; undo brings it back."""
    desk.require(Permission.EDIT_TICKETS)
    ticket = _stored(desk, ticket_id)
    with desk.write(N_("Delete ticket {number}"), number=ticket["ticket_no"]) as uow:
        uow.remove("ticket", ticket_id)
    return Outcome(ticket_id, uow.changes)
