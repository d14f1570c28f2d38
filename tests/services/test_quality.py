"""Quality checks: made from a ticket, by lot, voided, seen by whom they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from svcdesk.domain.people import Role
from svcdesk.domain.period import parse_period
from svcdesk.domain.quality import FormItem
from svcdesk.domain.query import Op, Query
from svcdesk.services import dashboards, quality, quality_forms, queries, settings, undo
from svcdesk.system.errors import ProblemsError, UserError
from tests.services.desks import a_resolved_ticket
from tests.services.importing import rows, visible

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

APRIL = parse_period("2026-04")
GOOD = dict.fromkeys(("clothing", "script", "process", "credentials", "records", "privacy"), "pass")


def agent(desk: Desk, name: str = "王芳") -> int:
    return settings.add_person(desk, name, [Role.AGENT]).value


def a_ticket_of(desk: Desk, owner: int, **more: Any) -> int:
    key = a_resolved_ticket(desk, **more)
    with desk.write("hand over") as uow:
        uow.update("ticket", key, {"owner_id": owner})
    return key


def rate(desk: Desk) -> tuple[Any, int, int]:
    found = dashboards.figures(desk, APRIL, desk.clock.now() + 1, ["service_compliance_rate"])
    figure = found["service_compliance_rate"]
    return figure.value, figure.num, figure.den


def refused(call: Any) -> list[tuple[str, str]]:
    with pytest.raises(ProblemsError) as told:
        call()
    return [(p.field, p.code) for p in told.value.problems]


def test_a_check_from_a_ticket(desk: Desk) -> None:
    who = agent(desk)
    ticket = a_ticket_of(desk, who)
    key = quality.make(desk, ticket, {**GOOD, "script": "fail", "clothing": "na"}, "语速太快").value
    found = quality.get(desk, key)
    assert found.check["score_tenths"] == 800  # 4 of 5 applicable, equal weights
    assert (found.check["passed"], found.check["agent_id"]) == (0, who)
    assert found.check["inspector_id"] == desk.actor.id
    assert [line["result"] for line in found.lines][:2] == ["na", "fail"]
    assert quality.failures(desk, 0, 1 << 40)[0] == ("script", 1, 1)
    assert rate(desk) == (0, 0, 1)


def test_exactly_ninety_is_passed_and_a_critical_failure_is_not(desk: Desk) -> None:
    form = quality_forms.current(desk)
    items = [
        FormItem("a", "甲", "A", 90),
        FormItem("b", "乙", "B", 10),
        FormItem("c", "丙", "C", 1, True),
    ]
    quality_forms.save(desk, form.id, "新表", items)
    who = agent(desk)
    first, second, third = (a_ticket_of(desk, who) for _ in range(3))
    passed = quality.make(desk, first, {"a": "pass", "b": "fail", "c": "na"}).value
    assert quality.get(desk, passed).check["passed"] == 1
    critical = quality.make(desk, second, {"a": "pass", "b": "pass", "c": "fail"}).value
    assert quality.get(desk, critical).check["critical_fail"] == 1
    assert quality.get(desk, critical).check["passed"] == 0
    empty = quality.make(desk, third, dict.fromkeys("abc", "na")).value
    assert quality.get(desk, empty).check["score_tenths"] is None
    assert rate(desk) == (50, 1, 2)  # without a score it is not in the rate
    settings.change(desk, {"quality_pass": 95})
    assert (
        quality.judged(desk, quality_forms.current(desk), {"a": "pass", "b": "fail"}).passed
        is False
    )


def test_nobody_checks_their_own_work(desk: Desk) -> None:
    ticket = a_resolved_ticket(desk)
    before = visible(desk)
    assert refused(lambda: quality.make(desk, ticket, GOOD)) == [("inspector", "same_person")]
    assert visible(desk) == before


def test_every_item_must_be_judged(desk: Desk) -> None:
    ticket = a_ticket_of(desk, agent(desk))
    before = visible(desk)
    assert refused(lambda: quality.make(desk, ticket, {**GOOD, "records": "", "privacy": "ja"})) == [
        ("records", "required"), ("privacy", "required"),
    ]  # fmt: skip
    assert visible(desk) == before


def test_voided_with_a_reason_and_undone(desk: Desk) -> None:
    ticket = a_ticket_of(desk, agent(desk))
    key = quality.make(desk, ticket, GOOD).value
    assert rate(desk) == (100, 1, 1)
    assert refused(lambda: quality.void(desk, key, " ")) == [("void_reason", "required")]
    steps = [
        lambda: quality.void(desk, key, "录音不全"),
        lambda: quality.void(desk, key, ""),
        lambda: quality.make(desk, ticket, GOOD),
        lambda: quality_forms.save(desk, form.id, "第二版", form.items),
    ]
    form = quality_forms.current(desk)
    for step in steps:
        before = visible(desk)
        step()
        assert visible(desk) != before
        undo.undo(desk)
        assert visible(desk) == before
        undo.redo(desk)
    assert rate(desk) == (100, 2, 2)


def test_a_used_form_gets_a_new_version(desk: Desk) -> None:
    form = quality_forms.current(desk)
    ticket = a_ticket_of(desk, agent(desk))
    key = quality.make(desk, ticket, GOOD).value
    changed = [FormItem("script", "话术", "Script", 5)]
    newest = quality_forms.save(desk, form.id, form.name, changed).value
    assert newest != form.id
    assert [(f.version, f.active, f.used) for f in quality_forms.listed(desk)] == [
        (2, True, 0), (1, False, 1),
    ]  # fmt: skip
    assert len(quality.get(desk, key).lines) == 6  # the check keeps its items and weights
    with pytest.raises(UserError, match="newest"):
        quality_forms.save(desk, form.id, "x", changed)


def test_the_lot_leaves_out_what_is_checked_and_ones_own(desk: Desk, clock: FixedClock) -> None:
    first, second = agent(desk), agent(desk, "赵刚")
    tickets = [a_ticket_of(desk, first) for _ in range(5)] + [a_ticket_of(desk, second)]
    a_resolved_ticket(desk)  # of the inspector
    clock.advance(60)
    found = {lot.agent_id: lot for lot in quality.lots(desk, "2026-04")}
    assert {who: len(lot.tickets) for who, lot in found.items()} == {first: 3, second: 1}
    drawn = [t["id"] for t in found[first].tickets]
    assert [t["id"] for t in quality.lots(desk, "2026-04")[0].tickets] == drawn
    quality.make(desk, drawn[0], GOOD)
    (lot, _other) = quality.lots(desk, "2026-04")
    assert (lot.done, [t["id"] for t in lot.tickets]) == (1, drawn[1:])
    assert set(drawn) <= set(tickets)
    assert quality.lots(desk, "2026-03") == []


def test_an_agent_sees_only_his_own_checks(desk: Desk) -> None:
    mine, other = agent(desk), agent(desk, "赵刚")
    own = quality.make(desk, a_ticket_of(desk, mine), {**GOOD, "script": "fail"}).value
    theirs = quality.make(desk, a_ticket_of(desk, other), GOOD).value
    desk.act_as(mine)
    assert quality.get(desk, own).check["note"] == ""
    with pytest.raises(UserError, match="colleague"):
        quality.get(desk, theirs)
    with pytest.raises(UserError):
        quality.make(desk, rows(desk, "SELECT min(ticket_id) FROM quality_check")[0][0], GOOD)
    assert quality.failures(desk, 0, 1 << 40, other)[0] == ("script", 1, 1)
    query = Query("quality_check").where("agent_id", Op.IN, mine)
    assert queries.count(desk, query) == 1
