"""Response and resolution: gaps between channels, distributions, where the hours went."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from svcdesk.domain.chart import ChartKind, ChartSpec, Series
from svcdesk.domain.statistics import format_number
from svcdesk.domain.ticket import TicketStatus
from svcdesk.i18n.catalog import N_
from svcdesk.i18n.labels import code_label
from svcdesk.services import dashboards
from svcdesk.services.sheet_charts import link_of
from svcdesk.services.sheet_tables import TICKETS, SheetRow, SheetTable
from svcdesk.store.dwell import Dwell, Share, dwell
from svcdesk.store.group_names import group_names

if TYPE_CHECKING:
    from fractions import Fraction

    from svcdesk.services.sheet_scene import Scene

HOUR = 3600
CHANNEL_FIGURES = ("frt_mean_min", "frt_median_min", "frt_p90_min", "frt_sla_rate")


def distribution_chart(n: Scene, metric_id: str, by: str, title: str) -> ChartSpec:
    """Return how many records lie in each class, with their shares."""
    found = [g for g in dashboards.groups(n.board, metric_id, n.period, by, n.t)
             if g.key is not None]  # fmt: skip
    whole = sum(group.figure.n for group in found)
    labels = tuple(f"{g.figure.n} ({n.share_text(g.figure.n, whole)})" for g in found)
    return ChartSpec(
        ChartKind.COLUMNS, title, tuple(g.name for g in found),
        (Series("", tuple(float(g.figure.n) for g in found), labels),),
        note=n.t("{n} records").format(n=whole) if whole else "",
        drill=tuple((metric_id, link_of(**{by: g.key})) for g in found),
    )  # fmt: skip


def by_channel(n: Scene) -> ChartSpec:
    """Return mean, median and 90th percentile of the first response by channel."""
    t = n.t
    names = (t("Mean"), t("Median"), "P90")
    spec = n.bars_by(("frt_mean_min", "frt_median_min", "frt_p90_min"), "channel", names=names)
    return replace(spec, title=t("First response by channel: mean, median, P90"), references=())


def channels(n: Scene) -> SheetTable:
    """Return the response figures of each channel, and how far from the mean of all."""
    t, board = n.t, n.board
    board.begin_groups(CHANNEL_FIGURES, [n.period], "channel")
    found = {m: {g.key: g.figure for _, g in n.groups(m, "channel")} for m in CHANNEL_FIGURES}
    whole = n.figure("frt_mean_min")
    rows = []
    for name, group in n.groups("frt_mean_min", "channel"):
        cells = [name, str(group.figure.n)]
        for metric_id in CHANNEL_FIGURES:
            figure = found[metric_id].get(group.key)
            cells.append("—" if figure is None else n.marked(figure))
        cells.append(_apart(group.figure.value, whole.value))
        rows.append(SheetRow(tuple(cells), ("frt_mean_min", link_of(channel=group.key))))
    gap = n.figure("frt_channel_gap")
    note = t("largest gap {gap}, target {target}").format(
        gap=n.value(gap), target=n.shown_target(gap)
    )
    heads = (t("Channel"), "n", *(n.name(m) for m in CHANNEL_FIGURES), t("From the mean"))
    return SheetTable(
        t("First response by channel"), heads, tuple(rows), note=note,
        right=frozenset(range(1, 7)), wide=True,
    )  # fmt: skip


def _apart(value: Fraction | None, whole: Fraction | None) -> str:
    if value is None or whole is None:
        return "—"
    apart = value - whole
    return ("+" if apart > 0 else "") + format_number(apart, 1)


# -- where the hours went ----------------------------------------------------------------------


def dwelt(n: Scene) -> Dwell:
    """Return where the hours went; counted once for a tab."""
    if n.dwell is None:
        n.dwell = dwell(n.board, n.period, n.check)
    return n.dwell


def states(n: Scene) -> ChartSpec:
    """Return the calendar hours per resolved ticket in each state."""
    t, found = n.t, dwelt(n)
    shown = sorted(found.by_status.items(), key=lambda one: -one[1].seconds)
    labels = tuple(
        f"{format_number(share.seconds / HOUR / found.tickets, 1)} h "
        f"({n.share_text(share.seconds, found.seconds)})"
        for _, share in shown
    )
    values = tuple(share.seconds / HOUR / found.tickets for _, share in shown)
    return ChartSpec(
        ChartKind.BARS, t("Hours per resolved ticket, by state"),
        tuple(_status(status, n) for status, _ in shown), (Series("", values, labels),),
        unit=t("hours"), decimals=1,
        note=t("{n} tickets").format(n=found.tickets) if found.tickets else "",
        drill=tuple((TICKETS, ",".join(share.numbers)) for _, share in shown),
        metric="res_mean_h",
    )  # fmt: skip


def _status(status: str, n: Scene) -> str:
    if status == TicketStatus.RESOLVED:
        return n.t("resolved, before it was reopened")
    return code_label("TicketStatus", status, n.t)


def _share_row(n: Scene, name: str, share: Share, found: Dwell) -> SheetRow:
    hours = format_number(share.seconds / HOUR, 0, thousands=True)
    working = format_number(share.working / HOUR, 0, thousands=True)
    each = format_number(share.seconds / HOUR / share.tickets, 1)
    return SheetRow(
        (
            name,
            str(share.tickets),
            hours,
            n.share_text(share.seconds, found.seconds),
            working,
            each,
        ),
        (TICKETS, ",".join(share.numbers)),
    )


def _dwell_table(n: Scene, title: str, head: str, rows: list[SheetRow], found: Dwell) -> SheetTable:
    t = n.t
    if rows:
        total = format_number(found.seconds / HOUR, 0, thousands=True)
        mean = format_number(found.seconds / HOUR / found.tickets, 1)
        cells = (t("Total"), str(found.tickets), total, n.share_text(1, 1), "", mean)
        rows.append(SheetRow(cells, ("ticket_resolved", ""), strong=True))
    heads = (N_("Tickets"), N_("Hours"), N_("Share"), N_("Working hours"), N_("Hours per ticket"))
    return SheetTable(
        title, (head, *(t(text) for text in heads)), tuple(rows),
        note=t("resolved in the period, receipt to final resolution; a row opens the longest"),
        right=frozenset(range(1, 6)),
    )  # fmt: skip


def dwell_departments(n: Scene) -> SheetTable:
    """Return where the hours went: at the desk, and with each department."""
    t, found = n.t, dwelt(n)
    names = group_names(n.board, "department", found.by_department, t)
    names[None] = t("the desk itself")
    shown = sorted(found.by_department.items(), key=lambda one: -one[1].seconds)
    rows = [_share_row(n, names[key], share, found) for key, share in shown]
    return _dwell_table(n, t("Where the hours went, by department"), t("Department"), rows, found)


def dwell_states(n: Scene) -> SheetTable:
    """Return where the hours went, state by state."""
    t, found = n.t, dwelt(n)
    shown = sorted(found.by_status.items(), key=lambda one: -one[1].seconds)
    rows = [_share_row(n, _status(status, n), share, found) for status, share in shown]
    return _dwell_table(n, t("Where the hours went, by state"), t("State"), rows, found)
