"""The improvement loop reminds once a working day, and stops when a thing is settled (R7)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.loop_reminders import Kind, blocked_at, of_measure, of_recheck
from svcdesk.domain.people import Role
from svcdesk.services import (
    improvement_measures,
    improvements,
    loop_reminders,
    notices,
    settings,
    undo,
)
from tests.conftest import NOW

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

HOUR, DAY = 3600, 86400
TODAY = date(2026, 4, 1)


@pytest.fixture
def quiet(desk: Desk) -> Desk:
    settings.change(desk, {"hand_over_times": ""})
    return desk


def an_item(desk: Desk) -> int:
    return improvements.create(desk, {"title": "上门准时率仅85%"}).value


def a_measure(desk: Desk, due: str, owner: int | None = None, item: int | None = None) -> int:
    values = {"text": "培训", "owner_id": owner or desk.actor.id, "due_date": due}
    return improvement_measures.add(desk, item or an_item(desk), values).value


def kinds(desk: Desk) -> list[str]:
    return [str(one.kind) for one in loop_reminders.pressing(desk)]


class TestRules:
    @pytest.mark.parametrize(
        ("due", "expected"),
        [
            ("2026-04-05", None),
            ("2026-04-04", (Kind.MEASURE_SOON, 3)),
            ("2026-04-02", (Kind.MEASURE_SOON, 1)),
            ("2026-04-01", (Kind.MEASURE_TODAY, 0)),
            ("2026-03-31", (Kind.MEASURE_LATE, 1)),
            (None, None),
        ],
    )
    def test_due_in_three_days_or_past(self, due: str | None, expected: object) -> None:
        assert of_measure("doing", due, None, TODAY) == expected
        for over in ("done", "verified", "cancelled"):
            assert of_measure(over, due, None, TODAY) is None

    def test_blocked_for_a_week(self) -> None:
        far = "2026-06-30"
        assert of_measure("blocked", far, date(2026, 3, 26), TODAY) is None  # six days
        assert of_measure("blocked", far, date(2026, 3, 25), TODAY) == (Kind.MEASURE_BLOCKED, 7)
        assert of_measure("doing", far, date(2026, 3, 1), TODAY) is None  # goes on again
        # being late says more than being blocked, being blocked more than being due soon
        assert of_measure("blocked", "2026-03-31", date(2026, 3, 1), TODAY) == (
            Kind.MEASURE_LATE, 1,
        )  # fmt: skip
        assert of_measure("blocked", "2026-04-02", date(2026, 3, 1), TODAY) == (
            Kind.MEASURE_BLOCKED, 31,
        )  # fmt: skip

    def test_rechecks(self) -> None:
        assert of_recheck("2026-04-02", TODAY) is None
        assert of_recheck("2026-04-01", TODAY) == (Kind.RECHECK, 0)
        assert of_recheck("2026-03-30", TODAY) == (Kind.RECHECK_LATE, 2)

    def test_the_last_time_it_was_blocked_counts(self) -> None:
        log: list[dict[str, object]] = [{"at": 10, "state": "blocked"}, {"at": 20, "state": "doing"},
               {"at": 30, "state": "blocked"}, {"at": 40, "percent": 50}]  # fmt: skip
        assert blocked_at(log) == 30
        assert blocked_at(log[3:]) is None


class TestPressing:
    def test_blocked_since_its_log_says_so(self, quiet: Desk, clock: FixedClock) -> None:
        key = a_measure(quiet, "2026-06-30")
        improvement_measures.log(quiet, key, 30)
        improvement_measures.step(quiet, key, "block", {"note": "等待采购"})
        clock.at = NOW + 6 * DAY
        assert kinds(quiet) == []
        clock.at = NOW + 7 * DAY
        (one,) = loop_reminders.pressing(quiet)
        assert (one.kind, one.days, one.people) == (Kind.MEASURE_BLOCKED, 7, (quiet.actor.id,))
        improvement_measures.step(quiet, key, "resume")
        assert kinds(quiet) == []

    def test_a_measure_of_nobody_here_is_the_supervisors(self, quiet: Desk) -> None:
        settings.change_person(quiet, quiet.actor.id, "周敏", [Role.SUPERVISOR, Role.ADMIN])
        gone = settings.add_person(quiet, "小李", [Role.AGENT]).value
        a_measure(quiet, "2026-04-01", owner=gone)
        assert loop_reminders.pressing(quiet)[0].people == (gone,)
        settings.change_person(quiet, gone, "小李", [Role.AGENT], active=False)
        assert loop_reminders.pressing(quiet)[0].people == (quiet.actor.id,)

    def test_a_recheck_until_it_is_done(self, quiet: Desk) -> None:
        item = an_item(quiet)
        with quiet.write("closed a month ago", kind="system") as uow:
            uow.update("improvement_item", item,
                       {"status": "closed", "closed_at": NOW - 30 * DAY,
                        "owner_id": quiet.actor.id})  # fmt: skip
            key = uow.insert("improvement_recheck",
                             {"item_id": item, "days": 30, "due_date": "2026-03-31"})  # fmt: skip
        (one,) = loop_reminders.pressing(quiet)
        assert (one.kind, one.days, one.number) == (Kind.RECHECK_LATE, 1, "GS202604-001")
        with quiet.write("looked at", kind="system") as uow:
            uow.update("improvement_recheck", key, {"done_at": NOW, "held": 1})
        assert kinds(quiet) == []

    def test_a_verdict_waits_for_who_did_not_do_the_work(self, quiet: Desk) -> None:
        boss = quiet.actor.id
        judge = settings.add_person(quiet, "陈雨", [Role.QUALITY]).value
        doer = settings.add_person(quiet, "小王", [Role.QUALITY]).value
        item = an_item(quiet)
        a_measure(quiet, "2026-06-30", owner=doer, item=item)
        with quiet.write("as a close of a month does", kind="system") as uow:
            uow.update("improvement_item", item, {"status": "verifying", "owner_id": boss})
            key = uow.insert("verification", {"item_id": item, "proposed": "watching"})
        assert kinds(quiet) == []
        with quiet.write("the next close", kind="system") as uow:
            uow.update("verification", key, {"proposed": "effective"})
        (one,) = loop_reminders.pressing(quiet)
        assert (one.kind, one.people) == (Kind.VERDICT, (judge,))
        with quiet.write("confirmed", kind="system") as uow:
            uow.update("verification", key, {"verdict": "effective"})
        assert kinds(quiet) == []


class TestNotices:
    def mine(self, desk: Desk) -> list[tuple[str, str]]:
        return [(n.kind, str(n.args["n"])) for n in notices.recent(desk)]

    def test_once_a_day_and_replaced_the_next(self, quiet: Desk, clock: FixedClock) -> None:
        a_measure(quiet, "2026-04-03")
        assert len(notices.watch(quiet)) == 1
        assert notices.watch(quiet) == []
        assert self.mine(quiet) == [("loop_measure_soon", "2")]
        clock.at = NOW + DAY - 2 * HOUR  # Thursday 8:00, before work
        assert notices.watch(quiet) == []
        clock.at = NOW + DAY - HOUR  # Thursday 9:00
        assert len(notices.watch(quiet)) == 1
        assert self.mine(quiet) == [("loop_measure_soon", "1")]
        clock.at = NOW + 2 * DAY
        notices.watch(quiet)
        clock.at = NOW + 4 * DAY  # Sunday, 清明: nobody is told on a day off
        assert notices.watch(quiet) == []
        assert self.mine(quiet) == []  # “due today” is true no more
        clock.at = NOW + 6 * DAY  # Tuesday
        assert [n.kind for n in notices.watch(quiet)] == ["loop_measure_late"]
        assert self.mine(quiet) == [("loop_measure_late", "4")]

    def test_gone_when_settled_and_back_with_undo(self, quiet: Desk, clock: FixedClock) -> None:
        key = a_measure(quiet, "2026-04-01")
        notices.watch(quiet)
        assert notices.unseen(quiet) == 1
        improvement_measures.step(quiet, key, "start")
        improvement_measures.step(quiet, key, "finish")
        notices.watch(quiet)
        assert self.mine(quiet) == []
        undo.undo(quiet)  # not done after all: told again the next day
        clock.at = NOW + DAY
        assert [n.kind for n in notices.watch(quiet)] == ["loop_measure_late"]

    def test_the_watch_is_never_an_undo_step(self, quiet: Desk) -> None:
        a_measure(quiet, "2026-04-01")
        notices.watch(quiet)
        step = undo.undoable(quiet)
        assert step is not None
        assert step.label == "New measure for {number}"
