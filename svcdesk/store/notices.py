"""Notices as rows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

_SELECT = (
    "SELECT n.id, n.person_id, n.kind, n.at, n.tbl, n.record_id, n.text, n.args, n.seen_at "
    "FROM notification n WHERE n.deleted_at IS NULL"
)


class Notice(NamedTuple):
    """One notice: ``text`` is a msgid, ``args`` fills it in; ``person_id`` None: for everybody."""

    id: int
    person_id: int | None
    kind: str
    at: int
    table: str
    record_id: int
    text: str
    args: Mapping[str, Any]
    seen_at: int | None


def _notice(row: Sequence[Any]) -> Notice:
    return Notice._make((*row[:4], row[4] or "", row[5] or 0, row[6], json.loads(row[7]), row[8]))


def insert(  # noqa: PLR0913 - a row
    uow: UnitOfWork, *, person_id: int | None, kind: str, at: int, table: str, record_id: int,
    text: str, args: Mapping[str, Any], occasion: str,
) -> int:  # fmt: skip
    """Write a notice; ``occasion`` is unique."""
    return uow.insert(
        "notification",
        {
            "person_id": person_id, "kind": kind, "at": at, "tbl": table or None,
            "record_id": record_id or None, "text": text,
            "args": json.dumps(dict(args), ensure_ascii=False), "occasion": occasion,
        },
    )  # fmt: skip


def known(connection: Connection, occasions: Sequence[str]) -> set[str]:
    """Return which of ``occasions`` were told before."""
    if not occasions:
        return set()
    return {
        row[0]
        for row in connection.execute(
            "SELECT occasion FROM notification WHERE occasion IN (SELECT value FROM json_each(?))",
            (json.dumps(list(occasions)),),
        ).fetchall()
    }


def of_kind(connection: Connection, prefix: str) -> list[tuple[int, str]]:
    """Return key and occasion of the notices whose kind begins so."""
    return [
        (int(key), str(occasion))
        for key, occasion in connection.execute(
            "SELECT id, occasion FROM notification WHERE deleted_at IS NULL "
            "AND occasion IS NOT NULL AND substr(kind, 1, ?) = ? ORDER BY id",
            (len(prefix), prefix),
        ).fetchall()
    ]


def by_ids(connection: Connection, ids: Sequence[int]) -> list[Notice]:
    """Return notices by their keys."""
    rows = connection.execute(
        f"{_SELECT} AND n.id IN (SELECT value FROM json_each(?)) ORDER BY n.id",
        (json.dumps(list(ids)),),
    ).fetchall()
    return [_notice(row) for row in rows]


def recent(connection: Connection, person_id: int, limit: int) -> list[Notice]:
    """Return the notices for a person, and those for everybody, the newest first."""
    rows = connection.execute(
        f"{_SELECT} AND (n.person_id = ? OR n.person_id IS NULL) ORDER BY n.at DESC, n.id DESC "
        "LIMIT ?",
        (person_id, limit),
    ).fetchall()
    return [_notice(row) for row in rows]


def unseen(connection: Connection, person_id: int) -> int:
    """Return how many a person has not seen."""
    return int(
        connection.execute(
            "SELECT count(*) FROM notification WHERE (person_id = ? OR person_id IS NULL) "
            "AND seen_at IS NULL AND deleted_at IS NULL",
            (person_id,),
        ).fetchone()[0]
    )
