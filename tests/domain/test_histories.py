"""Facts of tickets and complaints folded from their events (domain.md 2.4, 2.5, 2.19)."""

from __future__ import annotations

from svcdesk.domain.complaint_history import ComplaintEvent, fold_complaint
from svcdesk.domain.ticket_history import TicketEvent as Event
from svcdesk.domain.ticket_history import fold_ticket


def ticket(*events: tuple[int, str] | Event) -> list[Event]:
    return [
        e if isinstance(e, Event) else Event(e[0], e[1], seq)
        for seq, e in enumerate(events, start=1)
    ]


def test_a_plain_row_of_times() -> None:
    facts = fold_ticket(
        100, ticket((100, "created"), (160, "public_reply"), (900, "resolved"), (1000, "closed"))
    )
    assert (facts.first_response_at, facts.first_resolved_at, facts.resolved_at) == (160, 900, 900)
    assert (facts.closed_at, facts.status, facts.last_event_at) == (1000, "closed", 1000)
    assert not facts.impossible_order
    assert [(e.opened_at, e.ended_at, e.ended_by, e.closed_at) for e in facts.episodes] == [
        (100, 900, "resolved", 1000)
    ]


def test_first_response_is_the_first_human_event_the_customer_sees() -> None:
    events = [
        Event(0, "created", 1),
        Event(10, "dispatched", 2),
        Event(20, "internal_note", 3),
        Event(30, "public_reply", 4, automatic=True),
        Event(40, "call_out", 5, name="missed"),
        Event(50, "call_out", 6, name="answered"),
        Event(60, "public_reply", 7),
    ]
    assert fold_ticket(0, events).first_response_at == 50
    assert fold_ticket(0, events[:5]).first_response_at is None


def test_reopening_keeps_response_and_first_resolution() -> None:
    facts = fold_ticket(
        0,
        ticket(
            (0, "created"), (5, "public_reply"), (100, "resolved"), (150, "closed"),
            (200, "reopened"), (210, "public_reply"), (300, "resolved"),
        ),
    )  # fmt: skip
    assert (facts.first_response_at, facts.first_resolved_at, facts.resolved_at) == (5, 100, 300)
    assert (facts.reopen_count, facts.closed_at, facts.status) == (1, None, "resolved")
    assert [(e.seq, e.opened_at, e.ended_at, e.closed_at) for e in facts.episodes] == [
        (1, 0, 100, 150),
        (2, 200, 300, None),
    ]


def test_an_open_reopening_has_no_final_resolution() -> None:
    facts = fold_ticket(0, ticket((0, "created"), (100, "resolved"), (200, "reopened")))
    assert facts.resolved_at is None
    assert facts.first_resolved_at == 100
    assert facts.episodes[-1].ended_at is None


def test_waits_by_kind() -> None:
    facts = fold_ticket(
        0,
        ticket(
            (0, "created"),
            Event(10, "status_changed", 2, new="pending_customer"),
            Event(30, "status_changed", 3, new="in_progress"),
            Event(40, "status_changed", 4, new="pending_internal", department_id=9),
            (70, "resolved"),
        ),
    )
    assert [(p.kind, p.started_at, p.ended_at, p.department_id) for p in facts.pauses] == [
        ("customer", 10, 30, None),
        ("internal", 40, 70, 9),
    ]


def test_a_dispatch_withdrawn_within_ten_minutes_never_happened() -> None:
    withdrawn = ticket((0, "created"), (10, "dispatched"), (610, "dispatch_withdrawn"))
    assert fold_ticket(0, withdrawn).dispatch_count == 0
    assert fold_ticket(0, withdrawn).status == "new"
    late = ticket((0, "created"), (10, "dispatched"), (611, "dispatch_withdrawn"))
    assert fold_ticket(0, late).dispatch_count == 1
    twice = ticket((0, "created"), (10, "dispatched"), (20, "rejected_back"), (30, "dispatched"))
    facts = fold_ticket(0, twice)
    assert (facts.dispatch_count, facts.first_dispatch_at, facts.status) == (2, 10, "assigned")


