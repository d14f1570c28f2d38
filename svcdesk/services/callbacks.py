"""Callbacks: the queue's next task, its context, and what each call brought (domain.md 2.8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from svcdesk.domain import callback_retry, lifecycle
from svcdesk.domain.callback import CallbackKind, RecoveryResult
from svcdesk.domain.localtime import local_date, midnight
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.domain.query import ME, Condition, Op, Query
from svcdesk.i18n.catalog import N_
from svcdesk.services import callback_rules, customers
from svcdesk.services import callbacks_attempt as attempt
from svcdesk.services.callbacks_attempt import propose_retry, retry_rule
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.queries import DeskRows
from svcdesk.store import callbacks as store
from svcdesk.store import records
from svcdesk.store.callbacks import Counts
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.domain.statemachine import Transition

__all__ = [
    "CHIPS", "STEPS", "CallbackDetail", "Counts", "assign", "cancel", "counts", "enough_with",
    "get", "give_up", "next_task", "opt_out", "propose_retry", "queue", "quick_times", "record",
    "replan", "retry_rule", "stored", "take", "today",
]  # fmt: skip

# what an attempt brings -> the step of the state machine it is
STEPS = {"connected": "complete", "refused": "refuse"}
CHIPS = ("all", "mine", "unassigned", "overdue", "low", "again")
LAST_ANSWERS = 5


@dataclass(frozen=True)
class CallbackDetail:
    """A callback with what the caller needs to see.

    ``bad_answer``: the answer that a recovery is about. ``enough``: one more attempt is not needed
    to call the customer unreachable. ``proposal``: when to call again if nobody answers now.
    ``own``: the acting person handled the case.
    """

    callback: dict[str, Any]
    customer: dict[str, Any]
    attempts: list[dict[str, Any]]
    ticket: dict[str, Any] | None
    complaint: dict[str, Any] | None
    answers: list[dict[str, Any]]
    steps: list[Transition]
    visits: list[dict[str, Any]] = field(default_factory=list)
    handoffs: list[dict[str, Any]] = field(default_factory=list)
    product: dict[str, Any] | None = None
    bad_answer: dict[str, Any] | None = None
    enough: bool = False
    proposal: int = 0
    own: bool = False
    handler_id: int | None = None
    new_ticket_no: str = ""
    new_complaint_no: str = ""

    @property
    def open(self) -> bool:
        """Whether the task still waits for a call."""
        return self.callback["state"] in {"planned", "in_progress"}


def stored(desk: Desk, callback_id: int) -> dict[str, Any]:
    """Return a callback; one that is gone is told in a sentence."""
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
        callback = stored(desk, callback_id)
        customer_id, ticket_id = callback["customer_id"], callback["ticket_id"]
        answers = records.children(connection, "survey", "customer_id", customer_id, "sent_at DESC")
        complaint_id = callback["complaint_id"]
        ticket = records.with_text(connection, "ticket", ticket_id) if ticket_id else None
        complaint = (
            records.with_text(connection, "complaint", complaint_id) if complaint_id else None
        )
        attempts = records.children(
            connection, "callback_attempt", "callback_id", callback_id, "seq"
        )
        times = [a["at"] for a in attempts]
        handler = store.handler_of(connection, ticket_id, complaint_id)
        product_id = (ticket or complaint or {}).get("product_id")

        def number(table: str, column: str, key: int | None) -> str:
            return records.numbers_of(connection, table, column, [key])[key] if key else ""

        def of_ticket(table: str) -> list[dict[str, Any]]:
            return records.children(connection, table, "ticket_id", ticket_id) if ticket_id else []

        return CallbackDetail(
            callback,
            customers.get(desk, customer_id),
            attempts,
            ticket,
            complaint,
            [a for a in answers if a["responded_at"] is not None][:LAST_ANSWERS],
            lifecycle.allowed(
                lifecycle.CALLBACK, _facts(desk, callback), desk.roles, desk.clock.now()
            ),
            visits=of_ticket("visit"),
            handoffs=of_ticket("handoff"),
            product=records.get(connection, "product", product_id) if product_id else None,
            bad_answer=records.get(connection, "survey", callback["survey_id"])
            if callback["survey_id"]
            else None,
            enough=callback_retry.tried_enough(times, desk.zone.key),
            proposal=propose_retry(desk, times, "no_answer"),
            own=handler is not None and handler == desk.actor.id,
            handler_id=handler,
            new_ticket_no=number("ticket", "ticket_no", callback["new_ticket_id"]),
            new_complaint_no=number("complaint", "complaint_no", callback["new_complaint_id"]),
        )


# -- the queue -------------------------------------------------------------------------------


def today(desk: Desk) -> tuple[int, int]:
    """Return the first second of today and of tomorrow in the team's zone."""
    day = local_date(desk.clock.now(), desk.zone.key)
    return midnight(day, desk.zone.key), midnight(day + timedelta(days=1), desk.zone.key)


