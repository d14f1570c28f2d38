"""Surveys and quality checks in the window, by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from svcdesk.domain.people import Role
from svcdesk.domain.survey import SurveyMethod
from svcdesk.services import (
    quality,
    quality_forms,
    queries,
    settings,
    surveys,
    surveys_forms,
    surveys_matching,
    surveys_sending,
    tickets,
)
from svcdesk.services.queries import Query
from tests.services.desks import a_resolved_ticket
from tests.services.importing import brought, rows, written
from ui.pages.callbacks.survey_dialog import SurveyDialog
from ui.pages.quality.page import QualityPage
from ui.pages.settings.page import SettingsPage
from ui.pages.surveys.page import SurveysPage
from ui.pages.surveys.send_panel import SendPanel
from ui.pages.tickets.page import TicketsPage

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from tests.ui.pages import Workshop


def keys(shop: Workshop, widget: Any, text: str) -> None:
    for key in text:
        shop.qtbot.keyClick(widget, key)


def a_survey(desk: Desk) -> int:
    ticket = a_resolved_ticket(desk)
    return surveys_sending.send(desk, [ticket], SurveyMethod.SMS).value[0]


def test_an_answer_is_entered_by_digits(shop: Workshop, desk: Desk) -> None:
    key = a_survey(desk)
    page = shop.go("surveys", values={"view": "waiting"}, record=key)
    assert isinstance(page, SurveysPage)
    shop.qtbot.waitUntil(lambda: page.pane.detail is not None)
    entry = page.pane.entry
    assert set(entry.box.values().values()) == {None}  # nothing is chosen beforehand
    shop.qtbot.keyClick(page.list.table, Qt.Key.Key_Return)
    keys(shop, entry.box.scores, "22222")
    keys(shop, entry.box.nps, "3")
    shop.qtbot.keyClick(entry.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    shop.settle()
    assert "words" in entry.wrong.text()  # a low score without words
    assert surveys.get(desk, key).survey["csat"] is None
    keys(shop, entry.reasons, "2")
    entry.comment.set_value("等了三天")
    shop.qtbot.keyClick(entry.comment, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    shop.qtbot.waitUntil(lambda: surveys.get(desk, key).survey["csat"] == 2)
    found = surveys.get(desk, key)
    assert (found.survey["nps"], found.survey["comment"]) == (3, "等了三天")
    assert len(found.survey["reasons"]) == 1
    assert len(found.recoveries) == 1


def test_a_survey_is_marked_invalid_with_a_reason(shop: Workshop, desk: Desk) -> None:
    key = a_survey(desk)
    page = shop.go("surveys", record=key, values={"view": "all"})
    assert isinstance(page, SurveysPage)
    shop.qtbot.waitUntil(lambda: page.pane.detail is not None)
    page.pane.reason.set_value("测试")
    page.pane.invalid.click()
    shop.qtbot.waitUntil(lambda: surveys.get(desk, key).survey["invalid"] == 1)
    shop.settle()
    assert not page.pane.entry.isVisible()


def test_an_answer_gets_its_case_by_hand(shop: Workshop, desk: Desk, tmp_path: Path) -> None:
    ticket = a_resolved_ticket(desk)
    number = tickets.get(desk, ticket).ticket["ticket_no"]
    text = "序号,提交答卷时间,工单号,满意度\n1,2026-04-01 10:00,错号,5\n"
    brought(desk, written(tmp_path / "q.csv", text), "questionnaires")
    page = shop.go("surveys", values={"tab": "unmatched"})
    assert isinstance(page, SurveysPage)
    view = page.unmatched
    shop.qtbot.waitUntil(lambda: view.table.rows.count == 1)
    view.table.step(0)
    shop.qtbot.keyClick(view.table, Qt.Key.Key_Return)
    view.number.set_value("没有")
    shop.qtbot.keyClick(view.number, Qt.Key.Key_Return)
    shop.settle()
    assert "no ticket" in view.wrong.text()
    view.number.set_value(number)
    shop.qtbot.keyClick(view.number, Qt.Key.Key_Return)
    shop.qtbot.waitUntil(lambda: surveys_matching.count(desk) == 0)
    assert rows(desk, "SELECT ticket_id, csat FROM survey") == [(ticket, 5)]


def test_surveys_are_sent_from_the_ticket_list(shop: Workshop, desk: Desk) -> None:
    ticket = a_resolved_ticket(desk)
    page = shop.go("tickets", record=ticket)
    assert isinstance(page, TicketsPage)
    shop.qtbot.waitUntil(lambda: page.record_shown() is not None)
    shop.window.act("ticket.survey")
    shop.settle()
    panel = page.list.panel
    assert isinstance(panel, SendPanel)
    shop.qtbot.waitUntil(panel.send.isEnabled)
    panel.copy_text()
    number = tickets.get(desk, ticket).ticket["ticket_no"]
    assert number in QGuiApplication.clipboard().text()
    shop.qtbot.keyClick(panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    shop.qtbot.waitUntil(lambda: queries.count(desk, Query("survey")) == 1)
    shop.settle()
    assert page.list.panel is None


def inspected(desk: Desk) -> int:
    ticket = a_resolved_ticket(desk)
    who = settings.add_person(desk, "王芳", [Role.AGENT]).value
    with desk.write("hand over") as uow:
        uow.update("ticket", ticket, {"owner_id": who})
    return ticket


def test_a_check_is_made_by_one_key_per_item(shop: Workshop, desk: Desk) -> None:
    ticket = inspected(desk)
    page = shop.go("quality", values={"ticket": ticket})
    assert isinstance(page, QualityPage)
    entry = page.entry
    shop.qtbot.waitUntil(lambda: entry.draft is not None)
    shop.settle()
    keys(shop, entry.items, "PPFN")
    shop.qtbot.keyClick(entry.items, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    shop.settle()
    assert "every item" in entry.wrong.text()
    assert queries.count(desk, Query("quality_check")) == 0
    keys(shop, entry.items, "PP")
    assert entry.score.text() == "80.0"  # 4 of 5 applicable
    shop.qtbot.keyClick(entry.note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    shop.qtbot.waitUntil(lambda: queries.count(desk, Query("quality_check")) == 1)
    assert rows(desk, "SELECT score_tenths, passed FROM quality_check") == [(800, 0)]


def test_ones_own_ticket_is_not_checked(shop: Workshop, desk: Desk) -> None:
    ticket = a_resolved_ticket(desk)
    page = shop.go("quality", values={"ticket": ticket})
    assert isinstance(page, QualityPage)
    shop.qtbot.waitUntil(lambda: page.entry.draft is not None)
    assert "own work" in page.entry.wrong.text()
    assert not page.entry.save.isEnabled()


def test_a_check_is_voided(shop: Workshop, desk: Desk) -> None:
    ticket = inspected(desk)
    names = ("clothing", "script", "process", "credentials", "records", "privacy")
    key = quality.make(desk, ticket, dict.fromkeys(names, "pass")).value
    page = shop.go("quality", record=key)
    assert isinstance(page, QualityPage)
    shop.qtbot.waitUntil(lambda: page.pane.detail is not None)
    page.pane.reason.set_value("录音不全")
    page.pane.void.click()
    shop.qtbot.waitUntil(lambda: quality.get(desk, key).check["voided"] == 1)


def test_the_form_is_changed_in_the_settings(shop: Workshop, desk: Desk) -> None:
    a_survey(desk)
    page = shop.go("settings", values={"tab": "surveys"})
    assert isinstance(page, SettingsPage)
    pane = page.surveys.form
    check, zh, _en, points = pane._rows["csat"]
    assert check.value()
    zh.set_value("您对这次维修满意吗？")
    points.set_value("很差 / 好")
    pane.save.click()
    shop.settle()
    assert "5 points" in pane.wrong.text()
    points.set_value("很差/差/一般/好/很好")
    pane.save.click()
    shop.qtbot.waitUntil(lambda: len(surveys_forms.listed(desk)) == 2)
    shop.settle()
    newest, first = surveys_forms.listed(desk)
    assert (newest.version, newest.questions[0].zh) == (2, "您对这次维修满意吗？")
    assert first.questions[0].zh != newest.questions[0].zh
    assert "2" in pane._version.text()


def test_the_form_of_checks_is_changed_in_the_settings(shop: Workshop, desk: Desk) -> None:
    page = shop.go("settings", values={"tab": "surveys"})
    assert isinstance(page, SettingsPage)
    page.surveys.choose("check")
    pane = page.surveys.check
    pane._add()
    pane.save.click()
    shop.settle()
    assert "both languages" in pane.wrong.text()
    zh, en, weight, critical = pane._editors[-1]
    zh.set_value("复述确认")
    en.set_value("Repeats back")
    weight.set_value("two")
    pane.save.click()
    shop.settle()
    assert "out of range" in pane.wrong.text()
    weight.set_value("3")
    critical.set_value(True)
    pane.save.click()
    shop.qtbot.waitUntil(lambda: len(quality_forms.current(desk).items) == 7)
    last = quality_forms.current(desk).items[-1]
    assert (last.zh, last.weight, last.critical) == ("复述确认", 3, True)


def test_rules_of_surveys_are_set(shop: Workshop, desk: Desk) -> None:
    page = shop.go("settings", values={"tab": "surveys"})
    assert isinstance(page, SettingsPage)
    page.surveys.choose("rules")
    form = page.surveys.rules.form
    form.editor("survey_days").set_value("0")
    page.surveys.rules.save.click()
    shop.settle()
    assert form.field("survey_days").problem
    form.editor("survey_days").set_value("14")
    form.editor("count_mystery").set_value(True)
    page.surveys.rules.save.click()
    shop.qtbot.waitUntil(lambda: desk.reference.settings["survey_days"] == 14)
    assert desk.reference.settings["count_mystery"] is True


def test_a_report_of_a_third_party_needs_no_ticket(shop: Workshop, desk: Desk) -> None:
    page = shop.go("surveys")
    assert isinstance(page, SurveysPage)
    page._record()
    entry = next(w for w in QApplication.topLevelWidgets() if isinstance(w, SurveyDialog))
    entry.form.editor("source").set_value("third_party")
    keys(shop, entry.scores, "4")
    entry.save()
    shop.qtbot.waitUntil(lambda: queries.count(desk, Query("survey")) == 1)
    assert rows(desk, "SELECT source, ticket_id, csat FROM survey") == [("third_party", None, 4)]


def test_what_fails_most_is_told(shop: Workshop, desk: Desk) -> None:
    ticket = inspected(desk)
    names = ("clothing", "process", "credentials", "records", "privacy")
    quality.make(desk, ticket, {**dict.fromkeys(names, "pass"), "script": "fail"})
    page = shop.go("quality")
    assert isinstance(page, QualityPage)
    shop.qtbot.waitUntil(lambda: "Script 1/1" in page.failed.text())
