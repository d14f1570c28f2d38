from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.people import Role
from svcdesk.domain.query import ME, Op, Query
from svcdesk.services import settings, tickets, undo, views
from svcdesk.system.errors import ProblemsError, UserError
from svcdesk.system.job import ImmediateContext
from tests.services.desks import a_resolved_ticket, a_ticket

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

MINE = Query("ticket").where("owner_id", Op.IN, ME)


def names(desk: Desk) -> list[str]:
    return [view.name for view in views.saved(desk, "ticket")]


def an_agent(desk: Desk, name: str) -> int:
    return settings.add_person(desk, name, [Role.AGENT]).value


def counted(desk: Desk) -> dict[str, int]:
    named = {view.key: view.query for view in views.TICKET_VIEWS}
    return views.counts(desk, named, ImmediateContext())


def test_private_views_are_their_owners_shared_ones_everybodys(desk: Desk) -> None:
    boss, agent = desk.actor.id, an_agent(desk, "王芳")
    views.save(desk, "只给我看", MINE)
    shared = views.save(desk, "全组", MINE, shared=True).value
    desk.act_as(agent)
    (seen,) = views.saved(desk, "ticket")
    assert (seen.name, seen.query, seen.editable, seen.mine) == ("全组", MINE, False, False)
    with pytest.raises(UserError, match="shared"):
        views.rename(desk, shared, "我的")
    own = views.save(desk, "王芳的", MINE, shared=True).value
    desk.act_as(boss)
    views.rename(desk, own, "改名")  # a supervisor may
    assert names(desk) == ["只给我看", "全组", "改名"]


def test_a_shared_view_of_me_shows_each_reader_their_own(desk: Desk) -> None:
    agent = an_agent(desk, "王芳")
    a_ticket(desk)
    a_ticket(desk)
    a_ticket(desk, owner_id=agent)
    views.save(desk, "我的单", MINE, shared=True)
    (view,) = views.saved(desk, "ticket")
    assert views.counts(desk, {"v": view.query}, ImmediateContext()) == {"v": 2}
    desk.act_as(agent)
    assert views.counts(desk, {"v": view.query}, ImmediateContext()) == {"v": 1}


def test_who_only_looks_on_keeps_views_private(desk: Desk) -> None:
    desk.act_as(settings.add_person(desk, "老板", [Role.VIEWER]).value)
    own = views.save(desk, "我看的", MINE).value
    for attempt in (
        lambda: views.share(desk, own, shared=True),
        lambda: views.save(desk, "全组", MINE, shared=True),
    ):
        with pytest.raises(UserError, match="may not do this"):
            attempt()
    assert names(desk) == ["我看的"]


def test_every_change_of_a_view_is_undone(desk: Desk) -> None:
    first = views.save(desk, "甲", MINE).value
    second = views.save(desk, "乙", MINE).value
    views.reorder(desk, [second, first])
    assert names(desk) == ["乙", "甲"]
    undo.undo(desk)
    assert names(desk) == ["甲", "乙"]
    other = MINE.ordered("title", descending=False)
    views.replace_query(desk, first, other)
    assert views.saved(desk, "ticket")[0].query == other
    views.share(desk, first, shared=True)
    assert views.saved(desk, "ticket")[0].shared
    views.remove(desk, first)
    assert names(desk) == ["乙"]
    for _step in range(3):
        undo.undo(desk)
    (kept, _other) = views.saved(desk, "ticket")
    assert (kept.name, kept.query, kept.shared) == ("甲", MINE, False)


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, " 甲 "])
def test_a_view_needs_a_name_of_its_own(desk: Desk, name: str) -> None:
    views.save(desk, "甲", MINE)
    with pytest.raises(ProblemsError):
        views.save(desk, name, MINE)


def test_another_persons_private_view_cannot_be_touched(desk: Desk) -> None:
    mine = views.save(desk, "甲", MINE).value
    desk.act_as(an_agent(desk, "王芳"))
    with pytest.raises(UserError):
        views.remove(desk, mine)


def test_the_views_that_come_with_the_program(desk: Desk, clock: FixedClock) -> None:
    a_ticket(desk, owner_id=None)
    a_ticket(desk)
    waits = a_ticket(desk)
    tickets.say(desk, waits, "您好", "public_reply")
    tickets.step(desk, waits, "wait_customer")
    closed = a_resolved_ticket(desk, callback_required=0)
    tickets.step(desk, closed, "close")
    a_resolved_ticket(desk, callback_required=1)
    found = counted(desk)
    assert found == {
        "mine": 2, "unassigned": 1, "open": 3, "overdue": 0, "soon": 0, "today": 0, "internal": 0,
        "customer": 1, "callback": 1, "key": 0, "closed_week": 1, "all": 5,
    }  # fmt: skip
    # Tuesday 09:00: 1440 of 1620 working minutes are used, the limit ends at 10:00
    clock.advance(6 * 86400 - 3600)
    found = counted(desk)
    assert (found["soon"], found["today"], found["overdue"]) == (2, 3, 0)
    assert found["closed_week"] == 0
    clock.advance(2 * 3600)
    found = counted(desk)
    assert (found["soon"], found["overdue"]) == (0, 2)
