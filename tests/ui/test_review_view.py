"""The review of open cases with real keys: causes, many at once, confirm, item, undo."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from svcdesk.services import improvements, open_review, undo
from tests.services.desks import a_complaint
from tests.services.importing import at
from tests.ui.pages import Workshop, a_ticket, commit
from ui.pages.improvement.page import ImprovementPage
from ui.pages.improvement.review_view import ReviewView
from ui.pages.page import Route

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

KEY = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NAMES = ("空调不制冷", "净水器渗水", "洗衣机噪音大")


def press(widget: QWidget, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(widget, key)


class Opened:
    """The view alone in a window, told of every write."""

    def __init__(self, shop: Workshop) -> None:
        assert shop.window.place is not None
        self.shop = shop
        self.view = ReviewView(shop.window.place)
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
        self.settle()

    def settle(self) -> None:
        for _step in range(3):  # a write, what follows it, the reading after both
            self.shop.settle()

    def causes(self) -> list[tuple[str, str, str]]:
        """Return the causes as they are shown: name, cases, reviewed."""
        model = self.view._cause_model
        cells = [[model.cell(row, column) for column in range(3)] for row in range(model.count)]
        return [tuple("" if c is None else c.text for c in row) for row in cells]  # type: ignore[misc]

    def titles(self) -> list[str]:
        rows = [self.view._model.row_at(place) for place in range(self.view._model.count)]
        return [row.title for row in rows if row is not None]


@pytest.fixture
def cases(desk: Desk, clock: FixedClock) -> list[int]:
    """Three tickets open since February, a complaint since March; it is 2 April."""
    clock.at = at("2026-02-10 10:00")
    found = [a_ticket(desk, name, callback_required=0) for name in NAMES]
    clock.at = at("2026-03-20 10:00")
    found.append(a_complaint(desk))
    clock.at = at("2026-04-02 10:00")
    return found


@pytest.fixture
def opened(cases: list[int], shop: Workshop) -> Opened:
    return Opened(shop)


def parts(desk: Desk) -> int:
    (found,) = [i.id for i in desk.reference.items_of("overdue_reason") if i.name == "备件短缺"]
    return found


def test_what_the_month_left_open(opened: Opened) -> None:
    view = opened.view
    assert view.month.value() == "2026-03"
    assert view.told.text() == "Reviewed 0 of 4"
    assert "3 carried from months before" in view.note.text()
    assert opened.causes() == [("All open cases", "4", "0"), ("Not said", "4", "0")]
    assert opened.titles()[:3] == list(NAMES)
    assert opened.counts[-1] == 4


def test_many_get_a_reason_and_a_step_at_once(opened: Opened, cases: list[int]) -> None:
    view, desk = opened.view, opened.shop.desk
    view.table.go_to(cases[0])
    view.table.setFocus()
    QTest.keyClick(view.table, KEY.Key_Down, SHIFT)
    assert "2 cases chosen" in view.foot.about.text()
    press(view.table, KEY.Key_E)
    reason = view.form.editor("reason_id")
    assert reason.hasFocus()
    reason.set_value(parts(desk))
    commit(view.form.editor("next_step"), "催压缩机到货")
    QTest.keyClick(view.form.editor("next_step"), KEY.Key_Return, CONTROL)
    opened.settle()
    assert view.told.text() == "Reviewed 2 of 4"
    assert opened.causes() == [
        ("All open cases", "4", "2"), ("Spare-part shortage", "2", "2"), ("Not said", "2", "0"),
    ]  # fmt: skip
    found = {case.id: case.next_step for case in view._review.cases}  # type: ignore[union-attr]
    assert found == {cases[0]: "催压缩机到货", cases[1]: "催压缩机到货", cases[2]: "",
                     cases[3]: ""}  # fmt: skip
    assert not view.form.dirty
    undo.undo(desk)
    opened.settle()
    assert view.told.text() == "Reviewed 0 of 4"


def test_the_form_shows_what_the_chosen_have_in_common(opened: Opened, cases: list[int]) -> None:
    view, desk = opened.view, opened.shop.desk
    open_review.say(desk, "2026-03", cases[:2], {"reason_id": parts(desk)})
    open_review.say(desk, "2026-03", cases[:1], {"next_step": "催备件"})
    opened.settle()
    view.table.go_to(cases[0])
    assert view.form.values()["next_step"] == "催备件"
    assert view.form.values()["reason_id"] == parts(desk)
    QTest.keyClick(view.table, KEY.Key_Down, SHIFT)
    assert view.form.values()["next_step"] is None  # they differ
    assert view.form.values()["reason_id"] == parts(desk)
    QTest.keyClick(view.table, KEY.Key_Down, SHIFT)
    assert view.form.values()["reason_id"] is None


def test_what_is_being_typed_stays_when_the_list_reads_again(
    opened: Opened, cases: list[int]
) -> None:
    view = opened.view
    view.table.go_to(cases[0])
    commit(view.form.editor("next_step"), "约周六上门")
    open_review.say(opened.shop.desk, "2026-03", cases[1:2], {"next_step": "别的"})
    opened.settle()
    assert view.form.values()["next_step"] == "约周六上门"
    press(view, KEY.Key_Escape)
    assert view.form.values()["next_step"] is None
    assert not view.form.dirty


def test_one_cause_alone_and_its_item(opened: Opened, cases: list[int]) -> None:
    view, desk = opened.view, opened.shop.desk
    open_review.say(desk, "2026-03", cases[:2], {"reason_id": parts(desk)})
    opened.settle()
    view.causes.setFocus()
    press(view.causes, KEY.Key_Down)
    opened.settle()
    assert opened.titles() == list(NAMES[:2])
    press(view.causes, KEY.Key_Return)
    assert view.table.hasFocus()
    QTest.keyClick(view.table, KEY.Key_A, CONTROL)
    press(view.table, KEY.Key_N)
    opened.settle()
    (row,) = improvements.listed(desk)
    assert "2 cases open at the end of 2026-03" in row.title
    assert opened.routes[-1] == Route("improvement", row.id)
    assert len(improvements.get(desk, row.id).links) == 2


def test_cases_of_two_causes_make_no_item(opened: Opened, cases: list[int]) -> None:
    view, desk = opened.view, opened.shop.desk
    open_review.say(desk, "2026-03", cases[:2], {"reason_id": parts(desk)})
    opened.settle()
    view.table.setFocus()
    QTest.keyClick(view.table, KEY.Key_A, CONTROL)
    assert not view.foot.item.isEnabled()
    press(view.table, KEY.Key_N)
    opened.settle()
    assert improvements.listed(desk) == []


def test_the_next_month_begins_with_what_was_said(opened: Opened, cases: list[int]) -> None:
    view, desk = opened.view, opened.shop.desk
    open_review.say(desk, "2026-03", cases, {"next_step": "催备件"})
    opened.settle()
    view.month.setFocus()
    press(view.month, KEY.Key_Up)  # April, which is running
    opened.settle()
    assert view.told.text() == "Reviewed 0 of 4"
    assert "still running" in view.note.text()
    view.table.setFocus()
    QTest.keyClick(view.table, KEY.Key_A, CONTROL)
    assert view.form.values()["next_step"] == "催备件"
    press(view.table, KEY.Key_C)  # nothing new
    opened.settle()
    assert view.told.text() == "Reviewed 4 of 4"
    assert opened.counts[-1] == 0
    assert {c.next_step for c in view._review.cases} == {"催备件"}  # type: ignore[union-attr]


def test_enter_opens_the_record(opened: Opened, cases: list[int]) -> None:
    view = opened.view
    view.table.go_to(cases[3])
    press(view.table, KEY.Key_Return)
    view.table.go_to(cases[0])
    press(view.table, KEY.Key_Return)
    assert opened.routes == [Route("complaints", cases[3]), Route("tickets", cases[0])]
    assert view.record_shown() == ("ticket", cases[0])


def test_state_is_kept_with_what_was_typed(opened: Opened, cases: list[int]) -> None:
    view = opened.view
    view.table.go_to(cases[1])
    commit(view.form.editor("next_step"), "写到一半")
    state = view.save_state()
    other = Opened(opened.shop)
    other.view.restore_state({**state, "month": "2026-02"})
    other.settle()
    assert other.view.month.value() == "2026-02"
    assert other.view.told.text() == "Reviewed 0 of 3"
    assert other.view.table.current_id() == cases[1]
    assert other.view.form.values()["next_step"] == "写到一半"


def test_export(opened: Opened, tmp_path: Path) -> None:
    target = tmp_path / "open.csv"
    opened.view.out.write(target)
    opened.settle()
    with target.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert len(lines) == 5
    assert lines[1][2] == NAMES[0]


def test_nothing_open(shop: Workshop) -> None:
    found = Opened(shop)
    assert found.view.table.empty.text == "Nothing is open."
    assert found.view.told.text() == "Reviewed 0 of 0"


def test_in_the_page(cases: list[int], shop: Workshop) -> None:
    """The page has it as a view, with the number of what is left to review on its tab."""
    page = shop.go("improvement", values={"place": "review", "month": "2026-02"})
    for _step in range(3):
        shop.settle()
    assert isinstance(page, ImprovementPage)
    assert isinstance(page.view(), ReviewView)
    assert page.tabs._tabs["review"].count == 3
    open_review.say(shop.desk, "2026-02", cases[:1], {})
    for _step in range(3):
        shop.settle()
    assert page.tabs._tabs["review"].count == 2
