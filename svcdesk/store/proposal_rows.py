"""Records that speak for an improvement item, read for one month (``domain.md 4.1–4.4``, 2.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

_VALID = (
    "c.deleted_at IS NULL AND c.is_test = 0 AND c.status NOT IN ('rejected', 'merged') "
    "AND c.received_at >= :start AND c.received_at < :end"
)
_MONTH = "at >= :start AND at < :end AND q.voided = 0 AND q.deleted_at IS NULL"


class CaseRow(NamedTuple):
    """A complaint of a category; ``chain`` 3 is the third for the same."""

    id: int
    category_id: int
    chain: int


class GroupRow(NamedTuple):
    """A group complaint with its size."""

    id: int
    number: str
    product: str
    complaints: int
    customers: int


class FailedRow(NamedTuple):
    """A line of a quality check that was failed."""

    check_id: int
    item: str
    critical: bool


def repeats(connection: Connection, start: int, end: int) -> list[CaseRow]:
    """Return the repeat complaints received in ``[start, end)``, UTC seconds."""
    return _cases(connection, "c.is_repeat = 1", start, end)


def exposures(connection: Connection, start: int, end: int) -> list[CaseRow]:
    """Return the complaints exposed on social media that were received in ``[start, end)``."""
    return _cases(connection, "c.social_exposure = 1", start, end)


def _cases(connection: Connection, what: str, start: int, end: int) -> list[CaseRow]:
    found = connection.execute(
        f"SELECT c.id, c.category_id, c.chain FROM complaint c WHERE {what} AND {_VALID} "
        "ORDER BY c.received_at, c.id",
        {"start": start, "end": end},
    ).fetchall()
    return [CaseRow._make(row) for row in found]


def groups(connection: Connection, start: int, end: int) -> list[GroupRow]:
    """Return the group complaints that were triggered in ``[start, end)``, with their members."""
    found = connection.execute(
        "SELECT g.id, g.group_no, coalesce(p.name, ''), count(c.id), "
        "count(DISTINCT c.customer_id) FROM complaint_group g "
        "LEFT JOIN product p ON p.id = g.product_id "
        "JOIN complaint c ON c.group_id = g.id AND c.deleted_at IS NULL "
        "WHERE g.deleted_at IS NULL AND g.triggered_at >= :start AND g.triggered_at < :end "
        "GROUP BY g.id ORDER BY g.triggered_at, g.id",
        {"start": start, "end": end},
    ).fetchall()
    return [GroupRow._make(row) for row in found]


def failed_lines(connection: Connection, start: int, end: int) -> list[FailedRow]:
    """Return the failed lines of the quality checks made in ``[start, end)``."""
    found = connection.execute(
        "SELECT q.id, j.value ->> '$.item', ifnull(j.value ->> '$.critical', 0) "
        f"FROM quality_check q, json_each(q.items) j WHERE q.{_MONTH} "
        "AND j.value ->> '$.result' = 'fail' ORDER BY q.at, q.id, j.key",
        {"start": start, "end": end},
    ).fetchall()
    return [FailedRow(key, str(item), bool(critical)) for key, item, critical in found]


def linked(connection: Connection) -> set[tuple[str, int]]:
    """Return ``(entity, key)`` of every record behind an item that is not void."""
    return set(
        connection.execute(
            "SELECT l.entity, l.record_id FROM improvement_link l "
            "JOIN improvement_item i ON i.id = l.item_id AND i.deleted_at IS NULL "
            "WHERE l.deleted_at IS NULL AND i.status <> 'void'"
        ).fetchall()
    )


def items_about(connection: Connection, kind: str, subject: str) -> list[dict[str, Any]]:
    """Return the items that were made from proposals about a subject, the newest first."""
    names = ("id", "item_no", "status", "period")
    found = connection.execute(
        f"SELECT {', '.join(names)} FROM improvement_item WHERE deleted_at IS NULL "
        "AND snapshot ->> '$.proposal' = ? AND snapshot ->> '$.subject' = ? "
        "ORDER BY created_at DESC, id DESC",
        (kind, subject),
    ).fetchall()
    return [dict(zip(names, row, strict=True)) for row in found]


def counted_periods(connection: Connection, item_id: int) -> set[str]:
    """Return the periods in which an item was found."""
    found = connection.execute(
        "SELECT period FROM improvement_occurrence WHERE item_id = ? AND deleted_at IS NULL",
        (item_id,),
    ).fetchall()
    return {str(period) for (period,) in found}


def declined(connection: Connection) -> dict[tuple[str, str, str], int]:
    """Return what was declined: ``(kind, subject, period)`` → key."""
    return {
        (str(kind), str(subject), str(period)): int(key)
        for kind, subject, period, key in connection.execute(
            "SELECT kind, subject, period, id FROM improvement_declined WHERE deleted_at IS NULL"
        ).fetchall()
    }


def decline(uow: UnitOfWork, kind: str, subject: str, period: str, reason: str) -> int:
    """Keep that somebody said no to a proposal."""
    known = declined(uow.connection).get((kind, subject, period))
    if known is not None:
        uow.update("improvement_declined", known, {"reason": reason})
        return known
    return uow.insert(
        "improvement_declined",
        {"kind": kind, "subject": subject, "period": period, "reason": reason},
    )
