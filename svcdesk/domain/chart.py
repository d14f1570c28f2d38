"""What a chart shows, without colours or pixels; screen and PDF draw the same declaration.

``domain.md 3.11`` holds the conventions: columns start at 0, missing values are gaps, targets are
dashed lines, Pareto bars descend with 其他 last, groups with n < 5 are hatched.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class ChartKind(Enum):
    """The forms a chart can take."""

    LINE = "line"  # one or several lines over categories, with target
    COLUMNS = "columns"  # one or several series side by side, vertical
    BARS = "bars"  # horizontal bars
    PARETO = "pareto"  # descending bars and cumulative share
    STACKED = "stacked"  # horizontal stacked bars: one bar per category, one segment per series
    HEAT = "heat"  # rows × columns with a figure in each cell
    BULLET = "bullet"  # value against target and last period


@dataclass(frozen=True)
class Series:
    """One row of values; ``None`` is a gap. ``n`` holds sample sizes where they matter."""

    name: str
    values: tuple[float | None, ...]
    labels: tuple[str, ...] = ()  # displayed values, already rounded; empty: the drawer formats
    n: tuple[int | None, ...] = ()
    missed: tuple[bool, ...] = ()  # per point: target missed (open diamond)


@dataclass(frozen=True)
class Reference:
    """A dashed line with its value, e.g. a target."""

    value: float
    label: str


@dataclass(frozen=True)
class ChartSpec:
    """One chart. All texts are in the language of the document it is made for.

    ``drill`` gives for each category the arguments of the drill-down link (metric id, group key);
    ``y_min``/``y_max`` fix the axis (``None``: from the data, columns always from 0); ``note``
    names a cut axis; ``hatched`` marks categories whose n is below 5; ``emphasis`` is the index of
    the category to set in bold (the reported month).
    """

    kind: ChartKind
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    references: tuple[Reference, ...] = ()
    y_min: float | None = None
    y_max: float | None = None
    decimals: int = 0
    note: str = ""
    hatched: frozenset[int] = frozenset()
    vital: frozenset[int] = frozenset()  # Pareto: indexes of the vital few
    emphasis: int | None = None
    row_names: tuple[str, ...] = ()  # HEAT: one per series row
    drill: tuple[tuple[str, str], ...] = field(default=())
    metric: str = ""  # whose definition the title opens, when it is not that of ``drill``

    @property
    def about(self) -> str:
        """Return the metric that the chart shows, empty when it shows none."""
        found = self.metric or (self.drill[0][0] if self.drill else "")
        return "" if found.startswith("@") else found

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw: no category, or no value at all."""
        return not self.categories or all(v is None for s in self.series for v in s.values)
