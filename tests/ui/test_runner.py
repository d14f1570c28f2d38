"""Jobs: outcome on the UI thread, cancel, owners that go away, errors that cannot vanish."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QObject

from svcdesk.system.job import Cancelled, JobContext
from ui.jobs.runner import READ, WRITE, ImmediateRunner, JobRunner, Latest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[JobRunner]:
    made = JobRunner()
    yield made
    made.shutdown()


@pytest.fixture
def crashes(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    found: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: found.append(error))
    return found


def test_result_arrives_on_the_ui_thread(qtbot: QtBot, runner: JobRunner) -> None:
    owner = QObject()
    seen: list[Any] = []
    ui = threading.get_ident()

    def work(_context: JobContext) -> int:
        return threading.get_ident()

    handle = runner.start(work, lane=READ, owner=owner)
    handle.on_success(lambda value: seen.append((value, threading.get_ident())))
    with qtbot.waitSignal(handle.finished):
        pass
    worker, delivered = seen[0]
    assert delivered == ui
    assert worker != ui


def test_write_lane_is_one_thread(qtbot: QtBot, runner: JobRunner) -> None:
    owner = QObject()
    seen: list[int] = []
    for _number in range(20):
        handle = runner.start(lambda _c: threading.get_ident(), lane=WRITE, owner=owner)
        handle.on_success(seen.append)
    qtbot.waitUntil(lambda: len(seen) == 20)
    assert len(set(seen)) == 1


def test_failure_goes_to_who_listens(
    qtbot: QtBot, runner: JobRunner, crashes: list[BaseException]
) -> None:
    owner = QObject()
    found: list[Any] = []

    def work(_context: JobContext) -> None:
        raise ValueError("known")

    handle = runner.start(work, lane=READ, owner=owner).on_failure(found.append)
    with qtbot.waitSignal(handle.finished):
        pass
    assert [str(error) for error in found] == ["known"]
    assert crashes == []


def test_failure_nobody_listens_for_is_a_crash(
    qtbot: QtBot, runner: JobRunner, crashes: list[BaseException]
) -> None:
    owner = QObject()

    def work(_context: JobContext) -> None:
        raise ValueError("lost")

    runner.start(work, lane=READ, owner=owner)
    qtbot.waitUntil(lambda: bool(crashes))
    assert str(crashes[0]) == "lost"


def test_cancel_stops_and_calls_hooks(qtbot: QtBot, runner: JobRunner) -> None:
    owner = QObject()
    started, stopped = threading.Event(), threading.Event()
    results: list[Any] = []

    def work(context: JobContext) -> str:
        context.on_cancel(stopped.set)
        started.set()
        assert stopped.wait(5)
        context.check()
        return "late"

    handle = runner.start(work, lane=READ, owner=owner)
    handle.on_success(results.append)
    assert started.wait(5)
    with qtbot.waitSignal(handle.cancelled):
        handle.cancel()
    assert results == []


def test_hooks_of_a_finished_job_are_not_called(qtbot: QtBot, runner: JobRunner) -> None:
    owner = QObject()
    called: list[int] = []

    def work(context: JobContext) -> None:
        context.on_cancel(lambda: called.append(1))

    handle = runner.start(work, lane=READ, owner=owner)
    with qtbot.waitSignal(handle.finished):
        pass
    owner.deleteLater()
    qtbot.waitUntil(lambda: runner.busy == 0)
    assert called == []


def test_owner_that_goes_away_cancels(qtbot: QtBot, runner: JobRunner) -> None:
    owner = QObject()
    started, cancelled = threading.Event(), threading.Event()

    def work(context: JobContext) -> None:
        context.on_cancel(cancelled.set)
        started.set()
        cancelled.wait(5)
        context.check()

    runner.start(work, lane=READ, owner=owner)
    assert started.wait(5)
    owner.deleteLater()
    qtbot.waitUntil(cancelled.is_set)
    qtbot.waitUntil(lambda: runner.busy == 0)


def test_many_owners_half_of_them_deleted(qtbot: QtBot, runner: JobRunner) -> None:
    owners = [QObject() for _number in range(100)]
    done: list[int] = []
    for number, owner in enumerate(owners):
        handle = runner.start(lambda _c, n=number: n, lane=READ, owner=owner)
        handle.on_success(done.append)
    for owner in owners[::2]:
        owner.deleteLater()
    qtbot.waitUntil(lambda: runner.busy == 0)
    assert set(range(1, 100, 2)) <= set(done)


def test_progress_is_thinned(qtbot: QtBot, runner: JobRunner) -> None:
    owner = QObject()
    seen: list[tuple[int, int, str]] = []

    def work(context: JobContext) -> None:
        for number in range(20_000):
            context.progress(number + 1, 20_000, "rows")

    handle = runner.start(work, lane=READ, owner=owner)
    handle.progressed.connect(lambda *report: seen.append(report))
    with qtbot.waitSignal(handle.finished, timeout=10_000):
        pass
    assert 0 < len(seen) < 2_000
    assert seen[-1] == (20_000, 20_000, "rows")


def test_latest_wins(qtbot: QtBot, runner: JobRunner) -> None:
    owner = QObject()
    latest = Latest(runner, owner)
    gate = threading.Event()
    seen: list[str] = []

    def slow(context: JobContext) -> str:
        gate.wait(5)
        context.check()
        return "old"

    latest.start(slow).on_success(seen.append)
    handle = latest.start(lambda _context: "new").on_success(seen.append)
    with qtbot.waitSignal(handle.finished):
        pass
    gate.set()
    qtbot.waitUntil(lambda: runner.busy == 0)
    assert seen == ["new"]


def test_every_thread_of_a_lane_is_reached(qtbot: QtBot, runner: JobRunner) -> None:
    seen: list[int] = []
    runner.in_every_thread(READ, lambda: seen.append(threading.get_ident()))
    assert len(set(seen)) == 2


def test_immediate_runner_delivers_in_the_loop(qtbot: QtBot) -> None:
    runner, owner = ImmediateRunner(), QObject()
    seen: list[Any] = []

    def refuse(_context: JobContext) -> None:
        raise Cancelled

    handle = runner.start(lambda _context: 7, lane=READ, owner=owner)
    handle.on_success(seen.append)
    assert seen == []
    qtbot.waitUntil(lambda: seen == [7])
    other = runner.start(refuse, lane=WRITE, owner=owner)
    with qtbot.waitSignal(other.cancelled):
        pass
    with pytest.raises(KeyError):
        runner.start(refuse, lane="unknown", owner=owner)


def test_what_is_asked_for_after_the_end_is_not_run(qtbot: QtBot) -> None:
    runner, owner, told = JobRunner(), QObject(), []
    runner.shutdown()
    handle = runner.start(lambda _context: told.append(1), lane=READ, owner=owner)
    handle.on_success(told.append).on_failure(told.append)
    qtbot.wait(20)
    assert told == []
    assert runner.busy == 0
