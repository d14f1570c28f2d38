"""On-site service, compliance, spare parts (5.2, chapter 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.reports import tables
from svcdesk.reports.model import Figure, Heading

if TYPE_CHECKING:
    from svcdesk.reports.draft import Draft
    from svcdesk.reports.model import Block

FIELD = ("ontime_visit_rate", "first_visit_fix_rate", "service_compliance_rate",
         "repeat_dispatch_rate", "spare_turnover", "dead_stock")  # fmt: skip
MONTHS = 6


def field(n: Draft) -> list[Block]:
    """Return the chapter."""
    t = n.t
    return [
        n.say("main", *n.kpi_sentences(("ontime_visit_rate", "first_visit_fix_rate"))),
        n.metric_table(t("On-site service and spare parts"), FIELD),
        Figure(
            n.trend("ontime_visit_rate", n.period.last_months(MONTHS)),
            t("Visits on time, {n} months").format(n=MONTHS),
        ),
        Heading(t("By technician")),
        Figure(
            n.columns_by("first_visit_fix_rate", "technician"),
            t("First-visit fix by technician (n under the bar, hatched: n < 5)"),
        ),
        tables.by_group(
            n, t("Visits by technician"), t("Technician"), "technician",
            ("ontime_visit_rate", "first_visit_fix_rate"),
        ),
    ]  # fmt: skip
