"""Training records: typed, pasted, counted, and taken over as figures (domain.md 2.16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from svcdesk.domain.people import Role
from svcdesk.domain.training import Share
from svcdesk.i18n.catalog import translator
from svcdesk.services import (
    dashboards,
    settings,
    training_figures,
    training_typing,
    trainings,
    typed_figures,
    undo,
)
from svcdesk.store import report_rows
from svcdesk.system.errors import ProblemsError, UserError

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk

NAMES = ("李晓彤", "王立群", "何志远")


@pytest.fixture
def team(desk: Desk) -> dict[str, int]:
    """Three agents beside the administrator who made the file."""
    return {name: settings.add_person(desk, name, [Role.AGENT]).value for name in NAMES}


def a_training(desk: Desk, **more: Any) -> int:
    values = {
        "title": "非暴力沟通",
        "held_on": "2026-03-12",
        "minutes": 90,
        "pass_mark": 80,
        **more,
    }
    return trainings.save(desk, None, values).value


def seats(desk: Desk, key: int) -> dict[int, tuple[Any, ...]]:
    return {
        s.person_id: (s.attended, s.score, s.typed_passed, s.days)
        for s in trainings.get(desk, key).row.held.seats
    }


class TestForm:
    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"title": ""}, "title"), ({"held_on": "三月"}, "held_on"), ({"kind": "party"}, "kind"),
            ({"minutes": -1}, "minutes"), ({"minutes": 1.5}, "minutes"),
            ({"pass_mark": 101}, "pass_mark"), ({"people": []}, "people"),
        ],
    )  # fmt: skip
    @pytest.mark.usefixtures("team")
    def test_bad_input_is_told_at_its_field(
        self, desk: Desk, change: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(ProblemsError) as caught:
            a_training(desk, **change)
        assert [p.field for p in caught.value.problems] == [field]
        assert trainings.listed(desk) == []

    def test_those_who_work_on_cases_are_expected(self, desk: Desk, team: dict[str, int]) -> None:
        settings.add_person(desk, "总经理", [Role.VIEWER])
        gone = settings.add_person(desk, "离职", [Role.AGENT]).value
        settings.change_person(desk, gone, "离职", [Role.AGENT], active=False)
        expected = {p.id for p in desk.reference.people.values()
                    if p.active and set(p.roles) & {Role.AGENT, Role.TECH, Role.CALLBACK}}  # fmt: skip
        assert set(team.values()) <= expected
        assert set(seats(desk, a_training(desk))) == expected

    def test_people_come_and_go_and_results_stay(self, desk: Desk, team: dict[str, int]) -> None:
        one, two, three = team.values()
        key = a_training(desk, people=[one, two])
        trainings.save_seats(desk, key, {one: {"score": 90}})
        values = {**trainings.get(desk, key).training, "people": [one, three]}
        trainings.save(desk, key, values)
        assert seats(desk, key) == {one: (True, 90, None, None), three: (None, None, None, None)}
        undo.undo(desk)
        assert set(seats(desk, key)) == {one, two}

    def test_removed_and_brought_back(self, desk: Desk, team: dict[str, int]) -> None:
        key = a_training(desk, people=list(team.values()))
        trainings.remove(desk, key)
        assert trainings.listed(desk) == []
        with pytest.raises(UserError, match="deleted"):
            trainings.get(desk, key)
        undo.undo(desk)
        assert len(seats(desk, key)) == 3


class TestFigures:
    def test_of_a_month_and_a_quarter_pooled(self, desk: Desk, team: dict[str, int]) -> None:
        one, two, three = team.values()
        first = a_training(desk, people=[one, two, three])
        trainings.save_seats(desk, first, {one: {"score": 90}, two: {"score": 70},
                                           three: {"attended": 0}})  # fmt: skip
        second = a_training(desk, title="系统", held_on="2026-02-10", people=[one], pass_mark=None)
        trainings.save_seats(desk, second, {one: {"attended": 1}})
        march = trainings.summary(desk, dashboards.period_of(desk, "2026-03"))
        assert (march.coverage, march.exams) == (Share(2, 3), Share(1, 2))
        quarter = trainings.summary(desk, dashboards.period_of(desk, "2026-Q1"))
        assert (quarter.coverage, quarter.exams) == (Share(3, 4), Share(1, 2))
        assert trainings.summary(desk, dashboards.period_of(desk, "2026-01")).coverage.den == 0

    def test_what_is_still_to_come_is_not_counted(self, desk: Desk, team: dict[str, int]) -> None:
        a_training(desk, held_on="2026-04-02", people=list(team.values()))
        april = trainings.summary(desk, dashboards.period_of(desk, "2026-04"))
        assert (april.trainings, april.coverage.den) == (0, 0)
        assert trainings.needs(desk) == []

    def test_who_needs_what(self, desk: Desk, team: dict[str, int]) -> None:
        one, two, _three = team.values()
        key = a_training(desk, people=[one, two])
        trainings.save_seats(desk, key, {one: {"score": 60}, two: {"attended": 0}})
        assert [(n.person_id, n.failed) for n in trainings.needs(desk)] == [
            (one, True), (two, False),
        ]  # fmt: skip


class TestTyping:
    def test_cells_good_and_bad(self, desk: Desk, team: dict[str, int]) -> None:
        one, two, three = (str(key) for key in team.values())
        key = a_training(desk, people=list(team.values()))
        edits = {
            (one, "score"): "85", (one, "attended"): "是", (two, "score"): "101",
            (two, "attended"): "maybe", (three, "passed"): "yes", (three, "attended"): "否",
        }  # fmt: skip
        outcome = training_typing.save(desk, key, edits, translator("en"))
        assert {(b.row, b.column): b.sentence for b in outcome.value} == {
            (two, "score"): "A score is a whole number from 0 to 100, not “101”.",
            (two, "attended"): "Write yes or no, not “maybe”.",
            (three, "passed"): "Whether it was passed follows from the score and the pass mark 80.",
        }
        assert seats(desk, key)[team["李晓彤"]] == (True, 85, None, None)
        assert seats(desk, key)[team["何志远"]] == (False, None, None, None)
        undo.undo(desk)
        assert seats(desk, key)[team["李晓彤"]] == (None, None, None, None)

    def test_an_emptied_cell_is_nothing_known(self, desk: Desk, team: dict[str, int]) -> None:
        one = team["李晓彤"]
        key = a_training(desk, people=[one])
        trainings.save_seats(desk, key, {one: {"score": 90}})
        training_typing.save(desk, key, {(str(one), "score"): ""})
        assert seats(desk, key)[one] == (True, None, None, None)

    def test_the_grid_shows_days_for_onboarding_only(
        self, desk: Desk, team: dict[str, int]
    ) -> None:
        one = team["李晓彤"]
        course = a_training(desk, people=[one])
        entry = a_training(desk, people=[one], kind="onboarding")
        trainings.save_seats(desk, entry, {one: {"score": 80, "days": 5}})

        def shown(key: int) -> Any:
            return training_typing.grid(desk, trainings.get(desk, key), translator("en"))

        assert [c.key for c in shown(course).columns] == ["attended", "score", "passed"]
        grid = shown(entry)
        assert grid.rows == ((str(one), "李晓彤"),)
        assert {column: text for (_row, column), text in grid.cells.items()} == {
            "attended": "yes", "score": "80", "passed": "yes", "days": "5",
        }  # fmt: skip


class TestPaste:
    def read(self, desk: Desk, text: str) -> tuple[dict[str, dict[str, Any]], tuple[str, ...]]:
        found = training_typing.read_paste(desk, text, translator("en"))
        names = desk.reference.people
        return {names[key].name: values for key, values in found.seats.items()}, found.wrong

    @pytest.mark.usefixtures("team")
    def test_names_and_scores_as_a_spreadsheet_copies_them(self, desk: Desk) -> None:
        text = "姓名\t成绩\r\n李晓彤\t92\r\n王立群\t85分\r\n何志远\t缺席\r\n"
        assert self.read(desk, text) == (
            {
                "李晓彤": {"attended": 1, "score": 92}, "王立群": {"attended": 1, "score": 85},
                "何志远": {"attended": 0},
            },
            (),
        )  # fmt: skip

    @pytest.mark.usefixtures("team")
    def test_days_stand_third_and_commas_do_as_well(self, desk: Desk) -> None:
        assert self.read(desk, "李晓彤，90，5天\n王立群 88")[0] == {
            "李晓彤": {"attended": 1, "score": 90, "days": 5},
            "王立群": {"attended": 1, "score": 88},
        }

    @pytest.mark.usefixtures("team")
    def test_what_is_not_understood_is_told(self, desk: Desk) -> None:
        found, wrong = self.read(desk, "李晓\t92\n王立群\t120\n何志远\tgood")
        assert found == {}
        assert wrong == (
            "Nobody here is called 李晓.",
            "王立群: A score is a whole number from 0 to 100, not “120”.",
            "何志远: A score is a whole number from 0 to 100, not “good”.",
        )

    def test_a_name_that_two_people_have_is_not_guessed(
        self, desk: Desk, team: dict[str, int]
    ) -> None:
        settings.add_person(desk, "李晓彤", [Role.TECH])
        found, wrong = self.read(desk, "李晓彤\t92")
        assert (found, wrong) == ({}, ("Two people are called 李晓彤: type the score by hand.",))
        assert len(team) == 3

    def test_somebody_not_expected_comes_in(self, desk: Desk, team: dict[str, int]) -> None:
        key = a_training(desk, people=[team["李晓彤"]])
        found = training_typing.read_paste(desk, "王立群\t88")
        trainings.save_seats(desk, key, found.seats)
        assert seats(desk, key)[team["王立群"]] == (True, 88, None, None)


class TestTakeOver:
    def test_of_a_month_with_its_source_in_one_step(self, desk: Desk, team: dict[str, int]) -> None:
        one, two, three = team.values()
        course = a_training(desk, people=[one, two, three])
        trainings.save_seats(desk, course, {one: {"attended": 1}, two: {"attended": 1},
                                            three: {"attended": 0}})  # fmt: skip
        entry = a_training(desk, kind="onboarding", people=[one, two])
        trainings.save_seats(desk, entry, {one: {"score": 90, "days": 5},
                                           two: {"score": 70, "days": 6}})  # fmt: skip
        offered = training_figures.news(desk, "2026-03")
        assert [(r.key, r.shown, r.of) for r in offered] == [
            ("training_coverage", "80.0", "4/5"), ("newcomer_pass", "50.0", "1/2"),
            ("newcomer_days", "5.5", "n=2"),
        ]  # fmt: skip
        assert training_figures.take_over(desk, "2026-03").value == 3
        assert report_rows.typed_figures(desk.reader, "2026-03") == {
            "training_coverage": 80.0, "newcomer_pass": 50.0, "newcomer_days": 5.5,
        }  # fmt: skip
        assert (
            typed_figures.note_of(desk, "training_coverage", "2026-03") == "Training records: 4/5"
        )
        assert training_figures.news(desk, "2026-03") == []
        undo.undo(desk)
        assert report_rows.typed_figures(desk.reader, "2026-03") == {}

    def test_nothing_held_nothing_offered(self, desk: Desk) -> None:
        assert training_figures.news(desk, "2026-03") == []
        assert training_figures.take_over(desk, "2026-03").value == 0
