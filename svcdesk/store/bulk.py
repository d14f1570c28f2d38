"""Many records at once: which are meant, what they hold, and the changes that SQL makes as a set.

The chosen keys are frozen in a temporary table first, so that a change of what a query asks about
does not change whom it reaches.
"""

from __future__ import annotations

import json
from array import array
from typing import TYPE_CHECKING, Any

from svcdesk.store.compile_query import Moment, compile_query
from svcdesk.store.keys import compose
from svcdesk.store.rows import ENTITIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.domain.selection import Selection
    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork


def read_tags(text: str | None) -> list[str]:
    """Return the tags of a ticket as they are stored."""
    return list(json.loads(text)) if text else []


def _source(selection: Selection, moment: Moment) -> tuple[str, dict[str, Any]]:
    """Return FROM and WHERE of the chosen records, alias ``m``, with their parameters."""
    if selection.query is None:
        table = ENTITIES[selection.entity].table
        chosen = "m.id IN (SELECT value FROM json_each(:chosen))"
        return (
            f"FROM {table} m WHERE m.deleted_at IS NULL AND {chosen}",
            {"chosen": json.dumps(list(selection.ids))},
        )
    compiled = compile_query(selection.query, moment)
    text, parameters = f"{compiled.source} WHERE {compiled.where}", dict(compiled.parameters)
    if selection.but:
        text += " AND m.id NOT IN (SELECT value FROM json_each(:but))"
        parameters["but"] = json.dumps(sorted(selection.but))
    return text, parameters


def keys(connection: Connection, selection: Selection, moment: Moment) -> array[int]:
    """Return the keys of the chosen records, oldest first."""
    source, parameters = _source(selection, moment)
    rows = connection.execute(f"SELECT m.id {source} ORDER BY m.id", parameters).fetchall()
    return array("q", [row[0] for row in rows])


