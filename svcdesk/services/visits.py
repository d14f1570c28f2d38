"""Visits on site: the promised window, who moved it, arrival and outcome (domain.md 2.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem, blocking
from svcdesk.domain.ticket import Party, VisitOutcome
from svcdesk.domain.validation import validate
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.ticket_rows import event, refresh, require_open, stored
from svcdesk.store import records
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

WINDOW_SECONDS = 30 * 60  # from the start, unless another end is promised


def problems(desk: Desk, values: Mapping[str, Any]) -> list[Problem]:
    """Return what is missing in a planned visit."""
    found = [p for p in blocking(validate("visit", _whole(values), desk.clock.now()))
             if p.field != "ticket"]  # fmt: skip
    if not values.get("technician_id"):
        found.append(Problem("technician", "required", N_("Choose the technician.")))
    return found


def _whole(values: Mapping[str, Any]) -> dict[str, Any]:
    start = values.get("window_start")
    end = values.get("window_end") or (None if start is None else int(start) + WINDOW_SECONDS)
    return {**values, "window_end": end}


def plan(desk: Desk, ticket_id: int, values: Mapping[str, Any]) -> Outcome[int]:
    """Plan a visit.

    ``values``: ``technician_id``, ``window_start``, ``window_end`` (default: 30 minutes later)
    and ``promised``: whether the customer was told the window (default: yes).
    """
    desk.require(Permission.EDIT_TICKETS)
    ticket = stored(desk, ticket_id)
    require_open(ticket)
    row = _whole(values)
    faults = problems(desk, row)
    if faults:
        raise ProblemsError(faults)
    with desk.write(N_("Plan a visit: {number}"), number=ticket["ticket_no"]) as uow:
        key = uow.insert(
            "visit",
            {
                "ticket_id": ticket_id,
                "seq": records.next_seq(uow.connection, "visit", "ticket_id", ticket_id),
                "technician_id": row["technician_id"],
                "window_start": row["window_start"],
                "window_end": row["window_end"],
                "promised_at": uow.now if values.get("promised", True) else None,
                "dispatched_at": uow.now,
                "note": str(values.get("note") or ""),
            },
        )
        event(uow, ticket_id, "visit_planned", new=str(row["window_start"]),
              visible=bool(values.get("promised", True)))  # fmt: skip
        refresh(uow, desk, ticket_id)
    return Outcome(key, uow.changes)


def _planned(desk: Desk, visit_id: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a visit that is not over, and its ticket."""
    visit = records.get(desk.reader, "visit", visit_id)
    if visit is None:
        raise UserError("This visit does not exist any more.", code="gone")
    if visit["outcome"] is not None:
        raise UserError("This visit is over. Plan a new one.", code="over")
    return visit, stored(desk, visit["ticket_id"])


def move(desk: Desk, visit_id: int, values: Mapping[str, Any]) -> Outcome[int]:
    """Move the window; ``by`` says who wanted it (customer or company).

    A window that we moved after it was promised counts as not on time for good: a later wish of
    the customer does not take it out of the statistics.
    """
    desk.require(Permission.EDIT_TICKETS)
    visit, ticket = _planned(desk, visit_id)
    if visit["arrived_at"] is not None:
        raise UserError("The technician has arrived; the window cannot be moved.", code="arrived")
    row = _whole({"technician_id": visit["technician_id"], **values})
    faults = problems(desk, row)
    by = values.get("by")
    if by not in set(Party):
        faults.append(Problem("by", "required", N_("Choose who moved it.")))
    if faults:
        raise ProblemsError(faults)
    moved_by_us = visit["rescheduled_by"] == Party.COMPANY and visit["promised_at"] is not None
    with desk.write(N_("Move a visit: {number}"), number=ticket["ticket_no"]) as uow:
        uow.update(
            "visit",
            visit_id,
            {
                "window_start": row["window_start"],
                "window_end": row["window_end"],
                "technician_id": row["technician_id"],
                "rescheduled_by": str(Party.COMPANY) if moved_by_us else by,
            },
        )
        event(uow, ticket["id"], "visit_rescheduled", name=str(by),
              old=str(visit["window_start"]), new=str(row["window_start"]),
              text=str(values.get("note") or ""), visible=True)  # fmt: skip
        refresh(uow, desk, ticket["id"])
    return Outcome(visit_id, uow.changes)


