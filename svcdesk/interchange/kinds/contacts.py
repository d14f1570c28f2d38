"""Imports of callbacks, their attempts, and survey answers (domain.md 2.8, 2.9)."""

from __future__ import annotations

from svcdesk.i18n.catalog import N_
from svcdesk.interchange.kinds.model import Field, FieldType, Kind

T = FieldType

CALLBACKS = Kind(
    "callbacks",
    "callback",
    "callback",
    N_("Callbacks"),
    (
        Field("callback_no", T.CODE, synonyms=("回访单号", "编号", "id")),
        Field("external_no", T.CODE, synonyms=("外部编号",)),
        Field("kind", T.CHOICE, choice="CallbackKind", synonyms=("类型",), example="常规"),
        Field("ticket", T.REFERENCE, target="ticket", synonyms=("工单", "ticket no")),
        Field("complaint", T.REFERENCE, target="complaint", synonyms=("投诉", "complaint no")),
        Field("survey", T.REFERENCE, target="survey", synonyms=("问卷", "survey no")),
        Field("customer", T.REFERENCE, target="customer",
              synonyms=("客户编号", "客户名称", "客户姓名", "customer no", "customer name")),
        Field("customer_phone", T.PHONES, synonyms=("客户电话", "联系电话", "电话", "手机号")),
        Field("planned_by", T.REFERENCE, target="person"),
        Field("assignee", T.REFERENCE, target="person", synonyms=("回访专员", "回访员", "caller")),
        Field("due_at", T.MOMENT, required=True, example="2026-03-08 18:00",
              synonyms=("计划回访时间", "截止时间", "应访时间", "due")),
        Field("state", T.CHOICE, choice="CallbackState", synonyms=("回访状态", "status"),
              example="已完成"),
        Field("completed_at", T.MOMENT, happened=True, synonyms=("回访时间", "实际回访时间")),
        Field("result", T.CHOICE, choice="CallbackResult", synonyms=("结果",), example="满意"),
        Field("notes", T.LONG_TEXT, synonyms=("说明", "回访内容", "note")),
    ),
    number="callback_no",
)  # fmt: skip

CALLBACK_ATTEMPTS = Kind(
    "callback-attempts",
    "callback_attempt",
    "callback_attempt",
    N_("Callback attempts"),
    (
        Field("callback", T.REFERENCE, required=True, target="callback",
              synonyms=("外部单号", "回访单号", "callback no")),
        Field("seq", T.INTEGER, low=1),
        Field("at", T.MOMENT, required=True, happened=True, synonyms=("拨打时间", "呼叫时间")),
        Field("actor", T.REFERENCE, target="person", synonyms=("回访人", "拨打人")),
        Field("result", T.CHOICE, required=True, choice="AttemptResult", synonyms=("结果",)),
        Field("note", T.TEXT, synonyms=("说明",)),
    ),
    natural=("callback", "at"),
)  # fmt: skip

