"""Saved views of a list: those that come with the program, private ones, shared ones.

A private view is its owner's only. A shared one is everybody's; its owner or a supervisor changes
it. What a view asks of "me" and "this week" is answered for whoever looks, when they look.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from svcdesk.domain.people import Role
from svcdesk.domain.problem import Problem
from svcdesk.domain.query import ME, Op, Query
from svcdesk.i18n.catalog import N_
from svcdesk.services import queries
from svcdesk.services.desk import Desk, Outcome
from svcdesk.store import views as store
from svcdesk.store.views import Stored
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from svcdesk.system.job import JobContext

NAME_LENGTH = 40


@dataclass(frozen=True)
class View:
    """A view as it is offered; ``name`` is a msgid while ``id`` is None (built in)."""

    key: str
    name: str
    query: Query
    id: int | None = None
    shared: bool = False
    mine: bool = False
    editable: bool = False


_OPEN = Query("ticket", sort="due_at", descending=False).where("open", Op.OPEN)
_ALL = Query("ticket", sort="created_at", descending=True)

TICKET_VIEWS: tuple[View, ...] = (
    View("mine", N_("My open tickets"), _OPEN.where("owner_id", Op.IN, ME)),
    View("unassigned", N_("Unassigned"), _OPEN.where("owner_id", Op.IN, None)),
    View("open", N_("All open"), _OPEN),
    View("overdue", N_("Overdue"), _OPEN.without("open").where("overdue", Op.OVERDUE)),
    View("soon", N_("Due soon"), _OPEN.without("open").where("soon", Op.DUE_SOON)),
    View("today", N_("Due today"), _OPEN.where("due_at", Op.WITHIN, "today")),
    View("internal", N_("Waiting for a department"), _OPEN.where("waiting_department", Op.YES)),
    View("customer", N_("Waiting for customer"), _OPEN.where("status", Op.IN, "pending_customer")),
    View("callback", N_("To call back"), _ALL.where("to_call_back", Op.YES)),
    View("key", N_("Key customers"), _OPEN.where("tier", Op.IN, "key")),
    View(
        "closed_week",
        N_("Closed this week"),
        replace(_ALL, sort="closed_at").where("closed_at", Op.WITHIN, "this_week"),
    ),
    View("all", N_("All tickets"), _ALL),
)
BUILT_IN: dict[str, tuple[View, ...]] = {"ticket": TICKET_VIEWS}


def built_in(entity: str, key: str) -> Query:
    """Return the query of a view that comes with the program."""
    return next(view.query for view in BUILT_IN[entity] if view.key == key)


def _may_edit(desk: Desk, view: Stored) -> bool:
    return view.owner_id == desk.actor.id or (view.shared and Role.SUPERVISOR in desk.roles)


def saved(desk: Desk, entity: str) -> list[View]:
    """Return the saved views that the acting person sees, in their order."""
    with desk.reading() as connection:
        found = store.visible(connection, entity, desk.actor.id)
    return [
        View(
            f"view:{one.id}", one.name, Query.from_json(one.query), one.id, one.shared,
            one.owner_id == desk.actor.id, _may_edit(desk, one),
        )
        for one in found
    ]  # fmt: skip


def _stored(desk: Desk, view_id: int) -> Stored:
    found = store.get(desk.reader, view_id)
    if found is None or not (found.shared or found.owner_id == desk.actor.id):
        raise UserError("This view does not exist any more.", code="gone")
    return found


def _editable(desk: Desk, view_id: int) -> Stored:
    found = _stored(desk, view_id)
    if not _may_edit(desk, found):
        raise UserError(
            "The view “{name}” is shared. Only its owner or a supervisor may change it; "
            "save it under a name of your own.",
            code="not_allowed",
            name=found.name,
        )
    return found


def _named(desk: Desk, entity: str, name: str, view_id: int | None = None) -> str:
    """Return the name without spaces around it; refuse an empty, long or known one."""
    name = name.strip()
    if not name:
        text = N_("Give the view a name.")
    elif len(name) > NAME_LENGTH:
        text = N_("A name has at most {n} characters.")
    elif any(v.name == name and v.id != view_id for v in saved(desk, entity)):
        text = N_("There is a view of this name already. Choose another name.")
    else:
        return name
    raise ProblemsError([Problem("name", "name", text, {"n": NAME_LENGTH})])


def _require_sharing(desk: Desk) -> None:
    """Refuse those who only look on: what everybody sees is the team's."""
    if set(desk.roles) <= {Role.VIEWER}:
        raise UserError(
            "{name} may not do this. Ask a supervisor.", code="not_allowed", name=desk.actor.name
        )


def save(desk: Desk, name: str, query: Query, *, shared: bool = False) -> Outcome[int]:
    """Keep ``query`` as a new view of the acting person."""
    name = _named(desk, query.entity, name)
    if shared:
        _require_sharing(desk)
    with desk.write(N_("Save view “{name}”"), name=name) as uow:
        key = store.insert(
            uow, Stored(0, query.entity, name, desk.actor.id, shared, query.to_json(), 0)
        )
    return Outcome(key, uow.changes)


def rename(desk: Desk, view_id: int, name: str) -> Outcome[int]:
    """Give a view another name."""
    view = _editable(desk, view_id)
    name = _named(desk, view.entity, name, view_id)
    with desk.write(N_("Rename view “{name}”"), name=view.name) as uow:
        store.update(uow, view_id, {"name": name})
    return Outcome(view_id, uow.changes)


def replace_query(desk: Desk, view_id: int, query: Query) -> Outcome[int]:
    """Let a view show what is shown now."""
    view = _editable(desk, view_id)
    with desk.write(N_("Change view “{name}”"), name=view.name) as uow:
        store.update(uow, view_id, {"query": query.to_json()})
    return Outcome(view_id, uow.changes)


def share(desk: Desk, view_id: int, *, shared: bool) -> Outcome[int]:
    """Show a view to everybody, or to its owner only."""
    view = _editable(desk, view_id)
    if shared:
        _require_sharing(desk)
    label = N_("Share view “{name}”") if shared else N_("Make view “{name}” private")
    with desk.write(label, name=view.name) as uow:
        store.update(uow, view_id, {"shared": int(shared)})
    return Outcome(view_id, uow.changes)


def remove(desk: Desk, view_id: int) -> Outcome[int]:
    """Take a view away; undo brings it back."""
    view = _editable(desk, view_id)
    with desk.write(N_("Delete view “{name}”"), name=view.name) as uow:
        uow.remove("saved_view", view_id)
    return Outcome(view_id, uow.changes)


def reorder(desk: Desk, view_ids: Sequence[int]) -> Outcome[None]:
    """Put views into the order of ``view_ids``; those of others keep their place."""
    places = {key: place for place, key in enumerate(view_ids, start=1)}
    with desk.write(N_("Order of the views")) as uow:
        for view in [_stored(desk, key) for key in view_ids]:
            if _may_edit(desk, view) and view.sort != places[view.id]:
                store.update(uow, view.id, {"sort": places[view.id]})
    return Outcome(None, uow.changes)


def counts(
    desk: Desk, named: Mapping[str, Query] | Iterable[tuple[str, Query]], context: JobContext
) -> dict[str, int]:
    """Return how many records each of the named queries has."""
    context.on_cancel(desk.reader.interrupt)
    found = {}
    with desk.reading():
        for key, query in dict(named).items():
            context.check()
            found[key] = queries.count(desk, query)
    return found
