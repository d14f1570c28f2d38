"""What the service tests put into a desk."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from svcdesk.services import callback_rules, complaints, tickets

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk


def item(desk: Desk, list_name: str, code: str) -> int:
    """Return the key of a built-in list item."""
    found = desk.reference.by_code(list_name, code)
    assert found is not None
    return found.id


def ticket_values(desk: Desk, **more: Any) -> dict[str, Any]:
    """Return what a form would hold for an ordinary chat ticket taken by the actor."""
    return {
        "new_customer": {"name": "张晓明", "phones": ["138 1234 5678"]},
        "channel_id": item(desk, "channel", "chat"),
        "issue_id": item(desk, "issue", "quality"),
        "title": "空调制冷效果差",
        "description": "空调制冷效果差，出风口温度25℃",
        "owner_id": desk.actor.id,
        **more,
    }


def no_callbacks(desk: Desk) -> None:
    """Switch the rules off: no ticket is called back unless somebody asks for it."""
    rules = callback_rules.listed(desk)
    if any(rule.active for rule in rules):
        callback_rules.save(desk, [replace(rule, active=False) for rule in rules])


def a_ticket(desk: Desk, **more: Any) -> int:
    """Enter an ordinary chat ticket; ``callback_required=0`` on a desk without callback rules."""
    if more.get("callback_required") == 0:
        no_callbacks(desk)
    return tickets.create(desk, ticket_values(desk, **more)).value


def a_resolved_ticket(desk: Desk, **more: Any) -> int:
    """Enter, answer and resolve a ticket."""
    key = a_ticket(desk, **more)
    tickets.say(desk, key, "您好，已收到", "public_reply")
    tickets.step(
        desk, key, "resolve", {"solution": "更换主板，试机正常", "resolution_code": "onsite"}
    )
    return key


def a_complaint(desk: Desk, **more: Any) -> int:
    """Register an ordinary complaint by phone."""
    values = {
        "new_customer": {"name": "李四"},
        "channel_id": item(desk, "channel", "phone"),
        "category_id": item(desk, "category", "service"),
        "description": "客服承诺回电却没有回电，等了两天",
        **more,
    }
    return complaints.create(desk, values).value
