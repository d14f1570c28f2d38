"""Limits, due times and pauses, worked by hand (domain.md 2.14, 4.8)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.domain.complaint import Severity
from svcdesk.domain.sla import (
    DueState,
    Policy,
    complaint_clock,
    complaint_due,
    complaint_warn_at,
    default_policies,
    match,
    response_warn_at,
    ticket_clock,
    ticket_clocks,
)
from svcdesk.domain.ticket_history import TicketEvent, fold_ticket
from tests.domain.calendars import at, china, wall

HOUR = 3600


def test_the_first_matching_policy_wins() -> None:
    key = Policy("key", 10, 240, {"tier": ("key",), "priority": ("high", "urgent")})
    policies = [key, *default_policies()]
    high = {"priority": "high", "tier": "key", "channel": 3}
    assert match(policies, high, 0) is key
    normal = match(policies, high | {"priority": "normal"}, 0)
    assert normal is not None
    assert (normal.response_minutes, normal.resolution_minutes) == (30, 1620)
    assert match([Policy("later", 1, 1, valid_from=10)], high, 9) is None


@pytest.mark.parametrize(
    ("severity", "received", "due"),
    [
        (Severity.NORMAL, "2026-02-13 17:00", "2026-02-25 18:00"),
        (Severity.MAJOR, "2026-02-13 17:00", "2026-02-27 18:00"),
        (Severity.URGENT, "2026-02-13 17:00", "2026-02-14 17:00"),
    ],
)
def test_complaint_deadlines(severity: Severity, received: str, due: str) -> None:
    assert wall(complaint_due(severity, at(received), china())) == due


def events(*rows: tuple[str, str, str | None]) -> list[TicketEvent]:
    return [
        TicketEvent(at(when), kind, seq, new=new)
        for seq, (when, kind, new) in enumerate(rows, start=1)
    ]


def test_waiting_for_the_customer_pauses_waiting_internally_does_not() -> None:
    created = at("2026-03-02 09:00")
    history = events(
        ("2026-03-02 09:00", "created", None),
        ("2026-03-02 09:20", "public_reply", None),
        ("2026-03-02 10:00", "status_changed", "pending_customer"),
        ("2026-03-03 10:00", "status_changed", "in_progress"),
        ("2026-03-03 11:00", "status_changed", "pending_internal"),
        ("2026-03-03 15:00", "status_changed", "in_progress"),
        ("2026-03-03 16:00", "resolved", None),
    )
    clocks = ticket_clocks(
        created, fold_ticket(created, history), default_policies()[1], china()
    )  # high: 30 and 540 minutes
    assert clocks.response_seconds == 20 * 60
    assert (clocks.response_limit, clocks.resolution_limit) == (1800, 9 * HOUR)
    # 09–10 on Monday, 10–16 on Tuesday: 7 working hours net, 16 gross
    assert clocks.resolution_seconds == 7 * HOUR
    assert clocks.cycle_seconds == 16 * HOUR
    # 9 h + the pause of 9 working hours: due at Tuesday's closing, late from Wednesday 09:00:01
    assert clocks.due_at == at("2026-03-03 18:00")
    assert clocks.late_at == at("2026-03-04 09:00") + 1
    assert clocks.pause_late_at == (at("2026-03-03 09:00") + 1, at("2026-03-04 09:00") + 1)
    assert clocks.response_due_at == at("2026-03-02 09:30")
    assert clocks.response_late_at == at("2026-03-02 09:30") + 1


def test_a_promised_time_overrides_the_policy() -> None:
    created, promised = at("2026-03-02 09:00"), at("2026-03-08 12:00")
    facts = fold_ticket(created, events(("2026-03-02 09:00", "created", None)))
    clocks = ticket_clocks(created, facts, default_policies()[2], china(), promised)
    assert (clocks.due_at, clocks.late_at) == (promised, promised + 1)
    state = ticket_clock(created, 60, [], china(), promised, promised_at=promised)
    assert state.state is DueState.DUE_SOON
    state = ticket_clock(created, 60, [], china(), promised + 1, promised_at=promised)
    assert (state.state, state.left) == (DueState.OVERDUE, -1)


def test_no_policy_means_no_limit() -> None:
    facts = fold_ticket(0, [TicketEvent(0, "created")])
    clocks = ticket_clocks(0, facts, None, china())
    assert (clocks.due_at, clocks.late_at, clocks.response_due_at) == (None, None, None)
    assert ticket_clock(0, None, [], china(), 9).state is DueState.NONE


@pytest.mark.parametrize(
    ("now", "state", "left"),
    [
        ("2026-03-02 12:12", DueState.OK, 48 * 60),  # 192 of 240 minutes: exactly 80 %
        ("2026-03-02 12:13", DueState.DUE_SOON, 47 * 60),
        ("2026-03-02 13:00", DueState.DUE_SOON, 0),  # at the limit: not yet overdue
        ("2026-03-02 13:01", DueState.OVERDUE, -60),
    ],
)
def test_states_of_an_urgent_ticket(now: str, state: DueState, left: int) -> None:
    created = at("2026-03-02 09:00")
    clock = ticket_clock(created, 240 * 60, [], china(), at(now))
    assert (clock.state, clock.left) == (state, left)
    assert wall(clock.due_at or 0) == "2026-03-02 13:00"


def test_the_warning_comes_a_second_after_80_percent() -> None:
    created = at("2026-03-02 09:00")
    facts = fold_ticket(created, events(("2026-03-02 09:00", "created", None)))
    urgent = ticket_clocks(created, facts, default_policies()[0], china())
    assert urgent.warn_at == at("2026-03-02 12:12") + 1  # 192 of 240 minutes
    assert response_warn_at(created, 15 * 60, china()) == at("2026-03-02 09:12") + 1
    # three working days, received Friday 17:00: 80 % of 27 h = 21.6 h, on Tuesday 11:36 + 9 h
    friday = at("2026-03-06 17:00")
    facts = fold_ticket(friday, events(("2026-03-06 17:00", "created", None)))
    normal = ticket_clocks(friday, facts, default_policies()[2], china())
    assert wall(normal.warn_at or 0) == "2026-03-11 11:36"  # 1 h + 9 h + 9 h + 2.6 h
    promised = ticket_clocks(created, facts, None, china(), created + 1000)
    assert promised.warn_at == created + 801


def test_a_resolved_ticket_is_not_warned_of() -> None:
    created = at("2026-03-02 09:00")
    facts = fold_ticket(
        created,
        events(("2026-03-02 09:00", "created", None), ("2026-03-02 10:00", "resolved", None)),
    )
    assert ticket_clocks(created, facts, default_policies()[0], china()).warn_at is None


@settings(max_examples=60)
@given(
    start=st.integers(0, 9 * 86400),
    minutes=st.integers(1, 3000),
    wait=st.none() | st.tuples(st.integers(0, 400_000), st.integers(1, 200_000)),
    before=st.booleans(),
)
def test_the_warning_is_the_edge_of_due_soon(
    start: int, minutes: int, wait: tuple[int, int] | None, before: bool
) -> None:
    """At ``warn_at`` the clock says due soon, a second before it does not yet."""
    created = at("2026-03-02 00:00") + start
    history = [TicketEvent(created, "created", 1)]
    pauses: list[tuple[int, int | None]] = []
    if wait is not None:
        begin, end = created + wait[0], created + wait[0] + wait[1]
        history += [
            TicketEvent(begin, "status_changed", 2, new="pending_customer"),
            TicketEvent(end, "status_changed", 3, new="in_progress"),
        ]
        pauses = [(begin, end)]
    policy = Policy("p", None, minutes)
    warn = ticket_clocks(created, fold_ticket(created, history), policy, china()).warn_at
    assert warn is not None
    moment = warn - 1 if before else warn
    state = ticket_clock(created, minutes * 60, pauses, china(), moment).state
    assert (state in {DueState.DUE_SOON, DueState.OVERDUE}) is (not before)


@settings(max_examples=60)
@given(start=st.integers(0, 9 * 86400), major=st.booleans(), before=st.booleans())
def test_a_complaint_is_warned_of_at_the_edge(start: int, major: bool, before: bool) -> None:
    received = at("2026-03-02 00:00") + start
    due = complaint_due(Severity.MAJOR if major else Severity.NORMAL, received, china())
    moment = complaint_warn_at(received, due, china()) - int(before)
    state = complaint_clock(received, due, china(), moment).state
    assert state is (DueState.OK if before else DueState.DUE_SOON)


def test_a_pause_stands_still() -> None:
    created = at("2026-03-02 09:00")
    pauses = [(at("2026-03-02 10:00"), None)]
    clock = ticket_clock(created, 240 * 60, pauses, china(), at("2026-03-10 10:00"))
    assert (clock.state, clock.used) == (DueState.PAUSED, HOUR)
    done = ticket_clock(created, 240 * 60, [], china(), 0, ended_at=at("2026-03-02 12:30"))
    assert (done.state, done.left) == (DueState.DONE, 30 * 60)
    assert done.share == 210 / 240


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-03-05 13:00", DueState.DUE_SOON),  # 5 of 35 working hours left: 14 %
        ("2026-03-04 12:00", DueState.OK),
        ("2026-03-05 14:01", DueState.DUE_SOON),
        ("2026-03-05 18:00", DueState.DUE_SOON),  # inclusive
        ("2026-03-05 18:01", DueState.OVERDUE),
    ],
)
def test_states_of_a_complaint(now: str, state: DueState) -> None:
    received = at("2026-03-02 10:00")
    due = complaint_due(Severity.NORMAL, received, china())
    assert wall(due) == "2026-03-05 18:00"
    assert complaint_clock(received, due, china(), at(now)).state is state


def test_a_settled_complaint_is_done_or_was_late() -> None:
    received = at("2026-03-02 10:00")
    due = at("2026-03-05 18:00")
    done = complaint_clock(received, due, china(), at("2026-04-01"), ended_at=due)
    assert done.state is DueState.DONE
    late = complaint_clock(
        received, due, china(), at("2026-04-01"), ended_at=at("2026-03-06 10:00")
    )
    assert (late.state, late.left) == (DueState.OVERDUE, -HOUR)
    assert complaint_clock(received, None, china(), received).state is DueState.NONE
