"""What each list shows of a record, and by which fields it is filtered, sorted and grouped.

Everything is declared per entity; :mod:`svcdesk.store.compile_query` makes SQL of it. Aliases:
``m`` is the record itself, ``c`` its customer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    product: str | None
    resp_dept_id: int | None
    order_no: str | None
    serial_no: str | None
    request_type: str
    region: str | None
    first_owner_id: int | None
    resolved_at: int | None
    closed_at: int | None
    tags: str | None  # JSON list
    checklist: str | None  # "done/total", None without one
    promised_at: int | None
    warn_at: int | None
    late_at: int | None
    waiting_since: int | None  # since when it has been waiting for its customer


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
    tier: str  # of the customer
    retry_at: int | None  # when the next call is meant
    agreed: int  # the customer asked for that time
    handler_id: int | None  # who handled the case: not the one to call
    own_ticket: int  # called by the one who handled the case
    result: str | None
    recovery_result: str | None
    new_ticket: str | None
    opt_out: int


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
    complaint_number: str | None
    source: str
    invalid: int
    first_at: int | None  # of the answers; the one shown is the one that counts
    loop_state: str | None  # of the recovery of a low score
    loop_due: int | None
    loop_done: int | None
    own_case: int  # keyed by the one whom it is about
    team: str | None


class QualityRow(NamedTuple):
    """One line of the quality checks."""

    id: int
    number: str
    title: str
    customer: str
    customer_kind: str
    agent_id: int | None
    inspector_id: int | None
    at: int
    score_tenths: int | None
    passed: int | None
    critical_fail: int
    voided: int
    failed: int  # items
    note: str
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
    tier_reasons: str  # JSON list
    tier_until: str | None
    manager_id: int | None
    open_tickets: int
    complaints_12m: int
    last_contact: int | None  # last ticket or completed callback
    restricted: int


class KnowledgeRow(NamedTuple):
    """One line of the article list."""

    id: int
    number: str
    title: str
    kind: str
    issue_id: int | None
    owner_id: int | None
    status: str
    version: int
    review_due: str | None
    published_at: int | None
    used: int  # tickets that it helped with
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
    joins: Mapping[str, str]  # field -> join it needs
    late: str = "m.due_at < :now"  # condition of an open one: overdue
    soon: str = "m.due_at >= :now AND m.due_at < :soon"  # condition of an open one: due soon
    flags: Mapping[str, str] = field(default_factory=dict)  # yes-or-no field -> condition
    search_customers: bool = True
    open_index: str = ""  # the partial index over what is not finished
    always: str = "deleted_at IS NULL"
    asks: tuple[str, ...] = ()  # moments that ``select`` has marks for, in their order


_OPEN_TICKET = "status IN ('new','assigned','in_progress','pending_customer','pending_internal')"
_OPEN_COMPLAINT = "status IN ('registered','accepted','investigating','responded')"
_BY_CUSTOMER = "JOIN customer c ON c.id = m.customer_id"
# a ticket that waits for its customer is overdue only when it was so before the wait
_WAIT = (
    "(SELECT max(p.started_at) FROM ticket_pause p WHERE p.ticket_id = m.id AND p.ended_at IS NULL "
    "AND p.kind = 'customer')"
)
_LATE_TICKET = (
    "m.late_at <= :now AND (m.status <> 'pending_customer' OR m.late_at <= " + _WAIT + ")"
)

_TICKET = Entity(
    "ticket",
    TicketRow,
    "SELECT m.id, m.ticket_no, m.title, c.name, c.kind, m.tier, m.priority, m.status, m.owner_id, "
    "m.channel_id, m.issue_id, m.created_at, m.updated_at, m.due_at, m.resolution_limit, "
    "m.first_response_at, m.first_resolved_at, m.response_due_at, m.row_version, d.name, "
    "m.resp_dept_id, m.order_no, m.serial_no, m.request_type, m.region, m.first_owner_id, "
    "m.resolved_at, m.closed_at, m.tags, (SELECT sum(i.done_at IS NOT NULL) || '/' || count(*) "
    "FROM checklist_item i WHERE i.ticket_id = m.id AND i.deleted_at IS NULL HAVING count(*) > 0), "
    f"m.promised_at, m.warn_at, m.late_at, iif(m.status = 'pending_customer', {_WAIT}, NULL) "
    f"FROM ticket m {_BY_CUSTOMER} LEFT JOIN product d ON d.id = m.product_id",
    {
        "id": "m.id", "number": "m.ticket_no", "title": "m.title", "customer": "c.name",
        "customer_id": "m.customer_id", "tier": "m.tier", "product_id": "m.product_id",
        "product": "d.name",
        "priority": "CASE m.priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 "
        "WHEN 'normal' THEN 2 ELSE 3 END",
        "status": "m.status", "owner_id": "m.owner_id", "first_owner_id": "m.first_owner_id",
        "channel_id": "m.channel_id", "issue_id": "m.issue_id", "request_type": "m.request_type",
        "complexity": "m.complexity", "order_no": "m.order_no", "serial_no": "m.serial_no",
        "external_no": "m.external_no",
        "created_at": "m.created_at", "updated_at": "m.updated_at", "due_at": "m.due_at",
        "resolved_at": "m.resolved_at", "closed_at": "m.closed_at", "batch_id": "m.batch_id",
        "first_response_at": "m.first_response_at", "reopen_count": "m.reopen_count",
        "resp_dept_id": "m.resp_dept_id", "region": "m.region", "tags": "m.tags",
        "resolution_code": "m.resolution_code", "overdue_reason_id": "m.overdue_reason_id",
    },
    "m." + _OPEN_TICKET,
    "created_at",
    {"customer": _BY_CUSTOMER, "product": "LEFT JOIN product d ON d.id = m.product_id"},
    late=_LATE_TICKET,
    open_index="ticket_open",
    soon=f"m.warn_at <= :now AND m.status <> 'pending_customer' AND NOT coalesce({_LATE_TICKET}, 0)",
    flags={
        "waiting_department": "(m.status = 'pending_internal' OR m.id IN (SELECT h.ticket_id FROM "
        "handoff h WHERE h.answered_at IS NULL AND h.cancelled_at IS NULL AND h.deleted_at IS NULL))",
        "to_call_back": "m.id IN (SELECT b.ticket_id FROM callback b WHERE b.state IN "
        "('planned','in_progress') AND b.ticket_id IS NOT NULL AND b.deleted_at IS NULL)",
        "breached": "m.id IN (SELECT s.ticket_id FROM sla_breach s WHERE s.deleted_at IS NULL)",
        "reopened": "m.reopen_count > 0",
        "flagged": "m.data_flags IS NOT NULL",
    },
)  # fmt: skip

_COMPLAINT = Entity(
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
        "social_exposure": "m.social_exposure", "closed_at": "m.closed_at",
        "order_no": "m.order_no", "external_no": "m.external_no",
        "first_resolved_at": "m.first_resolved_at", "is_test": "m.is_test",
        "overdue_reason_id": "m.overdue_reason_id", "exposure_state": "m.exposure_state",
    },
    "m." + _OPEN_COMPLAINT,
    "received_at",
    {"customer": _BY_CUSTOMER},
    flags={"flagged": "m.data_flags IS NOT NULL",
           "settled_late": "m.first_resolved_at > m.due_at",
           "unplanned": "trim(coalesce(m.overdue_plan, '')) = ''",
           "external": "m.external_case IS NOT NULL"},
)  # fmt: skip

_CALLBACK = Entity(
    "callback",
    CallbackRow,
    "SELECT m.id, m.callback_no, m.kind, c.name, c.kind, m.state, m.due_at, m.assignee_id, "
    "t.ticket_no, k.complaint_no, coalesce(t.title, k.title), (SELECT count(*) FROM "
    "callback_attempt a WHERE a.callback_id = m.id AND a.deleted_at IS NULL), m.completed_at, "
    "m.row_version, c.tier, m.retry_at, m.agreed, coalesce(t.owner_id, k.handler_id), "
    "m.own_ticket, m.result, m.recovery_result, n.ticket_no, c.opt_out "
    f"FROM callback m {_BY_CUSTOMER} LEFT JOIN ticket t ON t.id = m.ticket_id "
    "LEFT JOIN complaint k ON k.id = m.complaint_id "
    "LEFT JOIN ticket n ON n.id = m.new_ticket_id",
    {
        "number": "m.callback_no", "customer": "c.name", "customer_id": "m.customer_id",
        "kind": "m.kind", "state": "m.state", "due_at": "m.due_at",
        "assignee_id": "m.assignee_id", "completed_at": "m.completed_at",
        "batch_id": "m.batch_id", "call_at": "coalesce(m.retry_at, m.due_at)",
        "retry_at": "m.retry_at", "result": "m.result", "recovery_result": "m.recovery_result",
        "own_ticket": "m.own_ticket", "ticket_id": "m.ticket_id",
        "complaint_id": "m.complaint_id",
    },
    "m.state IN ('planned','in_progress')",
    "due_at",
    {"customer": _BY_CUSTOMER},
    open_index="callback_line",
)  # fmt: skip

_SURVEY = Entity(
    "survey",
    SurveyRow,
    "SELECT m.id, m.survey_no, c.name, c.kind, t.ticket_no, m.method, m.kind, m.sent_at, "
    "m.responded_at, m.csat, m.nps, m.agent_id, m.channel_id, m.comment, m.row_version, "
    "p.complaint_no, m.source, m.invalid, m.first_at, k.state, k.due_at, k.completed_at, "
    "m.own_case, m.team "
    "FROM survey m LEFT JOIN customer c ON c.id = m.customer_id "
    "LEFT JOIN ticket t ON t.id = m.ticket_id LEFT JOIN complaint p ON p.id = m.complaint_id "
    "LEFT JOIN callback k ON k.id = (SELECT max(b.id) FROM callback b WHERE b.survey_id = m.id "
    "AND b.kind = 'low_score' AND b.deleted_at IS NULL)",
    {
        "number": "m.survey_no", "customer": "c.name", "customer_id": "m.customer_id",
        "method": "m.method", "kind": "m.kind", "sent_at": "m.sent_at",
        "responded_at": "m.responded_at", "csat": "m.csat", "nps": "m.nps",
        "agent_id": "m.agent_id", "channel_id": "m.channel_id", "batch_id": "m.batch_id",
        "source": "m.source", "invalid": "m.invalid", "team": "m.team", "tier": "m.tier",
        "own_case": "m.own_case", "product_id": "m.product_id",
    },
    "m.responded_at IS NULL",
    "sent_at",
    {"customer": "LEFT JOIN customer c ON c.id = m.customer_id"},
    late="0",
    soon="0",
)  # fmt: skip

_QUALITY = Entity(
    "quality_check",
    QualityRow,
    "SELECT m.id, t.ticket_no, t.title, c.name, c.kind, m.agent_id, m.inspector_id, m.at, "
    "m.score_tenths, m.passed, m.critical_fail, m.voided, (SELECT count(*) FROM json_each(m.items) "
    "j WHERE j.value ->> '$.result' = 'fail'), m.note, m.row_version FROM quality_check m "
    "JOIN ticket t ON t.id = m.ticket_id JOIN customer c ON c.id = t.customer_id",
    {
        "number": "t.ticket_no", "agent_id": "m.agent_id", "inspector_id": "m.inspector_id",
        "at": "m.at", "score": "m.score_tenths", "passed": "m.passed", "voided": "m.voided",
        "critical_fail": "m.critical_fail", "batch_id": "m.batch_id", "ticket_id": "m.ticket_id",
    },
    "m.voided = 0",
    "at",
    {"number": "JOIN ticket t ON t.id = m.ticket_id"},
    late="0",
    soon="0",
    search_customers=False,
)  # fmt: skip

_CUSTOMER = Entity(
    "customer",
    CustomerRow,
    "SELECT m.id, m.customer_no, m.name, m.kind, m.phones, m.tier, m.region, m.spend_12m, "
    "m.opt_out, (SELECT count(*) FROM ticket t WHERE t.customer_id = m.id "
    "AND t.deleted_at IS NULL), m.updated_at, m.row_version, m.tier_reasons, m.tier_until, "
    "m.manager_id, (SELECT count(*) FROM ticket t WHERE t.customer_id = m.id AND t.deleted_at IS "
    f"NULL AND t.{_OPEN_TICKET}), (SELECT count(*) FROM complaint k WHERE k.customer_id = m.id "
    "AND k.received_at >= ? AND k.status NOT IN ('rejected','merged') AND k.is_test = 0 AND "
    "k.deleted_at IS NULL), nullif(max(coalesce((SELECT "
    "max(t.created_at) FROM ticket t WHERE t.customer_id = m.id AND t.deleted_at IS NULL), 0), "
    "coalesce((SELECT max(b.completed_at) FROM callback b WHERE b.customer_id = m.id AND "
    "b.state = 'completed' AND b.deleted_at IS NULL), 0)), 0), m.restricted FROM customer m",
    {
        "number": "m.customer_no", "name": "m.name", "kind": "m.kind", "tier": "m.tier",
        "region": "m.region", "spend_12m": "m.spend_12m", "updated_at": "m.updated_at",
        "batch_id": "m.batch_id", "manager_id": "m.manager_id", "tier_until": "m.tier_until",
        "initials": "m.initials", "external_no": "m.external_no", "opt_out": "m.opt_out",
    },
    "1",
    "updated_at",
    {},
    flags={
        "open_tickets": "EXISTS (SELECT 1 FROM ticket t WHERE t.customer_id = m.id AND "
        f"t.deleted_at IS NULL AND t.{_OPEN_TICKET})",
        "restricted": "m.restricted = 1",
        # U10: complained again although he is worth keeping
        "churn_risk": "m.tier = 'key' AND EXISTS (SELECT 1 FROM complaint k WHERE "
        "k.customer_id = m.id AND k.is_repeat = 1 AND k.received_at >= :now - 31536000 AND "
        "k.status NOT IN ('rejected','merged') AND k.is_test = 0 AND k.deleted_at IS NULL)",
        "no_contact_90": "NOT EXISTS (SELECT 1 FROM ticket t WHERE t.customer_id = m.id AND "
        "t.created_at >= :now - 7776000 AND t.deleted_at IS NULL) AND NOT EXISTS (SELECT 1 FROM "
        "callback b WHERE b.customer_id = m.id AND b.state = 'completed' AND "
        "b.completed_at >= :now - 7776000 AND b.deleted_at IS NULL)",
    },
    late="0",
    soon="0",
    search_customers=False,
    always="deleted_at IS NULL AND m.merged_into_id IS NULL",
    asks=("year_ago",),
)  # fmt: skip

_KNOWLEDGE = Entity(
    "knowledge",
    KnowledgeRow,
    "SELECT m.id, m.article_no, m.title, m.kind, m.issue_id, m.owner_id, m.status, m.version, "
    "m.review_due, m.published_at, (SELECT count(*) FROM ticket_knowledge k WHERE "
    "k.knowledge_id = m.id AND k.deleted_at IS NULL), m.updated_at, m.row_version FROM knowledge m",
    {
        "number": "m.article_no", "title": "m.title", "kind": "m.kind", "issue_id": "m.issue_id",
        "owner_id": "m.owner_id", "status": "m.status", "version": "m.version",
        "review_due": "m.review_due", "published_at": "m.published_at",
        "updated_at": "m.updated_at", "batch_id": "m.batch_id", "picked_for": "m.picked_for",
        "used": "(SELECT count(*) FROM ticket_knowledge k WHERE k.knowledge_id = m.id AND "
        "k.deleted_at IS NULL)",
    },
    "m.status <> 'retired'",
    "updated_at",
    {},
    flags={
        "review_due": "m.status = 'published' AND m.review_due <= :today",
        "unused": "m.status = 'published' AND NOT EXISTS (SELECT 1 FROM ticket_knowledge k WHERE "
        "k.knowledge_id = m.id AND k.deleted_at IS NULL)",
    },
    late="m.review_due < :today",
    soon="0",
    search_customers=False,
)  # fmt: skip

ENTITIES: dict[str, Entity] = {
    entity.table: entity
    for entity in (_TICKET, _COMPLAINT, _CALLBACK, _SURVEY, _QUALITY, _CUSTOMER, _KNOWLEDGE)
}
