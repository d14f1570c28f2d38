"""Put a wrong time right where it was found abnormal; the flag goes when the value is right.

Times of tickets and complaints come from their steps, so the step is corrected and everything that
follows is derived anew; the old and the new value stay in the history with the reason.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from svcdesk.domain import anomalies
from svcdesk.domain.metrics.plain_desk import HUMAN
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services import complaint_rows, surveys, ticket_rows
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import records
from svcdesk.store.data_decisions import values_of
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.unit_of_work import UnitOfWork

# column -> the steps that give it
_TICKET_STEPS: dict[str, frozenset[str]] = {
    "created_at": frozenset({"created"}),
    "first_response_at": frozenset(HUMAN),
    "resolved_at": frozenset({"resolved", "closed"}),
    "closed_at": frozenset({"closed"}),
    "cancelled_at": frozenset({"cancelled"}),
}
_COMPLAINT_STEPS: dict[str, frozenset[str]] = {
    "received_at": frozenset({"registered"}),
    "contacted_at": frozenset({"contacted"}),
    "responded_at": frozenset({"responded"}),
    "interim_feedback_at": frozenset({"interim_feedback"}),
    "resolved_at": frozenset({"resolved", "closed"}),
    "closed_at": frozenset({"closed"}),
    "withdrawn_at": frozenset({"withdrawn"}),
    "rejected_at": frozenset({"rejected"}),
}
_STEPS = {"ticket": _TICKET_STEPS, "complaint": _COMPLAINT_STEPS}
_NUMBERS = {"ticket": "ticket_no", "complaint": "complaint_no", "survey": "survey_no"}
FIELDS: dict[str, frozenset[str]] = {
    "ticket": frozenset(_TICKET_STEPS) | {"contact_at"},
    "complaint": frozenset(_COMPLAINT_STEPS),
    "survey": frozenset({"sent_at", "responded_at"}),
    "visit": frozenset({"dispatched_at", "arrived_at", "left_at"}),
}


def correct(
    desk: Desk, entity: str, record_id: int, field: str, at: int, reason: str
) -> Outcome[int]:  # fmt: skip
    """Give ``field`` of a record the time ``at`` (UTC seconds); refused when that is wrong too."""
    desk.require(Permission.MAKE_REPORTS)
    if field not in FIELDS.get(entity, frozenset()):
        raise UserError(N_("This value cannot be changed here. Open the record."), code="not_here")
    if not reason.strip():
        raise ProblemsError(
            [Problem("reason", "required", N_("Give a reason: the history shows it."))]
        )
    row = values_of(desk.reader, entity, record_id, tuple(records.columns_of(desk.reader, entity)))
    if not row:
        raise UserError(N_("This record does not exist any more."), code="gone")
    number = row.get(_NUMBERS.get(entity, ""), "") or _ticket_no(desk, row)
    with desk.write(N_("Correct a time: {number}"), number=number) as uow:
        if row[field] == at:
            return Outcome(record_id, uow.changes)
        _WRITERS[entity](uow, desk, row, field, at, reason.strip())
        _refuse(uow, entity, record_id)
    return Outcome(record_id, uow.changes)


def _ticket_no(desk: Desk, row: Mapping[str, Any]) -> str:
    found = records.numbers_of(desk.reader, "ticket", "ticket_no", [row["ticket_id"]])
    return found.get(row["ticket_id"], "")


def _refuse(uow: UnitOfWork, entity: str, record_id: int) -> None:
    """Refuse what would be refused when it is typed into the record."""
    names = tuple(records.columns_of(uow.connection, entity))
    row = values_of(uow.connection, entity, record_id, names)
    problems = anomalies.refusals(entity, row, uow.now)
    if problems:
        raise ProblemsError(problems)


def _move_step(
    uow: UnitOfWork, entity: str, row: Mapping[str, Any], field: str, at: int
) -> None:  # fmt: skip
    """Move the steps of a record that stand at the old time of ``field``."""
    kinds, old = _STEPS[entity][field], row[field]
    found = [
        event
        for event in records.children(
            uow.connection, f"{entity}_event", f"{entity}_id", row["id"], "seq"
        )
        if event["at"] == old
        and (event["type"] in kinds or (event["type"] == "status_changed"
                                        and event["new"] in kinds))
    ]  # fmt: skip
    if not found:
        raise UserError(
            N_("No step of this record has that time any more. Open the record."), code="gone"
        )
    for event in found:
        uow.update(f"{entity}_event", event["id"], {"at": at})


def _ticket(uow: UnitOfWork, desk: Desk, row: Mapping[str, Any], field: str, at: int,
            reason: str) -> None:  # fmt: skip
    if field == "contact_at":
        uow.update("ticket", row["id"], {field: at})
    else:
        _move_step(uow, "ticket", row, field, at)
    if field == "created_at":
        uow.update("ticket", row["id"], {field: at})
    ticket_rows.event(uow, row["id"], "field_changed", name=field, old=str(row[field]),
                      new=str(at), text=reason)  # fmt: skip
    ticket_rows.refresh(uow, desk, row["id"])


def _complaint(uow: UnitOfWork, desk: Desk, row: Mapping[str, Any], field: str, at: int,
               reason: str) -> None:  # fmt: skip
    _move_step(uow, "complaint", row, field, at)
    if field == "received_at":
        uow.update("complaint", row["id"], {field: at})
    complaint_rows.event(uow, row["id"], "field_changed", name=field, old=str(row[field]),
                         new=str(at), text=reason)  # fmt: skip
    complaint_rows.settle(uow, desk, row["id"], [row["customer_id"]])


def _survey(uow: UnitOfWork, desk: Desk, row: Mapping[str, Any], field: str, at: int,
            reason: str) -> None:  # fmt: skip
    del reason, desk
    answers = records.children(uow.connection, "survey_answer", "survey_id", row["id"])
    times = {"sent_at": row["sent_at"], "responded_at": row["responded_at"], field: at}
    if field == "responded_at":
        for answer in answers:
            if answer["responded_at"] == row[field]:
                uow.update("survey_answer", answer["id"], {field: at})
    created = None
    if row["ticket_id"] is not None:
        created = values_of(uow.connection, "ticket", row["ticket_id"], ("created_at",))
    begun = created["created_at"] if created else None
    uow.update("survey", row["id"], {field: at})
    for answer in answers:
        moment = at if answer["responded_at"] == row["responded_at"] else answer["responded_at"]
        if field == "sent_at":
            moment = answer["responded_at"]
        flags = _survey_flags(times["sent_at"], moment, begun, uow.now)
        uow.update("survey_answer", answer["id"], {"data_flags": flags})
    if answers:
        surveys.recount(uow, row["id"])
    else:
        flags = _survey_flags(times["sent_at"], times["responded_at"], begun, uow.now)
        uow.update("survey", row["id"], {"data_flags": flags})


def _survey_flags(sent: int, answered: int | None, begun: int | None, now: int) -> str | None:
    record = {"sent_at": sent, "responded_at": answered, "ticket_created_at": begun}
    flags = anomalies.flags("survey", record, now)
    return json.dumps(flags) if flags else None


def _visit(uow: UnitOfWork, desk: Desk, row: Mapping[str, Any], field: str, at: int,
           reason: str) -> None:  # fmt: skip
    uow.update("visit", row["id"], {field: at})
    kinds = {"arrived_at": "visit_arrived", "left_at": "visit_done"}
    for event in records.children(
        uow.connection, "ticket_event", "ticket_id", row["ticket_id"], "seq"
    ):
        if event["type"] == kinds.get(field) and event["at"] == row[field]:
            uow.update("ticket_event", event["id"], {"at": at})
    ticket_rows.event(uow, row["ticket_id"], "field_changed", name=field, old=str(row[field]),
                      new=str(at), text=reason)  # fmt: skip
    ticket_rows.refresh(uow, desk, row["ticket_id"])


_WRITERS = {"ticket": _ticket, "complaint": _complaint, "survey": _survey, "visit": _visit}
