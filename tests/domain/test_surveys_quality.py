"""Which answer counts, when a survey expires, what a check adds up to (domain.md 2.9, 2.10)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.domain.customer import QualityResult
from svcdesk.domain.quality import FormItem, drawn, verdict
from svcdesk.domain.quality import form_problems as quality_problems
from svcdesk.domain.survey import (
    FormQuestion,
    SurveyState,
    counted_answer,
    form_problems,
    question_of,
    survey_state,
)

DAY = 86400
PASS, FAIL, NA = QualityResult.PASS, QualityResult.FAIL, QualityResult.NA


def test_the_last_answer_within_seven_days_of_the_first_counts() -> None:
    assert counted_answer([]) is None
    assert counted_answer([(100, 1)]) == (100, 1)
    assert counted_answer([(0, 1), (7 * DAY, 2)]) == (7 * DAY, 2)  # exactly 7 × 24 h
    assert counted_answer([(0, 1), (7 * DAY + 1, 2)]) == (0, 1)
    # the third is within 7 days of the second, but not of the first
    assert counted_answer([(0, 1), (5 * DAY, 2), (9 * DAY, 3)]) == (5 * DAY, 2)


@settings(max_examples=60)
@given(st.lists(st.integers(0, 20 * DAY), unique=True, min_size=1, max_size=8).flatmap(
    lambda times: st.tuples(st.just(times), st.permutations(times))
))  # fmt: skip
def test_the_order_of_entry_does_not_matter(orders: tuple[list[int], list[int]]) -> None:
    first, other = (
        counted_answer((at, key) for key, at in enumerate(order)) for order in orders
    )  # fmt: skip
    assert first is not None
    assert other is not None
    assert first[0] == other[0]
    assert first[0] - min(orders[0]) <= 7 * DAY


@pytest.mark.parametrize(
    ("answered", "now", "state"),
    [
        (None, 7 * DAY, SurveyState.SENT),
        (None, 7 * DAY + 1, SurveyState.EXPIRED),
        (9 * DAY, 20 * DAY, SurveyState.ANSWERED),
    ],
)
def test_a_survey_expires(answered: int | None, now: int, state: SurveyState) -> None:
    assert survey_state(0, answered, now, 7) is state


def test_forms_of_surveys() -> None:
    csat = FormQuestion("csat", "您满意吗？", "Are you satisfied?")
    assert form_problems("问卷", [csat], "您好 {customer}") == []
    assert question_of(csat.as_dict()) == csat
    words = FormQuestion("comment", "说说看", "Tell us")
    codes = [
        [p.code for p in form_problems(name, questions, text)]
        for name, questions, text in (
            ("", [csat], ""),
            ("问卷", [words], ""),
            ("问卷", [csat, csat], ""),
            ("问卷", [FormQuestion("csat", "满意吗", " ")], ""),
            ("问卷", [FormQuestion("csat", "a", "b", ("坏", "好"))], ""),
            ("问卷", [csat], "{link}"),
            ("问卷", [csat], "{"),
        )
    ]
    assert codes == [["required"], ["required"], ["double"], ["required"], ["points"],
                     ["placeholder"], ["placeholder"]]  # fmt: skip


def test_score_of_a_check_by_weights() -> None:
    # 9 of 10 applicable points of weight: exactly 90, passed
    found = verdict([(PASS, 9, False), (FAIL, 1, False), (NA, 5, False)])
    assert (found.score, found.passed, found.tenths) == (90, True, 900)
    # 8.99…: 89 of 99
    found = verdict([(PASS, 89, False), (FAIL, 10, False)])
    assert (found.score, found.passed, found.tenths) == (Fraction(8900, 99), False, 899)
    assert verdict([(PASS, 89, False), (FAIL, 10, False)], pass_mark=89).passed is True


def test_a_critical_failure_fails_whatever_the_score() -> None:
    found = verdict([(PASS, 99, False), (FAIL, 1, True)])
    assert (found.score, found.critical_fail, found.passed) == (99, True, False)
    assert verdict([(PASS, 1, True)]).passed is True


def test_nothing_applicable_has_no_score() -> None:
    found = verdict([(NA, 3, True), (NA, 1, False)])
    assert (found.score, found.passed, found.tenths) == (None, None, None)


def test_forms_of_checks() -> None:
    item = FormItem("script", "话术", "Script", 2)
    assert quality_problems("质检表", [item]) == []
    assert [p.code for p in quality_problems("", [])] == ["required", "required"]
    assert [p.code for p in quality_problems("表", [item, item])] == ["double"]
    assert [p.code for p in quality_problems("表", [FormItem("a", "甲", "A", 0)])] == ["range"]


@settings(max_examples=40)
@given(st.sets(st.integers(1, 10**12), max_size=30), st.integers(0, 10))
def test_the_lot_is_the_same_whoever_draws(keys: set[int], count: int) -> None:
    found = drawn(sorted(keys), count, "2026-03")
    assert found == drawn(sorted(keys, reverse=True), count, "2026-03")
    assert len(found) == min(count, len(keys))
    assert set(found) <= keys
    if found:  # taking away one that was not drawn changes nothing
        rest = sorted(keys - set(found))[1:] + found
        assert drawn(rest, count, "2026-03") == found
