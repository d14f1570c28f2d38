"""The permitted steps of tickets, complaints and callbacks (``domain.md 2.19``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.callback import CallbackState
from svcdesk.domain.complaint_lifecycle import COMPLAINT
from svcdesk.domain.improvement_lifecycle import ACTION, IMPROVEMENT_ITEM, REPORT
from svcdesk.domain.lateness import resolution_missed
from svcdesk.domain.localtime import DEFAULT_ZONE, local_date
from svcdesk.domain.people import SYS, A, Role, S
from svcdesk.domain.record_kinds import KIND_FIELDS
from svcdesk.domain.statemachine import (
    CLOSE_AFTER_DAYS,
    REOPEN_DAYS,
    Guard,
    Machine,
    Step,
    Transition,
    after,
    allowed,
    check,
    entered,
    find,
    min_length,
    need,
    require,
    when,
    within,
)
from svcdesk.domain.ticket import TicketEventType, TicketStatus
from svcdesk.i18n.catalog import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "ACTION",
    "CALLBACK",
    "COMPLAINT",
    "IMPROVEMENT_ITEM",
    "MACHINES",
    "REPORT",
    "TICKET",
    "Transition",
    "allowed",
    "check",
    "find",
]

RESTORE_DAYS = 7
MIN_SOLUTION = 5

_REASON = entered("reason", N_("The reason is missing. Write why."))
_MERGED_INTO = need("merged_into", N_("Choose the record that it is merged into."))
_OWNER = need("owner", N_("Choose who takes it."))


# -- tickets -----------------------------------------------------------------------------------


def _late(step: Step) -> bool:
    """Tell whether the ticket missed its resolution limit: on record, or by its times (4.8)."""
    return bool(step.record.get("breached")) or resolution_missed(step.record, step.now)


_SOLVED: tuple[Guard, ...] = (
    min_length("solution", MIN_SOLUTION, N_("Describe the solution in at least {n} characters.")),
    need("resolution_code", N_("Choose how it was solved.")),
    need("issue_l1", N_("Choose the issue type.")),
    need(
        "first_response_at",
        N_("The customer has had no response yet. Record the reply or the call first."),
        code="no_response",
    ),
)
_CHECKED = require(
    lambda s: not s.get("open_checks"),
    "",
    "open_checks",
    N_("The checklist is not done yet. Tick off what keeps the ticket open."),
)
_OVERDUE_REASON = when(
    _late, need("overdue_reason", N_("It was late. Choose the reason for the delay."))
)
_CALLED_BACK = require(
    lambda s: (
        not s.get("callback_required")
        or s.get("callback_state") in {"completed", "unreachable", "refused"}
    ),
    "callback_required",
    "callback_open",
    N_("The callback is not done yet. Complete it first."),
)
_NO_CALLBACK = require(
    lambda s: not s.get("callback_required"),
    "callback_required",
    "callback_open",
    N_("The callback is not done yet. Complete it first."),
)
_REMINDED = require(
    lambda s: (s.get("reminders") or 0) >= 2,
    "",
    "reminders",
    N_("Two reminders must have gone to the customer."),
)


def _ticket(
    sources: Iterable[TicketStatus],
    target: TicketStatus,
    action: str,
    label: str,
    roles: frozenset[Role],
    *guards: Guard,
    event: TicketEventType = TicketEventType.STATUS_CHANGED,
) -> list[Transition]:
    return [Transition(s, target, action, label, roles, guards, event) for s in sources]


_T = TicketStatus
_TE = TicketEventType
TICKET = Machine(
    "ticket",
    TicketStatus,
    (
        *_ticket([_T.NEW], _T.IN_PROGRESS, "take", N_("Take it"), A, event=_TE.ACCEPTED),
        *_ticket([_T.ASSIGNED], _T.IN_PROGRESS, "accept", N_("Accept"), A, event=_TE.ACCEPTED),
        *_ticket(
            [_T.NEW], _T.ASSIGNED, "assign", N_("Dispatch"), A | S | SYS, _OWNER,
            event=_TE.DISPATCHED,
        ),
        *_ticket(
            [_T.ASSIGNED], _T.ASSIGNED, "redispatch", N_("Dispatch again"), A | S,
            entered("owner", N_("Choose who takes it.")), event=_TE.DISPATCHED,
        ),
        *_ticket(
            [_T.ASSIGNED], _T.NEW, "return", N_("Send back"), A, _REASON, event=_TE.REJECTED_BACK
        ),
        *_ticket(
            [_T.IN_PROGRESS, _T.PENDING_INTERNAL], _T.RESOLVED, "resolve", N_("Resolve"), A,
            *_SOLVED, *KIND_FIELDS, event=_TE.RESOLVED,
        ),
        *_ticket(
            [_T.PENDING_CUSTOMER], _T.RESOLVED, "resolve", N_("Resolve"), A, *_SOLVED, *KIND_FIELDS,
            event=_TE.RESOLVED,
        ),
        *_ticket(
            [_T.PENDING_CUSTOMER], _T.RESOLVED, "resolve", N_("Resolve"), SYS,
            after(
                "pending_since",
                CLOSE_AFTER_DAYS,
                N_("The customer has been waited for less than {n} days."),
            ),
            _REMINDED, *_SOLVED, *KIND_FIELDS, event=_TE.RESOLVED,
        ),
        *_ticket(
            [_T.IN_PROGRESS], _T.PENDING_CUSTOMER, "wait_customer", N_("Wait for customer"), A
        ),
        *_ticket(
            [_T.IN_PROGRESS], _T.PENDING_INTERNAL, "wait_internal", N_("Wait internally"), A,
            _REASON, entered("department", N_("Choose the department that is waited for.")),
        ),
        *_ticket(
            [_T.PENDING_CUSTOMER], _T.IN_PROGRESS, "resume", N_("Resume work"), A | SYS
        ),
        *_ticket([_T.PENDING_INTERNAL], _T.IN_PROGRESS, "resume", N_("Resume work"), A),
        *_ticket(
            [_T.IN_PROGRESS], _T.ASSIGNED, "transfer", N_("Transfer"), A, _REASON,
            event=_TE.TRANSFERRED,
        ),
        *_ticket(
            [_T.RESOLVED], _T.CLOSED, "close", N_("Close"), A, _CALLED_BACK, _CHECKED, _OVERDUE_REASON,
            event=_TE.CLOSED,
        ),
        *_ticket(
            [_T.RESOLVED], _T.CLOSED, "close", N_("Close"), SYS, _NO_CALLBACK,
            after("resolved_at", CLOSE_AFTER_DAYS, N_("It was resolved less than {n} days ago.")),
            _CHECKED, _OVERDUE_REASON, event=_TE.CLOSED,
        ),
        *_ticket(
            [_T.RESOLVED], _T.IN_PROGRESS, "reopen", N_("Reopen"), A | S, event=_TE.REOPENED
        ),
        *_ticket(
            [_T.CLOSED], _T.IN_PROGRESS, "reopen", N_("Reopen"), S,
            within(
                "closed_at",
                REOPEN_DAYS,
                N_("It was closed more than {n} days ago. Make a new linked ticket."),
            ),
            event=_TE.REOPENED,
        ),
        *_ticket(
            [_T.NEW, _T.ASSIGNED, _T.IN_PROGRESS, _T.PENDING_CUSTOMER], _T.CANCELLED, "cancel",
            N_("Cancel ticket"), A, _REASON, event=_TE.CANCELLED,
        ),
        *_ticket(
            [_T.NEW, _T.ASSIGNED, _T.IN_PROGRESS], _T.MERGED, "merge", N_("Merge"), A | S,
            _MERGED_INTO, event=_TE.MERGED,
        ),
        *_ticket(
            [_T.CANCELLED], _T.NEW, "restore", N_("Restore"), S,
            within(
                "cancelled_at",
                RESTORE_DAYS,
                N_("It was cancelled more than {n} days ago. Make a new ticket."),
            ),
        ),
        *_ticket([_T.MERGED], _T.NEW, "unmerge", N_("Undo merge"), S, event=_TE.UNMERGED),
    ),
)  # fmt: skip


# -- callbacks ---------------------------------------------------------------------------------

UNREACHABLE_ATTEMPTS = 3
UNREACHABLE_DAYS = 2


def _tried_enough(step: Step) -> bool:
    """Tell whether the attempts (UTC seconds) are ≥ 3 on ≥ 2 days of the team's zone (2.8)."""
    attempts = step.get("attempts") or ()
    zone = step.get("timezone") or DEFAULT_ZONE
    days = {local_date(at, zone) for at in attempts}
    return len(attempts) >= UNREACHABLE_ATTEMPTS and len(days) >= UNREACHABLE_DAYS


