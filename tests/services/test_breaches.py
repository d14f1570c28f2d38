"""A missed limit stays on record, whatever happens later (domain.md 4.8)."""

import pytest

from svcdesk.domain.lateness import resolution_missed, response_missed
from svcdesk.services import breaches, tickets, undo
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import ProblemsError
from tests.conftest import NOW
from tests.services.desks import a_ticket, item

MINUTE, HOUR, DAY = 60, 3600, 86400
SOLVED = {"solution": "更换主板，试机正常", "resolution_code": "onsite"}


def kinds(desk: Desk, key: int) -> list[str]:
    return [row["kind"] for row in tickets.get(desk, key).breaches]


def test_a_late_answer_is_noted_by_the_answer_and_goes_with_its_undo(
    desk: Desk, clock: FixedClock
) -> None:
    key = a_ticket(desk)
    clock.advance(30 * MINUTE)
    tickets.say(desk, key, "内部", "internal_note")
    assert kinds(desk, key) == []  # 30 minutes are allowed
    clock.advance(1)
    tickets.say(desk, key, "您好", "public_reply")
    (row,) = tickets.get(desk, key).breaches
    assert (row["kind"], row["due_at"], row["limit_seconds"]) == (
        "response",
        NOW + 30 * MINUTE,
        30 * MINUTE,
    )
    assert row["owner_id"] == desk.actor.id
    undo.undo(desk)
    assert kinds(desk, key) == []
    undo.redo(desk)
    assert kinds(desk, key) == ["response"]


def test_a_ticket_that_runs_over_untouched_is_noted_once(desk: Desk, clock: FixedClock) -> None:
    key = a_ticket(desk)
    assert breaches.note_due(desk) == 0
    clock.advance(6 * DAY)  # due on Tuesday 10:00, 清明 in between
    assert breaches.note_due(desk) == 1  # the response
    clock.advance(1)
    assert breaches.note_due(desk) == 1
    assert breaches.note_due(desk) == 0
    assert sorted(kinds(desk, key)) == ["resolution", "response"]
    assert undo.undoable(desk).label.startswith("New ticket")  # type: ignore[union-attr]


def test_nothing_later_takes_it_away(desk: Desk, clock: FixedClock) -> None:
    key = a_ticket(desk, channel_id=item(desk, "channel", "phone"))
    clock.advance(7 * DAY)
    tickets.step(desk, key, "resolve", SOLVED)
    assert kinds(desk, key) == ["resolution"]
    tickets.step(desk, key, "reopen", {})
    tickets.change(desk, key, {"priority": "low"})  # 2700 minutes: in time by the new limit
    assert not resolution_missed(tickets.get(desk, key).ticket, clock.now())
    assert kinds(desk, key) == ["resolution"]
    tickets.step(desk, key, "resolve", SOLVED)
    with desk.write("x") as uow:
        uow.update("ticket", key, {"callback_required": 0})
    with pytest.raises(ProblemsError, match="Choose the reason for the delay"):
        tickets.step(desk, key, "close", {})
    reason = item(desk, "overdue_reason", "parts")
    tickets.step(desk, key, "close", {"overdue_reason_id": reason})
    assert tickets.get(desk, key).ticket["status"] == "closed"


def test_closing_on_time_needs_no_reason_even_when_it_falls_on_closing_time(
    desk: Desk, clock: FixedClock
) -> None:
    key = a_ticket(desk, channel_id=item(desk, "channel", "phone"), callback_required=0,
                   created_at=NOW - HOUR)  # fmt: skip
    # received Wednesday 09:00: 1620 minutes end with Friday 18:00; no second of work until Tuesday
    ticket = tickets.get(desk, key).ticket
    clock.advance(2 * DAY + 8 * HOUR)
    assert ticket["due_at"] == clock.now()
    clock.advance(4 * HOUR)  # Friday 22:00 is after due_at and not late
    tickets.step(desk, key, "resolve", SOLVED)
    tickets.step(desk, key, "close", {})
    assert kinds(desk, key) == []


def test_waiting_for_the_customer_stands_still(desk: Desk, clock: FixedClock) -> None:
    key = a_ticket(desk, channel_id=item(desk, "channel", "phone"))
    tickets.step(desk, key, "wait_customer", {})
    clock.advance(20 * DAY)
    assert breaches.note_due(desk) == 0
    tickets.step(desk, key, "resume", {})
    assert kinds(desk, key) == []


def test_entry_can_be_undone_after_its_limit_was_missed(desk: Desk, clock: FixedClock) -> None:
    a_ticket(desk)
    clock.advance(10 * DAY)
    assert breaches.note_due(desk) == 2
    undo.undo(desk)
    assert desk.reader.execute("SELECT count(*) FROM ticket").fetchone() == (0,)
    undo.redo(desk)
    assert desk.reader.execute("SELECT count(*) FROM sla_breach").fetchone() == (2,)


@pytest.mark.parametrize(
    ("ticket", "late"),
    [
        ({"status": "in_progress", "late_at": 100}, True),
        ({"status": "in_progress", "late_at": 101}, False),
        ({"status": "resolved", "late_at": 100, "first_resolved_at": 100}, True),
        ({"status": "resolved", "late_at": 100, "first_resolved_at": 99}, False),
        ({"status": "in_progress", "late_at": 50, "first_resolved_at": 49}, False),  # reopened
        ({"status": "pending_customer", "late_at": 50, "waiting_since": 49}, False),
        ({"status": "pending_customer", "late_at": 50, "waiting_since": 50}, True),
        ({"status": "pending_customer", "late_at": 50, "waiting_since": 49, "promised_at": 49}, True),
        ({"status": "cancelled", "late_at": 50}, False),
        ({"status": "in_progress", "late_at": None}, False),
    ],
)  # fmt: skip
def test_when_a_resolution_is_late(ticket: dict[str, object], late: bool) -> None:
    assert resolution_missed(ticket, 100) is late


def test_when_a_response_is_late() -> None:
    assert response_missed({"status": "new", "response_late_at": 100}, 100)
    assert not response_missed({"status": "new", "response_late_at": 101}, 100)
    assert response_missed({"status": "closed", "response_late_at": 9, "first_response_at": 9}, 100)
    assert not response_missed({"status": "cancelled", "response_late_at": 9}, 100)
