"""A newcomer's way from the sample data to a published monthly report: at most ten clicks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from svcdesk.services import report_desk, sample_data
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from svcdesk.system.job import ImmediateContext
from tests.ui.pages import Workshop
from ui.pages.documents.page import DocumentsPage
from ui.shell.rail import Rail

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

AT = int(datetime(2026, 4, 2, 2, tzinfo=UTC).timestamp())
LEFT = Qt.MouseButton.LeftButton


class Clicks:
    """Clicks as a person does, and counts them."""

    def __init__(self, shop: Workshop) -> None:
        self.shop, self.count = shop, 0

    def on(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click a widget that is seen; wait until the program has done what it does then."""
        assert widget.isVisible()
        self.count += 1
        where = widget.rect().center() if at is None else at
        self.shop.qtbot.mouseClick(widget, LEFT, pos=where)  # type: ignore[no-untyped-call] # pytest-qt
        self.shop.settle()
        self.shop.settle()


def test_ten_clicks_are_enough(tmp_path: Path, qtbot: QtBot) -> None:
    path, clock = tmp_path / "sample.svcdesk", FixedClock(AT)
    sample_data.create(path, months=4, seed=1, context=ImmediateContext(), clock=clock)
    with Desk.open(path, clock=clock) as desk:
        shop = Workshop(qtbot, desk)
        try:
            clicks = Clicks(shop)
            rail = shop.window.findChild(Rail)
            assert rail is not None
            entry = next(b for b in rail.findChildren(QWidget) if b.accessibleName() == "Documents")
            clicks.on(entry)
            page = shop.window.page
            assert isinstance(page, DocumentsPage)
            clicks.on(page.chooser.make_button)  # the last month is chosen already
            assert page.made is not None
            for obstacle in report_desk.obstacles(page.made):
                assert obstacle.place, obstacle.sentence  # a text, not a fault of the program
                page.texts.go_to(obstacle.place)
                editor = page.texts.boxes[obstacle.place].editor
                clicks.on(editor.viewport())
                qtbot.keyClicks(editor, "Two colleagues were ill.")  # type: ignore[no-untyped-call] # pytest-qt
                before = page.made.version.sha256
                page.texts.boxes[obstacle.place].commit()
                qtbot.waitUntil(
                    lambda before=before: page.made.version.sha256 != before,  # type: ignore[misc, union-attr]
                    timeout=30_000,
                )
                shop.settle()
            clicks.on(page.head.review)
            clicks.on(page.head.publish)
            assert page.made.version.status == "published"
            assert clicks.count <= 10
        finally:
            shop.close()
