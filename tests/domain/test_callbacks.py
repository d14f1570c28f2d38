"""Callback rules, sample, shares, retries and scripts, by hand-worked values and by laws."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.domain import callback_retry, callback_rules, callback_script, callback_share
from svcdesk.domain.callback_retry import RetryRule
from svcdesk.domain.callback_rules import Case, Rule
from svcdesk.domain.callback_script import Step
from svcdesk.domain.callback_share import Task
from svcdesk.domain.localtime import instant
from svcdesk.domain.workcalendar import CalendarDay, WorkCalendar, parse_pattern

ZONE = "Asia/Shanghai"
HOUR, DAY = 3600, 86400
# 2026-04-01 is a Wednesday; 4–6 April are a holiday, Saturday 11 April is worked
CALENDAR = WorkCalendar(
    timezone=ZONE,
    pattern=parse_pattern([[["09:00", "18:00"]]] * 5 + [[], []]),
    days=[
        *(CalendarDay(date(2026, 4, day), work=False) for day in (4, 5, 6)),
        CalendarDay(date(2026, 4, 11), work=True, spans=((9 * HOUR, 18 * HOUR),)),
    ],
)


def at(day: int, hour: float, month: int = 4) -> int:
    return instant(date(2026, month, day), int(hour * HOUR), ZONE)


# -- rules and sample --------------------------------------------------------------------------


def a_case(record: str = "ticket", key: int = 1, **facts: object) -> Case:
    return Case(record, key, {"tier": "normal", **facts})


def test_the_first_rule_that_fits_decides() -> None:
    rules = [
        Rule(1, "off", "ticket", {}, delay_hours=1, active=False),
        Rule(2, "phone", "ticket", {"channel": (7,)}, percent=100, delay_hours=24),
        Rule(3, "all", "ticket", {}, percent=0, delay_hours=72),
    ]
    by_phone = callback_rules.decide(rules, a_case(channel=7))
    assert (by_phone.rule, by_phone.wanted, by_phone.delay_seconds) == (rules[1], True, 24 * HOUR)
    other = callback_rules.decide(rules, a_case(channel=8))
    assert (other.rule, other.wanted) == (rules[2], False)


def test_complaints_and_key_customers_are_in_every_sample() -> None:
    none = [Rule(1, "t", "ticket", {}, percent=0), Rule(2, "c", "complaint", {}, percent=0)]
    assert not callback_rules.decide(none, a_case()).wanted
    assert callback_rules.decide(none, a_case(tier="key")).wanted
    assert callback_rules.decide(none, a_case("complaint")).wanted


def test_without_a_rule_the_default_times_hold() -> None:
    routine = callback_rules.decide([], a_case())
    assert (routine.wanted, routine.kind, routine.delay_seconds) == (False, "routine", 72 * HOUR)
    complaint = callback_rules.decide([], a_case("complaint"))
    assert (complaint.wanted, complaint.kind, complaint.delay_seconds) == (
        True, "complaint", 48 * HOUR,
    )  # fmt: skip


@given(st.integers(0, 2**62), st.integers(0, 100), st.integers(0, 100))
@settings(max_examples=60)
def test_a_larger_share_holds_the_smaller_one(key: int, one: int, other: int) -> None:
    low, high = sorted((one, other))
    if callback_rules.sampled("ticket", key, low):
        assert callback_rules.sampled("ticket", key, high)
    assert callback_rules.sampled("ticket", key, 100)
    assert not callback_rules.sampled("ticket", key, 0)


def test_the_sample_is_as_large_as_it_says() -> None:
    """10,000 neighbouring keys, as tickets of one second have: 30 % ± 4 standard deviations."""
    count = sum(callback_rules.sampled("ticket", (7 << 20) + n, 30) for n in range(10_000))
    assert abs(count - 3_000) < 4 * 46  # sqrt(10000 × 0.3 × 0.7) = 45.8


def test_a_hidden_rule_is_told() -> None:
    rules = [
        Rule(1, "key", "ticket", {"tier": ("key",)}),
        Rule(2, "all", "ticket", {}),
        Rule(3, "phone", "ticket", {"channel": (7,)}),
        Rule(4, "complaints", "complaint", {}),
    ]
    assert callback_rules.hidden(rules) == [(2, 1)]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": " "}, "0.name"), ({"percent": 101}, "0.percent"), ({"percent": "x"}, "0.percent"),
     ({"delay_hours": 0}, "0.delay_hours"), ({"delay_hours": 721}, "0.delay_hours")],
)  # fmt: skip
def test_bad_rules_are_told_at_their_field(change: dict[str, object], field: str) -> None:
    rule = Rule(**{"id": 0, "name": "r", **change})  # type: ignore[arg-type]  # bad on purpose
    assert [p.field for p in callback_rules.problems([rule])] == [field]


# -- shares ------------------------------------------------------------------------------------


def test_equal_loads_count_what_is_open_already() -> None:
    tasks = [Task(n, n, None) for n in range(5)]
    shares = callback_share.hand_out(tasks, {1: 4, 2: 0})
    assert [s.person_id for s in shares] == [2, 2, 2, 2, 1]


def test_nobody_calls_on_an_own_case_while_another_is_there() -> None:
    tasks = [Task(1, 1, 1), Task(2, 2, 1)]
    assert {s.person_id for s in callback_share.hand_out(tasks, {1: 0, 2: 9})} == {2}
    (alone,) = callback_share.hand_out([Task(1, 1, 1)], {1: 0})
    assert (alone.person_id, alone.own) == (1, True)
    assert callback_share.hand_out(tasks, {}) == []


def test_a_chain_of_moves_levels_the_loads() -> None:
    """1 may not take 1's cases, so that 2 must; what 2 has of 3's can go to 1."""
    tasks = [Task(1, 1, 3), Task(2, 2, 3), Task(3, 3, 1), Task(4, 4, 1)]
    shares = callback_share.hand_out(tasks, {1: 0, 2: 0, 3: 0})
    loads = [sum(s.person_id == person for s in shares) for person in (1, 2, 3)]
    assert sorted(loads) == [1, 1, 2]


PEOPLE = st.dictionaries(st.integers(1, 5), st.integers(0, 6), min_size=1, max_size=5)
HANDLERS = st.lists(st.one_of(st.none(), st.integers(1, 6)), max_size=24)


@given(PEOPLE, HANDLERS)
@settings(max_examples=60)
def test_shares_are_fair(loads: dict[int, int], handlers: list[int | None]) -> None:
    tasks = [Task(n, n % 7, handler) for n, handler in enumerate(handlers)]
    shares = callback_share.hand_out(tasks, loads)
    assert sorted(s.task_id for s in shares) == list(range(len(tasks)))
    after = dict(loads)
    for share in shares:
        after[share.person_id] += 1
    by_task = {task.id: task for task in tasks}
    for share in shares:
        handler = by_task[share.task_id].handler_id
        assert share.own == (share.person_id == handler)
        assert not share.own or len(loads) == 1
        for person in loads:  # nobody eligible has two less than who got it
            if person != handler:
                assert after[share.person_id] <= after[person] + 1


# -- retries -----------------------------------------------------------------------------------


RULE = RetryRule(busy_minutes=30, minutes=120, per_day=2)


@pytest.mark.parametrize(
    ("result", "attempts", "expected"),
    [
        ("busy", [at(1, 10)], at(1, 10.5)),
        ("no_answer", [at(1, 10)], at(1, 12)),
        # 2 h of working time from Wednesday 17:00: one hour into Thursday
        ("no_answer", [at(1, 17)], at(2, 10)),
        # the second attempt of a day, in the afternoon: Thursday morning
        ("no_answer", [at(1, 10), at(1, 14)], at(2, 9.5)),
        # the second one in the morning: Thursday afternoon (middle of 9–18 is 13:30, plus 1 h)
        ("off", [at(1, 9), at(1, 11)], at(2, 14.5)),
        # Friday before the holiday: the next working day is Tuesday 7 April
        ("no_answer", [at(3, 10), at(3, 15)], at(7, 9.5)),
        # Friday before a worked Saturday
        ("no_answer", [at(10, 10), at(10, 15)], at(11, 9.5)),
    ],
)
def test_the_next_try_lies_in_working_time(result: str, attempts: list[int], expected: int) -> None:
    found = callback_retry.next_try(RULE, result, attempts, attempts[-1], CALENDAR, ZONE)
    assert found == expected


@given(st.integers(at(1, 0), at(30, 0)), st.integers(0, 4), st.sampled_from(["busy", "off"]))
@settings(max_examples=60)
def test_every_proposal_is_later_and_at_the_desk(now: int, before: int, result: str) -> None:
    attempts = [now - n * 1800 for n in range(before, -1, -1)]
    found = callback_retry.next_try(RULE, result, attempts, now, CALENDAR, ZONE)
    assert found > now
    # at the desk at that moment, or just then: at closing time
    assert CALENDAR.business_seconds(found - 1, found + 1) > 0


def test_quick_times_are_working_times() -> None:
    """From Thursday 2 April 16:00: +1 h, then Friday 3 and Tuesday 7 (the 4th to 6th are off)."""
    assert callback_retry.quick_times(at(2, 16), CALENDAR, ZONE) == [
        at(2, 17), at(3, 10), at(3, 15), at(7, 10), at(7, 15),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("attempts", "enough"),
    [
        ([at(1, 23.99), at(2, 0), at(2, 0.01)], True),  # two days in the team's zone …
        ([at(1, 1), at(1, 9), at(1, 23.99)], False),  # … three on one of them are not
        ([at(1, 9), at(2, 9)], False),
        ([at(2, 7.9), at(2, 8.1), at(2, 9)], False),  # 23:54 and 00:06 UTC: one day here
    ],
)
def test_unreachable_after_three_attempts_on_two_days_of_the_zone(
    attempts: list[int], enough: bool
) -> None:
    assert callback_retry.tried_enough(attempts, ZONE) is enough


# -- scripts -----------------------------------------------------------------------------------


def test_a_script_says_who_why_and_that_one_may_decline() -> None:
    good = [Step("Opening", "This is {caller} of {organisation}, calling {purpose}. {refuse}")]
    assert callback_script.problems(good) == []
    bare = callback_script.problems([Step("Opening", "Hello {customr}, how was it?")])
    assert [p.code for p in bare] == [
        "placeholder", "duty_organisation", "duty_purpose", "duty_refuse",
    ]  # fmt: skip


def test_what_is_no_placeholder_stays_as_typed() -> None:
    assert callback_script.fill("{caller}: 100 % {x} {", {"caller": "Lin"}) == "Lin: 100 % {x} {"
