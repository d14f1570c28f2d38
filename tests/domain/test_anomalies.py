"""Abnormal data and field rules (domain.md 2 and 4.5)."""

from __future__ import annotations

from typing import Any

import pytest

from svcdesk.domain.anomalies import ANOMALIES, Group, bulk_closings, excluding, flags
from svcdesk.domain.problem import blocking
from svcdesk.domain.validation import validate
from svcdesk.i18n.catalog import translator
from svcdesk.i18n.labels import sentence
from tests.domain.calendars import at

NOW = at("2026-03-31 12:00")
T = at("2026-03-02 10:00")
DAY = 86400


@pytest.mark.parametrize(
    ("entity", "record", "code"),
    [
        ("ticket", {"first_response_at": T}, "AB01"),
        ("ticket", {"first_response_at": T, "live": True}, ""),
        ("ticket", {"first_response_at": T + 1}, ""),
        ("ticket", {"resolved_at": T - 1, "request_type": "consult"}, "AB02"),
        ("complaint", {"received_at": T, "resolved_at": T - 1}, "AB02"),
        ("ticket", {"first_response_at": T - 1}, "AB03"),
        ("ticket", {"resolved_at": T + 9000, "closed_at": T + 8999}, "AB04"),
        ("ticket", {"closed_at": NOW + 301}, "AB05"),
        ("ticket", {"closed_at": NOW + 300}, ""),
        ("ticket", {"resolved_at": T + 60, "request_type": "repair"}, "AB09"),
        ("ticket", {"resolved_at": T + 61, "request_type": "repair"}, ""),
        ("ticket", {"resolved_at": T + 60, "request_type": "consult"}, ""),
        ("ticket", {"created_at": T - 40 * DAY, "first_response_at": T - 10 * DAY + 1}, "AB10"),
        ("ticket", {"created_at": T - 40 * DAY, "first_response_at": T - 10 * DAY}, ""),
        ("visit", {"dispatched_at": T, "arrived_at": T - 1}, "AB12"),
        ("visit", {"arrived_at": T, "left_at": T - 1}, "AB12"),
        ("ticket", {"created_at": at("1999-12-31 23:59")}, "AB13"),
        ("ticket", {"launched_at": T + 1}, "AB13"),
        ("survey", {"sent_at": T, "responded_at": T - 1}, "AB14"),
        ("survey", {"sent_at": T - 9, "responded_at": T, "ticket_created_at": T + 1}, "AB14"),
        ("ticket", {"impossible_order": True}, "AB15"),
    ],
)
def test_each_condition_at_its_edge(entity: str, record: dict[str, Any], code: str) -> None:
    start = {"created_at": T} if entity == "ticket" else {}
    assert flags(entity, start | record, NOW) == ([code] if code else [])


def test_what_a_flag_takes_out() -> None:
    assert excluding(Group.RESPONSE) == ("AB01", "AB03", "AB15")
    assert excluding(Group.RESOLUTION) == ("AB02", "AB15")
    assert excluding(Group.VISIT) == ("AB12",)
    assert excluding(Group.SURVEY) == ("AB14",)
    assert [a.code for a in ANOMALIES] == [f"AB{n:02d}" for n in range(1, 18)]


def test_by_hand_impossible_times_are_refused_on_import_flagged() -> None:
    record = ticket(resolved_at=T - 1, first_response_at=T - 1)
    assert {p.code for p in validate("ticket", record, NOW)} == {"AB02", "AB03"}
    assert validate("ticket", record, NOW, imported=True) == []
    daily = {"date": "2026-03-02", "channel": 1, "offered": 3, "answered": 4}
    assert [p.code for p in validate("channel_daily", daily, NOW, imported=True)] == ["AB17"]


def test_ten_tickets_closed_within_a_minute() -> None:
    rows = [(i, 1, T + i * 6) for i in range(11)] + [(99, 1, T + 200), (98, 2, T)]
    assert bulk_closings(rows) == set(range(11))
    assert bulk_closings([(i, 1, T + i * 7) for i in range(10)]) == set()
    assert bulk_closings([(i, i % 2, T) for i in range(18)]) == set()


