"""Publications about a complaint: register and a note a day until it is calm (4.4, C11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.complaint import ExposureState
from svcdesk.domain.localtime import local_date
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services.complaint_rows import event, stored
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import complaint_parts
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping


def today(desk: Desk) -> str:
    """Return the day of the team's zone, ISO."""
    return local_date(desk.clock.now(), desk.reference.settings["timezone"]).isoformat()


def note_due(desk: Desk, complaint: Mapping[str, Any]) -> bool:
    """Tell whether a publication that is not calm has no note of today yet."""
    if not complaint["social_exposure"] or complaint["exposure_state"] == ExposureState.CALM:
        return False
    last = complaint_parts.last_exposure_day(desk.reader, int(complaint["id"]))
    return last is None or last < today(desk)


def _faults(values: Mapping[str, Any]) -> list[Problem]:
    found = []
    if not str(values.get("text") or "").strip():
        found.append(Problem("text", "required", N_("Write how the publication stands today.")))
    if values.get("state") not in set(ExposureState):
        found.append(Problem("state", "required", N_("Choose how it stands.")))
    reach = values.get("reach")
    if reach is not None and (not isinstance(reach, int) or reach < 0):
        text = N_("“{value}” is no number of views; use a whole number.")
        found.append(Problem("reach", "type", text, {"value": reach}))
    return found


def note(desk: Desk, complaint_id: int, values: Mapping[str, Any]) -> Outcome[int]:
    """Write the note of the day: ``text``, ``state``, ``reach`` when known."""
    desk.require(Permission.EDIT_COMPLAINTS)
    complaint = stored(desk, complaint_id)
    if not complaint["social_exposure"]:
        raise UserError("This complaint is not marked as published.", code="not_exposed")
    faults = _faults(values)
    if faults:
        raise ProblemsError(faults)
    text, state, reach = str(values["text"]).strip(), str(values["state"]), values.get("reach")
    with desk.write(N_("Note on the exposure: {number}"), number=complaint["complaint_no"]) as uow:
        key = uow.insert("exposure_note", {
            "complaint_id": complaint_id, "day": today(desk), "person_id": uow.actor_id,
            "state": state, "reach": reach, "text": text,
        })  # fmt: skip
        row: dict[str, Any] = {"exposure_state": state}
        if reach is not None:
            row["exposure_reach"] = reach
        if complaint["exposure_handler_id"] is None:
            row["exposure_handler_id"] = uow.actor_id
        uow.update("complaint", complaint_id, row)
        event(uow, complaint_id, "note", name="exposure", old=complaint["exposure_state"],
              new=state, text=text)  # fmt: skip
    return Outcome(key, uow.changes)
