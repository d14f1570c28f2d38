"""What belongs to a complaint: departments, approvals, cases, extensions, exposure, trace, merges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from svcdesk.domain.deadlines import Kind
from svcdesk.domain.people import Role
from svcdesk.domain.sla import DueState
from svcdesk.services import (
    complaint_approvals,
    complaint_cases,
    complaint_departments,
    complaint_exposure,
    complaint_links,
    complaint_merging,
    complaint_severity,
    complaint_terms,
    complaint_trace,
    complaints,
    deadlines,
    notices,
    settings,
    undo,
)
from svcdesk.system.errors import ProblemsError, UserError
from tests.domain.calendars import at, wall
from tests.services.desks import a_complaint, a_ticket, item

if TYPE_CHECKING:
    from svcdesk.services.complaint_detail import ComplaintDetail
    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

HOUR, DAY = 3600, 86400


def of(desk: Desk, key: int) -> dict[str, Any]:
    return complaints.get(desk, key).complaint


def person(desk: Desk, name: str, *roles: Role, department: int | None = None) -> int:
    return settings.add_person(desk, name, list(roles), department_id=department).value


def codes(call: Any, *args: Any, **more: Any) -> list[str]:
    """Return the fields and codes of the problems that a call is refused with."""
    with pytest.raises(ProblemsError) as caught:
        call(*args, **more)
    return [f"{p.field}:{p.code}" for p in caught.value.problems]


def refused(call: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(UserError) as caught:
        call(*args, **more)
    return str(caught.value.code)


def investigated(desk: Desk, **more: Any) -> int:
    """Register, accept and investigate a complaint."""
    key = a_complaint(desk, **more)
    department = item(desk, "department", "service")
    complaints.step(desk, key, "accept", {"resp_dept_id": department, "handler_id": desk.actor.id})
    complaints.step(desk, key, "investigate")
    return key


def resolved(desk: Desk, **more: Any) -> int:
    key = investigated(desk, **more)
    complaints.step(desk, key, "respond", {"cause": "交接遗漏", "answer": "已致歉并安排上门"})
    complaints.step(desk, key, "resolve", {"remedy": ["apology"]})
    return key


# -- fields ---------------------------------------------------------------------------------------


def test_a_field_can_be_emptied_again(desk: Desk) -> None:
    key = a_complaint(desk, demand="refund", demand_amount=12_000, region="杭州")
    complaints.change(desk, key, {"demand": None, "demand_amount": None, "region": None})
    stored = of(desk, key)
    assert (stored["demand"], stored["demand_amount"], stored["region"]) == (None, None, None)
    undo.undo(desk)
    stored = of(desk, key)
    assert (stored["demand"], stored["demand_amount"], stored["region"]) == (
        "refund",
        12_000,
        "杭州",
    )


def test_the_person_complained_about_never_handles_it(desk: Desk) -> None:
    other = person(desk, "小周", Role.AGENT)
    key = a_complaint(desk, complained_of_id=other)
    department = item(desk, "department", "service")
    assert codes(
        complaints.step, desk, key, "accept", {"resp_dept_id": department, "handler_id": other}
    ) == ["handler:same_person"]
    assert codes(complaints.change, desk, key, {"handler_id": other}) == ["handler:same_person"]
    task = {"department_id": department, "task": "核查录音", "person_id": other}
    assert codes(complaint_departments.ask, desk, key, task) == ["person:same_person"]


def test_a_retired_department_is_refused(desk: Desk) -> None:
    department = item(desk, "department", "logistics")
    key, kept = a_complaint(desk), a_complaint(desk, resp_dept_id=department)
    with desk.write("Retire") as uow:
        uow.update("list_item", department, {"active": 0})
    entered = {"resp_dept_id": department, "handler_id": desk.actor.id}
    assert codes(complaints.step, desk, key, "accept", entered) == ["resp_dept:retired"]
    assert codes(a_complaint, desk, resp_dept_id=department) == ["resp_dept:retired"]
    complaints.change(desk, kept, {"region": "宁波"})  # what it had before stays usable
    assert of(desk, key)["status"] == "registered"


# -- severity -------------------------------------------------------------------------------------


def test_a_person_may_choose_otherwise_and_the_reasons_stay(desk: Desk) -> None:
    key = a_complaint(desk, description="充电时冒烟，吓坏了", severity="normal")
    stored = of(desk, key)
    assert (stored["severity"], stored["severity_proposed"], stored["severity_by_hand"]) == (
        "normal",
        "major",
        1,
    )
    assert stored["severity_reasons"] == ["safety"]
    assert complaints.get(desk, key).open_proposal is None  # chosen knowing it


def test_what_is_found_later_is_proposed_never_written(desk: Desk) -> None:
    key = a_complaint(desk)
    before = of(desk, key)["due_at"]
    complaints.change(desk, key, {"social_exposure": True, "exposure_platform": "小红书"})
    detail = complaints.get(desk, key)
    assert (detail.complaint["severity"], detail.complaint["exposure_state"]) == (
        "normal",
        "watching",
    )
    assert detail.open_proposal is not None
    assert detail.open_proposal.codes == ["exposure"]
    complaint_severity.take_over(desk, key)
    stored = of(desk, key)
    assert (stored["severity"], stored["severity_by_hand"]) == ("major", 0)
    assert stored["due_at"] > before  # 5 working days instead of 3
    assert refused(complaint_severity.take_over, desk, key) == "no_proposal"
    undo.undo(desk)
    assert (of(desk, key)["severity"], of(desk, key)["due_at"]) == ("normal", before)


def test_the_third_of_a_chain_is_proposed_while_it_is_typed(desk: Desk, clock: FixedClock) -> None:
    customer = of(desk, a_complaint(desk))["customer_id"]
    clock.advance(DAY)
    a_complaint(desk, new_customer=None, customer_id=customer)
    clock.advance(30 * DAY)  # exactly 30 × 24 h after the second
    typed = {"customer_id": customer, "category_id": item(desk, "category", "service")}
    found = complaint_severity.proposal_for(desk, typed)
    assert ("chain", "3") in [(reason.code, reason.evidence) for reason in found.reasons]
    clock.advance(1)
    assert "chain" not in complaint_severity.proposal_for(desk, typed).codes


def test_a_closed_complaint_gets_no_proposal(desk: Desk) -> None:
    key = a_complaint(desk)
    complaints.step(desk, key, "reject", {"reject_reason": "不在服务范围"})
    with desk.write("Expose") as uow:
        uow.update("complaint", key, {"social_exposure": 1})
    assert complaints.get(desk, key).open_proposal is None


# -- limits ---------------------------------------------------------------------------------------


def states(detail: ComplaintDetail) -> dict[str, DueState]:
    return {str(term.kind): term.clock.state for term in detail.terms}


def test_limits_are_kept_by_what_is_recorded(desk: Desk, clock: FixedClock) -> None:
    key = a_complaint(desk, severity="major")
    stored = of(desk, key)
    assert stored["ack_due_at"] == stored["received_at"] + 12 * HOUR
    assert stored["interim_due_at"] is not None
    clock.advance(12 * HOUR)
    complaint_terms.note(desk, key, "contacted", "")
    assert states(complaints.get(desk, key))["ack"] is DueState.DONE
    undo.undo(desk)
    clock.advance(1)
    complaint_terms.note(desk, key, "contacted", "")
    assert states(complaints.get(desk, key))["ack"] is DueState.OVERDUE


def test_new_limits_hold_for_open_complaints_and_undo_takes_them_back(desk: Desk) -> None:
    key = a_complaint(desk)
    before = of(desk, key)
    settings.change(desk, {"complaint_closing_normal": 1, "complaint_ack_normal": 1})
    after = of(desk, key)
    assert after["ack_due_at"] == before["received_at"] + HOUR
    assert after["due_at"] < before["due_at"]
    undo.undo(desk)
    again = of(desk, key)
    assert (again["due_at"], again["ack_due_at"]) == (before["due_at"], before["ack_due_at"])


def test_every_extension_is_kept_with_the_original(desk: Desk) -> None:
    key = a_complaint(desk)
    due = of(desk, key)["due_at"]
    complaints.extend(desk, key, due + DAY, "等待质检报告")
    complaints.extend(desk, key, due + 3 * DAY, "供应商复检")
    detail = complaints.get(desk, key)
    assert (detail.complaint["due_original_at"], detail.complaint["due_at"]) == (due, due + 3 * DAY)
    assert [(row["old_due_at"], row["reason"]) for row in detail.extensions] == [
        (due, "等待质检报告"),
        (due + DAY, "供应商复检"),
    ]
    undo.undo(desk)
    assert len(complaints.get(desk, key).extensions) == 1
    desk.act_as(person(desk, "小周", Role.AGENT))
    assert refused(complaints.extend, desk, key, due + 9 * DAY, "再等等") == "not_allowed"


def test_closing_waits_for_the_result_to_be_told(desk: Desk, clock: FixedClock) -> None:
    key = resolved(desk)
    assert codes(complaints.step, desk, key, "close") == [
        "told_at:not_told",
        "told_channel:not_told",
    ]
    phone, now = item(desk, "channel", "phone"), clock.now()
    told = {"told_at": now + 1, "told_channel_id": phone}
    assert codes(complaint_terms.tell, desk, key, told) == ["told_at:future"]
    early = {"told_at": of(desk, key)["received_at"] - 1, "told_channel_id": phone}
    assert codes(complaint_terms.tell, desk, key, early) == ["told_at:order"]
    complaint_terms.tell(desk, key, {"told_at": now, "told_channel_id": phone, "text": "本人认可"})
    complaints.step(desk, key, "close")
    assert of(desk, key)["status"] == "closed"


def test_an_escalation_is_recorded_with_level_cause_and_person(desk: Desk) -> None:
    key = a_complaint(desk)
    assert codes(complaint_terms.escalate, desk, key, {"level": "manager"}) == [
        "cause:required",
        "reason:required",
        "to_name:required",
    ]
    values = {"level": "manager", "cause": "communication", "reason": "沟通方式生硬",
              "to_name": "赵经理"}  # fmt: skip
    complaint_terms.escalate(desk, key, values)
    detail = complaints.get(desk, key)
    assert detail.complaint["escalated_to"] == "manager"
    assert [(row["cause"], row["to_name"]) for row in detail.escalations] == [
        ("communication", "赵经理")
    ]
    undo.undo(desk)
    assert complaints.get(desk, key).escalations == []
    assert of(desk, key)["escalated_to"] is None


# -- departments ----------------------------------------------------------------------------------


def test_two_departments_with_a_main_one_answer_in_time(desk: Desk, clock: FixedClock) -> None:
    key = a_complaint(desk)
    logistics, product = (item(desk, "department", code) for code in ("logistics", "product"))
    assert codes(complaint_departments.ask, desk, key, {}) == [
        "department:required",
        "task:required",
    ]
    past = {"department_id": logistics, "task": "查运输", "due_at": clock.now()}
    assert codes(complaint_departments.ask, desk, key, past) == ["due_at:order"]
    first = complaint_departments.ask(desk, key, past | {"due_at": clock.now() + HOUR}).value
    second = complaint_departments.ask(
        desk, key, {"department_id": product, "task": "检测电机", "due_at": clock.now() + 2 * HOUR}
    ).value
    assert of(desk, key)["resp_dept_id"] == logistics  # the first one is the main one
    complaint_departments.make_main(desk, second)
    assert of(desk, key)["resp_dept_id"] == product
    due = [d.source_id for d in deadlines.pressing(desk) if d.kind is Kind.COMPLAINT_TASK]
    assert due == [first, second]
    assert codes(complaint_departments.answer, desk, first, " ") == ["answer:required"]
    complaint_departments.answer(desk, first, "运输无异常，外箱完好")
    assert refused(complaint_departments.answer, desk, first, "再答一次") == "answered"
    due = [d.source_id for d in deadlines.pressing(desk) if d.kind is Kind.COMPLAINT_TASK]
    assert due == [second]
    undo.undo(desk)
    rows = complaints.get(desk, key).departments
    assert [row["answered_at"] for row in rows] == [None, None]


def test_a_department_answers_for_itself_only(desk: Desk) -> None:
    key = a_complaint(desk)
    logistics, product = (item(desk, "department", code) for code in ("logistics", "product"))
    row = complaint_departments.ask(desk, key, {"department_id": logistics, "task": "查运输"}).value
    contact = person(desk, "产品接口人", Role.DEPT, department=product)
    own = person(desk, "物流接口人", Role.DEPT, department=logistics)
    desk.act_as(contact)
    assert refused(complaint_departments.answer, desk, row, "无异常") == "other_department"
    desk.act_as(own)
    complaint_departments.answer(desk, row, "无异常")
    assert complaints.get(desk, key).departments[0]["answered_by_id"] == own


# -- compensation ---------------------------------------------------------------------------------


def agent_with_request(desk: Desk, amount: int = 80_000) -> tuple[int, int]:
    """Let an agent enter a compensation above the limit; return complaint and agent."""
    key = investigated(desk)
    agent = person(desk, "小周", Role.AGENT)
    desk.act_as(agent)
    complaints.change(desk, key, {"compensation": amount})
    return key, agent


def test_compensation_above_the_limit_waits_for_a_supervisor(desk: Desk) -> None:
    boss = desk.actor.id
    key, agent = agent_with_request(desk)
    detail = complaints.get(desk, key)
    assert str(detail.approval) == "open"
    complaints.step(desk, key, "respond", {"cause": "电机缺陷", "answer": "补偿 800 元"})
    assert codes(complaints.step, desk, key, "resolve", {"remedy": ["refund"]}) == [
        "compensation:not_approved"
    ]
    request = detail.approvals[-1]["id"]
    assert refused(complaint_approvals.decide, desk, request, grant=True) == "not_allowed"
    desk.act_as(boss)
    assert any(n.kind == "approval" and n.record_id == key for n in notices.recent(desk))
    assert codes(complaint_approvals.decide, desk, request, grant=False) == ["note:required"]
    complaint_approvals.decide(desk, request, grant=False, note="先核实发票")
    assert str(complaints.get(desk, key).approval) == "refused"
    assert codes(complaints.step, desk, key, "resolve", {"remedy": ["refund"]}) == [
        "compensation:not_approved"
    ]
    undo.undo(desk)  # the refusal was a mistake
    complaint_approvals.decide(desk, request, grant=True)
    assert refused(complaint_approvals.decide, desk, request, grant=True) == "decided"
    desk.act_as(agent)
    complaints.step(desk, key, "resolve", {"remedy": ["refund"]})
    assert of(desk, key)["status"] == "resolved"


def test_nobody_approves_their_own_request(desk: Desk) -> None:
    key = investigated(desk)
    complaints.change(desk, key, {"compensation": 500_001})  # above a supervisor's authority, too
    request = complaints.get(desk, key).approvals[-1]["id"]
    assert refused(complaint_approvals.decide, desk, request, grant=True) == "own_request"
    desk.act_as(person(desk, "王主管", Role.SUPERVISOR))
    complaint_approvals.decide(desk, request, grant=True)
    assert str(complaints.get(desk, key).approval) == "granted"


def test_amounts_within_the_own_authority_need_nobody(desk: Desk) -> None:
    key = investigated(desk)
    complaints.change(desk, key, {"compensation": 500_000})
    assert str(complaints.get(desk, key).approval) == "granted"
    complaints.change(desk, key, {"compensation": 50_000})
    assert str(complaints.get(desk, key).approval) == "none"
    desk.act_as(person(desk, "小周", Role.AGENT))
    complaints.change(desk, key, {"compensation": 50_000 - 1})
    assert str(complaints.get(desk, key).approval) == "none"


def test_lowering_the_amount_drops_what_was_asked(desk: Desk) -> None:
    key, _agent = agent_with_request(desk)
    complaints.change(desk, key, {"compensation": 50_000})
    detail = complaints.get(desk, key)
    assert ([row["state"] for row in detail.approvals], str(detail.approval)) == (
        ["dropped"],
        "none",
    )
    undo.undo(desk)
    assert str(complaints.get(desk, key).approval) == "open"


# -- external cases -------------------------------------------------------------------------------


def test_cases_have_their_own_limits_and_alarm(desk: Desk, clock: FixedClock) -> None:
    clock.at = at("2026-03-31 10:00")
    key = a_complaint(desk)
    received = clock.now()
    limits = complaint_cases.proposed(desk, "12315", received)
    # 清明 on Mon 6 April: 1 2 3 | 7 8 9 10 are the seven working days
    assert wall(limits["accept_due_at"] or 0) == "2026-04-10 18:00"
    assert wall(limits["due_at"] or 0) == "2026-05-30 10:00"
    assert complaint_cases.proposed(desk, "court", received) == {
        "accept_due_at": None,
        "due_at": None,
    }
    case = {
        "body": "12315",
        "case_no": " 1330000002026033112345 ",
        "received_at": received,
        **limits,
    }
    number = complaint_cases.save(desk, key, case).value
    assert codes(complaint_cases.save, desk, key, case) == ["case_no:twice"]
    other = {"body": "platform", "case_no": "TB-8812", "received_at": received,
             "due_at": received + 3 * DAY}  # fmt: skip
    complaint_cases.save(desk, key, other)
    stored = of(desk, key)
    assert (stored["external_case"], stored["external_due_at"]) == ("TB-8812", received + 3 * DAY)
    clock.advance(DAY)
    due = [d.due_at for d in deadlines.pressing(desk) if d.kind is Kind.CASE]
    assert due == [received + 3 * DAY]
    assert codes(complaint_cases.close, desk, number, " ") == ["outcome:required"]
    complaint_cases.accept(desk, number)
    complaint_cases.close(desk, number, "调解成功")
    rows = {row["case_no"]: row for row in complaints.get(desk, key).cases}
    assert rows["1330000002026033112345"]["outcome"] == "调解成功"
    undo.undo(desk)
    assert complaints.get(desk, key).cases[0]["closed_at"] is None


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"body": "postman"}, "body:required"),
        ({"case_no": " "}, "case_no:required"),
        ({"case_no": "9" * 61}, "case_no:too_long"),
        ({"received_at": None}, "received_at:required"),
        ({"received_at": 4_000_000_000}, "received_at:future"),
        ({"due_at": 0}, "due_at:order"),
    ],
)
def test_bad_cases_are_refused(
    desk: Desk, clock: FixedClock, change: dict[str, Any], found: str
) -> None:
    key = a_complaint(desk)
    case = {"body": "12345", "case_no": "A-1", "received_at": clock.now()}
    assert codes(complaint_cases.save, desk, key, case | change) == [found]
    assert complaints.get(desk, key).cases == []


# -- exposure and trace ---------------------------------------------------------------------------


def test_a_publication_wants_a_note_a_day_until_it_is_calm(desk: Desk, clock: FixedClock) -> None:
    clock.at = at("2026-04-02 10:24")
    key = a_complaint(desk, channel_id=item(desk, "channel", "social"))

    def due() -> list[str]:
        return [wall(d.due_at) for d in deadlines.pressing(desk) if d.kind is Kind.EXPOSURE]

    assert due() == ["2026-04-02 18:00"]
    assert complaint_exposure.note_due(desk, of(desk, key))
    assert codes(complaint_exposure.note, desk, key, {"state": "loud", "reach": -1}) == [
        "text:required",
        "state:required",
        "reach:type",
    ]
    note = {"text": "阅读 1.2 万，已私信博主", "state": "answered", "reach": 12_000}
    complaint_exposure.note(desk, key, note)
    assert not complaint_exposure.note_due(desk, of(desk, key))
    assert due() == []
    clock.at = at("2026-04-03 00:00")
    assert complaint_exposure.note_due(desk, of(desk, key))
    assert due() == ["2026-04-03 18:00"]
    clock.at = at("2026-04-03 18:01")
    assert [
        d.is_late(clock.now()) for d in deadlines.pressing(desk) if d.kind is Kind.EXPOSURE
    ] == [True]
    complaint_exposure.note(desk, key, {"text": "博主已删帖", "state": "calm"})
    stored = of(desk, key)
    assert (stored["exposure_state"], stored["exposure_reach"]) == ("calm", 12_000)
    assert due() == []
    undo.undo(desk)
    assert of(desk, key)["exposure_state"] == "answered"


def test_an_ordinary_complaint_has_no_exposure_note(desk: Desk) -> None:
    key = a_complaint(desk)
    note = {"text": "无", "state": "calm"}
    assert refused(complaint_exposure.note, desk, key, note) == "not_exposed"


def test_a_penalty_is_for_supervisors_only(desk: Desk) -> None:
    key = a_complaint(desk)
    service = item(desk, "department", "service")
    assert codes(complaint_trace.save, desk, key, {}) == ["cause:required", "department:required"]
    values = {"cause": "未按承诺回电", "measure": "改为系统提醒", "department_id": service,
              "person_id": desk.actor.id, "personal_fault": True, "penalty_note": "扣绩效 2 分"}  # fmt: skip
    complaint_trace.save(desk, key, values)
    trace = complaints.get(desk, key).trace
    assert trace is not None
    assert (trace["penalty_note"], trace["personal_fault"]) == ("扣绩效 2 分", 1)
    assert "扣绩效" not in str(complaints.get(desk, key).events)
    desk.act_as(person(desk, "小周", Role.AGENT))
    seen = complaints.get(desk, key).trace
    assert seen is not None
    assert seen["penalty_note"] == ""
    assert refused(complaint_trace.save, desk, key, values) == "not_allowed"
    values.pop("penalty_note")
    complaint_trace.save(desk, key, values | {"measure": "双人复核"})
    desk.act_as(next(p.id for p in desk.reference.people.values() if Role.ADMIN in p.roles))
    kept = complaints.get(desk, key).trace
    assert kept is not None
    assert (kept["penalty_note"], kept["measure"]) == ("扣绩效 2 分", "双人复核")


# -- tickets and merges ---------------------------------------------------------------------------


def test_a_complaint_made_from_a_ticket_takes_it_over(desk: Desk) -> None:
    ticket = a_ticket(desk, order_no="DD-1", serial_no="SN-9")
    values = complaint_links.from_ticket(desk, ticket)
    values["category_id"] = item(desk, "category", "aftersales")
    key = complaints.create(desk, values).value
    detail = complaints.get(desk, key)
    assert [row["ticket_id"] for row in detail.tickets] == [ticket]
    assert (detail.complaint["order_no"], detail.complaint["serial_no"]) == ("DD-1", "SN-9")
    assert detail.complaint["description"] == "空调制冷效果差，出风口温度25℃"
    assert [row["complaint_id"] for row in complaint_links.of_ticket(desk, ticket)] == [key]
    number = detail.tickets[0]["number"]
    assert codes(complaint_links.add, desk, key, number) == ["ticket_number:twice"]
    assert codes(complaint_links.add, desk, key, "GD-0") == ["ticket_number:unknown"]
    complaint_links.remove(desk, detail.tickets[0]["id"])
    assert complaints.get(desk, key).tickets == []
    undo.undo(desk)
    assert len(complaints.get(desk, key).tickets) == 1


def test_a_merge_takes_what_was_chosen_and_gives_it_back(desk: Desk) -> None:
    target = a_complaint(desk, region="杭州", demand="refund")
    source = a_complaint(desk, new_customer={"name": "李四太太"}, region="宁波", demand="apology")
    preview = complaint_merging.preview(desk, source, target)
    assert preview.other_customer
    assert {d.name for d in preview.differences} >= {"region", "demand"}
    complaint_merging.merge(desk, source, target, {"region": "source"})
    detail = complaints.get(desk, target)
    assert (detail.complaint["region"], detail.complaint["demand"]) == ("宁波", "refund")
    assert list(detail.merged_in) == [source]
    assert {row["of"] for row in detail.events} == {"", of(desk, source)["complaint_no"]}
    assert of(desk, source)["status"] == "merged"
    third = a_complaint(desk)
    followed = complaint_merging.preview(desk, third, source)
    assert (followed.target["id"], followed.followed) == (target, True)
    complaints.step(desk, source, "unmerge")
    assert (of(desk, target)["region"], of(desk, source)["status"]) == ("杭州", "registered")
    assert complaints.get(desk, target).merged_in == {}


def test_a_merge_into_itself_or_into_a_rejected_one_is_refused(desk: Desk) -> None:
    one, other = a_complaint(desk), a_complaint(desk)
    assert codes(complaint_merging.merge, desk, one, one, {}) == ["merged_into:choice"]
    complaints.step(desk, other, "reject", {"reject_reason": "不在服务范围"})
    assert codes(complaint_merging.merge, desk, one, other, {}) == ["merged_into:choice"]


# -- the whole way --------------------------------------------------------------------------------


def test_an_overdue_complaint_is_closed_with_its_reason(desk: Desk, clock: FixedClock) -> None:
    key = investigated(desk)
    clock.at = of(desk, key)["due_at"] + 1
    assert complaints.get(desk, key).overdue
    complaints.change(desk, key, {"overdue_plan": "今天内与物流确认"})
    complaints.step(desk, key, "respond", {"cause": "物流延误", "answer": "今日补发"})
    complaints.step(desk, key, "resolve", {"remedy": ["replacement"]})
    told = {"told_at": clock.now(), "told_channel_id": item(desk, "channel", "phone")}
    complaint_terms.tell(desk, key, told)
    assert codes(complaints.step, desk, key, "close") == ["overdue_reason:required"]
    reason = item(desk, "overdue_reason", "delivery")
    complaints.step(desk, key, "close", {"overdue_reason_id": reason})
    assert of(desk, key)["status"] == "closed"


def test_reopening_ends_after_thirty_days(desk: Desk, clock: FixedClock) -> None:
    key = resolved(desk)
    told = {"told_at": clock.now(), "told_channel_id": item(desk, "channel", "phone")}
    complaints.step(desk, key, "close", told)
    clock.advance(30 * DAY + 1)
    assert codes(complaints.step, desk, key, "reopen") == [":too_late"]
    clock.advance(-1)
    complaints.step(desk, key, "reopen")
    assert of(desk, key)["status"] == "investigating"


def test_a_withdrawal_keeps_its_evidence(desk: Desk) -> None:
    key = investigated(desk)
    assert codes(complaints.step, desk, key, "withdraw") == ["withdraw_evidence:required"]
    complaints.step(desk, key, "withdraw", {"withdraw_evidence": "4 月 2 日电话录音 0412"})
    stored = of(desk, key)
    assert (stored["status"], stored["withdraw_evidence"]) == (
        "withdrawn",
        "4 月 2 日电话录音 0412",
    )
    complaints.step(desk, key, "resume")
    assert of(desk, key)["status"] == "investigating"
