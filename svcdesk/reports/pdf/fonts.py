"""The report's font: Noto Sans SC, embedded as a subset, so that text can be read and searched."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from svcdesk.system.paths import resources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

REGULAR, BOLD = "NotoSansSC", "NotoSansSC-Bold"
SUBSTITUTE = "〓"  # printers' mark for a character that the type case lacks


@lru_cache(maxsize=1)
def register() -> tuple[Any, Any]:
    """Make both weights known to reportlab and return their faces."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    folder = resources() / "fonts"
    faces = []
    for name, file in ((REGULAR, "NotoSansSC-Regular.ttf"), (BOLD, "NotoSansSC-Bold.ttf")):
        font = TTFont(name, str(folder / file))
        pdfmetrics.registerFont(font)
        faces.append(font.face)
    pdfmetrics.registerFontFamily(
        REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD
    )
    return faces[0], faces[1]


def missing_glyphs(texts: Iterable[str]) -> list[str]:
    """Return the characters that the font cannot print, in order of first appearance."""
    face, _ = register()
    known = face.charToGlyph
    seen: dict[str, None] = {}
    for text in texts:
        for character in text:
            if _glyph(character, known) == SUBSTITUTE != character:
                seen.setdefault(character, None)
    return list(seen)


_BREAKS = str.maketrans({"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n",
                         "\u2028": "\n", "\u2029": "\n", "\t": " ", "\xa0": " "})  # fmt: skip


@lru_cache(maxsize=8192)
def printable(text: str) -> str:
    """Return ``text`` as it can be printed.

    A character that the font lacks gets a visible mark; control and invisible characters go, every
    kind of line break becomes one. Quotation marks, which this font has as wide as a Chinese
    character, are straight in a text without any.
    """
    face, _ = register()
    known = face.charToGlyph
    if _CURLED.search(text) and not any(is_cjk(c) for c in text):
        text = text.translate(_STRAIGHT)
    if all(32 <= ord(c) != 160 and ord(c) in known for c in text):
        return text
    text = text.replace("\r\n", "\n").translate(_BREAKS)
    return "".join(_glyph(c, known) for c in text)


_CURLED = re.compile("[“”‘’]")
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})


def _glyph(character: str, known: Mapping[int, int]) -> str:
    if character == "\n" or (ord(character) in known and ord(character) >= 32):
        return character
    if character.isspace():
        return " "
    # Cc, Cf: nothing that is seen; variation selectors and marks change a glyph that stays
    invisible = unicodedata.category(character) in {"Cc", "Cf", "Mn"}
    return "" if invisible else SUBSTITUTE


# full-width punctuation fills half of its square: where two meet, one half goes (标点挤压)
_CLOSING, _OPENING = "，。；：、？！）】》”’", "（【《“‘"
_MEETING = re.compile(
    f"(?<=[{_CLOSING}])(?=[{_CLOSING}{_OPENING}])|(?<=[{_OPENING}])(?=[{_OPENING}])"
)
SQUEEZED = 500.0  # thousandths of the size


def chunks(text: str) -> list[str]:
    """Return ``text`` in parts, each beginning where punctuation moves towards what is before."""
    return _MEETING.split(text)


@lru_cache(maxsize=65536)
def _ems(text: str, *, bold: bool, squeeze: bool) -> float:
    """Return the width of ``text`` in thousandths of its size."""
    face = register()[int(bold)]
    widths, default = face.charWidths, face.defaultWidth
    squeezed = SQUEEZED * len(_MEETING.findall(text)) if squeeze else 0.0
    return float(sum(widths.get(ord(c), default) for c in text)) - squeezed


def width(text: str, size: float, *, bold: bool = False, squeeze: bool = True) -> float:
    """Return the width of ``text`` in points.

    ``squeeze``: with punctuation moved together, as :class:`~svcdesk.reports.pdf.sheets.Script`
    writes it; without, as reportlab's own means do.
    """
    return _ems(text, bold=bold, squeeze=squeeze) * size / 1000


