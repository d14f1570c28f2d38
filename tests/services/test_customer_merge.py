"""Merging customers: what moves, figures that see one person, exact undo, and taking it apart."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.services import (
    complaints,
    contact_plans,
    customer_merge,
    customer_tiers,
    customers,
    tickets,
    undo,
)
from svcdesk.services.desk import Desk
from svcdesk.store.customers import OWNED
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import ProblemsError, UserError
from tests.conftest import NOW
from tests.services.desks import a_complaint, a_ticket

DAY = 86400


def person(desk: Desk, name: str, **more: Any) -> int:
    return customers.create(desk, {"name": name, **more}).value


def state(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that a merge may touch, without the bookkeeping of rows."""
    reader = desk.reader
    found = {
        table: reader.execute(f"SELECT id, customer_id FROM {table} ORDER BY id").fetchall()
        for table in OWNED
    }
    found["customer"] = reader.execute(
        "SELECT id, name, initials, phones, wechat, notes, spend_12m, tier, tier_reasons, "
        "tier_manual, merged_into_id, opt_out FROM customer ORDER BY id"
    ).fetchall()
    found["complaint detail"] = reader.execute(
        "SELECT id, repeat_of_id, is_repeat, chain, second_of_id FROM complaint ORDER BY id"
    ).fetchall()
    found["phones"] = reader.execute(
        "SELECT phone, customer_id FROM customer_phone ORDER BY 1, 2"
    ).fetchall()
    return found


def two(desk: Desk) -> tuple[int, int]:
    """The same person twice, each with a ticket and a complaint of the same category."""
    one = person(desk, "王丽", phones=["13800000001"], spend_12m=100, notes="喜欢微信联系")
    other = person(
        desk, "王莉", phones=["13800000002"], wechat="wangli", spend_12m=200, notes="周末在家"
    )
    for key in (one, other):
        a_ticket(desk, new_customer=None, customer_id=key)
        a_complaint(desk, new_customer=None, customer_id=key)
    return one, other


def test_the_preview_says_what_moves_and_writes_nothing(desk: Desk) -> None:
    one, other = two(desk)
    before = state(desk)
    plan = customer_merge.preview(desk, other, one)
    assert {k: n for k, n in plan.moves.items() if n} == {"ticket": 1, "complaint": 1}
    assert plan.values["phones"] == ["13800000001", "13800000002"]
    assert plan.values["name"] == "王丽"
    assert plan.values["wechat"] == "wangli"  # empty on the other side
    assert plan.values["spend_12m"] == 300
    assert plan.values["notes"] == "喜欢微信联系\n周末在家"
    assert state(desk) == before
    with pytest.raises(ProblemsError):
        customer_merge.preview(desk, other, one, {"name": "both"})


def test_history_follows_the_survivor_and_figures_see_one_person(
    desk: Desk, clock: FixedClock
) -> None:
    one, other = two(desk)
    clock.advance(DAY)
    a_complaint(desk, new_customer=None, customer_id=other)
    assert customers.get(desk, one)["complaints_12m"] == 1
    customer_merge.merge(desk, other, one, {"name": "source", "phones": "target"})
    found = customers.get(desk, one)
    assert (found["name"], found["phones"]) == ("王莉", ["13800000001"])
    assert found["complaints_12m"] == 3
    # the complaint of the next day repeats those of the first one
    last = desk.reader.execute("SELECT max(id) FROM complaint").fetchone()[0]
    detail = complaints.get(desk, last)
    assert detail.customer["id"] == one
    assert detail.complaint["is_repeat"] == 1
    assert customers.suggest(desk, "13800000002") == []  # nobody else has it any more
    assert [m.id for m in customers.suggest(desk, "王莉")] == [one]
    assert customer_merge.survivor(desk, other) == one


