"""Articles, versions, votes, use in tickets, what is missing, cases (domain.md 2.11; K1-K7, C21)."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.domain.knowledge import Candidate, differences, pieces, rank
from svcdesk.services import complaints, knowledge, knowledge_use, queries, tickets, undo
from svcdesk.services.desk import Desk
from svcdesk.services.queries import Op, Query
from svcdesk.system.clock import FixedClock
from svcdesk.system.errors import ProblemsError, UserError
from tests.services.desks import a_complaint, a_resolved_ticket, a_ticket, item

DAY = 86400
TEXT = {"title": "空调不制冷的排查", "symptom": "出风口温度偏高", "solution": "清洗滤网后复测"}


def an_article(desk: Desk, *, published: bool = True, **more: Any) -> int:
    key = knowledge.create(desk, {**TEXT, **more}).value
    if published:
        knowledge.publish(desk, key)
    return key


def test_a_draft_is_numbered_owned_and_due_for_review_when_published(
    desk: Desk, clock: FixedClock
) -> None:
    key = knowledge.create(desk, TEXT).value
    article = knowledge.get(desk, key).article
    assert (article["article_no"], article["status"], article["version"]) == ("ZS00001", "draft", 1)
    assert article["owner_id"] == desk.actor.id
    knowledge.publish(desk, key)
    detail = knowledge.get(desk, key)
    assert detail.article["review_due"] == "2026-09-28"  # 2026-04-01 + 180 days
    assert not detail.stale
    clock.advance(180 * DAY)
    assert knowledge.get(desk, key).stale
    assert queries.count(desk, Query("knowledge").where("review_due", Op.YES)) == 1
    knowledge.publish(desk, key)  # looked at again, still right
    assert not knowledge.get(desk, key).stale
    assert knowledge.get(desk, key).article["version"] == 1


def test_title_and_solution_are_needed(desk: Desk) -> None:
    with pytest.raises(ProblemsError) as caught:
        knowledge.create(desk, {"title": " ", "solution": ""})
    assert {p.field for p in caught.value.problems} == {"title", "solution"}


def test_versions_are_kept_compared_and_restored(desk: Desk) -> None:
    key = an_article(desk)
    knowledge.change(desk, key, {"solution": "清洗滤网并测量压力"})
    knowledge.change(desk, key, {"owner_id": None})  # no text: no version
    detail = knowledge.get(desk, key)
    assert [v["version"] for v in detail.versions] == [2, 1]
    assert detail.article["version"] == 2
    knowledge.restore(desk, key, detail.versions[1]["id"])
    detail = knowledge.get(desk, key)
    assert detail.article["solution"] == TEXT["solution"]
    assert detail.article["version"] == 3
    undo.undo(desk)
    assert knowledge.get(desk, key).article["solution"] == "清洗滤网并测量压力"
    assert [v["version"] for v in knowledge.get(desk, key).versions] == [2, 1]


def test_an_article_without_versions_keeps_its_first_text(desk: Desk) -> None:
    key = an_article(desk)
    with desk.write("older file") as uow:  # as an import leaves it
        uow.execute("DELETE FROM knowledge_version")
    knowledge.change(desk, key, {"title": "新标题"})
    titles = [(v["version"], v["title"]) for v in knowledge.get(desk, key).versions]
    assert titles == [(2, "新标题"), (1, TEXT["title"])]


def test_everybody_has_one_vote_and_can_take_it_back(desk: Desk) -> None:
    key = an_article(desk)
    knowledge.vote(desk, key, useful=True)
    knowledge.vote(desk, key, useful=True)
    detail = knowledge.get(desk, key)
    assert (detail.useful, detail.useless, detail.my_vote) == (1, 0, True)
    knowledge.vote(desk, key, useful=False)
    detail = knowledge.get(desk, key)
    assert (detail.useful, detail.useless, detail.my_vote) == (0, 1, False)
    knowledge.vote(desk, key, useful=None)
    detail = knowledge.get(desk, key)
    assert (detail.useful, detail.useless, detail.my_vote) == (0, 0, None)


def test_use_is_counted_once_told_in_the_history_and_undone(desk: Desk) -> None:
    key, ticket = an_article(desk), a_ticket(desk)
    knowledge_use.use(desk, ticket, key)
    knowledge_use.use(desk, ticket, key)
    assert [u.id for u in knowledge.get(desk, key).uses] == [ticket]
    assert [a.number for a in knowledge_use.used_in(desk, ticket)] == ["ZS00001"]
    told = [e["new"] for e in tickets.get(desk, ticket).events if e["name"] == "knowledge"]
    assert told == ["ZS00001 空调不制冷的排查"]
    undo.undo(desk)
    assert knowledge.get(desk, key).uses == []
    undo.redo(desk)
    knowledge_use.unuse(desk, ticket, key)
    assert knowledge.get(desk, key).uses == []


def test_what_is_typed_finds_the_article_that_fits_best(desk: Desk) -> None:
    cold = an_article(desk)
    an_article(desk, title="洗衣机脱水撞桶", symptom="脱水时机身移位", solution="调平底脚")
    other = an_article(desk, title="空调遥控器失灵", symptom="按键无反应", solution="更换电池")
    draft = an_article(desk, published=False, title="空调不制冷草稿")
    found = [s.id for s in knowledge_use.suggest(desk, "客户说空調開了半小时都不製冷")]
    assert found[0] == cold  # traditional characters are folded
    assert draft not in found
    assert other in [s.id for s in knowledge_use.suggest(desk, "空调遥控器坏了")]
    assert knowledge_use.suggest(desk, "想查一下快递单号") == []
    # the same issue type, more used, wins between equals
    quality = item(desk, "issue", "quality")
    twin = an_article(desk, issue_id=quality)
    assert knowledge_use.suggest(desk, "空调不制冷", quality)[0].id == twin
    for _ in range(3):
        knowledge_use.use(desk, a_ticket(desk), cold)
    assert knowledge_use.suggest(desk, "空调不制冷")[0].id == cold
    assert [s.id for s in knowledge_use.suggest(desk, "", quality)] == [twin]


def test_questions_without_an_article_are_found_and_drafted(desk: Desk) -> None:
    quality, install = item(desk, "issue", "quality"), item(desk, "issue", "install")
    for number in range(4):
        a_ticket(desk, issue_id=quality, title=f"第{number}次来电")
    assert knowledge_use.gaps(desk) == []  # four times are not five
    a_resolved_ticket(desk, issue_id=quality, title="主板故障", description="请回电13812345678")
    a_ticket(desk, issue_id=install)
    (gap,) = knowledge_use.gaps(desk)
    assert (gap.issue_id, gap.asked, len(gap.ticket_ids)) == (quality, 5, 5)
    key = knowledge_use.draft_for(desk, gap.issue_id, gap.ticket_ids).value
    article = knowledge.get(desk, key).article
    assert (article["title"], article["solution"]) == ("主板故障", "更换主板，试机正常")
    assert article["symptom"] == "请回电138****5678"
    assert knowledge_use.gaps(desk) == [gap]  # a draft answers nobody
    knowledge.publish(desk, key)
    assert knowledge_use.gaps(desk) == []
    knowledge.retire(desk, key)
    assert knowledge_use.gaps(desk) == [gap]


def test_old_questions_do_not_count(desk: Desk, clock: FixedClock) -> None:
    for _ in range(5):
        a_ticket(desk)
    clock.advance(91 * DAY)
    assert knowledge_use.gaps(desk) == []


def test_a_case_is_made_masked_and_picked_for_a_month(desk: Desk) -> None:
    ticket = a_resolved_ticket(desk, description="王女士13812345678来电表扬")
    praise = knowledge.make_case(desk, "praise", ticket_id=ticket).value
    detail = knowledge.get(desk, praise)
    assert detail.article["symptom"] == "王女士138****5678来电表扬"
    assert detail.source is not None
    assert detail.source["page"] == "tickets"
    knowledge.pick(desk, praise, "2026-04")
    assert knowledge.get(desk, praise).article["picked_for"] == "2026-04"
    complaint = a_complaint(desk)
    case = knowledge.make_case(desk, "case", complaint_id=complaint).value
    source = knowledge.get(desk, case).source
    assert source is not None
    assert source["number"] == complaints.get(desk, complaint).complaint["complaint_no"]
    with pytest.raises(UserError, match="Only cases"):
        knowledge.pick(desk, an_article(desk), "2026-04")


def test_pieces_are_pairs_words_and_numbers() -> None:
    assert pieces("空调e1不制冷 a") == ["空调", "e1", "不制", "制冷"]


WORDS = st.text(alphabet="空调不制冷水机漏e1 ", max_size=20)


@settings(max_examples=60)
@given(WORDS, st.lists(st.tuples(WORDS, WORDS, st.integers(0, 9)), max_size=8))
def test_ranking_laws(text: str, articles: list[tuple[str, str, int]]) -> None:
    candidates = [Candidate(n, h, b, None, u) for n, (h, b, u) in enumerate(articles)]
    found = rank(text, candidates)
    scores = [score for score, _ in found]
    assert scores == sorted(scores, reverse=True)
    parts = pieces(text)
    for _, key in found:  # whatever is proposed has something in common with the text
        assert any(part in candidates[key].head + candidates[key].body for part in parts)
    more_used = [Candidate(c.id, c.head, c.body, None, c.uses + 5) for c in candidates]
    assert {key for _, key in rank(text, more_used)} == {key for _, key in found}


@settings(max_examples=60)
@given(st.text(alphabet="abc。\n", max_size=30), st.text(alphabet="abc。\n", max_size=30))
def test_differences_read_as_both_versions(old: str, new: str) -> None:
    changes = differences(old, new)
    assert "".join(c.text for c in changes if c.kind != "gone") == new
    assert "".join(c.text for c in changes if c.kind != "new") == old
