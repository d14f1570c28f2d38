"""Another calendar or other limits are tried without a trace, and come out as they would be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.people import Role
from svcdesk.services import closings, dashboards, policies, restatements, tickets, what_if
from svcdesk.services import settings as desk_settings
from svcdesk.services.what_if import Change
from svcdesk.system.errors import ProblemsError, UserError
from svcdesk.system.job import Cancelled, ImmediateContext
from tests.domain.calendars import at
from tests.services.closing_desks import SOLVED, a_month
from tests.services.desks import a_complaint, a_ticket

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.what_if import WhatIf
    from svcdesk.system.clock import FixedClock

CONTEXT = ImmediateContext()
SHORT = [[["09:00", "12:00"]]] * 5 + [[], []]  # mornings only
LATE = [[["10:15", "18:00"]]] * 5 + [[], []]
EVERY_DAY = [[["00:00", "24:00"]]] * 7


def april(desk: Desk, clock: FixedClock) -> None:
    """Enter tickets and a complaint of the running month, some answered late."""
    for day, hours in ((2, 2), (3, 30), (7, 5), (8, 1)):
        clock.at = at(f"2026-04-{day:02d} 10:30")
        key = a_ticket(desk, new_customer={"name": f"四月{day}"})
        clock.advance(hours * 3600)
        tickets.say(desk, key, "您好，已收到", "public_reply")
        if day % 2:
            clock.advance(40 * 3600)
            tickets.step(desk, key, "resolve", SOLVED)
    clock.at = at("2026-04-13 09:00")
    tickets.step(desk, a_ticket(desk), "wait_customer", {"pending_note": "等客户寄回"})
    clock.at = at("2026-04-15 16:00")
    a_complaint(desk)
    clock.at = at("2026-04-22 17:00")


def file_state(desk: Desk) -> tuple[str, ...]:
    """Return what the file and its log on disk say, byte for byte."""
    files = (desk.path, desk.path.with_name(desk.path.name + "-wal"))
    return tuple(sha256(f.read_bytes()).hexdigest() if f.exists() else "" for f in files)


def change_for_real(desk: Desk, change: Change) -> None:
    if change.pattern is not None:
        desk_settings.set_pattern(desk, change.pattern)
    if change.day is not None:
        desk_settings.set_day(desk, *change.day)
    if change.policies is not None:
        policies.save(desk, change.policies)


def assert_comes_true(desk: Desk, found: WhatIf) -> None:
    for line in found.lines:
        for month, then in zip(found.months, line.then, strict=True):
            figures = dashboards.figures(desk, month, metric_ids=[line.metric])
            assert figures[line.metric] == then, (line.metric, month.code)


def changes(desk: Desk) -> list[Change]:
    known = policies.listed(desk)
    faster = [replace(p, response_minutes=5, resolution_minutes=60) for p in known]
    always = [replace(p, always=True) for p in known]
    return [
        Change(pattern=SHORT),
        Change(pattern=EVERY_DAY),
        Change(day=(date(2026, 4, 3), "off", "停电", None)),
        Change(day=(date(2026, 4, 4), "work", "加班", [["08:00", "20:00"]])),
        Change(day=(date(2026, 4, 6), None, "", None)),
        Change(policies=faster),
        Change(policies=always),
        Change(policies=known[1:]),
    ]


@pytest.mark.parametrize("place", range(8))
@pytest.mark.parametrize("closed", [False, True])
def test_it_writes_nothing_and_comes_true(
    desk: Desk, clock: FixedClock, place: int, *, closed: bool
) -> None:
    a_month(desk, clock)
    april(desk, clock)
    if closed:
        closings.close(desk, "2026-03", CONTEXT)
    change = changes(desk)[place]
    before, log = (
        file_state(desk),
        desk.reader.execute("SELECT count(*) FROM change_log").fetchone(),
    )
    found = what_if.preview(desk, change, CONTEXT)
    assert file_state(desk) == before
    assert desk.reader.execute("SELECT count(*) FROM change_log").fetchone() == log
    for line in found.lines:
        for month, now in zip(found.months, line.now, strict=True):
            assert dashboards.figures(desk, month, metric_ids=[line.metric])[line.metric] == now
    change_for_real(desk, change)
    assert_comes_true(desk, found)
    assert ("2026-03" in found.settled) is closed


def test_other_hours_move_what_they_should(desk: Desk, clock: FixedClock) -> None:
    a_month(desk, clock)
    april(desk, clock)
    found = what_if.preview(desk, Change(pattern=SHORT), CONTEXT)
    moved = {line.metric for line in found.changed}
    assert {"frt_mean_min", "frt_p90_min"} <= moved
    assert found.tickets > 0
    lines = {line.metric: line for line in found.lines}
    # 2 April 10:30 to 12:30 and so on: mornings only count less
    april_now, april_then = lines["frt_mean_min"].now[-1], lines["frt_mean_min"].then[-1]
    assert april_now.value is not None
    assert april_then.value is not None
    assert april_then.value < april_now.value
    assert april_then.n == april_now.n == 4
    same = what_if.preview(desk, Change(pattern=[[["09:00", "18:00"]]] * 5 + [[], []]), CONTEXT)
    assert (same.changed, same.tickets, same.complaints) == ((), 0, 0)


def test_a_change_leaves_closed_months_alone(desk: Desk, clock: FixedClock) -> None:
    a_month(desk, clock)
    closings.close(desk, "2026-03", CONTEXT)
    kept = closings.frozen(desk, "2026-03")
    april(desk, clock)
    found = what_if.preview(desk, Change(pattern=SHORT), CONTEXT)
    march = next(i for i, m in enumerate(found.months) if m.code == "2026-03")
    response = {line.metric: line for line in found.lines}["frt_mean_min"]
    assert not response.differs(march)
    assert response.differs(len(found.months) - 1)
    desk_settings.set_pattern(desk, SHORT)
    assert closings.frozen(desk, "2026-03") == kept
    again = restatements.of_month(desk, "2026-03", CONTEXT)
    assert (again.figures, again.records) == ((), ())
    assert [c.table for c in again.rules] == ["calendar"]


def test_what_happens_in_this_very_second_folds_no_closed_month_back(
    desk: Desk, clock: FixedClock
) -> None:
    """Tickets of March closed now: their times stay those March was judged by."""
    keys, _ = a_month(desk, clock)
    closings.close(desk, "2026-03", CONTEXT)
    april(desk, clock)
    for key in keys[:4]:
        tickets.step(desk, key, "close")
    found = what_if.preview(desk, Change(pattern=LATE), CONTEXT)
    march = next(i for i, m in enumerate(found.months) if m.code == "2026-03")
    assert not any(line.differs(march) for line in found.lines)


def test_reopening_lets_the_change_in(desk: Desk, clock: FixedClock) -> None:
    a_month(desk, clock)
    closings.close(desk, "2026-03", CONTEXT)
    march = dashboards.period_of(desk, "2026-03")

    def mean() -> object:
        return dashboards.figures(desk, march, metric_ids=["frt_mean_min"])["frt_mean_min"].value

    before = mean()
    desk_settings.set_pattern(desk, LATE)
    assert mean() == before
    closings.reopen(desk, "2026-03", "工作时间录错")
    assert mean() != before  # a quarter of an hour less each


def test_cancelling_and_refusing(desk: Desk, clock: FixedClock) -> None:
    a_month(desk, clock)
    context = ImmediateContext()
    context.cancelled = True
    with pytest.raises(Cancelled):
        what_if.preview(desk, Change(pattern=SHORT), context)
    with pytest.raises(UserError):
        what_if.preview(desk, Change(pattern=[[["18:00", "09:00"]]] * 7), CONTEXT)
    faulty = [replace(p, response_minutes=0) for p in policies.listed(desk)]
    with pytest.raises(ProblemsError):
        what_if.preview(desk, Change(policies=faulty), CONTEXT)
    desk.act_as(desk_settings.add_person(desk, "小李", [Role.AGENT]).value)
    with pytest.raises(UserError, match="may not do this"):
        what_if.preview(desk, Change(pattern=SHORT), CONTEXT)
