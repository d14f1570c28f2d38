"""The running plan of a quarter: live actuals, weeks, reviews; measures of the team as bars."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.quarter_goals import Standing
from svcdesk.services import (
    improvement_measures,
    improvements,
    plan_board,
    quarter_plan,
    report_material,
    settings,
    trainings,
    undo,
)
from svcdesk.system.errors import ProblemsError, UserError
from tests.conftest import NOW

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.quarter_plan import Goal, QuarterPlan
    from svcdesk.system.clock import FixedClock

DAY = 86400


def goal(plan: QuarterPlan, metric: str) -> Goal:
    return next(one for one in plan.goals if one.metric == metric)


def a_measure(desk: Desk, due: str, title: str = "上门准时率仅85%") -> int:
    item = improvements.create(desk, {"title": title}).value
    values = {"text": "培训", "owner_id": desk.actor.id, "due_date": due}
    return improvement_measures.add(desk, item, values).value


def a_task(desk: Desk, period: str = "2026-Q2", **more: object) -> int:
    values = {"period": period, "text": "制定SOP", "owner_id": desk.actor.id,
              "due_date": "2026-04-20", "state": "open", **more}  # fmt: skip
    return report_material.save_task(desk, None, values).value


class TestGoals:
    def test_the_targets_of_the_plan_stand_there_without_data(self, desk: Desk) -> None:
        plan = quarter_plan.get(desk, "2026-Q2")
        metrics = [one.metric for one in plan.goals]
        assert metrics[:5] == [
            "csat_rate", "csat_very_rate", "complex_cycle_wd", "second_rate", "key_reach_rate",
        ]  # fmt: skip
        assert "manual.training_coverage" in metrics
        assert len({one.id for one in plan.goals}) == len(plan.goals)
        assert {one.standing for one in plan.goals} == {Standing.UNKNOWN}
        assert goal(plan, "csat_rate").actual == "—"

    def test_a_target_that_the_team_set_is_the_quarters(self, desk: Desk) -> None:
        settings.set_target(desk, "csat_rate", "2026-06", 93.0)
        assert goal(quarter_plan.get(desk, "2026-Q2"), "csat_rate").target == "93.0%"

    def test_training_is_counted_from_its_records(self, desk: Desk, clock: FixedClock) -> None:
        me = desk.actor.id
        old = trainings.save(desk, None, {"title": "话术", "held_on": "2026-03-02",
                                          "people": [me]}).value  # fmt: skip
        trainings.save_seats(desk, old, {me: {"attended": 0}})
        clock.at = NOW + 20 * DAY
        new = trainings.save(desk, None, {"title": "话术", "held_on": "2026-04-15",
                                          "people": [me]}).value  # fmt: skip
        trainings.save_seats(desk, new, {me: {"attended": 1}})
        one = goal(quarter_plan.get(desk, "2026-Q2"), "manual.training_coverage")
        assert (one.before, one.actual, one.sample, one.standing) == (
            "0.0%", "100.0%", "1/1", Standing.MET,
        )  # fmt: skip
        assert one.months == ("100.0%", "—", "—")
        assert one.source == "Training records"

    def test_else_the_newest_typed_month_speaks(self, desk: Desk, clock: FixedClock) -> None:
        with desk.write("typed", kind="system") as uow:
            for month, value in (("2026-03", 80.0), ("2026-04", 88.0), ("2026-05", 90.0)):
                uow.insert("manual_metric", {"key": "newcomer_pass", "month": month, "name": "新人",
                                             "unit": "%", "direction": "up", "value": value})  # fmt: skip
        clock.at = NOW + 75 * DAY  # mid-June
        one = goal(quarter_plan.get(desk, "2026-Q2"), "manual.newcomer_pass")
        assert (one.before, one.actual, one.target) == ("80.0%", "90.0%", "95.0%")
        assert one.months == ("88.0%", "90.0%", "—")
        assert one.share is not None
        assert round(float(one.share), 4) == 0.6667  # 10 of 15 points
        assert one.standing is Standing.BEHIND  # 75 of 91 days are over

    def test_a_task_brings_its_metric(self, desk: Desk) -> None:
        assert "nps" not in [g.metric for g in quarter_plan.get(desk, "2026-Q2").goals]
        key = a_task(desk)
        with desk.write("for a figure", kind="system") as uow:
            uow.update("plan_task", key, {"metric": "nps"})
        assert "nps" in [g.metric for g in quarter_plan.get(desk, "2026-Q2").goals]

    @pytest.mark.parametrize("code", ["2026-04", "2026-H1", "2026"])
    def test_only_of_quarters(self, desk: Desk, code: str) -> None:
        with pytest.raises(UserError, match="not a quarter"):
            quarter_plan.get(desk, code)

    def test_the_running_quarter_its_next_and_four_before(self, desk: Desk) -> None:
        assert [p.code for p in quarter_plan.quarters(desk)] == [
            "2026-Q3", "2026-Q2", "2026-Q1", "2025-Q4", "2025-Q3", "2025-Q2",
        ]  # fmt: skip


class TestReviews:
    def test_the_first_working_day_after_each_month(self, desk: Desk, clock: FixedClock) -> None:
        clock.at = NOW + 45 * DAY  # 16 May
        plan = quarter_plan.get(desk, "2026-Q2")
        assert [(c.month, c.day, c.over) for c in plan.checkpoints] == [
            ("2026-04", date(2026, 5, 6), True),  # after the holiday of 1–5 May
            ("2026-05", date(2026, 6, 1), False), ("2026-06", date(2026, 7, 1), False),
        ]  # fmt: skip

    def test_a_team_that_never_works_is_reviewed_all_the_same(self, desk: Desk) -> None:
        settings.set_pattern(desk, [[] for _day in range(7)])
        days = [c.day for c in quarter_plan.get(desk, "2026-Q3").checkpoints]
        assert days == [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)]


class TestWeeks:
    def test_tasks_of_quarter_and_months_and_measures_that_go_on(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        quarter, month = a_task(desk), a_task(desk, "2026-04", due_date=None)
        ahead = a_task(desk, "2026-Q3", due_date="2026-07-20")
        measure = a_measure(desk, "2026-04-30")
        late = a_measure(desk, "2026-03-31")
        over = a_measure(desk, "2026-06-30")
        improvement_measures.step(desk, over, "cancel")
        bars = {bar.id: bar for bar in quarter_plan.get(desk, "2026-Q2").bars}
        assert set(bars) == {quarter, month, measure, late}
        assert (bars[quarter].start, bars[quarter].due) == (date(2026, 4, 1), date(2026, 4, 20))
        assert bars[month].due == date(2026, 4, 30)  # no day: by the end of its month
        assert bars[quarter].group == "Plan of Q2 2026"
        assert bars[measure].group == "GS202604-001 上门准时率仅85%"
        clock.at = NOW + DAY
        third = {bar.id: bar for bar in quarter_plan.get(desk, "2026-Q3").bars}
        assert third[ahead].start == date(
            2026, 7, 1
        )  # written in April, it begins with the quarter

    def test_ticked_dropped_opened_again(self, desk: Desk, clock: FixedClock) -> None:
        key = a_task(desk)
        clock.at = NOW + 3 * DAY

        def state() -> tuple[str, object]:
            (bar,) = quarter_plan.get(desk, "2026-Q2").bars
            return bar.state, bar.ended

        quarter_plan.set_state(desk, key, "done")
        assert state() == ("done", date(2026, 4, 4))
        quarter_plan.set_state(desk, key, "dropped")
        assert state() == ("dropped", None)
        undo.undo(desk)
        assert state()[0] == "done"
        quarter_plan.set_state(desk, key, "open")
        assert state() == ("open", None)
        with pytest.raises(ProblemsError):
            quarter_plan.set_state(desk, key, "later")
        report_material.remove_task(desk, key)
        with pytest.raises(UserError, match="deleted"):
            quarter_plan.set_state(desk, key, "done")


class TestTeam:
    def test_begin_progress_end_of_a_measure(self, desk: Desk, clock: FixedClock) -> None:
        key = a_measure(desk, "2026-04-30")
        (bar,) = plan_board.of_items(desk)
        assert (bar.start, bar.percent, bar.ended) == (date(2026, 4, 1), 0, None)
        clock.at = NOW + 5 * DAY
        improvement_measures.log(desk, key, 30)
        (bar,) = plan_board.of_items(desk)
        assert (bar.start, bar.percent, bar.state) == (date(2026, 4, 6), 30, "doing")
        clock.at = NOW + 8 * DAY
        improvement_measures.step(desk, key, "finish")
        (bar,) = plan_board.of_items(desk)
        assert (bar.start, bar.percent, bar.ended) == (date(2026, 4, 6), 100, date(2026, 4, 9))

    def test_by_item_and_by_person(self, desk: Desk) -> None:
        first = a_measure(desk, "2026-04-30", "甲")
        second = a_measure(desk, "2026-04-10", "乙")
        by_item = plan_board.of_items(desk)
        assert [(b.id, b.group) for b in by_item] == [
            (first, "GS202604-001 甲"), (second, "GS202604-002 乙"),
        ]  # fmt: skip
        by_owner = plan_board.of_items(desk, by=plan_board.BY_OWNER)
        assert [(b.id, b.group) for b in by_owner] == [(second, "周敏"), (first, "周敏")]

    def test_the_bars_of_an_item_are_its_measures(self, desk: Desk) -> None:
        key = a_measure(desk, "2026-04-30")
        item = plan_board.of_items(desk)[0].item_id
        assert item is not None
        detail = improvements.get(desk, item)
        assert plan_board.of_item(desk, detail.item, detail.actions) == plan_board.of_items(
            desk, [item]
        )
        assert [b.id for b in plan_board.of_items(desk, [item])] == [key]
        improvements.step(desk, item, "void", {"reason": "重复"})
        assert plan_board.of_items(desk) == []
