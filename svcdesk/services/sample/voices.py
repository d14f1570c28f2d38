"""The sample's surveys as they really go, and its quality checks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from svcdesk.domain import quality
from svcdesk.domain.customer import QualityResult
from svcdesk.domain.localtime import DAY
from svcdesk.services import surveys
from svcdesk.store import quality as checks
from svcdesk.store import records as rows
from svcdesk.store import surveys as store
from svcdesk.store.numbers import next_number

if TYPE_CHECKING:
    from svcdesk.services.sample.cases import Cases

HOUR = 3600
CHECKED = 3  # per agent and month
UNMATCHED = (
    ("GD202600-0001", None, "13800009999", 4, "师傅很专业。"),
    (None, "JD20260012345", None, 2, "等了一个星期才上门。"),
    (None, None, "13900008888", 5, "非常满意，谢谢。"),
    ("手写单号看不清", None, None, 1, "电话一直打不通。"),
)
OTHERS = (
    ("mystery", 3, "没有主动出示工牌，其余规范。"),
    ("mystery", 4, "流程完整，语速偏快。"),
    ("partner", 4, "经销商反馈：配件到货快了。"),
    ("third_party", 4, "行业报告：服务评价居中上。"),
)
NOTES = ("开场白未报姓名", "未告知收费标准", "记录缺少故障照片", "复述确认到位，继续保持", "")


def write(cases: Cases) -> None:
    """Write what was changed, invalid, unmatched or said by others, and the checks."""
    _freeze(cases)
    _changed(cases)
    _others(cases)
    _checks(cases)


def _freeze(cases: Cases) -> None:
    """Give every survey its closing, team and participants, as sending it would have."""
    uow = cases.uow
    form = surveys.active_form(uow, cases.desk)
    for key in store.without_closing(uow.connection):
        survey = rows.get(uow.connection, "survey", key) or {}
        row: dict[str, Any] = {"first_at": survey["responded_at"], "form_id": form}
        case = surveys.case_of(survey)
        if case is not None:
            closed = store.closing(uow.connection, *case, survey["sent_at"])
            frozen = store.attribution(uow.connection, *case, closed)
            names = ("team", "closing_seq", "closing_at", "participants")
            row.update({name: frozen[name] for name in names if frozen.get(name) is not None})
        uow.update("survey", key, row)


def _changed(cases: Cases) -> None:
    """Let some customers answer twice, and take two answers out of the figures."""
    uow = cases.uow
    found = store.answered_by_text(uow.connection, cases.now - 60 * DAY)
    for key in found[:5]:
        survey = rows.get(uow.connection, "survey", key) or {}
        last = {"csat": 5, "nps": 9, "comment": "后来解决了，改成好评。", "method": "sms"}
        at = min(survey["responded_at"] + 2 * DAY, cases.now - HOUR)
        surveys.add_answer(uow, cases.desk, key, {**last, "responded_at": at}, by_hand=False)
    for key, reason in zip(found[5:7], ("客服代填", "同一客户重复提交"), strict=False):
        uow.update("survey", key, {"invalid": 1, "invalid_reason": reason})


def _others(cases: Cases) -> None:
    """Write what nobody could be found for, and the voices of others."""
    uow = cases.uow
    for number, (ticket, order, phone, csat, comment) in enumerate(UNMATCHED, start=1):
        uow.insert(
            "survey_answer",
            {"external_no": f"WJX-{number:04d}", "responded_at": cases.now - number * DAY,
             "method": "form", "csat": csat, "comment": comment, "ticket_ref": ticket,
             "order_ref": order, "phone": phone},
        )  # fmt: skip
    for number, (source, csat, comment) in enumerate(OTHERS, start=1):
        at = cases.now - number * 5 * DAY
        key = uow.insert(
            "survey",
            {"survey_no": next_number(uow, "survey", at, cases.desk.zone), "method": "form",
             "sent_at": at, "source": source},
        )  # fmt: skip
        said = {"csat": csat, "comment": comment, "responded_at": at, "source": source}
        surveys.add_answer(uow, cases.desk, key, said, by_hand=False)


def _checks(cases: Cases) -> None:
    """Check some tickets of each agent and month by lot; most pass, one fails critically."""
    uow, story, records = cases.uow, cases.story, cases.records
    form = next(f for f in store.forms(uow.connection, "quality_form") if f["active"])
    items = [quality.item_of(one) for one in json.loads(form["items"])]
    inspector = records.people["周敏"]
    critical = False
    for index, _start in enumerate(story.months):
        start = records.month_start(index)
        end = min(records.month_start(index) + 31 * DAY, cases.now - DAY)
        last = index == len(story.months) - 1
        for agent, keys in sorted(checks.unchecked(uow.connection, start, end).items()):
            if agent == inspector:
                continue
            for key in quality.drawn(keys, 1 if last else CHECKED, str(index)):
                ticket = rows.get(uow.connection, "ticket", key) or {}
                results = [_result(cases) for _item in items]
                if story.left(index) == 1 and not critical:
                    critical = True
                    places = [p for p, item in enumerate(items) if item.item == "privacy"]
                    results[places[0] if places else 0] = QualityResult.FAIL
                _insert(cases, ticket, form["id"], items, results)


def _result(cases: Cases) -> QualityResult:
    return cases.story.weighted(
        (QualityResult.PASS, QualityResult.FAIL, QualityResult.NA), (93, 2, 5)
    )


def _insert(cases: Cases, ticket: dict[str, Any], form: int, items: list[quality.FormItem],
            results: list[QualityResult]) -> None:  # fmt: skip
    pairs = list(zip(items, results, strict=True))
    failed_privacy = any(i.item == "privacy" and r is QualityResult.FAIL for i, r in pairs)
    found = quality.verdict((result, item.weight, item.critical) for item, result in pairs)
    critical = found.critical_fail or failed_privacy
    lines = [{**item.as_dict(), "result": str(result)} for item, result in pairs]
    cases.uow.insert(
        "quality_check",
        {
            "ticket_id": ticket["id"], "inspector_id": cases.records.people["周敏"],
            "agent_id": ticket["owner_id"], "form_id": form,
            "at": min(ticket["resolved_at"] + DAY, cases.now - HOUR),
            "items": json.dumps(lines, ensure_ascii=False), "critical_fail": int(critical),
            "score_tenths": found.tenths,
            "passed": None if found.passed is None else int(found.passed and not critical),
            "note": cases.story.pick(NOTES),
        },
    )  # fmt: skip
