"""Notices: what somebody should hear of, told once, kept in the centre until it is seen.

:func:`watch` looks once a minute for deadlines that came near or passed since; a notice is a row
of its own, so that it is not lost when nobody sits at the desk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from svcdesk.domain import deadlines as rules
from svcdesk.domain.people import Role
from svcdesk.i18n.catalog import N_
from svcdesk.services import deadlines, loop_reminders
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import notices as rows
from svcdesk.store.notices import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from svcdesk.domain.deadlines import Deadline

__all__ = ["Notice", "mark_all_seen", "mark_seen", "recent", "unseen", "watch"]

_SUPERVISING = frozenset({Role.SUPERVISOR, Role.ADMIN})
_CALLING = frozenset({Role.CALLBACK})


@dataclass(frozen=True)
class _Draft:
    person_id: int
    kind: str
    at: int
    table: str
    record_id: int
    text: str
    args: dict[str, Any]
    occasion: str


def _with_roles(desk: Desk, roles: Iterable[Role]) -> list[int]:
    wanted = set(roles)
    return [
        person.id
        for person in desk.reference.people.values()
        if person.active and not person.is_bot and wanted & set(person.roles)
    ]


def _everybody(desk: Desk) -> list[int]:
    """Return all who work here; each has a notice of their own and puts it away alone."""
    return _with_roles(desk, Role)


def _audience(desk: Desk, deadline: Deadline, *, late: bool) -> list[int]:
    """Return whom a deadline concerns: everybody, while nobody has it."""
    people = desk.reference.people
    owner = deadline.owner_id
    if owner is None or owner not in people or not people[owner].active:
        if deadline.kind is rules.Kind.CALLBACK:
            return _with_roles(desk, _CALLING) or _everybody(desk)
        return _everybody(desk)
    found = [owner]
    if late:
        found += [person for person in _with_roles(desk, _SUPERVISING) if person != owner]
    if deadline.kind in {rules.Kind.HANDOFF, rules.Kind.COMPLAINT_TASK}:
        found += [
            person.id
            for person in people.values()
            if person.active and Role.DEPT in person.roles and person.id not in found
            and _same_department(desk, person.department_id, deadline.department_id)
        ]  # fmt: skip
    return found


def _same_department(desk: Desk, one: int | None, other: int | None) -> bool:
    """Tell whether two departments belong to the same head department (2.15)."""
    if one is None or other is None:
        return False
    return desk.reference.root(one) == desk.reference.root(other)


def _of_deadline(desk: Desk, deadline: Deadline, now: int) -> Iterator[_Draft]:
    late = deadline.is_late(now)
    soon, passed = rules.SENTENCES[deadline.kind]
    occasion = deadline.occasion(late=late)
    for person in _audience(desk, deadline, late=late):
        yield _Draft(
            person, f"{deadline.kind}_{'late' if late else 'soon'}",
            deadline.late_at if late else deadline.warn_at, deadline.table, deadline.record_id,
            passed if late else soon,
            {"number": deadline.number, "title": deadline.title, "due": deadline.due_at},
            f"{occasion}:{person}",
        )  # fmt: skip


def _of_clock(desk: Desk, now: int) -> Iterator[_Draft]:
    """Remind of the hand-over sheets at their times of day, on working days (features T9)."""
    local = datetime.fromtimestamp(now, desk.zone)
    if not desk.reference.calendar.is_working_day(local.date()):
        return
    for text in str(desk.reference.settings["hand_over_times"]).split(","):
        hours, _sign, minutes = text.strip().partition(":")
        if not (hours.isdigit() and minutes.isdigit()):
            continue
        at = local.replace(hour=int(hours) % 24, minute=int(minutes) % 60, second=0, microsecond=0)
        moment = int(at.timestamp())
        if moment <= now < moment + rules.HANDOFF_LEAD:
            for person in _everybody(desk):
                yield _Draft(
                    person, "hand_over", moment, "", 0, rules.HAND_OVER,
                    {"time": at.strftime("%H:%M")}, f"hand_over:{at:%Y-%m-%dT%H:%M}:{person}",
                )  # fmt: skip


def watch(desk: Desk) -> list[Notice]:
    """Raise what came near or passed since; return the new notices of the acting person."""
    deadlines.complete_warnings(desk)
    now = desk.clock.now()
    drafts = [
        draft
        for deadline in deadlines.between(desk, now - rules.NEWS_SECONDS, now)
        if deadline.warn_at <= now and deadline.kind is not rules.Kind.ACTION  # loop_reminders
        for draft in _of_deadline(desk, deadline, now)
    ]
    drafts += _of_clock(desk, now)
    known = rows.known(desk.reader, [draft.occasion for draft in drafts])
    fresh = [draft for draft in drafts if draft.occasion not in known]
    keys = loop_reminders.watch(desk)
    if fresh:
        with desk.write(N_("Notices"), kind="system") as uow:
            keys += [
                rows.insert(uow, person_id=d.person_id, kind=d.kind, at=d.at, table=d.table,
                            record_id=d.record_id, text=d.text, args=d.args, occasion=d.occasion)
                for d in fresh
            ]  # fmt: skip
    if not keys:
        return []
    mine = {desk.actor.id, None}
    return [notice for notice in rows.by_ids(desk.reader, keys) if notice.person_id in mine]


def recent(desk: Desk, limit: int = 200) -> list[Notice]:
    """Return the notices of the acting person, the newest first."""
    return rows.recent(desk.reader, desk.actor.id, limit)


def unseen(desk: Desk) -> int:
    """Return how many notices the acting person has not seen."""
    return rows.unseen(desk.reader, desk.actor.id)


def mark_seen(desk: Desk, ids: Iterable[int]) -> Outcome[int]:
    """Put notices of the acting person, or for everybody, away."""
    mine = {desk.actor.id, None}
    with desk.write(N_("Notices"), kind="system") as uow:
        found = [n for n in rows.by_ids(uow.connection, list(ids)) if n.person_id in mine]
        for notice in found:
            uow.update("notification", notice.id, {"seen_at": uow.now})
    return Outcome(len(found), uow.changes)


def mark_all_seen(desk: Desk) -> Outcome[int]:
    """Put every notice of the acting person away."""
    return mark_seen(desk, [n.id for n in recent(desk, 100_000) if n.seen_at is None])
