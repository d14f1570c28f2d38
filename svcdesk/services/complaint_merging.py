"""Two complaints that are one: merge with a choice per field, and the way back (2.19).

What belongs to the merged complaint stays its own and is shown with the target, so that taking
the merge back is exact. The merge is an event of the source; its ``old`` holds what changed in
the target.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain import lifecycle
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services import callback_rules
from svcdesk.services.complaint_rows import event, facts, settle, stored, told, write_fields
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import complaint_parts, records
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.unit_of_work import UnitOfWork

# What a merge may take from the complaint that is merged away.
FIELDS = ("description", "channel_id", "product_id", "order_no", "serial_no", "category_id",
          "category_sub_id", "pain_tags", "demand", "demand_amount", "severity", "on_behalf",
          "region", "resp_dept_id", "resp_person_id", "handler_id", "complained_of_id",
          "received_at")  # fmt: skip
_PARTS = ("complaint_event", "complaint_department", "complaint_case", "complaint_ticket",
          "callback", "exposure_note")  # fmt: skip
_DEAD = frozenset({"rejected", "withdrawn"})


@dataclass(frozen=True)
class Difference:
    """A field in which the two complaints differ."""

    name: str
    source: Any
    target: Any


@dataclass(frozen=True)
class MergePreview:
    """What a merge would do; ``parts``: how many rows of the source are shown with the target."""

    source: dict[str, Any]
    target: dict[str, Any]
    differences: list[Difference]
    parts: int
    followed: bool  # the complaint chosen was merged itself; this is where it ended up
    other_customer: bool
    products: dict[int, str]


def _pair(desk: Desk, source_id: int, chosen_id: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return source and final target; refuse what would make no sense."""
    source = stored(desk, source_id)
    target = stored(desk, complaint_parts.merge_target(desk.reader, chosen_id))
    if target["id"] == source_id:
        text = N_("{number} cannot be merged into itself.")
        raise ProblemsError([_at_target(text, source)])
    if target["status"] in _DEAD:
        text = N_("{number} was rejected or withdrawn. Choose another complaint.")
        raise ProblemsError([_at_target(text, target)])
    faults = lifecycle.check(
        lifecycle.COMPLAINT, facts(desk, source), "merge", desk.roles, desk.clock.now(),
        {"merged_into_id": target["id"]},
    )  # fmt: skip
    if faults:
        raise ProblemsError(faults)
    return source, target


def _at_target(text: str, complaint: Mapping[str, Any]) -> Problem:
    return Problem("merged_into", "choice", text, {"number": complaint["complaint_no"]})


def find(desk: Desk, number: str) -> int | None:
    """Return the complaint with this number."""
    return complaint_parts.find_by_number(desk.reader, "complaint", number)


def preview(desk: Desk, source_id: int, target_id: int) -> MergePreview:
    """Return what differs and what will be shown together, before anything is written."""
    with desk.reading() as connection:
        source, target = _pair(desk, source_id, target_id)
        found = [
            Difference(name, source[name], target[name])
            for name in FIELDS
            if (source[name] or None) != (target[name] or None)
        ]
        products = {}
        for key in {source["product_id"], target["product_id"]} - {None}:
            product = records.get(connection, "product", key)
            products[key] = str(product["name"]) if product else ""
        parts = sum(
            len(records.children(connection, table, "complaint_id", source_id)) for table in _PARTS
        )
        return MergePreview(
            source, target, found, parts, followed=target["id"] != target_id,
            other_customer=source["customer_id"] != target["customer_id"], products=products,
        )  # fmt: skip


def merge(desk: Desk, source_id: int, target_id: int, choices: Mapping[str, str],
          version: int | None = None) -> Outcome[int]:  # fmt: skip
    """Merge ``source`` into ``target``; return the complaint that goes on.

    ``choices``: field -> ``source`` where its value wins; every other one stays the target's. A
    target that was merged itself stands for the complaint it ended up in.
    """
    desk.require(Permission.EDIT_COMPLAINTS)
    source, target = _pair(desk, source_id, target_id)
    values = {name: source[name] for name in FIELDS if choices.get(name) == "source"}
    if "description" in values:
        values["title"] = source["title"]
    numbers = {"number": source["complaint_no"], "target": target["complaint_no"]}
    with desk.write(N_("Merge {number} into {target}"), **numbers) as uow:
        row = {"status": "merged", "merged_into_id": target["id"]}
        uow.update("complaint", source_id, row, version=version)
        changed = _take(uow, target, values)
        event(uow, source_id, "merged", new=str(target["id"]), text=target["complaint_no"],
              old=json.dumps(changed, ensure_ascii=False) if changed else None)  # fmt: skip
        event(uow, target["id"], "note", name="merged_in", new=source["complaint_no"])
        customers = (source["customer_id"], target["customer_id"])
        settle(uow, desk, source_id, customers)
        settle(uow, desk, target["id"], customers)
        callback_rules.gone(uow, "complaint_id", source_id)
    return Outcome(int(target["id"]), uow.changes)


def _take(
    uow: UnitOfWork, target: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """Write chosen values to the target; the time of receipt is no ordinary field."""
    changed = {n: (target[n], v) for n, v in values.items() if (target[n] or None) != (v or None)}
    if not changed:
        return {}
    key = int(target["id"])
    fresh = {name: new for name, (_old, new) in changed.items()}
    write_fields(uow, key, fresh, None, clear=True)
    rest = {name: fresh[name] for name in ("received_at",) if name in fresh}
    if rest:
        uow.update("complaint", key, rest)
    for name, (old, new) in changed.items():
        event(uow, key, "field_changed", name=name, old=told(old), new=told(new))
    return changed


def unmerge(desk: Desk, source_id: int, version: int | None = None) -> Outcome[int]:
    """Take a merge back: the source is registered again, the target gets back what it had.

    A field of the target that was changed since keeps its later value.
    """
    desk.require(Permission.EDIT_COMPLAINTS)
    source = stored(desk, source_id)
    faults = lifecycle.check(
        lifecycle.COMPLAINT, facts(desk, source), "unmerge", desk.roles, desk.clock.now()
    )
    if faults:
        raise ProblemsError(faults)
    if source["merged_into_id"] is None:  # an import may say "merged" without saying into what
        raise UserError(
            "It is not known what {number} was merged into. Register it anew.",
            code="merge_unknown",
            number=source["complaint_no"],
        )
    target = stored(desk, source["merged_into_id"])
    with desk.write(N_("Undo merge: {number}"), number=source["complaint_no"]) as uow:
        row = {"status": "registered", "merged_into_id": None}
        uow.update("complaint", source_id, row, version=version)
        back = {
            name: old for name, (old, new) in _changed_by_merge(desk, source_id).items()
            if target.get(name) == new
        }  # fmt: skip
        _take(uow, target, back)
        event(uow, source_id, "unmerged")
        event(uow, target["id"], "note", name="merged_out", new=source["complaint_no"])
        customers = (source["customer_id"], target["customer_id"])
        settle(uow, desk, source_id, customers)
        settle(uow, desk, target["id"], customers)
    return Outcome(source_id, uow.changes)


def _changed_by_merge(desk: Desk, source_id: int) -> dict[str, tuple[Any, Any]]:
    events = records.children(desk.reader, "complaint_event", "complaint_id", source_id, "seq")
    last = next((e for e in reversed(events) if e["type"] == "merged"), None)
    if last is None or not last["old"]:
        return {}
    return {name: (old, new) for name, (old, new) in json.loads(last["old"]).items()}
