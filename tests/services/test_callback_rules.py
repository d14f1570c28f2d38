"""Which callbacks are made: rules, sample, opt-out, one per case, reopening."""

from dataclasses import replace

import pytest

from svcdesk.domain.callback_rules import Rule
from svcdesk.services import (
    callback_rules,
    callbacks,
    complaints,
    customers,
    surveys,
    tickets,
    undo,
)
from svcdesk.services.desk import Desk
from svcdesk.services.queries import DeskRows
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import ProblemsError
from tests.services.desks import a_complaint, a_resolved_ticket, a_ticket, item, ticket_values

HOUR, DAY = 3600, 86400


def open_tasks(desk: Desk) -> list[int]:
    return [row.id for row in DeskRows(desk, callbacks.queue()).first_page(50)]


def states(desk: Desk) -> list[str]:
    rows = desk.reader.execute("SELECT state FROM callback ORDER BY id").fetchall()
    return [row[0] for row in rows]


def set_rules(desk: Desk, *rules: Rule) -> None:
    callback_rules.save(desk, rules)


def test_a_new_file_has_the_rules_of_the_specification(desk: Desk, clock: FixedClock) -> None:
    rules = [(r.record, r.kind, r.percent, r.delay_hours) for r in callback_rules.listed(desk)]
    assert rules == [("ticket", "routine", 100, 72), ("ticket", "routine", 100, 72),
                     ("complaint", "complaint", 100, 48)]  # fmt: skip
    a_resolved_ticket(desk)
    (task,) = open_tasks(desk)
    detail = callbacks.get(desk, task).callback
    assert (detail["kind"], detail["due_at"]) == ("routine", clock.now() + 72 * HOUR)


def test_a_rule_makes_its_own_kind_and_time(desk: Desk, clock: FixedClock) -> None:
    chat = item(desk, "channel", "chat")
    set_rules(
        desk, Rule(0, "聊天", "ticket", {"channel": (chat,)}, "mystery", 100, 5),
        Rule(0, "其余", "ticket", {}, "routine", 0, 72),
    )  # fmt: skip
    a_resolved_ticket(desk)
    (task,) = open_tasks(desk)
    detail = callbacks.get(desk, task).callback
    assert (detail["kind"], detail["due_at"]) == ("mystery", clock.now() + 5 * HOUR)
    a_resolved_ticket(desk, channel_id=item(desk, "channel", "web"), new_customer={"name": "王五"})
    assert open_tasks(desk) == [task]


def test_an_agent_cannot_take_the_callback_away(desk: Desk) -> None:
    """Unticked on entry, the rule asks for it all the same when the ticket is resolved."""
    key = tickets.create(desk, ticket_values(desk, callback_required=0)).value
    tickets.say(desk, key, "您好，已收到", "public_reply")
    done = {"solution": "更换主板，试机正常", "resolution_code": "onsite"}
    tickets.step(desk, key, "resolve", done)
    assert len(open_tasks(desk)) == 1
    assert tickets.get(desk, key).ticket["callback_required"] == 1
    set_rules(desk)
    a_resolved_ticket(desk, callback_required=1, new_customer={"name": "王五"})
    assert len(open_tasks(desk)) == 2  # and may ask for one that no rule wants


def test_the_try_out_counts_what_would_have_been(desk: Desk) -> None:
    for name in ("甲", "乙"):
        a_resolved_ticket(desk, new_customer={"name": name})
    refusing = customers.create(desk, {"name": "丙", "opt_out": 1}).value
    a_resolved_ticket(desk, new_customer=None, customer_id=refusing)
    rules = callback_rules.listed(desk)
    trial = callback_rules.try_out(desk, rules)
    assert (trial.cases, trial.made, trial.matched, trial.opted_out) == (3, (0, 2, 0), (0, 3, 0), 1)
    none = callback_rules.try_out(desk, [replace(rule, percent=0) for rule in rules])
    assert none.total == 0
    assert callback_rules.try_out(desk, []).without == 3


def test_what_is_older_than_thirty_days_is_not_tried(desk: Desk, clock: FixedClock) -> None:
    a_resolved_ticket(desk)
    clock.advance(30 * DAY)
    assert callback_rules.try_out(desk, callback_rules.listed(desk)).cases == 1  # exactly 30 days
    clock.advance(1)
    assert callback_rules.try_out(desk, callback_rules.listed(desk)).cases == 0


def test_bad_rules_change_nothing(desk: Desk) -> None:
    before = callback_rules.listed(desk)
    with pytest.raises(ProblemsError):
        set_rules(desk, replace(before[0], percent=150))
    assert callback_rules.listed(desk) == before
    set_rules(desk, before[1])
    assert len(callback_rules.listed(desk)) == 1
    undo.undo(desk)
    assert callback_rules.listed(desk) == before


