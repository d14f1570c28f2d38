"""Two tickets that are one case: merge with a choice per field, and the way back (4.6, T14).

Events, visits, callbacks and whatever else belongs to the merged ticket stay its own and are shown
with the target through the merge, so that taking it back is exact. The merge itself is written as
an event of the source; its ``old`` holds what changed in the target.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain import lifecycle
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.ticket_rows import change_fields, event, facts, stored
from svcdesk.store import derived, records, ticket_parts
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.unit_of_work import UnitOfWork

# What a merge may take from the ticket that is merged away.
FIELDS = ("title", "description", "request_type", "product_id", "order_no", "serial_no",
          "channel_id", "issue_id", "issue_sub_id", "priority", "priority_reason", "complexity",
          "resp_dept_id", "region", "contact_at", "promised_at", "created_at")  # fmt: skip
_PARTS = ("ticket_event", "visit", "callback", "work_entry", "handoff", "survey")


@dataclass(frozen=True)
class Difference:
    """A field in which the two tickets differ."""

    name: str
    source: Any
    target: Any


@dataclass(frozen=True)
class MergePreview:
    """What a merge would do."""

    source: dict[str, Any]
    target: dict[str, Any]
    differences: list[Difference]
    parts: dict[str, int]  # table -> how many rows of the source will be shown with the target
    followed: bool  # the ticket chosen was merged itself; this is where it ended up
    other_customer: bool
    products: dict[int, str]  # names of the products of both


def _pair(desk: Desk, source_id: int, chosen_id: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return source and final target; refuse what would make no sense."""
    source = stored(desk, source_id)
    target = stored(desk, ticket_parts.merge_target(desk.reader, chosen_id))
    if target["id"] == source_id:
        text = N_("{number} cannot be merged into itself.")
        raise ProblemsError([_at_target(text, source)])
    if target["status"] == "cancelled":
        text = N_("{number} is cancelled. Restore it first or choose another ticket.")
        raise ProblemsError([_at_target(text, target)])
    faults = lifecycle.check(
        lifecycle.TICKET, facts(desk, source), "merge", desk.roles, desk.clock.now(),
        {"merged_into_id": target["id"]},
    )  # fmt: skip
    if faults:
        raise ProblemsError(faults)
    return source, target


def _at_target(text: str, ticket: Mapping[str, Any]) -> Problem:
    return Problem("merged_into", "choice", text, {"number": ticket["ticket_no"]})


def preview(desk: Desk, source_id: int, target_id: int) -> MergePreview:
    """Return what differs and what will be shown together, before anything is written."""
    with desk.reading() as connection:
        source, target = _pair(desk, source_id, target_id)
        found = [
            Difference(name, source[name], target[name])
            for name in FIELDS
            if (source[name] or None) != (target[name] or None)
        ]
        parts = {
            table: len(records.children(connection, table, "ticket_id", source_id))
            for table in _PARTS
        }
        products = {}
        for key in {source["product_id"], target["product_id"]} - {None}:
            product = records.get(connection, "product", key)
            products[key] = str(product["name"]) if product else ""
        return MergePreview(
            source, target, found, {table: n for table, n in parts.items() if n},
            followed=target["id"] != target_id,
            other_customer=source["customer_id"] != target["customer_id"],
            products=products,
        )  # fmt: skip


def merge(desk: Desk, source_id: int, target_id: int, choices: Mapping[str, str],
          version: int | None = None) -> Outcome[int]:  # fmt: skip
    """Merge ``source`` into ``target``; return the ticket that goes on.

    ``choices``: field -> ``source`` where its value wins; every other one stays the target's. A
    target that was merged itself stands for the ticket it ended up in.
    """
    desk.require(Permission.EDIT_TICKETS)
    source, target = _pair(desk, source_id, target_id)
    taken = {name: source[name] for name in FIELDS if choices.get(name) == "source"}
    with desk.write(
        N_("Merge {number} into {target}"), number=source["ticket_no"], target=target["ticket_no"]
    ) as uow:
        row = {"status": "merged", "merged_into_id": target["id"]}
        uow.update("ticket", source_id, row, version=version)
        changed = _take(uow, target, taken)
        event(uow, source_id, "merged", new=str(target["id"]),
              old=json.dumps(changed, ensure_ascii=False) if changed else None)  # fmt: skip
        event(uow, target["id"], "internal_note", name="merged_in", new=str(source_id))
        derived.refresh_ticket(uow, source_id, desk.reference)
        derived.refresh_ticket(uow, target["id"], desk.reference)
    return Outcome(int(target["id"]), uow.changes)


def _take(
    uow: UnitOfWork, target: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """Write chosen values to the target; the time of receipt is no ordinary field."""
    changed = change_fields(uow, target, {n: v for n, v in values.items() if n != "created_at"})
    created = values.get("created_at")
    if created is not None and created != target["created_at"]:
        uow.update("ticket", target["id"], {"created_at": created})
        event(uow, target["id"], "field_changed", name="created_at",
              old=str(target["created_at"]), new=str(created))  # fmt: skip
        changed["created_at"] = (target["created_at"], created)
    return changed


def unmerge(desk: Desk, source_id: int, version: int | None = None) -> Outcome[int]:
    """Take a merge back: the source is new again, the target gets back what the merge changed.

    A field of the target that was changed since keeps its later value.
    """
    desk.require(Permission.EDIT_TICKETS)
    source = stored(desk, source_id)
    faults = lifecycle.check(
        lifecycle.TICKET, facts(desk, source), "unmerge", desk.roles, desk.clock.now()
    )
    if faults:
        raise ProblemsError(faults)
    target_id = source["merged_into_id"]
    if target_id is None:  # an import may say "merged" without saying into what
        raise UserError(
            "It is not known what {number} was merged into. Register it anew.",
            code="merge_unknown",
            number=source["ticket_no"],
        )
    target = stored(desk, target_id)
    with desk.write(N_("Undo merge: {number}"), number=source["ticket_no"]) as uow:
        uow.update("ticket", source_id, {"status": "new", "merged_into_id": None}, version=version)
        back = {
            name: old
            for name, (old, new) in _changed_by_merge(desk, source_id).items()
            if target.get(name) == new
        }
        _take(uow, target, back)
        event(uow, source_id, "unmerged")
        event(uow, target_id, "internal_note", name="merged_out", new=str(source_id))
        derived.refresh_ticket(uow, source_id, desk.reference)
        derived.refresh_ticket(uow, target_id, desk.reference)
    return Outcome(source_id, uow.changes)


def _changed_by_merge(desk: Desk, source_id: int) -> dict[str, tuple[Any, Any]]:
    events = records.children(desk.reader, "ticket_event", "ticket_id", source_id, "seq")
    last = next((e for e in reversed(events) if e["type"] == "merged"), None)
    if last is None or not last["old"]:
        return {}
    return {name: (old, new) for name, (old, new) in json.loads(last["old"]).items()}