def _callback(
    source: CallbackState,
    target: CallbackState,
    action: str,
    label: str,
    roles: frozenset[Role],
    *guards: Guard,
) -> Transition:
    return Transition(source, target, action, label, roles, guards)


# Recovery callbacks lie in the supervisor's queue (4.9), so a supervisor calls as well.
_CALLER = frozenset({Role.CALLBACK}) | S
_B = CallbackState
CALLBACK = Machine(
    "callback",
    CallbackState,
    (
        _callback(_B.PLANNED, _B.IN_PROGRESS, "attempt", N_("Call"), _CALLER),
        _callback(_B.PLANNED, _B.CANCELLED, "cancel", N_("Cancel callback"), S),
        _callback(
            _B.PLANNED, _B.CANCELLED, "cancel", N_("Cancel callback"), _CALLER | SYS,
            require(
                lambda s: bool(s.get("opt_out")),
                "opt_out",
                "supervisor_only",
                N_("Only a supervisor may cancel it, unless the customer refuses callbacks."),
            ),
        ),
        _callback(
            _B.IN_PROGRESS, _B.COMPLETED, "complete", N_("Complete"), _CALLER,
            need("result", N_("Enter what the customer said.")),
        ),
        _callback(_B.IN_PROGRESS, _B.REFUSED, "refuse", N_("Customer refuses"), _CALLER),
        _callback(_B.IN_PROGRESS, _B.PLANNED, "retry", N_("Try again later"), _CALLER),
        _callback(
            _B.IN_PROGRESS, _B.UNREACHABLE, "unreachable", N_("Cannot be reached"), _CALLER,
            require(
                _tried_enough,
                "attempts",
                "attempts",
                N_("At least 3 attempts on 2 different days are needed."),
            ),
        ),
        _callback(_B.UNREACHABLE, _B.PLANNED, "replan", N_("Plan again"), S),
        _callback(_B.CANCELLED, _B.PLANNED, "replan", N_("Plan again"), S),
    ),
    field="state",
)  # fmt: skip

MACHINES: dict[str, Machine] = {
    machine.name: machine
    for machine in (TICKET, COMPLAINT, CALLBACK, IMPROVEMENT_ITEM, ACTION, REPORT)
}
