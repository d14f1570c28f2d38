"""Everything about one customer: figures, history of all kinds, what is promised to him."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from svcdesk.store.customer_tiers import VALID_COMPLAINT

if TYPE_CHECKING:
    from svcdesk.store.connection import Connection

LIMIT = 500  # of the history: more than anybody reads
_OPEN_TICKET = "status IN ('new','assigned','in_progress','pending_customer','pending_internal')"
_OPEN_COMPLAINT = "status IN ('registered','accepted','investigating','responded')"


class Entry(NamedTuple):
    """One record of the history: ``source`` is its table, ``record_id`` its key there."""

    id: int
    source: str
    record_id: int
    number: str
    title: str
    state: str
    at: int
    note: str


class Promise(NamedTuple):
    """Something that is still to happen by a moment."""

    id: int
    kind: str  # visit, callback, ticket, complaint
    record_id: int
    ticket_id: int | None
    number: str
    title: str
    at: int


_HISTORY = (
    "SELECT id, 'ticket', id, ticket_no, title, status, created_at AS at, '' FROM ticket "
    "WHERE customer_id = :id AND deleted_at IS NULL UNION ALL "
    "SELECT id, 'complaint', id, complaint_no, title, status, received_at, '' FROM complaint "
    "WHERE customer_id = :id AND deleted_at IS NULL UNION ALL "
    "SELECT id, 'callback', id, callback_no, kind, state, coalesce(completed_at, due_at), notes "
    "FROM callback WHERE customer_id = :id AND deleted_at IS NULL UNION ALL "
    "SELECT id, 'survey', id, survey_no, comment, coalesce(csat, ''), "
    "responded_at, '' FROM survey WHERE customer_id = :id AND responded_at IS NOT NULL "
    "AND invalid = 0 AND deleted_at IS NULL UNION ALL "
    "SELECT v.id, 'visit', t.id, t.ticket_no, t.title, coalesce(v.outcome, 'planned'), "
    "v.window_start, v.note FROM visit v JOIN ticket t ON t.id = v.ticket_id "
    "WHERE t.customer_id = :id AND v.deleted_at IS NULL AND t.deleted_at IS NULL UNION ALL "
    "SELECT o.id, 'order', o.id, o.order_no, coalesce(p.name, ''), coalesce(o.platform, ''), "
    "o.ordered_at, coalesce(o.amount, '') FROM sales_order o "
    "LEFT JOIN product p ON p.id = o.product_id "
    "WHERE o.customer_id = :id AND o.ordered_at IS NOT NULL AND o.deleted_at IS NULL "
    "ORDER BY at DESC, 1 DESC LIMIT :limit"
)
_PROMISES = (
    "SELECT v.id, 'visit', t.id, t.id, t.ticket_no, t.title, v.window_start AS at FROM visit v "
    "JOIN ticket t ON t.id = v.ticket_id WHERE t.customer_id = :id AND v.outcome IS NULL "
    "AND v.arrived_at IS NULL AND v.deleted_at IS NULL AND t.deleted_at IS NULL "
    f"AND t.{_OPEN_TICKET} UNION ALL "
    "SELECT id, 'callback', id, ticket_id, callback_no, kind, due_at FROM callback "
    "WHERE customer_id = :id AND state IN ('planned', 'in_progress') AND deleted_at IS NULL "
    "UNION ALL SELECT id, 'ticket', id, id, ticket_no, title, coalesce(promised_at, due_at) "
    f"FROM ticket WHERE customer_id = :id AND deleted_at IS NULL AND {_OPEN_TICKET} "
    "AND coalesce(promised_at, due_at) IS NOT NULL UNION ALL "
    "SELECT id, 'complaint', id, NULL, complaint_no, title, due_at FROM complaint "
    f"WHERE customer_id = :id AND deleted_at IS NULL AND {_OPEN_COMPLAINT} "
    "AND due_at IS NOT NULL ORDER BY at, 1"
)
_ANSWERS = (
    "FROM survey WHERE customer_id = :id AND kind = 'normal' AND invalid = 0 AND deleted_at IS NULL"
)
_COMPLAINTS = (
    f"FROM complaint WHERE customer_id = :id AND received_at >= :since AND {VALID_COMPLAINT}"
)
_NUMBERS = (
    "SELECT (SELECT count(*) FROM ticket WHERE customer_id = :id AND deleted_at IS NULL), "
    "(SELECT count(*) FROM ticket WHERE customer_id = :id AND deleted_at IS NULL "
    f"AND {_OPEN_TICKET}), (SELECT count(*) {_COMPLAINTS}), (SELECT avg(csat) {_ANSWERS}), "
    f"(SELECT count(csat) {_ANSWERS}), (SELECT coalesce(sum(compensation), 0) {_COMPLAINTS}), "
    "(SELECT count(*) FROM sales_order WHERE customer_id = :id AND deleted_at IS NULL), "
    f"(SELECT count(*) {_COMPLAINTS} AND is_repeat = 1)"
)


def history(connection: Connection, customer_id: int) -> list[Entry]:
    """Return tickets, complaints, callbacks, answers, visits and orders, the newest first."""
    rows = connection.execute(_HISTORY, {"id": customer_id, "limit": LIMIT}).fetchall()
    return [Entry._make((*row[:5], str(row[5]), row[6], str(row[7] or ""))) for row in rows]


def promises(connection: Connection, customer_id: int) -> list[Promise]:
    """Return what is promised to the customer and still open, the next one first."""
    return [
        Promise._make(row) for row in connection.execute(_PROMISES, {"id": customer_id}).fetchall()
    ]


def numbers(connection: Connection, customer_id: int, since: int) -> dict[str, Any]:
    """Return his figures; ``complaints`` and ``compensation`` (fen) count from ``since``.

    ``csat`` is the mean of all valid first answers and ``None`` without one, ``csat_n`` how many.
    """
    row = connection.execute(_NUMBERS, {"id": customer_id, "since": since}).fetchone()
    names = ("tickets", "open", "complaints", "csat", "csat_n", "compensation", "orders", "repeats")
    return dict(zip(names, row, strict=True))
