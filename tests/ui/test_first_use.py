"""What somebody meets who has never seen the program and works without a mouse."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from svcdesk.domain.people import Role
from svcdesk.i18n import catalog
from svcdesk.services import (
    complaint_departments,
    complaint_links,
    complaints,
    customers,
    handoffs,
    settings,
    tickets,
)
from tests.ui.pages import Workshop, a_callback, a_complaint, a_ticket, item
from ui.pages.customer_picker import CustomerPicker
from ui.pages.page import Workplace
from ui.pages.wording import Words
from ui.shell.undo_menu import step_name
from ui.theme import style, tokens
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.editors import TimeField
from ui.widgets.labels import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from svcdesk.services.desk import Desk

CTRL = Qt.KeyboardModifier.ControlModifier


# -- lists ---------------------------------------------------------------------------------------


def test_a_ticket_that_leaves_the_list_gives_way_to_its_neighbour(
    shop: Workshop, desk: Desk
) -> None:
    keys = [a_ticket(desk, f"单{n}") for n in range(6)]
    page: Any = shop.go("tickets", values={"view": "open"})
    shop.settle()
    order = [page.list.rows.id_at(place) for place in range(6)]
    assert set(order) == set(keys)
    page.list.table.go_to(order[3])
    shop.settle()
    tickets.step(desk, order[3], "cancel", {"reason": "重复登记"})
    shop.settle()
    assert page.list.rows.count == 5
    assert page.list.table.current_id() == order[4]
    assert page.list.table.selected_ids() == [order[4]]
    page.list.table.go_to(order[5])
    shop.settle()
    tickets.step(desk, order[5], "cancel", {"reason": "重复登记"})
    shop.settle()
    assert page.list.table.current_id() == order[4]  # the last one has none below


def test_going_to_a_record_while_the_list_is_read_again_selects_it_alone(
    shop: Workshop, desk: Desk
) -> None:
    keys = [a_ticket(desk, f"单{n}") for n in range(4)]
    page: Any = shop.go("tickets", values={"view": "all"})
    table = page.list.table
    table.go_to(keys[0])
    shop.settle()
    page.list.rows.about_to_swap.emit()  # a result is coming
    table.go_to(keys[2])
    page.list.rows.swapped.emit()
    assert table.selected_ids() == [keys[2]]
    assert table.current_id() == keys[2]


# -- forms ---------------------------------------------------------------------------------------


def test_tab_leaves_a_time_at_once(qtbot: QtBot) -> None:
    form = QWidget()
    box = QVBoxLayout(form)
    time, after = TimeField("Asia/Shanghai"), QLineEdit()
    box.addWidget(time)
    box.addWidget(after)
    qtbot.addWidget(form)
    form.show()
    qtbot.waitExposed(form)
    time.setFocus()
    QTest.keyClick(time, Qt.Key.Key_Tab)
    qtbot.waitUntil(after.hasFocus)
    QTest.keyClick(after, Qt.Key.Key_Backtab)
    qtbot.waitUntil(time.hasFocus)


def test_buttons_do_not_lie_on_each_other_after_a_form(shop: Workshop, desk: Desk) -> None:
    warehouse = item(desk, "department", "logistics.warehouse")
    key = a_complaint(desk)
    complaints.step(desk, key, "accept", {"resp_dept_id": warehouse, "handler_id": desk.actor.id})
    page: Any = shop.go("complaints", record=key)
    shop.qtbot.wait(100)  # everything has its place once
    page.work.move("ask", 0)
    shop.qtbot.wait(50)
    form = page.record.panel._form
    form.enter({"complaint_department.department": warehouse,
                "complaint_department.task": "请核对出库"})  # fmt: skip
    page.record.panel.submit()
    shop.settle()
    shop.qtbot.waitUntil(page.record.steps.isVisible)
    shop.qtbot.wait(100)
    shown = [button for button in page.record.steps.findChildren(Button) if button.isVisible()]
    assert len(shown) == 2
    assert not shown[0].geometry().intersects(shown[1].geometry())


def test_a_phone_of_a_new_customer_that_is_known_offers_its_owner(
    shop: Workshop, desk: Desk
) -> None:
    known = customers.create(desk, {"name": "陈静", "phones": ["13812345678"]}).value
    picker = CustomerPicker(Workplace(desk, shop.runner, shop.window))
    shop.qtbot.addWidget(picker)
    picker.show()
    picker.activateWindow()
    shop.qtbot.waitUntil(picker.isActiveWindow)
    picker._make_new("陈小静")
    editor = picker._new.editor("phone")
    QTest.keyClicks(editor, "138 1234 567")
    shop.settle()
    assert not picker._known.isVisible()
    QTest.keyClicks(editor, "8")
    shop.settle()
    assert picker._known.isVisible()
    assert "陈静" in picker._known.text()
    QTest.keyClick(picker, Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)
    shop.qtbot.waitUntil(lambda: picker.values() == {"customer_id": known})
    assert not picker._known.isVisible()


def test_the_answer_says_whose_it_is(shop: Workshop, desk: Desk) -> None:
    warehouse = item(desk, "department", "logistics.warehouse")
    key = a_ticket(desk)
    handoffs.ask(desk, key, {"department_id": warehouse, "request": "请核对出库"})
    page: Any = shop.go("tickets", record=key)
    assert page.pane._request is not None
    assert "请核对出库" in page.pane._request.accessibleName()
    page.actions_.make("answer", page.pane.detail.open_handoffs[0]["id"])
    name = Words(desk).item(warehouse)
    assert name in page.pane.panel._title.text()
    found = page.pane.detail.open_handoffs[0]["id"]
    handoffs.answer(desk, found, "已出库")
    shop.settle()
    assert page.pane._request is None
    complaint = a_complaint(desk)
    complaint_departments.ask(desk, complaint, {"department_id": warehouse, "task": "核对批次"})
    board: Any = shop.go("complaints", record=complaint)
    board.work.move("answer", board.record.detail.departments[0]["id"])
    assert name in board.record.panel._title.text()
    assert board.record.panel._about.text() == "核对批次"


def test_the_script_names_whoever_calls_now(shop: Workshop, desk: Desk) -> None:
    a_callback(desk)
    other = settings.add_person(desk, "陈雨", [Role.CALLBACK, Role.AGENT]).value
    page: Any = shop.go("callbacks")
    shop.settle()
    script = page.pane.context.findChildren(QLabel)
    assert any("周敏" in line.text() for line in script)
    desk.act_as(other)
    shop.window._refresh_all()  # what the menu of persons does
    shop.settle()
    shop.qtbot.waitUntil(
        lambda: any("陈雨" in line.text() for line in page.pane.context.findChildren(QLabel))
    )


def test_a_recovery_that_is_done_counts_no_more(shop: Workshop, desk: Desk) -> None:
    key = a_callback(desk)
    page: Any = shop.go("callbacks", record=key)
    shop.settle()
    detail = page.pane.detail
    low = {"csat": 1, "responded_at": desk.clock.now(), "reasons": [], "comment": "师傅迟到"}
    callback = {**detail.callback, "kind": "low_score"}
    running = replace(detail, callback=callback, bad_answer=low)
    page.pane.context.show_callback(running)
    (banner,) = page.pane.context.findChildren(Banner)
    assert "left" in banner.accessibleName()
    done = replace(running, callback={**callback, "state": "completed"})
    page.pane.context.show_callback(done)
    shop.qtbot.waitUntil(lambda: len(page.pane.context.findChildren(Banner)) == 1)
    (banner,) = page.pane.context.findChildren(Banner)
    assert "left" not in banner.accessibleName()


# -- what belongs together -----------------------------------------------------------------------


def test_a_merge_goes_on_with_the_ticket_that_goes_on(shop: Workshop, desk: Desk) -> None:
    first = a_ticket(desk)
    customer = tickets.get(desk, first).ticket["customer_id"]
    second = a_ticket(desk, "空调坏了", customer_id=customer, new_customer=None)
    page: Any = shop.go("tickets", record=second)
    page.pane.merge_chosen.emit(first, {})
    shop.settle()
    assert page.pane.detail.ticket["id"] == first
    (link,) = page.pane.head._belongings.findChildren(Link)
    assert tickets.get(desk, second).ticket["ticket_no"] in link.text()
    link.clicked.emit()
    shop.settle()
    assert page.pane.detail.ticket["id"] == second
    assert page.pane.steps.by_key("U") == "unmerge"


def test_a_ticket_links_its_complaint(shop: Workshop, desk: Desk) -> None:
    ticket = a_ticket(desk)
    complaint = a_complaint(desk)
    complaint_links.add(desk, complaint, str(tickets.get(desk, ticket).ticket["ticket_no"]))
    page: Any = shop.go("tickets", record=ticket)
    (link,) = page.pane.head._belongings.findChildren(Link)
    link.clicked.emit()
    shop.settle()
    there: Any = shop.window.page
    assert there.record.detail.complaint["id"] == complaint


def test_from_the_search_to_what_it_found(shop: Workshop, desk: Desk) -> None:
    a_ticket(desk, "净水器漏水")
    page: Any = shop.go("tickets", values={"view": "all"})
    shop.window.host.activateWindow()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Down):
        shop.window.act("search")
        shop.qtbot.waitUntil(shop.window.top.search.hasFocus)
        QTest.keyClick(shop.window.top.search, key)
        shop.qtbot.waitUntil(page.list.table.hasFocus)
    shop.settle()


# -- large text ----------------------------------------------------------------------------------


@pytest.fixture
def large() -> Iterator[None]:
    """Text of 200 %."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    style.apply(app, "light", tokens.TEXT_SIZES[-1])
    yield
    style.apply(app, "light", 100)


