"""The records behind the figures of one month, compact: a row of parts per record and cohort.

One pass per source and cohort reads, for every record, what each metric makes of it: nothing
(``None``), excluded (``x``), not yet due (``d``), or counted with its weight. Kept with a closing,
and read again later, two such lists tell which records changed a figure.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from svcdesk.domain.localtime import DAY
from svcdesk.domain.metrics.definition import Kind, MetricDef, Source
from svcdesk.domain.metrics.expression import YES, fields_of
from svcdesk.domain.metrics.registry import METRICS
from svcdesk.store import projections
from svcdesk.store.compile import sql
from svcdesk.store.facts import facts_of
from svcdesk.store.measures import Run, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from svcdesk.domain.period import Period
    from svcdesk.store.connection import Connection
    from svcdesk.store.fact_shape import Facts

# dimensions that are frozen with figures and lists
MAIN_DIMENSIONS = ("channel", "department", "agent", "product", "issue", "category", "team")
# those of the distributions besides
DIMENSIONS = (*MAIN_DIMENSIONS, "priority", "tier", "region", "severity", "overdue_reason", "csat",
              "nps_group", "age")  # fmt: skip
# source -> table of its records and the column of their number
RECORDS: dict[str, tuple[str, str]] = {
    Source.TICKET: ("ticket", "ticket_no"),
    Source.OPEN_TICKET: ("ticket", "ticket_no"),
    Source.VISIT: ("ticket", "ticket_no"),
    Source.QUALITY_CHECK: ("ticket", "ticket_no"),
    Source.COMPLAINT: ("complaint", "complaint_no"),
    Source.SURVEY: ("survey", "survey_no"),
    Source.CHANNEL_DAY: ("channel_daily", "date"),
    Source.KEY_CUSTOMER: ("customer", "customer_no"),
    Source.GROUP: ("complaint_group", "group_no"),
    Source.ITEM: ("improvement_item", "item_no"),
    Source.ACTION: ("action", "action_no"),
}
EXCLUDED, NOT_DUE = "x", "d"
DAY_OF_MONTH = "day_of_month"  # 0 for the first: figures by day depend on it
GIVEN = "given"  # figures that are typed by month: table, key, values
_GIVEN = (
    ("order_volume", ("ifnull(product_id, '')", "orders")),
    ("spare_parts", ("part_class", "opening", "closing", "issued", "dead")),
    ("manual_metric", ("key", "value")),
)
_CHUNK = 5000  # rows written or read at a time
_LEVEL = 1  # of compression: the lists of a large month in a fraction of a second


@dataclass
class FixedRun(Run):
    """A reading whose parameters are those of a closing, whatever the settings say now."""

    fixed: dict[str, Any] = field(default_factory=dict)

    @property
    def params(self) -> dict[str, Any]:
        """Return the values that expressions and formulas name."""
        return {**super().params, **self.fixed}


@dataclass(frozen=True)
class RecordList:
    """What the metrics of one source and cohort make of each record.

    A row is the record's number, its keys in ``dims``, and one cell per metric.
    """

    source: str
    dims: tuple[str, ...]
    metrics: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def pack(value: Any) -> bytes:
    """Return ``value`` as compressed JSON."""
    return zlib.compress(
        json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), _LEVEL
    )


def unpack(body: bytes) -> Any:
    """Return what :func:`pack` was given (tuples as lists)."""
    return json.loads(zlib.decompress(body))


def packed_lists(lists: Sequence[RecordList]) -> bytes:
    """Return record lists as one compressed body; keys that repeat are written once.

    One line per list, then lines of its rows, the keys last: no second copy of the rows is made.
    """
    known: dict[Any, int] = {}
    packer, body = zlib.compressobj(_LEVEL), []

    def write(value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        body.append(packer.compress(text.encode() + b"\n"))

    for one in lists:
        wide = len(one.dims) + 1
        write([one.source, one.dims, one.metrics, len(one.rows)])
        for start in range(0, len(one.rows), _CHUNK):
            write([
                [row[0], *[known.setdefault(key, len(known)) for key in row[1:wide]], *row[wide:]]
                for row in one.rows[start : start + _CHUNK]
            ])  # fmt: skip
    write(list(known))
    body.append(packer.flush())
    return b"".join(body)


def unpacked_lists(body: bytes) -> list[RecordList]:
    """Return the record lists of :func:`packed_lists`."""
    lines = zlib.decompress(body).split(b"\n")[:-1]
    keys, place, result = json.loads(lines.pop()), 0, []
    while place < len(lines):
        source, dims, metrics, count = json.loads(lines[place])
        wide, place = len(dims) + 1, place + 1
        rows: list[tuple[Any, ...]] = []
        while len(rows) < count:
            rows += [
                (row[0], *[keys[i] for i in row[1:wide]], *row[wide:])
                for row in json.loads(lines[place])
            ]
            place += 1
        result.append(RecordList(source, tuple(dims), tuple(metrics), rows))
    return result


def _cell(metric: MetricDef, fields: dict[str, str]) -> str:
    """Return SQL for what a metric makes of a record."""
    parts = parts_of(metric)
    weight = "1" if metric.weight is YES else f"ifnull({sql(metric.weight, fields)}, 'n')"
    if metric.kind is Kind.QUOTIENT and metric.divisor is not YES:
        weight = f"{weight} || '/' || ifnull({sql(metric.divisor, fields)}, 'n')"
    if metric.kind in {Kind.PER_KEY, Kind.KEY_SHARE}:
        weight = f"{fields[metric.key or '']} || '/' || {weight}"
    whens = []
    if metric.excluded is not None:
        whens.append(f"WHEN {sql(parts['excluded'], fields)} THEN '{EXCLUDED}'")
    if metric.not_yet_due is not None:
        whens.append(f"WHEN {sql(parts['not_yet_due'], fields)} THEN '{NOT_DUE}'")
    whens.append(f"WHEN {sql(parts['den'], fields)} THEN {weight}")
    return f"CASE {' '.join(whens)} END"


def _needed(metrics: Sequence[MetricDef]) -> list[str]:
    needed: set[str] = set()
    for metric in metrics:
        for part in (*parts_of(metric).values(), metric.weight, metric.divisor):
            needed |= fields_of(part)
        if metric.key is not None:
            needed.add(metric.key)
    return sorted(needed)


def _parameters(run: Run, facts: Facts, period: Period, *, at_end: bool) -> dict[str, Any]:
    values = run.params
    for table in ("ticket", "complaint"):
        if f":{table}_rows" in facts.table:
            values[f"{table}_rows"] = run.folded(table)
    if at_end:
        end = min(period.end_at, run.as_of)
        values["points"], values["starts"] = json.dumps([end]), json.dumps([period.start_at])
        if ":key_rows" in facts.table:
            values["key_rows"] = projections.key_customer_rows(run.connection, [end])
    return values


def _read(
    run: Run, facts: Facts, period: Period, metrics: Sequence[MetricDef], dims: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Return the rows of one way to read a source; records that no metric wants are left out."""
    cohort, needed = metrics[0].cohort, _needed(metrics)
    where = run.where(facts)
    when = facts.fields[cohort] if cohort is not None else "NULL"
    if cohort is not None:
        end = min(period.end_at, run.as_of)
        where += f" AND {when} >= {period.start_at} AND {when} < {end}"
    columns = [f"{facts.number} AS number"]
    keys = {**facts.dims, DAY_OF_MONTH: f"({when} - {period.start_at}) / {DAY}"}
    columns += [f"{keys.get(name, 'NULL')} AS g_{name}" for name in dims]
    columns += [f"{facts.fields[name]} AS f_{name}" for name in needed]
    fields = {name: f"f_{name}" for name in needed}
    cells = [f"{_cell(m, fields)} AS c_{place}" for place, m in enumerate(metrics)]
    wanted = " OR ".join(f"c_{place} IS NOT NULL" for place in range(len(metrics)))
    groups = "".join(f", g_{name}" for name in dims)
    found = run.connection.execute(
        f"WITH f AS MATERIALIZED (SELECT {', '.join(columns)} FROM {facts.table} "
        f"WHERE {where}) SELECT * FROM (SELECT number{groups}, {', '.join(cells)} FROM f) "
        f"WHERE {wanted}",
        _parameters(run, facts, period, at_end=cohort is None),
    )
    known: dict[Any, Any] = {}  # every key once, however many records have it
    wide, rows = len(dims) + 1, []
    while chunk := found.fetchmany(_CHUNK):
        rows += [
            (row[0], *[known.setdefault(key, key) for key in row[1:wide]], *row[wide:])
            for row in chunk
        ]
    return rows


