"""The improvement loop as reports print it: items with cause and measures, plan tasks (2.12)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from svcdesk.domain.causes import CauseRow, WhyRow, cause_rows, why_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.store.connection import Connection


class Item(NamedTuple):
    """An improvement item with its root cause; times in UTC seconds, ``target_date`` a day."""

    id: int
    number: str
    title: str
    source: str
    metric: str | None
    status: str
    verdict: str | None
    owner: str
    baseline: float | None
    target: float | None
    target_date: str | None
    created_at: int
    closed_at: int | None
    root_cause: str
    whys: tuple[WhyRow, ...]
    causes: tuple[CauseRow, ...]
    bones: str
    standardised: str
    scope: str
    period: str | None


class Recurred(NamedTuple):
    """An item about what another had been closed for, and that other, named ``former``."""

    number: str
    title: str
    created_at: int
    owner: str
    former: str
    former_closed_at: int | None


class Measure(NamedTuple):
    """A measure of an item."""

    item_id: int
    number: str
    text: str
    kind: str
    owner: str
    due: str | None
    state: str


_ITEM = (
    "SELECT i.id, i.item_no, i.title, i.source, i.metric, i.status, i.verdict, "
    "coalesce(p.name, ''), i.baseline, i.target, i.target_date, i.created_at, i.closed_at, "
    "coalesce(r.root_cause, ''), coalesce(r.whys, '[]'), coalesce(r.causes, '[]'), "
    "coalesce(r.bones, '5m1e'), i.standardised, i.scope, i.period "
    "FROM improvement_item i "
    "LEFT JOIN person p ON p.id = i.owner_id "
    "LEFT JOIN rca r ON r.item_id = i.id AND r.deleted_at IS NULL "
    "WHERE i.deleted_at IS NULL AND i.status NOT IN ('void', 'merged') "
)


def items(connection: Connection, start: int, end: int, sources: Sequence[str] = ()) -> list[Item]:
    """Return the items open at some time between ``start`` and ``end``, the oldest first.

    ``sources`` keeps those that were raised by one of them (none: all).
    """
    rows = connection.execute(
        _ITEM + "AND i.created_at < :end AND (i.closed_at IS NULL OR i.closed_at >= :start) "
        "AND (:any OR i.source IN (SELECT value FROM json_each(:sources))) "
        "ORDER BY i.created_at, i.id",
        {"start": start, "end": end, "any": not sources, "sources": json.dumps(list(sources))},
    ).fetchall()
    return [_item(row) for row in rows]


def recurred(connection: Connection, numbers: Sequence[str]) -> list[Recurred]:
    """Return the items ``numbers`` (which recur: 3.8), each with the one closed for it before.

    That is the item it names itself, or the last one about its metric and scope.
    """
    rows = connection.execute(
        "SELECT i.item_no, i.title, i.created_at, coalesce(p.name, ''), coalesce(o.item_no, ''), "
        "o.closed_at FROM improvement_item i LEFT JOIN person p ON p.id = i.owner_id "
        "LEFT JOIN improvement_item o ON o.id = coalesce(i.recurs_of_id, (SELECT f.id "
        "FROM improvement_item f WHERE f.id <> i.id AND f.deleted_at IS NULL "
        "AND f.metric = i.metric AND f.scope = i.scope AND f.status NOT IN ('void', 'merged') "
        "AND f.closed_at <= i.created_at ORDER BY f.closed_at DESC, f.id DESC LIMIT 1)) "
        "WHERE i.item_no IN (SELECT value FROM json_each(:numbers)) ORDER BY i.created_at, i.id",
        {"numbers": json.dumps(list(numbers))},
    ).fetchall()
    return [Recurred._make(row) for row in rows]


def _item(row: Sequence[Any]) -> Item:
    whys = tuple(why_rows(json.loads(row[14])))
    return Item._make((*row[:14], whys, tuple(cause_rows(json.loads(row[15]))), *row[16:]))


def item_numbers(connection: Connection, start: int, end: int) -> dict[str, str]:
    """Return metric -> number of its newest item that was open between ``start`` and ``end``."""
    return dict(
        connection.execute(
            "SELECT metric, item_no FROM improvement_item WHERE deleted_at IS NULL "
            "AND status NOT IN ('void', 'merged') AND metric IS NOT NULL AND scope = 'all' "
            "AND created_at < :end AND (closed_at IS NULL OR closed_at >= :start) "
            "ORDER BY created_at, id",
            {"start": start, "end": end},
        ).fetchall()
    )


def measures(connection: Connection, item_ids: Sequence[int]) -> list[Measure]:
    """Return the measures of items that were not cancelled, by due date."""
    return [
        Measure._make(row)
        for row in connection.execute(
            "SELECT a.item_id, a.action_no, a.text, a.kind, coalesce(p.name, ''), a.due_date, "
            "a.state FROM action a LEFT JOIN person p ON p.id = a.owner_id "
            "WHERE a.deleted_at IS NULL AND a.state <> 'cancelled' "
            "AND a.item_id IN (SELECT value FROM json_each(?)) "
            "ORDER BY a.due_date IS NULL, a.due_date, a.id",
            (json.dumps(list(item_ids)),),
        ).fetchall()
    ]
