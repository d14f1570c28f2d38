"""A desk whose tickets take known hours in every state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.services import tickets
from tests.services.desks import a_ticket, item

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

HOUR = 3600
SOLVED = {"solution": "更换主板，试机正常", "resolution_code": "onsite"}
Step = tuple[float, str, dict[str, Any]]


def walked(desk: Desk, clock: FixedClock, *steps: Step, **more: Any) -> int:
    """Enter a ticket and take its steps, each so many hours after the one before."""
    key = a_ticket(desk, owner_id=None, callback_required=0, **more)
    for hours, action, values in steps:
        clock.advance(round(hours * HOUR))
        if action == "resolve":
            tickets.say(desk, key, "您好，已处理", "public_reply")
        tickets.step(desk, key, action, values)
    clock.advance(60)  # what happens at the cut-off is not known at it
    return key


def flowing(desk: Desk, clock: FixedClock) -> tuple[int, int, int]:
    """Three tickets in April 2026.

    Hours: new 1 + 3 + 1, in progress 3 + 3 + 3, for the customer 4 (the second), for logistics 10
    (the first, closed 5 hours after its resolution), resolved and reopened 6 (the third): 34.
    """
    logistics = {"reason": "等待出库", "department_id": item(desk, "department", "logistics")}
    take: Step = (1, "take", {})
    first = walked(
        desk, clock, take, (2, "wait_internal", logistics), (10, "resume", {}),
        (1, "resolve", SOLVED), (5, "close", {}),
    )  # fmt: skip
    second = walked(
        desk, clock, (3, "take", {}), (2, "wait_customer", {}), (4, "resume", {}),
        (1, "resolve", SOLVED),
    )  # fmt: skip
    third = walked(
        desk, clock, take, (1, "resolve", SOLVED), (6, "reopen", {"reason": "又坏了"}),
        (2, "resolve", SOLVED),
    )  # fmt: skip
    return first, second, third
