"""What figures need besides counted records: order volume, spare parts, targets, the beginning.

These are typed or imported once a month (``domain.md 2.13, 2.16``), not counted.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain.lists import MANUAL_METRICS
from svcdesk.domain.metrics.manual import OwnFigure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.store.connection import Connection


_BEGINNINGS = (
    ("ticket", "created_at"),
    ("complaint", "received_at"),
    ("survey", "sent_at"),
    ("visit", "window_start"),
)


def first_moment(connection: Connection) -> int | None:
    """Return when the data begin: the first ticket, complaint, survey or visit; ``None``: none.

    Records with an impossible date (AB13) do not make the desk older than it is.
    """
    moments = [
        connection.execute(
            f"SELECT {column} FROM {table} WHERE deleted_at IS NULL AND {column} IS NOT NULL "
            "AND (data_flags IS NULL OR instr(data_flags, 'AB13') = 0) "
            f"ORDER BY {column} LIMIT 1"
        ).fetchone()
        for table, column in _BEGINNINGS
    ]
    return min((row[0] for row in moments if row is not None), default=None)


def order_volume(connection: Connection, months: Sequence[str]) -> int | None:
    """Return the orders of ``months``; ``None`` when there is none or one has no entry.

    A row without product is the whole; else the products' rows are added.
    """
    if not months:
        return None
    total = 0
    for month in months:
        whole, parts = connection.execute(
            "SELECT (SELECT sum(orders) FROM order_volume WHERE month = :m "
            "AND product_id IS NULL AND deleted_at IS NULL), "
            "(SELECT sum(orders) FROM order_volume WHERE month = :m "
            "AND product_id IS NOT NULL AND deleted_at IS NULL)",
            {"m": month},
        ).fetchone()
        found = parts if whole is None else whole
        if found is None:
            return None
        total += found
    return total


def spare_parts(connection: Connection, months: Sequence[str]) -> tuple[int, int, int, int] | None:
    """Return opening, closing, issued and dead stock of ``months`` in fen; ``None``: no entry."""
    rows = {
        month: connection.execute(
            "SELECT sum(opening), sum(closing), sum(issued), sum(dead) FROM spare_parts "
            "WHERE month = ? AND deleted_at IS NULL",
            (month,),
        ).fetchone()
        for month in months
    }
    if not rows or any(row[0] is None for row in rows.values()):
        return None
    return (
        rows[months[0]][0],
        rows[months[-1]][1],
        sum(row[2] for row in rows.values()),
        rows[months[-1]][3],
    )


TargetRow = tuple[str, float | None, float | None, int]  # month, target, threshold, weight
WHOLE_DESK = "all"


def scope_of(by: str, key: object) -> str:
    """Return how the targets of one group of a dimension are stored, e.g. ``department:17``."""
    return f"{by}:{key}"


def scoped_targets(connection: Connection) -> dict[str, dict[str, list[TargetRow]]]:
    """Return the targets by metric and scope (``all`` or a group), oldest first."""
    found: dict[str, dict[str, list[TargetRow]]] = defaultdict(lambda: defaultdict(list))
    for metric, scope, month, target, threshold, weight in connection.execute(
        "SELECT metric, scope, valid_from, target, threshold, weight FROM metric_target "
        "WHERE deleted_at IS NULL ORDER BY valid_from"
    ).fetchall():
        found[metric][scope].append((month, target, threshold, weight))
    return found


def targets(connection: Connection) -> dict[str, list[TargetRow]]:
    """Return the targets of the whole desk by metric: month, target, threshold, weight."""
    found = scoped_targets(connection)
    return {metric: rows[WHOLE_DESK] for metric, rows in found.items() if WHOLE_DESK in rows}


@dataclass(frozen=True)
class ReferenceValue:
    """A value that a figure is compared with: of the industry (with its source) or a baseline.

    ``month`` is where it begins to hold (``2026-03``), ``None``: from the beginning.
    """

    id: int
    metric: str
    kind: str  # industry, baseline
    month: str | None
    value: float
    source: str


def reference_values(connection: Connection) -> list[ReferenceValue]:
    """Return industry values and baselines by metric, kind and month, the earliest first (3.9)."""
    return [
        ReferenceValue(*row)
        for row in connection.execute(
            "SELECT id, metric, kind, month, value, source FROM reference_value "
            "WHERE deleted_at IS NULL ORDER BY metric, kind, ifnull(month, '')"
        ).fetchall()
    ]


def typed_value(
    connection: Connection, key: str, months: Sequence[str], *, summed: bool
) -> Fraction | None:
    """Return a typed figure over ``months``: their sum, or the value of the only one.

    ``None`` when a month has no value (a gap is never 0), and for several months of what does not
    add up: rates cannot be pooled without the numbers behind them.
    """
    if not months or (len(months) > 1 and not summed):
        return None
    total = Fraction(0)
    for month in months:
        row = connection.execute(
            "SELECT value FROM manual_metric WHERE key = ? AND month = ? AND deleted_at IS NULL",
            (key, month),
        ).fetchone()
        if row is None or row[0] is None:
            return None
        total += Fraction(str(row[0]))
    return total


def own_figures(connection: Connection) -> list[OwnFigure]:
    """Return the typed figures of a team's own: declared, or found among imported values."""
    known = {one.key for one in MANUAL_METRICS}
    declared = {
        row[0]: OwnFigure(row[0], row[1], row[2], row[3], row[4], bool(row[5]))
        for row in connection.execute(
            "SELECT key, name, unit, direction, decimals, retired FROM manual_figure "
            "WHERE deleted_at IS NULL ORDER BY id"
        ).fetchall()
    }
    for key, name, unit, direction in connection.execute(
        "SELECT key, name, unit, direction FROM manual_metric WHERE deleted_at IS NULL "
        "ORDER BY month DESC, id"
    ).fetchall():
        if key not in known:
            declared.setdefault(key, OwnFigure(key, name, unit, direction))
    return list(declared.values())
