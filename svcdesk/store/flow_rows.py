"""What stands at the nodes of the flow of tickets: open items, and the keys of tickets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.store.connection import Connection


class PainNote(NamedTuple):
    """An open improvement item that was noted at a state of the flow."""

    id: int
    number: str
    title: str
    status: str
    period: str | None
    owner_id: int | None


def notes(connection: Connection, proposal: str) -> dict[str, list[PainNote]]:
    """Return the open items of each node, the newest first; the node stands in their snapshot."""
    found: dict[str, list[PainNote]] = {}
    for node, *columns in connection.execute(
        "SELECT snapshot ->> 'node', id, item_no, title, status, period, owner_id "
        "FROM improvement_item WHERE deleted_at IS NULL "
        "AND status NOT IN ('closed', 'void', 'merged') AND snapshot ->> 'proposal' = ? "
        "ORDER BY id DESC",
        (proposal,),
    ).fetchall():
        found.setdefault(str(node), []).append(PainNote(*columns))
    return found


def ticket_keys(connection: Connection, numbers: Sequence[str]) -> list[int]:
    """Return the keys of tickets in the order of their numbers; those that are gone are left out."""
    found = dict(
        connection.execute(
            "SELECT ticket_no, id FROM ticket WHERE deleted_at IS NULL "
            "AND ticket_no IN (SELECT value FROM json_each(?))",
            (json.dumps(list(numbers)),),
        ).fetchall()
    )
    return [found[number] for number in numbers if number in found]
