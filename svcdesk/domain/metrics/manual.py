"""Figures that are typed by month: known beforehand, or a team's own (``domain.md 2.16``).

They come from outside (external data) with a note of their source. A month without a value is a
gap, never 0. Amounts add up over months. Of anything else nobody typed what it was divided by, so
several months have no figure: a mean of rates would be wrong (0.1, rule 5; 3.9).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain.comparisons import Direction
from svcdesk.domain.lists import MANUAL_METRICS, ManualMetric
from svcdesk.domain.metrics.definition import Kind, MetricDef, Source, Unit
from svcdesk.i18n.catalog import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

PREFIX = "manual."
TYPED_ALONE, TYPED_SUM = "typed_alone", "typed_sum"
_ALONE = N_(
    "External data, typed by month with its source. Several months have no figure: they could only "
    "be pooled with the numbers behind the rates, and those are not typed."
)
_SUM = N_("External data, typed by month with its source. Of several months: their sum.")
_LABELS = {
    "training_coverage": N_("Training coverage"),
    "newcomer_pass": N_("Newcomers who passed the examination for working alone"),
    "feedback_accuracy": N_("Accuracy of customer feedback"),
    "newcomer_days": N_("Training time of newcomers"),
    "process_improvements": N_("Process improvements across departments"),
    "retention": N_("Customer retention"),
    "reverse_logistics": N_("Cost of reverse logistics"),
}
UNITS: dict[str, Unit] = {
    "%": Unit.PERCENT, "天": Unit.DAYS, "项": Unit.ITEMS, "元": Unit.MONEY, "次": Unit.TIMES,
    "件": Unit.CASES, "小时": Unit.HOURS, "分": Unit.POINTS,
}  # fmt: skip
ADDED = frozenset({Unit.ITEMS, Unit.MONEY, Unit.TIMES, Unit.CASES})
DIRECTIONS = {"up": Direction.UP, "down": Direction.DOWN, "neutral": Direction.NEUTRAL}


@dataclass(frozen=True)
class OwnFigure:
    """A figure that a team types: its key, name, unit in words, direction, decimals."""

    key: str
    name: str
    unit: str
    direction: str
    decimals: int = 1
    retired: bool = False


def metric_id(key: str) -> str:
    """Return the id of the metric of a typed figure."""
    return PREFIX + key


def key_of(metric: str) -> str | None:
    """Return the key of a typed figure, ``None`` for every other metric."""
    return metric.removeprefix(PREFIX) if metric.startswith(PREFIX) else None


def _definition(key: str, label: str, unit: Unit, direction: Direction) -> MetricDef:
    added = unit in ADDED
    return MetricDef(
        metric_id(key), label, unit, direction, _SUM if added else _ALONE, source=Source.TYPED,
        kind=Kind.OF_OTHERS, formula=TYPED_SUM if added else TYPED_ALONE, key=key, per_group=False,
    )  # fmt: skip


def _known(one: ManualMetric) -> MetricDef:
    found = _definition(one.key, _LABELS[one.key], UNITS[one.unit], DIRECTIONS[one.direction])
    target = None if one.target is None else Fraction(str(one.target))
    return replace(found, target=target)


def own(figure: OwnFigure) -> MetricDef:
    """Return the metric of a team's own figure; its unit is told with its name when it is rare."""
    unit = UNITS.get(figure.unit, Unit.NONE)
    rare = figure.unit and unit is Unit.NONE
    label = f"{figure.name} ({figure.unit})" if rare else figure.name
    found = _definition(figure.key, label, unit, DIRECTIONS[figure.direction])
    return replace(found, own_decimals=figure.decimals)


def unknown(metric: str) -> MetricDef:
    """Return a typed metric of which only the id is known; the file knows the rest."""
    key = key_of(metric) or metric
    return own(OwnFigure(key, key, "", "neutral"))


def described(metric: MetricDef, figures: Sequence[OwnFigure]) -> MetricDef:
    """Return ``metric`` with what the file says of it, when it is a team's own."""
    found = next((one for one in figures if one.key == metric.key), None)
    return metric if found is None or metric.source is not Source.TYPED else own(found)


MANUAL: tuple[MetricDef, ...] = tuple(_known(one) for one in MANUAL_METRICS)
