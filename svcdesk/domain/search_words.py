"""What a person types into a search box: words, and prefixes that name a field.

``客户:张 状态:新建,处理中 "制冷 效果" 13812345678``. A prefix may be Chinese or English, its colon
of either width; values are divided by commas and may stand in quotes, also those of either width.
Whatever is no known prefix is searched for as it stands, and told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PREFIXES: dict[str, tuple[str, ...]] = {
    # field -> names; the first Chinese and the first English one are offered
    "customer": ("客户", "customer", "顾客", "client"),
    "status": ("状态", "status"),
    "owner": ("处理人", "owner", "负责人", "agent", "handler"),
    "channel": ("渠道", "channel"),
    "priority": ("优先级", "priority"),
    "phone": ("电话", "phone", "手机", "tel"),
    "number": ("单号", "number", "编号", "no"),
    "tag": ("标签", "tag"),
}
_FIELD = {name.lower(): field for field, names in PREFIXES.items() for name in names}
_COLON = re.compile("[:：]")
_NAME = re.compile(r"[^\W\d_]{1,12}")
_QUOTES = {'"': '"', "“": "”"}
_COMMAS = ",，、"


@dataclass(frozen=True)
class Prefixed:
    """A field named by its prefix, and the values asked for (one of them is enough)."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """What was typed, taken apart; ``unknown`` are prefixes that mean nothing here."""

    text: str = ""
    prefixed: tuple[Prefixed, ...] = ()
    unknown: tuple[str, ...] = ()


def _tokens(typed: str) -> list[str]:
    """Return what spaces divide outside quotes; quotes stay."""
    found, piece, end = [], "", ""
    for character in typed:
        if end:
            piece += character
            end = "" if character == end else end
        elif character in _QUOTES:
            piece += character
            end = _QUOTES[character]
        elif character.isspace():
            found.append(piece)
            piece = ""
        else:
            piece += character
    found.append(piece)
    return [piece for piece in found if piece]


def _values(text: str) -> tuple[str, ...]:
    """Return the values after a prefix: divided by commas outside quotes, without the quotes."""
    found, piece, end = [], "", ""
    for character in text:
        if end:
            if character == end:
                end = ""
            else:
                piece += character
        elif character in _QUOTES:
            end = _QUOTES[character]
        elif character in _COMMAS:
            found.append(piece)
            piece = ""
        else:
            piece += character
    found.append(piece)
    return tuple(piece.strip() for piece in found if piece.strip())


def parse(typed: str) -> Words:
    """Take apart what was typed."""
    words: list[str] = []
    prefixed: list[Prefixed] = []
    unknown: list[str] = []
    for token in _tokens(typed):
        colon = _COLON.search(token)
        name = token[: colon.start()] if colon else ""
        if colon is None or not _NAME.fullmatch(name):
            words.append(" ".join(_values(token)) if token[0] in _QUOTES else token)
            continue
        field = _FIELD.get(name.lower())
        if field is None:
            unknown.append(name)
            words.append(token)
            continue
        values = _values(token[colon.end() :])
        if values:  # a prefix without a value is being typed
            prefixed.append(Prefixed(field, values))
    return Words(" ".join(words), tuple(prefixed), tuple(unknown))


def write(words: Words, *, chinese: bool) -> str:
    """Return the text that :func:`parse` takes apart into ``words``."""
    parts = []
    for one in words.prefixed:
        name = PREFIXES[one.field][0 if chinese else 1]
        values = ",".join(f'"{value}"' for value in one.values)
        parts.append(f"{name}:{values}")
    return " ".join([*parts, words.text]).strip()
