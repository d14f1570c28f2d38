"""Contact plans: due days, who calls, who was reached, undo (domain.md 3.6)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcdesk.domain.contact_plan import MemberState, due_days, spread, state_of
from svcdesk.domain.localtime import parse_instant
from svcdesk.domain.people import Role
from svcdesk.services import callbacks, contact_plans, customers, settings, surveys, undo
from svcdesk.services.desk import Desk
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import ProblemsError, UserError

DAY = 86400


def keys_of(desk: Desk, *names: str, **more: object) -> list[int]:
    return [customers.create(desk, {"name": n, "tier": "key", **more}).value for n in names]


def states(desk: Desk, plan: int) -> dict[str, MemberState]:
    return {m.row.name: m.state for m in contact_plans.members(desk, plan)}


def test_contacts_are_spread_over_the_span_to_managers_else_in_turn(desk: Desk) -> None:
    one = settings.add_person(desk, "李晓彤", [Role.CALLBACK]).value
    two = settings.add_person(desk, "黄佳", [Role.CALLBACK]).value
    keys_of(desk, "甲", manager_id=two)
    keys_of(desk, "乙", "丙")
    plan = contact_plans.create(
        desk, "二季度回访", "2026-04-01", "2026-04-09", people=[one, two]
    ).value
    found = {
        m.row.name: (m.row.assignee_id, m.row.due_at) for m in contact_plans.members(desk, plan)
    }
    # nine days for three contacts: the 3rd, the 6th and the 9th at 18:00
    assert found == {
        "甲": (two, parse_instant("2026-04-03T18:00")),
        "乙": (one, parse_instant("2026-04-06T18:00")),
        "丙": (two, parse_instant("2026-04-09T18:00")),
    }


def test_reached_refused_unreachable_and_those_who_refuse_contacts(
    desk: Desk, clock: FixedClock
) -> None:
    keys_of(desk, "接通", "拒绝", "未接", "没打")
    keys_of(desk, "免打扰", opt_out=1)
    plan = contact_plans.create(desk, "回访", "2026-04-01", "2026-04-30").value
    tasks = {m.row.name: m.row.callback_id for m in contact_plans.members(desk, plan)}
    assert tasks["免打扰"] is None
    reached, refused, missed = (int(tasks[n] or 0) for n in ("接通", "拒绝", "未接"))
    callbacks.record(desk, reached, "connected", {"result": "satisfied", "csat": 5})
    callbacks.record(desk, refused, "refused")
    for _ in range(2):
        callbacks.record(desk, missed, "no_answer")
        clock.advance(DAY)
    callbacks.record(desk, missed, "no_answer", {"unreachable": True})
    assert states(desk, plan) == {
        "接通": MemberState.REACHED, "拒绝": MemberState.REFUSED,
        "未接": MemberState.UNREACHABLE, "没打": MemberState.OPEN,
        "免打扰": MemberState.OPT_OUT,
    }  # fmt: skip
    (row,) = contact_plans.plans(desk)
    assert (row.members, row.due, row.reached) == (5, 4, 1)


def test_a_contact_outside_the_span_does_not_count(desk: Desk, clock: FixedClock) -> None:
    keys_of(desk, "甲")
    plan = contact_plans.create(desk, "回访", "2026-04-01", "2026-04-02").value
    (member,) = contact_plans.members(desk, plan)
    clock.advance(2 * DAY)  # 2026-04-03 10:00
    callbacks.record(
        desk, int(member.row.callback_id or 0), "connected", {"result": "satisfied", "csat": 4}
    )
    assert states(desk, plan) == {"甲": MemberState.OPEN}


def test_undo_takes_the_plan_with_its_callbacks_and_removing_cancels_them(desk: Desk) -> None:
    keys_of(desk, "甲", "乙")
    contact_plans.create(desk, "回访", "2026-04-01", "2026-04-30")
    undo.undo(desk)
    assert contact_plans.plans(desk) == []
    assert desk.reader.execute("SELECT count(*) FROM callback").fetchone() == (0,)
    undo.redo(desk)
    (plan,) = contact_plans.plans(desk)
    contact_plans.remove(desk, plan.id)
    assert desk.reader.execute("SELECT DISTINCT state FROM callback").fetchall() == [("cancelled",)]
    assert contact_plans.plans(desk) == []


def test_what_is_wrong_is_told(desk: Desk) -> None:
    keys_of(desk, "甲")
    with pytest.raises(ProblemsError) as caught:
        contact_plans.create(desk, " ", "2026-04-10", "2026-04-01")
    assert {p.field for p in caught.value.problems} == {"name", "ends_on"}
    with pytest.raises(ProblemsError) as caught:
        contact_plans.create(desk, "x", "soon", "2026-04-01")
    assert {p.field for p in caught.value.problems} == {"starts_on"}
    with pytest.raises(UserError, match="nobody"):
        contact_plans.create(desk, "x", "2026-04-01", "2026-04-02", customers=[])


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400), st.integers(1, 300))
def test_due_days_lie_in_the_span_in_order_and_end_with_it(
    starts: date, length: int, count: int
) -> None:
    ends = date.fromordinal(starts.toordinal() + length)
    days = due_days(starts, ends, count)
    assert len(days) == count
    assert days == sorted(days)
    assert starts <= days[0]
    assert days[-1] == ends


@given(st.lists(st.integers(1, 9), unique=True, max_size=5), st.integers(0, 40))
def test_nobody_gets_more_than_one_contact_more_than_another(people: list[int], count: int) -> None:
    given_out = spread(people, count)
    loads = [given_out.count(person) for person in people]
    assert len(given_out) == count
    assert not loads or max(loads) - min(loads) <= 1


@given(st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_one_completed_contact_is_enough(
    opt_out: bool, reached: bool, refused: bool, unreachable: bool
) -> None:
    state = state_of(opt_out=opt_out, reached=reached, refused=refused, unreachable=unreachable)
    assert (state is MemberState.OPT_OUT) == opt_out
    assert (state is MemberState.REACHED) == (reached and not opt_out)


def test_only_a_supervisor_cancels_the_callbacks_of_a_plan(desk: Desk) -> None:
    keys_of(desk, "张三", tier="key")
    plan = contact_plans.create(desk, "季度", "2026-04-01", "2026-04-30", people=[desk.actor.id])
    desk.act_as(settings.add_person(desk, "吴娟", [Role.AGENT]).value)
    with pytest.raises(UserError, match="may not do this"):
        contact_plans.remove(desk, plan.value)


def test_an_answered_survey_is_a_contact_too(desk: Desk, clock: FixedClock) -> None:
    (key,) = keys_of(desk, "张三", tier="key")
    plan = contact_plans.create(desk, "季度", "2026-04-01", "2026-04-30").value
    assert contact_plans.plans(desk)[0].reached == 0
    clock.advance(3600)
    surveys.record(desk, {"customer_id": key, "method": "wechat", "csat": 5})
    assert contact_plans.plans(desk)[0].reached == 1
    assert states(desk, plan) == {"张三": MemberState.REACHED}
