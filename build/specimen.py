"""Draw every block and every kind of chart onto pages, to be looked at.

    python build/specimen.py FOLDER
    python build/specimen.py --layout tests/golden/paper-layout.json

writes specimen-<language>-<format>.pdf: Chinese and English, A4 and 16:9, with what is likely to
break a layout (40 categories, names of 20 and 50 characters, one value, none, long texts). The
figures are made up and stand in no report.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from svcdesk.domain.cause_drawing import Bone, Cause, FishboneDiagram, Likelihood, chain
from svcdesk.domain.chart import Band, ChartKind, ChartSpec, Reference, Series, Sums
from svcdesk.reports.model import (
    Beside,
    Blank,
    Block,
    BulletRow,
    Bullets,
    Column,
    CoverFigure,
    Figure,
    Fishbone,
    Heading,
    KpiCell,
    KpiGrid,
    Ladder,
    Multiples,
    Note,
    Numbered,
    PageFormat,
    Pair,
    Paragraph,
    Plan,
    Quote,
    ReportData,
    Section,
    Table,
    Task,
)
from svcdesk.reports.pdf import document
from svcdesk.system.job import ImmediateContext

MONTHS = (*(f"2025-{m:02d}" for m in range(3, 13)), "2026-01", "2026-02", "2026-03")
STAMP = 1775088000  # 2026-04-02 08:00 in Shanghai


class Words:
    """Picks the text of a language."""

    def __init__(self, language: str) -> None:
        self.zh = language.startswith("zh")

    def __call__(self, chinese: str, english: str) -> str:
        """Return one of the two."""
        return chinese if self.zh else english


def wave(count: int, base: float, swing: float, seed: int = 1) -> tuple[float, ...]:
    """Return numbers that go up and down without a pattern."""
    return tuple(round(base + swing * (((k + seed) * 7919 % 97) / 48 - 1), 2) for k in range(count))


def lines(w: Words) -> list[Block]:
    """Return line charts."""
    csat = (4.21, 4.23, 4.26, 4.27, 4.24, 4.18)
    six = MONTHS[-6:]
    target = Reference(4.2, w("目标 4.20", "target 4.20"))
    return [
        Heading(w("折线", "Lines")),
        Figure(ChartSpec(
            ChartKind.LINE, w("客户满意度均分", "Mean satisfaction"), six,
            (Series("", csat, tuple(f"{v:.2f}" for v in csat), (274, 318, 281, 262, 239, 268),
                    (False,) * 5 + (True,)),), references=(target,), y_min=3, y_max=5, decimals=2,
            emphasis=5, bands=(Band(1, 1, w("双11大促", "Double 11")),
                               Band(3, 4, w("系统升级与春节", "Upgrade and new year")))),
            w("客户满意度均分，近6个月（纵轴 3–5，空心菱形为未达标）", "Mean satisfaction, six months (axis 3–5; open diamond: missed)")),
        Figure(ChartSpec(
            ChartKind.LINE, "gap", MONTHS, (Series("", (*wave(5, 90, 6), None, None, *wave(6, 92, 4, 5))),),
            references=(Reference(95, w("目标 95%", "target 95%")),), decimals=1, unit="%"),
            w("缺两个月的折线", "A line with two months missing")),
        Figure(ChartSpec(
            ChartKind.LINE, "prev", six,
            (Series(w("上半年", "First half"), wave(6, 20, 6)),
             Series(w("下半年", "Second half"), wave(6, 17, 4, 9), missed=(True, False, False, False, True, False))),
            references=(Reference(20, w("目标 20", "target 20")),), decimals=1),
            w("两条线", "Two lines")),
        Figure(ChartSpec(
            ChartKind.LINE, "dotted", six,
            (Series(w("本期", "This period"), wave(6, 90, 5)),
             Series(w("上期", "Period before"), wave(6, 86, 5, 4), dotted=True),
             Series(w("去年同期", "Last year"), wave(6, 80, 9, 7), dotted=True)), decimals=1),
            w("本期与前期（点线）", "This period and those before (dotted)")),
        Figure(ChartSpec(
            ChartKind.LINE, "eight", MONTHS,
            tuple(Series(f"{w('渠道', 'Channel')} {k + 1}", wave(13, 50 + 3 * k, 8, k)) for k in range(6))),
            w("六条线", "Six lines")),
        Figure(ChartSpec(ChartKind.LINE, "one", (MONTHS[-1],), (Series("", (4.18,)),), decimals=2),
               w("只有一个值", "A single value")),
        Figure(ChartSpec(ChartKind.LINE, "none", (), ()), w("没有值", "No value")),
    ]  # fmt: skip


def upright(w: Words) -> list[Block]:
    """Return columns."""
    names = [
        w(f"很长的问题类别名称之第{k + 1}个类别哦", f"A long category name {k + 1}")
        for k in range(40)
    ]
    return [
        Heading(w("柱形", "Columns")),
        Figure(ChartSpec(ChartKind.COLUMNS, "13", MONTHS, (Series("", wave(13, 380, 90)),), emphasis=12,
                         bands=(Band(8, 8, w("双11大促", "Double 11")),)),
               w("近13个月工单", "Tickets, 13 months")),
        Figure(ChartSpec(ChartKind.COLUMNS, "2", MONTHS,
                         (Series(w("新建", "Created"), wave(13, 380, 90)), Series(w("解决", "Resolved"), (*wave(11, 360, 80, 3), None, 12)))),
               w("新建与解决", "Created and resolved")),
        Figure(ChartSpec(ChartKind.COLUMNS, "a", tuple(w(n, e) for n, e in (("周敏", "Z. M."), ("何志远", "H. Z."), ("李晓彤", "L. X."), ("黄佳", "H. J."), ("王立群", "W. L."))),
                         (Series("", (96.0, 84.2, 100.0, 71.4, 50.0), n=(52, 46, 38, 21, 4)),), hatched=frozenset({4}), decimals=1,
                         references=(Reference(85, w("目标 85%", "target 85%")),)),
               w("一次性解决率，按人员（柱下为样本）", "First-contact resolution by agent (n below)")),
        Figure(ChartSpec(ChartKind.COLUMNS, "3", tuple(names[:8]),
                         tuple(Series(n, wave(8, 40, 25, k)) for k, n in enumerate((w("本期", "This"), w("上期", "Before"), w("去年同期", "Last year"))))),
               w("三组柱", "Clustered")),
        Figure(ChartSpec(ChartKind.COLUMNS, "40", tuple(names), (Series("", wave(40, 400, 390)),)),
               w("40个类别", "40 categories")),
        Figure(ChartSpec(ChartKind.STACKED_COLUMNS, "stack", MONTHS,
                         (Series(w("线上", "Online"), wave(13, 220, 60)), Series(w("线下", "Offline"), wave(13, 120, 50, 2)), Series(w("其他", "Other"), wave(13, 30, 20, 5)))),
               w("堆积柱", "Stacked columns")),
        Figure(ChartSpec(ChartKind.COLUMNS, "delta", tuple(names[:6]), (Series("", (12, 8, 3, -2, -9, -14), ("+12", "+8", "+3", "-2", "-9", "-14")),)),
               w("有负值", "With negative values")),
        Figure(ChartSpec(ChartKind.COLUMNS, "one", (w("一", "One"),), (Series("", (7,)),)), w("只有一个值", "A single value")),
    ]  # fmt: skip


def sideways(w: Words) -> list[Block]:
    """Return bars."""
    names = [
        w(f"华北区域重点客户专属服务渠道第{k + 1}号线", f"Very long service channel name {k + 1}")
        for k in range(40)
    ]
    channels = (
        w("电话", "Phone"),
        w("在线聊天", "Chat"),
        w("微信", "WeChat"),
        w("门店", "Shop"),
        w("邮件", "Mail"),
    )
    levels = (
        w("非常满意", "Very satisfied"),
        w("满意", "Satisfied"),
        w("一般", "Neutral"),
        w("不满意", "Dissatisfied"),
        w("非常不满意", "Very dissatisfied"),
    )
    return [
        Heading(w("条形", "Bars")),
        Figure(ChartSpec(ChartKind.BARS, "b", channels,
                         (Series(w("均值", "Mean"), (12.5, 3.2, 6.1, 44.0, None), n=(88, 96, 47, 4, 0)), Series("P90", (31.0, 9.9, 18.2, 90.5, None))),
                         hatched=frozenset({3}), references=(Reference(20, w("目标 20", "target 20")),), decimals=1),
               w("首响时长，按渠道", "First response by channel")),
        Figure(ChartSpec(ChartKind.BARS, "40", tuple(names), (Series("", wave(40, 50, 49)),)), w("40个类别", "40 categories")),
        Figure(ChartSpec(ChartKind.BARS, "d", channels, (Series("", (33.3, 12.5, 0.0, -8.1, -41.2), ("↑33.3%", "↑12.5%", "0.0%", "↓8.1%", "↓41.2%")),)),
               w("按变化排序", "Sorted by change")),
        Figure(ChartSpec(ChartKind.STACKED, "5", ("",), tuple(Series(n, (v,)) for n, v in zip(levels, (121, 98, 31, 12, 6), strict=True)), graded=True),
               w("五级评分分布（n=268）", "Five grades (n=268)")),
        Figure(ChartSpec(ChartKind.STACKED, "on", channels, (Series(w("线上", "Online"), (0, 96, 47, 0, 16)), Series(w("线下", "Offline"), (88, 0, 2, 21, 0)))),
               w("各渠道线上线下", "Online and offline by channel")),
        Figure(ChartSpec(ChartKind.STACKED, "state", ("",), tuple(Series(n, (v,)) for n, v in zip((w("按时办结", "On time"), w("超时办结", "Late"), w("逾期未结", "Overdue"), w("未到期", "Not due"), w("撤诉", "Withdrawn")), (38, 3, 1, 4, 1), strict=True)), hatched=frozenset({4})),
               w("处理结果", "Results")),
        Figure(ChartSpec(ChartKind.STACKED, "share", channels, tuple(Series(n, wave(5, 30, 28, k)) for k, n in enumerate(levels)), graded=True, share=True),
               w("各渠道评分分布", "Grades by channel")),
        Figure(ChartSpec(ChartKind.PAIRS, "pairs", (w("上门准时率（GS202512-003）", "On-time visits (GS202512-003)"), w("平均首响时长", "First response"), w("复投诉率", "Repeat complaints")),
                         (Series(w("改善前", "Before"), (86.4, 26.3, 9.1), ("86.4%", "26.3", "9.1%"), (140, 402, 44)), Series(w("改善后", "After"), (96.2, 17.6, 11.0), ("96.2%", "17.6", "11.0%"), (157, 421, 47)),
                          Series(w("目标", "Target"), (95, 20, 5))),
                         scales=(100, 40, 20), verdicts=(w("有效", "effective"), w("有效", "effective"), w("无效", "not effective"))),
               w("改善前后", "Before and after")),
        Figure(ChartSpec(ChartKind.BULLET, "bul", channels, (Series("", (4.3, 4.1, 4.0, 3.9, 4.5), decimals_of("4.3 4.1 4.0 3.9 4.5")), Series("", (4.2,) * 5, ("≥4.20",) * 5), Series("", (4.2, 4.2, 4.1, 3.8, None))),
                         scales=(5,) * 5, verdicts=tuple("◇" if k in {1, 2, 3} else "●" for k in range(5))), w("与目标对比", "Against targets")),
        Figure(ChartSpec(ChartKind.FUNNEL, "f", (w("已发送", "Sent"), w("已评价", "Rated"), w("低分", "Low"), w("已联系", "Contacted"), w("已挽回", "Recovered")), (Series("", (412, 268, 18, 17, 11)),)),
               w("差评闭环", "Low scores, from sent to recovered")),
    ]  # fmt: skip


def decimals_of(text: str) -> tuple[str, ...]:
    """Return displayed values."""
    return tuple(f"{float(part):.2f}" for part in text.split())


def grids(w: Words) -> list[Block]:
    """Return Pareto charts, heat maps and small multiples."""
    kinds = (
        w("产品性能", "Product"),
        w("售后服务", "Service"),
        w("服务质量", "Quality"),
        w("价格与费用", "Price"),
        w("其他", "Other"),
    )
    counts, shares = (16, 13, 9, 5, 4), (34.0, 61.7, 80.9, 91.5, 100.0)
    many = sorted((abs(round(v)) + 1 for v in wave(39, 60, 58)), reverse=True)
    running, total, cumulative = 0.0, sum(many) + 20, []
    for value in (*many, 20):
        running += value
        cumulative.append(100 * running / total)
    days = tuple(
        w(d, e)
        for d, e in zip(
            "一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True
        )
    )
    departments = (
        w("售后部", "Service"),
        w("物流部", "Logistics"),
        w("质检与客户关系管理中心", "Quality and customer care"),
        w("财务部", "Finance"),
    )
    kpis = (
        w("首响达标率", "First response"),
        w("满意度", "Satisfaction"),
        w("一次性解决率", "FCR"),
        w("上门准时率", "On-time visits"),
        w("投诉及时率", "Complaints on time"),
        w("回访率", "Callbacks"),
    )
    return [
        Heading(w("帕累托、热力图、小图", "Pareto, heat maps, small multiples")),
        Figure(ChartSpec(ChartKind.PARETO, "p", kinds, (Series("", counts), Series("", shares)), vital=frozenset({0, 1, 2}), hatched=frozenset({4})),
               w("投诉类别帕累托图（n=47；深色为关键少数，虚线为累计 80%）", "Pareto of complaint types (n=47)")),
        Figure(ChartSpec(ChartKind.PARETO, "p40", tuple(w(f"这是一个二十个字那么长的类别名称第{k}类", f"Category with a name {k}") for k in range(40)), (Series("", (*many, 20)), Series("", tuple(cumulative))),
                         vital=frozenset(range(18)), hatched=frozenset({39})), w("40个类别", "40 categories")),
        Figure(ChartSpec(ChartKind.HEAT, "h", tuple(str(k) for k in range(24)), tuple(Series(d, tuple(float(round(v)) for v in wave(24, 14, 14, k))) for k, d in enumerate(days)), unit=w("合计", "sum")),
               w("按星期与小时", "By weekday and hour")),
        Figure(ChartSpec(ChartKind.HEAT, "m", tuple(w(f"类别名称{k + 1}", f"Category {k + 1}") for k in range(9)), tuple(Series(d, tuple(float(round(v)) if v > 4 else None for v in wave(9, 9, 9, k))) for k, d in enumerate(departments)), sums=Sums.BOTH),
               w("责任部门 × 类别", "Department × category")),
        Figure(ChartSpec(ChartKind.HEAT, "m40", tuple(w(f"二十个字那么长的问题类别之{k + 1}", f"A long category {k + 1}") for k in range(30)), tuple(Series(d, tuple(float(round(v)) for v in wave(30, 9, 9, k))) for k, d in enumerate(departments)), sums=Sums.BOTH),
               w("30个类别", "30 categories")),
        Multiples(tuple(ChartSpec(ChartKind.LINE, n, tuple(f"{y}Q{q}" for y, q in ((2024, 4), (2025, 1), (2025, 2), (2025, 3), (2025, 4), (2026, 1))),
                                  (Series("", wave(6, 90, 6, k)),), references=(Reference(92, w("目标 92%", "target 92%")),), decimals=1) for k, n in enumerate(kpis)),
                  w("六项指标，六个季度", "Six KPIs, six quarters")),
        Multiples(tuple(ChartSpec(ChartKind.COLUMNS, n, MONTHS[-6:], (Series("", wave(6, 90, 60, k)),), emphasis=5) for k, n in enumerate(kpis[:4])),
                  w("小柱形图，两列", "Small columns, two in a row"), columns=2),
    ]  # fmt: skip


def causes(w: Words) -> list[Block]:
    """Return ladders and fishbones."""
    whys = chain((
        (w("为什么技术员到达晚于承诺时段？", "Why did technicians arrive late?"), w("前一单超时，顺延到后一单", "The visit before took longer"), w("19 单迟到中 12 单", "12 of 19 late visits")),
        (w("为什么前一单超时？", "Why did it take longer?"), w("到场后才发现缺备件，返程领取", "A spare part was missing"), w("12 单中 9 单有领料记录", "9 of 12 have a slip")),
        (w("为什么到场才发现缺备件？", "Why was it noticed on site only?"), w("派单时未核对备件库存", "Stock is not checked when dispatching"), w("派单表无备件字段", "No field in the form")),
        (w("为什么派单时不核对？", "Why is it not checked?"), w("排班表与备件台账分开，要查两处", "Two separate lists"), w("现场观察 11-27", "Observed 11-27")),
        (w("为什么一直分开？", "Why are they separate?"), w("派单流程没有“备件确认”步骤", "The process has no step for it"), w("SOP-07 第 3 版", "SOP-07 v3")),
    ), root=4)  # fmt: skip
    names = (
        w("法・方法", "Method"),
        w("人・人员", "People"),
        w("料・备件", "Material"),
        w("测・测量", "Measurement"),
        w("机・工具", "Machine"),
        w("环・环境", "Environment"),
    )
    texts = (((w("无备件确认步骤", "No parts check"), True, True), (w("时段只留 30 分", "Slots of 30 min"), False, True)), ((w("新人路线不熟", "New staff"), False, True), (w("请假无替补", "No stand-in"), False, False)),
             ((w("减震器常缺", "Dampers run out"), False, True), (w("领料需返程", "Return for parts"), False, True)), ((w("到场靠手填", "Arrival typed by hand"), False, False),),
             ((w("车载库存不可见", "Van stock unseen"), False, True),), ((w("晚高峰拥堵", "Rush hour"), False, False),))  # fmt: skip
    bones = tuple(
        Bone(
            n,
            tuple(
                Cause(c, Likelihood.HIGH, verified=verified, root=root)
                for c, root, verified in group
            ),
        )
        for n, group in zip(names, texts, strict=True)
    )
    many = tuple(
        Bone(
            n,
            tuple(
                Cause(
                    w(
                        f"第{k}个可能原因，说明较长需要换行显示",
                        f"Possible cause number {k} with a long text",
                    ),
                    Likelihood.LOW,
                    verified=k % 2 == 0,
                    causes=(Cause(w("背后的原因", "what lies behind")),) if k % 3 == 0 else (),
                )
                for k in range(5)
            ),
        )
        for n in names
    )
    too_many = tuple(
        Bone(n, tuple(Cause(f"{w('原因', 'Cause')} {k}", Likelihood.MEDIUM) for k in range(33)))
        for n in names
    )
    problem = w("上门准时率", "On-time visits")
    return [
        Heading(w("原因", "Causes")),
        Ladder(whys, w("5Why 阶梯：上门准时率低于目标", "5-Why ladder: on-time visits")),
        Fishbone(FishboneDiagram(problem, bones, "86.4% < 95%"), w("鱼骨图（人机料法环测）", "Fishbone")),
        Fishbone(FishboneDiagram(problem, many, "86.4% < 95%"), w("鱼骨图，40个原因", "Fishbone, 40 causes")),
        Fishbone(FishboneDiagram(problem, too_many, "86.4% < 95%"), w("200个原因：按骨列表", "200 causes: as a list")),
    ]  # fmt: skip


def texts(w: Words) -> list[Block]:
    """Return texts and tables."""
    long = w("客户满意度均分为4.18，未达目标（≥4.20），差距0.02分，已列为待改善项GS202604-001。客户满意率为81.7%，未达目标（≥90%），差距8.3个百分点。",
             "Mean satisfaction: 4.18, target missed (≥4.20) by 0.02; improvement item GS202604-001 opened. ")  # fmt: skip
    name = w("内蒙古自治区呼和浩特市赛罕区某某大型综合性智能家居设备销售与售后服务有限责任公司第一分公司𠮷野",
             "The Most Extraordinarily Long-Named Home Appliance Trading Company Limited 𠮷")  # fmt: skip
    rows = tuple((f"GD202603-{k:04d}", name if k % 7 == 0 else w("陈*", "C*"), w("渗水", "Leak"), f"{k * 37 % 900 + 100}", f"{k % 100}.{k % 10}%") for k in range(60))  # fmt: skip
    columns = (Column(w("工单号", "Ticket")), Column(w("客户", "Customer")), Column(w("类别", "Type")), Column(w("分钟", "Minutes"), right=True), Column(w("占比", "Share"), right=True))  # fmt: skip
    defined = Table(w("指标口径", "Definitions"), (Column(w("指标", "Metric"), share=0.2), Column(w("定义", "Definition"), share=0.6), Column(w("目标", "Target"), right=True)),
                    ((w("客户满意度", "CSAT"), long, "≥4.20"), (w("一次性解决率", "FCR"), long * 2, "≥85%")), wrap=True, anchors=("csat_mean", "fcr_rate"))  # fmt: skip
    small = Table(w("高于目标最多", "Best"), (Column(w("指标", "Metric")), Column(w("实际", "Value"), right=True), Column(w("目标", "Target"), right=True)),
                  ((w("平均首响时长", "First response"), "17.6", "≤20"), (w("首响达标率", "On time"), "93.8%", "≥90%")), links=("csat_mean", "fcr_rate"))  # fmt: skip
    weeks = tuple(w(f"第{k}周", f"W{k}") for k in range(1, 14))
    tasks = tuple(Task(w(f"任务{k}：优化派单流程并培训", f"Task {k}: improve dispatching"), w("周敏", "Z. M."), k % 9, k % 9 + 3, (k % 5) / 4) for k in range(9))  # fmt: skip
    chart = ChartSpec(
        ChartKind.COLUMNS, "c", MONTHS[-6:], (Series("", wave(6, 40, 20)),), metric="csat_mean"
    )
    return [
        Heading(w("文字与表格", "Texts and tables")),
        Paragraph(long * 3), Paragraph(long, edited=True),
        Paragraph(w("满意度回落来自投诉处理变慢，与 JS-600 净水器渗水集中到件有关。4月先解决鉴定排队。", "Satisfaction fell because complaints took longer."), typed=True),
        Quote(w("师傅很专业，就是等了两天才来。", "The technician was good, but I waited two days."), w("客户 陈*，2026-03-12", "customer C*, 2026-03-12")),
        Blank(w("待填写：未达标原因与措施", "To be written: causes and measures")),
        Numbered((long, w("短句。", "A short one."), long)),
        Pair(small, small),
        Table(w("清单", "List"), columns, (*rows, (w("合计", "Total"), "", "", "24,310", "100.0%")), total=True, notes=(w("※ 样本少于5个。", "※ fewer than 5."), w("因四舍五入，各项之和可能不等于100%。", "Rounded."))),
        Plan(weeks, tasks, w("13周计划（深色为已完成，虚线为今天）", "13 weeks (dark: done, dashed: today)"), ((0, w("流程优化", "Process")), (4, w("能力提升", "Skills"))), today=5.4),
        Beside((Figure(chart, w("近6个月", "Six months")),), (small, Note(w("※ 左图右表。", "※ Chart and table side by side.")))),
        defined, Table(w("空表", "Empty"), columns, ()),
    ]  # fmt: skip


def summary(w: Words) -> list[Block]:
    """Return KPI cells and bullet bars."""
    names = (
        w("工单总量", "Tickets"),
        w("客户满意度", "Satisfaction"),
        w("一次性解决率", "FCR"),
        w("投诉处理及时率", "Complaints on time"),
        w("上门准时率", "On-time visits"),
        w("平均首响时长", "First response"),
        w("主动回访率", "Callbacks"),
        w("综合得分", "Score"),
    )
    values = ("432", "4.18", "84.2", "90.5", "96.2", "17.6", "93.3", "98.9")
    met = (None, False, False, False, True, True, True, None)
    cells = tuple(
        KpiCell(
            n,
            v,
            w("分", "pts"),
            f"n=268　{w('目标', 'target')} ≥{v}",
            w("环比 ↓0.06分", "MoM ↓0.06"),
            met=m,
            improved=None if k == 0 else k > 3,
            metric="csat_mean",
        )
        for k, (n, v, m) in enumerate(zip(names, values, met, strict=True))
    )
    rows = tuple(
        BulletRow(n, float(v), 90.0, 88.0, 100, v, "≥90%", met=m, metric="fcr_rate")
        for n, v, m in zip(names[2:], values[2:], met[2:], strict=True)
    )
    return [KpiGrid(cells), Note(w("一次性解决率为暂定值，观察期至 2026-04-08。", "FCR is provisional until 2026-04-08.")), Heading(w("指标与目标", "Against targets")), Bullets(rows, w("主要指标与目标（竖线＝目标，圆圈＝上月；每行刻度从 0 开始）", "Values against targets (line: target, ring: last month)"))]  # fmt: skip


def specimen(language: str, page: PageFormat) -> ReportData:
    """Return the specimen report."""
    w = Words(language)
    numbers = "一二三四五六" if w.zh else "123456"
    parts = ((w("摘要", "Summary"), summary), (w("折线", "Lines"), lines), (w("柱形", "Columns"), upright), (w("条形", "Bars"), sideways), (w("分布", "Grids"), grids), (w("原因", "Causes"), causes), (w("文字", "Texts"), texts))  # fmt: skip
    sections = [
        Section(f"s{k}", title, numbers[k - 1] if k else "", make(w))
        for k, (title, make) in enumerate(parts)
    ]
    sections.append(Section("empty", w("空章节", "An empty section"), numbers[-1]))
    return ReportData(
        language, w("华北售后组", "North service"), w("2026年3月售后服务月报", "Service report, March 2026"),
        w("2026年3月", "March 2026"), w("2026-03-01 至 2026-03-31", "2026-03-01 to 2026-03-31"),
        w("内部资料", "Internal"), "2026-04-01 00:00", "V1.0", w("周敏", "Zhou Min"),
        w("郭建平", "Guo Jianping"), "2026-04-02", reviewed_on="2026-04-03",
        cover=(CoverFigure(w("工单总量", "Tickets"), "432", w("单", ""), w("环比 ↑11.3%", "MoM ↑11.3%")),
               CoverFigure(w("客户满意度", "Satisfaction"), "4.18", w("分", "pts"), w("目标 ≥4.20，未达标", "target ≥4.20, missed")),
               CoverFigure(w("综合得分", "Score"), "98.9", w("分", "pts"), w("等级 优秀", "excellent"))),
        sections=sections, page_format=page, stamp=STAMP,
    )  # fmt: skip


KEPT = (1, 2, 3, 4, 13, 20)  # pages of the Chinese A4 specimen whose layout is kept for the tests


def layout(target: Path) -> dict[str, object]:
    """Return what stands where on the pages that are kept: text, left, bottom, right, top."""
    import pypdfium2

    document_ = pypdfium2.PdfDocument(target)
    found: dict[str, object] = {"pages": len(document_)}
    for number in KEPT:
        page = document_[number - 1].get_textpage()
        runs = []
        for index in range(page.count_rects()):
            box = page.get_rect(index)
            text = page.get_text_bounded(*box).strip()
            if text:
                runs.append([text, *(round(value, 1) for value in box)])
        found[str(number)] = runs
    document_.close()
    return found


def keep_layout(target: Path) -> None:
    """Write the layout that the tests compare with."""
    import json

    made = target.with_suffix(".pdf")
    document.write(specimen("zh_CN", PageFormat.A4), made, ImmediateContext())
    found = layout(made)
    made.unlink()
    lines = [
        f"{json.dumps(key)}: " + (
            "[\n" + ",\n".join(json.dumps(run, ensure_ascii=False) for run in value) + "\n]"
            if isinstance(value, list) else json.dumps(value)
        )
        for key, value in found.items()
    ]  # fmt: skip
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def main() -> None:
    """Write the specimens, or with --layout FILE what the tests compare with."""
    if sys.argv[1:2] == ["--layout"]:
        keep_layout(Path(sys.argv[2]))
        return
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "specimen")
    folder.mkdir(parents=True, exist_ok=True)
    for language in ("zh_CN", "en"):
        for page in PageFormat:
            target = folder / f"specimen-{language}-{page.value}.pdf"
            pages = document.write(specimen(language, page), target, ImmediateContext())
            print(f"{target}: {pages} pages, {target.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
