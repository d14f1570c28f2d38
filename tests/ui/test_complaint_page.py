"""The complaint's page and the board over a real data file, by keys and clicks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from svcdesk.domain.people import Role
from svcdesk.services import complaint_departments, complaints, queries, settings, undo
from tests.ui.pages import Workshop, a_complaint, a_ticket, commit
from ui.pages.complaints.page import ComplaintsPage
from ui.pages.complaints.print_dialog import PrintDialog
from ui.pages.entry_dialog import EntryDialog
from ui.widgets.labels import Link

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from svcdesk.services.complaint_detail import ComplaintDetail
    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def opened(shop: Workshop, key: int) -> ComplaintsPage:
    page = shop.go("complaints", record=key)
    assert isinstance(page, ComplaintsPage)
    shop.qtbot.waitUntil(lambda: page.record.detail is not None)
    shop.settle()
    page.setFocus()
    return page


def detail(desk: Desk, key: int) -> ComplaintDetail:
    return complaints.get(desk, key)


def press(shop: Workshop, widget: QWidget, key: Qt.Key, modifiers: Any = None) -> None:
    QTest.keyClick(widget, key, modifiers or Qt.KeyboardModifier.NoModifier)
    shop.settle()


def code(desk: Desk, list_name: str, name: str) -> int:
    found = desk.reference.by_code(list_name, name)
    assert found is not None
    return found.id


def test_one_key_records_the_first_contact(shop: Workshop, desk: Desk) -> None:
    key = a_complaint(desk)
    page = opened(shop, key)
    press(shop, page, Key.Key_F)
    assert detail(desk, key).complaint["contacted_at"] is not None
    undo.undo(desk)
    assert detail(desk, key).complaint["contacted_at"] is None


def test_a_department_is_asked_by_key_and_problems_stand_at_their_fields(
    shop: Workshop, desk: Desk
) -> None:
    key = a_complaint(desk)
    page = opened(shop, key)
    press(shop, page, Key.Key_H)
    panel = page.record.panel
    assert panel.open_action == "ask"
    form = panel._form
    assert form is not None
    panel.submit()
    shop.settle()
    assert form.field("complaint_department.department").problem
    assert form.field("complaint_department.task").problem
    form.editor("complaint_department.department").set_value(code(desk, "department", "logistics"))
    commit(form.editor("complaint_department.task"), "核对到货时间")
    QTest.keyClick(form.editor("complaint_department.task"), Key.Key_Return, CTRL)
    shop.settle()
    shop.qtbot.waitUntil(lambda: len(detail(desk, key).departments) == 1)
    shop.settle()
    assert panel.open_action == ""
    rows = detail(desk, key).departments
    assert (rows[0]["task"], rows[0]["answered_at"]) == ("核对到货时间", None)
    page.setFocus()
    press(shop, page, Key.Key_Y)
    assert panel.open_action == "answer"
    answer = panel._form
    assert answer is not None
    press(shop, answer.editor("complaint_department.answer"), Key.Key_Escape)
    assert panel.open_action == ""


def test_fields_of_every_section_are_saved_as_one_step(shop: Workshop, desk: Desk) -> None:
    key = a_complaint(desk)
    page = opened(shop, key)
    form = page.record.form
    form.editor("region").setText("杭州")
    form.show_section("handling")
    form.editor("compensation").setText("88.50")
    form.show_section("impact")
    form.editor("impact_lost").setChecked(True)
    form.editor("impact_cost").setText("120")
    assert form.dirty
    QTest.keyClick(form.editor("impact_cost"), Key.Key_S, CTRL)
    shop.qtbot.waitUntil(lambda: detail(desk, key).complaint["region"] == "杭州")
    stored = detail(desk, key).complaint
    assert (stored["compensation"], stored["impact_lost"], stored["impact_cost"]) == (
        8850,
        1,
        12_000,
    )
    undo.undo(desk)
    stored = detail(desk, key).complaint
    assert (stored["region"], stored["compensation"], stored["impact_cost"]) == (None, None, None)


def test_a_wrong_field_shows_its_section(shop: Workshop, desk: Desk) -> None:
    key = a_complaint(desk)
    page = opened(shop, key)
    form = page.record.form
    form.editor("complained_of").set_value(desk.actor.id)
    form.show_section("handling")
    form.editor("handler").set_value(desk.actor.id)
    form.show_section("impact")
    form.editor("impact_cost").setText("1")
    page.record.save()
    shop.settle()
    assert form.tabs.key() == "handling"
    assert form.field("handler").problem
    assert detail(desk, key).complaint["complained_of_id"] is None


def test_pain_points_are_chips_switched_by_space(shop: Workshop, desk: Desk) -> None:
    key = a_complaint(desk)
    page = opened(shop, key)
    field = page.record.form.editor("pain_tags")
    chip = field._chips[1][2]
    chip.setFocus()
    QTest.keyClick(chip, Key.Key_Space)
    assert field.value() == [field._chips[1][0]]
    page.record.save()
    shop.qtbot.waitUntil(lambda: detail(desk, key).complaint["pain_tags"] == field.value())


def test_the_proposal_follows_the_typing_and_is_taken_over(shop: Workshop, desk: Desk) -> None:
    key = a_complaint(desk)
    page = opened(shop, key)
    form = page.record.form
    form.editor("description").setFocus()
    commit(form.editor("description"), "电池鼓包，")
    shop.qtbot.waitUntil(
        lambda: form.note.proposal is not None and "safety" in form.note.proposal.codes
    )
    page.record.save()
    shop.qtbot.waitUntil(lambda: detail(desk, key).open_proposal is not None)
    shop.settle()
    page.setFocus()
    press(shop, page, Key.Key_S)
    shop.qtbot.waitUntil(lambda: detail(desk, key).complaint["severity"] == "major")


def test_a_supervisor_approves_what_an_agent_asked_for(shop: Workshop, desk: Desk) -> None:
    boss = desk.actor.id
    key = a_complaint(desk)
    agent = settings.add_person(desk, "小周", [Role.AGENT]).value
    desk.act_as(agent)
    complaints.change(desk, key, {"compensation": 80_000})
    desk.act_as(boss)
    page = opened(shop, key)
    press(shop, page, Key.Key_G)
    assert page.record.panel.open_action == "approve"
    page.record.panel.submit()
    shop.qtbot.waitUntil(lambda: str(detail(desk, key).approval) == "granted")


def test_a_complaint_made_of_a_ticket_is_filled_in_and_linked(shop: Workshop, desk: Desk) -> None:
    ticket = a_ticket(desk)
    shop.go("tickets", record=ticket)
    page = shop.go("complaints", values={"from_ticket": ticket})
    assert isinstance(page, ComplaintsPage)
    dialog = next(
        w for w in QApplication.topLevelWidgets() if isinstance(w, EntryDialog) and w.isVisible()
    )
    shop.settle()
    assert dialog.form.editor("description").value()
    dialog.form.editor("category_l1").set_value(code(desk, "category", "aftersales"))
    dialog.save()
    shop.qtbot.waitUntil(lambda: queries.count(desk, queries.Query("complaint")) == 1)
    key = queries.DeskRows(desk, queries.Query("complaint")).first_page(1)[0].id
    assert [row["ticket_id"] for row in detail(desk, key).tickets] == [ticket]


def test_every_number_of_the_board_opens_its_rows(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    late, fresh = a_complaint(desk), a_complaint(desk)
    complaint_departments.ask(
        desk, late, {"department_id": code(desk, "department", "service"), "task": "回电"}
    )
    clock.at = detail(desk, late).complaint["due_at"] + 1
    third = a_complaint(desk)
    page = shop.go("complaints", values={"tab": "board"})
    assert isinstance(page, ComplaintsPage)
    pane = page.board
    shop.qtbot.waitUntil(lambda: pane.board is not None)
    shop.settle()
    board = pane.board
    assert board is not None
    assert (board.total.received, board.total.handled, board.total.overdue) == (3, 0, 2)
    assert board.total.unplanned == 2
    assert {row.id for row in board.overdue} == {late, fresh}
    for which, count in (("received", 3), ("open", 3), ("overdue", 2), ("unplanned", 2)):
        page = shop.go("complaints", values={"tab": "board"})
        assert isinstance(page, ComplaintsPage)
        shop.settle()
        link = page.board.findChild(Link, f"{which}-0")
        assert link is not None
        assert link.text() == str(count)
        link.setFocus()
        QTest.keyClick(link, Key.Key_Return)
        shop.settle()
        assert page.list.rows.rowCount() == count
    assert third not in {row.id for row in board.overdue}


def test_a_sheet_is_masked_unless_there_is_a_purpose(
    shop: Workshop, desk: Desk, tmp_path: Path
) -> None:
    from pypdf import PdfReader

    key = a_complaint(desk)
    page = opened(shop, key)
    assert page.record.detail is not None
    name = str(detail(desk, key).customer["name"])
    dialog = PrintDialog(page, page.place, page.record.detail)
    dialog.open()
    dialog.write_to(tmp_path / "masked.pdf")
    shop.qtbot.waitUntil((tmp_path / "masked.pdf").exists)
    shop.settle()
    text = "".join(p.extract_text() for p in PdfReader(tmp_path / "masked.pdf").pages)
    assert name not in text
    assert str(detail(desk, key).complaint["complaint_no"]) in text
    dialog = PrintDialog(page, page.place, page.record.detail)
    dialog.open()
    dialog.form.editor("unmask").setChecked(True)
    assert not dialog._allowed()
    dialog.form.editor("purpose").setText("调解")
    dialog.write_to(tmp_path / "full.pdf")
    shop.qtbot.waitUntil((tmp_path / "full.pdf").exists)
    shop.settle()
    text = "".join(p.extract_text() for p in PdfReader(tmp_path / "full.pdf").pages)
    assert name in text
    assert "调解" in text
