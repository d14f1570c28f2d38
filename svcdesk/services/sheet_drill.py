"""From a figure of the reports page to the list of its records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from svcdesk.domain.metrics.registry import metric
from svcdesk.domain.query import Op, Query
from svcdesk.services import dashboards
from svcdesk.store import report_lists

if TYPE_CHECKING:
    from svcdesk.domain.period import Period
    from svcdesk.services.desk import Desk
    from svcdesk.store.measures import Filters

# what lists which records behind a figure
ENTITIES = {"ticket": "ticket", "open_ticket": "ticket", "complaint": "complaint",
            "survey": "survey", "key_customer": "customer", "visit": "ticket",
            "quality_check": "ticket"}  # fmt: skip
# dimensions whose keys are words even when they look like numbers
_WORDS = frozenset({"age", "response_class", "resolution_class"})


def keys_in(by: str, text: str) -> tuple[Any, ...]:
    """Return the groups that a link names: ages are words, keys of lists and records numbers."""
    if by in _WORDS:
        return (text,)
    parts = text.split(",")
    if all(not part or part.isdigit() for part in parts):
        return tuple(int(part) if part else None for part in parts)
    return (text,)


def read_link(
    desk: Desk, period: Period, link: str, filters: Filters | None = None
) -> tuple[Period, str, dict[str, Any]]:
    """Return period, part and filters that a link names.

    A link holds groups ``by=key``, the code of another period and the part of the figure (num,
    den, excluded, not_yet_due), divided by “&”.
    """
    part, chosen = "den", dict(filters or {})
    for piece in filter(None, link.split("&")):
        by, equals, text = piece.partition("=")
        if equals:
            chosen[by] = keys_in(by, text)
        elif piece in dashboards.PARTS:
            part = piece
        else:
            period = dashboards.period_of(desk, piece)
    return period, part, chosen


def records_behind(
    desk: Desk, metric_id: str, period: Period, group: str = "", filters: Filters | None = None,
    as_of: int | None = None,
) -> Query | None:  # fmt: skip
    """Return the list of records behind a figure; None when no list shows such records."""
    period, part, chosen = read_link(desk, period, group, filters)
    source = str(metric(metric_id).source)
    entity = ENTITIES.get(source)
    numbers = dashboards.drill(desk, metric_id, period, part, as_of, filters=chosen)
    if source == "visit":
        numbers = [number.partition("/")[0] for number in numbers]
    if source == "group":
        keys = report_lists.group_keys(desk.reader, numbers)
        return Query("complaint").where("group_id", Op.IN, *keys)
    if entity is None:
        return None
    return numbered(entity, numbers)


def numbered(entity: str, numbers: list[str]) -> Query:
    """Return the list of the records with these numbers."""
    return Query(entity).where("number", Op.IN, *dict.fromkeys(numbers))
