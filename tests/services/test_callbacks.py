import pytest

from svcdesk.services import callbacks, complaints, customers, surveys, tickets
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import ProblemsError
from tests.services.desks import a_complaint, a_resolved_ticket, a_ticket

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
    from tests.services.desks import item

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
