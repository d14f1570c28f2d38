"""The permitted steps of improvement items, their actions and reports (``domain.md 2.19``)."""

from __future__ import annotations

from svcdesk.domain.improvement import ActionState, ItemStatus, ReportStatus
from svcdesk.domain.people import SYS, A, Q, Role, S
from svcdesk.domain.statemachine import (
    Machine,
    Step,
    Transition,
    entered,
    need,
    not_by,
    require,
)
from svcdesk.i18n.catalog import N_

ANY = frozenset(Role) - {Role.VIEWER}
_I = ItemStatus


def _actions_planned(step: Step) -> bool:
    """Tell whether at least one action has an owner and a due date."""
    actions = step.get("actions") or ()
    return any(a.get("owner_id") and a.get("due_date") for a in actions)


def _actions_over(step: Step) -> bool:
    """Tell whether no action is still to be done."""
    actions = step.get("actions") or ()
    return bool(actions) and all(
        a["state"] in {ActionState.DONE, ActionState.VERIFIED, ActionState.CANCELLED}
        for a in actions
    )


def _not_an_action_owner(step: Step) -> bool:
    actions = step.get("actions") or ()
    return step.actor is None or all(a.get("owner_id") != step.actor for a in actions)


_REASON = entered("reason", N_("The reason is missing. Write why."))
_VERIFIER = (
    not_by("owner", N_("Who fixes it does not check it: another person must verify.")),
    require(
        _not_an_action_owner,
        "verifier",
        "same_person",
        N_("Who fixes it does not check it: another person must verify."),
    ),
)

IMPROVEMENT_ITEM = Machine(
    "improvement_item",
    ItemStatus,
    (
        Transition(
            _I.IDENTIFIED, _I.ANALYZING, "analyse", N_("Start analysis"), S,
            (need("owner", N_("Choose who is in charge.")),),
        ),
        Transition(_I.IDENTIFIED, _I.VOID, "void", N_("Declare void"), S, (_REASON,)),
        Transition(
            _I.IDENTIFIED, _I.MERGED, "merge", N_("Merge"), S,
            (need("merged_into", N_("Choose the record that it is merged into.")),),
        ),
        Transition(
            _I.ANALYZING, _I.PLANNED, "plan", N_("Confirm root cause"), ANY,
            (
                need("root_cause", N_("The root cause is missing.")),
                need("evidence", N_("The root cause needs evidence.")),
                need("confirmed_by", N_("Enter who confirmed the root cause.")),
            ),
        ),
        Transition(_I.ANALYZING, _I.VOID, "void", N_("Declare void"), S, (_REASON,)),
        Transition(
            _I.PLANNED, _I.EXECUTING, "execute", N_("Approve and start"), S,
            (
                require(
                    _actions_planned,
                    "actions",
                    "required",
                    N_("At least one measure with a person in charge and a due date is needed."),
                ),
            ),
        ),
        Transition(_I.PLANNED, _I.ANALYZING, "reanalyse", N_("Back to analysis"), ANY),
        Transition(_I.PLANNED, _I.VOID, "void", N_("Declare void"), S, (_REASON,)),
        Transition(
            _I.EXECUTING, _I.VERIFYING, "verify", N_("Start verification"), ANY,
            (
                require(
                    _actions_over,
                    "actions",
                    "open_actions",
                    N_("Some measures are not done yet."),
                ),
            ),
        ),
        Transition(_I.EXECUTING, _I.PLANNED, "replan", N_("Back to planning"), ANY),
        Transition(
            _I.VERIFYING, _I.CLOSED, "close", N_("Close as effective"), Q | S,
            (
                require(
                    lambda s: s.get("verdict") == "effective",
                    "verdict",
                    "verdict",
                    N_("Only an item with the verdict “effective” is closed."),
                ),
                *_VERIFIER,
            ),
        ),
        Transition(
            _I.VERIFYING, _I.ANALYZING, "reanalyse", N_("Back to analysis"), Q | S,
            (
                require(
                    lambda s: s.get("verdict") == "ineffective",
                    "verdict",
                    "verdict",
                    N_("Only an item with the verdict “ineffective” goes back to analysis."),
                ),
            ),
        ),
        Transition(_I.VERIFYING, _I.EXECUTING, "more_actions", N_("Take more measures"), ANY),
        Transition(_I.CLOSED, _I.ANALYZING, "recur", N_("Problem came back"), S),
        Transition(_I.VOID, _I.IDENTIFIED, "restore", N_("Restore"), S),
    ),
)  # fmt: skip

_M = ActionState
ACTION = Machine(
    "action",
    ActionState,
    (
        Transition(_M.TODO, _M.DOING, "start", N_("Start"), ANY),
        Transition(_M.TODO, _M.CANCELLED, "cancel", N_("Cancel measure"), ANY),
        Transition(_M.DOING, _M.DONE, "finish", N_("Done"), ANY),
        Transition(_M.DOING, _M.BLOCKED, "block", N_("Blocked"), ANY),
        Transition(_M.DOING, _M.CANCELLED, "cancel", N_("Cancel measure"), ANY),
        Transition(_M.BLOCKED, _M.DOING, "resume", N_("Resume work"), ANY),
        Transition(_M.BLOCKED, _M.CANCELLED, "cancel", N_("Cancel measure"), ANY),
        Transition(
            _M.DONE, _M.VERIFIED, "verify", N_("Verify"), ANY,
            (not_by("owner", N_("Who fixes it does not check it: another person must verify.")),),
        ),
        Transition(_M.DONE, _M.DOING, "rework", N_("Back to work"), ANY),
        Transition(_M.CANCELLED, _M.TODO, "restore", N_("Restore"), ANY),
    ),
    field="state",
)  # fmt: skip

_WRITERS = A | Q | S
_R = ReportStatus
REPORT = Machine(
    "report",
    ReportStatus,
    (
        Transition(_R.DRAFT, _R.GENERATED, "generate", N_("Generate"), _WRITERS),
        Transition(_R.GENERATED, _R.REVIEWED, "review", N_("Mark as reviewed"), S),
        Transition(_R.REVIEWED, _R.PUBLISHED, "publish", N_("Publish"), S),
        Transition(_R.GENERATED, _R.DRAFT, "redraft", N_("Back to draft"), _WRITERS),
        Transition(_R.REVIEWED, _R.DRAFT, "redraft", N_("Back to draft"), S),
        Transition(
            _R.PUBLISHED, _R.SUPERSEDED, "supersede", N_("Supersede"), SYS,
            (need("new_version", N_("A published report changes only by a new version.")),),
        ),
    ),
)  # fmt: skip
