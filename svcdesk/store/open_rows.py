"""Cases that a moment leaves open, with what a month's review said of them.

Only open cases are read: by the indexes over the ends of tries.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

ENTRY = ("reason_id", "next_step", "owner_id", "due_date", "item_id")


class OpenCase(NamedTuple):
    """A ticket or complaint open at a moment; what the month's review says of it, where it does.

    ``own_reason_id`` is the reason that the record itself gives for being overdue.
    """

    id: int
    entity: str
    number: str
    title: str
    customer: str
    customer_kind: str
    product: str | None
    status: str
    handler_id: int | None
    opened_at: int
    own_reason_id: int | None
    review_id: int | None
    reason_id: int | None
    next_step: str
    owner_id: int | None
    due_date: str | None
    item_id: int | None
    item_no: str | None
    reviewed_at: int | None


_ENTITIES = {  # entity -> episodes, who works on it, which records count
    "ticket": ("ticket_episode", "ticket_id", "owner_id", "m.is_test = 0 AND m.status <> 'merged'"),
    "complaint": ("complaint_episode", "complaint_id", "handler_id",
                  "m.is_test = 0 AND m.status NOT IN ('merged', 'rejected')"),
}  # fmt: skip


def _open(entity: str, *, some: bool) -> str:
    """Return the SELECT of what is open at ``:at``; ``some``: of the keys ``:keys`` only."""
    episodes, key, handler, valid = _ENTITIES[entity]
    only = f"AND e.{key} IN (SELECT value FROM json_each(:keys)) " if some else ""
    tries = " UNION ALL ".join(
        f"SELECT e.{key} AS key, e.opened_at FROM {episodes} e WHERE {ended} "
        f"AND e.opened_at < :at {only}"
        for ended in ("e.ended_at IS NULL", "e.ended_at >= :at")
    )
    return (
        f"SELECT m.id, '{entity}', m.{entity}_no, m.title, c.name, c.kind, p.name, m.status, "
        f"m.{handler}, o.opened_at, m.overdue_reason_id, r.id, r.reason_id, "
        "coalesce(r.next_step, ''), r.owner_id, r.due_date, r.item_id, i.item_no, r.reviewed_at "
        f"FROM ({tries}) o CROSS JOIN {entity} m ON m.id = o.key "
        "JOIN customer c ON c.id = m.customer_id LEFT JOIN product p ON p.id = m.product_id "
        f"LEFT JOIN open_review r ON r.period = :period AND r.entity = '{entity}' "
        "AND r.record_id = m.id AND r.deleted_at IS NULL "
        "LEFT JOIN improvement_item i ON i.id = r.item_id AND i.deleted_at IS NULL "
        f"WHERE m.deleted_at IS NULL AND {valid}"
    )


def cases(
    connection: Connection, period: str, at: int, keys: Iterable[int] | None = None
) -> list[OpenCase]:
    """Return what is open at ``at`` (UTC seconds), the oldest first; of ``keys`` only when given."""
    query = " UNION ALL ".join(_open(entity, some=keys is not None) for entity in _ENTITIES)
    rows = connection.execute(
        f"SELECT * FROM ({query}) ORDER BY opened_at, id",
        {"at": at, "period": period, "keys": json.dumps(list(keys or ()))},
    ).fetchall()
    return [OpenCase._make(row) for row in rows]


def last_entries(
    connection: Connection, period: str, wanted: Sequence[tuple[str, int, str]]
) -> list[dict[str, Any]]:
    """Return the last entry before ``period`` of each (entity, key, first period that counts)."""
    names = ("entity", "record_id", *ENTRY)
    rows = connection.execute(
        f"SELECT {', '.join('r.' + name for name in names)}, max(r.period) "
        "FROM json_each(:wanted) w CROSS JOIN open_review r INDEXED BY open_review_case "
        "ON r.entity = w.value ->> 0 AND r.record_id = w.value ->> 1 "
        "WHERE r.period >= w.value ->> 2 AND r.period < :period AND r.deleted_at IS NULL "
        "GROUP BY r.entity, r.record_id",
        {"wanted": json.dumps(wanted), "period": period},
    ).fetchall()
    return [dict(zip(names, row, strict=False)) for row in rows]


def spoken_of(connection: Connection, period: str) -> list[int]:
    """Return the records that a month before ``period`` spoke of and ``period`` does not yet."""
    rows = connection.execute(
        "SELECT DISTINCT r.record_id FROM open_review r WHERE r.period < :period "
        "AND r.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM open_review n "
        "WHERE n.period = :period AND n.entity = r.entity AND n.record_id = r.record_id "
        "AND n.deleted_at IS NULL)",
        {"period": period},
    ).fetchall()
    return [int(key) for (key,) in rows]


def save(
    uow: UnitOfWork, period: str, case: OpenCase, values: dict[str, Any], reviewed_at: int | None
) -> None:
    """Write what the review of a month says of a case; ``reviewed_at`` ``None`` leaves the mark."""
    row = {**values, **({} if reviewed_at is None else {"reviewed_at": reviewed_at})}
    if case.review_id is not None:
        uow.update("open_review", case.review_id, row)
        return
    uow.insert(
        "open_review",
        {"period": period, "entity": case.entity, "record_id": case.id,
         "reason_id": case.own_reason_id, **row},
    )  # fmt: skip


def carry(uow: UnitOfWork, period: str, entry: dict[str, Any]) -> None:
    """Copy an entry of a month before; nobody has looked at it in this month yet."""
    uow.insert("open_review", {**entry, "period": period})
