"""Habits: every action by key, every widget with a name, nothing lost by a change of looks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAccessible, QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QScrollArea, QWidget

from svcdesk.domain.lifecycle import TICKET
from svcdesk.i18n import catalog
from svcdesk.services import handoffs, settings
from tests.ui.pages import (
    Workshop,
    a_callback,
    a_complaint,
    a_ticket,
    commit,
    item,
    supervisor,
)
from ui.pages.steps import KEYS as LETTERS
from ui.pages.tickets.moves import MOVES
from ui.shell.actions import ACTIONS, MENUS, PAGE_KEYS
from ui.shell.cheat_sheet import CheatSheet, entries
from ui.shell.palette import Palette
from ui.theme import style, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from svcdesk.services.desk import Desk

PAGES = ("today", "tickets", "complaints", "callbacks", "customers", "knowledge", "reports",
         "import", "settings")  # fmt: skip
DIALOGS = ("ticket.new", "complaint.new", "customer.new", "contact_plan.new", "article.new",
           "palette", "notices")  # fmt: skip
LARGEST = tokens.TEXT_SIZES[-1]


@pytest.fixture
def shop(qtbot: QtBot, desk: Desk) -> Iterator[Workshop]:
    supervisor(desk)
    settings.change(desk, {"hand_over_times": ""})
    key = a_ticket(desk)
    a_complaint(desk)
    a_callback(desk)
    handoffs.ask(desk, key, {"department_id": item(desk, "department", "logistics.warehouse"),
                             "request": "请核对出库"})  # fmt: skip
    made = Workshop(qtbot, desk)
    yield made
    made.close()


@pytest.fixture(params=["en", "zh_CN"])
def language(request: pytest.FixtureRequest) -> str:
    catalog.set_language(request.param)
    return str(request.param)


@pytest.fixture
def large() -> Iterator[None]:
    """Text of 200 %."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    style.apply(app, "light", LARGEST)
    yield
    style.apply(app, "light", 100)


# -- every action by key or palette ----------------------------------------------------------------


def test_every_action_stands_in_a_menu_and_in_the_palette(shop: Workshop) -> None:
    palette = Palette(shop.window, shop.window.place)
    shop.qtbot.addWidget(palette)
    offered = {palette._list.item(row).data(Qt.ItemDataRole.UserRole)
               for row in range(palette._list.count())}  # fmt: skip
    assert offered == {definition.id for definition in ACTIONS}
    assert {definition.menu for definition in ACTIONS} <= set(MENUS)


def test_keys_are_real_and_no_two_actions_share_one() -> None:
    seen: dict[str, str] = {}
    for definition in ACTIONS:
        for keys in definition.keys:
            plain = QKeySequence(keys).toString()
            assert plain, keys
            assert seen.setdefault(plain, definition.id) == definition.id
    single: dict[tuple[str, str], str] = {}
    for page, keys, text in PAGE_KEYS:
        for key in re.split(r" / |, ", keys):
            assert single.setdefault((page, key), text) == text, (page, key)


def test_the_cheat_sheet_tells_every_key(language: str) -> None:
    told = entries()
    text = " ".join(keys for _group, keys, _text in told)
    for definition in ACTIONS:
        if definition.keys:
            assert any(
                words == catalog._(definition.text).replace("&", "") for _g, _k, words in told
            ), definition.id
    letters = {key for page, keys, _text in PAGE_KEYS if page == "Tickets"
               for key in re.split(r"[ /,]+", keys)}  # fmt: skip
    for letter in {*LETTERS.values(), *(move.letter for move in MOVES.values() if move.letter)}:
        assert letter in letters, letter
    assert {step.action for step in TICKET.transitions} <= {*LETTERS, "merge", "unmerge"}
    assert "Ctrl+" in text


@pytest.mark.parametrize("percent", [100, LARGEST])
def test_the_cheat_sheet_fits_a_small_screen(
    shop: Workshop, language: str, percent: int, request: pytest.FixtureRequest
) -> None:
    if percent == LARGEST:
        request.getfixturevalue("large")
    sheet = CheatSheet(shop.window)
    shop.qtbot.addWidget(sheet)
    sheet.show()
    screen = QApplication.primaryScreen().availableSize()
    assert sheet.width() <= screen.width()
    assert sheet.height() <= screen.height()
    area = sheet.findChild(QScrollArea)
    assert area is not None
    assert area.widget().width() <= area.viewport().width()  # only the height scrolls