SURVEYS = Kind(
    "surveys",
    "survey",
    "survey",
    N_("Survey answers"),
    (
        Field("survey_no", T.CODE, synonyms=("问卷号", "编号", "id")),
        Field("external_no", T.CODE, synonyms=("外部编号", "答卷编号", "unique id")),
        Field("ticket", T.REFERENCE, target="ticket", synonyms=("工单", "ticket no")),
        Field("complaint", T.REFERENCE, target="complaint", synonyms=("投诉", "complaint no")),
        Field("customer", T.REFERENCE, target="customer",
              synonyms=("客户编号", "客户名称", "客户姓名", "customer no", "customer name")),
        Field("customer_phone", T.PHONES, synonyms=("客户电话", "联系电话", "电话", "手机号")),
        Field("agent", T.REFERENCE, target="person", synonyms=("客服", "处理人", "agent name")),
        Field("channel", T.REFERENCE, target="channel"),
        Field("issue", T.REFERENCE, target="issue"),
        Field("product", T.REFERENCE, target="product", synonyms=("产品名称",)),
        Field("method", T.CHOICE, choice="SurveyMethod", synonyms=("方式", "来源"), example="电话回访"),
        Field("sent_at", T.MOMENT, happened=True, synonyms=("发出时间", "邀请时间")),
        Field("responded_at", T.MOMENT, happened=True, example="2026-03-08 10:20",
              synonyms=("回答时间", "评价时间", "提交时间", "提交答卷时间", "survey response date")),
        Field("csat", T.CSAT, example="5",
              synonyms=("满意度评分", "评分", "得分", "总体满意度", "csat score", "score", "rating")),
        *(Field(name, T.CSAT, example="4")
          for name in ("dim_attitude", "dim_speed", "dim_skill", "dim_result")),
        Field("nps", T.NPS, example="9", synonyms=("推荐意愿", "净推荐值", "推荐分")),
        Field("comment", T.LONG_TEXT, synonyms=("评价", "意见建议", "意见", "建议", "remarks", "review")),
        Field("kind", T.CHOICE, choice="SurveyKind"),
        Field("source", T.CHOICE, choice="SurveySource"),
        Field("team", T.TEXT),
        Field("tier", T.CHOICE, choice="Tier"),
        Field("invalid", T.YES_NO, synonyms=("无效问卷",)),
        Field("invalid_reason", T.TEXT),
        Field("reasons", T.WORDS, synonyms=("不满意原因", "差评原因")),
    ),
    number="survey_no",
)  # fmt: skip

QUESTIONNAIRES = Kind(
    "questionnaires",
    "survey_answer",
    "survey_answer",
    N_("Questionnaire exports"),
    (
        Field("external_no", T.CODE, synonyms=("答卷编号", "答题序号", "序号", "评价编号", "评论id", "id")),
        Field("ticket_ref", T.CODE, synonyms=("工单", "工单编号", "服务单号", "ticket no"),
              hints=("工单号", "服务单号")),
        Field("order_ref", T.CODE, synonyms=("订单编号", "平台订单号", "order id"), hints=("订单",)),
        Field("phone", T.PHONES, synonyms=("手机号", "手机号码", "联系电话", "客户电话", "mobile"),
              hints=("手机", "电话号码")),
        Field("respondent", T.TEXT, synonyms=("姓名", "昵称", "买家昵称", "客户姓名", "客户")),
        Field("responded_at", T.MOMENT, required=True, happened=True, example="2026-03-08 10:20",
              synonyms=("提交答卷时间", "提交时间", "评价时间", "答题时间", "回答时间", "submit time")),
        Field("method", T.CHOICE, choice="SurveyMethod", synonyms=("方式",), example="问卷星"),
        Field("source", T.CHOICE, choice="SurveySource", synonyms=("来源类型",)),
        Field("csat", T.CSAT, example="非常满意",
              synonyms=("满意度评分", "评分", "星级", "得分", "总体满意度", "满意度", "score", "rating"),
              hints=("总体满意", "整体满意", "对本次服务是否满意", "满意度评价", "overall")),
        Field("dim_attitude", T.CSAT, example="4", hints=("态度", "attitude")),
        Field("dim_speed", T.CSAT, example="4", hints=("速度", "及时", "效率", "speed")),
        Field("dim_skill", T.CSAT, example="4", hints=("专业", "技术水平", "expertise")),
        Field("dim_result", T.CSAT, example="4", hints=("解决结果", "问题解决", "是否解决", "result")),
        Field("nps", T.NPS, example="9", synonyms=("推荐意愿", "净推荐值", "推荐分"),
              hints=("推荐", "recommend")),
        Field("comment", T.LONG_TEXT, synonyms=("评价内容", "意见建议", "意见", "建议", "review"),
              hints=("意见", "建议", "评价内容", "原因", "其他想说", "comment")),
        Field("reasons", T.WORDS, synonyms=("不满意原因", "差评原因")),
    ),
)  # fmt: skip
