"""Quality meetings (复盘会): agenda, points, decisions that become measures, minutes.

A decision that stays open is carried to the next meeting as a point of its own that remembers
where it comes from; whatever becomes of it is seen in every meeting that spoke of it, and it
becomes a measure once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from svcdesk.domain.agenda import Reason, State, reason
from svcdesk.domain.localtime import midnight
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_, Translator, current
from svcdesk.services import improvement_measures
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.improvement_rows import OVER, is_day, stored, today
from svcdesk.store import meetings as rows
from svcdesk.store.meetings import MeetingRow, Point
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.store.unit_of_work import UnitOfWork

__all__ = ["AgendaEntry", "MeetingDetail", "MeetingRow", "Point", "agenda", "get", "last_people", "listed",
           "make_measure", "move", "remove", "remove_point", "save", "save_point",
           "settle"]  # fmt: skip

KINDS = ("decision", "note")
LONGEST_TITLE, LONGEST = 100, 500  # characters


@dataclass(frozen=True)
class MeetingDetail:
    """A meeting with its points in order."""

    meeting: dict[str, Any]
    points: list[Point]


@dataclass(frozen=True)
class AgendaEntry:
    """Something that a new meeting should speak of; ``point`` is the decision carried on."""

    reason: Reason
    text: str
    item_id: int | None
    number: str
    title: str
    point: Point | None = None


def listed(desk: Desk) -> list[MeetingRow]:
    """Return all meetings, the newest first."""
    return rows.listed(desk.reader)


def get(desk: Desk, meeting_id: int) -> MeetingDetail:
    """Return a meeting, or refuse one that is gone."""
    with desk.reading() as connection:
        found = rows.meeting(connection, meeting_id)
        if found is None:
            raise UserError("This meeting was deleted.", code="gone")
        return MeetingDetail(found, rows.points(connection, meeting_id))


def last_people(desk: Desk) -> list[int]:
    """Return who was at the last meeting, for the next one; those who work here no more are left out."""
    found = rows.listed(desk.reader)
    people = desk.reference.people
    present = [] if not found else get(desk, found[0].id).meeting["people"]
    return [key for key in present if key in people and people[key].active]


# -- agenda --------------------------------------------------------------------------------------


def agenda(desk: Desk, t: Translator | None = None) -> list[AgendaEntry]:
    """Propose what a new meeting speaks of: open decisions first, then what waits for something.

    Each item stands there once, under its first reason: overdue, blocked, recheck due, being
    verified, new since the last meeting (with none before: not looked at yet).
    """
    words, day = t or current(), today(desk)
    with desk.reading() as connection:
        last = rows.last_before(connection, day.isoformat())
        held = None if last is None else rows.meeting(connection, last)
        carried = [] if last is None else [p for p in rows.points(connection, last) if p.is_open]
        items = rows.agenda(connection, day.isoformat())
    found = [
        AgendaEntry(Reason.CARRIED, p.text, p.item_id, p.item_number, p.item_title, p)
        for p in carried
    ]
    since = None if held is None else _end_of(desk, held["held_on"])
    spoken_of = {p.item_id for p in carried}
    for item in items:
        fresh = item.status == "identified" if since is None else item.created_at >= since
        why = reason(
            State(item.status, item.target_date, item.late, item.blocked, item.recheck_due, fresh),
            day.isoformat(),
        )
        if why is not None and item.id not in spoken_of:
            found.append(AgendaEntry(why, _why(words, why, item), item.id, item.number, item.title))
    order = list(Reason)
    return sorted(found, key=lambda entry: order.index(entry.reason))


def _end_of(desk: Desk, day: str) -> int:
    after = date.fromisoformat(day) + timedelta(days=1)
    return midnight(after, desk.reference.settings["timezone"])


def _why(t: Translator, why: Reason, item: rows.AgendaRow) -> str:
    if why is Reason.OVERDUE and item.late:
        return t("Overdue (late measures: {n})").format(n=item.late)
    if why is Reason.OVERDUE:
        return t("Overdue (the target was due on {day})").format(day=item.target_date)
    if why is Reason.BLOCKED:
        return t("Blocked (measures that do not go on: {n})").format(n=item.blocked)
    if why is Reason.RECHECK:
        return t("The recheck was due on {day}").format(day=item.recheck_due)
    if why is Reason.VERIFYING:
        return t("Measures are done: does it work?")
    return t("New since the last meeting")


# -- the meeting ---------------------------------------------------------------------------------


def problems(values: Mapping[str, Any]) -> list[Problem]:
    """Return what is missing or wrong in the form of a meeting."""
    found = []
    title = str(values.get("title") or "").strip()
    if not title:
        found.append(Problem("title", "required", N_("Give the meeting a name.")))
    elif len(title) > LONGEST_TITLE:
        found.append(Problem("title", "long", N_("At most {n} characters fit here."),
                             {"n": LONGEST_TITLE}))  # fmt: skip
    if not is_day(values.get("held_on")):
        found.append(Problem("held_on", "day", N_("Write the day as 2026-03-31.")))
    return found


def save(
    desk: Desk, key: int | None, values: Mapping[str, Any], version: int | None = None,
    entries: Sequence[AgendaEntry] = (),
) -> Outcome[int]:  # fmt: skip
    """Write a meeting; a new one begins with the ``entries`` of its agenda as points."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    faults = problems(values)
    if faults:
        raise ProblemsError(faults)
    row = {
        "title": str(values["title"]).strip(), "held_on": values["held_on"],
        "chair_id": values.get("chair_id"), "people": json.dumps(list(values.get("people") or [])),
        "guests": str(values.get("guests") or "").strip(),
        "note": str(values.get("note") or "").strip(),
    }  # fmt: skip
    with desk.write(N_("Meeting {title}"), title=row["title"]) as uow:
        if key is not None:
            uow.update("meeting", key, row, version=version)
            return Outcome(key, uow.changes)
        made = uow.insert("meeting", row)
        for place, entry in enumerate(entries):
            uow.insert("meeting_point", {"meeting_id": made, "sort": place, **_taken(uow, entry)})
    return Outcome(made, uow.changes)


