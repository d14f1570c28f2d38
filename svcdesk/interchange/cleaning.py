"""Cells of foreign tables as values of ours: text, numbers, scores, words of closed lists.

Each function takes a cell and returns the value, ``None`` for a blank cell, or a :class:`Bad`.
:func:`compiled` wraps one for a whole column: distinct cells are read once, so that 100 000 rows
of a column with 40 different channels cost 40 conversions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from svcdesk.domain.text import normalise_phone
from svcdesk.i18n.catalog import N_
from svcdesk.interchange.blank import is_missing
from svcdesk.interchange.problems import Bad, shown

Converter = Callable[[object], object]

# NFKC would also turn Chinese punctuation into ASCII; in running text only digits, letters and
# blanks are narrowed (domain.md 2, "full-width digits/letters/spaces").
_NARROW: dict[int, int | str | None] = {
    **{c: c - 0xFEE0 for c in range(0xFF10, 0xFF1A)},
    **{c: c - 0xFEE0 for c in range(0xFF21, 0xFF3B)},
    **{c: c - 0xFEE0 for c in range(0xFF41, 0xFF5B)},
    0x3000: " ", 0x00A0: " ", 0x2002: " ", 0x2003: " ", 0x2009: " ",
    0x200B: None, 0x200C: None, 0xFEFF: None, 0x2060: None, 0x000D: None, 0x000B: "\n",
    **{c: None for c in range(9) if c},
}  # fmt: skip
_TO_NARROW = re.compile(
    "[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u3000\u00a0\u2002\u2003\u2009\u200b\u200c\ufeff\u2060"
    "\x01-\x08\x0b\r]"
)
_SCIENTIFIC = re.compile(r"^[+-]?\d(\.\d+)?[eE]\+?\d+$")
_SEPARATORS = re.compile(r"[,;、，；|\n]+")
_PHONE_SEPARATORS = re.compile(r"[,;、，；/|\n]+|\s{2,}")
_PHONE_NOISE = str.maketrans({**dict.fromkeys("()（）", ""), **dict.fromkeys("—–－", "-")})
_MOBILE = re.compile(r"^1[3-9]\d{9}$")
_SCORE_TAIL = re.compile(r"\s*(分|星|颗星|/\s*5|/\s*10|points?|stars?)$", re.IGNORECASE)
_MONEY_NOISE = re.compile(r"[¥￥$€,，\s]|元|人民币|rmb|cny", re.IGNORECASE)
LARGEST_NUMBER = 10**13  # fen of it still fit the data file

SCIENTIFIC = N_(
    "“{value}” has lost its digits: the spreadsheet rounded it; format the column as text and enter"
    " it again."
)
NOT_A_NUMBER = N_("“{value}” is not a number.")
NOT_WHOLE = N_("“{value}” is not a whole number.")
OUT_OF_RANGE = N_("“{value}” is outside {low} to {high}.")
NOT_A_SCORE = N_("“{value}” is not a score; whole numbers from {low} to {high} are valid.")
UNKNOWN_WORD = N_("“{value}” is not one of: {allowed}.")
NOT_YES_NO = N_("“{value}” is neither yes nor no.")
TOO_LONG = N_("The text has {length} characters; at most {limit} are allowed.")


# ---- text -----------------------------------------------------------------------------


def plain(value: object) -> str:
    """Return a cell as text the way a person sees it: 12.0 is 12, a date is ISO."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return "" if value is None else str(int(value))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds").removesuffix(" 00:00:00")
    return str(value)  # dates and times: ISO


def text(value: object) -> str | None:
    """Clean running text: narrow digits, letters and blanks, drop invisible characters, trim."""
    cell = value if isinstance(value, str) else plain(value)
    if (not cell.isascii() or "\r" in cell) and _TO_NARROW.search(cell) is not None:
        cell = cell.translate(_NARROW)
    return cell.strip() or None


def name(value: object) -> str | None:
    """Clean a name: as text, on one line, single blanks."""
    cell = text(value)
    if cell is None or cell.isalnum():
        return cell
    return " ".join(cell.split())


def label(value: object) -> str | Bad | None:
    """Clean the number or the name of something else: numbers as :func:`code`, names as text."""
    if isinstance(value, str):
        cell = name(value)
        if cell is not None and "+" in cell and _SCIENTIFIC.match(cell):
            return Bad("scientific", SCIENTIFIC, value=shown(cell))
        return cell
    return code(value)


