"""A group complaint that forms while the third complaint is typed, by keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.query import Query
from svcdesk.services import complaints, customers, notices, queries, undo
from svcdesk.services.desk import Desk
from tests.journeys.hands import CTRL, SHIFT, Hands, Key
from tests.journeys.test_complaint import code, entry_forms
from tests.services.desks import a_complaint
from tests.ui.pages import supervisor
from ui.pages.complaints.detected_typing import DetectedStrip

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from svcdesk.system.clock import FixedClock
    from ui.shell.app import App

DAY = 86400


@pytest.fixture
def file(tmp_path: Path, clock: FixedClock) -> Path:
    """Return a data file in which two customers have complained of one product this week."""
    path = tmp_path / "desk.svcdesk"
    with Desk.create(path, person="周敏", clock=clock) as desk:
        supervisor(desk)
        with desk.write("Add") as uow:
            thing = uow.insert("product", {"product_no": "SD7", "name": "扫地机器人"})
        for name in ("李四", "王五"):
            a_complaint(desk, new_customer={"name": name}, product_id=thing)
            clock.advance(DAY)
        customers.create(desk, {"name": "陈静", "phones": ["13812340003"]})
    return path


def test_the_third_complaint_makes_a_group_while_it_is_typed(
    qtbot: QtBot, program: Callable[..., App], file: Path, clock: FixedClock
) -> None:
    app = program(file)
    qtbot.waitUntil(lambda: app.desk is not None, timeout=30_000)
    desk = app.desk
    assert desk is not None
    hands = Hands(qtbot, app)
    hands.press(Key.Key_N, CTRL | SHIFT)
    qtbot.waitUntil(lambda: bool(entry_forms()))
    dialog = entry_forms()[0]
    hands.type("0003")
    hands.press(Key.Key_Return)
    hands.tab_to(dialog.form.editor("description"), 40)
    hands.type("充电仓发热，底座外壳变色")
    hands.tab_to(dialog.form.editor("category_l1"), 40)
    hands.choose(dialog.form.editor("category_l1"), code(app, "category", "product"))
    hands.tab_to(dialog.form.editor("product"), 40)
    hands.type("扫地机器人")
    qtbot.waitUntil(lambda: not dialog.form.editor("product").matches.isHidden())
    hands.press(Key.Key_Return)
    # told before anything is saved, with what is still in the form
    strip = dialog.findChild(DetectedStrip)
    qtbot.waitUntil(lambda: any("customer no. 3" in line for line in strip.lines))
    assert queries.count(desk, Query("complaint")) == 2
    hands.press(Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: queries.count(desk, Query("complaint")) == 3)
    hands.settle()
    third = queries.DeskRows(desk, Query("complaint")).first_page(1)[0].id
    stored = complaints.get(desk, third)
    assert stored.group is not None
    assert stored.group["trigger_id"] == third
    members = [row.id for row in queries.DeskRows(desk, Query("complaint")).first_page(9)]
    assert {complaints.get(desk, key).complaint["group_id"] for key in members} == {
        stored.group["id"]
    }
    # the supervisors hear of it at once, and it comes once
    assert [n.kind for n in notices.recent(desk)].count("alarm_group") == 1
    number = stored.group["group_no"]
    hands.press(Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: queries.count(desk, Query("complaint")) == 2)
    assert all(complaints.get(desk, key).group is None for key in members if key != third)
    undo.redo(desk)
    again = complaints.get(desk, third).group
    assert again is not None
    assert again["group_no"] == number
