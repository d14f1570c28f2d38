"""The long list: nothing lost over a swap, few rows in memory, one copy for a spreadsheet."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QItemSelectionModel, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester

from svcdesk.i18n import catalog
from ui.jobs.runner import ImmediateRunner
from ui.models.columns import Cell, ColumnDef
from ui.models.record_list import RecordList
from ui.models.row_window import BLOCK, BLOCKS_KEPT, RowWindowModel
from ui.theme.tokens import row_height
from ui.widgets.data_table import DataTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytestqt.qtbot import QtBot

    from svcdesk.system.job import JobContext


@dataclass(frozen=True)
class Row:
    id: int
    title: str


class Numbers:
    """Rows by number; counts how often rows are fetched."""

    def __init__(self, keys: Sequence[int]) -> None:
        self.keys = array("q", keys)
        self.fetched = 0
        self.titles: dict[int, str] = {}

    def first_page(self, limit: int) -> Sequence[Row]:
        return self.rows(self.keys[:limit])

    def ids(self, context: JobContext) -> array[int]:
        context.check()
        return array("q", self.keys)

    def rows(self, ids: Sequence[int]) -> Sequence[Row]:
        self.fetched += len(ids)
        return [Row(key, self.titles.get(key, f"row {key}")) for key in ids]


COLUMNS = [
    ColumnDef("id", "No.", lambda r: Cell(str(r.id)), 80, right=True, sort="id"),
    ColumnDef(
        "title", "Title", lambda r: Cell(r.title, tip=f"tip {r.id}"), 200, stretch=True, elide=True
    ),
    ColumnDef("low", "Low", lambda r: Cell("x", "circle-alert", "danger"), 90, drop=1),
]


@pytest.fixture
def model(qtbot: QtBot) -> RowWindowModel:
    parent = QObject()
    made = RowWindowModel(COLUMNS, ImmediateRunner(parent), parent)
    made.parent_kept = parent  # type: ignore[attr-defined]  # the model must not outlive it
    return made


def show(qtbot: QtBot, model: RowWindowModel, source: object) -> None:
    model.show(source)  # type: ignore[arg-type]  # the fakes fit
    qtbot.waitUntil(lambda: model.complete)


def test_model_obeys_qt(qtbot: QtBot, model: RowWindowModel) -> None:
    tester = QAbstractItemModelTester(model)
    show(qtbot, model, Numbers(range(1, 400)))
    show(qtbot, model, Numbers(range(400, 0, -1)))
    show(qtbot, model, Numbers([]))
    assert model.rowCount() == 0
    assert tester.model() is model


def test_data_comes_from_the_columns(qtbot: QtBot, model: RowWindowModel) -> None:
    show(qtbot, model, Numbers(range(1, 300)))
    index = model.index(250, 1)
    assert index.data() == "row 251"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "tip 251"
    assert index.data(Qt.ItemDataRole.DecorationRole) is None
    assert model.headerData(0, Qt.Orientation.Horizontal) == "No."


def test_few_rows_are_fetched_and_kept(qtbot: QtBot, model: RowWindowModel) -> None:
    source = Numbers(range(100_000))
    show(qtbot, model, source)
    for position in range(0, 100_000, 500):
        model.row_at(position)
    assert source.fetched <= 201 * BLOCK + BLOCK
    assert len(model._blocks) <= BLOCKS_KEPT


def test_swap_keeps_current_selection_and_place(qtbot: QtBot, model: RowWindowModel) -> None:
    show(qtbot, model, Numbers(range(2_000)))
    table = DataTable(model, "test")
    qtbot.addWidget(table)
    table.resize(500, 400)
    table.show()
    flags = QItemSelectionModel.SelectionFlag
    for position in (700, 705, 710):
        table.selectionModel().select(model.index(position, 0), flags.Select | flags.Rows)
    table.selectionModel().setCurrentIndex(model.index(710, 0), flags.NoUpdate)
    table.verticalScrollBar().setValue(690 * row_height())
    top = model.id_at(table.rowAt(0))
    show(qtbot, model, Numbers([-3, -2, -1, *range(2_000)]))
    assert table.current_id() == 710
    assert sorted(table.selected_ids()) == [700, 705, 710]
    assert model.id_at(table.rowAt(0)) == top


def test_selected_rows_that_left_are_forgotten(qtbot: QtBot, model: RowWindowModel) -> None:
    show(qtbot, model, Numbers(range(50)))
    table = DataTable(model, "test")
    qtbot.addWidget(table)
    table.selectRow(10)
    show(qtbot, model, Numbers(range(20, 50)))
    assert table.selected_ids() == [30]  # what stands in its place now


def test_select_all_counts_without_asking_rows(qtbot: QtBot, model: RowWindowModel) -> None:
    source = Numbers(range(50_000))
    show(qtbot, model, source)
    table = DataTable(model, "test")
    qtbot.addWidget(table)
    before = source.fetched
    table.selectAll()
    assert table.selected_count() == 50_000
    assert source.fetched == before


def test_edited_rows_are_shown_anew_in_place(qtbot: QtBot, model: RowWindowModel) -> None:
    source = Numbers(range(300))
    show(qtbot, model, source)
    assert model.index(5, 1).data() == "row 5"
    source.titles[5] = "changed"
    with qtbot.waitSignal(model.dataChanged):
        model.refresh_rows([5])
    assert model.index(5, 1).data() == "changed"


def test_row_gone_meanwhile_is_blank(qtbot: QtBot, model: RowWindowModel) -> None:
    show(qtbot, model, RecordList([Row(1, "a"), Row(2, "b")]))
    model._blocks.clear()
    model._source = RecordList([Row(2, "b")])
    assert model.row_at(0) is None
    assert model.index(0, 0).data() is None
    assert model.index(1, 1).data() == "b"


def test_copy_is_a_table_for_a_spreadsheet(qtbot: QtBot, model: RowWindowModel) -> None:
    show(qtbot, model, RecordList([Row(1, "two\nlines"), Row(2, "b")]))
    table = DataTable(model, "test")
    qtbot.addWidget(table)
    table.selectAll()
    table.copy_selection()
    assert QGuiApplication.clipboard().text() == "No.\tTitle\tLow\n1\ttwo lines\tx\n2\tb\tx"


def test_narrow_table_drops_declared_columns(qtbot: QtBot, model: RowWindowModel) -> None:
    show(qtbot, model, Numbers(range(5)))
    table = DataTable(model, "test")
    qtbot.addWidget(table)
    table.resize(300, 300)
    table.show()
    assert table.isColumnHidden(2)
    table.resize(600, 300)
    qtbot.waitUntil(lambda: not table.isColumnHidden(2))


def test_layout_is_remembered_and_can_be_reset(qtbot: QtBot, model: RowWindowModel) -> None:
    show(qtbot, model, Numbers(range(5)))
    table = DataTable(model, "kept")
    qtbot.addWidget(table)
    table.resize(800, 300)
    table.show()
    table.horizontalHeader().resizeSection(0, 140)
    table.hide()  # the page is left, or the window closed
    again = DataTable(model, "kept")
    qtbot.addWidget(again)
    assert again.horizontalHeader().sectionSize(0) == 140
    again.reset_layout()
    assert again.horizontalHeader().sectionSize(0) == 80


def test_sorting_asks_and_single_keys_pass_through(qtbot: QtBot, model: RowWindowModel) -> None:
    show(qtbot, model, Numbers(range(5)))
    table = DataTable(model, "test")
    qtbot.addWidget(table)
    table.set_order((("id", False),))
    with qtbot.waitSignal(table.order_requested) as caught:
        table.horizontalHeader().sectionClicked.emit(0)
    assert caught.args == [(("id", True),)]
    table.step(1)
    table.step(2)
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [2]
    qtbot.keyClick(table, Qt.Key.Key_T)  # no type-ahead: the current row stays
    assert table.current_id() == 2


def test_empty_list_says_so(qtbot: QtBot, model: RowWindowModel) -> None:
    catalog.set_language("zh_CN")
    table = DataTable(model, "test")
    qtbot.addWidget(table)
    table.empty.set("inbox", "没有逾期工单。")
    table.show()
    show(qtbot, model, Numbers([]))
    assert table.empty.isVisible()
    assert table.empty.text == "没有逾期工单。"
