"""From counted records to figures: tallies, formulas, display (``domain.md 3.2``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from svcdesk.domain.comparisons import Direction
from svcdesk.domain.metrics.definition import SMALL_SAMPLE, Kind, MetricDef, Unit
from svcdesk.domain.statistics import display_decimals, format_number, percentile_inc

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from svcdesk.domain.period import Period

NO_VALUE = "—"
GROUP_SAMPLE = 5  # a channel or tier enters a gap from here on


@dataclass(slots=True)
class Tally:
    """What the records of one cohort add up to; tallies of disjoint periods add."""

    n: int = 0
    total: int = 0
    divisor: int = 0
    excluded: int = 0
    not_yet_due: int = 0
    values: list[int] = field(default_factory=list)
    keys: set[Any] = field(default_factory=set)
    marked_keys: set[Any] = field(default_factory=set)

    def add(self, other: Tally) -> None:
        """Add the records of ``other``."""
        self.n += other.n
        self.total += other.total
        self.divisor += other.divisor
        self.excluded += other.excluded
        self.not_yet_due += other.not_yet_due
        self.values += other.values
        self.keys |= other.keys
        self.marked_keys |= other.marked_keys


def pooled(tallies: Sequence[Tally]) -> Tally:
    """Return the sum of ``tallies``: averages of averages are wrong (0.1, rule 5)."""
    whole = Tally()
    for tally in tallies:
        whole.add(tally)
    return whole


@dataclass(frozen=True)
class Figure:
    """A value with everything that must travel with it (decisions 8).

    ``value`` is exact and unrounded; rates are 0–100. ``num`` and ``den`` are what it was made
    of, in the smallest unit (seconds, fen, records).
    """

    metric: MetricDef
    period: Period
    value: Fraction | None
    num: int | None
    den: int | None
    n: int
    excluded: int = 0
    not_yet_due: int = 0
    target: Fraction | None = None
    threshold: Fraction | None = None
    provisional: bool = False

    @property
    def small_sample(self) -> bool:
        """Tell whether the sample is too small to judge (n < 5)."""
        return self.metric.is_rate and self.value is not None and self.n < SMALL_SAMPLE

    @property
    def met(self) -> bool | None:
        """Tell whether the unrounded value meets its target; equality counts as met."""
        if self.value is None or self.target is None or self.small_sample:
            return None
        if self.metric.direction is Direction.DOWN:
            return self.value <= self.target
        return self.value >= self.target

    def text(self, value: Fraction | None, decimals: int | None = None) -> str:
        """Write ``value`` in the unit of this figure."""
        if value is None:
            return NO_VALUE
        digits = self.metric.decimals if decimals is None else decimals
        number = format_number(value, digits)
        return number + "%" if self.metric.unit is Unit.PERCENT else number

    @property
    def display(self) -> str:
        """Write the value rounded half up; a missed one never looks like its target."""
        if self.value is None:
            return NO_VALUE
        digits = self.metric.decimals
        if self.met is False:
            digits = display_decimals(self.value, digits, self.target, met=False)
        return self.text(self.value, digits)

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``svcdesk metrics --json`` prints."""
        value = self.value
        return {
            "value": None if value is None else _number(value),
            "num": self.num,
            "den": self.den,
            "n": self.n,
            "display": self.display,
            "unit": str(self.metric.unit),
            "target": None if self.target is None else _number(self.target),
            "met": self.met,
            "provisional": self.provisional,
            "small_sample": self.small_sample,
            "not_yet_due": self.not_yet_due,
            "excluded": self.excluded,
            **({"external": True} if self.metric.external else {}),
        }


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


@dataclass(frozen=True)
class Value:
    """A value on its way to a figure."""

    value: Fraction | None
    num: int | None
    den: int | None
    n: int


NOTHING = Value(None, None, None, 0)


