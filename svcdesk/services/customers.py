"""Customers: found while typing, made in passing, kept with their tier."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem, blocking
from svcdesk.domain.text import normalise_phone
from svcdesk.domain.validation import validate
from svcdesk.i18n.catalog import N_
from svcdesk.services import callback_rules, customer_tiers
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import customers as rows
from svcdesk.store import search
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

PHONE_DIGITS = 11  # what two writings of one number have in common


@dataclass(frozen=True)
class Match:
    """A customer that fits what is being typed."""

    id: int
    name: str
    phone: str


@dataclass(frozen=True)
class SamePhone:
    """Another customer with the same phone."""

    id: int
    number: str
    name: str
    phone: str


def get(desk: Desk, customer_id: int) -> dict[str, Any]:
    """Return a customer with phones, tier and complaints of the last 12 months."""
    found = rows.get(desk.reader, customer_id)
    if found is None:
        raise UserError("This customer does not exist any more.", code="gone")
    found["complaints_12m"] = rows.recent_complaints(
        desk.reader, customer_id, customer_tiers.since(desk)
    )
    return found


def number_of(connection: Connection, customer_id: int) -> str:
    """Return the number of a customer, also of one who is deleted."""
    return rows.number_of(connection, customer_id)


def refuse_erased(customer: Mapping[str, Any]) -> None:
    """Refuse to enter new data about somebody who was erased."""
    if customer["erased_at"] is not None:
        raise UserError(
            "{number} was erased. Enter the person as a new customer.",
            code="erased",
            number=customer["customer_no"],
        )


def refuse_processing(customer: Mapping[str, Any]) -> None:
    """Refuse to use or change the data of somebody who was erased or is only to be kept."""
    refuse_erased(customer)
    if customer["restricted"]:
        raise UserError(
            "The data of {number} are only kept: their processing is restricted. A supervisor "
            "can lift the restriction.",
            code="restricted",
            number=customer["customer_no"],
        )


def suggest(desk: Desk, text: str, limit: int = 8) -> list[Match]:
    """Return customers whose phone, name, initials or number fits ``text``."""
    found: list[tuple[int, str, str]] = []
    digits = normalise_phone(text)
    if digits.isdigit() and len(digits) >= 4:
        found = rows.by_phone(desk.reader, digits[-PHONE_DIGITS:], limit)
        if found:
            return [Match(*row) for row in found]
    words = text.strip().lower()
    if words.isascii() and words.isalpha() and len(words) > 1:
        found = rows.by_initials(desk.reader, words, limit)
    matches = [Match(*row) for row in found]
    known = {match.id for match in matches}
    for key, _table in search.find(desk.reader, text, ["customer"], limit):
        customer = rows.get(desk.reader, key) if key not in known else None
        if customer is not None and customer["merged_into_id"] is None:
            phones = customer["phones"]
            matches.append(Match(key, customer["name"], phones[0] if phones else ""))
    return matches[:limit]


def problems(desk: Desk, values: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with a customer's values; an odd phone is advice only (AB11)."""
    return validate("customer", values, desk.clock.now())


def form_problems(desk: Desk, entity: str, form: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong in a record's form, and in the ``new_customer`` entered with it."""
    newcomer = form.get("new_customer")
    if not newcomer:
        return validate(entity, form, desk.clock.now())
    found = [replace(p, field=f"new_customer.{p.field}") for p in problems(desk, newcomer)]
    return found + validate(entity, {**form, "customer": newcomer.get("name")}, desk.clock.now())


def _checked(desk: Desk, values: Mapping[str, Any]) -> dict[str, Any]:
    row = dict(values)
    if "phones" in row:
        cleaned = (normalise_phone(phone) for phone in row["phones"])
        row["phones"] = list(dict.fromkeys(phone for phone in cleaned if phone))
    faults = blocking(problems(desk, row))
    if faults:
        raise ProblemsError(faults)
    return row


def same_phone(desk: Desk, customer_id: int, phones: Sequence[str]) -> list[SamePhone]:
    """Return the other customers that have one of ``phones``: they may be the same person."""
    cleaned = [normalise_phone(phone) for phone in phones]
    return [SamePhone(*row) for row in rows.sharing_phone(desk.reader, customer_id, cleaned)]


def write(uow: UnitOfWork, desk: Desk, values: Mapping[str, Any]) -> int:
    """Write a new customer inside a unit of work of somebody else.

    A tier given with a new customer is somebody's decision: it counts as chosen by hand.
    """
    row = _checked(desk, values)
    if row.get("tier") == "key":
        row.setdefault("tier_manual", "key")
        row.setdefault("tier_reasons", ["manual"])
    return rows.insert(uow, row, desk.zone)


def of_form(uow: UnitOfWork, desk: Desk, form: Mapping[str, Any]) -> int:
    """Return the key of a form's customer; a ``new_customer`` is written first."""
    chosen = form.get("customer_id")
    if chosen:
        refuse_processing(get(desk, int(chosen)))
    return int(chosen) if chosen else write(uow, desk, form["new_customer"])


def create(desk: Desk, values: Mapping[str, Any]) -> Outcome[int]:
    """Put a customer on the list."""
    desk.require(Permission.EDIT_CUSTOMERS)
    with desk.write(N_("Add customer {name}"), name=str(values.get("name", ""))) as uow:
        key = write(uow, desk, values)
    return Outcome(key, uow.changes)


def change(
    desk: Desk, customer_id: int, values: Mapping[str, Any], version: int | None = None
) -> Outcome[int]:
    """Change a customer; a tier set by hand needs its reason and overrules the rule."""
    desk.require(Permission.EDIT_CUSTOMERS)
    before = get(desk, customer_id)
    refuse_processing(before)
    merged = {**before, **values}
    by_hand = "tier" in values and values["tier"] != before["tier"]
    if by_hand and not merged.get("tier_note"):
        raise ProblemsError(
            [Problem("tier_note", "required", N_("Write why the tier was set by hand."))]
        )
    _checked(desk, merged)
    with desk.write(N_("Change customer {name}"), name=merged["name"]) as uow:
        row = _checked(desk, {**values, "name": merged["name"]})
        if by_hand:
            row["tier_manual"] = values["tier"]
            row["tier_until"] = values.get("tier_until")  # not that of an earlier override
        rows.update(uow, customer_id, row, version)
        if values.get("opt_out") and not before["opt_out"]:
            callback_rules.opted_out(uow, customer_id)
        if by_hand:
            customer_tiers.refresh(uow, desk, customer_id)
    return Outcome(customer_id, uow.changes)


def remove(desk: Desk, customer_id: int) -> Outcome[int]:
    """Delete a customer softly; refused while tickets, complaints or callbacks name him."""
    desk.require(Permission.EDIT_CUSTOMERS)
    before = get(desk, customer_id)
    if rows.is_named(desk.reader, customer_id):
        raise UserError(
            "{name} has tickets, complaints or callbacks. Merge the customer into another one "
            "instead of deleting it.",
            code="in_use",
            name=before["name"],
        )
    with desk.write(N_("Delete customer {name}"), name=before["name"]) as uow:
        uow.remove("customer", customer_id)
    return Outcome(customer_id, uow.changes)
