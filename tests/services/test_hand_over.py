"""The hand-over sheets say what waits on a department, what it promised, what is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import translator
from svcdesk.services import hand_over, tickets
from svcdesk.system.job import ImmediateContext
from tests.conftest import NOW
from tests.services.desks import a_ticket, item

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

HOUR, DAY = 3600, 86400


def asked(desk: Desk, ticket: int, department: str, request: str, **more: Any) -> int:
    values = {
        "ticket_id": ticket, "department_id": item(desk, "department", department),
        "request": request, "asked_at": NOW, "asked_by_id": desk.actor.id,
        "due_at": NOW + 2 * HOUR, **more,
    }  # fmt: skip
    with desk.write("ask a department", kind="system") as uow:
        return uow.insert("handoff", values)


def numbers(found: tuple[hand_over.Waiting, ...]) -> list[str]:
    return [entry.request for entry in found]


def test_a_sheet_per_department_in_three_parts(desk: Desk, clock: FixedClock) -> None:
    ticket = a_ticket(desk)
    asked(desk, ticket, "logistics", "核对物流凭证", due_at=NOW - 60)
    asked(desk, ticket, "logistics", "查签收时间", promised_on="2026-04-01")
    asked(desk, ticket, "logistics", "明天再查", promised_on="2026-04-02")
    asked(desk, ticket, "logistics", "已经查了", answered_at=NOW, answer="已签收")
    asked(desk, ticket, "logistics", "昨天查的", answered_at=NOW - DAY, answer="旧的")
    asked(desk, ticket, "logistics", "不用了", cancelled_at=NOW)
    asked(desk, ticket, "product", "出检测结论")
    found = hand_over.sheets(desk)
    assert [desk.reference.name(sheet.department_id) for sheet in found] == ["物流", "产品"]
    first = found[0]
    assert numbers(first.waiting) == ["核对物流凭证", "明天再查"]
    assert numbers(first.promised) == ["查签收时间"]
    assert numbers(first.done) == ["已经查了"]
    assert first.late == 1


def test_a_ticket_that_just_waits_stands_on_the_sheet(desk: Desk) -> None:
    ticket = a_ticket(desk)
    step = {
        "reason": "等待质检鉴定",
        "department_id": item(desk, "department", "product.inspection"),
    }
    tickets.step(desk, ticket, "wait_internal", step)
    (sheet,) = hand_over.sheets(desk)
    assert sheet.department_id == item(desk, "department", "product.inspection")
    assert numbers(sheet.waiting) == ["等待质检鉴定"]
    asked(desk, ticket, "product.inspection", "出鉴定报告")  # now the hand-off speaks for it
    assert numbers(hand_over.sheets(desk)[0].waiting) == ["出鉴定报告"]


def test_as_text_for_a_chat(desk: Desk, clock: FixedClock) -> None:
    asked(desk, a_ticket(desk), "logistics", "核对物流凭证\n并回复")
    clock.at = NOW + 3 * HOUR
    text = hand_over.as_text(desk, hand_over.sheets(desk), translator("zh_CN"))
    assert text.splitlines()[0] == "【物流】交接 04-01 13:00"
    assert "1. GD202604-0001 空调制冷效果差 | 核对物流凭证 并回复 | 逾期，应于 04-01 12:00" in text


def test_printed_with_every_entry(desk: Desk, tmp_path: Path) -> None:
    from pypdf import PdfReader

    for number in range(40):
        asked(
            desk,
            a_ticket(desk, title=f"空调故障{number:02d}"),
            "logistics",
            f"请核对第{number:02d}件",
        )
    target = tmp_path / "sheet.pdf"
    pages = hand_over.write_pdf(
        desk, hand_over.sheets(desk), target, translator("zh_CN"), ImmediateContext()
    )
    reader = PdfReader(str(target))
    assert len(reader.pages) == pages > 1
    text = "".join(page.extract_text() for page in reader.pages)
    assert all(f"空调故障{number:02d}" in text for number in range(40))
    assert f"第 1 页　共 {pages} 页" in text


def test_nothing_waits(desk: Desk, tmp_path: Path) -> None:
    assert hand_over.sheets(desk) == []
    assert hand_over.as_text(desk, [], translator("en")) == ""
    target = tmp_path / "sheet.pdf"
    assert hand_over.write_pdf(desk, [], target, translator("en"), ImmediateContext()) == 1


def test_phone_numbers_leave_the_desk_masked(desk: Desk, tmp_path: Path) -> None:
    key = a_ticket(desk, title="王女士13812345678退货")
    asked(desk, key, "logistics", "请联系 13812345678 取件")
    text = hand_over.as_text(desk, hand_over.sheets(desk), translator("zh_CN"))
    assert "13812345678" not in text
    assert text.count("138****5678") == 2
    target = tmp_path / "sheet.pdf"
    hand_over.write_pdf(desk, hand_over.sheets(desk), target, translator("en"), ImmediateContext())
    kind, detail = desk.reader.execute(
        "SELECT action, detail FROM audit ORDER BY id DESC LIMIT 1"
    ).fetchone()
    assert kind == "print"
    assert '"hand_over"' in detail
