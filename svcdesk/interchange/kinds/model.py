"""What a kind of import is made of; templates, suggestions, checks and help derive from it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from svcdesk.i18n.catalog import N_, Translator, translator
from svcdesk.i18n.labels import FIELD_LABELS, LABELS


class FieldType(StrEnum):
    """How the cells of a field are read."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NAME = "name"
    CODE = "code"  # order numbers, serial numbers: text, whatever Excel thinks
    PHONES = "phones"
    MOMENT = "moment"
    DAY = "day"
    MONTH = "month"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    CSAT = "csat"
    NPS = "nps"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    WORDS = "words"
    REFERENCE = "reference"
    REFERENCES = "references"


@dataclass(frozen=True)
class Field:
    """A column of an import.

    ``name`` is the English name of ``domain.md 2``, ``choice`` names the enum of a closed list,
    ``target`` what a reference points to. ``happened``: a time that cannot lie in the future
    (AB05). ``synonyms`` are other headers it is known by, ``hints`` words that a question of a
    questionnaire has when it asks for it.
    """

    name: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    choice: str = ""
    target: str = ""
    happened: bool = False
    synonyms: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    length: int = 0
    example: str = ""


@dataclass(frozen=True)
class Kind:
    """One sort of rows that can be imported.

    ``code`` is the word of the command line, ``entity`` the key of the labels, ``table`` the table
    of the data file. A row is found again by ``number`` (our number), by ``external_no``, by the
    natural key ``natural``, or, with none of them, by what it says.
    """

    code: str
    entity: str
    table: str
    label: str
    fields: tuple[Field, ...]
    number: str = ""
    natural: tuple[str, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields by their English names."""
        return {field.name: field for field in self.fields}

    @property
    def has_external(self) -> bool:
        """Whether rows may carry the number of another system."""
        return "external_no" in self.by_name

    @cached_property
    def _headers(self) -> dict[str, str]:
        table: dict[str, str] = {}
        for field in self.fields:  # synonyms first, so that real names win over them
            for word in field.synonyms:
                table.setdefault(normal(word), field.name)
        for field in self.fields:
            for word in (field.name, self.header(field, CHINESE), self.header(field, ENGLISH)):
                table[normal(word)] = field.name
        return table

    def field_named(self, header: str) -> Field | None:
        """Return the field known by ``header``: English or Chinese name, or a synonym."""
        found = self._headers.get(normal(header))
        return self.by_name[found] if found is not None else None

    def field_hinted(self, header: str) -> Field | None:
        """Return the field that a question asks for, by the words in it; the first one wins."""
        told = normal(header)
        return next((f for f in self.fields if any(normal(hint) in told for hint in f.hints)), None)

    def is_name(self, field: Field, header: str) -> bool:
        """Tell whether ``header`` is the name of ``field`` in either language, no synonym."""
        names = (field.name, self.header(field, CHINESE), self.header(field, ENGLISH))
        return normal(header) in map(normal, names)

    def header(self, field: Field, t: Translator) -> str:
        """Return the header of ``field`` in a language."""
        return t(FIELD_LABELS[self.entity].get(field.name, _EXTRA_LABELS.get(field.name, "")))


# A state in the column of events means the change to it.
TO_STATUS = "to:"
CHINESE = translator("zh_CN")
ENGLISH = translator("en")

# Columns that stand for a field of another entity.
_EXTRA_LABELS = {
    "customer_phone": N_("Customer phone"),
    "phone": N_("Phone"),
    "email": N_("E-mail address"),
}

_ASIDE = re.compile(r"[(\[{<【〈《][^)\]}>】〉》]*[)\]}>】〉》]")
_NOISE = re.compile(r"[\s_\-*:：/·.、,，#\"'“”?？]+")


def normal(header: str) -> str:
    """Return a header for comparison: “ 受理时间（必填）* ” and “受理时间” are the same."""
    text = unicodedata.normalize("NFKC", header).lower()
    return _NOISE.sub("", _ASIDE.sub("", text)) or _NOISE.sub("", text)


def choice_words(choice: str) -> dict[str, str]:
    """Return every word that names a code of a closed list: code, Chinese and English label."""
    words: dict[str, str] = {}
    for code, msgid in _labels(choice).items():
        for word in (msgid, CHINESE(msgid), code, code.replace("_", " ")):
            words[word] = code
    words.update(_CHOICE_SYNONYMS.get(choice, {}))
    if choice == "TicketEventType":
        for word, status in choice_words("TicketStatus").items():
            words.setdefault(word, f"{TO_STATUS}{status}")
    return words


def choice_names(choice: str, t: Translator = CHINESE) -> list[str]:
    """Return the names of a closed list in its order."""
    return [t(msgid) for msgid in _labels(choice).values()]


def _labels(choice: str) -> dict[str, str]:
    return LABELS.get(choice) or _OWN_CHOICES[choice]


# Closed lists that only imports speak of.
_OWN_CHOICES = {
    "DayKind": {"off": N_("Day off"), "work": N_("Working day")},
    "MetricDirection": {
        "up": N_("Higher is better"),
        "down": N_("Lower is better"),
        "neutral": N_("Neither"),
    },
}


# Words of domain.md and of common exports that differ from our labels.
_CHOICE_SYNONYMS: dict[str, dict[str, str]] = {
    "TicketStatus": {
        "待受理": "new", "新建": "new", "未受理": "new", "open": "new",
        "已派单": "assigned", "已分配": "assigned",
        "处理中": "in_progress", "进行中": "in_progress", "active": "in_progress",
        "待客户": "pending_customer", "等待客户": "pending_customer",
        "pending": "pending_customer", "on hold": "pending_customer",
        "待内部": "pending_internal", "等待内部": "pending_internal",
        "已解决": "resolved", "已完成": "resolved", "solved": "resolved", "done": "resolved",
        "已关闭": "closed", "关闭": "closed", "已结案": "closed",
        "已取消": "cancelled", "取消": "cancelled", "canceled": "cancelled",
        "已合并": "merged",
    },
    "RequestType": {
        "咨询": "consult", "安装": "install", "维修": "repair", "退货": "return", "换货": "exchange",
        "补件": "parts", "投诉转单": "complaint", "其他": "other", "其它": "other",
    },
    "Priority": {
        "紧急": "urgent", "特急": "urgent", "加急": "urgent", "critical": "urgent", "p1": "urgent",
        "高": "high", "p2": "high", "普通": "normal", "中": "normal", "一般": "normal",
        "medium": "normal", "moderate": "normal", "p3": "normal", "低": "low", "p4": "low",
    },
    "Complexity": {"基础": "basic", "简单": "basic", "复杂": "complex"},
    "ResolutionCode": {
        "远程指导": "remote", "上门维修": "onsite", "换货": "exchange", "退货退款": "refund",
        "退款": "refund", "补件": "parts", "解释说明": "explained", "转厂返修": "factory_repair",
        "无法解决": "unsolved", "客户放弃": "abandoned",
    },
    "VisitOutcome": {
        "完成": "done", "已完成": "done", "未完成": "not_done", "客户不在": "customer_absent",
        "取消": "cancelled",
    },
    "Party": {"客户": "customer", "公司": "company", "我方": "company", "customer": "customer"},
    "ComplaintStatus": {
        "已登记": "registered", "待受理": "registered", "已受理": "accepted", "受理": "accepted",
        "调查处理": "investigating", "处理中": "investigating", "调查中": "investigating",
        "方案已告知": "responded", "已答复": "responded", "已办结": "resolved", "办结": "resolved",
        "已解决": "resolved", "已关闭": "closed", "关闭": "closed", "不予受理": "rejected",
        "撤诉": "withdrawn", "已撤诉": "withdrawn", "已合并": "merged",
    },
    "Severity": {"一般": "normal", "普通": "normal", "重大": "major", "严重": "major", "紧急": "urgent"},
    "Demand": {
        "退款": "refund", "换货": "exchange", "维修": "repair", "补偿": "compensation",
        "赔偿": "compensation", "道歉": "apology", "解释": "explanation", "整改": "rectification",
        "其他": "other", "其它": "other",
    },
    "Remedy": {"换货": "replacement", "退款": "refund", "维修": "repair", "其他": "other"},
    "Liability": {
        "有责": "liable", "部分有责": "partly", "无责": "not_liable", "待定": "pending",
    },
    "CallbackKind": {
        "常规": "routine", "投诉": "complaint", "低分挽回": "low_score", "差评回访": "low_score",
        "重点客户关怀": "key_care", "神秘访客跟进": "mystery",
    },
    "CallbackState": {
        "待回访": "planned", "回访中": "in_progress", "已完成": "completed", "完成": "completed",
        "无法接通": "unreachable", "联系不上": "unreachable", "拒访": "refused", "已取消": "cancelled",
    },
    "AttemptResult": {
        "接通": "connected", "无人接听": "no_answer", "占线": "busy", "关机停机": "off", "关机": "off",
        "停机": "off", "空号": "wrong_number", "挂断": "hung_up", "拒访": "refused",
    },
    "CallbackResult": {
        "满意": "satisfied", "一般": "fair", "不满意": "dissatisfied", "提出新问题": "new_problem",
    },
    "SurveyMethod": {
        "电话回访": "callback", "电话": "callback", "短信": "sms", "微信": "wechat",
        "问卷星": "form", "问卷": "form", "平台评价": "platform", "现场": "on_site",
    },
    "SurveySource": {
        "客户": "customer", "顾客": "customer", "神秘顾客": "mystery", "神秘访客": "mystery",
        "合作伙伴": "partner", "经销商": "partner", "第三方": "third_party",
    },
    "SurveyKind": {"普通": "normal", "正常": "normal", "挽回": "recovery", "挽回后": "recovery"},
    "CustomerKind": {"个人": "person", "企业": "company", "单位": "company", "公司": "company"},
    "Tier": {"重点": "key", "普通": "normal", "vip": "key"},
    "Platform": {
        "天猫": "tmall", "淘宝": "tmall", "京东": "jd", "抖音": "douyin", "自营": "own",
        "门店": "store", "其他": "other",
    },
    "QualityResult": {
        "合格": "pass", "通过": "pass", "不合格": "fail", "不通过": "fail", "不适用": "na", "1": "pass",
        "0": "fail", "是": "pass", "否": "fail", "√": "pass", "×": "fail",
    },
    "DayKind": {
        "休": "off", "放假": "off", "休息": "off", "休息日": "off", "节假日": "off", "holiday": "off",
        "班": "work", "上班": "work", "补班": "work", "调休上班": "work", "工作日": "work",
    },
    "MetricDirection": {"越高越好": "up", "越低越好": "down", "↑": "up", "↓": "down"},
    "ArticleStatus": {"草稿": "draft", "已发布": "published", "停用": "retired"},
}  # fmt: skip

# Words for the five points of satisfaction (domain.md 1, 6).
CSAT_WORDS = {
    "非常满意": 5, "很满意": 5, "very satisfied": 5, "满意": 4, "比较满意": 4, "satisfied": 4,
    "一般": 3, "neutral": 3, "不满意": 2, "dissatisfied": 2, "非常不满意": 1, "很不满意": 1,
    "very dissatisfied": 1,
}  # fmt: skip
# Words for the ends of the recommendation; between them only points are clear.
NPS_WORDS = {
    "非常愿意": 10, "非常可能": 10, "一定会": 10, "非常不愿意": 0, "完全不可能": 0, "肯定不会": 0,
    "extremely likely": 10, "not at all likely": 0,
}  # fmt: skip
