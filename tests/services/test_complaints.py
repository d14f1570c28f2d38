import pytest

from svcdesk.services import complaints, detection, undo
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import ProblemsError
from tests.services.desks import a_complaint, item

HOUR, DAY = 3600, 86400


def of(desk: Desk, key: int) -> dict[str, object]:
    return complaints.get(desk, key).complaint


def test_severity_is_proposed_with_its_reason(desk: Desk) -> None:
    assert of(desk, a_complaint(desk))["severity"] == "normal"
    social = of(desk, a_complaint(desk, channel_id=item(desk, "channel", "social")))
    assert (social["severity"], social["social_exposure"], social["exposure_state"]) == (
        "major",
        1,
        "watching",
    )
    danger = of(desk, a_complaint(desk, description="充电时电池冒烟，担心安全"))
    assert danger["severity"] == "major"
    assert danger["severity_reasons"] == ["safety"]
    amount = of(desk, a_complaint(desk, demand_amount=500_000))
    assert amount["severity"] == "major"
    assert of(desk, a_complaint(desk, demand_amount=499_999))["severity"] == "normal"


def test_words_suggest_an_exposure_but_do_not_flag_it(desk: Desk) -> None:
    key = a_complaint(desk, description="再不解决我就去抖音曝光")
    stored = of(desk, key)
    assert (stored["exposure_suggested"], stored["social_exposure"]) == (1, 0)
    detection.answer(desk, "exposure", key, "confirmed")
    assert of(desk, key)["social_exposure"] == 1


def test_repeats_are_chained_and_a_denial_is_kept(desk: Desk, clock: FixedClock) -> None:
    customer = of(desk, a_complaint(desk))["customer_id"]
    keys = []
    for days in (10, 30):
        clock.advance(days * DAY)
        keys.append(a_complaint(desk, new_customer=None, customer_id=customer))
    second, third = (of(desk, key) for key in keys)
    assert (second["is_repeat"], second["chain"]) == (1, 2)
    assert (third["is_repeat"], third["chain"]) == (1, 3)  # exactly 30 × 24 h counts
    assert [c["id"] for c in complaints.get(desk, keys[1]).chain][-1] == keys[0]
    detection.answer(desk, "repeat", keys[1], "denied", note="另一件事")
    assert of(desk, keys[1])["is_repeat"] == 0
    clock.advance(DAY)
    a_complaint(desk)  # any recomputation keeps the answer
    assert of(desk, keys[1])["is_repeat"] == 0


def test_three_customers_in_a_week_are_a_group_that_keeps_its_number(
    desk: Desk, clock: FixedClock
) -> None:
    with desk.write("Add") as uow:
        product = uow.insert("product", {"product_no": "SD7", "name": "SD-7 扫地机器人"})
    keys = []
    for name in ("甲", "乙", "丙"):
        keys.append(a_complaint(desk, new_customer={"name": name}, product_id=product))
        clock.advance(DAY)
    group = complaints.get(desk, keys[2]).group
    assert group is not None
    assert {of(desk, key)["group_id"] for key in keys} == {group["id"]}
    joined = a_complaint(desk, new_customer={"name": "丁"}, product_id=product)
    again = complaints.get(desk, joined).group
    assert again is not None
    assert again["group_no"] == group["group_no"]
    undo.undo(desk)
    assert (
        complaints.get(desk, keys[0]).group == group
        or complaints.get(desk, keys[0]).group is not None
    )


def test_an_extension_keeps_the_original_and_needs_a_reason(desk: Desk) -> None:
    key = a_complaint(desk)
    due = of(desk, key)["due_at"]
    assert isinstance(due, int)
    with pytest.raises(ProblemsError):
        complaints.extend(desk, key, due + DAY, " ")
    with pytest.raises(ProblemsError):
        complaints.extend(desk, key, due, "原因")
    complaints.extend(desk, key, due + DAY, "等待质检报告")
    stored = of(desk, key)
    assert (stored["due_at"], stored["due_original_at"]) == (due + DAY, due)


def test_rejected_ones_leave_the_counts_and_can_be_appealed(desk: Desk) -> None:
    key = a_complaint(desk)
    with pytest.raises(ProblemsError):
        complaints.step(desk, key, "reject", {})
    complaints.step(desk, key, "reject", {"reject_reason": "不在服务范围"})
    assert of(desk, key)["status"] == "rejected"
    complaints.step(desk, key, "appeal", {})
    assert of(desk, key)["status"] == "registered"
