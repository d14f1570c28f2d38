"""Everything about one customer on one page (features U1, U6, U10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import N_
from svcdesk.services import customer_merge, customer_tiers, customers
from svcdesk.store import customer_page as store
from svcdesk.store import exports, records
from svcdesk.store.customer_page import Entry, Promise

if TYPE_CHECKING:
    from svcdesk.services.customer_merge import Merged
    from svcdesk.services.customers import SamePhone
    from svcdesk.services.desk import Desk

__all__ = ["CustomerPage", "Entry", "Promise", "get", "note_unmasked"]


@dataclass(frozen=True)
class CustomerPage:
    """A customer with figures, history, promises, and who else he may be or was."""

    customer: dict[str, Any]
    numbers: dict[str, Any]
    history: list[Entry]
    promises: list[Promise]
    same_phone: list[SamePhone]
    merged: list[Merged]
    survivor: dict[str, Any] | None

    @property
    def may_leave(self) -> bool:
        """Whether he complained again although he is a key customer (U10)."""
        return bool(self.customer["tier"] == "key" and self.numbers["repeats"])

    @property
    def next_contact(self) -> Promise | None:
        """The next visit or callback."""
        return next((p for p in self.promises if p.kind in {"visit", "callback"}), None)


def get(desk: Desk, customer_id: int) -> CustomerPage:
    """Return everything about a customer, of one moment of the file."""
    with desk.reading() as connection:
        customer = customers.get(desk, customer_id)
        into = customer["merged_into_id"]
        return CustomerPage(
            customer,
            store.numbers(connection, customer_id, customer_tiers.since(desk)),
            store.history(connection, customer_id),
            store.promises(connection, customer_id),
            customers.same_phone(desk, customer_id, customer["phones"]) if into is None else [],
            customer_merge.merged(desk, customer_id),
            records.get(connection, "customer", customer_merge.survivor(desk, customer_id))
            if into is not None
            else None,
        )


def note_unmasked(desk: Desk, customer_id: int) -> None:
    """Write into the audit log that the acting person saw name and phone in full (2.18)."""
    customers.refuse_processing(customers.get(desk, customer_id))
    with desk.write(N_("Show name and phone"), kind="system") as uow:
        exports.audit(uow, "unmask", {"customer_id": customer_id})
