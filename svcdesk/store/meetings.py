"""Meetings and their points as rows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from svcdesk.store import records

if TYPE_CHECKING:
    from svcdesk.store.connection import Connection


class MeetingRow(NamedTuple):
    """A meeting in the list; ``open`` counts its decisions that are not carried out."""

    id: int
    held_on: str
    title: str
    chair_id: int | None
    points: int
    decisions: int
    open: int


class Point(NamedTuple):
    """A point of a meeting with its item and the measure its decision became."""

    id: int
    meeting_id: int
    sort: int
    kind: str
    text: str
    item_id: int | None
    item_number: str
    item_title: str
    item_status: str
    owner_id: int | None
    due: str | None
    settled: bool
    carried_from_id: int | None
    action_id: int | None
    action_number: str
    action_state: str
    action_due: str | None
    row_version: int

    @property
    def is_open(self) -> bool:
        """Tell whether this is a decision that is not carried out yet."""
        if self.kind != "decision" or self.settled:
            return False
        return self.action_state not in {"done", "verified", "cancelled"}


# a measure that was deleted (or undone) is none: its decision can become one again
_OPEN = ("p.kind = 'decision' AND p.settled = 0 "
         "AND ifnull(a.state, '') NOT IN ('done', 'verified', 'cancelled')")  # fmt: skip
_JOIN = "LEFT JOIN action a ON a.id = p.action_id AND a.deleted_at IS NULL "


def listed(connection: Connection) -> list[MeetingRow]:
    """Return all meetings, the newest first."""
    return [
        MeetingRow._make(row)
        for row in connection.execute(
            "SELECT m.id, m.held_on, m.title, m.chair_id, count(p.id), "
            f"ifnull(sum(p.kind = 'decision'), 0), ifnull(sum({_OPEN}), 0) FROM meeting m "
            "LEFT JOIN meeting_point p ON p.meeting_id = m.id AND p.deleted_at IS NULL "
            f"{_JOIN} WHERE m.deleted_at IS NULL GROUP BY m.id ORDER BY m.held_on DESC, m.id DESC"
        ).fetchall()
    ]


def meeting(connection: Connection, meeting_id: int) -> dict[str, Any] | None:
    """Return a meeting, its people as a list of keys."""
    found = records.get(connection, "meeting", meeting_id)
    if found is None or found["deleted_at"] is not None:
        return None
    return {**found, "people": json.loads(found["people"])}


_POINT = (
    "SELECT p.id, p.meeting_id, p.sort, p.kind, p.text, i.id, ifnull(i.item_no, ''), "
    "ifnull(i.title, ''), ifnull(i.status, ''), p.owner_id, p.due_date, p.settled, "
    "p.carried_from_id, a.id, ifnull(a.action_no, ''), ifnull(a.state, ''), a.due_date, "
    "p.row_version FROM meeting_point p "
    "LEFT JOIN improvement_item i ON i.id = p.item_id AND i.deleted_at IS NULL "
    f"{_JOIN} WHERE p.deleted_at IS NULL AND "
)


def points(connection: Connection, meeting_id: int) -> list[Point]:
    """Return the points of a meeting in their order."""
    found = connection.execute(_POINT + "p.meeting_id = ? ORDER BY p.sort, p.id", (meeting_id,))
    return [_point(row) for row in found.fetchall()]


def point(connection: Connection, point_id: int) -> Point | None:
    """Return one point."""
    row = connection.execute(_POINT + "p.id = ?", (point_id,)).fetchone()
    return None if row is None else _point(row)


def _point(row: Any) -> Point:
    return Point._make((*row[:11], bool(row[11]), *row[12:]))


def chain(connection: Connection, point_id: int) -> list[int]:
    """Return the keys of a decision in all meetings it was carried through."""
    return [
        row[0]
        for row in connection.execute(
            "WITH RECURSIVE up(id, before) AS ("
            "SELECT id, carried_from_id FROM meeting_point WHERE id = ? UNION "
            "SELECT p.id, p.carried_from_id FROM up JOIN meeting_point p ON p.id = up.before), "
            "all_of(id) AS (SELECT id FROM up UNION "
            "SELECT p.id FROM all_of JOIN meeting_point p ON p.carried_from_id = all_of.id) "
            "SELECT a.id FROM all_of a JOIN meeting_point p ON p.id = a.id "
            "WHERE p.deleted_at IS NULL ORDER BY a.id",
            (point_id,),
        ).fetchall()
    ]


def last_before(connection: Connection, day: str) -> int | None:
    """Return the newest meeting held on a day or before it."""
    row = connection.execute(
        "SELECT id FROM meeting WHERE deleted_at IS NULL AND held_on <= ? "
        "ORDER BY held_on DESC, id DESC LIMIT 1",
        (day,),
    ).fetchone()
    return None if row is None else int(row[0])


class AgendaRow(NamedTuple):
    """An item in the works, as the agenda looks at it; times in UTC seconds."""

    id: int
    number: str
    title: str
    status: str
    target_date: str | None
    created_at: int
    late: int
    blocked: int
    recheck_due: str | None


def agenda(connection: Connection, today: str) -> list[AgendaRow]:
    """Return the items that may belong on an agenda, the oldest first."""
    return [
        AgendaRow._make(row)
        for row in connection.execute(
            "SELECT i.id, i.item_no, i.title, i.status, i.target_date, i.created_at, "
            "ifnull(sum(a.due_date < :today AND a.state IN ('todo', 'doing', 'blocked')), 0), "
            "ifnull(sum(a.state = 'blocked'), 0), "
            "(SELECT min(r.due_date) FROM improvement_recheck r WHERE r.item_id = i.id "
            "AND r.deleted_at IS NULL AND r.done_at IS NULL) "
            "FROM improvement_item i LEFT JOIN action a ON a.item_id = i.id "
            "AND a.deleted_at IS NULL WHERE i.deleted_at IS NULL "
            "AND i.status NOT IN ('void', 'merged') GROUP BY i.id ORDER BY i.created_at, i.id",
            {"today": today},
        ).fetchall()
    ]


class Spoken(NamedTuple):
    """A point about an item, with the meeting it was made in."""

    meeting_id: int
    held_on: str
    title: str
    kind: str
    text: str


def spoken_of(connection: Connection, item_id: int) -> list[Spoken]:
    """Return what meetings said and decided about an item, the newest first."""
    return [
        Spoken._make(row)
        for row in connection.execute(
            "SELECT m.id, m.held_on, m.title, p.kind, p.text FROM meeting_point p "
            "JOIN meeting m ON m.id = p.meeting_id AND m.deleted_at IS NULL "
            "WHERE p.item_id = ? AND p.deleted_at IS NULL "
            "ORDER BY m.held_on DESC, m.id DESC, p.sort, p.id",
            (item_id,),
        ).fetchall()
    ]
