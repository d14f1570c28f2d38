"""Deadlines that come near or pass are told once, to the right people (domain.md 4.8, 4.9)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.deadlines import Kind
from svcdesk.domain.people import Role
from svcdesk.services import (
    complaints,
    deadlines,
    hand_over,
    handoffs,
    notices,
    settings,
    tickets,
    undo,
)
from svcdesk.system.errors import ProblemsError
from tests.conftest import NOW
from tests.services.desks import a_complaint, a_ticket, item, ticket_values

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

MINUTE, HOUR, DAY = 60, 3600, 86400
QUIET = {"hand_over_times": ""}


@pytest.fixture
def quiet(desk: Desk) -> Desk:
    settings.change(desk, QUIET)
    return desk


def kinds(found: list[notices.Notice]) -> list[str]:
    return sorted(notice.kind for notice in found)


def test_response_and_resolution_are_told_at_their_seconds(quiet: Desk, clock: FixedClock) -> None:
    # urgent, Wednesday 10:00: response 15 min, resolution 240 min
    a_ticket(quiet, priority="urgent", priority_reason="漏电")
    clock.at = NOW + 12 * MINUTE
    assert notices.watch(quiet) == []
    clock.at = NOW + 12 * MINUTE + 1
    assert kinds(notices.watch(quiet)) == ["response_soon"]
    assert notices.watch(quiet) == []  # once
    clock.at = NOW + 15 * MINUTE + 1
    assert kinds(notices.watch(quiet)) == ["response_late"]
    clock.at = NOW + 192 * MINUTE + 1
    assert kinds(notices.watch(quiet)) == ["resolution_soon"]
    clock.at = NOW + 240 * MINUTE
    assert notices.watch(quiet) == []  # at the limit it is kept
    clock.at = NOW + 240 * MINUTE + 1
    assert kinds(notices.watch(quiet)) == ["resolution_late"]
    texts = [notice.args["number"] for notice in notices.recent(quiet)]
    assert texts == ["GD202604-0001"] * 4
    assert notices.unseen(quiet) == 4
    notices.mark_all_seen(quiet)
    assert notices.unseen(quiet) == 0


def test_a_new_due_time_is_a_new_occasion(quiet: Desk, clock: FixedClock) -> None:
    key = a_ticket(quiet, priority="urgent", priority_reason="漏电")
    tickets.say(quiet, key, "已联系", "public_reply")
    clock.at = NOW + 200 * MINUTE
    assert kinds(notices.watch(quiet)) == ["resolution_soon"]
    tickets.change(quiet, key, {"promised_at": NOW + 210 * MINUTE})
    assert kinds(notices.watch(quiet)) == ["resolution_soon"]


def test_waiting_for_the_customer_is_not_warned_of(quiet: Desk, clock: FixedClock) -> None:
    key = a_ticket(quiet, priority="urgent", priority_reason="漏电")
    tickets.say(quiet, key, "请提供照片", "public_reply")
    tickets.step(quiet, key, "wait_customer")
    clock.at = NOW + 6 * HOUR
    assert notices.watch(quiet) == []


def test_supervisors_hear_of_a_breach_and_owners_of_both(quiet: Desk, clock: FixedClock) -> None:
    agent = settings.add_person(quiet, "小王", [Role.AGENT]).value
    boss = quiet.actor.id
    a_ticket(quiet, priority="urgent", priority_reason="漏电", owner_id=agent)
    clock.at = NOW + 14 * MINUTE
    assert notices.watch(quiet) == []  # the owner's, not the supervisor's
    quiet.act_as(agent)
    assert kinds(notices.recent(quiet)) == ["response_soon"]
    quiet.act_as(boss)
    clock.at = NOW + 16 * MINUTE
    assert kinds(notices.watch(quiet)) == ["response_late"]


def test_nobodys_ticket_is_everybodys(quiet: Desk, clock: FixedClock) -> None:
    agent = settings.add_person(quiet, "小王", [Role.AGENT]).value
    boss = quiet.actor.id
    a_ticket(quiet, priority="urgent", priority_reason="漏电", owner_id=None)
    clock.at = NOW + 14 * MINUTE
    assert kinds(notices.watch(quiet)) == ["response_soon"]
    notices.mark_all_seen(quiet)  # one puts it away, the other still has it
    assert notices.unseen(quiet) == 0
    quiet.act_as(agent)
    assert notices.unseen(quiet) == 1
    quiet.act_as(boss)
    assert notices.watch(quiet) == []


def test_old_breaches_are_no_news_but_stand_in_the_list(quiet: Desk, clock: FixedClock) -> None:
    a_ticket(quiet, priority="urgent", priority_reason="漏电")
    clock.at = NOW + 2 * DAY
    assert notices.watch(quiet) == []
    pressing = deadlines.pressing(quiet)
    assert {d.kind for d in pressing} == {Kind.RESPONSE, Kind.RESOLUTION}
    assert all(d.is_late(clock.now()) for d in pressing)


def test_an_urgent_complaint_and_its_callback_free_owner(quiet: Desk, clock: FixedClock) -> None:
    key = a_complaint(quiet, severity="urgent", handler_id=quiet.actor.id)
    clock.at = NOW + 2 * HOUR  # exactly the limit of the first contact
    assert kinds(notices.watch(quiet)) == ["complaint_ack_soon"]
    clock.at += 1
    assert kinds(notices.watch(quiet)) == ["complaint_ack_late"]
    complaints.note(quiet, key, "contacted", "已致电")
    # 24 calendar hours; 20 % of it (4.8 h) are more than 4 working hours
    clock.at = NOW + 24 * HOUR - int(4.8 * HOUR)
    assert notices.watch(quiet) == []
    clock.at = NOW + 24 * HOUR - int(4.8 * HOUR) + 1
    assert kinds(notices.watch(quiet)) == ["complaint_soon"]
    clock.at = NOW + 24 * HOUR
    assert notices.watch(quiet) == []
    clock.at = NOW + 24 * HOUR + 1
    assert kinds(notices.watch(quiet)) == ["complaint_overdue".replace("overdue", "late")]


def test_imported_rows_start_no_alarm(quiet: Desk, clock: FixedClock) -> None:
    key = a_ticket(quiet, priority="urgent", priority_reason="漏电", created_at=NOW - 5 * HOUR)
    with quiet.write("as an import does", kind="system") as uow:
        uow.update("ticket", key, {"batch_id": 7})
    assert notices.watch(quiet) == []


def test_the_hand_over_sheets_are_announced_on_working_days(desk: Desk, clock: FixedClock) -> None:
    assert kinds(notices.watch(desk)) == ["hand_over"]  # it is Wednesday 10:00
    assert notices.watch(desk) == []
    clock.at = NOW + 6 * HOUR
    assert kinds(notices.watch(desk)) == ["hand_over"]
    clock.at = NOW + 5 * DAY  # Monday, 清明节
    assert notices.watch(desk) == []


def test_notices_are_no_step_of_undo(quiet: Desk, clock: FixedClock) -> None:
    a_ticket(quiet, priority="urgent", priority_reason="漏电")
    clock.at = NOW + 14 * MINUTE
    notices.watch(quiet)
    step = undo.undoable(quiet)
    assert step is not None
    assert step.label == "New ticket “{title}”"


def test_bad_times_of_day_are_refused(desk: Desk) -> None:
    with pytest.raises(ProblemsError):
        settings.change(desk, {"hand_over_times": "10:00,25:30"})


def test_the_account_adds_up_day_by_day(desk: Desk, clock: FixedClock) -> None:
    key = a_ticket(desk)  # normal: 1620 working minutes from Wednesday 10:00, over 清明
    found = deadlines.account(desk, key)
    assert (found.policy, found.limit, found.position) == ("normal", 1620 * MINUTE, 3)
    # Wed 8 h, Thu 9 h, Fri 9 h, Sat + Sun weekend, Mon holiday, Tue 1 h: 27 h
    hours = [(line.share.date.day, line.share.reason, line.share.counted / HOUR)
             for line in found.lines]  # fmt: skip
    assert hours == [
        (1, "work", 8), (2, "work", 9), (3, "work", 9), (4, "holiday", 0), (5, "holiday", 0),
        (6, "holiday", 0), (7, "work", 1),
    ]  # fmt: skip
    assert found.lines[-1].total == found.limit
    assert found.due_at == NOW + 6 * DAY


def test_a_file_of_before_gets_its_times_of_warning(quiet: Desk, clock: FixedClock) -> None:
    key = a_ticket(quiet)
    warn = quiet.reader.execute("SELECT warn_at FROM ticket WHERE id = ?", (key,)).fetchone()
    with quiet.write("as the upgrade leaves it", kind="system") as uow:
        uow.update("ticket", key, {"warn_at": None})
    assert deadlines.complete_warnings(quiet) == 1
    again = quiet.reader.execute("SELECT warn_at FROM ticket WHERE id = ?", (key,)).fetchone()
    assert again == warn
    assert deadlines.complete_warnings(quiet) == 0


def test_a_conditional_policy_comes_first_in_the_account(desk: Desk) -> None:
    with desk.write("a policy of its own", kind="system") as uow:
        uow.insert(
            "sla_policy",
            {
                "name": "电话渠道", "position": -1, "response_minutes": 5,
                "resolution_minutes": 60,
                "conditions": json.dumps({"channel": [item(desk, "channel", "phone")]}),
            },
        )  # fmt: skip
    values = ticket_values(desk, channel_id=item(desk, "channel", "phone"))
    key = tickets.create(desk, values).value
    found = deadlines.account(desk, key)
    assert (found.policy, found.limit, found.due_at) == ("电话渠道", HOUR, NOW + HOUR)


def test_what_was_seen_does_not_stand_against_undoing(quiet: Desk) -> None:
    desk = quiet
    key = a_ticket(desk)
    department = item(desk, "department", "logistics")
    asked = handoffs.ask(desk, key, {"department_id": department, "request": "核对出库"}).value
    handoffs.answer(desk, asked, "已出库")
    assert notices.mark_all_seen(desk).value == 1
    undo.undo(desk)
    assert tickets.get(desk, key).ticket["status"] == "pending_internal"
    assert notices.recent(desk) == []


def test_a_head_department_hears_of_what_its_parts_owe(quiet: Desk, clock: FixedClock) -> None:
    desk = quiet
    head = item(desk, "department", "logistics")
    contact = settings.add_person(desk, "李物流", [Role.DEPT], department_id=head).value
    warehouse = item(desk, "department", "logistics.warehouse")
    handoffs.ask(desk, a_ticket(desk), {"department_id": warehouse, "request": "核对出库"})
    clock.advance(2 * 3600 + 60)
    notices.watch(desk)
    desk.act_as(contact)
    assert "handoff_late" in [notice.kind for notice in notices.recent(desk)]


def test_requests_of_finished_tickets_raise_no_alarm(quiet: Desk, clock: FixedClock) -> None:
    desk = quiet
    key = a_ticket(desk)
    department = item(desk, "department", "logistics")
    handoffs.ask(desk, key, {"department_id": department, "request": "核对出库"})
    tickets.step(desk, key, "resume")
    tickets.step(desk, key, "cancel", {"reason": "客户取消"})
    clock.advance(7200)
    assert [d for d in deadlines.pressing(desk) if d.kind is Kind.HANDOFF] == []
    assert hand_over.sheets(desk) == []


def test_a_promised_time_is_told_while_the_customer_is_waited_for(
    quiet: Desk, clock: FixedClock
) -> None:
    desk = quiet
    key = a_ticket(desk, promised_at=NOW + 3600)
    tickets.say(desk, key, "您好", "public_reply")
    tickets.step(desk, key, "wait_customer")
    clock.advance(3000)
    assert [d.record_id for d in deadlines.pressing(desk) if d.kind is Kind.RESOLUTION] == [key]


def test_times_of_warning_are_completed_once_and_only_where_they_are_missing(desk: Desk) -> None:
    kept, gone = a_ticket(desk), a_ticket(desk)
    expected = tickets.get(desk, kept).ticket["warn_at"]
    tickets.remove(desk, gone)
    with desk.write("As an earlier version wrote it", kind="system") as uow:
        uow.bulk(2)
        uow.execute("UPDATE ticket SET warn_at = NULL")
        uow.bulk(0)
    assert deadlines.complete_warnings(desk) == 1
    assert tickets.get(desk, kept).ticket["warn_at"] == expected
    assert deadlines.complete_warnings(desk) == 0  # the deleted one is not looked at every minute


def test_nobody_puts_away_what_another_has_to_see(quiet: Desk) -> None:
    desk = quiet
    owner = desk.actor.id
    department = item(desk, "department", "logistics")
    asked = handoffs.ask(desk, a_ticket(desk), {"department_id": department, "request": "核对"})
    handoffs.answer(desk, asked.value, "已出库")
    (notice,) = notices.recent(desk)
    desk.act_as(settings.add_person(desk, "吴娟", [Role.AGENT]).value)
    assert notices.mark_seen(desk, [notice.id]).value == 0
    desk.act_as(owner)
    assert notices.unseen(desk) == 1
