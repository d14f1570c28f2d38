"""Sums of past months, counted while nobody waits: what trends and filters will ask for.

A sum that is kept is read in milliseconds (``store/kept.py``). The first one to ask for a month, or
for a filter, would wait until it is counted; so it is counted beforehand, a month and a dimension
at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.services import dashboards
from svcdesk.store import given_figures, kept

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.system.job import JobContext

MONTHS = 13  # the longest chart
# what figures are filtered by most
DIMENSIONS = ("channel", "issue", "product", "department", "category", "tier", "priority", "agent",
              "team")  # fmt: skip


@dataclass(frozen=True)
class Step:
    """Sums of one month: of all records, or by a dimension."""

    month: str
    by: str | None


def missing(desk: Desk) -> list[Step]:
    """Return what is not kept yet, the latest months and the whole desk first."""
    last = dashboards.this_month(desk).previous
    months = list(reversed(last.last_months(MONTHS)))
    with desk.reading() as connection:
        known = kept.known(connection)
        begun = given_figures.first_moment(connection)
    if begun is None:
        return []
    steps = [(month, by) for by in (None, *DIMENSIONS) for month in months]
    return [
        Step(month.code, by)
        for month, by in steps
        if month.end_at > begun and (by or "", month.start_at) not in known
    ]


def prepare(desk: Desk, step: Step, context: JobContext) -> None:
    """Count one step and keep it."""
    period = dashboards.period_of(desk, step.month)
    with dashboards.board(desk) as board:
        context.on_cancel(board.run.connection.interrupt)
        ids = dashboards.all_metric_ids()
        if step.by is None:
            board.figures(ids, [period])
        else:
            board.begin_groups(ids, [period], step.by)
