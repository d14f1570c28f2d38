"""What the search index knows of each kind of record: one text per record, under its key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svcdesk.store.connection import Connection

MANY = 500  # keys in one statement


@dataclass(frozen=True)
class Document:
    """The text of a record: an expression over its table (alias included) and what it joins."""

    key: str
    body: str
    source: str
    deleted: str

    @property
    def select(self) -> str:
        """Return the SELECT of key and text, to be followed by a list of keys in brackets."""
        return f"SELECT {self.key}, {self.body} FROM {self.source} WHERE {self.deleted} IS NULL AND {self.key} IN "

    def of(self, key: str) -> str:
        """Return the text of one record as a scalar subquery."""
        return f"(SELECT {self.body} FROM {self.source} WHERE {self.key} = {key})"


def _lines(*parts: str) -> str:
    return " || char(10) || ".join(parts)


def _words(*parts: str) -> str:
    return " || ' ' || ".join(parts)


def _maybe(*columns: str) -> list[str]:
    return [f"coalesce({column}, '')" for column in columns]


DOCUMENTS: dict[str, Document] = {
    "ticket": Document(
        "t.id",
        _lines(
            "t.title",
            _words("t.ticket_no", *_maybe("t.external_no", "t.order_no", "t.serial_no")),
            *_maybe("x.description", "x.solution"),
        ),
        "ticket t LEFT JOIN ticket_text x ON x.id = t.id",
        "t.deleted_at",
    ),
    "complaint": Document(
        "c.id",
        _lines(
            "c.title",
            _words("c.complaint_no", *_maybe("c.external_no", "c.order_no", "c.external_case")),
            *_maybe("x.description", "x.cause", "x.answer"),
        ),
        "complaint c LEFT JOIN complaint_text x ON x.id = c.id",
        "c.deleted_at",
    ),
    "customer": Document(
        "u.id",
        _lines(
            "u.name",
            _words(
                "u.customer_no", *_maybe("u.external_no", "u.initials"), "u.phones",
                "coalesce((SELECT group_concat(tail, ' ') FROM customer_phone p "
                "WHERE p.customer_id = u.id), '')",
                *_maybe("u.wechat", "u.email"),
            ),
        ),
        "customer u",
        "u.deleted_at",
    ),
    "knowledge": Document(
        "k.id",
        _lines("k.title", "k.article_no", "k.symptom", "k.solution", "k.keywords"),
        "knowledge k",
        "k.deleted_at",
    ),
    "product": Document(
        "p.id",
        _lines("p.name", _words("p.product_no", *_maybe("p.model", "p.brand"))),
        "product p",
        "p.deleted_at",
    ),
}  # fmt: skip

# customers have an index of their own: whether a ticket's customer is among the hits is asked often
INDEXES = ("search_index", "customer_index")


def index_of(table: str) -> str:
    """Return the full-text table that holds the documents of ``table``."""
    return "customer_index" if table == "customer" else "search_index"


def bodies(connection: Connection, table: str, keys: Sequence[int]) -> Iterable[tuple[int, str]]:
    """Give key and text of records."""
    for start in range(0, len(keys), MANY):
        part = keys[start : start + MANY]
        marks = ",".join("?" * len(part))
        yield from connection.execute(f"{DOCUMENTS[table].select} ({marks})", part).fetchall()
