"""Callbacks: the queue's next task, its context, and what each call brought (domain.md 2.8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain import lifecycle
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem, blocking
from svcdesk.domain.query import Condition, Op, Query
from svcdesk.i18n.catalog import N_
from svcdesk.services import customers, surveys
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.queries import DeskRows
from svcdesk.store import derived, records
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.domain.statemachine import Transition
    from svcdesk.store.unit_of_work import UnitOfWork

# what an attempt brings -> the step of the state machine it is
STEPS = {"connected": "complete", "refused": "refuse"}


@dataclass(frozen=True)
class CallbackDetail:
    """A callback with what the caller needs to see."""

    callback: dict[str, Any]
    customer: dict[str, Any]
    attempts: list[dict[str, Any]]
    ticket: dict[str, Any] | None
    complaint: dict[str, Any] | None
    answers: list[dict[str, Any]]
    steps: list[Transition]


def _stored(desk: Desk, callback_id: int) -> dict[str, Any]:
    found = records.get(desk.reader, "callback", callback_id)
    if found is None:
        raise UserError("This callback does not exist any more.", code="gone")
    return found


def _facts(desk: Desk, callback: dict[str, Any], *more: int) -> dict[str, Any]:
    attempts = records.children(
        desk.reader, "callback_attempt", "callback_id", callback["id"], "seq"
    )
    customer = customers.get(desk, callback["customer_id"])
    return {**callback, "attempts": [*(a["at"] for a in attempts), *more],
            "timezone": desk.reference.settings["timezone"], "opt_out": customer["opt_out"]}  # fmt: skip


def get(desk: Desk, callback_id: int) -> CallbackDetail:
    """Return a callback with customer, case, attempts and the customer's last answers."""
    with desk.reading() as connection:
        callback = _stored(desk, callback_id)
        customer_id = callback["customer_id"]
        answers = records.children(connection, "survey", "customer_id", customer_id, "sent_at DESC")
        ticket_id, complaint_id = callback["ticket_id"], callback["complaint_id"]
        return CallbackDetail(
            callback,
            customers.get(desk, customer_id),
            records.children(connection, "callback_attempt", "callback_id", callback_id, "seq"),
            records.with_text(connection, "ticket", ticket_id) if ticket_id else None,
            records.with_text(connection, "complaint", complaint_id) if complaint_id else None,
            answers[:5],
            lifecycle.allowed(
                lifecycle.CALLBACK, _facts(desk, callback), desk.roles, desk.clock.now()
            ),
        )


def queue(*, assignee_id: int | None = None) -> Query:
    """Return the query of open callbacks, the most urgent first."""
    conditions = [Condition("state", Op.OPEN)]
    if assignee_id is not None:
        conditions.append(Condition("assignee_id", Op.IN, (assignee_id, None)))
    return Query("callback", tuple(conditions), sort="due_at", descending=False)


def next_task(desk: Desk, after: int | None = None) -> int | None:
    """Return the most urgent open callback, other than ``after``."""
    for row in DeskRows(desk, queue()).first_page(2):
        if row.id != after:
            return int(row.id)
    return None


def record(desk: Desk, callback_id: int, result: str,
           values: Mapping[str, Any] | None = None) -> Outcome[int]:  # fmt: skip
    """Record one attempt and what follows from it.

    ``result`` is an attempt result (``connected``, ``no_answer``, …, ``refused``,
    ``call_back_at``) . With ``connected`` the ``values`` hold the scores, ``comment``, the callback
    ``result`` and ``notes``; with ``call_back_at`` they hold ``retry_at``. After enough attempts
    ``unreachable=True`` ends the task.
    """
    desk.require(Permission.EDIT_CALLBACKS)
    entered = dict(values or {})
    callback = _stored(desk, callback_id)
    now = desk.clock.now()
    target = STEPS.get(result) or ("unreachable" if entered.get("unreachable") else "retry")
    faults = _faults(desk, callback, target, result, entered, now)
    if faults:
        raise ProblemsError(faults)
    with desk.write(N_("Callback {number}"), number=callback["callback_no"]) as uow:
        _attempt(uow, callback_id, result, entered)
        row = _row(uow, desk, callback, target, entered)
        uow.update("callback", callback_id, row)
        if callback["complaint_id"] and row.get("answer_id") and entered.get("csat"):
            _complaint_score(uow, desk, callback, entered)
    return Outcome(callback_id, uow.changes)


