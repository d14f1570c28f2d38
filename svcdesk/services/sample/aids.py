"""The sample's templates, macros, replies and checklists, and what tickets have of them."""

from __future__ import annotations

import json
import struct
import zlib
from typing import TYPE_CHECKING, Any

from svcdesk.domain.aids import Aid, AidKind
from svcdesk.services.checklists import write_list
from svcdesk.services.ticket_rows import event
from svcdesk.store import aids as rows
from svcdesk.store import files
from svcdesk.store import records as stored
from svcdesk.store.aids import write_details

if TYPE_CHECKING:
    from svcdesk.services.sample.cases import Cases

CHECKLISTS = (
    ("退换货质检", "退换货", (
        ("核对订单号与退货单号", True), ("外包装拍照留存", True), ("核对配件与赠品是否齐全", True),
        ("通电检测并记录故障现象", True), ("判定责任并录入系统", False))),
    ("上门维修", "上门", (
        ("电话确认上门时间与地址", True), ("备齐配件", False), ("安装环境与用电安全检查", True),
        ("试机正常，客户签字确认", True))),
    ("首次安装回访", "回访", (("确认安装完好", False), ("讲解滤网清洗方法", False), ("登记满意度", False))),
)  # fmt: skip
REPLIES = (
    ("问候", "常用", "wh", "您好，{姓名}，这里是{单位}，您的工单{工单号}由{处理人}为您跟进。"),
    ("处理时限", "常用", "sx", "您好，{姓名}，您反映的问题我们会在{时限}前给您答复，请您放心。"),
    ("索要订单号", "常用", "dd", "您好，{姓名}，为尽快核实，请您提供订单号和故障照片，谢谢。"),
    ("订单已查到", "退换货", "cd", "您好，{姓名}，订单{订单号}已查到，正在与仓储核对，稍后给您回复。"),
    ("退货流程", "退换货", "th", "您好，{姓名}，退货请保留原包装和配件，我们会安排上门取件，质检通过后 3 个工作日内退款。"),
    ("上门预约", "上门", "sm", "您好，{姓名}，工程师将于{上门时间}上门处理您的{产品}，请保持电话畅通。"),
    ("超时致歉", "安抚", "qs", "{姓名}您好，让您久等了，非常抱歉。您的工单{工单号}已加急，{处理人}会在今天内给您明确答复。"),
    ("处理完成", "常用", "wc", "您好，{姓名}，您的{产品}问题已处理：{解决方案}。如仍有不便，请随时联系我们。"),
)  # fmt: skip


def macros(
    lists: dict[str, int], department: int
) -> tuple[tuple[str, str, list[dict[str, Any]]], ...]:
    """Return name, folder and actions of the macros; ``lists``: keys of the checklists."""
    return (
        ("已接单，告知时限", "常用", [
            {"do": "say", "kind": "public_reply", "text": "您好，{姓名}，工单{工单号}已受理，我们会在{时限}前给您答复。"},
            {"do": "time", "minutes": 5, "activity": "reply"}]),
        ("转退换货质检", "退换货", [
            {"do": "set", "field": "resp_dept_id", "value": department},
            {"do": "tag", "add": "待质检"}, {"do": "checklist", "id": lists["退换货质检"]},
            {"do": "say", "kind": "internal_note", "text": "已转质检，按清单逐项核对。"}]),
        ("电话指导解决", "常用", [
            {"do": "set", "field": "resolution_code", "value": "remote"},
            {"do": "set", "field": "solution", "value": "电话指导客户清洗滤网并复位，恢复正常。"},
            {"do": "say", "kind": "public_reply", "text": "您好，{姓名}，已电话指导处理，如有问题请随时联系。"},
            {"do": "time", "minutes": 15, "activity": "phone"},
            {"do": "step", "action": "resolve", "values": {}}]),
        ("次日回访", "回访", [{"do": "callback", "hours": 24}, {"do": "tag", "add": "待回访"}]),
    )  # fmt: skip


def write(cases: Cases) -> None:
    """Write the templates, and give some of the open tickets checklists, tags and a photo."""
    uow, records = cases.uow, cases.records
    lists = {
        name: rows.save(uow, Aid(0, AidKind.CHECKLIST, name, _items(items), folder, sort=place))
        for place, (name, folder, items) in enumerate(CHECKLISTS)
    }
    for place, (name, folder, shortcut, text) in enumerate(REPLIES):
        rows.save(uow, Aid(0, AidKind.REPLY, name, {"text": text}, folder, shortcut, sort=place))
    inspection = records.code("department", "product.inspection")
    for place, (name, folder, actions) in enumerate(macros(lists, inspection)):
        rows.save(uow, Aid(0, AidKind.MACRO, name, {"actions": actions}, folder, sort=place))
    for place, (name, values, wanted) in enumerate(_tickets(cases)):
        body = {"values": values, "checklists": [lists[one] for one in wanted]}
        rows.save(uow, Aid(0, AidKind.TICKET, name, body, sort=place))
    _on_tickets(cases, lists)


