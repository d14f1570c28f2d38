"""Records named one by one beside the figures: what is overdue and why, chains, publications.

Which records they are says the metric (``Board.drill``); here their rows are read.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from svcdesk.domain.metrics.registry import metric
from svcdesk.store import measures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.period import Period
    from svcdesk.store.connection import Connection
    from svcdesk.store.figures import Board

_AMONG = "IN (SELECT value FROM json_each(:numbers))"


class Overdue(NamedTuple):
    """An open complaint past its deadline."""

    id: int
    number: str
    category_id: int
    department_id: int | None
    due_at: int
    reason_id: int | None
    plan: str
    owner: str


def overdue(connection: Connection, numbers: Sequence[str], limit: int) -> list[Overdue]:
    """Return overdue complaints, the longest overdue first."""
    rows = connection.execute(
        "SELECT c.id, c.complaint_no, c.category_id, c.resp_dept_id, c.due_at, "
        "c.overdue_reason_id, trim(coalesce(c.overdue_plan, '')), coalesce(p.name, '') "
        "FROM complaint c LEFT JOIN person p ON p.id = coalesce(c.resp_person_id, c.handler_id) "
        f"WHERE c.complaint_no {_AMONG} ORDER BY c.due_at, c.id LIMIT :limit",
        {"numbers": json.dumps(list(numbers)), "limit": limit},
    ).fetchall()
    return [Overdue._make(row) for row in rows]


class Link(NamedTuple):
    """A repeat complaint: its place in the chain and how long after the one before."""

    id: int
    number: str
    customer: str
    customer_kind: str
    category_id: int
    department_id: int | None
    chain: int
    seconds: int | None
    status: str


def repeats(connection: Connection, numbers: Sequence[str], limit: int) -> list[Link]:
    """Return repeat complaints, the longest chains first."""
    rows = connection.execute(
        "SELECT c.id, c.complaint_no, u.name, u.kind, c.category_id, c.resp_dept_id, c.chain, "
        "c.received_at - b.received_at, c.status FROM complaint c "
        "JOIN customer u ON u.id = c.customer_id LEFT JOIN complaint b ON b.id = c.repeat_of_id "
        f"WHERE c.complaint_no {_AMONG} ORDER BY c.chain DESC, c.received_at DESC LIMIT :limit",
        {"numbers": json.dumps(list(numbers)), "limit": limit},
    ).fetchall()
    return [Link._make(row) for row in rows]


class Dissatisfied(NamedTuple):
    """A complaint whose handling was scored low, and what the callback noted down about it."""

    number: str
    customer: str
    customer_kind: str
    category_id: int
    department_id: int | None
    score: int
    scored_at: int
    words: str


def dissatisfied(
    connection: Connection, numbers: Sequence[str], highest: int, limit: int
) -> list[Dissatisfied]:
    """Return the complaints scored ``highest`` or less, the lowest and latest first."""
    rows = connection.execute(
        "SELECT c.complaint_no, u.name, u.kind, c.category_id, c.resp_dept_id, c.satisfaction, "
        "c.satisfaction_at, trim(coalesce((SELECT coalesce(nullif(s.comment, ''), k.notes) "
        "FROM callback k LEFT JOIN survey s ON s.id = k.answer_id AND s.deleted_at IS NULL "
        "WHERE k.complaint_id = c.id AND k.state = 'completed' AND k.deleted_at IS NULL "
        "ORDER BY k.completed_at DESC, k.id DESC LIMIT 1), '')) "
        "FROM complaint c JOIN customer u ON u.id = c.customer_id "
        f"WHERE c.complaint_no {_AMONG} AND c.satisfaction <= :highest "
        "ORDER BY c.satisfaction, c.satisfaction_at DESC, c.id LIMIT :limit",
        {"numbers": json.dumps(list(numbers)), "highest": highest, "limit": limit},
    ).fetchall()
    return [Dissatisfied._make(row) for row in rows]


class Exposure(NamedTuple):
    """A published complaint."""

    id: int
    number: str
    platform: str
    state: str | None
    since: int
    reach: int | None
    handler: str


def exposures(connection: Connection, numbers: Sequence[str], limit: int) -> list[Exposure]:
    """Return published complaints, the latest first."""
    rows = connection.execute(
        "SELECT c.id, c.complaint_no, coalesce(c.exposure_platform, ''), c.exposure_state, "
        "coalesce(c.exposure_since, c.received_at), c.exposure_reach, coalesce(p.name, '') "
        "FROM complaint c "
        "LEFT JOIN person p ON p.id = coalesce(c.exposure_handler_id, c.handler_id) "
        f"WHERE c.complaint_no {_AMONG} ORDER BY 5 DESC, c.id LIMIT :limit",
        {"numbers": json.dumps(list(numbers)), "limit": limit},
    ).fetchall()
    return [Exposure._make(row) for row in rows]


class Long(NamedTuple):
    """A resolved ticket and how long it took, in calendar seconds."""

    number: str
    title: str
    issue_id: int | None
    seconds: int
    owner: str


def longest(board: Board, period: Period, limit: int) -> list[Long]:
    """Return the tickets resolved in a period that took longest, the longest first."""
    rows: list[Any] = []
    for facts, where, values in measures.ways(board.run, metric("ticket_resolved"), period):
        taken = f"{facts.fields['resolved_at']} - t.created_at"
        rows += board.run.connection.execute(
            f"SELECT t.ticket_no, t.title, t.issue_id, {taken}, coalesce((SELECT p.name "
            f"FROM person p WHERE p.id = t.owner_id), '') FROM {facts.table} WHERE {where} "
            "ORDER BY 4 DESC, t.id LIMIT :limit",
            {**values, "limit": limit},
        ).fetchall()
    rows.sort(key=lambda row: (-row[3], row[0]))
    return [Long._make(row) for row in rows[:limit]]


class Listed(NamedTuple):
    """A record received in a period, as appendix C lists it."""

    number: str
    received_at: int
    customer: str
    customer_kind: str
    product: str
    type_id: int | None
    channel_id: int | None
    department_id: int | None
    owner: str
    status: str


def received_tickets(board: Board, period: Period, limit: int) -> list[Listed]:
    """Return the tickets received in a period, the oldest first."""
    columns = (
        f"t.ticket_no, t.created_at, {_names_of('t')}, t.issue_id, t.channel_id, t.resp_dept_id, "
        f"{_name_in('person', 't.owner_id')}"
    )
    return _received(board, period, limit, "ticket_created", columns, "t")


def received_complaints(board: Board, period: Period, limit: int) -> list[Listed]:
    """Return the complaints received in a period, the oldest first."""
    columns = (
        f"c.complaint_no, c.received_at, {_names_of('c')}, c.category_id, c.channel_id, "
        f"c.resp_dept_id, {_name_in('person', 'c.handler_id')}"
    )
    return _received(board, period, limit, "complaint_received", columns, "c")


def _name_in(table: str, key: str, column: str = "name") -> str:
    return f"coalesce((SELECT x.{column} FROM {table} x WHERE x.id = {key}), '')"


def _names_of(alias: str) -> str:
    """Return name and kind of the customer, and the product, of a record."""
    customer = f"{alias}.customer_id"
    return (
        f"{_name_in('customer', customer)}, {_name_in('customer', customer, 'kind')}, "
        f"{_name_in('product', f'{alias}.product_id')}"
    )


def _received(
    board: Board, period: Period, limit: int, metric_id: str, columns: str, alias: str
) -> list[Listed]:
    """Return the first records of a count; names are looked up for these alone."""
    rows: list[Any] = []
    for facts, where, values in measures.ways(board.run, metric(metric_id), period):
        status = facts.fields.get("status", f"{alias}.status")
        rows += board.run.connection.execute(
            f"SELECT {columns}, {status} FROM {facts.table} WHERE {where} "
            f"ORDER BY 2, {alias}.id LIMIT :limit",
            {**values, "limit": limit},
        ).fetchall()
    rows.sort(key=lambda row: (row[1], row[0]))
    return [Listed._make(row) for row in rows[:limit]]


def ages(connection: Connection, numbers: Sequence[str], end: int) -> list[int]:
    """Return how old complaints are at ``end``, in calendar seconds."""
    return [
        row[0]
        for row in connection.execute(
            f"SELECT :end - c.received_at FROM complaint c WHERE c.complaint_no {_AMONG}",
            {"numbers": json.dumps(list(numbers)), "end": end},
        ).fetchall()
    ]


def words(
    connection: Connection, picks: Sequence[tuple[str, int]]
) -> list[tuple[str, str, str]]:  # fmt: skip
    """Return what customers wrote, as number, customer and text, in the order of the picks."""
    found = []
    for entity, record in picks:
        statement = (
            "SELECT s.survey_no, coalesce(u.name, ''), s.comment FROM survey s "
            "LEFT JOIN customer u ON u.id = s.customer_id WHERE s.id = ? AND s.deleted_at IS NULL"
            if entity == "survey"
            else "SELECT c.complaint_no, coalesce(u.name, ''), x.description FROM complaint c "
            "JOIN complaint_text x ON x.id = c.id LEFT JOIN customer u ON u.id = c.customer_id "
            "WHERE c.id = ? AND c.deleted_at IS NULL"
        )
        row = connection.execute(statement, (record,)).fetchone()
        if row is not None and row[2]:
            found.append((row[0], row[1], row[2]))
    return found


class Crossing(NamedTuple):
    """A complaint in which several departments took part, the responsible one first."""

    number: str
    category_id: int
    status: str
    departments: tuple[int, ...]


def crossing(connection: Connection, numbers: Sequence[str]) -> list[Crossing]:
    """Return the complaints that involved two departments or more, the most involved first."""
    found: dict[str, tuple[int, str, dict[int, None]]] = {}
    for number, category, status, own, other in connection.execute(
        "SELECT c.complaint_no, c.category_id, c.status, c.resp_dept_id, d.department_id "
        "FROM complaint c JOIN complaint_department d ON d.complaint_id = c.id "
        f"AND d.deleted_at IS NULL WHERE c.complaint_no {_AMONG} ORDER BY c.id, d.id",
        {"numbers": json.dumps(list(numbers))},
    ).fetchall():
        _, _, departments = found.setdefault(number, (category, status, {}))
        departments.update(dict.fromkeys(key for key in (own, other) if key is not None))
    rows = [
        Crossing(number, category, status, tuple(departments))
        for number, (category, status, departments) in found.items()
        if len(departments) > 1
    ]
    return sorted(rows, key=lambda row: (-len(row.departments), row.number))


class Escalated(NamedTuple):
    """Escalations of one level and cause."""

    level: str
    cause: str
    complaints: int


def escalations(connection: Connection, numbers: Sequence[str], end: int) -> list[Escalated]:
    """Return the escalations of complaints up to ``end`` by level and cause."""
    rows = connection.execute(
        "SELECT x.level, x.cause, count(DISTINCT c.id) FROM complaint c "
        "JOIN complaint_escalation x ON x.complaint_id = c.id AND x.deleted_at IS NULL "
        f"AND x.at < :end WHERE c.complaint_no {_AMONG} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2",
        {"numbers": json.dumps(list(numbers)), "end": end},
    ).fetchall()
    return [Escalated._make(row) for row in rows]


def group_keys(connection: Connection, numbers: Sequence[str]) -> list[int]:
    """Return the keys of group complaints by their numbers."""
    return [
        row[0]
        for row in connection.execute(
            f"SELECT id FROM complaint_group WHERE group_no {_AMONG} ORDER BY triggered_at DESC",
            {"numbers": json.dumps(list(numbers))},
        ).fetchall()
    ]


class LowScore(NamedTuple):
    """A low score that nobody has called back about, and the callback that is to do it."""

    id: int
    number: str
    customer: str
    customer_kind: str
    score: int
    answered_at: int
    due_at: int
    comment: str
    callback_id: int | None
    assignee: str


def recoveries(
    connection: Connection, numbers: Sequence[str]
) -> dict[str, tuple[str, int | None, str]]:
    """Return survey number -> state, end and caller of the callback that followed a low score."""
    rows = connection.execute(
        "SELECT s.survey_no, k.state, k.completed_at, coalesce(p.name, '') FROM survey s "
        "JOIN callback k ON k.kind = 'low_score' AND k.deleted_at IS NULL AND (k.survey_id = s.id "
        "OR k.ticket_id = s.ticket_id OR k.complaint_id = s.complaint_id) "
        "LEFT JOIN person p ON p.id = k.assignee_id "
        f"WHERE s.survey_no {_AMONG} ORDER BY k.survey_id = s.id, k.id",
        {"numbers": json.dumps(list(numbers))},
    ).fetchall()
    return {number: (state, ended, caller) for number, state, ended, caller in rows}


def low_scores(
    connection: Connection, numbers: Sequence[str], seconds: int, now: int, limit: int
) -> list[LowScore]:
    """Return low scores: those in time, the next due first; then those too late, the newest first.

    ``seconds``: the time for a callback.
    """
    rows = connection.execute(
        "SELECT s.id, s.survey_no, coalesce(u.name, ''), coalesce(u.kind, 'person'), s.csat, "
        "s.responded_at, s.responded_at + :seconds, s.comment, k.id, coalesce(p.name, '') "
        "FROM survey s LEFT JOIN customer u ON u.id = s.customer_id "
        "LEFT JOIN callback k ON k.id = (SELECT b.id FROM callback b WHERE b.kind = 'low_score' "
        "AND b.state IN ('planned', 'in_progress') AND b.deleted_at IS NULL "
        "AND (b.survey_id = s.id OR b.ticket_id = s.ticket_id OR b.complaint_id = s.complaint_id) "
        "ORDER BY b.survey_id = s.id DESC, b.id LIMIT 1) "
        "LEFT JOIN person p ON p.id = k.assignee_id "
        f"WHERE s.survey_no {_AMONG} ORDER BY s.responded_at + :seconds < :now, "
        "CASE WHEN s.responded_at + :seconds < :now THEN -s.responded_at ELSE s.responded_at END, "
        "s.id LIMIT :limit",
        {"numbers": json.dumps(list(numbers)), "seconds": seconds, "now": now, "limit": limit},
    ).fetchall()
    return [LowScore._make(row) for row in rows]
