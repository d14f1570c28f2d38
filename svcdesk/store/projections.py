"""Records as they stood at an earlier cut-off: folded from their events, handed to SQL as JSON.

Only records with an event at or after the cut-off need it; the others are right as stored.
"""

from __future__ import annotations

import json
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from svcdesk.domain import sla
from svcdesk.domain.complaint_history import ComplaintEvent, fold_complaint
from svcdesk.domain.ticket_history import TicketEvent, TicketFacts, fold_ticket

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from svcdesk.store.connection import Connection
    from svcdesk.store.reference import Reference

_EVENTS = (
    "SELECT t.id, e.at, e.type, e.seq, e.automatic, e.name, e.new, e.department_id "
    "FROM ticket t LEFT JOIN ticket_event e ON e.ticket_id = t.id AND e.at < :as_of "
    "AND e.deleted_at IS NULL WHERE t.last_event_at >= :as_of AND t.created_at < :as_of "
    "AND t.deleted_at IS NULL AND t.is_test = 0 ORDER BY +t.id, e.seq"
)
_SLA = (
    "SELECT t.id, t.created_at, t.priority, t.tier, t.issue_id, t.channel_id, t.promised_at "
    "FROM ticket t WHERE t.last_event_at >= :as_of AND t.created_at < :as_of "
    "AND t.deleted_at IS NULL AND t.is_test = 0"
)
_COMPLAINT_EVENTS = (
    "SELECT c.id, c.received_at, e.at, e.type, e.seq FROM complaint c "
    "LEFT JOIN complaint_event e ON e.complaint_id = c.id AND e.at < :as_of "
    "AND e.deleted_at IS NULL WHERE c.last_event_at >= :as_of AND c.received_at < :as_of "
    "AND c.deleted_at IS NULL AND c.is_test = 0 ORDER BY +c.id, e.seq"
)


def _row(ticket_id: int, facts: TicketFacts, clocks: sla.TicketClocks) -> list[int | None]:
    """Return a ticket in the order of ``facts.TICKET_COLUMNS``."""
    closed = facts.closed_at
    if closed is not None and facts.resolved_at is not None:
        closed = max(closed, facts.resolved_at)  # AB04: closure uses the resolution
    return [
        ticket_id, closed, int(facts.status == "cancelled"), facts.first_response_at,
        facts.first_resolved_at, facts.resolved_at, facts.first_dispatch_at,
        facts.dispatch_count, facts.transfer_count, facts.visit_count, facts.reopen_count,
        facts.escalated_at, clocks.response_seconds, clocks.resolution_seconds,
        clocks.cycle_seconds,
    ]  # fmt: skip


def _tickets(
    connection: Connection, as_of: int, reference: Reference
) -> Iterator[list[int | None]]:
    parameters = {"as_of": as_of}
    heads = {row[0]: row for row in connection.execute(_SLA, parameters).fetchall()}
    rows = connection.execute(_EVENTS, parameters).fetchall()
    for ticket_id, events in groupby(rows, key=itemgetter(0)):
        _, created_at, priority, tier, issue, channel, promised = heads[ticket_id]
        facts = fold_ticket(
            created_at,
            [
                TicketEvent(at, kind, seq, bool(automatic), name, new, department)
                for _, at, kind, seq, automatic, name, new, department in events
                if at is not None
            ],
        )
        if facts.status == "merged":
            continue
        record = {"priority": priority, "tier": tier, "category": issue, "channel": channel}
        policy = sla.match(reference.policies, record, created_at)
        clocks = sla.ticket_clocks(created_at, facts, policy, reference.calendar, promised)
        yield _row(ticket_id, facts, clocks)


def ticket_rows(connection: Connection, as_of: int, reference: Reference) -> str:
    """Return the tickets with later events as a JSON list of rows; merged ones left out."""
    return json.dumps(list(_tickets(connection, as_of, reference)))


def complaint_rows(connection: Connection, as_of: int) -> str:
    """Return the complaints with later events as a JSON list of rows; invalid ones left out."""
    rows = connection.execute(_COMPLAINT_EVENTS, {"as_of": as_of}).fetchall()
    found: list[list[int | None]] = []
    for (complaint_id, received_at), events in groupby(rows, key=itemgetter(0, 1)):
        facts = fold_complaint(
            received_at,
            [ComplaintEvent(at, kind, seq) for _, _, at, kind, seq in events if at is not None],
        )
        if facts.status not in {"rejected", "merged"}:
            closed = facts.closed_at
            if closed is not None and facts.resolved_at is not None:
                closed = max(closed, facts.resolved_at)
            found.append(
                [complaint_id, facts.contacted_at, facts.first_resolved_at, facts.resolved_at,
                 closed, facts.withdrawn_at, facts.escalated_at]
            )  # fmt: skip
    return json.dumps(found)


_TIERS = (
    "SELECT c.row_id, o.at, c.before ->> 'tier' FROM operation o "
    "JOIN change_log c ON c.operation_id = o.id WHERE o.at >= ? AND c.tbl = 'customer' "
    "AND c.before ->> 'tier' IS NOT NULL ORDER BY o.at DESC, c.id DESC"
)


def key_customer_rows(connection: Connection, ends: Sequence[int]) -> str:
    """Return who was a key customer at each of ``ends``: a JSON list of (place, customer).

    Tiers that changed since are put back from the change log.
    """
    known = {
        row[0]
        for row in connection.execute(
            "SELECT id FROM customer WHERE tier = 'key' AND deleted_at IS NULL"
        ).fetchall()
    }
    changes = connection.execute(_TIERS, (min(ends),)).fetchall()
    found: list[tuple[int, int]] = []
    done = 0
    for end, place in sorted(((end, place) for place, end in enumerate(ends)), reverse=True):
        while done < len(changes) and changes[done][1] >= end:
            customer, _, tier = changes[done]
            (known.add if tier == "key" else known.discard)(customer)
            done += 1
        found += [(place, customer) for customer in known]
    return json.dumps(found)
