"""One change of many tickets: shown before it is made, checked as one by one, undone as one.

Handing over and tagging are written as a set; every other change takes each ticket through the
very functions that change a single one, inside one unit of work. What is refused for a ticket
leaves that ticket as it is. Stopping leaves nothing changed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from svcdesk.domain import anomalies, lifecycle
from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem, blocking
from svcdesk.domain.selection import Selection
from svcdesk.i18n.catalog import N_
from svcdesk.services import tickets
from svcdesk.services.desk import Desk, Outcome
from svcdesk.services.queries import moment
from svcdesk.services.ticket_rows import COLUMNS, stored
from svcdesk.store import bulk as store
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from svcdesk.store.unit_of_work import UnitOfWork
    from svcdesk.system.job import JobContext

EXAMPLES = 5  # numbers named with a refusal
EVERY = 50  # tickets between two looks at cancel and progress
CHECKING, CHANGING = N_("Checking"), N_("Changing")
# what handing over means in each state, and what it writes into the history
HAND_OVER = {
    "new": ("assign", "dispatched"),
    "assigned": ("redispatch", "dispatched"),
    "in_progress": ("transfer", "transferred"),
}


@dataclass(frozen=True)
class Assign:
    """Give the tickets to somebody; work that has begun is transferred and needs the reason."""

    owner_id: int
    reason: str = ""


@dataclass(frozen=True)
class SetFields:
    """Enter the same values in every ticket."""

    values: Mapping[str, Any]


@dataclass(frozen=True)
class Tag:
    """Add and remove tags."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True)
class TakeStep:
    """Take a step of the state machine; ``merge`` with ``merged_into_id`` makes one of many."""

    action: str
    values: Mapping[str, Any] = field(default_factory=dict)


Change = Assign | SetFields | Tag | TakeStep


@dataclass(frozen=True)
class OldValue:
    """How many of the tickets hold a value now, and what they would hold."""

    field: str
    value: Any
    count: int
    new: Any