def test_undo_and_taking_apart_are_exact(desk: Desk) -> None:
    one, other = two(desk)
    customer_tiers.recompute(desk)
    before = state(desk)
    customer_merge.merge(desk, other, one)
    merged = state(desk)
    assert merged != before
    undo.undo(desk)
    assert state(desk) == before
    undo.redo(desk)
    assert state(desk) == merged
    customer_merge.unmerge(desk, other)
    assert state(desk) == before
    undo.undo(desk)
    assert state(desk) == merged
    customer_merge.unmerge(desk, other)
    assert state(desk) == before


def test_what_came_after_the_merge_stays_with_the_survivor(desk: Desk) -> None:
    one, other = two(desk)
    customer_merge.merge(desk, other, one)
    fresh = a_ticket(desk, new_customer=None, customer_id=one, title="新工单")
    customers.change(desk, one, {"wechat": "changed-since"})
    customer_merge.unmerge(desk, other)
    assert tickets.get(desk, fresh).customer["id"] == one
    assert customers.get(desk, one)["wechat"] == "changed-since"
    assert customers.get(desk, one)["phones"] == ["13800000001"]


def test_no_one_is_merged_into_himself_or_twice(desk: Desk) -> None:
    one, other = two(desk)
    third = person(desk, "王力")
    with pytest.raises(UserError, match="same customer"):
        customer_merge.merge(desk, one, one)
    customer_merge.merge(desk, other, one)
    for source, target in ((other, third), (third, other), (one, other)):
        with pytest.raises(UserError, match="merged already"):
            customer_merge.merge(desk, source, target)
    with pytest.raises(UserError, match="not merged"):
        customer_merge.unmerge(desk, one)


def test_customers_with_one_phone_are_proposed(desk: Desk) -> None:
    first = person(desk, "赵一", phones=["+86 138-0013-8000"])
    second = person(desk, "赵乙", phones=["013800138000"])
    person(desk, "钱二", phones=["13900139000"])
    (found,) = customer_merge.suggestions(desk)
    assert (found.phone, [c[0] for c in found.customers]) == ("13800138000", [first, second])
    assert [s.id for s in customers.same_phone(desk, first, ["138 0013 8000"])] == [second]
    customer_merge.merge(desk, second, first)
    assert customer_merge.suggestions(desk) == []


def test_a_plan_that_holds_both_counts_the_person_once(desk: Desk) -> None:
    one, other = person(desk, "甲"), person(desk, "乙")
    contact_plans.create(desk, "回访", "2026-04-01", "2026-06-30", customers=[one, other])
    customer_merge.merge(desk, other, one)
    (plan,) = contact_plans.plans(desk)
    assert plan.members == 1
    assert len(contact_plans.members(desk, plan.id)) == 1


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), st.integers(0, 4), st.integers(0, 4)),
        st.tuples(st.just("unmerge"), st.integers(0, 4), st.just(0)),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_laws_of_chains(tmp_path_factory: pytest.TempPathFactory, steps: Any) -> None:
    path = tmp_path_factory.mktemp("merge") / "d.svcdesk"
    with Desk.create(path, clock=FixedClock(NOW)) as desk:
        keys = [person(desk, f"人{n}", phones=[f"1380000000{n}"]) for n in range(5)]
        for key in keys:
            a_ticket(desk, new_customer=None, customer_id=key)
        first = state(desk)
        states = [first]
        for kind, a, b in steps:
            try:
                if kind == "merge":
                    customer_merge.merge(desk, keys[a], keys[b])
                else:
                    customer_merge.unmerge(desk, keys[a])
            except UserError:
                assert state(desk) == states[-1]  # refused: nothing changed
                continue
            states.append(state(desk))
            into = dict(desk.reader.execute("SELECT id, merged_into_id FROM customer").fetchall())
            for key in keys:  # no cycle, and nobody's rows lie with a merged customer
                seen, last = set(), key
                while into[last] is not None:
                    assert last not in seen
                    seen.add(last)
                    last = into[last]
            owners = {row[0] for row in desk.reader.execute("SELECT customer_id FROM ticket")}
            assert all(into[owner] is None for owner in owners)
        while len(states) > 1:
            states.pop()
            undo.undo(desk)
            assert state(desk) == states[-1]
