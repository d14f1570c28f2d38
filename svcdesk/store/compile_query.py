"""From a query to SQL: names checked against the declarations, values always parameters."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from svcdesk.domain import spans
from svcdesk.domain.localtime import DEFAULT_ZONE, local_date, midnight
from svcdesk.domain.query import ME, Condition, Match, Op, Part, Query
from svcdesk.store.documents import DOCUMENTS, index_of
from svcdesk.store.index_rows import sql_key
from svcdesk.store.rows import ENTITIES, Entity
from svcdesk.store.segment import is_exact, match_query
from svcdesk.system.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

TAIL = 4  # digits of a phone that find it
MANY = 500  # values; more are handed over as one JSON text
# fields whose empty values come last, whichever the direction
_EMPTY_LAST = frozenset({
    "due_at", "owner_id", "csat", "nps", "resolved_at", "closed_at", "first_owner_id",
    "resp_dept_id", "issue_id", "product", "region", "order_no", "serial_no", "tags",
    "first_response_at", "handler_id", "spend_12m", "review_due", "published_at", "manager_id",
})  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """Who asks and when: what the words of a query are resolved against.

    ``soon`` is the end of the span in which a complaint or callback counts as due soon.
    """

    now: int = 0
    zone: str = DEFAULT_ZONE
    actor_id: int | None = None
    soon: int = 0

    @property
    def today(self) -> str:
        """Return the date in the team's zone."""
        return local_date(self.now, self.zone).isoformat()

    @property
    def year_ago(self) -> int:
        """Return the midnight that began the same day of last year."""
        day = local_date(self.now, self.zone)
        last = day.replace(
            year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day
        )
        return midnight(last, self.zone)


@dataclass(frozen=True)
class Compiled:
    """FROM, WHERE and ORDER of a query, with its named parameters."""

    source: str
    where: str
    order: str
    parameters: dict[str, Any]
    plain: bool  # nothing but what is not deleted


