"""What the chapters share: numbering, joining sentences, naming the period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.reports.model import (
    Heading,
    Section,
)

if TYPE_CHECKING:
    from svcdesk.reports.figures import Numbers


CHINESE_NUMBERS = "一二三四五六七八九十"


def number_headings(n: Numbers, section: Section) -> None:
    """Give the headings of a section their numbers: （一）… in Chinese, (1) … else."""
    index = 0
    for position, block in enumerate(section.blocks):
        if isinstance(block, Heading) and block.level == 2:
            mark = f"（{CHINESE_NUMBERS[index]}）" if n.t.chinese else f"({index + 1}) "
            section.blocks[position] = Heading(mark + block.text, block.level)
            index += 1


def joined(chinese: bool, *texts: str) -> str:  # noqa: FBT001 - the language of the sentence
    """Join sentences: without a space in Chinese."""
    return ("" if chinese else " ").join(text for text in texts if text)


def period_words(n: Numbers) -> str:
    """Return the period as a sentence begins with it: 3月, or March 2026."""
    if n.t.chinese and n.period.kind == "month":
        return f"{n.period.number}月"
    return n.period.title(n.t)
