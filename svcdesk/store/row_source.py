"""From a query to rows: first page, count, all keys, rows by key.

Everything a list shows comes in through here. Fields and orders are declared per entity; values
are always parameters.
"""

from __future__ import annotations

import json
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from svcdesk.domain.query import Condition, Op, Query
from svcdesk.store.segment import match_query
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.store.connection import Connection


class TicketRow(NamedTuple):
    """One line of the ticket list."""

    id: int
    number: str
    title: str
    customer: str
    customer_kind: str
    tier: str
    priority: str
    status: str
    owner_id: int | None
    channel_id: int
    issue_id: int | None
    created_at: int
    updated_at: int
    due_at: int | None
    resolution_limit: int | None
    first_response_at: int | None
    first_resolved_at: int | None
    response_due_at: int | None
    row_version: int


class ComplaintRow(NamedTuple):
    """One line of the complaint log."""

    id: int
    number: str
    title: str
    customer: str
    customer_kind: str
    tier: str
    severity: str
    status: str
    category_id: int
    resp_dept_id: int | None
    handler_id: int | None
    channel_id: int
    received_at: int
    due_at: int | None
    first_resolved_at: int | None
    is_repeat: int
    group_id: int | None
    social_exposure: int
    updated_at: int
    row_version: int


class CallbackRow(NamedTuple):
    """One line of the callback queue."""

    id: int
    number: str
    kind: str
    customer: str
    customer_kind: str
    state: str
    due_at: int
    assignee_id: int | None
    ticket_number: str | None
    complaint_number: str | None
    title: str | None
    attempts: int
    completed_at: int | None
    row_version: int


class SurveyRow(NamedTuple):
    """One line of the survey answers."""

    id: int
    number: str
    customer: str | None
    customer_kind: str | None
    ticket_number: str | None
    method: str
    kind: str
    sent_at: int
    responded_at: int | None
    csat: int | None
    nps: int | None
    agent_id: int | None
    channel_id: int | None
    comment: str
    row_version: int


class CustomerRow(NamedTuple):
    """One line of the customer list."""

    id: int
    number: str
    name: str
    kind: str
    phones: str
    tier: str
    region: str | None
    spend_12m: int | None
    opt_out: int
    tickets: int
    updated_at: int
    row_version: int


@dataclass(frozen=True)
class Entity:
    """How one entity is listed."""

    table: str
    row: type[Any]
    select: str  # of the row's columns, with its joins
    fields: Mapping[str, str]  # filter or sort field -> column
    open: str  # condition: not finished
    default_sort: str
    joins: Mapping[str, str]  # sort field -> join it needs
    late: str = "m.due_at < ?"  # condition: overdue at a moment
    search_customers: bool = True
    always: str = "deleted_at IS NULL"


_OPEN_TICKET = "status IN ('new','assigned','in_progress','pending_customer','pending_internal')"
_OPEN_COMPLAINT = "status IN ('registered','accepted','investigating','responded')"
_BY_CUSTOMER = "JOIN customer c ON c.id = m.customer_id"

