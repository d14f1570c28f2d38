"""Open callbacks handed out over the callers with equal load, as a preview and then as one step."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from svcdesk.domain import callback_share
from svcdesk.domain.callback_share import Share, Task
from svcdesk.domain.localtime import local_date, midnight
from svcdesk.domain.people import Permission, Role
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import callbacks as store
from svcdesk.store import records
from svcdesk.store.callbacks import Leave, Unassigned
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "Caller", "Leave", "Preview", "Unassigned", "add_leave", "apply", "callers", "leaves",
    "preview", "remove_leave",
]  # fmt: skip

_CALLING = frozenset({Role.CALLBACK, Role.SUPERVISOR, Role.ADMIN})


@dataclass(frozen=True)
class Caller:
    """Somebody who may call; ``usual``: calling is their work; ``load``: open callbacks."""

    id: int
    name: str
    usual: bool
    load: int
    away_until: str | None


@dataclass(frozen=True)
class Preview:
    """Who would get what. ``tasks`` by key; ``before`` and ``after`` are loads by person."""

    shares: tuple[Share, ...]
    tasks: dict[int, Unassigned]
    before: dict[int, int]
    after: dict[int, int]
    skipped: tuple[int, ...]  # chosen, but on leave

    def given(self, person_id: int) -> int:
        """Return how many callbacks a person gets."""
        return self.after[person_id] - self.before[person_id]

    @property
    def own(self) -> int:
        """How many go to the one who handled the case, for want of anybody else."""
        return sum(share.own for share in self.shares)


def _today(desk: Desk) -> str:
    return local_date(desk.clock.now(), desk.zone.key).isoformat()


def callers(desk: Desk) -> list[Caller]:
    """Return who may call, those whose work it is first."""
    today = _today(desk)
    with desk.reading() as connection:
        loads = store.loads(connection)
        away = {leave.person_id: leave.ends_on for leave in store.leaves(connection, today)
                if leave.starts_on <= today}  # fmt: skip
    found = [
        Caller(person.id, person.name, Role.CALLBACK in person.roles, loads.get(person.id, 0),
               away.get(person.id))
        for person in desk.reference.people.values()
        if person.active and not person.is_bot and _CALLING & set(person.roles)
    ]  # fmt: skip
    return sorted(found, key=lambda caller: (not caller.usual, caller.name, caller.id))


def preview(desk: Desk, people: Sequence[int], until: int | None = None) -> Preview:
    """Return how the callbacks that nobody has, due before ``until``, would be handed out.

    People on leave are skipped. Customers who refuse callbacks are left out.
    """
    with desk.reading() as connection:
        tasks = store.unassigned(connection, until)
        away = store.away(connection, _today(desk))
        loads = store.loads(connection)
    here = {person: loads.get(person, 0) for person in people if person not in away}
    shares = callback_share.hand_out(
        [Task(task.id, task.due_at, task.handler_id) for task in tasks], here
    )
    got = Counter(share.person_id for share in shares)
    return Preview(
        tuple(shares), {task.id: task for task in tasks}, here,
        {person: load + got[person] for person, load in here.items()},
        tuple(person for person in people if person in away),
    )  # fmt: skip


def apply(desk: Desk, wanted: Preview) -> Outcome[int]:
    """Hand out what a preview shows; what somebody took in the meantime is left to them."""
    desk.require(Permission.EDIT_CALLBACKS)
    if not wanted.shares:
        raise UserError("There is no callback to hand out, or nobody to call.", code="nothing")
    count = 0
    with desk.write(N_("Hand out {n} callbacks"), n=len(wanted.shares)) as uow:
        for share in wanted.shares:
            task = records.get(uow.connection, "callback", share.task_id)
            if task is None or task["assignee_id"] is not None:
                continue
            if task["state"] in {"planned", "in_progress"}:
                uow.update("callback", share.task_id, {"assignee_id": share.person_id})
                count += 1
    return Outcome(count, uow.changes)


# -- leave -----------------------------------------------------------------------------------


def leaves(desk: Desk) -> list[Leave]:
    """Return the leave of today and later."""
    return store.leaves(desk.reader, _today(desk))


def add_leave(desk: Desk, person_id: int, starts_on: str, ends_on: str, note: str = "",
              *, release: bool = True) -> Outcome[int]:  # fmt: skip
    """Note that somebody is away from the day ``starts_on`` to ``ends_on``, both included.

    ``release``: their open callbacks that fall due in that time go back to everybody.
    """
    desk.require(Permission.SETTINGS)
    days = []
    faults = []
    for name, text in (("starts_on", starts_on), ("ends_on", ends_on)):
        try:
            days.append(date.fromisoformat(text))
        except ValueError:
            words = N_("“{value}” is not a day; write it as 2026-04-01.")
            faults.append(Problem(name, "format", words, {"value": text}))
    if len(days) == 2 and days[1] < days[0]:
        faults.append(Problem("ends_on", "order", N_("The last day lies before the first.")))
    if person_id not in desk.reference.people:
        faults.append(Problem("person", "required", N_("Choose the person.")))
    if faults:
        raise ProblemsError(faults)
    name = desk.reference.people[person_id].name
    with desk.write(N_("Leave of {name}"), name=name) as uow:
        key = uow.insert(
            "person_leave",
            {"person_id": person_id, "starts_on": starts_on, "ends_on": ends_on,
             "note": note.strip()},
        )  # fmt: skip
        if release:
            first = midnight(days[0], desk.zone.key)
            last = midnight(days[1] + timedelta(days=1), desk.zone.key)
            for task in store.held(uow.connection, person_id, first, last):
                uow.update("callback", task, {"assignee_id": None})
    return Outcome(key, uow.changes)


def remove_leave(desk: Desk, leave_id: int) -> Outcome[int]:
    """Take a leave off the list."""
    desk.require(Permission.SETTINGS)
    leave = records.get(desk.reader, "person_leave", leave_id)
    if leave is None:
        raise UserError("This entry does not exist any more.", code="gone")
    person = desk.reference.people.get(leave["person_id"])
    with desk.write(N_("Leave of {name}"), name=person.name if person else "—") as uow:
        uow.remove("person_leave", leave_id)
    return Outcome(leave_id, uow.changes)
