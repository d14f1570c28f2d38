"""Attachments are kept once, under their digest, opened as copies, saved with every backup."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.people import Role
from svcdesk.services import (
    attachments,
    backups,
    customers,
    erasure,
    improvement_measures,
    improvements,
    settings,
    tickets,
    undo,
)
from svcdesk.services.attachments import MEASURE
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


# -- of a measure ------------------------------------------------------------------------------


def a_measure(desk: Desk) -> tuple[int, int]:
    """Let the acting person lead; return the keys of an item and its measure."""
    settings.change_person(desk, desk.actor.id, "周敏", [Role.SUPERVISOR, Role.AGENT, Role.ADMIN])
    item = improvements.create(desk, {"title": "上门准时率低"}).value
    values = {"text": "接入路况", "owner_id": desk.actor.id, "due_date": "2026-06-30"}
    return item, improvement_measures.add(desk, item, values).value


def files_of(desk: Desk, measure: int) -> list[str]:
    return [row["name"] for row in attachments.of_record(desk, MEASURE, measure)]


def test_a_measure_has_files_as_a_ticket_has(desk: Desk, tmp_path: Path) -> None:
    _item, measure = a_measure(desk)
    path = tmp_path / "培训签到.pdf"
    path.write_bytes(b"pdf")
    done = attachments.add_files(desk, measure, [path, tmp_path / "gone"], ImmediateContext(),
                                 MEASURE)  # fmt: skip
    assert (done.count, len(done.refused)) == (1, 1)
    attachments.add(desk, measure, "again.pdf", b"pdf", MEASURE)
    assert files_of(desk, measure) == ["培训签到.pdf"]
    assert attachments.of_records(desk, MEASURE, [measure, 7])[7] == []
    undo.undo(desk)
    assert files_of(desk, measure) == []
    undo.redo(desk)
    (row,) = attachments.of_record(desk, MEASURE, measure)
    assert attachments.content(desk, row["id"]) == b"pdf"
    attachments.remove(desk, row["id"])
    assert files_of(desk, measure) == []
    undo.undo(desk)
    assert files_of(desk, measure) == ["培训签到.pdf"]


def test_a_measure_of_an_item_that_is_over_keeps_its_files(desk: Desk) -> None:
    item, measure = a_measure(desk)
    key = attachments.add(desk, measure, "a.pdf", b"pdf", MEASURE).value
    other = improvements.create(desk, {"title": "同一件事"}).value
    improvements.step(desk, item, "merge", {"merged_into_id": other})
    with pytest.raises(UserError, match="is over"):
        attachments.add(desk, measure, "b.pdf", b"more", MEASURE)
    with pytest.raises(UserError, match="is over"):
        attachments.remove(desk, key)
    assert files_of(desk, measure) == ["a.pdf"]


def test_each_kind_of_record_asks_for_its_own_right(desk: Desk) -> None:
    ticket, (_item, measure) = a_ticket(desk), a_measure(desk)
    quality = settings.add_person(desk, "陈雨", [Role.QUALITY]).value
    viewer = settings.add_person(desk, "看客", [Role.VIEWER]).value
    desk.act_as(quality)
    key = attachments.add(desk, measure, "a.pdf", b"pdf", MEASURE).value
    with pytest.raises(UserError, match="may not do this"):
        attachments.add(desk, ticket, "a.pdf", b"pdf")
    attachments.remove(desk, key)
    desk.act_as(viewer)
    with pytest.raises(UserError, match="may not do this"):
        attachments.add(desk, measure, "b.pdf", b"b", MEASURE)
    desk.act_as(quality)
    with pytest.raises(UserError, match="was deleted"):
        attachments.add(desk, 12345, "b.pdf", b"b", MEASURE)


def test_a_backup_takes_the_files_of_measures_along(desk: Desk, tmp_path: Path) -> None:
    _item, measure = a_measure(desk)
    attachments.add(desk, measure, "a.pdf", b"proof", MEASURE)
    saved = backups.make(desk, tmp_path / "copy" / "b.svcdesk", ImmediateContext())
    restored = backups.restore(saved, tmp_path / "again" / "r.svcdesk", ImmediateContext())
    with Desk.open(restored) as copy:
        assert attachments.check(copy) == []
        (row,) = attachments.of_record(copy, MEASURE, measure)
        assert attachments.content(copy, row["id"]) == b"proof"


def test_erasing_a_customer_leaves_the_proof_of_a_measure(desk: Desk) -> None:
    """The same content hangs at the customer's ticket: there it goes, here it stays."""
    ticket = a_ticket(desk)
    _item, measure = a_measure(desk)
    theirs = attachments.add(desk, ticket, "照片.png", PHOTO).value
    ours = attachments.add(desk, measure, "照片.png", PHOTO, MEASURE).value
    customer = tickets.get(desk, ticket).ticket["customer_id"]
    number = customers.get(desk, customer)["customer_no"]
    erasure.erase(desk, customer, number, "客户书面要求", ImmediateContext())
    assert names(desk, ticket) == []
    with pytest.raises(UserError):
        attachments.content(desk, theirs)
    assert files_of(desk, measure) == ["照片.png"]
    assert attachments.content(desk, ours) == PHOTO
    assert attachments.check(desk) == []
