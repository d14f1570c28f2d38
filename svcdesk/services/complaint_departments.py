"""Departments that work on a complaint: who does what by when, and what came of it (C5, C6).

The main one is the complaint's responsible department; it may have tasks like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.people import Permission, may
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services.complaint_rows import event, settle, stored
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import derived, notices, records
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

DUE_DAYS = 1  # working days, unless another time is chosen
ANSWERED = N_("{department} answered: {number}")
ENDED = frozenset({"closed", "rejected", "withdrawn", "merged"})


def default_due(desk: Desk, complaint: Mapping[str, Any]) -> int:
    """Return until when a department answers: the next working day, not after the deadline."""
    now = desk.clock.now()
    due = desk.reference.calendar.working_day_deadline(now, DUE_DAYS)
    limit = complaint["due_at"]
    return int(limit) if limit is not None and now < limit < due else due


def problems(desk: Desk, complaint: Mapping[str, Any], values: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with a task for a department."""
    found = []
    item = desk.reference.items.get(values.get("department_id") or 0)
    if item is None or item.list != "department":
        found.append(Problem("department", "required", N_("Choose the department.")))
    elif not item.active:
        text = N_("“{name}” is not in use any more. Choose another one.")
        found.append(Problem("department", "retired", text, {"name": item.name}))
    if not str(values.get("task") or "").strip():
        text = N_("Write what the department has to do.")
        found.append(Problem("task", "required", text))
    due = values.get("due_at")
    if due is not None and int(due) <= desk.clock.now():
        found.append(Problem("due_at", "order", N_("The answer cannot be due in the past.")))
    person = values.get("person_id")
    if person is not None and person == complaint["complained_of_id"]:
        text = N_("The person complained about cannot work on the complaint. Choose another one.")
        found.append(Problem("person", "same_person", text))
    return found


def ask(desk: Desk, complaint_id: int, values: Mapping[str, Any]) -> Outcome[int]:
    """Give a department its task; the first department becomes the main one.

    ``values``: ``department_id``, ``task``, and when known ``person_id``, ``due_at`` and ``main``.
    """
    desk.require(Permission.EDIT_COMPLAINTS)
    complaint = stored(desk, complaint_id)
    if complaint["status"] in ENDED:
        raise UserError("This complaint is closed. Reopen it first.", code="closed")
    faults = problems(desk, complaint, values)
    if faults:
        raise ProblemsError(faults)
    department, person = int(values["department_id"]), values.get("person_id")
    task, due = str(values["task"]).strip(), values.get("due_at") or default_due(desk, complaint)
    with desk.write(N_("Ask a department: {number}"), number=complaint["complaint_no"]) as uow:
        key = uow.insert("complaint_department", {
            "complaint_id": complaint_id, "department_id": department, "person_id": person,
            "task": task, "asked_at": uow.now, "asked_by_id": uow.actor_id, "due_at": due,
        })  # fmt: skip
        event(uow, complaint_id, "note", name="department_asked", text=task,
              department_id=department, new=str(due))  # fmt: skip
        if values.get("main") or complaint["resp_dept_id"] is None:
            row = {"resp_dept_id": department, "resp_person_id": person}
            uow.update("complaint", complaint_id, row)
        derived.refresh_complaint(uow, complaint_id, desk.reference)
    return Outcome(key, uow.changes)


def _row(desk: Desk, row_id: int) -> dict[str, Any]:
    found = records.get(desk.reader, "complaint_department", row_id)
    if found is None:
        raise UserError("This request does not exist any more.", code="gone")
    return found


def _require_own(desk: Desk, row: Mapping[str, Any]) -> None:
    """Let a department's contact answer for the own department only; agents pass on any answer."""
    desk.require(Permission.EDIT_COMPLAINTS)
    actor = desk.actor
    if not may(actor.roles, Permission.EDIT_TICKETS) and actor.department_id is not None:
        own, asked = (
            desk.reference.root(key) for key in (actor.department_id, row["department_id"])
        )
        if own is not None and asked is not None and own.id != asked.id:
            raise UserError(
                "This was asked of {department}. Somebody of that department answers it.",
                code="other_department",
                department=desk.reference.name(row["department_id"]),
            )


def answer(desk: Desk, row_id: int, text: str) -> Outcome[int]:
    """Record what a department answered; the handler is told."""
    row = _row(desk, row_id)
    if row["answered_at"] is not None:
        raise UserError("This request was answered in the meantime.", code="answered")
    _require_own(desk, row)
    if not text.strip():
        raise ProblemsError([Problem("answer", "required", N_("Write the answer."))])
    complaint = stored(desk, row["complaint_id"])
    with desk.write(N_("Answer to {number}"), number=complaint["complaint_no"]) as uow:
        uow.update("complaint_department", row_id, {
            "answer": text.strip(), "answered_at": uow.now, "answered_by_id": uow.actor_id,
        })  # fmt: skip
        event(uow, complaint["id"], "note", name="department_answered", text=text.strip(),
              department_id=row["department_id"])  # fmt: skip
        if complaint["handler_id"] not in (None, uow.actor_id):
            notices.insert(
                uow, person_id=complaint["handler_id"], kind="handoff_answered", at=uow.now,
                table="complaint", record_id=complaint["id"], text=ANSWERED,
                args={"department": desk.reference.name(row["department_id"]),
                      "number": complaint["complaint_no"], "title": complaint["title"]},
                occasion=f"complaint_department_answered:{row_id}",
            )  # fmt: skip
        derived.refresh_complaint(uow, complaint["id"], desk.reference)
    return Outcome(complaint["id"], uow.changes)


def make_main(desk: Desk, row_id: int) -> Outcome[int]:
    """Make a department the one that is responsible in the first place."""
    desk.require(Permission.EDIT_COMPLAINTS)
    row = _row(desk, row_id)
    complaint = stored(desk, row["complaint_id"])
    with desk.write(N_("Main department: {number}"), number=complaint["complaint_no"]) as uow:
        uow.update("complaint", complaint["id"], {
            "resp_dept_id": row["department_id"], "resp_person_id": row["person_id"],
        })  # fmt: skip
        event(uow, complaint["id"], "field_changed", name="resp_dept_id",
              old=str(complaint["resp_dept_id"] or ""), new=str(row["department_id"]),
              department_id=row["department_id"])  # fmt: skip
        settle(uow, desk, complaint["id"], (complaint["customer_id"],))
    return Outcome(complaint["id"], uow.changes)


def remove(desk: Desk, row_id: int) -> Outcome[int]:
    """Take a department's task back."""
    desk.require(Permission.EDIT_COMPLAINTS)
    row = _row(desk, row_id)
    complaint = stored(desk, row["complaint_id"])
    with desk.write(N_("Take the request back: {number}"), number=complaint["complaint_no"]) as uow:
        uow.remove("complaint_department", row_id)
        event(uow, complaint["id"], "note", name="department_removed", text=row["task"],
              department_id=row["department_id"])  # fmt: skip
        derived.refresh_complaint(uow, complaint["id"], desk.reference)
    return Outcome(complaint["id"], uow.changes)
