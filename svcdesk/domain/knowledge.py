"""Knowledge articles: words in common, differences between versions, review (``domain.md 2.11``)."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import log, log2
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

REVIEW_DAYS = 180
MAX_PIECES = 80  # of a text: more say nothing new about it
TITLE_WEIGHT = 2.0  # a word of title or keywords counts as two in the symptom
ISSUE_BONUS = 0.25  # for the same issue type
USE_BONUS = 0.05  # for each doubling of the number of uses
LEAST_SHARE = 0.08  # of the weight of the text's pieces: less is chance
_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
TEXTS = ("title", "symptom", "solution", "keywords")


class ArticleKind(StrEnum):
    """What an article is: an answer, a procedure, a case to copy, a story of praise."""

    ARTICLE = "article"
    SOP = "sop"
    CASE = "case"
    PRAISE = "praise"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article as the ranking sees it; texts are folded."""

    id: int
    head: str  # title and keywords
    body: str  # symptom
    issue_id: int | None
    uses: int


def review_day(published: date) -> date:
    """Return when an article must be looked at again: 180 days after it was published."""
    return published + timedelta(days=REVIEW_DAYS)


def pieces(folded: str) -> list[str]:
    """Return what a text is compared by: pairs of Chinese characters, Latin words, numbers.

    >>> pieces("空调e1不制冷")
    ['空调', 'e1', '不制', '制冷']
    """
    found: list[str] = []
    for run in _RUNS.findall(folded):
        if run[0] >= "\u3400":
            found += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
        elif len(run) > 1:
            found.append(run)
    return list(dict.fromkeys(found))[:MAX_PIECES]


def rank(
    text: str, candidates: Sequence[Candidate], issue_id: int | None = None
) -> list[tuple[float, int]]:
    """Return ``(score, key)`` of the articles that have words in common with a folded text.

    A piece weighs the more the fewer articles have it. Without words only the issue type speaks.
    The score of the words is the share of the text's weight that the article covers.
    """
    parts = pieces(text)
    heads = [[c for c, one in enumerate(candidates) if part in one.head] for part in parts]
    bodies = [[c for c, one in enumerate(candidates) if part in one.body] for part in parts]
    scores = [0.0] * len(candidates)
    total = 0.0
    for head, body in zip(heads, bodies, strict=True):
        spread = len(set(head) | set(body))
        if not spread:
            continue
        weight = log(1 + len(candidates) / spread)
        total += weight
        for place in head:
            scores[place] += TITLE_WEIGHT * weight
        for place in body:
            scores[place] += weight
    found = []
    for place, one in enumerate(candidates):
        share = scores[place] / (total * (TITLE_WEIGHT + 1)) if total else 0.0
        same = issue_id is not None and one.issue_id == issue_id
        if share < LEAST_SHARE and not (same and not parts):
            continue
        score = share + ISSUE_BONUS * same + USE_BONUS * log2(1 + one.uses)
        found.append((score, one.id))
    return sorted(found, key=lambda pair: (-pair[0], pair[1]))


@dataclass(frozen=True)
class Change:
    """A stretch of text that is the same, new or gone between two versions."""

    text: str
    kind: str  # same, new, gone


def differences(old: str, new: str) -> list[Change]:
    """Return the stretches of two texts in the order of reading."""
    found: list[Change] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            found.append(Change(new[c:d], "same"))
            continue
        if old[a:b]:
            found.append(Change(old[a:b], "gone"))
        if new[c:d]:
            found.append(Change(new[c:d], "new"))
    return found
