"""Where the table begins in a sheet that an office made for people.

Title rows above the header, a header over two rows with merged cells, empty rows in between and
total rows at the end: all are found, left out and *listed*, never silently dropped.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from svcdesk.interchange.sheet_reader import Merge

LOOK_AHEAD = 60
LISTED = 200  # left-out rows that are listed one by one; beyond that they are counted

_TOTALS = re.compile(
    r"^(合\s*计|总\s*计|小\s*计|共\s*计|汇\s*总|累\s*计|平均|平均值|合计数|total|totals|subtotal|sum|grand total)[:：]?$",
    re.IGNORECASE,
)
_NOT_TEXT = re.compile(r"^[\d\s.,:/\-+%¥$]*$")


@dataclass(frozen=True)
class Layout:
    """The header: row numbers from 1, and one name per column ('' where there is none)."""

    first_header_row: int
    last_header_row: int
    names: tuple[str, ...]


@dataclass
class LeftOut:
    """Rows of the file that are not records: (row, reason) with reason title, empty, total, header."""

    listed: list[tuple[int, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, row: int, reason: str) -> None:
        """Count a row, and list it while the list is short enough to be read."""
        self.counts[reason] = self.counts.get(reason, 0) + 1
        if len(self.listed) < LISTED:
            self.listed.append((row, reason))


def is_blank(cell: object) -> bool:
    """Tell whether a cell shows nothing."""
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def is_empty(cells: Iterable[object]) -> bool:
    """Tell whether a row shows nothing."""
    return not any(not is_blank(cell) for cell in cells)


def is_total_word(text: str) -> bool:
    """Tell whether a cell says 合计 or the like."""
    return _TOTALS.match(text.strip()) is not None


def is_total(cells: list[object]) -> bool:
    """Recognise a total row: its first word is 合计 or the like and it is mostly empty."""
    filled = [cell for cell in cells if not is_blank(cell)]
    if not filled or not isinstance(filled[0], str):
        return False
    if not is_total_word(filled[0]):
        return False
    return len(filled) <= max(2, len(cells) // 2) or all(
        not isinstance(cell, str) or _NOT_TEXT.match(cell) for cell in filled[1:]
    )


def header_text(cell: object) -> str:
    """Return a header cell as a name: one line, outer blanks, stars and colons removed."""
    if is_blank(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = unicodedata.normalize("NFKC", " ".join(str(cell).split()))
    return text.strip(" *:\ufeff").strip()


def find_layout(
    rows: list[tuple[int, list[object]]],
    known: Callable[[str], bool],
    merges: Iterable[Merge] = (),
    chosen_row: int = 0,
) -> Layout | None:
    """Find the header among the first ``rows``; ``known`` says whether a name is one we expect.

    The row with the most known names wins; without any, the first row that is wide, all text and
    without repeats. ``chosen_row`` (from a mapping) overrides the search.
    """
    merges = list(merges)
    candidates = [(number, cells) for number, cells in rows if not is_empty(cells)]
    if chosen_row:
        candidates = [c for c in candidates if c[0] == chosen_row]
    best, best_score = None, -1.0
    width = max((_width(cells) for _, cells in candidates), default=0)
    for number, cells in candidates:
        below = next((c for n, c in rows if n == number + 1), None)
        layout = _as_header(number, cells, below, merges)
        score = _score(layout, cells, known, width)
        if score > best_score:
            best, best_score = layout, score
    return best


def _width(cells: list[object]) -> int:
    return sum(not is_blank(cell) for cell in cells)


def _score(layout: Layout, cells: list[object], known: Callable[[str], bool], width: int) -> float:
    names = [name for name in layout.names if name]
    hits = sum(map(known, names))
    texts = sum(isinstance(c, str) and not _NOT_TEXT.match(c) for c in cells if not is_blank(c))
    alike = len(set(names)) / max(1, len(names))
    full = len(names) / max(1, width)
    # Known names decide; the rest breaks ties between rows that have none.
    return hits * 10 + (texts / max(1, _width(cells)) * alike * full if len(names) > 1 else 0)


def _as_header(
    number: int, cells: list[object], below: list[object] | None, merges: list[Merge]
) -> Layout:
    top = [header_text(cell) for cell in cells]
    depth = max(
        (bottom - first for first, _, bottom, _ in merges if first == number - 1), default=0
    )
    if below is not None and (depth == 1 or (not merges and _is_second_line(cells, below))):
        return Layout(number, number + 1, _joined(top, below, number - 1, merges))
    return Layout(number, number, tuple(top))


def _is_second_line(cells: list[object], below: list[object]) -> bool:
    """Recognise the lower half of a two-row header without merge marks (as in CSV).

    It is text only, it is blank under the first name, and it names columns that are blank above.
    """
    if not below or not cells or is_blank(cells[0]) or not is_blank(below[0]):
        return False
    filled = [(i, cell) for i, cell in enumerate(below) if not is_blank(cell)]
    texts = all(isinstance(cell, str) and not _NOT_TEXT.match(cell) for _, cell in filled)
    names_blank = any(i >= len(cells) or is_blank(cells[i]) for i, _ in filled)
    gaps_named = all(
        not is_blank(cell) or (i < len(below) and not is_blank(below[i]))
        for i, cell in enumerate(cells)
    )
    return texts and names_blank and gaps_named


def _joined(top: list[str], below: list[object], row: int, merges: list[Merge]) -> tuple[str, ...]:
    """Join the two lines: 产品 over 品牌 gives 产品/品牌; a merged cell names all it covers."""
    lower = [header_text(cell) for cell in below]
    width = max(len(top), len(lower))
    top += [""] * (width - len(top))
    lower += [""] * (width - len(lower))
    group = {
        column: left
        for first, left, _, right in merges
        if first == row
        for column in range(left, right + 1)
    }
    names, last = [], ""
    for column in range(width):
        upper = top[column] or (top[group[column]] if column in group else "")
        if not upper and not merges:
            upper = last
        last = upper
        under = lower[column]
        names.append(f"{upper}/{under}" if upper and under and upper != under else upper or under)
    return tuple(names)
