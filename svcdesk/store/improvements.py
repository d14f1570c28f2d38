"""Rows of the improvement loop: items with their measures, causes, verdicts (``domain.md 2.12``)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from svcdesk.store import records

if TYPE_CHECKING:
    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

PARTS = {  # of one item, by table: the order they are shown in
    "improvement_occurrence": "period, id",
    "action": "due_date IS NULL, due_date, id",
    "verification": "entered_at, id",
    "improvement_link": "id",
    "improvement_recheck": "days, id",
}
_OVER = "('done', 'verified', 'cancelled')"


class ListRow(NamedTuple):
    """An item in the list. ``late`` counts its measures past due, ``next_due`` is a day."""

    id: int
    number: str
    title: str
    source: str
    metric: str | None
    scope: str
    status: str
    verdict: str | None
    owner_id: int | None
    target_date: str | None
    created_at: int
    closed_at: int | None
    impact: int | None
    effort: int | None
    occurrences: int
    measures: int
    measures_done: int
    late: int
    next_due: str | None
    recheck_due: str | None


_LIST = (
    "SELECT i.id, i.item_no, i.title, i.source, i.metric, i.scope, i.status, i.verdict, "
    "i.owner_id, i.target_date, i.created_at, i.closed_at, i.impact, i.effort, "
    "(SELECT count(*) FROM improvement_occurrence o WHERE o.item_id = i.id "
    "AND o.deleted_at IS NULL), "
    "ifnull(sum(a.state <> 'cancelled'), 0), ifnull(sum(a.state IN ('done', 'verified')), 0), "
    f"ifnull(sum(a.due_date < :today AND a.state NOT IN {_OVER}), 0), "
    f"min(CASE WHEN a.state NOT IN {_OVER} THEN a.due_date END), "
    "(SELECT min(r.due_date) FROM improvement_recheck r WHERE r.item_id = i.id "
    "AND r.deleted_at IS NULL AND r.done_at IS NULL) "
    "FROM improvement_item i LEFT JOIN action a ON a.item_id = i.id AND a.deleted_at IS NULL "
    "WHERE i.deleted_at IS NULL GROUP BY i.id ORDER BY i.created_at DESC, i.id DESC"
)


def listed(connection: Connection, today: str) -> list[ListRow]:
    """Return all items, the newest first; ``today`` (a day) decides what is late."""
    found = connection.execute(_LIST, {"today": today}).fetchall()
    return [ListRow._make(row) for row in found]


def item(connection: Connection, item_id: int) -> dict[str, Any] | None:
    """Return an item with its JSON read."""
    found = records.get(connection, "improvement_item", item_id)
    return None if found is None else _read(found, ("problem", "snapshot"))


def parts(connection: Connection, item_id: int, table: str) -> list[dict[str, Any]]:
    """Return the rows of one kind that belong to an item, their JSON read."""
    return [
        _read(row, ("progress", "series"))
        for row in records.children(connection, table, "item_id", item_id, PARTS[table])
    ]


def rca(connection: Connection, item_id: int) -> dict[str, Any] | None:
    """Return the root-cause analysis of an item."""
    found = records.children(connection, "rca", "item_id", item_id)
    return _read(found[0], ("whys", "causes")) if found else None


def _read(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {
        name: json.loads(value) if name in names and isinstance(value, str) else value
        for name, value in row.items()
    }


def about(connection: Connection, metric: str, scope: str) -> list[dict[str, Any]]:
    """Return the items about a metric and scope, the newest first; a merged one by its target.

    ``period_of`` holds the periods that an item of this metric and scope counted already.
    """
    rows = connection.execute(
        "WITH RECURSIVE leads(id, merged_into_id) AS ("
        "SELECT id, merged_into_id FROM improvement_item "
        "WHERE metric = :metric AND scope = :scope AND deleted_at IS NULL UNION "
        "SELECT t.id, t.merged_into_id FROM leads l "
        "JOIN improvement_item t ON t.id = l.merged_into_id AND t.deleted_at IS NULL) "
        "SELECT i.id, i.status, i.item_no, i.closed_at, i.created_at FROM improvement_item i "
        "WHERE i.id IN (SELECT id FROM leads) ORDER BY i.created_at DESC, i.id DESC",
        {"metric": metric, "scope": scope},
    ).fetchall()
    names = ("id", "status", "item_no", "closed_at", "created_at")
    return [dict(zip(names, row, strict=True)) for row in rows]


def occurrence(connection: Connection, item_ids: list[int], period: str) -> dict[str, Any] | None:
    """Return the occurrence of a period in one of the items."""
    row = connection.execute(
        "SELECT id, item_id, value, n FROM improvement_occurrence WHERE deleted_at IS NULL "
        "AND period = ? AND item_id IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT 1",
        (period, json.dumps(item_ids)),
    ).fetchone()
    return None if row is None else dict(zip(("id", "item_id", "value", "n"), row, strict=True))


def watched(connection: Connection) -> list[dict[str, Any]]:
    """Return the items whose effect is followed: bound to a metric with a target, in the works."""
    ids = connection.execute(
        "SELECT id FROM improvement_item WHERE deleted_at IS NULL AND metric IS NOT NULL "
        "AND target IS NOT NULL AND status IN ('executing', 'verifying') ORDER BY id"
    ).fetchall()
    found = (item(connection, key) for (key,) in ids)
    return [one for one in found if one is not None]


def save_rca(uow: UnitOfWork, item_id: int, values: dict[str, Any]) -> int:
    """Write the analysis of an item; it has one."""
    texts = {
        name: json.dumps(value, ensure_ascii=False) if name in ("whys", "causes") else value
        for name, value in values.items()
    }
    row = uow.execute("SELECT id, deleted_at FROM rca WHERE item_id = ?", (item_id,)).fetchone()
    if row is None:
        return uow.insert("rca", {"method": "five_why", **texts, "item_id": item_id})
    uow.update("rca", int(row[0]), {**texts, "deleted_at": None})
    return int(row[0])


def as_json(value: Any) -> str:
    """Return a value as its JSON column keeps it."""
    return json.dumps(value, ensure_ascii=False)
