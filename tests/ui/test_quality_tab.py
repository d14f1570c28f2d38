"""The data quality tab by keyboard: choose, exclude, accept, put right, undo; data entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from svcdesk.services import data_entry, data_quality, undo
from svcdesk.services.data_quality import Decision, Filter
from tests.services.importing import brought, written
from tests.services.test_data_quality import TABLE
from tests.ui.pages import Workshop, commit, supervisor
from ui.pages.reports.page import ReportsPage
from ui.pages.reports.quality_tab import ENTRY, QualityTab
from ui.pages.tickets.page import TicketsPage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from svcdesk.services.desk import Desk


@pytest.fixture
def shop(qtbot: QtBot, desk: Desk, tmp_path: Path) -> Iterator[Workshop]:
    supervisor(desk)
    brought(desk, written(tmp_path / "t.csv", TABLE), "tickets")
    made = Workshop(qtbot, desk)
    yield made
    made.close()


def opened(shop: Workshop, **values: object) -> QualityTab:
    page = shop.go("reports", values={"tab": "data_quality", **values})
    assert isinstance(page, ReportsPage)
    tab = page._own["data_quality"]
    assert isinstance(tab, QualityTab)
    shop.settle()
    return tab


def choose(shop: Workshop, tab: QualityTab, code: str) -> None:
    """Make the line of a code the current one, as the arrow keys do."""
    table = tab.findings.table
    for number, key in tab.findings._source.keys.items():  # type: ignore[union-attr]
        if key.code == code:
            table.go_to(number)
            table.select_current()
    shop.settle()


def states(desk: Desk) -> dict[str, str]:
    return {key.code: key.state for key in data_quality.listing(desk, Filter()).keys}


def test_the_list_says_what_is_wrong(shop: Workshop) -> None:
    tab = opened(shop)
    rows = tab.findings.table.rows
    assert rows.count == 4
    texts = {rows.cell(n, 1).text: rows.cell(n, 4).text for n in range(4)}  # type: ignore[union-attr]
    assert texts["AB02"] == "Resolved 2026-03-02 08:00, before the receipt 2026-03-02 09:00"
    assert tab.findings.filters.count.text() == "4 findings"


def test_excluding_asks_for_a_reason_and_is_one_step(shop: Workshop, desk: Desk) -> None:
    tab = opened(shop)
    choose(shop, tab, "AB09")
    shop.qtbot.keyClick(tab.findings.table, Qt.Key.Key_X)
    pane = tab.findings.pane
    assert pane.reason.hasFocus()
    assert states(desk)["AB09"] == "open"  # nothing without a reason
    commit(pane.reason, "测试数据")
    shop.qtbot.keyClick(pane.reason, Qt.Key.Key_Return)
    shop.settle()
    assert states(desk)["AB09"] == "excluded"
    assert tab.findings.table.rows.count == 3  # the list shows what is open
    undo.undo(desk)
    shop.settle()
    assert states(desk)["AB09"] == "open"
    assert tab.findings.table.rows.count == 4


def test_many_are_accepted_at_once(shop: Workshop, desk: Desk) -> None:
    tab = opened(shop)
    tab.findings.table.selectAll()
    shop.settle()
    pane = tab.findings.pane
    assert pane._name.text() == "4 findings chosen"
    pane.reason.set_value("已核对")
    shop.qtbot.mouseClick(pane.accept, Qt.MouseButton.LeftButton)
    shop.settle()
    assert set(states(desk).values()) == {"accepted"}
    assert tab.findings.table.empty.text == "No finding fits these filters."
    undo.undo(desk)
    assert set(states(desk).values()) == {"open"}


def test_a_time_is_put_right_in_the_pane(shop: Workshop, desk: Desk) -> None:
    tab = opened(shop)
    choose(shop, tab, "AB03")
    pane = tab.findings.pane
    shop.qtbot.keyClick(tab.findings.table, Qt.Key.Key_F)
    assert pane.time.hasFocus()
    pane.time.set_value(pane.time.value() + 3600)  # 09:30, after the receipt
    pane.reason.set_value("看错行")
    shop.qtbot.mouseClick(pane.correct, Qt.MouseButton.LeftButton)
    shop.settle()
    assert states(desk)["AB03"] == "fixed"


def test_a_wrong_correction_is_told_at_the_field(shop: Workshop, desk: Desk) -> None:
    tab = opened(shop)
    choose(shop, tab, "AB03")
    pane = tab.findings.pane
    pane.time.set_value(pane.time.value() + 60)  # 08:31, still before the receipt
    pane.reason.set_value("看错行")
    shop.qtbot.mouseClick(pane.correct, Qt.MouseButton.LeftButton)
    shop.settle()
    assert pane._time.problem == "The first response lies before the receipt."
    assert states(desk)["AB03"] == "open"


def test_enter_opens_the_record(shop: Workshop) -> None:
    tab = opened(shop)
    choose(shop, tab, "AB01")
    key = tab.findings._one()
    assert key is not None
    shop.qtbot.keyClick(tab.findings.table, Qt.Key.Key_Return)
    shop.settle()
    page = shop.window.page
    assert isinstance(page, TicketsPage)


def test_filters_and_the_way_from_a_figure(shop: Workshop, desk: Desk) -> None:
    keys = data_quality.listing(desk, Filter(codes=("AB02",))).keys
    (finding,) = data_quality.describe(desk, keys)
    tab = opened(shop, numbers=[finding.number], filter={})
    assert tab.findings.table.rows.count == 1
    tab.findings.filters.clear()
    shop.settle()
    assert tab.findings.table.rows.count == 4
    tab.findings.filters.set_condition("code", ["AB01", "AB09"])
    shop.settle()
    assert tab.findings.table.rows.count == 2
    tab.findings.filters.set_condition("state", [str(Decision.FIXED)])
    shop.settle()
    assert tab.findings.table.rows.count == 0


def test_the_excluded_part_of_a_figure_leads_here(shop: Workshop) -> None:
    page = shop.go("reports")
    assert isinstance(page, ReportsPage)
    page.bar.set("2026-03")
    page.drill.open("frt_mean_min", "&excluded")
    shop.settle()
    tab = page._own["data_quality"]
    assert isinstance(tab, QualityTab)
    shop.settle()
    assert page.tabs.key() == "data_quality"
    rows = tab.findings.table.rows
    shown = {rows.cell(n, 1).text for n in range(rows.count)}  # type: ignore[union-attr]
    assert shown == {"AB01", "AB03"}


def test_the_list_is_written_to_a_file(shop: Workshop, tmp_path: Path) -> None:
    tab = opened(shop)
    target = tmp_path / "q.csv"
    tab.findings.export_to(target)
    shop.settle()
    text = target.read_text("utf-8-sig")
    assert "AB03" in text
    assert len(text.splitlines()) == 5


def test_data_entry_by_owner(shop: Workshop, desk: Desk) -> None:
    tab = opened(shop, view=ENTRY)
    table = tab.entry.table
    assert table.rows.cell(0, 0).text == "Tickets"  # type: ignore[union-attr]
    assert table.rows.cell(0, 2).text == "5"  # type: ignore[union-attr]
    assert table.rows.cell(0, 3).text == "—"  # imports have no time of entry
    assert tab.entry.records.rows.count == 5  # no product, department, solution
    tab.entry.owner.set_value(desk.actor.id)
    shop.qtbot.mouseClick(tab.entry.answer, Qt.MouseButton.LeftButton)
    shop.settle()
    found = data_entry.summary(desk, tab_period(desk))[0]
    assert found.data_owner == "周敏"


def tab_period(desk: Desk) -> object:
    from svcdesk.services import dashboards

    return dashboards.period_of(desk, "2026-03")
