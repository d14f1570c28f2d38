"""Volume, backlog and reachability (``domain.md 3.3``)."""

from __future__ import annotations

from fractions import Fraction

from svcdesk.domain.comparisons import Direction
from svcdesk.domain.metrics.definition import Kind, MetricDef, Source, Unit
from svcdesk.domain.metrics.expression import Field
from svcdesk.i18n.catalog import N_

HUNDRED = Fraction(100)

VOLUME: tuple[MetricDef, ...] = (
    MetricDef(
        "ticket_created", N_("Tickets received"), Unit.TICKETS, Direction.NEUTRAL,
        N_("Tickets received in the period, cancelled ones included; merged and test tickets "
           "left out."),
        cohort="created_at",
    ),
    MetricDef(
        "ticket_resolved", N_("Tickets resolved"), Unit.TICKETS, Direction.UP,
        N_("Tickets whose final resolution falls in the period and which are still resolved; "
           "each counts once."),
        cohort="resolved_at",
    ),
    MetricDef(
        "ticket_closed", N_("Tickets closed"), Unit.TICKETS, Direction.NEUTRAL,
        N_("Tickets closed in the period."),
        cohort="closed_at",
    ),
    MetricDef(
        "backlog_end", N_("Backlog at period end"), Unit.TICKETS, Direction.DOWN,
        N_("Tickets open at the end of the period (or at the cut-off)."),
        source=Source.OPEN_TICKET,
    ),
    MetricDef(
        "backlog_ageing", N_("Backlog by age"), Unit.TICKETS, Direction.DOWN,
        N_("Open tickets by calendar days since receipt: up to 1, 3, 7, 15 and more; the upper "
           "bound belongs to its class."),
        source=Source.OPEN_TICKET, by="age",
    ),
    MetricDef(
        "daily_avg_handled", N_("Tickets handled per working day"), Unit.TICKETS, Direction.UP,
        N_("Tickets resolved in the period divided by its working days."),
        kind=Kind.OF_OTHERS, formula="per_working_day", parts=("ticket_resolved",),
        per_group=False,
    ),
    MetricDef(
        "per_agent_handled", N_("Tickets handled per agent"), Unit.TICKETS, Direction.UP,
        N_("Tickets resolved in the period divided by the agents who resolved at least one."),
        cohort="resolved_at", kind=Kind.PER_KEY, key="agent",
    ),
    MetricDef(
        "peak_ratio", N_("Peak ratio"), Unit.TIMES, Direction.NEUTRAL,
        N_("Most tickets received on one day divided by the mean per calendar day."),
        kind=Kind.OF_OTHERS, formula="peak_ratio", parts=("ticket_created",), per_group=False,
    ),
    MetricDef(
        "connect_rate", N_("Connect rate"), Unit.PERCENT, Direction.UP,
        N_("Contacts answered divided by contacts offered, summed over the days of the daily "
           "channel statistics."),
        source=Source.CHANNEL_DAY, cohort="day_at", kind=Kind.QUOTIENT,
        scope=Field("offered") > 0, weight=Field("answered"), divisor=Field("offered"),
        scale=HUNDRED, target=Fraction(85),
    ),
    MetricDef(
        "abandon_rate", N_("Abandonment rate"), Unit.PERCENT, Direction.DOWN,
        N_("Contacts offered but not answered divided by contacts offered."),
        source=Source.CHANNEL_DAY, cohort="day_at", kind=Kind.QUOTIENT,
        scope=Field("offered") > 0, weight=Field("offered") - Field("answered"),
        divisor=Field("offered"), scale=HUNDRED,
    ),
    MetricDef(
        "complaint_per_1k", N_("Complaints per 1,000 orders"), Unit.PER_1000, Direction.DOWN,
        N_("Complaints received × 1,000 divided by the order volume of the same months; no "
           "volume, no value."),
        kind=Kind.OF_OTHERS, formula="per_orders", parts=("complaint_received",),
        scale=Fraction(1000), per_group=False,
    ),
    MetricDef(
        "complaint_share", N_("Complaints per 100 tickets"), Unit.PER_100, Direction.DOWN,
        N_("Complaints received × 100 divided by tickets received."),
        kind=Kind.OF_OTHERS, formula="quotient", parts=("complaint_received", "ticket_created"),
        scale=HUNDRED,
    ),
    MetricDef(
        "return_rate_share", N_("Return and exchange share"), Unit.PERCENT, Direction.DOWN,
        N_("Tickets of service type return or exchange divided by tickets received."),
        cohort="created_at", kind=Kind.RATIO,
        weight=Field("request_type").isin("return", "exchange"), scale=HUNDRED,
    ),
)  # fmt: skip
