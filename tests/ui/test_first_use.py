"""What somebody meets who has never seen the program and works without a mouse."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from svcdesk.i18n import catalog
from svcdesk.services import complaints, tickets
from tests.ui.pages import Workshop, a_complaint, a_ticket, item, supervisor
from ui.shell.undo_menu import step_name
from ui.widgets.button import Button
from ui.widgets.editors import TimeField

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from svcdesk.services.desk import Desk

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def shop(qtbot: QtBot, desk: Desk) -> Iterator[Workshop]:
    supervisor(desk)
    opened = Workshop(qtbot, desk)
    yield opened
    opened.close()


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
