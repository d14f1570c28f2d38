"""A change of calendar or limits reaches what is open or unpublished, and undo takes it back."""

from dataclasses import replace
from datetime import date

import pytest

from svcdesk.services import complaints, policies, settings, tickets, undo
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import ProblemsError
from tests.conftest import NOW

DAY = 86400


def a_ticket(desk: Desk, **more: object) -> int:
    channel = desk.reference.by_code("channel", "chat")
    issue = desk.reference.by_code("issue", "quality")
    assert channel is not None
    assert issue is not None
    values = {
        "new_customer": {"name": "张晓明"}, "channel_id": channel.id, "issue_id": issue.id,
        "title": "空调制冷效果差", "description": "空调制冷效果差，出风口温度25℃", "owner_id": desk.actor.id,
        **more,
    }  # fmt: skip
    return tickets.create(desk, values).value


def columns(desk: Desk, key: int, *names: str) -> tuple[object, ...]:
    row = desk.writer.execute(
        f"SELECT {', '.join(names)} FROM ticket WHERE id = ?", (key,)
    ).fetchone()
    return tuple(row)


def test_a_new_day_off_moves_due_times_and_undo_moves_them_back(
    desk: Desk, clock: FixedClock
) -> None:
    # Wed 1 April 10:00 + 1620 working minutes = 3 working days of 540: Wed 8 h, Thu 9 h, Fri 9 h,
    # Sat–Mon 清明, Tue 1 h: due Tuesday 7 April 10:00
    key = a_ticket(desk)
    tuesday = NOW + 6 * DAY
    assert columns(desk, key, "due_at") == (tuesday,)
    settings.set_day(desk, date(2026, 4, 2), "off", "停电")
    assert columns(desk, key, "due_at") == (tuesday + DAY,)
    undo.undo(desk)
    assert columns(desk, key, "due_at") == (tuesday,)
    undo.redo(desk)
    assert columns(desk, key, "due_at") == (tuesday + DAY,)


def test_durations_are_counted_again(desk: Desk, clock: FixedClock) -> None:
    key = a_ticket(desk)
    clock.advance(2 * DAY)  # Friday 10:00
    tickets.say(desk, key, "您好，已收到", "public_reply")
    # Wed 8 h + Thu 9 h + Fri 1 h
    assert columns(desk, key, "response_seconds") == (18 * 3600,)
    settings.set_pattern(desk, [[["09:00", "12:00"], ["13:00", "18:00"]]] * 5 + [[], []])
    # Wed 2 + 5, Thu 3 + 5, Fri 1
    assert columns(desk, key, "response_seconds") == (16 * 3600,)


def test_new_limits_hold_for_open_tickets(desk: Desk) -> None:
    key = a_ticket(desk)
    wanted = [
        replace(policy, resolution_minutes=60) if policy.name == "normal" else policy
        for policy in policies.listed(desk)
    ]
    policies.save(desk, wanted)
    assert columns(desk, key, "resolution_limit", "due_at") == (3600, NOW + 3600)


def test_deadlines_of_complaints_follow_but_extensions_stay(desk: Desk) -> None:
    channel = desk.reference.by_code("channel", "phone")
    category = desk.reference.by_code("category", "service")
    assert channel is not None
    assert category is not None
    values = {"new_customer": {"name": "李四"}, "channel_id": channel.id, "category_id": category.id,
              "description": "客服承诺回电却没有回电，等了两天"}  # fmt: skip
    key = complaints.create(desk, values).value
    # the day of receipt never counts: Thu, Fri, Tue 7 April at 18:00
    due = complaints.get(desk, key).complaint["due_at"]
    assert due == NOW + 6 * DAY + 8 * 3600
    complaints.extend(desk, key, due + 2 * DAY, "等待质检报告")
    settings.set_day(desk, date(2026, 4, 7), "off", "停电")
    assert complaints.get(desk, key).complaint["due_at"] == due + 2 * DAY
    other = complaints.create(desk, values | {"new_customer": {"name": "王五"}}).value
    assert complaints.get(desk, other).complaint["due_at"] == due + DAY


def test_wrong_settings_are_told_at_their_field(desk: Desk) -> None:
    with pytest.raises(ProblemsError) as caught:
        settings.change(desk, {"repeat_days": 0, "timezone": "Mars/Base"})
    assert {problem.field for problem in caught.value.problems} == {"repeat_days", "timezone"}
    assert desk.reference.settings["repeat_days"] == 30
