"""Complaints as a whole: how many, of what outcome, how fast, from where (5.3, chapters 1 and 2)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from svcdesk.domain import narrative
from svcdesk.domain.chart import ChartKind, ChartSpec, Series
from svcdesk.i18n.labels import code_label
from svcdesk.reports import tables
from svcdesk.reports.chapters.complaints import complaint_sentence, outcomes
from svcdesk.reports.chapters.ids import COMPLAINT_CLASSES
from svcdesk.reports.crossed import channel_side, complaint_channels, complaints_before
from svcdesk.reports.model import Column, Figure, Heading, Note, Table

if TYPE_CHECKING:
    from svcdesk.reports.draft import Draft
    from svcdesk.reports.model import Block

TOTALS = ("complaint_received", "handling_mean_days", "handling_mean_h", "complaint_per_1k",
          "complaint_share", "compensation_sum")  # fmt: skip
MONTHS = 13


def totals(n: Draft) -> list[Block]:
    """Return the chapter: total, outcomes, changes, 13 months."""
    t = n.t
    count = n.count("complaint_received")
    handling = narrative.kpi(t, n.kpi("handling_mean_days")) if count else ""
    classes = sum(n.count(metric_id) for metric_id in COMPLAINT_CLASSES)
    n.check(classes == count, t("The outcomes of complaints do not add up to their total."))
    told = [text for text in (n.begun_later(), n.whole_months()) if text]
    return [
        n.say("main", complaint_sentence(n), handling),
        *(Note(text) for text in told),
        Figure(
            tables.columns_over(
                n, t("Complaints received"), [("complaint_received", t("Received"))],
                n.period.last_months(MONTHS),
            ),
            t("Complaints received, {n} months").format(n=MONTHS),
        ),
        Heading(t("Outcomes")),
        _class_table(n),
        Figure(outcomes(n), t("Complaints by result of handling (n={n})").format(n=count)),
        Heading(t("Change against last period")),
        tables.changes(n, t("Complaints against the period before and last year"), TOTALS),
        n.drawn(
            tables.now_and_before(
                n, t("Categories, this and last period"), "complaint_received", "category"
            ),
            t("Complaints by category, this and last period"),
        ),
        n.share_table(
            t("Distribution of complaints by category"), t("Category"), "complaint_received",
            "category",
        ),
        *_rejected(n),
    ]  # fmt: skip


def _class_table(n: Draft) -> Table:
    t = n.t
    whole = n.count("complaint_received")
    rows = []
    for metric_id in COMPLAINT_CLASSES:
        found = n.compared(metric_id)
        count = n.count(metric_id)
        label = code_label("ComplaintClass", metric_id.removeprefix("complaint_"), t)
        rows.append(
            (label, str(count), n.share_text(count, whole), found.previous.display,
             n.change_rate(count, n.count(metric_id, n.period.previous)))
        )  # fmt: skip
    total = n.compared("complaint_received")
    rows.append(
        (t("Total"), str(whole), n.share_text(whole, whole), total.previous.display,
         total.mom.short(t))
    )  # fmt: skip
    columns = (
        Column(t("Result of handling"), share=0.36),
        Column(t("This period"), right=True, adds=True), Column(t("Share"), right=True),
        Column(t("Last period"), right=True), Column(t("Change rate"), right=True),
    )  # fmt: skip
    return Table(t("Complaints by result of handling"), columns, tuple(rows), total=True)


def _rejected(n: Draft) -> list[Block]:
    """Return what was not admitted: it is counted apart."""
    from svcdesk.store import data_scope

    count = data_scope.scope(n.board, n.period, ("complaint_received",)).set_aside.get(
        "complaint_rejected", 0
    )
    if not count:
        return []
    return [
        Note(n.t("{n} complaints were not admitted; they are not in the total.").format(n=count))
    ]


def channels(n: Draft) -> list[Block]:
    """Return the chapter: channels with their sides, changes and what is typical of each."""
    t = n.t
    return [
        *_channel_table(n),
        n.drawn(
            n.bars_by(("complaint_received",), "channel"),
            t("Complaints by channel (n={n})").format(n=n.count("complaint_received")),
        ),
        Figure(
            _sides(n),
            t("Complaints by online and offline channels (n={n})").format(
                n=n.count("complaint_received")
            ),
        ),
    ]


def _channel_table(n: Draft) -> list[Block]:
    t = n.t
    found, before = complaint_channels(n), complaints_before(n)
    known = n.board.has_data(n.period.previous) and not n.incomplete
    total = sum(channel.count for channel in found)
    rows: list[tuple[str, ...]] = []
    sides, sides_before = Counter[str](), Counter[str]()
    for channel in found:
        sides[channel.side] += channel.count
        sides_before[channel.side] += channel.before
        rows.append(
            (channel.name, channel.side, *_row(n, channel.count, total, channel.before, known=known),
             n.counted(channel.category, f"{channel.times}/{channel.count}"))
        )  # fmt: skip
    shown = {channel.key for channel in found}
    for key, count in before.items():  # no complaint came this way in the period
        if key not in shown and (side := channel_side(n, key)) != "—":
            sides_before[side] += count
    if rows:
        whole = sum(before.values())
        rows.append((t("Total"), "", *_row(n, total, total, whole, known=known), ""))
    columns = (
        Column(t("Channel")), Column(t("Online or offline")),
        Column(t("This period"), right=True, adds=True), Column(t("Share"), right=True),
        Column(t("Last period"), right=True), Column(t("Change rate"), right=True),
        Column(t("Most frequent category"), share=0.27),
    )  # fmt: skip
    return [
        Table(t("Complaints by channel"), columns, tuple(rows), total=bool(rows), wrap=True),
        *_side_table(n, sides, sides_before, total, known=known),
    ]


def _row(n: Draft, count: int, total: int, base: int, *, known: bool) -> tuple[str, ...]:
    """Return a count with its share, the one before and the change against it."""
    return (str(count), n.share_text(count, total), str(base) if known else "—",
            n.change_rate(count, base))  # fmt: skip


def _side_table(
    n: Draft, sides: Counter[str], before: Counter[str], total: int, *, known: bool
) -> list[Block]:
    """Return the subtotals of online and offline channels."""
    t = n.t
    if not sides:
        return []
    rows = tuple(
        (side, *_row(n, sides[side], total, before[side], known=known))
        for side in dict.fromkeys([*(s for s, _ in sides.most_common()), *before])
    )
    columns = (
        Column(t("Online or offline")), Column(t("This period"), right=True),
        Column(t("Share"), right=True), Column(t("Last period"), right=True),
        Column(t("Change rate"), right=True),
    )  # fmt: skip
    return [Table(t("Online and offline channels"), columns, rows)]


def _sides(n: Draft) -> ChartSpec:
    groups = n.groups("complaint_received", "channel_group")
    return ChartSpec(
        ChartKind.STACKED, n.t("Online and offline"), ("",),
        tuple(Series(name, (float(g.figure.n),)) for name, g in groups),
        drill=tuple(("complaint_received", f"channel_group={g.key}") for _, g in groups),
    )  # fmt: skip
