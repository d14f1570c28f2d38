"""Count the kept sums again: what is kept must be what the records say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.localtime import local_date
from svcdesk.domain.metrics.registry import METRICS
from svcdesk.domain.period import month_of
from svcdesk.store import measures
from svcdesk.store.figures import BY_DAY

if TYPE_CHECKING:
    from svcdesk.domain.metrics.definition import MetricDef
    from svcdesk.domain.period import Period
    from svcdesk.store.figures import Board
    from svcdesk.store.kept import Groups


def _told(groups: Groups) -> dict[Any, tuple[Any, ...]]:
    return {
        key: (t.n, t.total, t.divisor, t.excluded, sorted(t.values), t.keys, t.marked_keys)
        for key, t in groups.items()
        if t.n or t.excluded
    }


def _again(board: Board, metrics: list[MetricDef], month: Period, by: str) -> dict[str, Groups]:
    if by == BY_DAY:
        return {m.id: board.count_days(m.id, month) for m in metrics}
    found = measures.count(board.run, metrics, [month], by or None)
    return {m.id: found[m.id].get(month.code, {}) for m in metrics}


def differences(board: Board) -> list[str]:
    """Return the kept sums that a fresh count does not find again: metric, month, dimension."""
    settings = board.reference.settings
    wrong = []
    for by, start_at in board.run.connection.execute(
        "SELECT DISTINCT dimension, start_at FROM kept_sum"
    ).fetchall():
        day = local_date(start_at, board.zone)
        month = month_of(day, settings["period_start_day"], board.zone)
        held = board.kept.read(METRICS, [month], by or None)
        metrics = [m for m in METRICS if (m.id, month.code) in held]
        fresh = _again(board, metrics, month, by)
        wrong += [
            f"{m.id} {month.code} {by}".rstrip()
            for m in metrics
            if _told(held[m.id, month.code]) != _told(fresh[m.id])
        ]
    return wrong