def code(value: object) -> str | Bad | None:
    """Clean an order number, serial number or id: always text, leading zeros kept.

    A number that went through Excel's scientific notation has lost its digits and is refused.
    """
    if isinstance(value, str):
        cell = value if value.isascii() else unicodedata.normalize("NFKC", value)
        cell = cell.strip().strip("\ufeff\u200b").removeprefix("'")
        if "+" in cell and _SCIENTIFIC.match(cell):
            return Bad("scientific", SCIENTIFIC, value=shown(cell))
        if cell.endswith(".0") and cell[:-2].isdigit():
            cell = cell[:-2]
        return None if not cell or is_missing(cell) else cell
    if isinstance(value, float) and abs(value) >= 1e15:
        return Bad("scientific", SCIENTIFIC, value=f"{value:.6E}")
    return plain(value).strip() or None


def phones(value: object) -> list[str] | Bad | None:
    """Return the phone numbers of a cell without blanks, hyphens and +86 (domain.md 2.1)."""
    if isinstance(value, str) and "," not in value and _MOBILE.match(value):
        return [value]
    whole = code(value)
    if whole is None or isinstance(whole, Bad):
        return whole
    found = []
    for part in _PHONE_SEPARATORS.split(whole):
        if not part.strip():
            continue
        if _SCIENTIFIC.match(part.strip()):
            return Bad("scientific", SCIENTIFIC, value=shown(part))
        found.append(phone(part))
    return list(dict.fromkeys(found)) or None


def phone(part: str) -> str:
    """Return one number as it is stored: no blanks, no hyphens except before an extension."""
    return normalise_phone(part.translate(_PHONE_NOISE))


def words(value: object) -> list[str] | None:
    """Split a cell such as “H93,H15,” into its parts, each once, in their order."""
    cell = text(value)
    if cell is None:
        return None
    parts = (name(part) for part in _SEPARATORS.split(cell))
    return list(dict.fromkeys(part for part in parts if part)) or None


def limited(convert: Converter, limit: int) -> Converter:
    """Return a text converter that refuses more than ``limit`` characters."""

    def convert_limited(value: object) -> object:
        cell = convert(value)
        if isinstance(cell, str) and len(cell) > limit:
            return Bad("too_long", TOO_LONG, length=len(cell), limit=limit)
        return cell

    return convert_limited


# ---- numbers --------------------------------------------------------------------------