def _scaled(metric: MetricDef, num: int, den: int, params: Mapping[str, Any]) -> Fraction | None:
    if not den:
        return None
    value = metric.scale * Fraction(num, den)
    return value / params[metric.per] if metric.per else value


def value_of(metric: MetricDef, tally: Tally, params: Mapping[str, Any]) -> Value:
    """Compute the value of a metric that is counted itself."""
    n = tally.n
    if metric.kind is Kind.COUNT:
        return Value(Fraction(n), n, None, n)
    if metric.kind is Kind.SUM:
        return Value(metric.scale * tally.total, tally.total, None, n)
    if metric.kind is Kind.PERCENTILE:
        found = percentile_inc(sorted(tally.values), metric.share)
        return Value(None if found is None else metric.scale * found, None, n, n)
    if metric.kind is Kind.PER_KEY:
        keys = len(tally.keys)
        return Value(_scaled(metric, n, keys, params), n, keys, n)
    if metric.kind is Kind.KEY_SHARE:
        keys, marked = len(tally.keys), len(tally.marked_keys)
        return Value(_scaled(metric, marked, keys, params), marked, keys, keys)
    if metric.kind is Kind.QUOTIENT:
        den = tally.divisor
        return Value(_scaled(metric, tally.total, den, params), tally.total, den, den)
    return Value(_scaled(metric, tally.total, n, params), tally.total, n, n)


@dataclass(frozen=True)
class Inputs:
    """What a formula may ask: its parts, by days or a dimension, and the manual statistics.

    The callables take the part's metric id; all speak of this one period.
    """

    period: Period
    params: Mapping[str, Any]
    part: Callable[[str], Tally]
    by_day: Callable[[str], dict[Any, Tally]]
    by_group: Callable[[str, str], dict[Any, Tally]]
    working_days: Callable[[], int]
    days_so_far: Callable[[], int]
    orders: Callable[[], int | None]
    spare_parts: Callable[[], tuple[int, int, int, int] | None]
    typed: Callable[[str, bool], Fraction | None]  # key; whether months add up


def _per_working_day(metric: MetricDef, inputs: Inputs) -> Value:
    n, days = inputs.part(metric.parts[0]).n, inputs.working_days()
    return Value(Fraction(n, days) if days else None, n, days, n)


def _peak_ratio(metric: MetricDef, inputs: Inputs) -> Value:
    days = inputs.by_day(metric.parts[0])
    total, length = sum(t.n for t in days.values()), inputs.days_so_far()
    if not total or not length:
        return NOTHING
    top = max(t.n for t in days.values())
    return Value(Fraction(top * length, total), top * length, total, total)


def _peak_delay(metric: MetricDef, inputs: Inputs) -> Value:
    created, answered = (inputs.by_day(part) for part in metric.parts)
    total, length = sum(t.n for t in created.values()), inputs.days_so_far()
    peaks = [day for day, t in created.items() if length and t.n * length >= 2 * total]
    due = sum(answered[day].n for day in peaks if day in answered)
    late = due - sum(answered[day].total for day in peaks if day in answered)
    return Value(metric.scale * Fraction(late, due) if due else None, late, due, due)


def _per_orders(metric: MetricDef, inputs: Inputs) -> Value:
    n, orders = inputs.part(metric.parts[0]).n, inputs.orders()
    if not orders:
        return Value(None, n, orders, n)
    return Value(metric.scale * Fraction(n, orders), n, orders, orders)


def _quotient(metric: MetricDef, inputs: Inputs) -> Value:
    num, den = (inputs.part(part).n for part in metric.parts)
    return Value(metric.scale * Fraction(num, den) if den else None, num, den, den)


def _gap(metric: MetricDef, inputs: Inputs) -> Value:
    groups = inputs.by_group(metric.parts[0], "channel").values()
    means = [Fraction(t.total, t.n) / 60 for t in groups if t.n >= GROUP_SAMPLE]
    n = sum(t.n for t in groups if t.n >= GROUP_SAMPLE)
    return Value(max(means) - min(means) if len(means) > 1 else None, None, None, n)


