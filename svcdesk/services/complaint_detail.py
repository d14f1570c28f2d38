"""A complaint with everything its page shows (domain.md 2.7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from svcdesk.domain import complaint_terms, lifecycle
from svcdesk.domain.complaint_approval import ApprovalState
from svcdesk.domain.people import S
from svcdesk.services import complaint_severity, customers
from svcdesk.services.complaint_rows import approval_of, facts, stored, trace_of
from svcdesk.store import complaint_parts, records

if TYPE_CHECKING:
    from svcdesk.domain.complaint_severity import Proposal
    from svcdesk.domain.complaint_terms import Term
    from svcdesk.domain.statemachine import Transition
    from svcdesk.services.desk import Desk

LONGEST_CHAIN = 20


@dataclass(frozen=True)
class ComplaintDetail:
    """A complaint with everything its page shows."""

    complaint: dict[str, Any]
    customer: dict[str, Any]
    events: list[dict[str, Any]]  # with those of the complaints merged in, in order of time
    callbacks: list[dict[str, Any]]
    product: dict[str, Any] | None
    chain: list[dict[str, Any]]
    group: dict[str, Any] | None
    steps: list[Transition]
    proposal: Proposal  # what the rules say now
    open_proposal: Proposal | None  # that asks for more than the complaint has
    terms: list[Term] = field(default_factory=list)
    tickets: list[dict[str, Any]] = field(default_factory=list)
    departments: list[dict[str, Any]] = field(default_factory=list)
    extensions: list[dict[str, Any]] = field(default_factory=list)
    approvals: list[dict[str, Any]] = field(default_factory=list)
    approval: ApprovalState = ApprovalState.NONE
    cases: list[dict[str, Any]] = field(default_factory=list)
    escalations: list[dict[str, Any]] = field(default_factory=list)
    exposure_notes: list[dict[str, Any]] = field(default_factory=list)
    trace: dict[str, Any] | None = None
    merged_in: dict[int, str] = field(default_factory=dict)
    merged_into: dict[str, Any] | None = None
    overdue: bool = False


def sees_penalty(desk: Desk) -> bool:
    """Tell whether the acting person may read notes on penalties: supervisors only (C8)."""
    return bool(S & set(desk.roles))


def _trace(desk: Desk, complaint_id: int) -> dict[str, Any] | None:
    found = trace_of(desk, complaint_id)
    if found is not None and not sees_penalty(desk):
        found["penalty_note"] = ""
    return found


def _events(desk: Desk, complaint_id: int, merged: dict[int, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for key in (complaint_id, *merged):
        rows = records.children(desk.reader, "complaint_event", "complaint_id", key, "seq")
        found += [{**row, "of": merged.get(key, "")} for row in rows]
    return sorted(found, key=lambda row: (row["at"], row["complaint_id"], row["seq"]))


def _chain(desk: Desk, complaint: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the complaints that this one repeats, the first one first."""
    found: list[dict[str, Any]] = []
    before = complaint["repeat_of_id"]
    while before is not None and len(found) < LONGEST_CHAIN:
        earlier = records.get(desk.reader, "complaint", before)
        if earlier is None:
            break
        found.insert(0, earlier)
        before = earlier["repeat_of_id"]
    return found


def external_cases(desk: Desk, complaint: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the external cases; a number without a case of its own (an import) is one, too."""
    rows = records.children(
        desk.reader, "complaint_case", "complaint_id", complaint["id"], "received_at, id"
    )
    if rows or not complaint["external_case"]:
        return rows
    return [{"id": 0, "complaint_id": complaint["id"], "body": "other",
             "case_no": complaint["external_case"], "received_at": complaint["received_at"],
             "accept_due_at": None, "accepted_at": None, "due_at": complaint["external_due_at"],
             "closed_at": None, "outcome": ""}]  # fmt: skip


def get(desk: Desk, complaint_id: int) -> ComplaintDetail:
    """Return a complaint with customer, history, limits, parts and the steps open."""
    with desk.reading() as connection:
        complaint = stored(desk, complaint_id)
        product_id, group_id = complaint["product_id"], complaint["group_id"]
        merged_id, now = complaint["merged_into_id"], desk.clock.now()
        merged = complaint_parts.merged_in(connection, complaint_id)

        def parts(table: str, order: str = "id") -> list[dict[str, Any]]:
            return records.children(connection, table, "complaint_id", complaint_id, order)

        return ComplaintDetail(
            complaint,
            customers.get(desk, complaint["customer_id"]),
            _events(desk, complaint_id, merged),
            parts("callback"),
            records.get(connection, "product", product_id) if product_id else None,
            _chain(desk, complaint),
            records.get(connection, "complaint_group", group_id) if group_id else None,
            lifecycle.allowed(lifecycle.COMPLAINT, facts(desk, complaint), desk.roles, now),
            complaint_severity.proposal_of(desk, complaint),
            complaint_severity.open_proposal(desk, complaint),
            terms=complaint_terms.terms(complaint, desk.reference.calendar, now),
            tickets=complaint_parts.tickets_of(connection, complaint_id),
            departments=parts("complaint_department"),
            extensions=parts("complaint_extension"),
            approvals=parts("complaint_approval"),
            approval=approval_of(desk, complaint_id, complaint["compensation"]),
            cases=external_cases(desk, complaint),
            escalations=parts("complaint_escalation", "at, id"),
            exposure_notes=parts("exposure_note", "day, id"),
            trace=_trace(desk, complaint_id),
            merged_in=merged,
            merged_into=records.get(connection, "complaint", merged_id) if merged_id else None,
            overdue=complaint_terms.is_overdue(complaint, now),
        )
