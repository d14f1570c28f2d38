"""Counts per week and subject, words of a week's texts, and the rows behind a finding (Q15).

Only the weeks that are compared are read, by the index over the time of arrival.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from svcdesk.store.segment import fold, segment_many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from svcdesk.store.connection import Connection

CHUNK = 2000
_WORD = re.compile(r"[^\W_]+")
# scope -> table, time of arrival, which records count (those of the figures of what came in)
_SCOPES = {
    "ticket": ("ticket", "created_at", "m.is_test = 0 AND m.status <> 'merged'"),
    "complaint": ("complaint", "received_at",
                  "m.is_test = 0 AND m.status NOT IN ('merged', 'rejected')"),
}  # fmt: skip
KINDS = {  # scope -> kind of subject -> column
    "ticket": {"issue": "m.issue_id", "issue_sub": "m.issue_sub_id", "product": "m.product_id",
               "product_category": "p.category_id"},
    "complaint": {"category": "m.category_id", "category_sub": "m.category_sub_id",
                  "product": "m.product_id", "product_category": "p.category_id"},
}  # fmt: skip


class Case(NamedTuple):
    """A record behind a finding."""

    id: int
    number: str
    title: str
    at: int
    status: str
    customer: str
    customer_kind: str
    product: str | None
    issue_id: int | None


def _valid(scope: str) -> tuple[str, str, str]:
    table, at, valid = _SCOPES[scope]
    return table, f"m.{at}", f"m.deleted_at IS NULL AND {valid}"


def first_moment(connection: Connection, scope: str) -> int | None:
    """Return when the first record came in."""
    table, at, valid = _valid(scope)
    row = connection.execute(
        f"SELECT {at} FROM {table} m WHERE {valid} ORDER BY {at} LIMIT 1"
    ).fetchone()
    return None if row is None else int(row[0])


def counts(
    connection: Connection, scope: str, start: int, end: int
) -> tuple[int, dict[str, Counter[int]]]:
    """Return how many records came in from ``start`` to before ``end``, and by kind and key."""
    table, at, valid = _valid(scope)
    columns = KINDS[scope]
    rows = connection.execute(
        f"SELECT {', '.join(columns.values())}, count(*) FROM {table} m "
        f"LEFT JOIN product p ON p.id = m.product_id WHERE {at} >= ? AND {at} < ? AND {valid} "
        f"GROUP BY {', '.join(columns.values())}",
        (start, end),
    ).fetchall()
    found: dict[str, Counter[int]] = {kind: Counter() for kind in columns}
    for *keys, n in rows:
        for kind, key in zip(columns, keys, strict=True):
            if key is not None:
                found[kind][key] += n
    return sum(row[-1] for row in rows), found


def _texts(
    connection: Connection, scope: str, start: int, end: int
) -> Iterator[list[tuple[int, str]]]:
    """Return keys and texts (title, description) of the records, in chunks."""
    table, at, valid = _valid(scope)
    cursor = connection.execute(
        f"SELECT m.id, m.title || char(10) || coalesce(x.description, '') FROM {table} m "
        f"LEFT JOIN {table}_text x ON x.id = m.id "
        f"WHERE {at} >= ? AND {at} < ? AND {valid} ORDER BY {at}, m.id",
        (start, end),
    )
    while part := cursor.fetchmany(CHUNK):
        yield part


def _tokens(texts: Sequence[str]) -> Iterable[set[str]]:
    return (set(_WORD.findall(text)) for text in segment_many(texts))


def word_counts(
    connection: Connection, scope: str, start: int, end: int, check: Callable[[], None]
) -> Counter[str]:
    """Return in how many records each pair of Chinese characters and each other word stands."""
    found: Counter[str] = Counter()
    for part in _texts(connection, scope, start, end):
        check()
        for own in _tokens([text for _key, text in part]):
            found.update(own)
    return found


def word_cases(
    connection: Connection, scope: str, start: int, end: int, words: Sequence[str]
) -> dict[str, dict[int, str]]:
    """Return word -> key -> folded text of the records in which it stands."""
    found: dict[str, dict[int, str]] = {word: {} for word in words}
    wanted = set(words)
    for part in _texts(connection, scope, start, end) if wanted else ():
        for (key, text), own in zip(part, _tokens([text for _key, text in part]), strict=True):
            for word in own & wanted:
                found[word][key] = fold(text)
    return found


def subject_cases(
    connection: Connection, scope: str, start: int, end: int, kind: str, key: int | None
) -> list[int]:
    """Return the records of a subject, the oldest first; ``key`` is ``None`` for all of them."""
    table, at, valid = _valid(scope)
    of = f"AND {KINDS[scope][kind]} = :key" if key is not None else ""
    return [
        row[0]
        for row in connection.execute(
            f"SELECT m.id FROM {table} m LEFT JOIN product p ON p.id = m.product_id "
            f"WHERE {at} >= :start AND {at} < :end AND {valid} {of} ORDER BY {at}, m.id",
            {"start": start, "end": end, "key": key},
        ).fetchall()
    ]


def cases(connection: Connection, scope: str, ids: Sequence[int]) -> list[Case]:
    """Return records as a list shows them, in the order of ``ids``."""
    table, at, _rule = _valid(scope)
    issue = "m.issue_id" if scope == "ticket" else "m.category_id"
    found = {
        row[0]: Case._make(row)
        for row in connection.execute(
            f"SELECT m.id, m.{scope}_no, m.title, {at}, m.status, c.name, c.kind, p.name, {issue} "
            f"FROM json_each(?) k CROSS JOIN {table} m ON m.id = k.value "
            "JOIN customer c ON c.id = m.customer_id LEFT JOIN product p ON p.id = m.product_id",
            (json.dumps(list(ids)),),
        ).fetchall()
    }
    return [found[key] for key in ids if key in found]


def product_names(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """Return the names of products."""
    return dict(
        connection.execute(
            "SELECT id, name FROM product WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(ids)),),
        ).fetchall()
    )


# -- what became of findings -----------------------------------------------------------------


def declined(connection: Connection, period: str) -> dict[str, tuple[int, str]]:
    """Return subject -> (key, reason) of the findings of a week that somebody said no to."""
    return {
        subject: (key, reason)
        for key, subject, reason in connection.execute(
            "SELECT id, subject, reason FROM improvement_declined WHERE kind = 'trend' "
            "AND period = ? AND deleted_at IS NULL",
            (period,),
        ).fetchall()
    }


def open_items(connection: Connection, proposal: str) -> dict[str, tuple[int, str]]:
    """Return subject -> (key, number) of the items in the works that were made of a subject.

    ``proposal`` and the subject stand in the item's snapshot.
    """
    return {
        subject: (key, number)
        for subject, key, number in connection.execute(
            "SELECT snapshot ->> 'subject', id, item_no FROM improvement_item "
            "WHERE deleted_at IS NULL AND status NOT IN ('closed', 'void', 'merged') "
            "AND snapshot ->> 'proposal' = ? ORDER BY id",
            (proposal,),
        ).fetchall()
    }


def has_occurrence(connection: Connection, item_id: int, period: str) -> bool:
    """Tell whether an item counted a period already."""
    found = connection.execute(
        "SELECT 1 FROM improvement_occurrence WHERE item_id = ? AND period = ? "
        "AND deleted_at IS NULL",
        (item_id, period),
    ).fetchone()
    return found is not None