@dataclass
class _Compiler:
    """Collects parameters while it writes the conditions of one query."""

    entity: Entity
    moment: Moment
    parameters: dict[str, Any] = field(default_factory=dict)

    def value(self, value: Any) -> str:
        """Return the mark of a parameter."""
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f":{name}"

    def never(self) -> str:
        """Return what holds for nothing; as a parameter, so that no planner drops the rest for it."""
        return self.value(0)

    def text(self, template: str) -> str:
        """Fill the moments that a declaration names."""
        for name in ("now", "soon", "today"):
            if f":{name}" in template:
                self.parameters[name] = getattr(self.moment, name)
        return template

    def column(self, name: str) -> str:
        """Return the column to compare a field's values with (not its sort rank)."""
        column = self.entity.fields.get(name)
        if column is None:
            raise UserError("“{field}” cannot be filtered by.", code="unknown_field", field=name)
        return f"m.{name}" if column.startswith("CASE") else column

    def part(self, part: Part) -> str:
        """Return a condition or group as SQL that is never NULL when negated."""
        if isinstance(part, Condition):
            return self.condition(part)
        inner = [f"({self.part(one)})" for one in part.parts]
        if part.match is Match.ALL:
            return " AND ".join(inner) or "1"
        if part.match is Match.ANY:
            return " OR ".join(inner) or self.never()
        return " AND ".join(f"NOT coalesce({one}, 0)" for one in inner) or "1"

    def condition(self, condition: Condition) -> str:
        """Return one condition as SQL."""
        op, values = condition.op, condition.values
        if op is Op.OPEN:
            return self.entity.open
        if op is Op.OVERDUE:
            if values:
                late = self.entity.late.replace(":now", self.value(values[0]))
                return f"{self.entity.open} AND {late}"
            return self.text(f"{self.entity.open} AND {self.entity.late}")
        if op is Op.DUE_SOON:
            if values:
                low, high = self.value(values[0]), self.value(values[1])
                return f"{self.entity.open} AND m.due_at >= {low} AND m.due_at < {high}"
            return self.text(f"{self.entity.open} AND {self.entity.soon}")
        if op is Op.YES:
            flag = self.entity.flags.get(condition.field)
            if flag is None:
                raise UserError("“{field}” cannot be filtered by.", code="unknown_field",
                                field=condition.field)  # fmt: skip
            return self.text(flag)
        if condition.field in {"customer_words", "customer_phone"}:
            phones = condition.field == "customer_phone"
            return self._of_customer(Op.IN if phones else Op.CONTAINS, values)
        return self._compared(self.column(condition.field), op, values)

    def _compared(self, column: str, op: Op, values: Sequence[Any]) -> str:
        if op is Op.EMPTY:
            return f"({column} IS NULL OR {column} IN ('', '[]'))"
        if op is Op.CONTAINS:
            return self._contains(column, values)
        if op is Op.WITHIN:
            values = spans.span(str(values[0]), self.moment.now, self.moment.zone)
            op = Op.BETWEEN
        if op is Op.BETWEEN:
            marks = ((">=", values[0]), ("<", values[1]))
            return " AND ".join(
                f"{column} {sign} {self.value(end)}" for sign, end in marks if end is not None
            ) or "1"  # fmt: skip
        text = self._in(column, values)
        return f"NOT coalesce({text}, 0)" if op is Op.NOT_IN else text

    def _contains(self, column: str, values: Sequence[Any]) -> str:
        """Look for a text; Latin letters in either case."""
        parts = [
            f"instr(lower({column}), {self.value(str(value).lower())}) > 0"
            for value in values
            if value is not None
        ]
        return f"({' OR '.join(parts) or self.never()})"

    def _in(self, column: str, values: Sequence[Any]) -> str:
        mine = [self.moment.actor_id if value == ME else value for value in values]
        if column == "m.tags":
            return self._tagged(mine)
        known = [value for value in mine if value is not None]
        parts = []
        if len(known) > MANY:  # the records behind a figure: more than SQLite takes parameters
            parts.append(
                f"{column} IN (SELECT value FROM json_each({self.value(json.dumps(known))}))"
            )
        elif known:
            parts.append(f"{column} IN ({','.join(self.value(value) for value in known)})")
        if None in mine:
            parts.append(f"{column} IS NULL")
        return "(" + (" OR ".join(parts) or self.never()) + ")"

    def _tagged(self, values: Sequence[Any]) -> str:
        known = [value for value in values if value is not None]
        parts = [
            f"EXISTS (SELECT 1 FROM json_each(m.tags) g WHERE g.value = {self.value(value)})"
            for value in known
        ]
        if None in values:
            parts.append("(m.tags IS NULL OR m.tags = '[]')")
        return "(" + (" OR ".join(parts) or self.never()) + ")"

    def words(self, text: str, *, walk: bool) -> str:
        """Find records that contain the words, or whose customer does.

        Keys are unique over all tables, so that the hits need not say what they are. With
        ``walk`` the rows are taken in their order and looked up among the hits, which is faster
        when there are many; else the planner chooses.
        """
        query = match_query(text)
        if not query:
            return self.never()
        index = index_of(self.entity.table)
        hits = f"(SELECT {sql_key()} FROM {index} WHERE {index} MATCH {self.value(query)})"
        key = "ticket_id" if self.entity.table in {"callback", "survey"} else "id"
        plus = "+" if walk else ""
        found = [f"({plus}m.{key} IN {hits}{self._holding(text, f'm.{key}')})"]
        if key != "id":
            found.append(f"m.{self.entity.table}_no LIKE '%' || {self.value(text)} || '%'")
        if self.entity.search_customers:
            found.append(f"{plus}m.customer_id IN {self._people(text)}")
        phones = self._phones(text)
        if phones:
            column = "customer_id" if self.entity.search_customers else "id"
            if self.entity.search_customers or self.entity.table == "customer":
                found.append(f"{plus}m.{column} IN {phones}")
        return f"({' OR '.join(found)})"

    def hits(self, text: str) -> str:
        """Return the keys of the records that contain the words, as a table to begin with.

        For words that are few: whatever else is asked, each hit is looked up.
        """
        query = match_query(text)
        if not query:
            return "(SELECT 0 AS id WHERE 0)"
        table = self.entity.table
        index = index_of(table)
        found = [f"SELECT {sql_key()} AS id FROM {index} WHERE {index} MATCH {self.value(query)}"
                 + self._holding(text, sql_key(f"{index}.rowid"))]  # fmt: skip
        phones = self._phones(text)
        if self.entity.search_customers:
            found += [f"SELECT id FROM {table} WHERE customer_id IN {one}"
                      for one in (self._people(text), phones) if one]  # fmt: skip
        elif phones and table == "customer":
            found.append(f"SELECT id FROM customer WHERE id IN {phones}")
        return f"({' UNION '.join(found)})"

    def _people(self, text: str) -> str:
        """Return the customers whose document contains the words."""
        return (
            f"(SELECT {sql_key()} FROM customer_index WHERE customer_index MATCH "
            f"{self.value(match_query(text))}"
            f"{self._holding(text, sql_key('customer_index.rowid'), 'customer')})"
        )

    def _holding(self, text: str, key: str, table: str = "") -> str:
        """Return the comparison of a hit with its text, "" where the index alone decides."""
        if is_exact(text):
            return ""
        table = table or ("ticket" if key == "m.ticket_id" else self.entity.table)
        return f" AND holds({self.value(text)}, {DOCUMENTS[table].of(key)})"

    def _phones(self, text: str) -> str:
        """Return the customers one of whose phones ends in the digits typed (at least four)."""
        digits = text.strip()
        if not (digits.isascii() and digits.isdecimal() and len(digits) >= TAIL):
            return ""
        return (
            f"(SELECT customer_id FROM customer_phone WHERE tail = {self.value(digits[-TAIL:])} "
            f"AND phone LIKE '%' || {self.value(digits)})"
        )

    def _of_customer(self, op: Op, values: Sequence[Any]) -> str:
        """Find records by words of their customer, or by the end of a phone."""
        column = "m.customer_id" if self.entity.search_customers else "m.id"
        parts = []
        for value in map(str, values):
            if op is Op.CONTAINS:
                query = match_query(value)
                parts.append(f"{column} IN {self._people(value)}" if query else self.never())
            else:
                parts.append(
                    f"{column} IN {phones}" if (phones := self._phones(value)) else self.never()
                )
        return f"({' OR '.join(parts) or self.never()})"

    def order(self, pairs: Sequence[tuple[str, bool]]) -> str:
        """Return the ORDER BY terms; the key makes the order complete."""
        terms = []
        for name, descending in pairs:
            column = self.entity.fields.get(name)
            if column is None:
                raise UserError("“{field}” cannot be sorted by.", code="unknown_field", field=name)
            last = " NULLS LAST" if name in _EMPTY_LAST else ""
            terms.append(f"{column} {'DESC' if descending else 'ASC'}{last}")
        way = "DESC" if pairs[0][1] else "ASC"
        return f"ORDER BY {', '.join(terms)}, m.id {way}"


