"""Tickets that may be the same case: found while typing, judged by a person (domain.md 4.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.people import Permission
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import records, ticket_parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.connection import Connection

SHOWN = 5


@dataclass(frozen=True)
class Suspect:
    """A ticket that may be the same case."""

    id: int
    number: str
    title: str
    created_at: int
    status: str
    owner_id: int | None


def _window(desk: Desk) -> int:
    return int(desk.reference.settings["duplicate_ticket_minutes"]) * 60


def _suspects(connection: Connection, values: Mapping[str, Any], at: int,
              window: int) -> list[Suspect]:  # fmt: skip
    """Apply the rule: same customer and issue type, same product or one blank, within 30 min."""
    found = ticket_parts.similar_tickets(
        connection, int(values["customer_id"]), values.get("issue_id"), at - window, at + window
    )
    product = values.get("product_id")
    return [
        Suspect(row["id"], row["number"], row["title"], row["created_at"], row["status"],
                row["owner_id"])
        for row in found
        if product is None or row["product_id"] is None or row["product_id"] == product
    ]  # fmt: skip


def similar(desk: Desk, values: Mapping[str, Any]) -> list[Suspect]:
    """Return up to five tickets that the one being typed may repeat."""
    if not values.get("customer_id"):
        return []
    at = int(values.get("created_at") or desk.clock.now())
    return _suspects(desk.reader, values, at, _window(desk))[:SHOWN]


def of_ticket(desk: Desk, connection: Connection, ticket: Mapping[str, Any]) -> list[Suspect]:
    """Return the tickets that an existing one may repeat, without those already judged."""
    if ticket["status"] in {"merged", "cancelled"}:
        return []
    key = int(ticket["id"])
    found = [
        suspect
        for suspect in _suspects(connection, ticket, int(ticket["created_at"]), _window(desk))
        if suspect.id != key and suspect.status != "cancelled"
    ]
    if not found:
        return []
    judged = ticket_parts.not_the_same(connection, key)
    judged |= {link["other_id"] for link in ticket_parts.links(connection, key)}
    return [suspect for suspect in found if suspect.id not in judged][:SHOWN]


def deny(desk: Desk, ticket_id: int, other_id: int) -> Outcome[int]:
    """Keep the verdict that two tickets are different cases; it is not asked again."""
    desk.require(Permission.EDIT_TICKETS)
    numbers = records.numbers_of(desk.reader, "ticket", "ticket_no", [ticket_id, other_id])
    with desk.write(
        N_("{number} and {other} are different cases"),
        number=numbers.get(ticket_id, ""),
        other=numbers.get(other_id, ""),
    ) as uow:
        if other_id in ticket_parts.not_the_same(uow.connection, ticket_id):
            return Outcome(ticket_id, uow.changes)
        uow.insert(
            "detection_verdict",
            {
                "rule": "duplicate",
                "ticket_id": min(ticket_id, other_id),
                "other_id": max(ticket_id, other_id),
                "verdict": "denied",
            },
        )
    return Outcome(ticket_id, uow.changes)
