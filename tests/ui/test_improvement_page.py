"""The improvement page with real keys: stages, 5-Why, fishbone, measures, verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from svcdesk.domain.causes import CauseRow, WhyRow
from svcdesk.domain.people import Role
from svcdesk.i18n import catalog
from svcdesk.services import (
    improvement_causes,
    improvement_measures,
    improvements,
    settings,
    undo,
)
from svcdesk.services.improvement_causes import Analysis
from svcdesk.services.improvement_parts import Form
from tests.ui.pages import Workshop, a_complaint, commit
from ui.pages.improvement.dialogs import ItemDialog, MeasureDialog, ProgressDialog
from ui.pages.improvement.forms_tab import write_paper
from ui.pages.improvement.page import ImprovementPage
from ui.theme.tokens import SMALL, metrics
from ui.widgets.paint import wrapped

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from ui.pages.improvement.items_view import ItemsView

KEY = Qt.Key


def press(widget: QWidget, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(widget, key)


def page_of(shop: Workshop, **more: object) -> ItemsView:
    page = shop.go("improvement", **more)
    shop.settle()
    assert isinstance(page, ImprovementPage)
    return page.items


def an_item(desk: Desk, stage: str = "identified") -> int:
    key = improvements.create(
        desk,
        {"title": "空调上门准时率仅85%", "metric": "ontime_visit_rate", "baseline": 85.0,
         "baseline_n": 40, "period": "2026-03", "target": 95.0, "target_date": "2026-06-30"},
    ).value  # fmt: skip
    if stage == "identified":
        return key
    improvements.step(desk, key, "analyse", {"owner_id": desk.actor.id})
    if stage == "analyzing":
        return key
    rows = (WhyRow("为什么？", "没有路线规划", "派单记录", root=True),)
    improvement_causes.save(desk, key, Analysis(whys=rows))
    improvements.step(desk, key, "plan")
    return key


def type_cell(shop: Workshop, text: str) -> None:
    """Write into the cell that is being edited, and go on with Enter."""
    shop.qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    commit(editor, text)
    press(editor, KEY.Key_Return)
    shop.qtbot.waitUntil(lambda: QApplication.focusWidget() is not editor)


class TestList:
    def test_views_and_counts(self, shop: Workshop) -> None:
        desk = shop.desk
        first, second = an_item(desk), an_item(desk, "analyzing")
        page = page_of(shop)
        assert [row.id for row in page._of("open")] == [first, second]  # by stage
        assert [row.id for row in page._of("mine")] == [second]
        assert [row.id for row in page._of("analyzing")] == [second]
        assert page._of("late") == []
        improvements.step(desk, first, "void", {"reason": "重复"})
        shop.settle()
        assert [row.id for row in page._of("gone")] == [first]
        undo.undo(desk)
        shop.settle()
        assert page._of("gone") == []

    def test_a_late_measure_is_overdue(self, shop: Workshop) -> None:
        key = an_item(shop.desk, "planned")
        improvement_measures.add(
            shop.desk, key,
            {"text": "培训", "owner_id": shop.desk.actor.id, "due_date": "2026-03-31"},
        )  # fmt: skip
        page = page_of(shop)
        assert [row.id for row in page._of("late")] == [key]

    def test_a_new_item_by_its_form(self, shop: Workshop) -> None:
        page = page_of(shop)
        page.new()
        dialog = page.findChild(ItemDialog)
        assert dialog is not None
        QTest.keyClick(dialog, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
        shop.settle()
        assert dialog.form.field("title").problem  # nothing was written yet
        commit(dialog.form.editor("title"), "服务用语不规范")
        QTest.keyClick(dialog, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
        shop.settle()
        shop.settle()
        (row,) = improvements.listed(shop.desk)
        assert row.title == "服务用语不规范"
        assert page.pane.title.text() == "服务用语不规范"

    def test_of_the_complaint_shown(self, shop: Workshop) -> None:
        case = a_complaint(shop.desk)
        shop.go("complaints", record=case)
        shop.settle()
        shop.window.act("case.improve")
        shop.settle()
        shop.settle()
        (row,) = improvements.listed(shop.desk)
        assert improvements.get(shop.desk, row.id).links[0]["record_id"] == case
        assert isinstance(shop.window.page, ImprovementPage)
        assert shop.window.page.items.pane.title.text() == row.title


class TestStages:
    def test_a_step_asks_for_what_it_needs_and_the_gate_says_what_is_missing(
        self, shop: Workshop
    ) -> None:
        key = an_item(shop.desk)
        page = page_of(shop, record=key)
        page.pane.step("analyse")
        assert page.pane.form.isVisible()
        page.pane.form.submit()
        shop.settle()
        assert page.pane.form._form is not None
        assert page.pane.form._form.field("owner").problem
        page.pane.form._form.editor("owner").set_value(shop.desk.actor.id)
        page.pane.form.submit()
        shop.settle()
        shop.settle()
        assert improvements.get(shop.desk, key).item["status"] == "analyzing"
        assert not page.pane.form.isVisible()
        page.pane.step("plan")
        shop.settle()
        assert "root cause is missing" in page.pane.missing.text()
        assert improvements.get(shop.desk, key).item["status"] == "analyzing"

    def test_the_key_shown_at_a_step_takes_it(self, shop: Workshop) -> None:
        key = an_item(shop.desk)
        improvements.step(shop.desk, key, "void", {"reason": "重复"})
        page = page_of(shop, record=key)
        assert page.pane.steps.key_of("restore") == "O"
        QTest.keyClick(page, KEY.Key_O)
        shop.settle()
        assert improvements.get(shop.desk, key).item["status"] == "identified"


class TestWhys:
    def test_five_whys_by_keyboard(self, shop: Workshop) -> None:
        key = an_item(shop.desk, "analyzing")
        page = page_of(shop, record=key, values={"tab": "whys"})
        outline = page.pane.whys.outline
        outline.setFocus()
        press(outline, KEY.Key_Return)  # the question is proposed, the answer is asked for
        type_cell(shop, "技术师路堵迟到")
        type_cell(shop, "GPS轨迹")
        shop.settle()
        press(outline, KEY.Key_Return)
        type_cell(shop, "未提前规划路线")
        QTest.keyClick(QApplication.focusWidget(), KEY.Key_Escape)
        press(outline, KEY.Key_Space)
        shop.settle()
        shop.settle()
        rca = improvements.get(shop.desk, key).rca
        assert rca is not None
        whys = rca["whys"]
        assert [(w["answer"], w["evidence"], w["depth"], w["root"]) for w in whys] == [
            ("技术师路堵迟到", "GPS轨迹", 0, False), ("未提前规划路线", "", 1, True),
        ]  # fmt: skip
        assert "空调上门准时率仅85%" in whys[0]["question"]
        assert "技术师路堵迟到" in whys[1]["question"]
        assert rca["root_cause"] == "未提前规划路线"
        assert "Only 2 whys" in page.pane.whys.advice.text()

    def test_tab_moves_and_undo_shows_what_was(self, shop: Workshop) -> None:
        key = an_item(shop.desk, "analyzing")
        rows = (WhyRow("q", "a"), WhyRow("q1", "b", depth=1), WhyRow("q2", "c", depth=1))
        improvement_causes.save(shop.desk, key, Analysis(whys=rows))
        page = page_of(shop, record=key, values={"tab": "whys"})
        outline = page.pane.whys.outline
        outline.setFocus()
        outline.setCurrentItem(outline.items_()[2])
        press(outline, KEY.Key_Tab)
        shop.settle()
        depths = [line.depth for line in outline.lines()]
        assert depths == [0, 1, 2]
        press(outline, KEY.Key_Backtab)
        shop.settle()
        assert [line.depth for line in outline.lines()] == [0, 1, 1]
        press(outline, KEY.Key_Delete)
        shop.settle()
        shop.settle()
        assert len(improvements.get(shop.desk, key).rca["whys"]) == 2  # type: ignore[index]
        undo.undo(shop.desk)
        shop.settle()
        shop.settle()
        assert [line.texts[1] for line in outline.lines()] == ["a", "b", "c"]

    def test_a_confirmed_analysis_is_not_written(self, shop: Workshop) -> None:
        page = page_of(shop, record=an_item(shop.desk, "planned"), values={"tab": "whys"})
        assert not page.pane.whys.outline.isEnabled()


class TestFishbone:
    def test_outline_and_drawing_are_the_same(self, shop: Workshop) -> None:
        key = an_item(shop.desk, "analyzing")
        page = page_of(shop, record=key, values={"tab": "bones"})
        tab = page.pane.bones
        outline = tab.outline
        outline.setFocus()
        outline.setCurrentItem(outline.items_()[1])  # machine
        press(outline, KEY.Key_Return)
        type_cell(shop, "系统无实时路况")
        type_cell(shop, "系统说明书")
        shop.settle()
        press(outline, KEY.Key_Return)
        type_cell(shop, "未集成地图导航")
        QTest.keyClick(QApplication.focusWidget(), KEY.Key_Escape)
        press(outline, KEY.Key_Tab, KEY.Key_Space)
        shop.settle()
        tab.votes.click()
        tab.likelihood.set_value("high")
        shop.settle()
        shop.settle()
        kept = improvements.get(shop.desk, key).rca["causes"]  # type: ignore[index]
        assert [(c["bone"], c["text"], c["depth"], c["root"], c["votes"], c["likelihood"])
                for c in kept] == [
            ("machine", "系统无实时路况", 1, False, 0, None),
            ("machine", "未集成地图导航", 2, True, 1, "high"),
        ]  # fmt: skip
        drawn = tab.view.layout_
        assert drawn is not None
        assert [c.cause.text for bone in drawn.bones for c in bone.causes] == [
            "系统无实时路况", "未集成地图导航",
        ]  # fmt: skip
        rca = improvements.get(shop.desk, key).rca
        assert rca is not None
        assert (rca["root_cause"], rca["root_bone"]) == ("未集成地图导航", "machine")

    @pytest.mark.parametrize("width", [480, 620, 1100])
    def test_twenty_causes_never_overlap(self, shop: Workshop, width: int) -> None:
        key = an_item(shop.desk, "analyzing")
        bones = ("man", "machine", "material", "method", "environment", "measurement")
        rows = tuple(
            CauseRow(bones[n % 6], f"第{n}个原因：系统未提供实时路况，技术师绕行", 1 + (n > 11))
            for n in range(20)
        )
        improvement_causes.save(shop.desk, key, Analysis(causes=rows))
        page = page_of(shop, record=key, values={"tab": "bones"})
        view = page.pane.bones.view
        view.resize(width, view.height())
        drawn = view.layout_
        assert drawn is not None
        boxes = [c.box for bone in drawn.bones for c in bone.causes]
        boxes += [bone.name for bone in drawn.bones]
        assert len(boxes) == 26
        pairs = [(a, b) for i, a in enumerate(boxes) for b in boxes[i + 1 :]]
        assert not any(a.meets(b) for a, b in pairs)

    def test_lines_keep_to_their_room_and_begin_with_no_comma(self, shop: Workshop) -> None:
        text = "空调上门准时率仅85%（基准值95%），route planning missing"
        for room in (60, 90, 140):
            lines = wrapped(text, room)
            assert "".join(lines).replace(" ", "") == text.replace(" ", "")
            ruler = metrics(SMALL)
            assert all(ruler.horizontalAdvance(line) <= room for line in lines)


class TestPlan:
    def test_a_measure_from_its_form_to_done(self, shop: Workshop) -> None:
        key = an_item(shop.desk, "planned")
        page = page_of(shop, record=key, values={"tab": "plan"})
        page.table.setFocus()
        QTest.keyClick(page, KEY.Key_M)
        dialog = page.findChild(MeasureDialog)
        assert dialog is not None
        commit(dialog.form.editor("text"), "接入实时路况")
        dialog.form.editor("owner_id").set_value(shop.desk.actor.id)
        QTest.keyClick(dialog, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
        shop.settle()
        shop.settle()
        (action,) = improvements.get(shop.desk, key).actions
        assert (action["text"], action["due_date"]) == ("接入实时路况", "2026-04-01")
        page.pane.plan._log(action)
        progress = page.findChild(ProgressDialog)
        assert progress is not None
        progress.form.editor("percent").set_value(60)
        progress.save()
        shop.settle()
        (action,) = improvements.get(shop.desk, key).actions
        assert (action["state"], action["progress"][-1]["percent"]) == ("doing", 60)


class TestEffect:
    def test_the_one_in_charge_is_refused_in_place(self, shop: Workshop) -> None:
        desk = shop.desk
        me, other = desk.actor.id, settings.add_person(desk, "陈雨", [Role.QUALITY]).value
        key = an_item(desk, "planned")
        action = improvement_measures.add(
            desk, key, {"text": "培训", "owner_id": me, "due_date": "2026-04-01"}
        ).value
        improvements.step(desk, key, "execute")
        improvement_measures.step(desk, action, "start")
        improvement_measures.step(desk, action, "finish")
        improvements.step(desk, key, "verify")
        page = page_of(shop, record=key, values={"tab": "effect"})
        effect = page.pane.effect
        effect.verdict.set_value("effective")
        effect.confirm.click()
        shop.settle()
        assert "another person must verify" in effect.wrong.text()
        desk.act_as(other)
        effect.note.set_value("抽查20单均准时")
        effect.confirm.click()
        shop.settle()
        shop.settle()
        assert improvements.get(desk, key).item["verdict"] == "effective"


class TestLanguages:
    @pytest.mark.parametrize("language", ["zh_CN", "en"])
    @pytest.mark.parametrize("tab", ["item", "whys", "bones", "plan", "effect", "history"])
    def test_every_tab_shows(self, shop: Workshop, language: str, tab: str) -> None:
        catalog.set_language(language)
        shop.window.rebuild()
        key = an_item(shop.desk, "planned")
        page = page_of(shop, record=key, values={"tab": tab})
        assert page.pane.tabs.key() == tab
        shown = page.pane._stack.currentWidget()
        assert shown is not None
        assert shown.isVisible()


def test_the_item_shown_comes_as_one_page(shop: Workshop, desk: Desk, tmp_path: Path) -> None:
    key = an_item(desk)
    page = page_of(shop, record=key)
    shop.settle()
    write_paper(page, page.place, key, Form.A3, tmp_path / "item.pdf")
    shop.settle()
    assert (tmp_path / "item.pdf").read_bytes().startswith(b"%PDF")


def test_pdca_and_8d_on_the_screen_are_what_is_printed(shop: Workshop, desk: Desk) -> None:
    key = an_item(desk, "planned")
    page = page_of(shop, record=key, values={"tab": "forms"})
    shop.settle()

    def shown() -> str:
        return "\n".join(one.text() for one in page.pane.forms.findChildren(QLabel))

    shop.qtbot.waitUntil(lambda: "P Plan" in shown())
    assert "没有路线规划" in shown()
    page.pane.forms.forms.group.button(1).click()
    shop.qtbot.waitUntil(lambda: "D8 Recognition" in shown())
    assert "P Plan" not in shown()


def test_the_fishbone_as_picture_and_as_pdf(shop: Workshop, desk: Desk, tmp_path: Path) -> None:
    key = an_item(desk, "analyzing")
    page = page_of(shop, record=key, values={"tab": "bones"})
    shop.settle()
    page.pane.bones.write_picture(tmp_path / "empty.svg")
    shop.settle()
    assert not (tmp_path / "empty.svg").exists()  # nothing is on it: a sentence, no file
    causes = (CauseRow("man", "新师傅带教不足"), CauseRow("machine", "系统无实时路况"))
    improvement_causes.save(desk, key, Analysis(causes=causes))
    shop.settle()
    for name, begins in (("a.svg", b"<?xml"), ("a.png", b"\x89PNG"), ("a.pdf", b"%PDF")):
        page.pane.bones.write_picture(tmp_path / name)
        shop.settle()
        assert (tmp_path / name).read_bytes().startswith(begins), name
    assert "新师傅带教不足" in (tmp_path / "a.svg").read_text(encoding="utf-8")
    page.pane.bones.copy_button.click()
    assert not QApplication.clipboard().image().isNull()
