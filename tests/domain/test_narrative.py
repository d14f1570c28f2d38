"""Drafted sentences in both languages, word for word from domain.md 5.6."""

from __future__ import annotations

from typing import Any

from svcdesk.domain import narrative as say
from svcdesk.domain.comparisons import Direction, Scale, compare
from svcdesk.domain.statistics import pareto
from svcdesk.i18n.catalog import translator

ZH, EN = translator("zh_CN"), translator("en")
UP25, DOWN20 = compare(15, 12, Scale.RELATIVE), compare(12, 15, Scale.RELATIVE)
NONE, ZERO = compare(1, None, Scale.RELATIVE), compare(1, 0, Scale.RELATIVE)
NAMES = {"a": "产品性能", "b": "服务质量", "c": "售后服务", "d": "价格与费用", "other": "其他"}


def test_volume() -> None:
    def told(t: say.Translator) -> str:
        return say.volume(
            t, period="2026年3月", n=252, mom=UP25, yoy=ZERO, resolved=240, backlog=31
        )

    assert told(ZH) == (
        "2026年3月共受理工单252单，环比上升25.0%，同比不适用（上年同期为0）；"
        "解决240单，期末在办31单。"
    )
    assert told(EN) == (
        "252 tickets were received in 2026年3月: up 25.0% month on month, "
        "n/a (base of last year is 0) year on year; 240 resolved, 31 open at period end."
    )


def test_complaints_and_nil() -> None:
    assert say.complaints(ZH, period="2026年3月", n=15, mom=UP25, yoy=NONE) == (
        "2026年3月共收到投诉15件，环比上升25.0%，同比无可比数据。"
    )
    assert say.complaints(ZH, period="2026年3月", n=0, mom=NONE, yoy=NONE) == (
        "2026年3月未收到投诉。"
    )
    assert say.complaints(EN, period="March 2026", n=1, mom=DOWN20, yoy=NONE) == (
        "1 complaint was received in March 2026: down 20.0% month on month, n/a year on year."
    )


def kpi(**values: Any) -> say.Kpi:
    base: dict[str, Any] = {"name": "一次性解决率", "value": "86.1%", "direction": Direction.UP}
    return say.Kpi(**(base | values))


def test_kpi() -> None:
    assert say.kpi(ZH, kpi(target="85.0%", met=True)) == "一次性解决率为86.1%，达到目标（≥85.0%）。"
    assert say.kpi(
        ZH, kpi(target="90.0%", met=False, gap="3.9个百分点", item_no="GS202603-001")
    ) == ("一次性解决率为86.1%，未达目标（≥90.0%），差距3.9个百分点，已列为待改善项GS202603-001。")
    assert say.kpi(ZH, kpi(target="90.0%", met=False, gap="3.9个百分点")) == (
        "一次性解决率为86.1%，未达目标（≥90.0%），差距3.9个百分点。"
    )
    assert say.kpi(ZH, kpi(small=True, n=4)) == "一次性解决率为86.1%（样本仅4个，不作达标判断）。"
    assert say.kpi(ZH, kpi(value=None)) == "一次性解决率本期无数据。"
    assert say.kpi(ZH, kpi(target="85.0%", met=True, provisional=True)) == (
        "一次性解决率为86.1%（暂定值，观察期未满），达到目标（≥85.0%）。"
    )
    assert say.kpi(ZH, kpi(direction=Direction.DOWN, target="5.0%", met=True)) == (
        "一次性解决率为86.1%，达到目标（≤5.0%）。"
    )


def test_concentration() -> None:
    assert say.concentration(ZH, pareto([("a", 6), ("b", 3), ("c", 1)]), NAMES) == (
        "投诉主要集中在产品性能（6件，60.0%）和服务质量（3件，30.0%），合计占90.0%。"
    )
    assert say.concentration(ZH, pareto([("a", 9), ("b", 1)]), NAMES) == (
        "投诉主要集中在产品性能（9件，90.0%）。"
    )
    assert say.concentration(ZH, pareto([("a", 9)]), NAMES) == "投诉全部集中在产品性能（9件）。"
    spread = pareto([(k, 10) for k in "abcd"] + [("other", 10)])
    assert say.concentration(ZH, spread, NAMES) == (
        "投诉类型较分散，占比最高的为产品性能（10件，20.0%）。"
    )
    assert say.concentration(ZH, pareto([("a", 5), ("b", 4), ("c", 1)]), NAMES, tickets=True) == (
        "工单主要集中在产品性能（5单，50.0%）和服务质量（4单，40.0%），合计占90.0%。"
    )
    assert say.concentration(ZH, [], NAMES) == ""


def test_departments() -> None:
    assert say.departments(ZH, pareto([("a", 6), ("b", 3), ("c", 1)]), NAMES) == (
        "责任部门中，产品性能（6件，60.0%）占比最高，其次为服务质量（3件，30.0%）。"
    )
    assert say.departments(ZH, pareto([("a", 4), ("b", 4), ("c", 2)]), NAMES) == (
        "责任部门中，产品性能和服务质量并列最高（各4件，40.0%）。"
    )


def test_the_rest() -> None:
    assert say.overdue(ZH, still_open=1, late=2, reasons=[("备件短缺", 2), ("客户原因", 1)]) == (
        "逾期投诉3件（逾期未结1件、超时办结2件），主要原因：备件短缺2件、客户原因1件。"
    )
    assert say.overdue(ZH, still_open=0, late=0, reasons=[]) == "本期无逾期投诉。"
    assert say.repeats(ZH, n=2, rate="13.3%", second="6.7%", provisional=True) == (
        "重复投诉2件，重复投诉率13.3%；二次投诉率6.7%（暂定值，观察期未满）。"
    )
    assert say.groups(ZH, [("KF-26", 4, 3)]) == "识别群体投诉1起：产品KF-26，4件，涉及3位客户。"
    assert say.groups(ZH, []) == "未发现群体投诉。"
    assert say.exposures(ZH, 2) == "社交媒体曝光2件。"
    assert say.exposures(ZH, 0) == "未发现社交媒体曝光。"
    assert say.low_scores(ZH, n=5, closed=4, rate="80.0%", not_due=1) == (
        "收到差评5个，48小时内闭环4个（80.0%），尚未到期1个。"
    )
    assert say.trend(ZH, name="客户满意率", months=3, improved=False) == "客户满意率连续3个月恶化。"
    assert say.channel_gap(
        ZH, slow="邮件", slow_minutes="40.0", fast="APP", fast_minutes="12.5", gap="27.5"
    ) == ("邮件首响均值40.0分钟，比APP（12.5分钟）慢27.5分钟。")
    assert (
        say.improvements(ZH, new=2, closed=1, effective=1, still_open=5, overdue_actions=3)
        == "本期新增待改善项2项、关闭1项（有效1项），在办5项，其中逾期措施3条。"
    )
    assert say.excluded(ZH, 7) == "另有7条异常数据未计入（见附录B）。"
    assert say.excluded(ZH, 0) == ""
    assert say.low_scores(ZH, n=0, closed=0, rate="—", not_due=0) == ""
