"""Drawings in words, for those who hear a report instead of seeing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.cause_drawing import walk
from svcdesk.reports.pdf.charts.scale import shown
from svcdesk.reports.pdf.fonts import printable

if TYPE_CHECKING:
    from svcdesk.domain.cause_drawing import FishboneDiagram, Step
    from svcdesk.domain.chart import ChartSpec
    from svcdesk.reports.model import Bullets, KpiGrid, Plan

MOST = 1500  # characters: what is read out in one go


def _cut(text: str) -> str:
    text = printable(text).replace("\n", " ")
    return text if len(text) <= MOST else text[: MOST - 1] + "…"


def of_chart(chart: ChartSpec) -> str:
    """Return title and figures of a chart."""
    parts = [chart.title]
    for row, series in enumerate(chart.series):
        figures = [
            f"{category} {shown(chart, row, place) or '—'}".strip()
            for place, category in enumerate(chart.categories)
        ]
        parts.append(f"{series.name}: {'; '.join(figures)}" if series.name else "; ".join(figures))
    parts += [reference.label for reference in chart.references]
    parts += [band.label for band in chart.bands]
    return _cut(". ".join(part for part in parts if part))


def of_kpis(grid: KpiGrid) -> str:
    """Return the KPI cells one after the other."""
    return _cut(
        "; ".join(f"{c.name} {c.value}{c.unit}, {c.details}, {c.comparison}" for c in grid.cells)
    )


def of_bullets(block: Bullets) -> str:
    """Return values and targets."""
    return _cut("; ".join(f"{r.name} {r.shown} ({r.shown_target})" for r in block.rows))


def of_step(step: Step) -> str:
    """Return a rung of a ladder."""
    why = step.why
    return _cut(
        " ".join(
            part for part in (f"{step.number}.", why.question, why.answer, why.evidence) if part
        )
    )


def of_bones(diagram: FishboneDiagram) -> str:
    """Return the causes of a fishbone, bone by bone."""
    bones = [
        f"{bone.name}: {', '.join(cause.text for cause, _depth in walk(bone.causes))}"
        for bone in diagram.bones
    ]
    return _cut(f"{diagram.problem} {diagram.details}. " + "; ".join(bones))


def of_plan(plan: Plan) -> str:
    """Return tasks with their weeks."""
    columns = plan.columns
    tasks = [
        f"{task.name} ({task.owner}) {columns[task.first]}–{columns[task.last]}"
        for task in plan.tasks
    ]
    return _cut("; ".join(tasks))
