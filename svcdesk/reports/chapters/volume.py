"""Tickets: volume, channels, types, products, regions, peaks (5.2, chapter 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain import narrative
from svcdesk.domain.chart import ChartKind, ChartSpec, Series
from svcdesk.reports.chapters.ids import VOLUME
from svcdesk.reports.model import (
    Column,
    Figure,
    Heading,
    Note,
    Paragraph,
    Table,
)
from svcdesk.reports.wording import period_words
from svcdesk.store import breakdowns, report_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.reports.draft import Draft
    from svcdesk.reports.figures import Numbers
    from svcdesk.reports.model import Block


def volume_sentence(n: Numbers) -> str:
    """Return N-VOL."""
    compared = n.compared("ticket_created")
    return narrative.volume(
        n.t, period=period_words(n), n=n.count("ticket_created"), mom=compared.mom, yoy=compared.yoy,
        resolved=n.count("ticket_resolved"), backlog=n.count("backlog_end"),
        monthly=n.period.kind == "month",
    )  # fmt: skip


def volume(n: Draft) -> list[Block]:
    """Return the chapter."""
    t = n.t
    blocks: list[Block] = []
    months = n.period.last_months(13)
    flow = breakdowns.flow(n.board, n.period)
    n.check(flow.holds, t("The flow of tickets does not reconcile."))
    begun = n.begun_later()
    blocks += [
        n.say("main", volume_sentence(n), n.concentration("ticket_created", "issue")),
        *([Note(begun)] if begun else []),
        Paragraph(
            t("Opening backlog {opening} + received {created} − cancelled {cancelled} − net resolved "
              "{resolved} = closing backlog {closing}.").format(
                opening=flow.opening, created=flow.created, cancelled=flow.cancelled,
                resolved=flow.resolved, closing=flow.closing)
        ),
        n.metric_table(t("Volume of tickets"), VOLUME),
        Heading(t("Received and resolved")),
        Figure(_created_resolved(n, months), t("Tickets received and resolved, 13 months")),
        Heading(t("Where they come from")),
        Figure(_on_offline(n), t("Tickets by online and offline channels (n={n})").format(n=n.count("ticket_created"))),
        n.share_table(t("Tickets by channel"), t("Channel"), "ticket_created", "channel"),
        Heading(t("What they are about")),
        Figure(n.pareto_chart(t("Tickets by issue type"), "ticket_created", "issue"),
               t("Pareto of issue types (n={n}; dark: the vital few, dashed line: 80%)").format(
                   n=n.count("ticket_created"))),
        n.share_table(t("Tickets by issue type"), t("Issue type"), "ticket_created", "issue"),
        n.share_table(t("Products with most tickets"), t("Product"), "ticket_created", "product", 10),
        n.share_table(t("Tickets by region"), t("Region"), "ticket_created", "region", 10),
        Heading(t("When they come")),
        *_heat(n),
        *_key_events(n),
    ]  # fmt: skip
    return blocks


def _created_resolved(n: Numbers, months: Sequence[object]) -> ChartSpec:
    periods = n.period.last_months(13)
    created, resolved = n.line("ticket_created", periods), n.line("ticket_resolved", periods)
    return ChartSpec(
        ChartKind.COLUMNS,
        n.t("Received and resolved"),
        n.labels(periods),
        tuple(
            Series(name, tuple(None if f.value is None else float(f.value) for f in line))
            for name, line in ((n.t("Received"), created), (n.t("Resolved"), resolved))
        ),
        emphasis=len(months) - 1,
        drill=tuple(("ticket_created", period.code) for period in periods),
    )


def _on_offline(n: Numbers) -> ChartSpec:
    groups = n.groups("ticket_created", "channel_group")
    return ChartSpec(
        ChartKind.STACKED,
        n.t("Online and offline"),
        ("",),
        tuple(Series(name, (float(g.figure.n),)) for name, g in groups),
        drill=tuple(("ticket_created", f"channel_group={g.key}") for _, g in groups),
    )


def _heat(n: Numbers) -> list[Figure | Note]:
    t = n.t
    grid = breakdowns.heat(n.board, n.period)
    total = sum(map(sum, grid))
    used = [hour for hour in range(24) if any(row[hour] for row in grid)]
    if not used:
        return [Note(t("No data in this reporting period."))]
    hours = range(min(used), max(used) + 1)
    days = [t("Mon"), t("Tue"), t("Wed"), t("Thu"), t("Fri"), t("Sat"), t("Sun")]
    top = max((grid[d][h], -d, -h) for d in range(7) for h in hours)
    chart = ChartSpec(
        ChartKind.HEAT,
        t("Weekday × hour"),
        tuple(str(hour) for hour in hours),
        tuple(Series(days[d], tuple(float(grid[d][h]) for h in hours)) for d in range(7)),
        unit=t("Total"),
    )
    caption = t("Tickets by weekday and hour (n={n}; most on {day} at {hour}: {top})").format(
        n=total, day=days[-top[1]], hour=f"{-top[2]}:00", top=top[0]
    )
    return [Figure(chart, caption)]


def _key_events(n: Numbers) -> list[Block]:
    t = n.t
    events = report_rows.key_events(
        n.board.run.connection, str(n.period.start), str(n.period.last_day)
    )
    if not events:
        return [Heading(t("Key events")), Note(t("No key events were entered."))]
    columns = (Column(t("From")), Column(t("To")), Column(t("Event")), Column(t("State")))
    return [Heading(t("Key events")), Table(t("Key events of the period"), columns, tuple(events))]
