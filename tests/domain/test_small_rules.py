"""Rules of one line each: scores, scales, roots of trees, messages, tiers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from svcdesk.domain import narrative as say
from svcdesk.domain.comparisons import Direction
from svcdesk.domain.metrics.definition import Kind, integrity_problems
from svcdesk.domain.metrics.expression import Expr, Field, If, evaluate, fields_of, lift
from svcdesk.domain.metrics.figure import FORMULAS
from svcdesk.domain.metrics.registry import METRICS, metric
from svcdesk.domain.problem import Problem
from svcdesk.domain.statemachine import min_length
from svcdesk.domain.statistics import pareto
from svcdesk.domain.survey import NpsGroup, nps_group
from svcdesk.i18n.catalog import translator
from svcdesk.store.compile import bucket, sql
from svcdesk.system.errors import UserError

ZH, EN = translator("zh_CN"), translator("en")


@pytest.mark.parametrize(
    ("score", "group"),
    [
        (0, "detractor"),
        (6, "detractor"),
        (7, "passive"),
        (8, "passive"),
        (9, "promoter"),
        (10, "promoter"),
    ],
)
def test_nps_groups(score: int, group: str) -> None:
    assert nps_group(score) is NpsGroup(group)


def test_a_problem_reads_as_a_sentence() -> None:
    assert str(Problem("score", "AB07", "Score is {value}.", {"value": 6})) == "Score is 6."


def test_english_drafts() -> None:
    names = {"a": "Product", "b": "Service"}
    assert say.concentration(EN, pareto([("a", 3)]), names) == "All complaints concern Product (3)."
    assert say.concentration(EN, pareto([("a", 3)]), names, tickets=True) == (
        "All tickets concern Product (3)."
    )
    assert say.concentration(EN, pareto([("a", 6), ("b", 4)]), names, tickets=True) == (
        "Tickets concentrate on Product (6, 60.0%) and Service (4, 40.0%), together 100.0%."
    )
    assert say.departments(EN, pareto([("a", 3)]), names) == (
        "By responsible department, Product (3, 100.0%) ranks first."
    )
    assert say.departments(EN, [], names) == ""
    assert say.overdue(EN, still_open=1, late=0, reasons=[]) == (
        "1 overdue complaint (1 still open, 0 settled late)."
    )
    assert say.trend(EN, name="CSAT", months=3, improved=True) == "CSAT has improved for 3 months."
    figure = say.Kpi("FCR", "86.1%", Direction.UP)
    assert say.kpi(EN, figure) == "FCR: 86.1%."
    spread = pareto([(str(n), 1) for n in range(9)])
    assert say.concentration(EN, spread, {}, tickets=True) == (
        "Tickets are spread out; the largest type is 0 (1, 11.1%)."
    )
    assert say.groups(EN, [("X", 3, 3), ("Y", 4, 3)]).startswith("2 group complaints identified: ")


def test_wrong_declarations_are_noticed() -> None:
    good = metric("ticket_created")
    assert integrity_problems(METRICS) == []
    assert integrity_problems([good, good]) != []
    assert integrity_problems([replace(good, kind=Kind.OF_OTHERS)]) != []
    assert integrity_problems([replace(good, kind=Kind.PER_KEY)]) != []
    assert integrity_problems([replace(good, note="")]) != []
    assert integrity_problems([replace(good, target=Fraction(1))]) != []
    assert all(m.formula in FORMULAS for m in METRICS if m.kind is Kind.OF_OTHERS)
    with pytest.raises(UserError):
        metric("happiness")


def test_weights_of_the_score_add_to_a_hundred() -> None:
    weights = {m.id: m.score_weight for m in METRICS if m.score_weight}
    assert weights == {
        "csat_mean": 30, "fcr_rate": 25, "timely_rate": 15, "ontime_visit_rate": 10,
        "frt_sla_rate": 10, "callback_rate": 5, "service_compliance_rate": 5,
    }  # fmt: skip


def test_default_targets_are_those_of_the_dictionary() -> None:
    targets = {m.id: m.target for m in METRICS if m.target is not None}
    expected = {
        "connect_rate": 85, "frt_mean_min": 20, "frt_p90_min": 60, "frt_sla_rate": 90,
        "frt_unresponded": 0, "frt_channel_gap": 10, "peak_delay_rate": 15, "res_sla_rate": 95,
        "complex_cycle_wd": 3, "basic_resolve_rate": 98, "fcr_rate": 85, "first_line_rate": 85,
        "followup_resolve_rate": 90, "reopen_rate": 5, "repeat_dispatch_rate": 8,
        "overdue_open": 0, "entry_timeliness": 95, "ontime_visit_rate": 95,
        "first_visit_fix_rate": 80, "service_compliance_rate": 95,
        "spare_turnover": Fraction(9, 2), "csat_mean": Fraction(21, 5), "csat_rate": 90,
        "csat_low_rate": 5, "low_score_loop48_rate": 100, "low_score_recovery_rate": 35,
        "callback_rate": 90, "callback_attempt_rate": 100, "key_reach_rate": 100,
        "timely_rate": 95, "closure_rate": 95, "ack_rate": 95, "complaint_overdue": 0,
        "handling_csat_rate": 90, "repeat_rate": 5, "second_rate": Fraction(3, 2),
        "group_count": 0, "social_count": 0, "item_closed_loop_rate": 80,
        "action_ontime_rate": 90,
        "manual.training_coverage": 100, "manual.newcomer_pass": 95,
        "manual.feedback_accuracy": 90,
    }  # fmt: skip
    assert targets == expected


def test_expressions_read_missing_values_as_false() -> None:
    late = Field("a") > Field("b")
    assert evaluate(late, {"a": None, "b": 1}, {}) == 0
    assert evaluate(~late, {"a": None, "b": 1}, {}) == 1
    assert evaluate(Field("a") + 1, {"a": None}, {}) is None
    assert fields_of(If(late, Field("c"), lift(0))) == {"a", "b", "c"}
    assert sql(late, {"a": "x.a", "b": "x.b"}) == "ifnull(x.a > x.b, 0)"
    assert sql(Field("a").is_("it's"), {"a": "x"}) == "ifnull(x = 'it''s', 0)"
    with pytest.raises(TypeError):
        evaluate(Expr(), {}, {})
    with pytest.raises(TypeError):
        sql(Expr(), {})


def test_slices_are_found_by_a_balanced_tree() -> None:
    assert bucket("t", [0, 10]) == "0"
    assert bucket("t", [0, 10, 20]) == "CASE WHEN t < 10 THEN 0 ELSE 1 END"


def test_a_short_text_is_told_with_its_length() -> None:
    from svcdesk.domain.statemachine import Step

    step = Step({"solution": None}, {}, (), 0, None)
    problem = min_length("solution", 5, "at least {n}")(step)
    assert problem is not None
    assert str(problem) == "at least 5"
