"""What meetings and trainings had to do with an improvement item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from svcdesk.store import meetings, trainings

if TYPE_CHECKING:
    from svcdesk.domain.training import Held
    from svcdesk.services.desk import Desk
    from svcdesk.store.meetings import Spoken


@dataclass(frozen=True)
class Links:
    """Points of meetings about an item, and trainings held for it; the newest first."""

    spoken: tuple[Spoken, ...]
    held: tuple[Held, ...]


def of_item(desk: Desk, item_id: int) -> Links:
    """Return what meetings and trainings had to do with an item."""
    with desk.reading() as connection:
        return Links(
            tuple(meetings.spoken_of(connection, item_id)),
            tuple(r.held for r in trainings.listed(connection) if r.item_id == item_id),
        )
