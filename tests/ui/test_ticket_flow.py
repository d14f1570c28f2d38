"""The flow of a ticket through the real window, by real keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from svcdesk.domain.people import Role
from svcdesk.services import customers, handoffs, settings, tickets, undo, visits
from tests.conftest import NOW
from tests.ui.pages import Workshop, a_ticket, commit, item, supervisor
from ui.pages.entry_dialog import EntryDialog
from ui.pages.page import Route
from ui.pages.tickets.own_window import TicketWindow
from ui.pages.tickets.page import TicketsPage
from ui.widgets.button import Button
from ui.widgets.labels import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def shop(qtbot: QtBot, desk: Desk) -> Iterator[Workshop]:
    made = Workshop(qtbot, desk)
    yield made
    made.close()


class Hands:
    """Types and counts the keys that are not text."""

    def __init__(self, shop: Workshop) -> None:
        self.shop = shop
        self.keys = 0

    def focus(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, text: str = "") -> None:
        self.keys += 1
        if text:  # a letter: as a keyboard sends it, wherever the focus is
            press = QKeyEvent(QKeyEvent.Type.KeyPress, key, modifiers, text)
            QApplication.sendEvent(self.focus(), press)
        else:
            QTest.keyClick(self.focus(), key, modifiers)
        self.shop.settle()

    def letter(self, letter: str) -> None:
        self.press(Qt.Key(ord(letter)), text=letter.lower())

    def type(self, text: str) -> None:
        if text.isascii():
            QTest.keyClicks(self.focus(), text)
        else:
            commit(self.focus(), text)


def tickets_page(shop: Workshop, **more: object) -> TicketsPage:
    page = shop.go("tickets", **more)
    assert isinstance(page, TicketsPage)
    shop.window.host.activateWindow()
    page.list.table.setFocus()
    return page


def entry_form() -> EntryDialog:
    (found,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, EntryDialog)]
    return found


def test_a_call_from_a_known_number_to_a_resolved_ticket(shop: Workshop, desk: Desk) -> None:
    known = customers.create(desk, {"name": "陈静", "phones": ["13812345678"]}).value
    page = tickets_page(shop)
    hands = Hands(shop)
    hands.keys += 1  # Ctrl+N is a shortcut of the window
    shop.window.act("ticket.new")
    form = entry_form()
    shop.qtbot.waitUntil(lambda: QApplication.focusWidget() is form.picker._search)
    hands.type("5678")
    hands.press(Qt.Key.Key_Return)  # the only customer with these last digits
    assert form.picker.values() == {"customer_id": known}
    hands.type("遥控器不显示")
    hands.press(Qt.Key.Key_Return, CTRL)
    shop.qtbot.waitUntil(lambda: page.pane.detail is not None)
    shop.settle()
    shop.window.host.activateWindow()  # a window manager does this when the form closes
    shop.qtbot.waitUntil(lambda: QApplication.focusWidget() is page.list.table)
    hands.letter("R")
    assert page.pane.panel.open_action == "resolve"
    hands.press(Qt.Key.Key_Down)  # the issue type; the usual way of solving is filled in
    hands.press(Qt.Key.Key_Tab)
    hands.press(Qt.Key.Key_Tab)
    hands.type("更换电池后恢复正常")
    hands.press(Qt.Key.Key_Return, CTRL)
    key = page.actions_.key
    assert key is not None
    shop.qtbot.waitUntil(lambda: tickets.get(desk, key).ticket["status"] == "resolved")
    assert hands.keys <= 12
    ticket = tickets.get(desk, key).ticket
    assert (ticket["customer_id"], ticket["title"]) == (known, "遥控器不显示")
    assert ticket["resolution_code"] == "explained"


def test_the_most_used_way_of_solving_is_remembered(shop: Workshop, desk: Desk) -> None:
    first, second = a_ticket(desk), a_ticket(desk)
    for key in (first, second):
        tickets.say(desk, key, "您好", "public_reply")
    page = tickets_page(shop, record=first)
    for key, suggested in ((first, "explained"), (second, "remote")):
        shop.go("tickets", record=key)
        page.actions_.take_step("resolve")
        form = page.pane.panel._form
        assert form is not None
        assert form.editor("resolution_code").value() == suggested
        form.editor("resolution_code").set_value("remote")
        form.editor("solution").set_value("远程指导后恢复")
        page.pane.panel.submit()
        shop.settle()


def test_a_duplicate_is_shown_while_typing_and_linked(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    first = a_ticket(desk)
    customer = tickets.get(desk, first).ticket["customer_id"]
    clock.advance(600)
    page = tickets_page(shop)
    page.act("ticket.new")
    form = entry_form()
    form.choose_customer(customer)
    shop.settle()
    assert form.duplicates.isHidden()  # the issue type is part of the rule
    issue = form.form.editor("issue_l1")
    issue.setCurrentIndex(issue.findData(item(desk, "issue", "quality")))
    shop.settle()
    assert not form.duplicates.isHidden()
    assert "GD202604-0001" in form.duplicates.accessibleName()
    link = next(b for b in form.duplicates.findChildren(Button) if b.isCheckable())
    link.click()
    form.form.editor("title").set_value("空调还是不冷")
    form.save()
    shop.settle()
    made = page.actions_.key
    assert made is not None
    assert [k["other_id"] for k in tickets.get(desk, made).links] == [first]


def test_going_on_and_opening_the_existing_one(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    first = a_ticket(desk)
    clock.advance(600)
    page = tickets_page(shop)
    page.act("ticket.new")
    form = entry_form()
    form.choose_customer(tickets.get(desk, first).ticket["customer_id"])
    issue = form.form.editor("issue_l1")
    issue.setCurrentIndex(issue.findData(item(desk, "issue", "quality")))
    form.form.editor("title").setText("重新描述")
    shop.settle()
    form.duplicates._go_on.click()
    assert form.duplicates.isHidden()
    form.duplicates.open_wanted.emit(first)
    shop.settle()
    assert page.actions_.key == first
    page.act("ticket.new")  # what was typed is still there
    again = entry_form()
    assert again.form.values()["title"] == "重新描述"
    assert "restored" in again._banner.accessibleName()


def test_a_merge_with_preview_and_its_undo(shop: Workshop, desk: Desk, clock: FixedClock) -> None:
    first = a_ticket(desk)
    clock.advance(600)
    customer = tickets.get(desk, first).ticket["customer_id"]
    second = a_ticket(desk, "空调坏了", customer_id=customer, new_customer=None, priority="high")
    page = tickets_page(shop, record=second)
    assert page.pane._suspicion is not None
    hands = Hands(shop)
    hands.letter("Z")
    panel = page.pane.merging
    assert panel.is_open
    hands.type("GD202604-0001")
    hands.press(Qt.Key.Key_Return)
    shop.qtbot.waitUntil(lambda: panel._preview is not None)
    assert set(panel.choices()) == {"title", "priority", "created_at"}
    assert set(panel.choices().values()) == {"target"}
    panel._groups["priority"].buttons()[1].click()
    panel.setFocus()
    page.pane.keyPressEvent(QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Return, CTRL))
    shop.settle()
    assert tickets.get(desk, second).ticket["status"] == "merged"
    assert tickets.get(desk, first).ticket["priority"] == "high"
    assert not panel.is_open
    undo.undo(desk)
    shop.settle()
    assert tickets.get(desk, second).ticket["status"] == "in_progress"
    assert tickets.get(desk, first).ticket["priority"] == "normal"
    assert page.pane._suspicion is not None


def test_not_the_same_is_remembered(shop: Workshop, desk: Desk) -> None:
    first = a_ticket(desk)
    customer = tickets.get(desk, first).ticket["customer_id"]
    second = a_ticket(desk, "空调坏了", customer_id=customer, new_customer=None)
    page = tickets_page(shop, record=second)
    assert page.pane._suspicion is not None
    page.pane._suspicion.findChildren(Button)[2].click()
    shop.settle()
    assert page.pane._suspicion is None
    assert tickets.get(desk, first).suspects == []


def test_a_handoff_is_asked_by_key_and_answered_by_the_other_department(
    shop: Workshop, desk: Desk
) -> None:
    key = a_ticket(desk)
    page = tickets_page(shop, record=key)
    hands = Hands(shop)
    hands.letter("H")
    form = page.pane.panel._form
    assert form is not None
    assert form.editor("due_at").value() == NOW + 2 * 3600
    form.editor("ask_department").set_value(item(desk, "department", "logistics.warehouse"))
    form.editor("request").setFocus()
    hands.type("请核对出库")
    hands.press(Qt.Key.Key_Return, CTRL)
    shop.qtbot.waitUntil(lambda: tickets.get(desk, key).ticket["status"] == "pending_internal")
    shop.settle()
    warehouse = item(desk, "department", "logistics.warehouse")
    contact = settings.add_person(desk, "郑库", [Role.DEPT], department_id=warehouse).value
    desk.act_as(contact)
    shop.settle()
    shop.go("tickets", record=key)
    page.list.table.setFocus()
    hands.letter("Y")
    assert page.pane.panel.open_action == "answer"
    hands.type("已核对，明早发出")
    hands.press(Qt.Key.Key_Return, CTRL)
    shop.qtbot.waitUntil(lambda: tickets.get(desk, key).ticket["status"] == "in_progress")
    (answered,) = tickets.get(desk, key).handoffs
    assert (answered["answered_by_id"], answered["answer"]) == (contact, "已核对，明早发出")


def test_what_is_missing_in_a_form_stands_at_its_field(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk)
    page = tickets_page(shop, record=key)
    page.actions_.make("handoff")
    page.pane.panel.submit()
    shop.settle()
    form = page.pane.panel._form
    assert form is not None
    assert form.field("ask_department").problem
    assert form.field("request").problem
    assert tickets.get(desk, key).handoffs == []
    page.pane.keyPressEvent(QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Escape, NONE))
    assert not page.pane.busy


def test_a_visit_goes_on_with_one_key(shop: Workshop, desk: Desk, clock: FixedClock) -> None:
    key = a_ticket(desk)
    page = tickets_page(shop, record=key)
    hands = Hands(shop)
    hands.letter("V")
    form = page.pane.panel._form
    assert form is not None
    start = form.editor("window_start").value()
    assert form.editor("window_end").value() == start + visits.WINDOW_SECONDS
    form.editor("technician").set_value(desk.actor.id)
    page.pane.panel.submit()
    shop.settle()
    clock.advance(7200)
    page.list.table.setFocus()
    hands.letter("V")
    shop.qtbot.waitUntil(lambda: tickets.get(desk, key).visits[0]["arrived_at"] == clock.now())
    shop.settle()
    hands.letter("V")
    assert page.pane.panel.open_action == "finish"
    page.pane.panel.submit()
    shop.qtbot.waitUntil(lambda: tickets.get(desk, key).visits[0]["outcome"] == "done")


def test_one_key_notes_fifteen_minutes(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk)
    page = tickets_page(shop, record=key)
    hands = Hands(shop)
    hands.press(Qt.Key.Key_Plus, text="+")
    shop.qtbot.waitUntil(lambda: len(tickets.get(desk, key).work) == 1)
    (entry,) = tickets.get(desk, key).work
    assert (entry["minutes"], entry["activity"]) == (15, "phone")
    assert page.pane.isVisible()


def test_letters_belong_to_the_text_that_has_the_focus(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk)
    page = tickets_page(shop, record=key)
    page.pane.words_box.setFocus()
    composing = QInputMethodEvent("r", [])
    QApplication.sendEvent(page.pane.words_box, composing)
    Hands(shop).letter("R")
    press = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_R, NONE, "r")
    page.keyPressEvent(press)  # even one that a field let through
    assert page.pane.panel.open_action == ""
    assert tickets.get(desk, key).ticket["status"] == "in_progress"


def test_lookup_waits_for_the_end_of_a_composition(shop: Workshop, desk: Desk) -> None:
    a_ticket(desk)
    page = tickets_page(shop)
    page.act("ticket.new")
    picker = entry_form().picker
    picker._search.setFocus()
    QApplication.sendEvent(picker._search, QInputMethodEvent("chenjing", []))
    shop.qtbot.wait(300)
    assert picker._matches.isHidden()
    commit(picker._search, "陈静")
    shop.qtbot.waitUntil(lambda: not picker._matches.isHidden())


def test_own_windows_follow_changes_and_end_with_the_page(shop: Workshop, desk: Desk) -> None:
    first, second = a_ticket(desk), a_ticket(desk, "冰箱异响")
    page = tickets_page(shop, record=first)
    shop.window.act("ticket.window")
    page.actions_.load(second)
    shop.settle()
    shop.window.act("ticket.window")
    shop.settle()
    windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, TicketWindow)]
    assert {w.key for w in windows} == {first, second}
    own = next(w for w in windows if w.key == first)
    tickets.change(desk, first, {"title": "空调完全不制冷"})
    shop.settle()
    assert own.windowTitle().endswith("空调完全不制冷")
    own.pane.talk.focus("internal_note")
    commit(own.pane.words_box, "已联系仓库")
    own.pane.talk.send()
    shop.settle()
    assert tickets.get(desk, first).events[-1]["text"] == "已联系仓库"
    own.close()
    shop.qtbot.waitUntil(lambda: len(page._windows) == 1)
    state = page.save_state()
    assert state["windows"] == [second]


def test_the_splitter_stays_where_it_was_dragged(shop: Workshop, desk: Desk) -> None:
    a_ticket(desk)
    page = tickets_page(shop)
    shop.go("tickets", record=page.list.rows.id_at(0))
    shop.qtbot.waitUntil(page.pane.isVisible)
    page._split.split.setSizes([600, 600])
    page._keep_split()
    wanted = page._split.split.sizes()
    assert wanted[1] > 450
    again = TicketsPage(page.place)
    again.resize(page.size())
    again.pane.setVisible(True)
    again.show()
    assert again._split.split.sizes()[1] == wanted[1]
    again.close()


def test_the_timeline_filters_and_copies(shop: Workshop, desk: Desk, clock: FixedClock) -> None:
    key = a_ticket(desk)
    clock.advance(60)
    tickets.say(desk, key, "您好，请提供照片，电话13812345678", "public_reply")
    clock.advance(60)
    tickets.say(desk, key, "客户情绪激动", "internal_note")
    department = item(desk, "department", "logistics.warehouse")
    handoffs.ask(desk, key, {"department_id": department, "request": "请核对"})
    page = tickets_page(shop, record=key)
    history = page.pane.history
    texts = [moment.text for moment in history.timeline.moments]
    assert "客户情绪激动" in texts
    history.choose("customer")
    assert [m.text for m in history.timeline.moments] == ["您好，请提供照片，电话13812345678"]
    history.choose("internal")
    assert "客户情绪激动" in [m.text for m in history.timeline.moments]
    history._search.set_text("激动")
    history._narrow()
    assert len(history.timeline.moments) == 1
    assert history.timeline.moments[0].full == "2026-04-01 10:02"
    shop.window.act("ticket.copy_customer")
    text = QGuiApplication.clipboard().text()
    assert "请提供照片" in text
    assert "138****5678" in text
    assert "激动" not in text
    assert "核对" not in text
    assert "周敏" not in text  # who does what inside is nobody's business
    shop.window.act("ticket.copy_all")
    text = QGuiApplication.clipboard().text()
    assert "客户情绪激动" in text
    assert "请核对" in text
    assert "陈*" in text


def test_a_long_timeline_shows_its_end_first(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk)
    for number in range(120):
        tickets.say(desk, key, f"第{number}条", "internal_note")
    page = tickets_page(shop, record=key)
    history = page.pane.history
    assert len(history.timeline.moments) == 50
    assert history.timeline.moments[-1].text == "第119条"
    assert not history._earlier.isHidden()
    history._earlier.click()
    assert len(history.timeline.moments) == 100
    history._earlier.click()
    assert len(history.timeline.moments) == 122
    assert history._earlier.isHidden()


def test_entries_are_chosen_and_copied_by_keys(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk)
    tickets.say(desk, key, "第一条", "internal_note")
    page = tickets_page(shop, record=key)
    timeline = page.pane.history.timeline
    timeline.setFocus()
    QTest.keyClick(timeline, Qt.Key.Key_Up)
    assert [m.text for m in timeline.chosen] == ["第一条"]
    QTest.keyClick(timeline, Qt.Key.Key_Up, SHIFT)
    assert len(timeline.chosen) == 2
    QTest.keyClick(timeline, Qt.Key.Key_C, CTRL)
    assert "第一条" in QGuiApplication.clipboard().text()


def test_links_are_chips_that_open_the_other_ticket(shop: Workshop, desk: Desk) -> None:
    first, second = a_ticket(desk), a_ticket(desk, "冰箱异响")
    page = tickets_page(shop, record=second)
    page.actions_.make("link")
    form = page.pane.panel._form
    assert form is not None
    form.editor("number").set_value("GD202604-0001")
    page.pane.panel.submit()
    shop.settle()
    page.pane.show_tab("more")
    chip = next(c for c in page.pane.work.findChildren(Link) if c.text() == "GD202604-0001")
    chip.clicked.emit()
    shop.settle()
    assert page.actions_.key == first


def test_a_reply_to_a_merged_ticket_says_where_it_went(shop: Workshop, desk: Desk) -> None:
    supervisor(desk)
    first, second = a_ticket(desk), a_ticket(desk, "空调坏了")
    tickets.step(desk, second, "merge", {"merged_into_id": first})
    page = tickets_page(shop, record=second)
    page.pane.talk.focus("public_reply")
    commit(page.pane.words_box, "您好，已安排")
    page.pane.talk.send()
    shop.settle()
    assert "GD202604-0001" in shop.window.toast.text
    assert tickets.get(desk, first).events[-1]["text"] == "您好，已安排"


def test_a_late_ticket_asks_for_its_reason_before_it_closes(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    key = a_ticket(desk, callback_required=0)
    tickets.say(desk, key, "您好", "public_reply")
    clock.advance(20 * 86400)
    solved = {"solution": "更换主板，试机正常", "resolution_code": "onsite"}
    tickets.step(desk, key, "resolve", solved)
    page = tickets_page(shop, record=key)
    Hands(shop).letter("C")
    form = page.pane.panel._form
    assert form is not None
    form.editor("overdue_reason").set_value(item(desk, "overdue_reason", "parts"))
    page.pane.panel.submit()
    shop.qtbot.waitUntil(lambda: tickets.get(desk, key).ticket["status"] == "closed")
    assert [row["kind"] for row in tickets.get(desk, key).breaches] == ["resolution"]


def test_back_returns_from_a_linked_ticket(shop: Workshop, desk: Desk) -> None:
    first, second = a_ticket(desk), a_ticket(desk, "冰箱异响")
    page = tickets_page(shop, record=first)
    page._open_ticket(second)
    shop.settle()
    assert page.actions_.key == second
    shop.window.act("back")
    shop.settle()
    assert page.actions_.key == first
    assert Route("tickets", first).record == first
