"""One complaint of the sample with everything a grave one brings, open at this very moment."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from svcdesk.domain.localtime import DAY, local_date
from svcdesk.domain.people import Role
from svcdesk.store import derived
from svcdesk.store.numbers import next_number

if TYPE_CHECKING:
    from svcdesk.services.sample.cases import Cases

HOUR = 3600
TEXT = ("客户反映：扫地机器人充电仓发热，底座外壳变色，半夜闻到焦味。曾报修两次未解决，"
        "已发小红书，并向 12315 投诉，要求退一赔一，否则请律师起诉。")  # fmt: skip


def write_grave_case(cases: Cases) -> None:
    """Write the case: departments, approval, external case, extension, exposure, escalation."""
    at = cases.calendar.working_day_deadline(cases.now - 9 * DAY, 1) - 7 * HOUR
    if at >= cases.now - 2 * DAY:
        return
    key = _complaint(cases, at)
    agent, boss = _people(cases)
    for table, row in _parts(cases, at, agent):
        cases.uow.insert(table, {"complaint_id": key, **row})
    _history(cases, key, at, agent)
    derived.refresh_complaint(cases.uow, key, cases.records.reference)
    due = cases.calendar.working_day_deadline(at, 5)
    extended = cases.calendar.working_day_deadline(cases.now, 2)
    if extended > due:
        cases.uow.update("complaint", key, {
            "due_original_at": due, "due_at": extended, "extension_reason": "等待检测报告",
        })  # fmt: skip
        cases.uow.insert("complaint_extension", {
            "complaint_id": key, "at": at + 2 * DAY, "granted_by_id": boss, "old_due_at": due,
            "new_due_at": extended, "reason": "等待检测报告",
        })  # fmt: skip
        derived.refresh_complaint(cases.uow, key, cases.records.reference)
    cases.counts["complaints"] += 1


def _people(cases: Cases) -> tuple[int, int]:
    """Return an agent and a supervisor who is somebody else."""
    agent = int(cases.records.agents[0])
    people = cases.records.reference.people.values()
    boss = next(
        (p.id for p in people if p.id != agent and {Role.SUPERVISOR, Role.ADMIN} & set(p.roles)),
        agent,
    )
    return agent, boss


def _complaint(cases: Cases, at: int) -> int:
    records, uow = cases.records, cases.uow
    agent = int(records.agents[0])
    customer = records.customers[3]
    row: dict[str, Any] = {
        "complaint_no": next_number(uow, "complaint", at, cases.desk.zone),
        "received_at": at, "customer_id": customer[0], "tier": customer[1],
        "product_id": records.launch, "channel_id": records.code("channel", "phone"),
        "category_id": records.code("category", "product"), "title": TEXT[5:60],
        "severity": "major", "severity_proposed": "major",
        "severity_reasons": json.dumps(["safety", "exposure", "legal"]),
        "resp_dept_id": records.code("department", "product"), "handler_id": agent,
        "demand": "refund", "demand_amount": 399_800, "region": "浙江省杭州市",
        "serial_no": "SD7-2603-0418", "status": "investigating", "last_event_at": at,
        "remedy": json.dumps([]), "compensation": 120_000, "social_exposure": 1,
        "exposure_platform": "小红书", "exposure_url": "https://www.xiaohongshu.com/explore/0418",
        "exposure_state": "answered", "exposure_reach": 12_600, "exposure_handler_id": agent,
        "exposure_since": at, "escalated_to": "manager", "escalated_at": at + DAY,
        "external_case": "1330106002026040112", "external_due_at": _accept_due(cases, at),
        "impact_reputation": 1, "impact_guarantees": 1, "impact_cost": 8_600,
    }  # fmt: skip
    key = uow.insert("complaint", row)
    uow.insert("complaint_text", {"description": TEXT, "cause": "", "answer": ""}, key=key)
    return key


def _accept_due(cases: Cases, at: int) -> int:
    return cases.calendar.working_day_deadline(at + DAY, 7)


def _parts(cases: Cases, at: int, agent: int) -> list[tuple[str, dict[str, Any]]]:
    code, now = cases.records.code, cases.now
    zone = cases.records.reference.settings["timezone"]
    soon = cases.calendar.working_day_deadline(now, 1)

    def note(days: int, state: str, reach: int, text: str) -> tuple[str, dict[str, Any]]:
        day = local_date(now - days * DAY, zone).isoformat()
        row = {"day": day, "person_id": agent, "state": state, "reach": reach, "text": text}
        return "exposure_note", row

    return [
        ("complaint_department", {
            "department_id": code("department", "product"), "asked_at": at + HOUR,
            "asked_by_id": agent, "due_at": soon, "task": "检测充电仓温升，给出鉴定结论"}),
        ("complaint_department", {
            "department_id": code("department", "logistics"), "asked_at": at + HOUR,
            "asked_by_id": agent, "due_at": at + DAY, "task": "安排上门取回涉事整机",
            "answer": "已取回，运单 SF1400281", "answered_at": at + 5 * HOUR,
            "answered_by_id": agent}),
        ("complaint_approval", {
            "amount": 120_000, "requested_at": at + 3 * HOUR, "requested_by_id": agent,
            "reason": "退货退款外补偿 1,200 元，争取当日和解", "state": "open"}),
        ("complaint_case", {
            "body": "12315", "case_no": "1330106002026040112", "received_at": at + DAY,
            "accept_due_at": _accept_due(cases, at), "due_at": at + 61 * DAY}),
        ("complaint_escalation", {
            "at": at + DAY, "level": "manager", "from_id": agent, "to_name": "赵经理",
            "cause": "severity", "reason": "涉及安全与媒体曝光，需公司层面决策"}),
        note(2, "watching", 3_200, "笔记发布，评论 41 条，多为询问批次"),
        note(1, "answered", 12_600, "已私信博主并公开致歉，评论趋缓"),
    ]  # fmt: skip


def _history(cases: Cases, key: int, at: int, agent: int) -> None:
    code = cases.records.code
    events: tuple[tuple[int, str, dict[str, Any]], ...] = (
        (0, "registered", {}),
        (600, "accepted", {"department_id": code("department", "product")}),
        (900, "investigating", {}),
        (1500, "contacted", {"text": "致歉，请客户断电停用"}),
        (HOUR, "note", {"name": "department_asked", "text": "检测充电仓温升，给出鉴定结论",
                        "department_id": code("department", "product")}),
        (HOUR + 60, "note", {"name": "department_asked", "text": "安排上门取回涉事整机",
                             "department_id": code("department", "logistics")}),
        (3 * HOUR, "note", {"name": "approval_asked", "new": "120000",
                            "text": "退货退款外补偿 1,200 元，争取当日和解"}),
        (5 * HOUR, "note", {"name": "department_answered", "text": "已取回，运单 SF1400281",
                            "department_id": code("department", "logistics")}),
        (DAY, "note", {"name": "case_added", "new": "12315", "text": "1330106002026040112"}),
        (DAY + 60, "escalated", {"new": "manager", "text": "涉及安全与媒体曝光"}),
        (DAY + HOUR, "interim_feedback", {"text": "告知检测进度与取件情况"}),
    )  # fmt: skip
    for seq, (after, kind, more) in enumerate(events, 1):
        cases.uow.insert(
            "complaint_event",
            {"complaint_id": key, "seq": seq, "at": at + after, "actor_id": agent, "type": kind,
             "entered_at": at + after + 90, **more},
        )  # fmt: skip
