"""Where a record stands in the search index: its key, rearranged so that neighbours lie close.

FTS5 stores the distance from hit to hit. In a key (``keys.py``) the station stands between the
millisecond and the sequence, so that records made one after the other lie four million apart as
soon as the millisecond changes. With the station in front they are neighbours: the same index of
a million tickets needs less than two thirds of the room. The records of one station keep
their order.
"""

from __future__ import annotations

from svcdesk.store.keys import SEQUENCE_BITS, STATION_BITS

_SEQUENCE = (1 << SEQUENCE_BITS) - 1
_STATION = (1 << STATION_BITS) - 1
_MOMENT_SHIFT = SEQUENCE_BITS + STATION_BITS
_STATION_SHIFT = 63 - STATION_BITS
_REST = (1 << _STATION_SHIFT) - 1


def row_of(key: int) -> int:
    """Return the row of the index that holds the record ``key``."""
    return (
        ((key >> SEQUENCE_BITS & _STATION) << _STATION_SHIFT)
        | ((key >> _MOMENT_SHIFT) << SEQUENCE_BITS)
        | (key & _SEQUENCE)
    )


def key_of(row: int) -> int:
    """Return the key of the record in a row of the index; the inverse of :func:`row_of`."""
    return (
        (((row & _REST) >> SEQUENCE_BITS) << _MOMENT_SHIFT)
        | ((row >> _STATION_SHIFT) << SEQUENCE_BITS)
        | (row & _SEQUENCE)
    )


def sql_row(key: str) -> str:
    """Return :func:`row_of` as an SQL expression over the column ``key``."""
    return (
        f"((({key} >> {SEQUENCE_BITS} & {_STATION}) << {_STATION_SHIFT}) | "
        f"(({key} >> {_MOMENT_SHIFT}) << {SEQUENCE_BITS}) | ({key} & {_SEQUENCE}))"
    )


def sql_key(row: str = "rowid") -> str:
    """Return :func:`key_of` as an SQL expression over the column ``row``."""
    return (
        f"(((({row} & {_REST}) >> {SEQUENCE_BITS}) << {_MOMENT_SHIFT}) | "
        f"(({row} >> {_STATION_SHIFT}) << {SEQUENCE_BITS}) | ({row} & {_SEQUENCE}))"
    )
