"""The improvement loop: raising, stages and their gates, measures, causes (domain.md 2.12, 4.7)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcdesk.domain import lifecycle
from svcdesk.domain.causes import WhyRow
from svcdesk.domain.evaluation import Evaluation, Finding, Verdict
from svcdesk.domain.improvement import ItemStatus
from svcdesk.domain.improvement import Verdict as Proof
from svcdesk.domain.people import Role
from svcdesk.services import (
    closings,
    dashboards,
    improvement_causes,
    improvement_effect,
    improvement_figures,
    improvement_measures,
    improvement_raising,
    improvements,
    targets,
    undo,
)
from svcdesk.services import settings as desk_settings
from svcdesk.services.desk import Desk
from svcdesk.services.improvement_causes import Analysis
from svcdesk.services.sheets import View
from svcdesk.store.numbers import next_number
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import ProblemsError, UserError
from svcdesk.system.job import ImmediateContext
from tests.conftest import NOW
from tests.services.closing_desks import a_month
from tests.services.desks import a_complaint, a_ticket, item

CONTEXT = ImmediateContext()


def person(desk: Desk, name: str, *roles: Role) -> int:
    return desk_settings.add_person(desk, name, list(roles)).value


def missed(
    metric: str = "csat_rate", scope: str = "all", value: int = 80, n: int = 20
) -> Evaluation:
    return Evaluation(Finding.THRESHOLD, metric, scope, Verdict.MISSED, Fraction(value), n,
                      target=Fraction(90), threshold=Fraction(85))  # fmt: skip


def found_by_closing(desk: Desk, month: str, *found: Evaluation) -> list[int]:
    with desk.write("Close") as uow:
        return improvement_raising.raise_found(uow, desk, month, found)


def all_items(desk: Desk) -> list[improvements.ListRow]:
    return improvements.listed(desk)


class TestRaising:
    def test_a_breach_makes_an_item_with_the_figure_as_it_was(self, desk: Desk) -> None:
        (key,) = found_by_closing(desk, "2026-03", missed())
        detail = improvements.get(desk, key)
        item = detail.item
        assert item["item_no"] == "GS202604-001"
        assert (item["status"], item["source"], item["period"]) == (
            "identified", "threshold", "2026-03",
        )  # fmt: skip
        assert (item["baseline"], item["baseline_n"], item["target"]) == (80.0, 20, 90.0)
        assert item["snapshot"]["threshold"] == "85"
        assert improvements.baseline_of(item) == 80
        assert [(o["period"], o["value"], o["n"]) for o in detail.occurrences] == [
            ("2026-03", 80.0, 20)
        ]

    @pytest.mark.parametrize("verdict", [v for v in Verdict if v is not Verdict.MISSED])
    def test_nothing_else_raises(self, desk: Desk, verdict: Verdict) -> None:
        one = Evaluation(Finding.THRESHOLD, "csat_rate", "all", verdict, None, 3)
        assert found_by_closing(desk, "2026-03", one) == []
        warned = Evaluation(Finding.NEAR, "csat_rate", "all", None, Fraction(86), 20)
        assert found_by_closing(desk, "2026-03", warned) == []
        assert all_items(desk) == []

    def test_the_next_month_is_appended_while_it_is_open(self, desk: Desk) -> None:
        (key,) = found_by_closing(desk, "2026-03", missed())
        assert found_by_closing(desk, "2026-04", missed(value=70)) == [key]
        assert [o["period"] for o in improvements.get(desk, key).occurrences] == [
            "2026-03", "2026-04",
        ]  # fmt: skip
        assert len(all_items(desk)) == 1

    def test_another_scope_is_another_item(self, desk: Desk) -> None:
        first = found_by_closing(desk, "2026-03", missed(), missed(scope="team:一线"))
        assert len(set(first)) == 2

    def test_the_same_month_again_corrects_and_never_doubles(self, desk: Desk) -> None:
        (key,) = found_by_closing(desk, "2026-03", missed())
        assert found_by_closing(desk, "2026-03", missed(value=78, n=21)) == [key]
        (one,) = improvements.get(desk, key).occurrences
        assert (one["value"], one["n"]) == (78.0, 21)
        improvements.step(desk, key, "void", {"reason": "统计口径错误"})
        assert found_by_closing(desk, "2026-03", missed()) == [key]  # void, and stays void
        assert len(all_items(desk)) == 1
        assert len(found_by_closing(desk, "2026-04", missed())) == 1
        assert len(all_items(desk)) == 2  # the next month is a breach of its own

    def test_a_merged_item_leads_to_its_target(self, desk: Desk) -> None:
        (gone,) = found_by_closing(desk, "2026-03", missed())
        stays = improvements.create(desk, {"title": "客户满意度下降"}).value
        improvements.step(desk, gone, "merge", {"merged_into_id": stays})
        assert found_by_closing(desk, "2026-04", missed()) == [stays]
        assert found_by_closing(desk, "2026-03", missed()) == [stays]
        assert [o["period"] for o in improvements.get(desk, stays).occurrences] == [
            "2026-03", "2026-04",
        ]  # fmt: skip

    def test_within_six_months_of_closing_it_is_a_recurrence(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        a_ticket(desk)  # figures begin with the first record
        (key,) = found_by_closing(desk, "2026-03", missed())
        with desk.write("x") as uow:
            uow.update("improvement_item", key, {"status": "closed", "closed_at": clock.at})
        clock.advance(120 * 86400)
        (again,) = found_by_closing(desk, "2026-07", missed())
        before = improvements.get(desk, again).recurs_of
        assert before is not None
        assert before["id"] == key
        period = dashboards.this_month(desk)
        clock.advance(60)
        count = dashboards.figures(desk, period, None, ["recurrence_count"])["recurrence_count"]
        assert count.n == 1
        clock.advance(200 * 86400)
        with desk.write("x") as uow:
            uow.update("improvement_item", again, {"status": "closed", "closed_at": NOW})
        (late,) = found_by_closing(desk, "2027-01", missed())
        assert improvements.get(desk, late).recurs_of is None

    def test_the_closed_item_is_opened_again_with_what_speaks_for_the_new_one(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        ticket = a_ticket(desk)
        (key,) = found_by_closing(desk, "2026-03", missed())
        with desk.write("x") as uow:
            uow.update("improvement_item", key, {
                "status": "closed", "closed_at": clock.at, "verdict": "effective",
            })  # fmt: skip
        clock.advance(120 * 86400)
        (again,) = found_by_closing(desk, "2026-07", missed())
        improvements.link(desk, again, "ticket", ticket)
        assert improvements.reopen_former(desk, again).value == key
        detail = improvements.get(desk, key)
        assert (detail.item["status"], detail.item["closed_at"]) == ("analyzing", None)
        assert [o["period"] for o in detail.occurrences] == ["2026-03", "2026-07"]
        assert [link["record_id"] for link in detail.links] == [ticket]
        assert improvements.get(desk, again).item["merged_into_id"] == key
        clock.advance(60)
        period = dashboards.this_month(desk)
        count = dashboards.figures(desk, period, None, ["recurrence_count"])["recurrence_count"]
        assert count.n == 1  # it did come back, whoever carries on
        assert found_by_closing(desk, "2026-07", missed()) == [key]
        with pytest.raises(UserError, match="already"):
            improvements.reopen_former(desk, again)
        undo.undo(desk)
        undo.undo(desk)
        assert improvements.get(desk, key).item["status"] == "closed"
        assert improvements.get(desk, again).item["status"] == "identified"


class TestClosing:
    def closed(self, desk: Desk, clock: FixedClock) -> list[improvements.ListRow]:
        a_month(desk, clock)  # three complaints
        targets.save(desk, "complaint_received", "2026-01", 1.0)
        closings.close(desk, "2026-03", CONTEXT)
        return all_items(desk)

    def test_items_of_what_the_close_judged_as_missed(self, desk: Desk, clock: FixedClock) -> None:
        found = self.closed(desk, clock)
        judged = closings.frozen(desk, "2026-03").findings
        wanted = {(one.metric, one.scope) for one in improvement_raising.breaches(judged)}
        assert ("complaint_received", "all") in wanted
        assert {(row.metric, row.scope) for row in found} == wanted
        assert len(found) == len(wanted)

    def test_undo_takes_closing_and_items_back_together(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        before = self.closed(desk, clock)
        undo.undo(desk)
        assert all_items(desk) == []
        undo.redo(desk)
        assert all_items(desk) == before

    def test_closing_again_never_doubles(self, desk: Desk, clock: FixedClock) -> None:
        before = self.closed(desk, clock)
        closings.reopen(desk, "2026-03", "补录工单")
        closings.close(desk, "2026-03", CONTEXT)
        undo.undo(desk)
        closings.close(desk, "2026-03", CONTEXT)
        assert [(r.id, r.occurrences) for r in all_items(desk)] == [
            (r.id, r.occurrences) for r in before
        ]


class TestMaking:
    def test_of_a_figure(self, desk: Desk, clock: FixedClock) -> None:
        a_month(desk, clock)
        period = dashboards.period_of(desk, "2026-03")
        figure = dashboards.figures(desk, period, None, ["ticket_created"])["ticket_created"]
        key = improvement_figures.from_figure(desk, figure).value
        item = improvements.get(desk, key).item
        assert (item["baseline"], item["baseline_n"], item["period"]) == (6.0, 6, "2026-03")
        assert improvement_figures.from_figure(desk, figure).value == key
        assert len(improvements.get(desk, key).occurrences) == 1

    def test_of_a_figure_under_a_filter(self, desk: Desk, clock: FixedClock) -> None:
        a_month(desk, clock)
        channel = item(desk, "channel", "email")
        view = View(dashboards.period_of(desk, "2026-03"), filters={"channel": (channel,)})
        key = improvement_figures.of_view(desk, "ticket_created", view).value
        made = improvements.get(desk, key).item
        assert (made["scope"], made["baseline"]) == (f"channel:{channel}", 1.0)
        for filters in ({"channel": (channel,), "priority": ("urgent",)}, {"channel": (1, 2)},
                        {"hour": (9,)}):  # fmt: skip
            with pytest.raises(UserError, match="one group"):
                improvement_figures.of_view(desk, "ticket_created", replace(view, filters=filters))
        assert len(all_items(desk)) == 1

    def test_of_a_complaint_and_a_ticket(self, desk: Desk) -> None:
        case = a_complaint(desk, social_exposure=1)
        key = improvements.from_record(desk, "complaint", case).value
        detail = improvements.get(desk, key)
        assert detail.item["source"] == "exposure"
        assert [(one["entity"], one["record_id"]) for one in detail.links] == [("complaint", case)]
        assert detail.links[0]["number"].startswith("TS")
        ticket = a_ticket(desk)
        other = improvements.from_record(desk, "ticket", ticket).value
        assert improvements.get(desk, other).item["source"] == "manual"
        improvements.link(desk, key, "ticket", ticket)
        improvements.link(desk, key, "ticket", ticket, "同一批次")
        assert [one["note"] for one in improvements.get(desk, key).links] == ["", "同一批次"]
        undo.undo(desk)
        assert [one["note"] for one in improvements.get(desk, key).links] == ["", ""]

    def test_numbers_of_customers_do_not_come_along(self, desk: Desk) -> None:
        ticket = a_ticket(desk, title="请回电13812345678，空调漏水")
        made = improvements.get(desk, improvements.from_record(desk, "ticket", ticket).value).item
        assert "13812345678" not in made["title"] + made["problem"]["what"]
        assert "空调漏水" in made["title"]

    def test_a_viewer_may_not(self, desk: Desk) -> None:
        desk.act_as(person(desk, "访客", Role.VIEWER))
        with pytest.raises(UserError):
            improvements.create(desk, {"title": "x"})

    def test_a_target_needs_a_metric(self, desk: Desk) -> None:
        with pytest.raises(ProblemsError):
            improvements.create(desk, {"title": "x", "target": 95.0})
        with pytest.raises(ProblemsError):
            improvements.create(desk, {"title": "x", "target_date": "soon"})


def ready(desk: Desk, key: int, owner: int) -> int:
    """Lead an item to its execution with one measure; return the measure."""
    improvements.step(desk, key, "analyse", {"owner_id": owner})
    rows = (WhyRow("为什么？", "没有路线规划", "派单记录", root=True),)
    improvement_causes.save(desk, key, Analysis(whys=rows))
    improvements.step(desk, key, "plan")
    action = improvement_measures.add(
        desk, key, {"text": "接入地图", "owner_id": owner, "due_date": "2026-05-01"}
    ).value
    improvements.step(desk, key, "execute")
    return action


class TestStages:
    def test_each_gate_says_what_is_missing(self, desk: Desk) -> None:
        key = improvements.create(desk, {"title": "上门准时率低"}).value
        said = {p.field for p in improvements.missing(desk, key, "analyse", {})}
        assert said == {"owner"}
        improvements.step(desk, key, "analyse", {"owner_id": desk.actor.id})
        said = {p.field for p in improvements.missing(desk, key, "plan", {})}
        assert said == {"root_cause", "evidence", "confirmed_by"}
        improvement_causes.save(desk, key, Analysis(root_cause="缺乏路线规划工具"))
        with pytest.raises(ProblemsError) as refused:
            improvements.step(desk, key, "plan")
        assert {p.field for p in refused.value.problems} == {"evidence"}
        improvements.link(desk, key, "ticket", a_ticket(desk))
        improvements.step(desk, key, "plan")
        assert improvements.get(desk, key).rca["confirmed_by_id"] == desk.actor.id  # type: ignore[index]
        said = {p.field for p in improvements.missing(desk, key, "execute", {})}
        assert said == {"actions"}
        with pytest.raises(UserError):
            improvement_causes.save(desk, key, Analysis(root_cause="别的"))

    def test_who_fixes_it_never_verifies(self, desk: Desk, clock: FixedClock) -> None:
        me = desk.actor.id
        other = person(desk, "陈雨", Role.QUALITY)
        key = improvements.create(desk, {"title": "上门准时率低"}).value
        action = ready(desk, key, me)
        with pytest.raises(ProblemsError):
            improvements.step(desk, key, "verify")  # the measure is not done
        improvement_measures.step(desk, action, "start")
        improvement_measures.step(desk, action, "finish")
        improvements.step(desk, key, "verify")
        with pytest.raises(ProblemsError):
            improvement_effect.confirm(desk, key, Proof.EFFECTIVE, "看起来好了")
        desk.act_as(other)
        with pytest.raises(ProblemsError):  # the figures propose nothing: it needs a reason
            improvement_effect.confirm(desk, key, Proof.EFFECTIVE)
        improvement_effect.confirm(desk, key, Proof.EFFECTIVE, "抽查20单均准时")
        desk.act_as(me)
        with pytest.raises(ProblemsError):
            improvements.step(desk, key, "close")
        desk.act_as(other)
        improvements.step(desk, key, "close", {"standardised": "路线规划 SOP V1"})
        detail = improvements.get(desk, key)
        assert detail.item["closed_at"] == clock.at
        assert [r["days"] for r in detail.rechecks] == [30, 60, 90]
        assert detail.rechecks[0]["due_date"] == "2026-05-01"
        improvements.recheck(desk, detail.rechecks[0]["id"], held=True)
        desk.act_as(me)
        with pytest.raises(ProblemsError):
            improvements.recheck(desk, detail.rechecks[1]["id"], held=True)
        improvements.step(desk, key, "recur")
        again = improvements.get(desk, key)
        assert (again.item["status"], again.item["closed_at"], again.item["verdict"]) == (
            "analyzing", None, None,
        )  # fmt: skip
        assert [r["days"] for r in again.rechecks] == [30]
        assert again.verifications[0]["verdict"] == "effective"  # its history stays

    def test_ineffective_goes_back_with_its_history(self, desk: Desk) -> None:
        me = desk.actor.id
        key = improvements.create(desk, {"title": "上门准时率低"}).value
        action = ready(desk, key, me)
        improvement_measures.step(desk, action, "cancel")
        improvements.step(desk, key, "verify")
        desk.act_as(person(desk, "陈雨", Role.QUALITY))
        improvement_effect.confirm(desk, key, Proof.INEFFECTIVE, "没有改善")
        improvements.step(desk, key, "reanalyse")
        detail = improvements.get(desk, key)
        assert (detail.item["status"], detail.item["verdict"]) == ("analyzing", None)
        assert [v["verdict"] for v in detail.verifications] == ["ineffective"]
        assert len(detail.actions) == 1

    def test_merging_into_oneself_or_a_closed_one_is_refused(self, desk: Desk) -> None:
        key = improvements.create(desk, {"title": "a"}).value
        with pytest.raises(ProblemsError):
            improvements.step(desk, key, "merge", {"merged_into_id": key})
        gone = improvements.create(desk, {"title": "b"}).value
        improvements.step(desk, gone, "void", {"reason": "重复"})
        with pytest.raises(ProblemsError):
            improvements.step(desk, key, "merge", {"merged_into_id": gone})


class TestMeasures:
    def test_form(self, desk: Desk) -> None:
        key = improvements.create(desk, {"title": "a"}).value
        with pytest.raises(ProblemsError) as refused:
            improvement_measures.add(desk, key, {"hours": -1, "due_date": "5月"})
        assert {p.field for p in refused.value.problems} == {"text", "owner", "due_date", "hours"}

    def test_log_block_and_late(self, desk: Desk, clock: FixedClock) -> None:
        key = improvements.create(desk, {"title": "a"}).value
        action = improvement_measures.add(
            desk, key, {"text": "培训", "owner_id": desk.actor.id, "due_date": "2026-04-01"}
        ).value
        row = improvement_measures.get(desk, action)
        assert not improvement_measures.is_late(desk, row)  # due today, till the end of the day
        improvement_measures.log(desk, action, 40, "讲义完成")
        assert improvement_measures.get(desk, action)["state"] == "doing"
        with pytest.raises(ProblemsError):
            improvement_measures.step(desk, action, "block")
        improvement_measures.step(desk, action, "block", {"note": "等IT排期"})
        row = improvement_measures.get(desk, action)
        assert (row["blocked_by"], improvement_measures.percent_of(row)) == ("等IT排期", 40)
        clock.advance(86400)
        assert improvement_measures.is_late(desk, row)
        assert all_items(desk)[0].late == 1
        improvement_measures.step(desk, action, "resume")
        improvement_measures.step(desk, action, "finish")
        row = improvement_measures.get(desk, action)
        assert (row["done_at"], row["blocked_by"]) == (clock.at, "")
        assert not improvement_measures.is_late(desk, row)
        with pytest.raises(ProblemsError):
            improvement_measures.step(desk, action, "verify")  # its owner
        improvement_measures.step(desk, action, "rework")
        assert improvement_measures.get(desk, action)["done_at"] is None
        undo.undo(desk)
        assert improvement_measures.get(desk, action)["done_at"] == clock.at


# what leads where, by hand from domain.md 2.19; who: s supervisor, q quality, a agent
WAYS = {
    ("identified", "analyse", "s"), ("identified", "void", "s"), ("identified", "merge", "s"),
    ("analyzing", "plan", "sqa"), ("analyzing", "void", "s"),
    ("planned", "execute", "s"), ("planned", "reanalyse", "sqa"), ("planned", "void", "s"),
    ("executing", "verify", "sqa"), ("executing", "replan", "sqa"),
    ("verifying", "close", "sq"), ("verifying", "reanalyse", "sq"),
    ("verifying", "more_actions", "sqa"),
    ("closed", "recur", "s"), ("void", "restore", "s"),
}  # fmt: skip
ROLES = {"s": Role.SUPERVISOR, "q": Role.QUALITY, "a": Role.AGENT, "v": Role.VIEWER}
STEPS = sorted({action for _state, action, _who in WAYS})


class TestMachine:
    @given(
        st.sampled_from(list(ItemStatus)), st.sampled_from(STEPS), st.sampled_from(sorted(ROLES)),
        st.booleans(), st.booleans(), st.booleans(), st.sampled_from([None, *Proof]),
    )  # fmt: skip
    @settings(max_examples=60, deadline=None)
    def test_what_is_not_listed_is_refused_and_guards_hold(
        self, state: ItemStatus, action: str, who: str, mine: bool,
        done: bool, proved: bool, verdict: Proof | None,
    ) -> None:  # fmt: skip
        record: dict[str, Any] = {
            "status": str(state), "owner_id": 1, "verdict": verdict and str(verdict),
            "root_cause": "缺少路线规划", "evidence": "记录" if proved else "",
            "confirmed_by_id": 1,
            "actions": [{"owner_id": 1, "due_date": "2026-05-01",
                         "state": "done" if done else "doing"}],
        }  # fmt: skip
        faults = lifecycle.check(
            improvements.MACHINE, record, action, {ROLES[who]}, NOW,
            {"reason": "重复", "merged_into_id": 9}, actor=1 if mine else 2,
        )  # fmt: skip
        way = next((w for w in WAYS if w[:2] == (str(state), action)), None)
        allowed = way is not None and who in way[2]
        if action == "plan":
            allowed = allowed and proved
        elif action == "verify":
            allowed = allowed and done
        elif action == "close":
            allowed = allowed and not mine and verdict is Proof.EFFECTIVE
        elif action == "reanalyse" and state is ItemStatus.VERIFYING:
            allowed = allowed and verdict is Proof.INEFFECTIVE
        assert (faults == []) is allowed


MOVES = st.lists(
    st.tuples(st.sampled_from(["close", "again", "undo", "redo", "void"]), st.integers(1, 3)),
    max_size=12,
)


@given(MOVES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_order_of_closing_and_undoing_doubles(moves: list[tuple[str, int]]) -> None:
    with TemporaryDirectory() as folder, Desk.create(
        Path(folder) / "d.svcdesk", person="周敏", clock=FixedClock(NOW)
    ) as desk:  # fmt: skip
        refused: set[str] = set()
        for move, number in moves:
            try:
                if move == "undo":
                    undo.undo(desk)
                elif move == "redo":
                    undo.redo(desk)
                elif move == "void":
                    rows = [r for r in all_items(desk) if r.status == "identified"]
                    if rows:
                        improvements.step(desk, rows[0].id, "void", {"reason": "x"})
                else:
                    found_by_closing(desk, f"2026-0{number}", missed(value=60 + number))
            except UserError as error:
                refused.add(error.code)
        assert refused <= {"nothing", "nothing_to_undo", "nothing_to_redo"}  # nothing else fails
        counted = desk.reader.execute(
            "SELECT period, count(*) FROM improvement_occurrence WHERE deleted_at IS NULL "
            "GROUP BY period"
        ).fetchall()
        assert all(count == 1 for _period, count in counted)
        open_ = [r for r in all_items(desk) if r.status not in {"void", "merged", "closed"}]
        assert len(open_) <= 1


def test_numbers_go_on(desk: Desk) -> None:
    improvements.create(desk, {"title": "a"})
    with desk.write("x") as uow:
        assert next_number(uow, "improvement_item", uow.now, desk.zone) == "GS202604-002"
