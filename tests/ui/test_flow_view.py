"""The process map with real keys: walk, open the slowest tickets, stick a note, open it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from svcdesk.services import flow_map, improvements, undo
from tests.services.flow_desks import flowing
from tests.ui.pages import Workshop, commit
from ui.pages.improvement.flow_view import FlowMapView, NoteDialog
from ui.pages.improvement.page import ImprovementPage
from ui.pages.page import Route
from ui.widgets.flow_map import Pinned

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.system.clock import FixedClock

KEY = Qt.Key


def press(*keys: Qt.Key) -> None:
    for key in keys:
        widget = QApplication.focusWidget()
        assert widget is not None
        QTest.keyClick(widget, key)


class Watched:
    """The view alone in a window, told of every write, its addresses collected."""

    def __init__(self, shop: Workshop, month: str = "2026-04") -> None:
        assert shop.window.place is not None
        self.shop = shop
        self.view = FlowMapView(shop.window.place)
        self.routes: list[Route] = []
        self.counts: list[object] = []
        self.view.opened.connect(self.routes.append)
        self.view.counted.connect(self.counts.append)
        shop.bridge.changed.connect(self.view.refresh)
        shop.qtbot.addWidget(self.view)
        self.view.resize(1230, 620)
        self.view.show()
        self.view.activateWindow()
        self.view.show_route(Route("improvement", values={"month": month}))
        shop.settle()

    def focus(self) -> str:
        spot = self.view.map.focused()
        assert spot is not None
        return f"{spot.key}/{spot.row}" if spot.row else spot.key


@pytest.fixture
def walk(shop: Workshop, clock: FixedClock) -> Watched:
    flowing(shop.desk, clock)
    flowing(shop.desk, clock)
    shop.settle()
    return Watched(shop)


def test_an_empty_month_is_a_sentence(shop: Workshop) -> None:
    found = Watched(shop, "2026-03")
    assert not found.view.area.isVisible()
    assert "No ticket was resolved in 2026-03" in found.view.nothing.text
    assert not found.view.list_button.isEnabled()
    assert not found.view.note_button.isEnabled()
    found.view.add_note()
    assert (
        found.shop.desk.reader.execute("SELECT count(*) FROM improvement_item").fetchone()[0] == 0
    )


def test_every_card_tells_its_state_in_words(walk: Watched) -> None:
    cards = {name: walk.view.map.card(name).accessibleName() for name in flow_map.MAIN}
    assert cards["new"] == ("New. 10 h, 14.7%. 6 tickets. mean 1.7 h. median 1.0 h. P90 3.0 h")
    assert cards["pending_internal"].startswith("Waiting internally. Widest share. 20 h, 29.4%")
    assert [name for name, told in cards.items() if "Widest" in told] == ["pending_internal"]
    assert "6 tickets resolved in 2026-04: 68 h" in walk.view.told.text()
    assert "still running" in walk.view.told.text()
    assert walk.view.node() == "pending_internal"
    row = [walk.view._waiting.cell(0, place) for place in range(5)]
    assert [cell.text for cell in row if cell] == ["Logistics", "2", "20", "100.0%", "10.0"]


def test_too_few_tickets_are_not_judged(shop: Workshop, clock: FixedClock) -> None:
    flowing(shop.desk, clock)
    shop.settle()
    found = Watched(shop)
    names = [found.view.map.card(name).accessibleName() for name in flow_map.MAIN]
    assert not [name for name in names if "Widest" in name]


def test_the_arrows_walk_and_enter_lists_the_slowest(walk: Watched) -> None:
    walk.view.map.setFocus()
    assert walk.focus() == "pending_internal"
    press(KEY.Key_Up)
    assert walk.focus() == "in_progress"
    press(KEY.Key_Left, KEY.Key_Left)
    assert walk.focus() == "new"
    assert walk.view.name.text() == "New"
    press(KEY.Key_Left)
    assert walk.focus() == "new"
    press(KEY.Key_Right, KEY.Key_Down, KEY.Key_Right, KEY.Key_Right)
    assert walk.focus() == "closed"
    press(KEY.Key_Up, KEY.Key_Left)
    press(KEY.Key_Return)
    (route,) = walk.routes
    assert (route.page, route.title) == ("tickets", "Slowest in “In progress”, 2026-04")
    assert route.query is not None
    assert len(route.query.conditions[0].values) == 6


def test_enter_on_a_department_lists_its_tickets(walk: Watched) -> None:
    walk.view.waiting.setFocus()
    walk.view.waiting.step(1)
    QTest.keyClick(walk.view.waiting, KEY.Key_Return)
    (route,) = walk.routes
    assert route.title == "Waited longest for Logistics, 2026-04"
    assert route.query is not None
    assert len(route.query.conditions[0].values) == 2


def noted(walk: Watched, title: str) -> None:
    """Press N at the present card and write a note."""
    press(KEY.Key_N)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, NoteDialog)
    commit(dialog.form.editor("title"), title)
    QTest.keyClick(dialog, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
    walk.shop.settle()


def pinned(walk: Watched, state: str, n: int) -> list[Pinned]:
    """Wait until a card has that many notes."""

    def notes() -> list[Pinned]:
        return [one for one in walk.view.map.card(state).spots() if isinstance(one, Pinned)]

    walk.shop.qtbot.waitUntil(lambda: len(notes()) == n, timeout=5000)
    return notes()


def test_n_sticks_a_note_and_enter_opens_it(walk: Watched) -> None:
    walk.view.map.choose("pending_internal")
    walk.view.map.setFocus()
    noted(walk, "物流周末不回复")
    (note,) = pinned(walk, "pending_internal", 1)
    detail = improvements.get(walk.shop.desk, note.pain.id)
    assert detail.item["title"] == "物流周末不回复"
    assert len(detail.links) == 2
    assert (
        note.accessibleName() == f"Pain note {detail.item['item_no']}: 物流周末不回复 (Identified)"
    )
    assert walk.counts[-1] == 1
    walk.view.activateWindow()
    walk.shop.qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    assert walk.focus() == "pending_internal"
    press(KEY.Key_Down)
    assert walk.focus() == "pending_internal/1"
    press(KEY.Key_Return)
    assert walk.routes[-1] == Route("improvement", note.pain.id)
    undo.undo(walk.shop.desk)
    assert pinned(walk, "pending_internal", 0) == []
    assert walk.focus() == "pending_internal"
    assert walk.counts[-1] is None


def test_a_note_without_words_is_refused_at_its_field(walk: Watched) -> None:
    walk.view.map.setFocus()
    noted(walk, "")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, NoteDialog)
    assert dialog.form.field("title").problem == "Say what hurts here."
    dialog.reject()


def test_a_chosen_department_goes_into_the_note(walk: Watched) -> None:
    walk.view.waiting.step(1)
    walk.view.map.choose("pending_internal")
    walk.view.map.setFocus()
    noted(walk, "慢")
    (note,) = pinned(walk, "pending_internal", 1)
    detail = improvements.get(walk.shop.desk, note.pain.id)
    logistics = walk.shop.desk.reference.by_code("department", "logistics")
    assert logistics is not None
    assert detail.item["department_id"] == logistics.id


def test_the_drawing_as_a_picture(walk: Watched, tmp_path: Path) -> None:
    walk.view.copy_picture()
    shown = QApplication.clipboard().image()
    assert shown.width() == 2 * round(walk.view.map.drawing.width)  # type: ignore[union-attr]
    walk.view.write_picture(tmp_path / "map.png")
    kept = QImage(str(tmp_path / "map.png"))
    assert kept.size() == shown.size()
    card = walk.view.map.card("new").geometry().center()
    corner = walk.view.map.card("new").geometry().topLeft()
    colours = {kept.pixelColor(2 * (corner.x() + n), 2 * card.y()).name() for n in range(40)}
    assert len(colours) > 1  # the card is in it, not only the ground


def test_the_page_keeps_month_and_node(shop: Workshop, clock: FixedClock) -> None:
    first, _second, _third = flowing(shop.desk, clock)
    values = {"place": "flow", "month": "2026-04", "node": "closed"}
    page = shop.go("improvement", values=values)
    assert isinstance(page, ImprovementPage)
    view = page.view("flow")
    assert isinstance(view, FlowMapView)
    assert (view.month.value(), view.node()) == ("2026-04", "closed")
    assert "1 of 3 closed, median 5.0 h after the resolution" in view.about.text()
    view.map.setFocus()
    press(KEY.Key_Return)
    shop.settle()
    assert shop.window.page is not None
    assert shop.window.page.key == "tickets"
    assert shop.window.page.list.rows.id_at(0) == first  # type: ignore[attr-defined]


def test_walking_scrolls_the_drawing(walk: Watched) -> None:
    """A low window: the drawing scrolls in its place, and what is walked to comes into view."""
    walk.view.resize(1230, 360)
    walk.shop.settle()
    bar = walk.view.area.verticalScrollBar()
    walk.shop.qtbot.waitUntil(lambda: bar.maximum() > 0)
    walk.view.map.choose("in_progress")
    walk.view.map.setFocus()
    press(KEY.Key_Down)
    assert walk.focus() == "pending_internal"
    card = walk.view.map.card("pending_internal")
    top = card.mapTo(walk.view.area.viewport(), card.rect().topLeft()).y()
    assert bar.value() > 0
    assert 0 <= top < walk.view.area.viewport().height()
