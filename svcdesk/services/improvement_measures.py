"""Measures of an item: who does what until when, how far it is (``domain.md 2.12``, 2.19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain import improvement_lifecycle, lifecycle
from svcdesk.domain.improvement import ActionKind, ActionState, ItemStatus
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem, blocking
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.improvement_rows import FINISHED, OVER, is_day, stored, today
from svcdesk.store import improvements as rows
from svcdesk.store import records
from svcdesk.store.numbers import next_number
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.domain.statemachine import Transition

MACHINE = improvement_lifecycle.ACTION
COLUMNS = ("text", "kind", "owner_id", "due_date", "cost", "hours", "resources", "evidence")
_TEXTS = frozenset({"resources", "evidence"})


def problems(values: Mapping[str, Any]) -> list[Problem]:
    """Return what is missing or wrong in the form of a measure."""
    found = []
    if not str(values.get("text") or "").strip():
        found.append(Problem("text", "required", N_("Say what is to be done.")))
    if values.get("kind") not in set(ActionKind):
        found.append(Problem("kind", "choice", N_("Choose the kind of measure.")))
    if values.get("owner_id") is None:
        found.append(Problem("owner", "required", N_("Choose who is in charge.")))
    if not values.get("due_date"):
        found.append(Problem("due_date", "required", N_("Set the day it is due.")))
    elif not is_day(values["due_date"]):
        found.append(Problem("due_date", "day", N_("Write the day as 2026-03-31.")))
    found += [
        Problem(name, "low", N_("This cannot be below zero."))
        for name in ("cost", "hours")
        if (values.get(name) or 0) < 0
    ]
    return found


def add(desk: Desk, item_id: int, values: Mapping[str, Any]) -> Outcome[int]:
    """Add a measure to an item that is not over."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    item = stored(desk, item_id)
    if item["status"] in OVER:
        raise UserError("{number} is over: it takes no more measures.", code="over",
                        number=item["item_no"])  # fmt: skip
    known = {"kind": "corrective", **values}
    faults = blocking(problems(known))
    if faults:
        raise ProblemsError(faults)
    with desk.write(N_("New measure for {number}"), number=item["item_no"]) as uow:
        row = {name: known[name] for name in COLUMNS if known.get(name) is not None}
        key = uow.insert("action", {
            **row, "text": str(known["text"]).strip(), "item_id": item_id,
            "action_no": next_number(uow, "action", uow.now, desk.zone),
        })  # fmt: skip
    return Outcome(key, uow.changes)


def get(desk: Desk, action_id: int) -> dict[str, Any]:
    """Return a measure, or refuse one that is gone."""
    found = records.get(desk.reader, "action", action_id)
    if found is None:
        raise UserError("This measure was deleted.", code="gone")
    return next(
        a for a in rows.parts(desk.reader, found["item_id"], "action") if a["id"] == action_id
    )


def _require_open(desk: Desk, action: Mapping[str, Any]) -> None:
    """Refuse a measure whose item is over."""
    item = stored(desk, action["item_id"])
    if item["status"] in {ItemStatus.CLOSED, ItemStatus.MERGED}:
        raise UserError("{number} is over: its measures stay as they are.", code="over",
                        number=item["item_no"])  # fmt: skip


def of_open_item(desk: Desk, action_id: int) -> str:
    """Return the number of a measure; refuse one that is gone or whose item is over."""
    action = get(desk, action_id)
    _require_open(desk, action)
    return str(action["action_no"])


def change(
    desk: Desk, action_id: int, values: Mapping[str, Any], version: int | None = None
) -> Outcome[int]:
    """Change a measure."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    before = get(desk, action_id)
    changed = {
        name: value for name, value in values.items()
        if name in COLUMNS and before.get(name) != value
    }  # fmt: skip
    faults = blocking(problems({**before, **changed}))
    if faults:
        raise ProblemsError(faults)
    for name in _TEXTS & changed.keys():
        changed[name] = changed[name] or ""
    with desk.write(N_("Change {number}"), number=before["action_no"]) as uow:
        uow.update("action", action_id, changed, version=version)
    return Outcome(action_id, uow.changes)


def steps(desk: Desk, action: Mapping[str, Any]) -> list[Transition]:
    """Return the steps of a measure that the acting person may take."""
    return lifecycle.allowed(MACHINE, action, desk.roles, desk.clock.now())


def step(
    desk: Desk, action_id: int, to: str, values: Mapping[str, Any] | None = None
) -> Outcome[int]:
    """Take a measure on; ``note`` goes into its log and says what blocks it."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    action, entered = get(desk, action_id), dict(values or {})
    _require_open(desk, action)
    faults = lifecycle.check(
        MACHINE, action, to, desk.roles, desk.clock.now(), entered, actor=desk.actor.id
    )
    transition = lifecycle.find(MACHINE, action["state"], to, desk.roles)
    note = str(entered.get("note") or "").strip()
    if transition is not None and transition.action == "block" and not note:
        faults.append(Problem("note", "required", N_("Write what blocks it.")))
    if faults or transition is None:
        raise ProblemsError(faults)
    with desk.write(N_("{step}: {number}"), step=transition.label,
                    number=action["action_no"]) as uow:  # fmt: skip
        changed: dict[str, Any] = {
            "state": transition.target,
            "blocked_by": note if transition.target == ActionState.BLOCKED else "",
        }
        if transition.target == ActionState.DONE:
            changed["done_at"] = uow.now
        elif transition.target != ActionState.VERIFIED:
            changed["done_at"] = None
        percent = _percent(action, transition)
        changed["progress"] = rows.as_json([
            *action["progress"],
            {"at": uow.now, "percent": percent, "note": note, "state": transition.target},
        ])  # fmt: skip
        uow.update("action", action_id, changed)
    return Outcome(action_id, uow.changes)


def _percent(action: Mapping[str, Any], transition: Transition) -> int:
    if transition.target in {ActionState.DONE, ActionState.VERIFIED}:
        return 100
    reached = percent_of(action)
    return min(reached, 99) if transition.source == ActionState.DONE else reached


def percent_of(action: Mapping[str, Any]) -> int:
    """Return how far a measure is, 0 to 100: as last entered."""
    if action["state"] in {ActionState.DONE, ActionState.VERIFIED}:
        return 100
    return int(action["progress"][-1].get("percent", 0)) if action["progress"] else 0


def log(desk: Desk, action_id: int, percent: int, note: str = "") -> Outcome[int]:
    """Write down how far a measure is; the first entry starts it."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    action = get(desk, action_id)
    if not 0 <= percent <= 100:
        raise ProblemsError([Problem("percent", "range", N_("Progress lies between 0 and 100 %."))])
    if action["state"] in FINISHED:
        raise UserError("{number} is finished.", code="finished", number=action["action_no"])
    with desk.write(N_("Progress of {number}"), number=action["action_no"]) as uow:
        entry = {"at": uow.now, "percent": percent, "note": note.strip()}
        changed: dict[str, Any] = {"progress": rows.as_json([*action["progress"], entry])}
        if action["state"] == ActionState.TODO:
            changed["state"] = str(ActionState.DOING)
        uow.update("action", action_id, changed)
    return Outcome(action_id, uow.changes)


def is_late(desk: Desk, action: Mapping[str, Any]) -> bool:
    """Tell whether a measure is past the end of its due day and not finished."""
    due = action["due_date"]
    return bool(due) and due < today(desk).isoformat() and action["state"] not in FINISHED
