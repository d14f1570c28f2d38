"""Count what the metrics declare: several metrics and periods in one pass, drill-down to rows.

Periods are cut at all their edges into slices that do not overlap; a period is the sum of its
slices, so quarters and months come from the same pass (``domain.md 0.1``, rule 5).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from svcdesk.domain.localtime import local, midnight
from svcdesk.domain.metrics.definition import Kind, MetricDef, Source
from svcdesk.domain.metrics.expression import NO, YES, All, Expr, Not, fields_of
from svcdesk.domain.metrics.figure import Tally, pooled
from svcdesk.store import callbacks, projections
from svcdesk.store.compile import bucket, literal, sql
from svcdesk.store.facts import facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from svcdesk.domain.period import Period
    from svcdesk.store.connection import Connection
    from svcdesk.store.fact_shape import Facts
    from svcdesk.store.reference import Reference

Filters = Mapping[str, Sequence[Any]]  # dimension → groups that count, as drill-down names them
_ROLLED_UP = frozenset({"department"})
_LISTED = frozenset({Kind.PERCENTILE})
_KEYED = frozenset({Kind.PER_KEY, Kind.KEY_SHARE})
PARTS = ("num", "den", "excluded", "not_yet_due")


@dataclass
class Run:
    """One reading of the file: connection, cut-off, reference lists and parameters."""

    connection: Connection
    as_of: int
    reference: Reference
    filters: Filters = field(default_factory=dict)
    _folded: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        zone = str(self.reference.settings["timezone"])

        def start_of(day: str | None) -> int | None:
            return None if day is None else midnight(date.fromisoformat(day), zone)

        def hour_of(stamp: int | None) -> int | None:
            return None if stamp is None else local(stamp, zone).hour

        def weekday_of(stamp: int | None) -> int | None:
            return None if stamp is None else local(stamp, zone).isoweekday()

        self.connection.create_function("svc_midnight", 1, start_of, deterministic=True)
        self.connection.create_function("svc_hour", 1, hour_of, deterministic=True)
        self.connection.create_function("svc_weekday", 1, weekday_of, deterministic=True)

    @property
    def params(self) -> dict[str, Any]:
        """Return the values that expressions and formulas name."""
        settings = self.reference.settings
        return {
            "as_of": self.as_of,
            "low_score": settings["low_score"],
            **{
                name: int(settings[name])
                for name in ("count_mystery", "count_partner", "count_third_party")
            },
            "low_score_seconds": settings["low_score_hours"] * 3600,
            "fcr_seconds": settings["fcr_days"] * 86400,
            "second_seconds": settings["second_days"] * 86400,
            "callback_seconds": callbacks.routine_hours(self.connection) * 3600,
            "standard_day_seconds": self.reference.calendar.standard_day_seconds,
        }

    def covers(self, facts: Facts) -> bool:
        """Tell whether the records of ``facts`` have every dimension that is filtered by."""
        return all(name in facts.dims or name in facts.lists for name in self.filters)

    def where(self, facts: Facts) -> str:
        """Return the condition of ``facts`` with the filters of the run."""
        parts = [facts.where]
        for dimension, keys in self.filters.items():
            raw = [one for key in keys for one in self._raw_keys(dimension, key)]
            known = ", ".join(literal(value) for value in raw if value is not None)
            if dimension in facts.lists:
                parts.append(
                    f"EXISTS (SELECT 1 FROM json_each({facts.lists[dimension]}) v "
                    f"WHERE v.value IN ({known}))"
                )
                continue
            column = facts.dims[dimension]
            inside = f"ifnull({column} IN ({known}), 0)"
            parts.append(f"({inside} OR {column} IS NULL)" if None in raw else inside)
        return " AND ".join(parts)

    def _raw_keys(self, dimension: str, key: Any) -> list[Any]:
        """Return the stored values that belong to a group."""
        if key is None or dimension not in _ROLLED_UP | {"channel_group"}:
            return [key]
        return [item for item in self.reference.items if self.group_key(dimension, item) == key]

    def folded(self, table: str) -> str:
        """Return the records of ``table`` with events after the cut-off, as JSON rows."""
        if table not in self._folded:
            self._folded[table] = (
                projections.ticket_rows(self.connection, self.as_of, self.reference)
                if table == "ticket"
                else projections.complaint_rows(self.connection, self.as_of)
            )
        return self._folded[table]

    def group_key(self, dimension: str | None, value: Any) -> Any:
        """Return the group of a raw value: departments roll up, channels have their group."""
        if value is None or dimension is None:
            return value
        if dimension in _ROLLED_UP:
            root = self.reference.root(value)
            return value if root is None else root.id
        if dimension == "channel_group":
            item = self.reference.items.get(value)
            return None if item is None else item.group
        return value


Tallies = dict[str, dict[str, dict[Any, Tally]]]  # metric → period code → group → tally


def _slices(periods: Sequence[Period], as_of: int) -> tuple[list[int], dict[str, list[int]]]:
    """Return the edges of the slices, and for each period the indexes of its slices."""
    ends = {p.code: (min(p.start_at, as_of), min(p.end_at, as_of)) for p in periods}
    bounds = sorted({edge for pair in ends.values() for edge in pair})
    place = {edge: i for i, edge in enumerate(bounds)}
    return bounds, {
        code: list(range(place[start], place[end])) for code, (start, end) in ends.items()
    }


def _within(when: str, ranges: Sequence[tuple[int, int]]) -> str:
    """Return SQL for: the moment ``when`` lies in one of the ranges."""
    return f"({' OR '.join(f'({when} >= {low} AND {when} < {high})' for low, high in ranges)})"


def _both(*parts: Expr) -> Expr:
    kept = tuple(part for part in parts if part is not YES)
    return All(kept) if len(kept) > 1 else kept[0] if kept else YES


def parts_of(metric: MetricDef) -> dict[str, Expr]:
    """Return the conditions of the parts: counted (den), num, excluded, not_yet_due."""
    excluded, not_due = metric.excluded or NO, metric.not_yet_due or NO
    due = YES if metric.not_yet_due is None else Not(not_due)
    good = YES if metric.excluded is None else Not(excluded)
    counted = _both(metric.scope, good, due)
    return {
        "den": counted,
        "num": _both(counted, metric.weight),
        "excluded": _both(metric.scope, excluded),
        "not_yet_due": _both(metric.scope, good, not_due),
    }


def _sum(condition: str, amount: str = "1") -> str:
    return f"sum(CASE WHEN {condition} THEN {amount} ELSE 0 END)"


def _columns(metric: MetricDef, fields: dict[str, str]) -> list[str]:
    """Return the five sums of a metric: n, total, divisor, excluded, not yet due."""
    parts = parts_of(metric)
    counted = sql(parts["den"], fields)
    weighs = metric.weight is not YES and metric.kind not in _LISTED | _KEYED
    return [
        _sum(counted),
        _sum(counted, sql(metric.weight, fields)) if weighs else "0",
        _sum(counted, sql(metric.divisor, fields)) if metric.divisor is not YES else "0",
        _sum(sql(parts["excluded"], fields)) if metric.excluded is not None else "0",
        _sum(sql(parts["not_yet_due"], fields)) if metric.not_yet_due is not None else "0",
    ]


def _fields_read(metrics: Sequence[MetricDef]) -> list[str]:
    """Return the fields that the sums of ``metrics`` read."""
    needed: set[str] = set()
    for metric in metrics:
        for part in (*parts_of(metric).values(), metric.weight, metric.divisor):
            needed |= fields_of(part)
    return sorted(needed)


def _prepared(
    facts: Facts, metrics: Sequence[MetricDef], parts: tuple[str, str, str]
) -> tuple[tuple[str, str, str], dict[str, str]]:
    """Return WITH, slice and group, and FROM of a pass, and how its fields are written.

    Fields that need a look-up are worked out once per record, not once per metric.
    """
    place, group, where = parts
    needed = _fields_read(metrics)
    if not any("SELECT" in facts.fields[name] for name in needed):
        return ("", f"{place}, {group}", f"{facts.table} WHERE {where}"), dict(facts.fields)
    columns = ", ".join(
        [f"{place} AS place", f"{group} AS grp", *(f"{facts.fields[n]} AS f_{n}" for n in needed)]
    )
    head = f"WITH f AS MATERIALIZED (SELECT {columns} FROM {facts.table} WHERE {where})"
    return (head, "place, grp", "f"), {name: f"f_{name}" for name in needed}


def _rows_query(
    metric: MetricDef, fields: dict[str, str], lead: tuple[str, str], table: str, where: str
) -> str:
    """Return SQL for the single values behind a percentile, or the keys behind a share."""
    counted = sql(parts_of(metric)["den"], fields)
    what, marked = sql(metric.weight, fields), "0"
    if metric.kind in _KEYED:
        what, marked = fields[metric.key or ""], what
    return f"SELECT {lead[0]}, {lead[1]}, {what}, {marked} FROM {table} WHERE {where} AND {counted}"


class _Pass:
    """One SQL pass: metrics of one source and cohort over one set of slices."""

    def __init__(self, run: Run, by: str | None, periods: Sequence[Period]) -> None:
        self.run, self.by = run, by
        self.periods = [p for p in periods if p.start_at < run.as_of]
        self.bounds, self.slices_of = _slices(self.periods, run.as_of)
        self.at_end = False

    def read(self, metrics: Sequence[MetricDef]) -> dict[str, dict[tuple[int, Any], Tally]]:
        """Return for each metric the tally of each slice and group."""
        found: dict[str, dict[tuple[int, Any], Tally]] = {m.id: defaultdict(Tally) for m in metrics}
        if not self.periods:
            return found
        first = metrics[0]
        self.at_end = first.cohort is None
        for facts in facts_of(first.source, self.run.reference, at_end=self.at_end):
            if not self.run.covers(facts) or (self.by is not None and self.by not in facts.dims):
                continue
            self._read_facts(facts, metrics, found)
        return found

    def _parameters(self, facts: Facts) -> dict[str, Any]:
        values = self.run.params
        if ":ticket_rows" in facts.table:
            values["ticket_rows"] = self.run.folded("ticket")
        if ":complaint_rows" in facts.table:
            values["complaint_rows"] = self.run.folded("complaint")
        if self.at_end:
            ends = [min(p.end_at, self.run.as_of) for p in self.periods]
            values["points"] = json.dumps(ends)
            values["starts"] = json.dumps([p.start_at for p in self.periods])
            if ":key_rows" in facts.table:
                values["key_rows"] = projections.key_customer_rows(self.run.connection, ends)
        return values

    def _slice(self, facts: Facts, cohort: str | None) -> tuple[str, str]:
        """Return SQL for the slice of a record and for the range of all slices."""
        if cohort is None:
            return "q.key", ""
        when = facts.fields[cohort]
        ranges = self._ranges()
        if not ranges:
            return "0", " AND 0"
        within = _within(when, ranges)
        if cohort in facts.stored_in:  # the same once more, for the index
            within += " AND " + facts.stored_in[cohort](lambda column: _within(column, ranges))
        return bucket(when, self.bounds), f" AND {within}"

    def _ranges(self) -> list[tuple[int, int]]:
        """Return the stretches of time that the periods cover, adjoining slices joined."""
        used = sorted({i for indexes in self.slices_of.values() for i in indexes})
        ranges: list[tuple[int, int]] = []
        for i in used:
            low, high = self.bounds[i], self.bounds[i + 1]
            if ranges and ranges[-1][1] == low:
                ranges[-1] = (ranges[-1][0], high)
            else:
                ranges.append((low, high))
        return ranges

    def _read_facts(
        self,
        facts: Facts,
        metrics: Sequence[MetricDef],
        found: dict[str, dict[tuple[int, Any], Tally]],
    ) -> None:
        place, within = self._slice(facts, metrics[0].cohort)
        group = facts.dims[self.by] if self.by is not None else "NULL"
        where = f"{self.run.where(facts)}{within}"
        values = self._parameters(facts)
        head, fields = _prepared(facts, metrics, (place, group, where))
        columns = ", ".join(c for m in metrics for c in _columns(m, fields))
        rows = self.run.connection.execute(
            f"{head[0]} SELECT {head[1]}, {columns} FROM {head[2]} GROUP BY 1, 2", values
        ).fetchall()
        for row in rows:
            key = (row[0], self.run.group_key(self.by, row[1]))
            for index, metric in enumerate(metrics):
                n, total, divisor, excluded, not_due = row[2 + 5 * index : 7 + 5 * index]
                if n or excluded or not_due:
                    found[metric.id][key].add(Tally(n, total, divisor, excluded, not_due))
        read: dict[str, list[Any]] = {}  # median and P90 share their values
        for metric in metrics:
            if metric.kind in _LISTED | _KEYED:
                query = _rows_query(metric, dict(facts.fields), (place, group), facts.table, where)
                if query not in read:
                    read[query] = self.run.connection.execute(query, values).fetchall()
                self._add_rows(metric, read[query], found[metric.id])

    def _add_rows(
        self, metric: MetricDef, rows: list[Any], found: dict[tuple[int, Any], Tally]
    ) -> None:
        """Add the values of a percentile, or the different keys."""
        for index, raw, value, mark in rows:
            if value is None:
                continue
            tally = found[index, self.run.group_key(self.by, raw)]
            if metric.kind in _LISTED:
                tally.values.append(value)
                continue
            tally.keys.add(value)
            if mark:
                tally.marked_keys.add(value)

    def by_period(self, slices: dict[tuple[int, Any], Tally]) -> dict[str, dict[Any, Tally]]:
        """Return for each period and group the sum of its slices."""
        groups: dict[Any, dict[int, Tally]] = defaultdict(dict)
        for (index, group), tally in slices.items():
            groups[group][index] = tally
        result: dict[str, dict[Any, Tally]] = {}
        for position, period in enumerate(self.periods):
            places = [position] if self.at_end else self.slices_of[period.code]
            result[period.code] = {
                group: pooled([tallies[i] for i in places if i in tallies])
                for group, tallies in groups.items()
                if any(i in tallies for i in places)
            }
        return result


def count(
    run: Run, metrics: Iterable[MetricDef], periods: Sequence[Period], by: str | None = None
) -> Tallies:
    """Count ``metrics`` over ``periods``, by a dimension or as a whole (group ``None``).

    Metrics of others are left to the caller; a metric whose source lacks the dimension is empty.
    """
    passes: dict[tuple[Source, str | None], list[MetricDef]] = defaultdict(list)
    for metric in metrics:
        if metric.kind is not Kind.OF_OTHERS:
            passes[metric.source, metric.cohort].append(metric)
    result: Tallies = {}
    for group in passes.values():
        work = _Pass(run, by, periods)
        for metric_id, slices in work.read(group).items():
            result[metric_id] = work.by_period(slices)
    return result


def drill(
    run: Run,
    metric: MetricDef,
    period: Period,
    part: str,
    by: str | None = None,
    group: Any = None,
) -> list[str]:
    """Return the record numbers behind ``part`` of a figure, in order, each once.

    ``part`` is ``num``, ``den``, ``excluded`` or ``not_yet_due``; ``by`` and ``group`` narrow it
    to one group of a dimension.
    """
    work = _Pass(run, by, [period])
    work.at_end = metric.cohort is None
    if not work.periods:
        return []
    numbers: set[str] = set()
    for facts in facts_of(metric.source, run.reference, at_end=work.at_end):
        if not run.covers(facts) or (by is not None and by not in facts.dims):
            continue
        _, within = work._slice(facts, metric.cohort)  # noqa: SLF001 - the same pass
        condition = sql(parts_of(metric)[part], dict(facts.fields))
        dimension = facts.dims[by] if by is not None else "NULL"
        rows = run.connection.execute(
            f"SELECT {facts.number}, {dimension} FROM {facts.table} "
            f"WHERE {run.where(facts)}{within} AND {condition}",
            work._parameters(facts),  # noqa: SLF001 - the same pass
        ).fetchall()
        numbers.update(
            number for number, raw in rows if by is None or run.group_key(by, raw) == group
        )
    return sorted(numbers)


def ways(
    run: Run, metric: MetricDef, period: Period, part: str = "den"
) -> Iterator[tuple[Facts, str, dict[str, Any]]]:
    """Yield each way to read the records of a part of a figure: facts, WHERE, parameters."""
    work = _Pass(run, None, [period])
    work.at_end = metric.cohort is None
    for facts in facts_of(metric.source, run.reference, at_end=work.at_end) if work.periods else ():
        if run.covers(facts):
            _, within = work._slice(facts, metric.cohort)  # noqa: SLF001 - the same pass
            counted = sql(parts_of(metric)[part], dict(facts.fields))
            yield facts, f"{run.where(facts)}{within} AND {counted}", work._parameters(facts)  # noqa: SLF001 - the same pass


def cross(
    run: Run, metric: MetricDef, period: Period, first: str, second: str
) -> Counter[tuple[Any, Any]]:
    """Return how many records a metric counts in each pair of groups of two dimensions."""
    found: Counter[tuple[Any, Any]] = Counter()
    for facts, where, values in ways(run, metric, period):
        for one, other, n in run.connection.execute(
            f"SELECT {facts.dims[first]}, {facts.dims[second]}, count(*) FROM {facts.table} "
            f"WHERE {where} GROUP BY 1, 2",
            values,
        ).fetchall():
            found[run.group_key(first, one), run.group_key(second, other)] += n
    return found


def spread(run: Run, metric: MetricDef, period: Period, name: str) -> dict[Any, Tally]:
    """Return what a metric counts by each value of a list dimension; records may have several."""
    found: dict[Any, Tally] = defaultdict(Tally)
    for facts, where, values in ways(run, metric, period):
        weight = sql(metric.weight, dict(facts.fields))
        for value, n, total in run.connection.execute(
            f"SELECT v.value, count(*), sum({weight}) FROM {facts.table}, "
            f"json_each({facts.lists[name]}) v WHERE {where} GROUP BY 1",
            values,
        ).fetchall():
            found[value].add(Tally(n, total or 0))
    return dict(found)
