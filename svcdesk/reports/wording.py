"""What chapters and drafts share: joining sentences, naming the period, numbering."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from svcdesk.reports.model import Heading

if TYPE_CHECKING:
    from svcdesk.i18n.catalog import Translator
    from svcdesk.reports.figures import Numbers
    from svcdesk.reports.model import Block


_DIGITS = "零一二三四五六七八九"


def chinese_number(number: int) -> str:
    """Return 1 … 99 as sections are numbered: 一, 十, 十一, 二十."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones or not tens else "")


def numbered(t: Translator, blocks: list[Block]) -> list[Block]:
    """Give the headings of a section their numbers: （一）… in Chinese, (1) … else."""
    found, index = [], 0
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            index += 1
            mark = f"（{chinese_number(index)}）" if t.chinese else f"({index}) "
            block = Heading(mark + block.text, block.level)  # noqa: PLW2901 - the same, numbered
        found.append(block)
    return found


def joined(chinese: bool, *texts: str) -> str:  # noqa: FBT001 - the language of the sentence
    """Join sentences: without a space in Chinese."""
    return ("" if chinese else " ").join(text for text in texts if text)


def width(text: str) -> int:
    """Return how wide a text is in half-widths: a Chinese character is two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def period_words(n: Numbers) -> str:
    """Return the period as a sentence begins with it: 3月, or March 2026."""
    if n.t.chinese and n.period.kind == "month":
        return f"{n.period.number}月"
    return n.period.title(n.t)


def noted(caption: str, note: str, *, chinese: bool) -> str:
    """Return a caption with one more remark in the brackets at its end."""
    opening, closing, comma = ("（", "）", "，") if chinese else (" (", ")", "; ")
    if caption.endswith(closing):
        return f"{caption[: -len(closing)]}{comma}{note}{closing}"
    return f"{caption}{opening}{note}{closing}"
