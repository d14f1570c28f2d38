"""A desk with a month that is over: tickets, complaints and answers of March 2026."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.services import complaints, surveys, tickets
from tests.domain.calendars import at
from tests.services.desks import a_complaint, a_ticket, item, no_callbacks

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

SOLVED = {"solution": "更换主板，试机正常", "resolution_code": "onsite"}


def a_month(desk: Desk, clock: FixedClock) -> tuple[list[int], list[int]]:
    """Enter six tickets (four answered and resolved) and three complaints in March 2026."""
    no_callbacks(desk)
    keys, cases = [], []
    codes = ("chat", "phone", "email", "chat", "wechat", "chat")
    for day, code in enumerate(codes, start=3):
        clock.at = at(f"2026-03-{day:02d} 10:00")
        channel = desk.reference.by_code("channel", code) or desk.reference.by_code(
            "channel", "chat"
        )
        assert channel is not None
        newcomer = {"name": f"客户{day}", "phones": [f"1380000{day:04d}"]}
        keys.append(a_ticket(desk, channel_id=channel.id, new_customer=newcomer))
        if day < 7:
            clock.advance(600 * day)
            tickets.say(desk, keys[-1], "您好，已收到", "public_reply")
            clock.advance(7200)
            tickets.step(desk, keys[-1], "resolve", SOLVED)
            surveys.record(desk, {"ticket_id": keys[-1], "csat": 3 + day % 3, "method": "sms",
                                  "responded_at": clock.at, "sent_at": clock.at,
                                  **({"comment": "太慢"} if day % 3 == 0 else {})})  # fmt: skip
    for day in (9, 10, 11):
        clock.at = at(f"2026-03-{day:02d} 11:00")
        cases.append(a_complaint(desk, new_customer={"name": f"投诉{day}"}))
    clock.at = at("2026-04-02 10:00")
    return keys, cases


def other_item(desk: Desk, list_name: str, code: str) -> int:
    """Return another item of a list than the one called ``code``."""
    known = item(desk, list_name, code)
    return next(i.id for i in desk.reference.items_of(list_name) if i.id != known)


__all__ = ["SOLVED", "a_month", "complaints", "other_item"]
