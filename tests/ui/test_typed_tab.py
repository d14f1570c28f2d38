"""The grid of typed figures by keyboard: type, paste, copy, undo, refusals kept in the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit

from svcdesk.services import dashboards, typed_figures, undo
from svcdesk.store import given_figures
from tests.ui.pages import Workshop, commit
from ui.pages.reports.page import ReportsPage
from ui.pages.reports.typed_tab import TypedTab

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk

CONTROL = Qt.KeyboardModifier.ControlModifier


def opened(shop: Workshop, grid: str = "manual") -> TypedTab:
    page = shop.go("reports", values={"tab": "typed", "grid": grid})
    assert isinstance(page, ReportsPage)
    tab = page._own["typed"]
    assert isinstance(tab, TypedTab)
    shop.settle()
    return tab


def stored(desk: Desk, kind: str, scope: str = "") -> dict[tuple[str, str], str]:
    code = "2026-04" if kind == "channels" else "2026"
    return typed_figures.grid(desk, kind, dashboards.period_of(desk, code), scope).cells


def paste(shop: Workshop, tab: TypedTab, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    shop.qtbot.keyClick(tab.view, Qt.Key.Key_V, CONTROL)
    shop.settle()


def test_a_typed_value_is_written(shop: Workshop, desk: Desk) -> None:
    tab = opened(shop)
    tab.view.go_to(2, 0)  # March, training coverage
    shop.qtbot.keyClick(tab.view, Qt.Key.Key_9)
    editor = tab.view.findChild(QLineEdit)
    assert editor is not None
    shop.qtbot.keyClicks(editor, "6.5")
    shop.qtbot.keyClick(editor, Qt.Key.Key_Return)
    shop.qtbot.waitUntil(lambda: tab.view.currentIndex().row() == 3)  # Enter goes down
    shop.settle()
    assert stored(desk, "manual") == {("2026-03", "training_coverage"): "96.5"}
    period = dashboards.period_of(desk, "2026-03")
    found = dashboards.figures(desk, period, metric_ids=["manual.training_coverage"])
    assert found["manual.training_coverage"].display == "96.5%"


def test_a_block_from_a_spreadsheet_is_one_step(shop: Workshop, desk: Desk) -> None:
    tab = opened(shop)
    tab.view.go_to(0, 0)
    paste(shop, tab, "95\t90\r\n96\t91\r\n97\t92\r\n")
    assert len(stored(desk, "manual")) == 6
    assert stored(desk, "manual")["2026-02", "newcomer_pass"] == "91"
    undo.undo(desk)
    shop.settle()
    assert stored(desk, "manual") == {}
    assert tab.view.cells.text(tab.view.cells.index(0, 0)) == ""


def test_bad_cells_stay_in_the_grid_with_a_sentence(shop: Workshop, desk: Desk) -> None:
    tab = opened(shop)
    tab.view.go_to(0, 0)
    paste(shop, tab, "95\n九十\n97")
    assert len(stored(desk, "manual")) == 2
    index = tab.view.cells.index(1, 0)
    assert tab.view.cells.data(index) == "九十"
    sentence = tab.view.cells.data(index, Qt.ItemDataRole.ToolTipRole)
    assert sentence == "“九十” is not a number."
    assert tab._told.text() == "1 cell is not written: “九十” is not a number."
    tab.view.go_to(1, 0)
    paste(shop, tab, "90")
    assert len(stored(desk, "manual")) == 3
    assert not tab._told.isVisible()


def test_more_answered_than_offered(shop: Workshop, desk: Desk) -> None:
    tab = opened(shop, "channels")
    scope = str(tab.scope.value())
    tab.view.go_to(0, 0)
    paste(shop, tab, "40\t41\n50\t45")
    assert stored(desk, "channels", scope) == {
        ("2026-04-02", "offered"): "50", ("2026-04-02", "answered"): "45",
    }  # fmt: skip
    assert "More contacts answered (41) than offered (40)." in tab._told.text()
    tab.view.go_to(0, 1)
    paste(shop, tab, "39")
    assert stored(desk, "channels", scope)["2026-04-01", "answered"] == "39"


def test_delete_makes_a_gap_and_copy_takes_the_block(shop: Workshop, desk: Desk) -> None:
    tab = opened(shop)
    tab.view.go_to(0, 0)
    paste(shop, tab, "95\t90\n96\t91")
    tab.view.go_to(0, 0)
    shop.qtbot.keyClick(tab.view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    shop.qtbot.keyClick(tab.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    shop.qtbot.keyClick(tab.view, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "95\t90\n96\t91"
    tab.view.go_to(1, 1)
    shop.qtbot.keyClick(tab.view, Qt.Key.Key_Delete)
    shop.settle()
    assert len(stored(desk, "manual")) == 3


def test_industry_values_find_their_figure(shop: Workshop, desk: Desk) -> None:
    tab = opened(shop, "industry")
    tab.view.go_to(0, 0)
    paste(shop, tab, "Connect rate\t85\t2026-01\t行业白皮书")
    (value,) = given_figures.reference_values(desk.reader)
    assert (value.metric, value.value) == ("connect_rate", 85)
    assert tab.view.cells.rowCount() == 4  # it, and three blank ones


def test_a_figure_of_ones_own_and_its_source(shop: Workshop, desk: Desk) -> None:
    tab = opened(shop)
    commit(tab.name, "转介绍客户数")
    shop.qtbot.mouseClick(tab.add, Qt.MouseButton.LeftButton)
    shop.settle()
    columns = [column.key for column in tab.view.cells.grid.columns]
    assert columns[-1] == "转介绍客户数"
    tab.view.go_to(0, len(columns) - 1)
    paste(shop, tab, "12")
    commit(tab.note, "CRM 第 3 页")
    shop.qtbot.keyClick(tab.note, Qt.Key.Key_Return)
    shop.settle()
    assert typed_figures.note_of(desk, "转介绍客户数", "2026-01") == "CRM 第 3 页"
    shop.qtbot.mouseClick(tab.add, Qt.MouseButton.LeftButton)
    shop.settle()
    assert tab._told.text() == "Give the figure a name."


def test_a_part_class_is_typed_first(shop: Workshop, desk: Desk) -> None:
    tab = opened(shop, "parts")
    assert not tab.view.isEnabled()
    commit(tab.new_class, "易损件")
    shop.qtbot.keyClick(tab.new_class, Qt.Key.Key_Return)
    shop.settle()
    tab.view.go_to(2, 0)
    paste(shop, tab, "1000\t3000\t9000\t150")
    assert stored(desk, "parts", "易损件")["2026-03", "issued"] == "9000"
