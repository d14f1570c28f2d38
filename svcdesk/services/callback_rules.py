"""Which callbacks are planned, and for when (domain.md 2.8, 4.9).

Tasks are made by rules when a case is settled; low scores make recovery tasks for a supervisor.
Nobody who refuses callbacks gets one, a case has one open task, imported rows make none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from svcdesk.domain import callback_rules as rules
from svcdesk.domain.callback import NPS_LOW
from svcdesk.domain.callback_rules import COMPLAINT, TICKET, Case, Decision, Rule
from svcdesk.domain.localtime import DAY, local_date
from svcdesk.domain.people import Permission, Role
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import callbacks as store
from svcdesk.store import notices, records
from svcdesk.store.numbers import next_number
from svcdesk.system.errors import ProblemsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.problem import Problem
    from svcdesk.store.unit_of_work import UnitOfWork

HOUR = 3600
TRIAL_DAYS = 30
LOW_SCORE_TOLD = N_("{number}: low score from {customer}, call back by {due}")
REPLACED = N_("A low score came in; its recovery callback takes the place of this one.")
REOPENED = N_("The case was reopened; the callback is planned anew when it is settled.")
OPTED_OUT = N_("The customer refuses callbacks.")
GONE = N_("The case was withdrawn, merged or deleted.")


@dataclass(frozen=True)
class Trial:
    """What the rules would have made of the cases settled in the last 30 days.

    ``made`` and ``matched`` by the place of a rule; ``without`` no rule matched; ``opted_out``
    refuse callbacks.
    """

    cases: int
    made: tuple[int, ...]
    matched: tuple[int, ...]
    without: int
    opted_out: int

    @property
    def total(self) -> int:
        """How many callbacks there would have been."""
        return sum(self.made)


# -- the list of rules -----------------------------------------------------------------------


def listed(desk: Desk) -> list[Rule]:
    """Return the rules in their order."""
    return store.rules(desk.reader)


def save(desk: Desk, wanted: Sequence[Rule]) -> Outcome[None]:
    """Set the rules and their order; they hold for cases settled from here on."""
    desk.require(Permission.SETTINGS)
    faults = rules.problems(wanted)
    if faults:
        raise ProblemsError(faults)
    with desk.write(N_("Change callback rules")) as uow:
        kept = {rule.id for rule in wanted}
        for gone in store.rules(uow.connection):
            if gone.id not in kept:
                uow.remove("callback_rule", gone.id)
        for place, rule in enumerate(wanted):
            clean = {key: v for key, v in rule.conditions.items()
                     if key in rules.CONDITIONS[rule.record]}  # fmt: skip
            store.save_rule(uow, replace(rule, conditions=clean), place)
    return Outcome(None, uow.changes)


def problems(wanted: Sequence[Rule]) -> list[Problem]:
    """Return what is wrong with a list of rules."""
    return rules.problems(wanted)


def try_out(desk: Desk, wanted: Sequence[Rule], days: int = TRIAL_DAYS) -> Trial:
    """Tell what ``wanted`` would have made of the cases settled in the last ``days`` days."""
    since = desk.clock.now() - days * DAY
    places = {id(rule): place for place, rule in enumerate(wanted)}
    made, matched = [0] * len(wanted), [0] * len(wanted)
    cases = without = opted_out = 0
    with desk.reading() as connection:
        for record in rules.RECORDS:
            for row in store.settled(connection, record, since):
                cases += 1
                decision = rules.decide(wanted, rules.case_of(record, row))
                if decision.rule is None:
                    without += 1
                    continue
                place = places[id(decision.rule)]
                matched[place] += 1
                if row["opt_out"]:
                    opted_out += 1
                elif decision.wanted:
                    made[place] += 1
    return Trial(cases, tuple(made), tuple(matched), without, opted_out)


def decision(uow: UnitOfWork, record: str, row: dict[str, Any]) -> Decision:
    """Return what the rules say about a stored ticket or complaint."""
    return rules.decide(store.rules(uow.connection), rules.case_of(record, row))


def wanted(uow: UnitOfWork, key: int, row: dict[str, Any]) -> bool:
    """Say whether a ticket that is being entered will be called back; ``key`` is its key to be."""
    facts = {"request_type": row.get("request_type", "consult"), "category": row.get("issue_id"),
             "channel": row.get("channel_id"), "tier": row.get("tier", "normal")}  # fmt: skip
    return rules.decide(store.rules(uow.connection), Case(TICKET, key, facts)).wanted


# -- tasks -----------------------------------------------------------------------------------


def plan(uow: UnitOfWork, desk: Desk, values: dict[str, Any]) -> int | None:
    """Write a callback task, unless the customer refuses callbacks or the case has one already.

    A recovery takes the place of another open task of the same case: nobody is called twice.
    """
    customer = records.get(uow.connection, "customer", values["customer_id"])
    if customer is None or customer["opt_out"]:
        return None
    recovery = values["kind"] == "low_score"
    before = [
        task
        for column in ("ticket_id", "complaint_id")
        if values.get(column)
        for task in store.open_of(uow.connection, column, values[column])
    ]
    if before and (not recovery or any(task.kind == "low_score" for task in before)):
        return None
    number = next_number(uow, "callback", uow.now, desk.zone)
    key = uow.insert("callback", {"callback_no": number, "planned_by_id": uow.actor_id, **values})
    for task in before:
        _cancel(uow, task.id, REPLACED)
    return key


def _cancel(uow: UnitOfWork, callback_id: int, note: str) -> None:
    row = {"state": "cancelled", "notes": note, "retry_at": None, "agreed": 0}
    uow.update("callback", callback_id, row)


def plan_for_ticket(uow: UnitOfWork, desk: Desk, ticket_id: int) -> int | None:
    """Plan the callback of a ticket that was just resolved.

    By the rules as the ticket is now, and whenever somebody has asked for one: an agent may add a
    callback, not take it away.
    """
    ticket = records.get(uow.connection, "ticket", ticket_id)
    if ticket is None or ticket["resolved_at"] is None or ticket["is_test"]:
        return None
    found = decision(uow, TICKET, ticket)
    if not (found.wanted or ticket["callback_required"]):
        return None
    customer = records.get(uow.connection, "customer", ticket["customer_id"]) or {}
    if found.wanted and not ticket["callback_required"] and not customer.get("opt_out"):
        uow.update("ticket", ticket_id, {"callback_required": 1})
    return plan(
        uow,
        desk,
        {
            "kind": found.kind,
            "rule_id": found.rule.id if found.rule else None,
            "ticket_id": ticket_id,
            "customer_id": ticket["customer_id"],
            "due_at": ticket["resolved_at"] + found.delay_seconds,
        },
    )


def plan_for_complaint(uow: UnitOfWork, desk: Desk, complaint_id: int) -> int | None:
    """Plan the callback of a complaint that was just settled; no sample leaves one out."""
    complaint = records.get(uow.connection, "complaint", complaint_id)
    if complaint is None or complaint["resolved_at"] is None or complaint["is_test"]:
        return None
    found = decision(uow, COMPLAINT, complaint)
    return plan(
        uow,
        desk,
        {
            "kind": found.kind,
            "rule_id": found.rule.id if found.rule else None,
            "complaint_id": complaint_id,
            "customer_id": complaint["customer_id"],
            "due_at": complaint["resolved_at"] + found.delay_seconds,
        },
    )


def is_low(desk: Desk, scores: dict[str, Any]) -> bool:
    """Tell whether an answer is a low score by the settings (4.9)."""
    settings = desk.reference.settings
    csat, nps = scores.get("csat"), scores.get("nps")
    if csat is not None and csat <= int(settings["low_score"]):
        return True
    return bool(settings["low_nps"]) and nps is not None and nps <= NPS_LOW


def plan_recovery(
    uow: UnitOfWork, desk: Desk, survey_id: int, *, by_hand: bool = False
) -> int | None:
    """Plan the recovery callback of a low score, within 48 calendar hours (4.9).

    It goes to the queue of a supervisor, who is told. ``by_hand``: whatever the score was.
    """
    survey = records.get(uow.connection, "survey", survey_id)
    if survey is None or survey["kind"] != "normal" or survey["responded_at"] is None:
        return None
    if survey["customer_id"] is None or not (by_hand or is_low(desk, survey)):
        return None
    hours = int(desk.reference.settings["low_score_hours"])
    due = survey["responded_at"] + hours * HOUR
    handler = survey["agent_id"] or store.handler_of(
        uow.connection, survey["ticket_id"], survey["complaint_id"]
    )
    supervisor = _supervisor(uow, desk, handler)
    key = plan(
        uow,
        desk,
        {
            "kind": "low_score",
            "survey_id": survey_id,
            "ticket_id": survey["ticket_id"],
            "complaint_id": survey["complaint_id"],
            "customer_id": survey["customer_id"],
            "assignee_id": supervisor,
            "due_at": due,
        },
    )
    if key is not None and supervisor is not None:
        _tell(uow, key, supervisor, survey["customer_id"], due)
    return key


def _supervisor(uow: UnitOfWork, desk: Desk, handler: int | None) -> int | None:
    """Return the supervisor with the fewest open callbacks who is here and not the handler."""
    away = store.away(uow.connection, local_date(uow.now, desk.zone.key).isoformat())
    loads = store.loads(uow.connection)
    found = [
        person.id
        for person in desk.reference.people.values()
        if person.active and not person.is_bot and Role.SUPERVISOR in person.roles
    ]
    here = [person for person in found if person not in away] or found
    others = [person for person in here if person != handler] or here
    return min(others, key=lambda person: (loads.get(person, 0), person), default=None)


def _tell(uow: UnitOfWork, callback_id: int, person: int, customer_id: int, due: int) -> None:
    from svcdesk.domain.masking import mask_name

    callback = records.get(uow.connection, "callback", callback_id) or {}
    customer = records.get(uow.connection, "customer", customer_id) or {}
    name = mask_name(str(customer.get("name")), organisation=customer.get("kind") == "company")
    notices.insert(
        uow, person_id=person, kind="low_score", at=uow.now, table="callback",
        record_id=callback_id, text=LOW_SCORE_TOLD,
        args={"number": callback["callback_no"], "title": "", "customer": name, "due": due},
        occasion=f"low_score:{callback_id}:{person}",
    )  # fmt: skip


# -- what takes tasks back -------------------------------------------------------------------


def reopened(uow: UnitOfWork, column: str, record_id: int) -> int:
    """Cancel the open callbacks of a reopened ticket or complaint; return how many.

    Settled again, the case is planned anew, so that there is never more than one. The recovery of
    a low score goes on: what the customer said is as true as before.
    """
    tasks = [t for t in store.open_of(uow.connection, column, record_id) if t.kind != "low_score"]
    for task in tasks:
        _cancel(uow, task.id, REOPENED)
    return len(tasks)


def gone(uow: UnitOfWork, column: str, record_id: int) -> int:
    """Cancel the open callbacks of a case that was withdrawn, merged or deleted."""
    tasks = store.open_of(uow.connection, column, record_id)
    for task in tasks:
        _cancel(uow, task.id, GONE)
    return len(tasks)


def opted_out(uow: UnitOfWork, customer_id: int) -> int:
    """Cancel every open callback of a customer who refuses them; return how many."""
    tasks = store.open_of(uow.connection, "customer_id", customer_id)
    for task in tasks:
        _cancel(uow, task.id, OPTED_OUT)
    return len(tasks)
