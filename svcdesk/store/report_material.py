"""What people bring to a report besides its figures: key events, tasks, customers' words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from svcdesk.store.connection import Connection


class Event(NamedTuple):
    """A key event with its days (both included), its kind and how it was handled."""

    id: int
    starts_on: str
    ends_on: str
    title: str
    state: str
    kind: str


def events(connection: Connection, first: str, last: str) -> list[Event]:
    """Return the key events that touch the days ``first`` … ``last``, in their order."""
    return [
        Event._make(row)
        for row in connection.execute(
            "SELECT id, starts_on, ends_on, title, state, kind FROM key_event WHERE deleted_at IS NULL "
            "AND starts_on <= ? AND ends_on >= ? ORDER BY starts_on, id",
            (last, first),
        ).fetchall()
    ]


class Task(NamedTuple):
    """A task of a period's plan."""

    id: int
    period: str
    text: str
    owner_id: int | None
    owner: str
    due_date: str | None
    state: str
    result: str


def tasks(connection: Connection, period: str) -> list[Task]:
    """Return the tasks planned for a period, those due first on top."""
    return [
        Task._make(row)
        for row in connection.execute(
            "SELECT k.id, k.period, k.text, k.owner_id, coalesce(p.name, ''), k.due_date, k.state, "
            "k.result FROM plan_task k LEFT JOIN person p ON p.id = k.owner_id "
            "WHERE k.period = ? AND k.deleted_at IS NULL "
            "ORDER BY k.due_date IS NULL, k.due_date, k.id",
            (period,),
        ).fetchall()
    ]


class Words(NamedTuple):
    """What a customer wrote in an answer."""

    id: int
    number: str
    customer: str
    customer_kind: str
    score: int | None
    text: str


def words(connection: Connection, start: int, end: int, limit: int) -> list[Words]:
    """Return the comments of counted answers between two moments, the lowest scores first."""
    return [
        Words._make(row)
        for row in connection.execute(
            "SELECT s.id, s.survey_no, coalesce(u.name, ''), coalesce(u.kind, 'person'), s.csat, "
            "s.comment FROM survey s LEFT JOIN customer u ON u.id = s.customer_id "
            "WHERE s.responded_at >= ? AND s.responded_at < ? AND s.deleted_at IS NULL "
            "AND s.invalid = 0 AND trim(coalesce(s.comment, '')) <> '' "
            "ORDER BY s.csat IS NULL, s.csat, s.responded_at DESC LIMIT ?",
            (start, end, limit),
        ).fetchall()
    ]
