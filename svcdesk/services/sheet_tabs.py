"""What each sheet of the reports page holds. Keys are remembered between runs: they stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.services import (
    sheet_complaints,
    sheet_field,
    sheet_overview,
    sheet_peaks,
    sheet_response,
    sheet_satisfaction,
    sheet_team,
    sheet_trend,
)
from svcdesk.services.sheet_cards import COMPOSITE
from svcdesk.services.sheet_charts import (
    ageing,
    bars,
    pareto,
    share,
    trend,
    volume,
)
from svcdesk.services.sheet_tables import ratios

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.domain.basis import Basis
    from svcdesk.domain.chart import ChartSpec
    from svcdesk.services.sheet_scene import Scene
    from svcdesk.services.sheet_tables import SheetTable
    from svcdesk.services.sheet_trend import Explore


RESOLUTION = (
    "res_mean_h", "res_median_h", "res_p90_h", "res_sla_rate", "complex_cycle_wd", "resolve_rate",
    "basic_resolve_rate", "fcr_rate", "first_line_rate", "followup_resolve_rate", "reopen_rate",
    "transfer_rate", "repeat_dispatch_rate", "overdue_open", "overdue_total", "escalation_rate",
    "knowledge_use_rate", "daily_avg_handled",
)  # fmt: skip


@dataclass(frozen=True)
class TabSpec:
    """One sheet: cards, a row of small tables, charts, tables, and what holds for all of it.

    ``told`` are metrics that its charts and tables show, counted with the cards in one pass.
    """

    cards: tuple[str, ...]
    charts: tuple[Callable[[Scene], ChartSpec], ...] = ()
    tables: tuple[Callable[[Scene], SheetTable], ...] = ()
    panels: tuple[Callable[[Scene], SheetTable], ...] = ()
    told: tuple[str, ...] = ()
    remarks: tuple[Callable[[Scene], str], ...] = ()


TABS: dict[str, TabSpec] = {
    "overview": TabSpec(
        ("ticket_created", "csat_mean", "fcr_rate", "timely_rate",
         "ontime_visit_rate", "frt_mean_min", "callback_rate", COMPOSITE),
        charts=(
            lambda n: pareto(n, "complaint_received", "category", n.t("Complaints by category")),
            volume,
        ),
        panels=(sheet_overview.today, sheet_overview.extremes, sheet_overview.score),
    ),
    "response": TabSpec(
        ("frt_mean_min", "frt_p90_min", "frt_sla_rate", "frt_unresponded"),
        charts=(
            lambda n: trend(n, "frt_mean_min"),
            sheet_response.by_channel,
            lambda n: share(n, "frt_sla_rate"),
            lambda n: sheet_response.distribution_chart(
                n, "frt_mean_min", "response_class", n.t("First responses by working time")
            ),
        ),
        tables=(sheet_response.channels,),
        told=("frt_median_min", "frt_channel_gap"),
    ),
    "resolution": TabSpec(
        ("res_mean_h", "res_sla_rate", "fcr_rate", "backlog_end",
         "reopen_rate", "first_line_rate", "complex_cycle_wd", "overdue_total"),
        charts=(
            lambda n: share(n, "res_sla_rate"),
            lambda n: pareto(n, "overdue_reasons", "overdue_reason", n.t("Reasons for delay")),
            lambda n: share(n, "fcr_rate"),
            ageing,
            lambda n: sheet_response.distribution_chart(
                n, "ticket_resolved", "resolution_class", n.t("Resolutions by calendar time")
            ),
            sheet_response.states,
            lambda n: pareto(n, "ticket_created", "issue", n.t("Tickets by issue type")),
            lambda n: bars(n, "fcr_rate", "agent", n.t("One-time resolution by agent")),
        ),
        tables=(
            sheet_response.dwell_departments,
            sheet_response.dwell_states,
            lambda n: ratios(n, n.t("All figures of resolution"), RESOLUTION),
        ),
        told=RESOLUTION,
    ),
    "complaints": TabSpec(
        ("complaint_received", "timely_rate", "completion_rate", "repeat_rate",
         "second_rate", "ack_rate", "handling_mean_days", "group_count"),
        charts=sheet_complaints.CHARTS,
        tables=sheet_complaints.TABLES,
        told=(*sheet_complaints.RATIOS, *sheet_complaints.CLASSES),
    ),
    "satisfaction": TabSpec(
        ("csat_mean", "csat_rate", "nps", "csat_low_rate",
         "survey_response_rate", "low_score_loop48_rate", "callback_rate",
         "handling_csat_mean"),
        charts=sheet_satisfaction.CHARTS,
        tables=sheet_satisfaction.TABLES,
        told=(*sheet_satisfaction.RATIOS, *sheet_satisfaction.FUNNEL),
    ),
    "field": TabSpec(
        sheet_field.CARDS, charts=sheet_field.CHARTS, tables=sheet_field.TABLES
    ),
    "team": TabSpec(
        sheet_team.CARDS,
        charts=(
            lambda n: sheet_team.per_head(n, "ticket_resolved", n.t("Tickets resolved per head")),
            lambda n: sheet_team.per_head(n, "complaint_received", n.t("Complaints per head")),
            lambda n: sheet_team.per_head(n, "low_score_count", n.t("Low scores per head")),
        ),
        tables=(sheet_team.comparison, sheet_team.case_mix, sheet_team.needs),
        told=sheet_team.RATES,
        remarks=(sheet_team.fairness,),
    ),
    "peaks": TabSpec(
        sheet_peaks.CARDS,
        charts=(sheet_peaks.received, sheet_peaks.delays, sheet_peaks.by_day,
                sheet_peaks.complaints),
        tables=(sheet_peaks.busiest,),
    ),
}  # fmt: skip


def explored(what: Explore, basis: Basis) -> TabSpec:
    """Return the sheet of the trend explorer."""
    charts: list[Callable[[Scene], ChartSpec]] = [lambda n: sheet_trend.course(n, what, basis)]
    if what.by:
        charts.append(lambda n: sheet_trend.grouped(n, what))
    if what.by and what.by not in sheet_trend.TIMES:
        charts.append(lambda n: sheet_trend.lines(n, what))
    return TabSpec((), charts=tuple(charts), tables=(lambda n: sheet_trend.table(n, what, basis),))
