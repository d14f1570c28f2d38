"""From a missed target to a proven effect and its return, in the window, over a year's months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from svcdesk.domain.people import Role
from svcdesk.services import improvements, settings, targets
from tests.domain.calendars import at
from tests.services.desks import no_callbacks
from tests.services.test_improvement_effect import METRIC, a_month_of_answers, close, the_item
from tests.ui.conftest import dressed, shop, styled
from tests.ui.pages import Workshop, commit
from tests.ui.test_improvement_page import KEY, page_of, press, type_cell
from ui.pages.improvement.dialogs import MeasureDialog
from ui.widgets.button import Button

if TYPE_CHECKING:
    from svcdesk.services.improvements import ListRow
    from svcdesk.system.clock import FixedClock
    from ui.pages.improvement.items_view import ItemsView

__all__ = ["dressed", "shop", "styled"]  # fixtures

CTRL = Qt.KeyboardModifier.ControlModifier


def quiet(shop: Workshop) -> None:
    """Wait for the write and for what is read again after it."""
    for _round in range(3):
        shop.settle()


def take(shop: Workshop, page: ItemsView, step: str, **fields: object) -> None:
    page.pane.step(step)
    if page.pane.form.isVisible():
        form = page.pane.form._form
        assert form is not None
        for name, value in fields.items():
            form.editor(name).set_value(value)
        page.pane.form.submit()
    quiet(shop)


def ask_why(shop: Workshop, page: ItemsView, key: int) -> None:
    """Answer three whys by keyboard, the last one with its evidence, and mark it as the root."""
    page.pane.show_tab("whys")
    outline = page.pane.whys.outline
    outline.setFocus()
    for answer in ("技术师路堵迟到", "未提前规划路线"):
        press(outline, KEY.Key_Return)
        type_cell(shop, answer)
        QTest.keyClick(QApplication.focusWidget(), KEY.Key_Escape)
    press(outline, KEY.Key_Return)
    type_cell(shop, "系统未提供实时路况")
    type_cell(shop, "系统说明书")
    outline.setFocus()
    press(outline, KEY.Key_Space)
    quiet(shop)
    rca = improvements.get(shop.desk, key).rca
    assert rca is not None
    assert rca["root_cause"] == "系统未提供实时路况"
    assert len(rca["whys"]) == 3
    assert not page.pane.whys.advice.isVisibleTo(page.pane.whys)


def draw_bones(shop: Workshop, page: ItemsView, key: int) -> None:
    """Put two causes on bones by keyboard; the drawing shows them."""
    page.pane.show_tab("bones")
    outline = page.pane.bones.outline
    outline.setFocus()
    for bone, cause in (
        (1, "系统无实时路况"),
        (4, "派单只看空闲"),
    ):  # places: a cause moves the rest
        outline.setCurrentItem(outline.items_()[bone])
        press(outline, KEY.Key_Return)
        type_cell(shop, cause)
        QTest.keyClick(QApplication.focusWidget(), KEY.Key_Escape)
        outline.setFocus()
    quiet(shop)
    rca = improvements.get(shop.desk, key).rca
    assert rca is not None
    assert [one["text"] for one in rca["causes"]] == ["系统无实时路况", "派单只看空闲"]
    drawn = page.pane.bones.view.layout_
    assert drawn is not None
    assert {c.cause.text for bone in drawn.bones for c in bone.causes} == {
        "系统无实时路况", "派单只看空闲",
    }  # fmt: skip


def add_measure(shop: Workshop, page: ItemsView, text: str) -> None:
    QTest.keyClick(page, KEY.Key_M)
    dialog = page.findChildren(MeasureDialog)[-1]
    commit(dialog.form.editor("text"), text)
    dialog.form.editor("owner_id").set_value(shop.desk.actor.id)
    QTest.keyClick(dialog, KEY.Key_Return, CTRL)
    quiet(shop)


def come_back(shop: Workshop, clock: FixedClock, item: ListRow) -> None:
    desk = shop.desk
    for month, following in (("2026-06", "2026-07"), ("2026-07", "2026-08"),
                             ("2026-08", "2026-09")):  # fmt: skip
        a_month_of_answers(desk, clock, month, good=6, bad=0)
        close(desk, clock, month, following)
    a_month_of_answers(desk, clock, "2026-09", good=5, bad=5)
    close(desk, clock, "2026-09", "2026-10")
    again = next(r for r in improvements.listed(desk) if r.metric == METRIC)
    assert again.id != item.id
    page = page_of(shop, record=again.id)
    quiet(shop)
    banner = page.pane._banners.itemAt(0).widget()
    assert banner is not None
    assert item.number in banner.accessibleName()
    button = next(b for b in banner.findChildren(Button) if b.property("action") == "reopen")
    button.click()
    quiet(shop)
    opened = improvements.get(desk, item.id)
    assert opened.item["status"] == "analyzing"
    assert [o["period"] for o in opened.occurrences] == ["2026-02", "2026-03", "2026-09"]
    assert opened.rca is not None  # its causes are at hand
    assert opened.verifications[0]["verdict"] == "effective"  # and so is its history
    assert page.pane.detail is not None
    assert page.pane.detail.item["id"] == item.id


def test_from_a_missed_target_to_a_proven_effect(shop: Workshop, clock: FixedClock) -> None:
    desk = shop.desk
    me = desk.actor.id
    clock.at = at("2026-02-01 09:00")
    no_callbacks(desk)
    other = settings.add_person(desk, "陈雨", [Role.QUALITY]).value
    targets.save(desk, METRIC, "2026-01", 90.0)
    a_month_of_answers(desk, clock, "2026-02", good=6, bad=4)
    close(desk, clock, "2026-02", "2026-03")
    item = the_item(desk)
    page = page_of(shop, record=item.id)
    assert "60" in page.pane.title.text()

    take(shop, page, "analyse", owner=me)
    ask_why(shop, page, item.id)
    draw_bones(shop, page, item.id)
    take(shop, page, "plan")
    for text in ("接入实时路况", "路线规划培训"):
        add_measure(shop, page, text)
    take(shop, page, "execute")
    for action in improvements.get(desk, item.id).actions:
        for step in ("start", "finish"):
            page.pane.plan._step(action, step)
            quiet(shop)
    take(shop, page, "verify")
    assert improvements.get(desk, item.id).item["status"] == "verifying"

    a_month_of_answers(desk, clock, "2026-03", good=3, bad=2)  # measures settle
    close(desk, clock, "2026-03", "2026-04")
    for month, following in (("2026-04", "2026-05"), ("2026-05", "2026-06")):
        a_month_of_answers(desk, clock, month, good=10, bad=0)
        close(desk, clock, month, following)
    page = page_of(shop, record=item.id, values={"tab": "effect"})
    quiet(shop)
    effect = page.pane.effect
    assert effect.verdict.value() == "effective"  # as the figures propose
    desk.act_as(other)
    effect.confirm.click()
    quiet(shop)
    page.pane.show_item(improvements.get(desk, item.id))
    take(shop, page, "close", standardised="路线规划SOP V1")
    closed = improvements.get(desk, item.id)
    assert (closed.item["status"], closed.item["standardised"]) == ("closed", "路线规划SOP V1")
    desk.act_as(me)

    come_back(shop, clock, item)
