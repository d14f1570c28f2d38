"""One attempt to reach a customer: what stands against it, what it writes (domain.md 2.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain import callback_retry, lifecycle
from svcdesk.domain.callback import CallbackKind, RecoveryResult
from svcdesk.domain.problem import Problem, blocking
from svcdesk.i18n.catalog import N_
from svcdesk.services import callback_rules, callbacks_follow, surveys
from svcdesk.store import callbacks as store
from svcdesk.store import derived, records

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.store.unit_of_work import UnitOfWork


def retry_rule(desk: Desk) -> callback_retry.RetryRule:
    """Return the rule of the settings for calling again."""
    settings = desk.reference.settings
    return callback_retry.RetryRule(
        int(settings["callback_busy_minutes"]), int(settings["callback_retry_minutes"]),
        int(settings["callback_tries_per_day"]),
    )  # fmt: skip


def propose_retry(desk: Desk, attempts: list[int], result: str) -> int:
    """Return when to call again if the call that is made now ends in ``result``."""
    now = desk.clock.now()
    return callback_retry.next_try(
        retry_rule(desk), result, [*attempts, now], now, desk.reference.calendar, desk.zone.key
    )


def faults(desk: Desk, callback: dict[str, Any], facts: dict[str, Any], target: str, result: str,
           entered: dict[str, Any]) -> list[Problem]:  # fmt: skip
    """Return what stands against an attempt now; ``facts`` count it among the attempts already."""
    now = desk.clock.now()
    if facts["opt_out"] and result != "refused":
        text = N_("This customer refuses callbacks. Cancel the task; do not call.")
        return [Problem("opt_out", "opt_out", text)]
    found: list[Problem] = []
    if callback["state"] == "planned":
        found += lifecycle.check(lifecycle.CALLBACK, facts, "attempt", desk.roles, now)
        facts["state"] = "in_progress"
    if not found:
        found += lifecycle.check(lifecycle.CALLBACK, facts, target, desk.roles, now, entered)
    if result == "connected":
        limit = int(desk.reference.settings["comment_score"])
        found += blocking(surveys.problems(entered, low=limit))
        found += _recovery_faults(callback, entered)
    if result == "call_back_at":
        found += _appointment_faults(entered, now)
    return found


def _recovery_faults(callback: dict[str, Any], entered: dict[str, Any]) -> list[Problem]:
    if callback["kind"] != CallbackKind.LOW_SCORE:
        return []
    found = []
    if entered.get("recovery_result") not in {RecoveryResult.FIXED, RecoveryResult.NOT_FIXED}:
        text = N_("Enter whether the problem is put right: fixed or not fixed.")
        found.append(Problem("recovery_result", "required", text))
    amount = entered.get("given_amount")
    if amount is not None and (not isinstance(amount, int) or amount < 0):
        text = N_("“{value}” is not an amount of money.")
        found.append(Problem("given_amount", "money", text, {"value": amount}))
    return found


def _appointment_faults(entered: dict[str, Any], now: int) -> list[Problem]:
    at = entered.get("retry_at")
    if not at:
        return [Problem("retry_at", "required", N_("Enter when to call again."))]
    if int(at) <= now:
        return [Problem("retry_at", "past", N_("The time to call again lies in the past."))]
    return []


def write(uow: UnitOfWork, desk: Desk, callback_id: int, result: str, target: str,
          entered: dict[str, Any]) -> None:  # fmt: skip
    """Write an attempt; one that failed gets the time of the next by rule, kept in ``entered``."""
    before = records.children(uow.connection, "callback_attempt", "callback_id", callback_id, "seq")
    if target == "retry" and not entered.get("retry_at"):
        entered["retry_at"] = propose_retry(desk, [a["at"] for a in before], result)
    uow.insert(
        "callback_attempt",
        {
            "callback_id": callback_id,
            "seq": records.next_seq(uow.connection, "callback_attempt", "callback_id", callback_id),
            "at": uow.now,
            "actor_id": uow.actor_id,
            "result": result,
            "retry_at": entered.get("retry_at") if target == "retry" else None,
            "note": str(entered.get("notes") or ""),
            "phone_place": entered.get("phone_place"),
        },
    )


def task_row(uow: UnitOfWork, callback: dict[str, Any], result: str, target: str,
             entered: dict[str, Any]) -> dict[str, Any]:  # fmt: skip
    """Return what the attempt changes in the task; its due time stays what it was."""
    row: dict[str, Any] = {}
    if callback["assignee_id"] is None:
        row["assignee_id"] = uow.actor_id  # who calls has it
    if target == "retry":
        row.update(state="planned", retry_at=entered["retry_at"],
                   agreed=int(result == "call_back_at"))  # fmt: skip
        return row
    row.update(
        state={"complete": "completed", "refuse": "refused"}.get(target, "unreachable"),
        completed_at=uow.now,
    )
    recovery = callback["kind"] == CallbackKind.LOW_SCORE
    if target != "complete":
        if recovery:
            row["recovery_result"] = str(RecoveryResult.NOT_REACHED)
        return row
    handler = store.handler_of(uow.connection, callback["ticket_id"], callback["complaint_id"])
    row.update(
        result=entered["result"],
        notes=str(entered.get("notes") or ""),
        own_ticket=int(handler is not None and handler == uow.actor_id),
    )
    if recovery:
        row.update(recovery_result=str(entered["recovery_result"]),
                   given=str(entered.get("given") or "").strip(),
                   given_amount=entered.get("given_amount"))  # fmt: skip
    return row


def write_answer(
    uow: UnitOfWork, desk: Desk, callback: dict[str, Any], entered: dict[str, Any]
) -> None:
    """Write the answers of a call, and what a low score or a new problem calls for."""
    callback_id = callback["id"]
    if any(entered.get(name) is not None for name in surveys.SCORES):
        key = surveys.write(
            uow,
            desk,
            {
                **entered,
                "customer_id": callback["customer_id"],
                "ticket_id": callback["ticket_id"],
                "complaint_id": callback["complaint_id"],
                "method": "callback",
                "kind": "recovery" if callback["kind"] == CallbackKind.LOW_SCORE else "normal",
            },
        )
        uow.update("callback", callback_id, {"answer_id": key})
        if entered.get("recover"):
            callback_rules.plan_recovery(uow, desk, key, by_hand=True)
        if callback["complaint_id"] and entered.get("csat"):
            _complaint_score(uow, desk, callback, entered)
    if entered["result"] == "new_problem" and not callback["new_ticket_id"]:
        callbacks_follow.write_ticket(uow, desk, callback, str(entered.get("comment") or ""))


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
