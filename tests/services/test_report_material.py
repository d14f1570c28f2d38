"""Key events, tasks and customers' words: written, checked, printed masked, undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from svcdesk.reports.model import Quote
from svcdesk.services import customers, report_desk, report_material, undo
from svcdesk.system.errors import ProblemsError
from svcdesk.system.job import ImmediateContext
from tests.services.desks import a_resolved_ticket

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

DAY = 86400
MONTH = "2026-04"


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"title": "", "starts_on": "2026-04-01", "ends_on": "2026-04-02"}, {"title"}),
        ({"title": "Sale", "starts_on": "1 April", "ends_on": "2026-04-02"}, {"starts_on"}),
        ({"title": "Sale", "starts_on": "2026-04-03", "ends_on": "2026-04-02"}, {"ends_on"}),
        ({"title": "x" * 201, "starts_on": "", "ends_on": ""}, {"title", "starts_on", "ends_on"}),
    ],
)
def test_what_an_event_lacks_is_told_by_field(
    desk: Desk, values: dict[str, str], fields: set[str]
) -> None:
    with pytest.raises(ProblemsError) as told:
        report_material.save_event(desk, None, values)
    assert {problem.field for problem in told.value.problems} == fields
    assert report_material.events(desk, MONTH) == []


def test_an_event_touches_the_periods_it_lies_in(desk: Desk) -> None:
    values = {"title": "Sale", "starts_on": "2026-03-30", "ends_on": "2026-04-01"}
    key = report_material.save_event(desk, None, values).value
    assert [e.id for e in report_material.events(desk, "2026-03")] == [key]
    assert [e.id for e in report_material.events(desk, MONTH)] == [key]
    assert report_material.events(desk, "2026-05") == []
    report_material.save_event(desk, key, {**values, "ends_on": "2026-03-31"})
    assert report_material.events(desk, MONTH) == []
    report_material.remove_event(desk, key)
    assert report_material.events(desk, "2026-03") == []
    undo.undo(desk)
    assert len(report_material.events(desk, "2026-03")) == 1


def test_tasks_belong_to_a_period_or_the_next(desk: Desk) -> None:
    report_material.save_task(desk, None, {"period": MONTH, "text": "A", "due_date": "2026-04-20"})
    report_material.save_task(desk, None, {"period": "2026-05", "text": "B", "due_date": None})
    found = report_material.plans(desk, MONTH)
    assert [task.text for task in found.tasks] == ["A"]
    assert [task.text for task in found.ahead] == ["B"]
    with pytest.raises(ProblemsError):
        report_material.save_task(desk, None, {"period": MONTH, "text": "C", "state": "maybe"})


def test_words_are_picked_by_hand_and_printed_masked(desk: Desk, clock: FixedClock) -> None:
    ticket = a_resolved_ticket(desk, callback_required=0)
    customer = customers.create(desk, {"name": "张三丰", "kind": "person"}).value
    with desk.write("answers") as uow:
        for number, comment in enumerate(("Call me: 13812345678", "", "Good work")):
            uow.insert("survey", {
                "survey_no": f"S{number}", "ticket_id": ticket, "customer_id": customer,
                "kind": "normal", "source": "customer", "sent_at": uow.now,
                "responded_at": uow.now + 60, "csat": 2 + number, "comment": comment,
                "counted": 1, "invalid": 0,
            })  # fmt: skip
    clock.advance(40 * DAY)
    offered = report_material.quotable(desk, "monthly", MONTH)
    assert [(one.number, one.picked) for one in offered] == [("S0", False), ("S2", False)]
    assert "13812345678" not in offered[0].text
    report_material.pick(desk, "monthly", MONTH, [offered[0].id])
    assert report_material.quotable(desk, "monthly", MONTH)[0].picked
    made = report_desk.make(desk, "monthly", MONTH, language="en", context=ImmediateContext()).value
    quotes = [b for s in made.data.sections for b in s.blocks if isinstance(b, Quote)]
    assert [quote.text for quote in quotes] == [offered[0].text]
    assert "三丰" not in quotes[0].source
    report_material.pick(desk, "monthly", MONTH, [])
    assert not any(one.picked for one in report_material.quotable(desk, "monthly", MONTH))
