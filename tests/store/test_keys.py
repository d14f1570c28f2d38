from hypothesis import given
from hypothesis import strategies as st

from svcdesk.store.keys import EPOCH_MS, KeyGenerator, compose, moment_ms, station_of


def test_layout_by_hand() -> None:
    # 1 ms after the epoch, station 1, sequence 1: 1·2^22 + 1·2^6 + 1
    assert compose(EPOCH_MS + 1, 1, 1) == 4194304 + 64 + 1
    key = compose(EPOCH_MS + 5, 65535, 63)
    assert moment_ms(key) == EPOCH_MS + 5
    assert station_of(key) == 65535
    assert 0 < compose(EPOCH_MS + 2**41 - 1, 65535, 63) < 2**63


@given(
    st.lists(st.integers(EPOCH_MS, EPOCH_MS + 10_000), min_size=1, max_size=40),
    st.integers(1, 200),
)
def test_keys_only_grow_whatever_the_clock_does(times: list[int], burst: int) -> None:
    moments = iter(times * (burst + 1))
    keys = KeyGenerator(7, lambda: next(moments, times[-1]))
    made = [keys.next() for _ in range(burst * len(times))]
    assert made == sorted(set(made))
    assert {station_of(key) for key in made} == {7}


def test_full_millisecond_borrows_the_next() -> None:
    keys = KeyGenerator(3, lambda: EPOCH_MS + 100)
    made = keys.take(65)
    assert [moment_ms(key) - EPOCH_MS for key in (made[0], made[63], made[64])] == [100, 100, 101]


def test_moves_past_stamps_of_other_stations() -> None:
    keys = KeyGenerator(3, lambda: EPOCH_MS + 100)
    foreign = compose(EPOCH_MS + 900, 9, 5)
    keys.observe(foreign)
    assert keys.next() > foreign


def test_last_covers_everything_given_away() -> None:
    keys = KeyGenerator(3, lambda: EPOCH_MS + 100)
    made = keys.take(200)
    again = KeyGenerator(3, lambda: EPOCH_MS + 100, keys.last)
    assert again.next() > max(made)