def test_single_keys_stay_with_a_text_that_is_being_composed(shop: Workshop) -> None:
    page: Any = shop.go("tickets")
    for box in (shop.window.top.search, page.pane.words_box):
        box.setFocus()
        QApplication.sendEvent(box, QInputMethodEvent("r", []))
        QTest.keyClick(box, Qt.Key.Key_R)
        assert page.pane.panel.open_action == ""


# -- input methods ---------------------------------------------------------------------------------


def test_a_composition_searches_only_when_it_is_done(shop: Workshop) -> None:
    page: Any = shop.go("tickets")
    page.list.show_view("all")
    shop.settle()
    before = page.list.rows.count
    box = shop.window.top.search
    box.setFocus()
    QApplication.sendEvent(box, QInputMethodEvent("meiyou", []))
    shop.qtbot.wait(300)
    shop.settle()
    assert page.list.rows.count == before
    commit(box, "没有的词")
    shop.qtbot.waitUntil(lambda: page.list.rows.count == 0)


def test_the_palette_leaves_a_composition_alone(shop: Workshop) -> None:
    palette = Palette(shop.window, shop.window.place)
    palette.open()
    all_of_them = palette._list.count()
    QApplication.sendEvent(palette.box, QInputMethodEvent("kongtiao", []))
    shop.qtbot.wait(300)
    shop.settle()
    assert palette._list.count() == all_of_them
    commit(palette.box, "空调")
    shop.qtbot.waitUntil(lambda: 0 < palette._list.count() < all_of_them)
    palette.close()


# -- names for screen readers ------------------------------------------------------------------------


def nameless(root: QWidget) -> list[str]:
    """Return the widgets that take the focus and have no name."""
    found = []
    for widget in root.findChildren(QWidget):
        if widget.window() is not root.window() or not widget.isVisible():
            continue
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus != Qt.FocusPolicy.TabFocus:
            continue
        if widget.focusProxy() is not None or isinstance(widget, QMenu):
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        name = interface.text(QAccessible.Text.Name) if interface is not None else ""
        if not name.strip():
            names = []
            above: QWidget | None = widget
            while above is not None and above is not root:
                names.append(type(above).__name__)
                above = above.parentWidget()
            found.append(" < ".join(names[:5]))
    return found


def test_whatever_takes_the_focus_has_a_name(shop: Workshop, language: str) -> None:
    shop.window.rebuild()
    shop.settle()
    missing: dict[str, list[str]] = {}
    for name in PAGES:
        page: Any = shop.go(name)
        rows = [page]
        tabs = getattr(page, "tabs", None)
        for key in tabs.all_keys() if tabs is not None else [""]:
            if key:
                tabs.choose(key)
                tabs.chosen.emit(key)
                shop.settle()
            found = nameless(shop.window)
            if found:
                missing[f"{name} {key}"] = found
        del rows
    for action in DIALOGS:
        shop.go("tickets")
        shop.window.act(action)
        shop.settle()
        for dialog in QApplication.topLevelWidgets():
            if dialog.isVisible() and dialog is not shop.window.host and dialog.isWindow():
                found = nameless(dialog)
                if found:
                    missing[action] = found
                dialog.close()
    assert missing == {}


def test_cells_speak_as_text(shop: Workshop) -> None:
    page: Any = shop.go("tickets")
    page.list.show_view("all")
    shop.settle()
    rows = page.list.rows
    for place in range(len(rows.columns)):
        cell = rows.cell(0, place)
        spoken = rows.index(0, place).data(Qt.ItemDataRole.AccessibleTextRole)
        assert isinstance(spoken, str)
        assert spoken.strip() or not (cell.text or cell.icon), rows.columns[place].key


# -- text of 200 % on a small screen -----------------------------------------------------------------


def test_no_page_is_larger_than_a_small_window(shop: Workshop, language: str, large: None) -> None:
    shop.window.rebuild()
    for name in PAGES:
        page: Any = shop.go(name)
        tabs = getattr(page, "tabs", None)
        for key in tabs.all_keys() if tabs is not None else [""]:
            if key:
                tabs.chosen.emit(key)
                shop.settle()
            size = shop.window.host.minimumSizeHint()
            assert (size.width() <= 1366, size.height() <= 740) == (True, True), (name, key, size)


