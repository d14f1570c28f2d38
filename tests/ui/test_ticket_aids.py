"""What spares typing, through the real window and by real keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage, QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from svcdesk.domain.aids import Aid, AidKind
from svcdesk.services import aids, attachments, checklists, tags, tickets, undo
from tests.ui.pages import Workshop, a_ticket, commit, item
from ui.pages.entry_dialog import EntryDialog
from ui.pages.tickets.page import TicketsPage
from ui.widgets.chips import Chip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from svcdesk.services.desk import Desk

CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def shop(qtbot: QtBot, desk: Desk) -> Iterator[Workshop]:
    made = Workshop(qtbot, desk)
    yield made
    made.close()


def tickets_page(shop: Workshop, **more: Any) -> TicketsPage:
    page = shop.go("tickets", **more)
    assert isinstance(page, TicketsPage)
    shop.window.host.activateWindow()
    page.list.table.setFocus()
    return page


def letter(shop: Workshop, text: str) -> None:
    """Press a letter as a keyboard sends it, wherever the focus is."""
    focus = QApplication.focusWidget()
    assert focus is not None
    key = Qt.Key(ord(text.upper()))
    QApplication.sendEvent(focus, QKeyEvent(QKeyEvent.Type.KeyPress, key, NONE, text))
    shop.settle()


def entry_form() -> EntryDialog:
    (found,) = [
        w for w in QApplication.topLevelWidgets() if isinstance(w, EntryDialog) and w.isVisible()
    ]
    return found


def saved(desk: Desk, kind: AidKind, name: str, body: dict[str, Any], **more: Any) -> int:
    return aids.save(desk, Aid(0, kind, name, body, **more)).value


def a_product(desk: Desk, number: str = "KT-35", name: str = "北辰空调 35") -> int:
    with desk.write("product", kind="system") as uow:
        return uow.insert("product", {"product_no": number, "name": name, "model": "B35"})


# -- fields of the kind ------------------------------------------------------------------------


def test_the_form_asks_for_what_the_kind_needs_and_keeps_what_was_typed(
    shop: Workshop, desk: Desk
) -> None:
    product = a_product(desk)
    page = tickets_page(shop)
    page.act("ticket.new")
    form = entry_form()
    assert form.kinds.isHidden()
    kind = form.form.editor("request_type")
    kind.set_value("repair")
    assert list(form.kinds.values()) == ["warranty", "fault_code"]
    assert "Product, Warranty" in form.kinds._needs.text()
    own = form.kinds.form
    assert own is not None
    form.activateWindow()
    shop.qtbot.waitUntil(form.isActiveWindow)
    form.form.editor("priority").setFocus()
    for name in ("warranty", "fault_code"):  # Tab goes through them where they stand
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is own.editor(name)
    QTest.keyClicks(own.editor("fault_code"), "E4")
    kind.set_value("consult")
    assert form.kinds.isHidden()
    kind.set_value("repair")
    assert form.kinds.values()["fault_code"] == "E4"
    field = form.form.editor("product")
    field.setFocus()
    commit(field.line, "空调")
    QTest.keyClick(field.line, Qt.Key.Key_Return)  # before the matches came
    shop.qtbot.waitUntil(lambda: field.value() == product)
    form.picker._make_new("陈静")
    form.form.editor("title").set_value("空调不制冷")
    QTest.keyClick(form, Qt.Key.Key_Return, CTRL)
    shop.settle()
    made = page.actions_.key
    assert made is not None
    ticket = tickets.get(desk, made).ticket
    assert (ticket["product_id"], ticket["details"]) == (product, {"fault_code": "E4"})


def test_words_that_are_no_product_are_not_lost_in_silence(shop: Workshop, desk: Desk) -> None:
    a_product(desk)
    page = tickets_page(shop)
    page.act("ticket.new")
    form = entry_form()
    form.picker._make_new("陈静")
    form.form.editor("title").set_value("空调不制冷")
    QTest.keyClicks(form.form.editor("product").line, "KT-99")
    form.save()
    assert "KT-99" in form.form.field("product").problem
    assert form.isVisible()


def test_resolving_asks_in_place_for_what_the_kind_lacks(shop: Workshop, desk: Desk) -> None:
    product = a_product(desk)
    key = a_ticket(desk, request_type="repair", product_id=product)
    tickets.say(desk, key, "您好", "public_reply")
    page = tickets_page(shop, record=key)
    letter(shop, "r")
    form = page.pane.panel._form
    assert form is not None
    assert "warranty" in form.values()
    assert "product" not in form.values()
    form.editor("solution").set_value("更换启动电容，运行正常")
    form.editor("resolution_code").set_value("onsite")
    page.pane.panel.submit()
    shop.settle()
    assert "Warranty" in form.field("warranty").problem
    form.editor("warranty").set_value("in")
    QTest.keyClick(page.pane, Qt.Key.Key_Return, CTRL)
    shop.qtbot.waitUntil(lambda: tickets.get(desk, key).ticket["status"] == "resolved")
    shop.settle()
    assert tickets.get(desk, key).ticket["details"] == {"warranty": "in"}
    titles = {m.title: m.text for m in page.pane.history.timeline.moments}
    assert titles["周敏 changed: Warranty"] == "— → in warranty"


def test_a_template_fills_the_form_and_brings_its_checklist(shop: Workshop, desk: Desk) -> None:
    steps = saved(desk, AidKind.CHECKLIST, "上门维修", {"items": [{"text": "备件"}]})
    values = {"title": "空调报修", "request_type": "repair", "warranty": "unknown",
              "issue_id": item(desk, "issue", "quality")}  # fmt: skip
    saved(desk, AidKind.TICKET, "报修", {"values": values, "checklists": [steps]})
    page = tickets_page(shop)
    page.act("ticket.new")
    form = entry_form()
    form.picker._make_new("陈静")
    commit(form.form.editor("description"), "客厅空调不制冷")
    form.activateWindow()
    shop.qtbot.waitUntil(form.isActiveWindow)
    QTest.keyClick(form, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    shop.qtbot.waitUntil(lambda: form.templates.popup is not None)
    popup = form.templates.popup
    assert popup is not None
    QTest.keyClick(popup.search, Qt.Key.Key_Return)
    assert form.form.values()["title"] == "空调报修"
    assert form.form.values()["description"] == "客厅空调不制冷"  # what was typed stays
    assert form.kinds.values()["warranty"] == "unknown"
    form.save()
    shop.settle()
    made = page.actions_.key
    assert made is not None
    detail = tickets.get(desk, made)
    assert [row["text"] for row in detail.checks] == ["备件"]
    assert detail.ticket["issue_id"] == values["issue_id"]
    undo.undo(desk)  # one step: the ticket goes with all that it brought
    assert checklists.of_ticket(desk, made) == []


# -- macros --------------------------------------------------------------------------------------


def test_m_and_a_digit_run_a_macro_and_undo_takes_it_back(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk)
    saved(desk, AidKind.MACRO, "问订单", {"actions": [
        {"do": "say", "kind": "public_reply", "text": "订单{订单号}已查到"}]})  # fmt: skip
    saved(desk, AidKind.MACRO, "加急", {"actions": [
        {"do": "set", "field": "priority", "value": "high"}, {"do": "tag", "add": "加急"}]},
        sort=1)  # fmt: skip
    page = tickets_page(shop, record=key)
    letter(shop, "m")
    shop.qtbot.waitUntil(lambda: page.actions_.macros.popup is not None)
    popup = page.actions_.macros.popup
    assert popup is not None
    assert "订单号" in popup.told  # the first one is refused, and says why at once
    QTest.keyClick(popup.search, Qt.Key.Key_Return)
    assert popup.isVisible()
    QTest.keyClicks(popup.search, "2")
    shop.qtbot.waitUntil(lambda: tickets.get(desk, key).ticket["tags"] == ["加急"])
    assert tickets.get(desk, key).ticket["priority"] == "high"
    undo.undo(desk)
    assert tickets.get(desk, key).ticket["tags"] == []
    assert tickets.get(desk, key).ticket["priority"] == "normal"


def test_macros_are_found_by_what_they_do(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk)
    for name, tag in (("甲", "待配件"), ("乙", "待质检")):
        saved(desk, AidKind.MACRO, name, {"actions": [{"do": "tag", "add": tag}]})
    page = tickets_page(shop, record=key)
    shop.window.act("ticket.macro")
    shop.qtbot.waitUntil(lambda: page.actions_.macros.popup is not None)
    popup = page.actions_.macros.popup
    assert popup is not None
    commit(popup.search, "质检")
    QTest.keyClick(popup.search, Qt.Key.Key_Return)
    shop.qtbot.waitUntil(lambda: tickets.get(desk, key).ticket["tags"] == ["待质检"])


# -- canned replies -----------------------------------------------------------------------------


def test_two_colons_offer_replies_and_enter_puts_one_in(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk)
    saved(desk, AidKind.REPLY, "时限", {"text": "很快答复"}, shortcut="sx")
    saved(desk, AidKind.REPLY, "问候", {"text": "您好，{姓名}，工单{工单号}"}, shortcut="wh")
    page = tickets_page(shop, record=key)
    words = page.pane.words_box
    picker = page.pane.talk.replies
    words.setFocus()
    commit(words, "稍等。")
    QTest.keyClicks(words, "::w")
    shop.qtbot.waitUntil(picker.isVisible)
    assert picker.list.count() == 1
    assert picker.preview.text() == "您好，陈静，工单GD202604-0001"
    QTest.keyClick(words, Qt.Key.Key_Return)
    assert words.value() == "稍等。您好，陈静，工单GD202604-0001"
    assert not picker.isVisible()
    words.clear()
    commit(words, "：：sx")  # as a Chinese input method writes the colons
    shop.qtbot.waitUntil(picker.isVisible)
    QTest.keyClick(words, Qt.Key.Key_Return)
    assert words.value() == "很快答复"


def test_a_reply_with_a_hole_is_not_put_in(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk)
    saved(desk, AidKind.REPLY, "订单", {"text": "订单{订单号}已查到"}, shortcut="dd")
    page = tickets_page(shop, record=key)
    words, picker = page.pane.words_box, page.pane.talk.replies
    words.setFocus()
    QTest.keyClick(words, Qt.Key.Key_Semicolon, CTRL)
    shop.qtbot.waitUntil(picker.isVisible)
    QTest.keyClick(words, Qt.Key.Key_Return)
    assert words.value() == "::"
    assert "订单号" in picker.missing.text()
    QTest.keyClick(picker.enter, Qt.Key.Key_Space)
    form = entry_form()
    shop.qtbot.waitUntil(lambda: form.focusWidget() is form.form.editor("order"))
    QTest.keyClicks(form.form.editor("order"), "DD202604010001")
    form.save()
    shop.settle()
    words.setFocus()
    QTest.keyClick(words, Qt.Key.Key_Semicolon, CTRL)
    shop.qtbot.waitUntil(picker.isVisible)
    QTest.keyClick(words, Qt.Key.Key_Return)
    assert words.value() == "订单DD202604010001已查到"


def test_a_composition_is_left_alone_while_replies_are_offered(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk)
    saved(desk, AidKind.REPLY, "致歉", {"text": "非常抱歉"})
    page = tickets_page(shop, record=key)
    words, picker = page.pane.words_box, page.pane.talk.replies
    words.setFocus()
    QTest.keyClicks(words, "::")
    shop.qtbot.waitUntil(picker.isVisible)
    QApplication.sendEvent(words, QInputMethodEvent("zhiqian", []))
    assert picker.list.count() == 1  # letters that are being composed are no words yet
    commit(words, "致歉")
    assert picker.list.count() == 1
    QTest.keyClick(words, Qt.Key.Key_Escape)
    assert not picker.isVisible()
    assert words.value() == "::致歉"  # the words typed stay


# -- checklist, tags -----------------------------------------------------------------------------


def test_a_checklist_is_added_ticked_and_keeps_the_ticket_open(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk, callback_required=0)
    saved(desk, AidKind.CHECKLIST, "质检", {"items": [
        {"text": "拍照", "blocking": True}, {"text": "称重"}]})  # fmt: skip
    tickets.say(desk, key, "您好", "public_reply")
    tickets.step(
        desk, key, "resolve", {"solution": "已指导复位，恢复正常", "resolution_code": "remote"}
    )
    page = tickets_page(shop, record=key)
    checks = page.pane.checks
    letter(shop, "q")
    assert checks.isVisible()
    checks.add_button.click()
    shop.qtbot.waitUntil(lambda: checks.popup is not None)
    assert checks.popup is not None
    QTest.keyClicks(checks.popup.search, "1")
    shop.qtbot.waitUntil(lambda: len(checks.boxes) == 2)
    checks.own.setFocus()
    commit(checks.own, "贴封条")
    QTest.keyClick(checks.own, Qt.Key.Key_Return)
    shop.qtbot.waitUntil(lambda: len(checks.boxes) == 3)
    page.pane.show_tab("timeline")
    page.list.table.setFocus()
    letter(shop, "c")  # close: refused, and the list is shown
    assert tickets.get(desk, key).ticket["status"] == "resolved"
    first = next(iter(checks.boxes.values()))
    assert checks.isVisible()
    assert first.hasFocus()
    assert any("checklist is not done" in t for t in shop.window.messages.texts())
    QTest.keyClick(first, Qt.Key.Key_Space)
    shop.qtbot.waitUntil(lambda: checklists.of_ticket(desk, key)[0]["done_at"] is not None)
    shop.settle()
    page.list.table.setFocus()
    letter(shop, "c")
    shop.qtbot.waitUntil(lambda: tickets.get(desk, key).ticket["status"] == "closed")


def test_tags_are_added_by_key_and_taken_off(shop: Workshop, desk: Desk) -> None:
    other, key = a_ticket(desk, "冰箱异响"), a_ticket(desk)
    tags.replace(desk, other, ["待配件"])
    page = tickets_page(shop, record=key)
    strip = page.pane.tags
    letter(shop, "#")
    shop.qtbot.waitUntil(lambda: strip.line.known.stringList() == ["待配件"])
    commit(strip.line, "加急")
    QTest.keyClick(strip.line, Qt.Key.Key_Return)
    shop.qtbot.waitUntil(lambda: tickets.get(desk, key).ticket["tags"] == ["加急"])
    shop.settle()
    assert strip.line.hasFocus()  # the next one can be typed at once
    QTest.keyClick(strip.line, Qt.Key.Key_Escape)
    chip = next(c for c in strip.findChildren(Chip) if c.is_set and c.isVisible())
    chip.setFocus()
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    shop.qtbot.waitUntil(lambda: tickets.get(desk, key).ticket["tags"] == [])


# -- attachments -----------------------------------------------------------------------------------


def a_picture() -> QImage:
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    return image


def test_a_screenshot_is_pasted_and_files_are_dropped(
    shop: Workshop, desk: Desk, tmp_path: Path
) -> None:
    key = a_ticket(desk)
    page = tickets_page(shop, record=key)
    QGuiApplication.clipboard().setImage(a_picture())
    QTest.keyClick(page.list.table, Qt.Key.Key_V, CTRL)
    files = page.pane.files
    shop.qtbot.waitUntil(lambda: files.list.count() == 1)
    (row,) = attachments.of_record(desk, "ticket", key)
    assert row["name"] == "Screenshot 2026-04-01 10.00.00.png"
    assert files.isVisible()
    page.pane.words_box.setFocus()
    QTest.keyClick(page.pane.words_box, Qt.Key.Key_V, CTRL)  # the same one is not doubled
    shop.settle()
    assert page.pane.words_box.value() is None
    assert len(attachments.of_record(desk, "ticket", key)) == 1
    photo, empty = tmp_path / "铭牌.txt", tmp_path / "空.txt"
    photo.write_text("SN20260401", encoding="utf-8")
    empty.write_bytes(b"")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo)), QUrl.fromLocalFile(str(empty))])
    drop = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data,
                      Qt.MouseButton.LeftButton, NONE)  # fmt: skip
    page.pane.dropEvent(drop)
    shop.qtbot.waitUntil(lambda: files.list.count() == 2)
    assert any("空.txt" in text for text in shop.window.messages.texts())
    assert "铭牌.txt" in files.list.item(1).text()


def test_space_previews_delete_removes_and_undo_brings_back(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk)
    page = tickets_page(shop, record=key)
    data = QMimeData()
    data.setImageData(a_picture())
    files = page.pane.files
    files.add_data(data)
    shop.qtbot.waitUntil(lambda: files.list.count() == 1)
    shop.settle()
    files.list.setFocus()
    QTest.keyClick(files.list, Qt.Key.Key_Space)
    shop.qtbot.waitUntil(lambda: files.picture is not None and files.picture.isVisible())
    assert files.picture is not None
    assert files.picture.shown.pixmap().width() == 40
    QTest.keyClick(files.picture, Qt.Key.Key_Space)
    assert not files.picture.isVisible()
    QTest.keyClick(files.list, Qt.Key.Key_Delete)
    shop.qtbot.waitUntil(lambda: attachments.of_record(desk, "ticket", key) == [])
    undo.undo(desk)
    shop.qtbot.waitUntil(lambda: files.list.count() == 1)


def test_a_program_is_not_opened_but_may_be_saved(
    shop: Workshop, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = a_ticket(desk)
    attachments.add(desk, key, "升级.exe", b"MZ program")
    page = tickets_page(shop, record=key)
    files = page.pane.files
    page.pane.show_tab("files")
    files.list.setFocus()
    QTest.keyClick(files.list, Qt.Key.Key_Return)
    shop.qtbot.waitUntil(lambda: "升级.exe" in files.told)
    target = tmp_path / "升级.exe"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    assert files._banner is not None
    files._banner.acted.emit("save")
    shop.qtbot.waitUntil(target.exists)
    shop.settle()
    assert target.read_bytes() == b"MZ program"
    assert files.told == ""
