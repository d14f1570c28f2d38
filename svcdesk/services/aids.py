"""Templates, macros and canned replies: kept, filled in, run (features T19, K2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from svcdesk.domain import aids as rules
from svcdesk.domain import lifecycle
from svcdesk.domain.aids import Aid, AidKind, Do, Filled
from svcdesk.domain.people import Permission, Role
from svcdesk.domain.problem import Problem
from svcdesk.domain.sla import HOUR
from svcdesk.i18n.catalog import N_, current
from svcdesk.services import callback_rules, checklists, customers, tags, tickets, time_spent
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.ticket_rows import COLUMNS, event, refresh, stored
from svcdesk.services.ticket_rows import facts as ticket_facts
from svcdesk.store import aids as rows
from svcdesk.store import records
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SUPERVISING = frozenset({Role.SUPERVISOR, Role.ADMIN})


def listed(desk: Desk, kind: AidKind, *, retired: bool = False) -> list[Aid]:
    """Return the templates of a kind that the acting person may use: everybody's and their own."""
    return rows.listed(desk.reader, str(kind), desk.actor.id, retired=retired)


def get(desk: Desk, key: int) -> Aid:
    """Return one template; those that somebody keeps for himself are his only."""
    found = rows.get(desk.reader, key)
    if found is None or found.owner_id not in {None, desk.actor.id}:
        raise UserError("This template does not exist any more.", code="gone")
    return found


def _may_change(desk: Desk, aid: Aid) -> None:
    desk.require(Permission.EDIT_TICKETS)
    if aid.owner_id != desk.actor.id and not _SUPERVISING & set(desk.roles):
        raise UserError(
            "“{name}” belongs to everybody; a supervisor may change it. Make a copy for yourself.",
            code="not_yours",
            name=aid.name,
        )


def save(desk: Desk, aid: Aid) -> Outcome[int]:
    """Keep a template; what belongs to everybody is changed by supervisors."""
    if aid.id:
        _may_change(desk, get(desk, aid.id))
    _may_change(desk, aid)
    faults = rules.problems(aid)
    same = [a for a in listed(desk, aid.kind, retired=True) if a.id != aid.id]
    if aid.shortcut.strip() and any(a.shortcut == aid.shortcut.strip() for a in same):
        faults.append(Problem("shortcut", "taken", N_("Another one has this shortcut.")))
    if faults:
        raise ProblemsError(faults)
    with desk.write(N_("Save template “{name}”"), name=aid.name.strip()) as uow:
        key = rows.save(uow, aid)
    return Outcome(key, uow.changes)


def remove(desk: Desk, key: int) -> Outcome[int]:
    """Take a template off; what was made with it stays."""
    aid = get(desk, key)
    _may_change(desk, aid)
    with desk.write(N_("Remove template “{name}”"), name=aid.name) as uow:
        uow.remove("template", key)
    return Outcome(key, uow.changes)


def reorder(desk: Desk, keys: Sequence[int]) -> Outcome[None]:
    """Put templates into the order of ``keys``."""
    found = [get(desk, key) for key in keys]
    for aid in found:
        _may_change(desk, aid)
    with desk.write(N_("Reorder templates")) as uow:
        for place, aid in enumerate(found):
            if aid.sort != place:
                rows.save(uow, replace(aid, sort=place))
    return Outcome(None, uow.changes)


# -- replies ---------------------------------------------------------------------------------


def facts_of(desk: Desk, ticket_id: int) -> dict[str, str]:
    """Return what placeholders stand for on a ticket; the customer reads names in full."""
    with desk.reading() as connection:
        ticket = stored(desk, ticket_id)
        customer = customers.get(desk, ticket["customer_id"])
        product_id = ticket["product_id"]
        product = records.get(connection, "product", product_id) if product_id else None
        visit = rows.next_visit(connection, ticket_id)
    people, zone = desk.reference.people, desk.zone

    def moment(stamp: int | None) -> str:
        return "" if stamp is None else f"{datetime.fromtimestamp(stamp, zone):%Y-%m-%d %H:%M}"

    owner = people.get(ticket["owner_id"])
    return {
        "customer": str(customer["name"]),
        "ticket": str(ticket["ticket_no"]),
        "title": str(ticket["title"]),
        "order": str(ticket["order_no"] or ""),
        "product": str(product["name"]) if product else "",
        "serial": str(ticket["serial_no"] or ""),
        "due": moment(ticket["due_at"]),
        "visit": moment(visit),
        "owner": owner.name if owner else "",
        "department": desk.reference.name(ticket["resp_dept_id"]),
        "solution": str(ticket["solution"] or ""),
        "organisation": str(desk.reference.settings["organisation"]),
        "today": f"{datetime.fromtimestamp(desk.clock.now(), zone):%Y-%m-%d}",
    }


