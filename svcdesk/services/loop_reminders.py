"""Reminders of the improvement loop: what stands open now, and its notices, once a working day.

What is settled is taken out of the notice centre again; yesterday's reminder of the same thing
makes room for today's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from svcdesk.domain import loop_reminders as rules
from svcdesk.domain.localtime import instant, local_date
from svcdesk.domain.loop_reminders import Kind, Reminder
from svcdesk.domain.people import Role
from svcdesk.i18n.catalog import N_
from svcdesk.services.improvement_rows import today
from svcdesk.store import notices as notice_rows
from svcdesk.store import plan_rows

if TYPE_CHECKING:
    from datetime import date

    from svcdesk.services.desk import Desk

__all__ = ["Kind", "Reminder", "pressing", "watch"]

PREFIX = "loop_"
_SUPERVISING = (Role.SUPERVISOR, Role.ADMIN)


def pressing(desk: Desk) -> list[Reminder]:
    """Return what the loop reminds of today, the gravest first, then by day."""
    day = today(desk)
    with desk.reading() as connection:
        measures = plan_rows.measures(connection)
        found = [one for m in measures if (one := _of_measure(desk, m, day)) is not None]
        for recheck in plan_rows.rechecks(connection, day.isoformat()):
            what = rules.of_recheck(recheck.due, day)
            if what is not None:
                found.append(
                    Reminder(what[0], recheck.id, recheck.item_id, recheck.item_number,
                             recheck.item_title, recheck.due, what[1],
                             _in_charge(desk, recheck.owner_id))
                )  # fmt: skip
        for verdict in plan_rows.verdicts(connection):
            involved = {verdict.owner_id} | {
                m.owner_id for m in measures if m.item_id == verdict.item_id
            }
            found.append(
                Reminder(Kind.VERDICT, verdict.id, verdict.item_id, verdict.item_number,
                         verdict.item_title, "", 0, _judging(desk, involved, verdict.owner_id))
            )  # fmt: skip
    order = list(Kind)
    return sorted(found, key=lambda r: (order.index(r.kind), r.due, r.record_id))


def _of_measure(desk: Desk, row: plan_rows.MeasureRow, day: date) -> Reminder | None:
    at = rules.blocked_at(row.log)
    blocked_on = None if at is None else local_date(at, desk.reference.settings["timezone"])
    what = rules.of_measure(row.state, row.due, blocked_on, day)
    if what is None or row.item_status == "closed":
        return None
    return Reminder(what[0], row.id, row.item_id, row.number, row.text, row.due or "", what[1],
                    _in_charge(desk, row.owner_id))  # fmt: skip


def _active(desk: Desk) -> dict[int, frozenset[Role]]:
    return {
        person.id: frozenset(person.roles)
        for person in desk.reference.people.values()
        if person.active and not person.is_bot
    }


def _in_charge(desk: Desk, owner_id: int | None) -> tuple[int, ...]:
    """Return the owner, and the supervisors for somebody who is gone or nobody."""
    active = _active(desk)
    if owner_id in active:
        return (owner_id,)
    return tuple(key for key, roles in active.items() if roles & set(_SUPERVISING))


def _judging(desk: Desk, involved: set[int | None], owner_id: int | None) -> tuple[int, ...]:
    """Return who may confirm a verdict: quality, else supervisors, never who did the work.

    Where nobody is left, who is in charge hears of it: somebody has to be found.
    """
    active = {key: roles for key, roles in _active(desk).items() if key not in involved}
    for wanted in ({Role.QUALITY}, set(_SUPERVISING)):
        found = tuple(key for key, roles in active.items() if roles & wanted)
        if found:
            return found
    return _in_charge(desk, owner_id)


# -- notices -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Told:
    """A reminder to one person on one day."""

    reminder: Reminder
    person_id: int
    occasion: str


def watch(desk: Desk) -> list[int]:
    """Tell today's reminders, each thing once a day from the start of work on; return their keys.

    Nothing is told on days off. What is settled, or told anew today, is taken away.
    """
    found = pressing(desk)
    day, now = today(desk), desk.clock.now()
    spans = desk.reference.calendar.spans_of(day)
    start = None if not spans else instant(day, spans[0][0], desk.reference.settings["timezone"])
    fresh: list[_Told] = []
    if start is not None and now >= start:
        told = [
            _Told(one, person, f"{one.thing}:{day.isoformat()}:{person}")
            for one in found for person in one.people
        ]  # fmt: skip
        known = notice_rows.known(desk.reader, [one.occasion for one in told])
        fresh = [one for one in told if one.occasion not in known]
    gone = _gone(desk, found, fresh)
    if not fresh and not gone:
        return []
    with desk.write(N_("Notices"), kind="system") as uow:
        for key in gone:
            uow.remove("notification", key)
        return [
            notice_rows.insert(
                uow, person_id=one.person_id, kind=str(one.reminder.kind), at=int(start or now),
                table="improvement_item", record_id=one.reminder.item_id,
                text=rules.SENTENCES[one.reminder.kind], args=_args(one.reminder),
                occasion=one.occasion,
            )
            for one in fresh
        ]  # fmt: skip


def _args(one: Reminder) -> dict[str, Any]:
    return {"number": one.number, "title": one.title, "due": one.due, "n": one.days}


def _gone(desk: Desk, found: list[Reminder], fresh: list[_Told]) -> list[int]:
    """Return the notices whose thing is settled, moved to somebody else, or told anew today."""
    standing = {f"{one.thing}:{person}" for one in found for person in one.people}
    anew = {f"{one.reminder.thing}:{one.person_id}" for one in fresh}
    gone = []
    for key, occasion in notice_rows.of_kind(desk.reader, PREFIX):
        kind, record, _day, person = occasion.split(":")
        place = f"{kind}:{record}:{person}"
        if place not in standing or place in anew:
            gone.append(key)
    return gone


def of_person(found: list[Reminder], person_id: int) -> list[Reminder]:
    """Return the reminders that concern one person."""
    return [replace(one, people=(person_id,)) for one in found if person_id in one.people]
