"""Quality checks: made from a ticket, judged line by line, voided with a reason (2.10)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain import quality
from svcdesk.domain.customer import QualityResult
from svcdesk.domain.people import Permission, may
from svcdesk.domain.period import parse_period
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.quality_forms import QualityForm, current
from svcdesk.store import quality as store
from svcdesk.store import records
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

SAME_PERSON = N_("{name} handled this ticket; nobody checks their own work.")


@dataclass(frozen=True)
class Draft:
    """A check to be made: the ticket, the form, who is checked, why it cannot be made."""

    ticket: dict[str, Any]
    customer: dict[str, Any]
    form: QualityForm
    agent_id: int | None
    refusal: Problem | None
    earlier: list[dict[str, Any]]


@dataclass(frozen=True)
class CheckDetail:
    """A check as it was made, with the words of its form."""

    check: dict[str, Any]
    ticket: dict[str, Any]
    lines: list[dict[str, Any]]  # item, zh, en, result, weight, critical


@dataclass(frozen=True)
class Lot:
    """What is drawn for one agent: how many are wanted, how many are done, which come next."""

    agent_id: int
    wanted: int
    done: int
    waiting: int
    tickets: tuple[dict[str, Any], ...]


def prepare(desk: Desk, ticket_id: int) -> Draft:
    """Return what a check of a ticket starts with."""
    desk.require(Permission.EDIT_QUALITY)
    with desk.reading() as connection:
        ticket = records.with_text(connection, "ticket", ticket_id)
        if ticket is None:
            raise UserError(N_("This ticket no longer exists."), code="gone")
        customer = records.get(connection, "customer", ticket["customer_id"]) or {}
        return Draft(
            ticket, customer, current(desk), ticket["owner_id"], _own(desk, ticket["owner_id"]),
            store.of_ticket(connection, ticket_id),
        )  # fmt: skip


def _own(desk: Desk, agent_id: int | None) -> Problem | None:
    if agent_id is None:
        text = N_("Nobody is responsible for this ticket; assign it before it is checked.")
        return Problem("agent", "required", text)
    if agent_id != desk.actor.id:
        return None
    return Problem("inspector", "same_person", SAME_PERSON, {"name": desk.actor.name})


def judged(desk: Desk, form: QualityForm, results: Mapping[str, str]) -> quality.Verdict:
    """Return score and verdict of what is entered so far; blank lines are left out."""
    lines = [
        (QualityResult(results[item.item]), item.weight, item.critical)
        for item in form.items
        if results.get(item.item)
    ]
    return quality.verdict(lines, int(desk.reference.settings["quality_pass"]))


def make(desk: Desk, ticket_id: int, results: Mapping[str, str], note: str = "") -> Outcome[int]:
    """Write a check; every line of the form must be judged or not applicable."""
    draft = prepare(desk, ticket_id)
    faults = [] if draft.refusal is None else [draft.refusal]
    known = {str(result) for result in QualityResult}
    for item in draft.form.items:
        if results.get(item.item) not in known:
            text = N_("Judge every item: pass, fail or not applicable.")
            faults.append(Problem(item.item, "required", text))
    if faults:
        raise ProblemsError(faults)
    found = judged(desk, draft.form, results)
    items = [{**item.as_dict(), "result": results[item.item]} for item in draft.form.items]
    with desk.write(N_("Quality check of {number}"), number=draft.ticket["ticket_no"]) as uow:
        key = uow.insert(
            "quality_check",
            {
                "ticket_id": ticket_id, "inspector_id": uow.actor_id, "agent_id": draft.agent_id,
                "at": uow.now, "items": json.dumps(items, ensure_ascii=False),
                "critical_fail": int(found.critical_fail), "score_tenths": found.tenths,
                "passed": None if found.passed is None else int(found.passed),
                "note": note.strip(), "form_id": draft.form.id,
            },
        )  # fmt: skip
    return Outcome(key, uow.changes)


def stored(desk: Desk, check_id: int) -> dict[str, Any]:
    """Return a check; refuse one that is gone, and one of a colleague to an agent."""
    found = records.get(desk.reader, "quality_check", check_id)
    if found is None:
        raise UserError(N_("This check no longer exists."), code="gone")
    if not sees_all(desk) and found["agent_id"] != desk.actor.id:
        raise UserError(N_("This check is about a colleague."), code="not_allowed")
    return found


def sees_all(desk: Desk) -> bool:
    """Tell whether the actor sees the checks of everybody; agents see their own (7.7)."""
    return may(desk.roles, Permission.EDIT_QUALITY) or may(desk.roles, Permission.SEE_RANKINGS)


def get(desk: Desk, check_id: int) -> CheckDetail:
    """Return a check with the words of its form."""
    with desk.reading() as connection:
        check = stored(desk, check_id)
        ticket = records.get(connection, "ticket", check["ticket_id"]) or {}
        return CheckDetail(check, ticket, json.loads(check["items"]))


def void(desk: Desk, check_id: int, reason: str) -> Outcome[int]:
    """Take a check out of the figures, with the reason; blank takes a voided one in again."""
    desk.require(Permission.EDIT_QUALITY)
    check = stored(desk, check_id)
    if not reason.strip() and not check["voided"]:
        raise ProblemsError([Problem("void_reason", "required", N_("Say why the check is void."))])
    voided = bool(reason.strip())
    label = N_("Void a quality check") if voided else N_("Take a quality check in again")
    with desk.write(label) as uow:
        uow.update(
            "quality_check", check_id, {"voided": int(voided), "void_reason": reason.strip()}
        )
    return Outcome(check_id, uow.changes)


def lots(desk: Desk, month: str) -> list[Lot]:
    """Return for each agent the tickets of a month that are drawn for checking.

    The same ones whenever it is asked: by a hash of ticket and month, never by choice.
    """
    desk.require(Permission.EDIT_QUALITY)
    settings = desk.reference.settings
    period = parse_period(month, int(settings["period_start_day"]), str(settings["timezone"]))
    wanted = int(settings["quality_sample"])
    with desk.reading() as connection:
        waiting = store.unchecked(connection, period.start_at, period.end_at)
        done = store.checks_of_agents(connection, period.start_at, period.end_at)
        found = []
        for agent in sorted(waiting.keys() | done.keys()):
            if agent == desk.actor.id:
                continue  # nobody checks their own work
            keys = waiting.get(agent, [])
            chosen = quality.drawn(keys, wanted - done.get(agent, 0), month)
            found.append(
                Lot(agent, wanted, done.get(agent, 0), len(keys),
                    tuple(store.lines(connection, chosen)))
            )  # fmt: skip
        return found


def failures(
    desk: Desk, start: int, end: int, agent: int | None = None
) -> list[tuple[str, int, int]]:
    """Return ``(item, failed, judged)`` of a span; agents get those of their own checks."""
    whose = agent if sees_all(desk) else desk.actor.id
    return store.failures(desk.reader, start, end, whose)