def _items(items: tuple[tuple[str, bool], ...]) -> dict[str, Any]:
    return {"items": [{"text": text, "blocking": must} for text, must in items]}


def _tickets(cases: Cases) -> tuple[tuple[str, dict[str, Any], tuple[str, ...]], ...]:
    code = cases.records.code
    quality, logistics = code("issue", "quality"), code("issue", "delivery")
    return (
        ("空调报修", {"request_type": "repair", "priority": "normal", "issue_id": quality,
                    "title": "空调制冷效果差", "warranty": "unknown",
                    "description": "出风口温度：\n使用时长：\n是否清洗滤网：\n故障代码："}, ("上门维修",)),
        ("退货申请", {"request_type": "return", "priority": "normal", "issue_id": quality,
                    "title": "申请退货", "description": "退货原因：\n商品状态：\n配件与包装："}, ("退换货质检",)),
        ("物流查询", {"request_type": "consult", "priority": "normal", "issue_id": logistics,
                    "title": "查询物流进度", "description": "快递单号：\n最近一次物流状态："}, ()),
    )  # fmt: skip


def _on_tickets(cases: Cases, lists: dict[str, int]) -> None:
    """Give open tickets what belongs to their kind."""
    uow = cases.uow
    by_kind = {"return": "退换货质检", "exchange": "退换货质检", "repair": "上门维修"}
    open_ones = [
        ticket
        for key in rows.open_tickets(uow.connection)
        if (ticket := stored.get(uow.connection, "ticket", key)) is not None
    ]
    for place, ticket in enumerate(open_ones):
        key, kind = int(ticket["id"]), str(ticket["request_type"])
        if kind not in by_kind:
            continue
        write_list(uow, key, lists[by_kind[kind]])
        for item in rows.checks(uow.connection, key)[: place % 4]:
            uow.update("checklist_item", item["id"],
                       {"done_at": cases.now - 3600, "done_by_id": ticket["owner_id"]})  # fmt: skip
        details = {"warranty": "in"} if kind == "repair" else {"return_reason": "quality"}
        write_details(uow, key, details)
        tag = "待配件" if kind == "repair" else "待质检"
        uow.update("ticket", key, {"tags": json.dumps([tag], ensure_ascii=False)})
        if place % 3 == 0:
            _photo(cases, key, place)


def _photo(cases: Cases, ticket_id: int, number: int) -> None:
    """Attach a small picture: the display of an appliance with its fault code."""
    content = picture(160, 120, number)
    name = f"故障显示屏_{number + 1}.png"
    cases.uow.insert(
        "attachment",
        {"owner_table": "ticket", "owner_id": ticket_id, "name": name, "mime": "image/png",
         "sha256": files.keep(cases.desk.path, content), "size": len(content)},
    )  # fmt: skip
    event(cases.uow, ticket_id, "internal_note", name="attachment", text=name, automatic=True)


_SEGMENTS = (
    "abcdef",
    "bc",
    "abged",
    "abgcd",
    "fgbc",
    "afgcd",
    "afgedc",
    "abc",
    "abcdefg",
    "abfgcd",
)


def picture(width: int, height: int, number: int) -> bytes:
    """Return a PNG of a seven-segment display that shows ``E`` and a digit."""
    grid = [[40] * width for _line in range(height)]
    for left, lit in ((30, "afged"), (90, _SEGMENTS[number % 10])):
        for place, (x, y, w, h) in {
            "a": (0, 0, 40, 6), "g": (0, 37, 40, 6), "d": (0, 74, 40, 6), "f": (0, 0, 6, 40),
            "b": (34, 0, 6, 40), "e": (0, 40, 6, 40), "c": (34, 40, 6, 40),
        }.items():  # fmt: skip
            ink = 235 if place in lit else 55
            for row in range(y, y + h):
                for column in range(x, x + w):
                    spot = grid[20 + row]
                    spot[left + column] = max(ink, spot[left + column])
    raw = b"".join(b"\0" + bytes(line) for line in grid)

    def chunk(kind: bytes, data: bytes) -> bytes:
        end = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + end

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw, 9))
            + chunk(b"IEND", b""))  # fmt: skip
