"""What belongs to a complaint beside its row: tickets, merges, the complaints around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from svcdesk.store.connection import Connection

_MERGED_IN = (
    "WITH RECURSIVE sources (id) AS (SELECT id FROM complaint WHERE merged_into_id = ? "
    "AND deleted_at IS NULL UNION SELECT c.id FROM sources s CROSS JOIN complaint c "
    "ON c.merged_into_id = s.id WHERE c.deleted_at IS NULL) "
    # CROSS: the few sources lead, whatever the planner knows of the complaints
    "SELECT c.id, c.complaint_no FROM sources s CROSS JOIN complaint c ON c.id = s.id ORDER BY c.id"
)
_VALID = "status NOT IN ('rejected', 'merged') AND is_test = 0 AND deleted_at IS NULL"


def merged_in(connection: Connection, complaint_id: int) -> dict[int, str]:
    """Return the complaints merged into this one, directly or through others: key -> number."""
    return dict(connection.execute(_MERGED_IN, (complaint_id,)).fetchall())


def merge_target(connection: Connection, complaint_id: int) -> int:
    """Return where a complaint ended up: itself, or what it was merged into at last."""
    here, seen = complaint_id, {complaint_id}
    while True:
        row = connection.execute(
            "SELECT merged_into_id FROM complaint WHERE id = ? AND deleted_at IS NULL", (here,)
        ).fetchone()
        if row is None or row[0] is None or row[0] in seen:
            return here
        here = row[0]
        seen.add(here)


def tickets_of(connection: Connection, complaint_id: int) -> list[dict[str, Any]]:
    """Return the tickets linked with a complaint, in the order of linking."""
    names = ("id", "ticket_id", "number", "title", "status")
    rows = connection.execute(
        "SELECT l.id, t.id, t.ticket_no, t.title, t.status FROM complaint_ticket l "
        "JOIN ticket t ON t.id = l.ticket_id WHERE l.complaint_id = ? AND l.deleted_at IS NULL "
        "AND t.deleted_at IS NULL ORDER BY l.id",
        (complaint_id,),
    ).fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]


def complaints_of_ticket(connection: Connection, ticket_id: int) -> list[dict[str, Any]]:
    """Return the complaints linked with a ticket, in the order of linking."""
    names = ("id", "complaint_id", "number", "title", "status")
    rows = connection.execute(
        "SELECT l.id, c.id, c.complaint_no, c.title, c.status FROM complaint_ticket l "
        "JOIN complaint c ON c.id = l.complaint_id WHERE l.ticket_id = ? AND l.deleted_at IS NULL "
        "AND c.deleted_at IS NULL ORDER BY l.id",
        (ticket_id,),
    ).fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]


def find_by_number(connection: Connection, table: str, number: str) -> int | None:
    """Return the key of the ticket or complaint with this number, written in any case."""
    column = {"ticket": "ticket_no", "complaint": "complaint_no"}[table]
    row = connection.execute(
        f"SELECT id FROM {table} WHERE {column} = upper(?) AND deleted_at IS NULL",
        (number.strip(),),
    ).fetchone()
    return None if row is None else int(row[0])


def latest_of_customer(
    connection: Connection, customer_id: int, category_id: int, until: int
) -> tuple[int, int] | None:
    """Return ``(chain, received_at)`` of the customer's latest valid complaint of a category."""
    row = connection.execute(
        "SELECT chain, received_at FROM complaint WHERE customer_id = ? AND category_id = ? "
        f"AND received_at <= ? AND {_VALID} ORDER BY received_at DESC, id DESC LIMIT 1",
        (customer_id, category_id, until),
    ).fetchone()
    return None if row is None else (row[0], row[1])


def other_customers_of_product(
    connection: Connection, product_id: int, customer_id: int | None, span: tuple[int, int]
) -> int:
    """Count the other customers with a valid complaint about a product received in ``span``."""
    row = connection.execute(
        "SELECT count(DISTINCT customer_id) FROM complaint WHERE product_id = ? "
        f"AND received_at BETWEEN ? AND ? AND customer_id IS NOT ? AND {_VALID}",
        (product_id, *span, customer_id),
    ).fetchone()
    return int(row[0])


def last_exposure_day(connection: Connection, complaint_id: int) -> str | None:
    """Return the day of the newest note on a publication, None without one."""
    row = connection.execute(
        "SELECT max(day) FROM exposure_note WHERE complaint_id = ? AND deleted_at IS NULL",
        (complaint_id,),
    ).fetchone()
    return None if row is None else row[0]


def earliest_case_limit(connection: Connection, complaint_id: int) -> tuple[str, int | None] | None:
    """Return number and next limit of the external case that is due first; open ones lead."""
    row = connection.execute(
        "SELECT case_no, CASE WHEN closed_at IS NOT NULL THEN NULL "
        "WHEN accepted_at IS NULL AND accept_due_at IS NOT NULL "
        "THEN min(accept_due_at, coalesce(due_at, accept_due_at)) ELSE due_at END AS next "
        "FROM complaint_case WHERE complaint_id = ? AND deleted_at IS NULL "
        "ORDER BY closed_at IS NOT NULL, next IS NULL, next, id LIMIT 1",
        (complaint_id,),
    ).fetchone()
    return None if row is None else (row[0], row[1])
