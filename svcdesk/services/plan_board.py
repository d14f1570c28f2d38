"""Measures of one item or of the whole team as bars over weeks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from svcdesk.domain.localtime import local_date
from svcdesk.domain.plan_bars import PlanBar
from svcdesk.store import plan_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.services.desk import Desk
    from svcdesk.store.plan_rows import MeasureRow

BY_ITEM, BY_OWNER = "item", "owner"


def of_items(
    desk: Desk, item_ids: Sequence[int] | None = None, *, by: str = BY_ITEM
) -> list[PlanBar]:
    """Return the measures of these items, or of all, under their item or their owner."""
    with desk.reading() as connection:
        found = plan_rows.measures(connection, item_ids)
    bars = [bar(desk, row, by) for row in found]
    if by == BY_OWNER:
        bars.sort(key=lambda one: (not one.owner, one.owner, one.due or date.max, one.id))
    return bars


def bar(desk: Desk, row: MeasureRow, by: str = BY_ITEM) -> PlanBar:
    """Return a measure as a bar."""
    owner = person(desk, row.owner_id)
    group = owner if by == BY_OWNER else f"{row.item_number} {row.item_title}"
    return PlanBar(
        row.id, "action", row.text, owner, row.state,
        *row.span(desk.reference.settings["timezone"]), row.percent,
        None if row.done_at is None else _day(desk, row.done_at),
        row.number, group, row.blocked_by, row.item_id, row.owner_id,
    )  # fmt: skip


def of_item(
    desk: Desk, item: dict[str, Any], actions: Sequence[dict[str, Any]]
) -> list[PlanBar]:  # fmt: skip
    """Return the measures of an item that was read already, in their order."""
    found = []
    for action in actions:
        row = plan_rows.MeasureRow(
            action["id"], item["id"], item["item_no"], item["title"], item["status"],
            item["owner_id"], action["action_no"], action["text"], action["owner_id"],
            action["due_date"], action["state"], tuple(action["progress"]), action["entered_at"],
            action["done_at"], action["blocked_by"],
        )  # fmt: skip
        found.append(bar(desk, row))
    return found


def person(desk: Desk, key: int | None) -> str:
    """Return a colleague's name, "" for nobody."""
    found = desk.reference.people.get(key) if key is not None else None
    return "" if found is None else found.name


def _day(desk: Desk, at: int) -> date:
    return local_date(at, desk.reference.settings["timezone"])
