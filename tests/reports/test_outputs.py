"""The same report as workbook, pictures and text: the numbers are those that are printed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from svcdesk.domain.chart import ChartKind, ChartSpec, Series
from svcdesk.reports import text, xlsx
from svcdesk.reports.model import Figure, Heading, ReportData, Section, Table
from svcdesk.services import report_outputs, reports, sample_data
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from svcdesk.system.job import ImmediateContext
from tests.reports.test_monthly import AT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PERIODS = {"monthly": "2026-03", "complaints": "2026-03", "quarterly": "2026-Q1", "half_year": "2025-H2"}  # fmt: skip


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("outputs") / "sample.svcdesk"
    clock = FixedClock(AT)
    sample_data.create(path, months=13, seed=1, context=ImmediateContext(), clock=clock)
    with Desk.open(path, write=False, clock=clock) as desk:
        yield desk


@pytest.mark.parametrize(
    ("shown", "value", "form"),
    [
        ("413", 413, "0"),
        ("1,234", 1234, "#,##0"),
        ("85.1%", 0.851, "0.0%"),
        ("12.6工作分钟", 12.6, '0.0"工作分钟"'),
        ("3.8 h", 3.8, '0.0" h"'),
        ("100.0%※", 1.0, '0.0%"※"'),
        ("+10", 10, '"+"0;"−"0;0'),
        ("−12.8个百分点", -12.8, '"+"0.0"个百分点";"−"0.0"个百分点";0.0"个百分点"'),
        ("↓33.3%", -0.333, '"↑"0.0%;"↓"0.0%;0.0%'),
    ],
)
def test_displayed_numbers_become_numbers(shown: str, value: float, form: str) -> None:
    found = xlsx.number(shown)
    assert found is not None
    assert found.value == pytest.approx(value)
    assert found.form == form


@pytest.mark.parametrize(
    "shown", ["—", "", "413/451", "2026-03", "2026-04-02 10:00", "GD202510-0252", "0012", "n=5", "持平", "8-15"]
)  # fmt: skip
def test_codes_dates_and_words_stay_texts(shown: str) -> None:
    assert xlsx.number(shown) is None


def opened(path: Path) -> Any:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_path(str(path))


@pytest.mark.parametrize("kind", list(PERIODS))
def test_cells_are_the_printed_numbers(story: Desk, tmp_path: Path, kind: str) -> None:
    data = reports.collect(story, kind, PERIODS[kind], language="zh_CN", context=ImmediateContext())
    target = tmp_path / "report.xlsx"
    sheets = report_outputs.workbook(story, data, target, ImmediateContext())
    book = opened(target)
    assert len(book.sheet_names) == sheets == len(data.sections) + 1
    compared = 0
    for name, section in zip(book.sheet_names[1:], data.sections, strict=True):
        rows = book.get_sheet_by_name(name).to_python()
        cells = {str(cell) for row in rows for cell in row if isinstance(cell, str)}
        values = [cell for row in rows for cell in row if isinstance(cell, float)]
        for table in [block for block in section.blocks if isinstance(block, Table)]:
            for row in table.rows:
                for column, shown in zip(table.columns[1:], row[1:], strict=True):
                    found = xlsx.number(shown) if column.right else None
                    if found is None:
                        assert not shown or shown in cells, (section.key, table.caption, shown)
                    else:
                        assert any(v == pytest.approx(found.value, abs=1e-9) for v in values), shown
                        compared += 1
    assert compared > 50


def test_every_chart_is_excels_own_chart(story: Desk, tmp_path: Path) -> None:
    import zipfile

    data = reports.collect(
        story, "complaints", "2026-03", language="zh_CN", context=ImmediateContext()
    )
    target = tmp_path / "report.xlsx"
    report_outputs.workbook(story, data, target, ImmediateContext())
    figures = [b.chart for s in data.sections for b in s.blocks if isinstance(b, Figure)]
    drawn = [c for c in figures if not c.empty and c.kind is not ChartKind.HEAT]
    with zipfile.ZipFile(target) as parts:
        charts = [
            name for name in parts.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)
        ]
    assert len(drawn) > 5
    assert len(charts) == len(drawn)


def a_report(*blocks: object) -> ReportData:
    return ReportData(
        "en", "Org", "=1+1 Title", "March", "2026-03", "internal", "now", "V1.0", "A", "B", "today",
        sections=[Section("a", "A: [section]*", "1", list(blocks)),  # type: ignore[arg-type]
                  Section("b", "a: (section)?", "2", [Heading("H")])],
    )  # fmt: skip


def test_names_of_sheets_are_allowed_and_unique_and_nothing_is_a_formula(tmp_path: Path) -> None:
    from svcdesk.reports.model import Column

    table = Table("c", (Column("t"), Column("n", right=True)), (("=SUM(A1)", "=2+2"),))
    empty = Figure(ChartSpec(ChartKind.LINE, "t", (), (Series("s", ()),)), "nothing")
    target = tmp_path / "r.xlsx"
    assert xlsx.write(a_report(table, empty), target, ImmediateContext()) == 3
    book = opened(target)
    assert len({name.casefold() for name in book.sheet_names}) == 3
    cells = [c for row in book.get_sheet_by_index(1).to_python() for c in row]
    assert "=SUM(A1)" in cells
    assert "=2+2" in cells


@pytest.mark.parametrize("kind", list(PERIODS))
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_short_text_says_only_what_the_report_says(
    story: Desk, kind: str, language: str
) -> None:
    data = reports.collect(
        story, kind, PERIODS[kind], language=language, context=ImmediateContext()
    )
    said = text.short(data)
    assert len(said) <= text.MOST + 3
    assert data.title in said
    printed = set(re.findall(r"\d+(?:\.\d+)?", " ".join(data.texts())))
    assert set(re.findall(r"\d+(?:\.\d+)?", said)) <= printed | {str(n) for n in range(1, 12)}


def test_pictures_come_as_png_and_svg(story: Desk, tmp_path: Path) -> None:
    data = reports.collect(
        story, "quarterly", "2026-Q1", language="zh_CN", context=ImmediateContext()
    )
    found = report_outputs.pictures(story, data, tmp_path / "charts", ImmediateContext())
    assert len(found) >= 4
    assert {path.suffix for path in found} == {".png", ".svg"}
    assert all(path.is_file() and path.stat().st_size > 500 for path in found)
    assert found[0].read_bytes().startswith(b"\x89PNG")


def test_the_command_line_writes_every_form(
    story: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from svcdesk import cli

    status = cli.main([
        "report", "half-year", "2025-H2", "--data", str(story.path), "--json",
        "--out", str(tmp_path / "r.pdf"), "--xlsx", str(tmp_path / "r.xlsx"),
        "--text", str(tmp_path / "r.txt"), "--pictures", str(tmp_path / "charts"),
    ])  # fmt: skip
    assert status == 0
    answer = json.loads(capsys.readouterr().out)
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    text_file = (tmp_path / "r.txt").read_text(encoding="utf-8")
    assert "2025" in text_file
    assert (answer["sheets"], answer["pages"] > 5) == (9, True)
    assert answer["pictures"] > 5
    assert cli.main(["report", "monthly", "2026-03", "--data", str(story.path)]) != 0
