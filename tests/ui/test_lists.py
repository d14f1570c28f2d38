"""Lists as they are worked with: views, conditions, groups, several rows, search; by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton

from svcdesk.domain.people import Role
from svcdesk.domain.query import ME, Condition, Group, Match, Op
from svcdesk.services import settings, tickets, undo, views
from tests.ui.pages import Workshop, a_ticket, commit
from ui.pages.bulk_pane import BulkPanel
from ui.pages.condition_panel import ConditionPanel
from ui.pages.view_panel import ManageViewsPanel, SaveViewPanel
from ui.shell.palette import Palette

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from ui.pages.list_pane import ListPane

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def the_list(shop: Workshop, view: str = "all") -> ListPane:
    page: Any = shop.go("tickets")
    page.list.show_view(view)
    shop.settle()
    pane: ListPane = page.list
    pane.table.setFocus()
    return pane


def titles(pane: ListPane) -> list[str]:
    return [pane.rows.row_at(place).title for place in range(pane.rows.count)]


def press(shop: Workshop, widget: Any, key: Qt.Key, modifier: Any = None) -> None:
    shop.qtbot.keyClick(widget, key, modifier or Qt.KeyboardModifier.NoModifier)
    shop.settle()


def click_header(shop: Workshop, pane: ListPane, key: str, modifier: Any = None) -> None:
    header = pane.table.horizontalHeader()
    section = next(n for n, column in enumerate(pane.rows.columns) if column.key == key)
    place = QPoint(header.sectionViewportPosition(section) + 12, header.height() // 2)
    none = Qt.KeyboardModifier.NoModifier
    shop.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, modifier or none, place)
    shop.settle()


# -- order ---------------------------------------------------------------------------------------


def test_a_second_column_sorts_within_the_first_and_the_place_stays(
    shop: Workshop, desk: Desk
) -> None:
    for title, priority in (("乙", "low"), ("甲", "low"), ("丙", "high"), ("丁", "normal")):
        a_ticket(desk, title, priority=priority)
    pane = the_list(shop)
    key = next(pane.rows.id_at(n) for n in range(4) if pane.rows.row_at(n).title == "甲")
    assert key is not None
    pane.table.go_to(key)
    click_header(shop, pane, "priority")
    click_header(shop, pane, "title", SHIFT)
    assert pane.table.order == (("priority", False), ("title", False))
    assert titles(pane) == ["丙", "丁", *sorted(["乙", "甲"])]
    assert pane.table.current_id() == key
    assert pane.table.selected_ids() == [key]
    click_header(shop, pane, "title", SHIFT)
    assert pane.table.order == (("priority", False), ("title", True))
    assert titles(pane)[2:] == sorted(["乙", "甲"], reverse=True)
    click_header(shop, pane, "status")
    assert pane.table.order == (("status", False),)


def test_the_order_of_a_view_is_remembered_until_it_is_reset(shop: Workshop, desk: Desk) -> None:
    for title in ("乙", "甲", "丙"):
        a_ticket(desk, title)
    pane = the_list(shop)
    click_header(shop, pane, "title")
    by_title = titles(pane)
    assert by_title == sorted(by_title)
    pane.show_view("mine")
    shop.settle()
    assert pane.table.order == (("due_at", False),)
    pane.show_view("all")
    shop.settle()
    assert titles(pane) == by_title
    pane.table.reset_layout()
    shop.settle()
    assert pane.table.order == (("created_at", True),)
    assert titles(pane) == ["丙", "甲", "乙"]


def test_what_is_selected_stays_selected_after_a_write(shop: Workshop, desk: Desk) -> None:
    keys = [a_ticket(desk, f"单{n}") for n in range(5)]
    pane = the_list(shop)
    pane.table.go_to(keys[1])
    press(shop, pane.table, Qt.Key.Key_Up, SHIFT)
    chosen = pane.table.selected_ids()
    assert len(chosen) == 2
    a_ticket(desk, "新来的")
    shop.settle()
    assert pane.rows.count == 6
    assert sorted(pane.table.selected_ids()) == sorted(chosen)
    press(shop, pane.table, Qt.Key.Key_A, CTRL)
    assert pane.table.selected_count() == 6
    a_ticket(desk, "又来的")
    shop.settle()
    assert pane.table.selected_count() == 7  # all stays all


# -- several at once -----------------------------------------------------------------------------


def test_all_found_are_handed_over_and_come_back_with_one_undo(shop: Workshop, desk: Desk) -> None:
    person = settings.add_person(desk, "王芳", [Role.AGENT]).value
    for number in range(6):
        a_ticket(desk, f"单{number}", owner_id=None)
    pane = the_list(shop)
    press(shop, pane.table, Qt.Key.Key_Down, SHIFT)
    assert pane.bulk is not None
    assert pane.bulk.bar.isVisible()
    assert not pane.chips.isVisible()
    assert pane.bulk.bar.count.text() == "2 selected"
    assert pane.bulk.bar.all.text() == "Select all 6 found"
    shop.qtbot.keyClick(pane.bulk.bar.all, Qt.Key.Key_Space)
    shop.settle()
    assert pane.table.selected_count() == 6
    pane.bulk.start("assign")
    panel = pane.panel
    assert isinstance(panel, BulkPanel)
    assert not panel.go.isEnabled()
    panel.form.set_value("owner_id", person)
    shop.qtbot.waitUntil(panel.go.isEnabled)
    assert panel.go.text() == "Change 6 tickets"
    assert "Nobody → 王芳: 6" in panel.preview.text()
    shop.qtbot.keyClick(panel.form, Qt.Key.Key_Return)
    shop.settle()
    shop.qtbot.waitUntil(lambda: pane.panel is None)
    assert {pane.rows.row_at(n).owner_id for n in range(6)} == {person}
    assert not pane.bulk.bar.isVisible()
    undo.undo(desk)
    shop.settle()
    assert {pane.rows.row_at(n).owner_id for n in range(6)} == {None}


def test_what_is_refused_is_told_before(shop: Workshop, desk: Desk) -> None:
    a_ticket(desk, "甲", owner_id=None)
    a_ticket(desk, "乙")
    pane = the_list(shop)
    press(shop, pane.table, Qt.Key.Key_A, CTRL)
    assert pane.bulk is not None
    pane.bulk.start("step")
    panel = pane.panel
    assert isinstance(panel, BulkPanel)
    panel.form.set_value("action", "take")
    shop.qtbot.waitUntil(panel.go.isEnabled)
    assert "1 of 2 change" in panel.preview.text()
    assert "1 refused" in panel.preview.text()
    shop.qtbot.keyClick(panel.form, Qt.Key.Key_Escape)
    assert pane.panel is None
    assert undo.undoable(desk) is not None
    assert all(t.ticket["status"] != "closed" for t in [tickets.get(desk, pane.rows.id_at(0) or 0)])


def test_escape_gives_the_selection_up(shop: Workshop, desk: Desk) -> None:
    for number in range(3):
        a_ticket(desk, f"单{number}")
    pane = the_list(shop)
    press(shop, pane.table, Qt.Key.Key_A, CTRL)
    press(shop, pane.table, Qt.Key.Key_Escape)
    assert pane.table.selected_count() == 1
    assert pane.chips.isVisible()


def test_copied_rows_are_values_for_a_spreadsheet(shop: Workshop, desk: Desk) -> None:
    a_ticket(desk, "=1+1 合计")
    pane = the_list(shop)
    press(shop, pane.table, Qt.Key.Key_C, CTRL)
    header, line = QGuiApplication.clipboard().text().split("\n")
    assert len(header.split("\t")) == len(line.split("\t"))
    assert "'=1+1 合计" in line.split("\t")


# -- views ---------------------------------------------------------------------------------------


def test_a_view_is_saved_chosen_by_key_and_managed_in_place(shop: Workshop, desk: Desk) -> None:
    a_ticket(desk, "急单", priority="high")
    a_ticket(desk, "普通单")
    pane = the_list(shop)
    pane.chips.set_condition("priority", ["high"])
    shop.settle()
    pane.saved.save_as()
    panel = pane.panel
    assert isinstance(panel, SaveViewPanel)
    commit(panel.name, "高优先")
    press(shop, panel.name, Qt.Key.Key_Return)
    assert pane.panel is None
    (saved,) = views.saved(desk, "ticket")
    assert saved.name == "高优先"
    assert saved.query.condition("priority") == Condition("priority", Op.IN, ("high",))
    place = pane.tabs.all_keys().index(saved.key)
    assert place < 9
    press(shop, shop.window.host, Qt.Key.Key_1, ALT)
    assert pane.tabs.key() == "mine"
    press(shop, shop.window.host, Qt.Key(Qt.Key.Key_1 + place), ALT)
    assert pane.tabs.key() == saved.key
    assert titles(pane) == ["急单"]
    assert pane.chips.values() == {"priority": ["high"]}
    pane.saved.manage()
    manage = pane.panel
    assert isinstance(manage, ManageViewsPanel)
    manage.name.selectAll()
    commit(manage.name, "重要的")
    press(shop, manage.name, Qt.Key.Key_Return)
    assert [view.name for view in views.saved(desk, "ticket")] == ["重要的"]
    manage._delete()
    shop.settle()
    assert views.saved(desk, "ticket") == []
    assert saved.key not in pane.tabs.all_keys()


def test_a_name_that_is_taken_is_told_under_the_field(shop: Workshop, desk: Desk) -> None:
    pane = the_list(shop)
    views.save(desk, "甲", pane.to_save())
    shop.settle()
    pane.saved.save_as()
    panel = pane.panel
    assert isinstance(panel, SaveViewPanel)
    commit(panel.name, "甲")
    press(shop, panel.name, Qt.Key.Key_Return)
    assert panel._problem.isVisible()
    assert len(views.saved(desk, "ticket")) == 1


def test_counts_of_the_views_follow_the_work(shop: Workshop, desk: Desk) -> None:
    pane = the_list(shop)
    assert pane.tabs._tabs["unassigned"].count == 0
    a_ticket(desk, "无人", owner_id=None)
    shop.settle()
    assert pane.tabs._tabs["unassigned"].count == 1
    assert pane.tabs._tabs["mine"].count == 0


# -- conditions ----------------------------------------------------------------------------------


def test_a_condition_of_ones_own_is_built_negated_changed_and_taken_out(
    shop: Workshop, desk: Desk
) -> None:
    a_ticket(desk, "空调不冷", owner_id=None)
    a_ticket(desk, "冰箱漏水")
    pane = the_list(shop)
    pane.own.edit(-1)
    panel = pane.panel
    assert isinstance(panel, ConditionPanel)
    line = panel._lines[0]
    line.field.set_value("title")
    line.operator.set_value("contains")
    assert line._value is not None
    commit(line._value, "空调")
    panel.add_line()
    second = panel._lines[1]
    second.field.set_value("owner_id")
    second.operator.set_value("in")
    assert second._value is not None
    second._value.set_value([ME])
    panel.match.set_value(Match.ANY)
    press(shop, panel.match, Qt.Key.Key_Return)
    assert sorted(titles(pane)) == sorted(["空调不冷", "冰箱漏水"])
    either = Group(
        Match.ANY,
        (Condition("title", Op.CONTAINS, ("空调",)), Condition("owner_id", Op.IN, (ME,))),
    )
    assert pane.query().conditions[-1] == either
    (chip,) = pane.chips._own
    assert chip.accessibleName() == "Title contains “空调” or Owner is one of Me"
    chip.setFocus()
    press(shop, chip, Qt.Key.Key_Return)
    panel = pane.panel
    assert isinstance(panel, ConditionPanel)
    assert len(panel._lines) == 2
    panel.match.set_value(Match.NONE)
    press(shop, panel.match, Qt.Key.Key_Return)
    assert titles(pane) == []
    assert pane.table.empty.isVisible()
    (chip,) = pane.chips._own
    chip.setFocus()
    press(shop, chip, Qt.Key.Key_Delete)
    assert len(titles(pane)) == 2


def test_a_filter_that_finds_nothing_has_a_way_out(shop: Workshop, desk: Desk) -> None:
    a_ticket(desk)
    pane = the_list(shop)
    pane.chips.set_condition("priority", ["urgent"])
    shop.settle()
    assert pane.table.empty.isVisible()
    pane.table.empty.acted.emit()
    shop.settle()
    assert pane.rows.count == 1


# -- groups --------------------------------------------------------------------------------------


def test_groups_are_counted_beside_the_list_and_narrow_it(shop: Workshop, desk: Desk) -> None:
    a_ticket(desk, "甲", priority="high")
    a_ticket(desk, "乙")
    a_ticket(desk, "丙")
    pane = the_list(shop)
    pane.grouping.set_field("priority")
    pane.reload()
    shop.settle()
    strip = pane.grouping.strip
    assert strip.isVisible()
    assert [strip.list.item(n).text() for n in range(3)] == ["All  3", "Normal  2", "High  1"]
    strip.list.setFocus()
    strip.list.setCurrentRow(2)
    press(shop, strip.list, Qt.Key.Key_Return)
    assert titles(pane) == ["甲"]
    assert strip.list.currentRow() == 2
    pane.grouping.set_field("created_at")
    pane.reload()
    shop.settle()
    assert strip.list.item(1).text() == "2026-04-01  3"
    strip.closed.emit()
    shop.settle()
    assert not strip.isVisible()
    assert pane.rows.count == 3


# -- search --------------------------------------------------------------------------------------


def test_the_search_box_of_the_list_takes_prefixes_and_tells_what_it_does_not_know(
    shop: Workshop, desk: Desk
) -> None:
    a_ticket(desk, "空调不冷", owner_id=None)
    a_ticket(desk, "冰箱漏水")
    pane = the_list(shop)
    pane.search("owner:me 颜色:红")
    shop.settle()
    assert pane.note.isVisible()
    assert "颜色" in pane.note.text()
    pane.search("owner:me 漏水")
    shop.settle()
    assert titles(pane) == ["冰箱漏水"]
    assert not pane.note.isVisible()
    assert pane.table.highlight is not None
    assert list(pane.table.highlight("冰箱漏水")) == [(2, 4)]
    pane.table.grab()  # the hits are painted without a fault


def open_palette(shop: Workshop) -> Palette:
    shop.window.act("palette")
    (found,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, Palette)]
    return found


def test_the_palette_finds_records_by_kind_and_opens_one(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk, "空调漏水到楼下")
    the_list(shop)
    palette = open_palette(shop)
    commit(palette.box, "陈静")
    shop.qtbot.waitUntil(lambda: palette._list.count() >= 4)
    texts = [palette._list.item(n).text() for n in range(palette._list.count())]
    assert texts[0] == "Tickets  1"
    assert "Customers  1" in texts
    assert not any("陈静" in text for text in texts)  # masked as in lists
    shop.qtbot.keyClick(palette.box, Qt.Key.Key_Return)
    shop.settle()
    page: Any = shop.window.page
    assert page.key == "tickets"
    assert page.list.table.current_id() == key


def test_the_palette_runs_commands_and_tells_an_unknown_prefix(shop: Workshop) -> None:
    the_list(shop)
    palette = open_palette(shop)
    shop.qtbot.keyClicks(palette.box, "callbacks")
    assert palette._list.currentItem().text().startswith("Callbacks")
    palette.box.clear()
    commit(palette.box, "颜色:红")
    shop.qtbot.waitUntil(lambda: "颜色" in palette.note.text())
    palette.close()


# -- paper ---------------------------------------------------------------------------------------


def test_the_list_is_printed_with_its_conditions_and_masked(
    shop: Workshop, desk: Desk, tmp_path: Path
) -> None:
    from pypdf import PdfReader

    for number in range(70):
        a_ticket(desk, f"单{number:03}")
    a_ticket(desk, "别的", priority="high")
    pane = the_list(shop)
    pane.chips.set_condition("priority", ["normal"])
    shop.settle()
    target = tmp_path / "list.pdf"
    pane.taking_out.print_to(target)
    shop.settle()
    pages = PdfReader(target).pages
    first, last = pages[0].extract_text(), pages[-1].extract_text()
    assert "All tickets" in first
    assert "Priority: Normal" in first
    assert "70 records" in first
    assert f"Page 1 of {len(pages)}" in first
    assert f"Page {len(pages)} of {len(pages)}" in last
    assert "单069" in first
    assert "单000" in last
    assert "陈静" not in first
    assert "陈*" in first
    assert not QApplication.activeModalWidget()
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, QPushButton)]
