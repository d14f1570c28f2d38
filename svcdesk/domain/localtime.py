"""Between UTC seconds and the days of the team's zone.

Zones are named (``Asia/Shanghai``); a local time that a clock change skips means the instant of
the change, one that happens twice means the first.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from svcdesk.system.errors import UserError

DEFAULT_ZONE = "Asia/Shanghai"
DAY = 86400


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """Return the zone called ``name``; refuse an unknown one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UserError("“{zone}” is not a known time zone.", code="zone", zone=name) from error


def _gap_end(wall: datetime) -> int:
    """Return the instant of the clock change that skips ``wall``."""
    low = int(wall.replace(fold=1).timestamp())
    high = int(wall.replace(fold=0).timestamp())
    tz = wall.tzinfo
    before = datetime.fromtimestamp(low, tz).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, tz).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def instant(day: date, seconds: int, name: str = DEFAULT_ZONE) -> int:
    """Return the UTC second at ``seconds`` of the wall clock on ``day`` (86400: next midnight)."""
    extra, rest = divmod(seconds, DAY)
    wall = datetime.combine(day + timedelta(days=extra), time(), zone(name))
    wall += timedelta(seconds=rest)
    stamp = int(wall.timestamp())
    if datetime.fromtimestamp(stamp, wall.tzinfo).replace(tzinfo=None, fold=0) != wall.replace(
        tzinfo=None
    ):
        return _gap_end(wall)
    return stamp


@lru_cache(maxsize=20_000)
def midnight(day: date, name: str = DEFAULT_ZONE) -> int:
    """Return the UTC second at which ``day`` begins."""
    return instant(day, 0, name)


def local(stamp: int, name: str = DEFAULT_ZONE) -> datetime:
    """Return ``stamp`` on the wall clock of the zone."""
    return datetime.fromtimestamp(stamp, zone(name))


def local_date(stamp: int, name: str = DEFAULT_ZONE) -> date:
    """Return the day on which ``stamp`` lies in the zone."""
    return datetime.fromtimestamp(stamp, zone(name)).date()


def parse_instant(text: str, name: str = DEFAULT_ZONE) -> int:
    """Read ISO 8601; without an offset the zone's wall clock is meant; a bare date is its start."""
    cleaned = text.strip().replace("Z", "+00:00").replace("z", "+00:00")
    try:
        value = datetime.fromisoformat(cleaned)
    except ValueError as error:
        raise UserError(
            "“{value}” is not a time; write it like 2026-03-31T18:00.", code="time", value=text
        ) from error
    if value.tzinfo is not None:
        return int(value.astimezone(UTC).timestamp())
    return instant(value.date(), value.hour * 3600 + value.minute * 60 + value.second, name)
