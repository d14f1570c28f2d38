"""What figures of a period rest on: records, what was left out and why, what is not final yet.

Appendix B and the scope page of reports (``domain.md 5.1``); every excluded record is counted.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from svcdesk.domain.anomalies import ANOMALIES
from svcdesk.domain.data_quality import GROUPS, Decision, leaves
from svcdesk.domain.metrics.definition import Kind
from svcdesk.domain.metrics.registry import METRICS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svcdesk.domain.metrics.figure import Figure
    from svcdesk.domain.period import Period
    from svcdesk.store.connection import Connection
    from svcdesk.store.figures import Board
    from svcdesk.store.measures import Filters


@dataclass(frozen=True)
class CodeCount:
    """Records of one kind of anomaly: how many, how many are out of figures, what was decided."""

    code: str
    n: int
    out: int
    excluded: int
    accepted: int
    fixed: int

    @property
    def undecided(self) -> int:
        """Return how many nobody has looked at."""
        return self.n - self.excluded - self.accepted


@dataclass(frozen=True)
class Quality:
    """Appendix B: records by kind, records per AB code, years without a holiday notice.

    ``out``: records that at least one figure leaves out.
    """

    records: dict[str, int]
    codes: tuple[CodeCount, ...]
    out: int
    missing_years: list[int]

    @property
    def flags(self) -> dict[str, int]:
        """Return the number of records that show each code now."""
        return {c.code: c.n for c in self.codes if c.n}

    @property
    def flagged(self) -> int:
        """Return the number of flags."""
        return sum(self.flags.values())


@dataclass(frozen=True)
class Scope:
    """The scope of a report: period, cut-off, filters, what is in it and what is not (G4).

    ``set_aside``: records that no figure counts, by reason. ``excluded`` and ``not_due``: by
    metric, those above zero. ``provisional``: metrics whose value may still change by itself.
    """

    period: Period
    cut_off: int
    filters: Filters
    quality: Quality
    set_aside: dict[str, int]
    excluded: dict[str, int]
    not_due: dict[str, int]
    provisional: tuple[str, ...] = field(default=())


_OF_A_TICKET = (  # that counts
    "EXISTS (SELECT 1 FROM ticket t WHERE t.id = m.ticket_id "
    "AND t.deleted_at IS NULL AND t.is_test = 0 AND t.status <> 'merged')"
)
# kind, time of its cohort, those that count at all
_COUNTED = (
    ("ticket", "created_at", "m.is_test = 0 AND m.status <> 'merged'"),
    ("complaint", "received_at", "m.is_test = 0 AND m.status NOT IN ('merged', 'rejected')"),
    ("survey", "responded_at", "1"),
    ("visit", "window_start", _OF_A_TICKET),
    ("callback", "completed_at", "1"),
)
_FLAGGED = ("ticket", "complaint", "survey", "visit")
# records that no figure counts (3.2, X0) and cancelled ones, which only volumes count (X1)
_ASIDE = (
    ("ticket_test", "ticket", "created_at", "m.is_test = 1"),
    ("ticket_merged", "ticket", "created_at", "m.is_test = 0 AND m.status = 'merged'"),
    ("ticket_cancelled", "ticket", "created_at", "m.is_test = 0 AND m.status = 'cancelled'"),
    ("complaint_test", "complaint", "received_at", "m.is_test = 1"),
    ("complaint_merged", "complaint", "received_at", "m.is_test = 0 AND m.status = 'merged'"),
    ("complaint_rejected", "complaint", "received_at", "m.is_test = 0 AND m.status = 'rejected'"),
    ("survey_invalid", "survey", "responded_at", "m.invalid = 1"),
    ("survey_replaced", "survey", "responded_at", "m.invalid = 0 AND m.counted = 0"),
)  # fmt: skip


def _within(table: str, column: str, condition: str) -> str:
    return (
        f"FROM {table} m WHERE m.deleted_at IS NULL AND m.{column} >= :a AND m.{column} < :b "
        f"AND {condition}"
    )


def _count(connection: Connection, source: str, values: dict[str, int]) -> int:
    return int(connection.execute(f"SELECT count(*) {source}", values).fetchone()[0])


def quality(board: Board, period: Period) -> Quality:
    """Return how many records a period holds and how many show each anomaly."""
    connection = board.run.connection
    values = {"a": period.start_at, "b": min(period.end_at, board.as_of)}
    records: dict[str, int] = {}
    found: dict[str, Counter[str]] = {
        n: Counter() for n in ("n", "out", Decision.EXCLUDED, Decision.ACCEPTED, Decision.FIXED)
    }
    out = 0
    for table, column, condition in _COUNTED:
        source = _within(table, column, condition)
        records[table] = _count(connection, source, values)
        if table in _FLAGGED:
            out += _flags(connection, table, source, values, found)
            _fixed(connection, table, source, values, found)
    last = min(period.end_at, board.as_of) - 1
    return Quality(
        records,
        tuple(
            CodeCount(a.code, found["n"][a.code], found["out"][a.code],
                      found[Decision.EXCLUDED][a.code], found[Decision.ACCEPTED][a.code],
                      found[Decision.FIXED][a.code])
            for a in ANOMALIES
            if found["n"][a.code] or found[Decision.FIXED][a.code]
        ),
        out,
        board.reference.calendar.missing_years(min(period.start_at, last), last),
    )  # fmt: skip


def _flags(
    connection: Connection, table: str, source: str, values: dict[str, int],
    found: dict[str, Counter[str]],
) -> int:  # fmt: skip
    """Count the flags of one kind of record; return how many records figures leave out."""
    out = 0
    for codes, said in connection.execute(
        f"SELECT m.data_flags, m.data_verdicts {source} AND m.data_flags IS NOT NULL", values
    ).fetchall():
        flags, verdicts = json.loads(codes), json.loads(said or "[]")
        found["n"].update(flags)
        left = {
            code for code in flags
            if any(leaves([code], verdicts, group) for group in GROUPS[table])
        }  # fmt: skip
        found["out"].update(left)
        out += bool(left)
        for verdict in verdicts:
            code, _, decision = verdict.partition(":")
            found[decision][code] += 1
    return out


def _fixed(
    connection: Connection, table: str, source: str, values: dict[str, int],
    found: dict[str, Counter[str]],
) -> None:  # fmt: skip
    for code, n in connection.execute(
        "SELECT d.code, count(*) FROM data_decision d WHERE d.decision = 'fixed' "
        f"AND d.entity = '{table}' AND d.deleted_at IS NULL "
        f"AND d.record_id IN (SELECT m.id {source}) GROUP BY 1",
        values,
    ).fetchall():
        found[Decision.FIXED][code] += n


def parts(figures: Iterable[Figure]) -> tuple[dict[str, int], dict[str, int], tuple[str, ...]]:
    """Return excluded and not yet due records by metric, and what is provisional."""
    excluded: dict[str, int] = {}
    not_due: dict[str, int] = {}
    provisional: list[str] = []
    for figure in figures:
        if figure.excluded:
            excluded[figure.metric.id] = figure.excluded
        if figure.not_yet_due:
            not_due[figure.metric.id] = figure.not_yet_due
        if figure.provisional and figure.value is not None:
            provisional.append(figure.metric.id)
    return excluded, not_due, tuple(provisional)


def scope(board: Board, period: Period, metric_ids: Iterable[str] | None = None) -> Scope:
    """Return what the figures of ``period`` rest on; ``metric_ids``: those a report uses."""
    wanted = list(metric_ids) if metric_ids is not None else [
        m.id for m in METRICS if m.kind is not Kind.OF_OTHERS
    ]  # fmt: skip
    values = {"a": period.start_at, "b": min(period.end_at, board.as_of)}
    aside = {
        name: n
        for name, table, column, condition in _ASIDE
        if (n := _count(board.run.connection, _within(table, column, condition), values))
    }
    figures = board.figures(wanted, [period])
    excluded, not_due, provisional = parts(figures[m][period.code] for m in wanted)
    return Scope(period, board.as_of, dict(board.run.filters), quality(board, period), aside,
                 excluded, not_due, provisional)  # fmt: skip
