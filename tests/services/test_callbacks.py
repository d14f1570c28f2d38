import pytest

from svcdesk.domain.metrics.figure import Figure
from svcdesk.domain.people import Role
from svcdesk.domain.period import parse_period
from svcdesk.services import (
    callbacks,
    callbacks_follow,
    callbacks_hand_out,
    callbacks_reasons,
    callbacks_scripts,
    complaints,
    customers,
    dashboards,
    settings,
    surveys,
    tickets,
    undo,
)
from svcdesk.services.desk import Desk
from svcdesk.services.queries import DeskRows
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import ProblemsError, UserError
from tests.services.desks import a_complaint, a_resolved_ticket, a_ticket, item

HOUR, DAY = 3600, 86400
GOOD = {"result": "satisfied", "csat": 5, "dim_attitude": 5, "nps": 10}


def fields(caught: pytest.ExceptionInfo[ProblemsError]) -> set[str]:
    return {problem.field for problem in caught.value.problems}


def test_a_connected_call_becomes_an_answer_with_frozen_attribution(desk: Desk) -> None:
    ticket = a_resolved_ticket(desk)
    task = callbacks.next_task(desk)
    assert task is not None
    callbacks.record(desk, task, "connected", GOOD)
    detail = callbacks.get(desk, task)
    assert detail.callback["state"] == "completed"
    assert detail.callback["own_ticket"] == 1  # the caller handled the ticket: marked
    (answer,) = detail.answers
    stored = tickets.get(desk, ticket).ticket
    assert (answer["csat"], answer["nps"], answer["dim_speed"]) == (5, 10, None)
    assert (answer["agent_id"], answer["channel_id"]) == (stored["owner_id"], stored["channel_id"])
    assert callbacks.next_task(desk) is None


def test_unreachable_needs_three_attempts_on_two_days(desk: Desk, clock: FixedClock) -> None:
    a_resolved_ticket(desk)
    task = callbacks.next_task(desk)
    assert task is not None
    for _ in range(2):
        callbacks.record(desk, task, "no_answer")
        clock.advance(HOUR)
    with pytest.raises(ProblemsError) as caught:  # three, but on one day
        callbacks.record(desk, task, "busy", {"unreachable": True})
    assert fields(caught) == {"attempts"}
    clock.advance(DAY)
    callbacks.record(desk, task, "busy", {"unreachable": True})
    assert callbacks.get(desk, task).callback["state"] == "unreachable"


def test_a_low_score_needs_words_and_plans_its_recovery(desk: Desk, clock: FixedClock) -> None:
    a_resolved_ticket(desk)
    task = callbacks.next_task(desk)
    assert task is not None
    with pytest.raises(ProblemsError) as caught:
        callbacks.record(desk, task, "connected", {"result": "dissatisfied", "csat": 2})
    assert fields(caught) == {"comment"}
    callbacks.record(
        desk, task, "connected", {"result": "dissatisfied", "csat": 2, "comment": "又坏了"}
    )
    recovery = callbacks.next_task(desk)
    assert recovery is not None
    detail = callbacks.get(desk, recovery)
    assert detail.callback["kind"] == "low_score"
    assert detail.callback["due_at"] == clock.now() + 48 * HOUR
    callbacks.record(desk, recovery, "connected", {**GOOD, "recovery_result": "fixed"})
    kinds = [a["kind"] for a in callbacks.get(desk, recovery).answers]
    assert sorted(kinds) == ["normal", "recovery"]
    assert callbacks.next_task(desk) is None  # a recovery is not followed by another


@pytest.mark.parametrize(
    ("field", "value"), [("csat", 0), ("csat", 6), ("nps", 11), ("nps", -1), ("dim_skill", 0)]
)
def test_scores_off_the_scale_are_refused(desk: Desk, field: str, value: int) -> None:
    a_resolved_ticket(desk)
    task = callbacks.next_task(desk)
    assert task is not None
    with pytest.raises(ProblemsError) as caught:
        callbacks.record(desk, task, "connected", {**GOOD, field: value})
    assert field in fields(caught)
    assert desk.reader.execute("SELECT count(*) FROM survey").fetchone() == (0,)


