"""Who answers for a complaint that came again: cause, measure, department, person (C8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services.complaint_detail import sees_penalty
from svcdesk.services.complaint_rows import event, stored, trace_of
from svcdesk.services.desk import Desk, Outcome
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS = ("cause", "measure", "penalty_note")


def save(desk: Desk, complaint_id: int, values: Mapping[str, Any]) -> Outcome[int]:
    """Write the trace; a note on a penalty and its name on a person are a supervisor's."""
    desk.require(Permission.EDIT_COMPLAINTS)
    complaint = stored(desk, complaint_id)
    before = trace_of(desk, complaint_id)
    penalty = values.get("penalty_note")
    if penalty is not None and not sees_penalty(desk):
        raise UserError("Notes on penalties are for supervisors only.", code="not_allowed")
    faults = []
    if not str(values.get("cause") or "").strip():
        faults.append(Problem("cause", "required", N_("Write why it came again.")))
    item = desk.reference.items.get(values.get("department_id") or 0)
    if item is None or item.list != "department":
        text = N_("Choose the responsible department.")
        faults.append(Problem("department", "required", text))
    if faults:
        raise ProblemsError(faults)
    fault = values.get("personal_fault")
    row: dict[str, Any] = {
        "cause": str(values["cause"]).strip(),
        "measure": str(values.get("measure") or "").strip(),
        "department_id": values["department_id"], "person_id": values.get("person_id"),
        "personal_fault": None if fault is None else int(fault),
    }  # fmt: skip
    if sees_penalty(desk):
        row["penalty_note"] = str(penalty or "").strip()
    with desk.write(N_("Trace responsibility: {number}"), number=complaint["complaint_no"]) as uow:
        if before is None:
            uow.insert("complaint_trace", {"complaint_id": complaint_id, **row})
        else:
            uow.update("complaint_trace", before["id"], row)
        # the history is read by all: it says that it was traced, never the penalty
        event(uow, complaint_id, "note", name="trace", text=row["cause"],
              department_id=row["department_id"])  # fmt: skip
    return Outcome(complaint_id, uow.changes)
