from dataclasses import replace

import pytest

from svcdesk.domain.query import Op, Query
from svcdesk.services import callback_rules, customers, tickets, undo
from svcdesk.services.desk import Desk
from svcdesk.services.queries import DeskRows
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import ProblemsError, UserError
from tests.conftest import NOW
from tests.services.desks import a_resolved_ticket, a_ticket, item, ticket_values

HOUR, DAY = 3600, 86400


def fields(caught: pytest.ExceptionInfo[ProblemsError]) -> set[str]:
    return {problem.field for problem in caught.value.problems}


def test_entry_makes_customer_number_history_and_deadline(desk: Desk) -> None:
    detail = tickets.get(desk, a_ticket(desk))
    assert detail.ticket["ticket_no"] == "GD202604-0001"
    assert detail.customer["customer_no"] == "KH000001"
    assert detail.customer["phones"] == ["13812345678"]
    assert detail.ticket["status"] == "in_progress"
    assert detail.ticket["first_owner_id"] == desk.actor.id
    assert [event["type"] for event in detail.events] == ["created", "accepted"]
    # Wed 10:00 + 1620 working minutes over 清明: Tuesday 10:00
    assert detail.ticket["due_at"] == NOW + 6 * DAY


def test_a_live_channel_is_answered_as_it_comes_in(desk: Desk) -> None:
    key = a_ticket(desk, channel_id=item(desk, "channel", "phone"))
    detail = tickets.get(desk, key)
    assert detail.ticket["first_response_at"] == NOW
    assert detail.ticket["data_flags"] == []  # no waiting on the phone is not AB01


def test_what_is_missing_is_told_at_its_field(desk: Desk) -> None:
    with pytest.raises(ProblemsError) as caught:
        tickets.create(
            desk, ticket_values(desk, title=" ", channel_id=None, new_customer={"name": ""})
        )
    assert {"title", "channel", "new_customer.name"} <= fields(caught)
    assert desk.reader.execute("SELECT count(*) FROM ticket").fetchone() == (0,)


def test_urgent_needs_its_reason(desk: Desk) -> None:
    with pytest.raises(ProblemsError) as caught:
        a_ticket(desk, priority="urgent")
    assert fields(caught) == {"priority_reason"}
    a_ticket(desk, priority="urgent", priority_reason="漏电")


def test_a_key_customers_ticket_is_at_least_high_and_is_called_back(desk: Desk) -> None:
    customer = customers.create(desk, {"name": "宏远物业", "kind": "company", "tier": "key"}).value
    ticket = tickets.get(desk, a_ticket(desk, new_customer=None, customer_id=customer)).ticket
    assert (ticket["priority"], ticket["tier"], ticket["callback_required"]) == ("high", "key", 1)


def test_resolving_needs_response_solution_and_code(desk: Desk, clock: FixedClock) -> None:
    key = a_ticket(desk)
    with pytest.raises(ProblemsError) as caught:
        tickets.step(desk, key, "resolve", {"solution": "修好"})
    assert fields(caught) == {"solution", "resolution_code", "first_response_at"}
    assert tickets.get(desk, key).ticket["status"] == "in_progress"
    clock.advance(30 * 60)
    tickets.say(desk, key, "您好，已收到", "public_reply")
    clock.advance(2 * HOUR)
    tickets.step(
        desk, key, "resolve", {"solution": "更换主板，试机正常", "resolution_code": "onsite"}
    )
    detail = tickets.get(desk, key)
    assert detail.ticket["status"] == "resolved"
    assert detail.ticket["response_seconds"] == 30 * 60
    assert detail.ticket["resolution_seconds"] == 30 * 60 + 2 * HOUR
    # 72 calendar hours after the resolution (2.8)
    (callback,) = detail.callbacks
    assert (callback["kind"], callback["due_at"]) == ("routine", clock.now() + 72 * HOUR)


def test_waiting_for_the_customer_stops_the_clock_waiting_inside_does_not(
    desk: Desk, clock: FixedClock
) -> None:
    key = a_ticket(desk)
    due = tickets.get(desk, key).ticket["due_at"]
    tickets.step(desk, key, "wait_customer", {})
    clock.advance(3 * HOUR)
    tickets.step(desk, key, "resume", {})
    assert tickets.get(desk, key).ticket["due_at"] == due + 3 * HOUR
    with pytest.raises(ProblemsError) as caught:
        tickets.step(desk, key, "wait_internal", {})
    assert {"reason", "department"} <= fields(caught)
    department = item(desk, "department", "logistics.warehouse")
    tickets.step(desk, key, "wait_internal", {"reason": "等待出库", "department_id": department,
                                              "department": department})  # fmt: skip
    clock.advance(3 * HOUR)
    tickets.step(desk, key, "resume", {})
    assert tickets.get(desk, key).ticket["due_at"] == due + 3 * HOUR


def test_reopening_keeps_the_first_response_and_the_first_resolution(
    desk: Desk, clock: FixedClock
) -> None:
    key = a_resolved_ticket(desk)
    before = tickets.get(desk, key).ticket
    clock.advance(DAY)
    tickets.step(desk, key, "reopen", {})
    after = tickets.get(desk, key).ticket
    assert after["status"] == "in_progress"
    assert after["resolved_at"] is None
    assert after["reopen_count"] == 1
    assert after["first_response_at"] == before["first_response_at"]
    assert after["first_resolved_at"] == before["first_resolved_at"]