def _taken(uow: UnitOfWork, entry: AgendaEntry) -> dict[str, Any]:
    """Return an entry of the agenda as a point: decisions are carried, all else is looked at."""
    before = None if entry.point is None else rows.point(uow.connection, entry.point.id)
    if before is None:
        return {"kind": "note", "text": entry.text, "item_id": entry.item_id}
    return {
        "kind": "decision", "text": before.text, "item_id": before.item_id,
        "owner_id": before.owner_id, "due_date": before.due, "action_id": before.action_id,
        "carried_from_id": before.id,
    }  # fmt: skip


def remove(desk: Desk, meeting_id: int) -> Outcome[None]:
    """Take a meeting with its points away; measures made of its decisions stay."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    found = get(desk, meeting_id)
    with desk.write(N_("Meeting {title} removed"), title=found.meeting["title"]) as uow:
        for point in found.points:
            uow.remove("meeting_point", point.id)
        uow.remove("meeting", meeting_id)
    return Outcome(None, uow.changes)


# -- points --------------------------------------------------------------------------------------


def point_problems(values: Mapping[str, Any]) -> list[Problem]:
    """Return what is missing or wrong in the form of a point."""
    found = []
    text = str(values.get("text") or "").strip()
    if not text:
        found.append(Problem("text", "required", N_("Write what was said or decided.")))
    elif len(text) > LONGEST:
        found.append(Problem("text", "long", N_("At most {n} characters fit here."),
                             {"n": LONGEST}))  # fmt: skip
    if values.get("kind") not in KINDS:
        found.append(Problem("kind", "choice", N_("Choose a decision or a note.")))
    if values.get("due_date") and not is_day(values["due_date"]):
        found.append(Problem("due_date", "day", N_("Write the day as 2026-03-31.")))
    return found


def save_point(
    desk: Desk, meeting_id: int, key: int | None, values: Mapping[str, Any],
    version: int | None = None,
) -> Outcome[int]:  # fmt: skip
    """Write a point of a meeting; a new one comes last."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    faults = point_problems(values)
    if faults:
        raise ProblemsError(faults)
    present = get(desk, meeting_id).points
    before = next((p for p in present if p.id == key), None)
    if before is not None and before.action_id is not None and (
        values["kind"] != "decision" or values.get("item_id") != before.item_id
    ):  # fmt: skip
        raise ProblemsError([Problem("item_id", "measure", N_(
            "This decision is the measure {number}: it stays a decision about its item."),
            {"number": before.action_number})])  # fmt: skip
    row = {
        "kind": values["kind"], "text": str(values["text"]).strip(),
        "item_id": values.get("item_id"), "owner_id": values.get("owner_id"),
        "due_date": values.get("due_date"),
    }  # fmt: skip
    with desk.write(N_("Point of a meeting")) as uow:
        if key is None:
            place = max((p.sort for p in present), default=-1) + 1
            key = uow.insert("meeting_point", {"meeting_id": meeting_id, "sort": place, **row})
        else:
            uow.update("meeting_point", key, row, version=version)
    return Outcome(key, uow.changes)


