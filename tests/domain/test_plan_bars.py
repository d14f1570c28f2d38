"""Bars over weeks: begin, end, what is late; their order and views."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.domain.plan_bars import PlanBar, begins, grouped, monday, reach, shows, weeks

TODAY = date(2026, 4, 1)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


def bar(state: str = "doing", **more: object) -> PlanBar:
    values: dict[str, object] = {
        "id": 1, "table": "action", "title": "培训", "owner": "王立群", "state": state,
        "start": date(2026, 3, 9), "due": date(2026, 3, 27), **more,
    }  # fmt: skip
    return PlanBar(**values)  # type: ignore[arg-type]


class TestBegin:
    def test_the_first_entry_of_the_log_begins_it(self) -> None:
        entered, logged, due = date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 27)
        assert begins(entered, None, due) == entered
        assert begins(entered, logged, due) == logged
        assert begins(entered, None, None) == entered

    def test_written_down_after_its_due_day_it_is_one_day(self) -> None:
        assert begins(date(2026, 4, 1), None, date(2026, 3, 27)) == date(2026, 3, 27)


class TestLate:
    def test_open_past_its_day(self) -> None:
        one = bar()
        assert one.is_late(TODAY)
        assert one.late_from(TODAY) == date(2026, 3, 28)
        assert (one.last(TODAY), one.late_days(TODAY)) == (TODAY, 5)

    def test_on_the_due_day_it_is_not_late(self) -> None:
        one = bar(due=TODAY)
        assert not one.is_late(TODAY)
        assert one.late_from(TODAY) is None
        assert one.last(TODAY) == TODAY

    def test_done_late_shows_by_how_much_but_is_late_no_more(self) -> None:
        one = bar("done", ended=date(2026, 3, 30))
        assert not one.is_late(TODAY)
        assert (one.last(TODAY), one.late_days(TODAY)) == (date(2026, 3, 30), 3)

    def test_done_early_keeps_its_planned_span(self) -> None:
        one = bar("verified", ended=date(2026, 3, 20))
        assert (one.last(TODAY), one.late_from(TODAY)) == (date(2026, 3, 27), None)

    def test_done_on_an_unknown_day_is_not_called_late(self) -> None:
        assert bar("done").late_from(TODAY) is None

    @pytest.mark.parametrize("state", ["cancelled", "dropped"])
    def test_given_up_is_never_late(self, state: str) -> None:
        assert bar(state).late_from(TODAY) is None
        assert bar(state, due=None).last(TODAY) == date(2026, 3, 9)

    def test_without_a_due_day_it_goes_until_today(self) -> None:
        assert bar(due=None).last(TODAY) == TODAY
        assert bar(due=None).late_from(TODAY) is None


@settings(max_examples=60)
@given(
    entered=DAYS, logged=st.none() | DAYS, due=st.none() | DAYS, ended=st.none() | DAYS, today=DAYS,
    state=st.sampled_from(["todo", "doing", "blocked", "done", "verified", "cancelled"]),
)  # fmt: skip
def test_a_bar_never_runs_backwards_and_the_weeks_hold_it(
    entered: date,
    logged: date | None,
    due: date | None,
    ended: date | None,
    today: date,
    state: str,
) -> None:
    one = bar(state, start=begins(entered, logged, due), due=due, ended=ended)
    last = one.last(today)
    assert one.start <= one.planned_last(today) <= last
    assert (one.late_days(today) > 0) == (one.late_from(today) is not None)
    if one.is_late(today):
        assert one.late_from(today) is not None
    first, end = reach([one], today)
    assert first.weekday() == 0
    assert first <= min(one.start, today)
    assert max(last, today) + timedelta(days=7) <= end
    starts = weeks(first, end)
    assert [day.weekday() for day in starts] == [0] * len(starts)
    assert starts[-1] + timedelta(days=6) == end


def test_views_and_groups() -> None:
    late, blocked = bar(owner_id=7, group="A"), bar("blocked", due=date(2026, 5, 1), group="B")
    done, dropped = bar("done", group="A"), bar("cancelled", group="B")
    every = [late, blocked, done, dropped]

    def of(view: str) -> list[PlanBar]:
        return [one for one in every if shows(view, one, 7, TODAY)]

    assert of("open") == [late, blocked]
    assert of("late") == [late]
    assert of("blocked") == [blocked]
    assert of("mine") == [late]
    assert of("all") == [late, blocked, done]
    assert grouped(every) == [("A", [late, done]), ("B", [blocked, dropped])]


def test_monday() -> None:
    assert monday(date(2026, 4, 5)) == date(2026, 3, 30)
    assert monday(date(2026, 3, 30)) == date(2026, 3, 30)
