"""Tickets: enter, change, move through their states, answer, escalate.

Every step is an event in the ticket's history; times and counters are derived from the events, in
the same unit of work (domain.md 2.4, 2.5, 2.19). What belongs to a ticket beside its steps has
modules of its own: handoffs, visits, time_spent, ticket_links, merging, duplicates, breaches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain import lifecycle, record_kinds
from svcdesk.domain.complaint import EscalationLevel
from svcdesk.domain.people import Permission, Role
from svcdesk.domain.problem import Problem, blocking
from svcdesk.domain.ticket import TicketStatus
from svcdesk.i18n.catalog import N_
from svcdesk.services import callback_rules, merging
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.duplicates import similar
from svcdesk.services.ticket_detail import TicketDetail, find_by_number, get
from svcdesk.services.ticket_entry import create, problems
from svcdesk.services.ticket_rows import (
    COLUMNS,
    TEXTS,
    event,
    facts,
    involve,
    refresh,
    require_open,
    set_status,
    stored,
    told,
    write_fields,
)
from svcdesk.store import notices, ticket_parts
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.domain.statemachine import Transition
    from svcdesk.store.unit_of_work import UnitOfWork

__all__ = [
    "TicketDetail",
    "change",
    "create",
    "escalate",
    "event",
    "find_by_number",
    "get",
    "missing",
    "problems",
    "remove",
    "say",
    "similar",
    "step",
]

ESCALATIONS = (
    EscalationLevel.SUPERVISOR,
    EscalationLevel.MANAGER,
    EscalationLevel.GENERAL_MANAGER,
)
ESCALATED = N_("{name} escalated {number}")


def change(
    desk: Desk, ticket_id: int, values: Mapping[str, Any], version: int | None = None
) -> Outcome[int]:
    """Change fields of a ticket; each becomes an event with its old and new value."""
    desk.require(Permission.EDIT_TICKETS)
    before = stored(desk, ticket_id)
    changed = {
        name: value
        for name, value in values.items()
        if name in (*COLUMNS, *TEXTS) and before.get(name) != value
    }
    faults = blocking(problems(desk, {**before, **changed}))
    if faults:
        raise ProblemsError(faults)
    details = record_kinds.details_of({"details": values.get("details"), **values})
    with desk.write(N_("Change ticket {number}"), number=before["ticket_no"]) as uow:
        write_fields(uow, ticket_id, {**details, **changed}, version)
        for name, value in changed.items():
            event(uow, ticket_id, "field_changed", name=name, old=told(before.get(name)),
                  new=told(value))  # fmt: skip
        if changed:
            refresh(uow, desk, ticket_id)
    return Outcome(ticket_id, uow.changes)


# -- steps -----------------------------------------------------------------------------------


def missing(desk: Desk, ticket_id: int, to: str, values: Mapping[str, Any]) -> list[Problem]:
    """Return what stands against the step ``to`` (state or action), at its fields."""
    ticket = facts(desk, stored(desk, ticket_id))
    return lifecycle.check(
        lifecycle.TICKET, ticket, to, desk.roles, desk.clock.now(), values, actor=desk.actor.id
    )


def step(desk: Desk, ticket_id: int, to: str, values: Mapping[str, Any] | None = None,
         version: int | None = None) -> Outcome[int]:  # fmt: skip
    """Take one step of the state machine with what was entered for it.

    ``values`` may hold field values (``solution``, ``resolution_code``, …) and those of the step
    itself: ``reason``, ``owner_id``, ``department_id``, ``text``, ``merged_into_id``.
    """
    desk.require(Permission.EDIT_TICKETS)
    entered = dict(values or {})
    ticket = stored(desk, ticket_id)
    faults = missing(desk, ticket_id, to, entered)
    if faults:
        raise ProblemsError(faults)
    transition = lifecycle.find(lifecycle.TICKET, ticket["status"], to, desk.roles)
    if transition is None:  # cannot be: the check found a row
        raise UserError("This step is not possible.", code="transition")
    if transition.action == "merge":
        target = entered.get("merged_into_id") or entered["merged_into"]
        return merging.merge(desk, ticket_id, int(target), {}, version)
    if transition.action == "unmerge":
        return merging.unmerge(desk, ticket_id, version)
    with desk.write(
        N_("{step}: {number}"), step=transition.label, number=ticket["ticket_no"]
    ) as uow:
        # the version is checked by the first write; later ones find the row changed by this step
        moved = _moved(uow, desk, ticket, transition, entered)
        uow.update("ticket", ticket_id, moved, version=version)
        write_fields(uow, ticket_id, entered, None)
        _record(uow, ticket_id, transition, entered)
        refresh(uow, desk, ticket_id)
        if transition.target == "resolved":
            callback_rules.plan_for_ticket(uow, desk, ticket_id)
        elif transition.action == "reopen":
            callback_rules.reopened(uow, "ticket_id", ticket_id)
    return Outcome(ticket_id, uow.changes)


def _moved(uow: UnitOfWork, desk: Desk, ticket: Mapping[str, Any], transition: Transition,
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
    department = entered.get("department_id") or entered.get("department")
    if department is not None and transition.action in {"transfer", "wait_internal"}:
        row.update(involve(uow.connection, ticket, int(department)))
        if transition.action == "transfer":
            row["resp_dept_id"] = department
    return row


def _record(
    uow: UnitOfWork, ticket_id: int, transition: Transition, entered: Mapping[str, Any]
) -> None:
    """Write a step into the history."""
    more: dict[str, Any] = {}
    text = str(entered.get("reason") or entered.get("text") or "")
    department = entered.get("department_id") or entered.get("department")
    if transition.event in {"dispatched", "transferred"}:
        more["new"] = told(entered.get("owner_id"))
    if transition.event == "resolved":
        text = text or str(entered.get("solution") or "")
    if transition.event == "status_changed":
        more.update(old=transition.source, new=transition.target)
    if department is not None:
        more["department_id"] = int(department)
    event(uow, ticket_id, transition.event, text=text, **more)


def escalate(desk: Desk, ticket_id: int, level: str, reason: str) -> Outcome[int]:
    """Call in somebody higher; the ticket stays where it is and with whom it is.

    ``level``: supervisor, manager or general_manager. Supervisors are told.
    """
    desk.require(Permission.EDIT_TICKETS)
    ticket = stored(desk, ticket_id)
    require_open(ticket)
    faults = []
    if level not in ESCALATIONS:
        faults.append(Problem("level", "required", N_("Choose whom to call in.")))
    if not reason.strip():
        faults.append(Problem("reason", "required", N_("The reason is missing. Write why.")))
    if faults:
        raise ProblemsError(faults)
    with desk.write(N_("Escalate {number}"), number=ticket["ticket_no"]) as uow:
        key = event(uow, ticket_id, "escalated", name=level, text=reason.strip())
        refresh(uow, desk, ticket_id)
        for person in desk.reference.people.values():
            told_of = Role.SUPERVISOR in person.roles and person.active and not person.is_bot
            if told_of and person.id != desk.actor.id:
                notices.insert(
                    uow, person_id=person.id, kind="escalated", at=uow.now, table="ticket",
                    record_id=ticket_id, text=ESCALATED,
                    args={"name": desk.actor.name, "number": ticket["ticket_no"],
                          "title": ticket["title"]},
                    occasion=f"escalated:{key}:{person.id}",
                )  # fmt: skip
    return Outcome(ticket_id, uow.changes)


def say(desk: Desk, ticket_id: int, text: str, kind: str = "internal_note") -> Outcome[int]:
    """Add a note, a reply to the customer or a call to the history.

    ``kind``: ``internal_note``, ``public_reply``, ``call_in``, ``call_out`` (connected). What is
    said about a merged ticket goes to the ticket that it was merged into; the outcome's value is
    the ticket that holds it. A customer who calls ends the wait for him (2.19).
    """
    desk.require(Permission.EDIT_TICKETS)
    if not text.strip():
        raise ProblemsError([Problem("text", "required", N_("Write something first."))])
    stored(desk, ticket_id)
    target = ticket_parts.merge_target(desk.reader, ticket_id)
    ticket = stored(desk, target)
    call = {"call_in": "answered", "call_out": "connected"}.get(kind)
    with desk.write(N_("Note on {number}"), number=ticket["ticket_no"]) as uow:
        event(uow, target, kind, text=text.strip(), visible=kind != "internal_note", name=call)
        if kind == "call_in" and ticket["status"] == TicketStatus.PENDING_CUSTOMER:
            set_status(uow, ticket, TicketStatus.IN_PROGRESS, automatic=True)
        refresh(uow, desk, target)
    return Outcome(target, uow.changes)


def remove(desk: Desk, ticket_id: int) -> Outcome[int]:
    """Delete a ticket softly: it leaves lists and figures; undo brings it back."""
    desk.require(Permission.EDIT_TICKETS)
    ticket = stored(desk, ticket_id)
    with desk.write(N_("Delete ticket {number}"), number=ticket["ticket_no"]) as uow:
        uow.remove("ticket", ticket_id)
        callback_rules.gone(uow, "ticket_id", ticket_id)
    return Outcome(ticket_id, uow.changes)
