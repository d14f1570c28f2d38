"""Customers: found while typing, made in passing, kept with their tier."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from svcdesk.domain.localtime import DAY
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem, blocking
from svcdesk.domain.text import normalise_phone
from svcdesk.domain.validation import validate
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import customers as rows
from svcdesk.store import search
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.unit_of_work import UnitOfWork

YEAR = 365 * DAY


@dataclass(frozen=True)
class Match:
    """A customer that fits what is being typed."""

    id: int
    name: str
    phone: str


def get(desk: Desk, customer_id: int) -> dict[str, Any]:
    """Return a customer with phones, tier and complaints of the last 12 months."""
    found = rows.get(desk.reader, customer_id)
    if found is None:
        raise UserError("This customer does not exist any more.", code="gone")
    found["complaints_12m"] = rows.recent_complaints(
        desk.reader, customer_id, desk.clock.now() - YEAR
    )
    return found


def suggest(desk: Desk, text: str, limit: int = 8) -> list[Match]:
    """Return customers whose phone, name, initials or number fits ``text``."""
    digits = normalise_phone(text)
    if digits.isdigit() and len(digits) >= 4:
        return [Match(*row) for row in rows.by_phone(desk.reader, digits, limit)]
    found = []
    for key, _table in search.find(desk.reader, text, ["customer"], limit):
        customer = rows.get(desk.reader, key)
        if customer is not None and customer["merged_into_id"] is None:
            phones = customer["phones"]
            found.append(Match(key, customer["name"], phones[0] if phones else ""))
    return found


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
        row["phones"] = [p for p in (normalise_phone(phone) for phone in row["phones"]) if p]
    faults = blocking(problems(desk, row))
    if faults:
        raise ProblemsError(faults)
    return row


def write(uow: UnitOfWork, desk: Desk, values: Mapping[str, Any]) -> int:
    """Write a new customer inside a unit of work of somebody else."""
    return rows.insert(uow, _checked(desk, values), desk.zone)


def of_form(uow: UnitOfWork, desk: Desk, form: Mapping[str, Any]) -> int:
    """Return the key of a form's customer; a ``new_customer`` is written first."""
    chosen = form.get("customer_id")
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
    """Change a customer; a tier set by hand needs its reason."""
    desk.require(Permission.EDIT_CUSTOMERS)
    before = get(desk, customer_id)
    merged = {**before, **values}
    if "tier" in values and values["tier"] != before["tier"] and not merged.get("tier_note"):
        raise ProblemsError(
            [Problem("tier_note", "required", N_("Write why the tier was set by hand."))]
        )
    _checked(desk, merged)
    with desk.write(N_("Change customer {name}"), name=merged["name"]) as uow:
        rows.update(uow, customer_id, _checked(desk, {**values, "name": merged["name"]}), version)
    return Outcome(customer_id, uow.changes)
