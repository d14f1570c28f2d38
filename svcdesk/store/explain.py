"""The records behind a figure, one by one: what each adds, why it is left out, when it is due.

The conditions are those of the metric's declaration; nothing is judged again here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from svcdesk.domain.metrics.definition import Kind, MetricDef, Source
from svcdesk.domain.metrics.expression import (
    YES,
    Any_,
    Arithmetic,
    Compare,
    Expr,
    Field,
    Param,
    fields_of,
    walk,
)
from svcdesk.domain.metrics.registry import metric
from svcdesk.store import figures, measures
from svcdesk.store.compile import sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.period import Period
    from svcdesk.store.fact_shape import Facts
    from svcdesk.store.figures import Board

# the record that opens, and the SQL of its key
OPENED: dict[Source, tuple[str, str]] = {
    Source.TICKET: ("ticket", "t.id"),
    Source.OPEN_TICKET: ("ticket", "t.id"),
    Source.VISIT: ("ticket", "t.id"),
    Source.QUALITY_CHECK: ("ticket", "t.id"),
    Source.COMPLAINT: ("complaint", "c.id"),
    Source.SURVEY: ("survey", "s.id"),
    Source.KEY_CUSTOMER: ("customer", "u.id"),
    Source.GROUP: ("group", "g.id"),
}
_FLAGGED = {Source.TICKET: "t", Source.VISIT: "v", Source.COMPLAINT: "c", Source.SURVEY: "s"}


class Row(NamedTuple):
    """One record behind a figure.

    ``at`` is the moment that puts it into the period; ``amount`` what it adds (seconds, score,
    1 or 0); ``due_at`` until when it is not yet due; ``reasons`` are fields of the declaration
    or codes of abnormal data.
    """

    number: str
    entity: str
    id: int
    at: int | None
    amount: int | None
    reasons: tuple[str, ...]
    due_at: int | None


@dataclass(frozen=True)
class Chunk:
    """A window of rows, and how many there are in all."""

    rows: tuple[Row, ...]
    total: int


def sources_of(definition: MetricDef, part: str) -> list[tuple[MetricDef, str]]:
    """Return the counted metrics, and their parts, whose records stand behind a part."""
    if definition.kind is not Kind.OF_OTHERS:
        return [(definition, part)]
    found: list[tuple[MetricDef, str]] = []
    for behind, its_part in figures._behind(definition, part):  # noqa: SLF001 - as the drill-down
        found += sources_of(metric(behind), its_part)
    return list(dict.fromkeys(found))


def alternatives(condition: Expr | None) -> tuple[Expr, ...]:
    """Return the reasons that a declaration gives for leaving a record out."""
    if condition is None:
        return ()
    return condition.parts if isinstance(condition, Any_) else (condition,)


def due_expression(condition: Expr | None) -> Expr | None:
    """Return the moment that a “not yet due” condition compares with the cut-off."""
    for node in walk(condition) if condition is not None else ():
        if isinstance(node, Compare):
            for side, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(side, Param) and side.name == "as_of":
                    return other
    return None


def rows(
    board: Board, metric_id: str, period: Period, part: str, *, offset: int = 0, limit: int = 100
) -> Chunk:
    """Return a window of the records behind ``part`` of a figure, the earliest first."""
    found: list[Row] = []
    total = 0
    for definition, its_part in sources_of(metric(metric_id), part):
        before = total
        total += count(board, definition, period, its_part)
        if total > offset and len(found) < limit:
            found += _window(
                board, definition, period, its_part, max(0, offset - before), limit - len(found)
            )
    return Chunk(tuple(found), total)


def count(board: Board, definition: MetricDef, period: Period, part: str) -> int:
    """Return how many records stand behind a part of a counted figure."""
    total = 0
    for facts, where, values in measures.ways(board.run, definition, period, part):
        query = f"SELECT count(*) FROM {facts.table} WHERE {where}"
        total += board.run.connection.execute(query, values).fetchone()[0]
    return total


def _window(
    board: Board, definition: MetricDef, period: Period, part: str, offset: int, limit: int
) -> list[Row]:  # fmt: skip
    selects: list[str] = []
    values: dict[str, Any] = {}
    reasons = alternatives(definition.excluded) if part == "excluded" else ()
    for facts, where, given in measures.ways(board.run, definition, period, part):
        columns = ", ".join(_columns(definition, facts, reasons))
        selects.append(f"SELECT {columns} FROM {facts.table} WHERE {where}")
        values |= given
    if not selects:
        return []
    values |= {"limit": limit, "offset": offset}
    query = " UNION ALL ".join(selects) + " ORDER BY 3, 1 LIMIT :limit OFFSET :offset"
    entity = OPENED.get(definition.source, ("", ""))[0]
    return [
        Row(
            str(row[0]), entity, row[1] or 0, row[2], row[3],
            _reasons(row[5:], row[4], reasons), row[-1],
        )
        for row in board.run.connection.execute(query, values).fetchall()
    ]  # fmt: skip


def _columns(definition: MetricDef, facts: Facts, reasons: Sequence[Expr]) -> list[str]:
    """Return number, key, moment, amount, flags, one column per reason, and the due moment."""
    fields = dict(facts.fields)
    key = OPENED.get(definition.source, ("", "0"))[1]
    alias = _FLAGGED.get(definition.source)
    if alias == "s" and "survey_answer a" in facts.table:
        alias = "a"
    due = due_expression(definition.not_yet_due)
    weighs = definition.weight is not YES
    return [
        facts.number,
        key,
        "NULL" if definition.cohort is None else fields[definition.cohort],
        sql(definition.weight, fields) if weighs else "1",
        f"{alias}.data_flags" if alias and reasons else "NULL",
        *(sql(reason, fields) for reason in reasons),
        "NULL" if due is None else sql(due, fields),
    ]


def _reasons(found: Sequence[Any], flags: str | None, reasons: Sequence[Expr]) -> tuple[str, ...]:
    """Return why a record is left out: codes of abnormal data, or the field that says so."""
    told: list[str] = []
    for holds, reason in zip(found, reasons, strict=False):
        if not holds:
            continue
        names = sorted(fields_of(reason))
        if any(name.startswith("bad_") for name in names):
            told += json.loads(flags or "[]")
        else:
            told.append(names[-1] if names else "")
    return tuple(dict.fromkeys(told))


def is_amount(definition: MetricDef) -> bool:
    """Tell whether records add an amount of their own, not only yes or no."""
    return definition.weight is not YES and isinstance(definition.weight, Field | Arithmetic)
