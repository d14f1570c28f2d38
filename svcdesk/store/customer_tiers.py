"""Key customers as rows: read what the rule needs, write what it found (``domain.md 2.1``)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from svcdesk.domain.keycustomer import CustomerRow, key_customers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svcdesk.domain.keycustomer import TierRules
    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

VALID_COMPLAINT = "status NOT IN ('rejected', 'merged') AND is_test = 0 AND deleted_at IS NULL"
# active: an order, a ticket or a complaint in the span, or spend of 12 months
_SEEN = (
    "SELECT customer_id FROM ticket WHERE created_at >= :since AND deleted_at IS NULL "
    "AND is_test = 0 UNION SELECT customer_id FROM complaint WHERE received_at >= :since "
    "AND deleted_at IS NULL AND is_test = 0 UNION SELECT customer_id FROM sales_order "
    "WHERE ordered_at >= :since AND deleted_at IS NULL"
)
_COMPLAINED = (
    "SELECT customer_id, count(*) FROM complaint WHERE received_at >= :since "
    f"AND {VALID_COMPLAINT} GROUP BY customer_id"
)
# in the order of the table: by an index, 200 000 rows would be looked up one by one
_ROWS = (
    "SELECT id, spend_12m, CASE WHEN tier_until IS NULL OR tier_until >= ? THEN tier_manual END, "
    "tier, tier_reasons FROM customer NOT INDEXED "
    "WHERE deleted_at IS NULL AND merged_into_id IS NULL"
)
_RULE_ONLY = ("complained", "manual")  # reasons that one customer's own rows decide


def _manual(value: str | None) -> bool | None:
    return None if value is None else value == "key"


def _rows(connection: Connection, since: int, today: str) -> list[tuple[CustomerRow, str, str]]:
    seen = {row[0] for row in connection.execute(_SEEN, {"since": since}).fetchall()}
    complained = dict(connection.execute(_COMPLAINED, {"since": since}).fetchall())
    return [
        (
            CustomerRow(
                key, spend, complained.get(key, 0), _manual(manual), bool(spend) or key in seen
            ),
            tier,
            reasons,
        )
        for key, spend, manual, tier, reasons in connection.execute(_ROWS, (today,)).fetchall()
    ]


def count(connection: Connection, rules: TierRules, since: int, today: str) -> int:
    """Return how many key customers ``rules`` would give."""
    return len(key_customers((row for row, _, _ in _rows(connection, since, today)), rules))


def recompute(uow: UnitOfWork, rules: TierRules, since: int, today: str) -> int:
    """Write tier and reasons of every customer for whom they changed; return how many."""
    rows = _rows(uow.connection, since, today)
    found = key_customers((row for row, _, _ in rows), rules)
    changed = []
    for row, tier, reasons in rows:
        why = found.get(row.id)
        if why is None:
            if tier != "normal" or reasons != "[]":
                changed.append(("normal", "[]", uow.now, row.id))
        elif tier != "key" or json.loads(reasons) != why:  # codes equal their text
            changed.append(("key", json.dumps(why), uow.now, row.id))
    _write(uow, changed)
    return len(changed)


def _write(uow: UnitOfWork, changed: Iterable[tuple[str, str, int, int]]) -> None:
    uow.connection.executemany(
        "UPDATE customer SET tier = ?, tier_reasons = ?, updated_at = ?, "
        "row_version = row_version + 1 WHERE id = ?",
        changed,
    )


def refresh_one(uow: UnitOfWork, customer_id: int, since: int, today: str) -> None:
    """Bring one customer's tier up to his complaints and his override.

    His place by spend stays as the last whole computation found it: it depends on everybody.
    """
    row = uow.execute(
        "SELECT tier, tier_reasons, CASE WHEN tier_until IS NULL OR tier_until >= ? "
        "THEN tier_manual END, (SELECT count(*) FROM complaint WHERE customer_id = customer.id "
        f"AND received_at >= ? AND {VALID_COMPLAINT}) FROM customer WHERE id = ?",
        (today, since, customer_id),
    ).fetchone()
    if row is None:
        return
    tier, stored, manual, complaints = row
    known = json.loads(stored)
    reasons = [reason for reason in known if reason not in _RULE_ONLY]
    reasons += ["complained"] * bool(complaints) + ["manual"] * (manual == "key")
    if manual == "normal":
        reasons = []
    found = "key" if reasons else "normal"
    if (found, reasons) != (tier, known):
        _write(uow, [(found, json.dumps(reasons), uow.now, customer_id)])


def computed_on(connection: Connection) -> str:
    """Return the day of the last whole computation, "" before the first."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'tiers_on'").fetchone()
    return str(row[0]) if row else ""


def note_computed(uow: UnitOfWork, day: str) -> None:
    """Note the day of a whole computation."""
    uow.execute(
        "INSERT INTO meta (key, value) VALUES ('tiers_on', ?) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (day,),
    )
