"""How promptly and how completely records are entered, by who is answerable for them.

``domain.md 3.6`` (entry timeliness: within 24 hours of the event, imports left out) and features
Q12, Q13, for every set of data; a field is expected only where it makes sense.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from svcdesk.domain.period import Period
    from svcdesk.store.connection import Connection

WITHIN = 86_400  # seconds after the event (inclusive)
LISTED = 2000  # records of one list
LATE, INCOMPLETE = "late", "incomplete"


@dataclass(frozen=True)
class Expected:
    """A field: where it is expected and whether it is filled in (SQL)."""

    name: str
    filled: str
    where: str = "1"


@dataclass(frozen=True)
class DataSet:
    """One set of data: its records of a period, the event, when it was entered, whose it is.

    ``entered`` is NULL for what an import brought in: it has no time of entry of its own.
    """

    key: str
    entity: str  # kind of record that opens
    record: str
    number: str
    table: str
    where: str
    event: str
    entered: str
    owner: str
    fields: tuple[Expected, ...]


_CLOSED = (
    "(SELECT min(e.entered_at) FROM {entity}_event e WHERE e.{entity}_id = m.id "
    "AND e.at = m.closed_at AND e.batch_id IS NULL AND e.deleted_at IS NULL "
    "AND (e.type = 'closed' OR (e.type = 'status_changed' AND e.new = 'closed')))"
)
SETS: tuple[DataSet, ...] = (
    DataSet(
        "tickets", "ticket", "m.id", "m.ticket_no",
        "ticket m LEFT JOIN ticket_text x ON x.id = m.id",
        "m.deleted_at IS NULL AND m.is_test = 0 AND m.status <> 'merged' "
        "AND m.closed_at IS NOT NULL",
        "m.closed_at", _CLOSED.format(entity="ticket"), "m.owner_id",
        (
            Expected("issue_l1", "m.issue_id IS NOT NULL"),
            Expected("product", "m.product_id IS NOT NULL"),
            Expected("resolution_code", "m.resolution_code IS NOT NULL",
                     "m.resolved_at IS NOT NULL"),
            Expected("solution", "ifnull(x.solution, '') <> ''", "m.resolved_at IS NOT NULL"),
            Expected("overdue_reason", "m.overdue_reason_id IS NOT NULL",
                     "ifnull(m.resolved_at >= m.late_at, 0)"),
        ),
    ),
    DataSet(
        "complaints", "complaint", "m.id", "m.complaint_no",
        "complaint m LEFT JOIN complaint_text x ON x.id = m.id",
        "m.deleted_at IS NULL AND m.is_test = 0 AND m.status NOT IN ('merged', 'rejected') "
        "AND m.closed_at IS NOT NULL",
        "m.closed_at", _CLOSED.format(entity="complaint"), "m.handler_id",
        (
            Expected("product", "m.product_id IS NOT NULL"),
            Expected("resp_dept", "m.resp_dept_id IS NOT NULL"),
            Expected("liability", "ifnull(m.liability, 'pending') <> 'pending'"),
            Expected("cause", "ifnull(x.cause, '') <> ''"),
            Expected("remedy", "m.remedy <> '[]'", "m.liability IN ('liable', 'partly')"),
            Expected("overdue_reason", "m.overdue_reason_id IS NOT NULL",
                     "ifnull(m.resolved_at > m.due_at, 0)"),
        ),
    ),
    DataSet(
        "callbacks", "callback", "m.id", "m.callback_no",
        "callback m",
        "m.deleted_at IS NULL AND m.state IN ('completed', 'refused', 'unreachable') "
        "AND m.completed_at IS NOT NULL",
        "m.completed_at",
        "(SELECT max(a.entered_at) FROM callback_attempt a WHERE a.callback_id = m.id "
        "AND a.at = m.completed_at AND a.batch_id IS NULL AND a.deleted_at IS NULL)",
        "m.assignee_id",
        (
            Expected("assignee", "m.assignee_id IS NOT NULL"),
            Expected("result", "m.result IS NOT NULL", "m.state = 'completed'"),
            Expected("csat", "m.answer_id IS NOT NULL",
                     "m.state = 'completed' AND m.kind <> 'key_care'"),
        ),
    ),
    DataSet(
        "surveys", "survey", "m.id", "m.survey_no",
        "survey m",
        "m.deleted_at IS NULL AND m.invalid = 0 AND m.responded_at IS NOT NULL",
        "m.responded_at",
        "(SELECT min(a.entered_at) FROM survey_answer a WHERE a.survey_id = m.id "
        "AND a.responded_at = m.responded_at AND a.batch_id IS NULL AND a.deleted_at IS NULL)",
        "m.agent_id",
        (
            Expected("csat", "m.csat IS NOT NULL"),
            Expected("agent", "m.agent_id IS NOT NULL", "m.ticket_id IS NOT NULL"),
            Expected("reasons", "m.reasons <> '[]' OR m.comment <> ''", "ifnull(m.csat <= 2, 0)"),
        ),
    ),
    DataSet(
        "visits", "ticket", "m.ticket_id", "n.ticket_no || '/' || m.seq",
        "visit m JOIN ticket n ON n.id = m.ticket_id",
        "m.deleted_at IS NULL AND n.deleted_at IS NULL AND n.is_test = 0 "
        "AND n.status <> 'merged' AND m.outcome IN ('done', 'not_done', 'customer_absent')",
        "coalesce(m.left_at, m.arrived_at, m.window_end)",
        "(SELECT max(e.entered_at) FROM ticket_event e WHERE e.ticket_id = m.ticket_id "
        "AND e.batch_id IS NULL AND e.deleted_at IS NULL AND e.at = m.left_at "
        "AND (e.type = 'visit_done' OR e.name = 'visit_ended'))",
        "m.technician_id",
        (
            Expected("technician", "m.technician_id IS NOT NULL"),
            Expected("arrived_at", "m.arrived_at IS NOT NULL", "m.outcome <> 'customer_absent'"),
            Expected("left_at", "m.left_at IS NOT NULL", "m.outcome = 'done'"),
        ),
    ),
)  # fmt: skip
BY_KEY = {one.key: one for one in SETS}


@dataclass(frozen=True)
class Discipline:
    """One owner's records of one set: ``entered`` by hand, ``late`` of these; fields filled."""

    data_set: str
    owner_id: int | None
    n: int
    entered: int
    late: int
    expected: int
    filled: int
    incomplete: int


