"""Which callbacks are planned, and for when (domain.md 2.8, 4.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.store import records
from svcdesk.store.numbers import next_number

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.store.reference import Reference
    from svcdesk.store.unit_of_work import UnitOfWork

HOUR = 3600


def sampled(reference: Reference, at: int) -> bool:
    """Say whether a routine ticket of the moment ``at`` is in the sample for callbacks."""
    return at % 100 < int(reference.settings["callback_sampling"])


def plan(uow: UnitOfWork, desk: Desk, values: dict[str, Any]) -> int | None:
    """Write a callback task, unless the customer refuses callbacks or one is open already."""
    customer = records.get(uow.connection, "customer", values["customer_id"])
    if customer is None or customer["opt_out"]:
        return None
    for column in ("ticket_id", "complaint_id"):
        if values.get(column) and values["kind"] != "low_score":
            known = records.callback_of(uow.connection, column, values[column])
            if known is not None and known[0] in {"planned", "in_progress"}:
                return None
    number = next_number(uow, "callback", uow.now, desk.zone)
    return uow.insert("callback", {"callback_no": number, "planned_by_id": uow.actor_id, **values})


def plan_for_ticket(uow: UnitOfWork, desk: Desk, ticket_id: int) -> int | None:
    """Plan the routine callback of a ticket that was just resolved."""
    ticket = records.get(uow.connection, "ticket", ticket_id)
    if ticket is None or not ticket["callback_required"] or ticket["resolved_at"] is None:
        return None
    hours = int(desk.reference.settings["callback_hours"])
    return plan(
        uow,
        desk,
        {
            "kind": "routine",
            "ticket_id": ticket_id,
            "customer_id": ticket["customer_id"],
            "due_at": ticket["resolved_at"] + hours * HOUR,
        },
    )


def plan_for_complaint(uow: UnitOfWork, desk: Desk, complaint_id: int) -> int | None:
    """Plan the callback of a complaint that was just settled."""
    complaint = records.get(uow.connection, "complaint", complaint_id)
    if complaint is None or complaint["resolved_at"] is None:
        return None
    hours = int(desk.reference.settings["complaint_callback_hours"])
    return plan(
        uow,
        desk,
        {
            "kind": "complaint",
            "complaint_id": complaint_id,
            "customer_id": complaint["customer_id"],
            "due_at": complaint["resolved_at"] + hours * HOUR,
        },
    )


def plan_recovery(uow: UnitOfWork, desk: Desk, survey_id: int) -> int | None:
    """Plan the recovery callback of a low score, within 48 calendar hours (4.9)."""
    survey = records.get(uow.connection, "survey", survey_id)
    low = int(desk.reference.settings["low_score"])
    if survey is None or survey["kind"] != "normal" or survey["responded_at"] is None:
        return None
    if survey["csat"] is None or survey["csat"] > low or survey["customer_id"] is None:
        return None
    hours = int(desk.reference.settings["low_score_hours"])
    return plan(
        uow,
        desk,
        {
            "kind": "low_score",
            "survey_id": survey_id,
            "ticket_id": survey["ticket_id"],
            "complaint_id": survey["complaint_id"],
            "customer_id": survey["customer_id"],
            "due_at": survey["responded_at"] + hours * HOUR,
        },
    )
