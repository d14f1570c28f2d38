"""Outlines of a root-cause analysis and the advice on them (domain.md 2.12)."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.domain import cause_drawing, causes
from svcdesk.domain.causes import CauseRow, WhyRow

TOOL = [  # source document 002: 上门准时率 85 %, base value 95 %
    ("为什么准时率低？", "技术师路堵迟到"),
    ("为什么路堵？", "未提前规划路线"),
    ("为什么未规划路线？", "系统未提供实时路况"),
    ("为什么系统未提供？", "未集成地图导航功能"),
    ("为什么未集成？", "新功能需求未优先排期"),
]


def chain() -> list[WhyRow]:
    return [WhyRow(q, a, depth=place, root=place == 4) for place, (q, a) in enumerate(TOOL)]


def codes(rows: list[WhyRow], root_cause: str, causes_: list[CauseRow] | None = None) -> set[str]:
    return {p.code for p in causes.advice(rows, causes_ or [], root_cause)}


class TestLadder:
    def test_the_example_of_the_tool(self) -> None:
        steps = cause_drawing.ladder(causes.ladder(chain()))
        assert [s.number for s in steps] == ["1", "2", "3", "4", "5"]
        assert [s.why.answer for s in steps] == [a for _q, a in TOOL]
        assert [s.why.root for s in steps] == [False] * 4 + [True]
        assert causes.root_text(chain(), []) == "新功能需求未优先排期"
        assert causes.deepest(chain()) == 5

    def test_rows_without_depths_are_a_chain(self) -> None:
        kept = [{"question": q, "answer": a, "evidence": ""} for q, a in TOOL]
        assert [row.depth for row in causes.why_rows(kept)] == [0, 1, 2, 3, 4]

    def test_what_is_kept_reads_the_same(self) -> None:
        assert causes.why_rows(causes.kept(chain())) == chain()
        bones = [CauseRow("man", "培训不足", 1, "high", 3, True, "考核记录", True)]
        assert causes.cause_rows(causes.kept(bones)) == bones

    def test_branches(self) -> None:
        rows = [WhyRow("q", "a"), WhyRow("q1", "b", depth=1), WhyRow("q2", "c", depth=1)]
        steps = cause_drawing.ladder(causes.ladder(rows))
        assert [s.number for s in steps] == ["1", "1.1", "1.2"]


class TestOutline:
    def test_moving_takes_along_what_is_below(self) -> None:
        rows = [WhyRow("a"), WhyRow("b"), WhyRow("c", depth=1)]
        moved = causes.shifted(rows, 1, 1)
        assert [r.depth for r in moved] == [0, 1, 2]
        assert causes.shifted(moved, 1, 1) == moved  # no deeper than one below the row above
        assert causes.shifted(rows, 0, -1) == rows

    @given(st.lists(st.integers(0, 6), min_size=1, max_size=12), st.integers(0, 11),
           st.sampled_from([-1, 1]))  # fmt: skip
    @settings(max_examples=60, deadline=None)
    def test_levels_never_jump(self, depths: list[int], place: int, by: int) -> None:
        rows = causes.levelled([WhyRow(str(i), depth=d) for i, d in enumerate(depths)])
        moved = causes.levelled(causes.shifted(rows, place % len(rows), by))
        assert moved[0].depth == 0
        assert all(b.depth <= a.depth + 1 for a, b in pairwise(moved))
        assert [r.question for r in moved] == [r.question for r in rows]

    def test_one_root(self) -> None:
        marked = causes.rooted(chain(), 1)
        assert [r.root for r in marked] == [False, True, False, False, False]
        assert not any(r.root for r in causes.rooted(marked, 1))


class TestFishbone:
    def test_all_bones_stand_even_empty(self) -> None:
        rows = [CauseRow("method", "无路线规划"), CauseRow("method", "系统无路况", 2)]
        drawn = causes.fishbone(rows, "5m1e", {"method": "法"}, "上门准时率低")
        assert [b.name for b in drawn.bones][3] == "法"
        assert len(drawn.bones) == 6
        assert drawn.bones[3].causes[0].causes[0].text == "系统无路况"

    def test_causes_of_the_other_bones_are_not_lost(self) -> None:
        drawn = causes.fishbone([CauseRow("man", "x")], "service", {}, "p")
        assert [b.name for b in drawn.bones][-1] == "man"


class TestAdvice:
    def test_too_few_whys(self) -> None:
        assert "few_whys" in codes(chain()[:2], "x")
        assert "few_whys" not in codes(chain()[:3], "x")

    def test_blaming_a_person(self) -> None:
        assert "blame" in codes(chain(), "客服粗心，责任心不强")
        assert "blame" in codes(chain(), "The agent was Careless")
        assert "blame" not in codes(chain(), "缺乏智能路线规划工具")

    def test_no_evidence(self) -> None:
        assert "no_evidence" in codes(chain(), "缺乏智能路线规划工具")
        proved = [*chain()[:4], WhyRow("q", "a", "需求单 17", 4, root=True)]
        assert "no_evidence" not in codes(proved, "缺乏智能路线规划工具")
        assert not causes.advice(chain(), [], "缺乏智能路线规划工具", linked=1)

    def test_all_advice_is_a_warning(self) -> None:
        found = causes.advice(chain()[:1], [], "粗心")
        assert len(found) == 3
        assert all(p.warning for p in found)
