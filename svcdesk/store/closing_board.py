"""All figures of one month from its record lists: counted once, whatever the dimension.

The lists hold what each metric makes of each record, so the sums of the whole desk and of every
group come out of one reading; a closing and its restatements share it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from svcdesk.domain.lists import OTHER
from svcdesk.domain.metrics.definition import Kind, MetricDef
from svcdesk.domain.metrics.expression import YES
from svcdesk.domain.metrics.figure import Figure, Tally
from svcdesk.domain.metrics.registry import BY_ID, METRICS
from svcdesk.domain.statistics import pareto
from svcdesk.store import breakdowns, kept
from svcdesk.store.closing_lists import EXCLUDED, GIVEN, NOT_DUE, FixedRun, RecordList
from svcdesk.store.figures import Board

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from fractions import Fraction

    from svcdesk.domain.period import Period
    from svcdesk.store.connection import Connection
    from svcdesk.store.reference import Reference

# counts whose Pareto bars are frozen, and the dimension of the bars (3.11)
PARETOS = (
    ("complaint_received", "category"),
    ("ticket_created", "issue"),
    ("overdue_reasons", "overdue_reason"),
)
# further distributions that reports show, of these counts
DISTRIBUTIONS = (
    ("ticket_created", "channel_group"), ("ticket_created", "priority"),
    ("ticket_created", "tier"), ("ticket_created", "region"),
    ("complaint_received", "severity"), ("csat_mean", "csat"), ("nps", "nps_group"),
    ("backlog_end", "age"),
)  # fmt: skip


def add_cell(tally: Tally, metric: MetricDef, cell: Any, count: int) -> None:
    """Add what a metric makes of ``count`` records alike."""
    if cell == EXCLUDED:
        tally.excluded += count
        return
    if cell == NOT_DUE:
        tally.not_yet_due += count
        return
    tally.n += count
    if metric.kind is Kind.PERCENTILE:
        if cell != "n":
            tally.values += [cell] * count
        return
    if metric.kind in {Kind.PER_KEY, Kind.KEY_SHARE}:
        key, _, mark = str(cell).rpartition("/")
        tally.keys.add(key)
        if mark not in {"0", "n"}:
            tally.marked_keys.add(key)
        return
    weight, divisor = cell, None
    if isinstance(cell, str) and "/" in cell:
        weight, _, divisor = cell.partition("/")
    if metric.weight is not YES and weight != "n":
        tally.total += int(weight) * count
    if divisor not in {None, "n"}:
        tally.divisor += int(str(divisor)) * count


class MonthBoard(Board):
    """The figures of one month as its record lists say, under the parameters of its closing."""

    def __init__(
        self, connection: Connection, reference: Reference, as_of: int, period: Period,
        lists: Sequence[RecordList], fixed: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(connection, reference, as_of)
        self.run = FixedRun(connection, as_of, reference, fixed=dict(fixed or {}))
        self.kept = kept.Kept(self.run)
        self.period = period
        self._tables = [_Table(one) for one in lists if one.source != GIVEN]

    def _count(
        self, metrics: Iterable[MetricDef], periods: Sequence[Period], by: str | None
    ) -> None:
        """Take the month from the lists; count the rest from the records."""
        wanted = list(metrics)
        if self.period.code in {p.code for p in periods}:
            missing = {m.id for m in wanted if (m.id, by, self.period.code) not in self._cache}
            for table in self._tables:
                for metric_id in missing.intersection(table.cells):
                    found = self._tallied(table, metric_id, by)
                    if found is not None:
                        self._cache[metric_id, by, self.period.code] = found
        super()._count(wanted, periods, by)

    def _tallied(self, table: _Table, metric_id: str, by: str | None) -> dict[Any, Tally] | None:
        """Return the tallies of a metric by the groups of ``by``; ``None``: not in the lists."""
        raw = "channel" if by == "channel_group" else by
        if raw is not None and raw not in table.keys:
            return None
        metric, cells = BY_ID[metric_id], table.cells[metric_id]
        groups: dict[Any, Tally] = defaultdict(Tally)
        if raw is None:
            for cell, count in Counter(cells).items():
                if cell is not None:
                    add_cell(groups[None], metric, cell, count)
            return dict(groups)
        for (key, cell), count in Counter(zip(table.keys[raw], cells, strict=True)).items():
            if cell is not None:
                add_cell(groups[self.run.group_key(by, key)], metric, cell, count)
        return dict(groups)


class _Table:
    """A record list by columns: keys by dimension, cells by metric."""

    def __init__(self, one: RecordList) -> None:
        names = (*one.dims, *one.metrics)
        columns = list(zip(*one.rows, strict=True))[1:] if one.rows else [()] * len(names)
        found = dict(zip(names, columns, strict=True))
        self.keys = {name: found[name] for name in one.dims}
        self.cells = {name: found[name] for name in one.metrics}


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def figure_row(figure: Figure) -> dict[str, Any]:
    """Return a figure as it is kept: exact, with all that must travel with it."""
    return {
        "value": _exact(figure.value), "num": figure.num, "den": figure.den, "n": figure.n,
        "excluded": figure.excluded, "not_yet_due": figure.not_yet_due,
        "provisional": figure.provisional, "target": _exact(figure.target),
        "threshold": _exact(figure.threshold), "met": figure.met,
    }  # fmt: skip


def figure_from(metric_id: str, period: Period, row: Mapping[str, Any]) -> Figure:
    """Return the figure that :func:`figure_row` kept."""
    from fractions import Fraction

    def exact(name: str) -> Fraction | None:
        return None if row[name] is None else Fraction(row[name])

    return Figure(
        BY_ID[metric_id], period, exact("value"), row["num"], row["den"], row["n"],
        row["excluded"], row["not_yet_due"], exact("target"), exact("threshold"),
        row["provisional"],
    )  # fmt: skip


def figure_rows(board: Board, period: Period) -> dict[str, dict[str, Any]]:
    """Return every figure of the whole desk as it is kept."""
    ids = [m.id for m in METRICS]
    return {m: figure_row(f[period.code]) for m, f in board.figures(ids, [period]).items()}


def group_rows(board: Board, period: Period, by: str) -> dict[str, list[list[Any]]]:
    """Return for each metric that can be split ``[key, figure]`` of each group of ``by``."""
    ids = [m.id for m in METRICS if m.per_group]
    board.begin_groups(ids, [period], by)
    found = {m: [[g.key, figure_row(g.figure)] for g in board.groups(m, period, by)] for m in ids}
    return {m: rows for m, rows in found.items() if rows}


def distribution_rows(board: Board, period: Period) -> dict[str, list[list[Any]]]:
    """Return the further distributions, ``metric:dimension`` → ``[key, n]`` of each group."""
    found = {}
    for metric_id, by in DISTRIBUTIONS:
        if metric_id in BY_ID:
            groups = board.groups(metric_id, period, by)
            found[f"{metric_id}:{by}"] = [[g.key, g.figure.n] for g in groups]
    return found


def pareto_rows(board: Board, period: Period) -> dict[str, list[list[Any]]]:
    """Return the Pareto bars, ``metric:dimension`` → ``[key, count, share, cumulative, vital]``."""
    found = {}
    items = board.reference.items
    for metric_id, by in PARETOS:
        if metric_id not in BY_ID:
            continue
        groups = board.groups(metric_id, period, by)
        groups.sort(key=lambda g: (items[g.key].sort if g.key in items else 0, str(g.key)))
        names = {
            (OTHER if g.key in items and items[g.key].code == OTHER else str(g.key)): g.key
            for g in groups
        }
        counts = zip(names, (g.figure.n for g in groups), strict=True)
        found[f"{metric_id}:{by}"] = [
            [names[bar.key], bar.count, str(bar.share), str(bar.cumulative), bar.vital]
            for bar in pareto(list(counts), OTHER)
        ]
    return found


def composite_row(board: Board, period: Period) -> dict[str, Any]:
    """Return the composite quality score with its parts (3.10)."""
    found = board.composite(period)
    return {
        "total": _exact(found.total), "band": found.band,
        "parts": [
            [p.metric, _exact(p.value), _exact(p.target), p.weight, _exact(p.score),
             _exact(p.contribution)]
            for p in found.parts
        ],
    }  # fmt: skip


def flow_row(board: Board, period: Period) -> dict[str, int]:
    """Return the line that reconciles the open tickets (3.3)."""
    return asdict(breakdowns.flow(board, period))
