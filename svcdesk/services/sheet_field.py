"""Field service, quality checks, spare parts and reachability."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from svcdesk.services.sheet_charts import bars, columns, listed, share, trend
from svcdesk.services.sheet_tables import SheetRow, SheetTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from svcdesk.domain.chart import ChartSpec
    from svcdesk.services.sheet_scene import Scene

CARDS = ("ontime_visit_rate", "first_visit_fix_rate", "service_compliance_rate",
         "repeat_dispatch_rate", "connect_rate", "abandon_rate", "spare_turnover",
         "dead_stock")  # fmt: skip
_TECHNICIAN = ("ontime_visit_rate", "first_visit_fix_rate")


def technicians(n: Scene) -> SheetTable:
    """Return visits on time and first-visit fixes by technician."""
    t = n.t
    n.board.begin_groups(_TECHNICIAN, [n.period], "technician")
    found = [{g.key: (name, g.figure) for name, g in n.groups(m, "technician")}
             for m in _TECHNICIAN]  # fmt: skip
    rows = []
    for key in dict.fromkeys(key for groups in found for key in groups):
        name = next(groups[key][0] for groups in found if key in groups)
        cells = [name]
        for groups in found:
            figure = groups[key][1] if key in groups else None
            cells += ["—", ""] if figure is None else [n.marked(figure), n.sample(figure)]
        link = f"technician={'' if key is None else key}"
        rows.append(SheetRow(tuple(cells), ("ontime_visit_rate", link)))
    heads = (t("Technician"), n.name(_TECHNICIAN[0]), "n", n.name(_TECHNICIAN[1]), "n")
    return SheetTable(
        t("By technician"), heads, tuple(rows), right=frozenset({1, 2, 3, 4}),
        empty=t("No visits in this period."),
    )  # fmt: skip


def typed(n: Scene) -> SheetTable:
    """Return what is typed by month: spare parts and reachability, with what is missing."""
    t = n.t
    rows = []
    for metric_id in ("connect_rate", "abandon_rate", "spare_turnover", "dead_stock"):
        found = n.compared(metric_id)
        text = n.value(found.figure) if found.figure.value is not None else t("not entered")
        rows.append(
            SheetRow(
                (n.name(metric_id), text, n.shown_target(found.figure), found.mom.short(t),
                 found.yoy.short(t)),
                (metric_id, ""),
            )
        )  # fmt: skip
    heads = (t("Metric"), t("Value"), t("Target"), t("MoM"), t("YoY"))
    return SheetTable(
        t("From statistics entered by hand"), heads, tuple(rows), right=frozenset({1, 2, 3, 4})
    )


CHARTS: tuple[Callable[[Scene], ChartSpec], ...] = (
    lambda n: share(n, "ontime_visit_rate"),
    lambda n: bars(n, "first_visit_fix_rate", "technician", n.t("First-visit fix by technician")),
    lambda n: listed(n, n.t("What fails in quality checks"), "service_compliance_rate",
                     "failed_item"),
    lambda n: bars(n, "service_compliance_rate", "agent", n.t("Compliance by agent")),
    lambda n: bars(n, "connect_rate", "channel", n.t("Connect rate by channel")),
    lambda n: share(n, "connect_rate"),
    lambda n: trend(n, "spare_turnover"),
    lambda n: replace(
        columns(n, ("dead_stock",), n.t("Dead stock, {n} months").format(n=13), ("",)),
        metric="dead_stock",
    ),
)  # fmt: skip
TABLES: tuple[Callable[[Scene], SheetTable], ...] = (technicians, typed)
