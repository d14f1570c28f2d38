"""What a month proposes to improve: who is proposed, taken up once, declined (domain.md 4.1–4.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.people import Role
from svcdesk.domain.quality import FormItem
from svcdesk.services import (
    closings,
    improvement_proposals,
    improvements,
    quality,
    quality_forms,
    settings,
    undo,
)
from svcdesk.system.errors import ProblemsError, UserError
from svcdesk.system.job import ImmediateContext
from tests.domain.calendars import at
from tests.services.desks import a_complaint, a_resolved_ticket, item

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.improvement_proposals import Proposal
    from svcdesk.system.clock import FixedClock

MONTH = "2026-03"


def customer_of(desk: Desk, complaint: int) -> int:
    return int(desk.reader.execute(
        "SELECT customer_id FROM complaint WHERE id = ?", (complaint,)).fetchone()[0])  # fmt: skip


def again(desk: Desk, clock: FixedClock, days: tuple[int, ...], name: str = "李四") -> list[int]:
    """Register complaints of one customer about the same category on days of March 2026."""
    keys: list[int] = []
    for day in days:
        clock.at = at(f"2026-03-{day:02d} 10:00")
        who = {"customer_id": customer_of(desk, keys[0])} if keys else {
            "new_customer": {"name": name}
        }  # fmt: skip
        keys.append(a_complaint(desk, **who))
    return keys


def of_kind(desk: Desk, kind: str, month: str = MONTH) -> list[Proposal]:
    return [one for one in improvement_proposals.find(desk, month) if one.kind == kind]


class TestRepeats:
    def test_one_repeat_is_not_enough(self, desk: Desk, clock: FixedClock) -> None:
        again(desk, clock, (3, 5))
        assert of_kind(desk, "repeat") == []

    def test_a_third_complaint_is(self, desk: Desk, clock: FixedClock) -> None:
        keys = again(desk, clock, (3, 5, 9))
        (one,) = of_kind(desk, "repeat")
        assert one.records == (("complaint", keys[1]), ("complaint", keys[2]))
        assert (one.count, one.period) == (2, MONTH)
        assert one.subject == f"category:{item(desk, 'category', 'service')}"

    def test_three_repeats_of_different_customers_are(self, desk: Desk, clock: FixedClock) -> None:
        for number, name in enumerate(("甲", "乙", "丙")):
            assert of_kind(desk, "repeat") == []
            again(desk, clock, (3 + number, 9 + number), name)
        (one,) = of_kind(desk, "repeat")
        assert one.count == 3

    def test_another_month_has_its_own(self, desk: Desk, clock: FixedClock) -> None:
        again(desk, clock, (3, 5, 9))
        assert of_kind(desk, "repeat", "2026-02") == []


class TestExposure:
    def test_one_exposed_complaint_is_enough(self, desk: Desk, clock: FixedClock) -> None:
        clock.at = at("2026-03-05 10:00")
        key = a_complaint(desk, channel_id=item(desk, "channel", "social"))
        (one,) = of_kind(desk, "exposure")
        assert one.records == (("complaint", key),)


class TestGroups:
    @pytest.fixture
    def group(self, desk: Desk, clock: FixedClock) -> str:
        with desk.write("A product") as uow:
            product = uow.insert("product", {"product_no": "A1", "name": "空调 A1"})
        for day, name in ((3, "甲"), (4, "乙"), (5, "丙")):
            clock.at = at(f"2026-03-{day:02d} 10:00")
            a_complaint(desk, new_customer={"name": name}, product_id=product)
        clock.at = at("2026-04-02 10:00")
        return str(desk.reader.execute("SELECT group_no FROM complaint_group").fetchone()[0])

    def test_a_group_is_proposed_with_its_size(self, desk: Desk, group: str) -> None:
        (one,) = of_kind(desk, "group")
        assert (one.subject, one.count) == (group, 3)
        assert "空调 A1" in one.title

    def test_the_close_of_the_month_raises_it_once(self, desk: Desk, group: str) -> None:
        closings.close(desk, MONTH, ImmediateContext())
        made = [row for row in improvements.listed(desk) if row.source == "group"]
        assert len(made) == 1
        assert [one["number"] for one in improvements.get(desk, made[0].id).links] == [group]
        closings.reopen(desk, MONTH, "又查到两件")
        closings.close(desk, MONTH, ImmediateContext())
        assert [r.id for r in improvements.listed(desk) if r.source == "group"] == [made[0].id]
        assert of_kind(desk, "group") == []

    def test_undoing_the_close_takes_it_back(self, desk: Desk, group: str) -> None:
        del group
        closings.close(desk, MONTH, ImmediateContext())
        undo.undo(desk)
        assert [row for row in improvements.listed(desk) if row.source == "group"] == []
        assert len(of_kind(desk, "group")) == 1


class TestQuality:
    def check(self, desk: Desk, *failed: str) -> int:
        """Check a ticket of somebody else by a form of two lines, the second a critical one."""
        if quality_forms.current(desk).items[0].item != "tone":
            lines = [
                FormItem("tone", "语气", "Tone", 50),
                FormItem("safe", "安全", "Safe", 50, True),
            ]
            quality_forms.save(desk, quality_forms.current(desk).id, "新表", lines)
        owner = settings.add_person(desk, f"坐席{desk.clock.now()}", [Role.AGENT]).value
        key = a_resolved_ticket(desk, callback_required=0)
        with desk.write("Hand over") as uow:
            uow.update("ticket", key, {"owner_id": owner})
        results = {line: "fail" if line in failed else "pass" for line in ("tone", "safe")}
        return quality.make(desk, key, results).value

    def test_a_line_failed_three_times(self, desk: Desk, clock: FixedClock) -> None:
        for day in (3, 4):
            clock.at = at(f"2026-03-{day:02d} 10:00")
            self.check(desk, "tone")
        assert of_kind(desk, "quality") == []
        clock.at = at("2026-03-05 10:00")
        self.check(desk, "tone")
        (one,) = of_kind(desk, "quality")
        assert (one.subject, one.count) == ("line:tone", 3)
        assert "Tone" in one.title
        assert {entity for entity, _key in one.records} == {"quality_check"}

    def test_a_critical_line_failed_once(self, desk: Desk, clock: FixedClock) -> None:
        clock.at = at("2026-03-05 10:00")
        key = self.check(desk, "safe")
        (one,) = of_kind(desk, "quality")
        assert one.records == (("quality_check", key),)

    def test_a_void_check_does_not_count(self, desk: Desk, clock: FixedClock) -> None:
        clock.at = at("2026-03-05 10:00")
        quality.void(desk, self.check(desk, "safe"), "抽错工单")
        assert of_kind(desk, "quality") == []


class TestVitalFew:
    def test_a_category_that_rose(self, desk: Desk, clock: FixedClock) -> None:
        # 5 after 4 is +25 %: proposed; the vital few of one category is that category
        for month, count in (("02", 4), ("03", 5)):
            for number in range(count):
                clock.at = at(f"2026-{month}-{3 + number:02d} 10:00")
                a_complaint(desk, new_customer={"name": f"客户{month}{number}"})
        clock.at = at("2026-04-02 10:00")
        (one,) = of_kind(desk, "pareto")
        assert (one.metric, one.count, one.before) == ("complaint_received", 5, 4)
        assert one.scope == f"category:{item(desk, 'category', 'service')}"

    def test_four_cases_are_too_few(self, desk: Desk, clock: FixedClock) -> None:
        for month, count in (("02", 2), ("03", 4)):
            for number in range(count):
                clock.at = at(f"2026-{month}-{3 + number:02d} 10:00")
                a_complaint(desk, new_customer={"name": f"客户{month}{number}"})
        clock.at = at("2026-04-02 10:00")
        assert of_kind(desk, "pareto") == []


class TestTakingUp:
    def test_an_item_with_its_evidence_and_snapshot(self, desk: Desk, clock: FixedClock) -> None:
        keys = again(desk, clock, (3, 5, 9))
        (one,) = of_kind(desk, "repeat")
        made = improvement_proposals.take_up(desk, one).value
        detail = improvements.get(desk, made)
        assert detail.item["source"] == "repeat"
        assert detail.item["snapshot"]["subject"] == one.subject
        assert [(o["period"], o["value"]) for o in detail.occurrences] == [(MONTH, 2.0)]
        assert [link["record_id"] for link in detail.links] == keys[1:]
        assert of_kind(desk, "repeat") == []

    def test_twice_makes_one_item(self, desk: Desk, clock: FixedClock) -> None:
        again(desk, clock, (3, 5, 9))
        (one,) = of_kind(desk, "repeat")
        improvement_proposals.take_up(desk, one)
        with pytest.raises(UserError, match="meanwhile"):
            improvement_proposals.take_up(desk, one)
        assert len(improvements.listed(desk)) == 1

    def test_the_next_month_goes_into_the_open_item(self, desk: Desk, clock: FixedClock) -> None:
        keys = again(desk, clock, (3, 5, 9))
        (first,) = of_kind(desk, "repeat")
        made = improvement_proposals.take_up(desk, first).value
        clock.at = at("2026-04-03 10:00")
        later = a_complaint(desk, customer_id=customer_of(desk, keys[0]))
        (second,) = of_kind(desk, "repeat", "2026-04")
        assert second.item_id == made
        assert improvement_proposals.take_up(desk, second).value == made
        detail = improvements.get(desk, made)
        assert [o["period"] for o in detail.occurrences] == [MONTH, "2026-04"]
        assert detail.links[-1]["record_id"] == later

    def test_undo_takes_the_item_back_and_proposes_again(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        again(desk, clock, (3, 5, 9))
        (one,) = of_kind(desk, "repeat")
        improvement_proposals.take_up(desk, one)
        undo.undo(desk)
        assert improvements.listed(desk) == []
        assert of_kind(desk, "repeat") == [one]

    def test_a_void_item_is_an_answer(self, desk: Desk, clock: FixedClock) -> None:
        again(desk, clock, (3, 5, 9))
        (one,) = of_kind(desk, "repeat")
        made = improvement_proposals.take_up(desk, one).value
        improvements.step(desk, made, "void", {"reason": "同一客户误登记"})
        assert of_kind(desk, "repeat") == []


class TestDeclining:
    def test_it_needs_a_reason_and_stays_away(self, desk: Desk, clock: FixedClock) -> None:
        again(desk, clock, (3, 5, 9))
        (one,) = of_kind(desk, "repeat")
        with pytest.raises(ProblemsError):
            improvement_proposals.decline(desk, one, "  ")
        improvement_proposals.decline(desk, one, "客户已撤诉")
        assert of_kind(desk, "repeat") == []
        undo.undo(desk)
        assert of_kind(desk, "repeat") == [one]
