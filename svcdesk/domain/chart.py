"""What a chart shows, without colours or pixels; screen and PDF draw the same declaration.

``domain.md 3.11`` holds the conventions: columns start at 0, missing values are gaps, targets are
dashed lines, Pareto bars descend with 其他 last, groups with n < 5 are hatched.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class ChartKind(Enum):
    """The forms a chart can take; the meaning of ``series`` where it is special."""

    LINE = "line"  # one or several lines over categories, with target, bands, dotted comparisons
    COLUMNS = "columns"  # one or several series side by side, vertical
    STACKED_COLUMNS = "stacked_columns"  # vertical, the series of a category on each other
    BARS = "bars"  # horizontal bars; negative values go to the left of a line at 0
    PARETO = "pareto"  # descending bars (series 0) and cumulative share in percent (series 1)
    STACKED = "stacked"  # horizontal stacked bars: one bar per category, one segment per series
    HEAT = "heat"  # rows (series) × columns (categories) with a figure in each cell
    BULLET = "bullet"  # series: value, target, last period; each row on its own scale from 0
    PAIRS = "pairs"  # series: before, after, target (optional); each row on its own scale from 0
    FUNNEL = "funnel"  # stages of one flow (series 0); each with its share of the stage before


class Sums(Enum):
    """Which sums stand at the margin of a heat map; of rates and means there are none."""

    NONE = "none"
    ROWS = "rows"
    BOTH = "both"


@dataclass(frozen=True)
class Series:
    """One row of values; ``None`` is a gap. ``n`` holds sample sizes where they matter."""

    name: str
    values: tuple[float | None, ...]
    labels: tuple[str, ...] = ()  # displayed values, already rounded; empty: the drawer formats
    n: tuple[int | None, ...] = ()
    missed: tuple[bool, ...] = ()  # per point: target missed (open diamond)
    dotted: bool = False  # LINE: a comparison, e.g. the half-year before, drawn dotted


@dataclass(frozen=True)
class Reference:
    """A dashed line with its value, e.g. a target."""

    value: float
    label: str


@dataclass(frozen=True)
class Band:
    """An event behind a line or columns, from category ``first`` to ``last``, both included."""

    first: int
    last: int
    label: str


@dataclass(frozen=True)
class ChartSpec:
    """One chart. All texts are in the language of the document it is made for.

    ``drill`` gives for each category the arguments of the drill-down link (metric id, group key);
    ``y_min``/``y_max`` fix the axis (``None``: from the data, columns always from 0); ``note``
    names a cut axis; ``hatched`` marks categories whose n is below 5 (STACKED: series that stand
    aside, such as 撤诉); ``emphasis`` is the index of the category to set in bold (the reported
    month); ``bands`` are key events behind lines and columns.
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
    bands: tuple[Band, ...] = ()
    share: bool = False  # STACKED: every bar is its category's 100 %, whatever its total
    graded: bool = False  # STACKED: the series are the grades of one scale, best first (5 … 1)
    scales: tuple[float, ...] = ()  # BULLET, PAIRS: end of each row's scale; empty: one for all
    verdicts: tuple[str, ...] = ()  # BULLET, PAIRS: a word at the end of each row (改善, 有效)
    sums: Sums = Sums.ROWS  # HEAT

    @property
    def about(self) -> str:
        """Return the metric that the chart shows, empty when it shows none."""
        found = self.metric or (self.drill[0][0] if self.drill else "")
        return "" if found.startswith("@") else found

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw: no category, or no value at all."""
        return not self.categories or all(v is None for s in self.series for v in s.values)

    def texts(self) -> list[str]:
        """Return every text of the chart, to check that it can be printed."""
        found = [self.title, self.unit, self.note, *self.categories, *self.row_names]
        found += [*self.verdicts, *(reference.label for reference in self.references)]
        found += [band.label for band in self.bands]
        for series in self.series:
            found += [series.name, *series.labels]
        return [text for text in found if text]


def step_shares(spec: ChartSpec) -> tuple[float | None, ...]:
    """Return of each stage of a funnel its share of the stage before, in percent.

    The first stage has none, nor has one after an empty or unknown stage.
    """
    values = spec.series[0].values if spec.series else ()
    found: list[float | None] = []
    for place, value in enumerate(values):
        before = values[place - 1] if place else None
        found.append(100.0 * value / before if value is not None and before else None)
    return tuple(found)


def heat_sums(spec: ChartSpec) -> tuple[tuple[float, ...], tuple[float, ...], float]:
    """Return the sums of a heat map's rows and columns, and of all its cells."""
    rows = tuple(sum(v for v in s.values if v is not None) for s in spec.series)
    columns = tuple(
        sum(v for s in spec.series if (v := s.values[place]) is not None)
        for place in range(len(spec.categories))
    )
    return rows, columns, sum(rows)


def row_scales(spec: ChartSpec) -> tuple[float, ...]:
    """Return the end of each row's scale (BULLET, PAIRS): given, or one that holds every value."""
    if spec.scales:
        return spec.scales
    highest = max((v for s in spec.series for v in s.values if v is not None), default=0.0)
    return (highest or 1.0,) * len(spec.categories)
