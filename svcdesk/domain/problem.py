"""What is wrong with a value or a step, told at its field."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclasses.dataclass(frozen=True)
class Problem:
    """One thing that must be put right.

    ``field`` is the English field name (empty: the record as a whole), ``code`` names the kind for
    programs, ``text`` is an English msgid with named placeholders that ``values`` fills. A
    ``warning`` is advice and never blocks.
    """

    field: str
    code: str
    text: str
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    warning: bool = False

    def __str__(self) -> str:
        return self.text.format(**self.values)


def blocking(problems: list[Problem]) -> list[Problem]:
    """Return the problems that forbid saving; warnings are left out."""
    return [p for p in problems if not p.warning]
