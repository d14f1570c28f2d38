"""Versions of reports as rows: what was made, reviewed, published; texts, picks, the team's setup."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from svcdesk.store.connection import Connection
    from svcdesk.store.unit_of_work import UnitOfWork

_COLUMNS = (
    "id, type, period, language, version, status, title, pages, data_cutoff, made_at, created_by, "
    "author_id, reviewer_id, reviewed_at, published_at, sha256"
)


@dataclass(frozen=True)
class Version:
    """One version of a report; times in UTC seconds, ``sha256`` of its PDF."""

    id: int
    kind: str
    period: str
    language: str
    version: int
    status: str
    title: str
    pages: int
    cutoff: int
    made_at: int
    made_by: int | None
    author_id: int | None
    reviewer_id: int | None
    reviewed_at: int | None
    published_at: int | None
    sha256: str | None

    @property
    def fixed(self) -> bool:
        """Tell whether it was published and never changes."""
        return self.status in {"published", "superseded"}


def listed(
    connection: Connection, kind: str | None = None, period: str | None = None
) -> list[Version]:
    """Return versions, the latest first."""
    return [
        Version(*row)
        for row in connection.execute(
            f"SELECT {_COLUMNS} FROM report WHERE deleted_at IS NULL AND made_at IS NOT NULL "
            "AND ifnull(:kind, type) = type AND ifnull(:period, period) = period "
            "ORDER BY period DESC, type, language, version DESC",
            {"kind": kind, "period": period},
        ).fetchall()
    ]


def find(connection: Connection, report_id: int) -> Version | None:
    """Return a version."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM report WHERE id = ? AND deleted_at IS NULL", (report_id,)
    ).fetchone()
    return None if row is None else Version(*row)


def publisher(connection: Connection, report_id: int) -> int | None:
    """Return who published a version, from the change log."""
    row = connection.execute(
        "SELECT actor_id FROM change_log WHERE row_id = ? AND tbl = 'report' "
        "AND after ->> 'status' = 'published' ORDER BY id LIMIT 1",
        (report_id,),
    ).fetchone()
    return None if row is None else row[0]


def left_over(connection: Connection, before: int) -> list[str]:
    """Return the SHA-256 of PDFs of drafts that were made anew before ``before`` (UTC seconds).

    Those that a version or an attachment has are not among them.
    """
    rows = connection.execute(
        "SELECT DISTINCT c.before ->> 'sha256' FROM report r "
        "JOIN change_log c ON c.row_id = r.id AND c.tbl = 'report' "
        "JOIN operation o ON o.id = c.operation_id "
        "WHERE c.before ->> 'sha256' IS NOT NULL AND o.at < ? "
        "AND c.before ->> 'sha256' NOT IN (SELECT sha256 FROM report WHERE sha256 IS NOT NULL) "
        "AND c.before ->> 'sha256' NOT IN (SELECT sha256 FROM attachment)",
        (before,),
    ).fetchall()
    return [row[0] for row in rows]


def snapshot(connection: Connection, report_id: int) -> bytes | None:
    """Return what a version said."""
    row = connection.execute(
        "SELECT content FROM report_snapshot WHERE report_id = ?", (report_id,)
    ).fetchone()
    return None if row is None else bytes(row[0])


def save(
    uow: UnitOfWork, report_id: int | None, values: Mapping[str, Any], content: bytes
) -> int:  # fmt: skip
    """Write a version with what it says; return its key."""
    key = uow.keys.next() if report_id is None else report_id
    uow.execute(  # first: once the row says that it is published, it does not change
        "INSERT INTO report_snapshot (report_id, content) VALUES (:id, :content) "
        "ON CONFLICT (report_id) DO UPDATE SET content = excluded.content",
        {"id": key, "content": content},
    )
    if report_id is None:
        uow.insert("report", dict(values), key=key)
    else:
        uow.update("report", report_id, dict(values))
    return key


# -- texts -------------------------------------------------------------------------------------


def texts(connection: Connection, kind: str, period: str) -> dict[str, tuple[int, str, str | None]]:
    """Return what people wrote by place: key of the row, text, the draft that was edited."""
    return {
        place: (row_id, text, original)
        for place, row_id, text, original in connection.execute(
            "SELECT section, id, text, original FROM report_note WHERE type = ? AND period = ? "
            "AND deleted_at IS NULL",
            (kind, period),
        ).fetchall()
    }


def write(
    uow: UnitOfWork, kind: str, period: str, place: str, text: str | None, original: str | None
) -> None:
    """Write a text at its place; ``None`` takes it away (the draft is printed again)."""
    known = texts(uow.connection, kind, period).get(place)
    if text is None:
        if known is not None:
            uow.remove("report_note", known[0])
    elif known is None:
        uow.insert(
            "report_note",
            {"type": kind, "period": period, "section": place, "text": text, "original": original},
        )
    elif known[1:] != (text, original):
        uow.update("report_note", known[0], {"text": text, "original": original})


# -- the team's setup --------------------------------------------------------------------------


@dataclass(frozen=True)
class Setup:
    """How a team set a kind of report up; an empty format is the template's own."""

    choices: tuple[Mapping[str, Any], ...] = ()
    page_format: str = ""
    logo: str = ""


def setup(connection: Connection, kind: str) -> Setup:
    """Return the team's setup of a kind of report."""
    row = connection.execute(
        "SELECT choices, page_format, logo FROM report_setup WHERE type = ? AND deleted_at IS NULL",
        (kind,),
    ).fetchone()
    return Setup() if row is None else Setup(tuple(json.loads(row[0])), row[1], row[2])


def save_setup(uow: UnitOfWork, kind: str, found: Setup) -> None:
    """Write the team's setup of a kind of report."""
    values = {
        "choices": json.dumps(list(found.choices), ensure_ascii=False),
        "page_format": found.page_format,
        "logo": found.logo,
    }
    row = uow.connection.execute(
        "SELECT id FROM report_setup WHERE type = ? AND deleted_at IS NULL", (kind,)
    ).fetchone()
    if row is None:
        uow.insert("report_setup", {"type": kind, **values})
    else:
        uow.update("report_setup", row[0], values)


# -- picks -------------------------------------------------------------------------------------


def picks(connection: Connection, kind: str, period: str) -> list[tuple[str, int]]:
    """Return the customers' words picked for a report, as entity and key, in order of picking."""
    return [
        (entity, record)
        for entity, record in connection.execute(
            "SELECT entity, record_id FROM report_pick WHERE type = ? AND period = ? "
            "AND deleted_at IS NULL ORDER BY id",
            (kind, period),
        ).fetchall()
    ]


def pick(
    uow: UnitOfWork, kind: str, period: str, records: Sequence[tuple[str, int]]
) -> None:  # fmt: skip
    """Let these be the words that are picked for a report."""
    known = {
        (entity, record): row_id
        for row_id, entity, record in uow.connection.execute(
            "SELECT id, entity, record_id FROM report_pick WHERE type = ? AND period = ? "
            "AND deleted_at IS NULL",
            (kind, period),
        ).fetchall()
    }
    for one in known.keys() - set(records):
        uow.remove("report_pick", known[one])
    for entity, record in records:
        if (entity, record) not in known:
            uow.insert(
                "report_pick",
                {"type": kind, "period": period, "entity": entity, "record_id": record},
            )
