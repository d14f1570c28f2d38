from hypothesis import given
from hypothesis import strategies as st

from svcdesk.store import index_rows
from svcdesk.store.keys import EPOCH_MS, compose

KEYS = st.integers(0, (1 << 63) - 1)


@given(KEYS)
def test_a_row_leads_back_to_its_key(key: int) -> None:
    row = index_rows.row_of(key)
    assert 0 <= row < 1 << 63
    assert index_rows.key_of(row) == key


def test_records_made_one_after_the_other_are_neighbours() -> None:
    last = compose(EPOCH_MS + 7, 40_000, 63)
    following = compose(EPOCH_MS + 8, 40_000, 0)
    assert index_rows.row_of(following) - index_rows.row_of(last) == 1


@given(KEYS)
def test_sql_says_the_same(key: int) -> None:
    import sqlcipher3

    connection = sqlcipher3.connect(":memory:")
    row, back = connection.execute(
        f"SELECT {index_rows.sql_row('key')}, {index_rows.sql_key(index_rows.sql_row('key'))} "
        "FROM (SELECT ? AS key)",
        (key,),
    ).fetchone()
    connection.close()
    assert (row, back) == (index_rows.row_of(key), key)