def filled(desk: Desk, ticket_id: int, text: str) -> Filled:
    """Return ``text`` for a ticket; what is missing is named and must be put right first."""
    return rules.fill(text, facts_of(desk, ticket_id))


def find_replies(desk: Desk, words: str) -> list[Aid]:
    """Return the canned replies whose shortcut, name, folder or text fits; shortcuts first."""
    return rules.fitting(listed(desk, AidKind.REPLY), words)


# -- macros ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offer:
    """A macro as it is offered on a ticket: what it does, and what stands against it."""

    macro: Aid
    does: list[str]
    problems: list[Problem]


def offers(desk: Desk, ticket_id: int) -> list[Offer]:
    """Return the macros that the acting person may use, each with what it would do here."""
    return [
        Offer(
            macro,
            [describe(desk, action) for action in rules.actions_of(macro)],
            macro_problems(desk, ticket_id, macro),
        )
        for macro in listed(desk, AidKind.MACRO)
    ]


def macro_problems(desk: Desk, ticket_id: int, macro: Aid) -> list[Problem]:
    """Return why a macro cannot run on a ticket: placeholders without a value, a step refused."""
    found: list[Problem] = []
    facts = facts_of(desk, ticket_id)
    record = ticket_facts(desk, stored(desk, ticket_id))  # as the actions so far would leave it
    now = desk.clock.now()
    for action in rules.actions_of(macro):
        if action["do"] == Do.SET:
            record[action["field"]] = action["value"]
        if action["do"] == Do.SAY:
            if action["kind"] != "internal_note":  # the macro's own words are the response
                record["first_response_at"] = record["first_response_at"] or now
            result = rules.fill(str(action["text"]), facts)
            found += [
                Problem(
                    "text", "placeholder", N_("“{name}” is empty on this ticket."), {"name": name}
                )
                for name in (*result.missing, *result.unknown)
            ]
        if action["do"] == Do.STEP:
            found += _step_problems(desk, record, action["action"], action.get("values", {}))
    return found


def _step_problems(
    desk: Desk, record: dict[str, Any], action: str, values: Mapping[str, Any]
) -> list[Problem]:
    """Return what stands against a step from ``record``, which is taken on to its new state."""
    found = lifecycle.check(
        lifecycle.TICKET, record, action, desk.roles, desk.clock.now(), values,
        actor=desk.actor.id,
    )  # fmt: skip
    transition = lifecycle.find(lifecycle.TICKET, record["status"], action, desk.roles)
    if transition is not None:
        record.update(values, status=transition.target)
    return found


def run_macro(desk: Desk, ticket_id: int, macro_id: int) -> Outcome[int]:
    """Do everything that a macro does, as one step; nothing when any of it is refused."""
    desk.require(Permission.EDIT_TICKETS)
    macro = get(desk, macro_id)
    ticket = stored(desk, ticket_id)
    faults = macro_problems(desk, ticket_id, macro)
    if faults:
        raise ProblemsError(faults)
    facts = facts_of(desk, ticket_id)
    with desk.together(
        N_("{name} on {number}"), name=macro.name, number=ticket["ticket_no"]
    ) as uow:
        for action in rules.actions_of(macro):
            _act(desk, ticket_id, action, facts)
        event(uow, ticket_id, "internal_note", name="macro", text=macro.name, automatic=True)
        refresh(uow, desk, ticket_id)
    return Outcome(ticket_id, uow.changes)


