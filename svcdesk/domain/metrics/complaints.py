"""Complaints (``domain.md 3.7``)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from svcdesk.domain.comparisons import Direction
from svcdesk.domain.metrics.definition import DAY, Kind, MetricDef, Source, Unit
from svcdesk.domain.metrics.expression import AS_OF, Expr, Field
from svcdesk.i18n.catalog import N_

HUNDRED = Fraction(100)
_FIRST, _DUE = Field("first_resolved_at"), Field("due_at")
WITHDRAWN = Field("withdrawn_at").known
ON_TIME = ~WITHDRAWN & _FIRST.known & (_DUE.missing | (_FIRST <= _DUE))
LATE_RESOLVED = ~WITHDRAWN & (_FIRST > _DUE)
OVERDUE_OPEN = ~WITHDRAWN & _FIRST.missing & (AS_OF > _DUE)
NOT_YET_DUE = ~WITHDRAWN & _FIRST.missing & ~(AS_OF > _DUE)
_CONTACT_DUE = Field("ack_due_at")  # by the limits that were set for its severity
_CONTACTED = Field("contacted_at")


def _received(metric: str, label: str, unit: Unit, direction: Direction, note: str) -> MetricDef:
    return MetricDef(
        metric, label, unit, direction, note, source=Source.COMPLAINT, cohort="received_at"
    )


def _rate(
    metric: str, label: str, note: str, weight: Expr, *, direction: Direction = Direction.UP,
    target: Fraction | None = None,
) -> MetricDef:  # fmt: skip
    base = _received(metric, label, Unit.PERCENT, direction, note)
    return replace(base, kind=Kind.RATIO, weight=weight, scale=HUNDRED, target=target)


def _class(code: str, label: str, note: str, scope: Expr) -> MetricDef:
    base = _received(f"complaint_{code}", label, Unit.COMPLAINTS, Direction.NEUTRAL, note)
    return replace(base, scope=scope)


HANDLING_H = MetricDef(
    "handling_mean_h", N_("Mean handling time of complaints"), Unit.HOURS, Direction.DOWN,
    N_("Calendar hours from receipt to the final settlement, mean over the complaints settled "
       "in the period."),
    source=Source.COMPLAINT, cohort="resolved_at", kind=Kind.RATIO,
    excluded=Field("bad_resolution"), weight=Field("resolved_at") - Field("received_at"),
    scale=Fraction(1, 3600),
)  # fmt: skip
SECOND = MetricDef(
    "second_rate", N_("Second-complaint rate"), Unit.PERCENT, Direction.DOWN,
    N_("Complaints first settled in the period that were followed within 30 days by a reopening "
       "or another complaint of the same customer and category, divided by the first settled."),
    source=Source.COMPLAINT, cohort="first_resolved_at", kind=Kind.RATIO, scope=~WITHDRAWN,
    weight=Field("second"), scale=HUNDRED, target=Fraction(15, 10), matures=30 * DAY,
)  # fmt: skip
SATISFIED = MetricDef(
    "handling_csat_mean", N_("Mean handling satisfaction"), Unit.SCORE, Direction.UP,
    N_("Mean of the satisfaction scores of complaint callbacks given in the period."),
    source=Source.COMPLAINT, cohort="satisfaction_at", kind=Kind.RATIO,
    scope=Field("satisfaction").known, weight=Field("satisfaction"),
)  # fmt: skip

COMPLAINTS: tuple[MetricDef, ...] = (
    _received(
        "complaint_received", N_("Complaints received"), Unit.COMPLAINTS, Direction.DOWN,
        N_("Complaints received in the period; rejected, merged and test ones left out."),
    ),
    _class("on_time", N_("Complaints settled on time"),
           N_("First settled by the deadline."), ON_TIME),
    _class("late_resolved", N_("Complaints settled late"),
           N_("First settled after the deadline."), LATE_RESOLVED),
    _class("overdue_open", N_("Complaints overdue and open"),
           N_("Never settled and past the deadline at the cut-off."), OVERDUE_OPEN),
    _class("not_yet_due", N_("Complaints not yet due"),
           N_("Never settled, deadline not passed at the cut-off."), NOT_YET_DUE),
    _class("withdrawn", N_("Complaints withdrawn"),
           N_("Withdrawn by the complainant."), WITHDRAWN),
    replace(
        _rate(
            "timely_rate", N_("Complaint on-time rate"),
            N_("Complaints of the period first settled by the deadline divided by those settled "
               "or past the deadline; withdrawn and not yet due ones left out."),
            _FIRST.known & (_DUE.missing | (_FIRST <= _DUE)), target=Fraction(95),
        ),
        scope=~WITHDRAWN, not_yet_due=NOT_YET_DUE, score_weight=15,
    ),
    _rate(
        "completion_rate", N_("Completion rate"),
        N_("Complaints of the period settled, closed or withdrawn at the cut-off and not "
           "reopened divided by those received."),
        Field("resolved_at").known | WITHDRAWN,
    ),
    _rate(
        "closure_rate", N_("Complaint closure rate"),
        N_("Complaints of the period closed at the cut-off divided by those received."),
        Field("closed_at").known, target=Fraction(95),
    ),
    MetricDef(
        "complaint_resolved", N_("Complaints settled"), Unit.COMPLAINTS, Direction.NEUTRAL,
        N_("Complaints whose final settlement falls in the period, of any age."),
        source=Source.COMPLAINT, cohort="resolved_at",
    ),
    MetricDef(
        "complaint_withdrawals", N_("Withdrawals"), Unit.COMPLAINTS, Direction.NEUTRAL,
        N_("Complaints withdrawn in the period, of any age."),
        source=Source.COMPLAINT, cohort="withdrawn_at",
    ),
    MetricDef(
        "clearance_ratio", N_("Clearance ratio"), Unit.PERCENT, Direction.NEUTRAL,
        N_("Complaints settled or withdrawn in the period, of any age, divided by those "
           "received; may exceed 100 %."),
        kind=Kind.OF_OTHERS, formula="clearance",
        parts=("complaint_resolved", "complaint_withdrawals", "complaint_received"),
        scale=HUNDRED,
    ),
    HANDLING_H,
    replace(
        HANDLING_H, id="handling_mean_days", label=N_("Mean handling days of complaints"),
        unit=Unit.DAYS, scale=Fraction(1, DAY),
        note=N_("Mean handling time of complaints in calendar days of 24 hours."),
    ),
    replace(
        _rate(
            "ack_rate", N_("First-contact on-time rate"),
            N_("Complainants contacted within the limit of the severity (24 hours, major 12, "
               "urgent 2, unless set otherwise) divided by those contacted or beyond the limit."),
            _CONTACTED <= _CONTACT_DUE, target=Fraction(95),
        ),
        scope=~WITHDRAWN & _CONTACT_DUE.known, not_yet_due=_CONTACTED.missing & (_CONTACT_DUE >= AS_OF),
    ),
    replace(
        _received(
            "complaint_overdue", N_("Overdue complaints"), Unit.COMPLAINTS, Direction.DOWN,
            N_("Complaints of the period settled late or overdue and open."),
        ),
        scope=LATE_RESOLVED | OVERDUE_OPEN, target=Fraction(0),
    ),
    SATISFIED,
    replace(
        SATISFIED, id="handling_csat_rate", label=N_("Handling satisfaction rate"),
        unit=Unit.PERCENT, weight=Field("satisfaction") >= 4, scale=HUNDRED, target=Fraction(90),
        note=N_("Scores 4 and 5 of complaint callbacks divided by all given in the period."),
    ),
    replace(
        _received(
            "repeat_count", N_("Repeat complaints"), Unit.COMPLAINTS, Direction.DOWN,
            N_("Complaints of the same customer and category again within 30 days."),
        ),
        scope=Field("is_repeat"),
    ),
    _rate(
        "repeat_rate", N_("Repeat-complaint rate"),
        N_("Repeat complaints (same customer and category within 30 days) divided by those "
           "received."),
        Field("is_repeat"), direction=Direction.DOWN, target=Fraction(5),
    ),
    MetricDef(
        "repeat_customer_rate", N_("Customers complaining repeatedly"), Unit.PERCENT,
        Direction.DOWN,
        N_("Customers with a repeat complaint in the period divided by the customers who "
           "complained."),
        source=Source.COMPLAINT, cohort="received_at", kind=Kind.KEY_SHARE, key="customer",
        weight=Field("is_repeat"), scale=HUNDRED,
    ),
    SECOND,
    MetricDef(
        "complaint_resolution_rate", N_("Complaint resolution rate"), Unit.PERCENT, Direction.UP,
        N_("Complaints solved in one handling: 100 % minus the second-complaint rate."),
        kind=Kind.OF_OTHERS, formula="complement", parts=("second_rate",), matures=30 * DAY,
    ),
    replace(
        _rate(
            "upheld_rate", N_("Upheld rate"),
            N_("Complaints with full or partial liability divided by those decided."),
            Field("liability").isin("liable", "partly"), direction=Direction.NEUTRAL,
        ),
        scope=Field("liability").isin("liable", "partly", "not_liable"),
    ),
    MetricDef(
        "group_count", N_("Group complaints"), Unit.CASES, Direction.DOWN,
        N_("Group complaints triggered in the period (3 customers, one product, 7 days)."),
        source=Source.GROUP, cohort="triggered_at", target=Fraction(0),
    ),
    MetricDef(
        "group_members", N_("Complaints in groups"), Unit.COMPLAINTS, Direction.DOWN,
        N_("Complaints that belong to the groups triggered in the period."),
        source=Source.COMPLAINT, cohort="group_triggered_at",
    ),
    replace(
        _received(
            "social_count", N_("Social-media exposures"), Unit.COMPLAINTS, Direction.DOWN,
            N_("Complaints of the period published on a public platform."),
        ),
        scope=Field("social_exposure"), target=Fraction(0),
    ),
    MetricDef(
        "escalated_count", N_("Escalated complaints"), Unit.COMPLAINTS, Direction.DOWN,
        N_("Complaints escalated in the period."),
        source=Source.COMPLAINT, cohort="escalated_at",
    ),
    MetricDef(
        "compensation_sum", N_("Compensation paid"), Unit.MONEY, Direction.DOWN,
        N_("Compensation of the complaints settled in the period."),
        source=Source.COMPLAINT, cohort="resolved_at", kind=Kind.SUM,
        scope=Field("compensation").known, weight=Field("compensation"),
        scale=Fraction(1, 100),
    ),
)  # fmt: skip
