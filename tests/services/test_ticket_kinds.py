"""Fields of a ticket's kind at entry and on change; products, tags and files by the dozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.aids import Aid, AidKind
from svcdesk.services import aids, attachments, checklists, products, tags, tickets, undo
from svcdesk.system.job import ImmediateContext
from tests.services.desks import a_ticket, item, ticket_values

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk


def a_product(desk: Desk, number: str, name: str, **more: object) -> int:
    with desk.write("product", kind="system") as uow:
        return uow.insert("product", {"product_no": number, "name": name, **more})


def test_what_a_kind_lacks_is_advice_at_entry(desk: Desk) -> None:
    found = tickets.problems(
        desk, ticket_values(desk, request_type="return", return_reason="quality")
    )
    assert [(p.field, p.warning) for p in found if p.code == "kind_field"] == [
        ("order", True), ("product", True)]  # fmt: skip


def test_details_are_kept_that_belong_to_the_kind(desk: Desk) -> None:
    key = a_ticket(desk, request_type="repair", warranty="in", fault_code=" E4 ", part="主板")
    assert tickets.get(desk, key).ticket["details"] == {"warranty": "in", "fault_code": "E4"}
    tickets.change(desk, key, {"fault_code": None, "warranty": "out"})
    detail = tickets.get(desk, key)
    assert detail.ticket["details"] == {"warranty": "out"}
    changed = [
        (e["name"], e["old"], e["new"]) for e in detail.events if e["type"] == "field_changed"
    ]
    assert changed == [("fault_code", "E4", None), ("warranty", "in", "out")]
    undo.undo(desk)
    assert tickets.get(desk, key).ticket["details"] == {"warranty": "in", "fault_code": "E4"}


def test_a_ticket_brings_its_checklists_and_one_that_is_gone_is_left_out(desk: Desk) -> None:
    body = {"items": [{"text": "拍照", "blocking": True}]}
    key = aids.save(desk, Aid(0, AidKind.CHECKLIST, "质检", body)).value
    ticket = a_ticket(desk, checklists=[key, key + 999_999])
    assert [(row["text"], row["blocking"]) for row in checklists.of_ticket(desk, ticket)] == [
        ("拍照", 1)]  # fmt: skip


def test_products_are_found_by_name_number_and_model(desk: Desk) -> None:
    first = a_product(desk, "KT-35", "北辰空调", model="B35_A")
    second = a_product(desk, "BX-260", "空调扇")
    a_product(desk, "KT-OLD", "旧空调", active=0)
    assert [p.id for p in products.find(desk, "空调")] == [second, first]  # beginning with it first
    assert [p.id for p in products.find(desk, "kt-3")] == [first]
    assert [p.id for p in products.find(desk, "35_")] == [first]
    assert products.find(desk, "_") == products.find(desk, "35_A")  # no wildcard
    assert products.find(desk, "  ") == []


def test_tags_in_use_come_by_how_often(desk: Desk) -> None:
    for wanted in (["加急", "待配件"], ["待配件"], ["待配件"]):
        tags.replace(desk, a_ticket(desk), wanted)
    assert tags.in_use(desk) == ["待配件", "加急"]


def test_one_bad_file_stops_no_other(desk: Desk, tmp_path: Path) -> None:
    key = a_ticket(desk)
    good, empty, gone = tmp_path / "a.txt", tmp_path / "b.txt", tmp_path / "c.txt"
    good.write_text("a", encoding="utf-8")
    empty.touch()
    seen: list[tuple[int, int, str]] = []
    context = ImmediateContext(lambda done, total, text: seen.append((done, total, text)))
    added = attachments.add_files(desk, key, [empty, gone, good], context)
    assert added.count == 1
    assert len(added.refused) == 2
    assert added.refused[0].code == "empty"
    assert [row["name"] for row in attachments.of_record(desk, "ticket", key)] == ["a.txt"]
    assert seen == [(0, 3, ""), (1, 3, ""), (2, 3, "")]


def test_a_macro_is_described_by_what_it_sets(desk: Desk) -> None:
    department = item(desk, "department", "logistics.warehouse")
    described = [
        aids.describe(desk, {"do": "set", "field": field, "value": value})
        for field, value in (("priority", "high"), ("resp_dept_id", department))
    ]
    assert described == ["Priority: High", "Responsible department: Warehouse"]


def test_every_step_of_a_macro_has_a_name(desk: Desk) -> None:
    key = a_ticket(desk)
    names = dict(aids.macro_steps())
    assert names["resolve"] == "Resolve"
    assert "merge" not in names
    macro = aids.save(
        desk,
        Aid(0, AidKind.MACRO, "等客户", {"actions": [{"do": "step", "action": "wait_customer"}]}),
    ).value
    (offer,) = aids.offers(desk, key)
    assert (offer.macro.id, offer.does, offer.problems) == (macro, ["step: Wait for customer"], [])
