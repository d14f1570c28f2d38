"""What each sheet of the reports page holds. Keys are remembered between runs: they stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.services import sheet_complaints, sheet_satisfaction
from svcdesk.services.sheet_cards import COMPOSITE
from svcdesk.services.sheet_charts import (
    ageing,
    bars,
    csat_line,
    heat,
    pareto,
    share,
    trend,
    volume,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.domain.chart import ChartSpec
    from svcdesk.services.sheet_scene import Scene
    from svcdesk.services.sheet_tables import SheetTable


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
            csat_line,
            heat,
        ),
    ),
    "response": TabSpec(
        ("frt_mean_min", "frt_p90_min", "frt_sla_rate", "frt_unresponded"),
        charts=(
            lambda n: trend(n, "frt_mean_min"),
            lambda n: bars(n, "frt_mean_min", "channel", n.t("Mean first response by channel")),
            lambda n: share(n, "frt_sla_rate"),
            heat,
        ),
    ),
    "resolution": TabSpec(
        ("res_mean_h", "res_sla_rate", "fcr_rate", "backlog_end",
         "reopen_rate", "first_line_rate", "complex_cycle_wd", "overdue_total"),
        charts=(
            lambda n: share(n, "res_sla_rate"),
            lambda n: pareto(n, "overdue_reasons", "overdue_reason", n.t("Reasons for delay")),
            lambda n: share(n, "fcr_rate"),
            ageing,
            lambda n: pareto(n, "ticket_created", "issue", n.t("Tickets by issue type")),
            lambda n: bars(n, "fcr_rate", "agent", n.t("One-time resolution by agent")),
        ),
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
}  # fmt: skip
