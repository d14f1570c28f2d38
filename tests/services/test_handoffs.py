"""Work asked of other departments; the owner stays (首问负责制)."""

import json

import pytest

from svcdesk.domain.people import Role
from svcdesk.services import hand_over, handoffs, settings, tickets, undo
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import ProblemsError, UserError
from tests.conftest import NOW
from tests.services.desks import a_resolved_ticket, a_ticket, item

HOUR = 3600
WAREHOUSE, INSPECTION = "logistics.warehouse", "product.inspection"


def ask(desk: Desk, key: int, department: str = WAREHOUSE, **more: object) -> int:
    values = {
        "department_id": item(desk, "department", department),
        "request": "请核对出库",
        **more,
    }
    return handoffs.ask(desk, key, values).value


def test_asking_keeps_the_owner_and_waits_for_the_department(desk: Desk) -> None:
    key = a_ticket(desk)
    before = tickets.get(desk, key).ticket
    ask(desk, key)
    detail = tickets.get(desk, key)
    assert detail.ticket["status"] == "pending_internal"
    assert detail.ticket["owner_id"] == before["owner_id"]
    assert detail.ticket["first_owner_id"] == before["first_owner_id"]
    assert detail.ticket["due_at"] == before["due_at"]  # waiting inside is not the customer's time
    last = detail.events[-1]
    assert (last["type"], last["new"], last["text"]) == (
        "status_changed",
        "pending_internal",
        "请核对出库",
    )
    assert last["department_id"] == item(desk, "department", WAREHOUSE)
    (handoff,) = detail.open_handoffs
    assert handoff["due_at"] == NOW + 2 * HOUR  # Wednesday 10:00, two working hours


def test_the_default_due_time_runs_on_the_calendar(desk: Desk, clock: FixedClock) -> None:
    clock.advance(7 * HOUR)  # 17:00; one hour is left of Wednesday
    assert handoffs.default_due(desk) == NOW + 24 * HOUR  # Thursday 10:00


def test_the_last_answer_takes_the_ticket_back_and_tells_its_owner(
    desk: Desk, clock: FixedClock
) -> None:
    key = a_ticket(desk)
    one = ask(desk, key)
    two = ask(desk, key, INSPECTION, request="请鉴定")
    assert tickets.get(desk, key).ticket["complexity"] == "complex"  # the second department
    clock.advance(HOUR)
    handoffs.answer(desk, one, "已出库")
    assert tickets.get(desk, key).ticket["status"] == "pending_internal"
    handoffs.answer(desk, two, "电机损坏")
    detail = tickets.get(desk, key)
    assert detail.ticket["status"] == "in_progress"
    assert [h["answer"] for h in detail.handoffs] == ["已出库", "电机损坏"]
    rows = desk.reader.execute(
        "SELECT person_id, kind, record_id, occasion FROM notification ORDER BY id"
    ).fetchall()
    owner = detail.ticket["owner_id"]
    assert rows == [
        (owner, "handoff_answered", key, f"handoff_answered:{one}"),
        (owner, "handoff_answered", key, f"handoff_answered:{two}"),
    ]
    undo.undo(desk)
    assert tickets.get(desk, key).ticket["status"] == "pending_internal"
    assert desk.reader.execute("SELECT count(*) FROM notification").fetchone() == (1,)
    undo.redo(desk)
    assert tickets.get(desk, key).ticket["status"] == "in_progress"


def test_one_department_twice_is_not_complex(desk: Desk) -> None:
    key = a_ticket(desk)
    ask(desk, key)
    ask(desk, key)
    assert tickets.get(desk, key).ticket["complexity"] == "basic"


def test_taking_the_only_request_back_resumes_the_work(desk: Desk) -> None:
    key = a_ticket(desk)
    handoffs.cancel(desk, ask(desk, key))
    detail = tickets.get(desk, key)
    assert detail.ticket["status"] == "in_progress"
    assert detail.open_handoffs == []
    assert hand_over.sheets(desk) == []


def test_a_promise_is_kept_with_its_date_and_in_the_history(desk: Desk) -> None:
    key = a_ticket(desk)
    handoff = ask(desk, key)
    handoffs.promise(desk, handoff, "2026-04-03")
    (sheet,) = hand_over.sheets(desk)
    assert [row.promised_on for row in sheet.waiting] == ["2026-04-03"]
    assert sheet.late == 0
    last = tickets.get(desk, key).events[-1]
    assert (last["name"], last["new"]) == ("handoff_promised", "2026-04-03")
    with pytest.raises(ProblemsError, match="Enter the date"):
        handoffs.promise(desk, handoff, "Friday")


def test_what_is_missing_is_told(desk: Desk) -> None:
    key = a_ticket(desk)
    with pytest.raises(ProblemsError) as caught:
        handoffs.ask(desk, key, {"request": " ", "due_at": NOW})
    assert {p.field for p in caught.value.problems} == {"department", "request", "due_at"}
    with pytest.raises(UserError, match="is finished"):
        ask(desk, a_resolved_ticket(desk))
    handoff = ask(desk, key)
    handoffs.answer(desk, handoff, "好")
    with pytest.raises(UserError, match="answered in the meantime"):
        handoffs.answer(desk, handoff, "再次")


def test_a_department_contact_answers_but_does_not_edit(desk: Desk) -> None:
    key = a_ticket(desk)
    mine, other = ask(desk, key), ask(desk, key, INSPECTION)
    warehouse = item(desk, "department", WAREHOUSE)
    contact = settings.add_person(desk, "郑库", [Role.DEPT], department_id=warehouse).value
    desk.act_as(contact)
    with pytest.raises(UserError, match="Somebody of that department"):
        handoffs.answer(desk, other, "好")
    handoffs.answer(desk, mine, "已核对")
    (row,) = [h for h in tickets.get(desk, key).handoffs if h["id"] == mine]
    assert row["answered_by_id"] == contact
    with pytest.raises(UserError, match="may not do this"):
        tickets.say(desk, key, "x")
    with pytest.raises(UserError, match="may not do this"):
        ask(desk, key)


def test_the_notice_names_department_and_ticket(desk: Desk) -> None:
    key = a_ticket(desk)
    handoffs.answer(desk, ask(desk, key), "好")
    (args,) = desk.reader.execute("SELECT args FROM notification").fetchone()
    assert json.loads(args)["number"] == "GD202604-0001"


def test_a_second_role_that_only_looks_opens_no_other_department(desk: Desk) -> None:
    asked = ask(desk, a_ticket(desk))
    product = item(desk, "department", "product")
    roles = [Role.DEPT, Role.VIEWER]
    desk.act_as(settings.add_person(desk, "王质检", roles, department_id=product).value)
    with pytest.raises(UserError, match="Somebody of that department"):
        handoffs.answer(desk, asked, "好")
