"""The complaint and satisfaction tabs by keyboard: rows, cells and filters open what is behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from svcdesk.domain.chart import ChartKind
from svcdesk.i18n import catalog
from svcdesk.services import complaints, sheets, surveys
from tests.ui.pages import Workshop, a_complaint, a_ticket, item, reports_tab
from ui.pages.callbacks.page import CallbacksPage
from ui.pages.complaints.page import ComplaintsPage
from ui.pages.reports.page import ReportsPage
from ui.pages.surveys.page import SurveysPage
from ui.widgets.chips import ChoicePopup

if TYPE_CHECKING:
    import pytest

    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock
    from ui.pages.reports.table_card import TableCard
    from ui.widgets.chart_view import ChartView

DAY = 86400


def table(page: ReportsPage, tab: str, title: str) -> TableCard:
    return next(t for t in page.view(tab)._tables if t.table.title.startswith(title))


def chart(page: ReportsPage, tab: str, kind: ChartKind, title: str) -> ChartView:
    found = [c for c in page.view(tab)._charts if c.spec.kind is kind and title in c.spec.title]
    return found[0]


def test_what_is_overdue_is_named_and_opens(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    key = a_complaint(desk)
    due = complaints.stored(desk, key)["due_at"]
    clock.advance(due - clock.now() + 2 * DAY + 60)
    page = reports_tab(shop, "complaints")
    overdue = table(page, "complaints", "Overdue")
    assert overdue.table.title == "Overdue and open (1)"
    [row] = overdue.table.rows
    assert row.cells[0] == complaints.stored(desk, key)["complaint_no"]
    assert row.cells[3] == "3"  # the third day has begun
    assert overdue.rows is not None
    overdue.rows.setCurrentCell(0, 0)
    shop.qtbot.keyClick(overdue.rows, Qt.Key.Key_Return)
    shop.settle()
    opened = shop.window.page
    assert isinstance(opened, ComplaintsPage)
    assert opened._key == key


def test_a_cell_of_the_heat_table_opens_its_rows(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    service, product = item(desk, "category", "service"), item(desk, "category", "product")
    logistics, warehouse = (item(desk, "department", d) for d in ("logistics", "product"))
    for category, department in ((product, logistics), (product, logistics), (service, warehouse)):
        a_complaint(desk, category_id=category, resp_dept_id=department)
        clock.advance(2 * 3600)
    page = reports_tab(shop, "complaints")
    heat = chart(page, "complaints", ChartKind.HEAT, "")
    assert [series.values for series in heat.spec.series] == [(2.0, 0.0), (0.0, 1.0)]
    heat.setFocus()
    shop.qtbot.keyClick(heat, Qt.Key.Key_Right)
    shop.qtbot.keyClick(heat, Qt.Key.Key_Right)
    shop.qtbot.keyClick(heat, Qt.Key.Key_Down)
    shop.qtbot.keyClick(heat, Qt.Key.Key_Return)
    shop.settle()
    shop.qtbot.waitUntil(lambda: isinstance(shop.window.page, ComplaintsPage))
    shop.settle()
    found = shop.window.page
    assert isinstance(found, ComplaintsPage)
    assert found.list.rows.count == 1


def test_classes_of_the_page_add_up_and_their_segments_open(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    for _ in range(2):
        a_complaint(desk)
    clock.advance(3600)
    page = reports_tab(shop, "complaints")
    split = table(page, "complaints", "Complaints by outcome")
    *classes, total = [int(row.cells[1]) for row in split.table.rows]
    assert classes == [0, 0, 0, 2, 0]
    assert total == 2
    bars = chart(page, "complaints", ChartKind.STACKED, "outcome")
    last = len(bars.spec.categories) - 1
    bars.drill_into(last, 3)  # not yet due, this month
    shop.settle()
    shop.qtbot.waitUntil(lambda: isinstance(shop.window.page, ComplaintsPage))
    shop.settle()
    assert isinstance(shop.window.page, ComplaintsPage)
    assert shop.window.page.list.rows.count == 2


def test_a_filter_holds_for_all_of_the_page_and_is_remembered(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    for code in ("phone", "phone", "chat"):
        a_complaint(desk, channel_id=item(desk, "channel", code))
    clock.advance(3600)
    page = reports_tab(shop, "complaints")
    card = page.view("complaints")._cards[0]
    assert card.kpi.value == "3"
    page.filters.add.setFocus()
    shop.qtbot.keyClick(page.filters.add, Qt.Key.Key_Return)
    menu = next(menu for menu in page.filters.findChildren(QMenu) if menu.isVisible())
    shop.qtbot.keyClick(menu, Qt.Key.Key_Down)
    shop.qtbot.keyClick(menu, Qt.Key.Key_Return)
    shop.qtbot.waitUntil(lambda: _popup() is not None)
    popup = _popup()
    assert popup is not None
    listed = popup._list
    names = [listed.item(place).text() for place in range(listed.count())]
    listed.setCurrentRow(names.index("Phone"))
    shop.qtbot.keyClick(listed, Qt.Key.Key_Return)
    popup.close()
    shop.settle()
    phone = item(desk, "channel", "phone")
    assert page.filters.filters == {"channel": (phone,)}
    assert page.view("complaints")._cards[0].kpi.value == "2"
    page.drill.open("complaint_received", "")
    shop.settle()
    shop.qtbot.waitUntil(lambda: isinstance(shop.window.page, ComplaintsPage))
    shop.settle()
    assert shop.window.page.list.rows.count == 2
    shop.go("reports", values={"tab": "complaints"})
    catalog.set_language("zh_CN")
    shop.window.rebuild()
    shop.settle()
    again = shop.window.page
    assert isinstance(again, ReportsPage)
    assert again.filters.filters == {"channel": (phone,)}
    chip = again.filters._chips["channel"]
    assert "电话" in chip.accessibleName()
    shop.qtbot.keyClick(chip, Qt.Key.Key_Delete)
    shop.settle()
    assert again.filters.filters == {}
    assert again.view("complaints")._cards[0].kpi.value == "3"


def _popup() -> ChoicePopup | None:
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, ChoicePopup)]
    return next((w for w in found if w.isVisible()), None)


def test_an_open_low_score_counts_down_and_opens_its_callback(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    ticket = a_ticket(desk)
    clock.advance(60)
    surveys.record(desk, {"ticket_id": ticket, "csat": 1, "comment": "等了太久", "method": "sms"})
    clock.advance(3600)
    page = reports_tab(shop, "satisfaction")
    low = table(page, "satisfaction", "Open low scores")
    assert low.table.title == "Open low scores (1)"
    assert low.rows is not None
    assert low.rows.item(0, 0).text() == "47 h 0 min left"
    clock.advance(47 * 3600 + 60)
    low._count_down()  # what the clock does every minute
    assert low.rows.item(0, 0).text() == "Overdue 1 min"
    low.rows.setCurrentCell(0, 0)
    shop.qtbot.keyClick(low.rows, Qt.Key.Key_Return)
    shop.settle()
    assert isinstance(shop.window.page, CallbacksPage)


def test_levels_of_satisfaction_by_month_open_their_answers(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    for score in (5, 5, 3):
        surveys.record(desk, {"ticket_id": a_ticket(desk), "csat": score, "method": "sms"})
    clock.advance(60)
    page = reports_tab(shop, "satisfaction")
    levels = chart(page, "satisfaction", ChartKind.STACKED, "Satisfaction scores")
    last = len(levels.spec.categories) - 1
    assert [series.values[last] for series in levels.spec.series] == [2.0, 0.0, 1.0, 0.0, 0.0]
    levels.setFocus()
    shop.qtbot.keyClick(levels, Qt.Key.Key_Left)  # the last month, the best score
    shop.qtbot.keyClick(levels, Qt.Key.Key_Return)
    shop.settle()
    shop.qtbot.waitUntil(lambda: isinstance(shop.window.page, SurveysPage))
    shop.settle()
    assert isinstance(shop.window.page, SurveysPage)
    assert shop.window.page.list.rows.count == 2


def test_a_slow_tab_shows_its_cards_first_after_a_change(
    shop: Workshop, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_ticket(desk)
    page = reports_tab(shop, "response")
    asked: list[bool] = []
    real = sheets.sheet

    def watched(desk: Desk, tab: str, view: sheets.View, *more: Any) -> sheets.Sheet:
        asked.append(view.brief)
        return real(desk, tab, view, *more)

    monkeypatch.setattr(sheets, "sheet", watched)
    page.reload()
    shop.settle()
    assert asked == [False]
    monkeypatch.setattr("ui.pages.reports.page.LONG", -1.0)  # whatever it takes is long
    page.reload()
    shop.settle()
    asked.clear()
    page.reload()
    shop.settle()
    shop.settle()
    assert asked == [True, False]
