"""Text as the search index sees it: folded and cut into words.

Full-width is folded to half-width (NFKC), traditional Chinese to simplified, upper to lower case.
Chinese is cut into pairs of neighbours, the last character of a run once more alone: one or two
characters hit exactly what ``LIKE '%…%'`` hits on the folded text. The index keeps no positions,
which makes it small (limits.md 3); what longer words and numbers hit is compared with the text
itself (:func:`holds`), so that they hit exactly that as well (architecture.md, pitfall 8).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from svcdesk.system.paths import resources

if TYPE_CHECKING:
    from collections.abc import Sequence

_CJK = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x3040, 0x30FF), (0xAC00, 0xD7AF), (0x20000, 0x3FFFF))


def is_cjk(character: str) -> bool:
    """Whether ``character`` is written without spaces between words."""
    code = ord(character)
    return any(low <= code <= high for low, high in _CJK)


@lru_cache(maxsize=1)
def _simplified() -> dict[int, int]:
    """Return traditional code point -> simplified code point (build/simplified.py)."""
    path = resources() / "chinese" / "simplified.txt"
    traditional, simplified = path.read_text(encoding="utf-8").split()
    return dict(zip(map(ord, traditional), map(ord, simplified), strict=True))


class _Folding(dict[int, str]):
    """Code point -> its folded text; unknown ones are worked out once."""

    def __init__(self) -> None:
        super().__init__()
        self._simple = _simplified()

    def __missing__(self, code: int) -> str:
        character = chr(self._simple.get(code, code))
        self[code] = character
        return character


@lru_cache(maxsize=1)
def _table() -> _Folding:
    return _Folding()


def fold(text: str) -> str:
    """Return ``text`` folded: NFKC, lower case, simplified."""
    return unicodedata.normalize("NFKC", text).lower().translate(_table())


@lru_cache(maxsize=1)
def _stretches() -> tuple[tuple[int, int], ...]:
    """Return the code points that are written without spaces, as stretches without marks."""
    found: list[tuple[int, int]] = []
    for low, high in _CJK:
        for code in range(low, high + 1):
            if not chr(code).isalnum():
                continue
            if found and found[-1][1] == code - 1:
                found[-1] = (found[-1][0], code)
            else:
                found.append((code, code))
    return tuple(found)


@lru_cache(maxsize=1)
def _run() -> re.Pattern[str]:
    """Return what finds a run of characters that are written without spaces."""
    inside = "".join(f"{chr(low)}-{chr(high)}" for low, high in _stretches())
    return re.compile(f"([{inside}]+)")


def _pairs(run: str) -> list[str]:
    """Return each character with its neighbour to the right; the last one alone."""
    return [run[place : place + 2] for place in range(len(run))]


def segment(text: str) -> str:
    """Return ``text`` folded, Chinese as pairs of neighbours."""
    return _run().sub(lambda found: f" {' '.join(_pairs(found.group()))} ", fold(text))


@lru_cache(maxsize=1)
def _arrays() -> tuple[Any, Any]:
    """Return, per code point, its folded code point and whether it is written without spaces."""
    import numpy as np

    folded = np.arange(0x110000, dtype=np.uint32)
    for old, new in _simplified().items():
        folded[old] = new
    dense = np.zeros(0x110000, dtype=bool)
    for low, high in _stretches():
        dense[low : high + 1] = True
    return folded, dense


def segment_many(texts: Sequence[str]) -> list[str]:
    """Return :func:`segment` of many texts at once (same words, ten times as fast)."""
    import numpy as np

    folded, dense = _arrays()
    joined = unicodedata.normalize("NFKC", _BETWEEN.join(texts)).lower()
    codes = folded[np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)]
    if not len(codes):
        return [""]
    alone = dense[codes]
    follows = np.zeros_like(alone)  # whether the character before belongs to the same run
    follows[1:] = alone[:-1]
    goes_on = np.zeros_like(alone)  # whether the next one does
    goes_on[:-1] = alone[1:]
    paired = alone & goes_on
    first = alone & ~follows
    # one place each; a pair takes one more, every dense one a space behind it, a run one before
    lengths = 1 + paired + alone + first.astype(np.int32)
    starts = np.cumsum(lengths, dtype=np.int32) - lengths + first
    out = np.full(int(lengths.sum()), ord(" "), dtype=np.uint32)
    out[starts] = codes
    out[starts[paired] + 1] = codes[1:][paired[:-1]]
    return str(out.tobytes().decode("utf-32-le", "surrogatepass")).split(_BETWEEN)


_BETWEEN = "\x1e"  # record separator: stands in no text that a person typed
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def _terms(part: str) -> list[str]:
    """Return the FTS5 terms of a folded text without spaces; all of them must occur."""
    found: list[str] = []
    for place, piece in enumerate(_run().split(part)):
        if place % 2:  # a run: one character begins a pair or ends a run
            words = _pairs(piece)[:-1]
            found += [f'"{word}"' for word in words] or [f'"{piece}" *']
        else:
            found += [f'"{word}"' for word in _WORD.findall(piece)]
    if found and not _run().search(part[-1]) and not found[-1].endswith("*"):
        found[-1] += " *"  # a last word of letters or digits may go on
    return found  # with repetitions: 冷冷冷 is two pairs, which 冷冷 does not hold


def match_query(text: str) -> str:
    """Return the FTS5 query for what a person typed, or ``""`` when nothing can be searched.

    Words divided by spaces must all occur. A last word of letters or digits also matches what
    begins with it. Unless :func:`is_exact`, a hit must be compared by :func:`holds`.
    """
    terms = [term for part in fold(text).split() for term in _terms(part)]
    return " AND ".join(dict.fromkeys(terms))


def is_exact(text: str) -> bool:
    """Tell whether the index alone decides: every part is a word, or at most two characters."""
    return all(len(_terms(part)) <= 1 for part in fold(text).split())


def holds(text: str, body: str | None) -> bool:
    """Tell whether ``body`` contains each part of ``text`` that the index alone cannot decide."""
    if body is None:
        return False
    inexact = [part for part in fold(text).split() if len(_terms(part)) > 1]
    plain = body.lower()
    rest = [part for part in inexact if part not in plain]
    if not rest:
        return True
    folded = fold(body)
    return all(part in folded for part in rest)


@lru_cache(maxsize=1 << 15)
def _letters(character: str) -> frozenset[str]:
    """Return the first letters of every reading of one character."""
    from pypinyin import Style, pinyin

    readings = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
    return frozenset(reading[:1].lower() for found in readings for reading in found)


def initials(name: str) -> str:
    """Return the pinyin initials of a Chinese name (张晓明 -> zxm), Latin words by first letter."""
    letters = [_letters(character) for character in name if is_cjk(character)]
    if not letters:
        return "".join(word[0] for word in re.findall(r"\w+", name.lower()))
    # one reading each: no phrase decides; 〇 is read but counts as no Chinese character above
    if "〇" not in name and all(len(found) == 1 for found in letters):
        return "".join(letter for found in letters for letter in found)
    from pypinyin import Style, lazy_pinyin

    parts = lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore")
    return "".join(part[0] for part in parts if part).lower()
