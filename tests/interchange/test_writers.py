"""Tables out: no formulas, Chinese for Excel, whole or not at all; templates come back in."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from svcdesk.i18n.catalog import translator
from svcdesk.interchange import mapping as m
from svcdesk.interchange.kinds import KINDS
from svcdesk.interchange.sheet_reader import Workbook
from svcdesk.interchange.source import open_source
from svcdesk.interchange.templates import explanations, listing, write_template
from svcdesk.interchange.writers import SheetForm, guarded, write_table
from svcdesk.system.errors import EnvironmentProblem, UserError

if TYPE_CHECKING:
    from pathlib import Path

ZH = translator("zh_CN")


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|'/C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_formulas_are_defused(cell: str) -> None:
    assert guarded(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["空调", "-12.5", "+3", 5, None, "", "a=b", "13800005678"])
def test_other_cells_stay(cell: object) -> None:
    assert guarded(cell) == cell


def test_csv_begins_with_the_mark_that_excel_needs(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    assert write_table(path, ["标题"], [["=1"], ["空调，不制冷"]]) == 2
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["标题"], ["'=1"], ["空调，不制冷"]]


def test_xlsx_keeps_text_as_text_and_numbers_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_table(
        path,
        ["a", "b"],
        [["=1+1", 5], ["00123", 2.5]],
        form=SheetForm("表", [["说明"], ["x"]], "填写说明", [0], {1: ["甲", "乙"]}),
    )
    book = Workbook(path)
    assert book.names == ["表", "填写说明"]
    assert [cells for _, cells in book.sheet().rows()] == [
        ["a", "b"],
        ["=1+1", 5.0],
        ["00123", 2.5],
    ]


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("old")

    def rows() -> object:
        yield ["1"]
        raise RuntimeError("lost")

    with pytest.raises(RuntimeError):
        write_table(path, ["a"], rows())  # type: ignore[arg-type]
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["x.csv"]


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem):
        write_table(tmp_path / "none" / "x.csv", ["a"], [])
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(EnvironmentProblem):
        write_table(tmp_path / "folder.csv", ["a"], [])
    with pytest.raises(UserError, match="neither"):
        write_table(tmp_path / "x.txt", ["a"], [])


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_templates_are_recognised_again(tmp_path: Path, kind: m.Kind, suffix: str) -> None:
    path = tmp_path / f"{kind.code}{suffix}"
    write_template(kind, path, ZH)
    source = open_source(path, lambda header: kind.field_named(header) is not None)
    columns = m.connect(kind, m.Mapping(), source.names)
    assert {feed.field.name for feed in columns.feeds} == set(kind.by_name)
    assert list(source.records()) == []


def test_explanations_and_listing_cover_every_field() -> None:
    for kind in KINDS.values():
        lines = explanations(kind, ZH)
        assert len(lines) == len(kind.fields) + 1
        assert all(line[3] for line in lines)
    assert [entry["kind"] for entry in listing(ZH)] == list(KINDS)
