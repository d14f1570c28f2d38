"""Every sheet of the reports page: its figures, what they are compared with, what opens them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.basis import parse_basis
from svcdesk.domain.comparisons import State
from svcdesk.domain.people import Role
from svcdesk.i18n.catalog import translator
from svcdesk.services import (
    complaints,
    dashboards,
    definitions,
    durations,
    settings,
    sheets,
    surveys,
    tickets,
)
from svcdesk.services.sheet_trend import Explore
from svcdesk.services.sheets import View
from svcdesk.store import comparing
from svcdesk.system.job import ImmediateContext
from tests.services.desks import a_complaint, a_resolved_ticket, a_ticket, item

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.sheets import Sheet
    from svcdesk.system.clock import FixedClock

T = translator("en")
HOUR, DAY = 3600, 86400
TABS = (
    "overview",
    "response",
    "resolution",
    "complaints",
    "satisfaction",
    "field",
    "team",
    "peaks",
)


def view(desk: Desk, **more: object) -> View:
    return View(dashboards.this_month(desk), **more)  # type: ignore[arg-type]


def sheet(desk: Desk, tab: str, shown: View | None = None) -> Sheet:
    return sheets.sheet(desk, tab, shown or view(desk), T, ImmediateContext())


@pytest.mark.parametrize("tab", TABS)
def test_a_desk_without_records_shows_gaps_and_no_zero_rates(desk: Desk, tab: str) -> None:
    found = sheet(desk, tab)
    assert all(card.value == "—" for card in found.cards)
    assert all(card.met is None for card in found.cards)


@pytest.mark.parametrize("tab", TABS)
def test_every_point_that_opens_something_opens_as_many_records_as_it_shows(
    desk: Desk, clock: FixedClock, tab: str
) -> None:  # fmt: skip
    """Bars of counts: the length of the bar is the length of the list behind it."""
    for hours in (1, 5, 30):
        key = a_ticket(desk, channel_id=item(desk, "channel", "email"))
        clock.advance(hours * HOUR)
        tickets.say(desk, key, "您好，已收到", "public_reply")
        tickets.step(
            desk, key, "resolve", {"solution": "更换主板，试机正常", "resolution_code": "onsite"}
        )
    a_complaint(desk)
    clock.advance(60)
    period = dashboards.this_month(desk)
    checked = 0
    for chart in sheet(desk, tab).charts:
        counts = chart.about in {"ticket_created", "ticket_resolved", "complaint_received",
                                 "backlog_ageing"}  # fmt: skip
        if not counts or len(chart.drill) != len(chart.categories) * len(chart.series):
            continue
        values = [v for series in chart.series for v in series.values]
        for value, (metric_id, link) in zip(values, chart.drill, strict=True):
            if not value or metric_id.startswith("@"):
                continue
            query = sheets.records_behind(desk, metric_id, period, link)
            assert query is not None
            assert len(next(query.leaves()).values) == value, (chart.title, link)
            checked += 1
    assert checked or tab in {"satisfaction", "field", "response"}


def test_the_overview_says_what_presses_and_what_the_score_is_made_of(
    desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    key = a_resolved_ticket(desk)
    surveys.record(desk, {"ticket_id": key, "csat": 5, "method": "sms"})
    a_ticket(desk)
    clock.advance(60)
    found = sheet(desk, "overview")
    today, _extremes, score = found.panels
    assert [row.cells[0] for row in today.rows] == [
        "Due today", "Overdue", "Callbacks due today or earlier", "Figures off target",
    ]  # fmt: skip
    with dashboards.board(desk) as board:
        whole = board.composite(dashboards.this_month(desk))
    named = [row.link[0] for row in score.rows if row.link[0]]
    assert named == [part.metric for part in whole.parts]


def test_hours_at_each_state_add_up_to_the_resolution_times(desk: Desk, clock: FixedClock) -> None:
    key = a_ticket(desk)
    clock.advance(2 * HOUR)
    tickets.say(desk, key, "您好，已收到", "public_reply")
    tickets.step(desk, key, "wait_customer", {"reason": "等客户照片"})
    clock.advance(5 * HOUR)
    tickets.step(desk, key, "resume", {})
    clock.advance(HOUR)
    tickets.step(
        desk, key, "resolve", {"solution": "更换主板，试机正常", "resolution_code": "onsite"}
    )
    clock.advance(60)
    found = sheet(desk, "resolution")
    states = next(t for t in found.tables if t.title == "Where the hours went, by state")
    hours = {row.cells[0]: row.cells[2] for row in states.rows}
    assert hours["Waiting for customer"] == "5"
    assert hours["Total"] == "8"
    assert sum(int(v) for name, v in hours.items() if name != "Total") == 8
    metric, link = next(r.link for r in states.rows if r.cells[0] == "Waiting for customer")
    assert metric == "@tickets"
    assert link == tickets.stored(desk, key)["ticket_no"]


def test_a_supervisor_compares_agents_and_an_agent_sees_own_figures_beside_the_teams(
    desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    me, name = desk.actor.id, desk.actor.name
    settings.change_person(desk, me, name, [Role.SUPERVISOR, Role.AGENT, Role.ADMIN])
    other = settings.add_person(desk, "李四", [Role.AGENT]).value
    for owner in (me, me, other):
        desk.act_as(owner)
        a_resolved_ticket(desk)
    desk.act_as(me)
    clock.advance(60)
    everybody = sheet(desk, "team")
    table = next(t for t in everybody.tables if t.title == "Agents side by side")
    counts = {row.cells[0]: row.cells[1] for row in table.rows}
    assert counts == {name: "2", "李四": "1", "Team (2)": "1.5"}
    assert any("Compare with care: 2 of" in text for text in everybody.remarks)
    mix = next(t for t in everybody.tables if t.title == "Case mix")
    assert [row.cells[2] for row in mix.rows][-1] == "100.0%"
    desk.act_as(other)
    own = sheet(desk, "team")
    table = next(t for t in own.tables if t.title == "My figures beside the team's")
    assert [row.cells[0] for row in table.rows] == ["李四", "Team (2)"]
    for chart in own.charts:
        assert set(chart.categories) <= {"李四"}
    assert own.remarks == ()


def test_forty_agents_have_a_row_each(desk: Desk, clock: FixedClock) -> None:
    settings.change_person(desk, desk.actor.id, desk.actor.name, [Role.SUPERVISOR, Role.ADMIN])
    me, names = desk.actor.id, [f"客服{number:02d}" for number in range(40)]
    keys = [settings.add_person(desk, name, [Role.AGENT]).value for name in names]
    for key in keys:
        desk.act_as(key)
        a_resolved_ticket(desk)
    desk.act_as(me)
    clock.advance(60)
    found = sheet(desk, "team")
    table = next(t for t in found.tables if t.title == "Agents side by side")
    assert [row.cells[0] for row in table.rows] == [*names, "Team (40)"]
    assert len(found.charts[0].categories) == 8
    assert "32 agents not shown" in found.charts[0].note


def test_a_period_beside_another_over_the_same_number_of_days(
    desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    """Three tickets in the first days of last month and one after; two so far this month."""
    period = dashboards.this_month(desk)
    start = period.start_at
    for at in (start + HOUR, start + DAY, start + 2 * DAY, start + 20 * DAY):
        clock.advance(at - clock.now())
        a_ticket(desk)
    after = period.shifted(1)
    for at in (after.start_at + HOUR, after.start_at + DAY):
        clock.advance(at - clock.now())
        a_ticket(desk)
    clock.advance(after.start_at + 3 * DAY + HOUR - clock.now())
    with dashboards.board(desk) as board:
        plain = comparing.beside(board, ["ticket_created"], after, parse_basis("mom"))
        same = comparing.beside(
            board, ["ticket_created"], after, parse_basis("mom", same_days=True)
        )
        own = comparing.beside(board, ["ticket_created"], period, parse_basis(f"own:{after.code}"))
    assert plain["ticket_created"].change.state is State.MISSING
    assert plain["ticket_created"].to_date
    found = same["ticket_created"]
    assert (found.days, found.base) == (3, 3)
    assert found.change.amount == Fraction(-100, 3)  # 2 against 3
    assert own["ticket_created"].base == 2
    assert own["ticket_created"].change.amount == 100  # 4 against 2


def test_baseline_and_industry_values_stand_with_their_source(
    desk: Desk, clock: FixedClock
) -> None:  # fmt: skip
    for _ in range(6):
        a_ticket(desk)
    clock.advance(60)
    with desk.write("Reference") as uow:
        for kind, month, value, source in (
            ("industry", None, 25.0, "行业报告"), ("baseline", None, 4.0, ""),
            ("baseline", "2100-01", 99.0, ""),
        ):  # fmt: skip
            uow.insert(
                "reference_value",
                {"metric": "ticket_created", "kind": kind, "month": month, "value": value,
                 "source": source},
            )  # fmt: skip
    period = dashboards.this_month(desk)
    with dashboards.board(desk) as board:
        ids = ["ticket_created", "fcr_rate"]
        industry = comparing.beside(board, ids, period, parse_basis("industry"))
        baseline = comparing.beside(board, ids, period, parse_basis("baseline"))
    assert industry["ticket_created"].source == "行业报告"
    assert industry["ticket_created"].change.amount == -76  # 6 against 25
    assert baseline["ticket_created"].change.amount == 50  # 6 against 4; that of 2100 not yet
    assert industry["fcr_rate"].change.state is State.MISSING


def test_the_trend_explorer_splits_any_metric(desk: Desk, clock: FixedClock) -> None:
    for code in ("email", "email", "chat"):
        a_ticket(desk, channel_id=item(desk, "channel", code))
    clock.advance(60)
    shown = view(desk, explore=Explore("ticket_created", "channel", "columns", 6))
    found = sheet(desk, "trend", shown)
    course, groups, lines = found.charts
    assert course.series[0].values[-1] == 3
    assert groups.series[0].values == (2.0, 1.0)
    assert [series.values[-1] for series in lines.series] == [2.0, 1.0]
    [table] = found.tables
    assert [row.cells[-1].split()[0] for row in table.rows] == ["2", "1", "3"]
    weeks = sheet(desk, "trend", replace(shown, explore=Explore("ticket_created", "week")))
    assert sum(v or 0 for v in weeks.charts[1].series[0].values) == 3


def test_a_definition_names_what_was_left_out_and_why(desk: Desk, clock: FixedClock) -> None:
    key = a_ticket(desk, channel_id=item(desk, "channel", "email"))
    tickets.say(desk, key, "您好", "public_reply")  # in the same second: AB01
    number = tickets.stored(desk, key)["ticket_no"]
    clock.advance(60)
    found = definitions.define(desk, "frt_sla_rate", view(desk), T)
    assert dict(found.parts)["excluded"] == 1
    listing = definitions.records(desk, "frt_sla_rate", view(desk), "excluded", T)
    [line] = listing.lines
    assert line.number == number
    assert line.reason.startswith("AB01 ")


def test_as_known_earlier_a_late_reopening_does_not_exist(desk: Desk, clock: FixedClock) -> None:
    key = a_resolved_ticket(desk)
    clock.advance(HOUR)
    then = clock.now()
    clock.advance(DAY)
    tickets.step(desk, key, "reopen", {"reason": "仍有异响"})
    clock.advance(60)
    now = sheet(desk, "resolution").cards
    before = sheet(desk, "resolution", view(desk, as_of=then)).cards
    values = [{card.key: card.value for card in cards} for cards in (now, before)]
    assert [found["backlog_end"] for found in values] == ["1", "0"]


def test_a_duration_is_accounted_for_day_by_day(desk: Desk, clock: FixedClock) -> None:
    key = a_ticket(desk)
    clock.advance(26 * HOUR)
    tickets.say(desk, key, "您好，已收到", "public_reply")
    clock.advance(60)
    found = durations.account(desk, key, durations.RESPONSE)
    assert found is not None
    assert found.over
    assert found.seconds == tickets.stored(desk, key)["response_seconds"]
    assert found.parts[-1].total == sum(part.share.counted for part in found.parts)
    full = durations.account(desk, key, durations.FULL)
    assert full is not None
    assert (full.over, full.seconds) == (False, 26 * HOUR + 60)


def test_complaint_cards_open_what_they_show(desk: Desk, clock: FixedClock) -> None:
    key = a_complaint(desk)
    clock.advance(60)
    query = sheets.records_behind(desk, "complaint_received", dashboards.this_month(desk))
    assert query is not None
    assert next(query.leaves()).values == (complaints.stored(desk, key)["complaint_no"],)


@pytest.mark.parametrize(("answers", "better"), [(3, None), (5, True)])
def test_a_change_of_too_few_answers_is_shown_and_not_judged(
    desk: Desk, clock: FixedClock, answers: int, better: bool | None
) -> None:
    """3.2: with n < 5 the value is shown with ※, and nothing is called better or worse."""
    end = dashboards.this_month(desk).end_at
    scores = [3] * 5 + [5] * answers
    moments = [clock.now()] * 5 + [end + DAY] * answers
    for score, moment in zip(scores, moments, strict=True):
        clock.at = max(clock.at, moment)
        key = a_resolved_ticket(desk)
        surveys.record(desk, {"ticket_id": key, "csat": score, "method": "sms",
                              "responded_at": clock.at, "sent_at": clock.at})  # fmt: skip
    clock.at = dashboards.period_of(desk, dashboards.this_month(desk).code).end_at + DAY
    month = dashboards.this_month(desk).previous
    found = sheets.sheet(desk, "satisfaction", View(month), T, ImmediateContext())
    card = next(c for c in found.cards if c.key == "csat_mean")
    assert card.change.startswith("MoM ↑")
    assert card.better is better
