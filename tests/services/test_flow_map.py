"""The flow of a month: hours, shares and steps by hand; notes at its nodes."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from svcdesk.domain.people import Role
from svcdesk.i18n.catalog import current
from svcdesk.services import dashboards, flow_map, improvements, settings, tickets, undo
from svcdesk.services.sheet_response import dwell_states
from svcdesk.services.sheet_scene import Scene
from svcdesk.system.errors import ProblemsError, UserError
from svcdesk.system.job import ImmediateContext
from tests.services.desks import item
from tests.services.flow_desks import HOUR, SOLVED, flowing, walked

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.flow_map import Flow
    from svcdesk.system.clock import FixedClock


def flow(desk: Desk, month: str = "2026-04", **filters: tuple[Any, ...]) -> Flow:
    period = dashboards.period_of(desk, month)
    return flow_map.flow(desk, period, ImmediateContext(), filters)


@pytest.fixture
def three(desk: Desk, clock: FixedClock) -> tuple[int, int, int]:
    settings.change_person(desk, desk.actor.id, "周敏", [Role.SUPERVISOR, Role.AGENT, Role.ADMIN])
    return flowing(desk, clock)


def test_the_hours_of_every_state(desk: Desk, three: tuple[int, int, int]) -> None:
    found = flow(desk)
    assert (found.tickets, found.seconds, found.running) == (3, 34 * HOUR, True)
    assert {n.state: (n.tickets, n.seconds // HOUR) for n in found.nodes} == {
        "new": (3, 5), "assigned": (0, 0), "in_progress": (3, 9), "pending_customer": (1, 4),
        "pending_internal": (1, 10), "resolved": (1, 6), "closed": (0, 0),
    }  # fmt: skip
    new, inside = found.node("new"), found.node("pending_internal")
    assert (new.median, new.p90, new.mean) == (
        HOUR, Fraction(26, 10) * HOUR, Fraction(5 * HOUR, 3)
    )  # fmt: skip
    assert (inside.share, inside.widest, found.widest) == (Fraction(10, 34), True, inside)
    assert sum(node.share for node in found.nodes) == 1
    assert (found.closing.tickets, found.closing.median) == (1, 5 * HOUR)
    second = tickets.get(desk, three[1]).ticket["ticket_no"]
    assert new.slowest[0] == second


def test_the_steps_between_the_states(desk: Desk, three: tuple[int, int, int]) -> None:
    found = flow(desk)
    assert found.moves == {
        ("received", "new"): 3, ("new", "in_progress"): 3,
        ("in_progress", "pending_internal"): 1, ("pending_internal", "in_progress"): 1,
        ("in_progress", "pending_customer"): 1, ("pending_customer", "in_progress"): 1,
        ("in_progress", "resolved"): 4, ("resolved", "in_progress"): 1,
        ("resolved", "closed"): 1,
    }  # fmt: skip
    came, went = Counter[str](), Counter[str]()
    for (start, end), n in found.moves.items():
        went[start] += n
        came[end] += n
    for state in ("new", "in_progress", "pending_customer", "pending_internal"):
        assert came[state] == went[state]


def test_the_wait_inside_by_department(
    desk: Desk, clock: FixedClock, three: tuple[int, int, int]
) -> None:
    product = {"reason": "等待检测", "department_id": item(desk, "department", "product")}
    walked(desk, clock, (1, "take", {}), (1, "wait_internal", product), (30, "resolve", SOLVED))
    found = flow(desk)
    assert [(w.name, w.tickets, w.seconds // HOUR, w.share) for w in found.waiting] == [
        ("Product department", 1, 30, Fraction(3, 4)), ("Logistics", 1, 10, Fraction(1, 4)),
    ]  # fmt: skip
    assert sum(w.seconds for w in found.waiting) == found.node("pending_internal").seconds
    first = tickets.get(desk, three[0]).ticket["ticket_no"]
    assert found.waiting[1].slowest == (first,)


def test_the_reports_page_says_the_same(desk: Desk, three: tuple[int, int, int]) -> None:
    found = flow(desk)
    with dashboards.board(desk) as board:
        scene = Scene(desk, board, found.period, current(), rankings=True)
        table = dwell_states(scene)
    rows = {row.cells[0]: row.cells[1:4] for row in table.rows}
    for node in found.nodes:
        if node.tickets and node.state != "resolved":
            assert rows[flow_map.node_name(node.state)] == (
                str(node.tickets), flow_map.hours(node.seconds, 0), flow_map.share_text(node.share)
            )  # fmt: skip


def test_a_filter_holds_for_the_whole_map(
    desk: Desk, clock: FixedClock, three: tuple[int, int, int]
) -> None:
    phone = item(desk, "channel", "phone")
    walked(desk, clock, (7, "take", {}), (1, "resolve", SOLVED), channel_id=phone)
    found = flow(desk, channel=(phone,))
    assert (found.tickets, found.node("new").seconds) == (1, 7 * HOUR)
    assert found.moves[("received", "new")] == 1


def test_an_empty_month_has_nothing_to_stand_out(desk: Desk) -> None:
    found = flow(desk, "2026-03")
    assert (found.tickets, found.widest, found.moves, found.running) == (0, None, {}, False)
    assert {node.share for node in found.nodes} == {0}
    assert found.node("new").mean is None


class TestNotes:
    def test_a_note_is_an_item_with_the_slowest_tickets(
        self, desk: Desk, three: tuple[int, int, int]
    ) -> None:
        found = flow(desk)
        key = flow_map.add_note(
            desk, found, "new", {"title": "夜里没人受理", "problem": {"why": "早上堆积"}}
        ).value
        detail = improvements.get(desk, key)
        assert (detail.item["title"], detail.item["source"], detail.item["period"]) == (
            "夜里没人受理", "manual", "2026-04"
        )  # fmt: skip
        assert detail.item["problem"] == {
            "when": "2026-04", "where": "New", "why": "早上堆积",
            "how_many": "3 tickets, 5 h, 14.7% of all hours; median 1.0 h",
        }  # fmt: skip
        kept = detail.item["snapshot"]
        assert (kept["node"], kept["n"], kept["seconds"]) == ("new", 3, 5 * HOUR)
        assert {one["record_id"] for one in detail.links} == set(three)
        assert detail.links[0]["record_id"] == three[1]
        notes = flow_map.with_notes(desk, found).node("new").notes
        assert [(one.id, one.title, one.period) for one in notes] == [
            (key, "夜里没人受理", "2026-04")
        ]
        assert flow(desk, "2026-03").node("new").notes == notes

    def test_ten_tickets_at_most(
        self, desk: Desk, clock: FixedClock, three: tuple[int, int, int]
    ) -> None:
        for hours in range(10, 21):
            walked(desk, clock, (hours, "take", {}), (1, "resolve", SOLVED))
        key = flow_map.add_note(desk, flow(desk), "new", {"title": "慢"}).value
        linked = improvements.get(desk, key).links
        assert len(linked) == 10
        assert not {one["record_id"] for one in linked} & set(three)

    def test_undo_takes_it_off_and_a_closed_item_is_no_note(
        self, desk: Desk, three: tuple[int, int, int]
    ) -> None:
        found = flow(desk)
        flow_map.add_note(desk, found, "new", {"title": "慢"})
        undo.undo(desk)
        assert flow_map.with_notes(desk, found).node("new").notes == ()
        undo.redo(desk)
        (note,) = flow_map.with_notes(desk, found).node("new").notes
        improvements.step(desk, note.id, "void", {"reason": "不是问题"})
        assert flow_map.with_notes(desk, found).node("new").notes == ()

    def test_the_closing_has_its_own_slowest(self, desk: Desk, three: tuple[int, int, int]) -> None:
        found = flow(desk)
        key = flow_map.add_note(desk, found, "closed", {"title": "拖着不关"}).value
        detail = improvements.get(desk, key)
        assert [one["record_id"] for one in detail.links] == [three[0]]
        assert detail.item["problem"]["how_many"] == (
            "1 tickets closed; median 5.0 h after the resolution"
        )

    def test_what_is_refused(self, desk: Desk, three: tuple[int, int, int]) -> None:
        found = flow(desk)
        with pytest.raises(ProblemsError):
            flow_map.add_note(desk, found, "new", {"title": "  "})
        with pytest.raises(UserError, match="no such state"):
            flow_map.add_note(desk, found, "received", {"title": "慢"})
        desk.act_as(settings.add_person(desk, "看客", [Role.VIEWER]).value)
        with pytest.raises(UserError, match="may not do this"):
            flow_map.add_note(desk, found, "new", {"title": "慢"})
