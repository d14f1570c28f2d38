"""The monthly report over the sample story: figures on paper are those of the engine."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from svcdesk.i18n.catalog import translator
from svcdesk.reports.model import Figure, KpiGrid, Table
from svcdesk.services import dashboards, reports, sample_data
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import UserError
from svcdesk.system.job import ImmediateContext

AT = int(datetime(2026, 4, 2, 2, tzinfo=UTC).timestamp())  # 2026-04-02 10:00 in Shanghai


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Thirteen months of the sample team, up to March 2026."""
    path = tmp_path_factory.mktemp("story") / "sample.svcdesk"
    clock = FixedClock(AT)
    sample_data.create(path, months=13, seed=1, context=ImmediateContext(), clock=clock)
    with Desk.open(path, write=False, clock=clock) as desk:
        yield desk


def collect(desk: Desk, period: str = "2026-03", language: str = "zh_CN", as_of: int | None = None):  # type: ignore[no-untyped-def]
    return reports.collect(
        desk, "monthly", period, language=language, context=ImmediateContext(), as_of=as_of
    )


def test_the_sample_is_what_it_promises(story: Desk) -> None:
    count = story.reader.execute
    months = count(
        "SELECT strftime('%Y-%m', created_at, 'unixepoch', '+8 hours') m, count(*) FROM ticket GROUP BY m"
    ).fetchall()
    assert [month for month, _ in months] == [f"2025-{m:02d}" for m in range(3, 13)] + [
        f"2026-{m:02d}" for m in (1, 2, 3)
    ]
    assert all(190 <= number <= 380 for _, number in months)
    assert count("SELECT count(*) FROM person").fetchone()[0] == 8
    for table in ("customer", "product", "complaint", "complaint_group", "callback", "callback_attempt", "survey",
                  "visit", "quality_check", "knowledge", "improvement_item", "rca", "action", "verification",
                  "channel_daily", "order_volume", "spare_parts", "manual_metric", "key_event", "plan_task"):  # fmt: skip
        assert count(f"SELECT count(*) FROM {table}").fetchone()[0] > 0, table
    assert count("SELECT count(*) FROM ticket WHERE created_at > ?", (AT,)).fetchone()[0] == 0
    period = dashboards.period_of(story, "2025-12")  # satisfaction slumps, then recovers
    slump = dashboards.figures(story, period, metric_ids=["csat_mean"])["csat_mean"].value
    end = dashboards.figures(
        story, dashboards.period_of(story, "2026-03"), metric_ids=["csat_mean"]
    )["csat_mean"].value
    assert slump is not None
    assert end is not None
    assert slump < 4
    assert end > 4.1


def test_sections_and_furniture(story: Desk) -> None:
    data = collect(story)
    assert [section.key for section in data.sections] == [
        "summary", "plan_review", "volume", "response", "resolution", "field", "satisfaction",
        "complaints", "callbacks", "problems", "improvements", "plan_ahead", "team", "definitions",
        "quality",
    ]  # fmt: skip
    assert data.title == "2026年3月售后服务月报"
    assert data.period_range == "2026-03-01 至 2026-03-31"
    kinds = {
        block.chart.kind.value
        for s in data.sections
        for block in s.blocks
        if isinstance(block, Figure)
    }
    assert kinds >= {"line", "columns", "pareto", "stacked", "heat", "bars"}
    grid = next(block for block in data.sections[0].blocks if isinstance(block, KpiGrid))
    assert len(grid.cells) == 8


def test_paper_says_what_the_engine_says(story: Desk) -> None:
    data = collect(story)
    figures = dashboards.figures(story, dashboards.period_of(story, "2026-03"))
    t = translator("zh_CN")
    tables = {t_.caption: t_ for s in data.sections for t_ in s.blocks if isinstance(t_, Table)}
    values = {row[0]: row[1] for caption in ("响应指标", "解决指标", "满意度指标", "投诉指标", "工单量指标")
              for row in tables[caption].rows}  # fmt: skip
    checked = 0
    for metric_id, figure in figures.items():
        name = t(figure.metric.label)
        if name in values:
            assert values[name].startswith(figure.display), metric_id
            checked += 1
    assert checked > 40


