"""The satisfaction tab: scores, who answers, low scores with their countdown, recoveries (V)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.chart import ChartKind, ChartSpec, Series
from svcdesk.domain.masking import mask_name
from svcdesk.i18n.catalog import N_
from svcdesk.i18n.labels import code_label
from svcdesk.services.sheet_cards import as_float
from svcdesk.services.sheet_charts import (
    bars,
    csat_line,
    listed,
    share,
    stacked,
    trend,
)
from svcdesk.services.sheet_tables import (
    CALLBACK,
    LISTED,
    SheetRow,
    SheetTable,
    by_groups,
    ratios,
    so_far,
)
from svcdesk.store import report_lists

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.reports.figures import Numbers

DIMS = ("csat_dim_attitude", "csat_dim_speed", "csat_dim_skill", "csat_dim_result")
FUNNEL = ("funnel_sent", "funnel_rated", "funnel_low", "funnel_contacted", "funnel_recovered")
RATIOS = (
    "csat_mean", "csat_rate", "csat_very_rate", "csat_low_rate", *DIMS, "survey_response_rate",
    "nps", "low_score_count", "low_score_loop48_rate", "low_score_recovery_rate",
    "callback_rate", "callback_attempt_rate", "callback_reach_rate", "callback_ontime_rate",
    "key_reach_rate", "key_csat_gap", "handling_csat_mean", "handling_csat_rate",
    "service_compliance_rate", "entry_timeliness",
)  # fmt: skip
WHO = ("channel", "team", "agent", "issue", "category", "tier", "method")


def _levels(n: Numbers) -> ChartSpec:
    groups = [(score, code_label("CsatScore", str(score), n.t)) for score in (5, 4, 3, 2, 1)]
    return stacked(n, n.t("Satisfaction scores by month"), "csat_mean", "csat", groups)


def _nps(n: Numbers) -> ChartSpec:
    codes = ("promoter", "passive", "detractor")
    groups = [(code, code_label("NpsGroup", code, n.t)) for code in codes]
    return stacked(n, n.t("NPS groups by month"), "nps", "nps_group", groups)


def _figures(n: Numbers, metric_ids: tuple[str, ...], title: str) -> ChartSpec:
    """Return a bar for each figure, each with its own n."""
    found = [n.figure(metric_id) for metric_id in metric_ids]
    counts = found[0].metric.is_rate
    return ChartSpec(
        ChartKind.BARS,
        title,
        tuple(
            n.name(metric_id).rpartition(": ")[2].rpartition("：")[2] for metric_id in metric_ids
        ),
        (
            Series(
                "",
                tuple(as_float(figure) for figure in found),
                tuple(figure.display for figure in found),
                tuple(figure.n for figure in found) if counts else (),
            ),
        ),
        decimals=found[0].metric.decimals,
        hatched=frozenset(i for i, figure in enumerate(found) if figure.small_sample),
        drill=tuple((metric_id, "") for metric_id in metric_ids),
    )


def low_scores(n: Numbers) -> SheetTable:
    """Return the low scores that nobody has called back about, of whatever age."""
    t = n.t
    span = so_far(n)
    done = set(n.board.drill("low_score_recovery_rate", span, "den"))
    numbers = [
        number
        for part in ("den", "not_yet_due")
        for number in n.board.drill("low_score_loop48_rate", span, part)
        if number not in done
    ]
    seconds = int(n.board.run.params["low_score_seconds"])
    rows = []
    for row in report_lists.low_scores(
        n.board.run.connection, numbers, seconds, n.board.as_of, LISTED
    ):
        name = mask_name(row.customer, organisation=row.customer_kind == "company")
        link = (
            (CALLBACK, str(row.callback_id))
            if row.callback_id
            else ("low_score_count", f"survey={row.id}&{span.code}")
        )
        rows.append(
            SheetRow(
                ("", row.number, name or "—", str(row.score), row.comment or "—",
                 row.assignee or "—"),
                link, due=row.due_at,
            )
        )  # fmt: skip
    count = f"（{len(numbers)}）" if t.chinese else f" ({len(numbers)})"
    heads = (
        N_("Time left"),
        N_("Survey no."),
        N_("Customer"),
        N_("Score"),
        N_("Customer's words"),
        N_("Who calls back"),
    )
    return SheetTable(
        t("Open low scores") + count, tuple(t(head) for head in heads), tuple(rows),
        note=t("Enter opens the callback"), empty=t("No low score is open."),
        right=frozenset({3}), due_column=0, wide=True, first=True,
    )  # fmt: skip


CHARTS: tuple[Callable[[Numbers], ChartSpec], ...] = (
    csat_line,
    _levels,
    lambda n: _figures(n, FUNNEL, n.t("From survey to recovery")),
    lambda n: _figures(n, DIMS, n.t("Dimensions, each over its own n")),
    lambda n: bars(n, "survey_response_rate", "channel", n.t("Response rate by channel")),
    lambda n: bars(n, "survey_response_rate", "agent", n.t("Response rate by agent")),
    lambda n: bars(n, "csat_mean", "channel", n.t("Mean satisfaction by channel")),
    lambda n: bars(n, "csat_mean", "agent", n.t("Mean satisfaction by agent")),
    _nps,
    lambda n: trend(n, "nps"),
    lambda n: trend(n, "csat_low_rate"),
    lambda n: listed(n, n.t("Reasons of low scores"), "low_score_count", "low_reason"),
    lambda n: share(n, "callback_rate"),
    lambda n: bars(n, "service_compliance_rate", "agent", n.t("Service compliance by agent")),
    lambda n: listed(n, n.t("Failed items of quality checks"), "service_compliance_rate",
                     "failed_item"),
    lambda n: bars(n, "csat_rate", "tier", n.t("Satisfaction rate by customer tier")),
)  # fmt: skip
TABLES: tuple[Callable[[Numbers], SheetTable], ...] = (
    low_scores,
    lambda n: ratios(n, n.t("All figures of satisfaction"), RATIOS),
    lambda n: by_groups(n, n.t("Response and scores by the same filter"), WHO,
                        ("survey_response_rate", "csat_mean", "csat_low_rate")),
)  # fmt: skip
