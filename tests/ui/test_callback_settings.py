"""Rules, scripts, reasons and leave in the settings, with real key presses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from svcdesk.domain.people import Role
from svcdesk.services import callback_rules, callbacks_hand_out, callbacks_scripts, settings
from tests.ui.pages import Workshop, a_callback, supervisor
from ui.pages.settings.page import SettingsPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from svcdesk.services.desk import Desk


@pytest.fixture
def shop(qtbot: QtBot, desk: Desk) -> Iterator[Workshop]:
    supervisor(desk)
    a_callback(desk)
    made = Workshop(qtbot, desk)
    yield made
    made.close()


def settings_page(shop: Workshop) -> SettingsPage:
    page = shop.go("settings", values={"tab": "callbacks"})
    assert isinstance(page, SettingsPage)
    shop.settle()
    return page


def test_a_share_is_tried_out_before_it_is_saved(shop: Workshop) -> None:
    pane = settings_page(shop).callbacks.rules
    assert pane.result.text() == (
        "Of 1 cases settled in the last 30 days these rules make 1 callbacks."
    )
    pane.table.go_to(2)  # all other tickets
    shop.settle()
    share = pane.form.editor("percent")
    share.setFocus()
    share.selectAll()
    shop.qtbot.keyClicks(share, "0")
    shop.settle()
    assert "make 0 callbacks" in pane.result.text()
    assert callback_rules.listed(shop.desk)[1].percent == 100  # not saved yet
    pane.save.setFocus()
    shop.qtbot.keyClick(pane.save, Qt.Key.Key_Space)
    shop.settle()
    assert callback_rules.listed(shop.desk)[1].percent == 0
    assert callback_rules.listed(shop.desk)[1].name == "other"  # the built-in name is kept


def test_a_bad_share_is_told_at_its_field(shop: Workshop) -> None:
    pane = settings_page(shop).callbacks.rules
    share = pane.form.editor("percent")
    share.setFocus()
    share.selectAll()
    shop.qtbot.keyClicks(share, "150")
    shop.qtbot.keyClick(pane.save, Qt.Key.Key_Space)
    shop.settle()
    assert callback_rules.listed(shop.desk)[0].percent == 100
    assert share.text() == "150"  # nothing is lost
    assert shop.window.messages.texts() == []


def test_a_script_without_the_right_to_refuse_is_not_saved(shop: Workshop) -> None:
    pane = settings_page(shop).callbacks.scripts
    words = pane.steps[0][1]
    words.setFocus()
    words.selectAll()
    shop.qtbot.keyClicks(words, "Hello from {organisation}, {purpose}.")
    shop.qtbot.keyClick(pane.save, Qt.Key.Key_Space)
    shop.settle()
    assert pane.wrong.text() == "Say that the customer may decline: the script needs {refuse}."
    shop.qtbot.keyClicks(words, " {refuse}")
    shop.qtbot.keyClick(pane.save, Qt.Key.Key_Space)
    shop.settle()
    assert callbacks_scripts.written(shop.desk, "routine")
    assert callbacks_scripts.of_kind(shop.desk, "routine")[0].text.endswith("{refuse}")


def test_reasons_and_leave(shop: Workshop) -> None:
    settings.add_person(shop.desk, "陈雨", [Role.CALLBACK])
    shop.settle()
    pane = settings_page(shop).callbacks.reasons
    pane.reasons[8].setFocus()
    shop.qtbot.keyClicks(pane.reasons[8], "Noise")
    pane.reasons[0].clear()
    shop.qtbot.keyClick(pane.save, Qt.Key.Key_Space)
    shop.settle()
    items = shop.desk.reference.items_of("low_reason")
    assert [item.code or item.name for item in items] == [
        "slow", "unsolved", "again", "price", "visit", "product", "other", "Noise",
    ]  # fmt: skip
    person = next(p.id for p in shop.desk.reference.people.values() if p.name == "陈雨")
    pane.person.set_value(person)
    pane.first.setText("2026-04-01")
    pane.last.setText("2026-04-x")
    pane._on_add()
    shop.settle()
    assert "“2026-04-x” is not a day" in pane.wrong.text()
    pane.last.setText("2026-04-03")
    pane._on_add()
    shop.settle()
    (leave,) = callbacks_hand_out.leaves(shop.desk)
    assert (leave.person_id, leave.ends_on) == (person, "2026-04-03")
