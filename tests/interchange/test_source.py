"""Files as tables: containers, encodings, delimiters, headers, rows that are no records."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from svcdesk.interchange import sniff
from svcdesk.interchange.source import Choices, Source, open_source
from svcdesk.system.errors import AppError, EnvironmentProblem, UserError

TABLE = "工单号,客户,受理时间,状态\nGD1,李明,2026-03-05,已关闭\nGD2,王芳,2026-03-06,处理中\n"
HEADERS = ("工单号", "客户", "受理时间", "状态", "投诉编号")


def opened(path: Path, choices: Choices | None = None) -> Source:
    return open_source(path, lambda header: header.rpartition("/")[2] in HEADERS, choices)


def records(path: Path, choices: Choices | None = None) -> list[list[object]]:
    return [cells for _, cells in opened(path, choices).records()]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("gbk", "gb18030"),
     ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be")],
)  # fmt: skip
def test_encodings_are_found(tmp_path: Path, encoding: str, found: str) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes(TABLE.encode(encoding))
    source = opened(path)
    assert source.encoding == found
    assert source.names == ("工单号", "客户", "受理时间", "状态")
    assert [row[1] for _, row in source.records()] == ["李明", "王芳"]


def test_big5_only_when_chosen(tmp_path: Path) -> None:
    path = tmp_path / "big5.csv"
    path.write_bytes("工單號,客戶\nGD1,陳小姐\n".encode("big5"))
    assert records(path, Choices(encoding="big5")) == [["GD1", "陳小姐"]]
    assert records(path) != [["GD1", "陳小姐"]]


def test_a_wrong_byte_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(TABLE.encode("utf-8") + b"GD3,\xff\xff,2026-03-07,x\n")
    with pytest.raises(UserError) as caught:
        opened(path)
    assert caught.value.code == "encoding"
    assert caught.value.values["line"] == 4


def test_gzip_is_unpacked_on_the_way(tmp_path: Path) -> None:
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(TABLE.encode("gb18030")))
    assert len(records(path)) == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        TABLE.replace(",", delimiter) + f'GD3{delimiter}"a{delimiter}b"{delimiter}{delimiter}\n'
    )
    source = opened(path)
    assert source.delimiter == delimiter
    assert [row[1] for _, row in source.records()][2] == f"a{delimiter}b"


def test_the_sep_line_of_excel_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("sep=;\n工单号;客户\nGD1;李,明\n")
    source = opened(path)
    assert source.names == ("工单号", "客户")
    assert list(source.records()) == [(3, ["GD1", "李,明"])]


def test_titles_blanks_totals_and_repeated_headers_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "三月工单汇总,,,\n制表人：王芳,,,\n" + TABLE + ",,,\n小计,,,2\n工单号,客户,受理时间,状态\n"
        "GD3,合计公司,2026-03-07,已关闭\n合计：,,,3\n,,,\n"
    )
    source = opened(path)
    assert source.header_rows == (3, 3)
    found = list(source.records())
    assert [number for number, _ in found] == [4, 5, 9]
    assert source.left_out.listed == [
        (1, "title"), (2, "title"), (6, "empty"), (7, "total"), (8, "header"), (10, "total"), (11, "empty"),
    ]  # fmt: skip


def test_a_two_line_header_of_csv_is_joined(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("投诉编号,产品,,状态\n,品牌,型号,\n1,甲,乙,已关闭\n")
    source = opened(path)
    assert source.names == ("投诉编号", "产品/品牌", "产品/型号", "状态")
    assert list(source.records()) == [(3, ["1", "甲", "乙", "已关闭"])]


def test_a_chosen_header_row_wins(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\nc,d\n1,2\n")
    assert opened(path, Choices(header_row=2)).names == ("c", "d")


def office_workbook(path: Path, ghosts: int = 0) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("空表")
    page = book.add_worksheet("台账")
    style = book.add_format({"bg_color": "#eeeeee"})
    page.merge_range("A1:D1", "三月投诉台账", style)
    page.merge_range("A2:A3", "投诉编号", style)
    page.merge_range("B2:C2", "产品", style)
    page.write("B3", "品牌")
    page.write("C3", "型号")
    page.merge_range("D2:D3", "状态", style)
    page.write_row("A4", [481945, "甲", "乙", "已关闭"])
    page.write_row("A5", [481946, "", "丙", "处理中"])
    page.merge_range("B4:B5", "甲", style)
    page.write_row("A7", ["合计", "", "", 2])
    for line in range(8, 8 + ghosts):
        page.write_blank(line, 1, None, style)
        page.write_string(line, 2, " ")
    book.close()


def test_a_workbook_of_an_office(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    office_workbook(path)
    source = opened(path)
    assert source.sheet == "台账"
    assert source.names == ("投诉编号", "产品/品牌", "产品/型号", "状态")
    # a name merged downwards belongs to every row that it covers
    assert list(source.records()) == [
        (4, [481945.0, "甲", "乙", "已关闭"]),
        (5, [481946.0, "甲", "丙", "处理中"]),
    ]
    assert source.left_out.counts == {"title": 1, "empty": 1, "total": 1}


def test_ghost_rows_are_counted_not_listed_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "ghost.xlsx"
    office_workbook(path, ghosts=70_000)
    source = opened(path)
    assert len(list(source.records())) == 2
    assert source.left_out.counts["empty"] == 70_001 + 1
    assert len(source.left_out.listed) == 200


def bad_file(path: Path, kind: str) -> Path:
    import zipfile

    import xlsxwriter

    book = path.with_suffix(".xlsx")
    encrypted = "EncryptedPackage".encode("utf-16-le")
    contents = {
        "empty": (path, b""),
        "picture": (book, b"\x89PNG\r\n\x1a\n" + bytes(100)),
        "password": (
            book,
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + encrypted + bytes(99),
        ),
        "pdf": (path, b"%PDF-1.7\n" + bytes(50)),
        "web": (path, b"\xef\xbb\xbf  <HTML><table><tr><td>1</td></tr></table>"),
        "json": (path, b'{"a": 1'),
        "json_flat": (path, b'{"a": 1}'),
        "binary": (path, bytes(range(256)) * 20),
        "blank": (path, b",,\n\n ,\n"),
        "quote": (path, (TABLE + 'GD3,"open\n' + "x,y,z\n" * 500_000).encode()),
    }
    if kind in contents:
        path, data = contents[kind]
        path.write_bytes(data)
    elif kind == "cut":
        office_workbook(book)
        book.write_bytes(book.read_bytes()[:3000])
        path = book
    elif kind == "folder":
        path.mkdir()
    elif kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("readme.txt", "x")
    elif kind == "empty_book":
        xlsxwriter.Workbook(str(book)).close()
        path = book
    return path


@pytest.mark.parametrize(
    ("kind", "code"),
    [("empty", "empty_file"), ("picture", "picture"), ("password", "password"), ("pdf", "pdf"),
     ("cut", "truncated"), ("binary", "not_text"), ("folder", "is_folder"), ("missing", "no_file"),
     ("zip", "not_workbook"), ("blank", "no_header"), ("empty_book", "empty_file"),
     ("web", "web_page"), ("json", "json"), ("json_flat", "json")],
)  # fmt: skip
def test_bad_files_are_refused_with_their_own_sentence(
    tmp_path: Path, kind: str, code: str
) -> None:
    path = bad_file(tmp_path / "x.csv", kind)
    with pytest.raises(AppError) as caught:
        opened(path)
    assert caught.value.code == code
    assert caught.value.exit_status == 1
    assert "{" not in str(caught.value)


def test_a_lost_quotation_mark_is_told(tmp_path: Path) -> None:
    path = bad_file(tmp_path / "x.csv", "quote")
    with pytest.raises(UserError) as caught:
        records(path)
    assert caught.value.code == "csv"
    assert caught.value.values["row"] == 4


def test_a_file_without_permission_is_a_problem_of_the_surroundings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(TABLE)
    if os.geteuid() == 0:  # root may read everything: let the system call say no

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
    else:
        path.chmod(0)
    with pytest.raises(EnvironmentProblem) as caught:
        sniff.check_file(path)
    assert caught.value.code == "no_permission"


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(TABLE)
    with pytest.raises(UserError, match="klingon"):
        opened(path, Choices(encoding="klingon"))


def test_a_sheet_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    office_workbook(path)
    with pytest.raises(UserError) as caught:
        opened(path, Choices(sheet="四月"))
    assert caught.value.values["sheets"] == "空表、台账"


def test_the_days_of_a_year_as_json(tmp_path: Path) -> None:
    path = tmp_path / "2027.json"
    path.write_text(
        '{"year": 2027, "papers": ["x"], "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true},'
        '{"name": "元旦", "date": "2027-01-03", "isOffDay": false}]}',
        encoding="utf-8",
    )
    source = opened(path)
    assert source.names == ("name", "date", "kind")
    assert list(source.records()) == [
        (2, ["元旦", "2027-01-01", "off"]),
        (3, ["元旦", "2027-01-03", "work"]),
    ]
