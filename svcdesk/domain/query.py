"""A question to a list, as a value: filters, words, order.

The same value is shown as chips, kept as a saved view, linked to from a figure, and compiled to
SQL by the store. Field names are those of ``domain.md`` section 2.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

Value = str | int | None


class Op(StrEnum):
    """How a condition compares."""

    IN = "in"  # one of the values; None among them means empty
    NOT_IN = "not_in"
    BETWEEN = "between"  # low ≤ field < high; None leaves an end open
    OPEN = "open"  # the record is not finished
    OVERDUE = "overdue"  # open and past its due time (value: now)
    DUE_SOON = "due_soon"  # open and due within the values (now, until)


@dataclass(frozen=True)
class Condition:
    """One filter."""

    field: str
    op: Op
    values: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Query:
    """What a list shows. ``ids`` limits it to records behind a figure."""

    entity: str
    conditions: tuple[Condition, ...] = ()
    text: str = ""
    ids: tuple[int, ...] | None = None
    sort: str = ""
    descending: bool = True

    def where(self, field: str, op: Op, *values: Value) -> Query:
        """Return the query with the condition on ``field`` replaced."""
        kept = tuple(c for c in self.conditions if c.field != field)
        return replace(self, conditions=(*kept, Condition(field, op, values)))

    def without(self, field: str) -> Query:
        """Return the query without a condition on ``field``."""
        return replace(self, conditions=tuple(c for c in self.conditions if c.field != field))

    def condition(self, field: str) -> Condition | None:
        """Return the condition on ``field``."""
        return next((c for c in self.conditions if c.field == field), None)

    def ordered(self, sort: str, *, descending: bool) -> Query:
        """Return the query in another order."""
        return replace(self, sort=sort, descending=descending)

    def searching(self, text: str) -> Query:
        """Return the query for other words."""
        return replace(self, text=text.strip())

    def among(self, ids: Iterable[int]) -> Query:
        """Return the query limited to ``ids``."""
        return replace(self, ids=tuple(ids))

    def to_json(self) -> str:
        """Return the query as text, for a saved view."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Query:
        """Read what :meth:`to_json` wrote."""
        data: dict[str, Any] = json.loads(text)
        data["conditions"] = tuple(
            Condition(c["field"], Op(c["op"]), tuple(c["values"])) for c in data["conditions"]
        )
        if data.get("ids") is not None:
            data["ids"] = tuple(data["ids"])
        return cls(**data)