def test_a_step_that_is_not_listed_is_refused_with_words(desk: Desk) -> None:
    key = a_ticket(desk)
    with pytest.raises(ProblemsError, match="there is no step"):
        tickets.step(desk, key, "close", {})


def test_changes_are_events_and_conflicts_are_told(desk: Desk) -> None:
    key = a_ticket(desk)
    version = tickets.get(desk, key).ticket["row_version"]
    tickets.change(desk, key, {"title": "空调不制冷", "priority": "high"}, version)
    detail = tickets.get(desk, key)
    changed = {
        e["name"]: (e["old"], e["new"]) for e in detail.events if e["type"] == "field_changed"
    }
    assert changed == {"title": ("空调制冷效果差", "空调不制冷"), "priority": ("normal", "high")}
    assert detail.ticket["resolution_limit"] == 540 * 60
    with pytest.raises(UserError, match="changed by somebody else"):
        tickets.change(desk, key, {"title": "别的"}, version)


def test_similar_tickets_are_found_while_typing(desk: Desk, clock: FixedClock) -> None:
    customer = tickets.get(desk, a_ticket(desk)).customer["id"]
    values = {"customer_id": customer, "issue_id": item(desk, "issue", "quality")}
    clock.advance(30 * 60)
    assert [found.number for found in tickets.similar(desk, values)] == ["GD202604-0001"]
    clock.advance(1)
    assert tickets.similar(desk, values) == []


def test_lists_filter_search_and_keep_their_order(desk: Desk, clock: FixedClock) -> None:
    first = a_ticket(desk, title="洗衣机脱水撞桶")
    clock.advance(60)
    second = a_ticket(desk, title="冰箱不制冷", priority="high", new_customer={"name": "王小明"})
    query = Query("ticket")
    assert [row.id for row in DeskRows(desk, query).first_page(10)] == [second, first]
    assert DeskRows(desk, query.where("priority", Op.IN, "high")).count() == 1
    assert [row.id for row in DeskRows(desk, query.searching("洗衣")).first_page(5)] == [first]
    assert [row.id for row in DeskRows(desk, query.searching("wxm")).first_page(5)] == [second]
    assert [row.id for row in DeskRows(desk, query.searching("5678")).first_page(5)] == [first]
    assert [row.id for row in DeskRows(desk, query.searching("gd202604-0002")).first_page(5)] == [
        second
    ]
    overdue = query.where("due", Op.OVERDUE, clock.now())
    assert DeskRows(desk, overdue).count() == 0
    clock.advance(10 * DAY)
    assert DeskRows(desk, query.where("due", Op.OVERDUE, clock.now())).count() == 2
    ordered = DeskRows(desk, query.ordered("priority", descending=False))
    assert [row.id for row in ordered.first_page(5)] == [second, first]


def test_undo_of_an_entry_leaves_nothing_and_redo_brings_it_back(desk: Desk) -> None:
    key = a_ticket(desk)
    undo.undo(desk)
    for table in (
        "ticket",
        "ticket_text",
        "ticket_event",
        "ticket_episode",
        "customer",
        "search_doc",
    ):
        assert desk.reader.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
    undo.redo(desk)
    assert tickets.get(desk, key).ticket["ticket_no"] == "GD202604-0001"
    # a number is never given out twice
    undo.undo(desk)
    assert tickets.get(desk, a_ticket(desk)).ticket["ticket_no"] == "GD202604-0002"


def test_who_refuses_callbacks_does_not_keep_his_ticket_open(desk: Desk) -> None:
    key = a_ticket(desk, callback_required=1)
    customers.change(desk, tickets.get(desk, key).customer["id"], {"opt_out": 1})
    tickets.say(desk, key, "您好，已收到", "public_reply")
    tickets.step(
        desk, key, "resolve", {"solution": "更换主板，试机正常", "resolution_code": "onsite"}
    )
    assert tickets.get(desk, key).callbacks == []
    tickets.step(desk, key, "close")
    assert tickets.get(desk, key).ticket["status"] == "closed"


def test_a_customer_who_calls_ends_the_wait_for_him(desk: Desk, clock: FixedClock) -> None:
    key = a_ticket(desk)
    tickets.step(desk, key, "wait_customer")
    clock.advance(600)
    tickets.say(desk, key, "您那边怎么样", "call_out")  # we called: he still owes the answer
    assert tickets.get(desk, key).ticket["status"] == "pending_customer"
    tickets.say(desk, key, "客户来电补充照片", "call_in")
    found = tickets.get(desk, key)
    assert found.ticket["status"] == "in_progress"
    assert found.pauses == [(NOW, NOW + 600)]
    undo.undo(desk)
    assert tickets.get(desk, key).pauses == [(NOW, None)]


def test_what_needs_a_callback_whatever_the_sample(desk: Desk) -> None:
    callback_rules.save(
        desk,
        [replace(r, percent=0) if r.name == "other" else r for r in callback_rules.listed(desk)],
    )
    needed = {
        kind: tickets.get(desk, a_ticket(desk, request_type=kind)).ticket["callback_required"]
        for kind in ("consult", "install", "repair", "return", "exchange", "parts", "complaint")
    }
    assert needed == {
        "consult": 0, "install": 1, "repair": 1, "return": 1, "exchange": 1, "parts": 0,
        "complaint": 1,
    }  # fmt: skip