def _sum(metric: MetricDef, inputs: Inputs) -> Value:
    n = sum(inputs.part(part).n for part in metric.parts)
    return Value(Fraction(n), n, None, n)


def _key_gap(metric: MetricDef, inputs: Inputs) -> Value:
    groups = inputs.by_group(metric.parts[0], "tier")
    key = groups.get("key", Tally())
    others = pooled([t for tier, t in groups.items() if tier != "key"])
    n = min(key.n, others.n)
    if n < SMALL_SAMPLE:
        return Value(None, None, None, n)
    return Value(
        100 * (Fraction(key.total, key.n) - Fraction(others.total, others.n)), None, None, n
    )


def _clearance(metric: MetricDef, inputs: Inputs) -> Value:
    resolved, withdrawn, received = (inputs.part(part).n for part in metric.parts)
    num = resolved + withdrawn
    value = metric.scale * Fraction(num, received) if received else None
    return Value(value, num, received, received)


def _complement(metric: MetricDef, inputs: Inputs) -> Value:
    tally = inputs.part(metric.parts[0])
    num = tally.n - tally.total
    return Value(100 * Fraction(num, tally.n) if tally.n else None, num, tally.n, tally.n)


def _spare_turnover(metric: MetricDef, inputs: Inputs) -> Value:
    found = inputs.spare_parts()
    if found is None:
        return NOTHING
    opening, closing, issued, _ = found
    stock = opening + closing
    value = metric.scale * Fraction(2 * issued, stock) if stock else None
    return Value(value, 2 * issued, stock, stock)


def _dead_stock(metric: MetricDef, inputs: Inputs) -> Value:
    found = inputs.spare_parts()
    if found is None:
        return NOTHING
    return Value(metric.scale * found[3], found[3], None, 1)


def _typed(metric: MetricDef, inputs: Inputs) -> Value:
    found = inputs.typed(metric.key or "", metric.formula == "typed_sum")
    return NOTHING if found is None else Value(found, None, None, 1)


FORMULAS: dict[str, Callable[[MetricDef, Inputs], Value]] = {
    "per_working_day": _per_working_day,
    "peak_ratio": _peak_ratio,
    "peak_delay": _peak_delay,
    "per_orders": _per_orders,
    "quotient": _quotient,
    "gap": _gap,
    "sum": _sum,
    "key_gap": _key_gap,
    "clearance": _clearance,
    "complement": _complement,
    "spare_turnover": _spare_turnover,
    "dead_stock": _dead_stock,
    "typed_alone": _typed,
    "typed_sum": _typed,
}


def figure_of(
    metric: MetricDef,
    inputs: Inputs,
    as_of: int,
    *,
    target: Fraction | None = None,
    threshold: Fraction | None = None,
    has_data: bool = True,
) -> Figure:
    """Make the figure of ``metric`` for the period of ``inputs``.

    ``has_data`` is false for periods outside the life of the data: no value, not 0.
    """
    if not has_data:
        return Figure(metric, inputs.period, None, None, None, 0, target=target)
    if metric.kind is Kind.OF_OTHERS:
        found = FORMULAS[metric.formula](metric, inputs)
        of = [inputs.part(part) for part in metric.parts]
        excluded, not_due = sum(t.excluded for t in of), sum(t.not_yet_due for t in of)
    else:
        tally = inputs.part(metric.id)
        found = value_of(metric, tally, inputs.params)
        excluded, not_due = tally.excluded, tally.not_yet_due
    provisional = bool(metric.matures) and as_of < inputs.period.end_at + metric.matures
    return Figure(
        metric, inputs.period, found.value, found.num, found.den, found.n, excluded, not_due,
        target, threshold if threshold is not None else target,
        provisional and found.value is not None,
    )  # fmt: skip