def test_a_reopened_ticket_is_planned_anew_and_never_twice(desk: Desk, clock: FixedClock) -> None:
    key = a_resolved_ticket(desk)
    clock.advance(DAY)
    tickets.step(desk, key, "reopen", {})
    assert states(desk) == ["cancelled"]
    clock.advance(DAY)
    tickets.step(
        desk, key, "resolve", {"solution": "再次更换主板，试机正常", "resolution_code": "onsite"}
    )
    assert states(desk) == ["cancelled", "planned"]
    (task,) = open_tasks(desk)
    assert callbacks.get(desk, task).callback["due_at"] == clock.now() + 72 * HOUR
    undo.undo(desk)
    undo.undo(desk)
    assert states(desk) == ["planned"]


def test_a_deleted_ticket_is_not_called_about(desk: Desk) -> None:
    key = a_resolved_ticket(desk)
    tickets.remove(desk, key)
    assert open_tasks(desk) == []
    undo.undo(desk)
    assert len(open_tasks(desk)) == 1


def test_who_refuses_from_now_on_has_no_open_callback(desk: Desk) -> None:
    key = a_resolved_ticket(desk)
    customer = tickets.get(desk, key).ticket["customer_id"]
    customers.change(desk, customer, {"opt_out": 1})
    assert open_tasks(desk) == []
    undo.undo(desk)
    assert len(open_tasks(desk)) == 1


def test_a_low_score_takes_the_place_of_the_open_callback(desk: Desk, clock: FixedClock) -> None:
    key = a_resolved_ticket(desk)
    low = {"ticket_id": key, "csat": 1, "comment": "又坏了", "method": "sms"}
    surveys.record(desk, low)
    (task,) = open_tasks(desk)
    found = callbacks.get(desk, task)
    assert found.callback["kind"] == "low_score"
    assert found.callback["due_at"] == clock.now() + 48 * HOUR
    assert found.callback["assignee_id"] == desk.actor.id  # the only supervisor
    assert found.bad_answer is not None
    assert found.bad_answer["comment"] == "又坏了"
    told = desk.reader.execute("SELECT kind, person_id FROM notification").fetchall()
    assert told == [("low_score", desk.actor.id)]
    surveys.record(desk, low)  # the same case again: still one
    assert open_tasks(desk) == [task]


@pytest.mark.parametrize(
    ("scores", "made"), [({"csat": 2}, 1), ({"csat": 3}, 0), ({"csat": 5, "nps": 6}, 0)]
)
def test_what_counts_as_low(desk: Desk, scores: dict[str, int], made: int) -> None:
    customer = customers.create(desk, {"name": "王五"}).value
    surveys.record(desk, {"customer_id": customer, "comment": "等太久", "method": "sms", **scores})
    assert len(open_tasks(desk)) == made


def test_nps_counts_as_low_when_the_team_wants_it(desk: Desk) -> None:
    from svcdesk.services import settings

    settings.change(desk, {"low_nps": True})
    customer = customers.create(desk, {"name": "王五"}).value
    for nps, made in ((7, 0), (6, 1)):
        surveys.record(desk, {"customer_id": customer, "nps": nps, "method": "sms"})
        assert len(open_tasks(desk)) == made


def test_every_complaint_is_called_about_whatever_the_share(desk: Desk, clock: FixedClock) -> None:
    set_rules(desk, Rule(0, "投诉", "complaint", {}, "complaint", 0, 48))
    key = a_complaint(desk)
    department = item(desk, "department", "service")
    complaints.step(desk, key, "accept", {"resp_dept_id": department, "handler_id": desk.actor.id})
    complaints.step(desk, key, "investigate", {})
    complaints.step(desk, key, "respond", {"cause": "交接遗漏", "answer": "已致歉并安排上门"})
    complaints.step(desk, key, "resolve", {"remedy": ["apology"]})
    (task,) = open_tasks(desk)
    assert callbacks.get(desk, task).callback["due_at"] == clock.now() + 48 * HOUR


def test_a_ticket_of_a_key_customer_is_called_whatever_the_share(desk: Desk) -> None:
    set_rules(desk, Rule(0, "不抽", "ticket", {}, "routine", 0, 72))
    key_customer = customers.create(desk, {"name": "星河酒店", "tier": "key"}).value
    a_ticket(desk)
    a_resolved_ticket(desk, new_customer=None, customer_id=key_customer)
    assert len(open_tasks(desk)) == 1