def arrive(desk: Desk, visit_id: int, at: int | None = None) -> Outcome[int]:
    """Note that the technician is there; the customer notices it, so it is a response (2.5)."""
    desk.require(Permission.EDIT_TICKETS)
    visit, ticket = _planned(desk, visit_id)
    now = desk.clock.now()
    moment = now if at is None else at
    if visit["arrived_at"] is not None:
        raise UserError("The arrival is noted already.", code="arrived")
    if moment > now:
        raise ProblemsError([Problem("arrived_at", "order", N_("That is in the future."))])
    if moment < ticket["created_at"]:
        text = N_("That is before the ticket was received.")
        raise ProblemsError([Problem("arrived_at", "order", text)])
    with desk.write(N_("Arrival: {number}"), number=ticket["ticket_no"]) as uow:
        uow.update("visit", visit_id, {"arrived_at": moment})
        event(uow, ticket["id"], "visit_arrived", at=moment, visible=True)
        refresh(uow, desk, ticket["id"])
    return Outcome(visit_id, uow.changes)


def finish(desk: Desk, visit_id: int, values: Mapping[str, Any]) -> Outcome[int]:
    """Note how a visit ended: ``outcome``, and when known ``left_at``, ``parts_used``, ``note``."""
    desk.require(Permission.EDIT_TICKETS)
    visit, ticket = _planned(desk, visit_id)
    outcome = values.get("outcome")
    now = desk.clock.now()
    left = int(values.get("left_at") or now)
    faults = []
    if outcome not in set(VisitOutcome) - {VisitOutcome.CANCELLED}:
        faults.append(Problem("outcome", "required", N_("Choose how the visit ended.")))
    if outcome != VisitOutcome.CUSTOMER_ABSENT and visit["arrived_at"] is None:
        faults.append(Problem("arrived_at", "required", N_("Note the arrival first.")))
    if left > now or (visit["arrived_at"] is not None and left < visit["arrived_at"]):
        faults.append(
            Problem("left_at", "order", N_("The visit ends after the arrival and not in future."))
        )
    if faults:
        raise ProblemsError(faults)
    with desk.write(N_("Visit ended: {number}"), number=ticket["ticket_no"]) as uow:
        uow.update(
            "visit",
            visit_id,
            {
                "outcome": outcome,
                "left_at": left,
                "parts_used": values.get("parts_used") or None,
                "note": str(values.get("note") or visit["note"]),
            },
        )
        text = str(values.get("note") or "")
        if outcome == VisitOutcome.DONE:
            event(uow, ticket["id"], "visit_done", at=left, text=text, visible=True)
        else:
            event(uow, ticket["id"], "internal_note", at=left, name="visit_ended",
                  new=str(outcome), text=text)  # fmt: skip
        refresh(uow, desk, ticket["id"])
    return Outcome(visit_id, uow.changes)


def cancel(desk: Desk, visit_id: int, by: str, note: str = "") -> Outcome[int]:
    """Cancel a visit; ``by`` says who: what the customer cancels leaves the on-time rate."""
    desk.require(Permission.EDIT_TICKETS)
    visit, ticket = _planned(desk, visit_id)
    if by not in set(Party):
        raise ProblemsError([Problem("by", "required", N_("Choose who cancelled it."))])
    with desk.write(N_("Cancel a visit: {number}"), number=ticket["ticket_no"]) as uow:
        uow.update(
            "visit",
            visit_id,
            {"outcome": str(VisitOutcome.CANCELLED), "cancelled_by": by,
             "note": note or visit["note"]},
        )  # fmt: skip
        event(uow, ticket["id"], "internal_note", name="visit_cancelled", new=by, text=note)
        refresh(uow, desk, ticket["id"])
    return Outcome(visit_id, uow.changes)


def lateness(visit: Mapping[str, Any], now: int) -> int:
    """Return by how many seconds the technician was, or is, later than the promised window."""
    if visit["outcome"] == VisitOutcome.CANCELLED:
        return 0
    arrived = visit["arrived_at"]
    if arrived is None and visit["outcome"] is not None:
        return 0
    moment = now if arrived is None else arrived
    return max(0, int(moment) - int(visit["window_end"]))
