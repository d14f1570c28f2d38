"""What rises, with real keys: choose, open a record, make an item, say no and take it back."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from svcdesk.services import improvements, trends, undo
from tests.services.trend_desks import Week, leaking
from tests.ui.pages import Workshop, commit
from ui.pages.improvement.page import ImprovementPage
from ui.pages.improvement.trends_view import DeclineDialog, TrendsView
from ui.pages.page import Route

if TYPE_CHECKING:
    from pathlib import Path

KEY = Qt.Key


def press(widget: QWidget, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(widget, key)


class Watched:
    """The view alone in a window, told of every write, its addresses collected."""

    def __init__(self, shop: Workshop) -> None:
        assert shop.window.place is not None
        self.shop = shop
        self.view = TrendsView(shop.window.place)
        self.routes: list[Route] = []
        self.counts: list[object] = []
        self.view.opened.connect(self.routes.append)
        self.view.counted.connect(self.counts.append)
        shop.bridge.changed.connect(self.view.refresh)
        shop.qtbot.addWidget(self.view)
        self.view.resize(1200, 660)
        self.view.show()
        self.view.activateWindow()
        self.view.reload()
        shop.settle()


@pytest.fixture
def leak(shop: Workshop, tmp_path: Path) -> Watched:
    leaking(shop.desk, tmp_path)
    shop.settle()
    return Watched(shop)


def test_nothing_says_what_was_looked_at(shop: Workshop, tmp_path: Path) -> None:
    week = Week()
    week.every(range(9), 12, "安装指导不足", "空调", "不会安装", "看不懂图纸")
    week.bring(shop.desk, tmp_path)
    found = Watched(shop)
    assert found.view.table.rows.count == 0
    text = found.view.table.empty.text
    assert "2 categories and products" in text
    assert "in 9 weeks, 108 records: nothing stands out." in text
    assert found.counts[-1] == 0


def test_too_young(shop: Workshop) -> None:
    found = Watched(shop)
    assert "four whole weeks" in found.view.table.empty.text


def test_the_finding_its_weeks_and_its_records(leak: Watched) -> None:
    view = leak.view
    assert leak.counts[-1] == 1
    row = [view._model.cell(0, place) for place in range(8)]
    texts = ["" if cell is None else cell.text for cell in row]
    assert texts[1:5] == ["Product quality defect", "12", "1.0", "×12.0"]
    assert texts[6] == "03-23"
    assert view._chart is not None
    assert view._chart.spec.series[0].values == (1.0,) * 8 + (12.0,)
    assert view._chart.spec.categories[-1] == "03-23"
    assert "漏水" in view.about.text()
    assert "净水器" in view.about.text()
    assert view.cases.rows.count == 12


def test_enter_goes_to_the_records_and_opens_one(leak: Watched) -> None:
    view = leak.view
    view.table.setFocus()
    press(view.table, KEY.Key_Return)
    assert QApplication.focusWidget() is view.cases
    press(view.cases, KEY.Key_Down, KEY.Key_Return)
    found = view.chosen()
    assert found is not None
    assert leak.routes == [Route("tickets", found.cases[1])]
    press(view.table, KEY.Key_S)
    assert leak.routes[-1].query is not None
    assert leak.routes[-1].query.ids == found.cases


def test_an_item_by_one_key(leak: Watched) -> None:
    view = leak.view
    view.table.setFocus()
    press(view.table, KEY.Key_N)
    leak.shop.settle()
    leak.shop.settle()
    (row,) = improvements.listed(leak.shop.desk)
    assert leak.routes[-1] == Route("improvement", row.id)
    cell = view._model.cell(0, 7)
    assert cell is not None
    assert cell.text == row.number
    assert view.take.text() == "Add to the open item"
    assert leak.counts[-1] == 0
    press(view.table, KEY.Key_N)  # nothing doubles
    leak.shop.settle()
    assert len(improvements.listed(leak.shop.desk)) == 1


def test_no_with_a_reason_and_back(leak: Watched) -> None:
    view, shop = leak.view, leak.shop
    press(view.table, KEY.Key_D)
    dialog = view.findChild(DeclineDialog)
    assert dialog is not None
    QTest.keyClick(dialog, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
    shop.settle()
    assert dialog.form.field("reason").problem  # a reason is needed
    commit(dialog.form.editor("reason"), "一个批次，已召回")
    QTest.keyClick(dialog, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
    shop.settle()
    shop.settle()
    found = view.chosen()
    assert found is not None
    assert found.declined is not None
    assert "一个批次，已召回" in view.about.text()
    assert not view.no.isVisible()
    press(view.table, KEY.Key_U)
    shop.settle()
    shop.settle()
    found = view.chosen()
    assert found is not None
    assert found.declined is None
    undo.undo(shop.desk)
    shop.settle()
    shop.settle()
    found = view.chosen()
    assert found is not None
    assert found.declined is not None


def test_another_week_and_scope(leak: Watched) -> None:
    view, shop = leak.view, leak.shop
    view.week.setFocus()
    press(view.week, KEY.Key_Down)  # one week earlier
    shop.settle()
    assert view._look is not None
    assert str(view._look.week) == "2026-03-16"
    assert view.table.rows.count == 0
    view.show_route(Route("improvement", values={"scope": trends.COMPLAINT}))
    shop.settle()
    assert view._look.scope == trends.COMPLAINT
    view.show_route(Route("improvement", values={"week": "2011-01-03"}))  # no such choice
    shop.settle()
    assert str(view._look.week) == "2026-03-16"


def test_in_the_page(shop: Workshop, tmp_path: Path) -> None:
    """The page has it as a view, with the number of what is open on its tab."""
    leaking(shop.desk, tmp_path)
    page = shop.go("improvement", values={"place": "trends"})
    shop.settle()
    assert isinstance(page, ImprovementPage)
    view = page.view()
    assert isinstance(view, TrendsView)
    assert page.tabs._tabs["trends"].count == 1
    view.table.setFocus()
    press(view.table, KEY.Key_N)
    shop.settle()
    shop.settle()
    assert page.tabs.key() == "items"
    (row,) = improvements.listed(shop.desk)
    assert page.record_shown() == ("improvement_item", row.id)


def test_state_is_kept(leak: Watched) -> None:
    state = leak.view.save_state()
    other = Watched(leak.shop)
    other.view.restore_state({**state, "week": "2026-03-16"})
    leak.shop.settle()
    assert other.view._look is not None
    assert str(other.view._look.week) == "2026-03-16"
    other.view.restore_state(state)
    leak.shop.settle()
    chosen = other.view.chosen()
    assert chosen is not None
    assert chosen.subject == state["subject"]


def test_export(leak: Watched, tmp_path: Path) -> None:
    target = tmp_path / "trends.csv"
    leak.view.out.write(target)
    leak.shop.settle()
    with target.open(encoding="utf-8-sig", newline="") as file:
        header, line = list(csv.reader(file))
    assert header[-1] == "2026-03-23"
    assert line[1:3] == ["Product quality defect", "12"]
    assert line[-9:] == ["1"] * 8 + ["12"]
    assert "漏水" in line[8]
