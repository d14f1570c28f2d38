"""Targets by metric, scope and month: what holds when, names of scopes, files in and out."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.evaluation import Finding, Verdict
from svcdesk.i18n.catalog import translator
from svcdesk.services import closings, dashboards, targets, undo
from svcdesk.services import settings as desk_settings
from svcdesk.system.errors import ProblemsError, UserError
from svcdesk.system.job import ImmediateContext
from tests.services.closing_desks import a_month
from tests.services.desks import item
from tests.services.importing import bring, written

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

CONTEXT = ImmediateContext()


def scope(desk: Desk, text: str) -> str:
    return targets.scope_code(desk.reader, desk.reference, text)


def test_scopes_are_read_and_written_by_name(desk: Desk) -> None:
    logistics, chat = item(desk, "department", "logistics"), item(desk, "channel", "chat")
    name = desk.reference.name(logistics)
    for text in (
        f"department:{name}",
        f"部门：{name}",
        f"Department: {name}",
        "department:logistics",
    ):
        assert scope(desk, text) == f"department:{logistics}", text
    for text in ("", "all", "全部", "整体", "Whole desk"):
        assert scope(desk, text) == "all", text
    assert scope(desk, f"channel:{desk.reference.name(chat)}") == f"channel:{chat}"
    person = desk.actor
    assert scope(desk, f"agent:{person.name}") == f"agent:{person.id}"
    for language in ("zh_CN", "en"):
        t = translator(language)
        for code in (f"department:{logistics}", f"channel:{chat}", f"agent:{person.id}", "all"):
            assert scope(desk, targets.named(desk, code, t)) == code
    for wrong in ("department:没有", "天气:晴", "department:", "物流"):
        with pytest.raises(UserError):
            scope(desk, wrong)


def test_a_group_is_judged_by_its_own_target_else_by_that_of_the_desk(
    desk: Desk, clock: FixedClock
) -> None:
    a_month(desk, clock)
    chat, phone = (item(desk, "channel", code) for code in ("chat", "phone"))
    targets.save(desk, "frt_sla_rate", "2026-01", 80.0)
    targets.save(desk, "frt_sla_rate", "2026-02", 60.0, scope=f"channel:{chat}", threshold=50.0)
    targets.save(desk, "frt_sla_rate", "2026-04", 10.0, scope=f"channel:{chat}")  # from April on
    period = dashboards.period_of(desk, "2026-03")
    with dashboards.board(desk) as board:
        found = {g.key: g.figure for g in board.groups("frt_sla_rate", period, "channel")}
        assert (found[chat].target, found[chat].threshold) == (60, 50)
        others = [f for key, f in found.items() if key != chat]
        assert others
        assert {(f.target, f.threshold) for f in others} == {(80, 80)}
        january = dashboards.period_of(desk, "2026-01")
        whole = board.target(others[0].metric, january, f"channel:{chat}")
        assert whole[0] == 80  # February's is not January's
    targets.save(desk, "frt_sla_rate", "2026-03", None, scope=f"channel:{chat}")  # no more
    with dashboards.board(desk) as board:
        found = {g.key: g.figure for g in board.groups("frt_sla_rate", period, "channel")}
        assert found[chat].target == 80
    assert phone != chat


def test_july_is_judged_by_julys_target(desk: Desk) -> None:
    for month, value in (("2026-07", 90.0), ("2026-08", 99.0)):
        targets.save(desk, "timely_rate", month, value, weight=20)
    history = targets.entries(desk, "timely_rate")
    assert [(e.month, e.target) for e in history] == [("2026-07", 90.0), ("2026-08", 99.0)]
    with dashboards.board(desk) as board:
        for month, value in (("2026-06", 95), ("2026-07", 90), ("2026-08", 99), ("2026-12", 99)):
            period = dashboards.period_of(desk, month)
            figure = board.figure("timely_rate", period)
            assert board.target(figure.metric, period)[0] == Fraction(value), month
    targets.remove(desk, history[1].id)
    assert targets.valid(desk, "2026-12")["timely_rate", "all"].target == 90.0
    undo.undo(desk)
    assert targets.valid(desk, "2026-12")["timely_rate", "all"].target == 99.0


def test_what_is_refused(desk: Desk) -> None:
    chat = f"channel:{item(desk, 'channel', 'chat')}"
    wrong = (
        {"month": "2026-13"},
        {"month": "2026-Q1"},
        {"metric": "weather"},
        {"weight": 101},
        {"scope": chat, "weight": 10},
        {"target": None, "threshold": 3.0},
        {"threshold": 99.0},  # alarms before it warns
        {"metric": "frt_mean_min", "target": 30.0, "threshold": 20.0},
    )
    usual = {"metric": "timely_rate", "month": "2026-03", "target": 95.0}
    for values in wrong:
        with pytest.raises(ProblemsError):
            targets.save(desk, **{**usual, **values})
    assert targets.entries(desk) == []
    targets.save(desk, "frt_mean_min", "2026-03", 20.0, threshold=30.0)


def test_weights_are_renormalised(desk: Desk) -> None:
    usual = targets.weights(desk, "2026-03")
    assert usual.total == 100
    targets.save(desk, "csat_mean", "2026-03", 4.2, weight=10)
    found = targets.weights(desk, "2026-03")
    assert found.total == 80
    assert found.shares["csat_mean"] == pytest.approx(12.5)
    assert sum(found.shares.values()) == pytest.approx(100)
    assert targets.weights(desk, "2026-02").total == 100


def load(desk: Desk, path: Path) -> tuple[int, int, int]:
    plan = bring(desk, path, "targets")
    return plan.inserted, plan.updated, plan.rejected_rows


def test_the_closing_judges_scopes(desk: Desk, clock: FixedClock) -> None:
    a_month(desk, clock)
    chat, store = (f"channel:{item(desk, 'channel', code)}" for code in ("chat", "store"))
    targets.save(desk, "ticket_resolved", "2026-01", 3.0)
    targets.save(desk, "ticket_resolved", "2026-01", 9.0, scope=chat, owner_id=desk.actor.id)
    targets.save(desk, "ticket_resolved", "2026-01", 1.0, scope=store)
    desk_settings.change(desk, {"evaluate_agent": True})
    closings.close(desk, "2026-03", CONTEXT)
    found = {
        (e.metric, e.scope): e
        for e in closings.frozen(desk, "2026-03").findings
        if e.kind is Finding.THRESHOLD
    }
    assert found["ticket_resolved", "all"].verdict is Verdict.MET
    own = found["ticket_resolved", chat]
    assert (own.verdict, own.threshold, own.owner_id) == (Verdict.MISSED, 9, desk.actor.id)
    assert found["ticket_resolved", store].verdict is Verdict.NO_VALUE
    agent = found["ticket_resolved", f"agent:{desk.actor.id}"]
    assert (agent.verdict, agent.threshold) == (Verdict.MET, 3)
    assert not any(scope.startswith("department") for _, scope in found)


def test_they_go_out_and_come_in_again(desk: Desk, tmp_path: Path) -> None:
    logistics = f"department:{item(desk, 'department', 'logistics')}"
    targets.save(desk, "timely_rate", "2026-01", 95.0, threshold=90.0, weight=15)
    targets.save(desk, "timely_rate", "2026-02", 80.0, scope=logistics, owner_id=desk.actor.id)
    before = [(e.metric, e.scope, e.month, e.target, e.threshold) for e in targets.entries(desk)]
    for language, name in (("zh_CN", "zh.csv"), ("en", "en.xlsx")):
        path = tmp_path / name
        assert targets.export(desk, path, translator(language)) == 2
        assert load(desk, path) == (0, 0, 0)  # nothing new, nothing changed
    for entry in targets.entries(desk):
        targets.remove(desk, entry.id)
    assert load(desk, tmp_path / "zh.csv")[0] == 2
    after = [(e.metric, e.scope, e.month, e.target, e.threshold) for e in targets.entries(desk)]
    assert after == before


def test_a_wrong_scope_is_refused_at_its_row(desk: Desk, tmp_path: Path) -> None:
    name = desk.reference.name(item(desk, "department", "logistics"))
    path = written(
        tmp_path / "targets.csv",
        f"metric,scope,valid_from,target\ntimely_rate,department:{name},2026-01,90\n"
        "timely_rate,department:没有,2026-01,90\nweather,all,2026-01,90",
    )
    plan = bring(desk, path, "targets", dry=True)
    assert (plan.inserted, [(p.row, p.field) for p in plan.problems]) == (
        1,
        [(3, "scope"), (4, "metric")],
    )
