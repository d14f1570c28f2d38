"""One computation feeds screen, paper and workbook: every number is traced back to the engine.

The engine is asked anew, with a board of its own, and its figures are displayed here by their own
rules; what the reports hold is then found in the text of the PDF and in the cells of the workbook.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from svcdesk.domain.metrics.definition import Unit
from svcdesk.domain.metrics.registry import METRICS
from svcdesk.i18n.catalog import translator
from svcdesk.reports import xlsx
from svcdesk.reports.model import BulletRow, Bullets, KpiCell, KpiGrid, ReportData, Table, tables_of
from svcdesk.reports.pdf.fonts import printable
from svcdesk.services import dashboards, report_outputs, reports, sample_data
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from svcdesk.system.job import ImmediateContext
from tests.reports.test_monthly import AT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from svcdesk.domain.metrics.figure import Figure

PERIODS = {"monthly": "2026-03", "complaints": "2026-03", "quarterly": "2026-Q1", "half_year": "2025-H2"}  # fmt: skip
NUMBER = re.compile(r"[+−-]?\d[\d,]*(?:\.\d+)?")
CASES = [(kind, language) for kind in PERIODS for language in ("zh_CN", "en")]


@dataclass
class Made:
    """A report with the text of its PDF and the cells of its workbook."""

    data: ReportData
    period: Any
    printed: str
    cells: dict[str, list[list[Any]]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("consistent") / "sample.svcdesk"
    clock = FixedClock(AT)
    sample_data.create(path, months=13, seed=1, context=ImmediateContext(), clock=clock)
    with Desk.open(path, write=False, clock=clock) as desk:
        yield desk


@pytest.fixture(scope="module")
def made(story: Desk, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Made]:
    from python_calamine import CalamineWorkbook

    folder: Path = tmp_path_factory.mktemp("made")
    found = {}
    for kind, language in CASES:
        collected = reports.collected(
            story, kind, PERIODS[kind], language=language, context=ImmediateContext()
        )
        pdf, book = folder / f"{kind}.pdf", folder / f"{kind}.xlsx"
        reports.draw(collected.data, pdf, ImmediateContext())
        report_outputs.workbook(story, collected.data, book, ImmediateContext())
        printed = "\n".join(page.extract_text() for page in PdfReader(pdf).pages)
        read = CalamineWorkbook.from_path(str(book))
        cells = {name: read.get_sheet_by_name(name).to_python() for name in read.sheet_names}
        found[kind, language] = Made(collected.data, collected.period, squeezed(printed), cells)
    return found


def squeezed(text: str) -> str:
    """Without what line breaks and letter spacing add."""
    return re.sub(r"\s+", "", text)


def tables(data: ReportData) -> list[Table]:
    return [table for s in data.sections for block in s.blocks for table in tables_of(block)]


def half_up(value: Fraction, decimals: int) -> str:
    """Round as domain.md 3.2 says, worked out here in integers."""
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    digits = f"{whole:0{decimals + 1}d}"
    text = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    return ("-" if value < 0 and whole else "") + text


PARTS = {Unit.MINUTES: (60, 1), Unit.HOURS: (3600, 1), Unit.DAYS: (86400, 1), Unit.MONEY: (100, 2)}


def parts(figure: Figure) -> tuple[str, str]:
    """Return numerator and denominator as appendix A prints them: sums in the figure's unit."""
    money = figure.metric.id == "spare_turnover"
    divisor, decimals = (100, 2) if money else PARTS.get(figure.metric.unit, (1, 0))
    if figure.metric.id == "complex_cycle_wd":
        divisor, decimals = 540 * 60, 1
    num = "—" if figure.num is None else half_up(Fraction(figure.num, divisor), decimals)
    if figure.den is None:
        return num, "—"
    return num, half_up(Fraction(figure.den, 100), 2) if money else str(figure.den)