def test_counts() -> None:
    facts = fold_ticket(
        0,
        ticket(
            (0, "created"), (1, "accepted"), (2, "transferred"), (3, "accepted"), (4, "escalated"),
            (5, "visit_planned"), (6, "visit_arrived"), (7, "visit_done"), (8, "escalated"),
        ),
    )  # fmt: skip
    assert (facts.transfer_count, facts.visit_count, facts.escalated_at) == (1, 1, 4)
    assert facts.first_response_at == 6  # the technician stood before the customer


def test_impossible_orders_are_noticed() -> None:
    assert fold_ticket(0, ticket((5, "resolved"))).impossible_order
    assert fold_ticket(0, ticket((0, "created"), (5, "reopened"))).impossible_order
    assert not fold_ticket(0, ticket((0, "created"), (5, "resolved"))).impossible_order


def test_cancelling_restoring_and_merging() -> None:
    restored = fold_ticket(
        0, ticket((0, "created"), (5, "cancelled"), Event(9, "status_changed", 3, new="new"))
    )
    assert (restored.status, restored.cancelled_at, restored.reopen_count) == ("new", None, 0)
    assert [(e.opened_at, e.ended_by) for e in restored.episodes] == [(0, "cancelled"), (9, None)]
    merged = fold_ticket(0, ticket((0, "created"), (5, "merged"), (9, "unmerged")))
    assert [(e.opened_at, e.ended_by) for e in merged.episodes] == [(0, "merged"), (9, None)]
    assert not merged.impossible_order


def test_status_changes_of_other_systems_mean_the_same() -> None:
    facts = fold_ticket(
        0,
        [
            Event(0, "created", 1),
            Event(10, "status_changed", 2, new="resolved"),
            Event(20, "status_changed", 3, new="in_progress"),
            Event(30, "status_changed", 4, new="closed"),
        ],
    )
    assert (facts.reopen_count, facts.first_resolved_at, facts.resolved_at) == (1, 10, 30)
    assert facts.closed_at == 30


def test_events_come_in_any_order_and_resolving_twice_counts_once() -> None:
    events = ticket((0, "created"), (50, "resolved"), (60, "resolved"), (70, "closed"),
                    (90, "closed"))  # fmt: skip
    facts = fold_ticket(0, reversed(events))
    assert (facts.resolved_at, facts.closed_at) == (50, 70)


def complaint(*events: tuple[int, str]) -> list[ComplaintEvent]:
    return [ComplaintEvent(at, kind, seq) for seq, (at, kind) in enumerate(events, start=1)]


def test_the_way_of_a_complaint() -> None:
    facts = fold_complaint(
        0,
        complaint(
            (0, "registered"), (5, "contacted"), (6, "contacted"), (7, "accepted"),
            (8, "investigating"), (9, "department_changed"), (10, "interim_feedback"),
            (20, "responded"), (30, "resolved"), (40, "closed"), (50, "reopened"), (60, "responded"),
            (70, "resolved"), (55, "escalated"),
        ),
    )  # fmt: skip
    assert (facts.contacted_at, facts.interim_feedback_at, facts.responded_at) == (5, 10, 60)
    assert (facts.first_resolved_at, facts.resolved_at, facts.closed_at) == (30, 70, None)
    assert (facts.reopen_count, facts.escalated_at, facts.status) == (1, 55, "resolved")
    assert [(e.opened_at, e.ended_at, e.closed_at) for e in facts.episodes] == [
        (0, 30, 40),
        (50, 70, None),
    ]


def test_withdrawn_rejected_and_taken_up_again() -> None:
    again = fold_complaint(0, complaint((0, "registered"), (5, "withdrawn"), (9, "reopened")))
    assert (again.status, again.withdrawn_at, again.reopen_count) == ("investigating", None, 0)
    rejected = fold_complaint(0, complaint((0, "registered"), (5, "rejected")))
    assert (rejected.status, rejected.rejected_at) == ("rejected", 5)
    appealed = fold_complaint(0, complaint((0, "registered"), (5, "rejected"), (9, "appealed")))
    assert (appealed.status, appealed.rejected_at) == ("registered", None)
    assert fold_complaint(0, complaint((0, "registered"), (9, "reopened"))).impossible_order


def test_a_merged_ticket_is_not_reopened_but_unmerged() -> None:
    facts = fold_ticket(0, ticket((0, "created"), (5, "merged"), (9, "reopened")))
    assert (facts.status, facts.impossible_order) == ("merged", True)
