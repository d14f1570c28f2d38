"""What can be counted, as SQL: the records of each source as they stood at the cut-off.

A record whose last event lies before the cut-off is right as stored. The others are folded from
their events up to the cut-off and joined in as JSON (``projections.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.anomalies import Group
from svcdesk.domain.metrics.definition import RECURS_WITHIN, Source
from svcdesk.store.fact_shape import Facts, flagged
from svcdesk.store.facts_complaints import complaints
from svcdesk.store.facts_surveys import surveys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from svcdesk.store.reference import Reference


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
# whatever the reason of the call; a cancelled one (the ticket was reopened) was planned anew,
# unless it was cancelled after the cut-off (imported ones were cancelled long ago)
_CALLBACK = (
    "(SELECT {what} FROM callback k WHERE k.ticket_id = t.id AND (k.state <> 'cancelled' "
    "OR (k.updated_at >= :as_of AND k.entered_at < :as_of AND k.batch_id IS NULL)) "
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
    "team": "(SELECT p.team FROM person p WHERE p.id = t.owner_id)",
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
        "bad_response": flagged("t.data_flags", Group.RESPONSE, "t.data_verdicts"),
        "bad_resolution": flagged("t.data_flags", Group.RESOLUTION, "t.data_verdicts"),
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
_KEPT = "t.deleted_at IS NULL AND t.is_test = 0 AND +t.created_at < :as_of"


def _closed_within(within: Callable[[str], str]) -> str:
    """Find tickets whose closing or, where it lies later, resolution lies within something."""
    live = "SELECT id FROM ticket WHERE deleted_at IS NULL AND"
    return f"t.id IN ({live} {within('closed_at')} UNION {live} {within('resolved_at')})"


def tickets(reference: Reference) -> tuple[Facts, Facts]:
    """Return tickets as stored, and those folded up to the cut-off."""
    stored = {name: f"t.{name}" for name in _CHANGING} | {
        "closed_at": "max(t.closed_at, ifnull(t.resolved_at, t.closed_at))",
        "cancelled": "(t.status = 'cancelled')",
    }
    folded = {name: f"(j.value ->> {place})" for place, name in enumerate(TICKET_COLUMNS) if place}
    now = Facts(
        "ticket t",
        f"{_KEPT} AND +t.last_event_at < :as_of AND t.status <> 'merged'",
        _ticket_fields(stored, reference), "t.ticket_no", _TICKET_DIMS,
        stored_in={"closed_at": _closed_within},
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
    # q: the tries open at the ends of the periods, found from the back: of few it is true
    # z: the first wait for the customer not over by then
    "(SELECT y.key AS key, y.value AS value, e.ticket_id AS ticket_id FROM json_each(:points) y "
    "CROSS JOIN ticket_episode e ON e.ended_at >= y.value AND e.opened_at < y.value "
    "UNION ALL SELECT y.key, y.value, e.ticket_id FROM json_each(:points) y "
    "CROSS JOIN ticket_episode e ON e.ended_at IS NULL AND e.opened_at < y.value) q "
    "JOIN ticket t ON t.id = q.ticket_id "
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
        "bad_visit": flagged("v.data_flags", Group.VISIT, "v.data_verdicts"),
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
    {
        "failed_item": "(SELECT json_group_array(i.value ->> 'item') FROM json_each(h.items) i "
        "WHERE i.value ->> 'result' = 'fail')"
    },
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
    # who was a key customer at the end of which period: projections.py
    "(SELECT value ->> 0 AS key, value ->> 1 AS customer_id FROM json_each(:key_rows)) q "
    "JOIN customer u ON u.id = q.customer_id "
    f"LEFT JOIN {_REACHED} r ON r.place = q.key AND r.customer_id = u.id",
    "u.deleted_at IS NULL AND u.merged_into_id IS NULL",
    {"opt_out": "u.opt_out", "reached": "(r.place IS NOT NULL)"},
    "u.customer_no",
    {"region": "u.region"},
)

GROUPS = Facts(
    "complaint_group g",
    "g.deleted_at IS NULL",
    {"triggered_at": "g.triggered_at"},
    "g.group_no",
    {"product": "g.product_id", "category": "g.category_id"},
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
    # another item about the same was closed not long before this one was made (3.8); it may have
    # been opened again for it since, and have taken it in
    "reopened": "(i.recurs_of_id IS NOT NULL AND i.merged_into_id IS i.recurs_of_id)",
    "recurs": "(i.recurs_of_id IS NOT NULL AND i.merged_into_id IS i.recurs_of_id OR EXISTS (SELECT 1 FROM improvement_item o WHERE o.id <> i.id "
    "AND o.deleted_at IS NULL AND o.metric = i.metric AND o.scope = i.scope "
    "AND o.status NOT IN ('void', 'merged') AND o.closed_at <= i.created_at "
    f"AND o.closed_at >= i.created_at - {RECURS_WITHIN}))",
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
    if source is Source.SURVEY:
        return surveys()
    if source is Source.ITEM and at_end:
        return (OPEN_ITEMS,)
    return (
        {
            Source.OPEN_TICKET: OPEN_TICKETS,
            Source.VISIT: VISITS,
            Source.QUALITY_CHECK: QUALITY_CHECKS,
            Source.CHANNEL_DAY: CHANNEL_DAYS,
            Source.KEY_CUSTOMER: KEY_CUSTOMERS,
            Source.GROUP: GROUPS,
            Source.ITEM: ITEMS,
            Source.ACTION: ACTIONS,
        }[source],
    )
