"""Figures that are typed by month: values, gaps, longer periods, targets, own ones (2.16)."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.basis import Against, Basis
from svcdesk.i18n.catalog import translator
from svcdesk.services import dashboards, definitions, settings, sheets
from svcdesk.store import comparing
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.services.desk import Desk


def typed(desk: Desk, key: str, month: str, value: float | None, **more: object) -> None:
    with desk.write("Type {n}", n=1) as uow:
        uow.insert(
            "manual_metric", {"key": key, "name": key, "month": month, "value": value, **more}
        )


def figure(desk: Desk, metric_id: str, code: str) -> Figure:
    return dashboards.figures(desk, dashboards.period_of(desk, code), metric_ids=[metric_id])[
        metric_id
    ]


def test_a_value_a_gap_and_a_target(desk: Desk) -> None:
    """Typed figures need no tickets; a month without value is a gap, never 0."""
    typed(desk, "training_coverage", "2026-02", 96.5)
    typed(desk, "training_coverage", "2026-03", None)
    found = figure(desk, "manual.training_coverage", "2026-02")
    assert (found.value, found.display, found.target, found.met) == (
        Fraction(193, 2), "96.5%", 100, False,
    )  # fmt: skip
    for month in ("2026-01", "2026-03"):
        gap = figure(desk, "manual.training_coverage", month)
        assert (gap.value, gap.display, gap.met) == (None, "—", None)
    assert found.to_json()["external"] is True


def test_a_target_of_ones_own_from_a_month_on(desk: Desk) -> None:
    typed(desk, "newcomer_days", "2026-02", 21)
    assert figure(desk, "manual.newcomer_days", "2026-02").target is None
    settings.set_target(desk, "manual.newcomer_days", "2026-02", 20)
    found = figure(desk, "manual.newcomer_days", "2026-02")
    assert (found.target, found.met) == (20, False)  # fewer days are better


def test_months_of_a_quarter(desk: Desk) -> None:
    """Costs add up, all months needed; rates without their numbers cannot be pooled."""
    for month, cost, rate in (
        ("2026-01", 1200.5, 90),
        ("2026-02", 800, 92),
        ("2026-03", 999.5, 91),
    ):
        typed(desk, "reverse_logistics", month, cost)
        typed(desk, "retention", month, rate)
    assert figure(desk, "manual.reverse_logistics", "2026-Q1").value == 3000
    rate_of_quarter = figure(desk, "manual.retention", "2026-Q1")
    assert (rate_of_quarter.value, rate_of_quarter.display, rate_of_quarter.met) == (
        None,
        "—",
        None,
    )
    assert "pooled" in rate_of_quarter.metric.note
    assert figure(desk, "manual.retention", "2026-03-01..2026-03-31").value == 91  # one month
    typed(desk, "reverse_logistics", "2026-04", 1)
    assert figure(desk, "manual.reverse_logistics", "2026-Q2").value is None  # May is missing
    assert figure(desk, "manual.retention", "2026-Q2").value is None
    assert figure(desk, "manual.retention", "2026-03-01..2026-03-15").value is None  # part of one


def test_comparisons(desk: Desk) -> None:
    typed(desk, "retention", "2025-03", 88)
    typed(desk, "retention", "2026-02", 90)
    typed(desk, "retention", "2026-03", 92.5)
    period = dashboards.period_of(desk, "2026-03")
    found = dashboards.compared(desk, period, ["manual.retention"])["manual.retention"]
    assert found.mom.amount == Fraction(5, 2)  # percentage points
    assert found.yoy.amount == Fraction(9, 2)


def test_the_three_months_before_of_a_rate_and_of_costs(desk: Desk) -> None:
    """3.9: amounts have a mean of three months, rates that cannot be pooled have none."""
    for place, month in enumerate(("2025-12", "2026-01", "2026-02", "2026-03")):
        typed(desk, "retention", month, 90 + place)
        typed(desk, "reverse_logistics", month, 100 * (place + 1))
    period = dashboards.period_of(desk, "2026-03")
    ids = ["manual.retention", "manual.reverse_logistics"]
    found = dashboards.compared(desk, period, ids)
    assert found["manual.retention"].prev3_value is None
    assert found["manual.reverse_logistics"].prev3_value == 200
    with dashboards.board(desk) as board:
        for against in (Against.PREV3, Against.ROLL3):
            beside = comparing.beside(board, ids, period, Basis(against))
            assert beside["manual.retention"].base is None
        beside = comparing.beside(board, ids, period, Basis(Against.PREV3))
        assert beside["manual.reverse_logistics"].base == 200


@pytest.mark.parametrize(
    ("key", "formula"),
    [
        ("retention", "value typed for the month"),
        ("newcomer_days", "value typed for the month"),
        ("reverse_logistics", "sum of the values typed for the months"),
    ],
)
def test_the_definition_of_a_typed_figure_opens(desk: Desk, key: str, formula: str) -> None:
    typed(desk, key, "2026-03", 12)
    view = sheets.View(dashboards.period_of(desk, "2026-03"))
    found = definitions.define(desk, f"manual.{key}", view, translator("en"))
    assert ("Formula", formula) in found.facts


def test_own_figures_come_from_the_file(desk: Desk) -> None:
    typed(desk, "转介绍数", "2026-03", 7, unit="人", direction="up")
    found = figure(desk, "manual.转介绍数", "2026-03")
    assert (found.value, found.metric.label, found.display) == (7, "转介绍数 (人)", "7.0")
    with desk.write("Declare {n}", n=1) as uow:
        uow.insert("manual_figure", {"key": "转介绍数", "name": "转介绍客户", "unit": "次",
                                     "decimals": 0})  # fmt: skip
    found = figure(desk, "manual.转介绍数", "2026-03")
    assert (found.metric.label, found.display) == ("转介绍客户", "7")
    told = dashboards.answer(desk, dashboards.period_of(desk, "2026-03"))["metrics"]
    assert told["manual.转介绍数"]["value"] == 7
    assert told["manual.retention"]["value"] is None
    json.dumps(told)


def test_other_unknown_ids_are_refused(desk: Desk) -> None:
    with pytest.raises(UserError, match="no metric"):
        figure(desk, "weather", "2026-03")
