"""What can be wrong with a cell or a row of a foreign file, as data that can be told in words."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.i18n.labels import sentence

if TYPE_CHECKING:
    from svcdesk.i18n.catalog import Translator


class Bad:
    """The outcome of a converter that could not read a cell.

    ``code`` names the kind for programs, ``text`` is an English msgid with named placeholders,
    ``values`` fills them.
    """

    __slots__ = ("code", "text", "values")

    def __init__(self, code: str, text: str, **values: Any) -> None:
        self.code = code
        self.text = text
        self.values = values

    def __repr__(self) -> str:
        return f"Bad({self.code!r}, {self.text.format(**self.values)!r})"


@dataclass(frozen=True)
class Problem:
    """A reason why one row cannot come in: row number as the spreadsheet shows it, field, words.

    ``field`` is our English field name, or an empty string when the whole row is meant;
    ``column`` is their header.
    """

    row: int
    field: str
    code: str
    text: str
    values: dict[str, Any] = dataclasses.field(default_factory=dict)
    column: str = ""

    def sentence(self, t: Translator) -> str:
        """Return the reason in the language of ``t``; values that are msgids are translated."""
        return sentence(self.text, self.values, t)


def shown(value: object, limit: int = 40) -> str:
    """Return a cell for use inside a sentence: one line, at most ``limit`` characters."""
    text = " ".join(str(value).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
