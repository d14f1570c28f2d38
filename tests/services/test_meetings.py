"""Meetings: the agenda proposed, decisions that become measures once, minutes (features R11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from svcdesk.domain.agenda import Reason
from svcdesk.domain.people import Role
from svcdesk.i18n.catalog import translator
from svcdesk.services import (
    improvement_measures,
    improvements,
    meeting_sheet,
    meetings,
    settings,
    undo,
)
from svcdesk.store import improvements as item_rows
from svcdesk.system.errors import ProblemsError, UserError
from svcdesk.system.job import ImmediateContext
from tests.conftest import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.services.desk import Desk
    from svcdesk.services.meetings import AgendaEntry, Point
    from svcdesk.system.clock import FixedClock

DAY = 86400


def an_item(desk: Desk, title: str = "上门准时率仅85%", **more: Any) -> int:
    return improvements.create(desk, {"title": title, **more}).value


def a_meeting(desk: Desk, day: str = "2026-04-01", entries: list[AgendaEntry] | None = None) -> int:
    values = {"title": "售后问题复盘会", "held_on": day, "chair_id": desk.actor.id,
              "people": [desk.actor.id], "guests": "仓储部 马师傅"}  # fmt: skip
    return meetings.save(desk, None, values, entries=entries or []).value


def a_decision(desk: Desk, meeting: int, item: int | None, **more: Any) -> int:
    values = {"kind": "decision", "text": "签收后30分钟内标注状态", "item_id": item,
              "owner_id": desk.actor.id, "due_date": "2026-04-15", **more}  # fmt: skip
    return meetings.save_point(desk, meeting, None, values).value


def point(desk: Desk, meeting: int, place: int = 0) -> Point:
    return meetings.get(desk, meeting).points[place]


def measures(desk: Desk, item: int) -> list[dict[str, Any]]:
    return item_rows.parts(desk.reader, item, "action")


class TestForms:
    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"title": " ", "held_on": "2026-04-01"}, "title"),
            ({"title": "长" * 101, "held_on": "2026-04-01"}, "title"),
            ({"title": "复盘会", "held_on": "2026-4-1"}, "held_on"),
            ({"title": "复盘会", "held_on": None}, "held_on"),
        ],
    )
    def test_a_bad_meeting_is_refused(self, desk: Desk, values: dict[str, Any], field: str) -> None:
        with pytest.raises(ProblemsError) as caught:
            meetings.save(desk, None, values)
        assert [p.field for p in caught.value.problems] == [field]
        assert meetings.listed(desk) == []

    @pytest.mark.parametrize(
        ("change", "field"),
        [({"text": ""}, "text"), ({"kind": "joke"}, "kind"), ({"due_date": "soon"}, "due_date"),
         ({"text": "长" * 501}, "text")],
    )  # fmt: skip
    def test_a_bad_point_is_refused(self, desk: Desk, change: dict[str, Any], field: str) -> None:
        meeting = a_meeting(desk)
        with pytest.raises(ProblemsError) as caught:
            a_decision(desk, meeting, None, **change)
        assert [p.field for p in caught.value.problems] == [field]

    def test_points_keep_their_order_and_can_be_moved(self, desk: Desk) -> None:
        meeting = a_meeting(desk)
        keys = [a_decision(desk, meeting, None, text=text) for text in "甲乙丙"]

        def order() -> str:
            return "".join(p.text for p in meetings.get(desk, meeting).points)

        assert order() == "甲乙丙"
        meetings.move(desk, keys[2], -1)
        assert order() == "甲丙乙"
        meetings.move(desk, keys[0], -1)  # already the first
        assert order() == "甲丙乙"
        meetings.remove_point(desk, keys[0])
        assert order() == "丙乙"
        undo.undo(desk)
        assert order() == "甲丙乙"

    def test_removed_as_a_whole_and_brought_back(self, desk: Desk) -> None:
        meeting = a_meeting(desk)
        a_decision(desk, meeting, None)
        meetings.remove(desk, meeting)
        assert meetings.listed(desk) == []
        with pytest.raises(UserError, match="deleted"):
            meetings.get(desk, meeting)
        undo.undo(desk)
        assert len(meetings.get(desk, meeting).points) == 1

    def test_only_who_may_edit_improvements_writes(self, desk: Desk) -> None:
        viewer = settings.add_person(desk, "总经理", [Role.VIEWER]).value
        desk.act_as(viewer)
        with pytest.raises(UserError):
            a_meeting(desk)


class TestMeasures:
    def test_a_decision_becomes_a_measure_in_one_step(self, desk: Desk) -> None:
        item, meeting = an_item(desk), a_meeting(desk)
        key = a_decision(desk, meeting, item)
        made = meetings.make_measure(desk, key).value
        (measure,) = measures(desk, item)
        assert (measure["id"], measure["text"], measure["due_date"]) == (
            made, "签收后30分钟内标注状态", "2026-04-15",
        )  # fmt: skip
        shown = point(desk, meeting)
        assert (shown.action_id, shown.action_state) == (made, "todo")
        undo.undo(desk)
        assert measures(desk, item) == []
        assert point(desk, meeting).action_id is None
        undo.redo(desk)
        assert point(desk, meeting).action_id == made

    def test_never_a_second_time(self, desk: Desk) -> None:
        item, meeting = an_item(desk), a_meeting(desk)
        key = a_decision(desk, meeting, item)
        meetings.make_measure(desk, key)
        with pytest.raises(UserError, match="CS202604-0001 already"):
            meetings.make_measure(desk, key)
        assert len(measures(desk, item)) == 1

    def test_its_state_is_live_and_done_is_open_no_more(self, desk: Desk) -> None:
        item, meeting = an_item(desk), a_meeting(desk)
        made = meetings.make_measure(desk, a_decision(desk, meeting, item)).value
        assert meetings.listed(desk)[0].open == 1
        improvement_measures.log(desk, made, 40)
        assert point(desk, meeting).action_state == "doing"
        improvement_measures.step(desk, made, "finish")
        assert point(desk, meeting).action_state == "done"
        row = meetings.listed(desk)[0]
        assert (row.decisions, row.open) == (1, 0)

    def test_a_measure_that_was_deleted_can_be_made_again(self, desk: Desk) -> None:
        item, meeting = an_item(desk), a_meeting(desk)
        key = a_decision(desk, meeting, item)
        made = meetings.make_measure(desk, key).value
        with desk.write("taken away") as uow:
            uow.remove("action", made)
        assert point(desk, meeting).action_id is None
        again = meetings.make_measure(desk, key).value
        assert again != made
        assert [m["id"] for m in measures(desk, item)] == [again]

    @pytest.mark.parametrize(
        ("change", "fields"),
        [
            ({"item_id": None}, ["item_id"]),
            ({"owner_id": None, "due_date": None}, ["owner_id", "due_date"]),
            ({"kind": "note"}, ["kind"]),
        ],
    )
    def test_what_is_missing_is_told(
        self, desk: Desk, change: dict[str, Any], fields: list[str]
    ) -> None:
        item, meeting = an_item(desk), a_meeting(desk)
        key = a_decision(desk, meeting, item, **change)
        with pytest.raises(ProblemsError) as caught:
            meetings.make_measure(desk, key)
        assert [p.field for p in caught.value.problems] == fields
        assert measures(desk, item) == []

    def test_an_item_that_is_over_takes_none(self, desk: Desk) -> None:
        item, meeting = an_item(desk), a_meeting(desk)
        improvements.step(desk, item, "void", {"reason": "重复"})
        with pytest.raises(ProblemsError) as caught:
            meetings.make_measure(desk, a_decision(desk, meeting, item))
        assert [p.code for p in caught.value.problems] == ["over"]

    def test_a_made_decision_keeps_its_item(self, desk: Desk) -> None:
        item, meeting = an_item(desk), a_meeting(desk)
        key = a_decision(desk, meeting, item)
        meetings.make_measure(desk, key)
        values = {"kind": "note", "text": "改了", "item_id": item}
        with pytest.raises(ProblemsError):
            meetings.save_point(desk, meeting, key, values)

    def test_settled_without_a_measure(self, desk: Desk) -> None:
        meeting = a_meeting(desk)
        key = a_decision(desk, meeting, None)
        meetings.settle(desk, key, settled=True)
        assert not point(desk, meeting).is_open
        meetings.settle(desk, key, settled=False)
        assert point(desk, meeting).is_open
        note = a_decision(desk, meeting, None, kind="note")
        with pytest.raises(UserError, match="without a measure"):
            meetings.settle(desk, note, settled=True)


class TestAgenda:
    def test_what_waits_in_order_and_each_item_once(self, desk: Desk, clock: FixedClock) -> None:
        late, stuck = an_item(desk, "逾期又受阻"), an_item(desk, "受阻")
        waiting, fresh = an_item(desk, "验证中"), an_item(desk, "新的")
        for item, due in ((late, "2026-03-31"), (stuck, "2026-05-31")):
            key = improvement_measures.add(
                desk, item, {"text": "做", "owner_id": desk.actor.id, "due_date": due}
            ).value
            improvement_measures.step(desk, key, "start")
            improvement_measures.step(desk, key, "block", {"note": "等采购"})
        with desk.write("as far as this", kind="system") as uow:
            uow.update("improvement_item", waiting, {"status": "verifying"})
        found = [(e.reason, e.item_id) for e in meetings.agenda(desk)]
        assert found == [
            (Reason.OVERDUE, late), (Reason.BLOCKED, stuck), (Reason.VERIFYING, waiting),
            (Reason.NEW, fresh),
        ]  # fmt: skip
        assert meetings.agenda(desk)[0].text == "Overdue (late measures: 1)"
        a_meeting(desk)  # today: what was found before it is new no more
        assert (Reason.NEW, fresh) not in [(e.reason, e.item_id) for e in meetings.agenda(desk)]
        clock.at = NOW + DAY
        newer = an_item(desk, "昨天以后")
        assert (Reason.NEW, newer) in [(e.reason, e.item_id) for e in meetings.agenda(desk)]

    def test_open_decisions_come_first_and_are_the_same_everywhere(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        item, first = an_item(desk), a_meeting(desk)
        a_decision(desk, first, item, text="要做的")
        done = a_decision(desk, first, None, text="做完的")
        meetings.settle(desk, done, settled=True)
        a_decision(desk, first, None, kind="note", text="说过的")
        clock.at = NOW + 7 * DAY
        (entry,) = meetings.agenda(desk)
        assert (entry.reason, entry.text, entry.item_id) == (Reason.CARRIED, "要做的", item)
        second = a_meeting(desk, "2026-04-08", [entry])
        clock.at = NOW + 14 * DAY
        third = a_meeting(desk, "2026-04-15", meetings.agenda(desk))
        # made a measure in the second meeting, it is one in all three
        made = meetings.make_measure(desk, point(desk, second).id).value
        for meeting in (first, second, third):
            assert point(desk, meeting).action_id == made
            with pytest.raises(UserError, match="already"):
                meetings.make_measure(desk, point(desk, meeting).id)
        assert len(measures(desk, item)) == 1

    def test_a_carried_decision_is_settled_everywhere(self, desk: Desk, clock: FixedClock) -> None:
        first = a_meeting(desk)
        a_decision(desk, first, None)
        clock.at = NOW + 7 * DAY
        second = a_meeting(desk, "2026-04-08", meetings.agenda(desk))
        meetings.settle(desk, point(desk, second).id, settled=True)
        assert not point(desk, first).is_open
        assert meetings.agenda(desk) == []

    def test_nothing_waits(self, desk: Desk) -> None:
        assert meetings.agenda(desk) == []


class TestMinutes:
    def test_as_text_for_a_chat_group(self, desk: Desk) -> None:
        item, meeting = an_item(desk), a_meeting(desk)
        meetings.save_point(desk, meeting, None,
                            {"kind": "note", "text": "六成延误未及时录入", "item_id": None})  # fmt: skip
        meetings.make_measure(desk, a_decision(desk, meeting, item))
        assert meeting_sheet.minutes(desk, meeting).splitlines() == [
            "售后问题复盘会 2026-04-01",
            "Chair: 周敏",
            "Present: 周敏, 仓储部 马师傅",
            "1. 六成延误未及时录入",
            "2. [GS202604-001] 签收后30分钟内标注状态 (周敏; 2026-04-15; CS202604-0001 To do)",
        ]

    def test_as_a_page(self, desk: Desk, tmp_path: Path) -> None:
        from pypdf import PdfReader

        item, meeting = an_item(desk), a_meeting(desk)
        a_decision(desk, meeting, item)
        target = tmp_path / "minutes.pdf"
        assert meeting_sheet.write(desk, meeting, target, "zh_CN", ImmediateContext()) == 1
        text = PdfReader(target).pages[0].extract_text()
        assert "售后问题复盘会" in text
        assert "签收后30分钟内标注状态" in text
        assert "GS202604-001" in text

    def test_a_page_without_points_says_so(self, desk: Desk) -> None:
        data = meeting_sheet.collect(desk, a_meeting(desk), "en")
        assert {"Nothing was noted.", "Nothing was decided."} <= set(data.texts())
        assert translator("en")("Nothing was decided.") == "Nothing was decided."


def test_the_next_meeting_expects_who_came_to_the_last(desk: Desk) -> None:
    assert meetings.last_people(desk) == []
    other = settings.add_person(desk, "小王", [Role.AGENT]).value
    values = {"title": "复盘会", "held_on": "2026-03-01", "people": [desk.actor.id, other]}
    meetings.save(desk, None, values)
    assert meetings.last_people(desk) == [desk.actor.id, other]
    settings.change_person(desk, other, "小王", [Role.AGENT], active=False)
    assert meetings.last_people(desk) == [desk.actor.id]
