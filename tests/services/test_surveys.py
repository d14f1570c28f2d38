"""Surveys: one per closing, all answers kept, attribution frozen, sent, matched, invalid."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcdesk.domain.people import Role
from svcdesk.domain.period import parse_period
from svcdesk.domain.survey import SurveyMethod, SurveyState, question_of
from svcdesk.services import (
    dashboards,
    surveys,
    surveys_forms,
    surveys_matching,
    surveys_sending,
    tickets,
    undo,
)
from svcdesk.services import settings as settings_service
from svcdesk.system.errors import ProblemsError, UserError
from tests.services.desks import a_resolved_ticket, a_ticket, item
from tests.services.importing import at, bring, brought, rows, visible, written

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.domain.period import Period
    from svcdesk.services.desk import Desk
    from svcdesk.system.clock import FixedClock

DAY = 86400
APRIL = parse_period("2026-04")


def asked(desk: Desk, **more: Any) -> tuple[int, int]:
    """Return a settled ticket and the survey that was sent for it."""
    ticket = a_resolved_ticket(desk, **more)
    return ticket, surveys_sending.send(desk, [ticket], SurveyMethod.SMS).value[0]


def figure(desk: Desk, metric: str, period: Period = APRIL) -> Figure:
    return dashboards.figures(desk, period, desk.clock.now() + 1, [metric])[metric]


def mean(desk: Desk) -> Any:
    return figure(desk, "csat_mean").value


def teams(desk: Desk) -> list[tuple[str, Any]]:
    with dashboards.board(desk, desk.clock.now() + 1) as board:
        found = dashboards.groups(board, "csat_mean", APRIL, "team")
        return [(group.name, group.figure.value) for group in found]


def row(desk: Desk, key: int) -> dict[str, Any]:
    return surveys.get(desk, key).survey


def refused(call: Any, *codes: str) -> None:
    with pytest.raises(ProblemsError) as told:
        call()
    assert [p.code for p in told.value.problems] == list(codes)


def test_sent_answered_changed_and_too_late(desk: Desk, clock: FixedClock) -> None:
    _ticket, key = asked(desk)
    assert surveys.get(desk, key).state is SurveyState.SENT
    clock.advance(DAY)
    surveys.answer(desk, key, {"csat": 2, "comment": "等太久"})
    clock.advance(7 * DAY)  # exactly seven days after the first answer
    surveys.answer(desk, key, {"csat": 4, "nps": 8})
    clock.advance(1)
    surveys.answer(desk, key, {"csat": 5})
    detail = surveys.get(desk, key)
    assert [a["csat"] for a in detail.answers] == [2, 4, 5]  # all are kept
    assert (detail.survey["csat"], detail.survey["nps"]) == (4, 8)
    assert [a["csat"] for a in detail.answers if a["id"] == detail.counted] == [4]
    assert rows(desk, "SELECT count(*) FROM survey") == [(1,)]


def test_expired_counts_as_no_answer(desk: Desk, clock: FixedClock) -> None:
    _ticket, key = asked(desk)
    clock.advance(7 * DAY)
    assert surveys.get(desk, key).state is SurveyState.SENT
    clock.advance(1)
    assert surveys.get(desk, key).state is SurveyState.EXPIRED
    rate = figure(desk, "survey_response_rate")
    assert (rate.num, rate.den) == (0, 1)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"csat": 0}, "AB07"), ({"csat": 6}, "AB07"), ({"csat": 4.5}, "AB07"), ({"nps": 11}, "AB07"),
        ({"dim_speed": 0, "csat": 4}, "AB07"), ({"csat": 2}, "required"), ({}, "required"),
        ({"comment": "好"}, "required"),
    ],
)  # fmt: skip
def test_bad_answers_are_refused_and_nothing_is_written(
    desk: Desk, values: dict[str, Any], code: str
) -> None:
    _ticket, key = asked(desk)
    before = visible(desk)
    refused(lambda: surveys.answer(desk, key, values), code)
    assert visible(desk) == before


def test_an_answer_before_the_question_or_in_the_future(desk: Desk, clock: FixedClock) -> None:
    ticket, key = asked(desk)
    now = clock.now()
    refused(lambda: surveys.answer(desk, key, {"csat": 5, "responded_at": now - 1}), "order")
    refused(lambda: surveys.answer(desk, key, {"csat": 5, "responded_at": now + 1}), "future")
    other = a_resolved_ticket(desk, new_customer={"name": "李四"})
    begun = tickets.get(desk, other).ticket["created_at"]
    refused(
        lambda: surveys.record(desk, {"ticket_id": other, "csat": 5, "responded_at": begun - 1}),
        "AB14",
    )
    assert ticket


def test_nps_zero_is_an_answer(desk: Desk) -> None:
    _ticket, key = asked(desk)
    surveys.answer(desk, key, {"nps": 0})
    assert row(desk, key)["nps"] == 0


def test_one_survey_per_closing_and_a_new_one_after_reopening(
    desk: Desk, clock: FixedClock
) -> None:
    settings_service.change(desk, {"survey_gap_days": 0})
    ticket, key = asked(desk)
    (again,) = surveys_sending.prospects(desk, [ticket], SurveyMethod.SMS)
    assert "already asks" in again.refusal
    # what comes by another way belongs to the same survey
    assert surveys.record(desk, {"ticket_id": ticket, "csat": 5, "method": "on_site"}).value == key
    clock.advance(DAY)
    tickets.step(desk, ticket, "reopen", {"reopen_reason": "又不制冷了", "note": "又不制冷了"})
    (open_again,) = surveys_sending.prospects(desk, [ticket], SurveyMethod.SMS)
    assert "not settled" in open_again.refusal
    clock.advance(3600)
    tickets.step(
        desk, ticket, "resolve", {"solution": "更换压缩机，正常", "resolution_code": "onsite"}
    )
    (second,) = surveys_sending.send(desk, [ticket], SurveyMethod.SMS).value
    assert second != key
    assert [r[0] for r in rows(desk, "SELECT closing_seq FROM survey ORDER BY id")] == [1, 2]


def test_who_refuses_is_not_asked_and_nobody_twice(desk: Desk, clock: FixedClock) -> None:
    ticket = a_resolved_ticket(desk)
    customer = tickets.get(desk, ticket).ticket["customer_id"]
    other = a_resolved_ticket(desk, new_customer=None, customer_id=customer)
    third = a_resolved_ticket(desk, new_customer={"name": "没有电话"})
    unsettled = a_ticket(desk, new_customer={"name": "王五", "phones": ["13900001111"]})
    found = surveys_sending.prospects(desk, [ticket, other, third, unsettled], SurveyMethod.SMS)
    assert [one.goes for one in found] == [True, False, False, False]
    assert "more than once" in found[1].refusal
    assert "phone" in found[2].refusal
    assert "not settled" in found[3].refusal
    surveys_sending.send(desk, [ticket], SurveyMethod.SMS)
    (later,) = surveys_sending.prospects(desk, [other], SurveyMethod.SMS)
    assert "less than" in later.refusal
    clock.advance(30 * DAY)
    assert surveys_sending.prospects(desk, [other], SurveyMethod.SMS)[0].goes
    with desk.write("opt out") as uow:
        uow.update("customer", customer, {"opt_out": 1})
    assert "refuses" in surveys_sending.prospects(desk, [other], SurveyMethod.SMS)[0].refusal
    with pytest.raises(UserError, match="None of these"):
        surveys_sending.send(desk, [other], SurveyMethod.SMS)


def test_text_to_the_customer_and_numbers_for_a_sender(desk: Desk, tmp_path: Path) -> None:
    ticket = a_resolved_ticket(desk)
    found = surveys_sending.prospects(desk, [ticket], SurveyMethod.SMS)
    number = tickets.get(desk, ticket).ticket["ticket_no"]
    assert number in found[0].text
    surveys_sending.write_numbers(desk, tmp_path / "masked.csv", found)
    surveys_sending.write_numbers(desk, tmp_path / "full.csv", found, purpose="满意度短信")
    told = {}
    for name in ("masked", "full"):
        with (tmp_path / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            (told[name],) = csv.DictReader(file)
    assert told["masked"]["手机号"] == "138****5678"
    assert told["masked"]["客户"] == "张**"
    assert told["full"]["手机号"].replace(" ", "") == "13812345678"
    assert "满意度短信" in told["full"]["导出标记"]
    assert rows(desk, "SELECT count(*) FROM audit") == [(2,)]
    settings_service.add_person(desk, "王芳", [Role.AGENT])
    desk.act_as(rows(desk, "SELECT id FROM person WHERE name = '王芳'")[0][0])
    with pytest.raises(UserError):
        surveys_sending.write_numbers(desk, tmp_path / "no.csv", found, purpose="x")
    assert not (tmp_path / "no.csv").exists()


def test_attribution_is_that_of_the_closing(desk: Desk, clock: FixedClock) -> None:
    me = desk.actor.id
    settings_service.change_person(desk, me, "周敏", [Role.ADMIN, Role.SUPERVISOR, Role.AGENT],
                                   team="甲组")  # fmt: skip
    settings_service.add_person(desk, "王芳", [Role.AGENT], team="乙组")
    other = rows(desk, "SELECT id FROM person WHERE name = '王芳'")[0][0]
    ticket = a_resolved_ticket(desk)
    issue = tickets.get(desk, ticket).ticket["issue_id"]
    closed = tickets.get(desk, ticket).ticket["resolved_at"]
    clock.advance(3600)
    with desk.write("change") as uow:  # transfer, another category, another tier
        uow.update("ticket", ticket, {"owner_id": other, "tier": "key",
                                      "issue_id": item(desk, "issue", "install")})  # fmt: skip
    settings_service.change_person(desk, me, "周敏", [Role.ADMIN, Role.SUPERVISOR, Role.AGENT],
                                   team="新甲组")  # fmt: skip
    (key,) = surveys_sending.send(desk, [ticket], SurveyMethod.SMS).value
    found = row(desk, key)
    assert (found["agent_id"], found["team"], found["tier"], found["issue_id"]) == (
        me, "甲组", "normal", issue,
    )  # fmt: skip
    assert (found["closing_seq"], found["closing_at"]) == (1, closed)
    surveys.answer(desk, key, {"csat": 5})
    assert teams(desk) == [("甲组", 5)]
    with desk.write("change") as uow:
        uow.update("ticket", ticket, {"owner_id": None, "tier": "normal"})
        uow.update("person", me, {"team": "丙组"})
    assert teams(desk) == [("甲组", 5)]
    assert row(desk, key)["team"] == "甲组"


def test_keyed_by_the_one_whom_it_is_about_is_marked(desk: Desk) -> None:
    _ticket, key = asked(desk)
    surveys.answer(desk, key, {"csat": 5})
    assert row(desk, key)["own_case"] == 1


def test_invalid_leaves_the_figures_and_stays_listed(desk: Desk) -> None:
    _ticket, key = asked(desk)
    surveys.answer(desk, key, {"csat": 3})
    assert mean(desk) == 3
    refused(lambda: surveys.set_invalid(desk, key, " "), "required")
    surveys.set_invalid(desk, key, "员工代填")
    assert mean(desk) is None
    assert row(desk, key)["invalid_reason"] == "员工代填"
    with pytest.raises(UserError, match="invalid"):
        surveys.answer(desk, key, {"csat": 5})
    surveys.set_invalid(desk, key, "")
    assert mean(desk) == 3


def test_other_voices_count_only_when_ticked(desk: Desk) -> None:
    ticket, key = asked(desk)
    surveys.answer(desk, key, {"csat": 5})
    voice = {"ticket_id": ticket, "csat": 1, "comment": "没有出示证件", "source": "mystery"}
    other = surveys.record(desk, voice).value
    assert other != key  # it never changes the customer's answer
    before = rows(desk, "SELECT * FROM survey")
    assert mean(desk) == 5
    settings_service.change(desk, {"count_mystery": True})
    assert mean(desk) == 3
    assert rows(desk, "SELECT * FROM survey") == before  # by definition, not by rewriting rows
    settings_service.change(desk, {"count_mystery": False})
    assert mean(desk) == 5


@settings(max_examples=15, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.lists(st.integers(1, 5), min_size=1, max_size=4))
def test_recovery_never_changes_satisfaction(desk: Desk, scores: list[int]) -> None:
    if not rows(desk, "SELECT 1 FROM survey"):
        _ticket, key = asked(desk)
        surveys.answer(desk, key, {"csat": 2, "comment": "慢"})
    before = mean(desk)
    ticket = rows(desk, "SELECT ticket_id FROM survey WHERE kind = 'normal'")[0][0]
    for score in scores:
        values = {"ticket_id": ticket, "csat": score, "comment": "好多了", "kind": "recovery"}
        surveys.record(desk, values)
    assert mean(desk) == before == 2


def test_every_writing_is_undone(desk: Desk, clock: FixedClock) -> None:
    ticket, key = asked(desk)
    steps = [
        lambda: surveys.answer(desk, key, {"csat": 4}),
        lambda: surveys.answer(desk, key, {"csat": 2, "comment": "再想想"}),
        lambda: surveys.set_invalid(desk, key, "重复"),
        lambda: surveys.record(desk, {"ticket_id": ticket, "csat": 3, "source": "partner"}),
        lambda: surveys_forms.save(desk, form.id, "新问卷", form.questions, "请评价 {ticket}"),
    ]
    form = surveys_forms.listed(desk)[0]
    for step in steps:
        before = visible(desk)
        step()
        assert visible(desk) != before
        undo.undo(desk)
        assert visible(desk) == before
        undo.redo(desk)
        clock.advance(60)


def test_a_used_form_gets_a_new_version(desk: Desk) -> None:
    first = surveys_forms.listed(desk)[0]
    assert (first.version, first.used) == (1, 0)
    changed = [question_of({**q.as_dict(), "zh": q.zh + "？"}) for q in first.questions]
    assert surveys_forms.save(desk, first.id, first.name, changed, first.invite).value == first.id
    _ticket, key = asked(desk)
    newest = surveys_forms.save(desk, first.id, "第二版", first.questions, "您好").value
    assert newest != first.id
    assert [(f.version, f.active) for f in surveys_forms.listed(desk)] == [(2, True), (1, False)]
    form = surveys.get(desk, key).form
    assert form is not None
    assert form["version"] == 1  # the old survey keeps its wording
    assert form["questions"][0]["zh"].endswith("？")
    with pytest.raises(UserError, match="newest"):
        surveys_forms.save(desk, first.id, "再改", first.questions, "")
    refused(lambda: surveys_forms.save(desk, newest, "", first.questions, "{x}"),
            "required", "placeholder")  # fmt: skip


# -- questionnaire exports -----------------------------------------------------------------------

CASES = """外部单号,客户,客户电话,渠道,问题类型,受理时间,首次响应时间,解决时间,关闭时间,当前处理人,订单号
A1,李明,13800005678,在线聊天,产品质量缺陷,2026-03-02 09:00,2026-03-02 09:20,2026-03-03 10:00,,王芳,DD-1
A2,李明,13800005678,在线聊天,产品质量缺陷,2026-03-10 09:00,2026-03-10 09:20,2026-03-11 10:00,,赵刚,DD-2
A3,陈静,13800001111,微信,安装指导不足,2026-03-05 09:00,2026-03-05 09:20,2026-03-06 10:00,,赵刚,
"""
EXPORT = """序号,提交答卷时间,服务工单号（选填）,订单编号,您的手机号码,1、您对本次服务的总体满意度,2、您对服务态度满意吗,3、您愿意推荐我们吗,4、您有什么建议,5、其他想说的
1,2026-03-04 10:00,A1,,,非常满意,5星,10,快一点,谢谢
2,2026-03-12 10:00,,DD-2,,很满意,4分,非常愿意,,
3,2026-03-07 10:00,,,13800001111,2星,3,0,太慢,
4,2026-03-05 10:00,,,13800005678,满意,,,,
5,2026-03-12 10:00,没有,,13999999999,一般,,5,,
6,2026-03-12 11:00,A3,,,4.5,,,,
7,2026-03-12 12:00,A3,,,5,,11,,
8,2026-03-12 12:00,A3,,,,,,,
"""


def test_a_questionnaire_export_is_matched(desk: Desk, tmp_path: Path) -> None:
    brought(desk, written(tmp_path / "t.csv", CASES), "tickets")
    path = written(tmp_path / "q.csv", EXPORT)
    plan = bring(desk, path, "questionnaires", "only_good_rows = true")
    assert [(p.row, p.code) for p in plan.problems] == [(7, "AB07"), (8, "AB07"), (9, "AB08")]
    found = rows(
        desk,
        "SELECT t.external_no, s.csat, s.dim_attitude, s.nps, s.comment, p.name FROM survey s "
        "JOIN ticket t ON t.id = s.ticket_id JOIN person p ON p.id = s.agent_id ORDER BY t.id",
    )
    assert found == [
        # the second answer, by phone, is within 7 days of the first: it counts
        ("A1", 4, None, None, "", "王芳"),
        ("A2", 5, 4, 10, "", "赵刚"),
        ("A3", 2, 3, 0, "太慢", "赵刚"),
    ]
    assert rows(desk, "SELECT comment FROM survey_answer WHERE external_no = '1'") == [
        ("快一点 谢谢",)
    ]
    assert surveys_matching.count(desk) == 1
    assert rows(desk, "SELECT count(*) FROM callback") == [(0,)]  # an import starts no recovery
    before = visible(desk)
    again = bring(desk, path, "questionnaires", "only_good_rows = true")
    assert (again.inserted, again.updated) == (0, 0)
    assert visible(desk) == before


def test_an_unmatched_answer_is_matched_by_hand(desk: Desk, tmp_path: Path) -> None:
    brought(desk, written(tmp_path / "t.csv", CASES), "tickets")
    text = "序号,提交答卷时间,工单号,满意度\n1,2026-03-12 10:00,错号,1\n2,2026-03-01 10:00,A1,5\n"
    brought(desk, written(tmp_path / "q.csv", text), "questionnaires")
    late, early = surveys_matching.unmatched(desk)  # the second is older than its ticket
    march = parse_period("2026-03")
    assert figure(desk, "csat_mean", march).value is None  # unmatched answers are in no figure
    refused(lambda: surveys_matching.match(desk, late["id"], "没有"), "unknown")
    number = rows(desk, "SELECT ticket_no FROM ticket WHERE external_no = 'A2'")[0][0]
    refused(lambda: surveys_matching.match(desk, early["id"], number), "AB14")
    before = visible(desk)
    surveys_matching.match(desk, late["id"], number)
    assert surveys_matching.count(desk) == 1
    assert rows(desk, "SELECT csat, closing_at FROM survey") == [(1, at("2026-03-11 10:00"))]
    with pytest.raises(UserError, match="already"):
        surveys_matching.match(desk, late["id"], number)
    undo.undo(desk)
    assert visible(desk) == before


def test_tickets_that_come_later_are_found_again(desk: Desk, tmp_path: Path) -> None:
    text = "序号,提交答卷时间,工单号,满意度\n1,2026-03-04 10:00,A1,5\n"
    brought(desk, written(tmp_path / "q.csv", text), "questionnaires")
    brought(desk, written(tmp_path / "t.csv", CASES), "tickets")
    assert surveys_matching.count(desk) == 1
    assert surveys_matching.match_again(desk).value == 1
    assert surveys_matching.count(desk) == 0


def test_an_imported_answer_before_the_question_is_flagged(
    desk: Desk, tmp_path: Path, clock: FixedClock
) -> None:
    ticket = a_resolved_ticket(desk)
    clock.advance(3600)
    (key,) = surveys_sending.send(desk, [ticket], SurveyMethod.FORM).value
    clock.advance(DAY)
    number = tickets.get(desk, ticket).ticket["ticket_no"]
    early = f"序号,提交答卷时间,工单号,满意度\n1,2026-04-01 10:30,{number},2\n"
    plan = brought(desk, written(tmp_path / "e.csv", early), "questionnaires")
    assert plan.flagged["AB14"] == 1
    assert row(desk, key)["data_flags"] == ["AB14"]
    assert mean(desk) is None  # out of the figures
    good = f"序号,提交答卷时间,工单号,满意度\n2,2026-04-01 12:00,{number},5\n"
    brought(desk, written(tmp_path / "g.csv", good), "questionnaires")
    assert rows(desk, "SELECT count(*) FROM survey") == [(1,)]  # of the survey that was sent
    assert mean(desk) == 5


@settings(max_examples=10, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.permutations(EXPORT.strip().splitlines()[1:6]))
def test_the_order_of_rows_changes_nothing(desk: Desk, tmp_path: Path, lines: list[str]) -> None:
    if not rows(desk, "SELECT 1 FROM ticket"):
        brought(desk, written(tmp_path / "t.csv", CASES), "tickets")
    text = "\n".join([EXPORT.splitlines()[0], *lines])
    brought(desk, written(tmp_path / "q.csv", text), "questionnaires")
    found = rows(desk, "SELECT t.external_no, s.csat, s.nps FROM survey s JOIN ticket t "
                       "ON t.id = s.ticket_id WHERE s.deleted_at IS NULL ORDER BY 1")  # fmt: skip
    assert found == [("A1", 4, None), ("A2", 5, 10), ("A3", 2, 0)]
    undo.undo(desk)
    assert rows(desk, "SELECT 1 FROM survey WHERE deleted_at IS NULL") == []
