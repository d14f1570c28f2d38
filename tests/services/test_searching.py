from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.people import Role
from svcdesk.domain.query import Query
from svcdesk.services import customers, searching, settings, tickets
from svcdesk.services.queries import DeskRows
from svcdesk.store import search
from svcdesk.system.job import ImmediateContext
from tests.services.desks import a_complaint, a_ticket, item

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk

NOW = ImmediateContext()


def hits(desk: Desk, typed: str, entity: str = "ticket") -> list[str]:
    query = searching.narrow(desk, Query(entity), typed).query
    rows = DeskRows(desk, query).rows(DeskRows(desk, query).ids(NOW))
    return sorted(getattr(row, "title", "") or row.name for row in rows)


@pytest.fixture
def busy(desk: Desk) -> Desk:
    other = settings.add_person(desk, "李强", [Role.AGENT]).value
    a_ticket(desk, title="空调不制冷")
    lin = {"name": "林淑芬", "phones": ["13900005678"]}
    a_ticket(desk, title="冰箱漏水", new_customer=lin, owner_id=other, order_no="DD-2026-77")
    a_ticket(desk, title="發票補開", new_customer={"name": "ACME Ltd", "kind": "company"},
             owner_id=None, channel_id=item(desk, "channel", "phone"))  # fmt: skip
    return desk


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("不制冷", ["空调不制冷"]),
        ("漏", ["冰箱漏水"]),
        ("发票", ["發票補開"]),
        ("補开", ["發票補開"]),
        ("zxm", ["空调不制冷"]),
        ("zx", ["空调不制冷"]),
        ("5678", ["冰箱漏水", "空调不制冷"]),
        ("05678", ["冰箱漏水"]),
        ("13900005678", ["冰箱漏水"]),
        ("DD-2026-77", ["冰箱漏水"]),
        ("林淑 漏水", []),
        ("客户:林淑芬", ["冰箱漏水"]),
        ("客户:林淑芬 漏水", ["冰箱漏水"]),
        ("customer:acme", ["發票補開"]),
        ("状态:新建", []),
        ("状态:待受理", ["發票補開"]),
        ("status:new,in_progress", ["發票補開", "空调不制冷"]),
        ("owner:me", ["空调不制冷"]),
        ("处理人:李强", ["冰箱漏水"]),
        ("处理人:lq", ["冰箱漏水"]),
        ("渠道:电话", ["發票補開"]),
        ("channel:phone", ["發票補開"]),
        ("优先级:普通", ["冰箱漏水", "發票補開", "空调不制冷"]),
        ("电话:5678", ["冰箱漏水", "空调不制冷"]),
        ("phone:00005678 owner:lq", ["冰箱漏水"]),
        ("单号:0002", ["冰箱漏水"]),
        ("标签:急", []),
        ("处理人:无此人", []),
    ],
)
def test_what_is_typed_finds(busy: Desk, typed: str, titles: list[str]) -> None:
    assert hits(busy, typed) == sorted(titles)


def test_what_cannot_be_understood_is_told(busy: Desk) -> None:
    found = searching.narrow(busy, Query("ticket"), "颜色:红 处理人:无此人")
    assert [note.text for note in found.notes] == [searching.NOTE_PREFIX, searching.NOTE_VALUE]
    found = searching.narrow(busy, Query("customer"), "状态:新建 张")
    assert [note.text for note in found.notes] == [searching.NOTE_FIELD]
    assert found.words == "张"


def test_everything_is_found_by_kind_with_counts(busy: Desk) -> None:
    a_complaint(busy, new_customer={"name": "林淑芬"}, description="冰箱漏水第三次，要求退款")
    found = {one.entity: one for one in searching.everywhere(busy, "林淑芬", NOW)}
    assert {entity: one.count for entity, one in found.items()} == {
        "ticket": 1, "complaint": 1, "customer": 2,
    }  # fmt: skip
    assert found["ticket"].rows[0].title == "冰箱漏水"
    assert searching.everywhere(busy, "   ", NOW) == []
    only = searching.everywhere(busy, "状态:待受理", NOW)
    assert [one.entity for one in only] == ["ticket"]


def test_counting_stops_while_somebody_types(busy: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for _number in range(6):
        a_ticket(busy, title="漏水")
    monkeypatch.setattr(search.count_up_to, "__defaults__", (6,))
    (found,) = searching.everywhere(busy, "漏水", NOW)
    assert (len(found.rows), found.count) == (5, 6)


def test_many_hits_are_walked_with_the_same_result(
    busy: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        a_ticket(busy, title=f"漏水{number}", new_customer={"name": f"漏水{number}号"})
    rows = DeskRows(busy, Query("ticket").searching("漏水"))
    few = [row.id for row in rows.first_page(20)]
    monkeypatch.setattr("svcdesk.store.row_source.WALK_FROM", 2)
    assert [row.id for row in rows.first_page(20)] == few
    assert len(few) == 6


def test_masked_names_are_found_by_their_owner_record(busy: Desk) -> None:
    key = tickets.find_by_number(busy, "GD202604-0002")
    assert key is not None
    customer = tickets.get(busy, key).customer
    assert customers.get(busy, customer["id"])["name"] == "林淑芬"
    assert hits(busy, "lsf", "customer") == ["林淑芬"]
    assert hits(busy, "电话:5678", "customer") == ["张晓明", "林淑芬"]


@pytest.mark.parametrize(
    ("text", "words", "spans"),
    [
        ("空调制冷效果差", "制冷", [(2, 4)]),
        ("發票補開", "发票", [(0, 2)]),
        ("ABC abc", "aBc", [(0, 3), (4, 7)]),
        ("制冷制", "制冷 冷制", [(0, 3)]),
        ("空调", "", []),
        ("㎏退", "kg", [(0, 1)]),
    ],
)
def test_hits_are_marked_where_they_stand(
    text: str, words: str, spans: list[tuple[int, int]]
) -> None:
    assert searching.hit_spans(text, words) == spans
