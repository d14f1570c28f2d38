from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.reports.pdf.fonts import (
    NOT_FIRST,
    NOT_LAST,
    chunks,
    fit,
    missing_glyphs,
    printable,
    width,
    wrap,
)

TEXT = st.text("客户满意度均分，。（）《》“”：；95%≥abc 12.5", min_size=1, max_size=120)


def test_punctuation_stays_with_its_words() -> None:
    text = "解决及时率为82.2%，未达目标（≥95%），差距12.8个百分点。一次性解决率为96.0%，达到目标（≥85%）。"
    for room in range(100, 400, 7):
        lines = wrap(text, 10.5, room)
        assert "".join(lines) == text
        for line in lines:
            assert line[0] not in NOT_FIRST
            assert line[-1] not in NOT_LAST


@settings(max_examples=60, deadline=None)
@given(TEXT, st.integers(40, 300))
def test_nothing_is_lost_and_nothing_too_wide(text: str, room: int) -> None:
    lines = wrap(text, 10, room)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    # a unit longer than the line is cut, everything else fits
    assert all(width(line, 10) <= room or len(line) <= 2 for line in lines)


def test_numbers_and_words_are_not_broken() -> None:
    lines = wrap("工单 GD202610-0042 超时", 10, 75)
    assert any("GD202610-0042" in line for line in lines)


def test_cutting_to_width() -> None:
    short = fit("客户表示已经使用多年", 9, 60)
    assert short.endswith("…")
    assert width(short, 9) <= 60
    assert fit("短", 9, 60) == "短"


def test_characters_that_the_font_lacks_are_named_and_marked() -> None:
    assert missing_glyphs(["正常", "𠮷野家", "✗"]) == ["𠮷", "✗"]
    assert printable("𠮷野家") == "〓野家"
    assert missing_glyphs(["①€≥≤℃°％，。（）※●◇↑↓—–…　"]) == []


def test_punctuation_that_meets_takes_one_half_less() -> None:
    em = width("中", 10)
    assert width("（≥4.20），差", 10) == width("（≥4.20）", 10) + em / 2 + em
    assert width("。“改”", 10) == 3.5 * em
    assert width("）））", 10) == 2 * em
    assert width("中，文", 10) == 3 * em
    assert chunks("（甲），乙。“丙”") == ["（甲）", "，乙。", "“丙”"]


def test_quotation_marks_are_straight_among_latin_letters_only() -> None:
    assert printable("the “early” one’s") == 'the "early" one\'s'
    assert printable("写“early”") == "写“early”"