def _act(desk: Desk, ticket_id: int, action: Mapping[str, Any], facts: Mapping[str, str]) -> None:
    do = action["do"]
    if do == Do.SET:
        values = {action["field"]: action["value"]}
        tickets.change(
            desk, ticket_id, {k: v for k, v in values.items() if k in (*COLUMNS, "solution")}
        )
    elif do == Do.TAG:
        tags.add(desk, ticket_id, action["add"])
    elif do == Do.SAY:
        tickets.say(desk, ticket_id, rules.fill(str(action["text"]), facts).text, action["kind"])
    elif do == Do.CHECKLIST:
        checklists.add_list(desk, ticket_id, int(action["id"]))
    elif do == Do.CALLBACK:
        _plan_callback(desk, ticket_id, int(action["hours"]))
    elif do == Do.TIME:
        time_spent.add(
            desk, ticket_id, int(action["minutes"]), str(action.get("activity", "phone"))
        )
    elif do == Do.STEP:
        tickets.step(desk, ticket_id, action["action"], dict(action.get("values", {})))


def _plan_callback(desk: Desk, ticket_id: int, hours: int) -> None:
    ticket = stored(desk, ticket_id)
    with desk.write(N_("Plan callback")) as uow:
        callback_rules.plan(
            uow, desk,
            {"kind": "routine", "ticket_id": ticket_id, "customer_id": ticket["customer_id"],
             "due_at": uow.now + hours * HOUR},
        )  # fmt: skip


_FORM_NAMES = {"issue_id": "issue_l1", "issue_sub_id": "issue_l2", "resp_dept_id": "resp_dept"}
_CODES = {"priority": "Priority", "request_type": "RequestType", "complexity": "Complexity",
          "resolution_code": "ResolutionCode"}  # fmt: skip


def _value(desk: Desk, field: str, value: Any) -> str:
    """Return what a field is set to, as people read it."""
    from svcdesk.i18n.labels import code_label

    if field in _CODES:
        return code_label(_CODES[field], str(value))
    if field in _FORM_NAMES:
        item = desk.reference.items.get(int(value or 0))
        if item is None:
            return "—"
        return (
            item.name
            if current().language == "zh_CN"
            else code_label(item.list, item.code or item.name)
        )
    if field == "callback_required":
        return current()(N_("yes")) if value else current()(N_("no"))
    return str(value or "—")[:30]


def describe(desk: Desk, action: Mapping[str, Any]) -> str:
    """Return what an action of a macro does, in a few words."""
    from svcdesk.i18n.labels import code_label, field_label

    t = current()
    do = action.get("do")
    if do == Do.SET:
        field = str(action.get("field"))
        name = field_label("ticket", _FORM_NAMES.get(field, field))
        return t("{field}: {value}").format(
            field=name, value=_value(desk, field, action.get("value"))
        )
    if do == Do.TAG:
        return t("tag “{name}”").format(name=action.get("add"))
    if do == Do.SAY:
        kind = code_label("TicketEventType", str(action.get("kind")))
        return t("{kind}: {text}").format(kind=kind, text=str(action.get("text"))[:30])
    if do == Do.CHECKLIST:
        found = rows.get(desk.reader, int(action.get("id") or 0))
        return t("checklist “{name}”").format(name=found.name if found else "—")
    if do == Do.CALLBACK:
        return t("callback in {n} h").format(n=action.get("hours"))
    if do == Do.TIME:
        return t("{n} min of work").format(n=action.get("minutes"))
    return t("step: {name}").format(name=step_name(str(action.get("action"))))


NO_MACRO = frozenset({"merge", "unmerge", "restore"})  # these ask for more than a macro can say


def macro_steps() -> list[tuple[str, str]]:
    """Return the steps that a macro can take, each with its name."""
    from svcdesk.domain.lifecycle import TICKET
    from svcdesk.domain.people import A

    open_to = (t.action for t in TICKET.transitions if set(t.roles) & set(A))
    actions = dict.fromkeys(action for action in open_to if action not in NO_MACRO)
    return [(action, step_name(action)) for action in actions]


def step_name(action: str) -> str:
    """Return the name of a step of the ticket's state machine."""
    from svcdesk.domain.lifecycle import TICKET

    label = next((t.label for t in TICKET.transitions if t.action == action), action)
    return current()(label)
