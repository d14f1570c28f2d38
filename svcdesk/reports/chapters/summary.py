"""The summary: KPI cells, bullets against targets, the points of the period (5.2, chapter 0)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from svcdesk.domain import narrative
from svcdesk.domain.comparisons import Direction, trend
from svcdesk.domain.metrics.registry import metric
from svcdesk.reports.chapters.complaints import complaint_sentence
from svcdesk.reports.chapters.ids import SUMMARY
from svcdesk.reports.chapters.volume import volume_sentence
from svcdesk.reports.model import (
    BulletRow,
    Bullets,
    Column,
    Heading,
    KpiGrid,
    Note,
    Pair,
    Table,
)
from svcdesk.reports.wording import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.domain.metrics.figure import Figure as MetricFigure
    from svcdesk.reports.draft import Draft
    from svcdesk.reports.figures import Numbers
    from svcdesk.reports.model import Block


def summary(n: Draft) -> list[Block]:
    """Return the chapter."""
    t = n.t
    blocks: list[Block] = []
    cells = [n.cell(metric_id) for metric_id in SUMMARY]
    cells.append(n.composite_cell())
    blocks += [KpiGrid(tuple(cells)), *_summary_notes(n), n.ask("judgement")]
    blocks += [
        Heading(t("Figures and targets")),
        Bullets(
            tuple(_bullet(n, m) for m in SUMMARY if n.figure(m).target is not None),
            t(
                "Main figures against their targets (line: target, circle: last period; scales from 0)"
            ),
        ),
        Heading(t("Points of the period")),
        *n.say_points("points", *_points(n)),
    ]
    best, worst = _ranked(n)
    if best or worst:
        blocks.append(
            Pair(
                _ranking(n, t("Furthest ahead of target"), best),
                _ranking(n, t("Furthest behind target"), worst),
            )
        )
    return blocks


def _summary_notes(n: Numbers) -> list[Note]:
    t, found = n.t, []
    if n.incomplete:
        found.append(t("The period is not over; comparisons with whole periods are left out."))
    found += n.notes(SUMMARY)
    found += [n.begun_later(), n.whole_months()]
    return [Note(text) for text in found if text]


def _bullet(n: Numbers, metric_id: str) -> BulletRow:
    figure = n.figure(metric_id)
    previous = n.compared(metric_id).previous.value
    values = [v for v in (figure.value, figure.target, previous) if v is not None]
    unit = str(figure.metric.unit)
    scale = {"percent": 100.0, "score": 5.0}.get(
        unit, float(max(values, default=Fraction(1))) * 1.4
    )
    return BulletRow(
        n.name(metric_id),
        None if figure.value is None else float(figure.value),
        None if figure.target is None else float(figure.target),
        None if previous is None else float(previous),
        scale,
        figure.display + n.marks(figure),
        n.shown_target(figure),
        figure.met,
    )


def _points(n: Numbers) -> list[str]:
    """Return the drafted sentences of the summary: volume, satisfaction, complaints, trends."""
    t = n.t
    found = [volume_sentence(n), narrative.kpi(t, n.kpi("csat_mean"))]
    about_complaints = [complaint_sentence(n), n.concentration("complaint_received", "category")]
    if n.count("complaint_received"):
        about_complaints.append(narrative.kpi(t, n.kpi("timely_rate")))
    found.append(joined(t.chinese, *about_complaints))
    trends = []
    for metric_id in ("csat_mean", "fcr_rate", "timely_rate", "frt_mean_min", "res_sla_rate"):
        values = [f.value for f in n.line(metric_id, n.period.last_months(6))]
        moving = trend(list(values), metric(metric_id).direction)
        # the last month of a range may be a part of one only
        if moving is not None and not n.incomplete and n.period.kind != "range":
            months, improved = moving
            trends.append(
                narrative.trend(t, name=n.name(metric_id), months=months, improved=improved)
            )
    return [*found, joined(t.chinese, *trends)] if trends else found


def _ranked(n: Draft) -> tuple[list[MetricFigure], list[MetricFigure]]:
    """Return the three figures furthest above and below their targets, relative to them."""
    judged = []
    for metric_id in n.metrics:
        figure = n.figure(metric_id)
        if figure.met is None or not figure.target or figure.value is None:
            continue
        ratio = figure.value / figure.target
        if figure.metric.direction is Direction.DOWN:
            ratio = Fraction(2) - ratio
        judged.append((ratio, figure))
    judged.sort(key=lambda pair: pair[0], reverse=True)
    best = [figure for _, figure in judged if figure.met][:3]
    worst = [figure for _, figure in reversed(judged) if not figure.met][:3]
    return best, worst


def _ranking(n: Numbers, caption: str, figures: Sequence[MetricFigure]) -> Table:
    t = n.t
    columns = (
        Column(t("Metric")),
        Column(t("Actual"), right=True),
        Column(t("Target"), right=True),
    )
    rows = [
        (n.labelled(f.metric.id), n.in_cell(f, marks=False), n.shown_target(f)) for f in figures
    ]
    return Table(caption, columns, tuple(rows))
