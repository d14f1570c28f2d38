"""Closed months as rows: which are closed, what was frozen, what was judged (``domain.md 3.2, 4.7``).

A closing is a row with its parts; parts are written once and have no log of their own. Undoing a
closing leaves its parts, so that redoing finds them; the next closing sweeps up what is left over.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from svcdesk.domain.evaluation import Evaluation, Finding, Verdict
from svcdesk.domain.period import Period, parse_period
from svcdesk.store.closing_lists import unpack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

_COLUMNS = (
    "id, month, version, start_at, end_at, start_day, as_of, log_id, definitions, entered_at, "
    "created_by, reopened_at, reopened_by, reopen_reason"
)


@dataclass(frozen=True)
class Closing:
    """One closing of a month: ``version`` counts them, ``log_id`` is the last change it knows of.

    ``definitions`` is the fingerprint of what the figures were computed by.
    """

    id: int
    month: str
    version: int
    start_at: int
    end_at: int
    start_day: int
    as_of: int
    log_id: int
    definitions: str
    closed_at: int
    closed_by: int | None
    reopened_at: int | None = None
    reopened_by: int | None = None
    reason: str | None = None

    @property
    def stands(self) -> bool:
        """Tell whether the month is closed by it now."""
        return self.reopened_at is None

    def period(self, zone: str) -> Period:
        """Return the month as it was closed, whatever the settings say today."""
        return parse_period(self.month, self.start_day, zone)


def listed(connection: Connection, month: str | None = None) -> list[Closing]:
    """Return all closings (of a month), the earliest month first, versions in their order."""
    where = "" if month is None else " AND month = :month"
    return [
        Closing(*row)
        for row in connection.execute(
            f"SELECT {_COLUMNS} FROM month_closing WHERE deleted_at IS NULL{where} "
            "ORDER BY month, version",
            {"month": month},
        ).fetchall()
    ]


def standing(connection: Connection, month: str) -> Closing | None:
    """Return the closing by which a month is closed now."""
    return next((c for c in reversed(listed(connection, month)) if c.stands), None)


def part(connection: Connection, closing_id: int, name: str) -> bytes:
    """Return a part as it is kept, compressed."""
    body = connection.execute(
        "SELECT body FROM closing_part WHERE closing_id = ? AND name = ?", (closing_id, name)
    ).fetchone()[0]
    return bytes(body)


def content(connection: Connection, closing_id: int, name: str) -> Any:
    """Return a part of a closing: figures, groups, distributions, definitions, …."""
    return unpack(part(connection, closing_id, name))


def last_log_id(connection: Connection) -> int:
    """Return the latest entry of the change log."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM change_log").fetchone()[0])


def save(
    uow: UnitOfWork, values: Mapping[str, Any], parts: Mapping[str, bytes],
    evaluations: Sequence[Evaluation],
) -> int:  # fmt: skip
    """Write a closing with its parts and what it found; return its key."""
    uow.execute("DELETE FROM closing_part WHERE closing_id NOT IN (SELECT id FROM month_closing)")
    version = uow.execute(
        "SELECT coalesce(max(version), 0) + 1 FROM month_closing "
        "WHERE month = ? AND deleted_at IS NULL",
        (values["month"],),
    ).fetchone()[0]
    key = uow.insert("month_closing", {**values, "version": version})
    uow.connection.executemany(
        "INSERT INTO closing_part (closing_id, name, body) VALUES (?, ?, ?)",
        [(key, name, body) for name, body in parts.items()],
    )
    for one in evaluations:
        uow.insert("closing_evaluation", {"closing_id": key, **_row(one)})
    return key


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _row(one: Evaluation) -> dict[str, Any]:
    return {
        "kind": str(one.kind), "metric": one.metric, "scope": one.scope,
        "verdict": None if one.verdict is None else str(one.verdict),
        "value": _text(one.value), "n": one.n, "provisional": int(one.provisional),
        "target": _text(one.target), "threshold": _text(one.threshold),
        "before": json.dumps([_text(value) for value in one.before]) if one.before else None,
        "owner_id": one.owner_id,
    }  # fmt: skip


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def evaluations(connection: Connection, closing_id: int) -> list[Evaluation]:
    """Return what a closing found, in the order of writing."""
    return [
        Evaluation(
            Finding(row[0]), row[1], row[2], None if row[3] is None else Verdict(row[3]),
            _fraction(row[4]), row[5], bool(row[6]), _fraction(row[7]), _fraction(row[8]),
            tuple(_fraction(value) for value in json.loads(row[9] or "[]")), row[10],
        )
        for row in connection.execute(
            "SELECT kind, metric, scope, verdict, value, n, provisional, target, threshold, "
            "before, owner_id FROM closing_evaluation "
            "WHERE closing_id = ? AND deleted_at IS NULL ORDER BY id",
            (closing_id,),
        ).fetchall()
    ]  # fmt: skip


def reopen(uow: UnitOfWork, closing: Closing, reason: str) -> None:
    """Let a month be open again; what was frozen stays readable."""
    uow.update(
        "month_closing", closing.id,
        {"reopened_at": uow.now, "reopened_by": uow.actor_id, "reopen_reason": reason},
    )  # fmt: skip


def target_owners(connection: Connection) -> list[tuple[str, str, str, int | None]]:
    """Return metric, scope, first month and owner of every target, the earliest first."""
    return [
        (row[0], row[1], row[2], row[3])
        for row in connection.execute(
            "SELECT metric, scope, valid_from, owner_id FROM metric_target "
            "WHERE deleted_at IS NULL ORDER BY valid_from"
        ).fetchall()
    ]
