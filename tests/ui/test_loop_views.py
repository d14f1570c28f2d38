"""Bars over weeks, meetings, training and the quarterly plan with real keys."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from svcdesk.domain.people import Role
from svcdesk.domain.plan_bars import PlanBar
from svcdesk.i18n import catalog
from svcdesk.services import (
    improvement_measures,
    improvements,
    meetings,
    notices,
    quarter_plan,
    report_material,
    settings,
    trainings,
    typed_figures,
    undo,
)
from tests.ui.pages import Workshop, commit, reports_tab
from ui.pages.documents.material import TaskDialog
from ui.pages.improvement.dialogs import ProgressDialog
from ui.pages.improvement.meeting_dialogs import MeetingDialog, PointDialog
from ui.pages.improvement.meetings_view import MeetingsView
from ui.pages.improvement.page import ImprovementPage
from ui.pages.improvement.quarter_view import QuarterView
from ui.pages.improvement.team_plan import TeamPlanView
from ui.pages.improvement.training_dialog import TrainingDialog
from ui.pages.improvement.training_view import TrainingView
from ui.pages.page import Route
from ui.pages.reports.typed_tab import TypedTab
from ui.pages.today.page import TodayPage
from ui.pages.wording import Words
from ui.shell.notice_centre import notice_text, route_of
from ui.theme.tokens import colour
from ui.widgets.bar_model import BARS, OWNER
from ui.widgets.bar_plan import BarPlan
from ui.widgets.button import Button

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from svcdesk.services.desk import Desk

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
TODAY = date(2026, 4, 1)


def press(widget: QWidget, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(widget, key)


def view_of(shop: Workshop, name: str, **values: Any) -> Any:
    page = shop.go("improvement", values={"place": name, **values})
    assert isinstance(page, ImprovementPage)
    shop.settle()
    shop.settle()
    return page.view()


def an_item(desk: Desk, title: str = "上门准时率仅85%") -> int:
    return improvements.create(desk, {"title": title}).value


def a_measure(desk: Desk, due: str, *, item: int | None = None, text: str = "培训",
              owner: int | None = None) -> int:  # fmt: skip
    values = {"text": text, "owner_id": owner or desk.actor.id, "due_date": due}
    return improvement_measures.add(desk, item or an_item(desk), values).value


def bar(key: int, title: str, state: str = "doing", **more: Any) -> PlanBar:
    values: dict[str, Any] = {
        "id": key, "table": "action", "title": title, "owner": "王立群", "state": state,
        "start": date(2026, 3, 9), "due": date(2026, 3, 27), "percent": 50, "number": f"CS{key}",
        **more,
    }  # fmt: skip
    return PlanBar(**values)


@pytest.fixture
def plan(qtbot: QtBot) -> BarPlan:
    """A picture of two items with three measures."""
    made = BarPlan("Measures")
    qtbot.addWidget(made)
    made.resize(1000, 300)
    made.show()
    made.show_bars(
        [bar(1, "培训", group="A"), bar(2, "采购", "blocked", due=date(2026, 4, 30), group="A",
                                       note="等待审批"),
         bar(3, "预警", "done", ended=date(2026, 3, 20), group="B", percent=100)],
        TODAY,
    )  # fmt: skip
    return made


class TestBars:
    def test_keys_pass_over_headings(self, plan: BarPlan) -> None:
        def present() -> int:
            found = plan.bar()
            assert found is not None
            return found.id

        assert present() == 1
        press(plan, KEY.Key_Down)
        assert present() == 2
        press(plan, KEY.Key_Down)
        assert present() == 3  # over the heading of B
        press(plan, KEY.Key_Down)
        assert present() == 3
        press(plan, KEY.Key_K, KEY.Key_K)
        assert present() == 1
        press(plan, KEY.Key_J)
        assert present() == 2

    def test_enter_opens(self, qtbot: QtBot, plan: BarPlan) -> None:
        press(plan, KEY.Key_Down)
        with qtbot.waitSignal(plan.opened) as opened:
            press(plan, KEY.Key_Return)
        assert opened.args[0].id == 2

    def test_each_row_is_told_in_words(self, plan: BarPlan) -> None:
        def told(row: int) -> str:
            index = plan.model().index(row, BARS)
            return str(index.data(Qt.ItemDataRole.AccessibleTextRole))

        assert told(1).splitlines() == [
            "CS1 培训", "王立群 · Under way · 50%", "from 2026-03-09 to 2026-03-27", "5 days late",
        ]  # fmt: skip
        assert told(2).splitlines()[-1] == "Blocked: 等待审批"
        assert "late" not in told(4)
        assert plan.model().index(0, 0).data() == "A"

    def test_the_present_row_stays_when_rows_change(self, plan: BarPlan) -> None:
        press(plan, KEY.Key_Down)
        plan.show_bars([bar(9, "新的"), bar(2, "采购")], TODAY)
        found = plan.bar()
        assert found is not None
        assert found.id == 2

    def test_late_is_hatched_and_today_is_a_line(self, plan: BarPlan) -> None:
        picture = plan.viewport().grab().toImage()
        rect = plan.visualRect(plan.model().index(1, BARS))
        wanted = colour("danger").rgb()
        hits = [x for x in range(rect.left(), rect.right())
                for y in range(rect.top() + 2, rect.bottom() - 2)
                if picture.pixel(x, y) == wanted]  # fmt: skip
        days = (plan.rows.last - plan.rows.first).days + 1
        day = rect.width() / days
        late = rect.left() + (date(2026, 3, 28) - plan.rows.first).days * day
        assert hits
        assert min(hits) >= late - 2  # nothing before the first late day
        done = plan.visualRect(plan.model().index(4, BARS))
        first = int(done.left() + (date(2026, 3, 10) - plan.rows.first).days * day)
        assert picture.pixel(first, done.center().y()) == colour("ok").rgb()

    def test_narrow_it_drops_the_person_and_keeps_the_weeks(self, plan: BarPlan) -> None:
        plan.resize(420, 300)
        assert plan.isColumnHidden(OWNER)
        assert plan.columnWidth(BARS) >= 9 * len(plan.rows.rows)
        plan.resize(1000, 300)
        assert not plan.isColumnHidden(OWNER)

    def test_nothing_to_show(self, plan: BarPlan) -> None:
        plan.empty.set("list-checks", "Nothing.")
        plan.show_bars([], TODAY)
        assert plan.empty.isVisible()
        assert plan.bar() is None
        press(plan, KEY.Key_Return, KEY.Key_J)


class TestPlanTab:
    def test_list_and_weeks_are_the_same_measures(self, shop: Workshop) -> None:
        item = an_item(shop.desk)
        first = a_measure(shop.desk, "2026-04-10", item=item, text="甲")
        second = a_measure(shop.desk, "2026-04-20", item=item, text="乙")
        page = shop.go("improvement", record=item, values={"tab": "plan"})
        shop.settle()
        assert isinstance(page, ImprovementPage)
        tab = page.items.pane.plan
        assert not tab.bars.isVisible()
        press(tab.looks.group.button(0), KEY.Key_Right)
        QTest.mouseClick(tab.looks.group.button(1), Qt.MouseButton.LeftButton)
        assert tab.bars.isVisible()
        assert [one.id for one in tab.bars.bars()] == [first, second]
        shown = [key for key, card in tab._cards.items() if card.isVisible()]
        assert shown == [first]  # the measure chosen in the picture, with its buttons
        press(tab.bars, KEY.Key_Down)
        assert [key for key, card in tab._cards.items() if card.isVisible()] == [second]
        press(tab.bars, KEY.Key_Return)
        dialog = tab.findChild(ProgressDialog)
        assert dialog is not None
        dialog.form.editor("percent").set_value(30)
        QTest.keyClick(dialog, KEY.Key_Return, CTRL)
        shop.settle()
        shop.settle()
        assert [one.percent for one in tab.bars.bars()] == [0, 30]

    def test_the_goal_what_it_takes_and_the_whole_log(self, shop: Workshop) -> None:
        desk = shop.desk
        item = improvements.create(
            desk, {"title": "准时率", "metric": "ontime_visit_rate", "baseline": 85.0,
                   "period": "2026-03", "target": 95.0, "target_date": "2026-06-30"},
        ).value  # fmt: skip
        key = a_measure(desk, "2026-04-10", item=item)
        improvement_measures.change(desk, key, {"cost": 5_000_000, "hours": 4})
        improvement_measures.log(desk, key, 20, "比选三家")
        improvement_measures.log(desk, key, 60, "已签约")
        page = shop.go("improvement", record=item, values={"tab": "plan"})
        shop.settle()
        assert isinstance(page, ImprovementPage)
        tab = page.items.pane.plan
        assert tab._goal.text().split("  ·  ") == [
            "Goal: On-time visit rate from 85.0% to 95.0%", "due 2026-06-30",
            "money ¥50,000.00", "4 hours",
        ]  # fmt: skip
        card = tab._cards[key]
        (log,) = [one for one in card.findChildren(QLabel) if "已签约" in one.text()]
        assert "比选三家" not in log.text()  # the newest remark alone
        more = next(b for b in card.findChildren(Button) if b.text() == "Log (2)")
        press(more, KEY.Key_Space)
        assert [line.split("  ")[1:] for line in log.text().splitlines()] == [
            ["60%", "已签约"], ["20%", "比选三家"],
        ]  # fmt: skip

    def test_meetings_and_trainings_about_the_item_are_a_click_away(self, shop: Workshop) -> None:
        desk, item = shop.desk, an_item(shop.desk)
        meeting = meetings.save(desk, None, {"title": "复盘会", "held_on": "2026-03-25"}).value
        values = {"kind": "decision", "text": "先做这个", "item_id": item}
        meetings.save_point(desk, meeting, None, values)
        training = trainings.save(desk, None, {"title": "话术", "held_on": "2026-03-12",
                                               "people": [desk.actor.id], "item_id": item}).value  # fmt: skip
        page = shop.go("improvement", record=item, values={"tab": "plan"})
        shop.settle()
        shop.settle()
        assert isinstance(page, ImprovementPage)
        links = page.items.pane.plan.links
        assert [link.text() for link in links.links] == [
            "2026-03-25  复盘会  ·  Decision  ·  先做这个", "2026-03-12  话术  ·  attended 0.0% (0/1)",
        ]  # fmt: skip
        press(links.links[0], KEY.Key_Return)
        shop.settle()
        shop.settle()
        assert page.record_shown() == ("meeting", meeting)
        shop.go("improvement", record=item, values={"tab": "plan"})
        shop.settle()
        shop.settle()
        press(links.links[1], KEY.Key_Return)
        shop.settle()
        shop.settle()
        assert page.record_shown() == ("training", training)


class TestTeamPlan:
    def test_views_and_orders(self, shop: Workshop) -> None:
        other = settings.add_person(shop.desk, "王立群", [Role.AGENT]).value
        late = a_measure(shop.desk, "2026-03-31", owner=other)
        stuck = a_measure(shop.desk, "2026-05-01")
        improvement_measures.step(shop.desk, stuck, "start")
        improvement_measures.step(shop.desk, stuck, "block", {"note": "等采购"})
        done = a_measure(shop.desk, "2026-05-01")
        improvement_measures.step(shop.desk, done, "start")
        improvement_measures.step(shop.desk, done, "finish")
        view = view_of(shop, "plan")
        assert isinstance(view, TeamPlanView)

        def shown(name: str) -> list[int]:
            view._on_view(name)
            return [one.id for one in view.plan.bars()]

        assert shown("open") == [late, stuck]
        assert shown("late") == [late]
        assert shown("blocked") == [stuck]
        assert shown("mine") == [stuck]
        assert shown("all") == [late, stuck, done]
        view.order.set_value("owner")
        view._on_order(1)
        shop.settle()
        assert [one.group for one in view.plan.bars()] == ["周敏", "周敏", "王立群"]

    def test_enter_leads_to_the_plan_of_the_item(self, shop: Workshop) -> None:
        item = an_item(shop.desk)
        a_measure(shop.desk, "2026-04-10", item=item)
        view = view_of(shop, "plan")
        press(view.plan, KEY.Key_Return)
        shop.settle()
        shop.settle()
        page = shop.window.page
        assert isinstance(page, ImprovementPage)
        assert page.tabs.key() == "items"
        assert page.items.pane.tabs.key() == "plan"
        assert page.record_shown() == ("improvement_item", item)

    def test_empty_and_following(self, shop: Workshop) -> None:
        view = view_of(shop, "plan")
        assert "No measure is open" in view.plan.empty.text
        a_measure(shop.desk, "2026-04-10")
        shop.settle()
        shop.settle()
        assert len(view.plan.bars()) == 1
        undo.undo(shop.desk)
        shop.settle()
        shop.settle()
        assert view.plan.bars() == []


class TestMeetings:
    def test_a_meeting_from_its_proposed_agenda(self, shop: Workshop) -> None:
        item = an_item(shop.desk)
        a_measure(shop.desk, "2026-03-31", item=item)
        an_item(shop.desk, "另一个")
        view = view_of(shop, "meetings")
        assert isinstance(view, MeetingsView)
        assert "No meeting yet" in view.table.empty.text
        view.new()
        dialog = view.findChild(MeetingDialog)
        assert dialog is not None
        shop.settle()
        assert dialog.agenda.count() == 2
        dialog.agenda.setCurrentRow(1)
        press(dialog.agenda, KEY.Key_Space)  # untick the second
        editor = dialog.form.editor("title")
        editor.selectAll()
        commit(editor, "三月复盘会")
        QTest.keyClick(dialog, KEY.Key_Return, CTRL)
        shop.settle()
        shop.settle()
        (row,) = meetings.listed(shop.desk)
        assert (row.title, row.points) == ("三月复盘会", 1)
        (card,) = view.pane.cards()
        assert (card.point.item_id, card.point.kind) == (item, "note")

    def test_a_decision_becomes_a_measure_by_keys(self, shop: Workshop) -> None:
        desk, item = shop.desk, an_item(shop.desk)
        meetings.save(desk, None, {"title": "复盘会", "held_on": "2026-04-01"})
        view = view_of(shop, "meetings")
        press(view.table, KEY.Key_N)
        dialog = view.findChild(PointDialog)
        assert dialog is not None
        QTest.keyClick(dialog, KEY.Key_Return, CTRL)
        shop.settle()
        assert dialog.form.field("text").problem == "Write what was said or decided."
        commit(dialog.form.editor("text"), "签收后30分钟内标注状态")
        dialog.form.editor("item_id").set_value(item)
        QTest.keyClick(dialog, KEY.Key_Return, CTRL)
        shop.settle()
        shop.settle()
        (card,) = view.pane.cards()
        card.buttons["measure"].setFocus()
        press(card.buttons["measure"], KEY.Key_Space)
        shop.settle()
        assert view.pane.wrong.isVisible()  # nobody in charge, no day
        assert view.pane.wrong.text() == "Choose who is in charge. Set the day it is due."
        values = {**card.point._asdict(), "owner_id": desk.actor.id, "due_date": "2026-04-15"}
        meetings.save_point(desk, card.point.meeting_id, card.point.id, values)
        shop.settle()
        shop.settle()
        (card,) = view.pane.cards()
        press(card.buttons["measure"], KEY.Key_Space)
        shop.settle()
        shop.settle()
        (card,) = view.pane.cards()
        assert "measure" not in card.buttons
        assert card.point.action_number == "CS202604-0001"
        improvement_measures.step(desk, int(card.point.action_id or 0), "start")
        shop.settle()
        shop.settle()
        assert view.pane.cards()[0].point.action_state == "doing"  # live

    def test_order_settling_and_removing(self, shop: Workshop) -> None:
        desk = shop.desk
        key = meetings.save(desk, None, {"title": "复盘会", "held_on": "2026-04-01"}).value
        for text in "甲乙":
            meetings.save_point(desk, key, None, {"kind": "decision", "text": text})
        view = view_of(shop, "meetings")

        def click(place: int, act: str) -> None:
            press(view.pane.cards()[place].buttons[act], KEY.Key_Space)
            shop.settle()
            shop.settle()

        click(1, "up")
        assert [c.point.text for c in view.pane.cards()] == ["乙", "甲"]
        click(0, "settle")
        assert view.pane.cards()[0].point.settled
        assert meetings.listed(desk)[0].open == 1
        click(0, "remove")
        assert [c.point.text for c in view.pane.cards()] == ["甲"]
        shop.window.act("undo")
        shop.settle()
        shop.settle()
        assert [c.point.text for c in view.pane.cards()] == ["乙", "甲"]

    def test_minutes_on_the_clipboard_and_on_paper(self, shop: Workshop, tmp_path: Path) -> None:
        key = meetings.save(
            shop.desk, None, {"title": "复盘会", "held_on": "2026-04-01", "guests": "马师傅"}
        ).value
        view = view_of(shop, "meetings")
        press(view.pane.copy, KEY.Key_Space)
        assert QGuiApplication.clipboard().text() == "复盘会 2026-04-01\nPresent: 马师傅"
        view.pane.write_paper(tmp_path / "m.pdf")
        shop.settle()
        assert (tmp_path / "m.pdf").read_bytes().startswith(b"%PDF")
        assert view.record_shown() == ("meeting", key)

    def test_who_may_only_look_has_no_buttons(self, shop: Workshop) -> None:
        key = meetings.save(shop.desk, None, {"title": "复盘会", "held_on": "2026-04-01"}).value
        meetings.save_point(shop.desk, key, None, {"kind": "note", "text": "说"})
        viewer = settings.add_person(shop.desk, "总经理", [Role.VIEWER]).value
        shop.desk.act_as(viewer)
        assert shop.window.place is not None
        view = MeetingsView(shop.window.place)
        shop.qtbot.addWidget(view)
        view.show()
        view.reload()
        shop.settle()
        shop.settle()
        assert view.tools() == []
        assert not view.pane.add.isVisible()
        assert view.pane.cards()[0].buttons == {}


class TestTraining:
    def test_entered_pasted_counted(self, shop: Workshop) -> None:
        desk = shop.desk
        one = settings.add_person(desk, "李晓彤", [Role.AGENT]).value
        two = settings.add_person(desk, "王立群", [Role.AGENT]).value
        view = view_of(shop, "training")
        assert isinstance(view, TrainingView)
        assert "No training is recorded yet" in view.table.empty.text
        view.new()
        dialog = view.findChild(TrainingDialog)
        assert dialog is not None
        dialog.form.editor("minutes").set_value("很久")
        QTest.keyClick(dialog, KEY.Key_Return, CTRL)
        shop.settle()
        assert dialog.form.field("title").problem
        assert dialog.form.field("minutes").problem == "Write a whole number, such as 90."
        commit(dialog.form.editor("title"), "非暴力沟通")
        dialog.form.editor("minutes").set_value(90)
        dialog.form.editor("pass_mark").set_value(80)
        dialog.form.editor("people").set_value([one, two])
        QTest.keyClick(dialog, KEY.Key_Return, CTRL)
        shop.settle()
        shop.settle()
        assert view.pane.title.text() == "非暴力沟通"
        QGuiApplication.clipboard().setText("姓名\t成绩\n李晓彤\t92\n王立群\t70\n某人\t60")
        view.pane.grid.setFocus()
        QTest.keyClick(view.pane.grid, KEY.Key_V, CTRL)
        shop.settle()
        shop.settle()
        (row,) = trainings.listed(desk)
        assert [(s.attended, s.score) for s in row.held.seats] == [(True, 92), (True, 70)]
        assert view.pane.told.text() == "Nobody here is called 某人."
        assert [n.person_id for n in trainings.needs(desk)] == [two]

    def test_cells_are_typed_and_bad_ones_kept(self, shop: Workshop) -> None:
        desk = shop.desk
        one = settings.add_person(desk, "李晓彤", [Role.AGENT]).value
        key = trainings.save(desk, None, {"title": "话术", "held_on": "2026-03-12",
                                          "pass_mark": 80, "people": [one]}).value  # fmt: skip
        view = view_of(shop, "training", training=key)
        grid = view.pane.grid
        grid.go_to(0, 1)
        grid.cells.setData(grid.cells.index(0, 1), "101")
        shop.settle()
        assert view.pane.told.text() == "A score is a whole number from 0 to 100, not “101”."
        assert grid.cells.text(grid.cells.index(0, 1)) == "101"
        grid.cells.setData(grid.cells.index(0, 1), "95")
        shop.settle()
        shop.settle()
        assert not view.pane.told.isVisible()
        assert trainings.get(desk, key).row.held.seats[0].score == 95
        assert grid.cells.text(grid.cells.index(0, 2)) == "yes"  # by the pass mark

    def test_who_needs_what_leads_to_the_training(self, shop: Workshop) -> None:
        desk = shop.desk
        key = trainings.save(desk, None, {"title": "话术", "held_on": "2026-03-12",
                                          "people": [desk.actor.id]}).value  # fmt: skip
        trainings.save(desk, None, {"title": "系统", "held_on": "2026-03-20",
                                    "people": [desk.actor.id]})  # fmt: skip
        view = view_of(shop, "training", show="needs")
        assert view.need_table.isVisible()
        assert len(view._needs) == 2
        view.need_table.step(1)
        view.need_table.go_to(1)
        press(view.need_table, KEY.Key_Return)
        shop.settle()
        shop.settle()
        assert view.parts.value() == "records"
        assert view.record_shown() == ("training", key)

    def test_a_period_narrows_list_and_figures(self, shop: Workshop) -> None:
        desk, me = shop.desk, shop.desk.actor.id
        for day, came in (("2026-03-12", 1), ("2026-02-10", 0)):
            key = trainings.save(desk, None, {"title": day, "held_on": day, "people": [me]}).value
            trainings.save_seats(desk, key, {me: {"attended": came}})
        view = view_of(shop, "training")
        tags = [view._flow.itemAt(n).widget().accessibleName() for n in range(view._flow.count())]
        assert "coverage 50.0% (1/2)" in tags
        view.period.set_value("2026-03")
        shop.settle()
        shop.settle()
        tags = [view._flow.itemAt(n).widget().accessibleName() for n in range(view._flow.count())]
        assert "coverage 100.0% (1/1)" in tags
        assert view.table.rows.count == 1

    def test_taken_over_where_figures_are_typed(self, shop: Workshop) -> None:
        desk, me = shop.desk, shop.desk.actor.id
        key = trainings.save(desk, None, {"title": "话术", "held_on": "2026-03-12",
                                          "people": [me]}).value  # fmt: skip
        trainings.save_seats(desk, key, {me: {"attended": 1}})
        tab = reports_tab(shop, "typed")._own["typed"]
        assert isinstance(tab, TypedTab)
        tab.view.go_to(0, 0)  # January: nothing was held
        shop.settle()
        assert not tab.offer.isVisible()
        tab.view.go_to(2, 0)
        shop.settle()
        assert tab.offer.isVisible()
        assert tab.offer.text.text() == "Training records of 2026-03: Training coverage 100.0 (1/1)"
        press(tab.offer.take, KEY.Key_Space)
        shop.settle()
        shop.settle()
        assert tab.view.cells.grid.cells["2026-03", "training_coverage"] == "100"
        assert typed_figures.note_of(desk, "training_coverage", "2026-03") == (
            "Training records: 1/1"
        )
        assert not tab.offer.isVisible()


class TestQuarter:
    def test_a_task_added_ticked_dropped(self, shop: Workshop) -> None:
        desk = shop.desk
        view = view_of(shop, "quarter")
        assert isinstance(view, QuarterView)
        assert "Nothing is planned" in view.weeks.empty.text
        assert view.table.rows.count >= 5
        press(view.weeks, KEY.Key_N)
        dialog = view.findChild(TaskDialog)
        assert dialog is not None
        commit(dialog.form.editor("text"), "制定跨部门SOP")
        QTest.keyClick(dialog, KEY.Key_Return, CTRL)
        shop.settle()
        shop.settle()
        (one,) = view.weeks.bars()
        assert (one.title, one.state, one.due) == ("制定跨部门SOP", "open", date(2026, 6, 30))
        assert [t.text for t in report_material.plans(desk, "2026-Q2", "quarterly").tasks] == [
            "制定跨部门SOP"
        ]
        for key, state in ((KEY.Key_Space, "done"), (KEY.Key_Space, "open")):
            press(view.weeks, key)
            shop.settle()
            shop.settle()
            assert view.weeks.bars()[0].state == state
        press(view.drop, KEY.Key_Space)
        shop.settle()
        shop.settle()
        assert view.weeks.bars()[0].state == "dropped"
        assert not view.drop.isEnabled()
        assert view.done.text() == "Open again"

    def test_a_measure_is_opened_not_ticked(self, shop: Workshop) -> None:
        item = an_item(shop.desk)
        key = a_measure(shop.desk, "2026-04-30", item=item)
        view = view_of(shop, "quarter")
        assert not view.done.isEnabled()
        press(view.weeks, KEY.Key_Space)
        shop.settle()
        assert improvement_measures.get(shop.desk, key)["state"] == "todo"
        press(view.weeks, KEY.Key_Return)
        shop.settle()
        shop.settle()
        page = shop.window.page
        assert isinstance(page, ImprovementPage)
        assert page.record_shown() == ("improvement_item", item)

    def test_another_quarter_and_back_after_a_change_of_language(self, shop: Workshop) -> None:
        a_measure(shop.desk, "2026-07-10")
        view = view_of(shop, "quarter", quarter="2026-Q3")
        assert view.plan.period.code == "2026-Q3"
        assert view.weeks.rows.first == date(2026, 7, 1)
        assert len(view.weeks.bars()) == 1
        state = view.save_state()
        assert shop.window.place is not None
        other = QuarterView(shop.window.place)
        shop.qtbot.addWidget(other)
        other.restore_state(state)
        shop.settle()
        assert other.plan is not None
        assert other.plan.period.code == "2026-Q3"

    def test_the_first_of_the_months_is_reviewed_after_the_holiday(self, shop: Workshop) -> None:
        view = view_of(shop, "quarter")
        tags = [view._flow.itemAt(n).widget().accessibleName() for n in range(view._flow.count())]
        assert tags[0] == "2026-04: review on 2026-05-06"
        assert next(day for day, _name in view.weeks.rows.marks) == date(2026, 5, 6)
        assert len(view.weeks.rows.names) == quarter_plan.WEEKS


class TestToday:
    def test_reminders_lead_to_where_they_are_settled(self, shop: Workshop) -> None:
        item = an_item(shop.desk)
        a_measure(shop.desk, "2026-03-31", item=item)
        other = settings.add_person(shop.desk, "王立群", [Role.AGENT]).value
        a_measure(shop.desk, "2026-04-02", owner=other)
        page = shop.go("today", values={"tab": "loop"})
        shop.settle()
        assert isinstance(page, TodayPage)
        loop = page.loop
        assert [len(loop._of(view)) for view in ("mine", "all")] == [1, 2]
        texts = [loop._what(line.reminder).text for line in loop._lines.values()]
        assert texts == ["CS202604-0001: the measure was due on 2026-03-31 (days late: 1)"]
        loop.table.step(1)
        press(loop.table, KEY.Key_Return)
        shop.settle()
        shop.settle()
        found = shop.window.page
        assert isinstance(found, ImprovementPage)
        assert found.record_shown() == ("improvement_item", item)
        assert found.items.pane.tabs.key() == "plan"

    def test_a_notice_leads_there_as_well(self, shop: Workshop) -> None:
        item = an_item(shop.desk)
        a_measure(shop.desk, "2026-04-02", item=item)
        (told,) = [n for n in notices.watch(shop.desk) if n.kind.startswith("loop_")]
        words = Words(shop.desk)
        assert notice_text(told, words) == (
            "CS202604-0001: the measure is due on 2026-04-02 (days left: 1)"
        )
        assert route_of(told) == Route("improvement", item, values={"tab": "plan"})

    def test_the_deadline_of_a_measure_leads_to_its_plan(self, shop: Workshop) -> None:
        item = an_item(shop.desk)
        a_measure(shop.desk, "2026-04-01", item=item)
        page = shop.go("today", values={"tab": "pressing"})
        shop.settle()
        assert isinstance(page, TodayPage)
        page.pressing.table.step(0)
        press(page.pressing.table, KEY.Key_Return)
        shop.settle()
        shop.settle()
        found = shop.window.page
        assert isinstance(found, ImprovementPage)
        assert found.record_shown() == ("improvement_item", item)


@pytest.mark.parametrize("name", ["plan", "quarter", "meetings", "training"])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_view_opens_in_both_languages_and_keeps_its_state(
    shop: Workshop, name: str, language: str
) -> None:
    catalog.set_language(language)
    a_measure(shop.desk, "2026-04-10")
    meetings.save(shop.desk, None, {"title": "复盘会", "held_on": "2026-04-01"})
    trainings.save(shop.desk, None, {"title": "话术", "held_on": "2026-03-12"})
    view = view_of(shop, name)
    view.restore_state(view.save_state())
    shop.settle()
    shop.settle()
    assert view.isVisible()
