"""First response (``domain.md 3.3``, sample rules in ``3.2``)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from svcdesk.domain.comparisons import Direction
from svcdesk.domain.metrics.definition import Kind, MetricDef, Unit
from svcdesk.domain.metrics.expression import AS_OF, Field
from svcdesk.i18n.catalog import N_

_CREATED, _RESPONSE = Field("created_at"), Field("first_response_at")
_SECONDS = Field("response_seconds")
LIVE_TICKET = ~Field("cancelled")
# Answered while recorded: a live channel has no waiting time then.
_NO_WAIT = Field("live") & (_RESPONSE <= _CREATED) & (_RESPONSE >= _CREATED)
_BAD = Field("bad_response") | (_RESPONSE.known & _SECONDS.missing)

FRT_MEAN = MetricDef(
    "frt_mean_min", N_("Mean first response time"), Unit.MINUTES, Direction.DOWN,
    N_("Working minutes from receipt to the first human response that the customer noticed, "
       "mean over the tickets received in the period that have one."),
    cohort="created_at", kind=Kind.RATIO, scope=LIVE_TICKET & _RESPONSE.known & ~_NO_WAIT,
    excluded=_BAD, weight=_SECONDS, scale=Fraction(1, 60), target=Fraction(20),
)  # fmt: skip
FRT_SLA = MetricDef(
    "frt_sla_rate", N_("First-response SLA rate"), Unit.PERCENT, Direction.UP,
    N_("Tickets answered within the limit of their priority divided by the answered ones and "
       "those unanswered beyond the limit."),
    cohort="created_at", kind=Kind.RATIO,
    scope=LIVE_TICKET & Field("response_limit").known & ~_NO_WAIT, excluded=_BAD,
    not_yet_due=_RESPONSE.missing & (Field("response_late_at") > AS_OF),
    weight=Field("response_limit") >= _SECONDS, scale=Fraction(100), target=Fraction(90),
    score_weight=10,
)  # fmt: skip

RESPONSE: tuple[MetricDef, ...] = (
    FRT_MEAN,
    replace(
        FRT_MEAN, id="frt_median_min", label=N_("Median first response time"),
        note=N_("Median of the first response times (as PERCENTILE.INC 0.5)."),
        kind=Kind.PERCENTILE, share=Fraction(1, 2), target=None,
    ),
    replace(
        FRT_MEAN, id="frt_p90_min", label=N_("P90 of first response time"),
        note=N_("90th percentile of the first response times (as PERCENTILE.INC 0.9)."),
        kind=Kind.PERCENTILE, share=Fraction(9, 10), target=Fraction(60),
    ),
    FRT_SLA,
    MetricDef(
        "frt_unresponded", N_("Tickets without response"), Unit.TICKETS, Direction.DOWN,
        N_("Tickets received in the period, not cancelled, that have no response at the "
           "cut-off."),
        cohort="created_at", scope=LIVE_TICKET & _RESPONSE.missing, target=Fraction(0),
    ),
    MetricDef(
        "frt_channel_gap", N_("Response gap between channels"), Unit.MINUTES, Direction.DOWN,
        N_("Largest minus smallest mean first response time of the channels with at least 5 "
           "tickets."),
        kind=Kind.OF_OTHERS, formula="gap", parts=("frt_mean_min",), by="channel",
        target=Fraction(10), per_group=False,
    ),
    MetricDef(
        "peak_delay_rate", N_("Late responses at peak"), Unit.PERCENT, Direction.DOWN,
        N_("Late or unanswered among the tickets due that were received on peak days (at least "
           "twice the mean of the period's days)."),
        kind=Kind.OF_OTHERS, formula="peak_delay", parts=("ticket_created", "frt_sla_rate"),
        scale=Fraction(100), target=Fraction(15), per_group=False,
    ),
)  # fmt: skip