def fit(text: str, size: float, room: float, *, bold: bool = False, squeeze: bool = True) -> str:
    """Return ``text`` cut with … to ``room`` points."""
    if width(text, size, bold=bold, squeeze=squeeze) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle] + "…", size, bold=bold, squeeze=squeeze) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"


# Chinese line breaking: what may not begin a line, and what may not end one.
NOT_FIRST = frozenset("，。；：、？！）】》〉”’％%…·～,.;:!?)]}℃°")
NOT_LAST = frozenset("（【《〈“‘([{≥≤＋−＝+=≈¥￥#")
_UNIT = re.compile(r"[0-9A-Za-zÀ-ɏ@#&/\\_.:+\-–,%≥≤°*]+(?:=[0-9A-Za-z.,%]+)?|\s+|.", re.DOTALL)


def wrap(
    text: str, size: float, room: float, *, bold: bool = False, squeeze: bool = True
) -> list[str]:
    """Break ``text`` into lines of at most ``room`` points by the rules of Chinese typesetting.

    Words and numbers stay whole; no line begins with closing or ends with opening punctuation.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_wrap_one(paragraph, size, room, bold=bold, squeeze=squeeze))
    return lines


def balanced(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Break ``text`` into as few lines as :func:`wrap` does, but of about equal width."""
    lines = wrap(text, size, room, bold=bold)
    count = len(lines)
    if count < 2 or "\n" in text:
        return lines
    low = max(longest_word(text, size, bold=bold), width(text, size, bold=bold) / count)
    high = max(width(line, size, bold=bold) for line in lines)
    while high - low > size / 8:
        middle = (low + high) / 2
        tried = wrap(text, size, middle, bold=bold)
        if len(tried) <= count:
            lines, high = tried, middle
        else:
            low = middle
    return lines


def is_cjk(character: str) -> bool:
    """Whether lines may break beside ``character`` without a space."""
    return ord(character) >= 0x2E80


def _units(text: str) -> list[str]:
    """Return what may not be broken: words, single characters, each with its punctuation."""
    found: list[str] = []
    opening = ""
    for piece in _UNIT.findall(text):
        if piece[0] in NOT_LAST and len(piece) == 1:
            opening += piece
        elif found and not opening and piece[0] in NOT_FIRST and not found[-1].isspace():
            found[-1] += piece
        else:
            found.append(opening + piece)
            opening = ""
    return [*found, opening] if opening else found


def longest_word(text: str, size: float, *, bold: bool = True) -> float:
    """Return the width of the longest part of ``text`` that is not broken."""
    return max((width(unit, size, bold=bold) for unit in _units(text)), default=0.0)


def _allowed(line: str, cut: int) -> int:
    """Return the place before ``cut`` where a line may end, ``cut`` itself when there is none."""
    for place in range(cut, 0, -1):
        if line[place] not in NOT_FIRST and line[place - 1] not in NOT_LAST:
            return place
    return cut


def _wrap_one(text: str, size: float, room: float, *, bold: bool, squeeze: bool) -> list[str]:
    lines, line, used = [], "", 0.0
    for unit in _units(text):
        need = width(unit, size, bold=bold, squeeze=squeeze)
        if used + need <= room or not line:
            if line or not unit.isspace():
                line += unit
                used += need
        else:
            lines.append(line.rstrip())
            line = unit.lstrip()
            used = width(line, size, bold=bold, squeeze=squeeze)
        while used > room and len(line) > 1:  # one word longer than the line
            cut = max(1, int(len(line) * room / used))
            while cut > 1 and width(line[:cut], size, bold=bold, squeeze=squeeze) > room:
                cut -= 1
            cut = _allowed(line, cut)
            lines.append(line[:cut])
            line = line[cut:]
            used = width(line, size, bold=bold, squeeze=squeeze)
    return [*lines, line.rstrip()] if line or not lines else lines
