"""Records named in the evidence of a cause: found by number, linked with the item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.causes import CauseRow, WhyRow
from svcdesk.services import improvement_causes, improvement_evidence, improvements, undo
from svcdesk.services.improvement_causes import Analysis
from svcdesk.system.errors import UserError
from tests.services.desks import a_complaint, a_ticket

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk


def number_of(desk: Desk, entity: str, key: int) -> str:
    return improvements.number_of(desk, entity, key)


def links(desk: Desk, item: int) -> list[tuple[str, int]]:
    return [(one["entity"], one["record_id"]) for one in improvements.get(desk, item).links]


@pytest.mark.parametrize(("text", "words"), [
    ("派单记录 GD202604-0001、GD202604-0002", ["GD202604-0001", "GD202604-0002"]),
    ("INC0000045 (85%, 120 min)", ["INC0000045"]),
    ("GD202604-0001. GD202604-0001", ["GD202604-0001"]),
    ("没有编号", []),
    ("abcdef 85 120", []),
])  # fmt: skip
def test_words_that_can_be_numbers(text: str, words: list[str]) -> None:
    assert improvement_evidence.words_of(text) == words


def test_named_in_their_order_and_by_the_number_of_another_system(desk: Desk) -> None:
    ticket, case = a_ticket(desk, external_no="INC0000045"), a_complaint(desk)
    text = f"先看 {number_of(desk, 'complaint', case)}，再看INC0000045；没有这个 GD209912-0001"
    found = improvement_evidence.named(desk, text)
    assert [(one.entity, one.id) for one in found] == [("complaint", case), ("ticket", ticket)]


def test_pasted_numbers_are_linked_in_one_step(desk: Desk) -> None:
    item = improvements.create(desk, {"title": "回电不及时"}).value
    keys = [a_ticket(desk), a_ticket(desk)]
    text = "\n".join(number_of(desk, "ticket", key) for key in keys)
    found = improvement_evidence.read(desk, f"{text} GD209912-0001")
    assert found.unknown == ["GD209912-0001"]
    records = [(one.entity, one.id) for one in found.records]
    assert improvement_evidence.link_records(desk, item, records, "漏接").value == 2
    assert links(desk, item) == [("ticket", key) for key in keys]
    undo.undo(desk)
    assert links(desk, item) == []


def test_a_record_that_is_gone_links_nothing(desk: Desk) -> None:
    item = improvements.create(desk, {"title": "回电不及时"}).value
    with pytest.raises(UserError):
        improvement_evidence.link_records(desk, item, [("ticket", a_ticket(desk)), ("ticket", 1)])
    assert links(desk, item) == []


def test_the_evidence_of_whys_and_causes_is_linked_once(desk: Desk) -> None:
    item = improvements.create(desk, {"title": "回电不及时"}).value
    ticket, case = a_ticket(desk), a_complaint(desk)
    whys = (WhyRow("为什么？", "漏接", number_of(desk, "ticket", ticket)),)
    bones = (CauseRow("man", "人手不足", evidence=number_of(desk, "complaint", case)),)
    for _time in range(2):
        improvement_causes.save(desk, item, Analysis(whys=whys, causes=bones))
    assert links(desk, item) == [("ticket", ticket), ("complaint", case)]
    improvements.link(desk, item, "ticket", ticket, "录音为证")
    improvement_causes.save(desk, item, Analysis(whys=whys, causes=bones))
    assert improvements.get(desk, item).links[0]["note"] == "录音为证"
