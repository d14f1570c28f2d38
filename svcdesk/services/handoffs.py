"""Work asked of other departments while the ticket stays with its owner (首问负责制, 2.4).

Several may run side by side. The clock of the ticket goes on: waiting inside the company is not
the customer's time.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from svcdesk.domain.people import Permission, may
from svcdesk.domain.problem import Problem
from svcdesk.domain.ticket import TicketStatus
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.ticket_rows import event, involve, refresh, require_open, set_status, stored
from svcdesk.store import notices, records, ticket_parts
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.unit_of_work import UnitOfWork

DUE_SECONDS = 2 * 3600  # of working time, unless another due time is chosen
ANSWERED = N_("{department} answered: {number}")


def default_due(desk: Desk) -> int:
    """Return until when a department is asked to answer: two working hours from now."""
    return desk.reference.calendar.add_business_seconds(desk.clock.now(), DUE_SECONDS)


def problems(desk: Desk, values: Mapping[str, Any]) -> list[Problem]:
    """Return what is missing in a request to a department."""
    found = []
    item = desk.reference.items.get(values.get("department_id") or 0)
    if item is None or item.list != "department":
        found.append(Problem("department", "required", N_("Choose the department to ask.")))
    if not str(values.get("request") or "").strip():
        found.append(Problem("request", "required", N_("Write what is asked of the department.")))
    due = values.get("due_at")
    if due is not None and int(due) <= desk.clock.now():
        found.append(Problem("due_at", "order", N_("The answer cannot be due in the past.")))
    return found


def ask(desk: Desk, ticket_id: int, values: Mapping[str, Any]) -> Outcome[int]:
    """Ask a department for something; owner and first owner stay.

    ``values``: ``department_id``, ``request``, and, when known, ``person_id`` and ``due_at``
    (default: two working hours). A ticket in progress waits internally from now on.
    """
    desk.require(Permission.EDIT_TICKETS)
    ticket = stored(desk, ticket_id)
    require_open(ticket)
    faults = problems(desk, values)
    if faults:
        raise ProblemsError(faults)
    department = int(values["department_id"])
    request = str(values["request"]).strip()
    with desk.write(N_("Ask a department: {number}"), number=ticket["ticket_no"]) as uow:
        more = involve(uow.connection, ticket, department)
        if more:
            uow.update("ticket", ticket_id, more)
            event(uow, ticket_id, "field_changed", name="complexity", old=ticket["complexity"],
                  new=more["complexity"], automatic=True)  # fmt: skip
        key = uow.insert(
            "handoff",
            {
                "ticket_id": ticket_id,
                "department_id": department,
                "person_id": values.get("person_id"),
                "request": request,
                "asked_at": uow.now,
                "asked_by_id": uow.actor_id,
                "due_at": values.get("due_at") or default_due(desk),
            },
        )
        if ticket["status"] == TicketStatus.IN_PROGRESS:
            set_status(uow, ticket, TicketStatus.PENDING_INTERNAL, text=request,
                       department_id=department)  # fmt: skip
        refresh(uow, desk, ticket_id)
    return Outcome(key, uow.changes)


def _waiting(desk: Desk, handoff_id: int) -> dict[str, Any]:
    found = records.get(desk.reader, "handoff", handoff_id)
    if found is None:
        raise UserError("This request does not exist any more.", code="gone")
    if found["answered_at"] is not None:
        raise UserError("This request was answered in the meantime.", code="answered")
    if found["cancelled_at"] is not None:
        raise UserError("This request was cancelled in the meantime.", code="cancelled")
    return found


def _may_answer(desk: Desk, handoff: Mapping[str, Any]) -> None:
    """Let a department contact answer for the own department only; agents pass on any answer."""
    desk.require(Permission.ANSWER_HANDOFFS)
    actor = desk.actor
    if not may(actor.roles, Permission.EDIT_TICKETS) and actor.department_id is not None:
        own = desk.reference.root(actor.department_id)
        asked = desk.reference.root(handoff["department_id"])
        if own is not None and asked is not None and own.id != asked.id:
            raise UserError(
                "This was asked of {department}. Somebody of that department answers it.",
                code="other_department",
                department=desk.reference.name(handoff["department_id"]),
            )


def answer(desk: Desk, handoff_id: int, text: str) -> Outcome[int]:
    """Answer a request; with the last answer the ticket goes on, and its owner is told."""
    handoff = _waiting(desk, handoff_id)
    _may_answer(desk, handoff)
    if not text.strip():
        raise ProblemsError([Problem("answer", "required", N_("Write the answer."))])
    ticket = stored(desk, handoff["ticket_id"])
    with desk.write(N_("Answer to {number}"), number=ticket["ticket_no"]) as uow:
        uow.update(
            "handoff",
            handoff_id,
            {"answered_at": uow.now, "answered_by_id": uow.actor_id, "answer": text.strip()},
        )
        _go_on(uow, desk, ticket, handoff)
        if ticket["owner_id"] is not None:
            notices.insert(
                uow, person_id=ticket["owner_id"], kind="handoff_answered", at=uow.now,
                table="ticket", record_id=ticket["id"], text=ANSWERED,
                args={"department": desk.reference.name(handoff["department_id"]),
                      "number": ticket["ticket_no"], "title": ticket["title"]},
                occasion=f"handoff_answered:{handoff_id}",
            )  # fmt: skip
    return Outcome(handoff_id, uow.changes)


def _go_on(uow: UnitOfWork, desk: Desk, ticket: Mapping[str, Any],
           handoff: Mapping[str, Any]) -> None:  # fmt: skip
    """Take the ticket back to work when it waits for nobody inside any more."""
    waits = ticket["status"] == TicketStatus.PENDING_INTERNAL
    if waits and ticket_parts.open_handoffs(uow.connection, int(ticket["id"])) == 0:
        set_status(uow, ticket, TicketStatus.IN_PROGRESS, automatic=True,
                   department_id=handoff["department_id"])  # fmt: skip
    refresh(uow, desk, int(ticket["id"]))


def promise(desk: Desk, handoff_id: int, day: str) -> Outcome[int]:
    """Note that the department promised its answer for ``day`` (ISO date)."""
    handoff = _waiting(desk, handoff_id)
    _may_answer(desk, handoff)
    try:
        promised = date.fromisoformat(day)
    except ValueError:
        promised = None
    if promised is None:
        raise ProblemsError(
            [Problem("promised_on", "required", N_("Enter the date, like 2026-04-09."))]
        )
    ticket = stored(desk, handoff["ticket_id"])
    with desk.write(N_("Promised answer: {number}"), number=ticket["ticket_no"]) as uow:
        uow.update("handoff", handoff_id, {"promised_on": promised.isoformat()})
        event(uow, ticket["id"], "internal_note", name="handoff_promised",
              new=promised.isoformat(), department_id=handoff["department_id"])  # fmt: skip
        refresh(uow, desk, ticket["id"])
    return Outcome(handoff_id, uow.changes)


def cancel(desk: Desk, handoff_id: int) -> Outcome[int]:
    """Take a request back."""
    desk.require(Permission.EDIT_TICKETS)
    handoff = _waiting(desk, handoff_id)
    ticket = stored(desk, handoff["ticket_id"])
    with desk.write(N_("Take the request back: {number}"), number=ticket["ticket_no"]) as uow:
        uow.update("handoff", handoff_id, {"cancelled_at": uow.now})
        _go_on(uow, desk, ticket, handoff)
    return Outcome(handoff_id, uow.changes)
