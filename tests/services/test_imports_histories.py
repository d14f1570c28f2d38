"""The short way of telling a usual ticket agrees with the walk through its events."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.domain import anomalies
from svcdesk.domain.ticket_history import fold_ticket
from svcdesk.services import imports_histories as histories
from tests.conftest import NOW

START = NOW - 400 * 86400
MOMENT = st.one_of(
    st.none(),
    st.integers(START - 5000, START + 5000),
    st.sampled_from([START, START + 60, START + 61, START + 30 * 86400, START + 31 * 86400]),
    st.sampled_from([START + 180 * 86400, START + 181 * 86400, NOW - 10]),
)
STATUS = st.sampled_from(
    [None, "new", "assigned", "in_progress", "pending_customer", "pending_internal", "resolved",
     "closed", "cancelled", "merged"]
)  # fmt: skip
VALUES = st.fixed_dictionaries(
    {
        "created_at": st.sampled_from([START, START - 100, 900_000_000]),
        "first_response_at": MOMENT,
        "first_resolved_at": st.one_of(st.none(), MOMENT),
        "resolved_at": MOMENT,
        "closed_at": MOMENT,
        "cancelled_at": st.one_of(st.none(), st.none(), MOMENT),
        "contact_at": st.one_of(st.none(), st.none(), MOMENT),
        "status": STATUS,
        "request_type": st.sampled_from(["consult", "repair"]),
    }
)


@settings(max_examples=60)
@given(VALUES)
def test_the_short_history_is_the_long_one(values: dict[str, Any]) -> None:
    told, facts, odd = histories.ticket_history(values)
    events, expected_odd = histories.ticket_events(values)
    assert told == [(e.at, e.type, e.new) for e in events]
    assert facts == fold_ticket(values["created_at"], events)
    assert odd == expected_odd


@settings(max_examples=60)
@given(VALUES, st.booleans())
def test_nothing_remarkable_is_missed(values: dict[str, Any], live: bool) -> None:
    _, facts, odd = histories.ticket_history(values)
    run: Any = SimpleNamespace(
        now=NOW,
        reference=SimpleNamespace(items={1: SimpleNamespace(live=live)}),
        launched_at=lambda product: None,
    )
    found = histories.ticket_flags(run, {**values, "channel_id": 1}, facts, odd=odd)
    record = {
        **{name: getattr(facts, name) for name in
           ("first_response_at", "first_resolved_at", "resolved_at", "closed_at", "cancelled_at")},
        "created_at": values["created_at"], "contact_at": values["contact_at"],
        "request_type": values["request_type"], "live": live,
        "impossible_order": odd or facts.impossible_order,
    }  # fmt: skip
    assert found == anomalies.flags("ticket", record, NOW)


def test_a_state_that_the_times_reach_adds_nothing() -> None:
    values = {"created_at": START, "resolved_at": START + 3600, "status": "resolved"}
    told, facts, odd = histories.ticket_history(values)
    assert [kind for _, kind, _ in told] == ["created", "resolved"]
    assert (facts.status, odd) == ("resolved", False)


def test_complaint_states_without_times() -> None:
    events, odd = histories.complaint_events({"received_at": START, "status": "closed"})
    assert [e.type for e in events] == ["registered", "closed"]
    assert odd
    events, odd = histories.complaint_events({"received_at": START, "status": "investigating"})
    assert [e.type for e in events] == ["registered", "investigating"]
    assert not odd
    events, odd = histories.complaint_events(
        {"received_at": START, "resolved_at": START + 60, "status": "investigating"}
    )
    assert [e.type for e in events] == ["registered", "resolved", "reopened"]
    assert odd
