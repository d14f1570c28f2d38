import string
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from svcdesk.services.desk import Desk
from svcdesk.store import search
from svcdesk.store.segment import (
    fold,
    holds,
    initials,
    is_exact,
    match_query,
    segment,
    segment_many,
)

# few characters, so that words meet often; traditional, full-width and Latin among them
ALPHABET = "退款發发票甲醛空调制冷２5aB 。,"


def test_folding_by_hand() -> None:
    assert fold("ＡＢＣ１２３") == "abc123"
    assert fold("發票") == "发票"
    assert initials("张晓明") == "zxm"
    assert initials("Anna Maria Rossi") == "amr"
    assert segment("空调E1不制冷").split() == ["空调", "调", "e1", "不制", "制冷", "冷"]
    assert match_query("退款") == '"退款"'
    assert match_query("退") == '"退" *'
    assert match_query("洗衣机") == '"洗衣" AND "衣机"'
    assert match_query("空调E1") == '"空调" AND "e1" *'
    assert match_query("GD2026-0001 漏") == '"gd2026" AND "0001" * AND "漏" *'
    assert match_query("GD2026") == '"gd2026" *'
    assert match_query("。，") == ""


def test_a_repeated_character_is_not_decided_by_its_one_pair() -> None:
    assert match_query("哈哈哈") == '"哈哈"'
    assert not is_exact("哈哈哈")
    assert holds("哈哈哈", "他哈哈哈大笑")
    assert not holds("哈哈哈", "他哈哈一笑")


def test_the_table_of_simplified_characters_is_what_the_library_says() -> None:
    import opencc

    # one by one: the converter would take neighbours for phrases
    for traditional, simplified in zip("發票滾筒機漏電鬆", "发票滚筒机漏电松", strict=True):
        assert fold(traditional) == simplified == opencc.OpenCC("t2s").convert(traditional)
    assert (
        subprocess.run([sys.executable, "build/simplified.py", "--check"], check=False).returncode
        == 0
    )


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.text(ALPHABET, min_size=1, max_size=30), min_size=1, max_size=12),
    word=st.text("退款发票甲醛空调制冷", min_size=1, max_size=4),
)
def test_index_finds_exactly_what_contains_finds(texts: list[str], word: str) -> None:
    import sqlcipher3

    connection = sqlcipher3.connect(":memory:", isolation_level=None)
    connection.execute(
        "CREATE VIRTUAL TABLE search_index USING fts5 (body, content = '', contentless_delete = 1, "
        'detail = none, tokenize = "unicode61 remove_diacritics 0")'
    )
    connection.executemany(
        "INSERT INTO search_index (rowid, body) VALUES (?, ?)",
        [(i, segment(text)) for i, text in enumerate(texts)],
    )
    hits = {
        row[0]
        for row in connection.execute(
            "SELECT rowid FROM search_index WHERE search_index MATCH ?", (match_query(word),)
        )
    }
    connection.close()
    wanted = {i for i, text in enumerate(texts) if search.contains(text, word)}
    if is_exact(word):  # one and two characters need no second look
        assert hits == wanted
    assert wanted == {i for i in hits if holds(word, texts[i])}


@settings(deadline=None)
@given(st.lists(st.text(ALPHABET + "ß①𠮷㍿ｶﾞ　\t", max_size=20), min_size=1, max_size=8))
def test_many_at_once_give_the_same_words(texts: list[str]) -> None:
    assert [one.split() for one in segment_many(texts)] == [segment(one).split() for one in texts]


def test_new_records_are_found_at_once(desk: Desk) -> None:
    with desk.write("Add") as uow:
        key = uow.insert("product", {"product_no": "P1", "name": "滾筒洗衣機"})
    assert search.find(desk.reader, "洗衣机", ["product"]) == [(key, "product")]
    with desk.write("Change") as uow:
        uow.update("product", key, {"name": "冰箱"})
    assert search.find(desk.reader, "洗衣机", ["product"]) == []
    assert search.find(desk.reader, "冰", ["product"]) == [(key, "product")]


def test_queries_of_any_characters_never_fail(desk: Desk) -> None:
    for text in [*string.punctuation, '"', "a AND", "NEAR(", "*", "退*款", "x:y", "（）", "\x00"]:
        search.find(desk.reader, text, ["ticket"])
