"""Changes and pilots: what a figure was before them and is after, over equal windows (R9).

A change is a key event with its days; the months it touches are the gap between both windows. The
rule of equal windows is that of improvement items (:mod:`svcdesk.domain.effectiveness`).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from svcdesk.domain.comparisons import Direction
from svcdesk.domain.metrics.registry import METRICS
from svcdesk.services import dashboards, improvement_effect, report_material, targets
from svcdesk.store import report_material as store

if TYPE_CHECKING:
    from svcdesk.services.desk import Desk
    from svcdesk.services.improvement_effect import Effect
    from svcdesk.services.report_material import Event

__all__ = ["effect", "events", "judged_metrics", "remove", "save"]

EVER = ("0001-01-01", "9999-12-31")

save, remove = report_material.save_event, report_material.remove_event


def events(desk: Desk) -> list[Event]:
    """Return every key event, the latest first."""
    return sorted(store.events(desk.reader, *EVER), key=lambda e: (e.starts_on, e.id), reverse=True)


def judged_metrics() -> list[str]:
    """Return the metrics for which better and worse are told apart."""
    return [m.id for m in METRICS if m.direction is not Direction.NEUTRAL]


def effect(desk: Desk, event: Event, metric: str) -> Effect:
    """Return a metric of the whole desk in the months before, during and after an event."""
    start = _midnight(desk, event.starts_on)
    end = _midnight(desk, event.ends_on, days=1) - 1
    over = end < desk.clock.now()
    action: dict[str, Any] = {
        "state": "done" if over else "doing", "progress": [{"at": start}],
        "done_at": end if over else None,
    }  # fmt: skip
    item = {"metric": metric, "scope": targets.WHOLE_DESK, "target": None, "created_at": start}
    with dashboards.board(desk) as board:
        return improvement_effect.effect(board, item, [action], board.as_of)


def _midnight(desk: Desk, day: str, *, days: int = 0) -> int:
    """Return when a day, or the one ``days`` after it, begins; UTC seconds."""
    found = date.fromisoformat(day) + timedelta(days=days)
    return int(datetime(found.year, found.month, found.day, tzinfo=desk.zone).timestamp())
