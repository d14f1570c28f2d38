"""Counts that are not metrics: the flow of tickets, the heat map, data quality."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from svcdesk.domain.localtime import local
from svcdesk.domain.metrics.definition import Source
from svcdesk.domain.metrics.figure import Tally
from svcdesk.domain.metrics.registry import metric
from svcdesk.store import measures
from svcdesk.store.compile import sql
from svcdesk.store.facts import facts_of

if TYPE_CHECKING:
    from svcdesk.domain.period import Period
    from svcdesk.store.figures import Board


@dataclass(frozen=True)
class Flow:
    """期初在办 + 新增 − 取消 − 净解决 = 期末在办 (3.3); ``holds`` on every period."""

    opening: int
    created: int
    cancelled: int  # less those restored
    resolved: int  # less those reopened
    closing: int

    @property
    def holds(self) -> bool:
        """Tell whether the line adds up."""
        return self.opening + self.created - self.cancelled - self.resolved == self.closing


_KEPT = (
    "t.deleted_at IS NULL AND t.is_test = 0 AND +t.created_at < :as_of AND CASE "
    "WHEN t.last_event_at < :as_of THEN t.status <> 'merged' ELSE NOT EXISTS ("
    "SELECT 1 FROM ticket_episode m WHERE m.ticket_id = t.id AND m.ended_by = 'merged' "
    "AND m.ended_at < :as_of AND NOT EXISTS (SELECT 1 FROM ticket_episode l "
    "WHERE l.ticket_id = t.id AND l.seq > m.seq AND l.opened_at < :as_of)) END"
)
_OF = f"FROM ticket_episode e JOIN ticket t ON t.id = e.ticket_id {{before}}WHERE {{which}} AND {_KEPT}"
_BEFORE = "LEFT JOIN ticket_episode p ON p.ticket_id = e.ticket_id AND p.seq = e.seq - 1 "
_SINCE = "e.opened_at >= :a AND e.opened_at < :b"
# A try is over once it was opened and ended; in odd data the end lies before the opening.
_OPENED = (
    "SELECT sum(e.seq = 1), "
    "sum(e.seq > 1 AND p.ended_by = 'resolved'), sum(e.seq > 1 AND p.ended_by <> 'resolved'), "
    "sum(e.ended_at < :a AND e.ended_by = 'resolved'), "
    "sum(e.ended_at < :a AND e.ended_by <> 'resolved') " + _OF.format(before=_BEFORE, which=_SINCE)
)
_ENDED = "SELECT sum(e.ended_by = 'resolved'), sum(e.ended_by <> 'resolved') " + _OF.format(
    before="", which="e.ended_at >= :a AND e.ended_at < :b AND e.opened_at < :b"
)
_OPEN = "SELECT count(*) " + _OF.format(before="", which="e.opened_at < :t AND e.{ended}")


def _row(board: Board, statement: str, **values: int) -> list[int]:
    row = board.run.connection.execute(statement, {**values, "as_of": board.as_of}).fetchone()
    return [value or 0 for value in row]


def _stock(board: Board, moment: int) -> int:
    """Return how many tries were open at a moment."""
    return sum(
        _row(board, _OPEN.format(ended=ended), t=moment)[0]
        for ended in ("ended_at >= :t", "ended_at IS NULL")
    )


def flow(board: Board, period: Period) -> Flow:
    """Return the reconciliation line of a period."""
    start, end = (min(edge, board.as_of) for edge in (period.start_at, period.end_at))
    first, reopened, restored, *odd = _row(board, _OPENED, a=start, b=end)
    resolved, gone = _row(board, _ENDED, a=start, b=end)
    return Flow(
        opening=_stock(board, start),
        created=first,
        cancelled=gone + odd[1] - restored,
        resolved=resolved + odd[0] - reopened,
        closing=_stock(board, end),
    )


def heat(board: Board, period: Period) -> list[list[int]]:
    """Return tickets received by weekday (Monday first) and hour of the team's day."""
    table = [[0] * 24 for _ in range(7)]
    for facts in facts_of(Source.TICKET, board.reference, at_end=False):
        if not board.run.covers(facts):
            continue
        values = {"as_of": board.as_of, "a": period.start_at, "b": period.end_at}
        if ":ticket_rows" in facts.table:
            values["ticket_rows"] = board.run.folded("ticket")  # type: ignore[assignment]
        rows = board.run.connection.execute(
            f"SELECT t.created_at FROM {facts.table} WHERE {board.run.where(facts)} "
            "AND t.created_at >= :a AND t.created_at < :b",
            values,
        ).fetchall()
        for (at,) in rows:
            moment = local(at, board.zone)
            table[moment.weekday()][moment.hour] += 1
    return table


def cross_tally(
    board: Board, metric_id: str, period: Period, first: str, second: str
) -> dict[tuple[Any, Any], Tally]:
    """Return a metric's tally in each pair of groups of two dimensions: n and what they add up."""
    found: dict[tuple[Any, Any], Tally] = defaultdict(Tally)
    run, definition = board.run, metric(metric_id)
    for facts, where, values in measures.ways(run, definition, period):
        if first not in facts.dims or second not in facts.dims:
            continue
        weight = sql(definition.weight, dict(facts.fields))
        for one, other, n, total in run.connection.execute(
            f"SELECT {facts.dims[first]}, {facts.dims[second]}, count(*), sum({weight}) "
            f"FROM {facts.table} WHERE {where} GROUP BY 1, 2",
            values,
        ).fetchall():
            key = (run.group_key(first, one), run.group_key(second, other))
            found[key].add(Tally(n, total or 0))
    return dict(found)


def pain_tags(board: Board, period: Period) -> list[tuple[int, int]]:
    """Return the pain tags of the complaints received: list item and count, most frequent first."""
    found = measures.spread(board.run, metric("complaint_received"), period, "pain_tag")
    return sorted(((key, tally.n) for key, tally in found.items()), key=lambda one: -one[1])
