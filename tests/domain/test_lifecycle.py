"""The state machines: what is listed in domain.md 2.19, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from svcdesk.domain.lifecycle import (
    ACTION,
    CALLBACK,
    COMPLAINT,
    IMPROVEMENT_ITEM,
    MACHINES,
    REPORT,
    TICKET,
    allowed,
    check,
    find,
)
from svcdesk.domain.people import Role
from svcdesk.i18n.catalog import translator
from svcdesk.i18n.labels import sentence
from tests.domain.calendars import at

NOW = at("2026-03-31 12:00")
DAY = 86400
EVERYONE = frozenset(Role)
A, S, SYS = {Role.AGENT}, {Role.SUPERVISOR}, {Role.SYSTEM}

# Written from domain.md 2.19, independently of the tables.
LISTED = {
    "ticket": """
        new: assigned in_progress cancelled merged
        assigned: in_progress assigned new cancelled merged
        in_progress: pending_customer pending_internal resolved assigned cancelled merged
        pending_customer: in_progress resolved cancelled
        pending_internal: in_progress resolved
        resolved: closed in_progress
        closed: in_progress
        cancelled: new
        merged: new""",
    "complaint": """
        registered: accepted rejected merged
        accepted: investigating withdrawn
        investigating: responded investigating withdrawn
        responded: resolved investigating withdrawn
        resolved: closed investigating
        closed: investigating
        rejected: registered
        withdrawn: investigating
        merged: registered""",
    "callback": """
        planned: in_progress cancelled
        in_progress: completed refused planned unreachable
        unreachable: planned
        cancelled: planned""",
    "improvement_item": """
        identified: analyzing void merged
        analyzing: planned void
        planned: executing analyzing void
        executing: verifying planned
        verifying: closed analyzing executing
        closed: analyzing
        void: identified""",
    "action": """
        todo: doing cancelled
        doing: done blocked cancelled
        blocked: doing cancelled
        done: verified doing
        cancelled: todo""",
    "report": """
        draft: generated
        generated: reviewed draft
        reviewed: published draft
        published: superseded""",
}


@pytest.mark.parametrize("name", LISTED)
def test_exactly_the_listed_steps_exist(name: str) -> None:
    listed: dict[str, set[str]] = {}
    for line in LISTED[name].strip().splitlines():
        source, _, targets = line.strip().partition(":")
        listed[source] = set(targets.split())
    machine = MACHINES[name]
    for state in machine.states:
        record = {machine.field: str(state)}
        found = {t.target for t in allowed(machine, record, EVERYONE, NOW)}
        assert found == listed.get(str(state), set()), state
        for target in set(map(str, machine.states)) - found:
            problems = check(machine, record, target, EVERYONE, NOW)
            assert [p.code for p in problems] == ["transition"]


def codes(machine: Any, record: dict[str, Any], to: str, roles: Any, **values: Any) -> list[str]:
    actor = values.pop("actor", None)
    return [
        f"{p.field}:{p.code}" for p in check(machine, record, to, roles, NOW, values, actor=actor)
    ]


def test_a_refusal_reads_well_in_both_languages() -> None:
    (problem,) = check(TICKET, {"status": "closed"}, "assigned", A, NOW)
    assert (
        sentence(problem.text, problem.values, translator("zh_CN")) == "“已关闭”不能转为“已派单”。"
    )
    assert sentence(problem.text, problem.values, translator("en")) == (
        "From “Closed” there is no step to “Assigned”."
    )
    (problem,) = check(TICKET, {"status": "closed"}, "in_progress", A, NOW)
    assert sentence(problem.text, problem.values, translator("zh_CN")) == (
        "当前角色无权执行“重开”，请由有权限的人员办理。"
    )


READY: dict[str, Any] = {"status": "in_progress", "issue_id": 7, "first_response_at": NOW - 600}
CALLER = frozenset({Role.CALLBACK})


class TestTicket:
    def test_resolving_asks_for_everything_that_is_missing(self) -> None:
        assert codes(TICKET, {"status": "in_progress"}, "resolved", A) == [
            "solution:too_short",
            "resolution_code:required",
            "issue_l1:required",
            "first_response_at:no_response",
        ]

    def test_resolving_with_everything(self) -> None:
        done = {"solution": "更换了压缩机", "resolution_code": "onsite"}
        assert codes(TICKET, READY, "resolved", A, **done) == []
        assert codes(TICKET, READY, "resolve", A, **done) == []
        assert codes(TICKET, READY, "resolved", A, **done | {"solution": " 已换 "}) == [
            "solution:too_short"
        ]

    def test_waiting_internally_names_department_and_reason(self) -> None:
        assert codes(TICKET, READY, "pending_internal", A) == [
            "reason:required",
            "department:required",
        ]
        assert codes(TICKET, READY, "pending_internal", A, reason="等备件", department=3) == []
        assert codes(TICKET, READY, "pending_customer", A) == []

    @pytest.mark.parametrize("state", ["new", "assigned", "in_progress", "pending_customer"])
    def test_cancelling_needs_a_reason(self, state: str) -> None:
        assert codes(TICKET, {"status": state}, "cancelled", A) == ["reason:required"]
        assert codes(TICKET, {"status": state}, "cancelled", A, reason="  ") == ["reason:required"]
        assert codes(TICKET, {"status": state}, "cancelled", S) == ["status:role"]

    def test_a_late_ticket_closes_with_its_reason_after_its_callback(self) -> None:
        late = {
            "status": "resolved",
            "callback_required": 1,
            "first_resolved_at": NOW,
            "late_at": NOW,
        }
        assert codes(TICKET, late, "closed", A) == [
            "callback_required:callback_open",
            "overdue_reason:required",
        ]
        for state in ("completed", "unreachable", "refused"):
            record = late | {"callback_state": state}
            assert codes(TICKET, record, "closed", A, overdue_reason_id=4) == []
        assert codes(TICKET, late | {"late_at": NOW + 1, "callback_required": 0}, "closed", A) == []

    def test_the_program_closes_after_seven_days_without_callback(self) -> None:
        record = {"status": "resolved", "callback_required": 0, "resolved_at": NOW - 7 * DAY}
        assert codes(TICKET, record, "closed", SYS) == []
        assert codes(TICKET, record | {"resolved_at": NOW - 7 * DAY + 1}, "closed", SYS) == [
            ":too_early"
        ]
        assert codes(TICKET, record | {"callback_required": 1}, "closed", SYS) == [
            "callback_required:callback_open"
        ]

    def test_reopening_ends_after_thirty_days(self) -> None:
        record = {"status": "closed", "closed_at": NOW - 30 * DAY}
        assert codes(TICKET, record, "in_progress", S) == []
        assert codes(TICKET, record | {"closed_at": NOW - 30 * DAY - 1}, "in_progress", S) == [
            ":too_late"
        ]
        assert codes(TICKET, record, "in_progress", A) == ["status:role"]
        assert codes(TICKET, {"status": "resolved"}, "in_progress", A) == []

    def test_restoring_a_cancelled_ticket_within_seven_days(self) -> None:
        record = {"status": "cancelled", "cancelled_at": NOW - 7 * DAY}
        assert codes(TICKET, record, "new", S) == []
        assert codes(TICKET, record | {"cancelled_at": NOW - 7 * DAY - 1}, "new", S) == [
            ":too_late"
        ]

    def test_the_program_resolves_a_silent_customer(self) -> None:
        record = READY | {
            "status": "pending_customer",
            "pending_since": NOW - 7 * DAY,
            "reminders": 2,
            "resolution_code": "abandoned",
            "solution": "客户未再回复",
        }
        assert codes(TICKET, record, "resolved", SYS) == []
        assert codes(TICKET, record | {"reminders": 1}, "resolved", SYS) == [":reminders"]
        assert codes(TICKET, record | {"status": "in_progress"}, "resolved", SYS) == ["status:role"]

    def test_dispatching_names_a_person(self) -> None:
        assert codes(TICKET, {"status": "new", "owner_id": None}, "assigned", S) == [
            "owner:required"
        ]
        assert codes(TICKET, {"status": "new"}, "assigned", SYS, owner=5) == []
        assert codes(TICKET, {"status": "assigned", "owner_id": 5}, "redispatch", S) == [
            "owner:required"
        ]
        assert codes(TICKET, {"status": "assigned", "owner_id": 5}, "return", A) == [
            "reason:required"
        ]

    def test_the_step_tells_its_event(self) -> None:
        step = find(TICKET, "in_progress", "assigned", A)
        assert step is not None
        assert (step.action, step.event) == ("transfer", "transferred")
        assert find(TICKET, "in_progress", "closed", A) is None


class TestComplaint:
    def test_the_way_through(self) -> None:
        assert codes(COMPLAINT, {"status": "registered"}, "accepted", A) == [
            "resp_dept:required",
            "handler:required",
        ]
        assert codes(COMPLAINT, {"status": "registered"}, "rejected", S) == [
            "reject_reason:required"
        ]
        assert codes(COMPLAINT, {"status": "registered"}, "rejected", A) == ["status:role"]
        assert codes(COMPLAINT, {"status": "accepted"}, "investigating", A) == [
            "resp_dept:required"
        ]
        assert codes(COMPLAINT, {"status": "investigating"}, "responded", {Role.DEPT}) == [
            "cause:required",
            "answer:required",
        ]
        assert codes(COMPLAINT, {"status": "responded", "remedy": "[]"}, "resolved", A) == [
            "remedy:required"
        ]
        assert codes(COMPLAINT, {"status": "responded"}, "resolved", A, answer="已退款") == []
        assert codes(COMPLAINT, {"status": "responded"}, "withdrawn", A) == [
            "withdraw_evidence:required"
        ]

    def test_closing(self) -> None:
        record: dict[str, Any] = {"status": "resolved", "resolved_at": NOW, "due_at": NOW + 1}
        assert codes(COMPLAINT, record, "closed", S) == [
            "told_at:not_told",
            "told_channel:not_told",
        ]
        record |= {"told_at": NOW, "told_channel_id": 5}
        assert codes(COMPLAINT, record, "closed", S) == []
        assert codes(COMPLAINT, record, "closed", A) == ["satisfaction:not_satisfied"]
        assert codes(COMPLAINT, record | {"satisfaction": 4}, "closed", A) == []
        assert codes(COMPLAINT, record, "closed", SYS) == [":too_early"]
        late = record | {"first_resolved_at": NOW, "due_at": NOW - 1}
        assert codes(COMPLAINT, late, "closed", S) == ["overdue_reason:required"]
        exactly = record | {"first_resolved_at": NOW, "due_at": NOW}  # the deadline itself is kept
        assert codes(COMPLAINT, exactly, "closed", S) == []

    def test_a_repeat_is_traced_before_it_is_closed(self) -> None:
        record = {"status": "resolved", "resolved_at": NOW, "told_at": NOW, "told_channel_id": 5,
                  "is_repeat": 1}  # fmt: skip
        assert codes(COMPLAINT, record, "closed", S) == ["trace:not_traced"]
        assert codes(COMPLAINT, record | {"traced": True}, "closed", S) == []

    def test_the_handler_is_not_the_one_complained_about(self) -> None:
        record = {"status": "registered", "resp_dept_id": 3, "handler_id": 7, "complained_of_id": 7}
        assert codes(COMPLAINT, record, "accepted", A) == ["handler:same_person"]
        assert codes(COMPLAINT, record | {"handler_id": 8}, "accepted", A) == []

    @pytest.mark.parametrize(
        ("approval", "found"),
        [("none", []), ("granted", []), ("missing", ["compensation:not_approved"]),
         ("open", ["compensation:not_approved"]), ("refused", ["compensation:not_approved"])],
    )  # fmt: skip
    def test_settling_waits_for_the_approval(self, approval: str, found: list[str]) -> None:
        record = {"status": "responded", "answer": "已退款", "compensation": 80_000}
        assert codes(COMPLAINT, record | {"approval": approval}, "resolved", A) == found

    def test_reopening_after_thirty_days_is_a_new_complaint(self) -> None:
        record = {"status": "closed", "closed_at": NOW - 31 * DAY}
        assert codes(COMPLAINT, record, "investigating", S) == [":too_late"]


class TestCallback:
    ONE, TWO = at("2026-03-30 23:59"), at("2026-03-31 00:01")

    @pytest.mark.parametrize(
        ("attempts", "enough"),
        [([ONE, ONE, TWO], True), ([ONE, TWO], False), ([TWO, TWO + 60, TWO + 120], False)],
    )
    def test_unreachable_needs_three_attempts_on_two_days(
        self, attempts: list[int], enough: bool
    ) -> None:
        record = {"state": "in_progress", "attempts": attempts}
        found = codes(CALLBACK, record, "unreachable", CALLER)
        assert found == ([] if enough else ["attempts:attempts"])

    def test_only_a_supervisor_or_the_customer_cancels(self) -> None:
        assert codes(CALLBACK, {"state": "planned"}, "cancelled", S) == []
        assert codes(CALLBACK, {"state": "planned"}, "cancelled", CALLER) == [
            "opt_out:supervisor_only"
        ]
        assert codes(CALLBACK, {"state": "planned", "opt_out": 1}, "cancelled", SYS) == []

    def test_completing_needs_the_result(self) -> None:
        assert codes(CALLBACK, {"state": "in_progress"}, "completed", CALLER) == ["result:required"]


class TestImprovement:
    def test_the_verifier_is_not_the_one_who_fixed_it(self) -> None:
        record = {
            "status": "verifying",
            "owner_id": 1,
            "verdict": "effective",
            "actions": [{"owner_id": 2, "state": "done"}],
        }
        quality = {Role.QUALITY}
        assert codes(IMPROVEMENT_ITEM, record, "closed", quality, actor=3) == []
        assert codes(IMPROVEMENT_ITEM, record, "closed", quality, actor=1) == ["owner:same_person"]
        assert codes(IMPROVEMENT_ITEM, record, "closed", quality, actor=2) == [
            "verifier:same_person"
        ]
        assert codes(IMPROVEMENT_ITEM, record, "analyzing", S, actor=3) == ["verdict:verdict"]
        assert codes(IMPROVEMENT_ITEM, record | {"verdict": "watching"}, "closed", S) == [
            "verdict:verdict"
        ]
        assert codes(ACTION, {"state": "done", "owner_id": 2}, "verified", S, actor=2) == [
            "owner:same_person"
        ]

    def test_planning_and_executing(self) -> None:
        assert codes(IMPROVEMENT_ITEM, {"status": "analyzing"}, "planned", S) == [
            "root_cause:required",
            "evidence:required",
            "confirmed_by:required",
        ]
        plan: dict[str, Any] = {"status": "planned", "actions": [{"owner_id": 2, "due_date": ""}]}
        assert codes(IMPROVEMENT_ITEM, plan, "executing", S) == ["actions:required"]
        plan["actions"][0]["due_date"] = "2026-04-30"
        assert codes(IMPROVEMENT_ITEM, plan, "executing", S) == []
        run = {"status": "executing", "actions": [{"state": "done"}, {"state": "doing"}]}
        assert codes(IMPROVEMENT_ITEM, run, "verifying", S) == ["actions:open_actions"]


def test_a_published_report_only_gives_way_to_a_new_version() -> None:
    assert codes(REPORT, {"status": "reviewed"}, "published", A) == ["status:role"]
    assert codes(REPORT, {"status": "published"}, "superseded", SYS) == ["new_version:required"]
    assert codes(REPORT, {"status": "published"}, "draft", S) == ["status:transition"]