def _asks_for_open(query: Query) -> bool:
    """Tell whether only records that are not finished can be meant."""
    return any(
        isinstance(part, Condition) and part.op in {Op.OPEN, Op.OVERDUE, Op.DUE_SOON}
        for part in query.conditions
    )


def compile_query(
    query: Query, moment: Moment | None = None, *, walk: bool = False, few: bool = False
) -> Compiled:
    """Turn a query into SQL, resolved at ``moment``.

    ``walk`` and ``few`` say how its words are met: see :meth:`_Compiler.words` and
    :meth:`_Compiler.hits`.
    """
    entity = ENTITIES[query.entity]
    compiler = _Compiler(entity, moment or Moment())
    wheres = [compiler.part(part) for part in query.conditions]
    source = f"FROM {entity.table} m"
    if query.text and few:
        source = f"FROM {compiler.hits(query.text)} h CROSS JOIN {entity.table} m ON m.id = h.id"
    elif query.text:
        wheres.append(compiler.words(query.text, walk=walk))
    if entity.open_index and not few and _asks_for_open(query):
        source += f" INDEXED BY {entity.open_index}"  # few rows: all that is asked stands in it
    if query.ids is not None:
        ids = "[" + ",".join(map(str, query.ids)) + "]"
        wheres.append(f"m.id IN (SELECT value FROM json_each({compiler.value(ids)}))")
    order = list(query.order) or [(entity.default_sort, query.descending)]
    used = {leaf.field for leaf in query.leaves()} | {name for name, _down in order} | {query.group}
    joins = [join for name, join in entity.joins.items() if name in used]
    return Compiled(
        " ".join([source, *joins]),
        " AND ".join(["m." + entity.always, *(f"({where})" for where in wheres)]),
        compiler.order(order),
        compiler.parameters,
        not wheres and not query.text,
    )
