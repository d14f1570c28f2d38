"""Answers that no case was found for: listed, matched by hand, counted apart (V14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services import surveys, tickets
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import imports, records
from svcdesk.store import surveys as store
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

NO_TICKET = N_("There is no ticket with this number.")


@dataclass(frozen=True)
class Clue:
    """What an export says of the case of an answer."""

    ticket_ref: str | None = None
    order_ref: str | None = None
    phone: str | None = None


def find_ticket(connection: Connection, clue: Clue, at: int) -> int | None:
    """Return the ticket of an answer: by its number, by the order, by the phone, in this order.

    Of several the one closest before the answer; a ticket that began after it is never it.
    """
    if clue.ticket_ref:
        for column in ("ticket_no", "external_no"):
            key = records.key_of(connection, "ticket", column, clue.ticket_ref)
            if key is not None:
                return store.closest_before(connection, [key], at)
    if clue.order_ref:
        found = store.tickets_of_order(connection, clue.order_ref)
        if (key := store.closest_before(connection, found, at)) is not None:
            return key
    if clue.phone:
        customers = imports.customers_by_phone(connection, [clue.phone]).get(clue.phone, [])
        return store.closest_before(
            connection, store.tickets_of_customers(connection, customers), at
        )
    return None


def unmatched(desk: Desk) -> list[dict[str, Any]]:
    """Return the answers without a case, newest first."""
    with desk.reading() as connection:
        return store.unmatched(connection)


def count(desk: Desk, start: int = 0, end: int = 1 << 62) -> int:
    """Return how many answers of a span have no case."""
    return store.count_unmatched(desk.reader, start, end)


def match(desk: Desk, answer_id: int, number: str) -> Outcome[int]:
    """Give an answer its ticket by hand; return the survey that it is an answer of."""
    desk.require(Permission.EDIT_CALLBACKS)
    answer = records.get(desk.reader, "survey_answer", answer_id)
    if answer is None or answer["survey_id"] is not None:
        raise UserError(N_("This answer has found its case already."), code="matched")
    ticket = tickets.find_by_number(desk, number.strip()) if number.strip() else None
    if ticket is None:
        raise ProblemsError([Problem("ticket", "unknown", NO_TICKET)])
    row = records.get(desk.reader, "ticket", ticket)
    if row is not None and answer["responded_at"] < row["created_at"]:
        text = N_("The answer is older than the case that it is about.")
        raise ProblemsError([Problem("ticket", surveys.BAD_ORDER, text)])
    with desk.write(N_("Match an answer with {number}"), number=number.strip()) as uow:
        key = attach(uow, desk, answer, ticket)
    return Outcome(key, uow.changes)


def match_again(desk: Desk) -> Outcome[int]:
    """Look once more for the cases of all unmatched answers; return how many were found."""
    desk.require(Permission.EDIT_CALLBACKS)
    found = 0
    with desk.write(N_("Match survey answers with tickets")) as uow:
        for answer in store.unmatched(uow.connection, 1 << 31):
            ticket = find_ticket(uow.connection, clue_of(answer), answer["responded_at"])
            if ticket is not None:
                attach(uow, desk, answer, ticket)
                found += 1
    return Outcome(found, uow.changes)


def clue_of(answer: Mapping[str, Any]) -> Clue:
    """Return what an answer says of its case."""
    return Clue(answer.get("ticket_ref"), answer.get("order_ref"), answer.get("phone"))


def attach(uow: UnitOfWork, desk: Desk, answer: dict[str, Any], ticket: int | None, *,
           by_hand: bool = True) -> int:  # fmt: skip
    """Make a stored answer one of its ticket's survey, or of a new one; return the survey."""
    at = int(answer["responded_at"])
    values: dict[str, Any] = {
        "ticket_id": ticket, "method": answer["method"], "source": answer["source"], "sent_at": at,
    }  # fmt: skip
    closed = store.closing(uow.connection, "ticket", ticket, at) if ticket else None
    asked = None
    if ticket and surveys.is_customer(answer):
        asked = store.of_closing(uow.connection, "ticket", ticket, closed)
    key = int(asked["id"]) if asked else surveys.open_survey(uow, desk, values, closed)
    surveys.add_answer(uow, desk, key, answer, answer_id=int(answer["id"]), by_hand=by_hand)
    return key
