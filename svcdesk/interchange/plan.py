"""What an import will do or has done, row by row, and the file of rows to correct."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from svcdesk.i18n.catalog import N_, Translator
from svcdesk.interchange.layout import LeftOut

if TYPE_CHECKING:
    from pathlib import Path

    from svcdesk.interchange.kinds import Kind
    from svcdesk.interchange.problems import Problem

KEPT = 50_000  # rejected rows kept with their cells, for the file of rows to correct


class Action(StrEnum):
    """What happens to a row."""

    INSERT = "insert"
    UPDATE = "update"
    SKIP = "skip"
    REJECT = "reject"


@dataclass
class ImportPlan:
    """The result of a dry run or of an import.

    ``rejected_rows`` counts rows, ``problems`` may name several fields of one row. ``flagged``
    counts records per AB code (domain.md 4.5), ``new_names`` lists what is created besides, per
    list, ``missing_years`` the years of the records for which no holiday notice is loaded. ``batch`` is the number of the batch, empty when nothing was written.
    """

    kind: Kind
    file_name: str
    names: tuple[str, ...] = ()
    rows_read: int = 0
    counts: Counter[Action] = dataclasses.field(default_factory=Counter)
    problems: list[Problem] = dataclasses.field(default_factory=list)
    flagged: Counter[str] = dataclasses.field(default_factory=Counter)
    new_names: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    left_out: LeftOut = dataclasses.field(default_factory=LeftOut)
    unused: tuple[str, ...] = ()
    missing_years: tuple[int, ...] = ()
    batch: str = ""
    applied: bool = False
    kept: list[tuple[int, list[object]]] = dataclasses.field(default_factory=list)

    @property
    def inserted(self) -> int:
        """Rows that become new records."""
        return self.counts[Action.INSERT]

    @property
    def updated(self) -> int:
        """Rows that change a record."""
        return self.counts[Action.UPDATE]

    @property
    def skipped(self) -> int:
        """Rows that are already there as they are."""
        return self.counts[Action.SKIP]

    @property
    def rejected_rows(self) -> int:
        """Rows that cannot come in."""
        return self.counts[Action.REJECT]

    def keep(self, row: int, cells: list[object]) -> None:
        """Keep a rejected row for the file of rows to correct."""
        if len(self.kept) < KEPT:
            self.kept.append((row, cells))

    def as_json(self, t: Translator) -> dict[str, Any]:
        """Return the answer of ``import --json`` (decisions.md 8)."""
        return {
            "rows_read": self.rows_read,
            "inserted": self.inserted,
            "updated": self.updated,
            "skipped": self.skipped,
            "rejected": [
                {"row": p.row, "field": p.field, "code": p.code, "text": p.sentence(t)}
                for p in self.problems
            ],
            "flagged": {code: count for code, count in sorted(self.flagged.items()) if count},
            "batch": self.batch or None,
            "applied": self.applied,
            "left_out": dict(self.left_out.counts),
            "created": self.new_names,
            "unused_columns": list(self.unused),
            "missing_calendar_years": list(self.missing_years),
        }


REASON = N_("Reason")


def write_rejected(plan: ImportPlan, path: Path, t: Translator) -> None:
    """Write the rejected rows with their reasons, in the columns they came in.

    Corrected and without the last column it can be imported as it is.
    """
    from svcdesk.interchange.writers import write_table

    reasons: dict[int, list[str]] = {}
    for problem in plan.problems:
        words = problem.sentence(t)
        named = problem.column or problem.field
        reasons.setdefault(problem.row, []).append(f"{named}: {words}" if named else words)
    write_table(
        path,
        [*plan.names, t(REASON)],
        ([*cells, "; ".join(reasons.get(row, []))] for row, cells in plan.kept),
        guard=False,
    )