def _given(connection: Connection, month: str) -> RecordList:
    """Return what is typed for a month, as rows of their table, key and values."""
    rows: list[tuple[Any, ...]] = []
    for table, columns in _GIVEN:
        rows += [
            (f"{table}:{row[0]}", json.dumps(list(row[1:])))
            for row in connection.execute(
                f"SELECT {', '.join(columns)} FROM {table} WHERE month = ? AND deleted_at IS NULL",
                (month,),
            ).fetchall()
        ]
    return RecordList(GIVEN, (), (GIVEN,), sorted(rows, key=str))


def month_lists(
    run: Run, period: Period, step: Callable[[], None] = lambda: None
) -> list[RecordList]:
    """Return the record lists of a month; ``step`` is called after each pass."""
    passes: dict[tuple[Source, str | None], list[MetricDef]] = defaultdict(list)
    for metric in METRICS:
        if metric.kind is not Kind.OF_OTHERS:
            passes[metric.source, metric.cohort].append(metric)
    found = []
    for (source, cohort), metrics in passes.items():
        rows: list[tuple[Any, ...]] = []
        ways = facts_of(source, run.reference, at_end=cohort is None)
        dims = tuple(name for name in DIMENSIONS if any(name in facts.dims for facts in ways))
        dims += (DAY_OF_MONTH,) if cohort is not None else ()
        for facts in ways:
            rows += _read(run, facts, period, metrics, dims)
        found.append(RecordList(str(source), dims, tuple(m.id for m in metrics), rows))
        step()
    return [*found, _given(run.connection, period.code)]


def pass_count() -> int:
    """Return how many passes :func:`month_lists` takes."""
    return len({(m.source, m.cohort) for m in METRICS if m.kind is not Kind.OF_OTHERS})
