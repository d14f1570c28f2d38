"""Keys that are unique over all PCs and sort by creation (decisions.md 5).

41 bits of milliseconds since 2020-01-01 UTC, 16 bits of station, 6 bits of sequence: 63 bits, so
every key is a positive SQLite integer. The generator only moves forward: over a clock set back,
over stamps read from other stations, and by borrowing the next millisecond when one is full. The
same numbers stamp operations, which makes them a hybrid logical clock.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

EPOCH_MS = 1_577_836_800_000  # 2020-01-01T00:00:00Z
STATION_BITS = 16
SEQUENCE_BITS = 6
_PER_MS = 1 << SEQUENCE_BITS


def compose(ms: int, station: int, sequence: int) -> int:
    """Return the key of ``sequence`` in millisecond ``ms`` (since 1970) at ``station``."""
    return (
        ((ms - EPOCH_MS) << (STATION_BITS + SEQUENCE_BITS)) | (station << SEQUENCE_BITS) | sequence
    )


def moment_ms(key: int) -> int:
    """Return the millisecond since 1970 that ``key`` carries."""
    return (key >> (STATION_BITS + SEQUENCE_BITS)) + EPOCH_MS


def station_of(key: int) -> int:
    """Return the station that made ``key``."""
    return (key >> SEQUENCE_BITS) & ((1 << STATION_BITS) - 1)


class KeyGenerator:
    """Make keys for one station; thread-safe."""

    def __init__(self, station: int, now_ms: Callable[[], int], last: int = 0) -> None:
        self._station = station
        self._now_ms = now_ms
        self._ms = moment_ms(last) if last else 0
        self._next = _PER_MS  # a full millisecond: the first key begins a new one
        self._lock = threading.Lock()

    def next(self) -> int:
        """Return a key greater than all before."""
        with self._lock:
            return self._step()

    def take(self, count: int) -> list[int]:
        """Return ``count`` ascending keys."""
        with self._lock:
            step = self._step
            return [step() for _ in range(count)]

    @property
    def last(self) -> int:
        """Return a key that is not below any given away so far."""
        return compose(self._ms, (1 << STATION_BITS) - 1, _PER_MS - 1)

    def _step(self) -> int:
        if self._next >= _PER_MS:
            self._ms = max(self._ms + 1, self._now_ms(), EPOCH_MS)
            self._next = 0
        key = compose(self._ms, self._station, self._next)
        self._next += 1
        return key

    def observe(self, key: int) -> None:
        """Move past a stamp made elsewhere, so that later ones sort after it."""
        with self._lock:
            if moment_ms(key) >= self._ms:
                self._ms = moment_ms(key)
                self._next = _PER_MS
