"""Points in time and days in every form that offices write them (domain.md 4.5).

A :class:`DateReader` is compiled once per column: it knows the order of ambiguous dates and the
zone of times without one. Its two caches, one for the day part and one for the time of day,
turn the 100 000 cells of a usual file into dictionary look-ups.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from svcdesk.i18n.catalog import N_
from svcdesk.interchange.blank import is_missing
from svcdesk.interchange.problems import Bad, shown

DAY = 86_400
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_SERIAL_ZERO = date(1899, 12, 30).toordinal()  # day 0 of Excel after its phantom 1900-02-29
_LAST_SERIAL = 73_051  # 2100-01-01
MIN_YEAR, MAX_YEAR = 1900, 2100
ORDERS = ("ymd", "dmy", "mdy")

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"),
            ("may",), ("jun", "june"), ("jul", "july"), ("aug", "august"),
            ("sep", "sept", "september"), ("oct", "october"), ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
_HAN_DAY = re.compile(r"^(\d{2,4})\s*年\s*(\d{1,2})\s*月\s*(?:(\d{1,2})\s*[日号]?)?$")
_THREE = re.compile(r"^(\d{1,4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,4})\.?$")
_NAMED = re.compile(r"^(\d{1,2})[-/ .]([A-Za-z]{3,9})\.?[-/ ,.]+(\d{2,4})$")
_NAMED_US = re.compile(r"^([A-Za-z]{3,9})\.?[ -](\d{1,2})(?:st|nd|rd|th)?,?[ -](\d{2,4})$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_MONTH = re.compile(r"^(\d{4})\s*(?:[-/.年]\s*)?(\d{1,2})\s*月?$")
_CLOCK = re.compile(
    r"^(?P<before>上午|下午|凌晨|早上|中午|傍晚|晚上|[AaPp]\.?[Mm]\.?)?\s*"
    r"(?P<h>\d{1,2})\s*[:时点]\s*(?:(?P<m>\d{1,2})\s*(?:[:分]\s*(?:(?P<s>\d{1,2})(?:[.,]\d+)?\s*秒?)?)?)?\s*"
    r"(?P<after>[AaPp]\.?[Mm]\.?)?\s*"
    r"(?P<zone>Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?$"
)
_COMPACT_CLOCK = re.compile(r"^(?P<h>\d{2})(?P<m>\d{2})(?P<s>\d{2})?$")
_NUMBER = re.compile(r"^\d{1,5}(\.\d+)?$")
_WEEKDAY = re.compile(r"[(（]?(?:星期|周)[一二三四五六日天][)）]?")
_HASHES = re.compile(r"^#+$")
_SPLIT = re.compile(r"(?<=[\d日号])[ \t]+|(?<=\d)[Tt](?=\d)|(?<=[日号])(?=[\d上下凌早中晚傍])")
_AFTERNOON = ("下午", "傍晚", "晚上")

NOT_A_DATE = N_("“{value}” is not a date; write it as 2026-03-05 or 2026-03-05 14:30.")
LOST_DATE = N_(
    "The cell shows only ####; widen the column in the spreadsheet, or enter the date again."
)


class DateReader:
    """Reads the cells of one column as UTC epoch seconds, as a day, or as a month.

    ``zone`` is the zone of times that carry none; ``order`` decides dates such as 3/4/2026.
    """

    def __init__(self, zone: str, order: str = "ymd") -> None:
        self._zone = ZoneInfo(zone)
        self._order = order
        self._days: dict[str, tuple[int, bool] | None] = {}
        self._clocks: dict[str, tuple[int, int | None] | None] = {}

    # ---- points in time ---------------------------------------------------------------

    def moment(self, value: object) -> int | Bad | None:
        """Return UTC epoch seconds, ``None`` for a blank cell, or what is wrong."""
        if isinstance(value, str):
            found = self._text_moment(value)
            return found if found is not None else self._slow_moment(value)
        if value is None:
            return None
        if isinstance(value, datetime):
            return self._datetime(value)
        if isinstance(value, date):
            return self._local(value.toordinal(), 0)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._number(value)
        return Bad("not_a_date", NOT_A_DATE, value=shown(value))

    def day(self, value: object) -> str | Bad | None:
        """Return the calendar day as ``YYYY-MM-DD``: as written, never shifted between zones."""
        if isinstance(value, datetime):
            return value.date().isoformat()
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, str):
            ordinal = self._ordinal(_fold(value))
            if ordinal is not None:
                return date.fromordinal(ordinal).isoformat()
        moment = self.moment(value)
        if moment is None or isinstance(moment, Bad):
            return moment
        return datetime.fromtimestamp(moment, self._zone).date().isoformat()

    def month(self, value: object) -> str | Bad | None:
        """Return the month as ``YYYY-MM``; a full date counts as its month."""
        if isinstance(value, float) and value.is_integer():
            value = str(int(value))
        if isinstance(value, str | int) and not isinstance(value, bool):
            match = _MONTH.match(_fold(str(value)))
            if match is not None and _plausible(int(match[1]), int(match[2]), 1):
                return f"{int(match[1]):04d}-{int(match[2]):02d}"
        day = self.day(value)
        return day[:7] if isinstance(day, str) else day

    # ---- the fast path: day and time of day by dictionary -------------------------------

    def _text_moment(self, text: str) -> int | None:
        day_text, _, clock_text = text.partition(" ")
        try:
            day = self._days[day_text]
        except KeyError:
            day = self._learn_day(day_text)
        if day is None:
            return None
        if not clock_text:
            return day[0] if day[1] else None
        try:
            clock = self._clocks[clock_text]
        except KeyError:
            clock = self._learn_clock(clock_text)
        if clock is None or clock[1] is not None or not day[1]:
            return None
        return day[0] + clock[0]

    def _learn_day(self, text: str) -> tuple[int, bool] | None:
        ordinal = self._ordinal(_fold(text))
        found = None
        if ordinal is not None:
            start = self._local(ordinal, 0)
            # A day on which the clocks change has to be worked out cell by cell.
            found = (start, self._local(ordinal + 1, 0) - start == DAY)
        if len(self._days) < 100_000:
            self._days[text] = found
        return found

    def _learn_clock(self, text: str) -> tuple[int, int | None] | None:
        found = _clock(_fold(text))
        if len(self._clocks) < 200_000:
            self._clocks[text] = found
        return found

    # ---- everything else --------------------------------------------------------------

    def _slow_moment(self, value: str) -> int | Bad | None:
        text = _fold(value)
        if not text or is_missing(text):
            return None
        if _HASHES.match(text):
            return Bad("date_hidden", LOST_DATE)
        if _NUMBER.match(text):
            return self._number(float(text))
        if text.isdigit() and len(text) in (12, 14):
            text = f"{text[:8]} {text[8:]}"
        ordinal = self._ordinal(text)
        clock: tuple[int, int | None] | None = (0, None)
        if ordinal is None:
            parts = _SPLIT.split(text, maxsplit=1)
            if len(parts) == 2:
                ordinal, clock = self._ordinal(parts[0]), _clock(parts[1])
            if ordinal is None or clock is None:  # "Mar 5, 2026 14:30": the last blank divides
                head, _, tail = text.rpartition(" ")
                ordinal, clock = self._ordinal(head), _clock(tail)
        if ordinal is None or clock is None:
            return Bad("not_a_date", NOT_A_DATE, value=shown(value))
        seconds, offset = clock
        if offset is not None:
            return (ordinal - _EPOCH_ORDINAL) * DAY + seconds - offset
        return self._local(ordinal, seconds)

    def _ordinal(self, text: str) -> int | None:
        found = self._year_month_day(text)
        if found is None or not _plausible(*found):
            return None
        return date(*found).toordinal()

    def _year_month_day(self, text: str) -> tuple[int, int, int] | None:
        if match := _THREE.match(text):
            return self._ordered(match[1], match[2], match[3])
        if match := _COMPACT.match(text):
            return int(match[1]), int(match[2]), int(match[3])
        if (match := _HAN_DAY.match(text)) and match[3]:
            return _century(match[1]), int(match[2]), int(match[3])
        if (match := _NAMED.match(text)) and match[2].lower() in _MONTHS:
            return _century(match[3]), _MONTHS[match[2].lower()], int(match[1])
        if (match := _NAMED_US.match(text)) and match[1].lower() in _MONTHS:
            return _century(match[3]), _MONTHS[match[1].lower()], int(match[2])
        return None

    def _ordered(self, first: str, second: str, third: str) -> tuple[int, int, int] | None:
        two_digit_year = len(first) == 2 and len(third) < 3 and self._order == "ymd"
        if len(first) >= 3 or two_digit_year:
            return _century(first), int(second), int(third)
        if len(third) == 3:
            return None
        if self._order == "mdy":
            return _century(third), int(first), int(second)
        if self._order == "dmy" or int(first) > 12:
            return _century(third), int(second), int(first)
        if int(second) > 12:
            return _century(third), int(first), int(second)
        return None  # could be read two ways: the mapping has to say dates = "dmy" or "mdy"

    def _number(self, value: float) -> int | Bad:
        """Read an Excel serial: days since 1899-12-30, the fraction is the time of day."""
        if 19_000_101 <= value <= 21_001_231 and float(value).is_integer():
            ordinal = self._ordinal(str(int(value)))
            if ordinal is not None:
                return self._local(ordinal, 0)
        if not 1 <= value < _LAST_SERIAL or int(value) == 60:  # 60 is 1900-02-29, which never was
            return Bad("not_a_date", NOT_A_DATE, value=shown(f"{value:g}"))
        seconds = round(value * DAY)
        ordinal = _SERIAL_ZERO + seconds // DAY + (1 if value < 60 else 0)
        return self._local(ordinal, seconds % DAY)

    def _datetime(self, value: datetime) -> int:
        if value.tzinfo is None:
            rounded = value + timedelta(microseconds=500_000)  # Excel keeps times as fractions
            at = rounded.hour * 3600 + rounded.minute * 60 + rounded.second
            return self._local(rounded.toordinal(), at)
        return int(value.timestamp())

    def _local(self, ordinal: int, seconds: int) -> int:
        wall = datetime.combine(date.fromordinal(ordinal), time(), self._zone)
        if seconds:
            wall = wall.replace(
                hour=seconds // 3600, minute=seconds // 60 % 60, second=seconds % 60
            )
        return int(wall.astimezone(UTC).timestamp())


def _fold(text: str) -> str:
    """Return ``text`` with full-width characters narrowed, weekday words and outer blanks gone."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        if "周" in text or "星期" in text:
            text = _WEEKDAY.sub(" ", text)
    return " ".join(text.split())


