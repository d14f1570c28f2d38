"""Improvement items: made by hand or from a record, led through their stages (2.12, 2.19).

Items of missed thresholds are raised by the close of a month (improvement_raising); causes,
measures and effect have services of their own: improvement_causes, improvement_measures,
improvement_effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from svcdesk.domain import improvement_lifecycle, lifecycle
from svcdesk.domain.effectiveness import RECHECK_DAYS
from svcdesk.domain.improvement import QUESTIONS, ItemSource, ItemStatus
from svcdesk.domain.masking import mask_text
from svcdesk.domain.metrics.registry import BY_ID
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem, blocking
from svcdesk.i18n.catalog import N_
from svcdesk.services import improvement_raising, targets
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.improvement_rows import (
    OVER,
    day_after,
    facts,
    is_day,
    stored,
    today,
)
from svcdesk.store import improvements as rows
from svcdesk.store import records
from svcdesk.store.improvements import ListRow
from svcdesk.store.numbers import next_number
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.domain.statemachine import Transition
    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

__all__ = [
    "ItemDetail", "ListRow", "change", "create", "from_record", "get", "insert", "link",
    "link_row", "linked", "listed", "missing", "number_of", "problems", "recheck", "record_of",
    "reopen_former", "step", "step_to", "steps", "unlink",
]  # fmt: skip

MACHINE = improvement_lifecycle.IMPROVEMENT_ITEM
COLUMNS = (
    "title", "source", "metric", "scope", "period", "baseline", "baseline_n", "severity",
    "owner_id", "department_id", "target", "target_date", "containment", "cost", "hours",
    "impact", "effort", "standardised", "recognition",
)  # fmt: skip
NUMBER_OF = {
    "ticket": "ticket_no", "complaint": "complaint_no", "complaint_group": "group_no",
    "survey": "survey_no", "quality_check": "ticket_id",
}  # fmt: skip


@dataclass(frozen=True)
class ItemDetail:
    """An item with all that belongs to it, rows as mappings."""

    item: dict[str, Any]
    rca: dict[str, Any] | None
    actions: list[dict[str, Any]]
    occurrences: list[dict[str, Any]]
    verifications: list[dict[str, Any]]
    links: list[dict[str, Any]]
    rechecks: list[dict[str, Any]]
    recurs_of: dict[str, Any] | None  # the item that was closed for the same before


def listed(desk: Desk) -> list[ListRow]:
    """Return all items for the list, the newest first."""
    with desk.reading() as connection:
        return rows.listed(connection, today(desk).isoformat())


def get(desk: Desk, item_id: int) -> ItemDetail:
    """Return an item with its parts."""
    with desk.reading() as connection:
        item = stored(desk, item_id)
        before = item["recurs_of_id"]
        links = [
            {**one, "number": number_of(desk, one["entity"], one["record_id"])}
            for one in rows.parts(connection, item_id, "improvement_link")
        ]
        return ItemDetail(
            item, rows.rca(connection, item_id),
            rows.parts(connection, item_id, "action"),
            rows.parts(connection, item_id, "improvement_occurrence"),
            rows.parts(connection, item_id, "verification"), links,
            rows.parts(connection, item_id, "improvement_recheck"),
            None if before is None else rows.item(connection, before),
        )  # fmt: skip


def record_of(desk: Desk, entity: str, key: int) -> dict[str, Any] | None:
    """Return a record that can stand behind an item, or nothing."""
    return records.get(desk.reader, entity, key) if entity in NUMBER_OF else None


def number_of(desk: Desk, entity: str, key: int) -> str:
    """Return the number a record is known by; a quality check has that of its ticket."""
    found = records.get(desk.reader, entity, key)
    if found is None:
        return ""
    if entity == "quality_check":
        ticket = records.get(desk.reader, "ticket", found["ticket_id"])
        return "" if ticket is None else str(ticket["ticket_no"])
    return str(found[NUMBER_OF[entity]])


# -- making and changing ---------------------------------------------------------------------


def problems(values: Mapping[str, Any]) -> list[Problem]:
    """Return what is missing or wrong in the form of an item; warnings are advice."""
    found = []
    if not str(values.get("title") or "").strip():
        found.append(Problem("title", "required", N_("Say in a few words what is wrong.")))
    if values.get("source") not in set(ItemSource):
        found.append(Problem("source", "choice", N_("Choose where the item comes from.")))
    if values.get("metric") and values["metric"] not in BY_ID:
        found.append(Problem("metric", "unknown", N_("There is no such metric.")))
    day = values.get("target_date")
    if day and not is_day(day):
        found.append(Problem("target_date", "day", N_("Write the day as 2026-03-31.")))
    if values.get("target") is not None and not values.get("metric"):
        found.append(Problem("metric", "required", N_("Choose the metric the target is for.")))
    if values.get("metric") and (values.get("target") is None or not day):
        text = N_("A target needs a value and a day; without them nobody can tell if it was met.")
        found.append(Problem("target", "smart", text, warning=True))
    return found


def create(desk: Desk, values: Mapping[str, Any]) -> Outcome[int]:
    """Make an item; ``problem`` holds 5W2H, ``links`` pairs of (entity, key) behind it."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    known = {"source": "manual", **values}
    faults = blocking(problems(known))
    if faults:
        raise ProblemsError(faults)
    title = str(known["title"]).strip()
    with desk.write(N_("New improvement item “{title}”"), title=title) as uow:
        key = insert(uow, desk, {**known, "title": title})
    return Outcome(key, uow.changes)


