"""A question to a list, as a value: conditions, words, order, grouping.

The same value is shown as chips, kept as a saved view, linked to from a figure, and compiled to
SQL by the store. Field names are those of ``domain.md`` section 2. What depends on who reads and
when ("me", "last 7 days", "overdue") stays a word in the query and is resolved when it is compiled.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Value = str | int | None

ME = "@me"  # the acting person, whoever reads


class Op(StrEnum):
    """How a condition compares."""

    IN = "in"  # one of the values; None among them means empty
    NOT_IN = "not_in"
    BETWEEN = "between"  # low ≤ field < high; None leaves an end open
    WITHIN = "within"  # a span of time in words (``domain/spans.py``)
    CONTAINS = "contains"  # the text occurs in the field, folded
    EMPTY = "empty"  # nothing is entered
    YES = "yes"  # a yes-or-no field holds
    OPEN = "open"  # the record is not finished
    OVERDUE = "overdue"  # open and past its due time (value: now; none: when it is read)
    DUE_SOON = "due_soon"  # open and due within the values (now, until); none: by the rule 4.8


class Match(StrEnum):
    """How the parts of a group are combined."""

    ALL = "all"
    ANY = "any"
    NONE = "none"  # not one of them


@dataclass(frozen=True)
class Condition:
    """One filter."""

    field: str
    op: Op
    values: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Group:
    """Filters that count together; an empty ``ANY`` holds for nothing, as ``any([])`` does."""

    match: Match
    parts: tuple[Part, ...] = ()


Part = Condition | Group


@dataclass(frozen=True)
class Query:
    """What a list shows: records for which every condition holds.

    ``ids`` limits it to records behind a figure; ``sort`` with ``descending`` comes first, then
    the pairs of ``then``; ``group`` names the field whose values are counted beside the list.
    """

    entity: str
    conditions: tuple[Part, ...] = ()
    text: str = ""
    ids: tuple[int, ...] | None = None
    sort: str = ""
    descending: bool = True
    then: tuple[tuple[str, bool], ...] = ()
    group: str = ""

    def where(self, field: str, op: Op, *values: Value) -> Query:
        """Return the query with the condition on ``field`` replaced."""
        return self.without(field).narrowed(Condition(field, op, values))

    def without(self, field: str) -> Query:
        """Return the query without a condition of its own on ``field``; groups stay."""
        kept = tuple(
            c for c in self.conditions if not (isinstance(c, Condition) and c.field == field)
        )
        return replace(self, conditions=kept)

    def condition(self, field: str) -> Condition | None:
        """Return the condition on ``field`` that stands by itself."""
        return next(
            (c for c in self.conditions if isinstance(c, Condition) and c.field == field), None
        )

    def narrowed(self, *parts: Part) -> Query:
        """Return the query with more conditions."""
        return replace(self, conditions=(*self.conditions, *parts))

    def ordered(self, sort: str, *, descending: bool) -> Query:
        """Return the query in another order."""
        return replace(self, sort=sort, descending=descending, then=())

    @property
    def order(self) -> tuple[tuple[str, bool], ...]:
        """Return the order as pairs of field and "descending", the first one first."""
        return ((self.sort, self.descending), *self.then) if self.sort else self.then

    def sorted_by(self, order: Iterable[tuple[str, bool]]) -> Query:
        """Return the query ordered by several fields; none: the list's usual order."""
        pairs = tuple((str(name), bool(descending)) for name, descending in order)
        if not pairs:
            return replace(self, sort="", descending=True, then=())
        return replace(self, sort=pairs[0][0], descending=pairs[0][1], then=pairs[1:])

    def grouped(self, field: str) -> Query:
        """Return the query with counts by ``field`` ("" = none)."""
        return replace(self, group=field)

    def searching(self, text: str) -> Query:
        """Return the query for other words."""
        return replace(self, text=text.strip())

    def among(self, ids: Iterable[int]) -> Query:
        """Return the query limited to ``ids``."""
        return replace(self, ids=tuple(ids))

    def leaves(self) -> Iterator[Condition]:
        """Yield every condition, also those inside groups."""
        for part in self.conditions:
            yield from _leaves(part)

    def to_json(self) -> str:
        """Return the query as text, for a saved view."""
        data = asdict(replace(self, conditions=()))
        data["conditions"] = [part_data(part) for part in self.conditions]
        return json.dumps(data, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Query:
        """Read what :meth:`to_json` wrote."""
        data: dict[str, Any] = json.loads(text)
        data["conditions"] = tuple(read_part(part) for part in data.get("conditions", ()))
        if data.get("ids") is not None:
            data["ids"] = tuple(data["ids"])
        data["then"] = tuple((str(name), bool(down)) for name, down in data.get("then", ()))
        return cls(**data)


def _leaves(part: Part) -> Iterator[Condition]:
    if isinstance(part, Condition):
        yield part
    else:
        for inner in part.parts:
            yield from _leaves(inner)


def part_data(part: Part) -> dict[str, Any]:
    """Return a condition or group as plain data."""
    if isinstance(part, Condition):
        return {"field": part.field, "op": str(part.op), "values": list(part.values)}
    return {"match": str(part.match), "parts": [part_data(inner) for inner in part.parts]}


def read_part(data: dict[str, Any]) -> Part:
    """Return what :func:`part_data` made plain."""
    if "match" in data:
        return Group(Match(data["match"]), tuple(read_part(inner) for inner in data["parts"]))
    return Condition(data["field"], Op(data["op"]), tuple(data["values"]))


def negated(part: Part) -> Part:
    """Return the opposite of ``part``."""
    if isinstance(part, Group) and part.match is Match.NONE and len(part.parts) == 1:
        return part.parts[0]
    return Group(Match.NONE, (part,))
