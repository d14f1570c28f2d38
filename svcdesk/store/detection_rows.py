"""What detection found, as rows to be shown: questions, chains, groups, publications."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from svcdesk.domain.detection import TicketRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svcdesk.store.connection import Connection

_VALID = "c.status NOT IN ('rejected', 'merged') AND c.is_test = 0 AND c.deleted_at IS NULL"
_SIDE = (
    "SELECT c.id, c.complaint_no, c.received_at, c.title, c.customer_id, u.name, u.kind, "
    "c.category_id, c.product_id, p.name, c.channel_id, c.status, c.severity, c.first_resolved_at, "
    "c.chain, c.repeat_of_id, c.second_of_id, c.duplicate_of_id, c.group_id, c.social_exposure, "
    "c.exposure_state, c.exposure_suggested, t.description, c.resp_dept_id "
    "FROM complaint c JOIN customer u ON u.id = c.customer_id "
    "LEFT JOIN product p ON p.id = c.product_id LEFT JOIN complaint_text t ON t.id = c.id "
)


class Side(NamedTuple):
    """A complaint as one side of a finding."""

    id: int
    number: str
    received_at: int
    title: str
    customer_id: int
    customer: str
    customer_kind: str
    category_id: int
    product_id: int | None
    product: str | None
    channel_id: int
    status: str
    severity: str
    resolved_at: int | None  # for the first time
    chain: int
    repeat_of: int | None
    second_of: int | None
    duplicate_of: int | None
    group_id: int | None
    exposed: int
    exposure_state: str | None
    suggested: int
    text: str
    department_id: int | None


class GroupRow(NamedTuple):
    """A group complaint with what its members add up to."""

    id: int
    number: str
    product_id: int | None
    product: str
    category_id: int | None
    serial: str | None
    triggered_at: int
    trigger_id: int
    measures: str
    version: int
    complaints: int
    customers: int
    first_at: int
    last_at: int


class Answer(NamedTuple):
    """What a person said to a question."""

    id: int
    rule: str
    complaint_id: int
    other_id: int | None
    verdict: str
    note: str
    at: int
    person_id: int | None


def _sides(connection: Connection, where: str, values: Sequence[Any] = ()) -> list[Side]:
    return [Side._make(row) for row in connection.execute(_SIDE + where, values).fetchall()]


def named(connection: Connection, ids: Iterable[int]) -> dict[int, Side]:
    """Return complaints by their keys."""
    chosen = json.dumps(list(ids))
    found = _sides(connection, "WHERE c.id IN (SELECT value FROM json_each(?))", (chosen,))
    return {side.id: side for side in found}


# the question of each rule: the column that holds the other side
LINKS = {"duplicate": "duplicate_of_id", "repeat": "repeat_of_id", "second": "second_of_id"}
# latest answer to the question; a pair for seconds and confirmed links, else the complaint's
_ANSWERED = (
    "(SELECT v.verdict FROM detection_verdict v WHERE v.complaint_id = c.id AND v.rule = '{rule}' "
    "AND (v.other_id = c.{column} OR v.other_id IS NULL) AND v.deleted_at IS NULL "
    "ORDER BY v.id DESC LIMIT 1)"
)


def open_links(connection: Connection, rule: str, since: int, limit: int) -> list[Side]:
    """Return the complaints whose link of a rule nobody has judged, the newest first."""
    column = LINKS[rule]
    answered = _ANSWERED.format(rule=rule, column=column)
    return _sides(
        connection,
        f"WHERE c.{column} IS NOT NULL AND c.received_at >= ? AND {_VALID} AND {answered} IS NULL "
        "ORDER BY c.received_at DESC, c.id DESC LIMIT ?",
        (since, limit),
    )


def open_exposures(connection: Connection, since: int, limit: int) -> list[Side]:
    """Return the complaints whose text sounds like a publication and is not judged."""
    return _sides(
        connection,
        f"WHERE c.exposure_suggested = 1 AND c.received_at >= ? AND c.social_exposure = 0 "
        f"AND {_VALID} ORDER BY c.received_at DESC, c.id DESC LIMIT ?",
        (since, limit),
    )


def exposures(connection: Connection, limit: int) -> list[Side]:
    """Return the public complaints: those not calm first, then the newest."""
    return _sides(
        connection,
        f"WHERE c.social_exposure = 1 AND {_VALID} ORDER BY c.exposure_state = 'calm', "
        "c.received_at DESC, c.id DESC LIMIT ?",
        (limit,),
    )


def chain_ends(connection: Connection, since: int, limit: int) -> list[Side]:
    """Return the last complaint of every chain, the longest first."""
    return _sides(
        connection,
        f"WHERE c.repeat_of_id IS NOT NULL AND c.received_at >= ? AND {_VALID} AND NOT EXISTS ("
        "SELECT 1 FROM complaint n WHERE n.repeat_of_id = c.id AND n.deleted_at IS NULL) "
        "ORDER BY c.chain DESC, c.received_at DESC LIMIT ?",
        (since, limit),
    )


def chain(connection: Connection, complaint_id: int, limit: int = 200) -> list[Side]:
    """Return the complaints of a chain up to this one and after it, the first one first."""
    ids = [
        row[0]
        for row in connection.execute(
            "WITH RECURSIVE back (id, n) AS (SELECT :id, 0 UNION SELECT c.repeat_of_id, n + 1 "
            "FROM back JOIN complaint c ON c.id = back.id WHERE c.repeat_of_id IS NOT NULL "
            "AND n < :limit), ahead (id, n) AS (SELECT :id, 0 UNION SELECT c.id, n + 1 FROM ahead "
            "JOIN complaint c ON c.repeat_of_id = ahead.id WHERE c.deleted_at IS NULL "
            "AND n < :limit) SELECT id FROM back UNION SELECT id FROM ahead",
            {"id": complaint_id, "limit": limit},
        ).fetchall()
    ]
    found = named(connection, ids).values()
    return sorted(found, key=lambda side: (side.received_at, side.id))


_GROUP = (
    "SELECT g.id, g.group_no, g.product_id, coalesce(p.name, ''), g.category_id, g.serial_prefix, "
    "g.triggered_at, g.trigger_id, g.measures, g.row_version, count(c.id), "
    "count(DISTINCT c.customer_id), coalesce(min(c.received_at), g.triggered_at), "
    "coalesce(max(c.received_at), g.triggered_at) FROM complaint_group g "
    "LEFT JOIN product p ON p.id = g.product_id "
    "LEFT JOIN complaint c ON c.group_id = g.id AND c.deleted_at IS NULL "
    "WHERE g.deleted_at IS NULL {where} GROUP BY g.id ORDER BY g.triggered_at DESC, g.id DESC "
)


def groups(connection: Connection, ids: Iterable[int]) -> list[GroupRow]:
    """Return groups by their keys, the newest first."""
    sql = _GROUP.format(where="AND g.id IN (SELECT value FROM json_each(?))")
    rows = connection.execute(sql, (json.dumps(list(ids)),)).fetchall()
    return [GroupRow._make(row) for row in rows]


def recent_groups(connection: Connection, since: int, limit: int) -> list[GroupRow]:
    """Return the groups with a trigger since a moment, the newest first."""
    sql = _GROUP.format(where="AND g.triggered_at >= ?") + "LIMIT ?"
    return [GroupRow._make(row) for row in connection.execute(sql, (since, limit)).fetchall()]


def members(connection: Connection, group_id: int, limit: int = 500) -> list[Side]:
    """Return the members of a group in order of receipt."""
    return _sides(
        connection,
        "WHERE c.group_id = ? AND c.deleted_at IS NULL ORDER BY c.received_at, c.id LIMIT ?",
        (group_id, limit),
    )


_ANSWER = (
    "SELECT v.id, v.rule, v.complaint_id, v.other_id, v.verdict, v.note, v.entered_at, "
    "v.created_by FROM detection_verdict v WHERE v.deleted_at IS NULL "
)


def answers(connection: Connection, complaint_id: int) -> list[Answer]:
    """Return what was answered about a complaint, the newest first."""
    rows = connection.execute(
        _ANSWER + "AND v.complaint_id = ? ORDER BY v.id DESC", (complaint_id,)
    ).fetchall()
    return [Answer._make(row) for row in rows]


def group_answers(connection: Connection, group_id: int) -> list[Answer]:
    """Return what was answered about a group and its members, the newest first."""
    rows = connection.execute(
        _ANSWER + "AND v.rule = 'group' AND v.other_id = ? ORDER BY v.id DESC", (group_id,)
    ).fetchall()
    return [Answer._make(row) for row in rows]


def recent_answers(connection: Connection, limit: int) -> list[Answer]:
    """Return the newest answers about complaints."""
    rows = connection.execute(
        _ANSWER + "AND v.complaint_id IS NOT NULL ORDER BY v.id DESC LIMIT ?", (limit,)
    ).fetchall()
    return [Answer._make(row) for row in rows]


def find_number(connection: Connection, number: str) -> int | None:
    """Return the complaint with a number, or ``None``."""
    row = connection.execute(
        "SELECT id FROM complaint WHERE complaint_no = ? AND deleted_at IS NULL", (number,)
    ).fetchone()
    return int(row[0]) if row else None


def member_ids(connection: Connection, group_id: int) -> list[int]:
    """Return the keys of all members of a group in order of receipt."""
    return [
        row[0]
        for row in connection.execute(
            "SELECT id FROM complaint WHERE group_id = ? AND deleted_at IS NULL "
            "ORDER BY received_at, id",
            (group_id,),
        ).fetchall()
    ]


def texts_since(connection: Connection, since: int) -> list[tuple[int, str]]:
    """Return the texts of the complaints received since a moment that nobody flagged as public."""
    return list(
        connection.execute(
            "SELECT c.id, t.description FROM complaint c JOIN complaint_text t ON t.id = c.id "
            f"WHERE c.received_at >= ? AND c.social_exposure = 0 AND {_VALID}",
            (since,),
        ).fetchall()
    )


def tickets_since(connection: Connection, since: int) -> list[TicketRow]:
    """Return the tickets created since a moment as the rule for duplicates sees them."""
    return [
        TicketRow(*row)
        for row in connection.execute(
            "SELECT id, created_at, customer_id, issue_id, product_id FROM ticket "
            "WHERE created_at >= ? AND deleted_at IS NULL AND merged_into_id IS NULL",
            (since,),
        ).fetchall()
    ]


def headings(
    connection: Connection, table: str, keys: Iterable[int], limit: int
) -> list[tuple[int, str, int, str]]:
    """Return key, number, time and title of tickets or complaints, the newest first."""
    at = "created_at" if table == "ticket" else "received_at"
    return list(
        connection.execute(
            f"SELECT id, {table}_no, {at}, title FROM {table} "
            f"WHERE id IN (SELECT value FROM json_each(?)) ORDER BY {at} DESC, id DESC LIMIT ?",
            (json.dumps(list(keys)), limit),
        ).fetchall()
    )


def open_groups(connection: Connection, since: int, limit: int) -> list[GroupRow]:
    """Return the groups triggered since a moment that nobody has confirmed, the newest first."""
    sql = (
        _GROUP.format(
            where="AND g.triggered_at >= ? AND NOT EXISTS (SELECT 1 FROM detection_verdict v "
            "WHERE v.rule = 'group' AND v.other_id = g.id AND v.verdict = 'confirmed' "
            "AND v.deleted_at IS NULL)"
        )
        + "LIMIT ?"
    )
    return [GroupRow._make(row) for row in connection.execute(sql, (since, limit)).fetchall()]


def complaints_of_ticket(connection: Connection, ticket_id: int) -> list[int]:
    """Return the complaints that a ticket is linked to, the newest first."""
    return [
        row[0]
        for row in connection.execute(
            "SELECT c.id FROM complaint_ticket l JOIN complaint c ON c.id = l.complaint_id "
            "WHERE l.ticket_id = ? AND l.deleted_at IS NULL AND c.deleted_at IS NULL "
            "ORDER BY c.received_at DESC",
            (ticket_id,),
        ).fetchall()
    ]


def is_public(connection: Connection, complaint_id: int) -> bool:
    """Tell whether a complaint is flagged as public."""
    row = connection.execute(
        "SELECT social_exposure FROM complaint WHERE id = ?", (complaint_id,)
    ).fetchone()
    return row is not None and bool(row[0])