def insert(uow: UnitOfWork, desk: Desk, values: Mapping[str, Any]) -> int:
    """Write an item inside a step that is going on, with the records behind it; return its key."""
    row = {name: values[name] for name in COLUMNS if values.get(name) is not None}
    metric, scope = values.get("metric"), values.get("scope") or targets.WHOLE_DESK
    if metric:
        before = [
            i for i in rows.about(uow.connection, str(metric), str(scope))
            if i["status"] == ItemStatus.CLOSED
            and improvement_raising.is_recent(uow.now, i["closed_at"])
        ]  # fmt: skip
        row["recurs_of_id"] = before[0]["id"] if before else None
    key = uow.insert(
        "improvement_item",
        {
            **row, "item_no": next_number(uow, "improvement_item", uow.now, desk.zone),
            "created_at": uow.now,
            "problem": rows.as_json(_answers(values.get("problem") or {})),
            "snapshot": rows.as_json(values.get("snapshot") or {}),
        },
    )  # fmt: skip
    if values.get("period") and values.get("baseline") is not None:
        uow.insert(
            "improvement_occurrence",
            {"item_id": key, "period": values["period"], "value": values["baseline"],
             "n": values.get("baseline_n")},
        )  # fmt: skip
    for entity, record_id in values.get("links", ()):
        link_row(uow, key, entity, int(record_id), "")
    return key


def _answers(problem: Mapping[str, Any]) -> dict[str, str]:
    return {q: str(problem[q]).strip() for q in QUESTIONS if str(problem.get(q) or "").strip()}


def from_record(desk: Desk, entity: str, record_id: int) -> Outcome[int]:
    """Make an item of a ticket, complaint, group of complaints, answer or quality check.

    Where it comes from follows from the record: a repeated complaint, an exposure, a group.
    """
    found = record_of(desk, entity, record_id)
    if found is None:
        raise UserError("This record was deleted.", code="gone")
    number = number_of(desk, entity, record_id)
    source = {"complaint_group": "group", "quality_check": "quality"}.get(entity, "manual")
    if entity == "complaint":
        source = (
            "exposure" if found["social_exposure"] else "repeat" if found["is_repeat"] else source
        )
    words = found.get("title") or found.get("note") or found.get("measures") or ""
    text = mask_text(str(words).strip())  # an item is read by everybody, and printed
    return create(desk, {
        "title": f"{number} {text}".strip(), "source": source,
        "department_id": found.get("resp_dept_id"), "problem": {"what": text},
        "links": [(entity, record_id)],
    })  # fmt: skip


def change(
    desk: Desk, item_id: int, values: Mapping[str, Any], version: int | None = None
) -> Outcome[int]:
    """Change fields of an item; ``problem`` replaces the answers of 5W2H."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    before = stored(desk, item_id)
    changed: dict[str, Any] = {
        name: value for name, value in values.items()
        if name in COLUMNS and before.get(name) != value
    }  # fmt: skip
    faults = blocking(problems({**before, **changed}))
    if faults:
        raise ProblemsError(faults)
    if "problem" in values and _answers(values["problem"]) != before["problem"]:
        changed["problem"] = rows.as_json(_answers(values["problem"]))
    for name in ("containment", "standardised", "recognition"):
        if name in changed:
            changed[name] = changed[name] or ""
    with desk.write(N_("Change {number}"), number=before["item_no"]) as uow:
        uow.update("improvement_item", item_id, changed, version=version)
    return Outcome(item_id, uow.changes)


# -- evidence --------------------------------------------------------------------------------


def link(desk: Desk, item_id: int, entity: str, record_id: int, note: str = "") -> Outcome[int]:
    """Link a record as evidence; a link that is there keeps its place and takes the note."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    item = stored(desk, item_id)
    if record_of(desk, entity, record_id) is None:
        raise UserError("This record was deleted.", code="gone")
    with desk.write(N_("Link evidence with {number}"), number=item["item_no"]) as uow:
        key = link_row(uow, item_id, entity, record_id, note)
    return Outcome(key, uow.changes)