def test_nps_zero_is_an_answer(desk: Desk) -> None:
    customer = customers.create(desk, {"name": "王五"}).value
    key = surveys.record(desk, {"customer_id": customer, "nps": 0, "method": "sms"}).value
    assert desk.reader.execute("SELECT nps, csat FROM survey WHERE id = ?", (key,)).fetchone() == (
        0,
        None,
    )


def test_call_back_at_needs_its_time(desk: Desk, clock: FixedClock) -> None:
    a_resolved_ticket(desk)
    task = callbacks.next_task(desk)
    assert task is not None
    with pytest.raises(ProblemsError) as caught:
        callbacks.record(desk, task, "call_back_at")
    assert fields(caught) == {"retry_at"}
    callbacks.record(desk, task, "call_back_at", {"retry_at": clock.now() + DAY})
    stored = callbacks.get(desk, task).callback
    assert (stored["state"], stored["retry_at"], stored["agreed"]) == (
        "planned", clock.now() + DAY, 1,
    )  # fmt: skip
    assert stored["due_at"] == clock.now() + 3 * DAY  # an appointment moves no limit


def test_who_refuses_callbacks_gets_none(desk: Desk) -> None:
    customer = customers.create(desk, {"name": "赵六", "opt_out": 1}).value
    a_ticket(desk, new_customer=None, customer_id=customer)
    a_resolved_ticket(desk, new_customer=None, customer_id=customer)
    assert callbacks.next_task(desk) is None


def test_a_complaints_callback_leaves_its_score_with_the_complaint(
    desk: Desk, clock: FixedClock
) -> None:
    key = a_complaint(desk)
    department = item(desk, "department", "service")
    complaints.step(desk, key, "accept", {"resp_dept_id": department, "handler_id": desk.actor.id})
    complaints.step(desk, key, "investigate", {})
    with pytest.raises(ProblemsError) as caught:
        complaints.step(desk, key, "respond", {})
    assert fields(caught) == {"cause", "answer"}
    complaints.step(desk, key, "respond", {"cause": "交接遗漏", "answer": "已致歉并安排上门"})
    complaints.step(desk, key, "resolve", {"remedy": ["apology"]})
    task = callbacks.next_task(desk)
    assert task is not None
    assert callbacks.get(desk, task).callback["due_at"] == clock.now() + 48 * HOUR
    callbacks.record(desk, task, "connected", {**GOOD, "csat": 4})
    assert complaints.get(desk, key).complaint["satisfaction"] == 4


def a_task(desk: Desk, **more: object) -> int:
    """Resolve a ticket; return its callback."""
    key = a_resolved_ticket(desk, **more)
    row = desk.reader.execute("SELECT id FROM callback WHERE ticket_id = ?", (key,)).fetchone()
    return int(row[0])


def a_recovery(desk: Desk) -> int:
    """Let a customer give one point; return the recovery."""
    callbacks.record(
        desk, a_task(desk), "connected", {"result": "dissatisfied", "csat": 1, "comment": "又坏了"}
    )
    found = callbacks.next_task(desk)
    assert found is not None
    return found


def state(desk: Desk, task: int) -> str:
    return str(callbacks.get(desk, task).callback["state"])


def test_a_failed_attempt_is_tried_again_by_rule_and_keeps_its_due_time(
    desk: Desk, clock: FixedClock
) -> None:
    """Wednesday 10:00: nobody; 2 working hours later it is 12:00."""
    task = a_task(desk)
    due = callbacks.get(desk, task).callback["due_at"]
    callbacks.record(desk, task, "no_answer", {"phone_place": 2})
    detail = callbacks.get(desk, task)
    assert (detail.callback["retry_at"], detail.callback["agreed"]) == (clock.now() + 2 * HOUR, 0)
    assert detail.callback["due_at"] == due
    assert detail.callback["assignee_id"] == desk.actor.id  # who calls has it
    assert (detail.attempts[0]["phone_place"], detail.attempts[0]["result"]) == (2, "no_answer")
    undo.undo(desk)
    detail = callbacks.get(desk, task)
    assert (detail.callback["retry_at"], detail.attempts) == (None, [])


