"""The sample's improvement loop: from a breach to proven effect (domain.md 2.12).

Nothing is said to have worked here: an item is closed as effective when the figures of the sample
prove it by the rule (3.8), at the end of the month that does.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from svcdesk.domain.effectiveness import Phase
from svcdesk.domain.improvement import Verdict
from svcdesk.domain.localtime import DAY
from svcdesk.domain.period import parse_period
from svcdesk.i18n.catalog import N_
from svcdesk.services import dashboards, improvement_effect
from svcdesk.store import improvements as rows
from svcdesk.store.numbers import next_number

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.improvement_effect import Effect
    from svcdesk.services.sample.records import Records
    from svcdesk.store.figures import Board

HOUR = DAY // 24
_ITEMS: tuple[dict[str, Any], ...] = (
    {
        "left": 6, "title": "物流延误工单占比连续上升", "source": "pareto", "metric": "res_sla_rate",
        "target": 75.0, "dept": "logistics.warehouse", "status": "verifying",
        "root": "搬迁后出库分区未按销量调整，拣货路径过长", "bone": "method",
        "whys": [("为什么延误工单增加？", "出库到揽收平均多2天"), ("为什么出库变慢？", "拣货排队"),
                 ("为什么排队？", "热销品放在远端库位"), ("为什么放在远端？", "搬迁时沿用旧分区表"),
                 ("为什么沿用？", "没有搬迁后复核分区的规定")],
        "actions": [("按近30天销量重排库位", "corrective"), ("搬迁与大促前复核分区，写入流程", "preventive")],
        "standard": "仓储分区复核流程 V1",
    },
    {
        "left": 4, "title": "SD-7 电池发热群体投诉", "source": "group", "metric": "csat_rate",
        "target": 85.0, "dept": "product.inspection", "status": "verifying",
        "root": "B批次电芯来料未做内阻抽检", "bone": "material",
        "whys": [("为什么电池发热？", "电芯内阻偏高"), ("为什么偏高？", "B批次一致性不足"),
                 ("为什么流入产线？", "来料只验外观与容量")],
        "actions": [("更换B批次电池并回访全部客户", "corrective"), ("来料增加内阻抽检", "preventive")],
        "standard": "电芯来料检验规范 V3",
    },
    {
        "left": 1, "title": "复杂问题解决周期超过3个工作日", "source": "threshold",
        "metric": "complex_cycle_wd", "target": 3.0, "dept": "product.engineering",
        "status": "executing",
        "root": "跨部门工单没有答复时限", "bone": "method",
        "whys": [("为什么周期长？", "待内部时间占六成"), ("为什么等待？", "部门答复没有时限"),
                 ("为什么没有？", "转交时只写原因，不写期限")],
        "actions": [("转交必须填写答复期限", "corrective"), ("每日10:00核对待内部清单", "preventive")],
        "standard": "",
    },
    {
        "left": 3, "title": "空调上门准时率仅85%（基准值95%）", "source": "threshold",
        "metric": "ontime_visit_rate", "target": 95.0, "dept": "service", "status": "verifying",
        "root": "缺乏智能路线规划工具", "bone": "machine", "baseline": 85.0, "n": 40,
        "whys": [("为什么准时率低？", "技术师路堵迟到"), ("为什么路堵？", "未提前规划路线"),
                 ("为什么未规划路线？", "系统未提供实时路况"),
                 ("为什么系统未提供？", "未集成地图导航功能"),
                 ("为什么未集成？", "新功能需求未优先排期")],
        "causes": [("man", "师傅不熟悉片区", 1, "medium", 2), ("man", "新师傅带教不足2周", 2, "low", 1),
                   ("machine", "系统无实时路况", 1, "high", 6), ("machine", "未集成地图导航", 2, "high", 5),
                   ("material", "备件需先回库领取", 1, "medium", 3),
                   ("method", "派单只看空闲，不看路程", 1, "high", 5),
                   ("method", "改约未通知师傅", 1, "low", 1),
                   ("environment", "早晚高峰路堵", 1, "medium", 4),
                   ("measurement", "到达时间靠手工补录", 1, "medium", 2)],
        "actions": [("采购集成实时路况的工单系统", "corrective"), ("开展路线规划培训（4小时）", "corrective"),
                    ("增加路线异常预警机制", "preventive")],
        "standard": "",
    },
)  # fmt: skip


def write(records: Records) -> None:
    """Write the items whose months the sample covers."""
    for item in _ITEMS:
        index = len(records.story.months) - 1 - int(item["left"])
        if index >= 0:
            _item(records, item, records.month_start(index) + 12 * DAY)


def _item(records: Records, item: dict[str, Any], at: int) -> None:
    uow, zone = records.uow, records.desk.zone
    carried_out = item["status"] == "verifying"
    item_id = uow.insert(
        "improvement_item",
        {
            "item_no": next_number(uow, "improvement_item", at, zone),
            "title": item["title"], "source": item["source"], "metric": item["metric"],
            "period": records.day_of(at)[:7], "owner_id": records.people["周敏"],
            "department_id": records.code("department", item["dept"]),
            "baseline": item.get("baseline"), "baseline_n": item.get("n"),
            "target": item["target"], "target_date": records.day_of(at + (90 if item.get("causes") else 60) * DAY),
            "problem": json.dumps({"what": item["title"]}, ensure_ascii=False),
            "status": item["status"], "created_at": at, "standardised": item["standard"],
        },
    )  # fmt: skip
    whys = [
        {"question": q, "answer": a, "evidence": "见附件记录", "depth": place, "root": False}
        for place, (q, a) in enumerate(item["whys"])
    ]
    whys[-1]["root"] = True
    causes = [
        {"bone": bone, "text": text, "depth": depth, "likelihood": likelihood, "votes": votes,
         "verified": likelihood == "high", "evidence": "", "root": text == "未集成地图导航"}
        for bone, text, depth, likelihood, votes in item.get("causes", ())
    ]  # fmt: skip
    uow.insert(
        "rca",
        {
            "item_id": item_id, "method": "both" if causes else "five_why",
            "whys": json.dumps(whys, ensure_ascii=False),
            "causes": json.dumps(causes, ensure_ascii=False),
            "root_cause": item["root"], "root_bone": item["bone"], "controllable": 1,
            "confirmed_by_id": records.people["陈雨"], "confirmed_at": at + 6 * DAY,
        },
    )  # fmt: skip
    for position, (text, kind) in enumerate(item["actions"]):
        finished = carried_out or position == 0
        uow.insert(
            "action",
            {
                "action_no": next_number(uow, "action", at, zone), "item_id": item_id, "text": text,
                "kind": kind, "owner_id": records.agents[position % len(records.agents)],
                "due_date": records.day_of(at + (20 + 10 * position) * DAY),
                "state": "done" if finished else "doing",
                "progress": json.dumps([{"at": at + 10 * DAY, "percent": 100 if finished else 50, "note": ""}]),
                "done_at": at + (18 + 8 * position) * DAY if finished else None,
            },
        )  # fmt: skip


def settle(desk: Desk) -> None:
    """Close the items whose figures prove their measures, the day after the month that does."""
    with dashboards.board(desk) as board:
        connection = board.run.connection
        proven = {
            item["id"]: found
            for item in rows.watched(connection)
            if item["status"] == "verifying"
            and (found := _proof(board, item, rows.parts(connection, item["id"], "action")))
        }
    with desk.write(N_("Make sample data"), kind="system") as uow:
        verifier = next((p.id for p in desk.reference.people.values() if p.name == "陈雨"), None)
        for item_id, (at, effect) in proven.items():
            uow.insert("verification", {
                "item_id": item_id, "verifier_id": verifier, "verdict": "effective",
                "proposed": str(effect.proposed), "at": at, "note": "连续2个月达到目标",
                "series": rows.as_json(improvement_effect.series(effect)),
            })  # fmt: skip
            uow.update("improvement_item", item_id, {
                "status": "closed", "verdict": "effective", "closed_at": at + HOUR,
            })  # fmt: skip


def _proof(
    board: Board, item: dict[str, Any], actions: list[dict[str, Any]]
) -> tuple[int, Effect] | None:
    """Return when the months proved an item effective for the first time, and by what."""
    whole = improvement_effect.effect(board, item, actions, board.as_of)
    settings = board.reference.settings
    for month in whole.months:
        if month.phase is not Phase.AFTER:
            continue
        end = parse_period(month.code, settings["period_start_day"], settings["timezone"]).end_at
        found = improvement_effect.effect(board, item, actions, end)
        if found.proposed is Verdict.EFFECTIVE and end + DAY + HOUR < board.as_of:
            return end + DAY, found
    return None
