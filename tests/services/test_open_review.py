"""The review of what a month leaves open: causes, many at once, carried on, items of a cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.people import Role
from svcdesk.services import complaints, improvements, open_review, settings, tickets, undo
from svcdesk.services.closings import period_of
from svcdesk.system.errors import ProblemsError, UserError
from svcdesk.system.job import ImmediateContext
from tests.services.desks import a_complaint, a_ticket, item
from tests.services.importing import at, one, rows

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.open_review import OpenCase, Review
    from svcdesk.system.clock import FixedClock


@pytest.fixture(autouse=True)
def supervisor(desk: Desk) -> None:
    settings.change_person(desk, desk.actor.id, "周敏", [Role.SUPERVISOR, Role.ADMIN, Role.AGENT])


def review(desk: Desk, month: str = "2026-04") -> Review:
    return open_review.read(desk, month, ImmediateContext())


def case_of(desk: Desk, key: int, month: str = "2026-04") -> OpenCase:
    (found,) = [case for case in review(desk, month).cases if case.id == key]
    return found


def resolve(desk: Desk, key: int) -> None:
    tickets.say(desk, key, "您好，已收到", "public_reply")
    tickets.step(
        desk, key, "resolve", {"solution": "更换主板，试机正常", "resolution_code": "onsite"}
    )


class TestWhatIsOpen:
    def test_at_the_end_of_the_month_not_before_not_after(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        clock.at = at("2026-03-10 10:00")
        stays, ends, late, other = (a_ticket(desk) for _ in range(4))
        clock.at = at("2026-03-31 17:00")
        resolve(desk, ends)
        clock.at = at("2026-04-01 09:00")
        resolve(desk, late)
        tickets.remove(desk, other)
        case, after = a_complaint(desk), a_ticket(desk)
        clock.advance(60)
        assert {c.id for c in review(desk, "2026-03").cases} == {stays, late}
        assert {c.id for c in review(desk).cases} == {stays, case, after}
        assert {c.entity for c in review(desk).cases} == {"ticket", "complaint"}

    def test_the_end_itself_belongs_to_the_next_month(self, desk: Desk, clock: FixedClock) -> None:
        clock.at = at("2026-03-31 23:59")
        first = a_ticket(desk)
        clock.at = at("2026-04-01 00:00")
        second = a_ticket(desk)
        clock.at = at("2026-05-02 09:00")
        assert {c.id for c in review(desk, "2026-03").cases} == {first}
        assert {c.id for c in review(desk, "2026-04").cases} == {first, second}

    def test_a_reopened_one_is_open_from_its_reopening(self, desk: Desk, clock: FixedClock) -> None:
        clock.at = at("2026-02-10 10:00")
        key = a_ticket(desk)
        resolve(desk, key)
        clock.at = at("2026-03-20 10:00")
        tickets.step(desk, key, "reopen", {"reason": "又坏了"})
        clock.at = at("2026-04-20 10:00")
        assert review(desk, "2026-02").cases == ()
        case = case_of(desk, key, "2026-03")
        assert case.opened_at == at("2026-03-20 10:00")
        assert open_review.carried_months(case, period_of(desk, "2026-04")) == 1

    def test_a_running_month_is_read_up_to_now(self, desk: Desk) -> None:
        a_ticket(desk)
        found = review(desk)
        assert found.running
        assert found.at == desk.clock.now()
        assert len(found.cases) == 0  # opened at this very second: not before it

    def test_months_to_choose(self, desk: Desk, clock: FixedClock) -> None:
        clock.at = at("2026-02-10 10:00")
        a_ticket(desk)
        clock.at = at("2026-04-02 10:00")
        assert open_review.months(desk) == ["2026-04", "2026-03", "2026-02"]


@pytest.fixture
def three(desk: Desk, clock: FixedClock) -> list[int]:
    """Three tickets open since February; it is 2 April."""
    clock.at = at("2026-02-10 10:00")
    keys = [a_ticket(desk, title=f"空调{n}") for n in "一二三"]
    clock.at = at("2026-04-02 10:00")
    return keys


class TestSaying:
    def test_causes_and_the_counter(self, desk: Desk, three: list[int]) -> None:
        assert [(c.reason_id, c.cases) for c in review(desk, "2026-03").causes] == [(None, 3)]
        why = desk.reference.items_of("overdue_reason")[3].id
        assert open_review.say(desk, "2026-03", three[:2], {"reason_id": why}).value == 2
        found = review(desk, "2026-03")
        assert [(c.reason_id, c.cases, c.reviewed) for c in found.causes] == [
            (why, 2, 2), (None, 1, 0),
        ]  # fmt: skip
        assert (found.reviewed, len(found.cases)) == (2, 3)
        assert review(desk, "2026-02").reviewed == 0

    def test_many_are_one_step(self, desk: Desk, three: list[int]) -> None:
        open_review.say(desk, "2026-03", three, {
            "next_step": " 催备件 ", "owner_id": desk.actor.id, "due_date": "2026-04-10"})  # fmt: skip
        for key in three:
            case = case_of(desk, key, "2026-03")
            assert (case.next_step, case.owner_id, case.due_date) == (
                "催备件", desk.actor.id, "2026-04-10",
            )  # fmt: skip
        undo.undo(desk)
        assert review(desk, "2026-03").reviewed == 0
        undo.redo(desk)
        assert review(desk, "2026-03").reviewed == 3

    def test_only_the_fields_given_change(self, desk: Desk, three: list[int]) -> None:
        why = desk.reference.items_of("overdue_reason")[0].id
        open_review.say(desk, "2026-03", three[:1], {"reason_id": why, "next_step": "催备件"})
        open_review.say(desk, "2026-03", three, {"due_date": "2026-04-10"})
        case = case_of(desk, three[0], "2026-03")
        assert (case.reason_id, case.next_step, case.due_date) == (why, "催备件", "2026-04-10")
        assert case_of(desk, three[1], "2026-03").next_step == ""
        assert one(desk, "SELECT count(*) FROM open_review") == 3

    def test_the_records_own_reason_is_taken_until_the_review_says_another(
        self, desk: Desk, three: list[int]
    ) -> None:
        first, second = (i.id for i in desk.reference.items_of("overdue_reason")[:2])
        tickets.change(desk, three[0], {"overdue_reason_id": first})
        assert open_review.reason_of(case_of(desk, three[0], "2026-03")) == first
        open_review.say(desk, "2026-03", three[:1], {"next_step": "催"})
        assert case_of(desk, three[0], "2026-03").reason_id == first  # kept with the entry
        open_review.say(desk, "2026-03", three[:1], {"reason_id": second})
        assert open_review.reason_of(case_of(desk, three[0], "2026-03")) == second

    def test_what_is_refused(self, desk: Desk, three: list[int]) -> None:
        channel = item(desk, "channel", "phone")
        for values, field in (
            ({"reason_id": channel}, "reason_id"), ({"owner_id": 5}, "owner_id"),
            ({"due_date": "4月10日"}, "due_date"),
        ):  # fmt: skip
            with pytest.raises(ProblemsError) as caught:
                open_review.say(desk, "2026-03", three, values)
            assert [p.field for p in caught.value.problems] == [field]
        with pytest.raises(UserError, match="not open"):
            open_review.say(desk, "2026-01", three, {})
        desk.act_as(settings.add_person(desk, "王芳", [Role.TECH]).value)
        with pytest.raises(UserError, match="may not"):
            open_review.say(desk, "2026-03", three, {})


class TestCarrying:
    def test_the_last_entry_comes_along_and_is_not_reviewed_yet(
        self, desk: Desk, three: list[int]
    ) -> None:
        why = desk.reference.items_of("overdue_reason")[3].id
        values = {"reason_id": why, "next_step": "催备件", "owner_id": desk.actor.id,
                  "due_date": "2026-03-10"}  # fmt: skip
        open_review.say(desk, "2026-02", three[:2], values)
        open_review.say(desk, "2026-03", three[:1], {"next_step": "换供应商"})
        assert open_review.carry(desk, "2026-04").value == 2
        first, second = (case_of(desk, key, "2026-04") for key in three[:2])
        assert (first.next_step, second.next_step) == ("换供应商", "催备件")
        assert (second.reason_id, second.due_date) == (why, "2026-03-10")
        assert second.reviewed_at is None
        assert review(desk).reviewed == 0
        period = period_of(desk, "2026-04")
        assert open_review.carried_months(second, period) == 2
        open_review.say(desk, "2026-04", three[1:2], {})
        assert case_of(desk, three[1]).next_step == "催备件"
        assert review(desk).reviewed == 1

    def test_never_doubled_and_in_no_undo(self, desk: Desk, three: list[int]) -> None:
        open_review.say(desk, "2026-02", three, {"next_step": "催"})
        assert open_review.carry(desk, "2026-03").value == 3
        assert open_review.carry(desk, "2026-03").value == 0
        assert open_review.carry(desk, "2026-04").value == 3
        assert rows(desk, "SELECT period, count(*) FROM open_review GROUP BY 1 ORDER BY 1") == [
            ("2026-02", 3), ("2026-03", 3), ("2026-04", 3),
        ]  # fmt: skip
        undo.undo(desk)  # what was said, not what the program carried
        assert review(desk, "2026-02").reviewed == 0
        assert len([c for c in review(desk).cases if c.review_id is not None]) == 3

    def test_what_was_settled_in_between_does_not_come_along(
        self, desk: Desk, three: list[int], clock: FixedClock
    ) -> None:
        """Settled in March and opened again: what was said in February is of the time before."""
        open_review.say(desk, "2026-02", three, {"next_step": "催"})
        clock.at = at("2026-04-02 11:00")
        for key in three[:2]:
            resolve(desk, key)
        tickets.step(desk, three[1], "reopen", {"reason": "又坏了"})
        clock.at = at("2026-05-04 10:00")
        assert open_review.carry(desk, "2026-04").value == 1
        assert [c.id for c in review(desk).cases if c.next_step] == [three[2]]

    def test_nothing_to_carry_writes_nothing(self, desk: Desk, three: list[int]) -> None:
        outcome = open_review.carry(desk, "2026-03")
        assert outcome.value == 0
        assert outcome.changes.is_empty


class TestItem:
    def test_of_a_cause(self, desk: Desk, three: list[int]) -> None:
        why = desk.reference.items_of("overdue_reason")[3].id
        open_review.say(desk, "2026-03", three, {"reason_id": why})
        key = open_review.make_item(desk, "2026-03", three).value
        detail = improvements.get(desk, key)
        assert "3 cases open at the end of 2026-03" in detail.item["title"]
        assert {link["record_id"] for link in detail.links} == set(three)
        assert case_of(desk, three[0], "2026-03").item_no == detail.item["item_no"]
        again = open_review.make_item(desk, "2026-03", three).value
        assert again == key
        assert len(improvements.get(desk, key).occurrences) == 1
        undo.undo(desk)
        undo.undo(desk)
        assert improvements.listed(desk) == []
        assert case_of(desk, three[0], "2026-03").item_no is None

    def test_the_next_month_goes_on_with_it(self, desk: Desk, three: list[int]) -> None:
        why = desk.reference.items_of("overdue_reason")[3].id
        open_review.say(desk, "2026-02", three[:2], {"reason_id": why})
        key = open_review.make_item(desk, "2026-02", three[:2]).value
        open_review.carry(desk, "2026-03")
        open_review.say(desk, "2026-03", three[2:], {"reason_id": why})
        assert open_review.make_item(desk, "2026-03", three).value == key
        detail = improvements.get(desk, key)
        assert [(o["period"], o["n"]) for o in detail.occurrences] == [("2026-02", 2),
                                                                       ("2026-03", 3)]  # fmt: skip
        assert len(detail.links) == 3

    def test_of_two_causes_is_refused(self, desk: Desk, three: list[int]) -> None:
        why = desk.reference.items_of("overdue_reason")[3].id
        open_review.say(desk, "2026-03", three[:1], {"reason_id": why})
        with pytest.raises(UserError, match="same reason"):
            open_review.make_item(desk, "2026-03", three)


def test_complaints_are_reviewed_with_the_tickets(desk: Desk, clock: FixedClock) -> None:
    clock.at = at("2026-03-10 10:00")
    key, case = a_ticket(desk), a_complaint(desk)
    rejected = a_complaint(desk)
    complaints.step(desk, rejected, "reject", {"reject_reason": "不是本公司的产品"})
    clock.at = at("2026-04-02 10:00")
    assert open_review.say(desk, "2026-03", [key, case], {"next_step": "回电"}).value == 2
    assert {(c.entity, c.next_step) for c in review(desk, "2026-03").cases} == {
        ("ticket", "回电"), ("complaint", "回电"),
    }  # fmt: skip
