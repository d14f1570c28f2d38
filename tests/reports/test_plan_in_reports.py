"""Training in the monthly report, measures by week in the quarterly one (domain.md 5.2, 5.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.reports.model import Block, Plan, ReportData, Table, tables_of
from svcdesk.services import (
    improvement_measures,
    improvements,
    report_material,
    reports,
    trainings,
)
from svcdesk.system.job import ImmediateContext
from tests.conftest import NOW

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

DAY = 86400
CAPTION = "Trainings of this period (attended of those expected, passed of those examined)"


def made(desk: Desk, kind: str, period: str) -> ReportData:
    return reports.collect(desk, kind, period, language="en", context=ImmediateContext())


def blocks(data: ReportData) -> list[Block]:
    return [block for section in data.sections for block in section.blocks]


def table(data: ReportData, caption: str) -> Table | None:
    found = [t for block in blocks(data) for t in tables_of(block)]
    return next((one for one in found if one.caption == caption), None)


def a_training(desk: Desk, title: str, day: str, score: int | None) -> None:
    me = desk.actor.id
    key = trainings.save(desk, None, {"title": title, "held_on": day, "minutes": 60,
                                      "pass_mark": 80, "people": [me]}).value  # fmt: skip
    trainings.save_seats(desk, key, {me: {"score": score, "attended": int(score is not None)}})


class TestTraining:
    def test_what_was_held_and_all_of_it_together(self, desk: Desk) -> None:
        a_training(desk, "话术", "2026-03-20", 90)
        a_training(desk, "系统", "2026-03-05", None)
        a_training(desk, "二月", "2026-02-05", 90)
        found = table(made(desk, "monthly", "2026-03"), CAPTION)
        assert found is not None
        assert found.rows == (
            ("系统", "Course", "2026-03-05", "60", "0.0% (0/1)", "—"),
            ("话术", "Course", "2026-03-20", "60", "100.0% (1/1)", "100.0% (1/1)"),
            ("Total", "", "", "120", "50.0% (1/2)", "100.0% (1/1)"),
        )
        assert found.total

    def test_one_needs_no_total_and_none_no_table(self, desk: Desk) -> None:
        assert table(made(desk, "monthly", "2026-03"), CAPTION) is None
        a_training(desk, "话术", "2026-03-20", 90)
        found = table(made(desk, "monthly", "2026-03"), CAPTION)
        assert found is not None
        assert (len(found.rows), found.total) == (1, False)


class TestWeeks:
    def test_a_measure_begins_where_its_work_began(self, desk: Desk, clock: FixedClock) -> None:
        clock.at = NOW - 20 * DAY  # 12 March: the item is of the quarter that is looked back on
        item = improvements.create(desk, {"title": "准时率"}).value
        for due in ("2026-04-30", "2026-05-15", "2026-08-01"):
            values = {"text": due, "owner_id": desk.actor.id, "due_date": due}
            key = improvement_measures.add(desk, item, values).value
            if due == "2026-05-15":
                later = key
        clock.at = NOW + 21 * DAY  # 22 April
        improvement_measures.log(desk, later, 40)
        task = {"period": "2026-Q2", "text": "SOP", "owner_id": None, "due_date": "2026-04-08",
                "state": "done"}  # fmt: skip
        report_material.save_task(desk, None, task)
        data = made(desk, "quarterly", "2026-Q1")
        (plan,) = [block for block in blocks(data) if isinstance(block, Plan)]
        assert [(t.name, t.owner, t.first, t.last, t.done) for t in plan.tasks] == [
            ("2026-04-30", "周敏", 0, 4, 0.0),  # written down in March: from the first week on
            ("2026-05-15", "周敏", 3, 6, 0.4),
            ("SOP", "—", 0, 1, 1.0),
        ]  # due in August: not of this quarter
        assert plan.columns == tuple(f"W{n}" for n in range(1, 14))

    def test_reviews_fall_on_working_days(self, desk: Desk) -> None:
        found = table(
            made(desk, "quarterly", "2026-Q1"),
            "Reviews of the next quarter: the first working day after each month",
        )
        assert found is not None
        assert [row[1] for row in found.rows] == ["2026-05-06", "2026-06-01", "2026-07-01"]