def counts(
    connection: Connection, selection: Selection, moment: Moment, columns: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Return each combination of ``columns`` among the chosen with how often it occurs."""
    source, parameters = _source(selection, moment)
    names = ", ".join(f"m.{name}" for name in columns)
    marks = ", ".join(str(place + 1) for place in range(len(columns)))
    return list(
        connection.execute(
            f"SELECT {names}, count(*) {source} GROUP BY {marks} ORDER BY count(*) DESC", parameters
        ).fetchall()
    )


def numbers(
    connection: Connection, selection: Selection, moment: Moment, status: str, limit: int
) -> list[str]:
    """Return the numbers of a few chosen tickets of one status."""
    source, parameters = _source(selection, moment)
    rows = connection.execute(
        f"SELECT m.ticket_no {source} AND m.status = :status ORDER BY m.id LIMIT :limit",
        {**parameters, "status": status, "limit": limit},
    ).fetchall()
    return [str(row[0]) for row in rows]


def tags(connection: Connection, selection: Selection, moment: Moment) -> list[tuple[str, int]]:
    """Return each tag among the chosen with how often it occurs."""
    source, parameters = _source(selection, moment)
    return list(
        connection.execute(
            f"SELECT g.value, count(*) FROM (SELECT m.tags AS tags {source}) x, json_each(x.tags) g "
            "GROUP BY 1 ORDER BY 2 DESC, 1",
            parameters,
        ).fetchall()
    )


# -- changes as a set ----------------------------------------------------------------------------


def _freeze(uow: UnitOfWork, selection: Selection, moment: Moment, condition: str,
            more: Mapping[str, Any]) -> int:  # fmt: skip
    """Keep the keys that meet ``condition``, each with the key of its event; return how many."""
    connection = uow.connection
    connection.execute(
        "CREATE TEMP TABLE IF NOT EXISTS chosen (id INTEGER PRIMARY KEY, event_id INTEGER NOT NULL)"
    )
    connection.execute("DELETE FROM chosen")
    source, parameters = _source(selection, moment)
    rows = connection.execute(
        f"SELECT m.id {source} AND {condition} ORDER BY m.id", {**parameters, **more}
    ).fetchall()
    made = uow.keys.take(len(rows))
    connection.executemany(
        "INSERT INTO chosen (id, event_id) VALUES (?, ?)",
        [(row[0], key) for row, key in zip(rows, made, strict=True)],
    )
    return len(rows)


def _events(uow: UnitOfWork, kind: str, values: str, parameters: Mapping[str, Any]) -> None:
    """Append one event to the history of each frozen ticket; ``values`` gives name, old, new, text."""
    uow.execute(
        "INSERT INTO ticket_event (id, entered_at, created_by, updated_at, ticket_id, seq, at, "
        "actor_id, type, name, old, new, text) SELECT x.event_id, :now, :actor, :now, x.id, "
        "(SELECT coalesce(max(e.seq), 0) + 1 FROM ticket_event e WHERE e.ticket_id = x.id), :now, "
        f":actor, :kind, {values} FROM chosen x JOIN ticket t ON t.id = x.id",
        {"now": uow.now, "actor": uow.actor_id, "kind": kind, **parameters},
    )


def reassign(
    uow: UnitOfWork, selection: Selection, moment: Moment, status: str, owner_id: int,
    event: str, reason: str,
) -> int:  # fmt: skip
    """Give the chosen tickets of ``status`` to ``owner_id``; return how many changed hands.

    ``event``: ``dispatched`` or ``transferred``. The derived columns follow as the fold of the
    events would have them: one more dispatch or transfer, nothing else.
    """
    count = _freeze(
        uow, selection, moment, "m.status = :from AND m.owner_id IS NOT :owner",
        {"from": status, "owner": owner_id},
    )  # fmt: skip
    if not count:
        return 0
    _events(uow, event, "NULL, NULL, :new, :text", {"new": str(owner_id), "text": reason or None})
    counted = (
        "dispatch_count = dispatch_count + 1, first_dispatch_at = coalesce(first_dispatch_at, :now)"
        if event == "dispatched"
        else "transfer_count = transfer_count + 1"
    )
    uow.execute(
        f"UPDATE ticket SET owner_id = :owner, status = 'assigned', {counted}, "
        "last_event_at = max(last_event_at, :now), updated_at = :now, "
        "row_version = row_version + 1 WHERE id IN (SELECT id FROM chosen)",
        {"owner": owner_id, "now": uow.now},
    )
    return count


# "|| ''" makes plain text of it: the change log would keep JSON as a list, not as it is stored
_NEW_TAGS = (
    "(SELECT nullif(json_group_array(value) || '', '[]') FROM (SELECT value FROM json_each(t.tags) "
    "WHERE value NOT IN (SELECT value FROM json_each(:remove)) UNION "
    "SELECT value FROM json_each(:add) ORDER BY 1))"
)


def retag(
    uow: UnitOfWork, selection: Selection, moment: Moment, add: Sequence[str],
    remove: Sequence[str],
) -> int:  # fmt: skip
    """Add and remove tags of the chosen tickets; return how many changed."""
    given = {
        "add": json.dumps(list(add), ensure_ascii=False),
        "remove": json.dumps(list(remove), ensure_ascii=False),
    }
    differs = (
        "(EXISTS (SELECT 1 FROM json_each(m.tags) WHERE value IN "
        "(SELECT value FROM json_each(:remove))) OR EXISTS (SELECT 1 FROM json_each(:add) "
        "WHERE value NOT IN (SELECT value FROM json_each(coalesce(m.tags, '[]')))))"
    )
    count = _freeze(uow, selection, moment, differs, given)
    if not count:
        return 0
    _events(uow, "field_changed", f"'tags', t.tags, {_NEW_TAGS}, NULL", given)
    uow.execute(
        f"UPDATE ticket AS t SET tags = {_NEW_TAGS}, last_event_at = max(last_event_at, :now), "
        "updated_at = :now, row_version = row_version + 1 WHERE id IN (SELECT id FROM chosen)",
        {**given, "now": uow.now},
    )
    return count


def closings(connection: Connection, person_id: int, since: int) -> list[tuple[int, int, int]]:
    """Return ``(ticket, person, at)`` of what a person closed since a moment (UTC seconds).

    Keys carry their time: the events of the last minute lie at the end of the table.
    """
    first = compose(since * 1000, 0, 0)
    return list(
        connection.execute(
            "SELECT ticket_id, actor_id, at FROM ticket_event WHERE id >= ? AND type = 'closed' "
            "AND actor_id = ? AND at >= ? AND deleted_at IS NULL",
            (first, person_id, since),
        ).fetchall()
    )


def flag(uow: UnitOfWork, ticket_ids: Sequence[int], code: str) -> None:
    """Add a code of abnormal data to tickets that do not carry it."""
    uow.execute(
        "UPDATE ticket SET data_flags = (SELECT json_group_array(value) || '' FROM (SELECT value FROM "
        "json_each(coalesce(ticket.data_flags, '[]')) UNION SELECT :code ORDER BY 1)), "
        "updated_at = :now, row_version = row_version + 1 WHERE id IN "
        "(SELECT value FROM json_each(:ids)) AND NOT EXISTS (SELECT 1 FROM "
        "json_each(coalesce(ticket.data_flags, '[]')) WHERE value = :code)",
        {"code": code, "now": uow.now, "ids": json.dumps(list(ticket_ids))},
    )
