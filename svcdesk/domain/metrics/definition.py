"""What a metric is: one declaration feeds SQL, drill-down, notes, targets and help.

Each record of the cohort falls into one part: *excluded* (abnormal data), *not yet due*, or
*counted*; counted ones add their ``weight`` to the numerator (``domain.md 3.2``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain.comparisons import Direction, Scale
from svcdesk.domain.metrics.expression import YES, Expr
from svcdesk.i18n.catalog import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

SMALL_SAMPLE = 5  # below: value with ※, no judgement (3.2)
DAY = 86400
RECURS_WITHIN = 183 * DAY  # six months after closing (3.8)
# classes of durations, upper bounds inclusive: working minutes to the first response, calendar
# hours to the resolution; what is longer is in the class MORE
RESPONSE_CLASSES = (5, 10, 20, 60, 240)
RESOLUTION_CLASSES = (4, 8, 24, 72, 168)
MORE = "more"


class Source(StrEnum):
    """What is counted."""

    TICKET = "ticket"
    OPEN_TICKET = "open_ticket"  # tickets open at the end of the period
    COMPLAINT = "complaint"
    SURVEY = "survey"
    VISIT = "visit"
    QUALITY_CHECK = "quality_check"
    CHANNEL_DAY = "channel_day"
    KEY_CUSTOMER = "key_customer"
    GROUP = "group"
    ITEM = "item"
    ACTION = "action"
    TYPED = "typed"  # external data, typed by month


class Kind(StrEnum):
    """How counted records become a value."""

    COUNT = "count"  # how many
    RATIO = "ratio"  # scale × Σ weight / n: rates and means
    SUM = "sum"  # scale × Σ weight
    QUOTIENT = "quotient"  # scale × Σ weight / Σ divisor (pooled)
    PERCENTILE = "percentile"  # of the weights
    PER_KEY = "per_key"  # n / number of different keys
    KEY_SHARE = "key_share"  # different keys with weight / different keys
    OF_OTHERS = "of_others"  # computed from other metrics, see ``formula``


class Unit(StrEnum):
    """What a value is measured in."""

    TICKETS = "tickets"
    COMPLAINTS = "complaints"
    CASES = "cases"
    PERCENT = "percent"
    MINUTES = "minutes"
    HOURS = "hours"
    WORKING_DAYS = "working_days"
    DAYS = "days"
    SCORE = "score"
    NPS = "nps"
    POINTS = "points"
    TIMES = "times"
    PER_1000 = "per_1000"
    PER_100 = "per_100"
    MONEY = "money"
    PERCENT_POINTS = "percent_points"
    ITEMS = "items"
    NONE = "none"  # told with the name, or without any


UNIT_LABELS: dict[Unit, str] = {
    Unit.TICKETS: N_("tickets"),
    Unit.COMPLAINTS: N_("complaints"),
    Unit.CASES: N_("cases"),
    Unit.PERCENT: "%",
    Unit.MINUTES: N_("working minutes"),
    Unit.HOURS: N_("hours"),
    Unit.WORKING_DAYS: N_("working days"),
    Unit.DAYS: N_("days"),
    Unit.SCORE: N_("points (1–5)"),
    Unit.NPS: N_("NPS points"),
    Unit.POINTS: N_("points"),
    Unit.TIMES: N_("times"),
    Unit.PER_1000: N_("per 1,000 orders"),
    Unit.PER_100: N_("per 100 tickets"),
    Unit.MONEY: N_("yuan"),
    Unit.PERCENT_POINTS: N_("percentage points"),
    Unit.ITEMS: N_("items"),
    Unit.NONE: "",
}
DECIMALS: dict[Unit, int] = {
    Unit.TICKETS: 0, Unit.COMPLAINTS: 0, Unit.CASES: 0, Unit.SCORE: 2, Unit.MONEY: 2,
    Unit.ITEMS: 0,
}  # fmt: skip
COUNT_FORMULAS = frozenset(
    {"sum", "dead_stock", "typed_alone", "typed_sum"}
)  # of others, but no rates
COUNTED = frozenset({Unit.TICKETS, Unit.COMPLAINTS, Unit.CASES})
SCALES: dict[Unit, Scale] = {
    Unit.PERCENT: Scale.POINTS_OF_PERCENT,
    Unit.PERCENT_POINTS: Scale.POINTS_OF_PERCENT,
    Unit.SCORE: Scale.SCORE,
    Unit.NPS: Scale.NPS,
}


@dataclass(frozen=True)
class MetricDef:
    """One metric.

    ``cohort`` is the time field that must lie in the period (none: state at period end);
    ``scope`` says which records belong; ``excluded`` and ``not_yet_due`` take records out
    visibly; ``weight`` is what a counted record adds; ``divisor`` the same for quotients.
    ``formula`` and ``parts`` describe metrics made of others. ``matures`` is the number of
    seconds after the period end until the value is final (provisional until then).
    """

    id: str
    label: str
    unit: Unit
    direction: Direction
    note: str
    source: Source = Source.TICKET
    cohort: str | None = None
    kind: Kind = Kind.COUNT
    scope: Expr = YES
    excluded: Expr | None = None
    not_yet_due: Expr | None = None
    weight: Expr = YES
    divisor: Expr = YES
    key: str | None = None
    scale: Fraction = Fraction(1)
    per: str | None = None  # a value of the run that the result is divided by
    share: Fraction = Fraction(1, 2)  # of a percentile
    formula: str = ""
    parts: tuple[str, ...] = ()
    by: str | None = None
    target: Fraction | None = None
    threshold: Fraction | None = None
    score_weight: int = 0
    matures: int = 0
    per_group: bool = True  # may be split by a dimension
    own_decimals: int | None = None  # of a figure that a team declared itself

    @property
    def decimals(self) -> int:
        """Return the decimals of its display (3.2): counts none, means of counts one."""
        if self.own_decimals is not None:
            return self.own_decimals
        if self.unit in COUNTED and (self.kind is Kind.PER_KEY or self.formula.startswith("per_")):
            return 1
        return DECIMALS.get(self.unit, 1)

    @property
    def comparison(self) -> Scale:
        """Return how differences of it are told (3.9)."""
        return SCALES.get(self.unit, Scale.RELATIVE)

    @property
    def is_rate(self) -> bool:
        """Tell whether it has a denominator to show, and so a sample that may be too small."""
        return self.kind not in {Kind.COUNT, Kind.SUM} and self.formula not in COUNT_FORMULAS

    @property
    def external(self) -> bool:
        """Tell whether its values are typed by month instead of counted (2.16)."""
        return self.source is Source.TYPED

    @property
    def is_stock(self) -> bool:
        """Tell whether it shows a state at period end, which no longer period adds up."""
        return self.cohort is None and self.kind is not Kind.OF_OTHERS

    @property
    def is_pooled(self) -> bool:
        """Tell whether several months are one figure of their own, never a mean of theirs (3.9).

        What grows with the length of its period, as tickets per agent or the turnover of parts,
        is averaged over the months like a count.
        """
        if self.kind is Kind.PER_KEY or self.formula == "spare_turnover":
            return False
        return (self.is_rate or self.formula == "typed_alone") and not self.is_stock


def integrity_problems(metrics: Sequence[MetricDef]) -> list[str]:
    """Return what is wrong with the declarations; checked when the registry is made."""
    known = {metric.id for metric in metrics}
    problems = [f"{m.id}: declared twice" for m in metrics if
                sum(other.id == m.id for other in metrics) > 1]  # fmt: skip
    for metric in metrics:
        if metric.kind is Kind.OF_OTHERS and (not metric.formula or not set(metric.parts) <= known):
            problems.append(f"{metric.id}: formula or parts unknown")
        if metric.kind in {Kind.PER_KEY, Kind.KEY_SHARE} and metric.key is None:
            problems.append(f"{metric.id}: no key")
        if not metric.label or not metric.note:
            problems.append(f"{metric.id}: no label or note")
        if metric.target is not None and metric.direction is Direction.NEUTRAL:
            problems.append(f"{metric.id}: a target needs a direction")
    return problems
