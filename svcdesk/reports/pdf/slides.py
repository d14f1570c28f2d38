"""Blocks that follow each other -> blocks side by side, for pages that are wider than tall."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcdesk.domain.chart import ChartKind
from svcdesk.reports.model import Beside, Figure, Table
from svcdesk.reports.pdf.tabular import natural_widths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.reports.model import Block
    from svcdesk.reports.pdf.grid import Grid

UPRIGHT = {ChartKind.LINE, ChartKind.COLUMNS, ChartKind.STACKED_COLUMNS, ChartKind.PARETO}
CHART = 0.52  # of the width, for a chart beside its table
FEW = 8  # categories that half a page holds
ROWS = 13
GAP = 20.0


def arranged(blocks: Sequence[Block], grid: Grid) -> list[Block]:
    """Put a chart beside the table that follows it, and short tables or charts beside each other.

    Only on wide pages, and only where both keep their size: nothing is cut for it.
    """
    if not grid.wide:
        return list(blocks)
    found: list[Block] = []
    place = 0
    while place < len(blocks):
        pair = _pair(blocks[place], blocks[place + 1], grid) if place + 1 < len(blocks) else None
        found.append(pair or blocks[place])
        place += 2 if pair else 1
    return found


def _pair(left: Block, right: Block, grid: Grid) -> Beside | None:
    free = grid.room - GAP
    share = 0.5
    good = False
    if isinstance(left, Figure) and isinstance(right, Table):
        share = CHART
        good = _half_chart(left) and _fits(right, free * (1 - share))
    elif isinstance(left, Table) and isinstance(right, Table):
        good = _fits(left, free / 2) and _fits(right, free / 2)
    elif isinstance(left, Figure) and isinstance(right, Figure):
        upright = left.chart.kind in UPRIGHT and right.chart.kind in UPRIGHT
        good = upright and _half_chart(left) and _half_chart(right)
    return Beside((left,), (right,), share) if good else None


def _half_chart(figure: Figure) -> bool:
    """Whether a chart reads well on half a page."""
    chart = figure.chart
    if chart.kind is ChartKind.HEAT or len(chart.categories) > FEW or chart.empty:
        return False
    return chart.kind is not ChartKind.STACKED or len(chart.categories) > 1


def _fits(table: Table, room: float) -> bool:
    """Whether a table keeps every cell on one line within ``room``, and is short."""
    if table.wrap or not 0 < len(table.rows) <= ROWS:
        return False
    return sum(natural_widths(table)) <= room
