"""The shape of a way to count: which rows, their fields, their dimensions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from svcdesk.domain.anomalies import Group, excluding

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Facts:
    """One way to read a source: FROM, WHERE, its fields, its dimensions, its record number."""

    table: str
    where: str
    fields: Mapping[str, str]
    number: str
    dims: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)  # dimensions with several values each


def flagged(column: str, group: Group) -> str:
    """Return SQL for: the codes in ``column`` take the record out of ``group``."""
    codes = " OR ".join(f"instr({column}, '{code}')" for code in excluding(group))
    return f"({column} IS NOT NULL AND ({codes}))"
