"""From the first start to the last: sample data, a month's work, closing at a bad moment."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from svcdesk.i18n import catalog
from svcdesk.services import imports, queries, tickets
from svcdesk.services.desk import Desk
from svcdesk.services.queries import Query
from svcdesk.system.job import ImmediateContext
from tests.ui.pages import a_ticket
from ui.jobs.runner import READ
from ui.launch import main
from ui.pages.documents.page import DocumentsPage
from ui.pages.page import Route
from ui.pages.reports.page import ReportsPage
from ui.pages.tickets.page import TicketsPage
from ui.shell.app import App
from ui.shell.preferences import Preferences

if TYPE_CHECKING:
    import pytest
    from pytestqt.qtbot import QtBot

    from svcdesk.system.clock import FixedClock
    from svcdesk.system.job import JobContext

ROOT = Path(__file__).resolve().parents[2]
Start = Callable[..., App]


def settle(qtbot: QtBot, app: App) -> None:
    qtbot.waitUntil(lambda: app.runner.busy == 0, timeout=60_000)


def test_first_start_offers_sample_data_and_opens_it(
    qtbot: QtBot, program: Start, tmp_path: Path
) -> None:
    app = program()
    assert app._welcome is not None
    app._welcome.chosen.emit("demo")
    qtbot.waitUntil(lambda: app.desk is not None, timeout=60_000)
    settle(qtbot, app)
    page = app.window.page
    assert isinstance(page, TicketsPage)
    assert page.list.rows.count > 0
    for key in ("complaints", "callbacks", "reports", "settings"):
        app.window.go(Route(key))
        settle(qtbot, app)
    assert app.window.messages.texts() == []
    assert (tmp_path / "home" / "sample.svcdesk").exists()


def test_empty_file_is_made_and_opened_again_next_time(qtbot: QtBot, program: Start) -> None:
    app = program()
    assert app._welcome is not None
    app._welcome.chosen.emit("new")
    qtbot.waitUntil(lambda: app.desk is not None, timeout=30_000)
    settle(qtbot, app)
    assert app.desk is not None
    a_ticket(app.desk)
    settle(qtbot, app)
    app.quit()
    again = program()
    qtbot.waitUntil(lambda: again.desk is not None, timeout=30_000)
    settle(qtbot, again)
    page = again.window.page
    assert isinstance(page, TicketsPage)
    assert page.list.rows.count == 1


def test_file_that_cannot_be_opened_is_told_in_a_sentence(
    qtbot: QtBot, program: Start, tmp_path: Path
) -> None:
    file = tmp_path / "letter.svcdesk"
    file.write_text("Dear Sir,\n" * 100, encoding="utf-8")
    app = program(file)
    qtbot.waitUntil(lambda: app._welcome is not None)
    settle(qtbot, app)
    assert app.desk is None
    assert file.read_text(encoding="utf-8").startswith("Dear Sir")


def test_file_open_elsewhere_is_refused(qtbot: QtBot, program: Start, desk: Desk) -> None:
    app = program(desk.path)
    qtbot.waitUntil(lambda: app._welcome is not None, timeout=20_000)
    assert app.desk is None


def test_closing_with_jobs_running_ends_cleanly(
    qtbot: QtBot, program: Start, tmp_path: Path, clock: FixedClock
) -> None:
    path = tmp_path / "busy.svcdesk"
    Desk.create(path, clock=clock).close()
    app = program(path)
    qtbot.waitUntil(lambda: app.desk is not None, timeout=30_000)
    gate = threading.Event()

    def work(context: JobContext) -> None:
        context.on_cancel(gate.set)
        gate.wait(10)
        context.check()

    for _number in range(50):
        app.runner.start(work, lane=READ, owner=app.window)
    app.window.host.close()
    assert app.desk is None
    with Desk.open(path, clock=clock) as again:  # the lock is free, the file is sound
        assert queries.count(again, Query("ticket")) == 0


def test_language_and_theme_are_kept(qtbot: QtBot, program: Start) -> None:
    app = program()
    app.set_language("zh_CN")
    app.set_theme("dark")
    assert app.window.actions_.get("language.zh_CN").isChecked()
    kept = Preferences.load()
    assert (kept.language, kept.theme) == ("zh_CN", "dark")
    assert catalog.language() == "zh_CN"
    app.set_theme("light")


def test_a_month_from_entry_to_pdf(
    qtbot: QtBot, program: Start, tmp_path: Path, clock: FixedClock
) -> None:
    path = tmp_path / "month.svcdesk"
    Desk.create(path, person="周敏", clock=clock).close()
    app = program(path, "zh_CN")
    qtbot.waitUntil(lambda: app.desk is not None, timeout=30_000)
    desk = app.desk
    assert desk is not None
    key = a_ticket(desk)
    tickets.say(desk, key, "您好，已收到。", "public_reply")
    tickets.step(
        desk, key, "resolve", {"solution": "更换启动电容，运行正常。", "resolution_code": "onsite"}
    )
    clock.advance(3600)
    settle(qtbot, app)
    app.window.go(Route("reports"))
    settle(qtbot, app)
    page = app.window.page
    assert isinstance(page, ReportsPage)
    page.bar._set(page.bar.period.shifted(1))
    settle(qtbot, app)
    values = {card.kpi.key: card.kpi.value for card in page._views["overview"]._cards}
    assert values["ticket_created"] == "1"
    assert values["csat_mean"] == "—"  # no answer is no zero
    page.open_report()
    found = app.window.page
    assert isinstance(found, DocumentsPage)
    qtbot.waitUntil(lambda: found.made is not None and app.runner.busy == 0, timeout=60_000)
    assert found.made is not None
    target = tmp_path / "月报.pdf"
    found.exporter.write(found.made, target)
    qtbot.waitUntil(lambda: target.exists() and app.runner.busy == 0, timeout=60_000)
    from pypdf import PdfReader

    text = "\n".join(part.extract_text() for part in PdfReader(target).pages)
    assert "工单总量" in text


def test_every_shortcut_is_its_own(qtbot: QtBot, program: Start) -> None:
    app = program()
    seen: dict[str, str] = {}
    for key, action in app.window.actions_._actions.items():
        for shortcut in action.shortcuts():
            text = shortcut.toString()
            assert seen.setdefault(text, key) == key, text


def test_command_line_words_do_not_open_a_window(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    monkeypatch.setattr("ui.shell.start.run", lambda **options: opened.append(options) or 0)
    assert main([]) == 0
    assert main(["--data", "a.svcdesk", "--lang=en"]) == 0
    assert opened == [
        {"data": None, "language": None},
        {"data": "a.svcdesk", "language": "en"},
    ]
    status = main(["template", "--list", "--json"])
    assert status == 0
    assert len(opened) == 2
    assert "tickets" in capsys.readouterr().out


def test_start_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "build" / "startup_imports.py")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_crash_is_told_once(qtbot: QtBot, program: Start, tmp_path: Path) -> None:
    from svcdesk.system.crash import CrashRecorder
    from ui.dialogs.frame import CrashDialog

    app = program()
    recorder = CrashRecorder(app.show_crash, tmp_path)

    def fail(phone: str) -> None:
        raise RuntimeError(f"could not call 陈女士 at {phone}")

    for number in ("13812345678", "13912345678"):
        try:
            fail(number)
        except RuntimeError as error:
            recorder.take(type(error), error, error.__traceback__)
    dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, CrashDialog)]
    assert len(dialogs) == 1
    report = dialogs[0]._report.toPlainText()
    assert "138****5678" in report
    assert "13812345678" not in report
    assert "女士" not in report
    dialogs[0].accept()


def test_what_an_ended_import_left_becomes_searchable(
    qtbot: QtBot, program: Start, tmp_path: Path, clock: FixedClock
) -> None:
    path, source = tmp_path / "t.svcdesk", tmp_path / "t.csv"
    source.write_text(
        "标题,客户,渠道,受理时间\n空调不会制冷,张三,电话,2026-03-02 10:00\n", encoding="utf-8"
    )
    with Desk.create(path, clock=clock) as desk:
        mapping = replace(imports.load_mapping(None, "tickets"), create=frozenset({"customer"}))
        plan = imports.apply(desk, source, mapping, ImmediateContext(), index_now=False).value
        assert plan.inserted == 1, plan.problems
        assert desk.unsearchable() > 0
    app = program(path)
    qtbot.waitUntil(lambda: app.desk is not None, timeout=60_000)
    settle(qtbot, app)
    with Desk.open(path, clock=clock, write=False) as desk:
        assert desk.unsearchable() == 0
