"""Measures of all items, and the tasks of a plan, with what a bar over weeks needs."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from svcdesk.domain.localtime import local_date
from svcdesk.domain.plan_bars import begins

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.store.connection import Connection


class MeasureRow(NamedTuple):
    """A measure with its item; ``log`` is its progress, oldest first; times in UTC seconds."""

    id: int
    item_id: int
    item_number: str
    item_title: str
    item_status: str
    item_owner_id: int | None
    number: str
    text: str
    owner_id: int | None
    due: str | None
    state: str
    log: tuple[dict[str, Any], ...]
    entered_at: int
    done_at: int | None
    blocked_by: str

    def span(self, zone: str) -> tuple[date, date | None]:
        """Return the first day and the due day."""
        logged = min((int(entry["at"]) for entry in self.log if "at" in entry), default=None)
        due = None if self.due is None else date.fromisoformat(self.due)
        started = None if logged is None else local_date(logged, zone)
        return begins(local_date(self.entered_at, zone), started, due), due

    @property
    def percent(self) -> int:
        """Return how far it is, 0 to 100: as last entered."""
        if self.state in {"done", "verified"}:
            return 100
        return int(self.log[-1].get("percent", 0)) if self.log else 0


_MEASURES = (
    "SELECT a.id, i.id, i.item_no, i.title, i.status, i.owner_id, a.action_no, a.text, a.owner_id, "
    "a.due_date, a.state, a.progress, a.entered_at, a.done_at, a.blocked_by FROM action a "
    "JOIN improvement_item i ON i.id = a.item_id AND i.deleted_at IS NULL "
    "WHERE a.deleted_at IS NULL AND i.status NOT IN ('void', 'merged') {more} "
    "ORDER BY i.created_at, i.id, a.due_date IS NULL, a.due_date, a.id"
)


def measures(connection: Connection, item_ids: Sequence[int] | None = None) -> list[MeasureRow]:
    """Return the measures of these items, or of all that are not void or merged, by item."""
    more, values = "", {}
    if item_ids is not None:
        more = "AND i.id IN (SELECT value FROM json_each(:ids))"
        values = {"ids": json.dumps(list(item_ids))}
    found = connection.execute(_MEASURES.format(more=more), values).fetchall()
    return [MeasureRow._make((*row[:11], tuple(json.loads(row[11])), *row[12:])) for row in found]


class TaskRow(NamedTuple):
    """A task of a period's plan."""

    id: int
    text: str
    metric: str | None
    owner_id: int | None
    due: str | None
    state: str
    result: str
    entered_at: int
    updated_at: int


def tasks(connection: Connection, period: str) -> list[TaskRow]:
    """Return the tasks of a period's plan, those due first on top."""
    return [
        TaskRow._make(row)
        for row in connection.execute(
            "SELECT id, text, metric, owner_id, due_date, state, result, entered_at, updated_at "
            "FROM plan_task WHERE period = ? AND deleted_at IS NULL "
            "ORDER BY due_date IS NULL, due_date, id",
            (period,),
        ).fetchall()
    ]


class RecheckRow(NamedTuple):
    """An item whose effect is to be looked at again on a day."""

    id: int
    item_id: int
    item_number: str
    item_title: str
    owner_id: int | None
    due: str
    days: int


def rechecks(connection: Connection, until: str) -> list[RecheckRow]:
    """Return the rechecks due by a day and not done."""
    return [
        RecheckRow._make(row)
        for row in connection.execute(
            "SELECT r.id, i.id, i.item_no, i.title, i.owner_id, r.due_date, r.days "
            "FROM improvement_recheck r "
            "JOIN improvement_item i ON i.id = r.item_id AND i.deleted_at IS NULL "
            "AND i.status = 'closed' "
            "WHERE r.deleted_at IS NULL AND r.done_at IS NULL AND r.due_date <= ? "
            "ORDER BY r.due_date, r.id",
            (until,),
        ).fetchall()
    ]


class VerdictRow(NamedTuple):
    """An item being verified whose figures propose a verdict that nobody has confirmed."""

    id: int
    item_id: int
    item_number: str
    item_title: str
    owner_id: int | None
    proposed: str


def verdicts(connection: Connection) -> list[VerdictRow]:
    """Return the verdicts that wait for a person."""
    return [
        VerdictRow._make(row)
        for row in connection.execute(
            "SELECT v.id, i.id, i.item_no, i.title, i.owner_id, v.proposed FROM verification v "
            "JOIN improvement_item i ON i.id = v.item_id AND i.deleted_at IS NULL "
            "AND i.status = 'verifying' "
            "WHERE v.deleted_at IS NULL AND v.verdict IS NULL "
            "AND v.proposed IN ('effective', 'ineffective') ORDER BY v.id",
        ).fetchall()
    ]
