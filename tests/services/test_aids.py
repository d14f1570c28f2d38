"""Macros are one step or none; replies with holes are refused; checklists keep tickets open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from svcdesk.domain.aids import Aid, AidKind
from svcdesk.domain.people import Role
from svcdesk.services import aids, checklists, settings, tags, tickets, undo
from svcdesk.system.errors import ProblemsError, UserError
from tests.services.desks import a_resolved_ticket, a_ticket

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk


def saved(desk: Desk, kind: AidKind, name: str, body: dict[str, Any], **more: Any) -> int:
    return aids.save(desk, Aid(0, kind, name, body, **more)).value


def closing_macro(desk: Desk) -> int:
    steps = saved(
        desk, AidKind.CHECKLIST, "退换货质检", {"items": [{"text": "拍照"}, {"text": "称重"}]}
    )
    return saved(
        desk, AidKind.MACRO, "远程解决",
        {"actions": [
            {"do": "step", "action": "resolve"},
            {"do": "set", "field": "solution", "value": "远程指导复位，恢复正常"},
            {"do": "set", "field": "resolution_code", "value": "remote"},
            {"do": "say", "kind": "public_reply", "text": "您好，{姓名}，工单{工单号}已处理。"},
            {"do": "checklist", "id": steps},
            {"do": "callback", "hours": 24},
            {"do": "tag", "add": "远程"},
            {"do": "time", "minutes": 10, "activity": "phone"},
        ]},
    )  # fmt: skip


def test_one_key_does_everything_and_one_undo_takes_it_back(desk: Desk) -> None:
    key = a_ticket(desk)
    macro = closing_macro(desk)
    aids.run_macro(desk, key, macro)
    detail = tickets.get(desk, key)
    ticket = detail.ticket
    assert (ticket["status"], ticket["resolution_code"], ticket["tags"]) == (
        "resolved",
        "remote",
        ["远程"],
    )
    said = [e["text"] for e in detail.events if e["type"] == "public_reply"]
    assert said == ["您好，张晓明，工单GD202604-0001已处理。"]
    assert [item["text"] for item in checklists.of_ticket(desk, key)] == ["拍照", "称重"]
    assert len(detail.callbacks) == 1
    undo.undo(desk)
    after = tickets.get(desk, key)
    assert after.ticket["status"] == "in_progress"
    assert [e["type"] for e in after.events] == ["created", "accepted"]
    assert checklists.of_ticket(desk, key) == []
    assert after.callbacks == []


def test_a_macro_that_cannot_finish_changes_nothing(desk: Desk) -> None:
    key = a_ticket(desk)
    macro = saved(
        desk, AidKind.MACRO, "问订单",
        {"actions": [{"do": "tag", "add": "问订单"},
                     {"do": "say", "kind": "public_reply", "text": "订单{订单号}已查到"}]},
    )  # fmt: skip
    with pytest.raises(ProblemsError, match="订单号"):
        aids.run_macro(desk, key, macro)
    assert tickets.get(desk, key).ticket["tags"] == []
    tickets.change(desk, key, {"order_no": "202604010001"})
    aids.run_macro(desk, key, macro)
    assert tickets.get(desk, key).ticket["tags"] == ["问订单"]


def test_a_step_that_is_refused_stops_the_macro(desk: Desk) -> None:
    key = a_ticket(desk)
    macro = saved(desk, AidKind.MACRO, "解决", {"actions": [{"do": "step", "action": "resolve"}]})
    with pytest.raises(ProblemsError):
        aids.run_macro(desk, key, macro)


def test_replies_are_found_by_shortcut_first(desk: Desk) -> None:
    saved(desk, AidKind.REPLY, "时限说明", {"text": "您好，我们会在{时限}前答复"})
    saved(desk, AidKind.REPLY, "道歉", {"text": "非常抱歉"}, shortcut="您")
    assert [aid.name for aid in aids.find_replies(desk, "您")] == ["道歉", "时限说明"]
    assert [aid.name for aid in aids.find_replies(desk, "抱歉")] == ["道歉"]
    assert len(aids.find_replies(desk, "")) == 2


def test_a_shortcut_is_unique(desk: Desk) -> None:
    saved(desk, AidKind.REPLY, "甲", {"text": "甲"}, shortcut="dh")
    with pytest.raises(ProblemsError):
        saved(desk, AidKind.REPLY, "乙", {"text": "乙"}, shortcut="dh")


def test_what_is_everybodys_is_changed_by_supervisors(desk: Desk) -> None:
    shared = saved(desk, AidKind.REPLY, "问候", {"text": "您好"})
    agent = settings.add_person(desk, "小王", [Role.AGENT]).value
    desk.act_as(agent)
    with pytest.raises(UserError, match="belongs to everybody"):
        aids.remove(desk, shared)
    mine = saved(desk, AidKind.REPLY, "我的", {"text": "好的"}, owner_id=agent)
    aids.remove(desk, mine)
    assert [aid.name for aid in aids.listed(desk, AidKind.REPLY)] == ["问候"]


def test_private_ones_are_seen_by_their_owner_only(desk: Desk) -> None:
    agent = settings.add_person(desk, "小王", [Role.AGENT]).value
    saved(desk, AidKind.REPLY, "主管的", {"text": "好的"}, owner_id=desk.actor.id)
    desk.act_as(agent)
    assert aids.listed(desk, AidKind.REPLY) == []


def test_reordering(desk: Desk) -> None:
    keys = [saved(desk, AidKind.REPLY, name, {"text": name}) for name in "甲乙丙"]
    aids.reorder(desk, keys[::-1])
    assert [aid.name for aid in aids.listed(desk, AidKind.REPLY)] == ["丙", "乙", "甲"]


def test_an_open_item_keeps_the_ticket_from_closing(desk: Desk) -> None:
    key = a_resolved_ticket(desk)
    with desk.write("no callback here", kind="system") as uow:
        uow.update("ticket", key, {"callback_required": 0})
    item = checklists.add_item(desk, key, "核对退货数量", blocking=True).value
    checklists.add_item(desk, key, "顺便问好")
    with pytest.raises(ProblemsError, match="checklist is not done"):
        tickets.step(desk, key, "close")
    checklists.tick(desk, item, done=True)
    tickets.step(desk, key, "close")


def test_a_list_is_added_once(desk: Desk) -> None:
    key = a_ticket(desk)
    steps = saved(desk, AidKind.CHECKLIST, "质检", {"items": [{"text": "拍照", "blocking": True}]})
    assert checklists.add_list(desk, key, steps).value == 1
    assert checklists.add_list(desk, key, steps).value == 0
    (item,) = checklists.of_ticket(desk, key)
    assert (item["list_name"], item["blocking"]) == ("质检", 1)
    checklists.remove(desk, [item["id"]])
    assert checklists.of_ticket(desk, key) == []


def test_tags_are_told_in_the_history(desk: Desk) -> None:
    key = a_ticket(desk)
    tags.replace(desk, key, ["空调", " 空调 ", "", "重点"])
    assert tickets.get(desk, key).ticket["tags"] == ["空调", "重点"]
    tags.replace(desk, key, [])
    changed = [e for e in tickets.get(desk, key).events if e["name"] == "tags"]
    assert [(e["old"], e["new"]) for e in changed] == [
        (None, '["空调", "重点"]'), ('["空调", "重点"]', None)]  # fmt: skip


def test_a_macro_is_no_way_around_the_right_to_work_on_tickets(desk: Desk) -> None:
    key = a_ticket(desk)
    macro = saved(desk, AidKind.MACRO, "回访", {"actions": [{"do": "callback", "hours": 24}]})
    desk.act_as(settings.add_person(desk, "看客", [Role.VIEWER]).value)
    with pytest.raises(UserError, match="may not do this"):
        aids.run_macro(desk, key, macro)
    assert tickets.get(desk, key).callbacks == []


def test_what_somebody_keeps_for_himself_is_closed_to_others(desk: Desk) -> None:
    key = a_ticket(desk)
    mine = desk.actor.id
    reply = saved(desk, AidKind.REPLY, "私人", {"text": "x"}, owner_id=mine)
    steps = saved(
        desk, AidKind.CHECKLIST, "私单", {"items": [{"text": "核对序列号"}]}, owner_id=mine
    )
    desk.act_as(settings.add_person(desk, "吴娟", [Role.AGENT]).value)
    with pytest.raises(UserError, match="does not exist"):
        aids.get(desk, reply)
    with pytest.raises(UserError, match="does not exist"):
        checklists.add_list(desk, key, steps)
    other = a_ticket(desk, checklists=[steps])
    assert tickets.get(desk, other).checks == []


def test_each_step_of_a_macro_starts_where_the_one_before_ended(desk: Desk) -> None:
    key = a_ticket(desk, owner_id=None)
    steps = [{"do": "step", "action": "take"}, {"do": "step", "action": "wait_customer"}]
    macro = saved(desk, AidKind.MACRO, "接单并等客户", {"actions": steps})
    aids.run_macro(desk, key, macro)
    ticket = tickets.get(desk, key).ticket
    assert (ticket["status"], ticket["first_owner_id"]) == ("pending_customer", desk.actor.id)
    assert aids.macro_problems(desk, key, aids.get(desk, macro))  # it waits: nothing to take
    undo.undo(desk)
    assert tickets.get(desk, key).ticket["status"] == "new"
