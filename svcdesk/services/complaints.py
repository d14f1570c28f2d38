"""The complaint log: register, investigate, tell, settle, close (domain.md 2.7, 2.19).

What belongs to a complaint beside its steps has modules of its own: complaint_terms (extension,
feedback, escalation), complaint_departments, complaint_approvals, complaint_cases,
complaint_exposure, complaint_trace, complaint_links, complaint_merging, complaint_severity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain import lifecycle, lists
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem, blocking
from svcdesk.i18n.catalog import N_
from svcdesk.services import (
    callback_rules,
    complaint_approvals,
    complaint_links,
    complaint_merging,
    complaint_severity,
    customers,
    detection,
)
from svcdesk.services.complaint_detail import ComplaintDetail, get
from svcdesk.services.complaint_rows import (
    COLUMNS,
    TEXTS,
    columns_of,
    event,
    facts,
    settle,
    stored,
    title_of,
    told,
    write_fields,
)
from svcdesk.services.complaint_terms import extend, note
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import derived, records
from svcdesk.store.numbers import next_number
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.domain.statemachine import Transition
    from svcdesk.store.unit_of_work import UnitOfWork

__all__ = [
    "ComplaintDetail",
    "change",
    "create",
    "event",
    "extend",
    "get",
    "missing",
    "note",
    "problems",
    "step",
]

DEFAULTS = {"severity": "normal"}


def problems(desk: Desk, values: Mapping[str, Any]) -> list[Problem]:
    """Return what is missing or wrong in a complaint's form; warnings are advice."""
    known = {**DEFAULTS, "received_at": desk.clock.now(), **values}
    if known.get("severity") is None:
        known["severity"] = DEFAULTS["severity"]
    return [*customers.form_problems(desk, "complaint", known), *_retired(desk, values)]


_LISTED = {"resp_dept_id": "resp_dept", "channel_id": "channel", "category_id": "category_l1"}


def _retired(desk: Desk, values: Mapping[str, Any]) -> list[Problem]:
    """Return what was chosen from a list and was retired there (2.15)."""
    found = []
    before = stored(desk, values["id"]) if values.get("id") else {}
    for column, name in _LISTED.items():
        key = values.get(column)
        item = desk.reference.items.get(key) if isinstance(key, int) else None
        if item is not None and not item.active and before.get(column) != key:
            text = N_("“{name}” is not in use any more. Choose another one.")
            found.append(Problem(name, "retired", text, {"name": item.name}))
    return found


def create(desk: Desk, values: Mapping[str, Any]) -> Outcome[int]:
    """Register a complaint; ``new_customer`` makes its customer in the same step.

    ``ticket_ids`` are linked with it. Without a ``severity`` the proposed one is taken.
    """
    desk.require(Permission.EDIT_COMPLAINTS)
    faults = blocking(problems(desk, values))
    if faults:
        raise ProblemsError(faults)
    at = int(values.get("received_at") or desk.clock.now())
    title = title_of(values)
    with desk.write(N_("Register complaint “{title}”"), title=title) as uow:
        customer_id = customers.of_form(uow, desk, values)
        complaint_id = _insert(uow, desk, {**values, "title": title}, at, customer_id)
        event(uow, complaint_id, "registered", at=at)
        for ticket_id in values.get("ticket_ids") or ():
            complaint_links.insert(uow, desk, complaint_id, int(ticket_id))
        complaint = records.get(uow.connection, "complaint", complaint_id) or {}
        complaint_approvals.follow(uow, desk, complaint, complaint["compensation"])
        settle(uow, desk, complaint_id, (customer_id,))
    return Outcome(complaint_id, uow.changes)


def _insert(
    uow: UnitOfWork, desk: Desk, values: Mapping[str, Any], at: int, customer_id: int
) -> int:
    customer = records.get(uow.connection, "customer", customer_id) or {}
    row = columns_of({**values, "customer_id": customer_id})
    known = {**values, "received_at": at, "customer_id": customer_id}
    proposal = complaint_severity.proposal_for(desk, known, uow)
    by_hand = values.get("severity") is not None
    row.setdefault("severity", str(proposal.severity))
    row |= complaint_severity.columns(proposal, by_hand=by_hand)
    channel = desk.reference.items.get(int(values["channel_id"]))
    by_channel = channel is not None and channel.code == lists.SOCIAL_CHANNEL
    if by_channel or row.get("social_exposure"):
        row.update(social_exposure=1, exposure_since=at)
        row.setdefault("exposure_state", "watching")
    row["exposure_suggested"] = int(
        detection.suggests_exposure(str(values.get("description") or ""), desk.reference)
    )
    complaint_id = uow.insert(
        "complaint",
        {
            **row,
            "complaint_no": next_number(uow, "complaint", at, desk.zone),
            "received_at": at,
            "last_event_at": at,
            "tier": customer.get("tier", "normal"),
            **derived.complaint_limits(row["severity"], at, row.get("promised_at"), desk.reference),
        },
    )
    texts = {name: str(values.get(name) or "") for name in TEXTS}
    uow.insert("complaint_text", texts, key=complaint_id)
    return complaint_id


