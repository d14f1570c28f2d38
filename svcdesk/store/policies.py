"""Service level policies as rows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

PolicyTuple = tuple[int, str, dict[str, list[Any]], int | None, int | None, bool]


def listed(connection: Connection) -> list[PolicyTuple]:
    """Return ``(key, name, conditions, response, resolution, day and night)`` in order."""
    return [
        (row[0], row[1], json.loads(row[2]), row[3], row[4], bool(row[5]))
        for row in connection.execute(
            "SELECT p.id, p.name, p.conditions, p.response_minutes, p.resolution_minutes, "
            "coalesce(c.always, 0) FROM sla_policy p LEFT JOIN calendar c ON c.id = p.calendar_id "
            "WHERE p.deleted_at IS NULL AND p.active = 1 ORDER BY p.position, p.id"
        ).fetchall()
    ]


def save(  # noqa: PLR0913 - a row
    uow: UnitOfWork, key: int, place: int, name: str, conditions: Mapping[str, Any],
    limits: tuple[int | None, int | None], *, always: bool, default_calendar: int,
) -> None:  # fmt: skip
    """Write a policy (``key`` 0: a new one) at ``place``; an unchanged row is left as it is."""
    row = {
        "name": name,
        "position": place,
        "conditions": json.dumps({k: list(v) for k, v in conditions.items()}, ensure_ascii=False),
        "response_minutes": limits[0],
        "resolution_minutes": limits[1],
        "calendar_id": _day_and_night(uow) if always else default_calendar,
    }
    if not key:
        uow.insert("sla_policy", row)
        return
    before = uow.execute(f"SELECT {', '.join(row)} FROM sla_policy WHERE id = ?", (key,)).fetchone()
    same = dict(zip(row, before, strict=True))
    same["conditions"] = json.dumps(json.loads(same["conditions"]), ensure_ascii=False)
    if same != row:
        uow.update("sla_policy", key, row)


def _day_and_night(uow: UnitOfWork) -> int:
    """Return the calendar that always works, made when it is first needed."""
    found = uow.execute(
        "SELECT id FROM calendar WHERE always = 1 AND deleted_at IS NULL ORDER BY id LIMIT 1"
    ).fetchone()
    if found:
        return int(found[0])
    zone = uow.execute("SELECT timezone FROM calendar WHERE is_default = 1").fetchone()
    return uow.insert(
        "calendar",
        {"name": "7×24", "timezone": zone[0], "pattern": json.dumps([[]] * 7), "always": 1,
         "standard_day_minutes": 1440},
    )  # fmt: skip
