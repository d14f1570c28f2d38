"""Steps of the program itself at their edges (domain.md 2.19: sys)."""

from svcdesk.services import automatic, customers, tickets, undo
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from tests.services.desks import a_ticket, item

DAY = 86400
SILENT = {"name": "张晓明", "phones": ["138 1234 5678"], "opt_out": 1}  # refuses callbacks
SOLVED = {"solution": "已远程指导复位，恢复正常", "resolution_code": "remote"}


def status(desk: Desk, key: int) -> str:
    return str(tickets.get(desk, key).ticket["status"])


def resolved(desk: Desk, **values: object) -> int:
    key = a_ticket(desk, **{"new_customer": SILENT, **values})
    tickets.say(desk, key, "已回复", "public_reply")
    tickets.step(desk, key, "resolve", SOLVED)
    return key


def test_a_resolved_ticket_is_closed_after_seven_days(desk: Desk, clock: FixedClock) -> None:
    key = resolved(desk)
    clock.advance(7 * DAY - 1)
    assert automatic.take_due(desk) == 0
    clock.advance(1)
    assert automatic.take_due(desk) == 1
    shown = tickets.get(desk, key)
    assert shown.ticket["status"] == "closed"
    assert shown.ticket["closed_at"] == clock.now()
    last = shown.events[-1]
    assert (last["type"], last["automatic"], last["actor_id"]) == ("closed", 1, None)
    assert automatic.take_due(desk) == 0
    # nobody's step: undo takes back what the person did last
    assert undo.undoable(desk).args["step"] == "Resolve"  # type: ignore[union-attr]


def test_a_callback_that_is_due_keeps_it_open(desk: Desk, clock: FixedClock) -> None:
    key = resolved(desk, new_customer={"name": "李四"})
    clock.advance(20 * DAY)
    assert automatic.take_due(desk) == 0
    customers.change(desk, tickets.get(desk, key).ticket["customer_id"], {"opt_out": 1})
    assert automatic.take_due(desk) == 1  # who refuses callbacks gets none: nothing to wait for


def test_a_late_one_waits_for_its_reason(desk: Desk, clock: FixedClock) -> None:
    key = a_ticket(desk, new_customer=SILENT)
    tickets.say(desk, key, "已回复", "public_reply")
    clock.advance(30 * DAY)
    tickets.step(desk, key, "resolve", SOLVED)
    clock.advance(8 * DAY)
    assert automatic.take_due(desk) == 0
    reason = item(desk, "overdue_reason", "process")
    tickets.change(desk, key, {"overdue_reason_id": reason})
    assert automatic.take_due(desk) == 1


def test_who_does_not_answer_two_reminders_is_resolved(desk: Desk, clock: FixedClock) -> None:
    key = a_ticket(desk, new_customer=SILENT, priority="low")
    tickets.say(desk, key, "已回复", "public_reply")
    tickets.change(desk, key, SOLVED)
    tickets.step(desk, key, "wait_customer")
    for _ in range(2):
        clock.advance(DAY)
        assert status(desk, key) == "pending_customer"
        tickets.say(desk, key, "请问问题解决了吗？", "public_reply")
    clock.advance(5 * DAY - 1)
    assert automatic.take_due(desk) == 0
    clock.advance(1)
    assert automatic.take_due(desk) == 1
    assert status(desk, key) == "resolved"


def test_one_reminder_is_not_enough(desk: Desk, clock: FixedClock) -> None:
    key = a_ticket(desk, new_customer=SILENT, priority="low")
    tickets.say(desk, key, "已回复", "public_reply")
    tickets.change(desk, key, SOLVED)
    tickets.step(desk, key, "wait_customer")
    clock.advance(DAY)
    tickets.say(desk, key, "请问问题解决了吗？", "public_reply")
    clock.advance(9 * DAY)
    assert automatic.take_due(desk) == 0
