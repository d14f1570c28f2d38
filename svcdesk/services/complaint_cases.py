"""The same complaint at 12315, 12345, a platform or a court: numbers and limits of their own (2.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.complaint import CaseBody
from svcdesk.domain.localtime import DAY
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services.complaint_rows import event, stored
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import complaint_parts, records
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.unit_of_work import UnitOfWork

LONGEST_NUMBER = 60
# bodies that decide on acceptance and mediate within the terms of the settings
_MEDIATING = frozenset({CaseBody.HOTLINE_12315, CaseBody.REGULATOR, CaseBody.CONSUMER_ASSOCIATION})
_COLUMNS = ("body", "case_no", "received_at", "accept_due_at", "accepted_at", "due_at",
            "closed_at", "outcome")  # fmt: skip


def proposed(desk: Desk, body: str, received_at: int) -> dict[str, int | None]:
    """Return the limits proposed for a case: acceptance in working days, mediation in days."""
    if body not in _MEDIATING:
        return {"accept_due_at": None, "due_at": None}
    settings = desk.reference.settings
    calendar = desk.reference.calendar
    return {
        "accept_due_at": calendar.working_day_deadline(received_at, settings["case_accept_days"]),
        "due_at": received_at + settings["case_close_days"] * DAY,
    }


def problems(desk: Desk, complaint_id: int, values: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with a case."""
    found = []
    if values.get("body") not in set(CaseBody):
        found.append(Problem("body", "required", N_("Choose the authority or platform.")))
    number = str(values.get("case_no") or "").strip()
    if not number:
        found.append(Problem("case_no", "required", N_("Enter the number the case has there.")))
    elif len(number) > LONGEST_NUMBER:
        text = N_("Use at most {n} characters.")
        found.append(Problem("case_no", "too_long", text, {"n": LONGEST_NUMBER}))
    received = values.get("received_at")
    if received is None:
        found.append(Problem("received_at", "required", N_("Enter when it came from there.")))
    elif received > desk.clock.now():
        found.append(Problem("received_at", "future", N_("This lies in the future.")))
    for name in ("accept_due_at", "due_at", "accepted_at", "closed_at"):
        moment = values.get(name)
        if moment is not None and received is not None and moment < received:
            text = N_("This cannot lie before the case came in.")
            found.append(Problem(name, "order", text))
    if values.get("closed_at") is not None and not str(values.get("outcome") or "").strip():
        found.append(Problem("outcome", "required", N_("Write how the case ended there.")))
    others = records.children(desk.reader, "complaint_case", "complaint_id", complaint_id)
    if any(
        row["case_no"] == number and row["body"] == values.get("body")
        and row["id"] != values.get("id")
        for row in others
    ):  # fmt: skip
        found.append(Problem("case_no", "twice", N_("This case is entered already.")))
    return found


def _row(values: Mapping[str, Any]) -> dict[str, Any]:
    row = {name: values.get(name) for name in _COLUMNS}
    return {**row, "case_no": str(row["case_no"]).strip(), "outcome": str(row["outcome"] or "")}


def _sync(uow: UnitOfWork, complaint_id: int) -> None:
    """Keep number and next limit of the case due first on the complaint itself."""
    first = complaint_parts.earliest_case_limit(uow.connection, complaint_id)
    number, due = first or (None, None)
    uow.update("complaint", complaint_id, {"external_case": number, "external_due_at": due})


def save(
    desk: Desk, complaint_id: int, values: Mapping[str, Any], case_id: int = 0
) -> Outcome[int]:
    """Enter a case, or change one (``case_id``); a date of closing closes it."""
    desk.require(Permission.EDIT_COMPLAINTS)
    complaint = stored(desk, complaint_id)
    before = records.get(desk.reader, "complaint_case", case_id) if case_id else None
    if case_id and before is None:
        raise UserError("This case does not exist any more.", code="gone")
    known = {**(before or {}), **values, "id": case_id}
    faults = problems(desk, complaint_id, known)
    if faults:
        raise ProblemsError(faults)
    row = _row(known)
    with desk.write(N_("External case: {number}"), number=complaint["complaint_no"]) as uow:
        if before is None:
            case_id = uow.insert("complaint_case", {"complaint_id": complaint_id, **row})
            name = "case_added"
        else:
            uow.update("complaint_case", case_id, row)
            name = _what(before, row)
        text = " ".join(part for part in (row["case_no"], row["outcome"]) if part)
        event(uow, complaint_id, "note", name=name, new=row["body"], text=text)
        _sync(uow, complaint_id)
    return Outcome(case_id, uow.changes)


def _what(before: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """Return what a change of a case tells."""
    if before["closed_at"] is None and row["closed_at"] is not None:
        return "case_closed"
    if before["accepted_at"] is None and row["accepted_at"] is not None:
        return "case_accepted"
    return "case_changed"


def accept(desk: Desk, case_id: int) -> Outcome[int]:
    """Note that the body has accepted the case now."""
    row = _stored_case(desk, case_id)
    return save(desk, row["complaint_id"], {"accepted_at": desk.clock.now()}, case_id)


def close(desk: Desk, case_id: int, outcome: str) -> Outcome[int]:
    """Close a case with its outcome."""
    row = _stored_case(desk, case_id)
    values = {"closed_at": desk.clock.now(), "outcome": outcome.strip()}
    return save(desk, row["complaint_id"], values, case_id)


def remove(desk: Desk, case_id: int) -> Outcome[int]:
    """Take a case out that was entered by mistake."""
    desk.require(Permission.EDIT_COMPLAINTS)
    row = _stored_case(desk, case_id)
    complaint = stored(desk, row["complaint_id"])
    with desk.write(N_("External case: {number}"), number=complaint["complaint_no"]) as uow:
        uow.remove("complaint_case", case_id)
        event(uow, complaint["id"], "note", name="case_changed", old=row["case_no"],
              new=row["body"])  # fmt: skip
        _sync(uow, complaint["id"])
    return Outcome(complaint["id"], uow.changes)


def _stored_case(desk: Desk, case_id: int) -> dict[str, Any]:
    found = records.get(desk.reader, "complaint_case", case_id)
    if found is None:
        raise UserError("This case does not exist any more.", code="gone")
    return found
