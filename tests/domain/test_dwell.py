"""Where the hours of a ticket went, worked by hand."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.domain.dwell import RECEIVED, closed_after, moves, stays
from svcdesk.domain.ticket import TicketEventType
from svcdesk.domain.ticket_history import STILL_EVENTS, TicketEvent

HOUR = 3600


def event(
    hour: int, kind: str, new: str | None = None, department: int | None = None
) -> TicketEvent:
    return TicketEvent(hour * HOUR, kind, hour, new=new, department_id=department)


def told(events: list[TicketEvent], end: int) -> list[tuple[str, int | None, int]]:
    return [
        (s.status, s.department, (s.end - s.start) // HOUR) for s in stays(0, end * HOUR, events)
    ]


def test_each_state_has_its_hours() -> None:
    """2 h waiting to be taken, 1 h at work, 4 h for the customer, 3 h at work again."""
    history = [
        event(0, "created"),
        event(2, "accepted"),
        event(3, "status_changed", "pending_customer"),
        event(7, "status_changed", "in_progress"),
        event(10, "resolved"),
    ]
    assert told(history, 10) == [
        ("new", None, 2), ("in_progress", None, 1), ("pending_customer", None, 4),
        ("in_progress", None, 3),
    ]  # fmt: skip


def test_a_department_has_what_was_asked_of_it_and_what_was_passed_on_to_it() -> None:
    history = [
        event(0, "created"),
        event(1, "accepted"),
        event(2, "status_changed", "pending_internal", 7),
        event(5, "status_changed", "in_progress"),
        event(6, "transferred", None, 9),
        event(10, "accepted"),
        event(12, "resolved"),
    ]
    assert told(history, 12) == [
        ("new", None, 1), ("in_progress", None, 1), ("pending_internal", 7, 3),
        ("in_progress", None, 1), ("assigned", 9, 4), ("in_progress", 9, 2),
    ]  # fmt: skip


def test_a_resolution_that_did_not_hold_is_told() -> None:
    history = [
        event(0, "created"), event(1, "resolved"), event(5, "reopened"), event(6, "resolved"),
    ]  # fmt: skip
    assert told(history, 6) == [("new", None, 1), ("resolved", None, 4), ("in_progress", None, 1)]


KINDS = ["accepted", "dispatched", "transferred", "resolved", "reopened", "public_reply", "closed"]


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(-5, 60), st.sampled_from(KINDS), st.sampled_from([None, 7])),
        max_size=8,
    ),
    st.integers(0, 50),
)
def test_the_stretches_add_up_to_the_whole(
    history: list[tuple[int, str, int | None]], end: int
) -> None:  # fmt: skip
    events = [event(0, "created")]
    events += [
        TicketEvent(h * HOUR, kind, n + 1, department_id=d)
        for n, (h, kind, d) in enumerate(history)
    ]
    found = stays(0, end * HOUR, events)
    assert sum(stay.end - stay.start for stay in found) == end * HOUR
    for one, other in pairwise(found):
        assert one.end == other.start
        assert (one.status, one.department) != (other.status, other.department)


HISTORIES = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from(list(TicketEventType)),
              st.sampled_from([None, "in_progress", "pending_internal", "resolved"]),
              st.sampled_from([None, 7])),
    max_size=10,
)  # fmt: skip


@settings(max_examples=60)
@given(HISTORIES, st.integers(0, 50))
def test_what_never_moves_a_ticket_may_be_left_out(
    history: list[tuple[int, TicketEventType, str | None, int | None]], end: int
) -> None:
    events = [
        TicketEvent(h * HOUR, kind, n, new=new, department_id=d)
        for n, (h, kind, new, d) in enumerate(history)
    ]
    moving = [one for one in events if one.type not in STILL_EVENTS]
    assert stays(0, end * HOUR, moving) == stays(0, end * HOUR, events)


@settings(max_examples=60)
@given(HISTORIES, st.integers(0, 50))
def test_every_state_is_left_as_often_as_it_is_entered(
    history: list[tuple[int, TicketEventType, str | None, int | None]], end: int
) -> None:
    events = [
        TicketEvent(h * HOUR, kind, n, new=new, department_id=d)
        for n, (h, kind, new, d) in enumerate(history)
    ]
    found = moves(stays(0, end * HOUR, events))
    assert found[0][0] == RECEIVED
    assert found[-1][1] == "resolved"
    assert all(one[1] == other[0] for one, other in pairwise(found))
    assert all(start != to for start, to in found)


def test_the_closing_after_the_resolution() -> None:
    told = [event(0, "created"), event(2, "resolved"), event(5, "closed")]
    assert closed_after(2 * HOUR, told) == 5 * HOUR
    assert closed_after(2 * HOUR, told[:2]) is None
    again = [event(0, "created"), event(2, "resolved"), event(3, "reopened"), event(5, "closed")]
    assert closed_after(2 * HOUR, again) is None
    at_once = [event(0, "created"), event(2, "closed")]
    assert closed_after(2 * HOUR, at_once) == 2 * HOUR
    by_status = [event(2, "resolved"), event(4, "status_changed", "closed")]
    assert closed_after(2 * HOUR, by_status) == 4 * HOUR
