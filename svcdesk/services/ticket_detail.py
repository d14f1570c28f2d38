"""One ticket with everything its pane shows, read in one moment of the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from svcdesk.domain import lifecycle
from svcdesk.services import attachments, customers, duplicates
from svcdesk.services.ticket_rows import facts, stored
from svcdesk.store import complaint_parts, derived, records, ticket_parts

if TYPE_CHECKING:
    from svcdesk.domain.statemachine import Transition
    from svcdesk.services.desk import Desk
    from svcdesk.services.duplicates import Suspect
    from svcdesk.store.connection import Connection


@dataclass(frozen=True)
class MergedIn:
    """A ticket that was merged into the one shown; its history stays its own."""

    id: int
    number: str
    events: list[dict[str, Any]]


@dataclass(frozen=True)
class TicketDetail:
    """A ticket with everything its pane shows."""

    ticket: dict[str, Any]
    customer: dict[str, Any]
    events: list[dict[str, Any]]
    visits: list[dict[str, Any]]
    callbacks: list[dict[str, Any]]
    product: dict[str, Any] | None
    steps: list[Transition]
    pauses: list[tuple[int, int | None]]
    handoffs: list[dict[str, Any]] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)
    work: list[dict[str, Any]] = field(default_factory=list)
    breaches: list[dict[str, Any]] = field(default_factory=list)
    surveys: list[dict[str, Any]] = field(default_factory=list)
    complaints: list[dict[str, Any]] = field(default_factory=list)  # linked with it
    merged_in: list[MergedIn] = field(default_factory=list)
    merged_into: tuple[int, str] | None = None  # where it ended up, by way of others
    suspects: list[Suspect] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)

    @property
    def open_handoffs(self) -> list[dict[str, Any]]:
        """The requests to departments that are not answered yet."""
        return [h for h in self.handoffs if h["answered_at"] is None and h["cancelled_at"] is None]

    @property
    def next_visit(self) -> dict[str, Any] | None:
        """The visit that is planned or under way."""
        return next((v for v in self.visits if v["outcome"] is None), None)


def get(desk: Desk, ticket_id: int) -> TicketDetail:
    """Return a ticket with customer, history, all that belongs to it and the steps open now."""
    with desk.reading() as connection:
        ticket = stored(desk, ticket_id)
        product_id = ticket["product_id"]

        def of(table: str, order: str = "id") -> list[dict[str, Any]]:
            return records.children(connection, table, "ticket_id", ticket_id, order)

        return TicketDetail(
            ticket,
            customers.get(desk, ticket["customer_id"]),
            of("ticket_event", "seq"),
            of("visit", "seq"),
            of("callback"),
            records.get(connection, "product", product_id) if product_id else None,
            lifecycle.allowed(lifecycle.TICKET, facts(desk, ticket), desk.roles, desk.clock.now()),
            derived.pauses_of(connection, ticket_id),
            handoffs=of("handoff"),
            links=ticket_parts.links(connection, ticket_id),
            work=of("work_entry"),
            breaches=of("sla_breach"),
            surveys=of("survey"),
            complaints=complaint_parts.complaints_of_ticket(connection, ticket_id),
            merged_in=_merged_in(connection, ticket_id),
            merged_into=_merged_into(connection, ticket),
            suspects=duplicates.of_ticket(desk, connection, ticket),
            checks=of("checklist_item", "sort, id"),
            attachments=attachments.of_record(desk, "ticket", ticket_id),
        )


def _merged_in(connection: Connection, ticket_id: int) -> list[MergedIn]:
    return [
        MergedIn(key, number, records.children(connection, "ticket_event", "ticket_id", key, "seq"))
        for key, number in ticket_parts.merged_in(connection, ticket_id)
    ]


def _merged_into(connection: Connection, ticket: dict[str, Any]) -> tuple[int, str] | None:
    if ticket["status"] != "merged":
        return None
    target = ticket_parts.merge_target(connection, ticket["id"])
    number = records.numbers_of(connection, "ticket", "ticket_no", [target]).get(target, "")
    return target, number


def find_by_number(desk: Desk, number: str) -> int | None:
    """Return the key of the ticket that people call ``number``."""
    return records.key_of(desk.reader, "ticket", "ticket_no", number.strip().upper())
