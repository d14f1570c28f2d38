"""The trend finder over a desk: what it finds, the records behind, what becomes of a finding."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from svcdesk.domain.people import Role
from svcdesk.domain.trends import Rise
from svcdesk.services import improvements, settings, tickets, trends, undo
from svcdesk.system.errors import ProblemsError, UserError
from svcdesk.system.job import Cancelled, ImmediateContext
from tests.services.importing import one, rows
from tests.services.trend_desks import COMPLAINT_HEAD, LAST, Week, leaking

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.services.trends import Finding, Look


def look(desk: Desk, scope: str = "ticket", week: date | None = None) -> Look:
    return trends.find(desk, scope, ImmediateContext(), week=week)


@pytest.fixture
def leak(desk: Desk, tmp_path: Path) -> Finding:
    """The one finding of the leaking week."""
    settings.change_person(desk, desk.actor.id, "周敏", [Role.SUPERVISOR, Role.ADMIN])
    leaking(desk, tmp_path)
    (found,) = look(desk).findings
    return found


class TestFinding:
    def test_one_cluster_with_its_weeks(self, desk: Desk, leak: Finding) -> None:
        """Category, product and word rose by the same 12 records: one finding, the rest under it."""
        by_kind = {one.kind: one for one in (leak, *leak.also)}
        assert len(leak.also) == 2
        assert by_kind["product"].name == "净水器"
        assert "漏水" in by_kind["word"].name
        issue = by_kind["issue"]
        assert (leak, issue.name) == (issue, "Product quality defect")
        assert issue.counts == (1, 1, 1, 1, 1, 1, 1, 1, 12)
        assert (issue.expected, issue.ratio, issue.rise) == (1.0, 12.0, Rise.RISING)
        assert (by_kind["word"].rise, by_kind["word"].ratio) == (Rise.NEW, None)
        assert issue.since == LAST
        assert issue.weeks[-1] == LAST
        assert issue.period == "2026-03-23..2026-03-29"

    def test_the_records_behind_are_those_of_the_week(self, desk: Desk, leak: Finding) -> None:
        behind = rows(
            desk,
            "SELECT t.id FROM ticket t JOIN product p ON p.id = t.product_id "
            "WHERE p.name = '净水器' AND t.title = '接口漏水问题'",
        )
        assert set(leak.cases) == {key for (key,) in behind}
        listed = trends.cases(desk, "ticket", leak.cases)
        assert [case.id for case in listed] == list(leak.cases)
        assert {(case.title, case.product) for case in listed} == {("接口漏水问题", "净水器")}

    def test_what_was_looked_at(self, desk: Desk, leak: Finding) -> None:
        found = look(desk)
        assert found.volumes == (21,) * 8 + (32,)
        assert found.tested["issue"] == 3
        assert found.tested["product"] == 3
        assert found.subjects == 6
        assert found.tested["word"] > 5

    def test_the_weeks_before_were_quiet(self, desk: Desk, leak: Finding) -> None:
        assert look(desk, week=LAST - timedelta(weeks=1)).findings == ()

    def test_a_busy_week_is_one_finding(self, desk: Desk, tmp_path: Path) -> None:
        week = Week()
        for issue in ("安装指导不足", "物流配送延误", "产品质量缺陷", "其他"):
            week.every(range(1, 9), 15, issue, issue + "机", issue, issue)
            week.add(0, 30, issue, issue + "机", issue, issue)
        week.bring(desk, tmp_path)
        (found,) = look(desk).findings
        assert (found.kind, found.count, found.expected) == ("volume", 120, 60.0)
        assert len(found.cases) == 120

    def test_merged_test_and_deleted_tickets_do_not_count(self, desk: Desk, leak: Finding) -> None:
        for key in leak.cases[:9]:
            tickets.remove(desk, key)
        assert look(desk).findings == ()  # three are left

    def test_complaints_have_their_own(self, desk: Desk, tmp_path: Path) -> None:
        week = Week(COMPLAINT_HEAD)
        week.every(range(9), 10, "产品性能", "空调", "制冷效果差要求维修")
        week.add(0, 9, "服务质量", "冰箱", "师傅乱收费还骂人")
        week.bring(desk, tmp_path, "complaints")
        (found,) = look(desk, "complaint").findings
        assert {one.kind for one in (found, *found.also)} == {"category", "product", "word"}
        assert found.rise is Rise.NEW
        assert len(found.cases) == 9
        assert trends.title(found) == (
            "Service quality is new: 9 in a week, 0 in the 8 weeks before"
        )
        assert look(desk).weeks == ()  # there is no ticket

    def test_too_young(self, desk: Desk, tmp_path: Path) -> None:
        """From the fourth week before on there are three whole ones; from the fifth on, four."""
        week = Week()
        week.every(range(4), 10, "其他", "空调", "噪音", "噪音")
        week.bring(desk, tmp_path)
        assert look(desk).weeks == ()
        more = Week()
        more.lines += [line.replace("W", "V") for line in week.lines[1:2]]
        more.add(4, 1, "其他", "空调", "噪音", "噪音")
        more.lines.pop(1)
        more.lines[1] = "V" + more.lines[1]
        more.bring(desk, tmp_path)
        assert len(look(desk).weeks) == 5

    def test_a_week_that_goes_on_is_refused(self, desk: Desk) -> None:
        with pytest.raises(UserError, match="not over"):
            look(desk, week=LAST + timedelta(weeks=1))

    def test_progress_and_cancel(self, desk: Desk, leak: Finding) -> None:
        told: list[tuple[int, int]] = []
        trends.find(desk, "ticket", ImmediateContext(lambda n, of, _text: told.append((n, of))))
        assert told == [(n, 19) for n in range(19)]
        context = ImmediateContext(lambda n, _of, _text: setattr(context, "cancelled", n > 11))
        with pytest.raises(Cancelled):
            trends.find(desk, "ticket", context)


class TestBecoming:
    def test_an_item_with_evidence_and_weeks(self, desk: Desk, leak: Finding) -> None:
        key = trends.make_item(desk, leak).value
        detail = improvements.get(desk, key)
        assert detail.item["source"] == "manual"
        assert detail.item["title"] == trends.title(leak)
        assert "12" in detail.item["title"]
        assert {(link["entity"], link["record_id"]) for link in detail.links} == {
            ("ticket", case) for case in leak.cases
        }
        assert detail.item["snapshot"]["counts"] == list(leak.counts)
        assert detail.item["snapshot"]["weeks"][-1] == "2026-03-23"
        assert [o["period"] for o in detail.occurrences] == [leak.period]
        (again,) = look(desk).findings
        assert again.item == (key, detail.item["item_no"])

    def test_one_step(self, desk: Desk, leak: Finding) -> None:
        trends.make_item(desk, leak)
        undo.undo(desk)
        assert improvements.listed(desk) == []
        assert one(desk, "SELECT count(*) FROM improvement_link WHERE deleted_at IS NULL") == 0

    def test_never_doubled(self, desk: Desk, leak: Finding) -> None:
        key = trends.make_item(desk, leak).value
        assert trends.make_item(desk, leak).value == key
        detail = improvements.get(desk, key)
        assert len(detail.links) == 12
        assert len(detail.occurrences) == 1
        assert len(improvements.listed(desk)) == 1

    def test_the_open_item_goes_on_in_a_later_week(self, desk: Desk, leak: Finding) -> None:
        """An item of the week before about the same subject gets this week; a void one does not."""
        key = trends.make_item(desk, leak).value
        (first,) = improvements.get(desk, key).occurrences
        with desk.write("Earlier") as uow:
            uow.update("improvement_occurrence", first["id"], {"period": "2026-03-16..2026-03-22"})
        trends.make_item(desk, leak)
        periods = [o["period"] for o in improvements.get(desk, key).occurrences]
        assert periods == ["2026-03-16..2026-03-22", "2026-03-23..2026-03-29"]
        improvements.step(desk, key, "void", {"reason": "误报"})
        assert trends.make_item(desk, leak).value != key

    def test_declined_for_its_week(self, desk: Desk, leak: Finding) -> None:
        with pytest.raises(ProblemsError):
            trends.decline(desk, leak, "  ")
        trends.decline(desk, leak, "一个批次，已召回")
        (found,) = look(desk).findings
        assert found.declined is not None
        assert found.declined[1] == "一个批次，已召回"
        trends.decline(desk, leak, "已换货")
        assert one(desk, "SELECT reason FROM improvement_declined") == "已换货"
        trends.take_back(desk, found.declined[0])
        assert look(desk).findings[0].declined is None
        trends.decline(desk, leak, "仍然如此")
        assert one(desk, "SELECT count(*) FROM improvement_declined WHERE deleted_at IS NULL") == 1
        undo.undo(desk)
        assert look(desk).findings[0].declined is None

    def test_who_may(self, desk: Desk, leak: Finding) -> None:
        agent = settings.add_person(desk, "王芳", [Role.TECH]).value
        desk.act_as(agent)
        with pytest.raises(UserError, match="may not"):
            trends.make_item(desk, leak)
        with pytest.raises(UserError, match="may not"):
            trends.decline(desk, leak, "已换货")
