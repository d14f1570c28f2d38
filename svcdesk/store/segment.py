"""Text as the search index sees it: folded and cut into words.

Full-width is folded to half-width (NFKC), traditional Chinese to simplified, upper to lower case;
every Chinese character becomes a word of its own, so that a phrase query of n characters hits
exactly what ``LIKE '%…%'`` hits on the folded text (architecture.md, pitfall 8).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_CJK = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x3040, 0x30FF), (0xAC00, 0xD7AF), (0x20000, 0x3FFFF))


def is_cjk(character: str) -> bool:
    """Whether ``character`` is written without spaces between words."""
    code = ord(character)
    return any(low <= code <= high for low, high in _CJK)


@lru_cache(maxsize=1)
def _simplified() -> dict[int, int]:
    """Return traditional code point -> simplified code point, character by character."""
    import opencc

    low, high = 0x4E00, 0x9FFF
    characters = [chr(code) for code in range(low, high + 1)]
    # line breaks keep the converter from seeing phrases
    converted = str(opencc.OpenCC("t2s").convert("\n".join(characters))).split("\n")
    pairs = zip(characters, converted, strict=True)
    return {ord(old): ord(new) for old, new in pairs if old != new and len(new) == 1}


class _Folding(dict[int, str]):
    """Code point -> its folded text; unknown ones are worked out once."""

    def __init__(self, *, spaced: bool) -> None:
        super().__init__()
        self._spaced = spaced
        self._simple = _simplified()

    def __missing__(self, code: int) -> str:
        character = chr(self._simple.get(code, code))
        text = f" {character} " if self._spaced and is_cjk(character) else character
        self[code] = text
        return text


@lru_cache(maxsize=2)
def _table(*, spaced: bool) -> _Folding:
    return _Folding(spaced=spaced)


def fold(text: str) -> str:
    """Return ``text`` folded: NFKC, lower case, simplified."""
    return unicodedata.normalize("NFKC", text).lower().translate(_table(spaced=False))


def segment(text: str) -> str:
    """Return ``text`` folded, with Chinese characters as single words."""
    return unicodedata.normalize("NFKC", text).lower().translate(_table(spaced=True))


@lru_cache(maxsize=1)
def _arrays() -> tuple[Any, Any]:
    """Return, per code point, its folded code point and whether it is a word of its own."""
    import numpy as np

    folded = np.arange(0x110000, dtype=np.uint32)
    for old, new in _simplified().items():
        folded[old] = new
    single = np.zeros(0x110000, dtype=bool)
    for low, high in _CJK:
        single[low : high + 1] = True
    return folded, single


def segment_many(texts: Sequence[str]) -> list[str]:
    """Return :func:`segment` of many texts at once (same words, ten times as fast)."""
    import numpy as np

    folded, single = _arrays()
    joined = unicodedata.normalize("NFKC", _BETWEEN.join(texts)).lower()
    codes = folded[np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)]
    alone = single[codes]
    # a space before each single character, and before what follows one
    spaced = alone.copy()
    spaced[1:] |= alone[:-1]
    places = np.cumsum(spaced + np.uint8(1), dtype=np.int32) - 1
    out = np.full(int(places[-1]) + 1 if len(places) else 0, ord(" "), dtype=np.uint32)
    out[places] = codes
    return str(out.tobytes().decode("utf-32-le", "surrogatepass")).split(_BETWEEN)


_BETWEEN = "\x1e"  # record separator: stands in no text that a person typed
_WORD = re.compile(r"[^\W_]+|_+", re.UNICODE)


def match_query(text: str) -> str:
    """Return the FTS5 query for what a person typed, or ``""`` when nothing can be searched.

    Words divided by spaces must all occur; within each, characters must stand side by side. A
    last word of letters or digits also matches what begins with it.
    """
    terms = []
    for part in text.split():
        words = _WORD.findall(segment(part))
        if not words:
            continue
        open_end = "" if is_cjk(words[-1][-1]) else " *"
        terms.append('"' + " ".join(words) + '"' + open_end)
    return " AND ".join(terms)


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