def _follows(
    desk: Desk, before: Mapping[str, Any], changed: Mapping[str, Any], at: int
) -> dict[str, Any]:
    """Return the columns that change along: how the severity was chosen, the exposure's state."""
    found: dict[str, Any] = {}
    if "severity" in changed:
        proposal = complaint_severity.proposal_of(desk, {**before, **changed})
        by_hand = changed["severity"] != proposal.severity
        found |= complaint_severity.columns(proposal, by_hand=by_hand)
    if "social_exposure" in changed:
        on = bool(changed["social_exposure"])
        state = changed.get("exposure_state") or before["exposure_state"] or "watching"
        found |= {
            "exposure_state": state if on else None,
            "exposure_since": before["exposure_since"] or at if on else None,
        }
        if on:
            found["exposure_suggested"] = 0
    return found


def change(
    desk: Desk, complaint_id: int, values: Mapping[str, Any], version: int | None = None
) -> Outcome[int]:
    """Change fields of a complaint; each becomes an event with its old and new value."""
    desk.require(Permission.EDIT_COMPLAINTS)
    before = stored(desk, complaint_id)
    changed = {
        name: value
        for name, value in values.items()
        if name in (*COLUMNS, *TEXTS) and before.get(name) != value
        and (before.get(name) or value or value == 0)
    }  # fmt: skip
    if "description" in changed and "title" not in changed:
        changed["title"] = title_of(changed)
    faults = blocking(problems(desk, {**before, **changed}))
    if faults:
        raise ProblemsError(faults)
    with desk.write(N_("Change complaint {number}"), number=before["complaint_no"]) as uow:
        write_fields(uow, complaint_id, changed, version, clear=True)
        along = _follows(desk, before, changed, uow.now)
        if along:
            uow.update("complaint", complaint_id, along)
        for name, value in changed.items():
            event(uow, complaint_id, "field_changed", name=name, old=told(before.get(name)),
                  new=told(value))  # fmt: skip
        if "compensation" in changed:
            complaint_approvals.follow(uow, desk, before, changed["compensation"])
        if changed:
            customer = changed.get("customer_id")
            settle(uow, desk, complaint_id, (before["customer_id"], customer))
    return Outcome(complaint_id, uow.changes)


def missing(desk: Desk, complaint_id: int, to: str, values: Mapping[str, Any]) -> list[Problem]:
    """Return what stands against the step ``to`` (state or action), at its fields."""
    complaint = facts(desk, stored(desk, complaint_id), values)
    found = lifecycle.check(
        lifecycle.COMPLAINT, complaint, to, desk.roles, desk.clock.now(), values,
        actor=desk.actor.id,
    )  # fmt: skip
    return found + _retired(desk, {**values, "id": complaint_id})


def step(desk: Desk, complaint_id: int, to: str, values: Mapping[str, Any] | None = None,
         version: int | None = None) -> Outcome[int]:  # fmt: skip
    """Take one step of the state machine with what was entered for it."""
    desk.require(Permission.EDIT_COMPLAINTS)
    entered = dict(values or {})
    complaint = stored(desk, complaint_id)
    faults = missing(desk, complaint_id, to, entered)
    if faults:
        raise ProblemsError(faults)
    transition = lifecycle.find(lifecycle.COMPLAINT, complaint["status"], to, desk.roles)
    if transition is None:  # cannot be: the check found a row
        raise UserError("This step is not possible.", code="transition")
    if transition.action == "merge":
        target = entered.get("merged_into_id") or entered["merged_into"]
        return complaint_merging.merge(desk, complaint_id, int(target), {}, version)
    if transition.action == "unmerge":
        return complaint_merging.unmerge(desk, complaint_id, version)
    number = complaint["complaint_no"]
    with desk.write(N_("{step}: {number}"), step=transition.label, number=number) as uow:
        # the version is checked by the first write; later ones find the row changed by this step
        uow.update("complaint", complaint_id, {"status": transition.target}, version=version)
        _step(uow, desk, complaint, transition, entered)
    return Outcome(complaint_id, uow.changes)


def _step(
    uow: UnitOfWork, desk: Desk, complaint: Mapping[str, Any], transition: Transition,
    entered: Mapping[str, Any],
) -> None:  # fmt: skip
    """Write what was entered for a step, its event, and what follows from it."""
    complaint_id = int(complaint["id"])
    write_fields(uow, complaint_id, entered, None)
    if entered.get("compensation") not in (None, complaint["compensation"]):
        complaint_approvals.follow(uow, desk, complaint, entered["compensation"])
    if entered.get("told_at") not in (None, complaint["told_at"]):
        event(uow, complaint_id, "note", name="told",
              new=told(entered.get("told_channel_id") or complaint["told_channel_id"]))  # fmt: skip
    text = str(entered.get("reason") or entered.get("withdraw_evidence")
               or entered.get("reject_reason") or entered.get("answer") or "")  # fmt: skip
    event(uow, complaint_id, transition.event, text=text,
          department_id=entered.get("resp_dept_id"))  # fmt: skip
    settle(uow, desk, complaint_id, (complaint["customer_id"],))
    if transition.target == "resolved":
        callback_rules.plan_for_complaint(uow, desk, complaint_id)
    elif transition.action == "reopen":
        callback_rules.reopened(uow, "complaint_id", complaint_id)
    elif transition.target in {"withdrawn", "rejected"}:
        callback_rules.gone(uow, "complaint_id", complaint_id)
