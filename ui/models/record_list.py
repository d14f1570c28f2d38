"""A list of dozens of rows that are all in memory, with the same columns as the long lists."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcdesk.system.job import JobContext


class RecordList:
    """A :class:`~ui.models.row_window.RowSource` over rows that are at hand already."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._rows = {row.id: row for row in rows}

    def first_page(self, limit: int) -> Sequence[Any]:
        """Return the first rows."""
        return list(self._rows.values())[:limit]

    def ids(self, context: JobContext) -> array[int]:
        """Return all keys."""
        context.check()
        return array("q", self._rows)

    def rows(self, ids: Sequence[int]) -> Sequence[Any]:
        """Return the rows of ``ids``."""
        return [self._rows[key] for key in ids if key in self._rows]
