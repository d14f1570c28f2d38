"""Complaints as they can be counted: as stored, and folded up to the cut-off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.anomalies import Group
from svcdesk.store.fact_shape import Facts, flagged

if TYPE_CHECKING:
    from collections.abc import Mapping

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
# the deadline before the first extension that was granted after the cut-off
_DUE_THEN = (
    "coalesce((SELECT x.old_due_at FROM complaint_extension x WHERE x.complaint_id = c.id "
    "AND x.at >= :as_of AND x.deleted_at IS NULL ORDER BY x.at, x.id LIMIT 1), c.due_at)"
)
_COMPLAINT_DIMS = {
    "channel": "c.channel_id",
    "channel_group": "c.channel_id",
    "product": "c.product_id",
    "category": "c.category_id",
    "category_sub": "c.category_sub_id",
    "department": "c.resp_dept_id",
    "department_detail": "c.resp_dept_id",
    "agent": "c.handler_id",
    "handler": "c.handler_id",
    "team": "(SELECT p.team FROM person p WHERE p.id = c.handler_id)",
    "severity": "c.severity",
    "tier": "c.tier",
    "region": "c.region",
    "overdue_reason": "c.overdue_reason_id",
    "liability": "c.liability",
    "handling_csat": "c.satisfaction",
}
_LISTS = {"pain_tag": "c.pain_tags", "remedy": "c.remedy"}


def complaints() -> tuple[Facts, Facts]:
    """Return complaints as stored, and those folded up to the cut-off."""
    kept = "c.deleted_at IS NULL AND c.is_test = 0 AND +c.received_at < :as_of"
    stored = {name: f"c.{name}" for name in _COMPLAINT_CHANGING}
    stored["due_at"] = "c.due_at"
    stored["closed_at"] = "max(c.closed_at, ifnull(c.resolved_at, c.closed_at))"
    folded = {
        name: f"(j.value ->> {place})" for place, name in enumerate(COMPLAINT_COLUMNS) if place
    }
    folded["due_at"] = _DUE_THEN
    group = "LEFT JOIN complaint_group g ON g.id = c.group_id AND g.deleted_at IS NULL"
    return (
        Facts(
            f"complaint c {group}",
            f"{kept} AND +c.last_event_at < :as_of AND c.status NOT IN ('rejected', 'merged')",
            _complaint_fields(stored), "c.complaint_no", _COMPLAINT_DIMS, _LISTS,
        ),
        Facts(
            f"json_each(:complaint_rows) j JOIN complaint c ON c.id = (j.value ->> 0) {group}",
            kept, _complaint_fields(folded), "c.complaint_no", _COMPLAINT_DIMS, _LISTS,
        ),
    )  # fmt: skip


def _complaint_fields(changed: Mapping[str, str]) -> dict[str, str]:
    return {
        **changed,
        "received_at": "c.received_at",
        "ack_due_at": "c.ack_due_at",
        "severity": "c.severity",
        "liability": "c.liability",
        "is_repeat": "c.is_repeat",
        "social_exposure": "c.social_exposure",
        "compensation": "c.compensation",
        "customer": "c.customer_id",
        "satisfaction": "CASE WHEN c.satisfaction_at < :as_of THEN c.satisfaction END",
        "satisfaction_at": "c.satisfaction_at",
        "group_triggered_at": "g.triggered_at",
        "bad_resolution": flagged("c.data_flags", Group.RESOLUTION, "c.data_verdicts"),
        "second": _SECOND.format(first=changed["first_resolved_at"]),
    }
