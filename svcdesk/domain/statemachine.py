"""State machines as tables: from, to, roles, guards. What is not listed is refused.

``record`` is the stored row as a mapping (column names) with the derived facts a guard names;
``values`` are what the person has entered for this step and win over the record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.localtime import DAY
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.i18n.labels import Msg

if TYPE_CHECKING:
    from collections.abc import Collection
    from enum import StrEnum

    from svcdesk.domain.people import Role

CLOSE_AFTER_DAYS = 7  # settled and silent for so long: closed by itself
REOPEN_DAYS = 30

# Field names of forms whose column is called otherwise.
_COLUMNS = {"issue_l1": "issue_id", "category_l1": "category_id"}


@dataclass(frozen=True)
class Step:
    """One attempted transition, as the guards see it."""

    record: Mapping[str, Any]
    values: Mapping[str, Any]
    roles: Collection[Role]
    now: int
    actor: int | None

    def get(self, field: str) -> Any:
        """Return the entered value of ``field``, else the stored one."""
        for source in (self.values, self.record):
            for name in (field, _COLUMNS.get(field, ""), f"{field}_id"):
                if name in source and (source is self.record or source[name] is not None):
                    return source[name]
        return None


Guard = Callable[[Step], Problem | None]


@dataclass(frozen=True)
class Transition:
    """One row of a machine: ``action`` names the step, ``event`` what is written to the history."""

    source: str
    target: str
    action: str
    label: str
    roles: frozenset[Role]
    guards: tuple[Guard, ...] = ()
    event: str = ""


@dataclass(frozen=True)
class Machine:
    """All permitted steps of one kind of record."""

    name: str
    states: type[StrEnum]
    transitions: tuple[Transition, ...]
    field: str = "status"

    def state(self, record: Mapping[str, Any]) -> str:
        """Return the state code of ``record``."""
        return str(record[self.field])


def allowed(
    machine: Machine, record: Mapping[str, Any], roles: Collection[Role], now: int
) -> list[Transition]:
    """List the steps that ``roles`` may take from here, each once, in the order of the table.

    A step may still lack something: :func:`check` tells what, at its field.
    """
    del now  # time limits are told by check(), with what to do instead
    state, found, seen = machine.state(record), [], set()
    for transition in machine.transitions:
        if transition.source == state and transition.roles & set(roles):
            key = (transition.target, transition.action)
            if key not in seen:
                seen.add(key)
                found.append(transition)
    return found


def check(
    machine: Machine,
    record: Mapping[str, Any],
    to: str,
    roles: Collection[Role],
    now: int,
    values: Mapping[str, Any] | None = None,
    *,
    actor: int | None = None,
) -> list[Problem]:
    """Tell what stands against the step to ``to``; nothing: it may be taken.

    ``to`` is a state code or the action of a transition. Where several rows lead there, one
    without problems is enough.
    """
    state = machine.state(record)
    rows = [t for t in machine.transitions if t.source == state and to in {t.target, t.action}]
    if not rows:
        return [_unknown(machine, state, to)]
    mine = [t for t in rows if t.roles & set(roles)]
    if not mine:
        return [
            Problem(
                machine.field,
                "role",
                N_("The step “{step}” is not open to this role."),
                {"step": Msg(rows[0].label)},
            )
        ]
    step = Step(record, values or {}, roles, now, actor)
    tried = [[p for guard in t.guards if (p := guard(step)) is not None] for t in mine]
    return min(tried, key=len)


def find(machine: Machine, state: str, to: str, roles: Collection[Role]) -> Transition | None:
    """Return the row that leads from ``state`` to ``to`` (state or action) for ``roles``."""
    for transition in machine.transitions:
        if (
            transition.source == state
            and to in {transition.target, transition.action}
            and transition.roles & set(roles)
        ):
            return transition
    return None


def _unknown(machine: Machine, state: str, to: str) -> Problem:
    target: Any = to
    if to in set(machine.states):
        target = machine.states(to)
    else:
        label = next((t.label for t in machine.transitions if t.action == to), None)
        target = Msg(label) if label else to
    return Problem(
        machine.field,
        "transition",
        N_("From “{state}” there is no step to “{target}”."),
        {"state": machine.states(state), "target": target},
    )


# -- guards ------------------------------------------------------------------------------------


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | tuple) and not value) or value == "[]"


def need(field: str, text: str, *, code: str = "required") -> Guard:
    """Require ``field`` to be filled."""

    def guard(step: Step) -> Problem | None:
        value = step.get(field)
        if isinstance(value, str):
            value = value.strip()
        return Problem(field, code, text) if _empty(value) else None

    return guard


def need_any(fields: tuple[str, ...], text: str) -> Guard:
    """Require one of ``fields``; the problem is told at the first."""

    def guard(step: Step) -> Problem | None:
        return (
            Problem(fields[0], "required", text)
            if all(_empty(step.get(field)) for field in fields)
            else None
        )

    return guard


def min_length(field: str, length: int, text: str) -> Guard:
    """Require ``field`` to hold at least ``length`` characters."""

    def guard(step: Step) -> Problem | None:
        if len(str(step.get(field) or "").strip()) < length:
            return Problem(field, "too_short", text, {"n": length})
        return None

    return guard


def entered(field: str, text: str) -> Guard:
    """Require ``field`` among the values entered for this very step."""

    def guard(step: Step) -> Problem | None:
        value = step.values.get(field, step.values.get(f"{field}_id"))
        if isinstance(value, str):
            value = value.strip()
        return Problem(field, "required", text) if _empty(value) else None

    return guard


def within(field: str, days: int, text: str) -> Guard:
    """Require that at most ``days`` × 24 h have passed since the moment in ``field``."""

    def guard(step: Step) -> Problem | None:
        moment = step.get(field)
        if moment is None or step.now - moment <= days * DAY:
            return None
        return Problem("", "too_late", text, {"n": days})

    return guard


def after(field: str, days: int, text: str) -> Guard:
    """Require that at least ``days`` × 24 h have passed since the moment in ``field``."""

    def guard(step: Step) -> Problem | None:
        moment = step.get(field)
        if moment is not None and step.now - moment >= days * DAY:
            return None
        return Problem("", "too_early", text, {"n": days})

    return guard


def not_by(field: str, text: str) -> Guard:
    """Refuse the step to the person named in ``field`` (who fixes it does not check it)."""

    def guard(step: Step) -> Problem | None:
        owner = step.get(field)
        if step.actor is None or owner is None or owner != step.actor:
            return None
        return Problem(field, "same_person", text)

    return guard


def when(condition: Callable[[Step], bool], guard: Guard) -> Guard:
    """Apply ``guard`` only where ``condition`` holds."""
    return lambda step: guard(step) if condition(step) else None


def require(condition: Callable[[Step], bool], field: str, code: str, text: str) -> Guard:
    """Require ``condition``; tell ``text`` at ``field`` otherwise."""
    return lambda step: None if condition(step) else Problem(field, code, text)