def link_row(uow: UnitOfWork, item_id: int, entity: str, record_id: int, note: str) -> int:
    """Link a record inside a step that is going on."""
    for one in rows.parts(uow.connection, item_id, "improvement_link"):
        if (one["entity"], one["record_id"]) == (entity, record_id):
            if one["note"] != note:
                uow.update("improvement_link", one["id"], {"note": note})
            return int(one["id"])
    return uow.insert(
        "improvement_link",
        {"item_id": item_id, "entity": entity, "record_id": record_id, "note": note.strip()},
    )


def linked(connection: Connection, item_id: int) -> set[tuple[str, int]]:
    """Return ``(entity, key)`` of the records behind an item."""
    links = rows.parts(connection, item_id, "improvement_link")
    return {(one["entity"], one["record_id"]) for one in links}


def unlink(desk: Desk, link_id: int) -> Outcome[None]:
    """Take a link away."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    with desk.write(N_("Remove evidence")) as uow:
        uow.remove("improvement_link", link_id)
    return Outcome(None, uow.changes)


# -- stages ----------------------------------------------------------------------------------


def steps(desk: Desk, item: Mapping[str, Any]) -> list[Transition]:
    """Return the steps that the acting person may take from the stage of an item."""
    return lifecycle.allowed(MACHINE, item, desk.roles, desk.clock.now())


def step_to(desk: Desk, item: Mapping[str, Any], stage: str) -> Transition | None:
    """Return the step that takes an item to a stage in one go, if the acting person has one."""
    return next((one for one in steps(desk, item) if one.target == stage), None)


def missing(desk: Desk, item_id: int, to: str, values: Mapping[str, Any]) -> list[Problem]:
    """Return what the gate to a stage still asks for, at its fields."""
    with desk.reading() as connection:
        known = facts(connection, stored(desk, item_id))
        return lifecycle.check(
            MACHINE, known, to, desk.roles, desk.clock.now(), values, actor=desk.actor.id
        )


def step(
    desk: Desk, item_id: int, to: str, values: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Outcome[int]:  # fmt: skip
    """Take an item to another stage with what was entered for it."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    entered = dict(values or {})
    item = stored(desk, item_id)
    if to == "plan":  # who takes the step stands behind the root cause
        entered.setdefault("confirmed_by_id", desk.actor.id)
    faults = missing(desk, item_id, to, entered)
    transition = lifecycle.find(MACHINE, item["status"], to, desk.roles)
    if faults or transition is None:
        raise ProblemsError(faults)
    if transition.action == "merge":
        _mergeable(desk, item, int(entered["merged_into_id"]))
    with desk.write(N_("{step}: {number}"), step=transition.label, number=item["item_no"]) as uow:
        changed = _changed(uow, item, transition, entered)
        uow.update("improvement_item", item_id, changed, version=version)
        if transition.action == "plan":
            rows.save_rca(uow, item_id, {"confirmed_by_id": entered["confirmed_by_id"],
                                         "confirmed_at": uow.now})  # fmt: skip
        elif transition.action == "merge":
            _merge(uow, item_id, int(entered["merged_into_id"]))
        elif transition.action == "close":
            _plan_rechecks(uow, desk, item_id)
        elif transition.action == "recur":
            _drop_rechecks(uow, item_id)
    return Outcome(item_id, uow.changes)


def _changed(
    uow: UnitOfWork, item: Mapping[str, Any], transition: Transition, entered: Mapping[str, Any]
) -> dict[str, Any]:
    changed: dict[str, Any] = {"status": transition.target}
    if entered.get("owner_id") is not None:
        changed["owner_id"] = entered["owner_id"]
    if transition.action == "void":
        changed["void_reason"] = str(entered["reason"]).strip()
    elif transition.action == "restore":
        changed["void_reason"] = None
    elif transition.action == "merge":
        changed["merged_into_id"] = int(entered["merged_into_id"])
    elif transition.action == "close":
        changed["closed_at"] = uow.now
        if entered.get("standardised"):
            changed["standardised"] = str(entered["standardised"]).strip()
    elif transition.target == ItemStatus.ANALYZING:  # again: what was judged is history
        changed |= {"verdict": None, "closed_at": None}
    elif item["status"] == ItemStatus.VERIFYING:
        changed["verdict"] = None
    return changed


def _mergeable(desk: Desk, item: Mapping[str, Any], target_id: int) -> None:
    target = stored(desk, target_id)
    if target_id == item["id"] or target["status"] in OVER:
        raise ProblemsError([
            Problem("merged_into", "target", N_("Choose another item that is still open."))
        ])  # fmt: skip