ENTITIES: dict[str, Entity] = {
    "ticket": Entity(
        "ticket",
        TicketRow,
        "SELECT m.id, m.ticket_no, m.title, c.name, c.kind, m.tier, m.priority, m.status, m.owner_id, "
        "m.channel_id, m.issue_id, m.created_at, m.updated_at, m.due_at, m.resolution_limit, "
        "m.first_response_at, m.first_resolved_at, m.response_due_at, m.row_version "
        f"FROM ticket m {_BY_CUSTOMER}",
        {
            "number": "m.ticket_no", "title": "m.title", "customer": "c.name",
            "customer_id": "m.customer_id", "tier": "m.tier", "product_id": "m.product_id",
            "priority": "CASE m.priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 "
            "WHEN 'normal' THEN 2 ELSE 3 END",
            "status": "m.status", "owner_id": "m.owner_id", "channel_id": "m.channel_id",
            "issue_id": "m.issue_id", "request_type": "m.request_type",
            "created_at": "m.created_at", "updated_at": "m.updated_at", "due_at": "m.due_at",
            "resolved_at": "m.resolved_at", "closed_at": "m.closed_at", "batch_id": "m.batch_id",
            "resp_dept_id": "m.resp_dept_id", "region": "m.region",
        },
        "m." + _OPEN_TICKET,
        "created_at",
        {"customer": _BY_CUSTOMER},
        # a ticket that waits for its customer is overdue only when it was so before the wait
        late="m.late_at <= ? AND (m.status <> 'pending_customer' OR m.late_at <= (SELECT "
        "max(p.started_at) FROM ticket_pause p WHERE p.ticket_id = m.id AND p.ended_at IS NULL))",
    ),
    "complaint": Entity(
        "complaint",
        ComplaintRow,
        "SELECT m.id, m.complaint_no, m.title, c.name, c.kind, m.tier, m.severity, m.status, "
        "m.category_id, m.resp_dept_id, m.handler_id, m.channel_id, m.received_at, m.due_at, "
        "m.first_resolved_at, m.is_repeat, m.group_id, m.social_exposure, m.updated_at, "
        f"m.row_version FROM complaint m {_BY_CUSTOMER}",
        {
            "number": "m.complaint_no", "title": "m.title", "customer": "c.name",
            "customer_id": "m.customer_id", "tier": "m.tier", "product_id": "m.product_id",
            "severity": "CASE m.severity WHEN 'urgent' THEN 0 WHEN 'major' THEN 1 ELSE 2 END",
            "status": "m.status", "handler_id": "m.handler_id", "channel_id": "m.channel_id",
            "category_id": "m.category_id", "resp_dept_id": "m.resp_dept_id",
            "received_at": "m.received_at", "due_at": "m.due_at", "updated_at": "m.updated_at",
            "is_repeat": "m.is_repeat", "group_id": "m.group_id", "batch_id": "m.batch_id",
            "social_exposure": "m.social_exposure",
        },
        "m." + _OPEN_COMPLAINT,
        "received_at",
        {"customer": _BY_CUSTOMER},
    ),
    "callback": Entity(
        "callback",
        CallbackRow,
        "SELECT m.id, m.callback_no, m.kind, c.name, c.kind, m.state, m.due_at, m.assignee_id, "
        "t.ticket_no, k.complaint_no, coalesce(t.title, k.title), (SELECT count(*) FROM "
        "callback_attempt a WHERE a.callback_id = m.id AND a.deleted_at IS NULL), m.completed_at, "
        f"m.row_version FROM callback m {_BY_CUSTOMER} LEFT JOIN ticket t ON t.id = m.ticket_id "
        "LEFT JOIN complaint k ON k.id = m.complaint_id",
        {
            "number": "m.callback_no", "customer": "c.name", "customer_id": "m.customer_id",
            "kind": "m.kind", "state": "m.state", "due_at": "m.due_at",
            "assignee_id": "m.assignee_id", "completed_at": "m.completed_at",
            "batch_id": "m.batch_id",
        },
        "m.state IN ('planned','in_progress')",
        "due_at",
        {"customer": _BY_CUSTOMER},
    ),
    "survey": Entity(
        "survey",
        SurveyRow,
        "SELECT m.id, m.survey_no, c.name, c.kind, t.ticket_no, m.method, m.kind, m.sent_at, "
        "m.responded_at, m.csat, m.nps, m.agent_id, m.channel_id, m.comment, m.row_version "
        "FROM survey m LEFT JOIN customer c ON c.id = m.customer_id "
        "LEFT JOIN ticket t ON t.id = m.ticket_id",
        {
            "number": "m.survey_no", "customer": "c.name", "customer_id": "m.customer_id",
            "method": "m.method", "kind": "m.kind", "sent_at": "m.sent_at",
            "responded_at": "m.responded_at", "csat": "m.csat", "nps": "m.nps",
            "agent_id": "m.agent_id", "channel_id": "m.channel_id", "batch_id": "m.batch_id",
        },
        "m.responded_at IS NULL",
        "sent_at",
        {"customer": "LEFT JOIN customer c ON c.id = m.customer_id"},
    ),
    "customer": Entity(
        "customer",
        CustomerRow,
        "SELECT m.id, m.customer_no, m.name, m.kind, m.phones, m.tier, m.region, m.spend_12m, "
        "m.opt_out, (SELECT count(*) FROM ticket t WHERE t.customer_id = m.id "
        "AND t.deleted_at IS NULL), m.updated_at, m.row_version FROM customer m",
        {
            "number": "m.customer_no", "name": "m.name", "kind": "m.kind", "tier": "m.tier",
            "region": "m.region", "spend_12m": "m.spend_12m", "updated_at": "m.updated_at",
            "batch_id": "m.batch_id",
        },
        "1",
        "updated_at",
        {},
        search_customers=False,
        always="deleted_at IS NULL AND m.merged_into_id IS NULL",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Compiled:
    """FROM, WHERE and ORDER of a query, with its parameters."""

    source: str
    where: str
    order: str
    parameters: tuple[Any, ...]


MANY = 500


def _in(column: str, values: Sequence[Any], *, negated: bool) -> tuple[str, list[Any]]:
    known = [value for value in values if value is not None]
    parts = []
    if len(known) > MANY:  # the records behind a figure: more than SQLite takes parameters
        parts.append(f"{column} IN (SELECT value FROM json_each(?))")
        known = [json.dumps(known)]
    elif known:
        parts.append(f"{column} IN ({','.join('?' * len(known))})")
    if None in values:
        parts.append(f"{column} IS NULL")
    text = "(" + (" OR ".join(parts) or "0") + ")"
    return (f"NOT coalesce({text}, 0)" if negated else text), known


def _plain(entity: Entity, field: str) -> str:
    """Return the column to compare a field's values with (not its sort rank)."""
    column = entity.fields.get(field)
    if column is None:
        raise UserError("“{field}” cannot be filtered by.", code="unknown_field", field=field)
    return f"m.{field}" if column.startswith("CASE") else column


def _condition(entity: Entity, condition: Condition) -> tuple[str, list[Any]]:
    if condition.op is Op.OPEN:
        return entity.open, []
    if condition.op is Op.OVERDUE:
        return f"{entity.open} AND {entity.late}", [condition.values[0]]
    if condition.op is Op.DUE_SOON:
        return f"{entity.open} AND m.due_at >= ? AND m.due_at < ?", list(condition.values[:2])
    column = _plain(entity, condition.field)
    if condition.op is Op.BETWEEN:
        low, high = condition.values
        parts, values = [], []
        if low is not None:
            parts.append(f"{column} >= ?")
            values.append(low)
        if high is not None:
            parts.append(f"{column} < ?")
            values.append(high)
        return " AND ".join(parts) or "1", values
    return _in(column, condition.values, negated=condition.op is Op.NOT_IN)


def _words(entity: Entity, text: str) -> tuple[str, list[Any]]:
    """Find records that contain the words, or whose customer does."""
    query = match_query(text)
    if not query:
        return "0", []
    own = "m.id IN (SELECT rowid FROM search_index WHERE search_index MATCH ?)"
    if entity.table in {"callback", "survey"}:
        own = (
            "m.ticket_id IN (SELECT rowid FROM search_index WHERE search_index MATCH ?) OR "
            + ("m.callback_no" if entity.table == "callback" else "m.survey_no")
            + " LIKE '%' || ? || '%'"
        )
        parameters = [query, text]
    else:
        parameters = [query]
    if not entity.search_customers:
        return own, parameters
    customers = (
        "m.customer_id IN (SELECT s.rowid FROM search_index s JOIN search_doc d ON d.id = s.rowid "
        "WHERE s.search_index MATCH ? AND d.tbl = 'customer')"
    )
    return f"({own} OR {customers})", [*parameters, query]


def compile_query(query: Query) -> Compiled:
    """Turn a query into SQL."""
    entity = ENTITIES[query.entity]
    wheres, parameters = ["m." + entity.always], []
    for condition in query.conditions:
        text, values = _condition(entity, condition)
        wheres.append(text)
        parameters.extend(values)
    if query.text:
        text, values = _words(entity, query.text)
        wheres.append(text)
        parameters.extend(values)
    if query.ids is not None:
        wheres.append("m.id IN (SELECT value FROM json_each(?))")
        parameters.append("[" + ",".join(map(str, query.ids)) + "]")
    sort = query.sort or entity.default_sort
    column = entity.fields.get(sort)
    if column is None:
        raise UserError("“{field}” cannot be sorted by.", code="unknown_field", field=sort)
    join = entity.joins.get(sort, "") if not _mentions_customer(query) else _BY_CUSTOMER
    way = "DESC" if query.descending else "ASC"
    last = "NULLS LAST " if sort in {"due_at", "owner_id", "csat", "nps"} else ""
    return Compiled(
        f"FROM {entity.table} m {join}",
        " AND ".join(wheres),
        f"ORDER BY {column} {way} {last}, m.id {way}",
        tuple(parameters),
    )


def _mentions_customer(query: Query) -> bool:
    return query.entity != "customer" and any(c.field == "customer" for c in query.conditions)


class RowReader:
    """A query bound to the connections that answer it."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self._entity = ENTITIES[query.entity]
        self._compiled = compile_query(query)

    def first_page(self, connection: Connection, limit: int) -> list[Any]:
        """Return the first ``limit`` rows in order."""
        compiled = self._compiled
        ids = [
            row[0]
            for row in connection.execute(
                f"SELECT m.id {compiled.source} WHERE {compiled.where} {compiled.order} LIMIT ?",
                (*compiled.parameters, limit),
            ).fetchall()
        ]
        return self.rows(connection, ids)

    def count(self, connection: Connection) -> int:
        """Return how many rows there are."""
        compiled = self._compiled
        return int(
            connection.execute(
                f"SELECT count(*) {compiled.source} WHERE {compiled.where}", compiled.parameters
            ).fetchone()[0]
        )

    def ids(self, connection: Connection) -> array[int]:
        """Return the keys of all rows in order."""
        compiled = self._compiled
        return array(
            "q",
            [
                row[0]
                for row in connection.execute(
                    f"SELECT m.id {compiled.source} WHERE {compiled.where} {compiled.order}",
                    compiled.parameters,
                ).fetchall()
            ],
        )

    def rows(self, connection: Connection, ids: Sequence[int]) -> list[Any]:
        """Return the rows of ``ids`` in that order; rows that are gone are left out."""
        if not ids:
            return []
        make = self._entity.row._make
        marks = ",".join("?" * len(ids))
        found = {
            row[0]: make(row)
            for row in connection.execute(
                f"{self._entity.select} WHERE m.id IN ({marks})", tuple(ids)
            ).fetchall()
        }
        return [found[key] for key in ids if key in found]
