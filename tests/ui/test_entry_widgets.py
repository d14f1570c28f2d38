"""Scores by digit, forms that never write, a search that leaves input methods alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from svcdesk.domain.problem import Problem
from ui.models.choices import Choice
from ui.widgets.editors import (
    ChoiceField,
    LongTextField,
    ManyField,
    MoneyField,
    TextField,
    TimeField,
)
from ui.widgets.form import Form
from ui.widgets.score_input import Question, Scale, ScoreGroup
from ui.widgets.search_box import SearchBox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

FIVE = Scale(1, 5, ("very bad", "bad", "fair", "good", "very good"))


@pytest.fixture
def scores(qtbot: QtBot) -> ScoreGroup:
    group = ScoreGroup(
        [Question("a", "Overall", FIVE), Question("b", "Speed", FIVE), Question("c", "Skill", FIVE)]
    )
    qtbot.addWidget(group)
    group.show()
    group.setFocus()
    return group


def test_scores_are_never_filled_in_beforehand(scores: ScoreGroup) -> None:
    assert scores.values() == {"a": None, "b": None, "c": None}
    assert scores.blank() == ["Overall", "Speed", "Skill"]


def test_digit_sets_and_moves_on(qtbot: QtBot, scores: ScoreGroup) -> None:
    with qtbot.waitSignal(scores.finished):
        for key in (Qt.Key.Key_4, Qt.Key.Key_5, Qt.Key.Key_1):
            qtbot.keyClick(scores, key)
    assert scores.values() == {"a": 4, "b": 5, "c": 1}


@pytest.mark.parametrize("key", [Qt.Key.Key_0, Qt.Key.Key_6, Qt.Key.Key_9, Qt.Key.Key_T])
def test_digit_outside_the_scale_does_nothing(
    qtbot: QtBot, scores: ScoreGroup, key: Qt.Key
) -> None:
    qtbot.keyClick(scores, key)
    assert scores.values()["a"] is None
    assert scores.active_key == "a"


def test_a_decimal_point_takes_the_score_back(scores: ScoreGroup) -> None:
    told: list[str] = []
    scores.refused.connect(told.append)
    QTest.keyClicks(scores, "4.5")
    assert all(score is None for score in scores.values().values())
    assert len(told) == 1
    QTest.keyClicks(scores, "43")
    assert list(scores.values().values())[:2] == [4, 3]


def test_space_skips_and_backspace_goes_back(qtbot: QtBot, scores: ScoreGroup) -> None:
    qtbot.keyClick(scores, Qt.Key.Key_3)
    qtbot.keyClick(scores, Qt.Key.Key_Space)
    assert scores.values() == {"a": 3, "b": None, "c": None}
    assert scores.active_key == "c"
    qtbot.keyClick(scores, Qt.Key.Key_Backspace)
    qtbot.keyClick(scores, Qt.Key.Key_Backspace)
    assert scores.active_key == "a"
    assert scores.values()["a"] is None


def test_ten_points_by_t_and_zero_is_a_score(qtbot: QtBot) -> None:
    group = ScoreGroup([Question("nps", "Recommend", Scale(0, 10))])
    qtbot.addWidget(group)
    group.show()
    group.setFocus()
    qtbot.keyClick(group, Qt.Key.Key_T)
    assert group.values() == {"nps": 10}
    group.clear()
    qtbot.keyClick(group, Qt.Key.Key_0)
    assert group.values() == {"nps": 0}


def test_input_methods_are_off_for_scores(scores: ScoreGroup) -> None:
    assert not scores.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def test_click_sets_and_second_click_empties(qtbot: QtBot, scores: ScoreGroup) -> None:
    row = scores._rows[1]
    score, box = row.boxes()[2]
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=box.center())
    assert scores.values()["b"] == score == 3
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=box.center())
    assert scores.values()["b"] is None


def test_search_waits_and_ignores_composition(qtbot: QtBot) -> None:
    box = SearchBox("Search")
    qtbot.addWidget(box)
    box.show()
    box.setFocus()
    heard: list[str] = []
    box.searched.connect(heard.append)
    QApplication.sendEvent(box, QInputMethodEvent("kong", []))
    assert box.text() == ""
    commit = QInputMethodEvent()
    commit.setCommitString("空调")
    with qtbot.waitSignal(box.searched):
        QApplication.sendEvent(box, commit)
    assert heard == ["空调"]


def test_search_by_enter_and_esc(qtbot: QtBot) -> None:
    box = SearchBox("Search")
    qtbot.addWidget(box)
    heard: list[str] = []
    box.searched.connect(heard.append)
    box.setText("abc")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert heard == ["abc"]
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: heard == ["abc", ""])


def make_form(qtbot: QtBot) -> Form:
    form = Form(columns=2)
    qtbot.addWidget(form)
    form.add("title", "Title", TextField(), required=True)
    form.add("text", "Text", LongTextField(), span=2)
    form.add("kind", "Kind", ChoiceField([Choice("a", "A"), Choice("b", "B")], "none"))
    form.add("amount", "Amount", MoneyField())
    form.add("at", "At", TimeField("Asia/Shanghai"))
    form.add("many", "Many", ManyField([Choice(1, "one"), Choice(2, "two")], "none"))
    form.show()
    return form


def test_filling_a_form_is_not_an_edit(qtbot: QtBot) -> None:
    form = make_form(qtbot)
    heard: list[str] = []
    form.edited.connect(heard.append)
    values = {
        "title": "x",
        "text": "y",
        "kind": "b",
        "amount": 680_000,
        "at": 1_775_008_800,
        "many": [2],
    }
    form.populate(values)
    assert heard == []
    assert not form.dirty
    assert form.changes() == {}
    assert form.values() == values


def test_edit_is_noticed_and_can_be_taken_back(qtbot: QtBot) -> None:
    form = make_form(qtbot)
    form.populate({"title": "x", "at": 1_775_008_800})
    qtbot.keyClicks(form.editor("title"), "y")
    assert form.dirty
    assert form.changes() == {"title": "xy"}
    qtbot.keyClick(form.editor("title"), Qt.Key.Key_Backspace)
    assert not form.dirty


def test_problem_stands_at_its_field(qtbot: QtBot) -> None:
    form = make_form(qtbot)
    form.populate({})
    rest = form.show_problems(
        [Problem("title", "required", "Enter a title."), Problem("", "x", "Something else.")], str
    )
    assert form.field("title").problem == "Enter a title."
    assert form.field("text").problem == ""
    assert rest == ["Something else."]
    qtbot.keyClicks(form.editor("title"), "a")
    assert form.field("title").problem == ""


def test_required_fields_are_named(qtbot: QtBot) -> None:
    form = make_form(qtbot)
    form.populate({})
    assert form.missing() == ["title"]
    assert form.field("title").problem


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("6,800.00", 680_000),
        ("12.5", 1250),
        ("", None),
        ("7", 700),
        ("abc", "abc"),
        ("1.234", "1.234"),
    ],
)
def test_money_is_fen(qtbot: QtBot, text: str, value: object) -> None:
    field = MoneyField()
    qtbot.addWidget(field)
    field.setText(text)
    assert field.value() == value


def test_wheel_does_not_change_a_choice(qtbot: QtBot) -> None:
    form = make_form(qtbot)
    editor: QWidget = form.editor("kind")
    assert type(editor).wheelEvent is not type(editor).__mro__[1].wheelEvent
