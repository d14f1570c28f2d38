"""Expression trees to SQL. Names come from declarations; every value of a run is a parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.metrics import expression as ex

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.domain.metrics.expression import Expr


def literal(value: int | str) -> str:
    """Write a declared constant."""
    return str(int(value)) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def sql(node: Expr, fields: Mapping[str, str]) -> str:  # noqa: C901, PLR0911 - one line per node
    """Return ``node`` as SQL over ``fields`` (field name → SQL); parameters are named.

    A comparison with a missing value is false (0), as in :func:`expression.evaluate`.
    """
    if isinstance(node, ex.Field):
        return fields[node.name]
    if isinstance(node, ex.Const):
        return literal(node.value)
    if isinstance(node, ex.Param):
        return f":{node.name}"
    if isinstance(node, ex.Compare):
        return f"ifnull({sql(node.left, fields)} {node.sign} {sql(node.right, fields)}, 0)"
    if isinstance(node, ex.Arithmetic):
        return f"({sql(node.left, fields)} {node.sign} {sql(node.right, fields)})"
    if isinstance(node, ex.In):
        values = ", ".join(map(literal, node.values))
        return f"ifnull({sql(node.of, fields)} IN ({values}), 0)"
    if isinstance(node, ex.Known):
        return f"({sql(node.of, fields)} IS NOT NULL)"
    if isinstance(node, ex.All):
        return "(" + " AND ".join(sql(part, fields) for part in node.parts) + ")"
    if isinstance(node, ex.Any_):
        return "(" + " OR ".join(sql(part, fields) for part in node.parts) + ")"
    if isinstance(node, ex.Not):
        return f"(NOT {sql(node.of, fields)})"
    if isinstance(node, ex.If):
        return (
            f"CASE WHEN {sql(node.condition, fields)} THEN {sql(node.then, fields)} "
            f"ELSE {sql(node.otherwise, fields)} END"
        )
    raise TypeError(type(node).__name__)


def bucket(field: str, bounds: Sequence[int], first: int = 0) -> str:
    """Return SQL for the index of the slice of ``bounds`` in which ``field`` lies.

    ``bounds`` ascend and are one more than the slices; the value lies within them. The tree of
    comparisons is balanced.
    """
    slices = len(bounds) - 1
    if slices == 1:
        return str(first)
    middle = slices // 2
    low = bucket(field, bounds[: middle + 1], first)
    high = bucket(field, bounds[middle:], first + middle)
    return f"CASE WHEN {field} < {bounds[middle]} THEN {low} ELSE {high} END"