@pytest.mark.parametrize("seconds", [0, -1])
def test_an_appointment_lies_in_the_future(desk: Desk, clock: FixedClock, seconds: int) -> None:
    task = a_task(desk)
    with pytest.raises(ProblemsError) as caught:
        callbacks.record(desk, task, "call_back_at", {"retry_at": clock.now() + seconds})
    assert fields(caught) == {"retry_at"}
    assert callbacks.get(desk, task).attempts == []


def test_giving_up_needs_what_unreachable_needs(desk: Desk, clock: FixedClock) -> None:
    task = a_task(desk)
    for _ in range(2):
        callbacks.record(desk, task, "no_answer")
    with pytest.raises(ProblemsError) as caught:
        callbacks.give_up(desk, task)
    assert fields(caught) == {"attempts"}
    clock.advance(DAY)
    callbacks.record(desk, task, "busy")
    assert callbacks.get(desk, task).enough
    callbacks.give_up(desk, task)
    assert state(desk, task) == "unreachable"
    with pytest.raises(ProblemsError):
        callbacks.give_up(desk, task)  # it is over
    undo.undo(desk)
    assert state(desk, task) == "planned"


def test_who_refuses_may_refuse_for_good(desk: Desk) -> None:
    first = a_task(desk)
    customer = callbacks.get(desk, first).customer["id"]
    second = a_task(desk, new_customer=None, customer_id=customer)
    callbacks.record(desk, first, "refused", {"opt_out": True})
    assert (state(desk, first), state(desk, second)) == ("refused", "cancelled")
    assert customers.get(desk, customer)["opt_out"] == 1
    undo.undo(desk)
    assert (state(desk, first), state(desk, second)) == ("planned", "planned")
    assert customers.get(desk, customer)["opt_out"] == 0


def test_nobody_is_called_who_refused_since(desk: Desk) -> None:
    """An import may note the refusal: the task is still there, the call is not made."""
    task = a_task(desk)
    with desk.write("import", kind="system") as uow:
        uow.update("customer", callbacks.get(desk, task).customer["id"], {"opt_out": 1})
    with pytest.raises(ProblemsError) as caught:
        callbacks.record(desk, task, "connected", GOOD)
    assert fields(caught) == {"opt_out"}
    callbacks.cancel(desk, task, "")
    assert state(desk, task) == "cancelled"
    with pytest.raises(ProblemsError):
        callbacks.replan(desk, task, 2_000_000_000)


def test_a_new_problem_becomes_a_ticket_in_the_same_step(desk: Desk) -> None:
    task = a_task(desk)
    before = desk.reader.execute("SELECT count(*) FROM ticket").fetchone()
    callbacks.record(
        desk, task, "connected", {"result": "new_problem", "csat": 4, "comment": "遥控器也不灵了"}
    )
    detail = callbacks.get(desk, task)
    made = tickets.get(desk, detail.callback["new_ticket_id"])
    assert (made.ticket["title"], made.ticket["status"]) == ("遥控器也不灵了", "new")
    assert made.ticket["customer_id"] == detail.callback["customer_id"]
    assert detail.new_ticket_no == made.ticket["ticket_no"]
    assert detail.ticket is not None
    source = tickets.get(desk, detail.ticket["id"])
    assert [link["kind"] for link in made.links] == ["follow_up"]
    assert len(source.links) == 1
    undo.undo(desk)
    assert state(desk, task) == "planned"
    assert (
        desk.reader.execute("SELECT count(*) FROM ticket WHERE deleted_at IS NULL").fetchone()
        == before
    )
    assert callbacks.get(desk, task).new_ticket_no == ""


