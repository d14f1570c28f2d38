"""Resolution (``domain.md 3.4``)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from svcdesk.domain.comparisons import Direction
from svcdesk.domain.metrics.definition import DAY, Kind, MetricDef, Source, Unit
from svcdesk.domain.metrics.expression import Expr, Field, If, lift
from svcdesk.domain.metrics.response import LIVE_TICKET
from svcdesk.i18n.catalog import N_

HUNDRED = Fraction(100)
_BAD = Field("bad_resolution")
_FIRST, _PROMISED = Field("first_resolved_at"), Field("promised_at")
_NET, _LIMIT = Field("resolution_seconds"), Field("resolution_limit")
_HAS_LIMIT = _PROMISED.known | _LIMIT.known
# resolved before it was received: there is no net time to hold against the limit
_NO_NET = _PROMISED.missing & _NET.missing
_IN_TIME = (_PROMISED.known & (_FIRST <= _PROMISED)) | (_PROMISED.missing & (_NET <= _LIMIT))
_VISITS, _REOPENS, _FOLLOW_UPS = Field("visit_count"), Field("reopen_count"), Field("follow_ups")
_ONE_TIME = (_REOPENS <= 0) & (_VISITS <= 1) & (_FOLLOW_UPS <= 0)
_EXTRA = _REOPENS + _FOLLOW_UPS + If(_VISITS > 1, _VISITS - 1, lift(0))
_NOT_GIVEN_UP = ~Field("resolution_code").is_("abandoned")

RES_MEAN = MetricDef(
    "res_mean_h", N_("Mean resolution time"), Unit.HOURS, Direction.DOWN,
    N_("Calendar hours from receipt to the final resolution, no pause deducted, mean over the "
       "tickets resolved in the period."),
    cohort="resolved_at", kind=Kind.RATIO, excluded=_BAD,
    weight=Field("resolved_at") - Field("created_at"), scale=Fraction(1, 3600),
)  # fmt: skip
FCR = MetricDef(
    "fcr_rate", N_("One-time resolution rate"), Unit.PERCENT, Direction.UP,
    N_("Resolved tickets with no reopening, at most one completed visit and no follow-up ticket "
       "(same customer, product and issue type) within 7 days after, divided by the resolved "
       "ones; given-up tickets left out."),
    cohort="resolved_at", kind=Kind.RATIO, scope=_NOT_GIVEN_UP, excluded=_BAD, weight=_ONE_TIME,
    scale=HUNDRED, target=Fraction(85), score_weight=25, matures=7 * DAY,
)  # fmt: skip


def _resolved_share(
    metric: str, label: str, direction: Direction, note: str, weight: Expr,
    target: int | None = None,
) -> MetricDef:  # fmt: skip
    return MetricDef(
        metric, label, Unit.PERCENT, direction, note, cohort="resolved_at", kind=Kind.RATIO,
        weight=weight, scale=HUNDRED, target=None if target is None else Fraction(target),
    )  # fmt: skip


RESOLUTION: tuple[MetricDef, ...] = (
    RES_MEAN,
    replace(
        RES_MEAN, id="res_median_h", label=N_("Median resolution time"),
        note=N_("Median of the resolution times (as PERCENTILE.INC 0.5)."),
        kind=Kind.PERCENTILE,
    ),
    replace(
        RES_MEAN, id="res_p90_h", label=N_("P90 of resolution time"),
        note=N_("90th percentile of the resolution times (as PERCENTILE.INC 0.9)."),
        kind=Kind.PERCENTILE, share=Fraction(9, 10),
    ),
    MetricDef(
        "res_sla_rate", N_("Resolution SLA rate"), Unit.PERCENT, Direction.UP,
        N_("First resolutions in the period within the limit (waiting for the customer "
           "deducted, or by the promised time) divided by all first resolutions with a limit."),
        cohort="first_resolved_at", kind=Kind.RATIO, scope=_HAS_LIMIT,
        excluded=_BAD | _NO_NET, weight=_IN_TIME, scale=HUNDRED, target=Fraction(95),
    ),
    MetricDef(
        "complex_cycle_wd", N_("Resolution cycle of complex issues"), Unit.WORKING_DAYS,
        Direction.DOWN,
        N_("Working time from receipt to the final resolution of complex tickets, in standard "
           "working days (540 minutes), mean."),
        cohort="resolved_at", kind=Kind.RATIO, scope=Field("complexity").is_("complex"),
        excluded=_BAD | Field("cycle_seconds").missing, weight=Field("cycle_seconds"),
        per="standard_day_seconds", target=Fraction(3),
    ),
    MetricDef(
        "resolve_rate", N_("Resolution rate"), Unit.PERCENT, Direction.UP,
        N_("Tickets of the period resolved at the cut-off divided by those received and not "
           "cancelled."),
        cohort="created_at", kind=Kind.RATIO, scope=LIVE_TICKET,
        weight=Field("resolved_at").known, scale=HUNDRED,
    ),
    MetricDef(
        "basic_resolve_rate", N_("Resolution rate of basic issues"), Unit.PERCENT, Direction.UP,
        N_("Basic tickets of the period resolved at the cut-off divided by the basic ones "
           "received and not cancelled."),
        cohort="created_at", kind=Kind.RATIO,
        scope=LIVE_TICKET & Field("complexity").is_("basic"),
        weight=Field("resolved_at").known, scale=HUNDRED, target=Fraction(98),
    ),
    FCR,
    _resolved_share(
        "first_line_rate", N_("First-line resolution rate"), Direction.UP,
        N_("Resolved tickets that were never transferred divided by the resolved ones."),
        Field("transfer_count") <= 0, 85,
    ),
    replace(
        FCR, id="followup_resolve_rate", label=N_("Second-try resolution rate"),
        note=N_("Tickets solved with exactly one further reopening, visit or follow-up ticket "
                "divided by those not solved at once."),
        scope=_NOT_GIVEN_UP & ~_ONE_TIME, weight=(_EXTRA <= 1), target=Fraction(90),
        score_weight=0,
    ),
    _resolved_share(
        "reopen_rate", N_("Reopen rate"), Direction.DOWN,
        N_("Resolved tickets that were reopened at least once divided by the resolved ones."),
        _REOPENS >= 1, 5,
    ),
    MetricDef(
        "transfer_rate", N_("Transfer rate"), Unit.PERCENT, Direction.DOWN,
        N_("Tickets of the period transferred at least once divided by those not cancelled."),
        cohort="created_at", kind=Kind.RATIO, scope=LIVE_TICKET,
        weight=Field("transfer_count") >= 1, scale=HUNDRED,
    ),
    MetricDef(
        "repeat_dispatch_rate", N_("Repeat-dispatch rate"), Unit.PERCENT, Direction.DOWN,
        N_("Tickets dispatched at least twice (withdrawn within 10 minutes ignored) divided by "
           "the tickets first dispatched in the period."),
        cohort="first_dispatch_at", kind=Kind.RATIO, scope=LIVE_TICKET,
        weight=Field("dispatch_count") >= 2, scale=HUNDRED, target=Fraction(8),
    ),
    MetricDef(
        "overdue_open", N_("Overdue and open"), Unit.TICKETS, Direction.DOWN,
        N_("Tickets open at period end whose net working time exceeds the limit."),
        source=Source.OPEN_TICKET, scope=Field("overdue"), target=Fraction(0),
    ),
    MetricDef(
        "late_resolved", N_("Resolved late"), Unit.TICKETS, Direction.DOWN,
        N_("Tickets first resolved in the period beyond their limit."),
        cohort="first_resolved_at", scope=_HAS_LIMIT & ~_NO_NET & ~_IN_TIME, excluded=_BAD,
    ),
    MetricDef(
        "overdue_total", N_("Breached tickets"), Unit.TICKETS, Direction.DOWN,
        N_("Overdue and open tickets plus those resolved late in the period."),
        kind=Kind.OF_OTHERS, formula="sum", parts=("overdue_open", "late_resolved"),
    ),
    MetricDef(
        "overdue_reasons", N_("Reasons for delay"), Unit.TICKETS, Direction.NEUTRAL,
        N_("Breached tickets by the reason entered; without one they count as not filled in."),
        kind=Kind.OF_OTHERS, formula="sum", parts=("overdue_open", "late_resolved"),
        by="overdue_reason",
    ),
    MetricDef(
        "escalation_rate", N_("Escalation rate"), Unit.PERCENT, Direction.DOWN,
        N_("Tickets of the period that were escalated divided by those not cancelled."),
        cohort="created_at", kind=Kind.RATIO, scope=LIVE_TICKET,
        weight=Field("escalated_at").known, scale=HUNDRED,
    ),
    _resolved_share(
        "knowledge_use_rate", N_("Knowledge use rate"), Direction.UP,
        N_("Resolved tickets with at least one linked article divided by the resolved ones."),
        Field("knowledge_count") >= 1,
    ),
    MetricDef(
        "entry_timeliness", N_("Entry timeliness"), Unit.PERCENT, Direction.UP,
        N_("Closings recorded within 24 hours after they happened divided by the tickets closed "
           "in the period; imported closings left out."),
        cohort="closed_at", kind=Kind.RATIO, scope=Field("closing_entered_at").known,
        weight=(Field("closing_entered_at") - Field("closed_at")) <= DAY, scale=HUNDRED,
        target=Fraction(95),
    ),
)  # fmt: skip
