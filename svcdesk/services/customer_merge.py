"""Merging two customers who are one, with a preview; taking the merge apart again.

History follows the survivor: his tickets, complaints, callbacks, answers, orders and places in
contact plans name him from then on. The other record stays, marked with where it went.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services import customer_tiers, customers, detection
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import customer_merge as store
from svcdesk.store import customers as rows
from svcdesk.store.customer_merge import Merged
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FIELDS", "JOINED", "Merged", "Preview", "Suggestion", "merge", "merged", "preview",
           "suggestions", "survivor", "unmerge"]  # fmt: skip

# fields of which one is chosen; those of JOINED take both
FIELDS = ("name", "kind", "phones", "wechat", "email", "address", "region", "spend_12m",
          "order_count_12m", "manager_id", "notes", "opt_out", "consent_at")  # fmt: skip
JOINED = frozenset({"phones", "spend_12m", "order_count_12m", "notes", "opt_out"})
KEEP, TAKE, BOTH = "target", "source", "both"


@dataclass(frozen=True)
class Preview:
    """Both customers, the value that each field would get, and how much moves."""

    target: dict[str, Any]
    source: dict[str, Any]
    choices: dict[str, str]
    values: dict[str, Any]
    moves: dict[str, int]


@dataclass(frozen=True)
class Suggestion:
    """Customers that share a phone: (key, number, name), the oldest first."""

    phone: str
    customers: tuple[tuple[int, str, str], ...]


def survivor(desk: Desk, customer_id: int) -> int:
    """Return who stands for a customer now: himself, or the one he was merged into."""
    return rows.survivors(desk.reader).get(customer_id, customer_id)


def merged(desk: Desk, customer_id: int) -> list[Merged]:
    """Return the customers that were merged into this one."""
    return store.merged_into(desk.reader, customer_id)


def suggestions(desk: Desk, limit: int = 100) -> list[Suggestion]:
    """Return groups of customers with the same phone: candidates for merging."""
    found = []
    for phone, keys in store.same_phone_pairs(desk.reader, limit):
        people = [rows.get(desk.reader, key) for key in sorted(keys)]
        found.append(
            Suggestion(phone, tuple((p["id"], p["customer_no"], p["name"]) for p in people if p))
        )
    return found


def _default(name: str, target: Mapping[str, Any], source: Mapping[str, Any]) -> str:
    if target[name] in (None, "", [], 0) and source[name] not in (None, "", [], 0):
        return TAKE
    both = name in JOINED and source[name] not in (None, "", [], 0) and source[name] != target[name]
    return BOTH if both else KEEP


def _value(name: str, choice: str, target: Mapping[str, Any], source: Mapping[str, Any]) -> Any:
    if choice != BOTH:
        return (source if choice == TAKE else target)[name]
    first, second = target[name], source[name]
    if name == "phones":
        return list(dict.fromkeys([*first, *second]))
    if name == "notes":
        return "\n".join(text for text in (first, second) if text)
    if name == "opt_out":
        return int(bool(first or second))
    return (first or 0) + (second or 0)


def preview(
    desk: Desk, source_id: int, target_id: int, choices: Mapping[str, str] | None = None
) -> Preview:
    """Return what merging ``source_id`` into ``target_id`` would give; nothing is written.

    ``choices``: per field ``target``, ``source`` or (for those of :data:`JOINED`) ``both``; what
    is not chosen is filled from the other where it is empty.
    """
    with desk.reading() as connection:
        target, source = rows.get(connection, target_id), rows.get(connection, source_id)
        if target is None or source is None:
            raise UserError("This customer does not exist any more.", code="gone")
        _refuse(target, source)
        moves = store.counts(connection, source_id)
    chosen = {name: _default(name, target, source) for name in FIELDS}
    chosen.update({k: v for k, v in (choices or {}).items() if k in FIELDS})
    wrong = [name for name, choice in chosen.items() if choice == BOTH and name not in JOINED]
    if wrong:
        raise ProblemsError(
            [Problem(wrong[0], "choice", N_("Only one of the two values can stay here."))]
        )
    values = {name: _value(name, choice, target, source) for name, choice in chosen.items()}
    return Preview(target, source, chosen, values, moves)


def _refuse(target: Mapping[str, Any], source: Mapping[str, Any]) -> None:
    if target["id"] == source["id"]:
        raise UserError("This is the same customer. Choose another one.", code="same_customer")
    for customer in (target, source):
        customers.refuse_processing(customer)
        if customer["merged_into_id"] is not None:
            raise UserError(
                "{number} was merged already. Choose the customer who stands for it now.",
                code="merged_already",
                number=customer["customer_no"],
            )


def merge(
    desk: Desk, source_id: int, target_id: int, choices: Mapping[str, str] | None = None
) -> Outcome[int]:
    """Merge ``source_id`` into ``target_id``; one step of undo."""
    desk.require(Permission.EDIT_CUSTOMERS)
    plan = preview(desk, source_id, target_id, choices)
    with desk.write(
        N_("Merge {source} into {target}"),
        source=plan.source["customer_no"],
        target=plan.target["customer_no"],
    ) as uow:
        store.move(uow, source_id, target_id)
        values = {k: v for k, v in plan.values.items() if v != plan.target[k]}
        if not plan.target["tier_manual"] and plan.source["tier_manual"]:
            values |= {k: plan.source[k] for k in ("tier_manual", "tier_note", "tier_until")}
        rows.update(uow, target_id, values, None)
        uow.update("customer", source_id, {"merged_into_id": target_id})
        detection.settle(uow, desk)
        customer_tiers.refresh(uow, desk, target_id)
    return Outcome(target_id, uow.changes)


def unmerge(desk: Desk, source_id: int) -> Outcome[int]:
    """Take a merge apart: the rows it moved go back, what came later stays with the survivor."""
    desk.require(Permission.EDIT_CUSTOMERS)
    source = rows.get(desk.reader, source_id)
    if source is None or source["merged_into_id"] is None:
        raise UserError("This customer is not merged into another one.", code="not_merged")
    target_id = int(source["merged_into_id"])
    now_at = survivor(desk, source_id)
    with desk.write(N_("Take the merge of {number} apart"), number=source["customer_no"]) as uow:
        store.take_apart(uow, source_id, target_id, now_at)
        detection.settle(uow, desk)
        customer_tiers.refresh(uow, desk, source_id, target_id, now_at)
    return Outcome(source_id, uow.changes)