def test_a_ticket_is_made_once(desk: Desk) -> None:
    task = a_task(desk)
    key = callbacks_follow.new_ticket(desk, task, "").value
    assert tickets.get(desk, key).ticket["title"].startswith("New problem told in callback HF")
    with pytest.raises(UserError) as caught:
        callbacks_follow.new_ticket(desk, task, "")
    assert caught.value.code == "made"
    callbacks.record(desk, task, "connected", {"result": "new_problem", "csat": 4})
    assert callbacks.get(desk, task).callback["new_ticket_id"] == key


def test_a_complaint_in_the_words_of_the_customer(desk: Desk) -> None:
    task = a_task(desk)
    with pytest.raises(ProblemsError) as caught:
        callbacks_follow.new_complaint(desk, task, " ")
    assert fields(caught) == {"comment"}
    key = callbacks_follow.new_complaint(desk, task, "等了三天没人来").value
    found = complaints.get(desk, key).complaint
    assert (found["title"], found["status"]) == ("等了三天没人来", "registered")
    assert callbacks.get(desk, task).new_complaint_no == found["complaint_no"]
    undo.undo(desk)
    assert callbacks.get(desk, task).new_complaint_no == ""


def test_a_recovery_says_whether_it_is_put_right(desk: Desk) -> None:
    task = a_recovery(desk)
    with pytest.raises(ProblemsError) as caught:
        callbacks.record(desk, task, "connected", GOOD)
    assert fields(caught) == {"recovery_result"}
    given = {"recovery_result": "fixed", "given": "延保 3 个月", "given_amount": "abc"}
    with pytest.raises(ProblemsError) as caught:
        callbacks.record(desk, task, "connected", {**GOOD, **given})
    assert fields(caught) == {"given_amount"}
    callbacks.record(desk, task, "connected", {**GOOD, **given, "given_amount": 3_000})
    found = callbacks.get(desk, task).callback
    assert (found["recovery_result"], found["given"], found["given_amount"]) == (
        "fixed", "延保 3 个月", 3_000,
    )  # fmt: skip
    kind = desk.reader.execute(
        "SELECT kind FROM survey WHERE id = ?", (found["answer_id"],)
    ).fetchone()
    assert kind == ("recovery",)


def test_a_recovery_that_cannot_be_reached(desk: Desk, clock: FixedClock) -> None:
    task = a_recovery(desk)
    for _ in range(3):
        callbacks.record(desk, task, "off")
        clock.advance(DAY)
    callbacks.give_up(desk, task)
    assert callbacks.get(desk, task).callback["recovery_result"] == "not_reached"


@pytest.mark.parametrize(
    ("after", "num"), [(48 * HOUR, 1), (48 * HOUR + 1, 0)], ids=["exactly 48 h", "a second more"]
)
def test_the_figures_follow_the_recovery(
    desk: Desk, clock: FixedClock, after: int, num: int
) -> None:
    """Two low scores; one recovered with 4 points after 48 h: 1 of 2 in time, 1 of 1 converted."""
    other = customers.create(desk, {"name": "王五"}).value
    surveys.record(desk, {"customer_id": other, "csat": 2, "comment": "慢", "method": "sms"})
    task = a_task(desk)
    callbacks.record(
        desk, task, "connected", {"result": "dissatisfied", "csat": 1, "comment": "又坏了"}
    )
    rows = desk.reader.execute(
        "SELECT id FROM callback WHERE kind = 'low_score' AND ticket_id IS NOT NULL"
    ).fetchall()
    clock.advance(after)
    callbacks.record(
        desk, rows[0][0], "connected",
        {"result": "satisfied", "csat": 4, "recovery_result": "fixed"},
    )  # fmt: skip
    clock.advance(DAY)  # the other one is late by now
    loop = figure(desk, "low_score_loop48_rate")
    assert (loop.num, loop.den) == (num, 2)
    recovered = figure(desk, "low_score_recovery_rate")
    assert (recovered.num, recovered.den) == (1, 1)
    mean = figure(desk, "csat_mean")
    assert (mean.num, mean.den) == (3, 2)  # 2 and 1: recovery answers are not in it


