"""Customers as rows: find by phone or words, read, write."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from svcdesk.store.numbers import next_number
from svcdesk.store.segment import initials

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

COLUMNS = ("id", "customer_no", "external_no", "name", "kind", "phones", "wechat", "email", "address",
           "region", "tier", "tier_reasons", "tier_manual", "tier_note", "tier_until", "spend_12m",
           "order_count_12m", "opt_out", "consent_at", "manager_id", "notes", "merged_into_id",
           "restricted", "erased_at", "data_flags", "entered_at", "row_version")  # fmt: skip


def get(connection: Connection, customer_id: int) -> dict[str, Any] | None:
    """Return a customer with ``phones`` and ``tier_reasons`` as lists."""
    row = connection.execute(
        f"SELECT {', '.join(COLUMNS)} FROM customer WHERE id = ? AND deleted_at IS NULL",
        (customer_id,),
    ).fetchone()
    if row is None:
        return None
    found = dict(zip(COLUMNS, row, strict=True))
    found["phones"] = json.loads(found["phones"])
    found["tier_reasons"] = json.loads(found["tier_reasons"])
    found["data_flags"] = json.loads(found["data_flags"] or "[]")
    return found


def number_of(connection: Connection, customer_id: int) -> str:
    """Return the number of a customer, also of one who is deleted."""
    row = connection.execute(
        "SELECT customer_no FROM customer WHERE id = ?", (customer_id,)
    ).fetchone()
    return str(row[0])


def by_phone(connection: Connection, phone: str, limit: int = 8) -> list[tuple[int, str, str]]:
    """Return ``(key, name, phone)`` of customers whose phone begins or ends with ``phone``."""
    parameters: tuple[str, ...]
    if len(phone) == 4:
        where, parameters = "(p.tail = ? OR p.phone = ?)", (phone, phone)
    else:
        where = "(p.phone >= ? AND p.phone < ? OR p.tail = ? AND p.phone LIKE '%' || ?)"
        parameters = (phone, phone + "\uffff", phone[-4:], phone)
    return [
        (int(key), str(name), str(found))
        for key, name, found in connection.execute(
            "SELECT c.id, c.name, p.phone FROM customer_phone p JOIN customer c "
            f"ON c.id = p.customer_id WHERE {where} AND c.deleted_at IS NULL "
            "AND c.merged_into_id IS NULL ORDER BY c.updated_at DESC LIMIT ?",
            (*parameters, limit),
        ).fetchall()
    ]


def by_initials(connection: Connection, letters: str, limit: int = 8) -> list[tuple[int, str, str]]:
    """Return ``(key, name, first phone)`` of customers whose initials begin with ``letters``."""
    return [
        (int(key), str(name), str(phone or ""))
        for key, name, phone in connection.execute(
            "SELECT id, name, phones ->> 0 FROM customer WHERE initials >= ? AND initials < ? "
            "AND deleted_at IS NULL AND merged_into_id IS NULL ORDER BY initials LIMIT ?",
            (letters, letters + "\uffff", limit),
        ).fetchall()
    ]


def sharing_phone(
    connection: Connection, customer_id: int, phones: Sequence[str]
) -> list[tuple[int, str, str, str]]:
    """Return ``(key, number, name, phone)`` of other customers that have one of ``phones``."""
    return list(
        connection.execute(
            "SELECT c.id, c.customer_no, c.name, p.phone FROM json_each(?) j "
            "JOIN customer_phone p ON p.phone = j.value JOIN customer c ON c.id = p.customer_id "
            "WHERE c.id <> ? AND c.deleted_at IS NULL AND c.merged_into_id IS NULL "
            "ORDER BY c.id LIMIT 20",
            (json.dumps(list(phones)), customer_id),
        ).fetchall()
    )


def _row(values: Mapping[str, Any]) -> dict[str, Any]:
    row = dict(values)
    for name in ("phones", "tier_reasons"):
        if name in row:
            row[name] = json.dumps(row[name], ensure_ascii=False)
    if "name" in row:
        row["initials"] = initials(row["name"])
    return row


def insert(uow: UnitOfWork, values: Mapping[str, Any], zone: ZoneInfo) -> int:
    """Write a new customer under the next number."""
    row = _row(values)
    row.setdefault("customer_no", next_number(uow, "customer", uow.now, zone))
    return uow.insert("customer", row)


def update(
    uow: UnitOfWork, customer_id: int, values: Mapping[str, Any], version: int | None
) -> None:
    """Change a customer."""
    uow.update("customer", customer_id, _row(values), version=version)


def recent_complaints(connection: Connection, customer_id: int, since: int) -> int:
    """Return how many valid complaints the customer made since ``since``."""
    return int(
        connection.execute(
            "SELECT count(*) FROM complaint WHERE customer_id = ? AND received_at >= ? "
            "AND status NOT IN ('rejected', 'merged') AND is_test = 0 AND deleted_at IS NULL",
            (customer_id, since),
        ).fetchone()[0]
    )


# every table that names a customer: what follows him when he is merged
OWNED = ("ticket", "complaint", "callback", "survey", "sales_order", "contact_plan_member")


def is_named(connection: Connection, customer_id: int) -> bool:
    """Say whether a record names the customer."""
    return any(
        connection.execute(
            f"SELECT 1 FROM {table} WHERE customer_id = ? AND deleted_at IS NULL LIMIT 1",
            (customer_id,),
        ).fetchone()
        for table in OWNED
    )


def survivors(connection: Connection) -> dict[int, int]:
    """Return merged customer -> the one who stands for him now, over any number of merges."""
    into = dict(
        connection.execute(
            "SELECT id, merged_into_id FROM customer WHERE merged_into_id IS NOT NULL"
        ).fetchall()
    )
    found = {}
    for key in into:
        last, seen = key, {key}
        while last in into and into[last] not in seen:
            last = into[last]
            seen.add(last)
        found[key] = last
    return found