def _point(desk: Desk, point_id: int) -> Point:
    found = rows.point(desk.reader, point_id)
    if found is None:
        raise UserError("This point was deleted.", code="gone")
    return found


def remove_point(desk: Desk, point_id: int) -> Outcome[None]:
    """Take a point away; the measure made of it stays."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    _point(desk, point_id)
    with desk.write(N_("Point of a meeting removed")) as uow:
        uow.remove("meeting_point", point_id)
    return Outcome(None, uow.changes)


def move(desk: Desk, point_id: int, by: int) -> Outcome[None]:
    """Move a point up (-1) or down (1); at the end it stays."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    point = _point(desk, point_id)
    order = [p.id for p in rows.points(desk.reader, point.meeting_id)]
    place = order.index(point_id)
    other = place + by
    with desk.write(N_("Order of the points")) as uow:
        if 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]
            for number, key in enumerate(order):
                uow.update("meeting_point", key, {"sort": number})
    return Outcome(None, uow.changes)


def settle(desk: Desk, point_id: int, *, settled: bool) -> Outcome[None]:
    """Note that a decision was carried out without a measure, in every meeting that had it."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    point = _point(desk, point_id)
    if point.kind != "decision" or point.action_id is not None:
        raise UserError("Only a decision without a measure is ticked off here.", code="measure")
    with desk.write(N_("Decision carried out") if settled else N_("Decision open again")) as uow:
        for key in rows.chain(uow.connection, point_id):
            uow.update("meeting_point", key, {"settled": int(settled)})
    return Outcome(None, uow.changes)


def make_measure(desk: Desk, point_id: int) -> Outcome[int]:
    """Make a measure of a decision, in its item, and link it wherever it was carried; one step."""
    desk.require(Permission.EDIT_IMPROVEMENTS)
    point = _point(desk, point_id)
    keys = rows.chain(desk.reader, point_id)
    linked = [p for p in (rows.point(desk.reader, k) for k in keys) if p and p.action_id]
    if linked:
        raise UserError("This decision is the measure {number} already.", code="made",
                        number=linked[0].action_number)  # fmt: skip
    faults = _measure_problems(desk, point)
    if faults:
        raise ProblemsError(faults)
    values = {"text": point.text, "owner_id": point.owner_id, "due_date": point.due}
    item = stored(desk, int(point.item_id or 0))
    with desk.together(N_("Measure of a meeting for {number}"), number=item["item_no"]) as uow:
        made = improvement_measures.add(desk, int(item["id"]), values).value
        for key in keys:
            uow.update("meeting_point", key, {"action_id": made})
    return Outcome(made, uow.changes)


def _measure_problems(desk: Desk, point: Point) -> list[Problem]:
    found = []
    if point.kind != "decision":
        found.append(Problem("kind", "choice", N_("A note is no measure: make it a decision.")))
    if point.item_id is None:
        found.append(Problem("item_id", "required", N_(
            "Choose the improvement item the measure belongs to.")))  # fmt: skip
    elif stored(desk, point.item_id)["status"] in OVER:
        found.append(Problem("item_id", "over", N_("{number} is over: it takes no more measures."),
                             {"number": point.item_number}))  # fmt: skip
    if point.owner_id is None:
        found.append(Problem("owner_id", "required", N_("Choose who is in charge.")))
    if point.due is None:
        found.append(Problem("due_date", "required", N_("Set the day it is due.")))
    return found
