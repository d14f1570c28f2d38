"""What an agent does in a day, in the real window and with nothing but keys."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QApplication, QListWidgetItem

from svcdesk.domain.people import Role
from svcdesk.services import customers, notices, queries, settings, tickets
from svcdesk.services.desk import Desk
from svcdesk.services.queries import Query
from tests.journeys.hands import ALT, CTRL, SHIFT, Hands, Key
from tests.ui.pages import a_ticket, item, supervisor
from ui.pages.bulk_pane import BulkPanel
from ui.pages.entry_dialog import EntryDialog
from ui.pages.tickets.page import TicketsPage
from ui.pages.today.page import TodayPage
from ui.shell.app import App
from ui.shell.notice_centre import NoticeCentre

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from svcdesk.system.clock import FixedClock

ROOT = Path(__file__).resolve().parents[2]
MANY = 300
Start = Callable[..., App]


@pytest.fixture
def file(tmp_path: Path, clock: FixedClock) -> Path:
    path = tmp_path / "team.svcdesk"
    with Desk.create(path, person="周敏", clock=clock) as desk:
        supervisor(desk)
    return path


def begin(qtbot: QtBot, program: Start, path: Path) -> tuple[Hands, Desk, TicketsPage]:
    """Start the program as a user does; the list of tickets is what it opens with."""
    app = program(path)
    qtbot.waitUntil(lambda: app.desk is not None, timeout=30_000)
    hands = Hands(qtbot, app)
    page, desk = app.window.page, app.desk
    assert isinstance(page, TicketsPage)
    assert desk is not None
    return hands, desk, page


def entry_form() -> EntryDialog:
    (found,) = [
        w for w in QApplication.topLevelWidgets() if isinstance(w, EntryDialog) and w.isVisible()
    ]
    return found


def status(desk: Desk, key: int) -> str:
    return str(tickets.get(desk, key).ticket["status"])


def test_a_call_from_a_known_number_to_a_resolved_ticket_in_twelve_keys(
    qtbot: QtBot, program: Start, file: Path, clock: FixedClock
) -> None:
    with Desk.open(file, clock=clock) as desk:
        known = customers.create(desk, {"name": "陈静", "phones": ["13812345678"]}).value
    hands, desk, page = begin(qtbot, program, file)
    hands.press(Key.Key_N, CTRL)
    hands.type("5678")
    hands.press(Key.Key_Return)  # the only customer with these last digits
    hands.type("遥控器不显示")
    hands.press(Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: page.pane.detail is not None)
    qtbot.waitUntil(lambda: page.list.table.current_id() == page.actions_.key)
    hands.letter("R")
    hands.press(Key.Key_Down)  # the issue type; the usual way of solving is filled in
    hands.press(Key.Key_Tab, times=2)
    hands.type("更换电池后恢复正常")
    hands.press(Key.Key_Return, CTRL)
    key = page.actions_.key
    assert key is not None
    qtbot.waitUntil(lambda: status(desk, key) == "resolved")
    ticket = tickets.get(desk, key).ticket
    assert (ticket["customer_id"], ticket["title"]) == (known, "遥控器不显示")
    assert hands.keys == 8
    assert hands.keys <= 12


def test_a_duplicate_is_caught_while_it_is_typed(
    qtbot: QtBot, program: Start, file: Path, clock: FixedClock
) -> None:
    with Desk.open(file, clock=clock) as desk:
        first = a_ticket(desk)
        quality = item(desk, "issue", "quality")
    clock.advance(600)
    hands, desk, page = begin(qtbot, program, file)
    hands.press(Key.Key_N, CTRL)
    form = entry_form()
    hands.type("5678")
    hands.press(Key.Key_Return)
    hands.type("空调还是不冷")
    assert form.duplicates.isHidden()
    issue = form.form.editor("issue_l1")
    hands.tab_to(issue)
    hands.choose(issue, quality)
    qtbot.waitUntil(form.duplicates.isVisible)
    assert "GD202604-0001" in form.duplicates.accessibleName()
    hands.press(Key.Key_L, ALT)  # as its button says
    hands.press(Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: page.actions_.key not in (None, first))
    made = page.actions_.key
    assert made is not None
    assert [link["other_id"] for link in tickets.get(desk, made).links] == [first]


def test_a_duplicate_is_opened_instead_and_the_words_wait(
    qtbot: QtBot, program: Start, file: Path, clock: FixedClock
) -> None:
    with Desk.open(file, clock=clock) as desk:
        first = a_ticket(desk)
        quality = item(desk, "issue", "quality")
    hands, desk, page = begin(qtbot, program, file)
    hands.press(Key.Key_N, CTRL)
    form = entry_form()
    hands.type("5678")
    hands.press(Key.Key_Return)
    hands.type("空调还是不冷")
    hands.tab_to(form.form.editor("issue_l1"))
    hands.choose(form.form.editor("issue_l1"), quality)
    qtbot.waitUntil(form.duplicates.isVisible)
    hands.press(Key.Key_O, ALT)
    qtbot.waitUntil(lambda: page.actions_.key == first)
    assert queries.count(desk, Query("ticket")) == 1
    hands.press(Key.Key_N, CTRL)
    assert entry_form().form.values()["title"] == "空调还是不冷"


def test_a_merge_is_undone_with_one_key(
    qtbot: QtBot, program: Start, file: Path, clock: FixedClock
) -> None:
    with Desk.open(file, clock=clock) as desk:
        first = a_ticket(desk)
        clock.advance(600)
        customer = tickets.get(desk, first).ticket["customer_id"]
        second = a_ticket(desk, "空调坏了", customer_id=customer, new_customer=None)
    hands, desk, page = begin(qtbot, program, file)
    page.list.show_view("all")
    hands.settle()
    hands.press(Key.Key_Home)
    while page.actions_.key != second:
        hands.letter("J")
    hands.told("Merge, undo merge")
    hands.type("GD202604-0001")
    hands.press(Key.Key_Return)
    hands.press(Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: status(desk, second) == "merged")
    hands.settle()
    hands.press(Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: status(desk, second) == "in_progress")
    assert [suspect.id for suspect in tickets.get(desk, second).suspects] == [first]


def test_three_hundred_closed_by_mistake_come_back_with_one_undo(
    qtbot: QtBot, program: Start, file: Path, clock: FixedClock
) -> None:
    solved = {"solution": "更换启动电容，运行正常。", "resolution_code": "onsite"}
    with Desk.open(file, clock=clock) as desk:
        keys = [a_ticket(desk, f"第{n}件", callback_required=0) for n in range(MANY)]
        for key in keys:
            tickets.say(desk, key, "您好", "public_reply")
            tickets.step(desk, key, "resolve", solved)
    hands, desk, page = begin(qtbot, program, file)
    page.list.show_view("all")
    hands.settle()
    before = {key: tickets.get(desk, key).ticket for key in keys}
    hands.press(Key.Key_A, CTRL)
    assert page.list.table.selected_count() == MANY
    hands.press(Key.Key_K, CTRL)
    hands.type("Take a step")
    hands.press(Key.Key_Return)
    panel = page.list.panel
    assert isinstance(panel, BulkPanel)
    hands.choose(panel.form._editors["action"], "close")
    qtbot.waitUntil(panel.go.isEnabled, timeout=20_000)
    hands.press(Key.Key_Return)
    closed = Query("ticket").where("status", queries.Op.IN, "closed")
    qtbot.waitUntil(lambda: queries.count(desk, closed) == MANY, timeout=30_000)
    hands.settle()
    hands.press(Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: queries.count(desk, closed) == 0, timeout=30_000)
    aside = {"row_version", "updated_at"}
    for key, old in before.items():
        now = tickets.get(desk, key).ticket
        assert {k: v for k, v in now.items() if k not in aside} == {
            k: v for k, v in old.items() if k not in aside
        }


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of Unix systems")
def test_a_crash_in_a_long_description_gives_the_draft_back(
    qtbot: QtBot, program: Start, file: Path, tmp_path: Path
) -> None:
    typist = subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "support" / "long_description.py"), str(file)],
        stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen",
             "SVCDESK_HOME": str(tmp_path / "home")},
    )  # fmt: skip
    with typist:
        assert typist.stdout is not None
        said: list[float] = []
        while len(said) < 60:
            line = typist.stdout.readline()
            assert line, "the program ended by itself"
            said.append(time.monotonic())
        typist.send_signal(signal.SIGKILL)
        killed = time.monotonic()
    sure = sum(killed - moment > 1 for moment in said)
    assert sure > 0
    hands, desk, _page = begin(qtbot, program, file)
    hands.press(Key.Key_N, CTRL)
    words = str(entry_form().form.values()["description"]).split()
    assert [int(word) for word in words[:sure]] == list(range(1, sure + 1))
    assert queries.count(desk, Query("ticket")) == 0


def test_a_hand_off_is_answered_by_the_department_and_the_owner_is_told(
    qtbot: QtBot, program: Start, file: Path, clock: FixedClock
) -> None:
    with Desk.open(file, clock=clock) as desk:
        key = a_ticket(desk)
        warehouse = item(desk, "department", "logistics.warehouse")
        settings.add_person(desk, "郑库", [Role.DEPT], department_id=warehouse)
        owner = desk.actor.id
    hands, desk, page = begin(qtbot, program, file)
    hands.press(Key.Key_Home)
    qtbot.waitUntil(lambda: page.actions_.key == key)
    hands.letter("H")
    form: Any = page.pane.panel._form
    hands.choose(form.editor("ask_department"), warehouse)
    hands.tab_to(form.editor("request"))
    hands.type("请核对出库")
    hands.press(Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: status(desk, key) == "pending_internal")
    hands.settle()
    hands.press(Key.Key_U, CTRL | SHIFT)
    hands.choose_in_menu("郑库")
    hands.press(Key.Key_0, CTRL)  # the day: the sheets of the departments are its second tab
    today = hands.app.window.page
    assert isinstance(today, TodayPage)
    hands.press(Key.Key_PageDown, CTRL)
    qtbot.waitUntil(lambda: today.sheets.table.rows.count == 1)
    hands.press(Key.Key_Down)
    hands.tab_to(today.sheets._answer, at_most=12)
    hands.type("已核对，明早发出")
    hands.press(Key.Key_Return)
    qtbot.waitUntil(lambda: status(desk, key) == "in_progress")
    hands.settle()
    (answered,) = tickets.get(desk, key).handoffs
    assert answered["answer"] == "已核对，明早发出"
    assert tickets.get(desk, key).ticket["owner_id"] == owner  # the first owner stays the owner
    hands.press(Key.Key_U, CTRL | SHIFT)
    hands.choose_in_menu("周敏")
    qtbot.waitUntil(lambda: notices.unseen(desk) > 0)
    hands.press(Key.Key_M, CTRL | SHIFT)
    centre = next(w for w in QApplication.topLevelWidgets() if isinstance(w, NoticeCentre))
    lines = [centre.list.item(row) for row in range(centre.list.count())]
    assert any("GD202604-0001" in text_of(line) for line in lines)
    hands.press(Key.Key_Escape)


def text_of(line: QListWidgetItem | None) -> str:
    """Return what a line of a list says."""
    return "" if line is None else line.text()