def _number(value: object) -> Decimal | Bad | None:
    """Read a number; one that is not finite or beyond any office's is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        number: Decimal | None = Decimal(repr(value))
    else:
        cell = unicodedata.normalize("NFKC", plain(value)).strip()
        if not cell or is_missing(cell):
            return None
        number = _decimal_of(cell)
    if number is None or not number.is_finite() or abs(number) > LARGEST_NUMBER:
        return Bad("not_a_number", NOT_A_NUMBER, value=shown(value))
    return number


def _decimal_of(cell: str) -> Decimal | None:
    factor = Decimal(1)
    if cell.endswith("万"):
        cell, factor = cell[:-1], Decimal(10_000)
    if cell.startswith("(") and cell.endswith(")"):
        cell = f"-{cell[1:-1]}"
    cell = cell.removesuffix("%").replace(",", "").strip()
    if "_" in cell:  # Decimal would take 1_000 for a number
        return None
    try:
        return Decimal(cell) * factor
    except InvalidOperation:
        return None


def integer(low: int | None = None, high: int | None = None) -> Converter:
    """Return a converter of whole numbers within ``low`` … ``high``."""

    def convert(value: object) -> int | Bad | None:
        number = _number(value)
        if number is None or isinstance(number, Bad):
            return number
        if number != number.to_integral_value():
            return Bad("not_whole", NOT_WHOLE, value=shown(value))
        if (low is not None and number < low) or (high is not None and number > high):
            limits = {"low": "−∞" if low is None else low, "high": "∞" if high is None else high}
            return Bad("out_of_range", OUT_OF_RANGE, value=shown(value), **limits)
        return int(number)

    return convert


def decimal(value: object) -> float | Bad | None:
    """Return a number with decimals; a percent sign is dropped (95 % is 95)."""
    number = _number(value)
    return number if number is None or isinstance(number, Bad) else float(number)


def money(value: object) -> int | Bad | None:
    """Return an amount in fen, half up; ¥, 元, 万 and thousands separators are understood."""
    if isinstance(value, str):
        value = _MONEY_NOISE.sub("", unicodedata.normalize("NFKC", value))
    number = _number(value)
    if number is None or isinstance(number, Bad):
        return number
    return int((number * 100).to_integral_value(ROUND_HALF_UP))


def money_from(low: int | None) -> Converter:
    """Return a converter of amounts that are at least ``low`` (in fen); ``None``: any."""

    def convert(value: object) -> object:
        amount = money(value)
        if low is not None and isinstance(amount, int) and amount < low:
            return Bad("out_of_range", OUT_OF_RANGE, value=shown(value), low=low, high="∞")
        return amount

    return convert


def score(low: int, high: int, labels: Mapping[str, int]) -> Converter:
    """Return a converter of survey scores: digits or words; half points and 0 of 5 are AB07."""
    by_word = {fold(word): points for word, points in labels.items()}

    def convert(value: object) -> int | Bad | None:
        cell = fold(plain(value))
        if not cell or is_missing(cell):
            return None
        if cell in by_word:
            return by_word[cell]
        try:
            number = Decimal(_SCORE_TAIL.sub("", cell))
        except InvalidOperation:
            number = Decimal(-1)
        if number != number.to_integral_value() or not low <= number <= high:
            return Bad("AB07", NOT_A_SCORE, value=shown(value), low=low, high=high)
        return int(number)

    return convert


# ---- words of closed lists --------------------------------------------------------------


def fold(value: str) -> str:
    """Return a word for comparison: full width narrowed, lower case, single blanks, trimmed."""
    if not value.isascii():
        value = unicodedata.normalize("NFKC", value)
    return " ".join(value.lower().split())


_YES = frozenset(
    {"是", "有", "对", "真", "要", "需要", "已", "√", "✓", "✔", "1", "y", "yes", "true"}
)
_NO = frozenset(
    {"否", "无", "没有", "不", "非", "错", "假", "不需要", "未", "×", "✗", "0", "n", "no"}
    | {"false"}
)


def boolean(value: object) -> int | Bad | None:
    """Return 1 or 0 for 是/否, yes/no, 1/0, √/×."""
    if isinstance(value, bool):
        return int(value)
    cell = fold(plain(value))
    if not cell:
        return None
    if cell in _YES:
        return 1
    if cell in _NO:
        return 0
    return Bad("not_yes_no", NOT_YES_NO, value=shown(value))


def choice(synonyms: Mapping[str, str], shown_names: Iterable[str]) -> Converter:
    """Return a converter of one word of a closed list into its code."""
    table = {fold(word): target for word, target in synonyms.items()}
    allowed = "、".join(shown_names)

    def convert(value: object) -> str | Bad | None:
        cell = fold(plain(value))
        if not cell:
            return None
        found = table.get(cell)
        if found is None and is_missing(cell):
            return None
        if found is None:
            return Bad("unknown_value", UNKNOWN_WORD, value=shown(value), allowed=allowed)
        return found

    return convert


def choices(synonyms: Mapping[str, str], shown_names: Iterable[str]) -> Converter:
    """Return a converter of several words of a closed list, separated by commas or the like."""
    one = choice(synonyms, shown_names)

    def convert(value: object) -> object:
        found: list[object] = []
        for word in words(value) or ():
            code_or_bad = one(word)
            if isinstance(code_or_bad, Bad):
                return code_or_bad
            found.append(code_or_bad)
        return list(dict.fromkeys(found)) or None

    return convert


# ---- whole columns ----------------------------------------------------------------------


class Memo(dict[object, object]):
    """Cells already read; a look-up that misses converts. Wrong cells are never remembered.

    ``bad`` counts the wrong cells, so that a chunk without any needs no second look.
    """

    LIMIT = 20_000

    def __init__(self, convert: Converter) -> None:
        super().__init__()
        self._convert = convert
        self.bad = 0

    def __missing__(self, cell: object) -> object:
        value = self._convert(cell)
        if value.__class__ is Bad:
            self.bad += 1
        elif len(self) < self.LIMIT:
            self[cell] = value
        return value
