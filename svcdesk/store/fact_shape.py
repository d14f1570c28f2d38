"""The shape of a way to count: which rows, their fields, their dimensions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from svcdesk.domain.anomalies import Group, breaking, excluding
from svcdesk.domain.data_quality import Decision, verdict

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


def flagged(column: str, group: Group, verdicts: str | None = None) -> str:
    """Return SQL for: the codes in ``column`` take the record out of ``group``.

    ``verdicts``: the column with what a person decided about them (``data_quality.leaves``).
    """
    usual, broken = excluding(group), breaking(group)
    plain = " OR ".join(f"instr({column}, '{code}')" for code in usual)
    if verdicts is None:
        return f"({column} IS NOT NULL AND ({plain}))"
    decided = " OR ".join(
        [
            f"(instr({column}, '{code}') AND NOT "
            f"instr({verdicts}, '{verdict(code, Decision.ACCEPTED)}'))"
            for code in usual
        ]
        + [
            f"(instr({column}, '{code}') AND "
            f"instr({verdicts}, '{verdict(code, Decision.EXCLUDED)}'))"
            for code in broken
        ]
    )
    return (
        f"({column} IS NOT NULL AND CASE WHEN {verdicts} IS NULL THEN ({plain}) "
        f"ELSE ({decided}) END)"
    )
