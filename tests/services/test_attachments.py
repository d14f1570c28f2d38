"""Attachments are kept once, under their digest, opened as copies, saved with every backup."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from svcdesk.services import attachments, backups, tickets, undo
from svcdesk.services.desk import Desk
from svcdesk.store import files
from svcdesk.system.errors import EnvironmentProblem, UserError
from svcdesk.system.job import ImmediateContext
from tests.services.desks import a_ticket

if TYPE_CHECKING:
    from pathlib import Path

PHOTO = b"\x89PNG not really"


def names(desk: Desk, ticket: int) -> list[str]:
    return [row["name"] for row in attachments.of_record(desk, "ticket", ticket)]


def test_the_content_lies_under_its_digest_once(desk: Desk) -> None:
    first, second = a_ticket(desk), a_ticket(desk)
    attachments.add(desk, first, "照片.png", PHOTO)
    attachments.add(desk, first, "again.png", PHOTO)
    attachments.add(desk, second, "照片.png", PHOTO)
    assert (names(desk, first), names(desk, second)) == (["照片.png"], ["照片.png"])
    kept = [p for p in files.folder_of(desk.path).rglob("*") if p.is_file()]
    assert [p.name for p in kept] == [hashlib.sha256(PHOTO).hexdigest()]
    told = [e["text"] for e in tickets.get(desk, first).events if e["name"] == "attachment"]
    assert told == ["照片.png"]


def test_undo_takes_it_off_and_redo_brings_it_back(desk: Desk) -> None:
    ticket = a_ticket(desk)
    key = attachments.add(desk, ticket, "a.pdf", b"pdf").value
    undo.undo(desk)
    assert names(desk, ticket) == []
    undo.redo(desk)
    assert attachments.content(desk, key) == b"pdf"
    attachments.remove(desk, key)
    assert names(desk, ticket) == []
    undo.undo(desk)
    assert names(desk, ticket) == ["a.pdf"]


def test_opening_gives_a_copy_that_cannot_change_the_original(desk: Desk) -> None:
    key = attachments.add(desk, a_ticket(desk), "报告.pdf", b"pdf").value
    copy = attachments.to_open(desk, key)
    assert (copy.name, copy.read_bytes()) == ("报告.pdf", b"pdf")
    assert copy.stat().st_mode & 0o222 == 0
    copy.chmod(0o600)
    copy.write_bytes(b"changed")
    assert attachments.content(desk, key) == b"pdf"


@pytest.mark.parametrize("name", ["setup.exe", "发票.pdf.js", "x.LNK", "run.sh", "报表.hta"])
def test_programs_are_kept_but_not_opened(desk: Desk, tmp_path: Path, name: str) -> None:
    key = attachments.add(desk, a_ticket(desk), name, b"MZ").value
    with pytest.raises(UserError, match="could run as a program"):
        attachments.to_open(desk, key)
    assert attachments.save_as(desk, key, tmp_path / "saved").read_bytes() == b"MZ"


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/passwd", "passwd"), (r"C:\temp\图.png", "图.png"), ('a<b>:"|?*.txt', "a_b______.txt"),
     ("...", "attachment"), ("x\n.txt", "x_.txt")],
)  # fmt: skip
def test_names_cannot_leave_their_place(desk: Desk, given: str, kept: str) -> None:
    ticket = a_ticket(desk)
    attachments.add(desk, ticket, given, b"x")
    assert names(desk, ticket) == [kept]


def test_empty_and_huge_ones_are_refused(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = a_ticket(desk)
    with pytest.raises(UserError, match="is empty"):
        attachments.add(desk, ticket, "a.txt", b"")
    monkeypatch.setattr(attachments, "MAX_BYTES", 4)
    big = tmp_path / "big.bin"
    big.write_bytes(b"12345")
    with pytest.raises(UserError, match="at most"):
        attachments.add_file(desk, ticket, big)
    with pytest.raises(EnvironmentProblem):
        attachments.add_file(desk, ticket, tmp_path / "missing.bin")


def test_a_damaged_one_is_told_by_the_check(desk: Desk) -> None:
    key = attachments.add(desk, a_ticket(desk), "a.txt", b"abc").value
    assert backups.check(desk) == []
    sha256 = hashlib.sha256(b"abc").hexdigest()
    files.path_of(desk.path, sha256).write_bytes(b"abd")
    assert backups.check(desk) == [f"attachment {sha256[:12]}… is missing or damaged"]
    with pytest.raises(EnvironmentProblem, match="missing or damaged"):
        attachments.to_open(desk, key)


def test_backup_and_restore_carry_them(desk: Desk, tmp_path: Path) -> None:
    key = attachments.add(desk, a_ticket(desk), "a.txt", b"abc").value
    copy = backups.make(desk, tmp_path / "copy" / "b.svcdesk", ImmediateContext())
    restored = backups.restore(copy, tmp_path / "again" / "r.svcdesk", ImmediateContext())
    with Desk.open(restored) as other:
        assert attachments.content(other, key) == b"abc"
        assert backups.check(other) == []
