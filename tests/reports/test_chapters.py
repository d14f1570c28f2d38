"""What chapters say of a desk: lists are masked and cut, what is not there is said once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.masking import mask_name
from svcdesk.i18n.catalog import translator
from svcdesk.reports.chapters import listing
from svcdesk.reports.model import (
    Block,
    Figure,
    Note,
    Numbered,
    Paragraph,
    ReportData,
    Table,
    tables_of,
)
from svcdesk.reports.template import Choice
from svcdesk.services import report_desk, report_setup, reports, sample_data
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from svcdesk.system.job import ImmediateContext
from tests.reports.test_monthly import AT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ZH = translator("zh_CN")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("chapters") / "sample.svcdesk"
    clock = FixedClock(AT)
    sample_data.create(path, months=13, seed=1, context=ImmediateContext(), clock=clock)
    with Desk.open(path, clock=clock) as desk:
        yield desk


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("bare") / "bare.svcdesk"
    with Desk.create(path, timezone="Asia/Shanghai", clock=FixedClock(AT)) as desk:
        yield desk


def made(desk: Desk, kind: str, period: str, language: str = "zh_CN") -> ReportData:
    return reports.collect(desk, kind, period, language=language, context=ImmediateContext())


def blocks(data: ReportData, key: str) -> list[Block]:
    return next(section.blocks for section in data.sections if section.key == key)


def table(data: ReportData, key: str, caption: str) -> Table:
    found = [t for block in blocks(data, key) for t in tables_of(block)]
    return next(one for one in found if one.caption == ZH(caption))


# -- appendix C --------------------------------------------------------------------------------


def shown(desk: Desk, kind: str) -> list[Choice]:
    """Return the sections of a report as they are set, the list of records among them."""
    return [
        Choice(section.key, hidden=section.hidden and section.key != "list")
        for section in report_setup.spec(desk, kind).sections
    ]


@pytest.mark.parametrize(
    ("kind", "table_name", "number", "when"),
    [("monthly", "ticket", "ticket_no", "created_at"),
     ("complaints", "complaint", "complaint_no", "received_at")],
)  # fmt: skip
def test_the_list_is_hidden_until_a_team_wants_it(
    story: Desk, monkeypatch: pytest.MonkeyPatch, kind: str, table_name: str, number: str, when: str
) -> None:
    assert "list" not in [section.key for section in made(story, kind, "2026-03").sections]
    monkeypatch.setattr(listing, "MOST", 7)
    report_setup.save_setup(story, kind, shown(story, kind))
    try:
        data = made(story, kind, "2026-03")
    finally:
        report_setup.save_setup(story, kind, [])
    last = data.sections[-1]
    assert (last.key, last.number) == ("list", "C")
    (found,) = [block for block in last.blocks if isinstance(block, Table)]
    period = reports.period_of(story, "2026-03")
    rows = story.reader.execute(
        f"SELECT x.{number}, u.name, u.kind FROM {table_name} x "
        f"JOIN customer u ON u.id = x.customer_id WHERE x.{when} >= ? AND x.{when} < ? "
        f"AND x.deleted_at IS NULL AND x.is_test = 0 AND x.status NOT IN ('merged', 'rejected') "
        f"ORDER BY x.{when}, x.id",
        (period.start_at, period.end_at),
    ).fetchall()
    assert [(row[0], row[2]) for row in found.rows] == [
        (no, mask_name(name, organisation=kind_ == "company")) for no, name, kind_ in rows[:7]
    ]
    assert found.notes == (ZH("… and {n} more").format(n=len(rows) - 7),)


# -- lists beside figures ------------------------------------------------------------------------


def test_overdue_tickets_are_listed_the_longest_overdue_first(story: Desk) -> None:
    found = table(made(story, "monthly", "2026-03"), "resolution",
                  "Overdue and open at the end of the period")  # fmt: skip
    dues = [row[3] for row in found.rows]
    assert len(dues) > 5
    assert dues == sorted(dues)
    names = {row[0] for row in story.reader.execute("SELECT name FROM person").fetchall()}
    assert not names & {row[2] for row in found.rows}, "people stand there by initials"


def test_the_longest_cases_are_those_of_plain_sql(story: Desk) -> None:
    found = table(made(story, "half_year", "2025-H2"), "half_challenges",
                  "The tickets that took longest, calendar days")  # fmt: skip
    period = reports.period_of(story, "2025-H2", "half_year")
    rows = story.reader.execute(
        "SELECT ticket_no FROM ticket WHERE resolved_at >= ? AND resolved_at < ? "
        "AND status IN ('resolved', 'closed') AND is_test = 0 AND deleted_at IS NULL "
        "ORDER BY resolved_at - created_at DESC, id LIMIT 15",
        (period.start_at, period.end_at),
    ).fetchall()
    assert [row[0] for row in found.rows] == [row[0] for row in rows]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_technicians_and_agents_stand_by_initials(story: Desk, language: str) -> None:
    names = {row[0] for row in story.reader.execute("SELECT name FROM person").fetchall()}
    data = made(story, "monthly", "2026-03", language)
    charts = [b.chart for key in ("resolution", "field") for b in blocks(data, key)
              if isinstance(b, Figure)]  # fmt: skip
    written = {name for chart in charts for name in chart.categories}
    assert any("*" in name for name in written)
    assert not names & written


def test_both_levels_of_categories_end_at_the_whole(story: Desk) -> None:
    found = table(made(story, "complaints", "2025-12"), "complaint_types",
                  "Complaints by category and sub-category")  # fmt: skip
    period = reports.period_of(story, "2025-12")
    pairs = story.reader.execute(
        "SELECT category_id, category_sub_id, count(*) FROM complaint WHERE received_at >= ? "
        "AND received_at < ? AND deleted_at IS NULL AND is_test = 0 "
        "AND status NOT IN ('rejected', 'merged') GROUP BY 1, 2",
        (period.start_at, period.end_at),
    ).fetchall()
    *rows, total = found.rows
    assert sorted(int(row[2]) for row in rows) == sorted(n for _, _, n in pairs)
    assert int(total[2]) == sum(n for _, _, n in pairs)
    assert rows[-1][4] == "100.0%"


# -- sentences -------------------------------------------------------------------------------------


def test_a_missed_target_names_the_item_it_was_taken_up_in(story: Desk) -> None:
    row = story.reader.execute(
        "SELECT item_no FROM improvement_item WHERE metric = 'res_sla_rate' AND created_at < ? "
        "ORDER BY created_at DESC",
        (reports.period_of(story, "2025-10").end_at,),
    ).fetchone()
    data = made(story, "monthly", "2025-10")
    (said,) = [b for b in blocks(data, "resolution")[:1] if isinstance(b, Paragraph)]
    assert f"已列为待改善项{row[0]}" in said.text


def test_edited_points_of_the_summary_are_printed_and_marked(story: Desk) -> None:
    collected = reports.collected(
        story, "monthly", "2026-03", language="zh_CN", context=ImmediateContext()
    )
    place = next(text for text in collected.texts if text.key == "summary.points@zh_CN")
    assert place.drafted is not None
    printed = next(b for b in blocks(collected.data, "summary") if isinstance(b, Numbered))
    assert list(printed.items) == place.drafted.splitlines()
    report_desk.write(
        story, "monthly", "2026-03", place.key, "第一点。\n\n第二点。", place.drafted
    )  # fmt: skip
    try:
        found = blocks(made(story, "monthly", "2026-03"), "summary")
    finally:
        report_desk.write(story, "monthly", "2026-03", place.key, None)
    at = next(i for i, block in enumerate(found) if isinstance(block, Numbered))
    assert found[at] == Numbered(("第一点。", "第二点。"))
    assert found[at + 1] == Note("（已人工修改）")


def test_records_that_begin_within_a_compared_period_are_told(story: Desk) -> None:
    told = [b.text for b in blocks(made(story, "half_year", "2025-H2"), "half_overview")
            if isinstance(b, Note)]  # fmt: skip
    assert any("2025-03-0" in text and "2025年上半年" in text for text in told)
    later = blocks(made(story, "monthly", "2026-03"), "summary")
    assert not any(isinstance(b, Note) and "仅部分有数据" in b.text for b in later)


@pytest.mark.parametrize("kind", ["monthly", "complaints", "quarterly", "half_year"])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_without_a_record_no_section_vanishes_and_nothing_is_invented(
    bare: Desk, story: Desk, kind: str, language: str
) -> None:
    periods = {"monthly": "2026-03", "complaints": "2026-03", "quarterly": "2026-Q1",
               "half_year": "2025-H2"}  # fmt: skip
    empty = made(bare, kind, periods[kind], language)
    full = made(story, kind, periods[kind], language)
    assert [s.key for s in empty.sections] == [s.key for s in full.sections]
    assert empty.faults == ()
    for section in empty.sections:
        assert section.blocks, section.key
        for block in section.blocks:
            if isinstance(block, Paragraph):
                assert block.text.strip()
                assert not re.search(r"[1-9]\d*(?:\.\d+)?%", block.text), block.text
            for one in tables_of(block):
                measured = [r for r in one.rows if not one.anchors and len(one.columns) > 6]
                assert not measured or any(c not in {"—", ""} for r in measured for c in r[1:])


def test_charts_say_how_many_groups_they_leave_out(story: Desk) -> None:
    from svcdesk.reports.draft import Draft
    from svcdesk.store.figures import Board

    with story.reading() as connection:
        board = Board(connection, story.reference, AT)
        n = Draft(board, reports.period_of(story, "2026-03"), ZH, rankings=False)
        chart = n.columns_by("fcr_rate", "agent", limit=3)
        every = len(n.groups("fcr_rate", "agent"))
        assert len(chart.categories) == 3
        assert chart.note == f"另有{every - 3}项未列出"
        assert n.drawn(chart, "图").caption == f"图（另有{every - 3}项未列出）"
        assert n.drawn(n.columns_by("fcr_rate", "agent"), "图").caption == "图"


def test_people_with_the_same_initials_are_told_apart(story: Desk, tmp_path: Path) -> None:
    from svcdesk.reports.figures import Numbers
    from svcdesk.store.figures import Board

    del tmp_path
    with story.reading() as connection:
        board = Board(connection, story.reference, AT)
        period = reports.period_of(story, "2026-03")
        hidden = Numbers(board, period, ZH, rankings=False)
        people = {2: "王伟", 3: "王芳", 9: "王磊", 4: "李雷", None: "未填写"}
        assert hidden._initials(people) == {
            2: "王*", 3: "王*2", 9: "王*3", 4: "李*", None: "未填写",
        }  # fmt: skip
        assert Numbers(board, period, ZH, rankings=True)._initials(people) == people