def _merge(uow: UnitOfWork, item_id: int, target_id: int) -> None:
    """Carry occurrences and evidence over to the item that goes on."""
    known = {o["period"] for o in rows.parts(uow.connection, target_id, "improvement_occurrence")}
    for one in rows.parts(uow.connection, item_id, "improvement_occurrence"):
        if one["period"] not in known:
            uow.update("improvement_occurrence", one["id"], {"item_id": target_id})
    for one in rows.parts(uow.connection, item_id, "improvement_link"):
        link_row(uow, target_id, one["entity"], one["record_id"], one["note"])


def _plan_rechecks(uow: UnitOfWork, desk: Desk, item_id: int) -> None:
    _drop_rechecks(uow, item_id)
    for days in RECHECK_DAYS:
        uow.insert("improvement_recheck", {"item_id": item_id, "days": days,
                                           "due_date": day_after(desk, uow.now, days)})  # fmt: skip


def _drop_rechecks(uow: UnitOfWork, item_id: int) -> None:
    for one in rows.parts(uow.connection, item_id, "improvement_recheck"):
        if one["done_at"] is None:
            uow.remove("improvement_recheck", one["id"])


def reopen_former(desk: Desk, item_id: int, version: int | None = None) -> Outcome[int]:
    """Go on with the item that was closed for the same: it is opened again and takes this one in.

    Its causes, measures and verdicts are at hand again; what speaks for this item goes there. One
    step; only a supervisor opens a closed item (2.19).
    """
    desk.require(Permission.EDIT_IMPROVEMENTS)
    item = stored(desk, item_id)
    former = None if item["recurs_of_id"] is None else stored(desk, item["recurs_of_id"])
    if former is None or former["status"] != ItemStatus.CLOSED:
        raise UserError("The item that was closed for the same is open already.", code="open")
    if item["status"] != ItemStatus.IDENTIFIED:
        raise UserError("{number} is being worked on already; merge them by hand.", code="stage",
                        number=item["item_no"])  # fmt: skip
    again = lifecycle.find(MACHINE, former["status"], "recur", desk.roles)
    faults = lifecycle.check(
        MACHINE, facts(desk.reader, former), "recur", desk.roles, desk.clock.now(), {},
        actor=desk.actor.id,
    )  # fmt: skip
    if faults or again is None:
        raise ProblemsError(faults)
    key = int(former["id"])
    with desk.write(N_("Reopen {number}"), number=former["item_no"]) as uow:
        uow.update("improvement_item", key, _changed(uow, former, again, {}))
        _drop_rechecks(uow, key)
        uow.update("improvement_item", item_id, {"status": str(ItemStatus.MERGED),
                                                 "merged_into_id": key}, version=version)  # fmt: skip
        _merge(uow, item_id, key)
    return Outcome(key, uow.changes)


def recheck(desk: Desk, recheck_id: int, *, held: bool, note: str = "") -> Outcome[None]:
    """Write down whether an improvement still held 30, 60 or 90 days after it was closed.

    Who was in charge of the item does not check it. What came back is analysed again: the item is
    opened in the same step when the acting person may do so (2.19), else it waits for a supervisor.
    """
    desk.require(Permission.EDIT_IMPROVEMENTS)
    found = records.get(desk.reader, "improvement_recheck", recheck_id)
    if found is None:
        raise UserError("This record was deleted.", code="gone")
    item = facts(desk.reader, stored(desk, found["item_id"]))
    if desk.actor.id in {item["owner_id"], *(a["owner_id"] for a in item["actions"])}:
        raise ProblemsError([Problem("verifier", "same_person", N_(
            "Who fixes it does not check it: another person must verify."))])  # fmt: skip
    if not held and not note.strip():
        raise ProblemsError([Problem("note", "required", N_("Write what came back."))])
    with desk.write(N_("Recheck {number}"), number=item["item_no"]) as uow:
        uow.update("improvement_recheck", recheck_id, {
            "held": int(held), "done_at": uow.now, "checker_id": desk.actor.id,
            "note": note.strip(),
        })  # fmt: skip
        again = None if held else lifecycle.find(MACHINE, item["status"], "recur", desk.roles)
        if again is not None:
            uow.update("improvement_item", item["id"], _changed(uow, item, again, {}))
            _drop_rechecks(uow, item["id"])
    return Outcome(None, uow.changes)


def baseline_of(item: Mapping[str, Any]) -> Fraction | None:
    """Return the exact value an item was raised with, where it was kept."""
    value = item["snapshot"].get("value")
    if value is not None:
        return Fraction(value)
    return None if item["baseline"] is None else Fraction(str(item["baseline"]))