def _faults(desk: Desk, callback: dict[str, Any], target: str, result: str,
            entered: dict[str, Any], now: int) -> list[Problem]:  # fmt: skip
    facts = _facts(desk, callback, now)
    found: list[Problem] = []
    if callback["state"] == "planned":
        found += lifecycle.check(lifecycle.CALLBACK, facts, "attempt", desk.roles, now)
        facts["state"] = "in_progress"
    if not found:
        found += lifecycle.check(lifecycle.CALLBACK, facts, target, desk.roles, now, entered)
    if result == "connected":
        low = int(desk.reference.settings["low_score"])
        found += blocking(surveys.problems(entered, low=low))
    if result == "call_back_at" and not entered.get("retry_at"):
        found.append(Problem("retry_at", "required", N_("Enter when to call again.")))
    return found


def _attempt(uow: UnitOfWork, callback_id: int, result: str, entered: Mapping[str, Any]) -> None:
    uow.insert(
        "callback_attempt",
        {
            "callback_id": callback_id,
            "seq": records.next_seq(uow.connection, "callback_attempt", "callback_id", callback_id),
            "at": uow.now,
            "actor_id": uow.actor_id,
            "result": result,
            "retry_at": entered.get("retry_at"),
            "note": str(entered.get("notes") or ""),
        },
    )


def _row(uow: UnitOfWork, desk: Desk, callback: dict[str, Any], target: str,
         entered: dict[str, Any]) -> dict[str, Any]:  # fmt: skip
    """Return what the attempt changes in the task."""
    if target == "retry":
        row: dict[str, Any] = {"state": "planned"}
        if entered.get("retry_at"):
            row["due_at"] = entered["retry_at"]
        return row
    row = {
        "state": {"complete": "completed", "refuse": "refused"}.get(target, "unreachable"),
        "completed_at": uow.now,
    }
    if target != "complete":
        return row
    row["result"] = entered["result"]
    row["notes"] = str(entered.get("notes") or "")
    if callback["ticket_id"]:
        ticket = records.get(uow.connection, "ticket", callback["ticket_id"]) or {}
        row["own_ticket"] = int(ticket.get("owner_id") == uow.actor_id)
    if any(entered.get(field) is not None for field in surveys.SCORES):
        row["answer_id"] = surveys.write(
            uow,
            desk,
            {
                **entered,
                "customer_id": callback["customer_id"],
                "ticket_id": callback["ticket_id"],
                "complaint_id": callback["complaint_id"],
                "method": "callback",
                "kind": "recovery" if callback["kind"] == "low_score" else "normal",
            },
        )
    return row


def _complaint_score(
    uow: UnitOfWork, desk: Desk, callback: dict[str, Any], entered: dict[str, Any]
) -> None:
    """Keep the handling satisfaction with the complaint itself (2.7)."""
    uow.update(
        "complaint",
        callback["complaint_id"],
        {"satisfaction": entered["csat"], "satisfaction_at": uow.now},
    )
    derived.refresh_complaint(uow, callback["complaint_id"], desk.reference)


def cancel(desk: Desk, callback_id: int, reason: str) -> Outcome[int]:
    """Cancel a planned callback."""
    return _simple(desk, callback_id, "cancel", "cancelled", reason)


def replan(desk: Desk, callback_id: int, due_at: int) -> Outcome[int]:
    """Plan a callback again that could not be reached or was cancelled."""
    return _simple(desk, callback_id, "replan", "planned", "", due_at=due_at, completed_at=None)


def assign(desk: Desk, callback_id: int, person_id: int | None) -> Outcome[int]:
    """Hand a callback to somebody."""
    desk.require(Permission.EDIT_CALLBACKS)
    callback = _stored(desk, callback_id)
    with desk.write(N_("Assign callback {number}"), number=callback["callback_no"]) as uow:
        uow.update("callback", callback_id, {"assignee_id": person_id})
    return Outcome(callback_id, uow.changes)


def _simple(desk: Desk, callback_id: int, action: str, state: str, reason: str,
            **columns: Any) -> Outcome[int]:  # fmt: skip
    desk.require(Permission.EDIT_CALLBACKS)
    callback = _stored(desk, callback_id)
    faults = lifecycle.check(
        lifecycle.CALLBACK, _facts(desk, callback), action, desk.roles, desk.clock.now(),
        {"reason": reason},
    )  # fmt: skip
    if faults:
        raise ProblemsError(faults)
    row = {"state": state, **columns}
    if reason:
        row["notes"] = reason
    with desk.write(N_("Callback {number}"), number=callback["callback_no"]) as uow:
        uow.update("callback", callback_id, row)
    return Outcome(callback_id, uow.changes)