def figure(desk: Desk, metric: str) -> Figure:
    """Return a figure of April 2026."""
    period = parse_period("2026-04")
    return dashboards.figures(desk, period, metric_ids=[metric])[metric]


def test_an_answer_has_a_time_that_can_be(desk: Desk, clock: FixedClock) -> None:
    customer = customers.create(desk, {"name": "王五"}).value
    answer = {"customer_id": customer, "csat": 5, "method": "sms"}
    now = clock.now()
    for times in ({"responded_at": now + 1}, {"sent_at": now, "responded_at": now - 1},
                  {"sent_at": now + 60}):  # fmt: skip
        with pytest.raises(ProblemsError) as caught:
            surveys.record(desk, {**answer, **times})
        assert fields(caught) == {"responded_at"}
    surveys.record(desk, {**answer, "sent_at": now, "responded_at": now})


@pytest.mark.parametrize("value", [4.5, "5", True])
def test_half_points_and_texts_are_no_scores(desk: Desk, value: object) -> None:
    task = a_task(desk)
    with pytest.raises(ProblemsError) as caught:
        callbacks.record(desk, task, "connected", {**GOOD, "csat": value})
    assert fields(caught) == {"csat"}
    assert callbacks.get(desk, task).attempts == []


def test_words_are_asked_for_up_to_the_score_of_the_setting(desk: Desk) -> None:
    settings.change(desk, {"comment_score": 3})
    task = a_task(desk)
    with pytest.raises(ProblemsError) as caught:
        callbacks.record(desk, task, "connected", {"result": "fair", "csat": 3})
    assert fields(caught) == {"comment"}
    settings.change(desk, {"comment_score": 0})
    callbacks.record(desk, task, "connected", {"result": "dissatisfied", "csat": 1})
    assert state(desk, task) == "completed"


def test_reasons_stay_with_the_answer(desk: Desk) -> None:
    slow = item(desk, "low_reason", "slow")
    task = a_task(desk)
    callbacks.record(
        desk, task, "connected",
        {"result": "dissatisfied", "csat": 2, "comment": "等太久", "reasons": [slow]},
    )  # fmt: skip
    assert callbacks.get(desk, task).answers[0]["reasons"] == [slow]
    names = [(0, "新的原因")]
    callbacks_reasons.save(desk, names)
    assert [i.name for i in desk.reference.items_of("low_reason")] == ["新的原因"]
    assert callbacks.get(desk, task).answers[0]["reasons"] == [slow]  # retired, not gone
    with pytest.raises(ProblemsError):
        callbacks_reasons.save(desk, [(0, "甲"), (0, "甲")])


def test_one_takes_a_callback_and_puts_it_back(desk: Desk) -> None:
    task = a_task(desk)
    callbacks.take(desk, task)
    other = settings.add_person(desk, "陈雨", [Role.CALLBACK]).value
    desk.act_as(other)
    with pytest.raises(UserError) as caught:
        callbacks.take(desk, task)
    assert caught.value.code == "taken"
    callbacks.assign(desk, task, None)
    callbacks.take(desk, task)
    assert callbacks.get(desk, task).callback["assignee_id"] == other


