"""The templates of the settings: made, copied, put in order, refused with a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from svcdesk.domain.aids import Aid, AidKind
from svcdesk.domain.people import Role
from svcdesk.services import aids, settings, tickets
from tests.ui.pages import Workshop, a_ticket, commit, item
from ui.pages.settings.page import SettingsPage
from ui.pages.settings.template_bodies import ReplyBody
from ui.widgets.button import Button

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from svcdesk.services.desk import Desk
    from ui.pages.settings.templates import TemplatesTab


@pytest.fixture
def shop(qtbot: QtBot, desk: Desk) -> Iterator[Workshop]:
    made = Workshop(qtbot, desk)
    yield made
    made.close()


def tab_of(shop: Workshop, kind: AidKind) -> TemplatesTab:
    page = shop.go("settings", values={"tab": "templates"})
    assert isinstance(page, SettingsPage)
    page.templates.show_kind(kind)
    shop.settle()
    return page.templates


def press(tab: TemplatesTab, name: str) -> None:
    button = next(b for b in tab.findChildren(Button) if b.text() == name and b.isVisible())
    QTest.keyClick(button, Qt.Key.Key_Space)


def saved(desk: Desk, kind: AidKind, name: str, body: dict[str, Any], **more: Any) -> int:
    return aids.save(desk, Aid(0, kind, name, body, **more)).value


def names(desk: Desk, kind: AidKind) -> list[str]:
    return [aid.name for aid in aids.listed(desk, kind, retired=True)]


def test_a_reply_is_made_with_a_placeholder_and_its_preview(shop: Workshop, desk: Desk) -> None:
    tab = tab_of(shop, AidKind.REPLY)
    press(tab, "New")
    commit(tab.form.editor("name"), "问候")
    QTest.keyClicks(tab.form.editor("shortcut"), "wh")
    body = tab.bodies[AidKind.REPLY]
    assert isinstance(body, ReplyBody)
    commit(body.text, "您好，")
    press(tab, "name")
    assert body.text.value() == "您好，{name}"
    assert body.preview.text() == "您好，Ms Zhang"
    press(tab, "Save template")
    shop.qtbot.waitUntil(lambda: names(desk, AidKind.REPLY) == ["问候"])
    (made,) = aids.listed(desk, AidKind.REPLY)
    assert (made.shortcut, made.body["text"], made.owner_id) == ("wh", "您好，{name}", None)


def test_a_wrong_placeholder_is_told_and_nothing_is_saved(shop: Workshop, desk: Desk) -> None:
    tab = tab_of(shop, AidKind.REPLY)
    press(tab, "New")
    tab.form.editor("name").setText("问候")
    tab.bodies[AidKind.REPLY].show_body({"text": "您好，{昵称}"})
    press(tab, "Save template")
    shop.qtbot.waitUntil(lambda: "{昵称}" in tab._wrong.text())
    assert names(desk, AidKind.REPLY) == []


def test_a_macro_is_put_together_and_runs(shop: Workshop, desk: Desk) -> None:
    steps = saved(desk, AidKind.CHECKLIST, "质检", {"items": [{"text": "拍照"}]})
    tab = tab_of(shop, AidKind.MACRO)
    press(tab, "New")
    tab.form.editor("name").setText("转质检")
    body: Any = tab.bodies[AidKind.MACRO]
    department = item(desk, "department", "product.inspection")
    for action in ({"do": "set", "field": "resp_dept_id", "value": department},
                   {"do": "checklist", "id": steps}, {"do": "tag", "add": "待质检"},
                   {"do": "time", "minutes": 10, "activity": "reply"}):  # fmt: skip
        QTest.keyClick(body.add_button, Qt.Key.Key_Space)
        row = body.rows[-1]
        row.do.setCurrentIndex(row.do.findData(action["do"]))
        row.show_action(action)
    tab.save()
    shop.qtbot.waitUntil(lambda: names(desk, AidKind.MACRO) == ["转质检"])
    (made,) = aids.listed(desk, AidKind.MACRO)
    key = a_ticket(desk)
    aids.run_macro(desk, key, made.id)
    detail = tickets.get(desk, key)
    assert detail.ticket["resp_dept_id"] == department
    assert detail.ticket["tags"] == ["待质检"]
    assert [row["text"] for row in detail.checks] == ["拍照"]
    assert [row["minutes"] for row in detail.work] == [10]
    shop.settle()
    tab.show_kind(AidKind.MACRO)
    shop.settle()
    assert [row.action()["do"] for row in body.rows] == ["set", "checklist", "tag", "time"]


def test_a_checklist_is_typed_line_by_line(shop: Workshop, desk: Desk) -> None:
    tab = tab_of(shop, AidKind.CHECKLIST)
    press(tab, "New")
    tab.form.editor("name").setText("质检")
    body: Any = tab.bodies[AidKind.CHECKLIST]
    commit(body.rows[0].text, "拍照")
    QTest.keyClick(body.rows[0].text, Qt.Key.Key_Return)
    commit(body.rows[1].text, "称重")
    QTest.keyClick(body.rows[1].blocking, Qt.Key.Key_Space)
    up = next(b for b in body.rows[1].findChildren(Button) if b.toolTip() == "Move up")
    QTest.keyClick(up, Qt.Key.Key_Space)
    tab.save()
    shop.qtbot.waitUntil(lambda: names(desk, AidKind.CHECKLIST) == ["质检"])
    (made,) = aids.listed(desk, AidKind.CHECKLIST)
    assert made.body["items"] == [
        {"text": "称重", "blocking": True}, {"text": "拍照", "blocking": False}]  # fmt: skip


def test_a_ticket_template_keeps_what_is_filled_in(shop: Workshop, desk: Desk) -> None:
    steps = saved(desk, AidKind.CHECKLIST, "上门", {"items": [{"text": "备件"}]})
    tab = tab_of(shop, AidKind.TICKET)
    press(tab, "New")
    tab.form.editor("name").setText("报修")
    body: Any = tab.bodies[AidKind.TICKET]
    commit(body.form.editor("title"), "空调报修")
    body.form.editor("request_type").set_value("repair")
    body.kinds.form.editor("warranty").set_value("in")
    body.lists._take([steps])
    tab.save()
    shop.qtbot.waitUntil(lambda: names(desk, AidKind.TICKET) == ["报修"])
    (made,) = aids.listed(desk, AidKind.TICKET)
    assert made.body == {
        "values": {"title": "空调报修", "request_type": "repair", "warranty": "in"},
        "checklists": [steps],
    }
    shop.settle()
    assert body.kinds.values()["warranty"] == "in"


def test_what_is_everybodys_is_copied_by_an_agent(shop: Workshop, desk: Desk) -> None:
    saved(desk, AidKind.REPLY, "问候", {"text": "您好"})
    agent = settings.add_person(desk, "小王", [Role.AGENT]).value
    desk.act_as(agent)
    shop.settle()
    tab = tab_of(shop, AidKind.REPLY)
    tab.form.editor("name").setText("问候语")
    tab.save()
    shop.qtbot.waitUntil(
        lambda: any("belongs to everybody" in t for t in shop.window.messages.texts())
    )
    press(tab, "Copy")
    tab.save()
    shop.qtbot.waitUntil(lambda: len(names(desk, AidKind.REPLY)) == 2)
    mine = [aid for aid in aids.listed(desk, AidKind.REPLY) if aid.owner_id == agent]
    assert [(aid.name, aid.body["text"]) for aid in mine] == [("Copy of 问候", "您好")]


def test_templates_are_put_in_order_and_removed(shop: Workshop, desk: Desk) -> None:
    for place, name in enumerate("甲乙丙"):
        saved(desk, AidKind.REPLY, name, {"text": name}, sort=place)
    tab = tab_of(shop, AidKind.REPLY)
    press(tab, "Down")
    shop.qtbot.waitUntil(lambda: names(desk, AidKind.REPLY) == ["乙", "甲", "丙"])
    shop.settle()
    press(tab, "Remove")
    shop.qtbot.waitUntil(lambda: names(desk, AidKind.REPLY) == ["乙", "丙"])
