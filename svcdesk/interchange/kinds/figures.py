"""Imports of figures that are typed or come from elsewhere (domain.md 2.13, 2.14, 2.16)."""

from __future__ import annotations

from svcdesk.i18n.catalog import N_
from svcdesk.interchange.kinds.model import Field, FieldType, Kind

T = FieldType

_MONTH = Field("month", T.MONTH, required=True, synonyms=("统计月份", "年月"), example="2026-03")

TARGETS = Kind(
    "targets",
    "target",
    "metric_target",
    N_("Metric targets"),
    (
        Field("metric", T.CODE, required=True, synonyms=("指标代码", "metric id"), example="csat_mean"),
        Field("scope", T.NAME, synonyms=("适用范围",), example="all"),
        Field("valid_from", T.MONTH, required=True, synonyms=("月份", "生效月"), example="2026-01"),
        Field("target", T.DECIMAL, synonyms=("目标", "目标值"), example="4.2"),
        Field("threshold", T.DECIMAL, synonyms=("预警值", "基准值")),
        Field("weight", T.INTEGER, low=0, high=100, example="30"),
        Field("owner", T.REFERENCE, target="person"),
    ),
    natural=("metric", "scope", "valid_from"),
)  # fmt: skip

CALENDAR = Kind(
    "calendar",
    "calendar",
    "calendar_day",
    N_("Working calendar"),
    (
        Field("date", T.DAY, required=True, example="2026-10-01"),
        Field("name", T.NAME, synonyms=("节日", "假日名称", "holiday"), example="国庆节"),
        Field("kind", T.CHOICE, required=True, choice="DayKind", example="休",
              synonyms=("工作类型", "上班", "类别")),
        Field("spans", T.WORDS, synonyms=("班次",)),
    ),
    natural=("date",),
)  # fmt: skip

CHANNEL_DAILY = Kind(
    "channel-daily",
    "channel_daily",
    "channel_daily",
    N_("Channel figures by day"),
    (
        Field("date", T.DAY, required=True, synonyms=("统计日期",), example="2026-03-05"),
        Field("channel", T.REFERENCE, required=True, target="channel", example="电话"),
        Field("offered", T.INTEGER, required=True, low=0, synonyms=("呼入数", "进线量", "来电量")),
        Field("answered", T.INTEGER, required=True, low=0, synonyms=("接通数", "接起量", "接听量")),
        Field("answered_in_target", T.INTEGER, low=0),
        Field("abandoned", T.INTEGER, low=0, synonyms=("放弃数",)),
        Field("avg_wait_s", T.INTEGER, low=0, synonyms=("平均等待秒数", "平均等待时长")),
    ),
    natural=("date", "channel"),
)  # fmt: skip

ORDER_VOLUME = Kind(
    "order-volume",
    "order_volume",
    "order_volume",
    N_("Order volume by month"),
    (
        _MONTH,
        Field("product", T.REFERENCE, target="product", synonyms=("产品名称", "产品编号")),
        Field(
            "orders", T.INTEGER, required=True, low=0, synonyms=("订单量", "单量"), example="1200"
        ),
    ),
    natural=("month", "product"),
)

SPARE_PARTS = Kind(
    "spare-parts",
    "spare_part",
    "spare_parts",
    N_("Spare-part figures by month"),
    (
        _MONTH,
        Field("part_class", T.NAME, required=True, synonyms=("备件分类", "类别"), example="压缩机"),
        Field("opening", T.MONEY, required=True, synonyms=("期初库存",)),
        Field("closing", T.MONEY, required=True, synonyms=("期末库存",)),
        Field("issued", T.MONEY, required=True, synonyms=("领用成本", "出库金额")),
        Field("dead", T.MONEY, required=True, synonyms=("呆滞库存", "呆滞库存金额")),
    ),
    natural=("month", "part_class"),
)

MANUAL_METRICS = Kind(
    "manual-metrics",
    "manual_metric",
    "manual_metric",
    N_("Figures entered by hand"),
    (
        Field("key", T.CODE, required=True, synonyms=("代码",), example="training_coverage"),
        Field("name", T.NAME, synonyms=("名称",), example="培训覆盖率"),
        Field("unit", T.NAME, example="%"),
        Field("direction", T.CHOICE, choice="MetricDirection"),
        _MONTH,
        Field("value", T.DECIMAL, required=True, synonyms=("值",), example="96"),
        Field("note", T.TEXT, synonyms=("备注",)),
    ),
    natural=("key", "month"),
)
