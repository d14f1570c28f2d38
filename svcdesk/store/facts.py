"""What can be counted, as SQL: the records of each source as they stood at the cut-off.

A record whose last event lies before the cut-off is right as stored. The others are folded from
their events up to the cut-off and joined in as JSON (``projections.py``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from svcdesk.domain.anomalies import Group, excluding
from svcdesk.domain.metrics.definition import Source
from svcdesk.domain.survey import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.reference import Reference


@dataclass(frozen=True)
class Facts:
    """One way to read a source: FROM, WHERE, its fields, its dimensions, its record number."""

    table: str
    where: str
    fields: Mapping[str, str]
    number: str
    dims: Mapping[str, str] = field(default_factory=dict)


def _flagged(column: str, group: Group) -> str:
    codes = " OR ".join(f"instr({column}, '{code}')" for code in excluding(group))
    return f"({column} IS NOT NULL AND ({codes}))"


_LATER_EPISODE = (
    "EXISTS (SELECT 1 FROM ticket_episode l WHERE l.ticket_id = {t}.id AND l.seq > m.seq "
    "AND l.opened_at < :as_of)"
)
_ENDED_AS = (
    "EXISTS (SELECT 1 FROM ticket_episode m WHERE m.ticket_id = {t}.id AND m.ended_by IN ({by}) "
    "AND m.ended_at < :as_of AND NOT " + _LATER_EPISODE + ")"
)
_FOLLOW_UPS = (
    "(SELECT count(*) FROM ticket o WHERE o.customer_id = t.customer_id AND o.id <> t.id "
    "AND o.created_at > {resolved} AND o.created_at <= {resolved} + :fcr_seconds "
    "AND o.created_at < :as_of AND o.issue_id = t.issue_id "
    "AND (o.product_id IS NULL OR t.product_id IS NULL OR o.product_id = t.product_id) "
    "AND o.is_test = 0 AND o.deleted_at IS NULL AND NOT "
    + _ENDED_AS.format(t="o", by="'merged', 'cancelled'")
    + ")"
)
_VISITS = (
    "max({count}, (SELECT count(*) FROM visit v WHERE v.ticket_id = t.id AND v.outcome = 'done' "
    "AND v.deleted_at IS NULL "
    "AND coalesce(v.left_at, v.arrived_at, v.window_end) < :as_of))"
)
# whatever the reason of the call; a cancelled one (the ticket was reopened) was planned anew
_CALLBACK = (
    "(SELECT {what} FROM callback k WHERE k.ticket_id = t.id AND k.state <> 'cancelled' "
    "AND k.deleted_at IS NULL{where})"
)
_ATTEMPTED = "k.state IN ('completed', 'unreachable', 'refused') AND k.completed_at < :as_of"
_TICKET_DIMS = {
    "channel": "t.channel_id",
    "channel_group": "t.channel_id",
    "product": "t.product_id",
    "issue": "t.issue_id",
    "issue_sub": "t.issue_sub_id",
    "department": "t.resp_dept_id",
    "department_detail": "t.resp_dept_id",
    "agent": "t.owner_id",
    "priority": "t.priority",
    "tier": "t.tier",
    "region": "t.region",
    "request_type": "t.request_type",
    "complexity": "t.complexity",
    "overdue_reason": "t.overdue_reason_id",
}


def _ticket_fields(changed: Mapping[str, str], reference: Reference) -> dict[str, str]:
    """Return the fields of a ticket; ``changed`` holds those that depend on the cut-off."""
    live = ", ".join(str(i.id) for i in reference.items.values() if i.list == "channel" and i.live)
    resolved = changed["resolved_at"]
    static = {
        name: f"t.{name}"
        for name in (
            "created_at", "response_limit", "response_late_at", "resolution_limit", "promised_at",
            "request_type", "complexity", "resolution_code", "callback_required",
        )
    }  # fmt: skip
    return {
        **static,
        **changed,
        "live": f"(t.channel_id IN ({live or 'NULL'}))",
        "agent": "t.owner_id",
        "bad_response": _flagged("t.data_flags", Group.RESPONSE),
        "bad_resolution": _flagged("t.data_flags", Group.RESOLUTION),
        "visit_count": _VISITS.format(count=changed["visit_count"]),
        "follow_ups": _FOLLOW_UPS.format(resolved=resolved),
        "knowledge_count": "(SELECT count(*) FROM ticket_knowledge n WHERE n.ticket_id = t.id "
        "AND n.deleted_at IS NULL)",
        "closing_entered_at": "(SELECT min(e.entered_at) FROM ticket_event e "
        f"WHERE e.ticket_id = t.id AND e.at = {changed['closed_at']} AND e.batch_id IS NULL "
        "AND e.deleted_at IS NULL "
        "AND (e.type = 'closed' OR (e.type = 'status_changed' AND e.new = 'closed')))",
        "opt_out": "(SELECT u.opt_out FROM customer u WHERE u.id = t.customer_id)",
        "callback_completed_at": _CALLBACK.format(
            what="min(k.completed_at)",
            where=" AND k.state = 'completed' AND k.completed_at < :as_of",
        ),
        "callback_due_at": "coalesce("
        + _CALLBACK.format(what="min(k.due_at)", where="")
        + f", {resolved} + :callback_seconds)",
        "callback_attempted": _CALLBACK.format(what="count(*) > 0", where=f" AND {_ATTEMPTED}"),
    }


_CHANGING = (
    "first_response_at", "first_resolved_at", "resolved_at", "first_dispatch_at",
    "dispatch_count", "transfer_count", "visit_count", "reopen_count", "escalated_at",
    "response_seconds", "resolution_seconds", "cycle_seconds",
)  # fmt: skip
# The order of the JSON rows that projections.py makes.
TICKET_COLUMNS = ("id", "closed_at", "cancelled", *_CHANGING)
_KEPT = "t.deleted_at IS NULL AND t.is_test = 0 AND t.created_at < :as_of"


def tickets(reference: Reference) -> tuple[Facts, Facts]:
    """Return tickets as stored, and those folded up to the cut-off."""
    stored = {name: f"t.{name}" for name in _CHANGING} | {
        "closed_at": "max(t.closed_at, ifnull(t.resolved_at, t.closed_at))",
        "cancelled": "(t.status = 'cancelled')",
    }
    folded = {name: f"(j.value ->> {place})" for place, name in enumerate(TICKET_COLUMNS) if place}
    now = Facts(
        "ticket t",
        f"{_KEPT} AND t.last_event_at < :as_of AND t.status <> 'merged'",
        _ticket_fields(stored, reference), "t.ticket_no", _TICKET_DIMS,
    )  # fmt: skip
    then = Facts(
        "json_each(:ticket_rows) j JOIN ticket t ON t.id = (j.value ->> 0)", _KEPT,
        _ticket_fields(folded, reference), "t.ticket_no", _TICKET_DIMS,
    )  # fmt: skip
    return now, then


_NOT_MERGED = (
    "CASE WHEN t.last_event_at < :as_of THEN t.status <> 'merged' ELSE NOT "
    + _ENDED_AS.format(t="t", by="'merged'")
    + " END"
)
_AGE = "(q.value - t.created_at)"
AGES = ((1, "1"), (3, "3"), (7, "7"), (15, "15"))  # calendar days, upper bound inclusive (3.3)
_AGE_CLASS = (
    "CASE "
    + " ".join(f"WHEN {_AGE} <= {days * 86400} THEN '{code}'" for days, code in AGES)
    + " ELSE 'more' END"
)
OPEN_TICKETS = Facts(
    # q: the ends of the periods; z: the first wait for the customer not over by then
    "json_each(:points) q JOIN ticket_episode e "
    "ON e.opened_at < q.value AND (e.ended_at IS NULL OR e.ended_at >= q.value) "
    "JOIN ticket t ON t.id = e.ticket_id "
    "LEFT JOIN ticket_pause z ON z.ticket_id = t.id AND z.seq = ("
    "SELECT min(y.seq) FROM ticket_pause y WHERE y.ticket_id = t.id AND y.kind = 'customer' "
    "AND (y.ended_at IS NULL OR y.ended_at >= q.value))",
    f"{_KEPT} AND {_NOT_MERGED}",
    {
        "overdue": "ifnull(CASE WHEN t.promised_at IS NOT NULL OR z.seq IS NULL "
        "THEN q.value >= t.late_at "
        "ELSE min(q.value, z.started_at) >= ifnull(z.late_at, t.late_at) END, 0)",
    },
    "t.ticket_no",
    {**_TICKET_DIMS, "age": _AGE_CLASS},
)  # fmt: skip

_COMPLAINT_CHANGING = (
    "contacted_at", "first_resolved_at", "resolved_at", "closed_at", "withdrawn_at",
    "escalated_at",
)  # fmt: skip
COMPLAINT_COLUMNS = ("id", *_COMPLAINT_CHANGING)
_VALID_COMPLAINT = (
    "o.is_test = 0 AND o.deleted_at IS NULL AND o.received_at < :as_of AND NOT EXISTS ("
    "SELECT 1 FROM complaint_episode m WHERE m.complaint_id = o.id "
    "AND m.ended_by IN ('merged', 'rejected') AND m.ended_at < :as_of AND NOT EXISTS ("
    "SELECT 1 FROM complaint_episode l WHERE l.complaint_id = o.id AND l.seq > m.seq "
    "AND l.opened_at < :as_of))"
)
_VERDICT = (
    "EXISTS (SELECT 1 FROM detection_verdict d WHERE d.rule = 'second' AND d.deleted_at IS NULL "
    "AND d.complaint_id = o.id AND d.other_id = c.id AND d.verdict = '{verdict}')"
)
_WITHIN = "o.received_at > {first} AND o.received_at <= {first} + :second_seconds"
_SECOND = (
    "(EXISTS (SELECT 1 FROM complaint_episode r WHERE r.complaint_id = c.id AND r.seq > 1 "
    "AND r.opened_at > {first} AND r.opened_at <= {first} + :second_seconds "
    "AND r.opened_at < :as_of) "
    "OR EXISTS (SELECT 1 FROM complaint o WHERE o.customer_id = c.customer_id AND o.id <> c.id "
    "AND o.category_id = c.category_id AND " + _WITHIN + f" AND {_VALID_COMPLAINT} AND NOT "
    + _VERDICT.format(verdict="denied") + ") "
    "OR EXISTS (SELECT 1 FROM detection_verdict v JOIN complaint o ON o.id = v.complaint_id "
    "WHERE v.rule = 'second' AND v.verdict = 'confirmed' AND v.deleted_at IS NULL "
    "AND v.other_id = c.id AND " + _WITHIN + f" AND {_VALID_COMPLAINT}))"
)  # fmt: skip
_COMPLAINT_DIMS = {
    "channel": "c.channel_id",
    "channel_group": "c.channel_id",
    "product": "c.product_id",
    "category": "c.category_id",
    "category_sub": "c.category_sub_id",
    "department": "c.resp_dept_id",
    "department_detail": "c.resp_dept_id",
    "agent": "c.handler_id",
    "severity": "c.severity",
    "tier": "c.tier",
    "region": "c.region",
    "overdue_reason": "c.overdue_reason_id",
    "liability": "c.liability",
}


def complaints() -> tuple[Facts, Facts]:
    """Return complaints as stored, and those folded up to the cut-off."""
    kept = "c.deleted_at IS NULL AND c.is_test = 0 AND c.received_at < :as_of"
    stored = {name: f"c.{name}" for name in _COMPLAINT_CHANGING}
    stored["closed_at"] = "max(c.closed_at, ifnull(c.resolved_at, c.closed_at))"
    folded = {
        name: f"(j.value ->> {place})" for place, name in enumerate(COMPLAINT_COLUMNS) if place
    }
    group = "LEFT JOIN complaint_group g ON g.id = c.group_id AND g.deleted_at IS NULL"
    return (
        Facts(
            f"complaint c {group}",
            f"{kept} AND c.last_event_at < :as_of AND c.status NOT IN ('rejected', 'merged')",
            _complaint_fields(stored), "c.complaint_no", _COMPLAINT_DIMS,
        ),
        Facts(
            f"json_each(:complaint_rows) j JOIN complaint c ON c.id = (j.value ->> 0) {group}",
            kept, _complaint_fields(folded), "c.complaint_no", _COMPLAINT_DIMS,
        ),
    )  # fmt: skip


def _complaint_fields(changed: Mapping[str, str]) -> dict[str, str]:
    return {
        **changed,
        "received_at": "c.received_at",
        "due_at": "c.due_at",
        "severity": "c.severity",
        "liability": "c.liability",
        "is_repeat": "c.is_repeat",
        "social_exposure": "c.social_exposure",
        "compensation": "c.compensation",
        "customer": "c.customer_id",
        "satisfaction": "CASE WHEN c.satisfaction_at < :as_of THEN c.satisfaction END",
        "satisfaction_at": "c.satisfaction_at",
        "group_triggered_at": "g.triggered_at",
        "bad_resolution": _flagged("c.data_flags", Group.RESOLUTION),
        "second": _SECOND.format(first=changed["first_resolved_at"]),
    }


# a case has one open recovery: it also answers a low score that came while it was open
_LOOP = (
    "(SELECT {what} FROM callback k{join} WHERE (k.survey_id = s.id "
    "OR (k.ticket_id = s.ticket_id AND k.completed_at >= s.responded_at) "
    "OR (k.complaint_id = s.complaint_id AND k.completed_at >= s.responded_at)) "
    "AND k.kind = 'low_score' "
    "AND k.state = 'completed' AND k.completed_at < :as_of AND k.deleted_at IS NULL{order})"
)
_ANSWERED = "CASE WHEN s.responded_at < :as_of THEN s.{0} END"
SURVEYS = Facts(
    "survey s LEFT JOIN ticket t ON t.id = s.ticket_id "
    "LEFT JOIN customer u ON u.id = s.customer_id",
    "s.deleted_at IS NULL AND ifnull(t.is_test, 0) = 0 AND s.sent_at < :as_of",
    {
        **{
            name: _ANSWERED.format(name)
            for name in ("responded_at", "csat", "nps", *DIMENSIONS)
        },
        "sent_at": "s.sent_at",
        "kind": "s.kind",
        "counted": "s.counted",
        "invalid": "s.invalid",
        "opt_out": "ifnull(u.opt_out, 0)",
        "bad_survey": _flagged("s.data_flags", Group.SURVEY),
        "loop_at": _LOOP.format(what="min(k.completed_at)", join="", order=""),
        "recovery_csat": _LOOP.format(
            what="r.csat", join=" JOIN survey r ON r.id = k.answer_id",
            order=" ORDER BY k.completed_at DESC, k.id DESC LIMIT 1",
        ),
    },
    "s.survey_no",
    {
        "channel": "s.channel_id", "channel_group": "s.channel_id", "issue": "s.issue_id",
        "product": "s.product_id", "agent": "s.agent_id", "tier": "s.tier", "method": "s.method",
        "csat": "s.csat",
    },
)  # fmt: skip

VISITS = Facts(
    "visit v JOIN ticket t ON t.id = v.ticket_id",
    f"v.deleted_at IS NULL AND {_KEPT} AND v.window_start < :as_of AND {_NOT_MERGED}",
    {
        "window_start": "v.window_start",
        "window_end": "v.window_end",
        "arrived_at": "CASE WHEN v.arrived_at < :as_of THEN v.arrived_at END",
        "promised_at": "v.promised_at",
        "cancelled_by": "v.cancelled_by",
        "rescheduled_by": "v.rescheduled_by",
        "bad_visit": _flagged("v.data_flags", Group.VISIT),
    },
    "t.ticket_no",
    {**_TICKET_DIMS, "agent": "v.technician_id"},
)

QUALITY_CHECKS = Facts(
    "quality_check h JOIN ticket t ON t.id = h.ticket_id",
    "h.deleted_at IS NULL AND t.deleted_at IS NULL AND t.is_test = 0 AND h.at < :as_of",
    {"at": "h.at", "voided": "h.voided", "passed": "h.passed"},
    "t.ticket_no",
    {**_TICKET_DIMS, "agent": "h.agent_id"},
)

CHANNEL_DAYS = Facts(
    "channel_daily h",
    "h.deleted_at IS NULL",
    {"day_at": "svc_midnight(h.date)", "offered": "h.offered", "answered": "h.answered"},
    "h.date",
    {"channel": "h.channel_id", "channel_group": "h.channel_id"},
)

# r: who was reached in which period, read once for all customers
_REACHED = (
    "(SELECT y.key AS place, k.customer_id AS customer_id FROM json_each(:points) y "
    "JOIN callback k ON k.completed_at >= (:starts ->> y.key) AND k.completed_at < y.value "
    "WHERE k.state = 'completed' AND k.deleted_at IS NULL UNION "
    "SELECT y.key, s.customer_id FROM json_each(:points) y "
    "JOIN survey s ON s.responded_at >= (:starts ->> y.key) AND s.responded_at < y.value "
    "WHERE s.deleted_at IS NULL AND s.invalid = 0)"
)
KEY_CUSTOMERS = Facts(
    "json_each(:points) q JOIN customer u ON u.tier = 'key' "
    f"LEFT JOIN {_REACHED} r ON r.place = q.key AND r.customer_id = u.id",
    "u.deleted_at IS NULL AND u.merged_into_id IS NULL",
    {"opt_out": "u.opt_out", "reached": "(r.place IS NOT NULL)"},
    "u.customer_no",
)

GROUPS = Facts(
    "complaint_group g",
    "g.deleted_at IS NULL",
    {"triggered_at": "g.triggered_at"},
    "g.group_no",
    {"product": "g.product_id"},
)

_ITEM = "i.deleted_at IS NULL AND i.created_at < :as_of"
_ITEM_FIELDS = {
    "created_at": "i.created_at",
    "closed_at": "CASE WHEN i.closed_at < :as_of THEN i.closed_at END",
    "status": "i.status",
    "verdict": "i.verdict",
    "target_at": "svc_midnight(i.target_date)",
    "verdict_at": "(SELECT max(v.at) FROM verification v WHERE v.item_id = i.id "
    "AND v.deleted_at IS NULL AND v.at < :as_of)",
}
ITEMS = Facts(
    "improvement_item i",
    _ITEM,
    _ITEM_FIELDS,
    "i.item_no",
    {"source": "i.source", "department": "i.department_id", "agent": "i.owner_id"},
)
OPEN_ITEMS = Facts(
    "json_each(:points) q JOIN improvement_item i ON i.created_at < q.value",
    _ITEM,
    {**_ITEM_FIELDS, "open": "(i.closed_at IS NULL OR i.closed_at >= q.value)"},
    "i.item_no",
)
ACTIONS = Facts(
    "action a JOIN improvement_item i ON i.id = a.item_id",
    "a.deleted_at IS NULL AND " + _ITEM,
    {
        "due_at": "svc_midnight(a.due_date)",
        "done_at": "CASE WHEN a.done_at < :as_of THEN a.done_at END",
        "state": "a.state",
    },
    "a.action_no",
    {"agent": "a.owner_id", "department": "i.department_id"},
)  # fmt: skip


def facts_of(source: Source, reference: Reference, *, at_end: bool) -> tuple[Facts, ...]:
    """Return how to read ``source``; ``at_end``: its state at the ends of the periods."""
    if source is Source.TICKET:
        return tickets(reference)
    if source is Source.COMPLAINT:
        return complaints()
    if source is Source.ITEM and at_end:
        return (OPEN_ITEMS,)
    return (
        {
            Source.OPEN_TICKET: OPEN_TICKETS,
            Source.SURVEY: SURVEYS,
            Source.VISIT: VISITS,
            Source.QUALITY_CHECK: QUALITY_CHECKS,
            Source.CHANNEL_DAY: CHANNEL_DAYS,
            Source.KEY_CUSTOMER: KEY_CUSTOMERS,
            Source.GROUP: GROUPS,
            Source.ITEM: ITEMS,
            Source.ACTION: ACTIONS,
        }[source],
    )
