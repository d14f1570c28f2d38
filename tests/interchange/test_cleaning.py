"""Cells as values: text, phones, numbers, scores, words."""

from __future__ import annotations

import pytest

from svcdesk.interchange import cleaning
from svcdesk.interchange.dates import DateReader
from svcdesk.interchange.kinds.model import CSAT_WORDS, choice_names, choice_words
from svcdesk.interchange.problems import Bad


def code_of(value: object) -> str:
    assert isinstance(value, Bad)
    return value.code


def test_text_narrows_digits_letters_and_blanks_but_not_punctuation() -> None:
    assert cleaning.text("　空调ＡＢ１２，出风口25℃。　") == "空调AB12，出风口25℃。"
    assert cleaning.text("大众（进口）") == "大众（进口）"
    assert cleaning.text("\n\t\t第一行\r\n第二行\ufeff ") == "第一行\n第二行"
    assert cleaning.text("   ") is None
    assert cleaning.text(12.0) == "12"


def test_names_are_one_line() -> None:
    assert cleaning.name(" 李  明\n先生　") == "李 明 先生"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("00481850", "00481850"), (482028.0, "482028"), ("482028.0", "482028"), ("４８１９４５", "481945"),
     (13812345678.0, "13812345678"), ("'00123", "00123"), (" GD-1 ", "GD-1"), ("", None)],
)  # fmt: skip
def test_numbers_of_things_stay_text(cell: object, expected: str | None) -> None:
    assert cleaning.code(cell) == expected


@pytest.mark.parametrize("cell", ["1.38E+10", "6.10123E+17", "1.38e+10", 6.10123199001011e17])
def test_scientific_notation_has_lost_digits(cell: object) -> None:
    assert code_of(cleaning.code(cell)) == "scientific"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("138 1234 5678", ["13812345678"]), ("+86-138-1234-5678", ["13812345678"]),
     ("8613812345678", ["13812345678"]), (13812345678.0, ["13812345678"]),
     ("１３８１２３４５６７８", ["13812345678"]), ("010-12345678", ["01012345678"]),
     ("(010)12345678-801", ["01012345678-801"]), ("010-12345678转801", ["01012345678-801"]),
     ("400-800-1234", ["4008001234"]), ("13812345678、13912345678", ["13812345678", "13912345678"]),
     ("13812345678/13812345678", ["13812345678"]), ("12345", ["12345"]), ("", None)],
)  # fmt: skip
def test_phones(cell: object, expected: list[str] | None) -> None:
    assert cleaning.phones(cell) == expected


def test_a_phone_in_scientific_notation_is_refused() -> None:
    assert code_of(cleaning.phones("1.38E+10")) == "scientific"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("5", 5), (4.0, 4), ("４", 4), ("非常满意", 5), ("满意", 4), ("一般", 3), ("不满意", 2),
     ("非常不满意", 1), ("Very satisfied", 5), ("5分", 5), ("4/5", 4), ("", None)],
)  # fmt: skip
def test_scores(cell: object, expected: int | None) -> None:
    assert cleaning.score(1, 5, CSAT_WORDS)(cell) == expected


@pytest.mark.parametrize("cell", ["6", "0", 0, "4.5", 4.5, "-1", "好"])
def test_scores_out_of_the_scale_are_ab07(cell: object) -> None:
    assert code_of(cleaning.score(1, 5, CSAT_WORDS)(cell)) == "AB07"


def test_nps_zero_is_a_score() -> None:
    convert = cleaning.score(0, 10, {})
    assert convert("0") == 0
    assert convert("10") == 10
    assert code_of(convert("11")) == "AB07"


@pytest.mark.parametrize(
    ("cell", "fen"),
    [("1234.5", 123450), ("¥1,234.50", 123450), ("１２３元", 12300), ("1.2万", 1200000), (0.005, 1),
     ("2.675", 268), (99, 9900), ("(12.00)", -1200), ("", None)],
)  # fmt: skip
def test_money_is_exact(cell: object, fen: int | None) -> None:
    assert cleaning.money(cell) == fen


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("是", 1), ("否", 0), ("1", 1), (0.0, 0), ("Y", 1), ("√", 1), ("false", 0), ("", None)],
)
def test_yes_and_no(cell: object, expected: int | None) -> None:
    assert cleaning.boolean(cell) == expected


def test_yes_no_refuses_other_words() -> None:
    assert code_of(cleaning.boolean("也许")) == "not_yes_no"


@pytest.mark.parametrize("cell", ["紧急", "urgent", "Urgent", "ＵＲＧＥＮＴ", " 紧急 "])
def test_words_of_a_closed_list(cell: str) -> None:
    convert = cleaning.choice(choice_words("Priority"), choice_names("Priority"))
    assert convert(cell) == "urgent"


def test_an_unknown_word_names_the_list() -> None:
    found = cleaning.choice(choice_words("Priority"), choice_names("Priority"))("超急")
    assert isinstance(found, Bad)
    assert found.code == "unknown_value"
    assert found.values["allowed"] == "紧急、高、普通、低"


def test_several_words_in_a_cell() -> None:
    assert cleaning.words("H93,H15,") == ["H93", "H15"]
    assert cleaning.words("a、b；a\nc") == ["a", "b", "c"]
    assert cleaning.words(" , ") is None


def test_integers_keep_their_limits() -> None:
    assert cleaning.integer(0, 100)("1,00") == 100
    assert code_of(cleaning.integer(0, 100)("101")) == "out_of_range"
    assert code_of(cleaning.integer()("1.5")) == "not_whole"
    assert code_of(cleaning.integer()("abc")) == "not_a_number"


@pytest.mark.parametrize("cell", ["?", "-", "--", "／", "无", "N/A", "null", "—", "？"])
def test_words_for_nothing_are_blank(cell: str) -> None:
    dates = DateReader("Asia/Shanghai")
    assert dates.moment(cell) is None
    assert dates.day(cell) is None
    assert cleaning.code(cell) is None
    assert cleaning.integer()(cell) is None
    assert cleaning.money(cell) is None
    assert cleaning.score(1, 5, CSAT_WORDS)(cell) is None
    assert cleaning.choice(choice_words("Priority"), [])(cell) is None
    assert cleaning.text(cell) is not None  # in running text it may mean something
    assert cleaning.label(cell) is not None  # and a name is what the value table says it is