@dataclass(frozen=True)
class Lacking:
    """A record that was entered late or lacks fields."""

    data_set: str
    entity: str
    record_id: int
    number: str
    owner_id: int | None
    event_at: int
    entered_at: int | None
    late: bool
    missing: tuple[str, ...]


def _late(one: DataSet) -> str:
    return f"ifnull({one.entered} - {one.event} > {WITHIN}, 0)"


def _missing(field: Expected) -> str:
    return f"(({field.where}) AND NOT ({field.filled}))"


def _within(one: DataSet) -> str:
    return f"FROM {one.table} WHERE {one.where} AND {one.event} >= :a AND {one.event} < :b"


def by_owner(connection: Connection, one: DataSet, period: Period, until: int) -> list[Discipline]:
    """Return how each owner's records of ``one`` were entered; events before ``until`` only."""
    columns = [
        f"{one.owner} AS owner", f"{one.entered} IS NOT NULL AS entered", f"{_late(one)} AS late",
        " + ".join(f"({f.where})" for f in one.fields) + " AS expected",
        " + ".join(_missing(f) for f in one.fields) + " AS missing",
    ]  # fmt: skip
    rows = connection.execute(
        "SELECT owner, count(*), sum(entered), sum(late), sum(expected), "
        "sum(expected - missing), sum(missing > 0) "
        f"FROM (SELECT {', '.join(columns)} {_within(one)}) GROUP BY 1 ORDER BY 2 DESC, 1",
        {"a": period.start_at, "b": min(period.end_at, until)},
    ).fetchall()
    return [Discipline(one.key, *row) for row in rows]


def lacking(
    connection: Connection, one: DataSet, period: Period, until: int, *, what: str = "",
    whose: tuple[int | None, ...] = (),
) -> list[Lacking]:  # fmt: skip
    """Return the records entered late or incomplete, the latest first.

    ``what`` narrows to one of both; ``whose`` to the records of one owner (``None``: of nobody).
    """
    missing = [_missing(field) for field in one.fields]
    parts = {LATE: "late", INCOMPLETE: "+".join(f"f{i}" for i in range(len(missing))) + " > 0"}
    wanted = parts.get(what) or f"({parts[LATE]} OR {parts[INCOMPLETE]})"
    columns = ", ".join(
        [f"{one.record} AS record", f"{one.number} AS number", f"{one.owner} AS owner",
         f"{one.event} AS event", f"{one.entered} AS entered", f"{_late(one)} AS late",
         *(f"{sql} AS f{i}" for i, sql in enumerate(missing))]
    )  # fmt: skip
    narrowed = " AND owner IS :owner" if whose else ""
    rows = connection.execute(
        f"SELECT * FROM (SELECT {columns} {_within(one)}) WHERE {wanted}{narrowed} "
        "ORDER BY event DESC, record DESC LIMIT :limit",
        {
            "a": period.start_at,
            "b": min(period.end_at, until),
            "owner": whose[0] if whose else None,
            "limit": LISTED,
        },
    ).fetchall()
    return [
        Lacking(
            one.key, one.entity, row[0], row[1], row[2], row[3], row[4], bool(row[5]),
            tuple(f.name for f, lacks in zip(one.fields, row[6:], strict=True) if lacks),
        )
        for row in rows
    ]  # fmt: skip
