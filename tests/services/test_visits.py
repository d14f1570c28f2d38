"""Visits: window, who moved it, arrival, outcome, and what the on-time rate makes of it (2.6)."""

import pytest

from svcdesk.services import dashboards, tickets, time_spent, undo, visits
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import ProblemsError, UserError
from tests.conftest import NOW
from tests.services.desks import a_ticket

HOUR = 3600


def plan(desk: Desk, key: int, **more: object) -> int:
    values = {"technician_id": desk.actor.id, "window_start": NOW + HOUR, **more}
    return visits.plan(desk, key, values).value


def on_time(desk: Desk) -> tuple[int, int]:
    period = dashboards.period_of(desk, "2026-04")
    figure = dashboards.figures(desk, period, metric_ids=["ontime_visit_rate"])["ontime_visit_rate"]
    return int(figure.num or 0), int(figure.den or 0)


def test_the_window_is_half_an_hour_unless_said(desk: Desk) -> None:
    key = a_ticket(desk)
    plan(desk, key)
    (visit,) = tickets.get(desk, key).visits
    assert (visit["window_end"], visit["promised_at"]) == (NOW + HOUR + 1800, NOW)
    assert tickets.get(desk, key).events[-1]["type"] == "visit_planned"
    with pytest.raises(ProblemsError) as caught:
        visits.plan(desk, key, {"window_start": NOW, "window_end": NOW})
    assert {p.field for p in caught.value.problems} == {"window_end", "technician"}


def test_arrival_and_outcome(desk: Desk, clock: FixedClock) -> None:
    key = a_ticket(desk)
    visit = plan(desk, key)
    with pytest.raises(ProblemsError, match="arrival first"):
        visits.finish(desk, visit, {"outcome": "done"})
    clock.advance(2 * HOUR)
    visits.arrive(desk, visit)
    (row,) = tickets.get(desk, key).visits
    assert visits.lateness(row, clock.now()) == 1800  # 12:00 against 11:30
    assert tickets.get(desk, key).ticket["first_response_at"] == clock.now()
    clock.advance(HOUR)
    visits.finish(desk, visit, {"outcome": "done", "parts_used": "启动电容"})
    detail = tickets.get(desk, key)
    assert detail.ticket["visit_count"] == 1
    assert [e["type"] for e in detail.events[-2:]] == ["visit_arrived", "visit_done"]
    assert on_time(desk) == (0, 1)
    with pytest.raises(UserError, match="is over"):
        visits.finish(desk, visit, {"outcome": "not_done"})
    for _ in range(3):
        undo.undo(desk)
    assert tickets.get(desk, key).visits == []


def test_moved_by_us_after_the_promise_is_never_on_time(desk: Desk, clock: FixedClock) -> None:
    key = a_ticket(desk)
    visit = plan(desk, key)
    moved = {"window_start": NOW + 3 * HOUR, "by": "company", "note": "路堵"}
    visits.move(desk, visit, moved)
    visits.move(desk, visit, {**moved, "by": "customer"})
    clock.advance(3 * HOUR)
    visits.arrive(desk, visit)
    (row,) = tickets.get(desk, key).visits
    assert row["rescheduled_by"] == "company"
    assert visits.lateness(row, clock.now()) == 0
    clock.advance(60)
    assert on_time(desk) == (0, 1)


def test_moved_or_cancelled_by_the_customer_leaves_the_rate(desk: Desk, clock: FixedClock) -> None:
    key = a_ticket(desk)
    moved, cancelled = plan(desk, key), plan(desk, key)
    visits.move(desk, moved, {"window_start": NOW + 3 * HOUR, "by": "customer"})
    visits.cancel(desk, cancelled, "customer", "改天再约")
    clock.advance(5 * HOUR)
    assert on_time(desk)[1] == 0
    visits.cancel(desk, plan(desk, key), "company")
    with pytest.raises(ProblemsError, match="who moved it"):
        visits.move(desk, moved, {"window_start": NOW + 9 * HOUR})


def test_a_customer_who_is_absent_is_no_completed_visit(desk: Desk, clock: FixedClock) -> None:
    key = a_ticket(desk)
    visit = plan(desk, key)
    clock.advance(2 * HOUR)
    visits.finish(desk, visit, {"outcome": "customer_absent", "note": "无人应答"})
    detail = tickets.get(desk, key)
    assert detail.ticket["visit_count"] == 0
    assert (detail.events[-1]["name"], detail.events[-1]["new"]) == (
        "visit_ended",
        "customer_absent",
    )
    assert detail.next_visit is None


def test_time_spent_adds_up_and_is_undone(desk: Desk) -> None:
    key = a_ticket(desk)
    time_spent.add(desk, key, 15)
    entry = time_spent.add(desk, key, 40, "research", "查手册").value
    assert time_spent.total(tickets.get(desk, key).work) == 55
    time_spent.remove(desk, entry)
    assert time_spent.total(tickets.get(desk, key).work) == 15
    undo.undo(desk)
    assert time_spent.total(tickets.get(desk, key).work) == 55
    for minutes, activity in ((0, "phone"), (1441, "phone"), (5, "sleeping")):
        with pytest.raises(ProblemsError):
            time_spent.add(desk, key, minutes, activity)


def test_nobody_arrives_before_the_ticket_was_received(desk: Desk) -> None:
    visit = plan(desk, a_ticket(desk))
    with pytest.raises(ProblemsError, match="before the ticket"):
        visits.arrive(desk, visit, NOW - 1)
    visits.arrive(desk, visit, NOW)