@pytest.mark.parametrize(("kind", "language"), CASES)
def test_every_figure_of_a_metric_is_the_engines(
    story: Desk, made: dict[tuple[str, str], Made], kind: str, language: str
) -> None:
    """Tables with a row for each metric: value, numerator and denominator, target, by columns."""
    report, t = made[kind, language], translator(language)
    # a name may be that of two tables' rows, never of two metrics
    by_name: dict[str, str] = {}
    for metric in METRICS:
        by_name[t(metric.label)] = metric.id
    compared = 0
    value_heads = {t("Value"), t("Actual"), t("Current"), t("This quarter"), t("This period")}
    for table in tables(report.data):
        if table.columns[0].title != t("Metric"):
            continue
        heads = [column.title for column in table.columns]
        for row in table.rows:
            name = next(
                (n for n in (row[0], re.split(r"[（(]", row[0])[0].strip()) if n in by_name), None
            )
            if name is None:
                continue
            metric_id = by_name[name]
            # a typed rate of a quarter is that of its last month, named in the row
            named = re.search(r"\d{4}-\d\d", row[0])
            own = dashboards.period_of(story, named[0]) if named else report.period
            for head, cell in zip(heads, row, strict=True):
                period = dashboards.period_of(story, head) if re.fullmatch(r"\d{4}-(\d\d|Q\d)", head) else (
                    own if head in value_heads else report.period.previous
                    if head == t("Last period") else report.period.year_ago
                    if head == t("Last year") else None)  # fmt: skip
                if period is None:
                    continue
                figure = dashboards.figures(story, period, metric_ids=[metric_id])[metric_id]
                shown = NUMBER.search(cell)
                if figure.value is None:
                    assert shown is None, (table.caption, name, head, cell)
                    continue
                expected = half_up(figure.value, figure.metric.decimals)
                assert shown is not None, (table.caption, name, head)
                assert shown[0].replace(",", "") == expected, (table.caption, name, head)
                assert ("%" in cell) == (figure.metric.unit is Unit.PERCENT), (name, cell)
                compared += 1
            if t("Numerator") in heads:
                figure = dashboards.figures(story, report.period, metric_ids=[metric_id])[metric_id]
                told = row[heads.index(t("Numerator"))], row[heads.index(t("Denominator"))]
                assert told == parts(figure)
                compared += 1
    assert compared > 40, (kind, language, compared)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_kpi_cells_and_bullets_are_the_engines(
    story: Desk, made: dict[tuple[str, str], Made], language: str
) -> None:
    report, t = made["monthly", language], translator(language)
    names = {t(metric.label): metric.id for metric in METRICS}
    blocks = [block for section in report.data.sections for block in section.blocks]
    cells = [cell for b in blocks if isinstance(b, KpiGrid) for cell in b.cells]
    bullets = [row for b in blocks if isinstance(b, Bullets) for row in b.rows]
    assert len(cells) == 8
    assert len(bullets) >= 5
    shown: list[KpiCell | BulletRow] = [*cells, *bullets]
    checked = 0
    for one in shown:
        if one.name not in names:  # the composite score, below
            continue
        metric_id = names[one.name]
        figure = dashboards.figures(story, report.period, metric_ids=[metric_id])[metric_id]
        assert figure.value is not None
        text = one.value if isinstance(one, KpiCell) else one.shown
        assert NUMBER.match(str(text))[0] == half_up(figure.value, figure.metric.decimals)  # type: ignore[index]
        assert one.met == figure.met
        checked += 1
    assert checked == len(shown) - 1
    score = next(cell for cell in cells if cell.name not in names)
    total = dashboards.composite_score(story, report.period).total
    assert total is not None
    assert score.value == half_up(total, 1)


