"""The same declarations evaluated over plain rows: the second opinion on every figure.

``tests/metrics`` draws random desks and asks that SQL and this agree for every metric.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from svcdesk.domain.metrics.definition import Kind, MetricDef
from svcdesk.domain.metrics.expression import evaluate
from svcdesk.domain.metrics.figure import Tally
from svcdesk.domain.metrics.plain_records import rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.domain.metrics.plain_desk import RawDesk, Row
    from svcdesk.domain.period import Period


def part_of(metric: MetricDef, row: Row, params: Mapping[str, Any]) -> str | None:
    """Return the part a record falls into: excluded, not_yet_due, counted, or none."""
    if not evaluate(metric.scope, row, params):
        return None
    if metric.excluded is not None and evaluate(metric.excluded, row, params):
        return "excluded"
    if metric.not_yet_due is not None and evaluate(metric.not_yet_due, row, params):
        return "not_yet_due"
    return "counted"


def tallies(
    desk: RawDesk, metric: MetricDef, period: Period, by: str | None = None
) -> dict[Any, Tally]:
    """Return the tallies of a metric by group (``None``: the whole)."""
    found: dict[Any, Tally] = defaultdict(Tally)
    if period.start_at >= desk.as_of:
        return {}
    for row in rows_of(desk, metric, period):
        part = part_of(metric, row, desk.params)
        if part is None:
            continue
        tally = found[row[by] if by is not None else None]
        if part == "excluded":
            tally.excluded += 1
        elif part == "not_yet_due":
            tally.not_yet_due += 1
        else:
            _count(tally, metric, row, desk.params)
    return dict(found)


def _count(tally: Tally, metric: MetricDef, row: Row, params: Mapping[str, Any]) -> None:
    tally.n += 1
    weight = evaluate(metric.weight, row, params)
    if metric.kind is Kind.PERCENTILE:
        tally.values.append(weight)
    elif metric.kind in {Kind.PER_KEY, Kind.KEY_SHARE}:
        key = row[metric.key or ""]
        if key is not None:
            tally.keys.add(key)
            if weight:
                tally.marked_keys.add(key)
    elif metric.kind is not Kind.COUNT:
        tally.total += weight
        if metric.kind is Kind.QUOTIENT:
            tally.divisor += evaluate(metric.divisor, row, params)


def numbers(desk: RawDesk, metric: MetricDef, period: Period, part: str) -> list[str]:
    """Return the record numbers of a part, as drill-down must list them."""
    found: set[str] = set()
    if period.start_at >= desk.as_of:
        return []
    for row in rows_of(desk, metric, period):
        place = part_of(metric, row, desk.params)
        counted = place == "counted" and part in {"num", "den"}
        if counted and part == "num":
            counted = bool(evaluate(metric.weight, row, desk.params))
        if counted or place == part:
            found.add(row["number"])
    return sorted(found)
