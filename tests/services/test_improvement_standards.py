"""What worked becomes a draft of the knowledge base, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.improvement import Verdict
from svcdesk.domain.people import Role
from svcdesk.services import (
    improvement_effect,
    improvement_measures,
    improvement_standards,
    improvements,
    knowledge,
    undo,
)
from svcdesk.system.errors import UserError
from tests.services.test_improvements import person, ready

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk


def verifying(desk: Desk, *, finish: bool = True) -> int:
    """Lead an item to its verification with one measure, done or dropped."""
    key = improvements.create(
        desk, {"title": "上门准时率低", "problem": {"what": "15% 迟到"}}
    ).value
    action = ready(desk, key, desk.actor.id)
    if finish:
        for step in ("start", "finish"):
            improvement_measures.step(desk, action, step)
    else:
        improvement_measures.step(desk, action, "cancel")
    improvements.step(desk, key, "verify")
    return key


def test_a_draft_of_problem_cause_and_measures(desk: Desk) -> None:
    key = verifying(desk)
    made = improvement_standards.standardise(desk, key).value
    article = knowledge.get(desk, made).article
    assert (article["kind"], article["status"], article["title"]) == (
        "sop",
        "draft",
        "上门准时率低",
    )
    assert article["symptom"] == "15% 迟到"
    assert "没有路线规划" in article["solution"]
    assert "1. 接入地图" in article["solution"]
    assert "proven" not in article["solution"]  # not confirmed yet
    item = improvements.get(desk, key).item
    assert item["knowledge_id"] == made
    assert item["standardised"] == f"{article['article_no']} 上门准时率低"


def test_one_item_has_one_article_and_undo_takes_it_back(desk: Desk) -> None:
    key = verifying(desk)
    improvement_standards.standardise(desk, key)
    with pytest.raises(UserError, match="already"):
        improvement_standards.standardise(desk, key)
    undo.undo(desk)
    assert improvement_standards.article_of(desk, key) is None
    improvement_standards.standardise(desk, key)


def test_a_confirmed_verdict_is_said(desk: Desk) -> None:
    key = verifying(desk)
    me = desk.actor.id
    desk.act_as(person(desk, "陈雨", Role.QUALITY))
    improvement_effect.confirm(desk, key, Verdict.EFFECTIVE, "现场核对")
    desk.act_as(me)
    made = improvement_standards.standardise(desk, key).value
    assert "proven effective" in knowledge.get(desk, made).article["solution"]


def test_not_before_it_is_verified(desk: Desk) -> None:
    key = improvements.create(desk, {"title": "上门准时率低"}).value
    with pytest.raises(UserError, match="not verified"):
        improvement_standards.standardise(desk, key)


def test_nothing_was_done(desk: Desk) -> None:
    key = improvements.create(desk, {"title": "上门准时率低"}).value
    ready(desk, key, desk.actor.id)
    action = improvements.get(desk, key).actions[0]
    improvement_measures.step(desk, action["id"], "cancel")
    extra = improvement_measures.add(
        desk, key, {"text": "先人工派单", "kind": "interim", "owner_id": desk.actor.id,
                    "due_date": "2026-05-01"},
    ).value  # fmt: skip
    for step in ("start", "finish"):
        improvement_measures.step(desk, extra, step)
    improvements.step(desk, key, "verify")
    with pytest.raises(UserError, match="no finished measure"):
        improvement_standards.standardise(desk, key)
