"""Board, matrix, proposals and evidence of the improvement page with real keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from svcdesk.domain.causes import WhyRow
from svcdesk.services import improvement_causes, improvement_standards, improvements, undo
from svcdesk.services.improvement_causes import Analysis
from tests.domain.calendars import at
from tests.services.closing_desks import a_month
from tests.services.test_improvement_proposals import again
from tests.services.test_improvement_standards import verifying
from tests.ui.pages import Workshop, a_complaint, a_ticket, commit
from tests.ui.test_improvement_page import KEY, an_item, page_of
from ui.pages.improvement.board_view import BoardView
from ui.pages.improvement.evidence import EvidenceDialog
from ui.pages.improvement.page import ImprovementPage
from ui.pages.improvement.proposals_view import DeclineDialog, ProposalsView
from ui.pages.reports.page import ReportsPage
from ui.widgets.labels import Link

if TYPE_CHECKING:
    from svcdesk.system.clock import FixedClock

CTRL = Qt.KeyboardModifier.ControlModifier


def view_of(shop: Workshop, name: str) -> QWidget:
    page = shop.go("improvement", values={"place": name})
    quiet(shop)
    assert isinstance(page, ImprovementPage)
    return page.view(name)


def quiet(shop: Workshop) -> None:
    for _round in range(3):
        shop.settle()


@pytest.fixture
def board(shop: Workshop) -> BoardView:
    an_item(shop.desk)
    an_item(shop.desk, "analyzing")
    found = view_of(shop, "board")
    assert isinstance(found, BoardView)
    return found


class TestBoard:
    def test_cards_stand_in_their_stage_and_arrows_walk(
        self, shop: Workshop, board: BoardView
    ) -> None:
        first = board.stages.keys("identified")[0]
        second = board.stages.keys("analyzing")[0]
        board.stages.focus_first()
        shop.qtbot.waitUntil(lambda: board.stages.current == first)
        QTest.keyClick(board.stages.card(first), KEY.Key_Right)
        assert board.stages.current == second
        QTest.keyClick(board.stages.card(second), KEY.Key_Left)
        assert board.stages.current == first
        QTest.keyClick(board.stages.card(first), KEY.Key_Left)
        assert board.stages.current == first  # nothing further left

    def test_a_step_that_needs_something_asks_in_the_item(
        self, shop: Workshop, board: BoardView
    ) -> None:
        key = board.stages.keys("identified")[0]
        QTest.keyClick(board.stages.card(key), KEY.Key_Right, CTRL)
        quiet(shop)
        page = shop.window.page
        assert isinstance(page, ImprovementPage)
        assert page.tabs.key() == "items"
        assert page.items.pane.form.isVisibleTo(page)
        assert page.items.pane.detail is not None
        assert page.items.pane.detail.item["id"] == key

    def test_a_gate_says_what_is_missing_and_the_card_stays(
        self, shop: Workshop, board: BoardView
    ) -> None:
        key = board.stages.keys("analyzing")[0]
        QTest.keyClick(board.stages.card(key), KEY.Key_Right, CTRL)
        quiet(shop)
        assert improvements.get(shop.desk, key).item["item_no"] in board.told.text()
        assert board.stages.keys("analyzing") == [key]

    def test_a_card_moves_when_the_gate_is_open_and_undo_brings_it_back(
        self, shop: Workshop, board: BoardView
    ) -> None:
        key = board.stages.keys("analyzing")[0]
        rows = (WhyRow("为什么？", "没有路线规划", "派单记录", root=True),)
        improvement_causes.save(shop.desk, key, Analysis(whys=rows))
        quiet(shop)
        QTest.keyClick(board.stages.card(key), KEY.Key_Right, CTRL)
        quiet(shop)
        assert board.stages.keys("planned") == [key]
        undo.undo(shop.desk)
        quiet(shop)
        assert board.stages.keys("analyzing") == [key]

    def test_no_step_over_a_stage(self, shop: Workshop, board: BoardView) -> None:
        key = board.stages.keys("identified")[0]
        board.stages.drop(key, "closed", "")
        quiet(shop)
        assert board.told.text()
        assert board.stages.keys("identified") == [key]


class TestMatrix:
    def test_moving_a_card_rates_the_item(self, shop: Workshop, board: BoardView) -> None:
        board.kinds.group.button(1).click()
        key = board.matrix.keys("", "")[0]
        QTest.keyClick(board.matrix.card(key), KEY.Key_Left, CTRL)
        quiet(shop)
        item = improvements.get(shop.desk, key).item
        assert (item["effort"], item["impact"]) == (3, 3)
        QTest.keyClick(board.matrix.card(key), KEY.Key_Down, CTRL)
        quiet(shop)
        item = improvements.get(shop.desk, key).item
        assert (item["effort"], item["impact"]) == (3, 2)
        assert board.matrix.keys("3", "2") == [key]


class TestProposals:
    @pytest.fixture
    def view(self, shop: Workshop, clock: FixedClock) -> ProposalsView:
        again(shop.desk, clock, (3, 5, 9))
        clock.at = at("2026-04-02 10:00")
        found = view_of(shop, "proposals")
        assert isinstance(found, ProposalsView)
        return found

    def test_taken_up_with_one_key(self, shop: Workshop, view: ProposalsView) -> None:
        shown = view.current()
        assert shown is not None
        assert shown.kind == "repeat"
        QTest.keyClick(view, KEY.Key_N)
        quiet(shop)
        (row,) = improvements.listed(shop.desk)
        assert row.title == shown.title
        page = shop.window.page
        assert isinstance(page, ImprovementPage)
        assert page.items.pane.title.text() == row.title  # and shown
        assert view.current() is None

    def test_declined_with_a_reason(self, shop: Workshop, view: ProposalsView) -> None:
        QTest.keyClick(view, KEY.Key_D)
        dialog = view.findChild(DeclineDialog)
        assert dialog is not None
        QTest.keyClick(dialog, KEY.Key_Return, CTRL)
        shop.settle()
        assert dialog.form.field("reason").problem
        commit(dialog.form.editor("reason"), "客户已撤诉")
        QTest.keyClick(dialog, KEY.Key_Return, CTRL)
        quiet(shop)
        assert view.current() is None
        assert view.table.empty.text

    def test_its_records_are_listed(self, shop: Workshop, view: ProposalsView) -> None:
        view.table.setFocus()
        QTest.keyClick(view.table, KEY.Key_Return)
        quiet(shop)
        assert shop.window.page is not None
        assert shop.window.page.key == "complaints"


class TestEvidence:
    def test_pasted_numbers_are_linked_with_a_remark(self, shop: Workshop) -> None:
        desk = shop.desk
        key = an_item(desk)
        ticket, case = a_ticket(desk), a_complaint(desk)
        page = page_of(shop, record=key)
        page.pane.facts.add_button.click()
        dialog = page.findChild(EvidenceDialog)
        assert dialog is not None
        numbers = [improvements.number_of(desk, "ticket", ticket),
                   improvements.number_of(desk, "complaint", case)]  # fmt: skip
        dialog.box.setText("\n".join(numbers))
        shop.qtbot.waitUntil(lambda: len(dialog.list.selectedItems()) == 2)
        dialog.note.setText("上门迟到")
        QTest.keyClick(dialog, KEY.Key_Return, CTRL)
        quiet(shop)
        links = improvements.get(desk, key).links
        assert [(one["record_id"], one["note"]) for one in links] == [
            (ticket, "上门迟到"), (case, "上门迟到"),
        ]  # fmt: skip

    def test_the_present_why_takes_the_number_and_opens_it(self, shop: Workshop) -> None:
        desk = shop.desk
        key = an_item(desk, "analyzing")
        rows = (WhyRow("为什么？", "没有路线规划", ""),)
        improvement_causes.save(desk, key, Analysis(whys=rows))
        ticket = a_ticket(desk)
        number = improvements.number_of(desk, "ticket", ticket)
        page = page_of(shop, record=key, values={"tab": "whys"})
        outline = page.pane.whys.outline
        outline.setFocus()
        outline.setCurrentItem(outline.items_()[0])
        page.pane.whys.evidence.click()
        dialog = page.findChild(EvidenceDialog)
        assert dialog is not None
        dialog.box.setText(number)
        shop.qtbot.waitUntil(lambda: bool(dialog.list.selectedItems()))
        dialog.link.click()
        quiet(shop)
        detail = improvements.get(desk, key)
        assert detail.rca is not None
        assert detail.rca["whys"][0]["evidence"] == number
        assert [one["record_id"] for one in detail.links] == [ticket]
        named = page.pane.whys.named
        shop.qtbot.waitUntil(named.isVisible)
        link = named.findChildren(QWidget)[0]
        QTest.keyClick(link, KEY.Key_Return)
        quiet(shop)
        assert shop.window.page is not None
        assert shop.window.page.key == "tickets"


def test_what_came_back_reopens_the_former_item(shop: Workshop, clock: FixedClock) -> None:
    desk = shop.desk
    former = an_item(desk)
    with desk.write("x") as uow:
        uow.update("improvement_item", former, {"status": "closed", "closed_at": clock.at})
    clock.advance(86400)
    fresh = an_item(desk)
    page = page_of(shop, record=fresh)
    quiet(shop)
    banner = page.pane._banners.itemAt(0).widget()
    assert banner is not None
    banner.acted.emit("reopen")
    quiet(shop)
    assert improvements.get(desk, former).item["status"] == "analyzing"
    assert improvements.get(desk, fresh).item["merged_into_id"] == former
    assert page.pane.detail is not None
    assert page.pane.detail.item["id"] == former


def test_an_sop_of_what_worked(shop: Workshop) -> None:
    key = verifying(shop.desk)
    page = page_of(shop, record=key)
    page.pane.facts.standard_button.click()
    quiet(shop)
    article = improvement_standards.article_of(shop.desk, key)
    assert article is not None
    assert article["title"] == "上门准时率低"
    links = [link.text() for link in page.pane.facts.findChildren(Link)]
    assert article["article_no"] in links


def test_an_item_of_a_figure_on_the_screen(shop: Workshop, clock: FixedClock) -> None:
    a_month(shop.desk, clock)
    page = shop.go("reports", values={"tab": "overview"})
    quiet(shop)
    assert isinstance(page, ReportsPage)
    page.define("ticket_created")
    quiet(shop)
    page.pane.improve_button.click()
    quiet(shop)
    (row,) = improvements.listed(shop.desk)
    assert (row.metric, row.occurrences) == ("ticket_created", 1)
    assert isinstance(shop.window.page, ImprovementPage)
    assert shop.window.page.items.pane.title.text() == row.title
