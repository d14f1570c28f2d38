"""Walking along the rows meets the very page that looking every hit up gives."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcdesk.domain.query import Op, Query
from svcdesk.services.queries import moment
from svcdesk.store import row_source, walk
from svcdesk.store.row_source import RowReader
from svcdesk.store.segment import match_query
from tests.conftest import NOW
from tests.services.desks import item

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk

TITLES = ["空调不制冷", "空调退款", "退款", "发票", "上门安装空调"]
PEOPLE = ["张空调", "李强", "退款公司"]


@pytest.fixture
def crowd(desk: Desk) -> Desk:
    """60 tickets of three customers, made in another order than they are dated."""
    chance = random.Random(4)
    channel = item(desk, "channel", "chat")
    with desk.write("crowd") as uow:
        people = [
            uow.insert("customer", {"customer_no": f"K{n}", "name": name})
            for n, name in enumerate(PEOPLE)
        ]
        for number in range(60):
            at = NOW - chance.randrange(10**6)
            key = uow.insert(
                "ticket",
                {"ticket_no": f"T{number:03d}", "title": chance.choice(TITLES), "created_at": at,
                 "customer_id": chance.choice(people), "channel_id": channel, "last_event_at": at,
                 "status": chance.choice(["new", "closed"])},
            )  # fmt: skip
            uow.insert("ticket_text", {"description": ""}, key=key)
    return desk


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    word=st.sampled_from(["空调", "退款", "发票", "装", "没有", "空调退款", "装空调", "退款公司"]),
    sort=st.sampled_from(["created_at", "number", "title", "status"]),
    descending=st.booleans(),
    closed=st.booleans(),
    limit=st.integers(1, 70),
    stretches=st.sampled_from([(1, 2, 100), (3, 100), (500,), (2, 2, 2)]),
)
def test_the_page_is_the_same(
    crowd: Desk, word: str, sort: str, descending: bool, closed: bool, limit: int,
    stretches: tuple[int, ...],
) -> None:  # fmt: skip
    query = Query("ticket").searching(word).ordered(sort, descending=descending)
    if closed:
        query = query.where("status", Op.IN, "closed")
    at = moment(crowd)
    plain = [row.id for row in RowReader(query, at).first_page(crowd.reader, limit)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_source, "WALK_FROM", 1)
        patch.setattr(walk, "STRETCHES", stretches)
        walked = [row.id for row in RowReader(query, at).first_page(crowd.reader, limit)]
    assert walked == plain


def test_keys_that_lie_far_apart_are_given_up(crowd: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = row_source.compile_query(Query("ticket"), moment(crowd))
    words = match_query("空调")

    def walked() -> list[int] | None:
        return walk.page(crowd.reader, rows, words, 5, "空调", "ticket")

    assert walked() is not None
    monkeypatch.setattr(walk, "SPARSE", -230)  # as if hits were dense beyond measure
    assert walked() is None
    monkeypatch.setattr(walk, "SPARSE", 5000)
    monkeypatch.setattr(walk, "PEOPLE", 1)  # as if every customer was a hit
    assert walked() is None
