"""Knowledge as rows: articles with versions and votes, their use in tickets, what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from svcdesk.domain.knowledge import Candidate
from svcdesk.store.segment import fold

if TYPE_CHECKING:
    from svcdesk.store.connection import Connection


class Use(NamedTuple):
    """A ticket in which an article was used."""

    id: int
    number: str
    title: str
    status: str
    created_at: int


class Gap(NamedTuple):
    """An issue that is asked about often and has no published article."""

    issue_id: int
    asked: int
    ticket_ids: tuple[int, ...]


class CaseRow(NamedTuple):
    """A case or story of praise for a report: texts, and whom it came from."""

    id: int
    number: str
    title: str
    symptom: str
    solution: str
    owner: str | None
    customer: str | None
    customer_kind: str | None
    source_number: str | None
    kind: str


def use_count(connection: Connection, knowledge_id: int) -> int:
    """Return in how many tickets an article was used."""
    return int(
        connection.execute(
            "SELECT count(DISTINCT u.ticket_id) FROM ticket_knowledge u "
            "JOIN ticket t ON t.id = u.ticket_id WHERE u.knowledge_id = ? "
            "AND u.deleted_at IS NULL AND t.deleted_at IS NULL",
            (knowledge_id,),
        ).fetchone()[0]
    )


def uses(connection: Connection, knowledge_id: int, limit: int = 1000) -> list[Use]:
    """Return the tickets in which an article was used, the newest first."""
    return [
        Use._make(row)
        for row in connection.execute(
            "SELECT DISTINCT t.id, t.ticket_no, t.title, t.status, t.created_at "
            "FROM ticket_knowledge u JOIN ticket t ON t.id = u.ticket_id "
            "WHERE u.knowledge_id = ? AND u.deleted_at IS NULL AND t.deleted_at IS NULL "
            "ORDER BY t.created_at DESC LIMIT ?",
            (knowledge_id, limit),
        ).fetchall()
    ]


def link_of(connection: Connection, ticket_id: int, knowledge_id: int) -> int | None:
    """Return the key of the row that says the article was used in the ticket."""
    row = connection.execute(
        "SELECT id FROM ticket_knowledge WHERE ticket_id = ? AND knowledge_id = ? "
        "AND deleted_at IS NULL",
        (ticket_id, knowledge_id),
    ).fetchone()
    return None if row is None else int(row[0])


def used_in(connection: Connection, ticket_id: int) -> list[int]:
    """Return the keys of the articles used in a ticket."""
    return [
        int(row[0])
        for row in connection.execute(
            "SELECT DISTINCT u.knowledge_id FROM ticket_knowledge u JOIN knowledge k "
            "ON k.id = u.knowledge_id WHERE u.ticket_id = ? AND u.deleted_at IS NULL "
            "AND k.deleted_at IS NULL",
            (ticket_id,),
        ).fetchall()
    ]


def votes(connection: Connection, knowledge_id: int) -> tuple[int, int]:
    """Return how many found the article useful, and how many not."""
    row = connection.execute(
        "SELECT coalesce(sum(useful), 0), coalesce(sum(1 - useful), 0) FROM knowledge_vote "
        "WHERE knowledge_id = ? AND deleted_at IS NULL",
        (knowledge_id,),
    ).fetchone()
    return int(row[0]), int(row[1])


def vote_of(connection: Connection, knowledge_id: int, person_id: int) -> tuple[int, int] | None:
    """Return key and answer of a person's vote."""
    row = connection.execute(
        "SELECT id, useful FROM knowledge_vote WHERE knowledge_id = ? AND person_id = ? "
        "AND deleted_at IS NULL",
        (knowledge_id, person_id),
    ).fetchone()
    return None if row is None else (int(row[0]), int(row[1]))


def candidates(connection: Connection) -> list[Candidate]:
    """Return every published article as the ranking sees it."""
    return [
        Candidate(key, fold(head), fold(body), issue, uses_)
        for key, head, body, issue, uses_ in connection.execute(
            "SELECT k.id, k.title || ' ' || k.keywords, k.symptom, k.issue_id, "
            "coalesce(u.n, 0) FROM knowledge k LEFT JOIN (SELECT knowledge_id, count(*) AS n "
            "FROM ticket_knowledge WHERE deleted_at IS NULL GROUP BY knowledge_id) u "
            "ON u.knowledge_id = k.id WHERE k.status = 'published' AND k.kind <> 'praise' "
            "AND k.deleted_at IS NULL"
        ).fetchall()
    ]


