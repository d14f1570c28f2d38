"""Placeholders are filled or refused; templates say what is wrong with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcdesk.domain.aids import BY_NAME, Aid, AidKind, actions_of, fill, placeholders, problems

FACTS = {"customer": "张晓明", "ticket": "GD202604-0001", "due": "2026-04-07 10:00", "order": ""}


def test_what_is_known_is_filled_in_by_either_name() -> None:
    found = fill("您好，{姓名}：工单 {ticket} 将于 { 时限 } 前处理。", FACTS)
    assert found.text == "您好，张晓明：工单 GD202604-0001 将于 2026-04-07 10:00 前处理。"
    assert found.complete


def test_what_is_empty_or_unknown_is_named_and_stays() -> None:
    found = fill("订单{订单号}，{订单号}，{星座}", FACTS)
    assert (found.text, found.missing, found.unknown) == (
        "订单{订单号}，{订单号}，{星座}", ("订单号",), ("星座",))  # fmt: skip
    assert not found.complete


def test_a_value_with_braces_is_not_filled_again() -> None:
    assert fill("{姓名}", {"customer": "{工单号}", "ticket": "X"}).text == "{工单号}"


@given(
    st.text(max_size=40),
    st.dictionaries(st.sampled_from(list(BY_NAME.values())), st.text(max_size=8)),
)
def test_a_complete_text_has_no_placeholder_left(text: str, facts: dict[str, str]) -> None:
    clean = {key: value.replace("{", "").replace("}", "") for key, value in facts.items()}
    found = fill(text, clean)
    assert not found.complete or placeholders(found.text) == []
    if not placeholders(text):
        assert found.text == text


@pytest.mark.parametrize(
    ("kind", "body", "field"),
    [
        (AidKind.REPLY, {"text": " "}, "text"),
        (AidKind.REPLY, {"text": "您好{昵称}"}, "text"),
        (AidKind.CHECKLIST, {"items": [{"text": " "}]}, "items"),
        (AidKind.MACRO, {"actions": []}, "actions"),
        (
            AidKind.MACRO,
            {"actions": [{"do": "set", "field": "ticket_no", "value": 1}]},
            "actions.0",
        ),
        (
            AidKind.MACRO,
            {"actions": [{"do": "say", "kind": "public_reply", "text": ""}]},
            "actions.0",
        ),
        (AidKind.MACRO, {"actions": [{"do": "say", "kind": "closed", "text": "x"}]}, "actions.0"),
        (AidKind.MACRO, {"actions": [{"do": "callback", "hours": 0}]}, "actions.0"),
        (AidKind.MACRO, {"actions": [{"do": "fly"}]}, "actions.0"),
        (AidKind.TICKET, {"values": {}}, "values"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(
    kind: AidKind, body: dict[str, object], field: str
) -> None:
    assert [problem.field for problem in problems(Aid(0, kind, "名称", body))] == [field]


def test_a_name_is_needed() -> None:
    assert [p.field for p in problems(Aid(0, AidKind.REPLY, "", {"text": "好"}))] == ["name"]
    assert problems(Aid(0, AidKind.REPLY, "问候", {"text": "您好，{姓名}"})) == []


def test_a_macro_steps_last() -> None:
    actions = [{"do": "step", "action": "resolve"}, {"do": "say"}, {"do": "set"}]
    found = actions_of(Aid(1, AidKind.MACRO, "x", {"actions": actions}))
    assert [action["do"] for action in found] == ["set", "say", "step"]
