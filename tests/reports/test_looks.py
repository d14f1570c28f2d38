"""What was found ugly when the pages of real desks were looked at does not come back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.domain import narrative
from svcdesk.domain.chart import Band, ChartKind, ChartSpec, Reference, Series, Sums
from svcdesk.domain.comparisons import Direction
from svcdesk.domain.statistics import pareto
from svcdesk.i18n.catalog import translator
from svcdesk.reports.chart_specs import upright_or_not
from svcdesk.reports.figures import signed
from svcdesk.reports.model import (
    CoverFigure,
    Figure,
    Heading,
    KpiCell,
    KpiGrid,
    Multiples,
    PageFormat,
    Table,
)
from svcdesk.reports.pdf import summary
from svcdesk.reports.pdf.blocks import Composer
from svcdesk.reports.pdf.charts import draw, multiples
from svcdesk.reports.pdf.charts.axis import value_range
from svcdesk.reports.pdf.fonts import balanced, width, wrap
from svcdesk.reports.pdf.grid import A4, grid_of
from svcdesk.reports.pdf.marks import Line, Text
from svcdesk.reports.pdf.paginate import paginate
from svcdesk.reports.pdf.pieces import Kept, Piece, Words, stacked_height
from svcdesk.reports.pdf.styles import MM
from svcdesk.reports.wording import noted
from svcdesk.services import report_desk, reports, sample_data
from svcdesk.services.desk import Desk
from svcdesk.store import report_lists
from svcdesk.system.clock import FixedClock
from svcdesk.system.job import ImmediateContext
from tests.reports.test_chart_drawings import check
from tests.reports.test_monthly import AT
from tests.reports.test_pages import flat
from tests.services.desks import a_ticket, item

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from svcdesk.reports.model import ReportData
    from svcdesk.reports.pdf.canvas import Sheet

EN, ZH = translator("en"), translator("zh_CN")
LONG = "工单第1类问题，名称特别长，用来检查图表和表格在五十个字时是否仍然整齐、不重叠、不截断"
WORDS = "Extraordinarily long English category name for these reports"
HAN = st.characters(whitelist_categories=(), whitelist_characters="空调安装延误投诉处理售后")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("looks") / "sample.svcdesk"
    clock = FixedClock(AT)
    sample_data.create(path, months=13, seed=1, context=ImmediateContext(), clock=clock)
    with Desk.open(path, clock=clock) as desk:
        yield desk


def collected(desk: Desk, kind: str, period: str, language: str) -> ReportData:
    return reports.collected(desk, kind, period, language=language, context=ImmediateContext()).data


def tables(data: ReportData, title: str) -> list[Table]:
    blocks = [block for section in data.sections for block in section.blocks]
    return [block for block in blocks if isinstance(block, Table) and block.caption == title]


def drawn_texts(sheet: Sheet) -> list[str]:
    return [mark.text for mark in sheet.marks if isinstance(mark, Text)]


# -- names -----------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.text(HAN, min_size=1, max_size=50), st.floats(30, 300))
def test_balanced_lines_are_as_few_and_never_wider(text: str, room: float) -> None:
    usual, found = wrap(text, 8, room), balanced(text, 8, room)
    assert len(found) == len(usual)
    assert "".join(found) == "".join(usual) == text
    assert max(width(line, 8) for line in found) <= max(width(line, 8) for line in usual) + 0.01


def test_a_name_of_one_character_too_many_breaks_in_its_middle() -> None:
    room = width("跨部门信息同", 8)
    assert wrap("跨部门信息同步慢", 8, room)[-1] == "步慢"
    assert balanced("跨部门信息同步慢", 8, room) == ["跨部门信", "息同步慢"]


def test_a_sample_and_a_masked_name_stay_whole() -> None:
    for room in range(20, 90):
        for text in ("Handling satisfaction (n=412, too few)", "A*** v*** d*** B***"):
            lines = wrap(text, 9, room)
            assert not any(line.startswith("=") for line in lines)
            if room >= 30:
                assert not any(re.match(r"\*+(\s|$)", line) for line in lines), lines


def test_long_names_of_small_charts_and_of_the_cover_are_not_cut() -> None:
    names = ("Resolution cycle of complex issues", "Key-customer reach rate", "复杂问题解决周期")
    charts = tuple(
        ChartSpec(ChartKind.LINE, name, ("2025-Q4", "2026-Q1"), (Series("", (3.0, 2.5)),),
                  references=(Reference(3.0, "target 100%"),))
        for name in names
    )  # fmt: skip
    texts = "\n".join(drawn_texts(multiples(charts, A4.room, 3)))
    assert "…" not in texts
    assert all(word in texts for name in names for word in name.split())
    figure = CoverFigure(names[0], "2.8", "working days", "")
    assert "…" not in "".join(balanced(figure.name, 9, 46 * MM - 16))


@pytest.mark.parametrize("name", [LONG, WORDS])
def test_forty_categories_with_names_of_fifty_characters_meet_nowhere(name: str) -> None:
    names = tuple(f"{place}{name}"[:50] for place in range(40))
    values = tuple(float(900 - place * 20) for place in range(40))
    kinds = (ChartKind.COLUMNS, ChartKind.BARS, ChartKind.LINE)
    for kind in kinds:
        check(draw(ChartSpec(kind, "", names, (Series("", values),)), A4.room))
    few = tuple(names[:8])
    low = (325.0, 274.0, 272.0, 262.0, 248.0, 220.0, 204.0, 2305.0)
    total = sum(low)
    cumulative = tuple(100 * sum(low[: i + 1]) / total for i in range(8))
    sheet = draw(
        ChartSpec(ChartKind.PARETO, "", few, (Series("", low), Series("", cumulative)),
                  vital=frozenset({0, 1}), hatched=frozenset({7})),
        A4.room,
    )  # fmt: skip
    check(sheet)
    shown = drawn_texts(sheet)
    assert all(f"{value:,.0f}" in shown for value in low)  # every bar has its figure
    rows = tuple(Series(f"{place}{name}"[:50], values[:10]) for place in range(10))
    check(
        draw(ChartSpec(ChartKind.HEAT, "", names[:10], rows, unit="合计", sums=Sums.BOTH), A4.room)
    )


def test_long_names_stand_beside_bars_short_ones_below_columns() -> None:
    assert upright_or_not(["王**", "After-sales service"]) is ChartKind.COLUMNS
    assert upright_or_not(["王**", LONG]) is ChartKind.BARS


# -- labels and axes -------------------------------------------------------------------------------


def a_line(values: tuple[float, ...], target: float, **more: object) -> ChartSpec:
    months = tuple(f"2026-{month:02d}" for month in range(1, len(values) + 1))
    return ChartSpec(ChartKind.LINE, "", months, (Series("", values),),
                     references=(Reference(target, "目标"),), **more)  # type: ignore[arg-type]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(70, 100), min_size=2, max_size=12), st.integers(70, 100))
def test_a_target_is_never_drawn_on_a_cut_axis(values: list[float], target: int) -> None:
    low, high, _step = value_range(a_line(tuple(values), float(target)))
    assert low < min(*values, target) or low == 0
    assert high >= max(*values, target)


def test_a_figure_on_the_target_line_is_moved_beyond_it() -> None:
    chart = ChartSpec(
        ChartKind.BARS, "", ("甲", "乙"), (Series("", (19.0, 33.0), ("19.0", "33.0"), (8, 9)),),
        references=(Reference(20.0, "目标 20"),),
    )  # fmt: skip
    sheet = draw(chart, A4.room)
    (line,) = {m.strokes[0][0] for m in sheet.marks if isinstance(m, Line) and m.dash}
    label = next(m for m in sheet.marks if isinstance(m, Text) and m.text.startswith("19.0"))
    assert label.x > line


def test_names_of_events_keep_off_the_highest_figure() -> None:
    chart = ChartSpec(
        ChartKind.COLUMNS, "", ("10", "11", "12"), (Series("", (17.0, 30.0, 28.0)),),
        bands=(Band(1, 1, "双11大促"),),
    )  # fmt: skip
    sheet = draw(chart, A4.room)
    event = next(m for m in sheet.marks if isinstance(m, Text) and m.text == "双11大促")
    figure = next(m for m in sheet.marks if isinstance(m, Text) and m.text == "30")
    assert figure.y + figure.size < event.y


def test_a_cut_axis_is_told_in_the_caption() -> None:
    assert noted("准时率（近6个月）", "纵轴80–100", chinese=True) == "准时率（近6个月，纵轴80–100）"
    assert noted("On time", "axis 80–100", chinese=False) == "On time (axis 80–100)"


def test_verdicts_of_all_cells_stand_at_the_same_height() -> None:
    cells = [
        KpiCell("Tickets", "250", "tickets", "", "MoM ↑12.6%"),
        KpiCell("Mean first response time", "10.4", "working min", "n=157", "MoM", met=True,
                improved=True),
        KpiCell("Complaint on-time rate", "66.7", "%", "6/9", "MoM ↓33.3 pp", met=False,
                improved=False),
    ]  # fmt: skip
    sheet, _links = summary.kpis(KpiGrid(tuple(cells)), EN, A4.room)
    said = [m for m in sheet.marks if isinstance(m, Text) and m.text[:1] in "●◇"]
    assert len(said) == 2
    assert len({round(m.y, 1) for m in said}) == 1
    check(sheet)


def test_a_chart_or_table_without_data_is_one_line() -> None:
    composer = Composer(ZH, grid_of(PageFormat.A4))
    empty = ChartSpec(ChartKind.LINE, "", ("2026-01",), (Series("", (None,)),))
    for block in (Multiples((empty,), "走势（虚线：目标）"), Table("分布", (), ())):
        lines = [line for piece in flat(composer.pieces(block)) if isinstance(piece, Words)
                 for line in piece.lines]  # fmt: skip
        (line,) = lines
        assert line.endswith("　本期无数据。")
        assert "虚线" not in line


# -- order and marks -------------------------------------------------------------------------------


def test_what_was_not_filled_in_is_last_and_never_vital() -> None:
    bars = pareto([("None", 57), ("a", 8), ("other", 20), ("b", 15)], ("other", "None"))
    assert [bar.key for bar in bars] == ["b", "a", "other", "None"]
    assert [bar.vital for bar in bars] == [True, True, False, False]
    assert bars[-1].cumulative == Fraction(1)


def test_a_difference_has_a_minus_sign_and_nothing_has_none() -> None:
    assert [signed(n) for n in (19, -5, 0)] == ["+19", "−5", "0"]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_other_and_not_filled_in_stand_behind_all_categories(story: Desk, language: str) -> None:
    t = translator(language)
    data = collected(story, "monthly", "2026-03", language)
    (table,) = tables(data, t("Tickets by issue type"))
    names = [row[0] for row in table.rows]
    assert names[-2:] == [t("Other"), t("Total")]
    (table,) = tables(data, t("Volume of tickets"))  # no figure of volume has a target
    assert t("Target") not in [column.title for column in table.columns]


def test_english_reports_name_lists_in_english(story: Desk) -> None:
    """Built-in lists, wherever a record names one of their items; names of people and texts stay."""
    data = collected(story, "complaints", "2026-03", "en")
    found = 0
    wanted = ("Category", "Department", "Departments", "Reason", "Pain point", "State")
    for section in data.sections:
        for block in section.blocks:
            if not isinstance(block, Table):
                continue
            for place, column in enumerate(block.columns):
                if column.title in wanted:
                    cells = [row[place] for row in block.rows]
                    assert not any(re.search(r"[一-鿿]", cell) for cell in cells), cells
                    found += len(cells)
    assert found > 15
    assert data.confidentiality == "Internal document"


def test_marks_in_tables_are_explained_under_them(story: Desk) -> None:
    for kind, period in (("monthly", "2026-03"), ("complaints", "2026-03"),
                         ("quarterly", "2026-Q1"), ("half_year", "2025-H2")):  # fmt: skip
        data = collected(story, kind, period, "zh_CN")
        for section in data.sections:
            for table in (b for b in section.blocks if isinstance(b, Table)):
                cells = [cell for row in table.rows for cell in row[1:]]
                notes = "".join(table.notes)
                if any("※" in cell for cell in cells):
                    assert "※" in notes, table.caption
                if any(re.fullmatch(r"[\d.]+\S*\*", cell) for cell in cells):
                    assert "* 暂定值" in notes, table.caption


def test_tickets_per_agent_are_compared_with_a_mean_of_months(story: Desk) -> None:
    """158 tickets of one agent in three months are no base for the 42 of one (3.9)."""
    with story.reading() as connection:
        from svcdesk.store.figures import Board

        board = Board(connection, story.reference, AT)
        month = reports.period_of(story, "2026-03")
        compared = board.compared(["per_agent_handled", "spare_turnover"], month)
        for metric_id, found in compared.items():
            before = [board.figure(metric_id, month.shifted(-i)).value for i in (1, 2, 3)]
            assert all(value is not None for value in before)
            assert found.prev3_value == sum((v for v in before if v is not None), Fraction(0)) / 3


# -- what the specification asks for -----------------------------------------------------------------


def test_low_scores_of_the_handling_are_listed_and_masked(story: Desk) -> None:
    t = ZH
    listed = 0
    for month in ("2025-08", "2025-09", "2025-11", "2025-12"):
        data = collected(story, "complaints", month, "zh_CN")
        found = tables(data, t("Complaints whose handling was scored 2 or less"))
        with story.reading() as connection:
            (count,) = connection.execute(
                "SELECT count(*) FROM complaint WHERE satisfaction <= 2 AND deleted_at IS NULL "
                "AND strftime('%Y-%m', satisfaction_at, 'unixepoch', '+8 hours') = ?", (month,)
            ).fetchone()  # fmt: skip
        rows = [row for table in found for row in table.rows]
        assert len(rows) == count, month
        for row in rows:
            assert row[4] in "12"
            assert "*" in row[1] or "公司" in row[1]
        listed += len(rows)
    assert listed > 2


def test_channels_have_subtotals_and_a_typical_category_with_its_number(story: Desk) -> None:
    data = collected(story, "complaints", "2026-03", "zh_CN")
    (channels,) = tables(data, ZH("Complaints by channel"))
    (sides,) = tables(data, ZH("Online and offline channels"))
    total = int(channels.rows[-1][2])
    assert sum(int(row[1]) for row in sides.rows) == total
    for row in channels.rows[:-1]:
        typical, whole = re.search(r"（(\d+)/(\d+)）$", row[-1]).groups()  # type: ignore[union-attr]
        assert int(typical) <= int(whole) == int(row[2])


def test_goals_of_the_quarter_have_an_owner_and_the_typed_support_goals(story: Desk) -> None:
    data = collected(story, "quarterly", "2026-Q1", "zh_CN")
    (core,) = tables(data, ZH("Core goals of the next quarter"))
    assert [column.title for column in core.columns][-1] == "负责人"
    assert any(row[-1] != "—" for row in core.rows)
    (support,) = tables(data, ZH("Supporting goals"))
    assert any(row[0] == "培训覆盖率（2026-03）" for row in support.rows)


def test_one_ticket_is_not_said_in_the_plural(desk: Desk, clock: FixedClock) -> None:
    a_ticket(desk, issue_id=item(desk, "issue", "quality"))
    clock.advance(40 * 86400)
    data = collected(desk, "monthly", "2026-04", "en")
    texts = " ".join(data.texts())
    assert not re.search(r"\b1 (?:breached )?(?:tickets|records|measures|complaints)\b", texts)
    made = report_desk.make(desk, "monthly", "2026-04", language="en", context=ImmediateContext())
    assert made.value.data.sections


def test_who_scored_low_is_found_by_the_numbers_given(story: Desk) -> None:
    with story.reading() as connection:
        numbers = [n for (n,) in connection.execute("SELECT complaint_no FROM complaint")]
        found = report_lists.dissatisfied(connection, numbers, 2, 500)
        assert found == sorted(found, key=lambda row: (row.score, -row.scored_at))
        assert {row.score for row in found} <= {1, 2}
        assert report_lists.dissatisfied(connection, numbers[:0], 2, 500) == []
    assert replace(KpiCell("", "", "", "", ""), met=True).met


# -- what pages of large and of young desks showed -------------------------------------------------


def sold(desk: Desk, number: str, name: str) -> int:
    with desk.write("A product") as uow:
        return uow.insert("product", {"product_no": number, "name": name})


def test_products_of_one_name_keep_their_counts_apart(desk: Desk, clock: FixedClock) -> None:
    clock.at = int(datetime(2026, 2, 2, 2, tzinfo=UTC).timestamp())
    first, second = sold(desk, "A1", "空气净化器"), sold(desk, "A2", "空气净化器")
    for product, count in ((first, 6), (second, 5)):
        for _ in range(count):
            a_ticket(desk, product_id=product)
    clock.at = int(datetime(2026, 3, 2, 2, tzinfo=UTC).timestamp())
    for product, count in ((first, 9), (second, 2)):
        for _ in range(count):
            a_ticket(desk, product_id=product)
    clock.at = AT
    (found,) = tables(
        collected(desk, "monthly", "2026-03", "zh_CN"), ZH("Products with most tickets")
    )
    assert [row[1:5:2] for row in found.rows] == [("9", "6"), ("2", "5"), ("11", "11")]
    assert [row[5] for row in found.rows] == ["↑50.0%", "↓60.0%", "持平"]


def test_a_base_of_fewer_than_five_has_no_percentage(desk: Desk, clock: FixedClock) -> None:
    kinds = [item(desk, "issue", code) for code in ("quality", "response")]
    for month, counts in ((2, (4, 5)), (3, (12, 10))):
        clock.at = int(datetime(2026, month, 2, 2, tzinfo=UTC).timestamp())
        for kind, count in zip(kinds, counts, strict=True):
            for _ in range(count):
                a_ticket(desk, issue_id=kind)
    clock.at = AT
    data = collected(desk, "monthly", "2026-03", "zh_CN")
    (found,) = tables(data, ZH("Tickets by issue type"))
    assert [row[4:] for row in found.rows] == [("+8", "—"), ("+5", "↑100.0%"), ("+13", "↑144.4%")]
    (problems,) = tables(data, ZH("Problems with most tickets"))
    assert [row[-1] for row in problems.rows] == ["—", "↑100.0%"]
    assert "上升200.0%" not in " ".join(data.texts())


@pytest.mark.parametrize(("day", "told"), [(8, True), (10, False)])
def test_a_month_that_records_cover_in_part_is_no_base(
    desk: Desk, clock: FixedClock, day: int, told: bool
) -> None:
    clock.at = int(datetime(2026, 2, day, 2, tzinfo=UTC).timestamp()) - 86400
    for _ in range(5):
        a_ticket(desk)
    clock.at = int(datetime(2026, 3, 2, 2, tzinfo=UTC).timestamp())
    for _ in range(50):
        a_ticket(desk)
    clock.at = AT
    data = collected(desk, "monthly", "2026-03", "zh_CN")
    text = " ".join(data.texts())
    assert ("上升900.0%" in text) is told
    assert ("环比无可比数据" in text) is not told
    (found,) = tables(data, ZH("Volume of tickets"))
    assert found.rows[0][3 if len(found.rows[0]) == 6 else 5] == (
        "↑900.0%" if told else "无可比数据"
    )
    (kinds,) = tables(data, ZH("Tickets by issue type"))
    assert kinds.rows[-1][3:] == ("5", *(("+45", "↑900.0%") if told else ("—", "无可比数据")))


@pytest.mark.parametrize("name", [LONG, WORDS])
def test_a_heat_table_cuts_no_name(name: str) -> None:
    names = tuple(f"{place}{name}"[:50] for place in range(10))
    rows = tuple(Series(one, tuple(float(i) for i in range(10))) for one in names)
    chart = ChartSpec(ChartKind.HEAT, "", names, rows, row_names=names, unit="合计", sums=Sums.BOTH)
    sheet = draw(chart, A4.room, A4.figure)
    check(sheet)
    texts = drawn_texts(sheet)
    assert not [text for text in texts if "…" in text or "⋯" in text]
    assert [str(n) for n in range(1, 11)] == [text for text in texts if re.fullmatch(r"[1-9]0?", text)][:10]  # fmt: skip
    joined = re.sub(r"\s", "", "".join(texts))
    assert all(re.sub(r"\s", "", one) in joined for one in names)


def test_a_chart_is_drawn_lower_where_it_then_fits_the_page() -> None:
    chart = ChartSpec(ChartKind.COLUMNS, "", ("1", "2"), (Series("", (3.0, 2.0)),))
    composer = Composer(ZH, A4)
    (figure,) = composer.pieces(Figure(chart, "标题"))
    assert isinstance(figure, Kept)
    assert figure.lower is not None
    assert 0.8 < figure.lower.height / figure.height < 0.95
    heading = composer.pieces(Heading("一节"))[0]
    for before in ([], [heading]):
        lead = stacked_height([*before, figure.lower]) + 12
        pages = paginate([Piece(height=A4.depth - lead), *before, figure], A4.depth)
        assert len(pages) == 1
        assert figure.lower in [piece for piece, _ in pages[0].placed]
        pages = paginate([Piece(height=A4.depth - lead + 40), *before, figure], A4.depth)
        assert len(pages) == 2
        assert figure in [piece for piece, _ in pages[1].placed]
        assert len(pages[1].placed) == len(before) + 1


def test_what_several_items_are_called_stands_before_its_parent(
    desk: Desk, clock: FixedClock
) -> None:
    clock.at = int(datetime(2026, 3, 2, 2, tzinfo=UTC).timestamp())
    with desk.write("Two kinds of one name") as uow:
        below = [
            uow.insert("list_item", {"list": "issue", "name": name, "sort": 900 + place,
                                     "parent_id": item(desk, "issue", parent)})
            for place, (parent, name) in enumerate(
                (("quality", "其他情形"), ("response", "其他情形"), ("response", "久等"))
            )
        ]  # fmt: skip
    for place, kind in enumerate(below):
        for _ in range(9 - place):
            a_ticket(desk, issue_id=kind)
    clock.at = AT
    data = collected(desk, "monthly", "2026-03", "zh_CN")
    (found,) = tables(data, ZH("Problems with most tickets"))
    assert [row[0] for row in found.rows] == [
        "其他情形（产品质量缺陷）",
        "其他情形（售后响应滞后）",
        "久等",
    ]


def test_too_few_and_provisional_share_a_bracket() -> None:
    kpi = narrative.Kpi("一次性解决率", "100.0%", Direction.UP, n=2, small=True, provisional=True)
    assert (
        narrative.kpi(ZH, kpi)
        == "一次性解决率为100.0%（暂定值，观察期未满；样本仅2个，不作达标判断）。"
    )


def test_a_cover_without_the_period_in_its_title_keeps_no_comma(
    story: Desk, tmp_path: Path
) -> None:
    data = collected(story, "half_year", "2026-H1", "en")
    assert data.title == "Half-year report of after-sales service, H1 2026 (up to 2026-04-02)"
    reports.draw(data, tmp_path / "report.pdf", ImmediateContext())
    import pypdfium2

    cover = pypdfium2.PdfDocument(tmp_path / "report.pdf")[0].get_textpage().get_text_range()
    first = " ".join(cover.split())
    assert "Half-year report of after-sales service (up to 2026-04-02)" in first


def test_the_half_year_names_what_came_back(desk: Desk, clock: FixedClock) -> None:
    def moment(text: str) -> int:
        return int(datetime.fromisoformat(f"{text}T02:00:00+00:00").timestamp())

    def item_row(number: str, made: str, closed: str = "", **more: object) -> dict[str, object]:
        return {
            "item_no": number, "title": number, "source": "threshold", "metric": "csat_rate",
            "scope": "all", "created_at": moment(made),
            "status": "closed" if closed else "identified",
            "closed_at": moment(closed) if closed else None, **more,
        }  # fmt: skip

    clock.at = moment("2026-01-05")
    a_ticket(desk)
    clock.at = moment("2026-07-02")
    with desk.write("Items") as uow:
        for row in (
            item_row("GS1", "2025-03-02", "2025-04-01"),  # more than 183 days before GS3
            item_row("GS2", "2025-11-02", "2026-01-10"),
            item_row("GS3", "2026-04-02"),
            item_row("GS4", "2026-05-02", scope="channel=1"),
        ):
            uow.insert("improvement_item", row)
    data = collected(desk, "half_year", "2026-H1", "zh_CN")
    (found,) = tables(data, ZH("Problems that came back"))
    assert [row[0:1] + row[2:5] for row in found.rows] == [
        ("GS3", "2026-04-02", "GS2", "2026-01-10")
    ]
    assert "有1个问题在关闭后六个月内复发。" in " ".join(data.texts())
    earlier = collected(desk, "half_year", "2025-H2", "zh_CN")
    assert not tables(earlier, ZH("Problems that came back"))
    assert "本期没有已关闭的问题复发。" in " ".join(earlier.texts())
