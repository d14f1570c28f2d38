"""Contact plans: who is to be called within a span, and who was reached (``domain.md 3.6``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from svcdesk.domain import contact_plan as rules
from svcdesk.domain import lifecycle
from svcdesk.domain.contact_plan import MemberState
from svcdesk.domain.localtime import instant, midnight
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services import callback_rules
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import contact_plans as store
from svcdesk.store import records
from svcdesk.store.contact_plans import MemberRow, PlanRow
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.store.unit_of_work import UnitOfWork

__all__ = ["Member", "MemberState", "PlanRow", "create", "members", "plans", "remove"]

DUE_SECONDS = 18 * 3600  # the hour of the day by which a contact is due
OPEN = ("planned", "in_progress")


@dataclass(frozen=True)
class Member:
    """A member of a plan and how far his contact has come."""

    row: MemberRow
    state: MemberState


def plans(desk: Desk) -> list[PlanRow]:
    """Return all plans with how many members were reached."""
    return store.plans(desk.reader, _moments(desk))


def _moments(desk: Desk, plan_id: int | None = None) -> str:
    """Return the first moment and the end of every plan, or of one, in the team's zone."""
    zone = desk.reference.settings["timezone"]
    return json.dumps(
        [
            (key, midnight(date.fromisoformat(first), zone),
             midnight(date.fromisoformat(last) + timedelta(days=1), zone))
            for key, first, last in store.spans(desk.reader, plan_id)
        ]
    )  # fmt: skip


def members(desk: Desk, plan_id: int) -> list[Member]:
    """Return a plan's members with their states."""
    return [
        Member(
            row,
            rules.state_of(
                opt_out=bool(row.opt_out),
                reached=row.reached_at is not None,
                refused=row.refused_at is not None,
                unreachable=row.unreachable_at is not None,
            ),
        )
        for row in store.members(desk.reader, plan_id, _moments(desk, plan_id))
    ]


def _checked(name: str, starts_on: str, ends_on: str) -> tuple[date, date]:
    faults = []
    if not name.strip():
        faults.append(Problem("name", "required", N_("Enter the name.")))
    days: list[date | None] = []
    for field, text in (("starts_on", starts_on), ("ends_on", ends_on)):
        try:
            days.append(date.fromisoformat(text))
        except ValueError:
            days.append(None)
            words = N_("“{value}” is not a day; write it as 2026-04-01.")
            faults.append(Problem(field, "format", words, {"value": text}))
    first, last = days
    if first is not None and last is not None and last < first:
        faults.append(Problem("ends_on", "order", N_("The last day lies before the first.")))
    if faults or first is None or last is None:
        raise ProblemsError(faults)
    return first, last


def create(desk: Desk, name: str, starts_on: str, ends_on: str, *,
           customers: Sequence[int] | None = None, by_manager: bool = True,
           people: Sequence[int] = ()) -> Outcome[int]:  # fmt: skip
    """Make a plan with its callbacks; one step of undo takes all of it back.

    ``customers``: ``None`` for every key customer. ``by_manager``: a member goes to his named
    manager; those without one, or all of them, are spread evenly over ``people``. Members who
    refuse contacts are on the list but get no callback.
    """
    desk.require(Permission.EDIT_CALLBACKS)
    first, last = _checked(name, starts_on, ends_on)
    found = (
        store.key_customers(desk.reader)
        if customers is None
        else store.among(desk.reader, json.dumps(list(customers)))
    )
    if not found:
        raise UserError("There is nobody to contact: no key customers.", code="no_members")
    with desk.write(N_("Make contact plan {name}"), name=name.strip()) as uow:
        plan_id = uow.insert(
            "contact_plan",
            {"name": name.strip(), "starts_on": first.isoformat(), "ends_on": last.isoformat()},
        )
        _write_members(uow, desk, plan_id, (first, last), found, by_manager, list(people))
    return Outcome(plan_id, uow.changes)


def _write_members(uow: UnitOfWork, desk: Desk, plan_id: int, span: tuple[date, date],
                   found: list[dict[str, Any]], by_manager: bool,  # noqa: FBT001 - see create
                   people: list[int]) -> None:  # fmt: skip
    zone = desk.reference.settings["timezone"]
    called = [customer for customer in found if not customer["opt_out"]]
    days = dict(
        zip((c["id"] for c in called), rules.due_days(*span, len(called)), strict=True)
        if called
        else ()
    )
    unmanaged = [c["id"] for c in found if not (by_manager and c["manager_id"])]
    spread = dict(zip(unmanaged, rules.spread(people, len(unmanaged)), strict=True))
    for customer in found:
        assignee = spread.get(customer["id"], customer["manager_id"])
        callback = None
        if customer["id"] in days:
            callback = callback_rules.plan(
                uow,
                desk,
                {
                    "kind": "key_care",
                    "customer_id": customer["id"],
                    "assignee_id": assignee,
                    "due_at": instant(days[customer["id"]], DUE_SECONDS, zone),
                },
            )
        uow.insert(
            "contact_plan_member",
            {
                "plan_id": plan_id,
                "customer_id": customer["id"],
                "assignee_id": assignee,
                "callback_id": callback,
            },
        )


def remove(desk: Desk, plan_id: int) -> Outcome[int]:
    """Take a plan off the list and cancel those of its callbacks that are still open (by S)."""
    desk.require(Permission.EDIT_CALLBACKS)
    plan = records.get(desk.reader, "contact_plan", plan_id)
    if plan is None:
        raise UserError("This contact plan does not exist any more.", code="gone")
    with desk.write(N_("Remove contact plan {name}"), name=plan["name"]) as uow:
        open_ = [
            member.callback_id
            for member in store.members(uow.connection, plan_id, _moments(desk, plan_id))
            if member.callback_id is not None and member.callback_state in OPEN
        ]
        if open_ and lifecycle.find(lifecycle.CALLBACK, "planned", "cancel", desk.roles) is None:
            raise UserError(
                "{name} may not do this. Ask a supervisor.",
                code="not_allowed",
                name=desk.actor.name,
            )
        for callback_id in open_:
            uow.update("callback", callback_id, {"state": "cancelled"})
        uow.remove("contact_plan", plan_id)
    return Outcome(plan_id, uow.changes)
