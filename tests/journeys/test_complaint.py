"""A complaint from receipt to closing with two departments, by keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from svcdesk.services import complaints, customers, queries
from svcdesk.services.desk import Desk
from tests.journeys.hands import CTRL, SHIFT, Hands
from tests.ui.pages import supervisor
from ui.pages.complaints.page import ComplaintsPage
from ui.pages.entry_dialog import EntryDialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from svcdesk.services.complaint_detail import ComplaintDetail
    from svcdesk.system.clock import FixedClock
    from ui.shell.app import App

Key = Qt.Key


def code(app: App, list_name: str, name: str) -> int:
    place = app.window.place
    assert place is not None
    found = place.desk.reference.by_code(list_name, name)
    assert found is not None
    return found.id


def entry_forms() -> list[EntryDialog]:
    return [
        w for w in QApplication.topLevelWidgets() if isinstance(w, EntryDialog) and w.isVisible()
    ]


class Handler:
    """Works on one complaint; everything is a key press."""

    def __init__(self, hands: Hands, app: App) -> None:
        self.hands, self.app = hands, app
        place = app.window.place
        assert place is not None
        self.desk = place.desk
        self.key = 0

    @property
    def page(self) -> ComplaintsPage:
        page = self.app.window.page
        assert isinstance(page, ComplaintsPage)
        return page

    @property
    def detail(self) -> ComplaintDetail:
        return complaints.get(self.desk, self.key)

    def register(self, digits: str, text: str) -> None:
        """Register a complaint of the only customer whose phone ends so."""
        self.hands.press(Key.Key_N, CTRL | SHIFT)
        self.hands.qtbot.waitUntil(lambda: bool(entry_forms()))
        dialog = entry_forms()[0]
        self.hands.type(digits)
        self.hands.press(Key.Key_Return)
        self.hands.tab_to(dialog.form.editor("description"), 40)
        self.hands.type(text)
        self.hands.tab_to(dialog.form.editor("category_l1"), 40)
        self.hands.choose(dialog.form.editor("category_l1"), code(self.app, "category", "product"))
        self.hands.press(Key.Key_Return, CTRL)
        query = queries.Query("complaint")
        self.hands.qtbot.waitUntil(lambda: queries.count(self.desk, query) == 1)
        self.key = queries.DeskRows(self.desk, query).first_page(1)[0].id
        self.hands.qtbot.waitUntil(
            lambda: (
                isinstance(self.app.window.page, ComplaintsPage)
                and self.page.record.detail is not None
            )
        )
        self.hands.settle()

    def ask(self, department: str, task: str) -> None:
        self.hands.letter("H")
        form = self._form()
        self.hands.tab_to(form.editor("complaint_department.department"))
        self.hands.choose(
            form.editor("complaint_department.department"), code(self.app, "department", department)
        )
        self.hands.tab_to(form.editor("complaint_department.task"))
        self.hands.type(task)
        self.submit()

    def answer(self, text: str) -> None:
        self.hands.letter("Y")
        self.hands.tab_to(self._form().editor("complaint_department.answer"))
        self.hands.type(text)
        self.submit()

    def step(self, letter: str, **fields: Any) -> None:
        """Press the key of a step and fill in what it asks for: text, or a value to choose."""
        self.hands.qtbot.waitUntil(self._is_current)
        self.hands.letter(letter)
        for name, value in fields.items():
            editor = self._form().editor(name)
            self.hands.tab_to(editor)
            if isinstance(value, str):
                self.hands.type(value)
            else:
                self.hands.choose(editor, value)
        if self.page.record.panel.open_action:
            self.submit()
        self.hands.qtbot.waitUntil(self._is_current)

    def submit(self) -> None:
        self.hands.press(Key.Key_Return, CTRL)
        self.hands.qtbot.waitUntil(lambda: not self.page.record.panel.open_action)
        self.hands.qtbot.waitUntil(self._is_current)
        self.hands.settle()

    def _is_current(self) -> bool:
        """Tell whether the page shows the complaint as it is stored."""
        shown = self.page.record.detail
        stored = self.detail
        return shown is not None and (
            shown.complaint["row_version"], len(shown.events), len(shown.departments)
        ) == (stored.complaint["row_version"], len(stored.events), len(stored.departments))  # fmt: skip

    def _form(self) -> Any:
        form = self.page.record.panel._form
        assert form is not None
        return form


@pytest.fixture
def file(tmp_path: Path, clock: FixedClock) -> Path:
    """Return a data file with one customer."""
    path = tmp_path / "desk.svcdesk"
    with Desk.create(path, person="周敏", clock=clock) as desk:
        supervisor(desk)
        customers.create(desk, {"name": "李明", "phones": ["13812340001"]})
    return path


def test_a_complaint_with_two_departments_is_closed_by_keyboard(
    qtbot: QtBot, program: Callable[..., App], file: Path, clock: FixedClock
) -> None:
    app = program(file)
    qtbot.waitUntil(lambda: app.desk is not None, timeout=30_000)
    hands = Hands(qtbot, app)
    handler = Handler(hands, app)
    handler.register("0001", "空调维修三次仍不制冷，要求换机")
    hands.letter("F")
    qtbot.waitUntil(lambda: handler.detail.complaint["contacted_at"] is not None)
    assert handler.detail.complaint["contacted_at"] == clock.now()
    handler.ask("product", "检测压缩机")
    handler.ask("logistics", "核对换机到货时间")
    assert len(handler.detail.departments) == 2
    assert handler.detail.complaint["resp_dept_id"] == code(app, "department", "product")
    handler.step("A")  # accept: department and handler are known
    handler.step("A")  # investigate
    assert handler.detail.complaint["status"] == "investigating"
    clock.advance(3600)
    handler.answer("压缩机制造缺陷，同意换机")
    handler.answer("新机后天到仓")
    assert all(row["answered_at"] for row in handler.detail.departments)
    handler.step("R", cause="压缩机制造缺陷", answer="为您更换新机，后天送达")
    assert handler.detail.complaint["status"] == "responded"
    handler.step("R")  # settled by the answer that was carried out
    assert handler.detail.complaint["status"] == "resolved"
    handler.step("T", told_channel=code(app, "channel", "phone"))
    handler.step("C")
    stored = handler.detail.complaint
    assert stored["status"] == "closed"
    assert stored["told_channel_id"] == code(app, "channel", "phone")
    kinds = [row["name"] for row in handler.detail.events if row["type"] == "note"]
    assert kinds.count("department_answered") == 2