@pytest.mark.parametrize("name", ["complaints", "customers"])
def test_a_record_is_never_scrolled_sideways(
    shop: Workshop, desk: Desk, name: str, large: None
) -> None:
    key = a_complaint(desk)
    if name == "customers":
        key = int(complaints.get(desk, key).complaint["customer_id"])
    page: Any = shop.go(name, record=key)
    shop.qtbot.wait(100)
    areas = [a for a in page.record.findChildren(QScrollArea) if a.isVisible()]
    assert areas
    assert [a.horizontalScrollBar().maximum() for a in areas] == [0] * len(areas)


def test_a_step_brings_its_form_to_the_front(shop: Workshop, desk: Desk, large: None) -> None:
    shop.window.host.resize(900, 700)
    page: Any = shop.go("complaints", record=a_complaint(desk))
    shop.qtbot.waitUntil(lambda: page.record._split.narrow)
    assert not page.record.steps.isVisible()
    page.work.take_step("accept")
    shop.settle()
    assert page.record.panel.isVisible()


# -- words ---------------------------------------------------------------------------------------


def test_an_undone_step_is_named_in_the_language_of_the_window() -> None:
    before = catalog.current().language
    catalog.set_language("zh_CN")
    try:
        step = SimpleNamespace(label="{step}: {number}", args={"step": "Reopen", "number": "GD1"})
        assert "重开" in step_name(step)
        several = SimpleNamespace(label="{step}: several tickets", args={"step": "Reopen"})
        assert step_name(several) == "批量重开"
    finally:
        catalog.set_language(before)
