"""Which records are meant: some by key, or all that a query finds except some."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svcdesk.domain.query import Query


@dataclass(frozen=True)
class Selection:
    """``ids`` of ``entity``; with ``query`` all that it finds, without ``but``."""

    entity: str
    ids: tuple[int, ...] = ()
    query: Query | None = None
    but: frozenset[int] = frozenset()

    @classmethod
    def of(cls, entity: str, ids: Iterable[int]) -> Selection:
        """Return the selection of certain records."""
        return cls(entity, tuple(ids))

    @classmethod
    def everything(cls, query: Query, but: Iterable[int] = ()) -> Selection:
        """Return the selection of all that ``query`` finds, except ``but``."""
        return cls(query.entity, query=query, but=frozenset(but))