def test_forms_stay_on_the_screen_and_scroll(shop: Workshop, large: None) -> None:
    screen = QApplication.primaryScreen().availableSize()
    for action in ("ticket.new", "complaint.new", "customer.new", "contact_plan.new",
                   "article.new"):  # fmt: skip
        shop.go("tickets")
        shop.window.act(action)
        shop.settle()
        for dialog in QApplication.topLevelWidgets():
            if dialog.isVisible() and dialog is not shop.window.host and dialog.isWindow():
                assert dialog.height() <= screen.height(), action
                assert dialog.findChildren(QScrollArea), action
                dialog.close()


def test_rows_controls_and_columns_grow_with_the_text(large: None) -> None:
    assert tokens.px(30) == 60
    assert tokens.row_height() >= 45
    assert tokens.font().pixelSize() == 2 * tokens.BODY


# -- what a change of looks keeps ----------------------------------------------------------------------


def test_nothing_is_lost_by_language_theme_or_text_size(shop: Workshop) -> None:
    for number in range(30):
        a_ticket(shop.desk, f"第{number}件")
    page: Any = shop.go("tickets")
    page.list.show_view("all")
    shop.settle()
    page.list.search("件")
    shop.settle()
    table = page.list.table
    table.setCurrentIndex(page.list.rows.index(20, 0))
    shop.settle()
    current = table.current_id()
    page.pane.talk.focus("public_reply")
    commit(page.pane.words_box, "写到一半的回复")
    count = page.list.rows.count
    shop.window.set_facts("team.svcdesk", "2026")
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    for change in (lambda: catalog.set_language("zh_CN"), lambda: style.apply(app, "dark"),
                   lambda: style.apply(app, "dark", 150), lambda: style.apply(app, "light", 100)):  # fmt: skip
        change()
        shop.window.rebuild()
        shop.settle()
        again: Any = shop.window.page
        assert again is not page
        shop.qtbot.waitUntil(lambda again=again: again.actions_.key == current)
        assert again.list.rows.count == count
        assert again.list.table.current_id() == current
        assert again.pane.words_box.value() == "写到一半的回复"
        assert shop.window._saved.text() == "team.svcdesk"
        page = again


def test_window_columns_and_splitter_are_remembered(shop: Workshop, qtbot: QtBot) -> None:
    page: Any = shop.go("tickets")
    header = page.list.table.horizontalHeader()
    place = next(n for n, column in enumerate(page.list.rows.columns) if not column.stretch)
    header.resizeSection(place, 177)
    qtbot.wait(400)  # while a narrow window hides columns, the widths are kept after a pause
    shop.window.host.close()
    assert QSettings().value("window/geometry")
    again = Workshop(qtbot, shop.desk)
    other: Any = again.go("tickets")
    assert other.list.table.horizontalHeader().sectionSize(place) == 177
    again.settle()
    again.window.detach()
    again.runner.shutdown()


def test_the_program_opens_where_it_was_left(shop: Workshop, qtbot: QtBot) -> None:
    shop.go("customers")
    shop.window.host.close()
    again = Workshop(qtbot, shop.desk)
    again.settle()
    assert again.window.page.key == "customers"
    again.window.detach()
    again.runner.shutdown()


def test_reading_every_page_and_form_writes_nothing(shop: Workshop) -> None:
    shop.settle()
    written: list[object] = []
    shop.desk.listen(written.append)
    for name in PAGES:
        shop.go(name)
    for action in ("ticket.new", "complaint.new", "customer.new", "article.new"):
        shop.window.act(action)
        shop.settle()
        for dialog in QApplication.topLevelWidgets():
            if dialog.isVisible() and dialog is not shop.window.host and dialog.isWindow():
                dialog.close()
    shop.settle()
    assert written == []


def test_columns_of_one_language_are_not_those_of_another(shop: Workshop) -> None:
    page: Any = shop.go("tickets")
    place = next(n for n, one in enumerate(page.list.rows.columns) if one.key == "due")
    header = page.list.table.horizontalHeader()
    english = header.sectionSize(place)
    header.resizeSection(place, english + 40)
    catalog.set_language("zh_CN")
    shop.window.rebuild()
    shop.settle()
    page = shop.window.page
    assert page.list.table.horizontalHeader().sectionSize(place) < english
