import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from svcdesk.domain.chart import ChartKind, ChartSpec, Reference, Series
from svcdesk.reports.model import (
    BulletRow,
    Bullets,
    Column,
    CoverFigure,
    Figure,
    Heading,
    KpiCell,
    KpiGrid,
    Note,
    Numbered,
    Pair,
    Paragraph,
    ReportData,
    Section,
    Table,
)
from svcdesk.reports.pdf import document
from svcdesk.reports.pdf.charts import draw, nice_step
from svcdesk.system.errors import EnvironmentProblem
from svcdesk.system.job import Cancelled, ImmediateContext


def a_report(*sections: Section, language: str = "zh_CN") -> ReportData:
    return ReportData(
        language, "华北售后组", "2026年3月售后服务月报", "2026年3月", "2026-03-01 至 2026-03-31", "内部资料",
        "2026-04-01 00:00", "V1.0", "周敏", "陈雨", "2026-04-02",
        (CoverFigure("工单总量", "432", "单", "环比 ↑11.3%"),), list(sections),
    )  # fmt: skip


def written(data: ReportData, tmp_path: Path) -> PdfReader:
    target = tmp_path / "report.pdf"
    pages = document.write(data, target, ImmediateContext())
    reader = PdfReader(io.BytesIO(target.read_bytes()))
    assert len(reader.pages) == pages
    return reader


def a_table(rows: int) -> Table:
    return Table(
        "明细", (Column("工单号"), Column("标题"), Column("件数", right=True)),
        tuple((f"GD202603-{n:04d}", "空调制冷效果差，出风口温度25℃", str(n)) for n in range(rows)),
    )  # fmt: skip


def test_frame_contents_and_bookmarks(tmp_path: Path) -> None:
    sections = [
        Section("summary", "摘要", "", [Paragraph("本期共受理工单432单。")]),
        Section("volume", "工单总体情况", "一", [Heading("（一）新增"), a_table(60)]),
        Section("empty", "上门与规范", "二", []),
    ]
    reader = written(a_report(*sections), tmp_path)
    total = len(reader.pages)
    texts = [page.extract_text() for page in reader.pages]
    assert "售后服务月报" in texts[0]
    assert "内部资料" in texts[0]
    # the contents name each section with the page it stands on
    contents = texts[1]
    for title in ("摘要", "一、工单总体情况", "二、上门与规范"):
        page = next(n for n, text in enumerate(texts[2:], start=3) if title in text)
        assert title in contents
        assert str(page) in contents
    for number, text in enumerate(texts[1:], start=2):
        assert f"第 {number} 页" in text
        assert f"共 {total} 页" in text
        assert "数据截止 2026-04-01 00:00" in text
        assert "统计周期 2026-03-01 至 2026-03-31" in text
    titles = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert titles == ["摘要", "一、工单总体情况", "二、上门与规范"]
    last = "".join(texts[-1].split())
    assert "本期无数据。" in last  # an empty section does not disappear


def test_long_tables_repeat_their_header_and_lose_no_row(tmp_path: Path) -> None:
    reader = written(
        a_report(Section("s", "摘要"), Section("t", "清单", "一", [a_table(950)])), tmp_path
    )
    texts = [page.extract_text() for page in reader.pages]
    whole = "".join(texts)
    assert all(f"GD202603-{n:04d}" in whole for n in range(950))
    with_rows = [text for text in texts if "GD202603-" in text]
    assert len(with_rows) > 15
    assert all("工单号" in text for text in with_rows)


def test_fonts_are_embedded_subsets(tmp_path: Path) -> None:
    reader = written(
        a_report(Section("s", "摘要", "", [Paragraph("客户满意度均分为4.18分。")])), tmp_path
    )
    names = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            entry = font.get_object()
            if entry["/BaseFont"] == "/Helvetica":  # reportlab names it on each page, unused
                continue
            names.add(entry["/BaseFont"])
            assert "/FontFile2" in entry["/FontDescriptor"]
    assert names
    assert all("+NotoSansSC" in name for name in names)
    assert (tmp_path / "report.pdf").stat().st_size < 200_000


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_block_and_chart_draws(tmp_path: Path, language: str) -> None:
    values = (4.2, None, 3.9)
    charts = [
        ChartSpec(ChartKind.LINE, "线", ("1月", "2月", "3月"), (Series("a", values, ("4.20", "", "3.90"), (3, None, 9), (False, False, True)),), references=(Reference(4.2, "目标 4.20"),), y_min=3, y_max=5),
        ChartSpec(ChartKind.COLUMNS, "柱", ("一", "二"), (Series("a", (1, 2)), Series("b", (None, 0)))),
        ChartSpec(ChartKind.BARS, "条", ("甲", "乙"), (Series("a", (10.5, None), n=(4, None)),), hatched=frozenset({0})),
        ChartSpec(ChartKind.PARETO, "排", ("甲", "其他"), (Series("n", (3, 1)), Series("c", (75.0, 100.0))), vital=frozenset({0}), hatched=frozenset({1})),
        ChartSpec(ChartKind.STACKED, "叠", ("",), tuple(Series(n, (v,)) for n, v in zip("甲乙丙丁戊", (5, 0, 1, 2, 9), strict=True))),
        ChartSpec(ChartKind.HEAT, "热", ("8", "9"), tuple(Series(d, (0, n)) for n, d in enumerate("一二三四五六日"))),
    ]  # fmt: skip
    small = Table("小", (Column("指标"), Column("值", right=True)), (("均分", "4.18"),))
    blocks = [
        KpiGrid((KpiCell("满意度", "4.18", "分", "n=268", "环比 ↓0.06分", met=False, improved=False),)),
        Note("※ 样本少于5个。"), Numbered(("一句。", "又一句。")), Pair(small, small),
        Bullets((BulletRow("均分", 4.18, 4.2, 4.24, 5, "4.18", "≥4.20", met=False),), "目标"),
        Paragraph("主管判断。", typed=True), *(Figure(chart, chart.title) for chart in charts),
        Figure(ChartSpec(ChartKind.LINE, "空", (), ()), "空图"),
    ]  # fmt: skip
    reader = written(a_report(Section("s", "摘要", "", blocks), language=language), tmp_path)
    text = "".join(page.extract_text() for page in reader.pages)
    for figure in ("4.18", "75.0%", "n=4", "目标 4.20"):
        assert figure in text


def test_nothing_leaves_the_page() -> None:
    chart = ChartSpec(
        ChartKind.COLUMNS, "柱", tuple(f"很长的类别名称{n}" for n in range(13)),
        (Series("a", tuple(float(n * 1234) for n in range(13))),),
    )  # fmt: skip
    sheet = draw(chart)
    assert len(sheet.labels) > 13
    for label in sheet.labels:
        assert label.left >= -1
        assert label.bottom >= -1
        assert label.right <= sheet.width + 1
        assert label.top <= sheet.height + 1


def test_axis_steps_are_round() -> None:
    assert [nice_step(span) for span in (4, 10, 47, 341, 0.8)] == [1, 2.5, 20, 100, 0.2]


def test_a_cancelled_report_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    target.write_bytes(b"old")
    context = ImmediateContext()
    context.cancelled = True
    with pytest.raises(Cancelled):
        document.write(a_report(Section("s", "摘要")), target, context)
    assert target.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["report.pdf"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(EnvironmentProblem, match="is not there any more"):
        document.write(a_report(Section("s", "摘要")), blocked / "report.pdf", ImmediateContext())
