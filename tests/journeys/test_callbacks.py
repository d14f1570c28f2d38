"""A caller's day in the real window with nothing but keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from svcdesk.domain.people import Role
from svcdesk.domain.period import parse_period
from svcdesk.services import callbacks, customers, dashboards, settings, tickets, undo
from svcdesk.services.desk import Desk
from svcdesk.services.queries import DeskRows
from tests.journeys.hands import ALT, CTRL, Hands, Key
from tests.ui.pages import a_ticket, supervisor
from ui.pages.callbacks.page import CallbacksPage
from ui.shell.app import App

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from svcdesk.system.clock import FixedClock

Start = Callable[..., App]
HOUR, DAY = 3600, 86400
SCORES = ("55555T", "44545" + "9", "5 5  8", "33434" + "7")  # the third leaves three blank


def resolved(desk: Desk, name: str) -> int:
    """Resolve a ticket of a customer of its own; return its callback."""
    key = a_ticket(desk, new_customer={"name": name, "phones": ["13812345678", "01066668888"]})
    tickets.say(desk, key, "您好，已收到。", "public_reply")
    tickets.step(
        desk, key, "resolve", {"solution": "更换启动电容，运行正常。", "resolution_code": "onsite"}
    )
    row = desk.reader.execute("SELECT id FROM callback WHERE ticket_id = ?", (key,)).fetchone()
    return int(row[0])


@pytest.fixture
def file(tmp_path: Path, clock: FixedClock) -> Path:
    path = tmp_path / "team.svcdesk"
    with Desk.create(path, person="周敏", clock=clock) as desk:
        supervisor(desk)
        settings.add_person(desk, "陈雨", [Role.CALLBACK])
    return path


def begin(qtbot: QtBot, program: Start, path: Path) -> tuple[Hands, Desk, CallbacksPage]:
    """Start the program and go to the callbacks."""
    app = program(path)
    qtbot.waitUntil(lambda: app.desk is not None, timeout=30_000)
    hands = Hands(qtbot, app)
    hands.press(Key.Key_3, CTRL)
    page, desk = app.window.page, app.desk
    assert isinstance(page, CallbacksPage)
    assert desk is not None
    return hands, desk, page


def shown(page: CallbacksPage) -> int:
    assert page.detail is not None
    return int(page.detail.callback["id"])


def answers(desk: Desk, task: int) -> dict[str, Any]:
    """Return the answer of a callback."""
    detail = callbacks.get(desk, task)
    return next(a for a in detail.answers if a["id"] == detail.callback["answer_id"])


def press_scores(hands: Hands, keys: str) -> None:
    for key in keys:
        hands.press(Key.Key_Space if key == " " else Key(ord(key)))


def test_twenty_callbacks_with_scores_and_no_mouse(
    qtbot: QtBot, program: Start, file: Path, clock: FixedClock
) -> None:
    with Desk.open(file, clock=clock) as desk:
        tasks = []
        for number in range(20):
            tasks.append(resolved(desk, f"客户{number}"))
            clock.advance(60)  # one after the other: the order of the queue
    hands, desk, page = begin(qtbot, program, file)
    for number, task in enumerate(tasks):
        assert shown(page) == task
        before = hands.keys
        press_scores(hands, SCORES[number % 4])
        hands.press(Key.Key_Return)
        assert hands.keys - before == 7  # six scores and Enter
    for number, task in enumerate(tasks):
        found = callbacks.get(desk, task)
        answer = answers(desk, task)
        assert found.callback["state"] == "completed"
        wanted = [(5, 5, 5, 5, 5, 10), (4, 4, 5, 4, 5, 9), (5, None, 5, None, None, 8),
                  (3, 3, 4, 3, 4, 7)][number % 4]  # fmt: skip
        names = ("csat", "dim_attitude", "dim_speed", "dim_skill", "dim_result", "nps")
        assert tuple(answer[name] for name in names) == wanted
        assert found.callback["result"] == ("fair" if number % 4 == 3 else "satisfied")
    assert callbacks.next_task(desk) is None
    clock.advance(1)  # an answer of this very second is not before the cut-off
    # 5, 4, 5 and 3, five times each
    mean = dashboards.figures(desk, parse_period("2026-04"), metric_ids=["csat_mean"])["csat_mean"]
    assert (mean.num, mean.den) == (85, 20)


def test_a_bad_score_recovered_within_forty_eight_hours(
    qtbot: QtBot, program: Start, file: Path, clock: FixedClock
) -> None:
    with Desk.open(file, clock=clock) as desk:
        task = resolved(desk, "陈静")
    hands, desk, page = begin(qtbot, program, file)
    press_scores(hands, "122222")
    hands.press(Key.Key_2)  # the focus is on the reasons: waited too long
    hands.press(Key.Key_Return)
    hands.type("等了三天才上门")
    hands.press(Key.Key_Return, CTRL)
    answer = answers(desk, task)
    assert (answer["csat"], answer["nps"], answer["comment"]) == (1, 2, "等了三天才上门")
    assert [desk.reference.items[key].code for key in answer["reasons"]] == ["slow"]
    recovery = shown(page)  # loaded by itself, with what went wrong
    assert callbacks.get(desk, recovery).callback["kind"] == "low_score"
    assert not page.entry.recovery.isHidden()
    clock.advance(47 * HOUR)
    press_scores(hands, "44444")  # a recovery does not ask for a recommendation
    hands.letter("F")
    hands.letter("V")
    hands.type("voucher 30")
    hands.press(Key.Key_Return, CTRL)
    found = callbacks.get(desk, recovery).callback
    assert (found["state"], found["recovery_result"], found["given"]) == (
        "completed", "fixed", "voucher 30",
    )  # fmt: skip
    clock.advance(1)
    month = parse_period("2026-04")
    for metric in ("low_score_loop48_rate", "low_score_recovery_rate"):
        figure = dashboards.figures(desk, month, metric_ids=[metric])[metric]
        assert (figure.num, figure.den) == (1, 1)


def test_failed_calls_appointments_and_the_end_of_trying(
    qtbot: QtBot, program: Start, file: Path, clock: FixedClock
) -> None:
    with Desk.open(file, clock=clock) as desk:
        task = resolved(desk, "陈静")
    hands, desk, _page = begin(qtbot, program, file)
    hands.letter("P")  # the second number
    hands.press(Key.Key_F2)
    (attempt,) = callbacks.get(desk, task).attempts
    assert (attempt["result"], attempt["phone_place"]) == ("no_answer", 2)
    assert attempt["retry_at"] == clock.now() + 2 * HOUR
    hands.letter("L")
    hands.press(Key.Key_3)  # Thursday 10:00, when a working day has passed
    callback = callbacks.get(desk, task).callback
    assert (callback["agreed"], callback["retry_at"]) == (1, clock.now() + DAY)
    clock.advance(DAY)
    hands.press(Key.Key_F3)
    assert callbacks.get(desk, task).enough
    hands.letter("U")
    assert callbacks.get(desk, task).callback["state"] == "unreachable"
    assert DeskRows(desk, callbacks.queue()).count() == 0


def test_a_new_problem_a_refusal_and_undo(
    qtbot: QtBot, program: Start, file: Path, clock: FixedClock
) -> None:
    with Desk.open(file, clock=clock) as desk:
        first = resolved(desk, "陈静")
        clock.advance(60)
        second = resolved(desk, "王五")
    hands, desk, page = begin(qtbot, program, file)
    hands.letter("N")
    hands.type("remote control is dead")
    hands.press(Key.Key_Tab)
    page.setFocus()
    hands.letter("G")
    made = callbacks.get(desk, first).callback["new_ticket_id"]
    assert tickets.get(desk, made).ticket["title"] == "remote control is dead"
    assert page.entry.comment.value() == "remote control is dead"  # nothing typed is lost
    page.entry.scores.setFocus()
    press_scores(hands, "444448")
    hands.press(Key.Key_Return)
    assert callbacks.get(desk, first).callback["result"] == "new_problem"
    assert shown(page) == second
    hands.letter("X")
    hands.letter("O")
    customer = callbacks.get(desk, second).customer
    assert customer["opt_out"] == 1
    assert callbacks.get(desk, second).callback["state"] == "refused"
    undo.undo(desk)
    hands.settle()
    assert customers.get(desk, customer["id"])["opt_out"] == 0
    assert callbacks.get(desk, second).callback["state"] == "planned"


def test_what_was_typed_survives_a_crash(
    qtbot: QtBot, program: Start, file: Path, clock: FixedClock
) -> None:
    with Desk.open(file, clock=clock) as desk:
        task = resolved(desk, "陈静")
    hands, _desk, page = begin(qtbot, program, file)
    press_scores(hands, "14")
    page.entry.draft.flush()
    hands.app.quit()  # without saving
    again, desk, page = begin(qtbot, program, file)
    assert shown(page) == task
    assert page.entry.scores.values()["csat"] == 1
    assert page.entry.scores.values()["dim_attitude"] == 4
    assert page.entry.outcome.value() == "dissatisfied"
    assert callbacks.get(desk, task).attempts == []
    again.press(Key.Key_F2)
    assert callbacks.get(desk, task).attempts[0]["result"] == "no_answer"


def test_handing_out_by_keys(qtbot: QtBot, program: Start, file: Path, clock: FixedClock) -> None:
    with Desk.open(file, clock=clock) as desk:
        tasks = [resolved(desk, f"客户{number}") for number in range(3)]
    hands, desk, page = begin(qtbot, program, file)
    hands.press(Key.Key_3, ALT)  # those that nobody has
    assert page.queue.rows.count == 3
    hands.app.window.act("callback.hand_out")
    hands.settle()
    hands.press(Key.Key_Return, CTRL)
    names = {callbacks.get(desk, task).callback["assignee_id"] for task in tasks}
    assert [desk.reference.people[key].name for key in names if key] == ["陈雨"]
    assert page.queue.rows.count == 0
    undo.undo(desk)
    hands.settle()
    assert page.queue.rows.count == 3
    hands.press(Key.Key_1, ALT)
    hands.letter("A")
    assert callbacks.get(desk, shown(page)).callback["assignee_id"] == desk.actor.id
    hands.letter("A")
    assert callbacks.get(desk, shown(page)).callback["assignee_id"] is None