def test_distributions_add_up(story: Desk) -> None:
    data = collect(story)
    total = dashboards.figures(
        story, dashboards.period_of(story, "2026-03"), metric_ids=["ticket_created"]
    )
    received = total["ticket_created"].n
    for section in data.sections:
        for table in section.blocks:
            if isinstance(table, Table) and table.caption in {
                "各渠道工单",
                "工单问题类型",
                "工单最多的产品",
                "各地区工单",
            }:
                *rows, last = table.rows
                assert sum(int(row[1]) for row in rows) == int(last[1]) == received


def test_pareto_charts_end_at_100(story: Desk) -> None:
    for section in collect(story).sections:
        for block in section.blocks:
            if isinstance(block, Figure) and block.chart.kind.value == "pareto":
                assert block.chart.series[1].values[-1] == pytest.approx(100)
                counts = [
                    v
                    for i, v in enumerate(block.chart.series[0].values)
                    if i not in block.chart.hatched
                ]
                assert counts == sorted(counts, reverse=True)


def test_both_languages_leave_no_text_of_the_other(story: Desk, tmp_path: Path) -> None:
    for language, alien in (("en", re.compile(r"工单|满意度|投诉处理|达标|环比|本期")),
                            ("zh_CN", re.compile(r"\b(met|missed|target|Share|Total|Figure|Table|MoM)\b"))):  # fmt: skip
        target = tmp_path / f"{language}.pdf"
        context = ImmediateContext()
        data = reports.collect(story, "monthly", "2026-03", language=language, context=context)
        pages = reports.draw(data, target, context)
        text = "\n".join(
            page.extract_text() for page in PdfReader(io.BytesIO(target.read_bytes())).pages
        )
        assert 12 <= pages <= 30
        # the sample's own words (names, events, items, measures) stay as they were typed
        if language == "en":
            text = re.sub(r"\s", "", text)
            own = story.reader.execute(
                "SELECT title FROM improvement_item UNION SELECT text FROM action "
                "UNION SELECT root_cause FROM rca UNION SELECT text FROM plan_task "
                "UNION SELECT result FROM plan_task "
                "UNION SELECT value ->> 'answer' FROM rca, json_each(rca.whys) "
                "UNION SELECT value ->> 'question' FROM rca, json_each(rca.whys)"
            ).fetchall()
            for (words,) in own:
                text = text.replace(re.sub(r"\s", "", words or "") or "\0", "")
        found = alien.findall(text)
        assert not found, found[:5]


def test_a_past_cutoff_makes_the_same_report_again(story: Desk) -> None:
    end = dashboards.period_of(story, "2026-02").end_at
    before = collect(story, "2026-02", as_of=end)
    later = collect(story, "2026-02", as_of=end)
    assert before.sections == later.sections
    assert collect(story, "2026-02").sections != before.sections  # matured since


def test_an_unfinished_month_says_so(story: Desk) -> None:
    data = collect(
        story, "2026-03", as_of=dashboards.period_of(story, "2026-03").start_at + 10 * 86400
    )
    assert "截至2026-03-11" in data.title
    texts = [getattr(block, "text", "") for block in data.sections[0].blocks]
    assert any("本期尚未结束" in text for text in texts)


def test_a_month_without_anything_keeps_its_sections(story: Desk) -> None:
    data = collect(story, "2024-05")
    assert len(data.sections) == 15
    texts = " ".join(getattr(block, "text", "") for s in data.sections for block in s.blocks)
    assert "未收到投诉" in texts
    assert "本期无数据" in texts


@pytest.mark.parametrize(
    ("kind", "period"), [("weekly", "2026-03"), ("quarterly", "2026-03"), ("monthly", "2031-01")]
)
def test_what_cannot_be_reported_is_refused(story: Desk, kind: str, period: str) -> None:
    with pytest.raises(UserError):
        reports.collect(story, kind, period, language="en", context=ImmediateContext())


def test_the_team_shows_the_stories_picked_for_the_month_masked(story: Desk) -> None:
    (section,) = [s for s in collect(story, "2026-02").sections if s.key == "team"]
    texts = [getattr(block, "text", "") for block in section.blocks]
    # two stories of praise are picked for February, none is a case
    assert [t for t in texts if t in {"雨夜上门，先给老人热好饭", "带着两张图纸来的安装师傅"}] == [
        "雨夜上门，先给老人热好饭",
        "带着两张图纸来的安装师傅",
    ]
    assert any("2" in text and "10" in text for text in texts)
    (empty,) = [s for s in collect(story, "2025-06").sections if s.key == "team"]
    assert any("本期无数据" in getattr(block, "text", "") for block in empty.blocks)
