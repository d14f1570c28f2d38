"""Callbacks handed out fairly: equal loads, never to the one who handled the case.

An agent is not the one who calls back on an own ticket (features V12). Where nobody else is there
to call, the task goes to them all the same and is marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Task:
    """An open callback: whose case it is, so that somebody else calls."""

    id: int
    due_at: int
    handler_id: int | None


@dataclass(frozen=True)
class Share:
    """Who gets a task; ``own``: the caller handled the case, nobody else was there."""

    task_id: int
    person_id: int
    own: bool


def hand_out(tasks: Sequence[Task], loads: Mapping[int, int]) -> list[Share]:
    """Give every task to one of the callers in ``loads`` (person → open tasks so far).

    The loads come out as equal as they can: tasks go, the soonest due first, to whoever has least
    among those who did not handle the case, then a caller who has two more than another gives one
    away that the other may take. No callers: nobody gets anything.
    """
    if not loads:
        return []
    count = dict(loads)
    callers = sorted(count)
    given: dict[int, int] = {}
    order = sorted(tasks, key=lambda task: (task.due_at, task.id))
    for task in order:
        others = [person for person in callers if person != task.handler_id]
        chosen = min(others or callers, key=lambda person: (count[person], person))
        given[task.id] = chosen
        count[chosen] += 1
    _level(order, callers, given, count)
    return [Share(t.id, given[t.id], own=given[t.id] == t.handler_id) for t in order]


def _level(order: Sequence[Task], callers: Sequence[int], given: dict[int, int],
           count: dict[int, int]) -> None:  # fmt: skip
    """Move tasks along chains of callers until no load can be brought nearer to another."""
    moved = True
    while moved:
        moved = False
        for high in sorted(callers, key=lambda person: -count[person]):
            path = _path(high, order, callers, given, count)
            if path:
                for task, person in path:
                    given[task.id] = person
                count[high] -= 1
                count[path[-1][1]] += 1
                moved = True
                break


def _path(high: int, order: Sequence[Task], callers: Sequence[int], given: Mapping[int, int],
          count: Mapping[int, int]) -> list[tuple[Task, int]]:  # fmt: skip
    """Return the moves that take one task off ``high`` and add one where two less are."""
    reached: dict[int, list[tuple[Task, int]]] = {high: []}
    line = [high]
    while line:
        giver = line.pop(0)
        for task in reversed(order):
            if given[task.id] != giver or giver == task.handler_id:
                continue  # an own task stays: nobody else may be there for it
            for person in callers:
                if person in reached or person == task.handler_id:
                    continue
                reached[person] = [*reached[giver], (task, person)]
                if count[person] <= count[high] - 2:
                    return reached[person]
                line.append(person)
    return []