def _clock(text: str) -> tuple[int, int | None] | None:
    """Return seconds since midnight and the offset from UTC (``None``: not given)."""
    if text[2:3] == ":" and text.isascii():  # 14:30 and 14:30:15 are nearly all there is
        hours, minutes, colon, seconds = text[:2], text[3:5], text[5:6], text[6:] or "00"
        if colon in ("", ":") and (hours + minutes + seconds).isdigit() and len(seconds) == 2:
            hour, minute, second = int(hours), int(minutes), int(seconds)
            if hour < 24 and minute < 60 and second < 60:
                return hour * 3600 + minute * 60 + second, None
    match = _CLOCK.match(text) or _COMPACT_CLOCK.match(text)
    if match is None:
        return None
    parts = match.groupdict()
    hour, minute, second = int(parts["h"]), int(parts["m"] or 0), int(parts["s"] or 0)
    half = (parts.get("before") or parts.get("after") or "").replace(".", "").lower()
    if (half in _AFTERNOON or half == "pm" or (half == "中午" and hour < 3)) and hour < 12:
        hour += 12
    elif half in ("am", "上午", "凌晨") and hour == 12:
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        return None
    return hour * 3600 + minute * 60 + second, _offset(parts.get("zone"))


def _offset(zone: str | None) -> int | None:
    if not zone:
        return None
    if zone[0] not in "+-":
        return 0
    digits = zone[1:].replace(":", "")
    seconds = int(digits[:2]) * 3600 + int(digits[2:] or 0) * 60
    return -seconds if zone[0] == "-" else seconds


def _century(year: str) -> int:
    """Read a two-digit year as 1970–2069."""
    number = int(year)
    if len(year) > 2:
        return number
    return number + (2000 if number < 70 else 1900)


def _plausible(year: int, month: int, day: int) -> bool:
    if not (MIN_YEAR <= year < MAX_YEAR and 1 <= month <= 12 and 1 <= day <= 31):
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