@dataclass(frozen=True)
class Refusal:
    """Why some stay as they are: the problem, how many, the numbers of a few."""

    problem: Problem
    count: int
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What a change would do: ``found`` = ``changed`` + ``unchanged`` + refused."""

    found: int
    changed: int
    unchanged: int
    before: tuple[OldValue, ...]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True)
class Done:
    """What a change did."""

    changed: int
    refused: int


class _Refusals:
    """Counts refusals by their sentence."""

    def __init__(self) -> None:
        self._problems: dict[tuple[str, str], Problem] = {}
        self._counts: Counter[tuple[str, str]] = Counter()
        self._numbers: dict[tuple[str, str], list[str]] = {}

    def add(self, problems: list[Problem], numbers: list[str], count: int = 1) -> None:
        first = problems[0]
        key = (first.field, first.text)
        self._problems.setdefault(key, first)
        self._counts[key] += count
        known = self._numbers.setdefault(key, [])
        known.extend(numbers[: EXAMPLES - len(known)])

    @property
    def total(self) -> int:
        return sum(self._counts.values())

    def all(self) -> tuple[Refusal, ...]:
        return tuple(
            Refusal(self._problems[key], count, tuple(self._numbers[key]))
            for key, count in self._counts.most_common()
        )


def preview(desk: Desk, selection: Selection, change: Change, context: JobContext) -> Preview:
    """Tell what ``change`` would do to the chosen tickets; nothing is written."""
    desk.require(Permission.EDIT_TICKETS)
    context.on_cancel(desk.reader.interrupt)
    with desk.reading():
        if isinstance(change, Assign):
            return _preview_assign(desk, selection, change)
        if isinstance(change, Tag):
            return _preview_tag(desk, selection, change)
        return _preview_each(desk, selection, change, context)


def apply(desk: Desk, selection: Selection, change: Change, context: JobContext) -> Outcome[Done]:
    """Make ``change`` in one unit of work: all or, when it is stopped, nothing."""
    desk.require(Permission.EDIT_TICKETS)
    context.on_cancel(desk.writer.interrupt)
    if isinstance(change, Assign):
        return _assign(desk, selection, change)
    if isinstance(change, Tag):
        with desk.write(N_("Change tags of several tickets")) as uow:
            count = store.retag(uow, selection, moment(desk), change.add, change.remove)
            context.check()
        return Outcome(Done(count, 0), uow.changes)
    return _each(desk, selection, change, context)


# -- handing over --------------------------------------------------------------------------------


def _refused_to(desk: Desk, status: str, change: Assign) -> list[Problem]:
    """Return what stands against handing over a ticket of ``status``."""
    action = HAND_OVER.get(status, ("assign", ""))[0]
    values = {"owner": change.owner_id, "owner_id": change.owner_id, "reason": change.reason}
    return lifecycle.check(
        lifecycle.TICKET, {"status": status}, action, desk.roles, desk.clock.now(), values,
        actor=desk.actor.id,
    )  # fmt: skip


def _require_person(desk: Desk, person_id: int) -> None:
    person = desk.reference.people.get(person_id)
    if person is None or not person.active:
        raise UserError("This person is not on the list any more.", code="unknown_person")


def _preview_assign(desk: Desk, selection: Selection, change: Assign) -> Preview:
    _require_person(desk, change.owner_id)
    connection, at = desk.reader, moment(desk)
    refused, owners = _Refusals(), Counter[Any]()
    found = unchanged = 0
    counted = store.counts(connection, selection, at, ("status", "owner_id"))
    told: dict[str, list[Problem]] = {}
    for status, owner, count in counted:
        found += count
        problems = told.setdefault(status, _refused_to(desk, status, change))
        if owner == change.owner_id and not problems:
            unchanged += count
        elif problems:
            numbers = store.numbers(connection, selection, at, status, EXAMPLES)
            refused.add(problems, numbers, count)
        else:
            owners[owner] += count
    before = tuple(
        OldValue("owner_id", owner, count, change.owner_id) for owner, count in owners.most_common()
    )
    return Preview(found, owners.total(), unchanged, before, refused.all())


def _assign(desk: Desk, selection: Selection, change: Assign) -> Outcome[Done]:
    _require_person(desk, change.owner_id)
    at = moment(desk)
    name = desk.reference.people[change.owner_id].name
    changed = refused = 0
    with desk.together(N_("Hand over several tickets to {name}"), name=name) as uow:
        counted = store.counts(uow.connection, selection, at, ("status",))
        # the states are worked through backwards: what becomes "assigned" is not taken again
        order = ["assigned", "new", "in_progress"]
        known = dict(counted)
        frozen = Selection.of(selection.entity, store.keys(uow.connection, selection, at))
        for status in sorted(known, key=lambda s: order.index(s) if s in order else len(order)):
            if _refused_to(desk, status, change):
                refused += known[status]
                continue
            event = HAND_OVER[status][1]
            changed += store.reassign(
                uow, frozen, at, status, change.owner_id, event, change.reason.strip()
            )
    return Outcome(Done(changed, refused), uow.changes)


# -- tags ----------------------------------------------------------------------------------------


def _preview_tag(desk: Desk, selection: Selection, change: Tag) -> Preview:
    connection, at = desk.reader, moment(desk)
    found = changed = 0
    for stored_tags, count in store.counts(connection, selection, at, ("tags",)):
        found += count
        held = set(store.read_tags(stored_tags))
        if held & set(change.remove) - set(change.add) or set(change.add) - held:
            changed += count
    before = tuple(
        OldValue("tags", tag, count, None if tag in change.remove else tag)
        for tag, count in store.tags(connection, selection, at)
        if tag in {*change.add, *change.remove}
    )
    return Preview(found, changed, found - changed, before, ())


# -- each like a single one ----------------------------------------------------------------------


def _checked(desk: Desk, key: int, change: SetFields | TakeStep) -> tuple[bool, list[Problem]]:
    """Return whether the ticket would change, and what stands against it."""
    if isinstance(change, TakeStep):
        if change.action == "merge" and key == change.values.get("merged_into_id"):
            return False, []
        return True, blocking(tickets.missing(desk, key, change.action, change.values))
    before = stored(desk, key)
    changed = {n: v for n, v in change.values.items() if n in COLUMNS and before.get(n) != v}
    if not changed:
        return False, []
    return True, blocking(tickets.problems(desk, {**before, **changed}))


def _preview_each(
    desk: Desk, selection: Selection, change: SetFields | TakeStep, context: JobContext
) -> Preview:
    connection, at = desk.reader, moment(desk)
    keys = store.keys(connection, selection, at)
    refused, changed = _Refusals(), 0
    fields = ("status",) if isinstance(change, TakeStep) else tuple(change.values)
    held: Counter[tuple[str, Any]] = Counter()  # by those that change, not by all that were chosen
    for done, key in enumerate(keys):
        if done % EVERY == 0:
            context.check()
            context.progress(done, len(keys), CHECKING)
        differs, problems = _checked(desk, key, change)
        if problems:
            refused.add(problems, [str(stored(desk, key)["ticket_no"])])
        elif differs:
            changed += 1
            row = stored(desk, key)
            held.update((name, row[name]) for name in fields if name in row)
    before = tuple(
        OldValue(name, value, count, _new_value(change, name, value))
        for (name, value), count in held.most_common()
    )
    return Preview(len(keys), changed, len(keys) - changed - refused.total, before, refused.all())


def _new_value(change: SetFields | TakeStep, name: str, value: Any) -> Any:
    if isinstance(change, SetFields):
        return change.values[name]
    row = next(
        (
            t
            for t in lifecycle.TICKET.transitions
            if t.source == value and change.action in {t.action, t.target}
        ),
        None,
    )
    return value if row is None else str(row.target)


def _each(
    desk: Desk, selection: Selection, change: SetFields | TakeStep, context: JobContext
) -> Outcome[Done]:
    label, args = _label(change)
    changed = refused = 0
    with desk.together(label, **args) as uow:
        keys = store.keys(uow.connection, selection, moment(desk))
        for done, key in enumerate(keys):
            if done % EVERY == 0:
                context.check()
                context.progress(done, len(keys), CHANGING)
            differs, problems = _checked(desk, key, change)
            if problems:
                refused += 1
            elif differs:
                changed += _one(uow, _work(desk, key, change))
        if isinstance(change, TakeStep) and change.action == "close":
            _flag_closings(uow)
        context.check()
    return Outcome(Done(changed, refused), uow.changes)


def _flag_closings(uow: UnitOfWork) -> None:
    """Flag what one person closed in bulk (AB16); it is not prevented."""
    if uow.actor_id is not None:
        since = uow.now - anomalies.BULK_SECONDS
        found = anomalies.bulk_closings(store.closings(uow.connection, uow.actor_id, since))
        store.flag(uow, sorted(found), "AB16")


def _work(desk: Desk, key: int, change: SetFields | TakeStep) -> Callable[[], object]:
    if isinstance(change, TakeStep):
        return lambda: tickets.step(desk, key, change.action, change.values)
    values = {name: value for name, value in change.values.items() if name in COLUMNS}
    return lambda: tickets.change(desk, key, values)


def _one(uow: UnitOfWork, work: Callable[[], object]) -> bool:
    """Change one ticket; one that is refused half way leaves no trace."""
    uow.execute("SAVEPOINT one")
    try:
        work()
    except (ProblemsError, UserError):
        uow.execute("ROLLBACK TO one")
        uow.execute("RELEASE one")
        return False
    uow.execute("RELEASE one")
    return True


def _label(change: SetFields | TakeStep) -> tuple[str, dict[str, str]]:
    if isinstance(change, SetFields):
        return N_("Change several tickets"), {}
    step = next(t for t in lifecycle.TICKET.transitions if t.action == change.action)
    return N_("{step}: several tickets"), {"step": step.label}
