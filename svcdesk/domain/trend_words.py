"""Which words of a text can be a trend: pairs of Chinese characters, and other words.

Chinese is written without spaces and no dictionary knows a shop's product names, so every pair of
neighbours is a candidate; what was found is then named by the longest phrase around it that (nearly)
all of its records have in common: 明书 and 说明 of the same records become 说明书.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from svcdesk.domain.trends import SAME_SHARE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence, Set

LONGEST = 10  # characters of a phrase
# Characters that carry grammar, not matter. 不, 没, 无 stay: 不制冷 is a complaint, 制冷 is not.
GRAMMAR = frozenset(
    "的了是在我你您他她它们这那哪和与及或也都就又再很最让给从向为因所以而但则如若"
    "吗呢吧啊呀哦嗯喔嘛哈个只些么什怎几每各之其此该已曾将得有"
)
# Pairs that stand in nearly every text of a service desk, and politeness.
COMMON = frozenset({
    "客户", "用户", "顾客", "客服", "先生", "女士", "小姐", "老师", "师傅", "你好", "您好", "谢谢",
    "麻烦", "问题", "反映", "反馈", "表示", "现在", "今天", "昨天", "上午", "下午", "需要", "希望",
    "联系", "电话", "公司", "我们", "没有",
})  # fmt: skip
ENGLISH = frozenset({
    "about", "after", "again", "all", "also", "and", "any", "are", "because", "been", "before",
    "being", "but", "can", "could", "customer", "did", "does", "doing", "done", "down", "for",
    "from", "get", "got", "had", "has", "have", "having", "hello", "her", "here", "him", "his",
    "how", "into", "its", "just", "more", "most", "not", "now", "off", "once", "only", "other",
    "our", "out", "over", "own", "please", "said", "same", "she", "should", "some", "still",
    "such", "than", "thank", "thanks", "that", "the", "their", "them", "then", "there", "these",
    "they", "this", "those", "through", "too", "under", "until", "very", "was", "were", "what",
    "when", "where", "which", "while", "who", "why", "will", "with", "would", "you", "your",
})  # fmt: skip


def is_word(token: str, is_cjk: Callable[[str], bool]) -> bool:
    """Tell whether a folded token is tested: a pair that carries matter, or a word with letters.

    Numbers alone are amounts, phones and order numbers.
    """
    if is_cjk(token[0]):
        return len(token) == 2 and not GRAMMAR.intersection(token) and token not in COMMON
    if not any(character.isalpha() for character in token):
        return False
    if any(character.isdigit() for character in token):
        return 2 <= len(token) <= 12  # error codes and models: e5, e21, wh3000
    return 3 <= len(token) <= 30 and token not in ENGLISH


def phrase(pair: str, texts: Sequence[str], is_cjk: Callable[[str], bool]) -> str:
    """Return the longest phrase around ``pair`` that four fifths of ``texts`` have.

    ``texts`` are folded and hold ``pair`` each.
    """
    grown, least = pair, SAME_SHARE * len(texts)
    while len(grown) < LONGEST:
        longer = _neighbours(grown, texts, is_cjk)
        best = max(longer.items(), key=lambda item: (item[1], item[0]), default=("", 0))
        if best[1] < least:
            break
        grown = best[0]
    return grown


def _neighbours(
    grown: str, texts: Sequence[str], is_cjk: Callable[[str], bool]
) -> Mapping[str, int]:
    """Count the texts by what ``grown`` becomes with one character more, before or behind."""
    counted: Counter[str] = Counter()
    for text in texts:
        own = set()
        place = text.find(grown)
        while place >= 0:
            end = place + len(grown)
            if end < len(text) and is_cjk(text[end]) and text[end] not in GRAMMAR:
                own.add(text[place : end + 1])
            if place and is_cjk(text[place - 1]) and text[place - 1] not in GRAMMAR:
                own.add(text[place - 1 : end])
            place = text.find(grown, place + 1)
        counted.update(own)
    return counted


def same_words(words: Sequence[tuple[str, Set[int]]]) -> list[int]:
    """Return the places of the words that stay when parts of others are left out.

    ``words`` are phrases with their records, the most telling first. A later one goes when it
    shares a character with one that stays and four fifths of its records: 水问 beside 漏水.
    """
    kept: list[int] = []
    for place, (word, own) in enumerate(words):
        part = any(
            set(word) & set(words[other][0]) and len(own & words[other][1]) >= SAME_SHARE * len(own)
            for other in kept
        )
        if not part:
            kept.append(place)
    return kept