def ticket(**values: Any) -> dict[str, Any]:
    return {
        "customer_id": 1,
        "channel_id": 2,
        "created_at": T,
        "title": "空调不制冷",
        "description": "空调制冷效果差，出风口温度25℃",
        "request_type": "repair",
        "priority": "normal",
        "complexity": "basic",
    } | values


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({}, []),
        ({"customer_id": None}, ["customer:AB08"]),
        ({"channel_id": None, "created_at": None}, ["channel:AB08", "created_at:AB08"]),
        ({"title": "x" * 101}, ["title:too_long"]),
        ({"title": " "}, ["title:required"]),
        ({"description": "坏了"}, ["description:short"]),
        ({"priority": "urgent"}, ["priority_reason:required"]),
        ({"priority": "soon"}, ["priority:choice"]),
        ({"status": "resolved"}, ["issue_l1:AB08"]),
        ({"status": "resolved", "issue_id": 4}, []),
        ({"created_at": NOW + 301}, ["created_at:AB05"]),
    ],
)
def test_tickets(values: dict[str, Any], problems: list[str]) -> None:
    found = validate("ticket", ticket(**values), NOW)
    assert [f"{p.field}:{p.code}" for p in found] == problems


def test_a_short_description_is_advice_only() -> None:
    found = validate("ticket", ticket(description="坏了"), NOW)
    assert blocking(found) == []
    assert "出风口温度25℃" in sentence(found[0].text, found[0].values, translator("zh_CN"))


@pytest.mark.parametrize(
    ("field", "value", "good"),
    [
        ("csat", 5, True), ("csat", 6, False), ("csat", 0, False), ("csat", 4.5, False),
        ("nps", 0, True), ("nps", 10, True), ("nps", 11, False), ("nps", -1, False),
        ("dim_speed", 0, False), ("csat", None, True),
    ],
)  # fmt: skip
def test_scores_keep_to_their_scales(field: str, value: float | None, good: bool) -> None:
    found = validate("survey", {"sent_at": T, field: value}, NOW, imported=True)
    assert [p.code for p in found] == ([] if good else ["AB07"])


def test_a_wrong_score_is_told_in_one_sentence() -> None:
    (problem,) = validate("survey", {"sent_at": T, "csat": 6}, NOW)
    assert sentence(problem.text, problem.values, translator("zh_CN")) == (
        "“满意度”为6，只能是1–5的整数。"
    )


@pytest.mark.parametrize(
    ("entity", "values", "codes"),
    [
        ("customer", {"name": "陈", "phones": ["12345"]}, ["AB11"]),
        ("customer", {"name": "陈", "email": "x"}, ["format"]),
        ("customer", {"name": "陈", "spend_12m": -1}, ["range"]),
        ("customer", {"name": "长" * 51}, ["too_long"]),
        ("visit", {"ticket": 1, "window_start": T, "window_end": T}, ["order"]),
        (
            "complaint",
            {
                "customer": 1, "channel": 1, "received_at": T, "category_id": 3,
                "description": "客服态度恶劣，多次挂断电话", "severity": "normal", "handler_id": 7,
                "complained_of_id": 7,
            },
            ["same_person"],
        ),
        ("complaint", {"customer": 1, "channel": 1, "received_at": T}, ["AB08", "required", "required"]),
        ("quality_check", {"ticket": 1, "at": T, "inspector": 2, "agent": 2}, ["same_person"]),
        ("user", {"name": "王", "roles": ["agent", "king"]}, ["choice"]),
        ("product", {"product_no": "P", "name": "N", "warranty_months": 121}, ["range"]),
        ("target", {"metric": "fcr_rate", "valid_from": "2026-13"}, ["format"]),
        ("no such entity", {}, []),
    ],
)  # fmt: skip
def test_other_records(entity: str, values: dict[str, Any], codes: list[str]) -> None:
    assert [p.code for p in validate(entity, values, NOW)] == codes
