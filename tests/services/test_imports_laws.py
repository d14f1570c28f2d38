"""Laws of every import: again is nothing, back is before, and a dry run tells the truth."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.services import imports, undo
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from tests.conftest import NOW
from tests.services.importing import bring, visible

HEAD = ["外部单号", "客户", "客户电话", "渠道", "问题类型", "受理时间", "首次响应时间", "解决时间", "关闭时间",
        "状态", "标题", "标签"]  # fmt: skip


def moment(offset: int) -> str:
    return datetime.fromtimestamp(NOW - 86400 * 60 + offset, UTC).strftime("%Y-%m-%d %H:%M:%S")


TIME = st.one_of(st.just(""), st.integers(0, 86400 * 50).map(moment))
ROW = st.tuples(
    st.sampled_from(["", "A1", "A2", "A3", "A4", "GD202602-0003"]),
    st.sampled_from(["李明", "陈静", "匿名", ""]),
    st.sampled_from(["", "13800005678", "13911112222", "12"]),
    st.sampled_from(["电话", "在线聊天", "社交媒体", "传真"]),
    st.sampled_from(["", "其他", "产品质量缺陷"]),
    st.integers(0, 86400 * 50).map(moment),
    TIME,
    TIME,
    TIME,
    st.sampled_from(["", "待受理", "处理中", "待客户", "已解决", "已关闭", "已取消"]),
    st.sampled_from(["一", "二", "=1"]),
    st.sampled_from(["", "急", "急、旧"]),
)


COMPLAINT_HEAD = ["外部单号", "受理时间", "投诉人", "涉及产品", "渠道", "投诉类别", "投诉内容", "办结时间", "关闭时间",
                  "投诉等级", "投诉状态"]  # fmt: skip
COMPLAINT = st.tuples(
    st.sampled_from(["", "C1", "C2", "C3", "C4", "C5"]),
    st.integers(0, 86400 * 12).map(moment),
    st.sampled_from(["甲", "乙", "丙", "丁"]),
    st.sampled_from(["", "W60", "W70"]),
    st.sampled_from(["电话", "社交媒体"]),
    st.sampled_from(["产品性能", "服务质量"]),
    st.sampled_from(["漏水", "要找媒体曝光", ""]),
    TIME,
    TIME,
    st.sampled_from(["", "一般", "紧急"]),
    st.sampled_from(["", "已登记", "调查处理", "已办结", "不予受理"]),
)
EVENT_HEAD = ["工单号", "时间", "事件", "新状态", "操作人"]
EVENT = st.tuples(
    st.sampled_from(["T1", "T2", "T9"]),
    st.integers(0, 86400 * 50).map(moment),
    st.sampled_from(
        [
            "",
            "public_reply",
            "dispatched",
            "transferred",
            "resolved",
            "reopened",
            "closed",
            "待客户",
        ]
    ),
    st.sampled_from(["", "", "处理中", "待内部", "已解决"]),
    st.sampled_from(["", "王芳", "赵刚"]),
)
BASE = "外部单号,客户,渠道,受理时间\nT1,甲,电话,2026-02-01 09:00\nT2,乙,邮件,2026-02-02 09:00\n"


def obey(
    desk: Desk, folder: Path, kind: str, head: list[str], tables: list[list[tuple[str, ...]]]
) -> None:
    states = [visible(desk)]
    for number, table in enumerate(tables):
        path = folder / f"{number}.csv"
        text = io.StringIO()
        csv.writer(text).writerows([head, *table])
        path.write_text(text.getvalue(), encoding="utf-8")
        good = "only_good_rows = true"
        dry = bring(desk, path, kind, good, dry=True)
        assert visible(desk) == states[-1]
        plan = bring(desk, path, kind, good)
        assert plan.inserted == dry.inserted
        assert plan.rejected_rows == dry.rejected_rows
        assert sum(plan.counts.values()) == plan.rows_read == len(table)
        after = visible(desk)
        again = bring(desk, path, kind, good)
        assert (again.inserted, again.updated) == (0, 0)
        assert visible(desk) == after
        if plan.applied:
            imports.undo_import(desk, plan.batch)
            assert visible(desk) == states[-1]
            undo.redo(desk)
            assert visible(desk) == after
        states.append(after)


@settings(max_examples=15, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=12), st.lists(ROW, max_size=8))
def test_tickets(first: list[tuple[str, ...]], second: list[tuple[str, ...]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Desk.create(folder / "d.svcdesk", clock=FixedClock(NOW)) as desk:
            obey(desk, folder, "tickets", HEAD, [first, second])


@settings(max_examples=15, deadline=None)
@given(st.lists(COMPLAINT, min_size=1, max_size=10), st.lists(COMPLAINT, max_size=8))
def test_complaints(first: list[tuple[str, ...]], second: list[tuple[str, ...]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Desk.create(folder / "d.svcdesk", clock=FixedClock(NOW)) as desk:
            obey(desk, folder, "complaints", COMPLAINT_HEAD, [first, second])


@settings(max_examples=15, deadline=None)
@given(st.lists(EVENT, min_size=1, max_size=10), st.lists(EVENT, max_size=8))
def test_ticket_events(first: list[tuple[str, ...]], second: list[tuple[str, ...]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Desk.create(folder / "d.svcdesk", clock=FixedClock(NOW)) as desk:
            (folder / "base.csv").write_text(BASE, encoding="utf-8")
            bring(desk, folder / "base.csv", "tickets")
            obey(desk, folder, "ticket-events", EVENT_HEAD, [first, second])


def test_words_of_a_publication_that_a_second_import_brings_are_found(tmp_path: Path) -> None:
    with Desk.create(tmp_path / "d.svcdesk", clock=FixedClock(NOW)) as desk:
        for number, words in enumerate(("漏水", "要找媒体曝光")):
            path = tmp_path / f"{number}.csv"
            row = ("C1", "2026-01-31 02:00:00", "甲", "", "电话", "产品性能", words, "", "", "", "")
            text = io.StringIO()
            csv.writer(text).writerows([COMPLAINT_HEAD, row])
            path.write_text(text.getvalue(), encoding="utf-8")
            bring(desk, path, "complaints", "only_good_rows = true")
            found = desk.reader.execute("SELECT exposure_suggested FROM complaint").fetchall()
            assert found == [(number,)]