DISTRIBUTIONS = [
    ("monthly", "Tickets by channel", "ticket_created", "channel"),
    ("monthly", "Tickets by issue type", "ticket_created", "issue"),
    ("monthly", "Products with most tickets", "ticket_created", "product"),
    ("monthly", "Tickets by region", "ticket_created", "region"),
    ("monthly", "Complaints by responsible department", "complaint_received", "department"),
    ("complaints", "Distribution of complaints by category", "complaint_received", "category"),
    ("complaints", "Complaints by liability", "complaint_received", "liability"),
    ("half_year", "Distribution of complaints by category", "complaint_received", "category"),
]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(("kind", "caption", "metric_id", "by"), DISTRIBUTIONS)
def test_distributions_are_the_engines(
    story: Desk, made: dict[tuple[str, str], Made], kind: str, caption: str, metric_id: str,
    by: str, language: str,
) -> None:  # fmt: skip
    report, t = made[kind, language], translator(language)
    table = next(one for one in tables(report.data) if one.caption == t(caption))

    def counted(period: Any) -> dict[str, int]:
        answer = dashboards.answer(story, period, by=by, only=[metric_id], t=t)["metrics"]
        return {row["group"]: row["num"] for row in answer[metric_id]}

    now, before = counted(report.period), counted(report.period.previous)
    for name, count, share, last, change, rate in table.rows[:-1]:
        assert int(count) == now.get(name, 0), name
        assert int(last) == before.get(name, 0), name
        if kind == "half_year":  # the sample begins within the half-year before: no base
            assert (change, rate) == ("—", t("n/a"))
        else:
            assert int(change.replace("−", "-")) == int(count) - int(last)
        assert share == half_up(Fraction(100 * int(count), sum(now.values())), 1) + "%"
    total = table.rows[-1]
    assert (int(total[1]), int(total[3])) == (sum(now.values()), sum(before.values()))
    assert {name for name, count in now.items() if count} <= {row[0] for row in table.rows}


@pytest.mark.parametrize(("kind", "language"), CASES)
def test_the_pdf_prints_every_cell_in_reading_order(
    made: dict[tuple[str, str], Made], kind: str, language: str
) -> None:
    """Each row's cells stand behind each other in the text; tables follow in their order."""
    report = made[kind, language]
    at = rows = 0
    for table in tables(report.data):
        if not table.rows:
            continue
        at = report.printed.index(squeezed(table.caption), at)
        place = at
        for row in table.rows:
            for cell in row:
                wanted = squeezed(printable(cell))
                found = report.printed.find(wanted, place)
                assert found >= 0, (table.caption, row, cell)
                if not table.wrap:  # cells of several lines are read line by line
                    place = found + len(wanted)
            rows += 1
    assert rows > 50


@pytest.mark.parametrize(("kind", "language"), CASES)
def test_the_workbook_has_every_number_of_each_table_in_its_row(
    made: dict[tuple[str, str], Made], kind: str, language: str
) -> None:
    report = made[kind, language]
    compared = 0
    for name, section in zip(list(report.cells)[1:], report.data.sections, strict=True):
        rows = [[cell for cell in row if cell not in ("", None)] for row in report.cells[name]]
        for table in [t for block in section.blocks for t in tables_of(block)]:
            for row in table.rows:
                wanted = [
                    found.value if column.right and (found := xlsx.number(cell)) else cell
                    for column, cell in zip(table.columns, row, strict=True)
                    if cell
                ]
                assert any(alike(wanted, held) for held in rows), (table.caption, row)
                compared += len(wanted)
    assert compared > 200


def alike(wanted: list[Any], held: list[Any]) -> bool:
    """Tell whether a sheet's row holds the cells of a table's row one after the other."""
    for start in range(len(held) - len(wanted) + 1):
        pairs = zip(wanted, held[start : start + len(wanted)], strict=True)
        if all(
            one == pytest.approx(other, abs=1e-9) if isinstance(one, float | int) and isinstance(other, float)
            else str(one) == str(other)
            for one, other in pairs
        ):  # fmt: skip
            return True
    return False


@pytest.mark.parametrize(("kind", "language"), CASES)
def test_totals_are_the_sums_of_their_parts_and_pareto_ends_at_100(
    made: dict[tuple[str, str], Made], kind: str, language: str
) -> None:
    report, t = made[kind, language], translator(language)
    assert report.data.faults == ()
    checked = 0
    for table in tables(report.data):
        for place, column in enumerate(table.columns):
            cells = [row[place] for row in table.rows]
            if column.title == t("Cumulative share") and cells:
                shares = [float(cell.rstrip("%")) for cell in cells if cell]
                assert shares == sorted(shares)
                assert shares[-1] == 100.0
            if table.total and column.adds and all(cell.isdigit() for cell in cells):
                assert sum(map(int, cells[:-1])) == int(cells[-1]), (table.caption, column.title)
                checked += 1
    assert checked or kind == "quarterly"
