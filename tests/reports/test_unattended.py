"""``report … --publish`` as a scheduled task runs it, with its exit statuses."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.people import Role
from svcdesk.services import report_desk, report_setup, settings
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from tests.reports.test_monthly import AT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A data file of its own: what is published stays."""
    path = tmp_path / "team.svcdesk"
    with Desk.create(path, person="陈雨", clock=FixedClock(AT)):
        pass
    return path


def run(*words: object) -> int:
    from svcdesk import cli

    return cli.main(["report", *map(str, words)])


def test_published_with_file_name_and_version(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "r.pdf"
    words = ("monthly", "2026-03", "--data", file, "--publish", "--out", out, "--json")
    assert run(*words, "--by", "陈雨") == 0
    answer = json.loads(capsys.readouterr().out)
    assert hashlib.sha256(out.read_bytes()).hexdigest() == answer["sha256"]
    with Desk.open(file, write=False) as desk:
        [version] = report_desk.versions(desk)
        assert (version.status, version.version) == ("published", 1)
        assert report_desk.seal(desk, version).publisher == "陈雨"
    assert run(*words) == 0  # the next run supersedes it
    assert json.loads(capsys.readouterr().out)["version"] == 2


def test_refused_with_status_1_and_no_file(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Desk.open(file, write=True) as desk:
        choices = [report_setup.Choice("summary", required=("judgement",))]
        report_setup.save_setup(desk, "monthly", choices)
        settings.add_person(desk, "小林", [Role.AGENT])
    out = tmp_path / "r.pdf"
    words = ("monthly", "2026-03", "--data", file, "--publish", "--out", out)
    assert run(*words) == 1
    assert "waits as a draft" in capsys.readouterr().err
    assert run(*words, "--by", "小林") == 1  # an agent publishes nothing
    assert "may not do this" in capsys.readouterr().err
    assert run(*words, "--by", "nobody") == 1
    assert run("monthly", "2026-13", "--data", file, "--out", out) == 1
    assert not out.exists()
    with Desk.open(file, write=False) as desk:
        assert [v.status for v in report_desk.versions(desk)] == ["generated"]


def test_wrong_usage_is_2_and_the_environment_3(file: Path, tmp_path: Path) -> None:
    assert run("monthly", "--data", file) == 2
    assert run("monthly", "2026-03", "--data", file, "--out-file", "x.pdf") == 2
    (tmp_path / "drive").write_bytes(b"")
    gone = tmp_path / "drive" / "r.pdf"
    assert run("monthly", "2026-03", "--data", file, "--out", gone) == 3
    assert run("monthly", "2026-03", "--data", tmp_path / "none.svcdesk") != 0


def test_a_file_that_is_open_is_not_published_but_can_be_read(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.pdf"
    words = ("monthly", "2026-03", "--data", file, "--out", out)
    with Desk.open(file, clock=FixedClock(AT)):
        assert run(*words, "--publish") == 3
        assert not out.exists()
        assert run(*words) == 0
    assert out.read_bytes().startswith(b"%PDF")
