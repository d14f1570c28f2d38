"""Seed values of the reference lists (``domain.md 2.15``); all are editable later.

Codes are stable and never shown; the Chinese name is what a new data file stores, the English one
comes from :mod:`svcdesk.i18n.labels`. Children of a tree carry their parent's code.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ListItem:
    """One item of a reference list; ``parent`` is the code of its parent in a tree."""

    code: str
    name: str
    parent: str | None = None


@dataclass(frozen=True)
class Channel(ListItem):
    """A way customers reach us. ``live``: answered while recorded, so no waiting time (3.2)."""

    group: str = "online"
    live: bool = False


CHANNELS: tuple[Channel, ...] = (
    Channel("chat", "在线聊天"),
    Channel("app", "APP"),
    Channel("web", "网站"),
    Channel("social", "社交媒体"),
    Channel("miniprogram", "小程序"),
    Channel("wechat", "微信"),
    Channel("phone", "电话", group="offline", live=True),
    Channel("email", "邮件", group="offline"),
    Channel("store", "门店", group="offline", live=True),
    Channel("letter", "来信", group="offline"),
)
SOCIAL_CHANNEL = "social"


def _tree(*branches: tuple[str, str, tuple[tuple[str, str], ...]]) -> tuple[ListItem, ...]:
    """Build list items from (code, name, children); a child's code is ``parent.child``."""
    items: list[ListItem] = []
    for code, name, children in branches:
        items.append(ListItem(code, name))
        items.extend(ListItem(f"{code}.{c}", child, code) for c, child in children)
    return tuple(items)


TICKET_ISSUES = _tree(
    (
        "quality",
        "产品质量缺陷",
        (
            ("function", "功能异常"),
            ("part", "零部件损坏"),
            ("performance", "性能不达标"),
            ("appearance", "外观瑕疵"),
        ),
    ),
    (
        "install",
        "安装指导不足",
        (
            ("manual", "说明书不清晰"),
            ("support", "在线支持慢"),
            ("failed", "安装失败"),
            ("video", "无视频指导"),
        ),
    ),
    (
        "delivery",
        "物流配送延误",
        (
            ("late", "超时未达"),
            ("tracking", "节点无更新"),
            ("lost", "丢件"),
            ("damaged", "破损"),
        ),
    ),
    (
        "response",
        "售后响应滞后",
        (
            ("allocation", "分配不均"),
            ("skill", "专业不足"),
            ("parts", "等待配件"),
            ("approval", "审批慢"),
        ),
    ),
    ("other", "其他", ()),
)

COMPLAINT_CATEGORIES = _tree(
    (
        "service",
        "服务质量",
        (("attitude", "服务态度"), ("process", "服务流程"), ("standard", "服务品质")),
    ),
    (
        "product",
        "产品性能",
        (("function", "功能"), ("stability", "稳定性"), ("safety", "安全性")),
    ),
    (
        "aftersales",
        "售后服务",
        (("repair", "维修"), ("maintenance", "保养"), ("return", "退换货")),
    ),
    (
        "price",
        "价格与费用",
        (("pricing", "定价"), ("detail", "费用明细"), ("discount", "折扣")),
    ),
    ("other", "其他", ()),
)

DEPARTMENTS = _tree(
    ("service", "客服", ()),
    ("logistics", "物流", (("warehouse", "仓储"),)),
    ("product", "产品", (("inspection", "质检"), ("engineering", "技术"))),
    (
        "other",
        "其他",
        (("marketing", "市场"), ("finance", "财务"), ("it", "IT"), ("training", "培训")),
    ),
)

PAIN_TAGS: tuple[ListItem, ...] = (
    ListItem("slow", "响应速度慢"),
    ListItem("communication", "沟通不畅"),
    ListItem("tedious", "流程繁琐"),
    ListItem("impersonal", "缺乏个性化服务"),
)

# The order matters: it breaks ties in Pareto charts.
OVERDUE_REASONS: tuple[ListItem, ...] = (
    ListItem("process", "处理流程不畅"),
    ListItem("responsibility", "责任不明确"),
    ListItem("sync", "跨部门信息同步慢"),
    ListItem("parts", "备件短缺"),
    ListItem("inspection", "等待质检鉴定"),
    ListItem("delivery", "物流延误"),
    ListItem("approval", "审批滞后"),
    ListItem("customer", "客户原因"),
    ListItem("other", "其他"),
)
OTHER = "other"


@dataclass(frozen=True)
class ManualMetric:
    """A figure typed once a month (2.16); ``direction`` is ``up`` or ``down``."""

    key: str
    name: str
    unit: str
    direction: str
    target: float | None = None


MANUAL_METRICS: tuple[ManualMetric, ...] = (
    ManualMetric("training_coverage", "培训覆盖率", "%", "up", 100),
    ManualMetric("newcomer_pass", "新人独立上岗考核通过率", "%", "up", 95),
    ManualMetric("feedback_accuracy", "客户需求反馈准确率", "%", "up", 90),
    ManualMetric("newcomer_days", "新人培训周期", "天", "down"),
    ManualMetric("process_improvements", "跨部门流程优化项数", "项", "up"),
    ManualMetric("retention", "客户留存率", "%", "up"),
    ManualMetric("reverse_logistics", "逆向物流费用", "元", "down"),
)

EXPOSURE_WORDS: tuple[str, ...] = (
    "抖音",
    "小红书",
    "微博",
    "快手",
    "朋友圈",
    "视频号",
    "B站",
    "黑猫",
    "曝光",
    "媒体",
    "记者",
    "12315",
    "12345",
    "消协",
    "消费者协会",
    "律师",
    "起诉",
    "热搜",
)
