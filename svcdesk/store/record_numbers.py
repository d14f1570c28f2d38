"""Records by the numbers that people say, their own or those of the system they came from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svcdesk.store.connection import Connection

# entity, its columns of numbers, what stands beside the number
_SPOKEN = (
    ("ticket", ("ticket_no", "external_no"), "title"),
    ("complaint", ("complaint_no", "external_no"), "title"),
    ("complaint_group", ("group_no",), "''"),
    ("survey", ("survey_no",), "coalesce(comment, '')"),
)


class Named(NamedTuple):
    """A record and the number it was found by."""

    entity: str
    id: int
    number: str
    title: str


def find(connection: Connection, numbers: Iterable[str]) -> dict[str, Named]:
    """Return the records with these numbers: number → record; unknown ones are left out."""
    wanted = json.dumps(list(dict.fromkeys(numbers)), ensure_ascii=False)
    found: dict[str, Named] = {}
    for entity, columns, title in _SPOKEN:
        for column in columns:
            rows = connection.execute(
                f"SELECT id, {column}, {title} FROM {entity} WHERE deleted_at IS NULL "
                f"AND {column} IN (SELECT value FROM json_each(?))",
                (wanted,),
            ).fetchall()
            for key, number, text in rows:
                found.setdefault(str(number), Named(entity, int(key), str(number), str(text)))
    return found
