"""Key customers by rule and by hand (domain.md 2.1); expectations worked by hand."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.domain.customer import TierReason
from svcdesk.domain.keycustomer import CustomerRow, TierRules, key_customers, since, spend_limit
from svcdesk.domain.localtime import parse_instant
from svcdesk.services import complaints, customer_tiers, customers, tickets, undo
from svcdesk.services import settings as setting_service
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import ProblemsError
from tests.services.desks import a_complaint, a_ticket

DAY = 86400


def tier(desk: Desk, key: int) -> tuple[str, list[str]]:
    found = customers.get(desk, key)
    return found["tier"], found["tier_reasons"]


def with_spend(desk: Desk, *spends: int | None) -> list[int]:
    return [
        customers.create(desk, {"name": f"客户{n}", "spend_12m": spend}).value
        for n, spend in enumerate(spends)
    ]


def test_the_first_fifth_by_spend_and_its_ties_are_key(desk: Desk) -> None:
    # 7 active (the eighth never bought, asked or complained): n = ceil(1.4) = 2, limit 500, tie
    keys = with_spend(desk, 900, 500, 500, 400, 300, 200, 100, None)
    customer_tiers.recompute(desk)
    assert [tier(desk, key)[0] for key in keys] == ["key"] * 3 + ["normal"] * 5
    assert tier(desk, keys[1]) == ("key", ["top_spend"])


def test_a_ticket_makes_a_customer_active(desk: Desk) -> None:
    keys = with_spend(desk, 500, 400, 300, 200, 100, None)
    customer_tiers.recompute(desk)
    assert [tier(desk, key)[0] for key in keys].count("key") == 1  # n = ceil(0.2 × 5)
    a_ticket(desk, new_customer=None, customer_id=keys[5])
    customer_tiers.recompute(desk)
    assert [tier(desk, key)[0] for key in keys].count("key") == 2  # n = ceil(0.2 × 6)


def test_nobody_without_spend_is_first_by_spend(desk: Desk) -> None:
    key = a_ticket(desk)
    customer_tiers.recompute(desk)
    assert tickets.get(desk, key).customer["tier"] == "normal"


def test_a_complaint_makes_key_until_it_is_rejected_or_a_year_old(
    desk: Desk, clock: FixedClock
) -> None:
    complaint = a_complaint(desk)
    customer = complaints.get(desk, complaint).customer["id"]
    assert tier(desk, customer) == ("key", ["complained"])
    assert complaints.get(desk, complaint).complaint["tier"] == "normal"  # as it was made
    clock.advance(364 * DAY)
    assert customer_tiers.recompute_daily(desk) == 0
    clock.advance(2 * DAY)  # 2027-04-02: the complaint of 2026-04-01 is out of the 12 months
    assert customer_tiers.recompute_daily(desk) == 1
    assert tier(desk, customer) == ("normal", [])
    assert customer_tiers.recompute_daily(desk) == 0


def test_undoing_the_complaint_takes_the_tier_back(desk: Desk) -> None:
    customer = with_spend(desk, None)[0]
    a_complaint(desk, new_customer=None, customer_id=customer)
    assert tier(desk, customer)[0] == "key"
    undo.undo(desk)
    assert tier(desk, customer) == ("normal", [])


def test_an_override_needs_its_reason_holds_through_its_day_and_gives_way(
    desk: Desk, clock: FixedClock
) -> None:
    (key,) = with_spend(desk, None)
    with pytest.raises(ProblemsError) as caught:
        customer_tiers.set_override(desk, key, "key", " ", "2026-03-31")
    assert {p.field for p in caught.value.problems} == {"tier_note", "tier_until"}
    customer_tiers.set_override(desk, key, "key", "集团采购负责人", "2026-04-02")
    assert tier(desk, key) == ("key", ["manual"])
    clock.advance(DAY)
    customer_tiers.recompute(desk)
    assert tier(desk, key)[0] == "key"
    clock.advance(DAY)
    customer_tiers.recompute_daily(desk)
    assert tier(desk, key) == ("normal", [])


def test_an_override_can_take_a_key_customer_out_and_be_taken_back(desk: Desk) -> None:
    key, *_ = with_spend(desk, 900, 100, 100)
    customer_tiers.recompute(desk)
    customer_tiers.set_override(desk, key, "normal", "经销商，不按个人客户维护")
    assert tier(desk, key) == ("normal", [])
    customer_tiers.recompute(desk)  # a system step in between does not stand against undo
    undo.undo(desk)
    customer_tiers.recompute(desk)
    assert tier(desk, key) == ("key", ["top_spend"])
    customer_tiers.set_override(desk, key, "normal", "经销商")
    customer_tiers.set_override(desk, key, None)
    assert tier(desk, key) == ("key", ["top_spend"])


def test_parameters_recompute_and_their_preview_agrees(desk: Desk) -> None:
    keys = with_spend(desk, 90_000, 80_000, 70_000, 60_000, 50_000)
    customer_tiers.recompute(desk)
    assert customer_tiers.preview(desk, {"key_share": 60}) == (1, 3)
    # an amount of 600 yuan: four reach it, whatever the share
    assert customer_tiers.preview(desk, {"key_share": 0, "key_amount": 600}) == (1, 4)
    setting_service.change(desk, {"key_share": 0, "key_amount": 600})
    assert [tier(desk, key) for key in keys] == [("key", ["spend_amount"])] * 4 + [("normal", [])]


def test_a_deleted_customer_is_nobody(desk: Desk) -> None:
    keys = with_spend(desk, 900, 100)
    customers.remove(desk, keys[0])
    customer_tiers.recompute(desk)
    assert tier(desk, keys[1]) == ("key", ["top_spend"])


def test_months_are_calendar_months_and_the_last_day_is_kept_in() -> None:
    now = parse_instant("2028-02-29T10:00")
    assert since(now, 12) == parse_instant("2027-02-28T10:00")
    assert since(parse_instant("2026-01-15T08:30"), 13) == parse_instant("2024-12-15T08:30")


SPENDS = st.lists(st.one_of(st.none(), st.integers(0, 12)), max_size=40)


@settings(max_examples=60)
@given(SPENDS, st.integers(1, 100))
def test_laws_of_the_share(spends: list[int | None], percent: int) -> None:
    share = Fraction(percent, 100)
    rows = [CustomerRow(n, spend) for n, spend in enumerate(spends)]
    found = key_customers(rows, TierRules(share=share))
    limit = spend_limit(spends, share)
    assert (limit is None) == (not rows)
    assert set(found) == {row.id for row in rows if limit and (row.spend or 0) >= limit}
    # nobody outside spends as much as anybody inside, and nobody inside spent nothing
    inside = [row.spend or 0 for row in rows if row.id in found]
    outside = [row.spend or 0 for row in rows if row.id not in found]
    assert all(spend > 0 for spend in inside)
    assert not inside or not outside or min(inside) > max(outside)
    need = -(-len(rows) * percent // 100)
    payers = sum(1 for spend in spends if spend)
    assert len(found) >= min(need, payers)


@settings(max_examples=40)
@given(SPENDS, st.data())
def test_by_hand_wins(spends: list[int | None], data: st.DataObject) -> None:
    manual = data.draw(
        st.lists(st.sampled_from([None, True, False]), min_size=len(spends), max_size=len(spends))
    )
    rows = [
        CustomerRow(n, spend, manual=chosen)
        for n, (spend, chosen) in enumerate(zip(spends, manual, strict=True))
    ]
    found = key_customers(rows)
    for row in rows:
        if row.manual is not None:
            assert (row.id in found) is row.manual
        if row.manual:
            assert TierReason.MANUAL in found[row.id]


def test_a_tier_set_in_the_form_is_not_ended_by_an_older_last_day(
    desk: Desk, clock: FixedClock
) -> None:
    key = customers.create(desk, {"name": "张三"}).value
    customer_tiers.set_override(desk, key, "key", "大客户", until="2026-04-01")
    clock.advance(3 * 86400)
    customer_tiers.recompute(desk)
    assert tier(desk, key) == ("normal", [])
    customers.change(desk, key, {"tier": "key", "tier_note": "年度合同"})
    assert tier(desk, key) == ("key", ["manual"])


def test_undoing_the_parameters_brings_the_tiers_back(desk: Desk) -> None:
    keys = with_spend(desk, *range(1000, 11000, 1000))
    customer_tiers.recompute(desk)
    setting_service.change(desk, {"key_share": 50})
    assert [tier(desk, key)[0] for key in keys].count("key") == 5
    undo.undo(desk)
    assert [tier(desk, key)[0] for key in keys].count("key") == 2
    undo.redo(desk)
    assert [tier(desk, key)[0] for key in keys].count("key") == 5