def gaps(connection: Connection, since: int, least: int) -> list[Gap]:
    """Return the issues asked about at least ``least`` times since, without a published article.

    The more exact issue type counts when it is known; a ticket that was merged counts once, with
    the one it was merged into.
    """
    return [
        Gap(int(issue), int(asked), tuple(int(key) for key in keys.split(",")))
        for issue, asked, keys in connection.execute(
            "SELECT coalesce(issue_sub_id, issue_id) AS issue, count(*), group_concat(id) "
            "FROM ticket WHERE created_at >= ? AND deleted_at IS NULL AND is_test = 0 "
            "AND status NOT IN ('cancelled', 'merged') "
            "AND coalesce(issue_sub_id, issue_id) IS NOT NULL GROUP BY issue "
            "HAVING count(*) >= ? AND issue NOT IN (SELECT issue_id FROM knowledge WHERE "
            "status = 'published' AND kind IN ('article', 'sop') AND deleted_at IS NULL "
            "AND issue_id IS NOT NULL) ORDER BY count(*) DESC, issue",
            (since, least),
        ).fetchall()
    ]


def best_solved(connection: Connection, ticket_ids: str) -> dict[str, Any] | None:
    """Return the ticket whose solution shows best how it is done: never reopened, best scored."""
    row = connection.execute(
        "SELECT t.id, t.title, x.description, x.solution FROM json_each(?) j "
        "JOIN ticket t ON t.id = j.value JOIN ticket_text x ON x.id = t.id "
        "LEFT JOIN (SELECT ticket_id, max(csat) AS csat FROM survey WHERE deleted_at IS NULL "
        "AND invalid = 0 GROUP BY ticket_id) s ON s.ticket_id = t.id "
        "WHERE t.resolved_at IS NOT NULL AND x.solution <> '' "
        "ORDER BY t.reopen_count, coalesce(s.csat, 3) DESC, length(x.solution) DESC, t.id DESC "
        "LIMIT 1",
        (ticket_ids,),
    ).fetchone()
    if row is None:
        return None
    return dict(zip(("id", "title", "description", "solution"), row, strict=True))


def picked(connection: Connection, month: str) -> list[CaseRow]:
    """Return the cases and stories picked for a month's report."""
    return _cases(connection, "k.picked_for = ?", (month,))


def cases(connection: Connection, ids: str) -> list[CaseRow]:
    """Return the cases of the JSON list ``ids``."""
    return _cases(connection, "k.id IN (SELECT value FROM json_each(?))", (ids,))


def _cases(connection: Connection, where: str, parameters: tuple[str, ...]) -> list[CaseRow]:
    return [
        CaseRow._make(row)
        for row in connection.execute(
            "SELECT k.id, k.article_no, k.title, k.symptom, k.solution, p.name, c.name, c.kind, "
            "coalesce(t.ticket_no, f.complaint_no), k.kind FROM knowledge k "
            "LEFT JOIN person p ON p.id = k.owner_id LEFT JOIN ticket t ON t.id = k.source_ticket_id "
            "LEFT JOIN complaint f ON f.id = k.source_complaint_id "
            "LEFT JOIN customer c ON c.id = coalesce(t.customer_id, f.customer_id) "
            f"WHERE {where} AND k.deleted_at IS NULL ORDER BY k.id",
            parameters,
        ).fetchall()
    ]


def text_of(connection: Connection, table: str, record_id: int) -> dict[str, Any] | None:
    """Return title, texts and issue of the ticket or complaint that a case is made from."""
    solution = "x.solution" if table == "ticket" else "x.answer"
    issue = "m.issue_id" if table == "ticket" else "NULL"
    number = "m.ticket_no" if table == "ticket" else "m.complaint_no"
    row = connection.execute(
        f"SELECT {number}, m.title, coalesce(x.description, ''), coalesce({solution}, ''), {issue} "
        f"FROM {table} m LEFT JOIN {table}_text x ON x.id = m.id "
        "WHERE m.id = ? AND m.deleted_at IS NULL",
        (record_id,),
    ).fetchone()
    if row is None:
        return None
    return dict(zip(("number", "title", "description", "solution", "issue_id"), row, strict=True))


def tickets_about(connection: Connection, issue_id: int, since: int) -> list[int]:
    """Return the keys of the tickets about an issue after a moment, the oldest first."""
    return [
        int(row[0])
        for row in connection.execute(
            "SELECT id FROM ticket WHERE issue_id = ? AND created_at > ? AND deleted_at IS NULL "
            "ORDER BY created_at",
            (issue_id, since),
        ).fetchall()
    ]


def month_counts(connection: Connection, start: int, end: int) -> dict[str, int]:
    """Return articles published, changed and used in tickets from ``start`` to before ``end``."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM knowledge WHERE published_at >= :start AND "
        "published_at < :end AND deleted_at IS NULL), (SELECT count(*) FROM knowledge_version "
        "WHERE version > 1 AND entered_at >= :start AND entered_at < :end AND deleted_at IS NULL), "
        "(SELECT count(DISTINCT u.ticket_id) FROM ticket_knowledge u JOIN ticket t "
        "ON t.id = u.ticket_id WHERE t.created_at >= :start AND t.created_at < :end "
        "AND u.deleted_at IS NULL AND t.deleted_at IS NULL)",
        {"start": start, "end": end},
    ).fetchone()
    return dict(zip(("published", "changed", "used"), map(int, row), strict=True))
