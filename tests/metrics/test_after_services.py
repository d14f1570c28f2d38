"""Figures after what services do: merging customers and back, escalating twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.services import complaint_terms, complaints, customer_merge, dashboards, undo
from tests.services.desks import a_complaint, a_resolved_ticket, a_ticket, no_callbacks
from tests.services.test_complaint_parts import resolved

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

DAY = 86400
IDS = ("repeat_rate", "repeat_customer_rate", "second_rate", "fcr_rate")


def told(desk: Desk) -> dict[str, tuple[int | None, int | None]]:
    span = dashboards.period_of(desk, "2026-04")
    found = dashboards.figures(desk, span, None, IDS)
    return {metric: (found[metric].num, found[metric].den) for metric in IDS}


def test_figures_follow_a_merge_and_its_undoing(desk: Desk, clock: FixedClock) -> None:
    no_callbacks(desk)
    first = resolved(desk, new_customer={"name": "李四", "phones": ["13800000001"]})
    one = complaints.stored(desk, first)["customer_id"]
    a_resolved_ticket(desk, new_customer=None, customer_id=one)
    clock.advance(2 * DAY)
    second = a_complaint(desk, new_customer={"name": "李思", "phones": ["13800000002"]})
    other = complaints.stored(desk, second)["customer_id"]
    a_ticket(desk, new_customer=None, customer_id=other)
    clock.advance(60)
    apart = told(desk)
    assert apart == {
        "repeat_rate": (0, 2), "repeat_customer_rate": (0, 2), "second_rate": (0, 1),
        "fcr_rate": (1, 1),
    }  # fmt: skip
    customer_merge.merge(desk, other, one)
    assert told(desk) == {
        "repeat_rate": (1, 2), "repeat_customer_rate": (1, 1), "second_rate": (1, 1),
        "fcr_rate": (0, 1),
    }  # fmt: skip
    undo.undo(desk)
    assert told(desk) == apart


def test_a_further_escalation_counts_in_no_other_month(desk: Desk, clock: FixedClock) -> None:
    key = a_complaint(desk)
    said = {"level": "supervisor", "cause": "customer", "reason": "要求主管"}
    complaint_terms.escalate(desk, key, said)
    clock.advance(40 * DAY)
    complaint_terms.escalate(desk, key, said | {"level": "manager", "to_name": "区经理"})
    clock.advance(60)
    found = [
        dashboards.figures(desk, dashboards.period_of(desk, month), None, ["escalated_count"])
        for month in ("2026-04", "2026-05")
    ]
    assert [figures["escalated_count"].value for figures in found] == [1, 0]
