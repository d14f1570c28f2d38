"""What bad input and bad surroundings get: one sentence, and a data file as it was."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest

from svcdesk.services import backups, imports
from svcdesk.services.desk import Desk
from svcdesk.system.errors import EnvironmentProblem, UserError
from svcdesk.system.job import ImmediateContext
from tests.services.importing import bring, brought, mapping_of, one, visible, written

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "外部单号,客户,渠道,问题类型,受理时间,标题,问题描述"


def long_file(path: Path, megabytes: int) -> Path:
    text = "空调不制冷" * 60
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD + "\n")
        number = 0
        while file.tell() < megabytes << 20:
            for _ in range(100):
                number += 1
                file.write(
                    f"L{number},客户{number % 9},在线聊天,其他,2026-03-02 09:{number % 60:02d},标题,{text}\n"
                )
    return path


def test_a_full_disk_leaves_everything_as_it_was(desk: Desk, tmp_path: Path) -> None:
    path = long_file(tmp_path / "l.csv", 3)
    before = visible(desk)
    pages = desk.writer.execute("PRAGMA page_count").fetchone()[0]
    desk.writer.execute(f"PRAGMA max_page_count = {pages + 100}")
    with pytest.raises(EnvironmentProblem) as caught:
        imports.apply(desk, path, mapping_of("tickets"), ImmediateContext())
    assert caught.value.code == "disk_full"
    assert caught.value.exit_status == 3
    assert visible(desk) == before
    assert imports.batches(desk) == []
    desk.writer.execute("PRAGMA max_page_count = 1073741823")
    assert brought(desk, path, "tickets").inserted > 0
    assert backups.check(desk) == []


def test_a_long_file_is_never_in_memory_whole(desk: Desk, tmp_path: Path) -> None:
    path = long_file(tmp_path / "l.csv", 24)
    tracemalloc.start()
    try:
        plan = bring(desk, path, "tickets", dry=True)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert plan.inserted > 20_000
    assert peak < 20 << 20


def test_seventy_thousand_ghost_rows(desk: Desk, tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "ghost.xlsx"
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet()
    style = book.add_format({"bg_color": "#eeeeee"})
    page.write_row(0, 0, HEAD.split(","))
    page.write_row(1, 0, ["1", "甲", "电话", "其他", "2026-03-02", "一", "x"])
    for line in range(2, 70_002):
        page.write_blank(line, 0, None, style)
        page.write_string(line, 1, " ")
    page.write_row(70_002, 0, ["2", "乙", "电话", "其他", "2026-03-02", "二", "x"])
    book.close()
    plan = brought(desk, path, "tickets")
    assert (plan.rows_read, plan.inserted) == (2, 2)
    assert plan.left_out.counts == {"empty": 70_000}
    assert one(desk, "SELECT count(*) FROM ticket") == 2


def test_a_cell_far_away_does_not_fill_the_memory(desk: Desk, tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "far.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet()
    page.write_row(0, 0, HEAD.split(","))
    page.write_row(1, 0, ["1", "甲", "电话", "其他", "2026-03-02", "一", "x"])
    page.write(1_048_575, 16_383, "x")
    book.close()
    with pytest.raises(UserError) as caught:
        bring(desk, path, "tickets")
    assert caught.value.code == "too_large"


@pytest.mark.parametrize("name", ["picture", "password", "folder", "empty", "text"])
def test_files_that_are_no_tables(desk: Desk, tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.xlsx"
    contents = {
        "picture": b"\x89PNG\r\n\x1a\n" + bytes(99),
        "password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(999)
        + "EncryptedPackage".encode("utf-16-le"),
        "empty": b"",
        "text": "没有表头也没有逗号".encode("gb18030"),
    }
    if name == "folder":
        path.mkdir()
    else:
        path.write_bytes(contents[name])
    before = visible(desk)
    for dry in (True, False):
        with pytest.raises(UserError) as caught:
            bring(desk, path, "tickets", dry=dry)
        assert "{" not in str(caught.value)
        assert caught.value.exit_status == 1
    assert visible(desk) == before


def test_a_desk_opened_for_reading_only_can_try_but_not_import(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", f"{HEAD}\n1,甲,电话,其他,2026-03-02,一,x\n")
    with Desk.open(desk.path, write=False, clock=desk.clock) as other:
        assert bring(other, path, "tickets", dry=True).inserted == 1
        with pytest.raises(UserError, match="reading only"):
            bring(other, path, "tickets")


def test_a_viewer_may_not_import(desk: Desk, tmp_path: Path) -> None:
    brought(desk, written(tmp_path / "u.csv", "姓名,角色\n陈总,viewer\n"), "users")
    path = written(tmp_path / "t.csv", f"{HEAD}\n1,甲,电话,其他,2026-03-02,一,x\n")
    desk.act_as(one(desk, "SELECT id FROM person WHERE name = '陈总'"))
    with pytest.raises(UserError, match="may not"):
        bring(desk, path, "tickets")
