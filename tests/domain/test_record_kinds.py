"""Each kind of ticket asks for its own fields when it is resolved."""

from __future__ import annotations

import pytest

from svcdesk.domain import lifecycle, record_kinds
from svcdesk.domain.people import Role
from svcdesk.domain.ticket import RequestType

SOLVED = {
    "status": "in_progress", "solution": "更换主板，试机正常", "resolution_code": "onsite",
    "issue_id": 1, "first_response_at": 5, "product_id": None, "order_no": None,
}  # fmt: skip


def lacking(kind: str, values: dict[str, object] | None = None, **more: object) -> list[str]:
    record = {**SOLVED, "request_type": kind, **more}
    found = lifecycle.check(lifecycle.TICKET, record, "resolve", {Role.AGENT}, 10, values or {})
    return [problem.field for problem in found]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("consult", []),
        ("other", []),
        ("repair", ["product", "warranty"]),
        ("install", ["product", "visit_address"]),
        ("return", ["order", "product", "return_reason"]),
        ("exchange", ["order", "product", "return_reason"]),
        ("parts", ["part", "product"]),
        ("complaint", ["demand_text"]),
    ],
)
def test_what_a_kind_needs(kind: str, fields: list[str]) -> None:
    assert lacking(kind) == fields


def test_stored_and_entered_values_count() -> None:
    assert lacking("repair", product_id=7, details={"warranty": "in"}) == []
    assert lacking("repair", {"product_id": 7, "warranty": "out"}) == []
    assert lacking("repair", {"warranty": "  "}, product_id=7) == ["warranty"]


def test_at_entry_it_is_advice() -> None:
    found = record_kinds.missing({"request_type": "repair"}, advice=True)
    assert {p.field for p in found} == {"product", "warranty"}
    assert all(p.warning for p in found)


def test_details_of_another_kind_are_dropped() -> None:
    details = {"warranty": "in", "visit_address": "人民路1号", "fault_code": " E1 ", "part": ""}
    assert record_kinds.clean("repair", details) == {"warranty": "in", "fault_code": "E1"}
    assert record_kinds.clean("consult", details) == {}


def test_every_kind_is_a_request_type_with_unique_fields() -> None:
    for kind, fields in record_kinds.KINDS.items():
        assert kind in set(RequestType)
        names = [field.name for field in fields]
        assert len(names) == len(set(names))
