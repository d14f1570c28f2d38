"""The permitted steps of a complaint (``domain.md 2.19``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.complaint import ComplaintEventType, ComplaintStatus
from svcdesk.domain.complaint_approval import ApprovalState
from svcdesk.domain.people import SYS, A, Role, S
from svcdesk.domain.problem import Problem
from svcdesk.domain.statemachine import (
    CLOSE_AFTER_DAYS,
    REOPEN_DAYS,
    Guard,
    Machine,
    Step,
    Transition,
    after,
    entered,
    need,
    need_any,
    require,
    when,
    within,
)
from svcdesk.i18n.catalog import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

_MERGED_INTO = need("merged_into", N_("Choose the record that it is merged into."))
_DEPARTMENT = need("resp_dept", N_("Choose the responsible department."))


def _complaint(
    sources: Iterable[ComplaintStatus],
    target: ComplaintStatus,
    action: str,
    label: str,
    roles: frozenset[Role],
    *guards: Guard,
    event: ComplaintEventType,
) -> list[Transition]:
    return [Transition(s, target, action, label, roles, guards, event) for s in sources]


def _complaint_late(step: Step) -> bool:
    """Tell whether the complaint was settled after its due time (4.8)."""
    resolved, due = step.get("first_resolved_at"), step.get("due_at")
    return resolved is not None and due is not None and resolved > due


def _satisfied(step: Step) -> bool:
    return step.get("callback_result") == "satisfied" or (step.get("satisfaction") or 0) >= 4


_SATISFIED = require(
    _satisfied,
    "satisfaction",
    "not_satisfied",
    N_("Without a satisfied callback only a supervisor may close it."),
)
_COMPLAINT_OVERDUE = when(
    _complaint_late, need("overdue_reason", N_("It was late. Choose the reason for the delay."))
)
_NOT_ABOUT_HANDLER = require(
    lambda s: s.get("handler") is None or s.get("handler") != s.get("complained_of"),
    "handler",
    "same_person",
    N_("The person complained about cannot handle the complaint. Choose another one."),
)
_TOLD: tuple[Guard, ...] = (
    need("told_at", N_("The result has not been told to the complainant. Enter when it was."),
         code="not_told"),
    need("told_channel", N_("Choose how the result was told to the complainant."),
         code="not_told"),
)  # fmt: skip
_TRACED = when(
    lambda s: bool(s.get("is_repeat")),
    require(
        lambda s: bool(s.get("traced")),
        "trace",
        "not_traced",
        N_("It is a repeat: enter why it came again and which department answers for it."),
    ),
)
_APPROVALS = {
    ApprovalState.MISSING: N_("The compensation of {amount} needs a supervisor's approval. "
                              "Ask for it first."),
    ApprovalState.OPEN: N_("The compensation of {amount} is not approved yet. A supervisor decides."),
    ApprovalState.REFUSED: N_("The compensation of {amount} was refused. Lower it, or ask again."),
}  # fmt: skip


def _approved(step: Step) -> Problem | None:
    """Refuse while the compensation is not approved (C12)."""
    text = _APPROVALS.get(step.get("approval") or ApprovalState.NONE)
    if text is None:
        return None
    amount = f"¥{(step.get('compensation') or 0) / 100:,.2f}"
    return Problem("compensation", "not_approved", text, {"amount": amount})


_C = ComplaintStatus
_CE = ComplaintEventType
COMPLAINT = Machine(
    "complaint",
    ComplaintStatus,
    (
        *_complaint(
            [_C.REGISTERED], _C.ACCEPTED, "accept", N_("Accept complaint"), A | S, _DEPARTMENT,
            need("handler", N_("Choose who handles it.")), _NOT_ABOUT_HANDLER, event=_CE.ACCEPTED,
        ),
        *_complaint(
            [_C.REGISTERED], _C.REJECTED, "reject", N_("Reject"), S,
            need("reject_reason", N_("The reason for the rejection is missing.")),
            event=_CE.REJECTED,
        ),
        *_complaint(
            [_C.REGISTERED], _C.MERGED, "merge", N_("Merge"), S, _MERGED_INTO, event=_CE.MERGED
        ),
        *_complaint(
            [_C.ACCEPTED], _C.INVESTIGATING, "investigate", N_("Investigate"), A | S, _DEPARTMENT,
            event=_CE.INVESTIGATING,
        ),
        *_complaint(
            [_C.INVESTIGATING], _C.RESPONDED, "respond", N_("Tell the solution"),
            A | {Role.DEPT},
            need("cause", N_("The cause is missing. Choose one or write “to be assessed”.")),
            need("answer", N_("Write what the customer is told.")),
            event=_CE.RESPONDED,
        ),
        *_complaint(
            [_C.INVESTIGATING], _C.INVESTIGATING, "change_department", N_("Change department"),
            A | S, entered("resp_dept", N_("Choose the responsible department.")),
            event=_CE.DEPARTMENT_CHANGED,
        ),
        *_complaint(
            [_C.RESPONDED], _C.RESOLVED, "resolve", N_("Settle"), A,
            need_any(
                ("remedy", "answer"),
                N_("Enter the remedy carried out, or the final answer."),
            ),
            _approved,
            event=_CE.RESOLVED,
        ),
        *_complaint(
            [_C.RESPONDED], _C.INVESTIGATING, "disagree", N_("Customer disagrees"), A,
            event=_CE.INVESTIGATING,
        ),
        *_complaint(
            [_C.ACCEPTED, _C.INVESTIGATING, _C.RESPONDED], _C.WITHDRAWN, "withdraw",
            N_("Withdraw"), A,
            entered("withdraw_evidence", N_("Write how the withdrawal is known.")),
            event=_CE.WITHDRAWN,
        ),
        *_complaint(
            [_C.RESOLVED], _C.CLOSED, "close", N_("Close"), S, *_TOLD, _COMPLAINT_OVERDUE,
            _TRACED, event=_CE.CLOSED,
        ),
        *_complaint(
            [_C.RESOLVED], _C.CLOSED, "close", N_("Close"), A, _SATISFIED, *_TOLD, _COMPLAINT_OVERDUE,
            _TRACED, event=_CE.CLOSED,
        ),
        *_complaint(
            [_C.RESOLVED], _C.CLOSED, "close", N_("Close"), SYS,
            after("resolved_at", CLOSE_AFTER_DAYS, N_("It was settled less than {n} days ago.")),
            *_TOLD, _COMPLAINT_OVERDUE, _TRACED, event=_CE.CLOSED,
        ),
        *_complaint(
            [_C.RESOLVED], _C.INVESTIGATING, "reopen", N_("Reopen"), A | S, event=_CE.REOPENED
        ),
        *_complaint(
            [_C.CLOSED], _C.INVESTIGATING, "reopen", N_("Reopen"), S,
            within(
                "closed_at",
                REOPEN_DAYS,
                N_("It was closed more than {n} days ago. Register a new complaint."),
            ),
            event=_CE.REOPENED,
        ),
        *_complaint(
            [_C.REJECTED], _C.REGISTERED, "appeal", N_("Appeal"), S, event=_CE.APPEALED
        ),
        *_complaint(
            [_C.WITHDRAWN], _C.INVESTIGATING, "resume", N_("Resume work"), S, event=_CE.REOPENED
        ),
        *_complaint(
            [_C.MERGED], _C.REGISTERED, "unmerge", N_("Undo merge"), S, event=_CE.UNMERGED
        ),
    ),
)  # fmt: skip
