"""Closed months in the window: close, read, find what changed, reopen – with keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from svcdesk.services import closings, tickets, undo
from svcdesk.system.job import ImmediateContext
from tests.services.closing_desks import a_month
from ui.pages.reports.closing_detail import DEFINITIONS, FIGURES, JUDGED, RECORDS, WARNINGS
from ui.pages.reports.closing_tab import ClosingTab
from ui.pages.tickets.page import TicketsPage

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock
    from tests.ui.pages import Workshop

ENTER = Qt.Key.Key_Return


def shown(shop: Workshop, **values: str) -> ClosingTab:
    page = shop.go("reports", values={"tab": "closing", **values})
    tab = page._own["closing"]  # type: ignore[attr-defined]
    assert isinstance(tab, ClosingTab)
    shop.settle()
    return tab


def lines(tab: ClosingTab, view: str) -> list[list[str]]:
    table = tab.detail.tables[view]
    count = table.rows.count or 0
    return [[cell.text for cell in table.rows.row_at(i).cells] for i in range(count)]  # type: ignore[union-attr]


def months(tab: ClosingTab) -> list[list[str]]:
    model = tab.months.rows
    return [[c.text for c in model.row_at(i).cells] for i in range(model.count or 0)]  # type: ignore[union-attr]


def test_without_records_there_is_nothing_to_close(shop: Workshop) -> None:
    tab = shown(shop)
    assert "no records yet" in tab._nothing.text
    assert not tab.close_button.isVisible()


def test_a_month_is_closed_by_key_and_undone(shop: Workshop, desk: Desk, clock: FixedClock) -> None:
    a_month(desk, clock)
    tab = shown(shop)
    assert months(tab) == [["2026-04", "running", ""], ["2026-03", "ready to close", ""]]
    assert tab._month == "2026-03"
    assert "nothing changes silently" in tab._nothing.text
    tab.close_button.setFocus()
    shop.qtbot.keyClick(tab.close_button, Qt.Key.Key_Space)
    shop.settle()
    assert closings.find(desk, "2026-03").version == 1
    assert months(tab)[1] == ["2026-03", "closed, version 1", "0"]
    assert not tab.close_button.isVisible()
    judged = {line[0]: line for line in lines(tab, JUDGED)}
    assert judged["Mean satisfaction score"][6] == "sample too small"
    assert (
        tab.detail.tables[FIGURES].empty.text == "Nothing has changed since this month was closed."
    )
    frozen = {line[0]: line for line in lines(tab, DEFINITIONS)}
    assert frozen["Tickets received"][1:3] == ["6", "6"]
    undo.undo(desk)
    shop.settle()
    assert months(tab)[1][1] == "ready to close"
    assert tab.close_button.isVisible()


def test_what_changed_is_found_and_opened(shop: Workshop, desk: Desk, clock: FixedClock) -> None:
    keys, _ = a_month(desk, clock)
    closings.close(desk, "2026-03", ImmediateContext())
    tab = shown(shop)
    tickets.change(desk, keys[1], {"priority": "low"})
    tickets.remove(desk, keys[0])
    shop.settle()
    assert months(tab)[1][2] == "2"
    moved = {(line[0], line[1]): line for line in lines(tab, FIGURES)}
    assert moved["Tickets received", "Whole desk"][2:4] == ["6", "5"]
    numbers = {line[0]: line for line in lines(tab, RECORDS)}
    gone = desk.reader.execute("SELECT ticket_no FROM ticket WHERE id = ?", (keys[0],)).fetchone()[
        0
    ]
    kept = desk.reader.execute("SELECT ticket_no FROM ticket WHERE id = ?", (keys[1],)).fetchone()[
        0
    ]
    assert set(numbers) == {gone, kept}
    assert numbers[gone][1] == "deleted"
    assert "Priority: Normal → Low" in numbers[kept][2]

    tab.detail.choose(FIGURES)
    figures = tab.detail.tables[FIGURES]
    figures.go_to(
        next(i for i, line in enumerate(lines(tab, FIGURES)) if line[0] == "Tickets received")
    )
    figures.setFocus()
    shop.qtbot.keyClick(figures, ENTER)  # the records behind that figure
    shop.settle()
    assert tab.detail.views.value() == RECORDS
    assert [line[0] for line in lines(tab, RECORDS)] == [gone]
    tab.detail.figure.set_value(None)
    shop.qtbot.keyClicks(tab.detail.number, kept[-3:])
    shop.settle()
    assert [line[0] for line in lines(tab, RECORDS)] == [kept]
    shop.settle()
    records = tab.detail.tables[RECORDS]
    records.select_current()
    records.go_to(records.rows.id_at(0) or 0)
    records.setFocus()
    shop.qtbot.keyClick(records, ENTER)
    shop.settle()
    page = shop.window.page
    assert isinstance(page, TicketsPage)


def test_reopening_asks_for_a_reason(shop: Workshop, desk: Desk, clock: FixedClock) -> None:
    a_month(desk, clock)
    closings.close(desk, "2026-03", ImmediateContext())
    tab = shown(shop)
    assert tab.reopen_button.isVisible()
    tab.reopen_button.setFocus()
    shop.qtbot.keyClick(tab.reopen_button, Qt.Key.Key_Space)
    assert tab.reason.isVisible()
    shop.qtbot.keyClicks(tab.reason, "missed one")
    shop.qtbot.keyClick(tab.reason, ENTER)
    shop.settle()
    assert months(tab)[1][1] == "reopened"
    assert "missed one" in tab._facts.text()
    assert tab.close_button.isVisible()
    shop.qtbot.keyClick(tab.close_button, Qt.Key.Key_Space)
    shop.settle()
    assert months(tab)[1][1] == "closed, version 2"
    assert tab.version.isVisible()
    tab.version.setCurrentIndex(1)
    shop.settle()
    assert "missed one" in tab._facts.text()


def test_an_address_leads_to_a_month_and_its_changes(
    shop: Workshop, desk: Desk, clock: FixedClock
) -> None:
    keys, _ = a_month(desk, clock)
    closings.close(desk, "2026-03", ImmediateContext())
    tickets.remove(desk, keys[0])
    clock.advance(40 * 86400)
    tab = shown(shop, month="2026-03", view=RECORDS)
    assert (tab._month, tab.detail.views.value()) == ("2026-03", RECORDS)
    assert len(lines(tab, RECORDS)) == 1
    assert tab.detail.tables[WARNINGS].rows.count is not None


def test_a_step_into_a_closed_month_is_told(shop: Workshop, desk: Desk, clock: FixedClock) -> None:
    keys, _ = a_month(desk, clock)
    closings.close(desk, "2026-03", ImmediateContext())
    shop.settle()
    clock.advance(60)
    tickets.say(desk, keys[5], "您好，已收到", "public_reply")  # today: no matter of March
    shop.settle()
    assert "2026-03" not in shop.window.toast.text
    tickets.remove(desk, keys[0])
    shop.settle()
    assert "2026-03 is closed" in shop.window.toast.text
