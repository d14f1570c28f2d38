"""Minutes spent on a ticket, by activity (features T21)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.domain.ticket import WorkActivity
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.ticket_rows import stored
from svcdesk.store import records
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

QUICK_MINUTES = 15  # of the one-key entry
MOST_MINUTES = 24 * 60


def problems(values: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with an entry."""
    found = []
    minutes = values.get("minutes")
    if not isinstance(minutes, int) or not 1 <= minutes <= MOST_MINUTES:
        found.append(
            Problem(
                "minutes", "range", N_("Enter whole minutes from 1 to {n}."), {"n": MOST_MINUTES}
            )
        )
    if values.get("activity") not in set(WorkActivity):
        found.append(Problem("activity", "required", N_("Choose what the time was spent on.")))
    return found


def add(
    desk: Desk, ticket_id: int, minutes: int, activity: str = "phone", note: str = ""
) -> Outcome[int]:
    """Add time that the acting person has spent until now."""
    desk.require(Permission.EDIT_TICKETS)
    ticket = stored(desk, ticket_id)
    faults = problems({"minutes": minutes, "activity": activity})
    if faults:
        raise ProblemsError(faults)
    with desk.write(N_("{n} min on {number}"), n=minutes, number=ticket["ticket_no"]) as uow:
        key = uow.insert(
            "work_entry",
            {
                "ticket_id": ticket_id,
                "person_id": uow.actor_id,
                "at": uow.now,
                "minutes": minutes,
                "activity": activity,
                "note": note.strip(),
            },
        )
    return Outcome(key, uow.changes)


def remove(desk: Desk, entry_id: int) -> Outcome[int]:
    """Take an entry out."""
    desk.require(Permission.EDIT_TICKETS)
    if records.get(desk.reader, "work_entry", entry_id) is None:
        raise UserError("This entry does not exist any more.", code="gone")
    with desk.write(N_("Remove time spent")) as uow:
        uow.remove("work_entry", entry_id)
    return Outcome(entry_id, uow.changes)


def total(entries: Iterable[Mapping[str, Any]]) -> int:
    """Return the minutes of all entries."""
    return sum(int(entry["minutes"]) for entry in entries)
