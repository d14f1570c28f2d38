"""Pages over a real data file: what a user does, and what the services then hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from svcdesk.i18n import catalog
from svcdesk.services import (
    callbacks,
    complaints,
    queries,
    report_desk,
    settings,
    tickets,
    undo,
)
from svcdesk.services.queries import Op, Query
from tests.ui.pages import Workshop, a_callback, a_complaint, a_ticket, commit, supervisor
from ui.pages.callbacks.page import CallbacksPage
from ui.pages.callbacks.survey_dialog import SurveyDialog
from ui.pages.complaints.page import ComplaintsPage
from ui.pages.documents.page import DocumentsPage
from ui.pages.entry_dialog import EntryDialog
from ui.pages.imports.page import ImportPage
from ui.pages.reports.page import ReportsPage
from ui.pages.settings.page import SettingsPage
from ui.pages.tickets.page import TicketsPage
from ui.theme import style

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock


def operations(desk: Desk) -> int:
    step = undo.undoable(desk)
    return 0 if step is None else step.operation_id


def dialog(shop: Workshop) -> EntryDialog:
    shop.qtbot.waitUntil(
        lambda: any(isinstance(w, EntryDialog) for w in QApplication.topLevelWidgets())
    )
    return next(
        w for w in QApplication.topLevelWidgets() if isinstance(w, EntryDialog) and w.isVisible()
    )


# -- everything opens, nothing is written ---------------------------------------------------------


@pytest.mark.parametrize("language", catalog.LANGUAGES)
def test_every_page_opens_and_writes_nothing(qtbot: QtBot, desk: Desk, language: str) -> None:
    supervisor(desk)
    a_ticket(desk)
    complaint = a_complaint(desk)
    a_callback(desk)
    before = operations(desk)
    catalog.set_language(language)
    shop = Workshop(qtbot, desk)
    for key in ("tickets", "complaints", "callbacks", "reports", "import", "settings"):
        page = shop.go(key)
        assert page.title()
        tabs = getattr(page, "tabs", None)
        if tabs is not None:
            for tab in tabs._tabs:
                page._show_tab(tab)
                shop.settle()
    shop.go("complaints", record=complaint)
    page = shop.go("tickets")
    page.act("ticket.new")
    dialog(shop).reject()
    assert operations(desk) == before
    assert shop.window.messages.texts() == []
    shop.close()


def test_language_changes_while_running(shop: Workshop, desk: Desk) -> None:
    a_ticket(desk)
    shop.go("complaints")
    page = shop.go("tickets")
    assert isinstance(page, TicketsPage)
    page.list.chips.set_condition("priority", ["normal"])
    shop.settle()
    catalog.set_language("zh_CN")
    shop.window.rebuild()
    shop.settle()
    again = shop.window.page
    assert isinstance(again, TicketsPage)
    assert again is not page
    assert again.title() == "工单"
    assert again.list.chips.values() == {"priority": ["normal"]}
    assert shop.window.actions_.get("ticket.new").text() == "新建工单"


@pytest.mark.parametrize("key", ["tickets", "complaints", "callbacks", "reports", "settings"])
def test_theme_changes_while_running(
    shop: Workshop, desk: Desk, styled: QApplication, key: str
) -> None:
    a_callback(desk)
    a_complaint(desk)
    shop.go(key)
    style.apply(styled, "dark")
    shop.window.rebuild()
    shop.settle()
    assert shop.window.page is not None
    assert shop.window.page.key == key
    assert shop.window.messages.texts() == []


# -- tickets --------------------------------------------------------------------------------------


def test_new_ticket_with_a_customer_made_while_typing_the_phone(shop: Workshop, desk: Desk) -> None:
    page = shop.go("tickets")
    assert isinstance(page, TicketsPage)
    page.act("ticket.new")
    entry = dialog(shop)
    entry.picker._search.setText("13912345670")
    shop.qtbot.waitUntil(entry.picker._new.isVisible)
    commit(entry.picker._new.editor("name"), "李明")
    commit(entry.form.editor("title"), "冰箱门封条变形")
    entry.save()
    shop.settle()
    shop.qtbot.waitUntil(lambda: page.list.rows.count == 1)
    shop.settle()
    detail = tickets.get(desk, page.list.rows.id_at(0) or 0)
    assert detail.ticket["title"] == "冰箱门封条变形"
    assert detail.ticket["status"] == "in_progress"
    assert detail.customer["phones"] == ["13912345670"]
    assert shop.window.toast.text == "Ticket saved"


def test_known_customer_is_offered_by_phone(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk)
    page = shop.go("tickets")
    page.act("ticket.new")
    entry = dialog(shop)
    entry.picker._search.setText("13812345678")
    shop.qtbot.waitUntil(lambda: entry.picker._matches.count() == 2)
    entry.picker._matches.itemClicked.emit(entry.picker._matches.item(0))
    assert entry.picker.values() == {"customer_id": tickets.get(desk, key).ticket["customer_id"]}
    entry.reject()


def test_missing_title_is_told_at_the_field(shop: Workshop, desk: Desk) -> None:
    before = operations(desk)
    page = shop.go("tickets")
    page.act("ticket.new")
    entry = dialog(shop)
    entry.save()
    assert entry.form.field("title").problem
    assert entry.isVisible()
    assert operations(desk) == before
    entry.reject()


def test_words_of_a_new_ticket_survive(shop: Workshop) -> None:
    page = shop.go("tickets")
    page.act("ticket.new")
    entry = dialog(shop)
    shop.qtbot.keyClicks(entry.form.editor("title"), "half a")
    entry.reject()
    shop.qtbot.waitUntil(
        lambda: not any(isinstance(w, EntryDialog) for w in QApplication.topLevelWidgets())
    )
    page.act("ticket.new")
    assert dialog(shop).form.values()["title"] == "half a"
    dialog(shop).reject()


def test_edit_changes_only_what_was_edited(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk)
    page = shop.go("tickets", record=key)
    assert isinstance(page, TicketsPage)
    shop.qtbot.keyClick(page.list.table, Qt.Key.Key_E)
    entry = dialog(shop)
    entry.form.editor("priority").set_value("high")
    entry.save()
    shop.settle()
    detail = tickets.get(desk, key)
    assert detail.ticket["priority"] == "high"
    assert [e["name"] for e in detail.events if e["type"] == "field_changed"] == ["priority"]


def test_resolve_asks_for_what_is_missing_in_place(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk)
    page = shop.go("tickets", record=key)
    assert isinstance(page, TicketsPage)
    page.actions_.take_step("resolve")
    panel = page.pane.panel
    assert panel.open_action == "resolve"
    panel.submit()
    assert panel._form is not None
    assert panel._form.field("solution").problem
    assert panel._form.editor("resolution_code").value() == "explained"  # usual for a question
    assert tickets.get(desk, key).ticket["status"] == "in_progress"
    tickets.say(desk, key, "您好，已收到。", "public_reply")
    shop.settle()
    panel._form.editor("solution").set_value("更换启动电容，运行正常。")
    panel._form.editor("resolution_code").set_value("onsite")
    panel.submit()
    shop.settle()
    shop.qtbot.waitUntil(lambda: tickets.get(desk, key).ticket["status"] == "resolved")
    assert panel.open_action == ""


def test_reply_is_recorded(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk)
    page = shop.go("tickets", record=key)
    assert isinstance(page, TicketsPage)
    page.pane.words_box.setPlainText("您好，已为您安排上门。")
    shop.qtbot.keyClick(page.pane.words_box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    shop.settle()
    events = tickets.get(desk, key).events
    assert [e["type"] for e in events][-1] == "public_reply"
    shop.qtbot.waitUntil(lambda: page.pane.words_box.toPlainText() == "")


def test_list_is_narrowed_by_words_and_chips(shop: Workshop, desk: Desk) -> None:
    a_ticket(desk, "空调不制冷")
    a_ticket(desk, "冰箱异响", priority="low")
    page = shop.go("tickets")
    assert isinstance(page, TicketsPage)
    assert page.list.rows.count == 2
    shop.window.top.search.setText("冰箱")
    shop.qtbot.waitUntil(lambda: page.list.rows.count == 1)
    shop.window.top.search.clear()
    shop.qtbot.waitUntil(lambda: page.list.rows.count == 2)
    page.list.chips.set_condition("priority", ["low"])
    shop.qtbot.waitUntil(lambda: page.list.rows.count == 1)
    page.list.chips.set_condition("priority", ["urgent"])
    shop.qtbot.waitUntil(page.list.table.empty.isVisible)
    page.list.table.empty.acted.emit()
    shop.qtbot.waitUntil(lambda: page.list.rows.count == 2)


def test_undo_in_the_menu_names_the_step_and_takes_it_back(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk)
    shop.settle()
    shop.go("tickets")
    action = shop.window.actions_.get("undo")
    shop.qtbot.waitUntil(lambda: "空调" in action.text())
    action.trigger()
    shop.settle()
    shop.qtbot.waitUntil(lambda: queries.count(desk, Query("ticket")) == 0)
    redo = shop.window.actions_.get("redo")
    shop.qtbot.waitUntil(redo.isEnabled)
    redo.trigger()
    shop.settle()
    shop.qtbot.waitUntil(lambda: queries.count(desk, Query("ticket")) == 1)
    assert tickets.get(desk, key).ticket["title"].startswith("空调")


def test_records_behind_a_figure_are_shown_under_its_name(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk)
    a_ticket(desk, "冰箱异响")
    number = tickets.get(desk, key).ticket["ticket_no"]
    query = Query("ticket").where("number", Op.IN, number)
    page = shop.go("tickets", query=query, title="Tickets received, March")
    assert isinstance(page, TicketsPage)
    assert page.list.rows.count == 1
    assert page.list.narrowed.isVisible()
    page.list.narrowed.removed.emit()
    shop.qtbot.waitUntil(lambda: page.list.rows.count == 2)


# -- complaints -----------------------------------------------------------------------------------


def test_complaint_is_registered_and_opened(shop: Workshop, desk: Desk) -> None:
    page = shop.go("complaints")
    assert isinstance(page, ComplaintsPage)
    page.act("complaint.new")
    entry = dialog(shop)
    entry.picker._search.setText("13587657720")
    shop.qtbot.waitUntil(entry.picker._new.isVisible)
    commit(entry.picker._new.editor("name"), "谢芳")
    entry.form.editor("description").setPlainText("接口再次渗水，要求换新机。")
    choices = entry.form.editor("category_l1")
    choices.setCurrentIndex(1)
    entry.save()
    shop.settle()
    shop.qtbot.waitUntil(page.record.isVisible)
    assert page.trail()[-1].startswith("TS")
    assert queries.count(desk, Query("complaint")) == 1


def test_complaint_form_saves_what_was_edited(shop: Workshop, desk: Desk) -> None:
    key = a_complaint(desk)
    page = shop.go("complaints", record=key)
    assert isinstance(page, ComplaintsPage)
    shop.qtbot.waitUntil(page.record.isVisible)
    page.record.form.editor("cause").set_value("密封圈老化")
    page.record.form.editor("remedy").set_value(["replacement"])
    page.record.form.editor("remedy").changed.emit()
    page.record.form.editor("demand_amount").set_value(680_000)
    page.record.save()
    shop.settle()
    found = complaints.get(desk, key).complaint
    assert (found["cause"], found["remedy"], found["demand_amount"]) == (
        "密封圈老化",
        ["replacement"],
        680_000,
    )
    shop.qtbot.waitUntil(lambda: not page.record.form.dirty)


def test_complaint_goes_its_way(shop: Workshop, desk: Desk) -> None:
    key = a_complaint(desk)
    page = shop.go("complaints", record=key)
    assert isinstance(page, ComplaintsPage)
    shop.qtbot.waitUntil(page.record.isVisible)
    page.work.take_step("accept")
    panel = page.record.panel
    assert panel._form is not None
    panel.submit()
    assert panel._form.field("resp_dept").problem  # what is missing stands at its field
    department = next(i.id for i in desk.reference.items_of("department"))
    panel._form.editor("resp_dept").set_value(department)
    panel.submit()
    shop.settle()
    assert shop.window.messages.texts() == []
    shop.qtbot.waitUntil(lambda: complaints.get(desk, key).complaint["status"] == "accepted")


# -- callbacks ------------------------------------------------------------------------------------


def test_callback_is_entered_by_keyboard_alone(shop: Workshop, desk: Desk) -> None:
    key = a_callback(desk)
    page = shop.go("callbacks")
    assert isinstance(page, CallbacksPage)
    shop.qtbot.waitUntil(lambda: page.detail is not None)
    shop.settle()
    page.entry.scores.setFocus()
    shop.qtbot.keyClick(page.entry.scores, Qt.Key.Key_F1)
    for pressed in (Qt.Key.Key_4, Qt.Key.Key_5, Qt.Key.Key_4, Qt.Key.Key_Space, Qt.Key.Key_5):
        shop.qtbot.keyClick(page.entry.scores, pressed)
    shop.qtbot.keyClick(page.entry.nps, Qt.Key.Key_T)
    shop.qtbot.keyClick(page.entry.nps, Qt.Key.Key_Return)
    shop.settle()
    shop.qtbot.waitUntil(lambda: callbacks.get(desk, key).callback["state"] == "completed")
    answer = callbacks.get(desk, key).answers[0]
    assert (answer["csat"], answer["dim_attitude"], answer["dim_skill"], answer["nps"]) == (
        4,
        5,
        None,
        10,
    )
    assert callbacks.get(desk, key).callback["result"] == "satisfied"


def test_nobody_is_satisfied_before_saying_so(shop: Workshop, desk: Desk) -> None:
    key = a_callback(desk)
    page = shop.go("callbacks")
    assert isinstance(page, CallbacksPage)
    shop.qtbot.waitUntil(lambda: page.detail is not None)
    assert page.entry.outcome.value() == ""
    page.entry.choose_result(0)
    page.entry.save()
    shop.qtbot.waitUntil(lambda: page.entry._wrong.text() == "Enter what the customer said.")
    assert callbacks.get(desk, key).callback["state"] == "planned"
    page.entry.scores.setFocus()
    shop.qtbot.keyClick(page.entry.scores, Qt.Key.Key_3)
    assert page.entry.outcome.value() == "fair"
    page.entry.choose_outcome("new_problem")
    shop.qtbot.keyClick(page.entry.scores, Qt.Key.Key_5)
    assert page.entry.outcome.value() == "new_problem"


def test_low_score_without_words_is_refused_at_the_words(shop: Workshop, desk: Desk) -> None:
    key = a_callback(desk)
    page = shop.go("callbacks")
    assert isinstance(page, CallbacksPage)
    shop.qtbot.waitUntil(lambda: page.detail is not None)
    page.entry.scores.setFocus()
    shop.qtbot.keyClick(page.entry.scores, Qt.Key.Key_1)
    page.entry.save()
    shop.settle()
    assert callbacks.get(desk, key).callback["state"] == "planned"
    shop.qtbot.waitUntil(
        lambda: page.entry._wrong.text() == "A low score needs the customer's words."
    )


def test_failed_attempt_is_saved_at_once_and_planned_again(shop: Workshop, desk: Desk) -> None:
    key = a_callback(desk)
    page = shop.go("callbacks")
    assert isinstance(page, CallbacksPage)
    shop.qtbot.waitUntil(lambda: page.detail is not None)
    shop.qtbot.keyClick(page.entry.scores, Qt.Key.Key_F2)
    shop.settle()
    shop.qtbot.waitUntil(lambda: len(callbacks.get(desk, key).attempts) == 1)
    assert callbacks.get(desk, key).attempts[0]["result"] == "no_answer"
    assert callbacks.get(desk, key).callback["state"] == "planned"


# -- reports --------------------------------------------------------------------------------------


def test_figures_open_their_records(shop: Workshop, desk: Desk, clock: FixedClock) -> None:
    a_ticket(desk)
    clock.advance(60)  # what happens at the cut-off itself is not in the figures
    page = shop.go("reports")
    assert isinstance(page, ReportsPage)
    page.bar._set(page.bar.period.shifted(1))  # the month of the tickets
    shop.settle()
    card = page._views["overview"]._cards[0]
    assert card.kpi.value == "1"
    card.clicked.emit(card.kpi.key)
    shop.settle()
    shop.qtbot.waitUntil(lambda: isinstance(shop.window.page, TicketsPage))
    shop.settle()
    found = shop.window.page
    assert isinstance(found, TicketsPage)
    assert found.list.rows.count == 1


def test_the_figures_lead_to_the_report_of_their_month(shop: Workshop, desk: Desk) -> None:
    a_ticket(desk)
    page = shop.go("reports")
    assert isinstance(page, ReportsPage)
    page.bar._set(page.bar.period.shifted(1))
    shop.settle()
    month = page.bar.period.code
    shop.qtbot.keyClick(shop.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    shop.qtbot.waitUntil(lambda: isinstance(shop.window.page, DocumentsPage))
    found = shop.window.page
    assert isinstance(found, DocumentsPage)
    shop.qtbot.waitUntil(lambda: found.made is not None, timeout=30_000)
    shop.settle()
    assert found.made is not None
    version = found.made.version
    assert (version.kind, version.period, version.version) == ("monthly", month, 1)
    made_at = version.made_at
    page = shop.go("reports")  # a second time it is opened, not made
    page.act("report.monthly")
    shop.settle()
    assert found.made.version.made_at == made_at
    assert len(report_desk.versions(desk)) == 1
    report_desk.discard(desk, found.made.version.id)
    shop.window.act("refresh")  # does not make again what was removed
    shop.settle()
    shop.settle()
    assert report_desk.versions(desk) == []


# -- imports --------------------------------------------------------------------------------------

CSV = """标题,问题描述,客户电话,客户名称,渠道,服务类型,受理时间
空调不制冷,出风口温度25℃,13812345678,陈静,电话,维修,2026-03-05 09:30
冰箱异响,夜间压缩机异响严重,13912345670,李明,微信,维修,2026-03-06 10:00
"""


def test_file_is_imported_and_taken_back(shop: Workshop, desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    file.write_text(CSV, encoding="utf-8-sig")
    page = shop.go("import")
    assert isinstance(page, ImportPage)
    page._on_file(str(file))
    shop.settle()
    shop.qtbot.waitUntil(lambda: page._stack.currentWidget() is page._map)
    page._map._create["customer"].setChecked(True)
    page._map._on_check()
    shop.settle()
    shop.qtbot.waitUntil(lambda: page._stack.currentWidget() is page._result)
    assert page._plan is not None
    assert (page._plan.inserted, page._plan.rejected_rows) == (2, 0)
    assert queries.count(desk, Query("ticket")) == 0
    page._apply()
    shop.settle()
    shop.qtbot.waitUntil(lambda: queries.count(desk, Query("ticket")) == 2)
    shop.settle()
    assert page._plan.batch
    page._undo(page._plan.batch)
    shop.settle()
    shop.qtbot.waitUntil(lambda: queries.count(desk, Query("ticket")) == 0)


def test_rows_that_cannot_come_in_are_named(shop: Workshop, desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    file.write_text(CSV.replace("微信", "电报"), encoding="gb18030")
    page = shop.go("import")
    assert isinstance(page, ImportPage)
    page._on_file(str(file))
    shop.settle()
    page._map._create["customer"].setChecked(True)
    page._map._on_check()
    shop.settle()
    shop.qtbot.waitUntil(lambda: page._stack.currentWidget() is page._result)
    assert page._result._model.count == 1
    row = page._result._model.row_at(0)
    assert row is not None
    assert row.row == 3
    assert "电报" in row.text
    assert not page._result._go.isEnabled()


# -- settings -------------------------------------------------------------------------------------


def test_settings_are_saved_and_refused_at_their_field(shop: Workshop, desk: Desk) -> None:
    page = shop.go("settings")
    assert isinstance(page, SettingsPage)
    form = next(f for f in page.general._forms if "fcr_days" in f.values())
    form.editor("fcr_days").set_value(99)
    form.editor("fcr_days").changed.emit()
    page.general._on_save()
    shop.settle()
    shop.qtbot.waitUntil(lambda: form.field("fcr_days").problem != "")
    form.editor("fcr_days").set_value(14)
    page.general._on_save()
    shop.settle()
    shop.qtbot.waitUntil(lambda: desk.reference.settings["fcr_days"] == 14)


def test_person_is_added_and_day_off_is_set(shop: Workshop, desk: Desk) -> None:
    page = shop.go("settings")
    assert isinstance(page, SettingsPage)
    page._show_tab("people")
    shop.settle()
    page.people._on_new()
    page.people.form.editor("name").set_value("李晓彤")
    page.people._on_save()
    shop.settle()
    shop.qtbot.waitUntil(lambda: "李晓彤" in {p.name for p in desk.reference.people.values()})
    page._show_tab("calendar")
    page.calendar._kind.set_value("off")
    page.calendar._name.set_value("盘点")
    page.calendar._on_save_day()
    shop.settle()
    days = [d for d in desk.reference.calendar.exceptions.values() if d.name == "盘点"]
    assert len(days) == 1


def test_limits_move_the_due_time_of_open_tickets(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk)
    due = tickets.get(desk, key).ticket["due_at"]
    page = shop.go("settings")
    assert isinstance(page, SettingsPage)
    page._show_tab("limits")
    shop.settle()
    places = [p.name for p in desk.reference.policies]
    page.limits.go_to(places.index("normal") + 1)
    page.limits.form.editor("resolution").setText("60")
    page.limits.on_save()
    shop.settle()
    assert shop.window.messages.texts() == []
    shop.qtbot.waitUntil(lambda: tickets.get(desk, key).ticket["due_at"] < due)


def test_target_holds_from_its_month(shop: Workshop, desk: Desk) -> None:
    page = shop.go("settings")
    assert isinstance(page, SettingsPage)
    page._show_tab("targets")
    shop.settle()
    row = next(r for r in page.targets._rows.values() if r.metric.id == "csat_mean")
    page.targets._on_current(row.id)
    page.targets.form.fields.editor("target").set_value("4.5")
    page.targets.form._on_save()
    shop.settle()
    shop.qtbot.waitUntil(lambda: settings.targets(desk)["csat_mean"][-1][1] == 4.5)


def test_answer_that_came_by_itself_is_recorded(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk)
    number = tickets.get(desk, key).ticket["ticket_no"]
    page = shop.go("callbacks")
    assert isinstance(page, CallbacksPage)
    page._record_answer()
    entry = next(w for w in QApplication.topLevelWidgets() if isinstance(w, SurveyDialog))
    entry.save()
    assert entry.form.field("ticket").problem
    entry.form.editor("ticket").set_value(number)
    entry.scores.setFocus()
    shop.qtbot.keyClick(entry.scores, Qt.Key.Key_5)
    entry.save()
    shop.settle()
    shop.qtbot.waitUntil(lambda: queries.count(desk, Query("survey")) == 1)


def test_deadline_is_extended_with_its_reason(shop: Workshop, desk: Desk) -> None:
    key = a_complaint(desk)
    before = complaints.get(desk, key).complaint["due_at"]
    page = shop.go("complaints", record=key)
    assert isinstance(page, ComplaintsPage)
    shop.qtbot.waitUntil(page.record.isVisible)
    page.work.move("extend", 0)
    panel = page.record.panel
    assert panel._form is not None
    panel._form.editor("due_at").set_value(before + 86_400)
    panel.submit()
    shop.settle()
    assert complaints.get(desk, key).complaint["due_at"] == before  # the reason is missing
    panel._form.editor("extension_reason").set_value("等待厂家鉴定")
    panel.submit()
    shop.settle()
    shop.qtbot.waitUntil(lambda: complaints.get(desk, key).complaint["due_at"] == before + 86_400)


def test_list_is_exported_as_it_is_shown(shop: Workshop, desk: Desk, tmp_path: Path) -> None:
    a_ticket(desk, "空调不制冷")
    a_ticket(desk, "冰箱异响", priority="low")
    page = shop.go("tickets")
    assert isinstance(page, TicketsPage)
    page.list.chips.set_condition("priority", ["low"])
    shop.settle()
    target = tmp_path / "list.csv"
    page.list.export_to(target)
    shop.settle()
    shop.qtbot.waitUntil(target.exists)
    text = target.read_text(encoding="utf-8-sig")
    assert "冰箱异响" in text
    assert "空调不制冷" not in text
    assert "13812345678" not in text


def test_many_records_behind_a_figure_can_be_listed(shop: Workshop, desk: Desk) -> None:
    key = a_ticket(desk)
    number = str(tickets.get(desk, key).ticket["ticket_no"])
    numbers = [f"GD209901-{n:04d}" for n in range(40_000)]
    page = shop.go("tickets", query=Query("ticket").where("number", Op.IN, number, *numbers))
    assert isinstance(page, TicketsPage)
    assert page.list.rows.count == 1
