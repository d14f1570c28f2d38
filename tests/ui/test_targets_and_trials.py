"""Settings that figures are judged by: a change of hours is tried before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from svcdesk.domain.metrics.registry import BY_ID
from svcdesk.services import closings, dashboards, policies, targets, tickets
from svcdesk.system.job import ImmediateContext
from tests.domain.calendars import at
from tests.services.closing_desks import a_month
from tests.services.desks import a_ticket, item
from ui.pages.settings.page import SettingsPage

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock
    from tests.ui.pages import Workshop

SPACE = Qt.Key.Key_Space


def shown(shop: Workshop, tab: str) -> SettingsPage:
    page = shop.go("settings", values={"tab": tab})
    assert isinstance(page, SettingsPage)
    return page


def lines(page: SettingsPage) -> list[list[str]]:
    model = page.what_if.table.rows
    return [[c.text for c in model.row_at(i).cells] for i in range(model.count or 0)]  # type: ignore[union-attr]


def hours(page: SettingsPage, text: str, shop: Workshop) -> None:
    """Type the same hours for every working day and press save."""
    for field in page.calendar._spans[:5]:
        field.selectAll()
        shop.qtbot.keyClicks(field, text)
    page.calendar._on_save_pattern()
    shop.settle()


def test_other_hours_are_tried_first(shop: Workshop, desk: Desk, clock: FixedClock) -> None:
    a_month(desk, clock)
    page = shown(shop, "calendar")
    before = desk.reference.calendar.pattern
    hours(page, "10:15-18:00", shop)
    assert page.what_if.isVisible()
    found = {(line[0], line[1]): line for line in lines(page)}
    march = found[BY_ID["frt_mean_min"].label, "2026-03"]
    assert march[2].endswith("(n=3)")
    assert march[2] != march[3]
    assert desk.reference.calendar.pattern == before  # nothing saved yet
    shop.qtbot.keyClick(page.what_if.leave, SPACE)
    shop.settle()
    assert not page.what_if.isVisible()
    assert desk.reference.calendar.pattern == before
    assert page.calendar._spans[0].value() == "09:00-18:00"
    hours(page, "10:15-18:00", shop)
    shop.qtbot.keyClick(page.what_if.save, SPACE)
    shop.settle()
    assert desk.reference.calendar.pattern != before
    month = dashboards.period_of(desk, "2026-03")
    figure = dashboards.figures(desk, month, metric_ids=["frt_mean_min"])["frt_mean_min"]
    assert march[3].startswith(figure.display)


def test_closed_months_are_named_and_stay(shop: Workshop, desk: Desk, clock: FixedClock) -> None:
    a_month(desk, clock)
    clock.at = at("2026-04-02 10:00")
    key = a_ticket(desk)
    clock.advance(1800)
    tickets.say(desk, key, "您好，已收到", "public_reply")
    clock.advance(60)
    closings.close(desk, "2026-03", ImmediateContext())
    page = shown(shop, "calendar")
    hours(page, "10:15-18:00", shop)
    response = BY_ID["frt_mean_min"].label
    assert (response, "2026-03") not in {(line[0], line[1]) for line in lines(page)}
    assert page.what_if.isVisible()
    assert "2026-03" in page.what_if.told.text()


def test_limits_are_tried_too_and_a_change_of_nothing_is_saved_at_once(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    a_month(desk, clock)
    page = shown(shop, "limits")
    first = page.limits.items[0].response_minutes
    page.limits.form.enter({"response": 1})
    for place, policy in enumerate(page.limits.items):
        page.limits.items[place] = type(policy)(
            policy.id, policy.name, policy.conditions, 1, policy.resolution_minutes
        )
    page.limits.on_save()
    shop.settle()
    assert page.what_if.isVisible()
    assert policies.listed(desk)[0].response_minutes == first
    shop.qtbot.keyClick(page.what_if.save, SPACE)
    shop.settle()
    assert {p.response_minutes for p in policies.listed(desk)} == {1}
    page.limits.on_save()
    shop.settle()
    assert not page.what_if.isVisible()


def test_a_group_gets_a_target_of_its_own_by_keyboard(shop: Workshop, desk: Desk) -> None:
    page = shown(shop, "targets")
    tab, form = page.targets, page.targets.form
    shop.settle()
    number = next(r.id for r in tab._rows.values() if r.metric.id == "timely_rate")
    tab._table.go_to(number)
    tab._on_current(number)
    assert form.history.text() == "As built in; nothing was set yet."
    form.by.setCurrentIndex(form.by.findData("department"))
    assert form.history.text() == ""
    form.save.setFocus()
    shop.qtbot.keyClick(form.save, SPACE)  # which department?
    assert "Choose" in form.fields.field("group").problem
    logistics = f"department:{item(desk, 'department', 'logistics')}"
    form.group.set_value(logistics)
    assert "whole desk" in form.history.text()
    for key, text in (("target", "90"), ("threshold", "95")):
        field = form.fields.editor(key)
        field.selectAll()
        shop.qtbot.keyClicks(field, text)
    shop.qtbot.keyClick(form.save, SPACE)
    shop.settle()
    assert "easier" in form.fields.field("threshold").problem
    alarm = form.fields.editor("threshold")
    alarm.selectAll()
    shop.qtbot.keyClicks(alarm, "80")
    shop.qtbot.keyClick(form.save, SPACE)
    shop.settle()
    [entry] = targets.entries(desk)
    assert (entry.scope, entry.target, entry.threshold, entry.month) == (
        logistics,
        90,
        80,
        "2026-04",
    )
    row = next(r for r in tab._rows.values() if r.scope == logistics)
    assert (row.metric.id, row.threshold) == ("timely_rate", 80)
    tab._on_current(row.id)
    assert "2026-04" in form.history.text()
    shop.qtbot.keyClick(form.remove, SPACE)
    shop.settle()
    assert targets.entries(desk) == []


def test_weights_that_do_not_add_up_are_told_and_rows_are_pasted(
    shop: Workshop, desk: Desk
) -> None:
    page = shown(shop, "targets")
    assert page.targets._sum.text() == ""
    QApplication.clipboard().setText(
        "metric\tscope\tmonth\ttarget\ncsat_mean\tall\t2026-01\t4.2\t4\t10\n"
        "timely_rate\tdepartment:logistics\t2026-01\t90\n"
    )
    shop.qtbot.keyClick(page.targets.paste, SPACE)
    shop.settle()
    assert [(e.metric, e.target, e.weight) for e in targets.entries(desk)] == [
        ("csat_mean", 4.2, 10), ("timely_rate", 90, 0),
    ]  # fmt: skip
    assert "add up to 80" in page.targets._sum.text()
    QApplication.clipboard().setText("csat_mean\tnowhere:x\t2026-01\t4.2\n")
    shop.qtbot.keyClick(page.targets.paste, SPACE)
    shop.settle()
    assert len(targets.entries(desk)) == 2


def test_which_groups_are_judged_is_a_setting(shop: Workshop, desk: Desk) -> None:
    page = shown(shop, "targets")
    shop.qtbot.keyClick(page.targets.form.judged["evaluate_department"], SPACE)
    shop.settle()
    assert desk.reference.settings["evaluate_department"] is True
