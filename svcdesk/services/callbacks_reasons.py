"""The reasons of low scores: a reference list with keys of its own (domain.md 2.15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.people import Permission
from svcdesk.domain.problem import Problem
from svcdesk.i18n.catalog import N_
from svcdesk.services.desk import Desk, Outcome
from svcdesk.system.errors import ProblemsError

if TYPE_CHECKING:
    from collections.abc import Sequence

LIST = "low_reason"
MOST = 9  # each has a digit key


def save(desk: Desk, wanted: Sequence[tuple[int, str]]) -> Outcome[None]:
    """Set the reasons in their order: (key, name), key 0 for a new one.

    What is left out is retired, not deleted: earlier answers keep it. A built-in one that is
    renamed loses its translation.
    """
    desk.require(Permission.SETTINGS)
    faults = problems([name for _key, name in wanted])
    if faults:
        raise ProblemsError(faults)
    with desk.write(N_("Change reasons of low scores")) as uow:
        known = {item.id: item for item in desk.reference.items_of(LIST, retired=True)}
        kept = {key for key, _name in wanted if key}
        for item in known.values():
            if item.active and item.id not in kept:
                uow.update("list_item", item.id, {"active": 0})
        for place, (key, text) in enumerate(wanted):
            name = text.strip()
            if not key:
                uow.insert("list_item", {"list": LIST, "name": name, "sort": place})
                continue
            row: dict[str, int | str | None] = {"sort": place, "active": 1}
            if name != known[key].name:
                row.update(name=name, code=None)
            uow.update("list_item", key, row)
    return Outcome(None, uow.changes)


def problems(wanted: Sequence[str]) -> list[Problem]:
    """Return what is wrong with the names; the field is their place."""
    names = [name.strip() for name in wanted]
    faults = []
    for place, name in enumerate(names):
        if not name:
            faults.append(Problem(f"{place}", "required", N_("Enter the name.")))
        elif name in names[:place]:
            text = N_("“{name}” is in the list twice.")
            faults.append(Problem(f"{place}", "duplicate", text, {"name": name}))
    if len(names) > MOST:
        text = N_("At most {n} reasons: each has a digit key.")
        faults.append(Problem("", "too_many", text, {"n": MOST}))
    return faults