def test_handing_out_skips_leave_and_own_cases_and_is_one_step(desk: Desk) -> None:
    """The actor handled all three; 陈雨 is away: 林 gets them, whatever she has."""
    tasks = [a_task(desk, new_customer={"name": name}) for name in "甲乙丙"]
    away = settings.add_person(desk, "陈雨", [Role.CALLBACK]).value
    lin = settings.add_person(desk, "林", [Role.CALLBACK]).value
    callbacks_hand_out.add_leave(desk, away, "2026-04-01", "2026-04-03")
    people = [desk.actor.id, away, lin]
    preview = callbacks_hand_out.preview(desk, people)
    assert preview.skipped == (away,)
    assert {share.person_id for share in preview.shares} == {lin}
    assert preview.own == 0
    callbacks_hand_out.apply(desk, preview)
    assert [callbacks.get(desk, t).callback["assignee_id"] for t in tasks] == [lin] * 3
    undo.undo(desk)
    assert [callbacks.get(desk, t).callback["assignee_id"] for t in tasks] == [None] * 3
    alone = callbacks_hand_out.preview(desk, [desk.actor.id])
    assert alone.own == 3  # marked, because nobody else was chosen


def test_leave_gives_back_what_falls_into_it(desk: Desk) -> None:
    """Due on 4 April 10:00: inside leave up to the 4th, outside one up to the 3rd."""
    task = a_task(desk)
    person = settings.add_person(desk, "陈雨", [Role.CALLBACK]).value
    callbacks.assign(desk, task, person)
    callbacks_hand_out.add_leave(desk, person, "2026-04-02", "2026-04-03")
    assert callbacks.get(desk, task).callback["assignee_id"] == person
    callbacks_hand_out.add_leave(desk, person, "2026-04-04", "2026-04-04")
    assert callbacks.get(desk, task).callback["assignee_id"] is None
    with pytest.raises(ProblemsError) as caught:
        callbacks_hand_out.add_leave(desk, person, "2026-04-04", "2026-04-03")
    assert fields(caught) == {"ends_on"}


def test_what_somebody_took_meanwhile_is_left_to_them(desk: Desk) -> None:
    tasks = [a_task(desk, new_customer={"name": name}) for name in "甲乙"]
    lin = settings.add_person(desk, "林", [Role.CALLBACK]).value
    preview = callbacks_hand_out.preview(desk, [lin])
    callbacks.take(desk, tasks[0])
    assert callbacks_hand_out.apply(desk, preview).value == 1
    assert callbacks.get(desk, tasks[0]).callback["assignee_id"] == desk.actor.id


def test_the_queue_and_its_chips(desk: Desk, clock: FixedClock) -> None:
    first, second, third = (a_task(desk, new_customer={"name": name}) for name in "甲乙丙")
    callbacks.take(desk, first)
    callbacks.record(desk, second, "call_back_at", {"retry_at": clock.now() + 3 * HOUR})
    counts = callbacks.counts(desk)
    assert (counts.all, counts.mine, counts.unassigned, counts.overdue, counts.again) == (
        3, 2, 1, 0, 1,
    )  # fmt: skip

    def shown(chip: str) -> list[int]:
        return [r.id for r in DeskRows(desk, callbacks.queue(desk, chip)).first_page(9)]

    assert shown("all") == [second, first, third]  # by when the next call is meant
    assert shown("again") == [second]
    assert shown("unassigned") == [third]
    clock.advance(72 * HOUR)
    assert shown("overdue") == []  # exactly at the due time it is not late
    clock.advance(1)
    assert len(shown("overdue")) == callbacks.counts(desk).overdue == 3


def test_scripts_of_the_team(desk: Desk) -> None:
    built_in = callbacks_scripts.of_kind(desk, "routine")
    own = [callbacks_scripts.Step("开场", "{organisation}的{caller}，{purpose}。{refuse}")]
    with pytest.raises(ProblemsError):
        callbacks_scripts.save(desk, "routine", [callbacks_scripts.Step("开场", "喂？")])
    callbacks_scripts.save(desk, "routine", own)
    assert callbacks_scripts.of_kind(desk, "routine") == own
    (said,) = callbacks_scripts.fill(desk, "routine", own, {})
    assert said.text.startswith("售后服务部的周敏，to ask how you found our last service。You may")
    callbacks_scripts.reset(desk, "routine")
    assert callbacks_scripts.of_kind(desk, "routine") == built_in
