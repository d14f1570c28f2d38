"""Numbers that people say: GD202611-0042. Unique, in order, never reused (domain.md 2)."""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

# prefix of each entity, digits after the month (or digits in all for series without a month)
MONTHLY = {"ticket": ("GD", 4), "complaint": ("TS", 4), "callback": ("HF", 4), "survey": ("DC", 4),
           "improvement_item": ("GS", 3), "action": ("CS", 4), "complaint_group": ("QT", 3)}  # fmt: skip
PLAIN = {"customer": ("KH", 6), "product": ("CP", 5), "knowledge": ("ZS", 5),
         "import_batch": ("DR", 6), "person": ("YH", 3)}  # fmt: skip


def station_letter(connection: Connection) -> str:
    """Return the letter of a station that shares data; alone it has none."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'station_letter'").fetchone()
    return row[0] if row else ""


def _next(connection: Connection, prefix: str, period: str, count: int) -> int:
    row = connection.execute(
        "INSERT INTO number_series (prefix, period, last) VALUES (?, ?, ?) "
        "ON CONFLICT (prefix, period) DO UPDATE SET last = last + excluded.last RETURNING last",
        (prefix, period, count),
    ).fetchone()
    return int(row[0]) - count + 1


def next_number(uow: UnitOfWork, entity: str, at: int, zone: ZoneInfo) -> str:
    """Return the next number of ``entity``; the month is that of ``at`` in the team's zone."""
    letter = station_letter(uow.connection)
    if entity in PLAIN:
        prefix, digits = PLAIN[entity]
        return f"{prefix}{letter}{_next(uow.connection, prefix, '', 1):0{digits}d}"
    prefix, digits = MONTHLY[entity]
    period = datetime.fromtimestamp(at, zone).strftime("%Y%m")
    number = _next(uow.connection, prefix, period, 1)
    return f"{prefix}{letter}{period}-{number:0{digits}d}"


_LATE = 1 << 62


class NumberBlock:
    """Numbers for a bulk load: counts in memory, writes the series once at the end."""

    def __init__(self, uow: UnitOfWork, entity: str, zone: ZoneInfo) -> None:
        self._connection = uow.connection
        self._zone = zone
        self._monthly = entity in MONTHLY
        self._prefix, self._digits = MONTHLY[entity] if self._monthly else PLAIN[entity]
        self._letter = station_letter(uow.connection)
        period = r"(?P<period>\d{6})-" if self._monthly else "(?P<period>)"
        self._form = re.compile(rf"{self._prefix}(?P<letter>[A-Z]?){period}(?P<number>\d{{1,9}})")
        rows = uow.connection.execute(
            "SELECT period, last FROM number_series WHERE prefix = ?", (self._prefix,)
        ).fetchall()
        self._last: dict[str, int] = dict(rows)
        self._months: list[tuple[int, int, str]] = []  # start, end, name; in order

    def take(self, at: int) -> str:
        """Return the next number for a record of the moment ``at``."""
        period = self._period(at) if self._monthly else ""
        number = self._last.get(period, 0) + 1
        self._last[period] = number
        dash = "-" if self._monthly else ""
        return f"{self._prefix}{self._letter}{period}{dash}{number:0{self._digits}d}"

    def _period(self, at: int) -> str:
        """Return the month of ``at``; each month is worked out once."""
        place = bisect_right(self._months, (at, _LATE, "")) - 1
        if place >= 0 and at < self._months[place][1]:
            return self._months[place][2]
        day = datetime.fromtimestamp(at, self._zone).replace(day=1, hour=0, minute=0, second=0)
        following = (day + timedelta(days=32)).replace(day=1)
        name = day.strftime("%Y%m")
        insort(self._months, (int(day.timestamp()), int(following.timestamp()), name))
        return name

    def seen(self, number: str) -> bool:
        """Tell whether ``number`` is one of this series, and never give it out again."""
        match = self._form.fullmatch(number)
        if match is None:
            return False
        if match["letter"] == self._letter:
            period = match["period"] or ""
            self._last[period] = max(self._last.get(period, 0), int(match["number"]))
        return True

    def save(self) -> None:
        """Write the series back; inside the same unit of work."""
        self._connection.executemany(
            "INSERT INTO number_series (prefix, period, last) VALUES (?, ?, ?) "
            "ON CONFLICT (prefix, period) DO UPDATE SET last = max(last, excluded.last)",
            [(self._prefix, period, last) for period, last in self._last.items()],
        )
