"""The sample's quality meeting, trainings and the plan of the running quarter (domain.md 2.16, 5.4)."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from svcdesk.domain.localtime import local_date
from svcdesk.domain.training import COURSE, ONBOARDING, totals
from svcdesk.store import plan_rows, trainings, typed_rows

if TYPE_CHECKING:
    from svcdesk.services.sample.records import Records
    from svcdesk.store.plan_rows import MeasureRow

_TASKS = (  # week of the quarter in which it is due, text, metric
    (2, "梳理全流程卡点，针对跨部门信息同步制定SOP", "complex_cycle_wd"),
    (4, "与仓储、质检约定每日10:00、16:00同步进度", "complex_cycle_wd"),
    (8, "老员工服务方法论工作坊（每月1次）", "csat_very_rate"),
    (12, "重点客户逐一触达，核对服务档案", "key_reach_rate"),
)
_SCORES = (92, 88, 76, 95, 84, 58, 90)  # of a course with pass mark 80, by place


def write(records: Records) -> None:
    """Write the meeting of the last month, its trainings, and the plan of the quarter."""
    _meeting(records)
    _trainings(records)
    _typed(records)
    _plan(records)


def _last_month(records: Records) -> date:
    return records.story.months[-1]


def _meeting(records: Records) -> None:
    uow, people = records.uow, records.people
    held = _last_month(records).replace(day=25)
    measures = plan_rows.measures(uow.connection)
    meeting = uow.insert(
        "meeting",
        {
            "title": "售后问题复盘会", "held_on": held.isoformat(), "chair_id": people["周敏"],
            "people": json.dumps([people[name] for name in ("周敏", "陈雨", "李晓彤", "王立群")]),
            "guests": "仓储部 马师傅、质检部 于工", "note": "下次会议：次月25日。",
        },
    )  # fmt: skip
    for place, point in enumerate(_points(records, measures, held)):
        uow.insert("meeting_point", {"meeting_id": meeting, "sort": place, **point})


def _points(records: Records, measures: list[MeasureRow], held: date) -> list[dict[str, Any]]:
    people = records.people
    going = next((m for m in measures if m.state == "doing"), None)
    checked = next((m for m in measures if m.item_status == "verifying"), None)
    found: list[dict[str, Any]] = [
        {"kind": "note", "text": "上门准时率：三项措施已完成，继续观察两个月。",
         "item_id": None if checked is None else checked.item_id},
        {"kind": "note", "text": "六成延误是信息未及时录入系统，仓储部说明原因。"},
    ]  # fmt: skip
    due = held.replace(year=held.year + held.month // 12, month=held.month % 12 + 1, day=10)
    if going is not None:
        found.append({"kind": "decision", "text": going.text, "item_id": going.item_id,
                      "owner_id": going.owner_id, "due_date": going.due,
                      "action_id": going.id})  # fmt: skip
        found.append({"kind": "decision", "text": "仓储部退货签收后30分钟内在系统标注状态",
                      "item_id": going.item_id, "owner_id": people["王立群"],
                      "due_date": due.isoformat()})  # fmt: skip
    found.append({"kind": "decision", "text": "整理本月温暖服务案例并分享",
                  "owner_id": people["陈雨"], "due_date": held.isoformat(), "settled": 1})  # fmt: skip
    return found


def _trainings(records: Records) -> None:
    uow, people = records.uow, records.people
    month = _last_month(records)
    staff = [
        people[name] for name in ("李晓彤", "王立群", "何志远", "黄佳", "刘洋", "孙浩", "陈雨")
    ]
    route = next((m for m in plan_rows.measures(uow.connection) if "路线规划培训" in m.text), None)
    course = uow.insert(
        "training",
        {"title": "非暴力沟通：如何安抚情绪激动的客户", "held_on": month.replace(day=12).isoformat(),
         "kind": COURSE, "minutes": 120, "trainer": "周敏", "pass_mark": 80,
         "item_id": None if route is None else route.item_id, "note": ""},
    )  # fmt: skip
    for place, person in enumerate(staff):
        away = place == len(staff) - 2
        uow.insert("training_person", {
            "training_id": course, "person_id": person, "attended": int(not away),
            "score": None if away else _SCORES[place],
        })  # fmt: skip
    onboarding = uow.insert(
        "training",
        {"title": "新人上岗：跟岗、实操与压力测试", "held_on": month.replace(day=20).isoformat(),
         "kind": ONBOARDING, "minutes": 960, "trainer": "陈雨", "pass_mark": 85, "note": ""},
    )  # fmt: skip
    for name, score, days in (("黄佳", 91, 5), ("孙浩", 87, 6)):
        uow.insert("training_person", {
            "training_id": onboarding, "person_id": people[name], "attended": 1, "score": score,
            "days": days,
        })  # fmt: skip


def _typed(records: Records) -> None:
    """Let the typed figures of the month say what its trainings say."""
    month = _last_month(records)
    first, last = month.isoformat(), month.replace(day=28).isoformat()
    held = [row.held for row in trainings.listed(records.uow.connection, first, last)]
    found = totals(held, 0)
    for key, value in (("training_coverage", found.coverage.percent),
                       ("newcomer_pass", found.newcomers.percent)):  # fmt: skip
        if value is not None:
            keys = {"key": key, "month": first[:7]}
            typed_rows.put(records.uow, "manual_metric", keys,
                           {"value": round(float(value), 1), "note": "培训记录"})  # fmt: skip


def _plan(records: Records) -> None:
    uow = records.uow
    today = local_date(records.desk.clock.now(), records.reference.settings["timezone"])
    first = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    code = f"{first.year}-Q{(first.month - 1) // 3 + 1}"
    for place, (week, text, metric) in enumerate(_TASKS):
        due = date.fromordinal(first.toordinal() + 7 * week - 3)
        uow.insert("plan_task", {
            "period": code, "text": text, "metric": metric,
            "owner_id": records.agents[place % len(records.agents)], "due_date": due.isoformat(),
        })  # fmt: skip
