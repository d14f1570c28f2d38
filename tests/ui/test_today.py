"""The page of the day and the notice centre, in a real window with real keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from svcdesk.services import handoffs, notices, settings, tickets
from tests.conftest import NOW
from tests.ui.pages import Workshop, a_ticket, commit, item, supervisor
from ui.pages.due_account import DueAccount
from ui.pages.settings.page import SettingsPage
from ui.pages.tickets.page import TicketsPage
from ui.pages.today.page import TodayPage
from ui.shell.notice_centre import NoticeCentre

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

MINUTE, HOUR = 60, 3600


@pytest.fixture
def shop(qtbot: QtBot, desk: Desk) -> Iterator[Workshop]:
    supervisor(desk)
    settings.change(desk, {"hand_over_times": ""})
    found = Workshop(qtbot, desk)
    yield found
    found.close()


def centre() -> NoticeCentre:
    (found,) = [
        w for w in QApplication.topLevelWidgets() if isinstance(w, NoticeCentre) and w.isVisible()
    ]
    return found


def urgent(desk: Desk) -> int:
    return a_ticket(desk, priority="urgent", priority_reason="漏电")


def test_what_presses_is_listed_and_opened_by_enter(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    key = urgent(desk)
    clock.at = NOW + 200 * MINUTE  # the response is late, the resolution soon
    page = shop.go("today")
    assert isinstance(page, TodayPage)
    shop.qtbot.waitUntil(lambda: page.pressing.table.rows.count == 2)
    kinds = [page.pressing.table.rows.cell(row, 2) for row in range(2)]
    assert [cell.text for cell in kinds if cell] == ["Resolution", "First response"]
    page.pressing.tabs.chosen.emit("late")
    shop.qtbot.waitUntil(lambda: page.pressing.table.rows.count == 1)
    page.pressing.table.step(0)
    shop.qtbot.keyClick(page.pressing.table, Qt.Key.Key_Return)
    shop.settle()
    assert isinstance(shop.window.page, TicketsPage)
    shop.qtbot.waitUntil(lambda: shop.window.page.pane.detail is not None)  # type: ignore[union-attr]
    assert shop.window.page.pane.detail.ticket["id"] == key


def test_nothing_presses(shop: Workshop) -> None:
    page = shop.go("today")
    assert isinstance(page, TodayPage)
    shop.qtbot.waitUntil(page.pressing.table.empty.isVisible)
    assert page.pressing.table.empty.text == "Nothing is overdue or about to be."


def test_a_department_promises_answers_and_the_sheet_is_copied(shop: Workshop, desk: Desk) -> None:
    ticket = a_ticket(desk)
    department = item(desk, "department", "logistics")
    handoffs.ask(desk, ticket, {"department_id": department, "request": "核对物流凭证"})
    page = shop.go("today", values={"tab": "hand_over"})
    assert isinstance(page, TodayPage)
    pane = page.sheets
    shop.qtbot.waitUntil(lambda: pane.table.rows.count == 1)
    pane.table.step(0)
    shop.qtbot.mouseClick(pane._promise, Qt.MouseButton.LeftButton)
    shop.qtbot.waitUntil(lambda: bool(pane.chosen() and pane.chosen()[0].promised))
    pane.copy_text()
    assert "核对物流凭证" in QGuiApplication.clipboard().text()
    pane.table.step(0)
    commit(pane._answer, "已核对，凭证齐全")
    shop.qtbot.keyClick(pane._answer, Qt.Key.Key_Return)
    shop.qtbot.waitUntil(lambda: bool(pane.chosen() and pane.chosen()[0].done))
    assert tickets.get(desk, ticket).ticket["status"] == "in_progress"  # it goes on by itself


def test_the_bell_counts_and_enter_leads_to_the_record(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    key = urgent(desk)
    clock.at = NOW + 13 * MINUTE
    shop.window.watcher.look()
    shop.settle()
    shop.qtbot.waitUntil(lambda: shop.window.top.bell.text() == "1")
    assert shop.window.top.bell.accessibleName() == "Notices: 1 unseen"
    shop.window.act("notices")
    shop.settle()
    found = centre()
    shop.qtbot.waitUntil(lambda: found.list.count() == 1)
    assert found.list.item(0).text().startswith("GD202604-0001: first response due")
    shop.qtbot.keyClick(found, Qt.Key.Key_Return)
    shop.settle()
    assert isinstance(shop.window.page, TicketsPage)
    shop.qtbot.waitUntil(lambda: notices.unseen(desk) == 0)
    shop.qtbot.waitUntil(lambda: shop.window.top.bell.text() == "")
    assert tickets.get(desk, key).ticket["first_response_at"] is None


def test_all_are_put_away_at_once(shop: Workshop, desk: Desk, clock: FixedClock) -> None:
    urgent(desk)
    clock.at = NOW + 200 * MINUTE
    notices.watch(desk)
    shop.window.act("notices")
    shop.settle()
    found = centre()
    shop.qtbot.waitUntil(lambda: found.list.count() == 2)
    shop.qtbot.mouseClick(found._all, Qt.MouseButton.LeftButton)
    shop.qtbot.waitUntil(lambda: notices.unseen(desk) == 0)
    found.close()


def test_the_account_of_a_deadline_is_shown_and_copied(shop: Workshop, desk: Desk) -> None:
    account = DueAccount(shop.window, shop.window.place, a_ticket(desk))  # type: ignore[arg-type]
    shop.qtbot.addWidget(account)
    shop.settle()
    shop.qtbot.waitUntil(lambda: bool(account._foot.text()))
    account.copy()
    text = QGuiApplication.clipboard().text()
    assert "Policy no. 3" in text
    assert "2026-04-06" in text  # 清明节 counts nothing
    assert text.splitlines()[-1] == "Due 2026-04-07 10:00."
    assert len([line for line in text.splitlines() if line.startswith("2026-")]) == 7


def test_policies_are_put_in_order_tried_and_saved(shop: Workshop, desk: Desk) -> None:
    page = shop.go("settings", values={"tab": "limits"})
    assert isinstance(page, SettingsPage)
    tab = page.limits
    tab._add()
    commit(tab.form.editor("name"), "电话快速")
    tab.form.editor("channel")._take([item(desk, "channel", "phone")])
    commit(tab.form.editor("response"), "5")
    commit(tab.form.editor("resolution"), "60")
    tab.trial.editor("channel").set_value(item(desk, "channel", "phone"))
    assert tab._result.text() == "No. 1, “电话快速”"
    tab.on_save()
    shop.settle()
    shop.qtbot.waitUntil(lambda: next(p.name for p in desk.reference.policies) == "电话快速")
    tab._move(1)
    assert [p.name for p in tab.items][:2] == ["urgent", "电话快速"]
