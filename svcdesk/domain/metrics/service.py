"""Field service, quality, spare parts and the improvement loop (``domain.md 3.5, 3.8``)."""

from __future__ import annotations

from fractions import Fraction

from svcdesk.domain.comparisons import Direction
from svcdesk.domain.metrics.definition import DAY, Kind, MetricDef, Source, Unit
from svcdesk.domain.metrics.expression import AS_OF, Field
from svcdesk.i18n.catalog import N_

HUNDRED = Fraction(100)
_ARRIVED, _END = Field("arrived_at"), Field("window_end")
_BY_CUSTOMER = Field("cancelled_by").is_("customer") | Field("rescheduled_by").is_("customer")
_MOVED_BY_US = Field("rescheduled_by").is_("company") & Field("promised_at").known
_STANDING = ~Field("status").isin("void", "merged")
_DONE_IN_TIME = Field("done_at") < (Field("due_at") + DAY)

SERVICE: tuple[MetricDef, ...] = (
    MetricDef(
        "ontime_visit_rate", N_("On-time visit rate"), Unit.PERCENT, Direction.UP,
        N_("Visits with arrival by the end of the promised window divided by the visits due; "
           "cancelled or moved by the customer left out, moved by us after the promise counts "
           "as late."),
        source=Source.VISIT, cohort="window_start", kind=Kind.RATIO, scope=~_BY_CUSTOMER,
        excluded=Field("bad_visit"), not_yet_due=_ARRIVED.missing & (_END >= AS_OF),
        weight=(_ARRIVED <= _END) & ~_MOVED_BY_US, scale=HUNDRED, target=Fraction(95),
        score_weight=10,
    ),
    MetricDef(
        "first_visit_fix_rate", N_("First-visit fix rate"), Unit.PERCENT, Direction.UP,
        N_("Resolved tickets with exactly one completed visit divided by those with at least "
           "one."),
        cohort="resolved_at", kind=Kind.RATIO, scope=Field("visit_count") >= 1,
        weight=Field("visit_count") <= 1, scale=HUNDRED, target=Fraction(80),
    ),
    MetricDef(
        "service_compliance_rate", N_("Service compliance rate"), Unit.PERCENT, Direction.UP,
        N_("Quality checks passed divided by the checks made in the period; voided ones left "
           "out."),
        source=Source.QUALITY_CHECK, cohort="at", kind=Kind.RATIO,
        scope=~Field("voided") & Field("passed").known, weight=Field("passed"), scale=HUNDRED,
        target=Fraction(95), score_weight=5,
    ),
    MetricDef(
        "spare_turnover", N_("Spare-part turnover"), Unit.TIMES, Direction.UP,
        N_("Cost of parts issued divided by the mean of opening and closing stock of the "
           "period."),
        kind=Kind.OF_OTHERS, formula="spare_turnover", target=Fraction(45, 10), per_group=False,
    ),
    MetricDef(
        "dead_stock", N_("Dead stock"), Unit.MONEY, Direction.DOWN,
        N_("Value of parts without movement for 180 days, at the end of the period."),
        kind=Kind.OF_OTHERS, formula="dead_stock", scale=Fraction(1, 100), per_group=False,
    ),
)  # fmt: skip

LOOP: tuple[MetricDef, ...] = (
    MetricDef(
        "items_open", N_("Improvement items open"), Unit.CASES, Direction.NEUTRAL,
        N_("Improvement items not closed at period end; void and merged ones left out."),
        source=Source.ITEM, scope=_STANDING & Field("open"), per_group=False,
    ),
    MetricDef(
        "items_new", N_("Improvement items new"), Unit.CASES, Direction.NEUTRAL,
        N_("Improvement items made in the period."),
        source=Source.ITEM, cohort="created_at", scope=_STANDING,
    ),
    MetricDef(
        "items_closed", N_("Improvement items closed"), Unit.CASES, Direction.NEUTRAL,
        N_("Improvement items closed in the period."),
        source=Source.ITEM, cohort="closed_at", scope=_STANDING,
    ),
    MetricDef(
        "items_effective", N_("Improvement items closed as effective"), Unit.CASES,
        Direction.NEUTRAL,
        N_("Improvement items closed in the period with the verdict “effective”."),
        source=Source.ITEM, cohort="closed_at",
        scope=_STANDING & Field("verdict").is_("effective"),
    ),
    MetricDef(
        "item_closed_loop_rate", N_("Improvement closed-loop rate"), Unit.PERCENT, Direction.UP,
        N_("Improvement items closed as effective divided by those whose target date lies in "
           "the period."),
        source=Source.ITEM, cohort="target_at", kind=Kind.RATIO, scope=_STANDING,
        weight=Field("verdict").is_("effective") & Field("closed_at").known, scale=HUNDRED,
        target=Fraction(80),
    ),
    MetricDef(
        "recurrence_count", N_("Recurrences"), Unit.CASES, Direction.DOWN,
        N_("Improvement items made in the period about the same metric and scope as one that was "
           "closed within the 183 days before; void and merged ones left out, unless that one was "
           "opened again for it."),
        source=Source.ITEM, cohort="created_at",
        scope=Field("recurs") & (_STANDING | Field("reopened")),
    ),
    MetricDef(
        "effective_rate", N_("Effectiveness of measures"), Unit.PERCENT, Direction.UP,
        N_("Verdicts “effective” divided by the verdicts “effective” and “ineffective” of the "
           "period."),
        source=Source.ITEM, cohort="verdict_at", kind=Kind.RATIO,
        scope=Field("verdict").isin("effective", "ineffective"),
        weight=Field("verdict").is_("effective"), scale=HUNDRED,
    ),
    MetricDef(
        "action_ontime_rate", N_("On-time rate of measures"), Unit.PERCENT, Direction.UP,
        N_("Measures done by the end of their due date divided by the measures due in the "
           "period; cancelled ones left out, undone past due counts against."),
        source=Source.ACTION, cohort="due_at", kind=Kind.RATIO,
        scope=~Field("state").is_("cancelled"),
        not_yet_due=Field("done_at").missing & ((Field("due_at") + DAY) >= AS_OF),
        weight=_DONE_IN_TIME, scale=HUNDRED, target=Fraction(90),
    ),
)  # fmt: skip
