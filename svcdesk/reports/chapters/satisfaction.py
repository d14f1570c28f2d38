"""Satisfaction: scores, trend, NPS, channels and tiers (5.2, chapter 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain import narrative
from svcdesk.domain.chart import ChartKind, ChartSpec, Series
from svcdesk.i18n.labels import code_label
from svcdesk.reports.chapters.callbacks import quotes
from svcdesk.reports.chapters.ids import SATISFACTION
from svcdesk.reports.model import (
    Column,
    Figure,
    Heading,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.period import Period
    from svcdesk.reports.draft import Draft
    from svcdesk.reports.figures import Numbers
    from svcdesk.reports.model import Block


def satisfaction(n: Draft) -> list[Block]:
    """Return the chapter."""
    t = n.t
    blocks: list[Block] = []
    sentences = n.kpi_sentences(("csat_mean", "csat_rate", "csat_low_rate", "nps"))
    low = n.figure("low_score_loop48_rate")
    sentences.append(
        narrative.low_scores(
            t,
            n=n.count("low_score_count"),
            closed=low.num or 0,
            rate=low.display,
            not_due=low.not_yet_due,
        )
    )
    months = n.recent()
    blocks += [
        n.say("main", *sentences),
        n.metric_table(t("Satisfaction figures"), SATISFACTION),
        Heading(t("Trend of satisfaction")),
        Figure(_csat_trend(n, months), t("Mean satisfaction, {n} months (axis {first}–5; open diamond: target missed)")
               .format(n=len(months), first=_axis(n, months))),
        Heading(t("Distribution of scores")),
        Figure(_levels(n), t("Scores in five levels (n={n})").format(n=n.figure("csat_mean").n)),
        Heading(t("Willingness to recommend")),
        Figure(_nps(n), t("Promoters (9–10), passives (7–8) and detractors (0–6), n={n}").format(n=n.figure("nps").n)),
        Heading(t("By channel and customer tier")),
        _csat_table(n, "channel", t("Satisfaction by channel"), t("Channel")),
        _csat_table(n, "tier", t("Satisfaction by customer tier"), t("Customer tier")),
        *quotes(n),
    ]  # fmt: skip
    return blocks


def _axis(n: Numbers, months: Sequence[Period]) -> int:
    """Return where the satisfaction axis begins: at 3 when no value lies below, else at 1."""
    values = [f.value for f in n.line("csat_mean", months) if f.value is not None]
    return 3 if all(value >= 3 for value in values) else 1


def _csat_trend(n: Numbers, months: Sequence[Period]) -> ChartSpec:
    return n.trend("csat_mean", months, y_min=float(_axis(n, months)), y_max=5.0)


def _levels(n: Numbers) -> ChartSpec:
    counts = {group.key: group.figure.n for _, group in n.groups("csat_mean", "csat")}
    return ChartSpec(
        ChartKind.STACKED,
        n.t("Scores"),
        ("",),
        tuple(
            Series(code_label("CsatScore", str(score), n.t), (float(counts.get(score, 0)),))
            for score in (5, 4, 3, 2, 1)
        ),
        drill=tuple(("csat_mean", f"csat={score}") for score in (5, 4, 3, 2, 1)),
        graded=True,
    )


def _nps(n: Numbers) -> ChartSpec:
    groups = {group.key: group.figure.n for _, group in n.groups("nps", "nps_group")}
    return ChartSpec(
        ChartKind.STACKED,
        n.t("Net Promoter Score"),
        ("",),
        tuple(
            Series(code_label("NpsGroup", code, n.t), (float(groups.get(code, 0)),))
            for code in ("promoter", "passive", "detractor")
        ),
    )


def _csat_table(n: Numbers, by: str, caption: str, head: str) -> Table:
    t = n.t
    rates = dict(n.groups("csat_rate", by))
    columns = [Column(head), Column(t("Answers"), right=True), Column(t("Mean"), right=True),
               Column(t("4–5 points"), right=True), Column(t("Satisfaction rate"), right=True), Column(t("Remark"))]  # fmt: skip
    rows: list[tuple[str, ...]] = []
    for name, group in n.groups("csat_mean", by):
        rate = rates[name].figure if name in rates else None
        remark = "※" if group.figure.n < 5 else t("small sample") if group.figure.n < 30 else ""
        share = f"{rate.num}/{rate.den}" if rate else "—"
        rows.append(
            (
                name,
                str(group.figure.n),
                group.figure.display,
                share,
                rate.display if rate else "—",
                remark,
            )
        )
    whole, rate = n.figure("csat_mean"), n.figure("csat_rate")
    if rows:
        rows.append(
            (t("Total"), str(whole.n), whole.display, f"{rate.num}/{rate.den}", rate.display, "")
        )
    notes = []
    if any(row[-1] == t("small sample") for row in rows):
        notes.append(t("Fewer than 30 answers: marked as a small sample, not ranked."))
    notes += n.marks_told(row[-1] for row in rows)
    if not notes:  # nothing to remark on
        columns, rows = columns[:-1], [row[:-1] for row in rows]
    return Table(caption, tuple(columns), tuple(rows), total=bool(rows), notes=tuple(notes))
