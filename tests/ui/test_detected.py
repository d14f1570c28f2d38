"""Findings judged by keys in the real window; what is told while a complaint is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from svcdesk.services import complaints, detection, detection_findings
from tests.ui.pages import Workshop, commit, item
from ui.pages.complaints.detected_typing import DetectedStrip
from ui.pages.complaints.detected_words import gap, marked
from ui.pages.complaints.page import ComplaintsPage
from ui.pages.settings.page import SettingsPage

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

DAY = 86400


def entered(desk: Desk, **more: Any) -> int:
    values = {
        "channel_id": item(desk, "channel", "phone"),
        "category_id": item(desk, "category", "service"),
        "description": "客服承诺回电却没有回电",
        **more,
    }
    return complaints.create(desk, values).value


def twice(desk: Desk, clock: FixedClock) -> tuple[int, int]:
    first = entered(desk, new_customer={"name": "李四"})
    clock.advance(12 * DAY + 3 * 3600)
    customer = complaints.get(desk, first).complaint["customer_id"]
    return first, entered(desk, customer_id=customer)


def findings_page(shop: Workshop) -> ComplaintsPage:
    page = shop.go("complaints", values={"tab": "findings"})
    assert isinstance(page, ComplaintsPage)
    shop.qtbot.waitUntil(lambda: page.detected._board is not None)
    shop.settle()
    return page


def press(shop: Workshop, widget: QWidget, letter: str) -> None:
    shop.qtbot.keyClicks(widget, letter)
    shop.settle()


def test_times_between_records() -> None:
    assert gap(12 * DAY + 3 * 3600 + 59) == "12 days 3 h"
    assert gap(3 * 3600 + 20 * 60) == "3 h 20 min"
    assert gap(40 * 60) == "40 min"


def test_the_words_found_stand_out_and_markup_is_text() -> None:
    assert marked("去抖音 <b>发</b> B站", ("抖音", "b站")) == (
        "去<b><u>抖音</u></b> &lt;b&gt;发&lt;/b&gt; <b><u>B站</u></b>"
    )


def test_questions_are_judged_by_one_key_each(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    _, second = twice(desk, clock)
    entered(desk, new_customer={"name": "王五"}, description="我去抖音曝光你们")
    page = findings_page(shop)
    pane = page.detected
    shop.qtbot.waitUntil(lambda: len(pane._lines) == 2)
    first = pane.evidence.finding
    assert first is not None
    assert first.rule == "exposure"
    press(shop, pane.table, "y")
    shop.qtbot.waitUntil(lambda: len(pane._lines) == 1)
    shop.qtbot.waitUntil(lambda: pane.evidence.finding is not None
                         and pane.evidence.finding.rule == "repeat")  # fmt: skip
    assert complaints.get(desk, first.side.id).complaint["social_exposure"] == 1
    press(shop, pane.table, "n")
    shop.qtbot.waitUntil(lambda: not pane._lines)
    assert complaints.get(desk, second).complaint["is_repeat"] == 0
    pane._show_tab("answered")
    shop.settle()
    assert len(pane._lines) == 2


def test_a_group_is_worked_on_its_page(shop: Workshop, desk: Desk, clock: FixedClock) -> None:
    with desk.write("Add") as uow:
        thing = uow.insert("product", {"product_no": "SD7", "name": "SD-7 扫地机器人"})
    for name in ("甲", "乙", "丙"):
        entered(desk, new_customer={"name": name}, product_id=thing)
    page = findings_page(shop)
    pane = page.detected
    shop.qtbot.waitUntil(lambda: pane.evidence.finding is not None)
    press(shop, pane.table, "g")
    shop.qtbot.waitUntil(lambda: pane._side.currentWidget() is pane.group)
    assert pane.group.page is not None
    group = pane.group.page.group
    assert (group.customers, group.complaints) == (3, 3)
    pane.group.measures.setFocus()
    commit(pane.group.measures, "停售该批次")
    shop.qtbot.keyClicks(pane.group.measures, "n")  # a letter typed judges nothing
    assert len(detection_findings.questions(desk)) == 1
    shop.qtbot.keyClick(
        pane.group.measures, Qt.Key.Key_S, modifier=Qt.KeyboardModifier.ControlModifier
    )
    shop.settle()
    stored = detection_findings.group(desk, group.id)
    assert stored is not None
    assert stored.group.measures == "停售该批次n"


def test_the_record_shows_its_findings_and_takes_the_answer(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    first, second = twice(desk, clock)
    page = shop.go("complaints", record=second)
    assert isinstance(page, ComplaintsPage)
    banners = page.record.detected
    shop.qtbot.waitUntil(lambda: len(banners.findings) == 1)
    assert not banners.isHidden()
    banners._act(banners.findings[0], "denied")
    shop.settle()
    shop.qtbot.waitUntil(lambda: banners.findings[0].state == "denied")
    assert complaints.get(desk, second).complaint["repeat_of_id"] is None
    banners._act(banners.findings[0], "again")
    shop.settle()
    assert complaints.get(desk, second).complaint["repeat_of_id"] == first


def test_a_link_by_hand_says_what_is_wrong(shop: Workshop, desk: Desk, clock: FixedClock) -> None:
    first = entered(desk, new_customer={"name": "李四"})
    clock.advance(90 * DAY)
    other = entered(desk, new_customer={"name": "李四家人"})
    page = shop.go("complaints", record=other)
    assert isinstance(page, ComplaintsPage)
    shop.qtbot.waitUntil(lambda: page.record.detail is not None)
    shop.window.act("complaint.link")
    box = page.record.detected.link
    assert not box.isHidden()
    shop.qtbot.keyClicks(box.number, "TS1")
    shop.qtbot.keyClick(box.number, Qt.Key.Key_Return)
    shop.settle()
    shop.qtbot.waitUntil(lambda: "TS1" in box.wrong.text())
    box.number.clear()
    shop.qtbot.keyClicks(box.number, str(complaints.get(desk, first).complaint["complaint_no"]))
    shop.qtbot.keyClick(box.number, Qt.Key.Key_Return)
    shop.settle()
    shop.qtbot.waitUntil(box.isHidden)
    assert complaints.get(desk, other).complaint["repeat_of_id"] == first


def test_the_third_customer_is_told_while_typing(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    with desk.write("Add") as uow:
        thing = uow.insert("product", {"product_no": "SD7", "name": "SD-7 扫地机器人"})
    for name in ("甲", "乙"):
        entered(desk, new_customer={"name": name}, product_id=thing)
    place = shop.window.place
    assert place is not None
    strip = DetectedStrip(place)
    shop.qtbot.addWidget(strip)
    typed = {"product_id": thing, "new_customer": {"name": "丙"}, "description": ""}
    strip.show_values(typed)
    shop.qtbot.waitUntil(lambda: bool(strip.lines))
    assert strip.lines == [
        "Would be customer no. 3 of SD-7 扫地机器人 in 7 days: a group complaint"
    ]
    strip.show_values({**typed, "product_id": None})
    shop.qtbot.waitUntil(lambda: not strip.lines)


def test_rules_show_their_effect_before_they_are_saved(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    first = entered(desk, new_customer={"name": "李四"})
    clock.advance(40 * DAY)
    customer = complaints.get(desk, first).complaint["customer_id"]
    second = entered(desk, customer_id=customer)
    page = shop.go("settings", values={"tab": "detection"})
    assert isinstance(page, SettingsPage)
    tab = page.detection
    assert not tab.save.isEnabled()
    editor = tab.form.editor("repeat_days")
    editor.set_value(999)
    editor.changed.emit()
    shop.qtbot.waitUntil(lambda: tab.form.field("repeat_days").problem != "")
    editor.set_value(45)
    editor.changed.emit()
    shop.qtbot.waitUntil(lambda: "0 → 1" in {label.text() for label in tab.findChildren(QLabel)})
    tab.save.click()
    shop.settle()
    shop.qtbot.waitUntil(lambda: desk.reference.settings["repeat_days"] == 45)
    assert complaints.get(desk, second).complaint["repeat_of_id"] == first


def test_an_alarm_leads_to_its_group(shop: Workshop, desk: Desk, clock: FixedClock) -> None:
    from svcdesk.services import notices
    from ui.shell.notice_centre import notice_icon, route_of

    with desk.write("Add") as uow:
        thing = uow.insert("product", {"product_no": "SD7", "name": "SD-7 扫地机器人"})
    keys = [entered(desk, new_customer={"name": n}, product_id=thing) for n in ("甲", "乙", "丙")]
    (told,) = [n for n in notices.recent(desk) if n.kind == "alarm_group"]
    route = route_of(told)
    assert route is not None
    assert notice_icon(told) == "siren"
    shop.window.go(route)
    shop.settle()
    page = shop.window.page
    assert isinstance(page, ComplaintsPage)
    pane = page.detected
    shop.qtbot.waitUntil(lambda: pane.group.page is not None)
    assert pane.group.page is not None
    assert pane.group.page.group.id == complaints.get(desk, keys[0]).complaint["group_id"]
    detection.answer_group(desk, pane.group.page.group.id, "confirmed")
    shop.settle()
    shop.qtbot.waitUntil(lambda: pane.group.page is not None
                         and pane.group.page.state == "confirmed")  # fmt: skip