def queue(desk: Desk | None = None, chip: str = "all", kinds: tuple[str, ...] = ()) -> Query:
    """Return the query of open callbacks, the next one to call first.

    ``chip``: all, mine, unassigned, overdue, low (recoveries) or again (to call again today).
    """
    conditions = [Condition("state", Op.OPEN)]
    if chip == "mine":
        conditions.append(Condition("assignee_id", Op.IN, (ME,)))
    elif chip == "unassigned":
        conditions.append(Condition("assignee_id", Op.IN, (None,)))
    elif chip == "overdue":
        conditions = [Condition("overdue", Op.OVERDUE)]
    elif chip == "low":
        conditions.append(Condition("kind", Op.IN, ("low_score",)))
    elif chip == "again" and desk is not None:
        conditions.append(Condition("retry_at", Op.BETWEEN, today(desk)))
    if kinds:
        conditions.append(Condition("kind", Op.IN, kinds))
    return Query("callback", tuple(conditions), sort="call_at", descending=False)


def counts(desk: Desk) -> Counts:
    """Return how many open callbacks each chip of the queue stands for."""
    return store.counts(desk.reader, desk.actor.id, desk.clock.now(), today(desk))


def next_task(desk: Desk, after: int | None = None) -> int | None:
    """Return the most urgent open callback, other than ``after``."""
    for row in DeskRows(desk, queue()).first_page(2):
        if row.id != after:
            return int(row.id)
    return None


# -- an attempt ------------------------------------------------------------------------------


def enough_with(desk: Desk, detail: CallbackDetail, at: int) -> bool:
    """Tell whether another failed attempt at ``at`` makes the customer unreachable."""
    times = [*(attempt["at"] for attempt in detail.attempts), at]
    return callback_retry.tried_enough(times, desk.zone.key)


def quick_times(desk: Desk) -> list[int]:
    """Return handy moments, all in working time, for "call me again at …"."""
    return callback_retry.quick_times(desk.clock.now(), desk.reference.calendar, desk.zone.key)


def record(desk: Desk, callback_id: int, result: str,
           values: Mapping[str, Any] | None = None, version: int | None = None) -> Outcome[int]:  # fmt: skip
    """Record one attempt and what follows from it, as one step.

    ``result`` is an attempt result (``connected``, ``no_answer``, …, ``refused``,
    ``call_back_at``). With ``connected`` the ``values`` hold the scores, ``comment``, ``reasons``
    (keys of list low_reason), the callback ``result`` and ``notes``; a recovery also takes
    ``recovery_result``, ``given`` and ``given_amount`` (fen). With ``call_back_at`` they hold
    ``retry_at``; a failed attempt without one is tried again by rule. ``unreachable`` ends the
    task, ``opt_out`` notes with a refusal that the customer wants no more calls, ``recover`` plans
    a recovery whatever the score. ``phone_place``: which of the numbers was called (1, 2, …).
    """
    desk.require(Permission.EDIT_CALLBACKS)
    entered = dict(values or {})
    callback = stored(desk, callback_id)
    now = desk.clock.now()
    target = STEPS.get(result) or ("unreachable" if entered.get("unreachable") else "retry")
    facts = _facts(desk, callback, now)
    faults = attempt.faults(desk, callback, facts, target, result, entered)
    if faults:
        raise ProblemsError(faults)
    with desk.together(N_("Callback {number}"), number=callback["callback_no"]) as uow:
        attempt.write(uow, desk, callback_id, result, target, entered)
        row = attempt.task_row(uow, callback, result, target, entered)
        uow.update("callback", callback_id, row, version=version)
        if target == "complete":
            attempt.write_answer(uow, desk, callback, entered)
        if target == "refuse" and entered.get("opt_out"):
            uow.update("customer", callback["customer_id"], {"opt_out": 1})
            callback_rules.opted_out(uow, callback["customer_id"])
    return Outcome(callback_id, uow.changes)


