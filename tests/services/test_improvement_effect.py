"""The whole loop over the months of a small desk: missed, analysed, proven, come back."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain.effectiveness import Phase
from svcdesk.domain.improvement import Verdict
from svcdesk.domain.people import Role
from svcdesk.services import (
    closings,
    improvement_causes,
    improvement_effect,
    improvement_measures,
    improvements,
    surveys,
    targets,
    tickets,
    undo,
)
from svcdesk.services import settings as desk_settings
from svcdesk.system.job import ImmediateContext
from tests.domain.calendars import at
from tests.domain.test_causes import chain
from tests.services.closing_desks import SOLVED
from tests.services.desks import a_ticket, no_callbacks

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

CONTEXT = ImmediateContext()
METRIC = "csat_rate"


def a_month_of_answers(desk: Desk, clock: FixedClock, month: str, good: int, bad: int) -> None:
    """Enter one answered ticket a day: first the satisfied customers, then the others."""
    for day, score in enumerate([5] * good + [2] * bad, start=1):
        clock.at = at(f"{month}-{day:02d} 10:00")
        key = a_ticket(desk, new_customer={"name": f"客户{month}-{day}"}, callback_required=0)
        tickets.say(desk, key, "您好，已收到", "public_reply")
        clock.advance(3600)
        tickets.step(desk, key, "resolve", SOLVED)
        surveys.record(desk, {"ticket_id": key, "csat": score, "method": "sms",
                              "responded_at": clock.at, "sent_at": clock.at,
                              **({"comment": "太慢"} if score < 3 else {})})  # fmt: skip


def close(desk: Desk, clock: FixedClock, month: str, following: str) -> None:
    clock.at = at(f"{following}-02 10:00")
    closings.close(desk, month, CONTEXT)


def the_item(desk: Desk) -> improvements.ListRow:
    found = [row for row in improvements.listed(desk) if row.metric == METRIC]
    assert len(found) == 1
    return found[0]


class TestChain:
    """Two bad months, two measures, a settling gap, two good months, closed, come back."""

    def missed_twice(self, desk: Desk, clock: FixedClock) -> improvements.ListRow:
        clock.at = at("2026-01-02 09:00")
        no_callbacks(desk)
        targets.save(desk, METRIC, "2026-01", 90.0)
        for month, following in (("2026-01", "2026-02"), ("2026-02", "2026-03")):
            a_month_of_answers(desk, clock, month, good=6, bad=4)
            close(desk, clock, month, following)
        return the_item(desk)

    def carried_out(self, desk: Desk, clock: FixedClock, key: int) -> None:
        me = desk.actor.id
        improvements.step(desk, key, "analyse", {"owner_id": me})
        rows = [*chain()[:4], replace(chain()[4], evidence="需求单17")]
        advice = improvement_causes.save(desk, key, improvement_causes.Analysis(tuple(rows)))
        assert advice.value == []
        improvements.step(desk, key, "plan")
        done = [
            improvement_measures.add(
                desk, key, {"text": text, "kind": kind, "owner_id": me, "due_date": "2026-03-20"}
            ).value
            for text, kind in (("接入实时路况", "corrective"), ("路线规划培训", "preventive"))
        ]
        improvements.step(desk, key, "execute")
        for place, action in enumerate(done):
            clock.at = at(f"2026-03-{10 + place} 10:00")
            improvement_measures.log(desk, action, 50)
            improvement_measures.step(desk, action, "finish")
        improvements.step(desk, key, "verify")

    def two_good_months(self, desk: Desk, clock: FixedClock, key: int) -> None:
        a_month_of_answers(desk, clock, "2026-03", good=9, bad=0)  # of the measures: a gap
        close(desk, clock, "2026-03", "2026-04")
        assert improvement_effect.of(desk, key).proposed is Verdict.WATCHING
        a_month_of_answers(desk, clock, "2026-04", good=9, bad=1)  # 90 %: equal to the target
        close(desk, clock, "2026-04", "2026-05")
        assert improvement_effect.of(desk, key).proposed is Verdict.WATCHING
        a_month_of_answers(desk, clock, "2026-05", good=10, bad=0)
        close(desk, clock, "2026-05", "2026-06")

    def test_before_and_after(self, desk: Desk, clock: FixedClock) -> None:
        item = self.missed_twice(desk, clock)  # 60 % twice: one item, two occurrences
        assert (item.occurrences, item.status) == (2, "identified")
        assert improvements.get(desk, item.id).item["baseline"] == 60.0
        self.carried_out(desk, clock, item.id)
        self.two_good_months(desk, clock, item.id)
        effect = improvement_effect.of(desk, item.id)
        assert [(m.code, m.phase) for m in effect.months] == [
            ("2026-01", Phase.BEFORE), ("2026-02", Phase.BEFORE), ("2026-03", Phase.SETTLING),
            ("2026-04", Phase.AFTER), ("2026-05", Phase.AFTER),
        ]  # fmt: skip
        assert effect.proposed is Verdict.EFFECTIVE
        assert effect.size == 2
        assert (effect.before, effect.after) == ((Fraction(60), 20), (Fraction(95), 20))
        assert effect.baseline_improved is True
        april = effect.months[3]
        assert april.low is not None
        assert april.high is not None
        # Wilson by hand for 9 of 10: 59.6 % to 98.2 %
        assert (round(float(april.low), 1), round(float(april.high), 1)) == (59.6, 98.2)

    def test_each_close_replaces_the_proposal(self, desk: Desk, clock: FixedClock) -> None:
        item = self.missed_twice(desk, clock)
        self.carried_out(desk, clock, item.id)
        self.two_good_months(desk, clock, item.id)
        (kept,) = improvements.get(desk, item.id).verifications
        assert (kept["proposed"], kept["verdict"]) == ("effective", None)
        assert [one["period"] for one in kept["series"]] == ["2026-04", "2026-05"]
        undo.undo(desk)  # the close of May
        (kept,) = improvements.get(desk, item.id).verifications
        assert kept["proposed"] == "watching"

    def test_closed_and_come_back(self, desk: Desk, clock: FixedClock) -> None:
        me = desk.actor.id
        item = self.missed_twice(desk, clock)
        verifier = desk_settings.add_person(desk, "陈雨", [Role.QUALITY]).value
        self.carried_out(desk, clock, item.id)
        self.two_good_months(desk, clock, item.id)
        desk.act_as(verifier)
        improvement_effect.confirm(desk, item.id, Verdict.EFFECTIVE)
        improvements.step(desk, item.id, "close")
        desk.act_as(me)
        a_month_of_answers(desk, clock, "2026-06", good=10, bad=0)
        close(desk, clock, "2026-06", "2026-07")
        assert the_item(desk).status == "closed"
        for month, following in (("2026-07", "2026-08"), ("2026-08", "2026-09")):
            a_month_of_answers(desk, clock, month, good=10, bad=0)
            close(desk, clock, month, following)
        a_month_of_answers(desk, clock, "2026-09", good=5, bad=5)
        close(desk, clock, "2026-09", "2026-10")
        again = [row for row in improvements.listed(desk) if row.metric == METRIC]
        assert [row.status for row in again] == ["identified", "closed"]
        before = improvements.get(desk, again[0].id).recurs_of
        assert before is not None
        assert before["id"] == item.id


def test_the_effect_of_a_group_is_that_of_the_group(desk: Desk, clock: FixedClock) -> None:
    clock.at = at("2026-01-02 09:00")
    no_callbacks(desk)
    a_month_of_answers(desk, clock, "2026-01", good=6, bad=4)
    clock.at = at("2026-02-02 10:00")
    key = improvements.create(
        desk,
        {"title": "x", "metric": METRIC, "scope": f"agent:{desk.actor.id}", "target": 90.0,
         "target_date": "2026-06-30"},
    ).value  # fmt: skip
    (month,) = improvement_effect.of(desk, key).months
    assert (month.code, month.value, month.n) == ("2026-01", Fraction(60), 10)
    closings.close(desk, "2026-01", CONTEXT)
    assert improvement_effect.of(desk, key).months == (month,)
    other = improvements.create(
        desk, {"title": "y", "metric": METRIC, "scope": "agent:1", "target": 90.0}
    ).value
    assert improvement_effect.of(desk, other).months[0].value is None


def test_without_a_metric_there_is_nothing_to_prove(desk: Desk) -> None:
    key = improvements.create(desk, {"title": "服务用语不规范"}).value
    assert improvement_effect.of(desk, key) == improvement_effect.NOTHING
