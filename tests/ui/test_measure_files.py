"""Files of a measure with real keys: attached, opened, saved, removed, brought back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from svcdesk.services import attachments, improvement_measures, improvements, undo
from svcdesk.services.attachments import MEASURE
from tests.ui.test_improvement_page import an_item
from ui.pages.improvement.measure_files import FileCard, MeasureFiles
from ui.pages.improvement.page import ImprovementPage
from ui.widgets.button import Button

if TYPE_CHECKING:
    from tests.ui.pages import Workshop
    from ui.pages.improvement.plan_tab import PlanTab

KEY = Qt.Key


class Plan:
    """The plan of an item with one measure, shown."""

    def __init__(self, shop: Workshop) -> None:
        self.shop = shop
        self.item = an_item(shop.desk, "planned")
        self.measure = improvement_measures.add(
            shop.desk, self.item,
            {"text": "培训", "owner_id": shop.desk.actor.id, "due_date": "2026-06-30"},
        ).value  # fmt: skip
        page = shop.go("improvement", record=self.item, values={"tab": "plan"})
        assert isinstance(page, ImprovementPage)
        self.tab: PlanTab = page.items.pane.plan
        self.shown(0)

    def files(self) -> MeasureFiles:
        return self.tab.files[self.measure]

    def names(self) -> list[str]:
        return [link.text() for link in self.files().links]

    def shown(self, n: int) -> None:
        """Wait until so many files stand in the card."""
        self.shop.settle()
        self.shop.qtbot.waitUntil(
            lambda: self.measure in self.tab.files and len(self.names()) == n, timeout=5000
        )
        self.shop.settle()

    def button(self, name: str) -> Button:
        found = [b for b in self.tab.findChildren(Button)
                 if b.accessibleName() == name and b.isVisible()]  # fmt: skip
        (button,) = found
        return button


@pytest.fixture
def plan(shop: Workshop) -> Plan:
    return Plan(shop)


def a_file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_attach_open_remove_and_undo(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = plan.shop.desk
    number = improvements.get(desk, plan.item).actions[0]["action_no"]
    QTest.keyClick(plan.button(f"Attach files to {number}"), KEY.Key_Space)
    dialog = plan.files().findChild(QFileDialog)
    assert dialog is not None
    assert dialog.fileMode() == QFileDialog.FileMode.ExistingFiles
    paths = [a_file(tmp_path, "签到.pdf", b"pdf"), a_file(tmp_path, "照片.png", b"png")]
    dialog.filesSelected.emit([str(path) for path in paths])
    dialog.reject()
    plan.shown(2)
    assert plan.names() == ["签到.pdf", "照片.png"]
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    QTest.keyClick(plan.files().links[0], KEY.Key_Return)
    plan.shop.settle()
    (path,) = opened
    assert Path(path).read_bytes() == b"pdf"
    QTest.keyClick(plan.button("Remove “签到.pdf”"), KEY.Key_Space)
    plan.shown(1)
    assert plan.names() == ["照片.png"]
    undo.undo(desk)
    plan.shown(2)
    assert plan.names() == ["签到.pdf", "照片.png"]


def test_a_program_is_kept_and_saved_but_not_opened(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    key = attachments.add(plan.shop.desk, plan.measure, "升级.exe", b"MZ", MEASURE).value
    plan.shown(1)
    QTest.keyClick(plan.files().links[0], KEY.Key_Return)
    plan.shop.settle()
    assert opened == []
    plan.files().save(key, tmp_path / "saved.exe")
    plan.shop.settle()
    assert (tmp_path / "saved.exe").read_bytes() == b"MZ"


def test_files_are_dropped_on_the_card(plan: Plan, tmp_path: Path) -> None:
    card = plan.files()
    while not isinstance(card, FileCard):
        card = card.parentWidget()  # type: ignore[assignment] - climbs to the card
    assert card.acceptDrops()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(a_file(tmp_path, "照片.png", b"png")))])
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
           Qt.KeyboardModifier.NoModifier)  # fmt: skip
    enter = QDragEnterEvent(QPoint(5, 5), *how)
    QApplication.sendEvent(card, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(card, QDropEvent(QPoint(5, 5), *how))
    plan.shown(1)
    assert plan.names() == ["照片.png"]


def test_of_an_item_that_is_over_files_are_only_opened(plan: Plan) -> None:
    desk = plan.shop.desk
    attachments.add(desk, plan.measure, "a.pdf", b"pdf", MEASURE)
    other = an_item(desk)
    attachments.add(desk, plan.measure, "b.pdf", b"b", MEASURE)
    plan.shown(2)
    done = an_item(desk)
    proof = improvement_measures.add(
        desk, done, {"text": "x", "owner_id": desk.actor.id, "due_date": "2026-06-30"}
    ).value
    attachments.add(desk, proof, "c.pdf", b"c", MEASURE)
    improvements.step(desk, done, "merge", {"merged_into_id": other})
    plan.item, plan.measure = done, proof
    plan.shop.go("improvement", record=done, values={"view": "all", "tab": "plan"})
    plan.shown(1)
    assert not plan.files().editable
    names = [b.accessibleName() for b in plan.files().findChildren(Button)]
    assert names == ["Save “c.pdf” as…"]
