"""The order of an import's rows changes no figure: only numbers that are given out may differ."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcdesk.domain.metrics.registry import METRICS
from svcdesk.services import dashboards
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from tests.conftest import NOW
from tests.services.importing import bring
from tests.services.test_imports_laws import (
    COMPLAINT_HEAD,
    HEAD,
    TIME,
    moment,
)

if TYPE_CHECKING:
    from random import Random

MONTHS = ("2026-01", "2026-02", "2026-03", "2026-Q1")
QUIET = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
GOOD = "only_good_rows = true"
DIMENSIONS = ("channel", "issue", "category", "priority", "agent", "severity")

TICKET = st.tuples(
    st.sampled_from(["李明", "陈静", "匿名"]),
    st.sampled_from(["", "13800005678", "13911112222"]),
    st.sampled_from(["电话", "在线聊天", "邮件"]),
    st.sampled_from(["其他", "产品质量缺陷"]),
    st.integers(0, 86400 * 50).map(moment),
    TIME,
    TIME,
    TIME,
    st.sampled_from(["", "待受理", "处理中", "待客户", "已解决", "已关闭", "已取消"]),
    st.sampled_from(["一", "二"]),
    st.sampled_from(["", "急"]),
)
COMPLAINT = st.tuples(
    st.integers(0, 86400 * 12).map(moment),
    st.sampled_from(["甲", "乙", "丙"]),
    st.sampled_from(["", "W60", "W70"]),
    st.sampled_from(["电话", "社交媒体"]),
    st.sampled_from(["产品性能", "服务质量"]),
    st.sampled_from(["漏水", "要找媒体曝光"]),
    TIME,
    TIME,
    st.sampled_from(["", "一般", "紧急"]),
    st.sampled_from(["", "已登记", "调查处理", "已办结", "不予受理"]),
)
EVENT_HEAD = ["工单号", "时间", "事件", "新状态", "操作人"]
# no two events of one ticket at the same second: then the file's order is what was said
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["T1", "T2", "T3"]),
        st.integers(0, 86400 * 40),
        st.sampled_from(["public_reply", "dispatched", "transferred", "resolved", "reopened",
                         "closed", "待客户", "待内部", "处理中"]),
        st.sampled_from(["", "王芳", "赵刚"]),
    ),
    min_size=2, max_size=14, unique_by=lambda event: event[1],
)  # fmt: skip
BASE = (
    "外部单号,客户,渠道,受理时间\nT1,甲,电话,2026-02-01 09:00\nT2,乙,邮件,2026-02-02 09:00\n"
    "T3,甲,邮件,2026-02-10 09:00\n"
)


def write(path: Path, head: list[str], rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def told(desk: Desk) -> dict[Any, Any]:
    """Return every figure of every month, and how what was received splits up."""
    found: dict[Any, Any] = {}
    spans = [dashboards.period_of(desk, code) for code in MONTHS]
    with dashboards.board(desk) as b:
        for metric, by_code in b.figures([m.id for m in METRICS], spans).items():
            for code, f in by_code.items():
                found[metric, code] = (f.value, f.num, f.den, f.n, f.excluded, f.not_yet_due)
        for metric in ("ticket_created", "complaint_received"):
            for by in DIMENSIONS:
                for span in spans:
                    for g in dashboards.groups(b, metric, span, by):
                        found[metric, span.code, by, g.name] = g.figure.value
    return found


def figures(kind: str, head: list[str], rows: list[tuple[str, ...]], base: str = "") -> Any:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Desk.create(folder / "d.svcdesk", clock=FixedClock(NOW)) as desk:
            if base:
                (folder / "base.csv").write_text(base, encoding="utf-8")
                assert bring(desk, folder / "base.csv", "tickets").applied
            plan = bring(desk, write(folder / "rows.csv", head, rows), kind, GOOD)
            return (plan.inserted, plan.rejected_rows), told(desk)


def numbered(letter: str, rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Give every row a number of its own: each is a record."""
    return [(f"{letter}{place}", *row) for place, row in enumerate(rows)]


@QUIET
@given(st.lists(TICKET, min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_tickets_in_any_order(rows: list[tuple[str, ...]], chance: Random) -> None:
    table = numbered("A", rows)
    before = figures("tickets", HEAD, table)
    chance.shuffle(table)
    assert figures("tickets", HEAD, table) == before


@QUIET
@given(st.lists(COMPLAINT, min_size=2, max_size=10), st.randoms(use_true_random=False))
def test_complaints_in_any_order(rows: list[tuple[str, ...]], chance: Random) -> None:
    table = numbered("C", rows)
    before = figures("complaints", COMPLAINT_HEAD, table)
    chance.shuffle(table)
    assert figures("complaints", COMPLAINT_HEAD, table) == before


@QUIET
@given(EVENTS, st.randoms(use_true_random=False))
def test_events_in_any_order(events: list[tuple[str, int, str, str]], chance: Random) -> None:
    states = {"待客户", "待内部", "处理中"}
    rows = [
        (ticket, moment(at), "" if what in states else what, what if what in states else "", who)
        for ticket, at, what, who in events
    ]
    before = figures("ticket-events", EVENT_HEAD, rows, BASE)
    chance.shuffle(rows)
    assert figures("ticket-events", EVENT_HEAD, rows, BASE) == before


def test_a_name_without_a_phone_means_the_same_person_wherever_its_row_stands() -> None:
    """The second ticket follows the first within a week: it was not solved at once (fcr_rate)."""
    bare = ("A1", "李明", "", "电话", "其他", "2026-02-02 09:00", "", "2026-02-02 10:00", "", "已解决",
            "一", "")  # fmt: skip
    named = ("A2", "李明", "13800005678", "电话", "其他", "2026-02-04 09:00", "", "", "", "待受理",
             "二", "")  # fmt: skip
    other = ("A3", "李明", "13911112222", *named[3:])
    one = figures("tickets", HEAD, [bare, named])
    assert one == figures("tickets", HEAD, [named, bare])
    assert one[1]["fcr_rate", "2026-02"][0] == 0
    # two persons of that name: none of them is meant
    tables = [[bare, named, other], [named, bare, other], [named, other, bare]]
    three = [figures("tickets", HEAD, table) for table in tables]
    assert three[0] == three[1] == three[2]
    assert three[0][1]["fcr_rate", "2026-02"][0] == 100
