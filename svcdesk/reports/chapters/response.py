"""Response: first response, its trend, channels (5.2, chapter 3)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain import narrative
from svcdesk.reports.chapters.ids import RESPONSE
from svcdesk.reports.model import (
    Column,
    Figure,
    Heading,
    Table,
)

if TYPE_CHECKING:
    from svcdesk.reports.draft import Draft
    from svcdesk.reports.figures import Numbers
    from svcdesk.reports.model import Block


def response(n: Draft) -> list[Block]:
    """Return the chapter."""
    t = n.t
    blocks: list[Block] = []
    sentences = n.kpi_sentences(("frt_mean_min", "frt_sla_rate", "connect_rate"))
    gap = _gap_sentence(n)
    months = n.recent()
    blocks += [
        n.say("main", *sentences, gap),
        n.metric_table(t("Response figures"), RESPONSE),
        Heading(t("Trend of the first response")),
        Figure(n.trend("frt_mean_min", months),
               t("Mean first response in working minutes, {n} months (open diamond: target missed)")
               .format(n=len(months))),
        Heading(t("By channel")),
        n.drawn(n.bars_by(("frt_mean_min", "frt_p90_min"), "channel", names=(t("Mean"), t("P90"))),
               t("First response by channel, working minutes (n beside the bar, hatched: n < 5)")),
        _channel_response(n),
    ]  # fmt: skip
    return blocks


def _gap_sentence(n: Numbers) -> str:
    gap = n.figure("frt_channel_gap")
    if gap.value is None or gap.target is None or gap.value <= gap.target:
        return ""
    groups = [
        (name, g.figure) for name, g in n.groups("frt_mean_min", "channel") if g.figure.n >= 5
    ]
    groups.sort(key=lambda pair: pair[1].value or Fraction(0))
    (fast, low), (slow, high) = groups[0], groups[-1]
    return narrative.channel_gap(
        n.t,
        slow=slow,
        slow_minutes=high.display,
        fast=fast,
        fast_minutes=low.display,
        gap=gap.display,
    )


def _channel_response(n: Numbers) -> Table:
    t = n.t
    ids = ("frt_mean_min", "frt_median_min", "frt_p90_min", "frt_sla_rate")
    columns = (Column(t("Channel")), Column(t("Answered"), right=True),
               *(Column(n.name(m), right=True) for m in ids))  # fmt: skip
    by = {m: dict(n.groups(m, "channel")) for m in ids}
    rows = []
    for name, group in by["frt_mean_min"].items():
        cells = [by[m][name].figure.display if name in by[m] else "—" for m in ids]
        rows.append((name + ("※" if group.figure.n < 5 else ""), str(group.figure.n), *cells))
    if rows:
        total = [n.figure(m).display for m in ids]
        rows.append((t("Total"), str(n.figure("frt_mean_min").n), *total))
    return Table(t("First response by channel (live channels without waiting left out)"), columns,
                 tuple(rows), total=bool(rows),
                 notes=tuple(n.marks_told(row[0] for row in rows)))  # fmt: skip
