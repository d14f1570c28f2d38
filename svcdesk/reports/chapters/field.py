"""On-site service, compliance, spare parts (5.2, chapter 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.reports import tables
from svcdesk.reports.model import Column, Figure, Heading, Table
from svcdesk.store import quality

if TYPE_CHECKING:
    from svcdesk.reports.draft import Draft
    from svcdesk.reports.model import Block

FIELD = ("ontime_visit_rate", "first_visit_fix_rate", "service_compliance_rate",
         "repeat_dispatch_rate", "spare_turnover", "dead_stock")  # fmt: skip


def field(n: Draft) -> list[Block]:
    """Return the chapter."""
    t = n.t
    months = n.recent()
    return [
        n.say("main", *n.kpi_sentences(("ontime_visit_rate", "first_visit_fix_rate"))),
        n.metric_table(t("On-site service and spare parts"), FIELD),
        Figure(
            n.trend("ontime_visit_rate", months),
            t("On-time visit rate, {n} months (open diamond: target missed)").format(n=len(months)),
        ),
        Heading(t("By technician")),
        n.drawn(
            n.columns_by("first_visit_fix_rate", "technician"),
            t("First-visit fix rate by technician, % (n below the column, hatched: n < 5)"),
        ),
        tables.by_group(
            n, t("Visits by technician"), t("Technician"), "technician",
            ("ontime_visit_rate", "first_visit_fix_rate"),
        ),
        Heading(t("Compliance by item")),
        _compliance(n),
    ]  # fmt: skip


def _compliance(n: Draft) -> Table:
    """Return what was checked, item by item: judged, failed, share that passed."""
    t, connection = n.t, n.board.run.connection
    end = min(n.period.end_at, n.board.as_of)
    names = quality.item_names(connection, chinese=t.chinese)
    rows = tuple(
        (names.get(item, item), str(judged), str(failed), n.share_text(judged - failed, judged))
        for item, failed, judged in quality.failures(connection, n.period.start_at, end)
        if judged
    )
    columns = (
        Column(t("Checked item"), share=0.4), Column(t("Judged"), right=True),
        Column(t("Not passed"), right=True), Column(t("Share passed"), right=True),
    )  # fmt: skip
    return Table(t("Service compliance by checked item"), columns, rows)