# -- other steps -----------------------------------------------------------------------------


def give_up(desk: Desk, callback_id: int) -> Outcome[int]:
    """End a task whose customer cannot be reached, after 3 attempts on 2 days (2.8)."""
    desk.require(Permission.EDIT_CALLBACKS)
    callback = stored(desk, callback_id)
    now = desk.clock.now()
    facts = {**_facts(desk, callback), "state": "in_progress"}
    if callback["state"] not in {"planned", "in_progress"}:
        facts["state"] = callback["state"]
    faults = lifecycle.check(lifecycle.CALLBACK, facts, "unreachable", desk.roles, now)
    if faults:
        raise ProblemsError(faults)
    row: dict[str, Any] = {"state": "unreachable", "completed_at": now}
    if callback["kind"] == CallbackKind.LOW_SCORE:
        row["recovery_result"] = str(RecoveryResult.NOT_REACHED)
    with desk.write(N_("{number} cannot be reached"), number=callback["callback_no"]) as uow:
        uow.update("callback", callback_id, row)
    return Outcome(callback_id, uow.changes)


def opt_out(desk: Desk, callback_id: int) -> Outcome[int]:
    """Note that the customer wants no more calls; the open callbacks are cancelled."""
    desk.require(Permission.EDIT_CALLBACKS)
    callback = stored(desk, callback_id)
    customer = customers.get(desk, callback["customer_id"])
    with desk.write(N_("{name} refuses callbacks"), name=customer["name"]) as uow:
        uow.update("customer", callback["customer_id"], {"opt_out": 1})
        callback_rules.opted_out(uow, callback["customer_id"])
    return Outcome(callback_id, uow.changes)


def cancel(desk: Desk, callback_id: int, reason: str) -> Outcome[int]:
    """Cancel a planned callback."""
    return _simple(desk, callback_id, "cancel", "cancelled", reason)


def replan(desk: Desk, callback_id: int, due_at: int) -> Outcome[int]:
    """Plan a callback again that could not be reached or was cancelled.

    Refused while the case has another open one, and when the customer refuses callbacks.
    """
    callback = stored(desk, callback_id)
    if customers.get(desk, callback["customer_id"])["opt_out"]:
        text = N_("This customer refuses callbacks. Cancel the task; do not call.")
        raise ProblemsError([Problem("opt_out", "opt_out", text)])
    for column in ("ticket_id", "complaint_id"):
        if callback[column]:
            for other in store.open_of(desk.reader, column, callback[column]):
                raise UserError("{number} is open for this case already.", code="open",
                                number=other.number)  # fmt: skip
    return _simple(desk, callback_id, "replan", "planned", "", due_at=due_at, completed_at=None,
                   retry_at=None, agreed=0, recovery_result=None)  # fmt: skip


def assign(desk: Desk, callback_id: int, person_id: int | None) -> Outcome[int]:
    """Hand a callback to somebody; ``None`` puts it back for everybody."""
    desk.require(Permission.EDIT_CALLBACKS)
    callback = stored(desk, callback_id)
    with desk.write(N_("Assign callback {number}"), number=callback["callback_no"]) as uow:
        uow.update("callback", callback_id, {"assignee_id": person_id})
    return Outcome(callback_id, uow.changes)


def take(desk: Desk, callback_id: int) -> Outcome[int]:
    """Take a callback oneself; what another person has is theirs until they put it back."""
    callback = stored(desk, callback_id)
    owner = callback["assignee_id"]
    if owner is not None and owner != desk.actor.id:
        person = desk.reference.people.get(owner)
        raise UserError("{name} has this callback already.", code="taken",
                        name=person.name if person else "—")  # fmt: skip
    return assign(desk, callback_id, desk.actor.id)


def _simple(desk: Desk, callback_id: int, action: str, state: str, reason: str,
            **columns: Any) -> Outcome[int]:  # fmt: skip
    desk.require(Permission.EDIT_CALLBACKS)
    callback = stored(desk, callback_id)
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
