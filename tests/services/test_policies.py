"""The first policy that matches holds; what is saved reaches open tickets (domain.md 2.14)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.domain.people import Role
from svcdesk.services import policies, tickets, undo
from svcdesk.services import settings as desk_settings
from svcdesk.services.policies import PolicyRow
from svcdesk.system.errors import ProblemsError, UserError
from tests.conftest import NOW
from tests.services.desks import a_ticket, item

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk

HOUR, DAY = 3600, 86400
VALUES = {
    "priority": ["urgent", "high", "normal", "low"],
    "tier": ["key", "normal"],
    "category": [1, 2, 3],
    "channel": [7, 8],
}


def _conditions() -> st.SearchStrategy[dict[str, tuple[object, ...]]]:
    parts = {
        key: st.lists(st.sampled_from(values), unique=True, max_size=2).map(tuple)
        for key, values in VALUES.items()
    }
    return st.fixed_dictionaries({}, optional=parts)


def test_a_new_file_has_one_policy_per_priority(desk: Desk) -> None:
    found = {p.name: (p.response_minutes, p.resolution_minutes) for p in policies.listed(desk)}
    assert found == {
        "urgent": (15, 240),
        "high": (30, 540),
        "normal": (30, 1620),
        "low": (120, 2700),
    }
    assert policies.advice(policies.listed(desk)) == []


def test_a_policy_by_channel_and_tier_wins_over_the_priority(desk: Desk) -> None:
    key = a_ticket(desk)
    chat = item(desk, "channel", "chat")
    mine = PolicyRow(0, "在线快速", {"channel": (chat,), "tier": ("normal",)}, 5, 60)
    policies.save(desk, [mine, *policies.listed(desk)])
    ticket = tickets.get(desk, key).ticket
    assert (ticket["response_limit"], ticket["due_at"]) == (5 * 60, NOW + HOUR)
    assert [p.name for p in policies.listed(desk)] == [
        "在线快速",
        "urgent",
        "high",
        "normal",
        "low",
    ]
    undo.undo(desk)
    assert tickets.get(desk, key).ticket["due_at"] == NOW + 6 * DAY


def test_day_and_night_runs_over_the_weekend(desk: Desk) -> None:
    key = a_ticket(desk)
    round_the_clock = PolicyRow(0, "全天", {}, 30, 72 * 60, always=True)
    policies.save(desk, [round_the_clock])
    assert tickets.get(desk, key).ticket["due_at"] == NOW + 3 * DAY
    assert policies.listed(desk)[0].always
    policies.save(desk, [replace(policies.listed(desk)[0], name="全天候")])
    made = desk.reader.execute("SELECT count(*) FROM calendar WHERE always = 1").fetchone()
    assert made == (1,)  # one such calendar serves all


def test_no_limit_is_no_due_time(desk: Desk) -> None:
    key = a_ticket(desk)
    policies.save(desk, [PolicyRow(0, "不限时", {}, None, None)])
    ticket = tickets.get(desk, key).ticket
    assert (ticket["due_at"], ticket["response_due_at"], ticket["warn_at"]) == (None, None, None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "0.name"),
        ({"response_minutes": 0}, "0.response_minutes"),
        ({"resolution_minutes": 100_001}, "0.resolution_minutes"),
        ({"response_minutes": "半小时"}, "0.response_minutes"),
        ({"response_minutes": 61, "resolution_minutes": 60}, "0.response_minutes"),
    ],
)
def test_bad_policies_are_refused_whole(desk: Desk, change: dict[str, object], field: str) -> None:
    before = policies.listed(desk)
    wrong = replace(PolicyRow(0, "新策略", {}, 30, 60), **change)
    with pytest.raises(ProblemsError) as caught:
        policies.save(desk, [wrong, *before])
    assert [problem.field for problem in caught.value.problems] == [field]
    assert policies.listed(desk) == before


def test_an_agent_may_not_change_them(desk: Desk) -> None:
    desk.act_as(desk_settings.add_person(desk, "小王", [Role.AGENT]).value)
    with pytest.raises(UserError):
        policies.save(desk, [])


def test_advice_names_gaps_and_hidden_policies() -> None:
    high = PolicyRow(1, "高", {"priority": ("high",)}, 30, 540)
    all_ = PolicyRow(2, "全部", {}, 30, 1620)
    assert [p.code for p in policies.advice([high])] == ["uncovered"] * 3
    assert [p.code for p in policies.advice([all_, high])] == ["hidden"]
    assert policies.advice([high, all_]) == []


@settings(max_examples=60)
@given(
    st.lists(_conditions(), max_size=4),
    st.fixed_dictionaries({key: st.sampled_from(values) for key, values in VALUES.items()}),
)
def test_first_match_wins_and_hidden_ones_never_do(
    conditions: list[dict[str, tuple[object, ...]]], record: dict[str, object]
) -> None:
    found = [PolicyRow(n + 1, str(n), c, 1, 2) for n, c in enumerate(conditions)]

    def fits(row: PolicyRow) -> bool:
        return all(not v or record[k] in v for k, v in row.conditions.items())

    assert policies.match(found, record) == next((row for row in found if fits(row)), None)
    hidden = {int(p.field) for p in policies.advice(found) if p.code == "hidden"}
    winner = policies.match(found, record)
    assert winner is None or found.index(winner) not in hidden
