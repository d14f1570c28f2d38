"""Which category and series lie under a point of a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.chart import ChartKind, ChartSpec

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF


def nearest_category(spec: ChartSpec, place: QPointF) -> tuple[int, int]:
    """Return (category, series) under a point in data coordinates, (-1, -1) outside."""
    sideways = spec.kind in {
        ChartKind.STACKED,
        ChartKind.BARS,
        ChartKind.BULLET,
        ChartKind.PAIRS,
        ChartKind.FUNNEL,
    }
    category = round(place.y() if sideways else place.x())
    if not 0 <= category < len(spec.categories):
        return -1, -1
    if spec.kind is ChartKind.HEAT:
        row = round(place.y())
        return (category, row) if 0 <= row < len(spec.series) else (-1, -1)
    if spec.kind is ChartKind.STACKED:
        return category, segment_at(spec, category, place.x())
    return category, -1


def segment_at(spec: ChartSpec, category: int, value: float) -> int:
    """Return which series' segment of a stacked bar lies at ``value``, -1: none."""
    if spec.share:  # bars of 100 % whatever their total
        value *= sum(series.values[category] or 0.0 for series in spec.series) / 100
    end = 0.0
    for row, series in enumerate(spec.series):
        end += series.values[category] or 0.0
        if 0 <= value < end:
            return row
    return -1
