"""Killing the process in the middle of any write loses nothing that was reported as saved."""

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from svcdesk.services import backups, imports, undo
from svcdesk.services.desk import Desk
from svcdesk.store import change_log, migrations
from svcdesk.system.job import ImmediateContext

ROOT = Path(__file__).resolve().parents[2]
CHILD = ROOT / "tests" / "support" / "killed.py"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a signal of Unix systems")


def kill_after(task: str, path: Path, seconds: float) -> list[str]:
    """Let a child work for ``seconds`` after it is ready, kill it, return what it reported."""
    child = subprocess.Popen(
        [sys.executable, str(CHILD), task, str(path)],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "ready"
    time.sleep(seconds)
    child.send_signal(signal.SIGKILL)
    reported = child.stdout.read().split("\n")
    child.wait()
    child.stdout.close()
    return [line for line in reported[:-1] if line]


def assert_sound(path: Path) -> None:
    with Desk.open(path) as desk:
        assert backups.check(desk) == []
        assert desk.writer.execute("SELECT operation_id FROM unit_of_work").fetchone() == (None,)
        undo.undoable(desk)


def test_writes(tmp_path: Path) -> None:
    path = tmp_path / "desk.svcdesk"
    Desk.create(path).close()
    chance = random.Random(4)
    known: set[int] = set()
    for _ in range(10):
        lines = kill_after("write", path, chance.uniform(0.0, 0.5))
        known |= {int(line.split()[1]) for line in lines if line.startswith("ticket")}
        resolved = {int(line.split()[1]) for line in lines if line.startswith("resolved")}
        assert_sound(path)
        with Desk.open(path) as desk:
            status = dict(desk.reader.execute("SELECT id, status FROM ticket").fetchall())
            assert known <= status.keys()
            assert all(status[key] == "resolved" for key in resolved)
            # each ticket has its text, its events and its tries: nothing is half done
            for table in ("ticket_text", "ticket_event", "ticket_episode"):
                column = "id" if table == "ticket_text" else "ticket_id"
                rows = desk.reader.execute(f"SELECT DISTINCT {column} FROM {table}").fetchall()
                assert {row[0] for row in rows} == status.keys()
    assert known  # some were written before a kill: how many depends on the machine


def test_imports(tmp_path: Path) -> None:
    path = tmp_path / "desk.svcdesk"
    Desk.create(path).close()
    lines = ["外部单号,标题,客户,渠道,受理时间,问题类型"]
    lines += [f"X{n},空调制冷效果差{n},客户{n % 50},电话,2026-03-{n % 28 + 1:02d} 10:00,产品质量缺陷"
              for n in range(4000)]  # fmt: skip
    path.with_suffix(".csv").write_text("\n".join(lines), encoding="utf-8")
    assert kill_after("load", path, 0.05) == []  # killed in the middle: nothing came in
    assert_sound(path)
    chance = random.Random(5)
    counts = []
    for _ in range(7):
        reported = kill_after("load", path, chance.uniform(0.1, 3.0))
        assert_sound(path)
        with Desk.open(path) as desk:
            count = desk.reader.execute("SELECT count(*) FROM ticket").fetchone()[0]
        # all or nothing: never a part of the file
        assert count in {0, 4000}
        counts.append(count)
        if reported:
            assert count == 4000
    assert counts == sorted(counts)  # what was in stays in
    with Desk.open(path) as desk:
        mapping = replace(imports.load_mapping(None, "tickets"), create=frozenset({"customer"}))
        again = imports.apply(desk, path.with_suffix(".csv"), mapping, ImmediateContext()).value
    assert again.inserted + again.skipped == 4000  # in the end it goes through


def test_migrations(tmp_path: Path) -> None:  # one step beyond the present version
    chance = random.Random(6)
    outcomes = set()
    for number in range(8):
        path = tmp_path / f"desk{number}.svcdesk"
        Desk.create(path).close()
        reported = kill_after("upgrade", path, chance.uniform(0.05, 0.9))
        connection_version = _version(path)
        outcomes.add(connection_version)
        assert connection_version in {migrations.VERSION, migrations.VERSION + 1}
        if reported:
            assert connection_version == migrations.VERSION + 1
        if connection_version == migrations.VERSION:
            with Desk.open(path) as desk:
                assert backups.check(desk) == []
                names = change_log.columns(desk.reader, "product")
                tables = desk.reader.execute("SELECT name FROM sqlite_master").fetchall()
            # a step is applied whole or not at all
            assert "weight" not in names
            assert ("numbers",) not in tables
    assert outcomes


def _version(path: Path) -> int:
    from svcdesk.store.connection import open_writer

    connection = open_writer(path)
    found = migrations.version_of(connection)
    assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
    connection.close()
    return found


def test_new_files_exist_whole_or_not_at_all(tmp_path: Path) -> None:
    chance = random.Random(7)
    for number in range(6):
        folder = tmp_path / str(number)
        folder.mkdir()
        reported = kill_after("create", folder / "x.svcdesk", chance.uniform(0.05, 0.8))
        present = {p.name for p in folder.glob("new*.svcdesk")}
        assert {line.split()[1] for line in reported} <= present
        for name in present:
            assert_sound(folder / name)
